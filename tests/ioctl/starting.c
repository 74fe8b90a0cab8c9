// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BRIDGEFW_IOC_START: what must be true before a write, each reason for saying
 * no, and how a job that was started ends. The tests go on from one another.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "box.h"
#include "call.h"

#define PATIENCE	200
#define SIZE		255
#define YES		BRIDGEFW_CONSENT_IDENTITY
#define DRY		BRIDGEFW_START_DRY_RUN
#define PROGRAM		"\"op\":\"eeprom.program\""

static struct box shared;
static unsigned char *factory, *other;
static size_t length;

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

static bool job_over(void *arg)
{
	struct bridgefw_status s;

	return call_status(*(int *)arg, &s) || s.state != BRIDGEFW_STATE_BUSY;
}

/* How the job that runs ends. */
static struct bridgefw_status outcome(int fd)
{
	struct bridgefw_status s = { .state = 99 };

	if (wait_for(job_over, &fd, PATIENCE))
		call_status(fd, &s);
	return s;
}

static bool read_twice(int fd)
{
	unsigned char a[SIZE], b[SIZE];
	int n = call_read(fd, 0, 0, SIZE, a);

	return n > 0 && n == call_read(fd, 0, 0, SIZE, b) && !memcmp(a, b, n);
}

static __u32 job_serial(int fd)
{
	struct bridgefw_status s;

	return call_status(fd, &s) ? 0 : s.serial;
}

/* Says no, with this reason; and nothing reaches the device. */
static void refused(struct __test_metadata *_metadata, int fd, __u32 why, __u32 job, __u32 flags)
{
	static const struct {
		__u32 why;
		int err;
	} errors[] = {
		{ BRIDGEFW_REASON_ABSENT, EOPNOTSUPP },
		{ BRIDGEFW_REASON_IDENTITY, EACCES },
		{ BRIDGEFW_REASON_NOT_READ, ENODATA },
		{ BRIDGEFW_REASON_UNSTABLE, ENODATA },
		{ BRIDGEFW_REASON_NO_IMAGE, ENODATA },
		{ BRIDGEFW_REASON_IMAGE_SIZE, EINVAL },
		{ BRIDGEFW_REASON_IMAGE_RULE, EINVAL },
		{ BRIDGEFW_REASON_IN_USE, EBUSY },
		{ BRIDGEFW_REASON_BUSY, EBUSY },
	};
	int sent = box_traced(&shared, "\"vendor\":true"), err = 0;
	__u32 reason, serial = job_serial(fd);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].why == why)
			err = errors[i].err;
	EXPECT_EQ(-err, call_start(fd, job, flags, &reason));
	EXPECT_EQ(why, reason);
	EXPECT_EQ(-err, call_start(fd, job, flags | DRY, &reason));
	EXPECT_EQ(why, reason) {
		TH_LOG("job %u, flags %#x", job, flags);
	}
	EXPECT_EQ(serial, job_serial(fd));
	EXPECT_EQ(sent, box_traced(&shared, "\"vendor\":true"));
}

#define EXPECT_REFUSED(why, job, flags) \
	refused(_metadata, self->fd, BRIDGEFW_REASON_##why, BRIDGEFW_JOB_##job, flags)

TEST_F(bridge, no_image)
{
	EXPECT_REFUSED(NO_IMAGE, WRITE, YES);
	EXPECT_REFUSED(NO_IMAGE, RESTORE, YES);
	EXPECT_REFUSED(NO_IMAGE, VERIFY, 0);
	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, call_stage(self->fd, NULL, 0));
	EXPECT_REFUSED(NO_IMAGE, WRITE, YES);
}

TEST_F(bridge, not_read_twice)
{
	unsigned char room[SIZE];
	__u32 reason;

	ASSERT_EQ(0, call_stage(self->fd, other, length));
	EXPECT_REFUSED(NOT_READ, WRITE, YES);
	EXPECT_EQ((int)length, call_read(self->fd, 0, 0, SIZE, room));
	EXPECT_REFUSED(NOT_READ, WRITE, YES);
	EXPECT_EQ((int)length, call_read(self->fd, 0, 0, SIZE, room));
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NONE, reason);
}

TEST_F(bridge, two_reads_that_differ)
{
	unsigned char room[SIZE];
	int i;

	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "flaky"));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ((int)length, call_read(self->fd, 0, 0, SIZE, room));
		EXPECT_REFUSED(UNSTABLE, WRITE, YES);
	}
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
	EXPECT_TRUE(read_twice(self->fd));
}

