// SPDX-License-Identifier: GPL-2.0-or-later
/* Every fault of text_errors.txt is told, with the line that is to blame. */
#include <ctype.h>

#include "profile_help.h"
#include "text.h"

#define CASES	"tests/unit/text_errors.txt"

/* A text that grows. */
struct lines {
	char name[32];
	char *text;
	size_t len;
};

static struct lines defined[8];
static size_t defines;

static void add(struct lines *l, const char *text, size_t len)
{
	char *grown = realloc(l->text, l->len + len + 1);

	l->text = grown;
	memcpy(l->text + l->len, text, len);
	l->len += len;
	l->text[l->len] = 0;
}

/* One line of a case: what stands for others, and bytes written as \xNN. */
static void add_line(struct lines *l, const char *line)
{
	unsigned int byte;
	const char *s;
	char ch;
	size_t i;

	for (i = 0; *line == '@' && i < defines; i++) {
		if (strcmp(line + 1, defined[i].name))
			continue;
		add(l, defined[i].text, defined[i].len);
		return;
	}
	for (s = line; *s; s++) {
		ch = *s;
		if (s[0] == '\\' && s[1] == 'x' && sscanf(s + 2, "%2x", &byte) == 1) {
			ch = (char)byte;
			s += 3;
		}
		add(l, &ch, 1);
	}
	add(l, "\n", 1);
}

static void check(const char *text, size_t len, int line, const char *says, const char *name)
{
	char err[512] = "", place[32];
	size_t out_len = 1;
	void *out = &out;
	bool good;
	int ret;

	ret = profile_compile_text("F", text, len, &out, &out_len, err, sizeof(err));
	if (line)
		snprintf(place, sizeof(place), "F:%d: ", line);
	else
		snprintf(place, sizeof(place), "F: ");
	good = ok(ret == -1 && !out && !out_len && !strncmp(err, place, strlen(place)) &&
		  strstr(err, says), "%s", name);
	if (!good)
		printf("# \"%s\"\n# should be \"%s...%s\"\n", ret ? err : "(no error)", place,
		       says);
	free(ret ? NULL : out);
}

/* Runs the cases of the file; returns how many. */
static int cases(FILE *f)
{
	struct lines text = { "", NULL, 0 };
	char *line = NULL, *says = NULL;
	struct lines *to = NULL;
	int count = 0, blame = 0;
	size_t room = 0;
	ssize_t len;

	do {
		len = getline(&line, &room, f);
		if (len > 0 && line[len - 1] == '\n')
			line[len - 1] = 0;
		if ((len < 0 || !strncmp(line, "@@ ", 3)) && says) {
			check(text.text ? text.text : "", text.len, blame, says, says);
			count++;
			free(says);
			says = NULL;
		}
		if (len < 0)
			break;
		if (!strncmp(line, "== ", 3)) {
			to = &defined[defines++];
			text_put(to->name, sizeof(to->name), line + 3);
		} else if (!strncmp(line, "@@ ", 3)) {
			to = &text;
			text.len = 0;
			blame = atoi(line + 3);
			says = xprintf("%s", strchr(line + 3, ' ') + 1);
		} else if (to && (to == &text || (*line && *line != '#'))) {
			add_line(to, line);
		}
	} while (len >= 0);
	free(text.text);
	free(line);
	return count;
}

static void files(void)
{
	char err[512], tiny[8];
	size_t len;
	void *out;

	ok(profile_compile_file("tests/no-such.profile", &out, &len, err, sizeof(err)) == -1,
	   "a file that is not there");
	is_text(err, "tests/no-such.profile: cannot be opened: No such file or directory",
		"what is said of it");
	ok(profile_compile_file("tests", &out, &len, err, sizeof(err)) == -1, "a directory");
	has_text(err, "cannot be read", "what is said of it");
	ok(profile_compile_text("F", "x", 1, &out, &len, tiny, sizeof(tiny)) == -1 &&
	   strlen(tiny) == 7, "a message longer than its room is cut");
}

int main(void)
{
	static const char zero[] = "[chip]\nname = a\0b\n";
	char *big = malloc(PROFILE_TEXT_MAX + 2);
	FILE *f = fopen(CASES, "re");
	int count = 0;

	if (f) {
		count = cases(f);
		fclose(f);
	}
	ok(count > 200, "%d cases are in %s", count, CASES);
	check("", 0, 1, "there is no [chip] section", "an empty text");
	check(zero, sizeof(zero) - 1, 2, "byte 0x00 at column 9", "a zero in the text");
	memset(big, '\n', PROFILE_TEXT_MAX + 1);
	check(big, PROFILE_TEXT_MAX + 1, 0, "are too many for a profile", "a text that is too long");
	free(big);
	files();
	while (defines)
		free(defined[--defines].text);
	return tap_done();
}
