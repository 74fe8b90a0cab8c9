// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a request's bytes to what it does to the chip's memories, by the
 * profile alone.
 */
#include "chip.h"
#include "needs.h"

static const struct model_part *usual_part(const struct bfp *p, const struct bfp_memory *mem)
{
	const struct bfp_geometry *geo = bfp_geometries(p) + le16_to_cpu(mem->geometry_first);
	u32 i, largest = 0;

	for (i = 0; i < le16_to_cpu(mem->geometry_count); i++)
		if (le32_to_cpu(geo[i].size) > largest)
			largest = le32_to_cpu(geo[i].size);
	return model_part_usual(le32_to_cpu(mem->size), largest);
}

/* What the profile has to erase by itself, the bridge does not erase when it programs. */
static bool programs_only(const struct bfp *p, u32 memory)
{
	return le16_to_cpu(bfp_memories(p)[memory].flags) & BFP_MEM_ERASE_FIRST ||
	       bfp_find_operation(p, BFP_OP_ERASE_SECTOR, (int)memory) ||
	       bfp_find_operation(p, BFP_OP_ERASE_ALL, (int)memory);
}

/**
 * model_chip_init() - a chip with blank memories
 * @chip: to fill
 * @profile: a checked profile, which must outlive the chip
 * @clock: model time
 *
 * A flash is a NOR part. One that the profile can program and knows no way to erase
 * is erased by the bridge itself. How a config ROM is written is not
 * modelled: it takes what comes, and does not change.
 *
 * Return: 0 or -ENOMEM.
 */
int model_chip_init(struct model_chip *chip, const struct bfp *profile,
		    struct model_clock *clock)
{
	const struct bfp_memory *mem = bfp_memories(profile);
	u32 i, count = bfp_count(profile, BFP_MEMORIES);
	int ret;

	memset(chip, 0, sizeof(*chip));
	chip->profile = *profile;
	chip->clock = clock;
	for (i = 0; i < count; i++) {
		struct model_memory *m = &chip->memory[i];

		ret = model_memory_init(m, bfp_string(profile, mem[i].name),
					le32_to_cpu(mem[i].size),
					le32_to_cpu(mem[i].erase_value));
		if (ret) {
			model_chip_free(chip);
			return ret;
		}
		chip->memories++;
		if (mem[i].kind == BFP_FLASH) {
			model_nor_init(m, usual_part(profile, &mem[i]));
			m->overwrites = !programs_only(profile, i);
		} else if (mem[i].kind != BFP_EEPROM) {
			m->write_protect = true;
			m->page_us = 0;
		}
	}
	ret = model_upload_init(chip);
	if (ret) {
		model_chip_free(chip);
		return ret;
	}
	model_port_init(chip);
	model_chip_power_on(chip);
	return 0;
}

/**
 * model_chip_free() - give back what the chip occupies
 * @chip: the chip
 */
void model_chip_free(struct model_chip *chip)
{
	model_upload_free(chip);
	while (chip->memories)
		model_memory_free(&chip->memory[--chip->memories]);
}

static void forget_request(struct model_chip *chip)
{
	memset(&chip->latch, 0, sizeof(chip->latch));
	chip->op = NULL;
	model_upload_forget(chip);
	model_port_reset(chip);
}

/**
 * model_chip_power_on() - what the chip forgets when it starts
 * @chip: the chip
 *
 * A memory that the profile can unlock starts locked.
 */
void model_chip_power_on(struct model_chip *chip)
{
	u32 i;

	forget_request(chip);
	chip->mode = BFP_NONE;
	chip->coming = BFP_NONE;
	for (i = 0; i < chip->memories; i++)
		chip->locked[i] = bfp_find_operation(&chip->profile, BFP_OP_UNLOCK, i) ||
				  bfp_find_operation(&chip->profile, BFP_OP_UNLOCK, 0xff);
}

/**
 * model_chip_start_up() - the chip starts: after power-on, or as it was told to
 * @chip: the chip
 *
 * An operation that lets the chip come back as a loader leaves it unlocked. Whether the
 * firmware that it starts can run is looked at now, and not again before the next start.
 */
void model_chip_start_up(struct model_chip *chip)
{
	const struct bfp_id *id = bfp_ids(&chip->profile) + chip->coming;

	if (chip->coming == BFP_NONE || id->role == BFP_ROLE_RUNNING) {
		model_chip_power_on(chip);
		chip->blank = !model_chip_boots(chip);
		return;
	}
	forget_request(chip);
	chip->blank = id->role == BFP_ROLE_BLANK;
	chip->mode = chip->coming;
	chip->coming = BFP_NONE;
}

