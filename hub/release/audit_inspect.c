#include "release/audit_inspect.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/map.h"

enum { DAY = 86400, HOUR = 3600, JAPAN = 9 * HOUR };

static const struct {
	const char *name, *text;
} words[HUB_FINDINGS] = {
    [HUB_FIND_NIGHT] = {"night", HUB_N("at night")},
    [HUB_FIND_HOLIDAY] = {"holiday", HUB_N("on a day off")},
    [HUB_FIND_MASS] = {"mass", HUB_N("many rows")},
    [HUB_FIND_NEW] = {"new-recipient", HUB_N("a recipient for the first time")},
    [HUB_FIND_GUARD] = {"protection", HUB_N("protection touched")},
    [HUB_FIND_REVEAL] = {"reveal", HUB_N("values shown")},
    [HUB_FIND_UNMASK] = {"unmask", HUB_N("masks of texts taken off")},
    [HUB_FIND_UNASKED] = {"no-consent", HUB_N("without consent, confirmed by a person")},
    [HUB_FIND_ACCOUNT] = {"account", HUB_N("who may sign in, changed")},
    [HUB_FIND_BACK] = {"taken-back", HUB_N("a run taken back")},
    [HUB_FIND_PAST] = {"back-dated", HUB_N("a consent from a day that was past")},
    [HUB_FIND_FAILURE] = {"failure", HUB_N("failed or refused")},
};

const char *hub_finding_name(enum hub_finding f)
{
	return words[f].name;
}

const char *hub_finding_text(enum hub_finding f)
{
	return words[f].text;
}

/* What an action is by itself; the head of its name decides. */
static const struct {
	const char *head;
	enum hub_finding finding;
} kinds[] = {{"protection", HUB_FIND_GUARD},       {"restricted-held", HUB_FIND_GUARD},
	     {"emergency", HUB_FIND_GUARD},        {"recipient-", HUB_FIND_GUARD},
	     {"link-accept", HUB_FIND_GUARD},      {"link-reject", HUB_FIND_GUARD},
	     {"link-undo", HUB_FIND_GUARD},        {"key-", HUB_FIND_GUARD},
	     {"release-stop", HUB_FIND_GUARD},     {"release-resume", HUB_FIND_GUARD},
	     {"reveal", HUB_FIND_REVEAL},          {"text-remove", HUB_FIND_UNMASK},
	     {"text-retype", HUB_FIND_UNMASK},     {"text-undo", HUB_FIND_UNMASK},
	     {"release-failed", HUB_FIND_FAILURE}, {"release-refused", HUB_FIND_FAILURE},
	     {"login-refused", HUB_FIND_FAILURE},  {"login-lockout", HUB_FIND_FAILURE},
	     {"account-add", HUB_FIND_ACCOUNT},    {"account-password", HUB_FIND_ACCOUNT},
	     {"account-unlock", HUB_FIND_ACCOUNT}, {"factor-", HUB_FIND_ACCOUNT},
	     {"device-add", HUB_FIND_ACCOUNT},     {"role-add", HUB_FIND_ACCOUNT},
	     {"role-until", HUB_FIND_ACCOUNT},     {"undo", HUB_FIND_BACK},
	     {"token-add", HUB_FIND_ACCOUNT}};

struct inspection {
	struct hub_arena *a;
	const struct hub_inspect_ask *ask;
	struct hub_map *recipients; /* that have got something */
	struct hub_map *daily;      /* "day actor" -> rows read */
	struct hub_map *seen;       /* "day actor, what" that was counted */
	struct hub_inspected *out;
	size_t room;
	uint32_t n;
};

static int is_night(const struct hub_inspect_ask *ask, int64_t at)
{
	const unsigned hour = (unsigned)(((at + JAPAN) % DAY) / HOUR);

	return ask->night_from > ask->night_to ? hour >= ask->night_from || hour < ask->night_to
					       : hour >= ask->night_from && hour < ask->night_to;
}

