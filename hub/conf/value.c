#include "conf/value.h"

#include "conf/conf.h"
#include "conf/near.h"

static const char *const type_names[] = {
    [HUB_O_TEXT] = HUB_N("text"), [HUB_O_INT] = HUB_N("integer"), [HUB_O_BOOL] = HUB_N("yes/no"),
    [HUB_O_SIZE] = HUB_N("size"), [HUB_O_MSEC] = HUB_N("time"),   [HUB_O_ENUM] = HUB_N("word"),
    [HUB_O_PATH] = HUB_N("path"), [HUB_O_URL] = HUB_N("URL"),
};

int hub_option_type_known(uint32_t type)
{
	return type > 0 && type < HUB_COUNT(type_names);
}

const char *hub_option_type(const struct hub_opt *opt)
{
	switch (opt->type) {
	case HUB_KEY_GROUP:
		return HUB_N("group");
	case HUB_KEY_LIST:
		return HUB_N("list");
	case HUB_KEY_REAL:
		return HUB_N("decimal number");
	default:
		return hub_option_type_known(opt->type) ? type_names[opt->type] : "?";
	}
}

int hub_option_is_text(const struct hub_opt *opt)
{
	return opt->type == HUB_O_TEXT || opt->type == HUB_O_PATH || opt->type == HUB_O_URL;
}

int hub_option_unknown(const struct hub_opt *opts, const char *owner, const char *lister,
		       struct hub_str name, struct hub_err *err)
{
	struct hub_near near = {.name = name};

	for (const struct hub_opt *o = opts; o && o->name; o++)
		hub_near_add(&near, hub_str_of(o->name));
	hub_fail(err, HUB_CONF, "unknown-option", "unknown option \"%.*s\" for %s", HUB_FMT(name),
		 hub_tr(owner));
	if (near.best.len && lister)
		hub_hint(err, "Did you mean \"%.*s\"? `%s` lists all %u options.",
			 HUB_FMT(near.best), lister, near.n);
	else if (near.best.len)
		hub_hint(err, "Did you mean \"%.*s\"? There are: %s.", HUB_FMT(near.best),
			 near.all);
	else if (lister)
		hub_hint(err, "`%s` lists all %u options.", lister, near.n);
	else
		hub_hint(err, "There are: %s.", near.all);
	return HUB_CONF;
}

int hub_option_missing(const struct hub_opt *opt, const char *owner, struct hub_err *err)
{
	hub_fail(err, HUB_CONF, "option-missing", "%s needs the option \"%s\"", hub_tr(owner),
		 opt->name);
	if (opt->help)
		hub_hint(err, "%s: %s", opt->name, hub_tr(opt->help));
	return HUB_CONF;
}

/* ---- one value ---- */

static void *slot(const struct hub_opt *opt, void *conf)
{
	return (char *)conf + opt->offset;
}

/* "1024", "64k": the way a person would write it. */
static void show_number(const struct hub_opt *opt, int64_t v, char *out, size_t size)
{
	static const struct {
		uint32_t type;
		int64_t unit;
		const char *name;
	} units[] = {
	    {HUB_O_SIZE, 1 << 30, "G"},  {HUB_O_SIZE, 1 << 20, "M"}, {HUB_O_SIZE, 1 << 10, "k"},
	    {HUB_O_MSEC, 86400000, "d"}, {HUB_O_MSEC, 3600000, "h"}, {HUB_O_MSEC, 60000, "m"},
	    {HUB_O_MSEC, 1000, "s"},     {HUB_O_MSEC, 1, "ms"},
	};

	for (size_t i = 0; i < HUB_COUNT(units); i++)
		if (units[i].type == opt->type && v != 0 && v % units[i].unit == 0) {
			snprintf(out, size, "%lld%s", (long long)(v / units[i].unit),
				 units[i].name);
			return;
		}
	snprintf(out, size, "%lld", (long long)v);
}

void hub_option_range(const struct hub_opt *opt, char *out, size_t size)
{
	char lo[32], hi[32];

	out[0] = '\0';
	if (opt->min == 0 && opt->max == 0)
		return;
	show_number(opt, opt->min, lo, sizeof lo);
	show_number(opt, opt->max, hi, sizeof hi);
	snprintf(out, size, "%s..%s", lo, hi);
}

static int out_of_range(const struct hub_opt *opt, struct hub_err *err)
{
	char range[72];

	hub_option_range(opt, range, sizeof range);
	hub_fail(err, HUB_CONF, "option-range", "option \"%s\" is out of range", opt->name);
	if (range[0])
		hub_hint(err, "Allowed: %s.", range);
	else
		hub_hint(err, "It must not be negative, nor larger than 2^63-1.");
	return HUB_CONF;
}

