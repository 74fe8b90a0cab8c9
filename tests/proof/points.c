// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * points [-f FIRST] [-s STRIDE] [-j WORKERS] KIND CHIP IMAGE WHEN
 *
 * The interruption proof, as far as no tool is needed: writes an image to a chip of the
 * lab again and again, and interrupts the write at another step each time. A step is
 * one request of ours to the box; they are counted beforehand. Afterwards the box is
 * plugged in again, must be recognised, must say of itself what is so, and is brought
 * to exactly the old content (odd steps) or the new one.
 *
 *	powercut, unplug	at step FIRST, FIRST + STRIDE, ...; before, inside, after
 *	final			likewise, for a chip that nothing brings back: it may stay dead
 *				after the steps that write what makes it boot, and after no other
 *	twice			steps drawn by lot, and the repair is interrupted, too; WHEN is the
 *				seed, FIRST and STRIDE choose among DRAWS draws
 *
 * Each worker has boxes at a host controller of its own, or on FireWire at a card of its
 * own. What a chip that cannot be read held is lost with the first write: it is brought to
 * the new content, and the chip's own word for it is held against what it holds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "call.h"

#define DRAWS		64
#define PATIENCE	60
/* No point takes as long, with all its waits. */
#define POINT_SECONDS	(20 * PATIENCE)
#define CHUNK		4096
#define SIZE_MAX_	(512 * 1024)
/* Virtual ports of one host controller; the first half is for this speed. */
#define PORTS		30
#define WRITE_FLAGS	(BRIDGEFW_CONSENT_IDENTITY | BRIDGEFW_CONSENT_FINAL)
#define UNREAD_FLAGS	(WRITE_FLAGS | BRIDGEFW_CONSENT_UNREAD)
#define RESTORE_FLAGS	(BRIDGEFW_CONSENT_ATTACHED | BRIDGEFW_CONSENT_FINAL)

struct image {
	unsigned char *data;
	size_t len;
};

struct proof {
	const char *kind, *chip, *name, *when;
	struct image old, new;
	int steps, first_final, last_final;
	bool fire, unread;
	char port[16], card[16], flash[64];
	struct box box;
	int fd;
	char why[512];
};

static int wrong(struct proof *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(p->why, sizeof(p->why), fmt, args);
	va_end(args);
	return -1;
}

static void load(struct image *image, const char *chip, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/build/lab/images/%s-%s.bin", chip, name);
	if (project_file(path, &image->data, &image->len)) {
		fprintf(stderr, "points: no image %s\n", path);
		exit(2);
	}
}

/* What the box keeps its flash in. */
static bool holds(struct proof *p, const struct image *image)
{
	static unsigned char data[SIZE_MAX_];
	int fd = open(p->flash, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, data, sizeof(data));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)image->len && !memcmp(data, image->data, n);
}

