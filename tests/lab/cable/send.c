// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What firewire-core sends, and where it goes: to a node's inbox, to the card itself, to
 * all, or nowhere.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "cable.h"

/* PHY configuration packet */
#define PHY_PACKET_TYPE(quadlet)	((quadlet) >> 30)
#define PHY_CONFIG			0
#define PHY_CONFIG_GAP			0x00400000
#define PHY_CONFIG_GAP_COUNT(quadlet)	(((quadlet) >> 16) & 0x3f)

/* ---- requests --------------------------------------------------------------------- */

/* A request as a process is to see it. */
static void wire_fill(struct lab1394_packet *wire, const struct fw_packet *packet)
{
	const u32 *header = packet->header;
	u32 tcode = LAB_TCODE(header);

	wire->type = LAB1394_REQUEST;
	wire->generation = packet->generation;
	wire->tcode = tcode;
	wire->source = LAB_SOURCE(header);
	wire->destination = LAB_DESTINATION(header);
	wire->offset = lab_offset(header);
	wire->length = 4;
	if (tcode == TCODE_WRITE_QUADLET_REQUEST)
		memcpy(wire->data, &header[3], 4);
	if (tcode == TCODE_WRITE_QUADLET_REQUEST || tcode == TCODE_READ_QUADLET_REQUEST)
		return;
	wire->length = LAB_LENGTH(header);
	if (tcode == TCODE_LOCK_REQUEST)
		wire->extcode = LAB_EXTCODE(header);
	if (tcode == TCODE_LOCK_REQUEST || tcode == TCODE_WRITE_BLOCK_REQUEST)
		memcpy(wire->data, packet->payload, packet->payload_length);
}

static void phy_packet(struct lab_card *card, u32 quadlet)
{
	if (PHY_PACKET_TYPE(quadlet) != PHY_CONFIG || !(quadlet & PHY_CONFIG_GAP))
		return;
	card->gap = PHY_CONFIG_GAP_COUNT(quadlet);
	card->gap_kept = true;
}

/* What is lost for want of memory was a broadcast, which nobody may rely on. */
static void broadcast(struct lab_card *card, const struct fw_packet *packet)
{
	struct lab_message *msg;
	struct lab_node *node;

	for (int id = 0; id < card->id; id++) {
		node = card->by_id[id];
		if (!node || packet->speed > node->path_speed ||
		    node->broadcasts >= LAB_BROADCASTS_MAX)
			continue;
		msg = lab_message_alloc(max_t(size_t, packet->payload_length, 4), GFP_ATOMIC);
		if (!msg)
			continue;
		wire_fill(&msg->wire, packet);
		msg->broadcast = true;
		node->broadcasts++;
		list_add_tail(&msg->link, &node->inbox);
		wake_up_all(&node->wait);
	}
}

static bool is_request(u32 tcode)
{
	return tcode == TCODE_WRITE_QUADLET_REQUEST || tcode == TCODE_WRITE_BLOCK_REQUEST ||
	       tcode == TCODE_READ_QUADLET_REQUEST || tcode == TCODE_READ_BLOCK_REQUEST ||
	       tcode == TCODE_LOCK_REQUEST;
}

/* Where a packet goes: 0 it is on its way, or how its sending ends. With the card's lock. */
static int route(struct lab_card *card, struct lab_message *msg)
{
	u32 tcode = LAB_TCODE(msg->header), destination = LAB_DESTINATION(msg->header);
	struct fw_packet *packet = msg->packet;
	struct lab_node *node;

	if (packet->generation != card->generation)
		return RCODE_GENERATION;
	if (tcode == LAB_TCODE_PHY) {
		phy_packet(card, packet->header[1]);
		return ACK_COMPLETE;
	}
	if (tcode == TCODE_STREAM_DATA)
		return ACK_COMPLETE;
	if (!is_request(tcode))
		return RCODE_SEND_ERROR;
	if ((destination & 0x3f) == LAB_BROADCAST) {
		broadcast(card, packet);
		return ACK_COMPLETE;
	}
	if ((destination & LAB_LOCAL_BUS) != LAB_LOCAL_BUS)
		return RCODE_NO_ACK;
	if (destination == (LAB_LOCAL_BUS | card->id)) {
		msg->kind = LAB_LOCAL;
		lab_post(card, msg);
		return 0;
	}
	node = card->by_id[destination & 0x3f];
	if (!node || packet->speed > node->path_speed)
		return RCODE_NO_ACK;

	msg->node = node;
	msg->unread = true;
	msg->wire.tag = ++node->tag;
	msg->deadline = jiffies + msecs_to_jiffies(LAB_UNREAD_MS);
	list_add_tail(&msg->link, &node->inbox);
	lab_tick_at(card, msg->deadline);
	wake_up_all(&node->wait);
	lab_requests[card->number]++;
	return 0;
}

