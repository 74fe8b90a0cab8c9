// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line, and the enclosure that it describes. */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>

#include "options.h"

static const char usage[] =
"usage: vbridge --bus usb --chip NAME [OPTION]...\n"
"       vbridge ctl SOCKET COMMAND [ARGUMENT]...\n"
"\n"
"Plugs one virtual enclosure into this machine's virtual USB host controller and\n"
"stays until it is killed (the cable is pulled) or told to go.\n"
"\n"
"The bridge:\n"
"  --bus usb           the bus it is plugged into\n"
"  --speed full|high   of the bus (default high)\n"
"  --chip NAME         the chip, by the name of its profile\n"
"  --profile FILE      its profile, text or compiled\n"
"  --layout FILE       profile that says where its EEPROM keeps ids and strings\n"
"  --ids VID:PID[:BCD] ids to show, whatever chip and EEPROM say\n"
"  --serial TEXT       serial number to show, likewise\n"
"  --eeprom FILE       content of its EEPROM, kept there (default: a blank part)\n"
"  --flash FILE        content of its flash, likewise\n"
"  --part NAME         type of its flash (default: by its sectors)\n"
"  --no-boot-check     its firmware runs, whatever is in its flash\n"
"  --page BYTES        page of the EEPROM (default 8)\n"
"  --page-us N         time it is busy with one (default 5000)\n"
"The drive:\n"
"  --drive none|disk|dvd  behind the bridge; given again: one more unit (default disk)\n"
"  --disk FILE         its medium (default: an empty disk of 64 MiB; no disc)\n"
"  --drive-serial TEXT serial number of the first drive\n"
"  --ata LIST          pass-through commands, of sat, df and d8 (default: by chip)\n"
"The run:\n"
"  --port N            port of the virtual host controller (default: a free one)\n"
"  --fault SPEC        what goes wrong: KIND[=ARG][@CONDITION,...]\n"
"  --seed N            for what is random in faults and torn pages\n"
"  --realtime          take the time that the memories take\n"
"  --trace FILE        append one line of JSON for each transaction\n"
"  --patience SECONDS  how long the host may take to configure it (default 20)\n"
"  --control SOCKET    listen there for \"vbridge ctl\"\n"
"\n"
"Documentation/lab-vbridge.rst describes faults, trace and commands.\n";

enum {
	OPT_BUS = 256, OPT_SPEED, OPT_CHIP, OPT_PROFILE, OPT_LAYOUT, OPT_IDS, OPT_SERIAL,
	OPT_EEPROM, OPT_FLASH, OPT_PAGE, OPT_PAGE_US, OPT_DRIVE, OPT_DISK, OPT_DRIVE_SERIAL,
	OPT_ATA, OPT_PORT, OPT_FAULT, OPT_SEED, OPT_REALTIME, OPT_TRACE, OPT_PATIENCE,
	OPT_CONTROL, OPT_PART, OPT_NO_BOOT_CHECK, OPT_HELP,
};

static const struct option longs[] = {
	{ "bus", required_argument, NULL, OPT_BUS },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "chip", required_argument, NULL, OPT_CHIP },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "layout", required_argument, NULL, OPT_LAYOUT },
	{ "ids", required_argument, NULL, OPT_IDS },
	{ "serial", required_argument, NULL, OPT_SERIAL },
	{ "eeprom", required_argument, NULL, OPT_EEPROM },
	{ "flash", required_argument, NULL, OPT_FLASH },
	{ "part", required_argument, NULL, OPT_PART },
	{ "no-boot-check", no_argument, NULL, OPT_NO_BOOT_CHECK },
	{ "page", required_argument, NULL, OPT_PAGE },
	{ "page-us", required_argument, NULL, OPT_PAGE_US },
	{ "drive", required_argument, NULL, OPT_DRIVE },
	{ "disk", required_argument, NULL, OPT_DISK },
	{ "drive-serial", required_argument, NULL, OPT_DRIVE_SERIAL },
	{ "ata", required_argument, NULL, OPT_ATA },
	{ "port", required_argument, NULL, OPT_PORT },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "realtime", no_argument, NULL, OPT_REALTIME },
	{ "trace", required_argument, NULL, OPT_TRACE },
	{ "patience", required_argument, NULL, OPT_PATIENCE },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static __printf(1, 2) int bad(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("vbridge: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("\n", stderr);
	va_end(ap);
	return -EINVAL;
}

static int parse_number(const char *option, const char *text, u32 least, u32 most, u32 *out)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(text, &end, 0);
	if (errno || !*text || *end || *text == '-' || v < least || v > most)
		return bad("--%s %s: expected a number from %u to %u", option, text, least, most);
	*out = v;
	return 0;
}

