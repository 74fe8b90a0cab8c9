/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FireWire card without a bus: talks to an enclosure's node by function calls, and has
 * memory that the node reads and writes, as the initiator of SBP-2.
 */
#ifndef MODEL_FW_H
#define MODEL_FW_H

#include "model_box.h"
#include "fw/fw.h"

#define CARD_NODE	0xffc1
#define BOX_NODE	0xffc0
#define CARD_MEMORY	(512 * 1024)
#define CARD_QUEUE	64
#define NO_RESPONSE	0xffff

static struct fw fw;
static u8 card_memory[CARD_MEMORY];
static struct lab1394_packet card_queue[CARD_QUEUE];
static u32 card_queued;
static struct lab1394_packet card_response;
static bool card_responded;
static bool card_mute;
static u32 card_generation;
static u32 card_served;
static u32 card_resets;
static u64 card_status_at;
static u8 card_status[64];
static u32 card_status_len;
static u32 card_statuses;

static inline int card_take(void *ctx, const struct lab1394_packet *p)
{
	(void)ctx;
	switch (p->type) {
	case LAB1394_RESPONSE:
	case LAB1394_NO_ANSWER:
		card_response = *p;
		card_responded = true;
		return 0;
	case LAB1394_SEND:
		if (card_queued == CARD_QUEUE)
			return -ENOSPC;
		card_queue[card_queued++] = *p;
		return 0;
	case LAB1394_RESET:
		card_resets++;
		return 0;
	}
	return -EINVAL;
}

static inline void card_status_write(const struct lab1394_packet *p)
{
	card_statuses++;
	card_status_len = p->length;
	memcpy(card_status, p->data, p->length < sizeof(card_status) ? p->length : 64);
}

/* What a card says to one request of the node's. */
static inline void card_answer(const struct lab1394_packet *p, struct lab1394_packet *a)
{
	bool reads = p->tcode == TCODE_READ_BLOCK || p->tcode == TCODE_READ_QUADLET;

	memset(a, 0, LAB1394_PACKET_HEAD);
	a->type = LAB1394_ANSWER;
	a->tag = p->tag;
	a->tcode = p->tcode;
	if (p->generation != card_generation) {
		a->rcode = RCODE_GENERATION;
	} else if (p->destination != CARD_NODE) {
		a->rcode = RCODE_NO_ACK;
	} else if (!reads && p->offset == card_status_at) {
		card_status_write(p);
	} else if (p->offset + p->length > CARD_MEMORY) {
		a->rcode = RCODE_ADDRESS;
	} else if (reads) {
		memcpy(a->data, card_memory + p->offset, p->length);
		a->length = p->length;
	} else {
		memcpy(card_memory + p->offset, p->data, p->length);
	}
}

/* Serves what the node asks, @most times. Returns how often it did. */
static inline u32 card_serve(u32 most)
{
	struct lab1394_packet p, a;
	u32 n;

	for (n = 0; n < most && card_queued && !card_mute; n++) {
		p = card_queue[0];
		card_queued--;
		memmove(card_queue, card_queue + 1, card_queued * sizeof(card_queue[0]));
		card_answer(&p, &a);
		node_receive(&fw.node, &a, LAB1394_PACKET_HEAD + a.length);
	}
	card_served += n;
	return n;
}

static inline void card_bus_reset(void)
{
	struct lab1394_packet p = {
		.type = LAB1394_BUS_RESET, .source = CARD_NODE, .destination = BOX_NODE,
	};

	card_queued = 0;
	p.generation = ++card_generation;
	node_receive(&fw.node, &p, LAB1394_PACKET_HEAD);
}

/* One request to the node. Returns its response code, or NO_RESPONSE. */
static inline u32 card_request(u32 tcode, u64 offset, const void *data, u32 length)
{
	static u32 tag;
	struct lab1394_packet p = {
		.type = LAB1394_REQUEST, .tag = ++tag, .generation = card_generation,
		.tcode = tcode, .source = CARD_NODE, .destination = BOX_NODE,
		.length = length, .offset = offset,
	};

	if (data)
		memcpy(p.data, data, length);
	card_responded = false;
	node_receive(&fw.node, &p, LAB1394_PACKET_HEAD + (data ? length : 0));
	if (!card_responded || card_response.type == LAB1394_NO_ANSWER)
		return NO_RESPONSE;
	return card_response.rcode;
}

