// SPDX-License-Identifier: GPL-2.0-or-later
/* Which faults strike a transaction, and what they do to it. */
#include "fault_kind.h"

const struct fault_kind_info fault_kinds[FAULT_KINDS] = {
	[FAULT_STALL] = { "stall", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_SHORT] = { "short", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_BADTAG] = { "badtag", EVENT, MATCH_CDB, false, BOTH },
	[FAULT_PHASE] = { "phase", EVENT, MATCH_CDB, false, BOTH },
	[FAULT_NAK] = { "nak", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_UNPLUG] = { "unplug", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_POWERCUT] = { "powercut", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_REENUMERATE] = { "reenumerate", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_DELAY] = { "delay", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_FLIP] = { "flip", EVENT, MATCH_VENDOR, false, BOTH },
	[FAULT_FLAKY] = { "flaky", EVENT, MATCH_VENDOR | MATCH_IN, true, BOTH },
	[FAULT_OVERRUN] = { "overrun", EVENT, MATCH_VENDOR | MATCH_IN, false, USB_ONLY },
	[FAULT_CSW] = { "csw", EVENT, MATCH_CDB, false, BOTH },
	[FAULT_RESIDUE] = { "residue", EVENT, MATCH_CDB, false, USB_ONLY },
	[FAULT_SENSE] = { "sense", EVENT, MATCH_CDB, false, BOTH },
	[FAULT_READONLY] = { "readonly", STATE, 0, true, BOTH },
	[FAULT_STUCKBIT] = { "stuckbit", STATE, 0, true, BOTH },
	[FAULT_DESCRIPTORS] = { "hostile-descriptors", STATE, 0, true, USB_ONLY },
	[FAULT_IGNORED] = { "ignored", EVENT, MATCH_VENDOR | MATCH_OUT, false, BOTH },
	[FAULT_IDCHANGE] = { "idchange", EVENT, MATCH_OP, true, BOTH },
	[FAULT_STUCKBUSY] = { "stuckbusy", EVENT, MATCH_VENDOR | MATCH_IN, true, BOTH },
	[FAULT_NOERASE] = { "noerase", STATE, 0, true, BOTH },
	[FAULT_BADCBW] = { "badcbw", EVENT, MATCH_CDB, false, BOTH },
	[FAULT_RCODE] = { "rcode", EVENT, MATCH_QUADLET, false, FW_ONLY },
	[FAULT_BUSY] = { "busy", EVENT, MATCH_QUADLET, false, FW_ONLY },
	[FAULT_ACKDATA] = { "ackdata", EVENT, MATCH_QUADLET, false, FW_ONLY },
	[FAULT_LATE] = { "late", EVENT, MATCH_QUADLET, false, FW_ONLY },
	[FAULT_BUSRESET] = { "busreset", EVENT, MATCH_VENDOR, false, FW_ONLY },
	[FAULT_ROM] = { "hostile-rom", STATE, 0, true, FW_ONLY },
};

/**
 * fault_kind_name() - as in --fault
 * @kind: the kind
 *
 * Return: its name.
 */
const char *fault_kind_name(enum fault_kind kind)
{
	return fault_kinds[kind].name;
}

static bool op_agrees(const char *pattern, const char *op)
{
	size_t n = strlen(pattern);

	if (!op)
		return false;
	if (n && pattern[n - 1] == '*')
		return !strncmp(pattern, op, n - 1);
	return !strcmp(pattern, op);
}

static bool agrees(const struct fault *f, const struct fault_event *ev)
{
	if (fault_kinds[f->kind].lasting == STATE)
		return false;
	if ((f->match & MATCH_VENDOR) && !ev->vendor)
		return false;
	if ((f->match & MATCH_CONTROL) && !ev->control)
		return false;
	if ((f->match & MATCH_CDB) && (ev->control || ev->quadlet || ev->rom))
		return false;
	if ((f->match & MATCH_QUADLET) && !ev->quadlet)
		return false;
	if ((f->match & MATCH_ROM) && !ev->rom)
		return false;
	if ((f->match & MATCH_ADDRESS) && ev->address != f->address)
		return false;
	if ((f->match & MATCH_CODE) && ev->code != f->code)
		return false;
	if ((f->match & MATCH_OP) && !op_agrees(f->op, ev->op))
		return false;
	if ((f->match & MATCH_IN) && !ev->in)
		return false;
	if ((f->match & MATCH_OUT) && ev->in)
		return false;
	return true;
}

