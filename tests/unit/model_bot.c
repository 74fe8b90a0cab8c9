// SPDX-License-Identifier: GPL-2.0-or-later
/* Bulk-Only Transport: its thirteen cases, its recovery, its faults. */
#include "bot.h"
#include "bytes.h"
#include "model_tap.h"

#define PACKET	512

/* What the device behind the transport wants to do with the next command. */
static struct {
	u8 dir;
	u64 length;
	bool fail;
	struct fault_plan plan;
	u32 finished;
	u32 ended;
	const char *why;
	u32 invalid;
	u32 stopped;
	u64 written;
	enum model_cut cut;
} dev;

static struct bot bot;
static u8 buf[65536];

static void start(void *ctx, struct command *c)
{
	(void)ctx;
	c->plan = dev.plan;
	c->failed = dev.fail;
	if (!dev.fail) {
		c->dev_dir = dev.dir;
		c->dev_length = dev.length;
	}
}

static int read_(void *ctx, struct command *c, u64 offset, u8 *out, u32 len)
{
	u32 i;

	(void)ctx;
	(void)c;
	for (i = 0; i < len; i++)
		out[i] = offset + i;
	return 0;
}

static int write_(void *ctx, struct command *c, u64 offset, const u8 *in, u32 len)
{
	(void)ctx;
	(void)c;
	(void)in;
	EXPECT_EQ(offset, dev.written);
	dev.written += len;
	return 0;
}

static void finish(void *ctx, struct command *c, enum model_cut cut)
{
	(void)ctx;
	(void)c;
	dev.finished++;
	dev.cut = cut;
}

static void end(void *ctx, struct command *c, const char *why)
{
	(void)ctx;
	(void)c;
	dev.ended++;
	dev.why = why;
}

static void invalid(void *ctx, const u8 *in, u32 len)
{
	(void)ctx;
	(void)in;
	(void)len;
	dev.invalid++;
}

static void stop(void *ctx, struct command *c)
{
	(void)ctx;
	(void)c;
	dev.stopped++;
}

static const struct command_ops ops = {
	.start = start, .read = read_, .write = write_, .finish = finish,
	.end = end, .invalid = invalid, .stop = stop,
};

static void begin(u8 dir, u64 length)
{
	bot_free(&bot);
	bot_init(&bot, &ops, NULL, PACKET, 1);
	memset(&dev, 0, sizeof(dev));
	dev.dir = dir;
	dev.length = length;
}

static int cbw(u32 length, bool in)
{
	u8 b[BOT_CBW_SIZE] = "USBC";
	u32 actual;

	put_le32(b + 4, 0x12345678);
	put_le32(b + 8, length);
	b[12] = in ? 0x80 : 0x00;
	b[14] = 6;
	return bot_from_host(&bot, b, sizeof(b), &actual);
}

static int in(u32 room, u32 *actual)
{
	return bot_to_host(&bot, buf, room, actual);
}

static int out(u32 len, u32 *actual)
{
	return bot_from_host(&bot, buf, len, actual);
}

/* The CSW comes and says this. */
static void expect_csw(u8 status, u32 residue)
{
	u32 actual;

	EXPECT_EQ(in(64, &actual), 0);
	EXPECT_EQ(actual, BOT_CSW_SIZE);
	EXPECT(!memcmp(buf, "USBS", 4));
	EXPECT_EQ(get_le32(buf + 4), 0x12345678);
	EXPECT_EQ(get_le32(buf + 8), residue);
	EXPECT_EQ(buf[12], status);
	EXPECT_EQ(bot.state, BOT_READY);
	EXPECT_EQ(dev.ended, 1);
}

/* The endpoint is halted, and stays so until it is cleared. */
static void expect_halt(bool is_in)
{
	u32 actual;

	EXPECT_EQ(is_in ? in(64, &actual) : out(64, &actual), -EPIPE);
	EXPECT_EQ(is_in ? in(64, &actual) : out(64, &actual), -EPIPE);
	bot_clear_halt(&bot, is_in);
}

static void case_1_hn_eq_dn(void)
{
	begin(BFP_DIR_NONE, 0);
	EXPECT_EQ(cbw(0, false), 0);
	expect_csw(0, 0);
	EXPECT_EQ(dev.finished, 1);
}

static void case_2_hn_lt_di(void)
{
	begin(BFP_DIR_IN, 36);
	EXPECT_EQ(cbw(0, true), 0);
	expect_csw(2, 0);
}

static void case_3_hn_lt_do(void)
{
	begin(BFP_DIR_OUT, 36);
	EXPECT_EQ(cbw(0, false), 0);
	expect_csw(2, 0);
	EXPECT_EQ(dev.finished, 0);
}

