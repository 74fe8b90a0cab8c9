// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Telling a running vbridge what to do: a line goes to its socket, the reply
 * begins with "ok" or "error" on a line of its own.
 */
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl.h"

#define PATIENCE_MS	1000
#define REPLY_MS	30000

static int address(const char *path, struct sockaddr_un *a)
{
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(a->sun_path))
		return -ENAMETOOLONG;
	strcpy(a->sun_path, path);
	return 0;
}

/**
 * ctl_listen() - open a socket for commands
 * @path: where; one that was left behind is replaced
 *
 * Return: its descriptor or an error.
 */
int ctl_listen(const char *path)
{
	struct sockaddr_un a;
	int fd, ret;

	ret = address(path, &a);
	if (ret)
		return ret;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 8)) {
		ret = -errno;
		close(fd);
		return ret;
	}
	return fd;
}

/* Reads up to the end of line or of file, for at most @ms between two pieces. */
static int read_until(int fd, char *buf, size_t room, bool line, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;

	for (;;) {
		ssize_t got;

		if (n == room - 1)
			return -EMSGSIZE;
		if (poll(&p, 1, ms) <= 0)
			return -ETIMEDOUT;
		got = read(fd, buf + n, room - 1 - n);
		if (got < 0)
			return -errno;
		n += got;
		buf[n] = 0;
		if (line && strchr(buf, '\n'))
			*strchr(buf, '\n') = 0;
		else if (got)
			continue;
		return 0;
	}
}

/**
 * ctl_reply() - tell how a command has ended
 * @fd: who waits for it; -1: nobody
 * @ret: 0 or an error
 * @reply: the rest of it
 */
void ctl_reply(int fd, int ret, const char *reply)
{
	char text[CTL_REPLY + 16];
	int n;

	if (fd < 0)
		return;
	n = snprintf(text, sizeof(text), "%s\n%s%s", ret ? "error" : "ok", reply,
		     *reply ? "\n" : "");
	/* Who asked may be gone; that is no matter of ours. */
	send(fd, text, n, MSG_NOSIGNAL);
	close(fd);
}

/**
 * ctl_serve() - somebody has connected: run one command
 * @listener: from ctl_listen()
 * @run: what runs it
 * @ctx: for @run
 *
 * Return: descriptor for ctl_reply() if the reply comes later, or -1.
 */
int ctl_serve(int listener, ctl_run run, void *ctx)
{
	static char reply[CTL_REPLY];
	char line[CTL_LINE];
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	if (read_until(fd, line, sizeof(line), true, PATIENCE_MS)) {
		close(fd);
		return -1;
	}
	*reply = 0;
	ret = run(ctx, line, reply, sizeof(reply));
	if (ret == CTL_LATER)
		return fd;
	ctl_reply(fd, ret, reply);
	return -1;
}

/**
 * ctl_ask() - tell a running vbridge what to do
 * @path: its socket
 * @line: the command, with its newline
 * @reply: gets the reply, with "ok" or "error" on a line of its own before it
 * @room: bytes at @reply
 *
 * Return: 0, -ECONNREFUSED if nobody listens there (errno says why), or -ETIMEDOUT.
 */
int ctl_ask(const char *path, const char *line, char *reply, size_t room)
{
	struct sockaddr_un a;
	size_t n = strlen(line);
	int fd, ret = 0;

	fd = address(path, &a) ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -ECONNREFUSED;
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)))
		ret = -ECONNREFUSED;
	else if (write(fd, line, n) != (ssize_t)n || read_until(fd, reply, room, false, REPLY_MS))
		ret = -ETIMEDOUT;
	close(fd);
	return ret;
}

/**
 * ctl_client() - the subcommand: vbridge ctl SOCKET COMMAND...
 * @argc: words from SOCKET on
 * @argv: the words
 *
 * Return: exit status.
 */
int ctl_client(int argc, char **argv)
{
	static char reply[CTL_REPLY + 16];
	char line[CTL_LINE];
	size_t n = 0;
	int ret, i;

	if (argc < 2) {
		fprintf(stderr, "usage: vbridge ctl SOCKET COMMAND [ARGUMENT...]\n");
		return 2;
	}
	*line = 0;
	for (i = 1; i < argc && n < sizeof(line); i++)
		n += snprintf(line + n, sizeof(line) - n, "%s%s", i > 1 ? " " : "", argv[i]);
	if (n + 1 >= sizeof(line) || strchr(line, '\n')) {
		fprintf(stderr, "vbridge: the command is too long\n");
		return 2;
	}
	strcat(line, "\n");
	ret = ctl_ask(argv[0], line, reply, sizeof(reply));
	if (ret == -ECONNREFUSED) {
		fprintf(stderr, "vbridge: %s: no vbridge listens there: %s\n", argv[0],
			strerror(errno));
		return 1;
	}
	if (ret) {
		fprintf(stderr, "vbridge: %s: no reply\n", argv[0]);
		return 1;
	}
	if (!strncmp(reply, "ok\n", 3)) {
		fputs(reply + 3, stdout);
		return 0;
	}
	fprintf(stderr, "vbridge: %s", !strncmp(reply, "error\n", 6) ? reply + 6 : reply);
	return 1;
}
