/* tsunagi explain: where a stored value comes from: the source's cell, each step of its expression, the
 * value, the runs that changed the row, the releases that it went out with. */
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "cli/reveal.h"
#include "cli/work.h"
#include "intake/input.h"
#include "plugin/batch.h"
#include "plugin/detect.h"
#include "store/ledger.h"
#include "store/read.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

struct explain {
	struct hub_cli *cli;
	struct hub_store *store;
	const struct hub_schema *schema;
	const char *url, *local, *mapping, *field, *reveal;
	const struct hub_entity *entity; /* NULL: all of the record's */
	int64_t row;                     /* of the entity; 0: none asked for */
	struct hub_record_info record;
	struct hub_layout layout;
};

/* --- which record ----------------------------------------------------------------------------- */

static int not_found(struct explain *x, const char *what, const char *text)
{
	const int rc = hub_fail(x->cli->err, HUB_USAGE, "not-found", "%s: %s", hub_tr(what), text);

	hub_hint(x->cli->err, "`tsunagi explain --help` shows how rows and lines are named.");
	return rc;
}

/* A row by its id, or by its key in whatever system. */
static int find_row(struct explain *x, const char *text)
{
	const struct hub_entity_table *t = hub_tables_of(hub_store_tables(x->store), x->entity);
	struct hub_db *db = hub_store_db(x->store);
	int64_t id = 0, record = 0;
	const int number = hub_parse_i64(hub_str_of(text), 1, INT64_MAX, &id) == 0;
	int rc = HUB_END;

	if (t->key != HUB_NO_COL) {
		const struct hub_str sql = hub_arena_printf(
		    x->cli->arena, "SELECT id FROM %.*s WHERE key = ? LIMIT 1", HUB_FMT(t->name));
		rc = sql.ptr ? hub_db_one(db, &x->row, x->cli->err, sql.ptr, "z", text)
			     : hub_fail_mem(x->cli->err);
	}
	if (rc == HUB_END && number) {
		x->row = id;
		rc = HUB_OK;
	}
	if (rc)
		return rc == HUB_END ? not_found(x, HUB_N("no such row"), text) : rc;
	const struct hub_str sql = hub_arena_printf(
	    x->cli->arena, "SELECT record_id FROM %.*s WHERE id = ?", HUB_FMT(t->name));
	rc = sql.ptr ? hub_db_one(db, &record, x->cli->err, sql.ptr, "i", x->row)
		     : hub_fail_mem(x->cli->err);
	if (!rc)
		rc = hub_record_get(x->store, x->cli->arena, record, &x->record, x->cli->err);
	return rc == HUB_END ? not_found(x, HUB_N("no such row"), text) : rc;
}

/* A line that was rejected has no row: its reason is the explanation. 1: it was. */
static int explain_reject(struct explain *x, int64_t run, int64_t line)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(x->store), &q, x->cli->err,
			      "SELECT code, coalesce(col, ''), reason FROM reject WHERE run_id = ?"
			      " AND line = ?",
			      "ii", run, line);

	if (rc || (rc = hub_db_next(q, x->cli->err)) < 0)
		return rc;
	if (rc == HUB_END)
		return 0;
	const struct hub_str code = hub_db_str(q, 0), col = hub_db_str(q, 1),
			     why = hub_db_str(q, 2);
	printf(hub_tr("run %lld rejected line %lld: [%.*s] %.*s%s%.*s\n"), (long long)run,
	       (long long)line, HUB_FMT(code), HUB_FMT(col), col.len ? ": " : "", HUB_FMT(why));
	return 1;
}

/* A record may go over several lines. */
static int covers(const struct hub_record_info *r, int64_t line)
{
	int64_t last = r->line;

	for (size_t i = 0; i < r->raw.len; i++)
		last += r->raw.ptr[i] == '\n';
	return r->line <= line && line <= last;
}

/* FILE:LINE of the last file of that name. Its records are those of the run that wrote them: when the same bytes were
 * read again, under that name or another one, an earlier run. */
