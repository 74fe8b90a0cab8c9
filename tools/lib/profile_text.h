/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text form of a profile, turned into the form that the kernel reads. */
#ifndef BRIDGEFW_LIB_PROFILE_TEXT_H
#define BRIDGEFW_LIB_PROFILE_TEXT_H

#include <stddef.h>

#define PROFILE_TEXT_MAX	(1024 * 1024)	/* a larger text is refused */

int profile_compile_file(const char *path, void **out, size_t *len,
			 char *err, size_t errlen);
int profile_compile_text(const char *file, const char *text, size_t text_len,
			 void **out, size_t *len, char *err, size_t errlen);

#endif
