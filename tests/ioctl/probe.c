// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe DEVICE: every ioctl that writes nothing, and what came back as text. Built
 * for 32 and for 64 bits; both must say the same. There is no C library in it.
 */
#include "bare.h"
#include "layout.h"

#define IMAGE_MAX	255

static void tell_info(long fd)
{
	struct bridgefw_info i;

	say("info", call(fd, BRIDGEFW_IOC_GET_INFO, &i));
	say("info.index", i.index);
	say("info.state", i.state);
	say("info.match", i.match);
	say("info.flags", i.flags);
	say("info.transports", i.transports);
	say("info.memories", i.memories);
	say("info.vendor_id", i.vendor_id);
	say("info.product_id", i.product_id);
	say("info.revision", i.revision);
	say_text("info.bus", i.bus);
	say_text("info.bus_id", i.bus_id);
	say_text("info.profile", i.profile);
	say_text("info.chip", i.chip);
	say_text("info.serial", i.serial);
}

static void tell_memory(long fd)
{
	struct bridgefw_memory m = { .memory = 0 };

	say("memory", call(fd, BRIDGEFW_IOC_GET_MEMORY, &m));
	say("memory.flags", m.flags);
	say("memory.kind", m.kind);
	say("memory.size", m.size);
	say("memory.length", m.length);
	say("memory.unit", m.unit);
	say("memory.read_evidence", m.read_evidence);
	say("memory.program_evidence", m.program_evidence);
	say("memory.interrupted", m.interrupted);
	say_text("memory.name", m.name);
	m.memory = 1;
	say("memory 1", call(fd, BRIDGEFW_IOC_GET_MEMORY, &m));
}

static __u32 tell_read(long fd, unsigned char *room)
{
	struct bridgefw_read rd = { .length = IMAGE_MAX, .data = (size_t)room };

	say("read", call(fd, BRIDGEFW_IOC_READ, &rd));
	say("read.length", rd.length);
	say("read.data", sum(room, rd.length));
	say("read()", sys(NR_READ, fd, (long)room, IMAGE_MAX));
	say("read() data", sum(room, rd.length));
	rd.flags = BRIDGEFW_READ_PREVIOUS;
	say("previous", call(fd, BRIDGEFW_IOC_READ, &rd));
	return rd.length;
}

static void tell_start(long fd, unsigned char *image, __u32 length)
{
	struct bridgefw_stage stage = { .length = length, .data = (size_t)image };
	struct bridgefw_start start = { .job = BRIDGEFW_JOB_WRITE,
					.flags = BRIDGEFW_START_DRY_RUN };

	say("start without an image", call(fd, BRIDGEFW_IOC_START, &start));
	say("start.reason", start.reason);
	say("stage", call(fd, BRIDGEFW_IOC_STAGE, &stage));
	say("start without consent", call(fd, BRIDGEFW_IOC_START, &start));
	say("start.reason", start.reason);
	start.flags |= BRIDGEFW_CONSENT_IDENTITY;
	say("start", call(fd, BRIDGEFW_IOC_START, &start));
	say("start.reason", start.reason);
	stage.length = 0;
	say("unstage", call(fd, BRIDGEFW_IOC_STAGE, &stage));
	say("claim", call(fd, BRIDGEFW_IOC_CLAIM, NULL));
	say("claim again", call(fd, BRIDGEFW_IOC_CLAIM, NULL));
	say("release", call(fd, BRIDGEFW_IOC_RELEASE, NULL));
	say("cancel", call(fd, BRIDGEFW_IOC_CANCEL, NULL));
}

static void tell_status(long fd)
{
	struct bridgefw_status s;

	say("status", call(fd, BRIDGEFW_IOC_GET_STATUS, &s));
	say("status.state", s.state);
	say("status.job", s.job);
	say("status.memory", s.memory);
	say("status.error", s.error);
	say("status.reason", s.reason);
	say("status.content", s.content);
	say("status.done", s.done);
	say("status.total", s.total);
	say("status.serial", s.serial);
	say("status.differs_at", s.differs_at);
	say_text("status.text", s.text);
}

static int bare_main(const char *device)
{
	static struct bridgefw_answer answer = { .kind = 1 };
	static unsigned char room[IMAGE_MAX];
	long fd = sys(NR_OPEN, (long)device, O_RDWR, 0);
	__u32 length;

	if (fd < 0) {
		say("open", fd);
		return 1;
	}
	tell_info(fd);
	length = tell_read(fd, room);
	tell_memory(fd);
	tell_start(fd, room, length);
	tell_status(fd);
	say("answer", call(fd, BRIDGEFW_IOC_GET_ANSWER, &answer));
	say("unknown", call(fd, _IO(0xbf, 99), NULL));
	say("nowhere", call(fd, BRIDGEFW_IOC_GET_INFO, NULL));
	return 0;
}
