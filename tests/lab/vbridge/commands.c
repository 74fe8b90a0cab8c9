// SPDX-License-Identifier: GPL-2.0-or-later
/* What a running vbridge can be told. */
#include <stdarg.h>

#include "ctl.h"
#include "session.h"

/**
 * session_tell_waiting() - who waits for the box to be plugged in learns how that ended
 * @s: the run
 * @ret: 0 or an error
 * @fmt: in words
 */
void session_tell_waiting(struct session *s, int ret, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ctl_reply(s->waiting, ret, text);
	s->waiting = -1;
}

/* A command from the control socket. */
struct call {
	const char *arg;
	char *reply;
	size_t room;
};

static int cmd_status(struct session *s, struct call *call)
{
	const struct bfp *p = &s->box.chip.profile;
	size_t room = call->room, n;
	char *out = call->reply;
	char of_bus[256];
	u32 i;

	s->host->ops->status(s->host, of_bus, sizeof(of_bus));
	n = snprintf(out, room, "{\"chip\":\"%s\",\"bus\":\"%s\",\"plugged\":%s,\"busid\":\"%s\",",
		     bfp_string(p, bfp_header(p)->name), s->host->ops->bus,
		     s->host->fd >= 0 ? "true" : "false", s->host->busid);
	n += snprintf(out + n, room - n, "%s\"boots\":%s,\"vendor\":%llu,", of_bus,
		      s->box.boots ? "true" : "false",
		      (unsigned long long)s->box.vendor_seen);
	n += snprintf(out + n, room - n, "\"t\":%llu,\"n\":%llu,\"memories\":[",
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
	s->host->ops->hurry(s->host);
	s->host->ops->pump(s->host);
	session_follow(s);
	return box_apply_states(&s->box, call->reply, call->room);
}

static int leave(struct session *s, const char *why)
{
	s->why = why;
	s->leave = true;
	session_pull(s, why);
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
	session_pull(s, "unplug");
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
	if (s->host->fd < 0)
		return wait_for_plug(session_plug(s), call);
	snprintf(call->reply, call->room, "it is plugged in");
	return -EBUSY;
}

static int cmd_replug(struct session *s, struct call *call)
{
	return wait_for_plug(session_replug(s), call);
}

static int cmd_reset(struct session *s, struct call *call)
{
	if (!s->host->ops->reset_bus) {
		snprintf(call->reply, call->room, "a box does not reset this bus");
		return -EINVAL;
	}
	if (s->host->fd < 0) {
		snprintf(call->reply, call->room, "it is not plugged in");
		return -ENODEV;
	}
	return s->host->ops->reset_bus(s->host);
}

static int cmd_link(struct session *s, struct call *call)
{
	bool on = !strcmp(call->arg, "on");

	if (!s->host->ops->link) {
		snprintf(call->reply, call->room, "there is no link layer to switch on this bus");
		return -EINVAL;
	}
	if (!on && strcmp(call->arg, "off")) {
		snprintf(call->reply, call->room, "link %s: expected on or off", call->arg);
		return -EINVAL;
	}
	s->host->ops->link(s->host, on);
	return s->host->fd < 0 ? 0 : wait_for_plug(session_replug(s), call);
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
	{ "reset", false, cmd_reset },
	{ "link", true, cmd_link },
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

/**
 * session_serve() - somebody has connected to the control socket
 * @s: the run
 */
void session_serve(struct session *s)
{
	int fd = ctl_serve(s->listener, run_command, s);

	if (fd < 0)
		return;
	if (s->waiting >= 0)
		session_tell_waiting(s, -EBUSY, "another command came in between");
	s->waiting = fd;
}
