// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text form of a profile, turned into records. Whether the text can be
 * understood is decided here; whether what it says is possible is decided by
 * bfp_check(), which names a record, and the record knows its line.
 */
#include "profile_text.h"

#include <stdlib.h>

#include "profile_text_int.h"
#include "text.h"

/**
 * compile_memory() - a memory by its name
 * @c: text; memories were compiled
 * @name: its name
 *
 * Return: its index, -1 if there is none of that name.
 */
int compile_memory(const struct compile *c, const char *name)
{
	const struct bfp_memory *m = (const struct bfp_memory *)c->e.table[BFP_MEMORIES].data;
	u32 i;

	for (i = 0; i < emit_count(&c->e, BFP_MEMORIES); i++)
		if (!strcmp(compile_string(c, m[i].name), name))
			return (int)i;
	return -1;
}

/**
 * compile_operation() - an operation by what it does
 * @c: text; operations were compiled
 * @kind: enum bfp_op_kind
 * @memory: index, -1: of the chip
 *
 * Return: its index, -1 if there is none.
 */
int compile_operation(const struct compile *c, u8 kind, int memory)
{
	const struct bfp_operation *op =
		(const struct bfp_operation *)c->e.table[BFP_OPERATIONS].data;
	u32 i;

	for (i = 0; i < emit_count(&c->e, BFP_OPERATIONS); i++)
		if (kind && op[i].kind == kind && op[i].memory == (memory < 0 ? 0xff : memory))
			return (int)i;
	return -1;
}

/**
 * compile_op_kind() - what an operation does, by its name
 * @name: such as "read"
 *
 * Return: enum bfp_op_kind, 0 if it is none.
 */
u8 compile_op_kind(const char *name)
{
	u8 kind;

	for (kind = 1; kind < BFP_OP_KINDS; kind++)
		if (!strcmp(bfp_op_name(kind), name))
			return kind;
	return 0;
}

/**
 * compile_string() - a string that was compiled
 * @c: text
 * @offset: where
 *
 * Return: the string; valid until the next one is added.
 */
const char *compile_string(const struct compile *c, __le32 offset)
{
	return (const char *)c->e.table[BFP_BLOB].data + le32_to_cpu(offset);
}

/* [chip] */
static bool section_chip(struct compile *c, struct ini_section *s, char *args)
{
	static const struct word recoveries[] = {
		{ "none-known", BFP_RECOVERY_NONE_KNOWN }, { "mask-rom", BFP_RECOVERY_MASK_ROM },
		{ "boot-mode", BFP_RECOVERY_BOOT_MODE },
		{ "internal-rom", BFP_RECOVERY_INTERNAL_ROM }, { NULL, 0 },
	};
	struct bfp_header *h = &c->e.header;
	u32 recovery = 0;

	if (next_word(&args))
		return text_bad(c, s->line, "it is written [chip]");
	if (!key_string(c, s, "name", true, &h->name) ||
	    !key_string(c, s, "title", true, &h->title) ||
	    !key_string(c, s, "vendor", true, &h->vendor) ||
	    !key_string(c, s, "note", false, &h->note) ||
	    !key_word(c, s, "recovery", recoveries, true, &recovery))
		return false;
	h->recovery = (u8)recovery;
	return keys_done(c, s, "name, title, vendor, recovery, note");
}

/* What all kinds of ids have. */
static bool id_common(struct compile *c, struct ini_section *s, struct bfp_id *id)
{
	static const struct word roles[] = {
		{ "running", BFP_ROLE_RUNNING }, { "blank", BFP_ROLE_BLANK },
		{ "uploader", BFP_ROLE_UPLOADER }, { NULL, 0 },
	};
	u32 role = 0;

	if (!key_word(c, s, "role", roles, true, &role) ||
	    !key_evidence(c, s, &id->evidence, &id->source) ||
	    !key_string(c, s, "note", false, &id->note))
		return false;
	id->role = (u8)role;
	return true;
}

static void id_emit(struct compile *c, struct ini_section *s, const struct bfp_id *id,
		    const char *label)
{
	u32 n = emit_count(&c->e, BFP_IDS);

	c->id_label = xgrow(c->id_label, n, sizeof(*c->id_label));
	c->id_label[n] = xprintf("%s", label);
	*(struct bfp_id *)emit_record(&c->e, BFP_IDS, s->line) = *id;
}

