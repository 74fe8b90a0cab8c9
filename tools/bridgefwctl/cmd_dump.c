// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl dump and verify: a memory, read until it is sure */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "command.h"
#include "file.h"
#include "follow.h"
#include "image.h"
#include "many.h"
#include "output.h"
#include "reason.h"
#include "show.h"
#include "text.h"

/* Whether something of that name may be replaced; e says why not. */
static int may_write(const char *file, bool force, struct bfw_error *e)
{
	struct stat st;

	if (stat(file, &st)) {
		if (errno == ENOENT)
			return 0;
		return bfw_fail_errno(e, BFW_FAILURE, errno, "%s cannot be written", file);
	}
	if (!S_ISREG(st.st_mode)) {
		bfw_fail(e, BFW_USAGE, "exists", "%s is there and is not a file", file);
		bfw_next(e, "To write into a device or a pipe, use - and redirect the output.");
		return -1;
	}
	if (force)
		return 0;
	bfw_fail(e, BFW_USAGE, "exists", "%s exists; it was not touched", file);
	bfw_next(e, "Name another file, or replace it with --force.");
	return -1;
}

static int to_stdout(const u8 *data, u32 len, bool force, struct bfw_error *e)
{
	if (isatty(STDOUT_FILENO) && !force) {
		bfw_fail(e, BFW_USAGE, "terminal", "the dump would go to the terminal");
		bfw_next(e, "Redirect it, or see `bridgefwctl eeprom show`.");
		return -1;
	}
	if (fwrite(data, 1, len, stdout) != len || fflush(stdout))
		return bfw_fail_errno(e, BFW_FAILURE, errno, "standard output");
	return 0;
}

/* Two boxes are never at one place, nor one box twice in a millisecond. */
static char *default_name(const struct access *a, const char *dir)
{
	char stamp[TIME_TEXT];

	time_stamp(stamp);
	return xprintf("%s%s%s-%s-%s-%s.bin", dir ? dir : "", dir ? "/" : "", a->b.chip,
		       a->b.bus_id, a->m.name, stamp);
}

static void warn_invalid(struct access *a)
{
	struct bfp_error why = {};

	if (a->profile_known &&
	    bfp_content_check(&a->profile.p, a->profile_memory, a->present, a->len, &why))
		bfw_warn("%s: by the chip's rules this is not a valid content: %s",
			 a->b.name, why.text);
}

static int dump(struct access *a, const struct options *o, const char *file,
		struct bfw_error *e)
{
	bool force = given(o, OPTION(FORCE));

	if (access_read(a, o->repeat, e))
		return -1;
	if (!strcmp(file, "-"))
		return to_stdout(a->present, a->len, force, e);
	if (file_write(file, a->present, a->len, 0666, force, e))
		return -1;
	warn_invalid(a);
	say("%s: %s, %u bytes, read %u times alike, written to %s\nsha256 %s\n",
	    a->b.name, a->m.name, a->len, o->repeat, file, a->sha256);
	if (o->repeat < 2)
		say("It was read only once: whether it reads the same again is not known.\n");
	doc_text("device", a->b.name);
	doc_text("memory", a->m.name);
	doc_text("file", file);
	doc_number("bytes", a->len);
	doc_number("reads", o->repeat);
	doc_text("sha256", a->sha256);
	return 0;
}

