/* tsunagi review export, import: texts and decisions as JSON lines, for other programs. */
#include "cli/lines.h"
#include "cli/review.h"

#include "base/hash.h"
#include "plugin/detect.h"

#include <jansson.h>

enum { LINE_LIMIT = 64 << 20, ACTIONS_MAX = 1000 };

/* --- what may be decided -------------------------------------------------------------------------------- */

static int is_in_roster(const struct hub_review_text *t, struct hub_str person)
{
	for (uint32_t i = 0; i < t->roster->n; i++)
		if (hub_str_eq(t->roster->person[i].id, person))
			return 1;
	return 0;
}

/* The mark that gives way; NULL when there is none inside of the place. */
static const struct hub_review_mark *mark_in(const struct hub_review_text *t,
					     const struct hub_correction *c)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->mark[i].start >= c->start && t->mark[i].end <= c->end)
			return &t->mark[i];
	return NULL;
}

int hub_review_check(const struct hub_review_text *t, struct hub_correction *c, struct hub_err *err)
{
	if (c->action == HUB_CORRECT_SEEN)
		return HUB_OK;
	if (c->start >= c->end || c->end > hub_utf8_count(t->text))
		return hub_fail(err, HUB_USAGE, "bad-place",
				"%u-%u is no place of the text (%zu characters)", c->start, c->end,
				hub_utf8_count(t->text));
	const struct hub_review_mark *m = mark_in(t, c);
	if (c->action != HUB_CORRECT_ADD && !m)
		return hub_fail(err, HUB_USAGE, "nothing-there", "nothing is marked in %u-%u",
				c->start, c->end);
	if (c->action == HUB_CORRECT_REMOVE) {
		c->person = m->person;
		return HUB_OK;
	}
	if (!c->type) {
		hub_fail(err, HUB_USAGE, "bad-type", "that is no type of a span");
		hub_hint(err, "PERSON ADDRESS PHONE EMAIL BIRTHDATE IDNUMBER FACILITY ORG");
		return HUB_USAGE;
	}
	if (c->person.len && !is_in_roster(t, c->person))
		return hub_fail(err, HUB_USAGE, "not-in-roster",
				"nobody of the case has the id \"%.*s\"", HUB_FMT(c->person));
	return HUB_OK;
}

/* --- out ---------------------------------------------------------------------------------------------------- */

static void put_marks(struct hub_buf *b, const struct hub_review_text *t)
{
	hub_buf_puts(b, ",\"marks\":[");
	for (uint32_t i = 0; i < t->n; i++) {
		const struct hub_review_mark *m = &t->mark[i];
		hub_buf_printf(b, "%s{\"start\":%u,\"end\":%u,\"type\":\"%s\",\"person\":",
			       i ? "," : "", m->start, m->end, hub_span_name(m->type));
		if (m->person.len)
			hub_json_str(b, m->person);
		else
			hub_buf_puts(b, "null");
		hub_buf_printf(b, ",\"confidence\":%u,\"state\":\"%s\",\"origin\":", m->confidence,
			       hub_review_state_name(m->state));
		hub_json_str(b, m->origin);
		hub_buf_putc(b, '}');
	}
	hub_buf_putc(b, ']');
}

static void put_people(struct hub_buf *b, const struct hub_review_text *t, int names)
{
	hub_buf_puts(b, ",\"people\":[");
	for (uint32_t i = 0; i < t->roster->n; i++) {
		const struct hub_person *p = &t->roster->person[i];
		hub_buf_puts(b, i ? ",{\"person_id\":" : "{\"person_id\":");
		hub_json_str(b, p->id);
		hub_buf_puts(b, ",\"relation\":");
		hub_json_str(b, p->relation);
		if (names) {
			hub_buf_puts(b, ",\"name\":");
			hub_json_str(b, p->name);
		}
		hub_buf_putc(b, '}');
	}
	hub_buf_putc(b, ']');
}

