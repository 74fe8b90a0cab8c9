// SPDX-License-Identifier: GPL-2.0-or-later
/* The enclosure as a whole: what it is when it starts, and what goes wrong in it. */
#include "box.h"

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
	box->boots = !box->never_boots && (box->always_boots || model_chip_boots(&box->chip));
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
	bot_init(&box->bot, &box_command_ops, box, packet, box->boots ? box->luns : 1);
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
	box->hostile_rom = ROM_HONEST;
	for (j = 0; j < box->chip.memories; j++) {
		m = &box->chip.memory[j];
		m->stuck_count = 0;
		m->guards = 0;
		m->write_protect = bfp_memories(&box->chip.profile)[j].kind == BFP_CONFIG_ROM;
	}
	for (i = 0; i < box->faults.count; i++) {
		const struct fault *f = &box->faults.list[i];

		if (!fault_fits(f, box->bus == BOX_USB)) {
			snprintf(err, room, "%s: nothing of the kind happens on this bus", f->text);
			return -EINVAL;
		}
		switch (f->kind) {
		case FAULT_ROM: {
			int h = rom_hostile_by_name(f->arg);

			if (h < 0) {
				snprintf(err, room, "no such variant of hostile-rom: '%s'", f->arg);
				return -EINVAL;
			}
			box->hostile_rom = h;
			break;
		}
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
	case FAULT_BUSRESET:
		box->next = BOX_RESET_BUS;
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