static int find_line(struct explain *x, const char *text)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str whole = hub_str_of(text);
	const char *colon = strrchr(text, ':'), *slash = strrchr(text, '/');
	int64_t line, run = 0;

	if (!colon || hub_parse_i64(hub_str_of(colon + 1), 1, INT64_MAX, &line))
		return not_found(x, HUB_N("not FILE:LINE"), text);
	const size_t from = slash ? (size_t)(slash - text) + 1 : 0;
	const struct hub_str name = hub_str_cut(whole, from, (size_t)(colon - text));
	int rc =
	    hub_db_query(hub_store_db(x->store), &q, x->cli->err,
			 "SELECT id FROM run WHERE kind <> 'undo' AND state <> 5 AND"
			 " content = (SELECT content FROM run WHERE input = ? AND kind <> 'undo'"
			 "  AND state <> 5 ORDER BY id DESC LIMIT 1) ORDER BY id DESC",
			 "t", name);
	while (!rc && (rc = hub_db_next(q, x->cli->err)) == HUB_OK) {
		run = hub_db_int(q, 0);
		if ((rc = explain_reject(x, run, line)) != 0)
			return rc < 0 ? rc : HUB_END;
		rc = hub_record_at(x->store, x->cli->arena, run, 0, line, &x->record, x->cli->err);
		if (rc < 0 || (!rc && covers(&x->record, line)))
			return rc;
		rc = HUB_OK;
	}
	if (rc != HUB_END)
		return rc;
	if (!run)
		return not_found(x, HUB_N("no run read that file"), text);
	rc = not_found(x, HUB_N("no record was written from there"), text);
	hub_hint(x->cli->err,
		 "A record that was unchanged stands where the run that wrote it found it: "
		 "name its row by its key, for example `tsunagi explain case KEY`.");
	return rc;
}

/* --- the record once more --------------------------------------------------------------------- */

/* The stored record as a CSV in memory, with its header. */
static int write_csv(struct explain *x, int fd)
{
	HUB_AUTO(buf) struct hub_buf b, name;
	const struct hub_layout *l = &x->layout;
	uint32_t n = 0;

	hub_buf_init(&b, (size_t)1 << 30);
	hub_buf_init(&name, 1 << 20);
	for (uint32_t i = 0; l->named && i < l->n; i++) {
		hub_buf_reset(&name);
		hub_encode(l->encoding, l->header[i], &name, NULL, NULL);
		hub_buf_puts(&b, i ? "," : "");
		hub_layout_cell(&b, HUB_STR(","), hub_buf_text(&name), 0);
	}
	hub_buf_puts(&b, l->named ? "\r\n" : "");
	const struct hub_piece *p = hub_layout_split(x->cli->arena, l, x->record.raw, &n);
	for (uint32_t i = 0; p && i < n; i++) {
		hub_buf_puts(&b, i ? "," : "");
		hub_layout_cell(&b, HUB_STR(","), p[i].text, p[i].quoted && !p[i].text.len);
	}
	hub_buf_puts(&b, "\r\n");
	if (!p || !hub_buf_ok(&b) || hub_write_all(fd, b.ptr, b.len))
		return hub_fail_mem(x->cli->err);
	return HUB_OK;
}

/* The batch and what is bound to it say things in the memory of *source. */
static int read_batch(struct explain *x, const struct hub_mapping *mapping,
		      const struct hub_plugins *plugins, int fd, struct hub_instance **source,
		      struct hub_batch *batch, struct hub_bound **bound)
{
	const struct hub_str name[] = {HUB_STR("encoding"), HUB_STR("header"), HUB_STR("trim")};
	const struct hub_str value[] = {hub_str_of(hub_enc_name(x->layout.encoding)),
					x->layout.named ? HUB_STR("1") : HUB_STR("0"),
					x->layout.trim ? HUB_STR("true") : HUB_STR("false")};
	const struct hub_intake_part part = {.named = x->layout.named};
	const struct hub_str path = hub_arena_printf(x->cli->arena, "/proc/self/fd/%d", fd);
	const struct hub_intake in = {.schema = x->schema,
				      .plugins = plugins,
				      .mapping = mapping,
				      .part = &part,
				      .path = path.ptr,
				      .option_name = name,
				      .option_value = value,
				      .options = HUB_COUNT(name)};
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_str *columns;
	int rc;

	hub_buf_init(&drift, 1 << 20);
	if ((rc = hub_input_open(x->cli->arena, &in, HUB_STR(""), source, x->cli->err)) ||
	    (rc = hub_source_next(*source, batch, x->cli->err)) ||
	    (rc = hub_input_names(x->cli->arena, batch, &columns, x->cli->err)))
		return rc;
	return hub_mapping_bind(x->cli->arena, mapping, columns, batch->cols, bound, &drift,
				x->cli->err);
}

/* --- showing ---------------------------------------------------------------------------------- */

static struct hub_str text_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return v ? (struct hub_str){json_string_value(v), json_string_length(v)} : HUB_STR("");
}

/* A cell that holds no value, in words. */
static const char *state_word(struct hub_str state)
{
	static const char *const words[][2] = {{"absent", HUB_N("no such cell")},
					       {"null", HUB_N("empty")},
					       {"invalid", HUB_N("not readable")}};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_is(state, words[i][0]))
			return hub_tr(words[i][1]);
	return "?";
}

