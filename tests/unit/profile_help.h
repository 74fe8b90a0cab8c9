/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Profiles for tests. */
#ifndef BRIDGEFW_TESTS_PROFILE_HELP_H
#define BRIDGEFW_TESTS_PROFILE_HELP_H

#include <stdlib.h>

#include "profile.h"
#include "profile_text.h"
#include "tap.h"

/* Compiles a file of the tree, from whose top the tests run; ends the program if it cannot. */
__attribute__((__unused__))
static void load(const char *path, struct bfp *p)
{
	struct bfp_error e;
	char err[512];
	size_t len;
	void *data;

	if (profile_compile_file(path, &data, &len, err, sizeof(err))) {
		printf("Bail out! %s\n", err);
		exit(1);
	}
	if (bfp_check(p, data, len, &e)) {
		printf("Bail out! %s: %s\n", path, e.text);
		exit(1);
	}
}

/* The same for a text. */
__attribute__((__unused__))
static void load_text(const char *text, struct bfp *p)
{
	struct bfp_error e;
	char err[512];
	size_t len;
	void *data;

	if (profile_compile_text("text", text, strlen(text), &data, &len, err, sizeof(err))) {
		printf("Bail out! %s\n", err);
		exit(1);
	}
	if (bfp_check(p, data, len, &e)) {
		printf("Bail out! %s\n", e.text);
		exit(1);
	}
}

__attribute__((__unused__))
static void unload(struct bfp *p)
{
	free((void *)p->base);
	p->base = NULL;
}

/* An operation that must be there: "identify", or "flash.read". */
__attribute__((__unused__))
static const struct bfp_operation *op_of(const struct bfp *p, const char *name)
{
	const struct bfp_operation *op = bfp_operations(p);
	const char *dot = strchr(name, '.');
	char memory[BFP_NAME_MAX] = "";
	u32 i;

	if (dot)
		snprintf(memory, sizeof(memory), "%.*s", (int)(dot - name), name);
	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++)
		if (!strcmp(bfp_op_name(op->kind), dot ? dot + 1 : name) &&
		    op->memory == (dot ? (u8)bfp_find_memory(p, memory) : 0xff))
			return op;
	printf("Bail out! there is no operation %s\n", name);
	exit(1);
}

/* The step of an operation, counted from 0. */
__attribute__((__unused__))
static const struct bfp_step *step_of(const struct bfp *p, const char *name, u32 n)
{
	return bfp_steps(p) + le16_to_cpu(op_of(p, name)->step_first) + n;
}

#endif
