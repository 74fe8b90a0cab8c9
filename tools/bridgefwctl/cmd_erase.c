// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridgefwctl erase: a flash, blank from end to end. It is never an end in itself:
 * the image that is to follow is at hand, and has passed what a write asks for.
 */
#include "command.h"
#include "file.h"
#include "reason.h"
#include "text.h"
#include "write.h"

/* Two flags, so that nobody says with one word both how much goes and what is left. */
static int said(const struct options *o, struct bfw_error *e)
{
	if (!o->then)
		return bfw_fail(e, BFW_USAGE, "usage",
				"--then FILE is missing: the image that is to follow the erase");
	if (given(o, OPTION(WHOLE_MEMORY)) && given(o, OPTION(LEAVE_BLANK)))
		return 0;
	bfw_fail(e, BFW_REFUSED, "confirm",
		 "an erase takes everything, what makes the chip start included, and leaves the box without firmware until the image is written. Nothing was erased");
	bfw_next(e, "To replace a firmware, `bridgefwctl flash` is enough. If it is to be erased, say\n"
		 "so with --whole-memory and --leave-blank.");
	return -1;
}

/* What the kernel would say as well, with more words. */
static int possible(struct write *w, struct bfw_error *e)
{
	const struct bfp *p = &w->a.profile.p;

	if (!w->a.profile_known) {
		bfw_fail(e, BFW_BAD_FILE, "no-profile",
			 "%s: its profile %s is not at hand, and what an erase would do is in it. Nothing was erased",
			 w->a.b.name, w->a.b.profile);
		bfw_error_device(e, w->a.b.name);
		return -1;
	}
	if (!w->blank) {
		bfw_fail(e, BFW_REFUSED, "absent",
			 "%s: %s needs no erase: a write replaces what it holds. Nothing was erased",
			 w->a.b.name, w->a.m.name);
		bfw_error_device(e, w->a.b.name);
		bfw_next(e, "`bridgefwctl flash %s FILE` writes it.", w->a.d.place);
		return -1;
	}
	if (bfp_header(p)->recovery == BFP_RECOVERY_NONE_KNOWN)
		return reason_fail(e, BRIDGEFW_REASON_NO_WAY_BACK, w->a.b.name, w->a.d.place);
	return 0;
}

static int erase(struct write *w, struct bfw_error *e)
{
	size_t len;

	if (image_read(w->o->then, w->a.m.size, &w->image, &len, e))
		return -1;
	w->len = len;
	w->erase = true;
	text_put(w->from, sizeof(w->from), w->o->then);
	text_clean(w->from);
	if (write_look(w, e) || possible(w, e))
		return -1;
	return write_do(w, e);
}

/**
 * cmd_erase() - bridgefwctl erase
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_erase(struct options *o, struct bfw_error *e)
{
	struct write w;
	int ret;

	if (said(o, e) || write_open(&w, o->arg[0], o, e))
		return -1;
	ret = erase(&w, e);
	write_close(&w);
	return ret;
}
