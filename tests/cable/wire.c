// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transactions in both directions, how they fail, and bus resets in their middle.
 */
#include "node.h"

#include "../kselftest_harness.h"

#define GUID		0x0030e0f4000000aaULL
#define REGISTER	(CSR_BASE + 0x10000)

#define SBP2_SPECIFIER	0x1200609e
#define SBP2_VERSION	0x13010483
#define MANAGEMENT	(CSR_BASE + 0x30000)

/* What the node does with a request to one of these registers */
#define DO_ANSWER	(REGISTER + 0x00)
#define DO_BUSY		(REGISTER + 0x04)
#define DO_DATA_ERROR	(REGISTER + 0x08)
#define DO_NOTHING	(REGISTER + 0x0c)
#define DO_TAKE		(REGISTER + 0x10)
#define DO_LATE		(REGISTER + 0x14)
#define DO_SLOWLY	(REGISTER + 0x18)
#define DO_BLOCK	(REGISTER + 0x100)

FIXTURE(wire) {
	struct node node;
	int fd;
	int card;
};

static bool answer(struct node *node, const struct lab1394_packet *request,
		   struct lab1394_packet *response)
{
	response->rcode = 0;
	response->length = request->tcode == 4 ? 4 : request->tcode == 5 ? request->length : 0;
	for (unsigned int i = 0; i < response->length; i++)
		response->data[i] = 0x10 + i;
	switch (request->offset) {
	case DO_BUSY:
		response->rcode = LAB1394_ACK_BUSY;
		response->length = 0;
		return true;
	case DO_DATA_ERROR:
		response->rcode = LAB1394_ACK_DATA;
		response->length = 0;
		return true;
	case DO_NOTHING:
		return false;
	case DO_TAKE:
		response->type = LAB1394_NO_ANSWER;
		response->length = 0;
		return true;
	case DO_LATE:
		response->rcode |= LAB1394_LATE;
		return true;
	case DO_SLOWLY:
		usleep(400000);
		return true;
	}
	return true;
}

FIXTURE_SETUP(wire)
{
	ASSERT_EQ(0, module_load());
	node_init(&self->node, LAB1394_LINK_ON);
	rom_make(&self->node, GUID);
	self->node.answer = answer;
	ASSERT_EQ(0, node_start(&self->node));
	ASSERT_TRUE(eventually(10, device_find(GUID) >= 0));
	ASSERT_TRUE(eventually(5, (self->fd = device_open(device_find(GUID))) >= 0));
	ASSERT_TRUE(eventually(5, (self->card = device_open(device_find(CARD_GUID))) >= 0));
	/* Bus management has its resets behind it. */
	ASSERT_TRUE(eventually(5, ({ unsigned int n = parameter("resets"); usleep(300000);
		n == parameter("resets"); })));
}

FIXTURE_TEARDOWN(wire)
{
	node_stop(&self->node);
	close(self->fd);
	close(self->card);
	EXPECT_EQ(0, system("rmmod lab_1394"));
}

TEST_F(wire, answers_arrive_as_they_were_given)
{
	__u8 data[2048];
	__u8 bytes[4];

	ASSERT_EQ(0, device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_ANSWER, bytes, 4));
	EXPECT_EQ(0, memcmp(bytes, "\x10\x11\x12\x13", 4));
	ASSERT_EQ(0, device_transact(self->fd, TCODE_READ_BLOCK_REQUEST, DO_BLOCK, data, 1000));
	for (int i = 0; i < 1000; i++)
		ASSERT_EQ((__u8)(0x10 + i), data[i]);
	EXPECT_EQ(0, device_transact(self->fd, TCODE_WRITE_QUADLET_REQUEST, DO_ANSWER, bytes, 4));
	EXPECT_EQ(0, device_transact(self->fd, TCODE_WRITE_BLOCK_REQUEST, DO_BLOCK, data, 1024));
	EXPECT_LT(0, parameter("requests"));
	EXPECT_LT(0, parameter("responses"));
}

TEST_F(wire, refusals_arrive_as_they_are)
{
	__u8 bytes[4];
	__u64 before = now_ms();

	EXPECT_EQ(RCODE_BUSY,
		  device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_BUSY, bytes, 4));
	EXPECT_EQ(RCODE_DATA_ERROR,
		  device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_DATA_ERROR, bytes, 4));
	EXPECT_GT(1500, now_ms() - before);
}

