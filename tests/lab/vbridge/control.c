// SPDX-License-Identifier: GPL-2.0-or-later
/* Endpoint 0: the requests of USB 2.0 chapter 9, of the class, of the vendor. */
#include "box.h"
#include "bytes.h"

#define TYPE_MASK	0x60
#define TYPE_STANDARD	0x00
#define TYPE_CLASS	0x20
#define TYPE_VENDOR	0x40

#define FEATURE_HALT	0

struct setup {
	u8 type;
	u8 request;
	u16 value;
	u16 index;
	u16 length;
	bool in;
};

/* An answer in @data; the host takes no more than it asked for. */
static int answer(const struct setup *s, u8 *data, const u8 *from, u32 len, u32 *actual)
{
	if (len > s->length)
		len = s->length;
	memcpy(data, from, len);
	*actual = len;
	return 0;
}

/* Linux asks for 64 bytes only of a device at address 0: it has just reset the port. */
static bool follows_port_reset(const struct setup *s)
{
	return s->value == 0x0100 && s->length == 64;
}

static void port_reset(struct box *box)
{
	if (box->configuration)
		trace_note(&box->trace, model_clock_us(&box->clock), "reset", "port reset");
	bot_reset(&box->bot, "reset");
	box->bot.halt_in = false;
	box->bot.halt_out = false;
}

static int get_descriptor(struct box *box, const struct setup *s, u8 *data, u32 *actual)
{
	u8 d[DESC_ROOM];
	int len;

	if (follows_port_reset(s))
		port_reset(box);
	len = desc_get(&box->identity, box->hostile, box->clock.speed, s->value, d);
	if (len < 0)
		return -EPIPE;
	return answer(s, data, d, len, actual);
}

static int set_configuration(struct box *box, const struct setup *s)
{
	if (s->value > 1)
		return -EPIPE;
	box->configuration = s->value;
	if (s->value)
		box->configured = true;
	bot_reset(&box->bot, "reset");
	box->bot.halt_in = false;
	box->bot.halt_out = false;
	return 0;
}

static int device_request(struct box *box, const struct setup *s, u8 *data, u32 *actual)
{
	u8 status[2] = { box->identity.attributes & 0x40 ? 0x01 : 0x00, 0 };

	switch (s->request) {
	case 0x00:	/* GET STATUS */
		return s->in ? answer(s, data, status, 2, actual) : -EPIPE;
	case 0x05:	/* SET ADDRESS: the host controller keeps it to itself */
		return 0;
	case 0x06:
		return s->in ? get_descriptor(box, s, data, actual) : -EPIPE;
	case 0x08:	/* GET CONFIGURATION */
		return s->in ? answer(s, data, &box->configuration, 1, actual) : -EPIPE;
	case 0x09:
		return s->in ? -EPIPE : set_configuration(box, s);
	}
	return -EPIPE;
}

static int interface_request(struct box *box, const struct setup *s, u8 *data, u32 *actual)
{
	static const u8 zero[2];

	if (!box->configuration || (s->index & 0xff))
		return -EPIPE;
	switch (s->request) {
	case 0x00:	/* GET STATUS */
		return s->in ? answer(s, data, zero, 2, actual) : -EPIPE;
	case 0x0a:	/* GET INTERFACE */
		return s->in ? answer(s, data, zero, 1, actual) : -EPIPE;
	case 0x0b:	/* SET INTERFACE: there is one setting */
		if (s->in || s->value)
			return -EPIPE;
		bot_clear_halt(&box->bot, true);
		bot_clear_halt(&box->bot, false);
		return 0;
	}
	return -EPIPE;
}

