// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "text.h"

static ssize_t read_all(int fd, u8 *out, size_t room)
{
	size_t done = 0;

	while (done < room) {
		ssize_t n = read(fd, out + done, room - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		done += n;
	}
	return done;
}

static int write_all(int fd, const void *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(fd, (const char *)data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n ? errno : EIO;
			return -1;
		}
		done += n;
	}
	return 0;
}

/**
 * file_read() - a whole regular file
 * @path: its name
 * @most: a longer file is refused
 * @data: the bytes, with a zero behind them; the caller frees them
 * @len: how many
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int file_read(const char *path, size_t most, u8 **data, size_t *len,
	      struct bfw_error *e)
{
	struct stat st;
	u8 *buf;
	ssize_t n;
	int fd;

	/* O_NONBLOCK: opening a FIFO by mistake must not wait for a writer */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return bfw_fail_errno(e, BFW_BAD_FILE, errno, "%s cannot be opened", path);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return bfw_fail(e, BFW_BAD_FILE, "not-a-file", "%s is not a regular file", path);
	}
	if (st.st_size < 0 || (size_t)st.st_size > most) {
		close(fd);
		return bfw_fail(e, BFW_BAD_FILE, "file-size",
				"%s has %lld bytes; at most %zu make sense here",
				path, (long long)st.st_size, most);
	}
	buf = xalloc(st.st_size + 1);
	n = read_all(fd, buf, st.st_size);
	if (n != st.st_size) {
		if (n < 0)
			bfw_fail_errno(e, BFW_BAD_FILE, errno, "%s cannot be read", path);
		else
			bfw_fail(e, BFW_BAD_FILE, "file-size",
				 "%s became shorter while it was read", path);
		free(buf);
		close(fd);
		return -1;
	}
	close(fd);
	*data = buf;
	*len = n;
	return 0;
}

/**
 * image_read() - a file that is to go into a memory
 * @path: its name
 * @most: bytes that the memory holds
 * @data: the bytes; the caller frees them
 * @len: how many, at least one
 * @e: why not; BFW_BAD_FILE
 *
 * Return: 0, or -1
 */
int image_read(const char *path, size_t most, u8 **data, size_t *len,
	       struct bfw_error *e)
{
	if (file_read(path, most, data, len, e)) {
		if (!strcmp(e->reason, "file-size"))
			bfw_next(e, "Is it an image of this memory? Nothing was written.");
		else
			bfw_next(e, "Nothing was written.");
		return -1;
	}
	if (!*len) {
		free(*data);
		*data = NULL;
		bfw_fail(e, BFW_BAD_FILE, "file-size", "%s is empty", path);
		bfw_next(e, "Nothing was written.");
		return -1;
	}
	return 0;
}

static int dir_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	ret = fsync(fd);
	/* some file systems have no fsync for directories */
	if (ret && (errno == EINVAL || errno == ENOTSUP))
		ret = 0;
	close(fd);
	return ret;
}

/* The temporary file takes its name only once it is whole and on the disk. */
static int give_name(const char *temp, const char *path, bool replace)
{
	if (replace)
		return rename(temp, path);
	if (!link(temp, path)) {
		unlink(temp);
		return 0;
	}
	if (errno == EEXIST)
		return -1;
	/* no hard links here (FAT): renameat2 says no to an existing name as well */
	return renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE);
}

/**
 * file_write() - write a file so that it is there whole or not at all
 * @path: its name
 * @data: the bytes
 * @len: how many
 * @mode: permissions, before the umask
 * @replace: whether an existing file of that name may go
 * @e: why not; e->reason is "exists" if the name is taken
 *
 * The file and its directory are on the disk when this returns 0.
 *
 * Return: 0, or -1
 */
int file_write(const char *path, const void *data, size_t len, mode_t mode,
	       bool replace, struct bfw_error *e)
{
	char *copy = xprintf("%s", path);
	char *dir = dirname(copy);
	char *temp = xprintf("%s/.bridgefw-XXXXXX", dir);
	mode_t mask = umask(0);
	int fd, err;

	umask(mask);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		err = errno;
		goto out;
	}
	if (fchmod(fd, mode & ~mask) || write_all(fd, data, len) || fsync(fd)) {
		err = errno;
		close(fd);
		unlink(temp);
		goto out;
	}
	/* NFS and others tell of a full disk only now */
	err = close(fd) ? errno : 0;
	if (!err && give_name(temp, path, replace))
		err = errno;
	if (err)
		unlink(temp);
	else if (dir_sync(dir))
		err = errno;
out:
	free(temp);
	free(copy);
	if (err == EEXIST)
		return bfw_fail(e, BFW_FAILURE, "exists", "%s exists already", path);
	if (err)
		return bfw_fail_errno(e, BFW_FAILURE, err, "%s cannot be written", path);
	return 0;
}

/**
 * dir_make() - make a directory and those above it
 * @path: its name
 * @mode: permissions of those that are made
 * @e: why not
 *
 * Return: 0, or -1
 */
int dir_make(const char *path, mode_t mode, struct bfw_error *e)
{
	char *copy = xprintf("%s", path);
	char *p = copy;
	int err = 0;

	do {
		char keep;

		p += strspn(p, "/");
		p += strcspn(p, "/");
		keep = *p;
		*p = '\0';
		if (!mkdir(copy, mode)) {
			char *up = xprintf("%s", copy);

			dir_sync(dirname(up));
			free(up);
		} else if (errno != EEXIST) {
			err = errno;
		}
		*p = keep;
	} while (*p && !err);
	free(copy);
	if (err)
		return bfw_fail_errno(e, BFW_FAILURE, err, "the directory %s cannot be made",
				      path);
	return 0;
}

/**
 * sysfs_read() - one attribute as one line of text
 * @path: its file
 * @out: the text, trimmed and safe to show; "" if it cannot be read
 * @room: size of @out
 *
 * Return: 0, or -1 with errno set
 */
int sysfs_read(const char *path, char *out, size_t room)
{
	ssize_t n;
	int fd;

	out[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read_all(fd, (u8 *)out, room - 1);
	if (n < 0) {
		int err = errno;

		close(fd);
		out[0] = '\0';
		errno = err;
		return -1;
	}
	close(fd);
	out[n] = '\0';
	text_trim(out);
	text_clean(out);
	return 0;
}

/**
 * sysfs_write() - put a text into an attribute
 * @path: its file
 * @text: the text
 *
 * Return: 0, or -1 with errno set
 */
int sysfs_write(const char *path, const char *text)
{
	size_t len = strlen(text);
	ssize_t n;
	int fd, err;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* one write is one command: never split or repeated */
	n = write(fd, text, len);
	err = n < 0 ? errno : (size_t)n == len ? 0 : EIO;
	close(fd);
	errno = err;
	return err ? -1 : 0;
}
