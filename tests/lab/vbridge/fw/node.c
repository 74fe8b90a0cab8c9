// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A node's packets. Requests of its own are a few at a time, each with somebody who
 * waits for its end; a bus reset ends them all, and takes back answers not yet sent.
 */
#include "fw/node.h"
#include "wall.h"

/* No answer, not even that there is none: longer than any split timeout. */
#define ANSWER_MS	3000

/**
 * node_init() - a node that is not on a bus yet
 * @n: to fill
 * @ops: what surrounds it
 * @ctx: for @ops
 */
void node_init(struct node *n, const struct node_ops *ops, void *ctx)
{
	memset(n, 0, sizeof(*n));
	n->ops = ops;
	n->ctx = ctx;
}

static void end(struct node *n, u32 i, u32 rcode, const u8 *data, u32 length)
{
	node_done done = n->pending[i].done;

	n->pending[i].done = NULL;
	done(n->pending[i].ctx, rcode, data, length);
}

static void bus_reset(struct node *n, const struct lab1394_packet *p)
{
	u32 i;

	n->on_bus = true;
	n->generation = p->generation;
	n->id = p->destination;
	n->card = p->source;
	for (i = 0; i < NODE_HELD; i++)
		n->held[i].used = false;
	/* Whoever waits learns of the reset first: it must not ask on. */
	n->ops->reset(n->ctx);
	for (i = 0; i < NODE_PENDING; i++)
		if (n->pending[i].done)
			end(n, i, RCODE_GENERATION, NULL, 0);
}

static void answered(struct node *n, const struct lab1394_packet *p)
{
	u32 i;

	for (i = 0; i < NODE_PENDING; i++) {
		if (!n->pending[i].done || n->pending[i].tag != p->tag)
			continue;
		/* Less than was asked for is no answer to it. */
		if (p->rcode == RCODE_COMPLETE && p->length < n->pending[i].want)
			end(n, i, RCODE_DATA, NULL, 0);
		else
			end(n, i, p->rcode, p->data, n->pending[i].want);
		return;
	}
}

/* How many bytes of data follow a packet's head. */
static u32 data_of(const struct lab1394_packet *p)
{
	bool reads = p->tcode == TCODE_READ_QUADLET || p->tcode == TCODE_READ_BLOCK;

	return p->type == LAB1394_REQUEST && reads ? 0 : p->length;
}

/**
 * node_receive() - a packet has come in
 * @n: the node
 * @p: the packet
 * @size: its bytes, with head; one that is shorter than it says is dropped
 */
void node_receive(struct node *n, const struct lab1394_packet *p, size_t size)
{
	if (size < LAB1394_PACKET_HEAD || p->length > LAB1394_DATA_MAX)
		return;
	switch (p->type) {
	case LAB1394_BUS_RESET:
		bus_reset(n, p);
		break;
	case LAB1394_REQUEST:
		if (size - LAB1394_PACKET_HEAD >= data_of(p))
			n->ops->request(n->ctx, p);
		break;
	case LAB1394_ANSWER:
		if (size - LAB1394_PACKET_HEAD >= data_of(p))
			answered(n, p);
		break;
	}
}

static void response(const struct lab1394_packet *request, u32 rcode, const void *data, u32 length,
		     struct lab1394_packet *out)
{
	memset(out, 0, LAB1394_PACKET_HEAD);
	out->type = LAB1394_RESPONSE;
	out->tag = request->tag;
	out->generation = request->generation;
	out->tcode = request->tcode;
	out->source = request->destination;
	out->destination = request->source;
	out->offset = request->offset;
	out->rcode = rcode;
	out->length = length;
	if (length)
		memcpy(out->data, data, length);
}

/**
 * node_respond() - answer a request
 * @n: the node
 * @request: the request
 * @rcode: RCODE_*, LAB1394_ACK_*, with LAB1394_LATE
 * @data: of a read or lock that is complete
 * @length: bytes at @data
 */
void node_respond(struct node *n, const struct lab1394_packet *request, u32 rcode,
		  const void *data, u32 length)
{
	struct lab1394_packet p;

	response(request, rcode, data, length, &p);
	n->ops->send(n->ctx, &p);
}

/**
 * node_respond_later() - answer a request when some time has passed
 * @n: the node
 * @request: the request
 * @rcode: as for node_respond()
 * @data: likewise
 * @length: likewise
 * @ms: how long to wait; 0: not at all
 */
void node_respond_later(struct node *n, const struct lab1394_packet *request, u32 rcode,
			const void *data, u32 length, u32 ms)
{
	u32 i;

	for (i = 0; ms && i < NODE_HELD; i++) {
		if (n->held[i].used)
			continue;
		n->held[i].used = true;
		n->held[i].due_ms = now_ms() + ms;
		response(request, rcode, data, length, &n->held[i].packet);
		return;
	}
	node_respond(n, request, rcode, data, length);
}

