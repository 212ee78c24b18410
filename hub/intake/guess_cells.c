/* One column that is two things: a time from and until, a name and its reading. And one that is written in two
 * ways, or half of a number. */
#include "intake/guess_in.h"

#include "base/clock.h"
#include "base/err.h"
#include "text/date.h"

enum { HALF = 50, MOST = 80, REIWA = 2018, SERIAL_FIRST = 8000, SERIAL_LAST = 60000 };

/* --- what a cell looks like ----------------------------------------------------------------------------- */

static int is_span(struct hub_str s)
{
	static const char *const signs[] = {"～", "〜", "~", "－", "-", "―", "から"};
	int32_t seconds;
	const char *why;

	for (size_t i = 0; i < HUB_COUNT(signs); i++) {
		const size_t at = hub_str_find(s, hub_str_of(signs[i]), 1);
		if (at == (size_t)-1)
			continue;
		struct hub_str until = hub_str_trim(hub_str_from(s, at + strlen(signs[i])));
		if (hub_str_ends(until, HUB_STR("まで")))
			until.len -= strlen("まで");
		return hub_time_parse(hub_str_trim(hub_str_cut(s, 0, at)), &seconds, &why) ==
			   HUB_DATE_OK &&
		       (until.len == 0 || hub_time_parse(until, &seconds, &why) == HUB_DATE_OK);
	}
	return 0;
}

static int is_reading(struct hub_str s)
{
	int any = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t cp = hub_utf8_next(s, &at);
		if (cp == ' ' || cp == 0x3000)
			continue;
		if (!(cp >= 0x3041 && cp <= 0x30ff) && !(cp >= 0xff66 && cp <= 0xff9f))
			return 0;
		any = 1;
	}
	return any;
}

/* A name with its reading in brackets. */
static int has_ruby(struct hub_str s)
{
	static const char *const open[] = {"（", "("}, *const close[] = {"）", ")"};

	for (size_t i = 0; i < HUB_COUNT(open); i++) {
		const size_t at = hub_str_find(s, hub_str_of(open[i]), 1);
		const size_t end =
		    at == (size_t)-1 ? at : hub_str_find(s, hub_str_of(close[i]), at);
		if (end != (size_t)-1 && is_reading(hub_str_cut(s, at + strlen(open[i]), end)))
			return 1;
	}
	return 0;
}

/* Up to three numbers between points or strokes; how many. */
static int numbers_of(struct hub_str s, int64_t n[3])
{
	int have = 0, digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		if (c >= '0' && c <= '9') {
			if (digits++ == 0 && have++ == 3)
				return 0;
			if (digits > 9)
				return 0;
			n[have - 1] = (digits == 1 ? 0 : 10 * n[have - 1]) + (c - '0');
		} else if ((c == '.' || c == '/' || c == '-') && digits) {
			digits = 0;
		} else {
			return 0;
		}
	}
	return digits ? have : 0;
}

int hub_guess_this_year(void)
{
	return 1970 + (int)(hub_now() / 31556952); /* days of New Year do not matter */
}

int hub_guess_is_mark(struct hub_str s)
{
	static const char *const marks[] = {"○",  "◯", "〇", "◎", "×", "✕", "△", "●",
					    "レ", "✓", "✔",  "☑", "□", "■", "☐"};

	return hub_str_among(s, marks, HUB_COUNT(marks));
}

void hub_guess_cell(struct guess_col *c, struct hub_str s)
{
	int64_t n[3] = {0, 0, 0};
	struct hub_date date;
	const int have = numbers_of(s, n);

	c->look[LOOK_INSIDE] +=
	    hub_str_starts(s, HUB_STR("[{")) || hub_str_starts(s, HUB_STR("{\""));
	c->look[LOOK_TAGS] += hub_str_find(s, HUB_STR("</"), 0) != (size_t)-1 ||
			      hub_str_find(s, HUB_STR("<br"), 0) != (size_t)-1;
	c->look[LOOK_MARK] += hub_guess_is_mark(s) != 0;
	c->look[LOOK_SELF] += hub_str_is(s, "本人") || hub_str_is(s, "当人");
	c->look[LOOK_SPAN] += is_span(s) != 0;
	c->look[LOOK_RUBY] += has_ruby(s) != 0;
	c->look[LOOK_SERIAL] +=
	    have == 1 && s.len == 5 && n[0] >= SERIAL_FIRST && n[0] <= SERIAL_LAST;
	c->look[LOOK_REIWA] +=
	    hub_date_parse(s, NULL, &date) == HUB_DATE_OK && date.era == HUB_ERA_REIWA;
	c->look[LOOK_NO_ERA] += have == 3 && n[0] >= 1 && n[0] <= hub_guess_this_year() - REIWA &&
				n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= 31;
	c->look[LOOK_PHONE_HEAD] +=
	    have == 1 && s.len >= 2 && s.len <= 6 && s.ptr[0] == '0' && s.ptr[1] != '0';
	c->look[LOOK_HOURS] += hub_str_find(s, HUB_STR("時間"), 1) != (size_t)-1 ||
			       hub_str_find(s, HUB_STR(":"), 1) != (size_t)-1 ||
			       hub_str_ends(s, HUB_STR("h"));
}

