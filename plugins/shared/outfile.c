#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

int outfile_open(struct outfile *o, const struct hub_host *host, struct hub_str folder,
		 struct hub_str name, struct hub_err *err)
{
	const char *slash = name.len ? "/" : "";

	*o = (struct outfile){.host = host};
	snprintf(o->final, sizeof o->final, "%.*s%s%.*s", (int)folder.len, folder.ptr, slash,
		 (int)name.len, name.len ? name.ptr : "");
	const size_t n = strlen(o->final);
	if (n + sizeof ".part" > sizeof o->part || folder.len + name.len >= sizeof o->final)
		return HUB_FAIL(host, err, HUB_CONF, "path-too-long", "the path is too long");
	memcpy(o->part, o->final, n);
	memcpy(o->part + n, ".part", sizeof ".part");

	const int fd = open(o->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1)
		return outfile_fail(o, err);
	o->file = fdopen(fd, "wb");
	if (!o->file) {
		close(fd);
		unlink(o->part);
		return outfile_fail(o, err);
	}
	return HUB_OK;
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

int outfile_commit(struct outfile *o, struct hub_err *err)
{
	if (!o->file)
		return HUB_OK;
	int bad = fflush(o->file) || ferror(o->file) || fsync(fileno(o->file));
	const int why = errno;
	if (fclose(o->file) && !bad)
		bad = 1;
	else
		errno = why;
	o->file = NULL;
	if (bad || rename(o->part, o->final) || sync_folder(o->final)) {
		const int rc = outfile_fail(o, err);
		unlink(o->part);
		return rc;
	}
	return HUB_OK;
}

void outfile_abandon(struct outfile *o)
{
	if (!o->file)
		return;
	fclose(o->file);
	o->file = NULL;
	unlink(o->part);
}
