// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the steps of an operation on a transport. */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "core.h"
#include "encode.h"
#include "move.h"
#include "plan.h"
#include "sense.h"

#define DEFAULT_TIMEOUT_MS	5000
#define RESET_TRIES		4	/* bus resets come in groups */
#define RETURN_PAUSE_MS		20

/* What works on one bus says nothing of the other: between them lies another firmware. */
static bool bus_known(const struct bridgefw *b, const struct bfp_operation *op)
{
	return op->buses & (strcmp(b->bus, "1394") ? BFP_BUS_USB : BFP_BUS_1394);
}

/**
 * bridgefw_chip_state() - the state that a chip is in
 * @b: bridge
 *
 * Return: BFP_STATE() of what it shows itself as. One whose profile somebody named runs,
 * unless it is a node that shows no more than a quadlet.
 */
u8 bridgefw_chip_state(const struct bridgefw *b)
{
	if (b->pid)
		return BFP_STATE(b->pid->role);
	return b->id.kind == BFP_ID_QUADLET ? BFP_STATE(BFP_ROLE_BLANK) :
					      BFP_STATE(BFP_ROLE_RUNNING);
}

/**
 * bridgefw_op_way() - whether there is a way for an operation to the chip
 * @b: bridge
 * @op: operation of its profile; NULL if it has none
 *
 * Return: BRIDGEFW_REASON_NONE, _ABSENT or _TRANSPORT.
 */
u32 bridgefw_op_way(struct bridgefw *b, const struct bfp_operation *op)
{
	if (!op)
		return BRIDGEFW_REASON_ABSENT;
	if (!bus_known(b, op) || !(bridgefw_transports(b) & op->transports))
		return BRIDGEFW_REASON_TRANSPORT;
	return BRIDGEFW_REASON_NONE;
}

/**
 * bridgefw_op_usable() - whether an operation can be sent now
 * @b: bridge
 * @op: operation of its profile; NULL if it has none
 *
 * Return: BRIDGEFW_REASON_NONE, _ABSENT, _TRANSPORT or _STATE.
 */
u32 bridgefw_op_usable(struct bridgefw *b, const struct bfp_operation *op)
{
	u32 reason = bridgefw_op_way(b, op);

	if (!reason && !(op->states & bridgefw_chip_state(b)))
		reason = BRIDGEFW_REASON_STATE;
	return reason;
}

/* One run of one operation. */
struct run {
	struct bridgefw *b;
	const struct bfp *p;
	const struct bfp_operation *op;
	const struct bfp_step *steps;
	struct bridgefw_transport *t;
	struct bridgefw_io *io;
	bool looks_only;	/* no step of it changes anything */
	u32 generation;		/* of the FireWire bus; 0 while nothing was sent */
	int late;		/* what a chip that was to reset itself answered */
	bool ended;		/* the memory was shorter than was asked for */
};

/* The part of the memory that the steps of a loop body see. */
struct window {
	u32 offset;
	u32 length;
};

static u64 mem_base(const struct run *r)
{
	if (r->op->memory >= r->b->nmems)
		return 0;
	return le64_to_cpu(r->b->mems[r->op->memory].rec->base);
}

/* The sector that a piece begins in, 0 for what is about no memory. */
static u32 sector_number(const struct run *r, const struct window *w)
{
	struct bfp_sector s;

	if (r->op->memory >= r->b->nmems ||
	    bfp_sector_at(r->p, r->op->memory, w->offset, &s))
		return 0;
	return s.number;
}

static void fill_values(const struct run *r, const struct window *w, u32 len,
			struct bfp_values *v)
{
	memset(v, 0, sizeof(*v));
	v->address = mem_base(r) + w->offset;
	v->length = len;
	v->sector = sector_number(r, w);
	v->total = r->io->total;
	v->interface = r->t->interface;
	if (r->io->image) {
		v->data = r->io->data + (w->offset - r->io->offset);
		v->data_len = w->length;
		v->image = r->io->image;
		v->image_len = r->io->total;
	}
}

static bool expect_agrees(const struct run *r, const struct bfp_step *s,
			  const u8 *got, u32 len)
{
	u32 n = le32_to_cpu(s->expect_len), i;
	const u8 *value = bfp_blob(r->p, s->expect);
	const u8 *mask = value + n;

	if (len < n)
		return false;
	for (i = 0; i < n; i++)
		if ((got[i] ^ value[i]) & mask[i])
			return false;
	return true;
}

