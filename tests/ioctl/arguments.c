// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the ioctls tell of a bridge, and what they refuse: unknown numbers, flags
 * and addresses. One box serves all tests; none of them changes it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "box.h"
#include "call.h"
#include "layout.h"

#define SIZE		255	/* of a PL-2507's EEPROM, at most */

static struct box shared;

FIXTURE(bridge) {
	int fd;
};

FIXTURE_SETUP(bridge)
{
	ASSERT_NE(0, shared.pid) {
		TH_LOG("no box was plugged in");
	}
	self->fd = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(bridge)
{
	close(self->fd);
}

/* An address of which nothing is mapped behind the first page. */
static char *page_end(size_t before)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	munmap(p + page, page);
	return p + page - before;
}

TEST_F(bridge, unknown_ioctl)
{
	char room[16384] = { 0 };
	int nr;

	for (nr = 10; nr < 256; nr++) {
		EXPECT_EQ(-ENOTTY, call(self->fd, _IO(0xbf, nr), room));
		EXPECT_EQ(-ENOTTY, call(self->fd, _IOWR(0xbf, nr, struct bridgefw_status), room));
	}
	/* Another type, and the right numbers with another direction or size. */
	EXPECT_EQ(-ENOTTY, call(self->fd, _IOR(0xbe, 0, struct bridgefw_info), room));
	EXPECT_EQ(-ENOTTY, call(self->fd, _IO(0xbf, 0), room));
	EXPECT_EQ(-ENOTTY, call(self->fd, _IOWR(0xbf, 0, struct bridgefw_info), room));
	EXPECT_EQ(-ENOTTY, call(self->fd, _IOC(_IOC_READ, 0xbf, 5, 239), room));
	EXPECT_EQ(-ENOTTY, call(self->fd, _IOC(_IOC_READ | _IOC_WRITE, 0xbf, 2, 25), room));
}

TEST_F(bridge, info)
{
	struct bridgefw_info info;
	char serial[128], path[128];

	memset(&info, 0xa5, sizeof(info));
	ASSERT_EQ(0, call_info(self->fd, &info));
	EXPECT_EQ(atoi(shared.node + strlen("bridgefw")), info.index);
	EXPECT_EQ(BRIDGEFW_STATE_IDLE, info.state);
	EXPECT_EQ(BRIDGEFW_MATCH_IDS, info.match);
	EXPECT_EQ(BRIDGEFW_INFO_SERIAL_USABLE, info.flags);
	EXPECT_EQ(BRIDGEFW_TRANSPORT_CONTROL, info.transports & BRIDGEFW_TRANSPORT_CONTROL);
	EXPECT_EQ(1, info.memories);
	EXPECT_EQ(0x067b, info.vendor_id);
	EXPECT_EQ(0x2507, info.product_id);
	EXPECT_EQ(0x0123, info.revision);
	EXPECT_EQ(0, info.pad);
	EXPECT_STREQ("usb", info.bus);
	EXPECT_STREQ(shared.busid, info.bus_id);
	EXPECT_STREQ("pl2507", info.profile);
	EXPECT_STREQ("pl2507", info.chip);
	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s/serial", shared.busid);
	ASSERT_EQ(0, read_line(path, serial, sizeof(serial)));
	EXPECT_STREQ(serial, info.serial);
}

TEST_F(bridge, memory)
{
	struct bridgefw_memory m;
	unsigned int i;

	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(0, m.memory);
	EXPECT_EQ(BRIDGEFW_MEMORY_READABLE | BRIDGEFW_MEMORY_WRITABLE | BRIDGEFW_MEMORY_WHOLE |
		  BRIDGEFW_MEMORY_DEFAULT, m.flags);
	EXPECT_EQ(2, m.kind);
	EXPECT_EQ(SIZE, m.size);
	EXPECT_EQ(0, m.length);
	EXPECT_EQ(1, m.unit);
	EXPECT_EQ(0, m.reads);
	EXPECT_EQ(4, m.read_evidence);
	EXPECT_EQ(4, m.program_evidence);
	EXPECT_EQ(2, m.interrupted);
	EXPECT_EQ(0, m.pad[0] | m.pad[1]);
	EXPECT_STREQ("eeprom", m.name);
	/* What was behind the name's end did not come from the kernel's stack. */
	for (i = strlen(m.name); i < sizeof(m.name); i++)
		EXPECT_EQ(0, m.name[i]);
}

