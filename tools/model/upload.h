/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An upload: a chip that is told where to begin, then takes data and counts the
 * address on, and answers a checksum of its own at the end.
 */
#ifndef MODEL_UPLOAD_H
#define MODEL_UPLOAD_H

#include "profile.h"

struct model_chip;
struct model_txn;

/**
 * struct model_upload - what has been uploaded since a start address was written
 * @memory: index of the memory
 * @kept: the chip does that at all
 * @begun: a start address has been written
 * @bytes: the data, in the order of addresses
 * @len: how much
 */
struct model_upload {
	u32 memory;
	bool kept;
	bool begun;
	u8 *bytes;
	u32 len;
};

int model_upload_init(struct model_chip *chip);
void model_upload_free(struct model_chip *chip);
void model_upload_forget(struct model_chip *chip);
bool model_upload_open(const struct model_chip *chip, const struct model_txn *txn);
void model_upload_note(struct model_chip *chip, const struct model_txn *txn,
		       const u8 *data, u32 len);
void model_computed_answer(struct model_chip *chip, const struct model_txn *txn,
			   u8 *out, u32 len);

#endif
