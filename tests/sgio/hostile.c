// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers of SG_IO that say what cannot be: each has its errno, and nothing is sent. */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "sg.h"

#define NOWHERE		((void *)-4096L)

static struct box shared;

FIXTURE(header) {
	int fd, sent;
	struct sg sg;
	unsigned char data[512];
};

FIXTURE_SETUP(header)
{
	ASSERT_NE(0, shared.pid) {
		TH_LOG("no box was plugged in");
	}
	self->fd = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->sg = sg_of(INQUIRY, SG_DXFER_FROM_DEV, self->data, 96);
	ASSERT_EQ(0, sg_send(self->fd, &self->sg));
	self->sent = box_traced(&shared, "\"cdb\":\"12");
}

FIXTURE_TEARDOWN(header)
{
	close(self->fd);
}

#define REFUSED(errno) do { \
	EXPECT_EQ(-(errno), call(self->fd, SG_IO, &self->sg.hdr)); \
	EXPECT_EQ(self->sent, box_traced(&shared, "\"cdb\":\"12")); \
} while (0)

TEST_F(header, not_version_3)
{
	self->sg.hdr.interface_id = 'Q';
	REFUSED(EINVAL);
	self->sg.hdr.interface_id = 0;
	REFUSED(EINVAL);
}

TEST_F(header, cdb)
{
	static const int lengths[] = { 0, 1, 5, 17, 32, 255 };
	unsigned int i;

	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		self->sg.hdr.cmd_len = lengths[i];
		REFUSED(EMSGSIZE);
	}
	self->sg.hdr.cmd_len = 6;
	self->sg.hdr.cmdp = NULL;
	REFUSED(EMSGSIZE);
	self->sg.hdr.cmdp = NOWHERE;
	REFUSED(EFAULT);
}

TEST_F(header, direction)
{
	static const int directions[] = { SG_DXFER_NONE, -5, -6, 0, 1, 0x7fffffff };
	unsigned int i;

	for (i = 0; i < sizeof(directions) / sizeof(*directions); i++) {
		self->sg.hdr.dxfer_direction = directions[i];
		REFUSED(EINVAL);
	}
}

TEST_F(header, lengths)
{
	self->sg.hdr.dxfer_len = 0xffffffff;
	REFUSED(EIO);
	self->sg.hdr.dxfer_len = 1 << 30;
	REFUSED(EIO);
	self->sg.hdr.dxfer_len = 96;
	self->sg.hdr.flags = SG_FLAG_MMAP_IO;
	REFUSED(EINVAL);
}

TEST_F(header, pieces)
{
	struct iovec v[4] = { { self->data, 32 }, { self->data + 32, 32 }, { NOWHERE, 32 } };
	struct iovec *all = calloc(65535, sizeof(*all));

	ASSERT_NE(NULL, all);
	self->sg.hdr.dxferp = v;
	self->sg.hdr.iovec_count = 65535;
	REFUSED(EINVAL);		/* more than the kernel takes */
	self->sg.hdr.dxferp = all;
	self->sg.hdr.iovec_count = 1024;
	REFUSED(EINVAL);		/* as many as it takes, with nothing in them */
	self->sg.hdr.dxferp = NOWHERE;
	self->sg.hdr.iovec_count = 2;
	REFUSED(EFAULT);
	self->sg.hdr.dxferp = NULL;
	REFUSED(EFAULT);
	self->sg.hdr.dxferp = v;
	v[0].iov_len = (size_t)-1;
	REFUSED(EINVAL);
	v[0].iov_len = 0;
	self->sg.hdr.iovec_count = 1;
	REFUSED(EINVAL);
	free(all);
}

TEST_F(header, nowhere)
{
	EXPECT_EQ(-EFAULT, call(self->fd, SG_IO, NULL));
	EXPECT_EQ(-EFAULT, call(self->fd, SG_IO, NOWHERE));
	/* Data that cannot be had are not sent. */
	self->sg.hdr.dxfer_direction = SG_DXFER_TO_DEV;
	self->sg.hdr.dxferp = NULL;
	REFUSED(EFAULT);
	self->sg.hdr.dxferp = NOWHERE;
	REFUSED(EFAULT);
}

/* What cannot be given to the program is said when it has come. */
TEST_F(header, no_room_for_the_answer)
{
	struct sg sense = sg_of(CDB(0xa3, 0x0c, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0), SG_DXFER_FROM_DEV,
				self->data, 8);
	struct sg_io_hdr *fixed;

	self->sg.hdr.dxferp = NOWHERE;
	EXPECT_EQ(-EFAULT, call(self->fd, SG_IO, &self->sg.hdr));
	sense.hdr.cmdp = sense.cdb.bytes;
	sense.hdr.sbp = NOWHERE;
	EXPECT_EQ(-EFAULT, call(self->fd, SG_IO, &sense.hdr));
	fixed = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, fixed);
	self->sg.hdr.dxferp = self->data;
	*fixed = self->sg.hdr;
	ASSERT_EQ(0, mprotect(fixed, 4096, PROT_READ));
	EXPECT_EQ(-EFAULT, call(self->fd, SG_IO, fixed));
	munmap(fixed, 4096);
	EXPECT_EQ(0, sg_send(self->fd, &self->sg));
}

/* What a header may hold is not known to the one who sends it, either. */
TEST_F_TIMEOUT(header, noise, 200)
{
	unsigned char cdb[16] = { 0 };	/* TEST UNIT READY */
	struct sg_io_hdr hdr;
	unsigned int seed = 5;
	int i, answered = 0;
	size_t k;

	for (i = 0; i < 3000; i++) {
		for (k = 0; k < sizeof(hdr); k++) {
			seed = seed * 1664525 + 1013904223;
			((unsigned char *)&hdr)[k] = seed >> 24;
		}
		/* Half of them come as far as their lengths and addresses. */
		if (i & 1) {
			hdr.interface_id = 'S';
			hdr.cmd_len = 6;
			hdr.cmdp = cdb;
			hdr.dxfer_direction = -1 - (int)(seed >> 20 & 3);
			hdr.dxfer_len &= 0x1ff;
			hdr.iovec_count &= 3;
			hdr.sbp = NULL;
		}
		answered += !call(self->fd, SG_IO, &hdr);
	}
	TH_LOG("%d of 3000 were sent", answered);
	EXPECT_EQ(0, sg_send(self->fd, &self->sg));
}

int main(int argc, char **argv)
{
	static const char *const options[] = { "--chip", "pl3507", NULL };
	char disk[64];
	int ret;

	if (!box_plug_as(&shared, options) && box_scsi(&shared, disk, sizeof(disk)))
		box_away(&shared);
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	return ret;
}
