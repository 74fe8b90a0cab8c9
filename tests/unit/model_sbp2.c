// SPDX-License-Identifier: GPL-2.0-or-later
/* The SBP-2 target of an enclosure on FireWire, with a good initiator and with bad ones. */
#include <unistd.h>

#include "model_fw.h"
#include "wall.h"

#define PROFILE	"tests/lab/profiles/lab-full.profile"
#define ORB	0x1000
#define DATA	0x10000
#define STATE	0x00
#define RESET	0x04
#define POINTER	0x08
#define DOORBELL 0x10

static u64 agent;

static const u8 inquiry[6] = { 0x12, 0, 0, 0, 36 };
static const u8 ready[6] = { 0x00 };

static void open_and_log_in(void)
{
	fw_open(PROFILE, DRIVE_DISK);
	box.always_boots = true;
	fw_replug();
	agent = login(true);
	EXPECT_EQ(agent, SBP2_AGENTS);
	card_statuses = 0;
}

static u32 agent_state(void)
{
	u32 v;

	return card_read(agent + STATE, &v) == RCODE_COMPLETE ? v : 99;
}

/* Runs the list at @at. Returns the upper half of the last status. */
static u32 run(u32 at)
{
	card_statuses = 0;
	if (card_write_pointer(agent + POINTER, at) != RCODE_COMPLETE)
		return 0;
	card_serve(100000);
	return card_statuses ? get_be32(card_status) >> 16 : 0;
}

/* One command with direct data. */
static u32 command(const u8 *cdb, u32 cdb_len, bool in, u32 length)
{
	put_orb(ORB, ORB_END, DATA, ORB_NOTIFY | ORB_S400 | ORB_PAYLOAD(9) |
		(in ? ORB_READ : 0) | length, cdb, cdb_len);
	return run(ORB);
}

static void logs_in_and_out(void)
{
	open_and_log_in();
	EXPECT_EQ(get_be16(card_memory + 0x800), 16);
	EXPECT_EQ(get_be16(card_memory + 0x802), 0);
	EXPECT_EQ(get_be16(card_memory + 0x80e), 1);
	EXPECT_EQ(agent_state(), AGENT_RESET);
	EXPECT_EQ(management(7, 0, false), 0x4100);
	EXPECT(agent_state() == 99);
	EXPECT_EQ(management(7, 0, false), 0x410a);
	fw_close();
}

static void exclusive_is_exclusive(void)
{
	open_and_log_in();
	EXPECT_EQ(management(0, 0, false), 0x4104);
	management(7, 0, false);
	EXPECT_EQ(login(false), SBP2_AGENTS);
	EXPECT_EQ(login(false), SBP2_AGENTS + SBP2_AGENT_SIZE);
	EXPECT_EQ(management(0, 0, true), 0x4104);
	login(false);
	login(false);
	EXPECT_EQ(management(0, 0, false), 0x4108);
	EXPECT_EQ(management(0, 5, false), 0x4105);
	fw_close();
}

static void management_by_the_book(void)
{
	u32 v;

	open_and_log_in();
	EXPECT_EQ(card_write(SBP2_MANAGEMENT, 0), RCODE_TYPE);
	EXPECT_EQ(card_read(SBP2_MANAGEMENT, &v), RCODE_TYPE);
	EXPECT_EQ(management(4, 0, false), 0x4109);
	EXPECT_EQ(management(1, 0, false), 0x4109);
	EXPECT_EQ(management(0xf, 0, false), 0x4100);
	EXPECT_EQ(management(0xf, 3, false), 0x410a);
	/* One at a time. */
	put_management(0x700, 7, 9, false);
	EXPECT_EQ(card_write_pointer(SBP2_MANAGEMENT, 0x700), RCODE_COMPLETE);
	EXPECT_EQ(card_write_pointer(SBP2_MANAGEMENT, 0x700), RCODE_CONFLICT);
	card_serve(9);
	EXPECT_EQ(card_write_pointer(SBP2_MANAGEMENT, 0x700), RCODE_COMPLETE);
	card_serve(9);
	/* An ORB that is nowhere is told of to nobody, and is not in the way of the next. */
	card_statuses = 0;
	EXPECT_EQ(card_write_pointer(SBP2_MANAGEMENT, 0x7000000), RCODE_COMPLETE);
	card_serve(9);
	EXPECT_EQ(card_statuses, 0);
	EXPECT_EQ(management(0xc, 0, false), 0x4100);
	/* A login whose response would go nowhere. */
	put_management(0x700, 0, 0, false);
	put_be64(card_memory + 0x708, 0x7000000);
	management(7, 0, false);
	put_management(0x700, 0, 0, false);
	put_be64(card_memory + 0x708, 0x7000000);
	card_write_pointer(SBP2_MANAGEMENT, 0x700);
	card_serve(9);
	EXPECT_EQ(get_be32(card_status) >> 28 & 3, 1);
	fw_close();
}

