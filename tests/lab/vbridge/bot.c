// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Bulk-Only Transport, and how the thirteen cases of its chapter 6.7 end:
 *
 *	 1 Hn = Dn	CSW			 8 Hi <> Do	stall in, phase error
 *	 2 Hn < Di	phase error		 9 Ho > Dn	stall out
 *	 3 Hn < Do	phase error		10 Ho <> Di	stall out, phase error
 *	 4 Hi > Dn	stall in		11 Ho > Do	take what is meant, stall out
 *	 5 Hi > Di	short, stall in		12 Ho = Do	data
 *	 6 Hi = Di	data			13 Ho < Do	take it all, phase error
 *	 7 Hi < Di	what fits, phase error
 */
#include "bot.h"
#include "bytes.h"

/**
 * bot_init() - a transport that waits for its first CBW
 * @bot: to fill
 * @ops: what runs the commands
 * @ctx: for @ops
 * @max_packet: bytes in a packet of the bulk endpoints
 * @luns: how many logical units
 */
void bot_init(struct bot *bot, const struct command_ops *ops, void *ctx, u32 max_packet, u8 luns)
{
	memset(bot, 0, sizeof(*bot));
	bot->ops = ops;
	bot->ctx = ctx;
	bot->max_packet = max_packet;
	bot->luns = luns;
}

/**
 * bot_free() - give back what the transport occupies
 * @bot: the transport
 */
void bot_free(struct bot *bot)
{
	command_free(&bot->c);
}

/* The command is over for the host, or will be when it has fetched the CSW. */
static bool in_progress(const struct bot *bot)
{
	return bot->state == BOT_IN || bot->state == BOT_OUT || bot->state == BOT_STATUS ||
	       bot->state == BOT_HUNG;
}

/**
 * bot_reset() - Bulk-Only reset, port reset or a new configuration
 * @bot: the transport
 * @why: which, for the trace
 *
 * A Bulk-Only reset leaves the endpoints halted; the host clears them itself.
 */
void bot_reset(struct bot *bot, const char *why)
{
	if (in_progress(bot))
		bot->ops->end(bot->ctx, &bot->c, why);
	bot->state = BOT_READY;
}

/**
 * bot_clear_halt() - CLEAR FEATURE (ENDPOINT HALT)
 * @bot: the transport
 * @in: which endpoint
 *
 * After an invalid CBW the endpoints stay halted until reset recovery.
 */
void bot_clear_halt(struct bot *bot, bool in)
{
	if (bot->state == BOT_INVALID)
		return;
	if (in)
		bot->halt_in = false;
	else
		bot->halt_out = false;
}

/* The plan ends the command here. Returns what becomes of the transfer. */
static int stop(struct bot *bot, bool in)
{
	struct command *c = &bot->c;

	switch (c->plan.stop) {
	case FAULT_STALL:
		if (in)
			bot->halt_in = true;
		else
			bot->halt_out = true;
		if (c->plan.point != FAULT_AT_STATUS)
			c->failed = true;
		bot->state = BOT_STATUS;
		c->plan.point = FAULT_SPENT;
		return -EPIPE;
	default:
		bot->state = BOT_HUNG;
		bot->ops->stop(bot->ctx, c);
		return BOT_NAK;
	}
}

/* All data is in, or there is none: do it. */
static void finish(struct bot *bot)
{
	struct command *c = &bot->c;
	bool ends = fault_stops(&c->plan, FAULT_AT_DATA) && c->plan.stop != FAULT_SHORT;

	bot->state = BOT_STATUS;
	if (c->failed || c->phase)
		return;
	if (ends && c->dev_dir == BFP_DIR_NONE) {
		/* No data phase: "inside" is inside of what the command does. */
		bot->ops->finish(bot->ctx, c, c->plan.stop == FAULT_POWERCUT ?
				 MODEL_CUT_POWER : MODEL_CUT_CABLE);
		stop(bot, true);
		return;
	}
	bot->ops->finish(bot->ctx, c, MODEL_CUT_NONE);
}

