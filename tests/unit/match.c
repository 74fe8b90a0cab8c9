// SPDX-License-Identifier: GPL-2.0-or-later
/* Which profile answers to which device. */
#include "index_build.h"
#include "needs.h"
#include "profile_help.h"

#define CHIP(name) \
	"[chip]\nname = " name "\ntitle = T\nvendor = V\nrecovery = none-known\n"
#define SAYS "role = running\nevidence = traced\nsource = s\n"

static const char ids[] =
	CHIP("ids")
	"[usb 1209:0001]\n" SAYS
	"[usb 1209:0001]\nbcd = 0100-01ff\nrole = blank\nevidence = traced\nsource = s\n"
	"[usb 1209:0002]\nbcd = 0007\n" SAYS
	"[ieee1394 a]\nvendor = 0x001209\nmodel = 3\nrevision = 0x012800/0xffff00\n" SAYS
	"[ieee1394 b]\nvendor = 0x001210\n" SAYS
	"[ieee1394 c]\nrevision = 0x5/0xf\n" SAYS
	"[quadlet 0xFFFFF0090020]\nvalue = 0x39373100/0xffffff00\nrole = blank\n"
	"evidence = traced\nsource = s\n";

static int which(const struct bfp *p, struct bfp_device_id dev)
{
	const struct bfp_id *id = bfp_match(p, &dev);

	return id ? (int)(id - bfp_ids(p)) : -1;
}

static int usb(const struct bfp *p, u32 vendor, u32 product, u32 bcd)
{
	return which(p, (struct bfp_device_id){ .kind = BFP_ID_USB, .vendor = vendor,
						.product = product, .revision = bcd });
}

static int rom(const struct bfp *p, u32 vendor, u32 model, u32 revision)
{
	return which(p, (struct bfp_device_id){ .kind = BFP_ID_1394, .vendor = vendor,
						.product = model, .revision = revision });
}

static int quadlet(const struct bfp *p, u64 address, u32 value)
{
	return which(p, (struct bfp_device_id){ .kind = BFP_ID_QUADLET, .address = address,
						.value = value });
}

static void match(void)
{
	struct bfp p;

	load_text(ids, &p);
	is_int(usb(&p, 0x1209, 1, 0x0002), 0, "any release");
	is_int(usb(&p, 0x1209, 1, 0x0100), 1, "the first release of a range, which says more");
	is_int(usb(&p, 0x1209, 1, 0x01ff), 1, "the last one");
	is_int(usb(&p, 0x1209, 1, 0x0200), 0, "the one behind it");
	is_int(usb(&p, 0x1209, 2, 7), 2, "one release");
	is_int(usb(&p, 0x1209, 2, 8), -1, "another release");
	is_int(usb(&p, 0x1209, 3, 7), -1, "another product");
	is_int(usb(&p, 0x1210, 1, 7), -1, "another vendor");
	is_int(rom(&p, 0x1209, 3, 0x012804), 3, "vendor, model and masked revision");
	is_int(rom(&p, 0x1209, 3, 0x012904), -1, "another revision");
	is_int(rom(&p, 0x1209, 4, 0x012804), -1, "another model");
	is_int(rom(&p, 0x1210, 77, 1), 4, "vendor alone");
	is_int(rom(&p, 0x9999, 77, 0x15), 5, "revision alone");
	is_int(rom(&p, 0x1209, 1, 7), -1, "numbers of a USB id, on the other bus");
	is_int(quadlet(&p, 0xfffff0090020, 0x39373144), 6, "a quadlet under its mask");
	is_int(quadlet(&p, 0xfffff0090020, 0x38373144), -1, "another value");
	is_int(quadlet(&p, 0xfffff0090024, 0x39373144), -1, "another address");
	unload(&p);
}

