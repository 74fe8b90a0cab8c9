/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host without a bus: talks to an enclosure by function calls. */
#ifndef MODEL_BOX_H
#define MODEL_BOX_H

#include <stdlib.h>

#include "box.h"
#include "bytes.h"
#include "load.h"
#include "model_tap.h"

static struct box box;
static struct loaded box_profile;
static u8 box_data[65536 * 2];

static inline void box_open(const char *profile, enum drive_type drive, u32 ata)
{
	char err[512];

	memset(&box, 0, sizeof(box));
	box.trace.fd = -1;
	box.clock.speed = MODEL_HIGH_SPEED;
	box.faults.seed = 1;
	if (load_path(&box_profile, profile, err, sizeof(err))) {
		printf("Bail out! %s\n", err);
		exit(1);
	}
	if (model_chip_init(&box.chip, &box_profile.p, &box.clock))
		abort();
	box.luns = 1;
	box.lun[0].luns = 1;
	box.lun[0].ata = ata;
	if (lun_open(&box.lun[0], drive, NULL, "SERIAL"))
		abort();
	identity_default(&box.rom, &box_profile.p);
	box.layout = box_profile.p;
	box.has_layout = true;
	box_power_on(&box);
	box.lun[0].attention = SENSE_NONE;
}

static inline void box_close(void)
{
	bot_free(&box.bot);
	lun_close(&box.lun[0]);
	model_chip_free(&box.chip);
	load_free(&box_profile);
}

static inline int box_control(u8 type, u8 request, u16 value, u16 index, u16 length, u32 *actual)
{
	u8 setup[8] = { type, request, value, value >> 8, index, index >> 8, length, length >> 8 };

	return control_request(&box, setup, box_data, actual);
}

static inline void box_clear_halt(bool in)
{
	u32 actual;

	box_control(0x02, 0x01, 0, in ? USB_EP_IN : USB_EP_OUT, 0, &actual);
}

/*
 * One command, as a careful host sends it. Returns the status of its CSW, or
 * -1 if there was none; @moved gets how much data moved.
 */
static inline int box_command(const u8 *cdb, u32 cdb_len, bool in, u32 length, u32 *moved)
{
	u8 cbw[BOT_CBW_SIZE] = "USBC", csw[64];
	u32 actual;
	int ret;

	*moved = 0;
	box.configuration = 1;
	put_le32(cbw + 4, 1);
	put_le32(cbw + 8, length);
	cbw[12] = in ? 0x80 : 0x00;
	cbw[14] = cdb_len;
	memcpy(cbw + 15, cdb, cdb_len);
	if (bot_from_host(&box.bot, cbw, sizeof(cbw), &actual))
		return -1;
	if (length) {
		ret = in ? bot_to_host(&box.bot, box_data, length, moved) :
			   bot_from_host(&box.bot, box_data, length, moved);
		if (ret == -EPIPE)
			box_clear_halt(in);
		else if (ret)
			return -1;
	}
	ret = bot_to_host(&box.bot, csw, sizeof(csw), &actual);
	if (ret == -EPIPE) {
		box_clear_halt(true);
		ret = bot_to_host(&box.bot, csw, sizeof(csw), &actual);
	}
	if (ret || actual != BOT_CSW_SIZE || memcmp(csw, "USBS", 4) ||
	    get_le32(csw + 8) != length - *moved)
		return -1;
	return csw[12];
}

/* Sense key, ASC and ASCQ as one number. */
static inline u32 box_sense(void)
{
	u8 cdb[6] = { 0x03, 0, 0, 0, 18 };
	u32 moved;

	if (box_command(cdb, sizeof(cdb), true, 18, &moved) || moved != 18)
		return ~0u;
	return (u32)box_data[2] << 16 | box_data[12] << 8 | box_data[13];
}

#endif
