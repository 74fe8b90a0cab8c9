// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A box whose drive does not answer has no SCSI device, and so no way for CDBs. Its
 * interface is taken from usb-storage (or uas) for the time of one command and given
 * to the module, which carries CDBs by itself.
 *
 * The kernel takes and gives in one step each. Whoever has an interface handed over
 * holds a lock on its directory in sysfs, which ends with the process: an interface
 * that is with the module while nobody holds the lock was left by a command that was
 * killed, and the next one gives it back.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "boxes.h"
#include "error.h"
#include "file.h"
#include "handover.h"
#include "text.h"
#include "users.h"

#define DEVICES		"/sys/bus/usb/devices"
#define DOOR		"/sys/module/bridgefw_usb/parameters/handover"
#define OURS		"bridgefw_usb"
#define MASS_STORAGE	0x08
#define SETTLE_TRIES	20	/* udev may look at a drive that has just come */
#define SETTLE_MS	100
#define INTR_TRIES	3

static struct {
	char intf[80];		/* "1-1:1.0"; "" if none is taken */
	char name[24];		/* of the bridge */
	char place[80];
	int door;		/* open, for a signal handler */
	int lock;
} taken = { .door = -1, .lock = -1 };

static void driver_of(const char *intf, char *out, size_t room)
{
	char *path = xprintf(DEVICES "/%s/driver", intf), link[PATH_MAX];
	ssize_t n = readlink(path, link, sizeof(link) - 1);

	free(path);
	link[n < 0 ? 0 : n] = '\0';
	text_put(out, room, strrchr(link, '/') ? strrchr(link, '/') + 1 : "none");
}

static bool storage_interface(const struct bridge *b, char *out, size_t room)
{
	char *pattern = xprintf(DEVICES "/%s:*", b->bus_id), *path, text[16];
	bool found = false;
	glob_t g = {};
	size_t i;

	if (!strcmp(b->bus, "usb") && !glob(pattern, 0, NULL, &g)) {
		for (i = 0; i < g.gl_pathc && !found; i++) {
			path = xprintf("%s/bInterfaceClass", g.gl_pathv[i]);
			found = !sysfs_read(path, text, sizeof(text)) &&
				strtoul(text, NULL, 16) == MASS_STORAGE;
			if (found)
				text_put(out, room, strrchr(g.gl_pathv[i], '/') + 1);
			free(path);
		}
	}
	globfree(&g);
	free(pattern);
	return found;
}

