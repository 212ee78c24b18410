/* tsunagi decide [FILE]: the gate as a filter. One question per line in the form of design §12, one
 * answer per line. A line that cannot be understood is answered, too: withhold, and what is wrong. */
#include "cli/lines.h"
#include "cli/out.h"

#include "release/field.h"
#include "release/grounds.h"

#include <jansson.h>

enum { LINE_LIMIT = 4 << 20, LINE_ARENA = 64 << 20 };

struct decide {
	struct hub_grounds grounds;
	const struct hub_schema *schema;
	struct hub_arena *line; /* emptied after every line */
};

/* One line while it is read. Strings are borrowed from root. */
struct request {
	struct hub_arena *a;
	const struct hub_schema *schema;
	struct hub_err *err;
	struct hub_recipient recipient;
	struct hub_meeting meeting;
	struct hub_question q;
};

struct word {
	const char *name;
	int value;
};

/* --- members of an object ------------------------------------------------------------------------ */

static int wrong(struct request *r, const char *what, const char *where)
{
	const int rc = hub_fail(r->err, HUB_REJECT, "malformed-request", "%s: %s", where, what);

	hub_hint(r->err, "`tsunagi decide --help` shows the form.");
	return rc;
}

/* Says which item of an array it was. */
static int in_item(struct request *r, const char *array, uint32_t i, int rc)
{
	if (rc == HUB_REJECT)
		hub_where(r->err, "%s[%u]", array, (unsigned)i);
	return rc;
}

/* NULL when it is missing or null. */
static json_t *member(const json_t *o, const char *key)
{
	json_t *v = json_object_get(o, key);

	return json_is_null(v) ? NULL : v;
}

static struct hub_str text_of(const json_t *v)
{
	return (struct hub_str){json_string_value(v), json_string_length(v)};
}

/* A text that must be there and say something. */
static int need_text(struct request *r, const json_t *o, const char *key, struct hub_str *out)
{
	const json_t *v = member(o, key);

	if (!json_is_string(v) || json_string_length(v) == 0)
		return wrong(r, hub_tr("a text is missing"), key);
	*out = text_of(v);
	return HUB_OK;
}

static int may_text(struct request *r, const json_t *o, const char *key, struct hub_str *out)
{
	const json_t *v = member(o, key);

	if (!v)
		return HUB_OK;
	if (!json_is_string(v))
		return wrong(r, hub_tr("must be a text"), key);
	*out = text_of(v);
	return HUB_OK;
}

/* Missing, null and "" leave *day as it is. */
static int may_day(struct request *r, const json_t *o, const char *key, int32_t *day)
{
	struct hub_str s = {"", 0};
	int rc;

	if ((rc = may_text(r, o, key, &s)))
		return rc;
	if (s.len > 0 && hub_day_parse(s, day))
		return wrong(r, hub_tr("is not a date"), key);
	return HUB_OK;
}

static int may_period(struct request *r, const json_t *o, struct hub_period *p)
{
	int rc;

	if ((rc = may_day(r, o, "from", &p->from)))
		return rc;
	return may_day(r, o, "to", &p->to);
}

static int need_word(struct request *r, const json_t *o, const char *key, const struct word *words,
		     int *out)
{
	struct hub_str s;
	int rc;

	if ((rc = need_text(r, o, key, &s)))
		return rc;
	for (; words->name; words++)
		if (hub_str_is(s, words->name)) {
			*out = words->value;
			return HUB_OK;
		}
	return wrong(r, hub_tr("is none of the words allowed"), key);
}

/* An array that must be there unless `may`; *n items of `size` bytes, zeroed. */
static int take_array(struct request *r, const json_t *o, const char *key, int may, size_t size,
		      json_t **array, void *items, uint32_t *n)
{
	*array = member(o, key);
	*n = 0;
	if (!*array && may)
		return HUB_OK;
	if (!json_is_array(*array))
		return wrong(r, hub_tr("must be an array"), key);
	const size_t count = json_array_size(*array);
	void *p = hub_alloc_array(r->a, count ? count : 1, size);
	if (!p || count > UINT32_MAX)
		return hub_fail_mem(r->err);
	memcpy(items, &p, sizeof p);
	*n = (uint32_t)count;
	return HUB_OK;
}

