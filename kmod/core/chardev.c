// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/bridgefwN: the ioctls of linux/bridgefw.h, and read() of the default memory. */
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "chardev.h"
#include "core.h"
#include "identity.h"

static dev_t first_devt;

/** bridgefw_chardev_init() - reserve device numbers; 0 or a negative errno */
int bridgefw_chardev_init(void)
{
	return alloc_chrdev_region(&first_devt, 0, BRIDGEFW_MINORS, "bridgefw");
}

/** bridgefw_chardev_exit() - undo bridgefw_chardev_init() */
void bridgefw_chardev_exit(void)
{
	unregister_chrdev_region(first_devt, BRIDGEFW_MINORS);
}

/** bridgefw_chardev_devt() - the device number of a minor */
dev_t bridgefw_chardev_devt(unsigned int minor)
{
	return MKDEV(MAJOR(first_devt), minor);
}

/**
 * bridgefw_chardev_open() - a file of a bridge
 * @b: bridge; its reference goes to the file, or is dropped on failure
 * @file: being opened
 *
 * Return: 0, -ENXIO or -ENOMEM.
 */
int bridgefw_chardev_open(struct bridgefw *b, struct file *file)
{
	struct bridgefw_file *bf;

	if (READ_ONCE(b->gone)) {
		bridgefw_bridge_put(b);
		return -ENXIO;
	}
	bf = kzalloc(sizeof(*bf), GFP_KERNEL_ACCOUNT);
	if (!bf) {
		bridgefw_bridge_put(b);
		return -ENOMEM;
	}
	bf->b = b;
	bf->seen = READ_ONCE(b->changed);
	bridgefw_sg_open(bf);
	file->private_data = bf;
	return 0;
}

static int chardev_open(struct inode *inode, struct file *file)
{
	struct bridgefw *b = bridgefw_bridge_by_minor(iminor(inode));

	if (!b)
		return -ENXIO;
	return bridgefw_chardev_open(b, file);
}

static int chardev_release(struct inode *inode, struct file *file)
{
	struct bridgefw_file *bf = file->private_data;

	bridgefw_release(bf->b, bf);
	bridgefw_bridge_put(bf->b);
	kfree(bf);
	return 0;
}

static loff_t chardev_llseek(struct file *file, loff_t offset, int whence)
{
	struct bridgefw_file *bf = file->private_data;
	struct bridgefw_mem *m = bridgefw_mem_default(bf->b);

	if (!m)
		return -ESPIPE;
	return fixed_size_llseek(file, offset, whence, m->length);
}

static ssize_t chardev_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	struct bridgefw_file *bf = file->private_data;
	struct bridgefw_mem *m = bridgefw_mem_default(bf->b);
	u32 size, len;
	ssize_t ret;
	u8 *buf;

	if (READ_ONCE(bf->b->gone))
		return -ENXIO;
	if (!m)
		return -EOPNOTSUPP;
	size = le32_to_cpu(m->rec->size);
	if (*pos < 0)
		return -EINVAL;
	if (*pos >= size || !count)
		return 0;
	len = min_t(u64, count, size - *pos);
	len = min_t(u32, len, SZ_64K);
	buf = kvmalloc(len, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = bridgefw_mem_read(m, bf, *pos, buf, len);
	if (ret > 0) {
		if (copy_to_user(to, buf, ret))
			ret = -EFAULT;
		else
			*pos += ret;
	}
	kvfree(buf);
	return ret;
}

static __poll_t chardev_poll(struct file *file, poll_table *wait)
{
	struct bridgefw_file *bf = file->private_data;
	struct bridgefw *b = bf->b;
	__poll_t mask = 0;

	poll_wait(file, &b->wait, wait);
	mutex_lock(&b->lock);
	if (b->status.state != BRIDGEFW_STATE_BUSY)
		mask |= EPOLLIN | EPOLLRDNORM;
	if (b->changed != bf->seen)
		mask |= EPOLLPRI;
	if (b->gone)
		mask |= EPOLLHUP | EPOLLERR;
	mutex_unlock(&b->lock);
	return mask;
}

