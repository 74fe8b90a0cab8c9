// SPDX-License-Identifier: GPL-2.0-or-later
/* Templates to bytes and back: known values, then random templates. */
#include "encode.h"
#include "profile_emit.h"
#include "profile_help.h"

/* Encodes the head of a step; returns its length, or the error. */
static int head(const struct bfp *p, const struct bfp_step *s, const struct bfp_values *v, u8 *out)
{
	u32 first = le16_to_cpu(s->item_first), count = le16_to_cpu(s->item_count);
	int ret = bfp_encode(p, first, count, v, out, 64);

	return ret ? ret : (int)bfp_template_size(p, first, count);
}

static void expect_head(const struct bfp *p, const char *op, u32 n, const struct bfp_values *v,
			const char *want, size_t len)
{
	u8 out[64];
	char name[80];
	int ret = head(p, step_of(p, op, n), v, out);

	snprintf(name, sizeof(name), "%s, step %u: its length", op, n);
	is_int(ret, (long long)len, name);
	snprintf(name, sizeof(name), "%s, step %u: its bytes", op, n);
	is_bytes(out, want, len, name);
}

#define HEAD(p, op, n, v, want) expect_head(p, op, n, v, want, sizeof(want) - 1)

static void pl2507(void)
{
	struct bfp_values v = { .length = 255, .interface = 0 };
	struct bfp p;

	load("kmod/profiles/pl2507.profile", &p);
	HEAD(&p, "eeprom.read", 0, &v, "\xc1\x06\x00\x00\x00\x00\xff\x00");
	v.length = 112;
	v.interface = 2;
	HEAD(&p, "eeprom.program", 0, &v, "\x41\x05\x00\x00\x02\x00\x70\x00");
	unload(&p);
}

static void pl2773(void)
{
	struct bfp_values v = { .length = 16 };
	struct bfp p;

	load("kmod/profiles/pl2773.profile", &p);
	HEAD(&p, "version", 0, &v, "\xd0\x00\x00\x00\x06\x7b\x00\x00\x00\x00\x00\x00");
	unload(&p);
}

static void lengths(void)
{
	struct bfp_values v = { .length = 8 };
	struct bfp p;

	load("tests/lab/profiles/lab-cdb.profile", &p);
	HEAD(&p, "identify", 0, &v, "\xc6\x01\x02\x03\x04\x06");
	HEAD(&p, "identify", 1, &v, "\xcb\x01\x02\x03\x04\x05\x06\x07\x08\x09\x11");
	HEAD(&p, "version", 0, &v, "\xce\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x14");
	HEAD(&p, "version", 1, &v, "\xd6\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x16");
	unload(&p);
}