static int refused_without_rawio(void *arg)
{
	int fd = *(int *)arg, bad = 0;
	__u32 reason;

	bad |= (call_start(fd, BRIDGEFW_JOB_WRITE, YES, &reason) != -EPERM) << 0;
	bad |= (reason != BRIDGEFW_REASON_CAPABILITY) << 1;
	bad |= (call_start(fd, BRIDGEFW_JOB_RESTORE, YES | DRY, &reason) != -EPERM) << 2;
	bad |= (reason != BRIDGEFW_REASON_CAPABILITY) << 3;
	bad |= (call_claim(fd) != -EPERM) << 4;
	/* What writes nothing does not need it. */
	bad |= (call_start(fd, BRIDGEFW_JOB_VERIFY, DRY, &reason) != 0) << 5;
	return bad;
}

TEST_F(bridge, capability)
{
	ASSERT_EQ(0, call_stage(self->fd, other, length));
	EXPECT_EQ(0, without_rawio(refused_without_rawio, &self->fd));
	EXPECT_EQ(0, box_traced(&shared, PROGRAM));
}

TEST_F(bridge, image_size)
{
	unsigned char room[SIZE] = { 0 };

	memcpy(room, other, length);
	ASSERT_EQ(0, call_stage(self->fd, room, length - 1));
	EXPECT_REFUSED(IMAGE_SIZE, WRITE, YES);
	ASSERT_EQ(0, call_stage(self->fd, room, length + 1));
	EXPECT_REFUSED(IMAGE_SIZE, WRITE, YES);
	ASSERT_EQ(0, call_stage(self->fd, room, SIZE));
	EXPECT_REFUSED(IMAGE_SIZE, WRITE, YES);
}

TEST_F(bridge, image_rule)
{
	unsigned char room[SIZE];

	memcpy(room, other, length);
	room[0] ^= 1;
	ASSERT_EQ(0, call_stage(self->fd, room, length));
	EXPECT_REFUSED(IMAGE_RULE, WRITE, YES);
	memset(room, 0xff, length);
	ASSERT_EQ(0, call_stage(self->fd, room, length));
	EXPECT_REFUSED(IMAGE_RULE, WRITE, YES);
}

TEST_F(bridge, identity)
{
	ASSERT_EQ(0, call_stage(self->fd, other, length));
	EXPECT_REFUSED(IDENTITY, WRITE, 0);
	EXPECT_REFUSED(IDENTITY, WRITE, BRIDGEFW_CONSENT_ATTACHED);
}

TEST_F_TIMEOUT(bridge, in_use, PATIENCE)
{
	char disk[64], where[] = "/tmp/mnt.XXXXXX";
	const char *const mkfs[] = { "mkfs.ext4", "-qF", disk, NULL };
	__u32 reason;
	int fd;

	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, box_disk(&shared, disk, sizeof(disk)));
	fd = open(disk, O_RDONLY | O_EXCL | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_REFUSED(IN_USE, WRITE, YES);
	/* Reading and comparing are in nobody's way. */
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, DRY, &reason));
	close(fd);
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));

	ASSERT_EQ(0, run_program(mkfs));
	ASSERT_NE(NULL, mkdtemp(where));
	ASSERT_EQ(0, mount(disk, where, "ext4", 0, NULL));
	EXPECT_REFUSED(IN_USE, WRITE, YES);
	EXPECT_EQ(0, umount(where));
	rmdir(where);
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));
	EXPECT_EQ(0, box_traced(&shared, PROGRAM));
}