/**
 * model_chip_state() - the state that the chip shows itself in
 * @chip: the chip
 *
 * Return: BFP_STATE() of it.
 */
u8 model_chip_state(const struct model_chip *chip)
{
	if (chip->mode != BFP_NONE)
		return BFP_STATE(bfp_ids(&chip->profile)[chip->mode].role);
	return chip->blank ? BFP_STATE(BFP_ROLE_BLANK) : BFP_STATE(BFP_ROLE_RUNNING);
}

/**
 * model_chip_name() - the quadlet by which a node without a config ROM tells what it is
 * @chip: the chip
 * @address: of a register that is read, 48 bits
 * @value: gets what it holds; bits that the profile does not know are 0
 *
 * Return: false if the chip has no such register in the state that it is in.
 */
bool model_chip_name(const struct model_chip *chip, u64 address, u32 *value)
{
	const struct bfp_id *id = bfp_ids(&chip->profile);
	u32 i;

	for (i = 0; i < bfp_count(&chip->profile, BFP_IDS); i++) {
		if (id[i].kind != BFP_ID_QUADLET || le64_to_cpu(id[i].address) != address ||
		    BFP_STATE(id[i].role) != model_chip_state(chip))
			continue;
		*value = le32_to_cpu(id[i].value);
		return true;
	}
	return false;
}

/**
 * model_chip_memory() - find a part
 * @chip: the chip
 * @name: as the profile calls it; NULL: any name
 * @kind: enum bfp_memory_kind; 0: any kind
 *
 * Return: the first part that agrees, or NULL.
 */
struct model_memory *model_chip_memory(struct model_chip *chip, const char *name, int kind)
{
	const struct bfp_memory *mem = bfp_memories(&chip->profile);
	u32 i;

	for (i = 0; i < chip->memories; i++)
		if ((!name || !strcmp(name, chip->memory[i].name)) &&
		    (!kind || kind == mem[i].kind))
			return &chip->memory[i];
	return NULL;
}

/**
 * model_chip_sector() - where a sector begins, and how large it is
 * @chip: the chip
 * @memory: index of the memory
 * @offset: of any byte in the sector
 * @start: gets the offset of its first byte
 * @size: gets its size
 *
 * Return: false if the memory has no sector there.
 */
bool model_chip_sector(const struct model_chip *chip, u32 memory, u32 offset,
		       u32 *start, u32 *size)
{
	const struct bfp_memory *mem = bfp_memories(&chip->profile) + memory;
	const struct bfp_geometry *geo = bfp_geometries(&chip->profile) +
					 le16_to_cpu(mem->geometry_first);
	u32 i, at = 0;

	for (i = 0; i < le16_to_cpu(mem->geometry_count); i++) {
		u32 run = le32_to_cpu(geo[i].sectors) * le32_to_cpu(geo[i].size);

		*size = le32_to_cpu(geo[i].size);
		if (offset >= at && offset - at < run) {
			*start = at + (offset - at) / *size * *size;
			return true;
		}
		at += run;
	}
	return false;
}

/* What the profile knows next of this operation is that the chip goes away. */
static bool leads_away(const struct model_chip *chip, const struct model_txn *txn,
		       const struct bfp_step **leaving)
{
	const struct bfp_step *first = bfp_steps(&chip->profile) +
				       le16_to_cpu(txn->op->step_first);
	u32 i, count = le16_to_cpu(txn->op->step_count);

	for (i = 0; i < count; i++)
		if (&first[i] == txn->step)
			break;
	for (i++; i < count && first[i].kind == BFP_STEP_DELAY; i++)
		;
	*leaving = i < count && first[i].kind == BFP_STEP_REENUMERATE ? &first[i] : NULL;
	return *leaving || (txn->effect && txn->op->kind == BFP_OP_RESET);
}

/* The request has been carried out; does the chip stay? */
static enum model_result after(struct model_chip *chip, const struct model_txn *txn)
{
	const struct bfp_step *leaving;

	if (!leads_away(chip, txn, &leaving))
		return MODEL_DONE;
	chip->coming = leaving ? le16_to_cpu(leaving->new_id) : BFP_NONE;
	return MODEL_RESET;
}

static bool busy(const struct model_chip *chip, const struct model_txn *txn)
{
	return txn->memory && txn->memory->busy_until > chip->clock->ns;
}

