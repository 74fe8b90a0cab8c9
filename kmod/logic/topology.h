/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nodes of a FireWire bus, from the self-ID packets that every PHY sends after a
 * bus reset (IEEE 1394-1995 4.3.4.1, IEEE 1394a-2000 4.3.4.1; IEEE 1394b keeps them).
 */
#ifndef BRIDGEFW_TOPOLOGY_H
#define BRIDGEFW_TOPOLOGY_H

#include "port.h"

#define BFP_NODES_MAX		63
#define BFP_PHY_PORTS_MAX	16	/* packet #0 has 3, #1 has 8, #2 has 5 */
#define BFP_NODE_NONE		0xff

/* The map as a node shows it at TOPOLOGY_MAP: 3 quadlets, then 4 packets a node at most. */
#define BFP_TOPOLOGY_QUADLETS	256

/**
 * struct bfp_node - one PHY on the bus
 * @link: its link layer is active: it can be asked
 * @contender: it can be the bus manager
 * @initiated: it initiated the bus reset
 * @speed: 0 S100, 1 S200, 2 S400, 3 beta
 * @power: power class, 0-7
 * @ports: that it has
 * @parent: PHY ID of the node nearer to the root, BFP_NODE_NONE for the root
 * @parent_port: the port of this node that leads there
 * @at_port: the port of the parent that leads here
 */
struct bfp_node {
	bool link;
	bool contender;
	bool initiated;
	u8 speed;
	u8 power;
	u8 ports;
	u8 parent;
	u8 parent_port;
	u8 at_port;
};

/**
 * struct bfp_topology - a bus
 * @generation: as the map tells it
 * @count: nodes; PHY IDs are 0 .. count - 1, the last one is the root's
 * @node: by PHY ID
 */
struct bfp_topology {
	u32 generation;
	u32 count;
	struct bfp_node node[BFP_NODES_MAX];
};

/**
 * bfp_topology_read() - a bus, from a topology map
 * @map: the register's quadlets as numbers; hostile
 * @quadlets: how many were read
 * @t: out
 *
 * Checks lengths, CRC, the order of PHY IDs, and that the ports make one tree.
 * Return: 0, or -EINVAL if this is no map of one bus.
 */
int bfp_topology_read(const u32 *map, u32 quadlets, struct bfp_topology *t);

/**
 * bfp_topology_way() - how one node is reached from another
 * @t: bus
 * @from: PHY ID, of the computer's own node
 * @to: PHY ID
 * @out: the ports that one leaves through on the way, joined by dots: "0", "1.2".
 *	Stays the same however PHY IDs change, as long as nobody moves a cable on it.
 *	"" for the node itself.
 * @room: of @out
 *
 * Return: the number of hops, -ENOSPC, or -EINVAL for a PHY ID that is not on the bus.
 */
int bfp_topology_way(const struct bfp_topology *t, u32 from, u32 to, char *out, size_t room);

#endif
