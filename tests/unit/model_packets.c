// SPDX-License-Identifier: GPL-2.0-or-later
/* A node's packets: its own requests, those to it, and bus resets. */
#include "bytes.h"
#include "fw/node.h"
#include "model_tap.h"
#include "wall.h"

static struct node node;
static struct lab1394_packet sent[32];
static u32 sent_count;
static int send_error;
static u32 asked;
static u32 resets;

static u32 done_rcode[8];
static u32 done_length;
static u8 done_data[64];
static u32 dones;

static int take(void *ctx, const struct lab1394_packet *p)
{
	(void)ctx;
	if (!send_error && sent_count < ARRAY_SIZE(sent))
		sent[sent_count++] = *p;
	return send_error;
}

static void request(void *ctx, const struct lab1394_packet *p)
{
	(void)ctx;
	(void)p;
	asked++;
}

static void reset(void *ctx)
{
	(void)ctx;
	resets++;
}

static const struct node_ops ops = { .send = take, .request = request, .reset = reset };

static void done(void *ctx, u32 rcode, const u8 *data, u32 length)
{
	(void)ctx;
	done_rcode[dones++ % ARRAY_SIZE(done_rcode)] = rcode;
	done_length = length;
	if (rcode == RCODE_COMPLETE && length)
		memcpy(done_data, data, length);
}

static void bus_reset(u32 generation)
{
	struct lab1394_packet p = { .type = LAB1394_BUS_RESET, .generation = generation,
				    .source = 0xffc2, .destination = 0xffc1 };

	node_receive(&node, &p, LAB1394_PACKET_HEAD);
}

static void begin(void)
{
	memset(&node, 0, sizeof(node));
	sent_count = 0;
	asked = 0;
	resets = 0;
	dones = 0;
	send_error = 0;
	node_init(&node, &ops, NULL);
}

static void answer(u32 tag, u32 rcode, u32 length)
{
	struct lab1394_packet p = { .type = LAB1394_ANSWER, .tag = tag, .rcode = rcode,
				    .length = length, .tcode = TCODE_READ_BLOCK };

	memset(p.data, 0x5a, sizeof(p.data));
	node_receive(&node, &p, LAB1394_PACKET_HEAD + length);
}

static void nobody_asks_before_a_bus_reset(void)
{
	begin();
	EXPECT_EQ(node_read(&node, 0xffc2, 0, 8, done, NULL), -ENOTCONN);
	bus_reset(3);
	EXPECT_EQ(resets, 1);
	EXPECT_EQ(node.generation, 3);
	EXPECT_EQ(node.id, 0xffc1);
	EXPECT_EQ(node_read(&node, 0xffc2, 0x1000, 8, done, NULL), 0);
	EXPECT_EQ(sent_count, 1);
	EXPECT_EQ(sent[0].type, LAB1394_SEND);
	EXPECT_EQ(sent[0].tcode, TCODE_READ_BLOCK);
	EXPECT_EQ(sent[0].generation, 3);
	EXPECT_EQ(sent[0].length, 8);
	EXPECT_EQ(sent[0].offset, 0x1000);
}

static void answers_find_who_asked(void)
{
	begin();
	bus_reset(1);
	node_read(&node, 0xffc2, 0, 8, done, NULL);
	node_read(&node, 0xffc2, 8, 4, done, NULL);
	answer(sent[1].tag, RCODE_COMPLETE, 4);
	EXPECT_EQ(dones, 1);
	EXPECT_EQ(done_length, 4);
	answer(sent[1].tag, RCODE_COMPLETE, 4);
	EXPECT_EQ(dones, 1);
	answer(sent[0].tag, RCODE_ADDRESS, 0);
	EXPECT_EQ(dones, 2);
	EXPECT_EQ(done_rcode[1], RCODE_ADDRESS);
	answer(12345, RCODE_COMPLETE, 4);
	EXPECT_EQ(dones, 2);
}

