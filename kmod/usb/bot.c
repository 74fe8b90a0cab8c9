// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CDBs by our own Bulk-Only Transport, for a bridge whose drive does not answer:
 * it has no SCSI device then, and its interface is of no use to usb-storage.
 *
 * The driver has no ids: it gets an interface only when somebody hands it one, and
 * gives it back when it is unbound. Figures and order of recovery are those of the
 * USB Mass Storage Class, Bulk-Only Transport, revision 1.0, 5 and 6.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/usb.h>

#include "bot.h"
#include "seat.h"

#define CBW_SIZE		31
#define CBW_SIGNATURE		0x43425355	/* "USBC" */
#define CSW_SIZE		13
#define CSW_SIGNATURE		0x53425355	/* "USBS" */
#define CSW_PASSED		0
#define CSW_FAILED		1
#define CSW_PHASE		2
#define REQUEST_RESET		0xff
#define REQUEST_SENSE		0x03
#define SENSE_ASKED		18

/* Some bridges lose data that come at the heels of the command (PL-2507, PL-3507). */
#define AFTER_COMMAND_US	150
#define RESET_TIMEOUT_MS	5000

/**
 * struct bot - an interface that was handed over
 * @t: the transport
 * @udev: device, referenced
 * @lock: one command at a time; whoever unbinds waits for its end
 * @closed: the interface is being given back
 * @in: pipe of the bulk-in endpoint
 * @out: of the bulk-out one
 * @number: of the interface
 * @tag: of the next command
 * @wrap: room for CBW and CSW, apart from anything else, since a device writes to it
 */
struct bot {
	struct bridgefw_transport t;
	struct usb_device *udev;
	struct mutex lock;		/* one command at a time */
	bool closed;
	unsigned int in;
	unsigned int out;
	u8 number;
	u32 tag;
	u8 *wrap;
};

#define to_bot(x)	container_of(x, struct bot, t)

static void put_le32(u8 *to, u32 value)
{
	to[0] = value;
	to[1] = value >> 8;
	to[2] = value >> 16;
	to[3] = value >> 24;
}

static u32 get_le32(const u8 *from)
{
	return from[0] | from[1] << 8 | from[2] << 16 | (u32)from[3] << 24;
}

static int bulk(struct bot *bot, unsigned int pipe, void *data, u32 len, u32 timeout_ms,
		u32 *actual)
{
	int got = 0, ret;

	if (READ_ONCE(bot->closed) || bot->udev->state == USB_STATE_NOTATTACHED)
		return -ENODEV;
	ret = usb_bulk_msg(bot->udev, pipe, data, len, &got, timeout_ms);
	*actual = clamp(got, 0, (int)len);
	return ret;
}

static void clear_halt(struct bot *bot, unsigned int pipe)
{
	if (!READ_ONCE(bot->closed))
		usb_clear_halt(bot->udev, pipe);
}

/* 5.3.4: the class reset, then both endpoints. The device is not asked for anything. */
static void reset_recovery(struct bot *bot)
{
	if (READ_ONCE(bot->closed))
		return;
	usb_control_msg(bot->udev, usb_sndctrlpipe(bot->udev, 0), REQUEST_RESET,
			USB_TYPE_CLASS | USB_RECIP_INTERFACE, 0, bot->number, NULL, 0,
			RESET_TIMEOUT_MS);
	clear_halt(bot, bot->in);
	clear_halt(bot, bot->out);
}

static int send_command(struct bot *bot, const u8 *cdb, u32 cdb_len, enum bfp_dir dir, u32 len,
			u32 timeout_ms)
{
	u8 *cbw = bot->wrap;
	u32 sent;
	int ret;

	memset(cbw, 0, CBW_SIZE);
	put_le32(cbw, CBW_SIGNATURE);
	put_le32(cbw + 4, ++bot->tag);
	put_le32(cbw + 8, len);
	cbw[12] = dir == BFP_DIR_IN ? 0x80 : 0;
	cbw[14] = cdb_len;
	memcpy(cbw + 15, cdb, cdb_len);
	ret = bulk(bot, bot->out, cbw, CBW_SIZE, timeout_ms, &sent);
	return ret ?: (sent == CBW_SIZE ? 0 : -EIO);
}

/* The status; one that does not come is asked for once more, when the halt is cleared. */
static int get_status(struct bot *bot, u32 timeout_ms, u32 len, u32 *residue)
{
	u8 *csw = bot->wrap;
	u32 got;
	int ret;

	ret = bulk(bot, bot->in, csw, CSW_SIZE, timeout_ms, &got);
	if (ret == -EPIPE) {
		clear_halt(bot, bot->in);
		ret = bulk(bot, bot->in, csw, CSW_SIZE, timeout_ms, &got);
	} else if (!ret && !got) {
		/* the end of a data phase that was a multiple of a packet */
		ret = bulk(bot, bot->in, csw, CSW_SIZE, timeout_ms, &got);
	}
	if (ret)
		return ret;
	if (got != CSW_SIZE || get_le32(csw) != CSW_SIGNATURE ||
	    get_le32(csw + 4) != bot->tag || csw[12] > CSW_FAILED)
		return -EPROTO;
	*residue = min(get_le32(csw + 8), len);
	return csw[12] == CSW_FAILED ? -EPIPE : 0;
}

