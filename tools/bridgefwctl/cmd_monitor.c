// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bridgefwctl monitor: bridges that come and go, and what is done to them, until
 * somebody has seen enough. The kernel tells of all but progress by uevents, each
 * with the state of its moment, so that no short job is missed; progress is
 * polled for.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <libudev.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "output.h"
#include "show.h"
#include "text.h"

#define RECEIVE_BYTES	(1024 * 1024)	/* many boxes may be plugged in at once */

/* A bridge that is there. @progress is polled: sysfs tells of changes with POLLPRI. */
struct watched {
	struct bridge b;
	int progress;
	int percent;
};

struct monitor {
	struct udev *udev;
	struct udev_monitor *events;
	int signals;
	struct watched *v;
	size_t n;
};

static struct json_object *event_json(const char *event, const struct bridge *b)
{
	struct json_object *o = json_object_new_object();
	char now[TIME_TEXT];

	time_text(time(NULL), now);
	json_object_object_add(o, "time", json_object_new_string(now));
	json_object_object_add(o, "event", json_object_new_string(event));
	json_object_object_add(o, "device", json_object_new_string(b->name));
	json_object_object_add(o, "bus", json_object_new_string(b->bus));
	json_object_object_add(o, "bus_id", json_object_new_string(b->bus_id));
	json_object_object_add(o, "chip", json_object_new_string(b->chip));
	json_object_object_add(o, "serial", json_object_new_string(b->serial));
	json_object_object_add(o, "match", json_object_new_string(b->match));
	json_object_object_add(o, "state", json_object_new_string(b->state));
	json_object_object_add(o, "job", json_object_new_string(b->job));
	json_object_object_add(o, "progress", json_object_new_int(b->progress));
	json_object_object_add(o, "last_error", json_object_new_string(b->last_error));
	return o;
}

/* One line for each event, at once: whoever reads may be a program. */
static void tell(const char *event, const struct bridge *b, const char *text)
{
	char clock[16], place[80];
	time_t now = time(NULL);

	if (output_is_json()) {
		output_line(event_json(event, b));
		return;
	}
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
	printf("%s  %s  %s  %s\n", clock, b->name, place_of(b, place, sizeof(place)), text);
	fflush(stdout);
}

static void tell_there(const char *event, const struct bridge *b)
{
	char *text = xprintf("%s: %s, %s%s%s", event, b->chip[0] ? b->chip : "unknown chip",
			     b->state, b->last_error[0] ? ": " : "", b->last_error);

	tell(event, b, text);
	free(text);
}

static void tell_state(const struct bridge *b)
{
	char *text;

	if (!strcmp(b->state, "busy"))
		text = xprintf("busy: %s", b->job);
	else if (!strcmp(b->state, "failed"))
		text = xprintf("%s failed: %s", b->job, b->last_error);
	else
		text = xprintf("%s; last job %s", b->state, b->job);
	tell("state", b, text);
	free(text);
}

static struct watched *find(struct monitor *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->v[i].b.name, name))
			return &m->v[i];
	return NULL;
}

static void unwatch(struct monitor *m, struct watched *w)
{
	if (w->progress >= 0)
		close(w->progress);
	*w = m->v[--m->n];
}