/* [usb VID:PID] */
static bool section_usb(struct compile *c, struct ini_section *s, char *args)
{
	struct bfp_id id = { .kind = BFP_ID_USB };
	struct ini_entry *bcd = key_find(s, "bcd");
	char *ids = next_word(&args);
	u32 vendor, product, lo, hi;
	u16 flags = BFP_ID_HAS_VENDOR | BFP_ID_HAS_PRODUCT;
	int end = 0;

	if (!ids || next_word(&args) || !value_usb_id(ids, &vendor, &product))
		return text_bad(c, s->line, "a USB id is written [usb VID:PID], such as [usb 067b:2507]");
	if (bcd) {
		if ((sscanf(bcd->value, "%4x-%4x%n", &lo, &hi, &end) != 2 ||
		     strlen(bcd->value) != 9 || end != 9) &&
		    (strlen(bcd->value) != 4 || sscanf(bcd->value, "%4x%n", &lo, &end) != 1 ||
		     end != 4))
			return text_bad(c, bcd->line, "bcd is '%s', expected four digits, or a range such as 0001-0100",
					bcd->value);
		if (strlen(bcd->value) == 4)
			hi = lo;
		flags |= BFP_ID_HAS_REVISION;
		id.rev_lo = cpu_to_le32(lo);
		id.rev_hi = cpu_to_le32(hi);
	}
	id.vendor = cpu_to_le32(vendor);
	id.product = cpu_to_le32(product);
	id.flags = cpu_to_le16(flags);
	if (!id_common(c, s, &id))
		return false;
	id_emit(c, s, &id, ids);
	return keys_done(c, s, "bcd, role, evidence, source, note");
}

/* [ieee1394 NAME] */
static bool section_1394(struct compile *c, struct ini_section *s, char *args)
{
	struct bfp_id id = { .kind = BFP_ID_1394 };
	struct ini_entry *revision = key_find(s, "revision");
	char *name = next_word(&args);
	u64 vendor = 0, model = 0, value = 0, mask = 0;
	u16 flags = 0;

	if (!name || next_word(&args))
		return text_bad(c, s->line, "an id of a config ROM is written [ieee1394 NAME]");
	if (!key_number(c, s, "vendor", 0xffffff, false, &vendor) ||
	    !key_number(c, s, "model", 0xffffff, false, &model))
		return false;
	if (key_find(s, "vendor"))
		flags |= BFP_ID_HAS_VENDOR;
	if (key_find(s, "model"))
		flags |= BFP_ID_HAS_PRODUCT;
	if (revision) {
		flags |= BFP_ID_HAS_REVISION;
		if (!value_masked(c, revision->line, "revision", revision->value, 0xffffff,
				  &value, &mask))
			return false;
	}
	id.flags = cpu_to_le16(flags);
	id.vendor = cpu_to_le32((u32)vendor);
	id.product = cpu_to_le32((u32)model);
	id.rev_lo = cpu_to_le32((u32)value);
	id.rev_hi = cpu_to_le32((u32)mask);
	if (!id_common(c, s, &id))
		return false;
	id_emit(c, s, &id, name);
	return keys_done(c, s, "vendor, model, revision, role, evidence, source, note");
}

/* [quadlet ADDRESS] */
static bool section_quadlet(struct compile *c, struct ini_section *s, char *args)
{
	struct bfp_id id = { .kind = BFP_ID_QUADLET };
	struct ini_entry *entry;
	char *text = next_word(&args);
	u64 address, value, mask;

	if (!text || next_word(&args))
		return text_bad(c, s->line, "the id of a node without config ROM is written [quadlet ADDRESS]");
	if (!value_number(c, s->line, "address", text, (1ULL << 48) - 1, &address) ||
	    !key_need(c, s, "value", &entry) ||
	    !value_masked(c, entry->line, "value", entry->value, 0xffffffff, &value, &mask))
		return false;
	id.address = cpu_to_le64(address);
	id.value = cpu_to_le32((u32)value);
	id.mask = cpu_to_le32((u32)mask);
	if (!id_common(c, s, &id))
		return false;
	id_emit(c, s, &id, text);
	return keys_done(c, s, "value, role, evidence, source, note");
}

/* Kinds of sections, in the order in which they need one another. */
static const struct {
	const char *name;
	bool (*run)(struct compile *c, struct ini_section *s, char *args);
} kinds[] = {
	{ "chip", section_chip },
	{ "usb", section_usb },
	{ "ieee1394", section_1394 },
	{ "quadlet", section_quadlet },
	{ "memory", section_memory },
	{ "operation", section_operation },
	{ "rule", section_rule },
	{ "field", section_field },
};

static bool kinds_known(struct compile *c)
{
	int chip = 0;
	size_t i, k;

	for (i = 0; i < c->ini.sections; i++) {
		const char *title = c->ini.section[i].title;
		size_t len = strcspn(title, " \t");

		for (k = 0; k < ARRAY_SIZE(kinds); k++)
			if (strlen(kinds[k].name) == len && !strncmp(kinds[k].name, title, len))
				break;
		if (k == ARRAY_SIZE(kinds))
			return text_bad(c, c->ini.section[i].line, "[%s] is no section, expected one that begins with chip, usb, ieee1394, quadlet, memory, operation, rule or field",
					title);
		if (!k && chip)
			return text_bad(c, c->ini.section[i].line, "[chip] stands there twice, first in line %d",
					chip);
		if (!k)
			chip = c->ini.section[i].line;
	}
	return chip || text_bad(c, 1, "there is no [chip] section");
}