static void data_in(void)
{
	open_and_log_in();
	EXPECT_EQ(command(inquiry, 6, true, 36), 0x4100);
	EXPECT_EQ(card_status_len, 8);
	EXPECT_EQ(get_be32(card_status + 4), ORB);
	EXPECT_EQ(card_memory[DATA], 0x0e);
	EXPECT(!memcmp(card_memory + DATA + 8, "VBRIDGE LAB DISK", 16));
	EXPECT_EQ(agent_state(), AGENT_SUSPENDED);
	fw_close();
}

static void blocks_there_and_back(void)
{
	const u8 write[10] = { 0x2a, 0, 0, 0, 0, 7, 0, 0, 20 };
	const u8 read[10] = { 0x28, 0, 0, 0, 0, 7, 0, 0, 20 };
	u32 i, before;

	open_and_log_in();
	for (i = 0; i < 20 * 512; i++)
		card_memory[DATA + i] = i * 7 >> 3;
	before = card_served;
	EXPECT_EQ(command(write, 10, false, 20 * 512), 0x4100);
	/* ORB, five packets of 2048 bytes, status */
	EXPECT_EQ(card_served - before, 7);
	memset(card_memory + DATA, 0, 20 * 512);
	EXPECT_EQ(command(read, 10, true, 20 * 512), 0x4100);
	for (i = 0; i < 20 * 512 && card_memory[DATA + i] == (u8)(i * 7 >> 3); i++)
		;
	EXPECT_EQ(i, 20 * 512);
	fw_close();
}

static void packets_are_as_small_as_wanted(void)
{
	const u8 read[10] = { 0x28, 0, 0, 0, 0, 0, 0, 0, 2 };
	u32 before;

	open_and_log_in();
	put_orb(ORB, ORB_END, DATA, ORB_NOTIFY | ORB_S400 | ORB_PAYLOAD(6) | ORB_READ |
		1024, read, 10);
	before = card_served;
	EXPECT_EQ(run(ORB), 0x4100);
	EXPECT_EQ(card_served - before, 2 + 4);
	/* At S100 no packet has more than 512 bytes. */
	put_orb(ORB, ORB_END, DATA, ORB_NOTIFY | ORB_PAYLOAD(9) | ORB_READ | 1024, read, 10);
	before = card_served;
	EXPECT_EQ(run(ORB), 0x4100);
	EXPECT_EQ(card_served - before, 2 + 2);
	fw_close();
}

