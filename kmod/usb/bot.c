// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CDBs by our own Bulk-Only Transport, for a bridge whose drive does not answer:
 * it has no SCSI device then, and its interface is of no use to usb-storage.
 *
 * Figures and order of recovery are those of the USB Mass Storage Class, Bulk-Only
 * Transport, revision 1.0, 5 and 6. Nothing is repeated here: what a command that
 * failed did to the chip is not known.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "bot.h"

#define CBW_SIZE		31
#define CBW_SIGNATURE		0x43425355	/* "USBC" */
#define CSW_SIZE		13
#define CSW_SIGNATURE		0x53425355	/* "USBS" */
#define CSW_FAILED		1
#define REQUEST_RESET		0xff
#define REQUEST_SENSE		0x03
#define SENSE_ASKED		18

/* Some bridges lose data that come at the heels of the command (PL-2507, PL-3507). */
#define AFTER_COMMAND_US	150
#define RECOVERY_TIMEOUT_MS	5000
#define SG_DATA_MAX		SZ_64K

/* What one command is, and by when it must have ended. */
struct command {
	const u8 *cdb;
	u32 cdb_len;
	enum bfp_dir dir;
	void *data;
	u32 len;
	unsigned long end;
	u32 actual;
	bool failed;		/* the device says so */
};

/**
 * struct way - the interface as a transport of one bridge
 * @t: the transport
 * @bot: the interface
 */
struct way {
	struct bridgefw_transport t;
	struct bot *bot;
};

#define to_way(x)	container_of(x, struct way, t)

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

/* Unplugged, or on its way to another driver: its endpoints are closed before we hear. */
static bool leaving(struct bot *bot)
{
	return READ_ONCE(bot->closed) || bot->udev->state == USB_STATE_NOTATTACHED ||
	       READ_ONCE(bot->intf->condition) != USB_INTERFACE_BOUND;
}

static int bulk(struct bot *bot, unsigned int pipe, void *data, u32 len, unsigned long end,
		u32 *actual)
{
	unsigned long now = jiffies;
	int got = 0, ret;

	*actual = 0;
	if (leaving(bot))
		return -ENODEV;
	if (!time_before(now, end))
		return -ETIMEDOUT;
	ret = usb_bulk_msg(bot->udev, pipe, data, len, &got,
			   max(jiffies_to_msecs(end - now), 1U));
	*actual = clamp(got, 0, (int)len);
	return ret && leaving(bot) ? -ENODEV : ret;
}

/* 5.3.4: the class reset, then both endpoints. 0 if the device took all of it. */
static int reset_recovery(struct bot *bot)
{
	int ret;

	ret = usb_control_msg(bot->udev, usb_sndctrlpipe(bot->udev, 0), REQUEST_RESET,
			      USB_TYPE_CLASS | USB_RECIP_INTERFACE, 0, bot->number, NULL, 0,
			      RECOVERY_TIMEOUT_MS);
	if (ret >= 0 && !leaving(bot))
		ret = usb_clear_halt(bot->udev, bot->in);
	if (ret >= 0 && !leaving(bot))
		ret = usb_clear_halt(bot->udev, bot->out);
	return min(ret, 0);
}

/* For a device that does not take even that. The interface stays ours. */
static void port_reset(struct bot *bot)
{
	int ret = usb_lock_device_for_reset(bot->udev, bot->intf);

	if (!ret) {
		WRITE_ONCE(bot->resetter, current);
		ret = usb_reset_device(bot->udev);
		WRITE_ONCE(bot->resetter, NULL);
		usb_unlock_device(bot->udev);
	}
	dev_info(&bot->udev->dev, "bridgefw: port reset: %d\n", ret);
}

/* Also after a timeout: what the device still holds of the command must go. */
static void recover(struct bot *bot)
{
	bool again = bot->troubled;

	bot->troubled = true;
	if (leaving(bot))
		return;
	if (again || reset_recovery(bot))
		if (!leaving(bot))
			port_reset(bot);
}

