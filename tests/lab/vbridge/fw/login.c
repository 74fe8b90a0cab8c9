// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The management agent: it fetches an ORB of 32 bytes from the initiator's memory, does
 * what it asks for, writes a login response if it was a login, and then its status.
 */
#include "bytes.h"
#include "fw/sbp2.h"
#include "wall.h"

#define ORB_SIZE	32
#define RESPONSE_SIZE	16
#define RESPONSE_LEAST	12

enum function {
	LOGIN = 0x0,
	RECONNECT = 0x3,
	LOGOUT = 0x7,
	ABORT_TASK = 0xb,
	ABORT_TASK_SET = 0xc,
	UNIT_RESET = 0xe,
	TARGET_RESET = 0xf,
};

static void note(struct sbp2 *s, const struct login *l, const char *what, const char *why)
{
	char text[64];

	snprintf(text, sizeof(text), "lun %u, login %u, node %04x%s%s", l->lun,
		 (u32)(l - s->login), l->node, *why ? ": " : "", why);
	trace_note(&s->box->trace, model_clock_us(&s->box->clock), what, text);
}

/**
 * login_end() - somebody is not logged in any more
 * @s: the target
 * @l: the login; one that nobody has is left alone
 * @why: for the trace
 */
void login_end(struct sbp2 *s, struct login *l, const char *why)
{
	if (!l->used)
		return;
	note(s, l, "logout", why);
	agent_reset(&l->agent, why);
	command_free(&l->agent.c);
	l->used = false;
	l->connected = false;
}

static void management_done(void *ctx, u32 rcode, const u8 *data, u32 length)
{
	struct management *m = ctx;

	(void)rcode;
	(void)data;
	(void)length;
	m->busy = false;
}

static struct sbp2 *target_of(struct management *m)
{
	return (struct sbp2 *)((char *)m - offsetof(struct sbp2, management));
}

static void write_status(struct management *m)
{
	struct sbp2 *s = target_of(m);
	u8 status[8];

	sbp2_status_head(status, m->result, false, false, sizeof(status), m->orb);
	if (node_write(s->node, m->node, m->status, status, sizeof(status), management_done, m))
		m->busy = false;
}

static void response_done(void *ctx, u32 rcode, const u8 *data, u32 length)
{
	struct management *m = ctx;

	(void)data;
	(void)length;
	if (rcode != RCODE_COMPLETE)
		m->result = SBP2_BUS_OTHER;
	write_status(m);
}

/* Whether somebody who wants to log in to a unit is in another one's way. */
static bool is_taken(const struct sbp2 *s, u16 lun, bool exclusive)
{
	u32 i;

	for (i = 0; i < SBP2_LOGINS; i++)
		if (s->login[i].used && s->login[i].lun == lun &&
		    (exclusive || s->login[i].exclusive))
			return true;
	return false;
}

/*
 * The standard has a login denied while an earlier one waits for its initiator. Targets
 * give way if it is the same one, or it could not begin anew, and there is but one here.
 */
static void give_way(struct sbp2 *s, u16 lun)
{
	u32 i;

	for (i = 0; i < SBP2_LOGINS; i++)
		if (s->login[i].used && s->login[i].lun == lun && !s->login[i].connected)
			login_end(s, &s->login[i], "logs in anew");
}

/* Returns whether a response is on its way, whose end goes on. */
static bool log_in(struct management *m, const u8 *orb)
{
	struct sbp2 *s = target_of(m);
	u16 lun = get_be16(orb + 18), room = get_be16(orb + 22);
	u32 hold = 1u << (orb[17] >> 4), i;
	bool exclusive = orb[16] & 0x10;
	u8 response[RESPONSE_SIZE] = { 0 };
	struct login *l;

	give_way(s, lun);
	for (i = 0; i < SBP2_LOGINS && s->login[i].used; i++)
		;
	if (lun >= s->box->luns)
		m->result = SBP2_NO_LUN;
	else if (is_taken(s, lun, exclusive))
		m->result = SBP2_ACCESS_DENIED;
	else if (i == SBP2_LOGINS || room < RESPONSE_LEAST)
		m->result = SBP2_NO_RESOURCES;
	if (m->result != SBP2_OK)
		return false;

	l = &s->login[i];
	l->used = true;
	l->connected = true;
	l->exclusive = exclusive;
	l->lun = lun;
	l->node = m->node;
	l->status = m->status;
	l->hold_s = hold < SBP2_HOLD_MAX_S ? hold : SBP2_HOLD_MAX_S;
	agent_init(&l->agent, s, i);
	note(s, l, "login", exclusive ? "exclusive" : "");

	put_be16(response, RESPONSE_SIZE);
	put_be16(response + 2, i);
	put_be64(response + 4, SBP2_AGENTS + i * SBP2_AGENT_SIZE);
	put_be16(response + 14, l->hold_s - 1);
	return !node_write(s->node, m->node, sbp2_address(orb + 8), response,
			   room < RESPONSE_SIZE ? room : RESPONSE_SIZE, response_done, m);
}

