// SPDX-License-Identifier: GPL-2.0-or-later
/* One step of an operation. */
#include "profile_text_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "text.h"

#define CDB_TIMEOUT_MS		20000
#define CONTROL_TIMEOUT_MS	5000
#define QUADLET_TIMEOUT_MS	1000

/*
 * A step being compiled. It is put into the table at the end: its templates
 * need the items, and the items must stand in the order of the steps.
 */
struct step {
	struct compile *c;
	int line;
	struct bfp_step r;
};

static bool bad(struct step *s, const char *expected)
{
	return text_bad(s->c, s->line, "the step cannot be understood: expected %s", expected);
}

static bool word_is(const char *word, const char *want)
{
	return word && !strcmp(word, want);
}

static char *trim(char *text)
{
	size_t len = strlen(text);

	while (len && isblank((unsigned char)text[len - 1]))
		text[--len] = 0;
	while (isblank((unsigned char)*text))
		text++;
	return text;
}

/* none | in data | in N | out data | out payload */
static bool phase(struct step *s, char **cursor)
{
	char *word = next_word(cursor), *what = NULL;
	u64 n;

	if (word && strcmp(word, "none"))
		what = next_word(cursor);
	s->r.dir = word_is(word, "in") ? BFP_DIR_IN : word_is(word, "out") ? BFP_DIR_OUT :
		   BFP_DIR_NONE;
	if (word_is(word, "none")) {
		s->r.carry = BFP_CARRY_NOTHING;
	} else if (s->r.dir && word_is(what, "data")) {
		s->r.carry = BFP_CARRY_DATA;
	} else if (s->r.dir == BFP_DIR_OUT && word_is(what, "payload")) {
		s->r.carry = BFP_CARRY_PAYLOAD;
	} else if (s->r.dir == BFP_DIR_IN && what && isdigit((unsigned char)*what)) {
		s->r.carry = BFP_CARRY_ANSWER;
		if (!value_number(s->c, s->line, "the answer's length", what, BFP_ANSWER_MAX, &n))
			return false;
		s->r.length = cpu_to_le32((u32)n);
	} else {
		return bad(s, "what the data phase carries: none, in data, in N (bytes), out data or out payload");
	}
	return true;
}

typedef bool (*make_template)(struct compile *c, int line, const char *text, u32 *bits);

static bool run_template(struct step *s, make_template make, const char *text,
			 __le16 *first, __le16 *count, u32 *bits)
{
	u32 from = emit_count(&s->c->e, BFP_ITEMS);

	if (!make(s->c, s->line, text, bits))
		return false;
	*first = cpu_to_le16((u16)from);
	*count = cpu_to_le16((u16)(emit_count(&s->c->e, BFP_ITEMS) - from));
	return true;
}

static bool payload(struct step *s, const char *text)
{
	u32 bits;

	if (s->r.carry != BFP_CARRY_PAYLOAD)
		return !text || bad(s, "no payload, unless the step says 'out payload'");
	if (!text)
		return bad(s, "'payload' and its bytes at the end of the step");
	return run_template(s, template_text, text, &s->r.payload_first, &s->r.payload_count,
			    &bits);
}

/* Cuts the text at the last word 'payload'; NULL if there is none. */
static char *cut_payload(char *text)
{
	char *at = strstr(text, "payload");

	if (!at || (at > text && !isblank((unsigned char)at[-1])) ||
	    (at[7] && !isblank((unsigned char)at[7])))
		return NULL;
	*at = 0;
	return at + 7;
}

/* cdb PHASE : BYTES [payload BYTES] */
static bool step_cdb(struct step *s, char *rest)
{
	char *bytes = strchr(rest, ':'), *load;
	u32 bits;

	if (!bytes)
		return bad(s, "cdb PHASE : BYTES");
	*bytes++ = 0;
	s->r.timeout_ms = cpu_to_le32(CDB_TIMEOUT_MS);
	if (!phase(s, &rest))
		return false;
	if (next_word(&rest))
		return bad(s, "cdb PHASE : BYTES");
	load = cut_payload(bytes);
	return run_template(s, template_text, bytes, &s->r.item_first, &s->r.item_count, &bits) &&
	       payload(s, load);
}

static bool byte_word(const char *word, u8 *out)
{
	char *end;
	unsigned long n;

	if (!word || !isxdigit((unsigned char)*word))
		return false;
	n = strtoul(word, &end, 16);
	*out = (u8)n;
	return !*end && n <= 0xff;
}

