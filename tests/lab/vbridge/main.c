// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vbridge: a virtual enclosure. It plugs itself in, answers the host until
 * its cable is pulled, and may be told meanwhile what is to happen.
 */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "ctl.h"
#include "session.h"

#define EXIT_DEAD	3

static void run(struct session *s, int signals)
{
	const struct host_ops *ops = s->host->ops;
	struct pollfd p[3];
	char place[64];

	while (!s->leave) {
		p[0] = (struct pollfd){ .fd = signals, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = s->host->fd, .events = POLLIN };
		p[2] = (struct pollfd){ .fd = s->listener, .events = POLLIN };
		if (poll(p, 3, session_timeout_ms(s)) < 0 && errno != EINTR)
			break;
		if (p[0].revents) {
			s->why = "unplug";
			break;
		}
		if (p[1].revents && ops->receive(s->host)) {
			/* The host has let go: detached by hand, or its driver is gone. */
			ops->place(s->host, place, sizeof(place));
			fprintf(stderr, "vbridge: the host has detached %s\n", place);
			s->why = "detached";
			break;
		}
		ops->pump(s->host);
		session_follow(s);
		session_announce(s);
		if (p[2].revents && !s->leave)
			session_serve(s);
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
	char text[96];
	int ret;

	if (s->opt.control) {
		s->listener = ctl_listen(s->opt.control);
		if (s->listener < 0) {
			fprintf(stderr, "vbridge: %s: %s\n", s->opt.control,
				strerror(-s->listener));
			return s->listener;
		}
	}
	ret = s->host->ops->load(s->host);
	if (ret) {
		fprintf(stderr, "vbridge: no %s in this kernel: %s\n", s->host->ops->missing,
			strerror(-ret));
		return ret;
	}
	ret = session_plug(s);
	if (ret && ret != -EHOSTDOWN) {
		s->host->ops->plug_error(s->host, ret, text, sizeof(text));
		fprintf(stderr, "vbridge: %s\n", text);
	}
	return ret;
}

int main(int argc, char **argv)
{
	static struct session s = { .listener = -1, .waiting = -1, .why = "unplug" };
	struct loaded profile = { .data = NULL }, layout = { .data = NULL };
	char place[64];
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
	s.host = s.opt.bus == BOX_1394 ? fw_host(&s.opt, &s.box) : usb_host(&s.opt, &s.box);
	box_power_on(&s.box);
	ret = begin(&s);
	if (ret) {
		if (s.opt.control && s.listener >= 0)
			unlink(s.opt.control);
		return ret == -EHOSTDOWN ? EXIT_DEAD : 1;
	}

	run(&s, signals);

	session_pull(&s, s.why);
	s.host->ops->place(s.host, place, sizeof(place));
	printf("%s: %s%s%s (%s)\n", !strcmp(s.why, "unplug") ? "unplugged" : s.why,
	       *s.host->busid ? s.host->ops->bus : "before it had a name",
	       *s.host->busid ? " " : "", s.host->busid, place);
	if (s.opt.control)
		unlink(s.opt.control);
	return 0;
}