/* Whether an answer begins with what can be computed; -EILSEQ if not. */
static int computed_agrees(const struct run *r, const struct bfp_step *s,
			   const struct bfp_values *v, const u8 *got, u32 len)
{
	u32 first = le16_to_cpu(s->payload_first), count = le16_to_cpu(s->payload_count);
	u32 size = bfp_template_size(r->p, first, count);
	u8 *want;
	int ret;

	want = kmalloc(size, GFP_KERNEL);
	if (!want)
		return -ENOMEM;
	ret = bfp_encode(r->p, first, count, v, want, size);
	if (!ret && (len < size || memcmp(got, want, size)))
		ret = -EILSEQ;
	kfree(want);
	return ret;
}

/* What the device says of a command that it refused is told with the job's end. */
static void refused(struct bridgefw *b, const u8 *data, size_t len)
{
	struct bfp_sense sense;

	if (!bfp_sense_decode(data, len, &sense))
		return;
	mutex_lock(&b->lock);
	bfp_sense_format(&sense, b->said, sizeof(b->said));
	mutex_unlock(&b->lock);
}

/* Sends the bytes of one step; the data phase goes through @buf. */
static int step_transfer(struct run *r, const struct bfp_step *s, const u8 *head,
			 u32 head_len, u8 *buf, u32 len, u32 *actual)
{
	const struct bridgefw_transport_ops *ops = r->t->ops;
	u32 timeout = le32_to_cpu(s->timeout_ms) ?: DEFAULT_TIMEOUT_MS;
	u8 sense[BRIDGEFW_SENSE_SIZE];
	int ret;

	if (READ_ONCE(r->t->gone))
		return -ENXIO;
	if (s->kind == BFP_STEP_CONTROL && ops->control)
		return ops->control(r->t, head, buf, len, timeout, actual);
	if (s->kind != BFP_STEP_CDB || !ops->cdb)
		return -EOPNOTSUPP;
	memset(sense, 0, sizeof(sense));
	ret = ops->cdb(r->t, head, head_len, s->dir, buf, len, timeout, actual, sense);
	if (ret == -EPIPE)
		refused(r->b, sense, sizeof(sense));
	return ret;
}

/* A transaction with a data phase, once. */
static int step_once(struct run *r, const struct bfp_step *s, const struct window *w)
{
	u8 head[BFP_CDB_MAX];
	struct bfp_values v;
	u32 len = 0, actual = 0, head_len;
	u8 *buf = NULL;
	int ret;

	if (s->carry == BFP_CARRY_DATA)
		len = w->length;
	else if (s->carry == BFP_CARRY_ANSWER)
		len = le32_to_cpu(s->length);
	else if (s->carry == BFP_CARRY_PAYLOAD)
		len = bfp_template_size(r->p, le16_to_cpu(s->payload_first),
					le16_to_cpu(s->payload_count));
	/* Without a data phase of its own {length} means the piece that the step is about. */
	fill_values(r, w, s->carry == BFP_CARRY_NOTHING ? w->length : len, &v);
	head_len = bfp_template_size(r->p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count));
	ret = bfp_encode(r->p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), &v,
			 head, sizeof(head));
	if (ret)
		return ret;

	if (len) {
		/* Never the caller's buffer: a transfer may write to it late or too much. */
		buf = kzalloc(len, GFP_KERNEL);
		if (!buf)
			return -ENOMEM;
		if (s->carry == BFP_CARRY_PAYLOAD)
			ret = bfp_encode(r->p, le16_to_cpu(s->payload_first),
					 le16_to_cpu(s->payload_count), &v, buf, len);
		else if (s->dir == BFP_DIR_OUT)
			memcpy(buf, r->io->data + (w->offset - r->io->offset), len);
		if (ret)
			goto out;
	}
	ret = step_transfer(r, s, head, head_len, buf, len, &actual);
	if (ret)
		goto out;
	if (actual > len) {
		ret = -EPROTO;
		goto out;
	}
	if (s->dir == BFP_DIR_OUT) {
		ret = actual == len ? 0 : -EREMOTEIO;
	} else if (s->carry == BFP_CARRY_DATA) {
		if (actual < len && !(s->flags & BFP_STEPF_SHORT_OK)) {
			ret = -EREMOTEIO;
			goto out;
		}
		memcpy(r->io->data + (w->offset - r->io->offset), buf, actual);
		r->io->actual = w->offset - r->io->offset + actual;
		r->ended = actual < len;
	} else if (s->carry == BFP_CARRY_ANSWER) {
		if (actual < len && !(s->flags & BFP_STEPF_SHORT_OK)) {
			ret = -EREMOTEIO;
			goto out;
		}
		if (r->io->answer) {
			r->io->answer_len = min(actual, r->io->answer_room);
			memcpy(r->io->answer, buf, r->io->answer_len);
		}
	}
	if (!ret && s->expect_len && !expect_agrees(r, s, buf, actual))
		ret = -EPROTO;
	if (!ret && s->carry == BFP_CARRY_ANSWER && s->payload_count)
		ret = computed_agrees(r, s, &v, buf, actual);
