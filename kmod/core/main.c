// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefw.ko: class, parameters, /dev/bridgefw, and the veto of system sleep. */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/suspend.h>

#include "chardev.h"
#include "core.h"

struct workqueue_struct *bridgefw_wq;

static u8 evidence_bar = BFP_TRACED;
static bool local_writes;

static int evidence_bar_set(const char *val, const struct kernel_param *kp)
{
	static const u8 levels[] = { BFP_DOCUMENTED, BFP_TRACED, BFP_REPORTED, BFP_INFERRED };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		if (!sysfs_streq(val, bfp_evidence_name(levels[i])))
			continue;
		if (levels[i] < BFP_TRACED) {
			pr_warn("bridgefw: evidence_bar=%s: operations nobody has seen working may write\n",
				bfp_evidence_name(levels[i]));
			add_taint(TAINT_USER, LOCKDEP_STILL_OK);
		}
		evidence_bar = levels[i];
		return 0;
	}
	pr_err("bridgefw: evidence_bar: expected documented, traced, reported or inferred\n");
	return -EINVAL;
}

static int evidence_bar_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", bfp_evidence_name(evidence_bar));
}

static const struct kernel_param_ops evidence_bar_ops = {
	.set = evidence_bar_set,
	.get = evidence_bar_get,
};

module_param_cb(evidence_bar, &evidence_bar_ops, NULL, 0600);
MODULE_PARM_DESC(evidence_bar,
		 "least evidence for writing: documented, traced (default), reported, inferred; below traced taints");

static int local_writes_set(const char *val, const struct kernel_param *kp)
{
	int ret = param_set_bool(val, kp);

	if (!ret && local_writes) {
		pr_warn("bridgefw: local_writes: profiles that did not come with the module may write\n");
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	}
	return ret;
}

static const struct kernel_param_ops local_writes_ops = {
	.set = local_writes_set,
	.get = param_get_bool,
};

module_param_cb(local_writes, &local_writes_ops, &local_writes, 0600);
MODULE_PARM_DESC(local_writes, "let local profiles write; taints (default: no)");

/**
 * bridgefw_evidence_bar() - the least evidence an operation of a write needs
 *
 * Under kernel lockdown the parameter does not lower it.
 *
 * Return: enum bfp_evidence.
 */
int bridgefw_evidence_bar(void)
{
	u8 bar = READ_ONCE(evidence_bar);

	if (bar < BFP_TRACED && security_locked_down(LOCKDOWN_PCI_ACCESS))
		return BFP_TRACED;
	return bar;
}

/**
 * bridgefw_local_writes() - whether local profiles open writing
 *
 * Return: never true under kernel lockdown.
 */
bool bridgefw_local_writes(void)
{
	return READ_ONCE(local_writes) && !security_locked_down(LOCKDOWN_PCI_ACCESS);
}

/*
 * A job must not meet a sleeping bus half-way. lock_system_sleep() would be
 * one mutex for all jobs of the system, so sleep is vetoed instead: jobs
 * counts those that run, -1 while the system is on its way to sleep.
 */
static DEFINE_SPINLOCK(sleep_lock);
static unsigned int sleep_jobs;
static bool sleep_near;

/**
 * bridgefw_sleep_block() - keep the system awake
 *
 * Return: false if it is too late for that.
 */
bool bridgefw_sleep_block(void)
{
	bool ok;

	spin_lock(&sleep_lock);
	ok = !sleep_near;
	if (ok)
		sleep_jobs++;
	spin_unlock(&sleep_lock);
	return ok;
}

/** bridgefw_sleep_unblock() - undo a bridgefw_sleep_block() that returned true */
void bridgefw_sleep_unblock(void)
{
	spin_lock(&sleep_lock);
	sleep_jobs--;
	spin_unlock(&sleep_lock);
}

static int sleep_notify(struct notifier_block *nb, unsigned long event, void *unused)
{
	int ret = NOTIFY_OK;

	spin_lock(&sleep_lock);
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		if (sleep_jobs) {
			pr_notice("bridgefw: no sleep now: %u job(s) under way\n", sleep_jobs);
			ret = NOTIFY_BAD;
		} else {
			sleep_near = true;
		}
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		sleep_near = false;
		break;
	}
	spin_unlock(&sleep_lock);
	return ret;
}

static struct notifier_block sleep_nb = {
	.notifier_call = sleep_notify,
};

/* /dev/bridgefw turns into the only bridge's file when it is opened. */
static int any_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops = &bridgefw_fops;
	struct bridgefw *b = bridgefw_bridge_only();
	int ret;

	if (IS_ERR(b))
		return PTR_ERR(b);
	ret = bridgefw_chardev_open(b, file);
	if (ret)
		return ret;
	replace_fops(file, fops_get(fops));
	return 0;
}

static const struct file_operations any_fops = {
	.owner = THIS_MODULE,
	.open = any_open,
	.llseek = noop_llseek,
};

static struct miscdevice any_dev = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "bridgefw",
	.fops = &any_fops,
	.mode = 0600,
};

static int __init bridgefw_init(void)
{
	int ret;

	bridgefw_wq = alloc_workqueue("bridgefw", WQ_UNBOUND, 0);
	if (!bridgefw_wq)
		return -ENOMEM;
	ret = class_register(&bridgefw_class);
	if (ret)
		goto err_wq;
	ret = bridgefw_chardev_init();
	if (ret)
		goto err_class;
	ret = misc_register(&any_dev);
	if (ret)
		goto err_chardev;
	ret = register_pm_notifier(&sleep_nb);
	if (ret)
		goto err_misc;
	return 0;

err_misc:
	misc_deregister(&any_dev);
err_chardev:
	bridgefw_chardev_exit();
err_class:
	class_unregister(&bridgefw_class);
err_wq:
	destroy_workqueue(bridgefw_wq);
	return ret;
}

/* No bridge is left here: the bus modules that made them need this one. */
static void __exit bridgefw_exit(void)
{
	unregister_pm_notifier(&sleep_nb);
	misc_deregister(&any_dev);
	bridgefw_chardev_exit();
	destroy_workqueue(bridgefw_wq);
	class_unregister(&bridgefw_class);
	bridgefw_memo_clear();
}

module_init(bridgefw_init);
module_exit(bridgefw_exit);

MODULE_DESCRIPTION("Firmware of USB/FireWire-to-IDE/SATA bridges");
MODULE_AUTHOR("The bridgefw developers");
MODULE_LICENSE("GPL");
