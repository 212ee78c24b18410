/* tsunagi user token: what programs sign in with. */
#include "cli/out.h"
#include "cli/sign_in.h"
#include "cli/user.h"

#include "serve/tokens.h"

static int list_tokens(struct hub_user_cli *u)
{
	struct hub_table *t = hub_table_new(u->cli->arena, HUB_STR(""));
	struct hub_token *k;
	uint32_t n;
	const int rc = hub_token_list(u->cli->arena, u->db, &k, &n, u->cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "prefix", HUB_N("token"), 0);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "agency", HUB_N("agency"), 0);
	hub_table_col(t, "may", HUB_N("may"), 0);
	hub_table_col(t, "to", HUB_N("until"), 0);
	hub_table_col(t, "used", HUB_N("last used"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_str(t, k[i].prefix);
		hub_table_str(t, k[i].name);
		hub_table_str(t, k[i].agency);
		hub_table_str(t, k[i].may);
		hub_table_str(t, k[i].to);
		hub_table_str(t, k[i].used_on);
		hub_table_puts(t, hub_tr(k[i].ended_at ? HUB_N("ended") : HUB_N("in force")));
	}
	return hub_out_table(u->cli, t, u->format);
}

/* "a,b" -> "a b". */
static struct hub_str with_blanks(struct hub_arena *a, const char *list)
{
	char *text = hub_arena_cstr(a, hub_user_text(list));

	for (char *c = text; c && *c; c++)
		if (*c == ',')
			*c = ' ';
	return hub_str_of(text);
}

/* Whose it is; nobody's unless --account signs in. */
static int find_owner(struct hub_user_cli *u, int64_t *account)
{
	const struct hub_sign_in in = {.account = u->account,
				       .roles = u->roles_file,
				       .keys = hub_work_keys(u->cli, u->keys, u->store_url)};
	struct hub_actor who = {0};
	const int rc = hub_sign_in(u->cli, u->db, &in, HUB_MAY_SIGNED, &who);

	*account = who.account;
	if (who.account)
		u->actor = who.name;
	return rc;
}

static int add_token(struct hub_user_cli *u)
{
	struct hub_token of = {.name = hub_user_text(u->name),
			       .agency = hub_user_text(u->agency),
			       .may = with_blanks(u->cli->arena, u->may),
			       .networks = hub_user_text(u->networks),
			       .to = hub_user_text(u->until)};
	struct hub_str secret;
	int rc = of.may.ptr ? find_owner(u, &of.account) : hub_fail_mem(u->cli->err);

	if (rc || (rc = hub_token_add(u->cli->arena, u->db, &of, u->actor, &secret, u->cli->err)))
		return rc;
	printf("%.*s\n", HUB_FMT(secret));
	fprintf(stderr, "%s\n", hub_tr("This token is shown once."));
	return HUB_OK;
}

int hub_user_token(struct hub_user_cli *u, int n, char **argv)
{
	if (n == 0 || (n == 1 && strcmp(argv[0], "list") == 0))
		return list_tokens(u);
	if (n == 1 && strcmp(argv[0], "add") == 0)
		return add_token(u);
	if (n == 2 && strcmp(argv[0], "end") == 0)
		return hub_token_end(u->db, hub_str_of(argv[1]), u->actor, u->cli->err);
	return hub_fail(u->cli->err, HUB_USAGE, "bad-word",
			"token wants list, add, or end and the beginning of one");
}
