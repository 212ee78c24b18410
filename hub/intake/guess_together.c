/* Columns that only together are something: one column for each choice, and a time from and until. And one
 * that is two things: a day with a time of day. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "intake/choice.h"

/* --- one column for each choice: ご相談の内容_住まいについて ------------------------------------------------ */

struct option {
	const struct hub_field *field;
	const struct hub_code *code;
};

/* What is before and behind the sign that parts a question from its choice. */
static int cut_header(struct hub_str s, struct hub_str *before, struct hub_str *behind)
{
	static const char *const signs[] = {"_", "[", "［", "：", ":"};

	for (size_t i = 0; i < HUB_COUNT(signs); i++) {
		const size_t at = hub_str_find(s, hub_str_of(signs[i]), 1);
		if (at == (size_t)-1)
			continue;
		*before = hub_str_cut(s, 0, at);
		*behind = hub_str_from(s, at + strlen(signs[i]));
		if (hub_str_ends(*behind, HUB_STR("]")))
			behind->len--;
		else if (hub_str_ends(*behind, HUB_STR("］")))
			behind->len -= strlen("］");
		return 1;
	}
	return 0;
}

/* 1, ✓ or nothing in every cell. */
static int holds_marks(const struct guess_col *c)
{
	return c->tried == 0 || hub_guess_share(c, LOOK_MARK) > 50 ||
	       (c->max_chars == 1 && hub_guess_share(c, LOOK_BOOL) == 100);
}

int hub_guess_is_option(const struct hub_guess *g, uint32_t at)
{
	struct hub_str question, choice, other;
	int marked = 0, same = 0;

	if (!holds_marks(&g->col[at]) || !cut_header(g->col[at].name, &question, &choice))
		return 0;
	for (uint32_t i = 0; i < g->cols; i++)
		if (cut_header(g->col[i].name, &other, &choice) && hub_str_eq(other, question) &&
		    holds_marks(&g->col[i])) {
			same++;
			marked |= g->col[i].tried > 0;
		}
	return same > 1 && marked;
}

static struct option option_of(const struct hub_guess *g, struct hub_str header)
{
	struct option o = {NULL, NULL};
	struct hub_str before, behind;

	if (!cut_header(header, &before, &behind))
		return o;
	for (const struct hub_alias *a = hub_schema_alias(g->schema, before); a;
	     a = hub_alias_next(g->schema, a)) {
		const struct hub_code *code =
		    a->field->type == HUB_F_CODES || a->field->type == HUB_F_CODE
			? hub_choice_find(a->field->codes, behind)
			: NULL;
		if (code)
			return (struct option){a->field, code};
	}
	return o;
}

/* The first column of a question stands for all of them. */
static int write_options(struct hub_guess *g, uint32_t at, const struct hub_field *f,
			 struct hub_err *err)
{
	struct hub_buf b;
	uint32_t n = 0;

	hub_buf_init(&b, 1 << 16);
	hub_buf_puts(&b, "list(");
	for (uint32_t i = at; i < g->cols; i++) {
		const struct option o = option_of(g, g->col[i].name);
		if (o.field != f)
			continue;
		hub_buf_printf(&b, "%sif(%.*s | bool, '%.*s')", n++ ? ", " : "",
			       HUB_FMT(g->col[i].ref), HUB_FMT(o.code->code));
	}
	/* two marks where one is to be chosen are no code */
	hub_buf_printf(&b,
		       f->type == HUB_F_CODES ? ") | join(';') | codes('%.*s', ';')"
					      : ") | join(';') | code('%.*s')",
		       HUB_FMT(f->codes->name));
	g->col[at].expr =
	    hub_buf_ok(&b) ? hub_arena_str(g->arena, hub_buf_text(&b)) : (struct hub_str){0};
	hub_buf_free(&b);
	return g->col[at].expr.ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_guess_options(struct hub_guess *g, struct hub_err *err)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct option o = option_of(g, g->col[i].name);
		const struct guess_col *first = NULL;
		if (!o.field)
			continue;
		for (uint32_t k = 0; k < g->cols; k++)
			if (g->col[k].field == o.field && k != i)
				first = &g->col[k];
		struct guess_col *c = &g->col[i];
		c->field = first ? NULL : o.field;
		c->means = first ? o.field : NULL;
		c->part_of = GUESS_NO_PART;
		c->choice = 1;
		c->confidence = 80;
		c->reason = hub_tr("one choice of several");
		const int rc = first ? HUB_OK : write_options(g, i, o.field, err);
		if (rc)
			return rc;
	}
	return HUB_OK;
}