TEST_F(bridge, dry_run_leaves_no_trace)
{
	int sent = box_traced(&shared, "\"vendor\":true"), disk_fd;
	struct bridgefw_status before, after;
	struct bridgefw_memory m;
	struct bridgefw_info info;
	char disk[64];
	__u32 reason;

	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, call_status(self->fd, &before));
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NONE, reason);
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, DRY, &reason));
	ASSERT_EQ(0, call_status(self->fd, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
	EXPECT_EQ(sent, box_traced(&shared, "\"vendor\":true"));
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(BRIDGEFW_MEMORY_STAGED, m.flags & BRIDGEFW_MEMORY_STAGED);
	EXPECT_EQ(0, m.flags & BRIDGEFW_MEMORY_PREVIOUS);
	/* It claimed the drive to see whether it could, and gave it back. */
	ASSERT_EQ(0, call_info(self->fd, &info));
	EXPECT_EQ(0, info.flags & BRIDGEFW_INFO_CLAIMED);
	ASSERT_EQ(0, box_disk(&shared, disk, sizeof(disk)));
	disk_fd = open(disk, O_RDONLY | O_EXCL | O_CLOEXEC);
	EXPECT_LE(0, disk_fd);
	close(disk_fd);
}

TEST_F_TIMEOUT(bridge, busy, PATIENCE)
{
	unsigned char room[SIZE];
	struct bridgefw_status s;
	struct bridgefw_info info;
	__u32 reason, serial;

	ASSERT_EQ(0, call_stage(self->fd, factory, length));
	serial = job_serial(self->fd);
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=3000@op=eeprom.read,n=1"));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NONE, reason);
	ASSERT_EQ(0, call_status(self->fd, &s));
	EXPECT_EQ(BRIDGEFW_STATE_BUSY, s.state);
	EXPECT_EQ(BRIDGEFW_JOB_VERIFY, s.job);
	EXPECT_EQ(serial + 1, s.serial);
	ASSERT_EQ(0, call_info(self->fd, &info));
	EXPECT_EQ(BRIDGEFW_STATE_BUSY, info.state);
	EXPECT_REFUSED(BUSY, WRITE, YES);
	EXPECT_REFUSED(BUSY, VERIFY, 0);
	EXPECT_EQ(-EBUSY, call_read(self->fd, 0, 0, SIZE, room));
	EXPECT_EQ(-1, pread(self->fd, room, SIZE, 0));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(-EBUSY, call_stage(self->fd, other, length));
	EXPECT_EQ(-EBUSY, call_stage(self->fd, NULL, 0));
	EXPECT_EQ(-EBUSY, call_claim(self->fd));
	ASSERT_EQ(0, call_status(self->fd, &s));
	EXPECT_EQ(BRIDGEFW_STATE_BUSY, s.state) {
		TH_LOG("the job was over before all was tried");
	}
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_STATE_IDLE, s.state);
	EXPECT_EQ(0, s.error | s.reason);
	EXPECT_EQ(serial + 1, s.serial);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

TEST_F_TIMEOUT(bridge, verify_tells_where, PATIENCE)
{
	unsigned char room[SIZE];
	struct bridgefw_status s;
	__u32 reason;
	size_t at;

	for (at = 0; at < length; at += 37) {
		memcpy(room, factory, length);
		room[at] ^= 0x40;
		ASSERT_EQ(0, call_stage(self->fd, room, length));
		ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
		s = outcome(self->fd);
		EXPECT_EQ(BRIDGEFW_STATE_FAILED, s.state);
		EXPECT_EQ(BRIDGEFW_REASON_CONTENT_DIFFERS, s.reason);
		EXPECT_EQ(EILSEQ, s.error);
		EXPECT_EQ(at, s.differs_at);
	}
	/* A longer and a shorter one differ where the shorter one ends. */
	memcpy(room, factory, length);
	room[length] = 0;
	ASSERT_EQ(0, call_stage(self->fd, room, length + 1));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_REASON_CONTENT_DIFFERS, s.reason);
	EXPECT_EQ(length, s.differs_at);
	ASSERT_EQ(0, call_stage(self->fd, factory, length - 1));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_REASON_CONTENT_DIFFERS, s.reason);
	EXPECT_EQ(length - 1, s.differs_at);
}

/* Nothing is known to ask this chip: that needs no question. */
TEST_F(bridge, identify_is_absent)
{
	EXPECT_REFUSED(ABSENT, IDENTIFY, 0);
}

TEST_F_TIMEOUT(bridge, cancelled_before_it_writes, PATIENCE)
{
	unsigned char room[SIZE];
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->fd));
	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=2000@op=eeprom.read,n=1"));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	nap_ms(300);
	EXPECT_EQ(0, call(self->fd, BRIDGEFW_IOC_CANCEL, NULL));
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_STATE_FAILED, s.state);
	EXPECT_EQ(BRIDGEFW_REASON_CANCELLED, s.reason);
	EXPECT_EQ(ECANCELED, s.error);
	EXPECT_EQ(BRIDGEFW_CONTENT_OLD, s.content);
	EXPECT_EQ(0, box_traced(&shared, PROGRAM));
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
	/* Nothing was replaced, so there is nothing to restore. */
	EXPECT_EQ(-ENODATA, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0, SIZE, room));
	EXPECT_REFUSED(NO_IMAGE, RESTORE, 0);
}

