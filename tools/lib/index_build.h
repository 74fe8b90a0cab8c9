/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index that tells the kernel which profile answers to which id. */
#ifndef BRIDGEFW_LIB_INDEX_BUILD_H
#define BRIDGEFW_LIB_INDEX_BUILD_H

#include <stddef.h>

#include "profile.h"

int index_build(const struct bfp *profiles, size_t n, void **out, size_t *len,
		char *err, size_t errlen);

#endif