/* --- from and until: 開始時間 / 終了時間, startTime / endTime ---------------------------------------------- */

static int is_pair(struct hub_str from, struct hub_str until)
{
	static const struct {
		const char *from, *until;
	} words[] = {{"開始", "終了"}, {"start", "end"},  {"open", "close"}, {"自", "至"},
		     {"Start", "End"}, {"Open", "Close"}, {"から", "まで"},  {"開園", "終園"},
		     {"開園", "閉園"}, {"開所", "閉所"},  {"開館", "閉館"},  {"開店", "閉店"}};

	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		const struct hub_str a = hub_str_of(words[i].from), z = hub_str_of(words[i].until);
		const size_t x = hub_str_find(from, a, 0), y = hub_str_find(until, z, 0);
		if (x != (size_t)-1 && x == y &&
		    hub_str_eq(hub_str_cut(from, 0, x), hub_str_cut(until, 0, y)) &&
		    hub_str_eq(hub_str_from(from, x + a.len), hub_str_from(until, y + z.len)))
			return 1;
	}
	return 0;
}

void hub_guess_times(struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *from = &g->col[i];
		if (!from->field || from->field->type != HUB_F_TEXT ||
		    from->part_of != GUESS_NO_PART)
			continue;
		for (uint32_t k = 0; k < g->cols; k++) {
			struct guess_col *c = &g->col[k];
			if (c->field || c->forbidden || c->drop || !is_pair(from->name, c->name))
				continue;
			c->field = from->field;
			c->means = NULL;
			c->part_of = i;
			c->until = 1;
			c->confidence = from->confidence;
			c->reason = hub_tr("the end of the time that another column begins");
		}
	}
}

/* --- a day and a time of day in one cell: 相談日時 ------------------------------------------------------ */

/* The time of day of a day of an entity; NULL: it has none, or another column fills it. */
static const struct hub_field *time_of(const struct hub_guess *g, const struct hub_field *day)
{
	static const char *const pairs[][2] = {{"received_on", "received_at"},
					       {"activity_on", "activity_time_from"},
					       {"held_on", "held_from"}};
	const struct hub_field *f = NULL;

	for (size_t i = 0; i < HUB_COUNT(pairs); i++)
		if (hub_str_is(day->name, pairs[i][0]))
			f = hub_schema_field(day->entity, hub_str_of(pairs[i][1]));
	for (uint32_t i = 0; f && i < g->cols; i++)
		if (g->col[i].field == f || g->col[i].also == f)
			return NULL;
	return f;
}

int hub_guess_clock(struct hub_guess *g, struct hub_err *err)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (!c->field || c->field->type != HUB_F_DATE || c->also || c->expr.len ||
		    c->tried == 0 || c->look[LOOK_DATETIME] * 100 < c->tried * 80)
			continue;
		c->expr = hub_arena_printf(g->arena, "%.*s | datetime | day", HUB_FMT(c->ref));
		const struct hub_field *time = time_of(g, c->field);
		if (time) {
			c->also = time;
			c->also_expr = hub_arena_printf(
			    g->arena, "%.*s | datetime | match('T([0-9:]+)') | time",
			    HUB_FMT(c->ref));
		}
		if (!c->expr.ptr || (time && !c->also_expr.ptr))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}