/* One command, all three phases. -EPIPE if the device says that it failed. */
static int command(struct bot *bot, const u8 *cdb, u32 cdb_len, enum bfp_dir dir, void *data,
		   u32 len, u32 timeout_ms, u32 *actual)
{
	unsigned int pipe = dir == BFP_DIR_IN ? bot->in : bot->out;
	u32 residue = 0, moved = 0;
	int ret;

	ret = send_command(bot, cdb, cdb_len, dir, len, timeout_ms);
	if (ret)
		goto recover;
	if (len) {
		usleep_range(AFTER_COMMAND_US, 2 * AFTER_COMMAND_US);
		ret = bulk(bot, pipe, data, len, timeout_ms, &moved);
		if (ret == -EPIPE)
			clear_halt(bot, pipe);
		else if (ret)
			goto recover;
	}
	ret = get_status(bot, timeout_ms, len, &residue);
	if (ret && ret != -EPIPE)
		goto recover;
	*actual = min(moved, len - residue);
	return ret;

recover:
	/* After a timeout, too: what the device still holds of the command must go. */
	if (ret != -ENODEV && ret != -ESHUTDOWN)
		reset_recovery(bot);
	if (ret == -EPROTO || ret == -EOVERFLOW || ret == -EILSEQ || ret == -EPIPE)
		ret = -EIO;
	return ret;
}

static void ask_sense(struct bot *bot, u8 *sense)
{
	static const u8 cdb[6] = { REQUEST_SENSE, 0, 0, 0, SENSE_ASKED, 0 };
	u8 *data = kzalloc(SENSE_ASKED, GFP_KERNEL);
	u32 got = 0;

	if (data && !command(bot, cdb, sizeof(cdb), BFP_DIR_IN, data, SENSE_ASKED,
			     RESET_TIMEOUT_MS, &got))
		memcpy(sense, data, got);
	kfree(data);
}

static int bot_cdb(struct bridgefw_transport *t, const u8 *cdb, u32 cdb_len, enum bfp_dir dir,
		   void *data, u32 len, u32 timeout_ms, u32 *actual, u8 *sense)
{
	struct bot *bot = to_bot(t);
	int ret = -ENODEV;

	if (cdb_len < 1 || cdb_len > BFP_CDB_MAX)
		return -EOPNOTSUPP;
	mutex_lock(&bot->lock);
	if (!bot->closed) {
		ret = command(bot, cdb, cdb_len, dir, data, len, timeout_ms, actual);
		if (ret == -EPIPE)
			ask_sense(bot, sense);
		if (ret && bot->udev->state == USB_STATE_NOTATTACHED)
			ret = -ENODEV;
	}
	mutex_unlock(&bot->lock);
	return ret;
}

static bool bot_unplugged(struct bridgefw_transport *t)
{
	return to_bot(t)->udev->state == USB_STATE_NOTATTACHED;
}

static void bot_release(struct bridgefw_transport *t)
{
	struct bot *bot = to_bot(t);

	usb_put_dev(bot->udev);
	kfree(bot->wrap);
	kfree(bot);
}

static const struct bridgefw_transport_ops bot_ops = {
	.owner = THIS_MODULE,
	.kind = BFP_TRANSPORT_BOT,
	.cdb = bot_cdb,
	.unplugged = bot_unplugged,
	.release = bot_release,
};

static int bot_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct usb_host_interface *alt = intf->cur_altsetting;
	struct usb_device *udev = interface_to_usbdev(intf);
	struct usb_endpoint_descriptor *in, *out;
	struct bot *bot;
	int ret;

	if (alt->desc.bInterfaceClass != USB_CLASS_MASS_STORAGE ||
	    alt->desc.bInterfaceProtocol != USB_PR_BULK ||
	    usb_find_common_endpoints(alt, &in, &out, NULL, NULL))
		return -ENODEV;
	bot = kzalloc(sizeof(*bot), GFP_KERNEL);
	if (!bot)
		return -ENOMEM;
	bot->wrap = kmalloc(CBW_SIZE, GFP_KERNEL);
	if (!bot->wrap) {
		kfree(bot);
		return -ENOMEM;
	}
	bridgefw_transport_init(&bot->t, &bot_ops);
	mutex_init(&bot->lock);
	bot->udev = usb_get_dev(udev);
	bot->in = usb_rcvbulkpipe(udev, in->bEndpointAddress);
	bot->out = usb_sndbulkpipe(udev, out->bEndpointAddress);
	bot->number = alt->desc.bInterfaceNumber;
	bot->t.interface = bot->number;
	usb_set_intfdata(intf, bot);
	ret = bridgefw_seat_open(udev, &bot->t);
	if (ret) {
		usb_set_intfdata(intf, NULL);
		bridgefw_transport_put(&bot->t);
	}
	return ret;
}

/* The core has ended what was under way; the next driver must not meet the rest of it. */
static void bot_disconnect(struct usb_interface *intf)
{
	struct bot *bot = usb_get_intfdata(intf);

	WRITE_ONCE(bot->closed, true);
	bridgefw_seat_close(bot->udev, &bot->t);
	mutex_lock(&bot->lock);
	mutex_unlock(&bot->lock);
	usb_set_intfdata(intf, NULL);
	bridgefw_transport_put(&bot->t);
}

static const struct usb_device_id no_ids[] = { { } };

struct usb_driver bridgefw_bot_driver = {
	.name = "bridgefw_usb",
	.probe = bot_probe,
	.disconnect = bot_disconnect,
	.id_table = no_ids,
};
