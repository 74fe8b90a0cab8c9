/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * bridgefw: firmware of USB/FireWire-to-IDE/SATA bridges.
 *
 * The ioctls of /dev/bridgefwN and of /dev/bridgefw, which opens the only
 * bridge present (ENODEV if there is none, ENOTUNIQ if there are several).
 *
 * All structures have the same layout on 32 and 64 bit. Members called pad
 * must be zero on input. Unknown flags and unknown numbers give EINVAL, an
 * unknown ioctl ENOTTY. Every ioctl gives ENXIO once the bridge is gone, with
 * the exception of BRIDGEFW_IOC_GET_STATUS, which then tells state GONE.
 * The ioctl type 0xBF is not registered with the kernel's list.
 *
 * See Documentation/driver-api.rst for the text and Documentation/ABI for sysfs.
 */
#ifndef _UAPI_LINUX_BRIDGEFW_H
#define _UAPI_LINUX_BRIDGEFW_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define BRIDGEFW_NAME_LEN	32
#define BRIDGEFW_TEXT_LEN	192

/* bridgefw_info.state, bridgefw_status.state */
#define BRIDGEFW_STATE_IDLE	0	/* ready */
#define BRIDGEFW_STATE_BUSY	1	/* a job runs */
#define BRIDGEFW_STATE_BLANK	2	/* the chip has no firmware */
#define BRIDGEFW_STATE_FAILED	3	/* the last job failed; see status */
#define BRIDGEFW_STATE_GONE	4	/* unplugged */

/* bridgefw_info.transports, bridgefw_operation.transports */
#define BRIDGEFW_TRANSPORT_SCSI		0x01
#define BRIDGEFW_TRANSPORT_BOT		0x02
#define BRIDGEFW_TRANSPORT_CONTROL	0x04
#define BRIDGEFW_TRANSPORT_1394		0x08

/* bridgefw_info.match: why this profile is used for this box */
#define BRIDGEFW_MATCH_NONE	0	/* no profile */
#define BRIDGEFW_MATCH_IDS	1	/* its ids stand in the profile */
#define BRIDGEFW_MATCH_WRITTEN	2	/* we wrote the box on this port; it holds what we wrote */
#define BRIDGEFW_MATCH_CHANGED	3	/* we wrote the box on this port; it holds something else */
#define BRIDGEFW_MATCH_ATTACHED	4	/* the user named the profile */

/* bridgefw_info.flags */
#define BRIDGEFW_INFO_LOCAL_PROFILE	0x01	/* not one of the profiles built with the module */
#define BRIDGEFW_INFO_CLAIMED		0x02	/* somebody holds the bridge */
#define BRIDGEFW_INFO_SERIAL_USABLE	0x04	/* the serial identifies this box */

/**
 * struct bridgefw_info - what a bridge is
 * @index: N of bridgefwN
 * @state: BRIDGEFW_STATE_*
 * @match: BRIDGEFW_MATCH_*
 * @flags: BRIDGEFW_INFO_*
 * @transports: BRIDGEFW_TRANSPORT_* that reach it now
 * @memories: number of memories (0 .. memories - 1)
 * @vendor_id: USB idVendor or FireWire OUI
 * @product_id: USB idProduct or FireWire model id
 * @revision: USB bcdDevice or FireWire firmware revision
 * @pad: zero
 * @bus: "usb" or "1394"
 * @bus_id: where it is plugged in, e.g. "1-1.4"
 * @profile: name of the profile, "" if none
 * @chip: the chip's name, "" if unknown
 * @serial: serial number or GUID as the bus shows it, "" if none
 */
struct bridgefw_info {
	__u32 index;
	__u32 state;
	__u32 match;
	__u32 flags;
	__u32 transports;
	__u32 memories;
	__u32 vendor_id;
	__u32 product_id;
	__u32 revision;
	__u32 pad;
	char bus[8];
	char bus_id[BRIDGEFW_NAME_LEN];
	char profile[BRIDGEFW_NAME_LEN];
	char chip[BRIDGEFW_NAME_LEN];
	char serial[128];
};

/* bridgefw_memory.flags */
#define BRIDGEFW_MEMORY_READABLE	0x01	/* the profile can read it at the bar */
#define BRIDGEFW_MEMORY_WRITABLE	0x02	/* ... and write it */
#define BRIDGEFW_MEMORY_WHOLE		0x04	/* moved whole, in one request */
#define BRIDGEFW_MEMORY_LENGTH_KNOWN	0x08	/* @length is what the device told */
#define BRIDGEFW_MEMORY_STAGED		0x10	/* an image is staged */
#define BRIDGEFW_MEMORY_PREVIOUS	0x20	/* BRIDGEFW_IOC_READ with _PREVIOUS works */
#define BRIDGEFW_MEMORY_DEFAULT		0x40	/* the one that read() reads */

