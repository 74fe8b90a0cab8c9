// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who is plugged in where, and what a bus reset makes of it: numbers as the tree-ID and
 * self-ID phases of IEEE 1394 give them (a PHY after all that hang on it, those by the
 * number of their port; the root, here always the card, last), and the self-ID packets
 * of IEEE 1394a.
 */
#include <linux/bottom_half.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "cable.h"

/* Fields of a self-ID packet's first quadlet */
#define SELF_ID			0x80000000
#define SELF_ID_PHY(id)		((u32)(id) << 24)
#define SELF_ID_LINK		0x00400000
#define SELF_ID_GAP(gap)	((u32)(gap) << 16)
#define SELF_ID_SPEED(speed)	((u32)(speed) << 14)
#define SELF_ID_CONTENDER	0x00000800
#define SELF_ID_POWER(class)	((u32)(class) << 8)
#define SELF_ID_PORT(port, s)	((u32)(s) << (6 - 2 * (port)))
#define SELF_ID_INITIATED	0x00000002

#define PORT_EMPTY		1
#define PORT_PARENT		2
#define PORT_CHILD		3

/* A cable's own end at a node */
#define UPSTREAM		0

/* PHY register 4, of the card */
#define PHY_LINK		0x80
#define PHY_CONTENDER		0x40

#define BANDWIDTH_INITIAL	4915
/* Channel 31 is taken, for broadcasts, as a card of OHCI 1.1 does by itself. */
#define CHANNELS_HI_INITIAL	0xfffffffe

/* ---- plugging -------------------------------------------------------------------- */

static bool plug_valid(const struct lab1394_plug *plug)
{
	const u32 flags = LAB1394_LINK_ON | LAB1394_CONTENDER | LAB1394_RAW;

	return !(plug->flags & ~flags) && plug->port >= -1 && plug->port < LAB1394_PORTS &&
	       plug->speed <= LAB_S400 && plug->power <= 7 && !plug->pad &&
	       plug->self_ids <= LAB1394_SELF_IDS_MAX &&
	       (plug->self_ids || !(plug->flags & LAB1394_RAW));
}

/* Counts what is on the bus, and finds one of them. Called with the card's lock. */
static unsigned int node_count(struct lab_card *card, u32 handle, struct lab_node **found)
{
	struct lab_node *node;
	unsigned int count = 0;

	list_for_each_entry(node, &card->nodes, link) {
		if (node->cut)
			continue;
		count++;
		if (node->plug.handle == handle)
			*found = node;
	}
	return count;
}

/* The port that is meant, or an error. Called with the card's lock. */
static int port_choose(struct lab_port *ports, int first, int wanted)
{
	int port;

	if (wanted >= 0)
		return wanted < first || ports[wanted].node ? -EBUSY : wanted;
	for (port = first; port < LAB1394_PORTS; port++) {
		if (!ports[port].node)
			return port;
	}
	return -ENOSPC;
}

static int plug_locked(struct lab_card *card, struct lab_node *node, struct lab1394_plug *plug)
{
	struct lab_node *parent = NULL;
	struct lab_port *ports = card->ports;
	int port;

	if (node_count(card, plug->behind, &parent) >= LAB1394_NODES_MAX)
		return -ENOSPC;
	if (plug->behind) {
		if (!parent)
			return -ENOENT;
		ports = parent->ports;
	}
	port = port_choose(ports, parent ? UPSTREAM + 1 : 0, plug->port);
	if (port < 0)
		return port;

	plug->handle = ++card->handle * LAB1394_CARDS_MAX + card->number;
	plug->taken = port;
	node->plug = *plug;
	node->parent = parent;
	node->path_speed = min_t(int, plug->speed, parent ? parent->path_speed : LAB_S400);
	/*
	 * To firewire-core, a node in the place of another one is that one, changed, and
	 * it trusts that the number of ports is not. On a real bus there is a reset in
	 * between, and here, too.
	 */
	node->waits = ports[port].vacated || (parent && parent->waits);
	node->initiated = true;
	ports[port].node = node;
	if (parent)
		parent->initiated = true;
	else
		card->initiated = true;
	list_add_tail(&node->link, &card->nodes);
	WRITE_ONCE(node->card, card);
	return 0;
}

