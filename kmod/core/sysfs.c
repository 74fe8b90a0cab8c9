// SPDX-License-Identifier: GPL-2.0-or-later
/* /sys/class/bridgefw; every file is described in Documentation/ABI/testing. */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "attach.h"
#include "core.h"
#include "fwupload.h"
#include "profile.h"

/** bridgefw_state_name() - a BRIDGEFW_STATE_* as sysfs shows it */
const char *bridgefw_state_name(u32 state)
{
	static const char * const names[] = { "idle", "busy", "blank", "failed", "gone" };

	return state < ARRAY_SIZE(names) ? names[state] : "unknown";
}

/** bridgefw_job_name() - a BRIDGEFW_JOB_* as sysfs shows it */
const char *bridgefw_job_name(u32 job)
{
	static const char * const names[] = { "none", "identify", "write", "restore", "verify",
					      "erase" };

	return job < ARRAY_SIZE(names) ? names[job] : "unknown";
}

/** bridgefw_match_name() - a BRIDGEFW_MATCH_* as sysfs shows it */
const char *bridgefw_match_name(u32 match)
{
	static const char * const names[] = { "none", "ids", "written", "changed", "attached" };

	return match < ARRAY_SIZE(names) ? names[match] : "unknown";
}

static ssize_t chip_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_bridgefw(dev)->profile->name);
}
static DEVICE_ATTR_RO(chip);

static ssize_t vendor_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct bfp *p = &to_bridgefw(dev)->profile->p;

	return sysfs_emit(buf, "%s\n", bfp_string(p, bfp_header(p)->vendor));
}
static DEVICE_ATTR_RO(vendor);

static ssize_t bus_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_bridgefw(dev)->bus);
}
static DEVICE_ATTR_RO(bus);

static ssize_t bus_id_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_bridgefw(dev)->bus_id);
}
static DEVICE_ATTR_RO(bus_id);

static ssize_t ids_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct bfp_device_id *id = &to_bridgefw(dev)->id;

	if (id->kind == BFP_ID_QUADLET)
		return sysfs_emit(buf, "%012llx:%08x\n", id->address, id->value);
	if (id->kind == BFP_ID_USB)
		return sysfs_emit(buf, "%04x:%04x:%04x\n", id->vendor, id->product, id->revision);
	return sysfs_emit(buf, "%06x:%06x:%06x\n", id->vendor, id->product, id->revision);
}
static DEVICE_ATTR_RO(ids);

static ssize_t serial_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_bridgefw(dev)->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t transports_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u32 kinds = bridgefw_transports(to_bridgefw(dev)), bit;
	int n = 0;

	for (bit = 1; bit <= BFP_TRANSPORT_1394; bit <<= 1)
		if (kinds & bit)
			n += sysfs_emit_at(buf, n, "%s%s", n ? " " : "", bfp_transport_name(bit));
	return n + sysfs_emit_at(buf, n, "\n");
}
static DEVICE_ATTR_RO(transports);

static ssize_t firmware_version_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw *b = to_bridgefw(dev);
	ssize_t n = -ENODATA;

	mutex_lock(&b->lock);
	if (b->version[0])
		n = sysfs_emit(buf, "%s\n", b->version);
	mutex_unlock(&b->lock);
	return n;
}
static DEVICE_ATTR_RO(firmware_version);

static ssize_t match_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", bridgefw_match_name(READ_ONCE(to_bridgefw(dev)->match)));
}
static DEVICE_ATTR_RO(match);

static ssize_t profile_origin_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_bridgefw(dev)->profile->local ? "local" : "system");
}
static DEVICE_ATTR_RO(profile_origin);

static ssize_t note_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw *b = to_bridgefw(dev);
	const struct bfp *p = &b->profile->p;
	const char *note = bfp_string(p, bfp_header(p)->note);

	if (b->pid && bfp_string(p, b->pid->note)[0])
		note = bfp_string(p, b->pid->note);
	return sysfs_emit(buf, "%s\n", note);
}
static DEVICE_ATTR_RO(note);

