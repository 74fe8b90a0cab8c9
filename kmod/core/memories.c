// SPDX-License-Identifier: GPL-2.0-or-later
/* memories/NAME/ and the binary file of each readable memory. */
#include <linux/slab.h>

#include "core.h"
#include "fwupload.h"

#define to_mem(k)	container_of(k, struct bridgefw_mem, kobj)

/** bridgefw_interrupted_name() - an enum bfp_interrupted as sysfs shows it */
const char *bridgefw_interrupted_name(u32 interrupted)
{
	static const char * const names[] = { "unknown", "restorable", "mixed", "final" };

	return interrupted < ARRAY_SIZE(names) ? names[interrupted] : "unknown";
}

enum mem_file {
	FILE_KIND, FILE_SIZE, FILE_LENGTH, FILE_UNIT, FILE_READS, FILE_HOLDS,
	FILE_INTERRUPTED, FILE_READ_EVIDENCE, FILE_PROGRAM_EVIDENCE, FILE_UPLOAD,
	FILES
};

#define MEM_FILE(_name) { .name = _name, .mode = 0444 }

static struct attribute mem_files[FILES] = {
	[FILE_KIND] = MEM_FILE("kind"),
	[FILE_SIZE] = MEM_FILE("size"),
	[FILE_LENGTH] = MEM_FILE("length"),
	[FILE_UNIT] = MEM_FILE("unit"),
	[FILE_READS] = MEM_FILE("reads"),
	[FILE_HOLDS] = MEM_FILE("holds"),
	[FILE_INTERRUPTED] = MEM_FILE("interrupted"),
	[FILE_READ_EVIDENCE] = MEM_FILE("read_evidence"),
	[FILE_PROGRAM_EVIDENCE] = MEM_FILE("program_evidence"),
	[FILE_UPLOAD] = MEM_FILE("upload"),
};

static ssize_t evidence_emit(char *buf, const struct bfp_operation *op)
{
	return sysfs_emit(buf, "%s\n", op ? bfp_evidence_name(op->evidence) : "none");
}

static ssize_t length_emit(char *buf, struct bridgefw_mem *m)
{
	ssize_t n = -ENODATA;

	mutex_lock(&m->b->lock);
	if (m->length_known)
		n = sysfs_emit(buf, "%u\n", m->length);
	mutex_unlock(&m->b->lock);
	return n;
}

static ssize_t mem_show(struct kobject *kobj, struct attribute *attr, char *buf)
{
	struct bridgefw_mem *m = to_mem(kobj);

	switch ((enum mem_file)(attr - mem_files)) {
	case FILE_KIND:
		return sysfs_emit(buf, "%s\n", bfp_memory_kind_name(m->rec->kind));
	case FILE_SIZE:
		return sysfs_emit(buf, "%u\n", le32_to_cpu(m->rec->size));
	case FILE_LENGTH:
		return length_emit(buf, m);
	case FILE_UNIT:
		return sysfs_emit(buf, "%u\n", le32_to_cpu(m->rec->unit));
	case FILE_READS:
		return sysfs_emit(buf, "%u\n", READ_ONCE(m->reads));
	case FILE_HOLDS:
		return sysfs_emit(buf, "%s\n", bfp_string(&m->b->profile->p, m->rec->holds));
	case FILE_INTERRUPTED:
		return sysfs_emit(buf, "%s\n", bridgefw_interrupted_name(m->rec->interrupted));
	case FILE_READ_EVIDENCE:
		return evidence_emit(buf, m->read);
	case FILE_PROGRAM_EVIDENCE:
		return evidence_emit(buf, m->program);
	case FILE_UPLOAD:
		return bridgefw_upload_emit(m, buf);
	case FILES:
		break;
	}
	return -EIO;
}

static const struct sysfs_ops mem_sysfs_ops = {
	.show = mem_show,
};

/* The record belongs to the bridge, which a kobject below it keeps. */
static void mem_kobj_release(struct kobject *kobj)
{
	bridgefw_bridge_put(to_mem(kobj)->b);
}

static const struct kobj_type mem_ktype = {
	.sysfs_ops = &mem_sysfs_ops,
	.release = mem_kobj_release,
};

static ssize_t bin_read(struct file *file, struct kobject *kobj,
			BRIDGEFW_CONST_BIN struct bin_attribute *attr,
			char *buf, loff_t off, size_t count)
{
	struct bridgefw_mem *m = attr->private;

	return bridgefw_mem_read(m, NULL, off, buf, count);
}

static int mem_add(struct bridgefw *b, struct bridgefw_mem *m)
{
	int ret, i;

	bridgefw_bridge_get(b);
	kobject_init(&m->kobj, &mem_ktype);
	m->kobj_ready = true;
	ret = kobject_add(&m->kobj, b->memories_kobj, "%s", bridgefw_mem_name(m));
	for (i = 0; i < FILES && !ret; i++)
		ret = sysfs_create_file(&m->kobj, &mem_files[i]);
	if (ret || !m->read)
		return ret;

	sysfs_bin_attr_init(&m->bin);
	m->bin.attr.name = bridgefw_mem_name(m);
	m->bin.attr.mode = 0400;
	m->bin.size = le32_to_cpu(m->rec->size);
	m->bin.read = bin_read;
	m->bin.private = m;
	ret = sysfs_create_bin_file(&b->dev.kobj, &m->bin);
	if (ret)
		m->bin.private = NULL;
	return ret;
}

static void mem_remove(struct bridgefw *b, struct bridgefw_mem *m)
{
	if (m->bin.private) {
		sysfs_remove_bin_file(&b->dev.kobj, &m->bin);
		m->bin.private = NULL;
	}
	if (m->kobj_ready) {
		m->kobj_ready = false;
		kobject_del(&m->kobj);
		kobject_put(&m->kobj);
	}
}

/**
 * bridgefw_memories_add() - the files of all memories
 * @b: bridge, registered
 *
 * Return: 0 or a negative errno, and then nothing is left.
 */
int bridgefw_memories_add(struct bridgefw *b)
{
	int ret = 0;
	u32 i;

	if (!b->nmems)
		return 0;
	b->memories_kobj = kobject_create_and_add("memories", &b->dev.kobj);
	if (!b->memories_kobj)
		return -ENOMEM;
	for (i = 0; i < b->nmems && !ret; i++)
		ret = mem_add(b, &b->mems[i]);
	if (ret)
		bridgefw_memories_remove(b);
	return ret;
}

/** bridgefw_memories_remove() - undo bridgefw_memories_add() */
void bridgefw_memories_remove(struct bridgefw *b)
{
	u32 i;

	for (i = 0; i < b->nmems; i++)
		mem_remove(b, &b->mems[i]);
	if (b->memories_kobj) {
		kobject_del(b->memories_kobj);
		kobject_put(b->memories_kobj);
		b->memories_kobj = NULL;
	}
}
