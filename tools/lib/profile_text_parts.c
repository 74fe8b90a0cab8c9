// SPDX-License-Identifier: GPL-2.0-or-later
/* The sections about memories, operations, image rules and fields. */
#include "profile_text_int.h"

#include <ctype.h>
#include <stdlib.h>

#include "text.h"

static const struct word sums[] = {
	{ "sum8", BFP_SUM8 }, { "sum16", BFP_SUM16 }, { "sum32", BFP_SUM32 },
	{ "neg8", BFP_NEG8 }, { "xor8", BFP_XOR8 }, { "crc16", BFP_CRC16_CCITT },
	{ "crc32", BFP_CRC32 }, { NULL, 0 },
};

static const u8 sum_bytes[BFP_SUMS] = {
	[BFP_SUM8] = 1, [BFP_NEG8] = 1, [BFP_XOR8] = 1, [BFP_SUM16] = 2,
	[BFP_CRC16_CCITT] = 2, [BFP_SUM32] = 4, [BFP_CRC32] = 4,
};

/* "16 x 4096, 1 x 8 KiB": runs of equal sectors, in order of address. */
static bool sectors(struct compile *c, const struct ini_entry *entry, u16 *count)
{
	char *copy = xprintf("%s", entry->value), *part = copy, *next, *by;
	struct bfp_geometry *g;
	bool ok = true;
	u64 n, size;

	for (*count = 0; ok && part; part = next, (*count)++) {
		next = strchr(part, ',');
		if (next)
			*next++ = 0;
		while (isblank((unsigned char)*part))
			part++;
		by = strstr(part, " x ");
		if (!by) {
			ok = text_bad(c, entry->line, "sectors has '%s', expected COUNT x SIZE, such as 16 x 4096",
				      part);
			break;
		}
		*by = 0;
		for (by += 3; isblank((unsigned char)*by); by++)
			;
		ok = value_number(c, entry->line, "number of sectors", part, BFP_MEMORY_MAX, &n) &&
		     value_number(c, entry->line, "size of a sector", by, BFP_MEMORY_MAX, &size);
		if (!ok)
			break;
		g = emit_record(&c->e, BFP_GEOMETRY, entry->line);
		g->sectors = cpu_to_le32((u32)n);
		g->size = cpu_to_le32((u32)size);
	}
	free(copy);
	return ok;
}

static bool memory_words(struct compile *c, struct ini_section *s, struct bfp_memory *m)
{
	static const struct word kinds[] = {
		{ "flash", BFP_FLASH }, { "eeprom", BFP_EEPROM },
		{ "config-rom", BFP_CONFIG_ROM }, { NULL, 0 },
	};
	static const struct word lengths[] = {
		{ "fixed", 0 }, { "device", BFP_MEM_LENGTH_DEVICE }, { NULL, 0 },
	};
	static const struct word accesses[] = {
		{ "offset", 0 }, { "whole", BFP_MEM_WHOLE }, { NULL, 0 },
	};
	static const struct word interrupteds[] = {
		{ "restorable", BFP_INTERRUPTED_RESTORABLE },
		{ "mixed", BFP_INTERRUPTED_MIXED }, { "final", BFP_INTERRUPTED_FINAL },
		{ NULL, 0 },
	};
	u32 kind = 0, length = 0, access = 0, interrupted = 0, erase = 0;

	if (!key_word(c, s, "kind", kinds, true, &kind) ||
	    !key_word(c, s, "length", lengths, false, &length) ||
	    !key_word(c, s, "access", accesses, true, &access) ||
	    !key_word(c, s, "interrupted", interrupteds, true, &interrupted) ||
	    !key_word(c, s, "erase-first", words_yes_no, false, &erase))
		return false;
	m->kind = (u8)kind;
	m->interrupted = (u8)interrupted;
	m->flags = cpu_to_le16((u16)(length | access | (erase ? BFP_MEM_ERASE_FIRST : 0)));
	return true;
}

