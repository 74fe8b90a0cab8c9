/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bridgefwctl info: a box without firmware. */
#ifndef BRIDGEFWCTL_INFO_BLANK_H
#define BRIDGEFWCTL_INFO_BLANK_H

struct bridge;

void show_blank(const struct bridge *b);

#endif