out:
	kfree(buf);
	return ret;
}

static bool is_quadlet(const struct bfp_step *s)
{
	return s->kind == BFP_STEP_QUADLET_READ || s->kind == BFP_STEP_QUADLET_WRITE;
}

/* The four bytes of a memory as they stand on the wire, and back. */
static void quadlet_copy(const struct bfp_step *s, u8 *to, const u8 *from)
{
	u32 i;

	for (i = 0; i < 4; i++)
		to[i] = from[s->flags & BFP_STEPF_LE ? 3 - i : i];
}

static int quadlet_prepare(struct run *r, const struct bfp_step *s, const struct window *w,
			   const struct bfp_values *v, struct bridgefw_quadlet *q)
{
	bool write = s->kind == BFP_STEP_QUADLET_WRITE;
	__be64 address;
	int ret;

	ret = bfp_encode(r->p, le16_to_cpu(s->addr_first), le16_to_cpu(s->addr_count), v,
			 (u8 *)&address, sizeof(address));
	if (ret)
		return ret;
	q->write = write;
	q->again = r->looks_only && !(s->flags & BFP_STEPF_UNTIL_RESET);
	q->address = be64_to_cpu(address);
	q->timeout_ms = le32_to_cpu(s->timeout_ms) ?: DEFAULT_TIMEOUT_MS;
	q->generation = q->again ? 0 : r->generation;
	if (s->carry == BFP_CARRY_DATA && w->length != sizeof(q->data))
		return -EINVAL;
	if (write && s->carry == BFP_CARRY_DATA)
		quadlet_copy(s, q->data, r->io->data + (w->offset - r->io->offset));
	else if (write)
		return bfp_encode(r->p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count),
				  v, q->data, sizeof(q->data));
	return 0;
}

/*
 * A quadlet, once. What changes nothing is sent again after a bus reset, by the
 * transport; everything else belongs to the generation that the run began in.
 */
static int quadlet_once(struct run *r, const struct bfp_step *s, const struct window *w)
{
	struct bridgefw_quadlet q = { };
	struct bfp_values v;
	int ret;

	fill_values(r, w, s->carry == BFP_CARRY_NOTHING ? w->length : sizeof(q.data), &v);
	ret = quadlet_prepare(r, s, w, &v, &q);
	if (ret)
		return ret;
	if (READ_ONCE(r->t->gone))
		return -ENXIO;
	if (!r->t->ops->quadlet)
		return -EOPNOTSUPP;
	ret = r->t->ops->quadlet(r->t, &q);
	if (!q.again && ret != -EAGAIN)
		r->generation = q.generation;
	/*
	 * A quadlet that the node does not have is where such a memory ends; one that has
	 * no first is none.
	 */
	if (ret == -EPIPE && (s->flags & BFP_STEPF_SHORT_OK) && w->offset) {
		r->ended = true;
		return 0;
	}
	if (ret || q.write)
		return ret;
	if (s->carry == BFP_CARRY_DATA) {
		quadlet_copy(s, r->io->data + (w->offset - r->io->offset), q.data);
		r->io->actual = w->offset - r->io->offset + sizeof(q.data);
	} else if (r->io->answer) {
		r->io->answer_len = min_t(u32, sizeof(q.data), r->io->answer_room);
		memcpy(r->io->answer, q.data, r->io->answer_len);
	}
	if (s->expect_len && !expect_agrees(r, s, q.data, sizeof(q.data)))
		return -EPROTO;
	if (s->carry == BFP_CARRY_ANSWER && s->payload_count)
		return computed_agrees(r, s, &v, q.data, sizeof(q.data));
	return 0;
}

static int step_send(struct run *r, const struct bfp_step *s, const struct window *w)
{
	return is_quadlet(s) ? quadlet_once(r, s, w) : step_once(r, s, w);
}

static int step_poll(struct run *r, const struct bfp_step *s, const struct window *w)
{
	u32 pause = le32_to_cpu(s->wait_us);
	ktime_t end = ktime_add_ms(ktime_get(), le32_to_cpu(s->wait_max_ms));
	int ret;

	for (;;) {
		ret = step_send(r, s, w);
		if (ret != -EPROTO)
			return ret;
		if (ktime_after(ktime_get(), end))
			return -ETIMEDOUT;
		fsleep(pause);
	}
}

