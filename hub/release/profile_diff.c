/* What a change of a profile means, in words: approval is given to these lines. */
#include "release/profile.h"

#include "base/err.h"
#include "base/str.h"

/* "key value" of one line. */
static int next_line(struct hub_str *rest, struct hub_str *key, struct hub_str *value)
{
	struct hub_str line;

	if (!hub_str_next(rest, '\n', &line) || line.len == 0)
		return 0;
	hub_str_next(&line, ' ', key);
	*value = line;
	return 1;
}

/* Value of a key in a canon; 0 when it has none. */
static int find(struct hub_str canon, struct hub_str key, struct hub_str *value)
{
	struct hub_str k;

	while (next_line(&canon, &k, value))
		if (hub_str_eq(k, key))
			return 1;
	return 0;
}

static const char *way(struct hub_str word)
{
	static const struct {
		const char *word, *text;
	} ways[] = {{"as_is", HUB_N("as it is")},
		    {"masked", HUB_N("masked")},
		    {"pseudonym", HUB_N("under a pseudonym")},
		    {"generalised", HUB_N("generalised")},
		    {"withheld", HUB_N("not at all")}};

	for (size_t i = 0; i < HUB_COUNT(ways); i++)
		if (hub_str_is(word, ways[i].word))
			return hub_tr(ways[i].text);
	return "-";
}

/* What stands in a profile file, in words: of a setting (value ""), and of what it is set to. */
static const struct {
	const char *key, *value, *text;
} words[] = {
    {"recipient", "", HUB_N("id of the recipient")},
    {"name", "", HUB_N("name of the recipient")},
    {"kind", "", HUB_N("kind of the recipient")},
    {"contract", "", HUB_N("period of the contract")},
    {"contract", "..", HUB_N("without end")},
    {"purpose", "", HUB_N("purpose")},
    {"masked", "", HUB_N("what is masked in texts")},
    {"masked", "role", HUB_N("shown as a role (【本人の母】)")},
    {"masked", "dots", "●●"},
    {"unattended", "", HUB_N("without consent and nobody to confirm")},
    {"unattended", "mask", HUB_N("leaves masked")},
    {"unattended", "withhold", HUB_N("does not leave")},
    {"dates", "", HUB_N("dates")},
    {"dates", "iso", "2024-07-31"},
    {"dates", "wareki", "令和6年7月31日"},
    {"deletions", "", HUB_N("deletions asked for after a withdrawal")},
    {"deletions", "list", HUB_N("sent as a list")},
    {"unmapped", "", HUB_N("columns that no field has")},
};

static const char *word(struct hub_str key, struct hub_str value)
{
	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_is(key, words[i].key) && hub_str_is(value, words[i].value))
			return hub_tr(words[i].text);
	return NULL;
}

static struct hub_str label_of(const struct hub_schema *schema, const char *list,
			       struct hub_str value)
{
	const struct hub_codes *codes = hub_schema_codes(schema, hub_str_of(list));
	const struct hub_code *code = codes ? hub_code_find(codes, value) : NULL;

	return hub_tr_is_ja() && code ? code->label : value;
}

static int is_class(struct hub_str key)
{
	return hub_str_starts(key, HUB_STR("class."));
}

static int is_field(struct hub_str key)
{
	return hub_str_find(key, HUB_STR("."), 0) != (size_t)-1 && !is_class(key);
}

/* "支援経過 内容" for activity.body; the key itself when the schema has lost it. */
static void put_label(struct hub_buf *out, const struct hub_schema *schema, struct hub_str key)
{
	const struct hub_field *f = hub_schema_path(schema, key);
	const char *setting = word(key, HUB_STR(""));

	if (f) {
		hub_buf_printf(out, "%.*s %.*s", HUB_FMT(f->entity->label), HUB_FMT(f->label));
	} else if (is_class(key)) {
		const struct hub_str name = hub_str_from(key, HUB_STR("class.").len);
		hub_buf_printf(out, hub_tr("class %.*s"),
			       HUB_FMT(label_of(schema, "consent_category", name)));
	} else if (setting) {
		hub_buf_puts(out, setting);
	} else {
		hub_buf_str(out, key);
	}
}