/* What a write of the default memory rests on: the weaker of reading and programming. */
static ssize_t evidence_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw_mem *m = bridgefw_mem_default(to_bridgefw(dev));

	if (!m || !m->read || !m->program)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "%s\n",
			  bfp_evidence_name(min(m->read->evidence, m->program->evidence)));
}
static DEVICE_ATTR_RO(evidence);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw_status st;

	bridgefw_status_get(to_bridgefw(dev), &st);
	return sysfs_emit(buf, "%s\n", bridgefw_state_name(st.state));
}
static DEVICE_ATTR_RO(state);

static ssize_t job_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw_status st;

	bridgefw_status_get(to_bridgefw(dev), &st);
	return sysfs_emit(buf, "%s\n", bridgefw_job_name(st.job));
}
static DEVICE_ATTR_RO(job);

static ssize_t progress_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw_status st;

	bridgefw_status_get(to_bridgefw(dev), &st);
	return sysfs_emit(buf, "%u\n", bridgefw_status_percent(&st));
}
static DEVICE_ATTR_RO(progress);

static ssize_t last_error_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct bridgefw_status st;

	bridgefw_status_get(to_bridgefw(dev), &st);
	if (!st.reason)
		return sysfs_emit(buf, "\n");
	return sysfs_emit(buf, "%s: %s\n", bridgefw_reason_word(st.reason), st.text);
}
static DEVICE_ATTR_RO(last_error);

/*
 * Another profile means another bridge: the present one leaves, so this file
 * cannot wait for it.
 */
struct reattach {
	struct work_struct work;
	char bus_id[BRIDGEFW_NAME_LEN];
	char profile[BFP_NAME_MAX];
};

static void reattach_work(struct work_struct *work)
{
	struct reattach *r = container_of(work, struct reattach, work);
	int ret = bridgefw_reoffer(r->bus_id, r->profile, NULL);

	if (ret)
		pr_warn("bridgefw: %s: profile %s could not be attached (%d)\n",
			r->bus_id, r->profile, ret);
	kfree(r);
}

static ssize_t profile_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_bridgefw(dev)->profile->name);
}

static ssize_t profile_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct bridgefw *b = to_bridgefw(dev);
	struct bridgefw_profile *found;
	struct reattach *r;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (READ_ONCE(b->active))
		return -EBUSY;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	if (sscanf(buf, "%31s", r->profile) != 1) {
		kfree(r);
		return -EINVAL;
	}
	found = bridgefw_profile_load(r->profile, dev);
	if (IS_ERR(found)) {
		kfree(r);
		return PTR_ERR(found);
	}
	bridgefw_profile_put(found);
	strscpy(r->bus_id, b->bus_id, sizeof(r->bus_id));
	INIT_WORK(&r->work, reattach_work);
	queue_work(bridgefw_wq, &r->work);
	return count;
}
static DEVICE_ATTR_RW(profile);

/* The words of `command` that a user agrees to something with. */
static int consent_flags(struct bridgefw *b, char *words, u32 *flags, u32 *memory)
{
	struct bridgefw_mem *m;
	char *word;

	while ((word = strsep(&words, " \t\n"))) {
		if (!*word)
			continue;
		m = bridgefw_mem_by_name(b, word);
		if (m)
			*memory = m->number;
		else if (!strcmp(word, "attached"))
			*flags |= BRIDGEFW_CONSENT_ATTACHED;
		else if (!strcmp(word, "identity"))
			*flags |= BRIDGEFW_CONSENT_IDENTITY;
		else if (!strcmp(word, "final"))
			*flags |= BRIDGEFW_CONSENT_FINAL;
		else if (!strcmp(word, "unread"))
			*flags |= BRIDGEFW_CONSENT_UNREAD;
		else
			return -EINVAL;
	}
	return 0;
}

