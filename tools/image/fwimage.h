/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firmware images of optical drives: what can be said of one, and how well it is
 * known. A family of images is one file with one struct image_family in it, which
 * stands in the table of families.c.
 */
#ifndef BRIDGEFW_IMAGE_FWIMAGE_H
#define BRIDGEFW_IMAGE_FWIMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "profile.h"

#define IMAGE_MOST	(16 << 20)	/* bytes; a longer file is no such image */

/**
 * struct image - the content of a file; hostile
 * @data: the bytes
 * @size: how many
 */
struct image {
	const u8 *data;
	size_t size;
};

/**
 * struct image_fact - how well something is known, and from where
 * @evidence: enum bfp_evidence
 * @source: who says so
 */
struct image_fact {
	u8 evidence;
	const char *source;
};

/* How an image was recognised. */
enum image_match {
	IMAGE_NO,
	IMAGE_SIZE,		/* nothing but its length speaks for it */
	IMAGE_CONTENT,		/* something in it does */
};

enum image_verdict {
	IMAGE_UNCHECKED,	/* nothing in it can be checked */
	IMAGE_GOOD,		/* all that is known how to check is right */
	IMAGE_BAD,
};

/* Something that the image says of itself. The key is stable. */
struct image_field {
	const char *key;
	char value[96];
	const struct image_fact *fact;
};

/* Something that must hold of such an image. */
struct image_check {
	const char *key;
	char text[160];
	bool good;
	const struct image_fact *fact;
};

/* A sum over the image. @stored is meaningless where none is kept in it. */
struct image_sum {
	const char *key;
	const char *how;
	u32 offset;
	u32 stored;
	u32 computed;
	bool kept;
	bool good;
	const struct image_fact *fact;
};

/* A part of the image. @per_unit: belongs to one drive, not to the firmware. */
struct image_region {
	const char *name;
	u32 offset;
	u32 length;
	bool per_unit;
	const struct image_fact *fact;
};

enum image_note_kind {
	IMAGE_NOTE,
	IMAGE_WARNING,
	IMAGE_NOT_FOR,		/* what it must not be written to */
	IMAGE_UNKNOWN,		/* what is not known of such images */
	IMAGE_NOTE_KINDS
};

/* A sentence; @fact is NULL for what is not known. */
struct image_note {
	enum image_note_kind kind;
	char text[360];
	const struct image_fact *fact;
};

#define IMAGE_FIELDS	20
#define IMAGE_CHECKS	8
#define IMAGE_SUMS	4
#define IMAGE_REGIONS	8
#define IMAGE_NOTES	12

/**
 * struct image_report - what one family says of an image
 * @family: the family
 * @match: how it was recognised
 * @why: by what, in words
 * @set: hardware set, stable; NULL if it is not known. Sets never mix
 * @set_sure: told by what decides it, not by a name
 * @overflow: a table was too small: a mistake of the family's code
 * @fields: what the image says of itself
 * @nfields: how many
 * @checks: what must hold
 * @nchecks: how many
 * @sums: sums over the image
 * @nsums: how many
 * @regions: parts of the image
 * @nregions: how many
 * @notes: sentences
 * @nnotes: how many
 */
struct image_report {
	const struct image_family *family;
	enum image_match match;
	char why[160];
	const char *set;
	bool set_sure;
	bool overflow;
	struct image_field fields[IMAGE_FIELDS];
	size_t nfields;
	struct image_check checks[IMAGE_CHECKS];
	size_t nchecks;
	struct image_sum sums[IMAGE_SUMS];
	size_t nsums;
	struct image_region regions[IMAGE_REGIONS];
	size_t nregions;
	struct image_note notes[IMAGE_NOTES];
	size_t nnotes;
};

/**
 * struct image_family - images of one kind
 * @name: stable, for scripts
 * @title: for people
 * @by: what they are recognised by, or why they cannot be
 * @fact: how well that is known
 * @recognise: fills in a zeroed report and says how sure it is; a pure function of
 *	the image. NULL if too little is known to recognise any
 */
struct image_family {
	const char *name;
	const char *title;
	const char *by;
	const struct image_fact *fact;
	enum image_match (*recognise)(const struct image *img, struct image_report *r);
};

extern const struct image_family *const image_families[];
extern const size_t image_families_count;

/**
 * struct image_result - what all families say of an image
 * @reports: those that take it for theirs, the surest first
 * @n: how many
 * @contents: how many of them by its content
 * @blank: every byte is the same: there is no firmware in it
 * @program: it is a program for DOS or Windows
 * @packed: and it names UPX, which packs programs
 */
struct image_result {
	struct image_report *reports;
	size_t n;
	size_t contents;
	bool blank;
	bool program;
	bool packed;
};

/* families.c */
void image_recognise(const struct image *img, struct image_result *res);
void image_result_free(struct image_result *res);
const struct image_report *image_taken_for(const struct image_result *res);

/* report.c */
void image_why(struct image_report *r, const char *fmt, ...) __printf(2, 3);
void image_field(struct image_report *r, const char *key, const struct image_fact *fact,
		 const char *fmt, ...) __printf(4, 5);
void image_text(struct image_report *r, const char *key, const struct image_fact *fact,
		const struct image *img, size_t at, size_t len);
bool image_check(struct image_report *r, const char *key, const struct image_fact *fact,
		 bool good, const char *fmt, ...) __printf(5, 6);
void image_sum(struct image_report *r, const char *key, const struct image_fact *fact,
	       const char *how, u32 offset, u32 stored, u32 computed);
void image_sum_only(struct image_report *r, const char *key, const struct image_fact *fact,
		    const char *how, u32 computed);
void image_region(struct image_report *r, const char *name, const struct image_fact *fact,
		  u32 offset, u32 length, bool per_unit);
void image_note(struct image_report *r, enum image_note_kind kind,
		const struct image_fact *fact, const char *fmt, ...) __printf(4, 5);
enum image_verdict image_verdict(const struct image_report *r);
const char *image_verdict_name(enum image_verdict verdict);
const char *image_field_value(const struct image_report *r, const char *key);

/* bytes.c */
bool image_has(const struct image *img, size_t at, const void *bytes, size_t len);
const u8 *image_find(const struct image *img, size_t from, size_t to, const void *bytes,
		     size_t len);
u16 image_be16(const struct image *img, size_t at);
u32 image_be32(const struct image *img, size_t at);
u32 image_le32(const struct image *img, size_t at);
u32 image_bytesum(const struct image *img, size_t from, size_t to);
bool image_all(const struct image *img, size_t from, size_t to, u8 value);
bool image_printable(const struct image *img, size_t at, size_t len);
void image_copy_text(const struct image *img, size_t at, size_t len, char *out, size_t room);

#endif