/**
 * lab_bus_plug() - plug a node in
 * @node: that never was yet
 * @plug: what it is; its handle and port are filled in
 *
 * A bus reset follows.
 *
 * Return: 0, -EINVAL (what @plug says makes no sense), -ENODEV (no such card), -EBUSY
 * (the port is taken), -ENOENT (nobody with the handle behind), -ENOSPC (no free port,
 * too many nodes)
 */
int lab_bus_plug(struct lab_node *node, struct lab1394_plug *plug)
{
	struct lab_card *card = lab_card_find(plug->card);
	int ret;

	if (!card)
		return -ENODEV;
	if (!plug_valid(plug))
		return -EINVAL;
	spin_lock_irq(&card->lock);
	ret = plug_locked(card, node, plug);
	if (!ret)
		lab_bus_reset(card);
	spin_unlock_irq(&card->lock);
	return ret;
}

/* Whether a node is that one, or hangs on it. */
static bool is_behind(const struct lab_node *node, const struct lab_node *top)
{
	while (node && node != top)
		node = node->parent;
	return node;
}

static void flush_mark(struct list_head *list)
{
	struct lab_message *msg;

	list_for_each_entry(msg, list, link)
		msg->flush = msg->packet;
}

/* The cable of a node is pulled: all behind it are off the bus. Called with the lock. */
static void cut(struct lab_card *card, struct lab_node *top)
{
	struct lab_port *port = &(top->parent ? top->parent->ports : card->ports)[top->plug.taken];
	struct lab_node *node;

	list_for_each_entry(node, &card->nodes, link) {
		if (node->cut || !is_behind(node, top))
			continue;
		node->cut = true;
		if (node->id >= 0)
			card->by_id[node->id] = NULL;
		node->id = -1;
		flush_mark(&node->inbox);
		flush_mark(&node->asked);
	}
	port->node = NULL;
	port->vacated = true;
	if (top->parent)
		top->parent->initiated = true;
	else
		card->initiated = true;
}

/**
 * lab_bus_leave() - take a node out, and off the bus all that hang on it
 * @card: where it is
 * @node: it; nobody has it any more when this returns
 *
 * What was asked of them and not acknowledged gets no acknowledgment. On the card's
 * workqueue, after all that the node has sent.
 */
void lab_bus_leave(struct lab_card *card, struct lab_node *node)
{
	struct lab_node *other;
	LIST_HEAD(doomed);
	bool was_cut;

	spin_lock_irq(&card->lock);
	was_cut = node->cut;
	if (!was_cut)
		cut(card, node);
	spin_unlock_irq(&card->lock);

	lab_flush(card, RCODE_NO_ACK);

	spin_lock_irq(&card->lock);
	list_del_init(&node->news.link);
	list_for_each_entry(other, &card->nodes, link) {
		if (!is_behind(other, node))
			continue;
		list_del_init(&other->news.link);
		list_splice_tail_init(&other->inbox, &doomed);
		list_splice_tail_init(&other->asked, &doomed);
		wake_up_all(&other->wait);
	}
	for (unsigned int i = 0; i < LAB_TLABELS; i++) {
		if (node->sends[i])
			list_add(&node->sends[i]->link, &doomed);
	}
	/* Those that hung on it hang on nothing. */
	list_for_each_entry(other, &card->nodes, link) {
		if (other->parent == node)
			other->parent = NULL;
	}
	list_del(&node->link);
	if (!was_cut)
		lab_bus_reset(card);
	spin_unlock_irq(&card->lock);
	lab_messages_free(&doomed);
}

/* ---- numbers and self-IDs --------------------------------------------------------- */

