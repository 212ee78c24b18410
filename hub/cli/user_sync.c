/* tsunagi user sync: accounts as the staff list of today has them. */
#include "cli/out.h"
#include "cli/user.h"

#include "base/clock.h"
#include "serve/staff_sync.h"

static const char *const words[] = {
    [HUB_SYNC_NEW] = HUB_N("new"),
    [HUB_SYNC_MOVE] = HUB_N("moves"),
    [HUB_SYNC_LEFT] = HUB_N("left: is locked"),
    [HUB_SYNC_BACK] = HUB_N("locked, but in the list: unlock by hand"),
    [HUB_SYNC_UNKNOWN] = HUB_N("not in the list: look"),
};

static int apply(const struct hub_sync *all, const struct hub_sync_step *s, const char **done,
		 struct hub_err *err)
{
	const int rc = hub_sync_apply(all, s, err);

	*done = hub_tr(rc == HUB_OK ? HUB_N("done") : HUB_N("left as it is"));
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_user_sync(struct hub_user_cli *u, int n, char **argv)
{
	struct hub_table *t = hub_table_new(u->cli->arena, HUB_STR(""));
	char today[11];
	struct hub_sync all = {.a = u->cli->arena,
			       .store = u->store,
			       .roles = &u->roles,
			       .day = {today, 10},
			       .role = hub_user_text(u->role),
			       .actor = u->actor};
	int rc;

	(void)n;
	(void)argv;
	hub_day_text(hub_today(), today);
	rc = hub_sync_plan(&all, u->cli->err);
	if (!rc && !u->dry && !u->confirm)
		rc = hub_sync_brake(&all, u->cli->err);
	if (rc)
		return rc;
	hub_table_col(t, "staff_no", HUB_N("staff no."), 0);
	hub_table_col(t, "login", HUB_N("login"), 0);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "what", HUB_N("what"), 0);
	hub_table_col(t, "from", HUB_N("from agency"), 0);
	hub_table_col(t, "to", HUB_N("to agency"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	for (uint32_t i = 0; i < all.n && !rc; i++) {
		const struct hub_sync_step *s = &all.step[i];
		const char *done = hub_tr("proposed");
		if (!u->dry && (rc = apply(&all, s, &done, u->cli->err)))
			break;
		hub_table_str(t, s->account.staff_no);
		hub_table_str(t, s->account.login);
		hub_table_str(t, s->account.name);
		hub_table_puts(t, hub_tr(words[s->kind]));
		hub_table_str(t, s->from.agency.ptr ? s->from.agency : HUB_STR(""));
		hub_table_str(t, s->agency.ptr ? s->agency : HUB_STR(""));
		hub_table_puts(t, done);
	}
	const int printed = hub_out_table(u->cli, t, u->format);
	return rc ? rc : printed;
}
