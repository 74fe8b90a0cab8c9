// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefwctl flash, also called eeprom write: a file into a memory */
#include "command.h"
#include "file.h"
#include "many.h"
#include "text.h"
#include "write.h"

static int flash(struct write *w, const char *file, struct bfw_error *e)
{
	size_t len;

	/* the file first: a bad one needs no device */
	if (image_read(file, w->a.m.size, &w->image, &len, e))
		return -1;
	w->len = len;
	text_put(w->from, sizeof(w->from), file);
	text_clean(w->from);
	if (write_look(w, e))
		return -1;
	return write_do(w, e);
}

/**
 * cmd_flash() - bridgefwctl flash
 * @o: options
 * @e: why not
 *
 * Return: 0, or -1
 */
int cmd_flash(struct options *o, struct bfw_error *e)
{
	struct write w;
	int ret;

	if (given(o, OPTION(ALL)))
		return many_run(o, cmd_flash, "writing", e);
	if (write_open(&w, o->args > 1 ? o->arg[0] : NULL, o, e))
		return -1;
	ret = flash(&w, o->arg[o->args - 1], e);
	write_close(&w);
	return ret;
}
