/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A node's packets: requests to it, requests of its own, bus resets. */
#ifndef VBRIDGE_FW_NODE_H
#define VBRIDGE_FW_NODE_H

#include "../../cable/lab_1394.h"
#include "port.h"

/* Transaction codes and response codes of IEEE 1394. */
#define TCODE_WRITE_QUADLET	0
#define TCODE_WRITE_BLOCK	1
#define TCODE_READ_QUADLET	4
#define TCODE_READ_BLOCK	5
#define TCODE_LOCK		9

#define RCODE_COMPLETE		0
#define RCODE_CONFLICT		4
#define RCODE_DATA		5
#define RCODE_TYPE		6
#define RCODE_ADDRESS		7
#define RCODE_GENERATION	0x12
#define RCODE_NO_ACK		0x13

#define NODE_PENDING	16	/* requests of its own at a time */
#define NODE_HELD	16	/* answers that it keeps back */

struct node;

/**
 * typedef node_done - a request of the node's own has ended
 * @ctx: as it was given with the request
 * @rcode: RCODE_COMPLETE, or why it has failed
 * @data: of a read
 * @length: bytes at @data
 */
typedef void (*node_done)(void *ctx, u32 rcode, const u8 *data, u32 length);

/**
 * struct node_ops - what surrounds a node
 * @send: a packet to the bus; an error: it is gone
 * @request: somebody asks: node_respond() once, now or later, or never
 * @reset: a bus reset has taken place
 */
struct node_ops {
	int (*send)(void *ctx, const struct lab1394_packet *p);
	void (*request)(void *ctx, const struct lab1394_packet *p);
	void (*reset)(void *ctx);
};

/**
 * struct node - a node
 * @ops: what surrounds it
 * @ctx: for @ops
 * @on_bus: there was a bus reset since it was plugged in
 * @generation: of the bus
 * @id: node ID of its own
 * @card: that of the card
 * @next_tag: of a request of its own
 * @pending: those that have no answer yet
 * @held: answers that are kept back until @due_ms
 */
struct node {
	const struct node_ops *ops;
	void *ctx;
	bool on_bus;
	u32 generation;
	u16 id;
	u16 card;
	u32 next_tag;
	struct {
		node_done done;
		void *ctx;
		u32 tag;
		u32 want;
		u64 due_ms;
	} pending[NODE_PENDING];
	struct {
		bool used;
		u64 due_ms;
		struct lab1394_packet packet;
	} held[NODE_HELD];
};

void node_init(struct node *n, const struct node_ops *ops, void *ctx);
void node_receive(struct node *n, const struct lab1394_packet *p, size_t size);
void node_respond(struct node *n, const struct lab1394_packet *request, u32 rcode,
		  const void *data, u32 length);
void node_respond_later(struct node *n, const struct lab1394_packet *request, u32 rcode,
			const void *data, u32 length, u32 ms);
void node_no_answer(struct node *n, const struct lab1394_packet *request);
int node_read(struct node *n, u16 to, u64 offset, u32 length, node_done done, void *ctx);
int node_write(struct node *n, u16 to, u64 offset, const void *data, u32 length, node_done done,
	       void *ctx);
void node_cancel(struct node *n, const void *ctx);
int node_reset_bus(struct node *n);
void node_tick(struct node *n, bool hurry);
int node_timeout_ms(const struct node *n);

/* When the earlier of two times to wait is over; -1: never. */
static inline int node_sooner(int a, int b)
{
	return a < 0 ? b : b < 0 || a < b ? a : b;
}

#endif
