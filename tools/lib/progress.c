// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "output.h"
#include "progress.h"
#include "text.h"

#define QUIET_SECONDS	1.0	/* nothing is shown for less */
#define BAR_SECONDS	0.1
#define PLAIN_SECONDS	1.0
#define BAR_WIDTH	30

/**
 * seconds_now() - a clock that only goes forward
 */
double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/**
 * progress_mode_parse() - the argument of --progress
 * @text: "auto", "none", "plain" or "bar"
 * @mode: what it means
 *
 * Return: 0, or -1
 */
int progress_mode_parse(const char *text, enum progress_mode *mode)
{
	static const char *const words[] = { "auto", "none", "plain", "bar" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(text, words[i])) {
			*mode = i;
			return 0;
		}
	}
	return -1;
}

/**
 * progress_begin() - a job starts
 * @p: filled in
 * @mode: what the user wants
 * @what: what is under way; must stay
 */
void progress_begin(struct progress *p, enum progress_mode mode, const char *what)
{
	memset(p, 0, sizeof(*p));
	p->out = stderr;
	p->what = what;
	p->mode = mode;
	if (mode == PROGRESS_AUTO)
		p->mode = isatty(STDERR_FILENO) && !output_is_json() ? PROGRESS_BAR : PROGRESS_NONE;
	p->start = seconds_now();
	p->last = p->start;
}

static void add_duration(char *out, size_t room, double seconds)
{
	unsigned int s = seconds + 0.5;

	text_add(out, room, "%u:%02u", s / 60, s % 60);
}

/**
 * progress_text() - how far, how fast, how long yet
 * @out: e.g. "45 % 115/255 bytes 58 bytes/s 0:03 left"
 * @room: size of @out
 * @done: bytes so far
 * @total: in all, 0 if unknown
 * @seconds: since the start
 *
 * Return: per cent, -1 if unknown
 */
int progress_text(char *out, size_t room, u64 done, u64 total, double seconds)
{
	double rate = seconds > 0 ? done / seconds : 0;
	int percent = -1;

	out[0] = '\0';
	if (total && done > total)
		done = total;
	if (total) {
		percent = done * 100 / total;
		text_add(out, room, "%3d %% %llu/%llu bytes", percent,
			 (unsigned long long)done, (unsigned long long)total);
	} else if (done) {
		text_add(out, room, "%llu bytes", (unsigned long long)done);
	} else {
		/* one long request: there is nothing to count but the time */
		text_add(out, room, "%.0f s", seconds);
	}
	if (rate >= 10 * 1024)
		text_add(out, room, " %.0f KiB/s", rate / 1024);
	else if (rate > 0)
		text_add(out, room, " %.0f bytes/s", rate);
	if (total && rate > 0 && done < total) {
		text_add(out, room, " ");
		add_duration(out, room, (total - done) / rate);
		text_add(out, room, " left");
	}
	return percent;
}

/**
 * progress_at() - a job goes on
 * @p: the job
 * @done: bytes so far
 * @total: in all, 0 if unknown
 */
void progress_at(struct progress *p, u64 done, u64 total)
{
	double now = seconds_now();
	char text[128], bar[BAR_WIDTH + 1];
	int percent, full, i;

	if (p->mode == PROGRESS_NONE || now - p->start < QUIET_SECONDS ||
	    (p->shown && now - p->last < (p->mode == PROGRESS_BAR ? BAR_SECONDS : PLAIN_SECONDS)))
		return;
	percent = progress_text(text, sizeof(text), done, total, now - p->start);
	p->last = now;
	p->shown = true;
	if (p->mode == PROGRESS_PLAIN) {
		fprintf(p->out, "%s: %s\n", p->what, text + strspn(text, " "));
	} else {
		full = percent < 0 ? 0 : percent * BAR_WIDTH / 100;
		for (i = 0; i < BAR_WIDTH; i++)
			bar[i] = i < full ? '#' : '.';
		bar[i] = '\0';
		fprintf(p->out, "\r%s [%s] %s\033[K", p->what, bar, text);
	}
	fflush(p->out);
}

/**
 * progress_end() - the job has ended: clear the line
 * @p: the job
 */
void progress_end(struct progress *p)
{
	if (p->mode == PROGRESS_BAR && p->shown) {
		fputs("\r\033[K", p->out);
		fflush(p->out);
	}
	p->shown = false;
}
