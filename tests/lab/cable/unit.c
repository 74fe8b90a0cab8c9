// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the card itself answers, without firewire-core: its configuration ROM, the four
 * registers that take lock requests, and, for nodes that may, the memory of the machine.
 * All else goes to firewire-core.
 */
#include <linux/bottom_half.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cable.h"

/* It is for firewire-core. */
#define NOT_OURS	(-1)

#define PHYSICAL_END	BIT_ULL(32)

/**
 * struct access - what is asked, and what is answered
 * @tcode: of the request
 * @extcode: of a lock
 * @offset: in the address space of a node
 * @length: bytes, of @data or wanted
 * @data: that came along, with room for what is wanted if @physical
 * @physical: who asks may reach the machine's memory
 * @answer: bytes
 * @answered: how many
 */
struct access {
	u32 tcode;
	u32 extcode;
	u64 offset;
	size_t length;
	void *data;
	bool physical;
	const void *answer;
	size_t answered;
};

static bool is_read(u32 tcode)
{
	return tcode == TCODE_READ_QUADLET_REQUEST || tcode == TCODE_READ_BLOCK_REQUEST;
}

static int access_rom(struct lab_card *card, struct access *access, u64 start)
{
	if (!is_read(access->tcode))
		return RCODE_TYPE_ERROR;
	if (start + access->length > sizeof(card->rom))
		return RCODE_ADDRESS_ERROR;
	access->answer = (const u8 *)card->rom + start;
	access->answered = access->length;
	return RCODE_COMPLETE;
}

static int access_lock(struct lab_card *card, struct access *access, unsigned int which)
{
	__be32 pair[2];

	card->old = cpu_to_be32(card->locks[which]);
	access->answer = &card->old;
	access->answered = 4;
	if (access->tcode == TCODE_READ_QUADLET_REQUEST)
		return RCODE_COMPLETE;
	if (access->tcode != TCODE_LOCK_REQUEST || access->extcode != EXTCODE_COMPARE_SWAP ||
	    access->length != sizeof(pair)) {
		access->answered = 0;
		return RCODE_TYPE_ERROR;
	}
	memcpy(pair, access->data, sizeof(pair));
	if (pair[0] == card->old)
		card->locks[which] = be32_to_cpu(pair[1]);
	return RCODE_COMPLETE;
}

/*
 * Memory that drivers can have mapped: not what was set aside at boot, nor devices. The
 * page of zeros is set aside, too, and a disk that is to be zeroed is written from it.
 */
static bool is_memory(u64 address, size_t length, bool read)
{
	u64 pfn;

	for (pfn = PHYS_PFN(address); pfn <= PHYS_PFN(address + length - 1); pfn++) {
		if (read && is_zero_pfn(pfn))
			continue;
		if (!pfn_valid(pfn) || PageReserved(pfn_to_page(pfn)))
			return false;
	}
	return true;
}

/*
 * The card's device has no IOMMU, so that an address it was given for a buffer is the
 * physical one. The copy is as the sanitizers see it: memory that was freed while it
 * was still mapped is reported.
 */
static int access_memory(struct access *access)
{
	void *memory = phys_to_virt(access->offset);

	if (!is_memory(access->offset, access->length, is_read(access->tcode)))
		return RCODE_ADDRESS_ERROR;
	if (!is_read(access->tcode)) {
		memcpy(memory, access->data, access->length);
		return RCODE_COMPLETE;
	}
	memcpy(access->data, memory, access->length);
	access->answer = access->data;
	access->answered = access->length;
	return RCODE_COMPLETE;
}

/* The rcode, or NOT_OURS. */
static int access(struct lab_card *card, struct access *access)
{
	u64 csr = access->offset - CSR_REGISTER_BASE;

	if (access->offset >= CSR_REGISTER_BASE) {
		if (csr >= CSR_CONFIG_ROM && csr < CSR_CONFIG_ROM_END)
			return access_rom(card, access, csr - CSR_CONFIG_ROM);
		if (csr >= CSR_BUS_MANAGER_ID && csr <= CSR_CHANNELS_AVAILABLE_LO && !(csr & 3))
			return access_lock(card, access, (csr - CSR_BUS_MANAGER_ID) / 4);
		return NOT_OURS;
	}
	if (access->physical && access->tcode != TCODE_LOCK_REQUEST && access->length &&
	    access->offset + access->length <= PHYSICAL_END)
		return access_memory(access);
	return NOT_OURS;
}

static void packet_fill(struct fw_packet *packet, const struct lab_message *msg)
{
	memset(packet, 0, sizeof(*packet));
	packet->speed = msg->speed;
	packet->generation = msg->generation;
	memcpy(packet->header, msg->header, sizeof(packet->header));
	packet->timestamp = lab_timestamp();
}

/* A request, for firewire-core to answer. */
static void hand_over(struct lab_card *card, struct lab_message *msg, int ack)
{
	struct fw_packet packet;
	u32 tcode = LAB_TCODE(msg->header);

	packet_fill(&packet, msg);
	packet.header_length = tcode == TCODE_READ_QUADLET_REQUEST ? 12 : 16;
	packet.ack = ack;
	if (tcode == TCODE_WRITE_BLOCK_REQUEST || tcode == TCODE_LOCK_REQUEST) {
		packet.payload = msg->wire.data;
		packet.payload_length = LAB_LENGTH(msg->header);
	}
	local_bh_disable();
	fw_core_handle_request(&card->card, &packet);
	local_bh_enable();
}

