// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does one thing that no module may do, when it is loaded: the debug kernel must
 * notice, and tests/lab/vm tell. Never installed.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *what = "";
module_param(what, charp, 0400);
MODULE_PARM_DESC(what, "leak, overflow, freed, locks, sleep or warning");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spinning);

/* The compiler must not see what becomes of it. */
static char *memory(size_t len)
{
	char *p = kmalloc(len, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	return p;
}

static void leak(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		memory(1000 + i);
}

static void overflow(void)
{
	char *p = memory(16);

	if (p)
		WRITE_ONCE(p[16], 0);
	kfree(p);
}

static void freed(void)
{
	char *p = memory(16);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	if (p)
		WRITE_ONCE(p[0], 0);
}

static void locks(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void sleeps(void)
{
	spin_lock(&spinning);
	might_sleep();
	spin_unlock(&spinning);
}

static int __init lab_wrong_init(void)
{
	if (!strcmp(what, "leak"))
		leak();
	else if (!strcmp(what, "overflow"))
		overflow();
	else if (!strcmp(what, "freed"))
		freed();
	else if (!strcmp(what, "locks"))
		locks();
	else if (!strcmp(what, "sleep"))
		sleeps();
	else if (!strcmp(what, "warning"))
		WARN_ON(1);
	else
		return -EINVAL;
	return 0;
}

static void __exit lab_wrong_exit(void)
{
}

module_init(lab_wrong_init);
module_exit(lab_wrong_exit);

MODULE_DESCRIPTION("bridgefw lab: what the debug kernel must notice");
MODULE_AUTHOR("The bridgefw developers");
MODULE_LICENSE("GPL");
