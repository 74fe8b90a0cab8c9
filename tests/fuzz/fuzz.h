/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers share. */
#ifndef BRIDGEFW_TESTS_FUZZ_H
#define BRIDGEFW_TESTS_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "profile.h"
#include "walk.h"

/* What libFuzzer calls, by its own name for it. */
int fuzz_one(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

/* Bytes to fill memories and chunks with; the same in every run. */
__attribute__((__unused__))
static u8 *fuzz_bytes(void)
{
	static u8 *bytes;
	u32 seed = 1, i;

	if (bytes)
		return bytes;
	bytes = malloc(WALK_DATA);
	for (i = 0; i < WALK_DATA; i++) {
		seed = seed * 1664525 + 1013904223;
		bytes[i] = (u8)(seed >> 20);
	}
	return bytes;
}

/* A property that does not hold is a crash, which the fuzzer keeps. */
__attribute__((__unused__))
static void fuzz_assert(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

#endif
