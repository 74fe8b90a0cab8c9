// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl diff: a memory, or a dump of one, against an image */
#include <stdlib.h>
#include <sys/stat.h>

#include "access.h"
#include "command.h"
#include "file.h"
#include "image.h"
#include "output.h"
#include "planview.h"
#include "show.h"
#include "text.h"

#define FEW_PLACES	8

/* Two contents of one memory, and what they are called. */
struct diff {
	const struct options *o;
	const struct bfp *p;	/* NULL: nothing is known of the memory */
	u32 memory;
	char *what;
	const u8 *old;
	u32 old_len;
	const char *file;
	const u8 *new;
	u32 new_len;
};

/* Whether the memory has sectors, so that a picture of it says something. */
static bool has_sectors(const struct diff *d)
{
	return d->p && bfp_sector_count(d->p, d->memory) > 1;
}

static void show_sectors(const struct diff *d, const struct bfp_plan *plan)
{
	struct map_style style;
	char text[400];

	map_style_find(&style, given(d->o, OPTION(ASCII)));
	say("\n");
	say_map(plan, &style);
	say("\n");
	say_sectors(plan);
	plan_work(plan, text, sizeof(text));
	say("\nTo write it: %s.\n", text);
	plan_final(plan, text, sizeof(text));
	say_line("", text);
}

/* What a write would do, where it is known how the memory is written. */
static void show_plan(const struct diff *d)
{
	struct bfp_plan plan;

	if (d->old_len != d->new_len) {
		say("What has another length than the memory cannot be written to it.\n");
		return;
	}
	if (!d->p)
		return;
	switch (bfp_plan_make(&plan, d->p, d->memory, d->old, d->new, d->new_len)) {
	case 0:
		break;
	case -EOPNOTSUPP:
		say("To write it, something must be erased, and how this chip does that is not known.\n");
		return;
	default:
		say("This is not as long as the memory that the profile describes.\n");
		return;
	}
	doc_add("plan", plan_json(&plan));
	if (has_sectors(d))
		show_sectors(d, &plan);
}

static void show_regions(const struct diff *d)
{
	bool identity = false;
	struct region *v;
	size_t i, n;

	if (!d->p)
		return;
	n = regions_find(d->p, d->memory, d->old, d->old_len, d->new, d->new_len, &v);
	doc_add("regions", regions_json(v, n));
	for (i = 0; i < n; i++)
		identity |= v[i].identity && v[i].differs;
	if (bfp_identity_known(d->p, d->memory))
		doc_bool("identity_differs", identity);
	say_regions(v, n);
	if (identity)
		say("They are not of the same box, by that. `bridgefwctl flash` keeps the box's own.\n");
	free(v);
}

static int compare(struct diff *d, struct bfw_error *e)
{
	char old_sha256[SHA256_TEXT], new_sha256[SHA256_TEXT];
	struct change *v;
	u32 bytes, first;
	size_t n = changes_find(d->old, d->old_len, d->new, d->new_len, &v, &bytes);

	first = n ? v[0].offset : 0;
	free(v);
	sha256_text(d->old, d->old_len, old_sha256);
	sha256_text(d->new, d->new_len, new_sha256);
	doc_number("old_bytes", d->old_len);
	doc_text("old_sha256", old_sha256);
	doc_number("new_bytes", d->new_len);
	doc_text("new_sha256", new_sha256);
	doc_bool("equal", !n);
	doc_number("differ", bytes);
	doc_add("changes", changes_json(d->old, d->old_len, d->new, d->new_len));
	if (!n) {
		say("%s equals %s (%u bytes)\nsha256 %s\n", d->what, d->file, d->new_len,
		    new_sha256);
		show_regions(d);
		return 0;
	}
	say("%s (%u bytes) -> %s (%u bytes)\n", d->what, d->old_len, d->file, d->new_len);
	say("%u byte%s in %zu place%s differ\n", bytes, bytes == 1 ? "" : "s", n,
	    n == 1 ? "" : "s");
	/* a picture says more than many places */
	if (n <= FEW_PLACES || !has_sectors(d) || d->old_len != d->new_len)
		say_changes(d->old, d->old_len, d->new, d->new_len);
	show_regions(d);
	show_plan(d);
	return bfw_fail(e, BFW_MISMATCH, "content-differs",
			"%s differs from %s in %u bytes, from offset 0x%04x on",
			d->what, d->file, bytes, first);
}

