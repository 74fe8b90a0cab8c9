// SPDX-License-Identifier: GPL-2.0-or-later
/* A direct access disk (SBC), as a bridge makes it of an ATA disk. */
#include <unistd.h>

#include "bytes.h"
#include "lun.h"

static bool read_capacity_10(struct lun *lun, struct command *c)
{
	u64 last = lun->blocks - 1;
	u8 d[8];

	if (!scsi_medium_ready(lun, c))
		return true;
	put_be32(d, last > 0xffffffff ? 0xffffffff : last);
	put_be32(d + 4, lun->block_size);
	return scsi_answer(lun, c, d, sizeof(d), sizeof(d));
}

static bool read_capacity_16(struct lun *lun, struct command *c)
{
	u8 d[32] = { 0 };

	if (!scsi_medium_ready(lun, c))
		return true;
	put_be64(d, lun->blocks - 1);
	put_be32(d + 8, lun->block_size);
	return scsi_answer(lun, c, d, sizeof(d), get_be32(c->cdb + 10));
}

/*
 * The mode pages: caching and control. With @changeable, the mask of what
 * MODE SELECT may change: the write cache.
 */
static u32 mode_pages(const struct lun *lun, u8 page, bool changeable, u8 *out)
{
	u32 n = 0;

	if (page == 0x08 || page == 0x3f) {
		out[n] = 0x08;
		out[n + 1] = 0x12;
		out[n + 2] = changeable || lun->write_cache ? 0x04 : 0x00;
		n += 0x14;
	}
	/* Of reduced block commands: bit 0 switches the write cache off. */
	if (lun->reduced && (page == 0x06 || page == 0x3f)) {
		out[n] = 0x06;
		out[n + 1] = 0x0b;
		out[n + 2] = changeable || !lun->write_cache ? 0x01 : 0x00;
		if (!changeable) {
			put_be16(out + n + 3, lun->block_size);
			put_be32(out + n + 6, lun->blocks);
		}
		n += 0x0d;
	}
	if (page == 0x0a || page == 0x3f) {
		out[n] = 0x0a;
		out[n + 1] = 0x0a;
		n += 0x0c;
	}
	return n;
}

static bool mode_sense(struct lun *lun, struct command *c)
{
	bool ten = c->cdb[0] == 0x5a;
	u32 header = ten ? 8 : 4, n;
	u8 d[64] = { 0 };

	/* Sub-pages and saved values there are none. */
	if (c->cdb[3] || c->cdb[2] >> 6 == 3) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	n = mode_pages(lun, c->cdb[2] & 0x3f, c->cdb[2] >> 6 == 1, d + header);
	if (!n && (c->cdb[2] & 0x3f)) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	n += header;
	if (ten)
		put_be16(d, n - 2);
	else
		d[0] = n - 1;
	return scsi_answer(lun, c, d, n, ten ? get_be16(c->cdb + 7) : c->cdb[4]);
}

static bool mode_select(struct lun *lun, struct command *c)
{
	u32 len = c->cdb[0] == 0x55 ? get_be16(c->cdb + 7) : c->cdb[4];

	if (command_room(c, len)) {
		scsi_fail(lun, c, SENSE_PARAMETER);
		return true;
	}
	c->dev_dir = len ? BFP_DIR_OUT : BFP_DIR_NONE;
	c->dev_length = len;
	return true;
}

static void mode_selected(struct lun *lun, struct command *c)
{
	u32 len = c->dev_length;
	u32 at = c->cdb[0] == 0x55 ? 8 : 4;

	if (len < at)
		return;
	at += c->cdb[0] == 0x55 ? get_be16(c->data + 6) : c->data[3];
	while (at + 2 <= len) {
		u32 n = c->data[at + 1] + 2u;

		if (at + n > len) {
			scsi_fail(lun, c, SENSE_PARAMETER);
			return;
		}
		if ((c->data[at] & 0x3f) == 0x08 && n > 2)
			lun->write_cache = c->data[at + 2] & 0x04;
		if (lun->reduced && (c->data[at] & 0x3f) == 0x06 && n > 2)
			lun->write_cache = !(c->data[at + 2] & 0x01);
		at += n;
	}
}

