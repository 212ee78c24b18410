#include "intake/map.h"

#include <stdio.h>

enum { HASH_TEXT = 64 << 20, NAME_MAX_BYTES = 512 };

/* What stands in mapping: { ... }. */
struct head {
	struct hub_str name, title, system, note;
	int64_t mode, unofficial, on_invalid;
	const config_setting_t *source, *filters, *header, *columns, *aliases, *optional, *drop,
	    *keep_numbers, *tables, *key, *scope, *known_by;
};
#define AT(field) .offset = offsetof(struct head, field)

static const char *const modes[] = {"delta", "full", "lookup", NULL};
static const char *const policies[] = {"reject", "null", NULL};

static const struct hub_opt head_keys[] = {
    {HUB_OPTION("name", TEXT, HUB_OPT_REQUIRED, NULL, AT(name))},
    {HUB_OPTION("title", TEXT, 0, NULL, AT(title))},
    {HUB_OPTION("system", TEXT, HUB_OPT_REQUIRED, NULL, AT(system))},
    {HUB_OPTION("note", TEXT, 0, NULL, AT(note))},
    {HUB_OPTION("mode", ENUM, 0, NULL, .dflt = "delta", .words = modes, AT(mode))},
    {HUB_OPTION("unofficial", BOOL, 0, NULL, .dflt = "false", AT(unofficial))},
    {HUB_OPTION("on_invalid", ENUM, 0, NULL, .dflt = "reject", .words = policies, AT(on_invalid))},
    {.name = "source", .type = HUB_KEY_GROUP, .flags = HUB_OPT_REQUIRED, AT(source)},
    {.name = "filters", .type = HUB_KEY_LIST, AT(filters)},
    {.name = "filters", .type = HUB_KEY_LIST, AT(filters)},
    {.name = "header", .type = HUB_KEY_LIST, AT(header)},
    {.name = "columns", .type = HUB_KEY_LIST, AT(columns)},
    {.name = "aliases", .type = HUB_KEY_LIST, AT(aliases)},
    {.name = "optional", .type = HUB_KEY_LIST, AT(optional)},
    {.name = "drop", .type = HUB_KEY_LIST, AT(drop)},
    {.name = "keep_numbers", .type = HUB_KEY_LIST, AT(keep_numbers)},
    {.name = "tables", .type = HUB_KEY_GROUP, AT(tables)},
    {.name = "key", .type = HUB_KEY_ANY, .flags = HUB_OPT_REQUIRED, AT(key)},
    {.name = "scope", .type = HUB_KEY_ANY, AT(scope)},
    {.name = "known_by", .type = HUB_KEY_ANY, AT(known_by)},
    {.name = NULL},
};

static void add_problem(struct hub_mapc *c, const config_setting_t *s, const struct hub_err *err)
{
	hub_report_add(c->report, hub_conf_place(s), err);
}

static struct hub_str keep(struct hub_mapc *c, struct hub_str s)
{
	const struct hub_str copy = hub_arena_str(c->arena, s);

	if (!copy.ptr)
		c->oom = 1;
	return copy;
}

struct hub_str hub_mapc_text(struct hub_mapc *c, const config_setting_t *s)
{
	const struct hub_str text = hub_conf_text(s);
	struct hub_err err = {0};

	if (text.ptr)
		return keep(c, text);
	(void)hub_fail(&err, HUB_CONF, "wrong-type", "a text in quotes is expected here");
	hub_report_add(c->report, hub_conf_value_place(s), &err);
	return HUB_STR("");
}

int hub_mapc_word(struct hub_mapc *c, const config_setting_t *s, const char *const *words)
{
	const struct hub_str text = hub_mapc_text(c, s);
	struct hub_err err = {0};
	char all[128] = "";
	size_t n = 0;

	for (int i = 0; words[i]; i++) {
		if (hub_str_is(text, words[i]))
			return i;
		n += (size_t)snprintf(all + n, sizeof all - n, "%s\"%s\"", i ? ", " : "", words[i]);
	}
	(void)hub_fail(&err, HUB_CONF, "bad-setting", "one of these words is expected: %s", all);
	hub_report_add(c->report, hub_conf_value_place(s), &err);
	return 0;
}

