/* tsunagi meeting: the papers of a meeting, one numbered copy for each member as that member may see it. */
#include "base/clock.h"
#include "cli/out.h"
#include "cli/sign_in.h"

#include "base/io.h"
#include "base/json.h"
#include "plugin/option.h"
#include "release/release.h"
#include "store/db.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MEMBERS_MOST = 60, PROFILES_MOST = 200, LIST_LIMIT = 1 << 20 };

#define COPY_FILE "%s/%02u.html"

/* A copy, or why there is none. */
struct copy {
	struct hub_str agency, name, number, file;
	const struct hub_profile *profile; /* NULL: none is made for this member */
	struct hub_release_result result;
	struct hub_str refused; /* why; empty: it was made */
};

struct meeting_cli {
	struct hub_cli *cli;
	const char *meeting, *to, *store, *local, *grounds, *reason, *feed_days, *keys;
	const char *profile[HUB_WORDS_MAX];
	int profiles;
	struct hub_sign_in sign;
	struct hub_actor who;
	struct hub_str case_no, title;
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	struct hub_grounds table;
	struct hub_store *opened;
	struct hub_recipient_names names;
	struct hub_profile *known; /* for meetings */
	uint32_t n_known;
	struct copy *copy;
	uint32_t copies;
};

/* --- who gets one --------------------------------------------------------------------------------- */

static int take_profile(struct meeting_cli *x, const char *path)
{
	struct hub_profile *p = &x->known[x->n_known];
	int rc;

	if (x->n_known == PROFILES_MOST)
		return HUB_OK;
	if ((rc = hub_out_profile(x->cli, path, x->schema, p)))
		return rc;
	x->n_known += hub_str_is(p->purpose, "meeting") ? 1u : 0u;
	return HUB_OK;
}

/* Those that were named, else every profile of config/profiles whose purpose is a meeting. */
static int read_profiles(struct meeting_cli *x)
{
	const struct hub_str folder =
	    hub_arena_printf(x->cli->arena, "%s/config/profiles", x->cli->home);
	struct dirent **list;
	int rc = HUB_OK;

	x->known = hub_alloc_array(x->cli->arena, PROFILES_MOST + 1, sizeof *x->known);
	if (!x->known || !folder.ptr)
		return hub_fail_mem(x->cli->err);
	for (int i = 0; i < x->profiles && !rc; i++)
		rc = take_profile(x, x->profile[i]);
	const int n = x->profiles ? 0 : scandir(folder.ptr, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const struct hub_str name = hub_str_of(list[i]->d_name);
		const struct hub_str path =
		    hub_arena_printf(x->cli->arena, "%s/%s", folder.ptr, list[i]->d_name);
		if (!rc && hub_str_ends(name, HUB_STR(".cfg")))
			rc = path.ptr ? take_profile(x, path.ptr) : hub_fail_mem(x->cli->err);
		free(list[i]); /* lib owns */
	}
	if (n > 0)
		free(list); /* lib owns */
	return rc;
}

static const struct hub_profile *profile_for(const struct meeting_cli *x, struct hub_str agency)
{
	for (uint32_t i = 0; i < x->n_known; i++)
		if (hub_str_eq(x->known[i].recipient, agency))
			return &x->known[i];
	return NULL;
}

static int add_member(struct meeting_cli *x, struct hub_str agency)
{
	struct copy *c = &x->copy[x->copies];
	struct hub_arena *a = x->cli->arena;

	if (x->copies == MEMBERS_MOST)
		return hub_fail(x->cli->err, HUB_USAGE, "too-many-members",
				"a meeting of more than %d members", MEMBERS_MOST);
	*c = (struct copy){.agency = hub_arena_str(a, agency), .profile = profile_for(x, agency)};
	c->number = hub_arena_printf(a, "%s-%02u", x->meeting, ++x->copies);
	c->file = hub_arena_printf(a, COPY_FILE, x->to, x->copies);
	if (!c->agency.ptr || !c->number.ptr || !c->file.ptr)
		return hub_fail_mem(x->cli->err);
	c->name = hub_recipient_name(&x->names, c->agency);
	if (!c->name.len)
		c->name = c->agency;
	return HUB_OK;
}

