#include "serve/watch.h"

#include "base/io.h"
#include "base/map.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 100000, MOST_TWINS = 100000, LONGEST_NAME = 220 };

/* A file as it was seen. */
struct seen {
	const char *name;
	ino_t inode;
	off_t size;
	struct timespec changed;
	int64_t first, since; /* ticks: seen first; unchanged since */
	int marker, ready;
};

struct sight {
	struct hub_arena *arena;
	struct hub_map *index;
	struct seen *file;
	size_t n, cap;
};

struct hub_watch {
	const struct hub_watching *conf;
	int fd, lock;
	struct sight now, before; /* two looks, in arenas of their own */
	struct hub_arena *call;   /* of the last take */
	char products[PATH_MAX];  /* taken/.products */
};

static const char *const products[] = {"report.txt", "messages.txt", "rejects.csv"};

/* --- open and close --------------------------------------------------------------------------- */

/* mkdir -p; on the same file system as the folder, for a file only gets there whole by a rename. */
static int make_folder(const struct hub_watch *w, const char *path, struct hub_err *err)
{
	struct stat own, other;
	char file[PATH_MAX];
	int rc;

	snprintf(file, sizeof file, "%s/.", path);
	if ((rc = hub_mkdirs(file, err)))
		return rc;
	if (stat(w->conf->folder.ptr, &own) || stat(path, &other))
		return hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, path);
	if (own.st_dev == other.st_dev)
		return HUB_OK;
	rc = hub_fail(err, HUB_CONF, "other-filesystem", "%s is not on the file system of %s", path,
		      w->conf->folder.ptr);
	hub_hint(err, "Files move by rename: put done, rejected and taken beside the folder.");
	return rc;
}

int hub_watch_open(const struct hub_watching *conf, struct hub_watch **out, struct hub_err *err)
{
	struct hub_watch *w = hub_heap_get(sizeof *w);
	int rc;

	if (!w)
		return hub_fail_mem(err);
	*w = (struct hub_watch){.conf = conf,
				.fd = -1,
				.lock = -1,
				.now.arena = hub_arena_new(0),
				.before.arena = hub_arena_new(0),
				.call = hub_arena_new(0)};
	if (!w->now.arena || !w->before.arena || !w->call) {
		hub_watch_close(w);
		return hub_fail_mem(err);
	}
	snprintf(w->products, sizeof w->products, "%s/.products", conf->taken.ptr);
	if ((rc = make_folder(w, conf->folder.ptr, err)) ||
	    (rc = make_folder(w, conf->done.ptr, err)) ||
	    (rc = make_folder(w, conf->rejected.ptr, err)) ||
	    (rc = make_folder(w, conf->taken.ptr, err)) ||
	    (rc = make_folder(w, w->products, err))) {
		hub_watch_close(w);
		return rc;
	}
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->fd != -1 &&
	    inotify_add_watch(w->fd, conf->folder.ptr,
			      IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR) == -1) {
		close(w->fd);
		w->fd = -1;
	}
	*out = w;
	return HUB_OK;
}

void hub_watch_close(struct hub_watch *w)
{
	if (w->fd != -1)
		close(w->fd);
	if (w->lock != -1)
		close(w->lock);
	hub_arena_free(w->now.arena);
	hub_arena_free(w->before.arena);
	hub_arena_free(w->call);
	hub_heap_put(w);
}

int hub_watch_fd(const struct hub_watch *w)
{
	return w->fd;
}

void hub_watch_drain(struct hub_watch *w)
{
	char events[4096];

	while (w->fd != -1 && hub_read(w->fd, events, sizeof events) > 0)
		;
}

/* Nobody else takes files here: not a daemon on another machine either, as far as the share passes locks on. It belongs to the
 * process, so that a reload's new watch holds it with the old one; when that one closes it is gone, and taken again with
 * the next look. */
static int hold(struct hub_watch *w, struct hub_err *err)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX + 8];

	snprintf(path, sizeof path, "%s/lock", w->products);
	if (w->lock == -1)
		w->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (w->lock == -1)
		return hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, path);
	if (fcntl(w->lock, F_SETLK, &whole) == 0 || (errno != EAGAIN && errno != EACCES))
		return HUB_OK; /* some file systems have no locks */
	hub_fail(err, HUB_RETRY, "folder-in-use", "another daemon takes the files of %s",
		 w->conf->folder.ptr);
	hub_hint(err, "Stop one of them, or give each a folder of its own.");
	return err->rc;
}

/* --- looking ---------------------------------------------------------------------------------- */

