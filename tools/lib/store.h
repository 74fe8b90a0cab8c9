/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Backups: what memories held, and of which boxes. */
#ifndef BRIDGEFW_LIB_STORE_H
#define BRIDGEFW_LIB_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"
#include "port.h"
#include "text.h"

struct bfw_error;
struct drive_list;
struct json_object;

/**
 * struct record - one backup
 * @id: its name
 * @time: when it was taken, ISO 8601
 * @sha256: of the content
 * @size: bytes
 * @memory: name of the memory
 * @chip: of the box
 * @profile: that was used
 * @bus: "usb" or "1394"
 * @bus_id: where it was plugged in
 * @path_id: the same in words that survive a reboot
 * @ids: "VID:PID:BCD"
 * @serial: the box's
 * @serial_identifies: whether that tells it from others
 * @match: why the profile was used
 * @drive_model: of the first drive behind it
 * @drive_serial: likewise
 * @label: the user's words
 * @why: what it was taken for: "write", "restore" or "asked"
 * @mixture: it is what an interrupted write had left
 */
struct record {
	char id[64];
	char time[TIME_TEXT];
	char sha256[SHA256_TEXT];
	u32 size;
	char memory[32];
	char chip[64];
	char profile[64];
	char bus[8];
	char bus_id[64];
	char path_id[PATH_ID_LEN];
	char ids[32];
	char serial[160];
	bool serial_identifies;
	char match[16];
	char drive_model[128];
	char drive_serial[128];
	char label[128];
	char why[16];
	bool mixture;
};

struct record_list {
	struct record *v;
	size_t n;
};

void record_describe(struct record *r, const struct bridge *b, const char *memory,
		     const struct drive_list *drives, const char *label, const char *why);
int store_keep(struct record *r, const u8 *data, u32 len, struct bfw_error *e);
int store_keep_content(const u8 *data, u32 len, char sha256[SHA256_TEXT], struct bfw_error *e);
void store_list(struct record_list *l);
void store_list_free(struct record_list *l);
int store_find(const struct record_list *l, const char *name, const struct record **found,
	       struct bfw_error *e);
int store_load(const struct record *r, u8 **data, u32 *len, struct bfw_error *e);
int store_content(const char *sha256, u8 **data, u32 *len, struct bfw_error *e);
struct json_object *record_json(const struct record *r);

#endif
