// SPDX-License-Identifier: GPL-2.0-or-later
/* Buses from their topology maps: every shape, and what is no bus. */
#include "topology.h"

#include "../fuzz/tree.h"
#include "crc1212.h"
#include "tap.h"

#define OPEN	1
#define PARENT	2
#define CHILD	3

/* A map that grows by self-ID packets. */
struct map {
	u32 q[400];
	u32 n;
	u32 nodes;
};

static void map_seal(struct map *m)
{
	m->q[1] = 7;
	m->q[2] = m->nodes << 16 | (m->n - 3);
	m->q[0] = (m->n - 1) << 16 | bfp_crc1212(m->q + 1, m->n - 1);
}

static void map_begin(struct map *m)
{
	memset(m, 0, sizeof(*m));
	m->n = 3;
}

/* Packets of the next node: its ports, from 0; as many packets as they need. */
static void map_node(struct map *m, const u8 *port, u32 ports)
{
	u32 i, id = m->nodes++, *first = &m->q[m->n], *q = first;

	*q = 2u << 30 | id << 24 | 1 << 22 | 5 << 16 | 2 << 14 | 4 << 8;
	for (i = 0; i < ports; i++) {
		if (i >= 3 && (i - 3) % 8 == 0) {
			*q++ |= 1;
			*q = 2u << 30 | id << 24 | 1 << 23 | (i - 3) / 8 << 20;
		}
		*q |= (u32)port[i] << (i < 3 ? 6 - 2 * i : 16 - 2 * ((i - 3) % 8));
	}
	m->n += (u32)(q - first) + 1;
}

#define NODE(m, ...)	map_node(m, (const u8[]){ __VA_ARGS__ }, sizeof((u8[]){ __VA_ARGS__ }))

/* Exactly as many quadlets as were read: a sanitizer sees any look beyond. */
static int read_exact(const u32 *q, u32 n, struct bfp_topology *t)
{
	u32 *copy = malloc(n ? n * sizeof(*copy) : 1);
	int ret;

	memcpy(copy, q, n * sizeof(*copy));
	memset(t, 0xa5, sizeof(*t));
	ret = bfp_topology_read(copy, n, t);
	free(copy);
	return ret;
}

static bool reads(struct map *m, struct bfp_topology *t)
{
	const char *fault;

	map_seal(m);
	if (read_exact(m->q, m->n, t))
		return false;
	fault = tree_fault(t);
	if (fault)
		printf("# does not hold: %s\n", fault);
	return !fault && t->count == m->nodes;
}

static void refused(struct map *m, const char *name)
{
	static const struct bfp_topology none;
	struct bfp_topology t;

	map_seal(m);
	ok(read_exact(m->q, m->n, &t) == -EINVAL && !memcmp(&t, &none, sizeof(t)), "%s", name);
}

static void is_way(const struct bfp_topology *t, u32 from, u32 to, const char *want, int hops)
{
	char way[TREE_WAY], name[64];

	is_int(bfp_topology_way(t, from, to, way, sizeof(way)), hops, "so many hops");
	snprintf(name, sizeof(name), "the way from %u to %u", from, to);
	is_text(way, want, name);
}

/* Packets as they stood on real buses. */
static void test_fields(void)
{
	struct bfp_topology t;
	struct map m;

	map_begin(&m);
	/* a TSB41AB1, as the kernel's own tests have it */
	m.q[m.n++] = 0x80458c80;
	m.nodes++;
	NODE(&m, OPEN, CHILD, OPEN);
	ok(reads(&m, &t), "a one-port PHY on a card");
	ok(t.node[0].link && t.node[0].contender && !t.node[0].initiated, "its flags");
	ok(t.node[0].speed == 2 && t.node[0].power == 4 && t.node[0].ports == 1, "its fields");
	ok(t.node[0].parent == 1 && !t.node[0].parent_port && t.node[0].at_port == 1,
	   "where it is plugged in");
	ok(!t.node[1].contender && t.node[1].ports == 3, "the card");
	is_int(t.generation, 7, "generation");
	m.q[3] = 0x80050082;
	ok(reads(&m, &t) && !t.node[0].link && !t.node[0].contender && t.node[0].initiated &&
	   !t.node[0].speed && !t.node[0].power,
	   "only its PHY repeats, and it initiated the bus reset");
}

