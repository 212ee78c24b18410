/* tsunagi normalize KIND [FILE]: one line in, one JSON line out, so that another program can drive
 * it through a pipe. */
#include "cli/lines.h"

#include "base/clock.h"
#include "text/address.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/name.h"
#include "text/number.h"
#include "text/phone.h"
#include "text/postal.h"

#include <stdio.h>

enum { LINE_MAX_BYTES = 1 << 20, YEARS_AHEAD = 30 };

struct answer {
	int ok;
	struct hub_str out;  /* shown as null when not ok */
	const char *reason;  /* stable code, NULL when ok */
	struct hub_buf more; /* further fields, an open JSON object */
	char room[HUB_DATE_TEXT];
};

struct norm {
	struct hub_arena *arena; /* emptied after each line */
	struct hub_date_opt date;
	struct hub_address_opt address;
	struct answer answer;
	const struct kind *kind;
};

/* "findings":[...] when there are any; name gives the n-th flag set. */
static void findings(struct answer *a, unsigned flags, const char *(*name)(unsigned, unsigned))
{
	const char *f;

	if (!flags)
		return;
	hub_json_key(&a->more, "findings");
	hub_buf_putc(&a->more, '[');
	for (unsigned i = 0; (f = name(flags, i)) != NULL; i++) {
		if (i)
			hub_buf_putc(&a->more, ',');
		hub_json_str(&a->more, hub_str_of(f));
	}
	hub_buf_putc(&a->more, ']');
}

static void set_out(struct answer *a, const char *z)
{
	const size_t n = strlen(z);

	memcpy(a->room, z, n + 1);
	a->out = (struct hub_str){a->room, n};
}

static void date_fields(struct answer *a, const struct hub_date *d)
{
	hub_json_field(&a->more, "precision", hub_str_of(hub_date_precision_name(d->precision)));
	findings(a, d->flags, hub_date_finding);
}

static void any_date(struct norm *n, struct hub_str in, int time)
{
	struct answer *a = &n->answer;
	struct hub_date d;

	switch (hub_date_parse(in, &n->date, &d)) {
	case HUB_DATE_OK:
		a->out = (struct hub_str){a->room, hub_date_iso(&d, time, a->room)};
		a->ok = a->out.len > 0;
		a->reason = a->ok ? NULL : "unknown-date";
		date_fields(a, &d);
		break;
	case HUB_DATE_NULL:
		a->reason = "null";
		break;
	case HUB_DATE_INVALID:
		a->reason = d.reason;
		break;
	}
}

static void run_date(struct norm *n, struct hub_str in)
{
	any_date(n, in, 0);
}

static void run_datetime(struct norm *n, struct hub_str in)
{
	any_date(n, in, 1);
}

/* HH:MM, with seconds when there are any; 25:10 is 01:10 of the day after. */
static void run_time(struct norm *n, struct hub_str in)
{
	struct answer *a = &n->answer;
	int32_t s;
	const enum hub_date_rc rc = hub_time_parse(in, &s, &a->reason);

	if (rc == HUB_DATE_NULL)
		a->reason = "null";
	if (rc != HUB_DATE_OK)
		return;
	a->ok = 1;
	int len = snprintf(a->room, sizeof a->room, "%02d:%02d", (int)(s / 3600 % 24),
			   (int)(s / 60 % 60));
	if (s % 60)
		len +=
		    snprintf(a->room + len, sizeof a->room - (size_t)len, ":%02d", (int)(s % 60));
	a->out = (struct hub_str){a->room, (size_t)len};
	if (s >= 24 * 3600) {
		hub_json_key(&a->more, "next_day");
		hub_buf_puts(&a->more, "true");
	}
}

