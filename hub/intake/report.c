#include "intake/report.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "intake/func.h"
#include "store/counts.h"
#include "store/db.h"
#include "text/reduce.h"

enum { MAX_ROWS = 200 };

int hub_report_form(struct hub_str word)
{
	if (hub_str_is(word, "text") || hub_str_ends(word, HUB_STR(".txt")))
		return HUB_REPORT_TEXT;
	if (hub_str_is(word, "csv") || hub_str_ends(word, HUB_STR(".csv")))
		return HUB_REPORT_CSV;
	if (hub_str_is(word, "html") || hub_str_ends(word, HUB_STR(".html")))
		return HUB_REPORT_HTML;
	return -1;
}

const char *hub_run_word(enum hub_run_state state)
{
	static const char *const words[] = {
	    [HUB_RUN_ACTIVE] = HUB_N("running"),          [HUB_RUN_DONE] = HUB_N("done"),
	    [HUB_RUN_INTERRUPTED] = HUB_N("interrupted"), [HUB_RUN_STOPPED] = HUB_N("stopped"),
	    [HUB_RUN_UNDONE] = HUB_N("undone"),
	};

	return state > 0 && state < HUB_COUNT(words) ? words[state] : "?";
}

int hub_report_run(struct hub_arena *a, struct hub_store *s, int64_t id, struct hub_run_row *out,
		   struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(s), &q, err,
			      "SELECT run.id, feed.name, input, content, bytes, mapping, "
			      "run.schema, actor, state,"
			      " begun_at, ended_at, undoes, undone_by, counts, findings"
			      " FROM run JOIN feed ON feed.id = run.feed_id"
			      " WHERE run.id = ? OR ? = 0 ORDER BY run.id DESC LIMIT 1",
			      "ii", id, id);

	if (rc)
		return rc;
	rc = hub_db_next(q, err);
	if (rc == HUB_END) {
		rc = id ? hub_fail(err, HUB_USAGE, "no-such-run", "there is no run %lld",
				   (long long)id)
			: hub_fail(err, HUB_USAGE, "no-such-run",
				   "there is no run in this store yet");
		hub_hint(err, "`tsunagi runs` lists all runs.");
	}
	if (rc)
		return rc;
	*out = (struct hub_run_row){.id = hub_db_int(q, 0),
				    .feed = hub_db_dup(a, q, 1),
				    .input = hub_db_dup(a, q, 2),
				    .content = hub_db_dup(a, q, 3),
				    .bytes = hub_db_int(q, 4),
				    .mapping = hub_db_dup(a, q, 5),
				    .schema = hub_db_dup(a, q, 6),
				    .actor = hub_db_dup(a, q, 7),
				    .state = (enum hub_run_state)hub_db_int(q, 8),
				    .begun_at = hub_db_int(q, 9),
				    .ended_at = hub_db_int(q, 10),
				    .undoes = hub_db_int(q, 11),
				    .undone_by = hub_db_int(q, 12),
				    .counts = hub_db_dup(a, q, 13),
				    .findings = hub_db_dup(a, q, 14)};
	return HUB_OK;
}

/* --- tables ----------------------------------------------------------------------------------- */

static void pair(struct hub_table *t, const char *what, struct hub_str value)
{
	hub_table_puts(t, hub_tr(what));
	hub_table_str(t, value);
}

static void when(struct hub_table *t, const char *what, int64_t at)
{
	char text[26] = "-";

	if (at)
		hub_time_jst(at, text);
	pair(t, what, hub_str_of(text));
}

static struct hub_table *run_table(struct hub_arena *a, const struct hub_run_row *run,
				   struct hub_str audit)
{
	struct hub_table *t = hub_table_new(a, hub_str_of(hub_tr("Run")));

