/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of an enclosure: in and out of the bus, and who waits for it. */
#ifndef VBRIDGE_SESSION_H
#define VBRIDGE_SESSION_H

#include "host.h"

/**
 * struct session - one run
 * @box: the enclosure
 * @host: its end of the cable
 * @opt: the command line
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
	struct host *host;
	struct options opt;
	bool announced;
	bool late;
	bool told_dead;
	u64 since_ms;
	int listener;
	int waiting;
	bool leave;
	const char *why;
};

/* session.c */
int session_plug(struct session *s);
void session_pull(struct session *s, const char *why);
int session_replug(struct session *s);
void session_announce(struct session *s);
void session_follow(struct session *s);
int session_timeout_ms(const struct session *s);

/* commands.c */
void session_serve(struct session *s);
void session_tell_waiting(struct session *s, int ret, const char *fmt, ...) __printf(3, 4);

#endif
