// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /dev/lab1394: a process that is a node. See lab_1394.h for what it reads and writes.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "cable.h"

#define RCODE_BITS	0xf
#define OFFSET_END	BIT_ULL(48)

static_assert(offsetof(struct lab1394_packet, data) == LAB1394_PACKET_HEAD);

/* ---- reading --------------------------------------------------------------------- */

/* Bytes that follow the head when a process reads it. */
static size_t data_length(const struct lab1394_packet *wire)
{
	switch (wire->type) {
	case LAB1394_REQUEST:
		if (wire->tcode == TCODE_READ_QUADLET_REQUEST ||
		    wire->tcode == TCODE_READ_BLOCK_REQUEST)
			return 0;
		return wire->length;
	case LAB1394_ANSWER:
		return wire->length;
	default:
		return 0;
	}
}

/*
 * Take the first message out, its content to node->out: bytes, -EAGAIN if there is none,
 * or an error. A request is what is answered from now on. Called with the card's lock;
 * what the caller has to free is left in @done.
 */
static ssize_t take(struct lab_card *card, struct lab_node *node, size_t count,
		    struct lab_message **done)
{
	struct lab_message *msg;
	size_t size;

	if (node->cut)
		return -EPIPE;
	msg = list_first_entry_or_null(&node->inbox, struct lab_message, link);
	if (!msg)
		return -EAGAIN;
	size = LAB1394_PACKET_HEAD + data_length(&msg->wire);
	if (size > count)
		return -EMSGSIZE;
	memcpy(&node->out, &msg->wire, size);
	if (msg == &node->news) {
		list_del_init(&msg->link);
	} else if (msg->unread) {
		msg->unread = false;
		msg->deadline = jiffies + msecs_to_jiffies(lab_ack_ms);
		list_move_tail(&msg->link, &node->asked);
		lab_tick_at(card, msg->deadline);
	} else {
		if (msg->broadcast)
			node->broadcasts--;
		else
			node->tlabels &= ~BIT_ULL(LAB_TLABEL(msg->header));
		list_del_init(&msg->link);
		*done = msg;
	}
	return size;
}

/* What is not plugged in has no lock, and nobody else who looks. */
static struct lab_card *node_card(struct lab_node *node)
{
	return READ_ONCE(node->card);
}

static bool readable(struct lab_node *node)
{
	struct lab_card *card = node_card(node);
	bool ready;

	spin_lock_irq(&card->lock);
	ready = node->cut || !list_empty(&node->inbox);
	spin_unlock_irq(&card->lock);
	return ready;
}

static ssize_t lab_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	struct lab_node *node = file->private_data;
	struct lab_card *card = node_card(node);
	struct lab_message *done = NULL;
	ssize_t ret;

	if (!card)
		return -ENOTCONN;
	if (mutex_lock_interruptible(&node->read_lock))
		return -ERESTARTSYS;
	for (;;) {
		spin_lock_irq(&card->lock);
		ret = take(card, node, count, &done);
		spin_unlock_irq(&card->lock);
		if (ret != -EAGAIN || file->f_flags & O_NONBLOCK)
			break;
		ret = wait_event_interruptible(node->wait, readable(node));
		if (ret)
			break;
	}
	kfree(done);
	if (ret > 0 && copy_to_user(to, &node->out, ret))
		ret = -EFAULT;
	mutex_unlock(&node->read_lock);
	return ret;
}

static __poll_t lab_poll(struct file *file, poll_table *table)
{
	struct lab_node *node = file->private_data;
	struct lab_card *card = node_card(node);
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &node->wait, table);
	if (!card)
		return EPOLLERR;
	spin_lock_irq(&card->lock);
	if (node->cut)
		mask = EPOLLHUP | EPOLLIN | EPOLLRDNORM;
	else if (!list_empty(&node->inbox))
		mask |= EPOLLIN | EPOLLRDNORM;
	spin_unlock_irq(&card->lock);
	return mask;
}

/* ---- writing ----------------------------------------------------------------------- */

