/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of bridgefwctl and what may stand on its command line. */
#ifndef BRIDGEFWCTL_COMMAND_H
#define BRIDGEFWCTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "progress.h"

#ifndef BRIDGEFW_VERSION
#define BRIDGEFW_VERSION	"0.1"
#endif
enum option_number {
	OPT_HELP,
	OPT_JSON,
	OPT_VERSION,
	OPT_DRY_RUN,
	OPT_YES,
	OPT_PROGRESS,
	OPT_LABEL,
	OPT_MEMORY,
	OPT_REPEAT,
	OPT_FORCE,
	OPT_CLONE_IDENTITY,
	OPT_WRITE_ATTACHED,
	OPT_ACCEPT_FINAL,
	OPT_ACCEPT_UNREAD,
	OPT_PROFILE,
	OPT_OUTPUT,
	OPT_INSTALL,
	OPT_ALL,
	OPT_PREVIOUS,
	OPT_JOURNAL,
	OPT_WAIT,
	OPT_IDENTIFY,
	OPT_BOT,
	OPT_ASCII,
	OPT_CHIP,
	OPT_JOBS,
	OPT_CSV,
	OPT_THEN,
	OPT_WHOLE_MEMORY,
	OPT_LEAVE_BLANK,
	OPTIONS
};

#define OPTION(name)	(1UL << OPT_##name)

/* Options of every command that can work on many boxes at once. */
#define OPTIONS_MANY	(OPTION(ALL) | OPTION(CHIP) | OPTION(JOBS) | OPTION(CSV))

/* Options of every command that writes to a box. */
#define OPTIONS_WRITE	(OPTION(DRY_RUN) | OPTION(YES) | OPTION(PROGRESS) | OPTION(LABEL) | \
			 OPTION(MEMORY) | OPTION(CLONE_IDENTITY) | OPTION(WRITE_ATTACHED) | \
			 OPTION(ACCEPT_FINAL) | OPTION(ACCEPT_UNREAD) | OPTION(BOT) | \
			 OPTION(ASCII))

/**
 * struct options - the command line, understood
 * @given: OPTION() of those that were there
 * @progress: how progress is shown
 * @repeat: how often to read
 * @label: for the backup
 * @memory: which memory; NULL: the default one
 * @profile: name or file
 * @output: directory or file
 * @chip: which boxes --all means
 * @jobs: how many of them at once
 * @then: the image that is to follow an erase
 * @arg: the arguments, a NULL behind the last
 * @args: how many
 */
struct options {
	unsigned long given;
	enum progress_mode progress;
	unsigned int repeat;
	const char *label;
	const char *memory;
	const char *profile;
	const char *output;
	const char *chip;
	unsigned int jobs;
	const char *then;
	char **arg;
	int args;
};

static inline bool given(const struct options *o, unsigned long option)
{
	return o->given & option;
}

/**
 * struct option_text - one option
 * @name: without its dashes
 * @letter: its short form, 0 if none
 * @arg: what follows it, NULL if nothing
 * @text: what it does
 */
struct option_text {
	const char *name;
	char letter;
	const char *arg;
	const char *text;
};

/**
 * struct command - one command
 * @name: one word or two, "eeprom show"
 * @args: what follows, for people
 * @text: what it does
 * @options: OPTION() of those it takes, besides --json and --help
 * @least: arguments, at least
 * @most: at most
 * @run: does it; 0, or -1 and the failure
 */
struct command {
	const char *name;
	const char *args;
	const char *text;
	unsigned long options;
	int least;
	int most;
	int (*run)(struct options *o, struct bfw_error *e);
};

extern const struct command commands[];
extern const size_t commands_count;
extern const struct option_text option_texts[OPTIONS];

/* options.c */
void options_json(char **argv, struct options *o);
int options_head(int argc, char **argv, struct options *o, struct bfw_error *e);
int options_parse(const struct command *c, int argc, char **argv, struct options *o,
		  struct bfw_error *e);

/* commands.c */
const struct command *command_find(int argc, char **argv, int *words);

/* companion.c */

/**
 * struct companion - a command that is a program of its own
 * @name: its name; the program is bridgefwctl-NAME
 * @args: what follows, for people
 * @text: what it does
 */
struct companion {
	const char *name;
	const char *args;
	const char *text;
};

extern const struct companion companions[];
extern const size_t companions_count;
int companion_run(char **argv, const struct options *o, struct bfw_error *e);

/* help.c */
void help_all(void);
void help_command(const struct command *c);
int cmd_help(struct options *o, struct bfw_error *e);
int cmd_complete(struct options *o, struct bfw_error *e);

int cmd_list(struct options *o, struct bfw_error *e);
int cmd_info(struct options *o, struct bfw_error *e);
int cmd_dump(struct options *o, struct bfw_error *e);
int cmd_verify(struct options *o, struct bfw_error *e);
int cmd_diff(struct options *o, struct bfw_error *e);
int cmd_eeprom_show(struct options *o, struct bfw_error *e);
int cmd_flash(struct options *o, struct bfw_error *e);
int cmd_erase(struct options *o, struct bfw_error *e);
int cmd_restore(struct options *o, struct bfw_error *e);
int cmd_attach(struct options *o, struct bfw_error *e);
int cmd_profile_list(struct options *o, struct bfw_error *e);
int cmd_profile_show(struct options *o, struct bfw_error *e);
int cmd_profile_check(struct options *o, struct bfw_error *e);
int cmd_profile_compile(struct options *o, struct bfw_error *e);
void profile_names_print(void);
int cmd_status(struct options *o, struct bfw_error *e);
int cmd_monitor(struct options *o, struct bfw_error *e);
int cmd_history(struct options *o, struct bfw_error *e);
int cmd_backup_list(struct options *o, struct bfw_error *e);
int cmd_backup_show(struct options *o, struct bfw_error *e);
int cmd_backup_create(struct options *o, struct bfw_error *e);

#endif
