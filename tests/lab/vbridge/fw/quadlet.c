// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Quadlet requests to the chip's registers, and reads of the config ROM: both may be
 * struck by faults. What a register does, the profile says; one that the profile does
 * not know is no address of the chip's.
 */
#include "bytes.h"
#include "fw/fw.h"

/* An address as a step of the profile has it: 64 bits, of which 48 count, and the value. */
#define STEP_ADDRESS	8
#define STEP_WRITE	12

/* What is done with a request, beside what the chip does. */
struct answer {
	u32 rcode;
	u8 data[LAB1394_DATA_MAX];
	u32 length;
	bool none;
};

static bool is_write(const struct lab1394_packet *p)
{
	return p->tcode == TCODE_WRITE_QUADLET || p->tcode == TCODE_WRITE_BLOCK;
}

static bool match(struct fw *fw, const struct lab1394_packet *p, struct model_txn *txn)
{
	u8 bytes[STEP_WRITE];

	if (p->tcode != TCODE_READ_QUADLET &&
	    (p->tcode != TCODE_WRITE_QUADLET || p->length != 4))
		return false;
	put_be64(bytes, p->offset);
	if (p->tcode == TCODE_READ_QUADLET)
		return model_chip_match(&fw->box->chip, BFP_STEP_QUADLET_READ, bytes, STEP_ADDRESS,
					4, txn);
	memcpy(bytes + STEP_ADDRESS, p->data, 4);
	return model_chip_match(&fw->box->chip, BFP_STEP_QUADLET_WRITE, bytes, STEP_WRITE, 4, txn);
}

/**
 * quadlet_owns() - whether a request is for the chip
 * @fw: the node
 * @p: the request
 *
 * Return: true if it is.
 */
bool quadlet_owns(struct fw *fw, const struct lab1394_packet *p)
{
	struct model_txn txn;
	u32 name;

	return (p->offset >= FW_WINDOW && p->offset < FW_WINDOW_END) ||
	       model_chip_name(&fw->box->chip, p->offset, &name) || match(fw, p, &txn);
}

static u32 rcode_of(struct box *box, const struct model_txn *txn, enum model_result result)
{
	switch (result) {
	case MODEL_DONE:
		return RCODE_COMPLETE;
	case MODEL_RESET:
		box->reset_after_status = true;
		return RCODE_COMPLETE;
	case MODEL_PROTECTED:
		/* In another state the chip has no such register. */
		return txn->astray ? RCODE_ADDRESS : RCODE_TYPE;
	case MODEL_BROKEN:
	case MODEL_MISCOMPARE:
		return RCODE_DATA;
	case MODEL_INVALID:
		break;
	}
	return RCODE_ADDRESS;
}

static void read_register(struct fw *fw, const struct lab1394_packet *p, struct model_txn *txn,
			  const struct fault_plan *plan, struct answer *a)
{
	struct box *box = fw->box;
	u32 actual, name;
	bool named = model_chip_name(&box->chip, p->offset, &name);

	if (p->tcode != TCODE_READ_QUADLET) {
		a->rcode = RCODE_TYPE;
		return;
	}
	memset(a->data, 0, 4);
	if (txn) {
		a->rcode = rcode_of(box, txn, model_chip_start(&box->chip, txn));
		if (a->rcode == RCODE_COMPLETE)
			a->rcode = rcode_of(box, txn, model_chip_in(&box->chip, txn, a->data, 4,
								    &actual));
	}
	if (named)
		a->rcode = RCODE_COMPLETE;
	if (a->rcode != RCODE_COMPLETE)
		return;
	/* Which firmware it is that answers shows here, whatever operation asks. */
	if (named && !plan->vary)
		put_be32(a->data, name);
	a->length = 4;
	fault_spoil(&box->faults, plan, 0, a->data, 4);
}

