/* Functions from text to text. */
#include "intake/func_list.h"

#include "base/err.h"
#include "text/fold.h"

#include <regex.h>

static enum hub_cell done(struct hub_str s, struct hub_str *out)
{
	*out = s;
	return s.len ? HUB_VALUE : HUB_NULL;
}

/* Result of a function of hub/text that fills the arena. */
static enum hub_cell folded(struct hub_fcall *c, struct hub_str s, struct hub_str *out)
{
	if (!s.ptr) {
		c->x->oom = 1;
		return HUB_NULL;
	}
	return done(s, out);
}

enum hub_cell hub_fn_trim(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	(void)c;
	return done(hub_str_trim(in), out);
}

enum hub_cell hub_fn_width(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return folded(c, hub_fold_width(c->x->arena, in, 0, NULL), out);
}

static enum hub_cell change_case(struct hub_fcall *c, struct hub_str in, struct hub_str *out,
				 char from, char to)
{
	char *p = hub_fx_room(c->x, in.len);

	if (!p)
		return HUB_NULL;
	for (size_t i = 0; i < in.len; i++) {
		const char ch = in.ptr[i];
		p[i] = ch >= from && ch <= from + 25 ? (char)(ch - from + to) : ch;
	}
	return done((struct hub_str){p, in.len}, out);
}

enum hub_cell hub_fn_upper(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return change_case(c, in, out, 'a', 'A');
}

enum hub_cell hub_fn_lower(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return change_case(c, in, out, 'A', 'a');
}

enum hub_cell hub_fn_digits(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	char *p = hub_fx_room(c->x, in.len);
	size_t n = 0;

	if (!p)
		return HUB_NULL;
	for (size_t at = 0; at < in.len;) {
		const int32_t cp = hub_utf8_next(in, &at);
		if (cp >= '0' && cp <= '9')
			p[n++] = (char)cp;
		else if (cp >= 0xff10 && cp <= 0xff19)
			p[n++] = (char)(cp - 0xff10 + '0');
	}
	return done((struct hub_str){p, n}, out);
}

static int is_blank(int32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == '\r' || cp == '\n' || cp == 0x3000;
}

enum hub_cell hub_fn_oneline(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	char *p = hub_fx_room(c->x, in.len);
	size_t n = 0;
	int blank = 0;

	if (!p)
		return HUB_NULL;
	for (size_t at = 0; at < in.len;) {
		const size_t from = at;
		const int32_t cp = hub_utf8_next(in, &at);
		if (is_blank(cp)) {
			blank = n > 0;
			continue;
		}
		if (blank)
			p[n++] = ' ';
		blank = 0;
		memcpy(p + n, in.ptr + from, at - from);
		n += at - from;
	}
	return done((struct hub_str){p, n}, out);
}

int hub_prepare_pad(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		    struct hub_err *err)
{
	const struct hub_fparam *width = hub_op_param(op, "width"),
				*with = hub_op_param(op, "with");

	(void)a;
	(void)schema;
	if (width->num < 1 || width->num > 64)
		return hub_fail(err, HUB_CONF, "bad-argument", "pad: a width from 1 to 64");
	if (with && hub_utf8_count(with->text) != 1)
		return hub_fail(err, HUB_CONF, "bad-argument", "pad: fills with one character");
	return HUB_OK;
}

enum hub_cell hub_fn_pad(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_fparam *with = hub_op_param(c->op, "with");
	const struct hub_str fill = with ? with->text : HUB_STR("0");
	const size_t want = (size_t)hub_op_param(c->op, "width")->num, have = hub_utf8_count(in);

	if (have >= want)
		return done(in, out);
	const size_t head = (want - have) * fill.len;
	char *p = hub_fx_room(c->x, head + in.len);
	if (!p)
		return HUB_NULL;
	for (size_t i = 0; i < head; i += fill.len)
		memcpy(p + i, fill.ptr, fill.len);
	memcpy(p + head, in.ptr, in.len);
	return done((struct hub_str){p, head + in.len}, out);
}