/* The card's answer to itself. */
static void respond_local(struct lab_card *card, const struct lab_message *msg, int rcode,
			  const struct access *access)
{
	struct fw_packet packet;
	u32 *header = packet.header;
	u32 tcode = access->tcode + 2;

	if (access->tcode == TCODE_WRITE_BLOCK_REQUEST)
		tcode = TCODE_WRITE_RESPONSE;
	packet_fill(&packet, msg);
	header[0] = LAB_SOURCE(msg->header) << 16 | LAB_TLABEL(msg->header) << 10 | tcode << 4;
	header[1] = LAB_DESTINATION(msg->header) << 16 | (u32)rcode << 12;
	header[2] = 0;
	header[3] = (u32)access->answered << 16 | access->extcode;
	if (tcode == TCODE_READ_QUADLET_RESPONSE && access->answered)
		memcpy(&header[3], access->answer, 4);
	packet.header_length = tcode == TCODE_WRITE_RESPONSE ? 12 : 16;
	packet.ack = ACK_COMPLETE;
	packet.payload = (void *)access->answer;
	packet.payload_length = access->answered;
	local_bh_disable();
	fw_core_handle_response(&card->card, &packet);
	local_bh_enable();
}

/**
 * lab_unit_local() - a request of firewire-core's to its own card
 * @card: that answers
 * @msg: the request, acknowledged; stays the caller's
 */
void lab_unit_local(struct lab_card *card, struct lab_message *msg)
{
	struct access wanted = {
		.tcode = msg->wire.tcode,
		.extcode = msg->wire.extcode,
		.offset = msg->wire.offset,
		.length = msg->wire.length,
		.data = msg->wire.data,
	};
	int rcode = access(card, &wanted);

	if (rcode == NOT_OURS)
		hand_over(card, msg, ACK_PENDING);
	else
		respond_local(card, msg, rcode, &wanted);
}

/**
 * lab_answer() - what a node has asked is answered
 * @msg: its request; is the answer from now on, and the node's
 * @rcode: of IEEE 1394 or LAB_ANSWER_...
 * @data: bytes, or NULL
 * @length: how many; what does not fit where the request said is lost
 *
 * Called with the card's lock.
 */
void lab_answer(struct lab_message *msg, u32 rcode, const void *data, size_t length)
{
	struct lab1394_packet *wire = &msg->wire;
	struct lab_node *node = msg->node;

	if (node->sends[LAB_TLABEL(msg->header)] == msg)
		node->sends[LAB_TLABEL(msg->header)] = NULL;
	wire->type = LAB1394_ANSWER;
	wire->rcode = rcode;
	wire->length = data ? min(length, msg->room) : 0;
	if (wire->length && data != wire->data)
		memcpy(wire->data, data, wire->length);
	swap(wire->source, wire->destination);
	list_add_tail(&msg->link, &node->inbox);
	wake_up_all(&node->wait);
}

/* What the bus says to it: an answer, or 0 to go on. Called with the card's lock. */
static u32 ask_check(const struct lab_card *card, const struct lab_message *msg)
{
	u32 destination = msg->wire.destination;

	if (msg->wire.generation != card->generation)
		return LAB_ANSWER_GENERATION;
	if (msg->node->id < 0 || (destination & LAB_LOCAL_BUS) != LAB_LOCAL_BUS)
		return LAB_ANSWER_NO_ACK;
	if (destination != (LAB_LOCAL_BUS | card->id) && (destination & 0x3f) != LAB_BROADCAST)
		return LAB_ANSWER_NO_ACK;
	return 0;
}

static void ask_header(struct lab_message *msg)
{
	const struct lab1394_packet *wire = &msg->wire;
	u32 *header = msg->header;

	header[0] |= wire->destination << 16 | wire->tcode << 4;
	header[1] = wire->source << 16 | upper_32_bits(wire->offset);
	header[2] = lower_32_bits(wire->offset);
	header[3] = wire->length << 16 | wire->extcode;
	if (wire->tcode == TCODE_WRITE_QUADLET_REQUEST)
		memcpy(&header[3], wire->data, 4);
}

/**
 * lab_unit_ask() - a request of a node to the card
 * @card: that is asked
 * @msg: the request, with the node's transaction label in its header; becomes the answer
 */
void lab_unit_ask(struct lab_card *card, struct lab_message *msg)
{
	struct lab_node *node = msg->node;
	struct access wanted = {
		.tcode = msg->wire.tcode,
		.extcode = msg->wire.extcode,
		.offset = msg->wire.offset,
		.length = msg->wire.length,
		.data = msg->wire.data,
	};
	int rcode = NOT_OURS;
	bool broadcast;
	u32 verdict;

	spin_lock_irq(&card->lock);
	verdict = ask_check(card, msg);
	if (verdict) {
		lab_answer(msg, verdict, NULL, 0);
		spin_unlock_irq(&card->lock);
		return;
	}
	msg->wire.source = LAB_LOCAL_BUS | node->id;
	msg->generation = card->generation;
	msg->speed = node->path_speed;
	wanted.physical = card->phys & BIT_ULL(node->id);
	broadcast = (msg->wire.destination & 0x3f) == LAB_BROADCAST;
	ask_header(msg);
	/* From here on its answer may come. */
	if (!broadcast)
		node->sends[LAB_TLABEL(msg->header)] = msg;
	spin_unlock_irq(&card->lock);

	if (!broadcast)
		rcode = access(card, &wanted);
	if (rcode == NOT_OURS)
		hand_over(card, msg, broadcast ? ACK_COMPLETE : ACK_PENDING);
	if (rcode == NOT_OURS && !broadcast)
		return;
	spin_lock_irq(&card->lock);
	lab_answer(msg, broadcast ? 0 : rcode, wanted.answer, wanted.answered);
	spin_unlock_irq(&card->lock);
}