/* --- from and until in one cell ------------------------------------------------------------------------- */

/* Where the beginning goes: what the header says, or the time of whatever the list is of. */
static const struct hub_field *begins(const struct hub_guess *g, const struct guess_col *c)
{
	static const char *const times[][2] = {{"activity", "activity_time_from"},
					       {"meeting", "held_from"},
					       {"intake", "received_at"}};
	const struct hub_field *f = c->field ? c->field : c->means;

	if (f && f->type == HUB_F_TIME)
		return f;
	if (f || hub_str_find(c->name, HUB_STR("時"), 0) == (size_t)-1)
		return NULL;
	for (size_t i = 0; i < HUB_COUNT(times); i++) {
		const struct hub_entity *e = hub_schema_entity(g->schema, hub_str_of(times[i][0]));
		for (uint32_t k = 0; e && k < g->cols; k++)
			if (g->col[k].field && g->col[k].field->entity == e)
				return hub_schema_field(e, hub_str_of(times[i][1]));
	}
	return NULL;
}

static const struct hub_field *ends(const struct hub_field *from)
{
	static const char *const pairs[][2] = {{"activity_time_from", "activity_time_to"},
					       {"held_from", "held_to"}};

	for (size_t i = 0; i < HUB_COUNT(pairs); i++)
		if (hub_str_is(from->name, pairs[i][0]))
			return hub_schema_field(from->entity, hub_str_of(pairs[i][1]));
	return NULL;
}

