/* Functions from text to dates, numbers, codes and other normal forms. */
#include "intake/func_list.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/map.h"
#include "intake/choice.h"
#include "text/address.h"
#include "text/chars.h"
#include "text/date.h"
#include "text/phone.h"
#include "text/postal.h"

#include <stdio.h>

enum { CODES_MAX = 256 };

static enum hub_cell refuse(struct hub_fcall *c, const char *why)
{
	c->why = why;
	return HUB_INVALID;
}

static enum hub_cell give(struct hub_fcall *c, const char *p, size_t n, struct hub_str *out)
{
	*out = hub_fx_copy(c->x, (struct hub_str){p, n});
	return out->len ? HUB_VALUE : HUB_NULL;
}

static void note(struct hub_fcall *c, const char *code)
{
	if (code && c->notes < HUB_COUNT(c->note))
		c->note[c->notes++] = code;
}

/* --- dates ------------------------------------------------------------------------------------ */

enum {
	OPT_ERA = 0,
	OPT_REGISTRY,
	OPT_WELFARE,
	OPT_EXCEL,
	OPT_EXCEL1904,
	OPT_STRICT,
	OPT_NONCALENDAR
};

int hub_prepare_date(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		     struct hub_err *err)
{
	struct hub_date_opt *o = hub_alloc0(a, sizeof *o);
	const struct hub_fparam *min = hub_op_param(op, "min"), *max = hub_op_param(op, "max"),
				*year = hub_op_param(op, "year"),
				*century = hub_op_param(op, "century");

	(void)schema;
	if (!o)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < op->params; i++) {
		const struct hub_fparam *p = &op->param[i];
		if (op->fn->arg[p->arg].type != HUB_A_WORD)
			continue;
		o->era_codes = p->num == OPT_REGISTRY  ? HUB_DATE_CODES_REGISTRY
			       : p->num == OPT_WELFARE ? HUB_DATE_CODES_WELFARE
						       : o->era_codes;
		o->excel = p->num == OPT_EXCEL ? 1900 : p->num == OPT_EXCEL1904 ? 1904 : o->excel;
		if (p->num == OPT_STRICT)
			o->refuse_overrun = o->refuse_zero = 1;
		if (p->num == OPT_NONCALENDAR)
			o->noncalendar = 1;
	}
	if (min || max) {
		o->min = min ? (int32_t)min->num : (int32_t)hub_days_of(1873, 1, 1);
		o->max = max ? (int32_t)max->num : (int32_t)hub_days_of(2099, 12, 31);
	}
	o->context_year = year ? (int)year->num : 0;
	o->two_digit_base = century ? (int)century->num : 0;
	op->conf = o;
	return HUB_OK;
}

/* Reads a date and notes what was unusual; VALUE when *d is to be written. */
static enum hub_cell read_date(struct hub_fcall *c, struct hub_str in, struct hub_date *d)
{
	const char *code;

	switch (hub_date_parse(in, c->op->conf, d)) {
	case HUB_DATE_NULL:
		return HUB_NULL;
	case HUB_DATE_INVALID:
		return refuse(c, d->reason ? d->reason : "not-a-date");
	case HUB_DATE_OK:
		break;
	}
	for (unsigned i = 0; (code = hub_date_finding(d->flags, i)); i++)
		note(c, code);
	if (d->precision == HUB_DATE_UNKNOWN) {
		note(c, "date-unknown");
		return HUB_NULL;
	}
	return HUB_VALUE;
}

static enum hub_cell give_date(struct hub_fcall *c, struct hub_str in, int time,
			       struct hub_str *out)
{
	char iso[HUB_DATE_TEXT];
	struct hub_date d;
	const enum hub_cell cell = read_date(c, in, &d);

	if (cell != HUB_VALUE)
		return cell;
	if (!time && d.seconds > 0)
		note(c, "time-left-out");
	return give(c, iso, hub_date_iso(&d, time, iso), out);
}

enum hub_cell hub_fn_date(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return give_date(c, in, 0, out);
}

enum hub_cell hub_fn_datetime(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return give_date(c, in, 1, out);
}

enum hub_cell hub_fn_day(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const size_t t = hub_str_find(in, HUB_STR("T"), 0);

	(void)c;
	*out = t == (size_t)-1 ? in : hub_str_cut(in, 0, t);
	return HUB_VALUE;
}

enum hub_cell hub_fn_month(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	char iso[HUB_DATE_TEXT];
	struct hub_date d;
	const enum hub_cell cell = read_date(c, in, &d);

	if (cell != HUB_VALUE)
		return cell;
	if (d.precision == HUB_DATE_YEAR || d.precision == HUB_DATE_SEASON ||
	    d.flags & HUB_DATE_RANGE)
		return refuse(c, "not-a-month");
	(void)hub_date_iso(&d, 0, iso);
	return give(c, iso, 7, out);
}