	if (!t)
		return NULL;
	hub_table_col(t, "item", HUB_N("item"), 0);
	hub_table_col(t, "value", HUB_N("value"), 0);
	pair(t, HUB_N("run"),
	     run->id ? hub_arena_printf(a, "%lld", (long long)run->id)
		     : hub_str_of(hub_tr("none (dry run: nothing was written)")));
	pair(t, HUB_N("state"), hub_str_of(hub_tr(hub_run_word(run->state))));
	pair(t, HUB_N("mapping"), run->feed);
	pair(t, HUB_N("input"), run->input);
	pair(t, HUB_N("bytes"), hub_arena_printf(a, "%lld", (long long)run->bytes));
	pair(t, HUB_N("SHA-256 of the input"), run->content);
	pair(t, HUB_N("hash of mapping and detectors"), run->mapping);
	pair(t, HUB_N("hash of the schema"), run->schema);
	pair(t, HUB_N("by"), run->actor);
	when(t, HUB_N("begun"), run->begun_at);
	when(t, HUB_N("ended"), run->ended_at);
	if (run->undoes)
		pair(t, HUB_N("undoes run"), hub_arena_printf(a, "%lld", (long long)run->undoes));
	if (run->undone_by)
		pair(t, HUB_N("undone by run"),
		     hub_arena_printf(a, "%lld", (long long)run->undone_by));
	if (audit.len)
		pair(t, HUB_N("head of the audit chain"), audit);
	return t;
}

static void count(struct hub_table *t, const char *what, uint64_t n)
{
	hub_table_puts(t, hub_tr(what));
	hub_table_int(t, (int64_t)n);
}

static struct hub_table *record_table(struct hub_arena *a, const struct hub_counts *c)
{
	struct hub_table *t = hub_table_new(a, hub_str_of(hub_tr("Records")));
	const uint64_t sum = c->fate[HUB_FATE_NEW] + c->fate[HUB_FATE_CHANGED] +
			     c->fate[HUB_FATE_SAME] + c->fate[HUB_FATE_REPEATED] +
			     c->fate[HUB_FATE_REJECTED] + c->fate[HUB_FATE_OUTSIDE];

	if (!t)
		return NULL;
	hub_table_col(t, "item", HUB_N("item"), 0);
	hub_table_col(t, "count", HUB_N("count"), 1);
	count(t, HUB_N("read"), c->read);
	count(t, HUB_N("new"), c->fate[HUB_FATE_NEW]);
	count(t, HUB_N("changed"), c->fate[HUB_FATE_CHANGED]);
	count(t, HUB_N("unchanged"), c->fate[HUB_FATE_SAME]);
	count(t, HUB_N("repeated in the file"), c->fate[HUB_FATE_REPEATED]);
	count(t, HUB_N("rejected"), c->fate[HUB_FATE_REJECTED]);
	count(t, HUB_N("out of scope"), c->fate[HUB_FATE_OUTSIDE]);
	hub_table_puts(t, c->read == sum ? hub_tr("sum: agrees with what was read")
					 : hub_tr("sum: DOES NOT AGREE"));
	hub_table_int(t, (int64_t)sum);
	if (c->vanished)
		count(t, HUB_N("vanished from the source"), c->vanished);
	if (c->left_by_mapping)
		count(t, HUB_N("rows left by the changed mapping"), c->left_by_mapping);
	if (c->unsettled)
		count(t, HUB_N("shared rows to be settled by the next run (or now: --again)"),
		      c->unsettled);
	count(t, HUB_N("gaiji kept"), c->gaiji);
	count(t, HUB_N("forbidden columns dropped"), c->banned_columns);
	count(t, HUB_N("individual numbers removed from texts"), c->banned_numbers);
	return t;
}

static struct hub_table *entity_table(struct hub_arena *a, const struct hub_schema *s,
				      const struct hub_counts *c)
{
	struct hub_table *t = hub_table_new(a, hub_str_of(hub_tr("Rows by entity")));

	if (!t)
		return NULL;
	hub_table_col(t, "entity", HUB_N("entity"), 0);
	hub_table_col(t, "produced", HUB_N("produced"), 1);
	hub_table_col(t, "inserted", HUB_N("inserted"), 1);
	hub_table_col(t, "updated", HUB_N("updated"), 1);
	hub_table_col(t, "same", HUB_N("unchanged"), 1);
	hub_table_col(t, "repeated", HUB_N("repeated"), 1);
	hub_table_col(t, "removed", HUB_N("removed"), 1);
	hub_table_col(t, "sum", HUB_N("sum"), 0);
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity_count *e = &c->entity[i];
		if (!e->produced && !e->removed)
			continue;
		hub_table_str(t, hub_tr_is_ja() ? s->entities[i].label : s->entities[i].name);
		hub_table_int(t, (int64_t)e->produced);
		hub_table_int(t, (int64_t)e->inserted);
		hub_table_int(t, (int64_t)e->updated);
		hub_table_int(t, (int64_t)e->same);
		hub_table_int(t, (int64_t)e->repeated);
		hub_table_int(t, (int64_t)e->removed);
		hub_table_puts(t, e->produced == e->inserted + e->updated + e->same + e->repeated
				      ? "ok"
				      : hub_tr("WRONG"));
	}
	return t;
}

