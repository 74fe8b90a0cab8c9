// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * INI files, split into names and values by libinih. That library forgives a
 * lot; what it would silently cut, merge or drop is refused here, line by
 * line, before it sees it.
 */
#include "ini_file.h"

#include <ctype.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "text.h"

#define NAME_MAX_LEN	49	/* libinih cuts longer titles and names */

struct reading {
	struct ini_file *f;
	struct ini_error *e;
	const char *at;
	const char *end;
	int line;
	bool continued;		/* the present line goes on with the value before */
	bool failed;
};

__printf(2, 3)
static char *fail(struct reading *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->e->text, sizeof(r->e->text), fmt, args);
	va_end(args);
	r->e->line = r->line;
	r->failed = true;
	return NULL;
}

static bool check_characters(struct reading *r, const char *s, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		n = s[i] == '\t' ? 1 : bfp_printable((const u8 *)s + i, len - i);
		if (!n) {
			fail(r, "byte 0x%02x at column %zu is not printable UTF-8 text",
			     (unsigned char)s[i], i + 1);
			return false;
		}
		i += n;
	}
	return true;
}

/* A ';' behind a blank would begin a comment, and what follows would be lost. */
static bool check_no_tail(struct reading *r, const char *s, size_t len)
{
	size_t i;

	for (i = 1; i < len; i++)
		if (s[i] == ';' && isblank((unsigned char)s[i - 1])) {
			fail(r, "';' after a blank: a comment must stand on a line of its own");
			return false;
		}
	return true;
}

static bool open_section(struct reading *r, const char *s, size_t len)
{
	const char *close = memchr(s, ']', len);
	struct ini_section *section;
	size_t n;

	if (!close || close != s + len - 1) {
		fail(r, "a section is written [title] with nothing behind it");
		return false;
	}
	for (s++; s < close && isblank((unsigned char)*s); s++)
		;
	for (n = (size_t)(close - s); n && isblank((unsigned char)s[n - 1]); n--)
		;
	if (!n || n > NAME_MAX_LEN) {
		fail(r, "the title of a section has 1 to %d characters, not %zu", NAME_MAX_LEN, n);
		return false;
	}
	r->f->section = xgrow(r->f->section, r->f->sections, sizeof(*section));
	section = &r->f->section[r->f->sections++];
	section->title = xprintf("%.*s", (int)n, s);
	section->line = r->line;
	return true;
}

static bool check_key(struct reading *r, const char *s, size_t len)
{
	const char *sign = memchr(s, '=', len);
	size_t n;

	if (!sign || memchr(s, ':', (size_t)(sign - s))) {
		fail(r, "expected 'name = value', '[section]', a comment, or a blank first to go on with the value before");
		return false;
	}
	for (n = (size_t)(sign - s); n && isblank((unsigned char)s[n - 1]); n--)
		;
	if (!n || n > NAME_MAX_LEN) {
		fail(r, "a name has 1 to %d characters, not %zu", NAME_MAX_LEN, n);
		return false;
	}
	if (!r->f->sections) {
		fail(r, "'%.*s' stands before the first [section]", (int)n, s);
		return false;
	}
	return true;
}

static bool check_line(struct reading *r, const char *line, size_t len)
{
	const char *s = line;
	struct ini_section *last;

	if (!check_characters(r, line, len))
		return false;
	while (len && isblank((unsigned char)line[len - 1]))
		len--;
	while (len && isblank((unsigned char)*s)) {
		s++;
		len--;
	}
	r->continued = false;
	if (!len || *s == '#' || *s == ';')
		return true;
	if (!check_no_tail(r, s, len))
		return false;
	last = r->f->sections ? &r->f->section[r->f->sections - 1] : NULL;
	if (s > line && last && last->entries) {
		r->continued = true;
		return true;
	}
	return *s == '[' ? open_section(r, s, len) : check_key(r, s, len);
}

/* Gives libinih one line after the other, each looked at beforehand. */
static char *next_line(char *out, int room, void *stream)
{
	struct reading *r = stream;
	const char *stop;
	size_t len;

	if (r->failed || r->at == r->end)
		return NULL;
	r->line++;
	stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
	len = (size_t)((stop ? stop : r->end) - r->at);
	if (len && r->at[len - 1] == '\r')
		len--;
	if (len + 3 > (size_t)room)
		return fail(r, "the line has %zu bytes, and %d are possible: go on in the next line, with a blank first",
			    len, room - 3);
	if (!check_line(r, r->at, len))
		return NULL;
	memcpy(out, r->at, len);
	out[len] = '\n';
	out[len + 1] = 0;
	r->at = stop ? stop + 1 : r->end;
	return out;
}

/* libinih has found a name and a value, or a further line of a value. */
static int take_value(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	struct ini_section *s = &r->f->section[r->f->sections - 1];
	struct ini_entry *entry;
	char *joined;

	(void)section;		/* cut and merged there; open_section() knows better */
	if (r->continued) {
		entry = &s->entry[s->entries - 1];
		joined = xprintf("%s%s%s", entry->value, *entry->value ? " " : "", value);
		free(entry->value);
		entry->value = joined;
		return 1;
	}
	s->entry = xgrow(s->entry, s->entries, sizeof(*entry));
	entry = &s->entry[s->entries++];
	entry->name = xprintf("%s", name);
	entry->value = xprintf("%s", value);
	entry->line = r->line;
	return 1;
}

/**
 * ini_file_read() - split a text into sections and entries
 * @f: gets them
 * @text: the file
 * @len: its bytes
 * @e: what is wrong, if something is
 *
 * Return: 0, or -1 with @e filled in and nothing in @f.
 */
int ini_file_read(struct ini_file *f, const char *text, size_t len, struct ini_error *e)
{
	struct reading r = { .f = f, .e = e, .at = text, .end = text + len };
	int ret;

	memset(f, 0, sizeof(*f));
	ret = ini_parse_stream(next_line, &r, take_value, &r);
	if (!r.failed && ret) {
		r.line = ret > 0 ? ret : r.line;
		fail(&r, "this line cannot be understood");
	}
	if (r.failed)
		ini_file_free(f);
	return r.failed ? -1 : 0;
}

/**
 * ini_file_free() - free everything
 * @f: what ini_file_read() filled in
 */
void ini_file_free(struct ini_file *f)
{
	size_t i, k;

	for (i = 0; i < f->sections; i++) {
		for (k = 0; k < f->section[i].entries; k++) {
			free(f->section[i].entry[k].name);
			free(f->section[i].entry[k].value);
		}
		free(f->section[i].entry);
		free(f->section[i].title);
	}
	free(f->section);
	memset(f, 0, sizeof(*f));
}