int hub_guess_spans(struct hub_guess *g, struct hub_err *err)
{
	static const char *const one =
	    "width | replace('～', '~', '〜', '~', 'から', '~', 'まで', ''"
	    ", '―', '~', '-', '~')";

	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (hub_guess_share(c, LOOK_SPAN) < HALF || c->also || c->forbidden || c->drop ||
		    c->dropped)
			continue;
		const struct hub_field *from = begins(g, c), *to = from ? ends(from) : NULL;
		if (!from || (c->field != from && hub_guess_is_filled(g, from)))
			continue;
		c->field = from;
		c->means = NULL;
		c->confidence = 80;
		c->reason = hub_tr("from and until in one cell");
		c->expr = hub_arena_printf(g->arena, "%.*s | %s | before('~') | time",
					   HUB_FMT(c->ref), one);
		if (to && !hub_guess_is_filled(g, to)) {
			c->also = to;
			c->also_expr = hub_arena_printf(g->arena, "%.*s | %s | after('~') | time",
							HUB_FMT(c->ref), one);
		}
		if (!c->expr.ptr || (c->also && !c->also_expr.ptr))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

/* --- a name with its reading ---------------------------------------------------------------------------- */

int hub_guess_rubies(struct hub_guess *g, struct hub_err *err)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (!c->field || c->field->type != HUB_F_NAME || c->also || c->expr.len ||
		    hub_guess_share(c, LOOK_RUBY) < HALF)
			continue;
		const struct hub_str name =
		    hub_arena_printf(g->arena, "%.*s_kana", HUB_FMT(c->field->name));
		const struct hub_field *kana = hub_schema_field(c->field->entity, name);
		c->expr = hub_arena_printf(g->arena, "%.*s | before('（') | before('(') | name",
					   HUB_FMT(c->ref));
		c->reason = hub_tr("a name with its reading in brackets");
		if (kana && kana->type == HUB_F_KANA && !hub_guess_is_filled(g, kana)) {
			c->also = kana;
			c->also_expr = hub_arena_printf(g->arena,
							"%.*s | replace('（', '(', '）', ')') | "
							"after('(') | before(')') | kana",
							HUB_FMT(c->ref));
		}
		if (!c->expr.ptr || (c->also && !c->also_expr.ptr))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

/* --- a telephone number in two or three columns ---------------------------------------------------------- */

/* A column without a name, behind one that has: a merged cell of the header. */
static int goes_on(const struct guess_col *head, const struct guess_col *c)
{
	return hub_str_trim(c->name).len == 0 || hub_guess_same_stem(head->name, c->name);
}

static int is_piece(const struct guess_col *c)
{
	const struct hub_field *f = c->field ? c->field : c->means;

	return c->tried && c->max_chars <= 9 && hub_guess_share(c, LOOK_PHONE) < HALF &&
	       (!f || f->type == HUB_F_PHONE || hub_str_starts(f->name, HUB_STR("phone")));
}

void hub_guess_phones(struct hub_guess *g)
{
	for (uint32_t i = 0; i + 1 < g->cols; i++) {
		struct guess_col *head = &g->col[i];
		const struct hub_field *phone = head->field ? head->field : head->means;
		uint32_t pieces = 0;
		if (!phone || phone->type != HUB_F_PHONE || !is_piece(head) ||
		    hub_guess_share(head, LOOK_PHONE_HEAD) < MOST)
			continue;
		for (uint32_t k = i + 1; k < g->cols && k <= i + 2; k++) {
			struct guess_col *c = &g->col[k];
			if (!is_piece(c) || !goes_on(head, c) ||
			    hub_guess_share(c, LOOK_PHONE_HEAD) >= MOST)
				break;
			c->field = phone;
			c->means = NULL;
			c->part_of = i;
			c->hyphen = 1;
			c->confidence = head->confidence;
			c->reason = hub_tr("continues the column of the same name");
			pieces++;
		}
		if (pieces && !head->field) {
			head->field = phone;
			head->means = NULL;
			head->reason = hub_tr("header; the number goes on in the next column");
		}
	}
}

/* --- 年, 月, 日 in three columns ------------------------------------------------------------------------ */

static int is_named(const struct guess_col *c, struct hub_str before, const char *unit)
{
	const struct hub_str name = hub_str_trim(c->name);

	return hub_str_starts(name, before) && hub_str_is(hub_str_from(name, before.len), unit);
}

/* 元号 in front of 年: 生年月日_元号, or 元号 alone. */
static int is_era(const struct guess_col *c, struct hub_str before)
{
	static const char *const words[] = {"元号", "年号", "和暦"};
	const struct hub_str name = hub_str_trim(c->name);

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (is_named(c, before, words[i]) || hub_str_is(name, words[i]))
			return 1;
	return 0;
}

struct hub_str hub_guess_ymd(struct hub_guess *g, uint32_t at)
{
	const struct hub_str none = {"", 0};

	if (at < 2 || !hub_str_ends(hub_str_trim(g->col[at].name), HUB_STR("日")))
		return none;
	struct guess_col *c = &g->col[at];
	struct hub_str before = hub_str_trim(c->name);
	before.len -= strlen("日");
	if (!is_named(c - 1, before, "月") || !is_named(c - 2, before, "年") ||
	    hub_guess_share(c, LOOK_INT) < MOST || hub_guess_share(c - 1, LOOK_INT) < MOST)
		return none;
	c[-1].reason = c[-2].reason = hub_tr("part of the date in three columns");
	const int has_era = at > 2 && is_era(c - 3, before);
	const int in_words = has_era && hub_guess_share(c - 3, LOOK_INT) == 0;
	const struct hub_str era = in_words  ? c[-3].ref
				   : has_era ? hub_guess_era(g, at - 3)
					     : HUB_STR("");
	if (has_era && !era.len) {
		c->reason =
		    hub_tr("a date whose era is a number: the mapping must say which it is");
		return HUB_STR("元号"); /* no field has it */
	}
	if (era.len && !before.len) {
		c->reason = hub_tr("a date in several columns: the header does not say which");
		return HUB_STR("元号"); /* no field has it */
	}
	c->written = hub_arena_printf(g->arena, "%.*s%s%.*s + '年' + %.*s + '月' + %.*s + '日'",
				      HUB_FMT(era), era.len ? " + " : "", HUB_FMT(c[-2].ref),
				      HUB_FMT(c[-1].ref), HUB_FMT(c->ref));
	c->expr = hub_arena_printf(g->arena, "%.*s | date", HUB_FMT(c->written));
	while (hub_str_ends(before, HUB_STR("_")))
		before.len--;
	if (hub_str_ends(before, HUB_STR("日"))) /* 生年月日_年, 生年月日_月, 生年月日_日 */
		return before;
	return before.len ? hub_arena_printf(g->arena, "%.*s年月日", HUB_FMT(before))
			  : HUB_STR("日付");
}

/* --- days in two ways ----------------------------------------------------------------------------------- */

const char *hub_guess_days(const struct guess_col *c)
{
	const int excel = c->look[LOOK_SERIAL] > 0;
	const int reiwa = c->look[LOOK_NO_ERA] > 0 && c->look[LOOK_REIWA] >= c->look[LOOK_NO_ERA] &&
			  c->look[LOOK_LONG_AGO] == 0;

	return excel && reiwa ? "('excel', century = 2018)"
	       : excel        ? "('excel')"
	       : reiwa        ? "(century = 2018)"
			      : "";
}
