// SPDX-License-Identifier: GPL-2.0-or-later
/* The registers of an SBP-2 target, bus resets, and time. */
#include "bytes.h"
#include "fw/sbp2.h"
#include "wall.h"

/**
 * sbp2_address() - a 64-bit field of SBP-2 with an address in it
 * @p: eight bytes
 *
 * Return: its lower 48 bits.
 */
u64 sbp2_address(const u8 *p)
{
	return get_be64(p) & 0xffffffffffffull;
}

/**
 * sbp2_status_head() - the first eight bytes of a status block
 * @out: gets them
 * @result: SBP2_*
 * @dead: the agent stops
 * @more: the ORB was not the last one of its list
 * @length: bytes of the whole block
 * @orb: address of the ORB
 */
void sbp2_status_head(u8 *out, u32 result, bool dead, bool more, u32 length, u64 orb)
{
	put_be32(out, (more ? 0u : 1u) << 30 | (result >> 8) << 28 | (u32)dead << 27 |
		 (length / 4 - 1) << 24 | (result & 0xff) << 16 | (u32)(orb >> 32));
	put_be32(out + 4, orb);
}

/**
 * sbp2_init() - a target that nobody is logged in to
 * @s: to fill
 * @box: runs the commands
 * @node: its packets
 */
void sbp2_init(struct sbp2 *s, struct box *box, struct node *node)
{
	u32 i;

	memset(s, 0, sizeof(*s));
	s->box = box;
	s->node = node;
	for (i = 0; i < SBP2_LOGINS; i++)
		agent_init(&s->login[i].agent, s, i);
}

/**
 * sbp2_power_on() - the chip has been reset: it knows of no login
 * @s: the target
 */
void sbp2_power_on(struct sbp2 *s)
{
	u32 i;

	node_cancel(s->node, &s->management);
	s->management.busy = false;
	s->management.fetch = false;
	for (i = 0; i < SBP2_LOGINS; i++)
		login_end(s, &s->login[i], "reset");
}

/**
 * sbp2_owns() - whether an address is one of the target's registers
 * @offset: 48 bits of address
 *
 * Return: true if it is.
 */
bool sbp2_owns(u64 offset)
{
	return offset >= SBP2_MANAGEMENT &&
	       offset < SBP2_AGENTS + SBP2_LOGINS * SBP2_AGENT_SIZE;
}

/* The agent that @offset belongs to, if it is the agent of who asks. */
static struct agent *agent_of(struct sbp2 *s, const struct lab1394_packet *p, u32 *reg)
{
	struct login *l;

	if (p->offset < SBP2_AGENTS)
		return NULL;
	l = &s->login[(p->offset - SBP2_AGENTS) / SBP2_AGENT_SIZE];
	*reg = (p->offset - SBP2_AGENTS) % SBP2_AGENT_SIZE;
	return l->used && l->connected && l->node == p->source ? &l->agent : NULL;
}

/**
 * sbp2_write() - somebody writes to a register
 * @s: the target
 * @p: the request, whose address sbp2_owns()
 *
 * Return: RCODE_*.
 */
u32 sbp2_write(struct sbp2 *s, const struct lab1394_packet *p)
{
	struct agent *a;
	u32 reg;

	if (p->offset == SBP2_MANAGEMENT && p->tcode == TCODE_WRITE_BLOCK && p->length == 8)
		return management_write(s, p->source, sbp2_address(p->data));
	if (p->offset == SBP2_MANAGEMENT)
		return RCODE_TYPE;
	a = agent_of(s, p, &reg);
	return a ? agent_write(a, reg, p->data, p->length) : RCODE_ADDRESS;
}

/**
 * sbp2_go() - begin with what somebody has written to a register
 * @s: the target
 *
 * Apart from sbp2_write(), so that the writer has its answer before it is asked itself.
 */
void sbp2_go(struct sbp2 *s)
{
	u32 i;

	management_go(s);
	for (i = 0; i < SBP2_LOGINS; i++)
		if (s->login[i].used)
			agent_go(&s->login[i].agent);
}

/**
 * sbp2_read() - somebody reads a register
 * @s: the target
 * @p: the request, whose address sbp2_owns()
 * @out: gets p->length bytes
 *
 * Return: RCODE_*.
 */
u32 sbp2_read(struct sbp2 *s, const struct lab1394_packet *p, u8 *out)
{
	struct agent *a;
	u32 reg;

	if (p->offset == SBP2_MANAGEMENT && p->length == 8) {
		put_be64(out, s->management.orb);
		return RCODE_COMPLETE;
	}
	if (p->offset == SBP2_MANAGEMENT)
		return RCODE_TYPE;
	a = agent_of(s, p, &reg);
	return a ? agent_read(a, reg, p->length, out) : RCODE_ADDRESS;
}

/**
 * sbp2_bus_reset() - commands end, and who is logged in has to say that it still is there
 * @s: the target
 */
void sbp2_bus_reset(struct sbp2 *s)
{
	u32 i;

	node_cancel(s->node, &s->management);
	s->management.busy = false;
	s->management.fetch = false;
	for (i = 0; i < SBP2_LOGINS; i++) {
		struct login *l = &s->login[i];

		if (!l->used)
			continue;
		agent_reset(&l->agent, "bus reset");
		l->connected = false;
		l->until_ms = now_ms() + l->hold_s * 1000;
	}
}

/**
 * sbp2_tick() - time has passed
 * @s: the target
 * @hurry: what is kept back is answered now
 */
void sbp2_tick(struct sbp2 *s, bool hurry)
{
	u64 now = now_ms();
	u32 i;

	for (i = 0; i < SBP2_LOGINS; i++) {
		struct login *l = &s->login[i];

		if (l->used && !l->connected && now >= l->until_ms)
			login_end(s, l, "not reconnected");
		if (l->used && l->agent.task == TASK_HELD && (hurry || now >= l->agent.due_ms))
			orb_due(&l->agent);
	}
}

static int until(u64 due)
{
	u64 now = now_ms();

	return due <= now ? 0 : (int)(due - now);
}

/**
 * sbp2_timeout_ms() - when to call sbp2_tick() though nothing came
 * @s: the target
 *
 * Return: milliseconds, or -1: not before something comes.
 */
int sbp2_timeout_ms(const struct sbp2 *s)
{
	int ms = -1;
	u32 i;

	for (i = 0; i < SBP2_LOGINS; i++) {
		const struct login *l = &s->login[i];

		if (l->used && !l->connected)
			ms = node_sooner(ms, until(l->until_ms));
		if (l->used && l->agent.task == TASK_HELD)
			ms = node_sooner(ms, until(l->agent.due_ms));
	}
	return ms;
}
