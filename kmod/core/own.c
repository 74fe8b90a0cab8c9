// SPDX-License-Identifier: GPL-2.0-or-later
/* Who does I/O to a bridge, who holds it, and the ways that lead to it. */
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "core.h"

/* Something of the bridge has changed: whoever waits looks again. */
static void wake(struct bridgefw *b)
{
	wake_up_all(&b->wait);
}

/*
 * Under @lock: 0 if @who may do I/O now, -EAGAIN if another reader must end
 * first, or why not at all.
 */
static int own_try(struct bridgefw *b, const void *who)
{
	if (b->gone)
		return -ENXIO;
	if (b->claimant && b->claimant != who)
		return -EBUSY;
	if (b->active)
		return b->status.state == BRIDGEFW_STATE_BUSY ? -EBUSY : -EAGAIN;
	return 0;
}

/**
 * bridgefw_own() - become the one who does I/O
 * @b: bridge
 * @who: an open file that may hold the claim; NULL for nobody in particular
 *
 * Waits for another reader, but not for a job.
 *
 * Return: 0 (bridgefw_disown() ends it), -EBUSY during a job or somebody
 * else's claim, -ENXIO if the bridge is gone, -ERESTARTSYS on a signal.
 */
int bridgefw_own(struct bridgefw *b, const void *who)
{
	int ret;

	for (;;) {
		mutex_lock(&b->lock);
		ret = own_try(b, who);
		if (!ret)
			b->active = true;
		mutex_unlock(&b->lock);
		if (ret != -EAGAIN)
			return ret;
		ret = wait_event_interruptible(b->wait, !READ_ONCE(b->active) ||
					       READ_ONCE(b->gone) ||
					       READ_ONCE(b->status.state) == BRIDGEFW_STATE_BUSY);
		if (ret)
			return ret;
	}
}

/** bridgefw_disown() - undo a successful bridgefw_own() */
void bridgefw_disown(struct bridgefw *b)
{
	mutex_lock(&b->lock);
	b->active = false;
	mutex_unlock(&b->lock);
	wake(b);
}

/**
 * bridgefw_transport_init() - prepare a transport
 * @t: transport
 * @ops: its calls
 */
void bridgefw_transport_init(struct bridgefw_transport *t,
			     const struct bridgefw_transport_ops *ops)
{
	t->ops = ops;
	kref_init(&t->ref);
	INIT_LIST_HEAD(&t->node);
}
EXPORT_SYMBOL_GPL(bridgefw_transport_init);

static void transport_free(struct kref *ref)
{
	struct bridgefw_transport *t = container_of(ref, struct bridgefw_transport, ref);

	t->ops->release(t);
}

/** bridgefw_transport_put() - drop a reference; the last one releases */
void bridgefw_transport_put(struct bridgefw_transport *t)
{
	kref_put(&t->ref, transport_free);
}
EXPORT_SYMBOL_GPL(bridgefw_transport_put);

/**
 * bridgefw_transport_add() - a new way to a bridge
 * @b: bridge
 * @t: transport; the bridge takes a reference
 *
 * Return: 0, or -ENXIO if the bridge has gone meanwhile.
 */
int bridgefw_transport_add(struct bridgefw *b, struct bridgefw_transport *t)
{
	int ret = -ENXIO;

	mutex_lock(&b->lock);
	if (!b->gone) {
		kref_get(&t->ref);
		list_add_tail(&t->node, &b->transports);
		ret = 0;
	}
	mutex_unlock(&b->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(bridgefw_transport_add);

/**
 * bridgefw_transport_remove() - this way is closed
 * @b: bridge
 * @t: transport; whoever uses it now finds @t->gone
 */
void bridgefw_transport_remove(struct bridgefw *b, struct bridgefw_transport *t)
{
	bool listed;

	mutex_lock(&b->lock);
	WRITE_ONCE(t->gone, true);
	listed = !list_empty(&t->node);
	list_del_init(&t->node);
	mutex_unlock(&b->lock);
	if (listed)
		bridgefw_transport_put(t);
}
EXPORT_SYMBOL_GPL(bridgefw_transport_remove);

/**
 * bridgefw_transport_get() - the first open way of some kinds
 * @b: bridge
 * @kinds: BFP_TRANSPORT_* that will do
 *
 * Return: pinned together with its module until bridgefw_transport_done();
 * NULL if there is none.
 */
struct bridgefw_transport *bridgefw_transport_get(struct bridgefw *b, u8 kinds)
{
	struct bridgefw_transport *t, *found = NULL;

	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node) {
		if (!t->gone && (t->ops->kind & kinds) && try_module_get(t->ops->owner)) {
			kref_get(&t->ref);
			found = t;
			break;
		}
	}
	mutex_unlock(&b->lock);
	return found;
}

/**
 * bridgefw_transport_by_lun() - the way that the CDBs of programs take to a drive
 * @b: bridge
 * @lun: of the drive; BRIDGEFW_LUN_LOWEST: the lowest there is
 *
 * Where two drives have the same number, behind two interfaces of a box, the one that
 * came first is meant.
 *
 * Return: as bridgefw_transport_get().
 */
struct bridgefw_transport *bridgefw_transport_by_lun(struct bridgefw *b, u32 lun)
{
	struct bridgefw_transport *t, *found = NULL;

	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node) {
		if (t->gone || !t->ops->cdb || (lun != BRIDGEFW_LUN_LOWEST && t->lun != lun))
			continue;
		if (!found || t->lun < found->lun)
			found = t;
	}
	if (found && try_module_get(found->ops->owner))
		kref_get(&found->ref);
	else
		found = NULL;
	mutex_unlock(&b->lock);
	return found;
}

