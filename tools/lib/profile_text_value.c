// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers, words, times and bytes of profile text. */
#include "profile_text_int.h"

#include <ctype.h>
#include <stdlib.h>

#include "text.h"

const struct word words_evidence[] = {
	{ "inferred", BFP_INFERRED }, { "reported", BFP_REPORTED },
	{ "traced", BFP_TRACED }, { "documented", BFP_DOCUMENTED }, { NULL, 0 },
};

const struct word words_yes_no[] = { { "no", 0 }, { "yes", 1 }, { NULL, 0 } };

/**
 * text_bad() - note the first fault
 * @c: text
 * @line: to blame; 0: none
 * @fmt: as printf: what is wrong, what was expected
 *
 * Return: false, so that callers can return it.
 */
bool text_bad(struct compile *c, int line, const char *fmt, ...)
{
	char sentence[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, args);
	va_end(args);
	if (line)
		snprintf(c->err, c->errlen, "%s:%d: %s", c->file, line, sentence);
	else
		snprintf(c->err, c->errlen, "%s: %s", c->file, sentence);
	return false;
}

/**
 * next_word() - cut off a word
 * @cursor: the text, which is cut; moved behind the word
 *
 * A word ends at a blank; braces and parentheses keep those inside of them.
 *
 * Return: the word, NULL at the end.
 */
char *next_word(char **cursor)
{
	char *s = *cursor, *start;
	int depth = 0;

	while (isblank((unsigned char)*s))
		s++;
	if (!*s)
		return NULL;
	start = s;
	for (; *s && (depth || !isblank((unsigned char)*s)); s++) {
		if (*s == '{' || *s == '(')
			depth++;
		else if ((*s == '}' || *s == ')') && depth)
			depth--;
	}
	if (*s)
		*s++ = 0;
	*cursor = s;
	return start;
}

/* Digits of @base up to the first character that is none; false if there is none at all. */
static bool digits(const char **s, unsigned int base, u64 *out)
{
	const char *start = *s;

	*out = 0;
	for (; isxdigit((unsigned char)**s); (*s)++) {
		unsigned int d = isdigit((unsigned char)**s) ? (unsigned int)(**s - '0') :
				 (unsigned int)(tolower((unsigned char)**s) - 'a') + 10;

		if (d >= base || *out > (~0ULL - d) / base)
			return false;
		*out = *out * base + d;
	}
	return *s > start;
}

static bool number(const char **s, u64 *out)
{
	if ((*s)[0] == '0' && ((*s)[1] == 'x' || (*s)[1] == 'X')) {
		*s += 2;
		return digits(s, 16, out);
	}
	return isdigit((unsigned char)**s) && digits(s, 10, out);
}

/* A size may end in KiB or MiB. */
static u64 unit_of(const char *s)
{
	while (isblank((unsigned char)*s))
		s++;
	if (!*s)
		return 1;
	if (!strcmp(s, "KiB"))
		return 1024;
	return strcmp(s, "MiB") ? 0 : 1024 * 1024;
}

/**
 * value_number() - a number, decimal or hexadecimal, or a size in KiB or MiB
 * @c: text
 * @line: where it stands
 * @what: what it is, for the fault
 * @text: it
 * @most: largest that is possible
 * @out: gets it
 *
 * Return: true, or false with the fault noted.
 */
bool value_number(struct compile *c, int line, const char *what, const char *text,
		  u64 most, u64 *out)
{
	const char *s = text;
	u64 unit = 0;

	if (number(&s, out))
		unit = unit_of(s);
	if (!unit)
		return text_bad(c, line, "%s is '%s', expected a number (decimal, or hexadecimal with 0x)",
				what, text);
	if (*out > most / unit)
		return text_bad(c, line, "%s is %s, expected at most %llu (0x%llx)", what, text,
				(unsigned long long)most, (unsigned long long)most);
	*out *= unit;
	return true;
}

/**
 * value_masked() - VALUE or VALUE/MASK
 * @c: text
 * @line: where it stands
 * @what: what it is, for the fault
 * @text: it
 * @most: largest value that is possible, and the mask if none is given
 * @value: gets the value
 * @mask: gets the mask
 *
 * Return: true, or false with the fault noted.
 */
bool value_masked(struct compile *c, int line, const char *what, const char *text,
		  u64 most, u64 *value, u64 *mask)
{
	const char *s = text;

	*mask = most;
	if (!number(&s, value) || (*s == '/' && (s++, !number(&s, mask))) || *s)
		return text_bad(c, line, "%s is '%s', expected VALUE or VALUE/MASK, such as 0x012800/0xffffff00",
				what, text);
	if (*value > most || *mask > 0xffffffff)
		return text_bad(c, line, "%s is %s, expected at most 0x%llx", what, text,
				(unsigned long long)most);
	return true;
}

