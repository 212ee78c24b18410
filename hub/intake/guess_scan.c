/* What stands in the columns of a file: how often it is filled, what its cells look like, whether it
 * names a record. Looks are tried on the first few thousand cells, uniqueness on all of them. */
#include "intake/guess_in.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "intake/excel.h"
#include "plugin/option.h"
#include "text/address.h"
#include "text/chars.h"
#include "text/date.h"
#include "text/phone.h"
#include "text/postal.h"

#include <stdio.h>

static int set_option(struct hub_options *o, const char *name, struct hub_str value,
		      struct hub_err *err)
{
	return hub_options_set(o, hub_str_of(name), value, err);
}

static int set_form(const struct hub_guess *g, struct hub_options *o, struct hub_err *err)
{
	const struct hub_str skip = hub_arena_printf(g->arena, "%u", g->skip);
	int rc;

	if ((rc = set_option(o, "encoding", g->result.encoding, err)) ||
	    (rc = set_option(o, "delimiter", g->result.delimiter, err)) ||
	    (rc = set_option(o, "skip", skip, err)) ||
	    (rc = set_option(o, "header", g->has_header ? HUB_STR("1") : HUB_STR("0"), err)))
		return rc;
	return set_option(o, "tolerant", g->tolerant ? HUB_STR("true") : HUB_STR("false"), err);
}

int hub_guess_open(struct hub_guess *g, struct hub_instance **out, struct hub_err *err)
{
	const struct hub_opt *input = hub_option_with(g->source, HUB_OPT_INPUT);
	struct hub_options o;
	int rc = hub_options_init(&o, g->arena, g->source, err);

	if (!rc && input)
		rc = set_option(&o, input->name, hub_str_of(g->path), err);
	if (!rc && g->delimited)
		rc = set_form(g, &o, err);
	for (uint32_t i = 0; i < g->sets && !rc; i++)
		rc = set_option(&o, g->set[i].name, g->set[i].value, err);
	if (rc || (rc = hub_options_finish(&o, err)))
		return rc;
	if ((rc = hub_instance_open(g->source, o.conf, (struct hub_str){0}, out, err)))
		return rc;
	hub_instance_verbose(*out, g->told ? HUB_LOG_ERROR : HUB_LOG_WARN);
	return HUB_OK;
}

int hub_guess_read(struct hub_guess *g, struct hub_batch *b, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	const int rc = b ? hub_guess_open(g, &source, err) : hub_fail_mem(err);

	if (rc)
		return rc;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	return hub_source_next(source, b, err);
}

/* --- does a key name one record? -------------------------------------------------------------- */

void hub_guess_unique_free(struct guess_unique *u)
{
	hub_heap_put(u->slot);
	*u = (struct guess_unique){.broken = 1};
}

static uint64_t *unique_slot(const struct guess_unique *u, uint64_t key)
{
	size_t i = (size_t)(key * 0x9e3779b97f4a7c15u) & (u->cap - 1);

	while (u->slot[2 * i] && u->slot[2 * i] != key)
		i = (i + 1) & (u->cap - 1);
	return &u->slot[2 * i];
}

static int unique_grow(struct guess_unique *u)
{
	struct guess_unique bigger = *u;

	bigger.cap = u->cap ? u->cap * 2 : 256;
	bigger.slot = hub_heap_get(bigger.cap * 2 * sizeof *bigger.slot);
	if (!bigger.slot)
		return -1;
	memset(bigger.slot, 0, bigger.cap * 2 * sizeof *bigger.slot);
	for (size_t i = 0; i < u->cap; i++)
		if (u->slot[2 * i])
			memcpy(unique_slot(&bigger, u->slot[2 * i]), &u->slot[2 * i],
			       2 * sizeof *u->slot);
	hub_heap_put(u->slot);
	*u = bigger;
	return 0;
}

