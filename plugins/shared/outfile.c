#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int outfile_fail(const struct outfile *o, struct hub_err *err)
{
	const int why = errno;
	char text[128];
	const int rc =
	    HUB_FAIL(o->host, err, HUB_RETRY, why == ENOSPC ? "disk-full" : "cannot-write",
		     "%s: %s", o->final, strerror_r(why, text, sizeof text));

	o->host->hint(
	    err, "Make room on the disk or choose another place, then run the same command again.");
	return rc;
}

int outfile_ready(const struct outfile *o, struct hub_err *err)
{
	return o->file ? HUB_OK
		       : HUB_FAIL(o->host, err, HUB_FATAL, "after-commit",
				  "rows after the end of %s", o->final);
}

static int set_names(struct outfile *o, struct hub_str folder, struct hub_str name,
		     struct hub_err *err)
{
	const char *slash = name.len ? "/" : "";

	if (folder.len + name.len + sizeof "/.part" > sizeof o->part)
		return HUB_FAIL(o->host, err, HUB_CONF, "path-too-long", "the path is too long");
	snprintf(o->final, sizeof o->final, "%.*s%s%.*s", (int)folder.len, folder.ptr, slash,
		 (int)name.len, name.len ? name.ptr : "");
	memcpy(o->part, o->final, sizeof o->part);
	memcpy(o->part + strlen(o->part), ".part", sizeof ".part");
	return HUB_OK;
}

/* The rename at the end would replace a device, or a link to one (/dev/stdout), and fail on a folder after all the work. */
static int refuse_others(const struct outfile *o, struct hub_err *err)
{
	struct stat st;

	if (stat(o->final, &st) || S_ISREG(st.st_mode))
		return HUB_OK;
	const int rc =
	    HUB_FAIL(o->host, err, HUB_CONF, "not-a-file", "%s is not a regular file", o->final);
	o->host->hint(err, "Name a file that does not exist yet or may be replaced.");
	return rc;
}

/* Locks the open part for this run: 0, or -1 with errno EWOULDBLOCK when another run has it, even one
 * that published it between open and lock. */
static int take(int fd, const char *part)
{
	struct stat mine, there;

	if (flock(fd, LOCK_EX | LOCK_NB) || fstat(fd, &mine))
		return -1;
	if (lstat(part, &there) || mine.st_ino != there.st_ino || mine.st_dev != there.st_dev) {
		errno = EWOULDBLOCK;
		return -1;
	}
	return fchmod(fd, 0600) || ftruncate(fd, 0);
}

int outfile_open(struct outfile *o, const struct hub_host *host, struct hub_str folder,
		 struct hub_str name, struct hub_err *err)
{
	int rc;

	*o = (struct outfile){.host = host};
	if ((rc = set_names(o, folder, name, err)) || (rc = refuse_others(o, err)))
		return rc;
	const int fd = open(o->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return outfile_fail(o, err);
	if (take(fd, o->part)) {
		rc = errno == EWOULDBLOCK ? HUB_FAIL(host, err, HUB_LOCKED, "being-written",
						     "%s: another run is writing it", o->final)
					  : outfile_fail(o, err);
		close(fd);
		return rc;
	}
	o->waiting = 1;
	o->file = fdopen(fd, "wb");
	if (o->file)
		return HUB_OK;
	rc = outfile_fail(o, err);
	close(fd);
	outfile_abandon(o);
	return rc;
}

int outfile_flush(const struct outfile *o, struct hub_err *err)
{
	return fflush(o->file) || ferror(o->file) ? outfile_fail(o, err) : HUB_OK;
}

int outfile_finish(struct outfile *o, struct hub_err *err)
{
	if (!o->file)
		return HUB_OK;
	return fflush(o->file) || ferror(o->file) || fsync(fileno(o->file)) ? outfile_fail(o, err)
									    : HUB_OK;
}

/* fsync of the folder, so that the new name survives a power cut. */
static int sync_folder(const char *path)
{
	char dir[OUTFILE_PATH];
	const char *slash = strrchr(path, '/');
	const size_t n = slash ? (size_t)(slash - path) + 1 : 2;

	memcpy(dir, slash ? path : "./", n);
	dir[n] = '\0';
	const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	const int rc = fsync(fd);
	close(fd);
	return rc;
}

int outfile_publish(struct outfile *o, struct hub_err *err)
{
	if (!o->waiting)
		return HUB_OK;
	if (rename(o->part, o->final))
		return outfile_fail(o, err);
	o->waiting = 0;
	if (sync_folder(o->final))
		return outfile_fail(o, err);
	/* all of it is on the disk since outfile_finish() */
	fclose(o->file);
	o->file = NULL;
	return HUB_OK;
}

void outfile_abandon(struct outfile *o)
{
	if (o->waiting)
		unlink(o->part); /* before the lock goes */
	if (o->file)
		fclose(o->file);
	o->waiting = 0;
	o->file = NULL;
}
