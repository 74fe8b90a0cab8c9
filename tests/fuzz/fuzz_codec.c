// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decoding what a host sends: whatever is recognised as coming from a template
 * is made of that template again, byte for byte.
 */
#include "fuzz.h"
#include "profile_text.h"

static void load(struct bfp *p)
{
	struct bfp_error e;
	char err[300];
	size_t len;
	void *out;

	if (profile_compile_file("tests/lab/profiles/lab-full.profile", &out, &len, err,
				 sizeof(err))) {
		fprintf(stderr, "%s\n", err);
		exit(1);
	}
	fuzz_assert(!bfp_check(p, out, len, &e), "the lab's profile passes the check");
}

static void one(const struct bfp *p, u32 first, u32 count, const u8 *bytes, u32 size)
{
	struct bfp_values v = { 0 };
	const struct bfp_item *item = NULL;
	u8 data[64], out[64];
	u64 sum = 0;

	if (!bfp_decode(p, first, count, bytes, size, &v, data, sizeof(data), &sum, &item))
		return;
	if (item)
		return;	/* over data that would come later: nothing to make it of */
	v.data = data;
	fuzz_assert(!bfp_encode(p, first, count, &v, out, sizeof(out)), "decoded values go in again");
	fuzz_assert(!memcmp(out, bytes, size), "they make the same bytes");
}

int fuzz_one(const uint8_t *data, size_t size)
{
	static struct bfp p;
	const struct bfp_step *s;
	u32 i;

	if (!p.base)
		load(&p);
	if (size > 64)
		return 0;
	s = bfp_steps(&p);
	for (i = 0; i < bfp_count(&p, BFP_STEPS); i++, s++) {
		one(&p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), data, (u32)size);
		one(&p, le16_to_cpu(s->addr_first), le16_to_cpu(s->addr_count), data, (u32)size);
		one(&p, le16_to_cpu(s->payload_first), le16_to_cpu(s->payload_count), data,
		    (u32)size);
	}
	return 0;
}