/** bridgefw_transport_done() - undo bridgefw_transport_get() */
void bridgefw_transport_done(struct bridgefw_transport *t)
{
	struct module *owner = t->ops->owner;

	bridgefw_transport_put(t);
	module_put(owner);
}

/** bridgefw_transports() - BFP_TRANSPORT_* that reach the bridge now */
u32 bridgefw_transports(struct bridgefw *b)
{
	struct bridgefw_transport *t;
	u32 kinds = 0;

	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node)
		if (!t->gone)
			kinds |= t->ops->kind;
	mutex_unlock(&b->lock);
	return kinds;
}

/** bridgefw_crowded() - whether one of the ways cannot tell two devices apart for certain */
bool bridgefw_crowded(struct bridgefw *b)
{
	struct bridgefw_transport *t;
	bool ret = false;

	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node)
		if (!t->gone && t->ops->crowded && t->ops->crowded(t))
			ret = true;
	mutex_unlock(&b->lock);
	return ret;
}

enum each { EACH_HOLD, EACH_UNHOLD, EACH_CLAIM, EACH_UNCLAIM };

#define TRANSPORTS_MAX	32

/*
 * Calls @what of every transport without holding the lock over it. On failure
 * of HOLD or CLAIM those that succeeded are undone, the latest first.
 */
static int each_transport(struct bridgefw *b, enum each what)
{
	struct bridgefw_transport *all[TRANSPORTS_MAX], *t;
	int i, n = 0, ret = 0;

	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node) {
		if (n == TRANSPORTS_MAX || !try_module_get(t->ops->owner))
			continue;
		kref_get(&t->ref);
		all[n++] = t;
	}
	mutex_unlock(&b->lock);

	for (i = 0; i < n && !ret; i++) {
		t = all[i];
		if (what == EACH_HOLD && t->ops->hold)
			ret = t->ops->hold(t);
		else if (what == EACH_UNHOLD && t->ops->unhold)
			t->ops->unhold(t);
		else if (what == EACH_CLAIM && t->ops->claim)
			ret = t->ops->claim(t);
		else if (what == EACH_UNCLAIM && t->ops->unclaim)
			t->ops->unclaim(t);
	}
	if (ret) {
		for (i -= 2; i >= 0; i--) {
			t = all[i];
			if (what == EACH_HOLD && t->ops->unhold)
				t->ops->unhold(t);
			else if (what == EACH_CLAIM && t->ops->unclaim)
				t->ops->unclaim(t);
		}
	}
	while (n--)
		bridgefw_transport_done(all[n]);
	return ret;
}

/** bridgefw_hold_all() - stop everybody else's I/O to the drives; 0 or an errno */
int bridgefw_hold_all(struct bridgefw *b)
{
	return each_transport(b, EACH_HOLD);
}

/** bridgefw_unhold_all() - let it go on */
void bridgefw_unhold_all(struct bridgefw *b)
{
	each_transport(b, EACH_UNHOLD);
}

/**
 * bridgefw_needs_hold() - whether others must wait while an operation runs
 * @b: bridge
 * @op: operation of its profile
 *
 * One command stays whole by itself where the box gets one at a time: with usb-storage
 * and firewire-sbp2, not with uas. That is worth to know, since a hold waits for RCU,
 * which takes longer than a chunk.
 *
 * Return: true unless it is one CDB, and all drives are behind the same queue of one.
 */
