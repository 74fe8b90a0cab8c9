// SPDX-License-Identifier: GPL-2.0-or-later
/* A field of a memory or of an answer, as text. Its bytes may be anything. */
#include "image.h"

/* Text that grows like snprintf()'s: what does not fit is counted, not written. */
struct text {
	char *out;
	size_t room;
	size_t len;
};

static void put(struct text *t, char ch)
{
	if (t->len + 1 < t->room)
		t->out[t->len] = ch;
	t->len++;
}

static void put_digits(struct text *t, u32 value, int digits)
{
	static const char hex[] = "0123456789abcdef";

	while (digits--)
		put(t, hex[value >> 4 * digits & 15]);
}

static void put_number(struct text *t, const u8 *bytes, u32 len, bool le)
{
	u32 value = 0, i;

	for (i = 0; i < len; i++)
		value |= (u32)bytes[i] << 8 * (le ? i : len - 1 - i);
	put(t, '0');
	put(t, 'x');
	put_digits(t, value, (int)(2 * len));
}

static void put_hex(struct text *t, const u8 *bytes, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		if (i)
			put(t, ' ');
		put_digits(t, bytes[i], 2);
	}
}

/* Nothing that a terminal could take for more than a character gets through. */
static void put_ascii(struct text *t, const u8 *bytes, u32 len)
{
	u32 i;

	while (len && (bytes[len - 1] == 0 || bytes[len - 1] == 0xff || bytes[len - 1] == ' '))
		len--;
	for (i = 0; i < len && bytes[i]; i++) {
		if (bytes[i] >= 0x20 && bytes[i] < 0x7f && bytes[i] != '\\') {
			put(t, (char)bytes[i]);
			continue;
		}
		put(t, '\\');
		put(t, 'x');
		put_digits(t, bytes[i], 2);
	}
}

static void put_utf16(struct text *t, const u8 *bytes, u32 len)
{
	u32 i, ch;

	for (i = 0; i + 1 < len; i += 2) {
		ch = bytes[i] | (u32)bytes[i + 1] << 8;
		if (ch == 0 || ch == 0xffff)
			return;
		if (ch >= 0x20 && ch < 0x7f && ch != '\\') {
			put(t, (char)ch);
		} else if (ch >= 0xa0 && ch < 0x800) {
			put(t, (char)(0xc0 | ch >> 6));
			put(t, (char)(0x80 | (ch & 0x3f)));
		} else {
			put(t, '\\');
			put(t, 'u');
			put_digits(t, ch, 4);
		}
	}
}

/**
 * bfp_field_format() - the value of a field as text
 * @p: checked profile
 * @f: one of its fields
 * @data: the memory's content or the answer that the field is part of
 * @len: its bytes
 * @out: gets the text
 * @room: how much fits there
 *
 * Return: the length of the text, like snprintf(); -ERANGE if @data ends
 * before the field does.
 */
int bfp_field_format(const struct bfp *p, const struct bfp_field *f,
		     const u8 *data, u32 len, char *out, size_t room)
{
	u32 offset = le32_to_cpu(f->offset), length = le32_to_cpu(f->length);
	struct text t = { .out = out, .room = room };

	(void)p;	/* types that name values would find the names there */
	if (offset > len || length > len - offset)
		return -ERANGE;
	data += offset;
	switch (f->type) {
	case BFP_TYPE_ASCII:
		put_ascii(&t, data, length);
		break;
	case BFP_TYPE_UTF16LE:
		put_utf16(&t, data, length);
		break;
	case BFP_TYPE_HEX:
		put_hex(&t, data, length);
		break;
	case BFP_TYPE_BCD:
		for (; length; length--, data++)
			put_digits(&t, *data, 2);
		break;
	default:
		put_number(&t, data, length,
			   f->type == BFP_TYPE_LE16 || f->type == BFP_TYPE_LE32);
		break;
	}
	if (room)
		out[t.len < room ? t.len : room - 1] = 0;
	return (int)t.len;
}