static int parse_ids(struct box *box, const char *text)
{
	unsigned int vendor, product, bcd;
	char end;
	int n = sscanf(text, "%4x:%4x:%4x%c", &vendor, &product, &bcd, &end);

	if (n != 3 && sscanf(text, "%4x:%4x%c", &vendor, &product, &end) != 2)
		return bad("--ids %s: expected VID:PID or VID:PID:BCD in hex", text);
	box->vendor_product = vendor << 16 | product;
	box->fixed_ids = true;
	box->fixed_bcd = n == 3;
	box->bcd = n == 3 ? bcd : 0;
	return 0;
}

static int parse_drive(struct options *o, const char *text)
{
	static const char * const names[] = {
		[DRIVE_NONE] = "none", [DRIVE_DISK] = "disk", [DRIVE_DVD] = "dvd",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(text, names[i]))
			break;
	if (i == ARRAY_SIZE(names))
		return bad("--drive %s: expected none, disk or dvd", text);
	if (o->drives == BOX_LUNS)
		return bad("--drive %s: a bridge has at most %d drives", text, BOX_LUNS);
	if (o->drives && (i == DRIVE_NONE || o->drive[0] == DRIVE_NONE))
		return bad("--drive none goes with no other drive");
	o->drive[o->drives++] = i;
	return 0;
}

static int parse_ata(struct options *o, const char *text)
{
	char copy[64], *word, *save = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	o->ata = 0;
	o->fixed_ata = true;
	for (word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (!strcmp(word, "sat"))
			o->ata |= ATA_SAT;
		else if (!strcmp(word, "df"))
			o->ata |= ATA_DF;
		else if (!strcmp(word, "d8"))
			o->ata |= ATA_D8;
		else if (strcmp(word, "none"))
			return bad("--ata %s: expected a list of sat, df, d8, or none", text);
	}
	return 0;
}

static int parse_part(struct options *o, const char *text)
{
	char names[128];

	o->part = model_part_find(text);
	if (o->part)
		return 0;
	model_part_names(names, sizeof(names));
	return bad("--part %s: expected one of %s", text, names);
}

static int parse_one(struct options *o, struct box *box, int opt, const char *arg)
{
	char err[192];
	u32 v;

	switch (opt) {
	case OPT_BUS:
		return strcmp(arg, "usb") ? bad("--bus %s: expected usb", arg) : 0;
	case OPT_SPEED:
		box->clock.speed = strcmp(arg, "full") ? MODEL_HIGH_SPEED : MODEL_FULL_SPEED;
		return strcmp(arg, "full") && strcmp(arg, "high") ?
		       bad("--speed %s: expected full or high", arg) : 0;
	case OPT_CHIP:
		o->chip = arg;
		return 0;
	case OPT_PROFILE:
		o->profile = arg;
		return 0;
	case OPT_LAYOUT:
		o->layout = arg;
		return 0;
	case OPT_IDS:
		return parse_ids(box, arg);
	case OPT_SERIAL:
		desc_string_ascii(&box->serial, arg);
		box->fixed_serial = true;
		return 0;
	case OPT_EEPROM:
		o->eeprom = arg;
		return 0;
	case OPT_FLASH:
		o->flash = arg;
		return 0;
	case OPT_PART:
		return parse_part(o, arg);
	case OPT_NO_BOOT_CHECK:
		box->always_boots = true;
		return 0;
	case OPT_PAGE:
		return parse_number("page", arg, 1, 4096, &o->page);
	case OPT_PAGE_US:
		return parse_number("page-us", arg, 0, 10000000, &o->page_us);
	case OPT_DRIVE:
		return parse_drive(o, arg);
	case OPT_DISK:
		if (!o->drives)
			parse_drive(o, "disk");
		o->disk[o->drives - 1] = arg;
		return 0;
	case OPT_DRIVE_SERIAL:
		if (strlen(arg) > 20)
			return bad("--drive-serial %s: longer than 20 characters", arg);
		o->drive_serial = arg;
		return 0;
	case OPT_ATA:
		return parse_ata(o, arg);
	case OPT_PORT:
		if (parse_number("port", arg, 0, 1023, &v))
			return -EINVAL;
		o->port = v;
		return 0;
	case OPT_FAULT:
		return faults_add(&box->faults, arg, err, sizeof(err)) ?
		       bad("--fault %s: %s", arg, err) : 0;
	case OPT_SEED:
		return parse_number("seed", arg, 0, 0xffffffff, &o->seed);
	case OPT_REALTIME:
		box->realtime = true;
		return 0;
	case OPT_TRACE:
		o->trace = arg;
		return 0;
	case OPT_PATIENCE:
		if (parse_number("patience", arg, 1, 3600, &v))
			return -EINVAL;
		o->patience_ms = v * 1000;
		return 0;
	case OPT_CONTROL:
		o->control = arg;
		return 0;
	case OPT_HELP:
		fputs(usage, stdout);
		return 1;
	}
	fputs("Try vbridge --help.\n", stderr);
	return -EINVAL;
}

