/* Compares an official sheet (a list of items, or the header of a data file) with the catalogue, so
 * that what is marked K or I can be checked once the original is at hand. */
#include "base/err.h"
#include "store/schema_out.h"

#include <stdio.h>

enum { MAX_COLS = 512 };

struct sheet {
	struct hub_str rest;
	uint32_t line, next_line; /* of the record last read, and of the next one */
	struct hub_str cell[MAX_COLS];
	unsigned cells;
	int by_rows; /* a record is one line, whatever its cells hold: that of a workbook */
};

struct verify {
	struct hub_arena *a;
	const struct hub_schema *s;
	struct hub_str form, sheet; /* sheet: name of the one at hand */
	struct hub_map *seen;       /* "entity.field" found on the sheet */
	struct hub_map *forms;      /* forms the sheet names */
	struct hub_verify *list;
	size_t n, room;
	int no_memory;
	/* where the item at hand stands: its cell, those that hold its choices, and whose they are */
	const struct sheet *at;
	unsigned label, from, to;
};

/* The cell a finding is about: of the choice, or of its label. */
static unsigned place_of(const struct verify *v, struct hub_verify r)
{
	if (r.kind != HUB_VERIFY_CODE && r.kind != HUB_VERIFY_CODE_EXTRA)
		return v->label;
	for (unsigned i = v->from; i < v->to && i < v->at->cells; i++)
		if (hub_str_find(v->at->cell[i], r.official, 0) != (size_t)-1)
			return i;
	return v->from < v->to ? v->from : v->label;
}

static void add(struct verify *v, struct hub_verify r)
{
	struct hub_verify *list = hub_alloc_more(v->a, v->list, v->n, &v->room, sizeof *list);

	if (!list) {
		v->no_memory = 1;
		return;
	}
	v->list = list;
	r.sheet = v->sheet;
	if (v->at)
		r.column = 1 + place_of(v, r);
	v->list[v->n++] = r;
}

/* ---- reading: RFC 4180, whole in memory */

/* A quoted cell; doubled quotes become one, in the arena. 0, or -1 when the quote never ends. */
static int quoted(struct verify *v, struct sheet *t, struct hub_str *cell)
{
	char *out = hub_alloc(v->a, t->rest.len + 1);
	size_t n = 0, i = 1;

	if (!out) {
		v->no_memory = 1;
		return -1;
	}
	for (; i < t->rest.len; i++) {
		if (t->rest.ptr[i] == '"') {
			if (i + 1 >= t->rest.len || t->rest.ptr[i + 1] != '"')
				break;
			i++;
		}
		t->next_line += !t->by_rows && t->rest.ptr[i] == '\n';
		out[n++] = t->rest.ptr[i];
	}
	if (i == t->rest.len)
		return -1;
	*cell = (struct hub_str){out, n};
	t->rest = hub_str_from(t->rest, i + 1);
	return 0;
}

/* 1 a record, 0 the end, -1 an unclosed quote or too many columns. */
static int next_record(struct verify *v, struct sheet *t)
{
	t->cells = 0;
	t->line = t->next_line;
	if (!t->rest.len)
		return 0;
	for (;;) {
		struct hub_str cell = {t->rest.ptr, 0};

		if (t->cells == MAX_COLS)
			return -1;
		if (t->rest.len && t->rest.ptr[0] == '"' && quoted(v, t, &cell))
			return -1;
		size_t i = 0;
		while (i < t->rest.len && !strchr(",\r\n", t->rest.ptr[i]))
			i++;
		if (!cell.len)
			cell = hub_str_cut(t->rest, 0, i);
		t->cell[t->cells++] = hub_str_trim(cell);
		const char end = i < t->rest.len ? t->rest.ptr[i] : '\n';
		const size_t crlf =
		    end == '\r' && i + 1 < t->rest.len && t->rest.ptr[i + 1] == '\n';
		t->rest = hub_str_from(t->rest, i < t->rest.len ? i + 1 + crlf : i);
		if (end == ',')
			continue;
		t->next_line++;
		return 1;
	}
}

/* ---- one item */

static int in_scope(const struct verify *v, const struct hub_field *f)
{
	return !v->form.len || hub_str_starts(f->form, v->form);
}

