// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A serial EEPROM of the 24Cxx kind: bytes arrive in page buffers, a page is
 * erased and programmed in one go by the part's own timer, and if the supply
 * fails meanwhile the cells of that page are left anywhere on their way.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

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
	m->size = size;
	m->length = size;
	m->page = MODEL_PAGE_DEFAULT;
	m->page_us = MODEL_PAGE_US_DEFAULT;
	m->fd = -1;
	m->seed = 1;
	return 0;
}

/**
 * model_memory_load() - keep the content in a file
 * @m: the part
 * @path: the file; if it is not there or empty, a blank part is put into it
 *
 * Whatever is programmed from now on is in the file at once, page by page.
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
	m->length = n ? n : m->size;
	if (!n && pwrite(fd, m->data, m->size, 0) != (ssize_t)m->size)
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

static u32 next_random(u32 *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/*
 * Erase and program run on all cells of the page at once. When the supply
 * fails, each may still be old, be erased, be half-way or already be new.
 */
static void tear_page(struct model_memory *m, u8 *cells, const u8 *data, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		switch (next_random(&m->seed) & 3) {
		case 0:
			break;
		case 1:
			cells[i] = 0xff;
			break;
		case 2:
			cells[i] |= data[i];
			break;
		default:
			cells[i] = data[i];
		}
	}
}

/* The cells at @offset have new content; whatever lay unused before them is content now, too. */
static int save(struct model_memory *m, u32 offset, u32 len)
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
 * model_memory_program() - bytes arrive and are programmed page by page
 * @m: the part
 * @clock: is advanced by each page's time
 * @offset: first byte
 * @data: what to program
 * @len: how much
 * @cut: what ends it early
 * @cut_at: @cut happens when this many bytes have arrived
 *
 * When the cable is pulled the page that is not complete is never programmed.
 * When the supply fails, it is the one that is torn.
 *
 * Return: 0, -ERANGE if it does not fit into the part, -EIO if the content
 * could not be saved in its file.
 */
int model_memory_program(struct model_memory *m, struct model_clock *clock,
			 u32 offset, const u8 *data, u32 len,
			 enum model_cut cut, u32 cut_at)
{
	u32 done = 0;

	if (offset > m->size || len > m->size - offset)
		return -ERANGE;

	while (done < len) {
		u32 at = offset + done;
		u32 n = m->page - at % m->page;
		bool torn = false;
		int ret;

		if (n > len - done)
			n = len - done;
		if (cut != MODEL_CUT_NONE && cut_at < done + n) {
			if (cut == MODEL_CUT_CABLE)
				return 0;
			torn = true;
		}
		model_clock_add_us(clock, m->page_us);
		m->pages++;
		if (!m->write_protect) {
			if (torn)
				tear_page(m, m->data + at, data + done, n);
			else
				memcpy(m->data + at, data + done, n);
			ret = save(m, at, n);
			if (ret)
				return ret;
		}
		if (torn)
			return 0;
		done += n;
	}
	return 0;
}
