// SPDX-License-Identifier: GPL-2.0-or-later
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "output.h"
#include "text.h"

#define LINE_WIDTH	80
#define HEAD_WIDTH	24	/* behind a longer head, the text begins on a new line */

static bool json;
static bool lines;
static struct json_object *doc;
static struct json_object *warnings;

/* Columns that a text takes: bytes, less those that continue a UTF-8 character. */
static int shown(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

static void warn_human(const char *text)
{
	fflush(stdout);
	fprintf(stderr, "bridgefwctl: warning: %s\n", text);
}

static void warn_json(const char *text)
{
	if (!warnings)
		warnings = json_object_new_array();
	json_object_array_add(warnings, json_object_new_string(text));
}

/**
 * output_json() - choose the form of the result
 * @on: whether scripts are to read it
 */
void output_json(bool on)
{
	json = on;
	bfw_warn_hook(on ? warn_json : warn_human);
}

/**
 * output_is_json() - whether scripts read the result
 */
bool output_is_json(void)
{
	return json;
}

/**
 * output_doc() - the object that output_end() prints in the JSON form
 *
 * Return: the object; belongs to this file
 */
struct json_object *output_doc(void)
{
	if (!doc)
		doc = json_object_new_object();
	return doc;
}

/**
 * output_lines() - the result is not one object but a sequence, each on a line
 *
 * output_end() then prints one only for a failure.
 */
void output_lines(void)
{
	lines = true;
}

/**
 * output_line() - print an object of a sequence, at once
 * @o: the object; it is dropped
 */
void output_line(struct json_object *o)
{
	puts(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stdout);
	json_object_put(o);
}

/**
 * say() - tell people; nothing is printed in the JSON form
 * @fmt: as printf
 */
void say(const char *fmt, ...)
{
	va_list ap;

	if (json)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

/**
 * say_line() - tell people something that may be long: wrapped between words
 * @head: stands before it; the following lines begin under its end
 * @text: the text; nothing is printed for ""
 */
void say_line(const char *head, const char *text)
{
	int indent = shown(head), at;

	if (!text[0])
		return;
	if (indent <= HEAD_WIDTH) {
		say("%s", head);
	} else {
		indent = 4;
		say("%.*s\n%*s", (int)strlen(head) - (text_ends(head, " ") ? 1 : 0), head,
		    indent, "");
	}
	at = indent;
	while (*text) {
		int n = strcspn(text, "\n ");
		char *word = xprintf("%.*s", n, text);

		if (at > indent && at + 1 + shown(word) > LINE_WIDTH) {
			say("\n%*s", indent, "");
			at = indent;
		}
		at += shown(word) + (at > indent);
		say("%s%s", at > indent + shown(word) ? " " : "", word);
		free(word);
		text += n;
		text += strspn(text, "\n ");
	}
	say("\n");
}

/* JSON has one line where people see several. */
static struct json_object *one_line(const char *text)
{
	char *copy = xprintf("%s", text);
	struct json_object *o;
	char *p;

	for (p = copy; (p = strchr(p, '\n'));)
		*p = ' ';
	o = json_object_new_string(copy);
	free(copy);
	return o;
}

static struct json_object *error_json(const struct bfw_error *e)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "code", json_object_new_int(e->code));
	json_object_object_add(o, "reason", json_object_new_string(e->reason));
	json_object_object_add(o, "message", one_line(e->message));
	json_object_object_add(o, "device", e->device[0] ?
			       json_object_new_string(e->device) : NULL);
	json_object_object_add(o, "next", e->next[0] ? one_line(e->next) : NULL);
	if (e->extra) {
		json_object_object_foreach(e->extra, key, value)
			json_object_object_add(o, key, json_object_get(value));
	}
	return o;
}

/* The following lines of a message stand under its first one. */
static void print_error(const char *head, const char *text)
{
	const char *line = text;

	while (line && *line) {
		int n = strcspn(line, "\n");

		fprintf(stderr, "%s%.*s\n", head, n, line);
		head = "  ";
		line = line[n] ? line + n + 1 : NULL;
	}
}

static void end_json(const struct bfw_error *e)
{
	if (lines && e->code == BFW_OK)
		return;
	if (e->code != BFW_OK)
		json_object_object_add(output_doc(), "error", error_json(e));
	if (warnings)
		json_object_object_add(output_doc(), "warnings", json_object_get(warnings));
	if (lines)
		output_line(json_object_get(output_doc()));
	else
		puts(json_object_to_json_string_ext(output_doc(), JSON_C_TO_STRING_PRETTY |
						    JSON_C_TO_STRING_NOSLASHESCAPE));
}

/**
 * output_end() - print the JSON object, or the failure
 * @e: the failure; e->code is BFW_OK if there was none
 *
 * Return: the exit code
 */
int output_end(const struct bfw_error *e)
{
	int code = e->code;

	if (json) {
		end_json(e);
	} else if (e->code != BFW_OK) {
		fflush(stdout);
		print_error("bridgefwctl: ", e->message);
		print_error("  ", e->next);
	}
	json_object_put(doc);
	json_object_put(warnings);
	doc = NULL;
	warnings = NULL;
	if (fflush(stdout) || ferror(stdout)) {
		perror("bridgefwctl: standard output");
		return code == BFW_OK ? BFW_FAILURE : code;
	}
	return code;
}

struct table {
	size_t columns;
	size_t rows;
	char **cells;
};

/**
 * table_new() - a table with aligned columns
 * @heads: their titles
 * @columns: how many
 *
 * Return: the table; table_say() ends it
 */
struct table *table_new(const char *const *heads, size_t columns)
{
	struct table *t = xalloc(sizeof(*t));

	t->columns = columns;
	table_add(t, heads);
	return t;
}

/**
 * table_add() - one more line
 * @t: the table
 * @cells: one for each column; "" shows as a dash
 */
void table_add(struct table *t, const char *const *cells)
{
	size_t i, at = t->rows * t->columns;

	for (i = 0; i < t->columns; i++) {
		t->cells = xgrow(t->cells, at + i, sizeof(*t->cells));
		t->cells[at + i] = xprintf("%s", cells[i] && cells[i][0] ? cells[i] : "-");
	}
	t->rows++;
}

/**
 * table_say() - print a table and drop it
 * @t: the table
 */
void table_say(struct table *t)
{
	size_t i, k;

	for (i = 0; i < t->rows; i++) {
		for (k = 0; k < t->columns; k++) {
			const char *cell = t->cells[i * t->columns + k];
			int width = 0;
			size_t r;

			for (r = 0; r < t->rows; r++) {
				int n = shown(t->cells[r * t->columns + k]);

				width = n > width ? n : width;
			}
			if (k + 1 < t->columns)
				say("%s%*s", cell, width - shown(cell) + 2, "");
			else
				say("%s\n", cell);
		}
	}
	table_drop(t);
}

/**
 * table_drop() - drop a table without printing it
 * @t: the table
 */
void table_drop(struct table *t)
{
	size_t i;

	for (i = 0; i < t->rows * t->columns; i++)
		free(t->cells[i]);
	free(t->cells);
	free(t);
}
