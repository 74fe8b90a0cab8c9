// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fake FireWire cards for the lab, never installed: firewire-core takes them for real
 * ones, and processes are the nodes on their buses (lab_1394.h).
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cable.h"

#define MAX_RECEIVE	10	/* 2 << 10 bytes */
#define GUID		0x001f11001394ab00ULL

/* PHY registers and what of them is asked for */
#define PHY_GAP		1
#define PHY_IBR		0x40
#define PHY_LINK_REG	4
#define PHY_RESET	5
#define PHY_ISBR	0x40

#define PRIORITY_MAX	0x3f
#define BUSY_TIMEOUT_BITS	0x0ffff00f

static unsigned int cards = 2;
module_param(cards, uint, 0444);
MODULE_PARM_DESC(cards, "how many, at most 4");

unsigned int lab_reset_ms = 10;
module_param_named(reset_ms, lab_reset_ms, uint, 0644);
MODULE_PARM_DESC(reset_ms, "milliseconds from what makes a bus reset to its self-IDs");

unsigned int lab_ack_ms = 100;
module_param_named(ack_ms, lab_ack_ms, uint, 0644);
MODULE_PARM_DESC(ack_ms, "milliseconds after which a request that a node has read counts as taken");

static unsigned int counted = LAB1394_CARDS_MAX;
unsigned int lab_requests[LAB1394_CARDS_MAX];
module_param_array_named(requests, lab_requests, uint, &counted, 0444);
MODULE_PARM_DESC(requests, "that nodes were sent, of each card");

unsigned int lab_responses[LAB1394_CARDS_MAX];
module_param_array_named(responses, lab_responses, uint, &counted, 0444);
MODULE_PARM_DESC(responses, "that nodes gave, of each card");

unsigned int lab_resets[LAB1394_CARDS_MAX];
module_param_array_named(resets, lab_resets, uint, &counted, 0444);
MODULE_PARM_DESC(resets, "of each card's bus");

static struct lab_card *lab_cards[LAB1394_CARDS_MAX];

/**
 * lab_card_find() - a card by its number
 * @number: from 0
 *
 * Return: it, or NULL
 */
struct lab_card *lab_card_find(u32 number)
{
	return number < cards ? lab_cards[number] : NULL;
}

/* Seconds, 8000ths of them, 3072nds of those; each card runs by the same clock. */
static u32 cycle_time(void)
{
	u32 ns;
	u64 seconds = div_u64_rem(ktime_get_ns(), NSEC_PER_SEC, &ns);

	return ((u32)seconds & 0x7f) << 25 | (ns / 125000) << 12 | (ns % 125000) * 3072ULL / 125000;
}

/**
 * lab_timestamp() - the time of a packet
 *
 * Return: three bits of seconds, 13 of cycles, as OHCI has it
 */
u32 lab_timestamp(void)
{
	return cycle_time() >> 12 & 0xffff;
}

/* ---- what firewire-core wants of a card ------------------------------------------ */

static void rom_set(struct lab_card *card, const __be32 *rom, size_t quadlets)
{
	spin_lock_irq(&card->lock);
	memset(card->next_rom, 0, sizeof(card->next_rom));
	memcpy(card->next_rom, rom, min_t(size_t, quadlets, LAB_ROM_QUADLETS) * 4);
	card->rom_changed = true;
	spin_unlock_irq(&card->lock);
}

static int lab_enable(struct fw_card *fw, const __be32 *config_rom, size_t length)
{
	struct lab_card *card = lab_card_of(fw);

	rom_set(card, config_rom, length);
	card->phy[PHY_LINK_REG] = 0xc0;
	fw->broadcast_channel_auto_allocated = true;
	fw->priority_budget_implemented = true;
	fw_schedule_bus_reset(fw, false, true);
	return 0;
}

/* Effective with the next reset, which the driver has to ask for. */
static int lab_set_config_rom(struct fw_card *fw, const __be32 *config_rom, size_t length)
{
	rom_set(lab_card_of(fw), config_rom, length);
	fw_schedule_bus_reset(fw, true, true);
	return 0;
}

static void resets_end(struct lab_card *card)
{
	spin_lock_irq(&card->lock);
	card->gone = true;
	spin_unlock_irq(&card->lock);
	cancel_delayed_work_sync(&card->reset);
}

#ifdef LAB_HAVE_DISABLE
static void lab_disable(struct fw_card *fw)
{
	resets_end(lab_card_of(fw));
}
#endif

static int lab_read_phy_reg(struct fw_card *fw, int address)
{
	struct lab_card *card = lab_card_of(fw);
	int value;

	spin_lock_irq(&card->lock);
	value = address == PHY_GAP ? card->gap : card->phy[address & 0xf];
	spin_unlock_irq(&card->lock);
	return value;
}