TEST_F(wire, silence_costs_the_split_timeout)
{
	static const __u64 registers[] = { DO_NOTHING, DO_TAKE, DO_LATE };
	__u8 bytes[4];

	for (int i = 0; i < 3; i++) {
		__u64 before = now_ms();

		EXPECT_EQ(RCODE_CANCELLED, device_transact(self->fd, TCODE_READ_QUADLET_REQUEST,
							   registers[i], bytes, 4));
		EXPECT_LE(1900, now_ms() - before);
		EXPECT_GT(4500, now_ms() - before);
	}
	/* The late answer has come and harmed nobody. */
	sleep(2);
	EXPECT_EQ(0, device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_ANSWER, bytes, 4));
	EXPECT_EQ(0, device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_SLOWLY, bytes, 4));
}

static void *transact_thread(void *arg)
{
	int *fd_rcode = arg;
	__u8 bytes[4];

	fd_rcode[1] = device_transact_at(fd_rcode[0], device_generation(fd_rcode[0]),
					 TCODE_READ_QUADLET_REQUEST, fd_rcode[2] ? DO_TAKE :
					 DO_NOTHING, bytes, 4);
	return NULL;
}

/* A file of its own, beside the served node: what is not read is not acknowledged. */
TEST_F(wire, unread_is_busy_and_unplugged_is_no_ack)
{
	int job[3] = { self->fd, -1, 0 };
	unsigned int before = self->node.requests;
	pthread_t thread;
	__u8 bytes[4];

	/* Its thread stops; the file stays open. */
	ASSERT_EQ(1, write(self->node.stop[1], "x", 1));
	pthread_join(self->node.thread, NULL);
	EXPECT_EQ(RCODE_BUSY,
		  device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_ANSWER, bytes, 4));
	ASSERT_EQ(0, pthread_create(&thread, NULL, transact_thread, job));
	usleep(300000);
	close(self->node.fd);
	self->node.fd = -1;
	pthread_join(thread, NULL);
	EXPECT_EQ(RCODE_NO_ACK, job[1]);
	EXPECT_EQ(before, self->node.requests);
}

TEST_F(wire, reset_in_the_middle)
{
	struct lab1394_packet reset = { .type = LAB1394_RESET };
	pthread_t thread;

	for (int taken = 0; taken < 2; taken++) {
		int job[3] = { self->fd, -1, taken };
		unsigned int requests = self->node.requests, resets = self->node.resets;

		ASSERT_EQ(0, pthread_create(&thread, NULL, transact_thread, job));
		ASSERT_TRUE(node_wait(&self->node, 3, self->node.requests > requests));
		if (taken)
			usleep(50000);
		ASSERT_EQ(0, packet_write(self->node.fd, &reset));
		ASSERT_TRUE(node_wait(&self->node, 3, self->node.resets > resets));
		pthread_join(thread, NULL);
		/* What was acknowledged waits for the split timeout. */
		EXPECT_EQ(taken ? RCODE_CANCELLED : RCODE_GENERATION, job[1]);
		sleep(1);
	}
}

TEST_F(wire, resets_by_the_hundred)
{
	struct lab1394_packet reset = { .type = LAB1394_RESET };
	unsigned int before = parameter("resets");
	__u8 bytes[4];
	int rcode;

	for (int i = 0; i < 400; i++) {
		ASSERT_EQ(0, packet_write(self->node.fd, &reset));
		rcode = device_transact_at(self->fd, device_generation(self->fd),
					   TCODE_READ_QUADLET_REQUEST, DO_ANSWER, bytes, 4);
		ASSERT_TRUE(rcode == 0 || rcode == RCODE_GENERATION) {
			TH_LOG("rcode %#x", rcode);
		}
		usleep(i % 7 * 3000);
	}
	EXPECT_LT(before + 100, parameter("resets"));
	EXPECT_TRUE(eventually(10, device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_ANSWER,
						   bytes, 4) == 0));
}

/* What was answered has been answered, though the cable is pulled at once. */
static bool answer_and_leave(struct node *node, const struct lab1394_packet *request,
			     struct lab1394_packet *response)
{
	response->rcode = 0;
	response->length = 4;
	packet_write(node->fd, response);
	close(node->fd);
	node->fd = -1;
	return false;
}