/* ( "a", "b" ) -> array of texts. */
static const struct hub_str *texts_of(struct hub_mapc *c, const config_setting_t *s, uint32_t *n)
{
	struct hub_str *all = hub_alloc_array(c->arena, hub_conf_count(s) + 1, sizeof *all);

	*n = 0;
	if (!all) {
		c->oom = 1;
		return NULL;
	}
	for (unsigned i = 0; i < hub_conf_count(s); i++)
		all[(*n)++] = hub_mapc_text(c, hub_conf_child(s, i));
	return all;
}

static struct hub_str option_text(struct hub_mapc *c, const config_setting_t *o)
{
	switch (config_setting_type(o)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return hub_arena_printf(c->arena, "%lld", config_setting_get_int64(o));
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(o) ? HUB_STR("true") : HUB_STR("false");
	default:
		return hub_mapc_text(c, o);
	}
}

/* A group { plugin = "name"; option = value; ... }; what: its name, for the message. */
static void load_plugin(struct hub_mapc *c, const config_setting_t *s, const char *what,
			struct hub_mapping_plugin *out)
{
	const unsigned n = hub_conf_count(s);
	struct hub_str *name = hub_alloc_array(c->arena, n + 1, sizeof *name),
		       *value = hub_alloc_array(c->arena, n + 1, sizeof *value);

	if (!name || !value) {
		c->oom = 1;
		return;
	}
	for (unsigned i = 0; i < n && config_setting_is_group(s); i++) {
		const config_setting_t *o = hub_conf_child(s, i);
		const struct hub_str v = option_text(c, o);
		if (strcmp(config_setting_name(o), "plugin") == 0) {
			out->plugin = v;
			continue;
		}
		name[out->options] = keep(c, hub_str_of(config_setting_name(o)));
		value[out->options++] = v;
	}
	out->option_name = name;
	out->option_value = value;
	if (out->plugin.len)
		return;
	struct hub_err err = {0};
	(void)hub_fail(&err, HUB_CONF, "option-missing", "%s needs \"%s\"", what, "plugin");
	hub_hint(&err, "`tsunagi plugin list` shows the plugins there are.");
	add_problem(c, s, &err);
}

static void load_filters(struct hub_mapc *c, const config_setting_t *s)
{
	struct hub_mapping_info *info = &c->m->info;
	const unsigned n = hub_conf_count(s);
	struct hub_mapping_plugin *all = hub_alloc_array(c->arena, n + 1, sizeof *all);

	if (!all) {
		c->oom = 1;
		return;
	}
	for (unsigned i = 0; i < n; i++)
		load_plugin(c, hub_conf_child(s, i), "filters", &all[i]);
	info->filter = all;
	info->filters = n;
}

/* --- columns ---------------------------------------------------------------------------------- */

static void load_columns(struct hub_mapc *c, const config_setting_t *s)
{
	struct hub_mapping *m = c->m;
	char fold[NAME_MAX_BYTES];
	uint32_t n;
	const struct hub_str *names = texts_of(c, s, &n);

	m->col = hub_alloc_array(c->arena, n + 1, sizeof *m->col);
	if (!m->col || !names) {
		c->oom = 1;
		return;
	}
	m->cols = n;
	for (uint32_t i = 0; i < n; i++) {
		m->col[i].name = names[i];
		const size_t len = hub_schema_fold(names[i], 1, fold, sizeof fold);
		m->col[i].folded = keep(c, (struct hub_str){fold, len});
		const struct hub_banned *ban = hub_schema_banned(m->schema, names[i]);
		m->col[i].banned = ban && ban->ban == HUB_BAN_FORBIDDEN;
		m->col[i].unneeded = ban && ban->ban == HUB_BAN_DROPPED;
	}
	if (m->by_place)
		return; /* there is no header to compare with */
	m->info.header = names;
	m->info.header_n = n;
}

/* The column a list of the mapping names; HUB_NO_COLUMN with a problem when there is none. */
static uint32_t named_column(struct hub_mapc *c, const config_setting_t *s, struct hub_str name)
{
	struct hub_near near = {.name = name};
	struct hub_err err = {0};
	int several;
	const uint32_t col = hub_mapcol_find(c->m, name, &several);

	if (col != HUB_NO_COLUMN || name.len == 0)
		return col;
	for (uint32_t i = 0; i < c->m->cols; i++)
		hub_near_add(&near, c->m->col[i].name);
	(void)hub_fail(&err, HUB_CONF, "unknown-column", "the header has no column \"%.*s\"",
		       HUB_FMT(name));
	hub_near_hint(&near, &err);
	hub_report_add(c->report, hub_conf_value_place(s), &err);
	return HUB_NO_COLUMN;
}

