/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers of drives' images share: large images, made from few bytes. */
#ifndef BRIDGEFW_TESTS_FUZZ_DRIVE_H
#define BRIDGEFW_TESTS_FUZZ_DRIVE_H

#include <string.h>

#include "fuzz.h"
#include "fwimage.h"

/* A few bytes at a place: 3 bytes of offset, 1 of length, the bytes. */
__attribute__((__unused__))
static void drive_edit(u8 *image, size_t room, const uint8_t *data, size_t size)
{
	while (size > 4 && room) {
		size_t at = (data[0] | data[1] << 8 | data[2] << 16) % room;
		size_t len = data[3] % 64 + 1;

		data += 4;
		size -= 4;
		if (len > size)
			len = size;
		if (len > room - at)
			len = room - at;
		memcpy(image + at, data, len);
		data += len;
		size -= len;
	}
}

__attribute__((__unused__))
static void drive_shown(const char *text)
{
	for (; *text; text++)
		fuzz_assert(*text >= 0x20 && *text != 0x7f, "nothing steers a terminal");
}

/* What a family says has an end and a source. */
__attribute__((__unused__))
static void drive_report(const struct image_report *r)
{
	size_t k;

	fuzz_assert(!r->overflow, "the tables of a report suffice");
	drive_shown(r->why);
	for (k = 0; k < r->nfields; k++) {
		fuzz_assert(r->fields[k].fact && r->fields[k].value[0], "a field is told");
		drive_shown(r->fields[k].value);
	}
	for (k = 0; k < r->nchecks; k++)
		drive_shown(r->checks[k].text);
	for (k = 0; k < r->nnotes; k++)
		drive_shown(r->notes[k].text);
	fuzz_assert(image_verdict(r) <= IMAGE_BAD, "there is a verdict");
}

/* All families look at it. */
__attribute__((__unused__))
static void drive_recognise(const u8 *data, size_t size)
{
	struct image img = { data, size };
	struct image_result res;
	size_t i;

	image_recognise(&img, &res);
	fuzz_assert(res.n <= image_families_count && res.contents <= res.n, "the counts fit");
	for (i = 0; i < res.n; i++) {
		fuzz_assert((res.reports[i].match == IMAGE_CONTENT) == (i < res.contents),
			    "the surer first");
		drive_report(&res.reports[i]);
	}
	image_result_free(&res);
}

#endif
