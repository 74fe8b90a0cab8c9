/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a write does to a memory, shown before it is done. */
#ifndef BRIDGEFW_LIB_PLANVIEW_H
#define BRIDGEFW_LIB_PLANVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "plan.h"

struct json_object;

/**
 * struct map_style - what the picture of a memory may be made of
 * @ascii: only characters that each terminal has
 * @colour: the terminal can show colours
 */
struct map_style {
	bool ascii;
	bool colour;
};

/* planmap.c */
void map_style_find(struct map_style *s, bool ascii);
void say_map(const struct bfp_plan *plan, const struct map_style *s);

/* planview.c */
const char *change_text(enum bfp_change change);
void plan_work(const struct bfp_plan *plan, char *out, size_t room);
void plan_final(const struct bfp_plan *plan, char *out, size_t room);
void say_sectors(const struct bfp_plan *plan);
struct json_object *plan_json(const struct bfp_plan *plan);

/**
 * struct region - bytes of a memory that belong to the box
 * @rule: the rule that says so
 * @identity: its serial or GUID; else bytes that must stay as they are
 * @offset: of the first
 * @length: how many
 * @differs: the two contents do not agree there
 */
struct region {
	const char *rule;
	bool identity;
	u32 offset;
	u32 length;
	bool differs;
};

size_t regions_find(const struct bfp *p, u32 memory, const u8 *old, u32 old_len,
		    const u8 *new, u32 new_len, struct region **out);
void say_regions(const struct region *v, size_t n);
struct json_object *regions_json(const struct region *v, size_t n);

#endif