static void case_4_hi_gt_dn(void)
{
	begin(BFP_DIR_NONE, 0);
	EXPECT_EQ(cbw(100, true), 0);
	expect_halt(true);
	expect_csw(0, 100);
}

static void case_4_a_failed_command(void)
{
	begin(BFP_DIR_IN, 100);
	dev.fail = true;
	EXPECT_EQ(cbw(100, true), 0);
	expect_halt(true);
	expect_csw(1, 100);
	EXPECT_EQ(dev.finished, 0);
}

static void case_5_hi_gt_di_short_packet(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 36);
	EXPECT_EQ(cbw(255, true), 0);
	EXPECT_EQ(in(255, &actual), 0);
	EXPECT_EQ(actual, 36);
	expect_halt(true);
	expect_csw(0, 255 - 36);
}

static void case_5_hi_gt_di_whole_packet(void)
{
	u32 actual;

	begin(BFP_DIR_IN, PACKET);
	EXPECT_EQ(cbw(4096, true), 0);
	/* No short packet can end it: the stall does. */
	EXPECT_EQ(in(4096, &actual), -EPIPE);
	EXPECT_EQ(actual, PACKET);
	bot_clear_halt(&bot, true);
	expect_csw(0, 4096 - PACKET);
}

static void case_6_hi_eq_di(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 2 * PACKET + 10);
	EXPECT_EQ(cbw(2 * PACKET + 10, true), 0);
	EXPECT_EQ(in(PACKET, &actual), 0);
	EXPECT_EQ(actual, PACKET);
	EXPECT_EQ(in(PACKET, &actual), 0);
	EXPECT_EQ(buf[0], 0);
	EXPECT_EQ(buf[1], 1);
	EXPECT_EQ(in(PACKET, &actual), 0);
	EXPECT_EQ(actual, 10);
	expect_csw(0, 0);
}

static void case_7_hi_lt_di(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 100);
	EXPECT_EQ(cbw(36, true), 0);
	EXPECT_EQ(in(36, &actual), 0);
	EXPECT_EQ(actual, 36);
	expect_csw(2, 0);
}

static void case_8_hi_ne_do(void)
{
	begin(BFP_DIR_OUT, 100);
	EXPECT_EQ(cbw(100, true), 0);
	expect_halt(true);
	expect_csw(2, 100);
	EXPECT_EQ(dev.finished, 0);
}

static void case_9_ho_gt_dn(void)
{
	begin(BFP_DIR_NONE, 0);
	EXPECT_EQ(cbw(100, false), 0);
	expect_halt(false);
	expect_csw(0, 100);
}

static void case_10_ho_ne_di(void)
{
	begin(BFP_DIR_IN, 100);
	EXPECT_EQ(cbw(100, false), 0);
	expect_halt(false);
	expect_csw(2, 100);
}

static void case_11_ho_gt_do(void)
{
	u32 actual;

	begin(BFP_DIR_OUT, PACKET);
	EXPECT_EQ(cbw(3 * PACKET, false), 0);
	EXPECT_EQ(out(3 * PACKET, &actual), -EPIPE);
	EXPECT_EQ(actual, PACKET);
	EXPECT_EQ(dev.written, PACKET);
	expect_halt(false);
	expect_csw(0, 2 * PACKET);
	EXPECT_EQ(dev.finished, 1);
}

static void case_12_ho_eq_do(void)
{
	u32 actual;

	begin(BFP_DIR_OUT, PACKET + 5);
	EXPECT_EQ(cbw(PACKET + 5, false), 0);
	EXPECT_EQ(in(64, &actual), BOT_NAK);
	EXPECT_EQ(out(PACKET, &actual), 0);
	EXPECT_EQ(dev.finished, 0);
	EXPECT_EQ(out(5, &actual), 0);
	EXPECT_EQ(dev.finished, 1);
	EXPECT_EQ(dev.written, PACKET + 5);
	expect_csw(0, 0);
}

static void case_13_ho_lt_do(void)
{
	u32 actual;

	begin(BFP_DIR_OUT, 100);
	EXPECT_EQ(cbw(36, false), 0);
	EXPECT_EQ(out(36, &actual), 0);
	EXPECT_EQ(actual, 36);
	expect_csw(2, 0);
	EXPECT_EQ(dev.finished, 0);
	EXPECT_EQ(dev.written, 0);
}

static void short_data_out_is_a_phase_error(void)
{
	u32 actual;

	begin(BFP_DIR_OUT, 2 * PACKET);
	EXPECT_EQ(cbw(2 * PACKET, false), 0);
	EXPECT_EQ(out(100, &actual), 0);
	expect_halt(false);
	expect_csw(2, 2 * PACKET - 100);
	EXPECT_EQ(dev.finished, 0);
}