/* Cases 1 to 13, as far as they can be told before data moves. */
static void begin(struct bot *bot)
{
	struct command *c = &bot->c;
	bool device_moves = c->dev_dir != BFP_DIR_NONE && c->dev_length;

	if (!c->length) {
		if (device_moves)
			c->phase = true;	/* 2, 3 */
		finish(bot);			/* 1 */
		return;
	}
	if (c->dir == BFP_DIR_IN) {
		if (device_moves && c->dev_dir == BFP_DIR_OUT)
			c->phase = true;	/* 8 */
		if (!device_moves || c->phase) {
			finish(bot);
			bot->halt_in = true;	/* 4, 8 */
			return;
		}
		if (c->dev_length > c->length)
			c->phase = true;	/* 7 */
		bot->state = BOT_IN;
		return;
	}
	if (device_moves && c->dev_dir == BFP_DIR_IN)
		c->phase = true;		/* 10 */
	if (!device_moves || c->phase) {
		finish(bot);
		bot->halt_out = true;		/* 9, 10 */
		return;
	}
	if (c->dev_length > c->length)
		c->phase = true;		/* 13 */
	bot->state = BOT_OUT;
}

/* What is no command halts both endpoints, until reset recovery. */
static int invalid(struct bot *bot)
{
	bot->state = BOT_INVALID;
	bot->halt_in = true;
	bot->halt_out = true;
	return -EPIPE;
}

static int command_in(struct bot *bot, const u8 *buf, u32 len, u32 *actual)
{
	struct command *c = &bot->c;
	u8 *data = c->data;
	u32 room = c->room;

	if (len != BOT_CBW_SIZE || get_le32(buf) != BOT_CBW_SIGNATURE ||
	    !(buf[14] & 0x1f) || (buf[14] & 0x1f) > 16) {
		bot->ops->invalid(bot->ctx, buf, len);
		return invalid(bot);
	}
	memset(c, 0, sizeof(*c));
	c->data = data;
	c->room = room;
	c->tag = get_le32(buf + 4);
	c->length = get_le32(buf + 8);
	if (c->length)
		c->dir = buf[12] & 0x80 ? BFP_DIR_IN : BFP_DIR_OUT;
	c->lun = buf[13] & 0x0f;
	c->cdb_len = buf[14] & 0x1f;
	memcpy(c->cdb, buf + 15, sizeof(c->cdb));
	*actual = len;

	bot->ops->start(bot->ctx, c);
	if (fault_has(&c->plan, FAULT_BADCBW)) {
		bot->ops->end(bot->ctx, c, "stall");
		return invalid(bot);
	}
	if (fault_stops(&c->plan, FAULT_AT_START) && c->plan.stop != FAULT_STALL) {
		/* The CBW itself has been taken. */
		stop(bot, false);
		return 0;
	}
	if (fault_stops(&c->plan, FAULT_AT_START)) {
		c->dev_dir = BFP_DIR_NONE;
		c->failed = true;
		begin(bot);
		if (!c->length)
			bot->halt_in = true;
		c->plan.point = FAULT_SPENT;
		return 0;
	}
	begin(bot);
	return 0;
}

/* How far the data phase goes before the plan ends it. */
static u64 limit(const struct command *c, u64 length)
{
	return fault_stops(&c->plan, FAULT_AT_DATA) ? fault_byte(&c->plan, length) : length;
}

static int data_out(struct bot *bot, const u8 *buf, u32 len, u32 *actual)
{
	struct command *c = &bot->c;
	u64 want = c->dev_length < c->length ? c->dev_length : c->length;
	u64 cut = limit(c, want);
	bool ends = fault_stops(&c->plan, FAULT_AT_DATA) && c->plan.stop != FAULT_SHORT;
	u32 n = len;

	if (n > (ends ? cut : want) - c->moved)
		n = (ends ? cut : want) - c->moved;
	if (n && !c->phase && c->moved < cut) {
		u32 kept = n < cut - c->moved ? n : cut - c->moved;

		/* What does not fit a medium is told in the status. */
		if (bot->ops->write(bot->ctx, c, c->moved, buf, kept))
			c->failed = true;
	}
	c->moved += n;
	*actual = n;
	if (ends && c->moved == cut) {
		bool power = c->plan.stop == FAULT_POWERCUT;

		bot->ops->finish(bot->ctx, c, power ? MODEL_CUT_POWER : MODEL_CUT_CABLE);
		return stop(bot, false);
	}
	if (c->moved < want && !(n % bot->max_packet))
		return 0;
	/* A short packet before the end: the host has less than it announced. */
	if (c->moved < want)
		c->phase = true;
	finish(bot);
	if (c->moved < c->length)
		bot->halt_out = true;		/* 11 */
	return len > n ? -EPIPE : 0;
}

/**
 * bot_from_host() - the host sends on the bulk OUT endpoint
 * @bot: the transport
 * @buf: what it sends
 * @len: how much
 * @actual: how much the device took
 *
 * Return: 0, -EPIPE if the endpoint is halted, BOT_NAK if the device does not
 * answer for now.
 */
