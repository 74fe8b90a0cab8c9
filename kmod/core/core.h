/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside bridgefw.ko. Dependencies point one way: interfaces (chardev, sysfs,
 * nvmem, firmware upload) -> jobs -> memory and operations (run) -> transports.
 *
 * Lifetime: a struct bridgefw lives as long as somebody holds its device. Once
 * the box is unplugged @gone is set, every entry gives -ENXIO, and device and
 * interfaces are removed; a job or an open file keeps the memory only.
 *
 * Locks: @lock guards the members and is never held over I/O. Whoever does I/O
 * owns the bridge (bridgefw_own); nothing that removal needs waits for that.
 */
#ifndef BRIDGEFW_CORE_H
#define BRIDGEFW_CORE_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/nvmem-provider.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <linux/bridgefw.h>

#include "compat.h"
#include "profile.h"
#include "transport.h"

#define BRIDGEFW_HASH_SIZE	32
#define BRIDGEFW_ANSWERS	3	/* slots by operation: identify, version */

/**
 * struct bridgefw_profile - a loaded profile, shared by nobody
 * @ref: one for each bridge
 * @p: checked records
 * @fw: their bytes
 * @name: as in the index
 * @local: not one that was built with this module
 */
struct bridgefw_profile {
	struct kref ref;
	struct bfp p;
	const struct firmware *fw;
	char name[BFP_NAME_MAX];
	bool local;
};

/**
 * struct bridgefw_mem - one memory of one bridge
 * @rec: its record in the profile
 * @b: its bridge
 * @number: its index
 * @length: bytes it has, once the device told (or at once, if fixed)
 * @length_known: whether it did
 * @read: operation, NULL if the profile has none
 * @program: likewise
 * @verify: likewise
 * @reads: whole reads with the same content since the last change
 * @unstable: the last two whole reads differed
 * @seen: hash of the last whole read
 * @pass: hash of a whole read that is under way
 * @pass_next: the offset at which it goes on
 * @image: what is staged
 * @image_len: its bytes
 * @kobj: memories/NAME
 * @kobj_ready: whether that was added
 * @bin: binary file of the memory's name
 * @upload: its device of the Firmware Upload API; NULL if it has none
 */
struct bridgefw_mem {
	const struct bfp_memory *rec;
	struct bridgefw *b;
	u32 number;
	u32 length;
	bool length_known;
	const struct bfp_operation *read;
	const struct bfp_operation *program;
	const struct bfp_operation *verify;
	u32 reads;
	bool unstable;
	u8 seen[BRIDGEFW_HASH_SIZE];
	struct bridgefw_sha256 pass;
	u32 pass_next;
	u8 *image;
	u32 image_len;
	struct kobject kobj;
	bool kobj_ready;
	struct bin_attribute bin;
	struct bridgefw_upload *upload;
};

struct bridgefw_answer_slot {
	u8 *data;
	u32 len;
};

/* What a running operation works on; see run.c. */
struct bridgefw_io {
	u32 offset;		/* of the part of the memory, bytes */
	u32 length;
	u8 *data;		/* that part, read or to be written */
	u32 total;		/* bytes of everything that is written */
	const u8 *image;	/* everything */
	u32 actual;		/* out: bytes of @data that were read */
	u8 *answer;		/* out: the last answer */
	u32 answer_room;
	u32 answer_len;
};

/**
 * struct bridgefw_watch - what a worker of the kernel sees of the job that it waits for
 * @len: bytes of the image
 * @at: how many of them the job's progress stands for
 * @over: it has ended; read without a lock
 * @reason: BRIDGEFW_REASON_* then
 *
 * Written under the bridge's lock, whose wait queue is woken by each change.
 */
struct bridgefw_watch {
	u32 len;
	u32 at;
	bool over;
	u32 reason;
};

