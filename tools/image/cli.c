// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_cli.h"
#include "text.h"

const struct cli_command cli_commands[] = {
	{ "info", "FILE...", "tell what firmware images are, and whether they are whole",
	  "", 1, 4096, cmd_info },
	{ "extract", "FILE", "take the images out of a flasher", "ofn", 1, 1, cmd_extract },
	{ "compare", "FILE FILE", "tell where two images differ, and whether one may follow the other",
	  "", 2, 2, cmd_compare },
	{ "families", "", "tell which images are recognised, and by what", "", 0, 0,
	  cmd_families },
};

const size_t cli_commands_count = ARRAY_SIZE(cli_commands);

static const struct option_text {
	struct option option;
	const char *arg;
	const char *text;
} texts[] = {
	{ { "help", no_argument, NULL, 'h' }, NULL, "explain" },
	{ { "json", no_argument, NULL, 'j' }, NULL, "print one JSON object, failures too" },
	{ { "output", required_argument, NULL, 'o' }, "DIR", "where to put the images" },
	{ { "force", no_argument, NULL, 'f' }, NULL, "replace files that are there" },
	{ { "dry-run", no_argument, NULL, 'n' }, NULL,
	  "check, and show what would be written, but write nothing" },
};

static bool takes(const struct cli_command *c, int letter)
{
	return letter == 'h' || letter == 'j' || (c && strchr(c->letters, letter));
}

/**
 * cli_find() - the command that is named
 * @name: its name
 *
 * Return: the command, or NULL
 */
const struct cli_command *cli_find(const char *name)
{
	size_t i;

	for (i = 0; i < cli_commands_count; i++)
		if (!strcmp(cli_commands[i].name, name))
			return &cli_commands[i];
	return NULL;
}

static int fail_usage(struct bfw_error *e, const struct cli_command *c, const char *what,
		      const char *which)
{
	bfw_fail(e, BFW_USAGE, "usage", "%s%s", what, which);
	bfw_next(e, "`bridgefwctl image help%s%s` explains it.", c ? " " : "",
		 c ? c->name : "");
	return -1;
}

static void take(struct cli *o, int letter)
{
	switch (letter) {
	case 'h':
		o->help = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'o':
		o->output = optarg;
		break;
	case 'f':
		o->force = true;
		break;
	case 'n':
		o->dry_run = true;
		break;
	}
}

/* A script that asked for JSON reads the failure as JSON, too. */
static void look_for_json(char **argv, struct cli *o)
{
	for (; *argv; argv++)
		if (!strcmp(*argv, "--json") || !strcmp(*argv, "-j"))
			o->json = true;
}

static int parse(const struct cli_command *c, int argc, char **argv, struct cli *o,
		 struct bfw_error *e)
{
	struct option longs[ARRAY_SIZE(texts) + 1] = {};
	/* in front of the command, its name ends the options */
	char letters[3 * ARRAY_SIZE(texts) + 3];
	size_t i, n = 0;
	int opt;

	text_put(letters, sizeof(letters), c ? ":" : "+:");
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!takes(c, texts[i].option.val))
			continue;
		longs[n++] = texts[i].option;
		text_add(letters, sizeof(letters), "%c%s", texts[i].option.val,
			 texts[i].arg ? ":" : "");
	}
	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (opt == ':')
			return fail_usage(e, c, "an argument is missing after ",
					  argv[optind - 1]);
		if (opt == '?')
			return fail_usage(e, c, "this option is not known here: ",
					  argv[optind - 1]);
		take(o, opt);
	}
	o->arg = argv + optind;
	o->args = argc - optind;
	return 0;
}

/**
 * cli_parse() - what stands on the command line
 * @c: the command that stands in @argv[0]; NULL: in front of it
 * @argc: words
 * @argv: these
 * @o: filled in
 * @e: why not; BFW_USAGE
 *
 * Return: 0, or -1
 */
int cli_parse(const struct cli_command *c, int argc, char **argv, struct cli *o,
	      struct bfw_error *e)
{
	if (parse(c, argc, argv, o, e)) {
		look_for_json(argv, o);
		return -1;
	}
	if (!c || o->help)
		return 0;
	if (o->args < c->least)
		return fail_usage(e, c, "arguments are missing: ", c->args);
	if (o->args > c->most)
		return fail_usage(e, c, "there is an argument too many: ", o->arg[c->most]);
	return 0;
}

static void help_all(void)
{
	size_t i;

	printf("Usage: bridgefwctl image COMMAND [OPTION]... [ARGUMENT]...\n"
	       "Looks into firmware images of optical drives; nothing is sent to any drive.\n\n");
	for (i = 0; i < cli_commands_count; i++) {
		char *head = xprintf("%s %s", cli_commands[i].name, cli_commands[i].args);

		printf("  %-20s %s\n", head, cli_commands[i].text);
		free(head);
	}
	printf("\nExit status: 0 done, 1 failure, 2 usage, 5 one must not follow the other,\n"
	       "6 the images differ, 8 permission, 10 an image is not recognised, or not whole.\n"
	       "\n`bridgefwctl image help COMMAND` lists its options; bridgefwctl-image(8) has\n"
	       "the rest.\n");
}

/**
 * cli_help() - how a command is used
 * @c: the command; NULL: all of them
 */
void cli_help(const struct cli_command *c)
{
	size_t i;

	if (!c) {
		help_all();
		return;
	}
	printf("Usage: bridgefwctl image %s [OPTION]... %s\n%s.\n\n", c->name, c->args, c->text);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		char *head;

		if (!takes(c, texts[i].option.val))
			continue;
		head = xprintf("-%c, --%s%s%s", texts[i].option.val, texts[i].option.name,
			       texts[i].arg ? "=" : "", texts[i].arg ? texts[i].arg : "");
		printf("  %-26s %s\n", head, texts[i].text);
		free(head);
	}
}

/**
 * cli_complete() - words for a shell's completion, one a line
 * @argc: words
 * @argv: "commands", or "options" and a command
 * @e: why not; BFW_USAGE
 *
 * Return: 0, or -1
 */
int cli_complete(int argc, char **argv, struct bfw_error *e)
{
	const struct cli_command *c = argc > 1 ? cli_find(argv[1]) : NULL;
	size_t i;

	if (argc && !strcmp(argv[0], "commands")) {
		for (i = 0; i < cli_commands_count; i++)
			puts(cli_commands[i].name);
		puts("help");
		return 0;
	}
	if (!argc || strcmp(argv[0], "options"))
		return fail_usage(e, NULL, "nothing completes ", argc ? argv[0] : "nothing");
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (takes(c, texts[i].option.val))
			printf("--%s%s\n", texts[i].option.name, texts[i].arg ? "=" : "");
	return 0;
}
