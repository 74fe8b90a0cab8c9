// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bridge.h"
#include "device.h"
#include "error.h"
#include "gate.h"
#include "profiles.h"
#include "reason.h"
#include "text.h"

#define READ_PIECE	(16 * 1024)	/* a memory is read in pieces, for the progress */

/* All calls of the kernel go through here; none is repeated but after a signal. */
static int call(struct device *d, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(d->fd, request, arg);
	} while (ret < 0 && errno == EINTR);
	return ret;
}

/*
 * A drive that does not answer is the usual reason for a connection that is missing; or
 * it is the wrong cable.
 */
static void hint_way(struct device *d, struct bfw_error *e)
{
	struct bfw_error ignored = {};
	struct profile_file f;
	u32 i, kinds = 0;

	if (profile_open(&f, d->info.profile, &ignored)) {
		bfw_error_clear(&ignored);
		return;
	}
	for (i = 0; i < bfp_count(&f.p, BFP_OPERATIONS); i++)
		kinds |= bfp_operations(&f.p)[i].transports;
	gate_bus(&f.p, -1, d->info.bus, e);
	profile_close(&f);
	if (!strcmp(d->info.bus, "usb") && kinds & BFP_TRANSPORT_BOT &&
	    !(d->info.transports & (BRIDGEFW_TRANSPORT_SCSI | BRIDGEFW_TRANSPORT_BOT)))
		bfw_next(e, "The box has no SCSI device. If its drive is dead or missing, do it without:\n"
			 "the same command with --bot.");
}

static int fail_reason(struct device *d, struct bfw_error *e, u32 reason)
{
	reason_fail(e, reason, d->name, d->place);
	if (reason == BRIDGEFW_REASON_TRANSPORT)
		hint_way(d, e);
	return -1;
}

static int fail(struct device *d, struct bfw_error *e, int err, const char *doing)
{
	reason_fail(e, reason_of_errno(err), d->name, d->place);
	bfw_more(e, " (%s: %s)", doing, strerror(err));
	return -1;
}

/* Reading is known well enough, and refused: for want of a way, or in this state. */
static u32 unread_reason(struct device *d, const char *memory)
{
	u8 bus = strcmp(d->info.bus, "1394") ? BFP_BUS_USB : BFP_BUS_1394;
	struct bfw_error ignored = {};
	const struct bfp_operation *op;
	bool way = false;
	struct profile_file f;
	int n;

	if (profile_open(&f, d->info.profile, &ignored)) {
		bfw_error_clear(&ignored);
		return BRIDGEFW_REASON_TRANSPORT;
	}
	n = bfp_find_memory(&f.p, memory);
	op = n < 0 ? NULL : bfp_find_operation(&f.p, BFP_OP_READ, n);
	way = op && op->buses & bus && op->transports & d->info.transports;
	profile_close(&f);
	return way ? BRIDGEFW_REASON_STATE : BRIDGEFW_REASON_TRANSPORT;
}

/**
 * device_open() - open a bridge
 * @d: filled in
 * @b: which one
 * @write: whether an image is going to be staged or a job started
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_open(struct device *d, const struct bridge *b, bool write, struct bfw_error *e)
{
	memset(d, 0, sizeof(*d));
	text_put(d->name, sizeof(d->name), b->name);
	snprintf(d->place, sizeof(d->place), "%s:%s", b->bus, b->bus_id);
	d->fd = open(b->node, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (d->fd < 0) {
		int err = errno;

		if (err == EACCES || err == EPERM)
			bfw_fail_errno(e, BFW_PERMISSION, err, "%s may not be opened", b->node);
		else if (err == ENOENT)
			bfw_fail(e, BFW_GONE, "gone",
				 "%s does not exist, although the bridge was there a moment ago",
				 b->node);
		else
			fail(d, e, err, "open");
		bfw_error_device(e, b->name);
		return -1;
	}
	if (call(d, BRIDGEFW_IOC_GET_INFO, &d->info)) {
		fail(d, e, errno, "info");
		device_close(d);
		return -1;
	}
	return 0;
}

/**
 * device_close() - close it; a job that was started goes on
 * @d: the device
 */
