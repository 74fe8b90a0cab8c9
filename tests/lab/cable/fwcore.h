/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What firewire-core and a driver of cards say to each other. The functions are exported,
 * but no installed header declares them: the kernel keeps them in drivers/firewire/core.h.
 * Which of them it has follows from its version, see Kbuild.
 */
#ifndef LAB_FWCORE_H
#define LAB_FWCORE_H

#include <linux/firewire-constants.h>
#include <linux/firewire.h>
#include <linux/types.h>

struct fw_iso_context;
struct fw_iso_packet;
struct fw_iso_buffer;

struct fw_card_driver {
	int (*enable)(struct fw_card *card, const __be32 *config_rom, size_t length);
#ifdef LAB_HAVE_DISABLE
	void (*disable)(struct fw_card *card);
#endif
	int (*read_phy_reg)(struct fw_card *card, int address);
	int (*update_phy_reg)(struct fw_card *card, int address, int clear_bits, int set_bits);
	int (*set_config_rom)(struct fw_card *card, const __be32 *config_rom, size_t length);
	void (*send_request)(struct fw_card *card, struct fw_packet *packet);
	void (*send_response)(struct fw_card *card, struct fw_packet *packet);
	int (*cancel_packet)(struct fw_card *card, struct fw_packet *packet);
	int (*enable_phys_dma)(struct fw_card *card, int node_id, int generation);
	u32 (*read_csr)(struct fw_card *card, int csr_offset);
	void (*write_csr)(struct fw_card *card, int csr_offset, u32 value);
#ifdef LAB_HAVE_ISO_STORAGE
	struct fw_iso_context *(*allocate_iso_context)(struct fw_card *card, int type, int channel,
						       size_t header_size, size_t storage_size);
#else
	struct fw_iso_context *(*allocate_iso_context)(struct fw_card *card, int type, int channel,
						       size_t header_size);
#endif
	void (*free_iso_context)(struct fw_iso_context *ctx);
	int (*start_iso)(struct fw_iso_context *ctx, s32 cycle, u32 sync, u32 tags);
	int (*set_iso_channels)(struct fw_iso_context *ctx, u64 *channels);
	int (*queue_iso)(struct fw_iso_context *ctx, struct fw_iso_packet *packet,
			 struct fw_iso_buffer *buffer, unsigned long payload);
	void (*flush_queue_iso)(struct fw_iso_context *ctx);
	int (*flush_iso_completions)(struct fw_iso_context *ctx);
	int (*stop_iso)(struct fw_iso_context *ctx);
};

void fw_card_initialize(struct fw_card *card, const struct fw_card_driver *driver,
			struct device *device);
#ifdef LAB_HAVE_ISO_CONTEXTS
int fw_card_add(struct fw_card *card, u32 max_receive, u32 link_speed, u64 guid,
		unsigned int supported_isoc_contexts);
#define lab_card_add(card, receive, speed, guid)	fw_card_add(card, receive, speed, guid, 1)
#else
int fw_card_add(struct fw_card *card, u32 max_receive, u32 link_speed, u64 guid);
#define lab_card_add(card, receive, speed, guid)	fw_card_add(card, receive, speed, guid)
#endif
void fw_core_remove_card(struct fw_card *card);
void fw_core_handle_bus_reset(struct fw_card *card, int node_id, int generation,
			      int self_id_count, u32 *self_ids, bool bm_abdicate);
void fw_core_handle_request(struct fw_card *card, struct fw_packet *request);
void fw_core_handle_response(struct fw_card *card, struct fw_packet *packet);

/* What a packet's first quadlets carry, in the CPU's byte order */
#define LAB_TCODE_PHY		0xe
#define LAB_TCODE(header)	(((header)[0] >> 4) & 0xf)
#define LAB_TLABEL(header)	(((header)[0] >> 10) & 0x3f)
#define LAB_DESTINATION(header)	((header)[0] >> 16)
#define LAB_SOURCE(header)	((header)[1] >> 16)
#define LAB_RCODE(header)	(((header)[1] >> 12) & 0xf)
#define LAB_LENGTH(header)	((header)[3] >> 16)
#define LAB_EXTCODE(header)	((header)[3] & 0xffff)

static inline u64 lab_offset(const u32 *header)
{
	return (u64)(header[1] & 0xffff) << 32 | header[2];
}

#define LAB_BROADCAST		0x3f
#define LAB_LOCAL_BUS		0xffc0

#endif