TEST_F_TIMEOUT(bridge, write, PATIENCE)
{
	unsigned char room[SIZE];
	struct bridgefw_status s;
	struct bridgefw_memory m;
	__u32 reason, serial = job_serial(self->fd);

	ASSERT_TRUE(read_twice(self->fd));
	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NONE, reason);
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_STATE_IDLE, s.state);
	EXPECT_EQ(BRIDGEFW_JOB_WRITE, s.job);
	EXPECT_EQ(0, s.error | s.reason | s.memory);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_EQ(serial + 1, s.serial);
	EXPECT_NE(0, s.total);
	EXPECT_EQ(s.total, s.done);
	EXPECT_NE('\0', s.text[0]);
	EXPECT_TRUE(box_holds(&shared, BOX_OTHER));
	EXPECT_EQ(1, box_traced(&shared, PROGRAM));

	/* What it replaced is kept, and what was read before says nothing any more. */
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(BRIDGEFW_MEMORY_PREVIOUS, m.flags & BRIDGEFW_MEMORY_PREVIOUS);
	EXPECT_GE(1, m.reads);
	EXPECT_EQ((int)length, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0, SIZE, room));
	EXPECT_EQ(0, memcmp(room, factory, length));
	EXPECT_EQ(3, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, length - 3, SIZE, room));
	EXPECT_EQ(0, memcmp(room, factory + length - 3, 3));
	EXPECT_EQ(0, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, length, SIZE, room));
	EXPECT_EQ(0, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0xffffffff, 0xffffffff, room));
	EXPECT_EQ(-EFAULT, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0, SIZE, NULL));
	EXPECT_REFUSED(NOT_READ, RESTORE, 0);
}

/* What is restored is what was replaced last, whatever else came to nothing since. */
TEST_F_TIMEOUT(bridge, cancelled_write_keeps_previous, PATIENCE)
{
	unsigned char room[SIZE];
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->fd));
	ASSERT_EQ(0, call_stage(self->fd, factory, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=2000@op=eeprom.read,n=1"));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	nap_ms(300);
	EXPECT_EQ(0, call(self->fd, BRIDGEFW_IOC_CANCEL, NULL));
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_REASON_CANCELLED, s.reason);
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
	EXPECT_TRUE(box_holds(&shared, BOX_OTHER));
	EXPECT_EQ((int)length, call_read(self->fd, BRIDGEFW_READ_PREVIOUS, 0, SIZE, room));
	EXPECT_EQ(0, memcmp(room, factory, length));
}

TEST_F_TIMEOUT(bridge, restore, PATIENCE)
{
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->fd));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_RESTORE, 0, &reason));
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_STATE_IDLE, s.state);
	EXPECT_EQ(BRIDGEFW_JOB_RESTORE, s.job);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_TRUE(box_holds(&shared, BOX_FACTORY));
}

TEST_F_TIMEOUT(bridge, write_of_what_is_there, PATIENCE)
{
	int sent = box_traced(&shared, PROGRAM);
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->fd));
	ASSERT_EQ(0, call_stage(self->fd, factory, length));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	s = outcome(self->fd);
	EXPECT_EQ(0, s.reason);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_EQ(sent, box_traced(&shared, PROGRAM));
}

/* Content that changes behind our back, between the reads and the write. */
TEST_F_TIMEOUT(bridge, changed_since_it_was_read, PATIENCE)
{
	int sent = box_traced(&shared, PROGRAM);
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->fd));
	ASSERT_EQ(0, call_stage(self->fd, other, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "flip=20:3@op=eeprom.read,n=1"));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	s = outcome(self->fd);
	EXPECT_EQ(BRIDGEFW_REASON_UNSTABLE, s.reason);
	EXPECT_EQ(ENODATA, s.error);
	EXPECT_EQ(BRIDGEFW_CONTENT_OLD, s.content);
	EXPECT_EQ(sent, box_traced(&shared, PROGRAM));
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

/* No other box may be there: the shared one is the last of this file's tests. */
FIXTURE(stranger) {
	struct box box;
	int fd;
};

FIXTURE_SETUP(stranger)
{
	const char *const options[] = {
		"--chip", "pl2507", "--ids", "1209:7777", "--drive", "none", NULL
	};

	self->fd = -1;
	ASSERT_EQ(0, box_start(&self->box, options));
}

FIXTURE_TEARDOWN(stranger)
{
	close(self->fd);
	EXPECT_EQ(0, box_away(&self->box));
}

static bool attach_written(void *line)
{
	return !write_text("/sys/class/bridgefw/attach", line);
}