/* control TYPE REQUEST value W index W PHASE [payload BYTES] */
static bool step_control(struct step *s, char *rest)
{
	static const char form[] =
		"control TYPE REQUEST value W index W PHASE, type and request as bytes like 0xC1";
	u32 from = emit_count(&s->c->e, BFP_ITEMS);
	char *value, *index;
	u8 type, request;

	s->r.timeout_ms = cpu_to_le32(CONTROL_TIMEOUT_MS);
	if (!byte_word(next_word(&rest), &type) || !byte_word(next_word(&rest), &request) ||
	    !word_is(next_word(&rest), "value"))
		return bad(s, form);
	value = next_word(&rest);
	if (!value || !word_is(next_word(&rest), "index"))
		return bad(s, form);
	index = next_word(&rest);
	if (!index)
		return bad(s, form);
	if (!phase(s, &rest) ||
	    !template_setup(s->c, s->line, type, request, value, index,
			    s->r.carry != BFP_CARRY_NOTHING))
		return false;
	s->r.item_first = cpu_to_le16((u16)from);
	s->r.item_count = cpu_to_le16((u16)(emit_count(&s->c->e, BFP_ITEMS) - from));
	rest = trim(rest);
	if (!*rest)
		return payload(s, NULL);
	value = cut_payload(rest);
	return value && !*trim(rest) ? payload(s, value) : bad(s, form);
}

static bool address(struct step *s, const char *text)
{
	u32 bits;

	if (!run_template(s, template_address, text, &s->r.addr_first, &s->r.addr_count, &bits))
		return false;
	if (bits == 48)
		return true;
	return text_bad(s->c, s->line, "the address has %u bits, expected 48, such as 0xFFFFF0090020",
			bits);
}

/* quadlet-read ADDRESS data|answer */
static bool step_quadlet_read(struct step *s, char *rest)
{
	char *where, *what;

	where = next_word(&rest);
	what = next_word(&rest);
	s->r.dir = BFP_DIR_IN;
	s->r.timeout_ms = cpu_to_le32(QUADLET_TIMEOUT_MS);
	if (word_is(what, "answer")) {
		s->r.carry = BFP_CARRY_ANSWER;
		s->r.length = cpu_to_le32(4);
	} else if (word_is(what, "data")) {
		s->r.carry = BFP_CARRY_DATA;
	} else {
		return bad(s, "quadlet-read ADDRESS data, or quadlet-read ADDRESS answer");
	}
	if (next_word(&rest))
		return bad(s, "quadlet-read ADDRESS data, or quadlet-read ADDRESS answer");
	return address(s, where);
}

/* quadlet-write ADDRESS data | quadlet-write ADDRESS : BYTES */
static bool step_quadlet_write(struct step *s, char *rest)
{
	static const char form[] = "quadlet-write ADDRESS data, or quadlet-write ADDRESS : BYTES";
	char *where = next_word(&rest), *what;
	u32 bits;

	s->r.dir = BFP_DIR_OUT;
	s->r.timeout_ms = cpu_to_le32(QUADLET_TIMEOUT_MS);
	rest = trim(rest);
	if (where && *rest == ':') {
		/* items of the value stand before those of the address */
		return run_template(s, template_text, rest + 1, &s->r.item_first,
				    &s->r.item_count, &bits) && address(s, where);
	}
	what = next_word(&rest);
	if (!word_is(what, "data") || next_word(&rest))
		return bad(s, form);
	s->r.carry = BFP_CARRY_DATA;
	return address(s, where);
}

static bool step_delay(struct step *s, char *rest)
{
	u64 us;

	if (!value_time(s->c, s->line, "delay", trim(rest), &us))
		return false;
	s->r.wait_us = cpu_to_le32((u32)us);
	return true;
}

/* reenumerate within TIME [as ID] */
static bool step_reenumerate(struct step *s, char *rest)
{
	char *text = trim(rest), *as = strstr(text, " as ");
	u64 us;
	u32 i;

	if (strncmp(text, "within ", 7))
		return bad(s, "reenumerate within TIME, or reenumerate within TIME as VID:PID");
	if (as)
		*as = 0;
	if (!value_time(s->c, s->line, "within", trim(text + 7), &us))
		return false;
	s->r.wait_max_ms = cpu_to_le32((u32)((us + 999) / 1000));
	if (!as)
		return true;
	as = trim(as + 4);
	for (i = 0; i < emit_count(&s->c->e, BFP_IDS); i++)
		if (!strcasecmp(s->c->id_label[i], as)) {
			s->r.new_id = cpu_to_le16((u16)i);
			return true;
		}
	return text_bad(s->c, s->line, "'%s' is no id of this profile, expected VID:PID of a [usb] section or the name of an [ieee1394] section",
			as);
}

/* for-each sector | for-each chunk N */
static bool step_loop(struct step *s, char *rest)
{
	char *word = next_word(&rest);
	u64 n;

	if (word_is(word, "sector") && !*trim(rest)) {
		s->r.kind = BFP_STEP_LOOP_SECTOR;
		return true;
	}
	s->r.kind = BFP_STEP_LOOP_CHUNK;
	if (!word_is(word, "chunk"))
		return bad(s, "for-each sector, or for-each chunk N");
	if (!value_number(s->c, s->line, "chunk", trim(rest), BFP_MEMORY_MAX, &n))
		return false;
	s->r.length = cpu_to_le32((u32)n);
	return true;
}

