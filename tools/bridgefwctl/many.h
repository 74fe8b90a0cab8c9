/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One command for many boxes at once: --all --chip NAME. */
#ifndef BRIDGEFWCTL_MANY_H
#define BRIDGEFWCTL_MANY_H

#include <stdbool.h>
#include <sys/types.h>

#include "bridge.h"
#include "command.h"
#include "text.h"

struct json_object;

/**
 * struct growing - what comes out of a pipe
 * @fd: -1 once it has ended
 * @text: so far, with a zero behind it
 * @len: its bytes
 */
struct growing {
	int fd;
	char *text;
	size_t len;
};

/**
 * enum many_state - how far a box is
 * @MANY_WAITS: for its turn
 * @MANY_RUNS: a process works on it
 * @MANY_ENDED: its outcome is known
 */
enum many_state {
	MANY_WAITS,
	MANY_RUNS,
	MANY_ENDED,
};

/**
 * struct many_box - one box and what becomes of it
 * @b: the bridge, as it was at the start
 * @state: how far it is
 * @pid: of the process that works on it
 * @out: its result
 * @err: its progress
 * @shown: the last line of that
 * @code: exit status
 * @result: one word: "done", "ready", "same", "equal" or the reason of the failure
 * @message: the sentence for people
 * @doc: the whole result; NULL if there is none
 * @began: seconds
 * @seconds: that it took
 */
struct many_box {
	struct bridge b;
	enum many_state state;
	pid_t pid;
	struct growing out;
	struct growing err;
	char shown[128];
	int code;
	char result[24];
	char message[512];
	struct json_object *doc;
	double began;
	double seconds;
};

/**
 * struct many - all of them
 * @o: options as given
 * @run: what each process runs
 * @doing: "writing"
 * @more: OPTION() that each gets besides those given
 * @mode: how progress is shown
 * @v: the boxes
 * @n: how many
 * @running: of these at this moment
 * @signals: a descriptor for SIGINT and the like
 * @stops: how often somebody wanted it to end
 * @drawn: lines on the terminal that are drawn anew
 */
struct many {
	const struct options *o;
	int (*run)(struct options *o, struct bfw_error *e);
	const char *doing;
	unsigned long more;
	enum progress_mode mode;
	struct many_box *v;
	size_t n;
	size_t running;
	int signals;
	int stops;
	size_t drawn;
};

/* many.c */
int many_run(struct options *o, int (*run)(struct options *o, struct bfw_error *e),
	     const char *doing, struct bfw_error *e);

/* many_show.c */
void many_draw(struct many *m, bool again);
void many_tell_end(struct many *m, struct many_box *box);
void many_table(const struct many *m);
void many_rows(struct many *m);
int many_outcome(const struct many *m, struct bfw_error *e);

#endif
