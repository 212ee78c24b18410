/* SQL as SQLite wants it; the PostgreSQL driver puts its own words for types (db_pg_sql.c). Times
 * are seconds since 1970 UTC, hashes of rows 16 bytes, SHA-256 hex where people read it. */
#include "store/migrations.h"

#include "base/clock.h"

static const char core[] =
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) STRICT;"
    /* Ids are given out here and never twice, also after a row is gone. */
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;"
    "INSERT INTO counter VALUES ('record', 1), ('shared', 1), ('sync', 0);"
    "CREATE TABLE system (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE feed (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " system_id INTEGER NOT NULL) STRICT;"
    "CREATE TABLE run (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, feed_id INTEGER NOT NULL,"
    " system_id INTEGER NOT NULL, input TEXT, content TEXT, bytes INTEGER, mapping TEXT, schema "
    "TEXT,"
    " actor TEXT, state INTEGER NOT NULL, lookup INTEGER, \"full\" INTEGER, pid INTEGER,"
    " begun_at INTEGER NOT NULL, ended_at INTEGER, undoes INTEGER, undone_by INTEGER,"
    " counts TEXT, findings TEXT) STRICT;"
    "CREATE INDEX run_feed ON run (feed_id, id);"
    /* The ledger: what each chunk was and which records it saw; each hash covers the one before. */
    "CREATE TABLE chunk (run_id INTEGER NOT NULL, seq INTEGER NOT NULL, chunk_id BLOB NOT NULL,"
    " byte INTEGER NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL,"
    " first_row INTEGER NOT NULL, pos BLOB, seen BLOB, shared BLOB, at INTEGER NOT NULL,"
    " undone INTEGER NOT NULL DEFAULT 0, hash BLOB NOT NULL, PRIMARY KEY (run_id, seq)) STRICT;"
    "CREATE TABLE record (id INTEGER PRIMARY KEY, feed_id INTEGER NOT NULL, key TEXT NOT NULL,"
    " hash BLOB NOT NULL, run_id INTEGER NOT NULL, row INTEGER NOT NULL, line INTEGER NOT NULL,"
    " byte INTEGER NOT NULL, state INTEGER NOT NULL, refs BLOB, raw BLOB) STRICT;"
    "CREATE UNIQUE INDEX record_key ON record (feed_id, key);"
    "CREATE TABLE reject (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL, row INTEGER NOT NULL,"
    " line INTEGER NOT NULL, byte INTEGER NOT NULL, len INTEGER NOT NULL, part INTEGER NOT NULL,"
    " key TEXT, code TEXT NOT NULL, col TEXT, reason TEXT, raw BLOB,"
    " status INTEGER NOT NULL DEFAULT 0, solved_by INTEGER) STRICT;"
    "CREATE INDEX reject_run ON reject (run_id);"
    /* Row before a run changed it, once for each run and row; entity '' is the record itself. */
    "CREATE TABLE history (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL, entity TEXT NOT NULL,"
    " row_id INTEGER NOT NULL, record_id INTEGER, op INTEGER NOT NULL, before BLOB,"
    " hash_before BLOB, hash_after BLOB, undone INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE UNIQUE INDEX history_run ON history (run_id, entity, row_id);"
    "CREATE INDEX history_row ON history (entity, row_id);"
    "CREATE TABLE vanished (run_id INTEGER NOT NULL, record_id INTEGER NOT NULL,"
    " PRIMARY KEY (run_id, record_id)) STRICT;"
    "CREATE TABLE shared_latest (row_id INTEGER PRIMARY KEY, value TEXT) STRICT;";

