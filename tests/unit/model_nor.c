// SPDX-License-Identifier: GPL-2.0-or-later
/* The NOR flash's model: which way bits go, time, what interruptions leave. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model_tap.h"
#include "nor.h"

#define SIZE	512
#define SECTOR	128

static struct model_clock clock_;
static u8 before[SIZE];

static struct model_memory new_part(const char *type, u8 blank)
{
	struct model_memory m;

	if (model_memory_init(&m, "flash", SIZE, blank))
		abort();
	model_nor_init(&m, model_part_find(type));
	clock_.ns = 0;
	return m;
}

/* A part with something in each of its cells, which @before remembers. */
static struct model_memory written_part(u8 blank)
{
	struct model_memory m = new_part("SST39VF010", blank);
	u32 i;

	for (i = 0; i < SIZE; i++)
		m.data[i] = i * 37 + 11;
	memcpy(before, m.data, SIZE);
	return m;
}

static int program(struct model_memory *m, u32 at, const u8 *data, u32 len,
		   enum model_cut cut, u32 cut_at)
{
	return model_memory_program(m, &clock_, at, data, len, cut, cut_at);
}

static int erase(struct model_memory *m, u32 at, u32 len, enum model_cut cut)
{
	return model_memory_erase(m, &clock_, at, len, cut, 0);
}

static bool blank(const struct model_memory *m, u32 at, u32 len)
{
	while (len--)
		if (m->data[at++] != m->blank)
			return false;
	return true;
}

/* Every other cell than these is as @before remembers it. */
static bool others_kept(const struct model_memory *m, u32 at, u32 len)
{
	return !memcmp(m->data, before, at) &&
	       !memcmp(m->data + at + len, before + at + len, SIZE - at - len);
}

static void parts_have_the_figures_of_their_datasheets(void)
{
	static const struct {
		const char *name;
		u32 byte, sector, chip;
	} figures[] = {
		{ "SST39VF010", 14, 18000, 70000 }, { "Pm39LV010", 11, 40000, 40000 },
		{ "AT49F001", 10, 10000000, 10000000 }, { "Am29F010", 7, 1000000, 8000000 },
		{ "SST28SF040", 35, 2000, 20000 },
	};
	u8 data[64] = { 0 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(figures); i++) {
		struct model_memory m = new_part(figures[i].name, 0xff);

		EXPECT_EQ(program(&m, 0, data, 64, MODEL_CUT_NONE, 0), 0);
		EXPECT_EQ(model_clock_us(&clock_), 64 * figures[i].byte);
		EXPECT_EQ(m.programmed, 64);
		clock_.ns = 0;
		EXPECT_EQ(erase(&m, 0, SECTOR, MODEL_CUT_NONE), 0);
		EXPECT_EQ(model_clock_us(&clock_), figures[i].sector);
		clock_.ns = 0;
		EXPECT_EQ(erase(&m, 0, SIZE, MODEL_CUT_NONE), 0);
		EXPECT_EQ(model_clock_us(&clock_), figures[i].chip);
		EXPECT_EQ(m.erases, 2);
		model_memory_free(&m);
	}
	EXPECT(!model_part_find("24C02"));
	EXPECT(model_part_find("sst39vf010") == model_part_find("SST39VF010"));
}

static void sectors_tell_which_part_it_is(void)
{
	EXPECT(!strcmp(model_part_usual(65536, 4096)->name, "SST39VF010"));
	EXPECT(!strcmp(model_part_usual(131072, 16384)->name, "Am29F010"));
	EXPECT(!strcmp(model_part_usual(131072, 65536)->name, "AT49F001"));
	EXPECT(!strcmp(model_part_usual(262144, 65536)->name, "SST39VF010"));
	EXPECT(!strcmp(model_part_usual(131072, 0)->name, "SST39VF010"));
	EXPECT_EQ(model_part_most(model_part_find("Pm39LV010")), 131072);
}

