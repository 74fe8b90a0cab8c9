/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One virtual enclosure: chip, drives, what it shows, what goes wrong in it. */
#ifndef VBRIDGE_BOX_H
#define VBRIDGE_BOX_H

#include "bot.h"
#include "chip.h"
#include "desc.h"
#include "fault.h"
#include "fw/rom.h"
#include "scsi/lun.h"
#include "trace.h"

#define BOX_LUNS	4

/* What the box does next, beside answering. */
enum box_next {
	BOX_GO_ON,
	BOX_UNPLUG,		/* its cable is pulled */
	BOX_POWER_OFF,		/* its supply fails */
	BOX_REENUMERATE,	/* it goes from the bus and comes back */
	BOX_RESET_BUS,		/* it makes a bus reset */
};

/* What the other end of its cable is. */
enum box_bus {
	BOX_USB,
	BOX_1394,
};

/**
 * struct box - an enclosure
 * @bus: what it hangs on
 * @clock: model time
 * @chip: the bridge chip
 * @lun: the drives, or one place without a drive
 * @luns: how many there are
 * @absent: stands in for them while the chip's firmware does not run
 * @faults: what goes wrong, and when
 * @trace: what it saw
 * @rom: what it shows of itself by its internal ROM
 * @identity: what it shows now
 * @layout: where the chip finds its identity in its EEPROM, if @has_layout
 * @always_boots: whatever is in its flash counts as firmware
 * @never_boots: nothing in it does
 * @boots: the firmware runs
 * @dead: it does not, and the chip has nothing else that could answer
 * @vendor_seen: vendor transactions so far
 * @vendor_product: vendor << 16 | product by option, if @fixed_ids
 * @bcd: bcdDevice by option, if @fixed_bcd
 * @serial: serial number by option, if @fixed_serial
 * @hostile: in which way its descriptors lie
 * @hostile_rom: in which way its config ROM does
 * @bot: the Bulk-Only transport
 * @configuration: 0: not configured
 * @configured: it has been, since it was plugged in
 * @remote_wakeup: the host allows it
 * @next: what it does next
 * @realtime: it takes the time its parts take
 * @hold_ms: how long it keeps its present answer back
 * @spoiled: data on its way, with bits changed
 */
struct box {
	enum box_bus bus;
	struct model_clock clock;
	struct model_chip chip;
	struct lun lun[BOX_LUNS];
	u8 luns;
	struct lun absent;
	struct faults faults;
	struct trace trace;
	struct identity rom;
	struct identity identity;
	struct bfp layout;
	bool has_layout;
	bool always_boots;
	bool never_boots;
	bool boots;
	bool dead;
	u64 vendor_seen;
	u32 vendor_product;
	bool fixed_ids;
	u16 bcd;
	bool fixed_bcd;
	struct desc_string serial;
	bool fixed_serial;
	enum hostile hostile;
	enum rom_hostile hostile_rom;
	struct bot bot;
	u8 configuration;
	bool configured;
	enum box_next next;
	bool realtime;
	u32 hold_ms;
	u64 busy_ns;
	bool reset_after_status;
	u8 spoiled[65536];
};

/* box.c */
void box_power_on(struct box *box);
void box_plug_in(struct box *box);
int box_apply_states(struct box *box, char *err, size_t room);
void box_plan(struct box *box, const struct fault_event *ev, struct fault_plan *plan,
	      struct model_txn *txn);
void box_act(struct box *box, enum fault_kind kind);
void box_hold(struct box *box, const struct fault_plan *plan, u64 busy_before_ns);
const char *box_status_of(const struct fault_plan *plan);

/* box_command.c */
extern const struct command_ops box_command_ops;
struct lun *box_speaker(struct box *box, const struct command *c);

/* control.c */
/*
 * A control request: @data holds @length bytes from the host, or takes as many
 * for it. Returns 0 with @actual set, -EPIPE (stall), -EOVERFLOW, or BOT_NAK
 * if no answer ever comes.
 */
int control_request(struct box *box, const u8 *setup, u8 *data, u32 *actual);

#endif
