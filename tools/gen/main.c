// SPDX-License-Identifier: GPL-2.0-or-later
/* bridgefw-gen: makes at build time what follows from the profiles. */
#include "gen.h"

#include <stdlib.h>
#include <unistd.h>

#include "index_build.h"
#include "profile_text.h"
#include "text.h"

static const char usage[] =
	"usage: bridgefw-gen compile OUT.bin IN.profile\n"
	"       bridgefw-gen hex OUT.bin IN.hex\n"
	"       bridgefw-gen index OUT.bin [PROFILE.bin]...\n"
	"       bridgefw-gen udev|hwdb|table|known-profiles OUT [PROFILE.bin]...\n";

static int complain(const char *path, const char *what)
{
	fprintf(stderr, "bridgefw-gen: %s: %s\n", path, what);
	return 1;
}

/* Files appear whole or not at all: make must never see half of one. */
static int write_file(const char *path, const void *data, size_t len)
{
	char *part = xprintf("%s.part", path);
	FILE *f = fopen(part, "wbe");
	bool ok;

	ok = f && fwrite(data, 1, len, f) == len;
	if (f && fclose(f))
		ok = false;
	if (ok && rename(part, path))
		ok = false;
	if (!ok) {
		complain(path, strerror(errno));
		unlink(part);
	}
	free(part);
	return !ok;
}

/* What is being made, in memory until it is complete. */
struct output {
	const char *path;
	FILE *f;
	char *data;
	size_t len;
};

static int output_begin(struct output *o, const char *path)
{
	memset(o, 0, sizeof(*o));
	o->path = path;
	o->f = open_memstream(&o->data, &o->len);
	return o->f ? 0 : complain(path, strerror(errno));
}

static int output_end(struct output *o, int ret)
{
	if (fclose(o->f))
		ret = complain(o->path, strerror(errno));
	if (!ret)
		ret = write_file(o->path, o->data, o->len);
	free(o->data);
	return ret;
}

static int hex(const char *out, const char *in)
{
	struct output o;

	return output_begin(&o, out) || output_end(&o, gen_hex(o.f, in));
}

static int compile(const char *out, const char *in)
{
	char err[512];
	size_t len;
	void *data;
	int ret;

	if (profile_compile_file(in, &data, &len, err, sizeof(err))) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	ret = write_file(out, data, len);
	free(data);
	return ret;
}

static int read_profile(const char *path, struct gen_profile *g)
{
	struct bfp_error e;
	FILE *f = fopen(path, "rbe");

	g->path = path;
	if (!f)
		return complain(path, strerror(errno));
	g->data = xalloc(BFP_FILE_MAX + 1);
	g->len = fread(g->data, 1, BFP_FILE_MAX + 1, f);
	fclose(f);
	if (bfp_check(&g->p, g->data, g->len, &e))
		return complain(path, e.text);
	g->name = bfp_string(&g->p, bfp_header(&g->p)->name);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct gen_profile *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static int write_index(const char *out, const struct gen_profile *v, size_t n)
{
	struct bfp *profiles = xalloc(n * sizeof(*profiles));
	char err[256];
	size_t i, len;
	void *data;
	int ret;

	for (i = 0; i < n; i++)
		profiles[i] = v[i].p;
	if (index_build(profiles, n, &data, &len, err, sizeof(err)))
		ret = complain(out, err);
	else
		ret = write_file(out, data, len);
	free(data);
	free(profiles);
	return ret;
}

/* What follows from all profiles together. */
static int generate(const char *what, const char *out, const struct gen_profile *v, size_t n)
{
	static const struct {
		const char *name;
		int (*run)(FILE *out, const struct gen_profile *v, size_t n);
	} kinds[] = {
		{ "udev", gen_udev }, { "hwdb", gen_hwdb }, { "table", gen_table },
		{ "known-profiles", gen_known },
	};
	struct output o;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].name, what))
			continue;
		if (output_begin(&o, out))
			return 1;
		return output_end(&o, kinds[i].run(o.f, v, n));
	}
	fputs(usage, stderr);
	return 2;
}

int main(int argc, char **argv)
{
	bool one = argc > 1 && (!strcmp(argv[1], "compile") || !strcmp(argv[1], "hex"));
	struct gen_profile *v;
	size_t n, i;
	int ret = 0;

	if (argc < 3 || (one && argc != 4)) {
		fputs(usage, stderr);
		return 2;
	}
	if (one)
		return *argv[1] == 'c' ? compile(argv[2], argv[3]) : hex(argv[2], argv[3]);

	n = (size_t)argc - 3;
	v = xalloc(n * sizeof(*v));
	for (i = 0; !ret && i < n; i++)
		ret = read_profile(argv[3 + i], &v[i]);
	if (!ret) {
		qsort(v, n, sizeof(*v), by_name);
		ret = !strcmp(argv[1], "index") ? write_index(argv[2], v, n) :
		      generate(argv[1], argv[2], v, n);
	}
	for (i = 0; i < n; i++)
		free(v[i].data);
	free(v);
	return ret;
}
