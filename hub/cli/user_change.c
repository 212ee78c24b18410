/* tsunagi user password, lock, unlock, sign-out, role, expire. */
#include "cli/user.h"

#include "serve/tokens.h"

int hub_user_password(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_account of;
	struct hub_str encoded;
	int rc = hub_user_account(u, n, argv, &of);

	if (rc || (rc = hub_user_new_password(u, &of, &encoded)))
		return rc;
	return hub_account_set_password(u->db, &of, encoded, u->temporary, 0, u->actor,
					u->cli->err);
}

/* A token is a program's and goes on without who made it, who may still know it. */
static int warn_of_tokens(struct hub_user_cli *u, const struct hub_account *of)
{
	struct hub_token *t;
	uint32_t n;
	const int rc = hub_token_list(u->cli->arena, u->db, &t, &n, u->cli->err);

	for (uint32_t i = 0; !rc && i < n; i++)
		if (t[i].account == of->id && !t[i].ended_at)
			fprintf(stderr,
				hub_tr("The token %.*s (%.*s), which they made, goes on.\n"),
				HUB_FMT(t[i].prefix), HUB_FMT(t[i].name));
	return rc;
}

int hub_user_lock(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_account of;
	int rc = hub_user_account(u, n, argv, &of);

	if (rc ||
	    (rc = hub_account_lock(u->db, &of, hub_user_text(u->reason), u->actor, u->cli->err)))
		return rc;
	return warn_of_tokens(u, &of);
}

int hub_user_unlock(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_account of;
	const int rc = hub_user_account(u, n, argv, &of);

	return rc ? rc : hub_account_unlock(u->db, &of, u->actor, u->cli->err);
}

int hub_user_sign_out(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_account of;
	const int rc = hub_user_account(u, n, argv, &of);

	return rc ? rc : hub_account_sign_out(u->db, &of, u->actor, u->cli->err);
}

int hub_user_role(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_account of;
	int64_t number;
	int rc = hub_user_account(u, n, argv, &of);

	if (rc)
		return rc;
	if (u->end) {
		rc = hub_cli_id(u->cli, u->end, &number);
		return rc ? rc : hub_membership_end(u->db, &of, number, u->actor, u->cli->err);
	}
	const struct hub_membership m = hub_user_membership(u, &of);
	return hub_membership_add(u->cli->arena, u->db, &u->roles, &m, u->actor, &number,
				  u->cli->err);
}

/* Every role that has not ended by then. */
int hub_user_expire(struct hub_user_cli *u, int n, char **argv)
{
	const struct hub_str day = hub_user_text(u->until);
	struct hub_account of;
	struct hub_membership *m;
	uint32_t roles;
	int rc = hub_user_account(u, n, argv, &of);

	if (rc || (rc = hub_account_day(day, u->cli->err)) ||
	    (rc = hub_membership_list(u->cli->arena, u->db, of.id, &m, &roles, u->cli->err)))
		return rc;
	for (uint32_t i = 0; i < roles && !rc; i++)
		if (!m[i].ended_at && hub_str_cmp(m[i].from, day) <= 0 &&
		    (!m[i].to.len || hub_str_cmp(day, m[i].to) < 0))
			rc = hub_membership_until(u->db, &u->roles, &m[i], day, u->actor,
						  u->cli->err);
	return rc;
}
