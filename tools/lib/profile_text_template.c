// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Templates: hexadecimal digits of four bits, 0b... for single bits, and
 * {fields} that are filled in when the step is sent.
 */
#include "profile_text_int.h"

#include <ctype.h>
#include <stdlib.h>

#include "text.h"

/* A template under construction. Fixed bits gather in one item of up to 64. */
struct template {
	struct compile *c;
	int line;
	u32 bits;
	u64 fixed;
	u32 fixed_bits;
};

/* A {field} as it was written. */
struct field {
	const char *text;
	u8 value;
	u8 sum;
	u8 over;
	u64 divide;
	s64 add;
	u64 offset;		/* {data+N} */
	bool slice;
	u64 high;
	u64 low;
	u64 bits;		/* 0: none given */
	bool le;
};

static const struct word names[] = {
	{ "address", BFP_ADDRESS }, { "length", BFP_LENGTH }, { "data", BFP_DATA },
	{ "interface", BFP_INTERFACE }, { "sector", BFP_SECTOR }, { "total", BFP_TOTAL },
	{ NULL, 0 },
};

static const struct word sums[] = {
	{ "sum8", BFP_SUM8 }, { "sum16", BFP_SUM16 }, { "sum32", BFP_SUM32 },
	{ "neg8", BFP_NEG8 }, { "xor8", BFP_XOR8 }, { "crc16", BFP_CRC16_CCITT },
	{ "crc32", BFP_CRC32 }, { NULL, 0 },
};

static const struct word overs[] = {
	{ "data", BFP_OVER_DATA }, { "image", BFP_OVER_IMAGE },
	{ "template", BFP_OVER_TEMPLATE }, { NULL, 0 },
};

static struct bfp_item *new_item(struct template *t, u8 value, u32 bits)
{
	struct bfp_item *item = emit_record(&t->c->e, BFP_ITEMS, t->line);

	item->value = value;
	item->bits = (u8)bits;
	item->divide = cpu_to_le32(1);
	return item;
}

static void flush(struct template *t)
{
	if (t->fixed_bits)
		new_item(t, BFP_LITERAL, t->fixed_bits)->literal = cpu_to_le64(t->fixed);
	t->fixed = 0;
	t->fixed_bits = 0;
}

static void put_fixed(struct template *t, u64 value, u32 bits)
{
	while (bits) {
		u32 n = bits < 64 - t->fixed_bits ? bits : 64 - t->fixed_bits;
		u64 part = n < 64 ? (value >> (bits - n)) & ((1ULL << n) - 1) : value;

		t->fixed = n < 64 ? t->fixed << n | part : part;
		t->fixed_bits += n;
		t->bits += n;
		bits -= n;
		if (t->fixed_bits == 64)
			flush(t);
	}
}

static const struct word *word_at(const struct word *words, const char *s, size_t len)
{
	for (; words->name; words++)
		if (strlen(words->name) == len && !strncmp(words->name, s, len))
			return words;
	return NULL;
}

static bool field_bad(struct template *t, const struct field *f, const char *expected)
{
	return text_bad(t->c, t->line, "field {%s} cannot be understood: expected %s", f->text,
			expected);
}

static const char *skip(const char *s)
{
	while (isblank((unsigned char)*s))
		s++;
	return s;
}

/* Decimal or 0x number at *s; true and moved on, or false. */
static bool take_number(const char **s, u64 *out)
{
	const char *start = skip(*s);
	char *end;

	if (!isdigit((unsigned char)*start))
		return false;
	*out = strtoull(start, &end, start[0] == '0' && start[1] == 'x' ? 16 : 10);
	*s = skip(end);
	return *out <= 0xffffffff;
}

/* NAME, or SUM(OVER) */
static bool field_name(struct template *t, struct field *f, const char **s)
{
	const struct word *w;
	size_t len;

	*s = skip(*s);
	len = strspn(*s, "abcdefghijklmnopqrstuvwxyz0123456789");
	w = word_at(names, *s, len);
	if (w) {
		f->value = (u8)w->value;
		*s = skip(*s + len);
		return true;
	}
	w = word_at(sums, *s, len);
	if (!w || (*s)[len] != '(')
		return field_bad(t, f, "address, length, data, interface, sector, total, or a checksum: sum8, sum16, sum32, neg8, xor8, crc16 or crc32 with (data), (image) or (template)");
	f->value = BFP_CHECKSUM;
	f->sum = (u8)w->value;
	*s = skip(*s + len + 1);
	len = strspn(*s, "abcdefghijklmnopqrstuvwxyz");
	w = word_at(overs, *s, len);
	*s = skip(*s + len);
	if (!w || **s != ')')
		return field_bad(t, f, "a checksum over (data), (image) or (template)");
	f->over = (u8)w->value;
	*s = skip(*s + 1);
	return true;
}