TEST_F(bridge, unknown_memory)
{
	static const __u32 numbers[] = { 1, 2, 0x7fffffff, 0x80000000, 0xffffffff };
	struct bridgefw_memory m;
	unsigned char byte = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct bridgefw_read rd = { .memory = numbers[i], .length = 1,
					    .data = (uintptr_t)&byte };
		struct bridgefw_stage stage = { .memory = numbers[i], .length = 1,
						.data = (uintptr_t)&byte };
		struct bridgefw_start start = { .job = BRIDGEFW_JOB_WRITE, .memory = numbers[i] };

		EXPECT_EQ(-EINVAL, call_memory(self->fd, numbers[i], &m));
		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_READ, &rd));
		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_STAGE, &stage));
		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_START, &start));
		start.job = BRIDGEFW_JOB_VERIFY;
		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_START, &start));
		/* Its number is 0 for IDENTIFY. */
		start.job = BRIDGEFW_JOB_IDENTIFY;
		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_START, &start));
	}
}

TEST_F(bridge, pad_is_zero)
{
	struct bridgefw_stage stage = { .pad = 1 };
	struct bridgefw_memory m = { .pad = { 1, 0 } };

	EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_STAGE, &stage));
	EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_GET_MEMORY, &m));
	m.pad[0] = 0;
	m.pad[1] = 0x80000000;
	EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_GET_MEMORY, &m));
	m.pad[1] = 0;
	EXPECT_EQ(0, call(self->fd, BRIDGEFW_IOC_GET_MEMORY, &m));
}

TEST_F(bridge, unknown_flags)
{
	unsigned char room[SIZE];
	__u32 bit, reason;

	for (bit = 1; bit; bit <<= 1) {
		struct bridgefw_stage stage = { .flags = bit };

		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_STAGE, &stage));
		if (bit != BRIDGEFW_READ_PREVIOUS)
			EXPECT_EQ(-EINVAL, call_read(self->fd, bit, 0, SIZE, room));
		if (bit == BRIDGEFW_CONSENT_ATTACHED || bit == BRIDGEFW_CONSENT_IDENTITY ||
		    bit == BRIDGEFW_CONSENT_FINAL || bit == BRIDGEFW_CONSENT_UNREAD ||
		    bit == BRIDGEFW_START_DRY_RUN)
			continue;
		EXPECT_EQ(-EINVAL, call_start(self->fd, BRIDGEFW_JOB_WRITE, bit, &reason));
		EXPECT_EQ(-EINVAL, call_start(self->fd, BRIDGEFW_JOB_IDENTIFY, bit, &reason));
	}
}

TEST_F(bridge, unknown_jobs)
{
	static const __u32 jobs[] = { BRIDGEFW_JOB_NONE, 6, 7, 0x101, 0xffffffff };
	__u32 reason;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		EXPECT_EQ(-EINVAL, call_start(self->fd, jobs[i], 0, &reason));
		EXPECT_EQ(BRIDGEFW_REASON_NONE, reason);
	}
}

TEST_F(bridge, bad_addresses)
{
	static const unsigned long requests[] = {
		BRIDGEFW_IOC_GET_INFO, BRIDGEFW_IOC_GET_MEMORY, BRIDGEFW_IOC_READ,
		BRIDGEFW_IOC_STAGE, BRIDGEFW_IOC_START, BRIDGEFW_IOC_GET_STATUS,
		BRIDGEFW_IOC_GET_ANSWER,
	};
	char *end = page_end(4);
	size_t i;

	ASSERT_NE(NULL, end);
	for (i = 0; i < ARRAY_SIZE(requests); i++) {
		EXPECT_EQ(-EFAULT, call(self->fd, requests[i], NULL));
		EXPECT_EQ(-EFAULT, call(self->fd, requests[i], (void *)-4096L));
		/* The kernel's own memory. */
		EXPECT_EQ(-EFAULT, call(self->fd, requests[i], (void *)0xffffffff81000000ul));
	}
	/* Only the first four bytes are there. */
	memset(end, 0, 4);
	for (i = 0; i < ARRAY_SIZE(requests) - 1; i++) {
		EXPECT_EQ(-EFAULT, call(self->fd, requests[i], end)) {
			TH_LOG("request %#lx", requests[i]);
		}
	}
}