/**
 * struct bridgefw_memory - one memory of a bridge
 * @memory: in: its number
 * @flags: BRIDGEFW_MEMORY_*
 * @kind: 1 flash, 2 eeprom, 3 config-rom
 * @size: bytes, at most
 * @length: bytes it really has, if LENGTH_KNOWN
 * @unit: offsets and lengths are multiples of this
 * @reads: how often it was read to its end with the same content since its
 *         last change; a write needs two
 * @read_evidence: 1 inferred, 2 reported, 3 traced, 4 documented; 0: no such operation
 * @program_evidence: likewise
 * @interrupted: what a power cut inside a write leaves: 1 restorable,
 *               2 a mixture that may look valid, 3 a dead chip
 * @pad: zero
 * @name: "eeprom", "flash" ...
 */
struct bridgefw_memory {
	__u32 memory;
	__u32 flags;
	__u32 kind;
	__u32 size;
	__u32 length;
	__u32 unit;
	__u32 reads;
	__u32 read_evidence;
	__u32 program_evidence;
	__u32 interrupted;
	__u32 pad[2];
	char name[BRIDGEFW_NAME_LEN];
};

#define BRIDGEFW_READ_PREVIOUS	0x01	/* what the last write replaced, not the device */

/**
 * struct bridgefw_read - read bytes of a memory
 * @memory: its number
 * @flags: BRIDGEFW_READ_*
 * @offset: bytes from its start
 * @length: in: bytes wanted; out: bytes read (fewer at the end)
 * @data: address of the buffer
 */
struct bridgefw_read {
	__u32 memory;
	__u32 flags;
	__u32 offset;
	__u32 length;
	__u64 data;
};

/**
 * struct bridgefw_stage - hand over an image; nothing is written yet
 * @memory: its number
 * @flags: zero
 * @length: bytes; 0 drops what is staged
 * @pad: zero
 * @data: address of the image
 */
struct bridgefw_stage {
	__u32 memory;
	__u32 flags;
	__u32 length;
	__u32 pad;
	__u64 data;
};

/* bridgefw_start.job, bridgefw_status.job */
#define BRIDGEFW_JOB_NONE	0
#define BRIDGEFW_JOB_IDENTIFY	1	/* runs the profile's identify and version operations */
#define BRIDGEFW_JOB_WRITE	2	/* writes what is staged */
#define BRIDGEFW_JOB_RESTORE	3	/* writes `previous` back */
#define BRIDGEFW_JOB_VERIFY	4	/* compares the memory with what is staged */
/*
 * Erases all of a memory that is erased before it is programmed. What is staged is
 * the image that will follow: it must pass every check of a write, and a WRITE is
 * what writes it afterwards.
 */
#define BRIDGEFW_JOB_ERASE	5

/* bridgefw_start.flags: what the owner has agreed to */
/* the user vouches for what this box is: see ATTACHED below */
#define BRIDGEFW_CONSENT_ATTACHED	0x01
/* the image's identity may replace the box's own */
#define BRIDGEFW_CONSENT_IDENTITY	0x02
/* a power cut in the part of the write that the plan names may be the chip's end */
#define BRIDGEFW_CONSENT_FINAL		0x04
/* the memory cannot be read: what it holds is lost for ever, serial and GUID with it */
#define BRIDGEFW_CONSENT_UNREAD		0x08
/* all checks, nothing started, nothing written */
#define BRIDGEFW_START_DRY_RUN		0x100

/**
 * struct bridgefw_start - start a job
 * @job: BRIDGEFW_JOB_*
 * @memory: its number (0 for IDENTIFY)
 * @flags: BRIDGEFW_CONSENT_*, BRIDGEFW_START_*
 * @reason: out, also when the ioctl fails: BRIDGEFW_REASON_*
 *
 * The job goes on when the file is closed. Writing jobs need CAP_SYS_RAWIO.
 */
struct bridgefw_start {
	__u32 job;
	__u32 memory;
	__u32 flags;
	__u32 reason;
};

