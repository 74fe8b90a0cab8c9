// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets on their way, and what firewire-core is told of them when: of the end of each
 * packet that it sends exactly once, and of an acknowledgment before the answer.
 */
#include <linux/bottom_half.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cable.h"

/* ---- messages --------------------------------------------------------------------- */

/**
 * lab_message_alloc() - a message with nothing in it
 * @room: bytes of data
 * @gfp: how to allocate
 *
 * Return: it, or NULL
 */
struct lab_message *lab_message_alloc(size_t room, gfp_t gfp)
{
	struct lab_message *msg;

	room = round_up(room, 4);
	msg = kzalloc(offsetof(struct lab_message, wire.data) + room, gfp);
	if (msg) {
		msg->room = room;
		INIT_LIST_HEAD(&msg->link);
		INIT_LIST_HEAD(&msg->flight);
	}
	return msg;
}

/**
 * lab_messages_free() - free messages that nobody has any more
 * @list: of them; none is in a card's flight
 */
void lab_messages_free(struct list_head *list)
{
	struct lab_message *msg, *next;

	list_for_each_entry_safe(msg, next, list, link)
		kfree(msg);
	INIT_LIST_HEAD(list);
}

/**
 * lab_post() - have a message handled by the card's workqueue
 * @card: it; stays until that is done
 * @msg: by its kind; in no list
 *
 * Called with the card's lock.
 */
void lab_post(struct lab_card *card, struct lab_message *msg)
{
	fw_card_get(&card->card);
	list_add_tail(&msg->link, &card->events);
	queue_work(card->wq, &card->wire);
}

/**
 * lab_tick_at() - have deadlines looked at in time
 * @card: whose
 * @deadline: jiffies, of one of them
 *
 * Called with the card's lock.
 */
void lab_tick_at(struct lab_card *card, unsigned long deadline)
{
	if (card->ticking && time_after_eq(deadline, card->tick_at))
		return;
	card->ticking = true;
	card->tick_at = deadline;
	mod_delayed_work(card->wq, &card->tick,
			 time_after(deadline, jiffies) ? deadline - jiffies : 0);
}

/**
 * lab_quiet_later() - something was begun that firewire-core has to see ended
 * @card: where
 * @ms: milliseconds from now, after which it has
 *
 * Called with the card's lock.
 */
void lab_quiet_later(struct lab_card *card, unsigned int ms)
{
	unsigned long at = jiffies + msecs_to_jiffies(ms);

	if (time_after(at, card->quiet_at))
		card->quiet_at = at;
}

/* ---- how sending ended ---------------------------------------------------------------- */

/**
 * lab_packet_end() - call back who sent a packet
 * @card: from which
 * @packet: that nobody here has any more
 * @ack: ACK_... or RCODE_...
 */
void lab_packet_end(struct lab_card *card, struct fw_packet *packet, int ack)
{
	packet->ack = ack;
	packet->timestamp = lab_timestamp();
	packet->callback(packet, &card->card, ack);
}

/* Called with the card's lock, and bottom halves off until completed_end(). */
static struct fw_packet *completed_begin(struct lab_card *card, struct lab_message *msg)
{
	struct fw_packet *packet = msg->packet;

	msg->packet = NULL;
	msg->flush = false;
	list_del_init(&msg->flight);
	card->completing = packet;
	card->completer = current;
	return packet;
}

static void completed_end(struct lab_card *card, struct fw_packet *packet, int ack)
{
	lab_packet_end(card, packet, ack);
	spin_lock_irq(&card->lock);
	card->completing = NULL;
	spin_unlock_irq(&card->lock);
}

/**
 * lab_complete() - tell firewire-core how the sending of a packet ended
 * @card: that sent it
 * @msg: with the packet; nothing happens if it has none any more
 * @ack: ACK_... or RCODE_...
 *
 * On the card's workqueue only.
 */
void lab_complete(struct lab_card *card, struct lab_message *msg, int ack)
{
	struct fw_packet *packet = NULL;

	local_bh_disable();
	spin_lock_irq(&card->lock);
	if (msg->packet)
		packet = completed_begin(card, msg);
	if (packet && ack == ACK_PENDING && msg->node)
		lab_quiet_later(card, LAB_SPLIT_MS);
	spin_unlock_irq(&card->lock);
	if (packet)
		completed_end(card, packet, ack);
	local_bh_enable();
}

