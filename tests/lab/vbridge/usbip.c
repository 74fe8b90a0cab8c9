// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's virtual host controller hands over URBs and takes them back by
 * the USB/IP protocol: a header of 48 bytes, big-endian, then the data. URBs
 * wait in a queue for each endpoint; the device may let them wait for ever,
 * and the host may take back any that is not finished.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "usbip.h"

#define HEADER_SIZE	48
#define CMD_SUBMIT	1
#define CMD_UNLINK	2
#define RET_SUBMIT	3
#define RET_UNLINK	4

#define URB_SHORT_NOT_OK	0x0001
#define URB_LENGTH_MAX	(16u * 1024 * 1024)

/* A URB left behind by a short one is not served before the host could take it back. */
#define PARK_MS		50

enum urb_state {
	URB_WAITS,	/* the device has not answered */
	URB_HELD,	/* and never will */
	URB_DONE,	/* it has, but the answer is on its way until @due_ms */
	URB_PARKED,	/* behind a short transfer, until @due_ms */
};

struct urb {
	struct urb *next;
	enum urb_state state;
	u32 seq;
	bool in;
	u32 flags;
	u32 length;
	u8 setup[8];
	u8 *data;
	int status;
	u32 actual;
	u64 due_ms;
};

/**
 * usbip_init() - a device that is not plugged in
 * @u: to fill
 * @box: what hangs on it
 */
void usbip_init(struct usbip *u, struct box *box)
{
	memset(u, 0, sizeof(*u));
	u->box = box;
	u->fd = -1;
}

/**
 * usbip_plug() - the cable is in
 * @u: the device
 * @fd: socket whose other end the host controller has
 */
void usbip_plug(struct usbip *u, int fd)
{
	u->fd = fd;
	u->urbs = 0;
}

static void urb_free(struct urb *urb)
{
	free(urb->data);
	free(urb);
}

/**
 * usbip_unplug() - the cable is out: nothing that waits is ever answered
 * @u: the device
 */
void usbip_unplug(struct usbip *u)
{
	struct urb *urb;
	u32 q;

	for (q = 0; q < QUEUES; q++) {
		while (u->head[q]) {
			urb = u->head[q];
			u->head[q] = urb->next;
			urb_free(urb);
		}
	}
	if (u->fd >= 0) {
		shutdown(u->fd, SHUT_RDWR);
		close(u->fd);
	}
	u->fd = -1;
}

static int receive(int fd, void *buf, size_t len)
{
	u8 *p = buf;

	while (len) {
		ssize_t n = recv(fd, p, len, MSG_WAITALL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -ENOTCONN;
		p += n;
		len -= n;
	}
	return 0;
}

static int send_all(int fd, const void *buf, size_t len)
{
	const u8 *p = buf;

	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= n;
	}
	return 0;
}

/* If the other end has gone, the next receive tells. */
static void give_back(struct usbip *u, struct urb *urb)
{
	u8 h[HEADER_SIZE] = { 0 };

	put_be32(h, RET_SUBMIT);
	put_be32(h + 4, urb->seq);
	put_be32(h + 20, urb->status);
	put_be32(h + 24, urb->actual);
	if (!send_all(u->fd, h, sizeof(h)) && urb->in)
		send_all(u->fd, urb->data, urb->actual);
}

static enum queue queue_of(u32 endpoint, bool in)
{
	if (!endpoint)
		return QUEUE_CONTROL;
	if (in && endpoint == (USB_EP_IN & 0x0f))
		return QUEUE_IN;
	if (!in && endpoint == (USB_EP_OUT & 0x0f))
		return QUEUE_OUT;
	return QUEUES;
}

static int submit(struct usbip *u, const u8 *h)
{
	u32 endpoint = get_be32(h + 16);
	bool in = get_be32(h + 12);
	enum queue q = queue_of(endpoint, in);
	struct urb *urb, **at;
	int ret;

	urb = calloc(1, sizeof(*urb));
	if (!urb)
		return -ENOMEM;
	urb->seq = get_be32(h + 4);
	urb->in = in;
	urb->flags = get_be32(h + 20);
	urb->length = get_be32(h + 24);
	memcpy(urb->setup, h + 40, sizeof(urb->setup));
	if (urb->length > URB_LENGTH_MAX) {
		urb_free(urb);
		return -EPROTO;
	}
	/* A control request may ask for less room than its wLength says. */
	urb->data = calloc(1, urb->length + (q == QUEUE_CONTROL ? 65536 : 1));
	ret = urb->data ? 0 : -ENOMEM;
	if (!ret && !in)
		ret = receive(u->fd, urb->data, urb->length);
	if (ret) {
		urb_free(urb);
		return ret;
	}
	u->urbs++;
	if (q == QUEUES) {
		urb->status = -EPIPE;
		give_back(u, urb);
		urb_free(urb);
		return 0;
	}
	for (at = &u->head[q]; *at; at = &(*at)->next)
		if ((*at)->state == URB_PARKED)
			(*at)->state = URB_WAITS;
	*at = urb;
	return 0;
}