bool bridgefw_needs_hold(struct bridgefw *b, const struct bfp_operation *op)
{
	const struct bfp_step *s = bfp_steps(&b->profile->p) + le16_to_cpu(op->step_first);
	const struct bridgefw_transport *t;
	const void *queue = NULL;
	bool ret = false;

	if (le16_to_cpu(op->step_count) != 1 || s->kind != BFP_STEP_CDB)
		return true;
	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node) {
		if (!t->ops->hold)
			continue;
		if (!t->queue || (queue && queue != t->queue))
			ret = true;
		queue = t->queue;
	}
	mutex_unlock(&b->lock);
	return ret;
}

/**
 * bridgefw_take_again() - what a job has of a device, of the device that came in its place
 * @b: bridge; a job owns, claims and holds it
 *
 * Return: 0; -EBUSY if somebody has taken a drive meanwhile, or another errno.
 */
int bridgefw_take_again(struct bridgefw *b)
{
	int ret = 0;

	if (b->job.claimed)
		ret = each_transport(b, EACH_CLAIM);
	return ret ?: each_transport(b, EACH_HOLD);
}

/**
 * bridgefw_claim() - take the bridge and the drives behind it exclusively
 * @b: bridge
 * @who: the open file or job
 *
 * The caller owns the bridge (bridgefw_own()).
 *
 * Return: 0; -EBUSY if a drive is mounted or otherwise open exclusively, or if
 * somebody else holds the bridge; -ENXIO if it is gone.
 */
int bridgefw_claim(struct bridgefw *b, const void *who)
{
	int ret = 0;

	mutex_lock(&b->lock);
	if (b->gone)
		ret = -ENXIO;
	else if (b->claimant)
		ret = b->claimant == who ? -EALREADY : -EBUSY;
	mutex_unlock(&b->lock);
	if (ret)
		return ret;
	ret = each_transport(b, EACH_CLAIM);
	if (ret)
		return ret;
	mutex_lock(&b->lock);
	b->claimant = who;
	mutex_unlock(&b->lock);
	return 0;
}

/** bridgefw_release() - undo bridgefw_claim() of the same @who; harmless otherwise */
void bridgefw_release(struct bridgefw *b, const void *who)
{
	bool mine;

	mutex_lock(&b->lock);
	mine = b->claimant == who;
	/* On its way back it is nobody's, nor free: no job may borrow it, nobody take it. */
	if (mine)
		b->claimant = b;
	if (b->lender == who)
		b->lender = NULL;
	mutex_unlock(&b->lock);
	if (!mine)
		return;
	each_transport(b, EACH_UNCLAIM);
	mutex_lock(&b->lock);
	b->claimant = NULL;
	mutex_unlock(&b->lock);
	wake(b);
}

/**
 * bridgefw_claim_job() - take the claim for the bridge's job
 * @b: bridge; the caller owns it
 * @who: the open file that asks; if it holds the claim, it lends it, so that
 *	closing the file does not end it in the middle of the job
 *
 * Return: as bridgefw_claim().
 */
int bridgefw_claim_job(struct bridgefw *b, const void *who)
{
	bool lent = false;

	mutex_lock(&b->lock);
	if (who && b->claimant == who) {
		b->claimant = &b->job;
		b->lender = who;
		lent = true;
	}
	mutex_unlock(&b->lock);
	return lent ? 0 : bridgefw_claim(b, &b->job);
}

/** bridgefw_release_job() - the job is over: back to the lender, or to everybody */
void bridgefw_release_job(struct bridgefw *b)
{
	bool back = false;

	mutex_lock(&b->lock);
	if (b->lender) {
		b->claimant = b->lender;
		b->lender = NULL;
		back = true;
	}
	mutex_unlock(&b->lock);
	if (!back)
		bridgefw_release(b, &b->job);
}

/**
 * bridgefw_vacate() - keep everybody off while the ways to a bridge change
 * @b: bridge
 * @who: the caller, by any address of its own
 *
 * Return: 0 (bridgefw_vacated() ends it), -EBUSY during a job or if a drive is in
 * use, -ENXIO if the bridge is gone, -ERESTARTSYS on a signal.
 */
int bridgefw_vacate(struct bridgefw *b, const void *who)
{
	int ret = bridgefw_own(b, who);

	if (ret)
		return ret;
	ret = bridgefw_claim(b, who);
	if (ret)
		bridgefw_disown(b);
	return ret;
}
EXPORT_SYMBOL_GPL(bridgefw_vacate);

/** bridgefw_vacated() - undo bridgefw_vacate() */
void bridgefw_vacated(struct bridgefw *b, const void *who)
{
	bridgefw_release(b, who);
	bridgefw_disown(b);
}
EXPORT_SYMBOL_GPL(bridgefw_vacated);
