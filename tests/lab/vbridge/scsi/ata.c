// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ATA pass-through: the standard's two CDBs and the ones that bridges had
 * before it, and the few ATA commands a drive needs to be identified and
 * asked for its health.
 */
#include "bytes.h"
#include "lun.h"

#define STATUS_GOOD	0x50
#define STATUS_ERROR	0x51
#define ERROR_ABORT	0x04

enum outcome {
	ATA_ABORT,
	ATA_NO_DATA,
	ATA_PAGE,	/* 512 bytes for the host */
	ATA_READ,
	ATA_WRITE,
};

static void put_word(u8 *page, u32 word, u16 value)
{
	put_le16(page + 2 * word, value);
}

/* ATA strings: blanks at the end, the two characters of each word swapped. */
static void put_string(u8 *page, u32 word, u32 len, const char *text)
{
	u32 i;

	for (i = 0; i < len; i++)
		page[2 * word + (i ^ 1)] = *text ? *text++ : ' ';
}

static void put_checksum(u8 *page)
{
	u8 sum = 0;
	u32 i;

	for (i = 0; i < 511; i++)
		sum += page[i];
	page[511] = -sum;
}

static void identify(const struct lun *lun, u8 *page)
{
	u64 n = lun->type == DRIVE_DISK ? lun->blocks : 0;
	u32 n28 = n > 0x0fffffff ? 0x0fffffff : n;
	u16 features = 0x0001 | 0x0020;	/* SMART, write cache */

	memset(page, 0, 512);
	put_string(page, 10, 20, lun->serial);
	put_string(page, 23, 8, lun->firmware);
	put_string(page, 27, 40, lun->model);
	put_word(page, 49, 0x0300);	/* LBA, DMA */
	put_word(page, 53, 0x0006);
	put_word(page, 63, 0x0007);
	put_word(page, 64, 0x0003);
	put_word(page, 80, 0x00f0);	/* ATA/ATAPI-4 to 7 */
	put_word(page, 88, 0x003f);
	if (lun->type == DRIVE_DVD) {
		put_word(page, 0, 0x8580);	/* ATAPI, CD/DVD, removable */
		put_word(page, 82, 0x0010);
		put_word(page, 85, 0x0010);
	} else {
		put_word(page, 0, 0x0040);
		put_word(page, 60, n28);
		put_word(page, 61, n28 >> 16);
		put_word(page, 82, features);
		put_word(page, 83, 0x7400);	/* FLUSH CACHE (EXT), 48 bits */
		put_word(page, 84, 0x4000);
		put_word(page, 85, (lun->smart ? 0x0001 : 0) | (lun->write_cache ? 0x0020 : 0));
		put_word(page, 86, 0x3400);
		put_word(page, 87, 0x4000);
		put_word(page, 100, n);
		put_word(page, 101, n >> 16);
		put_word(page, 102, n >> 32);
		put_word(page, 103, n >> 48);
		put_word(page, 217, 5400);
	}
	page[510] = 0xa5;
	put_checksum(page);
}

static const struct attribute {
	u8 id;
	u16 flags;
	u8 value;
	u8 threshold;
	u32 raw;
} attributes[] = {
	{ 1, 0x000f, 100, 51, 0 },	/* raw read error rate */
	{ 5, 0x0033, 100, 36, 0 },	/* reallocated sectors */
	{ 9, 0x0032, 99, 0, 1234 },	/* power-on hours */
	{ 12, 0x0032, 100, 0, 56 },	/* power cycles */
	{ 194, 0x0022, 65, 0, 35 },	/* temperature */
	{ 197, 0x0012, 100, 0, 0 },	/* pending sectors */
};

static void smart_data(u8 *page, bool thresholds)
{
	u32 i;

	memset(page, 0, 512);
	put_le16(page, 0x0010);
	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		u8 *a = page + 2 + 12 * i;

		a[0] = attributes[i].id;
		if (thresholds) {
			a[1] = attributes[i].threshold;
			continue;
		}
		put_le16(a + 1, attributes[i].flags);
		a[3] = attributes[i].value;
		a[4] = attributes[i].value;
		put_le32(a + 5, attributes[i].raw);
	}
	if (!thresholds)
		put_le16(page + 368, 0x0003);	/* SMART capability: saves attributes */
	put_checksum(page);
}

