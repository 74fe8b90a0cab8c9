// SPDX-License-Identifier: GPL-2.0-or-later
/* A SCSI command in the enclosure: which part of it the command is for, and what becomes of it. */
#include "bot.h"
#include "box.h"

/* The logical unit that speaks for the bridge. */
static struct lun *first_lun(struct box *box)
{
	return box->boots ? &box->lun[0] : &box->absent;
}

static struct lun *lun_of(struct box *box, const struct command *c)
{
	if (!box->boots)
		return c->lun ? NULL : &box->absent;
	return c->lun < box->luns ? &box->lun[c->lun] : NULL;
}

/**
 * box_speaker() - whose sense data tell of a command
 * @box: the enclosure
 * @c: the command
 *
 * Return: the logical unit, or what speaks for the bridge.
 */
struct lun *box_speaker(struct box *box, const struct command *c)
{
	struct lun *lun = lun_of(box, c);

	return lun ? lun : first_lun(box);
}

static void fail(struct box *box, struct command *c, enum model_result result)
{
	struct lun *lun = lun_of(box, c);
	u32 sense = SENSE_FIELD;

	switch (result) {
	case MODEL_DONE:
		return;
	case MODEL_RESET:
		box->reset_after_status = true;
		return;
	case MODEL_INVALID:
		break;
	case MODEL_PROTECTED:
		sense = SENSE_PROTECTED;
		break;
	case MODEL_MISCOMPARE:
		sense = SENSE_MISCOMPARE;
		break;
	case MODEL_BROKEN:
		sense = SENSE_WRITE_ERROR;
		break;
	}
	scsi_fail(lun ? lun : first_lun(box), c, sense);
}

/* A command of the profile, and not of the drive's. */
static void chip_start(struct box *box, struct command *c)
{
	enum model_result result = model_chip_start(&box->chip, &c->txn);
	u32 actual;

	c->known = true;
	if (result == MODEL_DONE && command_room(c, c->txn.length))
		result = MODEL_INVALID;
	if (result != MODEL_DONE) {
		fail(box, c, result);
		return;
	}
	c->dev_dir = c->txn.length ? c->txn.dir : BFP_DIR_NONE;
	c->dev_length = c->txn.length;
	if (c->dev_dir != BFP_DIR_IN)
		return;
	fail(box, c, model_chip_in(&box->chip, &c->txn, c->data, c->txn.length, &actual));
	if (!c->failed)
		c->dev_length = actual;
}

/*
 * Whether the profile knows the command. Where the bus does not tell how long a CDB is,
 * the longest that agrees counts.
 */
static bool in_profile(struct box *box, struct command *c)
{
	u32 n;

	if (!c->any_len)
		return model_chip_match(&box->chip, BFP_STEP_CDB, c->cdb, c->cdb_len, c->length,
					&c->txn);
	for (n = sizeof(c->cdb); n >= 6; n--)
		if (model_chip_match(&box->chip, BFP_STEP_CDB, c->cdb, n, c->length, &c->txn))
			return true;
	return false;
}

static void command_start(void *ctx, struct command *c)
{
	struct box *box = ctx;
	struct lun *lun = lun_of(box, c);
	struct fault_event ev = { .code = c->cdb[0], .in = c->dir == BFP_DIR_IN };
	u64 before;

	c->n = ++box->trace.n;
	c->start_us = model_clock_us(&box->clock);
	model_clock_transfer(&box->clock, BOT_CBW_SIZE);
	before = box->clock.ns;

	c->vendor = c->cdb[0] >= 0xc0;
	c->in_profile = in_profile(box, c);
	ev.vendor = c->vendor;
	ev.op = c->in_profile ? c->txn.name : NULL;
	box_plan(box, &ev, &c->plan, c->in_profile ? &c->txn : NULL);

	/* Standard commands are the drive's, also where a profile uses them. */
	if (c->in_profile && c->vendor)
		chip_start(box, c);
	else if (lun)
		scsi_start(lun, c);
	else
		scsi_fail(first_lun(box), c, SENSE_NO_LUN);

	if (fault_has(&c->plan, FAULT_SENSE))
		scsi_fail(lun ? lun : first_lun(box), c, (u32)c->plan.sense[0] << 16 |
			  c->plan.sense[1] << 8 | c->plan.sense[2]);
	else if (fault_has(&c->plan, FAULT_STALL) && !c->failed)
		scsi_set_sense(lun ? lun : first_lun(box), SENSE_ABORTED);
	box_hold(box, &c->plan, before);
}

