// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host calls a node: fw0, fw1 ... under /sys/bus/firewire/devices. */
#include <dirent.h>
#include <fcntl.h>
#include <linux/firewire-cdev.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fw/find.h"

#define DEVICES	"/sys/bus/firewire/devices"

static bool has_guid(const char *name, u64 guid)
{
	unsigned long long is;
	char path[320];
	bool found;
	FILE *f;

	snprintf(path, sizeof(path), DEVICES "/%s/guid", name);
	f = fopen(path, "re");
	if (!f)
		return false;
	found = fscanf(f, "%llx", &is) == 1 && is == guid;
	fclose(f);
	return found;
}

/* Two boxes may show one GUID: their node IDs differ. */
static bool has_node(const char *name, u16 node)
{
	struct fw_cdev_event_bus_reset reset = { .node_id = 0 };
	struct fw_cdev_get_info info = { .version = 4, .bus_reset = (uintptr_t)&reset };
	char path[320];
	int fd, ret;

	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return true;
	ret = ioctl(fd, FW_CDEV_IOC_GET_INFO, &info);
	close(fd);
	return ret || reset.node_id == node;
}

/**
 * find_device() - the device that the host has made of a node
 * @guid: that the node shows
 * @node: its node ID
 * @name: gets the device's name
 * @room: bytes at @name
 *
 * Return: whether there is one.
 */
bool find_device(u64 guid, u16 node, char *name, size_t room)
{
	DIR *dir = opendir(DEVICES);
	struct dirent *e;
	bool found = false;

	while (dir && !found && (e = readdir(dir))) {
		/* Units have a dot in their names. */
		if (strncmp(e->d_name, "fw", 2) || strchr(e->d_name, '.') ||
		    !has_guid(e->d_name, guid) || !has_node(e->d_name, node))
			continue;
		found = snprintf(name, room, "%s", e->d_name) < (int)room;
	}
	if (dir)
		closedir(dir);
	return found;
}