static void write_register(struct fw *fw, const struct lab1394_packet *p, struct model_txn *txn,
			   const struct fault_plan *plan, struct answer *a)
{
	bool inside = fault_stops(plan, FAULT_AT_DATA) && plan->stop != FAULT_SHORT;
	enum model_cut cut = MODEL_CUT_NONE;
	struct box *box = fw->box;
	u32 cut_at = 4;
	u8 value[4];

	if (p->tcode != TCODE_WRITE_QUADLET || p->length != 4) {
		a->rcode = RCODE_TYPE;
		return;
	}
	if (!txn)
		return;
	/* A quadlet arrives whole or not at all: only the supply can fail inside of it. */
	if (inside && plan->stop == FAULT_UNPLUG)
		cut = MODEL_CUT_CABLE;
	if (inside && plan->stop == FAULT_POWERCUT) {
		cut = MODEL_CUT_POWER;
		cut_at = plan->byte;
	}
	memcpy(value, p->data, 4);
	fault_spoil(&box->faults, plan, 0, value, 4);
	a->rcode = rcode_of(box, txn, model_chip_start(&box->chip, txn));
	if (a->rcode == RCODE_COMPLETE)
		a->rcode = rcode_of(box, txn, model_chip_out(&box->chip, txn, value, 4, cut,
							     cut_at));
}

/* The plan ends the request here. */
static void stop(struct fw *fw, const struct fault_plan *plan, struct answer *a)
{
	a->length = 0;
	if (plan->stop == FAULT_STALL) {
		a->rcode = RCODE_TYPE;
		return;
	}
	a->none = true;
	box_act(fw->box, plan->stop);
}

/* What takes the place of an answer, and lets nothing take effect. */
static bool refused(const struct fault_plan *plan, struct answer *a)
{
	if (fault_has(plan, FAULT_RCODE))
		a->rcode = plan->rcode;
	else if (fault_has(plan, FAULT_BUSY))
		a->rcode = LAB1394_ACK_BUSY;
	else if (fault_has(plan, FAULT_ACKDATA))
		a->rcode = LAB1394_ACK_DATA;
	else
		return false;
	return true;
}

static const char *status_name(const struct fault_plan *plan, const struct answer *a, char *out,
			       size_t room)
{
	if (a->none)
		return box_status_of(plan);
	if (a->rcode == LAB1394_ACK_BUSY)
		return "busy";
	if (a->rcode == LAB1394_ACK_DATA)
		return "ackdata";
	if (a->rcode == RCODE_COMPLETE)
		return fault_has(plan, FAULT_LATE) ? "late" : "ok";
	snprintf(out, room, "rcode %x", a->rcode);
	return out;
}

static void trace(struct fw *fw, const struct lab1394_packet *p, const struct fault_plan *plan,
		  const struct answer *a, struct trace_entry *e)
{
	struct box *box = fw->box;
	char names[128], status[16];

	e->address = p->offset;
	e->dir = is_write(p) ? BFP_DIR_OUT : BFP_DIR_IN;
	e->length = p->length;
	e->end_us = model_clock_us(&box->clock);
	e->data = is_write(p) ? p->data : a->data;
	e->data_len = is_write(p) ? p->length : a->length;
	e->actual = e->data_len;
	e->status = status_name(plan, a, status, sizeof(status));
	fault_names(plan, names, sizeof(names));
	e->fault = names;
	trace_write(&box->trace, e);
}

static void respond(struct fw *fw, const struct lab1394_packet *p, const struct fault_plan *plan,
		    const struct answer *a)
{
	u32 rcode = a->rcode | (fault_has(plan, FAULT_LATE) ? LAB1394_LATE : 0);
	struct box *box = fw->box;

	if (!a->none)
		node_respond_later(&fw->node, p, rcode, a->data, a->length, box->hold_ms);
	else if (plan->stop == FAULT_NAK)
		node_no_answer(&fw->node, p);
	if (!a->none && fault_stops(plan, FAULT_AT_END))
		box_act(box, plan->stop);
	/* A chip that was told to start anew does so, whether it could still say so or not. */
	if (box->reset_after_status && box->next == BOX_GO_ON)
		box->next = BOX_REENUMERATE;
	box->reset_after_status = false;
}