TEST_F(wire, last_answer_arrives)
{
	__u8 bytes[4];

	self->node.answer = answer_and_leave;
	EXPECT_EQ(0, device_transact_at(self->fd, device_generation(self->fd),
					TCODE_READ_QUADLET_REQUEST, DO_ANSWER, bytes, 4));
	EXPECT_TRUE(eventually(10, device_find(GUID) < 0));
	ASSERT_EQ(1, write(self->node.stop[1], "x", 1));
	pthread_join(self->node.thread, NULL);
}

/* Written to all: the node hears it, and its answer is nobody's. */
TEST_F(wire, broadcast_reaches_nodes)
{
	__u8 bytes[4] = "abc";
	struct fw_cdev_send_request request = {
		.tcode = TCODE_WRITE_QUADLET_REQUEST, .length = 4, .data = (unsigned long)bytes,
		.offset = REGISTER, .generation = device_generation(self->card),
	};
	unsigned int before = self->node.requests;

	ASSERT_EQ(0, ioctl(self->card, FW_CDEV_IOC_SEND_BROADCAST_REQUEST, &request));
	EXPECT_TRUE(node_wait(&self->node, 3, self->node.requests == before + 1));
	EXPECT_EQ(0, device_transact(self->fd, TCODE_READ_QUADLET_REQUEST, DO_ANSWER, bytes, 4));
}

static void *load_thread(void *arg)
{
	int fd = *(int *)arg;
	__u8 bytes[64];

	/* Until the device is gone. */
	for (int i = 0; i < 100000; i++) {
		if (device_transact_at(fd, device_generation(fd), TCODE_READ_BLOCK_REQUEST,
				       DO_BLOCK, bytes, 64) < 0)
			break;
	}
	return NULL;
}

TEST_F(wire, unplugged_under_load)
{
	pthread_t threads[4];
	int fds[4];

	for (int i = 0; i < 4; i++) {
		fds[i] = device_open(device_find(GUID));
		ASSERT_LE(0, fds[i]);
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, load_thread, &fds[i]));
	}
	usleep(700000);
	node_stop(&self->node);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		close(fds[i]);
	}
	EXPECT_LT(100, self->node.requests);
}

/* ---- nodes that ask -------------------------------------------------------------------- */

TEST_F(wire, card_answers_nodes)
{
	struct lab1394_packet ask = { .tcode = 4, .length = 4, .offset = CONFIG_ROM + 4 };
	struct node *node = &self->node;

	ASSERT_EQ(0, node_ask(node, &ask));
	EXPECT_EQ(0, memcmp(node->reply.data, "1394", 4));
	ask.tcode = 5;
	ask.length = 16;
	ask.offset = CONFIG_ROM + 4;
	ASSERT_EQ(0, node_ask(node, &ask));
	EXPECT_EQ(16, node->reply.length);
	EXPECT_EQ(0, memcmp(node->reply.data + 8, "\x00\x1f\x11\x00\x13\x94\xab\x00", 8));
	ask.length = 1024;
	EXPECT_EQ(7, node_ask(node, &ask));

	/* firewire-core's own */
	ask.length = 12;
	ask.offset = TOPOLOGY_MAP;
	ASSERT_EQ(0, node_ask(node, &ask));
	EXPECT_EQ(0, memcmp(node->reply.data + 8, "\x00\x02\x00\x02", 4));
	ask.tcode = 4;
	ask.length = 4;
	ask.offset = CSR_BASE + 0x8;
	ASSERT_EQ(0, node_ask(node, &ask));
	EXPECT_EQ(0, memcmp(node->reply.data, "\xff\xc1\x00\x00", 4));
	ask.offset = CSR_BASE + 0x80000;
	EXPECT_EQ(7, node_ask(node, &ask));

	/* bandwidth: what is there, by a swap that fails; then one that does not */
	ask.tcode = 9;
	ask.extcode = 2;
	ask.length = 8;
	ask.offset = CSR_BASE + 0x220;
	ASSERT_EQ(0, node_ask(node, &ask));
	EXPECT_EQ(4, node->reply.length);
	EXPECT_EQ(0, memcmp(node->reply.data, "\x00\x00\x13\x33", 4));
	memcpy(ask.data, "\x00\x00\x13\x33\x00\x00\x10\x00", 8);
	ASSERT_EQ(0, node_ask(node, &ask));
	memcpy(ask.data, "\x00\x00\x10\x00\x00\x00\x13\x33", 8);
	ASSERT_EQ(0, node_ask(node, &ask));
	EXPECT_EQ(0, memcmp(node->reply.data, "\x00\x00\x10\x00", 4));
	ask.extcode = 1;
	EXPECT_EQ(6, node_ask(node, &ask));

	/* Memory, of which it may have none */
	ask.tcode = 4;
	ask.extcode = 0;
	ask.length = 4;
	ask.offset = 0x1000000;
	EXPECT_EQ(6, node_ask(node, &ask));

	/* Not the card, not now */
	ask.destination = 0xffc5;
	EXPECT_EQ(0x13, node_ask(node, &ask));
	ask.destination = node->card_id;
	ask.generation ^= 0x80;
	EXPECT_EQ(0x12, node_ask(node, &ask));
}

