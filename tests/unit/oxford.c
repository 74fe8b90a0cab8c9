// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the profiles of Oxford's bridges may say: nothing that writes is known well enough
 * to be sent, and no switch completes it; the register that restarts whoever reads it
 * is read by none of them; each node's config ROM can be read.
 */
#include <glob.h>

#include "needs.h"
#include "profile_help.h"

#define RESTARTS	0xfffff0090004ull	/* FLASH_UPLOAD_DATA */
#define GUESSED		0xfffff0090008ull	/* only a candidate for the start address */

static u64 fixed_address(const struct bfp *p, const struct bfp_step *s)
{
	const struct bfp_item *item = bfp_items(p) + le16_to_cpu(s->addr_first);

	if (s->kind != BFP_STEP_QUADLET_READ && s->kind != BFP_STEP_QUADLET_WRITE)
		return 0;
	return item->value == BFP_LITERAL && item->bits == 64 ? le64_to_cpu(item->literal) : 0;
}

static void operations(const struct bfp *p, const char *path)
{
	const struct bfp_operation *op = bfp_operations(p);
	u32 i, k, writes = 0, loud = 0, restarts = 0, usb = 0;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++) {
		const struct bfp_step *s = bfp_steps(p) + le16_to_cpu(op->step_first);
		bool sends = false;

		for (k = 0; k < le16_to_cpu(op->step_count); k++) {
			sends |= s[k].dir == BFP_DIR_OUT;
			restarts += fixed_address(p, &s[k]) == RESTARTS ||
				    fixed_address(p, &s[k]) == GUESSED;
		}
		writes += sends;
		loud += sends && op->evidence != BFP_INFERRED;
		usb += op->transports != BFP_TRANSPORT_1394 || op->buses != BFP_BUS_1394;
	}
	is_int(loud, 0, "all that writes is inferred");
	is_int(restarts, 0, "no step touches what restarts the chip, or what is a guess");
	is_int(usb, 0, "nothing is said of USB");
	printf("# %s: %u operations write\n", path, writes);
}

static void memories(const struct bfp *p)
{
	const struct bfp_operation *read;
	bool found = false;
	u32 i, complete = 0;

	for (i = 0; i < bfp_count(p, BFP_MEMORIES); i++) {
		read = bfp_find_operation(p, BFP_OP_READ, (int)i);
		complete += !bfp_write_lacks(p, i);
		if (bfp_memories(p)[i].kind == BFP_CONFIG_ROM)
			found = read && read->evidence == BFP_DOCUMENTED &&
				bfp_write_lacks(p, i) == BFP_OP_PROGRAM;
		else
			ok(!read, "how its %s is read is not known",
			   bfp_string(p, bfp_memories(p)[i].name));
	}
	is_int(complete, 0, "no memory can be written, whatever the bar");
	ok(found, "its config ROM can be read");
}

/* Found by ids or by nothing: a number that says nothing of the chip is no id. */
static void ids(const struct bfp *p, bool by_id)
{
	const struct bfp_device_id oxford = {
		.kind = BFP_ID_1394, .vendor = 0x0030e0, .product = 1, .revision = 2,
	};

	is_int(!!bfp_match(p, &oxford), by_id, "found by the company's id, or not");
}

int main(void)
{
	struct bfp p;
	glob_t g;
	size_t i;

	glob("kmod/profiles/oxfw*.profile", 0, NULL, &g);
	glob("kmod/profiles/oxuf*.profile", GLOB_APPEND, NULL, &g);
	is_int((int)g.gl_pathc, 5, "profiles of Oxford's FireWire bridges");
	for (i = 0; i < g.gl_pathc; i++) {
		load(g.gl_pathv[i], &p);
		operations(&p, g.gl_pathv[i]);
		memories(&p);
		ids(&p, strstr(g.gl_pathv[i], "oxfw9xx"));
		unload(&p);
	}
	globfree(&g);
	return tap_done();
}
