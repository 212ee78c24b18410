#include "release/blob.h"

#include "base/clock.h"
#include "base/io.h"
#include "release/blob_key.h"
#include "store/db.h"

#include <errno.h>
#include <string.h>

enum { WRITING = 1, WHOLE, PIECES_A_COMMIT = 4 };

/* One file on its way in or out. */
struct transit {
	struct hub_arena *a;
	struct hub_store *s;
	struct hub_db *db;
	EVP_CIPHER_CTX *cipher;
	struct hub_sha *sha;
	uint8_t key[HUB_KEY_BYTES];
	int64_t id;
	uint64_t bytes;
	int64_t pieces;
	uint8_t *plain, *sealed; /* a piece each */
	struct hub_err *err;
};

static int transit_open(struct transit *t, struct hub_store *s, struct hub_err *err)
{
	*t = (struct transit){.a = hub_arena_new(8 << 20),
			      .s = s,
			      .db = hub_store_db(s),
			      .cipher = EVP_CIPHER_CTX_new(),
			      .sha = hub_sha_new(),
			      .err = err};
	if (!t->a || !t->cipher || !t->sha)
		return hub_fail_mem(err);
	t->plain = hub_alloc(t->a, HUB_BLOB_PIECE + HUB_SEAL_MORE);
	t->sealed = hub_alloc(t->a, HUB_BLOB_PIECE + HUB_SEAL_MORE);
	return t->plain && t->sealed ? HUB_OK : hub_fail_mem(err);
}

static void transit_close(struct transit *t)
{
	if (t->sha)
		(void)hub_sha_end(t->sha, NULL);
	EVP_CIPHER_CTX_free(t->cipher);
	explicit_bzero(t->key, sizeof t->key);
	hub_arena_free(t->a);
}

static int end_sha(struct transit *t, char hex[HUB_BLOB_HEX])
{
	uint8_t sum[HUB_SHA256];
	struct hub_sha *sha = t->sha;

	t->sha = NULL;
	if (hub_sha_end(sha, sum))
		return hub_fail(t->err, HUB_FATAL, "crypto", "SHA-256 failed");
	hub_hex(sum, sizeof sum, hex);
	return HUB_OK;
}

/* What a piece is bound to. */
static struct hub_str bound_to(const struct transit *t, int last, char text[96])
{
	const int n = snprintf(text, 96, "tsunagi blob %lld piece %lld%s", (long long)t->id,
			       (long long)t->pieces, last ? " last" : "");

	return (struct hub_str){text, (size_t)n};
}

/* --- in ------------------------------------------------------------------------------------------------ */

int hub_blob_lock(struct hub_store *s, int64_t case_id, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	int rc = db->ops->lock(db, case_id, err);

	if (rc == HUB_LOCKED) {
		rc =
		    hub_fail(err, HUB_LOCKED, "locked", "somebody is attaching files to this case");
		hub_hint(err, "Wait until that has ended, then try again.");
	}
	return rc;
}

void hub_blob_unlock(struct hub_store *s, int64_t case_id)
{
	struct hub_db *db = hub_store_db(s);

	db->ops->unlock(db, case_id);
}

int hub_blob_remove(struct hub_store *s, int64_t id, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	const int rc = hub_db_run(db, err, "DELETE FROM blob_piece WHERE blob_id = ?", "i", id);

	return rc ? rc : hub_db_run(db, err, "DELETE FROM blob WHERE id = ?", "i", id);
}

/* Under the lock nobody writes: what is not whole was left by a process that died. */
static int clear(struct transit *t, const struct hub_blob_spec *spec)
{
	int rc = hub_db_run(t->db, t->err,
			    "DELETE FROM blob_piece WHERE blob_id IN"
			    " (SELECT id FROM blob WHERE case_id = ? AND owner = ? AND state = ?)",
			    "iti", spec->case_id, spec->owner, (int64_t)WRITING);

	return rc ? rc
		  : hub_db_run(t->db, t->err,
			       "DELETE FROM blob WHERE case_id = ? AND owner = ? AND state = ?",
			       "iti", spec->case_id, spec->owner, (int64_t)WRITING);
}

static int begin_put(struct transit *t, const struct hub_blob_spec *spec)
{
	const struct hub_case_lock lock = {t->a, t->db, spec->keys, spec->case_id};
	int rc = hub_db_begin(t->db, t->err);

	if (rc)
		return rc;
	if (!(rc = hub_case_key(&lock, 1, t->key, t->err)) && !(rc = clear(t, spec)))
		rc = hub_db_run(t->db, t->err,
				"INSERT INTO blob (case_id, owner, type, telltale, state, actor,"
				" at) VALUES (?, ?, ?, ?, ?, ?, ?)",
				"ittiiti", spec->case_id, spec->owner, spec->type,
				(int64_t)spec->telltale, (int64_t)WRITING, spec->actor, hub_now());
	if (!rc)
		rc = hub_db_one(t->db, &t->id, t->err, "SELECT max(id) FROM blob", "");
	return hub_db_end(t->db, rc, t->err);
}