static enum hub_cell glue(struct hub_fcall *c, struct hub_str a, struct hub_str b,
			  struct hub_str *out)
{
	char *p = hub_fx_room(c->x, a.len + b.len);

	if (!p)
		return HUB_NULL;
	memcpy(p, a.ptr, a.len);
	memcpy(p + a.len, b.ptr, b.len);
	return done((struct hub_str){p, a.len + b.len}, out);
}

enum hub_cell hub_fn_prefix(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return glue(c, c->op->param[0].text, in, out);
}

enum hub_cell hub_fn_suffix(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return glue(c, in, c->op->param[0].text, out);
}

int hub_prepare_substr(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		       struct hub_err *err)
{
	const struct hub_fparam *length = hub_op_param(op, "length");

	(void)a;
	(void)schema;
	if (hub_op_param(op, "from")->num == 0)
		return hub_fail(err, HUB_CONF, "bad-argument",
				"substr: the first character is number 1, the last one -1");
	if (length && length->num < 1)
		return hub_fail(err, HUB_CONF, "bad-argument", "substr: a length from 1");
	return HUB_OK;
}

/* Byte offset of character n (0 is the first), s.len behind the end. */
static size_t byte_of(struct hub_str s, int64_t n)
{
	size_t at = 0;

	while (n-- > 0 && at < s.len)
		(void)hub_utf8_next(s, &at);
	return at;
}

enum hub_cell hub_fn_substr(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_fparam *length = hub_op_param(c->op, "length");
	int64_t from = hub_op_param(c->op, "from")->num;

	if (from < 0) {
		const int64_t n = (int64_t)hub_utf8_count(in);
		from = n + from < 0 ? 0 : n + from;
	} else {
		from--;
	}
	struct hub_str rest = hub_str_from(in, byte_of(in, from));
	if (length)
		rest.len = byte_of(rest, length->num);
	return done(rest, out);
}

int hub_prepare_replace(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
			struct hub_err *err)
{
	(void)a;
	(void)schema;
	if (op->params % 2)
		return hub_fail(err, HUB_CONF, "bad-argument",
				"replace: texts come in pairs, the old one and the new one");
	for (uint32_t i = 0; i < op->params; i += 2)
		if (op->param[i].text.len == 0)
			return hub_fail(err, HUB_CONF, "bad-argument",
					"replace: the old text is empty");
	return HUB_OK;
}

/* The pair whose old text stands at s[at], or NULL. */
static const struct hub_fparam *pair_at(const struct hub_op *op, struct hub_str s, size_t at)
{
	for (uint32_t i = 0; i < op->params; i += 2)
		if (hub_str_starts(hub_str_from(s, at), op->param[i].text))
			return &op->param[i];
	return NULL;
}

enum hub_cell hub_fn_replace(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	size_t n = 0;

	for (size_t at = 0; at < in.len;) {
		const struct hub_fparam *pair = pair_at(c->op, in, at);
		n += pair ? pair[1].text.len : 1;
		at += pair ? pair->text.len : 1;
	}
	char *p = hub_fx_room(c->x, n), *w = p;
	if (!p)
		return HUB_NULL;
	for (size_t at = 0; at < in.len;) {
		const struct hub_fparam *pair = pair_at(c->op, in, at);
		if (!pair) {
			*w++ = in.ptr[at++];
			continue;
		}
		if (pair[1].text.len)
			memcpy(w, pair[1].text.ptr, pair[1].text.len);
		w += pair[1].text.len;
		at += pair->text.len;
	}
	return done((struct hub_str){p, n}, out);
}

enum hub_cell hub_fn_before(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const size_t at = hub_str_find(in, c->op->param[0].text, 0);

	return done(at == (size_t)-1 ? in : hub_str_cut(in, 0, at), out);
}

enum hub_cell hub_fn_after(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str mark = c->op->param[0].text;
	const size_t at = hub_str_find(in, mark, 0);

	if (at == (size_t)-1)
		return HUB_NULL;
	return done(hub_str_from(in, at + mark.len), out);
}

/* A compiled expression belongs to libc's heap, and a mapping has no end of its own: it is compiled
 * here to be checked, and again for each column run. */
