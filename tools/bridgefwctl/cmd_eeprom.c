// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl eeprom show: the bytes, and what the profile knows of them */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "access.h"
#include "file.h"
#include "image.h"
#include "output.h"
#include "show.h"
#include "state.h"

#define FILE_MOST	(16 * 1024 * 1024)

static char *hex_of(const u8 *data, u32 len)
{
	char *out = xalloc(2 * (size_t)len + 1);
	u32 i;

	for (i = 0; i < len; i++)
		sprintf(out + 2 * i, "%02x", data[i]);
	return out;
}

static struct json_object *field_json(const struct bfp *p, const struct bfp_field *f,
				      const char *value)
{
	struct json_object *o = json_object_new_object();

	json_put_text(o, "name", bfp_string(p, f->name));
	json_put_text(o, "title", bfp_string(p, f->title));
	json_object_object_add(o, "offset", json_object_new_int64(le32_to_cpu(f->offset)));
	json_object_object_add(o, "length", json_object_new_int64(le32_to_cpu(f->length)));
	json_put_text(o, "value", value);
	json_put_text(o, "evidence", bfp_evidence_name(f->evidence));
	json_put_text(o, "source", bfp_string(p, f->source));
	return o;
}

static void show_fields(const struct bfp *p, u32 memory, const u8 *data, u32 len)
{
	static const char *const heads[] = { "OFFSET", "FIELD", "VALUE", "EVIDENCE" };
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	struct json_object *all = json_object_new_array();
	const struct bfp_field *f = bfp_fields(p);
	u32 i, n = bfp_count(p, BFP_FIELDS), shown = 0;

	for (i = 0; i < n; i++) {
		u32 from = le32_to_cpu(f[i].offset), many = le32_to_cpu(f[i].length);
		char value[512] = "not there: the content ends before it", where[32];

		if (f[i].of_memory != memory)
			continue;
		if (from <= len && many <= len - from)
			bfp_field_format(p, &f[i], data, len, value, sizeof(value));
		text_clean(value);
		snprintf(where, sizeof(where), "0x%04x..0x%04x", from, from + many - 1);
		table_add(t, (const char *[]){
			where, field_title(p, &f[i]), value,
			bfp_evidence_name(f[i].evidence) });
		json_object_array_add(all, field_json(p, &f[i], value));
		shown++;
	}
	doc_add("fields", all);
	if (shown) {
		say("\n");
		table_say(t);
	} else {
		table_drop(t);
	}
}

static void show_validity(const struct bfp *p, u32 memory, const u8 *data, u32 len)
{
	struct bfp_error why = {};
	bool valid = !bfp_content_check(p, memory, data, len, &why);

	doc_bool("valid", valid);
	if (valid) {
		say("\nBy the rules of the profile %s this is a valid content.\n", profile_name(p));
		return;
	}
	doc_text("invalid_why", why.text);
	say("\nBy the rules of the profile %s this is not a valid content:\n%s\n",
	    profile_name(p), why.text);
}

static void show(const u8 *data, u32 len, const struct profile_file *f, int memory)
{
	char sha256[SHA256_TEXT], *hex = hex_of(data, len);

	sha256_text(data, len, sha256);
	doc_number("bytes", len);
	doc_text("sha256", sha256);
	doc_text("data", hex);
	free(hex);
	say_hex(data, len);
	if (!f || memory < 0) {
		say("\nWhat these bytes mean is not known here: no profile was named.\n");
		return;
	}
	doc_text("profile", profile_name(&f->p));
	show_fields(&f->p, memory, data, len);
	show_validity(&f->p, memory, data, len);
}

/* The memory of a profile that a file is a content of: the named one, or an EEPROM, or any. */
static int memory_of(const struct bfp *p, const char *name)
{
	const struct bfp_memory *m = bfp_memories(p);
	u32 i, n = bfp_count(p, BFP_MEMORIES);

	if (name)
		return bfp_find_memory(p, name);
	for (i = 0; i < n; i++)
		if (m[i].kind == BFP_EEPROM)
			return i;
	return n ? 0 : -1;
}

static int show_file(const char *path, const struct options *o, struct bfw_error *e)
{
	struct profile_file f;
	size_t len;
	u8 *data;

	if (file_read(path, FILE_MOST, &data, &len, e))
		return -1;
	if (o->profile && profile_open(&f, o->profile, e)) {
		free(data);
		return -1;
	}
	doc_text("file", path);
	show(data, len, o->profile ? &f : NULL, o->profile ? memory_of(&f.p, o->memory) : -1);
	if (o->profile)
		profile_close(&f);
	free(data);
	return 0;
}

static int show_device(const char *selector, const struct options *o, struct bfw_error *e)
{
	struct profile_file f = {};
	struct access a;
	int ret;

	if (o->profile && profile_open(&f, o->profile, e))
		return -1;
	ret = access_open(&a, selector, o, false, e);
	if (!ret) {
		ret = access_read(&a, o->repeat, e);
		doc_text("device", a.b.name);
		doc_text("memory", a.m.name);
		if (!ret && o->profile)
			show(a.present, a.len, &f, bfp_find_memory(&f.p, a.m.name));
		else if (!ret)
			show(a.present, a.len, a.profile_known ? &a.profile : NULL,
			     a.profile_memory);
		access_close(&a);
	}
	if (o->profile)
		profile_close(&f);
	return ret;
}

/**
 * cmd_eeprom_show() - bridgefwctl eeprom show
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_eeprom_show(struct options *o, struct bfw_error *e)
{
	const char *what = o->arg[0];
	struct stat st;

	if (what && !stat(what, &st) && S_ISREG(st.st_mode))
		return show_file(what, o, e);
	return show_device(what, o, e);
}
