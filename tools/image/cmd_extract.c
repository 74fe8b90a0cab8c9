// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl image extract: the images in a flasher, where they are clear */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "image_cli.h"
#include "output.h"
#include "state.h"
#include "text.h"
#include "xflash.h"

/* The flasher has no descriptor: what else is it? */
static int refuse(const struct subject *s, struct bfw_error *e)
{
	const struct image_report *r = image_taken_for(&s->res);

	if (!s->res.program && r) {
		bfw_fail(e, BFW_BAD_FILE, "no-flasher",
			 "%s is no flasher; it was taken for an image already: %s", s->path,
			 r->family->title);
		return -1;
	}
	if (s->res.packed) {
		bfw_fail(e, BFW_REFUSED, "packed",
			 "%s is packed with UPX: its images are not to be seen", s->path);
		bfw_next(e, "Look for an unscrambled flasher or a BIN file. Nothing was written.");
		return -1;
	}
	bfw_fail(e, BFW_BAD_FILE, "no-flasher",
		 "%s has no descriptor of images (HOW_MANY_BIN or PARA_OPT, BIN_START, BIN_SIZE, NEW_FW)",
		 s->path);
	bfw_next(e, "It is no flasher of Lite-On, or a scrambled or packed one.");
	return -1;
}

/* All or none: a flasher that is not understood in part is not understood. */
static int check(const struct subject *s, const struct xflash *x, struct bfw_error *e)
{
	unsigned int i, n = 0;

	for (i = 0; i < XFLASH_IMAGES; i++) {
		const struct xflash_image *one = &x->images[i];

		if (one->state == XFLASH_ABSENT)
			continue;
		n++;
		if (one->state == XFLASH_CLEAR)
			continue;
		bfw_fail(e, one->state == XFLASH_OUTSIDE ? BFW_BAD_FILE : BFW_REFUSED,
			 one->state == XFLASH_OUTSIDE ? "outside" : "scrambled",
			 "image %u (%s) of %s is %s", i + 1,
			 one->name[0] ? one->name : "without a name", s->path,
			 xflash_state_text(one->state));
		bfw_next(e, one->state == XFLASH_OUTSIDE ?
			 "The file is cut, or its descriptor is damaged. Nothing was written." :
			 "It is not unscrambled here. Look for an unscrambled flasher or a BIN file. Nothing was written.");
		return -1;
	}
	if (n)
		return 0;
	return bfw_fail(e, BFW_BAD_FILE, "empty", "%s has no image in it", s->path);
}

/* Two images may have one name: the second gets its number. */
static char *name_of(const struct xflash *x, unsigned int i, const char *dir)
{
	const char *name = x->images[i].name;
	unsigned int k;

	if (!name[0])
		return xprintf("%s/image-%u.bin", dir, i + 1);
	for (k = 0; k < i; k++)
		if (x->images[k].state == XFLASH_CLEAR && !strcasecmp(x->images[k].name, name))
			return xprintf("%s/%s-%u.bin", dir, name, i + 1);
	return xprintf("%s/%s.bin", dir, name);
}

static int write_one(const struct cli *o, const struct image *img, const char *path,
		     struct bfw_error *e)
{
	if (o->dry_run)
		return 0;
	if (!file_write(path, img->data, img->size, 0666, o->force, e))
		return 0;
	if (!strcmp(e->reason, "exists")) {
		e->code = BFW_USAGE;
		bfw_next(e, "Name another directory with --output, or replace it with --force.");
	}
	return -1;
}

static int extract(const struct cli *o, const struct subject *s, const struct xflash *x,
		   struct bfw_error *e)
{
	struct json_object *all = json_object_new_array();
	const char *dir = o->output ? o->output : ".";
	unsigned int i;
	int ret = 0;

	json_object_object_add(output_doc(), "dry_run", json_object_new_boolean(o->dry_run));
	json_object_object_add(output_doc(), "images", all);
	if (o->output && !o->dry_run && dir_make(dir, 0777, e))
		return -1;
	for (i = 0; i < XFLASH_IMAGES && !ret; i++) {
		struct image img = xflash_content(&s->img, &x->images[i]);
		struct json_object *one;
		char sha[SHA256_TEXT], *path;

		if (x->images[i].state != XFLASH_CLEAR)
			continue;
		path = name_of(x, i, dir);
		ret = write_one(o, &img, path, e);
		if (!ret) {
			sha256_text(img.data, img.size, sha);
			say("%s: %s%zu bytes from 0x%llx, sha256 %s\n", path,
			    o->dry_run ? "would be written, " : "", img.size,
			    (unsigned long long)x->images[i].offset, sha);
			one = json_object_new_object();
			json_put_text(one, "file", path);
			json_put_text(one, "name", x->images[i].name);
			json_object_object_add(one, "offset",
					       json_object_new_int64(x->images[i].offset));
			json_object_object_add(one, "size", json_object_new_int64(img.size));
			json_put_text(one, "sha256", sha);
			json_object_array_add(all, one);
		}
		free(path);
	}
	return ret;
}

/**
 * cmd_extract() - bridgefwctl image extract
 * @o: options
 * @e: why not; BFW_REFUSED for what is scrambled or packed
 *
 * Return: 0, or -1
 */
int cmd_extract(const struct cli *o, struct bfw_error *e)
{
	struct subject s;
	struct xflash x;
	int ret;

	if (subject_open(&s, o->arg[0], e))
		return -1;
	json_put_text(output_doc(), "file", s.path);
	if (!xflash_parse(&s.img, &x))
		ret = refuse(&s, e);
	else
		ret = check(&s, &x, e);
	if (!ret)
		ret = extract(o, &s, &x, e);
	subject_close(&s);
	return ret;
}
