// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boxes.h"
#include "error.h"
#include "file.h"
#include "rom.h"
#include "text.h"

static void attr(const char *dir, const char *name, char *out, size_t room)
{
	char *path = xprintf("%s/%s", dir, name);

	sysfs_read(path, out, room);
	free(path);
}

static u16 attr_hex(const char *dir, const char *name)
{
	char text[16];

	attr(dir, name, text, sizeof(text));
	return strtoul(text, NULL, 16);
}

/* An interface of class 08; its directory is called PORT:CONFIG.INTERFACE. */
static bool has_storage(const char *syspath)
{
	DIR *dir = opendir(syspath);
	bool found = false;
	struct dirent *d;

	if (!dir)
		return false;
	while (!found && (d = readdir(dir))) {
		char *sub, class[8];

		if (!strchr(d->d_name, ':'))
			continue;
		sub = xprintf("%s/%s", syspath, d->d_name);
		attr(sub, "bInterfaceClass", class, sizeof(class));
		found = !strcmp(class, "08");
		free(sub);
	}
	closedir(dir);
	return found;
}

/**
 * usb_path_id() - the place of a USB device in words that survive a reboot
 * @syspath: its directory, ".../HOST/usbN/N-PORTS/..."
 * @out: "HOST-usb2-PORTS"; "" if there is no such place
 * @room: size of @out
 *
 * The number of a bus is given out anew at each boot. A host controller has a
 * root hub for each of USB 2 and USB 3, whose ports are not the same ones.
 */
void usb_path_id(const char *syspath, char *out, size_t room)
{
	const char *usb = strstr(syspath, "/usb"), *host, *name, *ports;
	char *root, speed[16];

	out[0] = '\0';
	while (usb && !strchr("0123456789", usb[4]))
		usb = strstr(usb + 1, "/usb");
	name = strrchr(syspath, '/');
	ports = name ? strchr(name, '-') : NULL;
	if (!usb || !ports || name <= usb)
		return;
	for (host = usb; host > syspath && host[-1] != '/'; host--)
		;
	root = xprintf("%.*s", (int)(strcspn(usb + 1, "/") + 1 + (usb - syspath)), syspath);
	attr(root, "speed", speed, sizeof(speed));
	free(root);
	text_add(out, room, "%.*s-usb%d-%s", (int)(usb - host), host,
		 strtoul(speed, NULL, 10) >= 5000 ? 3 : 2, ports + 1);
}

static struct udev_enumerate *scan(struct udev *udev, const char *subsystem,
				   const char *devtype, struct udev_device *parent)
{
	struct udev_enumerate *en = udev ? udev_enumerate_new(udev) : NULL;

	if (!en)
		return NULL;
	if (udev_enumerate_add_match_subsystem(en, subsystem) < 0 ||
	    udev_enumerate_add_match_property(en, "DEVTYPE", devtype) < 0 ||
	    (parent && udev_enumerate_add_match_parent(en, parent) < 0) ||
	    udev_enumerate_scan_devices(en) < 0) {
		udev_enumerate_unref(en);
		return NULL;
	}
	return en;
}

static void box_fill(struct box *box, struct udev_device *dev)
{
	const char *sys = udev_device_get_syspath(dev);
	char config[8];

	text_put(box->port, sizeof(box->port), udev_device_get_sysname(dev));
	usb_path_id(sys, box->path_id, sizeof(box->path_id));
	box->vid = attr_hex(sys, "idVendor");
	box->pid = attr_hex(sys, "idProduct");
	box->bcd = attr_hex(sys, "bcdDevice");
	attr(sys, "product", box->product, sizeof(box->product));
	attr(sys, "serial", box->serial, sizeof(box->serial));
	attr(sys, "bConfigurationValue", config, sizeof(config));
	box->configured = config[0];
	box->storage = has_storage(sys);
}

/**
 * box_list_read() - all USB devices that are plugged in, hubs of the host aside
 * @l: the list
 * @e: why not
 *
 * Return: 0, or -1
 */
