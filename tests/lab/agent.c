// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first process of a lab guest, once it is up: takes one command from
 * tests/lab/vm over a virtio-serial port (or a line, LAB_PORT), runs it, and carries its output and
 * its exit status back.
 *
 * Everything goes through one port, in frames, so that nothing overtakes:
 * when the status has arrived, so has all the output before it, and the host
 * can end the guest at once.
 *
 *	frame:	type (1 byte), length (4 bytes, little endian), data
 *	guest:	R ready   O standard output   E standard error
 *		X exit status (1 byte), kernel taint flags (4 bytes)
 *		F why there will be no exit status (text)
 *	host:	P struct prepare: what this guest is to know that others do not
 *		C the command: words, each ended by a NUL byte
 *
 * While the agent waits for the first frame the host may save the guest's state
 * and go on from it many times over. That is why time, random numbers, the
 * project and the shared directories come in only then.
 */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PORT_NAME	"bridgefw.lab"
#define PORTS		"/sys/class/virtio-ports"
#define FRAME_MAX	(1024 * 1024)
#define PROJECT		"/usr/lib/bridgefw-lab/project"
#define UDEVD_PID	"/run/bridgefw-lab.udevd"
#define OPTIONS_9P	"trans=virtio,version=9p2000.L,msize=262144"

/*
 * The command has ended, but somebody it left behind still holds its output:
 * wait until that has been quiet for so long, and not longer than so in all.
 */
#define LINGER_QUIET_MS	300
#define LINGER_MAX_MS	10000

#define PREPARE_SHARE	1	/* the host shares a directory */

struct prepare {
	uint64_t seconds;	/* since 1970 */
	uint32_t nanoseconds;
	uint32_t flags;
	uint8_t seed[32];
} __attribute__((packed));

static const char * const command_env[] = {
	"PATH=/usr/lib/bridgefw-lab/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	"USER=root",
	"LOGNAME=root",
	"SHELL=/bin/bash",
	"LANG=C.UTF-8",
	"TERM=dumb",
	"BRIDGEFW_LAB=1",
	NULL
};

static int port = -1;

static void fatal(const char *what);

static void port_write(const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(port, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fatal("cannot write to the host's port");
		p += n;
		len -= n;
	}
}

static void port_read(void *data, size_t len)
{
	char *p = data;

	while (len) {
		ssize_t n = read(port, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fatal("cannot read from the host's port");
		p += n;
		len -= n;
	}
}

static void frame_send(char type, const void *data, uint32_t len)
{
	static char frame[5 + 32768];
	uint32_t le = htole32(len);

	frame[0] = type;
	memcpy(frame + 1, &le, sizeof(le));
	if (len)
		memcpy(frame + 5, data, len);
	port_write(frame, 5 + len);
}

/* The console has it in any case; the host ends the guest when it hears it. */
static void fatal(const char *what)
{
	static int again;
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
	fprintf(stderr, "lab agent: %s\n", text);
	if (port >= 0 && !again++)
		frame_send('F', text, strlen(text));
	for (;;)
		pause();
}

/* A serial line passes everything on as it is. */
static void line_open(const char *path)
{
	struct termios mode;

	port = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (port < 0 || tcgetattr(port, &mode))
		fatal("cannot open the host's line");
	cfmakeraw(&mode);
	if (tcsetattr(port, TCSANOW, &mode))
		fatal("cannot use the host's line");
}

/* The port is told from others by its name in sysfs. */
static void port_open(void)
{
	char path[512], name[64];
	struct dirent *entry;
	DIR *dir;

	dir = opendir(PORTS);
	if (!dir)
		fatal("no " PORTS);
	while (port < 0 && (entry = readdir(dir))) {
		FILE *file;

		snprintf(path, sizeof(path), PORTS "/%s/name", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fscanf(file, "%63s", name) == 1 && !strcmp(name, PORT_NAME)) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			port = open(path, O_RDWR | O_CLOEXEC);
		}
		fclose(file);
	}
	closedir(dir);
	if (port < 0)
		fatal("cannot open the host's port");
}

/* The next frame, which must be of this type; ended by a NUL byte of ours. */
static char *frame_receive(char type, size_t *len)
{
	uint32_t le;
	char *data;
	char got;

	port_read(&got, 1);
	port_read(&le, sizeof(le));
	*len = le32toh(le);
	if (got != type || *len > FRAME_MAX) {
		errno = EPROTO;
		fatal("bad frame from the host");
	}
	data = malloc(*len + 1);
	if (!data)
		fatal("frame");
	port_read(data, *len);
	data[*len] = '\0';
	return data;
}

static char **command_receive(void)
{
	size_t len, words = 0, i;
	char **argv;
	char *text;

	text = frame_receive('C', &len);
	for (i = 0; i < len; i++)
		words += !text[i];
	argv = calloc(words + 1, sizeof(*argv));
	if (!argv || !words)
		fatal("command");
	for (i = 0; i < words; i++) {
		argv[i] = text;
		text += strlen(text) + 1;
	}
	return argv;
}

