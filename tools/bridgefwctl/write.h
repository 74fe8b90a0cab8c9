/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one way in which memories are written, for flash, restore and erase. */
#ifndef BRIDGEFWCTL_WRITE_H
#define BRIDGEFWCTL_WRITE_H

#include "access.h"
#include "boxes.h"
#include "inhibit.h"
#include "journal.h"
#include "own.h"
#include "plan.h"
#include "store.h"

/**
 * struct write - one write, from its preparation to its end
 * @a: the bridge and its memory, read
 * @o: options
 * @drives: behind the bridge
 * @records: all backups
 * @journals: all writes
 * @view: what the identity rule looks at
 * @image: what is to be written
 * @len: its bytes
 * @sha256: its hash
 * @from: where it came from, for people
 * @own: it is a backup of this very box
 * @restore: the user wants to restore
 * @erase: the memory is erased; the image is to follow, and is only looked at
 * @blank: what it holds after an erase; NULL if it needs none
 * @is_blank: it does so now
 * @previous: the kernel holds the image as `previous`
 * @consent: BRIDGEFW_CONSENT_*
 * @kept: the identity in it is the box's own from before
 * @carried: bytes of the box's own identity that went into the image
 * @plan: what will be erased and programmed
 * @planned: there is such a plan: the memory is erased before it is programmed
 * @backup: of what is there now
 * @entry: in the journal
 * @awake: keeps the system up
 */
struct write {
	struct access a;
	const struct options *o;
	struct drive_list drives;
	struct record_list records;
	struct journal_list journals;
	struct own_view view;
	u8 *image;
	u32 len;
	char sha256[SHA256_TEXT];
	char from[256];
	bool own;
	bool restore;
	bool erase;
	u8 *blank;
	bool is_blank;
	bool previous;
	u32 consent;
	bool kept;
	u32 carried;
	struct bfp_plan plan;
	bool planned;
	struct record backup;
	struct journal entry;
	struct inhibit awake;
};

/* What the memory is to hold when the job has ended. */
static inline const u8 *write_target(const struct write *w)
{
	return w->erase ? w->blank : w->image;
}

/* What is done, as the journal calls it, and as people do. */
static inline const char *write_job(const struct write *w)
{
	return w->erase ? "erase" : w->restore ? "restore" : "write";
}

static inline const char *write_doing(const struct write *w)
{
	return w->erase ? "erasing" : w->restore ? "restoring" : "writing";
}

/* write.c */
int write_open(struct write *w, const char *selector, const struct options *o,
	       struct bfw_error *e);
int write_look(struct write *w, struct bfw_error *e);
int write_do(struct write *w, struct bfw_error *e);
void write_close(struct write *w);

/* identity.c */
int identity_keep(struct write *w, struct bfw_error *e);
void identity_erased(struct write *w);

/* plan.c */
void plan_find(struct write *w);
void plan_show(struct write *w);
int plan_askable(struct write *w, struct bfw_error *e);
int plan_confirm(struct write *w, struct bfw_error *e);

/* outcome.c */
int outcome_tell(struct write *w, const struct bridgefw_status *s, struct bfw_error *e);
void outcome_unseen(struct write *w, struct bfw_error *e);

/* ask.c */
bool ask_possible(void);
bool ask_yes(const char *question);
int ask_number(const char *question, unsigned int most);

#endif
