// SPDX-License-Identifier: GPL-2.0-or-later
/* The way of a node's packets to the fake card of lab_1394. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fw/cable.h"

#define DEVICE	"/dev/lab1394"

/**
 * cable_load() - have the fake cards
 *
 * Return: 0, or -ENODEV if the kernel has none.
 */
int cable_load(void)
{
	int status;
	pid_t pid;

	if (!access(DEVICE, F_OK))
		return 0;
	pid = fork();
	if (!pid) {
		execlp("modprobe", "modprobe", "lab_1394", NULL);
		execl("/sbin/modprobe", "modprobe", "lab_1394", NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return access(DEVICE, F_OK) ? -ENODEV : 0;
}

/**
 * cable_plug() - become a node
 * @plug: what the PHY shows; gets its handle and where it hangs
 *
 * Return: descriptor, whose end pulls the cable, or an error.
 */
int cable_plug(struct lab1394_plug *plug)
{
	int fd = open(DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, LAB1394_PLUG, plug))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/**
 * cable_receive() - one packet
 * @fd: from cable_plug()
 * @p: gets it
 *
 * Return: its bytes, 0 if there is none now, or an error.
 */
ssize_t cable_receive(int fd, struct lab1394_packet *p)
{
	ssize_t n = read(fd, p, sizeof(*p));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n > 0 ? n : n ? -errno : -ENOTCONN;
}

/**
 * cable_send() - one packet
 * @fd: from cable_plug()
 * @p: the packet
 *
 * Return: 0 or an error.
 */
int cable_send(int fd, const struct lab1394_packet *p)
{
	int reads = p->tcode == 4 || p->tcode == 5;
	/* A request to read says how much it wants, and has none of it with it. */
	size_t data = p->type == LAB1394_SEND && reads ? 0 : p->length;
	size_t size = LAB1394_PACKET_HEAD + data;
	ssize_t n;

	do {
		n = write(fd, p, size);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ? 0 : n < 0 ? -errno : -EIO;
}
