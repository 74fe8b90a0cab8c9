/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misbehaviour on command: what goes wrong, and in which transaction. */
#ifndef VBRIDGE_FAULT_H
#define VBRIDGE_FAULT_H

#include "port.h"

#define FAULTS_MAX	32
#define FAULT_TEXT	96

enum fault_kind {
	FAULT_STALL,
	FAULT_SHORT,
	FAULT_BADTAG,
	FAULT_PHASE,
	FAULT_NAK,
	FAULT_UNPLUG,
	FAULT_POWERCUT,
	FAULT_REENUMERATE,
	FAULT_DELAY,
	FAULT_FLIP,
	FAULT_FLAKY,
	FAULT_OVERRUN,
	FAULT_CSW,
	FAULT_RESIDUE,
	FAULT_SENSE,
	FAULT_READONLY,
	FAULT_STUCKBIT,
	FAULT_DESCRIPTORS,
	FAULT_IGNORED,
	FAULT_IDCHANGE,
	FAULT_STUCKBUSY,
	FAULT_NOERASE,
	FAULT_BADCBW,
	FAULT_RCODE,
	FAULT_BUSY,
	FAULT_ACKDATA,
	FAULT_LATE,
	FAULT_BUSRESET,
	FAULT_ROM,
	FAULT_KINDS
};

#define FAULT_BIT(k)	(1u << (k))

/* What ends a transaction before its regular end; at most one of them does. */
#define FAULT_STOPS	(FAULT_BIT(FAULT_STALL) | FAULT_BIT(FAULT_SHORT) | \
			 FAULT_BIT(FAULT_NAK) | FAULT_BIT(FAULT_UNPLUG) | \
			 FAULT_BIT(FAULT_POWERCUT) | FAULT_BIT(FAULT_REENUMERATE) | \
			 FAULT_BIT(FAULT_BUSRESET))

/* Instead of a number of bytes: half of what there is. */
#define FAULT_HALF	0xffffffffu

enum fault_point {
	FAULT_AT_START,		/* before anything takes effect */
	FAULT_AT_DATA,		/* after so many bytes of the data phase */
	FAULT_AT_STATUS,	/* it has taken effect, the host is not told */
	FAULT_AT_END,		/* the host has been told */
	FAULT_SPENT,		/* has happened */
};

enum fault_csw {
	FAULT_CSW_SIGNATURE,
	FAULT_CSW_TRUNCATED,
	FAULT_CSW_LONG,
	FAULT_CSW_GARBAGE,
	FAULT_CSW_STATUS,
};

/**
 * struct fault_event - a transaction that is about to begin
 * @control: a control request
 * @quadlet: a quadlet request to the chip
 * @rom: a read of the config ROM; none of these: a CDB
 * @vendor: a vendor request or a CDB the drive does not know
 * @code: bRequest or opcode
 * @address: of a quadlet
 * @op: the profile's operation; NULL: none
 * @in: the host wants data
 */
struct fault_event {
	bool control;
	bool quadlet;
	bool rom;
	bool vendor;
	u8 code;
	u64 address;
	const char *op;
	bool in;
};

/**
 * struct fault_plan - what goes wrong in one transaction
 * @kinds: FAULT_BIT() of each kind
 * @stop: which of FAULT_STOPS it is
 * @point: where @stop happens
 * @byte: after how many bytes; FAULT_HALF
 * @delay_ms: how long the answer is kept back
 * @flip_at: which byte
 * @flip_bit: which bit of it
 * @csw: enum fault_csw
 * @residue: what the CSW claims
 * @sense: key, ASC, ASCQ
 * @vary: how often FAULT_IDCHANGE has happened
 * @rcode: the response code
 */
struct fault_plan {
	u32 kinds;
	enum fault_kind stop;
	enum fault_point point;
	u32 byte;
	u32 delay_ms;
	u32 flip_at;
	u8 flip_bit;
	enum fault_csw csw;
	u32 residue;
	u8 sense[3];
	u32 vary;
	u8 rcode;
};

static inline bool fault_has(const struct fault_plan *plan, enum fault_kind kind)
{
	return plan->kinds & FAULT_BIT(kind);
}

/* After how many of @length bytes of a data phase something happens. */
static inline u64 fault_byte(const struct fault_plan *plan, u64 length)
{
	u64 byte = plan->byte == FAULT_HALF ? length / 2 : plan->byte;

	return byte < length ? byte : length;
}

/* Whether the plan ends the transaction at @point. */
static inline bool fault_stops(const struct fault_plan *plan, enum fault_point point)
{
	return (plan->kinds & FAULT_STOPS) && plan->point == point;
}

/**
 * struct fault - one --fault
 * @text: as it was given
 * @kind: what goes wrong
 * @match: which terms of the condition were given, FAULT_MATCH_*
 * @code: opcode or bRequest
 * @address: of a quadlet
 * @op: operation; a trailing "*" stands for anything. Of a state, the memory; "": the first
 * @from: first matching transaction in which it happens, counted from 1
 * @to: last one
 * @each_plug: @seen is counted anew at each plug-in
 * @point: where
 * @byte: after how many bytes; FAULT_HALF
 * @arg: the argument
 * @value: the numbers in it
 * @part: the argument names a sector, by the address in @value
 * @seen: matching transactions so far
 * @hits: how often it has happened
 */
struct fault {
	char text[FAULT_TEXT];
	enum fault_kind kind;
	u32 match;
	u8 code;
	u64 address;
	char op[48];
	u32 from;
	u32 to;
	bool each_plug;
	enum fault_point point;
	u32 byte;
	char arg[64];
	u32 value[3];
	bool part;
	u32 seen;
	u32 hits;
};

/**
 * struct faults - all of them
 * @list: each
 * @count: how many
 * @seed: of what is random in them
 * @last_bit: which one a flaky read changed last
 */
struct faults {
	struct fault list[FAULTS_MAX];
	u32 count;
	u32 seed;
	u32 last_bit;
};

/* fault_spec.c */
int fault_parse(const char *spec, struct fault *f, char *err, size_t room);
int faults_add(struct faults *fs, const char *spec, char *err, size_t room);

/* fault.c */
void faults_plan(struct faults *fs, const struct fault_event *ev, struct fault_plan *plan);
bool fault_fits(const struct fault *f, bool usb);
void faults_plug_in(struct faults *fs);
void fault_spoil(struct faults *fs, const struct fault_plan *plan, u32 offset, u8 *data, u32 len);
const char *fault_kind_name(enum fault_kind kind);
void fault_names(const struct fault_plan *plan, char *out, size_t room);

#endif
