// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl image info, families: what an image is, and what can be known of any */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "image_cli.h"
#include "output.h"
#include "state.h"
#include "text.h"

/**
 * subject_open() - read a file and ask what it is
 * @s: filled in
 * @path: its name
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int subject_open(struct subject *s, const char *path, struct bfw_error *e)
{
	size_t len;

	memset(s, 0, sizeof(*s));
	if (file_read(path, IMAGE_MOST, &s->data, &len, e))
		return -1;
	s->path = path;
	s->img = (struct image){ .data = s->data, .size = len };
	image_recognise(&s->img, &s->res);
	return 0;
}

/**
 * subject_close() - drop what subject_open() filled in
 * @s: the file
 */
void subject_close(struct subject *s)
{
	image_result_free(&s->res);
	free(s->data);
	memset(s, 0, sizeof(*s));
}

/**
 * subject_recognised() - how it was recognised, for scripts
 * @s: the file
 */
const char *subject_recognised(const struct subject *s)
{
	if (s->res.contents)
		return s->res.contents == 1 ? "content" : "ambiguous";
	return s->res.n ? "size" : "no";
}

/**
 * subject_unknown() - say why a file was not recognised
 * @s: the file
 * @e: filled in; BFW_BAD_FILE
 */
void subject_unknown(const struct subject *s, struct bfw_error *e)
{
	if (!s->img.size)
		bfw_fail(e, BFW_BAD_FILE, "not-recognised", "%s is empty", s->path);
	else if (s->res.blank)
		bfw_fail(e, BFW_BAD_FILE, "blank",
			 "%s holds no firmware: all of its %zu bytes are %02x", s->path,
			 s->img.size, s->img.data[0]);
	else if (s->res.packed)
		bfw_fail(e, BFW_BAD_FILE, "packed",
			 "%s is a program packed with UPX: images in it cannot be seen", s->path);
	else if (s->res.program)
		bfw_fail(e, BFW_BAD_FILE, "program",
			 "%s is a program, and no flasher whose images can be seen", s->path);
	else if (s->res.n)
		bfw_fail(e, BFW_BAD_FILE, "not-recognised",
			 "%s is not recognised: only its length is that of known images",
			 s->path);
	else
		bfw_fail(e, BFW_BAD_FILE, "not-recognised", "%s is not recognised", s->path);
	bfw_next(e, "`bridgefwctl image families` tells what is, and by what.");
}

static void say_size(const struct subject *s)
{
	char sha[SHA256_TEXT];

	sha256_text(s->img.data, s->img.size, sha);
	say("%s\n    %-18s %zu bytes, sha256 %s\n", s->path, "content", s->img.size, sha);
}

static void say_subject(const struct subject *s)
{
	size_t i;

	say_size(s);
	if (s->res.contents > 1)
		say("  Not unique: %zu families find their signs in it.\n", s->res.contents);
	if (!s->res.contents && s->res.n)
		say("  Nothing in it is known. Its length is that of images of %zu famil%s:\n",
		    s->res.n, s->res.n == 1 ? "y" : "ies");
	for (i = 0; i < s->res.n; i++)
		if (s->res.reports[i].match == IMAGE_CONTENT || !s->res.contents)
			show_report(&s->res.reports[i]);
	if (!s->res.contents || s->res.n == s->res.contents)
		return;
	say("    %-18s", "length also of");
	for (i = s->res.contents; i < s->res.n; i++)
		say("%s %s", i > s->res.contents ? "," : "", s->res.reports[i].family->name);
	say("\n");
}

static struct json_object *subject_json(const struct subject *s)
{
	struct json_object *o = json_object_new_object(), *all = json_object_new_array();
	char sha[SHA256_TEXT];
	size_t i;

	sha256_text(s->img.data, s->img.size, sha);
	json_put_text(o, "file", s->path);
	json_object_object_add(o, "size", json_object_new_int64(s->img.size));
	json_put_text(o, "sha256", sha);
	json_put_text(o, "recognised", subject_recognised(s));
	json_object_object_add(o, "blank", json_object_new_boolean(s->res.blank));
	json_object_object_add(o, "program", json_object_new_boolean(s->res.program));
	for (i = 0; i < s->res.n; i++)
		json_object_array_add(all, show_report_json(&s->res.reports[i]));
	json_object_object_add(o, "candidates", all);
	return o;
}

/* Whole, if one of those that find their signs in it has nothing against it. */
static bool whole(const struct subject *s)
{
	size_t i;

	for (i = 0; i < s->res.contents; i++)
		if (image_verdict(&s->res.reports[i]) != IMAGE_BAD)
			return true;
	return false;
}

static int judge(const struct subject *s, struct bfw_error *e)
{
	if (!s->res.contents) {
		subject_unknown(s, e);
		return -1;
	}
	if (whole(s))
		return 0;
	bfw_fail(e, BFW_BAD_FILE, "bad-image",
		 "%s is not as it should be: see what is marked BAD", s->path);
	bfw_next(e, "It must not be written to any drive.");
	return -1;
}

static int info_one(const char *path, struct json_object *all, struct bfw_error *e)
{
	struct subject s;
	int ret;

	if (subject_open(&s, path, e)) {
		struct json_object *o = json_object_new_object();

		json_put_text(o, "file", path);
		json_put_text(o, "error", e->message);
		json_object_array_add(all, o);
		return -1;
	}
	say_subject(&s);
	json_object_array_add(all, subject_json(&s));
	ret = judge(&s, e);
	subject_close(&s);
	return ret;
}

/**
 * cmd_info() - bridgefwctl image info
 * @o: options
 * @e: why not; BFW_BAD_FILE if one is not recognised or not whole
 *
 * Return: 0, or -1
 */
int cmd_info(const struct cli *o, struct bfw_error *e)
{
	struct json_object *all = json_object_new_array();
	int i, bad = 0;

	for (i = 0; i < o->args; i++) {
		struct bfw_error why = {};

		if (i)
			say("\n");
		if (!info_one(o->arg[i], all, &why))
			continue;
		if (!bad++)
			*e = why;
		/* the last line tells of one; of more, each is told here */
		if (o->args > 1)
			say("  %s\n", why.message);
	}
	json_object_object_add(output_doc(), "files", all);
	if (bad > 1)
		bfw_fail(e, BFW_BAD_FILE, "several", "%d of %d files are not recognised or not whole",
			 bad, o->args);
	return bad ? -1 : 0;
}

/**
 * cmd_families() - bridgefwctl image families
 * @o: options
 * @e: not used
 *
 * Return: 0
 */
int cmd_families(const struct cli *o, struct bfw_error *e)
{
	struct json_object *all = json_object_new_array();
	size_t i;

	(void)o;
	(void)e;
	for (i = 0; i < image_families_count; i++) {
		const struct image_family *f = image_families[i];
		struct json_object *one = json_object_new_object();
		char *head = xprintf("%-12s ", f->name);
		char *text = xprintf("%s. Recognised by: %s (%s: %s)", f->title, f->by,
				     bfp_evidence_name(f->fact->evidence), f->fact->source);

		say_line(head, text);
		free(text);
		free(head);
		json_put_text(one, "family", f->name);
		json_put_text(one, "title", f->title);
		json_put_text(one, "by", f->by);
		json_put_text(one, "evidence", bfp_evidence_name(f->fact->evidence));
		json_put_text(one, "source", f->fact->source);
		json_object_object_add(one, "recognised",
				       json_object_new_boolean(!!f->recognise));
		json_object_array_add(all, one);
	}
	json_object_object_add(output_doc(), "families", all);
	return 0;
}