static bool memory_numbers(struct compile *c, struct ini_section *s, struct bfp_memory *m)
{
	bool whole = le16_to_cpu(m->flags) & BFP_MEM_WHOLE;
	u64 size = 0, least, base = 0, unit = 1, rd, wr, boot = 0, erase = 0xff;
	struct ini_entry *settle = key_find(s, "settle");
	u64 us = 0;

	if (!key_number(c, s, "size", BFP_MEMORY_MAX, true, &size))
		return false;
	least = size;
	rd = size;
	wr = size;
	if (!key_number(c, s, "min-size", BFP_MEMORY_MAX, false, &least) ||
	    !key_number(c, s, "base", (1ULL << 48) - 1, false, &base) ||
	    !key_number(c, s, "unit", BFP_MEMORY_MAX, false, &unit) ||
	    !key_number(c, s, "read-chunk", BFP_MEMORY_MAX, !whole, &rd) ||
	    !key_number(c, s, "write-chunk", BFP_MEMORY_MAX, !whole, &wr) ||
	    !key_number(c, s, "boot-sector", BFP_MEMORY_MAX, false, &boot) ||
	    !key_number(c, s, "erase-value", 0xff, false, &erase))
		return false;
	if (settle && !value_time(c, settle->line, "settle", settle->value, &us))
		return false;
	m->size = cpu_to_le32((u32)size);
	m->min_size = cpu_to_le32((u32)least);
	m->base = cpu_to_le64(base);
	m->unit = cpu_to_le32((u32)unit);
	m->read_chunk = cpu_to_le32((u32)rd);
	m->write_chunk = cpu_to_le32((u32)wr);
	m->settle_ms = cpu_to_le32((u32)((us + 999) / 1000));
	m->boot_known = cpu_to_le32(key_find(s, "boot-sector") ? 1 : 0);
	m->boot_offset = cpu_to_le32((u32)boot);
	m->erase_value = cpu_to_le32((u32)erase);
	return true;
}

/**
 * section_memory() - [memory NAME]
 * @c: text; gets the records
 * @s: section
 * @args: what stands behind the kind in its title; is cut
 *
 * Return: true, or false with the fault noted.
 */
bool section_memory(struct compile *c, struct ini_section *s, char *args)
{
	struct ini_entry *entry = key_find(s, "sectors");
	struct bfp_memory m = { 0 };
	char *name = next_word(&args);
	u16 count = 0;

	if (!name || next_word(&args))
		return text_bad(c, s->line, "a memory is written [memory NAME]");
	m.name = emit_string(&c->e, name);
	if (!key_string(c, s, "holds", true, &m.holds) || !memory_words(c, s, &m) ||
	    !memory_numbers(c, s, &m))
		return false;
	if (entry) {
		m.geometry_first = cpu_to_le16((u16)emit_count(&c->e, BFP_GEOMETRY));
		if (!sectors(c, entry, &count))
			return false;
		m.geometry_count = cpu_to_le16(count);
	}
	*(struct bfp_memory *)emit_record(&c->e, BFP_MEMORIES, s->line) = m;
	return keys_done(c, s, "kind, holds, size, min-size, length, access, base, unit, read-chunk, write-chunk, sectors, boot-sector, erase-value, erase-first, interrupted, settle");
}

static bool op_name(struct compile *c, struct ini_section *s, char *args,
		    struct bfp_operation *op)
{
	char *name = next_word(&args), *dot;
	int memory;

	if (!name || next_word(&args))
		return text_bad(c, s->line, "an operation is written [operation MEMORY.KIND] or [operation KIND]");
	op->memory = 0xff;
	dot = strchr(name, '.');
	if (dot) {
		*dot++ = 0;
		memory = compile_memory(c, name);
		if (memory < 0)
			return text_bad(c, s->line, "there is no [memory %s]", name);
		op->memory = (u8)memory;
	}
	op->kind = compile_op_kind(dot ? dot : name);
	if (!op->kind)
		return text_bad(c, s->line, "'%s' is no operation, expected identify, version, read, erase-sector, erase-all, program, verify, unlock, lock or reset",
				dot ? dot : name);
	return true;
}

/* Some of the words, each once, as one number with their bits. */
static bool words_set(struct compile *c, const struct ini_entry *entry, const struct word *words,
		      u8 *out)
{
	char *copy = xprintf("%s", entry->value), *cursor = copy, *word;
	bool ok = true;
	u32 bit;

	for (word = next_word(&cursor); ok && word; word = next_word(&cursor)) {
		ok = value_word(c, entry->line, entry->name, word, words, &bit);
		if (ok && (*out & bit))
			ok = text_bad(c, entry->line, "%s names %s twice", entry->name, word);
		if (ok)
			*out |= (u8)bit;
	}
	free(copy);
	return ok;
}

