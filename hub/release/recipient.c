#include "release/recipient.h"

#include "base/hash.h"
#include "text/fold.h"

/* A list of ids that grows. */
struct ids {
	int64_t *at;
	size_t n, cap;
};

static int add_id(struct hub_arena *a, struct ids *l, int64_t id)
{
	int64_t *at = hub_alloc_more(a, l->at, l->n, &l->cap, sizeof *at);

	if (!at)
		return -1;
	l->at = at;
	l->at[l->n++] = id;
	return 0;
}

/* All ids of a query with one text argument. */
static int read_ids(struct hub_arena *a, struct hub_db *db, const char *sql, struct hub_str arg,
		    struct ids *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, sql, "t", arg);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add_id(a, out, hub_db_int(q, 0)))
			return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Another record with the same reading and day of birth, which nobody has linked yet, counts as the person from whom the
 * recipient is barred: another system brought her once more. Unless a person has said that it is somebody else: refused
 * the link, or taken one back (an undo of a run says nothing). */
static int add_alike(struct hub_arena *a, struct hub_db *db, struct hub_str recipient,
		     struct ids *out, struct hub_err *err)
{
	static const char sql[] =
	    "WITH barred AS (SELECT b.person_id AS id, coalesce(i.identity, b.person_id) AS who"
	    " FROM bar b LEFT JOIN person_identity i ON i.person_id = b.person_id"
	    " WHERE b.recipient = ? AND b.person_id IS NOT NULL AND b.ended_at IS NULL),"
	    " hers AS (SELECT id, who FROM barred UNION SELECT s.person_id, s.identity"
	    " FROM barred b JOIN person_identity s ON s.identity = b.who),"
	    " refused AS (SELECT a, b FROM link_candidate WHERE state = 2 UNION SELECT a, b"
	    " FROM person_link WHERE state = 2 AND ended_by <> 'undo')"
	    " SELECT o.id, o.name_kana, p.name_kana FROM hers h JOIN cc_person p ON p.id = h.id"
	    " JOIN cc_person o ON o.birth_date = p.birth_date AND o.id <> p.id"
	    " WHERE NOT EXISTS (SELECT 1 FROM refused r JOIN hers x ON x.who = h.who"
	    " WHERE (r.a = o.id AND r.b = x.id) OR (r.b = o.id AND r.a = x.id))";
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, sql, "t", recipient);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str one = hub_key_kana(a, hub_db_str(q, 1)),
				     other = hub_key_kana(a, hub_db_str(q, 2));
		if (!one.ptr || !other.ptr)
			return hub_fail_mem(err);
		if (one.len && hub_str_eq(one, other) && add_id(a, out, hub_db_int(q, 0)))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* What cannot be read as a date ends the contract. */
static void narrow(struct hub_period *p, struct hub_str from, struct hub_str to)
{
	int32_t day;

	if (from.len)
		p->from = hub_day_parse(from, &day) ? HUB_DAY_LAST : day > p->from ? day : p->from;
	if (to.len)
		p->to = hub_day_parse(to, &day) ? HUB_DAY_FIRST : day < p->to ? day : p->to;
}

static int read_contracts(struct hub_db *db, struct hub_recipient *r, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT contract_from, contract_to, agency_state FROM cc_agency"
			      " WHERE key = ? AND record_id IS NOT NULL",
			      "t", r->id);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str state = hub_db_str(q, 2);
		narrow(&r->contract, hub_db_str(q, 0), hub_db_str(q, 1));
		if (hub_str_is(state, "ended") || hub_str_is(state, "stopped"))
			r->contract = HUB_NEVER;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- its key ------------------------------------------------------------------------------------------ */

int hub_recipient_last_key(struct hub_db *db, struct hub_str recipient, int64_t *number,
			   struct hub_err *err)
{
	return hub_db_one(db, number, err,
			  "SELECT coalesce(max(key_number), 0) FROM release WHERE recipient = ?",
			  "t", recipient);
}

/* A key that an older version kept in the store; *there 0: none. */
static int read_kept(struct hub_db *db, struct hub_str recipient, uint8_t *bytes, int *there,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, "SELECT key FROM recipient_key WHERE recipient = ?", "t",
			      recipient);

	*there = 0;
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_str key = hub_db_str(q, 0);
	if (key.len != HUB_KEY_BYTES)
		return hub_fail(err, HUB_INTEGRITY, "key-broken",
				"the key of recipient \"%.*s\" is damaged", HUB_FMT(recipient));
	memcpy(bytes, key.ptr, HUB_KEY_BYTES);
	*there = 1;
	return HUB_OK;
}

