#include "test.h"

#include "base/io.h"
#include "conf/conf.h"

#include <stdlib.h>
#include <unistd.h>

struct values {
	struct hub_str name, file, password;
	int64_t size, wait, limit, full, mode;
	double share;
	const config_setting_t *source, *fields;
};

#define AT(field) .offset = offsetof(struct values, field)
static const char *const modes[] = {"full", "delta", NULL};
static const struct hub_opt opts[] = {
    {.name = "name", .type = HUB_O_TEXT, AT(name), .flags = HUB_OPT_REQUIRED, .help = "what it is"},
    {.name = "file", .type = HUB_O_PATH, AT(file)},
    {.name = "password", .type = HUB_O_TEXT, AT(password), .flags = HUB_OPT_SECRET},
    {.name = "size", .type = HUB_O_SIZE, AT(size), .dflt = "1k"},
    {.name = "wait", .type = HUB_O_MSEC, AT(wait)},
    {.name = "limit", .type = HUB_O_INT, AT(limit), .min = 1, .max = (int64_t)1 << 40},
    {.name = "full", .type = HUB_O_BOOL, AT(full)},
    {.name = "mode", .type = HUB_O_ENUM, AT(mode), .words = modes, .dflt = "delta"},
    {.name = "share", .type = HUB_KEY_REAL, AT(share)},
    {.name = "source", .type = HUB_KEY_GROUP, AT(source)},
    {.name = "fields", .type = HUB_KEY_LIST, AT(fields)},
    {.name = NULL},
};
static const struct hub_keys keys = {.opts = opts, .owner = "job"};

struct fixture {
	char dir[64];
	struct hub_arena *arena;
	struct hub_report *report;
	struct hub_conf *conf;
	struct values v;
	struct hub_err err;
	int rc; /* of hub_conf_take */
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.arena = hub_arena_new(0), .dir = "/tmp/test_conf.XXXXXX"};
	f.report = hub_report_new(f.arena);
	*state = &f;
	return mkdtemp(f.dir) ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	static const char *const files[] = {"a.cfg", "b.cfg"};

	for (size_t i = 0; i < HUB_COUNT(files); i++) {
		char path[96];
		snprintf(path, sizeof path, "%s/%s", f->dir, files[i]);
		unlink(path);
	}
	rmdir(f->dir);
	hub_conf_free(f->conf);
	hub_arena_free(f->arena);
	return 0;
}

static void write_file(struct fixture *f, const char *name, struct hub_str text)
{
	char path[96];

	snprintf(path, sizeof path, "%s/%s", f->dir, name);
	assert_int_equal(hub_file_write(path, text, &f->err), HUB_OK);
}

static void read_text(struct fixture *f, struct hub_str text)
{
	char path[96];

	hub_conf_free(f->conf);
	f->conf = NULL;
	f->report = hub_report_new(f->arena);
	f->v = (struct values){0};
	write_file(f, "a.cfg", text);
	snprintf(path, sizeof path, "%s/a.cfg", f->dir);
	f->rc = hub_conf_read(f->arena, f->report, path, &f->conf, &f->err);
	if (!f->rc)
		f->rc =
		    hub_conf_take(hub_conf_root(f->conf), &keys, f->arena, &f->v, NULL, f->report);
}

static void read_z(struct fixture *f, const char *text)
{
	read_text(f, hub_str_of(text));
}

/* The printed report, without the folder's name. */
static const char *printed(struct fixture *f)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	const size_t dir = strlen(f->dir) + 1;

	hub_report_print(f->report, out);
	fclose(out);
	char *copy = hub_arena_cstr(f->arena, (struct hub_str){text, n});
	free(text);
	for (char *p; (p = strstr(copy, f->dir));)
		memmove(p, p + dir, strlen(p + dir) + 1);
	return copy;
}

