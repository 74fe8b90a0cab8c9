// SPDX-License-Identifier: GPL-2.0-or-later
/* The EEPROM's model: pages, busy time, what interruptions leave. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "model_tap.h"

#define SIZE	256

static struct model_clock clock_;

static void fill(u8 *data, u32 len, u8 from)
{
	u32 i;

	for (i = 0; i < len; i++)
		data[i] = from + i * 7;
}

static struct model_memory new_part(void)
{
	struct model_memory m;

	if (model_memory_init(&m, "eeprom", SIZE, 0xff))
		abort();
	clock_.ns = 0;
	return m;
}

static int program(struct model_memory *m, u32 at, const u8 *data, u32 len,
		   enum model_cut cut, u32 cut_at)
{
	return model_memory_program(m, &clock_, at, data, len, cut, cut_at);
}

static void blank_part_reads_as_erased(void)
{
	struct model_memory m = new_part();
	u8 out[SIZE];
	u32 i;

	EXPECT_EQ(model_memory_read(&m, 0, out, SIZE), SIZE);
	for (i = 0; i < SIZE; i++)
		EXPECT_EQ(out[i], 0xff);
	model_memory_free(&m);
}

static void whole_part_takes_its_pages_time(void)
{
	struct model_memory m = new_part();
	u8 in[SIZE], out[SIZE];

	fill(in, SIZE, 1);
	EXPECT_EQ(program(&m, 0, in, SIZE, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(model_memory_read(&m, 0, out, SIZE), SIZE);
	EXPECT(!memcmp(in, out, SIZE));
	EXPECT_EQ(m.pages, SIZE / 8);
	EXPECT_EQ(model_clock_us(&clock_), SIZE / 8 * 5000);
	model_memory_free(&m);
}

static void page_borders_are_those_of_the_part(void)
{
	struct model_memory m = new_part();
	u8 in[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	/* Eight bytes from address 6 lie in two pages. */
	EXPECT_EQ(program(&m, 6, in, 8, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(m.pages, 2);
	model_memory_free(&m);
}

static void end_of_part_is_refused(void)
{
	struct model_memory m = new_part();
	u8 in[8] = { 0 };

	EXPECT_EQ(program(&m, SIZE - 4, in, 8, MODEL_CUT_NONE, 0), -ERANGE);
	EXPECT_EQ(program(&m, SIZE + 1, in, 0, MODEL_CUT_NONE, 0), -ERANGE);
	EXPECT_EQ(program(&m, 0xfffffff0, in, 0x20, MODEL_CUT_NONE, 0), -ERANGE);
	EXPECT_EQ(m.pages, 0);
	model_memory_free(&m);
}

/* The supply fails at byte @at of @len: which bytes may be what afterwards. */
static void check_cut(enum model_cut cut, u32 at)
{
	struct model_memory m = new_part();
	u8 old[SIZE], new[SIZE], out[SIZE];
	u32 i, page = at / 8 * 8;

	fill(old, SIZE, 3);
	fill(new, SIZE, 77);
	m.seed = at + 1;
	program(&m, 0, old, SIZE, MODEL_CUT_NONE, 0);
	EXPECT_EQ(program(&m, 0, new, SIZE, cut, at), 0);
	model_memory_read(&m, 0, out, SIZE);
	for (i = 0; i < SIZE; i++) {
		if (i < page)
			EXPECT_EQ(out[i], new[i]);
		else if (cut == MODEL_CUT_CABLE || i >= page + 8)
			EXPECT_EQ(out[i], old[i]);
		else
			EXPECT(out[i] == old[i] || out[i] == new[i] || out[i] == 0xff ||
			       out[i] == (old[i] | new[i]));
	}
	model_memory_free(&m);
}

static void power_cut_at_each_byte(void)
{
	u32 i;

	for (i = 0; i < SIZE; i++)
		check_cut(MODEL_CUT_POWER, i);
}

static void pulled_cable_at_each_byte(void)
{
	u32 i;

	for (i = 0; i < SIZE; i++)
		check_cut(MODEL_CUT_CABLE, i);
}

static void torn_pages_are_torn(void)
{
	u8 zero[8] = { 0 }, in[8] = { 1, 2, 4, 8, 16, 32, 64, 128 }, out[8];
	struct model_memory m = new_part();
	u32 seed, mixed = 0;

	for (seed = 0; seed < 64; seed++) {
		program(&m, 0, zero, 8, MODEL_CUT_NONE, 0);
		m.seed = seed;
		program(&m, 0, in, 8, MODEL_CUT_POWER, 3);
		model_memory_read(&m, 0, out, 8);
		mixed += memcmp(out, zero, 8) && memcmp(out, in, 8);
	}
	EXPECT(mixed > 60);
	model_memory_free(&m);
}

static void same_seed_tears_alike(void)
{
	u8 in[8] = { 1, 2, 4, 8, 16, 32, 64, 128 }, first[8], second[8];
	struct model_memory a = new_part(), b = new_part();

	a.seed = 5;
	b.seed = 5;
	program(&a, 0, in, 8, MODEL_CUT_POWER, 3);
	program(&b, 0, in, 8, MODEL_CUT_POWER, 3);
	model_memory_read(&a, 0, first, 8);
	model_memory_read(&b, 0, second, 8);
	EXPECT(!memcmp(first, second, 8));
	model_memory_free(&a);
	model_memory_free(&b);
}

static void write_protection_takes_time_and_changes_nothing(void)
{
	struct model_memory m = new_part();
	u8 in[8] = { 0 }, out[8];

	m.write_protect = true;
	EXPECT_EQ(program(&m, 0, in, 8, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(model_clock_us(&clock_), 5000);
	model_memory_read(&m, 0, out, 8);
	EXPECT_EQ(out[0], 0xff);
	EXPECT_EQ(program(&m, 0, in, 8, MODEL_CUT_POWER, 3), 0);
	model_memory_read(&m, 0, out, 8);
	EXPECT_EQ(out[3], 0xff);
	model_memory_free(&m);
}

static void stuck_bit_stays(void)
{
	struct model_memory m = new_part();
	u8 in[4] = { 0xff, 0x00, 0xff, 0x00 }, out[4];

	EXPECT_EQ(model_memory_stick(&m, 2, 5, 0), 0);
	EXPECT_EQ(model_memory_stick(&m, 3, 0, 1), 0);
	EXPECT_EQ(model_memory_stick(&m, SIZE, 0, 1), -ERANGE);
	EXPECT_EQ(model_memory_stick(&m, 0, 8, 1), -ERANGE);
	program(&m, 0, in, 4, MODEL_CUT_NONE, 0);
	model_memory_read(&m, 0, out, 4);
	EXPECT_EQ(out[0], 0xff);
	EXPECT_EQ(out[1], 0x00);
	EXPECT_EQ(out[2], 0xdf);
	EXPECT_EQ(out[3], 0x01);
	/* Read alone, too. */
	model_memory_read(&m, 3, out, 1);
	EXPECT_EQ(out[0], 0x01);
	model_memory_free(&m);
}

static char *temp_name(void)
{
	static char name[64];
	int fd;

	strcpy(name, "/tmp/model-eeprom-XXXXXX");
	fd = mkstemp(name);
	if (fd >= 0)
		close(fd);
	return name;
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : st.st_size;
}

static void file_holds_what_was_programmed(void)
{
	char *path = temp_name();
	struct model_memory m = new_part();
	u8 in[32], out[SIZE];

	fill(in, sizeof(in), 9);
	EXPECT_EQ(model_memory_load(&m, path), 0);
	EXPECT_EQ(size_of(path), SIZE);
	EXPECT_EQ(program(&m, 0, in, sizeof(in), MODEL_CUT_POWER, 20), 0);
	memcpy(out, m.data, SIZE);
	/* The process dies here: nothing is saved any more. */
	free(m.data);
	close(m.fd);

	m = new_part();
	EXPECT_EQ(model_memory_load(&m, path), 0);
	EXPECT(!memcmp(m.data, out, SIZE));
	EXPECT(!memcmp(m.data, in, 16));
	model_memory_free(&m);
	unlink(path);
}

static void short_file_is_a_short_table(void)
{
	char *path = temp_name();
	struct model_memory m = new_part();
	u8 in[80], out[SIZE];
	FILE *f = fopen(path, "w");

	EXPECT(f && fwrite("0123456789", 1, 10, f) == 10);
	if (f)
		fclose(f);
	EXPECT_EQ(model_memory_load(&m, path), 0);
	EXPECT_EQ(model_memory_read(&m, 0, out, SIZE), 10);
	EXPECT_EQ(model_memory_read(&m, 10, out, 1), 0);
	EXPECT_EQ(model_memory_read(&m, 300, out, 1), 0);

	fill(in, sizeof(in), 1);
	EXPECT_EQ(program(&m, 20, in, 80, MODEL_CUT_NONE, 0), 0);
	EXPECT_EQ(m.length, 100);
	EXPECT_EQ(size_of(path), 100);
	/* What lies between is blank, in the part and in its file. */
	model_memory_free(&m);
	m = new_part();
	EXPECT_EQ(model_memory_load(&m, path), 0);
	EXPECT_EQ(model_memory_read(&m, 0, out, SIZE), 100);
	EXPECT(!memcmp(out, "0123456789\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 20));
	model_memory_free(&m);
	unlink(path);
}

static void large_file_is_refused(void)
{
	char *path = temp_name();
	struct model_memory m = new_part();

	EXPECT_EQ(truncate(path, SIZE + 1), 0);
	EXPECT_EQ(model_memory_load(&m, path), -EFBIG);
	model_memory_free(&m);
	unlink(path);
}

int main(void)
{
	RUN(blank_part_reads_as_erased);
	RUN(whole_part_takes_its_pages_time);
	RUN(page_borders_are_those_of_the_part);
	RUN(end_of_part_is_refused);
	RUN(power_cut_at_each_byte);
	RUN(pulled_cable_at_each_byte);
	RUN(torn_pages_are_torn);
	RUN(same_seed_tears_alike);
	RUN(write_protection_takes_time_and_changes_nothing);
	RUN(stuck_bit_stays);
	RUN(file_holds_what_was_programmed);
	RUN(short_file_is_a_short_table);
	RUN(large_file_is_refused);
	return tap_done();
}