static bool present(const struct lab_port *port)
{
	return port->node && !port->node->waits;
}

/* Depth is bounded by the number of nodes. */
static int number(struct lab_card *card, struct lab_node *node, int id)
{
	struct lab_port *ports = node ? node->ports : card->ports;

	for (int port = 0; port < LAB1394_PORTS; port++) {
		if (present(&ports[port]))
			id = number(card, ports[port].node, id);
		ports[port].vacated = false;
	}
	if (!node) {
		card->id = id;
		return id + 1;
	}
	node->id = id;
	if (node->plug.flags & LAB1394_LINK_ON)
		card->by_id[id] = node;
	return id + 1;
}

static u32 self_id_ports(const struct lab_port *ports, bool has_parent)
{
	u32 quadlet = 0;

	for (int port = 0; port < LAB1394_PORTS; port++) {
		int status = present(&ports[port]) ? PORT_CHILD : PORT_EMPTY;

		if (has_parent && port == UPSTREAM)
			status = PORT_PARENT;
		quadlet |= SELF_ID_PORT(port, status);
	}
	return quadlet;
}

static unsigned int self_id_node(const struct lab_card *card, const struct lab_node *node, u32 *out)
{
	const struct lab1394_plug *plug = &node->plug;

	if (!plug->self_ids) {
		*out = SELF_ID | SELF_ID_PHY(node->id) | SELF_ID_GAP(card->gap) |
		       SELF_ID_SPEED(plug->speed) | SELF_ID_POWER(plug->power) |
		       self_id_ports(node->ports, true);
		if (plug->flags & LAB1394_LINK_ON)
			*out |= SELF_ID_LINK;
		if (plug->flags & LAB1394_CONTENDER)
			*out |= SELF_ID_CONTENDER;
		if (node->initiated)
			*out |= SELF_ID_INITIATED;
		return 1;
	}
	for (unsigned int i = 0; i < plug->self_ids; i++) {
		out[i] = plug->self_id[i];
		if (!(plug->flags & LAB1394_RAW))
			out[i] = (out[i] & ~SELF_ID_PHY(LAB_BROADCAST)) | SELF_ID_PHY(node->id);
	}
	return plug->self_ids;
}

/* All self-IDs, by number; how many quadlets. Called with the card's lock. */
static unsigned int self_ids_make(struct lab_card *card)
{
	u32 *out = card->self_ids;
	struct lab_node *node;

	for (int id = 0; id < card->id; id++) {
		list_for_each_entry(node, &card->nodes, link) {
			if (node->id == id)
				out += self_id_node(card, node, out);
		}
	}
	*out = SELF_ID | SELF_ID_PHY(card->id) | SELF_ID_GAP(card->gap) |
	       SELF_ID_SPEED(LAB_S400) | self_id_ports(card->ports, false);
	if (card->phy[4] & PHY_LINK)
		*out |= SELF_ID_LINK;
	if (card->phy[4] & PHY_CONTENDER)
		*out |= SELF_ID_CONTENDER;
	if (card->initiated)
		*out |= SELF_ID_INITIATED;
	return out + 1 - card->self_ids;
}

/* ---- bus reset ---------------------------------------------------------------------- */

/**
 * lab_bus_reset() - begin a bus reset
 * @card: whose
 *
 * Those that are wanted before the self-IDs go by are one. Called with the card's lock.
 */
void lab_bus_reset(struct lab_card *card)
{
	if (!card->gone)
		queue_delayed_work(card->wq, &card->reset, msecs_to_jiffies(lab_reset_ms));
}

