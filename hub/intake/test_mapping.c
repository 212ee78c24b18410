/* Mapping files: what is refused with which words, and what records become. */
#include "test.h"

#include "base/buf.h"
#include "intake/mapping.h"
#include "plugin/batch.h"

#include <stdio.h>

static struct hub_arena *arena;
static const struct hub_schema *schema;

#define HEAD(columns)                                                                 \
	"mapping: { name = \"t\"; system = \"sys\"; source: { plugin = \"csv\"; };\n" \
	"  header = (" columns ");\n  key = \"a\";\n"
#define ABC "\"a\", \"b\", \"c\""

/* A table of texts as a source would hand it out. NULL: empty; "\1": the column is not in this record;
 * "\2": unreadable record. */
struct fixture {
	struct hub_arena *a;
	struct hub_batch *batch;
	struct hub_mapping *m;
	struct hub_bound *bound;
	struct hub_chunk c;
	struct hub_findings *findings;
	struct hub_buf patch;
	struct hub_report *report;
	struct hub_err err;
};

static int load(struct fixture *f, const char *text)
{
	*f = (struct fixture){.a = hub_arena_new(0)};
	hub_buf_init(&f->patch, 1 << 20);
	f->report = hub_report_new(f->a);
	f->findings = hub_findings_new(f->a);
	f->c = (struct hub_chunk){.arena = f->a, .input = HUB_STR("in.csv")};
	return hub_mapping_load_text(f->a, "t.cfg", hub_str_of(text), schema, f->report, &f->m,
				     &f->err);
}

static void drop(struct fixture *f)
{
	hub_batch_free(f->batch);
	hub_buf_free(&f->patch);
	hub_arena_free(f->a);
}

static int bind(struct fixture *f, const char *const *header, uint32_t n)
{
	struct hub_str *names = hub_alloc_array(f->a, n + 1, sizeof *names);

	for (uint32_t i = 0; i < n; i++)
		names[i] = hub_str_of(header[i]);
	return hub_mapping_bind(f->a, f->m, names, n, &f->bound, &f->patch, &f->err);
}

static void fill(struct fixture *f, const char *const *header, uint32_t cols,
		 const char *const *cells, uint32_t rows, const char *encoding)
{
	uint32_t col;

	f->batch = hub_batch_new(0);
	f->batch->encoding = hub_str_of(encoding);
	for (uint32_t i = 0; i < cols; i++)
		assert_int_equal(hub_batch_column(f->batch, hub_str_of(header[i]), &col), 0);
	assert_int_equal(hub_batch_rows(f->batch, rows), 0);
	for (uint32_t r = 0; r < rows; r++) {
		f->batch->prov[r] = (struct hub_prov){.row = r + 2, .line = r + 2};
		for (uint32_t i = 0; i < cols; i++) {
			const char *s = cells[r * cols + i];
			f->batch->col[i].text[r] = hub_str_of(s ? s : "");
			f->batch->col[i].cell[r] = !s ? HUB_NULL : *s == 1 ? HUB_ABSENT : HUB_VALUE;
			if (s && *s == 2) {
				f->batch->verdict[r] = HUB_ROW_REJECT;
				f->batch->code[r] = "unclosed-quote";
				f->batch->reason[r] = HUB_STR("line 3: a quote");
			}
		}
	}
}

static void run(struct fixture *f)
{
	assert_int_equal(hub_map_keys(f->bound, f->batch, &f->c, f->findings, &f->err), HUB_OK);
	assert_int_equal(hub_map_rows(f->bound, f->batch, &f->c, f->findings, &f->err), HUB_OK);
}

static const char *const abc[] = {"a", "b", "c"};

static void run_abc(struct fixture *f, const char *mapping, const char *const *cells, uint32_t rows)
{
	if (load(f, mapping)) {
		hub_report_print(f->report, stderr);
		fail_msg("%s", f->err.what);
	}
	assert_int_equal(bind(f, abc, 3), HUB_OK);
	fill(f, abc, 3, cells, rows, "");
	run(f);
}

static const struct hub_vec *column(const struct fixture *f, uint32_t block, const char *field)
{
	const struct hub_rows *rows = &f->c.rows[block];

	for (uint32_t i = 0; i < rows->cols; i++)
		if (hub_str_is(rows->field[i]->name, field))
			return &rows->col[i];
	fail_msg("no field %s", field);
	return NULL;
}

/* --- what is refused -------------------------------------------------------------------------- */

#define RES(expr) HEAD(ABC) "};\nresource: { key = \"a\"; resource_note = \"" expr "\"; };\n"