static struct hub_str path_of(struct verify *v, const struct hub_field *f)
{
	const struct hub_str p = hub_arena_printf(v->a, "%s.%s", f->entity->name.ptr, f->name.ptr);

	if (!p.ptr)
		v->no_memory = 1;
	return p;
}

/* Forms number their items and mark what must be filled in: （１）氏名※, ②ふりがな, 3. 性別：. */
static struct hub_str bare(struct hub_str label)
{
	static const char *const ends[] = {"※", "＊", "*", "：", ":", "　", NULL};
	static const char *const heads[] = {"※", "＊", "*",  "（", "(",  "）",
					    ")", ".",  "．", "、", "　", NULL};
	size_t at = 0, was;

	for (unsigned i = 0; ends[i]; i++)
		if (hub_str_ends(label, hub_str_of(ends[i])) && label.len > strlen(ends[i])) {
			label = hub_str_trim(hub_str_cut(label, 0, label.len - strlen(ends[i])));
			i = (unsigned)-1;
		}
	do {
		was = at;
		for (unsigned i = 0; heads[i]; i++)
			if (hub_str_starts(hub_str_from(label, at), hub_str_of(heads[i])))
				at += strlen(heads[i]);
		size_t next = at;
		const int32_t cp = at < label.len ? hub_utf8_next(label, &next) : 0;
		if ((cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19) ||
		    (cp >= 0x2460 && cp <= 0x2473))
			at = next;
	} while (at > was && at < label.len);
	return at < label.len ? hub_str_trim(hub_str_from(label, at)) : label;
}

static const struct hub_alias *alias_of(const struct verify *v, struct hub_str label)
{
	const struct hub_alias *a = hub_schema_alias(v->s, label);

	return a ? a : hub_schema_alias(v->s, bare(label));
}

/* The field a label means: one of the form first, then any. */
static const struct hub_field *find(const struct verify *v, struct hub_str label,
				    struct hub_str form)
{
	const struct hub_alias *first = alias_of(v, label);

	for (const struct hub_alias *at = first; at; at = hub_alias_next(v->s, at))
		if (in_scope(v, at->field) && (!form.len || hub_str_starts(at->field->form, form)))
			return at->field;
	return first && !v->form.len ? first->field : NULL;
}

/* "1 男性", "1：男性", "1.男性", "①男性" -> code and label; a bare label has no code. */
static struct hub_str split_code(struct hub_str choice, struct hub_str *code)
{
	size_t at = 0, digits = 0;

	while (at < choice.len) {
		const size_t was = at;
		const int32_t cp = hub_utf8_next(choice, &at);
		const int digit = (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19);

		if (!digit) {
			at = was;
			break;
		}
		digits = at;
	}
	*code = hub_str_cut(choice, 0, digits);
	struct hub_str rest = hub_str_trim(hub_str_from(choice, digits));
	static const char *const marks[] = {":", ".", ")", "：", "．", "）", "、", NULL};
	for (unsigned i = 0; digits && marks[i]; i++)
		if (hub_str_starts(rest, hub_str_of(marks[i])))
			return hub_str_trim(hub_str_from(rest, strlen(marks[i])));
	return rest;
}

static int same_code(const struct hub_code *c, struct hub_str code)
{
	char a[64], b[64];
	struct hub_str x = {a, hub_schema_fold(c->code, 0, a, sizeof a)};
	struct hub_str y = {b, hub_schema_fold(code, 0, b, sizeof b)};

	while (x.len > 1 && x.ptr[0] == '0')
		x = hub_str_from(x, 1);
	while (y.len > 1 && y.ptr[0] == '0')
		y = hub_str_from(y, 1);
	return hub_str_eq(x, y);
}

static struct hub_str code_label(struct verify *v, const struct hub_code *c)
{
	const struct hub_str s = hub_arena_printf(v->a, "%s %s", c->code.ptr, c->label.ptr);

	if (!s.ptr)
		v->no_memory = 1;
	return s;
}

