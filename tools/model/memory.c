// SPDX-License-Identifier: GPL-2.0-or-later
/* What all parts have in common: cells, broken ones among them, and a file. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nor.h"

/**
 * model_memory_init() - a new part, blank
 * @m: to fill
 * @name: as the profile calls it
 * @size: bytes
 * @blank: what a cell holds that was never programmed
 *
 * Return: 0 or -ENOMEM.
 */
int model_memory_init(struct model_memory *m, const char *name, u32 size, u8 blank)
{
	memset(m, 0, sizeof(*m));
	snprintf(m->name, sizeof(m->name), "%s", name);
	m->data = malloc(size ? size : 1);
	if (!m->data)
		return -ENOMEM;
	memset(m->data, blank, size);
	m->blank = blank;
	m->size = size;
	m->length = size;
	m->page = MODEL_PAGE_DEFAULT;
	m->page_us = MODEL_PAGE_US_DEFAULT;
	m->read_ns = MODEL_EEPROM_READ_NS;
	m->fd = -1;
	m->seed = 1;
	return 0;
}

/**
 * model_memory_load() - keep the content in a file
 * @m: the part
 * @path: the file; if it is not there or empty, a blank part is put into it
 *
 * Whatever changes from now on is in the file at once. An EEPROM may hold a
 * table that is shorter than the part; the rest of a flash is blank.
 *
 * Return: 0, -EFBIG if the file is larger than the part, or another error.
 */
int model_memory_load(struct model_memory *m, const char *path)
{
	struct stat st;
	ssize_t n;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		close(fd);
		return -errno;
	}
	if (st.st_size > m->size) {
		close(fd);
		return -EFBIG;
	}
	n = pread(fd, m->data, m->size, 0);
	if (n != st.st_size) {
		close(fd);
		return -EIO;
	}
	if (m->fd >= 0)
		close(m->fd);
	m->fd = fd;
	m->length = n && !m->part ? n : m->size;
	if (n < m->length && pwrite(fd, m->data + n, m->length - n, n) != (ssize_t)m->length - n)
		return -EIO;
	return 0;
}

/**
 * model_memory_free() - give back what the part occupies; its file stays
 * @m: the part
 */
void model_memory_free(struct model_memory *m)
{
	if (m->fd >= 0)
		close(m->fd);
	free(m->data);
	m->data = NULL;
	m->fd = -1;
	m->size = 0;
	m->length = 0;
}

/**
 * model_memory_stick() - break a cell
 * @m: the part
 * @address: which byte
 * @bit: which bit of it, 0 to 7
 * @value: what it reads as from now on
 *
 * Return: 0, -ERANGE if there is no such cell, -ENOSPC if too many are broken.
 */
int model_memory_stick(struct model_memory *m, u32 address, u8 bit, u8 value)
{
	struct model_stuck *s = &m->stuck[m->stuck_count];

	if (address >= m->size || bit > 7)
		return -ERANGE;
	if (m->stuck_count == MODEL_STUCK_MAX)
		return -ENOSPC;
	s->address = address;
	s->bit = bit;
	s->value = value & 1;
	m->stuck_count++;
	return 0;
}

/**
 * model_memory_guard() - protect a sector
 * @m: the part
 * @offset: first byte
 * @len: how many
 * @erase_only: it can be programmed, but erasing has no effect
 *
 * As with the whole part, the host is told that all went well.
 *
 * Return: 0, -ERANGE if it is not in the part, -ENOSPC if too many are.
 */
int model_memory_guard(struct model_memory *m, u32 offset, u32 len, bool erase_only)
{
	if (offset > m->size || len > m->size - offset)
		return -ERANGE;
	if (m->guards == MODEL_GUARDS_MAX)
		return -ENOSPC;
	m->guard[m->guards++] = (struct model_guard){ offset, offset + len, erase_only };
	return 0;
}

static void apply_stuck(const struct model_memory *m, u32 offset, u8 *out, u32 len)
{
	const struct model_stuck *s;
	u32 i;

	for (i = 0; i < m->stuck_count; i++) {
		s = &m->stuck[i];
		if (s->address < offset || s->address - offset >= len)
			continue;
		out[s->address - offset] &= ~(1u << s->bit);
		out[s->address - offset] |= s->value << s->bit;
	}
}

/**
 * model_memory_read() - what the part answers
 * @m: the part
 * @offset: first byte
 * @out: where to
 * @len: how many are wanted
 *
 * Return: how many there are, up to the length of the content.
 */
u32 model_memory_read(const struct model_memory *m, u32 offset, u8 *out, u32 len)
{
	if (offset >= m->length)
		return 0;
	if (len > m->length - offset)
		len = m->length - offset;
	memcpy(out, m->data + offset, len);
	apply_stuck(m, offset, out, len);
	return len;
}

/**
 * model_memory_save() - cells have new content
 * @m: the part
 * @offset: first of them
 * @len: how many
 *
 * Whatever lay unused before them is content now, too.
 *
 * Return: 0, or -EIO if the file does not take it.
 */
int model_memory_save(struct model_memory *m, u32 offset, u32 len)
{
	u32 end = offset + len;

	if (m->length < offset)
		offset = m->length;
	if (m->length < end)
		m->length = end;
	if (m->fd < 0)
		return 0;
	if (pwrite(m->fd, m->data + offset, end - offset, offset) != (ssize_t)(end - offset))
		return -EIO;
	return 0;
}

/**
 * model_memory_program() - bytes arrive and are programmed
 * @m: the part
 * @clock: is advanced by the time that takes
 * @offset: first byte
 * @data: what to program
 * @len: how much
 * @cut: what ends it early
 * @cut_at: @cut happens when this many bytes have arrived
 *
 * Return: 0, -ERANGE if it does not fit into the part, -EIO if the content
 * could not be saved in its file.
 */
int model_memory_program(struct model_memory *m, struct model_clock *clock,
			 u32 offset, const u8 *data, u32 len,
			 enum model_cut cut, u32 cut_at)
{
	if (offset > m->size || len > m->size - offset)
		return -ERANGE;
	return m->part ? model_nor_program(m, clock, offset, data, len, cut, cut_at) :
			 model_eeprom_program(m, clock, offset, data, len, cut, cut_at);
}

/**
 * model_memory_erase() - a sector, or everything, becomes blank
 * @m: the part
 * @clock: is advanced by the time that takes
 * @offset: first byte
 * @len: how many; the size of the part: the command that erases all of it
 * @cut: what ends it early
 * @cut_at: when, of a part that is erased by programming it
 *
 * Return: as model_memory_program().
 */
int model_memory_erase(struct model_memory *m, struct model_clock *clock,
		       u32 offset, u32 len, enum model_cut cut, u32 cut_at)
{
	u8 blank[256];
	u32 done, n;
	int ret;

	if (offset > m->size || len > m->size - offset)
		return -ERANGE;
	if (m->part)
		return model_nor_erase(m, clock, offset, len, cut);
	memset(blank, m->blank, sizeof(blank));
	for (done = 0; done < len; done += n) {
		bool last;

		n = len - done < sizeof(blank) ? len - done : (u32)sizeof(blank);
		last = cut != MODEL_CUT_NONE && cut_at < done + n;
		ret = model_eeprom_program(m, clock, offset + done, blank, n,
					   last ? cut : MODEL_CUT_NONE, cut_at - done);
		if (ret || last)
			return ret;
	}
	return 0;
}
