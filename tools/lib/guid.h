/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a FireWire GUID says, and what it does not. */
#ifndef BRIDGEFW_LIB_GUID_H
#define BRIDGEFW_LIB_GUID_H

#include <stdbool.h>

#include "port.h"

#define GUID_TEXT	17	/* 16 digits and the zero */

/**
 * struct guid - an EUI-64, taken apart
 * @value: the number
 * @oui: its upper 24 bits: whose number it is
 * @maker: who has that OUI; NULL if it is none of those that are known here
 * @type: SCSI peripheral device type of the drive behind the bridge, as the chip's
 *	firmware puts it into the GUID; -1 if this maker is not known to do so
 * @serial: what is left: the box's own part
 * @digits: of @serial in hexadecimal
 * @identifies: it is no maker's default
 */
struct guid {
	u64 value;
	u32 oui;
	const char *maker;
	int type;
	u64 serial;
	int digits;
	bool identifies;
};

const char *oui_maker(u32 oui);
const char *device_type_text(int type);
void guid_decode(u64 value, struct guid *g);
bool guid_parse(const char *text, u64 *value);
void guid_text(u64 value, char out[GUID_TEXT]);
void guid_words(const struct guid *g, char *out, size_t room);

#endif
