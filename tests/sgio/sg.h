/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SG_IO for tests: one CDB, and how it ended. */
#ifndef SG_H
#define SG_H

#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>

#include "box.h"
#include "call.h"

/* Not in every C library's scsi/sg.h. */
#ifndef SG_FLAG_MMAP_IO
#define SG_FLAG_MMAP_IO		4
#endif

struct cdb {
	unsigned char bytes[16];
	unsigned char len;
};

#define CDB(...) ((struct cdb){ { __VA_ARGS__ }, sizeof((unsigned char[]){ __VA_ARGS__ }) })

#define INQUIRY		CDB(0x12, 0, 0, 0, 96, 0)
#define TUR		CDB(0x00, 0, 0, 0, 0, 0)
#define ERASE		CDB(0xe1, 0, 0, 0, 0x06, 0x7b)
#define UNLOCK		CDB(0xf6, 0, 0x55, 0x4e, 0x4c, 0x4f, 0x06, 0x7b, 0, 0, 0)
#define WRITE_BUFFER	CDB(0x3b, 2, 0, 0, 0, 0, 0, 0, 64, 0)
#define READ_BUFFER	CDB(0x3c, 2, 0, 0, 0, 0, 0, 0, 64, 0)

#define SENSE_ROOM	32

struct sg {
	struct sg_io_hdr hdr;
	struct cdb cdb;
	unsigned char sense[SENSE_ROOM];
};

/* What a program fills in; there is time enough for a slow machine. */
static inline struct sg sg_of(struct cdb cdb, int dir, void *data, size_t len)
{
	return (struct sg){
		.hdr = {
			.interface_id = 'S', .dxfer_direction = dir, .cmd_len = cdb.len,
			.dxferp = data, .dxfer_len = len, .mx_sb_len = SENSE_ROOM,
			.timeout = 60000,
		},
		.cdb = cdb,
	};
}

/* 0 if it was sent, or a negative errno. */
static inline int sg_send(int fd, struct sg *sg)
{
	sg->hdr.cmdp = sg->cdb.bytes;
	sg->hdr.sbp = sg->sense;
	return call(fd, SG_IO, &sg->hdr);
}

/* 0 if the drive says that all went well, its status (2 is CHECK CONDITION), or an errno. */
static inline int sg_cmd(int fd, struct cdb cdb, int dir, void *data, size_t len)
{
	struct sg sg = sg_of(cdb, dir, data, len);
	int ret = sg_send(fd, &sg);

	return ret ? ret : sg.hdr.host_status ? 1000 + sg.hdr.host_status : sg.hdr.status;
}

static inline int sg_in(int fd, struct cdb cdb, void *data, size_t len)
{
	return sg_cmd(fd, cdb, SG_DXFER_FROM_DEV, data, len);
}

static inline int sg_out(int fd, struct cdb cdb, void *data, size_t len)
{
	return sg_cmd(fd, cdb, SG_DXFER_TO_DEV, data, len);
}

static inline int sg_none(int fd, struct cdb cdb)
{
	return sg_cmd(fd, cdb, SG_DXFER_NONE, NULL, 0);
}

static inline int call_lun(int fd, __u32 lun)
{
	struct bridgefw_lun l = { .lun = lun };

	return call(fd, BRIDGEFW_IOC_SET_LUN, &l);
}

static inline bool scsi_open(void *arg)
{
	struct box *box = arg;
	char path[96], line[96];

	snprintf(path, sizeof(path), "/sys/class/bridgefw/%s/transports", box->node);
	return !read_line(path, line, sizeof(line)) && strstr(line, "scsi");
}

/* Waits until CDBs reach the drive, and nobody else sends any. */
static inline int box_scsi(struct box *box, char *disk, size_t room)
{
	int ret = box_disk(box, disk, room);

	return ret ? ret : wait_for(scsi_open, box, 60) ? 0 : -ENODEV;
}

#endif