static int read_members(struct meeting_cli *x, struct hub_str json)
{
	json_t *list = hub_json_read(json, 0, NULL);
	int rc = list || errno != ENOMEM ? HUB_OK : hub_fail_mem(x->cli->err);

	for (size_t i = 0; i < json_array_size(list) && !rc; i++) {
		const char *one = json_string_value(json_array_get(list, i));
		rc = one ? add_member(x, hub_str_of(one)) : HUB_OK;
	}
	json_decref(list);
	if (rc || x->copies)
		return rc;
	rc = hub_fail(x->cli->err, HUB_USAGE, "no-members", "the meeting names no members");
	hub_hint(x->cli->err, "They are the field members of the meeting: a list of agency keys.");
	return rc;
}

static int read_meeting(struct meeting_cli *x)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_arena *a = x->cli->arena;
	int rc =
	    hub_db_query(hub_store_db(x->opened), &q, x->cli->err,
			 "SELECT m.members, coalesce(m.meeting_kind, ''), coalesce(m.held_on, '')"
			 " FROM cc_meeting m JOIN record r ON r.id = m.record_id AND r.state = 0"
			 " JOIN cc_case c ON c.id = m.case_id"
			 " WHERE m.meeting_no = ? AND (c.case_no = ? OR c.key = ?)",
			 "ttt", hub_str_of(x->meeting), x->case_no, x->case_no);

	if (rc || (rc = hub_db_next(q, x->cli->err)) < 0)
		return rc;
	if (rc == HUB_END) {
		rc = hub_fail(x->cli->err, HUB_USAGE, "unknown-meeting",
			      "this case has no meeting with that number");
		hub_hint(x->cli->err, "The number is the field meeting_no of the meeting.");
		return rc;
	}
	const struct hub_codes *kinds = hub_schema_codes(x->schema, HUB_STR("meeting_kind"));
	const struct hub_code *kind = kinds ? hub_code_find(kinds, hub_db_str(q, 1)) : NULL;
	const struct hub_str word = kind ? kind->label : HUB_STR("会議");
	x->title = hub_arena_printf(a, "%.*s資料", HUB_FMT(word));
	const struct hub_str members = hub_db_dup(a, q, 0);
	return x->title.ptr ? read_members(x, members) : hub_fail_mem(x->cli->err);
}

/* --- the copies -------------------------------------------------------------------------------------- */

static int page_options(struct meeting_cli *x, const struct copy *c, struct hub_options *o)
{
	struct hub_err *err = x->cli->err;
	const struct hub_plugin *page;
	const struct hub_str note =
	    hub_arena_printf(x->cli->arena, "提供先: %.*s　会議: %s", HUB_FMT(c->name),
			     x->meeting); /* not the case: it stands below where it may be seen */
	int rc;

	if (!note.ptr)
		return hub_fail_mem(err);
	if ((rc = hub_plugins_able(x->plugins, HUB_SINK, HUB_CAP_PAPER, &page, err)) ||
	    (rc = hub_options_init(o, x->cli->arena, page, err)) ||
	    (rc = hub_options_set(o, HUB_STR("path"), c->file, err)) ||
	    (rc = hub_options_set(o, HUB_STR("title"), x->title, err)) ||
	    (rc = hub_options_set(o, HUB_STR("number"), c->number, err)) ||
	    (rc = hub_options_set(o, HUB_STR("note"), note, err)))
		return rc;
	return hub_options_finish(o, err);
}

