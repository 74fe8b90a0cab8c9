// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * --all --chip NAME: the same command for each box, in a process of its own that
 * gives its result as JSON. What one of them does is exactly what the command does
 * for one box; here they are only started, watched, and counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "follow.h"
#include "many.h"
#include "output.h"
#include "state.h"
#include "write.h"

#define OUTPUT_MOST	(4 * 1024 * 1024)
#define DRAW_MS		250

/* --- one box ----------------------------------------------------------------- */

/* The process that works on a box: the command, for that box, told to scripts. */
static void __attribute__((noreturn)) work(struct many *m, struct many_box *box, int out, int err)
{
	struct bfw_error e = {};
	struct options o = *m->o;
	char *arg[3] = { box->b.name, o.args ? o.arg[0] : NULL, NULL };
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	/* the terminal's ^C is for the one that watches; it hands it on where that is safe */
	setpgid(0, 0);
	follow_patiently();
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);

	o.given = (o.given & ~(OPTION(ALL) | OPTION(CSV))) | OPTION(JSON) | m->more;
	o.progress = m->mode == PROGRESS_NONE ? PROGRESS_NONE : PROGRESS_PLAIN;
	/* with --all the argument of dump is a directory, which it takes as an option */
	if (m->run == cmd_dump) {
		o.output = o.args ? o.arg[0] : ".";
		arg[1] = NULL;
	}
	o.arg = arg;
	o.args = arg[1] ? 2 : 1;
	output_json(true);
	m->run(&o, &e);
	exit(output_end(&e));
}

static int start(struct many *m, struct many_box *box, struct bfw_error *e)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC))
		return bfw_fail_errno(e, BFW_FAILURE, errno, "pipe");
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return bfw_fail_errno(e, BFW_FAILURE, errno, "pipe");
	}
	fflush(NULL);
	box->began = seconds_now();
	box->pid = fork();
	if (!box->pid)
		work(m, box, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	if (box->pid < 0) {
		bfw_fail_errno(e, BFW_FAILURE, errno, "fork");
		close(out[0]);
		close(err[0]);
		return -1;
	}
	/* here as well: a signal may go to the group before the process has made it */
	setpgid(box->pid, box->pid);
	box->out.fd = out[0];
	box->err.fd = err[0];
	box->state = MANY_RUNS;
	m->running++;
	return 0;
}

static void grow(struct growing *g)
{
	char buf[4096];
	ssize_t n = read(g->fd, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close(g->fd);
		g->fd = -1;
		return;
	}
	if (g->len + n > OUTPUT_MOST)
		return;
	g->text = realloc(g->text, g->len + n + 1);
	if (!g->text)
		abort();
	memcpy(g->text + g->len, buf, n);
	g->len += n;
	g->text[g->len] = '\0';
}

/* The last whole line of the progress is what is shown; nothing else is kept. */
static bool grow_progress(struct many_box *box)
{
	struct growing *g = &box->err;
	char *end, *line;

	grow(g);
	end = g->text ? strrchr(g->text, '\n') : NULL;
	if (!end)
		return false;
	*end = '\0';
	line = strrchr(g->text, '\n');
	line = line ? line + 1 : g->text;
	text_put(box->shown, sizeof(box->shown), line);
	text_clean(box->shown);
	g->len -= end + 1 - g->text;
	memmove(g->text, end + 1, g->len + 1);
	return true;
}

static void outcome_from(struct many_box *box, struct json_object *doc)
{
	struct json_object *error = NULL;

	box->doc = doc;
	if (json_object_object_get_ex(doc, "error", &error)) {
		json_text(error, "reason", box->result, sizeof(box->result));
		json_text(error, "message", box->message, sizeof(box->message));
		return;
	}
	if (json_flag(doc, "dry_run"))
		text_put(box->result, sizeof(box->result), "ready");
	else
		text_put(box->result, sizeof(box->result),
			 json_flag(doc, "equal") ? "equal" : "done");
}