/* What a desktop leaves in a share: Office beside a file that is open (~$cases.xlsx), the file manager of Windows. */
static int is_litter(const char *name)
{
	return strncmp(name, "~$", 2) == 0 || strcasecmp(name, "Thumbs.db") == 0 ||
	       strcasecmp(name, "desktop.ini") == 0;
}

static int is_candidate(const struct hub_watching *conf, const char *name)
{
	const struct hub_str s = hub_str_of(name);

	return name[0] != '.' && !is_litter(name) && !hub_str_ends(s, HUB_STR(".ok")) &&
	       !hub_str_ends(s, HUB_STR(".part")) && !hub_str_ends(s, HUB_STR(".tmp")) &&
	       fnmatch(conf->pattern.ptr, name, FNM_CASEFOLD) == 0;
}

static const struct seen *seen_before(const struct hub_watch *w, const char *name)
{
	uint64_t i;

	if (!w->before.index || !hub_map_get(w->before.index, hub_str_of(name), &i))
		return NULL;
	return &w->before.file[i];
}

/* The marker lies beside the file, or a crash came between its move and that of the file. */
static int has_marker(const struct hub_watch *w, int dir, const char *name)
{
	char path[PATH_MAX + 512];

	snprintf(path, sizeof path, "%s.ok", name);
	if (faccessat(dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	snprintf(path, sizeof path, "%s/%s.ok", w->products, name);
	return access(path, F_OK) == 0;
}

static int note(struct hub_watch *w, int dir, const char *name, int64_t ticks)
{
	struct sight *now = &w->now;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) || !S_ISREG(st.st_mode))
		return 0; /* gone again, or nothing that we take */
	struct seen *more = hub_alloc_more(now->arena, now->file, now->n, &now->cap, sizeof *more);
	if (!more)
		return -1;
	now->file = more;
	const struct seen *old = seen_before(w, name);
	const int same = old && old->inode == st.st_ino && old->size == st.st_size &&
			 old->changed.tv_sec == st.st_mtim.tv_sec &&
			 old->changed.tv_nsec == st.st_mtim.tv_nsec;
	struct seen *f = &now->file[now->n];
	*f = (struct seen){.name = hub_arena_cstr(now->arena, hub_str_of(name)),
			   .inode = st.st_ino,
			   .size = st.st_size,
			   .changed = st.st_mtim,
			   .first = old ? old->first : ticks,
			   .since = same ? old->since : ticks,
			   .marker = has_marker(w, dir, name)};
	f->ready = f->marker || (!w->conf->marker && ticks - f->since >= w->conf->settle);
	if (!f->name || hub_map_put(now->index, hub_str_of(name), now->n))
		return -1;
	now->n++;
	return 0;
}

static int read_folder(struct hub_watch *w, int64_t ticks, struct hub_err *err)
{
	const char *folder = w->conf->folder.ptr;
	DIR *d = opendir(folder);
	int bad = 0;

	if (!d)
		return hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, folder);
	for (const struct dirent *e; !bad && w->now.n < MOST_FILES && (e = readdir(d));)
		if (is_candidate(w->conf, e->d_name))
			bad = note(w, dirfd(d), e->d_name, ticks);
	closedir(d);
	return bad ? hub_fail_mem(err) : HUB_OK;
}

int hub_watch_look(struct hub_watch *w, int64_t ticks, struct hub_watch_sight *out,
		   struct hub_err *err)
{
	const struct sight last = w->now;
	int rc = hold(w, err);

	if (rc)
		return rc;
	w->now = (struct sight){.arena = w->before.arena};
	w->before = last;
	hub_arena_reset(w->now.arena);
	*out = (struct hub_watch_sight){.again = HUB_NO_LOOK};
	if (!(w->now.index = hub_map_new(w->now.arena)))
		return hub_fail_mem(err);
	if ((rc = read_folder(w, ticks, err)))
		return rc;
	for (size_t i = 0; i < w->now.n; i++) {
		const struct seen *f = &w->now.file[i];
		out->waiting++;
		out->ready += (size_t)f->ready;
		if (ticks - f->first > out->oldest)
			out->oldest = ticks - f->first;
		if (!f->ready && !w->conf->marker && f->since + w->conf->settle < out->again)
			out->again = f->since + w->conf->settle;
	}
	return HUB_OK;
}

