// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What SG_IO refuses: to everybody what the profile of the box names as unlocking,
 * erasing or programming, and A1 to an optical drive; without CAP_SYS_RAWIO what the
 * kernel refuses elsewhere; and what can change a memory while a drive is in use.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "../kselftest_harness.h"
#include "sg.h"

#define PATIENCE	200
#define ATTACH		"/sys/class/bridgefw/attach"
#define READ_10		CDB(0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0)
#define WRITE_10	CDB(0x2a, 0, 0, 0, 0, 50, 0, 0, 1, 0)
#define IDENTIFY_A1	CDB(0xa1, 8, 0x0e, 0, 1, 0, 0, 0, 0, 0xec, 0, 0)
#define IDENTIFY_DF	CDB(0xdf, 0x10, 0, 2, 0, 0, 1, 0, 0, 0, 0xa0, 0xec, 6, 0x7b)
#define DOWNLOAD_A1	CDB(0xa1, 10, 6, 7, 1, 0, 0, 0, 0, 0x92, 0, 0)
#define DOWNLOAD_85	CDB(0x85, 10, 6, 0, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x92, 0)
#define DOWNLOAD_DF	CDB(0xdf, 0, 0, 2, 0, 7, 1, 0, 0, 0, 0xa0, 0x92, 6, 0x7b)
#define SAID_TO_READ	CDB(0xdf, 0x10, 0, 2, 0, 7, 1, 0, 0, 0, 0xa0, 0x92, 6, 0x7b)
#define VENDOR		CDB(0xc9, 1, 2, 3, 4, 5)
#define CHECK		2

/* A PL-3507; the commands of its profile must never arrive. */
static struct box shared;
static char disk[64];

FIXTURE(node) {
	int fd, other;
	unsigned char data[512];
};

