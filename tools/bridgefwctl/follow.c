// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "follow.h"
#include "output.h"
#include "show.h"
#include "text.h"

#define LOOK_MS		1000	/* the kernel tells of changes; this is for the bar */
#define GONE_SECONDS	15	/* how long a job may take to see that its box is gone */

static atomic_int stopped;
static bool patient;

static void on_signal(int number)
{
	stopped = number;
}

/**
 * inhibit_hold() - keep the system up for a job, and tell if that cannot be
 * @i: filled in
 * @doing: "writing"
 * @memory: which one
 * @device: of which bridge
 */
void inhibit_hold(struct inhibit *i, const char *doing, const char *memory, const char *device)
{
	char *why = xprintf("%s the %s of %s", doing, memory, device);

	if (!inhibit_take(i, why))
		say("Note: nothing keeps this system from shutting down or sleeping meanwhile\n"
		    "(%s).\n", i->why_not);
	doc_bool("inhibited", i->fd >= 0);
	if (i->why_not[0])
		doc_text("inhibited_why_not", i->why_not);
	free(why);
}

/**
 * follow_patiently() - SIGINT is not to end the waiting: whoever watches ends that otherwise
 */
void follow_patiently(void)
{
	patient = true;
}

/**
 * follow_signals() - from now on a signal does not end the tool, but the waiting
 */
void follow_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	if (patient)
		signal(SIGINT, SIG_IGN);
	else
		sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

/* When the box goes, the state changes at once, but the job's outcome comes later. */
static bool ended(const struct bridgefw_status *s, u32 serial_before, double *gone_since)
{
	if (s->state == BRIDGEFW_STATE_GONE) {
		if (s->reason || s->content || s->text[0])
			return true;
		if (!*gone_since)
			*gone_since = seconds_now();
		return seconds_now() - *gone_since > GONE_SECONDS;
	}
	return s->state != BRIDGEFW_STATE_BUSY && s->serial != serial_before;
}

/**
 * follow_job() - wait for the end of a job
 * @d: the device
 * @serial_before: number of the job before it
 * @what: what is under way
 * @mode: how progress is shown
 * @s: the outcome
 * @e: why it is not known; BFW_GONE with the reason "interrupted" after a signal
 *
 * Return: 0, or -1
 */
int follow_job(struct device *d, u32 serial_before, const char *what, enum progress_mode mode,
	       struct bridgefw_status *s, struct bfw_error *e)
{
	double gone_since = 0;
	struct progress p;
	int ret = 0;

	progress_begin(&p, mode, what);
	for (;;) {
		ret = device_status(d, s, e);
		if (ret || ended(s, serial_before, &gone_since))
			break;
		progress_at(&p, s->done, s->total);
		device_wait(d, p.mode == PROGRESS_BAR ? LOOK_MS / 4 : LOOK_MS);
		if (!stopped)
			continue;
		bfw_fail(e, BFW_GONE, "interrupted",
			 "%s: %s goes on in the kernel; only the waiting for it has ended",
			 d->name, what);
		bfw_error_device(e, d->name);
		bfw_next(e, "`bridgefwctl status %s --wait` waits for its end.\n"
			 "Leave the box plugged in until then.", d->place);
		ret = -1;
		break;
	}
	progress_end(&p);
	return ret;
}
