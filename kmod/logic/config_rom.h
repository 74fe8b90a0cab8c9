/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration ROM of a FireWire node (ISO/IEC 13213, IEEE 1394-1995 8.3.2,
 * IEEE 1212-2001), walked with every length checked: it is what a device says.
 */
#ifndef BRIDGEFW_CONFIG_ROM_H
#define BRIDGEFW_CONFIG_ROM_H

#include "port.h"

#define BFP_ROM_QUADLETS	256	/* 1 KiB, at 0xFFFFF0000400 */
#define BFP_ROM_TEXT		64

/**
 * struct bfp_rom - what a configuration ROM tells
 * @quadlets: that it reaches over, from its start, as far as it could be walked
 * @guid: EUI-64 of the bus information block: OUI in the upper 24 bits
 * @max_rec: as it stands there: 2 to the power of (this + 1) bytes at most in a packet; 0: none
 * @link_speed: as it stands there
 * @vendor: module vendor ID of the root directory (key 03); 0 if none
 * @model: model ID (key 17), of the unit if it has one, else of the root directory
 * @has_model: whether there is one
 * @sbp2: there is a unit directory of SBP-2 (specifier 00609E, version 010483)
 * @revision: firmware revision (key 3C) of that unit; 0 if none
 * @specifier: of the first unit directory (key 12); 0 if none
 * @version: of it (key 13)
 * @type: SCSI peripheral device type of the first logical unit (key 14, bits 20..16)
 * @has_type: whether it is told
 * @vendor_text: minimal ASCII only, cut to what is printable; "" if none
 * @model_text: likewise
 * @crc_bad: a CRC-16 of the bus information block or of a directory is wrong (common
 *	on old devices, so no error)
 */
struct bfp_rom {
	u32 quadlets;
	u64 guid;
	u8 max_rec;
	u8 link_speed;
	u32 vendor;
	u32 model;
	bool has_model;
	bool sbp2;
	u32 revision;
	u32 specifier;
	u32 version;
	u8 type;
	bool has_type;
	char vendor_text[BFP_ROM_TEXT];
	char model_text[BFP_ROM_TEXT];
	bool crc_bad;
};

/**
 * bfp_rom_reach() - how many quadlets of a configuration ROM have to be read
 * @rom: what was read so far, as numbers
 * @have: quadlets of it
 *
 * Call with more and more until it gives no more than @have.
 * Return: quadlets (<= BFP_ROM_QUADLETS) that the directories seen so far point to, 0
 * for what is no general configuration ROM (its first quadlet 0, a minimal ROM of one
 * quadlet, a bus information block that is not "1394").
 */
u32 bfp_rom_reach(const u32 *rom, u32 have);

/**
 * bfp_rom_read() - what a configuration ROM tells
 * @rom: its quadlets as numbers; hostile
 * @quadlets: how many there are
 * @out: what it tells
 *
 * A directory or leaf that reaches past the end is left out. Return: 0, or -EINVAL if
 * there is no bus information block of IEEE 1394.
 */
int bfp_rom_read(const u32 *rom, u32 quadlets, struct bfp_rom *out);

/**
 * bfp_guid_type() - the peripheral device type that Oxford's bridges put into a GUID
 * @guid: EUI-64
 *
 * The upper four bits of its lower half (oxford.md 1c, inferred): 0xE is a disk
 * (type 0E, RBC), 5 a CD/DVD. So two GUIDs of one box may differ in them.
 * Return: the four bits, -1 if the OUI is not Oxford's (0030E0).
 */
int bfp_guid_type(u64 guid);

#endif