static void test_shapes(void)
{
	u8 many[BFP_PHY_PORTS_MAX];
	struct bfp_topology t;
	struct map m;
	u32 i;

	map_begin(&m);
	NODE(&m, OPEN, OPEN);
	ok(reads(&m, &t), "a card with nothing plugged in");
	is_way(&t, 0, 0, "", 0);

	/* 3 is the card in the middle: 0 and 1 hang off 2, which has no port 0 */
	map_begin(&m);
	NODE(&m, PARENT);
	NODE(&m, OPEN, PARENT);
	NODE(&m, 0, CHILD, PARENT, CHILD);
	NODE(&m, OPEN, CHILD);
	ok(reads(&m, &t), "a box with two boxes behind it");
	is_way(&t, 3, 0, "1.1", 2);
	is_way(&t, 3, 1, "1.3", 2);
	is_way(&t, 0, 1, "0.3", 2);
	is_way(&t, 1, 3, "1.2", 2);
	is_way(&t, 3, 2, "1", 1);

	/* the same cables, but the node behind is root now, and everybody has another number */
	map_begin(&m);
	NODE(&m, OPEN, PARENT);		/* the card */
	NODE(&m, OPEN, PARENT);		/* the second box */
	NODE(&m, 0, PARENT, CHILD, CHILD);
	NODE(&m, CHILD);		/* the first box */
	ok(reads(&m, &t), "the same with another root");
	is_way(&t, 0, 3, "1.1", 2);
	is_way(&t, 0, 1, "1.3", 2);
	is_way(&t, 0, 2, "1", 1);

	map_begin(&m);
	for (i = 0; i < BFP_PHY_PORTS_MAX; i++)
		NODE(&m, PARENT);
	memset(many, CHILD, sizeof(many));
	map_node(&m, many, sizeof(many));
	ok(reads(&m, &t), "a star of all ports that a PHY can have");
	for (i = 0; i < BFP_PHY_PORTS_MAX && t.node[i].at_port == i; i++)
		;
	is_int(i, BFP_PHY_PORTS_MAX, "each at its port");
	is_way(&t, 0, 15, "0.15", 2);
	is_int(m.n, 3 + 16 + 3, "that PHY sends three packets");
}

static void chain(struct map *m, u32 nodes)
{
	u32 i;

	map_begin(m);
	NODE(m, OPEN, PARENT);
	for (i = 2; i < nodes; i++)
		NODE(m, CHILD, PARENT);
	NODE(m, CHILD);
}

static void test_most(void)
{
	char way[TREE_WAY], want[TREE_WAY] = "";
	struct bfp_topology t;
	struct map m;
	u32 i;

	chain(&m, 62);
	ok(reads(&m, &t), "a chain of 62");
	chain(&m, 63);
	ok(reads(&m, &t), "a chain of 63, the most that a bus has");
	for (i = 0; i < 62; i++)
		strcat(want, i ? ".1" : "1");
	is_way(&t, 0, 62, want, 62);
	is_int(bfp_topology_way(&t, 0, 62, way, strlen(want) + 1), 62, "it just fits");
	is_int(bfp_topology_way(&t, 0, 62, way, strlen(want)), -ENOSPC, "it just does not");
	is_int(bfp_topology_way(&t, 62, 0, way, 1), -ENOSPC, "nothing fits");
	is_int(bfp_topology_way(&t, 62, 62, way, 1), 0, "nothing has to");
	is_int(bfp_topology_way(&t, 62, 0, way, 0), -ENOSPC, "no room at all");
	is_int(bfp_topology_way(&t, 0, 63, way, sizeof(way)), -EINVAL, "nobody has number 63");
	is_int(bfp_topology_way(&t, 63, 0, way, sizeof(way)), -EINVAL, "nor asks from there");
	chain(&m, 64);
	refused(&m, "a chain of 64");

	/* 63 nodes of four packets each are 255 quadlets */
	chain(&m, 63);
	for (i = 0; i < 63; i++) {
		u32 *q = &m.q[3 + 4 * i], id = i << 24;

		memmove(q + 4, q + 1, (62 - i) * sizeof(*q));
		q[0] |= 1;
		q[1] = 0x80800001 | id;
		q[2] = 0x80900001 | id;
		q[3] = 0x80a00000 | id;
	}
	m.n = 255;
	ok(reads(&m, &t), "63 nodes with as many packets as there can be");
	is_way(&t, 0, 62, want, 62);
}

