/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A place of its own for each test program of the tool's library. */
#ifndef BRIDGEFW_TESTS_TOOL_HELP_H
#define BRIDGEFW_TESTS_TOOL_HELP_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "tap.h"
#include "text.h"

static char tool_dir[64];
static int tool_warnings;
static char tool_warning[1024];

static inline void tool_warn(const char *text)
{
	tool_warnings++;
	text_put(tool_warning, sizeof(tool_warning), text);
}

static inline int tool_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void tool_end(void)
{
	nftw(tool_dir, tool_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A fresh directory, also the state directory; removed at the program's end. */
static inline void tool_begin(void)
{
	snprintf(tool_dir, sizeof(tool_dir), "/tmp/bridgefw-unit-XXXXXX");
	if (!mkdtemp(tool_dir)) {
		printf("Bail out! no directory for the test\n");
		exit(1);
	}
	setenv("BRIDGEFW_STATE_DIR", tool_dir, 1);
	atexit(tool_end);
	bfw_warn_hook(tool_warn);
}

/* A file in there; its name, to be freed. */
static inline char *tool_put(const char *name, const char *text)
{
	char *path = xprintf("%s/%s", tool_dir, name), *p;
	FILE *f;

	for (p = path + strlen(tool_dir) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0755);
		*p = '/';
	}
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f)) {
		printf("Bail out! %s cannot be written\n", path);
		exit(1);
	}
	return path;
}

/* What a function prints. */
static FILE *tool_stdout;
static char *tool_text;
static size_t tool_text_len;

static inline void tool_capture(void)
{
	fflush(stdout);
	tool_stdout = stdout;
	stdout = open_memstream(&tool_text, &tool_text_len);
}

/* To be freed. */
static inline char *tool_captured(void)
{
	fclose(stdout);
	stdout = tool_stdout;
	return tool_text;
}

#endif
