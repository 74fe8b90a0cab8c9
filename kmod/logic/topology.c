// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From self-ID packets to the tree of a bus. PHYs number themselves from the leaves
 * to the root, each after all its children and these in the order of its ports
 * (IEEE 1394-1995 4.4.2.2), so one pass with a stack finds every connection.
 */
#include "topology.h"

#include "crc1212.h"

#define MAP_HEADER		3

/* Self-ID packet #0, and those that follow for more ports. */
#define SELF_ID(q)		((q) >> 30 == 2)
#define SELF_ID_PHY(q)		((q) >> 24 & 0x3f)
#define SELF_ID_EXTENDED(q)	((q) >> 23 & 1)
#define SELF_ID_LINK(q)		((q) >> 22 & 1)
#define SELF_ID_SPEED(q)	((q) >> 14 & 3)
#define SELF_ID_CONTENDER(q)	((q) >> 11 & 1)
#define SELF_ID_POWER(q)	((q) >> 8 & 7)
#define SELF_ID_INITIATED(q)	((q) >> 1 & 1)
#define SELF_ID_MORE(q)		((q) & 1)
#define EXTENDED_SEQUENCE(q)	((q) >> 20 & 7)

#define PACKET_PORTS		3
#define EXTENDED_PORTS		8
#define EXTENDED_MAX		3	/* IEEE 1394-1995; IEEE 1394a uses two of them */

enum port_is {
	PORT_ABSENT,
	PORT_OPEN,
	PORT_PARENT,
	PORT_CHILD,
};

/* The packets of one PHY, put together. */
struct phy {
	struct bfp_node node;
	u8 port[BFP_PHY_PORTS_MAX];	/* enum port_is */
	u32 parents;
	u32 children;
};

/* Those whose children all came already, but not their parent. */
struct stack {
	u8 id[BFP_NODES_MAX];
	u32 depth;
};

static int add_port(struct phy *phy, u32 port, u32 is)
{
	if (is == PORT_ABSENT)
		return 0;
	if (port >= BFP_PHY_PORTS_MAX)
		return -EINVAL;
	phy->port[port] = (u8)is;
	phy->node.ports = (u8)(port + 1);
	if (is == PORT_CHILD)
		phy->children++;
	if (is == PORT_PARENT) {
		phy->parents++;
		phy->node.parent_port = (u8)port;
	}
	return 0;
}

static int read_extended(u32 q, u32 id, u32 sequence, struct phy *phy)
{
	u32 i, first = PACKET_PORTS + sequence * EXTENDED_PORTS;

	if (!SELF_ID(q) || !SELF_ID_EXTENDED(q) || SELF_ID_PHY(q) != id ||
	    EXTENDED_SEQUENCE(q) != sequence)
		return -EINVAL;
	for (i = 0; i < EXTENDED_PORTS; i++)
		if (add_port(phy, first + i, q >> (16 - 2 * i) & 3))
			return -EINVAL;
	return 0;
}

/* Returns how many of the @n quadlets are the packets of node @id, or -EINVAL. */
static int read_phy(const u32 *q, u32 n, u32 id, struct phy *phy)
{
	u32 i, used;

	memset(phy, 0, sizeof(*phy));
	if (!SELF_ID(q[0]) || SELF_ID_EXTENDED(q[0]) || SELF_ID_PHY(q[0]) != id)
		return -EINVAL;
	phy->node.link = SELF_ID_LINK(q[0]);
	phy->node.contender = SELF_ID_CONTENDER(q[0]);
	phy->node.initiated = SELF_ID_INITIATED(q[0]);
	phy->node.speed = SELF_ID_SPEED(q[0]);
	phy->node.power = SELF_ID_POWER(q[0]);
	phy->node.parent = BFP_NODE_NONE;
	for (i = 0; i < PACKET_PORTS; i++)
		add_port(phy, i, q[0] >> (6 - 2 * i) & 3);
	for (used = 1; SELF_ID_MORE(q[used - 1]); used++)
		if (used == n || used > EXTENDED_MAX ||
		    read_extended(q[used], id, used - 1, phy))
			return -EINVAL;
	return (int)used;
}

/* The topmost of the stack are the children of @id, the lowest port's at the bottom. */
static int adopt(struct bfp_topology *t, struct stack *s, u32 id, const struct phy *phy)
{
	struct bfp_node *child;
	u32 port, next;

	if (phy->children > s->depth)
		return -EINVAL;
	next = s->depth - phy->children;
	for (port = 0; port < phy->node.ports; port++) {
		if (phy->port[port] != PORT_CHILD)
			continue;
		child = &t->node[s->id[next++]];
		child->parent = (u8)id;
		child->at_port = (u8)port;
	}
	s->depth -= phy->children;
	s->id[s->depth++] = (u8)id;
	return 0;
}

static int read_nodes(const u32 *q, u32 n, struct bfp_topology *t)
{
	struct stack s = { .depth = 0 };
	struct phy phy;
	u32 id, at = 0;
	int used;

	for (id = 0; id < t->count; id++) {
		if (at == n)
			return -EINVAL;
		used = read_phy(q + at, n - at, id, &phy);
		if (used < 0)
			return used;
		at += (u32)used;
		/* the last one is the root, and nobody else is */
		if (phy.parents != (id + 1 < t->count))
			return -EINVAL;
		t->node[id] = phy.node;
		if (adopt(t, &s, id, &phy))
			return -EINVAL;
	}
	return at == n && s.depth == 1 ? 0 : -EINVAL;
}

int bfp_topology_read(const u32 *map, u32 quadlets, struct bfp_topology *t)
{
	u32 length, packets;
	int ret;

	memset(t, 0, sizeof(*t));
	if (quadlets < MAP_HEADER)
		return -EINVAL;
	length = map[0] >> 16;
	packets = map[2] & 0xffff;
	if (length >= quadlets || length >= BFP_TOPOLOGY_QUADLETS ||
	    packets + MAP_HEADER - 1 != length)
		return -EINVAL;
	if (bfp_crc1212(map + 1, length) != (map[0] & 0xffff))
		return -EINVAL;
	t->generation = map[1];
	t->count = map[2] >> 16;
	if (!t->count || t->count > BFP_NODES_MAX)
		ret = -EINVAL;
	else
		ret = read_nodes(map + MAP_HEADER, packets, t);
	if (ret)
		memset(t, 0, sizeof(*t));
	return ret;
}

/* Returns the text's new length, or -ENOSPC. */
static int put_port(char *out, size_t room, u32 len, u32 port)
{
	int add = snprintf(out + len, room - len, "%s%u", len ? "." : "", port);

	if (add < 0 || (size_t)add >= room - len)
		return -ENOSPC;
	return (int)len + add;
}

int bfp_topology_way(const struct bfp_topology *t, u32 from, u32 to, char *out, size_t room)
{
	u8 down[BFP_NODES_MAX];
	u32 hops, downs = 0;
	int len = 0;

	if (!room)
		return -ENOSPC;
	out[0] = 0;
	if (from >= t->count || to >= t->count)
		return -EINVAL;
	/* Parents have higher numbers: whoever is lower has not reached the common one. */
	for (hops = 0; from != to; hops++) {
		if (from < to) {
			len = put_port(out, room, (u32)len, t->node[from].parent_port);
			from = t->node[from].parent;
		} else {
			down[downs++] = t->node[to].at_port;
			to = t->node[to].parent;
		}
		if (len < 0)
			return len;
	}
	while (downs) {
		len = put_port(out, room, (u32)len, down[--downs]);
		if (len < 0)
			return len;
	}
	return (int)hops;
}
