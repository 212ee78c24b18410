/* The source that is surest of a file reads it; without a claim it is taken only by name. */
#include "test.h"

#include "base/io.h"
#include "plugin/choose.h"

#include <stdlib.h>
#include <unistd.h>

static struct hub_plugins *plugins(struct hub_arena *a)
{
	const char *build = getenv("BUILD");
	struct hub_plugins *p = hub_plugins_new(a);
	struct hub_err err;

	assert_non_null(p);
	const struct hub_str dir = hub_arena_printf(a, "%s/plugins", build ? build : "build");
	assert_int_equal(hub_plugins_load(p, dir.ptr, &err), HUB_OK);
	return p;
}

static void delimited_text_is_what_nobody_else_claims(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_plugins *p = plugins(a);
	const struct hub_plugin *got = NULL;
	char path[] = "/tmp/chooseXXXXXX";
	struct hub_err err;

	(void)state;
	const int fd = mkstemp(path);
	assert_true(fd != -1);
	assert_int_equal(write(fd, "a,b\n", 4), 4);
	close(fd);
	assert_int_equal(hub_source_choose(p, path, &got, &err), HUB_OK);
	assert_string_equal(got->name, "csv");
	got = NULL;
	assert_int_equal(hub_source_choose(p, "-", &got, &err), HUB_OK);
	assert_string_equal(got->name, "csv");
	unlink(path);
	assert_int_equal(hub_source_choose(p, path, &got, &err), HUB_RETRY);
}

static void without_sources_it_says_so(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_plugins *none = hub_plugins_new(a);
	const struct hub_plugin *got = NULL;
	struct hub_err err;

	(void)state;
	assert_int_equal(hub_source_choose(none, "-", &got, &err), HUB_CONF);
	assert_string_equal(err.code, "no-source");
	assert_null(got);
}

static void a_name_is_taken_as_it_is(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_plugins *p = plugins(a);
	const struct hub_plugin *got = NULL;
	struct hub_err err;

	(void)state;
	assert_int_equal(
	    hub_source_named(p, (struct hub_str){"csv", 3}, "/no/such/file", &got, &err), HUB_OK);
	assert_string_equal(got->name, "csv");
	assert_int_equal(hub_source_named(p, (struct hub_str){"nothing", 7}, "-", &got, &err),
			 HUB_CONF);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(delimited_text_is_what_nobody_else_claims),
	    cmocka_unit_test(without_sources_it_says_so),
	    cmocka_unit_test(a_name_is_taken_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
