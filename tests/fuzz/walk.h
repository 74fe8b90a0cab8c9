/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that the module and the tools do with a profile once bfp_check()
 * has accepted it. Whatever this touches, the check has vouched for.
 */
#ifndef BRIDGEFW_TESTS_WALK_H
#define BRIDGEFW_TESTS_WALK_H

#include "encode.h"
#include "image.h"

#define WALK_DATA	(64 * 1024)

struct walk {
	const struct bfp *p;
	u8 *data;		/* WALK_DATA bytes */
	u64 seen;		/* so that nothing is optimised away */
};

static inline void walk_string(struct walk *w, __le32 offset)
{
	const char *s = bfp_string(w->p, offset);

	while (*s)
		w->seen += (u8)*s++;
}

/* A template at both ends of what its operation can be asked for. */
static inline void walk_template(struct walk *w, u32 first, u32 count,
				 const struct bfp_memory *m, bool whole)
{
	struct bfp_values v = { 0 }, back = { 0 };
	u32 size = bfp_template_size(w->p, first, count);
	const struct bfp_item *item;
	u8 out[4200], inline_data[256];
	u64 sum;

	v.length = whole && m ? le32_to_cpu(m->size) : 1;
	v.address = m ? le64_to_cpu(m->base) + (whole ? 0 : le32_to_cpu(m->size) - 1) : 0;
	v.total = m ? le32_to_cpu(m->size) : 0;
	v.interface = 255;
	v.data = w->data;
	v.data_len = v.length < WALK_DATA ? v.length : WALK_DATA;
	v.image = w->data;
	v.image_len = 64;
	if (!bfp_encode(w->p, first, count, &v, out, sizeof(out)))
		w->seen += (u64)bfp_decode(w->p, first, count, out, size, &back, inline_data,
					   sizeof(inline_data), &sum, &item);
	if (size <= sizeof(out)) {
		memcpy(out, w->data, size);
		w->seen += (u64)bfp_decode(w->p, first, count, out, size, &back, inline_data,
					   sizeof(inline_data), &sum, &item);
	}
}

static inline void walk_step(struct walk *w, const struct bfp_step *s, const struct bfp_memory *m)
{
	const u8 *expect = bfp_blob(w->p, s->expect);
	u32 i;

	for (i = 0; i < 2 * le32_to_cpu(s->expect_len); i++)
		w->seen += expect[i];
	for (i = 0; i < 2; i++) {
		walk_template(w, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), m, i);
		walk_template(w, le16_to_cpu(s->addr_first), le16_to_cpu(s->addr_count), m, i);
		walk_template(w, le16_to_cpu(s->payload_first), le16_to_cpu(s->payload_count), m,
			      i);
	}
	if (le16_to_cpu(s->new_id) != BFP_NONE)
		w->seen += bfp_ids(w->p)[le16_to_cpu(s->new_id)].kind;
}

/* The part of the memory that the steps of a loop are about. */
struct walk_window {
	u32 offset;
	u32 length;
	u32 sector;
};

/*
 * What is asked for in range goes out: a checked profile does not stop half-way
 * because a value does not fit.
 */
static inline void walk_send(struct walk *w, const struct bfp_operation *op,
			     const struct bfp_step *s, const struct walk_window *in)
{
	const struct bfp_memory *m = op->memory == 0xff ? NULL : bfp_memories(w->p) + op->memory;
	struct bfp_values v = { .length = in->length, .sector = in->sector, .interface = 255 };
	u8 out[4200];
	u32 i;

	if (in->length > WALK_DATA)
		return;
	if (s->carry == BFP_CARRY_ANSWER)
		v.length = le32_to_cpu(s->length);
	if (s->carry == BFP_CARRY_PAYLOAD)
		v.length = bfp_template_size(w->p, le16_to_cpu(s->payload_first),
					     le16_to_cpu(s->payload_count));
	v.address = m ? le64_to_cpu(m->base) + in->offset : 0;
	v.total = m ? le32_to_cpu(m->size) : 0;
	v.data = w->data;
	v.data_len = in->length;
	v.image = w->data;
	v.image_len = v.total < WALK_DATA ? v.total : WALK_DATA;
	for (i = 0; i < 3; i++) {
		u32 first = le16_to_cpu(!i ? s->item_first : i == 1 ? s->addr_first :
							    s->payload_first);
		u32 count = le16_to_cpu(!i ? s->item_count : i == 1 ? s->addr_count :
							    s->payload_count);

		if (bfp_template_size(w->p, first, count) > sizeof(out))
			__builtin_trap();
		if (bfp_encode(w->p, first, count, &v, out, sizeof(out)))
			__builtin_trap();
	}
}