/* What a response must be, of the request it answers. */
static bool response_valid(const struct lab1394_packet *wire, u32 tcode)
{
	u32 rcode = wire->rcode;

	if (wire->type == LAB1394_NO_ANSWER || rcode == LAB1394_ACK_BUSY ||
	    rcode == LAB1394_ACK_DATA)
		return !wire->length;
	if (rcode & ~(LAB1394_LATE | RCODE_BITS))
		return false;
	switch (tcode) {
	case TCODE_WRITE_QUADLET_REQUEST:
	case TCODE_WRITE_BLOCK_REQUEST:
		return !wire->length;
	case TCODE_READ_QUADLET_REQUEST:
		return wire->length == 4 || (rcode & RCODE_BITS && !wire->length);
	default:
		/* More or less than was asked for: a real node can, too. */
		return true;
	}
}

/* 1: taken by @msg, 0: nobody waits for it any more, or an error. With the card's lock. */
static int response_match(struct lab_node *node, struct lab_message *msg)
{
	const struct lab1394_packet *wire = &msg->wire;
	bool nack = wire->rcode == LAB1394_ACK_BUSY || wire->rcode == LAB1394_ACK_DATA;
	struct lab_message *request;

	list_for_each_entry(request, &node->asked, link) {
		if (request->wire.tag != wire->tag)
			continue;
		if (!response_valid(wire, request->wire.tcode))
			return -EINVAL;
		if (nack && !request->packet && !request->cancelled)
			return -ETIMEDOUT;
		list_del_init(&request->link);
		msg->request = request;
		return 1;
	}
	return wire->tag <= node->old_tag ? 0 : -EINVAL;
}

static int write_response(struct lab_card *card, struct lab_node *node, struct lab_message *msg)
{
	int ret;

	if (msg->wire.type == LAB1394_NO_ANSWER && msg->wire.rcode)
		return -EINVAL;
	ret = response_match(node, msg);
	if (ret == 1) {
		msg->kind = LAB_REPLY;
		lab_post(card, msg);
	}
	return ret;
}

/* Whether such a packet exists, and the node's link can send it. */
static bool ask_valid(const struct lab1394_packet *wire, u32 speed)
{
	if (wire->offset >= OFFSET_END || wire->offset + wire->length > OFFSET_END ||
	    wire->rcode || wire->destination > 0xffff)
		return false;
	switch (wire->tcode) {
	case TCODE_READ_QUADLET_REQUEST:
	case TCODE_WRITE_QUADLET_REQUEST:
		return wire->length == 4 && !(wire->offset & 3) && !wire->extcode;
	case TCODE_READ_BLOCK_REQUEST:
	case TCODE_WRITE_BLOCK_REQUEST:
		return wire->length && wire->length <= 512U << speed && !wire->extcode;
	case TCODE_LOCK_REQUEST:
		if (wire->offset & 3 || !wire->extcode || wire->extcode > EXTCODE_WRAP_ADD)
			return false;
		if (wire->extcode == EXTCODE_FETCH_ADD || wire->extcode == EXTCODE_LITTLE_ADD)
			return wire->length == 4 || wire->length == 8;
		return wire->length == 8 || wire->length == 16;
	default:
		return false;
	}
}

static int write_ask(struct lab_card *card, struct lab_node *node, struct lab_message *msg)
{
	unsigned int tlabel;

	if (!(node->plug.flags & LAB1394_LINK_ON))
		return -ENOLINK;
	if (!ask_valid(&msg->wire, node->plug.speed))
		return -EINVAL;
	if (!~node->tlabels)
		return -EBUSY;
	tlabel = ffz(node->tlabels);
	node->tlabels |= BIT_ULL(tlabel);
	msg->header[0] = tlabel << 10;
	msg->kind = LAB_ASK;
	lab_post(card, msg);
	return 1;
}

/* 1: @msg is on its way, 0: it was all, or an error. Called with the card's lock. */
static int write_message(struct lab_card *card, struct lab_node *node, struct lab_message *msg)
{
	if (node->cut)
		return -EPIPE;
	msg->node = node;
	switch (msg->wire.type) {
	case LAB1394_RESPONSE:
	case LAB1394_NO_ANSWER:
		return write_response(card, node, msg);
	case LAB1394_SEND:
		return write_ask(card, node, msg);
	case LAB1394_RESET:
		node->initiated = true;
		lab_bus_reset(card);
		return 0;
	default:
		return -EINVAL;
	}
}

