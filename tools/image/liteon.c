// SPDX-License-Identifier: GPL-2.0-or-later
/* Lite-On and Sony: drives with an 8051, of 2001 to 2005. */
#include <stdio.h>
#include <string.h>

#include "families.h"
#include "liteon.h"
#include "text.h"

static const struct image_fact layout_fact = {
	BFP_REPORTED, "OmniPatcher fw.pl, fw_mtk.pl"
};

static const struct image_fact identity_fact = {
	BFP_REPORTED, "OmniPatcher fw.pl, common_util.pl"
};

static const struct image_fact family_fact = {
	BFP_REPORTED, "OmniPatcher fw_specs.pl"
};

/* A drive's name and revision are what a cross-flash changes. */
static const struct image_fact name_fact = {
	BFP_INFERRED, "the product's name, by OmniPatcher fw_specs.pl"
};

static const struct image_fact letter_fact = {
	BFP_INFERRED, "first letter of the INQUIRY revision, by OmniPatcher fw_specs.pl"
};

static const struct image_fact set_fact = {
	BFP_REPORTED, "Code Guys, EEPROM Utility readme"
};

static const struct image_fact index_fact = {
	BFP_REPORTED, "Code Guys, index of firmware"
};

static const struct image_fact patches_fact = {
	BFP_REPORTED, "OmniPatcher fw_patches.pl, fw_specs.pl"
};

/* "2004/12/10 ..." or "Dec10 ,2004 ...", as Sony writes it */
static void tell_date(struct image_report *r, const char *stamp)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = "";
	int y, m, d;

	if (sscanf(stamp, "%4d/%2d/%2d", &y, &m, &d) != 3) {
		const char *p;

		if (sscanf(stamp, "%3[A-Za-z]%2d ,%4d", month, &d, &y) != 3)
			return;
		p = strlen(month) == 3 ? strstr(months, month) : NULL;
		if (!p || (p - months) % 3)
			return;
		m = (p - months) / 3 + 1;
	}
	if (y < 1990 || m < 1 || m > 12 || d < 1 || d > 31)
		return;
	image_field(r, "date", &identity_fact, "%04d-%02d-%02d", y, m, d);
}

static void tell_identity(struct image_report *r, const struct liteon_layout *l)
{
	if (l->internal[0])
		image_field(r, "internal_revision", &identity_fact, "%s", l->internal);
	else
		image_note(r, IMAGE_UNKNOWN, NULL,
			   "its internal revision: the code that puts it together was not found");
	if (!l->template_at)
		return;
	if (l->vendor[0])
		image_field(r, "vendor", &identity_fact, "%s", l->vendor);
	if (l->product[0])
		image_field(r, "product", &identity_fact, "%s", l->product);
	if (l->revision[0])
		image_field(r, "revision", &identity_fact, "%s", l->revision);
	if (l->timestamp[0])
		image_field(r, "timestamp", &identity_fact, "%s", l->timestamp);
	tell_date(r, l->timestamp);
	if (l->others)
		image_note(r, IMAGE_WARNING, NULL,
			   "%u more INQUIRY answers in it name another drive or revision; the first one is shown",
			   l->others);
}

static void tell_layout(struct image_report *r, const struct image *img,
			const struct liteon_layout *l)
{
	char boot[SHA256_TEXT];

	image_check(r, "size", &layout_fact, l->size_good, l->size_good ?
		    "%zu bytes, as such images have" :
		    "%zu bytes; such images have 131072, 262144, 524288 or 1048576", img->size);
	image_check(r, "first-byte", &layout_fact, l->starts, l->starts ?
		    "begins with 02, a jump" : "does not begin with 02, a jump");
	if (l->form == LITEON_FORM_UNKNOWN) {
		image_check(r, "bank-call", &layout_fact, false,
			    "the call into bank 0 (E5 90 54 0F or 1F, B4 00) is not in bank 0");
	} else {
		image_check(r, "bank-call", &layout_fact, true,
			    "the call into bank 0 is at 0x%zx", l->call);
		image_field(r, "form", &layout_fact, l->form == LITEON_PLAIN ? "plain" :
			    "rebanked");
	}
	if (l->form == LITEON_REBANKED)
		image_field(r, "common_area", &layout_fact, "%zu bytes from 0x%x", l->common,
			    LITEON_BOOT);
	if (l->banks)
		image_check(r, "banks", &layout_fact, !l->bad_banks,
			    "%u of %u banks%s begin with 02, a jump", l->banks - l->bad_banks,
			    l->banks, l->form == LITEON_REBANKED ? ", expanded," : "");
	if (img->size > LITEON_BOOT) {
		image_region(r, "boot code", &layout_fact, 0, LITEON_BOOT, false);
		sha256_text(img->data, LITEON_BOOT, boot);
		image_field(r, "boot_code_sha256", &layout_fact, "%s", boot);
	}
	if (l->form == LITEON_REBANKED && img->size > LITEON_BOOT + l->common)
		image_region(r, "common to all banks", &layout_fact, LITEON_BOOT, l->common,
			     false);
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "whether the image has a checksum over all of it: none is known, so damage in the middle cannot be seen");
}

static void tell_crossflash(struct image_report *r, const struct liteon_layout *l)
{
	bool listed;

	if (!liteon_is_crossflash(l->revision, &listed))
		return;
	if (listed)
		image_note(r, IMAGE_WARNING, &index_fact,
			   "%s is a code of the Code Guys' cross-flash firmware for the 832S, not a vendor's; its C does not mean 1653S. What the letters mean is not known",
			   l->revision);
	else
		image_note(r, IMAGE_WARNING, &index_fact,
			   "%s has the form of the Code Guys' codes for cross-flash firmware (CG and a digit), not of a vendor's; its C does not mean 1653S. It is not in their list for the 832S",
			   l->revision);
}