/* Rows count for their day and their person, too: many small reads are a mass read as well. */
static int note_rows(struct inspection *x, struct hub_inspected *e, int64_t rows)
{
	const struct hub_str key = hub_arena_printf(
	    x->a, "%lld %.*s", (long long)((e->at + JAPAN) / DAY), HUB_FMT(e->actor));
	uint64_t before = 0;

	if (!key.ptr)
		return -1;
	(void)hub_map_get(x->daily, key, &before);
	const int64_t all = (int64_t)before + rows;
	if (rows >= x->ask->mass || (all >= x->ask->mass && (int64_t)before < x->ask->mass))
		e->findings |= 1u << HUB_FIND_MASS;
	return hub_map_put(x->daily, key, (uint64_t)all);
}

static int note_recipient(struct inspection *x, struct hub_inspected *e, struct hub_str recipient)
{
	uint64_t v;

	if (hub_map_get(x->recipients, recipient, &v))
		return 0;
	e->findings |= 1u << HUB_FIND_NEW;
	return hub_map_put(x->recipients, recipient, 1);
}

/* The details of an entry; what cannot be read is not inspected. The caller lets go of *out. */
static int read_detail(const struct hub_inspected *e, json_t **out, struct hub_err *err)
{
	*out = hub_json_read(e->detail, 0, NULL);
	if (*out)
		return HUB_OK;
	if (errno == ENOMEM)
		return hub_fail_mem(err);
	return hub_fail(err, HUB_INTEGRITY, "audit-details",
			"the details of entry %lld of the audit log cannot be read",
			(long long)e->seq);
}

/* What the details of a release say: {"recipient","written","confirmed_because"}. */
static int read_release(struct inspection *x, struct hub_inspected *e, struct hub_err *err)
{
	json_t *o;
	int bad = 0;
	const int rc = read_detail(e, &o, err);

	if (rc)
		return rc;
	const json_t *to = json_object_get(o, "recipient");
	e->rows = hub_json_number(o, "written");
	if (json_is_string(json_object_get(o, "confirmed_because")) &&
	    hub_json_number(o, "confirm") > 0)
		e->findings |= 1u << HUB_FIND_UNASKED;
	if (json_is_string(to))
		bad = note_recipient(
		    x, e, (struct hub_str){json_string_value(to), json_string_length(to)});
	json_decref(o);
	return bad || note_rows(x, e, e->rows) ? hub_fail_mem(err) : HUB_OK;
}

static struct hub_str text_of(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return json_is_string(v) ? (struct hub_str){json_string_value(v), json_string_length(v)}
				 : HUB_STR("");
}

/* How many cases somebody has come to see by it: one, or the rows of a page over all of them, each once in a day.
 * Not counted are registers, which are about nobody, what a module looked through to make a reply of it, and the
 * first page of a search. */
static int count_view(struct inspection *x, const struct hub_inspected *e, const json_t *o,
		      int64_t *rows)
{
	const int one = hub_str_starts(e->object, HUB_STR("case "));
	const struct hub_str page = text_of(o, "page");
	uint64_t v;

	*rows = 0;
	if (hub_str_is(e->action, "search")) {
		*rows = json_is_true(json_object_get(o, "further")) ? e->rows : 0;
		return 0;
	}
	if (!e->rows || json_is_true(json_object_get(o, "register")) ||
	    (!one && text_of(o, "by").len))
		return 0;
	const struct hub_str key = hub_arena_printf(
	    x->a, "%lld %.*s\n%.*s\n%.*s\n%.*s", (long long)((e->at + JAPAN) / DAY),
	    HUB_FMT(e->actor), HUB_FMT(e->object), HUB_FMT(one ? HUB_STR("") : page),
	    HUB_FMT(one ? HUB_STR("") : text_of(o, "entity")));
	if (!key.ptr)
		return -1;
	if ((one || page.len) && hub_map_get(x->seen, key, &v))
		return 0;
	*rows = one ? 1 : e->rows;
	return hub_map_put(x->seen, key, 1);
}

/* What somebody read through a view, or found. */
static int read_view(struct inspection *x, struct hub_inspected *e, struct hub_err *err)
{
	int64_t rows = 0;
	json_t *o;
	const int rc = read_detail(e, &o, err);

	if (rc)
		return rc;
	e->rows = hub_json_number(o, "rows");
	const int bad = count_view(x, e, o, &rows);
	json_decref(o);
	return bad || note_rows(x, e, rows) ? hub_fail_mem(err) : HUB_OK;
}