/* A device that resets itself may answer or not; one that refuses does not reset. */
static int until_reset(int ret)
{
	switch (ret) {
	case -EPIPE:
	case -ENOMEM:
	case -EOPNOTSUPP:
	case -EAGAIN:		/* it was not even asked to */
		return ret;
	}
	return 0;
}

/* The re-enumeration that a step leads to; NULL if the profile tells of none. */
static const struct bfp_step *reenumeration(const struct run *r, u32 i)
{
	for (i++; i < le16_to_cpu(r->op->step_count); i++)
		if (r->steps[i].kind == BFP_STEP_REENUMERATE)
			return &r->steps[i];
	return NULL;
}

/*
 * Where the answer tells whether all went well, one that is lost or another one is a
 * failure, whatever the device does then: it is waited for all the same.
 */
static int step_until_reset(struct run *r, u32 i, const struct window *w)
{
	const struct bfp_step *comes = reenumeration(r, i);
	int ret, said;

	if (comes)
		bridgefw_move_expect(r->b, le16_to_cpu(comes->new_id));
	said = step_send(r, &r->steps[i], w);
	ret = until_reset(said);
	if (!ret && said && bfp_step_expects(&r->steps[i]))
		r->late = said == -EPROTO || said == -EILSEQ ? said : -ETIMEDOUT;
	if (ret && comes)
		bridgefw_move_forget(r->b);
	/* What follows belongs to the bus as it is then. */
	if (!ret)
		r->generation = 0;
	return ret;
}

/*
 * The device comes back, and the ways to it one after the other. What was taken
 * from everybody else was taken from the device as it was: so once more.
 */
static int step_return(struct run *r, const struct bfp_step *s)
{
	unsigned long end = jiffies + msecs_to_jiffies(le32_to_cpu(s->wait_max_ms));
	struct bridgefw_transport *t;
	int ret;

	ret = bridgefw_move_wait(r->b, le32_to_cpu(s->wait_max_ms));
	if (ret)
		return ret;
	r->b->job.moved = true;
	while (!(t = bridgefw_transport_get(r->b, r->op->transports))) {
		if (READ_ONCE(r->b->gone))
			return -ENXIO;
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		msleep(RETURN_PAUSE_MS);
	}
	bridgefw_transport_done(r->t);
	r->t = t;
	r->generation = 0;
	ret = bridgefw_take_again(r->b);
	if (!ret && bridgefw_crowded(r->b))
		ret = -ENOTUNIQ;
	return ret;
}

static int run_steps(struct run *r, u32 first, u32 end, const struct window *w);

static int run_loop(struct run *r, u32 i, const struct window *w)
{
	const struct bfp_step *s = &r->steps[i];
	u32 end = le16_to_cpu(s->loop_end), at = w->offset, stop = w->offset + w->length;
	struct bfp_sector sector;
	struct window in;
	int ret;

	while (at < stop && !r->ended) {
		u32 step = le32_to_cpu(s->length);

		if (s->kind == BFP_STEP_LOOP_SECTOR) {
			if (bfp_sector_at(r->p, r->op->memory, at, &sector))
				return -EINVAL;
			step = sector.offset + sector.size - at;
		}
		in.offset = at;
		in.length = min(step, stop - at);
		ret = run_steps(r, i + 1, end, &in);
		if (ret)
			return ret;
		at += in.length;
	}
	return 0;
}