static const char people[] =
    /* One link says: a and b are the same person. Taken back, never deleted. */
    "CREATE TABLE person_link (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL,"
    " rule TEXT NOT NULL, run_id INTEGER, state INTEGER NOT NULL, actor TEXT NOT NULL,"
    " at INTEGER NOT NULL, ended_by TEXT, ended_at INTEGER, reason TEXT) STRICT;"
    "CREATE UNIQUE INDEX person_link_pair ON person_link (a, b, rule) WHERE state = 1;"
    "CREATE INDEX person_link_b ON person_link (b);"
    /* Closure of the links in force: lowest person id of the group. Persons alone are not here. */
    "CREATE TABLE person_identity (person_id INTEGER PRIMARY KEY, identity INTEGER NOT NULL) "
    "STRICT;"
    "CREATE INDEX person_identity_of ON person_identity (identity);"
    "CREATE TABLE link_candidate (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL,"
    " rule TEXT NOT NULL, run_id INTEGER, state INTEGER NOT NULL, actor TEXT, at INTEGER NOT NULL,"
    " reason TEXT) STRICT;"
    "CREATE UNIQUE INDEX link_candidate_pair ON link_candidate (a, b);"
    /* What a person decided about a text; start and end in code points. */
    "CREATE TABLE correction (id INTEGER PRIMARY KEY, entity TEXT NOT NULL, row_id INTEGER NOT "
    "NULL,"
    " field TEXT NOT NULL, action TEXT NOT NULL, start INTEGER, stop INTEGER, type TEXT,"
    " person_id INTEGER, text_hash BLOB, who TEXT NOT NULL, why TEXT, at INTEGER NOT NULL,"
    " ended_at INTEGER, ended_by TEXT) STRICT;"
    "CREATE INDEX correction_row ON correction (entity, row_id);";

static const char outward[] =
    "CREATE TABLE approval (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " hash TEXT NOT NULL, author TEXT NOT NULL, approver TEXT, at INTEGER NOT NULL,"
    " approved_at INTEGER, ended_at INTEGER, ended_by TEXT, content TEXT) STRICT;"
    "CREATE INDEX approval_hash ON approval (kind, hash);"
    "CREATE TABLE release (id INTEGER PRIMARY KEY, profile TEXT NOT NULL, profile_hash TEXT NOT "
    "NULL,"
    " recipient TEXT NOT NULL, purpose TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,"
    " ended_at INTEGER, state INTEGER NOT NULL, target TEXT, rows INTEGER, content TEXT,"
    " counts TEXT, reason TEXT, day INTEGER) STRICT;"
    /* Recipients that get nothing (a perpetrator's side); person NULL: about nobody. */
    "CREATE TABLE bar (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, person_id INTEGER,"
    " actor TEXT NOT NULL, reason TEXT, at INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT) "
    "STRICT;"
    "CREATE TABLE release_item (release_id INTEGER NOT NULL, entity TEXT NOT NULL,"
    " row_id INTEGER NOT NULL, person_id INTEGER, decision TEXT, hash BLOB,"
    " PRIMARY KEY (release_id, entity, row_id)) STRICT;"
    "CREATE INDEX release_item_row ON release_item (entity, row_id);"
    "CREATE TABLE recipient_key (recipient TEXT PRIMARY KEY, key BLOB NOT NULL,"
    " at INTEGER NOT NULL) STRICT;"
    /* detail is JSON without values; hash covers all columns and prev_hash. */
    "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL,"
    " action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT, prev_hash BLOB NOT NULL,"
    " hash BLOB NOT NULL) STRICT;";

/* How the input of a run was laid out (JSON), to write its rejects back in its own form. */
static const char layouts[] =
    "CREATE TABLE layout (run_id INTEGER PRIMARY KEY, layout TEXT NOT NULL) STRICT;";

/* Who a corrected span is, by the roster's id: also people that only a relation names. */
static const char corrections[] = "ALTER TABLE correction ADD COLUMN person TEXT;";

/* What people said about sharing, recorded here and never changed: the run says who recorded it and when,
 * and can be taken back like any other. Dates as text, like those of cc_consent. */
