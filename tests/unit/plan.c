// SPDX-License-Identifier: GPL-2.0-or-later
/* The write planner: known cases, and many random ones on a simple NOR part. */
#include "../lib/plan_check.h"
#include "profile_help.h"

#define GEOMETRIES	4000
#define CONTENTS	6	/* for each geometry */
#define SIZE_MOST	1024

/* What a memory of the test is like. */
struct part {
	const char *recovery;
	const char *kind;
	const char *interrupted;
	const char *sectors;	/* "" if it has none */
	u32 size;
	u32 unit;
	u32 chunk;
	int boot;		/* offset, -1: not known */
	u32 blank;
	bool erase_first;
	bool erase_sector;
	bool erase_all;
	bool whole;
};

static const struct part eight = {
	.recovery = "boot-mode", .kind = "flash", .interrupted = "restorable",
	.sectors = "8 x 64", .size = 512, .unit = 1, .chunk = 16, .boot = 448, .blank = 0xff,
	.erase_first = true, .erase_sector = true,
};

static void add_op(char *text, size_t room, const char *name, const char *step)
{
	size_t n = strlen(text);

	snprintf(text + n, room - n,
		 "[operation m.%s]\nevidence = traced\nsource = test\ntransports = scsi\n"
		 "step = %s\n", name, step);
}

static void make(const struct part *t, struct bfp *p)
{
	char text[4096], boot[40] = "", chunks[80] = "", sectors[300] = "";

	if (t->boot >= 0)
		snprintf(boot, sizeof(boot), "boot-sector = %d\n", t->boot);
	if (!t->whole)
		snprintf(chunks, sizeof(chunks), "read-chunk = %u\nwrite-chunk = %u\n",
			 t->size, t->chunk);
	if (t->sectors[0])
		snprintf(sectors, sizeof(sectors), "sectors = %s\n", t->sectors);
	snprintf(text, sizeof(text),
		 "[chip]\nname = test\ntitle = test\nvendor = test\nrecovery = %s\n"
		 "[usb 1209:0001]\nrole = running\nevidence = traced\nsource = test\n"
		 "[memory m]\nkind = %s\nholds = test\nsize = %u\naccess = %s\nunit = %u\n"
		 "%s%s%serase-value = %u\nerase-first = %s\ninterrupted = %s\n",
		 t->recovery, t->kind, t->size, t->whole ? "whole" : "offset", t->unit, chunks,
		 sectors, boot, t->blank, t->erase_first ? "yes" : "no", t->interrupted);
	if (t->erase_sector)
		add_op(text, sizeof(text), "erase-sector",
		       "cdb none : C3 00 {address:be24} 00");
	if (t->erase_all)
		add_op(text, sizeof(text), "erase-all", "cdb none : C4 00 00 00 00 00");
	load_text(text, p);
}

/* The plan as text: E3 erases sector 3, P16+32 programs, ! stands before what is final. */
static const char *plan_text(const struct bfp *p, const u8 *old, const u8 *new, u32 len)
{
	static char out[1024];
	struct bfp_plan_at at = { 0 };
	struct bfp_plan plan;
	u32 from, n, used = 0;

	out[0] = '\0';
	if (bfp_plan_make(&plan, p, 0, old, new, len))
		return "refused";
	if (plan.erase_all)
		used += snprintf(out, sizeof(out), " %sE*", plan.final ? "!" : "");
	while (bfp_plan_next(&plan, &at)) {
		const char *mark = at.final ? "!" : "";

		if (at.erase)
			used += snprintf(out + used, sizeof(out) - used, " %sE%u", mark,
					 at.sector.number);
		from = at.sector.offset;
		for (n = 0; bfp_stretch_next(&plan, &at, &from, &n);)
			used += snprintf(out + used, sizeof(out) - used, " %sP%u+%u", mark,
					 from, n);
	}
	return used ? out + 1 : "";
}

static void is_plan(const struct part *t, const u8 *old, const u8 *new, const char *want,
		    const char *name)
{
	struct bfp p;
	const char *wrong;

	make(t, &p);
	is_text(plan_text(&p, old, new, t->size), want, name);
	wrong = plan_check(&p, 0, old ? old : new, old, new, t->size);
	is_text(wrong ? wrong : "", "", "it does what it says");
	unload(&p);
}

