// SPDX-License-Identifier: GPL-2.0-or-later
/* What a write does to a memory, in words and for scripts. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "planview.h"
#include "state.h"
#include "text.h"

#define SHOWN_ROWS	32

/**
 * change_text() - what happens to a sector, for people
 * @change: what
 */
const char *change_text(enum bfp_change change)
{
	switch (change) {
	case BFP_PROGRAM:
		return "programmed only";
	case BFP_ERASE:
		return "erased";
	case BFP_REWRITE:
		return "erased and programmed";
	default:
		return "same";
	}
}

static const char *change_word(enum bfp_change change)
{
	static const char *const words[] = { "same", "program", "erase", "rewrite" };

	return words[change];
}

/**
 * plan_work() - what there is to do, as a sentence without its end
 * @plan: the plan
 * @out: the sentence
 * @room: size of @out
 */
void plan_work(const struct bfp_plan *plan, char *out, size_t room)
{
	u32 sectors = bfp_sector_count(plan->p, plan->memory);

	out[0] = '\0';
	if (plan->erase_all)
		text_add(out, room, "erase everything (%u bytes)", plan->erase_bytes);
	else if (plan->erases)
		text_add(out, room, "erase %u of %u sectors (%u bytes)", plan->erases, sectors,
			 plan->erase_bytes);
	else
		text_add(out, room, "erase nothing");
	if (plan->program_bytes)
		text_add(out, room, ", program %u bytes", plan->program_bytes);
	else
		text_add(out, room, ", program nothing");
}

/* The two ends of the final part; the same, if it is one sector. */
static void final_ends(const struct bfp_plan *plan, struct bfp_plan_at *first,
		       struct bfp_plan_at *last)
{
	struct bfp_plan_at at = { 0 };

	memset(first, 0, sizeof(*first));
	memset(last, 0, sizeof(*last));
	while (bfp_plan_next(plan, &at)) {
		if (at.final && !first->sector.size)
			*first = at;
		if (at.final)
			*last = at;
	}
}

/**
 * plan_final() - the part of a plan in which a power cut is final
 * @plan: the plan
 * @out: a sentence that names it; "" if there is none
 * @room: size of @out
 */
void plan_final(const struct bfp_plan *plan, char *out, size_t room)
{
	struct bfp_plan_at first, last;

	out[0] = '\0';
	if (!plan->final)
		return;
	final_ends(plan, &first, &last);
	if (plan->erase_all)
		text_add(out, room, "From the erase of everything");
	else
		text_add(out, room, "From the %s sector %u (0x%04x%s)",
			 first.erase ? "erase of" : "first byte programmed in",
			 first.sector.number, first.sector.offset,
			 first.boot ? ", which makes the chip boot" : "");
	if (!last.sector.size)
		text_add(out, room, " to its end");
	else if (!plan->erase_all && first.position == last.position)
		text_add(out, room, last.change == BFP_ERASE ? " to its end" :
			 " until its last byte is programmed");
	else
		text_add(out, room, last.change == BFP_ERASE ? " until sector %u is erased" :
			 " until the last byte of sector %u is programmed",
			 last.sector.number);
	text_add(out, room, ", a power cut or unplug is FINAL: nothing is known that reaches this chip again without valid firmware.");
}

static u32 differing(const struct bfp_plan *plan, const struct bfp_sector *s)
{
	u32 i, n = 0;

	for (i = s->offset; i < s->offset + s->size; i++)
		n += !plan->old || plan->old[i] != plan->new[i];
	return n;
}

static bool is_boot(const struct bfp_plan *plan, const struct bfp_sector *s)
{
	return plan->boot.size && plan->boot.offset == s->offset;
}

/* Sectors beside each other to which the same happens. */
struct row {
	struct bfp_sector first;
	u32 last;
	u32 end;
	u32 bytes;
	enum bfp_change change;
	bool boot;
};

/* Returns how many sectors it did not show: too many rows are no help. */
static u32 add_row(struct table *t, const struct row *r, u32 *rows)
{
	char numbers[32], range[40], bytes[16], *change;

	if (r->change == BFP_SAME)
		return 0;
	if ((*rows)++ >= SHOWN_ROWS)
		return r->last - r->first.number + 1;
	snprintf(numbers, sizeof(numbers), r->last > r->first.number ? "%u..%u" : "%u",
		 r->first.number, r->last);
	snprintf(range, sizeof(range), "0x%04x..0x%04x", r->first.offset, r->end - 1);
	snprintf(bytes, sizeof(bytes), "%u", r->bytes);
	change = xprintf("%s%s", change_text(r->change), r->boot ? ", boot sector" : "");
	table_add(t, (const char *[]){ numbers, range, bytes, change });
	free(change);
	return 0;
}

/**
 * say_sectors() - list the sectors that change
 * @plan: the plan
 */
void say_sectors(const struct bfp_plan *plan)
{
	static const char *const heads[] = { "SECTOR", "RANGE", "DIFFER", "CHANGE" };
	struct table *t = table_new(heads, ARRAY_SIZE(heads));
	struct row row = { .change = BFP_SAME };
	struct bfp_sector s;
	u32 rows = 0, hidden = 0;
	bool more;

	for (more = !bfp_sector_at(plan->p, plan->memory, 0, &s); more;
	     more = bfp_sector_next(plan->p, plan->memory, &s)) {
		enum bfp_change change = bfp_plan_change(plan, &s);

		if (row.change != change || row.boot || is_boot(plan, &s)) {
			hidden += add_row(t, &row, &rows);
			row = (struct row){ .first = s, .change = change,
					    .boot = is_boot(plan, &s) };
		}
		row.last = s.number;
		row.end = s.offset + s.size;
		row.bytes += differing(plan, &s);
	}
	hidden += add_row(t, &row, &rows);
	table_say(t);
	if (hidden)
		say("and %u more\n", hidden);
}

