// SPDX-License-Identifier: GPL-2.0-or-later
/* What a node tells of itself: which of the profile's ids, and what of the options. */
#include "fw/fw.h"

#define PROLIFIC	0x005077
#define OXFORD		0x0030e0

/**
 * fw_id() - an id that a box shows on FireWire
 * @profile: of the chip
 * @kind: BFP_ID_1394 or BFP_ID_QUADLET
 * @role: in which state
 *
 * Return: the first one, or NULL.
 */
const struct bfp_id *fw_id(const struct bfp *profile, u8 kind, u8 role)
{
	const struct bfp_id *ids = bfp_ids(profile);
	u32 i;

	for (i = 0; i < bfp_count(profile, BFP_IDS); i++)
		if (ids[i].kind == kind && ids[i].role == role)
			return &ids[i];
	return NULL;
}

static void put(char *out, const char *text)
{
	snprintf(out, ROM_TEXT, "%s", text);
}

/**
 * fw_usual_texts() - what boxes of a company have in their config ROM
 * @company: its id
 * @profile: of the chip, for what is not known
 * @id: gets the texts
 *
 * As printed of a PL-3507 and of an Oxford bridge; else the profile's own words.
 */
void fw_usual_texts(u32 company, const struct bfp *profile, struct rom_identity *id)
{
	switch (company) {
	case PROLIFIC:
		put(id->vendor_text, "Prolific");
		put(id->model_text, "Prolific PL3507 Combo Device");
		break;
	case OXFORD:
		put(id->vendor_text, "Oxford Semiconductor Ltd.");
		put(id->model_text, "OXFORD IDE Device LUN 0");
		break;
	default:
		put(id->vendor_text, bfp_string(profile, bfp_header(profile)->vendor));
		put(id->model_text, bfp_string(profile, bfp_header(profile)->title));
	}
}

/* The id for the state that the chip is in; NULL: the profile has none. */
static const struct bfp_id *shown(const struct box *box)
{
	const struct bfp *p = &box->chip.profile;
	const struct bfp_id *id;
	u8 role = box->boots ? BFP_ROLE_RUNNING : BFP_ROLE_BLANK;

	if (box->chip.mode != BFP_NONE) {
		id = bfp_ids(p) + box->chip.mode;
		if (id->kind == BFP_ID_1394 || id->kind == BFP_ID_QUADLET)
			return id;
		role = id->role;
	}
	id = fw_id(p, BFP_ID_1394, role);
	return id ? id : fw_id(p, BFP_ID_QUADLET, role);
}

/**
 * fw_take_identity() - what the node tells of itself from now on
 * @fw: the node, whose chip has just started
 *
 * A chip whose firmware does not run, or that waits for a new one, has a config ROM only
 * if the profile has an id for that in one.
 */
void fw_take_identity(struct fw *fw)
{
	const struct bfp_id *id = shown(fw->box);
	u16 flags;

	fw->id = fw->wanted;
	fw->running = fw->box->boots && (fw->box->chip.mode == BFP_NONE ||
					 (id && id->kind == BFP_ID_1394));
	if (id && id->kind == BFP_ID_1394) {
		flags = le16_to_cpu(id->flags);
		if (!fw->fixed_vendor && (flags & BFP_ID_HAS_VENDOR))
			fw->id.vendor = le32_to_cpu(id->vendor);
		if (!fw->fixed_model && (flags & BFP_ID_HAS_PRODUCT))
			fw->id.model = le32_to_cpu(id->product);
		if (!fw->fixed_revision && (flags & BFP_ID_HAS_REVISION)) {
			fw->id.revision = le32_to_cpu(id->rev_lo);
			fw->id.has_revision = true;
		}
	}
	fw->rom_size = 0;
	if (fw->running || (id && id->kind == BFP_ID_1394))
		fw->rom_size = rom_build(&fw->id, fw->box->hostile_rom, fw->seed, fw->rom);
}
