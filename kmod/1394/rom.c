// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A node's configuration ROM, read by quadlets. firewire-core has a copy, but only of
 * those that it could walk to the end, and its walk trusts more than ours.
 */
#include <linux/slab.h>

#include "fw.h"

#define CONFIG_ROM	(CSR_REGISTER_BASE + CSR_CONFIG_ROM)

/**
 * bridgefw_fwrom_read() - read a configuration ROM, and what it tells
 * @way: the node
 * @first: its first quadlet, which has been read
 * @until: when a slow node is given up, jiffies
 * @rom: out
 *
 * Where the node refuses a quadlet the ROM ends.
 *
 * Return: RCODE_COMPLETE; RCODE_TYPE_ERROR if it is no general ROM of IEEE 1394;
 * RCODE_CANCELLED if it takes too long, or another RCODE_* of a quadlet that could not be
 * read; -ENOMEM.
 */
int bridgefw_fwrom_read(const struct fwway *way, u32 first, unsigned long until,
			struct bfp_rom *rom)
{
	u32 *q = kcalloc(BFP_ROM_QUADLETS, sizeof(*q), GFP_KERNEL);
	u32 have = 1, want;
	int rcode = RCODE_COMPLETE;

	if (!q)
		return -ENOMEM;
	q[0] = first;
	while (rcode == RCODE_COMPLETE && (want = bfp_rom_reach(q, have)) > have) {
		while (have < want && rcode == RCODE_COMPLETE) {
			rcode = time_after(jiffies, until) ? RCODE_CANCELLED :
				bridgefw_fw_read(way, CONFIG_ROM + 4 * have, &q[have]);
			if (rcode == RCODE_COMPLETE)
				have++;
		}
	}
	if (rcode == RCODE_ADDRESS_ERROR || rcode == RCODE_TYPE_ERROR ||
	    rcode == RCODE_DATA_ERROR)
		rcode = RCODE_COMPLETE;
	if (rcode == RCODE_COMPLETE && bfp_rom_read(q, have, rom))
		rcode = RCODE_TYPE_ERROR;
	kfree(q);
	return rcode;
}
