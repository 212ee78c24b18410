#include "test.h"

#include "plugin/option.h"

struct conf {
	struct hub_str delimiter, path, url, password;
	int64_t width, tolerant, buffer, wait, mode;
};

#define AT(field) .offset = offsetof(struct conf, field)
static const char *const modes[] = {"strict", "loose", NULL};
static const struct hub_opt opts[] = {
    {.name = "delimiter", .type = HUB_O_TEXT, AT(delimiter), .dflt = "\\t", .help = "h"},
    {.name = "path", .type = HUB_O_PATH, AT(path), .flags = HUB_OPT_REQUIRED, .help = "h"},
    {.name = "url", .type = HUB_O_URL, AT(url), .help = "h"},
    {.name = "password", .type = HUB_O_TEXT, AT(password), .flags = HUB_OPT_SECRET, .help = "h"},
    {.name = "width", .type = HUB_O_INT, AT(width), .dflt = "-1", .min = -1, .max = 9, .help = "h"},
    {.name = "tolerant", .type = HUB_O_BOOL, AT(tolerant), .dflt = "yes", .help = "h"},
    {.name = "buffer", .type = HUB_O_SIZE, AT(buffer), .dflt = "64k", .help = "h"},
    {.name = "wait",
     .type = HUB_O_MSEC,
     AT(wait),
     .dflt = "5m",
     .min = 1,
     .max = 600000,
     .help = "h"},
    {.name = "mode", .type = HUB_O_ENUM, AT(mode), .dflt = "loose", .words = modes, .help = "h"},
    {.name = NULL},
};

static int rule(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct conf *c = conf;

	if (c->mode == 0 && c->tolerant)
		return HUB_FAIL(host, err, HUB_CONF, "both",
				"strict and tolerant exclude each other");
	return c->width == 7 ? HUB_CONF : HUB_OK;
}

static const struct hub_plugin plugin = {HUB_PLUGIN_HEAD,
					 .kind = HUB_SOURCE,
					 .name = "test",
					 .opts = opts,
					 .conf_size = sizeof(struct conf),
					 .check = rule};

struct fixture {
	struct hub_arena *arena;
	struct hub_options o;
	struct hub_err err;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.arena = hub_arena_new(0)};
	*state = &f;
	return hub_options_init(&f.o, f.arena, &plugin, &f.err);
}

static int teardown(void **state)
{
	hub_arena_free(((struct fixture *)*state)->arena);
	return 0;
}

static int set(struct fixture *f, const char *name, const char *text)
{
	return hub_options_set(&f->o, hub_str_of(name), hub_str_of(text), &f->err);
}

static void defaults(void **state)
{
	struct fixture *f = *state;
	const struct conf *c = f->o.conf;

	assert_str(c->delimiter, "\t");
	assert_int_equal(c->width, -1);
	assert_int_equal(c->tolerant, 1);
	assert_int_equal(c->buffer, 65536);
	assert_int_equal(c->wait, 300000);
	assert_int_equal(c->mode, 1);
	assert_int_equal(c->path.len, 0);
}

static void good_values(void **state)
{
	static const struct {
		const char *name, *text;
	} good[] = {
	    {"delimiter", "\\x3b"}, {"width", "9"},     {"width", "0"},   {"tolerant", "off"},
	    {"buffer", "10M"},      {"buffer", "0"},    {"buffer", "2G"}, {"wait", "500ms"},
	    {"wait", "10m"},        {"mode", "strict"}, {"path", "-"},    {"url", "https://h"},
	    {"delimiter", ""},      {"path", "C:\\x"},
	};
	struct fixture *f = *state;
	const struct conf *c = f->o.conf;

	for (size_t i = 0; i < HUB_COUNT(good); i++)
		if (set(f, good[i].name, good[i].text))
			fail_msg("%s = %s: %s", good[i].name, good[i].text, f->err.what);
	assert_int_equal(c->buffer, (int64_t)2 << 30);
	assert_int_equal(c->wait, 600000);
	assert_str(c->path, "C:\\x");
	assert_int_equal(c->path.ptr[c->path.len], '\0');
}