static ssize_t command_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	static const struct {
		const char *word;
		u32 job;
	} jobs[] = {
		{ "identify", BRIDGEFW_JOB_IDENTIFY },
		{ "write", BRIDGEFW_JOB_WRITE },
		{ "restore", BRIDGEFW_JOB_RESTORE },
		{ "verify", BRIDGEFW_JOB_VERIFY },
		{ "erase", BRIDGEFW_JOB_ERASE },
	};
	struct bridgefw *b = to_bridgefw(dev);
	struct bridgefw_mem *def = bridgefw_mem_default(b);
	u32 flags = 0, memory = def ? def->number : 0, reason, i;
	char *line, *rest, *word;
	int ret = -EINVAL;

	line = kstrndup(buf, count, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	rest = strim(line);
	word = strsep(&rest, " \t");
	if (!strcmp(word, "cancel")) {
		bridgefw_upload_forbid(b);
		bridgefw_job_cancel(b);
		ret = 0;
		goto out;
	}
	if (!strcmp(word, "upload")) {
		ret = consent_flags(b, rest, &flags, &memory);
		if (!ret)
			ret = def ? bridgefw_upload_allow(&b->mems[memory], flags) : -EOPNOTSUPP;
		goto out;
	}
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		if (strcmp(word, jobs[i].word))
			continue;
		ret = consent_flags(b, rest, &flags, &memory);
		/* It is about the chip, whatever memory is the default. */
		if (jobs[i].job == BRIDGEFW_JOB_IDENTIFY)
			memory = 0;
		if (!ret)
			ret = bridgefw_job_start(b, NULL, jobs[i].job, memory, flags, &reason);
		break;
	}
out:
	kfree(line);
	return ret ?: count;
}
static DEVICE_ATTR_WO(command);

static struct attribute *bridgefw_attrs[] = {
	&dev_attr_chip.attr,
	&dev_attr_vendor.attr,
	&dev_attr_bus.attr,
	&dev_attr_bus_id.attr,
	&dev_attr_ids.attr,
	&dev_attr_serial.attr,
	&dev_attr_transports.attr,
	&dev_attr_firmware_version.attr,
	&dev_attr_match.attr,
	&dev_attr_profile.attr,
	&dev_attr_profile_origin.attr,
	&dev_attr_note.attr,
	&dev_attr_evidence.attr,
	&dev_attr_state.attr,
	&dev_attr_job.attr,
	&dev_attr_progress.attr,
	&dev_attr_last_error.attr,
	&dev_attr_command.attr,
	NULL
};

static const struct attribute_group bridgefw_group = {
	.attrs = bridgefw_attrs,
};

const struct attribute_group *bridgefw_groups[] = {
	&bridgefw_group,
	NULL
};

/* "BUSID PROFILE [SHA256]"; "-" as profile takes the user's word back. */
static ssize_t attach_store(BRIDGEFW_CONST_CLASS struct class *class,
			    BRIDGEFW_CONST_CLASS struct class_attribute *attr,
			    const char *buf, size_t count)
{
	char bus_id[BRIDGEFW_NAME_LEN], profile[BFP_NAME_MAX], hex[2 * BRIDGEFW_HASH_SIZE + 1];
	u8 hash[BRIDGEFW_HASH_SIZE];
	int n, ret;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	n = sscanf(buf, "%31s %31s %64s", bus_id, profile, hex);
	if (n < 2)
		return -EINVAL;
	if (n == 3 && (strlen(hex) != 2 * sizeof(hash) || hex2bin(hash, hex, sizeof(hash))))
		return -EINVAL;
	ret = bridgefw_reoffer(bus_id, strcmp(profile, "-") ? profile : NULL,
			       n == 3 ? hash : NULL);
	return ret ?: count;
}
static CLASS_ATTR_WO(attach);

static struct attribute *bridgefw_class_attrs[] = {
	&class_attr_attach.attr,
	NULL
};

#define NODES_ROOM	SZ_64K

/*
 * What is on the buses. Lines may be more than a page, so it is a binary file; whoever
 * reads it in parts may see a bus reset between them.
 */
