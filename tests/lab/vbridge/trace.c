// SPDX-License-Identifier: GPL-2.0-or-later
/* What the device saw, one line of JSON a transaction. */
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "profile.h"
#include "trace.h"

struct line {
	char text[1024];
	size_t n;
};

static __printf(2, 3) void add(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->n, sizeof(l->text) - l->n, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->n += n;
	if (l->n >= sizeof(l->text))
		l->n = sizeof(l->text) - 1;
}

static void add_hex(struct line *l, const char *key, const u8 *data, u32 len)
{
	u32 i;

	add(l, ",\"%s\":\"", key);
	for (i = 0; i < len; i++)
		add(l, "%02x", data[i]);
	add(l, "\"");
}

static void add_text(struct line *l, const char *key, const char *text)
{
	add(l, ",\"%s\":\"", key);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			add(l, "\\%c", *text);
		else if ((u8)*text < 0x20)
			add(l, "\\u%04x", *text);
		else
			add(l, "%c", *text);
	add(l, "\"");
}

/* A line is there as a whole, in one write, or not at all. */
static void put(struct trace *t, struct line *l)
{
	l->n = l->n < sizeof(l->text) - 2 ? l->n : sizeof(l->text) - 2;
	l->text[l->n++] = '\n';
	if (write(t->fd, l->text, l->n) != (ssize_t)l->n)
		fprintf(stderr, "vbridge: the trace is incomplete from here: %s\n",
			strerror(errno));
}

/**
 * trace_open() - begin or continue a trace
 * @t: to fill
 * @path: file; NULL: none
 *
 * Return: 0 or why the file cannot be written.
 */
int trace_open(struct trace *t, const char *path)
{
	t->n = 0;
	t->fd = -1;
	if (!path)
		return 0;
	t->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return t->fd < 0 ? -errno : 0;
}

/**
 * trace_write() - one transaction
 * @t: the trace
 * @e: the transaction
 */
void trace_write(struct trace *t, const struct trace_entry *e)
{
	static const char * const dirs[] = { "none", "in", "out" };
	struct line l = { .n = 0 };
	u32 len = e->data_len < TRACE_DATA ? e->data_len : TRACE_DATA;

	if (t->fd < 0)
		return;
	add(&l, "{\"t\":%llu,\"us\":%llu,\"n\":%llu,\"type\":\"%s\"",
	    (unsigned long long)e->start_us, (unsigned long long)(e->end_us - e->start_us),
	    (unsigned long long)e->n, e->type);
	if (e->address)
		add(&l, ",\"address\":\"%012llx\"", (unsigned long long)e->address);
	if (e->setup)
		add_hex(&l, "setup", e->setup, BFP_SETUP_SIZE);
	if (e->cdb) {
		add_hex(&l, "cdb", e->cdb, e->cdb_len);
		add(&l, ",\"cdb_len\":%u", e->cdb_len);
		add_hex(&l, "cdb16", e->cdb, 16);
		add(&l, ",\"lun\":%u", e->lun);
	}
	add(&l, ",\"dir\":\"%s\",\"len\":%u,\"actual\":%u", dirs[e->dir], e->length, e->actual);
	add_hex(&l, "data", e->data, len);
	add_text(&l, "status", e->status);
	add(&l, ",\"known\":%s,\"vendor\":%s", e->known ? "true" : "false",
	    e->vendor ? "true" : "false");
	if (e->op)
		add_text(&l, "op", e->op);
	if (*e->fault)
		add_text(&l, "fault", e->fault);
	add(&l, "}");
	put(t, &l);
}

static void begin_note(struct line *l, struct trace *t, u64 now_us, const char *type,
		       const char *text)
{
	l->n = 0;
	t->n++;
	add(l, "{\"t\":%llu,\"n\":%llu,\"type\":\"%s\"", (unsigned long long)now_us,
	    (unsigned long long)t->n, type);
	add_text(l, "text", text);
}

/**
 * trace_plug() - the box is plugged in
 * @t: the trace
 * @now_us: model time
 * @text: what it shows
 * @boots: its firmware runs
 */
void trace_plug(struct trace *t, u64 now_us, const char *text, bool boots)
{
	struct line l;

	if (t->fd < 0)
		return;
	begin_note(&l, t, now_us, "plug", text);
	add(&l, ",\"boots\":%s}", boots ? "true" : "false");
	put(t, &l);
}

/**
 * trace_note() - something else that is no transaction
 * @t: the trace
 * @now_us: model time
 * @type: what happened: "unplug", "powercut", "reset" ...
 * @text: in words
 */
void trace_note(struct trace *t, u64 now_us, const char *type, const char *text)
{
	struct line l;

	if (t->fd < 0)
		return;
	begin_note(&l, t, now_us, type, text);
	add(&l, "}");
	put(t, &l);
}
