// SPDX-License-Identifier: GPL-2.0-or-later
/* Endpoint 0, descriptors out of the EEPROM, and the trace. */
#include <fcntl.h>
#include <unistd.h>

#include "model_box.h"

#define LAB	"tests/lab/profiles/lab-pl2507.profile"

static u32 actual;

static u16 device_word(u32 at)
{
	EXPECT_EQ(box_control(0x80, 0x06, 0x0100, 0, 18, &actual), 0);
	EXPECT_EQ(actual, 18);
	return get_le16(box_data + at);
}

static void configure(void)
{
	EXPECT_EQ(box_control(0x00, 0x09, 1, 0, 0, &actual), 0);
}

static void internal_rom_without_a_table(void)
{
	box_open(LAB, DRIVE_DISK, 0);
	EXPECT_EQ(device_word(8), 0x067b);
	EXPECT_EQ(device_word(10), 0x2507);
	EXPECT_EQ(box_data[16], 0);
	box_close();
}

static void table_replaces_ids_and_strings(void)
{
	static const char serial[] = "A\0B\0C\0";
	u8 *e;

	box_open(LAB, DRIVE_DISK, 0);
	e = box.chip.memory[0].data;
	memset(e, 0, 255);
	e[0] = 0x06;
	e[1] = 0x7b;
	put_le16(e + 2, 0x1234);
	put_le16(e + 4, 0x5678);
	put_le16(e + 6, 0x0321);
	e[8] = 0x80;
	e[9] = 50;
	strcpy((char *)e + 0x10, "Maker");
	strcpy((char *)e + 0x30, "Thing");
	memcpy(e + 0x50, serial, sizeof(serial));
	/* Not before the chip is reset. */
	EXPECT_EQ(device_word(8), 0x067b);
	box_plug_in(&box);
	EXPECT_EQ(device_word(8), 0x1234);
	EXPECT_EQ(device_word(10), 0x5678);
	EXPECT_EQ(device_word(12), 0x0321);
	EXPECT_EQ(box_data[14], 1);
	EXPECT_EQ(box_data[15], 2);
	EXPECT_EQ(box_data[16], 3);
	EXPECT_EQ(box_control(0x80, 0x06, 0x0200, 0, 255, &actual), 0);
	EXPECT_EQ(actual, 32);
	EXPECT_EQ(box_data[7], 0x80);
	EXPECT_EQ(box_data[8], 50);
	EXPECT_EQ(box_control(0x80, 0x06, 0x0303, 0x0409, 255, &actual), 0);
	EXPECT_EQ(actual, 8);
	EXPECT(!memcmp(box_data, "\x08\x03\x41\0B\0C\0", 8));
	EXPECT_EQ(box_control(0x80, 0x06, 0x0302, 0x0409, 4, &actual), 0);
	EXPECT_EQ(actual, 4);

	e[0] = 0x7b;
	e[1] = 0x06;
	box_plug_in(&box);
	EXPECT_EQ(device_word(8), 0x1234);
	e[0] = 0x7c;
	box_plug_in(&box);
	EXPECT_EQ(device_word(8), 0x067b);
	box_close();
}

static void options_win(void)
{
	u8 *e;

	box_open(LAB, DRIVE_DISK, 0);
	e = box.chip.memory[0].data;
	e[0] = 0x06;
	e[1] = 0x7b;
	put_le16(e + 2, 0x1234);
	box.fixed_ids = true;
	box.vendor_product = 0x11112222;
	desc_string_ascii(&box.serial, "S1");
	box.fixed_serial = true;
	box_plug_in(&box);
	EXPECT_EQ(device_word(8), 0x1111);
	EXPECT_EQ(device_word(10), 0x2222);
	EXPECT_EQ(box_data[16], 3);
	box_close();
}

static void interface_requests_need_a_configuration(void)
{
	box_open(LAB, DRIVE_DISK, 0);
	EXPECT_EQ(box_control(0xa1, 0xfe, 0, 0, 1, &actual), -EPIPE);
	configure();
	EXPECT_EQ(box_control(0xa1, 0xfe, 0, 0, 1, &actual), 0);
	EXPECT_EQ(box_data[0], 0);
	EXPECT_EQ(box_control(0xa1, 0xfe, 0, 1, 1, &actual), -EPIPE);
	EXPECT_EQ(box_control(0x81, 0x0a, 0, 0, 1, &actual), 0);
	EXPECT_EQ(box_control(0x00, 0x09, 2, 0, 0, &actual), -EPIPE);
	EXPECT_EQ(box_control(0x80, 0x08, 0, 0, 1, &actual), 0);
	EXPECT_EQ(box_data[0], 1);
	box_close();
}

