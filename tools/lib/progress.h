/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a job is, for whoever waits. */
#ifndef BRIDGEFW_LIB_PROGRESS_H
#define BRIDGEFW_LIB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "port.h"

enum progress_mode {
	PROGRESS_AUTO,		/* a bar on a terminal, nothing elsewhere */
	PROGRESS_NONE,
	PROGRESS_PLAIN,		/* a line now and then */
	PROGRESS_BAR,
};

/**
 * struct progress - one job
 * @mode: resolved: NONE, PLAIN or BAR
 * @what: what is under way
 * @out: where to
 * @start: when it began, seconds
 * @last: when it was last shown
 * @shown: whether it was
 */
struct progress {
	enum progress_mode mode;
	const char *what;
	FILE *out;
	double start;
	double last;
	bool shown;
};

int progress_mode_parse(const char *text, enum progress_mode *mode);
void progress_begin(struct progress *p, enum progress_mode mode, const char *what);
void progress_at(struct progress *p, u64 done, u64 total);
void progress_end(struct progress *p);
int progress_text(char *out, size_t room, u64 done, u64 total, double seconds);
double seconds_now(void);

#endif
