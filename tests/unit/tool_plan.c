// SPDX-License-Identifier: GPL-2.0-or-later
/* What is shown of a write before it is done. */
#include <json-c/json.h>

#include "output.h"
#include "planview.h"
#include "profile_help.h"
#include "tool_help.h"

#define MOST	(64 * 1024)

static u8 old[MOST], new[MOST];
static struct bfp p;
static struct bfp_plan plan;

/* A flash with these lines of its own; the rest is alike for all. */
static void begin(const char *recovery, u32 size, const char *memory, const char *more)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 "[chip]\nname = test\ntitle = test\nvendor = test\nrecovery = %s\n"
		 "[usb 1209:0001]\nrole = running\nevidence = traced\nsource = test\n"
		 "[memory m]\nkind = flash\nholds = test\nsize = %u\naccess = offset\n"
		 "read-chunk = %u\nwrite-chunk = 16\nerase-first = yes\ninterrupted = final\n"
		 "%s%s", recovery, size, size, memory, more);
	load_text(text, &p);
	memset(old, 0x55, sizeof(old));
	memset(new, 0x55, sizeof(new));
}

#define ERASE_SECTOR "[operation m.erase-sector]\nevidence = traced\nsource = test\n" \
	"transports = scsi\nstep = cdb none : C3 00 {address:be24} 00\n"
#define ERASE_ALL "[operation m.erase-all]\nevidence = traced\nsource = test\n" \
	"transports = scsi\nstep = cdb none : C4 00 00 00 00 00\n"
#define RULES "[rule m serial]\nkind = identity\nat = 70\nlength = 4\nevidence = traced\n" \
	"source = test\n[rule m model]\nkind = keep\nat = 0\nlength = 2\nevidence = traced\n" \
	"source = test\n"

static void make(u32 len)
{
	if (bfp_plan_make(&plan, &p, 0, old, new, len)) {
		printf("Bail out! no plan\n");
		exit(1);
	}
}

static char *map_of(bool ascii, bool colour)
{
	struct map_style style = { .ascii = ascii, .colour = colour };

	tool_capture();
	say_map(&plan, &style);
	return tool_captured();
}

static void is_map(bool ascii, bool colour, const char *want, const char *name)
{
	char *text = map_of(ascii, colour);

	is_text(text, want, name);
	free(text);
}

#define LEGEND	"    . same   + programmed   - erased   # erased and programmed\n"

#define SAME	"\xc2\xb7\xc2\xb7\xc2\xb7"
#define PROGRAMMED	"\xe2\x96\x92\xe2\x96\x92\xe2\x96\x92"
#define ERASED	"\xe2\x96\x91\xe2\x96\x91\xe2\x96\x91"
#define REWRITTEN	"\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"

static void drawing(void)
{
	char *text;
	u32 i;

	begin("boot-mode", 512, "sectors = 8 x 64\nboot-sector = 448\n", ERASE_SECTOR RULES);
	new[70] = 0x5f;
	new[130] = 0;
	memset(new + 192, 0xff, 64);
	make(512);
	is_map(true, false,
	       "    0x000000  ... ### +++ --- ... ... ... ...\n"
	       "              K   I                       B\n"
	       LEGEND
	       "    B makes the chip boot\n"
	       "    I has the box's serial or GUID\n"
	       "    K has bytes that must stay\n", "a few sectors");
	text = map_of(false, false);
	has_text(text, "0x000000  " SAME " " REWRITTEN " " PROGRAMMED " " ERASED " ",
		 "drawn with blocks");
	ok(!strchr(text, '\033'), "without colour where it is not wanted");
	free(text);
	text = map_of(true, true);
	has_text(text, "... \033[31m###\033[0m \033[33m+++\033[0m \033[36m---\033[0m ...",
		 "in colour");
	free(text);
	unload(&p);

	begin("boot-mode", 128, "sectors = 2 x 64\nboot-sector = 0\n", ERASE_SECTOR RULES);
	make(128);
	is_map(true, false,
	       "    0x000000  ... ...\n"
	       "              B\n"
	       "                  I\n"
	       "              K\n"
	       LEGEND
	       "    B makes the chip boot\n"
	       "    I has the box's serial or GUID\n"
	       "    K has bytes that must stay\n", "several marks in one place");
	unload(&p);

	begin("boot-mode", 4096, "sectors = 64 x 16, 48 x 64\n", ERASE_SECTOR);
	new[16] = 0xff;
	new[1024] = 0xff;
	new[4095] = 0xff;
	make(4096);
	is_map(true, false,
	       "    0x000000  .#..............................................................\n"
	       "    0x000400  #..............................................#\n"
	       LEGEND, "more than a line");
	unload(&p);

	begin("boot-mode", MOST, "sectors = 1024 x 64\n", ERASE_SECTOR);
	new[64] = 0x54;
	new[128] = 0x56;
	new[MOST - 1] = 0x54;
	make(MOST);
	text = map_of(true, false);
	ok(!strncmp(text, "    0x000000  #...", 18), "several sectors in a place: what is done most");
	has_text(text, "\n    0x00c000  ", "the last line begins where it should");
	has_text(text, "..+\n    . same", "the last place");
	has_text(text, "    4 sectors in each place\n", "it says how many");
	for (i = 0; text[i] && text[i] != '\n'; i++)
		;
	is_int(i, 14 + 64, "no line is longer than a terminal");
	free(text);
	unload(&p);
}