static int fill(struct proof *p, const struct image *image)
{
	int fd = open(p->flash, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool ok = fd >= 0 && write(fd, image->data, image->len) == (ssize_t)image->len;

	if (fd >= 0)
		close(fd);
	return ok ? 0 : wrong(p, "%s cannot be written", p->flash);
}

static int attribute_is(struct proof *p, const char *name, const char *value)
{
	char path[128], text[128] = "";

	snprintf(path, sizeof(path), "/sys/class/bridgefw/%s/%s", p->box.node, name);
	read_line(path, text, sizeof(text));
	return strcmp(text, value) ? wrong(p, "%s is '%s', not '%s'", name, text, value) : 0;
}

static bool has_transport(struct proof *p, const char *name)
{
	char path[128], text[128] = "";

	snprintf(path, sizeof(path), "/sys/class/bridgefw/%s/transports", p->box.node);
	return !read_line(path, text, sizeof(text)) && strstr(text, name);
}

static bool has_scsi(void *arg)
{
	return has_transport(arg, "scsi");
}

static bool has_bot(void *arg)
{
	return has_transport(arg, "bot");
}

/* Without its firmware the chip has no drive, and so no SCSI device. */
static int hand_over(struct proof *p)
{
	char text[64];

	snprintf(text, sizeof(text), "%s:1.0 usb-storage", p->box.busid);
	if (write_text("/sys/module/bridgefw_usb/parameters/handover", text))
		return wrong(p, "'%s' is not handed over (%d)", text, errno);
	return wait_for(has_bot, p, PATIENCE) ? 0 : wrong(p, "no bot transport");
}

static bool boots(struct proof *p)
{
	return box_traced(&p->box, "\"boots\":true") > 0;
}

static int plug(struct proof *p)
{
	bool alone = p->fire || !strcmp(p->chip, "lab-at49");
	const char *const options[] = {
		"--chip", p->chip, "--flash", p->flash, "--bus", p->fire ? "1394" : "usb",
		p->fire ? "--card" : "--port", p->fire ? p->card : p->port,
		"--drive", alone ? "none" : "disk", NULL,
	};
	char trace[BOX_PATH + 16];

	if (p->box.dir[0]) {
		snprintf(trace, sizeof(trace), "%s/trace", p->box.dir);
		unlink(trace);
	}
	if (box_plug_as(&p->box, options))
		return wrong(p, "it is not recognised");
	if (!alone && boots(p) && !wait_for(has_scsi, p, PATIENCE))
		return wrong(p, "no scsi transport");
	if (!alone && !boots(p) && hand_over(p))
		return -1;
	p->fd = open(p->box.dev, O_RDWR | O_CLOEXEC);
	return p->fd < 0 ? wrong(p, "%s cannot be opened (%d)", p->box.dev, errno) : 0;
}

static void let_go(struct proof *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

static int unplug(struct proof *p)
{
	let_go(p);
	return box_away(&p->box) ? wrong(p, "%s stays", p->box.node) : 0;
}

static int read_once(struct proof *p, unsigned char *data, size_t len)
{
	size_t at;
	int n;

	for (at = 0; at < len; at += n) {
		n = call_read(p->fd, 0, at, len - at < CHUNK ? len - at : CHUNK, data + at);
		if (n <= 0)
			return wrong(p, "read at %zu: %d", at, n);
	}
	return 0;
}

/* What the law wants before a write. */
static int read_twice(struct proof *p)
{
	static unsigned char one[SIZE_MAX_], two[SIZE_MAX_];

	if (p->unread)
		return 0;
	if (read_once(p, one, p->old.len) || read_once(p, two, p->old.len))
		return -1;
	return memcmp(one, two, p->old.len) ? wrong(p, "two reads differ") : 0;
}

/* udev may still look at the drive, which is held exclusively during a job. */
static int start(struct proof *p, __u32 job, __u32 flags)
{
	double end = seconds_now() + PATIENCE;
	__u32 reason;
	int ret;

	for (;;) {
		ret = call_start(p->fd, job, flags, &reason);
		if (!ret)
			return 0;
		if (reason != BRIDGEFW_REASON_IN_USE || seconds_now() > end)
			return wrong(p, "job %u is refused: %d, reason %u", job, ret, reason);
		nap_ms(20);
	}
}

static int job_ends(struct proof *p, struct bridgefw_status *st)
{
	struct pollfd poller = { .fd = p->fd, .events = POLLIN };

	do {
		if (poll(&poller, 1, PATIENCE * 1000) != 1 || call_status(p->fd, st))
			return wrong(p, "the job does not end");
	} while (st->state == BRIDGEFW_STATE_BUSY);
	return 0;
}

static int job_succeeds(struct proof *p, __u32 job, __u32 flags)
{
	struct bridgefw_status st;

	if (start(p, job, flags) || job_ends(p, &st))
		return -1;
	return st.reason ? wrong(p, "job %u: reason %u, %s", job, st.reason, st.text) : 0;
}

static __u32 write_flags(const struct proof *p)
{
	return p->unread ? UNREAD_FLAGS : WRITE_FLAGS;
}

static int stage(struct proof *p)
{
	return call_stage(p->fd, p->new.data, p->new.len) ? wrong(p, "it cannot be staged") : 0;
}

/* Counts what a write sends, and finds the part that makes the chip boot. */
static int count(struct proof *p)
{
	char path[BOX_PATH + 16], line[2048];
	int before, at = 0;
	FILE *f;

	if (fill(p, &p->old) || plug(p) || read_twice(p) || stage(p))
		return -1;
	before = box_traced(&p->box, "\"vendor\":true");
	if (job_succeeds(p, BRIDGEFW_JOB_WRITE, write_flags(p)))
		return -1;
	if (!holds(p, &p->new))
		return wrong(p, "it does not hold the image");
	snprintf(path, sizeof(path), "%s/trace", p->box.dir);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (!strstr(line, "\"vendor\":true") || ++at <= before)
			continue;
		if (strstr(line, "\"flash.erase-sector\"") && !strstr(line, "\"dir\":\"in\""))
			p->first_final = at - before;
		if (strstr(line, "\"flash.program\""))
			p->last_final = at - before;
	}
	if (f)
		fclose(f);
	p->steps = at - before;
	if (p->steps < 10 || p->first_final < 1 || p->last_final <= p->first_final)
		return wrong(p, "the steps cannot be counted: %d, %d, %d", p->steps,
			     p->first_final, p->last_final);
	return unplug(p);
}

/* Whether vbridge has ended by itself: its supply failed, or the cable was pulled. */
static bool has_ended(void *arg)
{
	struct proof *p = arg;

	if (waitpid(p->box.pid, NULL, WNOHANG) != p->box.pid)
		return false;
	p->box.pid = 0;
	return true;
}

static int interrupt_armed(struct proof *p, const char *kind, int at, const char *when)
{
	char fault[96];

	snprintf(fault, sizeof(fault), "%s@vendor,n=%d,when=%s", kind, at, when);
	return box_tell(&p->box, "fault", fault) ? wrong(p, "fault %s", fault) : 0;
}

static int interrupt(struct proof *p, const char *kind, int at, const char *when)
{
	if (fill(p, &p->old) || plug(p) || read_twice(p) || stage(p) ||
	    interrupt_armed(p, kind, at, when) || start(p, BRIDGEFW_JOB_WRITE, write_flags(p)))
		return -1;
	if (!wait_for(has_ended, p, PATIENCE))
		return wrong(p, "it was not interrupted");
	return unplug(p);
}

static int recognised(struct proof *p)
{
	return attribute_is(p, "chip", p->chip) || attribute_is(p, "match", "ids") ||
	       attribute_is(p, "state", boots(p) ? "idle" : "blank");
}

/*
 * It is plugged in; to the old content, or once more to the new one. Restoring brings back
 * what was there before the write; but if all of the write had @arrived before a repair was
 * interrupted, the new content is what the repair replaced, and restoring may bring it.
 */
static int bring(struct proof *p, bool back, bool arrived)
{
	const struct image *to;

	back &= !p->unread;
	to = back ? &p->old : &p->new;
	if (holds(p, to))
		return unplug(p);
	if (read_twice(p))
		return -1;
	if (back ? job_succeeds(p, BRIDGEFW_JOB_RESTORE, RESTORE_FLAGS) :
		   stage(p) || job_succeeds(p, BRIDGEFW_JOB_WRITE, write_flags(p)))
		return -1;
	if (!holds(p, to) && !(arrived && holds(p, &p->new)))
		return wrong(p, "it does not hold the %s content (arrived: %d)",
			     back ? "old" : "new", arrived);
	return unplug(p);
}

static int recovers(struct proof *p, int at)
{
	return plug(p) || recognised(p) || bring(p, at % 2, false) ? -1 : 0;
}

/* 1, 0 or -1 */
static int is_dead(struct proof *p)
{
	const char *const probe[] = {
		"vbridge", "--bus", "usb", "--chip", p->chip, "--flash", p->flash,
		"--drive", "none", "--port", p->port, "--patience", "1",
		"--fault", "unplug@any,n=1", NULL,
	};
	int status = run_program(probe);

	/* 3 is for chips that are dead from the beginning, 0 for one that was pulled. */
	return status == 3 ? 1 : status ? wrong(p, "the probe's status is %d", status) : 0;
}

static int final_point(struct proof *p, int at)
{
	int dead;

	if (interrupt(p, "powercut", at, p->when))
		return -1;
	dead = is_dead(p);
	if (dead < 1)
		return dead ?: recovers(p, at);
	return at >= p->first_final && at <= p->last_final ? 1 :
	       wrong(p, "it is the end of the chip, and final are %d to %d", p->first_final,
		     p->last_final);
}

static int twice_point(struct proof *p, int draw)
{
	static const char *const whens[] = { "before", "inside", "after" };
	unsigned int seed = atoi(p->when) * 1000 + draw;
	int first = rand_r(&seed) % p->steps + 1, second = rand_r(&seed) % p->steps + 1;
	const char *when = whens[rand_r(&seed) % 3];
	struct bridgefw_status st;
	bool arrived;

	if (interrupt(p, "powercut", first, "inside") || plug(p) || recognised(p))
		return -1;
	/* Cut before anything was changed: no repair, and what came before stays `previous`. */
	if (holds(p, &p->old))
		return unplug(p);
	arrived = holds(p, &p->new);
	if (read_twice(p) || interrupt_armed(p, "powercut", second, when) ||
	    start(p, BRIDGEFW_JOB_RESTORE, RESTORE_FLAGS) || job_ends(p, &st))
		return -1;
	/* The repair may have had fewer steps than that. */
	if (!st.reason)
		return holds(p, &p->old) ? unplug(p) : wrong(p, "it does not hold the old content");
	if (!wait_for(has_ended, p, PATIENCE))
		return wrong(p, "the repair failed: reason %u, %s", st.reason, st.text);
	return unplug(p) || plug(p) || recognised(p) || bring(p, true, arrived) ? -1 : 0;
}

/* 0, 1 if that was the end of the chip, or -1 */
static int point(struct proof *p, int at)
{
	if (!strcmp(p->kind, "final"))
		return final_point(p, at);
	if (!strcmp(p->kind, "twice"))
		return twice_point(p, at);
	return interrupt(p, p->kind, at, p->when) || recovers(p, at) ? -1 : 0;
}

static void prepare(struct proof *p, int worker)
{
	p->fd = -1;
	p->fire = !strncmp(p->chip, "lab-oxfw", 8);
	p->unread = !strcmp(p->chip, "lab-oxfw911");
	snprintf(p->port, sizeof(p->port), "%d", worker * PORTS);
	snprintf(p->card, sizeof(p->card), "%d", worker);
	snprintf(p->flash, sizeof(p->flash), "/tmp/points.%d.flash", getpid());
}

/* One worker: every so manyth point. Returns how many chips died, or -1. */
static int work(struct proof *p, int from, int stride, int last)
{
	int at, ret, dead = 0;

	for (at = from; at <= last; at += stride) {
		alarm(POINT_SECONDS);
		ret = point(p, at);
		if (ret < 0) {
			fprintf(stderr, "%s, step %d of %d (%s): %s\n", p->kind, at, last,
				p->when, p->why);
			let_go(p);
			box_away(&p->box);
			return -1;
		}
		dead += ret;
	}
	return dead;
}

static int workers_run(struct proof *p, int first, int stride, int last, int workers)
{
	int i, dead = 0, status, ret = 0, ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return 1;
	for (i = 0; i < workers; i++) {
		pid = fork();
		if (pid) {
			/* Points that nobody goes to are not passed. */
			ret |= pid < 0;
			continue;
		}
		prepare(p, i);
		status = work(p, first + i * stride, workers * stride, last);
		unlink(p->flash);
		if (status > 0 && write(ends[1], &status, sizeof(status)) != sizeof(status))
			status = -1;
		_exit(status < 0);
	}
	close(ends[1]);
	while (wait(&status) > 0)
		ret |= status;
	while (read(ends[0], &status, sizeof(status)) == sizeof(status))
		dead += status;
	printf("# %s-%s: %d requests, final %d to %d; %d points of %d, %d chips died\n", p->chip,
	       p->name, p->steps, p->first_final, p->last_final, (last - first) / stride + 1, last,
	       dead);
	return !!ret;
}

int main(int argc, char **argv)
{
	int first = 1, stride = 1, workers = 3, option, last;
	struct proof p = { .fd = -1 };

	while ((option = getopt(argc, argv, "f:s:j:")) > 0) {
		if (option == 'f')
			first = atoi(optarg);
		else if (option == 's')
			stride = atoi(optarg);
		else if (option == 'j')
			workers = atoi(optarg);
		else
			return 2;
	}
	if (argc - optind != 4 || first < 1 || stride < 1 || workers < 1)
		return 2;
	p.kind = argv[optind];
	p.chip = argv[optind + 1];
	p.name = argv[optind + 2];
	p.when = argv[optind + 3];
	load(&p.old, p.chip, "a");
	load(&p.new, p.chip, p.name);
	prepare(&p, 0);
	if (count(&p)) {
		fprintf(stderr, "the write itself: %s\n", p.why);
		let_go(&p);
		box_away(&p.box);
		return 1;
	}
	unlink(p.flash);
	last = strcmp(p.kind, "twice") ? p.steps : DRAWS;
	first = 1 + (first - 1) % last;
	if ((last - first) / stride + 1 < workers)
		workers = (last - first) / stride + 1;
	return workers_run(&p, first, stride, last, workers);
}
