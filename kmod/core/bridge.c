// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of bridges: how a device becomes one, and how it leaves. */
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "attach.h"
#include "bridges.h"
#include "chardev.h"
#include "core.h"
#include "fwupload.h"
#include "identity.h"
#include "move.h"

DEFINE_MUTEX(bridgefw_bridges_lock);	/* see bridges.h */
LIST_HEAD(bridgefw_bridges);
static LIST_HEAD(observers);
static DEFINE_IDA(minors);

static void bridge_release(struct device *dev)
{
	struct bridgefw *b = to_bridgefw(dev);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(b->answers); i++)
		kfree(b->answers[i].data);
	bridgefw_mems_free(b);
	bridgefw_profile_put(b->also);
	bridgefw_profile_put(b->profile);
	ida_free(&minors, MINOR(dev->devt));
	kfree(b);
}

static int bridge_uevent(BRIDGEFW_CONST_DEV struct device *dev, struct kobj_uevent_env *env)
{
	struct bridgefw *b = to_bridgefw((struct device *)dev);
	const char *chip = b->profile ? b->profile->name : "unknown";

	if (add_uevent_var(env, "BRIDGEFW_STATE=%s",
			   bridgefw_state_name(READ_ONCE(b->status.state))) ||
	    add_uevent_var(env, "BRIDGEFW_CHIP=%s", chip) ||
	    add_uevent_var(env, "BRIDGEFW_MATCH=%s", bridgefw_match_name(READ_ONCE(b->match))) ||
	    add_uevent_var(env, "BRIDGEFW_PATH=%s-%s", b->bus, b->bus_id))
		return -ENOMEM;
	if (bridgefw_serial_usable(b) &&
	    add_uevent_var(env, "BRIDGEFW_ID=%s-%s-%s", b->bus, chip, b->serial))
		return -ENOMEM;
	return 0;
}

struct class bridgefw_class = {
	.name = "bridgefw",
	.class_groups = bridgefw_class_groups,
	.dev_groups = bridgefw_groups,
	.dev_release = bridge_release,
	.dev_uevent = bridge_uevent,
};

/** bridgefw_bridge_get() - take a reference; returns its argument */
struct bridgefw *bridgefw_bridge_get(struct bridgefw *b)
{
	get_device(&b->dev);
	return b;
}

/** bridgefw_bridge_put() - drop a reference */
void bridgefw_bridge_put(struct bridgefw *b)
{
	if (b)
		put_device(&b->dev);
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_put);

/**
 * bridgefw_bridge_by_minor() - the bridge of a device node
 * @minor: of the node
 *
 * Return: a reference, or NULL.
 */
struct bridgefw *bridgefw_bridge_by_minor(unsigned int minor)
{
	struct bridgefw *b, *found = NULL;

	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(b, &bridgefw_bridges, node) {
		if (MINOR(b->dev.devt) == minor) {
			found = bridgefw_bridge_get(b);
			break;
		}
	}
	mutex_unlock(&bridgefw_bridges_lock);
	return found;
}

/**
 * bridgefw_bridge_only() - the one bridge that is plugged in
 *
 * Return: a reference; ERR_PTR(-ENODEV) if there is none, -ENOTUNIQ if several.
 */
struct bridgefw *bridgefw_bridge_only(void)
{
	struct bridgefw *b = ERR_PTR(-ENODEV);

	mutex_lock(&bridgefw_bridges_lock);
	if (!list_empty(&bridgefw_bridges)) {
		if (list_is_singular(&bridgefw_bridges))
			b = bridgefw_bridge_get(list_first_entry(&bridgefw_bridges,
								 struct bridgefw, node));
		else
			b = ERR_PTR(-ENOTUNIQ);
	}
	mutex_unlock(&bridgefw_bridges_lock);
	return b;
}

/**
 * bridgefw_bridge_find() - the bridge that a device stands behind
 * @dev: any device; its parents are looked at, never used
 *
 * Return: a reference, or NULL.
 */
struct bridgefw *bridgefw_bridge_find(struct device *dev)
{
	struct bridgefw *b, *found = NULL;

	mutex_lock(&bridgefw_bridges_lock);
	for (; dev && !found; dev = dev->parent) {
		list_for_each_entry(b, &bridgefw_bridges, node) {
			if (b->phys == dev) {
				found = bridgefw_bridge_get(b);
				break;
			}
		}
	}
	mutex_unlock(&bridgefw_bridges_lock);
	return found;
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_find);

/**
 * bridgefw_serial_usable() - whether a bridge's serial identifies it
 * @b: bridge
 *
 * Return: false for an empty, default or ambiguous one.
 */
bool bridgefw_serial_usable(struct bridgefw *b)
{
	struct bridgefw *o;
	bool ok = bfp_serial_identifies(b->serial);

	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(o, &bridgefw_bridges, node)
		if (o != b && !strcmp(o->serial, b->serial))
			ok = false;
	mutex_unlock(&bridgefw_bridges_lock);
	return ok;
}

#define TWINS_MAX	16

