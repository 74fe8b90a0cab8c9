// SPDX-License-Identifier: GPL-2.0-or-later
/* Which CDBs of other people's programs a profile keeps away from its bridge. */
#include "cdb_guard.h"
#include "encode.h"
#include "profile_help.h"

#define NAMED(p, ...) \
	bfp_cdb_named(p, (const u8[]){ __VA_ARGS__ }, sizeof((const u8[]){ __VA_ARGS__ }))
#define REFUSED(p, what, ...) ok(NAMED(p, __VA_ARGS__), what)
#define ALLOWED(p, what, ...) ok(!NAMED(p, __VA_ARGS__), what)

/* How many CDBs with this code are refused, of any length and content. */
static u32 refused_of(const struct bfp *p, u8 opcode, u32 rounds)
{
	u8 cdb[BFP_CDB_MAX];
	u32 i, k, seed = 7, n = 0;

	for (i = 0; i < rounds; i++) {
		for (k = 0; k < sizeof(cdb); k++) {
			seed = seed * 1664525 + 1013904223;
			cdb[k] = seed & 0x80000 ? (u8)(seed >> 24) : 0;
		}
		cdb[0] = opcode;
		n += bfp_cdb_named(p, cdb, 1 + (seed >> 8) % BFP_CDB_MAX);
	}
	return n;
}

static void pl3507(void)
{
	struct bfp p;
	u32 opcode, others = 0;

	load("kmod/profiles/pl3507.profile", &p);
	REFUSED(&p, "the erase that was reported", 0xe1, 0, 0, 0, 0x06, 0x7b);
	REFUSED(&p, "with other bytes in it", 0xe1, 1, 2, 3, 4, 5);
	REFUSED(&p, "longer", 0xe1, 0, 0, 0, 0x06, 0x7b, 0, 0, 0, 0, 0, 0);
	REFUSED(&p, "shorter", 0xe1);
	REFUSED(&p, "the unlock", 0xf6, 0, 0x55, 0x4e, 0x4c, 0x4f, 6, 0x7b, 0, 0, 0);
	REFUSED(&p, "as the standard would have it", 0xf6, 0, 0x55, 0x4e, 0x4c, 0x4f, 6, 0x7b, 0, 0,
		0, 0);
	REFUSED(&p, "the lock, which has the same code", 0xf6, 0, 0, 0, 0, 0, 6, 0x7b, 0, 0, 0);
	is_int(refused_of(&p, 0xe1, 5000), 5000, "whatever begins with E1");
	is_int(refused_of(&p, 0xf6, 5000), 5000, "whatever begins with F6");
	for (opcode = 0; opcode < 256; opcode++)
		if (opcode != 0xe1 && opcode != 0xf6)
			others += refused_of(&p, (u8)opcode, 50);
	is_int(others, 0, "and nothing else");
	unload(&p);
}

static void lab_nor(void)
{
	struct bfp p;

	load("tests/lab/profiles/lab-nor.profile", &p);
	ALLOWED(&p, "identify", 0xc0, 0x49, 0x44, 0, 0, 8);
	ALLOWED(&p, "reading", 0xc2, 0, 0, 0x12, 0x34, 0x10, 0, 0);
	ALLOWED(&p, "reset, which is none of these", 0xc6, 0x52, 0x53, 0x54, 0, 0);
	REFUSED(&p, "unlock", 0xc1, 0x55, 0x4e, 0x4c, 0x4b, 0);
	REFUSED(&p, "erase, of any sector", 0xc3, 0, 1, 0, 0, 9);
	REFUSED(&p, "program", 0xc5, 0, 0, 0, 0, 1, 0, 0);
	REFUSED(&p, "program, cut", 0xc5, 0, 0, 0, 0, 1);
	REFUSED(&p, "how an erase is polled", 0xc4, 0, 0, 0, 0, 1);
	ALLOWED(&p, "INQUIRY", 0x12, 0, 0, 0, 36, 0);
	unload(&p);
	load("kmod/profiles/pl2507.profile", &p);
	is_int(refused_of(&p, 0xe1, 100) + refused_of(&p, 0xdf, 100), 0,
	       "requests on endpoint 0 are no CDBs");
	unload(&p);
}

static const char head[] =
	"[chip]\nname = shares\ntitle = T\nvendor = V\nrecovery = none-known\n"
	"[usb 1209:0001]\nrole = running\nevidence = traced\nsource = s\n"
	"[memory flash]\nkind = flash\nholds = h\nsize = 64 KiB\naccess = offset\nunit = 1\n"
	"read-chunk = 4 KiB\nwrite-chunk = 4 KiB\n"
	"interrupted = final\n";

#define OP(name, steps) "[operation " name "]\nevidence = inferred\nsource = s\n" \
	"transports = scsi\n" steps "\n"

static void with(const char *ops, struct bfp *p)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s%s", head, ops);
	load_text(text, p);
}