/* The box is such a chip: the user says so. Returns a file of its bridge. */
static int attach(struct box *box, const char *profile)
{
	char line[96];

	snprintf(line, sizeof(line), "%s %s", box->busid, profile);
	/* USB tells of a new device last, when its interfaces are there already. */
	if (!wait_for(attach_written, line, 10) || box_bridge(box))
		return -1;
	return open(box->dev, O_RDWR | O_CLOEXEC);
}

TEST_F_TIMEOUT(stranger, attached, PATIENCE)
{
	unsigned char room[SIZE];
	__u32 reason;
	int n;

	self->fd = attach(&self->box, "pl2507");
	ASSERT_LE(0, self->fd);
	/* A blank part: what is read is no table, but it is read. */
	ASSERT_TRUE(read_twice(self->fd));
	n = call_read(self->fd, 0, 0, SIZE, room);
	ASSERT_LT(0, n);
	memcpy(room, other, (size_t)n < length ? (size_t)n : length);
	ASSERT_EQ(0, call_stage(self->fd, room, n));
	EXPECT_EQ(-EACCES, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_ATTACHED, reason);
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE,
				YES | DRY | BRIDGEFW_CONSENT_ATTACHED, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NONE, reason);
	EXPECT_EQ(0, box_traced(&self->box, PROGRAM));
}

/* Reads and writes of a profile that did not come with the module. */
TEST_F_TIMEOUT(stranger, local_profile, PATIENCE)
{
	char profile[256];
	const char *const copy[] = {
		"install", "-D", "-m", "644", "-t", "/lib/firmware/updates/bridgefw", profile, NULL
	};
	const __u32 consent = YES | DRY | BRIDGEFW_CONSENT_ATTACHED;
	unsigned char room[SIZE];
	struct bridgefw_info info;
	struct bridgefw_memory m;
	__u32 reason;
	int n;

	project_path("/build/lab/firmware/bridgefw/lab-pl2507.bin", profile, sizeof(profile));
	ASSERT_EQ(0, run_program(copy));
	self->fd = attach(&self->box, "lab-pl2507");
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, call_info(self->fd, &info));
	EXPECT_EQ(BRIDGEFW_INFO_LOCAL_PROFILE, info.flags & BRIDGEFW_INFO_LOCAL_PROFILE);
	EXPECT_EQ(BRIDGEFW_MATCH_ATTACHED, info.match);
	ASSERT_EQ(0, call_memory(self->fd, 0, &m));
	EXPECT_EQ(BRIDGEFW_MEMORY_READABLE,
		  m.flags & (BRIDGEFW_MEMORY_READABLE | BRIDGEFW_MEMORY_WRITABLE));
	ASSERT_TRUE(read_twice(self->fd));
	n = call_read(self->fd, 0, 0, SIZE, room);
	ASSERT_LT(0, n);
	memcpy(room, other, (size_t)n < length ? (size_t)n : length);
	ASSERT_EQ(0, call_stage(self->fd, room, n));
	EXPECT_EQ(-EACCES, call_start(self->fd, BRIDGEFW_JOB_WRITE, consent, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_LOCAL, reason);
	ASSERT_EQ(0, write_text("/sys/module/bridgefw/parameters/local_writes", "1"));
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_WRITE, consent, &reason));
	ASSERT_EQ(0, write_text("/sys/module/bridgefw/parameters/local_writes", "0"));
}

/* A chip with nothing but a question to ask, behind which no drive stands. */
TEST_F_TIMEOUT(stranger, no_memory, PATIENCE)
{
	unsigned char byte;
	struct bridgefw_info info;
	__u32 reason;

	self->fd = attach(&self->box, "pl2773");
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, call_info(self->fd, &info));
	EXPECT_EQ(0, info.memories);
	EXPECT_EQ(-EINVAL, call_read(self->fd, 0, 0, 1, &byte));
	EXPECT_EQ(-1, read(self->fd, &byte, 1));
	EXPECT_EQ(EOPNOTSUPP, errno);
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-EINVAL, call_stage(self->fd, &byte, 1));
	EXPECT_EQ(-EOPNOTSUPP, call_start(self->fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_ABSENT, reason);
	EXPECT_EQ(-EOPNOTSUPP, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_ABSENT, reason);
}

int main(int argc, char **argv)
{
	size_t len;
	int ret;

	if (!project_file(BOX_FACTORY, &factory, &length) &&
	    !project_file(BOX_OTHER, &other, &len) && len == length)
		box_plug(&shared, NULL);
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	free(factory);
	free(other);
	return ret;
}