static const struct {
	const char *text, *code, *what, *hint;
} refused[] = {
    {RES("nix"), "unknown-column", "no column \"nix\"", ""},
    {RES("[aa]"), "unknown-column", "\"aa\"", "Did you mean \"a\"?"},
    {RES("a｜trim"), "unknown-column", "a｜trim", "half-width"},
    {RES("trim"), "unknown-column", "trim", "trim(...)"},
    {RES("#9"), "unknown-column", "#9", ""},
    {RES("a | tirm"), "unknown-function", "tirm", "Did you mean \"trim\"?"},
    {RES("a | pad"), "bad-argument", "width must be given", "pad(value, width"},
    {RES("a | pad('x')"), "bad-argument", "a number", ""},
    {RES("a | pad(0)"), "bad-argument", "1 to 64", ""},
    {RES("a | date('ear')"), "bad-argument", "registry welfare", ""},
    {RES("a | date(min = 'gestern')"), "bad-argument", "2024-04-01", ""},
    {RES("a | date(mni = '2024-01-01')"), "bad-argument", "an argument", ""},
    {RES("a | prefix(b)"), "bad-argument", "a text in '...'", ""},
    {RES("a | replace('x')"), "bad-argument", "pairs", ""},
    {RES("a | match('(')"), "bad-argument", "regular expression", ""},
    {RES("a | code('sexx')"), "unknown-list", "sexx", "Did you mean \"sex\"?"},
    {RES("a | lookup('t')"), "unknown-table", "\"t\"", ""},
    {RES("a | split(';')"), "type-mismatch", "several values", "join"},
    {RES("a | join('x')"), "type-mismatch", "join takes several values", "split"},
    {RES("a | day"), "type-mismatch", "date with time", "| datetime"},
    {RES("if(a, 'x')"), "type-mismatch", "yes or no", "| bool"},
    {RES("it"), "no-each", "each", "each ="},
    {RES("a | "), "bad-expression", "function must follow", ""},
    {RES("a b"), "bad-expression", "a sign is missing", ""},
    {RES("(a"), "bad-expression", "expected )", ""},
    {RES("a ="), "bad-expression", "==", ""},
    {RES("'x"), "unclosed-text", "closing '", ""},
    {RES("a ; b"), "bad-character", "';'", "[NO. 1]"},
    {RES("a | trim ?? b"), "bad-expression", "before the bar", "(a | date) ?? b"},
    {HEAD(ABC) "};\nperson: { key = \"a\"; birth_date = \"b\"; };", "type-mismatch",
     "person.birth_date is of type date, and this gives text", "Add | date"},
    {HEAD(ABC) "};\nperson: { key = \"a\"; sex = \"b\"; };", "type-mismatch", "code",
     "Add | code('sex')"},
    {HEAD(ABC) "};\nperson: { key = \"a\"; sex = \"b | code('method')\"; };", "type-mismatch",
     "takes codes of list \"sex\"", ""},
    {HEAD(ABC) "};\nperson: { key = \"a\"; sex = \"'男'\"; };", "unknown-code", "男",
     "Did you mean \"1\"?"},
    {HEAD(ABC) "};\nperson: { key = \"a\"; nmae = \"b\"; };", "unknown-field", "nmae",
     "Did you mean \"name\"?"},
    {HEAD(ABC) "};\npreson: { key = \"a\"; name = \"b\"; };", "unknown-entity", "preson",
     "Did you mean \"person\"?"},
    {HEAD(ABC) "};\nintake: { key = \"a\"; received_by = \"b\"; };", "bad-setting",
     "no key of their own", "mapping.key"},
    {HEAD(ABC) "};\nperson: { key = \"a\"; };\nconsent: { person = \"@person\"; recipient = "
	       "\"'WEL'\"; };",
     "bare-block", "consent", "when = "},
    {HEAD(ABC) "};\nintake: { person = \"@nobody\"; received_by = \"b\"; };", "unknown-block",
     "nobody", ""},
    {HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; shared = \"latest(x)\"; };",
     "unknown-field", "\"x\"", ""},
    {HEAD(ABC) "};\nperson: { key = \"a\"; when = \"b\"; name = \"c\"; };", "type-mismatch",
     "yes or no", "column == '1'"},
    {HEAD("\"a\", \"b\", \"b\"") "};\nperson: { key = \"a\"; name = \"b\"; };", "unknown-column",
     "several columns", "#3"},
    {HEAD("\"a\", \"個人番号\"") "};\nperson: { key = \"a\"; name = \"個人番号\"; };",
     "banned-column", "個人番号", "whatever a mapping says"},
    {HEAD(ABC) " optional = (\"x\"); };\nperson: { key = \"a\"; };", "unknown-column", "\"x\"", ""},
    {HEAD(ABC) " columns = (\"a\"); };\nperson: { key = \"a\"; };", "bad-setting", "cannot both",
     ""},
    {HEAD(ABC) " tables: { t = ((\"x\", \"1\"), (\"ｘ\", \"2\")); }; };\nperson: { key = \"a\"; };",
     "bad-setting", "two things", ""},
    {HEAD(ABC) "};\n", "option-missing", "makes no rows", "Add a block"},
};

static void mistakes_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < HUB_COUNT(refused); i++) {
		struct fixture f;
		if (load(&f, refused[i].text) != HUB_CONF)
			fail_msg("not refused: %s", refused[i].text);
		const struct hub_err *e = hub_report_at(f.report, 0);
		if (strcmp(e->code, refused[i].code) != 0 || !strstr(e->what, refused[i].what) ||
		    !strstr(e->hint, refused[i].hint))
			fail_msg("%s\ngot [%s] %s / %s", refused[i].text, e->code, e->what,
				 e->hint);
		assert_true(strncmp(e->where, "t.cfg:", 6) == 0);
		drop(&f);
	}
}

static void all_mistakes_of_a_file_come_at_once(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(load(&f,
			      HEAD(ABC) "};\nperson: {\n  key = \"a\";\n  nmae = \"b\";\n"
					"  birth_date = \"b\";\n  sex = \"x | code('sex')\";\n};"),
			 HUB_CONF);
	assert_int_equal(hub_report_count(f.report), 3);
	assert_string_equal(hub_report_at(f.report, 0)->where, "t.cfg:7:3");
	assert_string_equal(hub_report_at(f.report, 1)->where, "t.cfg:8:17");
	assert_string_equal(hub_report_at(f.report, 2)->where, "t.cfg:9:10");
	drop(&f);
}

/* --- what records become ---------------------------------------------------------------------- */

static void states_stay_apart(void **state)
{
	static const char *const cells[] = {"1",  "x",     "2024-01-02", "2",  NULL,
					    NULL, "3",     "\1",         "\1", "4",
					    "x",  "32.13", "5",          "　", "R6.1.3"};
	struct fixture f;

	(void)state;
	run_abc(
	    &f,
	    HEAD(ABC) "};\nresource: { key = \"a\"; resource_note = \"b\"; area = \"b | trim\";\n"
		      "  designated_on = { value = \"c | date\"; invalid = \"null\"; }; };",
	    cells, 5);
	const struct hub_vec *note = column(&f, 0, "resource_note");
	const struct hub_vec *trimmed = column(&f, 0, "area");
	const struct hub_vec *date = column(&f, 0, "designated_on");
	assert_int_equal(f.c.rows[0].n, 5);
	assert_int_equal(note->cell[0], HUB_VALUE);
	assert_int_equal(note->cell[1], HUB_NULL);
	assert_int_equal(note->cell[2], HUB_ABSENT);
	assert_int_equal(date->cell[2], HUB_ABSENT);
	assert_int_equal(date->cell[3], HUB_INVALID);
	assert_str(date->text[3], "32.13");
	assert_str(date->text[4], "2024-01-03");
	assert_int_equal(note->cell[4], HUB_VALUE);
	assert_int_equal(trimmed->cell[4], HUB_NULL);
	assert_int_equal(hub_findings_total(f.findings, "bad-date"), 1);
	drop(&f);
}

static void an_unreadable_value_rejects_its_record_in_all_blocks(void **state)
{
	static const char *const cells[] = {"1", "x", "2024-13-02", "2", "y", "2024-01-02"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nagency: { key = \"a\"; agency_name = \"b\"; };\n"
			  "resource: { key = \"a\"; designated_on = \"c | date\"; };",
		cells, 2);
	assert_int_equal(f.c.fate[0], HUB_FATE_REJECTED);
	assert_string_equal(f.c.code[0], "bad-date");
	assert_str(f.c.column[0], "c");
	assert_str(f.c.key[0], "1");
	assert_true(f.c.reason[0].len > 0);
	assert_int_equal(f.c.rows[0].n, 1);
	assert_int_equal(f.c.rows[1].n, 1);
	assert_int_equal(f.c.rows[0].src[0], 1);
	drop(&f);
}

static void as_above_is_no_value(void **state)
{
	static const char *const cells[] = {"1",          "名",   "2024-01-01", "2",         "〃",
					    "2024-01-02", "同上", "名",         "2024-01-03"};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nagency: { key = \"a\"; agency_name = \"b\"; };\n", cells, 3);
	assert_int_not_equal(f.c.fate[0], HUB_FATE_REJECTED);
	assert_string_equal(f.c.code[1], "same-as-above");
	assert_str(f.c.column[1], "b");
	assert_string_equal(f.c.code[2], "same-as-above");
	assert_str(f.c.column[2], "a");
	drop(&f);
}

static void keys_must_be_there(void **state)
{
	static const char *const cells[] = {NULL, "x", "y", "2", NULL, "y", "3", "z", "y"};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"b\"; name = \"c\"; };", cells, 3);
	assert_int_equal(f.c.fate[0], HUB_FATE_REJECTED);
	assert_string_equal(f.c.code[0], "no-key");
	assert_str(f.c.column[0], "a");
	assert_string_equal(f.c.code[1], "no-key");
	assert_str(f.c.column[1], "b");
	assert_int_equal(f.c.fate[2], HUB_FATE_OPEN);
	drop(&f);
}

