// SPDX-License-Identifier: GPL-2.0-or-later
/* What the chip says that it is, when it is asked. */
#include <linux/slab.h>
#include <linux/string.h>

#include "core.h"
#include "identify.h"
#include "image.h"

/* The firmware version, where the profile knows which bytes of the answer it is. */
static void version_find(struct bridgefw *b, const struct bfp_operation *op,
			 const u8 *answer, u32 len)
{
	const struct bfp *p = &b->profile->p;
	const struct bfp_field *f = bfp_fields(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_FIELDS); i++)
		if (le16_to_cpu(f[i].operation) == op - bfp_operations(p) &&
		    !strcmp(bfp_string(p, f[i].name), "firmware_version"))
			bfp_field_format(p, &f[i], answer, len, b->version, sizeof(b->version));
}

static const u8 identify_kinds[] = { BFP_OP_IDENTIFY, BFP_OP_VERSION };

/* What the profile has to ask the chip of that kind; NULL if nothing. */
static const struct bfp_operation *identify_op(struct bridgefw *b, u8 kind)
{
	const struct bfp_operation *op = bfp_find_operation(&b->profile->p, kind, -1);

	return op && op->evidence >= BFP_TRACED ? op : NULL;
}

/**
 * bridgefw_identify_check() - whether there is something to ask, and a way to ask all of it
 * @b: bridge
 *
 * What may not be asked in the state that the chip is in is left out.
 *
 * Return: BRIDGEFW_REASON_*.
 */
u32 bridgefw_identify_check(struct bridgefw *b)
{
	u32 reason = BRIDGEFW_REASON_ABSENT, one;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(identify_kinds); i++) {
		const struct bfp_operation *op = identify_op(b, identify_kinds[i]);

		if (!op)
			continue;
		one = bridgefw_op_usable(b, op);
		if (one && one != BRIDGEFW_REASON_STATE)
			return one;
		if (!one || reason == BRIDGEFW_REASON_ABSENT)
			reason = one;
	}
	return reason;
}

/* Asks the chip; the caller holds the drives, and frees the answer in @io. */
static int ask(struct bridgefw *b, const struct bfp_operation *op, struct bridgefw_io *io)
{
	int ret;

	memset(io, 0, sizeof(*io));
	io->answer = kzalloc(BFP_ANSWER_MAX, GFP_KERNEL);
	if (!io->answer)
		return -ENOMEM;
	io->answer_room = BFP_ANSWER_MAX;
	ret = bridgefw_run(b, op, io);
	if (ret) {
		kfree(io->answer);
		io->answer = NULL;
	}
	return ret;
}

/**
 * bridgefw_identify_run() - the job that asks what the chip is, and its version
 * @b: bridge; the job owns it
 */
void bridgefw_identify_run(struct bridgefw *b)
{
	struct bridgefw_io io;
	unsigned int i;
	bool hold;
	int ret;

	for (i = 0; i < ARRAY_SIZE(identify_kinds); i++) {
		u8 kind = identify_kinds[i];
		const struct bfp_operation *op = identify_op(b, kind);

		if (!op || !(op->states & bridgefw_chip_state(b)))
			continue;
		hold = bridgefw_needs_hold(b, op);
		ret = hold ? bridgefw_hold_all(b) : 0;
		if (!ret) {
			ret = ask(b, op, &io);
			if (hold)
				bridgefw_unhold_all(b);
		}
		if (ret) {
			bridgefw_status_set(b, ret == -EOPNOTSUPP ? BRIDGEFW_REASON_TRANSPORT :
					    bridgefw_errno_reason(ret),
					    BRIDGEFW_CONTENT_UNKNOWN, 0, "%s failed (%d)",
					    bfp_op_name(kind), ret);
			return;
		}
		mutex_lock(&b->lock);
		version_find(b, op, io.answer, io.answer_len);
		swap(b->answers[kind].data, io.answer);
		b->answers[kind].len = io.answer_len;
		mutex_unlock(&b->lock);
		kfree(io.answer);
	}
	bridgefw_status_set(b, BRIDGEFW_REASON_NONE, BRIDGEFW_CONTENT_UNKNOWN, 0, "identified");
}

/**
 * bridgefw_identify_same() - whether the chip says twice that it is the same
 * @b: bridge; a job owns it and holds the drives
 *
 * A chip or a flash whose identity changes has a bad contact, or is not what its profile
 * is of. What has no firmware is not asked: its boot mode need not know the question.
 *
 * Return: 0, also if there is nothing to ask; -EUCLEAN if the answers differ; or an errno
 * of the transport.
 */
int bridgefw_identify_same(struct bridgefw *b)
{
	const struct bfp_operation *op = identify_op(b, BFP_OP_IDENTIFY);
	struct bridgefw_io first, second;
	int ret;

	if (!op || (op->flags & BFP_OPF_ON_REQUEST) || bridgefw_op_usable(b, op) ||
	    b->erased || bridgefw_chip_state(b) != BFP_STATE(BFP_ROLE_RUNNING))
		return 0;
	ret = ask(b, op, &first);
	if (ret)
		return ret;
	ret = ask(b, op, &second);
	if (!ret && (first.answer_len != second.answer_len ||
		     memcmp(first.answer, second.answer, first.answer_len)))
		ret = -EUCLEAN;
	kfree(first.answer);
	kfree(second.answer);
	return ret;
}
