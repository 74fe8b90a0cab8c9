// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "reason.h"
#include "text.h"

#define WHAT_NOW "`bridgefwctl status %s` shows what the bridge says of it."

static const struct reason reasons[] = {
	[BRIDGEFW_REASON_NONE] = { "none", BFW_FAILURE, "no reason was given", WHAT_NOW },
	[BRIDGEFW_REASON_CAPABILITY] = { "capability", BFW_PERMISSION,
		"writing needs the capability CAP_SYS_RAWIO",
		"Run it as root." },
	[BRIDGEFW_REASON_NO_PROFILE] = { "no-profile", BFW_REFUSED,
		"nothing is known of this chip, so nothing is sent to it",
		"`bridgefwctl attach %s --profile NAME` names the chip if you know it;\n"
		"`bridgefwctl profile list` shows the names." },
	[BRIDGEFW_REASON_ABSENT] = { "absent", BFW_REFUSED,
		"it is not known how this chip does that: its profile has no such operation",
		"Documentation/adding-a-chip.rst tells how a profile learns it." },
	[BRIDGEFW_REASON_EVIDENCE] = { "evidence", BFW_REFUSED,
		"the evidence for the commands this needs is too weak",
		"`bridgefwctl profile show` tells what is known and from where.\n"
		"The module parameter evidence_bar lowers the bar, at your own risk." },
	[BRIDGEFW_REASON_TRANSPORT] = { "transport", BFW_REFUSED,
		"the commands this needs are known for another connection than the one in use",
		"Connect the box the way that `bridgefwctl profile show` names for it." },
	[BRIDGEFW_REASON_LOCAL] = { "local", BFW_REFUSED,
		"its profile is one of your own, and those do not open writing",
		"The module parameter local_writes of bridgefw permits it, at your own risk." },
	[BRIDGEFW_REASON_ATTACHED] = { "attached", BFW_REFUSED,
		"that its profile fits was only said by hand, or somebody else changed its memory",
		"If you are sure, say it again with --write-attached." },
	[BRIDGEFW_REASON_IDENTITY] = { "identity", BFW_REFUSED,
		"the image may carry another box's identity, and the profile does not say where that lies",
		"If this box is to take the image's identity, use --clone-identity." },
	[BRIDGEFW_REASON_NOT_READ] = { "not-read", BFW_REFUSED,
		"the memory was not read twice, identically, since its last change",
		"Read it twice (`bridgefwctl dump %s`), then try again." },
	[BRIDGEFW_REASON_UNSTABLE] = { "unstable", BFW_REFUSED,
		"two reads of the memory differed, so its content is not known",
		"Try another cable, port and power supply, and dump it again.\n"
		"Nothing can be written before the reads agree." },
	[BRIDGEFW_REASON_NO_IMAGE] = { "no-image", BFW_FAILURE,
		"the kernel holds no such content",
		"It keeps what a write replaced until the module leaves or the system restarts.\n"
		"The backups on disk stay: `bridgefwctl backup list`." },
	[BRIDGEFW_REASON_IMAGE_SIZE] = { "image-size", BFW_BAD_FILE,
		"the image does not have the memory's size",
		"`bridgefwctl info %s` shows the size. Nothing was written." },
	[BRIDGEFW_REASON_IMAGE_RULE] = { "image-rule", BFW_BAD_FILE,
		"the chip's rules refuse the image",
		"Is it an image for this chip and this memory? Nothing was written.\n"
		"`bridgefwctl profile show` lists the rules." },
	[BRIDGEFW_REASON_CONTENT] = { "content", BFW_REFUSED,
		"what the memory holds now is not valid itself, so it is no model for what to keep",
		"`bridgefwctl restore %s` writes a backup of this box." },
	[BRIDGEFW_REASON_IN_USE] = { "in-use", BFW_BUSY,
		"a drive behind the bridge is in use",
		"Unmount it or stop what uses it, then try again. Nothing was written." },
	[BRIDGEFW_REASON_BUSY] = { "busy", BFW_BUSY,
		"another job runs on it, or another program holds it",
		"`bridgefwctl status %s --wait` waits for a job's end." },
	[BRIDGEFW_REASON_GONE] = { "gone", BFW_GONE,
		"the box is gone",
		"Plug it in again and see `bridgefwctl list`." },
	[BRIDGEFW_REASON_TIMEOUT] = { "timeout", BFW_FAILURE,
		"the bridge did not answer in time",
		"Unplug it, wait, plug it in again, and look with `bridgefwctl info %s`." },
	[BRIDGEFW_REASON_STALL] = { "stall", BFW_FAILURE,
		"the bridge refused the request",
		"Plug it in again and try once more. Is it this chip, and has it this memory?" },
	[BRIDGEFW_REASON_SHORT] = { "short", BFW_FAILURE,
		"the bridge sent fewer bytes than were asked for",
		"Try it again; try another cable or port." },
	[BRIDGEFW_REASON_ANSWER] = { "answer", BFW_FAILURE,
		"the bridge gave an answer that its profile does not expect",
		"Is it really this chip? " WHAT_NOW },
	[BRIDGEFW_REASON_IO] = { "io", BFW_FAILURE,
		"the transfer failed",
		"Try it again; try another cable or port. The kernel log may say more." },
	[BRIDGEFW_REASON_MISMATCH] = { "mismatch", BFW_MISMATCH,
		"what was read back is not what was written",
		"`bridgefwctl restore %s` writes the backup." },
	[BRIDGEFW_REASON_IGNORED] = { "ignored", BFW_MISMATCH,
		"the bridge accepted the write, but the memory still holds the old content",
		"It may be write-protected: look for a jumper, or for the memory's WP pin." },
	[BRIDGEFW_REASON_CANCELLED] = { "cancelled", BFW_FAILURE,
		"the job was cancelled", WHAT_NOW },
	[BRIDGEFW_REASON_MEMORY] = { "memory", BFW_FAILURE,
		"the kernel has not enough memory", "Try it again later." },
	[BRIDGEFW_REASON_SLEEP] = { "sleep", BFW_BUSY,
		"the system is about to sleep", "Try it again when it is awake." },
	[BRIDGEFW_REASON_CONTENT_DIFFERS] = { "content-differs", BFW_MISMATCH,
		"the memory differs from the image", "" },
	[BRIDGEFW_REASON_FINAL] = { "final", BFW_REFUSED,
		"a power cut during this write may be the end of the chip",
		"If you accept that, say so with --accept-final. Nothing was written." },
	[BRIDGEFW_REASON_UNREAD] = { "unread", BFW_REFUSED,
		"what the memory holds cannot be read, so a write loses it for ever",
		"If you accept that, say so with --accept-unread. Nothing was written." },
	[BRIDGEFW_REASON_NO_WAY_BACK] = { "no-way-back", BFW_REFUSED,
		"nothing is known that reaches it without firmware: an erase would be its end",
		"`bridgefwctl flash` replaces what it holds by sectors. Nothing was erased." },
	[BRIDGEFW_REASON_ID_CHANGES] = { "id-changes", BFW_REFUSED,
		"asked twice what it is, the chip gave two answers",
		"Try another cable, port and power supply. Is the chip really the one that\n"
		"`bridgefwctl info %s` names?" },
	[BRIDGEFW_REASON_BUS_RESET] = { "bus-reset", BFW_FAILURE,
		"a FireWire bus reset came in the middle of it: something was plugged in or out, or switched on or off",
		"Leave the bus as it is and try it again: the memory is read first, and what is\n"
		"right already is not written once more." },
	[BRIDGEFW_REASON_ANOTHER_BLANK] = { "another-blank", BFW_REFUSED,
		"two boxes without firmware are on its FireWire bus, and only the cable tells them apart",
		"Unplug the other one, then try again. Nothing was written." },
	[BRIDGEFW_REASON_STATE] = { "state", BFW_REFUSED,
		"what this needs may not be sent to the chip in the state that it is in now",
		"`bridgefwctl info %s` tells the state; `bridgefwctl profile show` tells in which one\n"
		"each command may be sent." },
};