static void short_answers_are_none(void)
{
	begin();
	bus_reset(1);
	node_read(&node, 0xffc2, 0, 32, done, NULL);
	answer(sent[0].tag, RCODE_COMPLETE, 31);
	EXPECT_EQ(dones, 1);
	EXPECT_EQ(done_rcode[0], RCODE_DATA);
	node_read(&node, 0xffc2, 0, 32, done, NULL);
	answer(sent[1].tag, RCODE_COMPLETE, 40);
	EXPECT_EQ(done_rcode[1], RCODE_COMPLETE);
	EXPECT_EQ(done_length, 32);
}

static void bad_packets_are_dropped(void)
{
	struct lab1394_packet p = { .type = LAB1394_REQUEST, .tcode = TCODE_WRITE_BLOCK,
				    .length = 100 };

	begin();
	bus_reset(1);
	node_receive(&node, &p, LAB1394_PACKET_HEAD + 99);
	node_receive(&node, &p, 10);
	node_receive(&node, &p, 0);
	EXPECT_EQ(asked, 0);
	node_receive(&node, &p, LAB1394_PACKET_HEAD + 100);
	EXPECT_EQ(asked, 1);
	p.length = 0xffffffff;
	node_receive(&node, &p, sizeof(p));
	p.type = 77;
	p.length = 0;
	node_receive(&node, &p, sizeof(p));
	EXPECT_EQ(asked, 1);
	/* A request to read has no data with it. */
	p.type = LAB1394_REQUEST;
	p.tcode = TCODE_READ_BLOCK;
	p.length = 100;
	node_receive(&node, &p, LAB1394_PACKET_HEAD);
	EXPECT_EQ(asked, 2);
	/* An answer that is shorter than it says is none. */
	node_read(&node, 0xffc2, 0, 8, done, NULL);
	p.type = LAB1394_ANSWER;
	p.tag = sent[0].tag;
	p.length = 8;
	node_receive(&node, &p, LAB1394_PACKET_HEAD + 7);
	EXPECT_EQ(dones, 0);
}

static void lengths_are_bounded(void)
{
	static const u8 data[LAB1394_DATA_MAX + 1];

	begin();
	bus_reset(1);
	EXPECT_EQ(node_read(&node, 0xffc2, 0, 0, done, NULL), -EINVAL);
	EXPECT_EQ(node_read(&node, 0xffc2, 0, LAB1394_DATA_MAX + 1, done, NULL), -EINVAL);
	EXPECT_EQ(node_write(&node, 0xffc2, 0, data, sizeof(data), done, NULL), -EINVAL);
	EXPECT_EQ(node_write(&node, 0xffc2, 0, data, LAB1394_DATA_MAX, done, NULL), 0);
}

static void requests_are_bounded(void)
{
	u32 i;

	begin();
	bus_reset(1);
	for (i = 0; i < NODE_PENDING; i++)
		EXPECT_EQ(node_read(&node, 0xffc2, 0, 8, done, NULL), 0);
	EXPECT_EQ(node_read(&node, 0xffc2, 0, 8, done, NULL), -EBUSY);
	answer(sent[3].tag, RCODE_COMPLETE, 8);
	EXPECT_EQ(node_read(&node, 0xffc2, 0, 8, done, NULL), 0);
}

static void bus_reset_ends_requests(void)
{
	begin();
	bus_reset(1);
	node_read(&node, 0xffc2, 0, 8, done, NULL);
	node_write(&node, 0xffc2, 0, "1234", 4, done, NULL);
	bus_reset(2);
	EXPECT_EQ(dones, 2);
	EXPECT_EQ(done_rcode[0], RCODE_GENERATION);
	EXPECT_EQ(done_rcode[1], RCODE_GENERATION);
	answer(sent[0].tag, RCODE_COMPLETE, 8);
	EXPECT_EQ(dones, 2);
}

