// SPDX-License-Identifier: GPL-2.0-or-later
/* What a write will do, told before it does it, and the owner's consent. */
#include <json-c/json.h>
#include <string.h>

#include "output.h"
#include "planview.h"
#include "show.h"
#include "state.h"
#include "write.h"

/* enum bfp_interrupted, as the kernel hands it on */
#define CUT_RESTORABLE	1
#define CUT_MIXED	2
#define CUT_FINAL	3

#define FEW_PLACES	8	/* of change; the picture says more than many */

/**
 * plan_find() - find out what will be erased and programmed
 * @w: the write, whose image is as it will be written
 *
 * For memories that need no erase there is no such plan.
 */
void plan_find(struct write *w)
{
	const struct bfp *p = &w->a.profile.p;
	const struct bfp_memory *m;

	w->planned = false;
	if (!w->a.profile_known || w->len != w->a.len)
		return;
	m = bfp_memories(p) + w->a.profile_memory;
	w->planned = le16_to_cpu(m->flags) & BFP_MEM_ERASE_FIRST &&
		     !bfp_plan_make(&w->plan, p, w->a.profile_memory, w->a.present,
				    write_target(w), w->len);
}

/* Whether a power cut at some point of the write would be final. */
static bool is_final(const struct write *w)
{
	if (w->planned && bfp_header(w->plan.p)->recovery == BFP_RECOVERY_NONE_KNOWN)
		return w->plan.final;
	return w->a.m.interrupted == CUT_FINAL;
}

static const char *cut_text(const struct bridgefw_memory *m)
{
	switch (m->interrupted) {
	case CUT_RESTORABLE:
		return "What a power cut inside leaves is told apart, and can be restored.\n";
	case CUT_MIXED:
		if (!(m->flags & BRIDGEFW_MEMORY_WHOLE))
			return "It goes in pieces. A power cut or unplug in between leaves a\n"
			       "mixture of old and new that may look valid. ";
		return "It goes in one request. A power cut or unplug inside that can leave a\n"
		       "mixture whose first word is valid: the box then comes up with wrong ids\n"
		       "or strings. ";
	case CUT_FINAL:
		return "A power cut or unplug inside is FINAL: nothing is known that reaches\n"
		       "this chip again without valid firmware.\n";
	}
	return "What a power cut inside leaves is not known.\n";
}

static const char *cut_word(u32 interrupted)
{
	static const char *const words[] = { "unknown", "restorable", "mixed", "final" };

	return words[interrupted < ARRAY_SIZE(words) ? interrupted : 0];
}

static void plan_doc(struct write *w)
{
	struct json_object *plan = json_object_new_object();

	json_put_text(plan, "device", w->a.b.name);
	json_put_text(plan, "chip", w->a.b.chip);
	json_put_text(plan, "place", w->a.d.place);
	json_put_text(plan, "match", w->a.b.match);
	json_put_text(plan, "memory", w->a.m.name);
	json_put_text(plan, "job", write_job(w));
	json_put_text(plan, "image", w->from);
	json_object_object_add(plan, "bytes", json_object_new_int64(w->len));
	json_put_text(plan, "old_sha256", w->a.sha256);
	json_put_text(plan, "new_sha256", w->sha256);
	if (w->a.present)
		json_object_object_add(plan, "changes",
				       changes_json(w->a.present, w->a.len, write_target(w),
						    w->len));
	json_object_object_add(plan, "identity_carried", json_object_new_int64(w->carried));
	json_object_object_add(plan, "own_backup", json_object_new_boolean(w->own));
	json_put_text(plan, "interrupted", cut_word(w->a.m.interrupted));
	json_object_object_add(plan, "final", json_object_new_boolean(is_final(w)));
	json_object_object_add(plan, "work", w->planned ? plan_json(&w->plan) : NULL);
	if (w->backup.id[0])
		json_put_text(plan, "backup", w->backup.id);
	doc_add("plan", plan);
}

static void show_work(const struct write *w)
{
	struct map_style style;
	char text[400];

	plan_work(&w->plan, text, sizeof(text));
	say("  work     %s\n", text);
	map_style_find(&style, given(w->o, OPTION(ASCII)));
	say("\n");
	say_map(&w->plan, &style);
	say("\n");
}

/* What a power cut inside would mean. */
static void show_cut(const struct write *w)
{
	char text[400];

	if (w->planned && w->plan.final) {
		plan_final(&w->plan, text, sizeof(text));
		say_line("", text);
		return;
	}
	if (w->planned && w->a.m.interrupted == CUT_FINAL && !is_final(w)) {
		say("What makes the chip boot is not touched. A power cut or unplug inside leaves\n"
		    "a mixture of old and new, which can be written again.\n");
		return;
	}
	say("%s", cut_text(&w->a.m));
	if (w->a.m.interrupted == CUT_MIXED)
		say("`bridgefwctl restore %s` repairs it from the backup.\n", w->a.d.place);
}