static enum outcome smart(struct lun *lun, struct ata_regs *r, u8 *page)
{
	if ((r->lba >> 8 & 0xffff) != 0xc24f)
		return ATA_ABORT;
	if ((r->feature & 0xff) == 0xd8) {
		lun->smart = true;
		return ATA_NO_DATA;
	}
	if (!lun->smart)
		return ATA_ABORT;
	switch (r->feature & 0xff) {
	case 0xd0:
	case 0xd1:
		smart_data(page, (r->feature & 0xff) == 0xd1);
		return ATA_PAGE;
	case 0xd2:	/* attribute autosave */
		return ATA_NO_DATA;
	case 0xd9:
		lun->smart = false;
		return ATA_NO_DATA;
	case 0xda:	/* return status: the key stays, so nothing is wrong */
		return ATA_NO_DATA;
	}
	return ATA_ABORT;
}

static enum outcome run(struct lun *lun, struct ata_regs *r, u8 *page)
{
	bool disk = lun->type == DRIVE_DISK;

	switch (r->command) {
	case 0xec:	/* IDENTIFY DEVICE */
	case 0xa1:	/* IDENTIFY PACKET DEVICE */
		if (r->command != (disk ? 0xec : 0xa1))
			return ATA_ABORT;
		identify(lun, page);
		return ATA_PAGE;
	case 0xb0:
		return disk ? smart(lun, r, page) : ATA_ABORT;
	case 0xe5:	/* CHECK POWER MODE */
		r->count = lun->stopped ? 0x00 : 0xff;
		return ATA_NO_DATA;
	case 0xe0:	/* STANDBY IMMEDIATE */
		lun->stopped = true;
		return ATA_NO_DATA;
	case 0xe1:	/* IDLE IMMEDIATE */
		lun->stopped = false;
		return ATA_NO_DATA;
	case 0xe7:	/* FLUSH CACHE */
	case 0xea:
		return disk ? ATA_NO_DATA : ATA_ABORT;
	case 0xef:	/* SET FEATURES: the write cache */
		if (disk && ((r->feature & 0xff) == 0x02 || (r->feature & 0xff) == 0x82)) {
			lun->write_cache = (r->feature & 0xff) == 0x02;
			return ATA_NO_DATA;
		}
		return ATA_ABORT;
	case 0x20:	/* READ: PIO, DMA, and with 48 bits */
	case 0xc8:
	case 0x24:
	case 0x25:
		return disk ? ATA_READ : ATA_ABORT;
	case 0x30:
	case 0xca:
	case 0x34:
	case 0x35:
		return disk ? ATA_WRITE : ATA_ABORT;
	}
	return ATA_ABORT;
}

static bool is_48bit(u8 command)
{
	return command == 0x24 || command == 0x25 || command == 0x34 || command == 0x35;
}

/* Sense in descriptor format, with the registers as they are. */
static void fail_with_registers(struct lun *lun, struct command *c, u8 key, u8 asc, u8 ascq)
{
	const struct ata_regs *r = &lun->regs;
	u8 *d = lun->sense;

	c->failed = true;
	memset(lun->sense, 0, sizeof(lun->sense));
	d[0] = 0x72;
	d[1] = key;
	d[2] = asc;
	d[3] = ascq;
	d[7] = 14;
	d[8] = 0x09;
	d[9] = 12;
	d[11] = r->feature;
	d[13] = r->count;
	d[14] = r->lba >> 24;
	d[15] = r->lba;
	d[16] = r->lba >> 32;
	d[17] = r->lba >> 8;
	d[18] = r->lba >> 40;
	d[19] = r->lba >> 16;
	d[20] = r->device;
	d[21] = r->command;
	lun->sense_len = 22;
}

/*
 * Runs what stands in lun->regs. @room is what the pass-through command says
 * about the data phase. Returns whether the drive took it.
 */
static bool execute(struct lun *lun, struct command *c, u32 room)
{
	struct ata_regs *r = &lun->regs;
	u8 command = r->command, page[512];
	u64 lba = r->lba, count = r->count;
	enum outcome outcome;

	if (!is_48bit(command)) {
		lba = (r->lba & 0xffffff) | (u64)(r->device & 0x0f) << 24;
		count &= 0xff;
	}
	if (!count)
		count = is_48bit(command) ? 65536 : 256;
	outcome = run(lun, r, page);
	if ((outcome == ATA_READ || outcome == ATA_WRITE) &&
	    (lba > lun->blocks || count > lun->blocks - lba))
		outcome = ATA_ABORT;
	r->feature = outcome == ATA_ABORT ? ERROR_ABORT : 0;
	r->command = outcome == ATA_ABORT ? STATUS_ERROR : STATUS_GOOD;

	switch (outcome) {
	case ATA_ABORT:
		return false;
	case ATA_NO_DATA:
		break;
	case ATA_PAGE:
		scsi_answer(lun, c, page, sizeof(page), room);
		break;
	case ATA_READ:
		scsi_transfer(lun, c, lba, count, BFP_DIR_IN);
		break;
	case ATA_WRITE:
		scsi_transfer(lun, c, lba, count, BFP_DIR_OUT);
		break;
	}
	return true;
}

