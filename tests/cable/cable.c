// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plugging: what firewire-core makes of nodes that come, go and hang on each other, and
 * the self-IDs that tell it.
 */
#include "node.h"

#include "../kselftest_harness.h"

#define LINK		0x00400000
#define CONTENDER	0x00000800
#define GAP		0x003f0000

#define GUID(n)		(0x0030e0f400000000ULL + (n))

FIXTURE(bus) {
	struct node nodes[4];
	int card;
};

FIXTURE_SETUP(bus)
{
	ASSERT_EQ(0, module_load());
	ASSERT_TRUE(eventually(5, (self->card = device_open(device_find(CARD_GUID))) >= 0));
	for (int i = 0; i < 4; i++) {
		node_init(&self->nodes[i], LAB1394_LINK_ON);
		rom_make(&self->nodes[i], GUID(i));
	}
}

FIXTURE_TEARDOWN(bus)
{
	for (int i = 0; i < 4; i++)
		node_stop(&self->nodes[i]);
	close(self->card);
	EXPECT_EQ(0, system("rmmod lab_1394"));
}

/* What stands on the bus now, but for what bus management changes. */
static int self_ids(int card, __u32 *ids)
{
	int count = topology_read(card, ids, 20);

	for (int i = 0; i < count; i++)
		ids[i] &= ~(GAP | 0x2);
	return count;
}

TEST_F(bus, node_with_a_rom_becomes_a_device)
{
	ASSERT_EQ(0, node_start(&self->nodes[0]));
	EXPECT_NE(0, self->nodes[0].plug.handle);
	EXPECT_EQ(0, self->nodes[0].plug.taken);
	ASSERT_TRUE(eventually(10, device_find(GUID(0)) >= 0));
	EXPECT_TRUE(node_wait(&self->nodes[0], 1, self->nodes[0].id == 0xffc0));
	EXPECT_EQ(0xffc1, self->nodes[0].card_id);
	node_stop(&self->nodes[0]);
	EXPECT_TRUE(eventually(10, device_find(GUID(0)) < 0));
}

TEST_F(bus, blank_node_is_on_the_bus_only)
{
	__u32 ids[20];
	int before = device_count();

	self->nodes[0].quadlets = 0;
	ASSERT_EQ(0, node_start(&self->nodes[0]));
	ASSERT_TRUE(node_wait(&self->nodes[0], 10, self->nodes[0].requests > 0));
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 2));
	EXPECT_EQ(0x80000000 | LINK | 2 << 14 | 2 << 6 | 1 << 4 | 1 << 2, ids[0]);
	EXPECT_EQ(0x81000000 | LINK | CONTENDER | 2 << 14 | 3 << 6 | 1 << 4 | 1 << 2, ids[1]);
	EXPECT_EQ(before, device_count());
}

TEST_F(bus, node_with_its_link_off_is_asked_nothing)
{
	__u32 ids[20];

	self->nodes[0].plug.flags = 0;
	ASSERT_EQ(0, node_start(&self->nodes[0]));
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 2));
	EXPECT_EQ(0, ids[0] & LINK);
	sleep(1);
	EXPECT_EQ(0, self->nodes[0].requests);
	EXPECT_EQ(0, self->nodes[0].resets);
}

/* The card, a node, one behind it with its link off, and one behind that. */
TEST_F(bus, chain_of_three)
{
	__u32 ids[20];

	self->nodes[1].plug.flags = LAB1394_CONTENDER;
	for (int i = 0; i < 3; i++) {
		if (i)
			self->nodes[i].plug.behind = self->nodes[i - 1].plug.handle;
		ASSERT_EQ(0, node_start(&self->nodes[i]));
		EXPECT_EQ(i ? 1 : 0, self->nodes[i].plug.taken);
	}
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 4));
	EXPECT_EQ(0x80000000 | LINK | 2 << 14 | 2 << 6 | 1 << 4 | 1 << 2, ids[0]);
	EXPECT_EQ(0x81000000 | CONTENDER | 2 << 14 | 2 << 6 | 3 << 4 | 1 << 2, ids[1]);
	EXPECT_EQ(0x82000000 | LINK | 2 << 14 | 2 << 6 | 3 << 4 | 1 << 2, ids[2]);
	EXPECT_EQ(0x83000000 | LINK | CONTENDER | 2 << 14 | 3 << 6 | 1 << 4 | 1 << 2, ids[3]);
	EXPECT_TRUE(eventually(10, device_find(GUID(0)) >= 0 && device_find(GUID(2)) >= 0));
	EXPECT_EQ(-1, device_find(GUID(1)));

	/* All behind the one that is pulled are cut off. */
	node_stop(&self->nodes[1]);
	EXPECT_TRUE(node_wait(&self->nodes[2], 3, self->nodes[2].gone));
	EXPECT_TRUE(eventually(3, self_ids(self->card, ids) == 2));
	EXPECT_TRUE(eventually(10, device_find(GUID(2)) < 0));
	EXPECT_LE(0, device_find(GUID(0)));
}

