// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plans for writes: whatever a checked profile says of its memories, a plan
 * keeps what tests/lib/plan_check.h asks of it. The input is a compiled
 * profile, put right as fuzz_check.c does; its last bytes choose the contents.
 */
#include "../lib/plan_check.h"
#include "fuzz.h"

#define CONTENT_MOST	WALK_DATA

/* Two contents of @len bytes, made of what the input ends with. */
static void contents(const uint8_t *data, size_t size, u8 blank, u8 *old, u8 *new, u32 len)
{
	const u8 *bytes = fuzz_bytes();
	u32 i, how;

	for (i = 0; i < len; i++) {
		how = data[size - 1 - i % 64 % size] >> (i / 64 % 8) & 7;
		old[i] = how & 1 ? bytes[i] : blank;
		new[i] = how & 2 ? old[i] : how & 4 ? old[i] & bytes[i ^ 7] : bytes[i ^ 99];
		if (how == 5)
			new[i] = blank;
	}
}

static void memory(const struct bfp *p, u32 n, const uint8_t *data, size_t size)
{
	const struct bfp_memory *m = bfp_memories(p) + n;
	u32 len = data[0] & 1 ? le32_to_cpu(m->size) : le32_to_cpu(m->min_size);
	const char *wrong;
	u8 *old, *new;

	if (len > CONTENT_MOST)
		return;
	/* of their own: a look past their end is seen */
	old = malloc(len);
	new = malloc(len);
	contents(data, size, (u8)le32_to_cpu(m->erase_value), old, new, len);
	wrong = plan_check(p, n, old, !(data[0] & 2), new, len);
	fuzz_assert(!wrong, wrong);
	free(old);
	free(new);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct bfp_header *h;
	struct bfp p;
	u8 *copy;
	u32 i;

	if (size < sizeof(*h))
		return 0;
	copy = malloc(size);
	memcpy(copy, data, size);
	h = (struct bfp_header *)copy;
	h->magic = cpu_to_le32(BFP_MAGIC);
	h->format = cpu_to_le16(BFP_FORMAT);
	h->size = cpu_to_le32((u32)size);
	h->crc = 0;
	h->crc = cpu_to_le32(bfp_crc32(0, copy, size));
	if (!bfp_check(&p, copy, size, NULL))
		for (i = 0; i < bfp_count(&p, BFP_MEMORIES); i++)
			memory(&p, i, data, size);
	free(copy);
	return 0;
}
