/* Files: EINTR, short writes and fsync in one place. New files are 0600: they may hold records. */
#ifndef HUB_BASE_IO_H
#define HUB_BASE_IO_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"

#include <signal.h>
#include <stdio.h>

/* Like read(2), retried on EINTR. */
ssize_t hub_read(int fd, void *p, size_t n);
/* Writes all of it; -1 with errno otherwise. */
int hub_write_all(int fd, const void *p, size_t n);
/* Whole file into a new string of the arena; err names the file and the reason (missing, directory,
 * unreadable, larger than limit). */
int hub_file_read(struct hub_arena *a, const char *path, size_t limit, struct hub_str *out,
		  struct hub_err *err);
/* Writes a temporary file beside path, fsync, rename, fsync of the folder. Mode 0600. A device, pipe or folder, also behind
 * a link, is refused. */
int hub_file_write(const char *path, struct hub_str content, struct hub_err *err);
/* The same for content that comes in pieces: nothing has the name `path` before commit. Drop and commit
 * free it, also when they fail; a failed add leaves it to be dropped. */
struct hub_out;
int hub_out_open(const char *path, struct hub_out **out, struct hub_err *err);
int hub_out_add(struct hub_out *o, struct hub_str piece, struct hub_err *err);
int hub_out_commit(struct hub_out *o, struct hub_err *err);
void hub_out_drop(struct hub_out *o);
/* Which file it is, and that nobody wrote to it since. */
struct hub_file_stamp {
	uint64_t bytes, device, inode;
	int64_t written_ns; /* since 1970 */
};
/* SHA-256 of a file's content, read in pieces, and its stamp from before. */
int hub_file_hash(const char *path, const volatile sig_atomic_t *stop, uint8_t sha[HUB_SHA256],
		  struct hub_file_stamp *stamp, struct hub_err *err);
/* HUB_RETRY, "changed-while-reading", when the name stands for another file or content by now. */
int hub_file_same(const char *path, const struct hub_file_stamp *stamp, struct hub_err *err);
/* Creates missing folders of a path (mode 0700), like mkdir -p. */
int hub_mkdirs(const char *path, struct hub_err *err);
/* Opens an input for reading with a clear error: missing, directory, no permission. "-" is stdin. */
int hub_open_input(const char *path, int *fd, struct hub_err *err);

static inline void hub_auto_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

#endif