/**
 * options_parse() - read the command line
 * @o: to fill
 * @box: gets what needs no profile
 * @argc: words
 * @argv: the words
 *
 * Return: 0; 1 after --help; -EINVAL after a message.
 */
int options_parse(struct options *o, struct box *box, int argc, char **argv)
{
	bool bus = false;
	int opt, ret;

	memset(o, 0, sizeof(*o));
	o->port = -1;
	o->page = MODEL_PAGE_DEFAULT;
	o->page_us = MODEL_PAGE_US_DEFAULT;
	o->seed = 1;
	o->patience_ms = 20000;
	box->clock.speed = MODEL_HIGH_SPEED;
	while ((opt = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		ret = parse_one(o, box, opt, optarg);
		if (ret)
			return ret;
		bus |= opt == OPT_BUS;
	}
	if (optind < argc)
		return bad("'%s' is no option; try --help", argv[optind]);
	if (!bus || (!o->chip && !o->profile))
		return bad("--bus usb and --chip NAME (or --profile FILE) are needed; try --help");
	if (!o->drives)
		parse_drive(o, "disk");
	return 0;
}

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
		return bad("%s: the chip has no %s", path, bfp_memory_kind_name(kind));
	ret = model_memory_load(m, path);
	if (ret == -EFBIG)
		return bad("%s: larger than the %s of the chip, which has %u bytes", path,
			   m->name, m->size);
	if (ret)
		return bad("%s: %s", path, strerror(-ret));
	return 0;
}

static int choose_part(struct box *box, const struct model_part *part)
{
	struct model_memory *m = model_chip_memory(&box->chip, NULL, BFP_FLASH);

	if (!part)
		return 0;
	if (!m)
		return bad("--part %s: the chip has no flash", part->name);
	if (m->size > model_part_most(part))
		return bad("--part %s: has at most %u bytes, and the %s of the chip has %u",
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
		box->lun[i].ata = o->fixed_ata ? o->ata : ata_of(chip);
		made_up_serial(o, box, i, serial, sizeof(serial));
		ret = lun_open(&box->lun[i], o->drive[i], o->disk[i],
			       i || !o->drive_serial ? serial : o->drive_serial);
		if (ret)
			return bad("%s: %s", o->disk[i] ? o->disk[i] : "disk",
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
		return bad("%s", err);
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
		return bad("%s", err);
	chip = bfp_string(&profile->p, bfp_header(&profile->p)->name);
	ret = model_chip_init(&box->chip, &profile->p, &box->clock);
	if (ret)
		return bad("%s: %s", chip, strerror(-ret));
	box->faults.seed = o->seed;
	ret = build_memories(o, box) ?: build_drives(o, box, chip) ?:
	      build_layout(o, box, o->chip ? o->chip : chip, layout);
	if (ret)
		return ret;
	identity_default(&box->rom, &profile->p);
	if (!box->rom.vendor && !box->fixed_ids)
		return bad("%s: its profile has no USB id; give --ids", chip);
	if (box_apply_states(box, err, sizeof(err)))
		return bad("--fault %s", err);
	ret = trace_open(&box->trace, o->trace);
	if (ret)
		return bad("%s: %s", o->trace, strerror(-ret));
	return 0;
}
