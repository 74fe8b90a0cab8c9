// SPDX-License-Identifier: GPL-2.0-or-later
/* Virtual enclosures for suites in C; see box.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "box.h"

#define CLASS		"/sys/class/bridgefw"
#define NODES		CLASS "/nodes"
#define OPTIONS_MAX	32

void project_path(const char *name, char *path, size_t room)
{
	const char *dir = getenv("BRIDGEFW_TOP");

	snprintf(path, room, "%s%s", dir ? dir : "/repo", name);
}

static double patience(void)
{
	const char *text = getenv("BRIDGEFW_PATIENCE");

	return text ? atof(text) : 60;
}

void nap_ms(unsigned int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

double seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

bool wait_for(bool (*is)(void *arg), void *arg, double seconds)
{
	double end = seconds_now() + seconds;

	while (!is(arg)) {
		if (seconds_now() > end)
			return false;
		nap_ms(50);
	}
	return true;
}

int read_line(const char *path, char *line, size_t room)
{
	FILE *f = fopen(path, "re");
	int ret = 0;

	if (!f)
		return -errno;
	if (!fgets(line, room, f))
		ret = -EIO;
	fclose(f);
	if (!ret)
		line[strcspn(line, "\n")] = '\0';
	return ret;
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int read_whole(const char *path, unsigned char **data, size_t *len)
{
	struct stat st;
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*data = NULL;
	if (!fstat(fd, &st)) {
		*data = malloc(st.st_size + 1);
		n = *data ? read(fd, *data, st.st_size) : -1;
	}
	close(fd);
	if (n < 0) {
		free(*data);
		return -EIO;
	}
	*len = n;
	return 0;
}

int project_file(const char *name, unsigned char **data, size_t *len)
{
	char path[256];

	project_path(name, path, sizeof(path));
	return read_whole(path, data, len);
}

static void put_in_place(struct box *box, const char *file, char *path)
{
	snprintf(path, BOX_PATH + 16, "%s/%s", box->dir, file);
}

/* Children of ours go when we do, however that happens. */
static pid_t spawn(const char *const *argv, const char *log)
{
	pid_t parent = getpid(), pid = fork();
	int fd;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	fd = open(log ? log : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (fd >= 0) {
		dup2(fd, 1);
		dup2(fd, 2);
	}
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* A program that waits for what does not come must not keep a test for ever. */
int run_program(const char *const *argv)
{
	pid_t pid = spawn(argv, NULL);
	struct pollfd ends = { .fd = pid < 0 ? -1 : pidfd_open(pid, 0), .events = POLLIN };
	int status;

	if (pid < 0)
		return -1;
	if (ends.fd < 0 || poll(&ends, 1, 3000 * patience()) != 1) {
		fprintf(stderr, "%s %s does not end: killed\n", argv[0], argv[1] ? argv[1] : "");
		kill(pid, SIGKILL);
	}
	if (ends.fd >= 0)
		close(ends.fd);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The N-th of the lab's cards is the N-th that there is; "fw1-" begins all its places. */
static bool card_places(unsigned int n, char *prefix, size_t room)
{
	unsigned int buses[32], count = 0, i, k, less;
	char line[256];
	FILE *f = fopen(NODES, "re");

	while (f && count < 32 && fgets(line, sizeof(line), f))
		if (strstr(line, " local\n") && sscanf(line, "fw%u ", &buses[count]) == 1)
			count++;
	if (f)
		fclose(f);
	for (i = 0; i < count; i++) {
		for (less = 0, k = 0; k < count; k++)
			less += buses[k] < buses[i];
		if (less == n) {
			snprintf(prefix, room, "fw%u-", buses[i]);
			return true;
		}
	}
	return false;
}

/* The first place of a card where something is; a box has its card for itself. */
static bool card_place(const char *prefix, char *place, size_t room)
{
	char line[256];
	FILE *f = fopen(NODES, "re");
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		found = !strncmp(line, prefix, strlen(prefix));
		line[strcspn(line, "\n ")] = '\0';
		if (found)
			snprintf(place, room, "%.*s", (int)room - 1, line);
	}
	if (f)
		fclose(f);
	return found;
}

/* Where vbridge says that it is plugged in; the last time counts. */
static bool announced(void *arg)
{
	unsigned int card = 0;
	struct box *box = arg;
	char path[BOX_PATH + 16], line[256];
	bool found = false;
	FILE *f;

	put_in_place(box, "log", path);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		found |= sscanf(line, "plugged in: usb %31s", box->busid) == 1;
		box->fire |= sscanf(line, "plugged in: 1394 %*s (card %u", &card) == 1;
	}
	fclose(f);
	/* On FireWire a place is told by the ports on the way to it, as the module sees them. */
	return box->fire ? card_places(card, box->card, sizeof(box->card)) &&
			   card_place(box->card, box->busid, sizeof(box->busid)) : found;
}

static bool has_bridge(void *arg)
{
	struct box *box = arg;
	char path[320], bus_id[64];
	struct dirent *e;
	DIR *dir = opendir(CLASS);
	bool found = false;
	struct stat st;

	while (dir && !found && (e = readdir(dir))) {
		if (strncmp(e->d_name, "bridgefw", 8) || strlen(e->d_name) >= sizeof(box->node))
			continue;
		snprintf(path, sizeof(path), CLASS "/%s/bus_id", e->d_name);
		if (read_line(path, bus_id, sizeof(bus_id)) || strcmp(bus_id, box->busid))
			continue;
		snprintf(path, sizeof(path), CLASS "/%s/", e->d_name);
		if (stat(path, &st) || st.st_ino == box->former)
			continue;
		box->present = st.st_ino;
		strcpy(box->node, e->d_name);
		snprintf(box->dev, sizeof(box->dev), "/dev/%s", box->node);
		found = !access(box->dev, R_OK);
	}
	if (dir)
		closedir(dir);
	return found;
}

int box_bridge(struct box *box)
{
	box->node[0] = '\0';
	return wait_for(has_bridge, box, patience()) ? 0 : -ENODEV;
}

int box_start(struct box *box, const char *const *options)
{
	char sock[BOX_PATH + 16], trace[BOX_PATH + 16], log[BOX_PATH + 16];
	const char *argv[OPTIONS_MAX] = {
		"vbridge", "--control", sock, "--trace", trace,
	};
	int n = 5, i;
	bool bus = false;

	for (i = 0; options && options[i]; i++)
		bus |= !strcmp(options[i], "--bus");
	if (!bus) {
		argv[n++] = "--bus";
		argv[n++] = "usb";
	}
	if (!box->dir[0]) {
		strcpy(box->dir, "/tmp/box.XXXXXX");
		if (!mkdtemp(box->dir))
			return -errno;
	}
	put_in_place(box, "sock", sock);
	put_in_place(box, "trace", trace);
	put_in_place(box, "log", log);
	unlink(log);
	while (options && *options && n < OPTIONS_MAX - 1)
		argv[n++] = *options++;
	box->pid = spawn(argv, log);
	if (box->pid < 0)
		return -errno;
	if (!wait_for(announced, box, patience())) {
		box_away(box);
		return -ENODEV;
	}
	return 0;
}

int box_plug_as(struct box *box, const char *const *options)
{
	int ret = box_start(box, options);

	if (ret)
		return ret;
	ret = box_bridge(box);
	if (ret)
		box_away(box);
	return ret;
}

int box_plug(struct box *box, const char *const *options)
{
	const char *all[OPTIONS_MAX] = { "--chip", "pl2507", "--layout" };
	char layout[256], eeprom[BOX_PATH + 16], path[BOX_PATH + 16];
	unsigned char *data;
	size_t len;
	int n = 3, fd, ret;

	project_path("/tests/lab/profiles/lab-pl2507.profile", layout, sizeof(layout));
	strcpy(box->dir, "/tmp/box.XXXXXX");
	if (!mkdtemp(box->dir))
		return -errno;
	put_in_place(box, "eeprom", path);
	ret = project_file(BOX_FACTORY, &data, &len);
	if (ret)
		return ret;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ret = fd >= 0 && write(fd, data, len) == (ssize_t)len ? 0 : -EIO;
	close(fd);
	free(data);
	if (ret)
		return ret;
	all[n++] = layout;
	put_in_place(box, "eeprom", eeprom);
	all[n++] = "--eeprom";
	all[n++] = eeprom;
	while (options && *options && n < OPTIONS_MAX - 1)
		all[n++] = *options++;
	return box_plug_as(box, all);
}

void box_pull(struct box *box)
{
	if (box->pid <= 0)
		return;
	kill(box->pid, SIGTERM);
	waitpid(box->pid, NULL, 0);
	box->pid = 0;
}

static bool is_gone(void *arg)
{
	struct box *box = arg;
	char bus[96], class[96], place[32];

	if (box->fire && card_place(box->card, place, sizeof(place)))
		return false;
	snprintf(bus, sizeof(bus), "/sys/bus/usb/devices/%s", box->busid);
	snprintf(class, sizeof(class), CLASS "/%s", box->node);
	if (!access(bus, F_OK))
		return false;
	return !box->node[0] || (access(class, F_OK) && access(box->dev, F_OK));
}

int box_away(struct box *box)
{
	const char *const rm[] = { "rm", "-rf", box->dir, NULL };
	bool gone;

	box_pull(box);
	gone = !box->busid[0] || wait_for(is_gone, box, patience());
	if (box->dir[0])
		run_program(rm);
	memset(box, 0, sizeof(*box));
	return gone ? 0 : -EBUSY;
}

int box_tell(struct box *box, const char *command, const char *arg)
{
	char sock[BOX_PATH + 16];
	const char *const argv[] = { "vbridge", "ctl", sock, command, arg, NULL };

	put_in_place(box, "sock", sock);
	return run_program(argv);
}

int box_replug(struct box *box)
{
	/* It comes back when it is plugged in again. */
	box->former = box->present;
	if (box_tell(box, "replug", NULL))
		return -ENODEV;
	return announced(box) ? box_bridge(box) : -ENODEV;
}

int box_traced(struct box *box, const char *text)
{
	char path[BOX_PATH + 16], line[2048];
	int n = 0;
	FILE *f;

	put_in_place(box, "trace", path);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f))
		n += !!strstr(line, text);
	fclose(f);
	return n;
}