static inline u32 card_read(u64 offset, u32 *value)
{
	u32 rcode = card_request(TCODE_READ_QUADLET, offset, NULL, 4);

	*value = rcode == RCODE_COMPLETE ? get_be32(card_response.data) : 0;
	return rcode;
}

static inline u32 card_write(u64 offset, u32 value)
{
	u8 data[4];

	put_be32(data, value);
	return card_request(TCODE_WRITE_QUADLET, offset, data, 4);
}

static inline u32 card_write_pointer(u64 offset, u64 address)
{
	u8 data[8];

	put_be64(data, address);
	return card_request(TCODE_WRITE_BLOCK, offset, data, 8);
}

static inline void fw_open(const char *profile, enum drive_type drive)
{
	box_open(profile, drive, ATA_SAT);
	box.bus = BOX_1394;
	box.clock.speed = MODEL_S400;
	box.lun[0].reduced = true;
	card_generation = 0;
	card_queued = 0;
	card_mute = false;
	card_resets = 0;
	card_statuses = 0;
	fw_init(&fw, &box, card_take);
	fw.wanted.guid = 0x0030e000e0000b39ull;
	fw.wanted.vendor = 0x0030e0;
	fw.wanted.model = 0x42a258;
	fw_usual_texts(0x0030e0, &box.chip.profile, &fw.wanted);
	fw.wanted.unit[0] = 0x0e;
	fw.wanted.units = 1;
	fw.wanted.speed = 2;
	fw_plug_in(&fw);
	card_bus_reset();
}

static inline void fw_replug(void)
{
	box_plug_in(&box);
	fw_plug_in(&fw);
	card_queued = 0;
	card_bus_reset();
}

static inline void fw_close(void)
{
	fw_free(&fw);
	box_close();
}

/* An ORB of 32 bytes for the management agent, at @at. */
static inline void put_management(u32 at, u32 function, u32 lun_or_login, bool exclusive)
{
	u8 *o = card_memory + at;

	memset(o, 0, 32);
	put_be64(o + 8, 0x800);
	put_be32(o + 16, 0x80000000 | (u32)exclusive << 28 | 2u << 20 | function << 16 |
		 lun_or_login);
	put_be32(o + 20, 16);
	put_be64(o + 24, card_status_at);
}

/* Runs one. Returns upper half of its status: 0x4100 is all well. */
static inline u32 management(u32 function, u32 lun_or_login, bool exclusive)
{
	card_status_at = 0xfffffff0000ull;
	card_statuses = 0;
	put_management(0x700, function, lun_or_login, exclusive);
	if (card_write_pointer(SBP2_MANAGEMENT, 0x700) != RCODE_COMPLETE)
		return 0;
	card_serve(16);
	return card_statuses == 1 && get_be32(card_status + 4) == 0x700 ?
	       get_be32(card_status) >> 16 : 0;
}

static inline u64 login(bool exclusive)
{
	u32 status = management(0, 0, exclusive);

	return status == 0x4100 ? get_be64(card_memory + 0x804) & 0xffffffffffffull : 0;
}

#define ORB_READ	0x08000000u
#define ORB_NOTIFY	0x80000000u
#define ORB_TABLE	0x00080000u
#define ORB_PAYLOAD(n)	((u32)(n) << 20)
#define ORB_S400	(2u << 24)
#define ORB_END		0x8000000000000000ull

/* A command block ORB of 36 bytes. */
static inline void put_orb(u32 at, u64 next, u64 data, u32 misc, const u8 *cdb, u32 cdb_len)
{
	u8 *o = card_memory + at;

	memset(o, 0, 36);
	put_be64(o, next);
	put_be64(o + 8, (u64)CARD_NODE << 48 | data);
	put_be32(o + 16, misc);
	memcpy(o + 20, cdb, cdb_len);
}

#endif