/* What the gate refuses to one member does not keep the others from theirs. */
static int make_copy(struct meeting_cli *x, struct copy *c, int64_t feed_days)
{
	struct hub_options o;
	int rc;

	if (!c->profile) {
		c->refused = hub_str_of(hub_tr("no profile for meetings names this recipient"));
		return HUB_OK;
	}
	if ((rc = page_options(x, c, &o)))
		return rc;
	const struct hub_release_spec spec = {
	    .profile = c->profile,
	    .grounds = &x->table,
	    .plugins = x->plugins,
	    .sink = o.plugin,
	    .sink_conf = o.conf,
	    .target = hub_arena_printf(x->cli->arena, "meeting %s copy %.*s", x->meeting,
				       HUB_FMT(c->number)),
	    .keys = hub_str_of(hub_work_keys(x->cli, x->keys, x->store)),
	    .who = x->who,
	    .reason = hub_str_of(x->reason ? x->reason : ""),
	    .meeting = hub_str_of(x->meeting),
	    .case_no = x->case_no,
	    .labels = 1,
	    .day = hub_today(),
	    .feed_days = (int32_t)feed_days,
	    .stop = hub_work_stop()};
	rc = hub_release_run(x->opened, &spec, &c->result, x->cli->err);
	if (rc != HUB_REFUSED)
		return rc;
	c->refused = hub_arena_str(x->cli->arena, hub_str_of(x->cli->err->what));
	return c->refused.ptr ? HUB_OK : hub_fail_mem(x->cli->err);
}

/* Copies of an earlier run: who is no member any more, or gets none, must not be handed one of them. */
static int drop_copies(struct meeting_cli *x)
{
	for (uint32_t i = 1; i <= MEMBERS_MOST; i++) {
		const struct hub_str old = hub_arena_printf(x->cli->arena, COPY_FILE, x->to, i);
		if (!old.ptr)
			return hub_fail_mem(x->cli->err);
		if (unlink(old.ptr) && errno != ENOENT)
			return hub_fail(x->cli->err, HUB_RETRY, "cannot-write",
					"%s cannot be removed", old.ptr);
	}
	return HUB_OK;
}

static int make_copies(struct meeting_cli *x)
{
	int64_t feed_days = HUB_OUT_FEED_DAYS;
	int rc = HUB_OK;

	if ((rc = hub_cli_number(x->cli, "feed-days", x->feed_days, 0, 3650, &feed_days)))
		return rc;
	x->sign.keys = hub_work_keys(x->cli, x->keys, x->store);
	if ((rc = hub_sign_in(x->cli, hub_store_db(x->opened), &x->sign, HUB_MAY_CONFIRM, &x->who)))
		return rc;
	if (mkdir(x->to, 0700) && errno != EEXIST)
		return hub_fail(x->cli->err, HUB_RETRY, "cannot-write", "%s cannot be made", x->to);
	rc = drop_copies(x);
	for (uint32_t i = 0; i < x->copies && !rc; i++)
		rc = make_copy(x, &x->copy[i], feed_days);
	return rc;
}

/* --- the collection list -------------------------------------------------------------------------------- */

static struct hub_table *collection_list(struct meeting_cli *x)
{
	struct hub_arena *a = x->cli->arena;
	struct hub_table *t = hub_table_new(
	    a, hub_arena_printf(a, hub_tr("copies of meeting %s, to be collected"), x->meeting));

	if (!t)
		return NULL;
	hub_table_col(t, "number", HUB_N("number"), 0);
	hub_table_col(t, "recipient", HUB_N("recipient"), 0);
	hub_table_col(t, "release", HUB_N("release"), 1);
	hub_table_col(t, "content", HUB_N("content"), 0);
	hub_table_col(t, "received", HUB_N("received by"), 0);
	hub_table_col(t, "collected", HUB_N("collected on"), 0);
	hub_table_col(t, "note", HUB_N("note"), 0);
	for (uint32_t i = 0; i < x->copies; i++) {
		const struct copy *c = &x->copy[i];
		const int made = c->refused.len == 0;
		hub_table_str(t, c->number);
		hub_table_str(t, c->name);
		if (made)
			hub_table_id(t, c->result.id);
		else
			hub_table_puts(t, "");
		hub_table_str(t, hub_str_cut(hub_str_of(c->result.content), 0, made ? 12 : 0));
		hub_table_puts(t, made ? "＿＿＿＿＿＿" : "");
		hub_table_puts(t, made ? "＿＿＿＿" : "");
		hub_table_str(t, c->refused);
	}
	return t;
}

static int write_list(struct meeting_cli *x, const struct hub_table *t, const char *file,
		      enum hub_table_form form)
{
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_str path = hub_arena_printf(x->cli->arena, "%s/%s", x->to, file);

