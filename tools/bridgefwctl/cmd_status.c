// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl status: the present or last job, and the last write at the port */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "device.h"
#include "follow.h"
#include "handover.h"
#include "output.h"
#include "reason.h"
#include "show.h"

static void show_status(const struct bridge *b, const struct bridgefw_status *s)
{
	say("%s: %s", b->name, state_word(s->state));
	if (s->job != BRIDGEFW_JOB_NONE)
		say("; %s %s", s->state == BRIDGEFW_STATE_BUSY ? "job" : "last job",
		    job_word(s->job));
	if (s->state == BRIDGEFW_STATE_BUSY && s->total)
		say(" %llu/%llu bytes", (unsigned long long)s->done,
		    (unsigned long long)s->total);
	if (s->reason)
		say(", failed: %s", reason_word(s->reason));
	say("\n");
	if (s->text[0])
		say("  %s\n", s->text);
	doc_text("state", state_word(s->state));
	doc_text("job", job_word(s->job));
	doc_text("reason", reason_word(s->reason));
	doc_text("content", content_word(s->content));
	doc_number("done", s->done);
	doc_number("total", s->total);
	doc_number("job_serial", s->serial);
	doc_text("text", s->text);
}

/* The tool that started the job may have been stopped before its end: complete its entry. */
static void settle(struct journal *j, const struct bridgefw_status *s)
{
	static const enum journal_state states[] = {
		[BRIDGEFW_CONTENT_UNKNOWN] = JOURNAL_UNKNOWN,
		[BRIDGEFW_CONTENT_OLD] = JOURNAL_FAILED,
		[BRIDGEFW_CONTENT_NEW] = JOURNAL_DONE,
		[BRIDGEFW_CONTENT_MIXED] = JOURNAL_MIXED,
		[BRIDGEFW_CONTENT_BLANK] = JOURNAL_ERASED,
	};
	struct bfw_error e = {};
	char boot[40];

	boot_id_read(boot, sizeof(boot));
	if (j->state != JOURNAL_WRITING || strcmp(j->boot_id, boot) ||
	    j->job_serial != s->serial || s->state == BRIDGEFW_STATE_BUSY ||
	    !job_writes(s->job) || s->content >= ARRAY_SIZE(states))
		return;
	if (journal_end(j, states[s->content], s->reason ? reason_word(s->reason) : "",
			s->text, &e) && e.code != BFW_PERMISSION)
		bfw_warn("the journal could not be brought up to date: %s", e.message);
	bfw_error_clear(&e);
}

static void show_journal(const struct bridge *b, const struct bridgefw_status *s)
{
	char place[80], text[1024];
	struct journal j;

	if (!journal_at(b->bus_id, b->path_id, &j))
		return;
	settle(&j, s);
	say("  last write at this port: %s of %s on %s, %s\n", j.job, j.memory, j.started,
	    journal_state_word(j.state));
	advise_journal(&j, place_of(b, place, sizeof(place)), text, sizeof(text));
	if (s->state != BRIDGEFW_STATE_BUSY)
		say_line("  ", text);
	doc_add("journal", journal_json(&j));
}

static int wait_end(struct device *d, const struct options *o, struct bridgefw_status *s,
		    struct bfw_error *e)
{
	struct inhibit awake = INHIBIT_NONE;
	int ret;

	if (s->state != BRIDGEFW_STATE_BUSY)
		return 0;
	follow_signals();
	/* whoever started it may be gone, and its lock with it */
	if (job_writes(s->job))
		inhibit_hold(&awake, s->job == BRIDGEFW_JOB_RESTORE ? "restoring" :
			     s->job == BRIDGEFW_JOB_ERASE ? "erasing" : "writing", "memory",
			     d->name);
	ret = follow_job(d, s->serial - 1, job_word(s->job), o->progress, s, e);
	inhibit_release(&awake);
	return ret;
}

/* With --wait the job's outcome is the command's. */
static int outcome(const struct device *d, const struct bridgefw_status *s, struct bfw_error *e)
{
	if (!s->reason)
		return 0;
	reason_fail_job(e, s, d->name, d->place);
	if (s->content == BRIDGEFW_CONTENT_MIXED)
		e->code = BFW_MIXED;
	if (s->content == BRIDGEFW_CONTENT_UNKNOWN && job_writes(s->job))
		e->code = BFW_GONE;
	return -1;
}

static int status_of(const struct bridge *b, const struct options *o, struct bfw_error *e)
{
	struct bridgefw_status s;
	struct device d;
	int ret;

	if (device_open(&d, b, false, e))
		return -1;
	ret = device_status(&d, &s, e);
	if (!ret && given(o, OPTION(WAIT)))
		ret = wait_end(&d, o, &s, e);
	if (!ret) {
		doc_text("device", b->name);
		show_status(b, &s);
		show_journal(b, &s);
		if (given(o, OPTION(WAIT)))
			ret = outcome(&d, &s, e);
	}
	device_close(&d);
	/* with --wait the job has ended by now */
	handover_clean(b);
	return ret;
}

/**
 * cmd_status() - bridgefwctl status
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_status(struct options *o, struct bfw_error *e)
{
	const struct bridge *b;
	struct bridge_list l;
	int ret = -1;

	if (bridge_list_read(&l, e))
		return -1;
	if (!bridge_select(&l, o->arg[0], &b, e))
		ret = status_of(b, o, e);
	bridge_list_free(&l);
	return ret;
}