/* Each file of roles once. */
static int note_roles(struct inspection *x, struct hub_inspected *e)
{
	uint64_t v;

	if (hub_map_get(x->seen, e->object, &v))
		return 0;
	e->findings |= 1u << HUB_FIND_ACCOUNT;
	return hub_map_put(x->seen, e->object, 1);
}

/* What the details of a consent say: {"from"}. Its form may have been found late; somebody should look at it. */
static int read_grant(struct hub_inspected *e, struct hub_err *err)
{
	char day[11];
	json_t *o;
	const int rc = read_detail(e, &o, err);

	if (rc)
		return rc;
	hub_day_text(hub_day_at(e->at), day);
	if (text_of(o, "from").len && hub_str_cmp(text_of(o, "from"), hub_str_of(day)) < 0)
		e->findings |= 1u << HUB_FIND_PAST;
	json_decref(o);
	return HUB_OK;
}

static int look(struct inspection *x, struct hub_inspected *e, struct hub_err *err)
{
	const int32_t day = (int32_t)((e->at + JAPAN) / DAY);
	int rc = HUB_OK;

	for (size_t i = 0; i < HUB_COUNT(kinds); i++)
		if (hub_str_starts(e->action, hub_str_of(kinds[i].head)))
			e->findings |= 1u << kinds[i].finding;
	if (hub_str_is(e->action, "release"))
		rc = read_release(x, e, err);
	else if (hub_str_is(e->action, "roles-own"))
		rc = note_roles(x, e) ? hub_fail_mem(err) : HUB_OK;
	else if (hub_str_is(e->action, "consent-grant"))
		rc = read_grant(e, err);
	else if (hub_str_is(e->action, "view") || hub_str_is(e->action, "search"))
		rc = read_view(x, e, err);
	if (is_night(x->ask, e->at))
		e->findings |= 1u << HUB_FIND_NIGHT;
	if (!hub_is_working_day(x->ask->holidays, day))
		e->findings |= 1u << HUB_FIND_HOLIDAY;
	return rc;
}

/* Recipients that got something before. */
static int read_known(struct inspection *x, struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT DISTINCT recipient FROM release WHERE at < ? AND state = 2",
			      "i", x->ask->from);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (hub_map_put(x->recipients, hub_db_str(q, 0), 1))
			return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_log(struct inspection *x, struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_walk(db, &q, err,
			     "SELECT seq, at, actor, action, object, detail FROM audit"
			     " WHERE at >= ? AND at < ? ORDER BY seq",
			     "ii", x->ask->from, x->ask->to);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		x->out = hub_alloc_more(x->a, x->out, x->n, &x->room, sizeof *x->out);
		if (!x->out)
			return hub_fail_mem(err);
		struct hub_inspected *e = &x->out[x->n];
		*e = (struct hub_inspected){.seq = hub_db_int(q, 0),
					    .at = hub_db_int(q, 1),
					    .actor = hub_db_dup(x->a, q, 2),
					    .action = hub_db_dup(x->a, q, 3),
					    .object = hub_db_dup(x->a, q, 4),
					    .detail = hub_db_dup(x->a, q, 5)};
		if (!e->actor.ptr || !e->action.ptr || !e->object.ptr || !e->detail.ptr)
			return hub_fail_mem(err);
		if ((rc = look(x, e, err)))
			return rc;
		x->n += e->findings != 0;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_audit_inspect(struct hub_arena *a, struct hub_db *db, const struct hub_inspect_ask *ask,
		      struct hub_inspected **out, uint32_t *n, struct hub_err *err)
{
	struct inspection x = {.a = a,
			       .ask = ask,
			       .recipients = hub_map_new(a),
			       .daily = hub_map_new(a),
			       .seen = hub_map_new(a)};
	int rc;

	*n = 0;
	*out = NULL;
	if (!x.recipients || !x.daily || !x.seen)
		return hub_fail_mem(err);
	if ((rc = read_known(&x, db, err)) || (rc = read_log(&x, db, err)))
		return rc;
	*out = x.out;
	*n = x.n;
	return HUB_OK;
}
