/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration ROM of a FireWire node, honest and hostile ones. */
#ifndef VBRIDGE_FW_ROM_H
#define VBRIDGE_FW_ROM_H

#include "port.h"

#define ROM_BASE	0xfffff0000400ull
#define ROM_QUADLETS	256
#define ROM_SIZE	(4 * ROM_QUADLETS)
#define ROM_TEXT	48
#define ROM_UNITS	4

/* The management agent of SBP-2, in quadlets from the start of the register space. */
#define ROM_MANAGEMENT_AGENT	0x4000

/* Quadlets of a command block ORB with room for a CDB of 16 bytes. */
#define ROM_ORB_QUADLETS	9

enum rom_hostile {
	ROM_HONEST,
	ROM_RANDOM,
	ROM_LOOP,
	ROM_PAST_END,
	ROM_ONES,
	ROM_TEXT_EMPTY,
	ROM_TEXT_HUGE,
	ROM_TEXT_CONTROL,
	ROM_ENDLESS,
	ROM_UNIT_LAST,
	ROM_BAD_CRC,
	ROM_MINIMAL,
	ROM_BOOTING,
	ROM_VARIANTS
};

/**
 * struct rom_identity - what a node tells of itself
 * @guid: EUI-64
 * @vendor: module vendor id, 24 bits
 * @model: of the unit, 24 bits
 * @revision: of its firmware, 24 bits
 * @has_revision: it is told
 * @vendor_text: "" for none
 * @model_text: likewise
 * @unit: peripheral device type of each logical unit
 * @units: how many
 * @speed: 0 S100, 1 S200, 2 S400
 */
struct rom_identity {
	u64 guid;
	u32 vendor;
	u32 model;
	u32 revision;
	bool has_revision;
	char vendor_text[ROM_TEXT];
	char model_text[ROM_TEXT];
	u8 unit[ROM_UNITS];
	u32 units;
	u8 speed;
};

int rom_hostile_by_name(const char *name);
u32 rom_build(const struct rom_identity *id, enum rom_hostile lie, u32 seed, u8 *out);

#endif
