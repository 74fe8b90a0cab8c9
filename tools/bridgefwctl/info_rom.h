/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFWCTL_INFO_ROM_H
#define BRIDGEFWCTL_INFO_ROM_H

#include "bridge.h"

void show_rom(const struct bridge *b);

#endif
