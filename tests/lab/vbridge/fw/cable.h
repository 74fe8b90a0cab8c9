/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a node's packets to the fake card of lab_1394. */
#ifndef VBRIDGE_FW_CABLE_H
#define VBRIDGE_FW_CABLE_H

#include <sys/types.h>

#include "../../cable/lab_1394.h"

int cable_load(void);
int cable_plug(struct lab1394_plug *plug);
ssize_t cable_receive(int fd, struct lab1394_packet *p);
int cable_send(int fd, const struct lab1394_packet *p);

#endif
