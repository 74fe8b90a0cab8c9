// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The enclosure as a whole: which part of it a command is for, and what
 * becomes of it there.
 */
#include "box.h"
#include "bytes.h"

/* What the chip shows of itself when it is not its firmware that speaks; NULL: no other id. */
static const struct bfp_id *other_id(struct box *box)
{
	const struct bfp *p = &box->chip.profile;

	if (box->chip.mode != BFP_NONE)
		return bfp_ids(p) + box->chip.mode;
	return box->boots ? NULL : identity_find(p, BFP_ROLE_BLANK);
}

/*
 * Does the firmware run? A loader that the chip was told to start does not ask,
 * and it serves the drive; one that waits in a blank chip does not.
 */
static void start_firmware(struct box *box)
{
	const struct bfp *p = &box->chip.profile;
	const struct bfp_id *id;

	model_chip_start_up(&box->chip);
	box->boots = box->always_boots || model_chip_boots(&box->chip);
	if (box->chip.mode != BFP_NONE) {
		id = bfp_ids(p) + box->chip.mode;
		box->boots = id->role != BFP_ROLE_BLANK;
	}
	box->chip.blank = !box->boots;
	box->dead = !box->boots && box->chip.mode == BFP_NONE &&
		    bfp_header(p)->recovery == BFP_RECOVERY_NONE_KNOWN;
}

/* Memory content into descriptors, as the chip does at reset. */
static void take_layout(struct box *box)
{
	const struct bfp_field *f = bfp_fields(&box->layout);
	struct model_memory *m;
	u8 content[4096];
	int index;
	u32 n;

	if (!bfp_count(&box->layout, BFP_FIELDS))
		return;
	for (index = 0; index < (int)bfp_count(&box->layout, BFP_MEMORIES); index++) {
		const struct bfp_memory *mem = bfp_memories(&box->layout) + index;

		m = model_chip_memory(&box->chip, bfp_string(&box->layout, mem->name), 0);
		if (!m || f->of_memory != index)
			continue;
		n = model_memory_read(m, 0, content, sizeof(content));
		identity_from_memory(&box->identity, &box->layout, index, content, n);
	}
}

/* What the box shows of itself from now on. */
static void take_identity(struct box *box)
{
	const struct bfp_id *id = other_id(box);

	box->identity = box->rom;
	if (id) {
		identity_from_id(&box->identity, id);
	} else {
		if (box->has_layout)
			take_layout(box);
		if (box->fixed_ids) {
			box->identity.vendor = box->vendor_product >> 16;
			box->identity.product = box->vendor_product;
		}
		if (box->fixed_bcd)
			box->identity.bcd = box->bcd;
	}
	if (box->fixed_serial)
		box->identity.string[DESC_SERIAL] = box->serial;
}

/**
 * box_power_on() - the supply comes on: everything but the memories starts anew
 * @box: the enclosure
 */
void box_power_on(struct box *box)
{
	u32 i;

	for (i = 0; i < box->luns; i++)
		lun_power_on(&box->lun[i]);
	lun_open(&box->absent, DRIVE_NONE, NULL, "");
	box->absent.luns = 1;
	box_plug_in(box);
}

/**
 * box_plug_in() - the cable is plugged in: the chip is reset
 * @box: the enclosure
 *
 * If @box->dead is set then, nobody answers the host.
 */
void box_plug_in(struct box *box)
{
	u32 packet = box->clock.speed == MODEL_HIGH_SPEED ? 512 : 64;

	start_firmware(box);
	take_identity(box);
	faults_plug_in(&box->faults);
	bot_free(&box->bot);
	bot_init(&box->bot, &box_bot_ops, box, packet, box->boots ? box->luns : 1);
	box->configuration = 0;
	box->configured = false;
	box->next = BOX_GO_ON;
	box->reset_after_status = false;
	box->hold_ms = 0;
}

/* Does what @f says to the memory, or the sector, that it names. */
static int apply_place(struct box *box, const struct fault *f)
{
	struct model_memory *m = model_chip_memory(&box->chip, *f->op ? f->op : NULL, 0);
	u32 start = 0, size;

	if (!m)
		return -ENOENT;
	size = m->size;
	switch (f->kind) {
	case FAULT_STUCKBIT:
		return model_memory_stick(m, f->value[0], f->value[1], f->value[2]);
	case FAULT_READONLY:
		m->write_protect |= !f->part;
		if (!f->part)
			return 0;
		break;
	default:
		break;
	}
	/* Only a flash has sectors. */
	if (!m->part || (f->part && !model_chip_sector(&box->chip, m - box->chip.memory,
						       f->value[0], &start, &size)))
		return -ENOENT;
	return model_memory_guard(m, start, size, f->kind == FAULT_NOERASE);
}

