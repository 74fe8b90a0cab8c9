// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * chardev DEVICE COMMAND...: the default memory of a bridge by the ioctls alone,
 * for shell suites.
 *
 *	read FILE
 *	write|verify|erase FILE|- [CONSENT]...	- leaves staged what is, and stages nothing
 *	restore [CONSENT]...
 *	cancel
 *
 * A job is waited for. The last line of output is "reason N", "errno N" where a call
 * fails without a reason, or "done".
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"

#define CHUNK	4096

static int failed(int err)
{
	printf("errno %d\n", -err);
	return 1;
}

static int refused(__u32 reason)
{
	printf("reason %u\n", reason);
	return 1;
}

static int done(void)
{
	printf("done\n");
	return 0;
}

static int read_all(int fd, const char *path)
{
	static unsigned char data[CHUNK];
	FILE *f = fopen(path, "we");
	__u32 at = 0;
	int n;

	if (!f)
		return failed(-errno);
	while ((n = call_read(fd, 0, at, sizeof(data), data)) > 0) {
		if (fwrite(data, 1, n, f) != (size_t)n)
			n = -EIO;
		if (n < 0)
			break;
		at += n;
	}
	if (fclose(f) && !n)
		n = -EIO;
	return n ? failed(n) : done();
}

static int stage(int fd, const char *path)
{
	struct stat st;
	void *data = NULL;
	int from = open(path, O_RDONLY | O_CLOEXEC), ret = -EIO;

	if (from < 0 || fstat(from, &st))
		ret = -errno;
	else
		data = malloc(st.st_size + 1);
	if (data && read(from, data, st.st_size) == st.st_size)
		ret = call_stage(fd, data, st.st_size);
	free(data);
	if (from >= 0)
		close(from);
	return ret;
}

static int consent(char **words, __u32 *flags)
{
	*flags = 0;
	for (; *words; words++) {
		if (!strcmp(*words, "attached"))
			*flags |= BRIDGEFW_CONSENT_ATTACHED;
		else if (!strcmp(*words, "identity"))
			*flags |= BRIDGEFW_CONSENT_IDENTITY;
		else if (!strcmp(*words, "final"))
			*flags |= BRIDGEFW_CONSENT_FINAL;
		else if (!strcmp(*words, "unread"))
			*flags |= BRIDGEFW_CONSENT_UNREAD;
		else
			return -EINVAL;
	}
	return 0;
}

/* The file stays open, so that the outcome is told of a bridge that has gone, too. */
static int run_job(int fd, __u32 job, __u32 flags)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct bridgefw_status st;
	__u32 reason;
	int ret;

	ret = call_start(fd, job, flags, &reason);
	if (ret)
		return reason ? refused(reason) : failed(ret);
	do {
		if (poll(&p, 1, -1) < 0)
			return failed(-errno);
		ret = call_status(fd, &st);
		if (ret)
			return failed(ret);
	} while (st.state == BRIDGEFW_STATE_BUSY);
	/* What was not known when the cable was pulled, the job tells when it has ended. */
	if (!st.reason && st.state == BRIDGEFW_STATE_GONE)
		return refused(BRIDGEFW_REASON_GONE);
	return st.reason ? refused(st.reason) : done();
}

int main(int argc, char **argv)
{
	__u32 flags, job;
	int fd, ret = 0, words;

	if (argc < 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return failed(-errno);
	if (!strcmp(argv[2], "read") && argc == 4)
		return read_all(fd, argv[3]);
	if (!strcmp(argv[2], "cancel") && argc == 3) {
		ret = call(fd, BRIDGEFW_IOC_CANCEL, NULL);
		return ret ? failed(ret) : done();
	}
	job = !strcmp(argv[2], "write") ? BRIDGEFW_JOB_WRITE :
	      !strcmp(argv[2], "verify") ? BRIDGEFW_JOB_VERIFY :
	      !strcmp(argv[2], "erase") ? BRIDGEFW_JOB_ERASE :
	      !strcmp(argv[2], "restore") ? BRIDGEFW_JOB_RESTORE : 0;
	words = job == BRIDGEFW_JOB_RESTORE ? 3 : 4;
	if (!job || argc < words || consent(argv + words, &flags))
		return 2;
	if (words == 4 && strcmp(argv[3], "-"))
		ret = stage(fd, argv[3]);
	return ret ? failed(ret) : run_job(fd, job, flags);
}
