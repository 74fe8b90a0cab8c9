// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Boxes that show one GUID. Makers shipped whole series with one, and on FireWire the
 * GUID is what systems tell boxes by: owners of two such boxes saw only one of them.
 */
#include <string.h>

#include "bridge.h"
#include "text.h"
#include "twins.h"

/* "fw0-1.2" is a place on the bus of card fw0. */
static bool same_bus(const struct bridge *a, const struct bridge *b)
{
	size_t len = strcspn(a->bus_id, "-");

	return !strcmp(a->bus, b->bus) && strcspn(b->bus_id, "-") == len &&
	       !strncmp(a->bus_id, b->bus_id, len);
}

static const struct bridge *twin_of(const struct bridge_list *l, const struct bridge *b)
{
	size_t i;

	if (strcmp(b->bus, "1394") || !b->serial[0])
		return NULL;
	for (i = 0; i < l->n; i++)
		if (l->v[i].index != b->index && same_bus(&l->v[i], b) &&
		    !strcmp(l->v[i].serial, b->serial))
			return &l->v[i];
	return NULL;
}

/**
 * twins_hint() - what the owner of two boxes with one GUID should know
 * @l: all bridges that are there
 * @b: one of them
 * @out: lines of text; "" if no other box on its FireWire bus has the same GUID
 * @room: size of @out
 */
void twins_hint(const struct bridge_list *l, const struct bridge *b, char *out, size_t room)
{
	const struct bridge *twin = twin_of(l, b);

	out[0] = '\0';
	if (!twin)
		return;
	text_add(out, room,
		 "%s on the same FireWire bus shows the same GUID: systems take the two for one box, and often only one of them can be mounted\n",
		 twin->name);
	if (!strcmp(b->evidence, "none"))
		text_add(out, room,
			 "how to give this chip another GUID is not public; only its maker's own Windows tool is known to have done it\n");
	text_add(out, room,
		 "what helps: plug in one of the two at a time, or one of them by USB if it has that, where the GUID does not matter");
}
