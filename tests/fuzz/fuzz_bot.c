// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hostile host: any URBs, through the USB/IP protocol, to an enclosure with
 * everything in it and faults armed. Nothing may happen but answers.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "model_box.h"
#include "usbip.h"

#define HEADER	48

static struct usbip usbip;
static int host = -1;

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

static void plug(void)
{
	int sv[2], size = 1 << 20;

	usbip_unplug(&usbip);
	if (host >= 0)
		close(host);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		abort();
	/* The device must never wait for this host to read. */
	setsockopt(sv[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	fcntl(sv[0], F_SETFL, O_NONBLOCK);
	host = sv[0];
	box_plug_in(&box);
	usbip_plug(&usbip, sv[1]);
}

static void drain(void)
{
	static u8 rest[65536];

	while (read(host, rest, sizeof(rest)) > 0)
		;
}

static void tell(const u8 *header, const u8 *data, u32 len)
{
	if (write(host, header, HEADER) != HEADER ||
	    (len && write(host, data, len) != (ssize_t)len))
		abort();
	if (usbip_receive(&usbip))
		plug();
	usbip_pump(&usbip);
	drain();
	if (box.next != BOX_GO_ON)
		plug();
}

static void submit(u8 endpoint, bool in, u32 len, const u8 *setup, const u8 *data)
{
	static u32 seq;
	u8 h[HEADER] = { 0 };

	seq++;
	put_be32(h, 1);
	put_be32(h + 4, seq & 0xff);
	put_be32(h + 12, in);
	put_be32(h + 16, endpoint);
	put_be32(h + 20, next() & 0x41);
	put_be32(h + 24, len);
	memcpy(h + 40, setup, 8);
	tell(h, data, in ? 0 : len);
}

static void submit_data(bool in)
{
	static const u32 lengths[] = { 13, 31, 36, 64, 255, 512, 513, 4096 };
	static u8 data[65536];
	u8 setup[8] = { 0 };
	u32 len = next();

	len = len & 0x80 ? len & 0x7f : lengths[len & 7];
	data[next()] = next();
	submit(in ? 1 : 2, in, len, setup, data);
}

static void submit_cbw(void)
{
	u8 cbw[BOT_CBW_SIZE] = "USBC", setup[8] = { 0 };
	u32 i;

	put_le32(cbw + 8, next() & 1 ? next16() : next());
	cbw[12] = next();
	cbw[13] = next() & 0x13;
	cbw[14] = 1 + (next() & 15);
	for (i = 15; i < sizeof(cbw); i++)
		cbw[i] = next();
	if (next() > 250)
		cbw[next() % sizeof(cbw)] ^= next();
	submit(2, false, sizeof(cbw), setup, cbw);
}

/* What the chip knows, with values from the input. */
static void submit_vendor(void)
{
	static const u8 cdbs[][BFP_CDB_MAX + 1] = {
		{ 8, 0xc0, 0x49, 0x44, 0x00, 0x08 },
		{ 11, 0xc1, 0x55, 0x4e, 0x4c, 0x4f, 0x06, 0x7b },
		{ 8, 0xc2, 0x00, 0x34, 0x12, 0x01, 0x00, 0x7f, 0xa1 },
		{ 6, 0xc3, 0x01, 0x01, 0x10, 0x00, 0xd3 },
		{ 6, 0xc4, 0, 0, 0, 0, 0x01 },
		{ 6, 0xc5, 0, 0, 0x01, 0, 0x5a },
		{ 10, 0xc7, 0x00, 0x00, 0x01, 0x00, 0x00, 0x04, 0x00, 0x00, 0x34 },
		{ 10, 0xc9, 0x00, 0x01, 0x00, 0x08, 0x11, 0x22, 0x44, 0x33, 0xaa },
	};
	const u8 *known = cdbs[next() % ARRAY_SIZE(cdbs)];
	u8 cbw[BOT_CBW_SIZE] = "USBC", setup[8] = { 0 }, at;

	cbw[8] = next();
	cbw[12] = next();
	cbw[14] = known[0];
	memcpy(cbw + 15, known + 1, BFP_CDB_MAX);
	at = next() & 31;
	if (at < BFP_CDB_MAX)
		cbw[15 + at] = next();
	submit(2, false, sizeof(cbw), setup, cbw);
}

static void submit_eeprom(void)
{
	static const u8 data[64] = { 1, 2, 3 };
	u8 setup[8] = { next() & 1 ? 0xc0 : 0x40 };

	setup[1] = setup[0] & 0x80 ? 0x20 : 0x21;
	setup[2] = next();
	setup[3] = next() & 0x07;
	setup[6] = next() & 0x3f;
	submit(0, setup[0] & 0x80, setup[6], setup, data);
}

static void submit_control(void)
{
	static const u8 types[] = { 0x80, 0x00, 0xc1, 0x41, 0x02, 0x82, 0xa1, 0x21 };
	static const u8 data[65536];
	u8 setup[8];
	u32 i, len;

	for (i = 0; i < sizeof(setup); i++)
		setup[i] = next();
	if (next() & 7) {
		setup[0] = types[setup[0] & 7];
		setup[1] &= 0x0f;
		setup[2] &= 0x03;
		setup[3] &= 0x07;
		setup[5] = 0;
		setup[7] &= 0x03;
	}
	len = get_le16(setup + 6);
	if (next() > 240)
		len = next();
	submit(0, setup[0] & 0x80, len, setup, data);
}

static void submit_garbage(void)
{
	u8 h[HEADER];
	u32 i;

	for (i = 0; i < sizeof(h); i++)
		h[i] = next();
	if (next() & 1)
		put_be32(h, 1 + (next() & 1));
	/* Data that is announced and never comes would be waited for. */
	put_be32(h + 12, 1);
	tell(h, NULL, 0);
}

static void unlink_urb(void)
{
	u8 h[HEADER] = { 0 };

	put_be32(h, 2);
	put_be32(h + 4, 1000);
	put_be32(h + 20, next());
	tell(h, NULL, 0);
}

static void arm_fault(void)
{
	static const char * const specs[] = {
		"stall@cdb", "short@cdb", "nak@cdb", "stall@control,n=3", "powercut@cdb,byte=3",
		"csw=long", "csw=truncated", "csw", "flaky@cdb", "flip=2:2@cdb,every", "sense",
		"residue=77", "phase", "overrun@cdb", "unplug@vendor,byte=9", "stall@cdb,status",
		"hostile-descriptors=string-huge", "reenumerate@cdb,end", "badtag", "readonly",
		"powercut@vendor,when=inside", "ignored@vendor", "stuckbusy", "idchange",
		"noerase=flash:0x1000", "readonly=flash:0x2000", "unplug@txn=4,vendor",
		"badcbw",
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
	box.realtime = false;
	plug();
	if (next() & 1)
		box.configuration = 1;
	while (left) {
		switch (next() & 15) {
		case 0 ... 2:
			submit_cbw();
			break;
		case 3:
			submit_vendor();
			break;
		case 4:
			submit_eeprom();
			break;
		case 5 ... 7:
			submit_data(true);
			break;
		case 8 ... 9:
			submit_data(false);
			break;
		case 10 ... 11:
			submit_control();
			break;
		case 12:
			unlink_urb();
			break;
		case 13:
			arm_fault();
			break;
		case 14:
			submit_garbage();
			break;
		case 15:
			bot_reset(&box.bot, "reset");
			bot_clear_halt(&box.bot, true);
			bot_clear_halt(&box.bot, false);
			break;
		}
	}
}

static void open_everything(void)
{
	box_open("tests/lab/profiles/lab-full.profile", DRIVE_DISK, ATA_SAT | ATA_DF | ATA_D8);
	box.luns = 3;
	box.lun[1].ata = ATA_SAT;
	box.lun[1].luns = 3;
	if (lun_open(&box.lun[1], DRIVE_DVD, NULL, "DVD") ||
	    lun_open(&box.lun[2], DRIVE_NONE, NULL, ""))
		abort();
	box.trace.fd = open("/dev/null", O_WRONLY);
	usbip_init(&usbip, &box);
}

int fuzz_one(const u8 *data, size_t size)
{
	if (!box.luns)
		open_everything();
	one_input(data, size);
	return 0;
}
