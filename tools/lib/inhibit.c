// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A lock of logind against shutdown, sleep and the lid switch. It is held by a
 * file descriptor, so that it ends with this process, however that ends.
 *
 * libsystemd is loaded when it is needed: a system without it can be repaired,
 * too, and neither reading nor listing waits for a library that only writes use.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "inhibit.h"
#include "text.h"

#define WHAT		"shutdown:sleep:idle:handle-lid-switch"
/* A bus that hangs must not keep a repair waiting. */
#define ANSWER_USEC	(5 * 1000 * 1000)

/* What is called of libsystemd, by the types of its own header. */
struct bus_calls {
	typeof(sd_bus_open_system) *open;
	typeof(sd_bus_set_method_call_timeout) *patience;
	typeof(sd_bus_call_method) *call;
	typeof(sd_bus_message_read) *read;
	typeof(sd_bus_message_unref) *unref;
	typeof(sd_bus_error_free) *error_free;
	typeof(sd_bus_flush_close_unref) *close;
};

static bool calls_load(struct bus_calls *c)
{
	/* it stays loaded: libraries with variables of threads do not like to go */
	void *library = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
	c->open = dlsym(library, "sd_bus_open_system");
	c->patience = dlsym(library, "sd_bus_set_method_call_timeout");
	c->call = dlsym(library, "sd_bus_call_method");
	c->read = dlsym(library, "sd_bus_message_read");
	c->unref = dlsym(library, "sd_bus_message_unref");
	c->error_free = dlsym(library, "sd_bus_error_free");
	c->close = dlsym(library, "sd_bus_flush_close_unref");
	return c->open && c->patience && c->call && c->read && c->unref && c->error_free &&
	       c->close;
}

static void no_lock(struct inhibit *i, const char *what, const char *why)
{
	snprintf(i->why_not, sizeof(i->why_not), "%s: %s", what, why);
	text_clean(i->why_not);
}

/* The descriptor in the answer belongs to the message: a copy outlives it. */
static void ask_logind(struct bus_calls *c, sd_bus *bus, const char *why, struct inhibit *i)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *answer = NULL;
	int ret, fd;

	c->patience(bus, ANSWER_USEC);
	ret = c->call(bus, "org.freedesktop.login1", "/org/freedesktop/login1",
		      "org.freedesktop.login1.Manager", "Inhibit", &error, &answer, "ssss",
		      WHAT, "bridgefwctl", why, "block");
	if (ret < 0) {
		no_lock(i, "logind", error.message ? error.message : strerror(-ret));
	} else {
		ret = c->read(answer, "h", &fd);
		if (ret > 0)
			i->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		if (i->fd < 0)
			no_lock(i, "logind", "no descriptor came back");
	}
	c->error_free(&error);
	c->unref(answer);
}

/**
 * inhibit_take() - keep the system from shutting down and from sleeping
 * @i: filled in; inhibit_release() ends it
 * @why: shown to whoever wants to shut down
 *
 * Return: whether there is a lock; if not, @i->why_not tells why
 */
bool inhibit_take(struct inhibit *i, const char *why)
{
	struct bus_calls c = {};
	sd_bus *bus = NULL;
	int ret;

	*i = INHIBIT_NONE;
	if (!calls_load(&c)) {
		no_lock(i, "libsystemd.so.0", "not there, or too old");
		return false;
	}
	ret = c.open(&bus);
	if (ret < 0)
		no_lock(i, "the system bus", strerror(-ret));
	else
		ask_logind(&c, bus, why, i);
	c.close(bus);
	return i->fd >= 0;
}

/**
 * inhibit_release() - the system may do again what it likes
 * @i: the lock; one that was never had does no harm
 */
void inhibit_release(struct inhibit *i)
{
	if (i->fd >= 0)
		close(i->fd);
	i->fd = -1;
}