static void public_ids(void)
{
	static const struct {
		const char *path;
		u32 vendor, product;
		u8 role;
	} list[] = {
		{ "kmod/profiles/pl2507.profile", 0x067b, 0x2507, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl2507.profile", 0x152e, 0x2507, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl3507.profile", 0x067b, 0x3507, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl2571.profile", 0x067b, 0x2571, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl2571.profile", 0x152e, 0x2571, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl2771.profile", 0x067b, 0x2771, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl2773.profile", 0x067b, 0x2773, BFP_ROLE_RUNNING },
		{ "kmod/profiles/pl2775.profile", 0x067b, 0x2775, BFP_ROLE_RUNNING },
		{ "kmod/profiles/oxford-blank.profile", 0x0928, 0xffff, BFP_ROLE_BLANK },
		{ "kmod/profiles/oxford-uploader.profile", 0x0928, 0x8000, BFP_ROLE_UPLOADER },
	};
	const struct bfp_operation *op;
	struct bfp p;
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct bfp_device_id dev = {
			.kind = BFP_ID_USB, .vendor = list[i].vendor,
			.product = list[i].product, .revision = 0x0001,
		};
		const struct bfp_id *id;

		load(list[i].path, &p);
		id = bfp_match(&p, &dev);
		ok(id && id->role == list[i].role, "%04x:%04x in %s", list[i].vendor,
		   list[i].product, list[i].path);
		unload(&p);
	}
	load("kmod/profiles/pl3507.profile", &p);
	ok(rom(&p, 0x005077, 1, 0x012804) >= 0, "a PL-3507 on FireWire");
	ok(rom(&p, 0x005077, 1, 0x012805) < 0, "another revision is not taken for it");
	is_int(bfp_count(&p, BFP_MEMORIES), 1, "a PL-3507 has one memory that is known");
	is_int(bfp_memories(&p)->kind, BFP_CONFIG_ROM, "which is what it shows on FireWire");
	ok(bfp_find_operation(&p, BFP_OP_READ, 0) && bfp_write_lacks(&p, 0) == BFP_OP_PROGRAM,
	   "and is read, and not written");
	op = bfp_find_operation(&p, BFP_OP_ERASE_ALL, -1);
	ok(op && op->evidence == BFP_REPORTED, "how it is erased is only reported");
	unload(&p);
	load("kmod/profiles/oxford-blank.profile", &p);
	is_int(bfp_count(&p, BFP_OPERATIONS), 0, "nothing is ever sent to a blank Oxford");
	has_text(bfp_string(&p, bfp_ids(&p)->note), "has lost its firmware", "its owner is told");
	unload(&p);
}

static void index_fine(void)
{
	struct bfp_device_id dev = { .kind = BFP_ID_USB, .vendor = 0x1209, .product = 1 };
	const struct bfp_index_entry *entry;
	struct bfp p[2], other[2];
	size_t len, other_len;
	void *index, *again;
	char err[200];

	load_text(ids, &p[0]);
	load_text(CHIP("more") "[usb 1209:0001]\nbcd = 0000\n" SAYS, &p[1]);
	other[0] = p[1];
	other[1] = p[0];
	is_int(index_build(p, 2, &index, &len, err, sizeof(err)), 0, "an index of two profiles");
	is_int(index_build(other, 2, &again, &other_len, err, sizeof(err)), 0, "in another order");
	ok(len == other_len && !memcmp(index, again, len), "the order makes no difference");
	is_int(bfp_index_check(index, len, NULL), 0, "the index is good");
	entry = bfp_index_match(index, &dev);
	is_text(entry ? entry->profile : "", "more", "the id that says most wins");
	dev.revision = 1;
	entry = bfp_index_match(index, &dev);
	is_text(entry ? entry->profile : "", "ids", "otherwise the other one");
	dev.product = 99;
	ok(!bfp_index_match(index, &dev), "nobody answers to an unknown id");
	free(index);
	free(again);

	is_int(index_build(NULL, 0, &index, &len, err, sizeof(err)), 0, "an empty index");
	is_int(bfp_index_check(index, len, NULL), 0, "it is good");
	ok(!bfp_index_match(index, &dev), "and nothing is in it");
	free(index);
	unload(&p[0]);
	unload(&p[1]);
}

static void index_refused(void)
{
	struct bfp p[2];
	char err[200];
	void *index;
	size_t len;

	load_text(CHIP("one") "[usb 1209:0001]\n" SAYS, &p[0]);
	load_text(CHIP("two") "[usb 1209:0002]\n" SAYS
		  "[usb 1209:0001]\nrole = blank\nevidence = reported\nsource = other\n", &p[1]);
	is_int(index_build(p, 2, &index, &len, err, sizeof(err)), -1, "one id in two profiles");
	is_text(err, "id 2 of profile 'two' also stands in another profile: a device must have one profile",
		"what is said of it");
	unload(&p[1]);
	load_text(CHIP("one") "[usb 1209:0003]\n" SAYS, &p[1]);
	is_int(index_build(p, 2, &index, &len, err, sizeof(err)), -1, "two profiles of one name");
	is_text(err, "there are two profiles with the name 'one'", "what is said of it");
	ok(!index && !len, "nothing is left of a failed index");
	unload(&p[0]);
	unload(&p[1]);
}

/* Every bit of an index matters: with any one flipped it is refused. */
static void index_damaged(void)
{
	u32 i, wrong = 0;
	struct bfp p;
	char err[200];
	void *index;
	size_t len;

	load_text(ids, &p);
	index_build(&p, 1, &index, &len, err, sizeof(err));
	for (i = 0; i < 8 * len; i++) {
		((u8 *)index)[i / 8] ^= (u8)(1 << i % 8);
		wrong += !bfp_index_check(index, len, NULL);
		((u8 *)index)[i / 8] ^= (u8)(1 << i % 8);
	}
	is_int(wrong, 0, "an index with one bit flipped is refused");
	for (i = 0; i < len; i++)
		wrong += !bfp_index_check(index, i, NULL);
	is_int(wrong, 0, "an index that was cut is refused");
	free(index);
	unload(&p);
}

int main(void)
{
	match();
	public_ids();
	index_fine();
	index_refused();
	index_damaged();
	return tap_done();
}
