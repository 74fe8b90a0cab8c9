// SPDX-License-Identifier: GPL-2.0-or-later
/* The enclosure that the command line describes. */
#include "options.h"

/* Which pass-through commands the chips are known to translate. */
static u32 ata_of(const char *chip)
{
	if (!strncmp(chip, "pl2507", 6) || !strncmp(chip, "pl3507", 6))
		return ATA_SAT | ATA_DF;
	if (!strncmp(chip, "pl2571", 6) || !strncmp(chip, "pl277", 5))
		return ATA_SAT | ATA_D8;
	return ATA_SAT;
}

static int load_memory(struct box *box, int kind, const char *path)
{
	struct model_memory *m;
	int ret;

	if (!path)
		return 0;
	m = model_chip_memory(&box->chip, NULL, kind);
	if (!m)
		return options_bad("%s: the chip has no %s", path, bfp_memory_kind_name(kind));
	ret = model_memory_load(m, path);
	if (ret == -EFBIG)
		return options_bad("%s: larger than the %s of the chip, which has %u bytes", path,
			   m->name, m->size);
	if (ret)
		return options_bad("%s: %s", path, strerror(-ret));
	return 0;
}

static int choose_part(struct box *box, const struct model_part *part)
{
	struct model_memory *m = model_chip_memory(&box->chip, NULL, BFP_FLASH);

	if (!part)
		return 0;
	if (!m)
		return options_bad("--part %s: the chip has no flash", part->name);
	if (m->size > model_part_most(part))
		return options_bad("--part %s: has at most %u bytes, and the %s of the chip has %u",
			   part->name, model_part_most(part), m->name, m->size);
	model_nor_init(m, part);
	return 0;
}

static int build_memories(const struct options *o, struct box *box)
{
	u32 i;

	for (i = 0; i < box->chip.memories; i++) {
		box->chip.memory[i].seed = o->seed;
		if (bfp_memories(&box->chip.profile)[i].kind != BFP_EEPROM)
			continue;
		box->chip.memory[i].page = o->page;
		box->chip.memory[i].page_us = o->page_us;
	}
	return choose_part(box, o->part) ?: load_memory(box, BFP_EEPROM, o->eeprom) ?:
	       load_memory(box, BFP_FLASH, o->flash);
}

/* FNV-1a, continued from @h */
static u32 hash(u32 h, const char *text)
{
	while (text && *text)
		h = (h ^ (u8)*text++) * 16777619u;
	return h;
}

/* A serial number that stays as long as the files of the box do. */
static void made_up_serial(const struct options *o, const struct box *box, u32 i, char *out,
			   size_t room)
{
	u32 h = hash(2166136261u + i, o->disk[i]), j;

	h = hash(h, o->eeprom);
	for (j = 0; box->fixed_serial && j < box->serial.len; j++)
		h = (h ^ box->serial.unit[j]) * 16777619u;
	snprintf(out, room, "LAB-%08X", h);
}

static int build_drives(const struct options *o, struct box *box, const char *chip)
{
	char serial[21];
	int ret;
	u32 i;

	box->luns = o->drives;
	for (i = 0; i < o->drives; i++) {
		box->lun[i].luns = o->drives;
		box->lun[i].reduced = o->bus == BOX_1394;
		box->lun[i].ata = o->fixed_ata ? o->ata : ata_of(chip);
		made_up_serial(o, box, i, serial, sizeof(serial));
		ret = lun_open(&box->lun[i], o->drive[i], o->disk[i],
			       i || !o->drive_serial ? serial : o->drive_serial);
		if (ret)
			return options_bad("%s: %s", o->disk[i] ? o->disk[i] : "disk",
				   ret == -ENODATA ? "not one block in it" : strerror(-ret));
	}
	return 0;
}

static int build_layout(const struct options *o, struct box *box, const char *chip,
			struct loaded *layout)
{
	char path[512], err[512];
	const char *from = o->layout;

	memset(layout, 0, sizeof(*layout));
	if (!from && load_find_layout(chip, path, sizeof(path)))
		from = path;
	if (from && load_path(layout, from, err, sizeof(err)))
		return options_bad("%s", err);
	box->has_layout = true;
	box->layout = from ? layout->p : box->chip.profile;
	return 0;
}

/**
 * options_build() - the enclosure that the options describe
 * @o: the options
 * @box: to fill
 * @profile: the chip's profile, which must outlive the box
 * @layout: that of its EEPROM, likewise
 *
 * Return: 0, or an error after a message.
 */
int options_build(const struct options *o, struct box *box, struct loaded *profile,
		  struct loaded *layout)
{
	const char *chip;
	char err[512];
	int ret;

	ret = o->profile ? load_path(profile, o->profile, err, sizeof(err)) :
			   load_chip(profile, o->chip, err, sizeof(err));
	if (ret)
		return options_bad("%s", err);
	chip = bfp_string(&profile->p, bfp_header(&profile->p)->name);
	ret = model_chip_init(&box->chip, &profile->p, &box->clock);
	if (ret)
		return options_bad("%s: %s", chip, strerror(-ret));
	box->bus = o->bus;
	box->faults.seed = o->seed;
	ret = build_memories(o, box) ?: build_drives(o, box, chip) ?:
	      build_layout(o, box, o->chip ? o->chip : chip, layout);
	if (ret)
		return ret;
	identity_default(&box->rom, &profile->p);
	if (o->bus == BOX_USB && !box->rom.vendor && !box->fixed_ids)
		return options_bad("%s: its profile has no USB id; give --ids", chip);
	if (box_apply_states(box, err, sizeof(err)))
		return options_bad("--fault %s", err);
	ret = trace_open(&box->trace, o->trace);
	if (ret)
		return options_bad("%s: %s", o->trace, strerror(-ret));
	return 0;
}