static void show_value(struct explain *x, const struct hub_field *f, const json_t *o)
{
	const struct hub_str v = hub_reveal_text(x->cli->arena, f, text_of(o, "value"), x->reveal);
	const struct hub_str state = text_of(o, "state"), why = text_of(o, "reason");

	if (v.len)
		printf(" = %.*s", HUB_FMT(v));
	if (!hub_str_is(state, "value"))
		printf(" (%s)", state_word(state));
	if (why.len)
		printf(": %.*s", HUB_FMT(why));
	putchar('\n');
}

static int show_steps(struct explain *x, const struct hub_field *f, const struct hub_buf *json)
{
	json_error_t e;
	json_t *all = hub_buf_ok(json)
			  ? hub_json_read((struct hub_str){json->ptr, json->len}, 0, &e)
			  : NULL,
	       *one, *step;
	size_t i, k;

	if (!all)
		return hub_fail_mem(x->cli->err);

	json_array_foreach(all, i, one)
	{
		const struct hub_str expr = text_of(one, "expression");
		printf("%.*s.%.*s: %.*s\n", HUB_FMT(f->entity->name), HUB_FMT(f->name),
		       HUB_FMT(expr));
		json_array_foreach(json_object_get(one, "steps"), k, step)
		{
			const struct hub_str text = text_of(step, "text");
			printf("    %.*s", HUB_FMT(text));
			show_value(x, f, step);
		}
		printf("    %s", hub_tr("stored"));
		show_value(x, f, one);
	}
	json_decref(all);
	return HUB_OK;
}

static int show_fields(struct explain *x, const struct hub_bound *bound,
		       const struct hub_batch *batch, const struct hub_entity *e)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < e->count && !rc; i++) {
		HUB_AUTO(buf) struct hub_buf out;
		hub_buf_init(&out, 16 << 20);
		if (x->field && !hub_str_is(e->fields[i].name, x->field))
			continue;
		rc =
		    hub_map_explain(bound, batch, 0, e->name, e->fields[i].name, &out, x->cli->err);
		if (rc == HUB_USAGE && !x->field) { /* the mapping does not fill it */
			*x->cli->err = (struct hub_err){0};
			rc = HUB_OK;
			continue;
		}
		if (!rc)
			rc = show_steps(x, &e->fields[i], &out);
	}
	return rc;
}

static int show_runs(struct explain *x)
{
	static const char *const words[] = {"", HUB_N("changed"), HUB_N("removed"), HUB_N("added")};
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_change_info c;

	printf(hub_tr("record %lld of %.*s: line %lld; last written by run %lld\n"),
	       (long long)x->record.id, HUB_FMT(x->record.feed), (long long)x->record.line,
	       (long long)x->record.run);
	if (!x->row)
		return HUB_OK;
	int rc = hub_changes_list(x->store, x->entity->name, x->row, &q, x->cli->err);
	while (!rc && (rc = hub_change_read(q, &c, x->cli->err)) == HUB_OK)
		printf(hub_tr("run %lld: %s%s\n"), (long long)c.run,
		       c.op > 0 && c.op < 4 ? hub_tr(words[c.op]) : "?",
		       c.undone ? hub_tr(", taken back") : "");
	return rc == HUB_END ? HUB_OK : rc;
}

/* Where the row went; of a record, each row that it describes. */
static int show_released(struct explain *x, int64_t from, int64_t to)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(x->store), &q, x->cli->err,
			      "SELECT DISTINCT r.id, r.recipient, r.profile, r.at, i.entity"
			      " FROM release_item i JOIN release r ON r.id = i.release_id"
			      " WHERE i.row_id BETWEEN ? AND ? ORDER BY r.id, i.entity",
			      "ii", from, to);

	while (!rc && (rc = hub_db_next(q, x->cli->err)) == HUB_OK) {
		const struct hub_str who = hub_db_str(q, 1), profile = hub_db_str(q, 2),
				     entity = hub_db_str(q, 4);
		char at[26];
		hub_time_jst(hub_db_int(q, 3), at);
		printf(hub_tr("release %lld to \"%.*s\" (profile %.*s) of %s: %.*s\n"),
		       (long long)hub_db_int(q, 0), HUB_FMT(who), HUB_FMT(profile), at,
		       HUB_FMT(entity));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int show_releases(struct explain *x)
{
	const int64_t own = x->record.id * HUB_ROWS_PER_RECORD;
	struct hub_str refs = x->record.refs;
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;

	if (x->row)
		return show_released(x, x->row, x->row);
	int rc = show_released(x, own, own + HUB_ROWS_PER_RECORD - 1);
	while (!rc && hub_ids_next(&refs, &last, &id, &kind) > 0)
		rc = show_released(x, id, id);
	return rc;
}

/* The steps shown are those of the mapping as it is today. */
static int warn_changed(struct explain *x, const struct hub_plugins *plugins,
			const struct hub_mapping *mapping)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char hash[2 * HUB_SHA256 + 1];
	int rc = hub_detect_version(plugins, hub_str_of(hub_mapping_info(mapping)->hash), hash,
				    x->cli->err);

	if (!rc)
		rc = hub_db_query(hub_store_db(x->store), &q, x->cli->err,
				  "SELECT mapping FROM run WHERE id = ?", "i", x->record.run);
	if (rc || (rc = hub_db_next(q, x->cli->err)) < 0)
		return rc;
	if (rc == HUB_OK && !hub_str_is(hub_db_str(q, 0), hash))
		printf(
		    hub_tr(
			"The mapping or its detectors have changed since run %lld: the steps are "
			"those of today, the store may hold another value.\n"),
		    (long long)x->record.run);
	return HUB_OK;
}