/* Sets the flag at `offset` of the columns that a list names. */
static void mark_columns(struct hub_mapc *c, const config_setting_t *s, size_t offset)
{
	uint32_t n;
	const struct hub_str *names = texts_of(c, s, &n);

	for (uint32_t i = 0; names && i < n; i++) {
		const uint32_t col = named_column(c, hub_conf_child(s, i), names[i]);
		if (col != HUB_NO_COLUMN)
			*((uint8_t *)&c->m->col[col] + offset) = 1;
	}
}

/* ( ("受付日", "受付年月日", "相談日"), ... ): a column and other names it was seen with. */
static void load_aliases(struct hub_mapc *c, const config_setting_t *s)
{
	struct hub_err err = {0};

	for (unsigned i = 0; i < hub_conf_count(s); i++) {
		const config_setting_t *row = hub_conf_child(s, i);
		uint32_t n;
		const struct hub_str *names = texts_of(c, row, &n);
		if (!names || n < 2) {
			(void)hub_fail(&err, HUB_CONF, "bad-setting",
				       "an alias is a list: (\"column\", \"other name\", ...)");
			hub_report_add(c->report, hub_conf_value_place(row), &err);
			continue;
		}
		const uint32_t col = named_column(c, hub_conf_child(row, 0), names[0]);
		if (col == HUB_NO_COLUMN)
			continue;
		c->m->col[col].alias = names + 1;
		c->m->col[col].aliases = n - 1;
	}
}

/* --- tables ----------------------------------------------------------------------------------- */

static void add_line(struct hub_mapc *c, const config_setting_t *row, struct hub_maptable *t,
		     struct hub_map *find, struct hub_str *value)
{
	char fold[NAME_MAX_BYTES];
	struct hub_err err = {0};
	uint64_t before;
	uint32_t width;
	const struct hub_str *pair = texts_of(c, row, &width);
	const size_t n = pair && width ? hub_schema_fold(pair[0], 0, fold, sizeof fold) : 0;

	if (width != 2 || n == 0) {
		(void)hub_fail(&err, HUB_CONF, "bad-setting",
			       "a line of a table is (\"text\", \"value\")");
		hub_report_add(c->report, hub_conf_value_place(row), &err);
		return;
	}
	if (hub_map_get(find, (struct hub_str){fold, n}, &before)) {
		if (hub_str_eq(value[before], pair[1]))
			return;
		(void)hub_fail(&err, HUB_CONF, "bad-setting",
			       "table \"%.*s\" says two things about \"%.*s\"", HUB_FMT(t->name),
			       HUB_FMT(pair[0]));
		hub_report_add(c->report, hub_conf_value_place(row), &err);
		return;
	}
	value[t->count] = pair[1];
	if (hub_map_put(find, (struct hub_str){fold, n}, t->count++))
		c->oom = 1;
}

/* { agency = ( ("福祉課", "WEL"), ... ); ... } */
static void load_tables(struct hub_mapc *c, const config_setting_t *s)
{
	struct hub_mapping *m = c->m;

	m->table = hub_alloc_array(c->arena, hub_conf_count(s) + 1, sizeof *m->table);
	for (unsigned i = 0; m->table && i < hub_conf_count(s); i++) {
		const config_setting_t *rows = hub_conf_child(s, i);
		struct hub_maptable *t = &m->table[m->tables++];
		struct hub_map *find = hub_map_new(c->arena);
		struct hub_str *value =
		    hub_alloc_array(c->arena, hub_conf_count(rows) + 1, sizeof *value);
		if (!find || !value) {
			c->oom = 1;
			return;
		}
		t->name = keep(c, hub_str_of(config_setting_name(rows)));
		t->find = find;
		t->value = value;
		for (unsigned k = 0; k < hub_conf_count(rows); k++)
			add_line(c, hub_conf_child(rows, k), t, find, value);
	}
	c->oom |= !m->table;
}

