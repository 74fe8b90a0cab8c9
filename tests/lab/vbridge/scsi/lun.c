// SPDX-License-Identifier: GPL-2.0-or-later
/* The drive behind the bridge: its medium and its names. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lun.h"

#define DISK_DEFAULT	(64u * 1024 * 1024)

static int open_medium(struct lun *lun, const char *path)
{
	int flags = lun->type == DRIVE_DVD ? O_RDONLY : O_RDWR;
	struct stat st;

	if (path)
		lun->fd = open(path, flags | O_CLOEXEC);
	else if (lun->type == DRIVE_DISK)
		lun->fd = memfd_create("disk", MFD_CLOEXEC);
	else
		return 0;
	if (lun->fd < 0)
		return -errno;
	if (!path && ftruncate(lun->fd, DISK_DEFAULT))
		return -errno;
	if (fstat(lun->fd, &st))
		return -errno;
	lun->blocks = st.st_size / lun->block_size;
	return lun->blocks ? 0 : -ENODATA;
}

/**
 * lun_open() - a drive, switched on
 * @lun: to fill; its members luns and ata are kept
 * @type: what it is
 * @path: image of its medium; NULL: an empty disk in memory, no disc in a DVD
 * @serial: its serial number
 *
 * Return: 0, or why the medium cannot be used (-ENODATA: not one block in it).
 */
int lun_open(struct lun *lun, enum drive_type type, const char *path, const char *serial)
{
	int ret;

	lun->type = type;
	lun->fd = -1;
	lun->block_size = type == DRIVE_DVD ? 2048 : 512;
	lun->ops = type == DRIVE_DISK ? &scsi_disk_ops :
		   type == DRIVE_DVD ? &scsi_dvd_ops : NULL;
	snprintf(lun->model, sizeof(lun->model), "%s",
		 type == DRIVE_DVD ? "VBRIDGE LAB DVD-ROM" : "VBRIDGE LAB DISK 64");
	snprintf(lun->firmware, sizeof(lun->firmware), "LAB1.0");
	snprintf(lun->serial, sizeof(lun->serial), "%s", serial);
	if (type == DRIVE_NONE)
		return 0;
	ret = open_medium(lun, path);
	if (ret)
		lun_close(lun);
	lun_power_on(lun);
	return ret;
}

/**
 * lun_power_on() - what the drive forgets when it is switched on
 * @lun: the drive
 */
void lun_power_on(struct lun *lun)
{
	lun->sense_len = 0;
	/* An ATAPI drive tells of its power-on; an ATA disk has no word for it. */
	lun->attention = lun->type == DRIVE_DVD ? SENSE_ATTENTION : SENSE_NONE;
	lun->stopped = false;
	lun->ejected = false;
	lun->prevent = false;
	lun->write_cache = true;
	lun->smart = true;
	memset(&lun->regs, 0, sizeof(lun->regs));
	memset(lun->buffer, 0, sizeof(lun->buffer));
}

/**
 * lun_close() - give back the medium
 * @lun: the drive
 */
void lun_close(struct lun *lun)
{
	if (lun->fd >= 0)
		close(lun->fd);
	lun->fd = -1;
}
