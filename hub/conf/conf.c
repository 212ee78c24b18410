#include "conf/conf.h"

#include "base/str.h"
#include "conf/near.h"
#include "conf/scan.h"
#include "conf/value.h"

struct hub_conf {
	config_t lib;
};

/* ---- reading ---- */

static const struct hub_conf_node *node_of(const config_setting_t *s)
{
	return config_setting_get_hook(s);
}

/* libconfig's tree and the scanner's nodes are in the same order. Returns the next index; more than
 * there are nodes when something of the tree is missing: libconfig 1.5 does not look whether it got
 * memory for a name or a text, and leaves it out. */
static size_t attach(config_setting_t *s, const struct hub_scan *scan, size_t i)
{
	const config_setting_t *in = config_setting_parent(s);
	const size_t bad = scan->count + 1;

	if (i >= scan->count || (in && config_setting_is_group(in) && !config_setting_name(s)))
		return bad;
	config_setting_set_hook(s, scan->nodes[i++]);
	if (config_setting_type(s) == CONFIG_TYPE_STRING && !config_setting_get_string(s))
		return bad;
	for (int k = 0; config_setting_is_aggregate(s) && k < config_setting_length(s); k++) {
		config_setting_t *one = config_setting_get_elem(s, (unsigned)k);
		if (!one || (i = attach(one, scan, i)) > scan->count)
			return bad;
	}
	return i;
}

/* It would die of the memory it does not get: see that there is plenty. */
static int has_room(size_t text)
{
	enum { PER_BYTE = 32, LEAST = 1 << 16 };
	void *p = hub_heap_get(text * PER_BYTE + LEAST);

	hub_heap_put(p);
	return p != NULL;
}

/* The scanner let something pass that libconfig does not. */
static void refused_by_lib(const config_t *lib, const struct hub_scan *scan, struct hub_report *r)
{
	const int line = config_error_line(lib);
	struct hub_place p = {0};
	struct hub_err e;

	if (line > 0 && (size_t)line <= scan->nlines)
		p = scan->lines[line - 1];
	hub_fail(&e, HUB_CONF, "syntax", "%s", config_error_text(lib));
	hub_report_add(r, p, &e);
}

static int read_scanned(struct hub_scan *scan, struct hub_report *r, struct hub_conf **out)
{
	struct hub_conf *c = hub_heap_get(sizeof *c);

	if (!c)
		return HUB_FATAL;
	config_init(&c->lib);
	hub_buf_putc(&scan->out, '\0');
	if (!hub_buf_ok(&scan->out) || !has_room(scan->out.len)) {
		hub_conf_free(c);
		return HUB_FATAL;
	}
	if (!config_read_string(&c->lib, scan->out.ptr)) {
		refused_by_lib(&c->lib, scan, r);
		hub_conf_free(c);
		return HUB_CONF;
	}
	if (attach(config_root_setting(&c->lib), scan, 0) != scan->count) {
		hub_conf_free(c);
		return HUB_FATAL;
	}
	*out = c;
	return HUB_OK;
}

/* Frees the scan, whatever came of it. */
static int finish(struct hub_scan *scan, int rc, struct hub_report *r, struct hub_conf **out,
		  struct hub_err *err)
{
	*out = NULL;
	if (!rc)
		rc = read_scanned(scan, r, out);
	hub_scan_free(scan);
	if (rc == HUB_FATAL)
		return hub_fail_mem(err);
	return rc ? hub_report_result(r, err) : HUB_OK;
}

int hub_conf_read(struct hub_arena *a, struct hub_report *r, const char *path,
		  struct hub_conf **out, struct hub_err *err)
{
	struct hub_scan scan;

	return finish(&scan, hub_scan_file(&scan, a, r, path), r, out, err);
}

int hub_conf_read_text(struct hub_arena *a, struct hub_report *r, const char *name,
		       struct hub_str text, struct hub_conf **out, struct hub_err *err)
{
	struct hub_scan scan;

	return finish(&scan, hub_scan_text(&scan, a, r, name, text), r, out, err);
}

void hub_conf_free(struct hub_conf *c)
{
	if (!c)
		return;
	config_destroy(&c->lib);
	hub_heap_put(c);
}

struct hub_str hub_conf_name(struct hub_arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct hub_str s = hub_str_of(slash ? slash + 1 : path);

	if (hub_str_ends(s, HUB_STR(".cfg")))
		s.len -= 4;
	return hub_arena_str(a, s);
}

const config_setting_t *hub_conf_root(const struct hub_conf *c)
{
	return config_root_setting(&c->lib);
}

