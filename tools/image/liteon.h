/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lite-On and Sony images for drives with an 8051: how they are laid out, and for which drives. */
#ifndef BRIDGEFW_IMAGE_LITEON_H
#define BRIDGEFW_IMAGE_LITEON_H

#include "fwimage.h"

#define LITEON_BANK		0x10000
#define LITEON_BOOT		0x4000	/* boot code, and where the rest begins */
#define LITEON_WRITER_SIZE	0x100000	/* of all DVD writers */
#define LITEON_TEXT		17

enum liteon_form {
	LITEON_FORM_UNKNOWN,	/* the call into bank 0 is not there */
	LITEON_PLAIN,		/* whole banks */
	LITEON_REBANKED,	/* what all banks have in common is stored once */
};

/**
 * struct liteon_layout - what was found where
 * @size_good: the length is one that such images have
 * @starts: the first byte is that of a jump
 * @form: how the banks are stored
 * @call: offset of the call into bank 0, if @form is known
 * @common: bytes that all banks have in common, if rebanked
 * @tail: the last 16 bytes are capitals and blanks
 * @banks: how many there are, once expanded
 * @bad_banks: how many of them do not begin with a jump
 * @template_at: offset of the INQUIRY answer, 0 if there is none
 * @others: how many more of them say something else
 * @vendor: what it says, "" if there is none
 * @product: the same
 * @revision: the same
 * @timestamp: the same
 * @internal: internal revision, "" if it was not found
 */
struct liteon_layout {
	bool size_good;
	bool starts;
	enum liteon_form form;
	size_t call;
	size_t common;
	bool tail;
	unsigned int banks;
	unsigned int bad_banks;
	size_t template_at;
	unsigned int others;
	char vendor[LITEON_TEXT];
	char product[LITEON_TEXT];
	char revision[LITEON_TEXT];
	char timestamp[LITEON_TEXT];
	char internal[LITEON_TEXT];
};

/**
 * struct liteon_model - drives of one family
 * @letter: first letter of their internal revision
 * @models: their names
 * @set: hardware set, for scripts; NULL if the sources name none
 * @eeprom_bank: offset of the bank with the EEPROM's routines, 0 if none is named
 */
struct liteon_model {
	char letter;
	const char *models;
	const char *set;
	u32 eeprom_bank;
};

/* liteon_layout.c */
void liteon_look(const struct image *img, struct liteon_layout *l);
char liteon_letter(const struct liteon_layout *l);
bool liteon_structure(const struct image *img);

/* liteon_internal.c */
void liteon_internal_revision(const struct image *img, char *out, size_t room);

/* liteon_models.c */
const struct liteon_model *liteon_model(char letter, bool slim);
const struct liteon_model *liteon_model_of(const char *product);
bool liteon_is_slim(const struct liteon_model *m);
bool liteon_is_stock_700a(const char *revision);
bool liteon_is_crossflash(const char *revision, bool *listed);
void liteon_other_sets(const char *set, char *out, size_t room);

#endif
