// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of a flash port, as Oxford's definitions for the OXFW912 list them
 * (mixxxdj/hss1394, src/Oxford1394Definitions.h) and as their top four bits are
 * taken to mean: 4 an address, 6 a read of it, 0 the upper half of a value, 3 the
 * lower half, which writes it, 8 a restart of the processor. Behind it lies a flash
 * that is 32 bits wide and knows the commands of an SST28SF040: 20 D0 erases a sector, 30 30
 * everything, 10 programs what is written next; seven reads at certain addresses
 * unlock it, seven lock it.
 *
 * Each word by itself is a step that several operations of the profile have. Which of
 * them is meant shows when the part has all it needs.
 */
#include "chip.h"

#define WORD_UPPER	0x0
#define WORD_WRITE	0x3
#define WORD_ADDRESS	0x4
#define WORD_READ	0x6

#define PART_PROGRAM	0x10
#define PART_ERASE	0x20
#define PART_ERASE_ALL	0x30
#define PART_CONFIRM	0xd0

/* The register that a step writes, if that is always the same; 0: none. */
static u64 fixed_register(const struct bfp *p, const struct bfp_step *s)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(s->addr_first);

	if (s->kind != BFP_STEP_QUADLET_WRITE || s->carry != BFP_CARRY_NOTHING ||
	    le16_to_cpu(s->addr_count) != 1 || item->value != BFP_LITERAL)
		return 0;
	return le64_to_cpu(item->literal);
}

/* A register to which the data goes in parts, each of them in a word. */
static u64 port_of(const struct bfp *p, const struct bfp_operation *op)
{
	const struct bfp_step *s = bfp_steps(p) + le16_to_cpu(op->step_first);
	u64 address = 0;
	u32 i, parts = 0;

	for (i = 0; i < le16_to_cpu(op->step_count); i++) {
		u64 here = fixed_register(p, &s[i]);

		if (!here || !model_step_sends(p, &s[i], BFP_DATA))
			continue;
		if (parts++ && here != address)
			return 0;
		address = here;
	}
	return parts > 1 ? address : 0;
}

/**
 * model_port_init() - find out whether the chip has a flash port
 * @chip: the chip; its memories are there
 */
void model_port_init(struct model_chip *chip)
{
	struct model_port *port = &chip->port;
	const struct bfp_operation *op;

	memset(port, 0, sizeof(*port));
	for (; port->memory < chip->memories; port->memory++) {
		op = bfp_find_operation(&chip->profile, BFP_OP_PROGRAM, port->memory);
		port->address = op ? port_of(&chip->profile, op) : 0;
		if (port->address) {
			port->known = true;
			return;
		}
	}
}

/**
 * model_port_reset() - the chip starts: no command has begun
 * @chip: the chip
 */
void model_port_reset(struct model_chip *chip)
{
	struct model_port *port = &chip->port;

	port->at = 0;
	port->upper = 0;
	port->command = 0;
	memset(port->strobes, 0, sizeof(port->strobes));
}

/* Whether the reads so far, and one of @last, are those that an operation makes. */
static bool sequence(const struct model_chip *chip, const struct bfp_operation *op, u16 last)
{
	const struct model_port *port = &chip->port;
	const struct bfp *p = &chip->profile;
	const struct bfp_step *s = bfp_steps(p) + le16_to_cpu(op->step_first);
	u32 i, n = 0;

	for (i = 0; i < le16_to_cpu(op->step_count); i++) {
		const struct bfp_item *item = bfp_items(p) + le16_to_cpu(s[i].item_first);
		u32 word = (u32)le64_to_cpu(item->literal);
		u16 seen;

		if (fixed_register(p, &s[i]) != port->address ||
		    le16_to_cpu(s[i].item_count) != 1 || item->value != BFP_LITERAL ||
		    word >> 28 != WORD_READ)
			continue;
		if (n == MODEL_STROBES)
			return false;
		seen = n + 1 < MODEL_STROBES ? port->strobes[n + 1] : last;
		if (seen != (u16)word)
			return false;
		n++;
	}
	return n == MODEL_STROBES;
}