static void run_phone(struct norm *n, struct hub_str in)
{
	struct answer *a = &n->answer;
	struct hub_phone p;
	const enum hub_phone_rc rc = hub_phone_parse(in, &p);

	a->ok = rc == HUB_PHONE_OK;
	a->reason = rc == HUB_PHONE_NULL ? "null" : p.reason;
	if (!p.digits[0])
		return;
	if (a->ok)
		set_out(a, p.digits);
	else
		hub_json_field(&a->more, "first", hub_str_of(p.digits));
	hub_json_field(&a->more, "national", hub_str_of(p.national));
	hub_json_field(&a->more, "e164", hub_str_of(p.e164));
	hub_json_field(&a->more, "type", hub_str_of(hub_phone_type_name(p.type)));
	if (p.ext[0])
		hub_json_field(&a->more, "extension", hub_str_of(p.ext));
	findings(a, p.flags, hub_phone_finding);
}

static void run_postal(struct norm *n, struct hub_str in)
{
	struct answer *a = &n->answer;
	struct hub_postal p;
	const int rc = hub_postal_parse(in, &p);

	a->ok = rc == 0;
	a->reason = rc == 1 ? "null" : p.reason;
	if (a->ok)
		set_out(a, p.code);
	if (p.zero_restored) {
		hub_json_key(&a->more, "findings");
		hub_buf_puts(&a->more, "[\"zero-restored\"]");
	}
}

static void run_name(struct norm *n, struct hub_str in)
{
	struct answer *a = &n->answer;
	struct hub_name p;
	const int rc = hub_name_parse(n->arena, in, &p);

	a->ok = rc == 0;
	a->reason = rc == 1 ? "null" : p.reason;
	if (!a->ok)
		return;
	a->out = p.name;
	hub_json_field(&a->more, "key", p.key);
	if (p.given.len) {
		hub_json_field(&a->more, "family", p.family);
		hub_json_field(&a->more, "given", p.given);
	}
	if (p.flags & HUB_NAME_ALIAS)
		hub_json_field(&a->more, "alias", p.alias);
	if (p.flags & HUB_NAME_FORMER)
		hub_json_field(&a->more, "former", p.former);
	findings(a, p.flags, hub_name_finding);
}

static void run_address(struct norm *n, struct hub_str in)
{
	struct answer *a = &n->answer;
	struct hub_address p;
	const enum hub_address_rc rc = hub_address_parse(n->arena, in, &n->address, &p);

	a->ok = rc == HUB_ADDRESS_OK;
	a->reason = rc == HUB_ADDRESS_NULL ? "null" : p.reason;
	a->out = p.out;
	hub_json_field(&a->more, "pref", p.pref);
	hub_json_field(&a->more, "city", p.city);
	hub_json_field(&a->more, "town", p.town);
	hub_json_field(&a->more, "block", p.block);
	hub_json_field(&a->more, "rest", p.rest);
	hub_json_int(&a->more, "level", p.level);
	findings(a, p.flags, hub_address_finding);
}

static void run_number(struct norm *n, struct hub_str in)
{
	struct answer *a = &n->answer;
	struct hub_number p;
	const enum hub_number_rc rc = hub_number_parse(in, &p);

	a->ok = rc == HUB_NUMBER_OK;
	a->reason = rc == HUB_NUMBER_NULL ? "null" : p.reason;
	if (!a->ok)
		return;
	set_out(a, p.text);
	if (p.unit.len)
		hub_json_field(&a->more, "unit", p.unit);
	findings(a, p.flags, hub_number_finding);
}

static void run_kana(struct norm *n, struct hub_str in)
{
	n->answer.out = hub_fold_kana(n->arena, in);
	n->answer.ok = n->answer.out.ptr != NULL;
	n->answer.reason = n->answer.ok ? NULL : "out-of-memory";
}

static void run_width(struct norm *n, struct hub_str in)
{
	n->answer.out = hub_fold_width(n->arena, in, 0, NULL);
	n->answer.ok = n->answer.out.ptr != NULL;
	n->answer.reason = n->answer.ok ? NULL : "out-of-memory";
}

/* Says right or wrong, and nothing of the number. */
static void run_mynumber(struct norm *n, struct hub_str in)
{
	n->answer.ok = hub_mynumber_ok(in);
	n->answer.reason = n->answer.ok ? NULL : "check-digit";
}

static void run_corporate(struct norm *n, struct hub_str in)
{
	n->answer.ok = hub_corporate_ok(in);
	n->answer.reason = n->answer.ok ? NULL : "check-digit";
	if (n->answer.ok)
		n->answer.out = in;
}

