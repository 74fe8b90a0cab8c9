// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "text.h"

#define REPEAT_DEFAULT	2
#define REPEAT_MOST	1000
#define JOBS_DEFAULT	4
#define JOBS_MOST	64

const struct option_text option_texts[OPTIONS] = {
	[OPT_HELP] = { "help", 'h', NULL, "explain" },
	[OPT_JSON] = { "json", 'j', NULL, "print one JSON object, failures too" },
	[OPT_VERSION] = { "version", 'V', NULL, "print the version" },
	[OPT_DRY_RUN] = { "dry-run", 'n', NULL, "check and show the plan, but change nothing" },
	[OPT_YES] = { "yes", 'y', NULL, "do not ask before writing" },
	[OPT_PROGRESS] = { "progress", 0, "MODE", "auto, bar, plain or none" },
	[OPT_LABEL] = { "label", 'l', "TEXT", "words that go with the backup" },
	[OPT_MEMORY] = { "memory", 'm', "NAME", "another memory than the default one" },
	[OPT_REPEAT] = { "repeat", 'r', "N", "read N times and insist on equality (2)" },
	[OPT_FORCE] = { "force", 'f', NULL, "replace files that are there" },
	[OPT_CLONE_IDENTITY] = { "clone-identity", 0, NULL,
				 "let the image's serial or GUID replace the box's own" },
	[OPT_WRITE_ATTACHED] = { "write-attached", 0, NULL,
				 "write although the profile was only named by hand" },
	[OPT_ACCEPT_FINAL] = { "accept-final", 0, NULL,
			       "write although a power cut inside would be final" },
	[OPT_ACCEPT_UNREAD] = { "accept-unread", 0, NULL,
				"write although what is there cannot be read, nor kept" },
	[OPT_PROFILE] = { "profile", 'p', "NAME", "the chip's profile, or a profile file" },
	[OPT_OUTPUT] = { "output", 'o', "PATH", "where to put the result" },
	[OPT_INSTALL] = { "install", 0, NULL, "put the result where the kernel finds it" },
	[OPT_ALL] = { "all", 'a', NULL, "all of them: profiles of one's own, boxes of a chip" },
	[OPT_PREVIOUS] = { "previous", 0, NULL,
			   "what the last write replaced, as the kernel keeps it" },
	[OPT_JOURNAL] = { "journal", 0, NULL, "only if the journal knows the port (for udev)" },
	[OPT_WAIT] = { "wait", 'w', NULL, "wait for the job's end" },
	[OPT_IDENTIFY] = { "identify", 0, NULL, "ask the chip what it is, as its profile says" },
	[OPT_BOT] = { "bot", 0, NULL, "without the drive: our own Bulk-Only Transport" },
	[OPT_CHIP] = { "chip", 0, "NAME", "the chip of the boxes that --all means" },
	[OPT_JOBS] = { "jobs", 0, "N", "with --all, work on N boxes at once (4)" },
	[OPT_CSV] = { "csv", 0, NULL, "with --all, print the rows as CSV" },
	[OPT_THEN] = { "then", 0, "FILE", "the image that is to follow the erase" },
	[OPT_WHOLE_MEMORY] = { "whole-memory", 0, NULL,
			       "erase every sector, what makes the chip start included" },
	[OPT_LEAVE_BLANK] = { "leave-blank", 0, NULL,
			      "leave the box without firmware until the image follows" },
	[OPT_ASCII] = { "ascii", 0, NULL, "draw with ASCII characters only" },
};

static int fail_usage(struct bfw_error *e, const struct command *c, const char *what,
		      const char *which)
{
	bfw_fail(e, BFW_USAGE, "usage", "%s%s", what, which);
	if (c)
		bfw_next(e, "`bridgefwctl help %s` explains the command.", c->name);
	else
		bfw_next(e, "`bridgefwctl help` lists the commands.");
	return -1;
}

static int number(const char *text, unsigned int most, unsigned int *out)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || end == text || *text == '-' || !n || n > most)
		return -1;
	*out = n;
	return 0;
}