/**
 * quadlet_request() - a request to the chip's registers
 * @fw: the node
 * @p: the request
 *
 * Blocks and locks get a type error, and what the profile does not know an address error.
 */
void quadlet_request(struct fw *fw, const struct lab1394_packet *p)
{
	struct box *box = fw->box;
	struct fault_event ev = { .quadlet = true, .vendor = true, .address = p->offset,
				  .in = !is_write(p) };
	struct trace_entry e = {
		.n = ++box->trace.n,
		.start_us = model_clock_us(&box->clock),
		.type = "quadlet",
		.vendor = true,
	};
	struct answer a = { .rcode = RCODE_ADDRESS };
	struct fault_plan plan;
	struct model_txn txn;
	u64 before = box->clock.ns;
	bool known = match(fw, p, &txn);
	u32 name;

	e.known = known || model_chip_name(&box->chip, p->offset, &name);
	e.op = known ? txn.name : NULL;
	ev.op = e.op;
	box_plan(box, &ev, &plan, known ? &txn : NULL);
	model_clock_transfer(&box->clock, 4);

	if (fault_stops(&plan, FAULT_AT_START)) {
		stop(fw, &plan, &a);
	} else if (!refused(&plan, &a)) {
		if (is_write(p))
			write_register(fw, p, known ? &txn : NULL, &plan, &a);
		else if (p->tcode == TCODE_LOCK)
			a.rcode = RCODE_TYPE;
		else
			read_register(fw, p, known ? &txn : NULL, &plan, &a);
		if (fault_has(&plan, FAULT_SHORT))
			a.length = fault_byte(&plan, a.length);
		else if (fault_stops(&plan, FAULT_AT_DATA) || fault_stops(&plan, FAULT_AT_STATUS))
			stop(fw, &plan, &a);
	}
	box_hold(box, &plan, before);
	trace(fw, p, &plan, &a, &e);
	respond(fw, p, &plan, &a);
}

/**
 * rom_request() - a request to the config ROM
 * @fw: the node
 * @p: the request
 *
 * Leaves a line in the trace only if a fault strikes: every host reads it, often.
 */
void rom_request(struct fw *fw, const struct lab1394_packet *p)
{
	struct fault_event ev = { .rom = true, .in = !is_write(p) };
	struct trace_entry e = { .type = "rom", .known = true };
	struct answer a = { .rcode = RCODE_ADDRESS };
	u64 at = p->offset - ROM_BASE;
	struct box *box = fw->box;
	struct fault_plan plan;
	struct model_txn txn;
	u32 length = p->tcode == TCODE_READ_QUADLET ? 4 : p->length;
	u64 before = box->clock.ns;

	ev.op = match(fw, p, &txn) ? txn.name : NULL;
	e.op = ev.op;
	box_plan(box, &ev, &plan, NULL);
	model_clock_transfer(&box->clock, length);
	if (fault_stops(&plan, FAULT_AT_START)) {
		stop(fw, &plan, &a);
	} else if (!refused(&plan, &a)) {
		if (p->tcode != TCODE_READ_QUADLET && p->tcode != TCODE_READ_BLOCK) {
			a.rcode = RCODE_TYPE;
		} else if (at + length <= fw->rom_size && length <= sizeof(a.data)) {
			a.rcode = RCODE_COMPLETE;
			a.length = length;
			memcpy(a.data, fw->rom + at, length);
			fault_spoil(&box->faults, &plan, 0, a.data, length);
		}
		if (fault_has(&plan, FAULT_SHORT))
			a.length = fault_byte(&plan, a.length);
		else if (fault_stops(&plan, FAULT_AT_DATA) || fault_stops(&plan, FAULT_AT_STATUS))
			stop(fw, &plan, &a);
	}
	box_hold(box, &plan, before);
	if (plan.kinds) {
		e.n = ++box->trace.n;
		e.start_us = before / 1000;
		trace(fw, p, &plan, &a, &e);
	}
	respond(fw, p, &plan, &a);
}