static size_t put_two(char *out, int32_t v)
{
	out[0] = (char)('0' + v / 10);
	out[1] = (char)('0' + v % 10);
	return 2;
}

enum hub_cell hub_fn_time(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const char *why = NULL;
	struct hub_date d;
	char text[16];
	int32_t s;

	switch (hub_time_parse(in, &s, &why)) {
	case HUB_DATE_NULL:
		return HUB_NULL;
	case HUB_DATE_INVALID: /* of a day with its time: 2026-04-01T08:30:00, 令和8年4月1日 8時半 */
		if (hub_date_parse(in, NULL, &d) != HUB_DATE_OK || d.seconds < 0)
			return refuse(c, why ? why : "not-a-time");
		s = d.seconds;
		break;
	case HUB_DATE_OK:
		break;
	}
	if (s >= 86400) {
		note(c, "next-day");
		s %= 86400;
	}
	size_t n = put_two(text, s / 3600);
	text[n++] = ':';
	n += put_two(text + n, s / 60 % 60);
	if (s % 60) {
		text[n++] = ':';
		n += put_two(text + n, s % 60);
	}
	return give(c, text, n, out);
}

enum hub_cell hub_fn_fiscal_year(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	char text[16];
	struct hub_date d;
	int64_t y;
	unsigned m, day;

	if (hub_date_parse(in, NULL, &d) != HUB_DATE_OK || d.precision == HUB_DATE_UNKNOWN)
		return HUB_NULL;
	hub_days_to(d.from, &y, &m, &day);
	const int64_t first = m < 4 ? y - 1 : y;
	hub_days_to(d.to, &y, &m, &day);
	if ((m < 4 ? y - 1 : y) != first)
		return HUB_NULL;
	return give(c, text, (size_t)snprintf(text, sizeof text, "%d", (int)first), out);
}

/* --- numbers ---------------------------------------------------------------------------------- */

struct number {
	int64_t value;
	struct hub_str rest; /* behind the number */
	unsigned decimals;
};

static int is_minus(int32_t c)
{
	return hub_char_is_dash(c) || c == 0x25b3 || c == 0x25b2; /* △ ▲ */
}

/* Digits of any width with commas; decimals only counted in when `fraction`. 0, or -1. */
static int read_number(struct hub_str s, int fraction, struct number *out)
{
	size_t at = 0, from = 0;
	int minus = 0, any = 0, point = 0;

	*out = (struct number){0};
	for (; at < s.len; from = at) {
		const int32_t cp = hub_utf8_next(s, &at), c = hub_char_plain(cp);
		if (!any && !minus && is_minus(cp)) {
			minus = 1;
		} else if (c >= '0' && c <= '9') {
			any = 1;
			if (__builtin_mul_overflow(out->value, 10, &out->value) ||
			    __builtin_add_overflow(out->value, c - '0', &out->value))
				return -1;
			out->decimals += (unsigned)point;
		} else if (fraction && any && !point && c == '.') {
			point = 1;
		} else if (!(any && !point && c == ',') && !(!any && c == ' ')) {
			break;
		}
	}
	out->rest = hub_str_trim(hub_str_from(s, at < s.len || from < at ? from : at));
	if (minus)
		out->value = -out->value;
	return any && out->decimals <= 6 ? 0 : -1;
}

struct number_conf {
	int64_t min, max;
};

static int prepare_range(struct hub_arena *a, struct hub_op *op, struct hub_err *err)
{
	struct number_conf *conf = hub_alloc(a, sizeof *conf);
	const struct hub_fparam *min = hub_op_param(op, "min"), *max = hub_op_param(op, "max");

	if (!conf)
		return hub_fail_mem(err);
	conf->min = min ? min->num : INT64_MIN;
	conf->max = max ? max->num : INT64_MAX;
	op->conf = conf;
	return HUB_OK;
}

int hub_prepare_int(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		    struct hub_err *err)
{
	(void)schema;
	return prepare_range(a, op, err);
}

int hub_prepare_yen(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		    struct hub_err *err)
{
	(void)schema;
	return prepare_range(a, op, err);
}

static enum hub_cell give_number(struct hub_fcall *c, int64_t v, struct hub_str *out)
{
	const struct number_conf *conf = c->op->conf;
	char text[24], *to = text;

