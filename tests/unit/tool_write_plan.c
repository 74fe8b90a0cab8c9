// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan that a write shows, and the consent that it takes. */
#include "profile_help.h"
#include "tool_help.h"

/* No part of the library: the command's own file. */
#include "../../tools/bridgefwctl/plan.c"
#include "../../tools/bridgefwctl/show.c"

static bool there;		/* somebody to ask */
static const char *asked;	/* what he was asked, at first */

bool ask_possible(void)
{
	return there;
}

bool ask_yes(const char *question)
{
	asked = asked ? asked : question;
	return true;
}

static u8 now[512], then[512];
static struct options o;
static struct write w;

static void begin(const char *recovery, const char *more, u32 interrupted)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "[chip]\nname = test\ntitle = test\nvendor = test\nrecovery = %s\n"
		 "[usb 1209:0001]\nrole = running\nevidence = traced\nsource = test\n"
		 "[memory flash]\nkind = flash\nholds = test\nsize = 512\naccess = offset\n"
		 "read-chunk = 512\nwrite-chunk = 16\n%sinterrupted = final\n"
		 "[operation flash.erase-sector]\nevidence = traced\nsource = test\n"
		 "transports = scsi\nstep = cdb none : C3 00 {address:be24} 00\n",
		 recovery, more);
	memset(&w, 0, sizeof(w));
	memset(&o, 0, sizeof(o));
	memset(now, 0x55, sizeof(now));
	memset(then, 0x55, sizeof(then));
	load_text(text, &w.a.profile.p);
	w.o = &o;
	w.a.profile_known = true;
	w.a.m.interrupted = interrupted;
	w.a.present = now;
	w.image = then;
	w.a.len = sizeof(now);
	w.len = sizeof(then);
	text_put(w.a.b.name, sizeof(w.a.b.name), "bridgefw0");
	text_put(w.a.b.match, sizeof(w.a.b.match), "ids");
	text_put(w.a.m.name, sizeof(w.a.m.name), "flash");
	asked = NULL;
	there = false;
	o.given = OPTION(ASCII);
}

#define FLASH	"sectors = 8 x 64\nerase-first = yes\nboot-sector = 0\n"

static char *shown(void)
{
	plan_find(&w);
	tool_capture();
	plan_show(&w);
	return tool_captured();
}

static void final_one(void)
{
	struct bfw_error e = {};
	char *text;

	begin("none-known", FLASH, CUT_FINAL);
	then[3] = 0xff;
	then[130] = 0x11;
	text = shown();
	has_text(text, "  changes  2 bytes in 2 places\n    0x0003..0x0003  55  -> ff\n",
		 "few changes are shown byte by byte");
	has_text(text, "  work     erase 1 of 8 sectors (64 bytes), program 80 bytes\n",
		 "what there is to do");
	has_text(text, "\n    0x000000  ### ... +++ ... ... ... ... ...\n              B\n",
		 "the picture");
	has_text(text, "\nFrom the erase of sector 0 (0x0000, which makes the chip boot) until its last\nbyte is programmed, a power cut or unplug is FINAL",
		 "the part that is final");
	free(text);

	is_int(plan_askable(&w, &e), -1, "nobody to ask, and nothing said of that");
	is_text(e.reason, "final", "refused for that");
	has_text(e.next, "From the erase of sector 0", "the sentence goes with the refusal");
	has_text(e.next, "\nIf you accept that, say so with --accept-final.", "and what to do");
	bfw_error_clear(&e);
	o.given |= OPTION(ACCEPT_FINAL) | OPTION(YES);
	ok(!plan_askable(&w, &e) && !plan_confirm(&w, &e) && !asked, "both are said beforehand");
	there = true;
	o.given = OPTION(YES);
	ok(!plan_askable(&w, &e) && !plan_confirm(&w, &e) && asked, "--yes does not answer it");
	has_text(asked ? asked : "", "a power cut in that part is final?", "it is asked for");
	unload(&w.a.profile.p);
}

static void not_final(void)
{
	struct bfw_error e = {};
	char *text;
	u32 i;

	begin("none-known", FLASH, CUT_FINAL);
	for (i = 64; i < 512; i += 32)
		then[i] = 0xff;
	text = shown();
	ok(!strstr(text, "FINAL") && !strstr(text, "0x0040..0x0040"),
	   "the boot sector stays: nothing is final; many changes are not listed");
	has_text(text, "What makes the chip boot is not touched.", "and it says so");
	free(text);
	o.given = OPTION(YES);
	ok(!plan_askable(&w, &e), "no consent is needed for it");
	unload(&w.a.profile.p);

	begin("none-known", FLASH, CUT_RESTORABLE);
	then[3] = 0xff;
	plan_find(&w);
	is_int(plan_askable(&w, &e), -1, "for a flash the chip's word counts, not the memory's");
	bfw_error_clear(&e);
	unload(&w.a.profile.p);

	begin("boot-mode", FLASH, CUT_RESTORABLE);
	then[3] = 0xff;
	text = shown();
	has_text(text, "\nWhat a power cut inside leaves is told apart, and can be restored.\n",
		 "a chip with a way back");
	free(text);
	unload(&w.a.profile.p);
}

static void without_plan(void)
{
	struct bfw_error e = {};
	char *text;

	begin("none-known", "sectors = 8 x 64\n", CUT_FINAL);
	then[3] = 0xff;
	text = shown();
	ok(!w.planned && !strstr(text, "work") && strstr(text, "is FINAL"),
	   "a memory that needs no erase: all of it, as the memory says");
	free(text);
	is_int(plan_askable(&w, &e), -1, "with its consent");
	is_text(e.next, "If you accept that, say so with --accept-final.", "and its advice");
	bfw_error_clear(&e);
	unload(&w.a.profile.p);

	begin("none-known", FLASH, CUT_FINAL);
	w.len = 500;
	plan_find(&w);
	ok(!w.planned, "an image of another length has no plan");
	unload(&w.a.profile.p);
}

static void scripts(void)
{
	struct json_object *plan, *v;

	begin("none-known", FLASH, CUT_FINAL);
	then[3] = 0xff;
	output_json(true);
	free(shown());
	ok(json_object_object_get_ex(output_doc(), "plan", &plan) &&
	   json_object_object_get_ex(plan, "final", &v) && json_object_get_boolean(v),
	   "scripts read that it is final");
	ok(json_object_object_get_ex(plan, "work", &v) &&
	   json_object_object_get_ex(v, "order", &v) && json_object_array_length(v) == 1,
	   "and what is done in which order");
	unload(&w.a.profile.p);
}

int main(void)
{
	final_one();
	not_final();
	without_plan();
	scripts();
	return tap_done();
}
