// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * latency DISK: reads 4 KiB from all over a disk, past the page cache, one request
 * after the other, until standard input ends. At each line of input it prints the
 * longest and the median time of the requests since the line before, in microseconds,
 * and how many there were.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/fs.h>
#include <time.h>
#include <unistd.h>

#define PIECE	4096
#define MOST	1000000

static unsigned int times[MOST];

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ULL + t.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

static void tell(size_t n)
{
	if (n)
		qsort(times, n, sizeof(*times), compare);
	printf("%u %u %zu\n", n ? times[n - 1] : 0, n ? times[n / 2] : 0, n);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned long long size, from;
	unsigned int seed = 1;
	size_t n = 0;
	void *buf;
	char c;
	int fd;

	if (argc != 2)
		return 2;
	fd = open(argv[1], O_RDONLY | O_DIRECT);
	if (fd < 0 || ioctl(fd, BLKGETSIZE64, &size) || posix_memalign(&buf, PIECE, PIECE)) {
		perror(argv[1]);
		return 1;
	}
	for (;;) {
		while (poll(&in, 1, 0) > 0) {
			if (read(STDIN_FILENO, &c, 1) != 1)
				return 0;
			if (c == '\n') {
				tell(n);
				n = 0;
			}
		}
		from = now();
		if (pread(fd, buf, PIECE, rand_r(&seed) % (size / PIECE) * PIECE) != PIECE) {
			perror(argv[1]);
			return 1;
		}
		if (n < MOST)
			times[n++] = now() - from;
	}
}