	if (v < conf->min || v > conf->max)
		return refuse(c, "out-of-range");
	if (v < 0)
		*to++ = '-';
	to = hub_put_number(to, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
	return give(c, text, (size_t)(to - text), out);
}

static int is_unit(const struct hub_op *op, struct hub_str s)
{
	for (uint32_t i = 0; i < op->params; i++)
		if (op->fn->arg[op->param[i].arg].type == HUB_A_TEXT &&
		    hub_str_eq(op->param[i].text, s))
			return 1;
	return s.len == 0;
}

enum hub_cell hub_fn_int(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	struct number v;
	const struct hub_str s = hub_str_trim(in);

	if (s.len == 0)
		return HUB_NULL;
	if (read_number(s, 0, &v) || !is_unit(c->op, v.rest))
		return refuse(c, "not-a-number");
	return give_number(c, v.value, out);
}

enum hub_cell hub_fn_yen(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	static const struct {
		const char *unit;
		int64_t times;
	} units[] = {{"", 1}, {"円", 1}, {"千円", 1000}, {"万円", 10000}, {"万", 10000}};
	static const char *const signs[] = {"¥", "￥", "\\"};
	struct hub_str s = hub_str_trim(in);
	struct number v;
	int64_t value;

	if (s.len == 0)
		return HUB_NULL;
	for (size_t i = 0; i < HUB_COUNT(signs); i++)
		if (hub_str_starts(s, hub_str_of(signs[i])))
			s = hub_str_from(s, strlen(signs[i]));
	if (read_number(s, 1, &v))
		return refuse(c, "not-a-number");
	for (size_t i = 0; i < HUB_COUNT(units); i++) {
		if (!hub_str_is(v.rest, units[i].unit))
			continue;
		if (__builtin_mul_overflow(v.value, units[i].times, &value))
			return refuse(c, "out-of-range");
		for (; v.decimals; v.decimals--) {
			if (value % 10)
				return refuse(c, "not-a-number");
			value /= 10;
		}
		return give_number(c, value, out);
	}
	return refuse(c, "not-a-number");
}

/* --- codes ------------------------------------------------------------------------------------ */

int hub_prepare_bool(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		     struct hub_err *err)
{
	(void)a;
	op->codes = hub_schema_codes(schema, HUB_STR("bool"));
	return op->codes ? HUB_OK
			 : hub_fail(err, HUB_CONF, "unknown-list",
				    "the schema has no code list \"bool\"");
}

/* The choices marked in a cell with boxes, or -1. */
static int marked_codes(struct hub_fcall *c, struct hub_str in, const struct hub_code **code,
			int max)
{
	int detail;
	const int n = hub_choice_boxes(c->op->codes, in, code, max, &detail);

	if (n > 0 && detail)
		note(c, "choice-detail");
	return n;
}

enum hub_cell hub_fn_bool(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str s = hub_str_trim(in);
	const struct hub_code *code = hub_code_find(c->op->codes, s);

	if (s.len == 0)
		return HUB_NULL;
	if (!code && hub_choice_has_boxes(s)) {
		const int n = marked_codes(c, s, &code, 1);
		if (n == 0)
			return HUB_NULL;
		code = n == 1 ? code : NULL;
	}
	if (!code)
		return refuse(c, "not-yes-or-no");
	if (!hub_str_is(code->code, "1") && !hub_str_is(code->code, "0")) {
		note(c, "said-unknown");
		return HUB_NULL;
	}
	*out = code->code;
	return HUB_VALUE;
}

enum hub_cell hub_fn_code(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str s = hub_str_trim(in);
	const struct hub_code *code = hub_choice_find(c->op->codes, s);

	if (s.len == 0)
		return HUB_NULL;
	if (!code && hub_choice_has_boxes(s)) {
		const struct hub_code *marked;
		const int n = marked_codes(c, s, &marked, 1);
		if (n == 0)
			return HUB_NULL;
		code = n == 1 ? marked : NULL;
	}
	if (!code)
		return refuse(c, "not-in-list");
	*out = code->code;
	return HUB_VALUE;
}

/* ["01","03"]: codes are letters, digits and - _ *, so nothing needs escaping (schema_load checks). */
static enum hub_cell give_codes(struct hub_fcall *c, const struct hub_code *const *code, size_t n,
				struct hub_str *out)
{
	size_t need = 2, at = 0;

