// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl profile show: what is known of a chip, how well, and from where */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "output.h"
#include "profiles.h"
#include "show.h"
#include "state.h"
#include "text.h"

static void line(const char *title, const char *text)
{
	char head[32];

	snprintf(head, sizeof(head), "  %-10s ", title);
	say_line(head, text);
}

/* A source or a note under what it belongs to. */
static void below(const char *title, const char *text)
{
	char head[32];

	snprintf(head, sizeof(head), "      %s: ", title);
	say_line(head, text);
}

static void id_text(const struct bfp_id *id, char *out, size_t room)
{
	u16 flags = le16_to_cpu(id->flags);

	out[0] = '\0';
	if (id->kind == BFP_ID_USB) {
		text_add(out, room, "usb %04x:%04x", le32_to_cpu(id->vendor),
			 le32_to_cpu(id->product));
		if (flags & BFP_ID_HAS_REVISION)
			text_add(out, room, " bcd %04x-%04x", le32_to_cpu(id->rev_lo),
				 le32_to_cpu(id->rev_hi));
		return;
	}
	if (id->kind == BFP_ID_QUADLET) {
		text_add(out, room, "quadlet %012llx = %08x/%08x",
			 (unsigned long long)le64_to_cpu(id->address), le32_to_cpu(id->value),
			 le32_to_cpu(id->mask));
		return;
	}
	text_add(out, room, "ieee1394");
	if (flags & BFP_ID_HAS_VENDOR)
		text_add(out, room, " vendor %06x", le32_to_cpu(id->vendor));
	if (flags & BFP_ID_HAS_PRODUCT)
		text_add(out, room, " model %06x", le32_to_cpu(id->product));
	if (flags & BFP_ID_HAS_REVISION)
		text_add(out, room, " revision %06x/%08x", le32_to_cpu(id->rev_lo),
			 le32_to_cpu(id->rev_hi));
}

static void show_ids(const struct bfp *p)
{
	struct json_object *all = json_object_new_array();
	const struct bfp_id *id = bfp_ids(p);
	u32 i, n = bfp_count(p, BFP_IDS);

	say("\nrecognised by\n");
	if (!n)
		say("  nothing: `bridgefwctl attach --profile %s` says that a box has it\n",
		    profile_name(p));
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_new_object();
		char text[128];

		id_text(&id[i], text, sizeof(text));
		say("  %s, %s (%s)\n", text, bfp_role_name(id[i].role),
		    bfp_evidence_name(id[i].evidence));
		below("source", bfp_string(p, id[i].source));
		below("note", bfp_string(p, id[i].note));
		json_put_text(o, "id", text);
		json_put_text(o, "role", bfp_role_name(id[i].role));
		json_put_text(o, "evidence", bfp_evidence_name(id[i].evidence));
		json_put_text(o, "source", bfp_string(p, id[i].source));
		json_put_text(o, "note", bfp_string(p, id[i].note));
		json_object_array_add(all, o);
	}
	doc_add("ids", all);
}

static const char *interrupted_name(u8 interrupted)
{
	static const char *const names[] = { "unknown", "restorable", "mixed", "final" };

	return names[interrupted < ARRAY_SIZE(names) ? interrupted : 0];
}

static void show_memories(const struct bfp *p)
{
	struct json_object *all = json_object_new_array();
	const struct bfp_memory *m = bfp_memories(p);
	u32 i, n = bfp_count(p, BFP_MEMORIES);

	if (n)
		say("\nmemories\n");
	for (i = 0; i < n; i++) {
		u32 least = le32_to_cpu(m[i].min_size), most = le32_to_cpu(m[i].size);
		struct json_object *o = json_object_new_object();

		say("  %s: %s, ", bfp_string(p, m[i].name), bfp_memory_kind_name(m[i].kind));
		if (le16_to_cpu(m[i].flags) & BFP_MEM_LENGTH_DEVICE)
			say("%u to %u bytes, as the device says", least, most);
		else
			say("%u bytes", most);
		if (bfp_find_operation(p, BFP_OP_PROGRAM, i))
			say("; a cut write is %s\n", interrupted_name(m[i].interrupted));
		else
			say("; how it is written is not known\n");
		below("holds", bfp_string(p, m[i].holds));
		json_put_text(o, "name", bfp_string(p, m[i].name));
		json_put_text(o, "kind", bfp_memory_kind_name(m[i].kind));
		json_object_object_add(o, "size", json_object_new_int64(most));
		json_object_object_add(o, "min_size", json_object_new_int64(least));
		json_put_text(o, "interrupted", interrupted_name(m[i].interrupted));
		json_put_text(o, "holds", bfp_string(p, m[i].holds));
		json_object_array_add(all, o);
	}
	doc_add("memories", all);
}