/* A key that comes again with the same content is a repeat, not a second record. */
int hub_guess_unique_add(struct guess_unique *u, uint64_t key, uint64_t content)
{
	enum { SPARED = 16 }; /* clashes that one file may begin with */

	if (u->broken && !u->slot)
		return 0;
	if (u->n * 2 >= u->cap && unique_grow(u))
		return -1;
	uint64_t *slot = unique_slot(u, key ? key : 1);
	if (slot[0] && slot[1] != content) {
		u->broken = 1;
		if (++u->clashes > SPARED + u->n / 100)
			hub_guess_unique_free(u);
		return 0;
	}
	u->n += slot[0] == 0;
	slot[0] = key ? key : 1;
	slot[1] = content;
	return 0;
}

int hub_guess_unique_nearly(const struct guess_unique *u)
{
	return u->slot && u->clashes * 100 <= u->n;
}

/* --- looks ------------------------------------------------------------------------------------ */

static int only_kana(struct hub_str s)
{
	size_t kana = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t c = hub_utf8_next(s, &at);
		if ((c >= 0x30a0 && c <= 0x30ff) || (c >= 0xff66 && c <= 0xff9f) ||
		    (c >= 0x3041 && c <= 0x309f))
			kana++;
		else if (c >= 0x3400 && c <= 0x9fff)
			return 0;
	}
	return kana * 2 >= hub_utf8_count(s);
}

static int has_digit(struct hub_str s)
{
	for (size_t at = 0; at < s.len;) {
		const int32_t c = hub_char_plain(hub_utf8_next(s, &at));
		if (c >= '0' && c <= '9')
			return 1;
	}
	return 0;
}

/* A number with what stands behind it; 0 when it is none. Of 1～2人 what stands there is the rest of it. */
static int is_number(struct hub_str s, struct hub_str *unit)
{
	size_t at = 0, from = 0;
	int digits = 0;

	for (; at < s.len; from = at) {
		const int32_t c = hub_utf8_next(s, &at);
		if ((c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19))
			digits++;
		else if (!((c == ',' || c == '.') && digits) && !(c == '-' && from == 0))
			break;
		if (at == s.len)
			from = at;
	}
	*unit = hub_str_trim(hub_str_from(s, from));
	return digits > 0 && digits < 16 && unit->len <= 12 && !has_digit(*unit);
}

static int is_degree(struct hub_str s, int64_t low, int64_t high)
{
	const size_t dot = hub_str_find(s, HUB_STR("."), 0);
	int64_t whole;

	return dot != (size_t)-1 && s.len - dot > 3 &&
	       hub_parse_i64(hub_str_cut(s, 0, dot), low, high, &whole) == 0;
}

/* "34.3401, 134.0434", "POINT(134.0434 34.3401)": 1 latitude first, 2 longitude first, 0 neither. */
static int is_place(struct hub_str s)
{
	int found = 0, first = 0;

	for (size_t at = 0; at < s.len && s.len < 80;) {
		size_t n = 0;
		while (at + n < s.len &&
		       ((s.ptr[at + n] >= '0' && s.ptr[at + n] <= '9') || s.ptr[at + n] == '.'))
			n++;
		const struct hub_str one = hub_str_cut(s, at, at + n);
		const int what = is_degree(one, 20, 46) ? 1 : is_degree(one, 122, 154) ? 2 : 0;
		if (n && !what)
			return 0;
		first = found ? first : what;
		found |= what;
		at += n ? n : 1;
	}
	return found == 3 ? first : 0;
}

static void look_at_place(struct guess_col *c, struct hub_str s)
{
	const int place = is_place(s);

	c->look[LOOK_LAT_LON] += place == 1;
	c->look[LOOK_LON_LAT] += place == 2;
	c->look[LOOK_LATITUDE] += !place && is_degree(s, 20, 46);
	c->look[LOOK_LONGITUDE] += !place && is_degree(s, 122, 154);
}

static void note_unit(struct hub_guess *g, struct guess_col *c, struct hub_str unit)
{
	for (uint32_t i = 0; i < c->units && i < GUESS_UNITS; i++)
		if (hub_str_eq(c->unit[i], unit))
			return;
	if (c->units > GUESS_UNITS)
		return;
	if (c->units < GUESS_UNITS)
		c->unit[c->units] = hub_arena_str(g->arena, unit);
	c->units++; /* more than GUESS_UNITS: no number column */
}