/* LOG SENSE: which pages there are, and the temperature. */
static bool log_sense(struct lun *lun, struct command *c)
{
	u8 list[6] = { 0x00, 0, 0, 2, 0x00, 0x0d };
	u8 temperature[10] = { 0x0d, 0, 0, 6, 0, 0, 0x03, 2, 0, 35 };
	u32 room = get_be16(c->cdb + 7);

	switch (c->cdb[2] & 0x3f) {
	case 0x00:
		return scsi_answer(lun, c, list, sizeof(list), room);
	case 0x0d:
		return scsi_answer(lun, c, temperature, sizeof(temperature), room);
	}
	scsi_fail(lun, c, SENSE_FIELD);
	return true;
}

static bool check_range(struct lun *lun, struct command *c, u64 lba, u64 count)
{
	if (!scsi_medium_ready(lun, c))
		return true;
	if (c->cdb[1] & 0x06)	/* VERIFY with data to compare */
		scsi_fail(lun, c, SENSE_FIELD);
	else if (lba > lun->blocks || count > lun->blocks - lba)
		scsi_fail(lun, c, SENSE_LBA_RANGE);
	return true;
}

static bool disk_start(struct lun *lun, struct command *c)
{
	const u8 *b = c->cdb;

	switch (b[0]) {
	case 0x08:
		return scsi_transfer(lun, c, get_be24(b + 1) & 0x1fffff,
				     b[4] ? b[4] : 256, BFP_DIR_IN);
	case 0x0a:
		return scsi_transfer(lun, c, get_be24(b + 1) & 0x1fffff,
				     b[4] ? b[4] : 256, BFP_DIR_OUT);
	case 0x28:
		return scsi_transfer(lun, c, get_be32(b + 2), get_be16(b + 7), BFP_DIR_IN);
	case 0x2a:
	case 0x2e:	/* WRITE AND VERIFY */
		return scsi_transfer(lun, c, get_be32(b + 2), get_be16(b + 7), BFP_DIR_OUT);
	case 0xa8:
		return scsi_transfer(lun, c, get_be32(b + 2), get_be32(b + 6), BFP_DIR_IN);
	case 0xaa:
		return scsi_transfer(lun, c, get_be32(b + 2), get_be32(b + 6), BFP_DIR_OUT);
	case 0x88:
		return scsi_transfer(lun, c, get_be64(b + 2), get_be32(b + 10), BFP_DIR_IN);
	case 0x8a:
		return scsi_transfer(lun, c, get_be64(b + 2), get_be32(b + 10), BFP_DIR_OUT);
	case 0x2f:
		return check_range(lun, c, get_be32(b + 2), get_be16(b + 7));
	case 0x8f:
		return check_range(lun, c, get_be64(b + 2), get_be32(b + 10));
	case 0x2b:	/* SEEK */
		return check_range(lun, c, get_be32(b + 2), 0);
	case 0x25:
		return read_capacity_10(lun, c);
	case 0x9e:
		return (b[1] & 0x1f) == 0x10 ? read_capacity_16(lun, c) : false;
	case 0x1a:
	case 0x5a:
		return mode_sense(lun, c);
	case 0x15:
	case 0x55:
		return mode_select(lun, c);
	case 0x4d:
		return log_sense(lun, c);
	case 0x35:
	case 0x91:	/* SYNCHRONIZE CACHE: what was taken is in the file */
		scsi_medium_ready(lun, c);
		return true;
	}
	return ata_start(lun, c);
}

static void disk_finish(struct lun *lun, struct command *c)
{
	if (c->cdb[0] == 0x15 || c->cdb[0] == 0x55)
		mode_selected(lun, c);
}

const struct drive_ops scsi_disk_ops = {
	.start = disk_start,
	.finish = disk_finish,
};
