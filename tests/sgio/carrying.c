// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SG_IO on the node of a bridge: a CDB goes to the drive, data go both ways, and the
 * header says how it ended, as programs that know /dev/sgN expect.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "sg.h"

#define PATIENCE	200
#define CHECK_CONDITION	2
#define DRIVER_SENSE	8
#define DID_TIME_OUT	3
#define READ_10(lba, n)	CDB(0x28, 0, 0, 0, 0, lba, 0, 0, n, 0)
#define WRITE_10(lba, n) CDB(0x2a, 0, 0, 0, 0, lba, 0, 0, n, 0)

static struct box shared;

FIXTURE(node) {
	int fd;
	unsigned char data[4096];
};

FIXTURE_SETUP(node)
{
	ASSERT_NE(0, shared.pid) {
		TH_LOG("no box was plugged in");
	}
	self->fd = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(node)
{
	close(self->fd);
}

TEST_F(node, an_answer_that_is_shorter)
{
	struct sg sg = sg_of(INQUIRY, SG_DXFER_FROM_DEV, self->data, 96);

	memset(self->data, 0xee, 96);
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(0, sg.hdr.status);
	EXPECT_EQ(0, sg.hdr.masked_status);
	EXPECT_EQ(0, sg.hdr.host_status);
	EXPECT_EQ(0, sg.hdr.driver_status);
	EXPECT_EQ(0, sg.hdr.sb_len_wr);
	EXPECT_EQ(SG_INFO_OK, sg.hdr.info & SG_INFO_OK_MASK);
	EXPECT_EQ(60, sg.hdr.resid);
	EXPECT_EQ(0, memcmp(self->data + 8, "VBRIDGE LAB DISK 64", 19));
	/* Behind what came nothing was touched. */
	EXPECT_EQ(0xee, self->data[36]);
	EXPECT_EQ(0xee, self->data[95]);
}

TEST_F(node, sense)
{
	/* READ CAPACITY-like code that no drive knows */
	struct sg sg = sg_of(CDB(0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0), SG_DXFER_FROM_DEV,
			     self->data, 8);

	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(CHECK_CONDITION, sg.hdr.status);
	EXPECT_EQ(CHECK_CONDITION >> 1, sg.hdr.masked_status);
	EXPECT_EQ(DRIVER_SENSE, sg.hdr.driver_status);
	EXPECT_EQ(SG_INFO_CHECK, sg.hdr.info & SG_INFO_OK_MASK);
	EXPECT_EQ(8, sg.hdr.resid);
	EXPECT_EQ(18, sg.hdr.sb_len_wr);
	EXPECT_EQ(0x70, sg.sense[0]);
	EXPECT_EQ(0x05, sg.sense[2]);
	EXPECT_EQ(0x20, sg.sense[12]);

	/* No more of it than there is room for. */
	memset(sg.sense, 0xee, sizeof(sg.sense));
	sg.hdr.mx_sb_len = 3;
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(3, sg.hdr.sb_len_wr);
	EXPECT_EQ(0x05, sg.sense[2]);
	EXPECT_EQ(0xee, sg.sense[3]);
	sg.hdr.sbp = NULL;
	ASSERT_EQ(0, call(self->fd, SG_IO, &sg.hdr));
	EXPECT_EQ(0, sg.hdr.sb_len_wr);
	EXPECT_EQ(CHECK_CONDITION, sg.hdr.status);
}

TEST_F(node, data_both_ways)
{
	unsigned char out[2048];
	unsigned int i;

	for (i = 0; i < sizeof(out); i++)
		out[i] = i * 7 >> 3;
	EXPECT_EQ(0, sg_out(self->fd, WRITE_10(9, 4), out, sizeof(out)));
	EXPECT_EQ(0, sg_in(self->fd, READ_10(9, 4), self->data, sizeof(out)));
	EXPECT_EQ(0, memcmp(out, self->data, sizeof(out)));
	EXPECT_EQ(0, sg_out(self->fd, WRITE_BUFFER, out, 64));
	EXPECT_EQ(0, sg_cmd(self->fd, READ_BUFFER, SG_DXFER_TO_FROM_DEV, self->data, 64));
	EXPECT_EQ(0, memcmp(out, self->data, 64));
	EXPECT_EQ(0, sg_none(self->fd, TUR));
}

TEST_F(node, many_pieces)
{
	unsigned char a[100], b[900], c[24], room[3][600];
	struct iovec out[] = { { a, sizeof(a) }, { b, sizeof(b) }, { c, sizeof(c) } };
	struct iovec in[] = { { room[0], 600 }, { room[1], 0 }, { room[2], 600 } };
	struct sg sg = sg_of(WRITE_10(20, 2), SG_DXFER_TO_DEV, out, 1024);

	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	memset(c, 'c', sizeof(c));
	sg.hdr.iovec_count = 3;
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(0, sg.hdr.status);
	EXPECT_EQ(0, sg.hdr.resid);

	/* More room than data: the rest stays. */
	memset(room, 0xee, sizeof(room));
	sg = sg_of(READ_10(20, 2), SG_DXFER_FROM_DEV, in, 1024);
	sg.hdr.iovec_count = 3;
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ('a', room[0][99]);
	EXPECT_EQ('b', room[0][100]);
	EXPECT_EQ('b', room[2][399]);
	EXPECT_EQ('c', room[2][400]);
	EXPECT_EQ('c', room[2][423]);
	EXPECT_EQ(0xee, room[2][424]);
	EXPECT_EQ(0xee, room[1][0]);

	/* Less room than was announced: what is there counts. */
	sg = sg_of(INQUIRY, SG_DXFER_FROM_DEV, in, 96);
	in[0].iov_len = 20;
	in[2].iov_len = 4;
	memset(room, 0xee, sizeof(room));
	sg.hdr.iovec_count = 3;
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(72, sg.hdr.resid);
	EXPECT_EQ('V', room[0][8]);
	EXPECT_EQ(0xee, room[0][20]);
	EXPECT_EQ(0xee, room[2][4]);
}

/* The largest transfer of usb-storage, and one byte more. */
TEST_F(node, large)
{
	unsigned char *big = calloc(1, 1 << 20);
	struct sg sg = sg_of(CDB(0x28, 0, 0, 0, 0, 0, 0, 0, 240, 0), SG_DXFER_FROM_DEV, big,
			     240 * 512);

	ASSERT_NE(NULL, big);
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(0, sg.hdr.status);
	EXPECT_EQ(0, sg.hdr.resid);
	EXPECT_EQ(-EIO, sg_in(self->fd, CDB(0x28, 0, 0, 0, 0, 0, 0, 0, 240, 0), big, 1u << 31));
	free(big);
}

/* Nothing of what comes is wanted. */
TEST_F(node, no_data_to_the_program)
{
	struct sg sg = sg_of(INQUIRY, SG_DXFER_FROM_DEV, self->data, 96);

	memset(self->data, 0xee, 96);
	sg.hdr.flags = SG_FLAG_NO_DXFER;
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(60, sg.hdr.resid);
	EXPECT_EQ(0xee, self->data[0]);
}

/* A CDB has the length that the program gives it. */
TEST_F(node, every_length)
{
	struct cdb cdb = CDB(0xc9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	char want[64];
	int n;

	for (n = 6; n <= 16; n++) {
		cdb.len = n;
		EXPECT_EQ(CHECK_CONDITION, sg_in(self->fd, cdb, self->data, 8));
		snprintf(want, sizeof(want), "\"cdb_len\":%d,\"cdb16\":\"c901", n);
		EXPECT_EQ(1, box_traced(&shared, want));
	}
}

TEST_F(node, what_programs_ask_first)
{
	struct { __u32 four_in_one, host; } idlun = { 1, 99 };
	int n = 0, host = 99;

	EXPECT_EQ(0, call(self->fd, SG_GET_VERSION_NUM, &n));
	EXPECT_LE(30000, n);
	EXPECT_GT(40000, n);
	EXPECT_EQ(6000, ioctl(self->fd, SG_GET_TIMEOUT));
	n = 900;
	EXPECT_EQ(0, call(self->fd, SG_SET_TIMEOUT, &n));
	EXPECT_EQ(900, ioctl(self->fd, SG_GET_TIMEOUT));
	n = 0x7fffffff;
	EXPECT_EQ(0, call(self->fd, SG_SET_TIMEOUT, &n));
	EXPECT_EQ(360000, ioctl(self->fd, SG_GET_TIMEOUT));
	n = -1;
	EXPECT_EQ(-EIO, call(self->fd, SG_SET_TIMEOUT, &n));
	EXPECT_EQ(0, call(self->fd, SG_GET_RESERVED_SIZE, &n));
	EXPECT_EQ(32768, n);
	n = 65536;
	EXPECT_EQ(0, call(self->fd, SG_SET_RESERVED_SIZE, &n));
	EXPECT_EQ(0, call(self->fd, SG_GET_RESERVED_SIZE, &n));
	EXPECT_EQ(65536, n);
	n = -1;
	EXPECT_EQ(-EINVAL, call(self->fd, SG_SET_RESERVED_SIZE, &n));
	EXPECT_EQ(0, call(self->fd, SG_EMULATED_HOST, &n));
	EXPECT_EQ(1, n);
	EXPECT_EQ(0, call(self->fd, 0x5382, &idlun));	/* SCSI_IOCTL_GET_IDLUN */
	EXPECT_EQ(0, call(self->fd, 0x5386, &host));	/* SCSI_IOCTL_GET_BUS_NUMBER */
	EXPECT_EQ((int)idlun.host, host);
	EXPECT_EQ(0, idlun.four_in_one & 0xff00);
	EXPECT_EQ(idlun.four_in_one >> 24, idlun.host & 0xff);
	/* What belongs to sg alone. */
	EXPECT_EQ(-ENOTTY, call(self->fd, SG_SCSI_RESET, &n));
	EXPECT_EQ(-ENOTTY, call(self->fd, SG_NEXT_CMD_LEN, &n));
	EXPECT_EQ(-EFAULT, call(self->fd, SG_GET_VERSION_NUM, NULL));
	EXPECT_EQ(-EFAULT, call(self->fd, SG_SET_TIMEOUT, NULL));
	EXPECT_EQ(-EFAULT, call(self->fd, SG_SET_RESERVED_SIZE, NULL));
}

static int type_of(int fd)
{
	unsigned char data[96];

	return sg_in(fd, INQUIRY, data, sizeof(data)) ? -1 : data[0];
}

TEST_F(node, another_drive)
{
	struct bridgefw_lun odd = { .lun = 0, .pad = 1 };
	int other = open(shared.dev, O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, other);
	EXPECT_EQ(0, type_of(self->fd));
	EXPECT_EQ(0, call_lun(self->fd, 1));
	EXPECT_EQ(5, type_of(self->fd));
	/* Of this file only. */
	EXPECT_EQ(0, type_of(other));
	EXPECT_EQ(-ENXIO, call_lun(self->fd, 2));
	EXPECT_EQ(-ENXIO, call_lun(self->fd, 0x10001));
	EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_SET_LUN, &odd));
	EXPECT_EQ(-EFAULT, call(self->fd, BRIDGEFW_IOC_SET_LUN, NULL));
	EXPECT_EQ(5, type_of(self->fd));
	EXPECT_EQ(0, call_lun(self->fd, BRIDGEFW_LUN_LOWEST));
	EXPECT_EQ(0, type_of(self->fd));
	EXPECT_EQ(0, call_lun(self->fd, 0));
	EXPECT_EQ(0, type_of(self->fd));
	close(other);
}

