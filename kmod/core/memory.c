// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a memory, and knowing how often it has been read.
 *
 * A write needs the content to have been read to its end twice with the same
 * outcome since its last change. Every reader counts, through whatever door:
 * bytes that are read in order from 0 to the end are one pass, and only the
 * hash of the last pass is kept.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "core.h"

/** bridgefw_mem_name() - the memory's name in the profile */
const char *bridgefw_mem_name(struct bridgefw_mem *m)
{
	return bfp_string(&m->b->profile->p, m->rec->name);
}

/* The memories that a box has on this bus: one on USB has no config ROM, which stands last. */
static u32 mems_here(const struct bridgefw *b)
{
	const struct bfp_memory *m = bfp_memories(&b->profile->p);
	u32 n = bfp_count(&b->profile->p, BFP_MEMORIES);

	while (n && m[n - 1].kind == BFP_CONFIG_ROM && strcmp(b->bus, "1394"))
		n--;
	return n;
}

/**
 * bridgefw_mems_init() - set up the memories that a bridge's profile names
 * @b: bridge, not yet visible
 *
 * Return: 0 or -ENOMEM; bridgefw_mems_free() undoes it.
 */
int bridgefw_mems_init(struct bridgefw *b)
{
	const struct bfp *p = &b->profile->p;
	u32 i, n = mems_here(b);

	if (!n)
		return 0;
	b->mems = kcalloc(n, sizeof(*b->mems), GFP_KERNEL);
	if (!b->mems)
		return -ENOMEM;
	b->nmems = n;
	for (i = 0; i < n; i++) {
		struct bridgefw_mem *m = &b->mems[i];

		m->b = b;
		m->number = i;
		m->rec = &bfp_memories(p)[i];
		m->length = le32_to_cpu(m->rec->size);
		m->length_known = !(le16_to_cpu(m->rec->flags) & BFP_MEM_LENGTH_DEVICE);
		m->read = bfp_find_operation(p, BFP_OP_READ, i);
		m->program = bfp_find_operation(p, BFP_OP_PROGRAM, i);
		m->verify = bfp_find_operation(p, BFP_OP_VERIFY, i);
	}
	return 0;
}

/** bridgefw_mems_free() - the bridge's memory is given back */
void bridgefw_mems_free(struct bridgefw *b)
{
	u32 i;

	for (i = 0; i < b->nmems; i++) {
		kvfree(b->mems[i].image);
		kfree(b->mems[i].upload);
	}
	kfree(b->mems);
}

/**
 * bridgefw_mem_default() - the memory that read() reads
 * @b: bridge
 *
 * A config ROM is what a node shows of itself, not what its owner is after.
 *
 * Return: the memory, NULL if there is none.
 */
struct bridgefw_mem *bridgefw_mem_default(struct bridgefw *b)
{
	u32 i;

	for (i = 0; i < b->nmems; i++)
		if (b->mems[i].read && b->mems[i].rec->kind != BFP_CONFIG_ROM)
			return &b->mems[i];
	return b->nmems ? &b->mems[0] : NULL;
}

/** bridgefw_mem_by_number() - by index; NULL if out of range */
struct bridgefw_mem *bridgefw_mem_by_number(struct bridgefw *b, u32 number)
{
	return number < b->nmems ? &b->mems[number] : NULL;
}

/** bridgefw_mem_by_name() - by name; NULL if there is none */
struct bridgefw_mem *bridgefw_mem_by_name(struct bridgefw *b, const char *name)
{
	u32 i;

	for (i = 0; i < b->nmems; i++)
		if (!strcmp(bridgefw_mem_name(&b->mems[i]), name))
			return &b->mems[i];
	return NULL;
}

/** bridgefw_mem_changed() - what was read before says nothing any more */
void bridgefw_mem_changed(struct bridgefw_mem *m)
{
	mutex_lock(&m->b->lock);
	m->reads = 0;
	m->unstable = false;
	m->pass_next = 0;
	mutex_unlock(&m->b->lock);
}

/* A whole read has come to its end. */
static void pass_done(struct bridgefw_mem *m, const u8 *hash, u32 length)
{
	mutex_lock(&m->b->lock);
	if (m->reads && m->length == length && !memcmp(m->seen, hash, sizeof(m->seen))) {
		m->reads++;
		m->unstable = false;
	} else {
		m->unstable = m->reads;
		m->reads = 1;
		memcpy(m->seen, hash, sizeof(m->seen));
	}
	m->length = length;
	m->length_known = true;
	mutex_unlock(&m->b->lock);
}