static void verify_choice(struct verify *v, const struct hub_field *f, struct hub_str choice,
			  uint32_t line, uint8_t *met)
{
	struct hub_str code;
	const struct hub_str label = split_code(choice, &code);
	const struct hub_code *c = hub_code_find(f->codes, label.len ? label : choice);

	if (!c) {
		add(v,
		    (struct hub_verify){HUB_VERIFY_CODE_EXTRA, f, choice, {"", 0}, line, 0, {0}});
		return;
	}
	met[c - f->codes->items] = 1;
	if (code.len && label.len && !same_code(c, code))
		add(v, (struct hub_verify){
			   HUB_VERIFY_CODE, f, choice, code_label(v, c), line, 0, {0}});
}

/* Offset and length of the next divider at or after from; length 0: none. */
static size_t divider(struct hub_str s, size_t from, size_t *len)
{
	static const char *const marks[] = {"\n", "/", "／", "、", "，", ";", "；", NULL};
	size_t best = s.len;

	*len = 0;
	for (unsigned i = 0; marks[i]; i++) {
		const size_t at = hub_str_find(s, hub_str_of(marks[i]), from);

		if (at != (size_t)-1 && at < best) {
			best = at;
			*len = strlen(marks[i]);
		}
	}
	return best;
}

/* Where the choice that begins at from ends: labels hold dividers themselves (仕事探し、就職について), so
 * the longest run of pieces that is a code wins; when none is, the first piece stands alone. */
static size_t choice_end(const struct hub_codes *codes, struct hub_str choices, size_t from,
			 size_t *len)
{
	size_t best_len, best = divider(choices, from, &best_len), end = best, l = best_len;
	struct hub_str code;

	for (int pieces = 1; l && pieces < 6; pieces++) {
		end = divider(choices, end + l, &l);
		const struct hub_str run = hub_str_trim(hub_str_cut(choices, from, end));
		const struct hub_str label = split_code(run, &code);
		if (hub_code_find(codes, label.len ? label : run)) {
			best = end;
			best_len = l;
		}
	}
	*len = best_len;
	return best;
}

static void verify_choices(struct verify *v, const struct hub_field *f, struct hub_str choices,
			   uint32_t line)
{
	uint8_t *met = hub_alloc0(v->a, f->codes->count + 1);
	size_t from = 0, len;

	if (!met) {
		v->no_memory = 1;
		return;
	}
	do {
		const size_t end = choice_end(f->codes, choices, from, &len);
		const struct hub_str one = hub_str_trim(hub_str_cut(choices, from, end));

		if (one.len)
			verify_choice(v, f, one, line, met);
		from = end + len;
	} while (len);
	for (uint32_t i = 0; i < f->codes->count; i++)
		if (!met[i])
			add(v, (struct hub_verify){HUB_VERIFY_CODE_MISSING,
						   f,
						   {"", 0},
						   code_label(v, &f->codes->items[i]),
						   line,
						   0,
						   {0}});
}

static void verify_item(struct verify *v, struct hub_str label, struct hub_str form,
			struct hub_str choices, uint32_t line)
{
	const struct hub_field *f = find(v, label, form);

	if (!f) {
		add(v, (struct hub_verify){HUB_VERIFY_EXTRA, NULL, label, {"", 0}, line, 0, {0}});
		return;
	}
	const struct hub_str path = path_of(v, f);
	if (path.ptr && hub_map_put(v->seen, path, 1))
		v->no_memory = 1;
	add(v, (struct hub_verify){hub_str_eq(f->label, label) || hub_str_eq(f->label, bare(label))
				       ? HUB_VERIFY_SAME
				       : HUB_VERIFY_LABEL,
				   f,
				   label,
				   f->label,
				   line,
				   0,
				   {0}});
	if (choices.len && f->codes)
		verify_choices(v, f, choices, line);
}

/* ---- a list, or a header */

/* Column whose header is one of the words, -1: none. */
static int column(const struct sheet *t, const char *const *words)
{
	for (; *words; words++)
		for (unsigned i = 0; i < t->cells; i++)
			if (hub_str_is(t->cell[i], *words))
				return (int)i;
	return -1;
}

static struct hub_str cell(const struct sheet *t, int at)
{
	return at >= 0 && (unsigned)at < t->cells ? t->cell[at] : (struct hub_str){"", 0};
}