size_t hub_watch_count(const struct hub_watching *conf)
{
	DIR *d = opendir(conf->folder.ptr);
	struct stat st;
	size_t n = 0;

	for (const struct dirent *e; d && (e = readdir(d));)
		n += is_candidate(conf, e->d_name) &&
		     fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		     S_ISREG(st.st_mode);
	if (d)
		closedir(d);
	return n;
}

/* --- taking ----------------------------------------------------------------------------------- */

static int is_before(const struct seen *a, const struct seen *b)
{
	if (a->changed.tv_sec != b->changed.tv_sec)
		return a->changed.tv_sec < b->changed.tv_sec;
	if (a->changed.tv_nsec != b->changed.tv_nsec)
		return a->changed.tv_nsec < b->changed.tv_nsec;
	return strcmp(a->name, b->name) < 0;
}

static struct seen *first_ready(struct hub_watch *w)
{
	struct seen *best = NULL;

	for (size_t i = 0; i < w->now.n; i++)
		if (w->now.file[i].ready && (!best || is_before(&w->now.file[i], best)))
			best = &w->now.file[i];
	return best;
}

static int sync_folder(const char *path, struct hub_err *err)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = HUB_OK;

	if (fd == -1 || fsync(fd))
		rc = hub_fail_sys(err, HUB_RETRY, "cannot-sync", errno, path);
	if (fd != -1)
		close(fd);
	return rc;
}

static const char *joined(struct hub_watch *w, struct hub_str folder, const char *name,
			  const char *tail)
{
	return hub_arena_printf(w->call, "%.*s/%s%s", HUB_FMT(folder), name, tail).ptr;
}

/* The file that a run before left there; HUB_END when there is none. */
static int find_taken(struct hub_watch *w, const char **name, struct hub_err *err)
{
	DIR *d = opendir(w->conf->taken.ptr);
	struct stat st;

	*name = NULL;
	if (!d)
		return hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, w->conf->taken.ptr);
	for (const struct dirent *e; (e = readdir(d));) {
		if (e->d_name[0] == '.' || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode) || (*name && strcmp(*name, e->d_name) < 0))
			continue;
		*name = hub_arena_cstr(w->call, hub_str_of(e->d_name));
	}
	closedir(d);
	return *name ? HUB_OK : HUB_END;
}

/* The marker goes first and comes along: a marker that stays behind would call the next file of that
 * name complete before it is. */
static int move_in(struct hub_watch *w, const struct seen *f, struct hub_err *err)
{
	const struct hub_str aside = hub_str_of(w->products);
	const char *from = joined(w, w->conf->folder, f->name, "");
	const char *to = joined(w, w->conf->taken, f->name, "");
	const char *marker = joined(w, w->conf->folder, f->name, ".ok");
	const char *kept = joined(w, aside, f->name, ".ok");
	int rc;

	if (!from || !to || !marker || !kept)
		return hub_fail_mem(err);
	if (f->marker && rename(marker, kept) && errno != ENOENT)
		return hub_fail_sys(err, HUB_RETRY, "cannot-move", errno, marker);
	if (rename(from, to)) {
		if (errno == ENOENT)
			return HUB_END;
		rc = hub_fail_sys(err, HUB_RETRY, "cannot-move", errno, from);
		if (!err->hint[0])
			hub_hint(err,
				 "Somebody may have it open, in Excel or elsewhere, or the "
				 "folder is read-only. It is taken as soon as it can be moved.");
		return rc;
	}
	if ((rc = sync_folder(w->conf->taken.ptr, err)) ||
	    (rc = sync_folder(w->conf->folder.ptr, err)))
		return rc;
	if (f->marker)
		unlink(kept);
	return HUB_OK;
}

int hub_watch_take(struct hub_watch *w, struct hub_taken *out, struct hub_err *err)
{
	const struct hub_str aside = hub_str_of(w->products);
	const char *name;

	hub_arena_reset(w->call);
	int rc = hold(w, err);
	if (!rc)
		rc = find_taken(w, &name, err);
	if (rc == HUB_END) {
		struct seen *f = first_ready(w);
		if (!f)
			return HUB_END;
		f->ready = 0; /* taken, or gone */
		if ((rc = move_in(w, f, err)))
			return rc;
		name = hub_arena_cstr(w->call, hub_str_of(f->name));
	}
	if (rc)
		return rc;
	*out = (struct hub_taken){.name = name,
				  .path = name ? joined(w, w->conf->taken, name, "") : NULL,
				  .report = joined(w, aside, products[0], ""),
				  .messages = joined(w, aside, products[1], ""),
				  .rejects = joined(w, aside, products[2], "")};
	return name && out->path && out->report && out->messages && out->rejects
		   ? HUB_OK
		   : hub_fail_mem(err);
}

