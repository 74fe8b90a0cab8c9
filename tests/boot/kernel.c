// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's kernel as a program sees it: a stock Debian kernel with all its
 * modules, or one of our own with its watchers awake; more than one processor,
 * and a clock that runs.
 */
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../kselftest_harness.h"

#define SYSLOG_ACTION_READ_ALL		3
#define SYSLOG_ACTION_SIZE_BUFFER	10

/* Whether this is the kernel of our own that is called so: debug or uml. */
static int is_own(const char *kind)
{
	struct utsname name;
	const char *own;

	if (uname(&name))
		return 0;
	own = strstr(name.release, "-bridgefw-");
	return own && !strcmp(own + strlen("-bridgefw-"), kind);
}

/* A file of the kernel's that one of the watchers makes. */
static void line_of(const char *path, char *line, int room)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (file && !fgets(line, room, file))
		line[0] = '\0';
	if (file)
		fclose(file);
}

TEST(debug_kernel_watches)
{
	if (!is_own("debug"))
		SKIP(return, "this is not the debug kernel");
	EXPECT_EQ(0, access("/sys/kernel/debug/kmemleak", R_OK | W_OK));
	EXPECT_EQ(0, access("/sys/kernel/debug/failslab/require-start", W_OK));
	EXPECT_EQ(0, access("/sys/kernel/debug/fail_page_alloc/min-order", W_OK));
	EXPECT_EQ(0, access("/proc/self/fail-nth", W_OK));
	EXPECT_EQ(0, access("/sys/kernel/slab/kmalloc-64/failslab", W_OK));
}

TEST(locks_are_watched)
{
	char line[64];

	if (!is_own("debug") && !is_own("uml"))
		SKIP(return, "this is a stock kernel");
	/* Lockdep ends with its first report, and with a table that is full. */
	line_of("/proc/sys/kernel/prove_locking", line, sizeof(line));
	EXPECT_EQ(1, atoi(line));
	EXPECT_EQ(0, access("/proc/lockdep_stats", R_OK));
}

TEST(stock_kernel_with_its_modules)
{
	struct utsname name;
	struct stat st;
	char path[512];

	if (is_own("debug") || is_own("uml"))
		SKIP(return, "this is a kernel of our own");
	ASSERT_EQ(0, uname(&name));
	EXPECT_TRUE(!strncmp(name.release, "6.1.", 4) || !strncmp(name.release, "6.12.", 5)) {
		TH_LOG("running %s", name.release);
	}
	EXPECT_NE(NULL, strstr(name.version, "Debian"));
	snprintf(path, sizeof(path), "/lib/modules/%s/kernel/drivers/usb/storage", name.release);
	EXPECT_EQ(0, stat(path, &st));
}

TEST(two_processors)
{
	if (is_own("uml"))
		SKIP(return, "User Mode Linux has one processor");
	EXPECT_LE(2, sysconf(_SC_NPROCESSORS_ONLN));
}

TEST(clock_runs)
{
	struct timespec before, after, nap = { .tv_nsec = 20 * 1000 * 1000 };

	ASSERT_EQ(0, clock_gettime(CLOCK_MONOTONIC, &before));
	ASSERT_EQ(0, nanosleep(&nap, NULL));
	ASSERT_EQ(0, clock_gettime(CLOCK_MONOTONIC, &after));
	EXPECT_LT(before.tv_sec * 1000000000LL + before.tv_nsec + nap.tv_nsec - 1,
		  after.tv_sec * 1000000000LL + after.tv_nsec);
	/* A guest set to 1970 would make every file on /repo be of the future. */
	ASSERT_EQ(0, clock_gettime(CLOCK_REALTIME, &after));
	EXPECT_LT(1700000000LL, (long long)after.tv_sec);
}

TEST(nothing_alarming_in_the_kernel_log)
{
	static const char * const signs[] = {
		"BUG:", "WARNING:", "Oops", "Call Trace:", "hung_task", "soft lockup",
	};
	int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0);
	size_t i;
	char *log;
	int len;

	ASSERT_LT(0, size);
	log = calloc(1, size + 1);
	ASSERT_NE(NULL, log);
	len = klogctl(SYSLOG_ACTION_READ_ALL, log, size);
	ASSERT_LT(0, len);
	for (i = 0; i < ARRAY_SIZE(signs); i++) {
		EXPECT_EQ(NULL, strstr(log, signs[i])) {
			TH_LOG("the kernel log has '%s'", signs[i]);
		}
	}
	free(log);
}

TEST_HARNESS_MAIN
