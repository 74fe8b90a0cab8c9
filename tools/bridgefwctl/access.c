// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "error.h"
#include "gate.h"
#include "handover.h"

static void find_profile(struct access *a)
{
	struct bfw_error ignored = {};
	int n;

	if (!a->b.profile[0] || profile_open(&a->profile, a->b.profile, &ignored)) {
		bfw_error_clear(&ignored);
		return;
	}
	n = bfp_find_memory(&a->profile.p, a->m.name);
	if (n < 0) {
		profile_close(&a->profile);
		return;
	}
	a->profile_memory = n;
	a->profile_known = true;
}

/* The chip is known, and no memory of it. */
static void explain(const struct bridge *b, struct bfw_error *e)
{
	struct bfw_error ignored = {};
	struct profile_file f;

	if (!profile_open(&f, b->profile, &ignored)) {
		gate_explain(&f.p, -1, b->name, e);
		profile_close(&f);
	}
	bfw_error_clear(&ignored);
}

/**
 * access_open_bridge() - open a bridge that was picked
 * @a: filled in
 * @b: the bridge
 * @o: options: which memory, how progress is shown
 * @write: whether the memory is going to be written
 * @e: why not
 *
 * Return: 0, or -1
 */
int access_open_bridge(struct access *a, const struct bridge *b, const struct options *o,
		       bool write, struct bfw_error *e)
{
	memset(a, 0, sizeof(*a));
	a->b = *b;
	a->mode = o->progress;
	if (!given(o, OPTION(BOT)))
		handover_clean(b);
	else if (handover_take(b, e))
		return -1;
	if (device_open(&a->d, b, write, e))
		return -1;
	if ((write && device_lock(&a->d, e)) || device_memory(&a->d, o->memory, &a->m, e)) {
		if (write && !strcmp(e->reason, "absent"))
			explain(b, e);
		device_close(&a->d);
		return -1;
	}
	find_profile(a);
	return 0;
}

/**
 * access_open() - open the bridge that is named
 * @a: filled in
 * @selector: of the bridge; NULL: the only one
 * @o: options: which memory, how progress is shown
 * @write: whether the memory is going to be written
 * @e: why not
 *
 * Return: 0, or -1
 */
int access_open(struct access *a, const char *selector, const struct options *o, bool write,
		struct bfw_error *e)
{
	const struct bridge *b;
	struct bridge_list l;
	int ret;

	if (bridge_list_read(&l, e))
		return -1;
	ret = bridge_select(&l, selector, &b, e);
	/* with --all: it may be another box by now that has the number */
	if (!ret && o->chip && strcmp(b->chip, o->chip))
		ret = bfw_fail(e, BFW_NO_DEVICE, "no-device", "%s has the chip %s, not %s",
			       b->name, b->chip[0] ? b->chip : "unknown", o->chip);
	if (!ret)
		ret = access_open_bridge(a, b, o, write, e);
	bridge_list_free(&l);
	return ret;
}

static void on_progress(void *arg, u64 done, u64 total)
{
	struct access *a = arg;

	progress_at(&a->progress, done, total);
}

/**
 * access_read() - read the memory and insist on equality
 * @a: the access; @present, @len and @sha256 are filled in
 * @times: how often
 * @e: why not
 *
 * Return: 0, or -1
 */
int access_read(struct access *a, unsigned int times, struct bfw_error *e)
{
	int ret;

	progress_begin(&a->progress, a->mode, "reading");
	a->d.on_progress = on_progress;
	a->d.arg = a;
	ret = device_read_same(&a->d, &a->m, times, &a->present, &a->len, e);
	a->d.on_progress = NULL;
	progress_end(&a->progress);
	if (ret)
		a->present = NULL;
	else
		sha256_text(a->present, a->len, a->sha256);
	return ret;
}

/**
 * access_close() - drop everything; a job that was started goes on
 * @a: the access
 */
void access_close(struct access *a)
{
	device_close(&a->d);
	if (a->profile_known)
		profile_close(&a->profile);
	free(a->present);
	a->present = NULL;
}
