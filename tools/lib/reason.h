/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's reasons: for each a word, an exit code, a sentence and a way on. */
#ifndef BRIDGEFW_LIB_REASON_H
#define BRIDGEFW_LIB_REASON_H

#include <stdbool.h>
#include <linux/bridgefw.h>

#include "error.h"

/**
 * struct reason - what one BRIDGEFW_REASON_* means for the user
 * @word: as sysfs and JSON call it
 * @code: exit code of the tool
 * @what: what happened; goes behind "bridgefwN: "
 * @next: what to do, "" if nothing is to be said; "%s" stands for the box's place
 */
struct reason {
	const char *word;
	enum bfw_exit code;
	const char *what;
	const char *next;
};

const struct reason *reason_of(u32 number);
const char *reason_word(u32 number);
u32 reason_of_errno(int err);
int reason_fail(struct bfw_error *e, u32 number, const char *device, const char *place);
int reason_fail_job(struct bfw_error *e, const struct bridgefw_status *s, const char *device,
		    const char *place);
const char *content_word(u32 content);
const char *content_text(u32 content);
const char *state_word(u32 state);
const char *job_word(u32 job);
bool job_writes(u32 job);

#endif
