// SPDX-License-Identifier: GPL-2.0-or-later
/* How an image is laid out: its banks, its INQUIRY answer. */
#include <string.h>

#include "liteon.h"

#define BANKS_MOST	64
#define COMMON		0x4000
#define COMMON_SLIM	0x3000
#define TAIL		16

/* The INQUIRY answer: its head, then the texts. */
#define AT_VENDOR	8
#define AT_PRODUCT	16
#define AT_REVISION	32
#define AT_TIMESTAMP	36
#define ANSWER		52

static const u8 answer_head[] = { 0x05, 0x80, 0x00, 0x32 };

static bool size_good(size_t size)
{
	return size == 0x20000 || size == 0x40000 || size == 0x80000 ||
	       size == LITEON_WRITER_SIZE;
}

/* E5 90 54 0F B4 00, or 1F in its middle where the image is rebanked. */
static void find_call(const struct image *img, struct liteon_layout *l)
{
	static const u8 head[] = { 0xe5, 0x90, 0x54 }, tail[] = { 0xb4, 0x00 };
	size_t at = LITEON_BOOT;
	const u8 *p;

	while ((p = image_find(img, at, LITEON_BANK, head, sizeof(head)))) {
		u8 mask;

		at = p - img->data + 1;
		if (!image_has(img, at + sizeof(head), tail, sizeof(tail)))
			continue;
		mask = p[sizeof(head)];
		if (mask != 0x0f && mask != 0x1f)
			continue;
		l->form = mask == 0x1f ? LITEON_REBANKED : LITEON_PLAIN;
		l->call = p - img->data;
		return;
	}
}

/* The first answer counts; of others only whether they say the same. */
static void find_answer(const struct image *img, struct liteon_layout *l)
{
	static const u8 zeros[3];
	size_t at = LITEON_BOOT;
	const u8 *p;

	while ((p = image_find(img, at, img->size, answer_head, sizeof(answer_head)))) {
		size_t here = p - img->data;

		at = here + 1;
		if (img->size - here < ANSWER || (p[4] != 0x5b && p[4] != 0x1f) ||
		    !image_has(img, here + 5, zeros, sizeof(zeros)) ||
		    !image_printable(img, here + AT_VENDOR, AT_TIMESTAMP - AT_VENDOR))
			continue;
		if (!l->template_at)
			l->template_at = here;
		else if (memcmp(p, img->data + l->template_at, AT_TIMESTAMP))
			l->others++;
	}
	at = l->template_at;
	if (!at)
		return;
	image_copy_text(img, at + AT_VENDOR, 8, l->vendor, sizeof(l->vendor));
	image_copy_text(img, at + AT_PRODUCT, 16, l->product, sizeof(l->product));
	image_copy_text(img, at + AT_REVISION, 4, l->revision, sizeof(l->revision));
	image_copy_text(img, at + AT_TIMESTAMP, 16, l->timestamp, sizeof(l->timestamp));
}

/**
 * liteon_letter() - what the family is told by
 * @l: the layout
 *
 * Return: the first letter of the internal revision; if that was not found, of the
 * one in the INQUIRY answer, which is a guess; 0 if there is neither
 */
char liteon_letter(const struct liteon_layout *l)
{
	return l->internal[0] ? l->internal[0] : l->revision[0];
}

static bool ends_in_capitals(const struct image *img)
{
	size_t i;

	if (img->size < TAIL)
		return false;
	for (i = img->size - TAIL; i < img->size; i++)
		if (img->data[i] != ' ' && (img->data[i] < 'A' || img->data[i] > 'Z'))
			return false;
	return true;
}

/*
 * Each bank begins with a jump. A rebanked image has to be expanded first: behind
 * the boot code comes what all banks have in common, then the rest of each.
 */
static void test_banks(const struct image *img, struct liteon_layout *l)
{
	size_t bank, rest;

	if (l->form == LITEON_REBANKED) {
		rest = LITEON_BANK - l->common;
		if (img->size <= LITEON_BOOT + l->common)
			return;
		l->banks = (img->size - LITEON_BOOT - l->common + rest - 1) / rest;
		/* all begin with the common part */
		l->bad_banks = img->data[LITEON_BOOT] == 0x02 ? 0 : l->banks;
		return;
	}
	l->banks = img->size / LITEON_BANK;
	for (bank = 0; bank < l->banks && bank < BANKS_MOST; bank++)
		l->bad_banks += img->data[bank * LITEON_BANK] != 0x02;
}

/**
 * liteon_look() - find out how an image is laid out
 * @img: the image; of any content and length
 * @l: filled in
 *
 * The facts are from OmniPatcher (fw.pl, fw_mtk.pl, common_util.pl), which read
 * and wrote such images for years.
 */
void liteon_look(const struct image *img, struct liteon_layout *l)
{
	char letter;

	memset(l, 0, sizeof(*l));
	l->size_good = size_good(img->size);
	l->starts = img->size && img->data[0] == 0x02;
	find_call(img, l);
	find_answer(img, l);
	liteon_internal_revision(img, l->internal, sizeof(l->internal));
	l->tail = ends_in_capitals(img);
	if (l->form == LITEON_REBANKED) {
		letter = liteon_letter(l);
		l->common = (letter == 'U' || letter == 'V') && l->tail ? COMMON_SLIM : COMMON;
	}
	test_banks(img, l);
}

/**
 * liteon_structure() - whether the banks are as they should be
 * @img: the image
 *
 * What comes out of a flasher must pass this: scrambled bytes do not.
 */
bool liteon_structure(const struct image *img)
{
	struct liteon_layout l;

	liteon_look(img, &l);
	return l.size_good && l.starts && l.banks && !l.bad_banks;
}
