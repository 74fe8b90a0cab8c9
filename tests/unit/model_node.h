/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FireWire node without a bus: a chip that is asked by function calls, and a host
 * that carries out operations of its profile step by step.
 */
#ifndef MODEL_NODE_H
#define MODEL_NODE_H

#include <stdlib.h>

#include "chip.h"
#include "load.h"
#include "model_tap.h"

#define NODE_POLLS	5
#define NODE_NEVER	0xffffffffu

/* What becomes of the transaction at which the supply fails. */
enum node_cut {
	NODE_CUT_BEFORE,	/* it does not arrive */
	NODE_CUT_INSIDE,	/* while it is carried out */
	NODE_CUT_AFTER,		/* it is done, and nobody hears of it */
	NODE_CUTS
};

static struct model_clock node_clock;
static struct loaded node_profile;
static struct model_chip node;
static u32 node_txns;
static u32 node_polls;
static u32 node_cut_at;
static enum node_cut node_cut;
static u32 node_flip_at;	/* a bit of what is written here arrives wrong */

static inline void node_open(const char *name)
{
	char path[128], err[512];

	snprintf(path, sizeof(path), "tests/lab/profiles/%s.profile", name);
	memset(&node_clock, 0, sizeof(node_clock));
	node_txns = 0;
	node_polls = 0;
	node_cut_at = NODE_NEVER;
	node_flip_at = NODE_NEVER;
	if (load_path(&node_profile, path, err, sizeof(err))) {
		printf("Bail out! %s\n", err);
		exit(1);
	}
	if (model_chip_init(&node, &node_profile.p, &node_clock))
		abort();
}

static inline void node_close(void)
{
	model_chip_free(&node);
	load_free(&node_profile);
}

static inline int node_error(enum model_result result)
{
	switch (result) {
	case MODEL_DONE:
	case MODEL_RESET:
		return 0;
	case MODEL_PROTECTED:
		return -EACCES;
	case MODEL_INVALID:
		return -EINVAL;
	default:
		return -EIO;
	}
}

/*
 * One transaction; @value is as on the wire. -ENXIO: the node has no such register (or
 * not now), -ENODEV: it restarts, having done it if @value says so.
 */
static inline int node_quadlet(enum bfp_step_kind kind, u64 address, u8 *value)
{
	bool writing = kind == BFP_STEP_QUADLET_WRITE;
	u32 at = node_txns++, i, actual = 0;
	enum model_cut cut = MODEL_CUT_NONE;
	enum model_result result;
	struct model_txn txn;
	u8 bytes[12];

	if (at == node_cut_at && node_cut == NODE_CUT_BEFORE)
		return -ENODEV;
	if (at == node_cut_at && node_cut == NODE_CUT_INSIDE)
		cut = MODEL_CUT_POWER;
	/* any node number: it is not the chip's business */
	bytes[0] = 0xff;
	bytes[1] = 0xc1;
	for (i = 2; i < 8; i++)
		bytes[i] = (u8)(address >> 8 * (7 - i));
	memcpy(bytes + 8, value, 4);
	bytes[11] ^= at == node_flip_at;
	if (!model_chip_match(&node, kind, bytes, writing ? 12 : 8, 4, &txn))
		return -ENXIO;
	result = model_chip_start(&node, &txn);
	if (result == MODEL_DONE)
		result = writing ? model_chip_out(&node, &txn, bytes + 8, 4, cut, MODEL_HALF) :
				   model_chip_in(&node, &txn, value, 4, &actual);
	if (at == node_cut_at)
		return -ENODEV;
	if (result == MODEL_RESET) {
		model_chip_start_up(&node);
		return -ENODEV;
	}
	if (result == MODEL_DONE && !writing && actual != 4)
		return -ENXIO;
	return node_error(result);
}

static inline int node_write(u64 address, u32 word)
{
	u8 value[4] = { (u8)(word >> 24), (u8)(word >> 16), (u8)(word >> 8), (u8)word };

	return node_quadlet(BFP_STEP_QUADLET_WRITE, address, value);
}

static inline int node_read(u64 address, u32 *word)
{
	u8 v[4] = { 0 };
	int ret = node_quadlet(BFP_STEP_QUADLET_READ, address, v);

	*word = (u32)v[0] << 24 | (u32)v[1] << 16 | (u32)v[2] << 8 | v[3];
	return ret;
}

/* What the steps of an operation are about. */
struct node_piece {
	const struct bfp_operation *op;
	u32 offset;
	u32 len;
	u8 *data;		/* of the whole range, from @start */
	u32 start;
	u32 total;
};

static inline u64 node_number(const u8 *bytes, u32 len)
{
	u64 n = 0;

	while (len--)
		n = n << 8 | *bytes++;
	return n;
}

