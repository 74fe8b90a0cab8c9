// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "text.h"
#include "write.h"

/**
 * ask_possible() - whether somebody is there to answer
 */
bool ask_possible(void)
{
	return !output_is_json() && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static bool answer(const char *question, char *out, size_t room)
{
	printf("%s ", question);
	fflush(stdout);
	if (!fgets(out, room, stdin)) {
		printf("\n");
		return false;
	}
	text_trim(out);
	return true;
}

/**
 * ask_yes() - ask, and take nothing but the word yes for it
 * @question: the question
 */
bool ask_yes(const char *question)
{
	char text[64];

	return answer(question, text, sizeof(text)) && !strcmp(text, "yes");
}

/**
 * ask_number() - let somebody choose
 * @question: the question
 * @most: of a list from 1 to this
 *
 * Return: the number, 0 if none was chosen
 */
int ask_number(const char *question, unsigned int most)
{
	char text[64], *end;
	unsigned long n;

	if (!answer(question, text, sizeof(text)) || !text[0])
		return 0;
	n = strtoul(text, &end, 10);
	return *end || n < 1 || n > most ? 0 : n;
}