static int put_text(void *self, const struct hub_review_text *t, struct hub_err *err)
{
	struct hub_review_cli *v = self;
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];
	char hash[2 * HUB_SHA256 + 1];

	hub_buf_init(&b, LINE_LIMIT);
	if ((!v->all && !hub_review_needs(t)) || v->limit-- <= 0)
		return HUB_OK;
	if (hub_sha256(t->text, sha))
		return hub_fail_mem(err);
	hub_hex(sha, sizeof sha, hash);
	hub_buf_puts(&b, "{\"text\":");
	hub_json_str(&b, t->id);
	hub_buf_printf(&b, ",\"client\":%lld,\"hash\":\"%s\",\"reviewed\":%s,\"waits\":%s",
		       (long long)t->client, hash, t->seen ? "true" : "false",
		       t->guarded && !t->seen ? "true" : "false");
	if (v->reveal) {
		hub_buf_puts(&b, ",\"body\":");
		hub_json_str(&b, t->text);
	}
	put_marks(&b, t);
	put_people(&b, t, v->reveal != NULL);
	hub_buf_puts(&b, "}\n");
	return hub_cli_put(v->cli, NULL, &b);
}

int hub_review_export(struct hub_review_cli *v)
{
	const int rc = hub_reveal(v->cli, v->store, v->reveal, HUB_STR("review export"));

	return rc ? rc : hub_review_walk(v->review, v->person, put_text, v, v->cli->err);
}

/* --- in ------------------------------------------------------------------------------------------------------ */

struct decisions {
	struct hub_str text, hash, reason;
	struct hub_correction *c;
	uint32_t n;
};

static struct hub_str text_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? (struct hub_str){json_string_value(v), json_string_length(v)}
				 : (struct hub_str){"", 0};
}

/* What is there and no text is refused, not taken as if it were not there. */
static int is_text(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return !v || json_is_null(v) || json_is_string(v);
}

/* A place that is none would be another one: the mask of a name in front of it would go. */
static int read_place(const json_t *o, const char *key, uint32_t *out)
{
	const json_t *v = json_object_get(o, key);
	const json_int_t n = json_integer_value(v);

	*out = (uint32_t)n;
	return json_is_integer(v) && n >= 0 && n < 1 << 30 ? 0 : -1;
}

static int read_action(const json_t *o, struct hub_str reason, struct hub_correction *c,
		       struct hub_err *err)
{
	*c = (struct hub_correction){.action = hub_correct_of(text_of(o, "action")),
				     .type = (enum hub_span_type)hub_span_type(text_of(o, "type")),
				     .person = text_of(o, "person"),
				     .why = reason};
	if (!c->action)
		return hub_fail(err, HUB_REJECT, "malformed-request",
				"an action is add, remove, retype or reviewed");
	if (!is_text(o, "type") || !is_text(o, "person"))
		return hub_fail(err, HUB_REJECT, "malformed-request",
				"type and person of an action are texts");
	if (c->action != HUB_CORRECT_SEEN &&
	    (read_place(o, "start", &c->start) || read_place(o, "end", &c->end)))
		return hub_fail(err, HUB_REJECT, "bad-place",
				"start and end of an action are numbers of characters");
	return HUB_OK;
}

static int read_decisions(struct hub_arena *a, const json_t *root, struct decisions *d,
			  struct hub_err *err)
{
	const json_t *list = json_object_get(root, "actions");
	const size_t n = json_array_size(list);
	int rc = HUB_OK;

	*d = (struct decisions){.text = text_of(root, "text"),
				.hash = text_of(root, "hash"),
				.reason = text_of(root, "reason")};
	if (!d->text.len || !d->reason.len || !n || n > ACTIONS_MAX || !is_text(root, "hash"))
		return hub_fail(err, HUB_REJECT, "malformed-request",
				"a line has text, reason and actions");
	d->c = hub_alloc_array(a, n, sizeof *d->c);
	if (!d->c)
		return hub_fail_mem(err);
	for (; d->n < n && !rc; d->n++)
		rc = read_action(json_array_get(list, d->n), d->reason, &d->c[d->n], err);
	return rc;
}