static void look_at_digits(struct guess_col *c, struct hub_str s)
{
	size_t digits = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t ch = hub_utf8_next(s, &at);
		digits += (ch >= '0' && ch <= '9') || (ch >= 0xff10 && ch <= 0xff19);
	}
	if (digits == 12 && s.len <= 42 && hub_str_find(s, HUB_STR(":"), 0) == (size_t)-1) {
		c->look[LOOK_TWELVE]++;
		c->look[LOOK_MYNUMBER] += hub_mynumber_ok(s) != 0;
	}
}

/* The table of towns is large: only what has the sign of a municipality near its beginning is looked
 * up in it. */
static int is_address(struct hub_str s)
{
	static const char *const signs[] = {"市", "区", "町", "村", "郡"};
	HUB_AUTO(arena) struct hub_arena *scratch = NULL;
	struct hub_address a;
	size_t near = (size_t)-1;

	for (size_t i = 0; i < HUB_COUNT(signs); i++) {
		const size_t at = hub_str_find(s, hub_str_of(signs[i]), 0);
		near = at < near ? at : near;
	}
	if (near < 3 || near > 30 || s.len - near < 6 || s.len > 200)
		return 0;
	scratch = hub_arena_new(0);
	return scratch && hub_address_parse(scratch, s, NULL, &a) == HUB_ADDRESS_OK &&
	       a.level >= HUB_ADDRESS_TOWN;
}