void device_close(struct device *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

/**
 * device_lock() - keep other runs of this tool off
 * @d: the device
 * @e: why not; BFW_BUSY
 *
 * What is staged belongs to the bridge, not to the file: two runs at once
 * could each start what the other staged.
 *
 * Return: 0, or -1
 */
int device_lock(struct device *d, struct bfw_error *e)
{
	if (!flock(d->fd, LOCK_EX | LOCK_NB))
		return 0;
	bfw_fail(e, BFW_BUSY, "busy", "%s: another bridgefwctl is about to write to it", d->name);
	bfw_error_device(e, d->name);
	bfw_next(e, "Wait for its end. Nothing was written.");
	return -1;
}

/**
 * device_memory() - look up a memory
 * @d: the device
 * @name: its name; NULL: the default one
 * @m: filled in
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_memory(struct device *d, const char *name, struct bridgefw_memory *m,
		  struct bfw_error *e)
{
	char names[256] = "";
	u32 i;

	for (i = 0; i < d->info.memories; i++) {
		memset(m, 0, sizeof(*m));
		m->memory = i;
		if (call(d, BRIDGEFW_IOC_GET_MEMORY, m))
			return fail(d, e, errno, "memory");
		m->name[sizeof(m->name) - 1] = '\0';
		if (name ? !strcmp(name, m->name) : m->flags & BRIDGEFW_MEMORY_DEFAULT)
			return 0;
		text_add(names, sizeof(names), "%s%s", i ? ", " : "", m->name);
	}
	if (!d->info.memories)
		return reason_fail(e, d->info.profile[0] ? BRIDGEFW_REASON_ABSENT :
				   BRIDGEFW_REASON_NO_PROFILE, d->name, d->place);
	if (!name)
		bfw_fail(e, BFW_USAGE, "memory", "%s has no default memory", d->name);
	else
		bfw_fail(e, BFW_USAGE, "memory", "%s has no memory \"%s\"", d->name, name);
	bfw_error_device(e, d->name);
	bfw_next(e, "Name one with --memory: %s.", names);
	return -1;
}

static u32 expected_length(const struct bridgefw_memory *m)
{
	return m->flags & BRIDGEFW_MEMORY_LENGTH_KNOWN ? m->length : m->size;
}

/**
 * device_read() - read a memory to its end
 * @d: the device
 * @m: the memory
 * @flags: BRIDGEFW_READ_*
 * @data: the bytes; the caller frees them
 * @len: how many
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_read(struct device *d, const struct bridgefw_memory *m, u32 flags,
		u8 **data, u32 *len, struct bfw_error *e)
{
	/* one that is moved whole ends where its one request ends */
	bool once = m->flags & BRIDGEFW_MEMORY_WHOLE || flags & BRIDGEFW_READ_PREVIOUS;
	u32 unit = m->unit ? m->unit : 1;
	u32 piece = once || unit > READ_PIECE ? m->size : READ_PIECE - READ_PIECE % unit;
	u8 *buf = xalloc(m->size);
	u32 done = 0;

	while (done < m->size) {
		struct bridgefw_read r = {
			.memory = m->memory,
			.flags = flags,
			.offset = done,
			.length = piece < m->size - done ? piece : m->size - done,
			.data = (uintptr_t)(buf + done),
		};
		u32 asked = r.length;

		if (call(d, BRIDGEFW_IOC_READ, &r)) {
			int err = errno;

			free(buf);
			if ((err == EACCES || err == EOPNOTSUPP) && m->read_evidence >= BFP_TRACED)
				return fail_reason(d, e, unread_reason(d, m->name));
			fail(d, e, err, "read");
			if (err == ENODATA && !(flags & BRIDGEFW_READ_PREVIOUS))
				bfw_next(e, "See `bridgefwctl status %s`.", d->place);
			return -1;
		}
		done += r.length < asked ? r.length : asked;
		if (d->on_progress)
			d->on_progress(d->arg, done, expected_length(m));
		/* fewer bytes are no end yet: the next call tells why, or that it was one */
		if (once || !r.length)
			break;
	}
	if (!done || (!once && m->flags & BRIDGEFW_MEMORY_LENGTH_KNOWN && done < m->length)) {
		free(buf);
		reason_fail(e, BRIDGEFW_REASON_SHORT, d->name, d->place);
		return -1;
	}
	*data = buf;
	*len = done;
	return 0;
}

/* Where two contents differ first; the shorter one's end counts as well. */
static u32 first_difference(const u8 *a, u32 alen, const u8 *b, u32 blen)
{
	u32 i;

	for (i = 0; i < alen && i < blen && a[i] == b[i]; i++)
		;
	return i;
}