/* Both its pipes have ended: so has the process, or it does very soon. */
static void end(struct many *m, struct many_box *box)
{
	struct json_object *doc = NULL;
	int status = 0;

	while (waitpid(box->pid, &status, 0) < 0 && errno == EINTR)
		;
	box->seconds = seconds_now() - box->began;
	box->state = MANY_ENDED;
	m->running--;
	if (box->out.text)
		doc = json_tokener_parse(box->out.text);
	if (WIFEXITED(status) && json_object_is_type(doc, json_type_object)) {
		box->code = WEXITSTATUS(status);
		outcome_from(box, doc);
	} else {
		json_object_put(doc);
		box->code = BFW_FAILURE;
		text_put(box->result, sizeof(box->result), m->stops ? "interrupted" : "crashed");
		snprintf(box->message, sizeof(box->message), m->stops ?
			 "%s: ended before anything was written" :
			 "%s: its process ended without a result; see `bridgefwctl status`",
			 box->b.name);
	}
	free(box->out.text);
	free(box->err.text);
	box->out.text = NULL;
	box->err.text = NULL;
	many_tell_end(m, box);
}

/* --- all of them ------------------------------------------------------------- */

/*
 * At first no box is begun any more, and the reads end; writes go on, and are
 * waited for. Who insists ends the waiting, too: the kernel writes on.
 */
static void stop(struct many *m)
{
	struct signalfd_siginfo info;
	size_t i;

	if (read(m->signals, &info, sizeof(info)) != sizeof(info))
		return;
	m->stops++;
	for (i = 0; i < m->n; i++)
		if (m->v[i].state == MANY_RUNS)
			kill(m->v[i].pid, m->stops > 1 ? SIGTERM : SIGINT);
	if (m->stops == 1 && m->mode != PROGRESS_NONE) {
		many_draw(m, false);
		fprintf(stderr, "Interrupted: no other box is begun; writes go on to their end.\n");
	}
}

static void begin_some(struct many *m)
{
	struct bfw_error e = {};
	size_t i;

	for (i = 0; i < m->n; i++) {
		struct many_box *box = &m->v[i];

		if (box->state != MANY_WAITS)
			continue;
		if (m->stops) {
			box->state = MANY_ENDED;
			box->code = BFW_FAILURE;
			text_put(box->result, sizeof(box->result), "interrupted");
			snprintf(box->message, sizeof(box->message), "%s: was not begun",
				 box->b.name);
		} else if (m->running < m->o->jobs && start(m, box, &e)) {
			box->state = MANY_ENDED;
			box->code = e.code;
			text_put(box->result, sizeof(box->result), e.reason);
			text_put(box->message, sizeof(box->message), e.message);
		}
	}
	bfw_error_clear(&e);
}

static void watch(struct many *m, struct pollfd *p)
{
	size_t i;

	p[0] = (struct pollfd){ .fd = m->signals, .events = POLLIN };
	for (i = 0; i < m->n; i++) {
		struct many_box *box = &m->v[i];
		bool runs = box->state == MANY_RUNS;

		p[1 + 2 * i] = (struct pollfd){ .fd = runs ? box->out.fd : -1, .events = POLLIN };
		p[2 + 2 * i] = (struct pollfd){ .fd = runs ? box->err.fd : -1, .events = POLLIN };
	}
	if (poll(p, 1 + 2 * m->n, DRAW_MS) < 0)
		return;
	if (p[0].revents)
		stop(m);
	for (i = 0; i < m->n; i++) {
		struct many_box *box = &m->v[i];

		if (box->state != MANY_RUNS)
			continue;
		if (p[1 + 2 * i].revents)
			grow(&box->out);
		if (p[2 + 2 * i].revents && grow_progress(box) && m->mode == PROGRESS_PLAIN)
			fprintf(stderr, "%s: %s\n", box->b.name, box->shown);
		if (box->out.fd < 0 && box->err.fd < 0)
			end(m, box);
	}
	many_draw(m, true);
}

static void run_all(struct many *m)
{
	struct pollfd *p = xalloc((1 + 2 * m->n) * sizeof(*p));
	sigset_t set, before;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, &before);
	m->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	begin_some(m);
	while (m->running) {
		watch(m, p);
		begin_some(m);
	}
	many_draw(m, false);
	if (m->signals >= 0)
		close(m->signals);
	/* a ^C while nothing runs is an ordinary one again */
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(p);
}

static void forget(struct many *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		json_object_put(m->v[i].doc);
		m->v[i] = (struct many_box){ .b = m->v[i].b, .out.fd = -1, .err.fd = -1 };
	}
}