static void page_tables(void)
{
	const u8 write[10] = { 0x2a, 0, 0, 0, 0, 0, 0, 0, 8 };
	const u8 read[10] = { 0x28, 0, 0, 0, 0, 0, 0, 0, 8 };
	static const u32 length[] = { 512, 0, 1000, 24, 2560 };
	u32 i, at = DATA;
	u8 want[4096];

	open_and_log_in();
	for (i = 0; i < ARRAY_SIZE(length); i++) {
		put_be32(card_memory + 0x3000 + 8 * i, length[i] << 16);
		put_be32(card_memory + 0x3004 + 8 * i, at);
		at += length[i] + 100;
	}
	for (i = 0; i < 8192; i++)
		card_memory[DATA + i] = i >> 2;
	put_orb(ORB, ORB_END, 0x3000, ORB_NOTIFY | ORB_S400 | ORB_PAYLOAD(9) |
		ORB_TABLE | 5, write, 10);
	EXPECT_EQ(run(ORB), 0x4100);
	EXPECT_EQ(pread(box.lun[0].fd, want, 4096, 0), 4096);
	EXPECT(!memcmp(want, card_memory + DATA, 512));
	EXPECT(!memcmp(want + 512, card_memory + DATA + 512 + 200, 1000));
	memset(card_memory + DATA, 0, 8192);
	put_orb(ORB, ORB_END, 0x3000, ORB_NOTIFY | ORB_S400 | ORB_PAYLOAD(9) | ORB_READ |
		ORB_TABLE | 5, read, 10);
	EXPECT_EQ(run(ORB), 0x4100);
	EXPECT(!memcmp(want, card_memory + DATA, 512));
	EXPECT(!memcmp(want + 512, card_memory + DATA + 512 + 200, 1000));
	EXPECT_EQ(card_memory[DATA + 520], 0);
	fw_close();
}

/* More elements than one packet holds, of one byte each. */
static void long_page_table(void)
{
	u8 cdb[6] = { 0x12, 0, 0, 0, 36 };
	u32 i;

	open_and_log_in();
	memset(card_memory + DATA, 0, 2048);
	for (i = 0; i < 600; i++) {
		put_be32(card_memory + 0x3000 + 8 * i, 1 << 16);
		put_be32(card_memory + 0x3004 + 8 * i, DATA + 2 * i);
	}
	put_orb(ORB, ORB_END, 0x3000, ORB_NOTIFY | ORB_S400 | ORB_PAYLOAD(9) | ORB_READ |
		ORB_TABLE | 600, cdb, 6);
	EXPECT_EQ(run(ORB), 0x4100);
	EXPECT_EQ(card_memory[DATA + 16], 'V');
	EXPECT_EQ(card_memory[DATA + 17], 0);
	EXPECT_EQ(card_memory[DATA + 18], 'B');
	fw_close();
}

static void sense_in_its_places(void)
{
	const u8 unknown[6] = { 0x02 };
	const u8 far[10] = { 0x28, 0, 0xff };

	open_and_log_in();
	EXPECT_EQ(command(unknown, 6, false, 0), 0x4500);
	EXPECT_EQ(card_status_len, 24);
	EXPECT_EQ(card_status[8], 0x02);
	EXPECT_EQ(card_status[9], 0x05);
	EXPECT_EQ(card_status[10], 0x20);
	EXPECT_EQ(card_status[11], 0x00);
	EXPECT_EQ(command(far, 10, true, 512), 0x4500);
	EXPECT_EQ(card_status[10], 0x21);
	EXPECT_EQ(box.lun[0].sense_len, 0);
	EXPECT_EQ(command(ready, 6, false, 0), 0x4100);
	fw_close();
}

static void who_wants_no_status_gets_none(void)
{
	const u8 unknown[6] = { 0x02 };

	open_and_log_in();
	put_orb(ORB, ORB_END, 0, ORB_S400, ready, 6);
	EXPECT_EQ(run(ORB), 0);
	EXPECT_EQ(agent_state(), AGENT_SUSPENDED);
	/* But an error is told. */
	put_orb(ORB, ORB_END, 0, ORB_S400, unknown, 6);
	EXPECT_EQ(run(ORB), 0x4500);
	fw_close();
}