TEST_F(bridge, bad_buffers)
{
	unsigned char *data;
	__u32 reason;
	size_t len;
	char *end;

	ASSERT_EQ(0, project_file(BOX_FACTORY, &data, &len));
	end = page_end(len - 1);
	ASSERT_NE(NULL, end);
	EXPECT_EQ(-EFAULT, call_read(self->fd, 0, 0, SIZE, NULL));
	EXPECT_EQ(-EFAULT, call_read(self->fd, 0, 0, SIZE, end));
	EXPECT_EQ(-EFAULT, call_read(self->fd, 0, 0, SIZE, (void *)-4096L));
	EXPECT_EQ(-1, pread(self->fd, end, SIZE, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ((int)len - 1, call_read(self->fd, 0, 0, len - 1, end));
	EXPECT_EQ(0, memcmp(end, data, len - 1));
	/* What could not be read in stays out, and what was staged before stays in. */
	EXPECT_EQ(-EFAULT, call_stage(self->fd, end, len));
	EXPECT_EQ(-EFAULT, call_stage(self->fd, NULL, len));
	EXPECT_EQ(-ENODATA, call_start(self->fd, BRIDGEFW_JOB_VERIFY, BRIDGEFW_START_DRY_RUN,
				       &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NO_IMAGE, reason);
	EXPECT_EQ(0, call_stage(self->fd, data, len));
	EXPECT_EQ(-EFAULT, call_stage(self->fd, end, len));
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, BRIDGEFW_START_DRY_RUN, &reason));
	/* This memory needs no erase, and has none. */
	EXPECT_EQ(-EOPNOTSUPP, call_start(self->fd, BRIDGEFW_JOB_ERASE, BRIDGEFW_START_DRY_RUN,
					  &reason));
	EXPECT_EQ(BRIDGEFW_REASON_ABSENT, reason);
	EXPECT_EQ(0, call_stage(self->fd, NULL, 0));
	free(data);
}

TEST_F(bridge, answers)
{
	struct bridgefw_answer a = { .kind = 0 };
	__u32 kind;

	EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_GET_ANSWER, &a));
	for (kind = 3; kind < 300; kind += 33) {
		a.kind = kind;
		EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_GET_ANSWER, &a));
	}
	a.kind = 0xffffffff;
	EXPECT_EQ(-EINVAL, call(self->fd, BRIDGEFW_IOC_GET_ANSWER, &a));
	/* Nothing is known of this chip to ask it. */
	for (kind = 1; kind <= 2; kind++) {
		a.kind = kind;
		EXPECT_EQ(-ENODATA, call(self->fd, BRIDGEFW_IOC_GET_ANSWER, &a));
	}
}

TEST_F(bridge, status_before_any_job)
{
	struct bridgefw_status s;

	memset(&s, 0xa5, sizeof(s));
	ASSERT_EQ(0, call_status(self->fd, &s));
	EXPECT_EQ(BRIDGEFW_STATE_IDLE, s.state);
	EXPECT_EQ(BRIDGEFW_JOB_NONE, s.job);
	EXPECT_EQ(0, s.memory | s.error | s.reason | s.serial | s.differs_at);
	EXPECT_EQ(BRIDGEFW_CONTENT_UNKNOWN, s.content);
	EXPECT_EQ(0, s.done | s.total);
	EXPECT_STREQ("", s.text);
	/* No job: nothing to cancel, and nothing wrong with that. */
	EXPECT_EQ(0, call(self->fd, BRIDGEFW_IOC_CANCEL, NULL));
	ASSERT_EQ(0, call_status(self->fd, &s));
	EXPECT_EQ(0, s.reason | s.serial);
}

TEST_F(bridge, the_only_one)
{
	struct bridgefw_info info;
	int fd = open("/dev/bridgefw", O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, call_info(fd, &info));
	EXPECT_STREQ(shared.busid, info.bus_id);
	EXPECT_EQ(-ENOTTY, call(fd, _IO(0xbf, 99), NULL));
	close(fd);
}

TEST_F(bridge, cannot_be_written_or_mapped)
{
	char byte = 0;

	EXPECT_EQ(-1, write(self->fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
}

int main(int argc, char **argv)
{
	const char *const options[] = { "--ids", "067b:2507:0123", NULL };
	int ret;

	box_plug(&shared, options);
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	return ret;
}
