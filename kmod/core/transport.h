/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What bridgefw.ko offers to its transports (bridgefw_usb, bridgefw_scsi ...)
 * and what it wants of them.
 */
#ifndef BRIDGEFW_TRANSPORT_H
#define BRIDGEFW_TRANSPORT_H

#include <linux/device.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/module.h>

#include "profile.h"

#define BRIDGEFW_SENSE_SIZE	96

#define BRIDGEFW_TYPE_UNKNOWN	0xff
#define BRIDGEFW_HOST_NONE	0xffffffff

struct bridgefw;
struct bridgefw_transport;

/**
 * struct bridgefw_quadlet - one quadlet transaction on IEEE 1394
 * @write: else it is read
 * @again: nothing is changed by it, so a bus reset is no reason not to send it again
 * @address: of the bridge's own node, 48 bits; begins with FFFFF
 * @data: as on the wire, the most significant byte first; in or out
 * @timeout_ms: how long a node may say that it is busy. How long it may take to answer
 *	is the bus's own split timeout, since a later answer could be taken for that to
 *	another question.
 * @generation: of the bus that it belongs to; 0: the present one, which is put there
 */
struct bridgefw_quadlet {
	bool write;
	bool again;
	u64 address;
	u8 data[4];
	u32 timeout_ms;
	u32 generation;
};

/**
 * struct bridgefw_sg - one CDB of a program, and how it ended
 * @cdb: bytes
 * @cdb_len: 6..16
 * @dir: of the data phase
 * @data: from kvmalloc(); NULL if @len is 0
 * @len: bytes of the data phase
 * @timeout_ms: then error handling starts
 * @status: out: status byte of the device
 * @host: out: DID_* of the kernel's SCSI layer
 * @resid: out: bytes of @len that were not moved
 * @sense_len: out: bytes in @sense
 * @sense: out: of a CHECK CONDITION
 */
struct bridgefw_sg {
	const u8 *cdb;
	u32 cdb_len;
	enum bfp_dir dir;
	void *data;
	u32 len;
	u32 timeout_ms;
	u8 status;
	u8 host;
	u32 resid;
	u32 sense_len;
	u8 sense[BRIDGEFW_SENSE_SIZE];
};

/**
 * struct bridgefw_transport_ops - what a transport can do
 * @owner: pinned while one of the calls below runs
 * @kind: one of BFP_TRANSPORT_*
 * @control: (optional) one vendor request on endpoint 0. @setup is the packet
 *	as it goes out, @data is kmalloc'ed and @len long. Puts the bytes moved
 *	into @actual. Return: 0 or a negative errno; -EPIPE is a stall.
 * @cdb: (optional) one CDB of exactly @cdb_len bytes; else like @control.
 *	-EPIPE is a CHECK CONDITION, its sense in @sense (96 bytes, zero before).
 * @quadlet: (optional) one quadlet transaction. Return: 0; -EAGAIN if a bus reset came
 *	before it was sent, -ESTALE if one came after (it may have arrived), -EPIPE if
 *	the node refuses it, or another negative errno.
 * @crowded: (optional) whether two devices are on its bus that only their place tells
 *	from each other. Does not sleep for long, sends nothing.
 * @sg_io: (optional) the same for a program that is told everything. Return: 0 if
 *	the CDB was sent, or tried. Without it a program's CDB goes through @cdb, its data
 *	kmalloc'ed.
 * @hold: (optional) stops everybody else's I/O; comes back when what was under
 *	way has ended. Nests not.
 * @unhold: (optional) lets it go on; also called after the device has gone
 * @claim: (optional) takes the block devices exclusively. -EBUSY if in use.
 * @unclaim: (optional) gives them back
 * @unplugged: (optional) whether the device has left its bus, which may be known
 *	some time before it is removed. Does not sleep.
 * @release: frees the transport, after the last use
 */
struct bridgefw_transport_ops {
	struct module *owner;
	u8 kind;
	int (*control)(struct bridgefw_transport *t, const u8 *setup, void *data,
		       u32 len, u32 timeout_ms, u32 *actual);
	int (*cdb)(struct bridgefw_transport *t, const u8 *cdb, u32 cdb_len,
		   enum bfp_dir dir, void *data, u32 len, u32 timeout_ms,
		   u32 *actual, u8 *sense);
	int (*quadlet)(struct bridgefw_transport *t, struct bridgefw_quadlet *q);
	bool (*crowded)(struct bridgefw_transport *t);
	int (*sg_io)(struct bridgefw_transport *t, struct bridgefw_sg *sg);
	int (*hold)(struct bridgefw_transport *t);
	void (*unhold)(struct bridgefw_transport *t);
	int (*claim)(struct bridgefw_transport *t);
	void (*unclaim)(struct bridgefw_transport *t);
	bool (*unplugged)(struct bridgefw_transport *t);
	void (*release)(struct bridgefw_transport *t);
};

