// SPDX-License-Identifier: GPL-2.0-or-later
/* Topology maps of any kind: what is accepted is a tree, and every way in it leads. */
#include "crc1212.h"
#include "fuzz.h"
#include "tree.h"

#define QUADLETS_MAX	300

#define NUMBERED	0x06	/* packets carry the numbers they should: what is tried are ports */
#define SEALED		0x07	/* lengths and CRC are right */

/* Makes the packets those of so many PHYs in a row, as their extended bits have it. */
static void give_numbers(u32 *map, u32 n)
{
	u32 i, id = 0, sequence = 0;

	for (i = 3; i < n; i++) {
		if (i == 3 || !(map[i] & 1 << 23) || sequence == 3) {
			sequence = 0;
			map[i] = (map[i] & 0x007ffffe) | 2u << 30 | (id++ & 0x3f) << 24;
			continue;
		}
		map[i - 1] |= 1;
		map[i] = (map[i] & 0x000ffffe) | 2u << 30 | ((id - 1) & 0x3f) << 24 | 1 << 23 |
			 sequence++ << 20;
	}
	map[2] = id << 16;
}

static void seal(u32 *map, u32 n)
{
	map[2] = (map[2] & 0xffff0000) | (n - 3);
	map[0] = (n - 1) << 16 | bfp_crc1212(map + 1, n - 1);
}

/* What does not fit is refused, and ends all the same. */
static void check_room(const struct bfp_topology *t, size_t room)
{
	char way[TREE_WAY], *little = malloc(room ? room : 1);
	int hops = bfp_topology_way(t, 0, t->count / 2, way, sizeof(way));
	int ret = bfp_topology_way(t, 0, t->count / 2, little, room);

	fuzz_assert(ret == (strlen(way) < room ? hops : -ENOSPC), "it fits, or there is no room");
	fuzz_assert(!room || strnlen(little, room) < room, "a text ends");
	fuzz_assert(bfp_topology_way(t, t->count, 0, way, sizeof(way)) == -EINVAL &&
		    bfp_topology_way(t, 0, t->count, way, sizeof(way)) == -EINVAL,
		    "nobody has that number");
	free(little);
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
	if (n >= 3 && (data[0] & NUMBERED))
		give_numbers(map, n);
	if (n >= 3 && (data[0] & SEALED))
		seal(map, n);
	memset(&t, 0xa5, sizeof(t));
	if (bfp_topology_read(map, n, &t)) {
		fuzz_assert(!memcmp(&t, &none, sizeof(t)), "nothing is left of a bad map");
	} else {
		fault = tree_fault(&t);
		fuzz_assert(!fault, fault ? fault : "");
		fuzz_assert(t.generation == map[1], "the generation is the map's");
		check_room(&t, data[0] % TREE_WAY);
	}
	free(map);
	return 0;
}
