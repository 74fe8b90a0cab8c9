/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every bus that bfp_topology_read() accepts. */
#ifndef BRIDGEFW_TESTS_TREE_H
#define BRIDGEFW_TESTS_TREE_H

#include <stdlib.h>

#include "topology.h"

#define TREE_WAY	256	/* 62 hops of "15." and the zero fit */

/* The node behind a port, BFP_NODE_NONE if nothing is plugged in there. */
static inline u32 tree_behind(const struct bfp_topology *t, u32 node, u32 port)
{
	u32 i;

	if (t->node[node].parent != BFP_NODE_NONE && t->node[node].parent_port == port)
		return t->node[node].parent;
	for (i = 0; i < t->count; i++)
		if (t->node[i].parent == node && t->node[i].at_port == port)
			return i;
	return BFP_NODE_NONE;
}

/* Whether a way, walked port by port, leads where it should and has so many hops. */
static inline bool tree_way_leads(const struct bfp_topology *t, u32 from, u32 to,
				  const char *way, int hops)
{
	char *end;

	while (*way) {
		from = tree_behind(t, from, (u32)strtoul(way, &end, 10));
		if (end == way || from == BFP_NODE_NONE)
			return false;
		way = end + (*end == '.' && end[1]);
		hops--;
	}
	return from == to && !hops;
}

/* What is wrong with the tree; NULL if nothing is. */
static inline const char *tree_fault(const struct bfp_topology *t)
{
	char way[TREE_WAY];
	u32 i, k;

	if (!t->count || t->count > BFP_NODES_MAX)
		return "there are between one and 63 nodes";
	for (i = 0; i < t->count; i++) {
		const struct bfp_node *n = &t->node[i];

		if (n->speed > 3 || n->power > 7 || n->ports > BFP_PHY_PORTS_MAX)
			return "fields hold what fits on the bus";
		if (i + 1 < t->count) {
			if (n->parent <= i || n->parent >= t->count)
				return "a parent has a higher number";
			if (n->parent_port >= n->ports || n->at_port >= t->node[n->parent].ports)
				return "a cable ends at ports";
			if (tree_behind(t, n->parent, n->at_port) != i)
				return "a port has one cable";
		} else if (n->parent != BFP_NODE_NONE) {
			return "the last one is the root";
		}
		for (k = 0; k < t->count; k++)
			if (!tree_way_leads(t, i, k, way,
					    bfp_topology_way(t, i, k, way, sizeof(way))))
				return "a way leads where it should";
	}
	return NULL;
}

#endif