/* #REF! of a workbook, an entity of XML: no value, and nobody's name. */
static void what_a_reader_could_not_read_is_no_value(void **state)
{
	static const char *const cells[] = {"1", "#REF!", "y", "2", "b", "y"};
	struct fixture f;

	(void)state;
	assert_int_equal(load(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b | trim\"; };"),
			 0);
	assert_int_equal(bind(&f, abc, 3), HUB_OK);
	fill(&f, abc, 3, cells, 2, "");
	f.batch->col[1].cell[0] = HUB_INVALID;
	run(&f);
	assert_int_equal(f.c.fate[0], HUB_FATE_REJECTED);
	assert_string_equal(f.c.code[0], "bad-value");
	assert_true(f.c.reason[0].len > 0);
	assert_int_equal(f.c.fate[1], HUB_FATE_OPEN);
	drop(&f);
}

static void a_condition_makes_rows_of_constants(void **state)
{
	static const char *const cells[] = {"1", "○", NULL, "2", NULL, NULL};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: { key = \"a\"; };\n"
			  "consent: { recipient = \"'WEL'\"; when = \"present(b)\"; };",
		cells, 2);
	assert_int_equal(f.c.rows[1].n, 1);
	assert_int_equal(f.c.rows[1].src[0], 0);
	drop(&f);
}

static void a_total_is_no_record(void **state)
{
	static const char *const cells[] = {" 合計", "x", "3", "小　 計　", "x", "y",
					    "平均",  "x", "y", "合計所得",  "x", "y",
					    "会計",  "x", "y", "合計\n計",  "x", "y"};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"c\"; };", cells, 6);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(f.c.fate[i], HUB_FATE_REJECTED);
		assert_string_equal(f.c.code[i], "total-line");
	}
	for (int i = 3; i < 6; i++)
		assert_int_equal(f.c.fate[i], HUB_FATE_OPEN);
	drop(&f);
}

/* What is both: 螻ｱ逕ｰ, which nobody is called, and 山田. Half-width kana alone are nothing else. */
static void utf8_within_cp932_is_refused(void **state)
{
	static const char *const cells[] = {"1",
					    "\xe5\xb1\xb1\xe7\x94\xb0",
					    "x",
					    "2",
					    "\xd4\xb1\xd5\xb2",
					    "x",
					    "3",
					    "\xe3\x81\x82",
					    "x",
					    "4",
					    "\xe4\x5c\xb1",
					    "\xc0\xcf\xba",
					    "5",
					    "\xe5\x91\x89\x59", /* 蜻浦, or 呉Y */
					    "x"};
	struct fixture f;

	(void)state;
	assert_int_equal(load(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"c\"; };"), HUB_OK);
	assert_int_equal(bind(&f, abc, 3), HUB_OK);
	fill(&f, abc, 3, cells, 5, "cp932");
	run(&f);
	assert_string_equal(f.c.code[0], "wrong-encoding");
	assert_str(f.c.column[0], "b");
	assert_int_equal(f.c.fate[1], HUB_FATE_OPEN);
	assert_int_equal(f.c.fate[2], HUB_FATE_REJECTED);
	assert_int_equal(f.c.fate[3], HUB_FATE_OPEN);
	assert_int_equal(f.c.fate[4], HUB_FATE_OPEN);
	drop(&f);
}

static void the_header_again_is_no_record(void **state)
{
	static const char *const cells[] = {"a",
					    "b",
					    "c",
					    "\xef\xbb\xbf"
					    "a",
					    "b",
					    "",
					    NULL,
					    "b",
					    "c",
					    "a",
					    "b",
					    "x",
					    "a",
					    "",
					    NULL};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"b ?? a\"; name = \"c\"; };", cells, 5);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(f.c.fate[i], HUB_FATE_REJECTED);
		assert_string_equal(f.c.code[i], "header-line");
	}
	for (int i = 3; i < 5; i++)
		assert_int_equal(f.c.fate[i], HUB_FATE_OPEN);
	drop(&f);
}

/* Of a header of two rows: what stands above, and what stands below. */
static void so_is_a_part_of_its_names(void **state)
{
	static const char *const names[] = {"a", "p_b", "p_c"};
	static const char *const cells[] = {NULL, "p", "p", "a", "b", "c", "a", "1", "c"};
	struct fixture f;

	(void)state;
	assert_int_equal(
	    load(&f,
		 HEAD("\"a\", \"p_b\", \"p_c\"") "};\nperson: { key = \"a\"; name = \"p_b\"; };"),
	    0);
	assert_int_equal(bind(&f, names, 3), HUB_OK);
	fill(&f, names, 3, cells, 3, "");
	run(&f);
	assert_string_equal(f.c.code[0], "header-line");
	assert_string_equal(f.c.code[1], "header-line");
	assert_int_equal(f.c.fate[2], HUB_FATE_OPEN);
	drop(&f);
}

static void what_a_spreadsheet_leaves_is_no_value(void **state)
{
	static const char *const cells[] = {
	    "1", "#N/A",     "y", "1.23457E+11", "x",       "y", "#REF!", "x",        "y",
	    "2", "########", "y", "3",           "1.5E-07", "y", "4",     "#hashtag", "E+11"};
	static const char *const codes[] = {"bad-value", "digits-lost", "bad-value", "bad-value"};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; };", cells, 6);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(f.c.fate[i], HUB_FATE_REJECTED);
		assert_string_equal(f.c.code[i], codes[i]);
		assert_true(f.c.reason[i].len > 0);
	}
	assert_int_equal(f.c.fate[4], HUB_FATE_OPEN);
	assert_int_equal(f.c.fate[5], HUB_FATE_OPEN);
	drop(&f);
}

static void text_that_a_spreadsheet_was_to_keep(void **state)
{
	static const char *const cells[] = {"=\"001\"", "=\"甲\"",      "=\"\"",
					    "2",        "=\"a\"&\"b\"", "=1"};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; memo = \"c\"; };", cells,
		2);
	assert_str(f.c.key[0], "001");
	assert_str(column(&f, 0, "name")->text[0], "甲");
	assert_int_equal(column(&f, 0, "memo")->cell[0], HUB_NULL);
	assert_str(column(&f, 0, "name")->text[1], "=\"a\"&\"b\"");
	assert_str(column(&f, 0, "memo")->text[1], "=1");
	drop(&f);
	static const char *const quoted[] = {"'001", "'甲", "'"};
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; memo = \"c\"; };", quoted,
		1);
	assert_str(f.c.key[0], "001");
	assert_str(column(&f, 0, "name")->text[0], "'甲");
	assert_str(column(&f, 0, "memo")->text[0], "'");
	drop(&f);
}