int box_list_read(struct box_list *l, struct bfw_error *e)
{
	struct udev *udev = udev_new();
	struct udev_enumerate *en = scan(udev, "usb", "usb_device", NULL);
	struct udev_list_entry *item;

	memset(l, 0, sizeof(*l));
	if (!en) {
		udev_unref(udev);
		return bfw_fail(e, BFW_FAILURE, "udev", "the USB devices cannot be enumerated");
	}
	udev_list_entry_foreach(item, udev_enumerate_get_list_entry(en)) {
		struct udev_device *dev;

		dev = udev_device_new_from_syspath(udev, udev_list_entry_get_name(item));
		if (dev && strchr(udev_device_get_sysname(dev), '-')) {
			l->v = xgrow(l->v, l->n, sizeof(*l->v));
			box_fill(&l->v[l->n++], dev);
		}
		udev_device_unref(dev);
	}
	udev_enumerate_unref(en);
	udev_unref(udev);
	return 0;
}

/**
 * box_list_free() - drop a list
 * @l: the list
 */
void box_list_free(struct box_list *l)
{
	free(l->v);
	l->v = NULL;
	l->n = 0;
}

/**
 * box_at() - the device at a port
 * @l: all devices
 * @port: "1-1.4"
 *
 * Return: it, or NULL
 */
const struct box *box_at(const struct box_list *l, const char *port)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].port, port))
			return &l->v[i];
	return NULL;
}

/* The serial as the drive itself tells it: VPD page 0x80, behind a header of four bytes. */
static bool vpd_serial(const char *sys, char *out, size_t room)
{
	char *path = xprintf("%s/device/vpd_pg80", sys);
	char page[256] = "";
	FILE *f = fopen(path, "re");
	size_t n = 0;

	free(path);
	if (f) {
		n = fread(page, 1, sizeof(page) - 1, f);
		fclose(f);
	}
	if (n <= 4)
		return false;
	page[n] = '\0';
	text_put(out, room, page + 4);
	text_trim(out);
	text_clean(out);
	return out[0];
}

static void drive_fill(struct drive *d, struct udev_device *dev, const char *bridge_serial)
{
	const char *sys = udev_device_get_syspath(dev);
	const char *serial = udev_device_get_property_value(dev, "ID_SERIAL_SHORT");
	char size[32];

	text_put(d->name, sizeof(d->name), udev_device_get_sysname(dev));
	attr(sys, "device/model", d->model, sizeof(d->model));
	attr(sys, "size", size, sizeof(size));
	d->size = strtoull(size, NULL, 10) * 512;
	if (vpd_serial(sys, d->serial, sizeof(d->serial)))
		return;
	/* what udev took from the USB descriptors is the bridge's serial, not the drive's */
	if (serial && strcmp(serial, bridge_serial))
		text_put(d->serial, sizeof(d->serial), serial);
	text_clean(d->serial);
}

/* The device of the bus that the drives are children of; NULL if it cannot be told. */
static struct udev_device *above_drives(struct udev *udev, const struct bridge *b)
{
	struct udev_device *found;
	char *node;

	if (!strcmp(b->bus, "usb"))
		return udev_device_new_from_subsystem_sysname(udev, "usb", b->bus_id);
	node = rom_node(b, FIREWIRE_DEVICES);
	found = node ? udev_device_new_from_syspath(udev, node) : NULL;
	free(node);
	return found;
}

/**
 * drive_list_read() - the drives behind a bridge
 * @l: the list; empty if there are none or it cannot be told
 * @b: the bridge
 */
void drive_list_read(struct drive_list *l, const struct bridge *b)
{
	struct udev *udev = udev_new();
	struct udev_list_entry *item;
	struct udev_device *parent;
	struct udev_enumerate *en;

	memset(l, 0, sizeof(*l));
	parent = udev ? above_drives(udev, b) : NULL;
	en = parent ? scan(udev, "block", "disk", parent) : NULL;
	udev_list_entry_foreach(item, en ? udev_enumerate_get_list_entry(en) : NULL) {
		struct udev_device *dev;

		dev = udev_device_new_from_syspath(udev, udev_list_entry_get_name(item));
		if (!dev)
			continue;
		l->v = xgrow(l->v, l->n, sizeof(*l->v));
		drive_fill(&l->v[l->n++], dev, b->serial);
		udev_device_unref(dev);
	}
	udev_enumerate_unref(en);
	udev_device_unref(parent);
	udev_unref(udev);
}

/**
 * drive_list_free() - drop a list
 * @l: the list
 */
void drive_list_free(struct drive_list *l)
{
	free(l->v);
	l->v = NULL;
	l->n = 0;
}