static void invalid_cbw_needs_reset_recovery(void)
{
	static const u32 lengths[] = { 0, 1, 30, 32, 512, 65536 };
	u32 i, actual;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		begin(BFP_DIR_NONE, 0);
		EXPECT_EQ(out(lengths[i], &actual), -EPIPE);
		EXPECT_EQ(dev.invalid, 1);
		/* Clearing the halts does not help ... */
		bot_clear_halt(&bot, true);
		bot_clear_halt(&bot, false);
		EXPECT_EQ(cbw(0, false), -EPIPE);
		EXPECT_EQ(in(64, &actual), -EPIPE);
		/* ... before the Bulk-Only reset. */
		bot_reset(&bot, "reset");
		EXPECT_EQ(cbw(0, false), -EPIPE);
		bot_clear_halt(&bot, true);
		bot_clear_halt(&bot, false);
		EXPECT_EQ(cbw(0, false), 0);
		expect_csw(0, 0);
	}
}

static void cbw_without_meaning_is_invalid(void)
{
	u8 b[BOT_CBW_SIZE] = "USBC";
	u32 actual, len;

	for (len = 0; len < 256; len++) {
		begin(BFP_DIR_NONE, 0);
		b[14] = len;
		if ((len & 0x1f) >= 1 && (len & 0x1f) <= 16)
			EXPECT_EQ(bot_from_host(&bot, b, sizeof(b), &actual), 0);
		else
			EXPECT_EQ(bot_from_host(&bot, b, sizeof(b), &actual), -EPIPE);
	}
	begin(BFP_DIR_NONE, 0);
	memcpy(b, "USBD", 4);
	b[14] = 6;
	EXPECT_EQ(bot_from_host(&bot, b, sizeof(b), &actual), -EPIPE);
}

static void nothing_to_say_is_nak(void)
{
	u32 actual;

	begin(BFP_DIR_NONE, 0);
	EXPECT_EQ(in(64, &actual), BOT_NAK);
	EXPECT_EQ(cbw(0, false), 0);
	/* A second CBW before the CSW was fetched. */
	EXPECT_EQ(cbw(0, false), BOT_NAK);
	expect_csw(0, 0);
}

static void reset_ends_a_command(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 2 * PACKET);
	EXPECT_EQ(cbw(2 * PACKET, true), 0);
	EXPECT_EQ(in(PACKET, &actual), 0);
	bot_reset(&bot, "reset");
	EXPECT_EQ(dev.ended, 1);
	EXPECT(dev.why && !strcmp(dev.why, "reset"));
	dev.ended = 0;
	dev.dir = BFP_DIR_NONE;
	dev.length = 0;
	EXPECT_EQ(cbw(0, false), 0);
	expect_csw(0, 0);
}

static void plan(enum fault_kind kind, enum fault_point point, u32 byte)
{
	dev.plan.kinds |= FAULT_BIT(kind);
	dev.plan.stop = kind;
	dev.plan.point = point;
	dev.plan.byte = byte;
}

static void fault_stall_at_byte(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 1024);
	plan(FAULT_STALL, FAULT_AT_DATA, 100);
	EXPECT_EQ(cbw(1024, true), 0);
	EXPECT_EQ(in(1024, &actual), -EPIPE);
	EXPECT_EQ(actual, 100);
	bot_clear_halt(&bot, true);
	expect_csw(1, 924);
}

static void fault_stall_at_start(void)
{
	begin(BFP_DIR_OUT, 64);
	plan(FAULT_STALL, FAULT_AT_START, 0);
	EXPECT_EQ(cbw(64, false), 0);
	expect_halt(false);
	expect_csw(1, 64);
	EXPECT_EQ(dev.finished, 0);
}

static void fault_stall_at_status(void)
{
	begin(BFP_DIR_NONE, 0);
	plan(FAULT_STALL, FAULT_AT_STATUS, 0);
	EXPECT_EQ(cbw(0, false), 0);
	expect_halt(true);
	expect_csw(0, 0);
}

static void fault_short(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 100);
	plan(FAULT_SHORT, FAULT_AT_DATA, 10);
	EXPECT_EQ(cbw(100, true), 0);
	EXPECT_EQ(in(100, &actual), 0);
	EXPECT_EQ(actual, 10);
	bot_clear_halt(&bot, true);
	expect_csw(0, 90);
}

static void fault_nak_lasts_until_reset(void)
{
	u32 actual;

	begin(BFP_DIR_IN, 100);
	plan(FAULT_NAK, FAULT_AT_DATA, 0);
	EXPECT_EQ(cbw(100, true), 0);
	EXPECT_EQ(in(100, &actual), BOT_NAK);
	bot_clear_halt(&bot, true);
	EXPECT_EQ(in(100, &actual), BOT_NAK);
	EXPECT_EQ(dev.stopped, 1);
	bot_reset(&bot, "reset");
	memset(&dev, 0, sizeof(dev));
	EXPECT_EQ(cbw(0, false), 0);
	expect_csw(0, 0);
}