/* Room for what is written, and for the answer to it; or an error. */
static ssize_t write_room(const struct lab1394_packet *head, size_t count)
{
	size_t data = count - LAB1394_PACKET_HEAD;
	bool read = head->tcode == TCODE_READ_QUADLET_REQUEST ||
		    head->tcode == TCODE_READ_BLOCK_REQUEST;

	if (head->length > LAB1394_DATA_MAX)
		return -EINVAL;
	switch (head->type) {
	case LAB1394_RESPONSE:
		break;
	case LAB1394_SEND:
		if (read && data)
			return -EINVAL;
		if (read)
			return head->length;
		break;
	default:
		if (head->length)
			return -EINVAL;
	}
	return data == head->length ? data : -EINVAL;
}

static ssize_t lab_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	struct lab_node *node = file->private_data;
	struct lab_card *card = node_card(node);
	struct lab1394_packet *wire;
	struct lab_message *msg;
	ssize_t room;
	int ret;

	if (!card)
		return -ENOTCONN;
	if (count < LAB1394_PACKET_HEAD || count > sizeof(*wire))
		return -EINVAL;
	wire = memdup_user(from, count);
	if (IS_ERR(wire))
		return PTR_ERR(wire);
	room = write_room(wire, count);
	if (room < 0) {
		kfree(wire);
		return room;
	}
	msg = lab_message_alloc(max_t(size_t, room, 4), GFP_KERNEL);
	if (!msg) {
		kfree(wire);
		return -ENOMEM;
	}
	memcpy(&msg->wire, wire, count);
	kfree(wire);

	spin_lock_irq(&card->lock);
	ret = write_message(card, node, msg);
	spin_unlock_irq(&card->lock);
	if (ret <= 0)
		kfree(msg);
	return ret < 0 ? ret : (ssize_t)count;
}

/* ---- plugging ----------------------------------------------------------------------- */

static long lab_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct lab_node *node = file->private_data;
	void __user *user = (void __user *)arg;
	struct lab1394_plug plug;
	int ret;

	if (cmd != LAB1394_PLUG)
		return -ENOTTY;
	if (copy_from_user(&plug, user, sizeof(plug)))
		return -EFAULT;
	/* Before it is plugged in, nobody reads and so holds this for long. */
	if (node_card(node))
		return -EBUSY;
	mutex_lock(&node->read_lock);
	ret = node_card(node) ? -EBUSY : lab_bus_plug(node, &plug);
	mutex_unlock(&node->read_lock);
	if (ret)
		return ret;
	/* The node stays; who cannot be told its handle has no use for it. */
	return copy_to_user(user, &plug, sizeof(plug)) ? -EFAULT : 0;
}

static int lab_open(struct inode *inode, struct file *file)
{
	struct lab_node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return -ENOMEM;
	INIT_LIST_HEAD(&node->link);
	INIT_LIST_HEAD(&node->inbox);
	INIT_LIST_HEAD(&node->asked);
	INIT_LIST_HEAD(&node->news.link);
	INIT_LIST_HEAD(&node->news.flight);
	INIT_LIST_HEAD(&node->leave.link);
	INIT_LIST_HEAD(&node->leave.flight);
	mutex_init(&node->read_lock);
	init_waitqueue_head(&node->wait);
	init_completion(&node->left);
	node->id = -1;
	file->private_data = node;
	return stream_open(inode, file);
}

/*
 * Nothing more reaches the node, at once; what it has sent arrives before its cable is
 * pulled.
 */
static int lab_release(struct inode *inode, struct file *file)
{
	struct lab_node *node = file->private_data;
	struct lab_card *card = node->card;

	if (card) {
		spin_lock_irq(&card->lock);
		if (node->id >= 0 && card->by_id[node->id] == node)
			card->by_id[node->id] = NULL;
		node->leave.node = node;
		node->leave.kind = LAB_LEAVE;
		lab_post(card, &node->leave);
		spin_unlock_irq(&card->lock);
		wait_for_completion(&node->left);
	}
	kfree(node);
	return 0;
}

static const struct file_operations lab_fops = {
	.owner = THIS_MODULE,
	.open = lab_open,
	.release = lab_release,
	.read = lab_read,
	.write = lab_write,
	.poll = lab_poll,
	.unlocked_ioctl = lab_ioctl,
};

static struct miscdevice lab_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lab1394",
	.fops = &lab_fops,
	.mode = 0600,
};

/**
 * lab_node_register() - let processes in
 *
 * Return: 0 or an error
 */
int lab_node_register(void)
{
	return misc_register(&lab_misc);
}

/**
 * lab_node_unregister() - no more of them; none is there
 */
void lab_node_unregister(void)
{
	misc_deregister(&lab_misc);
}
