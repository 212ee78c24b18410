/* Mappings that are there already. A file that does not name its columns is of the kind of one of them when that
 * mapping knows its records (known_by) and reads them; of the others it is said which expect the same names. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "base/io.h"
#include "conf/conf.h"
#include "intake/input.h"
#include "plugin/choose.h"
#include "plugin/option.h"

enum { MAPPING_MOST = 1 << 20 };

/* What a mapping makes of the file. */
struct trial {
	struct hub_arena *arena;
	const struct hub_mapping *m;
	int again; /* the file is in another encoding than the mapping says */
	struct hub_bound *bound;
	uint32_t cols;
	uint64_t *filled; /* one per column */
	uint64_t records, known, rejected, keyless;
	int first; /* its first record is known */
};

/* NULL: it cannot be read, which is for `tsunagi check` to say. */
static const struct hub_mapping *load(struct hub_guess *g, const char *path)
{
	struct hub_report *report = hub_report_new(g->arena);
	struct hub_mapping *m = NULL;
	struct hub_err *tried = hub_guess_try(g);

	const int rc = report ? hub_mapping_load(g->arena, path, g->schema, report, &m, tried)
			      : hub_fail_mem(tried);
	return rc ? NULL : m;
}

static int load_shelf(struct hub_guess *g, struct hub_err *err)
{
	const struct hub_guess_task *t = g->task;

	g->shelf = hub_alloc_array(g->arena, (size_t)t->mappings + 1, sizeof *g->shelf);
	g->result.fitting =
	    hub_alloc_array(g->arena, (size_t)t->mappings + 1, sizeof *g->result.fitting);
	if (!g->shelf || !g->result.fitting)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < t->mappings; i++)
		g->shelf[i] = load(g, t->mapping[i].path);
	return HUB_OK;
}

/* --- a trial ---------------------------------------------------------------------------------------------- */

static int bind(struct trial *t, const struct hub_batch *b, struct hub_err *err)
{
	struct hub_str *names;
	const int rc = hub_input_names(t->arena, b, &names, err);

	t->cols = b->cols;
	t->filled = hub_alloc_array(t->arena, (size_t)b->cols + 1, sizeof *t->filled);
	if (rc || !t->filled)
		return rc ? rc : hub_fail_mem(err);
	return hub_mapping_bind(t->arena, t->m, names, b->cols, &t->bound, NULL, err);
}

static int count_known(struct hub_guess *g, struct trial *t, struct hub_batch *b,
		       struct hub_arena *scratch, struct hub_err *err)
{
	struct hub_chunk c = {.arena = scratch, .input = g->file};
	uint8_t *known = hub_alloc_array(scratch, (size_t)b->rows + 1, sizeof *known);
	const int rc = known ? hub_map_known(t->bound, b, &c, known, err) : hub_fail_mem(err);

	for (uint32_t r = 0; rc == HUB_OK && r < c.n; r++) {
		if (c.fate[r] == HUB_FATE_HEADER)
			continue;
		t->first |= t->records == 0 && known[r];
		t->records++;
		t->known += known[r];
		for (uint32_t i = 0; i < t->cols && i < b->cols; i++)
			t->filled[i] += b->col[i].cell[r] == HUB_VALUE && b->col[i].text[r].len;
	}
	return rc;
}

static int count_rejected(struct hub_guess *g, struct trial *t, struct hub_batch *b,
			  struct hub_arena *scratch, struct hub_err *err)
{
	struct hub_chunk c = {.arena = scratch, .input = g->file};
	int rc;

	if ((rc = hub_map_keys(t->bound, b, &c, NULL, err)) ||
	    (rc = hub_map_rows(t->bound, b, &c, NULL, err)))
		return rc;
	for (uint32_t r = 0; r < c.n; r++) {
		t->rejected += c.fate[r] == HUB_FATE_REJECTED;
		t->keyless += c.fate[r] == HUB_FATE_REJECTED && strcmp(c.code[r], "no-key") == 0;
	}
	return HUB_OK;
}

