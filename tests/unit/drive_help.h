/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up images of drives' firmware, and what is said of them. */
#ifndef BRIDGEFW_TESTS_DRIVE_HELP_H
#define BRIDGEFW_TESTS_DRIVE_HELP_H

#include <stdlib.h>

#include "fwimage.h"
#include "tap.h"

/* An image that a test may change; its length, too. */
struct made {
	u8 *data;
	size_t size;
};

/* Bytes that are the same in every run, and no two places alike. */
__attribute__((__unused__))
static struct made made_new(size_t size)
{
	struct made m = { malloc(size), size };
	u32 seed = 7;
	size_t i;

	for (i = 0; i < size; i++) {
		seed = seed * 1664525 + 1013904223;
		m.data[i] = (seed >> 24) & 0x7f;
	}
	return m;
}

__attribute__((__unused__))
static void put(struct made *m, size_t at, const void *bytes, size_t len)
{
	memcpy(m->data + at, bytes, len);
}

__attribute__((__unused__))
static void put_text(struct made *m, size_t at, const char *text)
{
	put(m, at, text, strlen(text));
}

__attribute__((__unused__))
static void put_be16(struct made *m, size_t at, u32 value)
{
	m->data[at] = value >> 8;
	m->data[at + 1] = value;
}

__attribute__((__unused__))
static void put_be32(struct made *m, size_t at, u32 value)
{
	put_be16(m, at, value >> 16);
	put_be16(m, at + 2, value);
}

__attribute__((__unused__))
static u32 bytes_sum(const struct made *m, size_t from, size_t to)
{
	u32 sum = 0;

	for (; from < to; from++)
		sum += m->data[from];
	return sum;
}

/* Where the images of these tests have what may be anywhere. */
#define CALL_AT		0x8123
#define ANSWER_AT	0x9000
#define INTERNAL_AT	0xa000

static inline void put_answer(struct made *m, size_t at, const char *texts)
{
	static const u8 head[] = { 0x05, 0x80, 0x00, 0x32, 0x5b, 0, 0, 0 };

	put(m, at, head, sizeof(head));
	put_text(m, at + sizeof(head), texts);
}

/* 7D c 90, then 19 to 23 bytes of other code: the gaps differ on purpose. */
__attribute__((__unused__))
static void put_internal(struct made *m, size_t at, const char *text)
{
	size_t i;

	for (i = 0; i < 16; i++) {
		m->data[at] = 0x7d;
		m->data[at + 1] = i < strlen(text) ? text[i] : ' ';
		m->data[at + 2] = 0x90;
		at += 3 + 19 + i % 5;
	}
}

/* A DVD writer's image, in whole banks. */
__attribute__((__unused__))
static struct made made_liteon(const char *answer, const char *internal)
{
	static const u8 call[] = { 0xe5, 0x90, 0x54, 0x0f, 0xb4, 0x00 };
	struct made m = made_new(0x100000);
	size_t bank;

	for (bank = 0; bank < m.size; bank += 0x10000)
		m.data[bank] = 0x02;
	put(&m, CALL_AT, call, sizeof(call));
	if (answer)
		put_answer(&m, ANSWER_AT, answer);
	if (internal)
		put_internal(&m, INTERNAL_AT, internal);
	return m;
}

/* The same in the rebanked form; only the beginning of the common part is a jump. */
__attribute__((__unused__))
static struct made made_rebanked(const char *answer, const char *internal)
{
	struct made m = made_liteon(answer, internal);
	size_t bank;

	for (bank = 0x10000; bank < m.size; bank += 0x10000)
		m.data[bank] = 0x55;
	m.data[0x4000] = 0x02;
	m.data[CALL_AT + 3] = 0x1f;
	return m;
}

static struct image_result said;
static const struct image_report *report;

/* What the families say of an image; the surest of them is the report. */
__attribute__((__unused__))
static void recognise(const struct made *m)
{
	/* a copy of the exact length: the sanitizer sees each byte read behind it */
	u8 *copy = malloc(m->size);
	struct image img = { copy, m->size };
	size_t i;

	memcpy(copy, m->data, m->size);
	image_result_free(&said);
	image_recognise(&img, &said);
	report = said.n ? said.reports : NULL;
	for (i = 0; i < said.n; i++)
		if (said.reports[i].overflow)
			ok(false, "the report of %s has room", said.reports[i].family->name);
	free(copy);
}

/* The family that took it for its own, "" if none or several did. */
__attribute__((__unused__))
static const char *taken(void)
{
	const struct image_report *r = image_taken_for(&said);

	return r ? r->family->name : "";
}

/* The report of a family, NULL if it said nothing. */
__attribute__((__unused__))
static const struct image_report *report_of(const char *family)
{
	size_t i;

	for (i = 0; i < said.n; i++)
		if (!strcmp(said.reports[i].family->name, family))
			return &said.reports[i];
	return NULL;
}

__attribute__((__unused__))
static const char *field(const char *key)
{
	return report ? image_field_value(report, key) : "(no report)";
}

/* "ok", "bad", or "none" if there is no such check. */
__attribute__((__unused__))
static const char *check_of(const char *key)
{
	size_t i;

	for (i = 0; report && i < report->nchecks; i++)
		if (!strcmp(report->checks[i].key, key))
			return report->checks[i].good ? "ok" : "bad";
	for (i = 0; report && i < report->nsums; i++)
		if (!strcmp(report->sums[i].key, key))
			return report->sums[i].good ? "ok" : "bad";
	return "none";
}

__attribute__((__unused__))
static const char *verdict(void)
{
	return report ? image_verdict_name(image_verdict(report)) : "(no report)";
}

/* All sentences of one kind, one after the other. */
__attribute__((__unused__))
static const char *notes(enum image_note_kind kind)
{
	static char text[8192];
	size_t i;

	text[0] = '\0';
	for (i = 0; report && i < report->nnotes; i++)
		if (report->notes[i].kind == kind)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s|",
				 report->notes[i].text);
	return text;
}

/* The evidence of a field, 0 if it is not there. */
__attribute__((__unused__))
static int evidence_of(const char *key)
{
	size_t i;

	for (i = 0; report && i < report->nfields; i++)
		if (!strcmp(report->fields[i].key, key))
			return report->fields[i].fact->evidence;
	return 0;
}

/* All that is said names its source and stays below what somebody stated on paper. */
__attribute__((__unused__))
static bool all_have_sources(void)
{
	size_t i;

	for (i = 0; i < report->nfields; i++)
		if (!report->fields[i].fact || !report->fields[i].fact->source[0] ||
		    report->fields[i].fact->evidence > BFP_REPORTED)
			return false;
	for (i = 0; i < report->nchecks; i++)
		if (!report->checks[i].fact)
			return false;
	for (i = 0; i < report->nsums; i++)
		if (!report->sums[i].fact)
			return false;
	for (i = 0; i < report->nregions; i++)
		if (!report->regions[i].fact)
			return false;
	for (i = 0; i < report->nnotes; i++)
		if (!report->notes[i].fact && report->notes[i].kind == IMAGE_NOT_FOR)
			return false;
	return true;
}

#endif