/**
 * reason_of() - what a reason means
 * @number: BRIDGEFW_REASON_*
 *
 * Return: its entry; that of "none" for a number from a newer kernel
 */
const struct reason *reason_of(u32 number)
{
	if (number >= ARRAY_SIZE(reasons) || !reasons[number].word)
		return &reasons[BRIDGEFW_REASON_NONE];
	return &reasons[number];
}

/**
 * reason_word() - a reason as one word
 * @number: BRIDGEFW_REASON_*
 */
const char *reason_word(u32 number)
{
	return reason_of(number)->word;
}

/**
 * reason_of_errno() - the reason behind a failed call that gives none
 * @err: errno
 *
 * Return: BRIDGEFW_REASON_*
 */
u32 reason_of_errno(int err)
{
	static const struct { int err; u32 reason; } table[] = {
		{ EPERM, BRIDGEFW_REASON_CAPABILITY },
		{ EACCES, BRIDGEFW_REASON_EVIDENCE },
		{ ENOTCONN, BRIDGEFW_REASON_TRANSPORT },
		{ EOPNOTSUPP, BRIDGEFW_REASON_ABSENT },
		{ ENODATA, BRIDGEFW_REASON_NO_IMAGE },
		{ EINVAL, BRIDGEFW_REASON_IMAGE_RULE },
		{ EFBIG, BRIDGEFW_REASON_IMAGE_SIZE },
		{ ENOSPC, BRIDGEFW_REASON_IMAGE_SIZE },
		{ EBUSY, BRIDGEFW_REASON_BUSY },
		{ ENXIO, BRIDGEFW_REASON_GONE },
		{ ENODEV, BRIDGEFW_REASON_GONE },
		{ ESHUTDOWN, BRIDGEFW_REASON_GONE },
		{ ETIMEDOUT, BRIDGEFW_REASON_TIMEOUT },
		{ EPIPE, BRIDGEFW_REASON_STALL },
		{ EREMOTEIO, BRIDGEFW_REASON_SHORT },
		{ EPROTO, BRIDGEFW_REASON_ANSWER },
		{ EILSEQ, BRIDGEFW_REASON_MISMATCH },
		{ EROFS, BRIDGEFW_REASON_IGNORED },
		{ ESTALE, BRIDGEFW_REASON_BUS_RESET },
		{ ECANCELED, BRIDGEFW_REASON_CANCELLED },
		{ ENOMEM, BRIDGEFW_REASON_MEMORY },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].err == err)
			return table[i].reason;
	return BRIDGEFW_REASON_IO;
}

