// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * readloop FILE BYTES COPY [CHUNK]: reads that many bytes from a bridge's node; with
 * CHUNK from a SCSI generic node by SG_IO, with the made-up read command of lab-nor.
 * Prints the nanoseconds that took, from the first call to the return of the last. What
 * was read goes to COPY.
 */
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static int by_read(int fd, unsigned char *buf, size_t bytes)
{
	size_t done = 0;

	while (done < bytes) {
		ssize_t n = pread(fd, buf + done, bytes - done, done);

		if (n <= 0)
			return -1;
		done += n;
	}
	return 0;
}

static int by_command(int fd, unsigned char *buf, size_t bytes, size_t chunk)
{
	size_t at;

	for (at = 0; at < bytes; at += chunk) {
		unsigned char cdb[8] = {
			0xc2, at >> 24, at >> 16, at >> 8, at, chunk >> 8, chunk, 0,
		};
		unsigned char sense[32];
		struct sg_io_hdr io = {
			.interface_id = 'S',
			.dxfer_direction = SG_DXFER_FROM_DEV,
			.cmd_len = sizeof(cdb),
			.cmdp = cdb,
			.dxfer_len = chunk,
			.dxferp = buf + at,
			.mx_sb_len = sizeof(sense),
			.sbp = sense,
			.timeout = 5000,
		};

		if (ioctl(fd, SG_IO, &io) || io.status || io.host_status || io.driver_status ||
		    io.resid)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	size_t bytes, chunk = 0;
	unsigned long long from, to;
	unsigned char *buf;
	FILE *copy;
	int fd, ret;

	if (argc < 4 || argc > 5)
		return 2;
	bytes = strtoul(argv[2], NULL, 0);
	if (argc == 5)
		chunk = strtoul(argv[4], NULL, 0);
	buf = malloc(bytes);
	fd = open(argv[1], chunk ? O_RDWR : O_RDONLY);
	if (!buf || fd < 0) {
		perror(argv[1]);
		return 1;
	}
	from = now();
	ret = chunk ? by_command(fd, buf, bytes, chunk) : by_read(fd, buf, bytes);
	to = now();
	if (ret) {
		fprintf(stderr, "readloop: %s: failed\n", argv[1]);
		return 1;
	}
	copy = fopen(argv[3], "we");
	if (!copy || fwrite(buf, 1, bytes, copy) != bytes || fclose(copy)) {
		perror(argv[3]);
		return 1;
	}
	printf("%llu\n", to - from);
	free(buf);
	close(fd);
	return 0;
}