static int endpoint_request(struct box *box, const struct setup *s, u8 *data, u32 *actual)
{
	bool in = s->index == USB_EP_IN, zero = !(s->index & 0x7f);
	bool *halt = in ? &box->bot.halt_in : &box->bot.halt_out;
	u8 status[2] = { 0 };

	if (!zero && (!box->configuration || (!in && s->index != USB_EP_OUT)))
		return -EPIPE;
	switch (s->request) {
	case 0x00:	/* GET STATUS */
		status[0] = !zero && *halt;
		return s->in ? answer(s, data, status, 2, actual) : -EPIPE;
	case 0x01:	/* CLEAR FEATURE */
		if (s->in || s->value != FEATURE_HALT)
			return -EPIPE;
		if (!zero)
			bot_clear_halt(&box->bot, in);
		return 0;
	case 0x03:	/* SET FEATURE */
		if (s->in || s->value != FEATURE_HALT || zero)
			return -EPIPE;
		*halt = true;
		return 0;
	}
	return -EPIPE;
}

static int standard_request(struct box *box, const struct setup *s, u8 *data, u32 *actual)
{
	switch (s->type & 0x1f) {
	case 0:
		return device_request(box, s, data, actual);
	case 1:
		return interface_request(box, s, data, actual);
	case 2:
		return endpoint_request(box, s, data, actual);
	}
	return -EPIPE;
}

static int class_request(struct box *box, const struct setup *s, u8 *data, u32 *actual)
{
	u8 last = box->bot.luns - 1;

	if (!box->configuration || s->index || s->value)
		return -EPIPE;
	if (s->type == 0xa1 && s->request == 0xfe)	/* Get Max LUN */
		return answer(s, data, &last, 1, actual);
	if (s->type == 0x21 && s->request == 0xff) {	/* Bulk-Only reset */
		bot_reset(&box->bot, "reset");
		return 0;
	}
	return -EPIPE;
}

static int result_of(struct box *box, enum model_result result)
{
	switch (result) {
	case MODEL_DONE:
		return 0;
	case MODEL_RESET:
		box->next = BOX_REENUMERATE;
		return 0;
	default:
		return -EPIPE;
	}
}

/* How much of the data phase takes place before the plan ends it. */
static u32 limit(const struct fault_plan *plan, u32 length)
{
	return fault_stops(plan, FAULT_AT_DATA) ? (u32)fault_byte(plan, length) : length;
}

static int vendor_in(struct box *box, const struct fault_plan *plan, struct model_txn *txn,
		     const struct setup *s, u8 *data, u32 *actual)
{
	int ret = result_of(box, model_chip_start(&box->chip, txn));
	u32 have;

	if (ret)
		return ret;
	ret = result_of(box, model_chip_in(&box->chip, txn, data, s->length, &have));
	if (ret)
		return ret;
	*actual = limit(plan, have);
	fault_spoil(&box->faults, plan, 0, data, *actual);
	return 0;
}

static int vendor_out(struct box *box, const struct fault_plan *plan, struct model_txn *txn,
		      const struct setup *s, u8 *data, u32 *actual)
{
	bool ends = fault_stops(plan, FAULT_AT_DATA) && plan->stop != FAULT_SHORT;
	enum model_cut cut = MODEL_CUT_NONE;
	u32 len = s->length;
	int ret = result_of(box, model_chip_start(&box->chip, txn));

	if (ret)
		return ret;
	fault_spoil(&box->faults, plan, 0, data, len);
	if (ends)
		cut = plan->stop == FAULT_POWERCUT ? MODEL_CUT_POWER : MODEL_CUT_CABLE;
	if (fault_has(plan, FAULT_SHORT))
		len = limit(plan, len);
	ret = result_of(box, model_chip_out(&box->chip, txn, data, len, cut, plan->byte));
	*actual = ret ? 0 : ends ? limit(plan, s->length) : s->length;
	return ret;
}

static int dispatch(struct box *box, const struct fault_plan *plan, struct model_txn *txn,
		    const struct setup *s, u8 *data, u32 *actual)
{
	switch (s->type & TYPE_MASK) {
	case TYPE_STANDARD:
		return standard_request(box, s, data, actual);
	case TYPE_CLASS:
		return class_request(box, s, data, actual);
	case TYPE_VENDOR:
		if (!txn)
			return -EPIPE;
		return s->in ? vendor_in(box, plan, txn, s, data, actual) :
			       vendor_out(box, plan, txn, s, data, actual);
	}
	return -EPIPE;
}

