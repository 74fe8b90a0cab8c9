// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a node is: by its configuration ROM, or, where that cannot be read, by the one
 * quadlet in which a chip without firmware tells its name.
 */
#include <linux/ctype.h>
#include <linux/string.h>

#include "fw.h"

#define BUSY_MS		200
#define LOOK_MS		10000	/* for a node that answers each question late */
#define MINIMAL_ROM	1	/* the length that stands in its first byte */

#define OXFORD_TYPE	0xf0000000ULL

/* The question for those without a ROM, once a generation at most. */
static void see_blank(const struct fwway *way, struct fwseen *seen)
{
	u32 value, i;

	if (bridgefw_fw_read(way, BRIDGEFW_1394_BLANK, &value) != RCODE_COMPLETE)
		return;
	seen->value = value;
	/* Four characters, the last of which may be missing; anything else is no name. */
	for (i = 1; i < 4; i++)
		if (!isascii(value >> 8 * i & 0xff) || !isprint(value >> 8 * i & 0xff)) {
			seen->kind = FWKIND_REFUSES;
			return;
		}
	seen->kind = FWKIND_BLANK;
}

static int see_rom(const struct fwway *way, u32 first, unsigned long until, struct fwseen *seen)
{
	int rcode;

	if (!first) {
		seen->kind = FWKIND_BOOTING;
		return 0;
	}
	seen->kind = FWKIND_NO_ROM;
	seen->value = first;
	if (first >> 24 == MINIMAL_ROM)
		return 0;
	rcode = bridgefw_fwrom_read(way, first, until, &seen->rom);
	switch (rcode) {
	case RCODE_COMPLETE:
		seen->kind = FWKIND_RUNNING;
		break;
	case RCODE_TYPE_ERROR:
		break;
	case RCODE_BUSY:
	case RCODE_CONFLICT_ERROR:
		seen->kind = FWKIND_BOOTING;
		break;
	default:
		seen->kind = FWKIND_SILENT;
		break;
	}
	return rcode < 0 ? rcode : 0;
}

/**
 * bridgefw_fwseat_see() - look at a node
 * @way: the node; its link is active
 * @last: it had its time: one that still says that it is not ready has no ROM
 * @asked: in: it was asked the question for those without a ROM; out: that is so now
 * @seen: out
 *
 * Return: 0, -EAGAIN if a bus reset came in between, -ENOMEM.
 */
int bridgefw_fwseat_see(const struct fwway *way, bool last, bool *asked, struct fwseen *seen)
{
	unsigned long until = jiffies + msecs_to_jiffies(LOOK_MS);
	bool readable = true;
	__be32 first = 0;
	int ret;

	memset(seen, 0, sizeof(*seen));
	ret = bridgefw_fw_ask(way, false, CSR_REGISTER_BASE + CSR_CONFIG_ROM, (u8 *)&first,
			      BUSY_MS);
	switch (ret) {
	case RCODE_COMPLETE:
		ret = see_rom(way, be32_to_cpu(first), until, seen);
		break;
	case RCODE_BUSY:
	case RCODE_CONFLICT_ERROR:
		seen->kind = FWKIND_BOOTING;
		break;
	case RCODE_ADDRESS_ERROR:
	case RCODE_TYPE_ERROR:
	case RCODE_DATA_ERROR:
		seen->kind = FWKIND_REFUSES;
		readable = false;
		break;
	default:
		seen->kind = FWKIND_SILENT;
		readable = false;
		break;
	}
	if (ret < 0)
		return ret;
	if (seen->kind == FWKIND_BOOTING && last)
		readable = false;
	if (!readable && !*asked && !bridgefw_fw_stale(way)) {
		*asked = true;
		see_blank(way, seen);
	}
	return bridgefw_fw_stale(way) ? -EAGAIN : 0;
}

/* The drive behind an Oxford bridge puts its type into the GUID, when it has come up. */
static bool same_guid(u64 a, u64 b)
{
	if (bfp_guid_type(a) >= 0 && bfp_guid_type(b) >= 0)
		return !((a ^ b) & ~OXFORD_TYPE);
	return a == b;
}

/**
 * bridgefw_fwseen_same() - whether two looks have seen the same box
 * @a: one
 * @b: the other
 *
 * Return: false also if one of them tells nothing.
 */
bool bridgefw_fwseen_same(const struct fwseen *a, const struct fwseen *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == FWKIND_BLANK)
		return a->value == b->value;
	return a->kind == FWKIND_RUNNING && same_guid(a->rom.guid, b->rom.guid) &&
	       a->rom.vendor == b->rom.vendor && a->rom.model == b->rom.model &&
	       a->rom.revision == b->rom.revision && a->rom.sbp2 == b->rom.sbp2;
}