static bool needs_unlock(const struct model_chip *chip, const struct model_txn *txn)
{
	switch (txn->op->kind) {
	case BFP_OP_PROGRAM:
	case BFP_OP_ERASE_SECTOR:
	case BFP_OP_ERASE_ALL:
		/* What is not unlocked in this state stands open in it. */
		return txn->effect && txn->memory && chip->locked[txn->memory_index] &&
		       bfp_unlock_first(&chip->profile, txn->memory_index, model_chip_state(chip));
	}
	return false;
}

/**
 * model_chip_start() - the request is in; how much data is to move?
 * @chip: the chip
 * @txn: what model_chip_match() recognised; its length is set
 *
 * Return: MODEL_DONE to go on with the data phase, or why the chip refuses.
 */
enum model_result model_chip_start(struct model_chip *chip, struct model_txn *txn)
{
	if (txn->astray &&
	    !(txn->step->flags & BFP_STEPF_UNTIL_RESET && txn->step->dir == BFP_DIR_IN))
		return MODEL_PROTECTED;
	chip->latch.address = txn->v.address;
	chip->latch.sector = txn->v.sector;
	chip->latch.total = txn->v.total;
	chip->op = txn->op;
	/* The bridge lets a request wait until the part is ready. */
	if (txn->effect && busy(chip, txn))
		chip->clock->ns = txn->memory->busy_until;

	switch (txn->step->carry) {
	case BFP_CARRY_NOTHING:
		txn->length = 0;
		txn->dir = BFP_DIR_NONE;
		break;
	case BFP_CARRY_DATA:
		txn->length = txn->v.length;
		if (!txn->memory || txn->offset > txn->memory->size ||
		    txn->length > txn->memory->size - txn->offset)
			return MODEL_INVALID;
		if (txn->dir == BFP_DIR_IN && txn->length > txn->memory->length - txn->offset &&
		    txn->offset <= txn->memory->length)
			txn->length = txn->memory->length - txn->offset;
		break;
	case BFP_CARRY_ANSWER:
		/* Nothing but the transport says how much of it the host wants. */
		txn->length = le32_to_cpu(txn->step->length);
		if (txn->length > txn->asked)
			txn->length = txn->asked;
		break;
	case BFP_CARRY_PAYLOAD:
		txn->length = bfp_template_size(&chip->profile,
						le16_to_cpu(txn->step->payload_first),
						le16_to_cpu(txn->step->payload_count));
		break;
	}
	if (!model_upload_open(chip, txn))
		return MODEL_INVALID;
	/* Nothing comes back from a flash behind a port: it does not do it, that is all. */
	if (!needs_unlock(chip, txn))
		return MODEL_DONE;
	txn->ignored |= txn->port;
	return txn->port ? MODEL_DONE : MODEL_PROTECTED;
}

/* A quadlet whose lowest address in memory is its lowest byte goes over the wire reversed. */
static void turn(const struct model_txn *txn, u8 *out, const u8 *data, u32 len)
{
	bool le = txn->step->flags & BFP_STEPF_LE;
	u32 i;

	for (i = 0; i < len; i++)
		out[i] = data[le ? len - 1 - i : i];
}

/* What the profile expects to read here; the model is never in between. */
static void expected_answer(const struct bfp *p, const struct bfp_step *step,
			    u8 *out, u32 len)
{
	const u8 *want = bfp_blob(p, step->expect);
	u32 i, n = le32_to_cpu(step->expect_len);

	for (i = 0; i < n && i < len; i++)
		out[i] = (out[i] & ~want[n + i]) | (want[i] & want[n + i]);
}

/*
 * A poll while the part is at work: the answer is one that the profile does not
 * expect. The host is taken to have polled until the part was ready, so that
 * the next answer is the last one, and no host has to wait in wall time.
 */
static void answer_busy(struct model_chip *chip, struct model_txn *txn, u8 *out, u32 len)
{
	const struct bfp_step *step = txn->step;
	u64 pause = le32_to_cpu(step->wait_us) * 1000ull, polls = 1;
	u32 i, n = le32_to_cpu(step->expect_len);
	const u8 *mask = bfp_blob(&chip->profile, step->expect) + n;

	for (i = 0; i < n && i < len; i++)
		out[i] ^= mask[i];
	if (!txn->stuck)
		polls = (txn->memory->busy_until - chip->clock->ns + pause - 1) / pause;
	chip->clock->ns += polls * pause;
}

