/* SQLite driver. WAL with synchronous=NORMAL: a commit survives the death of the process; what must
 * survive a power cut asks for sync(). Deleted content is overwritten (secure_delete): a record that
 * was undone or disposed of is not in the file any more. */
#include "store/db_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	APPLICATION_ID = 0x54534e47, /* "TSNG" in the header: the file is one of ours */
};

static int exec(struct hub_db *db, const char *sql, struct hub_err *err)
{
	return db->ops->exec(db, sql, err);
}

/* SQLite would put its temporary files into /var/tmp or /tmp; sorted records belong beside the store.
 * The place is one for the process, so the first store opened decides. */
static int temp_in_folder(struct sqlite *s, struct hub_err *err)
{
	const char *slash = strrchr(s->path, '/');
	const struct hub_str dir = slash && slash > s->path
				       ? (struct hub_str){s->path, (size_t)(slash - s->path)}
				   : slash ? HUB_STR("/")
					   : HUB_STR(".");
	char name[4096];

	if (dir.len >= sizeof name)
		return hub_fail(err, HUB_CONF, "store-path", "path of the store is too long");
	memcpy(name, dir.ptr, dir.len);
	name[dir.len] = '\0';
	setenv("SQLITE_TMPDIR", name, 0);
	return HUB_OK;
}

/* Made here and not by SQLite, so that it is nobody else's from the first moment; the log and the
 * shared memory file take over its mode. */
static int make_file(const char *path, struct hub_err *err)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd != -1) {
		close(fd);
		return HUB_OK;
	}
	if (errno == EEXIST)
		return HUB_OK;
	if (errno == ENOENT) {
		const int rc = hub_fail(err, HUB_RETRY, "store-folder-missing",
					"store %s: its folder does not exist", path);
		hub_hint(err, "Create the folder first: mkdir -p, mode 0700.");
		return rc;
	}
	const int rc = hub_fail_sys(err, HUB_RETRY, "store-create", errno, path);
	hub_hint(err, "Check owner and mode of the file and of its folder.");
	return rc;
}

static int check_file(const char *path, struct hub_err *err)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		const int rc =
		    errno == ENOENT
			? hub_fail(err, HUB_RETRY, "store-missing", "store %s does not exist", path)
			: hub_fail_sys(err, HUB_RETRY, "store-io", errno, path);
		hub_hint(err, "Check the store URL; a first import makes the store.");
		return rc;
	}
	if (!S_ISREG(st.st_mode)) {
		const int rc = hub_fail(err, HUB_CONF, "not-a-store", "%s is not a file", path);
		hub_hint(err,
			 "Check the path; to make a new store, name a file that does not exist.");
		return rc;
	}
	return HUB_OK;
}

static int pragma_int(struct sqlite *s, const char *sql, int64_t *out, struct hub_err *err)
{
	*out = 0;
	const int rc = hub_db_one(&s->db, out, err, sql, "");
	return rc == HUB_END ? HUB_OK : rc;
}

/* An empty file becomes a store; a database of somebody else is left alone. */
static int claim(struct sqlite *s, unsigned flags, struct hub_err *err)
{
	int64_t id, tables;

	int rc = pragma_int(s, "PRAGMA application_id", &id, err);
	if (!rc)
		rc = pragma_int(s, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc)
		return rc;
	if (id == APPLICATION_ID)
		return HUB_OK;
	if (tables > 0 || id != 0 || (flags & HUB_DB_READONLY)) {
		sqlite3_exec(s->h, "ROLLBACK", NULL, NULL, NULL);
		return hub_sqlite_fail(s, SQLITE_NOTADB, err);
	}
	char sql[96];
	snprintf(sql, sizeof sql, "PRAGMA page_size=8192; PRAGMA application_id=%d",
		 APPLICATION_ID);
	return exec(&s->db, sql, err);
}

static int setup(struct sqlite *s, unsigned flags, struct hub_err *err)
{
	static const char scratch[] =
	    "PRAGMA page_size=4096; PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
	    "PRAGMA cache_size=-8192; PRAGMA locking_mode=EXCLUSIVE;";
	static const char reading[] = "PRAGMA cache_size=-8192; PRAGMA temp_store=FILE;";
	static const char writing[] =
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	    "PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-4096;"
	    "PRAGMA temp_store=FILE; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=4000;"
	    "PRAGMA journal_size_limit=67108864; PRAGMA cell_size_check=ON;";

	sqlite3_extended_result_codes(s->h, 1);
	sqlite3_busy_handler(s->h, hub_sqlite_busy, s);
	if (flags & HUB_DB_SCRATCH)
		return exec(&s->db, scratch, err);
	int rc = claim(s, flags, err);
	if (!rc)
		rc = exec(&s->db, flags & HUB_DB_READONLY ? reading : writing, err);
	return rc;
}

static struct sqlite *make(const char *path)
{
	struct hub_arena *a = hub_arena_new((size_t)16 << 20);
	struct sqlite *s = a ? hub_alloc0(a, sizeof *s) : NULL;

	if (!s)
		goto fail;
	s->db.ops = &hub_sqlite_ops;
	s->db.arena = a;
	s->lock_fd = -1;
	s->cache = hub_map_new(a);
	s->path = hub_arena_cstr(a, hub_str_of(path));
	s->lock_path = (char *)hub_arena_printf(a, "%s-lock", path).ptr;
	if (s->cache && s->path && s->lock_path)
		return s;
fail:
	hub_arena_free(a);
	return NULL;
}

int hub_db_sqlite_open(const char *path, unsigned flags, struct hub_db **out, struct hub_err *err)
{
	const int scratch = (flags & HUB_DB_SCRATCH) != 0;
	const int mode = flags & HUB_DB_READONLY ? SQLITE_OPEN_READONLY
						 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	int rc = HUB_OK;

	/* Before the library's first use, and without effect later: no counting of allocations, which
	 * costs a lock each, and pages for the cache when they are needed instead of twenty at once. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	(void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	struct sqlite *s = make(path);
	if (!s)
		return hub_fail_mem(err);
	if (!scratch) {
		rc = flags & HUB_DB_CREATE ? make_file(path, err) : HUB_OK;
		if (!rc)
			rc = check_file(path, err);
		if (!rc)
			rc = temp_in_folder(s, err);
	}
	if (!rc) {
		int got = sqlite3_open_v2(path, &s->h, mode | SQLITE_OPEN_NOMUTEX, NULL);
		if (!got)
			got = hub_sqlite_rows(s);
		if (!got && !scratch)
			got = hub_sqlite_text(s);
		rc = got ? hub_sqlite_fail(s, got, err) : setup(s, flags, err);
	}
	if (rc) {
		hub_db_close(&s->db);
		return rc;
	}
	*out = &s->db;
	return HUB_OK;
}