static int reject_table(struct hub_arena *a, struct hub_store *s, const struct hub_run_row *run,
			struct hub_table **out, struct hub_err *err)
{
	struct hub_table *t = hub_table_new(a, hub_str_of(hub_tr("Rejects by reason")));
	struct hub_tally *tally = run->rejects ? run->rejects : hub_tally_new(a);
	size_t n;

	if (!t || !tally)
		return hub_fail_mem(err);
	const int rc = run->rejects ? HUB_OK : hub_tally_load(tally, s, run->id, err);
	if (rc)
		return rc;
	hub_table_col(t, "code", HUB_N("code"), 0);
	hub_table_col(t, "column", HUB_N("column"), 0);
	hub_table_col(t, "count", HUB_N("count"), 1);
	hub_table_col(t, "first_line", HUB_N("first line"), 1);
	hub_table_col(t, "open", HUB_N("still open"), 1);
	hub_table_col(t, "reason", HUB_N("the first one"), 0);
	const struct hub_tally_row *row = hub_tally_rows(tally, &n);
	for (size_t i = 0; i < n && i < MAX_ROWS; i++) {
		hub_table_str(t, row[i].code);
		hub_table_str(t, row[i].column);
		hub_table_int(t, (int64_t)row[i].n);
		hub_table_id(t, row[i].line);
		hub_table_int(t, (int64_t)row[i].open);
		hub_table_str(t, row[i].reason);
	}
	*out = t;
	return HUB_OK;
}

/* 外字一覧: characters of one site, variants by selector, and what CP932 does not have. */
static int is_odd_character(const char *code)
{
	static const char *const codes[] = {"gaiji", "variation-selector", "outside-cp932"};

	return code && hub_str_among(hub_str_of(code), codes, HUB_COUNT(codes));
}

static struct hub_str lines_of(struct hub_arena *a, const json_t *finding)
{
	struct hub_str lines = {"", 0};
	json_t *line;
	size_t k;

	json_array_foreach(json_object_get(finding, "lines"), k, line)
	{
		const long long n = json_integer_value(line);
		lines = hub_arena_printf(a, "%.*s%s%lld", HUB_FMT(lines), k ? ", " : "", n);
	}
	return lines;
}

/* Code point of "U+E757"; 0: none. */
static uint32_t code_point(const char *detail)
{
	uint32_t cp = 0;

	if (!detail || detail[0] != 'U' || detail[1] != '+')
		return 0;
	for (const char *p = detail + 2; *p; p++) {
		const char *const hex = "0123456789ABCDEF", *at = strchr(hex, *p);
		if (!at)
			return 0;
		cp = cp << 4 | (uint32_t)(at - hex);
	}
	return cp;
}

/* As a file in CP932 had it: F040 for U+E000. Empty: it cannot have. */
static struct hub_str cp932_of(struct hub_arena *a, uint32_t cp)
{
	if (cp < 0xe000 || cp > 0xe757)
		return HUB_STR("");
	const unsigned at = (cp - 0xe000) % 188;
	return hub_arena_printf(a, "%04X",
				(0xf0 + (cp - 0xe000) / 188) << 8 | (at + 0x40 + (at >= 63)));
}

static const char *proposal_word(enum hub_reduce how)
{
	switch (how) {
	case HUB_REDUCE_VARIANT:
		return hub_tr("the usual form");
	case HUB_REDUCE_COMPATIBLE:
		return hub_tr("a compatible form");
	case HUB_REDUCE_BASE:
		return hub_tr("the character in front of it alone");
	case HUB_REDUCE_TABLE:
		return hub_tr("until the site's table says which it is");
	default:
		return "";
	}
}

static struct hub_table *gaiji_table(struct hub_arena *a, const struct hub_run_row *run)
{
	struct hub_table *t = hub_table_new(a, hub_str_of(hub_tr("Characters that do not travel")));
	json_error_t e;
	json_t *all = run->findings.len ? hub_json_read(run->findings, 0, &e) : json_array(), *one;
	size_t i;