/* -1 if another process has the interface handed over. */
static int lock_interface(const char *intf)
{
	char *path = xprintf(DEVICES "/%s", intf);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(path);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int in_use(const struct bridge *b, const struct users *u, struct bfw_error *e)
{
	size_t i;

	bfw_fail(e, BFW_BUSY, "in-use",
		 "%s: the drive behind it would lose its driver, and is in use", b->name);
	for (i = 0; i < u->n; i++)
		bfw_more(e, "%s%s", i ? "; " : ": ", u->text[i]);
	bfw_error_device(e, b->name);
	bfw_next(e, "Unmount it or stop what uses it. A drive that works needs no --bot.\n"
		 "Nothing was changed.");
	return -1;
}

/* The kernel looks for mounts itself; a program that just reads the disk it does not see. */
static int nobody_uses(const struct bridge *b, struct bfw_error *e)
{
	int ret = 0, tries;

	for (tries = 0; tries < SETTLE_TRIES; tries++) {
		struct drive_list drives;
		struct users u = {};

		drive_list_read(&drives, b);
		users_find(&u, &drives);
		bfw_error_clear(e);
		ret = u.n ? in_use(b, &u, e) : 0;
		users_free(&u);
		drive_list_free(&drives);
		if (!ret)
			break;
		usleep(SETTLE_MS * 1000);
	}
	return ret;
}

/* One write is one command of the kernel; 0 or an errno. Also in a signal handler. */
static int tell(const char *text, size_t len)
{
	int tries;

	for (tries = 0; tries < INTR_TRIES; tries++) {
		if (write(taken.door, text, len) == (ssize_t)len)
			return 0;
		if (errno != EINTR)
			break;
	}
	return errno;
}

static void on_signal(int number)
{
	if (taken.intf[0])
		tell(taken.intf, strlen(taken.intf));
	raise(number);
}

/* A tool that is stopped before it waits for a job (see follow_signals()) cleans up. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_NODEFER };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaction(numbers[i], &sa, NULL);
}

static void forget(void)
{
	taken.intf[0] = '\0';
	if (taken.door >= 0)
		close(taken.door);
	if (taken.lock >= 0)
		close(taken.lock);
	taken.door = -1;
	taken.lock = -1;
}

static int refused(const struct bridge *b, const char *driver, int err, struct bfw_error *e)
{
	forget();
	switch (err) {
	case EBUSY:
		bfw_fail(e, BFW_BUSY, "busy",
			 "%s: its interface cannot be taken from %s now: a drive behind it is in use, or a job runs on it",
			 b->name, driver);
		bfw_next(e, "`bridgefwctl status %s:%s` tells of a job. Nothing was changed.",
			 b->bus, b->bus_id);
		break;
	case EOPNOTSUPP:
		bfw_fail(e, BFW_REFUSED, "transport",
			 "%s: its interface does not speak the Bulk-Only Transport", b->name);
		bfw_next(e, "Nothing was changed.");
		break;
	case ENODEV:
	case ENXIO:
		bfw_fail(e, BFW_GONE, "gone", "%s: the box is gone", b->name);
		bfw_next(e, "Plug it in again and see `bridgefwctl list`.");
		break;
	default:
		bfw_fail_errno(e, BFW_FAILURE, err, "%s: its interface could not be taken from %s",
			       b->name, driver);
		bfw_next(e, "It is with its own driver again. The kernel log may say more.");
	}
	bfw_error_device(e, b->name);
	return -1;
}

static int open_door(const struct bridge *b, const char *intf, struct bfw_error *e)
{
	taken.lock = lock_interface(intf);
	if (taken.lock < 0) {
		bfw_fail(e, BFW_BUSY, "busy", "%s: another bridgefwctl has its interface",
			 b->name);
		bfw_error_device(e, b->name);
		bfw_next(e, "Wait for its end. Nothing was changed.");
		return -1;
	}
	taken.door = open(DOOR, O_WRONLY | O_CLOEXEC);
	if (taken.door >= 0)
		return 0;
	bfw_fail_errno(e, errno == EACCES || errno == EPERM ? BFW_PERMISSION : BFW_FAILURE, errno,
		       "%s: its interface cannot be handed over", b->name);
	bfw_error_device(e, b->name);
	forget();
	return -1;
}

/**
 * handover_take() - hand the interface of a box to the module
 * @b: the bridge
 * @e: why not
 *
 * handover_end() gives it back, and so does a signal. One that the module has already
 * was left behind; it is used, and given back as well.
 *
 * Return: 0, or -1
 */
int handover_take(const struct bridge *b, struct bfw_error *e)
{
	char intf[80], driver[64], *text;
	int err;

	if (!storage_interface(b, intf, sizeof(intf))) {
		bfw_fail(e, BFW_REFUSED, "transport",
			 "%s: it has no USB interface for commands to a drive", b->name);
		bfw_error_device(e, b->name);
		bfw_next(e, "--bot is for boxes on USB. Nothing was changed.");
		return -1;
	}
	if (open_door(b, intf, e))
		return -1;
	text_put(taken.name, sizeof(taken.name), b->name);
	snprintf(taken.place, sizeof(taken.place), "%s:%s", b->bus, b->bus_id);
	driver_of(intf, driver, sizeof(driver));
	if (strcmp(driver, OURS) && nobody_uses(b, e)) {
		forget();
		return -1;
	}
	catch_signals();
	text_put(taken.intf, sizeof(taken.intf), intf);
	if (!strcmp(driver, OURS))
		return 0;
	text = xprintf("%s %s", intf, driver);
	err = tell(text, strlen(text));
	free(text);
	return err ? refused(b, driver, err, e) : 0;
}

static void stays(void)
{
	bfw_warn("%s: while its job runs, the interface %s stays with the module; `bridgefwctl status %s --wait` gives it back then",
		 taken.name, taken.intf, taken.place);
}

static void lost(int err)
{
	bfw_warn("%s: the interface %s could not be given back to its driver: %s; unplug the box and plug it in again",
		 taken.name, taken.intf, strerror(err));
}

/* It has gone back by itself when the box was unplugged, or somebody else did it. */
static bool given_back(int err)
{
	return !err || err == EALREADY || err == ENODEV || err == ENXIO;
}

/**
 * handover_end() - give back what handover_take() took
 *
 * While a job runs the module needs it: then it stays, and that is said.
 */
void handover_end(void)
{
	int err;

	if (!taken.intf[0])
		return;
	err = tell(taken.intf, strlen(taken.intf));
	if (err == EBUSY)
		stays();
	else if (!given_back(err))
		lost(err);
	forget();
}

static bool with_module(const struct bridge *b, char *intf, size_t room)
{
	char driver[64];

	if (!storage_interface(b, intf, room))
		return false;
	driver_of(intf, driver, sizeof(driver));
	return !strcmp(driver, OURS);
}

/**
 * handover_left() - whether a command that was killed has left an interface behind
 * @b: the bridge
 *
 * Return: true if its interface is with the module, and no running command's.
 */
bool handover_left(const struct bridge *b)
{
	char intf[80];
	int lock;

	if (taken.intf[0] || !with_module(b, intf, sizeof(intf)))
		return false;
	lock = lock_interface(intf);
	if (lock < 0)
		return false;
	close(lock);
	return true;
}

/**
 * handover_clean() - give back what a command that was killed has left behind
 * @b: the bridge
 *
 * What was found is told; who may not do it is told how.
 */
void handover_clean(const struct bridge *b)
{
	struct bfw_error e = {};
	char intf[80];
	int err;

	if (!handover_left(b) || !with_module(b, intf, sizeof(intf)))
		return;
	if (open_door(b, intf, &e)) {
		bfw_warn("%s: a command was stopped before it gave the interface %s back to its driver; `bridgefwctl status %s:%s` as root does it",
			 b->name, intf, b->bus, b->bus_id);
		bfw_error_clear(&e);
		return;
	}
	text_put(taken.intf, sizeof(taken.intf), intf);
	text_put(taken.name, sizeof(taken.name), b->name);
	snprintf(taken.place, sizeof(taken.place), "%s:%s", b->bus, b->bus_id);
	err = tell(intf, strlen(intf));
	if (err == EBUSY)
		stays();
	else if (!given_back(err))
		lost(err);
	else
		bfw_warn("%s: a command was stopped before it gave the interface %s back to its driver; it has been given back now",
			 b->name, intf);
	forget();
}