/**
 * cmd_dump() - bridgefwctl dump
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_dump(struct options *o, struct bfw_error *e)
{
	const char *dev = NULL, *name = NULL;
	struct access a;
	int ret = -1;
	char *file;

	if (given(o, OPTION(ALL)))
		return many_run(o, cmd_dump, "reading", e);
	if (o->args > 1 || (o->args && selector_form(o->arg[0])))
		dev = o->arg[0];
	if (o->args > 1 || !dev)
		name = o->arg[o->args > 1];
	file = name ? xprintf("%s", name) : NULL;

	if (file && !strcmp(file, "-") && given(o, OPTION(JSON))) {
		free(file);
		return bfw_fail(e, BFW_USAGE, "usage", "- and --json both want standard output");
	}
	if (o->output && dir_make(o->output, 0777, e))
		return -1;
	if (!access_open(&a, dev, o, false, e)) {
		if (!file)
			file = default_name(&a, o->output);
		if (!strcmp(file, "-") || !may_write(file, given(o, OPTION(FORCE)), e))
			ret = dump(&a, o, file, e);
		access_close(&a);
	}
	free(file);
	return ret;
}

static int compare(struct access *a, const char *file, const u8 *image, u32 len,
		   struct bfw_error *e)
{
	struct change *v;
	u32 bytes;
	size_t n = changes_find(a->present, a->len, image, len, &v, &bytes);
	u32 first = n ? v[0].offset : 0;

	free(v);
	doc_text("device", a->b.name);
	doc_text("memory", a->m.name);
	doc_text("file", file);
	doc_text("sha256", a->sha256);
	doc_bool("equal", !n);
	doc_add("changes", changes_json(a->present, a->len, image, len));
	if (!n) {
		say("%s: %s equals %s (%u bytes)\nsha256 %s\n", a->b.name, a->m.name, file,
		    a->len, a->sha256);
		return 0;
	}
	say("%s: %s (%u bytes) -> %s (%u bytes)\n", a->b.name, a->m.name, a->len, file, len);
	say_changes(a->present, a->len, image, len);
	bfw_fail(e, BFW_MISMATCH, "content-differs",
		 "%s: %s differs from %s in %u bytes, from offset 0x%04x on",
		 a->b.name, a->m.name, file, bytes, first);
	bfw_error_device(e, a->b.name);
	return -1;
}

/* Where nothing can be read the chip compares; that is a job, and needs its file. */
static int ask_chip(const char *dev, const char *file, u8 *image, u32 len,
		    const struct options *o, struct bfw_error *e)
{
	struct bfw_error ignored = {};
	struct bridgefw_status s;
	struct access a;
	int ret = -1;
	u32 before;

	if (access_open(&a, dev, o, true, e))
		return -1;
	if (device_status(&a.d, &s, e) || device_stage(&a.d, &a.m, image, len, e))
		goto close;
	before = s.serial;
	if (!device_start(&a.d, BRIDGEFW_JOB_VERIFY, a.m.memory, 0, e))
		ret = follow_job(&a.d, before, "comparing", o->progress, &s, e);
	device_stage(&a.d, &a.m, NULL, 0, &ignored);
	bfw_error_clear(&ignored);
	if (ret)
		goto close;
	doc_text("device", a.b.name);
	doc_text("memory", a.m.name);
	doc_text("file", file);
	doc_bool("equal", !s.reason);
	doc_text("verified", "chip");
	if (s.reason)
		ret = reason_fail_job(e, &s, a.b.name, a.d.place);
	else
		say("%s: %s cannot be read; the chip says that it holds %s (%u bytes).\n",
		    a.b.name, a.m.name, file, len);
close:
	access_close(&a);
	return ret;
}

/**
 * cmd_verify() - bridgefwctl verify
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_verify(struct options *o, struct bfw_error *e)
{
	const char *dev = o->args > 1 ? o->arg[0] : NULL;
	const char *file = o->arg[o->args - 1];
	struct access a;
	size_t len;
	u8 *image;
	int ret = -1;

	if (given(o, OPTION(ALL)))
		return many_run(o, cmd_verify, "comparing", e);
	if (access_open(&a, dev, o, false, e))
		return -1;
	/* one more byte: a file that is too long differs, that is all */
	if (!file_read(file, (size_t)a.m.size + 1, &image, &len, e)) {
		if (memory_unreadable(&a.m)) {
			access_close(&a);
			ret = ask_chip(dev, file, image, len, o, e);
			free(image);
			return ret;
		}
		if (!access_read(&a, o->repeat, e))
			ret = compare(&a, file, image, len, e);
		free(image);
	}
	access_close(&a);
	return ret;
}
