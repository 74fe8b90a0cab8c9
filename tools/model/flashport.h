/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register behind which lie the bus cycles of a flash, one word each, as the
 * OXFW912 is described: see flashport.c.
 */
#ifndef MODEL_FLASHPORT_H
#define MODEL_FLASHPORT_H

#include "profile.h"

struct model_chip;
struct model_txn;

#define MODEL_STROBES	7	/* reads in a row that unlock the part, or lock it */

/**
 * struct model_port - the register, and what its flash has seen
 * @known: the chip has one
 * @address: of the register
 * @memory: index of the flash
 * @at: address latch
 * @upper: upper half of the data latch
 * @command: of the part, 0: none has begun
 * @strobes: addresses of the last reads, the latest one last
 */
struct model_port {
	bool known;
	u64 address;
	u32 memory;
	u32 at;
	u16 upper;
	u8 command;
	u16 strobes[MODEL_STROBES];
};

void model_port_init(struct model_chip *chip);
void model_port_reset(struct model_chip *chip);
bool model_port_look(struct model_chip *chip, u64 address, u32 word, struct model_txn *txn);
void model_port_take(struct model_chip *chip, const struct model_txn *txn);
bool model_port_at(const struct model_chip *chip, u64 address, struct model_txn *txn);

#endif
