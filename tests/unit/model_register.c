// SPDX-License-Identifier: GPL-2.0-or-later
/* The registers of a bridge on FireWire: what it answers to quadlets, in each state. */
#include <fcntl.h>
#include <unistd.h>

#include "model_fw.h"

#define PROFILE		"tests/lab/profiles/lab-oxfw911.profile"
#define VERSION		0xfffff0050000ull
#define EXTRA		0xfffff0060000ull
#define ERASE		0xfffff0090000ull
#define DATA		0xfffff0090004ull
#define MODE		0xfffff0090010ull
#define NAME		0xfffff0090020ull
#define EDIT		0x45646974

static u32 value;

static void open_running(void)
{
	fw_open(PROFILE, DRIVE_DISK);
	box.always_boots = true;
	fw_replug();
}

static void open_blank(void)
{
	fw_open(PROFILE, DRIVE_DISK);
	EXPECT(!box.boots);
}

static u32 with(const char *spec, u64 address)
{
	char err[128];

	box.faults.count = 0;
	box.next = BOX_GO_ON;
	EXPECT_EQ(faults_add(&box.faults, spec, err, sizeof(err)), 0);
	EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), 0);
	return card_read(address, &value);
}

static void running_tells_its_version(void)
{
	open_running();
	EXPECT_EQ(card_read(VERSION, &value), RCODE_COMPLETE);
	EXPECT_EQ(value, 0x09110400);
	EXPECT_EQ(card_read(EXTRA, &value), RCODE_COMPLETE);
	EXPECT_EQ(value, 0x20260911);
	EXPECT_EQ(card_read(NAME, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_read(ROM_BASE, &value), RCODE_COMPLETE);
	EXPECT_EQ(value >> 24, 4);
	EXPECT_EQ(get_be32(fw.rom + 4 * 6), 0x03001209);
	EXPECT_EQ(box.vendor_seen, 3);
	fw_close();
}

static void blank_tells_its_name(void)
{
	open_blank();
	EXPECT_EQ(card_read(NAME, &value), RCODE_COMPLETE);
	EXPECT_EQ(value, 0x4c393131);
	EXPECT_EQ(card_read(ROM_BASE, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_read(VERSION, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_write_pointer(SBP2_MANAGEMENT, 0x700), RCODE_ADDRESS);
	fw_close();
}

static void blank_by_option(void)
{
	open_running();
	box.never_boots = true;
	fw_replug();
	EXPECT_EQ(card_read(NAME, &value), RCODE_COMPLETE);
	EXPECT_EQ(card_read(ROM_BASE, &value), RCODE_ADDRESS);
	fw_close();
}

static void comes_back_as_uploader(void)
{
	open_running();
	EXPECT_EQ(card_write(MODE, EDIT), RCODE_COMPLETE);
	EXPECT_EQ(box.next, BOX_REENUMERATE);
	fw_replug();
	EXPECT_EQ(card_read(ROM_BASE, &value), RCODE_COMPLETE);
	EXPECT_EQ(fw.id.model, 0x091101);
	EXPECT_EQ(card_read(VERSION, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_write(ERASE, 0x100), RCODE_COMPLETE);
	fw_close();
}

static void blocks_and_strangers_are_refused(void)
{
	u8 data[16] = { 0 };

	open_running();
	EXPECT_EQ(card_request(TCODE_READ_BLOCK, VERSION, NULL, 8), RCODE_TYPE);
	EXPECT_EQ(card_request(TCODE_READ_BLOCK, VERSION, NULL, 4), RCODE_TYPE);
	EXPECT_EQ(card_request(TCODE_WRITE_BLOCK, MODE, data, 16), RCODE_TYPE);
	EXPECT_EQ(card_request(TCODE_LOCK, MODE, data, 8), RCODE_TYPE);
	EXPECT_EQ(card_request(TCODE_WRITE_QUADLET, MODE, data, 3), RCODE_TYPE);
	EXPECT_EQ(card_read(0xfffff0077000ull, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_write(0xfffff0050004ull, 1), RCODE_ADDRESS);
	EXPECT_EQ(card_write(MODE, 0x12345678), RCODE_ADDRESS);
	EXPECT_EQ(box.next, BOX_GO_ON);
	/* Outside of the window nothing is the chip's. */
	EXPECT_EQ(box.vendor_seen, 8);
	EXPECT_EQ(card_read(0xfffff00a0000ull, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_read(0x1000, &value), RCODE_ADDRESS);
	EXPECT_EQ(box.vendor_seen, 8);
	fw_close();
}

static void config_rom_by_any_request(void)
{
	u8 data[8] = { 0 };

	open_running();
	EXPECT_EQ(card_request(TCODE_READ_BLOCK, ROM_BASE, NULL, 20), RCODE_COMPLETE);
	EXPECT(!memcmp(card_response.data, fw.rom, 20));
	EXPECT_EQ(card_request(TCODE_READ_BLOCK, ROM_BASE, NULL, 2048), RCODE_ADDRESS);
	EXPECT_EQ(card_request(TCODE_READ_BLOCK, ROM_BASE + 4, NULL, fw.rom_size), RCODE_ADDRESS);
	EXPECT_EQ(card_request(TCODE_WRITE_BLOCK, ROM_BASE, data, 8), RCODE_TYPE);
	EXPECT_EQ(card_read(ROM_BASE + fw.rom_size, &value), RCODE_ADDRESS);
	EXPECT_EQ(card_read(ROM_BASE + fw.rom_size - 4, &value), RCODE_COMPLETE);
	fw_close();
}

static void core_registers(void)
{
	open_running();
	EXPECT_EQ(card_write(0xfffff0000210ull, 0xc800f), RCODE_COMPLETE);
	EXPECT_EQ(card_read(0xfffff0000210ull, &value), RCODE_COMPLETE);
	EXPECT_EQ(value, 0xc800f);
	EXPECT_EQ(card_read(0xfffff0000234ull, &value), RCODE_ADDRESS);
	fw_close();
}

static void answers_that_are_none(void)
{
	open_running();
	EXPECT_EQ(with("rcode=4", VERSION), 4);
	EXPECT_EQ(with("rcode", VERSION), RCODE_ADDRESS);
	EXPECT_EQ(with("busy", VERSION), LAB1394_ACK_BUSY);
	EXPECT_EQ(with("busy", VERSION), LAB1394_ACK_BUSY);
	EXPECT_EQ(card_read(VERSION, &value), RCODE_COMPLETE);
	EXPECT_EQ(with("ackdata", VERSION), LAB1394_ACK_DATA);
	EXPECT_EQ(with("stall", VERSION), RCODE_TYPE);
	EXPECT_EQ(with("nak", VERSION), NO_RESPONSE);
	EXPECT_EQ(card_response.type, LAB1394_NO_ANSWER);
	EXPECT_EQ(with("late", VERSION), LAB1394_LATE);
	EXPECT_EQ(with("short=2", VERSION), RCODE_COMPLETE);
	EXPECT_EQ(card_response.length, 2);
	EXPECT_EQ(with("flip=3:0", VERSION), RCODE_COMPLETE);
	EXPECT_EQ(value, 0x09110401);
	fw_close();
}

static void conditions(void)
{
	open_running();
	EXPECT_EQ(with("rcode@quadlet=60000,every", VERSION), RCODE_COMPLETE);
	EXPECT_EQ(card_read(EXTRA, &value), RCODE_ADDRESS);
	EXPECT_EQ(with("rcode@quadlet=fffff0050000", VERSION), RCODE_ADDRESS);
	EXPECT_EQ(with("rcode=5@rom,n=2", ROM_BASE), RCODE_COMPLETE);
	EXPECT_EQ(card_read(VERSION, &value), RCODE_COMPLETE);
	EXPECT_EQ(card_read(ROM_BASE, &value), RCODE_DATA);
	EXPECT_EQ(with("rcode@op=identify", EXTRA), RCODE_COMPLETE);
	EXPECT_EQ(card_read(VERSION, &value), RCODE_ADDRESS);
	EXPECT_EQ(with("nak@rom", ROM_BASE), NO_RESPONSE);
	EXPECT_EQ(with("stall@cdb", VERSION), RCODE_COMPLETE);
	EXPECT_EQ(with("idchange", VERSION), RCODE_COMPLETE);
	EXPECT(value != 0x09110400);
	fw_close();
}

/* Before, nothing has happened; from inside on, the chip has the mode, whatever is heard. */
static void around_a_write(void)
{
	static const struct {
		const char *spec;
		bool done;
		u32 rcode;
		enum box_next next;
	} cases[] = {
		{ "busreset@vendor,when=before", false, NO_RESPONSE, BOX_RESET_BUS },
		{ "busreset@vendor,when=inside", true, NO_RESPONSE, BOX_RESET_BUS },
		{ "busreset@vendor,status", true, NO_RESPONSE, BOX_RESET_BUS },
		{ "busreset@vendor,when=after", true, RCODE_COMPLETE, BOX_RESET_BUS },
		{ "unplug@vendor,when=before", false, NO_RESPONSE, BOX_UNPLUG },
		{ "unplug@vendor,status", true, NO_RESPONSE, BOX_UNPLUG },
		{ "powercut@vendor,when=after", true, RCODE_COMPLETE, BOX_POWER_OFF },
		{ "rcode=7", false, RCODE_ADDRESS, BOX_GO_ON },
		{ "late", true, LAB1394_LATE, BOX_GO_ON },
		{ "ignored", false, RCODE_COMPLETE, BOX_GO_ON },
	};
	char err[128];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		fw_open("tests/lab/profiles/lab-oxfw911.profile", DRIVE_DISK);
		memset(box.chip.memory[0].data, 0, 1024);
		faults_add(&box.faults, cases[i].spec, err, sizeof(err));
		EXPECT_EQ(card_write(ERASE, 0x100), cases[i].rcode);
		EXPECT_EQ(box.next, cases[i].next);
		box.clock.ns += 60000000000ull;
		EXPECT_EQ(box.chip.memory[0].data[0x180] == 0xff, cases[i].done);
		EXPECT_EQ(box.chip.memory[0].data[0], 0);
		fw_close();
	}
}

static void lines_in_the_trace(void)
{
	char trace_file[] = "/tmp/model_register.XXXXXX";
	char text[8192];
	ssize_t n;
	int fd = mkstemp(trace_file);

	open_running();
	box.trace.fd = fd;
	card_read(VERSION, &value);
	card_write(MODE, EDIT);
	card_read(0xfffff0077000ull, &value);
	card_read(ROM_BASE, &value);
	card_read(0x1000, &value);
	with("late", EXTRA);
	card_bus_reset();
	n = pread(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = 0;
	EXPECT(strstr(text, "\"type\":\"quadlet\",\"address\":\"fffff0050000\",\"dir\":\"in\","));
	EXPECT(strstr(text, "\"len\":4,\"actual\":4,\"data\":\"09110400\",\"status\":\"ok\","));
	EXPECT(strstr(text, "\"known\":true,\"vendor\":true,\"op\":\"identify\"}"));
	EXPECT(strstr(text, "\"address\":\"fffff0090010\",\"dir\":\"out\",\"len\":4,"));
	EXPECT(strstr(text, "\"data\":\"45646974\",\"status\":\"ok\",\"known\":true,"));
	EXPECT(strstr(text, "\"op\":\"flash.unlock\"}"));
	EXPECT(strstr(text, "\"address\":\"fffff0077000\",\"dir\":\"in\",\"len\":4,\"actual\":0,"));
	EXPECT(strstr(text, "\"status\":\"rcode 7\",\"known\":false,\"vendor\":true}"));
	EXPECT(strstr(text, "\"type\":\"request\",\"address\":\"000000001000\""));
	EXPECT(!strstr(text, "fffff0000400"));
	EXPECT(strstr(text, "\"status\":\"late\""));
	EXPECT(strstr(text, "\"fault\":\"late\""));
	EXPECT(strstr(text, "\"type\":\"busreset\""));
	close(fd);
	unlink(trace_file);
	fw_close();
}

static void takes_microseconds(void)
{
	u64 before;

	open_running();
	before = box.clock.ns;
	card_read(VERSION, &value);
	EXPECT(box.clock.ns - before > 1000 && box.clock.ns - before < 20000);
	fw_close();
}

int main(void)
{
	RUN(running_tells_its_version);
	RUN(blank_tells_its_name);
	RUN(blank_by_option);
	RUN(comes_back_as_uploader);
	RUN(blocks_and_strangers_are_refused);
	RUN(config_rom_by_any_request);
	RUN(core_registers);
	RUN(answers_that_are_none);
	RUN(conditions);
	RUN(around_a_write);
	RUN(lines_in_the_trace);
	RUN(takes_microseconds);
	return tap_done();
}