/* --- the file --------------------------------------------------------------------------------- */

static void load_head(struct hub_mapc *c, const struct head *h)
{
	struct hub_mapping_info *info = &c->m->info;

	info->name = h->name;
	info->title = h->title.len ? h->title : h->name;
	info->system = h->system;
	info->note = h->note;
	info->mode = (enum hub_feed_mode)h->mode;
	info->unofficial = (int)h->unofficial;
	c->policy = (enum hub_mappolicy)h->on_invalid;
	if (h->source)
		load_plugin(c, h->source, "source", &c->m->info.source);
	if (h->filters)
		load_filters(c, h->filters);
	c->m->by_place = !h->header;
	if (h->header || h->columns)
		load_columns(c, h->header ? h->header : h->columns);
	if (h->aliases)
		load_aliases(c, h->aliases);
	if (h->optional)
		mark_columns(c, h->optional, offsetof(struct hub_mapcol, optional));
	if (h->drop)
		mark_columns(c, h->drop, offsetof(struct hub_mapcol, banned));
	if (h->keep_numbers)
		mark_columns(c, h->keep_numbers, offsetof(struct hub_mapcol, keep_numbers));
	if (h->tables)
		load_tables(c, h->tables);
	if (h->key) {
		c->m->key = hub_map_compile(c, h->key, NULL, HUB_V_NULL);
		info->key = c->expr;
	}
	if (h->scope)
		c->m->scope = hub_map_compile(c, h->scope, NULL, HUB_V_BOOL);
}

static size_t offset_of(const config_setting_t *s)
{
	return s ? hub_conf_place(s).at : (size_t)-1;
}

static int load_root(struct hub_mapc *c, const config_setting_t *root)
{
	static const struct hub_keys keys = {.opts = head_keys, .owner = "mapping"};
	const config_setting_t *s = config_setting_get_member(root, "mapping");
	struct head head = {0};
	struct hub_err err = {0};

	if (!s || !config_setting_is_group(s)) {
		(void)hub_fail(&err, HUB_CONF, "option-missing",
			       "the file has no mapping: { ... }");
		add_problem(c, s ? s : root, &err);
		return HUB_OK;
	}
	if (hub_conf_take(s, &keys, c->arena, &head, NULL, c->report) == HUB_FATAL)
		return HUB_FATAL;
	if (head.header && head.columns) {
		(void)hub_fail(&err, HUB_CONF, "bad-setting",
			       "header and columns cannot both be given");
		hub_hint(&err,
			 "header: the file has one; columns: names by place for a file without.");
		add_problem(c, head.columns, &err);
	}
	load_head(c, &head);
	c->m->header_at = offset_of(head.header);
	c->m->optional_at = offset_of(head.optional);
	c->m->aliases_at = offset_of(head.aliases);
	const int rc = hub_map_blocks(c, root);
	for (uint32_t i = 0; i < c->m->cols; i++)
		if (c->m->col[i].unneeded && !c->m->col[i].used)
			c->m->col[i].banned = 1;
	c->m->meant = hub_map_count(c->m->find_op);
	if (head.known_by)
		c->m->known_by = hub_map_compile(c, head.known_by, NULL, HUB_V_BOOL);
	c->m->info.known_by = c->m->known_by != HUB_NO_OP;
	return rc;
}

/* --- hash: same meaning, same hash ------------------------------------------------------------ */

static void describe_block(const struct hub_mapblock *b, struct hub_buf *out)
{
	hub_buf_printf(out, "block %.*s %.*s when %u each %u key %u shared %d %u\n",
		       HUB_FMT(b->entity->name), HUB_FMT(b->name), b->when, b->each, b->key,
		       (int)b->shared, b->latest);
	for (uint32_t i = 0; i < b->n; i++)
		hub_buf_printf(out, " %.*s %u %u %u %u\n", HUB_FMT(b->field[i].field->name),
			       b->field[i].op, b->field[i].own_block, b->field[i].policy,
			       b->field[i].required);
}

static void describe_plugin(const char *what, const struct hub_mapping_plugin *p,
			    struct hub_buf *out)
{
	hub_buf_printf(out, "%s %.*s\n", what, HUB_FMT(p->plugin));
	for (uint32_t i = 0; i < p->options; i++)
		hub_buf_printf(out, "option %.*s=%.*s\n", HUB_FMT(p->option_name[i]),
			       HUB_FMT(p->option_value[i]));
}

