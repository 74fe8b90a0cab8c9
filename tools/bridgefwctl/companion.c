// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that are programs of their own. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "text.h"

#ifndef BRIDGEFW_LIBEXECDIR
#define BRIDGEFW_LIBEXECDIR	"/usr/lib/bridgefw"
#endif

const struct companion companions[] = {
	{ "image", "COMMAND ...", "look into firmware images of optical drives" },
};

const size_t companions_count = ARRAY_SIZE(companions);

/* Where this program lies; "" if the kernel does not tell. */
static void own_dir(char *out, size_t room)
{
	ssize_t n = readlink("/proc/self/exe", out, room - 1);
	char *slash;

	out[n > 0 ? n : 0] = '\0';
	slash = strrchr(out, '/');
	if (slash)
		*slash = '\0';
}

/* What stood in front of the command, like --json, goes behind the program's name. */
static char **words_for(char *path, char **argv, const struct options *o)
{
	size_t n = 0, i;
	char **out;

	while (argv[n])
		n++;
	out = xalloc((n + 3) * sizeof(*out));
	n = 0;
	out[n++] = path;
	if (given(o, OPTION(JSON)))
		out[n++] = "--json";
	if (given(o, OPTION(HELP)))
		out[n++] = "--help";
	for (i = 1; argv[i]; i++)
		out[n++] = argv[i];
	return out;
}

static void try(const char *dir, const char *below, char **argv, const struct options *o)
{
	char *path = xprintf("%s%s/bridgefwctl-%s", dir, below, argv[0]);
	char **words = words_for(path, argv, o);

	if (dir[0])
		execv(path, words);
	free(words);
	free(path);
}

/**
 * companion_run() - run a command that is a program of its own
 * @argv: the command and what follows it
 * @o: what stood in front of it
 * @e: why not; BFW_USAGE if there is no such command
 *
 * Looked for beside this program, which is where a build has it, then in the
 * directory that was installed with it, then where packages put it.
 *
 * Return: -1; if the program is there, this does not return
 */
int companion_run(char **argv, const struct options *o, struct bfw_error *e)
{
	char dir[4096];
	size_t i;

	own_dir(dir, sizeof(dir));
	if (!strchr(argv[0], '/') && argv[0][0] != '-') {
		try(dir, "", argv, o);
		try(dir, "/../lib/bridgefw", argv, o);
		try(BRIDGEFW_LIBEXECDIR, "", argv, o);
	}
	for (i = 0; i < companions_count; i++) {
		if (strcmp(companions[i].name, argv[0]))
			continue;
		bfw_fail(e, BFW_FAILURE, "not-installed",
			 "`bridgefwctl %s` is a program of its own, bridgefwctl-%s, which is not installed",
			 argv[0], argv[0]);
		bfw_next(e, "It is neither beside bridgefwctl nor in %s/../lib/bridgefw or %s.",
			 dir, BRIDGEFW_LIBEXECDIR);
		return -1;
	}
	bfw_fail(e, BFW_USAGE, "usage", "there is no command \"%s\"", argv[0]);
	bfw_next(e, "`bridgefwctl help` lists the commands.");
	return -1;
}