static bool run_sections(struct compile *c)
{
	size_t i, k;
	char *title, *args;
	bool ok = true;

	for (k = 0; ok && k < ARRAY_SIZE(kinds); k++) {
		for (i = 0; ok && i < c->ini.sections; i++) {
			title = xprintf("%s", c->ini.section[i].title);
			args = title;
			if (!strcmp(next_word(&args), kinds[k].name))
				ok = kinds[k].run(c, &c->ini.section[i], args);
			free(title);
		}
	}
	return ok;
}

/* What bfp_check() found, with the line that the record came from. */
static bool check(struct compile *c, void **out, size_t *len)
{
	struct bfp_error e = { .table = BFP_NTABLES };
	struct bfp p;
	int line = 0;

	emit_finish(&c->e, out, len);
	if (!bfp_check(&p, *out, *len, &e))
		return true;
	free(*out);
	*out = NULL;
	*len = 0;
	if (e.table < BFP_NTABLES && e.index < c->e.table[e.table].count)
		line = c->e.table[e.table].line[e.index];
	else if (c->ini.sections)
		line = c->ini.section[0].line;
	return text_bad(c, line, "%s", e.text);
}

/**
 * profile_compile_text() - turn text into a compiled profile
 * @file: what messages call it
 * @text: the text
 * @text_len: its bytes
 * @out: gets the compiled profile; the caller frees it
 * @len: gets its bytes
 * @err: gets "FILE:LINE: what is wrong, what was expected"
 * @errlen: how much fits there
 *
 * Return: 0, or -1 with @err filled in and @out NULL.
 */
int profile_compile_text(const char *file, const char *text, size_t text_len,
			 void **out, size_t *len, char *err, size_t errlen)
{
	struct compile c = { .file = file, .err = err, .errlen = errlen };
	struct ini_error e;
	bool ok;
	u32 i;

	*out = NULL;
	*len = 0;
	if (text_len > PROFILE_TEXT_MAX)
		return text_bad(&c, 0, "%zu bytes are too many for a profile, %d are possible",
				text_len, PROFILE_TEXT_MAX) ? 0 : -1;
	if (ini_file_read(&c.ini, text, text_len, &e))
		return text_bad(&c, e.line, "%s", e.text) ? 0 : -1;
	emit_init(&c.e);
	ok = kinds_known(&c) && run_sections(&c) && check(&c, out, len);
	for (i = 0; i < emit_count(&c.e, BFP_IDS); i++)
		free(c.id_label[i]);
	free(c.id_label);
	emit_free(&c.e);
	ini_file_free(&c.ini);
	return ok ? 0 : -1;
}

static bool read_all(struct compile *c, const char *path, char **text, size_t *len)
{
	FILE *f = fopen(path, "rbe");

	if (!f)
		return text_bad(c, 0, "cannot be opened: %s", strerror(errno));
	*text = xalloc(PROFILE_TEXT_MAX + 1);
	*len = fread(*text, 1, PROFILE_TEXT_MAX + 1, f);
	if (!ferror(f)) {
		fclose(f);
		return true;
	}
	text_bad(c, 0, "cannot be read: %s", strerror(errno));
	fclose(f);
	free(*text);
	return false;
}

/* NAME.profile must hold the profile NAME: it is looked for by that name later. */
static bool name_agrees(struct compile *c, const char *path, const void *bin)
{
	const char *base = strrchr(path, '/');
	const struct bfp p = { .base = bin };
	const char *name = bfp_string(&p, bfp_header(&p)->name);
	size_t len;

	base = base ? base + 1 : path;
	len = strlen(base);
	if (len < 8 || strcmp(base + len - 8, ".profile"))
		return true;
	if (strlen(name) == len - 8 && !strncmp(name, base, len - 8))
		return true;
	return text_bad(c, 0, "the profile's name is %s, so the file must be called %s.profile",
			name, name);
}

/**
 * profile_compile_file() - turn a text file into a compiled profile
 * @path: the file
 * @out: gets the compiled profile; the caller frees it
 * @len: gets its bytes
 * @err: gets "FILE:LINE: what is wrong, what was expected"
 * @errlen: how much fits there
 *
 * Return: 0, or -1 with @err filled in and @out NULL.
 */
int profile_compile_file(const char *path, void **out, size_t *len,
			 char *err, size_t errlen)
{
	struct compile c = { .file = path, .err = err, .errlen = errlen };
	size_t text_len = 0;
	char *text = NULL;
	int ret;

	*out = NULL;
	*len = 0;
	if (!read_all(&c, path, &text, &text_len))
		return -1;
	ret = profile_compile_text(path, text, text_len, out, len, err, errlen);
	free(text);
	if (!ret && !name_agrees(&c, path, *out)) {
		free(*out);
		*out = NULL;
		*len = 0;
		ret = -1;
	}
	return ret;
}
