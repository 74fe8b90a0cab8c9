// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A box with USB and FireWire that is plugged in by both is two bridges. That they are
 * one is said only where nothing speaks against it: who believes it may pull the wrong
 * cable, or take one box's backup for another's.
 */
#include <string.h>
#include <strings.h>

#include "boxes.h"
#include "bridge.h"
#include "identity.h"
#include "same_box.h"

/* Digits of a GUID are written large or small. */
static bool same_serial(const char *a, const char *b)
{
	return !strcasecmp(a, b);
}

/**
 * same_identity() - the bridge on another bus that shows the same identity
 * @l: all bridges that are there
 * @b: one of them
 *
 * Return: it; NULL if there is none, if what they show is empty or a default, or if a
 * third one shows it, too: then it says nothing of any of them
 */
const struct bridge *same_identity(const struct bridge_list *l, const struct bridge *b)
{
	const struct bridge *found = NULL;
	size_t i;

	if (!b->serial[0] || !bfp_serial_identifies(b->serial))
		return NULL;
	for (i = 0; i < l->n; i++) {
		if (l->v[i].index == b->index || !same_serial(l->v[i].serial, b->serial))
			continue;
		if (found || !strcmp(l->v[i].bus, b->bus))
			return NULL;
		found = &l->v[i];
	}
	return found;
}

static bool has_drive(const struct drive_list *l, const char *serial)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].serial, serial))
			return true;
	return false;
}

/* All are known, and none is the bridge's own, which some bridges show for the drive's. */
static bool all_known(const struct drive_list *l, const char *bridge)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (!l->v[i].serial[0] || !bfp_serial_identifies(l->v[i].serial) ||
		    same_serial(l->v[i].serial, bridge))
			return false;
	return l->n;
}

/**
 * same_drives() - whether the drives behind two bridges are the same ones
 * @a: those behind one
 * @b: those behind the other
 * @serial: what both bridges show as their own
 *
 * Return: false also if the serial of one of them is not known
 */
bool same_drives(const struct drive_list *a, const struct drive_list *b, const char *serial)
{
	size_t i;

	if (a->n != b->n || !all_known(a, serial) || !all_known(b, serial))
		return false;
	for (i = 0; i < a->n; i++)
		if (!has_drive(b, a->v[i].serial) || !has_drive(a, b->v[i].serial))
			return false;
	return true;
}

/**
 * same_box() - the bridge that is the same box, on its other cable
 * @l: all bridges that are there
 * @b: one of them
 *
 * Return: it, NULL if there is none or it is not sure
 */
const struct bridge *same_box(const struct bridge_list *l, const struct bridge *b)
{
	const struct bridge *other = same_identity(l, b);
	struct drive_list mine, its;
	bool same;

	if (!other)
		return NULL;
	drive_list_read(&mine, b);
	drive_list_read(&its, other);
	same = same_drives(&mine, &its, b->serial);
	drive_list_free(&mine);
	drive_list_free(&its);
	return same ? other : NULL;
}
