// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hold DEVICE: claims a bridge and keeps it until it is killed, for shell suites.
 * Says "held" once it has it. With "answer N" or "start JOB" behind the device it
 * does that instead, and prints what came back.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call.h"

static int complain(const char *doing, int err)
{
	fprintf(stderr, "hold: %s: %s\n", doing, strerror(-err));
	return 1;
}

static int answer(int fd, __u32 kind)
{
	static struct bridgefw_answer a;
	__u32 i;
	int ret;

	a.kind = kind;
	ret = call(fd, BRIDGEFW_IOC_GET_ANSWER, &a);
	if (ret)
		return complain("answer", ret);
	for (i = 0; i < a.length; i++)
		printf("%s%02x", i ? " " : "", a.data[i]);
	printf("\n");
	return 0;
}

static int start(int fd, __u32 job)
{
	__u32 reason;
	int ret = call_start(fd, job, 0, &reason);

	printf("%u\n", reason);
	return ret ? complain("start", ret) : 0;
}

int main(int argc, char **argv)
{
	int fd, ret;

	if (argc != 2 && argc != 4)
		return 2;
	fd = open(argv[1], O_RDWR);
	if (fd < 0)
		return complain(argv[1], -errno);
	if (argc == 4 && !strcmp(argv[2], "answer"))
		return answer(fd, atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[2], "start"))
		return start(fd, atoi(argv[3]));
	ret = call_claim(fd);
	if (ret)
		return complain("claim", ret);
	printf("held\n");
	fflush(stdout);
	for (;;)
		pause();
}
