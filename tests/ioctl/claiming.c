// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holding a bridge: who is kept out meanwhile, how it ends, and how a file lends
 * its claim to a job. And poll(), which tells of all that changes.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "box.h"
#include "call.h"

#define PATIENCE	200
#define SIZE		255
#define YES		BRIDGEFW_CONSENT_IDENTITY
#define DRY		BRIDGEFW_START_DRY_RUN

static struct box shared;
static char disk[64];
static unsigned char *factory, *other;
static size_t length;

/* Two files of the same bridge. */
FIXTURE(files) {
	int a;
	int b;
};

FIXTURE_SETUP(files)
{
	ASSERT_NE('\0', disk[0]) {
		TH_LOG("no box was plugged in");
	}
	self->a = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->a);
	self->b = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->b);
}

FIXTURE_TEARDOWN(files)
{
	close(self->a);
	close(self->b);
}

static bool claimed(int fd)
{
	struct bridgefw_info info;

	return !call_info(fd, &info) && (info.flags & BRIDGEFW_INFO_CLAIMED);
}

/* Whether somebody else could take the drive for himself. */
static bool disk_free(void)
{
	int fd = open(disk, O_RDONLY | O_EXCL | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool read_twice(int fd)
{
	unsigned char a[SIZE], b[SIZE];
	int n = call_read(fd, 0, 0, SIZE, a);

	return n > 0 && n == call_read(fd, 0, 0, SIZE, b) && !memcmp(a, b, n);
}

static bool job_over(void *arg)
{
	struct bridgefw_status s;

	return call_status(*(int *)arg, &s) || s.state != BRIDGEFW_STATE_BUSY;
}

static struct bridgefw_status outcome(int fd)
{
	struct bridgefw_status s = { .state = 99 };

	if (wait_for(job_over, &fd, PATIENCE))
		call_status(fd, &s);
	return s;
}

static int read_sysfs(const char *format)
{
	unsigned char room[SIZE];
	char path[160];
	int fd, ret;

	snprintf(path, sizeof(path), format, shared.node);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = read(fd, room, sizeof(room));
	if (ret < 0)
		ret = -errno;
	close(fd);
	return ret;
}

TEST_F(files, others_are_kept_out)
{
	unsigned char room[SIZE];
	__u32 reason;

	ASSERT_TRUE(read_twice(self->a));
	ASSERT_EQ(0, call_stage(self->a, factory, length));
	EXPECT_FALSE(claimed(self->a));
	ASSERT_EQ(0, call_claim(self->a));
	EXPECT_TRUE(claimed(self->a));
	EXPECT_TRUE(claimed(self->b));

	EXPECT_EQ(-EBUSY, call_read(self->b, 0, 0, SIZE, room));
	EXPECT_EQ(-1, read(self->b, room, SIZE));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(-EBUSY, call_claim(self->b));
	EXPECT_EQ(-EBUSY, call_start(self->b, BRIDGEFW_JOB_VERIFY, 0, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_BUSY, reason);
	EXPECT_EQ(-EBUSY, call_start(self->b, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_BUSY, reason);
	EXPECT_EQ(-EBUSY, read_sysfs("/sys/class/bridgefw/%s/eeprom"));
	EXPECT_EQ(-EBUSY, read_sysfs("/sys/bus/nvmem/devices/%s/nvmem"));
	EXPECT_FALSE(disk_free());
	/* The one who holds it goes on working. */
	EXPECT_EQ((int)length, call_read(self->a, 0, 0, SIZE, room));
	EXPECT_EQ(length, read(self->a, room, SIZE));
	EXPECT_EQ(0, call_start(self->a, BRIDGEFW_JOB_WRITE, YES | DRY, &reason));
	EXPECT_TRUE(claimed(self->a));
	EXPECT_FALSE(disk_free());
	/* What asks nothing of the bridge is open to all. */
	EXPECT_EQ(0, read_sysfs("/sys/class/bridgefw/%s/last_error") < 0);

	EXPECT_EQ(0, call_release(self->a));
	EXPECT_FALSE(claimed(self->b));
	EXPECT_TRUE(disk_free());
	EXPECT_EQ((int)length, call_read(self->b, 0, 0, SIZE, room));
	EXPECT_LT(0, read_sysfs("/sys/class/bridgefw/%s/eeprom"));
}

TEST_F(files, claiming_twice_releasing_twice)
{
	ASSERT_EQ(0, call_claim(self->a));
	EXPECT_EQ(-EALREADY, call_claim(self->a));
	/* Not his: nothing happens. */
	EXPECT_EQ(0, call_release(self->b));
	EXPECT_TRUE(claimed(self->a));
	EXPECT_EQ(-EBUSY, call_claim(self->b));
	EXPECT_EQ(0, call_release(self->a));
	EXPECT_FALSE(claimed(self->a));
	EXPECT_EQ(0, call_release(self->a));
	EXPECT_EQ(0, call_claim(self->b));
	EXPECT_EQ(0, call_release(self->b));
	EXPECT_TRUE(disk_free());
}

TEST_F(files, closing_releases)
{
	int copy;

	ASSERT_EQ(0, call_claim(self->a));
	/* It belongs to the open file, not to the descriptor. */
	copy = dup(self->a);
	ASSERT_LE(0, copy);
	close(self->a);
	EXPECT_TRUE(claimed(self->b));
	EXPECT_FALSE(disk_free());
	close(copy);
	EXPECT_FALSE(claimed(self->b));
	EXPECT_TRUE(disk_free());
	self->a = -1;
}

TEST_F_TIMEOUT(files, a_killed_holder_holds_nothing, PATIENCE)
{
	int pipes[2], status;
	char byte;
	pid_t pid;

	ASSERT_EQ(0, pipe(pipes));
	pid = fork();
	if (!pid) {
		int fd = open(shared.dev, O_RDWR | O_CLOEXEC);

		byte = call_claim(fd) ? 'n' : 'y';
		if (write(pipes[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	ASSERT_LT(0, pid);
	ASSERT_EQ(1, read(pipes[0], &byte, 1));
	EXPECT_EQ('y', byte);
	EXPECT_EQ(-EBUSY, call_claim(self->a));
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, call_claim(self->a));
	EXPECT_EQ(0, call_release(self->a));
}

TEST_F_TIMEOUT(files, mount_and_claim, PATIENCE)
{
	const char *const mkfs[] = { "mkfs.ext4", "-qF", disk, NULL };
	char where[] = "/tmp/mnt.XXXXXX";

	ASSERT_EQ(0, run_program(mkfs));
	ASSERT_NE(NULL, mkdtemp(where));
	ASSERT_EQ(0, call_claim(self->a));
	EXPECT_EQ(-1, mount(disk, where, "ext4", 0, NULL));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(0, call_release(self->a));
	ASSERT_EQ(0, mount(disk, where, "ext4", 0, NULL));
	EXPECT_EQ(-EBUSY, call_claim(self->a));
	EXPECT_FALSE(claimed(self->a));
	EXPECT_EQ(0, umount(where));
	EXPECT_EQ(0, call_claim(self->a));
	EXPECT_EQ(0, call_release(self->a));
	rmdir(where);
}

TEST_F_TIMEOUT(files, lent_to_a_job, PATIENCE)
{
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->a));
	ASSERT_EQ(0, call_claim(self->a));
	ASSERT_EQ(0, call_stage(self->a, other, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=2500@op=eeprom.program,n=1"));
	ASSERT_EQ(0, call_start(self->a, BRIDGEFW_JOB_WRITE, YES, &reason));
	EXPECT_EQ(-EBUSY, call_claim(self->a));
	EXPECT_EQ(-EBUSY, call_claim(self->b));
	close(self->a);
	self->a = -1;
	EXPECT_TRUE(claimed(self->b));
	EXPECT_FALSE(disk_free());
	ASSERT_EQ(0, call_status(self->b, &s));
	EXPECT_EQ(BRIDGEFW_STATE_BUSY, s.state) {
		TH_LOG("the job was over before all was tried");
	}
	s = outcome(self->b);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_EQ(0, s.reason);
	EXPECT_TRUE(box_holds(&shared, BOX_OTHER));
	/* Its owner is gone, so nobody has it now. */
	EXPECT_FALSE(claimed(self->b));
	EXPECT_TRUE(disk_free());
	EXPECT_EQ(0, call_claim(self->b));
	EXPECT_EQ(0, call_release(self->b));
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

TEST_F_TIMEOUT(files, back_from_a_job, PATIENCE)
{
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->a));
	ASSERT_EQ(0, call_claim(self->a));
	ASSERT_EQ(0, call_start(self->a, BRIDGEFW_JOB_RESTORE, 0, &reason));
	s = outcome(self->a);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_TRUE(box_holds(&shared, BOX_FACTORY));
	EXPECT_TRUE(claimed(self->b));
	EXPECT_EQ(-EBUSY, call_claim(self->b));
	EXPECT_FALSE(disk_free());
	EXPECT_EQ(0, call_release(self->a));
	EXPECT_TRUE(disk_free());
}

/* Given back in the middle of the job that borrowed it: the job keeps it to its end. */
TEST_F_TIMEOUT(files, released_while_lent, PATIENCE)
{
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->a));
	ASSERT_EQ(0, call_claim(self->a));
	ASSERT_EQ(0, call_stage(self->a, other, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=1500@op=eeprom.program,n=1"));
	ASSERT_EQ(0, call_start(self->a, BRIDGEFW_JOB_WRITE, YES, &reason));
	EXPECT_EQ(0, call_release(self->a));
	EXPECT_TRUE(claimed(self->a));
	EXPECT_FALSE(disk_free());
	s = outcome(self->a);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_FALSE(claimed(self->a));
	EXPECT_TRUE(disk_free());
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

/* A job that claims for itself gives back what it took, and no more. */
TEST_F_TIMEOUT(files, a_job_without_a_lender, PATIENCE)
{
	struct bridgefw_status s;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->a));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=1500@op=eeprom.program,n=1"));
	ASSERT_EQ(0, call_start(self->a, BRIDGEFW_JOB_RESTORE, 0, &reason));
	EXPECT_EQ(0, call_release(self->a));
	EXPECT_TRUE(claimed(self->a));
	EXPECT_FALSE(disk_free());
	s = outcome(self->a);
	EXPECT_EQ(BRIDGEFW_CONTENT_NEW, s.content);
	EXPECT_FALSE(claimed(self->a));
	EXPECT_TRUE(disk_free());
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

/* RELEASE and START of one file at once: a job has the claim or does not start. */
struct race {
	int fd;
	bool stop;
};

static void *releaser(void *arg)
{
	struct race *race = arg;

	while (!__atomic_load_n(&race->stop, __ATOMIC_RELAXED))
		call_release(race->fd);
	return NULL;
}

TEST_F_TIMEOUT(files, released_while_it_is_lent, PATIENCE)
{
	struct race race = { .fd = self->a };
	int i, started = 0, unheld = 0;
	pthread_t thread;
	__u32 reason;

	ASSERT_TRUE(read_twice(self->a));
	ASSERT_EQ(0, call_stage(self->a, factory, length));
	ASSERT_EQ(0, pthread_create(&thread, NULL, releaser, &race));
	for (i = 0; i < 40; i++) {
		call_claim(self->a);
		/* What is there already is not written, only read. */
		if (call_start(self->a, BRIDGEFW_JOB_WRITE, YES, &reason))
			continue;
		started++;
		unheld += disk_free() && !job_over(&self->b);
		outcome(self->b);
	}
	__atomic_store_n(&race.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_LT(0, started);
	EXPECT_EQ(0, unheld);
	call_release(self->a);
	EXPECT_FALSE(claimed(self->b));
	EXPECT_TRUE(disk_free());
}

static int polled(int fd, short events, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, timeout_ms);

	return n < 0 ? -errno : n ? p.revents : 0;
}

TEST_F(files, poll_at_rest)
{
	EXPECT_EQ(POLLIN | POLLRDNORM, polled(self->a, POLLIN | POLLRDNORM | POLLPRI | POLLOUT, 0));
	EXPECT_EQ(0, polled(self->a, POLLPRI, 50));
	EXPECT_EQ(0, polled(self->a, POLLOUT, 0));
	EXPECT_EQ(0, polled(self->a, 0, 0));
}

TEST_F_TIMEOUT(files, poll_during_a_job, PATIENCE)
{
	struct bridgefw_status s;
	double began;
	__u32 reason;

	ASSERT_EQ(0, call_stage(self->a, factory, length));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=2000@op=eeprom.read,n=1"));
	began = seconds_now();
	ASSERT_EQ(0, call_start(self->a, BRIDGEFW_JOB_VERIFY, 0, &reason));
	EXPECT_EQ(0, polled(self->a, POLLIN, 0));
	/* That it has begun is a change, told to each file until that file has asked. */
	EXPECT_EQ(POLLPRI, polled(self->a, POLLPRI, 1000));
	EXPECT_EQ(POLLPRI, polled(self->a, POLLPRI, 0));
	nap_ms(300);
	ASSERT_EQ(0, call_status(self->a, &s));
	EXPECT_EQ(BRIDGEFW_STATE_BUSY, s.state);
	EXPECT_EQ(0, polled(self->a, POLLPRI, 0));
	EXPECT_EQ(POLLPRI, polled(self->b, POLLPRI, 0));
	/* Asleep until it ends. Asking for the one does not take the other away. */
	EXPECT_EQ(POLLIN, polled(self->a, POLLIN, PATIENCE * 1000));
	EXPECT_LE(1900, (int)(1000 * (seconds_now() - began)));
	EXPECT_EQ(POLLPRI, polled(self->a, POLLPRI, 0));
	EXPECT_EQ(POLLIN, polled(self->b, POLLIN, 0));
	EXPECT_EQ(POLLPRI, polled(self->b, POLLPRI, 0));
	ASSERT_EQ(0, call_status(self->b, &s));
	EXPECT_EQ(BRIDGEFW_STATE_IDLE, s.state);
	EXPECT_EQ(0, polled(self->b, POLLPRI, 0));
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

/* The last test: after it there is no box. */
TEST_F_TIMEOUT(files, poll_and_the_cable, PATIENCE)
{
	struct bridgefw_status s;
	int told = 0, status;
	pid_t pid;

	/* One who waits for a change hears of it at once. */
	ASSERT_EQ(0, call_status(self->a, &s));
	ASSERT_EQ(0, polled(self->a, POLLPRI, 0));
	pid = fork();
	if (!pid)
		_exit(polled(self->a, POLLPRI, PATIENCE * 1000) & 0xff);
	nap_ms(200);
	ASSERT_EQ(0, box_tell(&shared, "unplug", NULL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(POLLHUP | POLLERR, WEXITSTATUS(status) & (POLLHUP | POLLERR));
	told = polled(self->b, 0, PATIENCE * 1000);
	EXPECT_EQ(POLLHUP | POLLERR, told);
	EXPECT_EQ(POLLHUP | POLLERR | POLLIN, polled(self->b, POLLIN, 0));
}

int main(int argc, char **argv)
{
	size_t len;
	int ret;

	if (!project_file(BOX_FACTORY, &factory, &length) &&
	    !project_file(BOX_OTHER, &other, &len) && len == length &&
	    !box_plug(&shared, NULL) && box_disk(&shared, disk, sizeof(disk)))
		disk[0] = '\0';
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	free(factory);
	free(other);
	return ret;
}
