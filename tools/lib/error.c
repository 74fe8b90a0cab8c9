// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <json-c/json.h>

#include "error.h"
#include "text.h"

#define WARNINGS_KEPT	32

static void (*warn_hook)(const char *text);

static void fail_va(struct bfw_error *e, enum bfw_exit code, const char *reason,
		    const char *fmt, va_list ap)
{
	e->code = code;
	text_put(e->reason, sizeof(e->reason), reason);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	e->next[0] = '\0';
}

/**
 * bfw_fail() - say what went wrong
 * @e: filled in; a hint and a device set before stay only if set again
 * @code: exit code
 * @reason: one word for scripts
 * @fmt: the sentence
 *
 * Return: -1, so that a caller can return it.
 */
int bfw_fail(struct bfw_error *e, enum bfw_exit code, const char *reason,
	     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_va(e, code, reason, fmt, ap);
	va_end(ap);
	return -1;
}

/**
 * bfw_fail_errno() - the same for a failed system call
 * @e: filled in
 * @code: exit code; BFW_PERMISSION is put in its place for EACCES and EPERM
 * @err: errno of the call
 * @fmt: what was tried; ": " and the errno's text are appended
 *
 * Return: -1
 */
int bfw_fail_errno(struct bfw_error *e, enum bfw_exit code, int err, const char *fmt, ...)
{
	va_list ap;

	if ((err == EACCES || err == EPERM) && code == BFW_FAILURE)
		code = BFW_PERMISSION;
	va_start(ap, fmt);
	fail_va(e, code, code == BFW_PERMISSION ? "permission" : "io", fmt, ap);
	va_end(ap);
	bfw_more(e, ": %s", strerror(err));
	if (code == BFW_PERMISSION)
		bfw_next(e, "Run it as root.");
	return -1;
}

/**
 * bfw_next() - say what to do now
 * @e: the failure
 * @fmt: one or more sentences
 */
void bfw_next(struct bfw_error *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->next, sizeof(e->next), fmt, ap);
	va_end(ap);
}

/**
 * bfw_more() - append to the message
 * @e: the failure
 * @fmt: the text
 */
void bfw_more(struct bfw_error *e, const char *fmt, ...)
{
	size_t used = strlen(e->message);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->message + used, sizeof(e->message) - used, fmt, ap);
	va_end(ap);
}

/**
 * bfw_error_device() - name the device it happened to
 * @e: the failure
 * @device: its name
 */
void bfw_error_device(struct bfw_error *e, const char *device)
{
	text_put(e->device, sizeof(e->device), device);
}

/**
 * bfw_error_clear() - forget a failure that was dealt with
 * @e: the failure
 */
void bfw_error_clear(struct bfw_error *e)
{
	json_object_put(e->extra);
	memset(e, 0, sizeof(*e));
}

/* Files are read more than once; their owner needs to hear of them only once. */
static bool warned_before(const char *text)
{
	static char *before[WARNINGS_KEPT];
	size_t i;

	for (i = 0; i < WARNINGS_KEPT && before[i]; i++)
		if (!strcmp(before[i], text))
			return true;
	if (i < WARNINGS_KEPT)
		before[i] = xprintf("%s", text);
	return false;
}

/**
 * bfw_warn() - something is odd, but the work goes on
 * @fmt: the sentence
 */
void bfw_warn(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (warned_before(text))
		return;
	if (warn_hook)
		warn_hook(text);
	else
		fprintf(stderr, "warning: %s\n", text);
}

/**
 * bfw_warn_hook() - where warnings go
 * @hook: called with each; NULL: to standard error
 */
void bfw_warn_hook(void (*hook)(const char *text))
{
	warn_hook = hook;
}
