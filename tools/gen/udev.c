// SPDX-License-Identifier: GPL-2.0-or-later
/* udev rules that load the module, and hwdb entries that name the chips. */
#include "gen.h"

static bool usb_id(const struct bfp_id *id)
{
	return id->kind == BFP_ID_USB;
}

/*
 * Whether an earlier id of these profiles has the same vendor and product:
 * rules cannot compare releases, so a second one would only repeat the first.
 */
static bool seen(const struct gen_profile *v, size_t n, const struct bfp_id *id)
{
	const struct bfp_id *other;
	size_t i;
	u32 k;

	for (i = 0; i < n; i++) {
		other = bfp_ids(&v[i].p);
		for (k = 0; k < bfp_count(&v[i].p, BFP_IDS); k++, other++) {
			if (other == id)
				return false;
			if (usb_id(other) && other->vendor == id->vendor &&
			    other->product == id->product)
				return true;
		}
	}
	return false;
}

/**
 * gen_udev() - udev rules that load the module for each id
 * @out: gets them
 * @v: profiles
 * @n: how many
 *
 * Return: 0.
 */
int gen_udev(FILE *out, const struct gen_profile *v, size_t n)
{
	const struct bfp_id *id;
	size_t i;
	u32 k;

	gen_licence(out, "# ", "");
	fputs("#\n"
	      "# Made by bridgefw-gen from the profiles, and from udev/60-bridgefw.rules.in;\n"
	      "# do not edit.\n\n"
	      "# Bridges that a profile knows: the module takes it from there.\n"
	      "ACTION!=\"add\", GOTO=\"bridgefw_ids_end\"\n"
	      "SUBSYSTEM!=\"usb\", GOTO=\"bridgefw_ids_end\"\n"
	      "ENV{DEVTYPE}!=\"usb_device\", GOTO=\"bridgefw_ids_end\"\n", out);
	for (i = 0; i < n; i++) {
		id = bfp_ids(&v[i].p);
		for (k = 0; k < bfp_count(&v[i].p, BFP_IDS); k++, id++) {
			if (!usb_id(id) || seen(v, n, id))
				continue;
			fprintf(out, "# %s\nATTR{idVendor}==\"%04x\", ATTR{idProduct}==\"%04x\", RUN{builtin}+=\"kmod load bridgefw_usb\"\n",
				v[i].name, le32_to_cpu(id->vendor), le32_to_cpu(id->product));
		}
	}
	fputs("LABEL=\"bridgefw_ids_end\"\n\n", out);
	return 0;
}

/**
 * gen_hwdb() - entries of the hardware database that name the chips
 * @out: gets them
 * @v: profiles
 * @n: how many
 *
 * Return: 0.
 */
int gen_hwdb(FILE *out, const struct gen_profile *v, size_t n)
{
	const struct bfp_id *id;
	const struct bfp *p;
	size_t i;
	u32 k;

	gen_licence(out, "# ", "");
	fputs("#\n"
	      "# Made by bridgefw-gen from the profiles; do not edit.\n", out);
	for (i = 0; i < n; i++) {
		p = &v[i].p;
		id = bfp_ids(p);
		for (k = 0; k < bfp_count(p, BFP_IDS); k++, id++) {
			u16 flags = le16_to_cpu(id->flags);

			if (!usb_id(id))
				continue;
			fprintf(out, "\nusb:v%04Xp%04X", le32_to_cpu(id->vendor),
				le32_to_cpu(id->product));
			/* a pattern can name one release, not a range */
			if (flags & BFP_ID_HAS_REVISION && id->rev_lo == id->rev_hi)
				fprintf(out, "d%04X", le32_to_cpu(id->rev_lo));
			fprintf(out, "*\n ID_VENDOR_FROM_DATABASE=%s\n ID_MODEL_FROM_DATABASE=%s\n BRIDGEFW_CHIP=%s\n",
				bfp_string(p, bfp_header(p)->vendor),
				bfp_string(p, bfp_header(p)->title), v[i].name);
		}
	}
	return 0;
}