	if (!t || !all) {
		json_decref(all);
		return NULL;
	}
	hub_table_col(t, "file", HUB_N("file"), 0);
	hub_table_col(t, "column", HUB_N("column"), 0);
	hub_table_col(t, "character", HUB_N("character"), 0);
	hub_table_col(t, "cp932", HUB_N("code in CP932"), 0);
	hub_table_col(t, "count", HUB_N("count"), 1);
	hub_table_col(t, "lines", HUB_N("first lines"), 0);
	hub_table_col(t, "reduction", HUB_N("proposed reduction"), 0);
	hub_table_col(t, "why", HUB_N("why"), 0);
	json_array_foreach(all, i, one)
	{
		const char *detail = json_string_value(json_object_get(one, "detail")),
			   *column = json_string_value(json_object_get(one, "column"));
		const uint32_t cp = code_point(detail);
		enum hub_reduce how;
		if (!is_odd_character(json_string_value(json_object_get(one, "code"))) || !cp)
			continue;
		const struct hub_str instead = hub_reduce_char(a, cp, &how);
		hub_table_str(t, run->input);
		hub_table_puts(t, column ? column : "");
		hub_table_puts(t, detail);
		hub_table_str(t, cp932_of(a, cp));
		hub_table_int(t, hub_json_number(one, "count"));
		hub_table_str(t, lines_of(a, one));
		hub_table_str(t, instead);
		hub_table_puts(t, proposal_word(how));
	}
	json_decref(all);
	return t;
}

/* What a finding means; what a function says of a value (hub_why_text) is not here. */
static const struct {
	const char *code, *text;
} means[] = {
    {"bad-address", HUB_N("the address cannot be read")},
    {"bad-date", HUB_N("this is no date")},
    {"bad-json", HUB_N("this is no JSON")},
    {"bad-month", HUB_N("more or less than a month is given")},
    {"bad-number", HUB_N("this cannot be read as a number")},
    {"bad-phone", HUB_N("this is no telephone number")},
    {"bad-postal", HUB_N("this is no postal code")},
    {"unknown-code", HUB_N("the code list has no such code, label or spelling")},
    {"bad-value", HUB_N("the value cannot be read")},
    {"required-empty", HUB_N("a field that should be filled is empty")},
    {"mynumber-removed", HUB_N("numbers like a 個人番号 were taken out")},
    {"banned-column", HUB_N("the column is dropped at the door")},
    {"gaiji", HUB_N("characters of one site")},
    {"variation-selector", HUB_N("a variant of a character")},
    {"outside-cp932", HUB_N("characters that CP932 does not have")},
    {"zero-width", HUB_N("characters that nobody sees")},
    {"direction-mark", HUB_N("characters that nobody sees")},
    {"soft-hyphen", HUB_N("characters that nobody sees")},
    {"no-break-space", HUB_N("characters that nobody sees")},
    {"control", HUB_N("characters that nobody sees")},
    {"replacement", HUB_N("a character was lost before it came here")},
    {"unreadable-character", HUB_N("a character was lost before it came here")},
    {"date-unknown", HUB_N("it says that this is unknown")},
    {"said-unknown", HUB_N("it says that this is unknown")},
    {"choice-detail", HUB_N("text in the brackets behind a choice is not in the code")},
    {"next-day", HUB_N("a time behind midnight is one of the next day")},
    {"time-left-out", HUB_N("the time of day was left out")},
    {"zero-restored", HUB_N("a zero in front was put back")},
    {"zone-converted", HUB_N("the time was brought to that of Japan")},
    {"weekday-mismatch", HUB_N("the weekday is not that of the date")},
    {"error-cells", HUB_N("cells that show an error")},
    {"formulas-without-value", HUB_N("formulas without a value")},
};

static const char *meaning(const char *code)
{
	for (size_t i = 0; i < HUB_COUNT(means); i++)
		if (strcmp(means[i].code, code) == 0)
			return hub_tr(means[i].text);
	const char *why = hub_why_text(code);
	return strcmp(why, code) == 0 ? "" : why;
}

/* Findings as intake/mapping.h writes them: column, code, count, first lines of the file. */
static int finding_table(struct hub_arena *a, struct hub_str json, struct hub_table **out,
			 struct hub_err *err)
{
	struct hub_table *t = hub_table_new(a, hub_str_of(hub_tr("Findings")));
	json_error_t e;
	json_t *all = json.len ? hub_json_read(json, 0, &e) : json_array();
	json_t *one;
	size_t i;

