/* What names a record of a file. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "base/hash.h"

enum { PAIRS = 12, TRUSTED = 20, FEW = 2 };

static int can_be_part(const struct hub_guess *g, const struct guess_col *c)
{
	return c->filled == g->rows && !hub_guess_running(c) && !c->forbidden && !c->drop &&
	       c->max_chars <= 64 && c->many_lines == 0;
}

static int names_a_number(struct hub_str name)
{
	static const char *const words[] = {"番号", "コード", "ＩＤ", "№",
					    "Ｎｏ", "ＮＯ",   "連番", "通番"};
	static const char *const ends[] = {"ID",  "Id",     "_id",    "No",   "No.",  "NO",
					   "NO.", "number", "Number", "code", "Code", "#property"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(name, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	for (size_t i = 0; i < HUB_COUNT(ends); i++)
		if (hub_str_ends(name, hub_str_of(ends[i])))
			return 1;
	return 0;
}

int hub_guess_running(const struct guess_col *c)
{
	static const char *const names[] = {"№",    "No",     "No.",  "NO",       "NO.",
					    "Ｎｏ", "Ｎｏ．", "ＮＯ", "ＮＯ．",   "#",
					    "番号", "連番",   "通番", "通し番号", "連続番号",
					    "項番", "項",     "行",   "順",       "番"};

	if (c->filled < FEW || c->counted * 10 < c->filled * 9)
		return 0;
	return hub_str_among(hub_str_trim(c->name), names, HUB_COUNT(names));
}

/* What speaks for a column as a key: 20 and more is the number of something. */
static int key_merit(const struct guess_col *c)
{
	int merit = c->field && c->field->type == HUB_F_ID ? 40 : 0;

	if (names_a_number(c->name))
		merit += 20;
	if (hub_str_find(c->name, HUB_STR("法人"), 0) != (size_t)-1)
		merit -= 30;
	if (hub_guess_share(c, LOOK_LATITUDE) > 50 || hub_guess_share(c, LOOK_LONGITUDE) > 50 ||
	    hub_guess_share(c, LOOK_URL) > 50 || hub_guess_share(c, LOOK_PHONE) > 50)
		merit -= 30; /* 電話番号 is the number of nobody's record */
	if (c->field && c->field->type != HUB_F_ID && c->field->type != HUB_F_TEXT &&
	    c->field->type != HUB_F_NAME)
		merit -= 20;
	return merit;
}

struct hub_str hub_guess_number(const struct hub_guess *g, struct hub_str expr)
{
	return hub_arena_printf(g->arena, "%.*s | width", HUB_FMT(expr));
}

struct pair {
	uint32_t a, b;
	struct guess_unique unique;
};

/* Whether the column may stand beside a number in a key: another number, or something that differed often enough
 * to be trusted; a choice differs by chance only. numbers: not so where a number alone is nearly enough. */
static int goes_with_number(const struct hub_guess *g, const struct guess_col *c, int numbers)
{
	if (key_merit(c) >= 20)
		return 1;
	return !numbers && g->rows >= TRUSTED &&
	       !(c->field && (c->field->type == HUB_F_CODE || c->field->type == HUB_F_CODES ||
			      c->field->type == HUB_F_BOOL));
}

/* Two columns that together may name a record: one of them at least is a number of something, or both are. */
static uint32_t make_pairs(const struct hub_guess *g, int numbers, struct pair *pairs)
{
	uint32_t n = 0;

	for (int least = 60; least >= 20; least -= 20) {
		for (uint32_t a = 0; a < g->cols; a++) {
			for (uint32_t b = a + 1; b < g->cols && n < PAIRS; b++) {
				const struct guess_col *x = &g->col[a], *y = &g->col[b];
				const int sum = key_merit(x) + key_merit(y);
				if (can_be_part(g, x) && can_be_part(g, y) &&
				    goes_with_number(g, x, numbers) &&
				    goes_with_number(g, y, numbers) && sum >= least &&
				    sum < least + (least == 60 ? 1000 : 20))
					pairs[n++] = (struct pair){.a = a, .b = b};
			}
		}
	}
	return n;
}

