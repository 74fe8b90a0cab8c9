// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bridge whose job makes the device leave the bus and come back, often under
 * other ids. The device is another one for the bus then, and the same bridge for
 * us and for whoever has it open: it stays while the device is away, with no
 * parent and no way to it, and is given to the device that appears at its place
 * with an id that the profile expects. If none does in time it is gone.
 *
 * Whoever finds devices changes @move under bridgefw_bridges_lock; the job waits.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "bridges.h"
#include "core.h"
#include "move.h"

/* The id that the device has now, if that is one which may come; NULL if not. */
static const struct bfp_id *id_that_comes(struct bridgefw *b, const struct bfp_device_id *now)
{
	const struct bfp_id *id = bfp_match(&b->profile->p, now);

	if (!id || b->move_id == BFP_NONE || id == bfp_ids(&b->profile->p) + b->move_id)
		return id;
	return NULL;
}

/**
 * bridgefw_bridge_awaited() - whether a bridge is away, and to come back at a place
 * @bus: "usb" or "1394"
 * @bus_id: where
 */
bool bridgefw_bridge_awaited(const char *bus, const char *bus_id)
{
	struct bridgefw *b;
	bool found = false;

	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(b, &bridgefw_bridges, node)
		found |= b->move == BRIDGEFW_MOVE_AWAY && !strcmp(b->bus, bus) &&
			 !strcmp(b->bus_id, bus_id);
	mutex_unlock(&bridgefw_bridges_lock);
	return found;
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_awaited);

/**
 * bridgefw_move_back() - the bridge that is to come back at a place
 * @place: what is there now
 *
 * Return: the bridge, with the reference of its owner, if it was waited for and
 * this is what was waited for; NULL otherwise.
 */
struct bridgefw *bridgefw_move_back(const struct bridgefw_place *place)
{
	struct bridgefw *b, *found = NULL;
	const struct bfp_id *id;

	mutex_lock(&bridgefw_bridges_lock);
	list_for_each_entry(b, &bridgefw_bridges, node) {
		if (b->move != BRIDGEFW_MOVE_AWAY || strcmp(b->bus, place->bus) ||
		    strcmp(b->bus_id, place->bus_id))
			continue;
		id = id_that_comes(b, &place->id);
		if (!id)
			continue;
		b->move = BRIDGEFW_MOVE_BACK;
		b->phys = place->phys;
		b->id = place->id;
		b->pid = id;
		found = b;
		break;
	}
	mutex_unlock(&bridgefw_bridges_lock);
	if (found && device_move(&found->dev, place->parent, DPM_ORDER_PARENT_BEFORE_DEV))
		dev_warn(&found->dev, "stays without a parent in sysfs\n");
	return found;
}

/**
 * bridgefw_bridge_returns() - whether a device that never left is what has to come back
 * @b: bridge
 * @id: what the device shows, after its bus says that it may have been reset
 *
 * On FireWire the PHY can stay on the bus while the chip behind it starts anew.
 *
 * Return: true if the bridge's job waits for it to leave and to come back as that: then it
 * has done both.
 */
bool bridgefw_bridge_returns(struct bridgefw *b, const struct bfp_device_id *id)
{
	bool returns;

	mutex_lock(&bridgefw_bridges_lock);
	returns = b->move == BRIDGEFW_MOVE_EXPECTED && id_that_comes(b, id);
	mutex_unlock(&bridgefw_bridges_lock);
	return returns;
}
EXPORT_SYMBOL_GPL(bridgefw_bridge_returns);

/**
 * bridgefw_move_ended() - the ways to a bridge that came back are open
 * @b: bridge
 *
 * Return: false if it did not come back but is new.
 */