static const char consents[] =
    "CREATE TABLE consent_entry (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL,"
    " person_id INTEGER NOT NULL, recipient TEXT NOT NULL, category TEXT NOT NULL,"
    " purpose TEXT NOT NULL, status TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT,"
    " given_by TEXT, form TEXT, reason TEXT NOT NULL) STRICT;"
    "CREATE INDEX consent_entry_person ON consent_entry (person_id);";

/* Under which of its recipient's keys a release made its pseudonyms. The keys are outside of the store;
 * recipient_key holds what older versions kept here until the next release takes it out. */
static const char key_numbers[] = "ALTER TABLE release ADD COLUMN key_number INTEGER;";

/* 異動 (store/resident.h). before holds no value of the registry; former holds what older texts may speak
 * of: names, addresses, households that people of a case had. */
static const char residents[] =
    "CREATE TABLE resident_event (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL,"
    " person_id INTEGER NOT NULL, kind TEXT NOT NULL, area TEXT NOT NULL, happened_on TEXT,"
    " before TEXT, reverses INTEGER, reversed_by INTEGER, at INTEGER NOT NULL, done_at INTEGER,"
    " done_by TEXT, note TEXT) STRICT;"
    "CREATE INDEX resident_event_person ON resident_event (person_id);"
    "CREATE TABLE former (person_id INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,"
    " household_id INTEGER, run_id INTEGER NOT NULL, PRIMARY KEY (person_id, kind, value)) STRICT;";

/* What a recipient holds about a person that has withdrawn. state: 1 open, 2 sent, 3 done. */
static const char recalls[] =
    "CREATE TABLE recall (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL,"
    " person_id INTEGER NOT NULL, run_id INTEGER NOT NULL, purpose TEXT NOT NULL,"
    " upto INTEGER NOT NULL, due TEXT NOT NULL, made_at INTEGER NOT NULL, state INTEGER NOT NULL,"
    " sent_with INTEGER, ended_at INTEGER, ended_by TEXT, note TEXT) STRICT;"
    "CREATE INDEX release_item_person ON release_item (person_id);";

/* What two accounts decide together: the first asks, the second makes it count.
 * emergency: one agency may see one person for some hours. protection_act: what "protect" (which counts at
 * once) or "clear" says beside the feeds; ended, never deleted. */
static const char by_two[] =
    "CREATE TABLE emergency (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL,"
    " person_id INTEGER NOT NULL, ground TEXT NOT NULL, reason TEXT NOT NULL,"
    " hours INTEGER NOT NULL, asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL,"
    " confirmed_by TEXT, confirmed_at INTEGER, until INTEGER, ended_by TEXT, ended_at INTEGER)"
    " STRICT;"
    "CREATE TABLE protection_act (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL,"
    " what TEXT NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,"
    " second TEXT, second_at INTEGER, ended_at INTEGER, ended_by TEXT) STRICT;";

/* Figures of a month as they were submitted: one row per definition; hash covers figures, which are one
 * "measure breakdown code count" a line. */
static const char closes[] =
    "CREATE TABLE stats_close (id INTEGER PRIMARY KEY, month TEXT NOT NULL,"
    " definition TEXT NOT NULL, definition_hash TEXT NOT NULL, figures TEXT NOT NULL,"
    " hash TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL, reopened_at INTEGER,"
    " reopened_by TEXT, reason TEXT) STRICT;"
    "CREATE UNIQUE INDEX stats_close_month ON stats_close (month, definition)"
    " WHERE reopened_at IS NULL;";

/* Of whom else a row that left showed something: people it names, members of a household. */
static const char others[] =
    "CREATE TABLE release_other (release_id INTEGER NOT NULL, entity TEXT NOT NULL,"
    " row_id INTEGER NOT NULL, person_id INTEGER NOT NULL,"
    " PRIMARY KEY (release_id, entity, row_id, person_id)) STRICT;"
    "CREATE INDEX release_other_person ON release_other (person_id);";