/* Over the first records of the file, or all of them. */
static int try_on(struct hub_guess *g, struct trial *t, int all, struct hub_err *err)
{
	static const struct hub_str encoding[] = {{"encoding", 8}};
	const struct hub_intake in = {.schema = g->schema,
				      .plugins = g->plugins,
				      .mapping = t->m,
				      .path = g->path,
				      .option_name = encoding,
				      .option_value = &g->result.encoding,
				      .options = t->again != 0};
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	int rc;

	if (!b || !scratch)
		return hub_fail_mem(err);
	t->bound = NULL;
	t->records = t->known = t->rejected = t->keyless = 0;
	t->first = 0;
	if ((rc = hub_input_open(t->arena, &in, (struct hub_str){0}, &source, err)))
		return rc;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	do {
		if ((rc = hub_source_next(source, b, err)) ||
		    (!t->bound && (rc = bind(t, b, err))) ||
		    (rc = count_known(g, t, b, scratch, err)) ||
		    (rc = count_rejected(g, t, b, scratch, err)))
			break;
		hub_batch_reset(b);
		hub_arena_reset(scratch);
	} while (all);
	return rc == HUB_END ? HUB_OK : rc;
}

/* One in so many, and one more: a file may hold a broken line. */
static int are_few(uint64_t bad, uint64_t records, uint64_t one_in)
{
	return bad <= 1 + records / one_in && bad * 3 <= records;
}

/* No record has a key but by chance: an option is to give it. */
static int keyless(const struct trial *t)
{
	return t->keyless * 2 > t->records;
}

static int fits(const struct trial *t)
{
	const uint64_t bad = keyless(t) ? t->rejected - t->keyless : t->rejected;

	return t->first && are_few(t->records - t->known, t->records, 50) &&
	       are_few(bad, t->records, 20);
}

static struct hub_str option_of(const struct hub_mapping_plugin *s, const char *name)
{
	for (uint32_t i = 0; i < s->options; i++)
		if (hub_str_is(s->option_name[i], name))
			return s->option_value[i];
	return (struct hub_str){0};
}

static int is_delimited(const struct hub_plugin *p)
{
	return hub_option_find(p, HUB_STR("delimiter")) != NULL;
}

/* The source of a mapping, if it is for files like this: text is read by what reads text, delimited or not. */
static const struct hub_plugin *reader_of(const struct hub_guess *g, const struct hub_mapping *m)
{
	const struct hub_plugin *p;
	struct hub_err none = {0};

	if (hub_plugins_find(g->plugins, HUB_SOURCE, hub_mapping_info(m)->source.plugin, &p, &none))
		return NULL;
	return (is_delimited(p) || !p->claim) == (int)g->delimited ? p : NULL;
}

/* A mapping that knows the file; 0: this one does not. */
static int knows(struct hub_guess *g, const struct hub_mapping *m, struct trial *t)
{
	const struct hub_mapping_info *info = m ? hub_mapping_info(m) : NULL;

	if (!info || !info->known_by || !reader_of(g, m))
		return 0;
	const struct hub_str encoding = option_of(&info->source, "encoding");
	*t = (struct trial){.arena = g->arena, .m = m};
	t->again = encoding.len && !g->ascii && !hub_str_eq(encoding, g->result.encoding);
	return try_on(g, t, 0, hub_guess_try(g)) == HUB_OK && fits(t);
}

/* --- its mapping, for this file --------------------------------------------------------------------------- */

/* Another value of a setting that stands in mapping: { ... }, or in a group of it. */
static int set_value(struct hub_guess *g, struct hub_str *text, const char *group, const char *name,
		     struct hub_str value, struct hub_err *err)
{
	HUB_AUTO(conf) struct hub_conf *conf = NULL;
	HUB_AUTO(buf) struct hub_buf b;
	struct hub_report *report = hub_report_new(g->arena);
	const int rc = report ? hub_conf_read_text(g->arena, report, "mapping", *text, &conf, err)
			      : hub_fail_mem(err);