static const struct kind {
	const char *name;
	void (*run)(struct norm *, struct hub_str);
	int secret; /* the text itself is never shown */
} kinds[] = {
    {"date", run_date, 0},   {"datetime", run_datetime, 0}, {"time", run_time, 0},
    {"phone", run_phone, 0}, {"postal", run_postal, 0},     {"name", run_name, 0},
    {"kana", run_kana, 0},   {"number", run_number, 0},     {"address", run_address, 0},
    {"width", run_width, 0}, {"mynumber", run_mynumber, 1}, {"corporate", run_corporate, 0},
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < HUB_COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static void print_answer(const struct norm *n, struct hub_str in, int readable, struct hub_buf *b)
{
	const struct answer *a = &n->answer;

	hub_buf_putc(b, '{');
	hub_json_key(b, "in");
	if (n->kind->secret || !readable)
		hub_buf_puts(b, "null");
	else
		hub_json_str(b, in);
	hub_json_key(b, "out");
	if (a->ok && a->out.ptr)
		hub_json_str(b, a->out);
	else
		hub_buf_puts(b, "null");
	hub_json_key(b, "ok");
	hub_buf_puts(b, a->ok ? "true" : "false");
	hub_json_key(b, "reason");
	if (a->reason)
		hub_json_str(b, hub_str_of(a->reason));
	else
		hub_buf_puts(b, "null");
	if (a->more.len > 1) {
		hub_buf_putc(b, ',');
		hub_buf_add(b, a->more.ptr + 1, a->more.len - 1);
	}
	hub_buf_puts(b, "}\n");
}

static int answer_line(void *self, struct hub_str in, struct hub_buf *out, struct hub_err *err)
{
	struct norm *n = self;
	struct answer *a = &n->answer;
	const int readable = in.ptr && hub_utf8_valid(in) == in.len;

	a->ok = 0;
	a->out = (struct hub_str){NULL, 0};
	a->reason = NULL;
	hub_buf_reset(&a->more);
	hub_buf_putc(&a->more, '{');
	if (readable)
		n->kind->run(n, in);
	else
		a->reason = in.ptr ? "bad-bytes" : "too-long";
	print_answer(n, in, readable, out);
	hub_arena_reset(n->arena);
	return hub_buf_ok(&a->more) ? HUB_OK : hub_fail_mem(err);
}

/* ---- options ---- */

struct texts {
	const char *era_codes, *excel, *context_year, *two_digit, *min, *max, *overrun, *zero,
	    *city;
	int noncalendar;
};

/* Index of text in words ("refuse|accept"), 0 for NULL, -1 for none of them. */
static int choice(const char *text, const char *const *words)
{
	if (!text)
		return 0;
	for (int i = 0; words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

static int year(struct hub_cli *cli, const char *name, const char *text, int *out)
{
	int64_t v = 0;
	const int rc = hub_cli_number(cli, name, text, 1868, 2200, &v);

	*out = (int)v;
	return rc;
}

static int date_options(struct hub_cli *cli, const struct texts *t, struct hub_date_opt *o)
{
	static const char *const codes[] = {"none", "registry", "welfare", NULL};
	static const char *const excel[] = {"none", "1900", "1904", NULL};
	static const char *const overrun[] = {"accept", "refuse", NULL};
	static const char *const zero[] = {"null", "refuse", NULL};
	static const int systems[] = {0, 1900, 1904};
	const int c = choice(t->era_codes, codes), x = choice(t->excel, excel);
	const int v = choice(t->overrun, overrun), z = choice(t->zero, zero);
	int rc;

	if (c < 0)
		return hub_cli_bad_value(cli, "era-codes", t->era_codes, "none, registry, welfare");
	if (x < 0)
		return hub_cli_bad_value(cli, "excel", t->excel, "none, 1900, 1904");
	if (v < 0)
		return hub_cli_bad_value(cli, "overrun", t->overrun, "accept, refuse");
	if (z < 0)
		return hub_cli_bad_value(cli, "zero", t->zero, "null, refuse");
	o->era_codes = (enum hub_date_codes)c;
	o->excel = systems[x];
	o->refuse_overrun = v;
	o->refuse_zero = z;
	o->noncalendar = t->noncalendar;
	o->min = (int32_t)hub_days_of(1873, 1, 1);
	o->max = hub_today() + YEARS_AHEAD * 365 + YEARS_AHEAD / 4;
	if ((rc = hub_cli_day(cli, "min", t->min, &o->min)) ||
	    (rc = hub_cli_day(cli, "max", t->max, &o->max)))
		return rc;
	if ((rc = year(cli, "context-year", t->context_year, &o->context_year)))
		return rc;
	return year(cli, "two-digit", t->two_digit, &o->two_digit_base);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct texts t = {0};
	struct norm n = {0};
	int operands, rc;
	const struct hub_arg args[] = {
	    {"era-codes", "SET", &t.era_codes, NULL,
	     HUB_N("date: meaning of 5061001: registry (1-5 = M T S H R) or welfare (1-4 = T S H "
		   "R)")},
	    {"excel", "SYSTEM", &t.excel, NULL,
	     HUB_N("date: plain numbers are Excel days: 1900 or 1904")},
	    {"context-year", "YEAR", &t.context_year, NULL, HUB_N("date: the year of 10/1")},
	    {"two-digit", "YEAR", &t.two_digit, NULL,
	     HUB_N("date: what is added to 24/10/01: 2000, or 2018 for Reiwa years")},
	    {"min", "DATE", &t.min, NULL, HUB_N("date: first plausible day (1873-01-01)")},
	    {"max", "DATE", &t.max, NULL, HUB_N("date: last plausible day (30 years from today)")},
	    {"overrun", "HOW", &t.overrun, NULL,
	     HUB_N("date: Heisei 32, Showa 65: accept or refuse")},
	    {"zero", "HOW", &t.zero, NULL, HUB_N("date: 00000000 and its kind: null or refuse")},
	    {"noncalendar", NULL, NULL, &t.noncalendar,
	     HUB_N("date: keep February 30 as a month (registry data)")},
	    {"city", "NAME", &t.city, NULL,
	     HUB_N("address: prefecture and city in front of addresses that name neither")},
	    {0}};

	if ((rc = hub_cli_args(cli, &hub_cmd_normalize, args, argc, argv, &operands)))
		return rc;
	if (operands < 1 || operands > 2) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage",
			      "normalize needs a KIND and at most one FILE");
		hub_hint(cli->err, "`tsunagi normalize --help` lists the kinds.");
		return rc;
	}
	n.kind = find_kind(argv[0]);
	if (!n.kind) {
		rc = hub_fail(cli->err, HUB_USAGE, "unknown-kind", "unknown kind \"%s\"", argv[0]);
		hub_hint(cli->err, "`tsunagi normalize --help` lists the kinds.");
		return rc;
	}
	if ((rc = date_options(cli, &t, &n.date)))
		return rc;
	n.address.infer = 1;
	if (t.city)
		n.address.home = hub_str_of(t.city);
	n.arena = hub_arena_new(64 * LINE_MAX_BYTES);
	if (!n.arena)
		return hub_fail_mem(cli->err);
	hub_buf_init(&n.answer.more, 8 * LINE_MAX_BYTES);
	const struct hub_line_filter filter = {
	    .self = &n, .limit = LINE_MAX_BYTES, .answer = answer_line};
	rc = hub_cli_lines(cli, operands == 2 ? argv[1] : NULL, &filter);
	hub_arena_free(n.arena);
	hub_buf_free(&n.answer.more);
	return rc;
}

const struct hub_cmd hub_cmd_normalize = {
    .name = "normalize",
    .summary = HUB_N("bring dates, phone numbers, addresses, names into one form"),
    .usage = "KIND [FILE] [OPTIONS]",
    .help = HUB_N("Reads lines from FILE or stdin, writes one JSON line for each.\n"
		  "KIND: date datetime time phone postal address number name kana width mynumber "
		  "corporate\n\n"
		  "  echo 令和6年7月31日 | tsunagi normalize date\n"
		  "  tsunagi normalize date birthdays.txt --era-codes registry\n"),
    .run = run,
};
