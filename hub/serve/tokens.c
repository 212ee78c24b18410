#include "serve/tokens.h"

#include "base/clock.h"
#include "release/audit.h"
#include "serve/accounts.h"
#include "serve/cidr.h"

enum { PREFIX_BYTES = 4, SECRET_BYTES = 32, PATTERNS_MOST = 64 };

/* --- permissions as one text ------------------------------------------------------------------ */

static int split(struct hub_arena *a, struct hub_str text, const struct hub_str **out, uint32_t *n)
{
	struct hub_str *list = hub_alloc_array(a, PATTERNS_MOST, sizeof *list), piece;

	*n = 0;
	while (list && hub_str_next(&text, ' ', &piece))
		if (piece.len && *n < PATTERNS_MOST)
			list[(*n)++] = piece;
	*out = list;
	return list ? HUB_OK : HUB_FATAL;
}

static int check_may(struct hub_str may, struct hub_err *err)
{
	struct hub_str rest = may, piece;
	unsigned n = 0;
	int rc;

	while (hub_str_next(&rest, ' ', &piece)) {
		if (!piece.len)
			continue;
		n++;
		if (hub_permission_is_pattern(piece))
			continue;
		rc = hub_fail(err, HUB_USAGE, "bad-permission", "\"%.*s\" is not a permission",
			      HUB_FMT(piece));
		hub_hint(err, "Write \"cases.read\", \"chat.*\", \"*.read\" or \"*\".");
		return rc;
	}
	if (n && n <= PATTERNS_MOST)
		return HUB_OK;
	return hub_fail(err, HUB_USAGE, "permission-missing", "a token lists 1 to %d permissions",
			PATTERNS_MOST);
}

/* --- making and ending ------------------------------------------------------------------------ */

static int draw(struct hub_arena *a, struct hub_str *prefix, struct hub_str *secret,
		uint8_t hash[HUB_SHA256], struct hub_err *err)
{
	uint8_t random[PREFIX_BYTES + SECRET_BYTES];
	char hex[2 * sizeof random + 1];

	if (hub_random(random, sizeof random))
		return hub_fail(err, HUB_FATAL, "no-random", "the system gives no random numbers");
	hub_hex(random, sizeof random, hex);
	*prefix = hub_arena_str(a, (struct hub_str){hex, 2 * PREFIX_BYTES});
	*secret = hub_arena_printf(a, "tsg_%.*s_%s", HUB_FMT(*prefix), hex + 2 * PREFIX_BYTES);
	if (!prefix->ptr || !secret->ptr || hub_sha256(*secret, hash))
		return hub_fail_mem(err);
	return HUB_OK;
}

static int insert(struct hub_arena *a, struct hub_db *db, const struct hub_token *of,
		  struct hub_str actor, struct hub_str *secret, struct hub_err *err)
{
	uint8_t hash[HUB_SHA256];
	struct hub_str prefix;
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	int rc = draw(a, &prefix, secret, hash, err);
	if (rc)
		return rc;
	const struct hub_dbval account = {
	    of->account ? HUB_DB_INT : HUB_DB_NULL, of->account, {NULL, 0}};
	rc = hub_db_run(db, err,
			"INSERT INTO token (prefix, hash, name, account_id, agency, may, networks,"
			" valid_to, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			"tbtvttttit", prefix, (struct hub_str){(const char *)hash, sizeof hash},
			of->name, &account, of->agency, of->may, of->networks, of->to, hub_now(),
			actor);
	hub_json_field(&b, "name", of->name);
	hub_json_field(&b, "agency", of->agency);
	hub_json_field(&b, "may", of->may);
	hub_json_field(&b, "to", of->to);
	return rc ? rc : hub_audit_end(db, actor, "token-add", prefix, &b, err);
}

int hub_token_add(struct hub_arena *a, struct hub_db *db, const struct hub_token *of,
		  struct hub_str actor, struct hub_str *secret, struct hub_err *err)
{
	char today[11];
	int rc;

