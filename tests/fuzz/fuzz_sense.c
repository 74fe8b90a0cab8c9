// SPDX-License-Identifier: GPL-2.0-or-later
/* Sense data of any kind and length. */
#include "sense.h"

#include "fuzz.h"

int fuzz_one(const uint8_t *data, size_t size)
{
	struct bfp_sense s;
	char text[64];

	if (!bfp_sense_decode(data, size, &s)) {
		fuzz_assert(!s.key && !s.asc && !s.ascq, "no sense is all zero");
		return 0;
	}
	fuzz_assert(s.key < 16, "a key has four bits");
	bfp_sense_format(&s, text, sizeof(text));
	fuzz_assert(strlen(text) < sizeof(text), "the text ends");
	return 0;
}
