// SPDX-License-Identifier: GPL-2.0-or-later
/* Why something was refused or failed, in the words of every door. */
#include "core.h"

/* Why something failed, as errno, number and word: one table for all doors. */
static const struct {
	int err;
	u32 reason;
	const char *word;
} reasons[] = {
	{ 0,		BRIDGEFW_REASON_NONE,		"none" },
	{ -EPERM,	BRIDGEFW_REASON_CAPABILITY,	"capability" },
	{ -EOPNOTSUPP,	BRIDGEFW_REASON_ABSENT,		"absent" },
	{ -EOPNOTSUPP,	BRIDGEFW_REASON_NO_PROFILE,	"no-profile" },
	{ -EACCES,	BRIDGEFW_REASON_EVIDENCE,	"evidence" },
	{ -EACCES,	BRIDGEFW_REASON_TRANSPORT,	"transport" },
	{ -ENOTCONN,	BRIDGEFW_REASON_TRANSPORT,	"transport" },
	{ -EACCES,	BRIDGEFW_REASON_STATE,		"state" },
	{ -EBADFD,	BRIDGEFW_REASON_STATE,		"state" },
	{ -EACCES,	BRIDGEFW_REASON_LOCAL,		"local" },
	{ -EACCES,	BRIDGEFW_REASON_ATTACHED,	"attached" },
	{ -EACCES,	BRIDGEFW_REASON_IDENTITY,	"identity" },
	{ -EACCES,	BRIDGEFW_REASON_FINAL,		"final" },
	{ -EACCES,	BRIDGEFW_REASON_UNREAD,		"unread" },
	{ -EPERM,	BRIDGEFW_REASON_NO_WAY_BACK,	"no-way-back" },
	{ -ENODATA,	BRIDGEFW_REASON_NOT_READ,	"not-read" },
	{ -ENODATA,	BRIDGEFW_REASON_UNSTABLE,	"unstable" },
	{ -ENODATA,	BRIDGEFW_REASON_NO_IMAGE,	"no-image" },
	{ -EINVAL,	BRIDGEFW_REASON_IMAGE_RULE,	"image-rule" },
	{ -EINVAL,	BRIDGEFW_REASON_IMAGE_SIZE,	"image-size" },
	{ -EINVAL,	BRIDGEFW_REASON_CONTENT,	"content" },
	{ -EBUSY,	BRIDGEFW_REASON_BUSY,		"busy" },
	{ -EBUSY,	BRIDGEFW_REASON_IN_USE,		"in-use" },
	{ -EBUSY,	BRIDGEFW_REASON_SLEEP,		"sleep" },
	{ -ENXIO,	BRIDGEFW_REASON_GONE,		"gone" },
	{ -ENODEV,	BRIDGEFW_REASON_GONE,		"gone" },
	{ -ESHUTDOWN,	BRIDGEFW_REASON_GONE,		"gone" },
	{ -ETIMEDOUT,	BRIDGEFW_REASON_TIMEOUT,	"timeout" },
	{ -EPIPE,	BRIDGEFW_REASON_STALL,		"stall" },
	{ -EREMOTEIO,	BRIDGEFW_REASON_SHORT,		"short" },
	{ -EPROTO,	BRIDGEFW_REASON_ANSWER,		"answer" },
	{ -EIO,		BRIDGEFW_REASON_IO,		"io" },
	{ -EILSEQ,	BRIDGEFW_REASON_MISMATCH,	"mismatch" },
	{ -EILSEQ,	BRIDGEFW_REASON_CONTENT_DIFFERS, "content-differs" },
	{ -EUCLEAN,	BRIDGEFW_REASON_UNSTABLE,	"unstable" },
	{ -EUCLEAN,	BRIDGEFW_REASON_ID_CHANGES,	"id-changes" },
	{ -ESTALE,	BRIDGEFW_REASON_BUS_RESET,	"bus-reset" },
	{ -ENOTUNIQ,	BRIDGEFW_REASON_ANOTHER_BLANK,	"another-blank" },
	{ -EROFS,	BRIDGEFW_REASON_IGNORED,	"ignored" },
	{ -ECANCELED,	BRIDGEFW_REASON_CANCELLED,	"cancelled" },
	{ -ENOMEM,	BRIDGEFW_REASON_MEMORY,		"memory" },
};

/** bridgefw_reason_errno() - the (negative) errno of a BRIDGEFW_REASON_* */
int bridgefw_reason_errno(u32 reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].reason == reason)
			return reasons[i].err;
	return -EIO;
}

/** bridgefw_errno_reason() - the BRIDGEFW_REASON_* of a (negative) errno of a transport */
u32 bridgefw_errno_reason(int err)
{
	size_t i;

	if (err == -EINTR || err == -ERESTARTSYS)
		return BRIDGEFW_REASON_CANCELLED;
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].err == err)
			return reasons[i].reason;
	return BRIDGEFW_REASON_IO;
}

/** bridgefw_reason_word() - the word that sysfs uses for a BRIDGEFW_REASON_* */
const char *bridgefw_reason_word(u32 reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].reason == reason)
			return reasons[i].word;
	return "io";
}
