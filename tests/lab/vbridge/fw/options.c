// SPDX-License-Identifier: GPL-2.0-or-later
/* The options that concern FireWire alone. */
#include <stdlib.h>

#include "options.h"

static int hex(const char *name, const char *text, u32 digits, u64 *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 16);
	if (errno || !*text || *end || *text == '-' || strlen(text) > digits)
		return options_bad("--%s %s: expected up to %u hex digits", name, text, digits);
	return 0;
}

static int id(const char *name, const char *text, u32 *out, bool *has)
{
	u64 v;

	if (hex(name, text, 6, &v))
		return -EINVAL;
	*out = v;
	*has = true;
	return 0;
}

static int self_ids(struct fw_options *o, const char *text)
{
	char copy[64], *word, *save = NULL;
	u64 v;

	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
		return options_bad("--selfid %s: too long", text);
	o->self_ids = 0;
	for (word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (o->self_ids == ARRAY_SIZE(o->self_id))
			return options_bad("--selfid %s: more than %zu quadlets", text,
					   ARRAY_SIZE(o->self_id));
		if (hex("selfid", word, 8, &v))
			return -EINVAL;
		o->self_id[o->self_ids++] = v;
	}
	return o->self_ids ? 0 : options_bad("--selfid: expected quadlets in hex");
}

/**
 * fw_option() - one option that concerns FireWire alone
 * @o: gets what it says
 * @name: its name
 * @arg: its argument
 *
 * Return: 0, or -EINVAL after a message.
 */
int fw_option(struct fw_options *o, const char *name, const char *arg)
{
	if (!strcmp(name, "card"))
		return options_number(name, arg, 0, 3, &o->card);
	if (!strcmp(name, "company"))
		return id(name, arg, &o->company, &o->has_company);
	if (!strcmp(name, "model"))
		return id(name, arg, &o->model, &o->has_model);
	if (!strcmp(name, "revision"))
		return id(name, arg, &o->revision, &o->has_revision);
	if (!strcmp(name, "guid"))
		return hex(name, arg, 16, &o->guid);
	if (!strcmp(name, "selfid"))
		return self_ids(o, arg);
	if (!strcmp(name, "link")) {
		o->link_off = !strcmp(arg, "off");
		return o->link_off || !strcmp(arg, "on") ? 0 :
		       options_bad("--link %s: expected on or off", arg);
	}
	if (!strcmp(name, "texts") && !strchr(arg, '/'))
		return options_bad("--texts %s: expected VENDOR/MODEL", arg);
	if (!strcmp(name, "texts"))
		o->texts = arg;
	else
		o->behind = arg;
	return 0;
}
