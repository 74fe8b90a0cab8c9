// SPDX-License-Identifier: GPL-2.0-or-later
/* Which profile, and which of its ids, a device answers to. */
#include "profile.h"

static bool usb_match(const struct bfp_id *id, const struct bfp_device_id *dev, u16 flags)
{
	if (flags & BFP_ID_HAS_REVISION)
		return dev->revision >= le32_to_cpu(id->rev_lo) &&
		       dev->revision <= le32_to_cpu(id->rev_hi);
	return true;
}

static bool rom_match(const struct bfp_id *id, const struct bfp_device_id *dev, u16 flags)
{
	if (flags & BFP_ID_HAS_REVISION)
		return (dev->revision & le32_to_cpu(id->rev_hi)) == le32_to_cpu(id->rev_lo);
	return true;
}

/**
 * bfp_id_match() - whether a device shows this id
 * @id: from a checked profile or index
 * @dev: what the device shows
 *
 * Return: true if every member that the id names agrees.
 */
bool bfp_id_match(const struct bfp_id *id, const struct bfp_device_id *dev)
{
	u16 flags = le16_to_cpu(id->flags);

	if (id->kind != dev->kind)
		return false;
	if (id->kind == BFP_ID_QUADLET)
		return le64_to_cpu(id->address) == dev->address &&
		       (dev->value & le32_to_cpu(id->mask)) == le32_to_cpu(id->value);
	if ((flags & BFP_ID_HAS_VENDOR) && le32_to_cpu(id->vendor) != dev->vendor)
		return false;
	if ((flags & BFP_ID_HAS_PRODUCT) && le32_to_cpu(id->product) != dev->product)
		return false;
	if (id->kind == BFP_ID_USB)
		return usb_match(id, dev, flags);
	return rom_match(id, dev, flags);
}

/* How much an id says: one that names a revision goes before one that does not. */
static u32 weight(const struct bfp_id *id)
{
	u16 flags = le16_to_cpu(id->flags);

	return !!(flags & BFP_ID_HAS_VENDOR) + !!(flags & BFP_ID_HAS_PRODUCT) +
	       !!(flags & BFP_ID_HAS_REVISION);
}

/**
 * bfp_match() - the id of a profile that says most about a device
 * @p: checked profile
 * @dev: what the device shows
 *
 * Return: the id, NULL if none agrees.
 */
const struct bfp_id *bfp_match(const struct bfp *p, const struct bfp_device_id *dev)
{
	const struct bfp_id *id = bfp_ids(p);
	const struct bfp_id *best = NULL;
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_IDS); i++, id++)
		if (bfp_id_match(id, dev) && (!best || weight(id) > weight(best)))
			best = id;
	return best;
}

/**
 * bfp_index_match() - the profile that answers to a device
 * @index: bytes that bfp_index_check() has accepted
 * @dev: what the device shows
 *
 * Return: the entry whose id says most about the device, NULL if none agrees.
 */
const struct bfp_index_entry *bfp_index_match(const void *index,
					      const struct bfp_device_id *dev)
{
	const struct bfp_index_header *h = index;
	const struct bfp_index_entry *entry = (const void *)(h + 1);
	const struct bfp_index_entry *best = NULL;
	u32 i;

	for (i = 0; i < le32_to_cpu(h->count); i++, entry++)
		if (bfp_id_match(&entry->id, dev) &&
		    (!best || weight(&entry->id) > weight(&best->id)))
			best = entry;
	return best;
}