/* ---- places ---- */

struct hub_place hub_conf_place(const config_setting_t *s)
{
	return node_of(s) ? node_of(s)->name : (struct hub_place){0};
}

struct hub_place hub_conf_value_place(const config_setting_t *s)
{
	return node_of(s) ? node_of(s)->value : (struct hub_place){0};
}

/* Source bytes of the character of a text that stands at src[i]: 1, or an escape's length. */
static size_t written(struct hub_str src, size_t i)
{
	if (src.ptr[i] != '\\' || i + 1 >= src.len)
		return 1;
	return src.ptr[i + 1] == 'x' && i + 3 < src.len ? 4 : 2;
}

/* Offset in the source of byte `at` of the text whose pieces stand in src. One behind the last byte
 * is the closing quote. */
static size_t source_offset(struct hub_str src, size_t at)
{
	size_t n = 0, i = 0, quote = 0;

	while (i < src.len) {
		while (i < src.len && src.ptr[i] != '"') /* between pieces */
			i++;
		if (i++ >= src.len)
			break;
		for (; i < src.len && src.ptr[i] != '"'; i += written(src, i))
			if (n++ == at)
				return i;
		quote = i++;
	}
	return quote;
}

struct hub_place hub_conf_inside(const config_setting_t *s, size_t at, size_t len)
{
	struct hub_place p = hub_conf_value_place(s);

	if (!p.src || config_setting_type(s) != CONFIG_TYPE_STRING)
		return p;
	const struct hub_str src = hub_str_cut(p.src->text, p.at, p.at + p.len);
	const size_t from = source_offset(src, at),
		     to = len ? source_offset(src, at + len - 1) : from;
	p.at += from;
	p.len = to - from + (len ? 1 : 0);
	/* the last byte may begin a character of several */
	while (p.len && p.at + p.len < p.src->text.len &&
	       ((unsigned char)p.src->text.ptr[p.at + p.len] & 0xc0) == 0x80)
		p.len++;
	return p;
}

struct hub_str hub_conf_text(const config_setting_t *s)
{
	return s && config_setting_type(s) == CONFIG_TYPE_STRING
		   ? hub_str_of(config_setting_get_string(s))
		   : (struct hub_str){NULL, 0};
}

const char *hub_conf_path(const config_setting_t *s, struct hub_str path, struct hub_arena *a)
{
	const struct hub_place p = hub_conf_place(s);
	const char *slash = p.src ? strrchr(p.src->name, '/') : NULL;

	if (!slash || hub_str_starts(path, HUB_STR("/")) || hub_str_is(path, "-"))
		return hub_arena_cstr(a, path);
	return hub_arena_printf(a, "%.*s%.*s", (int)(slash + 1 - p.src->name), p.src->name,
				HUB_FMT(path))
	    .ptr;
}

/* ---- a group by its table ---- */

struct taking {
	const struct hub_keys *keys;
	struct hub_arena *arena;
	struct hub_report *report;
	void *to;
};

static const struct hub_opt *key_of(const struct hub_keys *k, struct hub_str name)
{
	for (const struct hub_opt *o = k->opts; o && o->name; o++)
		if (hub_str_is(name, o->name))
			return o;
	return NULL;
}

/* A misspelt password is still a password. */
static int may_be_secret(const struct hub_keys *k, struct hub_str name)
{
	for (const struct hub_opt *o = k->opts; o && o->name; o++)
		if ((o->flags & HUB_OPT_SECRET) && hub_is_near(hub_str_of(o->name), name))
			return 1;
	return 0;
}

static void unknown(const struct taking *t, const config_setting_t *s)
{
	const struct hub_str name = hub_str_of(config_setting_name(s));
	struct hub_err e;

	hub_option_unknown(t->keys->opts, t->keys->owner, t->keys->lister, name, &e);
	hub_report_add(t->report, hub_conf_place(s), &e);
}

static int wrong(const struct taking *t, const config_setting_t *s, const struct hub_opt *opt)
{
	struct hub_err e;

	hub_option_wrong_type(opt, &e);
	hub_report_add(t->report, hub_conf_value_place(s), &e);
	return HUB_CONF;
}

static int put_text(const struct taking *t, const config_setting_t *s, const struct hub_opt *opt,
		    struct hub_err *e)
{
	struct hub_str text = hub_conf_text(s);