static inline u32 walk_run(struct walk *w, const struct bfp_operation *op, u32 first, u32 end,
			   const struct walk_window *in);

/* The first and the last turn of a loop. */
static inline void walk_loop(struct walk *w, const struct bfp_operation *op, u32 at,
			     const struct walk_window *in)
{
	const struct bfp_step *s = bfp_steps(w->p) + le16_to_cpu(op->step_first) + at;
	const struct bfp_memory *m = bfp_memories(w->p) + op->memory;
	const struct bfp_geometry *g = bfp_geometries(w->p) + le16_to_cpu(m->geometry_first);
	u32 end = le16_to_cpu(s->loop_end), unit = le32_to_cpu(s->length);
	u32 runs = le16_to_cpu(m->geometry_count), last, i;
	struct walk_window part = *in;

	if (s->kind == BFP_STEP_LOOP_SECTOR) {
		part.offset = 0;
		part.length = le32_to_cpu(g[0].size);
		part.sector = 0;
		walk_run(w, op, at + 1, end, &part);
		part.length = le32_to_cpu(g[runs - 1].size);
		part.offset = le32_to_cpu(m->size) - part.length;
		for (i = 0; i < runs; i++)
			part.sector += le32_to_cpu(g[i].sectors);
		part.sector--;
		walk_run(w, op, at + 1, end, &part);
		return;
	}
	part.length = unit < in->length ? unit : in->length;
	walk_run(w, op, at + 1, end, &part);
	last = (in->length - 1) / unit * unit;
	part.offset = in->offset + last;
	part.length = in->length - last;
	walk_run(w, op, at + 1, end, &part);
}

/* Runs the steps as the module does; returns where it ended. */
static inline u32 walk_run(struct walk *w, const struct bfp_operation *op, u32 first, u32 end,
			   const struct walk_window *in)
{
	const struct bfp_step *s = bfp_steps(w->p) + le16_to_cpu(op->step_first);
	u32 i;

	for (i = first; i < end; i++) {
		if (s[i].kind == BFP_STEP_LOOP_SECTOR || s[i].kind == BFP_STEP_LOOP_CHUNK) {
			walk_loop(w, op, i, in);
			i = le16_to_cpu(s[i].loop_end);
		} else if (s[i].kind <= BFP_STEP_QUADLET_WRITE) {
			walk_send(w, op, &s[i], in);
		}
	}
	return i;
}

/* The first and the last piece that an operation can be asked for. */
static inline void walk_pieces(struct walk *w, const struct bfp_operation *op)
{
	const struct bfp_step *s = bfp_steps(w->p) + le16_to_cpu(op->step_first);
	u32 count = le16_to_cpu(op->step_count), size, piece, last, i;
	const struct bfp_memory *m;
	struct walk_window in = { 0 };

	if (op->memory == 0xff || op->kind == BFP_OP_UNLOCK || op->kind == BFP_OP_LOCK) {
		walk_run(w, op, 0, count, &in);
		return;
	}
	m = bfp_memories(w->p) + op->memory;
	size = le32_to_cpu(m->size);
	piece = op->kind == BFP_OP_READ || op->kind == BFP_OP_VERIFY ? le32_to_cpu(m->read_chunk) :
		op->kind == BFP_OP_PROGRAM ? le32_to_cpu(m->write_chunk) : size;
	if (op->kind == BFP_OP_ERASE_SECTOR)
		piece = le32_to_cpu(bfp_geometries(w->p)[le16_to_cpu(m->geometry_first)].size);
	for (i = 0; i < count; i++)
		if (s[i].kind == BFP_STEP_LOOP_SECTOR || s[i].kind == BFP_STEP_LOOP_CHUNK)
			piece = size;
	in.length = piece;
	walk_run(w, op, 0, count, &in);
	if (op->kind == BFP_OP_ERASE_SECTOR)
		return;
	last = (size - 1) / piece * piece;
	in.offset = last;
	in.length = size - last;
	walk_run(w, op, 0, count, &in);
	if (le16_to_cpu(m->flags) & BFP_MEM_WHOLE && op->kind != BFP_OP_READ) {
		in.offset = 0;
		in.length = le32_to_cpu(m->min_size);
		walk_run(w, op, 0, count, &in);
	}
}