/* The plan ends the request here. */
static int stop(struct box *box, const struct fault_plan *plan)
{
	if (plan->stop == FAULT_STALL)
		return -EPIPE;
	box_act(box, plan->stop);
	return BOT_NAK;
}

static int run(struct box *box, const struct fault_plan *plan, struct model_txn *txn,
	       const struct setup *s, u8 *data, u32 *actual)
{
	int ret;

	if (fault_stops(plan, FAULT_AT_START))
		return stop(box, plan);
	ret = dispatch(box, plan, txn, s, data, actual);
	if (ret)
		return ret;
	if ((fault_stops(plan, FAULT_AT_DATA) && plan->stop != FAULT_SHORT) ||
	    fault_stops(plan, FAULT_AT_STATUS))
		return stop(box, plan);
	if (fault_stops(plan, FAULT_AT_END))
		box_act(box, plan->stop);
	if (!s->in && !fault_has(plan, FAULT_SHORT))
		*actual = s->length;
	return fault_has(plan, FAULT_OVERRUN) ? -EOVERFLOW : 0;
}

static const char *status_name(const struct fault_plan *plan, const struct setup *s,
			       int ret, u32 actual)
{
	switch (ret) {
	case 0:
		return actual < s->length ? "short" : "ok";
	case -EPIPE:
		return "stall";
	case -EOVERFLOW:
		return "overrun";
	}
	return box_status_of(plan);
}

/**
 * control_request() - a control transfer from its SETUP to its status stage
 * @box: the enclosure
 * @setup: eight bytes
 * @data: what the host sends, or room for what it asks for: wLength bytes
 * @actual: how much moved
 *
 * Return: 0, -EPIPE for a stall, -EOVERFLOW, or BOT_NAK if the host gets no
 * answer at all.
 */
int control_request(struct box *box, const u8 *setup, u8 *data, u32 *actual)
{
	struct setup s = {
		.type = setup[0],
		.request = setup[1],
		.value = get_le16(setup + 2),
		.index = get_le16(setup + 4),
		.length = get_le16(setup + 6),
		.in = setup[0] & 0x80,
	};
	bool vendor = (s.type & TYPE_MASK) == TYPE_VENDOR;
	struct fault_event ev = { .control = true, .vendor = vendor, .code = s.request,
				  .in = s.in };
	struct trace_entry e = {
		.n = ++box->trace.n,
		.start_us = model_clock_us(&box->clock),
		.type = "control",
		.setup = setup,
		.dir = !s.length ? BFP_DIR_NONE : s.in ? BFP_DIR_IN : BFP_DIR_OUT,
		.length = s.length,
		.data = data,
		.vendor = vendor,
	};
	struct fault_plan plan;
	struct model_txn txn;
	char names[128];
	bool known = false;
	u8 sent[TRACE_DATA];
	u64 before;
	int ret;

	*actual = 0;
	before = box->clock.ns;
	if (vendor)
		known = model_chip_match(&box->chip, BFP_STEP_CONTROL, setup, BFP_SETUP_SIZE,
					 s.length, &txn);
	ev.op = known ? txn.name : NULL;
	box_plan(box, &ev, &plan, known ? &txn : NULL);
	if (!s.in) {
		memcpy(sent, data, s.length < TRACE_DATA ? s.length : TRACE_DATA);
		e.data = sent;
	}

	ret = run(box, &plan, known ? &txn : NULL, &s, data, actual);

	box_hold(box, &plan, before);
	model_clock_urb(&box->clock, BFP_SETUP_SIZE + *actual);
	fault_names(&plan, names, sizeof(names));
	e.end_us = model_clock_us(&box->clock);
	e.actual = *actual;
	e.data_len = *actual;
	e.status = status_name(&plan, &s, ret, *actual);
	e.known = vendor ? known : ret != -EPIPE;
	e.op = ev.op;
	e.fault = names;
	trace_write(&box->trace, &e);
	return ret;
}