static void everything_right(void **state)
{
	struct fixture *f = *state;

	read_z(f, "\xef\xbb\xbf# comment\r\n"
		  "name = \"a\" /* two */ \"\\t\\x62\";\r\n"
		  "file = \"in/x.csv\"\n"
		  "password : \"p\", size = \"64k\"; wait = \"5m\"; limit = 5000000000;\n"
		  "full = TRUE; mode = \"full\"; share = 1.5e1;\n"
		  "source = { plugin = \"csv\"; };\n"
		  "fields = [1, 2, 3];\n");
	assert_string_equal(printed(f), "");
	assert_int_equal(f->rc, HUB_OK);
	assert_str(f->v.name, "a\tb");
	char want[96];
	snprintf(want, sizeof want, "%s/in/x.csv", f->dir);
	assert_str(f->v.file, want);
	assert_int_equal(f->v.size, 65536);
	assert_int_equal(f->v.wait, 300000);
	assert_int_equal(f->v.limit, 5000000000);
	assert_int_equal(f->v.full, 1);
	assert_int_equal(f->v.mode, 0);
	assert_true(f->v.share > 14.9 && f->v.share < 15.1);
	assert_string_equal(config_setting_name(f->v.source), "source");
	assert_int_equal(hub_conf_count(f->v.fields), 3);
	assert_int_equal(config_setting_get_int_elem(f->v.fields, 2), 3);
}

/* The form that docs promise. */
static void unknown_option(void **state)
{
	struct fixture *f = *state;

	read_z(f, "name = \"x\";\n\tnmae = 1;\n   colour = true; # why\n");
	assert_int_equal(f->rc, HUB_CONF);
	assert_string_equal(
	    printed(f),
	    "a.cfg:2:2: error: unknown option \"nmae\" for job\n"
	    "    2 | \tnmae = 1;\n"
	    "      | \t^^^^\n"
	    "hint: Did you mean \"name\"? There are: name, file, password, size, wait, limit, "
	    "full, mode, share, source, fields.\n"
	    "a.cfg:3:4: error: unknown option \"colour\" for job\n"
	    "    3 |    colour = true; # why\n"
	    "      |    ^^^^^^\n"
	    "hint: There are: name, file, password, size, wait, limit, full, mode, share, source, "
	    "fields.\n");
}

/* Faults of form and of content, in one run, each once. */
static void all_in_one_run(void **state)
{
	struct fixture *f = *state;

	read_z(f, "name = \"\";\n"
		  "name = \"again\";\n"
		  "size = \"64q\";\n"
		  "limit = 99999999999999999999;\n"
		  "wait = 30;\n"
		  "full = \"yes\";\n"
		  "mode = \"ful\";\n"
		  "source = \"csv\";\n"
		  "fields = ( \"a\", \"b\n"
		  "share = abc;\n"
		  "file = \"\";\n"
		  "bogus { x = 1; };\n"
		  "password = 00123;\n"
		  "}\n");
	static const struct {
		const char *where, *code;
	} found[] = {
	    {"2:1", "repeated"},       {"3:8", "option-type"},     {"4:9", "integer-range"},
	    {"5:8", "option-type"},    {"6:8", "option-type"},     {"7:8", "option-word"},
	    {"8:10", "option-type"},   {"9:17", "unclosed-quote"}, {"10:9", "missing-quotes"},
	    {"11:8", "option-text"},   {"12:1", "unknown-option"}, {"12:7", "missing-equals"},
	    {"13:12", "leading-zero"}, {"14:1", "stray-bracket"},
	};
	assert_int_equal(f->rc, HUB_CONF);
	for (size_t i = 0; i < HUB_COUNT(found); i++) {
		const struct hub_err *e = hub_report_at(f->report, i);
		char where[128];
		assert_non_null(e);
		snprintf(where, sizeof where, "%s/a.cfg:%s", f->dir, found[i].where);
		if (strcmp(e->where, where) != 0 || strcmp(e->code, found[i].code) != 0)
			fail_msg("problem %zu: got %s %s (%s), want %s %s", i, e->where, e->code,
				 e->what, where, found[i].code);
		assert_true(e->hint[0] != '\0' || strcmp(e->code, "option-text") == 0);
	}
	assert_int_equal(hub_report_count(f->report), HUB_COUNT(found));
}