static void a_list_is_followed(void)
{
	u32 i;

	open_and_log_in();
	for (i = 0; i < 5; i++)
		put_orb(ORB + 64 * i, i < 4 ? ORB + 64 * (i + 1) : ORB_END, 0,
			ORB_NOTIFY, ready, 6);
	EXPECT_EQ(run(ORB), 0x4100);
	EXPECT_EQ(card_statuses, 5);
	EXPECT_EQ(get_be32(card_status + 4), ORB + 64 * 4);
	/* Longer, and the doorbell says so. */
	put_be64(card_memory + ORB + 64 * 4, ORB);
	put_be64(card_memory + ORB, ORB_END);
	EXPECT_EQ(card_write(agent + DOORBELL, 0), RCODE_COMPLETE);
	card_serve(100);
	EXPECT_EQ(card_statuses, 6);
	EXPECT_EQ(get_be32(card_status + 4), ORB);
	/* Not longer. */
	card_write(agent + DOORBELL, 0);
	card_serve(100);
	EXPECT_EQ(card_statuses, 6);
	EXPECT_EQ(agent_state(), AGENT_SUSPENDED);
	fw_close();
}

/* The source says whether the ORB was the last one. */
static void status_tells_of_more(void)
{
	open_and_log_in();
	put_orb(ORB, ORB + 64, 0, ORB_NOTIFY, ready, 6);
	put_orb(ORB + 64, ORB_END, 0, ORB_NOTIFY, ready, 6);
	card_write_pointer(agent + POINTER, ORB);
	card_serve(2);
	EXPECT_EQ(card_statuses, 1);
	EXPECT_EQ(card_status[0] >> 6, 0);
	EXPECT_EQ(card_write_pointer(agent + POINTER, ORB), RCODE_CONFLICT);
	card_serve(2);
	EXPECT_EQ(card_status[0] >> 6, 1);
	fw_close();
}

static void a_ring_goes_round_until_it_is_stopped(void)
{
	open_and_log_in();
	put_orb(ORB, ORB, 0, ORB_NOTIFY, ready, 6);
	card_write_pointer(agent + POINTER, ORB);
	EXPECT_EQ(card_serve(1000), 1000);
	EXPECT_EQ(card_statuses, 500);
	EXPECT_EQ(agent_state(), AGENT_ACTIVE);
	EXPECT_EQ(card_write(agent + RESET, 0), RCODE_COMPLETE);
	card_serve(1000);
	EXPECT(card_statuses <= 501);
	EXPECT_EQ(agent_state(), AGENT_RESET);
	EXPECT_EQ(command(ready, 6, false, 0), 0x4100);
	fw_close();
}

/* Also one of ORBs that tell nothing, and of dummies. */
static void silent_ring(void)
{
	open_and_log_in();
	put_orb(ORB, ORB, 0, 3u << 29, ready, 6);
	card_write_pointer(agent + POINTER, ORB);
	EXPECT_EQ(card_serve(1000), 1000);
	agent_reset(&fw.sbp2.login[0].agent, "test");
	put_orb(ORB, ORB, 0, 0, ready, 6);
	card_write_pointer(agent + POINTER, ORB);
	EXPECT_EQ(card_serve(1000), 1000);
	fw_close();
}

static void other_formats(void)
{
	open_and_log_in();
	put_orb(ORB, ORB_END, 0, ORB_NOTIFY | 3u << 29, ready, 6);
	EXPECT_EQ(run(ORB), 0x410b);
	put_orb(ORB, ORB_END, 0, ORB_NOTIFY | 2u << 29, ready, 6);
	EXPECT_EQ(run(ORB), 0x4901);
	EXPECT_EQ(agent_state(), AGENT_DEAD);
	EXPECT_EQ(card_write_pointer(agent + POINTER, ORB), RCODE_CONFLICT);
	card_write(agent + RESET, 0);
	EXPECT_EQ(command(ready, 6, false, 0), 0x4100);
	fw_close();
}

