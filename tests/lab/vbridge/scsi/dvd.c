// SPDX-License-Identifier: GPL-2.0-or-later
/* A DVD-ROM drive (MMC), with a data disc in it or without. */
#include "bytes.h"
#include "lun.h"

#define PROFILE_DVD_ROM	0x0010
#define PROFILE_CD_ROM	0x0008

static bool has_disc(const struct lun *lun)
{
	return lun->fd >= 0 && !lun->ejected;
}

static bool read_capacity(struct lun *lun, struct command *c)
{
	u64 last = lun->blocks - 1;
	u8 d[8];

	if (!scsi_medium_ready(lun, c))
		return true;
	put_be32(d, last > 0xffffffff ? 0xffffffff : last);
	put_be32(d + 4, lun->block_size);
	return scsi_answer(lun, c, d, sizeof(d), sizeof(d));
}

static u32 put_feature(u8 *d, u16 code, u8 flags, u8 len)
{
	put_be16(d, code);
	d[2] = flags;
	d[3] = len;
	return 4 + len;
}

#define FEATURE_PERSISTENT	0x02
#define FEATURE_CURRENT		0x01

/* Bytes of feature @code at @d, 0 if the drive has it not. */
static u32 feature(const struct lun *lun, u16 code, u8 *d)
{
	u8 current = has_disc(lun) ? FEATURE_CURRENT : 0;
	u32 n;

	switch (code) {
	case 0x0000:	/* Profile List */
		n = put_feature(d, code, FEATURE_PERSISTENT | FEATURE_CURRENT, 8);
		put_be16(d + 4, PROFILE_DVD_ROM);
		d[6] = current;
		put_be16(d + 8, PROFILE_CD_ROM);
		return n;
	case 0x0001:	/* Core: USB */
		n = put_feature(d, code, 0x04 | FEATURE_PERSISTENT | FEATURE_CURRENT, 8);
		put_be32(d + 4, 0x00000008);
		return n;
	case 0x0002:	/* Morphing */
		return put_feature(d, code, 0x04 | FEATURE_PERSISTENT | FEATURE_CURRENT, 4);
	case 0x0003:	/* Removable Medium: tray, can be locked and ejected */
		n = put_feature(d, code, FEATURE_PERSISTENT | FEATURE_CURRENT, 4);
		d[4] = 0x29;
		return n;
	case 0x0010:	/* Random Readable */
		n = put_feature(d, code, current, 8);
		put_be32(d + 4, lun->block_size);
		put_be16(d + 8, 1);
		return n;
	case 0x001f:	/* DVD Read */
		return put_feature(d, code, current, 4);
	}
	return 0;
}

static bool get_configuration(struct lun *lun, struct command *c)
{
	static const u16 codes[] = { 0x0000, 0x0001, 0x0002, 0x0003, 0x0010, 0x001f };
	u16 first = get_be16(c->cdb + 2);
	u8 d[128] = { 0 }, one[16];
	u32 i, n = 8, len;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		u8 rt = c->cdb[1] & 0x03;

		if (rt == 2 ? codes[i] != first : codes[i] < first)
			continue;
		memset(one, 0, sizeof(one));
		len = feature(lun, codes[i], one);
		if (rt == 1 && !(one[2] & FEATURE_CURRENT))
			continue;
		memcpy(d + n, one, len);
		n += len;
	}
	put_be32(d, n - 4);
	put_be16(d + 6, has_disc(lun) ? PROFILE_DVD_ROM : 0);
	return scsi_answer(lun, c, d, n, get_be16(c->cdb + 7));
}

/* GET EVENT STATUS NOTIFICATION: the medium class, polled. */
static bool get_event(struct lun *lun, struct command *c)
{
	u8 d[8] = { 0, 6, 0x04, 0x10 };

	if (!(c->cdb[1] & 0x01)) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	if (!(c->cdb[4] & 0x10)) {
		put_be16(d, 2);
		d[2] = 0x80;	/* no event of the classes asked for */
		return scsi_answer(lun, c, d, 4, get_be16(c->cdb + 7));
	}
	d[4] = lun->attention == SENSE_MEDIUM_CHANGED ? 0x02 : 0x00;
	d[5] = (lun->ejected ? 0x01 : 0x00) | (has_disc(lun) ? 0x02 : 0x00);
	return scsi_answer(lun, c, d, sizeof(d), get_be16(c->cdb + 7));
}

static void put_address(u8 *p, u32 lba, bool msf)
{
	u32 frames = lba + 150;

	if (!msf) {
		put_be32(p, lba);
		return;
	}
	p[1] = frames / 75 / 60;
	p[2] = frames / 75 % 60;
	p[3] = frames % 75;
}