static int find_boxes(struct many *m, struct bfw_error *e)
{
	struct bridge_list l;
	size_t i;

	if (bridge_list_read(&l, e))
		return -1;
	for (i = 0; i < l.n; i++) {
		if (strcmp(l.v[i].chip, m->o->chip))
			continue;
		m->v = xgrow(m->v, m->n, sizeof(*m->v));
		m->v[m->n++] = (struct many_box){ .b = l.v[i], .out.fd = -1, .err.fd = -1 };
	}
	bridge_list_free(&l);
	if (m->n)
		return 0;
	bfw_fail(e, BFW_NO_DEVICE, "no-device", "no bridge with the chip %s is there", m->o->chip);
	bfw_next(e, "`bridgefwctl list` shows those that are there.");
	return -1;
}

static bool writes(const struct many *m)
{
	return m->run == cmd_flash || m->run == cmd_restore;
}

/* Those that write show first what they would do, to somebody who may then say yes. */
static int ask(struct many *m, struct bfw_error *e)
{
	size_t i, ready = 0;
	char *question;
	bool yes;

	if (!ask_possible()) {
		bfw_fail(e, BFW_REFUSED, "confirm",
			 "nobody is here to confirm it. Nothing was written");
		bfw_next(e, "Use --yes if all of them are to be written without asking.");
		return -1;
	}
	m->more = OPTION(DRY_RUN);
	run_all(m);
	many_table(m);
	for (i = 0; i < m->n; i++)
		ready += m->v[i].code == BFW_OK;
	if (m->stops || !ready)
		return many_outcome(m, e) ? -1 : bfw_fail(e, BFW_NOTHING_TO_DO, "same",
							   "there is nothing to write");
	question = xprintf("Write to %zu of %zu boxes? (yes/no)", ready, m->n);
	yes = ask_yes(question);
	free(question);
	if (!yes)
		return bfw_fail(e, BFW_REFUSED, "confirm", "you did not say yes. Nothing was written");
	forget(m);
	return 0;
}

static int check(const struct options *o, int (*run)(struct options *o, struct bfw_error *e),
		 struct bfw_error *e)
{
	const char *what = NULL;

	if (!o->chip)
		what = "--all takes --chip NAME: what fits one chip does not fit another";
	else if (given(o, OPTION(FORCE)))
		what = "--force and --all do not go together: no file is ever replaced";
	else if (given(o, OPTION(CSV)) && given(o, OPTION(JSON)))
		what = "--csv and --json both want standard output";
	else if (o->args > 1 || (run == cmd_restore && o->args))
		what = "with --all no box and no backup is named";
	if (what)
		return bfw_fail(e, BFW_USAGE, "usage", "%s", what);
	if (!given(o, OPTION(CLONE_IDENTITY)))
		return 0;
	bfw_fail(e, BFW_REFUSED, "identity",
		 "--clone-identity would give all boxes one serial or GUID. Nothing was written");
	bfw_next(e, "Without it each box keeps its own. To clone one, name that box.");
	return -1;
}

/**
 * many_run() - a command for all boxes with one chip
 * @o: options; OPTION(ALL) is given
 * @run: the command
 * @doing: "reading"
 * @e: what failed
 *
 * Return: 0 if all went well, or -1
 */
int many_run(struct options *o, int (*run)(struct options *o, struct bfw_error *e),
	     const char *doing, struct bfw_error *e)
{
	struct many m = { .o = o, .run = run, .doing = doing, .signals = -1 };
	int ret = -1;

	if (check(o, run, e) || find_boxes(&m, e))
		goto out;
	m.mode = o->progress;
	if (m.mode == PROGRESS_AUTO && output_is_json())
		m.mode = PROGRESS_NONE;
	else if (m.mode == PROGRESS_AUTO)
		m.mode = isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_PLAIN;
	if (writes(&m) && !given(o, OPTION(DRY_RUN)) && !given(o, OPTION(YES)) && ask(&m, e))
		goto out;
	m.more = writes(&m) ? OPTION(YES) : 0;
	run_all(&m);
	many_rows(&m);
	ret = many_outcome(&m, e);
out:
	forget(&m);
	free(m.v);
	return ret;
}
