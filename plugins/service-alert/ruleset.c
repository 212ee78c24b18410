/* Rules: rows of a table, edited by the API. */
#include "alert.h"
#include "plain.h"

#include <string.h>

enum { COLS = 18, MINUTE = 60 };

/* Columns of a rule, in the order of the statements. */
enum col {
	C_ID,
	C_KIND,
	C_LABEL,
	C_DAYS,
	C_WORKING,
	C_LASTING,
	C_ASSIGNEE,
	C_AGENCY,
	C_ROLE,
	C_MAIL,
	C_HOOK,
	C_QUIET_FROM,
	C_QUIET_TO,
	C_WORKING_ONLY,
	C_ESCALATE,
	C_ESCALATE_ROLE,
	C_ACTIVE,
	C_VERSION
};
/* What a body says, in the order of its members (routes.c): the columns from C_KIND on, without C_VERSION. */
enum { B_FIRST = C_KIND, B_COUNT = C_VERSION - C_KIND };

const char *const alert_agency_word[] = {"no", "if_unassigned", "always", NULL};

int alert_rules_read(struct alert *a, struct hub_call *c, struct rule_row **out, uint32_t *n,
		     struct hub_err *err)
{
	struct hub_result t = {0};
	const int rc = SQL0(a, c, SQL_RULES, &t, err);

	if (rc)
		return rc;
	*n = 0;
	*out = a->desk->alloc(c, (t.rows + 1) * sizeof **out);
	if (!*out)
		return NO_MEMORY(a->host, err);
	for (uint32_t i = 0; i < t.rows; i++) {
		const uint32_t kind = alert_kind_of(r_text(&t, i, C_KIND));
		if (kind == ALERT_KINDS || !r_int(&t, i, C_ACTIVE))
			continue;
		(*out)[(*n)++] =
		    (struct rule_row){.r = {.id = r_int(&t, i, C_ID),
					    .kind = kind,
					    .days = (int32_t)r_int(&t, i, C_DAYS),
					    .lasting = (int32_t)r_int(&t, i, C_LASTING),
					    .working = r_int(&t, i, C_WORKING) != 0,
					    .escalate_days = (int32_t)r_int(&t, i, C_ESCALATE)},
				      .tell_role = r_text(&t, i, C_ROLE),
				      .escalate_role = r_text(&t, i, C_ESCALATE_ROLE),
				      .tell_assignee = r_int(&t, i, C_ASSIGNEE) != 0,
				      .tell_agency = (uint32_t)r_int(&t, i, C_AGENCY),
				      .mail = r_int(&t, i, C_MAIL) != 0,
				      .hook = r_int(&t, i, C_HOOK) != 0,
				      .sending = {.quiet_from = (int32_t)r_int(&t, i, C_QUIET_FROM),
						  .quiet_to = (int32_t)r_int(&t, i, C_QUIET_TO),
						  .working = r_int(&t, i, C_WORKING_ONLY) != 0}};
	}
	return HUB_OK;
}

/* "21:00"; -1: it is no time of day. */
int32_t alert_minute_read(struct hub_str s)
{
	for (size_t i = 0; i < 5 && s.len == 5; i++)
		if (i == 2 ? s.ptr[i] != ':' : s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
	if (s.len != 5)
		return -1;
	const int32_t h = (s.ptr[0] - '0') * 10 + s.ptr[1] - '0';
	const int32_t m = (s.ptr[3] - '0') * 10 + s.ptr[4] - '0';
	return h < 24 && m < MINUTE ? h * MINUTE + m : -1;
}

static void say_minute(struct alert *a, struct hub_call *c, const char *name, int64_t minute)
{
	const char text[] = {(char)('0' + minute / 600), (char)('0' + minute / 60 % 10), ':',
			     (char)('0' + minute % 60 / 10), (char)('0' + minute % 10)};

	a->desk->text(c, name, (struct hub_str){text, sizeof text});
}

static void say_rule(struct alert *a, struct hub_call *c, const struct hub_result *t, uint32_t i)
{
	const struct hub_desk *d = a->desk;

	d->number(c, "id", r_int(t, i, C_ID));
	d->text(c, "kind", r_text(t, i, C_KIND));
	d->text(c, "label", r_text(t, i, C_LABEL));
	d->number(c, "days", r_int(t, i, C_DAYS));
	d->truth(c, "working_days", r_int(t, i, C_WORKING) != 0);
	d->number(c, "lasting", r_int(t, i, C_LASTING));
	d->truth(c, "tell_assignee", r_int(t, i, C_ASSIGNEE) != 0);
	d->text(c, "tell_agency", s_of(alert_agency_word[r_int(t, i, C_AGENCY)]));
	d->text(c, "tell_role", r_text(t, i, C_ROLE));
	d->truth(c, "mail", r_int(t, i, C_MAIL) != 0);
	d->truth(c, "webhook", r_int(t, i, C_HOOK) != 0);
	say_minute(a, c, "quiet_from", r_int(t, i, C_QUIET_FROM));
	say_minute(a, c, "quiet_to", r_int(t, i, C_QUIET_TO));
	d->truth(c, "send_on_working_days", r_int(t, i, C_WORKING_ONLY) != 0);
	d->number(c, "escalate_days", r_int(t, i, C_ESCALATE));
	d->text(c, "escalate_role", r_text(t, i, C_ESCALATE_ROLE));
	d->truth(c, "active", r_int(t, i, C_ACTIVE) != 0);
}

int alert_rule_list(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	const int rc = SQL0(a, c, SQL_RULES, &t, err);

	for (uint32_t i = 0; i < t.rows && !rc; i++) {
		a->desk->open(c, NULL, 0);
		say_rule(a, c, &t, i);
		a->desk->close(c);
	}
	return rc;
}

/* The rule of the path, one row. */
static int find(struct alert *a, struct hub_call *c, struct hub_result *t, struct hub_err *err)
{
	int64_t id;

	if (!alert_number_read(c->var[0], &id)) {
		const int rc = SQL(a, c, SQL_RULE_GET, t, err, v_int(id));
		if (rc || t->rows)
			return rc;
	}
	return a->desk->refuse(c, 404, err, "no-rule", "there is no such rule");
}

int alert_rule_get(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int rc = find(a, c, &t, err);

	if (rc || (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)))
		return rc == HUB_END ? HUB_OK : rc;
	say_rule(a, c, &t, 0);
	return HUB_OK;
}

