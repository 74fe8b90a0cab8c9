// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe DEVICE: every ioctl that writes nothing, and what came back as text. Built
 * for 32 and for 64 bits; both must say the same. There is no C library in it.
 */
#include "layout.h"

#define O_RDWR		2
#define IMAGE_MAX	255

#ifdef PROBE_32
enum { NR_EXIT = 1, NR_READ = 3, NR_WRITE = 4, NR_OPEN = 5, NR_IOCTL = 54 };

static long sys(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("int $0x80" : "=a" (ret) : "0" (nr), "b" (a), "c" (b), "d" (c) : "memory");
	return ret;
}
#else
enum { NR_READ = 0, NR_WRITE = 1, NR_OPEN = 2, NR_IOCTL = 16, NR_EXIT = 60 };

static long sys(long nr, long a, long b, long c)
{
	long ret;

	asm volatile("syscall" : "=a" (ret) : "0" (nr), "D" (a), "S" (b), "d" (c)
		     : "rcx", "r11", "memory");
	return ret;
}
#endif

/* The compiler may want these two. */
void *memset(void *to, int c, size_t n)
{
	unsigned char *p = to;

	while (n--)
		*p++ = c;
	return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
	const unsigned char *s = from;
	unsigned char *p = to;

	while (n--)
		*p++ = *s++;
	return to;
}

static void put(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	sys(NR_WRITE, 1, (long)text, n);
}

static void put_number(__u64 v)
{
	char digits[19] = "0x0000000000000000";
	int i;

	for (i = 17; i > 1; i--, v >>= 4)
		digits[i] = "0123456789abcdef"[v & 15];
	put(digits);
}

static void say(const char *name, __u64 v)
{
	put(name);
	put(" ");
	put_number(v);
	put("\n");
}

static void say_text(const char *name, const char *text)
{
	put(name);
	put(" \"");
	put(text);
	put("\"\n");
}

static long call(long fd, unsigned int request, void *arg)
{
	return sys(NR_IOCTL, fd, request, (long)arg);
}

static __u32 sum(const unsigned char *data, __u32 n)
{
	__u32 s = 1;

	while (n--)
		s = s * 31 + *data++;
	return s;
}

static void tell_info(long fd)
{
	struct bridgefw_info i;

	say("info", call(fd, BRIDGEFW_IOC_GET_INFO, &i));
	say("info.index", i.index);
	say("info.state", i.state);
	say("info.match", i.match);
	say("info.flags", i.flags);
	say("info.transports", i.transports);
	say("info.memories", i.memories);
	say("info.vendor_id", i.vendor_id);
	say("info.product_id", i.product_id);
	say("info.revision", i.revision);
	say_text("info.bus", i.bus);
	say_text("info.bus_id", i.bus_id);
	say_text("info.profile", i.profile);
	say_text("info.chip", i.chip);
	say_text("info.serial", i.serial);
}

static void tell_memory(long fd)
{
	struct bridgefw_memory m = { .memory = 0 };

	say("memory", call(fd, BRIDGEFW_IOC_GET_MEMORY, &m));
	say("memory.flags", m.flags);
	say("memory.kind", m.kind);
	say("memory.size", m.size);
	say("memory.length", m.length);
	say("memory.unit", m.unit);
	say("memory.read_evidence", m.read_evidence);
	say("memory.program_evidence", m.program_evidence);
	say("memory.interrupted", m.interrupted);
	say_text("memory.name", m.name);
	m.memory = 1;
	say("memory 1", call(fd, BRIDGEFW_IOC_GET_MEMORY, &m));
}

static __u32 tell_read(long fd, unsigned char *room)
{
	struct bridgefw_read rd = { .length = IMAGE_MAX, .data = (size_t)room };

	say("read", call(fd, BRIDGEFW_IOC_READ, &rd));
	say("read.length", rd.length);
	say("read.data", sum(room, rd.length));
	say("read()", sys(NR_READ, fd, (long)room, IMAGE_MAX));
	say("read() data", sum(room, rd.length));
	rd.flags = BRIDGEFW_READ_PREVIOUS;
	say("previous", call(fd, BRIDGEFW_IOC_READ, &rd));
	return rd.length;
}

static void tell_start(long fd, unsigned char *image, __u32 length)
{
	struct bridgefw_stage stage = { .length = length, .data = (size_t)image };
	struct bridgefw_start start = { .job = BRIDGEFW_JOB_WRITE,
					.flags = BRIDGEFW_START_DRY_RUN };

	say("start without an image", call(fd, BRIDGEFW_IOC_START, &start));
	say("start.reason", start.reason);
	say("stage", call(fd, BRIDGEFW_IOC_STAGE, &stage));
	say("start without consent", call(fd, BRIDGEFW_IOC_START, &start));
	say("start.reason", start.reason);
	start.flags |= BRIDGEFW_CONSENT_IDENTITY;
	say("start", call(fd, BRIDGEFW_IOC_START, &start));
	say("start.reason", start.reason);
	stage.length = 0;
	say("unstage", call(fd, BRIDGEFW_IOC_STAGE, &stage));
	say("claim", call(fd, BRIDGEFW_IOC_CLAIM, NULL));
	say("claim again", call(fd, BRIDGEFW_IOC_CLAIM, NULL));
	say("release", call(fd, BRIDGEFW_IOC_RELEASE, NULL));
	say("cancel", call(fd, BRIDGEFW_IOC_CANCEL, NULL));
}

static void tell_status(long fd)
{
	struct bridgefw_status s;

	say("status", call(fd, BRIDGEFW_IOC_GET_STATUS, &s));
	say("status.state", s.state);
	say("status.job", s.job);
	say("status.memory", s.memory);
	say("status.error", s.error);
	say("status.reason", s.reason);
	say("status.content", s.content);
	say("status.done", s.done);
	say("status.total", s.total);
	say("status.serial", s.serial);
	say("status.differs_at", s.differs_at);
	say_text("status.text", s.text);
}

static int probe(const char *device)
{
	static struct bridgefw_answer answer = { .kind = 1 };
	static unsigned char room[IMAGE_MAX];
	long fd = sys(NR_OPEN, (long)device, O_RDWR, 0);
	__u32 length;

	if (fd < 0) {
		say("open", fd);
		return 1;
	}
	tell_info(fd);
	length = tell_read(fd, room);
	tell_memory(fd);
	tell_start(fd, room, length);
	tell_status(fd);
	say("answer", call(fd, BRIDGEFW_IOC_GET_ANSWER, &answer));
	say("unknown", call(fd, _IO(0xbf, 99), NULL));
	say("nowhere", call(fd, BRIDGEFW_IOC_GET_INFO, NULL));
	return 0;
}

__attribute__((used)) static void begin(long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);

	sys(NR_EXIT, *stack == 2 ? probe(argv[1]) : 2, 0, 0);
	__builtin_unreachable();
}

/* The kernel leaves argc and argv where the stack pointer points to. */
#ifdef PROBE_32
asm(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %esp, %eax\n"
	"	and $-16, %esp\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call begin\n");
#else
asm(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call begin\n");
#endif