static void a_key_hides_nothing(void **state)
{
	static const char *const cells[] = {
	    "\xef\xbb\xbf\x31", /* the mark of the begin of a file, and 1 */
	    "x",
	    "1",
	    "2\xe2\x80\x8b",
	    "x",
	    "1",
	    "3",
	    "x\007",
	    "1",
	    "4",
	    "y",
	    "1\xe2\x80\x8e",
	    "5",
	    "y",
	    "1"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: { key = \"b\"; name = \"'甲'\"; };\n"
			  "activity: { person = \"c\"; body = \"a\"; };",
		cells, 5);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(f.c.fate[i], HUB_FATE_REJECTED);
		assert_string_equal(f.c.code[i], "hidden-in-key");
	}
	assert_str(f.c.column[2], "b");
	assert_str(f.c.column[3], "c");
	assert_int_equal(f.c.fate[4], HUB_FATE_OPEN);
	drop(&f);
}

static void a_record_of_separators_alone_is_a_blank_line(void **state)
{
	static const char *const cells[] = {NULL, "", NULL, "2", NULL, NULL};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"c\"; };", cells, 2);
	assert_int_equal(f.c.fate[0], HUB_FATE_HEADER);
	assert_int_equal(f.c.fate[1], HUB_FATE_OPEN);
	drop(&f);
}

static void a_required_field_rejects_when_empty(void **state)
{
	static const char *const cells[] = {"1", NULL, "y", "2", "x", "y"};
	struct fixture f;

	(void)state;
	run_abc(
	    &f,
	    HEAD(ABC) "};\nperson: { key = \"a\"; name = { value = \"b\"; required = true; }; };",
	    cells, 2);
	assert_string_equal(f.c.code[0], "missing");
	assert_str(f.c.column[0], "b");
	assert_int_equal(f.c.rows[0].n, 1);
	drop(&f);
}

static void scope_and_when_choose(void **state)
{
	static const char *const cells[] = {"1", "0", "p",  "2", "1",  "p",
					    "3", "1", NULL, "4", NULL, "p"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) " scope = \"b == '1'\"; };\n"
			  "person: { key = \"a\"; when = \"present(c)\"; name = \"c\"; };",
		cells, 4);
	assert_int_equal(f.c.fate[0], HUB_FATE_OUTSIDE);
	assert_int_equal(f.c.fate[3], HUB_FATE_OUTSIDE);
	assert_int_equal(f.c.rows[0].n, 1);
	assert_int_equal(f.c.rows[0].src[0], 1);
	assert_null(f.c.raw[0].ptr);
	drop(&f);
}

static void constants_alone_make_no_row(void **state)
{
	static const char *const cells[] = {"1", NULL, "x", "2", "有", "x"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: { key = \"a\"; name = \"c\"; };\n"
			  "consent: { recipient = \"'WEL'\"; category = \"'*'\";\n"
			  "  consent_status = \"b | code('consent_status')\"; };",
		cells, 2);
	assert_int_equal(f.c.rows[0].n, 2);
	assert_int_equal(f.c.rows[1].n, 1);
	assert_int_equal(f.c.rows[1].src[0], 1);
	assert_str(column(&f, 1, "recipient")->text[0], "WEL");
	assert_str(column(&f, 1, "consent_status")->text[0], "given");
	drop(&f);
}

static void each_makes_a_row_of_every_piece(void **state)
{
	static const char *const cells[] = {"1", "甲;乙・丙", "x", "2", NULL, "y", "3", "丁", NULL};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: { key = \"a\"; name = \"c\"; };\n"
			  "task: { each = \"b | split(';・')\"; task_title = \"it + '-' + a\"; };",
		cells, 3);
	const struct hub_rows *rows = &f.c.rows[1];
	const struct hub_vec *title = column(&f, 1, "task_title");
	assert_int_equal(rows->n, 4);
	assert_str(title->text[0], "甲-1");
	assert_str(title->text[2], "丙-1");
	assert_str(title->text[3], "丁-3");
	assert_int_equal(rows->src[2], 0);
	assert_int_equal(rows->src[3], 2);
	drop(&f);
}

static void rows_of_a_record_refer_to_each_other(void **state)
{
	static const char *const cells[] = {"1", "p", "q"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: ( { block = \"client\"; key = \"a\"; name = \"b\"; },\n"
			  "  { block = \"mother\"; key = \"a + 'm'\"; name = \"c\"; } );\n"
			  "relationship: { other_person = \"@mother\"; "
			  "other_name = \"c\"; };\n"
			  "activity: { person = \"b\"; body = \"c\"; };",
		cells, 1);
	const struct hub_rows *rel = &f.c.rows[2], *act = &f.c.rows[3];
	int client = 0, mother = 0;
	for (uint32_t i = 0; i < rel->cols; i++) {
		client |= hub_str_is(rel->field[i]->name, "person") && rel->own_block[i] == 0;
		mother |= hub_str_is(rel->field[i]->name, "other_person") && rel->own_block[i] == 1;
	}
	assert_true(client && mother);
	/* said by an expression: the key of its target */
	assert_str(column(&f, 3, "person")->text[0], "p");
	for (uint32_t i = 0; i < act->cols; i++)
		assert_true(act->own_block[i] == HUB_NO_BLOCK);
	drop(&f);
}

static void shared_rows_say_who_wins(void **state)
{
	static const char *const cells[] = {"1", "p", "2024-01-02"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; shared = \"latest(death_on)\"; "
			  "death_on = \"c | date\"; };\nagency: { agency_name = \"b\"; };",
		cells, 1);
	assert_int_equal(f.c.rows[0].shared, HUB_SHARED_LATEST);
	assert_str(f.c.rows[0].latest.text[0], "2024-01-02");
	assert_str(f.c.rows[0].key.text[0], "1");
	assert_int_equal(f.c.rows[1].shared, HUB_OWNED);
	assert_null(f.c.rows[1].key.cell);
	drop(&f);
}

static void empty_and_closed_chunks_give_no_rows(void **state)
{
	static const char *const cells[] = {"1", "x", "y", "2", "x", "y"};
	struct fixture f;
	const char *text = HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; };\n"
				     "task: { each = \"b | split(';')\"; task_title = \"it\"; };";

	(void)state;
	run_abc(&f, text, cells, 0);
	assert_int_equal(f.c.n, 0);
	assert_int_equal(f.c.rows[0].n + f.c.rows[1].n, 0);
	drop(&f);
	assert_int_equal(load(&f, text), HUB_OK);
	assert_int_equal(bind(&f, abc, 3), HUB_OK);
	fill(&f, abc, 3, cells, 2, "");
	assert_int_equal(hub_map_keys(f.bound, f.batch, &f.c, f.findings, &f.err), HUB_OK);
	f.c.fate[0] = HUB_FATE_SAME;
	f.c.fate[1] = HUB_FATE_SAME;
	assert_int_equal(hub_map_rows(f.bound, f.batch, &f.c, f.findings, &f.err), HUB_OK);
	assert_int_equal(f.c.rows[0].n + f.c.rows[1].n, 0);
	drop(&f);
}

static void broken_records_of_the_reader_stay_rejected(void **state)
{
	static const char *const cells[] = {"\2", "x", "y", "2", "x", "y"};
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; };", cells, 2);
	assert_int_equal(f.c.fate[0], HUB_FATE_REJECTED);
	assert_string_equal(f.c.code[0], "unclosed-quote");
	assert_int_equal(f.c.rows[0].n, 1);
	drop(&f);
}

static void bytes_that_are_not_the_encoding_reject(void **state)
{
	/* \x8e\x52: 山; \xf0\x40: a gaiji; \x81 alone: half a character; c is not mapped */
	static const char *const cells[] = {"1", "\x8e\x52\xf0\x40", "x", "2", "\x8e\x52", "y\x81",
					    "3", "a\001b",           "z"};
	struct fixture f;

	(void)state;
	assert_int_equal(load(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; };"), HUB_OK);
	assert_int_equal(bind(&f, abc, 3), HUB_OK);
	fill(&f, abc, 3, cells, 3, "cp932");
	run(&f);
	assert_str(column(&f, 0, "name")->text[0], "山\xee\x80\x80");
	assert_int_equal(f.c.fate[1], HUB_FATE_REJECTED);
	assert_string_equal(f.c.code[1], "bad-bytes");
	assert_str(f.c.column[1], "c");
	assert_true(hub_str_find(f.c.reason[1], HUB_STR("byte 2"), 0) != (size_t)-1);
	assert_int_equal(hub_findings_total(f.findings, "gaiji"), 1);
	assert_int_equal(hub_findings_total(f.findings, "control"), 1);
	drop(&f);
}

static void hashes_follow_cells_and_mapping(void **state)
{
	static const char *const cells[] = {"1", "x",  "y",  "1", "x", "y",
					    "1", "xy", NULL, "1", "x", NULL};
	struct hub_hash first;
	struct fixture f;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b\"; };", cells, 4);
	first = f.c.hash[0];
	assert_memory_equal(&f.c.hash[0], &f.c.hash[1], sizeof first);
	assert_memory_not_equal(&f.c.hash[0], &f.c.hash[2], sizeof first);
	assert_memory_not_equal(&f.c.hash[0], &f.c.hash[3], sizeof first);
	char hash[65];
	memcpy(hash, hub_mapping_info(f.m)->hash, sizeof hash);
	drop(&f);
	/* comments and blanks mean nothing */
	run_abc(&f, "# new\n" HEAD(ABC) " };\n\nperson: { key = \"a\";  name = \" b\"; };", cells,
		4);
	assert_string_equal(hub_mapping_info(f.m)->hash, hash);
	assert_memory_equal(&f.c.hash[0], &first, sizeof first);
	drop(&f);
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name = \"b | trim\"; };", cells, 4);
	assert_string_not_equal(hub_mapping_info(f.m)->hash, hash);
	assert_memory_not_equal(&f.c.hash[0], &first, sizeof first);
	drop(&f);
	/* nor does how records of a file are told that does not name its columns */
	run_abc(&f,
		HEAD(ABC) "  known_by = \"b | matches('^x')\"; };\nperson: { key = \"a\"; name = "
			  "\"b\"; };",
		cells, 4);
	assert_string_equal(hub_mapping_info(f.m)->hash, hash);
	assert_memory_equal(&f.c.hash[0], &first, sizeof first);
	drop(&f);
}

