// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One quadlet transaction, and what may be repeated of it.
 *
 * Not fw_run_transaction(): that copies as many bytes as the answer has, and a node may
 * answer a quadlet read with a block.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fw.h"

#define BUSY_PAUSE_MS	10

/**
 * struct transaction - one that is under way
 * @t: firewire-core's part
 * @done: the callback has been here, and firewire-core is through with @t
 * @rcode: how it ended
 * @read: an answer carries data
 * @quadlet: as on the wire
 */
struct transaction {
	struct fw_transaction t;
	struct completion done;
	int rcode;
	bool read;
	__be32 quadlet;
};

static void transaction_done(struct fw_card *card, int rcode, void *data, size_t length,
			     void *callback_data)
{
	struct transaction *x = callback_data;

	x->rcode = rcode;
	if (rcode == RCODE_COMPLETE && x->read) {
		if (data && length == sizeof(x->quadlet))
			memcpy(&x->quadlet, data, sizeof(x->quadlet));
		else
			x->rcode = RCODE_DATA_ERROR;
	}
	complete(&x->done);
}

/**
 * bridgefw_fw_transact() - one quadlet transaction, at S100
 * @way: the node
 * @write: else it is read
 * @address: 48 bits
 * @data: four bytes as on the wire, in or out
 *
 * Return: RCODE_*; an answer that is not one quadlet counts as RCODE_DATA_ERROR.
 * -ENOMEM.
 */
int bridgefw_fw_transact(const struct fwway *way, bool write, u64 address, u8 *data)
{
	struct transaction *x = kzalloc(sizeof(*x), GFP_KERNEL);
	int rcode;

	if (!x)
		return -ENOMEM;
	init_completion(&x->done);
	x->read = !write;
	if (write)
		memcpy(&x->quadlet, data, sizeof(x->quadlet));
	fw_send_request(way->card, &x->t,
			write ? TCODE_WRITE_QUADLET_REQUEST : TCODE_READ_QUADLET_REQUEST,
			way->node_id, way->generation, SCODE_100, address,
			&x->quadlet, sizeof(x->quadlet), transaction_done, x);
	if (!wait_for_completion_timeout(&x->done, msecs_to_jiffies(BRIDGEFW_1394_ANSWER_MS))) {
		/* Either this calls the callback, or somebody else is just about to. */
		fw_cancel_transaction(way->card, &x->t);
		wait_for_completion(&x->done);
	}
	rcode = x->rcode;
	if (rcode == RCODE_COMPLETE && !write)
		memcpy(data, &x->quadlet, sizeof(x->quadlet));
	kfree(x);
	return rcode;
}

/**
 * bridgefw_fw_ask() - the same, again while the node says that it is busy
 * @way: the node
 * @write: else it is read
 * @address: 48 bits
 * @data: four bytes as on the wire, in or out
 * @busy_ms: how long to be patient
 *
 * A node that is busy, or has a conflict, has not taken the request.
 *
 * Return: as bridgefw_fw_transact().
 */
int bridgefw_fw_ask(const struct fwway *way, bool write, u64 address, u8 *data, u32 busy_ms)
{
	unsigned long until = jiffies + msecs_to_jiffies(busy_ms);
	int rcode;

	for (;;) {
		rcode = bridgefw_fw_transact(way, write, address, data);
		if ((rcode != RCODE_BUSY && rcode != RCODE_CONFLICT_ERROR) ||
		    time_after(jiffies, until))
			return rcode;
		msleep(BUSY_PAUSE_MS);
	}
}

/**
 * bridgefw_fw_read() - a quadlet as a number, once
 * @way: the node
 * @address: 48 bits
 * @value: out
 *
 * Return: as bridgefw_fw_transact().
 */
int bridgefw_fw_read(const struct fwway *way, u64 address, u32 *value)
{
	__be32 data;
	int rcode = bridgefw_fw_transact(way, false, address, (u8 *)&data);

	if (rcode == RCODE_COMPLETE)
		*value = be32_to_cpu(data);
	return rcode;
}

/** bridgefw_fw_stale() - whether a bus reset has come since */
bool bridgefw_fw_stale(const struct fwway *way)
{
	return READ_ONCE(way->card->generation) != way->generation;
}
