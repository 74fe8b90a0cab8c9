// SPDX-License-Identifier: GPL-2.0-or-later
/* The grammar of --fault, and which faults strike a transaction. */
#include <stdarg.h>
#include <stdlib.h>

#include "fault.h"

#define MATCH_VENDOR	0x01
#define MATCH_CONTROL	0x02
#define MATCH_CDB	0x04
#define MATCH_CODE	0x08
#define MATCH_OP	0x10
#define MATCH_IN	0x20
#define MATCH_OUT	0x40
#define MATCH_ANY	0x80	/* instead of what is usual for the kind */

#define FOR_EVER	0xffffffffu

enum lasting {
	EVENT,		/* strikes a transaction */
	STATE,		/* is the case from now on; takes no condition */
};

static const struct kind {
	const char *name;
	enum lasting lasting;
	u32 match;		/* unless the condition says otherwise */
	bool every;		/* strikes each time unless the condition says otherwise */
} kinds[FAULT_KINDS] = {
	[FAULT_STALL] = { "stall", EVENT, MATCH_VENDOR, false },
	[FAULT_SHORT] = { "short", EVENT, MATCH_VENDOR, false },
	[FAULT_BADTAG] = { "badtag", EVENT, MATCH_CDB, false },
	[FAULT_PHASE] = { "phase", EVENT, MATCH_CDB, false },
	[FAULT_NAK] = { "nak", EVENT, MATCH_VENDOR, false },
	[FAULT_UNPLUG] = { "unplug", EVENT, MATCH_VENDOR, false },
	[FAULT_POWERCUT] = { "powercut", EVENT, MATCH_VENDOR, false },
	[FAULT_REENUMERATE] = { "reenumerate", EVENT, MATCH_VENDOR, false },
	[FAULT_DELAY] = { "delay", EVENT, MATCH_VENDOR, false },
	[FAULT_FLIP] = { "flip", EVENT, MATCH_VENDOR, false },
	[FAULT_FLAKY] = { "flaky", EVENT, MATCH_VENDOR | MATCH_IN, true },
	[FAULT_OVERRUN] = { "overrun", EVENT, MATCH_VENDOR | MATCH_IN, false },
	[FAULT_CSW] = { "csw", EVENT, MATCH_CDB, false },
	[FAULT_RESIDUE] = { "residue", EVENT, MATCH_CDB, false },
	[FAULT_SENSE] = { "sense", EVENT, MATCH_CDB, false },
	[FAULT_READONLY] = { "readonly", STATE, 0, true },
	[FAULT_STUCKBIT] = { "stuckbit", STATE, 0, true },
	[FAULT_DESCRIPTORS] = { "hostile-descriptors", STATE, 0, true },
	[FAULT_IGNORED] = { "ignored", EVENT, MATCH_VENDOR | MATCH_OUT, false },
	[FAULT_IDCHANGE] = { "idchange", EVENT, MATCH_OP, true },
	[FAULT_STUCKBUSY] = { "stuckbusy", EVENT, MATCH_VENDOR | MATCH_IN, true },
	[FAULT_NOERASE] = { "noerase", STATE, 0, true },
	[FAULT_BADCBW] = { "badcbw", EVENT, MATCH_CDB, false },
};

static const char * const csw_names[] = {
	[FAULT_CSW_SIGNATURE] = "signature",
	[FAULT_CSW_TRUNCATED] = "truncated",
	[FAULT_CSW_LONG] = "long",
	[FAULT_CSW_GARBAGE] = "garbage",
	[FAULT_CSW_STATUS] = "status",
};

/**
 * fault_kind_name() - as in --fault
 * @kind: the kind
 *
 * Return: its name.
 */
const char *fault_kind_name(enum fault_kind kind)
{
	return kinds[kind].name;
}

static __printf(3, 4) int fail(char *err, size_t room, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, room, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int number(const char *text, int base, u32 max, u32 *out)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, base);
	if (errno || !*text || *end || *text == '-' || v > max)
		return -EINVAL;
	*out = v;
	return 0;
}