static void records_are_known_by_a_condition(void **state)
{
	static const char *const cells[] = {"1", "x",  "2026-04-01", "2",  "y", "2026-04-01",
					    "3", NULL, "2026-04-01", "4",  "x", "soon",
					    "5", "\2", NULL,         NULL, "x", "2026-04-01"};
	static const uint8_t expect[] = {1, 0, 0, 0, 0, 1};
	uint8_t known[HUB_COUNT(expect)];
	struct fixture f;

	(void)state;
	assert_int_equal(
	    load(&f,
		 HEAD(ABC) "  known_by = \"b == 'x' and (c | date) > ('2026-01-01' | date)\"; };\n"
			   "person: { key = \"a\"; name = \"b\"; };"),
	    HUB_OK);
	assert_true(hub_mapping_info(f.m)->known_by);
	assert_int_equal(bind(&f, abc, 3), HUB_OK);
	fill(&f, abc, 3, cells, HUB_COUNT(expect), "");
	assert_int_equal(hub_map_known(f.bound, f.batch, &f.c, known, &f.err), HUB_OK);
	assert_memory_equal(known, expect, sizeof expect);
	assert_true(hub_str_is(hub_mapping_info(f.m)->key, "a"));
	assert_true(hub_str_is(hub_mapping_column(f.bound, 1), "b"));
	assert_int_equal(hub_map_keys(f.bound, f.batch, &f.c, f.findings, &f.err), HUB_OK);
	/* what is not as expected is a record all the same */
	assert_int_equal(hub_map_rows(f.bound, f.batch, &f.c, f.findings, &f.err), HUB_OK);
	assert_int_equal(f.c.fate[1], HUB_FATE_OPEN);
	assert_int_equal(f.c.fate[3], HUB_FATE_OPEN);
	drop(&f);
}

static void the_whole_record_can_be_the_key(void **state)
{
	static const char *const cells[] = {"1", "x", "y", "1", "x", "z", "1", "x", "y"};
	static const char *const texts[] = {
	    "mapping: { name = \"t\"; system = \"s\"; source: { plugin = \"csv\"; }; columns = "
	    "(" ABC
	    "); key = \"hash()\"; };\nresource: { key = \"hash()\"; resource_name = \"b\"; };",
	    "mapping: { name = \"t\"; system = \"s\"; source: { plugin = \"csv\"; }; columns = "
	    "(" ABC "); key = \"hash()\"; };\nresource: { key = \"hash()\"; resource_name = \"b | "
	    "trim\"; };"};
	struct hub_str key = {0};
	char kept[33] = "";

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture f;
		run_abc(&f, texts[i], cells, 3);
		assert_true(hub_str_eq(f.c.key[0], f.c.key[2]));
		assert_false(hub_str_eq(f.c.key[0], f.c.key[1]));
		key = f.c.key[0];
		assert_int_equal(key.len, 32);
		/* a new version of the mapping must not rename the records */
		if (i == 1)
			assert_memory_equal(kept, key.ptr, 32);
		memcpy(kept, key.ptr, 32);
		drop(&f);
	}
}

static void columns_by_place(void **state)
{
	static const char *const cells[] = {"1", "x", "y"};
	struct fixture f;

	(void)state;
	run_abc(
	    &f,
	    "mapping: { name = \"t\"; system = \"s\"; source: { plugin = \"csv\"; header = 0; };\n"
	    " key = \"#1\"; };\nperson: { key = \"#1\"; name = \"#3\"; };",
	    cells, 1);
	assert_str(column(&f, 0, "name")->text[0], "y");
	assert_int_equal(hub_mapping_info(f.m)->header_n, 0);
	assert_int_equal(bind(&f, abc, 2), HUB_DRIFT);
	drop(&f);
}

