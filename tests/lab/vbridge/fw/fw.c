// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to a node, by address: config ROM, target, the chip's registers, core CSRs. */
#include "bytes.h"
#include "fw/fw.h"

#define CSR_BASE	0xfffff0000000ull

/* Registers that every node has, and that do nothing here but keep what is written. */
static const u32 csrs[FW_CSRS] = {
	0x000,	/* STATE_CLEAR */
	0x018,	/* SPLIT_TIMEOUT_HI */
	0x01c,	/* SPLIT_TIMEOUT_LO */
	0x210,	/* BUSY_TIMEOUT */
};

static bool is_read(const struct lab1394_packet *p)
{
	return p->tcode == TCODE_READ_QUADLET || p->tcode == TCODE_READ_BLOCK;
}

static bool is_write(const struct lab1394_packet *p)
{
	return p->tcode == TCODE_WRITE_QUADLET || p->tcode == TCODE_WRITE_BLOCK;
}

static void sbp2_request(struct fw *fw, const struct lab1394_packet *p)
{
	u8 out[8] = { 0 };
	u32 rcode;

	if (is_write(p)) {
		rcode = sbp2_write(&fw->sbp2, p);
		node_respond(&fw->node, p, rcode, NULL, 0);
		sbp2_go(&fw->sbp2);
		return;
	}
	rcode = is_read(p) && p->length <= sizeof(out) ? sbp2_read(&fw->sbp2, p, out) : RCODE_TYPE;
	node_respond(&fw->node, p, rcode, out, rcode == RCODE_COMPLETE ? p->length : 0);
}

/* The register that every node has at this address; FW_CSRS: none. */
static u32 csr_at(u64 offset)
{
	u32 i;

	for (i = 0; i < FW_CSRS && CSR_BASE + csrs[i] != offset; i++)
		;
	return i;
}

static void csr_request(struct fw *fw, const struct lab1394_packet *p, u32 i)
{
	u8 value[4];

	if (p->tcode == TCODE_READ_QUADLET) {
		put_be32(value, fw->csr[i]);
		node_respond(&fw->node, p, RCODE_COMPLETE, value, sizeof(value));
	} else if (p->tcode == TCODE_WRITE_QUADLET && p->length == 4) {
		fw->csr[i] = get_be32(p->data);
		node_respond(&fw->node, p, RCODE_COMPLETE, NULL, 0);
	} else {
		node_respond(&fw->node, p, RCODE_TYPE, NULL, 0);
	}
}

/* Nothing is there: a line in the trace, so that nobody goes astray unseen. */
static void no_address(struct fw *fw, const struct lab1394_packet *p)
{
	struct trace_entry e = {
		.n = ++fw->box->trace.n,
		.start_us = model_clock_us(&fw->box->clock),
		.end_us = model_clock_us(&fw->box->clock),
		.type = "request",
		.address = p->offset,
		.dir = is_read(p) ? BFP_DIR_IN : BFP_DIR_OUT,
		.length = p->length,
		.data = p->data,
		.data_len = is_read(p) ? 0 : p->length,
		.status = "rcode 7",
		.fault = "",
	};

	trace_write(&fw->box->trace, &e);
	node_respond(&fw->node, p, RCODE_ADDRESS, NULL, 0);
}

static void request(void *ctx, const struct lab1394_packet *p)
{
	struct fw *fw = ctx;

	/* A profile may have all of the lower addresses in it: what is known better comes first. */
	if (p->offset >= ROM_BASE && p->offset < ROM_BASE + ROM_SIZE)
		rom_request(fw, p);
	else if (csr_at(p->offset) < FW_CSRS)
		csr_request(fw, p, csr_at(p->offset));
	else if (fw->running && sbp2_owns(p->offset))
		sbp2_request(fw, p);
	else if (quadlet_owns(fw, p))
		quadlet_request(fw, p);
	else
		no_address(fw, p);
}

static void reset(void *ctx)
{
	struct fw *fw = ctx;
	char text[64];

	sbp2_bus_reset(&fw->sbp2);
	snprintf(text, sizeof(text), "generation %u, node %04x", fw->node.generation, fw->node.id);
	trace_note(&fw->box->trace, model_clock_us(&fw->box->clock), "busreset", text);
}

/**
 * fw_init() - a node that is not on a bus
 * @fw: to fill; what it is to tell of itself is up to the caller
 * @box: the enclosure
 * @send: takes its packets, with @fw as its context
 */
void fw_init(struct fw *fw, struct box *box,
	     int (*send)(void *ctx, const struct lab1394_packet *p))
{
	static struct node_ops ops = { .request = request, .reset = reset };

	memset(fw, 0, sizeof(*fw));
	ops.send = send;
	fw->box = box;
	node_init(&fw->node, &ops, fw);
	sbp2_init(&fw->sbp2, box, &fw->node);
}

/**
 * fw_plug_in() - the chip has been reset: box_plug_in() is done
 * @fw: the node
 */
void fw_plug_in(struct fw *fw)
{
	sbp2_power_on(&fw->sbp2);
	node_init(&fw->node, fw->node.ops, fw);
	memset(fw->csr, 0, sizeof(fw->csr));
	fw_take_identity(fw);
}

/**
 * fw_free() - give back what the node occupies
 * @fw: the node
 */
void fw_free(struct fw *fw)
{
	sbp2_power_on(&fw->sbp2);
}

/**
 * fw_tick() - time has passed
 * @fw: the node
 * @hurry: what is kept back is answered now
 */
void fw_tick(struct fw *fw, bool hurry)
{
	node_tick(&fw->node, hurry);
	sbp2_tick(&fw->sbp2, hurry);
}

/**
 * fw_timeout_ms() - when to call fw_tick() though nothing came
 * @fw: the node
 *
 * Return: milliseconds, or -1: not before something comes.
 */
int fw_timeout_ms(const struct fw *fw)
{
	return node_sooner(node_timeout_ms(&fw->node), sbp2_timeout_ms(&fw->sbp2));
}