static void transports_text(u8 transports, char *out, size_t room)
{
	u8 bit;

	out[0] = '\0';
	for (bit = BFP_TRANSPORT_SCSI; bit <= BFP_TRANSPORT_1394; bit <<= 1)
		if (transports & bit)
			text_add(out, room, "%s%s", out[0] ? " " : "", bfp_transport_name(bit));
}

static void buses_text(u8 buses, char *out, size_t room)
{
	u8 bit;

	out[0] = '\0';
	for (bit = BFP_BUS_USB; bit <= BFP_BUS_1394; bit <<= 1)
		if (buses & bit)
			text_add(out, room, "%s%s", out[0] ? " " : "", bfp_bus_name(bit));
}

/* Nothing if the state does not matter. */
static void states_text(u8 states, char *out, size_t room)
{
	u8 role;

	out[0] = '\0';
	for (role = BFP_ROLE_RUNNING; role <= BFP_ROLE_UPLOADER; role++)
		if (states != BFP_STATES_ALL && states & BFP_STATE(role))
			text_add(out, room, "%s%s", out[0] ? " " : "", bfp_role_name(role));
}

static void show_operations(const struct bfp *p)
{
	struct json_object *all = json_object_new_array();
	const struct bfp_operation *op = bfp_operations(p);
	u32 i, n = bfp_count(p, BFP_OPERATIONS);

	if (n)
		say("\noperations\n");
	else
		say("\nNo operation of this chip is known;\n"
		    "Documentation/adding-a-chip.rst tells how one is added.\n");
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_new_object();
		u32 answer_len = le32_to_cpu(op[i].answer_len);
		char name[64] = "", ways[64], buses[16], states[32], answer[3 * 32 + 8];

		if (op[i].memory != 0xff)
			text_add(name, sizeof(name), "%s.",
				 bfp_string(p, bfp_memories(p)[op[i].memory].name));
		text_add(name, sizeof(name), "%s", bfp_op_name(op[i].kind));
		transports_text(op[i].transports, ways, sizeof(ways));
		buses_text(op[i].buses, buses, sizeof(buses));
		states_text(op[i].states, states, sizeof(states));
		say("  %s: %s, over %s%s\n", name, bfp_evidence_name(op[i].evidence), ways,
		    op[i].flags & BFP_OPF_ON_REQUEST ? ", only on request" : "");
		if (op[i].transports & (BFP_TRANSPORT_SCSI | BFP_TRANSPORT_BOT))
			below("seen on", buses);
		below("only while", states);
		below("source", bfp_string(p, op[i].source));
		below("note", bfp_string(p, op[i].note));
		json_put_text(o, "name", name);
		if (answer_len) {
			text_hex(answer, sizeof(answer), bfp_blob(p, op[i].answer), answer_len);
			below("published answer", answer);
			json_put_text(o, "answer", answer);
		}
		json_put_text(o, "evidence", bfp_evidence_name(op[i].evidence));
		json_put_text(o, "transports", ways);
		json_put_text(o, "buses", buses);
		json_put_text(o, "states", states);
		json_object_object_add(o, "on_request",
				       json_object_new_boolean(op[i].flags & BFP_OPF_ON_REQUEST));
		json_put_text(o, "source", bfp_string(p, op[i].source));
		json_put_text(o, "note", bfp_string(p, op[i].note));
		json_object_array_add(all, o);
	}
	doc_add("operations", all);
}

static const char *rule_text(u8 kind)
{
	static const char *const texts[] = {
		[BFP_RULE_BYTES] = "must hold the bytes",
		[BFP_RULE_KEEP] = "must keep the device's own bytes",
		[BFP_RULE_NOT_BLANK] = "must not be all one value",
		[BFP_RULE_CHECKSUM] = "must hold the checksum",
		[BFP_RULE_IDENTITY] = "holds the box's own identity, which stays",
	};

	return kind < ARRAY_SIZE(texts) && texts[kind] ? texts[kind] : "unknown rule";
}