static struct hub_str value_of(const struct hub_schema *schema, struct hub_str key,
			       struct hub_str value)
{
	const char *text = word(key, value);

	if (text)
		return hub_str_of(text);
	if (is_class(key) || hub_str_is(key, "unmapped"))
		return hub_str_of(way(value));
	return hub_str_is(key, "purpose") ? label_of(schema, "purpose", value) : value;
}

struct change {
	struct hub_str key, before, after;
};

/* to: the recipient's name */
static void put_result(struct hub_buf *out, const struct hub_schema *schema, struct hub_str to,
		       const struct change *c)
{
	if (!is_field(c->key))
		hub_buf_printf(out, hub_tr(": %.*s (was %.*s)"),
			       HUB_FMT(value_of(schema, c->key, c->after)),
			       HUB_FMT(value_of(schema, c->key, c->before)));
	else
		hub_buf_printf(out, hub_tr(": now shown %s to %.*s (was %s)"), way(c->after),
			       HUB_FMT(to), way(c->before));
	hub_buf_putc(out, '\n');
}

/* Fields of one entity that change alike share a line: a first version has some two hundred. */
static int same_line(const struct hub_schema *schema, const struct change *a,
		     const struct change *b)
{
	const struct hub_field *f = is_field(a->key) ? hub_schema_path(schema, a->key) : NULL,
			       *g = is_field(b->key) ? hub_schema_path(schema, b->key) : NULL;

	return f && g && f->entity == g->entity && hub_str_eq(a->before, b->before) &&
	       hub_str_eq(a->after, b->after);
}

static void put_change(struct hub_buf *out, const struct hub_schema *schema, struct hub_str to,
		       struct change *last, const struct change *c)
{
	if (last->key.len && same_line(schema, last, c)) {
		const struct hub_field *f = hub_schema_path(schema, c->key);
		hub_buf_printf(out, "、%.*s", HUB_FMT(f->label));
	} else {
		if (last->key.len)
			put_result(out, schema, to, last);
		put_label(out, schema, c->key);
	}
	*last = *c;
}

unsigned hub_profile_changes(const struct hub_profile *p, struct hub_str earlier,
			     const struct hub_schema *schema, struct hub_buf *out)
{
	const struct hub_str gone = HUB_STR("withheld"), to = p->recipient_name;
	struct hub_str rest = p->canon, ignored;
	struct change c, last = {0};
	unsigned n = 0;

	while (next_line(&rest, &c.key, &c.after)) {
		if (!find(earlier, c.key, &c.before))
			c.before = is_field(c.key) ? gone : HUB_STR("-");
		if (hub_str_eq(c.after, c.before))
			continue;
		put_change(out, schema, to, &last, &c);
		n++;
	}
	for (rest = earlier; next_line(&rest, &c.key, &c.before);) {
		const int counts = hub_str_starts(c.key, HUB_STR("statistics"));
		if (find(p->canon, c.key, &ignored))
			continue;
		c.after = counts || !is_field(c.key) ? HUB_STR("-") : gone;
		put_change(out, schema, to, &last, &c);
		n++;
	}
	if (n)
		put_result(out, schema, to, &last);
	return n;
}

unsigned hub_job_changes(struct hub_str canon, struct hub_str earlier, struct hub_buf *out)
{
	struct hub_str rest = canon, key, now, before;
	unsigned n = 0;

	while (next_line(&rest, &key, &now)) {
		if (!find(earlier, key, &before))
			before = HUB_STR("-");
		if (hub_str_eq(now, before))
			continue;
		hub_buf_printf(out, hub_tr("%.*s: %.*s (was %.*s)"), HUB_FMT(key), HUB_FMT(now),
			       HUB_FMT(before));
		hub_buf_putc(out, '\n');
		n++;
	}
	for (rest = earlier; next_line(&rest, &key, &before);) {
		if (find(canon, key, &now))
			continue;
		hub_buf_printf(out, hub_tr("%.*s: %.*s (was %.*s)"), HUB_FMT(key), 1, "-",
			       HUB_FMT(before));
		hub_buf_putc(out, '\n');
		n++;
	}
	return n;
}