/* Fills a piece; shorter ones only at the end. */
static int read_piece(struct transit *t, int fd, size_t *len)
{
	ssize_t n = 1;

	for (*len = 0; *len < HUB_BLOB_PIECE && n > 0; *len += n > 0 ? (size_t)n : 0)
		n = hub_read(fd, t->plain + *len, HUB_BLOB_PIECE - *len);
	return n < 0 ? hub_fail_sys(t->err, HUB_RETRY, "cannot-read", errno, "") : HUB_OK;
}

static int put_piece(struct transit *t, size_t len, int last)
{
	const struct hub_str plain = {(const char *)t->plain, len};
	char text[96];

	hub_sha_add(t->sha, plain.ptr, plain.len);
	if (hub_seal(t->cipher, t->key, bound_to(t, last, text), plain, t->sealed))
		return hub_fail(t->err, HUB_FATAL, "crypto", "encryption failed");
	const int rc = hub_db_run(
	    t->db, t->err, "INSERT INTO blob_piece (blob_id, at, content) VALUES (?, ?, ?)", "iib",
	    t->id, t->pieces, (struct hub_str){(const char *)t->sealed, len + HUB_SEAL_MORE});
	t->pieces++;
	t->bytes += len;
	hub_crash_point("blob-piece");
	return rc;
}

static int too_large(struct transit *t, uint64_t limit)
{
	const int rc = hub_fail(t->err, HUB_REJECT, "too-large", "the file is larger than %llu MiB",
				(unsigned long long)(limit >> 20));

	hub_hint(t->err, "Save it with a lower resolution, or in parts.");
	return rc;
}

/* Some pieces in one transaction. A piece that is full may be the last one: a short one ends the file, be it
 * an empty one. */
static int put_some(struct transit *t, const struct hub_blob_spec *spec, int fd, int *last)
{
	int rc = hub_db_begin(t->db, t->err);
	size_t len;

	if (rc)
		return rc;
	for (int i = 0; i < PIECES_A_COMMIT && !rc && !*last; i++) {
		rc = read_piece(t, fd, &len);
		*last = len < HUB_BLOB_PIECE;
		if (!rc && t->bytes + len > spec->limit)
			rc = too_large(t, spec->limit);
		if (!rc)
			rc = put_piece(t, len, *last);
	}
	return hub_db_end(t->db, rc, t->err);
}

/* Whole now, unless the case has it already. */
static int seal(struct transit *t, const struct hub_blob_spec *spec, struct hub_blob *out)
{
	int rc = hub_db_one(t->db, &out->id, t->err,
			    "SELECT id FROM blob WHERE case_id = ? AND owner = ? AND sha256 = ?"
			    " AND state = ?",
			    "itzi", spec->case_id, spec->owner, out->sha, (int64_t)WHOLE);

	out->there = rc == HUB_OK;
	if (rc == HUB_OK)
		return hub_blob_remove(t->s, t->id, t->err);
	if (rc != HUB_END)
		return rc;
	out->id = t->id;
	return hub_db_run(t->db, t->err,
			  "UPDATE blob SET state = ?, bytes = ?, sha256 = ?, pieces = ?"
			  " WHERE id = ?",
			  "iizii", (int64_t)WHOLE, (int64_t)t->bytes, out->sha, t->pieces, t->id);
}

static int end_put(struct transit *t, const struct hub_blob_spec *spec, struct hub_blob *out)
{
	int rc = end_sha(t, out->sha);

	if (!rc && spec->sha && strcmp(spec->sha, out->sha) != 0)
		rc = hub_fail(t->err, HUB_RETRY, "changed-while-reading",
			      "the file was changed while it was read");
	if (rc || (rc = hub_db_begin(t->db, t->err)))
		return rc;
	out->bytes = t->bytes;
	return hub_db_end(t->db, seal(t, spec, out), t->err);
}

/* A failed put leaves nothing; when even that fails the next one clears. */
static void take_back(struct transit *t)
{
	struct hub_err second;

	if (t->id && hub_db_begin(t->db, &second) == HUB_OK)
		(void)hub_db_end(t->db, hub_blob_remove(t->s, t->id, &second), &second);
}

