/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bridge chip as its profile describes it: requests are recognised by the
 * steps of the profile's operations, and do to the chip's memories what the
 * operation means. Knows neither a bus nor a particular chip.
 */
#ifndef MODEL_CHIP_H
#define MODEL_CHIP_H

#include "encode.h"
#include "flashport.h"
#include "nor.h"
#include "upload.h"

#define MODEL_OP_NAME	48
#define MODEL_INLINE	16
#define MODEL_HALF	0xffffffffu	/* cut when half of the bytes have arrived */

/**
 * struct model_chip - one chip
 * @profile: what is known of it; its bytes must outlive this
 * @clock: is advanced by what the memories take
 * @memory: the parts, in the profile's order
 * @memories: how many
 * @locked: memories that take no program or erase until unlocked
 * @latch: values of earlier steps, for steps that do not repeat them
 * @op: the operation that the last request belonged to
 * @mode: the id, of the profile's, that the chip was told to come back with;
 *	BFP_NONE: it starts as after power-on
 * @coming: the same, from the next start on
 * @blank: it started without valid firmware
 * @upload: what has been uploaded
 * @port: its flash port, if it has one
 * @interface: number of the USB interface that vendor requests go to
 */
struct model_chip {
	struct bfp profile;
	struct model_clock *clock;
	struct model_memory memory[BFP_MEMORIES_MAX];
	u32 memories;
	bool locked[BFP_MEMORIES_MAX];
	struct bfp_values latch;
	const struct bfp_operation *op;
	u16 mode;
	u16 coming;
	bool blank;
	struct model_upload upload;
	struct model_port port;
	u32 interface;
};

/**
 * struct model_txn - a request that was recognised
 * @op: the operation it belongs to
 * @step: the step
 * @effect: this is the step that does what the operation means
 * @name: "eeprom.read", "version" ...
 * @dir: where the data phase goes, as the chip sees it
 * @asked: bytes that the host announced
 * @length: bytes that the chip wants to move
 * @v: address, length ... as they stood in the request
 * @data: bytes that came inside of the request itself
 * @sum: checksum over the data, as it stood in the request
 * @sum_item: its item; NULL: there was none
 * @memory: the part; NULL: none
 * @memory_index: its index in the profile
 * @offset: in it
 * @astray: the chip is not in a state in which this may be sent
 * @port: it is a word for the flash port
 * @word: that word
 * @ignored: the chip says that it does what it does not do
 * @stuck: a poll is answered with "busy" for ever
 * @vary: if not 0, it changes the answer
 */
struct model_txn {
	const struct bfp_operation *op;
	const struct bfp_step *step;
	bool effect;
	char name[MODEL_OP_NAME];
	u8 dir;
	u32 asked;
	u32 length;
	struct bfp_values v;
	u8 data[MODEL_INLINE];
	u64 sum;
	const struct bfp_item *sum_item;
	struct model_memory *memory;
	u32 memory_index;
	u32 offset;
	bool astray;
	bool port;
	u32 word;
	bool ignored;
	bool stuck;
	u32 vary;
};

enum model_result {
	MODEL_DONE,
	MODEL_INVALID,		/* known, but with values the chip does not take */
	MODEL_PROTECTED,	/* the memory is locked */
	MODEL_MISCOMPARE,	/* verify: not equal */
	MODEL_BROKEN,		/* the model could not save its memory */
	MODEL_RESET,		/* done, and now the chip starts anew */
};

int model_chip_init(struct model_chip *chip, const struct bfp *profile,
		    struct model_clock *clock);
void model_chip_free(struct model_chip *chip);
void model_chip_power_on(struct model_chip *chip);
void model_chip_start_up(struct model_chip *chip);
struct model_memory *model_chip_memory(struct model_chip *chip, const char *name, int kind);
u8 model_chip_state(const struct model_chip *chip);
bool model_chip_name(const struct model_chip *chip, u64 address, u32 *value);

bool model_chip_sector(const struct model_chip *chip, u32 memory, u32 offset,
		       u32 *start, u32 *size);
enum model_result model_chip_start(struct model_chip *chip, struct model_txn *txn);
enum model_result model_chip_in(struct model_chip *chip, struct model_txn *txn,
				u8 *out, u32 room, u32 *actual);
enum model_result model_chip_out(struct model_chip *chip, struct model_txn *txn,
				 const u8 *data, u32 len,
				 enum model_cut cut, u32 cut_at);

/* recognise.c */
bool model_chip_match(struct model_chip *chip, enum bfp_step_kind kind,
		      const u8 *bytes, u32 size, u32 length, struct model_txn *txn);
bool model_payload_match(struct model_chip *chip, struct model_txn *txn,
			 const u8 *data, u32 len);
bool model_step_sends(const struct bfp *p, const struct bfp_step *step, u8 value);
bool model_op_sends(const struct bfp *p, const struct bfp_operation *op, u8 value);

/* effect.c */
enum model_result model_effect(struct model_chip *chip, struct model_txn *txn,
			       const u8 *data, u32 len, enum model_cut cut, u32 cut_at);

/* boot.c */
bool model_chip_boots(const struct model_chip *chip);

#endif