/* One code for all: a byte behind it tells them apart. */
static void one_opcode(void)
{
	struct bfp p;

	with(OP("flash.read", "step = cdb in data : C0 01 {address:be32} {length:be16} 00")
	     OP("identify", "step = cdb in 4 : C0 04 00 00 00 00")
	     OP("unlock", "step = cdb none : C0 02 55 AA 00 00")
	     OP("flash.program",
		"step = cdb out data : C0 03 {address:be32} {length:be16} 00"), &p);
	ALLOWED(&p, "a read by the same code", 0xc0, 1, 0, 0, 0x10, 0, 0x10, 0, 0);
	ALLOWED(&p, "identify by the same code", 0xc0, 4, 0, 0, 0, 0);
	REFUSED(&p, "a read of another length", 0xc0, 1, 0, 0, 0x10, 0, 0x10, 0, 0, 0);
	REFUSED(&p, "a read with another last byte", 0xc0, 1, 0, 0, 0x10, 0, 0x10, 0, 1);
	REFUSED(&p, "unlock", 0xc0, 2, 0x55, 0xaa, 0, 0);
	REFUSED(&p, "unlock with another key", 0xc0, 2, 0, 0, 0, 0);
	REFUSED(&p, "program", 0xc0, 3, 0, 0, 0, 0, 1, 0, 0);
	REFUSED(&p, "what nobody knows, by that code", 0xc0, 5, 0, 0, 0, 0);
	ALLOWED(&p, "another code", 0xc1, 2, 0x55, 0xaa, 0, 0);
	unload(&p);
}

/* Where the address is, the other one has its key: some reads are keys. */
static void no_telling(void)
{
	struct bfp p;

	with(OP("flash.read", "step = cdb in data : C0 {address:be24} {length:be16}")
	     OP("unlock", "step = cdb none : C0 55 AA"), &p);
	ALLOWED(&p, "a read that cannot be the unlock", 0xc0, 0, 0x10, 0, 0x10, 0);
	REFUSED(&p, "a read that begins as the unlock does", 0xc0, 0x55, 0xaa, 0, 0x10, 0);
	REFUSED(&p, "the unlock", 0xc0, 0x55, 0xaa);
	REFUSED(&p, "half of it", 0xc0, 0x55);
	unload(&p);

	/* Told apart by single bits. */
	with(OP("flash.read",
		"step = cdb in data : C0 0b1010{address[3:0]} {address[15:4]:12}0b0001 {length:16}")
	     OP("flash.program",
		"step = cdb out data : C0 0b1011{address[3:0]} {address[15:4]}0b0001 {length:16}"),
	     &p);
	ALLOWED(&p, "a read, told by one bit", 0xc0, 0xa7, 0x12, 0x31, 0x10, 0x00);
	REFUSED(&p, "that bit", 0xc0, 0xb7, 0x12, 0x31, 0x10, 0x00);
	REFUSED(&p, "a bit that the read has otherwise", 0xc0, 0xa7, 0x12, 0x32, 0x10, 0x00);
	unload(&p);
}

/* A chip that takes its orders by codes of the standard. */
static void standard_codes(void)
{
	struct bfp p;

	with(OP("unlock", "step = cdb none : 12 00 00 06 7B 00")
	     OP("flash.program",
		"step = cdb out data : 3B 01 {address:be32} {length:be24} 00\n"
		"step = cdb in 18 : 03 00 00 00 12 00, poll every 1 ms for 1 s, expect 70"),
	     &p);
	ALLOWED(&p, "INQUIRY, plain", 0x12, 0, 0, 0, 36, 0);
	ALLOWED(&p, "a page of it", 0x12, 1, 0x80, 0, 0xff, 0);
	REFUSED(&p, "INQUIRY that is an unlock", 0x12, 0, 0, 6, 0x7b, 0);
	REFUSED(&p, "INQUIRY of ten bytes", 0x12, 0, 0, 0, 36, 0, 0, 0, 0, 0);
	REFUSED(&p, "INQUIRY with a reserved bit", 0x12, 4, 0, 0, 36, 0);
	ALLOWED(&p, "REQUEST SENSE", 0x03, 0, 0, 0, 252, 0);
	REFUSED(&p, "the one that polls", 0x03, 0, 0, 0, 0x12, 0);
	REFUSED(&p, "WRITE BUFFER, in every mode", 0x3b, 2, 0, 0, 0, 0, 0, 0, 4, 0);
	ALLOWED(&p, "TEST UNIT READY", 0, 0, 0, 0, 0, 0);
	ALLOWED(&p, "READ (10)", 0x28, 0, 0, 0, 0, 0, 0, 0, 8, 0);
	unload(&p);
}

#define WRITES(is, what, dir, ...) \
	is_int(bfp_cdb_writes_memory((const u8[]){ __VA_ARGS__ }, \
				     sizeof((const u8[]){ __VA_ARGS__ }), dir), is, what)