static int try_pairs(struct hub_guess *g, struct pair *pairs, uint32_t n, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	int rc = hub_guess_open(g, &source, err);

	while (rc == HUB_OK && b && (rc = hub_source_next(source, b, err)) == HUB_OK) {
		for (uint32_t r = 0; r < b->rows; r++) {
			struct hub_hash all = {0, 0};
			if (b->verdict[r] != HUB_ROW_PENDING ||
			    hub_guess_beyond(g, b->prov[r].line) ||
			    (g->leave_odd && hub_guess_odd(g, b, r)))
				continue;
			for (uint32_t i = 0; i < b->cols; i++)
				all = hub_hash128(b->col[i].text[r], all);
			for (uint32_t i = 0; i < n; i++) {
				struct hub_hash key = {0, 0};
				key = hub_hash128(b->col[pairs[i].a].text[r], key);
				key = hub_hash128(b->col[pairs[i].b].text[r], key);
				if (hub_guess_unique_add(&pairs[i].unique, key.lo, all.hi))
					return hub_fail_mem(err);
			}
		}
		hub_batch_reset(b);
	}
	if (!b)
		return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Its days may be left out, because they have no year, or not be known for what they are. */
static int is_log(const struct hub_guess *g)
{
	if (hub_guess_filler(g, "activity", "body"))
		return 1;
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct hub_field *f = g->col[i].field ? g->col[i].field : g->col[i].means;
		if (f && hub_str_is(f->name, "activity_on") &&
		    hub_str_is(f->entity->name, "activity"))
			return 1;
	}
	return 0;
}

/* In a log, and in a list of plans, a client comes again: that a short one has everybody once says nothing, and the next entry of a client
 * would take the place of this one. */
static int names_a_client(const struct hub_guess *g, const struct guess_col *c)
{
	const int plans = hub_guess_filler(g, "plan", "plan_no") ||
			  hub_guess_filler(g, "plan", "plan_created_on");

	return (is_log(g) || plans) && g->rows < TRUSTED && c->field &&
	       hub_str_is(c->field->entity->name, "person");
}

/* The best column that alone names a record, with at least that merit. */
static const struct guess_col *single_key(const struct hub_guess *g, int least)
{
	const struct guess_col *best = NULL;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (can_be_part(g, c) && !c->unique.broken && key_merit(c) >= least &&
		    !names_a_client(g, c)) {
			least = key_merit(c) + 1;
			best = c;
		}
	}
	return best;
}

/* Records have numbers of their own, and a few were given twice: better refuse the second of those, with both places,
 * than take every corrected record for a new one. Not the number of a person or a case: it comes again. */
static const struct guess_col *nearly_key(const struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (can_be_part(g, c) && !c->field && !c->means && key_merit(c) >= 20 &&
		    c->unique.broken && hub_guess_unique_nearly(&c->unique))
			return c;
	}
	return NULL;
}

static int pair_key(struct hub_guess *g, int numbers, struct hub_err *err)
{
	struct pair pairs[PAIRS];
	const uint32_t n = make_pairs(g, numbers, pairs);
	int found = 0;
	const int rc = n ? try_pairs(g, pairs, n, err) : HUB_OK;

	for (uint32_t i = 0; i < n; i++) {
		if (rc == HUB_OK && !found && !pairs[i].unique.broken) {
			g->result.key = hub_arena_printf(g->arena, "%.*s + '-' + %.*s | width",
							 HUB_FMT(g->col[pairs[i].a].ref),
							 HUB_FMT(g->col[pairs[i].b].ref));
			found = 1;
		}
		hub_guess_unique_free(&pairs[i].unique);
	}
	return rc;
}

/* What is listed has a name, which nothing else in the list has. */
static const struct guess_col *name_key(const struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (can_be_part(g, c) && !c->unique.broken && g->rows > FEW && c->field &&
		    c->field->type == HUB_F_TEXT && c->field->flags & HUB_FF_REQUIRED &&
		    hub_str_ends(c->field->name, HUB_STR("name")))
			return c;
	}
	return NULL;
}

/* № with the name beside it: a line that comes in between makes new records, it does not turn one person's into
 * another's. */
