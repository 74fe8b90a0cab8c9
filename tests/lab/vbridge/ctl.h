/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling a running vbridge what to do, through a socket. */
#ifndef VBRIDGE_CTL_H
#define VBRIDGE_CTL_H

#include "port.h"

#define CTL_LINE	256
#define CTL_REPLY	4096
#define CTL_LATER	1

/*
 * Runs one command; the reply, without a newline at its end, goes to @reply.
 * Returns 0, CTL_LATER if the reply comes later, or an error if the command
 * failed and the reply says why.
 */
typedef int (*ctl_run)(void *ctx, char *line, char *reply, size_t room);

int ctl_listen(const char *path);
int ctl_serve(int listener, ctl_run run, void *ctx);
void ctl_reply(int fd, int ret, const char *reply);
int ctl_ask(const char *path, const char *line, char *reply, size_t room);
int ctl_client(int argc, char **argv);

#endif