/*
 * Where the evidence was gathered, and when the operation may be sent. A transport that
 * both buses have was seen on USB if nothing else is said.
 */
static bool op_where(struct compile *c, struct ini_section *s, struct bfp_operation *op)
{
	static const struct word buses[] = {
		{ "usb", BFP_BUS_USB }, { "1394", BFP_BUS_1394 }, { NULL, 0 },
	};
	static const struct word states[] = {
		{ "running", BFP_STATE(BFP_ROLE_RUNNING) },
		{ "blank", BFP_STATE(BFP_ROLE_BLANK) },
		{ "uploader", BFP_STATE(BFP_ROLE_UPLOADER) }, { NULL, 0 },
	};
	struct ini_entry *bus = key_find(s, "buses"), *state = key_find(s, "states");

	if (bus && !words_set(c, bus, buses, &op->buses))
		return false;
	if (!bus)
		op->buses = op->transports == BFP_TRANSPORT_1394 ? BFP_BUS_1394 : BFP_BUS_USB;
	if (state && !words_set(c, state, states, &op->states))
		return false;
	if (!state)
		op->states = BFP_STATES_ALL;
	return true;
}

static bool op_transports(struct compile *c, struct ini_section *s, struct bfp_operation *op)
{
	static const struct word transports[] = {
		{ "scsi", BFP_TRANSPORT_SCSI }, { "bot", BFP_TRANSPORT_BOT },
		{ "control", BFP_TRANSPORT_CONTROL }, { "1394", BFP_TRANSPORT_1394 },
		{ NULL, 0 },
	};
	struct ini_entry *entry;

	return key_need(c, s, "transports", &entry) &&
	       words_set(c, entry, transports, &op->transports);
}

static bool op_answer(struct compile *c, struct ini_section *s, struct bfp_operation *op)
{
	struct ini_entry *entry = key_find(s, "answer");
	size_t len;
	u8 *bytes;

	if (!entry)
		return true;
	if (!value_hex(c, entry->line, "answer", entry->value, &bytes, NULL, &len))
		return false;
	op->answer = emit_bytes(&c->e, bytes, len);
	op->answer_len = cpu_to_le32((u32)len);
	free(bytes);
	return true;
}

/* Loops and their ends find each other; what is left over is found by bfp_check(). */
static void link_loops(struct compile *c, u32 first, u32 count)
{
	struct bfp_step *steps = (struct bfp_step *)c->e.table[BFP_STEPS].data + first;
	u32 open[BFP_LOOP_DEPTH + 1], depth = 0, i;

	for (i = 0; i < count; i++) {
		if (steps[i].kind == BFP_STEP_LOOP_SECTOR || steps[i].kind == BFP_STEP_LOOP_CHUNK) {
			if (depth <= BFP_LOOP_DEPTH)
				open[depth] = i;
			depth++;
		} else if (steps[i].kind == BFP_STEP_LOOP_END && depth) {
			if (--depth > BFP_LOOP_DEPTH)
				continue;
			steps[i].loop_end = cpu_to_le16((u16)open[depth]);
			steps[open[depth]].loop_end = cpu_to_le16((u16)i);
		}
	}
}

static bool op_steps(struct compile *c, struct ini_section *s, struct bfp_operation *op)
{
	u32 first = emit_count(&c->e, BFP_STEPS), count;
	struct ini_entry *entry;
	size_t i;

	if (!key_need(c, s, "step", &entry))
		return false;
	for (i = 0; i < s->entries; i++)
		if (!strcmp(s->entry[i].name, "step")) {
			s->entry[i].used = true;
			if (!step_text(c, s->entry[i].line, s->entry[i].value))
				return false;
		}
	count = emit_count(&c->e, BFP_STEPS) - first;
	link_loops(c, first, count);
	op->step_first = cpu_to_le16((u16)first);
	op->step_count = cpu_to_le16((u16)count);
	return true;
}

/**
 * section_operation() - [operation MEMORY.KIND] or [operation KIND]
 * @c: text; gets the records
 * @s: section
 * @args: what stands behind the kind in its title; is cut
 *
 * Return: true, or false with the fault noted.
 */
