/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a process becomes a node on the bus of a fake FireWire card, for the lab only.
 *
 * lab_1394.ko makes fake cards, each with an empty bus of its own. A process opens
 * /dev/lab1394, says with LAB1394_PLUG what its PHY shows of itself and where it is
 * plugged in, and is a node from then on: read() gives it one struct lab1394_packet
 * after another (requests to it, responses to its own requests, bus resets), write()
 * takes one (a response, a request of its own, a bus reset). poll() works. Closing the
 * file pulls the cable. There is no chip in here: whatever a node answers, and when,
 * and whether, is the process's business.
 */
#ifndef LAB_1394_H
#define LAB_1394_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define LAB1394_CARDS_MAX	4
#define LAB1394_NODES_MAX	16	/* on one bus, the card not counted */
#define LAB1394_PORTS		3	/* of each PHY */
#define LAB1394_DATA_MAX	2048	/* bytes in a packet: S400 */
#define LAB1394_SELF_IDS_MAX	4	/* quadlets of one node, without their inverses */

#define LAB1394_LINK_ON		0x01	/* the link layer answers; else only the PHY repeats */
#define LAB1394_CONTENDER	0x02

/**
 * struct lab1394_plug - what a PHY shows of itself, and where it hangs
 * @card: number of the fake card
 * @flags: LAB1394_LINK_ON ...
 * @behind: handle of the node that it is plugged into; 0: the card itself
 * @port: of that one (0 .. LAB1394_PORTS - 1); -1: the first that is free
 * @speed: 0 S100, 1 S200, 2 S400
 * @power: power class, 3 bits
 * @self_ids: how many quadlets of @self_id count; 0: they are made from the rest
 * @self_id: what stands on the bus for this PHY as it is, right or wrong; in the first
 *	quadlet of each packet the bits of the PHY's number are set by the module unless
 *	the highest bit of @flags (LAB1394_RAW) is set
 * @handle: out: for @behind of others; unlike any other, never 0
 * @taken: out: the port of @behind
 */
struct lab1394_plug {
	__u32 card;
	__u32 flags;
	__u32 behind;
	__s32 port;
	__u32 speed;
	__u32 power;
	__u32 self_ids;
	__u32 self_id[LAB1394_SELF_IDS_MAX];
	__u32 handle;
	__u32 taken;
	__u32 pad;
};

#define LAB1394_RAW		0x80000000

/* lab1394_packet.type, from the module */
#define LAB1394_REQUEST		1	/* somebody asks this node: answer with _RESPONSE */
#define LAB1394_ANSWER		2	/* to a request that this node has sent */
/* @generation, @source (the card), @destination (this node) are new */
#define LAB1394_BUS_RESET	3
/* to the module */
#define LAB1394_RESPONSE	4	/* to a request: @rcode, @data; once */
#define LAB1394_SEND		5	/* a request of this node's to the card */
#define LAB1394_RESET		6	/* it makes a bus reset */
#define LAB1394_NO_ANSWER	7	/* the request was taken (ack pending), and that was all */

/* lab1394_packet.rcode of a LAB1394_RESPONSE, beside the response codes of IEEE 1394 */
#define LAB1394_ACK_BUSY	0x100	/* it is busy, however often it is asked */
#define LAB1394_ACK_DATA	0x101	/* ack_data_error: it did not understand the packet */
#define LAB1394_LATE		0x200	/* flag: it comes too late, when the asker has given up */

/**
 * struct lab1394_packet - one packet
 * @type: LAB1394_REQUEST ...
 * @tag: of a request: what its response or answer carries, too. For LAB1394_SEND the
 *	process chooses it.
 * @generation: of the bus when it was sent; a LAB1394_SEND of another one is answered
 *	with @rcode 0x12, a number of this file's
 * @tcode: 0 write quadlet, 1 write block, 4 read quadlet, 5 read block, 9 lock
 * @extcode: of a lock request: 2 compare-swap ...
 * @source: node ID (0xffc0 | number) of who sends
 * @destination: of whom it is for
 * @rcode: of a response or answer: 0 complete, 4 conflict, 5 data, 6 type, 7 address
 *	error; of answers also what the bus itself says: 0x10 busy, 0x12 generation, 0x13 no ack
 * @length: bytes wanted (read), or in @data (write, lock, response, answer)
 * @offset: 48 bits of address
 * @data: as it stands on the wire: quadlets are big-endian
 *
 * read() and write() take exactly one, of LAB1394_PACKET_HEAD + length bytes where
 * there is data, LAB1394_PACKET_HEAD where there is none.
 */
struct lab1394_packet {
	__u32 type;
	__u32 tag;
	__u32 generation;
	__u32 tcode;
	__u32 extcode;
	__u32 source;
	__u32 destination;
	__u32 rcode;
	__u32 length;
	__u32 pad;
	__u64 offset;
	__u8 data[LAB1394_DATA_MAX];
};

#define LAB1394_PACKET_HEAD	48

#define LAB1394_PLUG	_IOWR(0xBE, 0x00, struct lab1394_plug)

#endif
