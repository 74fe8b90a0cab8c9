// SPDX-License-Identifier: GPL-2.0-or-later
/* One run of an enclosure: in and out of the bus, whatever bus it is. */
#include "session.h"
#include "wall.h"

#define LOOK_MS		10	/* how often to look whether the host has got to know it */
#define LOOK_LATER_MS	200	/* and after it has been said that it has not */

static void tell_dead(struct session *s)
{
	if (s->told_dead)
		return;
	s->told_dead = true;
	trace_note(&s->box.trace, model_clock_us(&s->box.clock), "dead", "no valid firmware");
	printf("dead: no valid firmware, and no way back\n");
	fflush(stdout);
}

/**
 * session_plug() - the cable goes in, and the chip is reset
 * @s: the run
 *
 * Return: 0, -EHOSTDOWN if nothing in the box answers on this bus, or why it cannot be
 * plugged in.
 */
int session_plug(struct session *s)
{
	char text[64];
	int ret;

	box_plug_in(&s->box);
	if (s->box.dead)
		tell_dead(s);
	else
		s->told_dead = false;
	ret = s->host->ops->plug(s->host);
	if (ret)
		return ret;
	s->host->ops->shows(s->host, text, sizeof(text));
	trace_plug(&s->box.trace, model_clock_us(&s->box.clock), text, s->box.boots);
	s->host->busid[0] = 0;
	s->host->transfers = 0;
	s->announced = false;
	s->late = false;
	s->since_ms = now_ms();
	return 0;
}

/**
 * session_pull() - the cable is out, and the host has taken notice
 * @s: the run
 * @why: what it was, for the trace
 */
void session_pull(struct session *s, const char *why)
{
	if (s->host->fd < 0)
		return;
	trace_note(&s->box.trace, model_clock_us(&s->box.clock), why, s->host->busid);
	s->host->ops->unplug(s->host);
	session_tell_waiting(s, -ENODEV, "%s before the host had configured it", why);
}

/**
 * session_replug() - out and in again
 * @s: the run
 *
 * Return: as of session_plug().
 */
int session_replug(struct session *s)
{
	char text[96];
	int ret;

	session_pull(s, "unplug");
	ret = session_plug(s);
	if (ret && ret != -EHOSTDOWN) {
		s->host->ops->plug_error(s->host, ret, text, sizeof(text));
		fprintf(stderr, "vbridge: cannot plug in again: %s\n", text);
	}
	return ret;
}

/**
 * session_announce() - tell that the host knows the box, or after a while that it does not
 * @s: the run
 */
void session_announce(struct session *s)
{
	struct host *h = s->host;
	char place[64], shows[64];

	if (s->announced || h->fd < 0)
		return;
	if (h->ops->settled(h)) {
		h->ops->place(h, place, sizeof(place));
		h->ops->shows(h, shows, sizeof(shows));
		printf("plugged in: %s %s (%s) %s\n", h->ops->bus, h->busid, place, shows);
		fflush(stdout);
		session_tell_waiting(s, 0, "%s", h->busid);
		s->announced = true;
	} else if (!s->late && now_ms() - s->since_ms > s->opt.patience_ms) {
		h->ops->place(h, place, sizeof(place));
		printf("not configured: %s, after %u ms and %llu transfers\n", place,
		       s->opt.patience_ms, (unsigned long long)h->transfers);
		fflush(stdout);
		session_tell_waiting(s, -ENODEV, "the host has not configured it");
		s->late = true;
	}
}

/**
 * session_follow() - do what the box does next, beside answering
 * @s: the run
 */
void session_follow(struct session *s)
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
	case BOX_RESET_BUS:
		/* A fault that only a bus with such resets has. */
		s->host->ops->reset_bus(s->host);
		break;
	case BOX_REENUMERATE:
		switch (session_replug(s)) {
		case 0:
		case -EHOSTDOWN:	/* dead, and can still be asked about */
			break;
		default:
			s->leave = true;
		}
		break;
	}
}

/**
 * session_timeout_ms() - how long to wait for something to happen
 * @s: the run
 *
 * Return: milliseconds, or -1: until something does.
 */
int session_timeout_ms(const struct session *s)
{
	int ms = s->host->ops->timeout_ms(s->host);
	int look = s->late ? LOOK_LATER_MS : LOOK_MS;

	if (!s->announced && s->host->fd >= 0 && (ms < 0 || ms > look))
		ms = look;
	return ms;
}