	hub_day_text(hub_today(), today);
	if (!of->name.len)
		return hub_fail(err, HUB_USAGE, "name-missing",
				"the name of the program is missing");
	if ((rc = check_may(of->may, err)) || (rc = hub_account_day(of->to, err)) ||
	    (rc = hub_account_agency(db, of->agency, err)))
		return rc;
	if (hub_str_cmp(of->to, hub_str_of(today)) < 0)
		return hub_fail(err, HUB_USAGE, "bad-date", "the last day is over already");
	if (hub_cidr_list_check(of->networks)) {
		rc = hub_fail(err, HUB_USAGE, "bad-network", "\"%.*s\" is not a network",
			      HUB_FMT(of->networks));
		hub_hint(err, "Write 10.1.0.0/16, 2001:db8::/32 or one address.");
		return rc;
	}
	if ((rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, insert(a, db, of, actor, secret, err), err);
}

static int stop(struct hub_db *db, struct hub_str prefix, struct hub_str actor, struct hub_err *err)
{
	const int rc = hub_db_run(db, err,
				  "UPDATE token SET ended_at = ?, ended_by = ? WHERE prefix = ? AND"
				  " ended_at IS NULL",
				  "itt", hub_now(), actor, prefix);

	if (rc)
		return rc;
	if (db->ops->changes(db) != 1)
		return hub_fail(err, HUB_USAGE, "no-token", "there is no token \"%.*s\"",
				HUB_FMT(prefix));
	return hub_audit_add(db, actor, "token-end", prefix, HUB_STR(""), err);
}

int hub_token_end(struct hub_db *db, struct hub_str prefix, struct hub_str actor,
		  struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, stop(db, prefix, actor, err), err);
}

/* --- reading ---------------------------------------------------------------------------------- */

#define TOKEN_COLUMNS                                                                        \
	"SELECT id, coalesce(account_id, 0), prefix, name, agency, may, networks, valid_to," \
	" used_on, coalesce(ended_at, 0) FROM token"

static int take(struct hub_arena *a, struct hub_query *q, struct hub_token *t, struct hub_err *err)
{
	*t = (struct hub_token){.id = hub_db_int(q, 0),
				.account = hub_db_int(q, 1),
				.prefix = hub_db_text(a, q, 2),
				.name = hub_db_text(a, q, 3),
				.agency = hub_db_text(a, q, 4),
				.may = hub_db_text(a, q, 5),
				.networks = hub_db_text(a, q, 6),
				.to = hub_db_text(a, q, 7),
				.used_on = hub_db_text(a, q, 8),
				.ended_at = hub_db_int(q, 9)};
	return hub_arena_failed(a) ? hub_fail_mem(err) : HUB_OK;
}

int hub_token_list(struct hub_arena *a, struct hub_db *db, struct hub_token **out, uint32_t *n,
		   struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(db, &q, err, TOKEN_COLUMNS " ORDER BY id", "");

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		*out = hub_alloc_more(a, *out, *n, &cap, sizeof **out);
		rc = *out ? take(a, q, &(*out)[(*n)++], err) : hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int find(struct hub_arena *a, struct hub_db *db, struct hub_str secret, struct hub_token *t,
		struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	uint8_t hash[HUB_SHA256];
	int rc;

	if (hub_sha256(secret, hash))
		return hub_fail_mem(err);
	rc = hub_db_query(db, &q, err, TOKEN_COLUMNS " WHERE hash = ?", "b",
			  (struct hub_str){(const char *)hash, sizeof hash});
	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = take(a, q, t, err);
	return rc;
}

static int note_use(struct hub_db *db, const struct hub_token *t, const struct hub_principal *p,
		    struct hub_str today, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	int rc = hub_db_begin(db, err);
	if (rc)
		return rc;
	hub_json_field(&b, "address", p->address);
	rc = hub_db_run(db, err, "UPDATE token SET used_on = ? WHERE id = ?", "ti", today, t->id);
	if (!rc)
		rc = hub_audit_end(db, p->login, "token-use", t->prefix, &b, err);
	return hub_db_end(db, rc, err);
}

int hub_token_read(struct hub_arena *a, struct hub_db *db, struct hub_str secret,
		   struct hub_str address, struct hub_principal *p, struct hub_err *err)
{
	struct hub_token t;
	char day[11];
	int rc;

	*p = (struct hub_principal){0};
	if (!hub_str_starts(secret, HUB_STR("tsg_")))
		return HUB_END;
	if ((rc = find(a, db, secret, &t, err)))
		return rc;
	hub_day_text(hub_today(), day);
	const struct hub_str today = hub_str_of(day);
	if (t.ended_at || hub_str_cmp(t.to, today) < 0)
		return HUB_END;
	if ((rc = hub_agency_is_on(db, t.agency, today, err)) != 1)
		return rc ? rc : HUB_END;
	*p = (struct hub_principal){.account = t.account,
				    .token = t.id,
				    .login = hub_arena_printf(a, "token:%.*s", HUB_FMT(t.prefix)),
				    .name = t.name,
				    .agency = t.agency,
				    .staff = HUB_STR(""),
				    .address = address,
				    .networks = t.networks};
	if (split(a, t.may, &p->may, &p->n_may) || !p->login.ptr)
		return hub_fail_mem(err);
	return hub_str_eq(t.used_on, today) ? HUB_OK : note_use(db, &t, p, today, err);
}
