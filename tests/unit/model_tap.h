/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests of the lab's models: each test is a function, which says what
 * it expects and goes on; it has failed if any of that did not hold.
 */
#ifndef MODEL_TAP_H
#define MODEL_TAP_H

#include "tap.h"

static int expect_bad;

#define EXPECT(cond) \
	do { \
		if (!(cond)) { \
			printf("# %s:%d: does not hold: %s\n", __FILE__, __LINE__, #cond); \
			expect_bad++; \
		} \
	} while (0)

#define EXPECT_EQ(a, b) \
	do { \
		long long a_ = (a), b_ = (b); \
		if (a_ != b_) { \
			printf("# %s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, \
			       #a, a_, b_); \
			expect_bad++; \
		} \
	} while (0)

#define RUN(fn) \
	do { \
		expect_bad = 0; \
		fn(); \
		ok(!expect_bad, "%s", #fn); \
	} while (0)

#endif
