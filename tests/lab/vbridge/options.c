// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line. */
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>

#include "options.h"

static const char usage[] =
"usage: vbridge --bus usb|1394 --chip NAME [OPTION]...\n"
"       vbridge ctl SOCKET COMMAND [ARGUMENT]...\n"
"\n"
"Plugs one virtual enclosure into this machine's virtual USB host controller, or into\n"
"a fake FireWire card of the lab, and stays until it is killed (the cable is pulled)\n"
"or told to go.\n"
"\n"
"The bridge:\n"
"  --bus usb|1394      the bus it is plugged into\n"
"  --speed full|high   of USB (default high)\n"
"  --speed s100|s200|s400  of FireWire (default s400)\n"
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
"On FireWire:\n"
"  --card N            fake card whose bus it is on (default 0)\n"
"  --behind SOCKET|N   box that it is plugged into, by control socket or handle\n"
"  --guid HEX16        its GUID (default: by company, drive and files)\n"
"  --company HEX6      company id in its config ROM; --model, --revision likewise\n"
"  --texts VENDOR/MODEL  in its config ROM\n"
"  --link off          its PHY repeats, and nothing in it answers\n"
"  --blank             its firmware does not run, whatever is in its flash\n"
"  --hostile VARIANT   of its config ROM, as --fault hostile-rom=VARIANT\n"
"  --selfid HEX,...    its self-ID packets, right or wrong\n"
"The run:\n"
"  --port N            of the virtual host controller, or of what it is plugged into\n"
"                      (default: a free one)\n"
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
	OPT_CONTROL, OPT_PART, OPT_NO_BOOT_CHECK, OPT_BLANK, OPT_HOSTILE, OPT_FW, OPT_HELP,
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
	{ "blank", no_argument, NULL, OPT_BLANK },
	{ "hostile", required_argument, NULL, OPT_HOSTILE },
	{ "card", required_argument, NULL, OPT_FW },
	{ "behind", required_argument, NULL, OPT_FW },
	{ "guid", required_argument, NULL, OPT_FW },
	{ "company", required_argument, NULL, OPT_FW },
	{ "model", required_argument, NULL, OPT_FW },
	{ "revision", required_argument, NULL, OPT_FW },
	{ "texts", required_argument, NULL, OPT_FW },
	{ "link", required_argument, NULL, OPT_FW },
	{ "selfid", required_argument, NULL, OPT_FW },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/**
 * options_bad() - the command line cannot be followed
 * @fmt: why not
 *
 * Return: -EINVAL.
 */
int options_bad(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("vbridge: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputs("\n", stderr);
	va_end(ap);
	return -EINVAL;
}

/**
 * options_number() - a number as an argument
 * @option: its name
 * @text: the argument
 * @least: allowed
 * @most: allowed
 * @out: gets it
 *
 * Return: 0, or -EINVAL after a message.
 */
int options_number(const char *option, const char *text, u32 least, u32 most, u32 *out)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(text, &end, 0);
	if (errno || !*text || *end || *text == '-' || v < least || v > most)
		return options_bad("--%s %s: expected a number from %u to %u", option, text, least,
				   most);
	*out = v;
	return 0;
}

static int parse_ids(struct box *box, const char *text)
{
	unsigned int vendor, product, bcd;
	char end;
	int n = sscanf(text, "%4x:%4x:%4x%c", &vendor, &product, &bcd, &end);

	if (n != 3 && sscanf(text, "%4x:%4x%c", &vendor, &product, &end) != 2)
		return options_bad("--ids %s: expected VID:PID or VID:PID:BCD in hex", text);
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
		return options_bad("--drive %s: expected none, disk or dvd", text);
	if (o->drives == BOX_LUNS)
		return options_bad("--drive %s: a bridge has at most %d drives", text, BOX_LUNS);
	if (o->drives && (i == DRIVE_NONE || o->drive[0] == DRIVE_NONE))
		return options_bad("--drive none goes with no other drive");
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
			return options_bad("--ata %s: expected a list of sat, df, d8, or none",
					   text);
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
	return options_bad("--part %s: expected one of %s", text, names);
}

static int parse_bus(struct options *o, const char *text)
{
	if (strcmp(text, "usb") && strcmp(text, "1394"))
		return options_bad("--bus %s: expected usb or 1394", text);
	o->bus = strcmp(text, "usb") ? BOX_1394 : BOX_USB;
	return 0;
}

