// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hostile initiator: any packets, and memory full of any ORBs, page tables and rings,
 * to an enclosure on FireWire with everything in it and faults armed. Nothing may happen
 * but answers, and a request of the node's own never leads to more than a few others.
 */
#include <fcntl.h>
#include <unistd.h>

#include "fuzz.h"
#include "model_fw.h"

#define SERVED_AT_ONCE	64

/* The input, byte by byte; zeros after its end. */
static const u8 *input;
static size_t left;

static u8 next(void)
{
	if (!left)
		return 0;
	left--;
	return *input++;
}

static u16 next16(void)
{
	return next() << 8 | next();
}

/* What the box wants done is done at once. */
static void follow(void)
{
	enum box_next what = box.next;

	box.next = BOX_GO_ON;
	if (what == BOX_RESET_BUS)
		card_bus_reset();
	else if (what != BOX_GO_ON)
		fw_replug();
}

/* Addresses of the memory that all ORBs are in: few, so that they meet. */
static u64 address(void)
{
	return 0x1000 + 64 * (next() & 15);
}

static void fill_memory(void)
{
	u32 at = address(), i;

	for (i = 0; i < 36; i++)
		card_memory[at + i] = next();
	/* Mostly something that leads on. */
	if (next() & 7) {
		put_be64(card_memory + at, next() & 1 ? ORB_END : address());
		put_be32(card_memory + at + 8, (u32)CARD_NODE << 16);
		put_be32(card_memory + at + 12, next() & 1 ? address() : 0x10000);
		card_memory[at + 16] &= 0x8f;
		card_memory[at + 18] &= 0x03;
	}
}

static void manage(void)
{
	u32 function = next(), id = next() & 3;

	card_status_at = 0xfffffff0000ull;
	put_management(0x700, function & 15, id, function & 0x10);
	if (!(next() & 7))
		card_memory[0x700 + (next() & 31)] = next();
	card_write_pointer(SBP2_MANAGEMENT, 0x700);
}

static void use_agent(void)
{
	u64 at = SBP2_AGENTS + (next() & 3) * SBP2_AGENT_SIZE;
	u32 v;

	switch (next() & 3) {
	case 0:
		card_read(at, &v);
		break;
	case 1:
		card_write(at + 4 * (next() & 7), 0);
		break;
	default:
		card_write_pointer(at + 8, address());
	}
}

/* Any request at all. */
static void request(void)
{
	static const u64 places[] = {
		ROM_BASE, SBP2_MANAGEMENT, SBP2_AGENTS, FW_WINDOW, 0xfffff0090000ull,
		0xfffff0000000ull,
	};
	u64 at = places[next() % ARRAY_SIZE(places)] + next();
	u32 length = next() & 1 ? next16() & 0x7ff : 4, tcode = next() & 15;
	static const u8 data[LAB1394_DATA_MAX];

	card_request(tcode, at, next() & 1 ? data : NULL, length);
}

static void garbage(void)
{
	struct lab1394_packet p;
	u8 *bytes = (u8 *)&p;
	u32 i;

	memset(&p, 0, sizeof(p));
	for (i = 0; i < LAB1394_PACKET_HEAD; i++)
		bytes[i] = next();
	p.type &= 7;
	node_receive(&fw.node, &p, next16() & 0xfff);
	card_generation = fw.node.generation;
}

static void arm_fault(void)
{
	static const char * const specs[] = {
		"stall@cdb", "short@cdb", "nak@cdb", "powercut@cdb,byte=3", "csw=long",
		"csw=truncated", "csw", "csw=status", "flaky@cdb", "flip=2:2@cdb,every", "sense",
		"phase", "unplug@vendor,byte=9", "stall@cdb,status", "reenumerate@cdb,end",
		"badtag", "powercut@vendor,when=inside", "ignored@vendor", "stuckbusy", "idchange",
		"badcbw", "busreset@any,n=3", "busreset@cdb,byte=5", "rcode=5@any", "busy@rom",
		"late@vendor", "nak@rom", "short@rom", "delay=1@any,every", "hostile-rom=random",
		"hostile-rom=minimal",
	};
	char err[128];

	if (box.faults.count > 8)
		box.faults.count = 0;
	faults_add(&box.faults, specs[next() % ARRAY_SIZE(specs)], err, sizeof(err));
	box_apply_states(&box, err, sizeof(err));
}

static void one_input(const u8 *data, size_t size)
{
	input = data;
	left = size;
	box.faults.count = 0;
	box.next = BOX_GO_ON;
	box.always_boots = next() & 7;
	memset(card_memory, 0, 0x2000);
	fw_replug();
	if (next() & 7)
		manage();
	while (left) {
		switch (next() & 15) {
		case 0 ... 3:
			fill_memory();
			break;
		case 4 ... 6:
			use_agent();
			break;
		case 7 ... 8:
			manage();
			break;
		case 9:
			request();
			break;
		case 10:
			garbage();
			break;
		case 11:
			arm_fault();
			break;
		case 12:
			card_bus_reset();
			break;
		case 13:
			fw_tick(&fw, next() & 1);
			break;
		default:
			card_serve(next() & 15);
		}
		card_serve(next() & 1 ? SERVED_AT_ONCE : 0);
		/* One request of its own for each agent, and one of the management's. */
		fuzz_assert(card_queued <= SBP2_LOGINS + 1, "the node does not ask without end");
		follow();
	}
}

static void open_everything(void)
{
	fw_open("tests/lab/profiles/lab-full.profile", DRIVE_DISK);
	box.luns = 3;
	box.lun[1].ata = ATA_SAT;
	box.lun[1].luns = 3;
	if (lun_open(&box.lun[1], DRIVE_DVD, NULL, "DVD") ||
	    lun_open(&box.lun[2], DRIVE_NONE, NULL, ""))
		abort();
	box.trace.fd = open("/dev/null", O_WRONLY);
}

int fuzz_one(const u8 *data, size_t size)
{
	if (!box.luns)
		open_everything();
	one_input(data, size);
	return 0;
}
