// SPDX-License-Identifier: GPL-2.0-or-later
/* An enclosure on USB: a port of the kernel's virtual host controller. */
#include "host.h"
#include "usbip.h"
#include "vhci.h"

#define LOOK_MS		10	/* how often to look whether the host has let go */
#define GONE_MS		5000	/* how long it may take to */

/**
 * struct usb_host - a box's end of a USB cable
 * @host: what the run sees of it
 * @usbip: the transfers
 * @wanted: port by option; -1: any
 * @port: where it is, or was last, plugged in; -1: nowhere yet
 */
struct usb_host {
	struct host host;
	struct usbip usbip;
	int wanted;
	int port;
};

static struct usb_host *usb_of(struct host *h)
{
	return (struct usb_host *)((char *)h - offsetof(struct usb_host, host));
}

static const struct usb_host *usb_of_const(const struct host *h)
{
	return (const struct usb_host *)((const char *)h - offsetof(struct usb_host, host));
}

static int usb_load(struct host *h)
{
	/* What is dead is never plugged in. */
	return h->box->dead ? 0 : vhci_load();
}

static int usb_plug(struct host *h)
{
	struct usb_host *u = usb_of(h);
	enum model_speed speed = h->box->clock.speed;
	int fd, ret;

	if (h->box->dead)
		return -EHOSTDOWN;
	/* Where it was before, if that place is still free. */
	ret = vhci_attach(u->wanted >= 0 ? u->wanted : u->port, speed, &fd);
	if (ret == -EBUSY && u->wanted < 0 && u->port >= 0)
		ret = vhci_attach(-1, speed, &fd);
	if (ret < 0)
		return ret;
	usbip_plug(&u->usbip, fd);
	h->fd = fd;
	u->port = ret;
	return 0;
}

/* Out of the port, and the host has taken notice. */
static void usb_unplug(struct host *h)
{
	struct usb_host *u = usb_of(h);
	u64 since = now_ms();

	usbip_unplug(&u->usbip);
	h->fd = -1;
	while ((!vhci_free(u->port) || (h->busid[0] && vhci_present(h->busid))) &&
	       now_ms() - since < GONE_MS)
		nap_ms(LOOK_MS);
}

static int usb_receive(struct host *h)
{
	struct usb_host *u = usb_of(h);
	int ret = usbip_receive(&u->usbip);

	h->transfers = u->usbip.urbs;
	return ret;
}

static void usb_pump(struct host *h)
{
	usbip_pump(&usb_of(h)->usbip);
}

static void usb_hurry(struct host *h)
{
	usbip_hurry(&usb_of(h)->usbip);
}

static int usb_timeout_ms(const struct host *h)
{
	return usbip_timeout_ms(&usb_of_const(h)->usbip);
}

static bool usb_settled(struct host *h)
{
	return h->box->configured && vhci_busid(usb_of(h)->port, h->busid) &&
	       vhci_enumerated(h->busid);
}

static void usb_place(const struct host *h, char *out, size_t room)
{
	snprintf(out, room, "vhci port %d", usb_of_const(h)->port);
}

static void usb_shows(const struct host *h, char *out, size_t room)
{
	const struct identity *id = &h->box->identity;

	snprintf(out, room, "%04x:%04x bcd %04x", id->vendor, id->product, id->bcd);
}

static void usb_status(const struct host *h, char *out, size_t room)
{
	const struct identity *id = &h->box->identity;

	snprintf(out, room, "\"port\":%d,\"ids\":\"%04x:%04x\",\"bcd\":\"%04x\",",
		 usb_of_const(h)->port, id->vendor, id->product, id->bcd);
}

static void usb_plug_error(const struct host *h, int ret, char *out, size_t room)
{
	int wanted = usb_of_const(h)->wanted;

	if (ret == -EBUSY && wanted < 0)
		snprintf(out, room, "every port of the virtual host controller is taken");
	else if (ret == -EBUSY)
		snprintf(out, room, "the port is taken");
	else if (ret == -EINVAL && wanted >= 0)
		snprintf(out, room, "there is no port %d for a USB 2.0 device", wanted);
	else
		snprintf(out, room, "cannot plug in: %s", strerror(-ret));
}

static const struct host_ops usb_ops = {
	.bus = "usb",
	.missing = "vhci_hcd",
	.load = usb_load,
	.plug = usb_plug,
	.unplug = usb_unplug,
	.receive = usb_receive,
	.pump = usb_pump,
	.hurry = usb_hurry,
	.timeout_ms = usb_timeout_ms,
	.settled = usb_settled,
	.place = usb_place,
	.shows = usb_shows,
	.status = usb_status,
	.plug_error = usb_plug_error,
};

/**
 * usb_host() - the box hangs on USB
 * @o: the options
 * @box: the box
 *
 * Return: its end of the cable, not plugged in.
 */
struct host *usb_host(const struct options *o, struct box *box)
{
	static struct usb_host u;

	u = (struct usb_host){
		.host = { .ops = &usb_ops, .box = box, .fd = -1 },
		.wanted = o->port,
		.port = -1,
	};
	usbip_init(&u.usbip, box);
	return &u.host;
}
