// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiled profiles and indexes: refused, or usable in full. Magic, size and
 * checksum are put right first: they would keep the fuzzer from what lies behind.
 */
#include "fuzz.h"

static void index_file(u8 *copy, size_t size)
{
	struct bfp_index_header *h = (struct bfp_index_header *)copy;
	struct bfp_device_id dev = { .kind = BFP_ID_USB, .vendor = 0x067b, .product = 0x2507 };
	const struct bfp_index_entry *entry;

	h->magic = cpu_to_le32(BFP_INDEX_MAGIC);
	h->format = cpu_to_le16(BFP_FORMAT);
	h->size = cpu_to_le32((u32)size);
	h->crc = 0;
	h->crc = cpu_to_le32(bfp_crc32(0, copy, size));
	if (bfp_index_check(copy, size, NULL))
		return;
	entry = bfp_index_match(copy, &dev);
	fuzz_assert(!entry || strlen(entry->profile) < BFP_NAME_MAX, "a name ends");
}

static void profile_file(u8 *copy, size_t size)
{
	struct bfp_header *h = (struct bfp_header *)copy;
	struct bfp_error e = { .text = "" };
	struct bfp p;

	h->magic = cpu_to_le32(BFP_MAGIC);
	h->format = cpu_to_le16(BFP_FORMAT);
	h->size = cpu_to_le32((u32)size);
	h->crc = 0;
	h->crc = cpu_to_le32(bfp_crc32(0, copy, size));
	if (bfp_check(&p, copy, size, &e))
		fuzz_assert(*e.text, "a fault is described");
	else
		walk_profile(&p, fuzz_bytes());
}

int fuzz_one(const uint8_t *data, size_t size)
{
	u8 *copy;

	if (!size)
		return 0;
	/* memory of its own: a read past its end is seen */
	copy = malloc(size);
	memcpy(copy, data, size);
	if (size >= sizeof(struct bfp_index_header) && !memcmp(data, "BFWI", 4))
		index_file(copy, size);
	else if (size >= sizeof(struct bfp_header))
		profile_file(copy, size);
	else
		bfp_check(&(struct bfp){ 0 }, copy, size, NULL);
	free(copy);
	return 0;
}