	if (n == 0)
		return HUB_NULL;
	for (size_t i = 0; i < n; i++)
		need += code[i]->code.len + 3;
	char *p = hub_fx_room(c->x, need);
	if (!p)
		return HUB_NULL;
	for (size_t i = 0; i < n; i++) {
		p[at++] = i ? ',' : '[';
		p[at++] = '"';
		memcpy(p + at, code[i]->code.ptr, code[i]->code.len);
		at += code[i]->code.len;
		p[at++] = '"';
	}
	p[at++] = ']';
	*out = (struct hub_str){p, at};
	return HUB_VALUE;
}

enum hub_cell hub_fn_codes(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_fparam *given = hub_op_param(c->op, "separators");
	const struct hub_str seps = given ? given->text : HUB_STR(HUB_CHOICE_SEPARATORS);
	const struct hub_code *code[CODES_MAX], *next;
	struct hub_str rest = in;
	size_t n = 0;

	if (hub_choice_has_boxes(in)) {
		const int marked = marked_codes(c, in, code, CODES_MAX);
		return marked < 0 ? refuse(c, "not-in-list")
				  : give_codes(c, code, (size_t)marked, out);
	}
	while (hub_choice_next(c->op->codes, seps, &rest, &next)) {
		if (n == CODES_MAX)
			return refuse(c, "too-many-codes");
		if (!next)
			return refuse(c, "not-in-list");
		code[n++] = next;
	}
	return give_codes(c, code, n, out);
}

enum hub_cell hub_fn_lookup(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_maptable *t = hub_op_param(c->op, "table")->table;
	const struct hub_fparam *otherwise = hub_op_param(c->op, "otherwise");
	char key[512];
	uint64_t at;
	const size_t n = hub_schema_fold(in, 0, key, sizeof key);

	if (n == 0 && hub_str_trim(in).len == 0)
		return HUB_NULL;
	if (n && hub_map_get(t->find, (struct hub_str){key, n}, &at)) {
		*out = t->value[at];
		return out->len ? HUB_VALUE : HUB_NULL;
	}
	if (!otherwise)
		return refuse(c, "not-in-table");
	*out = otherwise->text;
	return out->len ? HUB_VALUE : HUB_NULL;
}

enum hub_cell hub_fn_split(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str seps = hub_op_param(c->op, "separators")->text;
	struct hub_str rest = in, piece;
	char *p = hub_fx_room(c->x, in.len + 1);
	size_t n = 0;

	if (!p)
		return HUB_NULL;
	while (hub_choice_piece(seps, &rest, &piece)) {
		if (n)
			p[n++] = HUB_LIST_SEP;
		memcpy(p + n, piece.ptr, piece.len);
		n += piece.len;
	}
	*out = (struct hub_str){p, n};
	return n ? HUB_VALUE : HUB_NULL;
}

/* --- contacts --------------------------------------------------------------------------------- */

/* A number of the right length whose area code the numbering plan does not have: areas change, and a
 * migration must not lose the record. */
static enum hub_cell plain_number(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	char digits[12];
	size_t n = 0;

	for (size_t at = 0; at < in.len;) {
		const int32_t ch = hub_char_plain(hub_utf8_next(in, &at));
		if (ch >= '0' && ch <= '9' && n < sizeof digits)
			digits[n++] = (char)ch;
		else if (ch != '-' && ch != ' ' && ch != '(' && ch != ')')
			return refuse(c, "unknown-area");
	}
	if (n != 10 || digits[0] != '0')
		return refuse(c, "unknown-area");
	note(c, "unknown-area");
	return give(c, digits, n, out);
}

enum hub_cell hub_fn_phone(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	struct hub_phone p;
	const char *code;

	switch (hub_phone_parse(in, &p)) {
	case HUB_PHONE_NULL:
		return HUB_NULL;
	case HUB_PHONE_INVALID:
		if (p.reason && strcmp(p.reason, "unknown-area") == 0 && c->op->params == 0)
			return plain_number(c, in, out);
		return refuse(c, p.reason ? p.reason : "not-a-number");
	case HUB_PHONE_OK:
		break;
	}
	for (unsigned i = 0; (code = hub_phone_finding(p.flags, i)); i++)
		note(c, code);
	return give(c, p.digits, strlen(p.digits), out);
}

enum hub_cell hub_fn_postal(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	struct hub_postal p;
	const int rc = hub_postal_parse(in, &p);

	if (rc > 0)
		return HUB_NULL;
	if (rc < 0)
		return refuse(c, p.reason ? p.reason : "not-a-postal-code");
	if (p.zero_restored)
		note(c, "zero-restored");
	return give(c, p.code, strlen(p.code), out);
}

enum hub_cell hub_fn_json(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	json_error_t e;
	json_t *j = hub_json_read(in, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);

	if (!j && errno == ENOMEM) {
		hub_arena_fail(c->x->arena);
		return HUB_NULL;
	}
	if (!j)
		return refuse(c, "bad-json");
	json_decref(j);
	*out = in;
	return HUB_VALUE;
}

/* A part of an address as written there; what could not be told is empty. */
enum hub_cell hub_fn_address(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	struct hub_address a;

	switch (hub_address_parse(c->x->arena, in, NULL, &a)) {
	case HUB_ADDRESS_NULL:
		return HUB_NULL;
	case HUB_ADDRESS_INVALID:
		return refuse(c, a.reason ? a.reason : "address-unknown");
	case HUB_ADDRESS_OK:
		break;
	}
	const struct hub_str part[] = {a.pref, a.city, a.town, a.block, a.rest};
	*out = part[c->op->param[0].num];
	return out->len ? HUB_VALUE : HUB_NULL;
}
