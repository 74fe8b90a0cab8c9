// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <nettle/sha2.h>

#include "text.h"

/**
 * xalloc() - memory, zeroed
 * @size: bytes
 *
 * A tool that runs out of memory has not started to write anything: the
 * writing is the kernel's job. So it just ends.
 *
 * Return: the memory, never NULL
 */
void *xalloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return p;
}

/**
 * xgrow() - make room for one more element
 * @old: array of @count elements, or NULL
 * @count: how many there are
 * @size: bytes of each
 *
 * Return: the array, the new element zeroed
 */
void *xgrow(void *old, size_t count, size_t size)
{
	char *p = reallocarray(old, count + 1, size);

	if (!p) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	memset(p + count * size, 0, size);
	return p;
}

/**
 * xprintf() - a new string
 * @fmt: as printf
 *
 * Return: the string; the caller frees it
 */
char *xprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return s;
}

/**
 * text_put() - copy a string, cut to the room there is
 * @dst: where to
 * @room: its size
 * @src: what; NULL counts as ""
 */
void text_put(char *dst, size_t room, const char *src)
{
	size_t n = src ? strlen(src) : 0;

	if (n >= room)
		n = room - 1;
	if (n)
		memmove(dst, src, n);
	dst[n] = '\0';
}

/**
 * text_add() - append to a string, cut to the room there is
 * @dst: the string
 * @room: its size
 * @fmt: as printf
 */
void text_add(char *dst, size_t room, const char *fmt, ...)
{
	size_t used = strlen(dst);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(dst + used, room - used, fmt, ap);
	va_end(ap);
}

/**
 * text_hex() - bytes as pairs of digits with spaces between, "06 7b"
 * @dst: gets the text, "" for no bytes
 * @room: its size; three for each byte. What is left out is "..."
 * @data: the bytes
 * @len: how many
 */
void text_hex(char *dst, size_t room, const u8 *data, size_t len)
{
	size_t i;

	dst[0] = '\0';
	for (i = 0; i < len; i++) {
		/* the last pair must leave room for what stands for the rest */
		if (3 * (i + 1) + (i + 1 < len ? 4 : 0) > room) {
			text_add(dst, room, "...");
			return;
		}
		text_add(dst, room, i + 1 < len ? "%02x " : "%02x", data[i]);
	}
}

/* Bytes of the UTF-8 character at @s that may be shown, 0 if there is none. */
static size_t utf8_shown(const unsigned char *s)
{
	u32 c;
	size_t n, i;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	if ((s[0] & 0xe0) == 0xc0)
		n = 2;
	else if ((s[0] & 0xf0) == 0xe0)
		n = 3;
	else if ((s[0] & 0xf8) == 0xf0)
		n = 4;
	else
		return 0;
	c = s[0] & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < 0xa0 || (n == 3 && c < 0x800) || (n == 4 && c < 0x10000) || c > 0x10ffff)
		return 0;
	/* surrogates; marks that turn the direction of writing round */
	if ((c >= 0xd800 && c < 0xe000) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069))
		return 0;
	return n;
}

/**
 * text_clean() - make what a device said safe to show
 * @s: changed in place: whatever could steer a terminal or is no UTF-8
 *     becomes a question mark
 */
void text_clean(char *s)
{
	while (*s) {
		size_t n = utf8_shown((const unsigned char *)s);

		if (!n) {
			*s = '?';
			n = 1;
		}
		s += n;
	}
}

/**
 * text_trim() - take white space off both ends
 * @s: changed in place
 */
void text_trim(char *s)
{
	size_t skip = strspn(s, " \t\r\n");
	size_t n = strlen(s + skip);

	memmove(s, s + skip, n + 1);
	while (n && strchr(" \t\r\n", s[n - 1]))
		s[--n] = '\0';
}

/**
 * text_has_word() - whether a word stands in a list
 * @list: words with blanks between them
 * @word: the one that is sought
 */
bool text_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *p = list;

	while (len && (p = strstr(p, word))) {
		if ((p == list || p[-1] == ' ') && (!p[len] || p[len] == ' '))
			return true;
		p += len;
	}
	return false;
}

/**
 * text_ends() - whether a string has an ending
 * @s: the string
 * @end: the ending
 */
bool text_ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && !strcmp(s + n - m, end);
}

/**
 * text_is_sha256() - whether a string has the form of a SHA-256 that we wrote
 * @s: the string
 */
bool text_is_sha256(const char *s)
{
	return strlen(s) == SHA256_TEXT - 1 && strspn(s, "0123456789abcdef") == SHA256_TEXT - 1;
}

/**
 * sha256_text() - SHA-256 as text
 * @data: the bytes
 * @len: how many
 * @out: lower case digits
 */
void sha256_text(const void *data, size_t len, char out[SHA256_TEXT])
{
	u8 digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;
	size_t i;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++)
		sprintf(out + 2 * i, "%02x", digest[i]);
}

static void time_format(time_t t, const char *fmt, char out[TIME_TEXT])
{
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(out, TIME_TEXT, fmt, &tm))
		text_put(out, TIME_TEXT, "?");
}

/**
 * time_text() - a time for people and for JSON (ISO 8601, UTC)
 * @t: the time
 * @out: the text
 */
void time_text(time_t t, char out[TIME_TEXT])
{
	time_format(t, "%Y-%m-%dT%H:%M:%SZ", out);
}

/**
 * time_stamp() - the present time for file names, whose order is that of time
 * @out: the text, to the millisecond
 */
void time_stamp(char out[TIME_TEXT])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	time_format(now.tv_sec, "%Y%m%dT%H%M%S", out);
	text_add(out, TIME_TEXT, ".%03ldZ", now.tv_nsec / 1000000);
}