static void test_no_tree(void)
{
	struct map m;

	map_begin(&m);
	NODE(&m, OPEN);
	NODE(&m, OPEN);
	refused(&m, "two roots");
	map_begin(&m);
	NODE(&m, PARENT);
	refused(&m, "no root");
	map_begin(&m);
	NODE(&m, PARENT);
	NODE(&m, PARENT);
	refused(&m, "two nodes that both look up");
	map_begin(&m);
	NODE(&m, PARENT, PARENT);
	NODE(&m, CHILD, CHILD);
	refused(&m, "two parents");
	map_begin(&m);
	NODE(&m, PARENT);
	NODE(&m, CHILD, CHILD);
	refused(&m, "a child too few");
	map_begin(&m);
	NODE(&m, PARENT);
	NODE(&m, PARENT);
	NODE(&m, CHILD);
	refused(&m, "a child too many");
	map_begin(&m);
	NODE(&m, CHILD, PARENT);
	NODE(&m, PARENT);
	NODE(&m, CHILD);
	refused(&m, "a child before there is any");
	map_begin(&m);
	m.nodes = 0;
	refused(&m, "no node at all");
	map_begin(&m);
	NODE(&m, PARENT);
	NODE(&m, CHILD);
	m.nodes = 1;
	refused(&m, "fewer nodes than packets");
	m.nodes = 3;
	refused(&m, "more nodes than packets");
	map_begin(&m);
	NODE(&m, PARENT);
	m.nodes = 2;
	refused(&m, "a parent that sent no packet");
	m.nodes = 0x102;
	refused(&m, "many more");
}

/* Packet @at of a good map replaced. */
static void packet(u32 at, u32 q, const char *name)
{
	struct map m;

	map_begin(&m);
	NODE(&m, PARENT, OPEN, OPEN, OPEN);
	NODE(&m, CHILD);
	m.q[3 + at] = q;
	refused(&m, name);
}

static void test_no_packets(void)
{
	struct map m;

	packet(0, 0x00458c81, "what is no self-ID packet");
	packet(0, 0xc0458c81, "nor a ping answer");
	packet(0, 0x81458c81, "numbers begin at zero");
	packet(2, 0x82458cc0, "and go up by one");
	packet(2, 0x80458cc0, "and are not given twice");
	packet(0, 0x80858c81, "an extended packet first");
	packet(0, 0x80458c80, "one more packet than said");
	packet(1, 0x80810001, "one fewer than said");
	packet(1, 0x81810000, "of somebody else");
	packet(1, 0x80910000, "of the wrong number");
	packet(1, 0x80010000, "that is no extended one");
	packet(2, 0x81458cc1, "more packets, but the map ends");

	map_begin(&m);
	NODE(&m, OPEN);
	m.q[3] |= 1;
	m.q[4] = 0x80800001;
	m.q[5] = 0x80900001;
	m.q[6] = 0x80a00000;
	m.n = 7;
	ok(reads(&m, &(struct bfp_topology){ 0 }), "packets of a PHY of IEEE 1394-1995");
	m.q[6] = 0x80a00004;
	refused(&m, "a seventeenth port");
	m.q[5] = 0x80900041;
	m.q[6] = 0x80a00000;
	refused(&m, "one in the packet before");
	m.q[5] = 0x80900001;
	m.q[6] = 0x80a00001;
	m.q[7] = 0x80b00000;
	m.n = 8;
	refused(&m, "a fifth packet");
}

static void test_header(void)
{
	struct bfp_topology t;
	struct map m;
	u32 n, bad;

	chain(&m, 5);
	map_seal(&m);
	for (n = 0, bad = 0; n < m.n; n++)
		bad += read_exact(m.q, n, &t) == -EINVAL;
	is_int(bad, m.n, "a map cut short anywhere");
	is_int(read_exact(m.q, m.n + 9, &t), 0, "more was read than the map has");
	for (n = 0, bad = 0; n < 32 * m.n; n++) {
		m.q[n / 32] ^= 1u << n % 32;
		bad += read_exact(m.q, m.n, &t) == -EINVAL;
		m.q[n / 32] ^= 1u << n % 32;
	}
	is_int(bad, 32 * m.n, "any bit wrong");
	m.q[2]++;
	m.q[0] = (m.n - 1) << 16 | bfp_crc1212(m.q + 1, m.n - 1);
	is_int(read_exact(m.q, m.n, &t), -EINVAL, "lengths that do not agree");
	memset(m.q, 0, sizeof(m.q));
	is_int(read_exact(m.q, 256, &t), -EINVAL, "zeros");
	memset(m.q, 0xff, sizeof(m.q));
	is_int(read_exact(m.q, 256, &t), -EINVAL, "ones");
	chain(&m, 3);
	m.n = 300;
	map_seal(&m);
	is_int(read_exact(m.q, 300, &t), -EINVAL, "a map longer than the register");
}

