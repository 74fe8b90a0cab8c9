// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A refusal for want of knowledge names what is known: each operation, its
 * evidence and where that comes from, and whether any switch would let it through.
 */
#include <string.h>

#include "file.h"
#include "gate.h"
#include "needs.h"
#include "profiles.h"
#include "text.h"

#define BAR_FILE	"/sys/module/bridgefw/parameters/evidence_bar"

/* The kernel's bar, as far as the reader may see it. */
static u8 bar_now(void)
{
	u8 bar = BFP_TRACED, level;
	char text[32];

	if (sysfs_read(BAR_FILE, text, sizeof(text)))
		return bar;
	for (level = BFP_INFERRED; level <= BFP_DOCUMENTED; level++)
		if (!strcmp(text, bfp_evidence_name(level)))
			bar = level;
	return bar;
}

static void put_operation(const struct bfp *p, const struct bfp_operation *op, char *out,
			  size_t room)
{
	out[0] = '\0';
	if (op->memory != 0xff)
		text_add(out, room, "%s.", bfp_string(p, bfp_memories(p)[op->memory].name));
	text_add(out, room, "%s is only %s (%s)", bfp_op_name(op->kind),
		 bfp_evidence_name(op->evidence), bfp_string(p, op->source));
	text_clean(out);
}

/* All that is known well enough to be there and not to be used. */
static void below_bar(const struct bfp *p, u32 memory, const char *device, struct bfw_error *e)
{
	const struct bfp_operation *op;
	u8 bar = bar_now(), weakest = bar;
	char text[400];
	u32 i;

	text_put(e->message, sizeof(e->message), device);
	for (i = 0; (op = bfp_write_op(p, memory, i)); i++) {
		if (op->evidence >= bar)
			continue;
		put_operation(p, op, text, sizeof(text));
		bfw_more(e, "%s %s", weakest == bar ? ":" : ";", text);
		if (op->evidence < weakest)
			weakest = op->evidence;
	}
	bfw_more(e, ", and writing needs %s. Nothing was written", bfp_evidence_name(bar));
	bfw_next(e, "The module parameter evidence_bar=%s allows it (`echo %s >%s`), taints the\n"
		 "kernel, and has no effect under kernel lockdown. Nobody has shown that these\n"
		 "commands work: do that only to a box that you can lose.",
		 bfp_evidence_name(weakest), bfp_evidence_name(weakest), BAR_FILE);
}

static bool changes(const struct bfp_operation *op)
{
	switch (op->kind) {
	case BFP_OP_UNLOCK:
	case BFP_OP_LOCK:
	case BFP_OP_ERASE_SECTOR:
	case BFP_OP_ERASE_ALL:
	case BFP_OP_PROGRAM:
		return true;
	}
	return false;
}

/* What erases and cannot program is named, so that nobody believes it was forgotten. */
static void missing(const struct bfp *p, int memory, struct bfw_error *e)
{
	const struct bfp_operation *op = bfp_operations(p);
	u8 lacks = memory < 0 ? BFP_OP_PROGRAM : bfp_write_lacks(p, memory);
	u32 i, n = bfp_count(p, BFP_OPERATIONS), named = 0;
	char text[400];

	if (!lacks)
		return;
	for (i = 0; i < n; i++) {
		if (!changes(&op[i]))
			continue;
		put_operation(p, &op[i], text, sizeof(text));
		bfw_more(e, "%s%s", named++ ? "; " : ". What is known: ", text);
	}
	if (!named)
		return;
	bfw_more(e, ". How to %s is not known, so what they change could not be put back",
		 bfp_op_name(lacks));
	bfw_next(e, "No switch allows it. Documentation/adding-a-chip.rst tells how to add what is\n"
		 "known of a chip; `bridgefwctl profile show %s` shows it all.", profile_name(p));
}

/* A command that travels over both buses, seen on the one that the box is not on. */
static const struct bfp_operation *other_bus(const struct bfp *p, int memory, u8 bus)
{
	const struct bfp_operation *op = bfp_operations(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++)
		if (!(op->buses & bus) && (memory < 0 || op->memory == memory))
			return op;
	return NULL;
}

/**
 * gate_bus() - name the cable that a refusal asks for
 * @p: the bridge's profile
 * @memory: index of the memory; -1: any
 * @bus: "usb" or "1394", where the box is now
 * @e: a refusal for want of a transport; left alone if that is not for the bus
 */
void gate_bus(const struct bfp *p, int memory, const char *bus, struct bfw_error *e)
{
	u8 here = strcmp(bus, "1394") ? BFP_BUS_USB : BFP_BUS_1394;

	if (strcmp(e->reason, "transport") || !other_bus(p, memory, here))
		return;
	if (here == BFP_BUS_1394)
		bfw_next(e, "This was seen working over USB only: plug the box in by its USB cable.");
	else
		bfw_next(e, "This was seen working over FireWire only: plug the box in by its FireWire cable.");
}

/**
 * gate_explain() - name the operations that a refusal is about
 * @p: the bridge's profile
 * @memory: index of the memory; -1 if the profile knows none
 * @device: name of the bridge
 * @e: a refusal of a write; one for want of evidence or of an operation is told in full
 */
void gate_explain(const struct bfp *p, int memory, const char *device, struct bfw_error *e)
{
	if (!strcmp(e->reason, "evidence") && memory >= 0)
		below_bar(p, memory, device, e);
	else if (!strcmp(e->reason, "absent"))
		missing(p, memory, e);
}
