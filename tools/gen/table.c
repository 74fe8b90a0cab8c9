// SPDX-License-Identifier: GPL-2.0-or-later
/* Documentation/supported-chips.rst: what is known of each chip, and who says so. */
#include "gen.h"

#include <ctype.h>

/* Text that means itself in reStructuredText. */
static void put_text(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (strchr("\\*`|_", *s))
			fputc('\\', out);
		fputc(*s, out);
	}
}

static void put_title(FILE *out, const char *title, char line)
{
	size_t i;

	fprintf(out, "\n%s\n", title);
	for (i = 0; i < strlen(title); i++)
		fputc(line, out);
	fputs("\n\n", out);
}

static void put_id(FILE *out, const struct bfp_id *id)
{
	u16 flags = le16_to_cpu(id->flags);

	switch (id->kind) {
	case BFP_ID_USB:
		fprintf(out, "USB %04x:%04x", le32_to_cpu(id->vendor), le32_to_cpu(id->product));
		if (flags & BFP_ID_HAS_REVISION)
			fprintf(out, " release %04x-%04x", le32_to_cpu(id->rev_lo),
				le32_to_cpu(id->rev_hi));
		break;
	case BFP_ID_1394:
		fputs("IEEE 1394", out);
		if (flags & BFP_ID_HAS_VENDOR)
			fprintf(out, " vendor %06x", le32_to_cpu(id->vendor));
		if (flags & BFP_ID_HAS_PRODUCT)
			fprintf(out, " model %06x", le32_to_cpu(id->product));
		if (flags & BFP_ID_HAS_REVISION)
			fprintf(out, " revision %06x/%06x", le32_to_cpu(id->rev_lo),
				le32_to_cpu(id->rev_hi));
		break;
	default:
		fprintf(out, "IEEE 1394 quadlet %012llx = %08x/%08x",
			(unsigned long long)le64_to_cpu(id->address), le32_to_cpu(id->value),
			le32_to_cpu(id->mask));
		break;
	}
}

static void put_op_name(FILE *out, const struct bfp *p, const struct bfp_operation *op)
{
	if (op->memory != 0xff)
		fprintf(out, "%s.", bfp_string(p, bfp_memories(p)[op->memory].name));
	fputs(bfp_op_name(op->kind), out);
}

/* Operations of some kinds, with their evidence; a dash if there is none. */
static void put_ops(FILE *out, const struct bfp *p, u32 kinds)
{
	const struct bfp_operation *op = bfp_operations(p);
	bool any = false;
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++) {
		if (!(kinds & 1u << op->kind))
			continue;
		fputs(any ? ", " : "", out);
		put_op_name(out, p, op);
		fprintf(out, " (%s%s)", bfp_evidence_name(op->evidence),
			op->flags & BFP_OPF_ON_REQUEST ? ", on request" : "");
		any = true;
	}
	fputs(any ? "\n" : "\\-\n", out);
}

static void put_overview(FILE *out, const struct gen_profile *v, size_t n)
{
	const struct bfp_id *id;
	size_t i;
	u32 k;

	fputs(".. list-table::\n   :header-rows: 1\n\n"
	      "   * - Chip\n     - Recognised by\n     - Asked about itself\n     - Read\n"
	      "     - Written\n     - Way back without valid firmware\n", out);
	for (i = 0; i < n; i++) {
		const struct bfp *p = &v[i].p;

		fprintf(out, "   * - `%s`_\n     - ", v[i].name);
		id = bfp_ids(p);
		for (k = 0; k < bfp_count(p, BFP_IDS); k++) {
			fputs(k ? ", " : "", out);
			put_id(out, &id[k]);
		}
		fputs(k ? "\n     - " : "its name, given by the owner\n     - ", out);
		put_ops(out, p, 1u << BFP_OP_IDENTIFY | 1u << BFP_OP_VERSION);
		fputs("     - ", out);
		put_ops(out, p, 1u << BFP_OP_READ);
		fputs("     - ", out);
		put_ops(out, p, 1u << BFP_OP_PROGRAM | 1u << BFP_OP_ERASE_SECTOR |
			1u << BFP_OP_ERASE_ALL);
		fprintf(out, "     - %s\n", bfp_recovery_name(bfp_header(p)->recovery));
	}
}

static void put_row(FILE *out, u8 evidence, const char *source, const char *note)
{
	fprintf(out, "\n     - %s\n     - ", bfp_evidence_name(evidence));
	put_text(out, source);
	if (*note) {
		fputs("\n\n       ", out);
		put_text(out, note);
	}
	fputc('\n', out);
}