/**
 * box_apply_states() - those faults that are the case all the time
 * @box: the enclosure
 * @err: gets what is wrong with one
 * @room: bytes at @err
 *
 * Return: 0 or -EINVAL.
 */
int box_apply_states(struct box *box, char *err, size_t room)
{
	struct model_memory *m;
	u32 i, j;

	box->hostile = HOSTILE_NONE;
	for (j = 0; j < box->chip.memories; j++) {
		m = &box->chip.memory[j];
		m->stuck_count = 0;
		m->guards = 0;
		m->write_protect = bfp_memories(&box->chip.profile)[j].kind == BFP_CONFIG_ROM;
	}
	for (i = 0; i < box->faults.count; i++) {
		const struct fault *f = &box->faults.list[i];

		switch (f->kind) {
		case FAULT_DESCRIPTORS: {
			int h = hostile_by_name(f->arg);

			if (h < 0) {
				snprintf(err, room, "no such variant of hostile-descriptors: '%s'",
					 f->arg);
				return -EINVAL;
			}
			box->hostile = h;
			break;
		}
		case FAULT_READONLY:
		case FAULT_NOERASE:
		case FAULT_STUCKBIT:
			if (!apply_place(box, f))
				break;
			snprintf(err, room, "%s: the chip has no such memory, sector or cell",
				 f->text);
			return -EINVAL;
		default:
			break;
		}
	}
	return 0;
}

/**
 * box_status_of() - how a transaction that the plan ended is called in the trace
 * @plan: the plan
 *
 * Return: a word.
 */
const char *box_status_of(const struct fault_plan *plan)
{
	return fault_kind_name(plan->stop);
}

/**
 * box_plan() - what goes wrong in a transaction that is about to begin
 * @box: the enclosure, which counts it
 * @ev: the transaction
 * @plan: to fill
 * @txn: what the profile knows it as, which is told what concerns it; NULL: nothing
 */
void box_plan(struct box *box, const struct fault_event *ev, struct fault_plan *plan,
	      struct model_txn *txn)
{
	box->vendor_seen += ev->vendor;
	faults_plan(&box->faults, ev, plan);
	if (!txn)
		return;
	txn->ignored = fault_has(plan, FAULT_IGNORED);
	txn->stuck = fault_has(plan, FAULT_STUCKBUSY);
	txn->vary = plan->vary;
}

/**
 * box_act() - the plan says that the box goes away
 * @box: the enclosure
 * @kind: how
 */
void box_act(struct box *box, enum fault_kind kind)
{
	switch (kind) {
	case FAULT_UNPLUG:
		box->next = BOX_UNPLUG;
		break;
	case FAULT_POWERCUT:
		box->next = BOX_POWER_OFF;
		break;
	case FAULT_REENUMERATE:
		box->next = BOX_REENUMERATE;
		break;
	default:
		break;
	}
}

/**
 * box_hold() - how long the answer to a transaction is kept back
 * @box: the enclosure
 * @plan: of the transaction; NULL: has been counted already, and this is its end
 * @before_ns: model time before its memories worked
 */
void box_hold(struct box *box, const struct fault_plan *plan, u64 before_ns)
{
	if (plan)
		box->hold_ms = 0;
	if (plan && fault_has(plan, FAULT_DELAY)) {
		box->hold_ms = plan->delay_ms;
		model_clock_add_us(&box->clock, (u64)plan->delay_ms * 1000);
	} else if (box->realtime) {
		box->hold_ms += (box->clock.ns - before_ns) / 1000000;
	}
}

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

static void command_start(void *ctx, struct command *c)
{
	struct box *box = ctx;
	struct lun *lun = lun_of(box, c);
	struct fault_event ev = { .code = c->cdb[0], .in = c->dir == BFP_DIR_IN };
	u64 before;

	c->n = ++box->trace.n;
	c->start_us = model_clock_us(&box->clock);
	model_clock_urb(&box->clock, BOT_CBW_SIZE);
	before = box->clock.ns;

	c->vendor = c->cdb[0] >= 0xc0;
	c->in_profile = model_chip_match(&box->chip, BFP_STEP_CDB, c->cdb, c->cdb_len,
					 c->length, &c->txn);
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
		model_clock_urb(&box->clock, c->moved);
	if (!why)
		model_clock_urb(&box->clock, BOT_CSW_SIZE);
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

const struct bot_ops box_bot_ops = {
	.start = command_start,
	.read = command_read,
	.write = command_write,
	.finish = command_finish,
	.end = command_end,
	.invalid = command_invalid,
	.stop = command_stop,
};
