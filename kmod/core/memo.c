// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was written to the box on a port, and what it replaced. Kept by the
 * core, so that it is still there when the box comes back under other ids;
 * lost on rmmod and reboot (the tool keeps its own, on disk).
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "core.h"

#define MEMOS_MAX	32

static DEFINE_MUTEX(memos_lock);
static LIST_HEAD(memos);		/* the latest first */

static void memo_free(struct kref *ref)
{
	struct bridgefw_memo *memo = container_of(ref, struct bridgefw_memo, ref);

	kvfree(memo->previous);
	kfree(memo);
}

/** bridgefw_memo_put() - drop a reference */
void bridgefw_memo_put(struct bridgefw_memo *memo)
{
	if (memo)
		kref_put(&memo->ref, memo_free);
}

static bool memo_is(const struct bridgefw_memo *memo, struct bridgefw *b, u32 memory)
{
	return memo->memory == memory && !strcmp(memo->bus, b->bus) &&
	       !strcmp(memo->bus_id, b->bus_id);
}

static void memo_unlink(struct bridgefw_memo *memo)
{
	list_del(&memo->node);
	bridgefw_memo_put(memo);
}

/**
 * bridgefw_memo_doubtful() - whether the last write of a memory was cut short
 * @b: bridge
 * @m: memory
 *
 * Return: true if it is known that this box was being written, and not how that ended.
 */
bool bridgefw_memo_doubtful(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_memo *memo = bridgefw_memo_of(b, m);
	bool doubtful = memo && memo->open && !memo->erased;

	bridgefw_memo_put(memo);
	return doubtful;
}

/*
 * What a write replaces. After one that was interrupted that is not the mixture
 * which it left, but what was there before: whoever repairs it and is
 * interrupted, too, can still go back to that.
 */
static bool previous_stays(struct bridgefw *b, struct bridgefw_mem *m,
			   struct bridgefw_memo *before, const u8 *old, u32 old_len)
{
	u8 hash[BRIDGEFW_HASH_SIZE];

	if (!before || !before->open ||
	    (!bridgefw_memo_fits(b, m) && !(b->job.flags & BRIDGEFW_CONSENT_ATTACHED)))
		return false;
	bridgefw_hash(old, old_len, hash);
	return memcmp(hash, before->written, sizeof(hash));
}

/**
 * bridgefw_memo_set() - a write is about to start
 * @b: bridge
 * @m: memory
 * @old: what it holds; becomes `previous`, see previous_stays()
 * @old_len: bytes
 * @written: hash of what it will hold; after an erase, of the image that is to follow
 *
 * Return: 0 or -ENOMEM, and then nothing may be written.
 */
int bridgefw_memo_set(struct bridgefw *b, struct bridgefw_mem *m,
		      const u8 *old, u32 old_len, const u8 *written)
{
	struct bridgefw_memo *before = bridgefw_memo_of(b, m), *memo, *o, *n;
	unsigned int count = 0;

	if (previous_stays(b, m, before, old, old_len)) {
		old = before->previous;
		old_len = before->previous_len;
	}
	memo = kzalloc(sizeof(*memo), GFP_KERNEL);
	if (memo)
		memo->previous = kvmalloc(old_len, GFP_KERNEL);
	if (!memo || !memo->previous) {
		kfree(memo);
		bridgefw_memo_put(before);
		return -ENOMEM;
	}
	kref_init(&memo->ref);
	memcpy(memo->previous, old, old_len);
	memo->previous_len = old_len;
	memo->memory = m->number;
	strscpy(memo->bus, b->bus, sizeof(memo->bus));
	strscpy(memo->bus_id, b->bus_id, sizeof(memo->bus_id));
	strscpy(memo->profile, b->profile->name, sizeof(memo->profile));
	strscpy(memo->serial, b->serial, sizeof(memo->serial));
	memo->instance = b->instance;
	memcpy(memo->written, written, sizeof(memo->written));
	memo->open = true;
	bridgefw_memo_put(before);

	mutex_lock(&memos_lock);
	list_for_each_entry_safe(o, n, &memos, node)
		if (++count >= MEMOS_MAX)
			memo_unlink(o);
	list_add(&memo->node, &memos);
	mutex_unlock(&memos_lock);
	return 0;
}

