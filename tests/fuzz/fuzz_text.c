// SPDX-License-Identifier: GPL-2.0-or-later
/* Profile text: refused with a sentence, or compiled to what the check accepts. */
#include "fuzz.h"
#include "profile_text.h"

int fuzz_one(const uint8_t *data, size_t size)
{
	struct bfp_error e;
	char err[300] = "";
	struct bfp p;
	size_t len;
	void *out;

	if (profile_compile_text("F", (const char *)data, size, &out, &len, err, sizeof(err))) {
		fuzz_assert(!strncmp(err, "F:", 2) && strlen(err) > 10, "a fault is described");
		return 0;
	}
	fuzz_assert(!bfp_check(&p, out, len, &e), "what was compiled passes the check");
	walk_profile(&p, fuzz_bytes());
	free(out);
	return 0;
}
