/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration ROM of a FireWire bridge, as the kernel's own driver has read it. */
#ifndef BRIDGEFW_LIB_ROM_H
#define BRIDGEFW_LIB_ROM_H

#include <stdbool.h>
#include <stddef.h>

#include "config_rom.h"

#define FIREWIRE_DEVICES	"/sys/bus/firewire/devices"

struct bridge;
struct json_object;

char *rom_node(const struct bridge *b, const char *devices);
char *rom_find(const struct bridge *b, const char *devices);
int rom_file_read(const char *path, struct bfp_rom *rom);
void say_rom(const struct bfp_rom *rom);
struct json_object *rom_json(const struct bfp_rom *rom);

#endif
