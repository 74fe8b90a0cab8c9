// SPDX-License-Identifier: GPL-2.0-or-later
/* What every drive answers, and the way of data to and from a medium. */
#include <unistd.h>

#include "bytes.h"
#include "lun.h"

/**
 * scsi_set_sense() - what REQUEST SENSE will tell
 * @lun: whose
 * @sense: SENSE_*
 */
void scsi_set_sense(struct lun *lun, u32 sense)
{
	memset(lun->sense, 0, sizeof(lun->sense));
	lun->sense[0] = 0x70;
	lun->sense[2] = sense >> 16;
	lun->sense[7] = 10;
	lun->sense[12] = sense >> 8;
	lun->sense[13] = sense;
	lun->sense_len = 18;
}

/**
 * scsi_fail() - end a command with CHECK CONDITION
 * @lun: whose REQUEST SENSE tells why
 * @c: the command
 * @sense: SENSE_*
 */
void scsi_fail(struct lun *lun, struct command *c, u32 sense)
{
	c->failed = true;
	c->dev_dir = BFP_DIR_NONE;
	c->dev_length = 0;
	scsi_set_sense(lun, sense);
}

/**
 * scsi_answer() - data for the host
 * @lun: who answers
 * @c: the command
 * @data: the bytes
 * @len: how many there are
 * @allocation: how many the CDB leaves room for
 *
 * Return: true.
 */
bool scsi_answer(struct lun *lun, struct command *c, const u8 *data, u32 len, u32 allocation)
{
	if (len > allocation)
		len = allocation;
	if (command_room(c, len)) {
		scsi_fail(lun, c, SENSE_ABORTED);
		return true;
	}
	memcpy(c->data, data, len);
	c->dev_dir = len ? BFP_DIR_IN : BFP_DIR_NONE;
	c->dev_length = len;
	return true;
}

/**
 * scsi_medium_ready() - whether there is something to work on
 * @lun: the unit
 * @c: the command, which fails if there is not
 *
 * Return: whether there is.
 */
bool scsi_medium_ready(struct lun *lun, struct command *c)
{
	if (lun->fd < 0 || lun->ejected) {
		scsi_fail(lun, c, SENSE_NO_MEDIUM);
		return false;
	}
	if (lun->stopped && lun->type == DRIVE_DISK) {
		scsi_fail(lun, c, SENSE_STOPPED);
		return false;
	}
	return true;
}

/**
 * scsi_transfer() - move blocks
 * @lun: the unit
 * @c: the command, which fails if the medium has no such blocks
 * @lba: the first one
 * @count: how many
 * @dir: where they go
 *
 * Return: true.
 */
bool scsi_transfer(struct lun *lun, struct command *c, u64 lba, u64 count, u8 dir)
{
	if (!scsi_medium_ready(lun, c))
		return true;
	if (lba > lun->blocks || count > lun->blocks - lba) {
		scsi_fail(lun, c, SENSE_LBA_RANGE);
		return true;
	}
	c->stream = true;
	c->position = lba * lun->block_size;
	c->dev_length = count * lun->block_size;
	c->dev_dir = count ? dir : BFP_DIR_NONE;
	return true;
}

/**
 * scsi_read() - data of a command for the host
 * @c: the command
 * @offset: in its data phase
 * @buf: where to
 * @len: how much
 *
 * Return: 0 or -EIO.
 */
int scsi_read(struct command *c, u64 offset, u8 *buf, u32 len)
{
	if (!c->stream) {
		memcpy(buf, c->data + offset, len);
		return 0;
	}
	if (pread(c->unit->fd, buf, len, c->position + offset) == (ssize_t)len)
		return 0;
	scsi_fail(c->unit, c, SENSE_READ_ERROR);
	return -EIO;
}

/**
 * scsi_write() - data of a command from the host
 * @c: the command
 * @offset: in its data phase
 * @buf: where from
 * @len: how much
 *
 * Return: 0 or -EIO.
 */
int scsi_write(struct command *c, u64 offset, const u8 *buf, u32 len)
{
	if (!c->stream) {
		memcpy(c->data + offset, buf, len);
		return 0;
	}
	if (pwrite(c->unit->fd, buf, len, c->position + offset) == (ssize_t)len)
		return 0;
	scsi_fail(c->unit, c, SENSE_WRITE_ERROR);
	return -EIO;
}

/* @text in a field of @len characters, filled with blanks */
static void put_text(u8 *p, const char *text, u32 len)
{
	while (len--)
		*p++ = *text ? *text++ : ' ';
}

static u8 device_type(const struct lun *lun)
{
	if (lun->type == DRIVE_DVD)
		return 0x05;
	return lun->reduced ? 0x0e : 0x00;
}

/* The bridge shows the drive's names, cut as they fall. */
static bool inquiry_standard(struct lun *lun, struct command *c)
{
	u8 d[36] = { 0 };
	size_t n = strlen(lun->model);

	d[0] = device_type(lun);
	d[1] = lun->type == DRIVE_DVD ? 0x80 : 0x00;
	d[2] = 0x04;
	d[3] = 0x02;
	d[4] = sizeof(d) - 5;
	put_text(d + 8, lun->model, 8);
	put_text(d + 16, n > 8 ? lun->model + 8 : "", 16);
	put_text(d + 32, lun->firmware, 4);
	return scsi_answer(lun, c, d, sizeof(d), get_be16(c->cdb + 3));
}

