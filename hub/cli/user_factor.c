/* tsunagi user totp, device. */
#include "cli/out.h"
#include "cli/user.h"

#include "base/io.h"
#include "serve/factor.h"

int hub_user_totp(struct hub_user_cli *u, int n, char **argv)
{
	const char *keys = hub_work_keys(u->cli, u->keys, u->store_url);
	struct hub_enrolment e;
	struct hub_account account;
	const struct hub_factor_of of = {u->cli->arena, u->db, keys, &account};
	int rc = hub_user_account(u, n, argv, &account);

	if (rc)
		return rc;
	if (u->off)
		return hub_factor_remove(u->db, &account, u->actor, u->cli->err);
	if ((rc = hub_factor_enrol(&of, u->actor, &e, u->cli->err)))
		return rc;
	printf("%.*s\n%.*s\n", HUB_FMT(e.key), HUB_FMT(e.uri));
	for (size_t i = 0; i < HUB_RECOVERY_CODES; i++)
		printf("%.*s\n", HUB_FMT(e.recovery[i]));
	fprintf(stderr, "%s\n",
		hub_tr("The key for the authenticator, the same as an address for a QR code, and "
		       "codes that work once each when it is lost. They are shown once."));
	return HUB_OK;
}

/* --- devices ---------------------------------------------------------------------------------- */

static int fingerprint(struct hub_user_cli *u, const char *path, struct hub_str *out)
{
	struct hub_str pem;
	int rc = hub_file_read(u->cli->arena, path, 1 << 20, &pem, u->cli->err);

	if (!rc && (rc = hub_device_fingerprint(u->cli->arena, pem, out, u->cli->err)))
		hub_where(u->cli->err, "%s", path);
	return rc;
}

static int list_devices(struct hub_user_cli *u)
{
	struct hub_table *t = hub_table_new(u->cli->arena, HUB_STR(""));
	struct hub_device *d;
	uint32_t n;
	const int rc = hub_device_list(u->cli->arena, u->db, &d, &n, u->cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "number", HUB_N("no."), 1);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "agency", HUB_N("agency"), 0);
	hub_table_col(t, "fingerprint", HUB_N("fingerprint"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_id(t, d[i].id);
		hub_table_str(t, d[i].name);
		hub_table_str(t, d[i].agency);
		hub_table_str(t, d[i].fingerprint);
		hub_table_puts(t, hub_tr(d[i].ended_at ? HUB_N("ended") : HUB_N("in force")));
	}
	return hub_out_table(u->cli, t, u->format);
}

int hub_user_device(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_device of = {.agency = hub_user_text(u->agency), .name = hub_user_text(u->name)};
	int64_t number;
	int rc;

	if (n == 0 && u->end) {
		rc = hub_cli_id(u->cli, u->end, &number);
		return rc ? rc : hub_device_end(u->db, number, u->actor, u->cli->err);
	}
	if (n == 0 || (n == 1 && strcmp(argv[0], "list") == 0))
		return list_devices(u);
	if (n != 2 || strcmp(argv[0], "add") != 0)
		return hub_fail(u->cli->err, HUB_USAGE, "bad-word",
				"device wants list, add and a certificate, or --end");
	rc = fingerprint(u, argv[1], &of.fingerprint);
	return rc ? rc : hub_device_add(u->db, &of, u->actor, u->cli->err);
}
