// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Firmware for the lab's chips, from nothing but the rules of their profiles.
 * The same profile always gives the same bytes.
 */
#include "content.h"
#include "encode.h"
#include "image.h"

#define CHUNK		64	/* of which some are blank, as in real firmware */
#define PATCH_AT	0x80	/* what A1 and BOOT change lies here in its sector */
#define PATCH_LEN	200

static u32 next_random(u32 *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/**
 * lab_variant_name() - the end of an image's file name
 * @v: which
 *
 * Return: its name.
 */
const char *lab_variant_name(enum lab_variant v)
{
	static const char * const names[] = {
		[LAB_A] = "a", [LAB_B] = "b", [LAB_A1] = "a1", [LAB_BOOT] = "boot",
	};

	return names[v];
}

/* No byte of what is not blank is as if erased, so that B can differ from it. */
static void fill_a(u8 *out, u32 size)
{
	u32 i, state = 2026;

	for (i = 0; i < size; i++) {
		u8 byte = next_random(&state) % 255;

		out[i] = i / CHUNK % 16 == 3 ? 0xff : byte;
	}
}

static void make_b(u8 *out, u32 size)
{
	u32 i, state = 1394;

	for (i = 0; i < size; i++) {
		u8 delta = 1 + next_random(&state) % 255;

		out[i] = i / CHUNK % 16 == 11 ? 0xff : out[i] + delta;
	}
}

/* The sector at @offset; everything, if the memory has no sectors. */
static void sector_at(const struct bfp *p, const struct bfp_memory *m, u32 offset,
		      u32 *start, u32 *size)
{
	const struct bfp_geometry *g = bfp_geometries(p) + le16_to_cpu(m->geometry_first);
	u32 i, at = 0;

	*start = 0;
	*size = le32_to_cpu(m->size);
	for (i = 0; i < le16_to_cpu(m->geometry_count); i++) {
		u32 run = le32_to_cpu(g[i].sectors) * le32_to_cpu(g[i].size);

		if (offset - at < run) {
			*size = le32_to_cpu(g[i].size);
			*start = at + (offset - at) / *size * *size;
			return;
		}
		at += run;
	}
}

/* A change outside of the boot sector changes a checksum: so it is made beside that one. */
static u32 place_to_change(const struct bfp *p, u32 memory, u32 boot, u32 boot_size)
{
	const struct bfp_rule *r = bfp_rules(p);
	u32 i, at;

	for (i = 0; i < bfp_count(p, BFP_RULES); i++, r++) {
		at = le32_to_cpu(r->offset);
		if (r->memory == memory && r->kind == BFP_RULE_CHECKSUM &&
		    at - boot >= boot_size)
			return at;
	}
	return boot ? 0 : boot_size;
}

static void patch(const struct bfp *p, u32 memory, u8 *out, u32 offset)
{
	u32 start, size, i;

	sector_at(p, bfp_memories(p) + memory, offset, &start, &size);
	for (i = PATCH_AT; i < PATCH_AT + PATCH_LEN && i < size; i++)
		out[start + i] ^= 0x5a;
}

static void put_sum(const struct bfp_rule *r, u8 *out, u32 len)
{
	u32 from = le32_to_cpu(r->range_offset), over = le32_to_cpu(r->range_length);
	u32 at = le32_to_cpu(r->offset), own = le32_to_cpu(r->length), sum, i;

	/* As in a check, its own bytes count as zero. */
	memset(out + at, 0, own);
	sum = bfp_checksum(r->sum, out + from, over ? over : len - from);
	for (i = 0; i < own; i++)
		out[at + i] = sum >> 8 * (r->flags & BFP_ITEMF_LE ? i : own - 1 - i);
}

static void obey(const struct bfp *p, u32 memory, enum lab_variant v, u8 *out, u32 len)
{
	const struct bfp_rule *r = bfp_rules(p);
	char serial[16];
	u32 i;

	snprintf(serial, sizeof(serial), "LAB0000%c", v == LAB_B ? 'B' : 'A');
	for (i = 0; i < bfp_count(p, BFP_RULES); i++) {
		u8 *at = out + le32_to_cpu(r[i].offset);
		u32 length = le32_to_cpu(r[i].length);

		if (r[i].memory != memory)
			continue;
		if (r[i].kind == BFP_RULE_BYTES)
			memcpy(at, bfp_blob(p, r[i].bytes), length);
		else if (r[i].kind == BFP_RULE_IDENTITY)
			memcpy(at, serial, length < 8 ? length : 8);
	}
	for (i = 0; i < bfp_count(p, BFP_RULES); i++)
		if (r[i].memory == memory && r[i].kind == BFP_RULE_CHECKSUM)
			put_sum(&r[i], out, len);
}

/**
 * lab_content() - an image
 * @p: a checked profile
 * @memory: index of the memory
 * @v: which image
 * @out: gets it, as many bytes as the memory has
 * @err: gets why there is none
 * @room: bytes at @err
 *
 * Checksums are made in the order of their rules: one that lies in the range of
 * another one stands before it.
 *
 * Return: 0, or -EINVAL if the rules cannot be obeyed so.
 */
int lab_content(const struct bfp *p, u32 memory, enum lab_variant v, u8 *out,
		char *err, size_t room)
{
	const struct bfp_memory *m = bfp_memories(p) + memory;
	u32 len = le32_to_cpu(m->size), boot = le32_to_cpu(m->boot_offset), start, size = 0;
	struct bfp_error e;

	if (le32_to_cpu(m->boot_known))
		sector_at(p, m, boot, &start, &size);
	fill_a(out, len);
	if (v == LAB_B)
		make_b(out, len);
	else if (v == LAB_BOOT)
		patch(p, memory, out, boot);
	else if (v == LAB_A1)
		patch(p, memory, out, place_to_change(p, memory, boot, size));
	obey(p, memory, v, out, len);
	if (bfp_content_check(p, memory, out, len, &e) == BFP_IMAGE_OK)
		return 0;
	snprintf(err, room, "%s", e.text);
	return -EINVAL;
}
