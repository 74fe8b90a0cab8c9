// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "text.h"

#define READING	(OPTION(MEMORY) | OPTION(PROGRESS) | OPTION(REPEAT) | OPTION(BOT))

const struct command commands[] = {
	{ "list", "", "list the bridges that are there, and boxes that wait for a repair",
	  0, 0, 0, cmd_list },
	{ "info", "[DEV]", "tell everything that is known of a bridge",
	  OPTION(IDENTIFY) | OPTION(BOT), 0, 1, cmd_info },
	{ "dump", "[DEV] [FILE|-|DIR]", "copy a memory into a file",
	  READING | OPTION(FORCE) | OPTIONS_MANY, 0, 2, cmd_dump },
	{ "verify", "[DEV] FILE", "compare a memory with a file",
	  READING | OPTIONS_MANY, 1, 2, cmd_verify },
	{ "diff", "[DEV|FILE] FILE", "show which sectors of a memory a file would change",
	  READING | OPTION(PROFILE) | OPTION(ASCII), 1, 2, cmd_diff },
	{ "eeprom show", "[DEV|FILE]", "show a table in hex, with what is known of it named",
	  READING | OPTION(PROFILE), 0, 1, cmd_eeprom_show },
	{ "eeprom write", "[DEV] FILE", "the same as flash",
	  OPTIONS_WRITE | OPTIONS_MANY, 1, 2, cmd_flash },
	{ "flash", "[DEV] FILE", "write a file into a memory, after a backup",
	  OPTIONS_WRITE | OPTIONS_MANY, 1, 2, cmd_flash },
	{ "restore", "[DEV] [BACKUP]", "write a backup of this box back",
	  OPTIONS_WRITE | OPTIONS_MANY | OPTION(PREVIOUS), 0, 2, cmd_restore },
	{ "erase", "[DEV]", "erase a memory, and leave the box blank until an image follows",
	  OPTIONS_WRITE | OPTION(THEN) | OPTION(WHOLE_MEMORY) | OPTION(LEAVE_BLANK), 0, 1,
	  cmd_erase },
	{ "attach", "BUSID", "say by hand which chip the box at a port has",
	  OPTION(PROFILE) | OPTION(JOURNAL) | OPTION(DRY_RUN), 1, 1, cmd_attach },
	{ "status", "[DEV]", "tell how the present or the last job stands",
	  OPTION(WAIT) | OPTION(PROGRESS), 0, 1, cmd_status },
	{ "monitor", "", "tell of bridges that come and go, and of jobs, until interrupted",
	  0, 0, 0, cmd_monitor },
	{ "history", "[DEV]", "tell what was written to which bridge, and when",
	  OPTION(MEMORY), 0, 1, cmd_history },
	{ "backup list", "[DEV]", "list the backups, or those that may be of one box",
	  OPTION(MEMORY), 0, 1, cmd_backup_list },
	{ "backup show", "BACKUP", "show a backup, or copy its content into a file",
	  OPTION(OUTPUT) | OPTION(FORCE), 1, 1, cmd_backup_show },
	{ "backup create", "[DEV]", "keep a backup now",
	  READING | OPTION(LABEL) | OPTION(DRY_RUN), 0, 1, cmd_backup_create },
	{ "profile list", "", "list the chips that are known",
	  0, 0, 0, cmd_profile_list },
	{ "profile show", "NAME|FILE", "tell what is known of a chip, and from where",
	  0, 1, 1, cmd_profile_show },
	{ "profile check", "FILE...", "look for mistakes in profiles",
	  0, 1, 4096, cmd_profile_check },
	{ "profile compile", "[FILE...]", "turn profiles into the kernel's form",
	  OPTION(OUTPUT) | OPTION(INSTALL) | OPTION(ALL) | OPTION(FORCE) | OPTION(DRY_RUN),
	  0, 4096, cmd_profile_compile },
	{ "help", "[COMMAND]", "explain a command", 0, 0, 2, cmd_help },
	{ "complete", "commands|options|devices|profiles|backups [COMMAND]",
	  "print words for a shell's completion", 0, 1, 3, cmd_complete },
};

const size_t commands_count = ARRAY_SIZE(commands);

/* How many of the words make up the command's name; 0 if they are not it. */
static int names(const struct command *c, int argc, char **argv)
{
	const char *blank = strchr(c->name, ' ');
	size_t len = blank ? (size_t)(blank - c->name) : strlen(c->name);

	if (strlen(argv[0]) != len || memcmp(argv[0], c->name, len))
		return 0;
	if (!blank)
		return 1;
	return argc > 1 && !strcmp(argv[1], blank + 1) ? 2 : 0;
}

/**
 * command_find() - the command that is named
 * @argc: words
 * @argv: the command and what follows it
 * @words: how many words its name has
 *
 * Return: the command, or NULL
 */
const struct command *command_find(int argc, char **argv, int *words)
{
	size_t i;

	for (i = 0; i < commands_count; i++) {
		*words = names(&commands[i], argc, argv);
		if (*words)
			return &commands[i];
	}
	return NULL;
}