static int same_hash(struct hub_str text, struct hub_str hash)
{
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];

	if (!hash.len)
		return 1;
	if (hub_sha256(text, sha))
		return 0;
	hub_hex(sha, sizeof sha, hex);
	return hub_str_is(hash, hex);
}

/* All of a line's decisions, or none that is wrong. *same: those in force already. */
static int decide(struct hub_review_cli *v, struct decisions *d, uint32_t *same,
		  struct hub_err *err)
{
	struct hub_db *db = hub_store_db(v->store);
	struct hub_review_text t;
	int rc = hub_review_get(v->review, d->text, &t, err);

	*same = 0;
	if (!rc && !same_hash(t.text, d->hash))
		rc = hub_fail(err, HUB_REJECT, "text-changed",
			      "the text is not the one that was exported");
	for (uint32_t i = 0; i < d->n && !rc; i++)
		rc = hub_review_check(&t, &d->c[i], err);
	const int mine = !rc && !db->in_txn;
	if (mine && (rc = hub_db_begin(db, err)))
		return rc;
	for (uint32_t i = 0; i < d->n && !rc; i++) {
		rc = hub_correction_add(db, &t.at, t.text, &d->c[i], hub_work_actor(v->cli), err);
		*same += rc == HUB_END;
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return mine ? hub_db_end(db, rc, err) : rc;
}

static int answer_line(void *self, struct hub_str line, struct hub_buf *out, struct hub_err *err)
{
	struct hub_review_cli *v = self;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(LINE_LIMIT);
	struct hub_err bad = {0};
	struct decisions d = {.text = {"", 0}};
	json_t *root = hub_line_json(line, LINE_LIMIT, 0, &bad);
	const int rc = !a     ? hub_fail_mem(err)
		       : root ? read_decisions(a, root, &d, &bad)
			      : (int)bad.rc;
	uint32_t same = 0;
	const int done = rc ? rc : decide(v, &d, &same, &bad);

	v->lines++;
	v->made += done ? 0 : d.n - same;
	v->same += done ? 0 : same;
	v->refused += done != 0;
	hub_buf_puts(out, "{\"text\":");
	hub_json_str(out, d.text);
	if (!done) {
		hub_buf_printf(out, ",\"done\":%u", d.n);
		if (same)
			hub_buf_printf(out, ",\"same\":%u", same);
		hub_buf_puts(out, "}\n");
	} else {
		hub_buf_puts(out, ",\"error\":{\"code\":");
		hub_json_str(out, hub_str_of(bad.code));
		hub_buf_puts(out, ",\"message\":");
		hub_json_str(out, hub_str_of(bad.what));
		hub_buf_puts(out, "}}\n");
		v->cli->exit_code = 5;
	}
	json_decref(root);
	if (done && done != HUB_REJECT && done != HUB_USAGE) {
		*err = bad;
		return done;
	}
	return HUB_OK;
}

/* A file is one transaction: killed in the middle, nothing of it counts, and the same command again does it all.
 * From a pipe each line is one, for its writer waits for the answer; a repeat says nothing twice. */
int hub_review_import(struct hub_review_cli *v, const char *path)
{
	const struct hub_line_filter filter = {
	    .self = v, .limit = LINE_LIMIT, .answer = answer_line};
	struct hub_db *db = hub_store_db(v->store);
	const int whole = v->dry || (path && strcmp(path, "-") != 0);
	int rc = whole ? hub_db_begin(db, v->cli->err) : HUB_OK;

	if (rc)
		return rc;
	rc = hub_cli_lines(v->cli, path, &filter);
	if (whole && v->dry && !rc)
		db->ops->rollback(db);
	else if (whole)
		rc = hub_db_end(db, rc, v->cli->err);
	if (!rc)
		fprintf(stderr,
			v->dry ? hub_tr("%llu lines: %llu decisions would be made, %llu are made "
					"already, %llu lines refused; nothing was changed\n")
			       : hub_tr("%llu lines: %llu decisions made, %llu were made already, "
					"%llu lines refused\n"),
			(unsigned long long)v->lines, (unsigned long long)v->made,
			(unsigned long long)v->same, (unsigned long long)v->refused);
	return rc;
}