/**
 * lab_send_request() - firewire-core sends a request, or a PHY packet
 * @fw: from this card
 * @packet: stays ours until its callback was called, which is never done from here but for
 *	want of memory
 */
void lab_send_request(struct fw_card *fw, struct fw_packet *packet)
{
	struct lab_card *card = lab_card_of(fw);
	struct lab_message *msg = NULL;
	unsigned long flags;

	if (packet->payload_length <= LAB1394_DATA_MAX)
		msg = lab_message_alloc(max_t(size_t, packet->payload_length, 4), GFP_ATOMIC);
	if (!msg) {
		lab_packet_end(card, packet, RCODE_SEND_ERROR);
		return;
	}
	memcpy(msg->header, packet->header, sizeof(msg->header));
	msg->packet = packet;
	msg->generation = packet->generation;
	msg->speed = packet->speed;
	if (is_request(LAB_TCODE(packet->header)))
		wire_fill(&msg->wire, packet);

	spin_lock_irqsave(&card->lock, flags);
	list_add_tail(&msg->flight, &card->flight);
	msg->ack = route(card, msg);
	if (msg->ack) {
		msg->kind = LAB_SENT;
		lab_post(card, msg);
	}
	spin_unlock_irqrestore(&card->lock, flags);
}

/**
 * lab_cancel_packet() - firewire-core takes a packet back
 * @fw: that sends it
 * @packet: it was handed to lab_send_request()
 *
 * When this returns, nobody here has the packet: it waits for a processor that is just
 * telling how the packet ended.
 *
 * Return: 0, or -ENOENT if its sending has ended before
 */
int lab_cancel_packet(struct fw_card *fw, struct fw_packet *packet)
{
	struct lab_card *card = lab_card_of(fw);
	bool found = false, busy;
	struct lab_message *msg;
	unsigned long flags;

	do {
		spin_lock_irqsave(&card->lock, flags);
		list_for_each_entry(msg, &card->flight, flight) {
			found = msg->packet == packet;
			if (found)
				break;
		}
		if (found) {
			msg->packet = NULL;
			msg->cancelled = true;
			list_del_init(&msg->flight);
			if (msg->unread) {
				list_move_tail(&msg->link, &card->doomed);
				queue_work(card->wq, &card->wire);
			}
		}
		busy = !found && card->completing == packet && card->completer != current;
		spin_unlock_irqrestore(&card->lock, flags);
		if (busy)
			cpu_relax();
	} while (busy);

	if (!found)
		return -ENOENT;
	lab_packet_end(card, packet, RCODE_CANCELLED);
	return 0;
}

/* ---- answers ----------------------------------------------------------------------- */

/* To the card itself: it comes back as a response, later. With the card's lock. */
static int respond_locally(struct lab_card *card, struct fw_packet *packet)
{
	struct lab_message *msg;

	if (packet->payload_length > LAB1394_DATA_MAX)
		return RCODE_SEND_ERROR;
	msg = lab_message_alloc(packet->payload_length, GFP_ATOMIC);
	if (!msg)
		return RCODE_SEND_ERROR;
	memcpy(msg->header, packet->header, sizeof(msg->header));
	if (packet->payload_length)
		memcpy(msg->wire.data, packet->payload, packet->payload_length);
	msg->kind = LAB_LOCAL_RESPONSE;
	msg->generation = packet->generation;
	msg->speed = packet->speed;
	lab_post(card, msg);
	return ACK_COMPLETE;
}

static int respond(struct lab_card *card, struct fw_packet *packet)
{
	const u32 *header = packet->header;
	u32 destination = LAB_DESTINATION(header);
	struct lab_message *msg = NULL;
	struct lab_node *node;

	if (packet->generation != card->generation)
		return RCODE_GENERATION;
	if (destination == (LAB_LOCAL_BUS | card->id))
		return respond_locally(card, packet);
	node = card->by_id[destination & 0x3f];
	if (node)
		msg = node->sends[LAB_TLABEL(header)];
	if (!msg)
		return RCODE_NO_ACK;
	if (LAB_TCODE(header) == TCODE_READ_QUADLET_RESPONSE && !LAB_RCODE(header))
		lab_answer(msg, 0, &header[3], 4);
	else
		lab_answer(msg, LAB_RCODE(header), packet->payload, packet->payload_length);
	return ACK_COMPLETE;
}

/**
 * lab_send_response() - firewire-core answers a request
 * @fw: to this card
 * @packet: the answer; its callback is called from here, as the real driver does it for
 *	answers to itself
 */
void lab_send_response(struct fw_card *fw, struct fw_packet *packet)
{
	struct lab_card *card = lab_card_of(fw);
	unsigned long flags;
	int ack;

	spin_lock_irqsave(&card->lock, flags);
	ack = respond(card, packet);
	spin_unlock_irqrestore(&card->lock, flags);
	lab_packet_end(card, packet, ack);
}