/* A serial that is there twice identifies neither: udev looks at the others again. */
static void twins_notify(struct bridgefw *b)
{
	struct bridgefw *twins[TWINS_MAX], *o;
	unsigned int n = 0;

	if (!b->serial[0])
		return;
	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(o, &bridgefw_bridges, node)
		if (o != b && n < TWINS_MAX && !strcmp(o->serial, b->serial))
			twins[n++] = bridgefw_bridge_get(o);
	mutex_unlock(&bridgefw_bridges_lock);
	while (n--) {
		bridgefw_status_changed(twins[n]);
		bridgefw_bridge_put(twins[n]);
	}
}

/*
 * Which profile a device at a place has, and why. Returns -ENODEV for one that
 * is none of our business.
 */
static int bridge_recognise(struct bridgefw *b, const struct bridgefw_place *place)
{
	char name[BFP_NAME_MAX];
	struct bridgefw_memo *memo;

	if (bridgefw_attach_find(place->bus_id, name, b->expect, &b->expect_known)) {
		b->profile = bridgefw_profile_load(name, place->parent);
		if (IS_ERR(b->profile))
			return PTR_ERR(b->profile);
		b->match = b->expect_known ? BRIDGEFW_MATCH_CHANGED : BRIDGEFW_MATCH_ATTACHED;
		return 0;
	}

	b->profile = bridgefw_profile_match(&place->id, place->parent);
	if (!IS_ERR(b->profile)) {
		b->pid = bfp_match(&b->profile->p, &place->id);
		b->match = BRIDGEFW_MATCH_IDS;
		return 0;
	}
	if (PTR_ERR(b->profile) != -ENODEV)
		return PTR_ERR(b->profile);

	/* Our own writes change ids: a storage box where we wrote one may be it. */
	memo = place->storage ? bridgefw_memo_find(place->bus, place->bus_id) : NULL;
	if (!memo)
		return -ENODEV;
	b->profile = bridgefw_profile_load(memo->profile, place->parent);
	memcpy(b->expect, memo->written, sizeof(b->expect));
	b->expect_known = true;
	b->match = BRIDGEFW_MATCH_CHANGED;
	bridgefw_memo_put(memo);
	return PTR_ERR_OR_ZERO(b->profile);
}

/*
 * What the user says of a device does not make another chip of it: the commands that its
 * ids stand for stay known.
 */
static int bridge_recognise_also(struct bridgefw *b, const struct bridgefw_place *place)
{
	if (b->match == BRIDGEFW_MATCH_IDS && !b->profile->local)
		return 0;
	b->also = bridgefw_profile_of_system(&place->id, place->parent);
	if (PTR_ERR_OR_ZERO(b->also) == -ENOMEM)
		return -ENOMEM;
	if (IS_ERR(b->also))
		b->also = NULL;
	return 0;
}

/**
 * bridgefw_bridge_offer() - a device that may be a bridge
 * @place: what and where it is; copied
 *
 * Loads the index and the profile; sends nothing. Must not be called with a
 * lock that a reader of sysfs needs.
 *
 * Return: the bridge, with the reference that bridgefw_bridge_remove() drops;
 * it becomes visible with bridgefw_bridge_start(). It may be one whose job waits
 * for the device to come back. ERR_PTR(-ENODEV) if the
 * device is not a bridge that we know, another error if something failed.
 */
struct bridgefw *bridgefw_bridge_offer(const struct bridgefw_place *place)
{
	static atomic64_t instances;
	struct bridgefw *b;
	int minor, ret;

	b = bridgefw_move_back(place);
	if (b)
		return b;
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return ERR_PTR(-ENOMEM);
	ret = bridge_recognise(b, place);
	if (ret)
		goto err_free;
	ret = bridge_recognise_also(b, place);
	if (ret)
		goto err_profile;
	minor = ida_alloc_max(&minors, BRIDGEFW_MINORS - 1, GFP_KERNEL);
	if (minor < 0) {
		ret = minor;
		goto err_profile;
	}

	mutex_init(&b->lock);
	INIT_LIST_HEAD(&b->transports);
	INIT_LIST_HEAD(&b->node);
	init_waitqueue_head(&b->wait);
	INIT_WORK(&b->job.work, bridgefw_job_work);
	b->phys = place->phys;
	b->owner = place->owner;
	b->instance = atomic64_inc_return(&instances);
	b->id = place->id;
	strscpy(b->bus, place->bus, sizeof(b->bus));
	strscpy(b->bus_id, place->bus_id, sizeof(b->bus_id));
	strscpy(b->serial, place->serial ?: "", sizeof(b->serial));
	if (bridgefw_chip_state(b) != BFP_STATE(BFP_ROLE_RUNNING))
		b->status.state = BRIDGEFW_STATE_BLANK;

	device_initialize(&b->dev);
	b->dev.class = &bridgefw_class;
	b->dev.parent = place->parent;
	b->dev.devt = bridgefw_chardev_devt(minor);
	cdev_init(&b->cdev, &bridgefw_fops);
	b->cdev.owner = THIS_MODULE;