/**
 * lab_flush() - end the sending of all packets that are marked for it
 * @card: that sends them
 * @ack: RCODE_...
 *
 * The messages stay where they are. On the card's workqueue only.
 */
void lab_flush(struct lab_card *card, int ack)
{
	struct fw_packet *packet;
	struct lab_message *msg;

	do {
		packet = NULL;
		local_bh_disable();
		spin_lock_irq(&card->lock);
		list_for_each_entry(msg, &card->flight, flight) {
			if (msg->flush) {
				packet = completed_begin(card, msg);
				break;
			}
		}
		spin_unlock_irq(&card->lock);
		if (packet)
			completed_end(card, packet, ack);
		local_bh_enable();
	} while (packet);
}

/* ---- what nodes answer -------------------------------------------------------------------- */

/* An answer's header as the asker's link receives it. */
static void response_header(struct lab_message *msg, const struct lab_message *request)
{
	const struct lab1394_packet *wire = &msg->wire, *asked = &request->wire;
	u32 *header = msg->header;
	u32 tcode = asked->tcode + 2;

	if (asked->tcode == TCODE_WRITE_BLOCK_REQUEST)
		tcode = TCODE_WRITE_RESPONSE;
	header[0] = asked->source << 16 | LAB_TLABEL(request->header) << 10 | tcode << 4;
	header[1] = asked->destination << 16 | (wire->rcode & 0xf) << 12;
	header[2] = 0;
	if (tcode == TCODE_READ_QUADLET_RESPONSE)
		memcpy(&header[3], wire->data, 4);
	else
		header[3] = wire->length << 16 | asked->extcode;
}

static void response_deliver(struct lab_card *card, struct lab_message *msg)
{
	u32 tcode = LAB_TCODE(msg->header);
	struct fw_packet packet = {
		.speed = msg->speed,
		.generation = msg->generation,
		.header_length = tcode == TCODE_WRITE_RESPONSE ? 12 : 16,
		.payload = msg->wire.data,
		.timestamp = lab_timestamp(),
		.ack = ACK_COMPLETE,
	};

	memcpy(packet.header, msg->header, sizeof(packet.header));
	if (tcode == TCODE_READ_BLOCK_RESPONSE || tcode == TCODE_LOCK_RESPONSE)
		packet.payload_length = LAB_LENGTH(msg->header);
	local_bh_disable();
	fw_core_handle_response(&card->card, &packet);
	local_bh_enable();
}

static void reply(struct lab_card *card, struct lab_message *msg)
{
	struct lab_message *request = msg->request;
	u32 rcode = msg->wire.rcode;
	bool answered = msg->wire.type == LAB1394_RESPONSE && request->generation == card->last &&
			!request->cancelled;

	if (rcode == LAB1394_ACK_BUSY || rcode == LAB1394_ACK_DATA) {
		lab_complete(card, request,
			     rcode == LAB1394_ACK_BUSY ? ACK_BUSY_X : ACK_DATA_ERROR);
		answered = false;
	} else {
		lab_complete(card, request, ACK_PENDING);
	}
	if (answered) {
		response_header(msg, request);
		msg->generation = request->generation;
		msg->speed = request->speed;
	}
	kfree(request);
	if (!answered) {
		kfree(msg);
		return;
	}
	lab_responses[card->number]++;
	if (rcode & LAB1394_LATE) {
		spin_lock_irq(&card->lock);
		msg->deadline = jiffies + msecs_to_jiffies(LAB_LATE_MS);
		list_add_tail(&msg->link, &card->late);
		lab_tick_at(card, msg->deadline);
		spin_unlock_irq(&card->lock);
		return;
	}
	response_deliver(card, msg);
	kfree(msg);
}

/* ---- the card's workqueue -------------------------------------------------------------------- */

