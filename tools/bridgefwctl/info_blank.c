// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl info: a box without firmware, and what its owner can do */
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "info_blank.h"
#include "needs.h"
#include "output.h"
#include "profiles.h"
#include "show.h"

#define NEEDED	BFP_TRACED	/* below that nothing is written: the user guide says so */

static void line(const char *text)
{
	char head[32];

	snprintf(head, sizeof(head), "  %-16s ", "");
	say_line(head, text);
}

/* The memory that firmware can be put into, and how well that is known; -1: it is not */
static int firmware_memory(const struct bfp *p, u8 *evidence)
{
	u32 m, i;

	for (m = 0; m < bfp_count(p, BFP_MEMORIES); m++) {
		const struct bfp_operation *op;

		if (bfp_write_lacks(p, m))
			continue;
		*evidence = BFP_DOCUMENTED;
		for (i = 0; (op = bfp_write_op(p, m, i)); i++)
			if (op->evidence < *evidence)
				*evidence = op->evidence;
		return m;
	}
	return -1;
}

static void show_way(const struct bridge *b, const struct bfp *p)
{
	char place[80], text[512];
	u8 evidence = 0;
	int m = firmware_memory(p, &evidence);

	place_of(b, place, sizeof(place));
	if (m < 0)
		snprintf(text, sizeof(text),
			 "what is public of this chip is not enough to give it firmware, so nothing is sent to it; its maker's own update program can");
	else if (evidence < NEEDED)
		snprintf(text, sizeof(text),
			 "how it gets firmware is only %s, so nothing is sent to it; its maker's own update program can",
			 bfp_evidence_name(evidence));
	else if (bfp_find_operation(p, BFP_OP_READ, m))
		snprintf(text, sizeof(text),
			 "`bridgefwctl restore %s` writes a backup of this box, `bridgefwctl flash %s FILE` an image for this chip",
			 place, place);
	else
		snprintf(text, sizeof(text),
			 "`bridgefwctl flash %s FILE` gives it firmware: an image for this very chip; try it with --dry-run first",
			 place);
	line(text);
}

/**
 * show_blank() - explain a box without firmware; other boxes need no explanation
 * @b: the bridge
 *
 * On FireWire nothing else on the system tells of such a box.
 */
void show_blank(const struct bridge *b)
{
	struct bfw_error ignored = {};
	struct profile_file f;

	if (strcmp(b->state, "blank"))
		return;
	line(strcmp(b->bus, "1394") ?
	     "no firmware runs in its chip, so it shows no drive" :
	     "no firmware runs in its chip: it has no configuration ROM, so the system makes no device of it and shows no drive");
	line("the drive behind it is most likely untouched: taken out, it can be read in another enclosure or computer, unless the box encrypted it");
	if (profile_open(&f, b->profile, &ignored)) {
		bfw_error_clear(&ignored);
		return;
	}
	show_way(b, &f.p);
	profile_close(&f);
}