/* Who may come in, and as what (serve/accounts.h). Days are texts, both ends inclusive; nothing is deleted that
 * an audit entry names. Secrets that are only compared are kept as hashes; totp is sealed with a key outside
 * of the store. login_slot has a fixed number of rows, by a keyed hash of what was typed. */
static const char accounts[] =
    "CREATE TABLE account (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " staff_no TEXT, state INTEGER NOT NULL, reason TEXT, password TEXT, password_at INTEGER,"
    " must_change INTEGER NOT NULL, totp BLOB, totp_step INTEGER NOT NULL DEFAULT 0,"
    " made_at INTEGER NOT NULL, made_by TEXT NOT NULL, seen_at INTEGER) STRICT;"
    "CREATE UNIQUE INDEX account_staff ON account (staff_no) WHERE staff_no IS NOT NULL;"
    "CREATE TABLE membership (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL,"
    " agency TEXT NOT NULL, role TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT,"
    " networks TEXT NOT NULL, made_at INTEGER NOT NULL, made_by TEXT NOT NULL, ended_at INTEGER,"
    " ended_by TEXT) STRICT;"
    "CREATE INDEX membership_account ON membership (account_id);"
    "CREATE TABLE recovery_code (account_id INTEGER NOT NULL, hash BLOB NOT NULL, used_at INTEGER,"
    " PRIMARY KEY (account_id, hash)) STRICT;"
    "CREATE TABLE device (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE,"
    " agency TEXT NOT NULL, name TEXT NOT NULL, made_at INTEGER NOT NULL, made_by TEXT NOT NULL,"
    " ended_at INTEGER, ended_by TEXT) STRICT;"
    "CREATE TABLE session (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE,"
    " account_id INTEGER NOT NULL, membership_id INTEGER NOT NULL, begun_at INTEGER NOT NULL,"
    " seen_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, locked INTEGER NOT NULL,"
    " address TEXT NOT NULL) STRICT;"
    "CREATE INDEX session_account ON session (account_id);"
    "CREATE TABLE draft (session_id INTEGER NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,"
    " at INTEGER NOT NULL, PRIMARY KEY (session_id, name)) STRICT;"
    "CREATE TABLE token (id INTEGER PRIMARY KEY, prefix TEXT NOT NULL UNIQUE, hash BLOB NOT NULL,"
    " name TEXT NOT NULL, account_id INTEGER, agency TEXT NOT NULL, may TEXT NOT NULL,"
    " networks TEXT NOT NULL, valid_to TEXT NOT NULL, made_at INTEGER NOT NULL,"
    " made_by TEXT NOT NULL, used_on TEXT, ended_at INTEGER, ended_by TEXT) STRICT;"
    "CREATE TABLE login_slot (slot INTEGER PRIMARY KEY, failures INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL) STRICT;";

/* Files that belong to a case (release/blob.h): encrypted with the case's own key, which is wrapped by a key
 * outside of the store; pieces carry nonce and tag. state: 1 being written, 2 whole. wrapped NULL: the key
 * was destroyed, and with it what it opens. */
static const char blobs[] =
    "CREATE TABLE case_key (case_id INTEGER PRIMARY KEY, wrapped BLOB, site_key INTEGER NOT NULL,"
    " at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE blob (id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, owner TEXT NOT NULL,"
    " type TEXT NOT NULL, telltale INTEGER NOT NULL, bytes INTEGER, sha256 TEXT, pieces INTEGER,"
    " state INTEGER NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX blob_content ON blob (case_id, owner, sha256) WHERE state = 2;"
    "CREATE TABLE blob_piece (blob_id INTEGER NOT NULL, at INTEGER NOT NULL,"
    " content BLOB NOT NULL, PRIMARY KEY (blob_id, at)) STRICT;";