static int is_organisation(struct hub_str s)
{
	static const char *const words[] = {
	    "園",     "所",     "センター", "会社", "法人", "病院",       "施設", "学校",
	    "ホーム", "館",     "会",       "室",   "の家", "クリニック", "㈱",   "㈲",
	    "(株)",   "（株）", "薬局",     "組合", "商店", "不動産"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(s, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	return 0;
}

/* How many words: 甲野 花子, 花子, さくら; 0: no name. What it names is for the columns beside it to tell. */
static uint32_t words_of_name(struct hub_str s)
{
	uint32_t words = 1, chars = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t c = hub_utf8_next(s, &at);
		if (c == ' ' || c == 0x3000) {
			words++;
			chars = 0;
			continue;
		}
		if (!(c >= 0x3041 && c <= 0x30ff) && !(c >= 0x3400 && c <= 0x9fff) && c != 0x3005 &&
		    !(c >= 0xf900 && c <= 0xfaff) && c < 0x20000)
			return 0;
		chars++;
		if (chars > 4 || words > 2)
			return 0;
	}
	return chars > 0 ? words : 0;
}

/* 山田花子 and not 北部地区: two words, or as long as a full name and no place or sum. */
int hub_guess_is_full_name(struct hub_str s)
{
	static const char *const no[] = {"部", "区", "課", "係", "町", "市", "所",
					 "館", "班", "院", "分", "計", "表", "覧",
					 "録", "簿", "般", "他", "会", "室"};
	const uint32_t words = words_of_name(s = hub_str_trim(s));

	for (size_t i = 0; i < HUB_COUNT(no); i++)
		if (hub_str_ends(s, hub_str_of(no[i])))
			return 0;
	return words == 2 || (words == 1 && hub_utf8_count(s) >= 3);
}

/* Whether every piece between the usual separators is a code. */
static int all_codes(const struct hub_codes *list, struct hub_str s)
{
	const struct hub_code *code = NULL;
	uint32_t n = 0;

	for (; hub_choice_next(list, HUB_STR(GUESS_SEPARATORS), &s, &code); n++)
		if (!code)
			return 0;
	return n > 0;
}

/* □男　☑女: how many are marked, all of the list; -1: not so. */
static int marked_of(const struct hub_codes *list, struct hub_str s)
{
	enum { MOST = 16 };
	const struct hub_code *code[MOST];
	int detail;

	return hub_choice_boxes(list, s, code, MOST, &detail);
}

static void look_at_codes(struct guess_col *c, struct hub_str s)
{
	for (uint32_t i = 0; i < c->lists; i++) {
		const int boxes = hub_choice_has_boxes(s) ? marked_of(c->list[i], s) : -1;
		const int one = boxes == 0 || boxes == 1 || hub_choice_find(c->list[i], s) != NULL;
		c->list_hits[i] += (uint32_t)one;
		c->part_hits[i] += (uint32_t)(one || boxes > 1 || all_codes(c->list[i], s));
	}
}

/* 氏名 in a cell: the name of a field, not what stands in one. */
static void note_label(struct hub_guess *g, struct guess_col *c, struct hub_str s)
{
	const struct hub_alias *a = hub_schema_alias(g->schema, s);
	uint32_t i = 0;

	if (!a)
		return;
	c->labelled++;
	while (i < c->labels && c->label[i] != a->field)
		i++;
	if (i < GUESS_LABELS && i == c->labels)
		c->label[c->labels++] = a->field;
	c->names_name |= hub_str_is(s, "氏名") || hub_str_is(s, "名前");
}

static void look_at_cell(struct hub_guess *g, struct guess_col *c, struct hub_str s)
{
	const struct hub_codes *yes_no = hub_schema_codes(g->schema, HUB_STR("bool"));
	struct hub_phone phone;
	struct hub_postal postal;
	struct hub_date date;
	struct hub_str unit;
	int32_t seconds;
	const char *why;

	if (hub_map_ditto(s))
		return;
	c->tried++;
	if (hub_date_parse(s, NULL, &date) == HUB_DATE_OK) {
		c->look[LOOK_DATE]++;
		c->look[LOOK_DATETIME] += date.seconds > 0;
		c->look[LOOK_LONG_AGO] +=
		    date.precision != HUB_DATE_UNKNOWN && date.to < g->long_ago;
	}
	hub_guess_month(c, s);
	c->look[LOOK_TIME] += hub_time_parse(s, &seconds, &why) == HUB_DATE_OK;
	if (hub_phone_parse(s, &phone) == HUB_PHONE_OK) {
		c->look[LOOK_PHONE]++;
		c->look[LOOK_MOBILE] += phone.type == HUB_PHONE_MOBILE;
	}
	c->look[LOOK_POSTAL] += hub_postal_parse(s, &postal) == 0;
	c->look[LOOK_KANA] += only_kana(s) != 0;
	c->look[LOOK_EMAIL] += hub_str_find(s, HUB_STR("@"), 1) != (size_t)-1 && s.len < 100;
	c->look[LOOK_URL] += hub_str_starts(s, HUB_STR("http")) != 0;
	look_at_place(c, s);
	c->look[LOOK_BOOL] += yes_no && (hub_code_find(yes_no, s) ||
					 (hub_choice_has_boxes(s) && marked_of(yes_no, s) >= 0));
	c->look[LOOK_ORG] += is_organisation(s) != 0;
	const uint32_t words = words_of_name(s);
	c->look[LOOK_NAME] += words > 0;
	c->look[LOOK_FULL_NAME] += words == 2;
	look_at_digits(c, s);
	note_label(g, c, s);
	hub_guess_cell(c, s);
	if (is_number(s, &unit)) {
		c->look[LOOK_INT]++;
		note_unit(g, c, unit);
	}
	look_at_codes(c, s);
	if (c->tried <= ADDRESSES)
		c->look[LOOK_ADDRESS] += is_address(s) != 0;
}

/* --- the file --------------------------------------------------------------------------------- */

/* As an expression writes the column: bare if it can be, else in brackets. */
static struct hub_str reference_to(struct hub_guess *g, struct hub_str name)
{
	static const char *const words[] = {"and", "or",   "not",   "in",
					    "it",  "true", "false", "null"};
	int bare = name.len > 0 && !(name.ptr[0] >= '0' && name.ptr[0] <= '9') &&
		   hub_str_find(name, HUB_STR("　"), 0) == (size_t)-1;
	struct hub_buf b;

	for (size_t i = 0; i < name.len && bare; i++) {
		const unsigned char c = (unsigned char)name.ptr[i];
		bare = c >= 0x80 || c == '_' || (c >= '0' && c <= '9') ||
		       ((c | 32) >= 'a' && (c | 32) <= 'z');
	}
	for (size_t i = 0; i < HUB_COUNT(words) && bare; i++)
		bare = !hub_str_is(name, words[i]);
	if (bare)
		return name;
	hub_buf_init(&b, 1 << 16);
	hub_buf_putc(&b, '[');
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == ']')
			hub_buf_putc(&b, ']');
		hub_buf_putc(&b, name.ptr[i]);
	}
	hub_buf_putc(&b, ']');
	const struct hub_str out = hub_buf_keep(&b, g->arena);
	hub_buf_free(&b);
	return out;
}

