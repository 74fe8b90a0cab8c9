// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bridge.h"
#include "file.h"
#include "guid.h"
#include "output.h"
#include "rom.h"
#include "state.h"
#include "text.h"

/* "fw1" is a node; "fw1.0" is a unit of it, "fwfoo" something else. */
static bool is_node(const char *name, size_t len)
{
	return len > 2 && !strncmp(name, "fw", 2) &&
	       strspn(name + 2, "0123456789") == len - 2;
}

/* Whether a node's directory is that of a box with this GUID, and not the computer. */
static bool shows(const char *node, u64 guid)
{
	char *path = xprintf("%s/guid", node), text[32];
	u64 value;
	bool so;

	sysfs_read(path, text, sizeof(text));
	so = guid_parse(text, &value) && value == guid;
	free(path);
	path = xprintf("%s/is_local", node);
	sysfs_read(path, text, sizeof(text));
	free(path);
	return so && strcmp(text, "1");
}

/* The node that a bridge is a child of; NULL if it is none's. */
static char *node_above(const char *syspath, u64 guid)
{
	const char *p = syspath, *end = NULL;
	char *node;

	while ((p = strchr(p, '/'))) {
		size_t len = strcspn(++p, "/");

		if (is_node(p, len))
			end = p + len;
	}
	if (!end)
		return NULL;
	node = xprintf("%.*s", (int)(end - syspath), syspath);
	if (shows(node, guid))
		return node;
	free(node);
	return NULL;
}

/* The first node that shows a GUID, and how many do. */
static char *node_with(const char *devices, u64 guid, int *count)
{
	DIR *dir = opendir(devices);
	char *found = NULL, *node;
	struct dirent *d;

	*count = 0;
	while (dir && (d = readdir(dir))) {
		if (!is_node(d->d_name, strlen(d->d_name)))
			continue;
		node = xprintf("%s/%s", devices, d->d_name);
		if (shows(node, guid) && !(*count)++)
			found = node;
		else
			free(node);
	}
	if (dir)
		closedir(dir);
	return found;
}

/**
 * rom_node() - the device that the kernel's own driver made of a bridge on FireWire
 * @b: the bridge
 * @devices: directory of the FireWire bus's devices in sysfs
 *
 * Return: its directory without links, the caller frees it; NULL if there is none, or if
 * two show its GUID
 */
char *rom_node(const struct bridge *b, const char *devices)
{
	char *node, *real;
	int count;
	u64 guid;

	if (strcmp(b->bus, "1394") || !guid_parse(b->serial, &guid))
		return NULL;
	node = node_with(devices, guid, &count);
	real = count == 1 ? realpath(node, NULL) : NULL;
	free(node);
	return real;
}

/**
 * rom_find() - where the kernel shows a bridge's configuration ROM
 * @b: the bridge
 * @devices: directory of the FireWire bus's devices in sysfs
 *
 * The node that the bridge is a child of, or else one that shows the same GUID; where
 * two boxes share one, it may be the other's.
 *
 * Return: a file's name, the caller frees it; NULL if there is none
 */
char *rom_find(const struct bridge *b, const char *devices)
{
	char *node, *path;
	int count;
	u64 guid;

	if (strcmp(b->bus, "1394") || !guid_parse(b->serial, &guid))
		return NULL;
	node = node_above(b->syspath, guid);
	if (!node)
		node = node_with(devices, guid, &count);
	path = node ? xprintf("%s/config_rom", node) : NULL;
	free(node);
	return path;
}

/**
 * rom_file_read() - what a configuration ROM tells that the kernel shows
 * @path: the attribute: numbers of 32 bits in this machine's byte order
 * @rom: what it tells
 *
 * Return: 0, or -1 with errno set
 */