static ssize_t nodes_read(struct file *file, struct kobject *kobj,
			  BRIDGEFW_CONST_BIN struct bin_attribute *attr,
			  char *buf, loff_t off, size_t count)
{
	ssize_t n = 0;
	size_t len;
	char *text;

	text = kvmalloc(NODES_ROOM, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	len = bridgefw_buses_nodes(text, NODES_ROOM);
	if (off < len) {
		n = min_t(size_t, count, len - off);
		memcpy(buf, text + off, n);
	}
	kvfree(text);
	return n;
}

static BRIDGEFW_CONST_BIN struct bin_attribute nodes_bin = {
	.attr = { .name = "nodes", .mode = 0444 },
	.read = nodes_read,
};

static BRIDGEFW_CONST_BIN struct bin_attribute *BRIDGEFW_CONST_BIN bridgefw_class_bins[] = {
	&nodes_bin,
	NULL
};

static const struct attribute_group bridgefw_class_group = {
	.attrs = bridgefw_class_attrs,
	.bin_attrs = bridgefw_class_bins,
};

const struct attribute_group *bridgefw_class_groups[] = {
	&bridgefw_class_group,
	NULL
};

/* `previous` and `image` belong to the default memory. */
static ssize_t previous_read(struct file *file, struct kobject *kobj,
			     BRIDGEFW_CONST_BIN struct bin_attribute *attr,
			     char *buf, loff_t off, size_t count)
{
	struct bridgefw *b = to_bridgefw(kobj_to_dev(kobj));
	struct bridgefw_memo *memo = bridgefw_memo_of(b, bridgefw_mem_default(b));
	ssize_t n = 0;

	if (!memo)
		return -ENODATA;
	if (off < memo->previous_len) {
		n = min_t(size_t, count, memo->previous_len - off);
		memcpy(buf, memo->previous + off, n);
	}
	bridgefw_memo_put(memo);
	return n;
}

static ssize_t image_write(struct file *file, struct kobject *kobj,
			   BRIDGEFW_CONST_BIN struct bin_attribute *attr,
			   char *buf, loff_t off, size_t count)
{
	struct bridgefw *b = to_bridgefw(kobj_to_dev(kobj));
	int ret;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (off > U32_MAX)
		return -EFBIG;
	ret = bridgefw_mem_stage(bridgefw_mem_default(b), buf, off, count);
	return ret ?: count;
}

/**
 * bridgefw_sysfs_add() - the files that depend on the profile
 * @b: bridge, registered, its uevent not yet sent
 *
 * Return: 0 or a negative errno, and then nothing is left.
 */
int bridgefw_sysfs_add(struct bridgefw *b)
{
	struct bridgefw_mem *m = bridgefw_mem_default(b);
	int ret;

	ret = bridgefw_memories_add(b);
	if (ret || !m || (!m->read && !m->verify))
		return ret;
	sysfs_bin_attr_init(&b->previous_bin);
	b->previous_bin.attr.name = "previous";
	b->previous_bin.attr.mode = 0400;
	b->previous_bin.read = previous_read;
	sysfs_bin_attr_init(&b->image_bin);
	b->image_bin.attr.name = "image";
	b->image_bin.attr.mode = 0200;
	b->image_bin.write = image_write;
	ret = sysfs_create_bin_file(&b->dev.kobj, &b->previous_bin);
	if (ret)
		goto err_memories;
	ret = sysfs_create_bin_file(&b->dev.kobj, &b->image_bin);
	if (ret)
		goto err_previous;
	b->bins_ready = true;
	return 0;

err_previous:
	sysfs_remove_bin_file(&b->dev.kobj, &b->previous_bin);
err_memories:
	bridgefw_memories_remove(b);
	return ret;
}

/** bridgefw_sysfs_remove() - undo bridgefw_sysfs_add() */
void bridgefw_sysfs_remove(struct bridgefw *b)
{
	if (b->bins_ready) {
		sysfs_remove_bin_file(&b->dev.kobj, &b->image_bin);
		sysfs_remove_bin_file(&b->dev.kobj, &b->previous_bin);
		b->bins_ready = false;
	}
	bridgefw_memories_remove(b);
}