static int diff_device(const char *dev, const char *file, const struct options *o,
		       struct bfw_error *e)
{
	struct diff d = { .o = o, .file = file };
	struct access a;
	size_t len;
	u8 *image;
	int ret = -1;

	if (access_open(&a, dev, o, false, e))
		return -1;
	/* one more byte: a file that is too long differs, that is all */
	if (!file_read(file, (size_t)a.m.size + 1, &image, &len, e)) {
		ret = access_read(&a, o->repeat, e);
		doc_text("device", a.b.name);
		doc_text("memory", a.m.name);
		doc_text("file", file);
		if (!ret) {
			d.what = xprintf("%s: %s", a.b.name, a.m.name);
			d.p = a.profile_known ? &a.profile.p : NULL;
			d.memory = a.profile_memory;
			d.old = a.present;
			d.old_len = a.len;
			d.new = image;
			d.new_len = len;
			ret = compare(&d, e);
			if (ret)
				bfw_error_device(e, a.b.name);
			free(d.what);
		}
		free(image);
	}
	access_close(&a);
	return ret;
}

/* The memory of the profile that two files are contents of: the named one, or the only one. */
static int memory_of(const struct bfp *p, const char *name, u32 *memory, struct bfw_error *e)
{
	const struct bfp_memory *m = bfp_memories(p);
	u32 i, n = bfp_count(p, BFP_MEMORIES);
	int found = name ? bfp_find_memory(p, name) : n == 1 ? 0 : -1;

	if (found >= 0) {
		*memory = found;
		return 0;
	}
	if (!n)
		return bfw_fail(e, BFW_BAD_FILE, "absent", "the profile %s knows no memory",
				profile_name(p));
	if (name)
		bfw_fail(e, BFW_USAGE, "usage", "the profile %s knows no memory \"%s\"",
			 profile_name(p), name);
	else
		bfw_fail(e, BFW_USAGE, "usage", "the profile %s knows several memories",
			 profile_name(p));
	bfw_next(e, "Name one with --memory:");
	for (i = 0; i < n; i++) {
		char *next = xprintf("%s %s", e->next, bfp_string(p, m[i].name));

		bfw_next(e, "%s", next);
		free(next);
	}
	return -1;
}

static int diff_files(const struct options *o, struct bfw_error *e)
{
	struct diff d = { .o = o, .file = o->arg[1] };
	u8 *old = NULL, *new = NULL;
	struct profile_file f;
	size_t old_len, new_len;
	int ret = -1;

	if (profile_open(&f, o->profile, e))
		return -1;
	if (!memory_of(&f.p, o->memory, &d.memory, e) &&
	    !file_read(o->arg[0], BFP_MEMORY_MAX, &old, &old_len, e) &&
	    !file_read(o->arg[1], BFP_MEMORY_MAX, &new, &new_len, e)) {
		doc_text("profile", profile_name(&f.p));
		doc_text("memory", bfp_string(&f.p, bfp_memories(&f.p)[d.memory].name));
		doc_text("old_file", o->arg[0]);
		doc_text("file", o->arg[1]);
		d.p = &f.p;
		d.what = o->arg[0];
		d.old = old;
		d.old_len = old_len;
		d.new = new;
		d.new_len = new_len;
		ret = compare(&d, e);
	}
	free(old);
	free(new);
	profile_close(&f);
	return ret;
}

/**
 * cmd_diff() - bridgefwctl diff
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_diff(struct options *o, struct bfw_error *e)
{
	const char *dev = o->args == 2 ? o->arg[0] : NULL;
	struct stat st;

	if (o->profile) {
		if (o->args == 2)
			return diff_files(o, e);
		bfw_fail(e, BFW_USAGE, "usage", "--profile is for comparing two files");
		bfw_next(e, "Of a device it is known which profile it has.");
		return -1;
	}
	if (dev && !selector_form(dev) && !stat(dev, &st) && S_ISREG(st.st_mode)) {
		bfw_fail(e, BFW_USAGE, "usage", "%s is a file; of which chip?", dev);
		bfw_next(e, "Name the chip with --profile; see `bridgefwctl profile list`.");
		return -1;
	}
	return diff_device(dev, o->arg[o->args - 1], o, e);
}
