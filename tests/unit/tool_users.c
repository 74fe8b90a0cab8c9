// SPDX-License-Identifier: GPL-2.0-or-later
/* Who uses a drive, from what /proc and /sys show; and places of USB devices. */
#include <sys/sysmacros.h>

#include "boxes.h"
#include "tool_help.h"
#include "users.h"

static bool told(const struct users *u, const char *text)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		if (!strcmp(u->text[i], text))
			return true;
	return false;
}

/* A made-up machine: sda with two partitions, one of them part of a volume. */
static void make_sysfs(void)
{
	free(tool_put("sys/class/block/sda/dev", "8:0\n"));
	free(tool_put("sys/class/block/sda/sda1/partition", "1\n"));
	free(tool_put("sys/class/block/sda/sda2/partition", "2\n"));
	free(tool_put("sys/class/block/sda/holders/.keep", ""));
	free(tool_put("sys/class/block/sda1/dev", "8:1\n"));
	free(tool_put("sys/class/block/sda2/dev", "8:2\n"));
	free(tool_put("sys/class/block/sda2/holders/dm-0/x", ""));
	free(tool_put("sys/class/block/dm-0/dev", "254:0\n"));
	free(tool_put("sys/class/block/dm-0/dm/name", "vg-root\n"));
	free(tool_put("sys/class/block/sdb/dev", "8:16\n"));
}

static void make_procfs(void)
{
	free(tool_put("proc/self/mountinfo",
		      "22 1 8:16 / / rw - ext4 /dev/sdb rw\n"
		      "23 22 8:1 / /mnt/with\\040blank rw,relatime shared:1 - vfat /dev/sda1 rw\n"
		      "24 22 254:0 / /home rw - ext4 /dev/mapper/vg-root rw\n"
		      "short line\n\n25 22 nonsense\n"));
	free(tool_put("proc/swaps",
		      "Filename Type Size Used Priority\n/nonexistent partition 1 0 -2\n"));
	free(tool_put("proc/77/comm", "smartd\n"));
	free(tool_put("proc/77/mountinfo", "30 1 8:2 / /inside rw - ext4 /dev/sda2 rw\n"));
	free(tool_put("proc/77/ns/x", ""));
}

static void test_users(void)
{
	struct drive drive = { .name = "sda" };
	struct drive_list drives = { .v = &drive, .n = 1 };
	struct users u = {};
	char *proc = xprintf("%s/proc", tool_dir), *sys = xprintf("%s/sys", tool_dir);
	char *ns = xprintf("%s/77/ns/mnt", proc);

	make_sysfs();
	make_procfs();
	ok(!symlink("mnt:[4711]", ns), "a process in another name space");
	u.procfs = proc;
	u.sysfs = sys;
	users_find(&u, &drives);
	is_int(u.n, 4, "four uses");
	ok(told(&u, "/dev/sda1 is mounted on /mnt/with blank"), "a mounted partition");
	ok(told(&u, "/dev/sda2 is part of /dev/dm-0 (vg-root)"), "a partition in a volume");
	ok(told(&u, "/dev/dm-0 (vg-root) is mounted on /home"), "the volume, mounted");
	ok(told(&u, "/dev/sda2 is mounted on /inside, as process 77 (smartd) sees it"),
	   "a mount in another name space");
	users_free(&u);

	drive = (struct drive){ .name = "sdc" };
	u = (struct users){ .procfs = proc, .sysfs = sys };
	users_find(&u, &drives);
	is_int(u.n, 0, "a drive that nobody uses");
	users_free(&u);
	free(ns);
	free(proc);
	free(sys);
}

static void place(const char *path, const char *want, const char *name)
{
	char *real = xprintf("%s/%s", tool_dir, path), out[PATH_ID_LEN];

	usb_path_id(real, out, sizeof(out));
	is_text(out, want, name);
	free(real);
}

static void test_places(void)
{
	free(tool_put("devices/pci0000:00/0000:00:14.0/usb1/speed", "480\n"));
	free(tool_put("devices/pci0000:00/0000:00:14.0/usb2/speed", "10000\n"));
	place("devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4", "0000:00:14.0-usb2-1.4",
	      "a port of a hub");
	place("devices/pci0000:00/0000:00:14.0/usb2/2-1", "0000:00:14.0-usb3-1",
	      "a port of USB 3 is another one");
	place("devices/platform/vhci_hcd.0/usb9/9-1", "vhci_hcd.0-usb2-1", "a virtual host");
	place("devices/usbmisc/x", "", "no USB device");
	place("devices/pci0000:00/0000:00:14.0/usb1", "", "the host's own hub");
	place("", "", "nothing");
}

int main(void)
{
	tool_begin();
	test_users();
	test_places();
	return tap_done();
}