/* What a node has under way ends, and it is told. Called with the card's lock. */
static void node_reset(struct lab_card *card, struct lab_node *node, struct list_head *doomed)
{
	struct lab_message *msg, *next;

	list_for_each_entry_safe(msg, next, &node->inbox, link) {
		if (msg->wire.type == LAB1394_REQUEST && !msg->broadcast)
			list_move_tail(&msg->link, doomed);
	}
	list_splice_tail_init(&node->asked, doomed);
	node->old_tag = node->tag;
	for (unsigned int i = 0; i < LAB_TLABELS; i++) {
		msg = node->sends[i];
		if (msg)
			lab_answer(msg, LAB_ANSWER_GENERATION, NULL, 0);
	}
	if (node->id < 0 || !(node->plug.flags & LAB1394_LINK_ON))
		return;
	node->news.wire.type = LAB1394_BUS_RESET;
	node->news.wire.generation = card->generation;
	node->news.wire.source = LAB_LOCAL_BUS | card->id;
	node->news.wire.destination = LAB_LOCAL_BUS | node->id;
	list_move_tail(&node->news.link, &node->inbox);
	wake_up_all(&node->wait);
}

/* What a reset does to the card itself. Called with the card's lock. */
static void card_reset(struct lab_card *card)
{
	card->last = (card->last + 1) & 0xff;
	card->generation = card->last;
	if (!card->gap_kept)
		card->gap = LAB_GAP_DEFAULT;
	card->gap_kept = false;
	card->phys = 0;
	card->locks[0] = 0x3f;
	card->locks[1] = BANDWIDTH_INITIAL;
	card->locks[2] = CHANNELS_HI_INITIAL;
	card->locks[3] = ~0;
	if (card->rom_changed)
		memcpy(card->rom, card->next_rom, sizeof(card->rom));
	card->rom_changed = false;
	lab_quiet_later(card, LAB_QUIET_MS);
	lab_resets[card->number]++;
}

/* New numbers for all; whether anybody still waits. Called with the card's lock. */
static bool numbers_give(struct lab_card *card, struct list_head *doomed)
{
	struct lab_node *node;
	bool more = false;

	memset(card->by_id, 0, sizeof(card->by_id));
	list_for_each_entry(node, &card->nodes, link)
		node->id = -1;
	number(card, NULL, 0);
	list_for_each_entry(node, &card->nodes, link) {
		if (node->cut)
			continue;
		node_reset(card, node, doomed);
		more |= node->waits;
	}
	return more;
}

/* Who made this reset makes no other; who had to wait for it is there. */
static void nodes_settle(struct lab_card *card)
{
	struct lab_node *node;

	card->initiated = false;
	list_for_each_entry(node, &card->nodes, link) {
		if (node->id >= 0)
			node->initiated = false;
		node->waits = false;
	}
}

/**
 * lab_bus_work() - the self-IDs go by
 * @work: the card's reset
 *
 * In the order of the real driver: what it has queued and not yet sent fails with
 * RCODE_GENERATION while no generation is valid, then there is a new one. Requests that
 * were acknowledged are left to firewire-core's timer.
 */
void lab_bus_work(struct work_struct *work)
{
	struct lab_card *card = container_of(to_delayed_work(work), struct lab_card, reset);
	struct lab_message *msg;
	unsigned int count;
	bool abdicate;
	LIST_HEAD(doomed);

	lab_wire_run(card);

	spin_lock_irq(&card->lock);
	card->generation = LAB_NO_GENERATION;
	list_for_each_entry(msg, &card->flight, flight)
		msg->flush = true;
	spin_unlock_irq(&card->lock);
	lab_flush(card, RCODE_GENERATION);

	spin_lock_irq(&card->lock);
	card_reset(card);
	list_splice_tail_init(&card->late, &doomed);
	if (numbers_give(card, &doomed))
		lab_bus_reset(card);
	count = self_ids_make(card);
	nodes_settle(card);
	abdicate = card->state & LAB_STATE_ABDICATE;
	card->state &= ~LAB_STATE_ABDICATE;
	spin_unlock_irq(&card->lock);
	lab_messages_free(&doomed);

	local_bh_disable();
	fw_core_handle_bus_reset(&card->card, LAB_LOCAL_BUS | card->id, card->last, count,
				 card->self_ids, abdicate);
	local_bh_enable();
}
