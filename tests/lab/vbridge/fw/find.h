/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host calls a node. */
#ifndef VBRIDGE_FW_FIND_H
#define VBRIDGE_FW_FIND_H

#include "port.h"

bool find_device(u64 guid, u16 node, char *name, size_t room);

#endif
