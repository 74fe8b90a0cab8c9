/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BRIDGEFW_CORE_ATTACH_H
#define BRIDGEFW_CORE_ATTACH_H

#include <linux/types.h>

bool bridgefw_attach_find(const char *bus_id, char *profile, u8 *hash, bool *hash_known);
size_t bridgefw_buses_nodes(char *buf, size_t room);
int bridgefw_reoffer(const char *bus_id, const char *profile, const u8 *hash);

#endif