/* The least of an SBP-2 target: it fetches what it is logged in with, from memory. */
static struct {
	pthread_mutex_t lock;
	__u64 orb;
} login = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool sbp2_answer(struct node *node, const struct lab1394_packet *request,
			struct lab1394_packet *response)
{
	__u64 orb = 0;

	response->rcode = 0;
	if (request->offset != MANAGEMENT || request->tcode != 1 || request->length != 8) {
		response->rcode = 7;
		return true;
	}
	for (int i = 2; i < 8; i++)
		orb = orb << 8 | request->data[i];
	pthread_mutex_lock(&login.lock);
	login.orb = orb;
	pthread_mutex_unlock(&login.lock);
	return true;
}

static __u64 login_orb(void)
{
	__u64 orb;

	pthread_mutex_lock(&login.lock);
	orb = login.orb;
	pthread_mutex_unlock(&login.lock);
	return orb;
}

TEST(sbp2_target_reaches_memory)
{
	struct lab1394_packet ask = { .tcode = 5, .length = 32 };
	struct node node;
	__u64 response;

	ASSERT_EQ(0, module_load());
	ASSERT_EQ(0, system("modprobe firewire-sbp2"));
	node_init(&node, LAB1394_LINK_ON);
	rom_make(&node, GUID);
	node.rom[5] = 0x00030000;
	node.rom[7] = 0x81000007;
	node.rom[8] = 0xd1000001;
	node.rom[9] = 0x00040000;
	node.rom[10] = SBP2_SPECIFIER;
	node.rom[11] = SBP2_VERSION;
	node.rom[12] = 0x54000000 | 0x30000 / 4;
	node.rom[13] = 0x14000000;
	node.rom[14] = 0x00030000;
	node.rom[17] = 0x6c616200;
	node.quadlets = 18;
	node.answer = sbp2_answer;
	ASSERT_EQ(0, node_start(&node));
	ASSERT_TRUE(eventually(15, login_orb()));

	for (int try = 0; try < 20; try++) {
		ask.offset = login_orb();
		ask.destination = 0;
		if (!node_ask(&node, &ask))
			break;
		usleep(300000);
	}
	ASSERT_EQ(0, node.reply.rcode);
	ASSERT_EQ(32, node.reply.length);
	/* A login, exclusive or not; where its answer goes is memory, too. */
	EXPECT_EQ(0x80, node.reply.data[16] & 0xef);
	response = be64toh(*(__u64 *)&node.reply.data[8]) & 0xffffffffffffULL;
	EXPECT_GT(1ULL << 32, response);
	ask.tcode = 1;
	ask.length = 16;
	ask.offset = response;
	ask.destination = 0;
	memset(ask.data, 0x77, 16);
	EXPECT_EQ(0, node_ask(&node, &ask));
	ask.tcode = 5;
	EXPECT_EQ(0, node_ask(&node, &ask));
	EXPECT_EQ(0x77, node.reply.data[15]);
	/* Where there is none */
	ask.offset = 0xfffff000;
	EXPECT_EQ(7, node_ask(&node, &ask));
	node_stop(&node);
	EXPECT_EQ(0, system("rmmod lab_1394"));
}

TEST_HARNESS_MAIN
