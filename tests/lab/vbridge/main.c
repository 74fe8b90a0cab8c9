// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vbridge: a virtual enclosure. It plugs itself in, answers the host until
 * its cable is pulled, and may be told meanwhile what is to happen.
 */
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "options.h"
#include "usbip.h"
#include "vhci.h"

#define LOOK_MS		10	/* how often to look whether the host has configured it */
#define LOOK_LATER_MS	200	/* and after it has been said that it has not */
#define GONE_MS		5000	/* how long the host may take to let go */

#define EXIT_DEAD	3

/**
 * struct session - one run
 * @box: the enclosure
 * @usbip: its end of the cable
 * @opt: the command line
 * @port: where it is plugged in
 * @busid: what the host calls it; "": not yet known
 * @announced: that it is plugged in has been told
 * @late: that it is not has been told
 * @told_dead: that the chip is dead has been told
 * @since_ms: when it was plugged in
 * @listener: socket for commands; -1: none
 * @waiting: who wants to know when it is plugged in; -1: nobody
 * @leave: the run is over
 * @why: it has ended: for the message
 */
struct session {
	struct box box;
	struct usbip usbip;
	struct options opt;
	int port;
	char busid[VHCI_BUSID];
	bool announced;
	bool late;
	bool told_dead;
	u64 since_ms;
	int listener;
	int waiting;
	bool leave;
	const char *why;
};

static void tell_waiting(struct session *s, int ret, const char *fmt, ...)
	__printf(3, 4);

static void tell_waiting(struct session *s, int ret, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ctl_reply(s->waiting, ret, text);
	s->waiting = -1;
}

static void nap(u32 ms)
{
	struct timespec ts = { .tv_nsec = ms * 1000000l };

	nanosleep(&ts, NULL);
}

static void tell_dead(struct session *s)
{
	if (s->told_dead)
		return;
	s->told_dead = true;
	trace_note(&s->box.trace, model_clock_us(&s->box.clock), "dead", "no valid firmware");
	printf("dead: no valid firmware, and no way back\n");
	fflush(stdout);
}

static int plug(struct session *s)
{
	const struct identity *id = &s->box.identity;
	char text[64];
	int fd, ret;

	box_plug_in(&s->box);
	if (s->box.dead) {
		tell_dead(s);
		return -EHOSTDOWN;
	}
	s->told_dead = false;
	snprintf(text, sizeof(text), "%04x:%04x bcd %04x", id->vendor, id->product, id->bcd);
	/* Where it was before, if that place is still free. */
	ret = vhci_attach(s->opt.port >= 0 ? s->opt.port : s->port, s->box.clock.speed, &fd);
	if (ret == -EBUSY && s->opt.port < 0 && s->port >= 0)
		ret = vhci_attach(-1, s->box.clock.speed, &fd);
	if (ret < 0)
		return ret;
	trace_plug(&s->box.trace, model_clock_us(&s->box.clock), text, s->box.boots);
	usbip_plug(&s->usbip, fd);
	s->port = ret;
	s->busid[0] = 0;
	s->announced = false;
	s->late = false;
	s->since_ms = now_ms();
	return 0;
}

/* Out of the port, and the host has taken notice. */
static void pull(struct session *s, const char *why)
{
	u64 since = now_ms();

	if (s->usbip.fd < 0)
		return;
	usbip_unplug(&s->usbip);
	trace_note(&s->box.trace, model_clock_us(&s->box.clock), why, s->busid);
	while ((!vhci_free(s->port) || (s->busid[0] && vhci_present(s->busid))) &&
	       now_ms() - since < GONE_MS)
		nap(LOOK_MS);
	tell_waiting(s, -ENODEV, "%s before the host had configured it", why);
}

static int replug(struct session *s)
{
	int ret;

	pull(s, "unplug");
	ret = plug(s);
	if (ret && ret != -EHOSTDOWN)
		fprintf(stderr, "vbridge: cannot plug in again: %s\n", strerror(-ret));
	return ret;
}

/* Tells that the host has configured the device, or after a while that it has not. */
static void announce(struct session *s)
{
	const struct identity *id = &s->box.identity;

	if (s->announced || s->usbip.fd < 0)
		return;
	if (s->box.configured && vhci_busid(s->port, s->busid) && vhci_enumerated(s->busid)) {
		printf("plugged in: usb %s (vhci port %d) %04x:%04x bcd %04x\n", s->busid,
		       s->port, id->vendor, id->product, id->bcd);
		fflush(stdout);
		tell_waiting(s, 0, "%s", s->busid);
		s->announced = true;
	} else if (!s->late && now_ms() - s->since_ms > s->opt.patience_ms) {
		printf("not configured: vhci port %d, after %u ms and %llu transfers\n", s->port,
		       s->opt.patience_ms, (unsigned long long)s->usbip.urbs);
		fflush(stdout);
		tell_waiting(s, -ENODEV, "the host has not configured it");
		s->late = true;
	}
}

