// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * asks DEVICE: SG_IO, and what came back as text. Built for 32 and for 64 bits, where
 * struct sg_io_hdr and struct iovec are different; both must say the same.
 */
#include <linux/bridgefw.h>

#include "bare.h"

#define SG_IO			0x2285
#define SG_SET_TIMEOUT		0x2201
#define SG_GET_TIMEOUT		0x2202
#define SG_GET_RESERVED_SIZE	0x2272
#define SG_GET_VERSION_NUM	0x2282
#define SCSI_IOCTL_GET_IDLUN	0x5382

/* As scsi/sg.h has it, for programs of this width. */
struct sg_io_hdr {
	int interface_id;
	int dxfer_direction;
	unsigned char cmd_len;
	unsigned char mx_sb_len;
	unsigned short iovec_count;
	unsigned int dxfer_len;
	void *dxferp;
	unsigned char *cmdp;
	unsigned char *sbp;
	unsigned int timeout;
	unsigned int flags;
	int pack_id;
	void *usr_ptr;
	unsigned char status;
	unsigned char masked_status;
	unsigned char msg_status;
	unsigned char sb_len_wr;
	unsigned short host_status;
	unsigned short driver_status;
	int resid;
	unsigned int duration;
	unsigned int info;
};

struct piece {
	void *base;
	size_t len;
};

enum { NONE = -1, TO_DEV = -2, FROM_DEV = -3 };

static unsigned char sense[32];

static void ask(long fd, const char *name, unsigned char *cdb, int cdb_len, int dir, void *data,
		unsigned int len, int pieces)
{
	struct sg_io_hdr hdr = {
		.interface_id = 'S', .dxfer_direction = dir, .cmd_len = cdb_len, .cmdp = cdb,
		.mx_sb_len = sizeof(sense), .sbp = sense, .dxferp = data, .dxfer_len = len,
		.iovec_count = pieces, .timeout = 60000, .pack_id = 77, .usr_ptr = &sense,
	};

	memset(sense, 0, sizeof(sense));
	say_text("command", name);
	say("ioctl", call(fd, SG_IO, &hdr));
	say("status", hdr.status);
	say("masked_status", hdr.masked_status);
	say("sb_len_wr", hdr.sb_len_wr);
	say("host_status", hdr.host_status);
	say("driver_status", hdr.driver_status);
	say("resid", hdr.resid);
	say("info", hdr.info);
	say("pack_id", hdr.pack_id);
	say("usr_ptr", hdr.usr_ptr == &sense);
	say("sense", sum(sense, sizeof(sense)));
}

static int bare_main(const char *device)
{
	static unsigned char inquiry[] = { 0x12, 0, 0, 0, 96, 0 };
	static unsigned char unknown[] = { 0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0 };
	static unsigned char write[] = { 0x2a, 0, 0, 0, 0, 40, 0, 0, 1, 0 };
	static unsigned char read[] = { 0x28, 0, 0, 0, 0, 40, 0, 0, 1, 0 };
	static unsigned char erase[] = { 0xe1, 0, 0, 0, 0x06, 0x7b };
	static unsigned char room[600];
	struct piece out[2] = { { room, 100 }, { room + 100, 412 } };
	struct piece in[3] = { { room, 7 }, { room + 300, 293 }, { room + 7, 212 } };
	struct bridgefw_lun lun = { .lun = 0 };
	long fd = sys(NR_OPEN, (long)device, O_RDWR, 0);
	unsigned int idlun[2] = { 0 };
	int n = 0, i;

	if (fd < 0) {
		say("open", fd);
		return 1;
	}
	ask(fd, "INQUIRY", inquiry, sizeof(inquiry), FROM_DEV, room, 96, 0);
	say("data", sum(room, 96));
	ask(fd, "unknown", unknown, sizeof(unknown), FROM_DEV, room, 8, 0);
	for (i = 0; i < 512; i++)
		room[i] = i * 3;
	ask(fd, "WRITE in pieces", write, sizeof(write), TO_DEV, out, 512, 2);
	memset(room, 0, sizeof(room));
	ask(fd, "READ in pieces", read, sizeof(read), FROM_DEV, in, 512, 3);
	say("data", sum(room, sizeof(room)));
	ask(fd, "erase", erase, sizeof(erase), NONE, NULL, 0, 0);
	ask(fd, "nowhere", inquiry, sizeof(inquiry), FROM_DEV, NULL, 96, 0);
	say("version", call(fd, SG_GET_VERSION_NUM, &n));
	say("version", n);
	n = 1200;
	say("timeout", call(fd, SG_SET_TIMEOUT, &n));
	say("timeout", call(fd, SG_GET_TIMEOUT, NULL));
	say("reserved", call(fd, SG_GET_RESERVED_SIZE, &n));
	say("reserved", n);
	say("idlun", call(fd, SCSI_IOCTL_GET_IDLUN, idlun));
	say("idlun", idlun[0] & 0xffffff);
	say("lun 0", call(fd, BRIDGEFW_IOC_SET_LUN, &lun));
	lun.lun = 3;
	say("lun 3", call(fd, BRIDGEFW_IOC_SET_LUN, &lun));
	return 0;
}