static void command_exec(char *const *argv, int out, int err)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(null, 0);
	dup2(out, 1);
	dup2(err, 2);
	if (chdir("/repo"))
		perror("/repo");

	environ = (char **)command_env;
	execvp(argv[0], argv);
	fprintf(stderr, "vm: cannot run %s in the guest: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Pass on what there is to read; false at the end of it. */
static int relay(int fd, char type)
{
	static char buf[32768];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (n)
		frame_send(type, buf, n);
	return n > 0;
}

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Reap whatever has ended; tells whether the command was among it. */
static int reap(pid_t command, int *status)
{
	int ended = 0, any;
	pid_t pid;

	while ((pid = waitpid(-1, &any, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		*status = WIFSIGNALED(any) ? 128 + WTERMSIG(any) : WEXITSTATUS(any);
		ended = 1;
	}
	return ended;
}

static int sigchld_pipe[2];

static void on_sigchld(int signo)
{
	int saved = errno;

	(void)signo;
	if (write(sigchld_pipe[1], "", 1) < 0)
		errno = 0;	/* full: a wake-up is already waiting */
	errno = saved;
}

/* Run the command; its output goes to the host as it comes. */
static int command_run(char *const *argv)
{
	struct pollfd fds[3];
	int out[2], err[2], status = -1;
	long long quiet = 0, until = 0;
	pid_t command;

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		fatal("pipe");
	command = fork();
	if (command < 0)
		fatal("fork");
	if (!command)
		command_exec(argv, out[1], err[1]);
	close(out[1]);
	close(err[1]);

	fds[0] = (struct pollfd){ .fd = out[0], .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = err[0], .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = sigchld_pipe[0], .events = POLLIN };

	/*
	 * Done when the command has ended and its output is at an end, or, if
	 * somebody it left behind still holds the pipe, has been quiet.
	 */
	while (status < 0 || fds[0].fd >= 0 || fds[1].fd >= 0) {
		int wait = -1;

		if (status >= 0) {
			wait = (quiet < until ? quiet : until) - now_ms();
			if (wait <= 0)
				break;
		}
		if (poll(fds, 3, wait) < 0) {
			if (errno != EINTR)
				fatal("poll");
			continue;
		}
		if (fds[2].revents) {
			char drain[64];

			while (read(sigchld_pipe[0], drain, sizeof(drain)) > 0)
				;
			if (reap(command, &status))
				until = now_ms() + LINGER_MAX_MS;
		}
		quiet = now_ms() + LINGER_QUIET_MS;
		if (fds[0].revents && !relay(out[0], 'O'))
			fds[0].fd = -1;
		if (fds[1].revents && !relay(err[0], 'E'))
			fds[1].fd = -1;
	}
	return status;
}

/* Else all guests that go on from one saved state would draw the same. */
static void random_seed(const uint8_t *seed, size_t len)
{
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);

	if (fd < 0 || write(fd, seed, len) != (ssize_t)len || ioctl(fd, RNDRESEEDCRNG))
		fatal("cannot seed the random numbers");
	close(fd);
}

/*
 * Put the project of this moment in place, as a package would: its files, and a
 * word to udev. What is large was left in the image; the files link to it.
 */
static void project_install(void)
{
	char *const copy[] = { "cp", "-a", PROJECT "/files/.", "/", NULL };
	char disk[16];
	FILE *file;
	int pid;

	snprintf(disk, sizeof(disk), "/dev/%sc", getenv("LAB_DISK") ?: "vd");
	if (mount(disk, PROJECT, "squashfs", MS_RDONLY, NULL))
		fatal("cannot mount the project");
	if (command_run(copy)) {
		errno = ECANCELED;
		fatal("cannot install the project");
	}
	file = fopen(UDEVD_PID, "re");
	if (!file || fscanf(file, "%d", &pid) != 1 || kill(pid, SIGHUP))
		fatal("cannot tell udev of the project");
	fclose(file);
}

/* A directory of the host's: by its tag, or in User Mode Linux by its path. */
static void host_mount(const char *tag, const char *path, const char *at, unsigned long flags,
		       const char *options)
{
	int ret;

	if (path)
		ret = mount("none", at, "hostfs", flags, path);
	else
		ret = mount(tag, at, "9p", flags, options);
	if (ret)
		fatal(at);
}

/* From here on this guest is one of its own. */
static void prepare(void)
{
	const struct prepare *p;
	struct timespec now;
	size_t len;

	p = (const struct prepare *)frame_receive('P', &len);
	if (len != sizeof(*p)) {
		errno = EPROTO;
		fatal("bad preparation frame");
	}
	now.tv_sec = le64toh(p->seconds);
	now.tv_nsec = le32toh(p->nanoseconds);
	clock_settime(CLOCK_REALTIME, &now);
	random_seed(p->seed, sizeof(p->seed));

	project_install();
	host_mount("repo", getenv("LAB_REPO"), "/repo", MS_RDONLY, OPTIONS_9P ",cache=loose");
	if (le32toh(p->flags) & PREPARE_SHARE)
		host_mount("share", getenv("LAB_SHARE"), "/share", 0, OPTIONS_9P);
}

static uint32_t kernel_taint(void)
{
	FILE *file = fopen("/proc/sys/kernel/tainted", "re");
	uint32_t taint = 0;

	if (file) {
		if (fscanf(file, "%u", &taint) != 1)
			taint = 0;
		fclose(file);
	}
	return taint;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on_sigchld, .sa_flags = SA_RESTART };
	uint8_t result[5];
	uint32_t taint;
	char **argv;

	if (pipe2(sigchld_pipe, O_CLOEXEC | O_NONBLOCK))
		fatal("pipe");
	sigaction(SIGCHLD, &sa, NULL);

	if (getenv("LAB_PORT"))
		line_open(getenv("LAB_PORT"));
	else
		port_open();
	frame_send('R', NULL, 0);
	prepare();
	argv = command_receive();
	result[0] = command_run(argv);

	taint = htole32(kernel_taint());
	memcpy(result + 1, &taint, sizeof(taint));
	frame_send('X', result, sizeof(result));

	/* The host ends the guest now. Until then, stay: PID 1 must not exit. */
	for (;;) {
		int status;

		if (waitpid(-1, &status, 0) < 0)
			pause();
	}
}
