// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "config_rom.h"
#include "guid.h"
#include "identity.h"
#include "text.h"

#define OUI_OXFORD	0x0030e0
#define OUI_PROLIFIC	0x005077
#define OUI_INXTRON	0x0001d2

/**
 * oui_maker() - who has an OUI
 * @oui: 24 bits
 *
 * Return: a name; NULL for whoever is not known to build bridges
 */
const char *oui_maker(u32 oui)
{
	static const struct { u32 oui; const char *name; } makers[] = {
		{ OUI_OXFORD, "Oxford Semiconductor" },
		{ OUI_PROLIFIC, "Prolific" },
		{ OUI_INXTRON, "inXtron" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(makers); i++)
		if (makers[i].oui == oui)
			return makers[i].name;
	return NULL;
}

/**
 * device_type_text() - a SCSI peripheral device type in words
 * @type: 0 to 31
 *
 * Return: what an owner would call it; "device" for what bridges do not have behind them
 */
const char *device_type_text(int type)
{
	switch (type) {
	case 0x00:
	case 0x0e:	/* the same with fewer commands, RBC */
		return "disk";
	case 0x04:
		return "write-once disk";
	case 0x05:
		return "CD/DVD drive";
	case 0x07:
		return "magneto-optical drive";
	default:
		return "device";
	}
}

/**
 * guid_decode() - take a GUID apart
 * @value: EUI-64
 * @g: the parts
 *
 * Oxford's firmware has the drive's type in four bits (inferred from GUIDs that were
 * seen, see bfp_guid_type()); where they are zero it seems not to: an OXFW911 with
 * 0030e000000001fa had a CD/DVD drive behind it. Prolific's has it in the byte behind
 * the OUI (its readme of 2003-02-24, and all GUIDs that were seen). With another OUI,
 * the box's maker has put a GUID of his own in, and nothing tells which chip it is.
 */
void guid_decode(u64 value, struct guid *g)
{
	memset(g, 0, sizeof(*g));
	g->value = value;
	g->oui = value >> 40;
	g->maker = oui_maker(g->oui);
	g->identifies = bfp_guid_identifies(value);
	g->type = bfp_guid_type(value);
	if (!g->type)
		g->type = -1;
	if (g->type >= 0) {
		g->serial = (value >> 4 & 0xff0000000) | (value & 0xfffffff);
		g->digits = 9;
	} else if (g->oui == OUI_PROLIFIC) {
		g->type = value >> 32 & 0xff;
		g->serial = value & 0xffffffff;
		g->digits = 8;
	} else {
		g->serial = value & 0xffffffffff;
		g->digits = 10;
	}
}

/**
 * guid_parse() - a GUID as sysfs and the bridges show it
 * @text: 16 digits, perhaps with 0x before them
 * @value: the number
 *
 * Return: whether it is one
 */
bool guid_parse(const char *text, u64 *value)
{
	if (!strncmp(text, "0x", 2))
		text += 2;
	if (strlen(text) != GUID_TEXT - 1 || text[strspn(text, "0123456789abcdefABCDEF")])
		return false;
	*value = strtoull(text, NULL, 16);
	return true;
}

/**
 * guid_text() - a GUID as text
 * @value: the number
 * @out: 16 digits
 */
void guid_text(u64 value, char out[GUID_TEXT])
{
	snprintf(out, GUID_TEXT, "%016llx", (unsigned long long)value);
}

/**
 * guid_words() - what a GUID says, as a sentence
 * @g: the parts
 * @out: the sentence, without a full stop
 * @room: size of @out
 */
void guid_words(const struct guid *g, char *out, size_t room)
{
	out[0] = '\0';
	if (g->maker)
		text_add(out, room, "%s (OUI %06x)", g->maker, g->oui);
	else
		text_add(out, room, "OUI %06x, of a maker not known here", g->oui);
	text_add(out, room, ", serial %0*llx", g->digits, (unsigned long long)g->serial);
	if (g->type >= 0)
		text_add(out, room, ", for a %s as it seems (type %02x)", device_type_text(g->type),
			 g->type);
	if (!g->identifies)
		text_add(out, room, "; a default that many boxes show");
}
