// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Uploads, and answers that the chip computes.
 *
 * A profile says which requests there are, not that the chip counts what comes. That
 * shows in the shape of its steps: a program operation that tells the address in a step
 * without data begins an upload with it, if the chip computes an answer over the image.
 */
#include <stdlib.h>

#include "chip.h"

static bool computes(const struct bfp *p, u32 memory)
{
	const struct bfp_operation *op = bfp_operations(p);
	u32 i, k;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++) {
		const struct bfp_step *s = bfp_steps(p) + le16_to_cpu(op->step_first);

		for (k = 0; op->memory == memory && k < le16_to_cpu(op->step_count); k++)
			if (s[k].carry == BFP_CARRY_ANSWER && s[k].payload_count)
				return true;
	}
	return false;
}

/* The step that says where the data goes, of an operation whose data does not say it. */
static bool starts(const struct bfp *p, const struct bfp_operation *op, const struct bfp_step *s)
{
	return op->kind == BFP_OP_PROGRAM && s->dir != BFP_DIR_IN &&
	       s->carry == BFP_CARRY_NOTHING && model_step_sends(p, s, BFP_ADDRESS);
}

static bool has_start(const struct bfp *p, u32 memory)
{
	const struct bfp_operation *op = bfp_find_operation(p, BFP_OP_PROGRAM, memory);
	const struct bfp_step *s;
	bool start = false;
	u32 i;

	if (!op)
		return false;
	s = bfp_steps(p) + le16_to_cpu(op->step_first);
	for (i = 0; i < le16_to_cpu(op->step_count); i++) {
		if (s[i].carry == BFP_CARRY_DATA && model_step_sends(p, &s[i], BFP_ADDRESS))
			return false;
		start |= starts(p, op, &s[i]);
	}
	return start;
}

/**
 * model_upload_init() - find out whether the chip keeps count of uploads
 * @chip: the chip; its memories are there
 *
 * Return: 0 or -ENOMEM.
 */
int model_upload_init(struct model_chip *chip)
{
	struct model_upload *u = &chip->upload;

	for (u->memory = 0; u->memory < chip->memories; u->memory++)
		if (computes(&chip->profile, u->memory) &&
		    has_start(&chip->profile, u->memory))
			break;
	u->kept = u->memory < chip->memories;
	if (!u->kept)
		return 0;
	u->bytes = malloc(chip->memory[u->memory].size);
	return u->bytes ? 0 : -ENOMEM;
}

/**
 * model_upload_free() - give back what it occupies
 * @chip: the chip
 */
void model_upload_free(struct model_chip *chip)
{
	free(chip->upload.bytes);
	chip->upload.bytes = NULL;
	chip->upload.kept = false;
}

/**
 * model_upload_forget() - the upload is over
 * @chip: the chip
 */
void model_upload_forget(struct model_chip *chip)
{
	chip->upload.begun = false;
	chip->upload.len = 0;
}

/**
 * model_upload_open() - whether the chip knows where data goes
 * @chip: the chip
 * @txn: a request that brings data
 *
 * Return: false if no start address has been written since the last upload.
 */
bool model_upload_open(const struct model_chip *chip, const struct model_txn *txn)
{
	return !chip->upload.kept || txn->memory_index != chip->upload.memory ||
	       txn->op->kind != BFP_OP_PROGRAM || !txn->effect || chip->upload.begun;
}

/**
 * model_upload_note() - a request has been carried out
 * @chip: the chip
 * @txn: the request
 * @data: what it brought
 * @len: how much
 *
 * What the part then makes of the data is not looked at: the chip counts what came.
 */
void model_upload_note(struct model_chip *chip, const struct model_txn *txn,
		       const u8 *data, u32 len)
{
	struct model_upload *u = &chip->upload;

	if (!u->kept || !txn->memory || txn->memory_index != u->memory ||
	    txn->op->kind != BFP_OP_PROGRAM)
		return;
	if (!txn->effect) {
		if (starts(&chip->profile, txn->op, txn->step)) {
			u->begun = true;
			u->len = 0;
		}
		return;
	}
	if (len > txn->memory->size - u->len)
		len = txn->memory->size - u->len;
	memcpy(u->bytes + u->len, data, len);
	u->len += len;
}

/**
 * model_computed_answer() - an answer that the profile has a template of
 * @chip: the chip
 * @txn: the request
 * @out: gets it, as far as the template reaches
 * @len: bytes of the answer
 *
 * A checksum is over what was uploaded, or over what the memory holds where the chip does
 * not count.
 */
void model_computed_answer(struct model_chip *chip, const struct model_txn *txn,
			   u8 *out, u32 len)
{
	const struct model_upload *u = &chip->upload;
	const struct bfp_step *s = txn->step;
	struct bfp_values v = txn->v;
	u8 *content = NULL;

	if (s->carry != BFP_CARRY_ANSWER || !s->payload_count)
		return;
	if (u->kept && txn->memory && txn->memory_index == u->memory) {
		v.image = u->bytes;
		v.image_len = u->len;
	} else if (txn->memory) {
		content = malloc(txn->memory->size ? txn->memory->size : 1);
		if (!content)
			return;
		v.image_len = model_memory_read(txn->memory, 0, content, txn->memory->size);
		v.image = content;
	}
	v.total = v.image_len;
	if (v.image && txn->offset < v.image_len) {
		v.data = v.image + txn->offset;
		v.data_len = v.image_len - txn->offset;
	}
	if (bfp_encode(&chip->profile, le16_to_cpu(s->payload_first),
		       le16_to_cpu(s->payload_count), &v, out, len))
		memset(out, 0, len);
	free(content);
}