/* --- the parts of a question ---------------------------------------------------------------------- */

/* Whether the id is in an array of ids; one that has a contract is {"id","from","to"}. */
static int find_id(struct request *r, const json_t *o, const char *key, int may, struct hub_str id,
		   int *found, struct hub_period *contract)
{
	const json_t *array = member(o, key);
	int rc;

	*found = 0;
	if (!array && may)
		return HUB_OK;
	if (!json_is_array(array))
		return wrong(r, hub_tr("must be an array"), key);
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *item = json_array_get(array, i);
		struct hub_str one;
		struct hub_period p = HUB_ALWAYS;

		if (json_is_object(item)) {
			if ((rc = need_text(r, item, "id", &one)) || (rc = may_period(r, item, &p)))
				return rc;
		} else if (json_is_string(item)) {
			one = text_of(item);
		} else {
			return wrong(r, hub_tr("holds something that is no id"), key);
		}
		if (!hub_str_eq(one, id))
			continue;
		*found = 1;
		*contract = p;
	}
	return HUB_OK;
}

static int take_recipient(struct request *r, const json_t *root, const json_t *request)
{
	struct hub_recipient *to = &r->recipient;
	struct hub_period none;
	int rc;

	if ((rc = need_text(r, request, "recipient", &to->id)) ||
	    (rc = find_id(r, root, "recipients", 0, to->id, &to->known, &to->contract)) ||
	    (rc = find_id(r, root, "barred", 1, to->id, &to->barred, &none)))
		return rc;
	r->q.recipient = to;
	return HUB_OK;
}

/* true, false, "suspected", "unknown"; nothing said is unknown. */
static int take_protection(struct request *r, const json_t *person, enum hub_protection *out)
{
	static const struct word words[] = {{"suspected", HUB_PROT_SUSPECTED},
					    {"unknown", HUB_PROT_UNKNOWN},
					    {"protected", HUB_PROT_PROTECTED},
					    {"clear", HUB_PROT_CLEAR},
					    {0}};
	const json_t *v = member(person, "protected");
	int word = HUB_PROT_UNKNOWN, rc;

	if (json_is_boolean(v))
		word = json_is_true(v) ? HUB_PROT_PROTECTED : HUB_PROT_CLEAR;
	else if (v && (rc = need_word(r, person, "protected", words, &word)))
		return rc;
	*out = (enum hub_protection)word;
	return HUB_OK;
}

static int take_household(struct request *r, const json_t *root)
{
	struct hub_household_person *p;
	json_t *array;
	int rc;

	if ((rc = take_array(r, root, "persons", 0, sizeof *p, &array, &p, &r->q.n_household)))
		return rc;
	r->q.household = p;
	for (uint32_t i = 0; i < r->q.n_household; i++) {
		const json_t *item = json_array_get(array, i);
		if ((rc = need_text(r, item, "id", &p[i].id)) ||
		    (rc = take_protection(r, item, &p[i].protection)))
			return in_item(r, "persons", i, rc);
	}
	return HUB_OK;
}

static int take_consents(struct request *r, const json_t *root)
{
	static const struct word words[] = {
	    {"given", HUB_CONSENT_GIVEN},         {"refused", HUB_CONSENT_REFUSED},
	    {"withdrawn", HUB_CONSENT_WITHDRAWN}, {"not_asked", HUB_CONSENT_NOT_ASKED},
	    {"expired", HUB_CONSENT_EXPIRED},     {0}};
	struct hub_consent *c;
	json_t *array;
	int rc;

	if ((rc = take_array(r, root, "consents", 1, sizeof *c, &array, &c, &r->q.n_consents)))
		return rc;
	for (uint32_t i = 0; i < r->q.n_consents; i++, c++) {
		const json_t *item = json_array_get(array, i);
		int status = 0;

		if (i == 0)
			r->q.consents = c;
		c->period = HUB_ALWAYS;
		if ((rc = need_text(r, item, "person", &c->person)) ||
		    (rc = need_text(r, item, "recipient", &c->recipient)) ||
		    (rc = need_text(r, item, "category", &c->category)) ||
		    (rc = need_text(r, item, "purpose", &c->purpose)) ||
		    (rc = need_word(r, item, "status", words, &status)) ||
		    (rc = may_period(r, item, &c->period)))
			return in_item(r, "consents", i, rc);
		c->status = (enum hub_consent_status)status;
	}
	return HUB_OK;
}