static void handle(struct lab_card *card, struct lab_message *msg)
{
	switch (msg->kind) {
	case LAB_SENT:
		lab_complete(card, msg, msg->ack);
		kfree(msg);
		break;
	case LAB_LOCAL:
		lab_complete(card, msg, ACK_PENDING);
		if (!msg->cancelled && msg->generation == card->last)
			lab_unit_local(card, msg);
		kfree(msg);
		break;
	case LAB_LOCAL_RESPONSE:
		if (msg->generation == card->last)
			response_deliver(card, msg);
		kfree(msg);
		break;
	case LAB_REPLY:
		reply(card, msg);
		break;
	case LAB_ASK:
		lab_unit_ask(card, msg);
		break;
	case LAB_LEAVE:
		lab_bus_leave(card, msg->node);
		complete(&msg->node->left);
		break;
	}
}

/**
 * lab_wire_run() - handle all that has arrived
 * @card: where; on its workqueue only
 */
void lab_wire_run(struct lab_card *card)
{
	struct lab_message *msg;
	LIST_HEAD(doomed);

	for (;;) {
		spin_lock_irq(&card->lock);
		list_splice_tail_init(&card->doomed, &doomed);
		msg = list_first_entry_or_null(&card->events, struct lab_message, link);
		if (msg)
			list_del_init(&msg->link);
		spin_unlock_irq(&card->lock);
		lab_messages_free(&doomed);
		if (!msg)
			return;
		handle(card, msg);
		fw_card_put(&card->card);
	}
}

/**
 * lab_wire_work() - something has arrived
 * @work: the card's wire
 */
void lab_wire_work(struct work_struct *work)
{
	lab_wire_run(container_of(work, struct lab_card, wire));
}

/* A message whose time has come; what comes next is left in @next. With the card's lock. */
static struct lab_message *expired(struct lab_card *card, struct list_head *list,
				   unsigned long *next)
{
	struct lab_message *msg;

	list_for_each_entry(msg, list, link) {
		if (!msg->packet && list != &card->late)
			continue;
		if (time_after_eq(jiffies, msg->deadline))
			return msg;
		if (time_before(msg->deadline, *next))
			*next = msg->deadline;
	}
	return NULL;
}

static bool tick_node(struct lab_card *card, struct lab_node *node, unsigned long *next)
{
	struct fw_packet *packet;
	struct lab_message *msg;
	bool unread = true;

	local_bh_disable();
	spin_lock_irq(&card->lock);
	msg = expired(card, &node->inbox, next);
	if (msg) {
		msg->unread = false;
		list_move_tail(&msg->link, &card->doomed);
	} else {
		unread = false;
		msg = expired(card, &node->asked, next);
	}
	packet = msg ? completed_begin(card, msg) : NULL;
	if (packet && !unread)
		lab_quiet_later(card, LAB_SPLIT_MS);
	spin_unlock_irq(&card->lock);
	if (packet)
		completed_end(card, packet, unread ? ACK_BUSY_X : ACK_PENDING);
	local_bh_enable();
	return packet;
}

/**
 * lab_tick_work() - a deadline has come
 * @work: the card's tick
 *
 * What nobody has read was not acknowledged: its target is busy. What was read and not
 * answered at once was taken. Answers that are to be late are.
 */
void lab_tick_work(struct work_struct *work)
{
	struct lab_card *card = container_of(to_delayed_work(work), struct lab_card, tick);
	unsigned long never = jiffies + MAX_JIFFY_OFFSET, next = never;
	struct lab_message *msg;
	struct lab_node *node;

	/* Nodes leave the list on this workqueue only; new ones are added at its end. */
	spin_lock_irq(&card->lock);
	card->ticking = false;
	node = list_first_entry_or_null(&card->nodes, struct lab_node, link);
	spin_unlock_irq(&card->lock);
	while (node) {
		while (tick_node(card, node, &next))
			;
		spin_lock_irq(&card->lock);
		node = list_is_last(&node->link, &card->nodes) ? NULL : list_next_entry(node, link);
		spin_unlock_irq(&card->lock);
	}
	do {
		spin_lock_irq(&card->lock);
		msg = expired(card, &card->late, &next);
		if (msg)
			list_del_init(&msg->link);
		else if (next != never)
			lab_tick_at(card, next);
		spin_unlock_irq(&card->lock);
		if (msg)
			response_deliver(card, msg);
		kfree(msg);
	} while (msg);
	lab_wire_run(card);
}
