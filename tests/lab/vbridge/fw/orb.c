// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One command block ORB: its page table, its data in packets as large as the initiator
 * allows, and its status.
 */
#include <stdlib.h>

#include "bytes.h"
#include "fw/sbp2.h"
#include "wall.h"

#define FORMAT_COMMAND	0
#define FORMAT_DUMMY	3

#define SENSE_STATUS	16	/* bytes of a status block behind its head, if a command failed */

static void step(struct agent *a);

/* How far the data phase goes before the plan ends it. */
static bool ends_inside(const struct command *c)
{
	return fault_stops(&c->plan, FAULT_AT_DATA) && c->plan.stop != FAULT_SHORT;
}

static u64 target(const struct command *c)
{
	u64 have = c->dev_length < c->length ? c->dev_length : c->length;

	return fault_stops(&c->plan, FAULT_AT_DATA) ? fault_byte(&c->plan, have) : have;
}

static void status_written(void *ctx, u32 rcode, const u8 *data, u32 length)
{
	struct agent *a = ctx;
	struct command *c = &a->c;

	(void)rcode;
	(void)data;
	(void)length;
	if (a->started) {
		bool transport = a->result >> 8 == SBP2_BUS_OTHER >> 8;

		c->phase |= a->result == SBP2_ILLEGAL;
		box_command_ops.end(a->sbp2->box, c, transport ? "transport" : NULL);
		if (fault_stops(&c->plan, FAULT_AT_END) && c->plan.stop != FAULT_STALL)
			box_command_ops.stop(a->sbp2->box, c);
	}
	agent_end_task(a);
}

/* What sense data say, in the places that SBP-2 annex B has for them. */
static void put_sense(u8 *out, const struct lun *unit)
{
	const u8 *s = unit->sense;

	memset(out, 0, SENSE_STATUS);
	out[0] = 0x02;	/* CHECK CONDITION, current */
	if (!unit->sense_len)
		return;
	if ((s[0] & 0x7f) >= 0x72) {
		out[1] = s[1] & 0x0f;
		out[2] = s[2];
		out[3] = s[3];
		/* The task file, as SAT has it in sense data of fixed format. */
		if (unit->sense_len >= 22 && s[8] == 0x09) {
			out[4] = s[11];
			out[5] = s[21];
			out[6] = s[20];
			out[7] = s[13];
			out[9] = s[15];
			out[10] = s[17];
			out[11] = s[19];
		}
		return;
	}
	out[1] = (s[0] & 0x80) | (s[2] & 0xe0) >> 1 | (s[2] & 0x0f);
	out[2] = s[12];
	out[3] = s[13];
	memcpy(out + 4, s + 3, 4);
	memcpy(out + 8, s + 8, 4);
	out[12] = s[14];
	out[13] = s[15];
}

/* A status that lies. Returns its length. */
static u32 spoil_status(const struct fault_plan *plan, u8 *status, u32 length)
{
	if (fault_has(plan, FAULT_BADTAG))
		status[7] ^= 0xfc;
	if (!fault_has(plan, FAULT_CSW))
		return length;
	switch (plan->csw) {
	case FAULT_CSW_SIGNATURE:	/* unsolicited, it says */
		status[0] = (status[0] & 0x3f) | 0x80;
		break;
	case FAULT_CSW_TRUNCATED:
		return 4;
	case FAULT_CSW_LONG:
		return SBP2_STATUS_MAX;
	case FAULT_CSW_GARBAGE:
		memset(status, 0xa5, SBP2_STATUS_MAX);
		return 8 + SENSE_STATUS;
	case FAULT_CSW_STATUS:		/* a format and a status that there are not */
		status[0] = (status[0] & 0xf8) | 5;
		status[8] = 0xff;
		return 8 + SENSE_STATUS;
	}
	return length;
}

static void write_status(struct agent *a)
{
	struct sbp2 *s = a->sbp2;
	struct login *l = &s->login[a->login];
	struct lun *speaker = box_speaker(s->box, &a->c);
	u8 status[SBP2_STATUS_MAX] = { 0 };
	bool sense = a->started && a->result == SBP2_OK && a->c.failed;
	u32 length = sense ? 8 + SENSE_STATUS : 8;

	a->task = TASK_STATUS;
	if (!sense && !a->dead && !a->notify && a->result == SBP2_OK) {
		status_written(a, RCODE_COMPLETE, NULL, 0);
		return;
	}
	sbp2_status_head(status, a->result, a->dead, a->more, length, a->orb);
	if (sense) {
		put_sense(status + 8, speaker);
		/* Sense data that have been told are not kept. */
		speaker->sense_len = 0;
	}
	if (a->started)
		length = spoil_status(&a->c.plan, status, length);
	if (node_write(s->node, l->node, l->status, status, length, status_written, a))
		status_written(a, RCODE_NO_ACK, NULL, 0);
}

