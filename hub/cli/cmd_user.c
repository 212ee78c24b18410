/* tsunagi user: accounts of people, tokens of programs. Passwords are read from the terminal or from stdin. */
#include "cli/user.h"

#include "cli/out.h"

struct verb {
	const char *name;
	int (*run)(struct hub_user_cli *u, int n, char **argv); /* argv: behind the verb */
};

static const struct verb verbs[] = {
    {"add", hub_user_add},           {"list", hub_user_list},         {"show", hub_user_show},
    {"roles", hub_user_roles},       {"password", hub_user_password}, {"lock", hub_user_lock},
    {"unlock", hub_user_unlock},     {"role", hub_user_role},         {"expire", hub_user_expire},
    {"sign-out", hub_user_sign_out}, {"totp", hub_user_totp},         {"device", hub_user_device},
    {"token", hub_user_token},       {"sync", hub_user_sync},
};

static int open_all(struct hub_user_cli *u, const char *local)
{
	int rc;

	u->actor = hub_work_actor(u->cli);
	if ((rc = hub_work_roles(u->cli, u->roles_file, &u->roles)) ||
	    (rc = hub_work_open(u->cli, local, u->store_url, HUB_OPEN_CREATE, &u->store)))
		return rc;
	u->db = hub_store_db(u->store);
	return HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct hub_user_cli u = {.cli = cli};
	const char *local = NULL;
	const struct hub_arg args[] = {
	    {"name", "NAME", &u.name, NULL, HUB_N("name of the person, or of the program")},
	    {"role", "ROLE", &u.role, NULL,
	     HUB_N("what they are; `tsunagi user roles` lists them")},
	    {"agency", "KEY", &u.agency, NULL,
	     HUB_N("for which agency (default: the municipality itself)")},
	    {"staff", "NO", &u.staff, NULL, HUB_N("staff number in the staff list")},
	    {"from", "DAY", &u.from, NULL, HUB_N("first day of the role (default: today)")},
	    {"until", "DAY", &u.until, NULL, HUB_N("last day of the role, of the token")},
	    {"network", "LIST", &u.networks, NULL,
	     HUB_N("networks from which it may be used: 10.1.0.0/16, 2001:db8::/32")},
	    {"temporary", NULL, NULL, &u.temporary,
	     HUB_N("draw a password that has to be changed at the first login")},
	    {"may", "LIST", &u.may, NULL,
	     HUB_N("token: what it may, such as cases.read,search.read")},
	    {"account", "LOGIN", &u.account, NULL, HUB_N("token: of this person, who signs in")},
	    {"end", "NUMBER", &u.end, NULL, HUB_N("role, device: end this one")},
	    {"reason", "TEXT", &u.reason, NULL, HUB_N("lock: why")},
	    {"off", NULL, NULL, &u.off, HUB_N("totp: without it from now on")},
	    {"dry-run", NULL, NULL, &u.dry, HUB_N("sync: show what would change, change nothing")},
	    {"confirm", NULL, NULL, &u.confirm,
	     HUB_N("sync: also when many would be locked, or the last administrator")},
	    {"keys", "FILE", &u.keys, NULL,
	     HUB_N("totp: file of secret keys (default: TSUNAGI_KEYS, or beside the store)")},
	    HUB_ARG_STORE(&u.store_url),
	    {"roles", "FILE", &u.roles_file, NULL,
	     HUB_N("the site's own roles (default: roles.cfg)")},
	    HUB_ARG_FORMAT(&u.format),
	    HUB_ARG_SCHEMA(&local),
	    HUB_ARG_END,
	};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_user, args, argc, argv, &n)))
		return rc;
	for (size_t i = 0; n > 0 && i < HUB_COUNT(verbs); i++) {
		if (strcmp(argv[0], verbs[i].name) != 0)
			continue;
		rc = open_all(&u, local);
		if (!rc && u.roles_file)
			rc = hub_roles_tell(cli->arena, u.db, u.roles_file, u.actor, argv[0],
					    cli->err);
		if (!rc)
			rc = verbs[i].run(&u, n - 1, argv + 1);
		hub_store_close(u.store);
		return rc;
	}
	rc = hub_fail(cli->err, HUB_USAGE, "bad-word", "what to do with accounts is not said");
	hub_hint(cli->err, "`tsunagi user --help` shows examples.");
	return rc;
}

const struct hub_cmd hub_cmd_user = {
    .name = "user",
    .summary = HUB_N("accounts of people, roles, second factors, tokens of programs"),
    .usage =
	"add|show|password|lock|unlock|role|expire|totp|sign-out LOGIN | list | roles | sync | "
	"token add|list|end | device add|list",
    .help = HUB_N("The password is asked for, or read from stdin when that is no terminal.\n"
		  "examples:\n"
		  "  tsunagi user add admin --name 'Yamazaki Megumi' --role admin\n"
		  "  tsunagi user totp admin               (key and recovery codes, shown once)\n"
		  "  tsunagi user add tanaka --name 'Tanaka' --role minsei --until 2028-11-30 "
		  "--temporary\n"
		  "  tsunagi user role admin --role auditor    (one more; --end 2 ends number 2)\n"
		  "  tsunagi user token add --name front --may cases.read,search.read --until "
		  "2027-03-31\n"
		  "  tsunagi user device add pc12.pem --name 'PC 12' --agency K020\n"
		  "  tsunagi user sync --dry-run           (what the staff list would change)\n"),
    .run = run,
};
