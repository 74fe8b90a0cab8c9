/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside bridgefw_1394.ko. A local card that is up has a bus (main.c); a bus has a seat
 * for each place that a node can be at (scan.c), and a seat may have a bridge (seat.c).
 *
 * The references to a card are dropped when its own unit is removed, at the latest:
 * firewire-core waits for them. A bus object without its card is of no use to anybody
 * but those who still have it in their hands.
 *
 * Locks, the outermost first:
 *   buses_lock        the list of buses; taken by firewire-core's callbacks
 *   fwseat.offers     what becomes of a seat's bridge; calls of the core, no transaction
 *   those of the core
 *   fwbus.lock        all other members; nothing waits under it
 * No lock is held over a transaction. Removal waits for one that is under way, which is
 * never longer than BRIDGEFW_1394_ANSWER_MS.
 */
#ifndef BRIDGEFW_1394_H
#define BRIDGEFW_1394_H

#include <linux/firewire.h>
#include <linux/firewire-constants.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "config_rom.h"
#include "topology.h"
#include "transport.h"

#define BRIDGEFW_1394_ANSWER_MS	3000	/* the bus's split timeout is 2 s, then we cancel */
#define BRIDGEFW_1394_BLANK	0xfffff0090020ULL

#define BRIDGEFW_1394_BUS	0xffc0		/* the bus's number in a node ID: this one */

#define BRIDGEFW_1394_SETTLE_MS	200		/* resets come in groups */

#define FWSEAT_NAME	64		/* 16 hops are possible; the core takes 31 bytes */

/* What a node turned out to be. */
enum fwkind {
	FWKIND_NEW,		/* not yet looked at */
	FWKIND_RUNNING,		/* it has a general configuration ROM */
	FWKIND_NO_ROM,		/* it answers, with a minimal ROM or something else */
	FWKIND_BLANK,		/* no ROM, but four characters at BRIDGEFW_1394_BLANK */
	FWKIND_BOOTING,		/* it says that it is not ready yet */
	FWKIND_REFUSES,		/* it answers that there is nothing to be read */
	FWKIND_SILENT,		/* it does not answer */
};

/**
 * struct fwseen - what a node shows of itself
 * @kind: and which of the following is valid
 * @value: BLANK, NO_ROM: what was read
 * @rom: RUNNING
 */
struct fwseen {
	enum fwkind kind;
	u32 value;
	struct bfp_rom rom;
};

/**
 * struct fwbus - the bus of one local card
 * @ref: one of the list, one of each seat, one of each unit of ours
 * @node: in the list of buses
 * @index: of the card, as the kernel counts them
 * @scan: looks what is on it
 * @kin: looks for what firewire-core made of the nodes
 * @farewell: the card's unit is gone, perhaps for a moment
 * @units: of ours that the card has; guarded by buses_lock
 * @until: when the farewell ends, jiffies
 * @wait: for whoever waits for @changes
 * @changes: of what is known of the nodes
 * @lock: guards what follows
 * @card: referenced; NULL once the card has left
 * @seats: all places, the node there or not
 * @epoch: counts generations that were seen; 0: none yet
 * @generation: of the bus then
 * @count: nodes
 * @local: PHY ID of the card
 * @local_speed: of its PHY
 * @kin_tries: how often @kin has looked since the last change
 * @tries: how often the map could not be read
 */
struct fwbus {
	struct kref ref;
	struct list_head node;
	int index;
	struct delayed_work scan;
	struct delayed_work kin;
	struct delayed_work farewell;
	unsigned int units;
	unsigned long until;
	wait_queue_head_t wait;
	u32 changes;

	struct mutex lock;		/* guards what follows */
	struct fw_card *card;
	struct list_head seats;
	u32 epoch;
	int generation;
	u32 count;
	u8 local;
	u8 local_speed;
	u8 kin_tries;
	u8 tries;
};