static void memory_that_is_not_there(void)
{
	open_and_log_in();
	EXPECT_EQ(run(0x7000000) & 0xff00, 0x5900);
	EXPECT_EQ(agent_state(), AGENT_DEAD);
	card_write(agent + RESET, 0);
	put_orb(ORB, ORB_END, 0x7000000, ORB_NOTIFY | ORB_READ | ORB_PAYLOAD(9) | 36, inquiry, 6);
	EXPECT_EQ(run(ORB), 0x594f);
	card_write(agent + RESET, 0);
	put_orb(ORB, ORB_END, 0x7000000, ORB_NOTIFY | ORB_READ | ORB_TABLE | 4, inquiry, 6);
	EXPECT_EQ(run(ORB), 0x598f);
	card_write(agent + RESET, 0);
	/* Another node's memory. */
	put_orb(ORB, ORB_END, 0, ORB_NOTIFY | ORB_READ | ORB_PAYLOAD(9) | 36, inquiry, 6);
	put_be16(card_memory + ORB + 8, 0xffc7);
	EXPECT_EQ(run(ORB), 0x594f);
	fw_close();
}

static void data_on_the_wrong_side(void)
{
	const u8 write[10] = { 0x2a, 0, 0, 0, 0, 0, 0, 0, 1 };

	open_and_log_in();
	EXPECT_EQ(command(inquiry, 6, false, 36) & 0xf800, 0x6800);
	card_write(agent + RESET, 0);
	EXPECT_EQ(command(write, 10, true, 512) & 0xf800, 0x6800);
	card_write(agent + RESET, 0);
	EXPECT_EQ(command(write, 10, false, 0) & 0xf800, 0x6800);
	card_write(agent + RESET, 0);
	/* Room for more than there is, and for less. */
	EXPECT_EQ(command(inquiry, 6, true, 4096), 0x4100);
	EXPECT_EQ(command(inquiry, 6, true, 5), 0x4100);
	fw_close();
}

static void only_who_is_logged_in(void)
{
	u32 v;

	open_and_log_in();
	EXPECT_EQ(card_write_pointer(agent + SBP2_AGENT_SIZE + POINTER, ORB), RCODE_ADDRESS);
	EXPECT_EQ(card_read(agent + SBP2_AGENT_SIZE, &v), RCODE_ADDRESS);
	EXPECT_EQ(card_write(agent + POINTER, ORB), RCODE_TYPE);
	EXPECT_EQ(card_write(agent + 0x18, 0), RCODE_ADDRESS);
	EXPECT_EQ(card_write(agent + 0x14, 1), RCODE_COMPLETE);
	fw.sbp2.login[0].node = 0xffc9;
	EXPECT_EQ(card_write_pointer(agent + POINTER, ORB), RCODE_ADDRESS);
	fw_close();
}

static void bus_reset_ends_commands(void)
{
	open_and_log_in();
	put_orb(ORB, ORB_END, DATA, ORB_NOTIFY | ORB_READ | ORB_PAYLOAD(1) | 36, inquiry, 6);
	card_statuses = 0;
	card_write_pointer(agent + POINTER, ORB);
	card_serve(3);
	card_bus_reset();
	card_serve(100);
	EXPECT_EQ(card_statuses, 0);
	/* Nothing goes on before the initiator has said that it is still there. */
	EXPECT_EQ(card_write_pointer(agent + POINTER, ORB), RCODE_ADDRESS);
	EXPECT_EQ(management(3, 1, false), 0x410a);
	EXPECT_EQ(management(3, 0, false), 0x4100);
	EXPECT_EQ(management(3, 0, false), 0x410a);
	EXPECT_EQ(agent_state(), AGENT_RESET);
	EXPECT_EQ(command(inquiry, 6, true, 36), 0x4100);
	fw_close();
}

static void who_stays_away_is_logged_out(void)
{
	open_and_log_in();
	card_bus_reset();
	EXPECT(fw_timeout_ms(&fw) > 1000 && fw_timeout_ms(&fw) <= 2000);
	fw_tick(&fw, false);
	EXPECT(fw.sbp2.login[0].used);
	fw.sbp2.login[0].until_ms = now_ms();
	fw_tick(&fw, false);
	EXPECT_EQ(fw_timeout_ms(&fw), -1);
	EXPECT_EQ(management(3, 0, false), 0x410a);
	EXPECT_EQ(login(true), SBP2_AGENTS);
	fw_close();
}