static int number_and_name(struct hub_guess *g, struct hub_err *err)
{
	const struct guess_col *no = NULL, *name = NULL;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (!no && c->filled == g->rows && hub_guess_running(c))
			no = c;
		if (!name && c->field && !(c->field->flags & HUB_FF_THIRD) &&
		    c->filled == g->rows &&
		    (c->field->type == HUB_F_NAME || hub_str_is(c->field->name, "subject_name")))
			name = c;
	}
	if (!no || !name)
		return HUB_OK;
	g->result.key = hub_arena_printf(g->arena, "%.*s + '-' + %.*s | width", HUB_FMT(no->ref),
					 HUB_FMT(name->ref));
	return g->result.key.ptr ? HUB_OK : hub_fail_mem(err);
}

static struct guess_col *of_person(const struct hub_guess *g, const char *field)
{
	struct guess_col *c = hub_guess_filler(g, "person", field);

	for (uint32_t i = 0; !c && i < g->cols; i++)
		if (g->col[i].also && hub_str_is(g->col[i].also->entity->name, "person") &&
		    hub_str_is(g->col[i].also->name, field))
			c = &g->col[i];
	return c;
}

struct hub_str hub_guess_by_name(struct hub_guess *g, const struct guess_col **of)
{
	const struct guess_col *name = of_person(g, "name"), *born = of_person(g, "birth_date");
	const struct hub_str none = {"", 0};
	const struct guess_col *no = NULL;

	for (uint32_t i = 0; i < g->cols && !no; i++)
		if (hub_guess_running(&g->col[i]))
			no = &g->col[i];
	g->result.by_name = 0;
	if (!name || g->table.len || of_person(g, "client_no") || of_person(g, "atena_no"))
		return none;
	/* a list of people may have two of one name; a log has entries of one person, and who comes to a desk with one
	 * name and birth date is one, too */
	const struct guess_col *no_of_case = hub_guess_filler(g, "case", "case_no");
	const int again = no_of_case && no_of_case->unique.broken; /* several entries of a case */
	const int desk = hub_guess_filler(g, "intake", "received_on") != NULL;
	if (!is_log(g) && !again &&
	    (!born || born->filled < g->rows ||
	     !(desk || hub_str_is(g->result.key, "hash()") ||
	       (no && hub_str_starts(g->result.key, no->ref)))))
		return none;
	*of = name;
	g->result.by_name = !born || born->filled < name->filled;
	const struct hub_str key = hub_arena_printf(
	    g->arena, "%.*s | name | width | replace(' ', '')",
	    HUB_FMT(hub_guess_share(name, LOOK_RUBY)
			? hub_arena_printf(g->arena, "%.*s | before('（') | before('(')",
					   HUB_FMT(name->ref))
			: name->ref));
	if (!born)
		return key;
	/* one that cannot be read is told apart as it is written */
	return hub_arena_printf(g->arena, "concat(%.*s, '-' + (%.*s%s))", HUB_FMT(key),
				HUB_FMT(born->written.len ? born->written : born->ref),
				born->lenient ? " | width" : " | date");
}

/* A number of something; two columns; a name, if there are enough of them to trust it; the whole
 * record. */
int hub_guess_key(struct hub_guess *g, struct hub_err *err)
{
	const struct guess_col *best = single_key(g, 20);
	int rc = HUB_OK;

	if (g->table.len) {
		g->result.key = hub_guess_table_key(g);
		return g->result.key.ptr ? HUB_OK : hub_fail_mem(err);
	}
	g->result.key = HUB_STR("hash()");
	if (g->rows == 0)
		return HUB_OK;
	const struct guess_col *nearly = best ? NULL : nearly_key(g);
	if (!best && (rc = pair_key(g, nearly != NULL, err)))
		return rc;
	if (!best && hub_str_is(g->result.key, "hash()"))
		best = nearly;
	g->result.clashes = best && best == nearly ? best->unique.clashes : 0;
	if (!best && hub_str_is(g->result.key, "hash()") && g->rows >= TRUSTED)
		best = single_key(g, 0);
	if (!best && hub_str_is(g->result.key, "hash()"))
		best = name_key(g);
	if (!best && hub_str_is(g->result.key, "hash()") && (rc = number_and_name(g, err)))
		return rc;
	if (best)
		g->result.key = key_merit(best) >= 20 ? hub_guess_number(g, best->ref) : best->ref;
	return g->result.key.ptr ? HUB_OK : hub_fail_mem(err);
}
