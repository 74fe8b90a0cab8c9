// SPDX-License-Identifier: GPL-2.0-or-later
/* What people and scripts get to read. */
#include <json-c/json.h>

#include "output.h"
#include "progress.h"
#include "reason.h"
#include "tool_help.h"

static void test_clean(void)
{
	char s[64];

	text_put(s, sizeof(s), "plain \xc3\xa4 text");
	text_clean(s);
	is_text(s, "plain \xc3\xa4 text", "what can be shown stays");
	text_put(s, sizeof(s), "a\033[2Jb\nc\x7f");
	text_clean(s);
	is_text(s, "a?[2Jb?c?", "what steers a terminal does not");
	text_put(s, sizeof(s), "\xc2\x9b_31m \xe2\x80\xae \xff \xc0\x80 \xed\xa0\x80");
	text_clean(s);
	is_text(s, "??_31m ??? ? ?? ???", "nor does it in other guises, nor what is no UTF-8");
	text_put(s, sizeof(s), "\xe2\x82");
	text_clean(s);
	is_text(s, "??", "half a character at the end");
	text_put(s, sizeof(s), " \t x y \r\n");
	text_trim(s);
	is_text(s, "x y", "white space goes off the ends");
	text_put(s, 4, "abcdef");
	is_text(s, "abc", "a copy is cut to the room");
	ok(text_has_word("a bc d", "bc") && !text_has_word("a bcd", "bc") &&
	   !text_has_word("", "x") && text_has_word("bc", "bc"), "words in a list");
	ok(text_is_sha256("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef") &&
	   !text_is_sha256("0123") &&
	   !text_is_sha256("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"),
	   "the form of a hash");
}

static void test_sha256(void)
{
	char out[SHA256_TEXT];

	sha256_text("abc", 3, out);
	is_text(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"SHA-256 of the standard's example");
}