int hub_blob_put(struct hub_store *s, const struct hub_blob_spec *spec, int fd,
		 struct hub_blob *out, struct hub_err *err)
{
	struct transit t;
	int last = 0;
	int rc = transit_open(&t, s, err);

	*out = (struct hub_blob){
	    .case_id = spec->case_id, .type = spec->type, .telltale = spec->telltale};
	if (!rc)
		rc = begin_put(&t, spec);
	while (!rc && !last)
		rc = put_some(&t, spec, fd, &last);
	if (!rc)
		rc = end_put(&t, spec, out);
	if (rc)
		take_back(&t);
	transit_close(&t);
	return rc;
}

/* --- out ------------------------------------------------------------------------------------------------ */

static int damaged(const struct transit *t, const char *what)
{
	const int rc = hub_fail(t->err, HUB_INTEGRITY, "blob-damaged", what, (long long)t->id);

	hub_hint(t->err, "Restore the last backup of the store; nothing of it was given out.");
	return rc;
}

static int read_head(struct hub_arena *a, struct hub_db *db, int64_t id, struct hub_blob *out,
		     int64_t *pieces, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT case_id, type, telltale, bytes, sha256, pieces FROM blob"
			      " WHERE id = ? AND state = ?",
			      "ii", id, (int64_t)WHOLE);

	*out = (struct hub_blob){.id = id};
	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return hub_fail(err, HUB_USAGE, "no-such-file", "there is no file %lld",
				(long long)id);
	out->case_id = hub_db_int(q, 0);
	out->type = hub_db_dup(a, q, 1);
	out->telltale = (int)hub_db_int(q, 2);
	out->bytes = (uint64_t)hub_db_int(q, 3);
	const struct hub_str sha = hub_db_str(q, 4);
	if (sha.len == HUB_BLOB_HEX - 1)
		memcpy(out->sha, sha.ptr, sha.len);
	*pieces = hub_db_int(q, 5);
	return out->type.ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_blob_info(struct hub_arena *a, struct hub_store *s, int64_t id, struct hub_blob *out,
		  struct hub_err *err)
{
	int64_t pieces;

	return read_head(a, hub_store_db(s), id, out, &pieces, err);
}

static int get_piece(struct transit *t, int last, size_t *len)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char text[96];
	int rc = hub_db_query(t->db, &q, t->err,
			      "SELECT content FROM blob_piece WHERE blob_id = ? AND at = ?", "ii",
			      t->id, t->pieces);

	if (rc || (rc = hub_db_next(q, t->err)) < 0)
		return rc;
	const struct hub_str sealed = rc ? (struct hub_str){NULL, 0} : hub_db_str(q, 0);
	if (!sealed.ptr || sealed.len > HUB_BLOB_PIECE + HUB_SEAL_MORE)
		return damaged(t, HUB_N("a piece of file %lld is missing"));
	return hub_unseal(t->cipher, t->key, bound_to(t, last, text), sealed, t->plain, len)
		   ? damaged(t, HUB_N("file %lld is not what was stored"))
		   : HUB_OK;
}

static int get_all(struct transit *t, const struct hub_blob *b, int64_t pieces, hub_blob_take take,
		   void *to)
{
	char sha[HUB_BLOB_HEX];
	size_t len = 0;
	int rc = HUB_OK;

	for (; t->pieces < pieces && !rc; t->pieces++) {
		if ((rc = get_piece(t, t->pieces + 1 == pieces, &len)))
			return rc;
		hub_sha_add(t->sha, t->plain, len);
		t->bytes += len;
		rc = take(to, (struct hub_str){(const char *)t->plain, len}, t->err);
	}
	if (rc || (rc = end_sha(t, sha)))
		return rc;
	return pieces > 0 && t->bytes == b->bytes && !strcmp(sha, b->sha)
		   ? HUB_OK
		   : damaged(t, HUB_N("file %lld is not what was stored"));
}

int hub_blob_get(struct hub_store *s, struct hub_str keys, int64_t id, hub_blob_take take, void *to,
		 struct hub_err *err)
{
	struct hub_blob b;
	struct transit t;
	int64_t pieces = 0;
	int rc = transit_open(&t, s, err);

	t.id = id;
	if (!rc)
		rc = read_head(t.a, t.db, id, &b, &pieces, err);
	if (!rc) {
		const struct hub_case_lock lock = {t.a, t.db, keys, b.case_id};
		rc = hub_case_key(&lock, 0, t.key, err);
	}
	if (!rc)
		rc = get_all(&t, &b, pieces, take, to);
	transit_close(&t);
	return rc;
}
