// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl info: what a bridge on FireWire says of itself */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "info_rom.h"
#include "rom.h"
#include "show.h"

/**
 * show_rom() - the configuration ROM of a bridge that has one
 * @b: the bridge
 *
 * A blank box has none, and the kernel's own driver shows none that it could not read.
 */
void show_rom(const struct bridge *b)
{
	char *path = rom_find(b, FIREWIRE_DEVICES);
	struct json_object *o = NULL;
	struct bfp_rom rom;

	if (path && !rom_file_read(path, &rom)) {
		say_rom(&rom);
		o = rom_json(&rom);
	} else if (path) {
		bfw_warn("%s tells nothing: %s", path, strerror(errno));
	}
	if (!strcmp(b->bus, "1394"))
		doc_add("config_rom", o);
	free(path);
}