static void lab_full(struct bfp *p)
{
	static const u8 data[] = { 0x11, 0x22, 0x33, 0x44 };
	u8 image[256], out[64], want[16];
	struct bfp_values v = { .length = 8 };
	const struct bfp_step *s;
	u32 i;

	/* c0 + 49 + 44 + 00 + 08 = 155h */
	HEAD(p, "identify", 0, &v, "\xc0\x49\x44\x00\x08\x55");

	/* address 0x1a8c0: slices, length / 4 - 1, sector in the low 5 bits */
	v.address = 0x1a8c0;
	v.length = 512;
	v.sector = 10;
	HEAD(p, "flash.read", 0, &v, "\xc2\x00\xc0\xa8\x01\x00\x7f\xaa");
	/* c3 ^ 0a ^ 01 ^ a8 ^ c0 */
	HEAD(p, "flash.erase-sector", 1, &v, "\xc3\x0a\x01\xa8\xc0\xa0");
	v.total = 0x10000;
	HEAD(p, "flash.erase-all", 0, &v, "\xc5\x00\x00\x01\x00\x5a");

	for (i = 0; i < sizeof(image); i++)
		image[i] = (u8)(i * 7);
	v.length = 4;
	v.data = data;
	v.data_len = 4;
	v.image = image;
	v.image_len = sizeof(image);
	/* sum16 of 11 22 33 44 is 00aa; c7+c0+a8+01+00+00+04+00+aa = 2de, negated 22 */
	HEAD(p, "flash.program", 2, &v, "\xc7\xc0\xa8\x01\x00\x00\x04\x00\xaa\x22");
	memcpy(want, "\xc8\x00", 2);
	for (i = 0; i < 4; i++)
		want[2 + i] = (u8)(bfp_crc32(0, image, sizeof(image)) >> (24 - 8 * i));
	memcpy(want + 6, "\x00\x40\x00", 3);
	is_int(head(p, step_of(p, "flash.program", 5), &v, out), 9, "the whole image: its length");
	is_bytes(out, want, 9, "a checksum over the whole image, and its length in words");
	HEAD(p, "flash.verify", 1, &v, "\xc9\x00\x01\xa8\xc0\x11\x22\x44\x33\xaa");

	v.address = 0x1f6;
	v.length = 16;
	HEAD(p, "eeprom.read", 0, &v, "\xc0\x20\xf6\x01\x00\x00\x10\x00");
	HEAD(p, "eeprom.program", 1, &v, "\x40\x21\xfb\x00\x00\x00\x10\x00");
	v.address = 0x3f6;
	HEAD(p, "eeprom.program", 1, &v, "\x40\x21\xfb\x00\x01\x00\x10\x00");

	v.length = 6;
	s = step_of(p, "version", 0);
	HEAD(p, "version", 0, &v, "\x40\x10\x34\x12\xa5\x00\x06\x00");
	is_int(bfp_encode(p, le16_to_cpu(s->payload_first), le16_to_cpu(s->payload_count), &v,
			  out, sizeof(out)), 0, "a payload");
	/* crc16 over "VER", 06, 00 00 */
	i = bfp_checksum(BFP_CRC16_CCITT, (const u8 *)"VER\x06\x00\x00", 6);
	is_bytes(out, (u8[]){ 'V', 'E', 'R', 6, (u8)i, (u8)(i >> 8) }, 6,
		 "a payload with a checksum over itself");

	v.address = 0x440;
	s = step_of(p, "config-rom.read", 1);
	is_int(bfp_encode(p, le16_to_cpu(s->addr_first), le16_to_cpu(s->addr_count), &v, out,
			  sizeof(out)), 0, "the address of a quadlet");
	is_bytes(out, "\x00\x00\xff\xff\xf0\x00\x04\x40", 8, "its bytes");
}

static void errors(const struct bfp *p)
{
	const struct bfp_step *s = step_of(p, "flash.program", 2);
	struct bfp_values v = { .length = 4, .address = 0x100000000ULL };
	u8 out[64], data[4] = { 0 };

	is_int(head(p, s, &v, out), -ERANGE, "a value that does not fit");
	v.address = 0x10000;
	is_int(head(p, s, &v, out), -EINVAL, "a checksum over data that is not there");
	v.data = data;
	v.data_len = 4;
	is_int(head(p, s, &v, out), 10, "the same with data");
	is_int(bfp_encode(p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), &v, out, 9),
	       -ENOSPC, "no room");
	s = step_of(p, "flash.verify", 1);
	v.data_len = 3;
	is_int(head(p, s, &v, out), -EINVAL, "data that ends too early");
	s = step_of(p, "flash.read", 0);
	v.length = 6;
	is_int(head(p, s, &v, out), -EINVAL, "a length that is no multiple of the divisor");
	v.length = 0;
	is_int(head(p, s, &v, out), -ERANGE, "a length that falls below zero");
}

static int undo(const struct bfp *p, const struct bfp_step *s, const u8 *bytes, u32 size,
		struct bfp_values *v, u8 *data, u64 *sum, const struct bfp_item **item)
{
	return bfp_decode(p, le16_to_cpu(s->item_first), le16_to_cpu(s->item_count), bytes, size,
			  v, data, 16, sum, item);
}