static bool inquiry_page(struct lun *lun, struct command *c)
{
	u8 d[96] = { 0 };
	u32 n = strlen(lun->serial);

	d[0] = device_type(lun);
	d[1] = c->cdb[2];
	switch (c->cdb[2]) {
	case 0x00:
		d[3] = 3;
		d[4] = 0x00;
		d[5] = 0x80;
		d[6] = 0x83;
		break;
	case 0x80:
		d[3] = n;
		memcpy(d + 4, lun->serial, n);
		break;
	case 0x83:
		/* One designator: T10 vendor id, ASCII, "ATA", model, serial */
		d[3] = 4 + 8 + 40 + 20;
		d[4] = 0x02;
		d[5] = 0x01;
		d[7] = 8 + 40 + 20;
		put_text(d + 8, "ATA", 8);
		put_text(d + 16, lun->model, 40);
		put_text(d + 56, lun->serial, 20);
		break;
	default:
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	return scsi_answer(lun, c, d, d[3] + 4, get_be16(c->cdb + 3));
}

static bool inquiry(struct lun *lun, struct command *c)
{
	if (c->cdb[1] & 0x01)
		return inquiry_page(lun, c);
	if (c->cdb[2]) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	return inquiry_standard(lun, c);
}

static bool request_sense(struct lun *lun, struct command *c)
{
	u8 none[18] = { 0x70, [7] = 10 };

	if (!lun->sense_len)
		return scsi_answer(lun, c, none, sizeof(none), c->cdb[4]);
	scsi_answer(lun, c, lun->sense, lun->sense_len, c->cdb[4]);
	lun->sense_len = 0;
	return true;
}

static bool report_luns(struct lun *lun, struct command *c)
{
	u8 d[8 + 8 * 16] = { 0 };
	u32 i;

	put_be32(d, 8 * lun->luns);
	for (i = 0; i < lun->luns; i++)
		d[8 + 8 * i + 1] = i;
	return scsi_answer(lun, c, d, 8 + 8 * lun->luns, get_be32(c->cdb + 6));
}

static bool start_stop(struct lun *lun, struct command *c)
{
	bool load = c->cdb[4] & 0x02, start = c->cdb[4] & 0x01;

	if (!load || lun->type != DRIVE_DVD) {
		lun->stopped = !start;
		return true;
	}
	if (!start && lun->prevent) {
		scsi_fail(lun, c, SENSE_REMOVAL_PREVENTED);
		return true;
	}
	if (lun->ejected && start && lun->fd >= 0)
		lun->attention = SENSE_MEDIUM_CHANGED;
	lun->ejected = !start;
	return true;
}

static bool common(struct lun *lun, struct command *c)
{
	switch (c->cdb[0]) {
	case 0x00:	/* TEST UNIT READY */
		scsi_medium_ready(lun, c);
		return true;
	case 0x03:
		return request_sense(lun, c);
	case 0x12:
		return inquiry(lun, c);
	case 0x1b:
		return start_stop(lun, c);
	case 0x1d:	/* SEND DIAGNOSTIC: the default self-test finds nothing */
		if (get_be16(c->cdb + 3) || !(c->cdb[1] & 0x04))
			scsi_fail(lun, c, SENSE_FIELD);
		return true;
	case 0x1e:	/* PREVENT ALLOW MEDIUM REMOVAL */
		lun->prevent = c->cdb[4] & 0x01;
		return true;
	case 0x3b:
		return buffer_write(lun, c);
	case 0x3c:
		return buffer_read(lun, c);
	case 0xa0:
		return report_luns(lun, c);
	}
	return false;
}

/* A bridge with nothing behind it: no unit is connected to this address. */
static bool no_drive(struct lun *lun, struct command *c)
{
	u8 d[36] = { 0x7f, [4] = 31 };

	switch (c->cdb[0]) {
	case 0x03:
		return request_sense(lun, c);
	case 0x12:
		if (c->cdb[1] & 0x01)
			break;
		return scsi_answer(lun, c, d, sizeof(d), get_be16(c->cdb + 3));
	}
	scsi_fail(lun, c, SENSE_NO_LUN);
	return true;
}

static bool tells_attention(const struct command *c)
{
	return c->cdb[0] != 0x03 && c->cdb[0] != 0x12 && c->cdb[0] != 0xa0 &&
	       c->cdb[0] != 0x4a;
}

/**
 * scsi_start() - a command has come for a logical unit
 * @lun: the unit
 * @c: the command
 */
void scsi_start(struct lun *lun, struct command *c)
{
	c->unit = lun;
	c->known = true;
	if (!lun->ops) {
		no_drive(lun, c);
		return;
	}
	if (lun->attention && tells_attention(c)) {
		scsi_fail(lun, c, lun->attention);
		lun->attention = SENSE_NONE;
		return;
	}
	if (c->cdb[0] != 0x03)
		lun->sense_len = 0;
	if (lun->ops->start(lun, c) || common(lun, c))
		return;
	c->known = false;
	scsi_fail(lun, c, SENSE_OPCODE);
}

/**
 * scsi_finish() - all data of a command is there
 * @lun: the unit
 * @c: the command
 */
void scsi_finish(struct lun *lun, struct command *c)
{
	if (lun->ops && c->cdb[0] == 0x3b)
		buffer_written(lun, c);
	else if (lun->ops && lun->ops->finish)
		lun->ops->finish(lun, c);
}