bool section_operation(struct compile *c, struct ini_section *s, char *args)
{
	struct bfp_operation op = { 0 };
	u32 on_request = 0;

	if (!op_name(c, s, args, &op) || !key_evidence(c, s, &op.evidence, &op.source) ||
	    !key_string(c, s, "note", false, &op.note) || !op_transports(c, s, &op) ||
	    !op_where(c, s, &op) ||
	    !key_word(c, s, "on-request", words_yes_no, false, &on_request) ||
	    !op_answer(c, s, &op) || !op_steps(c, s, &op))
		return false;
	op.flags = on_request ? BFP_OPF_ON_REQUEST : 0;
	*(struct bfp_operation *)emit_record(&c->e, BFP_OPERATIONS, s->line) = op;
	return keys_done(c, s, "evidence, source, note, transports, buses, states, on-request, answer, step");
}

/* Two words behind the kind of a section: what it belongs to, and its own name. */
static bool two_words(struct compile *c, struct ini_section *s, char *args, const char *form,
		      char **of, char **name)
{
	*of = next_word(&args);
	*name = *of ? next_word(&args) : NULL;
	if (*name && !next_word(&args))
		return true;
	return text_bad(c, s->line, "it is written %s", form);
}

/* bytes = 06 7b | 7b 06 */
static bool rule_bytes(struct compile *c, struct ini_section *s, struct bfp_rule *r)
{
	struct ini_entry *entry;
	u8 *bytes, *all = NULL;
	char *copy, *part, *next;
	size_t len, one = 0, n = 0;
	bool ok = true;

	if (!key_need(c, s, "bytes", &entry))
		return false;
	copy = xprintf("%s", entry->value);
	for (part = copy; ok && part; part = next) {
		next = strchr(part, '|');
		if (next)
			*next++ = 0;
		ok = value_hex(c, entry->line, "bytes", part, &bytes, NULL, &len);
		if (ok && n && len != one)
			ok = text_bad(c, entry->line, "the alternatives of bytes are not equally long");
		if (bytes && ok) {
			u8 *grown = xalloc((n + 1) * len);

			if (n)
				memcpy(grown, all, n * len);
			memcpy(grown + n++ * len, bytes, len);
			free(all);
			all = grown;
			one = len;
		}
		free(bytes);
	}
	if (ok) {
		r->bytes = emit_bytes(&c->e, all, n * one);
		r->alternatives = cpu_to_le32((u32)n);
		r->length = cpu_to_le32((u32)one);
	}
	free(all);
	free(copy);
	return ok;
}

static bool rule_checksum(struct compile *c, struct ini_section *s, struct bfp_rule *r)
{
	static const struct word orders[] = {
		{ "big", 0 }, { "little", BFP_ITEMF_LE }, { NULL, 0 },
	};
	u32 sum = 0, order = 0, from, length;
	struct ini_entry *over;

	if (!key_word(c, s, "algorithm", sums, true, &sum) || !key_need(c, s, "over", &over) ||
	    !value_range(c, over->line, over->value, &from, &length) ||
	    !key_word(c, s, "byte-order", orders, sum_bytes[sum] > 1, &order))
		return false;
	r->sum = (u8)sum;
	r->flags = (u8)order;
	r->range_offset = cpu_to_le32(from);
	r->range_length = cpu_to_le32(length);
	r->length = cpu_to_le32(sum_bytes[sum]);
	return true;
}

/**
 * section_rule() - [rule MEMORY NAME]
 * @c: text; gets the records
 * @s: section
 * @args: what stands behind the kind in its title; is cut
 *
 * Return: true, or false with the fault noted.
 */