/* What is there now, and what changes. */
static void show_change(struct write *w)
{
	u32 bytes;
	size_t n;

	if (!w->a.present) {
		say("  now      cannot be read: what is there is lost, there is no backup of it\n");
		say("  then     sha256 %s\n           %s\n", w->sha256, w->from);
		return;
	}
	n = changes_find(w->a.present, w->a.len, write_target(w), w->len, NULL, &bytes);
	say("  now      sha256 %s\n", w->a.sha256);
	if (w->backup.id[0])
		say("           read twice alike, kept as backup %s\n", w->backup.id);
	else
		say("           read twice alike\n");
	if (w->erase)
		say("  then     blank, and the box has no firmware\n");
	say("  %s sha256 %s\n           %s\n", w->erase ? "follows " : "then    ", w->sha256,
	    w->from);
	say("  changes  %u byte%s in %zu place%s\n", bytes, bytes == 1 ? "" : "s", n,
	    n == 1 ? "" : "s");
	if (!w->planned || n <= FEW_PLACES)
		say_changes(w->a.present, w->a.len, write_target(w), w->len);
}

/**
 * plan_show() - tell what is going to happen
 * @w: the write
 */
void plan_show(struct write *w)
{
	plan_doc(w);
	say("%s: %s at %s, %s (%u bytes)\n", w->a.b.name, w->a.b.chip, w->a.d.place,
	    w->a.m.name, w->a.len);
	if (strcmp(w->a.b.match, "ids"))
		say("  match    %s\n", match_text(w->a.b.match));
	show_change(w);
	if (w->planned)
		show_work(w);
	if (w->carried)
		say("%u byte%s of the image gave way to this box's own identity.\n", w->carried,
		    w->carried == 1 ? "" : "s");
	else if (w->consent & BRIDGEFW_CONSENT_IDENTITY && !w->own && !w->kept)
		say("The image's serial or GUID, if it has one, replaces this box's own.\n");
	show_cut(w);
}

static int not_agreed(struct write *w, const char *reason, const char *what, const char *next,
		      struct bfw_error *e)
{
	bfw_fail(e, BFW_REFUSED, reason, "%s: %s. Nothing was written", w->a.b.name, what);
	bfw_error_device(e, w->a.b.name);
	bfw_next(e, "%s", next);
	return -1;
}

static int confirm_attached(struct write *w, struct bfw_error *e)
{
	if (!(w->consent & BRIDGEFW_CONSENT_ATTACHED) ||
	    given(w->o, OPTION(WRITE_ATTACHED)))
		return 0;
	if (ask_yes("Are you sure that this is the right chip and the right box? (yes/no)"))
		return 0;
	return not_agreed(w, "attached", "you were not sure of the chip", "", e);
}

static int confirm_unread(struct write *w, struct bfw_error *e)
{
	if (w->a.present || given(w->o, OPTION(ACCEPT_UNREAD)))
		return 0;
	if (ask_yes("Do you accept that what is there now is lost for ever? (yes/no)"))
		return 0;
	return not_agreed(w, "unread", "you did not accept the loss", "", e);
}

static int confirm_final(struct write *w, struct bfw_error *e)
{
	if (!is_final(w))
		return 0;
	w->consent |= BRIDGEFW_CONSENT_FINAL;
	if (given(w->o, OPTION(ACCEPT_FINAL)))
		return 0;
	if (ask_yes(w->planned && w->plan.final ?
		    "Do you accept that a power cut in that part is final? (yes/no)" :
		    "Do you accept that a power cut inside this write is final? (yes/no)"))
		return 0;
	return not_agreed(w, "final", "you did not accept the risk", "", e);
}

/**
 * plan_askable() - whether the owner's consent can be had at all
 * @w: the write
 * @e: that it cannot; BFW_REFUSED
 *
 * Asked before anything is kept, so that a script that forgot --yes leaves nothing.
 *
 * Return: 0, or -1
 */
int plan_askable(struct write *w, struct bfw_error *e)
{
	char text[400] = "";

	if (ask_possible())
		return 0;
	if (!w->a.present && !given(w->o, OPTION(ACCEPT_UNREAD)))
		return not_agreed(w, "unread",
				  "what the memory holds cannot be read, so a write loses it for ever",
				  "If you accept that, say so with --accept-unread.", e);
	if (w->planned)
		plan_final(&w->plan, text, sizeof(text));
	if (is_final(w) && !given(w->o, OPTION(ACCEPT_FINAL))) {
		text_add(text, sizeof(text), "%sIf you accept that, say so with --accept-final.",
			 text[0] ? "\n" : "");
		return not_agreed(w, "final", "a power cut inside this write would be final",
				  text, e);
	}
	if (!given(w->o, OPTION(YES)))
		return not_agreed(w, "confirm", "nobody is here to confirm it",
				  "Use --yes if it is to be written without asking.", e);
	return 0;
}

/**
 * plan_confirm() - the owner's consent to the plan
 * @w: the write, which plan_askable() let through
 * @e: that it was not given; BFW_REFUSED
 *
 * Return: 0, or -1
 */
int plan_confirm(struct write *w, struct bfw_error *e)
{
	if (confirm_attached(w, e) || confirm_unread(w, e) || confirm_final(w, e))
		return -1;
	if (given(w->o, OPTION(YES)) ||
	    ask_yes(w->erase ? "Erase it? (yes/no)" : "Write it? (yes/no)"))
		return 0;
	return not_agreed(w, "confirm", "you did not say yes", "", e);
}