static int show_values(struct explain *x)
{
	HUB_AUTO(batch) struct hub_batch *batch = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	struct hub_plugins *plugins;
	struct hub_mapping *mapping;
	struct hub_bound *bound;
	int rc;

	if (!batch)
		return hub_fail_mem(x->cli->err);
	if ((rc = hub_work_plugins(x->cli, &plugins)) ||
	    (rc = hub_work_mapping_of(x->cli, x->mapping, x->layout.mapping.ptr, x->schema,
				      &mapping)) ||
	    (rc = warn_changed(x, plugins, mapping)))
		return rc;
	const int fd = memfd_create("explain", MFD_CLOEXEC);
	if (fd == -1)
		return hub_fail_sys(x->cli->err, HUB_FATAL, "out-of-memory", errno, "memfd");
	rc = write_csv(x, fd);
	if (!rc)
		rc = read_batch(x, mapping, plugins, fd, &source, batch, &bound);
	close(fd);
	for (uint32_t i = 0; i < x->schema->n_entities && !rc; i++)
		if (!x->entity || x->entity == &x->schema->entities[i])
			rc = show_fields(x, bound, batch, &x->schema->entities[i]);
	return rc;
}

static int show(struct explain *x)
{
	const struct hub_str object =
	    hub_arena_printf(x->cli->arena, "record %lld", (long long)x->record.id);
	int rc;

	if ((rc = hub_reveal(x->cli, x->store, x->reveal, object)) || (rc = show_runs(x)) ||
	    (rc = show_releases(x)))
		return rc;
	rc = hub_layout_load(x->cli->arena, x->store, x->record.run, &x->layout, x->cli->err);
	if (rc < 0)
		return rc;
	if (rc == HUB_END || !x->record.raw.ptr) {
		puts(hub_tr(
		    "The source's record is not kept (a registry is looked up, not copied)."));
		return HUB_OK;
	}
	return show_values(x);
}

/* --- command ---------------------------------------------------------------------------------- */

static int find(struct explain *x, int n, char **argv)
{
	if (n == 1)
		return find_line(x, argv[0]);
	x->entity = hub_schema_entity(x->schema, hub_str_of(argv[0]));
	if (!x->entity)
		return not_found(x, HUB_N("no such entity"), argv[0]);
	return find_row(x, argv[1]);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct explain x = {.cli = cli};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&x.url),
	    {"field", "NAME", &x.field, NULL, HUB_N("this field only")},
	    {"mapping", "NAME", &x.mapping, NULL,
	     HUB_N("when the mapping is not where the run found it")},
	    HUB_ARG_REVEAL(&x.reveal),
	    HUB_ARG_SCHEMA(&x.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_explain, args, argc, argv, &n)))
		return rc;
	if (n < 1 || n > 2) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage",
			      "explain wants ENTITY and KEY or ID, or FILE:LINE");
		hub_hint(cli->err, "`tsunagi explain --help` shows how rows and lines are named.");
		return rc;
	}
	if ((rc = hub_work_open(cli, x.local, x.url, hub_reveal_flags(x.reveal), &store)))
		return rc;
	x.store = store;
	x.schema = hub_store_schema(store);
	rc = find(&x, n, argv);
	if (!rc)
		rc = show(&x);
	return rc == HUB_END ? HUB_OK : rc;
}

const struct hub_cmd hub_cmd_explain = {
    .name = "explain",
    .summary = HUB_N("where a stored value comes from: cell, steps, runs"),
    .usage = "ENTITY KEY|ID | FILE:LINE [--field NAME] [--reveal REASON]",
    .help = HUB_N(
	"examples:\n"
	"  tsunagi explain person 0012 --store sqlite:tsunagi.db\n"
	"  tsunagi explain cases.csv:120 --field birth_date --reveal \"question of 12 May\"\n"),
    .run = run,
};