bool section_rule(struct compile *c, struct ini_section *s, char *args)
{
	static const struct word kinds[] = {
		{ "bytes", BFP_RULE_BYTES }, { "keep", BFP_RULE_KEEP },
		{ "not-blank", BFP_RULE_NOT_BLANK }, { "checksum", BFP_RULE_CHECKSUM },
		{ "identity", BFP_RULE_IDENTITY }, { NULL, 0 },
	};
	struct bfp_rule r = { 0 };
	u64 at = 0, length = 0;
	char *of, *name;
	u32 kind = 0;
	int memory;

	if (!two_words(c, s, args, "[rule MEMORY NAME]", &of, &name))
		return false;
	memory = compile_memory(c, of);
	if (memory < 0)
		return text_bad(c, s->line, "there is no [memory %s]", of);
	r.memory = (u8)memory;
	r.name = emit_string(&c->e, name);
	if (!key_word(c, s, "kind", kinds, true, &kind) ||
	    !key_evidence(c, s, &r.evidence, &r.source))
		return false;
	r.kind = (u8)kind;
	if (kind != BFP_RULE_NOT_BLANK && !key_number(c, s, "at", BFP_MEMORY_MAX, true, &at))
		return false;
	if ((kind == BFP_RULE_KEEP || kind == BFP_RULE_IDENTITY) &&
	    !key_number(c, s, "length", BFP_MEMORY_MAX, true, &length))
		return false;
	r.offset = cpu_to_le32((u32)at);
	r.length = cpu_to_le32((u32)length);
	if (kind == BFP_RULE_BYTES && !rule_bytes(c, s, &r))
		return false;
	if (kind == BFP_RULE_CHECKSUM && !rule_checksum(c, s, &r))
		return false;
	*(struct bfp_rule *)emit_record(&c->e, BFP_RULES, s->line) = r;
	switch (kind) {
	case BFP_RULE_BYTES:
		return keys_done(c, s, "kind, at, bytes, evidence, source");
	case BFP_RULE_NOT_BLANK:
		return keys_done(c, s, "kind, evidence, source");
	case BFP_RULE_CHECKSUM:
		return keys_done(c, s, "kind, at, algorithm, over, byte-order, evidence, source");
	default:
		return keys_done(c, s, "kind, at, length, evidence, source");
	}
}

static bool field_of(struct compile *c, struct ini_section *s, const char *of, struct bfp_field *f)
{
	int at = compile_memory(c, of);

	f->operation = cpu_to_le16(BFP_NONE);
	f->of_memory = 0xff;
	if (at >= 0) {
		f->of_memory = (u8)at;
		return true;
	}
	at = compile_operation(c, compile_op_kind(of), -1);
	if (at < 0)
		return text_bad(c, s->line, "there is neither a [memory %s] nor an [operation %s]",
				of, of);
	f->operation = cpu_to_le16((u16)at);
	return true;
}

/**
 * section_field() - [field MEMORY NAME] or [field OPERATION NAME]
 * @c: text; gets the records
 * @s: section
 * @args: what stands behind the kind in its title; is cut
 *
 * Return: true, or false with the fault noted.
 */
bool section_field(struct compile *c, struct ini_section *s, char *args)
{
	static const struct word types[] = {
		{ "hex", BFP_TYPE_HEX }, { "u8", BFP_TYPE_U8 }, { "le16", BFP_TYPE_LE16 },
		{ "be16", BFP_TYPE_BE16 }, { "le32", BFP_TYPE_LE32 }, { "be32", BFP_TYPE_BE32 },
		{ "bcd", BFP_TYPE_BCD }, { "ascii", BFP_TYPE_ASCII },
		{ "utf16le", BFP_TYPE_UTF16LE }, { NULL, 0 },
	};
	static const u8 lengths[BFP_TYPES] = {
		[BFP_TYPE_U8] = 1, [BFP_TYPE_LE16] = 2, [BFP_TYPE_BE16] = 2,
		[BFP_TYPE_LE32] = 4, [BFP_TYPE_BE32] = 4,
	};
	struct bfp_field f = { 0 };
	u64 at = 0, length;
	char *of, *name;
	u32 type = 0;

	if (!two_words(c, s, args, "[field MEMORY NAME] or [field OPERATION NAME]", &of, &name) ||
	    !field_of(c, s, of, &f))
		return false;
	f.name = emit_string(&c->e, name);
	if (!key_number(c, s, "at", BFP_MEMORY_MAX, true, &at) ||
	    !key_word(c, s, "type", types, true, &type) ||
	    !key_string(c, s, "title", false, &f.title) ||
	    !key_evidence(c, s, &f.evidence, &f.source))
		return false;
	length = lengths[type];
	if (!key_number(c, s, "length", BFP_MEMORY_MAX, !length, &length))
		return false;
	f.type = (u8)type;
	f.offset = cpu_to_le32((u32)at);
	f.length = cpu_to_le32((u32)length);
	*(struct bfp_field *)emit_record(&c->e, BFP_FIELDS, s->line) = f;
	return keys_done(c, s, "at, length, type, title, evidence, source");
}