TEST_F(bus, star_by_port_order)
{
	__u32 ids[20];

	for (int i = 0; i < 3; i++) {
		self->nodes[i].plug.port = 2 - i;
		self->nodes[i].plug.power = i;
		self->nodes[i].plug.speed = i;
		ASSERT_EQ(0, node_start(&self->nodes[i]));
	}
	ASSERT_EQ(-ENOSPC, node_start(&self->nodes[3]));
	self->nodes[3].plug.behind = self->nodes[1].plug.handle;
	self->nodes[3].plug.port = 0;
	ASSERT_EQ(-EBUSY, node_start(&self->nodes[3]));
	self->nodes[3].plug.port = 2;
	ASSERT_EQ(0, node_start(&self->nodes[3]));
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 5));
	EXPECT_EQ(0x80000000 | LINK | 2 << 14 | 2 << 8 | 2 << 6 | 1 << 4 | 1 << 2, ids[0]);
	EXPECT_EQ(0x81000000 | LINK | 2 << 14 | 2 << 6 | 1 << 4 | 1 << 2, ids[1]);
	EXPECT_EQ(0x82000000 | LINK | 1 << 14 | 1 << 8 | 2 << 6 | 1 << 4 | 3 << 2, ids[2]);
	EXPECT_EQ(0x83000000 | LINK | 2 << 6 | 1 << 4 | 1 << 2, ids[3]);
	EXPECT_EQ(0x84000000 | LINK | CONTENDER | 2 << 14 | 3 << 6 | 3 << 4 | 3 << 2, ids[4]);
	for (int i = 0; i < 4; i++)
		EXPECT_TRUE(eventually(10, device_find(GUID(i)) >= 0));
	EXPECT_TRUE(node_wait(&self->nodes[3], 1, self->nodes[3].id == 0xffc1));
}

TEST_F(bus, given_self_ids_stand_on_the_bus)
{
	__u32 ids[20];

	/* Another PHY's number; 1 port, power class 4. */
	self->nodes[0].plug.self_ids = 1;
	self->nodes[0].plug.self_id[0] = 0x90000000 | LINK | 4 << 8 | 2 << 6;
	ASSERT_EQ(0, node_start(&self->nodes[0]));
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 2));
	EXPECT_EQ(0x80000000 | LINK | 4 << 8 | 2 << 6, ids[0]);
	node_stop(&self->nodes[0]);
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 1));

	/* As it is: nobody can make a tree of it, and nobody is hurt. */
	self->nodes[1].plug.flags |= LAB1394_RAW;
	self->nodes[1].plug.self_ids = 4;
	memset(self->nodes[1].plug.self_id, 0xff, sizeof(self->nodes[1].plug.self_id));
	ASSERT_EQ(0, node_start(&self->nodes[1]));
	ASSERT_TRUE(node_wait(&self->nodes[1], 3, self->nodes[1].resets > 0));
	node_stop(&self->nodes[1]);
	ASSERT_TRUE(eventually(3, self_ids(self->card, ids) == 1));
}

/* Another node in the place of one, faster than a reset: never the same one, changed. */
TEST_F(bus, swapped_between_resets)
{
	self->nodes[0].plug.self_ids = 1;
	self->nodes[0].plug.self_id[0] = 0x80000000 | LINK | 2 << 6;
	for (int i = 0; i < 20; i++) {
		struct node *node = &self->nodes[i & 1];

		ASSERT_EQ(0, node_start(node));
		ASSERT_EQ(0, node->plug.taken);
		if (i % 4 > 1)
			ASSERT_TRUE(node_wait(node, 3, node->requests > 0));
		node_stop(node);
	}
	ASSERT_EQ(0, node_start(&self->nodes[3]));
	EXPECT_TRUE(eventually(10, device_find(GUID(3)) >= 0));
}

TEST_F(bus, nonsense_is_refused)
{
	struct lab1394_packet packet = { .type = LAB1394_RESET };
	struct lab1394_plug plug = self->nodes[0].plug;
	int fd = open("/dev/lab1394", O_RDWR | O_NONBLOCK);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, read(fd, &packet, sizeof(packet)));
	EXPECT_EQ(ENOTCONN, errno);
	EXPECT_EQ(-ENOTCONN, packet_write(fd, &packet));
	plug.card = 2;
	EXPECT_EQ(-1, ioctl(fd, LAB1394_PLUG, &plug));
	EXPECT_EQ(ENODEV, errno);
	plug.card = 0;
	plug.behind = 12345;
	EXPECT_EQ(-1, ioctl(fd, LAB1394_PLUG, &plug));
	EXPECT_EQ(ENOENT, errno);
	plug.behind = 0;
	plug.port = 3;
	EXPECT_EQ(-1, ioctl(fd, LAB1394_PLUG, &plug));
	EXPECT_EQ(EINVAL, errno);
	plug.port = 2;
	ASSERT_EQ(0, ioctl(fd, LAB1394_PLUG, &plug));
	EXPECT_EQ(-1, ioctl(fd, LAB1394_PLUG, &plug));
	EXPECT_EQ(EBUSY, errno);
	packet.type = LAB1394_REQUEST;
	EXPECT_EQ(-EINVAL, packet_write(fd, &packet));
	packet.type = LAB1394_RESPONSE;
	packet.tag = 77;
	EXPECT_EQ(-EINVAL, packet_write(fd, &packet));
	packet.type = LAB1394_SEND;
	packet.tcode = 2;
	EXPECT_EQ(-EINVAL, packet_write(fd, &packet));
	packet.tcode = 4;
	packet.length = 4;
	packet.offset = CONFIG_ROM + 2;
	EXPECT_EQ(-EINVAL, packet_write(fd, &packet));
	packet.tcode = 5;
	packet.length = 2049;
	EXPECT_EQ(-EINVAL, packet_write(fd, &packet));
	EXPECT_EQ(-1, write(fd, &packet, 20));
	close(fd);
}

/* An open file holds the module. */
TEST_F(bus, module_stays_while_files_are_open)
{
	ASSERT_EQ(0, node_start(&self->nodes[0]));
	EXPECT_NE(0, system("rmmod lab_1394 2>/dev/null"));
}

TEST_HARNESS_MAIN
