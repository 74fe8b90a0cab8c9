// SPDX-License-Identifier: GPL-2.0-or-later
/* Images written as hexadecimal text, with comments. */
#include "gen.h"

#include <ctype.h>

/**
 * gen_hex() - bytes of two digits each; from '#' to the end of the line is a comment
 * @out: gets the bytes
 * @path: file with the text
 *
 * Return: 0, or 1 when a fault was told.
 */
int gen_hex(FILE *out, const char *path)
{
	FILE *in = fopen(path, "re");
	int ch, line = 1, digits = 0, byte = 0;

	if (!in) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	while ((ch = fgetc(in)) != EOF) {
		if (ch == '#')
			while (ch != '\n' && ch != EOF)
				ch = fgetc(in);
		line += ch == '\n';
		if (isspace(ch) || ch == EOF) {
			if (digits)
				break;
			continue;
		}
		if (!isxdigit(ch))
			break;
		byte = byte << 4 | (isdigit(ch) ? ch - '0' : tolower(ch) - 'a' + 10);
		if (++digits == 2) {
			fputc(byte & 0xff, out);
			digits = 0;
		}
	}
	fclose(in);
	if (ch == EOF && !digits)
		return 0;
	fprintf(stderr, "%s:%d: expected bytes of two hexadecimal digits, or a comment behind '#'\n",
		path, line);
	return 1;
}
