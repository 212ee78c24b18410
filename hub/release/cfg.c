#include "release/cfg.h"

#include "base/err.h"
#include "base/io.h"
#include "base/str.h"

enum { CFG_LIMIT = 1 << 20 };

/* The numbered line of the file, without its end. */
static struct hub_str line_of(struct hub_str text, unsigned line)
{
	struct hub_str piece = {"", 0};

	for (unsigned i = 0; i < line; i++)
		if (!hub_str_next(&text, '\n', &piece))
			return (struct hub_str){"", 0};
	return piece;
}

static void report_error(struct hub_cfg *c, unsigned line, const char *hint, const char *text)
{
	if (c->errors++ == 0) {
		snprintf(c->first, sizeof c->first, "%s", text);
		snprintf(c->first_at, sizeof c->first_at, "%s:%u", c->path, line);
	}
	if (!c->report)
		return;
	hub_buf_printf(c->report, "%s:%u: %s: %s\n", c->path, line, hub_tr("error"), text);
	const struct hub_str excerpt = hub_str_trim(line_of(c->text, line));
	if (excerpt.len)
		hub_buf_printf(c->report, "%5u | %.*s\n", line, HUB_FMT(excerpt));
	if (hint)
		hub_buf_printf(c->report, "%s: %s\n", hub_tr("hint"), hint);
}

void hub_cfg_complain(struct hub_cfg *c, const config_setting_t *at, const char *hint,
		      const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, hub_tr(fmt), ap);
	va_end(ap);
	report_error(c, at ? config_setting_source_line(at) : 0, hint ? hub_tr(hint) : NULL, text);
}

int hub_cfg_open(struct hub_cfg *c, struct hub_arena *a, const char *path, struct hub_buf *report,
		 struct hub_err *err)
{
	int rc;

	*c = (struct hub_cfg){.a = a, .report = report, .path = path};
	if ((rc = hub_file_read(a, path, CFG_LIMIT, &c->text, err)))
		return rc;
	char *text = hub_arena_cstr(a, c->text);
	if (!text)
		return hub_fail_mem(err);

	config_init(&c->file);
	if (config_read_string(&c->file, text))
		return HUB_OK;
	const unsigned line = (unsigned)config_error_line(&c->file);
	report_error(c, line, hub_tr("Every setting ends with \";\", every text is in quotes."),
		     config_error_text(&c->file));
	rc = hub_fail(err, HUB_CONF, "config-syntax", "%s cannot be read: %s", path,
		      config_error_text(&c->file));
	hub_where(err, "%s:%u", path, line);
	hub_hint(err, "Every setting ends with \";\", every text is in quotes.");
	config_destroy(&c->file);
	return rc;
}

int hub_cfg_close(struct hub_cfg *c, struct hub_err *err)
{
	config_destroy(&c->file);
	if (c->no_memory)
		return hub_fail_mem(err);
	if (c->errors == 0)
		return HUB_OK;
	const int rc = hub_fail(err, HUB_CONF, "config-errors", "%u errors in %s, first: %s",
				c->errors, c->path, c->first);
	hub_where(err, "%s", c->first_at);
	return rc;
}

const char *hub_cfg_near(struct hub_str name, const char *const *words)
{
	const char *best = NULL;
	unsigned least = 4;

	for (; *words; words++) {
		const unsigned d = hub_str_distance(name, hub_str_of(*words));
		if (d < least) {
			least = d;
			best = *words;
		}
	}
	return best;
}

void hub_cfg_keys(struct hub_cfg *c, const config_setting_t *group, const char *const *keys)
{
	for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
		const config_setting_t *item = config_setting_get_elem(group, i);
		const char *name = config_setting_name(item);
		const char *const *k = keys;

		while (name && *k && strcmp(*k, name) != 0)
			k++;
		if (!name || *k)
			continue;
		const char *near = hub_cfg_near(hub_str_of(name), keys);
		if (near)
			hub_cfg_complain(c, item, NULL,
					 HUB_N("unknown setting \"%s\", did you mean \"%s\"?"),
					 name, near);
		else
			hub_cfg_complain(c, item, NULL, HUB_N("unknown setting \"%s\""), name);
	}
}

static struct hub_str keep(struct hub_cfg *c, const config_setting_t *item, const char *what)
{
	const char *z = config_setting_get_string(item);