	hub_buf_init(&b, LIST_LIMIT);
	if (form == HUB_TABLE_HTML)
		hub_html_begin(&b, x->title);
	if (hub_table_print(t, form, &b) || !path.ptr)
		return hub_fail_mem(x->cli->err);
	if (form == HUB_TABLE_HTML)
		hub_html_end(&b);
	return hub_cli_put(x->cli, path.ptr, &b);
}

static int finish(struct meeting_cli *x)
{
	const struct hub_table *t = collection_list(x);
	int rc;

	if (!t)
		return hub_fail_mem(x->cli->err);
	if ((rc = write_list(x, t, "list.html", HUB_TABLE_HTML)) ||
	    (rc = write_list(x, t, "list.csv", HUB_TABLE_CSV)))
		return rc;
	for (uint32_t i = 0; i < x->copies; i++)
		if (x->copy[i].refused.len)
			x->cli->exit_code = 6;
	return hub_out_table(x->cli, t, NULL);
}

static int pack(struct meeting_cli *x)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	int rc;

	x->copy = hub_alloc_array(x->cli->arena, MEMBERS_MOST, sizeof *x->copy);
	if (!x->copy)
		return hub_fail_mem(x->cli->err);
	if ((rc = hub_work_schema(x->cli, x->local, &x->schema)) || (rc = read_profiles(x)) ||
	    (rc = hub_out_grounds(x->cli, x->grounds, &x->table)) ||
	    (rc = hub_work_plugins(x->cli, &x->plugins)) ||
	    (rc = hub_work_store(x->cli, x->store, 0, x->schema, &store)))
		return rc;
	x->opened = store;
	if ((rc =
		 hub_recipient_names(x->cli->arena, hub_store_db(store), &x->names, x->cli->err)) ||
	    (rc = read_meeting(x)) || (rc = make_copies(x)))
		return rc;
	return finish(x);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct meeting_cli x = {.cli = cli};
	const struct hub_arg args[] = {
	    {"meeting", "NO", &x.meeting, NULL, HUB_N("number of the meeting it is for")},
	    {"to", "PATH", &x.to, NULL, HUB_N("folder for the copies and the collection list")},
	    {"profile", "NAME", x.profile, &x.profiles,
	     HUB_N("a member's profile (several times); else those of config/profiles/ for "
		   "meetings")},
	    HUB_ARG_STORE(&x.store),
	    {"reason", "TEXT", &x.reason, NULL,
	     HUB_N("confirms that masked data go out without consent, and why")},
	    HUB_SIGN_IN_ARGS(x.sign),
	    {"feed-days", "N", &x.feed_days, NULL,
	     HUB_N("age at which a registry feed is stale (7)")},
	    {"keys", "FILE", &x.keys, NULL,
	     HUB_N("secret keys of recipients (default: TSUNAGI_KEYS, beside an SQLite store)")},
	    {"grounds", "FILE", &x.grounds, NULL, HUB_N("the site's own table of legal grounds")},
	    HUB_ARG_SCHEMA(&x.local),
	    {0}};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_meeting, args, argc, argv, &n)))
		return rc;
	if (n != 2 || strcmp(argv[0], "pack") != 0 || !x.meeting || !x.to) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage",
			      "meeting pack wants a case, a meeting and a folder");
		hub_hint(
		    cli->err,
		    "For example: tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers");
		return rc;
	}
	x.case_no = hub_str_of(argv[1]);
	return pack(&x);
}

const struct hub_cmd hub_cmd_meeting = {
    .name = "meeting",
    .summary = HUB_N("papers of a meeting: a numbered copy for each member, as it may see it"),
    .usage = "pack CASE --meeting NO --to FOLDER --store URL",
    .help = HUB_N(
	"One page for each member: client, family map, relations, course, plan. Each copy is a\n"
	"release of the member's approved profile for meetings; list.html is signed and "
	"collected.\n\n"
	"  tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers --store sqlite:tsunagi.db\n"
	"exit: 0 done, 6 a member got none (no profile, not approved, releases stopped)\n"),
    .run = run,
};
