/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bridges that are there, as sysfs shows them, and how one is picked. */
#ifndef BRIDGEFW_LIB_BRIDGE_H
#define BRIDGEFW_LIB_BRIDGE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PATH_ID_LEN	128

struct bfw_error;

/**
 * struct bridge - one bridgefwN
 * @index: N
 * @name: "bridgefwN"
 * @node: "/dev/bridgefwN"
 * @syspath: its directory in sysfs
 * @chip: chip's name, "" if unknown
 * @vendor: who made the chip
 * @profile: name of the profile
 * @origin: "system" or "local"
 * @match: "ids", "written", "changed", "attached" or "none"
 * @evidence: the weakest evidence of what a write needs
 * @bus: "usb" or "1394"
 * @bus_id: where it is plugged in
 * @path_id: the same in words that survive a reboot; "" if unknown
 * @ids: "VID:PID:BCD"
 * @serial: as the bus shows it
 * @serial_identifies: whether it tells this box from others
 * @serial_why: why not; "" if it does
 * @transports: ways to it, with blanks between
 * @firmware_version: "" if unknown
 * @state: "idle", "busy", "blank", "failed" or "gone"
 * @progress: of the present job, per cent
 * @job: the present or last job
 * @last_error: "" or "REASON: sentence"
 * @note: what the profile has to tell the owner
 */
struct bridge {
	int index;
	char name[24];
	char node[32];
	char syspath[512];
	char chip[64];
	char vendor[128];
	char profile[64];
	char origin[16];
	char match[16];
	char evidence[16];
	char bus[8];
	char bus_id[64];
	char path_id[PATH_ID_LEN];
	char ids[32];
	char serial[160];
	bool serial_identifies;
	const char *serial_why;
	char transports[64];
	char firmware_version[128];
	char state[16];
	int progress;
	char job[16];
	char last_error[256];
	char note[768];
};

struct bridge_list {
	struct bridge *v;
	size_t n;
};

struct bridge *bridge_list_add(struct bridge_list *l);
void bridge_list_free(struct bridge_list *l);
int bridge_list_read(struct bridge_list *l, struct bfw_error *e);
void bridge_judge_serials(struct bridge_list *l);
int bridge_select(const struct bridge_list *l, const char *selector,
		  const struct bridge **found, struct bfw_error *e);
const struct bridge *bridge_at(const struct bridge_list *l, const char *bus_id);
const char *bus_id_of(const char *selector);
bool selector_form(const char *text);

#endif
