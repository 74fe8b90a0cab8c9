// SPDX-License-Identifier: GPL-2.0-or-later
/* The grammar of --fault, and which transactions it strikes. */
#include "fault.h"
#include "model_tap.h"

static struct faults fs;

static int add(const char *spec)
{
	char err[256] = "";
	int ret = faults_add(&fs, spec, err, sizeof(err));

	if (ret)
		EXPECT(*err);
	return ret;
}

static const struct fault_event read_op = {
	.control = true, .vendor = true, .code = 0x06, .op = "eeprom.read", .in = true,
};

static const struct fault_event write_op = {
	.control = true, .vendor = true, .code = 0x05, .op = "eeprom.program",
};

static const struct fault_event read_10 = { .code = 0x28, .in = true };

static const struct fault_event vendor_cdb = { .vendor = true, .code = 0xd0, .in = true };

static const struct fault_event descriptor = { .control = true, .code = 0x06, .in = true };

static u32 kinds(const struct fault_event *ev)
{
	struct fault_plan plan;

	faults_plan(&fs, ev, &plan);
	return plan.kinds;
}

static void clear(void)
{
	memset(&fs, 0, sizeof(fs));
	fs.seed = 1;
}

static void good_specs_are_understood(void)
{
	static const char * const good[] = {
		"stall", "stall@op=eeprom.read", "short=8@vendor", "short@vendor:8", "badtag",
		"phase@cdb=28,n=3", "nak@control", "unplug@op=eeprom.program,byte=100",
		"powercut@op=eeprom.*,n=2,byte=7", "delay=500@cdb=28,every",
		"delay@cdb=28:500", "flip=0:7", "flaky", "csw", "csw=truncated",
		"residue=0xffff", "sense=3/11/00", "readonly", "readonly=eeprom",
		"stuckbit=0x10:3", "stuckbit=16:3:1", "stuckbit=eeprom:0x10:3:1",
		"powercut@any,n=7", "hostile-descriptors=total-huge", "reenumerate@n=5-",
		"stall@n=2-4,status", "overrun@request=6", "sense", "stall@end",
		"unplug@start", "powercut@txn=7", "powercut@txn=7,byte=3", "unplug@txn=2-,vendor",
		"powercut@txn=7,when=before", "powercut@vendor,n=3,when=inside",
		"powercut@op=flash.program,when=inside,byte=9", "unplug@any,n=2,when=after",
		"ignored@op=flash.erase-sector", "ignored", "idchange", "idchange@op=identify,n=2",
		"stuckbusy@op=flash.erase-sector", "stuckbusy", "readonly=flash:0xf000",
		"readonly=4096", "badcbw@op=flash.read", "noerase=flash:0xf000", "noerase", "noerase=flash",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		clear();
		EXPECT_EQ(add(good[i]), 0);
		if (fs.count != 1)
			printf("# %s\n", good[i]);
	}
}

static void bad_specs_are_refused(void)
{
	static const char * const bad[] = {
		"", "stahl", "stall=3", "short=x", "delay", "delay=-1", "flip=1", "flip=0:8",
		"csw=none", "residue", "sense=1/2", "sense=10/0/0", "stuckbit", "stuckbit=1:9",
		"stuckbit=1:2:3", "stuckbit=eeprom", "stuckbit=eeprom:1", "readonly=eeprom:x",
		"stall@", "stall@n=0", "stall@n=3-2", "stall@n=", "stall@cdb=100",
		"stall@cdb=xx", "stall@op", "stall@every=1", "stall@byte", "stall@byte=-1",
		"stall@soon", "short=1@vendor:2", "readonly@vendor", "stall@n=99999999999",
		"powercut@txn", "powercut@txn=0", "powercut@when=soon", "powercut@when",
		"powercut@byte=3,when=before", "unplug@when=after,byte=1", "ignored=3",
		"idchange=1", "stuckbusy=x", "noerase=flash:x", "noerase@vendor",
		"readonly=flash:0x10:1",
		"stall@op=a-name-that-is-much-longer-than-any-operation-could-have-one",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		clear();
		if (!*bad[i] || !strcmp(bad[i], "stall@"))
			continue;
		EXPECT_EQ(add(bad[i]), -EINVAL);
		if (fs.count)
			printf("# %s\n", bad[i]);
	}
}

static void too_many_are_refused(void)
{
	u32 i;

	clear();
	for (i = 0; i < FAULTS_MAX; i++)
		EXPECT_EQ(add("stall"), 0);
	EXPECT_EQ(add("stall"), -ENOSPC);
}

static void vendor_is_the_default(void)
{
	clear();
	add("stall");
	EXPECT_EQ(kinds(&descriptor), 0);
	EXPECT_EQ(kinds(&read_10), 0);
	EXPECT_EQ(kinds(&read_op), FAULT_BIT(FAULT_STALL));
	EXPECT_EQ(kinds(&read_op), 0);
}

