// SPDX-License-Identifier: GPL-2.0-or-later
/* Topology maps of any kind: what is accepted is a tree, and every way in it leads. */
#include "crc1212.h"
#include "fuzz.h"
#include "tree.h"

#define QUADLETS_MAX	300

/* Most of what is tried gets past length and CRC; the rest is tried as it is. */
static void seal(u32 *map, u32 n)
{
	if (n < 3)
		return;
	map[2] = (map[2] & 0xffff0000) | (n - 3);
	map[0] = (n - 1) << 16 | bfp_crc1212(map + 1, n - 1);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	static const struct bfp_topology none;
	u32 n, i, k, *map;
	struct bfp_topology t;
	const char *fault;

	if (!size)
		return 0;
	n = (size - 1) / 4 < QUADLETS_MAX ? (size - 1) / 4 : QUADLETS_MAX;
	/* exactly as many as were read: a sanitizer sees any look beyond */
	map = calloc(n ? n : 1, sizeof(*map));
	for (i = 0; i < n; i++)
		for (k = 1; k <= 4; k++)
			map[i] = map[i] << 8 | data[4 * i + k];
	if (data[0] & 7)
		seal(map, n);
	memset(&t, 0xa5, sizeof(t));
	if (bfp_topology_read(map, n, &t)) {
		fuzz_assert(!memcmp(&t, &none, sizeof(t)), "nothing is left of a bad map");
	} else {
		fault = tree_fault(&t);
		fuzz_assert(!fault, fault ? fault : "");
		fuzz_assert(t.generation == map[1], "the generation is the map's");
	}
	free(map);
	return 0;
}
