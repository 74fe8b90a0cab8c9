// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing: read twice, check, ask the kernel whether it would, back up, show
 * the plan, ask the owner, note it in the journal - and only then start the
 * kernel's job and wait for its end.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "follow.h"
#include "gate.h"
#include "image.h"
#include "output.h"
#include "reason.h"
#include "show.h"
#include "users.h"
#include "write.h"

#define READS	2	/* what the kernel insists on */

/**
 * write_open() - open what is to be written; nothing is read yet
 * @w: filled in
 * @selector: of the bridge; NULL: the only one
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int write_open(struct write *w, const char *selector, const struct options *o,
	       struct bfw_error *e)
{
	memset(w, 0, sizeof(*w));
	w->o = o;
	w->awake = INHIBIT_NONE;
	return access_open(&w->a, selector, o, true, e);
}

/**
 * write_close() - drop everything; a job that was started goes on
 * @w: the write
 */
void write_close(struct write *w)
{
	inhibit_release(&w->awake);
	access_close(&w->a);
	drive_list_free(&w->drives);
	store_list_free(&w->records);
	journal_list_free(&w->journals);
	free(w->image);
	free(w->blank);
	w->image = NULL;
	w->blank = NULL;
}

/*
 * The memory has been read: what became of writes whose end was not seen? Only
 * the last one at this port can be told from what is there now.
 */
static void settle_journal(struct write *w)
{
	struct bfw_error e = {};
	struct journal j;

	if (!journal_at(w->a.b.bus_id, w->a.b.path_id, &j) ||
	    strcmp(j.profile, w->a.b.profile) || strcmp(j.memory, w->a.m.name))
		return;
	/* another box may be plugged in there now: its content says nothing of that write */
	if (strcmp(j.serial, w->a.b.serial) && strcmp(j.new_sha256, w->a.sha256))
		return;
	if (journal_settle(&j, w->a.sha256, w->is_blank) && !given(w->o, OPTION(DRY_RUN)) &&
	    journal_write(&j, &e))
		bfw_warn("the journal could not be brought up to date: %s", e.message);
	bfw_error_clear(&e);
}

/* Memories that are erased first: what they hold then, and whether they do now. */
static void find_blank(struct write *w)
{
	const struct bfp_memory *m;

	if (!w->a.profile_known)
		return;
	m = bfp_memories(&w->a.profile.p) + w->a.profile_memory;
	if (!(le16_to_cpu(m->flags) & BFP_MEM_ERASE_FIRST))
		return;
	w->blank = xalloc(w->a.len);
	memset(w->blank, le32_to_cpu(m->erase_value), w->a.len);
	w->is_blank = !memcmp(w->blank, w->a.present, w->a.len);
}

/* From the reads that the write needs to its end; without logind it goes on as well. */
static void keep_awake(struct write *w)
{
	if (given(w->o, OPTION(DRY_RUN)))
		return;
	inhibit_hold(&w->awake, write_doing(w), w->a.m.name, w->a.b.name);
}

/* A flash loses a whole sector when its write is cut short. */
static u32 torn_most(const struct write *w)
{
	const struct bfp *p = &w->a.profile.p;
	u32 n = w->a.profile_memory, most = 0;
	struct bfp_sector s;

	if (!w->a.profile_known ||
	    !(le16_to_cpu(bfp_memories(p)[n].flags) & BFP_MEM_ERASE_FIRST) ||
	    bfp_sector_at(p, n, 0, &s))
		return 0;
	do {
		most = s.size > most ? s.size : most;
	} while (bfp_sector_next(p, n, &s));
	return most;
}

/**
 * write_look() - read what is there, if it can be read, and find out what is known of the box
 * @w: the write
 * @e: why not
 *
 * Return: 0, or -1
 */
int write_look(struct write *w, struct bfw_error *e)
{
	bool unreadable = memory_unreadable(&w->a.m);

	keep_awake(w);
	if (!unreadable && access_read(&w->a, READS, e)) {
		bfw_more(e, ". Nothing was written");
		return -1;
	}
	if (unreadable) {
		w->a.len = w->a.m.size;
	} else {
		find_blank(w);
		settle_journal(w);
	}
	drive_list_read(&w->drives, &w->a.b);
	store_list(&w->records);
	journal_all(&w->journals);
	w->view = (struct own_view){
		.b = &w->a.b,
		.memory = w->a.m.name,
		.present = w->a.present,
		.len = w->a.len,
		.all = &w->journals,
		.torn_most = torn_most(w),
	};
	text_put(w->view.sha256, sizeof(w->view.sha256), w->a.sha256);
	identity_erased(w);
	return 0;
}