static void memories(void)
{
	WRITES(1, "WRITE BUFFER", BFP_DIR_OUT, 0x3b, 2, 0, 0, 0, 0, 0, 0, 4, 0);
	WRITES(1, "WRITE BUFFER without data", BFP_DIR_NONE, 0x3b, 7, 0, 0, 0, 0, 0, 0, 0, 0);
	WRITES(1, "WRITE BUFFER that says in", BFP_DIR_IN, 0x3b, 5, 0, 0, 0, 0, 0, 0, 4, 0);
	WRITES(0, "READ BUFFER", BFP_DIR_IN, 0x3c, 2, 0, 0, 0, 0, 0, 0, 4, 0);
	WRITES(0, "WRITE (10)", BFP_DIR_OUT, 0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0);
	WRITES(1, "a vendor's command with data", BFP_DIR_OUT, 0xc0, 0, 0, 0, 0, 0);
	WRITES(1, "the last of them", BFP_DIR_OUT, 0xff, 0, 0, 0, 0, 0);
	WRITES(1, "one without data", BFP_DIR_NONE, 0xc1, 0, 0, 0, 0, 0);
	WRITES(0, "one that reads", BFP_DIR_IN, 0xc2, 0, 0, 0, 0, 0);
	WRITES(0, "IDENTIFY by A1", BFP_DIR_IN, 0xa1, 8, 0xe, 0, 1, 0, 0, 0, 0, 0xec, 0, 0);
	WRITES(1, "DOWNLOAD MICROCODE by A1", BFP_DIR_OUT, 0xa1, 10, 6, 7, 1, 0, 0, 0, 0, 0x92,
	       0, 0);
	WRITES(1, "by DMA", BFP_DIR_OUT, 0xa1, 12, 6, 7, 1, 0, 0, 0, 0, 0x93, 0, 0);
	WRITES(1, "by 85", BFP_DIR_OUT, 0x85, 10, 6, 0, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0,
	       0x92, 0);
	WRITES(1, "its activation, without data", BFP_DIR_NONE, 0x85, 6, 0, 0, 0xf, 0, 0, 0, 0, 0,
	       0, 0, 0, 0, 0x92, 0);
	WRITES(0, "SMART by 85", BFP_DIR_IN, 0x85, 8, 0xe, 0, 0xd0, 0, 1, 0, 0, 0, 0x4f, 0, 0xc2,
	       0, 0xb0, 0);
	WRITES(1, "by DF, said to read", BFP_DIR_IN, 0xdf, 0x10, 0, 2, 0, 7, 1, 0, 0, 0, 0xa0, 0x92,
	       6, 0x7b);
	WRITES(0, "IDENTIFY by DF", BFP_DIR_IN, 0xdf, 0x10, 0, 2, 0, 0, 1, 0, 0, 0, 0xa0, 0xec, 6,
	       0x7b);
	WRITES(1, "by D8, said to read", BFP_DIR_IN, 0xd8, 0x15, 0, 7, 6, 0x7b, 0, 0, 2, 0, 1, 0, 0,
	       0, 0xa0, 0x92);
	WRITES(0, "IDENTIFY by D8", BFP_DIR_IN, 0xd8, 0x15, 0, 0, 6, 0x7b, 0, 0, 2, 0, 1, 0, 0, 0,
	       0xa0, 0xec);
	WRITES(0, "one that ends before its command", BFP_DIR_IN, 0xdf, 0x10, 0, 2, 0, 7);
	is_int(bfp_cdb_writes_memory(NULL, 0, BFP_DIR_OUT), 0, "nothing at all");
}

#define BLANKS(is, what, type, ...) \
	is_int(bfp_cdb_blanks(type, (const u8[]){ __VA_ARGS__ }, \
			      sizeof((const u8[]){ __VA_ARGS__ })), is, what)

static void blanking(void)
{
	BLANKS(0, "A1 to a disk", 0x00, 0xa1, 8, 0xe, 0, 1, 0, 0, 0, 0, 0xec, 0, 0);
	BLANKS(1, "to a CD", 0x05, 0xa1, 8, 0xe, 0, 1, 0, 0, 0, 0, 0xec, 0, 0);
	BLANKS(1, "to a WORM", 0x04, 0xa1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	BLANKS(1, "to an MO", 0x07, 0xa1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	BLANKS(1, "to nobody knows what", 0xff, 0xa1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	BLANKS(1, "of six bytes", 0x05, 0xa1, 0, 0, 0, 0, 0);
	BLANKS(0, "85 to a CD", 0x05, 0x85, 8, 0xe, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xa1, 0);
}

int main(void)
{
	pl3507();
	lab_nor();
	one_opcode();
	no_telling();
	standard_codes();
	memories();
	blanking();
	return tap_done();
}
