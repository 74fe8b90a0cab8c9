/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wall time, which is not model time (clock.h). */
#ifndef VBRIDGE_WALL_H
#define VBRIDGE_WALL_H

#include "port.h"

u64 now_ms(void);
void nap_ms(u32 ms);

#endif