struct bridgefw_job {
	struct work_struct work;
	u32 kind;
	u32 memory;
	u32 flags;
	bool confirm;		/* internal: compare with a memo after plug-in */
	bool claimed;		/* took the claim for itself */
	bool moved;		/* the device came back as it had to */
	bool committed;		/* what follows is read to its end, cancelled or not */
	struct bridgefw_watch *watch;	/* NULL if nobody in the kernel waits */
	u8 *image;		/* what is written or compared */
	u32 image_len;
	u8 follows[BRIDGEFW_HASH_SIZE];	/* of the image that is to follow an erase */
};

/* What becomes of a bridge whose job makes the device leave; see move.c. */
#define BRIDGEFW_MOVE_NONE	0
#define BRIDGEFW_MOVE_EXPECTED	1	/* it will leave */
#define BRIDGEFW_MOVE_AWAY	2	/* it has left */
#define BRIDGEFW_MOVE_BACK	3	/* it is there again, and the ways to it are not yet open */

/**
 * struct bridgefw - one physical bridge
 * @dev: bridgefwN
 * @cdev: /dev/bridgefwN
 * @node: in the list of all bridges
 * @phys: what its SCSI devices hang below; compared, never followed. NULL if nothing
 * @bus: "usb" or "1394"
 * @bus_id: where it is plugged in
 * @serial: "" if none
 * @id: what it showed
 * @profile: NULL if nothing is known
 * @also: the system's profile for its ids, where @profile is another; NULL if none
 * @pid: the id in the profile that agreed; NULL for attached and written ones
 * @owner: module of its bus
 * @instance: unlike that of every other bridge since the module was loaded
 * @move: BRIDGEFW_MOVE_*, guarded by the lock of the list of bridges
 * @move_id: index of the id with which it comes back, BFP_NONE: any
 * @match: BRIDGEFW_MATCH_*
 * @expect: hash of the content for which @match becomes WRITTEN
 * @expect_known: whether there is one
 * @lock: guards what follows
 * @gone: unplugged
 * @active: somebody does I/O
 * @transports: ways to it
 * @wait: whoever wants to be the one, or waits for a change of status
 * @changed: counts changes of status, for poll
 * @claimant: open file or job that holds the claim
 * @lender: open file that lent its claim to the job
 * @status: of the present or last job
 * @cancel: asked to end at the next safe point
 * @erased: a memory was erased, and the image that is to follow was not written yet
 * @job: the one job
 * @mems: memories
 * @nmems: how many
 * @answers: what identify and version brought
 * @version: firmware version as text; "" if unknown
 * @memories_kobj: sysfs directory
 * @nvmem: NVMEM device of an EEPROM-like memory
 */
struct bridgefw {
	struct device dev;
	struct cdev cdev;
	struct list_head node;
	struct device *phys;
	char bus[8];
	char bus_id[BRIDGEFW_NAME_LEN];
	char serial[128];
	struct bfp_device_id id;
	struct bridgefw_profile *profile;
	struct bridgefw_profile *also;
	const struct bfp_id *pid;
	struct module *owner;
	u64 instance;
	u8 move;
	u16 move_id;
	u32 match;
	u8 expect[BRIDGEFW_HASH_SIZE];
	bool expect_known;

	struct mutex lock;		/* guards what follows; never held over I/O */
	bool gone;
	bool active;
	struct list_head transports;
	wait_queue_head_t wait;
	u32 changed;
	const void *claimant;
	const void *lender;
	struct bridgefw_status status;
	char said[64];			/* why the device refused a command of this job */
	bool cancel;
	bool erased;
	struct bridgefw_job job;

	struct bridgefw_mem *mems;
	u32 nmems;
	struct bridgefw_answer_slot answers[BRIDGEFW_ANSWERS];
	char version[64];
	struct kobject *memories_kobj;
	struct bin_attribute previous_bin;
	struct bin_attribute image_bin;
	bool bins_ready;
	struct nvmem_device *nvmem;
};