/* Whether the answer is what the step expects: 0, -EPROTO, or -EILSEQ if it is computed. */
static inline int node_answer(const struct bfp_step *s, const struct bfp_values *v, const u8 *got)
{
	const u8 *want = bfp_blob(&node.profile, s->expect);
	u32 n = le32_to_cpu(s->expect_len), i;
	u8 sum[4];

	for (i = 0; i < n; i++)
		if ((got[i] ^ want[i]) & want[n + i])
			return -EPROTO;
	if (!s->payload_count)
		return 0;
	if (bfp_encode(&node.profile, le16_to_cpu(s->payload_first),
		       le16_to_cpu(s->payload_count), v, sum, sizeof(sum)))
		return -EINVAL;
	return memcmp(got, sum, bfp_template_size(&node.profile, le16_to_cpu(s->payload_first),
						  le16_to_cpu(s->payload_count))) ? -EILSEQ : 0;
}

static inline int node_once(const struct node_piece *w, const struct bfp_step *s)
{
	const struct bfp *p = &node.profile;
	const struct bfp_memory *m = w->op->memory == 0xff ? NULL :
				     bfp_memories(p) + w->op->memory;
	bool le = s->flags & BFP_STEPF_LE, in = s->kind == BFP_STEP_QUADLET_READ;
	struct bfp_values v = {
		.address = (m ? le64_to_cpu(m->base) : 0) + w->offset, .length = w->len,
		.total = w->total, .image = w->data, .image_len = w->data ? w->total : 0,
	};
	u8 where[8], value[4] = { 0 };
	u8 *content = w->data ? w->data + (w->offset - w->start) : NULL;
	int ret, said;
	u32 i;

	v.data = content;
	v.data_len = content ? w->len : 0;
	if (bfp_encode(p, le16_to_cpu(s->addr_first), le16_to_cpu(s->addr_count), &v, where, 8))
		return -EINVAL;
	for (i = 0; !in && s->carry == BFP_CARRY_DATA && i < 4; i++)
		value[i] = content[le ? 3 - i : i];
	if (!in && s->carry == BFP_CARRY_NOTHING &&
	    bfp_encode(p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), &v, value, 4))
		return -EINVAL;
	ret = node_quadlet(s->kind, node_number(where, 8), value);
	if (ret == -ENODEV && s->flags & BFP_STEPF_UNTIL_RESET && node_txns - 1 != node_cut_at)
		ret = 0;
	if (ret)
		return ret;
	for (i = 0; in && s->carry == BFP_CARRY_DATA && i < 4; i++)
		content[i] = value[le ? 3 - i : i];
	said = in && s->carry == BFP_CARRY_ANSWER ? node_answer(s, &v, value) : 0;
	return said;
}

static inline int node_step(const struct node_piece *w, const struct bfp_step *s)
{
	u32 i;
	int ret;

	if (s->kind == BFP_STEP_DELAY || s->kind == BFP_STEP_REENUMERATE)
		return 0;
	ret = node_once(w, s);
	for (i = 0; ret == -EPROTO && s->flags & BFP_STEPF_POLL; i++) {
		if (i == NODE_POLLS)
			return -ETIMEDOUT;
		node_polls++;
		ret = node_once(w, s);
	}
	return ret;
}

static inline int node_steps(const struct node_piece *around, u32 first, u32 end)
{
	const struct bfp_step *s = bfp_steps(&node.profile) + le16_to_cpu(around->op->step_first);
	u32 last = around->offset + around->len, start, size, i;
	int ret = 0;

	for (i = first; i < end && !ret; i++) {
		struct node_piece w = *around;

		if (s[i].kind != BFP_STEP_LOOP_SECTOR && s[i].kind != BFP_STEP_LOOP_CHUNK) {
			ret = s[i].kind == BFP_STEP_LOOP_END ? 0 : node_step(around, &s[i]);
			continue;
		}
		for (; w.offset < last && !ret; w.offset += w.len) {
			w.len = le32_to_cpu(s[i].length);
			if (s[i].kind == BFP_STEP_LOOP_SECTOR &&
			    model_chip_sector(&node, w.op->memory, w.offset, &start, &size))
				w.len = start + size - w.offset;
			if (w.len > last - w.offset)
				w.len = last - w.offset;
			ret = node_steps(&w, i + 1, le16_to_cpu(s[i].loop_end));
		}
		i = le16_to_cpu(s[i].loop_end);
	}
	return ret;
}

/**
 * node_run() - an operation of the profile, one that walks its range by itself
 * @kind: enum bfp_op_kind
 * @memory: index of the memory, or -1
 * @offset: where
 * @len: how much
 * @data: content to send, or to be filled; NULL: none
 *
 * Return: 0; -ENODEV if the supply failed, -ENXIO if the node has no such register, -EACCES
 * or -EINVAL if it refused, -EPROTO or -EILSEQ if it answered otherwise, -ETIMEDOUT.
 */
static inline int node_run(u8 kind, int memory, u32 offset, u32 len, u8 *data)
{
	const struct bfp_operation *op = bfp_find_operation(&node.profile, kind, memory);
	struct node_piece w = { .op = op, .offset = offset, .start = offset, .data = data,
				.len = len, .total = len };

	return op ? node_steps(&w, 0, le16_to_cpu(op->step_count)) : -EOPNOTSUPP;
}

#endif