/* Of the memos of a memory the first is the latest write, a second the one before. */
static void memo_prune(struct bridgefw *b, struct bridgefw_mem *m, bool keep_latest, u32 content)
{
	struct bridgefw_memo *o, *n;
	bool latest = true;

	mutex_lock(&memos_lock);
	list_for_each_entry_safe(o, n, &memos, node) {
		if (!memo_is(o, b, m->number))
			continue;
		if (latest != keep_latest) {
			memo_unlink(o);
		} else if (latest) {
			o->open = content != BRIDGEFW_CONTENT_NEW;
			o->erased = content == BRIDGEFW_CONTENT_BLANK;
		}
		latest = false;
	}
	mutex_unlock(&memos_lock);
}

/**
 * bridgefw_memo_commit() - the write has touched the memory: the memo before is history
 * @b: bridge
 * @m: memory
 * @content: BRIDGEFW_CONTENT_* that the memory has
 */
void bridgefw_memo_commit(struct bridgefw *b, struct bridgefw_mem *m, u32 content)
{
	memo_prune(b, m, true, content);
}

/** bridgefw_memo_drop() - the write did not touch the memory: the memo before holds on */
void bridgefw_memo_drop(struct bridgefw *b, struct bridgefw_mem *m)
{
	memo_prune(b, m, false, BRIDGEFW_CONTENT_OLD);
}

/**
 * bridgefw_memo_find() - whether a box was written at this place
 * @bus: "usb" or "1394"
 * @bus_id: place
 *
 * Return: a reference to the latest memo, or NULL.
 */
struct bridgefw_memo *bridgefw_memo_find(const char *bus, const char *bus_id)
{
	struct bridgefw_memo *o, *found = NULL;

	mutex_lock(&memos_lock);
	list_for_each_entry(o, &memos, node) {
		if (!strcmp(o->bus, bus) && !strcmp(o->bus_id, bus_id)) {
			kref_get(&o->ref);
			found = o;
			break;
		}
	}
	mutex_unlock(&memos_lock);
	return found;
}

/**
 * bridgefw_memo_of() - the memo of a memory of a present bridge
 * @b: bridge
 * @m: memory
 *
 * The place must be the same, and the profile; the serial may have changed
 * with what was written.
 *
 * Return: a reference, or NULL.
 */
struct bridgefw_memo *bridgefw_memo_of(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_memo *o, *found = NULL;

	mutex_lock(&memos_lock);
	list_for_each_entry(o, &memos, node) {
		if (memo_is(o, b, m->number) && b->profile &&
		    !strcmp(o->profile, b->profile->name)) {
			kref_get(&o->ref);
			found = o;
			break;
		}
	}
	mutex_unlock(&memos_lock);
	return found;
}

/**
 * bridgefw_memo_fits() - whether a memo is surely of the box that is there now
 * @b: bridge
 * @m: memory, read before
 *
 * The port alone does not say so: another box may have been plugged in.
 *
 * Return: true if it was not unplugged since the write, holds what was
 * written, or has a serial that identifies it.
 */
bool bridgefw_memo_fits(struct bridgefw *b, struct bridgefw_mem *m)
{
	struct bridgefw_memo *memo = bridgefw_memo_of(b, m);
	bool fits;

	if (!memo)
		return false;
	fits = memo->instance == b->instance || b->match == BRIDGEFW_MATCH_WRITTEN ||
	       (bridgefw_serial_usable(b) && !strcmp(memo->serial, b->serial));
	mutex_lock(&b->lock);
	if (m->reads && !memcmp(m->seen, memo->written, sizeof(m->seen)))
		fits = true;
	mutex_unlock(&b->lock);
	bridgefw_memo_put(memo);
	return fits;
}

/** bridgefw_memo_clear() - the module leaves */
void bridgefw_memo_clear(void)
{
	struct bridgefw_memo *o, *n;

	list_for_each_entry_safe(o, n, &memos, node)
		memo_unlink(o);
}
