// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file that outlives its bridge: BRIDGEFW_IOC_GET_STATUS tells how it stands,
 * everything else says ENXIO. Also when the box goes in the middle of a job.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "box.h"
#include "call.h"

#define PATIENCE	200
#define SIZE		255
#define YES		BRIDGEFW_CONSENT_IDENTITY

FIXTURE(leaver) {
	struct box box;
	unsigned char *other;
	size_t length;
	int fd;
};

FIXTURE_SETUP(leaver)
{
	static const char *const options[] = { "--drive", "none", NULL };

	self->fd = -1;
	ASSERT_EQ(0, project_file(BOX_OTHER, &self->other, &self->length));
	ASSERT_EQ(0, box_plug(&self->box, options));
	self->fd = open(self->box.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(leaver)
{
	close(self->fd);
	EXPECT_EQ(0, box_away(&self->box));
	free(self->other);
}

static bool hung_up(void *arg)
{
	struct pollfd p = { .fd = *(int *)arg };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLHUP);
}

/* The file of a bridge that has gone. */
static void expect_gone(struct __test_metadata *_metadata, int fd)
{
	struct bridgefw_answer a = { .kind = 1 };
	struct bridgefw_memory m;
	struct bridgefw_info info;
	struct bridgefw_status s;
	unsigned char room[SIZE];
	__u32 reason;

	EXPECT_EQ(-ENXIO, call_info(fd, &info));
	EXPECT_EQ(-ENXIO, call_memory(fd, 0, &m));
	EXPECT_EQ(-ENXIO, call_read(fd, 0, 0, SIZE, room));
	EXPECT_EQ(-ENXIO, call_read(fd, BRIDGEFW_READ_PREVIOUS, 0, SIZE, room));
	EXPECT_EQ(-ENXIO, call_stage(fd, room, SIZE));
	EXPECT_EQ(-ENXIO, call_stage(fd, NULL, 0));
	EXPECT_EQ(-ENXIO, call_start(fd, BRIDGEFW_JOB_WRITE, YES, &reason));
	EXPECT_EQ(-ENXIO, call_start(fd, BRIDGEFW_JOB_IDENTIFY, 0, &reason));
	EXPECT_EQ(-ENXIO, call(fd, BRIDGEFW_IOC_CANCEL, NULL));
	EXPECT_EQ(-ENXIO, call_claim(fd));
	EXPECT_EQ(-ENXIO, call_release(fd));
	EXPECT_EQ(-ENXIO, call(fd, BRIDGEFW_IOC_GET_ANSWER, &a));
	EXPECT_EQ(-1, read(fd, room, SIZE));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(-1, pread(fd, room, SIZE, 10));
	EXPECT_EQ(ENXIO, errno);
	ASSERT_EQ(0, call_status(fd, &s));
	EXPECT_EQ(BRIDGEFW_STATE_GONE, s.state);
	EXPECT_EQ(-EFAULT, call(fd, BRIDGEFW_IOC_GET_STATUS, NULL));
}

TEST_F_TIMEOUT(leaver, at_rest, PATIENCE)
{
	struct bridgefw_status s;
	int again;

	box_pull(&self->box);
	ASSERT_TRUE(wait_for(hung_up, &self->fd, PATIENCE));
	expect_gone(_metadata, self->fd);
	ASSERT_EQ(0, call_status(self->fd, &s));
	EXPECT_EQ(0, s.reason | s.error | s.job);
	/* And there is no way in any more. */
	again = open(self->box.dev, O_RDWR | O_CLOEXEC);
	EXPECT_EQ(-1, again);
	again = open("/dev/bridgefw", O_RDWR | O_CLOEXEC);
	EXPECT_EQ(-1, again);
	EXPECT_EQ(ENODEV, errno);
}

/* Another box, or the same one again: the old file is still of the old bridge. */
TEST_F_TIMEOUT(leaver, back_again, PATIENCE)
{
	int fd;

	ASSERT_EQ(0, call_claim(self->fd));
	ASSERT_EQ(0, box_replug(&self->box));
	expect_gone(_metadata, self->fd);
	fd = open(self->box.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	/* The claim went with the bridge that was held. */
	EXPECT_EQ(0, call_claim(fd));
	EXPECT_EQ(0, call_release(fd));
	close(fd);
}

static bool job_ended(void *arg)
{
	struct bridgefw_status s;

	/* The job may see that the box is gone before the bridge has left, or after. */
	return call_status(*(int *)arg, &s) ||
	       (s.state == BRIDGEFW_STATE_GONE && s.reason != BRIDGEFW_REASON_NONE);
}

/* Starts a write that is held up, and pulls the cable. */
static struct bridgefw_status pull_during(struct box *box, int fd, const unsigned char *image,
					  size_t length, const char *fault)
{
	struct bridgefw_status s = { .state = 99 };
	unsigned char room[SIZE];
	__u32 reason;

	if (call_read(fd, 0, 0, SIZE, room) < 0 || call_read(fd, 0, 0, SIZE, room) < 0 ||
	    call_stage(fd, image, length) || box_tell(box, "fault", fault) ||
	    call_start(fd, BRIDGEFW_JOB_WRITE, YES, &reason))
		return s;
	nap_ms(400);
	box_pull(box);
	if (wait_for(job_ended, &fd, PATIENCE))
		call_status(fd, &s);
	return s;
}

TEST_F_TIMEOUT(leaver, before_the_write, PATIENCE)
{
	struct bridgefw_status s = pull_during(&self->box, self->fd, self->other, self->length,
					       "nak@op=eeprom.read");

	EXPECT_EQ(BRIDGEFW_STATE_GONE, s.state);
	EXPECT_EQ(BRIDGEFW_JOB_WRITE, s.job);
	EXPECT_EQ(BRIDGEFW_REASON_GONE, s.reason);
	EXPECT_EQ(ENXIO, s.error);
	EXPECT_EQ(BRIDGEFW_CONTENT_OLD, s.content);
	EXPECT_TRUE(box_holds(&self->box, BOX_FACTORY));
	ASSERT_TRUE(wait_for(hung_up, &self->fd, PATIENCE));
	expect_gone(_metadata, self->fd);
}

TEST_F_TIMEOUT(leaver, within_the_write, PATIENCE)
{
	struct bridgefw_status s = pull_during(&self->box, self->fd, self->other, self->length,
					       "nak@op=eeprom.program");

	EXPECT_EQ(BRIDGEFW_STATE_GONE, s.state);
	EXPECT_EQ(BRIDGEFW_REASON_GONE, s.reason);
	EXPECT_EQ(BRIDGEFW_CONTENT_UNKNOWN, s.content);
	ASSERT_TRUE(wait_for(hung_up, &self->fd, PATIENCE));
	expect_gone(_metadata, self->fd);
}

TEST_HARNESS_MAIN