/* --- finishing -------------------------------------------------------------------------------- */

static int is_free(struct hub_watch *w, struct hub_str folder, const char *name)
{
	const char *file = joined(w, folder, name, ""),
		   *manifest = joined(w, folder, name, ".manifest.json");

	return file && manifest && access(file, F_OK) != 0 && access(manifest, F_OK) != 0;
}

/* "a.csv", "a~2.csv", "a~3.csv" ...: the first that is not there. A name to which nothing can be added
 * any more loses its middle. NULL: none, or out of memory. */
static const char *free_name(struct hub_watch *w, struct hub_str folder, const char *name)
{
	const struct hub_str s = hub_str_of(name);
	const char *dot = strrchr(name, '.');
	size_t stem = dot && dot != name ? (size_t)(dot - name) : s.len;
	struct hub_str tail = hub_str_from(s, stem);

	if (s.len > LONGEST_NAME) {
		tail = hub_str_from(s, s.len - (tail.len < 16 ? tail.len : 0));
		stem = LONGEST_NAME - 16;
	} else if (is_free(w, folder, name)) {
		return name;
	}
	for (int i = 2; i < MOST_TWINS; i++) {
		const char *twin =
		    hub_arena_printf(w->call, "%.*s~%d%.*s", (int)stem, name, i, HUB_FMT(tail)).ptr;
		if (!twin || is_free(w, folder, twin))
			return twin;
	}
	return NULL;
}

/* The name under which it ends, written down before anything moves, so that a second try after a crash
 * takes the same one. */
static int final_name(struct hub_watch *w, struct hub_str folder, const char *name,
		      const char **out, struct hub_err *err)
{
	const char *path = joined(w, hub_str_of(w->products), "name", "");
	struct hub_str kept;

	if (path && access(path, F_OK) == 0 &&
	    hub_file_read(w->call, path, PATH_MAX, &kept, err) == HUB_OK &&
	    hub_str_starts(kept, folder) && kept.len > folder.len + 1) {
		*out = hub_arena_cstr(w->call, hub_str_from(kept, folder.len + 1));
		return *out ? HUB_OK : hub_fail_mem(err);
	}
	*out = free_name(w, folder, name);
	if (!path || !*out)
		return hub_fail_mem(err);
	const struct hub_str text = hub_arena_printf(w->call, "%.*s/%s", HUB_FMT(folder), *out);
	if (!text.ptr)
		return hub_fail_mem(err);
	return hub_file_write(path, text, err);
}

static int move_product(struct hub_watch *w, struct hub_str folder, const char *name,
			const char *product, struct hub_err *err)
{
	const char *from = joined(w, hub_str_of(w->products), product, "");
	const char *to =
	    hub_arena_printf(w->call, "%.*s/%s.%s", HUB_FMT(folder), name, product).ptr;
	struct stat st;

	if (!from || !to)
		return hub_fail_mem(err);
	if (stat(from, &st))
		return HUB_OK;
	if (st.st_size == 0)
		unlink(from);
	else if (rename(from, to))
		return hub_fail_sys(err, HUB_RETRY, "cannot-move", errno, to);
	return HUB_OK;
}

int hub_watch_finish(struct hub_watch *w, int well, struct hub_str manifest, struct hub_err *err)
{
	const struct hub_str folder = well ? w->conf->done : w->conf->rejected;
	const char *name, *last;
	int rc;

	hub_arena_reset(w->call);
	if ((rc = find_taken(w, &name, err)) || (rc = final_name(w, folder, name, &last, err)))
		return rc;
	const char *note = joined(w, hub_str_of(w->products), "name", "");
	const char *from = joined(w, w->conf->taken, name, "");
	const char *to = joined(w, folder, last, "");
	const char *sheet = joined(w, folder, last, ".manifest.json");
	if (!note || !from || !to || !sheet)
		return hub_fail_mem(err);
	if ((rc = hub_file_write(sheet, manifest, err)))
		return rc;
	for (size_t i = 0; i < HUB_COUNT(products); i++)
		if ((rc = move_product(w, folder, last, products[i], err)))
			return rc;
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE)) {
		const int why = errno;
		unlink(note); /* somebody put one there: the next try looks for another name */
		return hub_fail_sys(err, HUB_RETRY, "cannot-move", why, to);
	}
	unlink(note);
	if ((rc = sync_folder(folder.ptr, err)))
		return rc;
	return sync_folder(w->conf->taken.ptr, err);
}
