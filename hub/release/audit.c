#include "release/audit.h"

#include "base/clock.h"

enum { CLOCKS_DIFFER = 300 }; /* s, of the machines that share a store */
enum { ROW_LIMIT = 1 << 20, DETAIL_LIMIT = 1 << 16 };

struct row {
	int64_t seq, at;
	struct hub_str actor, action, object, detail;
};

static void put_part(struct hub_buf *b, struct hub_str s)
{
	hub_buf_printf(b, "%zu:", s.len);
	hub_buf_str(b, s);
}

/* Lengths stand before the texts: no two rows have the same bytes. */
static int hash_row(const struct row *r, const uint8_t prev[HUB_SHA256], uint8_t out[HUB_SHA256],
		    struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, ROW_LIMIT);
	hub_buf_add(&b, prev, HUB_SHA256);
	hub_buf_printf(&b, "%lld:%lld:", (long long)r->seq, (long long)r->at);
	put_part(&b, r->actor);
	put_part(&b, r->action);
	put_part(&b, r->object);
	put_part(&b, r->detail);
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), out))
		return hub_fail_mem(err);
	return HUB_OK;
}

static struct hub_str bytes(const uint8_t sha[HUB_SHA256])
{
	return (struct hub_str){(const char *)sha, HUB_SHA256};
}

/* "NUMBER HASH" as keep_head() writes it, and in no other way. */
static int read_head(struct hub_str text, int64_t *seq, uint8_t hash[HUB_SHA256])
{
	struct hub_str number;
	char again[24];

	hub_str_next(&text, ' ', &number);
	const struct hub_str hex = text;
	if (hub_parse_i64(number, 1, INT64_MAX, seq) || hex.len != HUB_AUDIT_HEX - 1)
		return -1;
	snprintf(again, sizeof again, "%lld", (long long)*seq);
	if (!hub_str_is(number, again))
		return -1;
	return hub_unhex(hex, hash);
}

static int stop(int rc, struct hub_err *err)
{
	hub_hint(err, "Stop releases (`tsunagi release stop`) and compare with a backup.");
	return rc;
}

static int headless(struct hub_err *err)
{
	return stop(hub_fail(err, HUB_INTEGRITY, "audit-head-broken",
			     "audit log: the head that is kept beside it was altered"),
		    err);
}

/* Number and hash of the last row, as they are kept beside the log: if rows at the end are gone, the next one is
 * still the next one, and the gap stays. 0 and zeros before the first one. */
static int last_row(struct hub_db *db, int64_t *seq, uint8_t hash[HUB_SHA256], struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, "SELECT value FROM meta WHERE name = 'audit_head'", "");

	*seq = 0;
	memset(hash, 0, HUB_SHA256);
	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_OK)
		return read_head(hub_db_str(q, 0), seq, hash) ? headless(err) : HUB_OK;
	rc = hub_db_one(db, seq, err, "SELECT seq FROM audit ORDER BY seq DESC LIMIT 1", "");
	return rc == HUB_END ? HUB_OK : rc ? rc : headless(err);
}

/* The head is kept a second time, so that rows cut off at the end are missed. */
static int keep_head(struct hub_db *db, int64_t seq, const uint8_t hash[HUB_SHA256],
		     struct hub_err *err)
{
	char hex[HUB_AUDIT_HEX], text[HUB_AUDIT_HEX + 24];

	hub_hex(hash, HUB_SHA256, hex);
	snprintf(text, sizeof text, "%lld %s", (long long)seq, hex);
	return hub_db_run(db, err,
			  "INSERT INTO meta (name, value) VALUES ('audit_head', ?)"
			  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			  "z", text);
}

/* The latest time that the log has seen: a clock that was set back is known by it. */
static int keep_latest(struct hub_db *db, int64_t at, struct hub_err *err)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)at);
	return hub_db_run(db, err,
			  "INSERT INTO meta (name, value) VALUES ('audit_latest', ?)"
			  " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
			  " WHERE CAST(meta.value AS BIGINT) < CAST(excluded.value AS BIGINT)",
			  "z", text);
}

static int append(struct hub_db *db, struct row *r, struct hub_err *err)
{
	uint8_t prev[HUB_SHA256], hash[HUB_SHA256];
	int rc = hub_db_log(db, err);

	if (rc || (rc = last_row(db, &r->seq, prev, err)))
		return rc;
	r->seq++;
	r->at = hub_now();
	if ((rc = hash_row(r, prev, hash, err)))
		return rc;
	rc =
	    hub_db_run(db, err,
		       "INSERT INTO audit (seq, at, actor, action, object, detail, prev_hash, hash)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		       "iittttbb", r->seq, r->at, r->actor, r->action, r->object, r->detail,
		       bytes(prev), bytes(hash));
	if (!rc)
		rc = keep_latest(db, r->at, err);
	return rc ? rc : keep_head(db, r->seq, hash, err);
}

int hub_audit_clock(struct hub_db *db, struct hub_err *err)
{
	int64_t latest = 0;
	int rc = hub_now_is_given()
		     ? HUB_END
		     : hub_db_one(db, &latest, err,
				  "SELECT CAST(value AS BIGINT) FROM meta WHERE name ="
				  " 'audit_latest' AND NOT EXISTS (SELECT 1 FROM meta"
				  " WHERE name = 'clock')",
				  "");

	if (rc == HUB_END || (!rc && latest - hub_now() <= CLOCKS_DIFFER))
		return HUB_OK;
	if (rc)
		return rc;
	rc = hub_fail(err, HUB_REFUSED, "clock-behind",
		      "by the clock of this machine it is earlier than the audit log says");
	hub_hint(err,
		 "Set the clock right: what was withdrawn since would leave. If it had been ahead "
		 "before: tsunagi release stop, and somebody else: tsunagi release resume.");
	return rc;
}

