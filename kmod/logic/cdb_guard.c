// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which CDBs of other people's programs may reach a bridge.
 *
 * A profile names the commands that unlock, erase and program. What else a chip
 * would take for one of them is not known: it may look at three bytes of eleven, or
 * at any length. So the operation code decides, and two things only are let through
 * under a code that such an operation uses: what has the form of one of the profile's
 * own reading operations, or the plain form that the SCSI standard gives to a command
 * that every system sends; and neither if it could also be one of the others, as far
 * as the bytes reach that both have.
 */
#include "cdb_guard.h"

#define WRITE_BUFFER		0x3b
#define ATA_16			0x85
#define ATA_12			0xa1	/* BLANK, on a CD or DVD drive */
#define VENDOR_FIRST		0xc0
#define PROLIFIC_ATA_277X	0xd8
#define PROLIFIC_ATA		0xdf
#define DOWNLOAD_MICROCODE	0x92
#define DOWNLOAD_MICROCODE_DMA	0x93
#define TYPE_OF_WORM		0x04
#define TYPE_OF_CD		0x05
#define TYPE_OF_MO		0x07
#define TYPE_OF_NOTHING_KNOWN	0xff

/**
 * struct form - bytes of which some bits are given
 * @len: how many bytes
 * @fixed: the bits that are given
 * @bits: what they are
 */
struct form {
	u32 len;
	u8 fixed[BFP_CDB_MAX];
	u8 bits[BFP_CDB_MAX];
};

/* SPC-4 and SBC-3: what every system asks a drive, with nothing of a vendor's in it. */
static const struct form plain[] = {
	/* TEST UNIT READY */
	{ 6, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, { 0x00 } },
	/* REQUEST SENSE */
	{ 6, { 0xff, 0xfe, 0xff, 0xff, 0x00, 0xff }, { 0x03 } },
	/* INQUIRY */
	{ 6, { 0xff, 0xfe, 0x00, 0x00, 0x00, 0xff }, { 0x12 } },
	/* MODE SENSE (6) */
	{ 6, { 0xff, 0xf7, 0x00, 0x00, 0x00, 0xff }, { 0x1a } },
	/* READ CAPACITY (10) */
	{ 10, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, { 0x25 } },
	/* MODE SENSE (10) */
	{ 10, { 0xff, 0xe7, 0x00, 0x00, 0xff, 0xff, 0xff, 0x00, 0x00, 0xff }, { 0x5a } },
	/* READ CAPACITY (16) */
	{ 16, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x00, 0x00, 0x00, 0x00, 0xff, 0xff }, { 0x9e, 0x10 } },
	/* REPORT LUNS */
	{ 12, { 0xff, 0xff, 0x00, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff },
	  { 0xa0 } },
};

/* What a template always has; bfp_check() has seen that it is 1 to BFP_CDB_MAX bytes. */
static void form_of(const struct bfp *p, const struct bfp_step *s, struct form *f)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(s->item_first);
	u32 count = le16_to_cpu(s->item_count), at = 0, i;

	memset(f, 0, sizeof(*f));
	for (; count--; item++) {
		for (i = 0; i < item->bits; i++, at++) {
			if (item->value != BFP_LITERAL)
				continue;
			f->fixed[at / 8] |= (u8)(0x80 >> at % 8);
			if (le64_to_cpu(item->literal) >> (item->bits - 1 - i) & 1)
				f->bits[at / 8] |= (u8)(0x80 >> at % 8);
		}
	}
	f->len = at / 8;
}

/* As far as both reach; what is longer or shorter may be cut or filled up by a chip. */
static bool could_be(const struct form *f, const u8 *cdb, u32 len)
{
	u32 i;

	for (i = 0; i < len && i < f->len; i++)
		if ((cdb[i] ^ f->bits[i]) & f->fixed[i])
			return false;
	return true;
}

static bool has_form(const struct form *f, const u8 *cdb, u32 len)
{
	return len == f->len && could_be(f, cdb, len);
}