static void test_changes(void)
{
	static const u8 a[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const u8 b[] = { 0, 9, 9, 3, 4, 5, 9 };
	struct change *v;
	u32 bytes;

	is_int(changes_find(a, 8, b, 7, &v, &bytes), 2, "two runs differ");
	ok(v[0].offset == 1 && v[0].length == 2, "the first one");
	ok(v[1].offset == 6 && v[1].length == 2, "the second one, with what only one has");
	is_int(bytes, 4, "four bytes");
	free(v);
	is_int(changes_find(a, 8, a, 8, NULL, &bytes), 0, "equal contents");
	is_int(bytes, 0, "no byte");
	is_int(changes_find(a, 0, b, 7, NULL, &bytes), 1, "nothing against something");
}

static void test_hex(void)
{
	u8 data[70];
	char *text;

	memset(data, 0, sizeof(data));
	memcpy(data, "\x06{AB\xff", 5);
	tool_capture();
	say_hex(data, sizeof(data));
	text = tool_captured();
	is_text(text,
		"0000  06 7b 41 42 ff 00 00 00  00 00 00 00 00 00 00 00  .{AB............\n"
		"0010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................\n"
		"*\n"
		"0040  00 00 00 00 00 00                                 ......\n",
		"bytes in hex");
	free(text);
}

static void test_table(void)
{
	static const char *const heads[] = { "A", "LONG", "C" };
	struct table *t = table_new(heads, 3);
	char *text;

	table_add(t, (const char *[]){ "1234", "", "x" });
	table_add(t, (const char *[]){ "\xc3\xa4", "b", NULL });
	tool_capture();
	table_say(t);
	text = tool_captured();
	is_text(text, "A     LONG  C\n1234  -     x\n\xc3\xa4     b     -\n", "a table is aligned");
	free(text);
}

static void test_wrap(void)
{
	char *text;

	tool_capture();
	say_line("  head ", "one two three four five six seven eight nine ten eleven twelve\n"
		 "thirteen fourteen");
	say_line("  head ", "");
	text = tool_captured();
	is_text(text,
		"  head one two three four five six seven eight nine ten eleven twelve thirteen\n"
		"       fourteen\n", "long texts are wrapped between words");
	free(text);
}

static void test_progress(void)
{
	enum progress_mode mode;
	struct progress p;
	char text[128];
	char *out;
	size_t len;

	is_int(progress_text(text, sizeof(text), 50, 100, 5), 50, "half of it");
	is_text(text, " 50 % 50/100 bytes 10 bytes/s 0:05 left", "rate and time left");
	is_int(progress_text(text, sizeof(text), 200, 100, 5), 100, "never above 100 %");
	is_int(progress_text(text, sizeof(text), 10, 0, 5), -1, "unknown size");
	is_text(text, "10 bytes 2 bytes/s", "then no percentage");
	progress_text(text, sizeof(text), 0, 0, 5);
	is_text(text, "5 s", "or only the time");
	progress_text(text, sizeof(text), 0, 100, 0);
	is_text(text, "  0 % 0/100 bytes", "nothing is divided by zero");
	ok(!progress_mode_parse("plain", &mode) && mode == PROGRESS_PLAIN, "modes");
	ok(progress_mode_parse("fast", &mode), "an unknown mode");

	progress_begin(&p, PROGRESS_PLAIN, "writing");
	p.out = open_memstream(&out, &len);
	progress_at(&p, 10, 100);
	fflush(p.out);
	is_int(len, 0, "nothing is shown in the first second");
	p.start -= 2;
	progress_at(&p, 10, 100);
	progress_at(&p, 11, 100);
	progress_end(&p);
	fclose(p.out);
	has_text(out, "writing: 10 % 10/100 bytes", "then a line");
	ok(!strstr(out, "11/100"), "but not more than one a second");
	free(out);
}

static void test_reasons(void)
{
	struct bfw_error e = {};
	u32 i;

	for (i = 1; i <= BRIDGEFW_REASON_STATE; i++) {
		const struct reason *r = reason_of(i);

		if (!strcmp(r->word, "none") || !r->what[0] || r->code == BFW_OK)
			break;
	}
	is_int(i, BRIDGEFW_REASON_STATE + 1, "each reason has a word and a sentence");
	is_text(reason_word(9999), "none", "a number from a newer kernel");
	reason_fail(&e, BRIDGEFW_REASON_BUSY, "bridgefw0", "usb:1-1");
	has_text(e.next, "`bridgefwctl status usb:1-1 --wait`", "hints name the box");
	is_int(e.code, BFW_BUSY, "and there is an exit code");
	is_text(e.device, "bridgefw0", "and the device");
}

static void test_json(void)
{
	struct bfw_error e = {};
	struct json_object *o, *error, *m;
	char *text;
	int code;

	output_json(true);
	bfw_fail(&e, BFW_BUSY, "in-use", "one\ntwo");
	bfw_next(&e, "do\nthis");
	e.extra = json_object_new_object();
	json_object_object_add(e.extra, "users", json_object_new_array());
	json_object_object_add(output_doc(), "device", json_object_new_string("bridgefw0"));
	bfw_warn("odd");
	tool_capture();
	say("people only\n");
	code = output_end(&e);
	text = tool_captured();
	is_int(code, 9, "the exit code");
	o = json_tokener_parse(text);
	ok(o && json_object_object_get_ex(o, "error", &error), "one object with an error in it");
	ok(json_object_object_get_ex(error, "code", &m) && json_object_get_int(m) == 9, "code");
	ok(json_object_object_get_ex(error, "message", &m) &&
	   !strcmp(json_object_get_string(m), "one two"), "message, in one line");
	ok(json_object_object_get_ex(error, "next", &m), "next");
	ok(json_object_object_get_ex(error, "device", &m) && !m, "device, null if there is none");
	ok(json_object_object_get_ex(error, "users", &m), "more members");
	ok(json_object_object_get_ex(o, "device", &m), "what was known before");
	ok(json_object_object_get_ex(o, "warnings", &m) && json_object_array_length(m) == 1,
	   "warnings");
	json_object_put(o);
	bfw_error_clear(&e);
	free(text);
	output_json(false);
}

int main(void)
{
	tool_begin();
	test_clean();
	test_sha256();
	test_changes();
	test_hex();
	test_table();
	test_wrap();
	test_progress();
	test_reasons();
	test_json();
	return tap_done();
}