static int take_emergencies(struct request *r, const json_t *root)
{
	struct hub_emergency *e;
	json_t *array;
	int rc = take_array(r, root, "emergencies", 1, sizeof *e, &array, &e, &r->q.n_emergencies);

	for (uint32_t i = 0; i < r->q.n_emergencies && !rc; i++) {
		const json_t *item = json_array_get(array, i);
		r->q.emergencies = e;
		if ((rc = need_text(r, item, "recipient", &e[i].recipient)) ||
		    (rc = need_text(r, item, "person", &e[i].person)))
			return in_item(r, "emergencies", i, rc);
	}
	return rc;
}

static int take_meeting(struct request *r, const json_t *root)
{
	const json_t *m = member(root, "meeting");
	struct hub_meeting *to = &r->meeting;
	struct hub_str *members;
	json_t *array;
	int rc;

	if (!m)
		return HUB_OK;
	if (!json_is_object(m))
		return wrong(r, hub_tr("must be an object or null"), "meeting");
	to->period = HUB_NEVER; /* turns into something only when both dates are there */
	if ((rc = need_text(r, m, "kind", &to->kind)) || (rc = may_text(r, m, "id", &to->id)) ||
	    (rc = may_text(r, m, "case", &to->case_id)) || (rc = may_period(r, m, &to->period)) ||
	    (rc =
		 take_array(r, m, "members", 0, sizeof *members, &array, &members, &to->n_members)))
		return rc;
	to->members = members;
	for (uint32_t i = 0; i < to->n_members; i++) {
		const json_t *item = json_array_get(array, i);
		if (!json_is_string(item))
			return wrong(r, hub_tr("holds something that is no id"), "members");
		members[i] = text_of(item);
	}
	r->q.meeting = to;
	return HUB_OK;
}

/* What the question leaves open the schema says; a field that nobody names may reveal an address. */
static int take_reveals(struct request *r, const json_t *request)
{
	const json_t *v = member(request, "reveals_address");
	struct hub_str field = {"", 0};
	int rc;

	if (v && !json_is_boolean(v))
		return wrong(r, hub_tr("must be true or false"), "reveals_address");
	if ((rc = may_text(r, request, "field", &field)))
		return rc;
	r->q.reveals_address = v ? json_is_true(v) : hub_field_reveals(r->schema, field);
	return HUB_OK;
}

static int take_question(struct request *r, const json_t *root)
{
	const json_t *request = member(root, "request");
	struct hub_str on;
	int rc;

	if (!json_is_object(root))
		return wrong(r, hub_tr("the line is not a JSON object"), "line");
	if (!json_is_object(request))
		return wrong(r, hub_tr("must be an object"), "request");
	if ((rc = take_recipient(r, root, request)) || (rc = take_household(r, root)) ||
	    (rc = take_consents(r, root)) || (rc = take_emergencies(r, root)) ||
	    (rc = take_meeting(r, root)) || (rc = need_text(r, request, "person", &r->q.person)) ||
	    (rc = need_text(r, request, "field_class", &r->q.category)) ||
	    (rc = need_text(r, request, "purpose", &r->q.purpose)) ||
	    (rc = may_text(r, request, "case", &r->q.case_id)) ||
	    (rc = need_text(r, request, "on", &on)) || (rc = take_reveals(r, request)))
		return rc;
	if (hub_day_parse(on, &r->q.day))
		return wrong(r, hub_tr("is not a date"), "on");
	return HUB_OK;
}