/* What the part does when this word arrives; 0: nothing yet. */
static u8 does(const struct model_chip *chip, u32 word)
{
	static const u8 locks[] = { BFP_OP_UNLOCK, BFP_OP_LOCK };
	const struct model_port *port = &chip->port;
	const struct bfp_operation *op;
	u32 i;

	if (word >> 28 == WORD_READ) {
		for (i = 0; i < ARRAY_SIZE(locks); i++) {
			op = bfp_find_operation(&chip->profile, locks[i], port->memory);
			if (op && sequence(chip, op, (u16)word))
				return locks[i];
		}
		return 0;
	}
	if (word >> 28 != WORD_WRITE)
		return 0;
	switch (port->command) {
	case PART_PROGRAM:
		return BFP_OP_PROGRAM;
	case PART_ERASE:
		return (u8)word == PART_CONFIRM ? BFP_OP_ERASE_SECTOR : 0;
	case PART_ERASE_ALL:
		return (u8)word == PART_ERASE_ALL ? BFP_OP_ERASE_ALL : 0;
	}
	return 0;
}

/**
 * model_port_look() - what a word means for the part
 * @chip: the chip
 * @address: of the register that was written
 * @word: what was written
 * @txn: the step that it was taken for; becomes the one that it is
 *
 * Return: false if the chip has no port there.
 */
bool model_port_look(struct model_chip *chip, u64 address, u32 word, struct model_txn *txn)
{
	const struct bfp_operation *op;
	u8 kind;

	if (!chip->port.known || address != chip->port.address)
		return false;
	txn->port = true;
	txn->word = word;
	if (txn->op->kind == BFP_OP_RESET)
		return true;
	kind = does(chip, word);
	op = kind ? bfp_find_operation(&chip->profile, kind, chip->port.memory) : NULL;
	/* A command that the profile does not have is one that the model does not carry out. */
	txn->effect = op;
	if (!op)
		return true;
	txn->op = op;
	txn->memory_index = chip->port.memory;
	txn->memory = &chip->memory[chip->port.memory];
	model_port_at(chip, address, txn);
	txn->data[0] = (u8)(chip->port.upper >> 8);
	txn->data[1] = (u8)chip->port.upper;
	txn->data[2] = (u8)(word >> 8);
	txn->data[3] = (u8)word;
	txn->v.data_len = kind == BFP_OP_PROGRAM ? 4 : 0;
	return true;
}

/**
 * model_port_at() - the place in the flash that the port stands at
 * @chip: the chip
 * @address: of the register
 * @txn: gets it
 *
 * Return: false if the chip has no port there.
 */
bool model_port_at(const struct model_chip *chip, u64 address, struct model_txn *txn)
{
	const struct bfp_memory *mem = bfp_memories(&chip->profile) + chip->port.memory;

	if (!chip->port.known || address != chip->port.address)
		return false;
	txn->v.address = chip->port.at;
	txn->offset = (u32)(chip->port.at - le64_to_cpu(mem->base));
	return true;
}

/**
 * model_port_take() - the word has been carried out
 * @chip: the chip
 * @txn: as model_port_look() left it
 */
void model_port_take(struct model_chip *chip, const struct model_txn *txn)
{
	struct model_port *port = &chip->port;
	u32 word = txn->word, i;

	switch (word >> 28) {
	case WORD_ADDRESS:
		port->at = (u16)word;
		break;
	case WORD_READ:
		for (i = 0; i + 1 < MODEL_STROBES; i++)
			port->strobes[i] = port->strobes[i + 1];
		port->strobes[i] = (u16)word;
		break;
	case WORD_UPPER:
		port->upper = (u16)word;
		break;
	case WORD_WRITE:
		if (port->command)
			port->command = 0;
		else if ((u8)word == PART_PROGRAM || (u8)word == PART_ERASE ||
			 (u8)word == PART_ERASE_ALL)
			port->command = (u8)word;
		break;
	}
}
