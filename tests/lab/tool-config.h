/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debian's kernels are configured for the gcc that built them, and their
 * headers cannot be configured anew. Included before all else, this corrects
 * what the configuration says of the compiler where another one is used;
 * tests/lab/kbuild tells make the same.
 */
#include <linux/kconfig.h>

#ifdef __clang__
#undef CONFIG_CC_IS_GCC
#define CONFIG_CC_IS_CLANG 1
#undef CONFIG_CC_HAS_NAMED_AS
#undef CONFIG_USE_X86_SEG_SUPPORT
#endif
