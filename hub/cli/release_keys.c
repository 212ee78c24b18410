/* tsunagi release keys: the secret keys of recipients, as far as they may be seen. */
#include "cli/release_cli.h"
#include "release/audit.h"
#include "release/recipient.h"

int hub_release_reason(struct hub_release_cli *r)
{
	if (r->reason && *r->reason)
		return HUB_OK;
	const int rc = hub_fail(r->cli->err, HUB_USAGE, "reason-missing", "why is not said");
	hub_hint(r->cli->err, "Give --reason \"...\": it goes to the audit log.");
	return rc;
}

static int list(struct hub_release_cli *r, const char *path)
{
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	struct hub_keyring ring;
	int rc = hub_keyring_read(r->cli->arena, path, &ring, r->cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "recipient", HUB_N("recipient"), 0);
	hub_table_col(t, "number", HUB_N("number"), 1);
	hub_table_col(t, "day", HUB_N("drawn on"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	for (uint32_t i = 0; i < ring.n; i++) {
		const struct hub_key *k = &ring.key[i];
		if ((rc = hub_out_recipient(r->cli, t, &r->names, k->recipient)))
			return rc;
		hub_table_id(t, k->number);
		hub_table_str(t, k->day);
		hub_table_puts(t, hub_keyring_find(&ring, k->recipient, 0) == k
				      ? hub_tr("in use")
				      : hub_tr("kept for deletions"));
	}
	return hub_out_table(r->cli, t, r->format);
}

/* The log knows of the new key before there is one. */
static int rotate(struct hub_release_cli *r, const char *path)
{
	const struct hub_str recipient = hub_str_of(r->second);
	HUB_AUTO(buf) struct hub_buf b;
	struct hub_keyring ring;
	int64_t last = 0, known = 0;
	int rc;

	hub_audit_begin(&b);
	if ((rc = hub_release_reason(r)) ||
	    (rc = hub_recipient_last_key(r->db, recipient, &last, r->cli->err)) ||
	    (rc = hub_keyring_read(r->cli->arena, path, &ring, r->cli->err)) ||
	    (rc = hub_db_one(r->db, &known, r->cli->err,
			     "SELECT count(*) FROM release WHERE recipient = ?", "t", recipient)))
		return rc;
	if (!known && !hub_keyring_find(&ring, recipient, 0)) {
		rc = hub_fail(r->cli->err, HUB_USAGE, "no-key",
			      "recipient \"%.*s\" has no key and has got nothing yet",
			      HUB_FMT(recipient));
		hub_hint(r->cli->err, "`tsunagi release keys list` lists them.");
		return rc;
	}
	hub_json_field(&b, "reason", hub_str_of(r->reason));
	if ((rc = hub_audit_end(r->db, r->who.name, "key-rotate", recipient, &b, r->cli->err)) ||
	    (rc = hub_keyring_next(r->cli->arena, path, recipient, last, &ring, r->cli->err)))
		return rc;
	printf(hub_tr("recipient %.*s: key %lld is in use from the next release on\n"),
	       HUB_FMT(recipient), (long long)hub_keyring_find(&ring, recipient, 0)->number);
	return HUB_OK;
}

int hub_release_keys(struct hub_release_cli *r)
{
	const char *path = hub_work_keys(r->cli, r->keys, r->store);
	int rc;

	if (!path) {
		rc = hub_fail(r->cli->err, HUB_CONF, "keys-missing",
			      "where the keys of recipients are is not said");
		hub_hint(r->cli->err,
			 "Set TSUNAGI_KEYS, or keys = \"FILE\" in the configuration; the file "
			 "is made by the first release.");
		return rc;
	}
	if (!r->operand || (!r->second && strcmp(r->operand, "list") == 0))
		return list(r, path);
	if (r->second && strcmp(r->operand, "rotate") == 0)
		return rotate(r, path);
	rc = hub_fail(r->cli->err, HUB_USAGE, "usage",
		      "release keys wants list, or rotate and a recipient");
	hub_hint(r->cli->err, "`tsunagi release --help` shows examples.");
	return rc;
}