static long ioctl_info(struct bridgefw *b, void __user *arg)
{
	struct bridgefw_info info;

	memset(&info, 0, sizeof(info));
	mutex_lock(&b->lock);
	info.index = MINOR(b->dev.devt);
	info.state = b->status.state;
	info.match = b->match;
	info.memories = b->nmems;
	if (b->claimant)
		info.flags |= BRIDGEFW_INFO_CLAIMED;
	mutex_unlock(&b->lock);
	info.transports = bridgefw_transports(b);
	info.vendor_id = b->id.vendor;
	info.product_id = b->id.product;
	info.revision = b->id.revision;
	strscpy(info.bus, b->bus, sizeof(info.bus));
	strscpy(info.bus_id, b->bus_id, sizeof(info.bus_id));
	strscpy(info.serial, b->serial, sizeof(info.serial));
	if (b->profile) {
		strscpy(info.profile, b->profile->name, sizeof(info.profile));
		strscpy(info.chip, b->profile->name, sizeof(info.chip));
		if (b->profile->local)
			info.flags |= BRIDGEFW_INFO_LOCAL_PROFILE;
	}
	if (bridgefw_serial_usable(b))
		info.flags |= BRIDGEFW_INFO_SERIAL_USABLE;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static bool readable(struct bridgefw_mem *m)
{
	return m->read && m->read->evidence >= BFP_TRACED;
}

static bool writable(struct bridgefw_mem *m)
{
	return bridgefw_write_known(m) && (!m->b->profile->local || bridgefw_local_writes());
}

static long ioctl_memory(struct bridgefw *b, void __user *arg)
{
	struct bridgefw_memory mem;
	struct bridgefw_memo *memo;
	struct bridgefw_mem *m;

	if (copy_from_user(&mem, arg, sizeof(mem)))
		return -EFAULT;
	m = bridgefw_mem_by_number(b, mem.memory);
	if (!m || mem.pad[0] || mem.pad[1])
		return -EINVAL;
	memset(&mem, 0, sizeof(mem));
	mem.memory = m->number;
	mem.kind = m->rec->kind;
	mem.size = le32_to_cpu(m->rec->size);
	mem.unit = le32_to_cpu(m->rec->unit);
	mem.interrupted = m->rec->interrupted;
	mem.read_evidence = m->read ? m->read->evidence : 0;
	mem.program_evidence = m->program ? m->program->evidence : 0;
	strscpy(mem.name, bridgefw_mem_name(m), sizeof(mem.name));
	if (readable(m))
		mem.flags |= BRIDGEFW_MEMORY_READABLE;
	if (writable(m))
		mem.flags |= BRIDGEFW_MEMORY_WRITABLE;
	if (le16_to_cpu(m->rec->flags) & BFP_MEM_WHOLE)
		mem.flags |= BRIDGEFW_MEMORY_WHOLE;
	if (m == bridgefw_mem_default(b))
		mem.flags |= BRIDGEFW_MEMORY_DEFAULT;
	memo = bridgefw_memo_of(b, m);
	if (memo)
		mem.flags |= BRIDGEFW_MEMORY_PREVIOUS;
	bridgefw_memo_put(memo);
	mutex_lock(&b->lock);
	mem.length = m->length_known ? m->length : 0;
	if (m->length_known)
		mem.flags |= BRIDGEFW_MEMORY_LENGTH_KNOWN;
	if (m->image_len)
		mem.flags |= BRIDGEFW_MEMORY_STAGED;
	mem.reads = m->reads;
	mutex_unlock(&b->lock);
	return copy_to_user(arg, &mem, sizeof(mem)) ? -EFAULT : 0;
}

static long ioctl_read_previous(struct bridgefw *b, struct bridgefw_mem *m,
				struct bridgefw_read *rd)
{
	struct bridgefw_memo *memo = bridgefw_memo_of(b, m);
	long ret = 0;

	if (!memo)
		return -ENODATA;
	if (rd->offset >= memo->previous_len)
		rd->length = 0;
	else
		rd->length = min(rd->length, memo->previous_len - rd->offset);
	if (copy_to_user(u64_to_user_ptr(rd->data), memo->previous + rd->offset, rd->length))
		ret = -EFAULT;
	bridgefw_memo_put(memo);
	return ret;
}

static long ioctl_read(struct bridgefw_file *bf, struct bridgefw_read __user *arg)
{
	struct bridgefw *b = bf->b;
	struct bridgefw_mem *m;
	struct bridgefw_read rd;
	ssize_t ret;
	u8 *buf;

	if (copy_from_user(&rd, arg, sizeof(rd)))
		return -EFAULT;
	m = bridgefw_mem_by_number(b, rd.memory);
	if (!m || (rd.flags & ~BRIDGEFW_READ_PREVIOUS))
		return -EINVAL;
	if (rd.flags & BRIDGEFW_READ_PREVIOUS) {
		ret = ioctl_read_previous(b, m, &rd);
	} else {
		rd.length = min(rd.length, le32_to_cpu(m->rec->size));
		buf = kvmalloc(rd.length ?: 1, GFP_KERNEL);
		if (!buf)
			return -ENOMEM;
		ret = bridgefw_mem_read(m, bf, rd.offset, buf, rd.length);
		if (ret >= 0) {
			rd.length = ret;
			ret = copy_to_user(u64_to_user_ptr(rd.data), buf, ret) ? -EFAULT : 0;
		}
		kvfree(buf);
	}
	if (ret)
		return ret;
	return put_user(rd.length, &arg->length);
}

static long ioctl_stage(struct bridgefw *b, void __user *arg)
{
	struct bridgefw_stage st;
	struct bridgefw_mem *m;
	long ret;
	u8 *buf;

	if (copy_from_user(&st, arg, sizeof(st)))
		return -EFAULT;
	m = bridgefw_mem_by_number(b, st.memory);
	if (!m || st.flags || st.pad)
		return -EINVAL;
	if (!st.length)
		return bridgefw_mem_unstage(m);
	if (st.length > le32_to_cpu(m->rec->size))
		return -EFBIG;
	buf = vmemdup_user(u64_to_user_ptr(st.data), st.length);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	ret = bridgefw_mem_stage(m, buf, 0, st.length);
	kvfree(buf);
	return ret;
}

static long ioctl_start(struct bridgefw_file *bf, struct bridgefw_start __user *arg)
{
	struct bridgefw_start st;
	long ret;

	if (copy_from_user(&st, arg, sizeof(st)))
		return -EFAULT;
	ret = bridgefw_job_start(bf->b, bf, st.job, st.memory, st.flags, &st.reason);
	if (put_user(st.reason, &arg->reason) && !ret)
		return -EFAULT;
	return ret;
}

static long ioctl_claim(struct bridgefw_file *bf)
{
	long ret;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	ret = bridgefw_own(bf->b, bf);
	if (ret)
		return ret;
	ret = bridgefw_claim(bf->b, bf);
	bridgefw_disown(bf->b);
	return ret;
}

static long ioctl_answer(struct bridgefw *b, void __user *arg)
{
	struct bridgefw_answer *a;
	long ret = -ENODATA;
	u32 kind;

	if (get_user(kind, (u32 __user *)arg))
		return -EFAULT;
	if (kind != BFP_OP_IDENTIFY && kind != BFP_OP_VERSION)
		return -EINVAL;
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	mutex_lock(&b->lock);
	if (b->answers[kind].data) {
		a->kind = kind;
		a->length = min_t(u32, b->answers[kind].len, sizeof(a->data));
		memcpy(a->data, b->answers[kind].data, a->length);
		ret = 0;
	}
	mutex_unlock(&b->lock);
	if (!ret && copy_to_user(arg, a, sizeof(*a)))
		ret = -EFAULT;
	kfree(a);
	return ret;
}

/* Whoever asks has heard of all changes so far; poll() tells of the next. */
static long ioctl_status(struct bridgefw_file *bf, void __user *arg)
{
	struct bridgefw *b = bf->b;
	struct bridgefw_status status;

	mutex_lock(&b->lock);
	status = b->status;
	bf->seen = b->changed;
	mutex_unlock(&b->lock);
	return copy_to_user(arg, &status, sizeof(status)) ? -EFAULT : 0;
}

static long chardev_ioctl(struct file *file, unsigned int cmd, unsigned long value)
{
	struct bridgefw_file *bf = file->private_data;
	void __user *arg = (void __user *)value;
	struct bridgefw *b = bf->b;

	if (cmd == BRIDGEFW_IOC_GET_STATUS)
		return ioctl_status(bf, arg);
	if (READ_ONCE(b->gone))
		return -ENXIO;
	switch (cmd) {
	case BRIDGEFW_IOC_GET_INFO:
		return ioctl_info(b, arg);
	case BRIDGEFW_IOC_GET_MEMORY:
		return ioctl_memory(b, arg);
	case BRIDGEFW_IOC_READ:
		return ioctl_read(bf, arg);
	case BRIDGEFW_IOC_STAGE:
		return ioctl_stage(b, arg);
	case BRIDGEFW_IOC_START:
		return ioctl_start(bf, arg);
	case BRIDGEFW_IOC_CANCEL:
		bridgefw_job_cancel(b);
		return 0;
	case BRIDGEFW_IOC_CLAIM:
		return ioctl_claim(bf);
	case BRIDGEFW_IOC_RELEASE:
		bridgefw_release(b, bf);
		return 0;
	case BRIDGEFW_IOC_GET_ANSWER:
		return ioctl_answer(b, arg);
	}
	return bridgefw_sg_ioctl(bf, file->f_mode & FMODE_WRITE, cmd, arg);
}

const struct file_operations bridgefw_fops = {
	.owner = THIS_MODULE,
	.open = chardev_open,
	.release = chardev_release,
	.llseek = chardev_llseek,
	.read = chardev_read,
	.poll = chardev_poll,
	.unlocked_ioctl = chardev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