int bot_from_host(struct bot *bot, const u8 *buf, u32 len, u32 *actual)
{
	*actual = 0;
	if (bot->state == BOT_HUNG)
		return BOT_NAK;
	if (bot->halt_out)
		return -EPIPE;
	switch (bot->state) {
	case BOT_READY:
		return command_in(bot, buf, len, actual);
	case BOT_OUT:
		return data_out(bot, buf, len, actual);
	default:
		return BOT_NAK;
	}
}

static int data_in(struct bot *bot, u8 *buf, u32 room, u32 *actual)
{
	struct command *c = &bot->c;
	u64 have = c->dev_length < c->length ? c->dev_length : c->length;
	u64 cut = limit(c, have);
	u64 left = cut - c->moved;
	u32 n = left < room ? left : room;
	bool ends = fault_stops(&c->plan, FAULT_AT_DATA) && c->plan.stop != FAULT_SHORT;

	if (n && bot->ops->read(bot->ctx, c, c->moved, buf, n)) {
		/* An unreadable medium: what came so far was all. */
		c->failed = true;
		bot->halt_in = true;
		bot->state = BOT_STATUS;
		return -EPIPE;
	}
	c->moved += n;
	*actual = n;
	if (left > n)
		return n % bot->max_packet ? -EOVERFLOW : 0;
	if (ends)
		return stop(bot, true);
	if (fault_has(&c->plan, FAULT_OVERRUN)) {
		finish(bot);
		return -EOVERFLOW;
	}
	finish(bot);
	if (c->moved == c->length)
		return 0;
	/* 5: fewer than the host asked for. Only a short packet can say so. */
	bot->halt_in = true;
	return n < room && !(n % bot->max_packet) ? -EPIPE : 0;
}

static int status_in(struct bot *bot, u8 *buf, u32 room, u32 *actual)
{
	struct command *c = &bot->c;
	u8 csw[BOT_CSW_SIZE + 3] = { 0 };
	u32 len = BOT_CSW_SIZE;

	if (fault_stops(&c->plan, FAULT_AT_STATUS))
		return stop(bot, true);
	put_le32(csw, BOT_CSW_SIGNATURE);
	put_le32(csw + 4, c->tag);
	put_le32(csw + 8, c->length - c->moved);
	csw[12] = c->phase ? 2 : c->failed ? 1 : 0;

	if (fault_has(&c->plan, FAULT_BADTAG))
		csw[4] ^= 0xff;
	if (fault_has(&c->plan, FAULT_PHASE))
		csw[12] = 2;
	if (fault_has(&c->plan, FAULT_RESIDUE))
		put_le32(csw + 8, c->plan.residue);
	if (fault_has(&c->plan, FAULT_CSW)) {
		switch (c->plan.csw) {
		case FAULT_CSW_SIGNATURE:
			csw[0] ^= 0xff;
			break;
		case FAULT_CSW_TRUNCATED:
			len = 7;
			break;
		case FAULT_CSW_LONG:
			len = sizeof(csw);
			break;
		case FAULT_CSW_GARBAGE:
			memset(csw, 0xa5, sizeof(csw));
			break;
		case FAULT_CSW_STATUS:
			csw[12] = 0xff;
			break;
		}
	}
	*actual = len < room ? len : room;
	memcpy(buf, csw, *actual);
	bot->state = BOT_READY;
	bot->ops->end(bot->ctx, c, NULL);
	if (fault_stops(&c->plan, FAULT_AT_END)) {
		if (c->plan.stop == FAULT_STALL)
			bot->halt_in = true;
		else
			stop(bot, true);
	}
	return len > room ? -EOVERFLOW : 0;
}

/**
 * bot_to_host() - the host asks on the bulk IN endpoint
 * @bot: the transport
 * @buf: where to put the answer
 * @room: how much the host takes
 * @actual: how much was put there
 *
 * Return: 0, -EPIPE if the endpoint is halted (@actual bytes came before),
 * -EOVERFLOW if there was more than the host takes, BOT_NAK if there is
 * nothing for now.
 */
int bot_to_host(struct bot *bot, u8 *buf, u32 room, u32 *actual)
{
	*actual = 0;
	if (bot->state == BOT_HUNG)
		return BOT_NAK;
	if (bot->halt_in)
		return -EPIPE;
	switch (bot->state) {
	case BOT_IN:
		return data_in(bot, buf, room, actual);
	case BOT_STATUS:
		return status_in(bot, buf, room, actual);
	default:
		return BOT_NAK;
	}
}