/**
 * node_no_answer() - the request was taken, and that is all
 * @n: the node
 * @request: the request
 */
void node_no_answer(struct node *n, const struct lab1394_packet *request)
{
	struct lab1394_packet p;

	response(request, 0, NULL, 0, &p);
	p.type = LAB1394_NO_ANSWER;
	n->ops->send(n->ctx, &p);
}

static int request(struct node *n, struct lab1394_packet *p, u32 want, node_done done, void *ctx)
{
	u32 i;
	int ret;

	if (!n->on_bus)
		return -ENOTCONN;
	for (i = 0; i < NODE_PENDING && n->pending[i].done; i++)
		;
	if (i == NODE_PENDING)
		return -EBUSY;
	p->type = LAB1394_SEND;
	p->tag = ++n->next_tag;
	p->generation = n->generation;
	p->source = n->id;
	ret = n->ops->send(n->ctx, p);
	if (ret)
		return ret;
	n->pending[i].done = done;
	n->pending[i].ctx = ctx;
	n->pending[i].tag = p->tag;
	n->pending[i].want = want;
	n->pending[i].due_ms = now_ms() + ANSWER_MS;
	return 0;
}

/**
 * node_read() - read a block from another node
 * @n: the node
 * @to: node ID
 * @offset: 48 bits of address
 * @length: bytes, 1 to LAB1394_DATA_MAX
 * @done: is called once, with that many bytes or an error, if this returns 0
 * @ctx: for @done
 *
 * Return: 0, -EINVAL, -EBUSY if too many requests are under way, -ENOTCONN.
 */
int node_read(struct node *n, u16 to, u64 offset, u32 length, node_done done, void *ctx)
{
	struct lab1394_packet p;

	if (!length || length > LAB1394_DATA_MAX)
		return -EINVAL;
	memset(&p, 0, LAB1394_PACKET_HEAD);
	p.tcode = TCODE_READ_BLOCK;
	p.destination = to;
	p.offset = offset;
	p.length = length;
	return request(n, &p, length, done, ctx);
}

/**
 * node_write() - write a block to another node
 * @n: the node
 * @to: node ID
 * @offset: 48 bits of address
 * @data: what to write
 * @length: bytes, 1 to LAB1394_DATA_MAX
 * @done: is called once if this returns 0
 * @ctx: for @done
 *
 * Return: as of node_read().
 */
int node_write(struct node *n, u16 to, u64 offset, const void *data, u32 length, node_done done,
	       void *ctx)
{
	struct lab1394_packet p;

	if (!length || length > LAB1394_DATA_MAX)
		return -EINVAL;
	memset(&p, 0, LAB1394_PACKET_HEAD);
	p.tcode = TCODE_WRITE_BLOCK;
	p.destination = to;
	p.offset = offset;
	p.length = length;
	memcpy(p.data, data, length);
	return request(n, &p, 0, done, ctx);
}

/**
 * node_cancel() - nobody waits any more
 * @n: the node
 * @ctx: of the requests whose end is of no interest
 */
void node_cancel(struct node *n, const void *ctx)
{
	u32 i;

	for (i = 0; i < NODE_PENDING; i++)
		if (n->pending[i].done && n->pending[i].ctx == ctx)
			n->pending[i].done = NULL;
}

/**
 * node_reset_bus() - make a bus reset
 * @n: the node
 *
 * Return: 0 or an error.
 */
int node_reset_bus(struct node *n)
{
	struct lab1394_packet p = { .type = LAB1394_RESET };

	p.generation = n->generation;
	return n->ops->send(n->ctx, &p);
}

/**
 * node_tick() - time has passed
 * @n: the node
 * @hurry: what is kept back is answered now
 */
void node_tick(struct node *n, bool hurry)
{
	u64 now = now_ms();
	u32 i;

	for (i = 0; i < NODE_HELD; i++) {
		if (!n->held[i].used || (!hurry && now < n->held[i].due_ms))
			continue;
		n->held[i].used = false;
		n->ops->send(n->ctx, &n->held[i].packet);
	}
	for (i = 0; i < NODE_PENDING; i++)
		if (n->pending[i].done && now >= n->pending[i].due_ms)
			end(n, i, RCODE_NO_ACK, NULL, 0);
}

/**
 * node_timeout_ms() - when to call node_tick() though nothing came
 * @n: the node
 *
 * Return: milliseconds, or -1: not before something comes.
 */
int node_timeout_ms(const struct node *n)
{
	u64 now = now_ms();
	int ms = -1;
	u32 i;

	for (i = 0; i < NODE_HELD; i++)
		if (n->held[i].used)
			ms = node_sooner(ms, n->held[i].due_ms <= now ? 0 :
					 (int)(n->held[i].due_ms - now));
	for (i = 0; i < NODE_PENDING; i++)
		if (n->pending[i].done)
			ms = node_sooner(ms, n->pending[i].due_ms <= now ? 0 :
					 (int)(n->pending[i].due_ms - now));
	return ms;
}