static void who_comes_back_may_log_in_anew(void)
{
	open_and_log_in();
	card_bus_reset();
	EXPECT_EQ(management(7, 0, false), 0x410a);
	EXPECT_EQ(login(true), SBP2_AGENTS);
	EXPECT_EQ(management(0, 0, true), 0x4104);
	EXPECT_EQ(management(3, 0, false), 0x410a);
	EXPECT_EQ(command(inquiry, 6, true, 36), 0x4100);
	fw_close();
}

static void chip_reset_forgets_logins(void)
{
	open_and_log_in();
	fw_replug();
	EXPECT_EQ(management(3, 0, false), 0x410a);
	EXPECT_EQ(login(true), SBP2_AGENTS);
	fw_close();
}

static void aborts(void)
{
	char err[128];

	open_and_log_in();
	faults_add(&box.faults, "nak@cdb,every", err, sizeof(err));
	EXPECT_EQ(command(ready, 6, false, 0), 0);
	EXPECT_EQ(agent_state(), AGENT_SUSPENDED);
	/* Another task's ORB leaves this one alone. */
	put_management(0x700, 0xb, 0, false);
	put_be64(card_memory + 0x700, 0x1234);
	card_write_pointer(SBP2_MANAGEMENT, 0x700);
	card_serve(9);
	EXPECT_EQ(fw.sbp2.login[0].agent.task, TASK_HUNG);
	put_management(0x700, 0xb, 0, false);
	put_be64(card_memory + 0x700, ORB);
	card_write_pointer(SBP2_MANAGEMENT, 0x700);
	card_serve(9);
	EXPECT_EQ(fw.sbp2.login[0].agent.task, TASK_NONE);
	command(ready, 6, false, 0);
	EXPECT_EQ(management(0xe, 0, false), 0x4100);
	EXPECT_EQ(fw.sbp2.login[0].agent.task, TASK_NONE);
	box.faults.count = 0;
	EXPECT_EQ(command(ready, 6, false, 0), 0x4100);
	fw_close();
}

static u32 with(const char *spec)
{
	char err[128];
	u32 ret;

	box.faults.count = 0;
	card_write(agent + RESET, 0);
	memset(card_status, 0, sizeof(card_status));
	EXPECT_EQ(faults_add(&box.faults, spec, err, sizeof(err)), 0);
	EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), 0);
	ret = command(inquiry, 6, true, 36);
	box.faults.count = 0;
	return ret;
}

static void faults_of_commands(void)
{
	open_and_log_in();
	EXPECT_EQ(with("stall@cdb"), 0x59cf);
	EXPECT_EQ(agent_state(), AGENT_DEAD);
	EXPECT_EQ(with("badcbw"), 0x69ff);
	EXPECT_EQ(with("phase"), 0x69ff);
	EXPECT_EQ(with("sense=3/11/22"), 0x4500);
	EXPECT_EQ(get_be32(card_status + 8), 0x02031122);
	EXPECT_EQ(with("badtag"), 0x4100);
	EXPECT(get_be32(card_status + 4) != ORB);
	EXPECT_EQ(with("csw=signature") >> 14, 2);
	with("csw=truncated");
	EXPECT_EQ(card_status_len, 4);
	with("csw=long");
	EXPECT_EQ(card_status_len, SBP2_STATUS_MAX);
	with("csw=garbage");
	EXPECT_EQ(card_status[0], 0xa5);
	with("csw=status");
	EXPECT_EQ(card_status[8], 0xff);
	memset(card_memory + DATA, 0, 64);
	EXPECT_EQ(with("short=12@cdb"), 0x4100);
	EXPECT_EQ(card_memory[DATA + 11], 'I');
	EXPECT_EQ(card_memory[DATA + 12], 0);
	EXPECT_EQ(with("flip=8:0@cdb"), 0x4100);
	EXPECT_EQ(card_memory[DATA + 8], 'V' ^ 1);
	fw_close();
}

