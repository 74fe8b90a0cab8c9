// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "reattach.h"
#include "text.h"

#define ATTACH_FILE	"/sys/class/bridgefw/attach"
#define WAIT_MS		10000	/* for the bridge, and for its first look at the memory */
#define STEP_MS		50

/* Unknown ids load no module; somebody who attaches by hand wants it loaded. */
static void load_modules(void)
{
	static char *const argv[] = { "modprobe", "-q", "bridgefw_usb", NULL };
	static char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int status;
	pid_t pid;

	if (!access(ATTACH_FILE, F_OK) || geteuid())
		return;
	if (!posix_spawn(&pid, "/sbin/modprobe", NULL, NULL, argv, env))
		waitpid(pid, &status, 0);
}

static int attach_fail(int err, const char *bus_id, const char *profile, struct bfw_error *e)
{
	switch (err) {
	case ENOENT:
		if (access(ATTACH_FILE, F_OK)) {
			bfw_fail(e, BFW_NO_DEVICE, "no-module",
				 "the kernel module bridgefw_usb is not loaded");
			bfw_next(e, "`modprobe bridgefw_usb` loads it.");
			return -1;
		}
		bfw_fail(e, BFW_BAD_FILE, "no-profile",
			 "the kernel finds no profile \"%s\"", profile);
		bfw_next(e, "`bridgefwctl profile list` shows those that are installed.");
		return -1;
	case ENODEV:
		bfw_fail(e, BFW_NO_DEVICE, "no-device", "nothing is plugged in at %s", bus_id);
		bfw_next(e, "`lsusb -t` and `bridgefwctl list` show the places.");
		return -1;
	case EBUSY:
		return bfw_fail(e, BFW_BUSY, "busy", "the box at %s is busy", bus_id);
	case EINVAL:
		return bfw_fail(e, BFW_BAD_FILE, "profile",
				"the kernel does not accept the profile \"%s\" for the box at %s",
				profile, bus_id);
	}
	return bfw_fail_errno(e, BFW_FAILURE, err, "%s could not be attached to the box at %s",
			      profile, bus_id);
}

/**
 * attach_profile() - tell the kernel which chip the box at a port has
 * @bus_id: the port
 * @profile: name of the chip's profile
 * @sha256: what its memory should hold; NULL: not known
 * @e: why not
 *
 * Return: 0, or -1
 */
int attach_profile(const char *bus_id, const char *profile, const char *sha256,
		   struct bfw_error *e)
{
	char *text = xprintf("%s %s%s%s", bus_id, profile, sha256 ? " " : "",
			     sha256 ? sha256 : "");
	int ret;

	load_modules();
	ret = sysfs_write(ATTACH_FILE, text);
	if (ret)
		ret = attach_fail(errno, bus_id, profile, e);
	free(text);
	return ret;
}

/**
 * attach_forget() - take attach_profile() back
 * @bus_id: the port
 * @e: why not
 *
 * Return: 0, or -1
 */
int attach_forget(const char *bus_id, struct bfw_error *e)
{
	return attach_profile(bus_id, "-", NULL, e);
}

/**
 * attach_wait() - wait for the bridge at a port, and until it has no job
 * @bus_id: the port
 * @b: filled in
 * @e: why not
 *
 * Return: 0, or -1
 */
int attach_wait(const char *bus_id, struct bridge *b, struct bfw_error *e)
{
	int waited;

	for (waited = 0; waited < WAIT_MS; waited += STEP_MS) {
		const struct bridge *found;
		struct bridge_list l;
		bool ready;

		if (bridge_list_read(&l, e))
			return -1;
		found = bridge_at(&l, bus_id);
		ready = found && strcmp(found->state, "busy") && !access(found->node, F_OK);
		if (ready)
			*b = *found;
		bridge_list_free(&l);
		if (ready)
			return 0;
		poll(NULL, 0, STEP_MS);
	}
	bfw_fail(e, BFW_FAILURE, "timeout", "the box at %s did not become a bridge in time",
		 bus_id);
	bfw_next(e, "See `bridgefwctl list` and the kernel log.");
	return -1;
}

/**
 * attach_by_journal() - make the box at a port the one that was written there
 * @bus_id: the port
 * @j: the last write there
 * @b: filled in
 * @e: why not
 *
 * The kernel reads the memory and compares; it sends what the profile says a
 * read is, and nothing else.
 *
 * Return: 0, or -1
 */
int attach_by_journal(const char *bus_id, const struct journal *j, struct bridge *b,
		      struct bfw_error *e)
{
	if (attach_profile(bus_id, j->profile, j->new_sha256, e))
		return -1;
	return attach_wait(bus_id, b, e);
}