/* --- drift ------------------------------------------------------------------------------------ */

static const char drift_map[] = "mapping: {\n  name = \"t\"; system = \"s\";\n"
				"  source: { plugin = \"csv\"; };\n"
				"  header = ( \"番号\", \"受付日\", \"氏名\", \"備考\" );\n"
				"  optional = ( \"備考\" );\n"
				"  aliases = ( (\"氏名\", \"お名前\") );\n"
				"  key = \"番号\";\n};\n"
				"person: { key = \"番号\"; name = \"氏名\"; };\n";

/* Applies a patch of one hunk: what the unified diff says the file will be. */
static struct hub_str apply(struct hub_arena *a, struct hub_str patch, const char *old)
{
	const size_t hunk = hub_str_find(patch, HUB_STR("@@ -"), 0);
	struct hub_buf out;
	int64_t first = 0, lines = 0;

	assert_true(hunk != (size_t)-1);
	struct hub_str rest = hub_str_from(patch, hunk + 4), line, number;
	assert_true(hub_str_next(&rest, ',', &number));
	assert_int_equal(hub_parse_i64(number, 1, 1000, &first), 0);
	assert_true(hub_str_next(&rest, ' ', &number));
	assert_int_equal(hub_parse_i64(number, 0, 1000, &lines), 0);
	assert_true(hub_str_next(&rest, '\n', &line));
	hub_buf_init(&out, 1 << 16);
	struct hub_str text = hub_str_of(old);
	for (int64_t i = 1; i < first && hub_str_next(&text, '\n', &line); i++)
		hub_buf_printf(&out, "%.*s\n", HUB_FMT(line));
	for (int64_t i = 0; i < lines; i++)
		assert_true(hub_str_next(&text, '\n', &line));
	while (hub_str_next(&rest, '\n', &line))
		if (line.len && line.ptr[0] != '-')
			hub_buf_printf(&out, "%.*s\n", (int)line.len - 1, line.ptr + 1);
	hub_buf_str(&out, text);
	const struct hub_str copy = hub_arena_str(a, hub_buf_text(&out));
	hub_buf_free(&out);
	return copy;
}

static void another_header_stops_with_a_patch_that_fits(void **state)
{
	static const struct {
		const char *const header[6];
		uint32_t n;
		const char *shows;
	} cases[] = {
	    {{"番号", "受付年月日", "氏名", "備考"}, 4, "+    2  受付年月日"},
	    {{"番号", "氏名", "備考"}, 3, "-    2  受付日"},
	    {{"番号", "受付日", "氏名", "性別", "備考"}, 5, "+    4  性別"},
	    {{"番号", "氏名", "受付日", "備考"}, 4, "受付日"},
	    {{"氏名", "番号", "\"x\\", "", "備考", "備考"}, 6, "氏名"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		struct fixture f, g;
		assert_int_equal(load(&f, drift_map), HUB_OK);
		assert_int_equal(bind(&f, cases[i].header, cases[i].n), HUB_DRIFT);
		assert_string_equal(f.err.code, "layout-drift");
		const struct hub_str patch = hub_buf_text(&f.patch);
		if (hub_str_find(patch, hub_str_of(cases[i].shows), 0) == (size_t)-1)
			fail_msg("case %zu:\n%.*s", i, HUB_FMT(patch));
		if (i != 4) { /* the last is another file altogether */
			const struct hub_str next = apply(f.a, patch, drift_map);
			if (load(&g, next.ptr)) {
				hub_report_print(g.report, stderr);
				fail_msg("case %zu: the proposal does not load:\n%s", i, next.ptr);
			}
			assert_int_equal(bind(&g, cases[i].header, cases[i].n), HUB_OK);
			drop(&g);
		}
		drop(&f);
	}
}

/* A file without its header: the row that stands there is somebody's. */
static void a_record_in_place_of_the_header_is_not_shown(void **state)
{
	static const char *const row[] = {"1", "2026-06-03", "山田花子", "母から電話"};
	struct fixture f;

	(void)state;
	assert_int_equal(load(&f, drift_map), HUB_OK);
	assert_int_equal(bind(&f, row, 4), HUB_DRIFT);
	assert_string_equal(f.err.code, "layout-drift");
	assert_int_equal(hub_buf_text(&f.patch).len, 0);
	assert_null(strstr(f.err.what, row[2]));
	drop(&f);
}

static void known_spellings_are_no_drift(void **state)
{
	static const struct {
		const char *const header[4];
		uint32_t n;
	} cases[] = {
	    {{"番号", "受付日", "氏名", "備考"}, 4},
	    {{"番号", "受付日", "氏名"}, 3},             /* optional */
	    {{"番号", "受付日", "お名前", "備考"}, 4},   /* alias */
	    {{" 番号", "受付日　", "氏 名", "備考"}, 4}, /* blanks */
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		struct fixture f;
		assert_int_equal(load(&f, drift_map), HUB_OK);
		if (bind(&f, cases[i].header, cases[i].n))
			fail_msg("case %zu: %.*s", i, HUB_FMT(hub_buf_text(&f.patch)));
		drop(&f);
	}
}

/* --- what must not exist ---------------------------------------------------------------------- */

static void individual_numbers_are_nowhere(void **state)
{
	/* 123456789018 has the right check digit, 123456789012 not */
	static const struct {
		const char *in, *out;
	} cells[] = {
	    {"123456789018", "●●●●●●●●●●●●"},
	    {"番号は1234-5678-9018です", "番号は●●●●●●●●●●●●です"},
	    {"１２３４　５６７８　９０１８", "●●●●●●●●●●●●"},
	    {"1234 5678 9018", "●●●●●●●●●●●●"},
	    {"x123456789018", "x●●●●●●●●●●●●"},
	    {"a 123456789018 b 123456789018", "a ●●●●●●●●●●●● b ●●●●●●●●●●●●"},
	    {"123456789012", "123456789012"},
	    {"1234567890180", "1234567890180"},
	    {"0123456789018", "0123456789018"},
	    {"0000-1234-5678-9018", "0000-1234-5678-9018"},
	    {"1234-5678-9018-0000", "1234-5678-9018-0000"},
	    {"12345678-9018", "12345678-9018"},
	    {"2024-07-31 10:30 090-1234-5678", "2024-07-31 10:30 090-1234-5678"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cells); i++) {
		const char *const row[] = {"1", cells[i].in, "z"};
		struct fixture f;
		assert_int_equal(
		    load(&f, HEAD(ABC) "};\nresource: { key = \"a\"; resource_note = \"b\"; };"),
		    HUB_OK);
		assert_int_equal(bind(&f, abc, 3), HUB_OK);
		fill(&f, abc, 3, row, 1, "");
		f.batch->raw[0] = hub_arena_printf(f.a, "1,%s,z", cells[i].in);
		run(&f);
		const struct hub_str got = column(&f, 0, "resource_note")->text[0];
		if (!hub_str_is(got, cells[i].out))
			fail_msg("%s: got %.*s", cells[i].in, HUB_FMT(got));
		const struct hub_str raw = hub_arena_printf(f.a, "1,%s,z", cells[i].out);
		assert_true(hub_str_eq(f.c.raw[0], raw));
		assert_int_equal(hub_findings_total(f.findings, "mynumber-removed") > 0,
				 strcmp(cells[i].in, cells[i].out) != 0);
		drop(&f);
	}
}

static void numbers_known_to_be_others_stay(void **state)
{
	static const char *const cells[] = {"123456789018", "x", "123456789018"};
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) " keep_numbers = (\"a\"); };\nresource: { key = \"a\"; resource_note = "
			  "\"c\"; };",
		cells, 1);
	assert_str(f.c.key[0], "123456789018");
	assert_str(column(&f, 0, "resource_note")->text[0], "●●●●●●●●●●●●");
	drop(&f);
}