static int lab_update_phy_reg(struct fw_card *fw, int address, int clear_bits, int set_bits)
{
	struct lab_card *card = lab_card_of(fw);

	spin_lock_irq(&card->lock);
	if ((address == PHY_GAP && set_bits & PHY_IBR) ||
	    (address == PHY_RESET && set_bits & PHY_ISBR)) {
		card->initiated = true;
		lab_bus_reset(card);
	} else {
		card->phy[address & 0xf] &= ~clear_bits;
		card->phy[address & 0xf] |= set_bits;
	}
	spin_unlock_irq(&card->lock);
	return 0;
}

static int lab_enable_phys_dma(struct fw_card *fw, int node_id, int generation)
{
	struct lab_card *card = lab_card_of(fw);
	unsigned long flags;
	int ret = -ESTALE;

	spin_lock_irqsave(&card->lock, flags);
	if (card->generation == generation) {
		card->phys |= BIT_ULL(node_id & 0x3f);
		ret = 0;
	}
	spin_unlock_irqrestore(&card->lock, flags);
	return ret;
}

static u32 lab_read_csr(struct fw_card *fw, int offset)
{
	struct lab_card *card = lab_card_of(fw);
	unsigned long flags;
	u32 value = 0;

	spin_lock_irqsave(&card->lock, flags);
	switch (offset) {
	case CSR_STATE_CLEAR:
	case CSR_STATE_SET:
		value = card->state;
		break;
	case CSR_NODE_IDS:
		value = (u32)(LAB_LOCAL_BUS | card->id) << 16;
		break;
	case CSR_CYCLE_TIME:
		value = cycle_time();
		break;
	case CSR_BUS_TIME:
		value = card->bus_time + ((u32)ktime_get_seconds() & ~0x7f);
		value |= cycle_time() >> 25;
		break;
	case CSR_BUSY_TIMEOUT:
		value = card->busy_timeout;
		break;
	case CSR_PRIORITY_BUDGET:
		value = PRIORITY_MAX << 8 | card->priority;
		break;
	}
	spin_unlock_irqrestore(&card->lock, flags);
	return value;
}

/* The number of the bus and the cycle time stay what they are: nothing here uses others. */
static void lab_write_csr(struct fw_card *fw, int offset, u32 value)
{
	struct lab_card *card = lab_card_of(fw);
	unsigned long flags;

	spin_lock_irqsave(&card->lock, flags);
	switch (offset) {
	case CSR_STATE_CLEAR:
		card->state &= ~value;
		break;
	case CSR_STATE_SET:
		card->state |= value & (LAB_STATE_CMSTR | LAB_STATE_ABDICATE);
		break;
	case CSR_BUS_TIME:
		card->bus_time = (value & ~0x7f) - ((u32)ktime_get_seconds() & ~0x7f);
		break;
	case CSR_BUSY_TIMEOUT:
		card->busy_timeout = value & BUSY_TIMEOUT_BITS;
		break;
	case CSR_PRIORITY_BUDGET:
		card->priority = value & PRIORITY_MAX;
		break;
	}
	spin_unlock_irqrestore(&card->lock, flags);
}

/* Without a context the other functions for isochronous data have nothing to work on. */
#ifdef LAB_HAVE_ISO_STORAGE
static struct fw_iso_context *lab_allocate_iso(struct fw_card *fw, int type, int channel,
					       size_t header_size, size_t storage_size)
#else
static struct fw_iso_context *lab_allocate_iso(struct fw_card *fw, int type, int channel,
					       size_t header_size)
#endif
{
	return ERR_PTR(-EBUSY);
}

static void lab_free_iso(struct fw_iso_context *ctx)
{
}

static int lab_start_iso(struct fw_iso_context *ctx, s32 cycle, u32 sync, u32 tags)
{
	return -ENODEV;
}

static int lab_set_iso_channels(struct fw_iso_context *ctx, u64 *channels)
{
	return -ENODEV;
}

static int lab_queue_iso(struct fw_iso_context *ctx, struct fw_iso_packet *packet,
			 struct fw_iso_buffer *buffer, unsigned long payload)
{
	return -ENODEV;
}

static void lab_flush_queue_iso(struct fw_iso_context *ctx)
{
}

static int lab_flush_iso_completions(struct fw_iso_context *ctx)
{
	return -ENODEV;
}

static int lab_stop_iso(struct fw_iso_context *ctx)
{
	return 0;
}