static inline void walk_operations(struct walk *w)
{
	const struct bfp_operation *op = bfp_operations(w->p);
	const struct bfp_step *s;
	const u8 *answer;
	u32 i, k;

	for (i = 0; i < bfp_count(w->p, BFP_OPERATIONS); i++, op++) {
		const struct bfp_memory *m = op->memory == 0xff ? NULL :
					     bfp_memories(w->p) + op->memory;

		walk_string(w, op->source);
		walk_string(w, op->note);
		answer = bfp_blob(w->p, op->answer);
		for (k = 0; k < le32_to_cpu(op->answer_len); k++)
			w->seen += answer[k];
		s = bfp_steps(w->p) + le16_to_cpu(op->step_first);
		for (k = 0; k < le16_to_cpu(op->step_count); k++) {
			walk_step(w, &s[k], m);
			if (s[k].kind == BFP_STEP_LOOP_SECTOR || s[k].kind == BFP_STEP_LOOP_CHUNK)
				w->seen += s[le16_to_cpu(s[k].loop_end)].kind;
		}
		walk_pieces(w, op);
		if (bfp_find_operation(w->p, op->kind, op->memory) != op)
			__builtin_trap();
	}
}

static inline void walk_memories(struct walk *w)
{
	const struct bfp_memory *m = bfp_memories(w->p);
	const struct bfp_geometry *g;
	struct bfp_error e;
	u32 i, k, len;
	u64 bytes;

	for (i = 0; i < bfp_count(w->p, BFP_MEMORIES); i++, m++) {
		walk_string(w, m->name);
		walk_string(w, m->holds);
		bytes = 0;
		g = bfp_geometries(w->p) + le16_to_cpu(m->geometry_first);
		for (k = 0; k < le16_to_cpu(m->geometry_count); k++)
			bytes += (u64)le32_to_cpu(g[k].sectors) * le32_to_cpu(g[k].size);
		if (bytes && bytes != le32_to_cpu(m->size))
			__builtin_trap();
		len = le32_to_cpu(m->size) < WALK_DATA ? le32_to_cpu(m->size) : WALK_DATA;
		w->seen += bfp_content_check(w->p, i, w->data, len, &e);
		w->seen += bfp_image_check(w->p, i, w->data, len, w->data + WALK_DATA - len, len,
					   &e);
		w->seen += bfp_image_check(w->p, i, w->data, len / 2, w->data, len / 2, &e);
		if (bfp_identity_known(w->p, i))
			bfp_identity_carry(w->p, i, w->data, w->data + WALK_DATA - len, len / 2);
	}
}

static inline void walk_fields(struct walk *w)
{
	const struct bfp_field *f = bfp_fields(w->p);
	char text[64];
	u32 i;

	for (i = 0; i < bfp_count(w->p, BFP_FIELDS); i++) {
		walk_string(w, f[i].name);
		walk_string(w, f[i].title);
		walk_string(w, f[i].source);
		w->seen += (u64)bfp_field_format(w->p, &f[i], w->data, WALK_DATA, text,
						 sizeof(text));
		w->seen += (u64)bfp_field_format(w->p, &f[i], w->data, 16, text, i % 8);
	}
}

static inline u64 walk_profile(const struct bfp *p, u8 *data)
{
	const struct bfp_id *id = bfp_ids(p);
	struct walk w = { .p = p, .data = data };
	struct bfp_device_id dev;
	u32 i;

	walk_string(&w, bfp_header(p)->name);
	walk_string(&w, bfp_header(p)->title);
	walk_string(&w, bfp_header(p)->vendor);
	walk_string(&w, bfp_header(p)->note);
	for (i = 0; i < bfp_count(p, BFP_IDS); i++, id++) {
		walk_string(&w, id->source);
		walk_string(&w, id->note);
		dev.kind = id->kind;
		dev.vendor = le32_to_cpu(id->vendor);
		dev.product = le32_to_cpu(id->product);
		dev.revision = le32_to_cpu(id->rev_lo);
		dev.address = le64_to_cpu(id->address);
		dev.value = le32_to_cpu(id->value);
		if (!bfp_id_match(id, &dev) || !bfp_match(p, &dev))
			__builtin_trap();
	}
	walk_memories(&w);
	walk_operations(&w);
	walk_fields(&w);
	return w.seen;
}

#endif
