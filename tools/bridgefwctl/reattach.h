/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a box a bridge whose ids say nothing. */
#ifndef BRIDGEFWCTL_REATTACH_H
#define BRIDGEFWCTL_REATTACH_H

#include <stdbool.h>

#include "bridge.h"
#include "journal.h"

struct bfw_error;

int attach_profile(const char *bus_id, const char *profile, const char *sha256,
		   struct bfw_error *e);
int attach_forget(const char *bus_id, struct bfw_error *e);
int attach_wait(const char *bus_id, struct bridge *b, struct bfw_error *e);
int attach_by_journal(const char *bus_id, const struct journal *j, struct bridge *b,
		      struct bfw_error *e);

#endif
