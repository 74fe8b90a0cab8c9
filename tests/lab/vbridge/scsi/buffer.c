// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * READ BUFFER and WRITE BUFFER: data, its descriptor, and the echo buffer. The drive
 * takes no microcode this way.
 */
#include "bytes.h"
#include "lun.h"

#define MODE_DATA	0x02
#define MODE_DESCRIPTOR	0x03
#define MODE_ECHO	0x0a

/**
 * buffer_read() - READ BUFFER (10)
 * @lun: the unit
 * @c: the command
 *
 * Return: true.
 */
bool buffer_read(struct lun *lun, struct command *c)
{
	u32 offset = get_be24(c->cdb + 3), room = get_be24(c->cdb + 6);
	u8 d[4] = { 0x00, 0x00, sizeof(lun->buffer) >> 8, sizeof(lun->buffer) & 0xff };

	switch (c->cdb[1] & 0x1f) {
	case MODE_DESCRIPTOR:
		return scsi_answer(lun, c, d, sizeof(d), room);
	case MODE_DATA:
	case MODE_ECHO:
		if (!c->cdb[2] && offset <= sizeof(lun->buffer))
			return scsi_answer(lun, c, lun->buffer + offset,
					   sizeof(lun->buffer) - offset, room);
	}
	scsi_fail(lun, c, SENSE_FIELD);
	return true;
}

/**
 * buffer_write() - WRITE BUFFER (10) has come; see buffer_written()
 * @lun: the unit
 * @c: the command
 *
 * Return: true.
 */
bool buffer_write(struct lun *lun, struct command *c)
{
	u32 offset = get_be24(c->cdb + 3), len = get_be24(c->cdb + 6);
	u8 mode = c->cdb[1] & 0x1f;

	if ((mode != MODE_DATA && mode != MODE_ECHO) || c->cdb[2] ||
	    offset > sizeof(lun->buffer) || len > sizeof(lun->buffer) - offset ||
	    command_room(c, len)) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	c->dev_dir = len ? BFP_DIR_OUT : BFP_DIR_NONE;
	c->dev_length = len;
	return true;
}

/**
 * buffer_written() - its data is there
 * @lun: the unit
 * @c: the command
 */
void buffer_written(struct lun *lun, struct command *c)
{
	if (c->dev_length)
		memcpy(lun->buffer + get_be24(c->cdb + 3), c->data, c->dev_length);
}