/* The answer is another one each time, as far as the profile leaves it open. */
static void vary_answer(const struct bfp *p, const struct model_txn *txn, u8 *out, u32 len)
{
	const u8 *mask = bfp_blob(p, txn->step->expect);
	u32 i, n = le32_to_cpu(txn->step->expect_len);

	mask += n;
	for (i = len; i--;) {
		if (i < n && mask[i])
			continue;
		out[i] ^= 1 + txn->vary % 255;
		return;
	}
	if (len)
		out[len - 1] ^= 1 + txn->vary % 255;
}

/**
 * model_chip_in() - the data phase towards the host
 * @chip: the chip
 * @txn: the request, after model_chip_start()
 * @out: where to put the bytes
 * @room: how many there is room for
 * @actual: how many were put there
 *
 * Return: MODEL_DONE or why not.
 */
enum model_result model_chip_in(struct model_chip *chip, struct model_txn *txn,
				u8 *out, u32 room, u32 *actual)
{
	const struct bfp *p = &chip->profile;
	u32 n = txn->length < room ? txn->length : room;
	u32 known;

	*actual = 0;
	if (txn->step->carry == BFP_CARRY_DATA) {
		u8 quadlet[4];

		*actual = model_memory_read(txn->memory, txn->offset, out, n);
		if (txn->step->kind == BFP_STEP_QUADLET_READ && *actual <= sizeof(quadlet)) {
			memcpy(quadlet, out, *actual);
			turn(txn, out, quadlet, *actual);
		}
		chip->clock->ns += (u64)*actual * txn->memory->read_ns;
		chip->latch.address = txn->v.address + *actual;
		return MODEL_DONE;
	}
	memset(out, 0, n);
	*actual = n;
	/* Whoever reads it sets it off, whatever it was read for. */
	if (txn->astray) {
		chip->coming = BFP_NONE;
		return MODEL_RESET;
	}
	if (txn->effect) {
		known = le32_to_cpu(txn->op->answer_len);
		memcpy(out, bfp_blob(p, txn->op->answer), known < n ? known : n);
	}
	expected_answer(p, txn->step, out, n);
	model_computed_answer(chip, txn, out, n);
	if ((txn->step->flags & BFP_STEPF_POLL) && (txn->stuck || busy(chip, txn)))
		answer_busy(chip, txn, out, n);
	if (txn->vary && txn->effect)
		vary_answer(p, txn, out, n);
	return after(chip, txn);
}

/**
 * model_chip_out() - the data phase from the host, or a request without one
 * @chip: the chip
 * @txn: the request, after model_chip_start()
 * @data: what the host sent
 * @len: how much
 * @cut: what ends it early
 * @cut_at: after this many bytes
 *
 * Return: MODEL_DONE, MODEL_RESET or why not.
 */
enum model_result model_chip_out(struct model_chip *chip, struct model_txn *txn,
				 const u8 *data, u32 len,
				 enum model_cut cut, u32 cut_at)
{
	enum model_result result = MODEL_DONE;
	u8 quadlet[4];

	if (txn->step->carry == BFP_CARRY_PAYLOAD && !model_payload_match(chip, txn, data, len))
		return MODEL_INVALID;
	if (txn->sum_item && txn->sum_item->over == BFP_OVER_DATA &&
	    txn->step->carry == BFP_CARRY_DATA) {
		u64 mask = txn->sum_item->bits < 64 ? (1ull << txn->sum_item->bits) - 1 : ~0ull;
		u64 sum = bfp_checksum(txn->sum_item->sum, data, len);

		if (((sum >> txn->sum_item->low) & mask) != txn->sum)
			return MODEL_INVALID;
	}
	if (txn->step->carry != BFP_CARRY_DATA) {
		data = txn->data;
		len = txn->v.data_len;
	} else if (txn->step->kind == BFP_STEP_QUADLET_WRITE) {
		/* It has come with the request. */
		turn(txn, quadlet, txn->data, sizeof(quadlet));
		data = quadlet;
		len = sizeof(quadlet);
	}
	if (cut_at == MODEL_HALF)
		cut_at = len / 2;
	if (txn->effect && !txn->ignored)
		result = model_effect(chip, txn, data, len, cut, cut_at);
	if (result == MODEL_DONE && cut == MODEL_CUT_NONE) {
		model_upload_note(chip, txn, data, len);
		if (txn->port)
			model_port_take(chip, txn);
	}
	return result == MODEL_DONE && cut == MODEL_CUT_NONE && !txn->ignored ?
	       after(chip, txn) : result;
}