	hub_buf_init(&b, 2 * MAPPING_MOST);
	if (rc)
		return rc;
	const config_setting_t *s = config_setting_get_member(hub_conf_root(conf), "mapping");
	s = s && group ? config_setting_get_member(s, group) : s;
	s = s ? config_setting_get_member(s, name) : NULL;
	const struct hub_place p = s ? hub_conf_value_place(s) : (struct hub_place){0};
	hub_buf_str(&b, hub_str_cut(*text, 0, p.at));
	if (p.src)
		hub_guess_quote(&b, value);
	hub_buf_str(&b, hub_str_from(*text, p.at + p.len));
	*text = hub_buf_keep(&b, g->arena);
	return text->ptr ? HUB_OK : hub_fail_mem(err);
}

static int write_mapping(struct hub_guess *g, const struct trial *t, const char *path,
			 struct hub_err *err)
{
	struct hub_str text;
	int rc = hub_file_read(g->arena, path, MAPPING_MOST, &text, err);

	if (!rc && t->again)
		rc = set_value(g, &text, "source", "encoding", g->result.encoding, err);
	if (!rc && g->task->name.len)
		rc = set_value(g, &text, NULL, "name", g->task->name, err);
	if (rc)
		return rc;
	g->mapping = hub_arena_printf(g->arena, "# %s\n#\n%.*s",
				      hub_tr("Written by `tsunagi guess`: a mapping that comes "
					     "with the program, as it reads this file."),
				      HUB_FMT(text));
	return g->mapping.ptr ? HUB_OK : hub_fail_mem(err);
}

/* --- what it makes of the columns ------------------------------------------------------------------------- */

/* Of the fields that a column goes into that with the fewest columns: it is made of this one. */
static int name_field(struct hub_guess *g, const struct trial *t, uint32_t at, struct hub_err *err)
{
	const struct hub_field *const *mine, *const *other;
	uint32_t n, k, fewest = UINT32_MAX;
	int rc = hub_mapping_uses(g->arena, t->bound, at, &mine, &n, err);

	for (uint32_t f = 0; !rc && f < n; f++) {
		uint32_t columns = 0;
		for (uint32_t i = 0; !rc && i < t->cols; i++) {
			rc = hub_mapping_uses(g->arena, t->bound, i, &other, &k, err);
			while (!rc && k > 0 && other[k - 1] != mine[f])
				k--;
			columns += !rc && k > 0;
		}
		if (columns < fewest)
			g->col[at].field = mine[f];
		fewest = columns < fewest ? columns : fewest;
	}
	return rc;
}

static int take_columns(struct hub_guess *g, const struct trial *t, struct hub_err *err)
{
	g->cols = t->cols;
	g->col = hub_alloc_array(g->arena, (size_t)t->cols + 1, sizeof *g->col);
	if (!g->col)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		const int rc = name_field(g, t, i, err);
		if (rc)
			return rc;
		c->name = hub_mapping_column(t->bound, i);
		c->filled = t->filled[i];
		c->confidence = 95;
		c->reason = c->field
				? hub_tr("a mapping that comes with the program knows the file")
				: hub_tr("the mapping that knows the file leaves it out");
		g->result.mapped += c->field != NULL;
	}
	return HUB_OK;
}