static void listing(void)
{
	char *text;
	u32 i;

	begin("boot-mode", 4096, "sectors = 64 x 64\nboot-sector = 192\n", ERASE_SECTOR);
	for (i = 0; i < 5; i++)
		new[i * 64] = 0xff;
	new[600] = 0x11;
	new[601] = 0x11;
	make(4096);
	tool_capture();
	say_sectors(&plan);
	text = tool_captured();
	is_text(text,
		"SECTOR  RANGE           DIFFER  CHANGE\n"
		"0..2    0x0000..0x00bf  3       erased and programmed\n"
		"3       0x00c0..0x00ff  1       erased and programmed, boot sector\n"
		"4       0x0100..0x013f  1       erased and programmed\n"
		"9       0x0240..0x027f  2       programmed only\n", "sectors, those alike in one row");
	free(text);
	unload(&p);

	begin("boot-mode", 8192, "sectors = 128 x 64\n", ERASE_SECTOR);
	for (i = 0; i < 128; i += 2)
		new[i * 64] = 0xff;
	make(8192);
	tool_capture();
	say_sectors(&plan);
	text = tool_captured();
	has_text(text, "62      0x0f80..0x0fbf  1       erased and programmed\nand 32 more\n",
		 "too many rows are left out");
	free(text);
	unload(&p);
}

static void is_said(const char *work, const char *final, u32 len, const char *name)
{
	char text[400];

	make(len);
	plan_work(&plan, text, sizeof(text));
	is_text(text, work, name);
	plan_final(&plan, text, sizeof(text));
	is_text(text, final, "and what of that is final");
}

#define GONE ", a power cut or unplug is FINAL: nothing is known that reaches this chip " \
	"again without valid firmware."

static void sentences(void)
{
	begin("none-known", 512, "sectors = 8 x 64\nboot-sector = 0\n", ERASE_SECTOR);
	new[70] = 0x11;
	is_said("erase nothing, program 16 bytes", "", 512, "the boot sector stays");
	new[3] = 0x11;
	is_said("erase nothing, program 32 bytes",
		"From the first byte programmed in sector 0 (0x0000, which makes the chip boot) until its last byte is programmed"
		GONE, 512, "it is programmed");
	new[3] = 0xff;
	is_said("erase 1 of 8 sectors (64 bytes), program 80 bytes",
		"From the erase of sector 0 (0x0000, which makes the chip boot) until its last byte is programmed"
		GONE, 512, "it is erased");
	memset(new, 0xff, 64);
	is_said("erase 1 of 8 sectors (64 bytes), program 16 bytes",
		"From the erase of sector 0 (0x0000, which makes the chip boot) to its end"
		GONE, 512, "it becomes blank");
	unload(&p);

	begin("none-known", 512, "sectors = 8 x 64\n", ERASE_SECTOR);
	new[70] = 0xff;
	new[200] = 0;
	is_said("erase 1 of 8 sectors (64 bytes), program 80 bytes",
		"From the erase of sector 1 (0x0040) until the last byte of sector 3 is programmed"
		GONE, 512, "nobody knows what makes it boot");
	memset(new + 448, 0xff, 64);
	is_said("erase 2 of 8 sectors (128 bytes), program 80 bytes",
		"From the erase of sector 1 (0x0040) until sector 7 is erased"
		GONE, 512, "it ends with an erase");
	unload(&p);

	begin("none-known", 512, "sectors = 8 x 64\nboot-sector = 64\n", ERASE_ALL);
	new[200] = 0xff;
	is_said("erase everything (512 bytes), program 512 bytes",
		"From the erase of everything until the last byte of sector 1 is programmed"
		GONE, 512, "everything is erased");
	memset(new, 0xff, 512);
	is_said("erase everything (512 bytes), program nothing",
		"From the erase of everything to its end"
		GONE, 512, "and nothing comes back");
	unload(&p);

	begin("boot-mode", 512, "sectors = 8 x 64\n", ERASE_ALL);
	new[200] = 0xff;
	is_said("erase everything (512 bytes), program 512 bytes", "", 512,
		"a chip with a way back");
	unload(&p);
}