static void banned_columns_are_nowhere(void **state)
{
	static const char *const header[] = {"a", "個人番号", "c", "d"};
	static const char *const cells[] = {"1", "123", "x,y", "p", "\2", "456", "x", "q"};
	struct fixture f;

	(void)state;
	assert_int_equal(
	    load(
		&f,
		HEAD(
		    "\"a\", \"個人番号\", \"c\", \"d\"") " drop = (\"d\"); };\n"
							 "person: { key = \"a\"; name = \"c\"; };"),
	    HUB_OK);
	assert_int_equal(bind(&f, header, 4), HUB_OK);
	fill(&f, header, 4, cells, 2, "");
	f.batch->raw[0] = HUB_STR("1,123,\"x,y\",p");
	f.batch->raw[1] = HUB_STR("\2,456,x,q");
	run(&f);
	assert_str(f.c.raw[0], "1,,\"x,y\",");
	assert_null(f.c.raw[1].ptr); /* an unreadable record: place and length only */
	assert_int_equal(f.batch->col[1].cell[0], HUB_ABSENT);
	assert_int_equal(hub_findings_total(f.findings, "banned-column"), 4);
	drop(&f);
}

static void a_registry_keeps_no_raw(void **state)
{
	static const char *const cells[] = {"1", "x", "y"};
	struct fixture f;

	(void)state;
	assert_int_equal(
	    load(&f, HEAD(ABC) " mode = \"lookup\"; };\nperson: { key = \"a\"; name = \"b\"; };"),
	    HUB_OK);
	assert_int_equal(bind(&f, abc, 3), HUB_OK);
	fill(&f, abc, 3, cells, 1, "");
	f.batch->raw[0] = HUB_STR("1,x,y");
	run(&f);
	assert_null(f.c.raw[0].ptr);
	assert_int_equal(f.c.rows[0].n, 1);
	drop(&f);
}

/* --- explain and findings --------------------------------------------------------------------- */

static void explain_shows_each_step(void **state)
{
	static const char *const cells[] = {"1", "ﾔﾏﾀﾞ", "R6.7.31", "2", "ｻﾄｳ", "x"};
	struct hub_buf out;
	struct fixture f;

	(void)state;
	run_abc(&f,
		HEAD(ABC) "};\nperson: { key = \"a\"; name_kana = \"b | trim | kana\";\n"
			  "  birth_date = \"c | date\"; };",
		cells, 2);
	hub_buf_init(&out, 1 << 16);
	assert_int_equal(hub_map_explain(f.bound, f.batch, 0, HUB_STR("person"),
					 HUB_STR("name_kana"), &out, &f.err),
			 HUB_OK);
	assert_str(
	    hub_buf_text(&out),
	    "[{\"block\":0,\"entity\":\"person\",\"field\":\"name_kana\","
	    "\"expression\":\"b | trim | kana\",\"steps\":["
	    "{\"step\":\"column\",\"text\":\"b\",\"column\":\"b\",\"state\":\"value\",\"value\":"
	    "\"ﾔﾏﾀﾞ\"},"
	    "{\"step\":\"trim\",\"text\":\"b | trim\",\"state\":\"value\",\"value\":\"ﾔﾏﾀﾞ\"},"
	    "{\"step\":\"kana\",\"text\":\"b | trim | "
	    "kana\",\"state\":\"value\",\"value\":\"ヤマダ\"}],"
	    "\"state\":\"value\",\"value\":\"ヤマダ\"}]");
	hub_buf_reset(&out);
	assert_int_equal(hub_map_explain(f.bound, f.batch, 1, HUB_STR("person"),
					 HUB_STR("birth_date"), &out, &f.err),
			 HUB_OK);
	assert_true(hub_str_find(hub_buf_text(&out), HUB_STR("\"code\":\"bad-date\""), 0) !=
		    (size_t)-1);
	assert_int_equal(
	    hub_map_explain(f.bound, f.batch, 0, HUB_STR("person"), HUB_STR("sex"), &out, &f.err),
	    HUB_USAGE);
	hub_buf_free(&out);
	drop(&f);
}

static void explain_may_run_out_of_memory(void **state)
{
	static const char *const cells[] = {"1", "ﾔﾏﾀﾞ", "R6.7.31"};
	struct fixture f;
	int whole = 0;

	(void)state;
	run_abc(&f, HEAD(ABC) "};\nperson: { key = \"a\"; name_kana = \"b | trim | kana\"; };",
		cells, 1);
	for (unsigned long k = 1; !whole && k < 500; k++) {
		HUB_AUTO(buf) struct hub_buf out;
		hub_buf_init(&out, 1 << 16);
		hub_fault_arm(k);
		const int rc = hub_map_explain(f.bound, f.batch, 0, HUB_STR("person"),
					       HUB_STR("name_kana"), &out, &f.err);
		hub_fault_arm(0);
		whole = rc == HUB_OK && hub_buf_ok(&out);
		f.err = (struct hub_err){0};
	}
	assert_true(whole);
	drop(&f);
}

static void findings_add_up_and_merge(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_findings *x = hub_findings_new(a), *y = hub_findings_new(a);

	(void)state;
	hub_buf_init(&out, 1 << 16);
	for (uint64_t r = 10; r > 0; r--)
		hub_finding_add(x, HUB_STR("氏名"), "gaiji", &(struct hub_prov){.line = r});
	hub_finding_count(y, HUB_STR("氏名"), "gaiji", HUB_STR("U+E000"),
			  &(struct hub_prov){.line = 3}, 2);
	hub_finding_add(y, HUB_STR("氏名"), "gaiji", &(struct hub_prov){.line = 1});
	hub_finding_add(y, HUB_STR("住所"), "era-overrun", NULL);
	assert_int_equal(hub_findings_merge(x, y, NULL), 0);
	assert_int_equal(hub_findings_total(x, "gaiji"), 13);
	hub_findings_json(x, &out);
	assert_str(hub_buf_text(&out),
		   "[{\"column\":\"住所\",\"code\":\"era-overrun\",\"count\":1,\"lines\":[]},\n"
		   "{\"column\":\"氏名\",\"code\":\"gaiji\",\"count\":11,\"lines\":[1,2,3,4,5]},\n"
		   "{\"column\":\"氏名\",\"code\":\"gaiji\",\"detail\":\"U+E000\",\"count\":2,"
		   "\"lines\":[3]}]");
}