/* The profile's rules, before anything is handed to the kernel: it names no bytes. */
static int check_image(struct write *w, struct bfw_error *e)
{
	const struct bfp *p = &w->a.profile.p;
	struct bfp_error why = {};
	enum bfp_verdict verdict;
	bool valid;

	if (!w->a.profile_known)
		return 0;
	/* a content that is not valid itself is no model for what must be kept */
	valid = w->a.present &&
		!bfp_content_check(p, w->a.profile_memory, w->a.present, w->a.len, NULL);
	verdict = bfp_image_check(p, w->a.profile_memory, w->image, w->len,
				  valid ? w->a.present : NULL, w->a.len, &why);
	if (verdict == BFP_IMAGE_OK)
		return 0;
	bfw_fail(e, BFW_BAD_FILE, verdict == BFP_IMAGE_SIZE ? "image-size" : "image-rule",
		 "%s: %s may not go into %s: %s", w->a.b.name, w->from, w->a.m.name, why.text);
	bfw_error_device(e, w->a.b.name);
	bfw_next(e, "Is it an image for this chip and this memory? Nothing was written.\n"
		 "`bridgefwctl profile show %s` lists the rules.", w->a.b.profile);
	return -1;
}

/* Whether it holds already what it is to hold. */
static bool is_so(const struct write *w)
{
	if (w->erase)
		return w->is_blank;
	return w->a.present && w->len == w->a.len && !memcmp(w->image, w->a.present, w->len);
}

static int nothing_to_do(struct write *w, struct bfw_error *e)
{
	if (w->erase)
		bfw_fail(e, BFW_NOTHING_TO_DO, "same", "%s: %s is blank already; nothing was erased",
			 w->a.b.name, w->a.m.name);
	else
		bfw_fail(e, BFW_NOTHING_TO_DO, "same",
			 "%s: %s holds %s already; nothing was written", w->a.b.name,
			 w->a.m.name, w->from);
	bfw_error_device(e, w->a.b.name);
	doc_text("device", w->a.b.name);
	doc_text("memory", w->a.m.name);
	doc_text("sha256", w->a.sha256);
	return -1;
}

/* Who uses the drives: the kernel knows that somebody does, not who. */
static void name_users(struct write *w, struct bfw_error *e)
{
	struct users u = {};
	size_t i;

	users_find(&u, &w->drives);
	for (i = 0; i < u.n; i++)
		bfw_more(e, "%s%s", i ? "; " : ": ", u.text[i]);
	json_object_put(e->extra);
	e->extra = json_object_new_object();
	json_object_object_add(e->extra, "users", users_json(&u));
	users_free(&u);
}

static u32 job_kind(const struct write *w)
{
	if (w->erase)
		return BRIDGEFW_JOB_ERASE;
	return w->previous ? BRIDGEFW_JOB_RESTORE : BRIDGEFW_JOB_WRITE;
}

static int start(struct write *w, u32 more_flags, struct bfw_error *e)
{
	if (!device_start(&w->a.d, job_kind(w), w->a.m.memory, w->consent | more_flags, e))
		return 0;
	if (w->a.profile_known)
		gate_explain(&w->a.profile.p, (int)w->a.profile_memory, w->a.b.name, e);
	if (!strcmp(e->reason, "in-use"))
		name_users(w, e);
	else if (!strstr(e->next, "Nothing was written") &&
		 !strstr(e->message, "Nothing was written"))
		bfw_more(e, ". Nothing was written");
	return -1;
}

static int stage(struct write *w, struct bfw_error *e)
{
	if (w->previous)
		return 0;
	return device_stage(&w->a.d, &w->a.m, w->image, w->len, e);
}

static void unstage(struct write *w)
{
	struct bfw_error ignored = {};

	if (!w->previous)
		device_stage(&w->a.d, &w->a.m, NULL, 0, &ignored);
	bfw_error_clear(&ignored);
}

/*
 * Would the kernel write it? What the owner has yet to agree to is counted as
 * agreed here; plan_confirm() asks.
 */
static int ask_kernel(struct write *w, struct bfw_error *e)
{
	bool by_hand = !strcmp(w->a.b.match, "attached") || !strcmp(w->a.b.match, "changed");

	if (by_hand && !given(w->o, OPTION(WRITE_ATTACHED)) && !given(w->o, OPTION(DRY_RUN)) &&
	    !ask_possible()) {
		bfw_fail(e, BFW_REFUSED, "attached", "%s: %s. Nothing was written", w->a.b.name,
			 match_text(w->a.b.match));
		bfw_error_device(e, w->a.b.name);
		bfw_next(e, "If it is the right box with the right chip, use --write-attached.");
		return -1;
	}
	if (by_hand)
		w->consent |= BRIDGEFW_CONSENT_ATTACHED;
	if (!w->a.present)
		w->consent |= BRIDGEFW_CONSENT_UNREAD;
	return start(w, BRIDGEFW_START_DRY_RUN, e);
}

/* Does the new content bring ids that the profile lists? A backup taken under them does. */
static bool brings_ids(const struct write *w)
{
	size_t i;

	for (i = 0; i < w->records.n; i++) {
		const struct record *r = &w->records.v[i];

		if (!strcmp(r->sha256, w->sha256) && !strcmp(r->match, "ids") &&
		    !strcmp(r->profile, w->a.b.profile))
			return true;
	}
	return false;
}