/* A wiring: which port of whom is joined to which port of whom. */
struct wiring {
	u32 count;
	u8 peer[BFP_NODES_MAX][BFP_PHY_PORTS_MAX];	/* node, BFP_NODE_NONE */
	u8 peer_port[BFP_NODES_MAX][BFP_PHY_PORTS_MAX];
};

static u32 random_seed = 1;

static u32 random_below(u32 n)
{
	random_seed = random_seed * 1664525 + 1013904223;
	return (random_seed >> 8) % n;
}

static u32 free_port(const struct wiring *w, u32 node)
{
	u32 port;

	do {
		port = random_below(BFP_PHY_PORTS_MAX);
	} while (w->peer[node][port] != BFP_NODE_NONE);
	return port;
}

static bool has_free_port(const struct wiring *w, u32 node)
{
	return memchr(w->peer[node], BFP_NODE_NONE, BFP_PHY_PORTS_MAX);
}

static void wire(struct wiring *w)
{
	u32 i, other, a, b, back = 1 + random_below(BFP_NODES_MAX);

	memset(w, BFP_NODE_NONE, sizeof(*w));
	w->count = 1 + random_below(BFP_NODES_MAX);
	for (i = 1; i < w->count; i++) {
		/* near ones make long trees, far ones make wide trees */
		do {
			other = i - 1 - random_below(i < back ? i : back);
		} while (!has_free_port(w, other));
		a = free_port(w, i);
		b = free_port(w, other);
		w->peer[i][a] = (u8)other;
		w->peer_port[i][a] = (u8)b;
		w->peer[other][b] = (u8)i;
		w->peer_port[other][b] = (u8)a;
	}
}

/* Numbers as PHYs give them to themselves, seen from the one that became the root. */
static void number(const struct wiring *w, u32 node, u32 up, struct map *m, u8 *id)
{
	u8 port[BFP_PHY_PORTS_MAX];
	u32 i;

	for (i = 0; i < BFP_PHY_PORTS_MAX; i++) {
		u32 peer = w->peer[node][i];

		port[i] = peer == BFP_NODE_NONE ? OPEN : peer == up ? PARENT : CHILD;
		if (port[i] == CHILD)
			number(w, peer, node, m, id);
	}
	id[node] = (u8)m->nodes;
	map_node(m, port, sizeof(port));
}

static bool is_wired_so(const struct wiring *w, const struct bfp_topology *t, const u8 *id)
{
	u32 i, port, peer;

	for (i = 0; i < w->count; i++)
		for (port = 0; port < BFP_PHY_PORTS_MAX; port++) {
			peer = w->peer[i][port];
			if (tree_behind(t, id[i], port) !=
			    (peer == BFP_NODE_NONE ? peer : id[peer]))
				return false;
		}
	return true;
}

/* Whatever the cables, and whoever is root: the wiring is found, and ways stay the same. */
static void test_any_wiring(void)
{
	u8 id[2][BFP_NODES_MAX];
	struct bfp_topology t[2];
	char way[2][TREE_WAY];
	u32 round, k, from, to, read = 0, wired = 0, same = 0;
	struct wiring w;
	struct map m;

	for (round = 0; round < 300; round++) {
		wire(&w);
		for (k = 0; k < 2; k++) {
			map_begin(&m);
			number(&w, random_below(w.count), BFP_NODE_NONE, &m, id[k]);
			read += reads(&m, &t[k]);
			wired += is_wired_so(&w, &t[k], id[k]);
		}
		from = random_below(w.count);
		to = random_below(w.count);
		for (k = 0; k < 2; k++)
			bfp_topology_way(&t[k], id[k][from], id[k][to], way[k], TREE_WAY);
		same += !strcmp(way[0], way[1]);
	}
	is_int(read, 600, "any wiring is read");
	is_int(wired, 600, "and found as it is");
	is_int(same, 300, "ways do not depend on who is root");
}

int main(void)
{
	test_fields();
	test_shapes();
	test_most();
	test_no_tree();
	test_no_packets();
	test_header();
	test_any_wiring();
	return tap_done();
}
