// SPDX-License-Identifier: GPL-2.0-or-later
/* The grammar of --fault. */
#include <stdlib.h>

#include "fault_kind.h"

static const char * const csw_names[] = {
	[FAULT_CSW_SIGNATURE] = "signature",
	[FAULT_CSW_TRUNCATED] = "truncated",
	[FAULT_CSW_LONG] = "long",
	[FAULT_CSW_GARBAGE] = "garbage",
	[FAULT_CSW_STATUS] = "status",
};

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

/* All 48 bits, or what is behind 0xfffff0000000. */
static int parse_address(struct fault *f, const char *text, char *err, size_t room)
{
	char *end;

	errno = 0;
	f->address = strtoull(text, &end, 16);
	if (errno || !*text || *end || *text == '-' || f->address >> 48)
		return fail(err, room, "quadlet=%s: expected an address in hex", text);
	if (!(f->address >> 28))
		f->address |= 0xfffff0000000ull;
	return 0;
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
	} else if (!strcmp(term, "quadlet") && value) {
		f->match |= MATCH_QUADLET | MATCH_ADDRESS;
		return parse_address(f, value, err, room);
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
	} else if (!strcmp(term, "quadlet")) {
		f->match |= MATCH_QUADLET;
	} else if (!strcmp(term, "rom")) {
		f->match |= MATCH_ROM;
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
		return fail(err, room, "%s=%s: expected [MEMORY][:ADDRESS]",
			    fault_kinds[f->kind].name, f->arg);
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
	static const u32 rcode = 15;

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
	case FAULT_ROM:
		break;
	case FAULT_RCODE:
		f->value[0] = 7;
		if (*f->arg && parse_numbers(f, 16, 1, &rcode))
			return fail(err, room, "rcode=%s: expected a response code in hex", f->arg);
		break;
	default:
		if (*f->arg)
			return fail(err, room, "%s takes no argument, '%s' was given",
				    fault_kinds[f->kind].name, f->arg);
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
		if (!strcmp(copy, fault_kinds[i].name))
			break;
	if (i == FAULT_KINDS)
		return fail(err, room, "unknown kind '%s'; Documentation/lab-vbridge.rst names all",
			    copy);
	f->kind = i;
	f->from = 1;
	f->to = fault_kinds[i].every ? FOR_EVER : 1;
	f->byte = FAULT_HALF;
	f->point = FAULT_SPENT;
	if (arg && strlen(arg) >= sizeof(f->arg))
		return fail(err, room, "argument too long");
	if (arg)
		strcpy(f->arg, arg);
	if (cond && fault_kinds[i].lasting == STATE)
		return fail(err, room, "%s is a state, it takes no condition", fault_kinds[i].name);
	for (term = cond ? strtok_r(cond, ",", &save) : NULL; term;
	     term = strtok_r(NULL, ",", &save))
		if (parse_term(f, term, err, room))
			return -EINVAL;
	if (f->point == FAULT_SPENT)
		f->point = f->byte == FAULT_HALF ? FAULT_AT_START : FAULT_AT_DATA;
	if (f->byte != FAULT_HALF && f->point != FAULT_AT_DATA)
		return fail(err, room, "byte=%u is inside of a transaction", f->byte);
	if (!(f->match & ~(MATCH_IN | MATCH_OUT))) {
		f->match |= f->each_plug ? MATCH_ANY : fault_kinds[i].match;
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