/* Turns what the body says into a value of the column; nothing said: what was there. */
static int take(struct alert *a, struct hub_call *c, uint32_t col, struct hub_val *out,
		struct hub_err *err)
{
	const struct hub_val *v = &c->body[col - B_FIRST];

	if (!is_there(v))
		return HUB_OK;
	if (col == C_QUIET_FROM || col == C_QUIET_TO) {
		const int32_t minute = alert_minute_read(v->s);
		if (minute < 0)
			return a->desk->refuse(c, 422, err, "bad-time", "%s is no time of day",
					       col == C_QUIET_FROM ? "quiet_from" : "quiet_to");
		*out = v_int(minute);
	} else if (col == C_AGENCY) {
		for (uint32_t i = 0; alert_agency_word[i]; i++)
			if (str_same(v->s, s_of(alert_agency_word[i])))
				*out = v_int(i);
	} else if ((col == C_ROLE || col == C_ESCALATE_ROLE) && v->s.len) {
		*out = *v;
		return a->desk->role(c, v->s, err);
	} else {
		*out = v->type == HUB_VAL_BOOL ? v_int(v->i) : *v;
	}
	return HUB_OK;
}

/* The columns of a rule to be written, from the defaults or the row before. */
static int columns(struct alert *a, struct hub_call *c, const struct hub_result *before,
		   struct hub_val out[B_COUNT + 1], struct hub_err *err)
{
	const struct hub_val none = v_text((struct hub_str){"", 0});
	const struct hub_val fresh[B_COUNT] = {
	    none,     none,     v_int(0), v_int(0), v_int(0),           v_int(1),
	    v_int(1), none,     v_int(1), v_int(0), v_int(19 * MINUTE), v_int(8 * MINUTE),
	    v_int(1), v_int(0), none,     v_int(1)};
	int rc = HUB_OK;

	for (uint32_t i = 0; i < B_COUNT && !rc; i++) {
		out[i] = before ? before->val[B_FIRST + i] : fresh[i];
		rc = take(a, c, B_FIRST + i, &out[i], err);
	}
	if (rc || !out[C_ESCALATE - B_FIRST].i || out[C_ESCALATE_ROLE - B_FIRST].s.len ||
	    !(is_there(&c->body[C_ESCALATE - B_FIRST]) ||
	      is_there(&c->body[C_ESCALATE_ROLE - B_FIRST])))
		return rc;
	return a->desk->refuse(c, 422, err, "nobody-to-tell",
			       "escalate_days without an escalate_role tells nobody");
}

/* Another rule is looked at with the next tick. */
static int changed(struct alert *a, struct hub_call *c, const char *verb, int64_t id,
		   struct hub_err *err)
{
	char note[40];
	int rc = SQL0(a, c, SQL_STATE_DIRTY, NULL, err);

	alert_note(note, "rule", id);
	return rc ? rc : a->desk->audit(c, verb, (struct hub_str){NULL, 0}, note, err);
}

int alert_rule_add(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_val v[B_COUNT + 1];
	struct hub_result t = {0};
	int rc = columns(a, c, NULL, v, err);

	if (rc || (rc = a->desk->sql(c, SQL_RULE_INSERT, v, B_COUNT, &t, err)))
		return rc;
	const int64_t id = r_int(&t, 0, 0);
	if ((rc = SQL(a, c, SQL_RULE_GET, &t, err, v_int(id))))
		return rc;
	a->desk->status(c, 201);
	say_rule(a, c, &t, 0);
	return changed(a, c, "rule-add", id, err);
}

int alert_rule_change(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_val v[B_COUNT + 1];
	struct hub_result t = {0};
	int rc = find(a, c, &t, err);

	if (rc || (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)) ||
	    (rc = columns(a, c, &t, v, err)))
		return rc;
	const int64_t id = r_int(&t, 0, C_ID);
	v[B_COUNT] = v_int(id);
	if ((rc = a->desk->sql(c, SQL_RULE_UPDATE, v, B_COUNT + 1, NULL, err)) ||
	    (rc = SQL(a, c, SQL_RULE_GET, &t, err, v_int(id))) ||
	    (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)))
		return rc;
	say_rule(a, c, &t, 0);
	return changed(a, c, "rule-change", id, err);
}

int alert_rule_remove(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int rc = find(a, c, &t, err);

	if (rc)
		return rc;
	const int64_t id = r_int(&t, 0, C_ID);
	if ((rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)) ||
	    (rc = SQL(a, c, SQL_RULE_DELETE, NULL, err, v_int(id))) ||
	    (rc = SQL(a, c, SQL_ALERT_SETTLE_RULE, NULL, err, v_int(c->now), v_int(id))))
		return rc;
	return changed(a, c, "rule-remove", id, err);
}
