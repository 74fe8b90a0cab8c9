/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results in the Test Anything Protocol. The plan comes at the end, so that a
 * program that dies on its way has none and counts as failed.
 */
#ifndef BRIDGEFW_TESTS_TAP_H
#define BRIDGEFW_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failures;

__attribute__((__format__(__printf__, 2, 3), __unused__))
static bool ok(bool good, const char *fmt, ...)
{
	va_list args;

	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	tap_failures += !good;
	fflush(stdout);
	return good;
}

__attribute__((__unused__))
static bool is_int(long long is, long long want, const char *name)
{
	bool good = ok(is == want, "%s", name);

	if (!good)
		printf("# is %lld (0x%llx), should be %lld (0x%llx)\n", is, is, want, want);
	return good;
}

__attribute__((__unused__))
static bool is_text(const char *is, const char *want, const char *name)
{
	bool good = ok(!strcmp(is, want), "%s", name);

	if (!good)
		printf("# is     \"%s\"\n# should \"%s\"\n", is, want);
	return good;
}

__attribute__((__unused__))
static bool has_text(const char *is, const char *part, const char *name)
{
	bool good = ok(strstr(is, part), "%s", name);

	if (!good)
		printf("# \"%s\"\n# does not have \"%s\"\n", is, part);
	return good;
}

__attribute__((__unused__))
static bool is_bytes(const void *is, const void *want, size_t len, const char *name)
{
	const unsigned char *a = is, *b = want;
	bool good = ok(!memcmp(is, want, len), "%s", name);
	size_t i;

	for (i = 0; !good && i < len; i++)
		if (a[i] != b[i])
			printf("# byte %zu is %02x, should be %02x\n", i, a[i], b[i]);
	return good;
}

__attribute__((__unused__))
static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