/* The SAT standard's CDBs: 12 bytes (A1) and 16 bytes (85). */
static bool sat(struct lun *lun, struct command *c)
{
	struct ata_regs *r = &lun->regs;
	const u8 *b = c->cdb;
	bool wide = b[0] == 0x85;

	memset(r, 0, sizeof(*r));
	if (wide && (b[1] & 0x01)) {
		r->feature = get_be16(b + 3);
		r->count = get_be16(b + 5);
		r->lba = b[8] | (u32)b[10] << 8 | (u32)b[12] << 16 | (u64)b[7] << 24 |
			 (u64)b[9] << 32 | (u64)b[11] << 40;
	} else if (wide) {
		r->feature = b[4];
		r->count = b[6];
		r->lba = b[8] | (u32)b[10] << 8 | (u32)b[12] << 16;
	} else {
		r->feature = b[3];
		r->count = b[4];
		r->lba = b[5] | (u32)b[6] << 8 | (u32)b[7] << 16;
	}
	r->device = wide ? b[13] : b[8];
	r->command = wide ? b[14] : b[9];
	if (!execute(lun, c, 512))
		fail_with_registers(lun, c, 0x0b, 0x00, 0x00);
	else if (b[2] & 0x20)	/* CK_COND: tell the registers in any case */
		fail_with_registers(lun, c, 0x01, 0x00, 0x1d);
	return true;
}

/* DF: 12 bytes, or 14 with a check word. It never tells the registers. */
static bool df(struct lun *lun, struct command *c)
{
	struct ata_regs *r = &lun->regs;
	const u8 *b = c->cdb;

	if ((c->cdb_len != 12 && c->cdb_len != 14) ||
	    (c->cdb_len == 14 && get_be16(b + 12) != 0x067b) || (b[1] & ~0x10) || b[2]) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	memset(r, 0, sizeof(*r));
	r->feature = b[5];
	r->count = b[6];
	r->lba = b[7] | (u32)b[8] << 8 | (u32)b[9] << 16;
	r->device = b[10];
	r->command = b[11];
	if ((r->device & 0x10) || !execute(lun, c, get_be16(b + 3)))
		scsi_fail(lun, c, SENSE_ABORTED);
	return true;
}

/* D8: 16 bytes; a prefix with the upper halves of 48-bit values is ignored. */
static bool d8(struct lun *lun, struct command *c)
{
	struct ata_regs *r = &lun->regs;
	const u8 *b = c->cdb;

	if (c->cdb_len != 16 || get_be16(b + 4) != 0x067b) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	if ((b[1] & 0x0f) == 0x00)
		return true;
	memset(r, 0, sizeof(*r));
	r->feature = b[3];
	r->count = b[10];
	r->lba = b[11] | (u32)b[12] << 8 | (u32)b[13] << 16;
	r->device = b[14];
	r->command = b[15];
	if ((r->device & 0x10) || !execute(lun, c, get_be32(b + 6)))
		scsi_fail(lun, c, SENSE_ABORTED);
	return true;
}

/* D7: the registers after the last command. */
static bool d7(struct lun *lun, struct command *c)
{
	const struct ata_regs *r = &lun->regs;
	u8 d[16] = {
		r->command, r->feature, r->count, r->count >> 8,
		r->lba, r->lba >> 24, r->lba >> 8, r->lba >> 32,
		r->lba >> 16, r->lba >> 40, r->device, [15] = r->command,
	};

	if (c->cdb_len < 6 || get_be16(c->cdb + 4) != 0x067b) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	return scsi_answer(lun, c, d, sizeof(d), sizeof(d));
}

/**
 * ata_start() - whether a command is an ATA pass-through that the bridge knows
 * @lun: the drive
 * @c: the command
 *
 * Return: true if it was, and has been dealt with.
 */
bool ata_start(struct lun *lun, struct command *c)
{
	switch (c->cdb[0]) {
	case 0xa1:
		/* For a DVD, this is BLANK. */
		if (lun->type != DRIVE_DISK)
			return false;
		fallthrough;
	case 0x85:
		return lun->ata & ATA_SAT ? sat(lun, c) : false;
	case 0xdf:
		return lun->ata & ATA_DF ? df(lun, c) : false;
	case 0xd8:
		return lun->ata & ATA_D8 ? d8(lun, c) : false;
	case 0xd7:
		return lun->ata & ATA_D8 ? d7(lun, c) : false;
	}
	return false;
}