/* Two programs at once: both get theirs, one after the other. */
static void *reads(void *arg)
{
	unsigned char data[512];
	long i, wrong = 0;

	for (i = 0; i < 20; i++)
		wrong += sg_in(*(int *)arg, READ_10(3, 1), data, sizeof(data)) != 0;
	return (void *)wrong;
}

TEST_F_TIMEOUT(node, several_at_once, PATIENCE)
{
	pthread_t threads[3];
	void *wrong;
	int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, reads, &self->fd));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], &wrong));
		EXPECT_EQ(NULL, wrong);
	}
}

/* A drive that is slow is waited for, as long as the program says. */
TEST_F_TIMEOUT(node, a_late_answer, PATIENCE)
{
	struct sg sg = sg_of(INQUIRY, SG_DXFER_FROM_DEV, self->data, 96);

	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=1500@cdb=12,n=1"));
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(0, sg.hdr.status);
	EXPECT_LE(1400, sg.hdr.duration);
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

TEST_F_TIMEOUT(node, no_answer, PATIENCE)
{
	struct sg sg = sg_of(READ_10(5, 1), SG_DXFER_FROM_DEV, self->data, 512);

	ASSERT_EQ(0, box_tell(&shared, "fault", "nak@cdb=28,n=1"));
	/* Less than the least there is. */
	sg.hdr.timeout = 1;
	ASSERT_EQ(0, sg_send(self->fd, &sg));
	EXPECT_EQ(DID_TIME_OUT, sg.hdr.host_status);
	EXPECT_EQ(SG_INFO_CHECK, sg.hdr.info & SG_INFO_OK_MASK);
	EXPECT_LE(6900, sg.hdr.duration);
	EXPECT_GT(60000, sg.hdr.duration);
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
	/* It was sent once, and the drive works. */
	EXPECT_EQ(0, sg_in(self->fd, READ_10(5, 1), self->data, 512));
}

static bool hung_up(void *arg)
{
	return call(*(int *)arg, SG_GET_VERSION_NUM, &(int){ 0 }) == -ENXIO;
}

/* The last test: after it there is no box. */
TEST_F_TIMEOUT(node, the_cable, PATIENCE)
{
	ASSERT_EQ(0, box_tell(&shared, "fault", "unplug@cdb=28,byte=100"));
	EXPECT_EQ(-ENXIO, sg_in(self->fd, READ_10(6, 4), self->data, 2048));
	EXPECT_TRUE(wait_for(hung_up, &self->fd, PATIENCE));
	EXPECT_EQ(-ENXIO, sg_none(self->fd, TUR));
	EXPECT_EQ(-ENXIO, sg_none(self->fd, ERASE));
	EXPECT_EQ(-ENXIO, call_lun(self->fd, 0));
	EXPECT_EQ(-ENXIO, call(self->fd, 0x5382, self->data));
}

int main(int argc, char **argv)
{
	static const char *const options[] = {
		"--chip", "pl3507", "--drive", "disk", "--drive", "dvd", NULL,
	};
	char disk[64];
	int ret;

	if (!box_plug_as(&shared, options) && box_scsi(&shared, disk, sizeof(disk)))
		box_away(&shared);
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	return ret;
}
