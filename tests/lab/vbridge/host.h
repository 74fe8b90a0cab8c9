/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bus that the enclosure hangs on, as the run sees it. */
#ifndef VBRIDGE_HOST_H
#define VBRIDGE_HOST_H

#include "options.h"

#define HOST_BUSID	32

struct host;

/**
 * struct host_ops - a kind of bus
 * @bus: its name, as for --bus
 * @missing: what a kernel without it has not
 * @load: have the kernel's side of it
 * @plug: onto the bus with a box that has just been reset. -EHOSTDOWN: nothing in it
 *	answers there
 * @unplug: off it, and the host has taken notice
 * @receive: something has come in; an error: the cable is as good as pulled
 * @pump: go on with whatever can go on
 * @hurry: what is kept back is answered now
 * @timeout_ms: when to pump again though nothing came; -1: not before something comes
 * @settled: whether the host has got to know the box; sets the host's busid then
 * @place: where it hangs, as text
 * @shows: what it shows of itself, as text
 * @status: that and more, as members of a JSON object, each with a comma behind it
 * @plug_error: why @plug failed, as text
 * @reset_bus: the box resets the bus; NULL: no box can
 * @link: switch the link layer of its PHY and plug it in anew; NULL: there is none
 */
struct host_ops {
	const char *bus;
	const char *missing;
	int (*load)(struct host *h);
	int (*plug)(struct host *h);
	void (*unplug)(struct host *h);
	int (*receive)(struct host *h);
	void (*pump)(struct host *h);
	void (*hurry)(struct host *h);
	int (*timeout_ms)(const struct host *h);
	bool (*settled)(struct host *h);
	void (*place)(const struct host *h, char *out, size_t room);
	void (*shows)(const struct host *h, char *out, size_t room);
	void (*status)(const struct host *h, char *out, size_t room);
	void (*plug_error)(const struct host *h, int ret, char *out, size_t room);
	int (*reset_bus)(struct host *h);
	void (*link)(struct host *h, bool on);
};

/**
 * struct host - the box's end of a cable
 * @ops: the kind of bus
 * @box: what hangs on it
 * @fd: to wait for; -1: not plugged in
 * @busid: what the host calls the box; "": not yet known
 * @transfers: that have come since it was plugged in
 */
struct host {
	const struct host_ops *ops;
	struct box *box;
	int fd;
	char busid[HOST_BUSID];
	u64 transfers;
};

/* The one host of each kind, for a run with these options. */
struct host *usb_host(const struct options *o, struct box *box);
struct host *fw_host(const struct options *o, struct box *box);

#endif