/* @len bytes from @offset have been read, in a memory that has offsets. */
static void pass_feed(struct bridgefw_mem *m, u32 offset, const u8 *data, u32 len)
{
	u8 hash[BRIDGEFW_HASH_SIZE];

	if (offset == 0)
		sha256_init(&m->pass);
	else if (offset != m->pass_next)
		return;
	sha256_update(&m->pass, data, len);
	m->pass_next = offset + len;
	if (m->pass_next == m->length) {
		sha256_final(&m->pass, hash);
		m->pass_next = 0;
		pass_done(m, hash, m->length);
	}
}

/* The device's part of a read: nobody else's commands come in between. */
static int read_op(struct bridgefw_mem *m, u32 offset, u8 *buf, u32 len, u32 *actual, bool hold)
{
	struct bridgefw_io io = { .offset = offset, .length = len, .data = buf };
	int ret;

	hold = hold && bridgefw_needs_hold(m->b, m->read);
	if (hold) {
		ret = bridgefw_hold_all(m->b);
		if (ret)
			return ret;
	}
	ret = bridgefw_run(m->b, m->read, &io);
	if (hold)
		bridgefw_unhold_all(m->b);
	*actual = io.actual;
	return ret;
}

/* A memory without offsets: all of it, and @buf gets the part it wants. */
static ssize_t read_whole(struct bridgefw_mem *m, u32 offset, u8 *buf, u32 len, bool hold)
{
	u32 size = le32_to_cpu(m->rec->size), actual;
	u8 hash[BRIDGEFW_HASH_SIZE];
	u8 *all;
	int ret;

	if (m->length_known && offset >= m->length)
		return 0;
	all = kvzalloc(size, GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	ret = read_op(m, 0, all, size, &actual, hold);
	if (!ret && actual < le32_to_cpu(m->rec->min_size))
		ret = -EREMOTEIO;
	if (ret)
		goto out;
	bridgefw_hash(all, actual, hash);
	pass_done(m, hash, actual);
	if (offset < actual) {
		ret = min(len, actual - offset);
		memcpy(buf, all + offset, ret);
	}
out:
	kvfree(all);
	return ret;
}

/* A memory with offsets: chunk by chunk, in whole units. */
static ssize_t read_chunks(struct bridgefw_mem *m, u32 offset, u8 *buf, u32 len, bool hold)
{
	u32 unit = le32_to_cpu(m->rec->unit), chunk = le32_to_cpu(m->rec->read_chunk);
	u32 done = 0, actual;
	u8 *bounce;
	int ret = 0;

	if (offset >= m->length)
		return 0;
	len = min(len, m->length - offset);
	if (bridgefw_op_loops(m->b, m->read))
		chunk = roundup(len + offset % unit, unit);
	bounce = kvmalloc(chunk, GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	while (done < len) {
		u32 from = rounddown(offset + done, unit);
		u32 skip = offset + done - from;
		u32 n = min3(chunk, roundup(skip + len - done, unit), m->length - from);

		ret = read_op(m, from, bounce, n, &actual, hold);
		if (!ret && actual != n)
			ret = -EREMOTEIO;
		if (ret)
			break;
		n = min(n - skip, len - done);
		memcpy(buf + done, bounce + skip, n);
		pass_feed(m, offset + done, buf + done, n);
		done += n;
		if (done < len && (fatal_signal_pending(current) ||
				   (READ_ONCE(m->b->cancel) && !m->b->job.committed))) {
			ret = -EINTR;
			break;
		}
	}
	kvfree(bounce);
	return done ? (ssize_t)done : ret;
}

static ssize_t mem_read(struct bridgefw_mem *m, u32 offset, u8 *buf, u32 len, bool hold)
{
	u32 reason = bridgefw_op_usable(m->b, m->read);

	/* The ways to a bridge that is unplugged go one by one. */
	if (READ_ONCE(m->b->gone) || (reason && bridgefw_unplugged(m->b)))
		return -ENXIO;
	if (reason == BRIDGEFW_REASON_TRANSPORT && !hold)
		return -ENOTCONN;	/* a job had one when it began */
	if (reason)
		return bridgefw_reason_errno(reason);
	if (m->read->evidence < BFP_TRACED && m->read->evidence < bridgefw_evidence_bar())
		return -EACCES;
	if (!len)
		return 0;
	if (le16_to_cpu(m->rec->flags) & BFP_MEM_WHOLE)
		return read_whole(m, offset, buf, len, hold);
	return read_chunks(m, offset, buf, len, hold);
}

/**
 * bridgefw_mem_read_owned() - read, by a job that owns and holds the bridge
 * @m: memory
 * @offset: bytes from its start
 * @buf: kernel buffer
 * @len: bytes wanted
 *
 * Return: bytes read (0 at the end), or a negative errno as of bridgefw_run(),
 * -EACCES if the profile's evidence for reading is below the bar.
 */
ssize_t bridgefw_mem_read_owned(struct bridgefw_mem *m, u32 offset, u8 *buf, u32 len)
{
	return mem_read(m, offset, buf, len, false);
}

/**
 * bridgefw_mem_read() - read, by anybody
 * @m: memory
 * @who: the open file, NULL for sysfs and NVMEM
 * @offset: bytes from its start
 * @buf: kernel buffer
 * @len: bytes wanted
 *
 * The drives behind the bridge are held for each request, not in between.
 *
 * Return: as bridgefw_mem_read_owned(), and as bridgefw_own().
 */
ssize_t bridgefw_mem_read(struct bridgefw_mem *m, const void *who, u32 offset,
			  u8 *buf, u32 len)
{
	ssize_t ret;

	ret = bridgefw_own(m->b, who);
	if (ret)
		return ret;
	ret = mem_read(m, offset, buf, len, true);
	bridgefw_disown(m->b);
	return ret;
}

/**
 * bridgefw_mem_read_whole() - the whole content, for a job that owns the bridge
 * @m: memory
 * @data: out: kvfree() it
 * @len: out: bytes
 *
 * Return: 0 or a negative errno.
 */
int bridgefw_mem_read_whole(struct bridgefw_mem *m, u8 **data, u32 *len)
{
	u32 size = le32_to_cpu(m->rec->size);
	ssize_t got;
	u8 *buf;

	buf = kvzalloc(size, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	got = bridgefw_mem_read_owned(m, 0, buf, size);
	if (got >= 0 && got < le32_to_cpu(m->rec->min_size))
		got = -EREMOTEIO;
	if (got < 0) {
		kvfree(buf);
		return got;
	}
	*data = buf;
	*len = got;
	return 0;
}

/**
 * bridgefw_mem_stage() - take (a part of) an image; nothing is written
 * @m: memory
 * @data: bytes; may be NULL if @len is 0
 * @offset: 0 starts anew; else it must go on where the last part ended
 * @len: bytes
 *
 * Return: 0; -EFBIG if it gets longer than the memory, -EINVAL on a gap,
 * -EBUSY while a job runs, -ENXIO, -ENOMEM.
 */
int bridgefw_mem_stage(struct bridgefw_mem *m, const u8 *data, u32 offset, u32 len)
{
	struct bridgefw *b = m->b;
	u32 size = le32_to_cpu(m->rec->size);
	u8 *fresh = NULL;
	int ret = 0;

	if (offset > size || len > size - offset)
		return -EFBIG;
	if (!offset && len) {
		fresh = kvmalloc(size, GFP_KERNEL);
		if (!fresh)
			return -ENOMEM;
	}
	mutex_lock(&b->lock);
	if (b->gone) {
		ret = -ENXIO;
	} else if (b->status.state == BRIDGEFW_STATE_BUSY) {
		ret = -EBUSY;
	} else if (!offset) {
		swap(m->image, fresh);
		m->image_len = 0;
	} else if (!m->image || offset != m->image_len) {
		ret = -EINVAL;
	}
	if (!ret && len) {
		memcpy(m->image + offset, data, len);
		m->image_len = offset + len;
	}
	mutex_unlock(&b->lock);
	kvfree(fresh);
	return ret;
}

/** bridgefw_mem_unstage() - drop what is staged; as bridgefw_mem_stage() */
int bridgefw_mem_unstage(struct bridgefw_mem *m)
{
	return bridgefw_mem_stage(m, NULL, 0, 0);
}