	*out = t;
	if (!t || !all) {
		const int starved = !t || errno == ENOMEM;
		json_decref(all);
		return !starved ? hub_fail(err, HUB_INTEGRITY, "run-findings",
					   "the stored findings of a run cannot be read")
				: hub_fail_mem(err);
	}
	hub_table_col(t, "column", HUB_N("column"), 0);
	hub_table_col(t, "code", HUB_N("code"), 0);
	hub_table_col(t, "count", HUB_N("count"), 1);
	hub_table_col(t, "lines", HUB_N("first lines"), 0);
	hub_table_col(t, "meaning", HUB_N("meaning"), 0);
	json_array_foreach(all, i, one)
	{
		const char *column = json_string_value(json_object_get(one, "column"));
		const char *code = json_string_value(json_object_get(one, "code"));
		const char *detail = json_string_value(json_object_get(one, "detail"));
		if (is_odd_character(code) && detail)
			continue;
		hub_table_puts(t, column ? column : "");
		hub_table_str(t, hub_arena_printf(a, "%s%s%s", code ? code : "", detail ? " " : "",
						  detail ? detail : ""));
		hub_table_int(t, hub_json_number(one, "count"));
		hub_table_str(t, lines_of(a, one));
		hub_table_puts(t, meaning(code ? code : ""));
	}
	json_decref(all);
	return HUB_OK;
}

static void sign(struct hub_buf *out, enum hub_report_form form)
{
	static const char *const who[] = {HUB_N("prepared by"), HUB_N("checked by")};

	if (form == HUB_REPORT_HTML)
		hub_buf_puts(out, "<table class=\"sign\"><tbody>");
	for (size_t i = 0; i < HUB_COUNT(who); i++) {
		if (form == HUB_REPORT_HTML)
			hub_buf_printf(out, "<tr><th>%s</th><td></td><th>%s</th><td></td></tr>\n",
				       hub_tr(who[i]), hub_tr("date"));
		else if (form == HUB_REPORT_TEXT)
			hub_buf_printf(out, "%s: ____________________  %s: ____________\n",
				       hub_tr(who[i]), hub_tr("date"));
	}
	if (form == HUB_REPORT_HTML)
		hub_buf_puts(out, "</tbody></table>\n");
}

int hub_report_write(struct hub_arena *a, struct hub_store *s, const struct hub_count_sheet *sheet,
		     struct hub_buf *out, struct hub_err *err)
{
	const struct hub_run_row *run = sheet->run;
	const struct hub_counts *counts = sheet->counts;
	const enum hub_report_form form = sheet->form;
	static const enum hub_table_form forms[] = {HUB_TABLE_TEXT, HUB_TABLE_CSV, HUB_TABLE_HTML};
	struct hub_table *part[6] = {run_table(a, run, sheet->audit), record_table(a, counts),
				     entity_table(a, hub_store_schema(s), counts)};

	const struct hub_str title = hub_str_of(hub_tr("Count sheet"));
	int rc;

	if ((rc = reject_table(a, s, run, &part[3], err)) ||
	    (rc = finding_table(a, run->findings, &part[4], err)))
		return rc;
	part[5] = gaiji_table(a, run);
	if (form == HUB_REPORT_HTML)
		hub_html_begin(out, title);
	else if (form == HUB_REPORT_CSV)
		hub_buf_puts(out, "\xef\xbb\xbf");
	for (size_t i = 0; i < HUB_COUNT(part); i++) {
		if (!part[i])
			return hub_fail_mem(err);
		if (i > 0 && hub_table_rows(part[i]) == 0)
			continue;
		if (i > 0 && form != HUB_REPORT_HTML)
			hub_buf_puts(out, form == HUB_REPORT_CSV ? "\r\n" : "\n");
		if (hub_table_print(part[i], forms[form], out))
			return hub_fail_mem(err);
	}
	hub_buf_puts(out, form == HUB_REPORT_HTML ? "" : "\n");
	sign(out, form);
	if (form == HUB_REPORT_HTML)
		hub_html_end(out);
	return hub_buf_ok(out) ? HUB_OK : hub_fail_mem(err);
}