/* Once the bus is known. */
static int choose_speed(const struct options *o, struct box *box)
{
	static const struct {
		const char *name;
		enum box_bus bus;
		enum model_speed speed;
	} speeds[] = {
		{ "full", BOX_USB, MODEL_FULL_SPEED },
		{ "high", BOX_USB, MODEL_HIGH_SPEED },
		{ "s100", BOX_1394, MODEL_S100 },
		{ "s200", BOX_1394, MODEL_S200 },
		{ "s400", BOX_1394, MODEL_S400 },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(speeds); i++) {
		if (speeds[i].bus != o->bus)
			continue;
		box->clock.speed = speeds[i].speed;
		/* The last of a bus is the usual one. */
		if (o->speed && !strcmp(o->speed, speeds[i].name))
			return 0;
	}
	if (!o->speed)
		return 0;
	return options_bad("--speed %s: expected %s", o->speed,
			   o->bus == BOX_USB ? "full or high" : "s100, s200 or s400");
}

static int add_fault(struct box *box, const char *spec)
{
	char err[192];

	return faults_add(&box->faults, spec, err, sizeof(err)) ?
	       options_bad("--fault %s: %s", spec, err) : 0;
}

static int parse_one(struct options *o, struct box *box, int opt, const char *arg,
		     const char *name)
{
	char spec[FAULT_TEXT];
	u32 v;

	switch (opt) {
	case OPT_BUS:
		return parse_bus(o, arg);
	case OPT_SPEED:
		o->speed = arg;
		return 0;
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
		return options_number("page", arg, 1, 4096, &o->page);
	case OPT_PAGE_US:
		return options_number("page-us", arg, 0, 10000000, &o->page_us);
	case OPT_DRIVE:
		return parse_drive(o, arg);
	case OPT_DISK:
		if (!o->drives)
			parse_drive(o, "disk");
		o->disk[o->drives - 1] = arg;
		return 0;
	case OPT_DRIVE_SERIAL:
		if (strlen(arg) > 20)
			return options_bad("--drive-serial %s: longer than 20 characters", arg);
		o->drive_serial = arg;
		return 0;
	case OPT_ATA:
		return parse_ata(o, arg);
	case OPT_PORT:
		if (options_number("port", arg, 0, 1023, &v))
			return -EINVAL;
		o->port = v;
		return 0;
	case OPT_FAULT:
		return add_fault(box, arg);
	case OPT_HOSTILE:
		if (snprintf(spec, sizeof(spec), "hostile-rom=%s", arg) >= (int)sizeof(spec))
			return options_bad("--hostile %s: longer than any variant", arg);
		o->fw_only = "hostile";
		return add_fault(box, spec);
	case OPT_BLANK:
		box->never_boots = true;
		return 0;
	case OPT_FW:
		o->fw_only = name;
		return fw_option(&o->fw, name, arg);
	case OPT_SEED:
		return options_number("seed", arg, 0, 0xffffffff, &o->seed);
	case OPT_REALTIME:
		box->realtime = true;
		return 0;
	case OPT_TRACE:
		o->trace = arg;
		return 0;
	case OPT_PATIENCE:
		if (options_number("patience", arg, 1, 3600, &v))
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
	int opt, ret, at = 0;

	memset(o, 0, sizeof(*o));
	o->port = -1;
	o->page = MODEL_PAGE_DEFAULT;
	o->page_us = MODEL_PAGE_US_DEFAULT;
	o->seed = 1;
	o->patience_ms = 20000;
	while ((opt = getopt_long(argc, argv, "", longs, &at)) != -1) {
		ret = parse_one(o, box, opt, optarg, longs[at].name);
		if (ret)
			return ret;
		bus |= opt == OPT_BUS;
	}
	if (optind < argc)
		return options_bad("'%s' is no option; try --help", argv[optind]);
	if (!bus || (!o->chip && !o->profile))
		return options_bad("--bus and --chip (or --profile) are needed; try --help");
	if (o->bus != BOX_1394 && o->fw_only)
		return options_bad("--%s goes with --bus 1394", o->fw_only);
	if (choose_speed(o, box))
		return -EINVAL;
	if (!o->drives)
		parse_drive(o, "disk");
	return 0;
}