static int no_key(const char *path, struct hub_str recipient, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_INTEGRITY, "keys-lost",
				"recipient \"%.*s\" has had a key that is not in the key file",
				HUB_FMT(recipient));

	hub_where(err, "%s", path);
	hub_hint(err,
		 "Take the file back from a backup. If it is lost: tsunagi release keys rotate "
		 "%.*s --reason TEXT; the recipient then knows everybody under another pseudonym.",
		 HUB_FMT(recipient));
	return rc;
}

/* The first key of a recipient: the one that the store kept, else a new one. The file is on the disk
 * before the store lets go of it. */
static int first_key(struct hub_arena *a, struct hub_db *db, const char *path,
		     struct hub_str recipient, struct hub_keyring *ring, struct hub_err *err)
{
	uint8_t kept[HUB_KEY_BYTES];
	int64_t last = 0;
	int there, rc;

	if ((rc = read_kept(db, recipient, kept, &there, err)) ||
	    (rc = hub_recipient_last_key(db, recipient, &last, err)))
		return rc;
	if (last && !there)
		return no_key(path, recipient, err);
	rc = hub_keyring_first(a, path, recipient, there ? kept : NULL, ring, err);
	return rc || !there ? rc
			    : hub_db_run(db, err, "DELETE FROM recipient_key WHERE recipient = ?",
					 "t", recipient);
}

/* What the store knows a key by, and nobody can tell the key from. */
static int name_check(struct hub_arena *a, struct hub_str recipient, const struct hub_key *key,
		      struct hub_str *name, char value[2 * HUB_SHA256 + 1])
{
	uint8_t mac[HUB_SHA256];

	if (hub_hmac((struct hub_str){(const char *)key->bytes, HUB_KEY_BYTES}, HUB_STR("check"),
		     mac))
		return -1;
	hub_hex(mac, sizeof mac, value);
	*name =
	    hub_arena_printf(a, "key_check %lld %.*s", (long long)key->number, HUB_FMT(recipient));
	return name->ptr ? 0 : -1;
}

int hub_recipient_keep_key(struct hub_arena *a, struct hub_db *db,
			   const struct hub_recipient_facts *r, struct hub_err *err)
{
	const struct hub_key *key = hub_keyring_find(&r->keys, r->gate.id, r->key_number);
	char value[2 * HUB_SHA256 + 1];
	struct hub_str name;

	if (!key)
		return HUB_OK;
	if (name_check(a, r->gate.id, key, &name, value))
		return hub_fail_mem(err);
	return hub_db_run(db, err,
			  "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
			  "tz", name, value);
}