static bool op_reads(u8 kind)
{
	return kind == BFP_OP_IDENTIFY || kind == BFP_OP_VERSION || kind == BFP_OP_READ;
}

static bool op_guarded(u8 kind)
{
	return kind == BFP_OP_UNLOCK || kind == BFP_OP_ERASE_SECTOR ||
	       kind == BFP_OP_ERASE_ALL || kind == BFP_OP_PROGRAM;
}

/**
 * bfp_cdb_named() - whether a profile names a CDB as one that unlocks, erases or programs
 * @p: checked profile
 * @cdb: bytes
 * @len: how many, 1..BFP_CDB_MAX
 *
 * True for every CDB that such an operation of the profile can send, whatever its
 * evidence, polling included, and for all that has an operation code of theirs, unless
 * it has the form of one of the profile's commands for identify, version or read, or
 * of a plain command of the standard, and differs in a fixed bit from every one of
 * those that are guarded.
 *
 * Return: true if it must not be sent.
 */
bool bfp_cdb_named(const struct bfp *p, const u8 *cdb, u32 len)
{
	const struct bfp_operation *op = bfp_operations(p);
	bool shares = false, reads = false;
	const struct bfp_step *s;
	struct form f;
	u32 i, k;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++) {
		if (!op_guarded(op->kind) && !op_reads(op->kind))
			continue;
		s = bfp_steps(p) + le16_to_cpu(op->step_first);
		for (k = 0; k < le16_to_cpu(op->step_count); k++, s++) {
			if (s->kind != BFP_STEP_CDB)
				continue;
			form_of(p, s, &f);
			if (f.bits[0] != cdb[0])
				continue;
			if (op_reads(op->kind)) {
				reads |= s->dir != BFP_DIR_OUT && has_form(&f, cdb, len);
				continue;
			}
			shares = true;
			if (could_be(&f, cdb, len))
				return true;
		}
	}
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		reads |= has_form(&plain[i], cdb, len);
	return shares && !reads;
}

/**
 * bfp_cdb_blanks() - whether a CDB may erase the disc in a drive, meant as something else
 * @type: the drive's peripheral device type, 0xff if it is not known
 * @cdb: bytes
 * @len: how many
 *
 * A1 is ATA PASS-THROUGH (12) of SAT, and BLANK of MMC.
 *
 * Return: true for A1 to a drive that is, or may be, an optical one.
 */
bool bfp_cdb_blanks(u8 type, const u8 *cdb, u32 len)
{
	return len && cdb[0] == ATA_12 &&
	       (type == TYPE_OF_WORM || type == TYPE_OF_CD || type == TYPE_OF_MO ||
		type == TYPE_OF_NOTHING_KNOWN);
}

/* Where a pass-through command has the command register of ATA; 0: it is none. */
static u32 ata_command_at(u8 opcode)
{
	switch (opcode) {
	case ATA_12:
		return 9;
	case ATA_16:
		return 14;
	case PROLIFIC_ATA:	/* smartmontools, lib/scsiata.cpp */
		return 11;
	case PROLIFIC_ATA_277X:
		return 15;
	default:
		return 0;
	}
}

/**
 * bfp_cdb_writes_memory() - whether a CDB may change a memory of the bridge or of the drive
 * @cdb: bytes
 * @len: how many; the bytes behind them reach the device as zero
 * @dir: of the data phase
 *
 * Return: true for a vendor's command (C0 to FF) that brings no data back, for WRITE
 * BUFFER, and for DOWNLOAD MICROCODE inside the pass-through of SAT or of a Prolific bridge.
 */
bool bfp_cdb_writes_memory(const u8 *cdb, u32 len, enum bfp_dir dir)
{
	u32 at;

	if (!len)
		return false;
	if (cdb[0] == WRITE_BUFFER || (cdb[0] >= VENDOR_FIRST && dir != BFP_DIR_IN))
		return true;
	at = ata_command_at(cdb[0]);
	return at && at < len &&
	       (cdb[at] == DOWNLOAD_MICROCODE || cdb[at] == DOWNLOAD_MICROCODE_DMA);
}
