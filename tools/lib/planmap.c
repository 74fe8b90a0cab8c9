// SPDX-License-Identifier: GPL-2.0-or-later
/* A picture of a memory: which sectors stay, and what happens to the others. */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "planview.h"

#define LINE_CELLS	64	/* columns that cells may take */
#define CELLS_MOST	256	/* a part with more sectors has several in a cell */

/* What stands in a cell besides its change, from the top. */
#define MARK_BOOT	1
#define MARK_IDENTITY	2
#define MARK_KEEP	4

static const struct {
	u8 bit;
	char letter;
	const char *text;
} marks[] = {
	{ MARK_BOOT, 'B', "makes the chip boot" },
	{ MARK_IDENTITY, 'I', "has the box's serial or GUID" },
	{ MARK_KEEP, 'K', "has bytes that must stay" },
};

static const struct {
	const char *plain;
	const char *drawn;
	const char *colour;
} looks[] = {
	[BFP_SAME] = { ".", "\xc2\xb7", "" },
	[BFP_PROGRAM] = { "+", "\xe2\x96\x92", "\033[33m" },
	[BFP_ERASE] = { "-", "\xe2\x96\x91", "\033[36m" },
	[BFP_REWRITE] = { "#", "\xe2\x96\x88", "\033[31m" },
};

struct cell {
	u32 offset;
	enum bfp_change change;
	u8 marks;
};

struct map {
	struct cell cells[CELLS_MOST];
	u32 count;
	u32 per_cell;	/* sectors */
	u32 columns;	/* of each cell, with the gap behind it */
	u8 marks;	/* all that occur */
};

/**
 * map_style_find() - what can be shown where the output goes
 * @s: filled in
 * @ascii: the user wants nothing but ASCII
 */
void map_style_find(struct map_style *s, bool ascii)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");

	s->ascii = ascii || !locale || strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	s->colour = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") &&
		    !(no_colour && *no_colour);
	if (locale)
		freelocale(locale);
}

static u8 marks_of(const struct bfp_plan *plan, const struct bfp_sector *s)
{
	const struct bfp_rule *r = bfp_rules(plan->p);
	u8 found = 0;
	u32 i;

	if (plan->boot.size && plan->boot.offset == s->offset)
		found = MARK_BOOT;
	for (i = 0; i < bfp_count(plan->p, BFP_RULES); i++, r++) {
		u32 from = le32_to_cpu(r->offset), to = from + le32_to_cpu(r->length);

		if (r->memory != plan->memory || from >= s->offset + s->size || to <= s->offset)
			continue;
		if (r->kind == BFP_RULE_IDENTITY)
			found |= MARK_IDENTITY;
		else if (r->kind == BFP_RULE_KEEP)
			found |= MARK_KEEP;
	}
	return found;
}

static void fill(struct map *map, const struct bfp_plan *plan)
{
	u32 sectors = bfp_sector_count(plan->p, plan->memory);
	struct bfp_sector s;
	struct cell *c;
	bool more;

	memset(map, 0, sizeof(*map));
	map->per_cell = (sectors + CELLS_MOST - 1) / CELLS_MOST;
	map->count = (sectors + map->per_cell - 1) / map->per_cell;
	map->columns = map->count > 32 ? 1 : map->count > 16 ? 2 : 4;
	for (more = !bfp_sector_at(plan->p, plan->memory, 0, &s); more;
	     more = bfp_sector_next(plan->p, plan->memory, &s)) {
		enum bfp_change change = bfp_plan_change(plan, &s);

		c = &map->cells[s.number / map->per_cell];
		if (s.number % map->per_cell == 0)
			c->offset = s.offset;
		/* of several sectors the one counts to which most is done */
		if (change > c->change)
			c->change = change;
		c->marks |= marks_of(plan, &s);
		map->marks |= c->marks;
	}
}

static void say_change(enum bfp_change change, u32 columns, const struct map_style *s)
{
	bool colour = s->colour && looks[change].colour[0];
	u32 i;

	if (colour)
		say("%s", looks[change].colour);
	for (i = 0; i < columns; i++)
		say("%s", s->ascii ? looks[change].plain : looks[change].drawn);
	if (colour)
		say("\033[0m");
}

static u32 glyphs(const struct map *map)
{
	return map->columns > 1 ? map->columns - 1 : 1;
}

/* A letter under each cell of a line that has one of the marks in @mask. */
static void say_marks(const struct map *map, u32 first, u32 end, u8 mask)
{
	u32 i, behind = 0;
	size_t k;

	for (i = first; i < end; i++)
		if (map->cells[i].marks & mask)
			behind = i + 1;
	if (!behind)
		return;
	say("    %8s  ", "");
	for (i = first; i < behind; i++) {
		char letter = ' ';

		for (k = 0; k < ARRAY_SIZE(marks); k++)
			if (map->cells[i].marks & mask & marks[k].bit)
				letter = marks[k].letter;
		say("%*s%c", i > first ? (int)map->columns - 1 : 0, "", letter);
	}
	say("\n");
}

/* One line for all marks, if no cell has several of them. */
static void say_all_marks(const struct map *map, u32 first, u32 end)
{
	u8 seen;
	size_t k;
	u32 i;

	for (i = first; i < end; i++) {
		seen = map->cells[i].marks;
		if (seen & (seen - 1))
			break;
	}
	if (i == end) {
		say_marks(map, first, end, (u8)~0);
		return;
	}
	for (k = 0; k < ARRAY_SIZE(marks); k++)
		say_marks(map, first, end, marks[k].bit);
}

static void say_legend(const struct map *map, const struct map_style *s)
{
	static const char *const words[] = {
		[BFP_SAME] = "same", [BFP_PROGRAM] = "programmed", [BFP_ERASE] = "erased",
		[BFP_REWRITE] = "erased and programmed",
	};
	size_t i;

	say("    ");
	for (i = 0; i < ARRAY_SIZE(looks); i++) {
		say_change((enum bfp_change)i, 1, s);
		say(" %s%s", words[i], i + 1 < ARRAY_SIZE(looks) ? "   " : "\n");
	}
	for (i = 0; i < ARRAY_SIZE(marks); i++)
		if (map->marks & marks[i].bit)
			say("    %c %s\n", marks[i].letter, marks[i].text);
	if (map->per_cell > 1)
		say("    %u sectors in each place\n", map->per_cell);
}

/**
 * say_map() - draw what happens to which sectors of a memory
 * @plan: the plan
 * @s: what it may be made of
 */
void say_map(const struct bfp_plan *plan, const struct map_style *s)
{
	u32 per_line, first, i;
	struct map map;

	fill(&map, plan);
	per_line = LINE_CELLS / map.columns;
	for (first = 0; first < map.count; first += per_line) {
		u32 end = first + per_line < map.count ? first + per_line : map.count;

		say("    0x%06x  ", map.cells[first].offset);
		for (i = first; i < end; i++) {
			say_change(map.cells[i].change, glyphs(&map), s);
			if (map.columns > 1 && i + 1 < end)
				say(" ");
		}
		say("\n");
		say_all_marks(&map, first, end);
	}
	say_legend(&map, s);
}