static void endpoint_halt_by_request(void)
{
	box_open(LAB, DRIVE_DISK, 0);
	configure();
	EXPECT_EQ(box_control(0x02, 0x03, 0, 0x81, 0, &actual), 0);
	EXPECT_EQ(box_control(0x82, 0x00, 0, 0x81, 2, &actual), 0);
	EXPECT_EQ(box_data[0], 1);
	EXPECT_EQ(bot_to_host(&box.bot, box_data, 64, &actual), -EPIPE);
	EXPECT_EQ(box_control(0x02, 0x01, 0, 0x81, 0, &actual), 0);
	EXPECT_EQ(bot_to_host(&box.bot, box_data, 64, &actual), BOT_NAK);
	EXPECT_EQ(box_control(0x02, 0x01, 0, 0x83, 0, &actual), -EPIPE);
	box_close();
}

static void table_by_vendor_request(void)
{
	u32 i;

	box_open(LAB, DRIVE_NONE, 0);
	configure();
	for (i = 0; i < 255; i++)
		box_data[i] = i;
	EXPECT_EQ(box_control(0x41, 0x05, 0, 0, 255, &actual), 0);
	EXPECT_EQ(actual, 255);
	memset(box_data, 0, 255);
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), 0);
	EXPECT_EQ(actual, 255);
	for (i = 0; i < 255; i++)
		EXPECT_EQ(box_data[i], i);
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 256, &actual), -EPIPE);
	EXPECT_EQ(box_control(0xc1, 0x07, 0, 0, 255, &actual), -EPIPE);
	EXPECT_EQ(box_control(0x40, 0x05, 0, 0, 16, &actual), -EPIPE);
	EXPECT_EQ(box.chip.memory[0].pages, 32);
	box_close();
}

/* Sends a table of fives over one of threes, with a fault. */
static int faulty_write(const char *fault)
{
	char err[128];

	box_open(LAB, DRIVE_NONE, 0);
	configure();
	memset(box.chip.memory[0].data, 3, 255);
	EXPECT_EQ(faults_add(&box.faults, fault, err, sizeof(err)), 0);
	memset(box_data, 5, 255);
	return box_control(0x41, 0x05, 0, 0, 255, &actual);
}

static bool memory_is(u32 from, u32 to, u8 value)
{
	for (; from < to; from++)
		if (box.chip.memory[0].data[from] != value)
			return false;
	return true;
}

static void power_cut_inside_of_a_write(void)
{
	EXPECT_EQ(faulty_write("powercut@op=eeprom.program,byte=100"), BOT_NAK);
	EXPECT_EQ(box.next, BOX_POWER_OFF);
	EXPECT(memory_is(0, 96, 5));
	EXPECT(!memory_is(96, 104, 5));
	EXPECT(memory_is(104, 255, 3));
	box_close();
}

static void power_cut_before_and_after_a_write(void)
{
	EXPECT_EQ(faulty_write("powercut@op=eeprom.program"), BOT_NAK);
	EXPECT(memory_is(0, 255, 3));
	EXPECT_EQ(box.next, BOX_POWER_OFF);
	box_close();
	EXPECT_EQ(faulty_write("powercut@op=eeprom.program,status"), BOT_NAK);
	EXPECT(memory_is(0, 255, 5));
	EXPECT_EQ(box.next, BOX_POWER_OFF);
	box_close();
	EXPECT_EQ(faulty_write("unplug@op=eeprom.program,end"), 0);
	EXPECT(memory_is(0, 255, 5));
	EXPECT_EQ(box.next, BOX_UNPLUG);
	box_close();
}

static void stalled_short_and_lost_writes(void)
{
	char err[64];

	EXPECT_EQ(faulty_write("stall@op=eeprom.program"), -EPIPE);
	EXPECT(memory_is(0, 255, 3));
	box_close();
	EXPECT_EQ(faulty_write("stall@op=eeprom.program,byte=20"), -EPIPE);
	EXPECT(memory_is(0, 16, 5) && memory_is(16, 255, 3));
	box_close();
	EXPECT_EQ(faulty_write("short=20@op=eeprom.program"), 0);
	EXPECT(memory_is(0, 20, 5) && memory_is(20, 255, 3));
	box_close();
	EXPECT_EQ(faulty_write("nak@op=eeprom.program"), BOT_NAK);
	EXPECT_EQ(box.next, BOX_GO_ON);
	EXPECT(memory_is(0, 255, 3));
	box_close();

	EXPECT_EQ(faulty_write("readonly"), 0);
	EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), 0);
	EXPECT(memory_is(0, 255, 5));
	memset(box_data, 7, 255);
	EXPECT_EQ(box_control(0x41, 0x05, 0, 0, 255, &actual), 0);
	EXPECT(memory_is(0, 255, 5));
	box_close();
}

