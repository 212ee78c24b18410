#include "release/actor.h"

static const char *by_word(enum hub_actor_by by)
{
	static const char *const words[] = {[HUB_BY_LOGIN_NAME] = "login-name",
					    [HUB_BY_PASSWORD] = "password",
					    [HUB_BY_CODE] = "password+code",
					    [HUB_BY_TOKEN] = "token",
					    [HUB_BY_SESSION] = "session"};

	return words[by];
}

void hub_actor_json(struct hub_buf *b, const struct hub_actor *who)
{
	hub_json_field(b, "by", hub_str_of(by_word(who->by)));
}

static int has_accounts(struct hub_db *db, int *yes, struct hub_err *err)
{
	int64_t n = 0;
	const int rc =
	    hub_db_one(db, &n, err, "SELECT count(*) FROM account WHERE password IS NOT NULL", "");

	*yes = n > 0;
	return rc;
}

int hub_actor_opens(struct hub_db *db, const struct hub_actor *who, struct hub_err *err)
{
	int yes = 0, rc = HUB_OK;

	if (who->account || (rc = has_accounts(db, &yes, err)) || !yes)
		return rc;
	rc = hub_fail(err, HUB_REFUSED, "sign-in-needed",
		      "this store has accounts: a login name of the machine is not enough here");
	hub_hint(err, "Sign in with --account LOGIN, or --token FILE.");
	return rc;
}

int hub_actor_same(const struct hub_actor *who, struct hub_str first, int64_t first_account)
{
	return hub_str_eq(who->name, first) || (who->account && who->account == first_account);
}

static int same_person(struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REFUSED, "same-person",
				"the first of the two steps was made by the same person");

	hub_hint(err, "Somebody else must make the second one.");
	return rc;
}

int hub_actor_second(struct hub_db *db, const struct hub_actor *who, struct hub_str first,
		     int64_t first_account, struct hub_err *err)
{
	int rc = hub_actor_opens(db, who, err);

	if (rc)
		return rc;
	if (hub_actor_same(who, first, first_account))
		return same_person(err);
	if (!who->account || first_account)
		return HUB_OK;
	rc = hub_fail(err, HUB_REFUSED, "first-unsigned",
		      "the first of the two steps was made under a login name, before there were "
		      "accounts");
	hub_hint(err, "Let the first step be made again, signed in with --account LOGIN.");
	return rc;
}

int hub_actor_reopens(struct hub_db *db, const struct hub_actor *who, struct hub_str closed_by,
		      struct hub_err *err)
{
	const int rc = hub_actor_opens(db, who, err);

	return rc ? rc : hub_actor_same(who, closed_by, 0) ? same_person(err) : HUB_OK;
}
