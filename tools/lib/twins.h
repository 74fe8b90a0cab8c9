/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_LIB_TWINS_H
#define BRIDGEFW_LIB_TWINS_H

#include <stddef.h>

struct bridge;
struct bridge_list;

void twins_hint(const struct bridge_list *l, const struct bridge *b, char *out, size_t room);

#endif