	if (!z) {
		hub_cfg_complain(c, item, NULL, HUB_N("\"%s\" must be a text in quotes"), what);
		return (struct hub_str){"", 0};
	}
	if (hub_utf8_valid(hub_str_of(z)) != strlen(z))
		hub_cfg_complain(c, item, HUB_N("Save the file as UTF-8."),
				 HUB_N("\"%s\" is not valid UTF-8"), what);
	const struct hub_str s = hub_arena_str(c->a, hub_str_of(z));
	if (s.ptr)
		return s;
	c->no_memory = 1;
	return (struct hub_str){"", 0};
}

struct hub_str hub_cfg_text(struct hub_cfg *c, const config_setting_t *group, const char *key)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	return item ? keep(c, item, key) : (struct hub_str){"", 0};
}

struct hub_str hub_cfg_need(struct hub_cfg *c, const config_setting_t *group, const char *key)
{
	const struct hub_str s = hub_cfg_text(c, group, key);

	if (s.len == 0)
		hub_cfg_complain(c, group, NULL, HUB_N("\"%s\" is missing"), key);
	return s;
}

int hub_cfg_bool(struct hub_cfg *c, const config_setting_t *group, const char *key, int dflt)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return dflt;
	if (config_setting_type(item) != CONFIG_TYPE_BOOL) {
		hub_cfg_complain(c, item, NULL, HUB_N("\"%s\" must be true or false"), key);
		return dflt;
	}
	return config_setting_get_bool(item);
}

int hub_cfg_int(struct hub_cfg *c, const config_setting_t *group, const char *key, int min, int max,
		int dflt)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return dflt;
	/* a number over 31 bits is an INT64 to libconfig: never cut it */
	const int type = config_setting_type(item);
	const long long v = type == CONFIG_TYPE_INT     ? config_setting_get_int(item)
			    : type == CONFIG_TYPE_INT64 ? config_setting_get_int64(item)
							: (long long)max + 1;
	if (v >= min && v <= max)
		return (int)v;
	hub_cfg_complain(c, item, NULL, HUB_N("\"%s\" must be a number from %d to %d"), key, min,
			 max);
	return dflt;
}

uint32_t hub_cfg_words(struct hub_cfg *c, const config_setting_t *group, const char *key,
		       const struct hub_str **out)
{
	const config_setting_t *list = config_setting_get_member(group, key);

	*out = NULL;
	if (!list)
		return 0;
	if (!config_setting_is_array(list) && !config_setting_is_list(list)) {
		hub_cfg_complain(c, list, NULL, HUB_N("\"%s\" must be a list: [\"a\", \"b\"]"),
				 key);
		return 0;
	}
	const uint32_t n = (uint32_t)config_setting_length(list);
	struct hub_str *words = hub_alloc_array(c->a, n ? n : 1, sizeof *words);
	if (!words) {
		c->no_memory = 1;
		return 0;
	}
	for (uint32_t i = 0; i < n; i++)
		words[i] = keep(c, config_setting_get_elem(list, i), key);
	*out = words;
	return n;
}

static int32_t read_day(struct hub_cfg *c, const config_setting_t *group, const char *key,
			int32_t open)
{
	const config_setting_t *item = config_setting_get_member(group, key);
	int32_t day = open;

	if (item && hub_day_parse(keep(c, item, key), &day)) {
		hub_cfg_complain(c, item, HUB_N("Write it as \"2026-04-01\"."),
				 HUB_N("\"%s\" is not a date"), key);
		return open;
	}
	return day;
}

struct hub_period hub_cfg_period(struct hub_cfg *c, const config_setting_t *group,
				 const char *from_key, const char *to_key)
{
	const struct hub_period p = {read_day(c, group, from_key, HUB_DAY_FIRST),
				     read_day(c, group, to_key, HUB_DAY_LAST)};

	if (p.from > p.to)
		hub_cfg_complain(c, config_setting_get_member(group, to_key), NULL,
				 HUB_N("\"%s\" is before \"%s\""), to_key, from_key);
	return p;
}

int hub_cfg_choice(struct hub_cfg *c, const config_setting_t *group, const char *key,
		   const char *const *words, int dflt)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return dflt;
	const struct hub_str s = keep(c, item, key);
	char list[160] = "";
	size_t used = 0;
	for (int i = 0; words[i]; i++) {
		if (hub_str_is(s, words[i]))
			return i;
		const int n =
		    snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", words[i]);
		used += n > 0 && (size_t)n < sizeof list - used ? (size_t)n : 0;
	}
	hub_cfg_complain(c, item, NULL, HUB_N("\"%s\" must be one of: %s"), key, list);
	return dflt;
}