static int parse_count(struct fault *f, const char *name, const char *text,
		       char *err, size_t room)
{
	char first[16];
	const char *dash = strchr(text, '-');
	size_t n = dash ? (size_t)(dash - text) : strlen(text);

	if (n >= sizeof(first))
		goto bad;
	memcpy(first, text, n);
	first[n] = 0;
	if (number(first, 10, FOR_EVER - 1, &f->from) || !f->from)
		goto bad;
	f->to = f->from;
	if (dash && !dash[1])
		f->to = FOR_EVER;
	else if (dash && (number(dash + 1, 10, FOR_EVER - 1, &f->to) || f->to < f->from))
		goto bad;
	return 0;
bad:
	return fail(err, room, "%s=%s: expected N, N- or N-M, counted from 1", name, text);
}

static int parse_when(struct fault *f, const char *text, char *err, size_t room)
{
	static const struct {
		const char *name;
		enum fault_point point;
	} when[] = {
		{ "before", FAULT_AT_START },
		{ "inside", FAULT_AT_DATA },
		{ "after", FAULT_AT_END },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(when); i++)
		if (!strcmp(text, when[i].name)) {
			f->point = when[i].point;
			return 0;
		}
	return fail(err, room, "when=%s: expected before, inside or after", text);
}

static int parse_term(struct fault *f, char *term, char *err, size_t room)
{
	char *value = strchr(term, '=');
	u32 v;

	if (value)
		*value++ = 0;
	if (!strcmp(term, "cdb") && value) {
		if (number(value, 16, 0xff, &v))
			return fail(err, room, "cdb=%s: expected an opcode in hex", value);
		f->match |= MATCH_CDB | MATCH_CODE;
		f->code = v;
	} else if (!strcmp(term, "request") && value) {
		if (number(value, 16, 0xff, &v))
			return fail(err, room, "request=%s: expected bRequest in hex", value);
		f->match |= MATCH_CONTROL | MATCH_CODE;
		f->code = v;
	} else if (!strcmp(term, "op") && value) {
		if (strlen(value) >= sizeof(f->op))
			return fail(err, room, "op=%s: too long", value);
		f->match |= MATCH_OP;
		strcpy(f->op, value);
	} else if (!strcmp(term, "n") && value) {
		return parse_count(f, term, value, err, room);
	} else if (!strcmp(term, "txn") && value) {
		f->each_plug = true;
		return parse_count(f, term, value, err, room);
	} else if (!strcmp(term, "when") && value) {
		return parse_when(f, value, err, room);
	} else if (!strcmp(term, "byte") && value) {
		if (number(value, 0, FOR_EVER - 1, &f->byte))
			return fail(err, room, "byte=%s: expected a number", value);
	} else if (value) {
		return fail(err, room, "unknown condition '%s='", term);
	} else if (!strcmp(term, "every")) {
		f->from = 1;
		f->to = FOR_EVER;
	} else if (!strcmp(term, "any")) {
		f->match |= MATCH_ANY;
	} else if (!strcmp(term, "vendor")) {
		f->match |= MATCH_VENDOR;
	} else if (!strcmp(term, "control")) {
		f->match |= MATCH_CONTROL;
	} else if (!strcmp(term, "cdb")) {
		f->match |= MATCH_CDB;
	} else if (!strcmp(term, "in")) {
		f->match |= MATCH_IN;
	} else if (!strcmp(term, "out")) {
		f->match |= MATCH_OUT;
	} else if (!strcmp(term, "start")) {
		f->point = FAULT_AT_START;
	} else if (!strcmp(term, "status")) {
		f->point = FAULT_AT_STATUS;
	} else if (!strcmp(term, "end")) {
		f->point = FAULT_AT_END;
	} else {
		return fail(err, room, "unknown condition '%s'", term);
	}
	return 0;
}