/**
 * orb_due() - the status that was kept back is sent now
 * @a: the agent
 */
void orb_due(struct agent *a)
{
	write_status(a);
}

/**
 * orb_end() - all that is left of a command is its status
 * @a: the agent
 * @result: SBP2_*
 * @dead: the agent stops after it
 */
void orb_end(struct agent *a, u32 result, bool dead)
{
	a->result = result;
	a->dead = dead;
	if (dead) {
		a->state = AGENT_DEAD;
		a->fetch = false;
	}
	if (a->started && a->hold_ms) {
		a->task = TASK_HELD;
		a->due_ms = now_ms() + a->hold_ms;
		return;
	}
	write_status(a);
}

/**
 * orb_abort() - the command ends, and nobody is told
 * @a: the agent
 * @why: for the trace
 */
void orb_abort(struct agent *a, const char *why)
{
	if (a->started)
		box_command_ops.end(a->sbp2->box, &a->c, why);
	a->started = false;
}

/* The plan ends the command here. */
static void stop(struct agent *a)
{
	struct command *c = &a->c;

	if (c->plan.stop == FAULT_STALL) {
		c->plan.point = FAULT_SPENT;
		orb_end(a, SBP2_BUS_OTHER, true);
		return;
	}
	a->task = TASK_HUNG;
	box_command_ops.stop(a->sbp2->box, c);
}

/* All data is there, or there is none: do it, and say how it went. */
static void finish(struct agent *a)
{
	struct command *c = &a->c;
	struct box *box = a->sbp2->box;
	enum model_cut cut = MODEL_CUT_NONE;

	if (ends_inside(c))
		cut = c->plan.stop == FAULT_POWERCUT ? MODEL_CUT_POWER : MODEL_CUT_CABLE;
	box->hold_ms = a->hold_ms;
	if (!c->failed)
		box_command_ops.finish(box, c, cut);
	a->hold_ms = box->hold_ms;
	if (ends_inside(c) || fault_stops(&c->plan, FAULT_AT_STATUS))
		stop(a);
	else if (fault_has(&c->plan, FAULT_PHASE))
		orb_end(a, SBP2_ILLEGAL, true);
	else
		orb_end(a, SBP2_OK, false);
}

static void moved(void *ctx, u32 rcode, const u8 *data, u32 length)
{
	struct agent *a = ctx;
	struct command *c = &a->c;

	(void)length;
	if (rcode != RCODE_COMPLETE) {
		orb_end(a, SBP2_BUS_DATA, true);
		return;
	}
	/* What does not fit a medium is told in the status. */
	if (c->dir == BFP_DIR_OUT &&
	    box_command_ops.write(a->sbp2->box, c, c->moved, data, a->chunk))
		c->failed = true;
	c->moved += a->chunk;
	a->at_done += a->chunk;
	step(a);
}

/* One more packet of data, or the end of them. */
static void step(struct agent *a)
{
	struct command *c = &a->c;
	u64 left = target(c) - c->moved;
	u8 buf[LAB1394_DATA_MAX];
	const struct segment *seg;
	struct box *box = a->sbp2->box;
	u64 to;
	int ret;

	while (left && a->at < a->segments && a->at_done == a->segment[a->at].length) {
		a->at++;
		a->at_done = 0;
	}
	if (!left || c->failed || a->at == a->segments) {
		finish(a);
		return;
	}
	seg = &a->segment[a->at];
	to = seg->address + a->at_done;
	a->task = TASK_DATA;
	a->chunk = a->payload;
	if (a->chunk > seg->length - a->at_done)
		a->chunk = seg->length - a->at_done;
	if (a->chunk > left)
		a->chunk = left;
	if (c->dir == BFP_DIR_IN) {
		if (box_command_ops.read(box, c, c->moved, buf, a->chunk)) {
			c->failed = true;
			finish(a);
			return;
		}
		ret = node_write(a->sbp2->node, a->node, to, buf, a->chunk, moved, a);
	} else {
		ret = node_read(a->sbp2->node, a->node, to, a->chunk, moved, a);
	}
	if (ret)
		orb_end(a, SBP2_BUS_DATA, true);
}

