/* SPDX-License-Identifier: GPL-2.0-or-later */
/* USB Mass Storage Class, Bulk-Only Transport 1.0, the device's side. */
#ifndef VBRIDGE_BOT_H
#define VBRIDGE_BOT_H

#include "command.h"

#define BOT_CBW_SIZE	31
#define BOT_CSW_SIZE	13
#define BOT_CBW_SIGNATURE	0x43425355	/* "USBC" */
#define BOT_CSW_SIGNATURE	0x53425355	/* "USBS" */

enum bot_state {
	BOT_READY,	/* waits for a CBW */
	BOT_IN,		/* data to the host */
	BOT_OUT,	/* data from the host */
	BOT_STATUS,	/* the host is to fetch the CSW */
	BOT_HUNG,	/* answers nothing until it is reset */
	BOT_INVALID,	/* saw an invalid CBW: stalls until reset recovery */
};

/* What became of a transfer, beside errno values for a URB's status. */
#define BOT_NAK		1	/* nothing yet: the host keeps asking */

/**
 * struct bot - the state machine
 * @ops: what runs the commands
 * @ctx: for @ops
 * @max_packet: of both bulk endpoints
 * @luns: how many logical units; 0 is answered like 1
 * @state: where it is
 * @halt_in: the endpoint is halted
 * @halt_out: likewise
 * @c: the command
 */
struct bot {
	const struct command_ops *ops;
	void *ctx;
	u32 max_packet;
	u8 luns;
	enum bot_state state;
	bool halt_in;
	bool halt_out;
	struct command c;
};

void bot_init(struct bot *bot, const struct command_ops *ops, void *ctx, u32 max_packet, u8 luns);
void bot_free(struct bot *bot);
void bot_reset(struct bot *bot, const char *why);
void bot_clear_halt(struct bot *bot, bool in);
int bot_from_host(struct bot *bot, const u8 *buf, u32 len, u32 *actual);
int bot_to_host(struct bot *bot, u8 *buf, u32 room, u32 *actual);

#endif