static void describe_entry(struct write *w)
{
	struct journal *j = &w->entry;
	const struct bridge *b = &w->a.b;

	text_put(j->job, sizeof(j->job), write_job(w));
	text_put(j->bus, sizeof(j->bus), b->bus);
	text_put(j->bus_id, sizeof(j->bus_id), b->bus_id);
	text_put(j->path_id, sizeof(j->path_id), b->path_id);
	text_put(j->chip, sizeof(j->chip), b->chip);
	text_put(j->profile, sizeof(j->profile), b->profile);
	text_put(j->memory, sizeof(j->memory), w->a.m.name);
	text_put(j->ids, sizeof(j->ids), b->ids);
	text_put(j->serial, sizeof(j->serial), b->serial);
	text_put(j->match, sizeof(j->match), b->match);
	j->size = w->a.len;
	text_put(j->old_sha256, sizeof(j->old_sha256), w->a.sha256);
	text_put(j->new_sha256, sizeof(j->new_sha256), w->sha256);
	text_put(j->backup, sizeof(j->backup), w->backup.id);
	text_put(j->image, sizeof(j->image), w->from);
	j->ids_after = brings_ids(w);
}

/* What must be on the disk before the first byte goes to the box. */
static int keep(struct write *w, struct bfw_error *e)
{
	char sha256[SHA256_TEXT];

	if (w->a.present) {
		record_describe(&w->backup, &w->a.b, w->a.m.name, &w->drives, w->o->label,
				write_job(w));
		w->backup.mixture = own_left_over(&w->view) || w->is_blank;
	}
	if ((w->a.present && store_keep(&w->backup, w->a.present, w->a.len, e)) ||
	    store_keep_content(w->image, w->len, sha256, e)) {
		bfw_error_device(e, w->a.b.name);
		return -1;
	}
	return 0;
}

static int run(struct write *w, struct bfw_error *e)
{
	struct bridgefw_status s;
	u32 before;

	describe_entry(w);
	if (device_status(&w->a.d, &s, e))
		return -1;
	before = s.serial;
	w->entry.job_serial = before + 1;
	/* from here on a signal ends the waiting only */
	follow_signals();
	if (journal_begin(&w->entry, e))
		return -1;
	if (start(w, 0, e)) {
		struct bfw_error ignored = {};

		journal_end(&w->entry, JOURNAL_FAILED, e->reason, e->message, &ignored);
		bfw_error_clear(&ignored);
		return -1;
	}
	if (follow_job(&w->a.d, before, write_doing(w), w->o->progress, &s, e)) {
		outcome_unseen(w, e);
		return -1;
	}
	return outcome_tell(w, &s, e);
}

static int go(struct write *w, struct bfw_error *e)
{
	if (ask_kernel(w, e))
		return -1;
	if (given(w->o, OPTION(DRY_RUN))) {
		plan_show(w);
		say("Nothing was written: this was a dry run.\n");
		doc_bool("dry_run", true);
		return 0;
	}
	if (plan_askable(w, e) || keep(w, e))
		return -1;
	plan_show(w);
	if (plan_confirm(w, e))
		return -1;
	return run(w, e);
}

/* A checksum over the image does not know of the identity that went into it. */
static int check_carried(struct write *w, struct bfw_error *e)
{
	if (!w->carried || !check_image(w, e))
		return 0;
	bfw_more(e, " (with this box's own serial or GUID in it)");
	bfw_next(e, "Make an image that has this box's identity, or let the image's replace it\n"
		 "with --clone-identity. Nothing was written.");
	return -1;
}

/*
 * A box without firmware: what it is and in what state stands in no other message, and
 * all that its owner has to agree to is named at once.
 */
static void blank_refused(struct write *w, struct bfw_error *e)
{
	if (strcmp(w->a.b.state, "blank") || e->code != BFW_REFUSED)
		return;
	bfw_more(e, ". It is a %s without firmware: nothing runs in it that could be lost, and the drive behind it is most likely untouched",
		 w->a.b.chip);
	if (w->a.present || (strcmp(e->reason, "identity") && strcmp(e->reason, "unread")))
		return;
	bfw_next(e, "It can be given firmware: `bridgefwctl flash %s FILE --clone-identity --accept-unread`.\n"
		 "The first says that it may get the serial or GUID that is in the file; the second,\n"
		 "that what is left of its own in the memory, which cannot be read, may be lost.",
		 w->a.d.place);
}

static int checked(struct write *w, struct bfw_error *e)
{
	if (check_image(w, e))
		return -1;
	return identity_keep(w, e) || check_carried(w, e) ? -1 : 0;
}

/**
 * write_do() - write the image
 * @w: the write, looked at and with an image
 * @e: why not, or how it ended
 *
 * Return: 0, or -1
 */
int write_do(struct write *w, struct bfw_error *e)
{
	int ret;

	sha256_text(w->image, w->len, w->sha256);
	if (is_so(w))
		return nothing_to_do(w, e);
	ret = checked(w, e);
	if (!ret && is_so(w))
		return nothing_to_do(w, e);
	if (!ret) {
		plan_find(w);
		ret = stage(w, e);
	}
	if (!ret) {
		ret = go(w, e);
		/* a job has its own copy */
		unstage(w);
	}
	if (ret)
		blank_refused(w, e);
	return ret;
}