bool box_holds(struct box *box, const char *image)
{
	char path[BOX_PATH + 16];
	unsigned char *a = NULL, *b = NULL;
	size_t alen, blen;
	bool same;

	put_in_place(box, "eeprom", path);
	same = !read_whole(path, &a, &alen);
	same = same && !project_file(image, &b, &blen);
	same = same && alen == blen && !memcmp(a, b, alen);
	free(a);
	free(b);
	return same;
}

struct disk_search {
	char dir[192];
	char *path;
	size_t room;
};

/* Below @dir stands .../block/NAME, a few directories down. */
static bool disk_below(const char *dir, int depth, char *path, size_t room)
{
	char sub[512];
	struct dirent *e;
	DIR *d = opendir(dir);
	bool found = false;

	while (d && !found && (e = readdir(d))) {
		if (e->d_name[0] == '.' || e->d_type != DT_DIR ||
		    snprintf(sub, sizeof(sub), "%s/%s", dir, e->d_name) >= (int)sizeof(sub))
			continue;
		if (strlen(dir) > 6 && !strcmp(dir + strlen(dir) - 6, "/block")) {
			snprintf(path, room, "/dev/%s", e->d_name);
			found = !access(path, F_OK);
		} else if (depth) {
			found = disk_below(sub, depth - 1, path, room);
		}
	}
	if (d)
		closedir(d);
	return found;
}

static bool disk_there(void *arg)
{
	struct disk_search *s = arg;

	return disk_below(s->dir, 5, s->path, s->room);
}

int box_disk(struct box *box, char *path, size_t room)
{
	static const char *const settle[] = { "udevadm", "settle", "--timeout=60", NULL };
	struct disk_search s = { .path = path, .room = room };

	snprintf(s.dir, sizeof(s.dir), "/sys/bus/usb/devices/%s/%s:1.0", box->busid, box->busid);
	if (!wait_for(disk_there, &s, patience()))
		return -ENODEV;
	/* udev looks into it, and would be in the way of an exclusive open. */
	run_program(settle);
	return 0;
}

int without_rawio(int (*fn)(void *arg), void *arg)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (syscall(SYS_capget, &head, data))
			_exit(255);
		data[0].effective &= ~(1u << CAP_SYS_RAWIO);
		data[0].permitted &= ~(1u << CAP_SYS_RAWIO);
		data[0].inheritable &= ~(1u << CAP_SYS_RAWIO);
		if (syscall(SYS_capset, &head, data))
			_exit(255);
		_exit(fn(arg));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}
