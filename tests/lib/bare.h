/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program without a C library, for 32 and for 64 bits: system calls, what it says, and
 * how it begins. It has a function of its own, bare_main(), for its one argument.
 */
#ifndef BARE_H
#define BARE_H

#include <linux/types.h>
#include <stddef.h>

#define O_RDWR		2

/* 0 is success; the status of the program. */
static int bare_main(const char *arg);

#ifdef BARE_32
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

__attribute__((used)) static void begin(long *stack)
{
	const char *const *argv = (const char *const *)(stack + 1);

	sys(NR_EXIT, *stack == 2 ? bare_main(argv[1]) : 2, 0, 0);
	__builtin_unreachable();
}

/* The kernel leaves argc and argv where the stack pointer points to. */
#ifdef BARE_32
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

#endif
