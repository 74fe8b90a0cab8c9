// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl image - looks into firmware images of optical drives */
#include <stdio.h>
#include <string.h>

#include "image_cli.h"
#include "output.h"

static int run(int argc, char **argv, struct cli *o, struct bfw_error *e)
{
	const struct cli_command *c;
	bool helping;

	if (cli_parse(NULL, argc, argv, o, e))
		return -1;
	argv = o->arg;
	argc = o->args;
	helping = argc && !strcmp(argv[0], "help");
	if (helping) {
		argv++;
		argc--;
	}
	if (!argc) {
		cli_help(NULL);
		e->code = helping || o->help ? BFW_OK : BFW_USAGE;
		return 1;
	}
	if (!strcmp(argv[0], "complete"))
		return cli_complete(argc - 1, argv + 1, e);
	c = cli_find(argv[0]);
	if (!c) {
		bfw_fail(e, BFW_USAGE, "usage", "there is no command \"image %s\"", argv[0]);
		bfw_next(e, "`bridgefwctl image help` lists the commands.");
		return -1;
	}
	o->help = o->help || helping;
	if (cli_parse(c, argc, argv, o, e))
		return -1;
	if (o->help) {
		cli_help(c);
		return 1;
	}
	output_json(o->json);
	return c->run(o, e);
}

int main(int argc, char **argv)
{
	struct bfw_error e = {};
	struct cli o = {};
	int ret, i;

	/* help is for people, whatever else was asked for */
	ret = run(argc, argv, &o, &e);
	if (ret > 0)
		return e.code;
	for (i = 1; ret && i < argc; i++)
		o.json = o.json || !strcmp(argv[i], "--json") || !strcmp(argv[i], "-j");
	output_json(o.json);
	return output_end(&e);
}