/* /N, then +N or -N; {data+N} says where to begin */
static bool field_arithmetic(struct template *t, struct field *f, const char **s)
{
	u64 n;
	char sign;

	if (**s == '/') {
		(*s)++;
		if (!take_number(s, &f->divide) || !f->divide)
			return field_bad(t, f, "a number to divide by behind '/'");
	}
	if (**s != '+' && **s != '-')
		return true;
	sign = *(*s)++;
	if (!take_number(s, &n) || n > 1 << 24)
		return field_bad(t, f, "a number up to 16777216 behind '+' or '-'");
	if (f->value == BFP_DATA && sign == '+')
		f->offset = n;
	else
		f->add = sign == '+' ? (s64)n : -(s64)n;
	return true;
}

/* [HIGH:LOW] */
static bool field_slice(struct template *t, struct field *f, const char **s)
{
	if (**s != '[')
		return true;
	(*s)++;
	f->slice = true;
	if (!take_number(s, &f->high) || **s != ':')
		return field_bad(t, f, "bits as [HIGH:LOW], such as [15:8]");
	(*s)++;
	if (!take_number(s, &f->low) || **s != ']' || f->high < f->low || f->high > 63)
		return field_bad(t, f, "bits as [HIGH:LOW], such as [15:8]");
	*s = skip(*s + 1);
	return true;
}

/* :N, :beN, :leN; behind a slice, which has a width of its own, only :be or :le */
static bool field_format(struct template *t, struct field *f, const char **s)
{
	bool named = false;

	if (**s == ':') {
		*s = skip(*s + 1);
		if (!strncmp(*s, "le", 2) || !strncmp(*s, "be", 2)) {
			f->le = **s == 'l';
			*s += 2;
			named = true;
		}
		if ((!take_number(s, &f->bits) && !(named && f->slice)) || f->bits > 64)
			return field_bad(t, f, "a width of 1 to 64 bits behind ':', such as 8, be16 or le32");
	}
	if (**s)
		return field_bad(t, f, "NAME, then /N, +N or -N, then [HIGH:LOW], then :WIDTH");
	if (f->slice && f->bits && f->bits != f->high - f->low + 1)
		return field_bad(t, f, "a width that is that of the slice, or none");
	if (f->slice)
		f->bits = f->high - f->low + 1;
	return true;
}

static bool field_parse(struct template *t, const char *text, struct field *f)
{
	const char *s = text;

	memset(f, 0, sizeof(*f));
	f->text = text;
	f->divide = 1;
	return field_name(t, f, &s) && field_arithmetic(t, f, &s) &&
	       field_slice(t, f, &s) && field_format(t, f, &s);
}

static void put_field(struct template *t, const struct field *f, u32 bits, u64 low, bool le)
{
	struct bfp_item *item;

	flush(t);
	item = new_item(t, f->value, bits);
	item->low = (u8)low;
	item->flags = (u8)((le ? BFP_ITEMF_LE : 0) | (f->slice ? BFP_ITEMF_SLICE : 0));
	item->sum = f->sum;
	item->over = f->over;
	item->divide = cpu_to_le32((u32)f->divide);
	item->add = cpu_to_le32((u32)(s32)f->add);
	item->literal = cpu_to_le64(f->offset);
	t->bits += bits;
}

/* A {field} in a row of bytes: it must say how wide it is. */
static bool template_field(struct template *t, const char *text)
{
	struct field f;

	if (!field_parse(t, text, &f))
		return false;
	if (!f.bits && f.value == BFP_CHECKSUM)
		f.bits = f.sum == BFP_SUM32 || f.sum == BFP_CRC32 ? 32 :
			 f.sum == BFP_SUM16 || f.sum == BFP_CRC16_CCITT ? 16 : 8;
	if (!f.bits)
		return field_bad(t, &f, "a width, such as {address:be24} or {address[7:0]}");
	put_field(t, &f, (u32)f.bits, f.low, f.le);
	return true;
}

/* One word of fixed digits: E0, E0F1, 0xE0, A, 0b1010. */
static bool template_digits(struct template *t, const char *s, size_t len)
{
	size_t i, shift = 4;

	if (len > 2 && s[0] == '0' && (s[1] == 'b' || s[1] == 'B')) {
		shift = 1;
		s += 2;
		len -= 2;
	} else if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		s += 2;
		len -= 2;
	}
	for (i = 0; i < len; i++) {
		int ch = tolower((unsigned char)s[i]);
		int d = isdigit(ch) ? ch - '0' : isxdigit(ch) ? ch - 'a' + 10 : 99;

		if (d >= 1 << shift)
			return text_bad(t->c, t->line, "'%.*s' cannot be understood: expected hexadecimal digits, 0b with bits, or a {field}",
					(int)len, s);
		put_fixed(t, (u64)d, (u32)shift);
	}
	return true;
}

