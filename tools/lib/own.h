/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which backups are those of the box at hand: the identity rule. */
#ifndef BRIDGEFW_LIB_OWN_H
#define BRIDGEFW_LIB_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"
#include "journal.h"
#include "port.h"
#include "store.h"

/* How well it is known that a backup is of this box; the better the higher. */
enum own_grade {
	OWN_NEVER,	/* of another chip or memory */
	OWN_OTHER,	/* of another box, as far as can be told */
	OWN_MOVED,	/* this box holds what was written then, but on another port */
	OWN_PORT,	/* same chip on the same port; nothing proves that it is the same box */
	OWN_SERIAL,	/* an identifying serial says so */
	OWN_WRITTEN,	/* this box holds what was written on this port then */
	OWN_REPAIR,	/* this box holds a mixture of what was written and this */
};

/**
 * struct candidate - a backup that may be restored
 * @r: the backup
 * @grade: how well it is known to be of this box
 */
struct candidate {
	const struct record *r;
	enum own_grade grade;
};

struct candidate_list {
	struct candidate *v;
	size_t n;
};

/**
 * struct own_view - what is known of the box at hand
 * @b: the bridge
 * @memory: name of the memory
 * @present: what it holds
 * @len: its bytes
 * @sha256: its hash
 * @all: all writes, the oldest first
 * @erased_by: id of the erase that is known to have left this box as it is; "" if none
 * @torn_most: bytes that an interrupted write leaves as neither the old nor the new
 *	ones, at most; 0: a page of an EEPROM
 */
struct own_view {
	const struct bridge *b;
	const char *memory;
	const u8 *present;
	u32 len;
	char sha256[SHA256_TEXT];
	const struct journal_list *all;
	char erased_by[128];
	u32 torn_most;
};

enum own_grade own_grade(const struct own_view *v, const struct record *r);
bool own_sure(enum own_grade grade);
const char *own_text(enum own_grade grade);
void own_candidates(const struct own_view *v, const struct record_list *records,
		    struct candidate_list *out);
bool own_left_over(const struct own_view *v);
bool own_mixture(const u8 *present, u32 len, const u8 *old, u32 old_len,
		 const u8 *image, u32 image_len, u32 torn_most);

#endif