/* Two columns of one name, and those without one, are known by their place. */
static void name_columns(struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		int twice = c->name.len == 0;
		for (uint32_t k = 0; k < g->cols && !twice; k++)
			twice = k != i && hub_str_eq(g->col[k].name, c->name);
		c->ref =
		    twice ? hub_arena_printf(g->arena, "#%u", i + 1) : reference_to(g, c->name);
	}
}

static void add_list(struct guess_col *c, const struct hub_codes *list)
{
	uint32_t k = 0;

	while (k < c->lists && c->list[k] != list)
		k++;
	if (list && k == c->lists && c->lists < GUESS_LISTS)
		c->list[c->lists++] = list;
}

static void add_lists(struct hub_guess *g, struct guess_col *c)
{
	struct guess_cand cand[24];
	const uint32_t n = hub_guess_candidates(g->schema, c->name, cand, HUB_COUNT(cand));

	for (uint32_t i = 0; i < n; i++) {
		const struct hub_field *f = cand[i].field;
		add_list(c, f->codes);
		/* a word for a text may stand above choices: 相談内容 */
		for (uint32_t k = 0; f->type == HUB_F_NARRATIVE && k < f->entity->count; k++)
			if (f->entity->fields[k].type == HUB_F_CODES)
				add_list(c, f->entity->fields[k].codes);
	}
}

static int make_columns(struct hub_guess *g, const struct hub_batch *b, struct hub_err *err)
{
	size_t used;

	g->long_ago = hub_today() - LONG_AGO;
	g->cols = b->cols;
	g->col = hub_alloc_array(g->arena, (size_t)b->cols + 1, sizeof *g->col);
	if (!g->col)
		return hub_fail_mem(err);
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		c->name = g->has_header
			      ? hub_decode_arena(g->arena, enc, b->col[i].name, &used, NULL)
			      : hub_arena_printf(g->arena, "列%u", i + 1);
		if (!c->name.ptr)
			return hub_fail_mem(err);
		c->part_of = GUESS_NO_PART;
		const struct hub_banned *ban = hub_schema_banned(g->schema, c->name);
		c->forbidden = ban && ban->ban == HUB_BAN_FORBIDDEN;
		c->dropped = ban && ban->ban == HUB_BAN_DROPPED;
		if (g->has_header)
			add_lists(g, c);
		else
			add_list(c, hub_schema_codes(g->schema, HUB_STR("sex")));
	}
	name_columns(g);
	return HUB_OK;
}

static uint64_t content_of(const struct hub_batch *b, uint32_t r)
{
	struct hub_hash h = {0, 0};

	for (uint32_t i = 0; i < b->cols; i++)
		h = hub_hash128(b->col[i].cell[r] == HUB_VALUE ? b->col[i].text[r] : HUB_STR(""),
				h);
	return h.hi;
}

/* Plain digits only: 000123 and A-12 are numbers that somebody gave. */
static void count_on(struct guess_col *c, struct hub_str raw)
{
	int64_t n;

	if (raw.len > 9 || hub_parse_i64(raw, 1, INT32_MAX, &n) || raw.ptr[0] == '0')
		return;
	c->counted += (uint64_t)n == c->last + 1;
	c->last = (uint64_t)n;
}