static void describe(const struct hub_mapping *m, struct hub_buf *out)
{
	const struct hub_mapping_info *info = &m->info;

	hub_buf_printf(out, "system %.*s mode %d ", HUB_FMT(info->system), (int)info->mode);
	describe_plugin("source", &info->source, out);
	for (uint32_t i = 0; i < info->filters; i++)
		describe_plugin("filter", &info->filter[i], out);
	for (uint32_t i = 0; i < m->cols; i++)
		hub_buf_printf(out, "col %.*s %u %u\n", HUB_FMT(m->col[i].name), m->col[i].banned,
			       m->col[i].keep_numbers);
	for (size_t i = 0; i < m->meant; i++)
		hub_buf_printf(out, "op %.*s\n", HUB_FMT(hub_map_key(m->find_op, i)));
	for (uint32_t i = 0; i < m->tables; i++)
		for (uint32_t k = 0; k < m->table[i].count; k++)
			hub_buf_printf(out, "table %.*s %.*s=%.*s\n", HUB_FMT(m->table[i].name),
				       HUB_FMT(hub_map_key(m->table[i].find, k)),
				       HUB_FMT(m->table[i].value[k]));
	hub_buf_printf(out, "key %u scope %u\n", m->key, m->scope);
	for (uint32_t i = 0; i < info->blocks; i++)
		describe_block(&m->block[i], out);
}

static int hash_mapping(struct hub_mapping *m, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];

	hub_buf_init(&b, HASH_TEXT);
	describe(m, &b);
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), sha))
		return hub_fail_mem(err);
	hub_hex(sha, HUB_SHA256, m->info.hash);
	m->seed = hub_hash128(hub_buf_text(&b), (struct hub_hash){0, 0});
	m->seed = hub_hash128(hub_str_of(m->schema->hash), m->seed);
	return HUB_OK;
}

static int load_conf(struct hub_arena *a, const char *path, const struct hub_conf *conf,
		     const struct hub_schema *schema, struct hub_report *report,
		     struct hub_mapping **out, struct hub_err *err)
{
	struct hub_mapping *m = hub_alloc0(a, sizeof *m);
	struct hub_mapc c = {.m = m, .arena = a, .report = report};
	int rc;

	if (!m || !(m->find_op = hub_map_new(a)))
		return hub_fail_mem(err);
	m->arena = a;
	m->schema = schema;
	m->key = m->scope = m->known_by = HUB_NO_OP;
	const config_setting_t *head = config_setting_get_member(hub_conf_root(conf), "mapping");
	const struct hub_place place = head ? hub_conf_place(head) : (struct hub_place){NULL, 0, 0};
	m->path = hub_arena_str(a, hub_str_of(path));
	m->text = place.src ? hub_arena_str(a, place.src->text) : HUB_STR("");
	if (load_root(&c, hub_conf_root(conf)) || c.oom || !m->path.ptr || !m->text.ptr)
		return hub_fail_mem(err);
	if ((rc = hub_report_result(report, err)))
		return rc;
	if ((rc = hash_mapping(m, err)))
		return rc;
	*out = m;
	return HUB_OK;
}

int hub_mapping_load(struct hub_arena *a, const char *path, const struct hub_schema *schema,
		     struct hub_report *report, struct hub_mapping **out, struct hub_err *err)
{
	HUB_AUTO(conf) struct hub_conf *conf = NULL;
	const int rc = hub_conf_read(a, report, path, &conf, err);

	return rc ? rc : load_conf(a, path, conf, schema, report, out, err);
}

int hub_mapping_load_text(struct hub_arena *a, const char *name, struct hub_str text,
			  const struct hub_schema *schema, struct hub_report *report,
			  struct hub_mapping **out, struct hub_err *err)
{
	HUB_AUTO(conf) struct hub_conf *conf = NULL;
	const int rc = hub_conf_read_text(a, report, name, text, &conf, err);

	return rc ? rc : load_conf(a, name, conf, schema, report, out, err);
}

const struct hub_mapping_info *hub_mapping_info(const struct hub_mapping *m)
{
	return &m->info;
}