static void strike(const struct fault *f, struct fault_plan *plan)
{
	if (FAULT_BIT(f->kind) & FAULT_STOPS) {
		/* The first one given wins. */
		if (plan->kinds & FAULT_STOPS)
			return;
		plan->stop = f->kind;
		plan->point = f->point;
		plan->byte = f->kind == FAULT_SHORT ? f->value[0] : f->byte;
	}
	plan->kinds |= FAULT_BIT(f->kind);
	switch (f->kind) {
	case FAULT_DELAY:
		plan->delay_ms = f->value[0];
		break;
	case FAULT_FLIP:
		plan->flip_at = f->value[0];
		plan->flip_bit = f->value[1];
		break;
	case FAULT_CSW:
		plan->csw = f->value[0];
		break;
	case FAULT_RESIDUE:
		plan->residue = f->value[0];
		break;
	case FAULT_SENSE:
		plan->sense[0] = f->value[0];
		plan->sense[1] = f->value[1];
		plan->sense[2] = f->value[2];
		break;
	case FAULT_IDCHANGE:
		plan->vary = f->hits;
		break;
	case FAULT_RCODE:
		plan->rcode = f->value[0];
		break;
	default:
		break;
	}
}

/**
 * faults_plan() - what goes wrong in this transaction
 * @fs: the faults; each counts the transactions it is about
 * @ev: the transaction
 * @plan: to fill
 */
void faults_plan(struct faults *fs, const struct fault_event *ev, struct fault_plan *plan)
{
	u32 i;

	memset(plan, 0, sizeof(*plan));
	for (i = 0; i < fs->count; i++) {
		struct fault *f = &fs->list[i];

		if (!agrees(f, ev))
			continue;
		f->seen++;
		if (f->seen < f->from || f->seen > f->to)
			continue;
		f->hits++;
		strike(f, plan);
	}
}

/**
 * faults_plug_in() - the box is plugged in: what is counted from there begins anew
 * @fs: the faults
 */
void faults_plug_in(struct faults *fs)
{
	u32 i;

	for (i = 0; i < fs->count; i++)
		if (fs->list[i].each_plug)
			fs->list[i].seen = 0;
}

/**
 * fault_spoil() - bits that change on their way
 * @fs: the faults
 * @plan: of this transaction
 * @offset: of @data in the data phase
 * @data: what is on its way
 * @len: how much
 */
void fault_spoil(struct faults *fs, const struct fault_plan *plan, u32 offset, u8 *data, u32 len)
{
	if (fault_has(plan, FAULT_FLIP) && plan->flip_at >= offset &&
	    plan->flip_at - offset < len)
		data[plan->flip_at - offset] ^= 1u << plan->flip_bit;
	if (fault_has(plan, FAULT_FLAKY) && len) {
		u32 bit;

		/* Another place than the last time, so that two reads always differ. */
		fs->seed = fs->seed * 1664525u + 1013904223u;
		bit = (fs->seed >> 8) % (len * 8);
		if (bit == fs->last_bit)
			bit = (bit + 1) % (len * 8);
		fs->last_bit = bit;
		data[bit / 8] ^= 1u << bit % 8;
	}
}

/**
 * fault_fits() - whether a bus has what a fault is about
 * @f: the fault
 * @usb: which bus
 *
 * Return: false if it can never happen there.
 */
bool fault_fits(const struct fault *f, bool usb)
{
	enum buses buses = fault_kinds[f->kind].buses;

	if (usb)
		return buses != FW_ONLY && !(f->match & (MATCH_QUADLET | MATCH_ROM));
	return buses != USB_ONLY && !(f->match & MATCH_CONTROL);
}

/**
 * fault_names() - a plan as text, for the trace
 * @plan: the plan
 * @out: gets names with blanks between them
 * @room: bytes at @out
 */
void fault_names(const struct fault_plan *plan, char *out, size_t room)
{
	size_t n = 0;
	u32 i;

	*out = 0;
	for (i = 0; i < FAULT_KINDS && n < room; i++)
		if (plan->kinds & FAULT_BIT(i))
			n += snprintf(out + n, room - n, "%s%s", n ? " " : "", fault_kinds[i].name);
}