/* The login that an ORB names, if it is that of who sent it. */
static struct login *named(struct management *m, const u8 *orb)
{
	struct sbp2 *s = target_of(m);
	u16 id = get_be16(orb + 18);
	struct login *l = id < SBP2_LOGINS ? &s->login[id] : NULL;

	if (!l || !l->used || !l->connected || l->node != m->node) {
		m->result = SBP2_NO_LOGIN;
		return NULL;
	}
	return l;
}

/* Node IDs change with a bus reset: the login's number has to do. There is one initiator. */
static void reconnect(struct management *m, const u8 *orb)
{
	struct sbp2 *s = target_of(m);
	u16 id = get_be16(orb + 18);
	struct login *l = id < SBP2_LOGINS ? &s->login[id] : NULL;

	if (!l || !l->used || l->connected) {
		m->result = SBP2_NO_LOGIN;
		return;
	}
	l->node = m->node;
	l->status = m->status;
	l->connected = true;
	note(s, l, "reconnect", "");
}

static void reset_agents(struct sbp2 *s, const struct login *of, bool all)
{
	u32 i;

	for (i = 0; i < SBP2_LOGINS; i++)
		if (s->login[i].used && (all || s->login[i].lun == of->lun))
			agent_reset(&s->login[i].agent, "reset");
}

static void abort_task(struct login *l, u64 orb)
{
	/* A task that is not there is none that could still be executed. */
	if (l->agent.task != TASK_NONE && l->agent.orb == orb)
		agent_reset(&l->agent, "abort");
}

/* Returns whether something is on its way whose end goes on. */
static bool execute(struct management *m, const u8 *orb)
{
	enum function function = orb[17] & 0x0f;
	struct login *l;

	if ((orb[16] >> 5 & 3) != 0) {
		m->result = SBP2_NOT_SUPPORTED;
		return false;
	}
	switch (function) {
	case LOGIN:
		return log_in(m, orb);
	case RECONNECT:
		reconnect(m, orb);
		return false;
	case LOGOUT:
	case ABORT_TASK:
	case ABORT_TASK_SET:
	case UNIT_RESET:
	case TARGET_RESET:
		break;
	default:
		m->result = SBP2_REJECTED;
		return false;
	}
	l = named(m, orb);
	if (!l)
		return false;
	if (function == LOGOUT)
		login_end(target_of(m), l, "");
	else if (function == ABORT_TASK)
		abort_task(l, sbp2_address(orb));
	else if (function == ABORT_TASK_SET)
		agent_reset(&l->agent, "abort");
	else
		reset_agents(target_of(m), l, function == TARGET_RESET);
	return false;
}

static void got_orb(void *ctx, u32 rcode, const u8 *orb, u32 length)
{
	struct management *m = ctx;

	(void)length;
	if (rcode != RCODE_COMPLETE) {
		/* Where its status would go is not known. */
		m->busy = false;
		return;
	}
	m->status = sbp2_address(orb + 24);
	m->result = SBP2_OK;
	if (!execute(m, orb))
		write_status(m);
}

/**
 * management_write() - somebody tells the management agent where an ORB is
 * @s: the target
 * @node: who
 * @orb: where it is
 *
 * Return: RCODE_*.
 */
u32 management_write(struct sbp2 *s, u16 node, u64 orb)
{
	struct management *m = &s->management;

	if (m->busy)
		return RCODE_CONFLICT;
	m->node = node;
	m->orb = orb;
	m->busy = true;
	m->fetch = true;
	return RCODE_COMPLETE;
}

/**
 * management_go() - fetch the ORB, if there is one
 * @s: the target
 */
void management_go(struct sbp2 *s)
{
	struct management *m = &s->management;

	if (!m->fetch)
		return;
	m->fetch = false;
	if (node_read(s->node, m->node, m->orb, ORB_SIZE, got_orb, m))
		m->busy = false;
}