static void any_is_any(void)
{
	clear();
	add("stall@any,n=2-3");
	EXPECT_EQ(kinds(&descriptor), 0);
	EXPECT_EQ(kinds(&read_10), FAULT_BIT(FAULT_STALL));
	EXPECT_EQ(kinds(&read_op), FAULT_BIT(FAULT_STALL));
	EXPECT_EQ(kinds(&read_op), 0);
}

static void states_name_their_memory(void)
{
	clear();
	add("stuckbit=eeprom:0x10:3:1");
	EXPECT(!strcmp(fs.list[0].op, "eeprom"));
	EXPECT_EQ(fs.list[0].value[0], 0x10);
	EXPECT_EQ(fs.list[0].value[1], 3);
	EXPECT_EQ(fs.list[0].value[2], 1);
	add("readonly=flash");
	EXPECT(!strcmp(fs.list[1].op, "flash"));
}

static void csw_faults_are_for_cdbs(void)
{
	clear();
	add("badtag");
	EXPECT_EQ(kinds(&read_op), 0);
	EXPECT_EQ(kinds(&read_10), FAULT_BIT(FAULT_BADTAG));
}

static void nth_is_counted_among_the_matching(void)
{
	clear();
	add("stall@op=eeprom.read,n=2");
	EXPECT_EQ(kinds(&read_op), 0);
	EXPECT_EQ(kinds(&write_op), 0);
	EXPECT_EQ(kinds(&vendor_cdb), 0);
	EXPECT_EQ(kinds(&read_op), FAULT_BIT(FAULT_STALL));
	EXPECT_EQ(kinds(&read_op), 0);
	EXPECT_EQ(fs.list[0].seen, 3);
	EXPECT_EQ(fs.list[0].hits, 1);
}

static void ranges_and_every(void)
{
	u32 i;

	clear();
	add("stall@vendor,n=2-3");
	add("delay=1@vendor,n=3-");
	add("badtag@cdb,every");
	for (i = 1; i <= 5; i++)
		EXPECT_EQ(kinds(&vendor_cdb),
			  (i == 2 || i == 3 ? FAULT_BIT(FAULT_STALL) : 0) |
			  (i >= 3 ? FAULT_BIT(FAULT_DELAY) : 0) | FAULT_BIT(FAULT_BADTAG));
}

static void opcodes_and_requests(void)
{
	clear();
	add("stall@cdb=28");
	add("nak@request=05");
	EXPECT_EQ(kinds(&vendor_cdb), 0);
	EXPECT_EQ(kinds(&read_op), 0);
	EXPECT_EQ(kinds(&read_10), FAULT_BIT(FAULT_STALL));
	EXPECT_EQ(kinds(&write_op), FAULT_BIT(FAULT_NAK));
}

static void operations_by_prefix(void)
{
	clear();
	add("delay=1@op=eeprom.*,every");
	EXPECT_EQ(kinds(&read_op), FAULT_BIT(FAULT_DELAY));
	EXPECT_EQ(kinds(&write_op), FAULT_BIT(FAULT_DELAY));
	EXPECT_EQ(kinds(&vendor_cdb), 0);
}

static void first_stop_wins(void)
{
	struct fault_plan plan;

	clear();
	add("powercut@op=eeprom.program,byte=9");
	add("stall@op=eeprom.program");
	faults_plan(&fs, &write_op, &plan);
	EXPECT_EQ(plan.stop, FAULT_POWERCUT);
	EXPECT_EQ(plan.point, FAULT_AT_DATA);
	EXPECT_EQ(plan.byte, 9);
	EXPECT(fault_stops(&plan, FAULT_AT_DATA));
	EXPECT(!fault_stops(&plan, FAULT_AT_START));
}

static const struct fault_event erase_op = {
	.vendor = true, .code = 0xc3, .op = "flash.erase-sector",
};

static const struct fault_event poll_op = {
	.vendor = true, .code = 0xc4, .op = "flash.erase-sector", .in = true,
};

static const struct fault_event identify_op = {
	.vendor = true, .code = 0xc0, .op = "identify", .in = true,
};

static void transactions_of_a_plug(void)
{
	u32 plug;

	clear();
	add("stall@txn=3");
	add("delay=1@txn=2,vendor");
	for (plug = 0; plug < 2; plug++) {
		EXPECT_EQ(kinds(&descriptor), 0);
		EXPECT_EQ(kinds(&erase_op), 0);
		EXPECT_EQ(kinds(&read_10), FAULT_BIT(FAULT_STALL));
		EXPECT_EQ(kinds(&poll_op), FAULT_BIT(FAULT_DELAY));
		EXPECT_EQ(kinds(&poll_op), 0);
		faults_plug_in(&fs);
	}
}