static int parse_numbers(struct fault *f, int base, u32 want, const u32 *max)
{
	char copy[sizeof(f->arg)], *at = copy, *next;
	u32 i;

	memset(f->value, 0, sizeof(f->value));
	strcpy(copy, f->arg);
	for (i = 0; i < want; i++) {
		next = strpbrk(at, ":/");
		if (next)
			*next++ = 0;
		if (number(at, base, max[i], &f->value[i]) || (i + 1 < want) != !!next)
			return -EINVAL;
		at = next;
	}
	return 0;
}

/* A memory's name, up to a colon or the end, which is taken off the argument. */
static void take_memory(struct fault *f)
{
	char *end = strchr(f->arg, ':');
	size_t n = end ? (size_t)(end - f->arg) : strlen(f->arg);

	if (!*f->arg || (*f->arg >= '0' && *f->arg <= '9') || n >= sizeof(f->op))
		return;
	memcpy(f->op, f->arg, n);
	f->op[n] = 0;
	memmove(f->arg, f->arg + n + !!end, strlen(f->arg + n + !!end) + 1);
}

/* A memory, or the sector of it in which an address lies. */
static int parse_place(struct fault *f, char *err, size_t room)
{
	static const u32 any = FOR_EVER - 1;

	take_memory(f);
	f->part = *f->arg;
	if (f->part && parse_numbers(f, 0, 1, &any))
		return fail(err, room, "%s=%s: expected [MEMORY][:ADDRESS]", kinds[f->kind].name,
			    f->arg);
	return 0;
}

static int parse_csw(struct fault *f, char *err, size_t room)
{
	u32 i;

	f->value[0] = FAULT_CSW_GARBAGE;
	if (!*f->arg)
		return 0;
	for (i = 0; i < ARRAY_SIZE(csw_names); i++)
		if (!strcmp(f->arg, csw_names[i])) {
			f->value[0] = i;
			return 0;
		}
	return fail(err, room, "csw=%s: expected signature, truncated, long, garbage, status",
		    f->arg);
}

static int parse_arg(struct fault *f, char *err, size_t room)
{
	static const u32 any[3] = { FOR_EVER - 1, FOR_EVER - 1, FOR_EVER - 1 };
	static const u32 cell[3] = { FOR_EVER - 1, 7, 1 };
	static const u32 sense[3] = { 15, 255, 255 };

	switch (f->kind) {
	case FAULT_SHORT:
		f->value[0] = FAULT_HALF;
		if (*f->arg && parse_numbers(f, 0, 1, any))
			return fail(err, room, "short=%s: expected a number of bytes", f->arg);
		break;
	case FAULT_DELAY:
		if (parse_numbers(f, 10, 1, any))
			return fail(err, room, "delay=%s: expected milliseconds", f->arg);
		break;
	case FAULT_FLIP:
		if (parse_numbers(f, 0, 2, cell))
			return fail(err, room, "flip=%s: expected BYTE:BIT", f->arg);
		break;
	case FAULT_RESIDUE:
		if (parse_numbers(f, 0, 1, any))
			return fail(err, room, "residue=%s: expected the number to claim", f->arg);
		break;
	case FAULT_SENSE:
		if (*f->arg && parse_numbers(f, 16, 3, sense))
			return fail(err, room, "sense=%s: expected KEY/ASC/ASCQ in hex", f->arg);
		if (!*f->arg) {
			f->value[0] = 0x0f;
			f->value[1] = 0xff;
			f->value[2] = 0xff;
		}
		break;
	case FAULT_CSW:
		return parse_csw(f, err, room);
	case FAULT_STUCKBIT:
		take_memory(f);
		if (parse_numbers(f, 0, 3, cell) && parse_numbers(f, 0, 2, cell))
			return fail(err, room, "stuckbit=%s: expected [MEMORY:]ADDRESS:BIT[:VALUE]",
				    f->arg);
		break;
	case FAULT_READONLY:
	case FAULT_NOERASE:
		return parse_place(f, err, room);
	case FAULT_DESCRIPTORS:
		break;
	default:
		if (*f->arg)
			return fail(err, room, "%s takes no argument, '%s' was given",
				    kinds[f->kind].name, f->arg);
	}
	return 0;
}

