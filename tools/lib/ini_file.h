/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An INI file as a list of sections, each with its lines. */
#ifndef BRIDGEFW_LIB_INI_FILE_H
#define BRIDGEFW_LIB_INI_FILE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct ini_entry - one "name = value"
 * @name: left of the sign
 * @value: right of it, continuation lines joined by a blank each
 * @line: where it begins
 * @used: for whoever reads the entries: that this one was understood
 */
struct ini_entry {
	char *name;
	char *value;
	int line;
	bool used;
};

/**
 * struct ini_section - one "[title]" with what follows it
 * @title: between the brackets, blanks around it removed
 * @line: where it stands
 * @entry: its entries, in order
 * @entries: how many
 */
struct ini_section {
	char *title;
	int line;
	struct ini_entry *entry;
	size_t entries;
};

struct ini_file {
	struct ini_section *section;
	size_t sections;
};

/**
 * struct ini_error - why a text is no INI file
 * @line: where
 * @text: what is wrong and what was expected
 */
struct ini_error {
	int line;
	char text[200];
};

int ini_file_read(struct ini_file *f, const char *text, size_t len, struct ini_error *e);
void ini_file_free(struct ini_file *f);

#endif
