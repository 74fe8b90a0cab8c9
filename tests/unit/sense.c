// SPDX-License-Identifier: GPL-2.0-or-later
/* Sense data, good and bad. */
#include "sense.h"

#include <stdlib.h>

#include "tap.h"

static const struct {
	const char *name;
	u8 data[32];
	size_t len;
	bool is_sense;
	u8 key, asc, ascq;
	bool deferred, has_information;
	u64 information;
} samples[] = {
	{ "nothing", { 0 }, 0 },
	{ "one byte", { 0x70 }, 1 },
	{ "two bytes", { 0x70, 0 }, 2 },
	{ "all zero", { 0 }, 18 },
	{ "a vendor's own form", { 0x7f, 0, 5 }, 18 },
	{ "fixed: the PL-2773's answer to F4", { 0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20 }, 18,
	  true, 5, 0x20, 0 },
	{ "fixed, with information", { 0xf0, 0, 3, 0, 0, 0x12, 0x34, 10, 0, 0, 0, 0, 0x11, 4 }, 18,
	  true, 3, 0x11, 4, false, true, 0x1234 },
	{ "fixed, without the valid bit",
	  { 0x70, 0, 3, 0, 0, 0x12, 0x34, 10, 0, 0, 0, 0, 0x11 }, 18,
	  true, 3, 0x11, 0 },
	{ "fixed, deferred", { 0x71, 0, 4, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x44 }, 18,
	  true, 4, 0x44, 0, true },
	{ "fixed, three bytes arrived", { 0x70, 0, 6 }, 3, true, 6, 0, 0 },
	{ "fixed, cut before the code", { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29 }, 12,
	  true, 6, 0, 0 },
	{ "fixed, cut before the qualifier",
	  { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 1 }, 13,
	  true, 6, 0x29, 0 },
	{ "fixed, says that it ends before the code",
	  { 0x70, 0, 6, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0x29, 1 },
	  18, true, 6, 0, 0 },
	{ "fixed, length zero as old bridges send it",
	  { 0x70, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x29, 1 },
	  18, true, 6, 0x29, 1 },
	{ "fixed, says that it is longer", { 0x70, 0, 6, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0x29, 1 }, 18,
	  true, 6, 0x29, 1 },
	{ "descriptors: none", { 0x72, 5, 0x24, 0, 0, 0, 0, 0 }, 8, true, 5, 0x24, 0 },
	{ "descriptors: three bytes arrived", { 0x72, 5, 0x24 }, 3, true, 5, 0x24, 0 },
	{ "descriptors: information",
	  { 0x72, 3, 0x11, 0, 0, 0, 0, 12, 0, 10, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 2 }, 20,
	  true, 3, 0x11, 0, false, true, 0x100000002ULL },
	{ "descriptors: information that is not valid",
	  { 0x72, 3, 0x11, 0, 0, 0, 0, 12, 0, 10, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2 }, 20,
	  true, 3, 0x11, 0 },
	{ "descriptors: another one before information",
	  { 0x73, 3, 0x11, 0, 0, 0, 0, 16, 2, 2, 0, 0, 0, 10, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 7 }, 24,
	  true, 3, 0x11, 0, true, true, 7 },
	{ "descriptors: one that reaches past the end",
	  { 0x72, 3, 0x11, 0, 0, 0, 0, 200, 0, 250, 0x80 }, 20, true, 3, 0x11, 0 },
	{ "descriptors: information that is too short",
	  { 0x72, 3, 0x11, 0, 0, 0, 0, 6, 0, 4, 0x80, 0, 1, 1 }, 14, true, 3, 0x11, 0 },
};

static void fixed_cases(void)
{
	struct bfp_sense s;
	bool good;
	size_t i;
	u8 *copy;

	for (i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		/* exactly as many bytes as arrived: a sanitizer sees any read beyond */
		copy = malloc(samples[i].len ? samples[i].len : 1);
		memcpy(copy, samples[i].data, samples[i].len);
		memset(&s, 0xa5, sizeof(s));
		good = samples[i].is_sense == bfp_sense_decode(copy, samples[i].len, &s) &&
		       s.key == samples[i].key && s.asc == samples[i].asc &&
		       s.ascq == samples[i].ascq &&
		       s.deferred == samples[i].deferred &&
		       s.has_information == samples[i].has_information &&
		       s.information == samples[i].information;
		ok(good, "%s", samples[i].name);
		free(copy);
	}
}

/* Any bytes of any length: nothing outside of them is touched. */
static void random_cases(void)
{
	u32 seed = 1, i, k, len;
	struct bfp_sense s;
	bool good = true;
	u8 *data;

	for (i = 0; i < 100000; i++) {
		seed = seed * 1664525 + 1013904223;
		len = (seed >> 16) % 40;
		data = malloc(len ? len : 1);
		for (k = 0; k < len; k++) {
			seed = seed * 1664525 + 1013904223;
			data[k] = (u8)(seed >> 20);
		}
		if (len)
			data[0] = (u8)(0x70 | (data[0] & 0x8f & 0x83));
		bfp_sense_decode(data, len, &s);
		good &= s.key < 16;
		free(data);
	}
	ok(good, "random bytes of random length");
}

int main(void)
{
	struct bfp_sense s = { .key = 5, .asc = 0x20 };
	char text[80];

	fixed_cases();
	random_cases();
	bfp_sense_format(&s, text, sizeof(text));
	is_text(text, "illegal request (5/20/00)", "as text");
	s.deferred = true;
	bfp_sense_format(&s, text, sizeof(text));
	is_text(text, "illegal request (5/20/00), of an earlier command", "as text, deferred");
	is_int(bfp_sense_format(&s, text, 8), 48, "as text, with little room");
	is_text(text, "illegal", "what fits");
	is_text(bfp_sense_key_name(15), "completed", "the last key");
	is_text(bfp_sense_key_name(16), "unknown", "a key that cannot be");
	return tap_done();
}