static void stand(struct verify *v, const struct sheet *t, unsigned label, unsigned from,
		  unsigned to)
{
	v->at = t;
	v->label = label;
	v->from = from;
	v->to = to;
}

static int verify_list(struct verify *v, struct sheet *t, int item, int form, int choices)
{
	int more;

	while ((more = next_record(v, t)) > 0) {
		const struct hub_str label = cell(t, item), of = cell(t, form);

		if (!label.len)
			continue;
		if (of.len && hub_map_put(v->forms, of, 1))
			v->no_memory = 1;
		stand(v, t, (unsigned)item, choices < 0 ? 0 : (unsigned)choices,
		      choices < 0 ? 0 : (unsigned)choices + 1);
		verify_item(v, label, of, cell(t, choices), t->line);
	}
	return more;
}

static void add_missing(struct verify *v, const struct hub_field *f)
{
	uint64_t one;
	int wanted = v->form.len > 0 && in_scope(v, f);

	for (size_t i = 0; !v->form.len && !wanted && i < hub_map_count(v->forms); i++)
		wanted = hub_str_starts(f->form, hub_map_key(v->forms, i));
	if (!wanted || f->type == HUB_F_REF)
		return;
	const struct hub_str path = path_of(v, f);
	if (path.ptr && !hub_map_get(v->seen, path, &one))
		add(v, (struct hub_verify){HUB_VERIFY_MISSING, f, {"", 0}, f->label, 0, 0, {0}});
}

/* The record with the headings: titles stand above it, alone in their line. A sheet of single cells only
 * begins with its first. */
static int first_record(struct verify *v, struct sheet *t, const char *const *items)
{
	const struct hub_str whole = t->rest;
	int more;

	while ((more = next_record(v, t)) > 0) {
		unsigned filled = 0;
		for (unsigned i = 0; i < t->cells; i++)
			filled += t->cell[i].len > 0;
		if (filled > 1 || column(t, items) >= 0)
			return more;
	}
	if (more < 0)
		return more;
	t->rest = whole;
	t->next_line = 1;
	return next_record(v, t);
}

/* ---- a form: labels anywhere, choices behind them */

static int is_label(const struct verify *v, struct hub_str text)
{
	return text.len > 0 && alias_of(v, text) != NULL;
}

/* More labels below the first record than in it. */
static int is_form(struct verify *v, const struct sheet *first)
{
	struct sheet *t = hub_alloc(v->a, sizeof *t);
	unsigned above = 0, below = 0;

	if (!t) {
		v->no_memory = 1;
		return 0;
	}
	*t = *first;
	for (unsigned i = 0; i < t->cells; i++)
		above += (unsigned)is_label(v, t->cell[i]);
	while (next_record(v, t) > 0)
		for (unsigned i = 0; i < t->cells; i++)
			below += (unsigned)is_label(v, t->cell[i]);
	return below > above && below > 2;
}

/* "□男性　□女性" -> a line each. */
static void add_choices(struct hub_buf *b, struct hub_str cell)
{
	static const char *const marks[] = {"□", "☐", "■", "☑", "　", NULL};
	size_t at = 0;

	while (at < cell.len) {
		size_t step = 1;
		for (unsigned i = 0; marks[i]; i++)
			if (hub_str_starts(hub_str_from(cell, at), hub_str_of(marks[i])))
				step = strlen(marks[i]);
		if (step > 1)
			hub_buf_putc(b, '\n');
		else
			hub_buf_putc(b, cell.ptr[at]);
		at += step;
	}
	hub_buf_putc(b, '\n');
}

/* The label in cell i, with the cells up to the next label as its choices. Returns where it ends. */
static unsigned verify_label(struct verify *v, const struct sheet *t, unsigned i)
{
	const struct hub_field *f = find(v, t->cell[i], (struct hub_str){"", 0});
	HUB_AUTO(buf) struct hub_buf b;
	unsigned end = i + 1;

	hub_buf_init(&b, HUB_SCHEMA_OUT_MAX);
	while (f && f->codes && end < t->cells && !is_label(v, t->cell[end]))
		add_choices(&b, t->cell[end++]);
	const struct hub_str choices = hub_str_trim(hub_buf_text(&b));
	const struct hub_str copy = hub_arena_str(v->a, choices);
	if (!hub_buf_ok(&b) || !copy.ptr)
		v->no_memory = 1;
	stand(v, t, i, i + 1, end);
	if (!v->no_memory)
		verify_item(v, t->cell[i], (struct hub_str){"", 0}, copy, t->line);
	return end;
}