/**
 * value_word() - one of some words
 * @c: text
 * @line: where it stands
 * @what: what it is, for the fault
 * @text: it
 * @words: the words that there are
 * @out: gets the number of the word
 *
 * Return: true, or false with the fault noted.
 */
bool value_word(struct compile *c, int line, const char *what, const char *text,
		const struct word *words, u32 *out)
{
	char list[300] = "";
	int i;

	for (i = 0; words[i].name; i++) {
		if (!strcmp(words[i].name, text)) {
			*out = words[i].value;
			return true;
		}
		text_add(list, sizeof(list), "%s%s",
			 !i ? "" : words[i + 1].name ? ", " : " or ", words[i].name);
	}
	return text_bad(c, line, "%s is '%s', expected %s", what, text, list);
}

/**
 * value_time() - a time: "60 us", "50 ms", "5 s", "2 min"; at most an hour
 * @c: text
 * @line: where it stands
 * @what: what it is, for the fault
 * @text: it
 * @us: gets it in microseconds
 *
 * Return: true, or false with the fault noted.
 */
bool value_time(struct compile *c, int line, const char *what, const char *text, u64 *us)
{
	static const struct word units[] = {
		{ "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "min", 60000000 }, { NULL, 0 },
	};
	const char *s = text;
	int i;

	if (isdigit((unsigned char)*s) && digits(&s, 10, us) && *us <= 3600000000ULL) {
		while (isblank((unsigned char)*s))
			s++;
		for (i = 0; units[i].name; i++)
			if (!strcmp(units[i].name, s)) {
				*us *= units[i].value;
				if (*us && *us <= 3600000000ULL)
					return true;
			}
	}
	return text_bad(c, line, "%s is '%s', expected a time such as 60 us, 50 ms or 5 s", what,
			text);
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)tolower((unsigned char)ch);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/**
 * value_hex() - bytes of two hexadecimal digits, blanks between them as one likes
 * @c: text
 * @line: where it stands
 * @what: what they are, for the fault
 * @text: they
 * @bytes: gets them; the caller frees it
 * @mask: gets a mask of the digits that are not '?'; NULL: none may be
 * @len: gets their number
 *
 * Return: true, or false with the fault noted.
 */
bool value_hex(struct compile *c, int line, const char *what, const char *text,
	       u8 **bytes, u8 **mask, size_t *len)
{
	size_t room = strlen(text) / 2 + 1, n = 0;
	const char *s = text;
	int d;

	*bytes = xalloc(room);
	if (mask)
		*mask = xalloc(room);
	for (; *s; s++) {
		if (isblank((unsigned char)*s) && n % 2 == 0)
			continue;
		d = hex_digit(*s);
		if (d < 0 && !(mask && *s == '?'))
			break;
		(*bytes)[n / 2] = (u8)((*bytes)[n / 2] << 4 | (d < 0 ? 0 : d));
		if (mask)
			(*mask)[n / 2] = (u8)((*mask)[n / 2] << 4 | (d < 0 ? 0 : 15));
		n++;
	}
	*len = n / 2;
	if (!*s && n && n % 2 == 0)
		return true;
	free(*bytes);
	*bytes = NULL;
	if (mask) {
		free(*mask);
		*mask = NULL;
	}
	return text_bad(c, line, "%s is '%s', expected bytes of two hexadecimal digits%s", what,
			text, mask ? " or ??" : "");
}

/**
 * value_usb_id() - "067b:2507"
 * @text: it
 * @vendor: gets the first number
 * @product: gets the second
 *
 * Return: true if it is one.
 */
bool value_usb_id(const char *text, u32 *vendor, u32 *product)
{
	u32 *part[2] = { vendor, product };
	int i, k, d;

	if (strlen(text) != 9 || text[4] != ':')
		return false;
	for (i = 0; i < 2; i++) {
		*part[i] = 0;
		for (k = 0; k < 4; k++) {
			d = hex_digit(text[5 * i + k]);
			if (d < 0)
				return false;
			*part[i] = *part[i] << 4 | (u32)d;
		}
	}
	return true;
}

/**
 * value_range() - "0..253", both counted, or "16..end"
 * @c: text
 * @line: where it stands
 * @text: it
 * @from: gets the first
 * @length: gets how many, 0 for all that follow
 *
 * Return: true, or false with the fault noted.
 */
bool value_range(struct compile *c, int line, const char *text, u32 *from, u32 *length)
{
	const char *s = text;
	u64 a, b;

	if (number(&s, &a) && a <= BFP_MEMORY_MAX && s[0] == '.' && s[1] == '.') {
		s += 2;
		*from = (u32)a;
		*length = 0;
		if (!strcmp(s, "end"))
			return true;
		if (number(&s, &b) && !*s && b >= a && b <= BFP_MEMORY_MAX) {
			*length = (u32)(b - a + 1);
			return true;
		}
	}
	return text_bad(c, line, "over is '%s', expected FIRST..LAST or FIRST..end, such as 0..253",
			text);
}

/**
 * key_find() - an entry by its name; it then counts as understood
 * @s: section
 * @name: its name
 *
 * Return: the entry, NULL if there is none.
 */
struct ini_entry *key_find(struct ini_section *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->entries; i++)
		if (!strcmp(s->entry[i].name, name)) {
			s->entry[i].used = true;
			return &s->entry[i];
		}
	return NULL;
}