/* Why something was refused or failed: bridgefw_start.reason, bridgefw_status.reason */
#define BRIDGEFW_REASON_NONE		0
/* EPERM: needs CAP_SYS_RAWIO */
#define BRIDGEFW_REASON_CAPABILITY	1
/* EOPNOTSUPP: nothing is known of this chip */
#define BRIDGEFW_REASON_NO_PROFILE	2
/* EOPNOTSUPP: the profile has no such operation */
#define BRIDGEFW_REASON_ABSENT		3
/* EACCES: its evidence is below the bar */
#define BRIDGEFW_REASON_EVIDENCE	4
/* EACCES: not on a transport of its evidence */
#define BRIDGEFW_REASON_TRANSPORT	5
/* EACCES: a local profile does not open writing */
#define BRIDGEFW_REASON_LOCAL		6
/*
 * EACCES: CONSENT_ATTACHED is missing: only the user named the profile, or only
 * the port says that `previous` is of this box
 */
#define BRIDGEFW_REASON_ATTACHED	7
/* EACCES: CONSENT_IDENTITY is missing */
#define BRIDGEFW_REASON_IDENTITY	8
/* ENODATA: not read twice, identically, since its last change */
#define BRIDGEFW_REASON_NOT_READ	9
/* ENODATA: two reads differed */
#define BRIDGEFW_REASON_UNSTABLE	10
/* ENODATA: nothing staged, or no `previous` */
#define BRIDGEFW_REASON_NO_IMAGE	11
/* EINVAL */
#define BRIDGEFW_REASON_IMAGE_SIZE	12
/* EINVAL: a rule of the profile refuses the image */
#define BRIDGEFW_REASON_IMAGE_RULE	13
/* EINVAL: what the memory holds now is not valid itself */
#define BRIDGEFW_REASON_CONTENT		14
/* EBUSY: a drive behind the bridge is mounted or open exclusively */
#define BRIDGEFW_REASON_IN_USE		15
/* EBUSY: another job or another holder */
#define BRIDGEFW_REASON_BUSY		16
/* ENXIO: unplugged */
#define BRIDGEFW_REASON_GONE		17
/* ETIMEDOUT: the bridge did not answer in time */
#define BRIDGEFW_REASON_TIMEOUT		18
/* EPIPE: the bridge refused the request */
#define BRIDGEFW_REASON_STALL		19
/* EREMOTEIO: fewer bytes than the operation needs */
#define BRIDGEFW_REASON_SHORT		20
/* EPROTO: an answer that the profile does not expect */
#define BRIDGEFW_REASON_ANSWER		21
/* EIO: any other transport error */
#define BRIDGEFW_REASON_IO		22
/* EILSEQ: read back, and different */
#define BRIDGEFW_REASON_MISMATCH	23
/* EROFS: the write was accepted, the content is the old one */
#define BRIDGEFW_REASON_IGNORED		24
/* ECANCELED */
#define BRIDGEFW_REASON_CANCELLED	25
/* ENOMEM */
#define BRIDGEFW_REASON_MEMORY		26
/* EBUSY: the system is about to sleep */
#define BRIDGEFW_REASON_SLEEP		27
/* EILSEQ: verify: the memory differs from the image */
#define BRIDGEFW_REASON_CONTENT_DIFFERS	28
/* EACCES: CONSENT_FINAL is missing */
#define BRIDGEFW_REASON_FINAL		29
/* EACCES: CONSENT_UNREAD is missing: what the memory holds cannot be read */
#define BRIDGEFW_REASON_UNREAD		30
/* EPERM: an erase, and nothing is known that reaches the chip again without firmware */
#define BRIDGEFW_REASON_NO_WAY_BACK	31
/* EUCLEAN: asked twice what it is, the chip gave two answers */
#define BRIDGEFW_REASON_ID_CHANGES	32
/* ESTALE: a FireWire bus reset came in between, and what was asked for is not repeated blindly */
#define BRIDGEFW_REASON_BUS_RESET	33
/* ENOTUNIQ: two devices without firmware are on the FireWire bus */
#define BRIDGEFW_REASON_ANOTHER_BLANK	34
/* EACCES: not in the state that the chip is in now */
#define BRIDGEFW_REASON_STATE		35

/* bridgefw_status.content: what the memory holds after the last writing job */
#define BRIDGEFW_CONTENT_UNKNOWN	0	/* could not be read back */
#define BRIDGEFW_CONTENT_OLD		1	/* unchanged */
#define BRIDGEFW_CONTENT_NEW		2	/* the image, read back or by the chip's word */
#define BRIDGEFW_CONTENT_MIXED		3	/* neither: `previous` restores it */
#define BRIDGEFW_CONTENT_BLANK		4	/* erased, read back blank; an image is to follow */