static void show_rules(const struct bfp *p)
{
	struct json_object *all = json_object_new_array();
	const struct bfp_rule *r = bfp_rules(p);
	u32 i, k, n = bfp_count(p, BFP_RULES);

	if (n)
		say("\nrules for images\n");
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_new_object();
		const char *memory = bfp_string(p, bfp_memories(p)[r[i].memory].name);
		u32 len = le32_to_cpu(r[i].length);
		char text[256];

		snprintf(text, sizeof(text), "%s", rule_text(r[i].kind));
		for (k = 0; r[i].kind == BFP_RULE_BYTES &&
		     k < len * le32_to_cpu(r[i].alternatives); k++)
			text_add(text, sizeof(text), "%s %02x", k && k % len == 0 ? " or" : "",
				 bfp_blob(p, r[i].bytes)[k]);
		say("  %s %s: %s", memory, bfp_string(p, r[i].name), text);
		if (r[i].kind != BFP_RULE_NOT_BLANK)
			say(" at 0x%04x", le32_to_cpu(r[i].offset));
		say(" (%s)\n", bfp_evidence_name(r[i].evidence));
		below("source", bfp_string(p, r[i].source));
		json_put_text(o, "memory", memory);
		json_put_text(o, "name", bfp_string(p, r[i].name));
		json_put_text(o, "rule", text);
		json_object_object_add(o, "offset",
				       json_object_new_int64(le32_to_cpu(r[i].offset)));
		json_object_object_add(o, "length", json_object_new_int64(len));
		json_put_text(o, "evidence", bfp_evidence_name(r[i].evidence));
		json_put_text(o, "source", bfp_string(p, r[i].source));
		json_object_array_add(all, o);
	}
	doc_add("rules", all);
}

static void show_fields(const struct bfp *p)
{
	struct json_object *all = json_object_new_array();
	const struct bfp_field *f = bfp_fields(p);
	u32 i, n = bfp_count(p, BFP_FIELDS);

	if (n)
		say("\nfields\n");
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_new_object();
		const char *of = "answer";

		if (f[i].of_memory != 0xff)
			of = bfp_string(p, bfp_memories(p)[f[i].of_memory].name);
		else if (le16_to_cpu(f[i].operation) != BFP_NONE)
			of = bfp_op_name(bfp_operations(p)[le16_to_cpu(f[i].operation)].kind);
		say("  %s %s: %s, %u bytes at 0x%04x (%s)\n", of, bfp_string(p, f[i].name),
		    field_title(p, &f[i]), le32_to_cpu(f[i].length),
		    le32_to_cpu(f[i].offset), bfp_evidence_name(f[i].evidence));
		below("source", bfp_string(p, f[i].source));
		json_put_text(o, "of", of);
		json_put_text(o, "name", bfp_string(p, f[i].name));
		json_put_text(o, "title", bfp_string(p, f[i].title));
		json_object_object_add(o, "offset",
				       json_object_new_int64(le32_to_cpu(f[i].offset)));
		json_object_object_add(o, "length",
				       json_object_new_int64(le32_to_cpu(f[i].length)));
		json_put_text(o, "evidence", bfp_evidence_name(f[i].evidence));
		json_put_text(o, "source", bfp_string(p, f[i].source));
		json_object_array_add(all, o);
	}
	doc_add("fields", all);
}

/**
 * cmd_profile_show() - bridgefwctl profile show
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_profile_show(struct options *o, struct bfw_error *e)
{
	const struct bfp_header *h;
	struct profile_file f;
	char sha256[SHA256_TEXT];

	if (profile_open(&f, o->arg[0], e))
		return -1;
	h = bfp_header(&f.p);
	sha256_text(f.data, f.len, sha256);
	say("%s\n", profile_name(&f.p));
	line("chip", bfp_string(&f.p, h->title));
	line("vendor", bfp_string(&f.p, h->vendor));
	line("recovery", bfp_recovery_name(h->recovery));
	line("note", bfp_string(&f.p, h->note));
	line("file", f.path);
	line("sha256", sha256);
	doc_text("name", profile_name(&f.p));
	doc_text("title", bfp_string(&f.p, h->title));
	doc_text("vendor", bfp_string(&f.p, h->vendor));
	doc_text("recovery", bfp_recovery_name(h->recovery));
	doc_text("note", bfp_string(&f.p, h->note));
	doc_text("path", f.path);
	doc_text("sha256", sha256);
	show_ids(&f.p);
	show_memories(&f.p);
	show_operations(&f.p);
	show_rules(&f.p);
	show_fields(&f.p);
	profile_close(&f);
	return 0;
}
