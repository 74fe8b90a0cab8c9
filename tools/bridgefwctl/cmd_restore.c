// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridgefwctl restore: a backup of this box back into it. Which backups are
 * this box's own is decided by the identity rule (lib/own.c); what is not sure
 * is shown and asked for, never chosen.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boxes.h"
#include "command.h"
#include "many.h"
#include "output.h"
#include "reattach.h"
#include "show.h"
#include "state.h"
#include "write.h"

static void say_candidates(const struct candidate_list *l)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct record *r = l->v[i].r;
		struct json_object *o = record_json(r);

		say("  %zu. %s  %u bytes, ids %s%s%s%s\n     %s\n", i + 1, r->id, r->size,
		    r->ids, r->label[0] ? ", \"" : "", r->label, r->label[0] ? "\"" : "",
		    own_text(l->v[i].grade));
		json_put_text(o, "whose", own_text(l->v[i].grade));
		json_object_object_add(o, "sure",
				       json_object_new_boolean(own_sure(l->v[i].grade)));
		json_object_array_add(all, o);
	}
	doc_add("candidates", all);
}

static int no_candidate(struct write *w, struct bfw_error *e)
{
	bfw_fail(e, BFW_NOTHING_TO_DO, "no-backup",
		 "%s: there is no backup of this box with another content than it has now",
		 w->a.b.name);
	bfw_error_device(e, w->a.b.name);
	bfw_next(e, "`bridgefwctl backup list` shows all backups. Nothing was written.");
	return -1;
}

/* Nothing proves whose it is: whoever is there decides. */
static const struct record *choose_unsure(struct write *w, const struct candidate_list *l,
					  struct bfw_error *e)
{
	int n;

	say("%s: nothing proves which of these backups, if any, are of this box:\n",
	    w->a.b.name);
	say_candidates(l);
	if (ask_possible()) {
		n = ask_number("Which one is it? (number, or nothing)", l->n);
		if (n) {
			w->own = ask_yes("Are you sure that it is of this very box? (yes/no)");
			if (w->own)
				return l->v[n - 1].r;
		}
	}
	bfw_fail(e, BFW_REFUSED, "identity", "%s: which backup is of this box is not known",
		 w->a.b.name);
	bfw_error_device(e, w->a.b.name);
	bfw_next(e, "Name one: `bridgefwctl restore %s BACKUP --clone-identity`.\n"
		 "Nothing was written.", w->a.d.place);
	return NULL;
}

static const struct record *choose(struct write *w, struct bfw_error *e)
{
	const struct record *r = NULL;
	struct candidate_list l;

	own_candidates(&w->view, &w->records, &l);
	if (!l.n) {
		no_candidate(w, e);
	} else if (own_sure(l.v[0].grade)) {
		r = l.v[0].r;
		w->own = true;
		say("Backup %s is %s.\n", r->id, own_text(l.v[0].grade));
	} else {
		r = choose_unsure(w, &l, e);
	}
	free(l.v);
	return r;
}

/* The user named one: whose is it? */
static const struct record *named(struct write *w, const char *name, struct bfw_error *e)
{
	const struct record *r;
	enum own_grade grade;

	if (store_find(&w->records, name, &r, e))
		return NULL;
	grade = own_grade(&w->view, r);
	if (grade == OWN_NEVER) {
		bfw_fail(e, BFW_REFUSED, "chip",
			 "%s: backup %s is of %s's %s, and this is a %s's %s", w->a.b.name, r->id,
			 r->chip, r->memory, w->a.b.chip, w->a.m.name);
		bfw_next(e, "Nothing was written.");
		return NULL;
	}
	w->own = own_sure(grade);
	say("Backup %s is %s.\n", r->id, own_text(grade));
	if (!w->own && grade > OWN_OTHER && !given(w->o, OPTION(CLONE_IDENTITY)) &&
	    ask_possible())
		w->own = ask_yes("Are you sure that it is of this very box? (yes/no)");
	return r;
}

static int load(struct write *w, const struct record *r, struct bfw_error *e)
{
	if (!r)
		return -1;
	text_put(w->from, sizeof(w->from), "backup ");
	text_add(w->from, sizeof(w->from), "%s", r->id);
	if (r->label[0])
		text_add(w->from, sizeof(w->from), " \"%s\"", r->label);
	return store_load(r, &w->image, &w->len, e);
}