static int send_command(struct bot *bot, const struct command *c)
{
	u8 *cbw = bot->wrap;
	u32 sent;
	int ret;

	memset(cbw, 0, CBW_SIZE);
	put_le32(cbw, CBW_SIGNATURE);
	put_le32(cbw + 4, ++bot->tag);
	put_le32(cbw + 8, c->len);
	cbw[12] = c->dir == BFP_DIR_IN ? USB_DIR_IN : USB_DIR_OUT;
	cbw[14] = c->cdb_len;
	memcpy(cbw + 15, c->cdb, c->cdb_len);
	ret = bulk(bot, bot->out, cbw, CBW_SIZE, c->end, &sent);
	return ret ?: (sent == CBW_SIZE ? 0 : -EIO);
}

/* A halted endpoint ends the data phase early; the status says how it went. */
static int move_data(struct bot *bot, const struct command *c, u32 *moved)
{
	unsigned int pipe = c->dir == BFP_DIR_IN ? bot->in : bot->out;
	int ret;

	ret = bulk(bot, pipe, c->data, c->len, c->end, moved);
	return ret == -EPIPE ? usb_clear_halt(bot->udev, pipe) : ret;
}

/* One that does not come is asked for once more, when the halt is cleared (6.7.2). */
static int get_status(struct bot *bot, struct command *c, u32 moved)
{
	u8 *csw = bot->wrap;
	u32 got;
	int ret;

	ret = bulk(bot, bot->in, csw, CSW_SIZE, c->end, &got);
	if (ret == -EPIPE)
		ret = usb_clear_halt(bot->udev, bot->in) ?:
		      bulk(bot, bot->in, csw, CSW_SIZE, c->end, &got);
	else if (!ret && !got)	/* the end of data that were a multiple of a packet */
		ret = bulk(bot, bot->in, csw, CSW_SIZE, c->end, &got);
	if (ret)
		return ret;
	if (got != CSW_SIZE || get_le32(csw) != CSW_SIGNATURE ||
	    get_le32(csw + 4) != bot->tag || csw[12] > CSW_FAILED)
		return -EIO;
	c->failed = csw[12] == CSW_FAILED;
	c->actual = min(moved, c->len - min(get_le32(csw + 8), c->len));
	return 0;
}

/*
 * One command, all three phases: 0 if they ended as they should, whatever the
 * device says of it; else the device has been brought back to where it takes one.
 */
static int command(struct bot *bot, struct command *c)
{
	u32 moved = 0;
	int ret;

	ret = send_command(bot, c);
	if (!ret) {
		usleep_range(AFTER_COMMAND_US, 2 * AFTER_COMMAND_US);
		if (c->len)
			ret = move_data(bot, c, &moved);
	}
	if (!ret)
		ret = get_status(bot, c, moved);
	if (!ret) {
		bot->troubled = false;
		return 0;
	}
	recover(bot);
	if (leaving(bot))
		return -ENODEV;
	return ret == -ETIMEDOUT || ret == -ENOMEM ? ret : -EIO;
}

static void ask_sense(struct bot *bot, u8 *sense)
{
	static const u8 cdb[6] = { REQUEST_SENSE, 0, 0, 0, SENSE_ASKED, 0 };
	struct command c = {
		.cdb = cdb,
		.cdb_len = sizeof(cdb),
		.dir = BFP_DIR_IN,
		.len = SENSE_ASKED,
		.end = jiffies + msecs_to_jiffies(RECOVERY_TIMEOUT_MS),
	};

	c.data = kzalloc(SENSE_ASKED, GFP_KERNEL);
	if (c.data && !command(bot, &c) && !c.failed)
		memcpy(sense, c.data, c.actual);
	kfree(c.data);
}

static int way_cdb(struct bridgefw_transport *t, const u8 *cdb, u32 cdb_len, enum bfp_dir dir,
		   void *data, u32 len, u32 timeout_ms, u32 *actual, u8 *sense)
{
	struct bot *bot = to_way(t)->bot;
	struct command c = {
		.cdb = cdb,
		.cdb_len = cdb_len,
		.dir = dir,
		.data = data,
		.len = len,
	};
	int ret = -ENODEV;

	if (cdb_len < 1 || cdb_len > BFP_CDB_MAX)
		return -EOPNOTSUPP;
	mutex_lock(&bot->lock);
	if (!leaving(bot) && !READ_ONCE(t->gone)) {
		c.end = jiffies + msecs_to_jiffies(timeout_ms);
		ret = command(bot, &c);
		*actual = c.actual;
		if (!ret && c.failed) {
			ask_sense(bot, sense);
			ret = -EPIPE;
		}
	}
	mutex_unlock(&bot->lock);
	return ret;
}