int hub_option_wrong_type(const struct hub_opt *opt, struct hub_err *err)
{
	static const char *const forms[] = {
	    [HUB_O_TEXT] = "\"text\"",
	    [HUB_O_INT] = "-5, 0, 1200",
	    [HUB_O_BOOL] = "true, false",
	    [HUB_O_SIZE] = "4096, \"64k\", \"10M\"",
	    [HUB_O_MSEC] = "\"500ms\", \"30s\", \"5m\", \"2h\"",
	    [HUB_O_ENUM] = "\"word\"",
	    [HUB_O_PATH] = "\"folder/file\"",
	    [HUB_O_URL] = "\"https://host/path\"",
	};

	hub_fail(err, HUB_CONF, "option-type", "option \"%s\" is not of type %s", opt->name,
		 hub_tr(hub_option_type(opt)));
	if (hub_option_type_known(opt->type))
		hub_hint(err, "Write it like this: %s.", forms[opt->type]);
	else if (opt->type == HUB_KEY_GROUP)
		hub_hint(err, "Write it like this: %s.", "{ name = value; }");
	else if (opt->type == HUB_KEY_LIST)
		hub_hint(err, "Write it like this: %s.", "( \"a\", \"b\" )");
	return HUB_CONF;
}

int hub_option_put_int(const struct hub_opt *opt, int64_t v, void *conf, struct hub_err *err)
{
	const int limited = opt->min != 0 || opt->max != 0;

	if (hub_option_is_text(opt) || opt->type == HUB_O_ENUM)
		return hub_option_wrong_type(opt, err);
	if (opt->type == HUB_O_BOOL && v != 0 && v != 1)
		return hub_option_wrong_type(opt, err);
	if (limited && (v < opt->min || v > opt->max))
		return out_of_range(opt, err);
	if (!limited && v < 0 && (opt->type == HUB_O_SIZE || opt->type == HUB_O_MSEC))
		return out_of_range(opt, err);
	*(int64_t *)slot(opt, conf) = v;
	return HUB_OK;
}

/* A URL has a scheme, "://" and something behind it. */
static int is_url(struct hub_str s)
{
	const size_t at = hub_str_find(s, HUB_STR("://"), 0);

	if (at == (size_t)-1 || at == 0 || at + 3 == s.len)
		return 0;
	for (size_t i = 0; i < at; i++) {
		const char c = s.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))))
			return 0;
	}
	return 1;
}

int hub_option_put_text(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a,
			void *conf, struct hub_err *err)
{
	if (!hub_option_is_text(opt))
		return hub_option_wrong_type(opt, err);
	if (hub_utf8_valid(text) != text.len) {
		hub_fail(err, HUB_CONF, "option-text", "option \"%s\" is not valid UTF-8",
			 opt->name);
		hub_hint(err,
			 opt->flags & HUB_OPT_INPUT
			     ? "Rename the file, or save the configuration that names it as UTF-8."
			     : "Save the configuration as UTF-8.");
		return HUB_CONF;
	}
	if (opt->type == HUB_O_PATH && (text.len == 0 || memchr(text.ptr, '\0', text.len)))
		return hub_fail(err, HUB_CONF, "option-text", "option \"%s\" is not a usable path",
				opt->name);
	if (opt->type == HUB_O_URL && !is_url(text))
		return hub_option_wrong_type(opt, err);
	const struct hub_str copy = hub_arena_str(a, text);
	if (!copy.ptr)
		return hub_fail_mem(err);
	*(struct hub_str *)slot(opt, conf) = copy;
	return HUB_OK;
}

/* Resolves one escape; in[*i] is behind the backslash. -1: not an escape. */
static int escape(struct hub_str in, size_t *i)
{
	static const char from[] = "tnr\\", to[] = "\t\n\r\\";
	const char *p = *i < in.len ? memchr(from, in.ptr[*i], sizeof from - 1) : NULL;

	if (p) {
		++*i;
		return (unsigned char)to[p - from];
	}
	if (*i + 2 < in.len && in.ptr[*i] == 'x' && hub_hex_digit(in.ptr[*i + 1]) >= 0 &&
	    hub_hex_digit(in.ptr[*i + 2]) >= 0) {
		const int v = hub_hex_digit(in.ptr[*i + 1]) * 16 + hub_hex_digit(in.ptr[*i + 2]);
		*i += 3;
		return v;
	}
	return -1;
}

static int unescape(const struct hub_opt *opt, struct hub_str in, struct hub_arena *a,
		    struct hub_str *out, struct hub_err *err)
{
	char *p = hub_alloc(a, in.len + 1);
	size_t n = 0;

	if (!p)
		return hub_fail_mem(err);
	for (size_t i = 0; i < in.len;) {
		int c = (unsigned char)in.ptr[i++];
		if (c == '\\' && (c = escape(in, &i)) < 0) {
			hub_fail(err, HUB_CONF, "option-escape",
				 "option \"%s\" has a \\ that begins no escape", opt->name);
			hub_hint(err, "Escapes are \\t \\n \\r \\xNN; a backslash itself is "
				      "written \\\\.");
			return HUB_CONF;
		}
		p[n++] = (char)c;
	}
	*out = (struct hub_str){p, n};
	return HUB_OK;
}

static int put_bool(const struct hub_opt *opt, struct hub_str text, void *conf, struct hub_err *err)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_is(text, words[i]))
			return hub_option_put_int(opt, (int64_t)(i % 2), conf, err);
	return hub_option_wrong_type(opt, err);
}