int hub_prepare_regex(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		      struct hub_err *err)
{
	const char *pattern = hub_arena_cstr(a, op->param[0].text);
	char text[160];
	regex_t re;

	(void)schema;
	if (!pattern)
		return hub_fail_mem(err);
	const int rc = regcomp(&re, pattern, REG_EXTENDED);
	if (rc) {
		regerror(rc, &re, text, sizeof text);
		return hub_fail(err, HUB_CONF, "bad-argument", "not a regular expression: %s",
				text);
	}
	regfree(&re);
	op->conf = pattern;
	return HUB_OK;
}

static void run_regex(struct hub_fx *x, int test)
{
	const struct hub_vec *in = &x->in[0]->v;
	regmatch_t m[2];
	regex_t re;

	if (regcomp(&re, x->op->conf, REG_EXTENDED)) {
		x->oom = 1;
		return;
	}
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		const struct hub_str s = in->text[r];
		if (in->cell[r] != HUB_VALUE) {
			hub_fx_set(x, r, (enum hub_cell)in->cell[r], s);
			continue;
		}
		m[0] = (regmatch_t){0, (regoff_t)s.len};
		m[1] = (regmatch_t){-1, -1};
		const int hit = regexec(&re, s.ptr, 2, m, REG_STARTEND) == 0;
		const regmatch_t *g = m[1].rm_so >= 0 ? &m[1] : &m[0];
		if (test)
			hub_fx_set(x, r, HUB_VALUE, hit ? HUB_STR("1") : HUB_STR("0"));
		else if (hit && g->rm_eo > g->rm_so)
			hub_fx_set(x, r, HUB_VALUE,
				   hub_str_cut(s, (size_t)g->rm_so, (size_t)g->rm_eo));
		else
			hub_fx_set(x, r, HUB_NULL, (struct hub_str){0});
	}
	regfree(&re);
}

void hub_fn_match(struct hub_fx *x)
{
	run_regex(x, 0);
}

void hub_fn_matches(struct hub_fx *x)
{
	run_regex(x, 1);
}

enum hub_cell hub_fn_hiragana(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const unsigned flags = HUB_KANA_WIDE | HUB_KANA_JOIN | HUB_KANA_TO_HIRA;

	return folded(c, hub_kana_convert(c->x->arena, hub_str_trim(in), flags), out);
}

static int is_ideograph(int32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9fff) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0x20000 && cp <= 0x3fffd) || cp == 0x3005 || cp == 0x3006;
}

/* Letters, digits and signs may stand in a reading (ケアハウス２１, （カ）ホッカイドウ); kanji not. */
enum hub_cell hub_fn_kana(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str s = hub_fold_kana(c->x->arena, hub_str_trim(in));

	for (size_t at = 0; s.ptr && at < s.len;) {
		if (is_ideograph(hub_utf8_next(s, &at))) {
			c->why = "not-kana";
			return HUB_INVALID;
		}
	}
	return folded(c, s, out);
}

/* 髙橋　花子　様: how a person is addressed is no part of the name. 様 ends no name; the others may, so they stand
 * apart. */
static struct hub_str without_title(struct hub_str s)
{
	static const char *const titles[] = {"様", "殿", "さん", "氏"};

	for (size_t i = 0; i < HUB_COUNT(titles); i++) {
		const struct hub_str title = hub_str_of(titles[i]);
		if (!hub_str_ends(s, title))
			continue;
		const struct hub_str rest = hub_str_trim(hub_str_cut(s, 0, s.len - title.len));
		if (rest.len && (i == 0 || rest.len + title.len < s.len))
			return rest;
	}
	return s;
}

enum hub_cell hub_fn_name(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	/* What stands for a character that another system could not show. */
	static const char *const marks[] = {"〓", "●", "■", "?", "？"};
	const struct hub_str s = without_title(hub_str_trim(in));

	for (size_t i = 0; i < HUB_COUNT(marks); i++)
		if (hub_str_find(s, hub_str_of(marks[i]), 0) != (size_t)-1 && c->notes == 0)
			c->note[c->notes++] = "unreadable-character";
	return done(s, out);
}