FIXTURE_SETUP(node)
{
	ASSERT_NE(0, shared.pid) {
		TH_LOG("no box was plugged in");
	}
	self->fd = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->other = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(node)
{
	close(self->fd);
	close(self->other);
}

static bool claimed(int fd)
{
	struct bridgefw_info info;

	return !call_info(fd, &info) && (info.flags & BRIDGEFW_INFO_CLAIMED);
}

/* Whether somebody else could take the disk. */
static bool disk_free(void)
{
	int fd = open(disk, O_RDONLY | O_EXCL | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* E1 and F6 in every length and direction, with whatever behind them. */
static int guarded(void *arg)
{
	static const int dirs[] = { SG_DXFER_NONE, SG_DXFER_TO_DEV, SG_DXFER_FROM_DEV,
				    SG_DXFER_TO_FROM_DEV };
	int fd = *(int *)arg, wrong = 0;
	unsigned int seed = 3, i, k;
	unsigned char data[64] = { 0 };
	struct cdb cdb;

	for (i = 0; i < 2000; i++) {
		cdb = i & 1 ? ERASE : UNLOCK;
		for (k = 1; k < sizeof(cdb.bytes) && (i & 2); k++) {
			seed = seed * 1664525 + 1013904223;
			cdb.bytes[k] = seed >> 24;
		}
		cdb.len = 6 + i / 4 % 11;
		k = i / 64 % 4;
		wrong += sg_cmd(fd, cdb, dirs[k], data, k ? sizeof(data) : 0) != -EPERM;
	}
	wrong += sg_none(fd, ERASE) != -EPERM;
	wrong += sg_none(fd, UNLOCK) != -EPERM;
	return wrong > 200 ? 200 : wrong;
}

static bool lun_there(void *arg)
{
	return !call_lun(*(int *)arg, 1);
}

static int none_arrived(void)
{
	return box_traced(&shared, "\"cdb\":\"e1") + box_traced(&shared, "\"cdb\":\"f6");
}

TEST_F(node, what_the_profile_names)
{
	EXPECT_EQ(0, guarded(&self->fd));
	EXPECT_EQ(0, without_rawio(guarded, &self->fd));
	/* The claim opens nothing. */
	ASSERT_EQ(0, call_claim(self->fd));
	EXPECT_EQ(0, guarded(&self->fd));
	EXPECT_EQ(0, call_release(self->fd));
	EXPECT_EQ(0, none_arrived());
}

/* A program that changes the CDB while the kernel looks at it. */
struct change {
	struct sg sg;
	bool stop;
};

static void *changes(void *arg)
{
	struct change *c = arg;

	while (!__atomic_load_n(&c->stop, __ATOMIC_RELAXED)) {
		__atomic_store_n(&c->sg.cdb.bytes[0], 0xe1, __ATOMIC_RELAXED);
		__atomic_store_n(&c->sg.cdb.bytes[0], 0x00, __ATOMIC_RELAXED);
	}
	return NULL;
}

TEST_F_TIMEOUT(node, looked_at_once, PATIENCE)
{
	struct change c = { .sg = sg_of(TUR, SG_DXFER_NONE, NULL, 0) };
	int i, ret, refused = 0, sent = 0;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, changes, &c));
	for (i = 0; i < 20000 && (i < 300 || !refused || !sent); i++) {
		ret = sg_send(self->fd, &c.sg);
		refused += ret == -EPERM;
		sent += ret >= 0;
	}
	__atomic_store_n(&c.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_LT(0, refused);
	EXPECT_LT(0, sent);
	EXPECT_EQ(0, none_arrived());
}

/* How often the drive with this number has got A1, of these two kinds. */
static int blanks_arrived(struct box *box, int lun)
{
	char zero[96], identify[96];

	snprintf(zero, sizeof(zero),
		 "\"cdb16\":\"a1000000000000000000000000000000\",\"lun\":%d", lun);
	snprintf(identify, sizeof(identify),
		 "\"cdb16\":\"a1080e000100000000ec000000000000\",\"lun\":%d", lun);
	return box_traced(box, zero) + box_traced(box, identify);
}

TEST_F_TIMEOUT(node, blank_and_pass_through, PATIENCE)
{
	static const char *const options[] = {
		"--chip", "pl3507", "--drive", "disk", "--drive", "dvd", NULL,
	};
	struct box box = { .pid = 0 };
	char path[64];
	int fd;

	ASSERT_EQ(0, box_plug_as(&box, options));
	EXPECT_EQ(0, box_scsi(&box, path, sizeof(path)));
	fd = open(box.dev, O_RDWR | O_CLOEXEC);
	EXPECT_TRUE(wait_for(lun_there, &fd, 60));
	EXPECT_EQ(-EPERM, sg_in(fd, IDENTIFY_A1, self->data, 512));
	EXPECT_EQ(-EPERM, sg_none(fd, CDB(0xa1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
	EXPECT_EQ(-EPERM, sg_none(fd, CDB(0xa1, 0, 0, 0, 0, 0)));
	EXPECT_EQ(0, guarded(&fd));
	EXPECT_EQ(0, blanks_arrived(&box, 1));
	/* To a disk it is what it was meant to be. */
	EXPECT_EQ(0, call_lun(fd, 0));
	EXPECT_EQ(0, sg_in(fd, IDENTIFY_A1, self->data, 512));
	EXPECT_LT(0, blanks_arrived(&box, 0));
	close(fd);
	EXPECT_EQ(0, box_away(&box));
}

static int rights_rdonly(void *arg)
{
	unsigned char data[512] = { 0 };
	int fd = open(shared.dev, O_RDONLY | O_CLOEXEC), wrong = 0;

	wrong |= sg_in(fd, INQUIRY, data, 96) ? 1 : 0;
	wrong |= sg_in(fd, READ_10, data, 512) ? 2 : 0;
	wrong |= sg_in(fd, READ_BUFFER, data, 64) ? 4 : 0;
	wrong |= sg_out(fd, WRITE_10, data, 512) != -EPERM ? 8 : 0;
	wrong |= sg_in(fd, IDENTIFY_A1, data, 512) != -EPERM ? 16 : 0;
	wrong |= sg_out(fd, WRITE_BUFFER, data, 64) != -EPERM ? 32 : 0;
	close(fd);
	return wrong;
}

static int rights_rdwr(void *arg)
{
	unsigned char data[512] = { 0 };
	int fd = *(int *)arg, wrong = 0;

	wrong |= sg_out(fd, WRITE_10, data, 512) ? 1 : 0;
	wrong |= sg_in(fd, IDENTIFY_A1, data, 512) ? 2 : 0;
	wrong |= sg_out(fd, WRITE_BUFFER, data, 64) != -EPERM ? 4 : 0;
	wrong |= sg_in(fd, IDENTIFY_DF, data, 512) != -EPERM ? 8 : 0;
	wrong |= sg_out(fd, VENDOR, data, 64) != -EPERM ? 16 : 0;
	wrong |= sg_none(fd, VENDOR) != -EPERM ? 32 : 0;
	wrong |= sg_out(fd, DOWNLOAD_A1, data, 512) != -EPERM ? 64 : 0;
	wrong |= sg_out(fd, DOWNLOAD_85, data, 512) != -EPERM ? 128 : 0;
	return wrong;
}

TEST_F(node, rights)
{
	unsigned char zero[512] = { 0 };
	int fd;

	EXPECT_EQ(0, without_rawio(rights_rdonly, NULL));
	EXPECT_EQ(0, without_rawio(rights_rdwr, &self->fd));
	/* With it the mode of the file is no limit, as elsewhere. */
	fd = open(shared.dev, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, sg_out(fd, WRITE_10, zero, 512));
	EXPECT_EQ(0, sg_in(fd, IDENTIFY_DF, self->data, 512));
	close(fd);
}

/* All that can change a memory, in turn; what comes of each when it is let through. */
static const struct writer {
	struct cdb cdb;
	int dir, data;
} writers[] = {
	{ WRITE_BUFFER, SG_DXFER_TO_DEV, 64 },
	{ VENDOR, SG_DXFER_TO_DEV, 64 },
	{ VENDOR, SG_DXFER_NONE, 0 },
	{ DOWNLOAD_A1, SG_DXFER_TO_DEV, 512 },
	{ DOWNLOAD_85, SG_DXFER_TO_DEV, 512 },
	{ DOWNLOAD_DF, SG_DXFER_TO_DEV, 512 },
	{ SAID_TO_READ, SG_DXFER_FROM_DEV, 512 },
};

#define WRITERS		(sizeof(writers) / sizeof(*writers))

/* How many of them were answered with @want; -1: the drive has got them. */
static unsigned int told(int fd, int want)
{
	unsigned int i, n = 0;

	for (i = 0; i < WRITERS; i++) {
		unsigned char data[512] = { 0 };
		const struct writer *w = &writers[i];
		int ret = sg_cmd(fd, w->cdb, w->dir, data, w->data);

		n += want == -1 ? ret == 0 || ret == CHECK : ret == want;
	}
	return n;
}

static int writers_arrived(void)
{
	return box_traced(&shared, "\"cdb\":\"3b") + box_traced(&shared, "\"cdb\":\"c9");
}

TEST_F_TIMEOUT(node, a_memory_and_a_mounted_disk, PATIENCE)
{
	const char *const mkfs[] = { "mkfs.ext4", "-qF", disk, NULL };
	char where[] = "/tmp/mnt.XXXXXX";
	int before;

	ASSERT_EQ(0, run_program(mkfs));
	ASSERT_NE(NULL, mkdtemp(where));
	ASSERT_EQ(0, mount(disk, where, "ext4", 0, NULL));
	before = writers_arrived();
	EXPECT_EQ(WRITERS, told(self->fd, -EBUSY));
	EXPECT_EQ(before, writers_arrived());
	/* What changes none needs no claim. */
	EXPECT_EQ(0, sg_in(self->fd, INQUIRY, self->data, 96));
	EXPECT_EQ(0, sg_in(self->fd, IDENTIFY_DF, self->data, 512));
	EXPECT_EQ(CHECK, sg_in(self->fd, VENDOR, self->data, 64));
	EXPECT_EQ(0, umount(where));
	rmdir(where);
	EXPECT_EQ(WRITERS, told(self->fd, -1));
	EXPECT_FALSE(claimed(self->fd));
	EXPECT_TRUE(disk_free());
	/* It had arrived. */
	EXPECT_EQ(before + 1 + 3, writers_arrived());
}

TEST_F(node, claims)
{
	/* Under one's own: used, and kept. */
	ASSERT_EQ(0, call_claim(self->fd));
	EXPECT_EQ(WRITERS, told(self->fd, -1));
	EXPECT_EQ(0, sg_in(self->fd, INQUIRY, self->data, 96));
	EXPECT_TRUE(claimed(self->other));
	EXPECT_FALSE(disk_free());
	/* Under another's: nothing at all. */
	EXPECT_EQ(WRITERS, told(self->other, -EBUSY));
	EXPECT_EQ(-EBUSY, sg_in(self->other, INQUIRY, self->data, 96));
	EXPECT_EQ(-EBUSY, sg_none(self->other, TUR));
	/* What asks nothing of the drive. */
	EXPECT_EQ(0, call_lun(self->other, 0));
	EXPECT_EQ(0, call_release(self->fd));
	EXPECT_EQ(WRITERS, told(self->other, -1));
	EXPECT_TRUE(disk_free());
}

/* The claim of one call, as long as it lasts. */
static void *writes_buffer(void *arg)
{
	unsigned char data[64] = { 0 };

	return (void *)(long)sg_out(*(int *)arg, WRITE_BUFFER, data, sizeof(data));
}

static bool is_claimed(void *arg)
{
	return claimed(*(int *)arg);
}

TEST_F_TIMEOUT(node, for_one_call, PATIENCE)
{
	pthread_t thread;
	void *ret;

	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=3000@cdb=3b,n=1"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, writes_buffer, &self->fd));
	EXPECT_TRUE(wait_for(is_claimed, &self->other, 2));
	EXPECT_FALSE(disk_free());
	EXPECT_EQ(-EBUSY, call_claim(self->other));
	EXPECT_EQ(-EBUSY, sg_none(self->other, TUR));
	/* Not even its own file can give away what the call needs. */
	EXPECT_EQ(0, call_release(self->fd));
	EXPECT_TRUE(claimed(self->other));
	ASSERT_EQ(0, pthread_join(thread, &ret));
	EXPECT_EQ(NULL, ret);
	EXPECT_FALSE(claimed(self->other));
	EXPECT_TRUE(disk_free());
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

/* Released while the call uses it: it ends with the call. */
TEST_F_TIMEOUT(node, released_while_in_use, PATIENCE)
{
	pthread_t thread;
	void *ret;

	ASSERT_EQ(0, call_claim(self->fd));
	ASSERT_EQ(0, box_tell(&shared, "fault", "delay=2500@cdb=3b,n=1"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, writes_buffer, &self->fd));
	nap_ms(1000);
	EXPECT_EQ(0, call_release(self->fd));
	EXPECT_TRUE(claimed(self->other));
	EXPECT_FALSE(disk_free());
	ASSERT_EQ(0, pthread_join(thread, &ret));
	EXPECT_EQ(NULL, ret);
	EXPECT_FALSE(claimed(self->other));
	EXPECT_TRUE(disk_free());
	ASSERT_EQ(0, box_tell(&shared, "clear", NULL));
}

static bool attached_anew(void *arg)
{
	struct bridgefw_info info;
	int fd = box_bridge(&shared) ? -1 : open(shared.dev, O_RDWR | O_CLOEXEC);
	bool is = fd >= 0 && !call_info(fd, &info) && !strcmp(info.profile, arg);

	close(fd);
	return is;
}

/* Said to be another chip, it still is what its ids say. The last test of this box. */
TEST_F_TIMEOUT(node, attached_as_another_chip, PATIENCE)
{
	char text[96];
	int fd;

	snprintf(text, sizeof(text), "%s pl2507", shared.busid);
	ASSERT_EQ(0, write_text(ATTACH, text));
	ASSERT_TRUE(wait_for(attached_anew, "pl2507", 60));
	ASSERT_TRUE(wait_for(scsi_open, &shared, 60));
	fd = open(shared.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, sg_in(fd, INQUIRY, self->data, 96));
	EXPECT_EQ(0, guarded(&fd));
	EXPECT_EQ(0, none_arrived());
	close(fd);
}

/* A box whose memory is read and written. */
FIXTURE(memory) {
	struct box box;
	int fd, other;
	unsigned char data[512];
};

FIXTURE_SETUP(memory)
{
	char path[64];

	ASSERT_EQ(0, box_plug(&self->box, NULL));
	ASSERT_EQ(0, box_scsi(&self->box, path, sizeof(path)));
	self->fd = open(self->box.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	self->other = open(self->box.dev, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(memory)
{
	close(self->fd);
	close(self->other);
	EXPECT_EQ(0, box_away(&self->box));
}

static int reads_of(int fd)
{
	struct bridgefw_memory m;
	int ret = call_memory(fd, 0, &m);

	return ret ? ret : (int)m.reads;
}

TEST_F_TIMEOUT(memory, what_was_read_says_nothing_any_more, PATIENCE)
{
	__u32 reason;

	ASSERT_LT(0, call_read(self->fd, 0, 0, 255, self->data));
	ASSERT_LT(0, call_read(self->fd, 0, 0, 255, self->data));
	EXPECT_EQ(2, reads_of(self->fd));
	EXPECT_EQ(0, sg_in(self->fd, INQUIRY, self->data, 96));
	EXPECT_EQ(0, sg_in(self->fd, IDENTIFY_DF, self->data, 512));
	EXPECT_EQ(2, reads_of(self->fd));
	EXPECT_EQ(CHECK, sg_out(self->fd, VENDOR, self->data, 64));
	EXPECT_EQ(0, reads_of(self->fd));
	ASSERT_LT(0, call_read(self->fd, 0, 0, 255, self->data));
	EXPECT_EQ(0, sg_out(self->fd, WRITE_BUFFER, self->data, 64));
	EXPECT_EQ(0, reads_of(self->fd));
	ASSERT_EQ(0, call_stage(self->fd, self->data, 100));
	EXPECT_EQ(-ENODATA, call_start(self->fd, BRIDGEFW_JOB_WRITE,
				       BRIDGEFW_CONSENT_IDENTITY, &reason));
	EXPECT_EQ(BRIDGEFW_REASON_NOT_READ, reason);
}

static bool job_over(void *arg)
{
	struct bridgefw_status s;

	return call_status(*(int *)arg, &s) || s.state != BRIDGEFW_STATE_BUSY;
}

TEST_F_TIMEOUT(memory, during_a_job, PATIENCE)
{
	struct bridgefw_status s;
	__u32 reason;
	int length;

	length = call_read(self->fd, 0, 0, 255, self->data);
	ASSERT_LT(0, length);
	ASSERT_EQ(0, call_stage(self->fd, self->data, length));
	ASSERT_EQ(0, box_tell(&self->box, "fault", "delay=3000@op=eeprom.read,n=1"));
	ASSERT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
	EXPECT_EQ(-EBUSY, sg_in(self->other, INQUIRY, self->data, 96));
	/* Not for the one who started it, either. */
	EXPECT_EQ(-EBUSY, sg_in(self->fd, INQUIRY, self->data, 96));
	EXPECT_EQ(-EBUSY, sg_out(self->fd, WRITE_BUFFER, self->data, 64));
	ASSERT_EQ(0, call_status(self->fd, &s));
	EXPECT_EQ(BRIDGEFW_STATE_BUSY, s.state) {
		TH_LOG("the job was over before all was tried");
	}
	EXPECT_TRUE(wait_for(job_over, &self->fd, PATIENCE));
	EXPECT_EQ(0, sg_in(self->other, INQUIRY, self->data, 96));
}

/* And a job does not begin while a command runs: it waits. */
static void *slow_inquiry(void *arg)
{
	unsigned char data[96];

	return (void *)(long)sg_in(*(int *)arg, INQUIRY, data, sizeof(data));
}

TEST_F_TIMEOUT(memory, a_job_waits_for_a_command, PATIENCE)
{
	pthread_t thread;
	double began;
	__u32 reason;
	void *ret;
	int length;

	length = call_read(self->fd, 0, 0, 255, self->data);
	ASSERT_LT(0, length);
	ASSERT_EQ(0, call_stage(self->fd, self->data, length));
	ASSERT_EQ(0, box_tell(&self->box, "fault", "delay=3000@cdb=12,n=1"));
	began = seconds_now();
	ASSERT_EQ(0, pthread_create(&thread, NULL, slow_inquiry, &self->other));
	nap_ms(1000);
	EXPECT_EQ(0, call_start(self->fd, BRIDGEFW_JOB_VERIFY, 0, &reason));
	EXPECT_LE(2500, (int)(1000 * (seconds_now() - began)));
	ASSERT_EQ(0, pthread_join(thread, &ret));
	EXPECT_EQ(NULL, ret);
	EXPECT_TRUE(wait_for(job_over, &self->fd, PATIENCE));
}

int main(int argc, char **argv)
{
	static const char *const options[] = { "--chip", "pl3507", NULL };
	int ret;

	if (!box_plug_as(&shared, options) && box_scsi(&shared, disk, sizeof(disk)))
		box_away(&shared);
	ret = test_harness_run(argc, argv);
	box_away(&shared);
	return ret;
}
