/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of bridgefwctl image, and what may stand on its command line. */
#ifndef BRIDGEFW_IMAGE_IMAGE_CLI_H
#define BRIDGEFW_IMAGE_IMAGE_CLI_H

#include "error.h"
#include "fwimage.h"

/**
 * struct cli - the command line, understood
 * @json: scripts read the result
 * @help: explain the command
 * @force: replace files that are there
 * @dry_run: write nothing
 * @output: directory
 * @arg: the arguments
 * @args: how many
 */
struct cli {
	bool json;
	bool help;
	bool force;
	bool dry_run;
	const char *output;
	char **arg;
	int args;
};

/**
 * struct cli_command - one command
 * @name: its name
 * @args: what follows, for people
 * @text: what it does
 * @letters: short forms of the options it takes, besides those of all
 * @least: arguments, at least
 * @most: at most
 * @run: does it; 0, or -1 and the failure
 */
struct cli_command {
	const char *name;
	const char *args;
	const char *text;
	const char *letters;
	int least;
	int most;
	int (*run)(const struct cli *o, struct bfw_error *e);
};

extern const struct cli_command cli_commands[];
extern const size_t cli_commands_count;

/* cli.c */
const struct cli_command *cli_find(const char *name);
int cli_parse(const struct cli_command *c, int argc, char **argv, struct cli *o,
	      struct bfw_error *e);
void cli_help(const struct cli_command *c);
int cli_complete(int argc, char **argv, struct bfw_error *e);

/* show.c */
struct json_object;
void show_report(const struct image_report *r);
struct json_object *show_report_json(const struct image_report *r);

/* A file, read whole, and what it was taken for. */
struct subject {
	const char *path;
	u8 *data;
	struct image img;
	struct image_result res;
};

/* cmd_info.c */
int subject_open(struct subject *s, const char *path, struct bfw_error *e);
void subject_close(struct subject *s);
const char *subject_recognised(const struct subject *s);
void subject_unknown(const struct subject *s, struct bfw_error *e);

int cmd_info(const struct cli *o, struct bfw_error *e);
int cmd_extract(const struct cli *o, struct bfw_error *e);
int cmd_compare(const struct cli *o, struct bfw_error *e);
int cmd_families(const struct cli *o, struct bfw_error *e);

#endif