static void sectors(void)
{
	struct part uneven = eight;
	struct bfp_sector s;
	struct bfp p;

	uneven.sectors = "2 x 128, 3 x 64, 1 x 64, 1 x 0x40";
	uneven.size = 576;
	make(&uneven, &p);
	is_int(bfp_sector_count(&p, 0), 7, "sectors of all rows are counted");
	ok(!bfp_sector_at(&p, 0, 0, &s) && !s.number && !s.offset && s.size == 128,
	   "the first byte's");
	ok(!bfp_sector_at(&p, 0, 255, &s) && s.number == 1 && s.offset == 128, "a row's last byte's");
	ok(!bfp_sector_at(&p, 0, 256, &s) && s.number == 2 && s.offset == 256 && s.size == 64,
	   "the next row's first byte's");
	ok(bfp_sector_next(&p, 0, &s) && s.number == 3 && s.offset == 320, "the one behind it");
	ok(!bfp_sector_at(&p, 0, 575, &s) && s.number == 6 && s.offset == 512, "the last byte's");
	ok(!bfp_sector_next(&p, 0, &s), "nothing is behind the last");
	is_int(bfp_sector_at(&p, 0, 576, &s), -EINVAL, "behind the memory there is none");
	unload(&p);

	uneven.sectors = "";
	uneven.erase_sector = false;
	uneven.boot = -1;
	make(&uneven, &p);
	is_int(bfp_sector_count(&p, 0), 1, "a memory without sectors is one");
	ok(!bfp_sector_at(&p, 0, 100, &s) && !s.number && !s.offset && s.size == 576,
	   "and that is all of it");
	ok(!bfp_sector_next(&p, 0, &s), "with nothing behind it");
	unload(&p);
}

static void plain(void)
{
	struct part t = eight;
	u8 old[512], new[512], blank[512];

	memset(old, 0x55, sizeof(old));
	memset(blank, 0xff, sizeof(blank));
	memcpy(new, old, sizeof(new));
	is_plan(&t, old, new, "", "nothing changes");
	new[70] = 0x56;
	is_plan(&t, old, new, "E1 P64+64", "a bit is raised: its sector alone");
	new[70] = 0x54;
	is_plan(&t, old, new, "P64+16", "bits are cleared: no erase, one chunk");
	new[130] = 0;
	new[160] = 0;
	is_plan(&t, old, new, "P64+16 P128+16 P160+16", "stretches between what stays");
	memset(new + 128, 0xff, 64);
	is_plan(&t, old, new, "P64+16 E2", "a sector becomes blank");
	new[176] = 1;
	is_plan(&t, old, new, "P64+16 E2 P176+16", "blank chunks are not programmed");
	is_plan(&t, blank, old, "P0+64 P64+64 P128+64 P192+64 P256+64 P320+64 P384+64 P448+64",
		"a blank part needs no erase");
	is_plan(&t, NULL, new,
		"E0 P0+64 E1 P64+64 E2 P176+16 E3 P192+64 E4 P256+64 E5 P320+64 E6 P384+64 E7 P448+64",
		"what is there is not known");
	t.boot = 0;
	new[3] = 0xff;
	is_plan(&t, old, new, "P64+16 E2 P176+16 E0 P0+64", "the boot sector comes last");
	t.chunk = 48;
	is_plan(&t, old, new, "P64+32 E2 P144+48 E0 P0+64", "chunks across a sector's end are cut");
	t.erase_sector = false;
	is_plan(&t, old, new, "refused", "an erase that the profile does not know");
	t.erase_all = true;
	t.chunk = 16;
	is_plan(&t, old, new, "E* P64+64 P176+16 P192+64 P256+64 P320+64 P384+64 P448+64 P0+64",
		"everything is erased, and what is not blank comes back");
	new[3] = 0x55;
	memcpy(new + 128, old + 128, 64);
	is_plan(&t, old, new, "P64+16", "not even then without need");
	is_plan(&t, old, blank, "E*", "everything becomes blank");
}

static void other_kinds(void)
{
	struct part t = eight;
	u8 old[512], new[512];
	struct bfp_plan plan;
	struct bfp p;

	memset(old, 0x55, sizeof(old));
	memcpy(new, old, sizeof(new));
	new[70] = 0x5d;
	t.blank = 0;
	is_plan(&t, old, new, "P64+16", "an erased part reads zero: bits are set");
	new[70] = 0x15;
	is_plan(&t, old, new, "E1 P64+64", "and erased to clear them");
	t.erase_first = false;
	t.erase_sector = false;
	is_plan(&t, old, new, "P64+16", "a part that needs no erase");
	is_plan(&t, NULL, new, "P0+64 P64+64 P128+64 P192+64 P256+64 P320+64 P384+64 P448+64",
		"the same, and nothing is known");
	t.sectors = "";
	t.boot = -1;
	is_plan(&t, old, new, "P64+16", "without sectors");
	t.whole = true;
	is_plan(&t, old, new, "P0+512", "everything at once");

	make(&t, &p);
	is_int(bfp_plan_make(&plan, &p, 0, old, new, 511), -EINVAL, "too short");
	is_int(bfp_plan_make(&plan, &p, 0, old, new, 513), -EINVAL, "too long");
	unload(&p);
}

