/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for a job's end; the job is the kernel's and does not need us. */
#ifndef BRIDGEFWCTL_FOLLOW_H
#define BRIDGEFWCTL_FOLLOW_H

#include <stdbool.h>

#include "device.h"
#include "inhibit.h"
#include "progress.h"

void inhibit_hold(struct inhibit *i, const char *doing, const char *memory, const char *device);
void follow_patiently(void);
void follow_signals(void);
int follow_job(struct device *d, u32 serial_before, const char *what, enum progress_mode mode,
	       struct bridgefw_status *s, struct bfw_error *e);

#endif