static int percent_read(struct watched *w)
{
	char text[16];
	ssize_t n = pread(w->progress, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return -1;
	text[n] = '\0';
	return atoi(text);
}

static void watch(struct monitor *m, const struct bridge *b)
{
	char *path = xprintf("%s/progress", b->syspath);
	struct watched *w;

	m->v = xgrow(m->v, m->n, sizeof(*m->v));
	w = &m->v[m->n++];
	w->b = *b;
	w->progress = open(path, O_RDONLY | O_CLOEXEC);
	w->percent = percent_read(w);
	free(path);
}

/* Those that are there and are not watched yet. */
static int look(struct monitor *m, const char *event, struct bfw_error *e)
{
	struct bridge_list l;
	size_t i;

	if (bridge_list_read(&l, e))
		return -1;
	for (i = 0; i < l.n; i++) {
		if (find(m, l.v[i].name))
			continue;
		watch(m, &l.v[i]);
		tell_there(event, &l.v[i]);
	}
	bridge_list_free(&l);
	return 0;
}

/* What the event says itself; if it does not, what sysfs says now must do. */
static void take(struct udev_device *dev, const char *key, char *to, size_t room)
{
	const char *value = udev_device_get_property_value(dev, key);

	if (!value)
		return;
	text_put(to, room, value);
	text_clean(to);
}

/* What sysfs says now, but what the event says of its own moment. */
static void refresh(struct watched *w, struct udev_device *dev)
{
	struct bfw_error ignored = {};
	char percent[8] = "";
	struct bridge_list l;
	size_t i;

	if (bridge_list_read(&l, &ignored)) {
		bfw_error_clear(&ignored);
	} else {
		for (i = 0; i < l.n; i++)
			if (!strcmp(l.v[i].name, w->b.name) && !strcmp(l.v[i].bus_id, w->b.bus_id))
				w->b = l.v[i];
		bridge_list_free(&l);
	}
	take(dev, "BRIDGEFW_STATE", w->b.state, sizeof(w->b.state));
	take(dev, "BRIDGEFW_JOB", w->b.job, sizeof(w->b.job));
	take(dev, "BRIDGEFW_ERROR", w->b.last_error, sizeof(w->b.last_error));
	take(dev, "BRIDGEFW_PROGRESS", percent, sizeof(percent));
	if (*percent)
		w->b.progress = atoi(percent);
}

static int on_event(struct monitor *m, struct udev_device *dev, struct bfw_error *e)
{
	const char *action = udev_device_get_action(dev);
	const char *state = udev_device_get_property_value(dev, "BRIDGEFW_STATE");
	struct watched *w = find(m, udev_device_get_sysname(dev));

	if (!action)
		return 0;
	if (w && (!strcmp(action, "remove") || !strcmp(action, "add"))) {
		text_put(w->b.state, sizeof(w->b.state), "gone");
		tell("gone", &w->b, "gone");
		unwatch(m, w);
	}
	if (!strcmp(action, "add"))
		return look(m, "plugged", e);
	/* a change that leaves the state is of something else, as another box of that serial */
	if (w && !strcmp(action, "change") && state && strcmp(state, w->b.state)) {
		refresh(w, dev);
		/* how far the job before it came says nothing of this one */
		w->percent = !strcmp(state, "busy") ? 0 : w->percent;
		tell_state(&w->b);
	}
	return 0;
}

/* Nothing is lost by waiting for uevents first: progress is told only of what is busy. */
static void on_progress(struct watched *w)
{
	int percent = percent_read(w);
	char text[96];

	if (percent < 0) {
		close(w->progress);
		w->progress = -1;
		return;
	}
	if (percent == w->percent || strcmp(w->b.state, "busy"))
		return;
	w->percent = percent;
	w->b.progress = percent;
	snprintf(text, sizeof(text), "%s: %d %%", w->b.job, percent);
	tell("progress", &w->b, text);
}

static int open_monitor(struct monitor *m, struct bfw_error *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	m->signals = signalfd(-1, &set, SFD_CLOEXEC);
	m->udev = udev_new();
	/* the kernel's events, not udev's: it may not run, and what counts is in sysfs */
	m->events = m->udev ? udev_monitor_new_from_netlink(m->udev, "kernel") : NULL;
	if (m->signals < 0 || !m->events ||
	    udev_monitor_filter_add_match_subsystem_devtype(m->events, "bridgefw", NULL) < 0 ||
	    udev_monitor_enable_receiving(m->events) < 0)
		return bfw_fail(e, BFW_FAILURE, "udev", "the kernel's events cannot be received");
	udev_monitor_set_receive_buffer_size(m->events, RECEIVE_BYTES);
	return 0;
}

static int drain(struct monitor *m, struct bfw_error *e)
{
	struct udev_device *dev;
	int ret = 0;

	while (!ret && (dev = udev_monitor_receive_device(m->events))) {
		ret = on_event(m, dev, e);
		udev_device_unref(dev);
	}
	return ret;
}

/* Until a signal comes. */
static int follow(struct monitor *m, struct bfw_error *e)
{
	struct pollfd *p = NULL;
	int ret = 0;
	size_t i, n;

	while (!ret) {
		free(p);
		n = m->n;
		p = xalloc((n + 2) * sizeof(*p));
		p[0] = (struct pollfd){ .fd = m->signals, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = udev_monitor_get_fd(m->events), .events = POLLIN };
		for (i = 0; i < n; i++)
			p[i + 2] = (struct pollfd){ .fd = m->v[i].progress, .events = POLLPRI };
		if (poll(p, n + 2, -1) < 0) {
			if (errno != EINTR)
				ret = bfw_fail_errno(e, BFW_FAILURE, errno, "poll");
			continue;
		}
		if (p[0].revents)
			break;
		/* events change the list that the rest of @p belongs to */
		if (p[1].revents)
			ret = drain(m, e);
		else
			for (i = 0; i < n; i++)
				if (p[i + 2].revents)
					on_progress(&m->v[i]);
		if (ferror(stdout))
			break;
	}
	free(p);
	return ret;
}

/**
 * cmd_monitor() - bridgefwctl monitor
 * @o: options
 * @e: why not
 *
 * Return: 0 after a signal, or -1
 */
int cmd_monitor(struct options *o, struct bfw_error *e)
{
	struct monitor m = { .signals = -1 };
	int ret;

	(void)o;
	output_lines();
	/* receive first, look then: what comes in between is seen twice, and told once */
	ret = open_monitor(&m, e) || look(&m, "present", e) || follow(&m, e) ? -1 : 0;
	while (m.n)
		unwatch(&m, &m.v[0]);
	free(m.v);
	udev_monitor_unref(m.events);
	udev_unref(m.udev);
	if (m.signals >= 0)
		close(m.signals);
	return ret;
}