	/* From here on bridge_release() frees everything. */
	ret = dev_set_name(&b->dev, "bridgefw%d", minor);
	if (!ret)
		ret = bridgefw_mems_init(b);
	if (ret) {
		put_device(&b->dev);
		return ERR_PTR(ret);
	}
	return b;

err_profile:
	bridgefw_profile_put(b->also);
	bridgefw_profile_put(b->profile);
err_free:
	kfree(b);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_offer);

/** bridgefw_bridge_name() - "bridgefwN"; valid as long as the bridge */
const char *bridgefw_bridge_name(struct bridgefw *b)
{
	return dev_name(&b->dev);
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_name);

static void observers_call(void)
{
	struct bridgefw_observer *o;

	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(o, &observers, node)
		o->added();
	mutex_unlock(&bridgefw_bridges_lock);
}

/**
 * bridgefw_bridge_phys() - the device that a bridge's SCSI devices hang below has come or gone
 * @b: bridge
 * @dev: that device; it is compared, never used. NULL: there is none
 */
void bridgefw_bridge_phys(struct bridgefw *b, struct device *dev)
{
	bool changed;

	mutex_lock(&bridgefw_bridges_lock);
	changed = b->phys != dev;
	b->phys = dev;
	mutex_unlock(&bridgefw_bridges_lock);
	if (changed && dev)
		observers_call();
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_phys);

/**
 * bridgefw_bridge_start() - make an offered bridge visible
 * @b: from bridgefw_bridge_offer(), its first transport added
 *
 * Return: 0, or a negative errno; the caller's reference stays either way.
 */
int bridgefw_bridge_start(struct bridgefw *b)
{
	int ret;

	if (bridgefw_move_ended(b)) {
		observers_call();
		return 0;
	}
	/* Files of the memories exist before the world hears of the device. */
	dev_set_uevent_suppress(&b->dev, 1);
	/* Whoever sees the node can open it. */
	mutex_lock(&bridgefw_bridges_lock);
	list_add_tail(&b->node, &bridgefw_bridges);
	mutex_unlock(&bridgefw_bridges_lock);
	ret = cdev_device_add(&b->cdev, &b->dev);
	if (ret)
		goto err_list;
	ret = bridgefw_sysfs_add(b);
	if (ret)
		goto err_device;
	ret = bridgefw_nvmem_add(b);
	if (ret)
		dev_warn(&b->dev, "no NVMEM device (%d); everything else works\n", ret);
	ret = bridgefw_uploads_add(b);
	if (ret)
		dev_warn(&b->dev, "no firmware upload device (%d); everything else works\n", ret);

	dev_info(&b->dev, "%s at %s-%s, %s%s\n",
		 b->profile->name, b->bus, b->bus_id, bridgefw_match_name(b->match),
		 b->profile->local ? ", local profile" : "");
	dev_set_uevent_suppress(&b->dev, 0);
	kobject_uevent(&b->dev.kobj, KOBJ_ADD);
	observers_call();
	twins_notify(b);
	if (b->expect_known)
		bridgefw_job_confirm(b);
	return 0;

err_device:
	cdev_device_del(&b->cdev, &b->dev);
err_list:
	mutex_lock(&bridgefw_bridges_lock);
	list_del_init(&b->node);
	mutex_unlock(&bridgefw_bridges_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_start);

/**
 * bridgefw_bridge_remove() - the device has been unplugged, or its module leaves
 * @b: bridge; the caller's reference is dropped
 *
 * Does no I/O and waits for none that the removal of the device could hold up:
 * whoever is inside sees that the bridge is gone and leaves. One whose job has
 * sent it away stays, until it comes back or is given up (move.c).
 */
void bridgefw_bridge_remove(struct bridgefw *b)
{
	bool started;

	if (bridgefw_move_away(b))
		return;
	mutex_lock(&bridgefw_bridges_lock);
	started = !list_empty(&b->node);
	list_del_init(&b->node);
	mutex_unlock(&bridgefw_bridges_lock);

	mutex_lock(&b->lock);
	b->gone = true;
	b->cancel = true;
	b->status.state = BRIDGEFW_STATE_GONE;
	mutex_unlock(&b->lock);
	bridgefw_status_changed(b);

	if (started) {
		bridgefw_uploads_remove(b);
		bridgefw_nvmem_remove(b);
		bridgefw_sysfs_remove(b);
		cdev_device_del(&b->cdev, &b->dev);
	}
	twins_notify(b);
	put_device(&b->dev);
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_remove);

/** bridgefw_observer_register() - hear of bridges that others found */
void bridgefw_observer_register(struct bridgefw_observer *o)
{
	mutex_lock(&bridgefw_bridges_lock);
	list_add_tail(&o->node, &observers);
	mutex_unlock(&bridgefw_bridges_lock);
	o->added();
}
EXPORT_SYMBOL_GPL(bridgefw_observer_register);

/** bridgefw_observer_unregister() - hear of them no more */
void bridgefw_observer_unregister(struct bridgefw_observer *o)
{
	mutex_lock(&bridgefw_bridges_lock);
	list_del(&o->node);
	mutex_unlock(&bridgefw_bridges_lock);
}
EXPORT_SYMBOL_GPL(bridgefw_observer_unregister);