/* The slim drives' images end in capitals; dumps by two tools do not, and are damaged. */
static void tell_slim(struct image_report *r, const struct liteon_layout *l)
{
	if (image_check(r, "tail", &layout_fact, l->tail, l->tail ?
			"the last 16 bytes are capitals and blanks" :
			"the last 16 bytes are not capitals and blanks"))
		return;
	image_note(r, IMAGE_NOT_FOR, &layout_fact,
		   "any drive: OmniPatcher takes such an image of a slim drive for one dumped with LtnFW or LtnFlash, and damaged");
}

static void tell_set(struct image_report *r, const struct liteon_model *m,
		     const struct image_fact *fact)
{
	char others[200];

	if (!m->set) {
		image_note(r, IMAGE_UNKNOWN, NULL,
			   "with which other drives these share their hardware");
		return;
	}
	r->set = m->set;
	r->set_sure = fact == &family_fact;
	/* no better known than the family itself */
	image_field(r, "hardware_set", r->set_sure ? &set_fact : fact, "%s", m->set);
	liteon_other_sets(m->set, others, sizeof(others));
	image_note(r, IMAGE_NOT_FOR, &set_fact, "drives with other hardware: %s", others);
}

static void tell_names(struct image_report *r, const struct liteon_model *named,
		       const struct liteon_model *m)
{
	if (!named || named == m)
		return;
	if (!m->set || !named->set || strcmp(m->set, named->set))
		image_note(r, IMAGE_WARNING, &family_fact,
			   "its INQUIRY names a drive of the family %s, its internal revision one of %s: a renamed or cross-flashed image; the internal revision decides",
			   named->models, m->models);
	else
		image_note(r, IMAGE_NOTE, &family_fact,
			   "its INQUIRY names a drive of the family %s, of the same hardware set",
			   named->models);
}

/*
 * The internal revision decides. Without it the product's name tells something, if it
 * is known; then there is only the letter in INQUIRY.
 */
static void tell_family(struct image_report *r, const struct liteon_layout *l)
{
	bool rebanked = l->form == LITEON_REBANKED, listed;
	const struct liteon_model *named = liteon_model_of(l->product), *m = NULL;
	const struct image_fact *fact = &family_fact;

	if (l->internal[0]) {
		m = liteon_model(l->internal[0], rebanked);
	} else if (named) {
		m = named;
		fact = &name_fact;
	} else if (l->revision[0] && !liteon_is_crossflash(l->revision, &listed)) {
		m = liteon_model(l->revision[0], rebanked);
		fact = &letter_fact;
	}
	if (!m) {
		image_note(r, IMAGE_UNKNOWN, NULL, "for which drives it is%s",
			   l->internal[0] ?
			   ": no family's internal revision begins with that letter" : "");
		return;
	}
	image_field(r, "models", fact, "%s", m->models);
	tell_names(r, named, m);
	if (fact != &family_fact)
		image_note(r, IMAGE_WARNING, fact,
			   "the family is a guess: the internal revision decides it, and was not found");
	tell_set(r, m, fact);
	if (liteon_is_slim(m) && rebanked)
		tell_slim(r, l);
	if (m->eeprom_bank && !rebanked)
		image_region(r, "bank with the EEPROM's routines", &patches_fact,
			     m->eeprom_bank, LITEON_BANK, false);
}

/* One sign may be damaged; but a flasher with such an image in it has the call as well. */
static bool signs(const struct liteon_layout *l)
{
	if (l->form != LITEON_FORM_UNKNOWN)
		return l->size_good || l->starts;
	return l->template_at && l->starts && l->size_good;
}

static enum image_match recognise(const struct image *img, struct image_report *r)
{
	struct liteon_layout l;

	liteon_look(img, &l);
	if (!signs(&l)) {
		if (!l.size_good || !l.starts)
			return IMAGE_NO;
		image_why(r, "its length, and a jump at its beginning");
		return IMAGE_SIZE;
	}
	image_why(r, "%s%s%s", l.form ? "the call into bank 0" : "",
		  l.form && l.template_at ? " and " : "",
		  l.template_at ? "the INQUIRY answer" : "");
	tell_layout(r, img, &l);
	tell_identity(r, &l);
	tell_crossflash(r, &l);
	if (img->size == LITEON_WRITER_SIZE)
		tell_family(r, &l);
	else
		image_note(r, IMAGE_UNKNOWN, NULL,
			   "for which drives it is: only the families of DVD writers are known, whose images have 1048576 bytes");
	if (liteon_is_stock_700a(l.revision))
		image_note(r, IMAGE_NOTE, &index_fact,
			   "%s is in the list of Sony's own firmware for the DRU-700A",
			   l.revision);
	image_note(r, IMAGE_NOTE, &set_fact,
		   "the drive's EEPROM is another memory (1 KB; 4 KB in the 5S and 6S), to be backed up before every flash");
	image_note(r, IMAGE_UNKNOWN, NULL,
		   "the commands that read and write the flash of these drives");
	return IMAGE_CONTENT;
}

const struct image_family image_liteon = {
	.name = "liteon",
	.title = "Lite-On or Sony, 8051 era",
	.by = "the call into bank 0, the INQUIRY answer, lengths of 128 KiB to 1 MiB",
	.fact = &layout_fact,
	.recognise = recognise,
};