static bool read_toc(struct lun *lun, struct command *c)
{
	bool msf = c->cdb[1] & 0x02;
	u8 format = c->cdb[2] & 0x0f ? c->cdb[2] & 0x0f : c->cdb[9] >> 6;
	u8 d[20] = { 0 };
	u32 n;

	if (!scsi_medium_ready(lun, c))
		return true;
	if (format > 1 || (!format && c->cdb[6] > 1 && c->cdb[6] != 0xaa)) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	d[2] = 1;
	d[3] = 1;
	n = 4;
	if (format || c->cdb[6] != 0xaa) {
		d[n + 1] = 0x14;	/* a data track */
		d[n + 2] = 1;
		put_address(d + n + 4, 0, msf);
		n += 8;
	}
	if (!format) {
		d[n + 1] = 0x14;
		d[n + 2] = 0xaa;	/* lead-out */
		put_address(d + n + 4, lun->blocks, msf);
		n += 8;
	}
	put_be16(d, n - 2);
	return scsi_answer(lun, c, d, n, get_be16(c->cdb + 7));
}

static bool disc_information(struct lun *lun, struct command *c)
{
	u8 d[34] = { 0, 32, 0x0e, 1, 1, 1, 1, 0x20 };

	if (!scsi_medium_ready(lun, c))
		return true;
	return scsi_answer(lun, c, d, sizeof(d), get_be16(c->cdb + 7));
}

static bool track_information(struct lun *lun, struct command *c)
{
	u8 d[36] = { 0, 34, 1, 1, 0, 0x04, 0x01 };

	if (!scsi_medium_ready(lun, c))
		return true;
	put_be32(d + 24, lun->blocks);
	return scsi_answer(lun, c, d, sizeof(d), get_be16(c->cdb + 7));
}

/* Capabilities and mechanical status: reads CD and DVD, a tray. */
static u32 capabilities(const struct lun *lun, u8 *d)
{
	d[0] = 0x2a;
	d[1] = 0x12;
	d[2] = 0x08;		/* reads DVD-ROM */
	d[4] = 0x00;
	d[6] = 0x29 | (lun->prevent ? 0x02 : 0x00);
	put_be16(d + 8, 11080);	/* 8x DVD, kB/s */
	put_be16(d + 12, 512);
	put_be16(d + 14, 11080);
	return 20;
}

static bool mode_sense(struct lun *lun, struct command *c)
{
	bool ten = c->cdb[0] == 0x5a;
	u8 page = c->cdb[2] & 0x3f;
	u32 n = ten ? 8 : 4;
	u8 d[48] = { 0 };

	if ((page != 0x2a && page != 0x3f) || c->cdb[2] >> 6 == 3) {
		scsi_fail(lun, c, SENSE_FIELD);
		return true;
	}
	if (c->cdb[2] >> 6 == 1) {	/* nothing can be changed */
		d[n] = 0x2a;
		d[n + 1] = 0x12;
		n += 20;
	} else {
		n += capabilities(lun, d + n);
	}
	if (ten)
		put_be16(d, n - 2);
	else
		d[0] = n - 1;
	d[ten ? 2 : 1] = has_disc(lun) ? 0x41 : 0x70;
	return scsi_answer(lun, c, d, n, ten ? get_be16(c->cdb + 7) : c->cdb[4]);
}

static bool mechanism_status(struct lun *lun, struct command *c)
{
	u8 d[8] = { 0 };

	d[1] = lun->ejected ? 0x10 : 0x00;
	return scsi_answer(lun, c, d, sizeof(d), get_be16(c->cdb + 8));
}

static bool dvd_start(struct lun *lun, struct command *c)
{
	const u8 *b = c->cdb;

	switch (b[0]) {
	case 0x28:
		return scsi_transfer(lun, c, get_be32(b + 2), get_be16(b + 7), BFP_DIR_IN);
	case 0xa8:
		return scsi_transfer(lun, c, get_be32(b + 2), get_be32(b + 6), BFP_DIR_IN);
	case 0x25:
		return read_capacity(lun, c);
	case 0x46:
		return get_configuration(lun, c);
	case 0x4a:
		return get_event(lun, c);
	case 0x43:
		return read_toc(lun, c);
	case 0x51:
		return disc_information(lun, c);
	case 0x52:
		return track_information(lun, c);
	case 0x1a:
	case 0x5a:
		return mode_sense(lun, c);
	case 0xbd:
		return mechanism_status(lun, c);
	case 0x2b:	/* SEEK */
	case 0x35:	/* SYNCHRONIZE CACHE */
		scsi_medium_ready(lun, c);
		return true;
	}
	return ata_start(lun, c);
}

const struct drive_ops scsi_dvd_ops = {
	.start = dvd_start,
};
