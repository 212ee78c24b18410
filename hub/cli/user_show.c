/* tsunagi user list, show, roles. */
#include "cli/out.h"
#include "cli/user.h"

#include "base/clock.h"

/* What a person is today, as one cell: "caseworker K020, auditor". */
static struct hub_str roles_today(struct hub_arena *a, const struct hub_membership *m, uint32_t n,
				  int64_t account, struct hub_str today)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 14);
	for (uint32_t i = 0; i < n; i++) {
		if (m[i].account != account || !hub_membership_is_on(&m[i], today))
			continue;
		hub_buf_printf(&b, "%s%.*s%s%.*s", b.len ? ", " : "", HUB_FMT(m[i].role),
			       m[i].agency.len ? " " : "", HUB_FMT(m[i].agency));
	}
	return b.len ? hub_buf_keep(&b, a) : HUB_STR("");
}

static const char *state_word(const struct hub_account *of)
{
	return hub_tr(of->state == HUB_ACCOUNT_LOCKED ? HUB_N("locked")
		      : !of->password.len             ? HUB_N("without password")
		      : of->must_change               ? HUB_N("temporary password")
						      : HUB_N("open"));
}

int hub_user_list(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_arena *a = u->cli->arena;
	struct hub_table *t = hub_table_new(a, HUB_STR(""));
	struct hub_account *account;
	struct hub_membership *m;
	uint32_t accounts, roles;
	char today[11];
	int rc;

	(void)n;
	(void)argv;
	if ((rc = hub_account_list(a, u->db, &account, &accounts, u->cli->err)) ||
	    (rc = hub_membership_list(a, u->db, 0, &m, &roles, u->cli->err)))
		return rc;
	hub_day_text(hub_today(), today);
	hub_table_col(t, "login", HUB_N("login"), 0);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "staff_no", HUB_N("staff no."), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "roles", HUB_N("roles today"), 0);
	hub_table_col(t, "totp", HUB_N("second factor"), 0);
	hub_table_col(t, "seen", HUB_N("last login"), 0);
	for (uint32_t i = 0; i < accounts; i++) {
		hub_table_str(t, account[i].login);
		hub_table_str(t, account[i].name);
		hub_table_str(t, account[i].staff_no);
		hub_table_puts(t, state_word(&account[i]));
		hub_table_str(t, roles_today(a, m, roles, account[i].id, hub_str_of(today)));
		hub_table_puts(t, account[i].has_totp ? "totp" : "");
		hub_table_time(t, account[i].seen_at);
	}
	return hub_out_table(u->cli, t, u->format);
}

int hub_user_show(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_table *t = hub_table_new(u->cli->arena, HUB_STR(""));
	struct hub_account of;
	struct hub_membership *m;
	uint32_t roles;
	char today[11];
	int rc = hub_user_account(u, n, argv, &of);

	if (rc || (rc = hub_membership_list(u->cli->arena, u->db, of.id, &m, &roles, u->cli->err)))
		return rc;
	hub_day_text(hub_today(), today);
	fprintf(stderr, "%.*s  %.*s  %s%s\n", HUB_FMT(of.login), HUB_FMT(of.name), state_word(&of),
		of.has_totp ? "  totp" : "");
	hub_table_col(t, "number", HUB_N("no."), 1);
	hub_table_col(t, "role", HUB_N("role"), 0);
	hub_table_col(t, "agency", HUB_N("agency"), 0);
	hub_table_col(t, "from", HUB_N("from"), 0);
	hub_table_col(t, "to", HUB_N("until"), 0);
	hub_table_col(t, "networks", HUB_N("networks"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	for (uint32_t i = 0; i < roles; i++) {
		hub_table_id(t, m[i].id);
		hub_table_str(t, m[i].role);
		hub_table_str(t, m[i].agency);
		hub_table_str(t, m[i].from);
		hub_table_str(t, m[i].to);
		hub_table_str(t, m[i].networks);
		hub_table_puts(t, hub_tr(hub_membership_is_on(&m[i], hub_str_of(today))
					     ? HUB_N("in force")
					     : HUB_N("not in force")));
	}
	return hub_out_table(u->cli, t, u->format);
}

int hub_user_roles(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_table *t = hub_table_new(u->cli->arena, HUB_STR(""));

	(void)n;
	(void)argv;
	hub_table_col(t, "role", HUB_N("role"), 0);
	hub_table_col(t, "label", HUB_N("label"), 0);
	hub_table_col(t, "may", HUB_N("may"), 0);
	hub_table_col(t, "second_factor", HUB_N("second factor"), 0);
	hub_table_col(t, "days", HUB_N("days at most"), 1);
	hub_table_col(t, "networks", HUB_N("networks"), 0);
	for (uint32_t i = 0; i < u->roles.n; i++) {
		const struct hub_role *r = &u->roles.role[i];
		HUB_AUTO(buf) struct hub_buf b;
		hub_buf_init(&b, 1 << 14);
		for (uint32_t k = 0; k < r->n_may; k++)
			hub_buf_printf(&b, "%s%.*s", k ? " " : "", HUB_FMT(r->may[k]));
		hub_table_str(t, r->name);
		hub_table_str(t, r->label);
		hub_table_str(t, hub_buf_text(&b));
		hub_table_puts(t, hub_tr(r->second_factor ? HUB_N("needed") : HUB_N("not needed")));
		if (r->days)
			hub_table_int(t, r->days);
		else
			hub_table_puts(t, "");
		hub_table_str(t, r->networks);
	}
	return hub_out_table(u->cli, t, u->format);
}
