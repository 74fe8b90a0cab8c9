// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl attach: the owner, or the journal, says which chip a box has */
#include <poll.h>
#include <string.h>

#include "boxes.h"
#include "command.h"
#include "output.h"
#include "profiles.h"
#include "reattach.h"
#include "show.h"
#include "text.h"

#define SETUP_MS	5000	/* for the kernel to set a USB device up */
#define ALONE_MS	1000	/* for the module to recognise it by itself */
#define STEP_MS		100

static void tell(const struct bridge *b)
{
	char place[80];

	doc_add("bridge", bridge_json(b));
	say("%s: the box at %s is taken for a %s (%s).\n", b->name,
	    place_of(b, place, sizeof(place)), b->chip, match_text(b->match));
}

/* The port that the argument names, and the USB device there. */
static int find_port(const char *arg, const char **bus_id, struct bfw_error *e)
{
	struct bridge_list l;
	const struct bridge *b;
	static char at[64];

	*bus_id = bus_id_of(arg);
	if (*bus_id)
		return 0;
	/* a bridge that is there already may get another profile */
	if (bridge_list_read(&l, e))
		return -1;
	if (bridge_select(&l, arg, &b, e)) {
		bridge_list_free(&l);
		bfw_next(e, "Name the port of the box, like 1-1.4; see `lsusb -t`.");
		return -1;
	}
	text_put(at, sizeof(at), b->bus_id);
	bridge_list_free(&l);
	*bus_id = at;
	return 0;
}

static int attach_named(const char *arg, const struct options *o, struct bfw_error *e)
{
	const char *bus_id;
	struct bridge b;

	if (!o->profile) {
		bfw_fail(e, BFW_USAGE, "usage", "the chip's profile is missing");
		bfw_next(e, "Name it with --profile NAME; see `bridgefwctl profile list`.");
		return -1;
	}
	if (!profile_name_good(o->profile))
		return bfw_fail(e, BFW_USAGE, "usage", "\"%s\" cannot be a profile's name",
				o->profile);
	if (find_port(arg, &bus_id, e))
		return -1;
	doc_text("bus_id", bus_id);
	doc_text("profile", o->profile);
	if (given(o, OPTION(DRY_RUN))) {
		say("The box at %s would be taken for a %s. Nothing would be sent to it.\n",
		    bus_id, o->profile);
		doc_bool("dry_run", true);
		return 0;
	}
	if (attach_profile(bus_id, o->profile, NULL, e) || attach_wait(bus_id, &b, e))
		return -1;
	tell(&b);
	say("Nothing was sent to it. %s\n", strcmp(b.evidence, "none") ?
	    "Reading is possible now; writing needs --write-attached." :
	    "How this chip is read or written is not known.");
	return 0;
}

/*
 * The box at a port, once its interfaces are there, unless a bridge represents
 * it. udev calls while the device is still being set up, and the module may be
 * about to recognise it by itself: give both of them time.
 */
static bool lone_box(const char *bus_id, struct box *box)
{
	int waited, ready = 0;

	for (waited = 0; waited < SETUP_MS && ready < ALONE_MS; waited += STEP_MS) {
		struct bfw_error ignored = {};
		struct bridge_list l = {};
		struct box_list boxes = {};
		const struct box *found = NULL;
		bool taken = true;

		if (!box_list_read(&boxes, &ignored) && !bridge_list_read(&l, &ignored)) {
			found = box_at(&boxes, bus_id);
			taken = bridge_at(&l, bus_id);
		}
		if (found)
			*box = *found;
		box_list_free(&boxes);
		bridge_list_free(&l);
		bfw_error_clear(&ignored);
		if (!found || taken)
			return false;
		if (box->configured)
			ready += STEP_MS;
		poll(NULL, 0, STEP_MS);
	}
	return box->storage;
}

/* Whether the journal makes the box at a port worth a look; quick and quiet if not. */
static bool journal_wants(const char *bus_id, struct journal *j)
{
	struct box box = {};
	struct journal_list l;
	bool any;

	journal_ports(&l);
	any = l.n;
	journal_list_free(&l);
	return any && lone_box(bus_id, &box) && journal_at(bus_id, box.path_id, j) &&
	       j->state != JOURNAL_FAILED && !j->ids_after;
}

/* For udev: a box at a port where one was written comes back under unknown ids. */
static int attach_journal(const char *arg, const struct options *o, struct bfw_error *e)
{
	const char *bus_id = bus_id_of(arg);
	struct journal j;
	struct bridge b;

	if (!bus_id || !journal_wants(bus_id, &j))
		return 0;
	if (given(o, OPTION(DRY_RUN))) {
		say("The box at %s would be taken for the %s that was written there on %s.\n",
		    bus_id, j.chip, j.started);
		doc_bool("dry_run", true);
		return 0;
	}
	if (attach_by_journal(bus_id, &j, &b, e))
		return -1;
	if (strcmp(b.match, "written") && !journal_open(&j)) {
		/* it was written whole, and this box holds something else: another box */
		say("The box at %s is not the %s that was written there.\n", bus_id, j.chip);
		return attach_forget(bus_id, e);
	}
	tell(&b);
	return 0;
}

/**
 * cmd_attach() - bridgefwctl attach
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_attach(struct options *o, struct bfw_error *e)
{
	if (!given(o, OPTION(JOURNAL)))
		return attach_named(o->arg[0], o, e);
	if (o->profile)
		return bfw_fail(e, BFW_USAGE, "usage",
				"--journal knows the profile itself; --profile does not go with it");
	return attach_journal(o->arg[0], o, e);
}