/**
 * struct bridgefw_status - the present or the last job
 * @state: BRIDGEFW_STATE_*
 * @job: BRIDGEFW_JOB_*
 * @memory: its number
 * @error: 0 or a positive errno
 * @reason: BRIDGEFW_REASON_*
 * @content: BRIDGEFW_CONTENT_*
 * @done: bytes so far, of all phases
 * @total: bytes in all, 0 if not known
 * @serial: counts jobs, so that a caller knows its own
 * @differs_at: first differing offset, for MISMATCH, UNSTABLE and CONTENT_DIFFERS
 * @text: the same as a sentence
 */
struct bridgefw_status {
	__u32 state;
	__u32 job;
	__u32 memory;
	__u32 error;
	__u32 reason;
	__u32 content;
	__u64 done;
	__u64 total;
	__u32 serial;
	__u32 differs_at;
	char text[BRIDGEFW_TEXT_LEN];
};

/**
 * struct bridgefw_answer - what identify or version brought
 * @kind: in: 1 identify, 2 version
 * @length: out: bytes
 * @data: the answer
 *
 * ENODATA before BRIDGEFW_JOB_IDENTIFY has run or where the profile has no such operation.
 */
struct bridgefw_answer {
	__u32 kind;
	__u32 length;
	__u8 data[4096 - 8];
};

#define BRIDGEFW_LUN_LOWEST	0xffffffff	/* the lowest that is there; what a new file has */

/**
 * struct bridgefw_lun - which of several drives the CDBs of SG_IO go to
 * @lun: its logical unit number, or BRIDGEFW_LUN_LOWEST
 * @pad: zero
 *
 * Counts for this open file. ENXIO if the bridge has no such drive now.
 */
struct bridgefw_lun {
	__u32 lun;
	__u32 pad;
};

/*
 * SG_IO of scsi/sg.h, with struct sg_io_hdr of version 3, is understood too: the CDB goes
 * to the drive behind the bridge, or to the bridge itself, which sees them all. Of sg's
 * other ioctls there are SG_GET_VERSION_NUM, SG_GET_TIMEOUT, SG_SET_TIMEOUT,
 * SG_GET_RESERVED_SIZE, SG_SET_RESERVED_SIZE and SG_EMULATED_HOST, and of the SCSI layer's
 * SCSI_IOCTL_GET_IDLUN and SCSI_IOCTL_GET_BUS_NUMBER.
 *
 * An EPERM of SG_IO means
 * - that a profile of this bridge names the command, or one with the same operation code, as
 *   one that unlocks, erases or programs; no capability helps: BRIDGEFW_IOC_START does that,
 *   after all its checks;
 * - operation code A1 to a CD or DVD drive, where it is BLANK and not ATA PASS-THROUGH;
 * - or that it needs CAP_SYS_RAWIO: what scsi_cmd_allowed() of the kernel does not allow
 *   to a file that was opened as this one was, and what can change a memory: WRITE BUFFER,
 *   DOWNLOAD MICROCODE in a pass-through, a vendor's command (C0 to FF) that brings no data
 *   back. These also need the claim, and take it for the one call if the file does not hold
 *   it. After them BRIDGEFW_IOC_START wants every memory read twice again.
 *
 * EBUSY: a job runs, somebody else holds the claim, or the command needs it and a drive is
 * in use. ENODEV: no drive (any more) has that number. EMSGSIZE: not 6 to 16 bytes of CDB.
 * EIO: more data than the host adapter moves at once. ENXIO: the bridge is gone.
 */

#define BRIDGEFW_IOC_GET_INFO	_IOR(0xBF, 0x00, struct bridgefw_info)
#define BRIDGEFW_IOC_GET_MEMORY	_IOWR(0xBF, 0x01, struct bridgefw_memory)
#define BRIDGEFW_IOC_READ	_IOWR(0xBF, 0x02, struct bridgefw_read)
#define BRIDGEFW_IOC_STAGE	_IOW(0xBF, 0x03, struct bridgefw_stage)
#define BRIDGEFW_IOC_START	_IOWR(0xBF, 0x04, struct bridgefw_start)
#define BRIDGEFW_IOC_GET_STATUS	_IOR(0xBF, 0x05, struct bridgefw_status)
#define BRIDGEFW_IOC_CANCEL	_IO(0xBF, 0x06)
#define BRIDGEFW_IOC_CLAIM	_IO(0xBF, 0x07)
#define BRIDGEFW_IOC_RELEASE	_IO(0xBF, 0x08)
#define BRIDGEFW_IOC_GET_ANSWER	_IOWR(0xBF, 0x09, struct bridgefw_answer)
#define BRIDGEFW_IOC_SET_LUN	_IOW(0xBF, 0x0a, struct bridgefw_lun)

#endif