static int option_take(const struct command *c, int opt, const char *arg, struct options *o,
		       struct bfw_error *e)
{
	o->given |= 1UL << opt;
	switch (opt) {
	case OPT_PROGRESS:
		if (progress_mode_parse(arg, &o->progress))
			return fail_usage(e, c, "--progress takes auto, bar, plain or none, not ",
					  arg);
		break;
	case OPT_REPEAT:
		if (number(arg, REPEAT_MOST, &o->repeat))
			return fail_usage(e, c, "--repeat takes a number from 1 to 1000, not ",
					  arg);
		break;
	case OPT_JOBS:
		if (number(arg, JOBS_MOST, &o->jobs))
			return fail_usage(e, c, "--jobs takes a number from 1 to 64, not ", arg);
		break;
	case OPT_THEN:
		o->then = arg;
		break;
	case OPT_CHIP:
		o->chip = arg;
		break;
	case OPT_LABEL:
		if (!arg[0] || strlen(arg) > 120)
			return fail_usage(e, c, "--label takes 1 to 120 bytes", "");
		o->label = arg;
		break;
	case OPT_MEMORY:
		o->memory = arg;
		break;
	case OPT_PROFILE:
		o->profile = arg;
		break;
	case OPT_OUTPUT:
		o->output = arg;
		break;
	}
	return 0;
}

/* Reads the options of @mask; returns the index of the first argument, or -1. */
static int parse(const struct command *c, unsigned long mask, const char *shorts, int argc,
		 char **argv, struct options *o, struct bfw_error *e)
{
	struct option longs[OPTIONS + 1] = {};
	char letters[3 * OPTIONS] = "";
	int i, n = 0, opt;

	text_add(letters, sizeof(letters), "%s:", shorts);
	for (i = 0; i < OPTIONS; i++) {
		const struct option_text *t = &option_texts[i];

		if (!(mask & (1UL << i)))
			continue;
		longs[n].name = t->name;
		longs[n].has_arg = t->arg ? required_argument : no_argument;
		longs[n++].val = 256 + i;
		if (t->letter)
			text_add(letters, sizeof(letters), "%c%s", t->letter, t->arg ? ":" : "");
	}
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (opt == ':')
			return fail_usage(e, c, "an argument is missing after ", argv[optind - 1]);
		if (opt == '?')
			return fail_usage(e, c, "this option is not known here: ",
					  argv[optind - 1]);
		for (i = 0; opt < 256 && i < OPTIONS; i++)
			if (option_texts[i].letter == opt)
				opt = 256 + i;
		if (option_take(c, opt - 256, optarg, o, e))
			return -1;
	}
	return optind;
}

/**
 * options_json() - the command line is wrong, but was JSON asked for?
 * @argv: words that could not be understood
 * @o: OPTION(JSON) is set if a script that wants JSON is to read the failure
 */
void options_json(char **argv, struct options *o)
{
	for (; *argv; argv++)
		if (!strcmp(*argv, "--json") || !strcmp(*argv, "-j"))
			o->given |= OPTION(JSON);
}

/**
 * options_head() - what stands before the command
 * @argc: words
 * @argv: the whole command line
 * @o: filled in
 * @e: why not; BFW_USAGE
 *
 * Return: where the command stands, or -1
 */
int options_head(int argc, char **argv, struct options *o, struct bfw_error *e)
{
	o->repeat = REPEAT_DEFAULT;
	o->jobs = JOBS_DEFAULT;
	return parse(NULL, OPTION(HELP) | OPTION(JSON) | OPTION(VERSION), "+", argc, argv, o, e);
}

/**
 * options_parse() - what stands behind the command
 * @c: the command
 * @argc: words behind it
 * @argv: these
 * @o: filled in
 * @e: why not; BFW_USAGE
 *
 * Return: 0, or -1
 */
int options_parse(const struct command *c, int argc, char **argv, struct options *o,
		  struct bfw_error *e)
{
	unsigned long mask = c->options | OPTION(HELP) | OPTION(JSON);
	int first;

	/* getopt begins behind argv[0]: the last word of the command's name */
	first = parse(c, mask, "", argc + 1, argv - 1, o, e);
	if (first < 0) {
		options_json(argv, o);
		return -1;
	}
	o->arg = argv - 1 + first;
	o->args = argc + 1 - first;
	if (given(o, OPTION(HELP)))
		return 0;
	if (c->options & OPTION(CHIP) && !given(o, OPTION(ALL)) &&
	    given(o, OPTION(CHIP) | OPTION(JOBS) | OPTION(CSV)))
		return fail_usage(e, c, "--chip, --jobs and --csv go with --all", "");
	if (o->args < c->least)
		return fail_usage(e, c, "arguments are missing: ", c->args);
	if (o->args > c->most)
		return fail_usage(e, c, "there is an argument too many: ", o->arg[c->most]);
	return 0;
}