static void keep_head(struct command *c, u64 offset, const u8 *buf, u32 len)
{
	if (offset >= sizeof(c->head))
		return;
	if (len > sizeof(c->head) - offset)
		len = sizeof(c->head) - offset;
	memcpy(c->head + offset, buf, len);
}

static int command_read(void *ctx, struct command *c, u64 offset, u8 *buf, u32 len)
{
	struct box *box = ctx;
	int ret = scsi_read(c, offset, buf, len);

	if (ret)
		return ret;
	fault_spoil(&box->faults, &c->plan, offset, buf, len);
	keep_head(c, offset, buf, len);
	return 0;
}

static int command_write(void *ctx, struct command *c, u64 offset, const u8 *buf, u32 len)
{
	struct box *box = ctx;
	int ret = 0;

	keep_head(c, offset, buf, len);
	if (!fault_has(&c->plan, FAULT_FLIP) && !fault_has(&c->plan, FAULT_FLAKY))
		return scsi_write(c, offset, buf, len);
	while (len && !ret) {
		u32 n = len < sizeof(box->spoiled) ? len : sizeof(box->spoiled);

		memcpy(box->spoiled, buf, n);
		fault_spoil(&box->faults, &c->plan, offset, box->spoiled, n);
		ret = scsi_write(c, offset, box->spoiled, n);
		offset += n;
		buf += n;
		len -= n;
	}
	return ret;
}

static void command_finish(void *ctx, struct command *c, enum model_cut cut)
{
	struct box *box = ctx;
	u64 before = box->clock.ns;
	u32 len = c->dev_length;

	if (!c->in_profile || !c->vendor) {
		if (c->unit && cut == MODEL_CUT_NONE)
			scsi_finish(c->unit, c);
		return;
	}
	if (c->dev_dir == BFP_DIR_IN)
		return;
	if (fault_has(&c->plan, FAULT_SHORT))
		len = fault_byte(&c->plan, len);
	fail(box, c, model_chip_out(&box->chip, &c->txn, c->data, len, cut, c->plan.byte));
	box_hold(box, NULL, before);
}

static void trace_command(struct box *box, struct command *c, const char *status)
{
	struct trace_entry e = {
		.n = c->n,
		.start_us = c->start_us,
		.end_us = model_clock_us(&box->clock),
		.type = "cdb",
		.cdb = c->cdb,
		.cdb_len = c->cdb_len,
		.lun = c->lun,
		.dir = c->dir,
		.length = c->length,
		.actual = c->moved,
		.data = c->head,
		.data_len = c->moved < sizeof(c->head) ? c->moved : sizeof(c->head),
		.status = status,
		.known = c->known,
		.vendor = c->vendor,
		.op = c->in_profile ? c->txn.name : NULL,
	};
	char names[128];

	if (c->traced)
		return;
	c->traced = true;
	fault_names(&c->plan, names, sizeof(names));
	e.fault = names;
	trace_write(&box->trace, &e);
}

static void command_end(void *ctx, struct command *c, const char *why)
{
	struct box *box = ctx;
	const char *status = why ? why : c->phase || fault_has(&c->plan, FAULT_PHASE) ? "phase" :
			     c->failed ? "check" : c->moved < c->length ? "short" : "ok";

	if (c->moved)
		model_clock_transfer(&box->clock, c->moved);
	if (!why)
		model_clock_transfer(&box->clock, BOT_CSW_SIZE);
	trace_command(box, c, status);
	if (!why && box->reset_after_status)
		box->next = BOX_REENUMERATE;
}

static void command_invalid(void *ctx, const u8 *buf, u32 len)
{
	struct box *box = ctx;
	struct trace_entry e = {
		.n = ++box->trace.n,
		.start_us = model_clock_us(&box->clock),
		.end_us = model_clock_us(&box->clock),
		.type = "invalid-cbw",
		.dir = BFP_DIR_OUT,
		.length = len,
		.actual = len,
		.data = buf,
		.data_len = len,
		.status = "stall",
		.fault = "",
	};

	trace_write(&box->trace, &e);
}

static void command_stop(void *ctx, struct command *c)
{
	struct box *box = ctx;

	trace_command(box, c, box_status_of(&c->plan));
	box_act(box, c->plan.stop);
}

const struct command_ops box_command_ops = {
	.start = command_start,
	.read = command_read,
	.write = command_write,
	.finish = command_finish,
	.end = command_end,
	.invalid = command_invalid,
	.stop = command_stop,
};