/**
 * fault_parse() - understand one --fault
 * @spec: KIND[=ARGUMENT][@CONDITION,...][:ARGUMENT]
 * @f: to fill
 * @err: gets what is wrong with it
 * @room: bytes at @err
 *
 * Return: 0 or -EINVAL.
 */
int fault_parse(const char *spec, struct fault *f, char *err, size_t room)
{
	char copy[FAULT_TEXT], *cond = NULL, *arg = NULL, *term, *save = NULL;
	u32 i;

	memset(f, 0, sizeof(*f));
	if (strlen(spec) >= sizeof(copy))
		return fail(err, room, "longer than %zu characters", sizeof(copy) - 1);
	strcpy(copy, spec);
	strcpy(f->text, spec);

	cond = strchr(copy, '@');
	if (cond) {
		*cond++ = 0;
		arg = strchr(cond, ':');
		if (arg)
			*arg++ = 0;
	}
	term = strpbrk(copy, "=:");
	if (term) {
		*term++ = 0;
		if (arg)
			return fail(err, room, "two arguments: '%s' and '%s'", term, arg);
		arg = term;
	}
	for (i = 0; i < FAULT_KINDS; i++)
		if (!strcmp(copy, kinds[i].name))
			break;
	if (i == FAULT_KINDS)
		return fail(err, room, "unknown kind '%s'; Documentation/lab-vbridge.rst names all",
			    copy);
	f->kind = i;
	f->from = 1;
	f->to = kinds[i].every ? FOR_EVER : 1;
	f->byte = FAULT_HALF;
	f->point = FAULT_SPENT;
	if (arg && strlen(arg) >= sizeof(f->arg))
		return fail(err, room, "argument too long");
	if (arg)
		strcpy(f->arg, arg);
	if (cond && kinds[i].lasting == STATE)
		return fail(err, room, "%s is a state, it takes no condition", kinds[i].name);
	for (term = cond ? strtok_r(cond, ",", &save) : NULL; term;
	     term = strtok_r(NULL, ",", &save))
		if (parse_term(f, term, err, room))
			return -EINVAL;
	if (f->point == FAULT_SPENT)
		f->point = f->byte == FAULT_HALF ? FAULT_AT_START : FAULT_AT_DATA;
	if (f->byte != FAULT_HALF && f->point != FAULT_AT_DATA)
		return fail(err, room, "byte=%u is inside of a transaction", f->byte);
	if (!(f->match & ~(MATCH_IN | MATCH_OUT))) {
		f->match |= f->each_plug ? MATCH_ANY : kinds[i].match;
		if (f->match & MATCH_OP)
			strcpy(f->op, "identify");
	}
	if (f->kind == FAULT_SHORT)
		f->point = FAULT_AT_DATA;
	return parse_arg(f, err, room);
}

/**
 * faults_add() - one more fault
 * @fs: the faults so far
 * @spec: as for fault_parse()
 * @err: gets what is wrong with it
 * @room: bytes at @err
 *
 * Return: 0, -EINVAL, or -ENOSPC if there are too many.
 */
int faults_add(struct faults *fs, const char *spec, char *err, size_t room)
{
	int ret;

	if (fs->count == FAULTS_MAX) {
		fail(err, room, "more than %d faults", FAULTS_MAX);
		return -ENOSPC;
	}
	ret = fault_parse(spec, &fs->list[fs->count], err, room);
	if (!ret)
		fs->count++;
	return ret;
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
	if (kinds[f->kind].lasting == STATE)
		return false;
	if ((f->match & MATCH_VENDOR) && !ev->vendor)
		return false;
	if ((f->match & MATCH_CONTROL) && !ev->control)
		return false;
	if ((f->match & MATCH_CDB) && ev->control)
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
			n += snprintf(out + n, room - n, "%s%s", n ? " " : "", kinds[i].name);
}
