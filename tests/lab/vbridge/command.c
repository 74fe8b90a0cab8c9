// SPDX-License-Identifier: GPL-2.0-or-later
/* The data of a SCSI command on its way. */
#include <stdlib.h>

#include "command.h"

/**
 * command_room() - make room for a command's data
 * @c: the command
 * @len: bytes
 *
 * Return: 0 with @len zero bytes at c->data, or -ENOMEM.
 */
int command_room(struct command *c, u32 len)
{
	u8 *data;

	if (len > COMMAND_DATA_MAX)
		return -ENOMEM;
	if (c->room < len || !c->data) {
		data = realloc(c->data, len ? len : 1);
		if (!data)
			return -ENOMEM;
		c->data = data;
		c->room = len;
	}
	memset(c->data, 0, len);
	return 0;
}

/**
 * command_free() - give back what a command's data occupies
 * @c: the command
 */
void command_free(struct command *c)
{
	free(c->data);
	c->data = NULL;
	c->room = 0;
}