static void bad_values(void **state)
{
	static const struct {
		const char *name, *text, *code;
	} bad[] = {
	    {"width", "10", "option-range"},
	    {"width", "-2", "option-range"},
	    {"width", "99999999999999999999", "option-range"},
	    {"width", "1x", "option-type"},
	    {"width", "", "option-type"},
	    {"tolerant", "maybe", "option-type"},
	    {"buffer", "64q", "option-type"},
	    {"buffer", "-1", "option-type"},
	    {"buffer", "9999999999G", "option-range"},
	    {"wait", "30", "option-type"},
	    {"wait", "0ms", "option-range"},
	    {"wait", "11m", "option-range"},
	    {"mode", "strikt", "option-word"},
	    {"url", "host/path", "option-type"},
	    {"path", "", "option-text"},
	    {"delimiter", "\\q", "option-escape"},
	    {"delimiter", "\\", "option-escape"},
	    {"delimiter", "\x83\x5c", "option-escape"},
	    {"delimiter", "\xff", "option-text"},
	    {"delimeter", ";", "unknown-option"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		const struct conf before = *(const struct conf *)f->o.conf;
		f->err = (struct hub_err){0};
		assert_int_equal(set(f, bad[i].name, bad[i].text), HUB_CONF);
		assert_string_equal(f->err.code, bad[i].code);
		assert_true(f->err.hint[0] != '\0' || strcmp(bad[i].code, "option-text") == 0);
		assert_memory_equal(&before, f->o.conf, sizeof before);
	}
	assert_int_equal(set(f, "delimeter", ";"), HUB_CONF);
	assert_string_equal(f->err.what, "unknown option \"delimeter\" for source test");
	assert_string_equal(
	    f->err.hint,
	    "Did you mean \"delimiter\"? `tsunagi plugin info test` lists all 9 options.");
}

static void required_and_rules(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(hub_options_finish(&f->o, &f->err), HUB_CONF);
	assert_string_equal(f->err.code, "option-missing");
	assert_int_equal(set(f, "path", "x.csv"), HUB_OK);
	assert_int_equal(hub_options_finish(&f->o, &f->err), HUB_OK);
	assert_int_equal(set(f, "mode", "strict"), HUB_OK);
	assert_int_equal(hub_options_finish(&f->o, &f->err), HUB_CONF);
	assert_string_equal(f->err.code, "both");
	/* a check() that fails without a word still gives a message */
	assert_int_equal(set(f, "mode", "loose"), HUB_OK);
	assert_int_equal(set(f, "width", "7"), HUB_OK);
	f->err = (struct hub_err){0};
	assert_int_equal(hub_options_finish(&f->o, &f->err), HUB_CONF);
	assert_string_equal(f->err.code, "plugin-silent");
}

static void secrets_do_not_show(void **state)
{
	static const struct {
		const char *url, *shown;
	} urls[] = {
	    {"https://host/a", "https://host/a"},
	    {"https://u:p@host/a", "https://***@host/a"},
	    {"https://u:p@w@host:1/a", "https://***@host:1/a"},
	    {"https://u:p/w@host/a", "https://***@host/a"},
	    {"https://host/a?token=t", "https://host/a?***"},
	    {"u:p@host", "***@host"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < HUB_COUNT(urls); i++)
		assert_str(hub_option_show(&opts[2], hub_str_of(urls[i].url), f->arena),
			   urls[i].shown);
	assert_str(hub_option_show(&opts[3], HUB_STR("hunter2"), f->arena), "***");
}

/* Each row breaks one rule of a table that is otherwise right. */
static void bad_tables(void **state)
{
	static const char *const none[] = {NULL};
	static const struct {
		struct hub_opt opt;
		const char *why;
	} bad[] = {
	    {{.name = "Big", .type = HUB_O_INT, .help = "h"}, "lower-case"},
	    {{.name = "plugin", .type = HUB_O_INT, .help = "h"}, "reserved"},
	    {{.name = "x", .type = 99, .help = "h"}, "type is unknown"},
	    {{.name = "x", .type = HUB_O_INT}, "no help"},
	    {{.name = "x", .type = HUB_O_INT, .help = "h", .offset = sizeof(struct conf)},
	     "offset"},
	    {{.name = "x", .type = HUB_O_INT, .help = "h", .offset = SIZE_MAX}, "offset"},
	    {{.name = "x", .type = HUB_O_INT, .help = "h", .offset = 4}, "offset"},
	    {{.name = "x", .type = HUB_O_ENUM, .help = "h", .words = none}, "no words"},
	    {{.name = "x", .type = HUB_O_INT, .help = "h", .min = 2, .max = 1}, "range is empty"},
	    {{.name = "x", .type = HUB_O_TEXT, .help = "h", .flags = HUB_OPT_INPUT}, "only a path"},
	    {{.name = "x", .type = HUB_O_INT, .help = "h", .dflt = "1", .flags = HUB_OPT_REQUIRED},
	     "required and has"},
	    {{.name = "x", .type = HUB_O_INT, .help = "h", .dflt = "one"}, "default is not"},
	    {{.name = "first", .type = HUB_O_INT, .help = "h", AT(width)}, "appears twice"},
	    {{.name = "x", .type = HUB_O_TEXT, .help = "h", AT(password) - 8}, "shares its place"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		const struct hub_opt table[] = {
		    {.name = "first", .type = HUB_O_TEXT, AT(url), .help = "h"}, bad[i].opt, {0}};
		const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_SOURCE, .name = "test",
					     .opts = table, .conf_size = sizeof(struct conf)};
		f->err = (struct hub_err){0};
		assert_int_equal(hub_options_check_table(&p, &f->err), HUB_CONF);
		if (!strstr(f->err.what, bad[i].why))
			fail_msg("got \"%s\", want \"%s\"", f->err.what, bad[i].why);
	}
	assert_int_equal(hub_options_check_table(&plugin, &f->err), HUB_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(defaults, setup, teardown),
	    cmocka_unit_test_setup_teardown(good_values, setup, teardown),
	    cmocka_unit_test_setup_teardown(bad_values, setup, teardown),
	    cmocka_unit_test_setup_teardown(required_and_rules, setup, teardown),
	    cmocka_unit_test_setup_teardown(secrets_do_not_show, setup, teardown),
	    cmocka_unit_test_setup_teardown(bad_tables, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