static void follow(struct session *s)
{
	enum box_next next = s->box.next;

	s->box.next = BOX_GO_ON;
	switch (next) {
	case BOX_GO_ON:
		break;
	case BOX_UNPLUG:
		s->why = "unplug";
		s->leave = true;
		break;
	case BOX_POWER_OFF:
		s->why = "powercut";
		s->leave = true;
		break;
	case BOX_REENUMERATE:
		switch (replug(s)) {
		case 0:
		case -EHOSTDOWN:	/* dead, and can still be asked about */
			break;
		default:
			s->leave = true;
		}
		break;
	}
}

/* A command from the control socket. */
struct call {
	const char *arg;
	char *reply;
	size_t room;
};

static int cmd_status(struct session *s, struct call *call)
{
	const struct identity *id = &s->box.identity;
	const struct bfp *p = &s->box.chip.profile;
	size_t room = call->room, n;
	char *out = call->reply;
	u32 i;

	n = snprintf(out, room,
		     "{\"chip\":\"%s\",\"plugged\":%s,\"port\":%d,\"busid\":\"%s\",",
		     bfp_string(p, bfp_header(p)->name), s->usbip.fd >= 0 ? "true" : "false",
		     s->port, s->busid);
	n += snprintf(out + n, room - n, "\"boots\":%s,\"vendor\":%llu,",
		      s->box.boots ? "true" : "false",
		      (unsigned long long)s->box.vendor_seen);
	n += snprintf(out + n, room - n,
		      "\"ids\":\"%04x:%04x\",\"bcd\":\"%04x\",\"t\":%llu,\"n\":%llu,\"memories\":[",
		      id->vendor, id->product, id->bcd,
		      (unsigned long long)model_clock_us(&s->box.clock),
		      (unsigned long long)s->box.trace.n);
	for (i = 0; i < s->box.chip.memories && n < room; i++) {
		const struct model_memory *m = &s->box.chip.memory[i];

		n += snprintf(out + n, room - n, "%s{\"name\":\"%s\",\"length\":%u,", i ? "," : "",
			      m->name, m->length);
		if (m->part && n < room)
			n += snprintf(out + n, room - n,
				      "\"part\":\"%s\",\"erases\":%llu,\"programmed\":%llu}",
				      m->part->name, (unsigned long long)m->erases,
				      (unsigned long long)m->programmed);
		else if (n < room)
			n += snprintf(out + n, room - n, "\"pages\":%llu}",
				      (unsigned long long)m->pages);
	}
	if (n < room)
		snprintf(out + n, room - n, "]}");
	return 0;
}

static int cmd_count(struct session *s, struct call *call)
{
	snprintf(call->reply, call->room, "%llu", (unsigned long long)s->box.vendor_seen);
	return 0;
}

static int cmd_faults(struct session *s, struct call *call)
{
	size_t n = 0;
	u32 i;

	for (i = 0; i < s->box.faults.count && n < call->room; i++) {
		const struct fault *f = &s->box.faults.list[i];

		n += snprintf(call->reply + n, call->room - n, "%s%s seen %u hit %u",
			      n ? "\n" : "", f->text, f->seen, f->hits);
	}
	return 0;
}

static int cmd_fault(struct session *s, struct call *call)
{
	char ignored[64];
	int ret;

	ret = faults_add(&s->box.faults, call->arg, call->reply, call->room);
	if (ret)
		return ret;
	ret = box_apply_states(&s->box, call->reply, call->room);
	if (ret) {
		s->box.faults.count--;
		box_apply_states(&s->box, ignored, sizeof(ignored));
	}
	return ret;
}

static int cmd_clear(struct session *s, struct call *call)
{
	s->box.faults.count = 0;
	usbip_hurry(&s->usbip);
	usbip_pump(&s->usbip);
	follow(s);
	return box_apply_states(&s->box, call->reply, call->room);
}

static int leave(struct session *s, const char *why)
{
	s->why = why;
	s->leave = true;
	pull(s, why);
	return 0;
}

static int cmd_unplug(struct session *s, struct call *call)
{
	(void)call;
	return leave(s, "unplug");
}

static int cmd_powercut(struct session *s, struct call *call)
{
	(void)call;
	return leave(s, "powercut");
}

static int cmd_pull(struct session *s, struct call *call)
{
	(void)call;
	pull(s, "unplug");
	return 0;
}

static int wait_for_plug(int ret, struct call *call)
{
	if (!ret)
		return CTL_LATER;
	if (ret == -EHOSTDOWN)
		snprintf(call->reply, call->room, "the chip is dead");
	else
		snprintf(call->reply, call->room, "cannot plug in: %s", strerror(-ret));
	return ret;
}

static int cmd_plug(struct session *s, struct call *call)
{
	if (s->usbip.fd < 0)
		return wait_for_plug(plug(s), call);
	snprintf(call->reply, call->room, "it is plugged in");
	return -EBUSY;
}