/* Where the data are is known: the box gets the command. */
static void begin(struct agent *a)
{
	struct command *c = &a->c;
	struct box *box = a->sbp2->box;
	u64 length = 0;
	u32 i;

	for (i = 0; i < a->segments; i++)
		length += a->segment[i].length;
	c->length = length < 0xffffffff ? length : 0xffffffff;
	if (!c->length)
		c->dir = BFP_DIR_NONE;
	a->started = true;
	box_command_ops.start(box, c);
	a->hold_ms = box->hold_ms;
	if (fault_has(&c->plan, FAULT_BADCBW)) {
		orb_end(a, SBP2_ILLEGAL, true);
	} else if (fault_stops(&c->plan, FAULT_AT_START)) {
		stop(a);
	} else if (c->dev_dir != BFP_DIR_NONE && c->dev_length && c->dir != c->dev_dir) {
		/* There is no room for what would move, or it is on the wrong side. */
		c->phase = true;
		orb_end(a, SBP2_ILLEGAL, true);
	} else {
		step(a);
	}
}

static void fetch_table(struct agent *a);

static void got_table(void *ctx, u32 rcode, const u8 *data, u32 length)
{
	struct agent *a = ctx;
	u32 i;

	if (rcode != RCODE_COMPLETE) {
		orb_end(a, SBP2_BUS_TABLE, true);
		return;
	}
	for (i = 0; i + 8 <= length && a->segments < a->table; i += 8) {
		a->segment[a->segments].length = get_be16(data + i);
		a->segment[a->segments].address = sbp2_address(data + i);
		a->segments++;
	}
	fetch_table(a);
}

/* The next piece of the page table. */
static void fetch_table(struct agent *a)
{
	u32 left = 8 * (a->table - a->segments);
	u32 n = a->payload < left ? a->payload & ~7u : left;

	if (!left) {
		begin(a);
		return;
	}
	a->task = TASK_TABLE;
	if (node_read(a->sbp2->node, a->node, a->data + 8 * a->segments, n, got_table, a))
		orb_end(a, SBP2_BUS_TABLE, true);
}

static u32 payload_of(const struct agent *a, u32 misc)
{
	u32 speed = misc >> 24 & 7, asked = misc >> 20 & 0xf;
	u32 own = a->sbp2->box->clock.speed - MODEL_S100;
	u32 most = 512u << (speed < own ? speed : own), payload = 1u << (asked + 2);

	if (most > LAB1394_DATA_MAX)
		most = LAB1394_DATA_MAX;
	/* Less than an element of a page table there is no sense in. */
	if (payload < 8)
		payload = 8;
	return payload < most ? payload : most;
}

/**
 * orb_run() - an ORB has been fetched
 * @a: the agent
 * @orb: ROM_ORB_QUADLETS of it
 */
void orb_run(struct agent *a, const u8 *orb)
{
	u32 misc = get_be32(orb + 16), size = misc & 0xffff, format = misc >> 29 & 3;
	struct command *c = &a->c;
	u8 *data = c->data;
	u32 room = c->room;

	memset(c, 0, sizeof(*c));
	c->data = data;
	c->room = room;
	c->tag = a->orb;
	c->lun = a->sbp2->login[a->login].lun;
	c->any_len = true;
	c->cdb_len = sizeof(c->cdb);
	memcpy(c->cdb, orb + 20, sizeof(c->cdb));
	c->dir = misc & 1u << 27 ? BFP_DIR_IN : BFP_DIR_OUT;

	a->notify = misc & 1u << 31;
	a->payload = payload_of(a, misc);
	a->node = get_be16(orb + 8);
	a->data = sbp2_address(orb + 8);
	a->table = misc & 1u << 19 ? size : 0;
	a->at = 0;
	a->at_done = 0;
	a->segments = 0;
	a->hold_ms = 0;
	if (format == FORMAT_DUMMY) {
		orb_end(a, SBP2_DUMMY_DONE, false);
		return;
	}
	if (format != FORMAT_COMMAND) {
		orb_end(a, SBP2_NOT_SUPPORTED, true);
		return;
	}
	free(a->segment);
	a->segment = calloc(a->table + 1, sizeof(*a->segment));
	if (!a->segment) {
		orb_end(a, SBP2_NO_RESOURCES, true);
		return;
	}
	if (!a->table) {
		a->segment[0].address = a->data;
		a->segment[0].length = size;
		a->segments = 1;
	}
	if (a->table)
		fetch_table(a);
	else
		begin(a);
}
