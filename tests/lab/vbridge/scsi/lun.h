/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drive behind the bridge, as its logical unit shows it. */
#ifndef VBRIDGE_LUN_H
#define VBRIDGE_LUN_H

#include "command.h"

#define SENSE_ROOM	32
#define BUFFER_SIZE	4096

/* Sense key << 16 | ASC << 8 | ASCQ */
#define SENSE_NONE		0x000000
#define SENSE_NO_MEDIUM		0x023a00
#define SENSE_READ_ERROR	0x031100
#define SENSE_WRITE_ERROR	0x030c00
#define SENSE_OPCODE		0x052000
#define SENSE_LBA_RANGE		0x052100
#define SENSE_FIELD		0x052400
#define SENSE_NO_LUN		0x052500
#define SENSE_PARAMETER		0x052600
#define SENSE_REMOVAL_PREVENTED	0x055302
#define SENSE_STOPPED		0x020402
#define SENSE_ATTENTION		0x062900
#define SENSE_MEDIUM_CHANGED	0x062800
#define SENSE_PROTECTED		0x072700
#define SENSE_ABORTED		0x0b0000
#define SENSE_MISCOMPARE	0x0e1d00

enum drive_type {
	DRIVE_NONE,
	DRIVE_DISK,
	DRIVE_DVD,
};

/* Which ATA pass-through commands the bridge translates. */
#define ATA_SAT		0x01	/* A1 and 85, of the SAT standard */
#define ATA_DF		0x02	/* DF, 12 bytes, or 14 with a check word */
#define ATA_D8		0x04	/* D8 and D7 */

/**
 * struct ata_regs - the task file
 * @feature: or, after the command, error
 * @count: sectors
 * @lba: 48 bits
 * @device: register
 * @command: or, after the command, status
 */
struct ata_regs {
	u16 feature;
	u16 count;
	u64 lba;
	u8 device;
	u8 command;
};

struct lun;

/**
 * struct drive_ops - a kind of drive
 * @start: a command came in; sets dev_dir, dev_length and data, or sense;
 *	returns false if it does not know the command
 * @finish: all data is there
 */
struct drive_ops {
	bool (*start)(struct lun *lun, struct command *c);
	void (*finish)(struct lun *lun, struct command *c);
};

/**
 * struct lun - a logical unit
 * @type: what it is
 * @ops: how it works; NULL: there is no drive
 * @reduced: a disk shows itself as one of reduced block commands, as on FireWire
 * @luns: how many logical units the bridge has
 * @fd: its medium; -1: there is none
 * @blocks: how many
 * @block_size: bytes
 * @model: ATA model number
 * @serial: ATA serial number
 * @firmware: ATA firmware revision
 * @sense: what REQUEST SENSE tells
 * @sense_len: bytes of it
 * @attention: sense to tell once, before anything else
 * @stopped: START STOP UNIT has stopped it
 * @ejected: the medium is out
 * @prevent: the medium is locked in
 * @write_cache: is on
 * @smart: is on
 * @ata: which pass-through commands there are
 * @regs: of the last ATA command
 * @buffer: of READ BUFFER and WRITE BUFFER
 */
struct lun {
	enum drive_type type;
	const struct drive_ops *ops;
	bool reduced;
	u8 luns;
	int fd;
	u64 blocks;
	u32 block_size;
	char model[41];
	char serial[21];
	char firmware[9];
	u8 sense[SENSE_ROOM];
	u32 sense_len;
	u32 attention;
	bool stopped;
	bool ejected;
	bool prevent;
	bool write_cache;
	bool smart;
	u32 ata;
	struct ata_regs regs;
	u8 buffer[BUFFER_SIZE];
};

extern const struct drive_ops scsi_disk_ops;
extern const struct drive_ops scsi_dvd_ops;

/* lun.c */
int lun_open(struct lun *lun, enum drive_type type, const char *path, const char *serial);
void lun_power_on(struct lun *lun);
void lun_close(struct lun *lun);

/* scsi.c */
void scsi_start(struct lun *lun, struct command *c);
void scsi_finish(struct lun *lun, struct command *c);
int scsi_read(struct command *c, u64 offset, u8 *buf, u32 len);
int scsi_write(struct command *c, u64 offset, const u8 *buf, u32 len);
void scsi_set_sense(struct lun *lun, u32 sense);
void scsi_fail(struct lun *lun, struct command *c, u32 sense);
bool scsi_answer(struct lun *lun, struct command *c, const u8 *data, u32 len, u32 allocation);
bool scsi_medium_ready(struct lun *lun, struct command *c);
bool scsi_transfer(struct lun *lun, struct command *c, u64 lba, u64 count, u8 dir);

/* buffer.c */
bool buffer_read(struct lun *lun, struct command *c);
bool buffer_write(struct lun *lun, struct command *c);
void buffer_written(struct lun *lun, struct command *c);

/* ata.c */
bool ata_start(struct lun *lun, struct command *c);

#endif