static void put_memories(FILE *out, const struct bfp *p)
{
	static const char *const interrupted[] = {
		[BFP_INTERRUPTED_RESTORABLE] = "can be restored",
		[BFP_INTERRUPTED_MIXED] =
			"can be a mixture that looks valid; it can be restored",
		[BFP_INTERRUPTED_FINAL] = "cannot be repaired by software",
	};
	const struct bfp_memory *m = bfp_memories(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_MEMORIES); i++, m++) {
		fprintf(out, "Memory *%s*: %s, %s%u bytes; ", bfp_string(p, m->name),
			bfp_memory_kind_name(m->kind),
			le16_to_cpu(m->flags) & BFP_MEM_LENGTH_DEVICE ? "up to " : "",
			le32_to_cpu(m->size));
		put_text(out, bfp_string(p, m->holds));
		if (bfp_find_operation(p, BFP_OP_PROGRAM, (int)i))
			fprintf(out, ". After a power cut while it is written, its content %s.\n\n",
				interrupted[m->interrupted]);
		else
			fputs(". How it is written is not known.\n\n", out);
	}
}

static void put_chip(FILE *out, const struct gen_profile *v)
{
	const struct bfp *p = &v->p;
	const struct bfp_header *h = bfp_header(p);
	const struct bfp_operation *op = bfp_operations(p);
	const struct bfp_rule *r = bfp_rules(p);
	const struct bfp_field *f = bfp_fields(p);
	const struct bfp_id *id = bfp_ids(p);
	u32 i;

	put_title(out, v->name, '-');
	put_text(out, bfp_string(p, h->title));
	fputs(", ", out);
	put_text(out, bfp_string(p, h->vendor));
	fputs("\n\n", out);
	if (*bfp_string(p, h->note)) {
		put_text(out, bfp_string(p, h->note));
		fputs("\n\n", out);
	}
	put_memories(out, p);
	fputs(".. list-table::\n   :header-rows: 1\n\n"
	      "   * - What\n     - Evidence\n     - Source\n", out);
	for (i = 0; i < bfp_count(p, BFP_IDS); i++) {
		fputs("   * - ", out);
		put_id(out, &id[i]);
		fprintf(out, " (%s)", bfp_role_name(id[i].role));
		put_row(out, id[i].evidence, bfp_string(p, id[i].source),
			bfp_string(p, id[i].note));
	}
	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++) {
		fputs("   * - operation ", out);
		put_op_name(out, p, &op[i]);
		put_row(out, op[i].evidence, bfp_string(p, op[i].source),
			bfp_string(p, op[i].note));
	}
	for (i = 0; i < bfp_count(p, BFP_RULES); i++) {
		fprintf(out, "   * - rule %s %s", bfp_string(p, bfp_memories(p)[r[i].memory].name),
			bfp_string(p, r[i].name));
		put_row(out, r[i].evidence, bfp_string(p, r[i].source), "");
	}
	for (i = 0; i < bfp_count(p, BFP_FIELDS); i++) {
		fprintf(out, "   * - field %s ", f[i].of_memory == 0xff ?
			bfp_op_name(op[le16_to_cpu(f[i].operation)].kind) :
			bfp_string(p, bfp_memories(p)[f[i].of_memory].name));
		put_text(out, bfp_string(p, f[i].name));
		put_row(out, f[i].evidence, bfp_string(p, f[i].source), "");
	}
}

/**
 * gen_table() - the page about supported chips
 * @out: gets it
 * @v: profiles
 * @n: how many
 *
 * Return: 0.
 */
int gen_table(FILE *out, const struct gen_profile *v, size_t n)
{
	size_t i;

	gen_licence(out, ".. ", "\n");
	fputs(".. Made by bridgefw-gen from kmod/profiles; do not edit. After a change there:\n"
	      "   make Documentation/supported-chips.rst\n\n"
	      "===============\nSupported chips\n===============\n\n"
	      "What bridgefw knows of each chip, and who says so. Nothing is done that does not\n"
	      "stand here. *documented*: a document of the chip's maker states it. *traced*: seen\n"
	      "working on hardware. *reported*: somebody says so, or it stands in a maintained\n"
	      "database. *inferred*: a conclusion, which is never enough to write or erase. A dash\n"
	      "means that no way is publicly known; :doc:`adding-a-chip` tells how to add one.\n\n",
	      out);
	put_overview(out, v, n);
	for (i = 0; i < n; i++)
		put_chip(out, &v[i]);
	return 0;
}