#define to_bridgefw(d)	container_of(d, struct bridgefw, dev)

/* main.c */
extern struct class bridgefw_class;
extern struct workqueue_struct *bridgefw_wq;
int bridgefw_evidence_bar(void);
bool bridgefw_local_writes(void);
bool bridgefw_sleep_block(void);
void bridgefw_sleep_unblock(void);

/* bridge.c */
struct bridgefw *bridgefw_bridge_get(struct bridgefw *b);
struct bridgefw *bridgefw_bridge_by_minor(unsigned int minor);
struct bridgefw *bridgefw_bridge_only(void);
bool bridgefw_serial_usable(struct bridgefw *b);

/* memo.c: what was written where; survives replug, not rmmod */
struct bridgefw_memo {
	struct list_head node;
	struct kref ref;
	char bus[8];
	char bus_id[BRIDGEFW_NAME_LEN];
	char profile[BFP_NAME_MAX];
	char serial[128];
	u64 instance;		/* of the bridge that wrote */
	u32 memory;
	u8 *previous;
	u32 previous_len;
	u8 written[BRIDGEFW_HASH_SIZE];
	bool open;		/* it is not known that the write came to its end */
	bool erased;		/* it was an erase that did; what was written is to follow */
};

int bridgefw_memo_set(struct bridgefw *b, struct bridgefw_mem *m,
		      const u8 *old, u32 old_len, const u8 *written);
void bridgefw_memo_commit(struct bridgefw *b, struct bridgefw_mem *m, u32 content);
bool bridgefw_memo_doubtful(struct bridgefw *b, struct bridgefw_mem *m);
void bridgefw_memo_drop(struct bridgefw *b, struct bridgefw_mem *m);
struct bridgefw_memo *bridgefw_memo_find(const char *bus, const char *bus_id);
struct bridgefw_memo *bridgefw_memo_of(struct bridgefw *b, struct bridgefw_mem *m);
bool bridgefw_memo_fits(struct bridgefw *b, struct bridgefw_mem *m);
void bridgefw_memo_put(struct bridgefw_memo *memo);
void bridgefw_memo_clear(void);

/* profiles.c */
struct bridgefw_profile *bridgefw_profile_load(const char *name, struct device *dev);
struct bridgefw_profile *bridgefw_profile_match(const struct bfp_device_id *id,
						struct device *dev);
struct bridgefw_profile *bridgefw_profile_of_system(const struct bfp_device_id *id,
						    struct device *dev);
void bridgefw_profile_put(struct bridgefw_profile *profile);
void bridgefw_hash(const u8 *data, u32 len, u8 *out);

/* own.c: who does I/O, who holds the claim */
int bridgefw_own(struct bridgefw *b, const void *who);
void bridgefw_disown(struct bridgefw *b);
int bridgefw_claim(struct bridgefw *b, const void *who);
void bridgefw_release(struct bridgefw *b, const void *who);
int bridgefw_claim_job(struct bridgefw *b, const void *who);
void bridgefw_release_job(struct bridgefw *b);
int bridgefw_hold_all(struct bridgefw *b);
void bridgefw_unhold_all(struct bridgefw *b);
bool bridgefw_needs_hold(struct bridgefw *b, const struct bfp_operation *op);
int bridgefw_take_again(struct bridgefw *b);
struct bridgefw_transport *bridgefw_transport_get(struct bridgefw *b, u8 kinds);
struct bridgefw_transport *bridgefw_transport_by_lun(struct bridgefw *b, u32 lun);
void bridgefw_transport_done(struct bridgefw_transport *t);
u32 bridgefw_transports(struct bridgefw *b);
bool bridgefw_crowded(struct bridgefw *b);

