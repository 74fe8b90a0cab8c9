// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user says of the device at a place, and the modules that are asked to look again. */
#include <linux/module.h>
#include <linux/slab.h>

#include "attach.h"
#include "bridges.h"
#include "core.h"

static LIST_HEAD(buses);
static LIST_HEAD(requests);

/* The user's word that the device at a place is such a chip; ends with the plug. */
struct attach_request {
	struct list_head node;
	char bus_id[BRIDGEFW_NAME_LEN];
	char profile[BFP_NAME_MAX];
	u8 hash[BRIDGEFW_HASH_SIZE];
	bool hash_known;
};

#define REQUESTS_MAX	64

static struct attach_request *request_find(const char *bus_id)
{
	struct attach_request *r;

	lockdep_assert_held(&bridgefw_bridges_lock);
	list_for_each_entry(r, &requests, node)
		if (!strcmp(r->bus_id, bus_id))
			return r;
	return NULL;
}

/**
 * bridgefw_attach_find() - what the user says of the device at a place
 * @bus_id: where it is plugged in
 * @profile: gets the name, BFP_NAME_MAX bytes
 * @hash: gets the hash of the content it must have
 * @hash_known: whether there is one
 *
 * Return: false if the user says nothing; then nothing is changed.
 */
bool bridgefw_attach_find(const char *bus_id, char *profile, u8 *hash, bool *hash_known)
{
	struct attach_request *r;

	mutex_lock(&bridgefw_bridges_lock);
	r = request_find(bus_id);
	if (r) {
		strscpy(profile, r->profile, BFP_NAME_MAX);
		memcpy(hash, r->hash, sizeof(r->hash));
		*hash_known = r->hash_known;
	}
	mutex_unlock(&bridgefw_bridges_lock);
	return r;
}

/** bridgefw_bus_register() - a module that finds devices; see struct bridgefw_bus */
void bridgefw_bus_register(struct bridgefw_bus *bus)
{
	mutex_lock(&bridgefw_bridges_lock);
	list_add_tail(&bus->node, &buses);
	mutex_unlock(&bridgefw_bridges_lock);
}
EXPORT_SYMBOL_GPL(bridgefw_bus_register);

/** bridgefw_bus_unregister() - undo bridgefw_bus_register() */
void bridgefw_bus_unregister(struct bridgefw_bus *bus)
{
	struct attach_request *r, *n;

	mutex_lock(&bridgefw_bridges_lock);
	list_del(&bus->node);
	if (list_empty(&buses)) {
		list_for_each_entry_safe(r, n, &requests, node) {
			list_del(&r->node);
			kfree(r);
		}
	}
	mutex_unlock(&bridgefw_bridges_lock);
}
EXPORT_SYMBOL_GPL(bridgefw_bus_unregister);

/**
 * bridgefw_buses_nodes() - what the buses tell of everything that is on them
 * @buf: gets lines of text
 * @room: its bytes
 *
 * Return: bytes that were put there.
 */
size_t bridgefw_buses_nodes(char *buf, size_t room)
{
	struct bridgefw_bus *bus;
	size_t n = 0;

	/* A bus that is on the list stays, as its module is pinned. */
	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(bus, &buses, node) {
		if (!bus->nodes || !try_module_get(bus->owner))
			continue;
		mutex_unlock(&bridgefw_bridges_lock);
		n += bus->nodes(buf + n, room - n);
		mutex_lock(&bridgefw_bridges_lock);
		module_put(bus->owner);
	}
	mutex_unlock(&bridgefw_bridges_lock);
	return n;
}

/** bridgefw_bus_left() - the device at @bus_id is unplugged: forget what the user said of it */
void bridgefw_bus_left(const char *bus, const char *bus_id)
{
	struct attach_request *r;

	mutex_lock(&bridgefw_bridges_lock);
	r = request_find(bus_id);
	if (r) {
		list_del(&r->node);
		kfree(r);
	}
	mutex_unlock(&bridgefw_bridges_lock);
}
EXPORT_SYMBOL_GPL(bridgefw_bus_left);

static int request_set(const char *bus_id, const char *profile, const u8 *hash)
{
	struct attach_request *r;
	unsigned int count = 0;
	int ret = 0;

	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(r, &requests, node)
		count++;
	r = request_find(bus_id);
	if (!profile) {
		if (r) {
			list_del(&r->node);
			kfree(r);
		}
		goto out;
	}
	if (!r) {
		r = count < REQUESTS_MAX ? kzalloc(sizeof(*r), GFP_KERNEL) : NULL;
		if (!r) {
			ret = -ENOMEM;
			goto out;
		}
		strscpy(r->bus_id, bus_id, sizeof(r->bus_id));
		list_add(&r->node, &requests);
	}
	strscpy(r->profile, profile, sizeof(r->profile));
	r->hash_known = hash;
	if (hash)
		memcpy(r->hash, hash, sizeof(r->hash));
out:
	mutex_unlock(&bridgefw_bridges_lock);
	return ret;
}

/**
 * bridgefw_reoffer() - use the profile that the user names for a device
 * @bus_id: where it is plugged in
 * @profile: name; NULL: forget what was named before
 * @hash: SHA-256 of the content it must have; NULL if none
 *
 * Return: 0; -ENODEV if nothing is plugged in there, -EBUSY while a job runs
 * on it, -ENOENT if there is no such profile, or another negative errno.
 */
int bridgefw_reoffer(const char *bus_id, const char *profile, const u8 *hash)
{
	struct bridgefw_profile *found;
	struct bridgefw_bus *bus;
	struct bridgefw *b;
	int ret = 0;

	if (profile) {
		found = bridgefw_profile_load(profile, NULL);
		if (IS_ERR(found))
			return PTR_ERR(found);
		bridgefw_profile_put(found);
	}
	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(b, &bridgefw_bridges, node)
		if (!strcmp(b->bus_id, bus_id) && READ_ONCE(b->active))
			ret = -EBUSY;
	mutex_unlock(&bridgefw_bridges_lock);
	if (ret)
		return ret;
	ret = request_set(bus_id, profile, hash);
	if (ret)
		return ret;

	/* A bus that is on the list stays: unregistering it unloads its module, which we pin. */
	ret = -ENODEV;
	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(bus, &buses, node) {
		if (!try_module_get(bus->owner))
			continue;
		mutex_unlock(&bridgefw_bridges_lock);
		ret = bus->offer(bus_id);
		mutex_lock(&bridgefw_bridges_lock);
		module_put(bus->owner);
		if (ret != -ENODEV)
			break;
	}
	mutex_unlock(&bridgefw_bridges_lock);
	if (ret && profile)
		request_set(bus_id, NULL, NULL);
	return ret;
}
