// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which drives an image is for. Families by OmniPatcher's fw_specs.pl, hardware
 * sets by the EEPROM Utility's readme.
 */
#include <ctype.h>
#include <string.h>

#include "liteon.h"
#include "text.h"

static const char set_451[] = "liteon-451s-851s";
static const char set_832[] = "liteon-812s-832s";
static const char set_1633[] = "liteon-1213s-1613s-1633s-1653s";
static const char set_1693[] = "liteon-1673s-1693s";
static const char set_slim[] = "liteon-sosw-813s-833s";

static const struct liteon_model models[] = {
	{ 'E', "401S", NULL, 0 },
	{ 'F', "411S", NULL, 0x90000 },
	{ 'H', "811S", NULL, 0x90000 },
	{ 'G', "851S/451S", set_451, 0x90000 },
	{ 'U', "SOHW-812S/802S", set_832, 0x90000 },
	{ 'V', "SOHW-832S/822S (Sony DRU-700A, DW-D18A)", set_832, 0x90000 },
	{ 'T', "SOHW-1213S", set_1633, 0x90000 },
	{ 'A', "SOHW-1613S", set_1633, 0x90000 },
	{ 'B', "SOHW-1633S (Sony DRU-710A, DW-D22A)", set_1633, 0x90000 },
	{ 'C', "SOHW-1653S", set_1633, 0x90000 },
	{ 'J', "SOHW-1673S", set_1693, 0xa0000 },
	{ 'K', "SOHW-1693S", set_1693, 0xa0000 },
	/* capitals in truth: it is the rebanked form that tells them from the others */
	{ 'u', "slim SOSW-813S", set_slim, 0 },
	{ 'v', "slim SOSW-833S", set_slim, 0 },
};

/* Parts of product names. */
static const struct {
	const char *part;
	char letter;
} products[] = {
	{ "DRU-700A", 'V' }, { "DW-D18A", 'V' }, { "DRU-710A", 'B' }, { "DW-D22A", 'B' },
	{ "-401S", 'E' }, { "-411S", 'F' }, { "-811S", 'H' }, { "-851S", 'G' },
	{ "-451S", 'G' }, { "SOHW-812S", 'U' }, { "SOHW-802S", 'U' }, { "SOHW-832S", 'V' },
	{ "SOHW-822S", 'V' }, { "SOSW-813S", 'u' }, { "SOSW-833S", 'v' },
	{ "-1213S", 'T' }, { "-1613S", 'A' }, { "-1633S", 'B' }, { "-1653S", 'C' },
	{ "-1673S", 'J' }, { "-1693S", 'K' },
};

static const struct {
	const char *set;
	const char *drives;
} sets[] = {
	{ set_451, "451S/851S" },
	{ set_832, "812S/832S (DRU-700A, DW-D18A)" },
	{ set_1633, "1213S/1613S/1633S/1653S (DRU-710A, DW-D22A)" },
	{ set_1693, "1673S/1693S" },
	{ set_slim, "slim SOSW-813S/833S" },
};

static const struct liteon_model *model_at(char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(models); i++)
		if (models[i].letter == letter)
			return &models[i];
	return NULL;
}

/**
 * liteon_model() - the drives of a letter
 * @letter: of the internal revision
 * @slim: whether the image is rebanked, which makes U and V slim drives
 *
 * Return: the drives, NULL if no family has that letter
 */
const struct liteon_model *liteon_model(char letter, bool slim)
{
	if (letter == 'u' || letter == 'v')
		return NULL;
	if (letter == 'g' || letter == 'b')
		letter = toupper(letter);
	else if (slim && (letter == 'U' || letter == 'V'))
		letter = tolower(letter);
	return model_at(letter);
}

/**
 * liteon_model_of() - the drives of a product name
 * @product: as INQUIRY tells it
 *
 * Return: the drives, NULL if the name is not known
 */
const struct liteon_model *liteon_model_of(const char *product)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(products); i++)
		if (strstr(product, products[i].part))
			return model_at(products[i].letter);
	return NULL;
}

/**
 * liteon_is_slim() - whether drives are of the slim set
 * @m: the drives
 */
bool liteon_is_slim(const struct liteon_model *m)
{
	return m && m->set == set_slim;
}

/**
 * liteon_is_stock_700a() - whether a revision is in the list of Sony's own for the DRU-700A
 * @revision: the revision
 */
bool liteon_is_stock_700a(const char *revision)
{
	return revision[0] && text_has_word("VY02 VY05 VY06 VY08", revision);
}

/**
 * liteon_is_crossflash() - whether a revision has the form of the Code Guys' codes
 * @revision: the revision
 * @listed: whether it is one of those that their list has for the 832S
 */
bool liteon_is_crossflash(const char *revision, bool *listed)
{
	*listed = revision[0] && text_has_word("CG2B CG3B CG3E CG4E CG5E CG5G", revision);
	return revision[0] == 'C' && revision[1] == 'G' && isdigit((u8)revision[2]);
}

/**
 * liteon_other_sets() - the drives of all other hardware sets
 * @set: this one
 * @out: the text
 * @room: size of @out
 */
void liteon_other_sets(const char *set, char *out, size_t room)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		if (strcmp(sets[i].set, set))
			text_add(out, room, "%s%s", out[0] ? "; " : "", sets[i].drives);
}