/* --- a line ---------------------------------------------------------------------------------------- */

static void print_answer(struct hub_buf *out, const json_t *root, struct hub_answer a,
			 const struct hub_err *err)
{
	hub_line_id(out, root);
	hub_buf_printf(out, ",\"decision\":\"%s\",\"confirm\":%s,\"reason\":\"%s\"",
		       hub_decision_name(a.decision), a.confirm ? "true" : "false",
		       hub_reason_name(a.reason));
	if (err->code[0]) {
		hub_line_error(out, err);
		hub_buf_putc(out, '}');
	}
	hub_buf_puts(out, "}\n");
}

static int answer_line(void *self, struct hub_str line, struct hub_buf *out, struct hub_err *err)
{
	struct decide *d = self;
	struct hub_err wrong_line = {0};
	struct request r = {.a = d->line, .schema = d->schema, .err = &wrong_line};
	struct hub_answer a = {0};
	json_t *root = hub_line_json(line, LINE_LIMIT, 0, &wrong_line);

	r.q.grounds = d->grounds.row;
	r.q.n_grounds = d->grounds.n;
	if (root && take_question(&r, root) == HUB_OK)
		a = hub_gate_decide(&r.q);
	print_answer(out, root, a, &wrong_line);
	json_decref(root);
	hub_arena_reset(d->line);
	return wrong_line.rc == HUB_FATAL ? hub_fail_mem(err) : HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	const char *grounds = NULL, *local = NULL;
	const struct hub_arg args[] = {
	    {"grounds", "FILE", &grounds, NULL, HUB_N("the site's own table of legal grounds")},
	    {"schema", "FILE", &local, NULL,
	     HUB_N("the site's own fields, for an absent reveals_address")},
	    {0}};
	HUB_AUTO(arena) struct hub_arena *line = hub_arena_new(LINE_ARENA);
	struct decide d = {.line = line};
	int operands, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_decide, args, argc, argv, &operands)))
		return rc;
	if (operands > 1)
		return hub_fail(cli->err, HUB_USAGE, "usage", "decide takes at most one FILE");
	if (!line)
		return hub_fail_mem(cli->err);
	if ((rc = hub_out_grounds(cli, grounds, &d.grounds)) ||
	    (rc = hub_work_schema(cli, local, &d.schema)))
		return rc;
	const struct hub_line_filter filter = {
	    .self = &d, .limit = LINE_LIMIT, .answer = answer_line};
	return hub_cli_lines(cli, operands ? argv[0] : NULL, &filter);
}

const struct hub_cmd hub_cmd_decide = {
    .name = "decide",
    .summary = HUB_N("ask the gate: may this field of this person go to this recipient?"),
    .usage = "[FILE] [OPTIONS]",
    .help = HUB_N(
	"Reads questions from FILE or stdin, one JSON object per line, and answers each with one "
	"line:\n"
	"  {\"id\",\"decision\":\"allow|mask|withhold\",\"confirm\":true|false,\"reason\"}\n\n"
	"A question: {\"id\",\"recipients\":[ids],\"barred\":[ids],\n"
	"  \"persons\":[{\"id\",\"protected\":true|false|\"suspected\"|\"unknown\"}],\n"
	"  \"consents\":[{\"person\",\"recipient\",\"category\",\"purpose\",\n"
	"    \"status\":\"given|refused|withdrawn|not_asked\",\"from\",\"to\"}],\n"
	"  \"meeting\":null|{\"id\",\"kind\",\"members\":[ids],\"from\",\"to\"},\n"
	"  \"emergencies\":[{\"recipient\",\"person\"}],\n"
	"  \"request\":{\"recipient\",\"purpose\",\"on\",\"person\",\"field_class\",\"field\",\n"
	"    \"reveals_address\"}}\n"
	"persons are one household. A recipient with a contract is {\"id\",\"from\",\"to\"}. A "
	"line\n"
	"that cannot be understood is answered with withhold and an \"error\".\n\n"
	"  tsunagi decide questions.jsonl\n"),
    .run = run,
};