static void faults_that_take_the_box_away(void)
{
	open_and_log_in();
	EXPECT_EQ(with("unplug@cdb"), 0);
	EXPECT_EQ(box.next, BOX_UNPLUG);
	EXPECT_EQ(with("powercut@cdb,byte=5"), 0);
	EXPECT_EQ(box.next, BOX_POWER_OFF);
	EXPECT_EQ(with("reenumerate@cdb,end"), 0x4100);
	EXPECT_EQ(box.next, BOX_REENUMERATE);
	EXPECT_EQ(with("busreset@cdb,status"), 0);
	EXPECT_EQ(box.next, BOX_RESET_BUS);
	fw_close();
}

static void status_that_is_kept_back(void)
{
	open_and_log_in();
	EXPECT_EQ(with("delay=50000@cdb"), 0);
	EXPECT(fw_timeout_ms(&fw) > 1000);
	fw_tick(&fw, false);
	EXPECT_EQ(card_queued, 0);
	fw_tick(&fw, true);
	card_serve(9);
	EXPECT_EQ(card_statuses, 1);
	fw_close();
}

static void faults_of_another_bus(void)
{
	static const char * const usb[] = {
		"residue=3", "overrun", "hostile-descriptors=no-endpoints", "stall@control",
	};
	static const char * const fire[] = {
		"rcode=7", "busy", "late", "busreset@cdb", "hostile-rom=loop", "nak@rom",
		"stall@quadlet",
	};
	char err[128];
	u32 i;

	open_and_log_in();
	for (i = 0; i < ARRAY_SIZE(usb) + ARRAY_SIZE(fire); i++) {
		bool of_usb = i < ARRAY_SIZE(usb);

		box.faults.count = 0;
		EXPECT_EQ(faults_add(&box.faults, of_usb ? usb[i] : fire[i - ARRAY_SIZE(usb)], err,
				     sizeof(err)), 0);
		box.bus = BOX_1394;
		EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), of_usb ? -EINVAL : 0);
		box.bus = BOX_USB;
		EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), of_usb ? 0 : -EINVAL);
	}
	fw_close();
}

/* The length of a CDB is not told: the chip knows its own. */
static void vendor_cdbs(void)
{
	const u8 identify[16] = { 0xc0, 0x49, 0x44, 0x00, 0x08, 0x55 };

	open_and_log_in();
	EXPECT_EQ(command(identify, 16, true, 8), 0x4100);
	EXPECT_EQ(get_be32(card_memory + DATA), 0x067b4c46);
	EXPECT_EQ(box.vendor_seen, 1);
	fw_close();
}

static void takes_model_time(void)
{
	const u8 read[10] = { 0x28, 0, 0, 0, 0, 0, 0, 0, 100 };
	u64 before;

	open_and_log_in();
	before = box.clock.ns;
	command(read, 10, true, 51200);
	/* 51200 bytes at 393 Mbit/s are a millisecond */
	EXPECT(box.clock.ns - before > 1000000);
	EXPECT(box.clock.ns - before < 2000000);
	fw_close();
}

int main(void)
{
	RUN(logs_in_and_out);
	RUN(exclusive_is_exclusive);
	RUN(management_by_the_book);
	RUN(data_in);
	RUN(blocks_there_and_back);
	RUN(packets_are_as_small_as_wanted);
	RUN(page_tables);
	RUN(long_page_table);
	RUN(sense_in_its_places);
	RUN(who_wants_no_status_gets_none);
	RUN(a_list_is_followed);
	RUN(status_tells_of_more);
	RUN(a_ring_goes_round_until_it_is_stopped);
	RUN(silent_ring);
	RUN(other_formats);
	RUN(memory_that_is_not_there);
	RUN(data_on_the_wrong_side);
	RUN(only_who_is_logged_in);
	RUN(bus_reset_ends_commands);
	RUN(who_stays_away_is_logged_out);
	RUN(who_comes_back_may_log_in_anew);
	RUN(chip_reset_forgets_logins);
	RUN(aborts);
	RUN(faults_of_commands);
	RUN(faults_that_take_the_box_away);
	RUN(status_that_is_kept_back);
	RUN(faults_of_another_bus);
	RUN(vendor_cdbs);
	RUN(takes_model_time);
	return tap_done();
}