static bool way_unplugged(struct bridgefw_transport *t)
{
	return to_way(t)->bot->udev->state == USB_STATE_NOTATTACHED;
}

static void way_release(struct bridgefw_transport *t)
{
	struct way *way = to_way(t);

	bridgefw_bot_put(way->bot);
	kfree(way);
}

static const struct bridgefw_transport_ops way_ops = {
	.owner = THIS_MODULE,
	.kind = BFP_TRANSPORT_BOT,
	.cdb = way_cdb,
	.unplugged = way_unplugged,
	.release = way_release,
};

/**
 * bridgefw_bot_new() - the interface as a transport
 * @bot: the interface
 *
 * Each bridge that stands for the device gets its own: whoever still holds that of
 * one that left finds it gone.
 *
 * Return: the transport with one reference, or NULL.
 */
struct bridgefw_transport *bridgefw_bot_new(struct bot *bot)
{
	struct way *way = kzalloc(sizeof(*way), GFP_KERNEL);

	if (!way)
		return NULL;
	bridgefw_transport_init(&way->t, &way_ops);
	way->t.interface = bot->number;
	way->t.type = BRIDGEFW_TYPE_UNKNOWN;
	way->t.most = SG_DATA_MAX;
	way->t.host = BRIDGEFW_HOST_NONE;
	kref_get(&bot->ref);
	way->bot = bot;
	return &way->t;
}

/**
 * bridgefw_bot_open() - prepare for an interface; nothing is sent
 * @intf: interface
 * @alt: its setting for Bulk-Only
 *
 * Return: with one reference; ERR_PTR(-EOPNOTSUPP) if it is not Bulk-Only, -ENOMEM.
 */
struct bot *bridgefw_bot_open(struct usb_interface *intf, struct usb_host_interface *alt)
{
	struct usb_device *udev = interface_to_usbdev(intf);
	struct usb_endpoint_descriptor *in, *out;
	struct bot *bot;

	if (usb_find_common_endpoints(alt, &in, &out, NULL, NULL))
		return ERR_PTR(-EOPNOTSUPP);
	bot = kzalloc(sizeof(*bot), GFP_KERNEL);
	if (!bot)
		return ERR_PTR(-ENOMEM);
	bot->wrap = kmalloc(CBW_SIZE, GFP_KERNEL);
	if (!bot->wrap) {
		kfree(bot);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&bot->ref);
	mutex_init(&bot->lock);
	bot->udev = usb_get_dev(udev);
	bot->intf = usb_get_intf(intf);
	bot->in = usb_rcvbulkpipe(udev, in->bEndpointAddress);
	bot->out = usb_sndbulkpipe(udev, out->bEndpointAddress);
	bot->number = alt->desc.bInterfaceNumber;
	return bot;
}

/** bridgefw_bot_close() - no command from now on; waits for the one under way */
void bridgefw_bot_close(struct bot *bot)
{
	WRITE_ONCE(bot->closed, true);
	mutex_lock(&bot->lock);
	mutex_unlock(&bot->lock);
}

/** bridgefw_bot_pause() - no command while somebody resets the port; unless it is ours */
void bridgefw_bot_pause(struct bot *bot)
{
	if (READ_ONCE(bot->resetter) != current)
		mutex_lock(&bot->lock);
}

/** bridgefw_bot_go_on() - undo bridgefw_bot_pause() */
void bridgefw_bot_go_on(struct bot *bot)
{
	if (READ_ONCE(bot->resetter) != current)
		mutex_unlock(&bot->lock);
}

static void bot_free(struct kref *ref)
{
	struct bot *bot = container_of(ref, struct bot, ref);

	usb_put_intf(bot->intf);
	usb_put_dev(bot->udev);
	kfree(bot->wrap);
	kfree(bot);
}

/** bridgefw_bot_put() - drop a reference */
void bridgefw_bot_put(struct bot *bot)
{
	kref_put(&bot->ref, bot_free);
}
