// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command block agent: it follows a list of ORBs in the initiator's memory, one ORB
 * at a time, and each step is a packet of its own. So a list that never ends, or bites
 * its tail, is followed as long as the initiator answers, and keeps nobody waiting.
 */
#include <stdlib.h>

#include "bytes.h"
#include "fw/sbp2.h"

#define REG_STATE	0x00
#define REG_RESET	0x04
#define REG_POINTER	0x08
#define REG_DOORBELL	0x10
#define REG_UNSOLICITED	0x14

#define NULL_POINTER	0x80

/**
 * agent_init() - an agent that has just been reset
 * @a: to fill
 * @s: the target
 * @login: whose agent it is
 */
void agent_init(struct agent *a, struct sbp2 *s, u32 login)
{
	memset(a, 0, sizeof(*a));
	a->sbp2 = s;
	a->login = login;
}

static u16 initiator(const struct agent *a)
{
	return a->sbp2->login[a->login].node;
}

static void got_orb(void *ctx, u32 rcode, const u8 *orb, u32 length)
{
	struct agent *a = ctx;

	(void)length;
	if (rcode != RCODE_COMPLETE) {
		a->more = false;
		a->notify = true;
		orb_end(a, SBP2_BUS_ORB, true);
		return;
	}
	a->more = !(orb[0] & NULL_POINTER);
	if (a->more) {
		a->pointer = sbp2_address(orb);
		a->fetch = true;
	} else {
		a->state = AGENT_SUSPENDED;
	}
	orb_run(a, orb);
}

/* Does the list go on behind the last ORB? */
static void got_next(void *ctx, u32 rcode, const u8 *next, u32 length)
{
	struct agent *a = ctx;

	(void)length;
	a->task = TASK_NONE;
	if (rcode != RCODE_COMPLETE) {
		a->state = AGENT_DEAD;
		return;
	}
	if (next[0] & NULL_POINTER) {
		a->state = AGENT_SUSPENDED;
		return;
	}
	a->pointer = sbp2_address(next);
	a->fetch = true;
	agent_go(a);
}

/**
 * agent_go() - fetch what there is to fetch, if the agent is not at anything else
 * @a: the agent
 */
void agent_go(struct agent *a)
{
	struct node *node = a->sbp2->node;
	int ret = 0;

	if (a->task != TASK_NONE || a->state != AGENT_ACTIVE)
		return;
	if (a->fetch) {
		a->fetch = false;
		a->orb = a->pointer;
		a->task = TASK_ORB;
		ret = node_read(node, initiator(a), a->orb, 4 * ROM_ORB_QUADLETS, got_orb, a);
	} else if (a->doorbell) {
		a->doorbell = false;
		a->task = TASK_NEXT;
		ret = node_read(node, initiator(a), a->orb, 8, got_next, a);
	}
	if (ret) {
		a->task = TASK_NONE;
		a->state = AGENT_DEAD;
	}
}

/**
 * agent_end_task() - a command is over, and its status is written or never will be
 * @a: the agent
 */
void agent_end_task(struct agent *a)
{
	free(a->segment);
	a->segment = NULL;
	a->segments = 0;
	a->started = false;
	a->task = TASK_NONE;
	agent_go(a);
}

/**
 * agent_reset() - everything that the agent is at ends without a status
 * @a: the agent
 * @why: for the trace
 */
void agent_reset(struct agent *a, const char *why)
{
	node_cancel(a->sbp2->node, a);
	orb_abort(a, why);
	a->state = AGENT_RESET;
	a->fetch = false;
	a->doorbell = false;
	agent_end_task(a);
}

static u32 write_pointer(struct agent *a, const u8 *data)
{
	if (a->state != AGENT_RESET && a->state != AGENT_SUSPENDED)
		return RCODE_CONFLICT;
	if (data[0] & NULL_POINTER)
		return RCODE_COMPLETE;
	a->pointer = sbp2_address(data);
	a->fetch = true;
	a->doorbell = false;
	a->state = AGENT_ACTIVE;
	return RCODE_COMPLETE;
}

/**
 * agent_write() - the initiator writes to a register
 * @a: the agent
 * @offset: of the register
 * @data: what
 * @length: bytes
 *
 * What follows from it begins with agent_go().
 * Return: RCODE_*.
 */
u32 agent_write(struct agent *a, u32 offset, const u8 *data, u32 length)
{
	switch (offset) {
	case REG_POINTER:
		return length == 8 ? write_pointer(a, data) : RCODE_TYPE;
	case REG_RESET:
		if (length != 4)
			return RCODE_TYPE;
		agent_reset(a, "agent reset");
		return RCODE_COMPLETE;
	case REG_DOORBELL:
		if (length != 4)
			return RCODE_TYPE;
		if (a->state != AGENT_SUSPENDED)
			return RCODE_COMPLETE;
		a->doorbell = true;
		a->state = AGENT_ACTIVE;
		return RCODE_COMPLETE;
	case REG_UNSOLICITED:	/* there is nothing that it would tell unasked */
		return length == 4 ? RCODE_COMPLETE : RCODE_TYPE;
	}
	return RCODE_ADDRESS;
}

/**
 * agent_read() - the initiator reads a register
 * @a: the agent
 * @offset: of the register
 * @length: bytes
 * @out: gets them
 *
 * Return: RCODE_*.
 */
u32 agent_read(const struct agent *a, u32 offset, u32 length, u8 *out)
{
	if (offset == REG_STATE && length == 4)
		put_be32(out, a->state);
	else if (offset == REG_POINTER && length == 8)
		put_be64(out, a->orb);
	else
		return RCODE_ADDRESS;
	return RCODE_COMPLETE;
}
