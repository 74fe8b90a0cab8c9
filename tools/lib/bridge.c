// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boxes.h"
#include "error.h"
#include "file.h"
#include "identity.h"
#include "text.h"

static void attr(const struct bridge *b, const char *name, char *out, size_t room)
{
	char *path = xprintf("%s/%s", b->syspath, name);

	/* an attribute that has nothing to tell gives an error; so does a box that just went */
	sysfs_read(path, out, room);
	free(path);
}

static int index_of(const char *sysname)
{
	int n, end = 0;

	if (sscanf(sysname, "bridgefw%9d%n", &n, &end) != 1 || sysname[end] || n < 0)
		return -1;
	return n;
}

static void bridge_read(struct bridge *b, struct udev *udev, struct udev_device *dev)
{
	struct udev_device *usb;
	char progress[16];

	snprintf(b->name, sizeof(b->name), "bridgefw%d", b->index);
	snprintf(b->node, sizeof(b->node), "/dev/bridgefw%d", b->index);
	text_put(b->syspath, sizeof(b->syspath), udev_device_get_syspath(dev));
	attr(b, "chip", b->chip, sizeof(b->chip));
	attr(b, "vendor", b->vendor, sizeof(b->vendor));
	attr(b, "profile", b->profile, sizeof(b->profile));
	attr(b, "profile_origin", b->origin, sizeof(b->origin));
	attr(b, "match", b->match, sizeof(b->match));
	attr(b, "evidence", b->evidence, sizeof(b->evidence));
	attr(b, "bus", b->bus, sizeof(b->bus));
	attr(b, "bus_id", b->bus_id, sizeof(b->bus_id));
	attr(b, "ids", b->ids, sizeof(b->ids));
	attr(b, "serial", b->serial, sizeof(b->serial));
	attr(b, "transports", b->transports, sizeof(b->transports));
	attr(b, "firmware_version", b->firmware_version, sizeof(b->firmware_version));
	attr(b, "state", b->state, sizeof(b->state));
	attr(b, "job", b->job, sizeof(b->job));
	attr(b, "last_error", b->last_error, sizeof(b->last_error));
	attr(b, "note", b->note, sizeof(b->note));
	attr(b, "progress", progress, sizeof(progress));
	b->progress = atoi(progress);
	if (!b->state[0])
		text_put(b->state, sizeof(b->state), "gone");

	if (strcmp(b->bus, "usb"))
		return;
	usb = udev_device_new_from_subsystem_sysname(udev, "usb", b->bus_id);
	if (usb)
		usb_path_id(udev_device_get_syspath(usb), b->path_id, sizeof(b->path_id));
	udev_device_unref(usb);
}

static int by_index(const void *a, const void *b)
{
	return ((const struct bridge *)a)->index - ((const struct bridge *)b)->index;
}

/**
 * bridge_list_add() - one more bridge, all empty
 * @l: the list
 *
 * Return: it; valid until the next one is added
 */
struct bridge *bridge_list_add(struct bridge_list *l)
{
	l->v = xgrow(l->v, l->n, sizeof(*l->v));
	return &l->v[l->n++];
}

/**
 * bridge_list_free() - drop a list
 * @l: the list
 */
void bridge_list_free(struct bridge_list *l)
{
	free(l->v);
	l->v = NULL;
	l->n = 0;
}

/**
 * bridge_judge_serials() - which serials identify their box
 * @l: all bridges that are there: a serial that two of them show identifies neither
 */
void bridge_judge_serials(struct bridge_list *l)
{
	size_t i, k;

	for (i = 0; i < l->n; i++) {
		struct bridge *b = &l->v[i];

		b->serial_identifies = false;
		if (!b->serial[0])
			b->serial_why = "the box shows none";
		else if (!bfp_serial_identifies(b->serial))
			b->serial_why = "a default that many boxes show";
		else
			b->serial_identifies = true;
		for (k = 0; k < l->n && b->serial_identifies; k++) {
			if (k != i && !strcmp(b->serial, l->v[k].serial)) {
				b->serial_identifies = false;
				b->serial_why = "two bridges show it";
			}
		}
		if (b->serial_identifies)
			b->serial_why = "";
	}
}

/**
 * bridge_list_read() - all bridges that are there
 * @l: the list, in order of N
 * @e: why not
 *
 * Return: 0, or -1
 */
int bridge_list_read(struct bridge_list *l, struct bfw_error *e)
{
	struct udev *udev = udev_new();
	struct udev_enumerate *en = udev ? udev_enumerate_new(udev) : NULL;
	struct udev_list_entry *item;

	memset(l, 0, sizeof(*l));
	if (!en || udev_enumerate_add_match_subsystem(en, "bridgefw") < 0 ||
	    udev_enumerate_scan_devices(en) < 0) {
		udev_enumerate_unref(en);
		udev_unref(udev);
		return bfw_fail(e, BFW_FAILURE, "udev", "the devices cannot be enumerated");
	}
	udev_list_entry_foreach(item, udev_enumerate_get_list_entry(en)) {
		const char *path = udev_list_entry_get_name(item);
		struct udev_device *dev = udev_device_new_from_syspath(udev, path);
		int index;

		if (!dev)
			continue;
		index = index_of(udev_device_get_sysname(dev));
		if (index >= 0) {
			struct bridge *b = bridge_list_add(l);

			b->index = index;
			bridge_read(b, udev, dev);
		}
		udev_device_unref(dev);
	}
	udev_enumerate_unref(en);
	udev_unref(udev);
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_index);
	bridge_judge_serials(l);
	return 0;
}