int hub_audit_clock_right(struct hub_db *db, struct hub_err *err)
{
	return hub_db_run(db, err, "DELETE FROM meta WHERE name = 'audit_latest'", "");
}

int hub_audit_add(struct hub_db *db, struct hub_str actor, const char *action,
		  struct hub_str object, struct hub_str detail, struct hub_err *err)
{
	struct row r = {.actor = actor.ptr ? actor : HUB_STR(""),
			.action = hub_str_of(action),
			.object = object.ptr ? object : HUB_STR(""),
			.detail = detail.len ? detail : HUB_STR("{}")};
	int rc;

	if (db->in_txn)
		return append(db, &r, err);
	if ((rc = db->ops->begin(db, HUB_DB_LOG, err)))
		return rc;
	return hub_db_end(db, append(db, &r, err), err);
}

void hub_audit_begin(struct hub_buf *detail)
{
	hub_buf_init(detail, DETAIL_LIMIT);
	hub_buf_putc(detail, '{');
}

int hub_audit_put(const struct hub_audit_to *to, struct hub_db *db, struct hub_str actor,
		  const char *action, struct hub_str object, struct hub_buf *detail,
		  struct hub_err *err)
{
	hub_buf_putc(detail, '}');
	if (!hub_buf_ok(detail))
		return hub_fail_mem(err);
	return to->put ? to->put(to->arg, action, object, hub_buf_text(detail), err)
		       : hub_audit_add(db, actor, action, object, hub_buf_text(detail), err);
}

int hub_audit_end(struct hub_db *db, struct hub_str actor, const char *action,
		  struct hub_str object, struct hub_buf *detail, struct hub_err *err)
{
	static const struct hub_audit_to at_once = {NULL, NULL};

	return hub_audit_put(&at_once, db, actor, action, object, detail, err);
}

static int broken(int64_t seq, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_INTEGRITY, "audit-broken",
				"audit log: row %lld does not fit the chain", (long long)seq);

	hub_hint(err, "The row was altered, or rows before it are missing. Stop releases "
		      "(`tsunagi release stop`) and compare with a backup.");
	return rc;
}

/* One row against the one before; prev becomes its hash. */
static int check_row(struct hub_query *q, struct hub_audit_state *s, uint8_t prev[HUB_SHA256],
		     struct hub_err *err)
{
	const struct row r = {.seq = hub_db_int(q, 0),
			      .at = hub_db_int(q, 1),
			      .actor = hub_db_str(q, 2),
			      .action = hub_db_str(q, 3),
			      .object = hub_db_str(q, 4),
			      .detail = hub_db_str(q, 5)};
	uint8_t hash[HUB_SHA256];
	int rc;

	if (r.seq != s->seq + 1 || !hub_str_eq(hub_db_str(q, 6), bytes(prev)))
		return broken(s->seq + 1, err);
	if ((rc = hash_row(&r, prev, hash, err)))
		return rc;
	if (!hub_str_eq(hub_db_str(q, 7), bytes(hash)))
		return broken(r.seq, err);
	memcpy(prev, hash, sizeof hash);
	s->seq = r.seq;
	s->rows++;
	hub_hex(hash, sizeof hash, s->head);
	return HUB_OK;
}

/* The head that was kept aside must be the last row. */
static int check_end(struct hub_db *db, const struct hub_audit_state *s, struct hub_err *err)
{
	uint8_t hash[HUB_SHA256];
	char hex[HUB_AUDIT_HEX];
	int64_t seq;
	const int rc = last_row(db, &seq, hash, err);

	if (rc)
		return rc;
	hub_hex(hash, sizeof hash, hex);
	if (seq == s->seq && (!seq || strcmp(hex, s->head) == 0))
		return HUB_OK;
	if (seq <= s->seq)
		return headless(err);
	return stop(hub_fail(err, HUB_INTEGRITY, "audit-cut",
			     "audit log: rows after %lld are missing", (long long)s->seq),
		    err);
}

int hub_audit_verify(struct hub_db *db, struct hub_str head, struct hub_audit_state *out,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	uint8_t prev[HUB_SHA256] = {0};
	int rc = hub_db_walk(db, &q, err,
			     "SELECT seq, at, actor, action, object, detail, prev_hash, hash"
			     " FROM audit ORDER BY seq",
			     "");

	*out = (struct hub_audit_state){0};
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		rc = check_row(q, out, prev, err);
		if (!rc && head.len && hub_str_is(head, out->head))
			out->known = out->seq;
	}
	if (rc < 0)
		return rc;
	if ((rc = check_end(db, out, err)) || (rc = hub_audit_told(db, err)))
		return rc;
	if (!head.len || out->known)
		return HUB_OK;
	rc = hub_fail(err, HUB_INTEGRITY, "audit-head-unknown",
		      "audit log: no row has the head given");
	hub_hint(err, "The chain is sound in itself, but it is not the one of the printout.");
	return rc;
}

int hub_audit_head(struct hub_db *db, struct hub_audit_state *out, struct hub_err *err)
{
	uint8_t hash[HUB_SHA256];

	*out = (struct hub_audit_state){0};
	const int rc = last_row(db, &out->seq, hash, err);
	if (!rc && out->seq)
		hub_hex(hash, sizeof hash, out->head);
	return rc;
}