static void decode(const struct bfp *p)
{
	const struct bfp_item *item = NULL;
	struct bfp_values v = { 0 };
	u8 data[16] = { 0 };
	u64 sum = 1;

	is_int(undo(p, step_of(p, "flash.read", 0), (const u8 *)"\xc2\x00\xc0\xa8\x01\x00\x7f\xaa",
		    8, &v, data, &sum, &item), 1, "a read comes back");
	is_int((long long)v.address, 0x1a8c0, "its address, from slices");
	is_int(v.length, 512, "its length, divided and shifted");
	is_int(v.sector, 10, "its sector");
	ok(!item && !sum, "no checksum was in it");
	is_int(undo(p, step_of(p, "flash.read", 0), (const u8 *)"\xc2\x01\xc0\xa8\x01\x00\x7f\xaa",
		    8, &v, data, NULL, NULL), 0, "another fixed byte: not this one");
	is_int(undo(p, step_of(p, "flash.read", 0), (const u8 *)"\xc2\x00\xc0\xa8\x01\x00\x7f\xaa",
		    7, &v, data, NULL, NULL), 0, "another length: not this one");

	is_int(undo(p, step_of(p, "flash.program", 2),
		    (const u8 *)"\xc7\xc0\xa8\x01\x00\x00\x04\x00\xaa\x22", 10, &v, data, &sum,
		    &item), 1, "a program comes back");
	ok(item && item->sum == BFP_SUM16 && sum == 0xaa,
	   "with the checksum over data that comes later");
	is_int(undo(p, step_of(p, "flash.program", 2),
		    (const u8 *)"\xc7\xc0\xa8\x01\x00\x00\x04\x00\xaa\x23", 10, &v, data, &sum,
		    &item), 0, "a wrong checksum over the template: not this one");

	is_int(undo(p, step_of(p, "flash.verify", 1),
		    (const u8 *)"\xc9\x00\x01\xa8\xc0\x11\x22\x44\x33\xaa", 10, &v, data, &sum,
		    &item), 1, "data inside of the CDB comes back");
	is_int(v.data_len, 4, "its length");
	is_bytes(data, "\x11\x22\x33\x44", 4, "its bytes");
	ok(!item, "its checksum was looked at");
	is_int(undo(p, step_of(p, "flash.verify", 1),
		    (const u8 *)"\xc9\x00\x01\xa8\xc0\x11\x22\x44\x33\xab", 10, &v, data, &sum,
		    &item), 0, "a wrong checksum over it: not this one");

	v.address = 0x3f0;
	is_int(undo(p, step_of(p, "eeprom.program", 1),
		    (const u8 *)"\x40\x21\xfb\x00\x01\x00\x10\x00", 8, &v, data, NULL, NULL), 1,
	       "slices with a divisor come back");
	is_int((long long)v.address, 0x3f6, "as the address that they were made of");
}

static u32 seed = 20261122;