static bool template_run(struct template *t, const char *text)
{
	const char *s = text, *stop;
	char *field;
	bool ok;

	for (s = skip(s); *s; s = skip(s)) {
		if (*s == '{') {
			stop = strchr(s, '}');
			if (!stop)
				return text_bad(t->c, t->line, "'%s' has no closing '}'", s);
			field = xprintf("%.*s", (int)(stop - s - 1), s + 1);
			ok = template_field(t, field);
			free(field);
			s = stop + 1;
		} else {
			stop = s + strcspn(s, " \t{");
			ok = template_digits(t, s, (size_t)(stop - s));
			s = stop;
		}
		if (!ok)
			return false;
	}
	return true;
}

/**
 * template_text() - the bytes of a CDB, of a payload or of a quadlet
 * @c: text; gets the items
 * @line: where it stands
 * @text: digits and {fields}
 * @bits: gets its length
 *
 * Return: true, or false with the fault noted.
 */
bool template_text(struct compile *c, int line, const char *text, u32 *bits)
{
	struct template t = { .c = c, .line = line };

	if (!template_run(&t, text))
		return false;
	flush(&t);
	*bits = t.bits;
	if (!t.bits)
		return text_bad(c, line, "there is nothing to send: expected bytes such as E0 00 {address:be24}");
	return true;
}

/**
 * template_address() - 48 bits of a register's address
 * @c: text; gets the items, with 16 zero bits above them for the node's number
 * @line: where it stands
 * @text: digits and {fields}
 * @bits: gets the length of what was given
 *
 * Return: true, or false with the fault noted.
 */
bool template_address(struct compile *c, int line, const char *text, u32 *bits)
{
	struct template t = { .c = c, .line = line };

	put_fixed(&t, 0, 16);
	if (!template_run(&t, text))
		return false;
	flush(&t);
	*bits = t.bits - 16;
	return true;
}

/*
 * wValue or wIndex, 16 bits, least significant byte first: a number, one
 * {field}, or (two bytes) in the order in which they go over the wire.
 */
static bool setup_word(struct template *t, const char *what, const char *text)
{
	size_t len = strlen(text);
	u32 before = t->bits, width;
	struct field f;
	char *inner;
	u64 n;
	bool ok;

	if (*text == '(' && text[len - 1] == ')') {
		inner = xprintf("%.*s", (int)(len - 2), text + 1);
		ok = template_run(t, inner);
		free(inner);
		if (ok && t->bits - before != 16)
			return text_bad(t->c, t->line, "%s %s has %u bits, expected 16", what, text,
					t->bits - before);
		return ok;
	}
	if (*text != '{' || text[len - 1] != '}') {
		if (!value_number(t->c, t->line, what, text, 0xffff, &n))
			return false;
		put_fixed(t, (n & 0xff) << 8 | n >> 8, 16);
		return true;
	}
	inner = xprintf("%.*s", (int)(len - 2), text + 1);
	ok = field_parse(t, inner, &f);
	if (ok && f.bits > 16)
		ok = field_bad(t, &f, "at most 16 bits");
	if (ok && (f.le || (f.bits && !f.slice)))
		ok = field_bad(t, &f, "no width here: the field has 16 bits, little-endian");
	if (ok && (!f.slice || f.bits == 16)) {
		put_field(t, &f, 16, f.low, true);
	} else if (ok) {
		width = (u32)f.bits;
		put_fixed(t, 0, width < 8 ? 8 - width : 0);
		put_field(t, &f, width < 8 ? width : 8, f.low, false);
		put_fixed(t, 0, width > 8 ? 16 - width : 8);
		if (width > 8)
			put_field(t, &f, width - 8, f.low + 8, false);
	}
	free(inner);
	return ok;
}

/**
 * template_setup() - a setup packet
 * @c: text; gets the items
 * @line: where it stands
 * @type: bmRequestType
 * @request: bRequest
 * @value: text of wValue
 * @index: text of wIndex
 * @data: there is data, and wLength is its length
 *
 * Return: true, or false with the fault noted.
 */
bool template_setup(struct compile *c, int line, u8 type, u8 request, const char *value,
		    const char *index, bool data)
{
	static const struct field length = { .value = BFP_LENGTH, .divide = 1 };
	struct template t = { .c = c, .line = line };

	put_fixed(&t, (u64)type << 8 | request, 16);
	if (!setup_word(&t, "value", value) || !setup_word(&t, "index", index))
		return false;
	if (data)
		put_field(&t, &length, 16, 0, true);
	else
		put_fixed(&t, 0, 16);
	flush(&t);
	return true;
}