static void is_json(struct json_object *o, const char *want, const char *name)
{
	is_text(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN), want, name);
	json_object_put(o);
}

static void has_json(const char *text, const char *part)
{
	has_text(text, part, "a part of it");
}

static void scripts(void)
{
	struct json_object *o;
	const char *text;

	begin("none-known", 256, "sectors = 4 x 64\nboot-sector = 0\n", ERASE_SECTOR RULES);
	new[3] = 0xff;
	new[200] = 0;
	make(256);
	o = plan_json(&plan);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
	has_text(text, "{\"sector_count\":4,\"boot_sector\":0,\"erase_all\":false,",
		 "a plan for scripts");
	has_json(text, ",\"erases\":1,\"erase_bytes\":64,\"programs\":2,\"program_bytes\":80,");
	has_json(text, "[{\"sector\":0,\"offset\":0,\"size\":64,\"change\":\"rewrite\",");
	has_json(text, "\"change\":\"rewrite\",\"differ\":1,\"boot\":true},{\"sector\":3,");
	has_json(text, "\"change\":\"program\",\"differ\":1,\"boot\":false}],\"order\":[3,0],");
	has_json(text, ",\"final\":{\"first\":1,\"last\":1,\"text\":\"From the erase of sector 0");
	json_object_put(o);
	unload(&p);

	begin("boot-mode", 256, "sectors = 4 x 64\n", ERASE_SECTOR);
	make(256);
	o = plan_json(&plan);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
	has_text(text, ",\"boot_sector\":null,", "one that has nothing to do");
	has_json(text, ",\"erases\":0,\"erase_bytes\":0,\"programs\":0,\"program_bytes\":0,");
	has_json(text, ",\"sectors\":[],\"order\":[],\"final\":null}");
	json_object_put(o);
	unload(&p);
}

static void regions(void)
{
	struct region *v;
	char *text;
	size_t n;

	begin("boot-mode", 256, "sectors = 4 x 64\n", ERASE_SECTOR RULES);
	new[73] = 0;
	n = regions_find(&p, 0, old, 256, new, 256, &v);
	is_int((long long)n, 2, "bytes that belong to the box");
	tool_capture();
	say_regions(v, n);
	text = tool_captured();
	is_text(text, "  the box's identity, serial, 0x0046..0x0049: differs\n"
		"  bytes that must stay, model, 0x0000..0x0001: the same\n", "for people");
	free(text);
	is_json(regions_json(v, n),
		"[{\"rule\":\"serial\",\"kind\":\"identity\",\"offset\":70,\"length\":4,\"differs\":true},{\"rule\":\"model\",\"kind\":\"keep\",\"offset\":0,\"length\":2,\"differs\":false}]",
		"for scripts");
	free(v);
	n = regions_find(&p, 0, old, 256, new, 73, &v);
	ok(n == 1 && !v[0].identity, "what one content does not reach is left out");
	free(v);
	unload(&p);
}

static void style(void)
{
	struct map_style s;

	setenv("LC_ALL", "C", 1);
	map_style_find(&s, false);
	ok(s.ascii, "a locale without UTF-8: ASCII");
	setenv("LC_ALL", "C.UTF-8", 1);
	map_style_find(&s, false);
	ok(!s.ascii, "one with it: blocks");
	map_style_find(&s, true);
	ok(s.ascii, "unless the user wants ASCII");
	tool_capture();
	map_style_find(&s, false);
	free(tool_captured());
	ok(!s.colour || isatty(STDOUT_FILENO), "colour is for terminals");
	setenv("NO_COLOR", "1", 1);
	map_style_find(&s, false);
	ok(!s.colour, "and not for who does not want it");
}

int main(void)
{
	drawing();
	listing();
	sentences();
	scripts();
	regions();
	style();
	return tap_done();
}