static struct json_object *number_json(u32 n)
{
	return json_object_new_int64(n);
}

static struct json_object *sectors_json(const struct bfp_plan *plan)
{
	struct json_object *all = json_object_new_array();
	struct bfp_sector s;
	bool more;

	for (more = !bfp_sector_at(plan->p, plan->memory, 0, &s); more;
	     more = bfp_sector_next(plan->p, plan->memory, &s)) {
		enum bfp_change change = bfp_plan_change(plan, &s);
		struct json_object *o;

		if (change == BFP_SAME)
			continue;
		o = json_object_new_object();
		json_object_object_add(o, "sector", number_json(s.number));
		json_object_object_add(o, "offset", number_json(s.offset));
		json_object_object_add(o, "size", number_json(s.size));
		json_put_text(o, "change", change_word(change));
		json_object_object_add(o, "differ", number_json(differing(plan, &s)));
		json_object_object_add(o, "boot", json_object_new_boolean(is_boot(plan, &s)));
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *order_json(const struct bfp_plan *plan)
{
	struct json_object *all = json_object_new_array();
	struct bfp_plan_at at = { 0 };

	while (bfp_plan_next(plan, &at))
		json_object_array_add(all, number_json(at.sector.number));
	return all;
}

static struct json_object *final_json(const struct bfp_plan *plan)
{
	struct json_object *o;
	char text[400];

	if (!plan->final)
		return NULL;
	o = json_object_new_object();
	json_object_object_add(o, "first", number_json(plan->final_first));
	json_object_object_add(o, "last", number_json(plan->final_last));
	plan_final(plan, text, sizeof(text));
	json_put_text(o, "text", text);
	return o;
}

/**
 * plan_json() - a plan for scripts
 * @plan: the plan
 *
 * "sectors" has those that change, in order of address; "order" their numbers in
 * the order of work; "final" the positions in it at which a power cut is final.
 *
 * Return: an object; the caller drops it
 */
struct json_object *plan_json(const struct bfp_plan *plan)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "sector_count",
			       number_json(bfp_sector_count(plan->p, plan->memory)));
	json_object_object_add(o, "boot_sector", plan->boot.size ?
			       number_json(plan->boot.number) : NULL);
	json_object_object_add(o, "erase_all", json_object_new_boolean(plan->erase_all));
	json_object_object_add(o, "erases", number_json(plan->erases));
	json_object_object_add(o, "erase_bytes", number_json(plan->erase_bytes));
	json_object_object_add(o, "programs", number_json(plan->programs));
	json_object_object_add(o, "program_bytes", number_json(plan->program_bytes));
	json_object_object_add(o, "sectors", sectors_json(plan));
	json_object_object_add(o, "order", order_json(plan));
	json_object_object_add(o, "final", final_json(plan));
	return o;
}

/**
 * regions_find() - bytes that belong to the box, and whether they differ
 * @p: checked profile
 * @memory: index of the memory
 * @old: one content
 * @old_len: its bytes
 * @new: the other one
 * @new_len: its bytes; what one of them does not reach is left out
 * @out: the regions; the caller frees them
 *
 * Return: how many
 */
size_t regions_find(const struct bfp *p, u32 memory, const u8 *old, u32 old_len,
		    const u8 *new, u32 new_len, struct region **out)
{
	const struct bfp_rule *r = bfp_rules(p);
	u32 i, len = old_len < new_len ? old_len : new_len;
	struct region *v = NULL;
	size_t n = 0;

	for (i = 0; i < bfp_count(p, BFP_RULES); i++, r++) {
		u32 offset = le32_to_cpu(r->offset), length = le32_to_cpu(r->length);

		if (r->memory != memory || offset > len || length > len - offset ||
		    (r->kind != BFP_RULE_IDENTITY && r->kind != BFP_RULE_KEEP))
			continue;
		v = xgrow(v, n, sizeof(*v));
		v[n++] = (struct region){
			.rule = bfp_string(p, r->name), .identity = r->kind == BFP_RULE_IDENTITY,
			.offset = offset, .length = length,
			.differs = memcmp(old + offset, new + offset, length),
		};
	}
	*out = v;
	return n;
}

/**
 * say_regions() - tell whether bytes that belong to the box differ
 * @v: the regions
 * @n: how many
 */
void say_regions(const struct region *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		say("  %s %s, 0x%04x..0x%04x: %s\n",
		    v[i].identity ? "the box's identity," : "bytes that must stay,", v[i].rule,
		    v[i].offset, v[i].offset + v[i].length - 1,
		    v[i].differs ? "differs" : "the same");
}

/**
 * regions_json() - the same for scripts
 * @v: the regions
 * @n: how many
 *
 * Return: an array; the caller drops it
 */
struct json_object *regions_json(const struct region *v, size_t n)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_new_object();

		json_put_text(o, "rule", v[i].rule);
		json_put_text(o, "kind", v[i].identity ? "identity" : "keep");
		json_object_object_add(o, "offset", number_json(v[i].offset));
		json_object_object_add(o, "length", number_json(v[i].length));
		json_object_object_add(o, "differs", json_object_new_boolean(v[i].differs));
		json_object_array_add(all, o);
	}
	return all;
}