/* Each text breaks one rule of form; place and code. */
static void faults_of_form(void **state)
{
	static const struct {
		const char *text, *code;
		unsigned line, col;
	} bad[] = {
	    {"name = \"x", "unclosed-quote", 1, 8},
	    {"name = \"x\\\";\n", "unclosed-quote", 1, 8},
	    {"name = \"\\d\";", "unknown-escape", 1, 9},
	    {"name = ;", "missing-value", 1, 8},
	    {"name", "missing-equals", 1, 5},
	    {"name \"x\";", "missing-equals", 1, 6},
	    {"= 1;", "setting-name", 1, 1},
	    {"\xe5\x90\x8d = 1;", "setting-name", 1, 1},
	    {"name \xef\xbc\x9d \"x\";", "full-width", 1, 6},
	    {"\xe3\x80\x80name = \"x\";", "full-width", 1, 1},
	    {"source = {\n", "unclosed-bracket", 1, 10},
	    {"fields = (1, 2;\nname = \"x\";", "unclosed-bracket", 1, 10},
	    {"fields = (1 2);", "unclosed-bracket", 1, 10},
	    {"fields = [1, \"x\"];", "mixed-array", 1, 14},
	    {"fields = [{}];", "missing-value", 1, 11},
	    {"}", "stray-bracket", 1, 1},
	    {")", "setting-name", 1, 1},
	    {"/* x", "unclosed-comment", 1, 1},
	    {"limit = 1x;", "not-a-number", 1, 9},
	    {"limit = 0x;", "not-a-number", 1, 9},
	    {"limit = -;", "not-a-number", 1, 9},
	    {"limit = 1..2;", "not-a-number", 1, 9},
	    {"limit = 0x10000000000000000;", "integer-range", 1, 9},
	    {"limit = 9223372036854775808L;", "integer-range", 1, 9},
	    {"name = \"x\";\n@include \"none.cfg\"\n", "cannot-open", 2, 10},
	    {"name = \"x\";\n@include none\n", "include", 2, 1},
	    {"@include \"a.cfg\"\n", "include", 1, 10},
	    {"name = \"\x93\xfa\";", "not-utf8", 1, 9},
	    {"source = { a = 1; a = 2; };", "repeated", 1, 19},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		read_z(f, bad[i].text);
		const struct hub_err *e = hub_report_at(f->report, 0);
		char where[128];
		snprintf(where, sizeof where, "%s/a.cfg:%u:%u", f->dir, bad[i].line, bad[i].col);
		if (!e)
			fail_msg("nothing found in %s", bad[i].text);
		else if ((strcmp(e->code, bad[i].code) != 0 &&
			  strcmp(bad[i].code, "cannot-open") != 0) ||
			 strcmp(e->where, where) != 0)
			fail_msg("%s: got %s %s, want %s %s", bad[i].text, e->where, e->code, where,
				 bad[i].code);
	}
	read_text(f, HUB_STR("name = \"\0\";"));
	assert_string_equal(hub_report_at(f->report, 0)->code, "nul-byte");
}

static void includes(void **state)
{
	struct fixture *f = *state;

	write_file(f, "b.cfg", HUB_STR("limit = 0;\nfile = \"y\";\nbogus = 1\n"));
	read_z(f, "name = \"x\";\n  @include \"b.cfg\"\nlimit = 3;\n");
	assert_string_equal(
	    printed(f),
	    "a.cfg:3:1: error: \"limit\" is already set\n"
	    "    3 | limit = 3;\n"
	    "      | ^^^^^\n"
	    "hint: It stands in b.cfg:1, too; remove one of them.\n"
	    "b.cfg:1:9: error: option \"limit\" is out of range\n"
	    "    1 | limit = 0;\n"
	    "      |         ^\n"
	    "hint: Allowed: 1..1099511627776.\n"
	    "b.cfg:3:1: error: unknown option \"bogus\" for job\n"
	    "    3 | bogus = 1\n"
	    "      | ^^^^^\n"
	    "hint: There are: name, file, password, size, wait, limit, full, mode, share, "
	    "source, fields.\n");
}

static void secrets_stay_hidden(void **state)
{
	struct fixture *f = *state;

	read_z(f, "name = \"x\"; bogus1 = 1; password = \"hunter2\"; bogus2 = 1;\n"
		  "pasword = \"hunter2\"; bogus3 = 1;\n"
		  "apiToken = hunter2\n"
		  "password_file = \"hunter2\n"
		  "url = \"postgresql://me:hunter2@db/x\"; bogus4 = 1;\n");
	const char *text = printed(f);
	assert_null(strstr(text, "hunter2"));
	assert_non_null(strstr(text, "password = ***"));
	assert_non_null(strstr(text, "postgresql://***@db/x"));
	assert_non_null(strstr(text, "unknown option \"pasword\""));
}