bool bridgefw_move_ended(struct bridgefw *b)
{
	bool back;

	mutex_lock(&bridgefw_bridges_lock);
	back = b->move == BRIDGEFW_MOVE_BACK;
	if (back)
		b->move = BRIDGEFW_MOVE_NONE;
	mutex_unlock(&bridgefw_bridges_lock);
	if (back) {
		if (b->id.kind == BFP_ID_QUADLET)
			dev_info(&b->dev, "back at %s-%s as %08x\n", b->bus, b->bus_id,
				 b->id.value);
		else
			dev_info(&b->dev, "back at %s-%s as %04x:%04x\n", b->bus, b->bus_id,
				 b->id.vendor, b->id.product);
		bridgefw_status_changed(b);
	}
	return back;
}

/**
 * bridgefw_move_away() - the device of a bridge leaves
 * @b: bridge
 *
 * Return: true if its job expects that: the bridge and the caller's reference stay.
 */
bool bridgefw_move_away(struct bridgefw *b)
{
	bool away;

	mutex_lock(&bridgefw_bridges_lock);
	away = b->move == BRIDGEFW_MOVE_EXPECTED;
	if (away) {
		b->move = BRIDGEFW_MOVE_AWAY;
		b->phys = NULL;
	} else {
		/* One that came back and could not be used: the wait is over. */
		b->move = BRIDGEFW_MOVE_NONE;
	}
	mutex_unlock(&bridgefw_bridges_lock);
	if (!away)
		return false;
	/* The device's directory in sysfs goes, and ours is in it. */
	if (!device_move(&b->dev, NULL, DPM_ORDER_NONE)) {
		bridgefw_status_changed(b);
		return true;
	}
	mutex_lock(&bridgefw_bridges_lock);
	b->move = BRIDGEFW_MOVE_NONE;
	mutex_unlock(&bridgefw_bridges_lock);
	return false;
}

/**
 * bridgefw_move_expect() - the next command makes the device leave
 * @b: bridge; a job owns it
 * @id: index of the id with which it comes back; BFP_NONE: any of its profile
 */
void bridgefw_move_expect(struct bridgefw *b, u16 id)
{
	mutex_lock(&bridgefw_bridges_lock);
	/* It may be pulled at this moment: then it is gone, and nothing is expected. */
	if (!READ_ONCE(b->gone)) {
		b->move = BRIDGEFW_MOVE_EXPECTED;
		b->move_id = id;
	}
	mutex_unlock(&bridgefw_bridges_lock);
}

static bool ended(struct bridgefw *b)
{
	return READ_ONCE(b->move) == BRIDGEFW_MOVE_NONE || READ_ONCE(b->gone);
}

/**
 * bridgefw_move_forget() - it is not waited for any longer
 * @b: bridge; a job owns it
 *
 * One that is away is gone then.
 */
void bridgefw_move_forget(struct bridgefw *b)
{
	bool away;

	mutex_lock(&bridgefw_bridges_lock);
	away = b->move == BRIDGEFW_MOVE_AWAY;
	if (b->move != BRIDGEFW_MOVE_BACK)
		b->move = BRIDGEFW_MOVE_NONE;
	mutex_unlock(&bridgefw_bridges_lock);
	if (away)
		bridgefw_bridge_remove(b);
	else
		/* Whoever has just found it opens the ways to it: that sends nothing. */
		wait_event(b->wait, ended(b));
}

/**
 * bridgefw_move_wait() - wait until the device has left and come back
 * @b: bridge; a job owns it
 * @timeout_ms: how long that may take
 *
 * Return: 0; -ETIMEDOUT if it did not leave; -ENXIO if it did not come back, or
 * was pulled.
 */
int bridgefw_move_wait(struct bridgefw *b, u32 timeout_ms)
{
	bool stayed;

	if (!wait_event_timeout(b->wait, ended(b), msecs_to_jiffies(timeout_ms))) {
		stayed = READ_ONCE(b->move) == BRIDGEFW_MOVE_EXPECTED;
		bridgefw_move_forget(b);
		if (stayed && !READ_ONCE(b->gone))
			return -ETIMEDOUT;
	}
	return READ_ONCE(b->gone) ? -ENXIO : 0;
}
