/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line. */
#ifndef VBRIDGE_OPTIONS_H
#define VBRIDGE_OPTIONS_H

#include "box.h"
#include "load.h"

/**
 * struct fw_options - what the command line says of FireWire
 * @card: number of the fake card
 * @behind: control socket or handle of the box that it is plugged into; NULL: the card
 * @guid: to show; 0: made up
 * @company: id in the config ROM, if @has_company; else the profile's
 * @model: likewise
 * @revision: likewise
 * @texts: VENDOR/MODEL in the config ROM; NULL: the usual ones
 * @link_off: the link layer does not answer
 * @self_id: what its PHY shows as it is
 * @self_ids: how many quadlets; 0: what is right
 */
struct fw_options {
	u32 card;
	const char *behind;
	u64 guid;
	u32 company;
	bool has_company;
	u32 model;
	bool has_model;
	u32 revision;
	bool has_revision;
	const char *texts;
	bool link_off;
	u32 self_id[4];
	u32 self_ids;
};

/**
 * struct options - what the command line says
 * @bus: that it is plugged into
 * @speed: of the bus; NULL: the usual one
 * @fw: what concerns FireWire alone
 * @fw_only: an option that does; NULL: none was given
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
 * @port: of what it is plugged into; -1: any
 * @trace: file
 * @control: socket
 * @page: bytes of an EEPROM page
 * @page_us: how long it is busy
 * @part: of the flash; NULL: the usual one
 * @seed: of everything that is random
 * @patience_ms: when to say that the host has not configured the box
 */
struct options {
	enum box_bus bus;
	const char *speed;
	struct fw_options fw;
	const char *fw_only;
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

int options_bad(const char *fmt, ...) __printf(1, 2);
int options_number(const char *option, const char *text, u32 least, u32 most, u32 *out);

/* fw/options.c */
int fw_option(struct fw_options *o, const char *name, const char *arg);

/* build.c:  that the options describe. 0 or an error, after a message. */
int options_build(const struct options *o, struct box *box, struct loaded *profile,
		  struct loaded *layout);

#endif
