/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of bridgefw-gen share. */
#ifndef BRIDGEFW_GEN_H
#define BRIDGEFW_GEN_H

#include <stdio.h>

#include "profile.h"

/**
 * struct gen_profile - a compiled profile that was read
 * @path: its file
 * @data: its bytes
 * @len: how many
 * @p: its records
 * @name: of the chip
 */
struct gen_profile {
	const char *path;
	void *data;
	size_t len;
	struct bfp p;
	const char *name;
};

/* The first line of what is made, as a comment of its language. */
static inline void gen_licence(FILE *out, const char *before, const char *after)
{
	fprintf(out, "%s%s: GPL-2.0-or-later%s\n", before, "SPDX-License-Identifier", after);
}

int gen_udev(FILE *out, const struct gen_profile *v, size_t n);
int gen_hwdb(FILE *out, const struct gen_profile *v, size_t n);
int gen_table(FILE *out, const struct gen_profile *v, size_t n);
int gen_hex(FILE *out, const char *path);
int gen_known(FILE *out, const struct gen_profile *v, size_t n);

#endif
