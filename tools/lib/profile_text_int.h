/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that compile profile text share. */
#ifndef BRIDGEFW_LIB_PROFILE_TEXT_INT_H
#define BRIDGEFW_LIB_PROFILE_TEXT_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "ini_file.h"
#include "profile_emit.h"

/**
 * struct compile - a text being compiled
 * @file: its name, for messages
 * @ini: its sections
 * @e: the records so far
 * @err: gets the first fault, as "FILE:LINE: sentence"
 * @errlen: how much fits there
 * @id_label: what a re-enumeration calls each id of @e: "VID:PID", or the
 *	name of an ieee1394 section
 */
struct compile {
	const char *file;
	struct ini_file ini;
	struct emit e;
	char *err;
	size_t errlen;
	char **id_label;
};

/* A word and the number that stands for it in the records; ends with NULL. */
struct word {
	const char *name;
	u32 value;
};

extern const struct word words_evidence[];
extern const struct word words_yes_no[];

/* All of these return false after the first fault, with @c->err filled in. */
bool text_bad(struct compile *c, int line, const char *fmt, ...) __printf(3, 4);

/* Sections: entries by name. A key that nobody asks for is an error at the end. */
struct ini_entry *key_find(struct ini_section *s, const char *name);
bool key_need(struct compile *c, struct ini_section *s, const char *name,
	      struct ini_entry **entry);
bool key_string(struct compile *c, struct ini_section *s, const char *name, bool need,
		__le32 *out);
bool key_number(struct compile *c, struct ini_section *s, const char *name, u64 most,
		bool need, u64 *out);
bool key_word(struct compile *c, struct ini_section *s, const char *name,
	      const struct word *words, bool need, u32 *out);
bool key_evidence(struct compile *c, struct ini_section *s, u8 *evidence, __le32 *source);
bool keys_done(struct compile *c, struct ini_section *s, const char *known);

/* Values. @what names them in messages. */
bool value_number(struct compile *c, int line, const char *what, const char *text,
		  u64 most, u64 *out);
bool value_masked(struct compile *c, int line, const char *what, const char *text,
		  u64 most, u64 *value, u64 *mask);
bool value_word(struct compile *c, int line, const char *what, const char *text,
		const struct word *words, u32 *out);
bool value_time(struct compile *c, int line, const char *what, const char *text, u64 *us);
bool value_hex(struct compile *c, int line, const char *what, const char *text,
	       u8 **bytes, u8 **mask, size_t *len);
bool value_usb_id(const char *text, u32 *vendor, u32 *product);
bool value_range(struct compile *c, int line, const char *text, u32 *from, u32 *length);
char *next_word(char **cursor);

/* Templates: appended to the items; @bits gets their length. */
bool template_text(struct compile *c, int line, const char *text, u32 *bits);
bool template_setup(struct compile *c, int line, u8 type, u8 request, const char *value,
		    const char *index, bool data);
bool template_address(struct compile *c, int line, const char *text, u32 *bits);

bool section_memory(struct compile *c, struct ini_section *s, char *args);
bool section_operation(struct compile *c, struct ini_section *s, char *args);
bool section_rule(struct compile *c, struct ini_section *s, char *args);
bool section_field(struct compile *c, struct ini_section *s, char *args);
bool step_text(struct compile *c, int line, const char *text);

int compile_memory(const struct compile *c, const char *name);
int compile_operation(const struct compile *c, u8 kind, int memory);
u8 compile_op_kind(const char *name);
const char *compile_string(const struct compile *c, __le32 offset);

#endif