static void fault_badcbw_needs_reset_recovery(void)
{
	u32 actual;

	begin(BFP_DIR_OUT, 100);
	plan(FAULT_BADCBW, FAULT_AT_START, 0);
	EXPECT_EQ(cbw(100, false), -EPIPE);
	EXPECT_EQ(dev.finished, 0);
	bot_clear_halt(&bot, false);
	EXPECT_EQ(out(100, &actual), -EPIPE);
	bot_reset(&bot, "reset");
	bot_clear_halt(&bot, true);
	bot_clear_halt(&bot, false);
	memset(&dev, 0, sizeof(dev));
	EXPECT_EQ(cbw(0, false), 0);
	expect_csw(0, 0);
}

static void fault_power_cut_in_data(void)
{
	u32 actual;

	begin(BFP_DIR_OUT, 64);
	plan(FAULT_POWERCUT, FAULT_AT_DATA, 20);
	EXPECT_EQ(cbw(64, false), 0);
	EXPECT_EQ(out(64, &actual), BOT_NAK);
	EXPECT_EQ(dev.written, 20);
	EXPECT_EQ(dev.finished, 1);
	EXPECT_EQ(dev.cut, MODEL_CUT_POWER);
	EXPECT_EQ(dev.stopped, 1);
}

static void fault_power_cut_without_data(void)
{
	begin(BFP_DIR_NONE, 0);
	plan(FAULT_POWERCUT, FAULT_AT_DATA, 7);
	EXPECT_EQ(cbw(0, false), 0);
	EXPECT_EQ(dev.finished, 1);
	EXPECT_EQ(dev.cut, MODEL_CUT_POWER);
	EXPECT_EQ(dev.stopped, 1);
}

static void fault_csw(void)
{
	u32 actual;

	begin(BFP_DIR_NONE, 0);
	dev.plan.kinds = FAULT_BIT(FAULT_BADTAG) | FAULT_BIT(FAULT_RESIDUE);
	dev.plan.residue = 4711;
	EXPECT_EQ(cbw(0, false), 0);
	EXPECT_EQ(in(13, &actual), 0);
	EXPECT_EQ(get_le32(buf + 4), 0x12345678 ^ 0xff);
	EXPECT_EQ(get_le32(buf + 8), 4711);

	begin(BFP_DIR_NONE, 0);
	dev.plan.kinds = FAULT_BIT(FAULT_CSW);
	dev.plan.csw = FAULT_CSW_TRUNCATED;
	EXPECT_EQ(cbw(0, false), 0);
	EXPECT_EQ(in(13, &actual), 0);
	EXPECT_EQ(actual, 7);

	begin(BFP_DIR_NONE, 0);
	dev.plan.kinds = FAULT_BIT(FAULT_CSW);
	dev.plan.csw = FAULT_CSW_LONG;
	EXPECT_EQ(cbw(0, false), 0);
	EXPECT_EQ(in(13, &actual), -EOVERFLOW);
	EXPECT_EQ(actual, 13);

	begin(BFP_DIR_NONE, 0);
	dev.plan.kinds = FAULT_BIT(FAULT_PHASE);
	EXPECT_EQ(cbw(0, false), 0);
	expect_csw(2, 0);
}

int main(void)
{
	RUN(case_1_hn_eq_dn);
	RUN(case_2_hn_lt_di);
	RUN(case_3_hn_lt_do);
	RUN(case_4_hi_gt_dn);
	RUN(case_4_a_failed_command);
	RUN(case_5_hi_gt_di_short_packet);
	RUN(case_5_hi_gt_di_whole_packet);
	RUN(case_6_hi_eq_di);
	RUN(case_7_hi_lt_di);
	RUN(case_8_hi_ne_do);
	RUN(case_9_ho_gt_dn);
	RUN(case_10_ho_ne_di);
	RUN(case_11_ho_gt_do);
	RUN(case_12_ho_eq_do);
	RUN(case_13_ho_lt_do);
	RUN(short_data_out_is_a_phase_error);
	RUN(invalid_cbw_needs_reset_recovery);
	RUN(cbw_without_meaning_is_invalid);
	RUN(nothing_to_say_is_nak);
	RUN(reset_ends_a_command);
	RUN(fault_stall_at_byte);
	RUN(fault_stall_at_start);
	RUN(fault_stall_at_status);
	RUN(fault_short);
	RUN(fault_nak_lasts_until_reset);
	RUN(fault_badcbw_needs_reset_recovery);
	RUN(fault_power_cut_in_data);
	RUN(fault_power_cut_without_data);
	RUN(fault_csw);
	bot_free(&bot);
	return tap_done();
}