/* A caret under Japanese text stands where the reader looks. */
static void carets_and_places_in_text(void **state)
{
	struct fixture *f = *state;

	read_z(f, "name = \"\xe6\xb0\x8f\\t\xe5\x90\x8d\" \"ab\"; x\n");
	const config_setting_t *s = config_setting_get_member(
	    (config_setting_t *)(uintptr_t)hub_conf_root(f->conf), "name");
	static const struct {
		size_t at, len, from, bytes;
	} spots[] = {
	    {0, 3, 8, 3},  /* the first character */
	    {3, 1, 11, 1}, /* the escape begins there */
	    {4, 3, 13, 3}, {7, 2, 19, 2}, {7, 1, 19, 1}, {9, 0, 21, 0},
	};
	for (size_t i = 0; i < HUB_COUNT(spots); i++) {
		const struct hub_place p = hub_conf_inside(s, spots[i].at, spots[i].len);
		assert_int_equal(p.at, spots[i].from);
		assert_int_equal(p.len, spots[i].bytes);
	}
	const char *text = printed(f);
	assert_non_null(strstr(text, "      |         \xe3\x80\x80  \xe3\x80\x80         ^"));
	assert_non_null(strstr(text, "a.cfg:1:22: error: = or : is missing behind \"x\""));
}

static void missing_file(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    hub_conf_read(f->arena, f->report, "/nonexistent/x.cfg", &f->conf, &f->err), HUB_CONF);
	assert_null(f->conf);
	assert_int_equal(hub_report_count(f->report), 1);
}

/* What the scanner lets pass libconfig reads, and the tree has as many settings as places. */
static void every_byte_missing_once(void **state)
{
	static const char text[] =
	    "name = \"a\" \"b\"; # c\nsource: { x = [1, 2L]; y = ({a=1},\"t\"); };"
	    "/* d */ share = -1.5e+3; limit=0xFf; full = false, mode=\"full\"\n";
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof text - 1; i++) {
		char cut[sizeof text];
		memcpy(cut, text, i);
		memcpy(cut + i, text + i + 1, sizeof text - i - 1);
		read_text(f, (struct hub_str){cut, sizeof text - 2});
		for (size_t k = 0; k < hub_report_count(f->report); k++)
			if (strcmp(hub_report_at(f->report, k)->code, "syntax") == 0)
				fail_msg("without byte %zu only libconfig finds the fault", i);
	}
	read_text(f, HUB_STR(text));
	assert_int_equal(hub_report_count(f->report), 0);
}

static void every_allocation_may_fail(void **state)
{
	struct fixture *f = *state;
	int failures = 0;

	for (unsigned long k = 1; k < 200; k++) {
		hub_fault_arm(0);
		struct hub_arena *a = hub_arena_new(0);
		char path[96];
		struct hub_conf *c = NULL;
		struct values v = {0};
		snprintf(path, sizeof path, "%s/a.cfg", f->dir);
		write_file(f, "a.cfg", HUB_STR("name = \"x\"; source = { a = 1; };\n"));
		hub_fault_arm(k);
		struct hub_report *r = hub_report_new(a);
		int rc = r ? hub_conf_read(a, r, path, &c, &f->err) : HUB_FATAL;
		if (!rc)
			rc = hub_conf_take(hub_conf_root(c), &keys, a, &v, NULL, r);
		const unsigned long made = hub_fault_arm(0);
		hub_conf_free(c);
		hub_arena_free(a);
		if (made < k)
			break;
		assert_int_not_equal(rc, HUB_OK);
		failures++;
	}
	assert_true(failures >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(everything_right, setup, teardown),
	    cmocka_unit_test_setup_teardown(unknown_option, setup, teardown),
	    cmocka_unit_test_setup_teardown(all_in_one_run, setup, teardown),
	    cmocka_unit_test_setup_teardown(faults_of_form, setup, teardown),
	    cmocka_unit_test_setup_teardown(includes, setup, teardown),
	    cmocka_unit_test_setup_teardown(secrets_stay_hidden, setup, teardown),
	    cmocka_unit_test_setup_teardown(carets_and_places_in_text, setup, teardown),
	    cmocka_unit_test_setup_teardown(missing_file, setup, teardown),
	    cmocka_unit_test_setup_teardown(every_byte_missing_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(every_allocation_may_fail, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