/* run.c */
bool bridgefw_unplugged(struct bridgefw *b);
int bridgefw_run(struct bridgefw *b, const struct bfp_operation *op, struct bridgefw_io *io);
bool bridgefw_op_loops(struct bridgefw *b, const struct bfp_operation *op);
u8 bridgefw_chip_state(const struct bridgefw *b);
u32 bridgefw_op_way(struct bridgefw *b, const struct bfp_operation *op);
u32 bridgefw_op_usable(struct bridgefw *b, const struct bfp_operation *op);

/* reason.c */
int bridgefw_reason_errno(u32 reason);
u32 bridgefw_errno_reason(int err);
const char *bridgefw_reason_word(u32 reason);

/* memory.c */
int bridgefw_mems_init(struct bridgefw *b);
void bridgefw_mems_free(struct bridgefw *b);
struct bridgefw_mem *bridgefw_mem_default(struct bridgefw *b);
struct bridgefw_mem *bridgefw_mem_by_number(struct bridgefw *b, u32 number);
struct bridgefw_mem *bridgefw_mem_by_name(struct bridgefw *b, const char *name);
const char *bridgefw_mem_name(struct bridgefw_mem *m);
ssize_t bridgefw_mem_read(struct bridgefw_mem *m, const void *who, u32 offset, u8 *buf, u32 len);
ssize_t bridgefw_mem_read_owned(struct bridgefw_mem *m, u32 offset, u8 *buf, u32 len);
int bridgefw_mem_read_whole(struct bridgefw_mem *m, u8 **data, u32 *len);
int bridgefw_mem_stage(struct bridgefw_mem *m, const u8 *data, u32 offset, u32 len);
int bridgefw_mem_unstage(struct bridgefw_mem *m);
void bridgefw_mem_changed(struct bridgefw_mem *m);

/* job.c, write.c */
int bridgefw_job_start(struct bridgefw *b, const void *who, u32 job, u32 memory,
		       u32 flags, u32 *reason);
u32 bridgefw_job_upload(struct bridgefw_mem *m, u32 flags, u32 refused, const u8 *image,
			u32 len, struct bridgefw_watch *watch);
int bridgefw_job_confirm(struct bridgefw *b);
void bridgefw_job_cancel(struct bridgefw *b);
void bridgefw_job_cancel_upload(struct bridgefw *b, struct bridgefw_watch *watch);
void bridgefw_job_work(struct work_struct *work);
void bridgefw_status_get(struct bridgefw *b, struct bridgefw_status *out);
void bridgefw_status_set(struct bridgefw *b, u32 reason, u32 content, u32 differs_at,
			 const char *fmt, ...) __printf(5, 6);
void bridgefw_status_progress(struct bridgefw *b, u64 done, u64 total);
void bridgefw_status_changed(struct bridgefw *b);
u32 bridgefw_status_percent(const struct bridgefw_status *st);
u32 bridgefw_write_check(struct bridgefw *b, struct bridgefw_mem *m, u32 kind, u32 flags,
			 const u8 *image, u32 len);
u32 bridgefw_write_operations(struct bridgefw *b, struct bridgefw_mem *m);
bool bridgefw_write_known(struct bridgefw_mem *m);
void bridgefw_write_run(struct bridgefw *b, struct bridgefw_mem *m);

/* interfaces */
extern const struct file_operations bridgefw_fops;
extern const struct attribute_group *bridgefw_groups[];
extern const struct attribute_group *bridgefw_class_groups[];
int bridgefw_sysfs_add(struct bridgefw *b);
void bridgefw_sysfs_remove(struct bridgefw *b);
int bridgefw_memories_add(struct bridgefw *b);
void bridgefw_memories_remove(struct bridgefw *b);
int bridgefw_nvmem_add(struct bridgefw *b);
void bridgefw_nvmem_remove(struct bridgefw *b);
const char *bridgefw_state_name(u32 state);
const char *bridgefw_job_name(u32 job);
const char *bridgefw_match_name(u32 match);
const char *bridgefw_interrupted_name(u32 interrupted);

#endif