static void findings_of_records_may_be_left_out_and_forgotten(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf out;
	static const struct hub_prov prov[] = {{.line = 2}, {.line = 3}, {.line = 4}};
	static const uint8_t heard[] = {1, 0, 1}, none[] = {0, 0, 0};
	struct hub_findings *all = hub_findings_new(a), *f = hub_findings_by_record(a, prov);

	(void)state;
	hub_buf_init(&out, 1 << 16);
	hub_finding_add(f, HUB_STR("住所"), "gaiji", &prov[1]);
	for (size_t r = 0; r < HUB_COUNT(prov); r++)
		hub_finding_count(f, HUB_STR("氏名"), "gaiji", HUB_STR(""), &prov[r], r + 1);
	assert_int_equal(hub_findings_merge(all, f, none), 0);
	hub_findings_json(all, &out);
	assert_str(hub_buf_text(&out), "[]");
	assert_int_equal(hub_findings_merge(all, f, heard), 0);
	hub_findings_keep(all);
	assert_int_equal(hub_findings_merge(all, f, heard), 0);
	assert_int_equal(hub_findings_total(all, "gaiji"), 8);
	hub_findings_forget(all);
	hub_buf_reset(&out);
	hub_findings_json(all, &out);
	assert_str(hub_buf_text(&out),
		   "[{\"column\":\"氏名\",\"code\":\"gaiji\",\"count\":4,\"lines\":[2,4]}]");
}

/* Every allocation fails once: an error, never a crash, never a chunk that looks complete. */
static void memory_may_run_out_anywhere(void **state)
{
	static const char *const cells[] = {"1", "甲;乙", "2024-01-02", "2", "x", "32.13"};
	static const char text[] =
	    HEAD(ABC) " scope = \"a != '9'\"; };\nperson: { key = \"a\"; name = \"b\";\n"
		      "  death_on = { value = \"c | date\"; invalid = \"null\"; }; };\n"
		      "task: { each = \"b | split(';')\"; task_title = \"it + a\"; };";
	int rc = HUB_FATAL;

	(void)state;
	for (unsigned long k = 1; rc != HUB_OK && k < 2000; k++) {
		struct fixture f = {.a = hub_arena_new(0)};
		f.report = hub_report_new(f.a);
		f.c.arena = hub_arena_new(0);
		f.findings = hub_findings_new(f.a);
		hub_buf_init(&f.patch, 1 << 20);
		fill(&f, abc, 3, cells, 2, "");
		struct hub_str names[3] = {HUB_STR("a"), HUB_STR("b"), HUB_STR("c")};
		hub_fault_arm(k);
		rc = hub_mapping_load_text(f.a, "t.cfg", hub_str_of(text), schema, f.report, &f.m,
					   &f.err);
		if (rc == HUB_OK)
			rc = hub_mapping_bind(f.a, f.m, names, 3, &f.bound, &f.patch, &f.err);
		if (rc == HUB_OK)
			rc = hub_map_keys(f.bound, f.batch, &f.c, f.findings, &f.err);
		if (rc == HUB_OK)
			rc = hub_map_rows(f.bound, f.batch, &f.c, f.findings, &f.err);
		hub_fault_arm(0);
		assert_true(rc == HUB_OK || rc == HUB_FATAL || rc == HUB_CONF);
		hub_arena_free(f.c.arena);
		f.c.arena = NULL;
		drop(&f);
	}
	assert_int_equal(rc, HUB_OK);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mistakes_are_named),
	    cmocka_unit_test(all_mistakes_of_a_file_come_at_once),
	    cmocka_unit_test(states_stay_apart),
	    cmocka_unit_test(an_unreadable_value_rejects_its_record_in_all_blocks),
	    cmocka_unit_test(as_above_is_no_value),
	    cmocka_unit_test(keys_must_be_there),
	    cmocka_unit_test(what_a_reader_could_not_read_is_no_value),
	    cmocka_unit_test(a_condition_makes_rows_of_constants),
	    cmocka_unit_test(a_total_is_no_record),
	    cmocka_unit_test(a_record_of_separators_alone_is_a_blank_line),
	    cmocka_unit_test(a_required_field_rejects_when_empty),
	    cmocka_unit_test(scope_and_when_choose),
	    cmocka_unit_test(constants_alone_make_no_row),
	    cmocka_unit_test(each_makes_a_row_of_every_piece),
	    cmocka_unit_test(rows_of_a_record_refer_to_each_other),
	    cmocka_unit_test(shared_rows_say_who_wins),
	    cmocka_unit_test(empty_and_closed_chunks_give_no_rows),
	    cmocka_unit_test(broken_records_of_the_reader_stay_rejected),
	    cmocka_unit_test(bytes_that_are_not_the_encoding_reject),
	    cmocka_unit_test(hashes_follow_cells_and_mapping),
	    cmocka_unit_test(the_whole_record_can_be_the_key),
	    cmocka_unit_test(columns_by_place),
	    cmocka_unit_test(the_header_again_is_no_record),
	    cmocka_unit_test(utf8_within_cp932_is_refused),
	    cmocka_unit_test(so_is_a_part_of_its_names),
	    cmocka_unit_test(what_a_spreadsheet_leaves_is_no_value),
	    cmocka_unit_test(a_key_hides_nothing),
	    cmocka_unit_test(text_that_a_spreadsheet_was_to_keep),
	    cmocka_unit_test(records_are_known_by_a_condition),
	    cmocka_unit_test(another_header_stops_with_a_patch_that_fits),
	    cmocka_unit_test(a_record_in_place_of_the_header_is_not_shown),
	    cmocka_unit_test(known_spellings_are_no_drift),
	    cmocka_unit_test(individual_numbers_are_nowhere),
	    cmocka_unit_test(numbers_known_to_be_others_stay),
	    cmocka_unit_test(banned_columns_are_nowhere),
	    cmocka_unit_test(a_registry_keeps_no_raw),
	    cmocka_unit_test(explain_shows_each_step),
	    cmocka_unit_test(explain_may_run_out_of_memory),
	    cmocka_unit_test(findings_add_up_and_merge),
	    cmocka_unit_test(findings_of_records_may_be_left_out_and_forgotten),
	    cmocka_unit_test(memory_may_run_out_anywhere),
	};
	struct hub_err err;

	arena = hub_arena_new(0);
	if (hub_schema_load(arena, "schemas/common-case.cfg", NULL, &schema, NULL, &err))
		return 1;
	const int rc = cmocka_run_group_tests(tests, NULL, NULL);
	hub_arena_free(arena);
	return rc;
}
