// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guard of SG_IO: whatever a checked profile names as unlocking, erasing or
 * programming is refused, with any values in it, cut or continued; and no more than
 * what has such an operation's code. The input is a compiled profile, put right as
 * fuzz_check.c does; its last bytes are a CDB, and fill what a template leaves open.
 */
#include "cdb_guard.h"
#include "fuzz.h"

static bool guarded(u8 kind)
{
	return kind == BFP_OP_UNLOCK || kind == BFP_OP_ERASE_SECTOR ||
	       kind == BFP_OP_ERASE_ALL || kind == BFP_OP_PROGRAM;
}

/* The template over @cdb: its literals are put there, the rest stays. */
static u32 overlay(const struct bfp *p, const struct bfp_step *s, u8 *cdb)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(s->item_first);
	u32 n = le16_to_cpu(s->item_count), at = 0, i;
	u64 v;

	for (; n--; item++) {
		v = le64_to_cpu(item->literal) << (64 - item->bits);
		for (i = 0; i < item->bits; i++, at++, v <<= 1) {
			if (item->value != BFP_LITERAL)
				continue;
			cdb[at / 8] &= (u8)~(0x80 >> at % 8);
			cdb[at / 8] |= (u8)(v >> 63 ? 0x80 >> at % 8 : 0);
		}
	}
	return at / 8;
}

static bool standard(u8 opcode)
{
	static const u8 codes[] = { 0x00, 0x03, 0x12, 0x1a, 0x25, 0x5a, 0x9e, 0xa0 };

	return memchr(codes, opcode, sizeof(codes));
}

/* Whether a command that reads has this code and length, and its literals are there. */
static bool reads(const struct bfp *p, const u8 *cdb, u32 len)
{
	const struct bfp_operation *op = bfp_operations(p);
	const struct bfp_step *s;
	u8 copy[BFP_CDB_MAX];
	u32 i, k;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++) {
		if (op->kind != BFP_OP_IDENTIFY && op->kind != BFP_OP_VERSION &&
		    op->kind != BFP_OP_READ)
			continue;
		s = bfp_steps(p) + le16_to_cpu(op->step_first);
		for (k = 0; k < le16_to_cpu(op->step_count); k++, s++) {
			memcpy(copy, cdb, sizeof(copy));
			if (s->kind == BFP_STEP_CDB && overlay(p, s, copy) == len &&
			    !memcmp(copy, cdb, len))
				return true;
		}
	}
	return false;
}

static void step(const struct bfp *p, const struct bfp_operation *op, const struct bfp_step *s,
		 const u8 *tail)
{
	struct bfp_values v = { .length = 1, .data = fuzz_bytes(), .data_len = 64,
				.image = fuzz_bytes(), .image_len = 64 };
	u8 cdb[BFP_CDB_MAX];
	u32 size, len;

	memcpy(cdb, tail, sizeof(cdb));
	size = overlay(p, s, cdb);
	for (len = 1; len <= sizeof(cdb); len++)
		fuzz_assert(bfp_cdb_named(p, cdb, len), "it is refused, cut and continued");

	/* Anything with its code. */
	memcpy(cdb + 1, tail, sizeof(cdb) - 1);
	for (len = 1; len <= sizeof(cdb); len++)
		fuzz_assert(bfp_cdb_named(p, cdb, len) || standard(cdb[0]) || reads(p, cdb, len),
			    "what has its code, and reads nothing, is refused");

	/* And as the module sends it. */
	memcpy(&v.address, tail, 4);
	v.sector = tail[4];
	v.total = tail[5];
	v.length = tail[6];
	if (op->memory != 0xff)
		v.address = le64_to_cpu(bfp_memories(p)[op->memory].base) +
			    v.address % le32_to_cpu(bfp_memories(p)[op->memory].size);
	if (!bfp_encode(p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), &v, cdb,
			sizeof(cdb)))
		fuzz_assert(bfp_cdb_named(p, cdb, size), "what is encoded is refused");
}

static void profile(const struct bfp *p, const u8 *tail)
{
	const struct bfp_operation *op = bfp_operations(p);
	const struct bfp_step *s;
	bool shares = false;
	u32 i, k;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++) {
		if (!guarded(op->kind))
			continue;
		s = bfp_steps(p) + le16_to_cpu(op->step_first);
		for (k = 0; k < le16_to_cpu(op->step_count); k++, s++) {
			u8 cdb[BFP_CDB_MAX] = { 0 };

			if (s->kind != BFP_STEP_CDB)
				continue;
			step(p, op, s, tail);
			overlay(p, s, cdb);
			shares |= cdb[0] == tail[0];
		}
	}
	fuzz_assert(shares || !bfp_cdb_named(p, tail, 1 + tail[15] % BFP_CDB_MAX),
		    "a code that no such operation has is allowed");
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct bfp_header *h;
	u8 tail[BFP_CDB_MAX], *copy;
	struct bfp p;

	if (size < sizeof(*h) + sizeof(tail))
		return 0;
	memcpy(tail, data + size - sizeof(tail), sizeof(tail));
	copy = malloc(size);
	memcpy(copy, data, size);
	h = (struct bfp_header *)copy;
	h->magic = cpu_to_le32(BFP_MAGIC);
	h->format = cpu_to_le16(BFP_FORMAT);
	h->size = cpu_to_le32((u32)size);
	h->crc = 0;
	h->crc = cpu_to_le32(bfp_crc32(0, copy, size));
	if (!bfp_check(&p, copy, size, NULL))
		profile(&p, tail);
	free(copy);
	return 0;
}