static int verify_form(struct verify *v, struct sheet *t)
{
	int more = 1;

	for (; more > 0 && !v->no_memory; more = next_record(v, t))
		for (unsigned i = 0; i < t->cells;) {
			if (!t->cell[i].len)
				i++;
			else if (is_label(v, t->cell[i]))
				i = verify_label(v, t, i);
			else {
				stand(v, t, i, 0, 0);
				verify_item(v, t->cell[i++], (struct hub_str){"", 0},
					    (struct hub_str){"", 0}, t->line);
			}
		}
	return more;
}

/* ---- the whole */

static void verify_header(struct verify *v, const struct sheet *t)
{
	for (unsigned i = 0; i < t->cells; i++) {
		stand(v, t, i, 0, 0);
		if (t->cell[i].len)
			verify_item(v, t->cell[i], (struct hub_str){"", 0}, (struct hub_str){"", 0},
				    t->line);
	}
}

/* A sheet that is named after a form is that form. */
static void take_form_name(struct verify *v)
{
	for (uint32_t e = 0; e < v->s->n_entities && v->sheet.len > 6; e++)
		for (uint32_t i = 0; i < v->s->entities[e].count; i++)
			if (hub_str_starts(v->s->entities[e].fields[i].form, v->sheet) &&
			    hub_map_put(v->forms, v->sheet, 1))
				v->no_memory = 1;
}

static int verify_sheet(struct verify *v, const struct hub_verify_sheet *sheet, struct hub_err *err)
{
	static const char *const items[] = {"項目", "項目名",       "項目名称",
					    "名称", "データ項目名", NULL};
	static const char *const forms[] = {"様式",   "様式名",   "帳票", "帳票名",
					    "シート", "シート名", NULL};
	static const char *const choices[] = {"選択肢", "コード",   "コード値",
					      "区分",   "選択項目", NULL};
	struct sheet *t = hub_alloc0(v->a, sizeof *t);

	if (!t)
		return hub_fail_mem(err);
	t->rest = sheet->text;
	t->by_rows = sheet->by_rows;
	t->next_line = 1;
	int more = first_record(v, t, items);
	const int item = more > 0 ? column(t, items) : -1;
	if (item >= 0) {
		more = verify_list(v, t, item, column(t, forms), column(t, choices));
	} else if (more > 0 && is_form(v, t)) {
		more = verify_form(v, t);
	} else if (more > 0) {
		verify_header(v, t);
		more = 0;
	}
	if (v->no_memory)
		return hub_fail_mem(err);
	if (more == 0)
		return HUB_OK;
	hub_fail(err, HUB_REJECT, "unreadable-sheet",
		 "line %u: a quote is not closed, or there are more than %d columns", t->line,
		 MAX_COLS);
	return HUB_REJECT;
}

int hub_schema_verify(struct hub_arena *a, const struct hub_schema *s,
		      const struct hub_verify_sheet *sheet, size_t sheets, struct hub_str form,
		      const struct hub_verify **list, size_t *n, struct hub_err *err)
{
	struct verify v = {
	    .a = a, .s = s, .form = form, .seen = hub_map_new(a), .forms = hub_map_new(a)};
	int rc = v.seen && v.forms ? HUB_OK : hub_fail_mem(err);

	for (size_t i = 0; i < sheets && !rc; i++) {
		v.sheet = sheet[i].name;
		take_form_name(&v);
		rc = verify_sheet(&v, &sheet[i], err);
	}
	if (rc)
		return rc;
	v.sheet = (struct hub_str){0};
	v.at = NULL;
	for (uint32_t e = 0; e < s->n_entities; e++)
		for (uint32_t i = 0; i < s->entities[e].count; i++)
			add_missing(&v, &s->entities[e].fields[i]);
	if (v.no_memory)
		return hub_fail_mem(err);
	*list = v.list;
	*n = v.n;
	return HUB_OK;
}
