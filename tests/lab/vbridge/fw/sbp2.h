/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target of the Serial Bus Protocol 2 (ANSI NCITS 325-1998): a management agent that
 * takes logins, and for each login an agent that fetches commands from a list in the
 * initiator's memory, moves their data and writes their status there.
 */
#ifndef VBRIDGE_FW_SBP2_H
#define VBRIDGE_FW_SBP2_H

#include "box.h"
#include "fw/node.h"

#define SBP2_MANAGEMENT	(0xfffff0000000ull + 4 * ROM_MANAGEMENT_AGENT)
#define SBP2_AGENTS	(SBP2_MANAGEMENT + 0x100)
#define SBP2_AGENT_SIZE	0x20
#define SBP2_LOGINS	4
#define SBP2_STATUS_MAX	40
#define SBP2_HOLD_MAX_S	2	/* how long a login outlives a bus reset, at most */

/* Upper 8 bits of a status block without its length: response code, SBP status. */
#define SBP2_OK			0x0000
#define SBP2_NOT_SUPPORTED	0x0001	/* this type of request */
#define SBP2_ACCESS_DENIED	0x0004
#define SBP2_NO_LUN		0x0005
#define SBP2_NO_RESOURCES	0x0008
#define SBP2_REJECTED		0x0009
#define SBP2_NO_LOGIN		0x000a
#define SBP2_DUMMY_DONE		0x000b
#define SBP2_BUS_ORB		0x010f	/* transport failure: the ORB could not be read */
#define SBP2_BUS_DATA		0x014f	/* ... its data */
#define SBP2_BUS_TABLE		0x018f	/* ... its page table */
#define SBP2_BUS_OTHER		0x01cf
#define SBP2_ILLEGAL		0x02ff

/* As AGENT_STATE tells. */
enum agent_state {
	AGENT_RESET,
	AGENT_ACTIVE,		/* there is something to fetch */
	AGENT_SUSPENDED,	/* the end of the list was met */
	AGENT_DEAD,		/* an error; waits to be reset */
};

/* Where a command is. */
enum task_state {
	TASK_NONE,
	TASK_NEXT,	/* looks whether the list goes on behind the last ORB */
	TASK_ORB,	/* fetches an ORB */
	TASK_TABLE,	/* ... its page table */
	TASK_DATA,	/* moves data */
	TASK_HELD,	/* status is kept back until @due_ms */
	TASK_STATUS,	/* writes it */
	TASK_HUNG,	/* says nothing until it is reset */
};

/* A piece of the initiator's memory. */
struct segment {
	u64 address;
	u32 length;
};

struct sbp2;

/**
 * struct agent - a command block agent, and the command it is at
 * @sbp2: the target
 * @login: whose agent it is
 * @state: for AGENT_STATE
 * @task: where the command is
 * @doorbell: the list may have become longer
 * @pointer: ORB to fetch next, if @fetch
 * @fetch: there is one
 * @orb: the one that was fetched last
 * @more: it was not the last one of the list when it was fetched
 * @notify: the initiator wants its status, also if all is well
 * @payload: most bytes in a packet of data
 * @node: whose memory the data are in
 * @data: address of the data, or of the page table
 * @table: elements of that
 * @table_done: how many have been fetched
 * @segment: where the data are
 * @segments: how many
 * @at: which one is next
 * @at_done: bytes of it
 * @chunk: bytes on their way
 * @started: the box has the command
 * @c: the command
 * @hold_ms: how long its status is kept back
 * @due_ms: until when
 * @result: SBP2_*, of @started or not
 * @dead: the agent stops after it
 */
struct agent {
	struct sbp2 *sbp2;
	u32 login;
	enum agent_state state;
	enum task_state task;
	bool doorbell;
	u64 pointer;
	bool fetch;
	u64 orb;
	bool more;
	bool notify;
	u32 payload;
	u16 node;
	u64 data;
	u32 table;
	u32 table_done;
	struct segment *segment;
	u32 segments;
	u32 at;
	u32 at_done;
	u32 chunk;
	bool started;
	struct command c;
	u32 hold_ms;
	u64 due_ms;
	u32 result;
	bool dead;
};

/**
 * struct login - an initiator that is logged in
 * @used: there is one
 * @connected: since the last bus reset
 * @exclusive: to no other one
 * @lun: to what
 * @node: its node ID
 * @status: address for status blocks
 * @hold_s: how long it may stay away after a bus reset
 * @until_ms: until then, if not @connected
 * @agent: executes its commands
 */
struct login {
	bool used;
	bool connected;
	bool exclusive;
	u16 lun;
	u16 node;
	u64 status;
	u32 hold_s;
	u64 until_ms;
	struct agent agent;
};

/**
 * struct management - the management agent
 * @busy: it is at an ORB
 * @fetch: and has yet to fetch it
 * @node: whose
 * @orb: where it is
 * @status: where its status goes
 * @result: SBP2_*
 */
struct management {
	bool busy;
	bool fetch;
	u16 node;
	u64 orb;
	u64 status;
	u32 result;
};

/**
 * struct sbp2 - the target
 * @box: runs the commands
 * @node: its packets
 * @login: who is logged in; a login's ID is its index
 * @management: the management agent
 */
struct sbp2 {
	struct box *box;
	struct node *node;
	struct login login[SBP2_LOGINS];
	struct management management;
};

/* sbp2.c */
void sbp2_init(struct sbp2 *s, struct box *box, struct node *node);
void sbp2_power_on(struct sbp2 *s);
bool sbp2_owns(u64 offset);
u32 sbp2_write(struct sbp2 *s, const struct lab1394_packet *p);
void sbp2_go(struct sbp2 *s);
u32 sbp2_read(struct sbp2 *s, const struct lab1394_packet *p, u8 *out);
void sbp2_bus_reset(struct sbp2 *s);
void sbp2_tick(struct sbp2 *s, bool hurry);
int sbp2_timeout_ms(const struct sbp2 *s);
void sbp2_status_head(u8 *out, u32 result, bool dead, bool more, u32 length, u64 orb);
u64 sbp2_address(const u8 *p);

/* login.c */
u32 management_write(struct sbp2 *s, u16 node, u64 orb);
void management_go(struct sbp2 *s);
void login_end(struct sbp2 *s, struct login *l, const char *why);

/* agent.c */
void agent_init(struct agent *a, struct sbp2 *s, u32 login);
u32 agent_write(struct agent *a, u32 offset, const u8 *data, u32 length);
u32 agent_read(const struct agent *a, u32 offset, u32 length, u8 *out);
void agent_reset(struct agent *a, const char *why);
void agent_go(struct agent *a);
void agent_end_task(struct agent *a);

/* orb.c */
void orb_run(struct agent *a, const u8 *orb);
void orb_end(struct agent *a, u32 result, bool dead);
void orb_abort(struct agent *a, const char *why);
void orb_due(struct agent *a);

#endif
