/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small things about text: copies, hashes, times. */
#ifndef BRIDGEFW_LIB_TEXT_H
#define BRIDGEFW_LIB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "port.h"

#define SHA256_TEXT	65	/* 64 digits and the zero */
#define TIME_TEXT	24

void *xalloc(size_t size);
void *xgrow(void *old, size_t count, size_t size);
char *xprintf(const char *fmt, ...) __printf(1, 2);

void text_put(char *dst, size_t room, const char *src);
void text_add(char *dst, size_t room, const char *fmt, ...)
	__printf(3, 4);
void text_hex(char *dst, size_t room, const u8 *data, size_t len);
void text_clean(char *s);
void text_trim(char *s);
bool text_has_word(const char *list, const char *word);
bool text_ends(const char *s, const char *end);
bool text_is_sha256(const char *s);

void sha256_text(const void *data, size_t len, char out[SHA256_TEXT]);
void time_text(time_t t, char out[TIME_TEXT]);
void time_stamp(char out[TIME_TEXT]);

#endif