static void cancelled_requests_tell_nobody(void)
{
	int a, b;

	begin();
	bus_reset(1);
	node_read(&node, 0xffc2, 0, 8, done, &a);
	node_read(&node, 0xffc2, 0, 8, done, &b);
	node_cancel(&node, &a);
	answer(sent[0].tag, RCODE_COMPLETE, 8);
	EXPECT_EQ(dones, 0);
	answer(sent[1].tag, RCODE_COMPLETE, 8);
	EXPECT_EQ(dones, 1);
}

static void what_cannot_be_sent_is_not_waited_for(void)
{
	begin();
	bus_reset(1);
	send_error = -ENOTCONN;
	EXPECT_EQ(node_read(&node, 0xffc2, 0, 8, done, NULL), -ENOTCONN);
	bus_reset(2);
	EXPECT_EQ(dones, 0);
}

static void responses_carry_the_tag(void)
{
	struct lab1394_packet p = { .type = LAB1394_REQUEST, .tag = 99, .generation = 7,
				    .tcode = TCODE_READ_QUADLET, .length = 4 };

	begin();
	node_respond(&node, &p, RCODE_COMPLETE, "abcd", 4);
	EXPECT_EQ(sent[0].type, LAB1394_RESPONSE);
	EXPECT_EQ(sent[0].tag, 99);
	EXPECT_EQ(sent[0].generation, 7);
	EXPECT_EQ(sent[0].length, 4);
	EXPECT(!memcmp(sent[0].data, "abcd", 4));
	node_no_answer(&node, &p);
	EXPECT_EQ(sent[1].type, LAB1394_NO_ANSWER);
	EXPECT_EQ(sent[1].tag, 99);
}

static void late_answers_wait_for_their_time(void)
{
	struct lab1394_packet p = { .type = LAB1394_REQUEST, .tag = 5 };

	begin();
	EXPECT_EQ(node_timeout_ms(&node), -1);
	node_respond_later(&node, &p, RCODE_COMPLETE, NULL, 0, 30);
	EXPECT_EQ(sent_count, 0);
	EXPECT(node_timeout_ms(&node) >= 0 && node_timeout_ms(&node) <= 30);
	node_tick(&node, false);
	EXPECT_EQ(sent_count, 0);
	nap_ms(40);
	EXPECT_EQ(node_timeout_ms(&node), 0);
	node_tick(&node, false);
	EXPECT_EQ(sent_count, 1);
	EXPECT_EQ(node_timeout_ms(&node), -1);

	node_respond_later(&node, &p, RCODE_COMPLETE, NULL, 0, 100000);
	node_tick(&node, true);
	EXPECT_EQ(sent_count, 2);
	/* One that a bus reset has made pointless is not sent. */
	node_respond_later(&node, &p, RCODE_COMPLETE, NULL, 0, 100000);
	bus_reset(1);
	node_tick(&node, true);
	EXPECT_EQ(sent_count, 2);
}

static void answers_that_wait_are_bounded(void)
{
	struct lab1394_packet p = { .type = LAB1394_REQUEST };
	u32 i;

	begin();
	for (i = 0; i < NODE_HELD + 3; i++)
		node_respond_later(&node, &p, RCODE_COMPLETE, NULL, 0, 100000);
	EXPECT_EQ(sent_count, 3);
}

int main(void)
{
	RUN(nobody_asks_before_a_bus_reset);
	RUN(answers_find_who_asked);
	RUN(short_answers_are_none);
	RUN(bad_packets_are_dropped);
	RUN(lengths_are_bounded);
	RUN(requests_are_bounded);
	RUN(bus_reset_ends_requests);
	RUN(cancelled_requests_tell_nobody);
	RUN(what_cannot_be_sent_is_not_waited_for);
	RUN(responses_carry_the_tag);
	RUN(late_answers_wait_for_their_time);
	RUN(answers_that_wait_are_bounded);
	return tap_done();
}
