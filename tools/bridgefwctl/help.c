// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "command.h"
#include "output.h"
#include "store.h"
#include "text.h"

static const char dev_text[] =
	"DEV is bridgefwN, N, a path or link under /dev, a place on the bus such as 1-1,\n"
	"serial:SERIAL (if that identifies a box) or chip:NAME (if there is one of it).\n"
	"It may be left out while exactly one bridge is there.\n";

static const char exit_text[] =
	"Exit status: 0 done, 1 failure, 2 usage, 3 no such device or not exactly one,\n"
	"4 nothing to do, 5 refused by a safety rule, 6 read back and different,\n"
	"7 unplugged or state unknown, 8 permission, 9 busy or in use, 10 bad file,\n"
	"11 backup could not be kept, 12 memory holds a mixture: restore it.\n";

/**
 * help_all() - what the tool can do
 */
void help_all(void)
{
	size_t i;

	printf("Usage: bridgefwctl COMMAND [OPTION]... [ARGUMENT]...\n\n");
	for (i = 0; i < commands_count; i++) {
		char *head = xprintf("%s %s", commands[i].name, commands[i].args);

		if (commands[i].run != cmd_complete)
			printf("  %-30s %s\n", head, commands[i].text);
		free(head);
	}
	for (i = 0; i < companions_count; i++) {
		char *head = xprintf("%s %s", companions[i].name, companions[i].args);

		printf("  %-30s %s\n", head, companions[i].text);
		free(head);
	}
	printf("\n%s\n%s\n", dev_text, exit_text);
	printf("`bridgefwctl help COMMAND` lists its options; bridgefwctl(8) has the rest.\n");
}

/**
 * help_command() - how a command is used
 * @c: the command
 */
void help_command(const struct command *c)
{
	unsigned long mask = c->options | OPTION(JSON) | OPTION(HELP);
	int i;

	printf("Usage: bridgefwctl %s [OPTION]... %s\n%s.\n\n", c->name, c->args, c->text);
	for (i = 0; i < OPTIONS; i++) {
		const struct option_text *t = &option_texts[i];
		char *head;

		if (!(mask & (1UL << i)))
			continue;
		head = xprintf("%c%c%s --%s%s%s", t->letter ? '-' : ' ',
			       t->letter ? t->letter : ' ', t->letter ? "," : " ",
			       t->name, t->arg ? "=" : "", t->arg ? t->arg : "");
		printf("  %-26s %s\n", head, t->text);
		free(head);
	}
	if (strstr(c->args, "DEV"))
		printf("\n%s", dev_text);
}

/* "help image info" is for the companion to explain. */
static int help_companion(struct options *o, struct bfw_error *e)
{
	const struct options none = {};
	char *words[4] = {};

	words[0] = o->arg[0];
	words[1] = "help";
	words[2] = o->args > 1 ? o->arg[1] : NULL;
	return companion_run(words, &none, e);
}

/* The words that a companion takes, it knows itself. */
static bool complete_companion(char *kind, int argc, char **argv)
{
	const struct options none = {};
	struct bfw_error ignored = {};
	char *words[5] = {};
	size_t i;

	words[0] = argc ? argv[0] : NULL;
	words[1] = "complete";
	words[2] = kind;
	words[3] = argc > 1 ? argv[1] : NULL;
	for (i = 0; argc && i < companions_count; i++) {
		if (strcmp(companions[i].name, argv[0]))
			continue;
		companion_run(words, &none, &ignored);
		return true;
	}
	return false;
}

/**
 * cmd_help() - bridgefwctl help
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_help(struct options *o, struct bfw_error *e)
{
	const struct command *c;
	size_t i, shown = 0;
	int words;

	if (!o->args) {
		help_all();
		return 0;
	}
	c = command_find(o->args, o->arg, &words);
	if (c) {
		help_command(c);
		return 0;
	}
	/* "help eeprom": all that begin with that word */
	for (i = 0; i < commands_count; i++) {
		size_t len = strlen(o->arg[0]);

		if (strncmp(commands[i].name, o->arg[0], len) || commands[i].name[len] != ' ')
			continue;
		if (shown++)
			printf("\n");
		help_command(&commands[i]);
	}
	if (shown)
		return 0;
	return help_companion(o, e);
}

static void complete_commands(const char *first)
{
	char last[32] = "";
	size_t i;

	for (i = 0; i < commands_count; i++) {
		const char *blank = strchr(commands[i].name, ' ');
		char word[32];

		if (commands[i].run == cmd_complete)
			continue;
		text_put(word, sizeof(word), commands[i].name);
		if (blank)
			word[blank - commands[i].name] = '\0';
		if (first) {
			if (blank && !strcmp(first, word))
				puts(blank + 1);
		} else if (strcmp(word, last)) {
			puts(word);
			text_put(last, sizeof(last), word);
		}
	}
	for (i = 0; !first && i < companions_count; i++)
		puts(companions[i].name);
}

static void complete_options(int argc, char **argv)
{
	const struct command *c;
	unsigned long mask;
	int i, words;

	c = argc ? command_find(argc, argv, &words) : NULL;
	mask = OPTION(JSON) | OPTION(HELP) | (c ? c->options : OPTION(VERSION));
	for (i = 0; i < OPTIONS; i++)
		if (mask & (1UL << i))
			printf("--%s%s\n", option_texts[i].name, option_texts[i].arg ? "=" : "");
}

static void complete_devices(void)
{
	struct bfw_error ignored = {};
	struct bridge_list l;
	size_t i;

	if (bridge_list_read(&l, &ignored))
		return;
	for (i = 0; i < l.n; i++) {
		printf("%s\n%s\n", l.v[i].name, l.v[i].bus_id);
		if (l.v[i].serial_identifies && !strpbrk(l.v[i].serial, " \"'\\$`"))
			printf("serial:%s\n", l.v[i].serial);
	}
	bridge_list_free(&l);
}

static void complete_backups(void)
{
	struct record_list l;
	size_t i;

	store_list(&l);
	for (i = 0; i < l.n; i++)
		puts(l.v[i].id);
	store_list_free(&l);
}

static void no_warnings(const char *text)
{
	(void)text;
}

/**
 * cmd_complete() - words for a shell's completion, one a line
 * @o: options; the first argument says which words
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_complete(struct options *o, struct bfw_error *e)
{
	char *what = o->arg[0];

	bfw_warn_hook(no_warnings);
	if (!strcmp(what, "commands") || !strcmp(what, "options"))
		if (complete_companion(what, o->args - 1, o->arg + 1))
			return 0;
	if (!strcmp(what, "commands"))
		complete_commands(o->args > 1 ? o->arg[1] : NULL);
	else if (!strcmp(what, "options"))
		complete_options(o->args - 1, o->arg + 1);
	else if (!strcmp(what, "devices"))
		complete_devices();
	else if (!strcmp(what, "profiles"))
		profile_names_print();
	else if (!strcmp(what, "backups"))
		complete_backups();
	else
		return bfw_fail(e, BFW_USAGE, "usage", "nothing completes \"%s\"", what);
	return 0;
}