static int take(struct hub_guess *g, struct trial *t, uint32_t at, struct hub_err *err)
{
	const struct hub_mapping_info *info = hub_mapping_info(t->m);
	struct hub_guess_result *res = &g->result;
	const struct hub_str encoding = option_of(&info->source, "encoding");
	int rc;

	if ((rc = try_on(g, t, 1, err)) || (rc = take_columns(g, t, err)) ||
	    (rc = write_mapping(g, t, g->task->mapping[at].path, err)))
		return rc;
	res->known = g->task->mapping[at].name;
	res->known_title = info->title;
	res->source = info->source.plugin;
	res->delimited = is_delimited(reader_of(g, t->m));
	if (!t->again && encoding.len)
		res->encoding = encoding;
	res->in_another_encoding = t->again;
	res->header_line = 0;
	res->columns = g->cols;
	res->records = t->records;
	res->rejected = t->rejected;
	res->keyless = keyless(t);
	res->key = info->key;
	return HUB_OK;
}

static void add_fitting(struct hub_guess *g, uint32_t at)
{
	g->result.fitting[g->result.fittings++] = g->task->mapping[at].name;
}

int hub_guess_known(struct hub_guess *g, struct hub_err *err)
{
	struct trial t, best = {0};
	uint32_t at = 0;
	int rc = load_shelf(g, err);

	for (uint32_t i = 0; !rc && i < g->task->mappings; i++) {
		if (g->task->mapping[i].beside || !knows(g, g->shelf[i], &t))
			continue;
		best = t;
		at = i;
		add_fitting(g, i);
	}
	if (rc ||
	    g->result.fittings != 1) /* two that read the same: somebody must say which it is */
		return rc;
	g->result.fittings = 0;
	return take(g, &best, at, err);
}

/* --- the same names --------------------------------------------------------------------------------------- */

static int expects(struct hub_guess *g, const struct hub_mapping *m)
{
	const struct hub_mapping_info *info = m ? hub_mapping_info(m) : NULL;
	struct hub_bound *bound;
	struct hub_err *tried = hub_guess_try(g);
	struct hub_str *names = hub_alloc_array(g->arena, (size_t)g->cols + 1, sizeof *names);

	if (!names)
		hub_fail_mem(tried);
	if (!names || !info || !info->header_n ||
	    !hub_str_eq(info->source.plugin, g->result.source))
		return 0;
	for (uint32_t i = 0; i < g->cols; i++)
		names[i] = g->col[i].name;
	return hub_mapping_bind(g->arena, m, names, g->cols, &bound, NULL, tried) == HUB_OK;
}

void hub_guess_fitting(struct hub_guess *g)
{
	if (!g->has_header || g->result.fittings)
		return;
	for (uint32_t i = 0; i < g->task->mappings; i++)
		if (!g->task->mapping[i].beside && expects(g, g->shelf[i]))
			add_fitting(g, i);
}

/* --- one of the site -------------------------------------------------------------------------------------- */

/* Percent of the columns, of the file or of the mapping, whichever has more, that both have. */
static uint32_t likeness(const struct hub_guess *g, const struct hub_mapping *m)
{
	const struct hub_mapping_info *info = m ? hub_mapping_info(m) : NULL;
	uint32_t same = 0;

	if (!info || !info->header_n || !hub_str_eq(info->source.plugin, g->result.source))
		return 0;
	for (uint32_t i = 0; i < g->cols; i++)
		for (uint32_t k = 0; k < info->header_n; k++)
			if (hub_str_eq(g->col[i].name, info->header[k])) {
				same++;
				break;
			}
	return same * 100 / (g->cols > info->header_n ? g->cols : info->header_n);
}

void hub_guess_like(struct hub_guess *g)
{
	enum { LEAST = 70 };
	uint32_t most = LEAST - 1;

	for (uint32_t i = 0; i < g->task->mappings && g->has_header; i++) {
		const struct hub_mapping *m = g->task->mapping[i].beside ? g->shelf[i] : NULL;
		const uint32_t like = likeness(g, m);
		if (like <= most)
			continue;
		most = like;
		g->result.like = g->task->mapping[i].name;
		g->result.like_name = hub_mapping_info(m)->name;
		g->result.like_system = hub_mapping_info(m)->system;
		g->result.like_reads = expects(g, m);
	}
}