/* expect 06 7b ?? ??, or what is computed: expect {sum32(image):be32} */
static bool modifier_expect(struct step *s, const char *text)
{
	u8 *bytes, *mask, *both;
	size_t len;
	u32 bits;

	if (s->r.carry != BFP_CARRY_ANSWER)
		return bad(s, "expect only behind a step with an answer");
	if (bfp_step_expects(&s->r))
		return bad(s, "one expect, not two");
	if (strchr(text, '{'))
		return run_template(s, template_text, text, &s->r.payload_first,
				    &s->r.payload_count, &bits);
	if (!value_hex(s->c, s->line, "expect", text, &bytes, &mask, &len))
		return false;
	both = xalloc(2 * len);
	memcpy(both, bytes, len);
	memcpy(both + len, mask, len);
	s->r.expect = emit_bytes(&s->c->e, both, 2 * len);
	s->r.expect_len = cpu_to_le32((u32)len);
	free(both);
	free(bytes);
	free(mask);
	return true;
}

/* poll every TIME for TIME */
static bool modifier_poll(struct step *s, char *text)
{
	char *until = strstr(text, " for ");
	u64 pause, end;

	if (strncmp(text, "every ", 6) || !until)
		return bad(s, "poll every TIME for TIME");
	*until = 0;
	if (!value_time(s->c, s->line, "every", trim(text + 6), &pause) ||
	    !value_time(s->c, s->line, "for", trim(until + 5), &end))
		return false;
	s->r.wait_us = cpu_to_le32((u32)pause);
	s->r.wait_max_ms = cpu_to_le32((u32)((end + 999) / 1000));
	s->r.flags |= BFP_STEPF_POLL;
	return true;
}

static bool modifier(struct step *s, char *text)
{
	static const struct word flags[] = {
		{ "short-ok", BFP_STEPF_SHORT_OK }, { "until-reset", BFP_STEPF_UNTIL_RESET },
		{ "le", BFP_STEPF_LE },
	};
	char *rest = trim(text), *word = next_word(&rest);
	size_t i;
	u64 us;

	if (s->r.kind > BFP_STEP_QUADLET_WRITE)
		return bad(s, "no ',' behind delay, reenumerate, for-each and end");
	rest = trim(rest);
	if (word_is(word, "timeout")) {
		if (!value_time(s->c, s->line, "timeout", rest, &us))
			return false;
		s->r.timeout_ms = cpu_to_le32((u32)((us + 999) / 1000));
		return true;
	}
	if (word_is(word, "expect"))
		return modifier_expect(s, rest);
	if (word_is(word, "poll"))
		return modifier_poll(s, rest);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (word_is(word, flags[i].name) && !*rest) {
			s->r.flags |= (u8)flags[i].value;
			return true;
		}
	return bad(s, "behind ',' one of: timeout TIME, expect BYTES, poll every TIME for TIME, short-ok, until-reset, le");
}

static bool action(struct step *s, char *rest)
{
	static const struct {
		const char *name;
		u8 kind;
		bool (*run)(struct step *s, char *rest);
	} kinds[] = {
		{ "cdb", BFP_STEP_CDB, step_cdb },
		{ "control", BFP_STEP_CONTROL, step_control },
		{ "quadlet-read", BFP_STEP_QUADLET_READ, step_quadlet_read },
		{ "quadlet-write", BFP_STEP_QUADLET_WRITE, step_quadlet_write },
		{ "delay", BFP_STEP_DELAY, step_delay },
		{ "reenumerate", BFP_STEP_REENUMERATE, step_reenumerate },
		{ "for-each", BFP_STEP_LOOP_CHUNK, step_loop },
	};
	char *word = next_word(&rest);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (word_is(word, kinds[i].name)) {
			s->r.kind = kinds[i].kind;
			return kinds[i].run(s, rest);
		}
	if (word_is(word, "end") && !*trim(rest)) {
		s->r.kind = BFP_STEP_LOOP_END;
		return true;
	}
	return bad(s, "cdb, control, quadlet-read, quadlet-write, delay, reenumerate, for-each or end");
}

/**
 * step_text() - one value of 'step': ACTION [, MODIFIER]...
 * @c: text; gets the step and its items
 * @line: where it stands
 * @text: it
 *
 * Return: true, or false with the fault noted.
 */
bool step_text(struct compile *c, int line, const char *text)
{
	struct step s = { .c = c, .line = line };
	char *copy = xprintf("%s", text), *part = copy, *comma;
	bool first = true, ok = true;

	s.r.new_id = cpu_to_le16(BFP_NONE);
	s.r.loop_end = cpu_to_le16(BFP_NONE);
	while (ok && part) {
		comma = strchr(part, ',');
		if (comma)
			*comma++ = 0;
		ok = first ? action(&s, part) : modifier(&s, part);
		first = false;
		part = comma;
	}
	if (ok)
		*(struct bfp_step *)emit_record(&c->e, BFP_STEPS, line) = s.r;
	free(copy);
	return ok;
}