static int run_steps(struct run *r, u32 first, u32 end, const struct window *w)
{
	u32 i;
	int ret;

	for (i = first; i < end; i++) {
		const struct bfp_step *s = &r->steps[i];

		switch (s->kind) {
		case BFP_STEP_DELAY:
			fsleep(le32_to_cpu(s->wait_us));
			ret = 0;
			break;
		case BFP_STEP_LOOP_SECTOR:
		case BFP_STEP_LOOP_CHUNK:
			ret = run_loop(r, i, w);
			i = le16_to_cpu(s->loop_end);
			break;
		case BFP_STEP_LOOP_END:
			ret = 0;
			break;
		case BFP_STEP_REENUMERATE:
			ret = step_return(r, s);
			break;
		default:
			ret = s->flags & BFP_STEPF_UNTIL_RESET ? step_until_reset(r, i, w) :
			      s->flags & BFP_STEPF_POLL ? step_poll(r, s, w) : step_send(r, s, w);
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Whether an operation may be repeated in part: it asks, and sends nothing. (What of
 * them is read and changes something by that is `until-reset`.)
 */
static bool looks_only(const struct run *r)
{
	u32 i;

	switch (r->op->kind) {
	case BFP_OP_IDENTIFY:
	case BFP_OP_VERSION:
	case BFP_OP_READ:
	case BFP_OP_VERIFY:
		break;
	default:
		return false;
	}
	for (i = 0; i < le16_to_cpu(r->op->step_count); i++)
		if (r->steps[i].kind == BFP_STEP_QUADLET_WRITE)
			return false;
	return true;
}

/**
 * bridgefw_op_loops() - whether an operation walks a range by itself
 * @b: bridge
 * @op: operation of its profile
 *
 * Return: true if it runs once for a whole range; else the caller cuts it.
 */
bool bridgefw_op_loops(struct bridgefw *b, const struct bfp_operation *op)
{
	const struct bfp_step *s = bfp_steps(&b->profile->p) + le16_to_cpu(op->step_first);
	u32 i;

	for (i = 0; i < le16_to_cpu(op->step_count); i++)
		if (s[i].kind == BFP_STEP_LOOP_SECTOR || s[i].kind == BFP_STEP_LOOP_CHUNK)
			return true;
	return false;
}

/** bridgefw_unplugged() - whether one of the ways to a bridge knows that it was unplugged */
bool bridgefw_unplugged(struct bridgefw *b)
{
	struct bridgefw_transport *t;
	bool ret = READ_ONCE(b->gone);

	mutex_lock(&b->lock);
	list_for_each_entry(t, &b->transports, node)
		if (t->ops->unplugged && t->ops->unplugged(t))
			ret = true;
	mutex_unlock(&b->lock);
	return ret;
}

/* What such an operation sends changes nothing, whatever it writes to registers for that. */
static bool op_reads(const struct bfp_operation *op)
{
	return op->kind == BFP_OP_IDENTIFY || op->kind == BFP_OP_VERSION || op->kind == BFP_OP_READ;
}

/* All steps; of what only reads, once more from the start when a bus reset ended it. */
static int run_again(struct run *r, const struct window *w)
{
	u32 tries = 0;
	int ret;

	do {
		r->generation = 0;
		r->ended = false;
		r->io->actual = 0;
		r->io->answer_len = 0;
		ret = run_steps(r, 0, le16_to_cpu(r->op->step_count), w);
	} while ((ret == -EAGAIN || ret == -ESTALE) && op_reads(r->op) && ++tries < RESET_TRIES);
	return ret ?: r->late;
}

/**
 * bridgefw_run() - run an operation of the bridge's profile
 * @b: bridge; the caller owns it
 * @op: operation
 * @io: the part of the memory, and buffers
 *
 * Return: 0; -ENOTCONN if none of its transports is there (any more), -EOPNOTSUPP if
 * that cannot do its steps, -EBADFD if the chip is not in the state for it, -ESTALE if a
 * FireWire bus reset ended it (what only reads begins anew a few times), -EREMOTEIO if fewer
 * bytes came than the step wants, -EPROTO if an answer is not what the profile expects,
 * -EILSEQ if it is not what was computed, -ETIMEDOUT, -EPIPE (stall), -ENXIO (gone),
 * -ENOMEM, or what else the transport said.
 */
int bridgefw_run(struct bridgefw *b, const struct bfp_operation *op, struct bridgefw_io *io)
{
	struct window w = { .offset = io->offset, .length = io->length };
	struct run r = {
		.b = b, .p = &b->profile->p, .op = op, .io = io,
		.steps = bfp_steps(&b->profile->p) + le16_to_cpu(op->step_first),
	};
	int ret;

	r.looks_only = looks_only(&r);
	if (!bus_known(b, op))
		return -ENOTCONN;
	if (!(op->states & bridgefw_chip_state(b)))
		return -EBADFD;
	r.t = bridgefw_transport_get(b, op->transports);
	if (!r.t)
		return bridgefw_unplugged(b) ? -ENXIO : -ENOTCONN;
	ret = run_again(&r, &w);
	bridgefw_transport_done(r.t);
	/* For the caller, -EAGAIN would mean something else. */
	if (ret == -EAGAIN)
		ret = -ESTALE;
	/* Through SCSI a cable that is pulled looks like a transfer that failed. */
	if (ret == -ENODEV || ret == -ESHUTDOWN || (ret && bridgefw_unplugged(b)))
		ret = -ENXIO;
	return ret;
}