/* What the last write replaced, as the kernel keeps it. */
static int load_previous(struct write *w, struct bfw_error *e)
{
	w->previous = true;
	w->own = true;
	text_put(w->from, sizeof(w->from), "what the last write replaced (kept in the kernel)");
	if (!device_read(&w->a.d, &w->a.m, BRIDGEFW_READ_PREVIOUS, &w->image, &w->len, e))
		return 0;
	if (!strcmp(e->reason, "no-image"))
		bfw_next(e, "The backups on disk stay: use `bridgefwctl restore %s`.",
			 w->a.d.place);
	return -1;
}

static int restore(struct write *w, const char *backup, struct bfw_error *e)
{
	w->restore = true;
	if (memory_unreadable(&w->a.m)) {
		bfw_fail(e, BFW_NOTHING_TO_DO, "no-backup",
			 "%s: the %s of a %s cannot be read, so there is no backup of it",
			 w->a.b.name, w->a.m.name, w->a.b.chip);
		bfw_error_device(e, w->a.b.name);
		bfw_next(e, "`bridgefwctl flash %s FILE` writes an image. Nothing was written.",
			 w->a.d.place);
		return -1;
	}
	if (write_look(w, e))
		return -1;
	if (given(w->o, OPTION(PREVIOUS))) {
		if (load_previous(w, e))
			return -1;
	} else if (load(w, backup ? named(w, backup, e) : choose(w, e), e)) {
		return -1;
	}
	return write_do(w, e);
}

/*
 * The port where a write was cut short: its box may show ids that no profile
 * knows, so that nothing represents it. The journal says what it was.
 */
static int find_lost(const char *bus_id, struct options *o, struct bfw_error *e)
{
	struct box_list boxes;
	const struct box *box;
	struct journal j = {};
	struct bridge b;
	bool there, known;

	if (box_list_read(&boxes, e))
		return -1;
	box = box_at(&boxes, bus_id);
	there = box;
	known = journal_at(bus_id, box ? box->path_id : "", &j);
	box_list_free(&boxes);
	if (!there) {
		bfw_fail(e, BFW_NO_DEVICE, "no-device", "nothing is plugged in at %s", bus_id);
		bfw_next(e, known ? "Plug the box in there, and try again." :
			 "`bridgefwctl list` shows the bridges that are there.");
		return -1;
	}
	if (!known) {
		bfw_fail(e, BFW_NO_DEVICE, "no-device",
			 "no bridge is known at %s, and nothing was ever written there", bus_id);
		bfw_next(e, "If the box was written at another port, plug it in there.\n"
			 "Or name its chip: `bridgefwctl attach %s --profile NAME`.", bus_id);
		return -1;
	}
	say("No bridge is known at %s, but the %s of a %s was written there on %s\n"
	    "(%s, how it stands: %s).\n", bus_id, j.memory, j.chip, j.started, j.job,
	    journal_state_word(j.state));
	if (!given(o, OPTION(WRITE_ATTACHED)) &&
	    !(ask_possible() && ask_yes("Is the box at this port that box? (yes/no)"))) {
		bfw_fail(e, BFW_REFUSED, "attached",
			 "whether the box at %s is that %s was not confirmed; nothing was sent to it",
			 bus_id, j.chip);
		bfw_next(e, "If it is, say so with --write-attached.");
		return -1;
	}
	o->given |= OPTION(WRITE_ATTACHED);
	if (attach_by_journal(bus_id, &j, &b, e))
		return -1;
	say("%s: taken for that box; its profile is %s.\n", b.name, b.profile);
	return 0;
}

/* A port at which no bridge is gets one, if the journal knows it. */
static int ensure_bridge(const char *selector, struct options *o, struct bfw_error *e)
{
	const char *bus_id = selector ? bus_id_of(selector) : NULL;
	struct bridge_list l;
	bool there;

	if (!bus_id)
		return 0;
	if (bridge_list_read(&l, e))
		return -1;
	there = bridge_at(&l, bus_id);
	bridge_list_free(&l);
	return there ? 0 : find_lost(bus_id, o, e);
}

/**
 * cmd_restore() - bridgefwctl restore
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_restore(struct options *o, struct bfw_error *e)
{
	const char *dev = NULL, *backup = NULL;
	struct write w;
	int ret;

	if (given(o, OPTION(ALL)))
		return many_run(o, cmd_restore, "restoring", e);
	if (o->args > 1 || (o->args && selector_form(o->arg[0])))
		dev = o->arg[0];
	if (o->args > 1 || !dev)
		backup = o->arg[o->args > 1];

	if (backup && given(o, OPTION(PREVIOUS)))
		return bfw_fail(e, BFW_USAGE, "usage",
				"--previous and the name of a backup do not go together");
	if (ensure_bridge(dev, o, e) || write_open(&w, dev, o, e))
		return -1;
	ret = restore(&w, backup, e);
	write_close(&w);
	return ret;
}