/**
 * reason_fail() - make a reason a failure
 * @e: filled in
 * @number: BRIDGEFW_REASON_*
 * @device: "bridgefwN"
 * @place: "usb:1-1", what the hints call the box
 *
 * Return: -1
 */
int reason_fail(struct bfw_error *e, u32 number, const char *device, const char *place)
{
	const struct reason *r = reason_of(number);
	const char *hole = strstr(r->next, "%s");

	bfw_fail(e, r->code, r->word, "%s: %s", device, r->what);
	bfw_error_device(e, device);
	if (hole)
		bfw_next(e, "%.*s%s%s", (int)(hole - r->next), r->next, place, hole + 2);
	else
		bfw_next(e, "%s", r->next);
	return -1;
}

/**
 * reason_fail_job() - make the outcome of a job a failure
 * @e: filled in
 * @s: the outcome; the kernel's own sentence knows more than the reason's,
 *     but for transfers that failed it does not say how
 * @device: "bridgefwN"
 * @place: "usb:1-1", what the hints call the box
 *
 * Return: -1
 */
int reason_fail_job(struct bfw_error *e, const struct bridgefw_status *s, const char *device,
		    const char *place)
{
	bool gone = s->state == BRIDGEFW_STATE_GONE && !s->reason;
	u32 reason = gone ? BRIDGEFW_REASON_GONE : s->reason;

	reason_fail(e, reason, device, place);
	if (s->text[0] && ((reason >= BRIDGEFW_REASON_GONE && reason <= BRIDGEFW_REASON_IO) ||
			   reason == BRIDGEFW_REASON_BUS_RESET)) {
		bfw_more(e, "; %s", s->text);
	} else if (s->text[0]) {
		text_put(e->message, sizeof(e->message), device);
		bfw_more(e, ": %s", s->text);
	} else if (job_writes(s->job)) {
		bfw_more(e, ". %s", content_text(s->content));
	}
	return -1;
}

static const char *word_in(const char *const *words, u32 count, u32 n)
{
	return n < count ? words[n] : "unknown";
}

/**
 * content_word() - BRIDGEFW_CONTENT_* as one word
 * @content: the number
 */
const char *content_word(u32 content)
{
	static const char *const words[] = { "unknown", "old", "new", "mixed", "blank" };

	return word_in(words, ARRAY_SIZE(words), content);
}

/**
 * content_text() - BRIDGEFW_CONTENT_* as a sentence
 * @content: the number
 */
const char *content_text(u32 content)
{
	static const char *const words[] = {
		"What the memory holds now could not be read back.",
		"The memory holds what it held before.",
		"The memory holds the image, read back and equal.",
		"The memory holds a mixture, neither the old content nor the image.",
		"The memory is erased; the image is to follow.",
	};

	return words[content < ARRAY_SIZE(words) ? content : BRIDGEFW_CONTENT_UNKNOWN];
}

/**
 * state_word() - BRIDGEFW_STATE_* as sysfs calls it
 * @state: the number
 */
const char *state_word(u32 state)
{
	static const char *const words[] = { "idle", "busy", "blank", "failed", "gone" };

	return word_in(words, ARRAY_SIZE(words), state);
}

/**
 * job_writes() - whether a job changes a memory
 * @job: BRIDGEFW_JOB_*
 */
bool job_writes(u32 job)
{
	return job == BRIDGEFW_JOB_WRITE || job == BRIDGEFW_JOB_RESTORE ||
	       job == BRIDGEFW_JOB_ERASE;
}

/**
 * job_word() - BRIDGEFW_JOB_* as one word
 * @job: the number
 */
const char *job_word(u32 job)
{
	static const char *const words[] = { "none", "identify", "write", "restore", "verify",
					    "erase" };

	return word_in(words, ARRAY_SIZE(words), job);
}
