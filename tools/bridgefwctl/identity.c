// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The box keeps its own serial or GUID: from what the memory holds, or, where an
 * erase or an interrupted write has taken it from there, from what was there before.
 */
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "output.h"
#include "write.h"

/**
 * identity_erased() - whether the box is known to be the one that was erased here
 * @w: the write, read; w->view is brought up to date
 *
 * A blank memory says nothing of whose it is, and another blank box may be plugged
 * in at the port. But a kernel whose last job was that erase has not seen it go.
 */
void identity_erased(struct write *w)
{
	struct bfw_error ignored = {};
	struct bridgefw_status s;
	struct journal j;
	char boot[40];

	if (!w->is_blank || !journal_at(w->a.b.bus_id, w->a.b.path_id, &j) ||
	    strcmp(j.job, "erase") || strcmp(j.profile, w->a.b.profile) ||
	    strcmp(j.memory, w->a.m.name))
		return;
	boot_id_read(boot, sizeof(boot));
	if (device_status(&w->a.d, &s, &ignored)) {
		bfw_error_clear(&ignored);
		return;
	}
	if (!strcmp(j.boot_id, boot) && s.job == BRIDGEFW_JOB_ERASE && s.serial == j.job_serial)
		text_put(w->view.erased_by, sizeof(w->view.erased_by), j.id);
}

/* A file may be a copy of one of this box's own backups. */
static void find_own(struct write *w)
{
	size_t i;

	for (i = 0; i < w->records.n && !w->own; i++) {
		const struct record *r = &w->records.v[i];

		w->own = !strcmp(r->sha256, w->sha256) && own_sure(own_grade(&w->view, r));
	}
}

/* What the newest write at this port replaced that still had an identity in it. */
static u8 *content_before(const struct write *w)
{
	size_t i;

	for (i = w->journals.n; i-- > 0;) {
		const struct journal *j = &w->journals.v[i];
		struct bfw_error ignored = {};
		u8 *data;
		u32 len;

		if (!port_same(j->bus_id, j->path_id, w->a.b.bus_id, w->a.b.path_id) ||
		    strcmp(j->profile, w->a.b.profile) || strcmp(j->memory, w->a.m.name))
			continue;
		/* one that came to its end: what was before it is another story */
		if (!journal_open(j))
			return NULL;
		if (store_content(j->old_sha256, &data, &len, &ignored)) {
			bfw_error_clear(&ignored);
			continue;
		}
		if (len == w->len &&
		    !bfp_identity_blank(&w->a.profile.p, w->a.profile_memory, data, len))
			return data;
		free(data);
	}
	return NULL;
}

static int lost(struct write *w, struct bfw_error *e)
{
	bfw_fail(e, BFW_REFUSED, "identity",
		 "%s: %s holds no serial or GUID of this box that could be kept. Nothing was written",
		 w->a.b.name, w->a.m.name);
	bfw_error_device(e, w->a.b.name);
	bfw_next(e, "`bridgefwctl restore %s` brings a backup back. If this is the box that was\n"
		 "erased or interrupted at this port, say so with --write-attached, and it keeps\n"
		 "what it had then. Or let the image's take its place with --clone-identity.",
		 w->a.d.place);
	return -1;
}

/* The one from before; somebody may have to vouch for that it is the same box. */
static u8 *identity_before(struct write *w)
{
	static const char question[] =
		"Is this the box that was erased or interrupted at this port? (yes/no)";
	u8 *before = content_before(w);

	if (!before || own_left_over(&w->view) || given(w->o, OPTION(WRITE_ATTACHED)) ||
	    (ask_possible() && ask_yes(question)))
		return before;
	free(before);
	return NULL;
}

/**
 * identity_keep() - put the box's own identity into the image, unless the owner wants another
 * @w: the write
 * @e: why that cannot be
 *
 * Return: 0, or -1
 */
int identity_keep(struct write *w, struct bfw_error *e)
{
	const struct bfp *p = &w->a.profile.p;
	u8 *was, *before = NULL;

	find_own(w);
	if (w->own || given(w->o, OPTION(CLONE_IDENTITY))) {
		w->consent |= BRIDGEFW_CONSENT_IDENTITY;
		return 0;
	}
	if (!w->a.profile_known || !bfp_identity_known(p, w->a.profile_memory) ||
	    !w->a.present || w->len != w->a.len)
		return 0;
	if (bfp_identity_blank(p, w->a.profile_memory, w->a.present, w->len)) {
		before = identity_before(w);
		if (!before)
			return lost(w, e);
		/* the kernel need not know it: it is the box's own all the same */
		w->consent |= BRIDGEFW_CONSENT_IDENTITY;
		say("The image gets the serial or GUID that this box had before.\n");
	}
	was = xalloc(w->len);
	memcpy(was, w->image, w->len);
	bfp_identity_carry(p, w->a.profile_memory, w->image, before ? before : w->a.present,
			   w->len);
	changes_find(was, w->len, w->image, w->len, NULL, &w->carried);
	w->kept = before;
	free(was);
	free(before);
	sha256_text(w->image, w->len, w->sha256);
	return 0;
}
