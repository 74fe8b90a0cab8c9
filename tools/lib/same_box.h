/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two bridges that are one box, plugged in by two cables. */
#ifndef BRIDGEFW_LIB_SAME_BOX_H
#define BRIDGEFW_LIB_SAME_BOX_H

#include <stdbool.h>

struct bridge;
struct bridge_list;
struct drive_list;

const struct bridge *same_identity(const struct bridge_list *l, const struct bridge *b);
bool same_drives(const struct drive_list *a, const struct drive_list *b, const char *serial);
const struct bridge *same_box(const struct bridge_list *l, const struct bridge *b);

#endif
