// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ports of the kernel's virtual host controller: finding a free one,
 * plugging in, and where the device then stands in sysfs.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vhci.h"

#define VHCI		"/sys/devices/platform/vhci_hcd.0"
#define PORT_FREE	4
#define SPEED_FULL	2
#define SPEED_HIGH	3

struct port {
	int number;
	int state;
	bool high_speed_hub;
	char busid[VHCI_BUSID];
};

/**
 * vhci_load() - have the virtual host controller
 *
 * Return: 0, or -ENODEV if the kernel has none.
 */
int vhci_load(void)
{
	int status;
	pid_t pid;

	if (!access(VHCI "/attach", F_OK))
		return 0;
	pid = fork();
	if (!pid) {
		execlp("modprobe", "modprobe", "vhci_hcd", NULL);
		execl("/sbin/modprobe", "modprobe", "vhci_hcd", NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return access(VHCI "/attach", F_OK) ? -ENODEV : 0;
}

/*
 * Calls @fn for each port until it says stop. The files are status, status.1
 * and so on, one for each controller.
 */
static bool each_port(bool (*fn)(const struct port *p, void *ctx), void *ctx)
{
	char path[64], line[256], hub[8];
	bool stop = false;
	struct port p;
	FILE *f;
	int i;

	for (i = 0; !stop; i++) {
		snprintf(path, sizeof(path), i ? VHCI "/status.%d" : VHCI "/status", i);
		f = fopen(path, "re");
		if (!f)
			break;
		while (!stop && fgets(line, sizeof(line), f)) {
			if (sscanf(line, "%7s %d %d %*d %*x %*d %31s", hub, &p.number,
				   &p.state, p.busid) != 4)
				continue;
			p.high_speed_hub = !strcmp(hub, "hs");
			stop = fn(&p, ctx);
		}
		fclose(f);
	}
	return stop;
}

struct search {
	int number;
	struct port found;
};

static bool is_free(const struct port *p, void *ctx)
{
	struct search *s = ctx;

	if (!p->high_speed_hub || p->state != PORT_FREE || p->number <= s->number)
		return false;
	s->found = *p;
	return true;
}

static bool is_it(const struct port *p, void *ctx)
{
	struct search *s = ctx;

	if (p->number != s->number)
		return false;
	s->found = *p;
	return true;
}

static int write_attach(int port, enum model_speed speed, int fd)
{
	char text[64];
	int file, n, ret = 0;

	file = open(VHCI "/attach", O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return -errno;
	n = snprintf(text, sizeof(text), "%u %d %u %u", port, fd, 0x10001 + port,
		     speed == MODEL_HIGH_SPEED ? SPEED_HIGH : SPEED_FULL);
	if (write(file, text, n) != n)
		ret = -errno;
	close(file);
	return ret;
}

/**
 * vhci_attach() - plug in
 * @wanted: port; -1: the first free one
 * @speed: of the device
 * @device_fd: gets the device's end of the cable
 *
 * Others may be looking for a port at the same time: the kernel gives each to
 * one of them, the others go on looking.
 *
 * Return: the port, -EBUSY if it (or each) is taken, -EINVAL if there is no
 * such port, or another error.
 */
int vhci_attach(int wanted, enum model_speed speed, int *device_fd)
{
	struct search s = { .number = wanted };
	int sv[2], ret;

	/* The other half of the ports is for SuperSpeed devices alone. */
	if (wanted >= 0 && (!each_port(is_it, &s) || !s.found.high_speed_hub))
		return -EINVAL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv))
		return -errno;
	do {
		if (wanted >= 0)
			s.found.number = wanted;
		else if (!each_port(is_free, &s))
			s.found.number = -1;
		if (s.found.number < 0) {
			ret = -EBUSY;
			break;
		}
		s.number = s.found.number;
		ret = write_attach(s.number, speed, sv[0]);
	} while (ret == -EBUSY && wanted < 0);
	close(sv[0]);
	if (ret) {
		close(sv[1]);
		return ret;
	}
	*device_fd = sv[1];
	return s.number;
}

/**
 * vhci_busid() - what the host calls the device at a port
 * @port: the port
 * @busid: gets the name, VHCI_BUSID characters at most
 *
 * Return: whether there is one with a name.
 */
bool vhci_busid(int port, char *busid)
{
	struct search s = { .number = port };

	if (!each_port(is_it, &s) || s.found.state == PORT_FREE ||
	    !strcmp(s.found.busid, "0-0"))
		return false;
	snprintf(busid, VHCI_BUSID, "%s", s.found.busid);
	return true;
}

/**
 * vhci_enumerated() - whether the host has configured a device
 * @busid: its name
 *
 * Looks only at files that do not wait for the device.
 *
 * Return: whether its interface is there.
 */
bool vhci_enumerated(const char *busid)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s:1.0/bInterfaceClass", busid);
	return !access(path, F_OK);
}

/**
 * vhci_present() - whether the host still has a device
 * @busid: its name
 *
 * The port is free earlier. A hub that finds another device there before it has looked
 * takes it for the one that was there, and never configures it.
 *
 * Return: whether it is there.
 */
bool vhci_present(const char *busid)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s", busid);
	return !access(path, F_OK);
}

/**
 * vhci_free() - whether nothing is at a port any more
 * @port: the port
 *
 * Return: whether another device could be plugged in there.
 */
bool vhci_free(int port)
{
	struct search s = { .number = port };

	return !each_port(is_it, &s) || s.found.state == PORT_FREE;
}
