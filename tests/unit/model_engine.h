/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that carries out operations of the profile, step by step, on the
 * enclosure of model_box.h.
 */
#ifndef MODEL_ENGINE_H
#define MODEL_ENGINE_H

#include "encode.h"
#include "model_box.h"

#define ENGINE_POLLS	5

/**
 * struct piece - what the steps of an operation are about
 * @op: the operation
 * @offset: of the piece, in the memory
 * @len: of the piece
 * @sector: number of the sector that it lies in
 * @start: offset of the range that the operation is about
 * @data: content of that range: to send, or to be filled
 * @image: everything that is written; NULL: nothing is
 * @total: bytes of it
 */
struct piece {
	const struct bfp_operation *op;
	u32 offset;
	u32 len;
	u32 sector;
	u32 start;
	u8 *data;
	const u8 *image;
	u32 total;
};

static u32 engine_txns;
static u32 engine_polls;

static inline int engine_send(const struct bfp_step *s, const u8 *head, u32 size, u32 len)
{
	u32 moved;
	int ret;

	engine_txns++;
	if (s->kind == BFP_STEP_CONTROL)
		ret = control_request(&box, head, box_data, &moved) ? -EIO : 0;
	else
		ret = box_command(head, size, s->dir == BFP_DIR_IN, len, &moved);
	if (ret < 0 || box.next == BOX_UNPLUG || box.next == BOX_POWER_OFF)
		return box.next == BOX_GO_ON ? -EIO : -ENODEV;
	return ret || moved != len ? -EIO : 0;
}

static inline int engine_once(const struct piece *w, const struct bfp_step *s)
{
	const struct bfp *p = &box.chip.profile;
	const struct bfp_memory *m = w->op->memory == 0xff ? NULL :
				     bfp_memories(p) + w->op->memory;
	const u8 *want = bfp_blob(p, s->expect);
	u32 n = le32_to_cpu(s->expect_len), i, len = 0;
	struct bfp_values v = {
		.address = (m ? le64_to_cpu(m->base) : 0) + w->offset,
		.sector = w->sector, .total = w->total, .image = w->image,
		.image_len = w->image ? w->total : 0,
	};
	u8 head[BFP_CDB_MAX];
	int ret;

	if (s->carry == BFP_CARRY_DATA)
		len = w->len;
	else if (s->carry == BFP_CARRY_ANSWER)
		len = le32_to_cpu(s->length);
	else if (s->carry == BFP_CARRY_PAYLOAD)
		len = bfp_template_size(p, le16_to_cpu(s->payload_first),
					le16_to_cpu(s->payload_count));
	v.length = s->carry == BFP_CARRY_NOTHING ? w->len : len;
	if (w->image) {
		v.data = w->data + (w->offset - w->start);
		v.data_len = w->len;
	}
	if (bfp_encode(p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), &v, head,
		       sizeof(head)))
		return -EINVAL;
	if (s->carry == BFP_CARRY_PAYLOAD &&
	    bfp_encode(p, le16_to_cpu(s->payload_first), le16_to_cpu(s->payload_count), &v,
		       box_data, len))
		return -EINVAL;
	if (s->carry == BFP_CARRY_DATA && s->dir == BFP_DIR_OUT)
		memcpy(box_data, v.data, len);
	ret = engine_send(s, head, bfp_template_size(p, le16_to_cpu(s->item_first),
						     le16_to_cpu(s->item_count)), len);
	if (ret)
		return ret;
	if (s->carry == BFP_CARRY_DATA && s->dir == BFP_DIR_IN)
		memcpy(w->data + (w->offset - w->start), box_data, len);
	for (i = 0; i < n; i++)
		if ((box_data[i] ^ want[i]) & want[n + i])
			return -EPROTO;
	return 0;
}

static inline int engine_step(const struct piece *w, const struct bfp_step *s)
{
	u32 i;
	int ret;

	switch (s->kind) {
	case BFP_STEP_DELAY:
		return 0;
	case BFP_STEP_REENUMERATE:
		if (box.next != BOX_REENUMERATE)
			return -ETIMEDOUT;
		box_plug_in(&box);
		return 0;
	}
	ret = engine_once(w, s);
	for (i = 0; ret == -EPROTO && (s->flags & BFP_STEPF_POLL); i++) {
		if (i == ENGINE_POLLS)
			return -ETIMEDOUT;
		engine_polls++;
		ret = engine_once(w, s);
	}
	return ret;
}