/* Whether one letter too many, too few or wrong, or two that changed places, part them. */
static bool one_slip(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (*a && !strcmp(a + 1, b)) || (*b && !strcmp(a, b + 1)) ||
	       (*a && *b && !strcmp(a + 1, b + 1)) ||
	       (*a && *b && a[0] == b[1] && a[1] == b[0] && !strcmp(a + 2, b + 2));
}

static const struct ini_entry *misspelt(const struct ini_section *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->entries; i++)
		if (!s->entry[i].used && one_slip(s->entry[i].name, name))
			return &s->entry[i];
	return NULL;
}

/**
 * key_need() - an entry that must be there and not be empty
 * @c: text
 * @s: section
 * @name: its name
 * @entry: gets it
 *
 * Return: true, or false with the fault noted.
 */
bool key_need(struct compile *c, struct ini_section *s, const char *name,
	      struct ini_entry **entry)
{
	const struct ini_entry *slip;

	*entry = key_find(s, name);
	if (*entry && *(*entry)->value)
		return true;
	slip = *entry ? NULL : misspelt(s, name);
	if (slip)
		return text_bad(c, slip->line, "'%s' is no key of [%s], which needs '%s'",
				slip->name, s->title, name);
	return text_bad(c, *entry ? (*entry)->line : s->line, "[%s] %s '%s'", s->title,
			*entry ? "has no value for" : "needs", name);
}

/**
 * key_string() - an entry that is text
 * @c: text
 * @s: section
 * @name: its name
 * @need: it must be there; otherwise it counts as empty
 * @out: gets the string
 *
 * Return: true, or false with the fault noted.
 */
bool key_string(struct compile *c, struct ini_section *s, const char *name, bool need,
		__le32 *out)
{
	struct ini_entry *entry;

	if (need && !key_need(c, s, name, &entry))
		return false;
	entry = key_find(s, name);
	*out = emit_string(&c->e, entry ? entry->value : "");
	return true;
}

/**
 * key_number() - an entry that is a number
 * @c: text
 * @s: section
 * @name: its name
 * @most: largest that is possible
 * @need: it must be there; otherwise @out stays as it is
 * @out: gets the number
 *
 * Return: true, or false with the fault noted.
 */
bool key_number(struct compile *c, struct ini_section *s, const char *name, u64 most,
		bool need, u64 *out)
{
	struct ini_entry *entry;

	if (need && !key_need(c, s, name, &entry))
		return false;
	entry = key_find(s, name);
	return !entry || value_number(c, entry->line, name, entry->value, most, out);
}

/**
 * key_word() - an entry that is one of some words
 * @c: text
 * @s: section
 * @name: its name
 * @words: the words that there are
 * @need: it must be there; otherwise @out stays as it is
 * @out: gets the number of the word
 *
 * Return: true, or false with the fault noted.
 */
bool key_word(struct compile *c, struct ini_section *s, const char *name,
	      const struct word *words, bool need, u32 *out)
{
	struct ini_entry *entry;

	if (need && !key_need(c, s, name, &entry))
		return false;
	entry = key_find(s, name);
	return !entry || value_word(c, entry->line, name, entry->value, words, out);
}

/**
 * key_evidence() - evidence and source, which both must be there
 * @c: text
 * @s: section
 * @evidence: gets enum bfp_evidence
 * @source: gets the string
 *
 * Return: true, or false with the fault noted.
 */
bool key_evidence(struct compile *c, struct ini_section *s, u8 *evidence, __le32 *source)
{
	u32 word = 0;

	if (!key_word(c, s, "evidence", words_evidence, true, &word) ||
	    !key_string(c, s, "source", true, source))
		return false;
	*evidence = (u8)word;
	return true;
}

/**
 * keys_done() - every entry was understood, and none but 'step' stands there twice
 * @c: text
 * @s: section
 * @known: names that there are, for the fault
 *
 * Return: true, or false with the fault noted.
 */
bool keys_done(struct compile *c, struct ini_section *s, const char *known)
{
	size_t i, k;

	for (i = 0; i < s->entries; i++) {
		struct ini_entry *entry = &s->entry[i];

		for (k = 0; k < i; k++)
			if (!strcmp(s->entry[k].name, entry->name) && strcmp(entry->name, "step"))
				return text_bad(c, entry->line, "'%s' stands in [%s] twice, first in line %d",
						entry->name, s->title, s->entry[k].line);
		if (!entry->used)
			return text_bad(c, entry->line, "'%s' is no key of [%s], expected one of: %s",
					entry->name, s->title, known);
	}
	return true;
}
