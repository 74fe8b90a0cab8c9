// SPDX-License-Identifier: GPL-2.0-or-later
/* A C table of the profiles that the module takes for the system's own. */
#include "gen.h"

#include "text.h"

/**
 * gen_known() - a C header with the SHA-256 of each profile
 * @out: gets it
 * @v: profiles
 * @n: how many
 *
 * Return: 0.
 */
int gen_known(FILE *out, const struct gen_profile *v, size_t n)
{
	char hash[SHA256_TEXT];
	size_t i, k;

	gen_licence(out, "/* ", " */");
	fputs("/* Made by bridgefw-gen from the compiled profiles; do not edit. */\n"
	      "#ifndef BRIDGEFW_KNOWN_PROFILES_H\n"
	      "#define BRIDGEFW_KNOWN_PROFILES_H\n\n"
	      "static const u8 bridgefw_known_profiles[][32] = {\n", out);
	for (i = 0; i < n; i++) {
		sha256_text(v[i].data, v[i].len, hash);
		fprintf(out, "\t/* %s */\n\t{", v[i].name);
		for (k = 0; k < 32; k++)
			fprintf(out, "%s0x%.2s,", k % 12 ? " " : "\n\t  ", hash + 2 * k);
		fputs("\n\t},\n", out);
	}
	fputs("};\n\n"
	      "static const char *const bridgefw_known_profile_names[] __attribute__((__unused__)) = {\n",
	      out);
	for (i = 0; i < n; i++)
		fprintf(out, "\t\"%s\",\n", v[i].name);
	fputs("};\n\n#endif\n", out);
	return 0;
}