static void faulty_reads(void)
{
	char err[64];
	u8 first[255];

	box_open(LAB, DRIVE_NONE, 0);
	configure();
	faults_add(&box.faults, "short=9@op=eeprom.read,n=1", err, sizeof(err));
	faults_add(&box.faults, "flip=3:0@op=eeprom.read,n=2", err, sizeof(err));
	faults_add(&box.faults, "flaky@op=eeprom.read,n=3-4", err, sizeof(err));
	faults_add(&box.faults, "overrun@op=eeprom.read,n=5", err, sizeof(err));
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), 0);
	EXPECT_EQ(actual, 9);
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), 0);
	EXPECT_EQ(box_data[3], 0xfe);
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), 0);
	memcpy(first, box_data, 255);
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), 0);
	EXPECT(memcmp(first, box_data, 255));
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), -EOVERFLOW);
	EXPECT_EQ(box_control(0xc1, 0x06, 0, 0, 255, &actual), 0);
	box_close();
}

static void hostile_descriptors_stay_in_their_room(void)
{
	u32 h, value, length;

	for (h = 0; h < HOSTILE_VARIANTS; h++) {
		EXPECT_EQ(hostile_by_name(hostile_name(h)), h);
		box_open(LAB, DRIVE_DISK, 0);
		desc_string_ascii(&box.serial, "0123456789");
		box.fixed_serial = true;
		box.hostile = h;
		box_plug_in(&box);
		for (value = 0; value < 0x800; value++)
			for (length = 0; length < 600; length += 37) {
				box_control(0x80, 0x06, value, 0, length, &actual);
				EXPECT(actual <= length);
			}
		box_close();
	}
	EXPECT_EQ(hostile_by_name("friendly"), -EINVAL);
}

/* The line is these parts, one after the other. */
static void expect_line(const char *line, const char * const *part, u32 count)
{
	char want[1024] = "";
	u32 i;

	for (i = 0; i < count; i++)
		strcat(want, part[i]);
	EXPECT(!strcmp(line, want));
	if (strcmp(line, want))
		printf("# %s# %s", line, want);
}

static void trace_line_of_a_request(void)
{
	static const char * const known[] = {
		"{\"t\":200,\"us\":10200,\"n\":1,\"type\":\"control\",",
		"\"setup\":\"4105000000000a00\",\"dir\":\"out\",\"len\":10,\"actual\":10,",
		"\"data\":\"abababababababababab\",\"status\":\"ok\",",
		"\"known\":true,\"vendor\":true,\"op\":\"eeprom.program\"}\n",
	};
	static const char * const unknown[] = {
		"{\"t\":10400,\"us\":200,\"n\":2,\"type\":\"control\",",
		"\"setup\":\"c099010002000300\",\"dir\":\"in\",\"len\":3,\"actual\":0,",
		"\"data\":\"\",\"status\":\"stall\",\"known\":false,\"vendor\":true}\n",
	};
	static const char * const cdb[] = {
		"{\"t\":10600,\"us\":401,\"n\":3,\"type\":\"cdb\",",
		"\"cdb\":\"e1000000067b\",\"cdb_len\":6,",
		"\"cdb16\":\"e1000000067b00000000000000000000\",\"lun\":0,",
		"\"dir\":\"none\",\"len\":0,\"actual\":0,\"data\":\"\",\"status\":\"check\",",
		"\"known\":false,\"vendor\":true}\n",
	};
	static const u8 erase[6] = { 0xe1, 0, 0, 0, 0x06, 0x7b };
	char path[] = "/tmp/model-trace-XXXXXX", line[1024];
	int fd = mkstemp(path);
	FILE *f;

	box_open(LAB, DRIVE_DISK, 0);
	configure();
	close(fd);
	EXPECT_EQ(trace_open(&box.trace, path), 0);
	memset(box_data, 0xab, 10);
	box_control(0x41, 0x05, 0, 0, 10, &actual);
	box_control(0xc0, 0x99, 1, 2, 3, &actual);
	EXPECT_EQ(box_command(erase, sizeof(erase), false, 0, &actual), 1);
	close(box.trace.fd);
	box.trace.fd = -1;

	f = fopen(path, "r");
	EXPECT(f);
	if (!f)
		return;
	EXPECT(fgets(line, sizeof(line), f));
	expect_line(line, known, ARRAY_SIZE(known));
	EXPECT(fgets(line, sizeof(line), f));
	expect_line(line, unknown, ARRAY_SIZE(unknown));
	EXPECT(fgets(line, sizeof(line), f));
	expect_line(line, cdb, ARRAY_SIZE(cdb));
	EXPECT(!fgets(line, sizeof(line), f));
	fclose(f);
	unlink(path);
	box_close();
}

int main(void)
{
	RUN(internal_rom_without_a_table);
	RUN(table_replaces_ids_and_strings);
	RUN(options_win);
	RUN(interface_requests_need_a_configuration);
	RUN(endpoint_halt_by_request);
	RUN(table_by_vendor_request);
	RUN(power_cut_inside_of_a_write);
	RUN(power_cut_before_and_after_a_write);
	RUN(stalled_short_and_lost_writes);
	RUN(faulty_reads);
	RUN(hostile_descriptors_stay_in_their_room);
	RUN(trace_line_of_a_request);
	return tap_done();
}
