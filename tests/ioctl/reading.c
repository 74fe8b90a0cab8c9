// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BRIDGEFW_IOC_READ, read(), pread(), lseek() and BRIDGEFW_IOC_STAGE at every
 * edge. The table is shorter than the memory, so that both ends show.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "box.h"
#include "call.h"

#define SIZE		255

static struct box shared;
static unsigned char *table;
static size_t length;

FIXTURE(bridge) {
	int fd;
};

FIXTURE_SETUP(bridge)
{
	ASSERT_NE(0, shared.pid) {
		TH_LOG("no box was plugged in");
	}
	ASSERT_GT(SIZE, length);
	self->fd = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(bridge)
{
	close(self->fd);
}

static unsigned int reads(int fd)
{
	struct bridgefw_memory m;

	return call_memory(fd, 0, &m) ? 0 : m.reads;
}

/* What a read of @len bytes at @offset is to bring. */
static int expected(unsigned long long offset, unsigned long long len)
{
	if (offset >= length)
		return 0;
	return len < length - offset ? len : length - offset;
}

/* First of all: before the length is known. */
TEST_F(bridge, a_first_seek)
{
	struct bridgefw_memory m;
	unsigned char byte;

	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(0, m.flags & BRIDGEFW_MEMORY_LENGTH_KNOWN);
	EXPECT_EQ(0, m.length);
	/* So far it may be as long as the memory is. */
	EXPECT_EQ(SIZE, lseek(self->fd, 0, SEEK_END));
	EXPECT_EQ(0, read(self->fd, &byte, 1));
	/* Behind the table's end, within the memory: the device must be asked. */
	EXPECT_EQ(0, pread(self->fd, &byte, 1, length));
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(BRIDGEFW_MEMORY_LENGTH_KNOWN, m.flags & BRIDGEFW_MEMORY_LENGTH_KNOWN);
	EXPECT_EQ(length, m.length);
	EXPECT_EQ(1, m.reads);
}

TEST_F(bridge, ioctl_at_every_edge)
{
	static const __u32 beyond[] = { SIZE - 1, SIZE, SIZE + 1, 4096, INT_MAX, UINT_MAX - 1,
					UINT_MAX };
	unsigned char room[SIZE + 64];
	const __u32 offsets[] = { 0, 1, 2, length / 2, length - 2, length - 1, length, length + 1 };
	const __u32 lengths[] = { 0, 1, 2, 7, length - 1, length, length + 1, SIZE, SIZE + 1,
				  INT_MAX, UINT_MAX };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		for (j = 0; j < ARRAY_SIZE(lengths); j++) {
			int want = expected(offsets[i], lengths[j]);

			memset(room, 0xa5, sizeof(room));
			EXPECT_EQ(want, call_read(self->fd, 0, offsets[i], lengths[j], room)) {
				TH_LOG("offset %u, length %u", offsets[i], lengths[j]);
			}
			EXPECT_EQ(0, memcmp(room, table + offsets[i], want));
			EXPECT_EQ(0xa5, room[want]);
		}
	}
	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		EXPECT_EQ(0, call_read(self->fd, 0, beyond[i], 16, room));
		EXPECT_EQ(0, call_read(self->fd, 0, beyond[i], UINT_MAX, room));
	}
}

TEST_F(bridge, nothing_replaced_yet)
{
	unsigned char room[SIZE];

	EXPECT_EQ(-ENODATA, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0, SIZE, room));
	EXPECT_EQ(-ENODATA, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0, 0, room));
}

TEST_F(bridge, read_goes_on_where_it_ended)
{
	unsigned char room[SIZE + 64];
	size_t at = 0;
	ssize_t n;

	for (n = 1; n > 0 && at < sizeof(room); at += n > 0 ? n : 0)
		n = read(self->fd, room + at, 50);
	EXPECT_EQ(0, n);
	ASSERT_EQ(length, at);
	EXPECT_EQ(0, memcmp(room, table, length));
	EXPECT_EQ(length, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(0, read(self->fd, room, sizeof(room)));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(length, read(self->fd, room, sizeof(room)));
	EXPECT_EQ(0, memcmp(room, table, length));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(0, read(self->fd, room, 0));
	EXPECT_EQ(0, lseek(self->fd, 0, SEEK_CUR));
}

TEST_F(bridge, pread_leaves_the_place)
{
	const off_t offsets[] = { 0, 1, length - 1, length, length + 1, SIZE, SIZE + 1,
				  0x7fffffff, 0x100000000ll, 0x100000001ll, LLONG_MAX - 4096 };
	unsigned char room[SIZE + 64];
	size_t i;

	EXPECT_EQ(5, lseek(self->fd, 5, SEEK_SET));
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		int want = expected(offsets[i], 10);

		EXPECT_EQ(want, pread(self->fd, room, 10, offsets[i])) {
			TH_LOG("offset %lld", (long long)offsets[i]);
		}
		if (want)
			EXPECT_EQ(0, memcmp(room, table + offsets[i], want));
	}
	EXPECT_EQ(-1, pread(self->fd, room, 10, -1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(5, lseek(self->fd, 0, SEEK_CUR));
}

TEST_F(bridge, seeking)
{
	EXPECT_EQ(length, lseek(self->fd, 0, SEEK_END));
	EXPECT_EQ(length - 3, lseek(self->fd, -3, SEEK_END));
	EXPECT_EQ(length - 1, lseek(self->fd, 2, SEEK_CUR));
	EXPECT_EQ(-1, lseek(self->fd, -1, SEEK_SET));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, 1, SEEK_END));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, LLONG_MAX, SEEK_SET));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, -1000, SEEK_CUR));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, 0, 77));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(length - 1, lseek(self->fd, 0, SEEK_CUR));
}