/* What modules need of the core (serve/service.h): which of their tables are made, when their timers are
 * due, what happened (serve/events.h) and up to where each of them has heard, files they keep. */
static const char modules[] =
    "CREATE TABLE service_migration (area TEXT NOT NULL, number INTEGER NOT NULL,"
    " hash TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (area, number)) STRICT;"
    "CREATE TABLE service_timer (area TEXT NOT NULL, name TEXT NOT NULL, due INTEGER NOT NULL,"
    " PRIMARY KEY (area, name)) STRICT;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, type INTEGER NOT NULL, run_id INTEGER NOT NULL,"
    " entity TEXT, name TEXT, case_no TEXT, at INTEGER NOT NULL, origin TEXT) STRICT;"
    "CREATE INDEX event_run ON event (run_id);"
    "CREATE TABLE event_place (name TEXT PRIMARY KEY, upto INTEGER NOT NULL) STRICT;"
    "CREATE TABLE service_file (id INTEGER PRIMARY KEY, area TEXT NOT NULL,"
    " case_id INTEGER NOT NULL, head BLOB NOT NULL, content BLOB NOT NULL, at INTEGER NOT NULL,"
    " actor TEXT NOT NULL) STRICT;"
    "CREATE INDEX service_file_case ON service_file (case_id);";

/* Accounts behind what two people decide together; NULL: a login name of the machine (release/actor.h). */
static const char by_account[] = "ALTER TABLE approval ADD COLUMN author_account INTEGER;"
				 "ALTER TABLE approval ADD COLUMN approver_account INTEGER;"
				 "ALTER TABLE emergency ADD COLUMN asked_account INTEGER;"
				 "ALTER TABLE emergency ADD COLUMN confirmed_account INTEGER;"
				 "ALTER TABLE protection_act ADD COLUMN account INTEGER;"
				 "ALTER TABLE protection_act ADD COLUMN second_account INTEGER;";

/* Figures that a recipient was given with small counts guarded (release/stats_given.h): what was counted, what was shown
 * last (NULL: never), and the definitions they came from, as they were. */
static const char given[] =
    "CREATE TABLE stats_given (recipient TEXT NOT NULL, cell TEXT NOT NULL, period TEXT NOT NULL,"
    " count INTEGER NOT NULL, shown INTEGER, at INTEGER NOT NULL,"
    " PRIMARY KEY (recipient, cell, period)) STRICT;"
    "CREATE TABLE stats_given_set (recipient TEXT NOT NULL, hash TEXT NOT NULL, name TEXT NOT NULL,"
    " content TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (recipient, hash)) STRICT;";

/* Privacy classes (bits, 1 << enum hub_fclass) of which a row that left showed something open, and of which a recall
 * is; NULL: all, from before they were kept. */
static const char classes[] = "ALTER TABLE release_item ADD COLUMN classes INTEGER;"
			      "ALTER TABLE release_other ADD COLUMN classes INTEGER;"
			      "ALTER TABLE recall ADD COLUMN classes INTEGER;";

/* What an ended run says, and the end of its ledger, under one hash (run_seal.c). */
static const char seals[] = "ALTER TABLE run ADD COLUMN seal BLOB;"
			    "INSERT INTO meta (name, value) SELECT 'sealed_from',"
			    " CAST(coalesce(max(id), 0) + 1 AS TEXT) FROM run;";

/* Who shared a household with somebody is asked of each client; the registry fills the table. */
static const char former_homes[] = "CREATE INDEX former_household ON former (household_id);";

/* Shared rows whose value may be of a record that does not say it any more (store/unsettled.c). settled_run: the run
 * that heard the others again. */
static const char unsettled[] =
    "CREATE TABLE unsettled (row_id INTEGER NOT NULL, run_id INTEGER NOT NULL,"
    " settled_run INTEGER, PRIMARY KEY (row_id, run_id)) STRICT;";

