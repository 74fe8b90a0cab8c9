/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SCSI command on its way from a bus through the box and back. */
#ifndef VBRIDGE_COMMAND_H
#define VBRIDGE_COMMAND_H

#include "chip.h"
#include "fault.h"

#define COMMAND_DATA_MAX	(1024 * 1024)
#define COMMAND_HEAD		64

struct lun;

/**
 * struct command - one command
 * @tag: of its CBW
 * @cdb: all 16 bytes of the CBW, those behind @cdb_len are padding
 * @cdb_len: as the CBW says
 * @any_len: the bus does not tell @cdb_len
 * @lun: as the CBW says
 * @dir: where the host expects the data to go
 * @length: how much the host expects
 * @dev_dir: where the device wants it to go
 * @dev_length: how much the device wants to move
 * @moved: how much has been moved
 * @failed: the command ends with CHECK CONDITION
 * @phase: the command ends with a phase error
 * @data: the data, unless @stream
 * @room: bytes at @data
 * @stream: the data is @unit's medium from @position
 * @unit: the logical unit that runs it; NULL: the bridge does
 * @vendor: it is a vendor command
 * @known: something in the box knows it
 * @txn: which of the profile's commands it is, if @in_profile
 * @plan: what goes wrong
 * @n: its number in the trace
 * @start_us: model time when it came
 * @head: the first bytes of the data
 * @traced: it has its line in the trace
 */
struct command {
	u32 tag;
	u8 cdb[16];
	u8 cdb_len;
	bool any_len;
	u8 lun;
	u8 dir;
	u32 length;

	u8 dev_dir;
	u64 dev_length;
	u32 moved;
	bool failed;
	bool phase;
	u8 *data;
	u32 room;
	bool stream;
	u64 position;
	struct lun *unit;

	bool vendor;
	bool known;
	bool in_profile;
	const char *name;
	struct model_txn txn;
	struct fault_plan plan;
	u64 n;
	u64 start_us;
	u8 head[COMMAND_HEAD];
	bool traced;
};

/**
 * struct command_ops - what runs the commands
 * @start: a command came in: sets dev_dir, dev_length, failed; may fill the data
 * @read: copies data of a command to the host; -errno if it cannot
 * @write: takes data of a command from the host
 * @finish: all data has arrived (or there is none): sets failed
 * @end: the host has its status, or (@why not NULL) never will
 * @invalid: something that is no command came instead of one
 * @stop: the plan ends the command here, without an answer
 */
struct command_ops {
	void (*start)(void *ctx, struct command *c);
	int (*read)(void *ctx, struct command *c, u64 offset, u8 *buf, u32 len);
	int (*write)(void *ctx, struct command *c, u64 offset, const u8 *buf, u32 len);
	void (*finish)(void *ctx, struct command *c, enum model_cut cut);
	void (*end)(void *ctx, struct command *c, const char *why);
	void (*invalid)(void *ctx, const u8 *buf, u32 len);
	void (*stop)(void *ctx, struct command *c);
};

/* Makes room for @len bytes of data, all zero. -ENOMEM if it is too much. */
int command_room(struct command *c, u32 len);
void command_free(struct command *c);

#endif