TEST_F(bridge, files_have_places_of_their_own)
{
	int other = open(shared.dev, O_RDONLY | O_CLOEXEC);
	unsigned char a[8], b[8];

	ASSERT_LE(0, other);
	EXPECT_EQ(8, read(self->fd, a, 8));
	EXPECT_EQ(8, read(other, b, 8));
	EXPECT_EQ(0, memcmp(a, b, 8));
	EXPECT_EQ(8, lseek(other, 0, SEEK_CUR));
	close(other);
}

TEST_F(bridge, whole_reads_are_counted)
{
	unsigned char room[SIZE];
	unsigned int before = reads(self->fd);

	EXPECT_LE(1, before);
	EXPECT_EQ((int)length, call_read(self->fd, 0, 0, SIZE, room));
	EXPECT_EQ(before + 1, reads(self->fd));
	EXPECT_EQ(length, pread(self->fd, room, SIZE, 0));
	EXPECT_EQ(before + 2, reads(self->fd));
	/* One that does not reach the device is none. */
	EXPECT_EQ(0, call_read(self->fd, 0, SIZE, SIZE, room));
	EXPECT_EQ(0, call_read(self->fd, 0, 0, 0, room));
	EXPECT_EQ(0, pread(self->fd, room, 0, 0));
	EXPECT_EQ(before + 2, reads(self->fd));
}

TEST_F(bridge, staging_at_every_edge)
{
	unsigned char room[SIZE + 1] = { 0 };
	struct bridgefw_memory m;

	EXPECT_EQ(-EFBIG, call_stage(self->fd, room, SIZE + 1));
	EXPECT_EQ(-EFBIG, call_stage(self->fd, room, 0x80000000));
	EXPECT_EQ(-EFBIG, call_stage(self->fd, room, UINT_MAX));
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(0, m.flags & BRIDGEFW_MEMORY_STAGED);
	EXPECT_EQ(0, call_stage(self->fd, room, SIZE));
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(BRIDGEFW_MEMORY_STAGED, m.flags & BRIDGEFW_MEMORY_STAGED);
	EXPECT_EQ(0, call_stage(self->fd, room, 1));
	/* Nothing, from nowhere: what was staged is dropped. Twice is no harm. */
	EXPECT_EQ(0, call_stage(self->fd, NULL, 0));
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(0, m.flags & BRIDGEFW_MEMORY_STAGED);
	EXPECT_EQ(0, call_stage(self->fd, NULL, 0));
	/* Nothing of all this reached the device. */
	EXPECT_EQ(0, box_traced(&shared, "\"op\":\"eeprom.program\""));
}

/* The sysfs door has a 64-bit offset, and the same edges. */
TEST_F(bridge, staging_by_file_offset)
{
	static const off_t beyond[] = { SIZE, SIZE + 1, 0xffffffffll, 0x100000000ll,
					0x100000000ll + SIZE / 2, 0x7fffffff00000000ll };
	unsigned char room[SIZE + 1] = { 0 };
	struct bridgefw_memory m;
	char path[128];
	size_t i;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/bridgefw/%s/image", shared.node);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(16, pwrite(fd, room, 16, 0));
	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		EXPECT_EQ(-1, pwrite(fd, room, 1, beyond[i])) {
			TH_LOG("offset %lld", (long long)beyond[i]);
		}
		EXPECT_EQ(EFBIG, errno);
	}
	EXPECT_EQ(-1, pwrite(fd, room, 1, 17));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, pwrite(fd, room, SIZE, 16));
	EXPECT_EQ(EFBIG, errno);
	EXPECT_EQ(SIZE - 16, pwrite(fd, room, SIZE - 16, 16));
	close(fd);
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(BRIDGEFW_MEMORY_STAGED, m.flags & BRIDGEFW_MEMORY_STAGED);
	EXPECT_EQ(0, call_stage(self->fd, NULL, 0));
}

int main(int argc, char **argv)
{
	const char *const options[] = { "--drive", "none", NULL };
	int ret;

	if (!project_file(BOX_FACTORY, &table, &length))
		box_plug(&shared, options);
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	free(table);
	return ret;
}
