// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl - reads, writes and restores the firmware memory of disk bridges */
#include <stdio.h>

#include "command.h"
#include "handover.h"
#include "output.h"
#include "state.h"

int main(int argc, char **argv)
{
	const struct command *c;
	struct bfw_error e = {};
	struct options o = {};
	int words, head;

	state_names("bridgefwctl " BRIDGEFW_VERSION);
	head = options_head(argc, argv, &o, &e);
	if (head < 0) {
		options_json(argv, &o);
		output_json(given(&o, OPTION(JSON)));
		goto end;
	}
	argc -= head;
	argv += head;
	output_json(given(&o, OPTION(JSON)));

	if (given(&o, OPTION(VERSION))) {
		printf("bridgefwctl %s\n", BRIDGEFW_VERSION);
		return BFW_OK;
	}
	if (!argc) {
		help_all();
		return given(&o, OPTION(HELP)) ? BFW_OK : BFW_USAGE;
	}
	c = command_find(argc, argv, &words);
	if (!c) {
		companion_run(argv, &o, &e);
		options_json(argv, &o);
		output_json(given(&o, OPTION(JSON)));
		goto end;
	}
	if (options_parse(c, argc - words, argv + words, &o, &e)) {
		output_json(given(&o, OPTION(JSON)));
		goto end;
	}
	output_json(given(&o, OPTION(JSON)));
	if (given(&o, OPTION(HELP))) {
		help_command(c);
		return BFW_OK;
	}
	c->run(&o, &e);
	handover_end();
end:
	return output_end(&e);
}