static int unlink_urb(struct usbip *u, const u8 *h)
{
	u32 seq = get_be32(h + 20), q;
	u8 r[HEADER_SIZE] = { 0 };
	struct urb *urb, **at;

	put_be32(r, RET_UNLINK);
	put_be32(r + 4, get_be32(h + 4));
	for (q = 0; q < QUEUES; q++) {
		for (at = &u->head[q]; *at; at = &(*at)->next) {
			if ((*at)->seq != seq)
				continue;
			urb = *at;
			*at = urb->next;
			urb_free(urb);
			put_be32(r + 20, -ECONNRESET);
			return send_all(u->fd, r, sizeof(r));
		}
	}
	/* It has been given back already. */
	return send_all(u->fd, r, sizeof(r));
}

/**
 * usbip_receive() - one message from the host
 * @u: the device
 *
 * Return: 0, or an error after which the cable is as good as pulled.
 */
int usbip_receive(struct usbip *u)
{
	u8 h[HEADER_SIZE];
	int ret = receive(u->fd, h, sizeof(h));

	if (ret)
		return ret;
	switch (get_be32(h)) {
	case CMD_SUBMIT:
		return submit(u, h);
	case CMD_UNLINK:
		return unlink_urb(u, h);
	}
	return -EPROTO;
}

/* The device's answer to a URB: a status, or BOT_NAK. */
static int serve(struct usbip *u, enum queue q, struct urb *urb)
{
	struct bot *bot = &u->box->bot;
	u16 length;
	int ret;

	switch (q) {
	case QUEUE_CONTROL:
		length = get_le16(urb->setup + 6);
		/* What the host announces and what it sends must be one. */
		if (!(urb->setup[0] & 0x80) && length != urb->length)
			return -EPROTO;
		ret = control_request(u->box, urb->setup, urb->data, &urb->actual);
		if (ret == BOT_NAK)
			urb->state = URB_HELD;
		if (urb->in && urb->actual > urb->length) {
			urb->actual = urb->length;
			return -EOVERFLOW;
		}
		return ret;
	case QUEUE_IN:
		ret = bot_to_host(bot, urb->data, urb->length, &urb->actual);
		break;
	default:
		ret = bot_from_host(bot, urb->data, urb->length, &urb->actual);
	}
	return ret;
}

static void park(struct urb *urb)
{
	for (; urb; urb = urb->next) {
		urb->state = URB_PARKED;
		urb->due_ms = now_ms() + PARK_MS;
	}
}

/* Serves the head of a queue. Returns whether something happened. */
static bool pump(struct usbip *u, enum queue q)
{
	struct urb *urb = u->head[q];

	if (!urb || urb->state == URB_HELD || u->fd < 0)
		return false;
	if (urb->state == URB_PARKED || urb->state == URB_DONE) {
		if (now_ms() < urb->due_ms)
			return false;
		if (urb->state == URB_PARKED)
			urb->state = URB_WAITS;
	}
	if (urb->state == URB_WAITS) {
		bool bulk = q != QUEUE_CONTROL;
		bool idle = u->box->bot.state == BOT_READY;

		if (bulk && !idle && now_ms() < u->not_before_ms)
			return false;
		u->box->hold_ms = 0;
		urb->status = serve(u, q, urb);
		/* How long a command takes shows in its data or status, not in its CBW. */
		if (bulk && (idle || u->box->hold_ms))
			u->not_before_ms = now_ms() + u->box->hold_ms;
		if (urb->status == BOT_NAK)
			return u->box->next != BOX_GO_ON;
		if (!urb->status && q == QUEUE_IN && urb->actual < urb->length &&
		    (urb->flags & URB_SHORT_NOT_OK)) {
			urb->status = -EREMOTEIO;
			park(urb->next);
		}
		urb->state = URB_DONE;
		urb->due_ms = now_ms() + (bulk ? 0 : u->box->hold_ms);
		if (now_ms() < urb->due_ms)
			return false;
	}
	u->head[q] = urb->next;
	give_back(u, urb);
	urb_free(urb);
	return true;
}

/**
 * usbip_hurry() - what is kept back is answered now
 * @u: the device
 */
void usbip_hurry(struct usbip *u)
{
	struct urb *urb;
	int q;

	u->not_before_ms = 0;
	for (q = 0; q < QUEUES; q++)
		for (urb = u->head[q]; urb; urb = urb->next)
			if (urb->state == URB_DONE)
				urb->due_ms = 0;
}

/**
 * usbip_pump() - serve what can be served
 * @u: the device
 */
void usbip_pump(struct usbip *u)
{
	bool progress = true;
	u32 q;

	while (progress && u->fd >= 0 && u->box->next == BOX_GO_ON) {
		progress = false;
		for (q = 0; q < QUEUES; q++)
			while (u->box->next == BOX_GO_ON && pump(u, q))
				progress = true;
	}
}

/**
 * usbip_timeout_ms() - when to pump again though nothing came
 * @u: the device
 *
 * Return: milliseconds, or -1: not before something comes.
 */
int usbip_timeout_ms(const struct usbip *u)
{
	u64 next = ~0ull, now = now_ms();
	u32 q;

	for (q = 0; q < QUEUES; q++) {
		const struct urb *urb = u->head[q];

		if (!urb)
			continue;
		if ((urb->state == URB_DONE || urb->state == URB_PARKED) && urb->due_ms < next)
			next = urb->due_ms;
		if (urb->state == URB_WAITS && q != QUEUE_CONTROL && u->not_before_ms > now &&
		    u->not_before_ms < next)
			next = u->not_before_ms;
	}
	if (next == ~0ull)
		return -1;
	return next <= now ? 0 : next - now;
}