static u32 rnd(u32 below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static u64 mask(u32 bits)
{
	return bits < 64 ? (1ULL << bits) - 1 : ~0ULL;
}

/*
 * A random template, put together from items as the compiler never would. Of
 * each value it has either one whole item, or slices that cover it.
 */
static u32 random_items(struct emit *e, const struct bfp_values *v, u32 *bits)
{
	u64 value[BFP_VALUES] = {
		[BFP_ADDRESS] = v->address, [BFP_LENGTH] = v->length,
		[BFP_INTERFACE] = v->interface, [BFP_SECTOR] = v->sector, [BFP_TOTAL] = v->total,
	};
	static const u8 kinds[] = {
		BFP_ADDRESS, BFP_LENGTH, BFP_INTERFACE, BFP_SECTOR, BFP_TOTAL,
	};
	struct bfp_item *item;
	u32 first = emit_count(e, BFP_ITEMS), i, k, n;

	*bits = 0;
	for (i = 0; i < 5; i++) {
		u8 kind = kinds[i];
		u32 divide = rnd(3) ? 1 : 1 + rnd(4), add = rnd(3) ? 0 : rnd(100), low;
		u64 raw;

		if (rnd(4) == 0)
			continue;
		while (value[kind] % divide)
			divide--;
		raw = value[kind] / divide + add;
		if (rnd(2)) {	/* one item */
			item = emit_record(e, BFP_ITEMS, 0);
			n = 1;
			while (n < 64 && raw & ~mask(n))
				n++;
			n += rnd(65 - n);
			if (n % 8 == 0 && *bits % 8 == 0 && rnd(2))
				item->flags = BFP_ITEMF_LE;
			item->value = kind;
			item->bits = (u8)n;
			item->divide = cpu_to_le32(divide);
			item->add = cpu_to_le32(add);
			*bits += n;
			continue;
		}
		for (low = 0; low < 48; low += n) {
			item = emit_record(e, BFP_ITEMS, 0);
			n = 1 + rnd(20);
			item->value = kind;
			item->bits = (u8)n;
			item->low = (u8)low;
			item->flags = BFP_ITEMF_SLICE;
			item->divide = cpu_to_le32(divide);
			item->add = cpu_to_le32(add);
			*bits += n;
		}
	}
	for (k = rnd(3); k; k--) {
		item = emit_record(e, BFP_ITEMS, 0);
		n = 1 + rnd(64);
		item->value = BFP_LITERAL;
		item->bits = (u8)n;
		item->literal = cpu_to_le64(((u64)rnd(1 << 24) << 40 ^ (u64)rnd(1 << 24) << 20 ^
					     rnd(1 << 24)) & mask(n));
		item->divide = cpu_to_le32(1);
		*bits += n;
	}
	/* a checksum over everything, at the end of whole bytes */
	item = emit_record(e, BFP_ITEMS, 0);
	item->value = BFP_LITERAL;
	item->bits = (u8)(16 - *bits % 8);
	item->divide = cpu_to_le32(1);
	*bits += item->bits;
	item = emit_record(e, BFP_ITEMS, 0);
	item->value = BFP_CHECKSUM;
	item->sum = (u8)(1 + rnd(BFP_SUMS - 1));
	item->over = BFP_OVER_TEMPLATE;
	item->bits = 32;
	item->flags = rnd(2) ? BFP_ITEMF_LE : 0;
	item->divide = cpu_to_le32(1);
	*bits += 32;
	return emit_count(e, BFP_ITEMS) - first;
}

static bool same(const struct bfp_values *a, const struct bfp_values *b, const struct emit *e)
{
	const struct bfp_item *item = (const struct bfp_item *)e->table[BFP_ITEMS].data;
	u32 i;

	for (i = 0; i < e->table[BFP_ITEMS].count; i++) {
		if ((item[i].value == BFP_ADDRESS && a->address != b->address) ||
		    (item[i].value == BFP_LENGTH && a->length != b->length) ||
		    (item[i].value == BFP_SECTOR && a->sector != b->sector) ||
		    (item[i].value == BFP_TOTAL && a->total != b->total) ||
		    (item[i].value == BFP_INTERFACE && a->interface != b->interface))
			return false;
	}
	return true;
}

static void inverse(void)
{
	u32 i, wrong = 0, caught = 0, rounds = 20000;

	for (i = 0; i < rounds; i++) {
		struct bfp_values v = {
			.address = (u64)rnd(1 << 24) << rnd(20), .length = rnd(1 << 16),
			.sector = rnd(1 << 10), .total = rnd(1 << 24), .interface = rnd(256),
		}, back = { 0 };
		u8 bytes[256];
		struct emit e;
		struct bfp p;
		u32 count, bits, size;
		size_t len;
		void *file;

		emit_init(&e);
		count = random_items(&e, &v, &bits);
		emit_finish(&e, &file, &len);
		p.base = file;
		p.size = (u32)len;
		size = bfp_template_size(&p, 0, count);
		if (size != bits / 8 || bfp_encode(&p, 0, count, &v, bytes, sizeof(bytes)) ||
		    bfp_decode(&p, 0, count, bytes, size, &back, NULL, 0, NULL, NULL) != 1 ||
		    !same(&v, &back, &e))
			wrong++;
		/* one flipped bit: the checksum, or a fixed bit, tells */
		bytes[rnd(size)] ^= (u8)(1 << rnd(8));
		caught += !bfp_decode(&p, 0, count, bytes, size, &back, NULL, 0, NULL, NULL);
		free(file);
		emit_free(&e);
	}
	is_int(wrong, 0, "20000 random templates come back as what they were made of");
	is_int(caught, rounds, "and not with one bit flipped");
}

static void checksums(void)
{
	static const u8 digits[] = "123456789";

	is_int(bfp_checksum(BFP_SUM8, digits, 9), 0xdd, "sum8");
	is_int(bfp_checksum(BFP_SUM16, digits, 9), 0x1dd, "sum16");
	is_int(bfp_checksum(BFP_SUM32, digits, 9), 0x1dd, "sum32");
	is_int(bfp_checksum(BFP_NEG8, digits, 9), 0x23, "neg8");
	is_int(bfp_checksum(BFP_XOR8, digits, 9), 0x31, "xor8");
	is_int(bfp_checksum(BFP_CRC16_CCITT, digits, 9), 0x29b1, "crc16");
	is_int(bfp_checksum(BFP_CRC32, digits, 9), 0xcbf43926, "crc32");
	is_int(bfp_checksum(BFP_CRC32, digits, 0), 0, "crc32 of nothing");
}

int main(void)
{
	struct bfp p;

	pl2507();
	pl2773();
	lengths();
	load("tests/lab/profiles/lab-full.profile", &p);
	lab_full(&p);
	errors(&p);
	decode(&p);
	unload(&p);
	inverse();
	checksums();
	return tap_done();
}