/* Of another file's key of the same number nobody has been told, and one key for two recipients would join what they got. */
static int check_key(struct hub_arena *a, struct hub_db *db, const char *path,
		     struct hub_str recipient, const struct hub_keyring *ring,
		     const struct hub_key *key, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char value[2 * HUB_SHA256 + 1];
	struct hub_str name;
	int rc, other = 0;

	for (uint32_t i = 0; i < ring->n; i++)
		other |= !hub_str_eq(ring->key[i].recipient, recipient) &&
			 memcmp(ring->key[i].bytes, key->bytes, HUB_KEY_BYTES) == 0;
	if (name_check(a, recipient, key, &name, value))
		return hub_fail_mem(err);
	if ((rc = hub_db_query(db, &q, err, "SELECT value FROM meta WHERE name = ?", "t", name)) ||
	    (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (!other && (rc == HUB_END || hub_str_is(hub_db_str(q, 0), value)))
		return HUB_OK;
	rc = hub_fail(err, HUB_INTEGRITY, "keys-other",
		      "the key of recipient \"%.*s\" in the key file is not its own",
		      HUB_FMT(recipient));
	hub_where(err, "%s", path);
	hub_hint(err, "Is it the key file of this store? Take it back from a backup.");
	return rc;
}

static int read_key(struct hub_arena *a, struct hub_db *db, struct hub_str keys,
		    struct hub_recipient_facts *r, struct hub_err *err)
{
	const char *path = hub_arena_cstr(a, keys);
	const struct hub_key *key;
	struct hub_keyring ring;
	int64_t last = 0;
	int rc;

	if (keys.len == 0) {
		rc = hub_fail(err, HUB_CONF, "keys-missing",
			      "where the keys of recipients are is not said");
		hub_hint(err, "Set TSUNAGI_KEYS, or keys = \"FILE\" in the configuration; the file "
			      "is made by the first release.");
		return rc;
	}
	if (!path)
		return hub_fail_mem(err);
	if ((rc = hub_keyring_read(a, path, &ring, err)))
		return rc;
	if (!hub_keyring_find(&ring, r->gate.id, 0) &&
	    (rc = first_key(a, db, path, r->gate.id, &ring, err)))
		return rc;
	if ((rc = hub_recipient_last_key(db, r->gate.id, &last, err)))
		return rc;
	key = hub_keyring_find(&ring, r->gate.id, 0);
	if (!key || key->number < last)
		return no_key(path, r->gate.id, err);
	if ((rc = check_key(a, db, path, r->gate.id, &ring, key, err)))
		return rc;
	memcpy(r->key, key->bytes, HUB_KEY_BYTES);
	r->key_number = key->number;
	r->keys = ring;
	return HUB_OK;
}

int hub_recipient_known(struct hub_arena *a, struct hub_db *db, const struct hub_recipient *base,
			struct hub_recipient_facts *out, struct hub_err *err)
{
	static const char about[] =
	    "SELECT person_id FROM bar WHERE recipient = ? AND person_id IS NOT NULL"
	    " AND ended_at IS NULL";
	struct hub_recipient *r = &out->gate;
	struct ids agencies = {0}, from = {0};
	int64_t bars = 0;
	int rc;

	*out = (struct hub_recipient_facts){.gate = *base};
	if ((rc = read_contracts(db, r, err)) ||
	    (rc = hub_db_one(db, &bars, err,
			     "SELECT count(*) FROM bar WHERE recipient = ? AND person_id IS NULL"
			     " AND ended_at IS NULL",
			     "t", r->id)) ||
	    (rc = read_ids(a, db, "SELECT id FROM cc_agency WHERE key = ?", r->id, &agencies,
			   err)) ||
	    (rc = read_ids(a, db, about, r->id, &from, err)) ||
	    (from.n && (rc = add_alike(a, db, r->id, &from, err))))
		return rc;
	out->agencies = agencies.at;
	out->n_agencies = (uint32_t)agencies.n;
	out->barred_from = from.at;
	out->n_barred_from = (uint32_t)from.n;
	r->barred |= bars > 0;
	return HUB_OK;
}

int hub_recipient_read(struct hub_arena *a, struct hub_db *db, const struct hub_profile *profile,
		       struct hub_str keys, struct hub_recipient_facts *out, struct hub_err *err)
{
	const struct hub_recipient base = {
	    .id = profile->recipient, .known = 1, .contract = profile->contract};
	const int rc = hub_recipient_known(a, db, &base, out, err);

	return rc ? rc : read_key(a, db, keys, out, err);
}

int hub_recipient_is(const struct hub_recipient_facts *r, int64_t agency)
{
	for (uint32_t i = 0; agency && i < r->n_agencies; i++)
		if (r->agencies[i] == agency)
			return 1;
	return 0;
}

int hub_recipient_is_barred(const struct hub_recipient_facts *r, struct hub_people *people,
			    const struct hub_person_facts *f)
{
	for (uint32_t i = 0; i < r->n_barred_from; i++) {
		const int64_t who = hub_people_identity(people, r->barred_from[i]);
		for (uint32_t k = 0; k < f->n_household; k++)
			if (f->members[k] == who)
				return 1;
	}
	return 0;
}

void hub_recipient_bar(const struct hub_recipient_facts *r, struct hub_people *people,
		       struct hub_text_person *p, uint32_t n)
{
	int64_t member;

	for (uint32_t i = 0; i < n; i++) {
		p[i].barred = 0;
		for (uint32_t k = 0; k < p[i].n_household; k++)
			for (uint32_t b = 0; b < r->n_barred_from; b++)
				p[i].barred |=
				    hub_parse_i64(p[i].household[k].id, 1, INT64_MAX, &member) ==
					0 &&
				    member == hub_people_identity(people, r->barred_from[b]);
	}
}
