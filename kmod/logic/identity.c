// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Serial numbers and GUIDs that makers left at a default identify nothing.
 * That one is present twice can only be seen by whoever knows all boxes.
 */
#include "identity.h"

/*
 * Low GUID words as shipped: Prolific 00071002 stands on unrelated boxes (at
 * least three independent reports, Ubuntu forums and linux-kernel), Oxford
 * EEADBABE is what an unprogrammed OXUF924 shows (lecentre.net archives/171).
 */
static const u32 default_guid_low[] = { 0x00071002, 0x00000000, 0xffffffff };

/*
 * Oxford's firmware replaces the highest four bits by the type of the drive (inferred,
 * see bfp_guid_type()): the value that was meant is DEADBABE, and no type makes it unique.
 */
#define OXFORD_DEFAULT		0x0eadbabe
#define OXFORD_SERIAL_MASK	0x0fffffff

/*
 * Sequences that only a maker who did not care would print: PL-2773 boxes
 * showed 0123456789000000005 and PROLIFICMP000000004 (two Ubuntu forum logs,
 * smartmontools USB page).
 */
static const char *const default_prefix[] = { "0123456789", "123456789", "PROLIFICMP" };

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static u32 hex_value(char c)
{
	if (c <= '9')
		return c - '0';
	return (c | 0x20) - 'a' + 10;
}

/**
 * bfp_guid_identifies() - whether a FireWire GUID identifies a box
 * @guid: EUI-64
 *
 * Return: false for GUIDs whose low word is a maker's default.
 */
bool bfp_guid_identifies(u64 guid)
{
	u32 low = (u32)guid;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(default_guid_low); i++)
		if (low == default_guid_low[i])
			return false;
	return (low & OXFORD_SERIAL_MASK) != OXFORD_DEFAULT;
}

/**
 * bfp_serial_identifies() - whether a serial number identifies a box
 * @serial: as the bus shows it; NULL is none
 *
 * Return: false for an empty one, one of a single repeated character, a known
 * default, or a GUID that bfp_guid_identifies() refuses.
 */
bool bfp_serial_identifies(const char *serial)
{
	size_t len, i, hex = 0;
	bool same = true;
	u64 guid = 0;

	if (!serial)
		return false;
	len = strlen(serial);
	if (len < 4)
		return false;
	for (i = 0; i < len; i++) {
		if (serial[i] != serial[0])
			same = false;
		if (is_hex(serial[i])) {
			guid = guid << 4 | hex_value(serial[i]);
			hex++;
		}
	}
	if (same)
		return false;
	for (i = 0; i < ARRAY_SIZE(default_prefix); i++)
		if (!strncmp(serial, default_prefix[i], strlen(default_prefix[i])))
			return false;
	if (hex == len && (len == 8 || len == 16))
		return bfp_guid_identifies(guid);
	return true;
}
