/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What went wrong, for people and for scripts. */
#ifndef BRIDGEFW_LIB_ERROR_H
#define BRIDGEFW_LIB_ERROR_H

#include "port.h"

/* Exit codes of bridgefwctl; its manual page explains them. */
enum bfw_exit {
	BFW_OK,
	BFW_FAILURE,		/* a failure that none of the others names */
	BFW_USAGE,		/* the command line is wrong */
	BFW_NO_DEVICE,		/* no such device, or not exactly one */
	BFW_NOTHING_TO_DO,	/* it is so already */
	BFW_REFUSED,		/* a safety rule forbids it, or the owner said no */
	BFW_MISMATCH,		/* read and different */
	BFW_GONE,		/* unplugged, or its state is not known */
	BFW_PERMISSION,
	BFW_BUSY,		/* busy or in use */
	BFW_BAD_FILE,		/* an image or profile that cannot be used */
	BFW_NO_BACKUP,		/* the backup could not be kept */
	BFW_MIXED,		/* the memory holds a mixture: restore it */
};

struct json_object;

/**
 * struct bfw_error - a failure and the way on
 * @code: exit code
 * @reason: one word for scripts
 * @device: which device, "" if none
 * @message: what happened and what state things are in
 * @next: what to do now, "" if nothing is to be done
 * @extra: more members for the JSON form, NULL if none
 */
struct bfw_error {
	enum bfw_exit code;
	char reason[24];
	char device[64];
	char message[1024];
	char next[1024];
	struct json_object *extra;
};

int bfw_fail(struct bfw_error *e, enum bfw_exit code, const char *reason,
	     const char *fmt, ...) __printf(4, 5);
int bfw_fail_errno(struct bfw_error *e, enum bfw_exit code, int err,
		   const char *fmt, ...) __printf(4, 5);
void bfw_next(struct bfw_error *e, const char *fmt, ...)
	__printf(2, 3);
void bfw_more(struct bfw_error *e, const char *fmt, ...)
	__printf(2, 3);
void bfw_error_device(struct bfw_error *e, const char *device);
void bfw_error_clear(struct bfw_error *e);

void bfw_warn(const char *fmt, ...) __printf(1, 2);
void bfw_warn_hook(void (*hook)(const char *text));

#endif