/* The number of the sector that @offset lies in. */
static inline u32 engine_sector(u32 memory, u32 offset)
{
	u32 n = 0, start = 0, size;

	while (model_chip_sector(&box.chip, memory, start, &start, &size) &&
	       start + size <= offset) {
		start += size;
		n++;
	}
	return n;
}

static inline int engine_steps(const struct piece *around, u32 first, u32 end)
{
	const struct bfp_step *s = bfp_steps(&box.chip.profile) +
				   le16_to_cpu(around->op->step_first);
	int ret = 0;
	u32 i;

	for (i = first; i < end && !ret; i++) {
		struct piece w = *around;
		u32 start, size, last;

		if (s[i].kind != BFP_STEP_LOOP_SECTOR && s[i].kind != BFP_STEP_LOOP_CHUNK) {
			ret = s[i].kind == BFP_STEP_LOOP_END ? 0 : engine_step(around, &s[i]);
			continue;
		}
		last = around->offset + around->len;
		while (w.offset < last && !ret) {
			w.len = le32_to_cpu(s[i].length);
			if (s[i].kind == BFP_STEP_LOOP_SECTOR) {
				if (!model_chip_sector(&box.chip, w.op->memory, w.offset, &start,
						       &size))
					return -EINVAL;
				w.len = start + size - w.offset;
			}
			if (w.len > last - w.offset)
				w.len = last - w.offset;
			w.sector = engine_sector(w.op->memory, w.offset);
			ret = engine_steps(&w, i + 1, le16_to_cpu(s[i].loop_end));
			w.offset += w.len;
		}
		i = le16_to_cpu(s[i].loop_end);
	}
	return ret;
}

static inline u32 engine_piece(const struct bfp_operation *op, u32 offset, u32 len)
{
	const struct bfp_step *s = bfp_steps(&box.chip.profile) + le16_to_cpu(op->step_first);
	const struct bfp_memory *m = bfp_memories(&box.chip.profile) + op->memory;
	u32 i, most = len, start, size;

	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if (s[i].kind == BFP_STEP_LOOP_SECTOR || s[i].kind == BFP_STEP_LOOP_CHUNK)
			return len;
	if (op->kind == BFP_OP_READ || op->kind == BFP_OP_VERIFY)
		most = le32_to_cpu(m->read_chunk);
	else if (op->kind == BFP_OP_PROGRAM)
		most = le32_to_cpu(m->write_chunk);
	else if (op->kind == BFP_OP_ERASE_SECTOR &&
		 model_chip_sector(&box.chip, op->memory, offset, &start, &size))
		most = start + size - offset;
	return most < len ? most : len;
}

/**
 * engine_run() - an operation of the profile
 * @kind: enum bfp_op_kind
 * @memory: index of the memory, or -1
 * @offset: where
 * @len: how much
 * @data: content to send, or to be filled; NULL: none
 *
 * Return: 0; -ENODEV if the box went away, -EIO if it refused, -EPROTO if it
 * answered what the profile does not expect, -ETIMEDOUT.
 */
static inline int engine_run(u8 kind, int memory, u32 offset, u32 len, u8 *data)
{
	const struct bfp_operation *op = bfp_find_operation(&box.chip.profile, kind, memory);
	struct piece w = { .op = op, .offset = offset, .start = offset, .data = data };
	u32 end = offset + len;
	int ret = 0;

	if (!op)
		return -EOPNOTSUPP;
	w.total = memory < 0 ? 0 : len;
	if (kind == BFP_OP_PROGRAM || kind == BFP_OP_VERIFY)
		w.image = data;
	if (memory < 0 || !len)
		return engine_steps(&w, 0, le16_to_cpu(op->step_count));
	for (; w.offset < end && !ret; w.offset += w.len) {
		w.len = engine_piece(op, w.offset, end - w.offset);
		w.sector = engine_sector(memory, w.offset);
		ret = engine_steps(&w, 0, le16_to_cpu(op->step_count));
	}
	return ret;
}

#endif