static int scan_cell(struct hub_guess *g, struct guess_col *c, enum hub_enc enc, struct hub_str raw,
		     uint64_t content, struct hub_arena *scratch)
{
	size_t used;

	if (hub_guess_unique_add(&c->unique, hub_hash64(raw), content))
		return -1;
	c->filled++;
	count_on(c, raw);
	if (c->tried >= GUESS_TRIED && c->filled % 64)
		return 0;
	const struct hub_str s =
	    hub_excel_kept(hub_str_trim(hub_decode_arena(scratch, enc, raw, &used, NULL)));
	if (!s.ptr && raw.len)
		return -1;
	const size_t chars = hub_utf8_count(s);
	c->max_chars = chars > c->max_chars ? chars : c->max_chars;
	c->many_lines += hub_str_find(s, HUB_STR("\n"), 0) != (size_t)-1;
	if (s.len)
		look_at_cell(g, c, s);
	return 0;
}

static int scan_batch(struct hub_guess *g, const struct hub_batch *b, uint64_t *refused,
		      struct hub_arena *scratch)
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;

	for (uint32_t r = 0; r < b->rows; r++) {
		const int beyond = hub_guess_beyond(g, b->prov[r].line);
		if (b->verdict[r] == HUB_ROW_REJECT)
			*refused += !beyond;
		if (b->verdict[r] != HUB_ROW_PENDING)
			continue;
		const enum guess_odd odd = hub_guess_odd(g, b, r);
		if (beyond && !odd) /* titles and notes around it are left out all the same */
			continue;
		g->sparse += odd == GUESS_SPARSE;
		/* a note or the title of a small table, and what stands below it */
		const int below = g->tail || hub_guess_filled(g, b, r) <= 1;
		g->tail = odd == GUESS_SPARSE && below ? g->tail + 1 : 0;
		g->headers += odd == GUESS_HEADER_AGAIN;
		g->totals += odd == GUESS_TOTAL;
		if (odd && g->leave_odd) {
			if (hub_guess_odd_note(g, b, r, odd))
				return -1;
			continue;
		}
		g->rows++;
		const uint64_t content = content_of(b, r);
		for (uint32_t i = 0; i < b->cols && i < g->cols; i++)
			if (b->col[i].cell[r] == HUB_VALUE && b->col[i].text[r].len &&
			    scan_cell(g, &g->col[i], enc, b->col[i].text[r], content, scratch))
				return -1;
	}
	return 0;
}

static int scan_once(struct hub_guess *g, uint64_t *refused, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	int rc = hub_guess_open(g, &source, err);

	if (rc)
		return rc;
	if (!b || !scratch)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < g->cols; i++)
		hub_guess_unique_free(&g->col[i].unique);
	g->rows = g->sparse = g->headers = g->totals = g->tail = 0;
	g->cols = 0;
	*refused = 0;
	g->told = 1;
	while ((rc = hub_source_next(source, b, err)) == HUB_OK) {
		if (g->cols == 0 && (rc = make_columns(g, b, err)))
			return rc;
		if (scan_batch(g, b, refused, scratch))
			return hub_fail_mem(err);
		hub_batch_reset(b);
		hub_arena_reset(scratch);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Reads the file; once more without the lines that are no records, if there are some but few. */
static int scan(struct hub_guess *g, uint64_t *refused, struct hub_err *err)
{
	g->leave_odd = 0;
	const int rc = scan_once(g, refused, err);
	const uint64_t odd = g->sparse + g->headers - g->tail, rows = g->rows - g->tail;

	/* a total says that it is one, and what stands alone below the last record is a note; the others are told by
	 * being few */
	if (rc || odd + g->totals + g->tail == 0 || odd * 3 > rows || g->totals * 3 > rows * 2)
		return rc;
	g->leave_odd = 1;
	return scan_once(g, refused, err);
}

int hub_guess_scan(struct hub_guess *g, struct hub_err *err)
{
	uint64_t refused, tolerated;
	int rc = scan(g, &refused, err);

	if (rc || refused == 0)
		return rc;
	/* broken records are rejects; but a file that breaks the rules everywhere is read leniently */
	const uint32_t cols = g->cols;
	if (refused * 5 < g->rows + refused || !g->delimited)
		return HUB_OK;
	g->tolerant = 1;
	if ((rc = scan(g, &tolerated, err)))
		return rc;
	if (tolerated * 10 < refused && g->cols == cols)
		return HUB_OK;
	g->tolerant = 0;
	return scan(g, &refused, err);
}
