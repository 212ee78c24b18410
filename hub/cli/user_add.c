/* tsunagi user add, and how passwords come in. */
#include "cli/sign_in.h"
#include "cli/user.h"

#include "serve/password.h"

#include <unistd.h>

static int take_login(struct hub_user_cli *u, int n, char **argv, struct hub_str *login)
{
	if (n != 1)
		return hub_fail(u->cli->err, HUB_USAGE, "login-missing",
				"one login name is wanted here");
	*login = hub_str_of(argv[0]);
	return HUB_OK;
}

int hub_user_account(struct hub_user_cli *u, int n, char **argv, struct hub_account *out)
{
	struct hub_str login;
	const int rc = take_login(u, n, argv, &login);

	return rc ? rc : hub_account_need(u->cli->arena, u->db, login, out, u->cli->err);
}

static int read_password(struct hub_user_cli *u, struct hub_str *out)
{
	struct hub_str again;
	int rc;

	if ((rc = hub_prompt_secret(u->cli, hub_tr("password: "), out)) || !isatty(STDIN_FILENO))
		return rc;
	if ((rc = hub_prompt_secret(u->cli, hub_tr("once more: "), &again)))
		return rc;
	return hub_str_eq(*out, again) ? HUB_OK
				       : hub_fail(u->cli->err, HUB_USAGE, "password-differs",
						  "the two passwords are not the same");
}

int hub_user_new_password(struct hub_user_cli *u, const struct hub_account *of,
			  struct hub_str *encoded)
{
	const struct hub_str words[] = {of->login, of->name,
					hub_str_of(u->agency ? u->agency : "")};
	struct hub_arena *a = u->cli->arena;
	struct hub_str password;
	int rc;

	if (u->temporary) {
		if ((rc = hub_password_draw(a, &password, u->cli->err)))
			return rc;
		printf("%.*s\n", HUB_FMT(password));
		fprintf(stderr, "%s\n",
			hub_tr("This password is shown once; it has to be changed at the first "
			       "login."));
		return hub_password_hash(a, password, encoded, u->cli->err);
	}
	if ((rc = read_password(u, &password)) ||
	    (rc = hub_password_check(a, password, words, HUB_COUNT(words), u->cli->err)))
		return rc;
	return hub_password_hash(a, password, encoded, u->cli->err);
}

/* --- add -------------------------------------------------------------------------------------- */

struct hub_membership hub_user_membership(const struct hub_user_cli *u,
					  const struct hub_account *of)
{
	return (struct hub_membership){.account = of->id,
				       .login = of->login,
				       .role = hub_user_text(u->role),
				       .agency = hub_user_text(u->agency),
				       .from = hub_user_text(u->from),
				       .to = hub_user_text(u->until),
				       .networks = hub_user_text(u->networks)};
}

static int add_both(struct hub_user_cli *u, struct hub_account *of)
{
	struct hub_membership m = hub_user_membership(u, of);
	int64_t number;
	int rc = hub_account_add(u->db, of, u->actor, &m.account, u->cli->err);

	return rc ? rc
		  : hub_membership_add(u->cli->arena, u->db, &u->roles, &m, u->actor, &number,
				       u->cli->err);
}
int hub_user_add(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_account of = {.staff_no = hub_user_text(u->staff),
				 .name = hub_user_text(u->name),
				 .must_change = u->temporary};
	int rc = take_login(u, n, argv, &of.login);

	if (rc)
		return rc;
	/* all or nothing: a role that cannot be given leaves no account behind */
	const struct hub_membership m = hub_user_membership(u, &of);
	if ((rc = hub_account_check(u->db, &of, u->cli->err)) ||
	    (rc = hub_membership_check(u->db, &u->roles, &m, u->cli->err)) ||
	    (rc = hub_user_new_password(u, &of, &of.password)) || (rc = add_both(u, &of)))
		return rc;
	if (hub_roles_find(&u->roles, m.role)->second_factor)
		fprintf(stderr,
			hub_tr("This role needs a second factor: `tsunagi user totp %.*s`, or a "
			       "certificate of the agency's device.\n"),
			HUB_FMT(of.login));
	return HUB_OK;
}
