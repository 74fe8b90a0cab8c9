/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line. */
#ifndef VBRIDGE_OPTIONS_H
#define VBRIDGE_OPTIONS_H

#include "box.h"
#include "load.h"

/**
 * struct options - what the command line says
 * @chip: name of the profile
 * @profile: file with the profile; NULL: found by @chip
 * @layout: file with the layout of the EEPROM; NULL: the lab's own, if any
 * @eeprom: file with the content of the EEPROM; NULL: a blank part
 * @flash: likewise
 * @drive: what is behind the bridge
 * @disk: images of their media; NULL: none
 * @drives: how many
 * @drive_serial: serial number of the first drive; NULL: made up
 * @ata: ATA_*, if @fixed_ata
 * @port: of the virtual host controller; -1: any
 * @trace: file
 * @control: socket
 * @page: bytes of an EEPROM page
 * @page_us: how long it is busy
 * @part: of the flash; NULL: the usual one
 * @seed: of everything that is random
 * @patience_ms: when to say that the host has not configured the box
 */
struct options {
	const char *chip;
	const char *profile;
	const char *layout;
	const char *eeprom;
	const char *flash;
	const struct model_part *part;
	enum drive_type drive[BOX_LUNS];
	const char *disk[BOX_LUNS];
	u32 drives;
	const char *drive_serial;
	u32 ata;
	bool fixed_ata;
	int port;
	const char *trace;
	const char *control;
	u32 page;
	u32 page_us;
	u32 seed;
	u32 patience_ms;
};

/*
 * Fills @o and what stands in the options alone of @box. Returns 0, 1 if
 * there is nothing more to do (--help), or -EINVAL after a message.
 */
int options_parse(struct options *o, struct box *box, int argc, char **argv);

/* Builds the enclosure that the options describe. 0 or an error, after a message. */
int options_build(const struct options *o, struct box *box, struct loaded *profile,
		  struct loaded *layout);

#endif
