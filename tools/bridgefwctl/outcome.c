// SPDX-License-Identifier: GPL-2.0-or-later
/* How a write ended: what the memory holds, and what to do now. */
#include <string.h>

#include "output.h"
#include "reason.h"
#include "show.h"
#include "write.h"

static enum journal_state state_of(u32 content)
{
	switch (content) {
	case BRIDGEFW_CONTENT_OLD:
		return JOURNAL_FAILED;
	case BRIDGEFW_CONTENT_NEW:
		return JOURNAL_DONE;
	case BRIDGEFW_CONTENT_MIXED:
		return JOURNAL_MIXED;
	case BRIDGEFW_CONTENT_BLANK:
		return JOURNAL_ERASED;
	}
	return JOURNAL_UNKNOWN;
}

static void end_entry(struct write *w, enum journal_state state, const char *reason,
		      const char *message)
{
	struct bfw_error e = {};

	if (journal_end(&w->entry, state, reason, message, &e))
		bfw_warn("the journal could not be brought up to date: %s", e.message);
	bfw_error_clear(&e);
}

static void result_doc(struct write *w, const char *result)
{
	doc_text("device", w->a.b.name);
	doc_text("memory", w->a.m.name);
	doc_text("result", result);
	doc_number("bytes", w->len);
	doc_text("sha256", w->sha256);
	doc_text("previous_sha256", w->a.sha256);
	doc_text("backup", w->backup.id);
	doc_text("journal", w->entry.id);
}

static int succeeded(struct write *w)
{
	end_entry(w, JOURNAL_DONE, "", "");
	result_doc(w, "new");
	doc_bool("replug", true);
	doc_text("verified", w->a.present ? "read-back" : "chip");
	if (w->a.present)
		say("%s: %s written, read back and equal (%u bytes).\n", w->a.b.name, w->a.m.name,
		    w->len);
	else
		say("%s: %s written (%u bytes). It cannot be read back; the chip says that it\n"
		    "holds the image.\n", w->a.b.name, w->a.m.name, w->len);
	say("Unplug the box and plug it in again to make it take effect.\n");
	if (w->a.present)
		say("What was there before is backup %s; `bridgefwctl restore %s` brings it back.\n",
		    w->backup.id, w->a.d.place);
	return 0;
}

static int erased(struct write *w)
{
	end_entry(w, JOURNAL_ERASED, "", "");
	result_doc(w, "blank");
	say("%s: %s erased, and read back blank (%u bytes). The box has no firmware now.\n",
	    w->a.b.name, w->a.m.name, w->len);
	say("Leave it plugged in, and write what is to follow:\n"
	    "`bridgefwctl flash %s %s`;\n"
	    "`bridgefwctl restore %s` brings back what was there before (backup %s).\n",
	    w->a.d.place, w->from, w->a.d.place, w->backup.id);
	return 0;
}

static void say_unknown(struct write *w, struct bfw_error *e)
{
	e->code = BFW_GONE;
	if (!w->a.present) {
		bfw_next(e, "What it holds cannot be read. Plug the box in again at the same port, look\n"
			 "with `bridgefwctl list`, and write the same image again: it is written whole.");
		return;
	}
	bfw_next(e, "Plug the box in again at the same port, then `bridgefwctl restore %s`:\n"
		 "it looks what the memory holds, and can bring back what was there before\n"
		 "(backup %s).", w->a.d.place, w->backup.id);
}

/**
 * outcome_tell() - the job has ended
 * @w: the write
 * @s: its outcome
 * @e: how it failed
 *
 * Return: 0 if the memory holds what it was to hold, -1 otherwise
 */
int outcome_tell(struct write *w, const struct bridgefw_status *s, struct bfw_error *e)
{
	if (s->content == BRIDGEFW_CONTENT_NEW)
		return succeeded(w);
	if (s->content == BRIDGEFW_CONTENT_BLANK)
		return erased(w);

	reason_fail_job(e, s, w->a.b.name, w->a.d.place);
	switch (s->content) {
	case BRIDGEFW_CONTENT_OLD:
		break;
	case BRIDGEFW_CONTENT_MIXED:
		e->code = BFW_MIXED;
		bfw_next(e, "Do not unplug the box before it is repaired:\n"
			 "`bridgefwctl restore %s` writes back what was there before (backup %s).",
			 w->a.d.place, w->backup.id);
		break;
	default:
		say_unknown(w, e);
		break;
	}
	end_entry(w, state_of(s->content), e->reason, e->message);
	result_doc(w, content_word(s->content));
	return -1;
}

/**
 * outcome_unseen() - the waiting ended before the job did, or its outcome cannot be asked
 * @w: the write
 * @e: why; more is added
 */
void outcome_unseen(struct write *w, struct bfw_error *e)
{
	result_doc(w, "unknown");
	if (!strcmp(e->reason, "interrupted")) {
		if (w->a.present)
			bfw_more(e, "\nWhat was there before is backup %s", w->backup.id);
		return;
	}
	say_unknown(w, e);
	end_entry(w, JOURNAL_UNKNOWN, e->reason, e->message);
}
