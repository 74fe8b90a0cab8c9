// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vbridge as a program, on a bus that takes whatever is plugged in and asks
 * nothing: what it says, and how long it stays.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#define main vbridge_main
#include "main.c"
#undef main

#include "content.h"
#include "load.h"
#include "model_tap.h"
#include "vhci.h"
#include "wall.h"

static int cable = -1;

int vhci_load(void)
{
	return 0;
}

int vhci_attach(int port, enum model_speed speed, int *fd)
{
	int sv[2];

	(void)speed;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		return -errno;
	if (cable >= 0)
		close(cable);
	cable = sv[0];
	*fd = sv[1];
	return port < 0 ? 0 : port;
}

bool vhci_free(int port)
{
	return port >= 0;
}

bool vhci_busid(int port, char *busid)
{
	(void)port;
	*busid = 0;
	return false;
}

bool vhci_enumerated(const char *busid)
{
	return *busid;
}

bool vhci_present(const char *busid)
{
	return *busid;
}

static char dir[32];
static char sock[64], flash_file[64], trace_file[64], log_file[64];
static pid_t box_pid;

static const char *text_of(const char *path)
{
	static char text[16384];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = 0;
	if (f)
		fclose(f);
	return text;
}

static u32 times(const char *text, const char *word)
{
	u32 n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

static void start(const char *chip)
{
	const char * const argv[] = { "vbridge", "--bus", "usb", "--chip", chip, "--flash",
			       flash_file, "--control", sock, "--trace", trace_file,
			       "--drive", "none", "--patience", "1", NULL };

	unlink(trace_file);
	fflush(NULL);
	box_pid = fork();
	if (box_pid)
		return;
	if (!freopen(log_file, "w", stdout))
		_exit(99);
	optind = 1;
	exit(vbridge_main(ARRAY_SIZE(argv) - 1, (char **)argv));
}

/* One command, as vbridge ctl; what it prints is no test result. */
static int tell(const char *command, const char *arg)
{
	const char * const argv[] = { sock, command, arg };
	int i, ret, out = dup(STDOUT_FILENO);

	for (i = 0; i < 200 && access(sock, F_OK); i++)
		nap_ms(10);
	fflush(stdout);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	ret = ctl_client(arg ? 3 : 2, (char **)argv);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	return ret;
}

static int end(void)
{
	int status;

	kill(box_pid, SIGTERM);
	waitpid(box_pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void put_image(const char *chip, u32 spoil)
{
	static u8 image[131072];
	struct loaded l;
	char err[512];
	FILE *f;

	if (load_chip(&l, chip, err, sizeof(err)) ||
	    lab_content(&l.p, 0, LAB_A, image, err, sizeof(err))) {
		printf("Bail out! %s\n", err);
		exit(1);
	}
	image[spoil] ^= !!spoil;
	f = fopen(flash_file, "w");
	if (!f || fwrite(image, le32_to_cpu(bfp_memories(&l.p)->size), 1, f) != 1)
		abort();
	fclose(f);
	load_free(&l);
}

/* A bit in the boot sector that is not what it must be. */
static const char *broken_bit(void)
{
	static char spec[64];
	u8 byte = 0;
	FILE *f = fopen(flash_file, "r");

	if (!f || fseek(f, 0x100, SEEK_SET) || fread(&byte, 1, 1, f) != 1)
		abort();
	fclose(f);
	snprintf(spec, sizeof(spec), "stuckbit=flash:0x100:0:%u", !(byte & 1));
	return spec;
}

static void dead_from_the_beginning(void)
{
	int status;

	put_image("lab-gone", 0x100);
	start("lab-gone");
	waitpid(box_pid, &status, 0);
	EXPECT(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 3);
	EXPECT(!strcmp(text_of(log_file), "dead: no valid firmware, and no way back\n"));
	EXPECT(access(sock, F_OK));
}

static void dead_from_a_replug_on(void)
{
	put_image("lab-gone", 0);
	start("lab-gone");
	EXPECT_EQ(tell("status", NULL), 0);
	EXPECT_EQ(tell("count", NULL), 0);
	EXPECT_EQ(tell("fault", broken_bit()), 0);
	EXPECT_EQ(tell("replug", NULL), 1);
	EXPECT_EQ(tell("plug", NULL), 1);
	EXPECT_EQ(times(text_of(log_file), "dead: "), 1);
	/* It still answers, and says so. */
	EXPECT_EQ(tell("status", NULL), 0);
	EXPECT(!waitpid(box_pid, NULL, WNOHANG));
	EXPECT_EQ(times(text_of(trace_file), "\"type\":\"plug\""), 1);
	EXPECT_EQ(times(text_of(trace_file), "\"boots\":true"), 1);
	EXPECT_EQ(times(text_of(trace_file), "\"type\":\"dead\""), 1);
	/* Nobody can mend it in life; here it comes back, waits for the host, and dies again. */
	EXPECT_EQ(tell("clear", NULL), 0);
	EXPECT_EQ(tell("plug", NULL), 1);
	EXPECT_EQ(times(text_of(trace_file), "\"boots\":true"), 2);
	EXPECT_EQ(tell("fault", broken_bit()), 0);
	EXPECT_EQ(tell("replug", NULL), 1);
	EXPECT_EQ(times(text_of(log_file), "dead: "), 2);
	EXPECT_EQ(end(), 0);
	EXPECT(access(sock, F_OK));
}

static void blank_chip_is_plugged_in(void)
{
	unlink(flash_file);
	start("lab-nor");
	EXPECT_EQ(tell("status", NULL), 0);
	EXPECT_EQ(times(text_of(trace_file), "1209:0011 bcd 0001\",\"boots\":false"), 1);
	EXPECT_EQ(end(), 0);
	EXPECT_EQ(times(text_of(log_file), "dead"), 0);
	put_image("lab-nor", 0);
	start("lab-nor");
	EXPECT_EQ(tell("status", NULL), 0);
	EXPECT_EQ(times(text_of(trace_file), "1209:0010 bcd 0100\",\"boots\":true"), 1);
	EXPECT_EQ(end(), 0);
}

static void path_in(char *out, size_t room, const char *name)
{
	snprintf(out, room, "%s/%s", dir, name);
}

int main(void)
{
	char top[512];

	strcpy(dir, "/tmp/model_session.XXXXXX");
	if (!mkdtemp(dir) || !getcwd(top, sizeof(top)))
		abort();
	setenv("BRIDGEFW_TOP", top, 1);
	path_in(sock, sizeof(sock), "sock");
	path_in(flash_file, sizeof(flash_file), "flash");
	path_in(trace_file, sizeof(trace_file), "trace");
	path_in(log_file, sizeof(log_file), "log");
	RUN(dead_from_the_beginning);
	RUN(dead_from_a_replug_on);
	RUN(blank_chip_is_plugged_in);
	unlink(flash_file);
	unlink(trace_file);
	unlink(log_file);
	rmdir(dir);
	return tap_done();
}