static int cmd_replug(struct session *s, struct call *call)
{
	return wait_for_plug(replug(s), call);
}

static const struct command_name {
	const char *name;
	bool arg;
	int (*run)(struct session *s, struct call *call);
} commands[] = {
	{ "status", false, cmd_status },
	{ "count", false, cmd_count },
	{ "faults", false, cmd_faults },
	{ "fault", true, cmd_fault },
	{ "clear", false, cmd_clear },
	{ "unplug", false, cmd_unplug },
	{ "powercut", false, cmd_powercut },
	{ "pull", false, cmd_pull },
	{ "plug", false, cmd_plug },
	{ "replug", false, cmd_replug },
};

static int run_command(void *ctx, char *line, char *reply, size_t room)
{
	struct call call = { .reply = reply, .room = room };
	char *arg = strchr(line, ' ');
	u32 i;

	if (arg)
		*arg++ = 0;
	call.arg = arg;
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(line, commands[i].name) && commands[i].arg == !!arg)
			return commands[i].run(ctx, &call);
	snprintf(reply, room, "unknown command '%s'", line);
	return -EINVAL;
}

static void serve_command(struct session *s)
{
	int fd = ctl_serve(s->listener, run_command, s);

	if (fd < 0)
		return;
	if (s->waiting >= 0)
		tell_waiting(s, -EBUSY, "another command came in between");
	s->waiting = fd;
}

static int timeout(const struct session *s)
{
	int ms = usbip_timeout_ms(&s->usbip);
	int look = s->late ? LOOK_LATER_MS : LOOK_MS;

	if (!s->announced && s->usbip.fd >= 0 && (ms < 0 || ms > look))
		ms = look;
	return ms;
}

static void run(struct session *s, int signals)
{
	struct pollfd p[3];

	while (!s->leave) {
		p[0] = (struct pollfd){ .fd = signals, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = s->usbip.fd, .events = POLLIN };
		p[2] = (struct pollfd){ .fd = s->listener, .events = POLLIN };
		if (poll(p, 3, timeout(s)) < 0 && errno != EINTR)
			break;
		if (p[0].revents) {
			s->why = "unplug";
			break;
		}
		if (p[1].revents && usbip_receive(&s->usbip)) {
			/* The host has let go: detached by hand, or its driver is gone. */
			fprintf(stderr, "vbridge: the host has detached vhci port %d\n", s->port);
			s->why = "detached";
			break;
		}
		usbip_pump(&s->usbip);
		follow(s);
		announce(s);
		if (p[2].revents && !s->leave)
			serve_command(s);
	}
}

static int signals_as_file(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int begin(struct session *s)
{
	int ret;

	if (s->opt.control) {
		s->listener = ctl_listen(s->opt.control);
		if (s->listener < 0) {
			fprintf(stderr, "vbridge: %s: %s\n", s->opt.control,
				strerror(-s->listener));
			return s->listener;
		}
	}
	if (s->box.dead) {
		tell_dead(s);
		return -EHOSTDOWN;
	}
	ret = vhci_load();
	if (ret) {
		fprintf(stderr, "vbridge: no vhci_hcd in this kernel: %s\n", strerror(-ret));
		return ret;
	}
	ret = plug(s);
	if (ret == -EBUSY)
		fprintf(stderr, s->opt.port < 0 ?
			"vbridge: every port of the virtual host controller is taken\n" :
			"vbridge: the port is taken\n");
	else if (ret == -EINVAL && s->opt.port >= 0)
		fprintf(stderr, "vbridge: there is no port %d for a USB 2.0 device\n",
			s->opt.port);
	else if (ret)
		fprintf(stderr, "vbridge: cannot plug in: %s\n", strerror(-ret));
	return ret;
}

int main(int argc, char **argv)
{
	static struct session s = { .listener = -1, .waiting = -1, .port = -1, .why = "unplug" };
	struct loaded profile = { .data = NULL }, layout = { .data = NULL };
	int signals, ret;

	if (argc > 1 && !strcmp(argv[1], "ctl"))
		return ctl_client(argc - 2, argv + 2);
	s.box.trace.fd = -1;
	ret = options_parse(&s.opt, &s.box, argc, argv);
	if (ret)
		return ret < 0 ? 2 : 0;
	signals = signals_as_file();
	if (signals < 0 || options_build(&s.opt, &s.box, &profile, &layout))
		return 1;
	usbip_init(&s.usbip, &s.box);
	box_power_on(&s.box);
	ret = begin(&s);
	if (ret) {
		if (s.opt.control && s.listener >= 0)
			unlink(s.opt.control);
		return ret == -EHOSTDOWN ? EXIT_DEAD : 1;
	}

	run(&s, signals);

	pull(&s, s.why);
	printf("%s: %s%s (vhci port %d)\n", !strcmp(s.why, "unplug") ? "unplugged" : s.why,
	       *s.busid ? "usb " : "before it had a name", s.busid, s.port);
	if (s.opt.control)
		unlink(s.opt.control);
	return 0;
}