/**
 * struct bridgefw_transport - one way to a bridge
 * @ops: its calls
 * @ref: one reference for the transport's module, one for each use
 * @node: in the bridge's list
 * @gone: the device has been removed; every call fails with -ENODEV
 * @interface: USB interface number, for templates
 * @queue: what takes one command at a time, of all transports that have the same; NULL
 *	if several may be under way
 * @lun: of the drive that a CDB reaches
 * @type: its peripheral device type; BRIDGEFW_TYPE_UNKNOWN
 * @most: bytes that one CDB of a program may move
 * @idlun: what SCSI_IOCTL_GET_IDLUN tells of it
 * @host: number of its SCSI host; BRIDGEFW_HOST_NONE
 */
struct bridgefw_transport {
	const struct bridgefw_transport_ops *ops;
	struct kref ref;
	struct list_head node;
	bool gone;
	u32 interface;
	const void *queue;
	u32 lun;
	u8 type;
	u32 most;
	u32 idlun;
	u32 host;
};

/**
 * struct bridgefw_place - a device that may be a bridge
 * @bus: "usb" or "1394"
 * @bus_id: where it is plugged in
 * @id: what it shows
 * @serial: serial number or GUID; NULL if none
 * @storage: it is a mass storage device, running or not
 * @parent: the device that stays as long as the bridge; bridgefwN becomes its child
 * @phys: the device that its SCSI devices hang below; NULL if there is none, or none
 *	yet: see bridgefw_bridge_phys()
 * @owner: the transport's module, pinned by jobs
 */
struct bridgefw_place {
	const char *bus;
	const char *bus_id;
	struct bfp_device_id id;
	const char *serial;
	bool storage;
	struct device *parent;
	struct device *phys;
	struct module *owner;
};

/**
 * struct bridgefw_bus - a module that finds devices
 * @name: "usb" or "1394"
 * @offer: looks at the device at @bus_id anew and calls bridgefw_bridge_offer()
 *	for it; a bridge that stands for it is removed first. -ENODEV if there
 *	is no such device.
 * @nodes: (optional) tells of everything that is on the bus, a line each, whether it is
 *	a bridge or not. Puts at most @room bytes into @buf, returns how many.
 * @owner: its module
 * @node: in the core's list
 */
struct bridgefw_bus {
	const char *name;
	int (*offer)(const char *bus_id);
	size_t (*nodes)(char *buf, size_t room);
	struct module *owner;
	struct list_head node;
};

/**
 * struct bridgefw_observer - a module that adds transports to bridges found by others
 * @added: a bridge has appeared; called in process context
 * @node: in the core's list
 */
struct bridgefw_observer {
	void (*added)(void);
	struct list_head node;
};

struct bridgefw *bridgefw_bridge_offer(const struct bridgefw_place *place);
int bridgefw_bridge_start(struct bridgefw *b);
void bridgefw_bridge_remove(struct bridgefw *b);
struct bridgefw *bridgefw_bridge_find(struct device *dev);
void bridgefw_bridge_phys(struct bridgefw *b, struct device *dev);
bool bridgefw_bridge_returns(struct bridgefw *b, const struct bfp_device_id *id);
const char *bridgefw_bridge_name(struct bridgefw *b);
bool bridgefw_bridge_awaited(const char *bus, const char *bus_id);
void bridgefw_bridge_put(struct bridgefw *b);
int bridgefw_vacate(struct bridgefw *b, const void *who);
void bridgefw_vacated(struct bridgefw *b, const void *who);

void bridgefw_transport_init(struct bridgefw_transport *t,
			     const struct bridgefw_transport_ops *ops);
int bridgefw_transport_add(struct bridgefw *b, struct bridgefw_transport *t);
void bridgefw_transport_remove(struct bridgefw *b, struct bridgefw_transport *t);
void bridgefw_transport_put(struct bridgefw_transport *t);

void bridgefw_bus_register(struct bridgefw_bus *bus);
void bridgefw_bus_unregister(struct bridgefw_bus *bus);
void bridgefw_bus_left(const char *bus, const char *bus_id);
void bridgefw_observer_register(struct bridgefw_observer *o);
void bridgefw_observer_unregister(struct bridgefw_observer *o);

#endif