	if (opt->type == HUB_O_PATH && text.len &&
	    !(text = hub_str_of(hub_conf_path(s, text, t->arena))).ptr)
		return hub_fail_mem(e);
	if (opt->type == HUB_O_TEXT || opt->type == HUB_O_PATH || opt->type == HUB_O_URL)
		return hub_option_put_text(opt, text, t->arena, t->to, e);
	return hub_option_parse(opt, text, t->arena, t->to, e);
}

/* Does the kind of value fit the type? What it says is checked behind this. */
static int fits(const struct hub_opt *opt, int type)
{
	const int integer = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;

	switch (opt->type) {
	case HUB_KEY_ANY:
		return 1;
	case HUB_KEY_GROUP:
		return type == CONFIG_TYPE_GROUP;
	case HUB_KEY_LIST:
		return type == CONFIG_TYPE_LIST || type == CONFIG_TYPE_ARRAY;
	case HUB_KEY_REAL:
		return integer || type == CONFIG_TYPE_FLOAT;
	case HUB_O_BOOL:
		return type == CONFIG_TYPE_BOOL;
	case HUB_O_INT:
		return integer;
	case HUB_O_SIZE:
		return integer || type == CONFIG_TYPE_STRING;
	default:
		return type == CONFIG_TYPE_STRING;
	}
}

static int put(const struct taking *t, const config_setting_t *s, const struct hub_opt *opt)
{
	void *slot = (char *)t->to + opt->offset;
	const int type = config_setting_type(s);
	struct hub_err e = {0};
	int rc = HUB_OK;

	if (!fits(opt, type))
		return wrong(t, s, opt);
	if (opt->type == HUB_KEY_GROUP || opt->type == HUB_KEY_LIST || opt->type == HUB_KEY_ANY)
		*(const config_setting_t **)slot = s;
	else if (opt->type == HUB_KEY_REAL)
		*(double *)slot = type == CONFIG_TYPE_FLOAT ? config_setting_get_float(s)
							    : (double)config_setting_get_int64(s);
	else if (type == CONFIG_TYPE_STRING)
		rc = put_text(t, s, opt, &e);
	else
		rc = hub_option_put_int(opt,
					type == CONFIG_TYPE_BOOL ? config_setting_get_bool(s)
								 : config_setting_get_int64(s),
					t->to, &e);
	if (rc)
		hub_report_add(t->report, hub_conf_value_place(s), &e);
	return rc;
}

static int put_defaults(const struct taking *t)
{
	struct hub_err e = {0};

	for (const struct hub_opt *o = t->keys->opts; o && o->name; o++)
		if (o->dflt && hub_option_parse(o, hub_str_of(o->dflt), t->arena, t->to, &e))
			return HUB_FATAL;
	return HUB_OK;
}

static int missing(const struct taking *t, const config_setting_t *group, const uint8_t *given)
{
	int rc = HUB_OK;

	/* what was left out for a fault of form may be what is missing */
	if (!group || (node_of(group) && node_of(group)->torn))
		return HUB_OK;
	for (const struct hub_opt *o = t->keys->opts; o && o->name; o++) {
		struct hub_err e;
		if (!(o->flags & HUB_OPT_REQUIRED) || (o->flags & t->keys->hidden) ||
		    given[o - t->keys->opts])
			continue;
		hub_option_missing(o, t->keys->owner, &e);
		hub_report_add(t->report, hub_conf_place(group), &e);
		rc = HUB_CONF;
	}
	return rc;
}

int hub_conf_take(const config_setting_t *group, const struct hub_keys *keys, struct hub_arena *a,
		  void *to, uint8_t *given, struct hub_report *r)
{
	const struct taking t = {keys, a, r, to};
	size_t n = 0;
	int rc = HUB_OK;

	while (keys->opts && keys->opts[n].name)
		n++;
	if (!given && !(given = hub_alloc0(a, n + 1)))
		return HUB_FATAL;
	if (put_defaults(&t))
		return HUB_FATAL;
	for (unsigned i = 0; i < hub_conf_count(group); i++) {
		const config_setting_t *s = hub_conf_child(group, i);
		const struct hub_str name = hub_str_of(config_setting_name(s));
		if (keys->skip && hub_str_is(name, keys->skip))
			continue;
		if (may_be_secret(keys, name))
			hub_report_hide(r, hub_conf_value_place(s));
		const struct hub_opt *opt = key_of(keys, name);
		if (!opt) {
			unknown(&t, s);
			rc = HUB_CONF;
			continue;
		}
		given[opt - keys->opts] = 1;
		const int one = put(&t, s, opt);
		if (one == HUB_FATAL)
			return one;
		if (one)
			rc = HUB_CONF;
	}
	const int gaps = missing(&t, group, given);
	return rc ? rc : gaps;
}