/**
 * device_read_same() - read a memory several times and insist on equality
 * @d: the device
 * @m: the memory
 * @times: how often, at least once
 * @data: the bytes; the caller frees them
 * @len: how many
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_read_same(struct device *d, const struct bridgefw_memory *m, unsigned int times,
		     u8 **data, u32 *len, struct bfw_error *e)
{
	unsigned int i;

	if (device_read(d, m, 0, data, len, e))
		return -1;
	for (i = 1; i < times; i++) {
		u32 again_len, at;
		u8 *again;

		if (device_read(d, m, 0, &again, &again_len, e)) {
			free(*data);
			*data = NULL;
			return -1;
		}
		at = first_difference(*data, *len, again, again_len);
		free(again);
		if (at == *len && at == again_len)
			continue;
		free(*data);
		*data = NULL;
		reason_fail(e, BRIDGEFW_REASON_UNSTABLE, d->name, d->place);
		if (*len != again_len)
			bfw_more(e, " (read %u gave %u bytes, the one before %u)", i + 1,
				 again_len, *len);
		else
			bfw_more(e, " (read %u differs from the one before at offset 0x%04x)",
				 i + 1, at);
		return -1;
	}
	return 0;
}

/**
 * device_stage() - hand an image to the kernel; nothing is written yet
 * @d: the device
 * @m: the memory
 * @data: the image
 * @len: its bytes; 0 drops what is staged
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_stage(struct device *d, const struct bridgefw_memory *m, const u8 *data,
		 u32 len, struct bfw_error *e)
{
	struct bridgefw_stage s = {
		.memory = m->memory,
		.length = len,
		.data = (uintptr_t)data,
	};

	if (call(d, BRIDGEFW_IOC_STAGE, &s)) {
		if (errno == EINVAL)
			errno = EFBIG;
		return fail(d, e, errno, "stage");
	}
	return 0;
}

/**
 * device_start() - start a job, or with BRIDGEFW_START_DRY_RUN only ask for it
 * @d: the device
 * @job: BRIDGEFW_JOB_*
 * @memory: its number
 * @flags: BRIDGEFW_CONSENT_*, BRIDGEFW_START_*
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_start(struct device *d, u32 job, u32 memory, u32 flags, struct bfw_error *e)
{
	struct bridgefw_start s = { .job = job, .memory = memory, .flags = flags };
	int err;

	if (!call(d, BRIDGEFW_IOC_START, &s))
		return 0;
	err = errno;
	if (s.reason == BRIDGEFW_REASON_NONE)
		return fail(d, e, err, "start");
	return fail_reason(d, e, s.reason);
}

/**
 * device_status() - the present or last job
 * @d: the device
 * @s: filled in, its text safe to show
 * @e: why not
 *
 * Return: 0, or -1
 */
int device_status(struct device *d, struct bridgefw_status *s, struct bfw_error *e)
{
	memset(s, 0, sizeof(*s));
	if (call(d, BRIDGEFW_IOC_GET_STATUS, s))
		return fail(d, e, errno, "status");
	s->text[sizeof(s->text) - 1] = '\0';
	text_clean(s->text);
	return 0;
}

/**
 * device_wait() - wait for a change of status
 * @d: the device
 * @ms: how long at most
 *
 * Return: 0, or -1 after a signal
 */
int device_wait(struct device *d, unsigned int ms)
{
	struct pollfd p = { .fd = d->fd, .events = POLLPRI };

	if (poll(&p, 1, ms) < 0)
		return -1;
	/* an error bit stays up: do not spin on it */
	if (p.revents & (POLLERR | POLLHUP | POLLNVAL))
		poll(NULL, 0, ms < 50 ? ms : 50);
	return 0;
}

/**
 * device_answer() - what identify or version brought
 * @d: the device
 * @kind: 1 identify, 2 version
 * @a: filled in
 *
 * Return: 0, or -1 if there is none
 */
int device_answer(struct device *d, u32 kind, struct bridgefw_answer *a)
{
	memset(a, 0, sizeof(*a));
	a->kind = kind;
	if (call(d, BRIDGEFW_IOC_GET_ANSWER, a))
		return -1;
	if (a->length > sizeof(a->data))
		a->length = sizeof(a->data);
	return 0;
}