/**
 * struct fwseat - a place on a bus
 * @ref: one of the bus, one of each transport
 * @node: in the bus's list
 * @bus: referenced
 * @name: "fw0-1.2": the card, and the ports on the way from it
 * @look: looks what is there
 * @offers: serialises what becomes of the bridge
 * @b: the bridge that the node is; NULL if it is none
 * @t: the way to it
 * @offered: what the core was last asked about
 * @phys: what firewire-core made of the node, referenced; NULL: not known
 *
 * The following is guarded by the bus's lock:
 *
 * @listed: the seat is in the bus's list
 * @present: a node is there now
 * @left: it was not, since the last look
 * @link: its link layer is active
 * @speed: of its PHY
 * @phy: its number, in the present generation
 * @good: the epoch for which it is known what the node is: then it may be addressed
 * @looked: the epoch that the following two belong to
 * @looks: how often it was looked at
 * @asked: it was asked the question for those without a ROM
 * @seen: what it is
 * @bridge: name of the bridge; "" if none
 */
struct fwseat {
	struct kref ref;
	struct list_head node;
	struct fwbus *bus;
	char name[FWSEAT_NAME];
	struct delayed_work look;

	struct mutex offers;		/* serialises what becomes of the bridge */
	struct bridgefw *b;
	struct bridgefw_transport *t;
	struct fwseen offered;
	struct device *phys;

	bool listed;
	bool present;
	bool left;
	bool link;
	u8 speed;
	u8 phy;
	u32 good;
	u32 looked;
	u8 looks;
	bool asked;
	struct fwseen seen;
	char bridge[16];
};

/**
 * struct fwway - where a node is, as long as the generation lasts
 * @card: referenced
 * @generation: of the bus
 * @node_id: in it
 * @epoch: the same as a number of ours, which does not come again
 */
struct fwway {
	struct fw_card *card;
	int generation;
	int node_id;
	u32 epoch;
};

/* main.c */
extern struct workqueue_struct *bridgefw_1394_wq;
struct fwbus *bridgefw_fwbus_next(struct fwbus *after);
void bridgefw_fwbus_put(struct fwbus *bus);
struct fw_card *bridgefw_fwbus_card(struct fwbus *bus);
void bridgefw_fwbus_changed(struct fwbus *bus);

/* scan.c */
void bridgefw_fwbus_scan(struct work_struct *work);

/* see.c */
int bridgefw_fwseat_see(const struct fwway *way, bool last, bool *asked, struct fwseen *seen);
bool bridgefw_fwseen_same(const struct fwseen *a, const struct fwseen *b);

/* seat.c */
struct fwseat *bridgefw_fwseat_new(struct fwbus *bus, const char *name);
void bridgefw_fwseat_put(struct fwseat *seat);
void bridgefw_fwseat_end(struct fwseat *seat);
int bridgefw_fwseat_way(struct fwseat *seat, u32 epoch, struct fwway *way);
int bridgefw_fwseat_offer(const char *bus_id);
void bridgefw_fwbus_kin(struct work_struct *work);

/* nodes.c */
size_t bridgefw_1394_nodes(char *buf, size_t room);

/* rom.c */
int bridgefw_fwrom_read(const struct fwway *way, u32 first, unsigned long until,
			struct bfp_rom *rom);

/* quadlet.c */
struct bridgefw_transport *bridgefw_fwquadlet_new(struct fwseat *seat);

/* transact.c */
int bridgefw_fw_transact(const struct fwway *way, bool write, u64 address, u8 *data);
int bridgefw_fw_ask(const struct fwway *way, bool write, u64 address, u8 *data, u32 busy_ms);
int bridgefw_fw_read(const struct fwway *way, u64 address, u32 *value);
bool bridgefw_fw_stale(const struct fwway *way);

/* quiet.c */
struct fwquiet;
struct fwquiet *bridgefw_fwquiet_begin(void);
void bridgefw_fwquiet_end(struct fwquiet *quiet);

#endif