static void final_part(void)
{
	struct part t = eight;
	u8 old[512], new[512];

	memset(old, 0x55, sizeof(old));
	memcpy(new, old, sizeof(new));
	new[70] = 0x56;
	t.recovery = "none-known";
	t.interrupted = "final";
	is_plan(&t, old, new, "E1 P64+64", "the boot sector stays: nothing is final");
	new[450] = 0x56;
	is_plan(&t, old, new, "E1 P64+64 !E7 !P448+64", "final are the steps on the boot sector");
	new[450] = 0x51;
	new[480] = 0;
	is_plan(&t, old, new, "E1 P64+64 !P448+16 !P480+16", "also without an erase");
	t.interrupted = "restorable";
	is_plan(&t, old, new, "E1 P64+64 !P448+16 !P480+16", "for a flash the chip's word counts");
	t.kind = "config-rom";
	is_plan(&t, old, new, "E1 P64+64 P448+16 P480+16", "other memories speak for themselves");
	t.interrupted = "final";
	is_plan(&t, old, new, "E1 P64+64 !P448+16 !P480+16", "one that says so");
	t.boot = -1;
	is_plan(&t, old, new, "!E1 !P64+64 !P448+16 !P480+16", "nobody knows what boots");
	t.boot = 448;
	t.erase_sector = false;
	t.erase_all = true;
	is_plan(&t, old, new,
		"!E* !P0+64 !P64+64 !P128+64 !P192+64 !P256+64 !P320+64 !P384+64 !P448+64",
		"everything is erased: from there on");
	t.recovery = "mask-rom";
	is_plan(&t, old, new, "E* P0+64 P64+64 P128+64 P192+64 P256+64 P320+64 P384+64 P448+64",
		"with a way back nothing is final");
}

static u32 seed = 20261122;

static u32 any(u32 n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* A random memory; @list has room for its sectors as text. */
static void any_part(struct part *t, char *list, size_t room)
{
	static const char *const recoveries[] = { "none-known", "boot-mode", "mask-rom" };
	static const char *const kinds[] = { "flash", "flash", "eeprom" };
	static const char *const cuts[] = { "restorable", "mixed", "final" };
	u32 rows = any(5), i, at = 0, boots = 0, used = 0;

	*t = (struct part){
		.recovery = recoveries[any(3)], .kind = kinds[any(3)], .interrupted = cuts[any(3)],
		.unit = 1U << any(4), .boot = -1, .blank = any(4) ? 0xff : any(256),
		.erase_first = any(6), .sectors = list,
	};
	list[0] = '\0';
	for (i = 0; i < rows; i++) {
		u32 n = 1 + any(4), size = t->unit * (1 + any(64 / t->unit));

		used += snprintf(list + used, room - used, "%s%u x %u", i ? ", " : "", n, size);
		if (!any(++boots))
			t->boot = at + any(n) * size;
		at += n * size;
	}
	t->size = rows ? at : t->unit * (1 + any(256 / t->unit));
	if (!any(3))
		t->boot = -1;
	t->chunk = t->unit * (1 + any(t->size / t->unit));
	if (any(4) && t->chunk > 32)
		t->chunk = t->unit + any(32) / t->unit * t->unit;
	if (t->chunk > t->size)
		t->chunk = t->size;
	t->erase_sector = rows && any(4);
	t->erase_all = any(2);
	t->whole = !rows && !t->erase_first && any(2);
}

/* A random stretch of @data, in one of several manners. */
static void stir(u8 *data, u32 len, const struct part *t)
{
	u32 from = any(len), n = 1 + any(len - from), i, how = any(5);

	for (i = from; i < from + n; i++) {
		if (how == 0)
			data[i] = (u8)any(256);
		else if (how == 1)
			data[i] = (u8)t->blank;
		else if (how == 2)
			data[i] ^= (data[i] ^ (u8)~t->blank) & any(256);
		else if (how == 3 && i == from)
			data[i] ^= 1 << any(8);
		else if (how == 4 && !any(16))
			data[i] ^= 1 << any(8);
	}
}

static const char *any_contents(const struct bfp *p, const struct part *t)
{
	u8 old[SIZE_MOST], new[SIZE_MOST];
	u32 i, many = any(4);

	for (i = 0; i < t->size; i++)
		old[i] = (u8)any(256);
	if (!any(3))
		memset(old, (int)t->blank, t->size);
	stir(old, t->size, t);
	memcpy(new, old, t->size);
	for (i = 0; i < many; i++)
		stir(new, t->size, t);
	return plan_check(p, 0, old, any(8), new, t->size);
}

static void random_ones(void)
{
	const char *wrong = NULL;
	char list[200];
	struct part t;
	struct bfp p;
	u32 i, k;

	for (i = 0; i < GEOMETRIES && !wrong; i++) {
		any_part(&t, list, sizeof(list));
		make(&t, &p);
		for (k = 0; k < CONTENTS && !wrong; k++)
			wrong = any_contents(&p, &t);
		unload(&p);
	}
	if (!ok(!wrong, "%u random contents on %u random memories", CONTENTS * GEOMETRIES,
		GEOMETRIES))
		printf("# does not hold: %s\n# number %u: %s, unit %u, chunk %u, boot %d\n", wrong,
		       i - 1, list, t.unit, t.chunk, t.boot);
}

int main(void)
{
	sectors();
	plain();
	other_kinds();
	final_part();
	random_ones();
	return tap_done();
}
