/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between a chip and a write, operation by operation. */
#ifndef BRIDGEFW_LIB_GATE_H
#define BRIDGEFW_LIB_GATE_H

#include "error.h"
#include "profile.h"

void gate_bus(const struct bfp *p, int memory, const char *bus, struct bfw_error *e);
void gate_explain(const struct bfp *p, int memory, const char *device, struct bfw_error *e);

#endif
