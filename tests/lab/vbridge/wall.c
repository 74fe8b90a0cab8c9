// SPDX-License-Identifier: GPL-2.0-or-later
/* Wall time, which is not model time (clock.h). */
#include <time.h>

#include "wall.h"

/**
 * now_ms() - wall time
 *
 * Return: milliseconds since some time in the past.
 */
u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * nap_ms() - let time pass
 * @ms: how much of it
 */
void nap_ms(u32 ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l };

	nanosleep(&ts, NULL);
}
