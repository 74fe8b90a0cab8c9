/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ports of the kernel's virtual host controller. */
#ifndef VBRIDGE_VHCI_H
#define VBRIDGE_VHCI_H

#include "clock.h"

#define VHCI_BUSID	32

int vhci_load(void);
int vhci_attach(int wanted, enum model_speed speed, int *device_fd);
bool vhci_busid(int port, char *busid);
bool vhci_enumerated(const char *busid);
bool vhci_present(const char *busid);
bool vhci_free(int port);

#endif