static int put_enum(const struct hub_opt *opt, struct hub_str text, void *conf, struct hub_err *err)
{
	struct hub_near near = {.name = text};

	for (int64_t i = 0; opt->words[i]; i++) {
		if (hub_str_is(text, opt->words[i])) {
			*(int64_t *)slot(opt, conf) = i;
			return HUB_OK;
		}
		hub_near_add(&near, hub_str_of(opt->words[i]));
	}
	if (opt->flags & HUB_OPT_SECRET)
		text = HUB_STR("***");
	hub_fail(err, HUB_CONF, "option-word", "option \"%s\" does not know the word \"%.*s\"",
		 opt->name, HUB_FMT(text));
	if (near.best.len)
		hub_hint(err, "Did you mean \"%.*s\"? Allowed: %s.", HUB_FMT(near.best), near.all);
	else
		hub_hint(err, "Allowed: %s.", near.all);
	return HUB_CONF;
}

/* Number with a unit of a table. need: a bare number is no answer (is 30 seconds or milliseconds?). */
static int put_unit(const struct hub_opt *opt, struct hub_str text, void *conf, struct hub_err *err)
{
	static const struct {
		uint32_t type;
		const char *name;
		int64_t factor;
	} units[] = {
	    {HUB_O_SIZE, "", 1},         {HUB_O_SIZE, "k", 1 << 10}, {HUB_O_SIZE, "K", 1 << 10},
	    {HUB_O_SIZE, "M", 1 << 20},  {HUB_O_SIZE, "G", 1 << 30}, {HUB_O_MSEC, "ms", 1},
	    {HUB_O_MSEC, "s", 1000},     {HUB_O_MSEC, "m", 60000},   {HUB_O_MSEC, "h", 3600000},
	    {HUB_O_MSEC, "d", 86400000},
	};
	size_t digits = 0;
	int64_t v;

	while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
		digits++;
	if (digits == 0)
		return hub_option_wrong_type(opt, err);
	const struct hub_str unit = hub_str_from(text, digits);
	for (size_t i = 0; i < HUB_COUNT(units); i++) {
		if (units[i].type != opt->type || !hub_str_is(unit, units[i].name))
			continue;
		if (hub_parse_i64(hub_str_cut(text, 0, digits), 0, INT64_MAX, &v) ||
		    __builtin_mul_overflow(v, units[i].factor, &v))
			return out_of_range(opt, err);
		return hub_option_put_int(opt, v, conf, err);
	}
	return hub_option_wrong_type(opt, err);
}

static int put_number(const struct hub_opt *opt, struct hub_str text, void *conf,
		      struct hub_err *err)
{
	int64_t v;
	const int bad = hub_parse_i64(text, INT64_MIN, INT64_MAX, &v);

	if (bad)
		return bad == -2 ? out_of_range(opt, err) : hub_option_wrong_type(opt, err);
	return hub_option_put_int(opt, v, conf, err);
}

int hub_option_parse(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a,
		     void *conf, struct hub_err *err)
{
	int rc;

	switch (opt->type) {
	case HUB_O_TEXT:
		if ((rc = unescape(opt, text, a, &text, err)))
			return rc;
		return hub_option_put_text(opt, text, a, conf, err);
	case HUB_O_PATH:
	case HUB_O_URL:
		return hub_option_put_text(opt, text, a, conf, err);
	case HUB_O_BOOL:
		return put_bool(opt, text, conf, err);
	case HUB_O_ENUM:
		return put_enum(opt, text, conf, err);
	case HUB_O_SIZE:
	case HUB_O_MSEC:
		return put_unit(opt, text, conf, err);
	default:
		return put_number(opt, text, conf, err);
	}
}

/* ---- showing ---- */

/* With the name, password and query of a URL as ***. */
static struct hub_str mask_url(struct hub_str url, struct hub_arena *a)
{
	const size_t scheme = hub_str_find(url, HUB_STR("://"), 0);
	const size_t start = scheme == (size_t)-1 ? 0 : scheme + 3;
	size_t query = hub_str_find(url, HUB_STR("?"), start), at = start;
	int user = 0;

	if (query == (size_t)-1)
		query = url.len;
	/* the last @: a password may hold one, or a slash, that somebody forgot to encode */
	for (size_t i = start; i < query; i++)
		if (url.ptr[i] == '@') {
			at = i;
			user = 1;
		}
	const struct hub_str head = hub_str_cut(url, 0, start);
	const struct hub_str rest = hub_str_cut(url, at, query);
	return hub_arena_printf(a, "%.*s%s%.*s%s", HUB_FMT(head), user ? "***" : "", HUB_FMT(rest),
				query < url.len ? "?***" : "");
}

struct hub_str hub_option_show(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a)
{
	if (opt->flags & HUB_OPT_SECRET)
		return HUB_STR("***");
	if (opt->type == HUB_O_URL)
		return mask_url(text, a);
	return hub_arena_str(a, text);
}