static void programming_only_clears_bits(void)
{
	struct model_memory m = new_part("SST39VF010", 0xff);
	u32 old, new;
	u8 data;

	for (old = 0; old < 256; old++)
		for (new = 0; new < 256; new++) {
			m.data[7] = old;
			data = new;
			EXPECT_EQ(program(&m, 7, &data, 1, MODEL_CUT_NONE, 0), 0);
			EXPECT_EQ(m.data[7], old & new);
		}
	model_memory_free(&m);
}

static void inverted_part_only_sets_bits(void)
{
	struct model_memory m = new_part("SST39VF010", 0x00);
	u8 data = 0x5a;

	EXPECT(blank(&m, 0, SIZE));
	EXPECT_EQ(program(&m, 0, &data, 1, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(m.data[0], 0x5a);
	data = 0x0f;
	EXPECT_EQ(program(&m, 0, &data, 1, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(m.data[0], 0x5f);
	EXPECT_EQ(erase(&m, 0, SECTOR, MODEL_CUT_NONE), 0);
	EXPECT_EQ(m.data[0], 0x00);
	model_memory_free(&m);
}

static void bridge_may_erase_by_itself(void)
{
	struct model_memory m = written_part(0xff);
	u8 data[2] = { 0xff, 0xa5 };

	m.overwrites = true;
	EXPECT_EQ(program(&m, 10, data, 2, MODEL_CUT_NONE, 0), 0);
	EXPECT(!memcmp(m.data + 10, data, 2));
	EXPECT(others_kept(&m, 10, 2));
	model_memory_free(&m);
}

static void erase_takes_one_sector(void)
{
	struct model_memory m = written_part(0xff);

	EXPECT_EQ(erase(&m, SECTOR, SECTOR, MODEL_CUT_NONE), 0);
	EXPECT(blank(&m, SECTOR, SECTOR));
	EXPECT(others_kept(&m, SECTOR, SECTOR));
	EXPECT_EQ(erase(&m, 0, SIZE, MODEL_CUT_NONE), 0);
	EXPECT(blank(&m, 0, SIZE));
	model_memory_free(&m);
}

static void end_of_part_is_refused(void)
{
	struct model_memory m = written_part(0xff);
	u8 data[8] = { 0 };

	EXPECT_EQ(program(&m, SIZE - 4, data, 8, MODEL_CUT_NONE, 0), -ERANGE);
	EXPECT_EQ(program(&m, SIZE + 1, data, 0, MODEL_CUT_NONE, 0), -ERANGE);
	EXPECT_EQ(erase(&m, SIZE - 4, 8, MODEL_CUT_NONE), -ERANGE);
	EXPECT(others_kept(&m, 0, 0));
	model_memory_free(&m);
}

/* At every byte of a sector: new before it, old behind it, in between at it. */
static void power_cut_inside_a_program(void)
{
	u32 at, seed, between = 0;
	u8 data[SECTOR];
	u32 i;

	for (i = 0; i < SECTOR; i++)
		data[i] = i * 91 + 5;
	for (at = 0; at < SECTOR; at++)
		for (seed = 1; seed <= 3; seed++) {
			struct model_memory m = new_part("SST39VF010", 0xff);
			u8 torn;

			m.seed = seed;
			EXPECT_EQ(program(&m, SECTOR, data, SECTOR, MODEL_CUT_POWER, at), 0);
			EXPECT(!memcmp(m.data + SECTOR, data, at));
			torn = m.data[SECTOR + at];
			/* Bits that stay 1 are 1, and no other is 0 than those that shall be. */
			EXPECT_EQ(torn & data[at], data[at]);
			between += torn != 0xff && torn != data[at];
			EXPECT(blank(&m, 0, SECTOR));
			EXPECT(blank(&m, SECTOR + at + 1, SIZE - SECTOR - at - 1));
			EXPECT_EQ(model_clock_us(&clock_), (at + 1) * 14);
			model_memory_free(&m);
		}
	EXPECT(between > SECTOR);
}

static void cut_behind_the_last_byte_is_none(void)
{
	struct model_memory m = new_part("SST39VF010", 0xff);
	u8 data[4] = { 1, 2, 3, 4 };

	EXPECT_EQ(program(&m, 0, data, 4, MODEL_CUT_POWER, 4), 0);
	EXPECT(!memcmp(m.data, data, 4));
	EXPECT_EQ(program(&m, 8, data, 4, MODEL_CUT_CABLE, 9), 0);
	EXPECT(!memcmp(m.data + 8, data, 4));
	model_memory_free(&m);
}

static void cable_cut_ends_a_program_between_bytes(void)
{
	u8 data[SECTOR] = { 0 };
	u32 at;

	for (at = 0; at < SECTOR; at++) {
		struct model_memory m = new_part("SST39VF010", 0xff);

		EXPECT_EQ(program(&m, 0, data, SECTOR, MODEL_CUT_CABLE, at), 0);
		EXPECT(!memcmp(m.data, data, at));
		EXPECT(blank(&m, at, SIZE - at));
		model_memory_free(&m);
	}
}

static void power_cut_inside_an_erase(void)
{
	u32 seed, i, old = 0, erased = 0, between = 0;

	for (seed = 1; seed <= 20; seed++) {
		struct model_memory m = written_part(0xff);

		m.seed = seed;
		EXPECT_EQ(erase(&m, SECTOR, SECTOR, MODEL_CUT_POWER), 0);
		EXPECT(others_kept(&m, SECTOR, SECTOR));
		for (i = SECTOR; i < 2 * SECTOR; i++) {
			/* Erasing only sets bits. */
			EXPECT_EQ(m.data[i] & before[i], before[i]);
			old += m.data[i] == before[i];
			erased += m.data[i] == 0xff;
			between += m.data[i] != 0xff && m.data[i] != before[i];
		}
		model_memory_free(&m);
	}
	EXPECT(old > 200);
	EXPECT(erased > 200);
	EXPECT(between > 200);
}

static void same_seed_same_wreck(void)
{
	struct model_memory a = written_part(0xff), b = written_part(0xff);
	struct model_memory c = written_part(0xff);

	c.seed = 2;
	erase(&a, 0, SIZE, MODEL_CUT_POWER);
	erase(&b, 0, SIZE, MODEL_CUT_POWER);
	erase(&c, 0, SIZE, MODEL_CUT_POWER);
	EXPECT(!memcmp(a.data, b.data, SIZE));
	EXPECT(memcmp(a.data, c.data, SIZE));
	model_memory_free(&a);
	model_memory_free(&b);
	model_memory_free(&c);
}

static void cable_cut_does_not_end_an_erase(void)
{
	struct model_memory m = written_part(0xff);

	EXPECT_EQ(erase(&m, 0, SECTOR, MODEL_CUT_CABLE), 0);
	EXPECT(blank(&m, 0, SECTOR));
	EXPECT(others_kept(&m, 0, SECTOR));
	model_memory_free(&m);
}

static void protected_part_says_yes_and_does_nothing(void)
{
	struct model_memory m = written_part(0xff);
	u8 data[SECTOR] = { 0 };

	m.write_protect = true;
	EXPECT_EQ(erase(&m, 0, SECTOR, MODEL_CUT_NONE), 0);
	EXPECT_EQ(program(&m, 0, data, SECTOR, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(program(&m, 0, data, SECTOR, MODEL_CUT_POWER, 9), 0);
	EXPECT(others_kept(&m, 0, 0));
	model_memory_free(&m);
}

static void single_sectors_are_protected(void)
{
	struct model_memory m = written_part(0xff);
	u8 data[SIZE] = { 0 };

	EXPECT_EQ(model_memory_guard(&m, SECTOR, SECTOR, false), 0);
	EXPECT_EQ(model_memory_guard(&m, SIZE - 1, 2, false), -ERANGE);
	EXPECT_EQ(erase(&m, 0, SIZE, MODEL_CUT_NONE), 0);
	EXPECT(blank(&m, 0, SECTOR));
	EXPECT(!memcmp(m.data + SECTOR, before + SECTOR, SECTOR));
	EXPECT(blank(&m, 2 * SECTOR, SIZE - 2 * SECTOR));
	EXPECT_EQ(program(&m, 0, data, SIZE, MODEL_CUT_NONE, 0), 0);
	EXPECT(!memcmp(m.data + SECTOR, before + SECTOR, SECTOR));
	EXPECT_EQ(m.data[SECTOR - 1], 0);
	EXPECT_EQ(m.data[2 * SECTOR], 0);
	model_memory_free(&m);
}

static void sector_that_is_never_erased_can_be_programmed(void)
{
	struct model_memory m = written_part(0xff);
	u8 data[SECTOR] = { 0 };

	EXPECT_EQ(model_memory_guard(&m, 0, SECTOR, true), 0);
	EXPECT_EQ(erase(&m, 0, SECTOR, MODEL_CUT_NONE), 0);
	EXPECT(others_kept(&m, 0, 0));
	EXPECT_EQ(program(&m, 0, data, SECTOR, MODEL_CUT_NONE, 0), 0);
	EXPECT(!memcmp(m.data, data, SECTOR));
	model_memory_free(&m);
}

static void stuck_bits_do_not_change(void)
{
	struct model_memory m = new_part("SST39VF010", 0xff);
	u8 data = 0, out;

	EXPECT_EQ(model_memory_stick(&m, 3, 4, 1), 0);
	EXPECT_EQ(program(&m, 3, &data, 1, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(model_memory_read(&m, 3, &out, 1), 1);
	EXPECT_EQ(out, 0x10);
	model_memory_free(&m);
}

static bool file_is(const char *path, const struct model_memory *m)
{
	u8 content[SIZE + 1];
	FILE *f = fopen(path, "rb");
	bool same = f && fread(content, 1, sizeof(content), f) == SIZE &&
		    !memcmp(content, m->data, SIZE);

	if (f)
		fclose(f);
	return same;
}

/* Whatever ends the process, the file is what the part holds. */
static void file_follows_the_part(void)
{
	struct model_memory m = new_part("SST39VF010", 0xff);
	char path[] = "/tmp/model_nor.XXXXXX";
	int fd = mkstemp(path);
	u8 data[32] = { 0 };

	if (fd < 0 || write(fd, "short", 5) != 5)
		abort();
	close(fd);
	EXPECT_EQ(model_memory_load(&m, path), 0);
	EXPECT_EQ(m.length, SIZE);
	EXPECT(!memcmp(m.data, "short", 5));
	EXPECT(blank(&m, 5, SIZE - 5));
	EXPECT(file_is(path, &m));
	program(&m, 100, data, 32, MODEL_CUT_NONE, 0);
	EXPECT(file_is(path, &m));
	program(&m, 200, data, 32, MODEL_CUT_POWER, 7);
	EXPECT(file_is(path, &m));
	erase(&m, 0, SECTOR, MODEL_CUT_POWER);
	EXPECT(file_is(path, &m));
	erase(&m, 0, SECTOR, MODEL_CUT_NONE);
	EXPECT(file_is(path, &m));
	model_memory_free(&m);
	unlink(path);
}

int main(void)
{
	RUN(parts_have_the_figures_of_their_datasheets);
	RUN(sectors_tell_which_part_it_is);
	RUN(programming_only_clears_bits);
	RUN(inverted_part_only_sets_bits);
	RUN(bridge_may_erase_by_itself);
	RUN(erase_takes_one_sector);
	RUN(end_of_part_is_refused);
	RUN(power_cut_inside_a_program);
	RUN(cut_behind_the_last_byte_is_none);
	RUN(cable_cut_ends_a_program_between_bytes);
	RUN(power_cut_inside_an_erase);
	RUN(same_seed_same_wreck);
	RUN(cable_cut_does_not_end_an_erase);
	RUN(protected_part_says_yes_and_does_nothing);
	RUN(single_sectors_are_protected);
	RUN(sector_that_is_never_erased_can_be_programmed);
	RUN(stuck_bits_do_not_change);
	RUN(file_follows_the_part);
	return tap_done();
}