static const struct fw_card_driver lab_driver = {
	.enable = lab_enable,
#ifdef LAB_HAVE_DISABLE
	.disable = lab_disable,
#endif
	.read_phy_reg = lab_read_phy_reg,
	.update_phy_reg = lab_update_phy_reg,
	.set_config_rom = lab_set_config_rom,
	.send_request = lab_send_request,
	.send_response = lab_send_response,
	.cancel_packet = lab_cancel_packet,
	.enable_phys_dma = lab_enable_phys_dma,
	.read_csr = lab_read_csr,
	.write_csr = lab_write_csr,
	.allocate_iso_context = lab_allocate_iso,
	.free_iso_context = lab_free_iso,
	.start_iso = lab_start_iso,
	.set_iso_channels = lab_set_iso_channels,
	.queue_iso = lab_queue_iso,
	.flush_queue_iso = lab_flush_queue_iso,
	.flush_iso_completions = lab_flush_iso_completions,
	.stop_iso = lab_stop_iso,
};

/* ---- cards come and go ---------------------------------------------------------------- */

static struct lab_card *card_alloc(unsigned int number)
{
	struct lab_card *card = kzalloc(sizeof(*card), GFP_KERNEL);

	if (!card)
		return NULL;
	card->number = number;
	spin_lock_init(&card->lock);
	INIT_WORK(&card->wire, lab_wire_work);
	INIT_DELAYED_WORK(&card->tick, lab_tick_work);
	INIT_DELAYED_WORK(&card->reset, lab_bus_work);
	INIT_LIST_HEAD(&card->events);
	INIT_LIST_HEAD(&card->flight);
	INIT_LIST_HEAD(&card->late);
	INIT_LIST_HEAD(&card->doomed);
	INIT_LIST_HEAD(&card->nodes);
	card->generation = LAB_NO_GENERATION;
	card->gap = LAB_GAP_DEFAULT;
	card->quiet_at = jiffies;
	return card;
}

static struct lab_card *card_make(unsigned int number)
{
	struct lab_card *card = card_alloc(number);
	int ret = -ENOMEM;

	if (!card)
		return ERR_PTR(-ENOMEM);
	card->wq = alloc_ordered_workqueue("lab_1394.%u", WQ_MEM_RECLAIM, number);
	if (!card->wq)
		goto free;
	card->pdev = platform_device_register_simple("lab_1394", number, NULL, 0);
	if (IS_ERR(card->pdev)) {
		ret = PTR_ERR(card->pdev);
		goto destroy;
	}
	ret = dma_coerce_mask_and_coherent(&card->pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		goto unregister;
	fw_card_initialize(&card->card, &lab_driver, &card->pdev->dev);
	ret = lab_card_add(&card->card, MAX_RECEIVE, LAB_S400, GUID + number);
	if (ret)
		goto unregister;
	return card;

unregister:
	platform_device_unregister(card->pdev);
destroy:
	destroy_workqueue(card->wq);
free:
	kfree(card);
	return ERR_PTR(ret);
}

/*
 * Its bus is empty, since an open file holds the module. firewire-core waits for all that
 * it has under way, which the workqueue has to bring to its end; and each event there
 * holds the card.
 */
static void card_destroy(struct lab_card *card)
{
	flush_delayed_work(&card->reset);
	while (time_before(jiffies, READ_ONCE(card->quiet_at)))
		msleep(20);
	resets_end(card);
	fw_core_remove_card(&card->card);
	cancel_delayed_work_sync(&card->reset);
	cancel_delayed_work_sync(&card->tick);
	destroy_workqueue(card->wq);
	lab_messages_free(&card->doomed);
	platform_device_unregister(card->pdev);
	kfree(card);
}

static void cards_destroy(void)
{
	for (unsigned int i = 0; i < LAB1394_CARDS_MAX; i++) {
		if (lab_cards[i])
			card_destroy(lab_cards[i]);
		lab_cards[i] = NULL;
	}
}

static int __init lab_1394_init(void)
{
	int ret;

	if (!cards || cards > LAB1394_CARDS_MAX)
		return -EINVAL;
	counted = cards;
	for (unsigned int i = 0; i < cards; i++) {
		struct lab_card *card = card_make(i);

		if (IS_ERR(card)) {
			ret = PTR_ERR(card);
			goto destroy;
		}
		lab_cards[i] = card;
	}
	ret = lab_node_register();
	if (!ret)
		return 0;
destroy:
	cards_destroy();
	return ret;
}

static void __exit lab_1394_exit(void)
{
	lab_node_unregister();
	cards_destroy();
}

module_init(lab_1394_init);
module_exit(lab_1394_exit);

MODULE_DESCRIPTION("bridgefw lab: FireWire cards whose nodes are processes");
MODULE_AUTHOR("The bridgefw developers");
MODULE_LICENSE("GPL");
