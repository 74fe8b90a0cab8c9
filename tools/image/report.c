// SPDX-License-Identifier: GPL-2.0-or-later
/* What a family finds out, gathered in tables of fixed size. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fwimage.h"
#include "text.h"

static bool room(struct image_report *r, size_t used, size_t most)
{
	r->overflow = r->overflow || used == most;
	return used < most;
}

/**
 * image_why() - say by what the image was recognised
 * @r: the report
 * @fmt: as printf
 */
void image_why(struct image_report *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
}

/**
 * image_field() - something that the image says of itself
 * @r: the report
 * @key: stable, for scripts
 * @fact: how well it is known
 * @fmt: as printf
 */
void image_field(struct image_report *r, const char *key, const struct image_fact *fact,
		 const char *fmt, ...)
{
	struct image_field *f;
	va_list ap;

	if (!room(r, r->nfields, ARRAY_SIZE(r->fields)))
		return;
	f = &r->fields[r->nfields++];
	f->key = key;
	f->fact = fact;
	va_start(ap, fmt);
	vsnprintf(f->value, sizeof(f->value), fmt, ap);
	va_end(ap);
}

/**
 * image_text() - characters that stand in the image; left out if they are blank
 * @r: the report
 * @key: stable, for scripts
 * @fact: how well it is known
 * @img: the image
 * @at: offset
 * @len: how many
 */
void image_text(struct image_report *r, const char *key, const struct image_fact *fact,
		const struct image *img, size_t at, size_t len)
{
	char text[sizeof(r->fields->value)];

	image_copy_text(img, at, len, text, sizeof(text));
	if (text[0])
		image_field(r, key, fact, "%s", text);
}

/**
 * image_check() - something that must hold of such an image
 * @r: the report
 * @key: stable, for scripts
 * @fact: how well it is known that it must
 * @good: whether it does
 * @fmt: what was found, as printf
 *
 * Return: @good
 */
bool image_check(struct image_report *r, const char *key, const struct image_fact *fact,
		 bool good, const char *fmt, ...)
{
	struct image_check *c;
	va_list ap;

	if (!room(r, r->nchecks, ARRAY_SIZE(r->checks)))
		return good;
	c = &r->checks[r->nchecks++];
	c->key = key;
	c->fact = fact;
	c->good = good;
	va_start(ap, fmt);
	vsnprintf(c->text, sizeof(c->text), fmt, ap);
	va_end(ap);
	return good;
}

/**
 * image_sum() - a sum that the image keeps
 * @r: the report
 * @key: stable, for scripts
 * @fact: how well it is known
 * @how: what is added up, in words
 * @offset: where it is kept
 * @stored: what is kept there
 * @computed: what it should be
 */
void image_sum(struct image_report *r, const char *key, const struct image_fact *fact,
	       const char *how, u32 offset, u32 stored, u32 computed)
{
	if (room(r, r->nsums, ARRAY_SIZE(r->sums)))
		r->sums[r->nsums++] = (struct image_sum){
			.key = key, .how = how, .offset = offset, .stored = stored,
			.computed = computed, .kept = true, .good = stored == computed,
			.fact = fact,
		};
}

/**
 * image_sum_only() - a sum that is needed for writing, but not kept in the image
 * @r: the report
 * @key: stable, for scripts
 * @fact: how well it is known
 * @how: what is added up, in words
 * @computed: the sum
 */
void image_sum_only(struct image_report *r, const char *key, const struct image_fact *fact,
		    const char *how, u32 computed)
{
	if (room(r, r->nsums, ARRAY_SIZE(r->sums)))
		r->sums[r->nsums++] = (struct image_sum){
			.key = key, .how = how, .computed = computed, .good = true,
			.fact = fact,
		};
}

/**
 * image_region() - a part of the image
 * @r: the report
 * @name: what it is, in words
 * @fact: how well it is known
 * @offset: where it begins
 * @length: bytes
 * @per_unit: whether it belongs to one drive
 */
void image_region(struct image_report *r, const char *name, const struct image_fact *fact,
		  u32 offset, u32 length, bool per_unit)
{
	if (room(r, r->nregions, ARRAY_SIZE(r->regions)))
		r->regions[r->nregions++] = (struct image_region){
			.name = name, .offset = offset, .length = length,
			.per_unit = per_unit, .fact = fact,
		};
}

/**
 * image_note() - a sentence
 * @r: the report
 * @kind: what it is about
 * @fact: how well it is known; NULL for what is not
 * @fmt: as printf
 */
void image_note(struct image_report *r, enum image_note_kind kind,
		const struct image_fact *fact, const char *fmt, ...)
{
	struct image_note *n;
	va_list ap;

	if (!room(r, r->nnotes, ARRAY_SIZE(r->notes)))
		return;
	n = &r->notes[r->nnotes++];
	n->kind = kind;
	n->fact = fact;
	va_start(ap, fmt);
	vsnprintf(n->text, sizeof(n->text), fmt, ap);
	va_end(ap);
}

/**
 * image_verdict() - whether all that can be checked is right
 * @r: the report
 */
enum image_verdict image_verdict(const struct image_report *r)
{
	size_t i, kept = 0;

	for (i = 0; i < r->nchecks; i++)
		if (!r->checks[i].good)
			return IMAGE_BAD;
	for (i = 0; i < r->nsums; i++) {
		if (!r->sums[i].good)
			return IMAGE_BAD;
		kept += r->sums[i].kept;
	}
	return r->nchecks || kept ? IMAGE_GOOD : IMAGE_UNCHECKED;
}

/**
 * image_verdict_name() - a verdict for scripts
 * @verdict: the verdict
 */
const char *image_verdict_name(enum image_verdict verdict)
{
	return verdict == IMAGE_GOOD ? "good" : verdict == IMAGE_BAD ? "bad" : "unchecked";
}

/**
 * image_field_value() - what the image says of itself
 * @r: the report
 * @key: what is sought
 *
 * Return: the text, "" if it does not say
 */
const char *image_field_value(const struct image_report *r, const char *key)
{
	size_t i;

	for (i = 0; i < r->nfields; i++)
		if (!strcmp(r->fields[i].key, key))
			return r->fields[i].value;
	return "";
}
