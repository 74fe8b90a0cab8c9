// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sense data in its fixed (70h, 71h) and descriptor (72h, 73h) forms. It comes
 * from a device that may say anything: every byte is looked at only after its
 * place is known to be there, by what was received and by what the data itself
 * says about its length.
 */
#include "sense.h"

#define FIXED_HEADER		8
#define DESCRIPTOR_HEADER	8

static u32 be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static void decode_fixed(const u8 *data, size_t len, struct bfp_sense *s)
{
	s->key = data[2] & 0x0f;
	if (len >= 7 && (data[0] & 0x80)) {
		s->has_information = true;
		s->information = be32(data + 3);
	}
	/* byte 7 says how many follow; old bridges leave it zero and send them all the same */
	if (len >= FIXED_HEADER && data[7] && len > FIXED_HEADER + (size_t)data[7])
		len = FIXED_HEADER + (size_t)data[7];
	if (len > 12)
		s->asc = data[12];
	if (len > 13)
		s->ascq = data[13];
}

static void decode_descriptors(const u8 *data, size_t len, struct bfp_sense *s)
{
	size_t at = DESCRIPTOR_HEADER;

	s->key = data[1] & 0x0f;
	if (len > 2)
		s->asc = data[2];
	if (len > 3)
		s->ascq = data[3];
	if (len < DESCRIPTOR_HEADER)
		return;
	if (len > DESCRIPTOR_HEADER + (size_t)data[7])
		len = DESCRIPTOR_HEADER + (size_t)data[7];
	while (len - at >= 2) {
		size_t size = 2 + (size_t)data[at + 1];

		if (size > len - at)
			return;
		if (data[at] == 0x00 && size >= 12 && (data[at + 2] & 0x80)) {
			s->has_information = true;
			s->information = (u64)be32(data + at + 4) << 32 | be32(data + at + 8);
		}
		at += size;
	}
}

/**
 * bfp_sense_decode() - reads sense data of either form
 * @data: what was received
 * @len: how many bytes of it are real
 * @s: gets the result; all zero when there is none
 *
 * Return: true if there was sense data.
 */
bool bfp_sense_decode(const u8 *data, size_t len, struct bfp_sense *s)
{
	u8 response;

	memset(s, 0, sizeof(*s));
	if (len < 3)
		return false;
	response = data[0] & 0x7f;
	if (response < 0x70 || response > 0x73)
		return false;
	s->deferred = response & 1;
	if (response < 0x72)
		decode_fixed(data, len, s);
	else
		decode_descriptors(data, len, s);
	return true;
}

/**
 * bfp_sense_key_name() - sense key as text
 * @key: 0 to 15
 *
 * Return: its name, "unknown" for any other value.
 */
const char *bfp_sense_key_name(u8 key)
{
	static const char *const names[] = {
		"no sense", "recovered error", "not ready", "medium error",
		"hardware error", "illegal request", "unit attention", "data protect",
		"blank check", "vendor specific", "copy aborted", "aborted command",
		"reserved", "volume overflow", "miscompare", "completed",
	};

	return key < ARRAY_SIZE(names) ? names[key] : "unknown";
}

/**
 * bfp_sense_format() - sense as text, such as "illegal request (5/20/00)"
 * @s: decoded sense
 * @out: gets the text
 * @room: how much fits there
 *
 * Return: the length of the text, like snprintf().
 */
int bfp_sense_format(const struct bfp_sense *s, char *out, size_t room)
{
	return snprintf(out, room, "%s (%x/%02x/%02x)%s", bfp_sense_key_name(s->key), s->key,
			s->asc, s->ascq, s->deferred ? ", of an earlier command" : "");
}
