// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parallel NOR flash. A cell is charged by programming, bit by bit, and only
 * erasing takes the charge away, from a whole sector at once: so programming
 * moves bits in one direction only. Which sectors there are says the profile.
 *
 * In here a bit is 1 if it is charged, whatever it then reads as.
 */
#include <strings.h>

#include "nor.h"

#define KIB	1024u

static const struct model_part parts[] = {
	/*
	 * Silicon Storage Technology, SST39LF/VF512/010/020/040, DS25023B (and
	 * SST39SF, DS20005022C): 14 us a byte, 18 ms a sector, 70 ms the chip.
	 */
	{ "SST39VF010", { 64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB }, 4 * KIB,
	  14, 18000, 70000 },
	/* PMC Pm39LV512/010, by the data of Deutron's P439LV010: 11 us, 40 ms, 40 ms. */
	{ "Pm39LV010", { 64 * KIB, 128 * KIB }, 4 * KIB, 11, 40000, 40000 },
	/* Atmel AT49F001: 10 us a byte; 10 s, sector or chip. */
	{ "AT49F001", { 128 * KIB }, 64 * KIB, 10, 10000000, 10000000 },
	/*
	 * AMD Am29F010B, 8 sectors of 16 KiB: 7 us a byte, 1 s a sector; the chip
	 * is erased sector by sector.
	 */
	{ "Am29F010", { 128 * KIB }, 16 * KIB, 7, 1000000, 8000000 },
	/*
	 * Silicon Storage Technology, SST28SF040A, S71077: 35 us a byte, 2 ms a sector,
	 * 20 ms at most the chip.
	 */
	{ "SST28SF040", { 512 * KIB }, 256, 35, 2000, 20000 },
};

/* Reading takes 70 ns a byte with each of them: the bus is what takes time. */
#define READ_NS		70

/**
 * model_part_find() - a type of flash
 * @name: its name; capitals and small letters are the same
 *
 * Return: the type, or NULL.
 */
const struct model_part *model_part_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcasecmp(name, parts[i].name))
			return &parts[i];
	return NULL;
}

/**
 * model_part_usual() - the type that a flash most likely is
 * @size: bytes of the flash
 * @sector: of its largest sector; 0: not known
 *
 * Return: a type with such sectors, the first one if there is none.
 */
const struct model_part *model_part_usual(u32 size, u32 sector)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].sector == sector && size <= model_part_most(&parts[i]))
			return &parts[i];
	return &parts[0];
}

/**
 * model_part_most() - how large a flash of a type can be
 * @part: the type
 *
 * Return: bytes of the largest in its family.
 */
u32 model_part_most(const struct model_part *part)
{
	u32 i, most = 0;

	for (i = 0; i < MODEL_PART_SIZES; i++)
		if (part->sizes[i] > most)
			most = part->sizes[i];
	return most;
}

/**
 * model_part_names() - the types there are, for messages
 * @out: gets their names
 * @room: bytes at @out
 */
void model_part_names(char *out, size_t room)
{
	size_t i, n = 0;

	*out = 0;
	for (i = 0; i < ARRAY_SIZE(parts) && n < room; i++)
		n += snprintf(out + n, room - n, "%s%s", i ? ", " : "", parts[i].name);
}

/**
 * model_nor_init() - make a flash of a part
 * @m: from model_memory_init()
 * @part: its type
 */
void model_nor_init(struct model_memory *m, const struct model_part *part)
{
	m->part = part;
	m->read_ns = READ_NS;
}

static bool guarded(const struct model_memory *m, u32 at, bool erase)
{
	const struct model_guard *g = m->guard;
	u32 i;

	if (m->write_protect)
		return true;
	for (i = 0; i < m->guards; i++)
		if (at >= g[i].from && at < g[i].to && (erase || !g[i].erase_only))
			return true;
	return false;
}

/**
 * model_nor_program() - bytes arrive and are programmed one by one
 * @m: the part; the range is inside of it
 * @clock: is advanced by each byte's time
 * @offset: first byte
 * @data: what to program
 * @len: how much
 * @cut: what ends it early
 * @cut_at: @cut happens when this many bytes have arrived
 *
 * When the supply fails, the byte at @cut_at is the one at work: any of the
 * bits that were to be programmed may be.
 *
 * Return: 0, or -EIO if the content could not be saved in its file.
 */
int model_nor_program(struct model_memory *m, struct model_clock *clock,
		      u32 offset, const u8 *data, u32 len, enum model_cut cut, u32 cut_at)
{
	bool torn = false;
	u32 i;

	if (cut != MODEL_CUT_NONE && cut_at < len) {
		torn = cut == MODEL_CUT_POWER;
		len = cut_at + torn;
	}
	for (i = 0; i < len; i++) {
		u8 *cell = m->data + offset + i;
		u8 old = *cell ^ m->blank, to = data[i] ^ m->blank;

		model_clock_add_us(clock, m->part->program_us);
		m->programmed++;
		if (guarded(m, offset + i, false))
			continue;
		if (torn && i + 1 == len)
			to &= model_random(&m->seed);
		*cell = (m->overwrites && !torn ? to : old | to) ^ m->blank;
	}
	return len && !m->write_protect ? model_memory_save(m, offset, len) : 0;
}

/**
 * model_nor_erase() - a sector, or everything, is erased
 * @m: the part; the range is inside of it
 * @clock: is advanced by the time that takes
 * @offset: first byte
 * @len: how many
 * @cut: what ends it early
 *
 * The part erases by itself, so only its supply can end that early: each byte
 * is then blank, still as it was, or has lost some of its charges.
 *
 * Return: 0, or -EIO if the content could not be saved in its file.
 */
int model_nor_erase(struct model_memory *m, struct model_clock *clock,
		    u32 offset, u32 len, enum model_cut cut)
{
	bool all = len == m->size;
	u32 i;

	model_clock_add_us(clock, (all ? m->part->chip_us : m->part->sector_us) /
			   (cut == MODEL_CUT_POWER ? 2 : 1));
	m->erases++;
	for (i = 0; i < len; i++) {
		u8 *cell = m->data + offset + i;
		u8 stays = 0;

		if (guarded(m, offset + i, true))
			continue;
		if (cut == MODEL_CUT_POWER) {
			u32 r = model_random(&m->seed);

			stays = (r & 3) == 0 ? 0 : (r & 3) == 1 ? 0xff : r >> 8;
		}
		*cell = ((*cell ^ m->blank) & stays) ^ m->blank;
	}
	return m->write_protect ? 0 : model_memory_save(m, offset, len);
}