/* The run's mapping says who is under display restriction, and brings no cases: a file of restrictions (people_lists.c). */
static const char restricting[] = "ALTER TABLE run ADD COLUMN restricts INTEGER;";

/* The measures (rows of cc_protection) that two people knew of when they lifted the restriction of somebody: it says nothing of
 * others, also when those come with a record that is linked later. */
static const char lifted[] =
    "CREATE TABLE protection_lifted (id INTEGER PRIMARY KEY, act_id INTEGER NOT NULL,"
    " row_id INTEGER NOT NULL) STRICT;"
    "CREATE INDEX protection_lifted_row ON protection_lifted (row_id);";

/* People of whom something left, whose rows an undo removed: who comes again under that key is the same, for a recall. */
static const char gone_people[] =
    "CREATE TABLE gone_person (row_id INTEGER PRIMARY KEY, system_id INTEGER NOT NULL,"
    " key TEXT NOT NULL) STRICT;"
    "CREATE INDEX gone_person_key ON gone_person (system_id, key);";

/* Whether somebody was asked for already is looked up for each of those who withdraw. */
static const char recalled[] = "CREATE INDEX recall_person ON recall (person_id);";

/* What was begun over a network is looked up for each of those who withdraw. */
static const char begun[] =
    "CREATE INDEX audit_begun ON audit (object) WHERE action = 'release-begun';";

static const char *const scripts[] = {
    core,        people,     outward,     layouts,  corrections, consents,     key_numbers,
    residents,   recalls,    closes,      by_two,   others,      accounts,     blobs,
    modules,     by_account, given,       classes,  seals,       former_homes, unsettled,
    restricting, lifted,     gone_people, recalled, begun};

static int version_of(struct hub_db *db, int64_t *version, struct hub_err *err)
{
	int rc = hub_db_run(db, err,
			    "CREATE TABLE IF NOT EXISTS migration"
			    " (number INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT",
			    "");
	if (!rc)
		rc = hub_db_one(db, version, err, "SELECT coalesce(max(number), 0) FROM migration",
				"");
	return rc;
}

static int apply(struct hub_db *db, size_t i, struct hub_err *err)
{
	int rc = db->ops->exec(db, scripts[i], err);

	if (!rc)
		rc = hub_db_run(db, err, "INSERT INTO migration VALUES (?, ?)", "ii",
				(int64_t)i + 1, hub_now());
	return rc;
}

static int refuse(int64_t version, int64_t ours, struct hub_err *err)
{
	int rc;

	if (version > ours) {
		rc = hub_fail(err, HUB_CONF, "store-newer",
			      "the store has version %lld, this program knows up to %lld",
			      (long long)version, (long long)ours);
		hub_hint(err, "Use the newer program that wrote it.");
		return rc;
	}
	rc = hub_fail(err, HUB_CONF, "store-older",
		      "the store has version %lld, this program needs %lld", (long long)version,
		      (long long)ours);
	hub_hint(err,
		 "Open it once for writing, for example with tsunagi schema apply --store STORE.");
	return rc;
}

int hub_store_migrate(struct hub_db *db, int create, struct hub_err *err)
{
	const int64_t ours = (int64_t)HUB_COUNT(scripts);
	int64_t version = 0;

	/* A store that is up to date is only read: no waiting for a run that writes. */
	(void)hub_db_one(db, &version, NULL, "SELECT max(number) FROM migration", "");
	if (version == ours)
		return HUB_OK;
	if (version > ours || !create)
		return refuse(version, ours, err);

	/* Two programs may open a new store at the same time: look again and act under one lock. */
	int rc = hub_db_begin(db, err);
	if (rc)
		return rc;
	rc = version_of(db, &version, err);
	if (!rc && version > ours)
		rc = refuse(version, ours, err);
	for (int64_t i = version; !rc && i < ours; i++)
		rc = apply(db, (size_t)i, err);
	return hub_db_end(db, rc, err);
}
