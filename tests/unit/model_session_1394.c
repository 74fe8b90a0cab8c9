// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vbridge as a program, on a FireWire bus that is nothing but a pair of sockets: what it
 * says, what it shows, and what it does when it is told to.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define main vbridge_main
#include "main.c"
#undef main

#include "bytes.h"
#include "fw/cable.h"
#include "fw/find.h"
#include "fw/node.h"
#include "model_tap.h"
#include "wall.h"

#define PLUGS	4

/* What the process that is the box has shown, for the one that is the card. */
struct shown {
	u32 plugs;
	struct lab1394_plug plug[PLUGS];
};

static struct shown *shown;
static int card_end[PLUGS], box_end[PLUGS];

int cable_load(void)
{
	return 0;
}

int cable_plug(struct lab1394_plug *plug)
{
	u32 i = shown->plugs;

	if (i == PLUGS)
		return -ENOSPC;
	plug->handle = 10 + i;
	plug->taken = plug->port < 0 ? 0 : plug->port;
	shown->plug[i] = *plug;
	shown->plugs++;
	return dup(box_end[i]);
}

ssize_t cable_receive(int fd, struct lab1394_packet *p)
{
	ssize_t n = recv(fd, p, sizeof(*p), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return 0;
	return n > 0 ? n : -ENOTCONN;
}

int cable_send(int fd, const struct lab1394_packet *p)
{
	return send(fd, p, sizeof(*p), MSG_NOSIGNAL) < 0 ? -errno : 0;
}

bool find_device(u64 guid, u16 node, char *name, size_t room)
{
	snprintf(name, room, "fw7");
	return guid == 0x0050770e00071002ull && node == 0xffc0;
}

static char dir[40];
static char sock[80], log_file[80];
static pid_t box_pid;

static const char *log_text(void)
{
	static char text[4096];
	FILE *f = fopen(log_file, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = 0;
	if (f)
		fclose(f);
	return text;
}

static bool says(const char *what)
{
	u32 i;

	for (i = 0; i < 300 && !strstr(log_text(), what); i++)
		nap_ms(10);
	return strstr(log_text(), what);
}

static void start(const char *chip, const char *option, const char *arg)
{
	const char * const argv[] = { "vbridge", "--bus", "1394", "--chip", chip, "--control", sock,
				      "--guid", "0050770e00071002", option, arg, NULL };
	u32 i;

	memset(shown, 0, sizeof(*shown));
	unlink(log_file);
	for (i = 0; i < PLUGS; i++) {
		int sv[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv))
			abort();
		card_end[i] = sv[0];
		box_end[i] = sv[1];
	}
	fflush(NULL);
	box_pid = fork();
	if (box_pid)
		return;
	if (!freopen(log_file, "w", stdout))
		_exit(99);
	optind = 1;
	exit(vbridge_main(!option ? 9 : arg ? 11 : 10, (char **)argv));
}

static int end(void)
{
	int status;
	u32 i;

	kill(box_pid, SIGTERM);
	waitpid(box_pid, &status, 0);
	for (i = 0; i < PLUGS; i++) {
		close(card_end[i]);
		close(box_end[i]);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a running vbridge replies to a command. */
static const char *tell(const char *line)
{
	static char reply[CTL_REPLY + 16];
	u32 i;

	for (i = 0; i < 200 && access(sock, F_OK); i++)
		nap_ms(10);
	*reply = 0;
	ctl_ask(sock, line, reply, sizeof(reply));
	return reply;
}

static void bus_reset(u32 plug)
{
	struct lab1394_packet p = { .type = LAB1394_BUS_RESET, .generation = 1,
				    .source = 0xffc1, .destination = 0xffc0 };

	EXPECT(send(card_end[plug], &p, LAB1394_PACKET_HEAD, 0) == LAB1394_PACKET_HEAD);
}

/* The next packet of the box's; false if none comes. */
static bool packet(u32 plug, struct lab1394_packet *p)
{
	struct pollfd fd = { .fd = card_end[plug], .events = POLLIN };

	return poll(&fd, 1, 3000) == 1 && recv(card_end[plug], p, sizeof(*p), 0) > 0;
}

static u32 read_quadlet(u32 plug, u64 offset)
{
	struct lab1394_packet p = { .type = LAB1394_REQUEST, .tag = 77, .generation = 1,
				    .tcode = TCODE_READ_QUADLET, .source = 0xffc1,
				    .destination = 0xffc0, .length = 4, .offset = offset };

	EXPECT(send(card_end[plug], &p, LAB1394_PACKET_HEAD, 0) == LAB1394_PACKET_HEAD);
	if (!packet(plug, &p) || p.type != LAB1394_RESPONSE || p.tag != 77 || p.rcode)
		return 0;
	return get_be32(p.data);
}

static void tells_where_it_is(void)
{
	start("pl3507", NULL, NULL);
	bus_reset(0);
	EXPECT(says("plugged in: 1394 fw7 (card 0 node 0) GUID 0050770e00071002 config ROM\n"));
	EXPECT_EQ(shown->plug[0].flags, LAB1394_LINK_ON);
	EXPECT_EQ(shown->plug[0].speed, 2);
	EXPECT_EQ(shown->plug[0].port, -1);
	EXPECT_EQ(read_quadlet(0, 0xfffff000040cull), 0x0050770e);
	EXPECT_EQ(read_quadlet(0, 0xfffff0000418ull), 0x03005077);
	EXPECT(strstr(tell("status\n"), "\"bus\":\"1394\",\"plugged\":true,\"busid\":\"fw7\","));
	EXPECT(strstr(tell("status\n"), "\"card\":0,\"handle\":10,"));
	EXPECT_EQ(end(), 0);
	EXPECT(says("unplugged: 1394 fw7 (card 0 node 0)\n"));
	EXPECT(access(sock, F_OK));
}

static void resets_the_bus_when_told_to(void)
{
	struct lab1394_packet p;

	start("pl3507", "--fault", "busreset@rom,n=2");
	bus_reset(0);
	EXPECT(says("plugged in"));
	EXPECT(!strncmp(tell("reset\n"), "ok", 2));
	EXPECT(packet(0, &p) && p.type == LAB1394_RESET);
	EXPECT_EQ(read_quadlet(0, 0xfffff0000404ull), 0x31333934);
	/* Instead of an answer. */
	EXPECT_EQ(read_quadlet(0, 0xfffff0000404ull), 0);
	EXPECT(!strncmp(tell("pull\n"), "ok", 2));
	EXPECT(!strncmp(tell("reset\n"), "error", 5));
	EXPECT_EQ(end(), 0);
}

static void switches_its_link(void)
{
	start("pl3507", "--link", "off");
	EXPECT(says("plugged in: 1394 phy10 (card 0 handle 10) GUID 0050770e00071002 link off\n"));
	EXPECT_EQ(shown->plug[0].flags, 0);
	EXPECT(strstr(tell("status\n"), "\"link\":false"));
	EXPECT(!strncmp(tell("link sideways\n"), "error", 5));
	bus_reset(1);
	EXPECT(!strncmp(tell("link on\n"), "ok", 2));
	EXPECT_EQ(shown->plugs, 2);
	EXPECT_EQ(shown->plug[1].flags, LAB1394_LINK_ON);
	EXPECT_EQ(end(), 0);
}

static void is_plugged_in_behind_another(void)
{
	start("pl3507", "--behind", "5");
	bus_reset(0);
	EXPECT(says("plugged in"));
	EXPECT_EQ(shown->plug[0].behind, 5);
	EXPECT_EQ(end(), 0);
}

static void shows_what_self_ids_it_is_told(void)
{
	start("pl3507", "--selfid", "807f8c56,1");
	bus_reset(0);
	EXPECT(says("plugged in"));
	EXPECT_EQ(shown->plug[0].self_ids, 2);
	EXPECT_EQ(shown->plug[0].self_id[0], 0x807f8c56);
	EXPECT_EQ(shown->plug[0].self_id[1], 1);
	EXPECT(shown->plug[0].flags & LAB1394_RAW);
	EXPECT_EQ(end(), 0);
}

/* Of a dead chip the PHY still repeats: so it stays on the bus. */
static void dead_is_a_repeater(void)
{
	start("lab-gone", NULL, NULL);
	EXPECT(says("dead: no valid firmware, and no way back\n"));
	EXPECT(says("plugged in: 1394 phy10 (card 0 handle 10) GUID 0050770e00071002 link off\n"));
	EXPECT_EQ(shown->plug[0].flags, 0);
	EXPECT_EQ(end(), 0);
}

static void blank_has_a_name(void)
{
	start("lab-oxfw911", "--blank", NULL);
	bus_reset(0);
	EXPECT(says("plugged in: 1394 node0 (card 0 node 0) GUID 0050770e00071002 no config "));
	EXPECT_EQ(read_quadlet(0, 0xfffff0090020ull), 0x4c393131);
	EXPECT_EQ(read_quadlet(0, 0xfffff0000400ull), 0);
	EXPECT_EQ(end(), 0);
}

/* Told by a quadlet to start anew, it goes and comes back. */
static void goes_and_comes_back(void)
{
	struct lab1394_packet p = { .type = LAB1394_REQUEST, .tag = 5, .generation = 1,
				    .tcode = TCODE_WRITE_QUADLET, .source = 0xffc1,
				    .destination = 0xffc0, .length = 4,
				    .offset = 0xfffff0090010ull };

	start("lab-oxfw911", "--no-boot-check", NULL);
	bus_reset(0);
	EXPECT(says("plugged in"));
	put_be32(p.data, 0x45646974);
	EXPECT(send(card_end[0], &p, LAB1394_PACKET_HEAD + 4, 0) > 0);
	EXPECT(packet(0, &p) && p.type == LAB1394_RESPONSE && !p.rcode);
	bus_reset(1);
	EXPECT_EQ(read_quadlet(1, 0xfffff0000404ull), 0x31333934);
	EXPECT_EQ(shown->plugs, 2);
	EXPECT_EQ(end(), 0);
}

int main(void)
{
	char top[512];

	strcpy(dir, "/tmp/model_session_1394.XXXXXX");
	shown = mmap(NULL, sizeof(*shown), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (shown == MAP_FAILED || !mkdtemp(dir) || !getcwd(top, sizeof(top)))
		abort();
	setenv("BRIDGEFW_TOP", top, 1);
	snprintf(sock, sizeof(sock), "%s/sock", dir);
	snprintf(log_file, sizeof(log_file), "%s/log", dir);
	RUN(tells_where_it_is);
	RUN(resets_the_bus_when_told_to);
	RUN(switches_its_link);
	RUN(is_plugged_in_behind_another);
	RUN(shows_what_self_ids_it_is_told);
	RUN(dead_is_a_repeater);
	RUN(blank_has_a_name);
	RUN(goes_and_comes_back);
	unlink(log_file);
	rmdir(dir);
	return tap_done();
}