/* What is counted from when it was given goes on being so. */
static void plugging_in_does_not_restart_n(void)
{
	clear();
	add("stall@vendor,n=2");
	EXPECT_EQ(kinds(&erase_op), 0);
	faults_plug_in(&fs);
	EXPECT_EQ(kinds(&erase_op), FAULT_BIT(FAULT_STALL));
}

static void before_inside_after(void)
{
	static const struct {
		const char *spec;
		enum fault_point point;
	} cases[] = {
		{ "powercut@vendor,when=before", FAULT_AT_START },
		{ "powercut@vendor,when=inside", FAULT_AT_DATA },
		{ "powercut@vendor,when=after", FAULT_AT_END },
		{ "powercut@vendor,when=inside,byte=7", FAULT_AT_DATA },
		{ "powercut@vendor,byte=7,when=inside", FAULT_AT_DATA },
	};
	struct fault_plan plan;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		clear();
		EXPECT_EQ(add(cases[i].spec), 0);
		faults_plan(&fs, &erase_op, &plan);
		EXPECT(fault_stops(&plan, cases[i].point));
		EXPECT_EQ(fault_byte(&plan, 100), i < 3 ? 50 : 7);
		EXPECT_EQ(fault_byte(&plan, 4), i < 3 ? 2 : 4);
	}
}

static void ignored_is_for_what_changes_something(void)
{
	clear();
	add("ignored");
	EXPECT_EQ(kinds(&read_op), 0);
	EXPECT_EQ(kinds(&erase_op), FAULT_BIT(FAULT_IGNORED));
	EXPECT_EQ(kinds(&erase_op), 0);
}

static void busy_is_busy_for_ever(void)
{
	u32 i;

	clear();
	add("stuckbusy@op=flash.erase-*");
	for (i = 0; i < 100; i++)
		EXPECT_EQ(kinds(&poll_op), FAULT_BIT(FAULT_STUCKBUSY));
	EXPECT_EQ(kinds(&read_op), 0);
}

static void identify_changes_each_time(void)
{
	struct fault_plan plan;
	u32 i;

	clear();
	add("idchange");
	EXPECT_EQ(kinds(&read_op), 0);
	for (i = 1; i < 4; i++) {
		faults_plan(&fs, &identify_op, &plan);
		EXPECT_EQ(plan.vary, i);
	}
}

static void states_name_their_sector(void)
{
	clear();
	add("readonly=flash:0xf000");
	EXPECT(fs.list[0].part);
	EXPECT_EQ(fs.list[0].value[0], 0xf000);
	EXPECT(!strcmp(fs.list[0].op, "flash"));
	add("noerase");
	EXPECT(!fs.list[1].part && !*fs.list[1].op);
	EXPECT_EQ(kinds(&erase_op), 0);
}

static void states_strike_nothing(void)
{
	clear();
	add("readonly");
	add("stuckbit=1:2");
	add("hostile-descriptors=no-endpoints");
	EXPECT_EQ(kinds(&read_op), 0);
	EXPECT_EQ(kinds(&descriptor), 0);
}

static void flip_flips_one_bit(void)
{
	u8 data[16] = { 0 };
	struct fault_plan plan;

	clear();
	add("flip=9:4");
	faults_plan(&fs, &read_op, &plan);
	fault_spoil(&fs, &plan, 0, data, 8);
	EXPECT_EQ(data[1], 0);
	fault_spoil(&fs, &plan, 8, data + 8, 8);
	EXPECT_EQ(data[9], 0x10);
}

static void flaky_differs_each_time(void)
{
	struct fault_plan plan;
	u8 last = 0, data;
	u32 i;

	/* One byte, so that chance would soon hit the same bit again. */
	clear();
	add("flaky");
	for (i = 0; i < 200; i++) {
		data = 0;
		faults_plan(&fs, &read_op, &plan);
		fault_spoil(&fs, &plan, 0, &data, 1);
		EXPECT(data && data != last);
		last = data;
	}
}

int main(void)
{
	RUN(good_specs_are_understood);
	RUN(bad_specs_are_refused);
	RUN(too_many_are_refused);
	RUN(vendor_is_the_default);
	RUN(any_is_any);
	RUN(states_name_their_memory);
	RUN(csw_faults_are_for_cdbs);
	RUN(nth_is_counted_among_the_matching);
	RUN(ranges_and_every);
	RUN(opcodes_and_requests);
	RUN(operations_by_prefix);
	RUN(first_stop_wins);
	RUN(transactions_of_a_plug);
	RUN(plugging_in_does_not_restart_n);
	RUN(before_inside_after);
	RUN(ignored_is_for_what_changes_something);
	RUN(busy_is_busy_for_ever);
	RUN(identify_changes_each_time);
	RUN(states_name_their_sector);
	RUN(states_strike_nothing);
	RUN(flip_flips_one_bit);
	RUN(flaky_differs_each_time);
	return tap_done();
}