int rom_file_read(const char *path, struct bfp_rom *rom)
{
	u32 q[BFP_ROM_QUADLETS];
	size_t done = 0;
	ssize_t n = 1;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* its size as the file system gives it says nothing */
	while (n && done < sizeof(q)) {
		n = read(fd, (char *)q + done, sizeof(q) - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += n;
	}
	err = n < 0 ? errno : 0;
	close(fd);
	if (!err)
		err = -bfp_rom_read(q, done / sizeof(*q), rom);
	errno = err;
	return err ? -1 : 0;
}

static void line(const char *title, const char *text)
{
	char head[64];

	snprintf(head, sizeof(head), "  %-16s ", title);
	say_line(head, text);
}

/* A number of 24 bits, who or what it stands for, and the text beside it. */
static void number_line(const char *title, u32 number, const char *name, const char *text)
{
	char out[256];

	snprintf(out, sizeof(out), "%06x", number);
	if (name)
		text_add(out, sizeof(out), " (%s)", name);
	if (text[0])
		text_add(out, sizeof(out), ", \"%s\"", text);
	line(title, out);
}

static void unit_line(const struct bfp_rom *rom)
{
	char out[128];

	if (rom->sbp2 && rom->has_type)
		snprintf(out, sizeof(out), "SBP-2, a %s (type %02x)",
			 device_type_text(rom->type), rom->type);
	else if (rom->sbp2)
		snprintf(out, sizeof(out), "SBP-2");
	else if (rom->specifier || rom->version)
		snprintf(out, sizeof(out), "not SBP-2: specifier %06x, version %06x",
			 rom->specifier, rom->version);
	else
		snprintf(out, sizeof(out), "none, so no driver serves it");
	line("unit", out);
}

/**
 * say_rom() - tell people what a configuration ROM tells
 * @rom: the ROM
 */
void say_rom(const struct bfp_rom *rom)
{
	char text[256];
	struct guid g;

	guid_decode(rom->guid, &g);
	say("configuration ROM\n");
	guid_text(rom->guid, text);
	line("guid", text);
	guid_words(&g, text, sizeof(text));
	line("", text);
	if (rom->vendor || rom->vendor_text[0])
		number_line("vendor", rom->vendor, oui_maker(rom->vendor), rom->vendor_text);
	if (rom->has_model || rom->model_text[0])
		number_line("model", rom->model, NULL, rom->model_text);
	unit_line(rom);
	if (rom->revision)
		number_line("revision", rom->revision, NULL, "");
	if (rom->max_rec) {
		snprintf(text, sizeof(text), "at most %u bytes", 2u << rom->max_rec);
		line("packets", text);
	}
	if (rom->crc_bad)
		line("checksum", "wrong; many old boxes have it so, and work");
}

static void put_number(struct json_object *o, const char *key, bool known, long long n)
{
	json_object_object_add(o, key, known ? json_object_new_int64(n) : NULL);
}

static void put_hex(struct json_object *o, const char *key, bool known, u32 number)
{
	char text[16];

	snprintf(text, sizeof(text), "%06x", number);
	json_object_object_add(o, key, known ? json_object_new_string(text) : NULL);
}

/**
 * rom_json() - a configuration ROM for scripts
 * @rom: the ROM
 *
 * Return: an object; the caller drops it
 */
struct json_object *rom_json(const struct bfp_rom *rom)
{
	struct json_object *o = json_object_new_object();
	char text[32];
	struct guid g;

	guid_decode(rom->guid, &g);
	guid_text(rom->guid, text);
	json_put_text(o, "guid", text);
	put_hex(o, "guid_oui", true, g.oui);
	json_put_text(o, "guid_maker", g.maker ? g.maker : "");
	put_number(o, "guid_device_type", g.type >= 0, g.type);
	snprintf(text, sizeof(text), "%0*llx", g.digits, (unsigned long long)g.serial);
	json_put_text(o, "guid_serial", text);
	json_object_object_add(o, "guid_identifies", json_object_new_boolean(g.identifies));
	put_hex(o, "vendor", rom->vendor, rom->vendor);
	json_put_text(o, "vendor_text", rom->vendor_text);
	put_hex(o, "model", rom->has_model, rom->model);
	json_put_text(o, "model_text", rom->model_text);
	json_object_object_add(o, "sbp2", json_object_new_boolean(rom->sbp2));
	put_hex(o, "specifier", rom->specifier, rom->specifier);
	put_hex(o, "version", rom->version, rom->version);
	put_number(o, "device_type", rom->has_type, rom->type);
	put_hex(o, "revision", rom->revision, rom->revision);
	put_number(o, "packet_bytes", rom->max_rec, 2LL << rom->max_rec);
	put_number(o, "link_speed", true, rom->link_speed);
	put_number(o, "length", true, 4LL * rom->quadlets);
	json_object_object_add(o, "checksums_good", json_object_new_boolean(!rom->crc_bad));
	return o;
}
