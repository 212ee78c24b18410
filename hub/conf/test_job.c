#include "test.h"

#include "base/io.h"
#include "conf/job.h"

#include <stdlib.h>
#include <unistd.h>

struct fixture {
	char path[64];
	struct hub_arena *arena;
	struct hub_report *report;
	struct hub_conf *conf;
	struct hub_jobs jobs;
	struct hub_err err;
};

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.arena = hub_arena_new(0), .path = "/tmp/test_job.XXXXXX"};
	const int fd = mkstemp(f.path);
	*state = &f;
	return fd == -1 ? -1 : close(fd);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	hub_conf_free(f->conf);
	hub_arena_free(f->arena);
	return 0;
}

static int take(struct fixture *f, const char *text)
{
	hub_conf_free(f->conf);
	f->report = hub_report_new(f->arena);
	assert_int_equal(hub_file_write(f->path, hub_str_of(text), &f->err), HUB_OK);
	assert_int_equal(hub_conf_read(f->arena, f->report, f->path, &f->conf, &f->err), HUB_OK);
	return hub_jobs_take(f->conf, f->arena, &f->jobs, f->report);
}

static void two_jobs(void **state)
{
	struct fixture *f = *state;
	const struct hub_job *j;
	struct hub_str plugin;

	assert_int_equal(take(f, "store = \"sqlite:x.db\"; jobs: {\n"
				 "in: { kind = \"intake\"; mapping = \"m\"; mode = \"full\";\n"
				 "  source: { plugin = \"csv\"; path = \"a\"; }; };\n"
				 "out: { kind = \"release\"; profile = \"p\"; sink: {}; };\n"
				 "};"),
			 HUB_OK);
	assert_int_equal(f->jobs.count, 2);
	assert_str(f->jobs.store, "sqlite:x.db");
	assert_int_equal(hub_jobs_find(&f->jobs, HUB_STR("in"), &j, &f->err), HUB_OK);
	assert_int_equal(j->mode, HUB_JOB_FULL);
	assert_int_equal(hub_job_plugin(j->source, &plugin, f->report), HUB_OK);
	assert_str(plugin, "csv");
	assert_int_equal(hub_jobs_find(&f->jobs, HUB_STR("out"), &j, &f->err), HUB_OK);
	assert_int_equal(j->kind, HUB_JOB_RELEASE);
	assert_int_equal(hub_report_count(f->report), 0);
	assert_int_equal(hub_job_plugin(j->sink, &plugin, f->report), HUB_CONF);
	assert_int_equal(hub_jobs_find(&f->jobs, HUB_STR("oout"), &j, &f->err), HUB_USAGE);
	assert_string_equal(f->err.hint, "Did you mean \"out\"? There are: in, out.");
}

static void wrong_shapes(void **state)
{
	static const char *const want[] = {"the configuration needs",
					   "job a (intake) needs \"source\"",
					   "job a (intake) has no use for \"profile\"",
					   "\"b\" is not of type group",
					   "unknown option \"maping\"",
					   "job needs the option \"kind\""};
	struct fixture *f = *state;

	assert_int_equal(
	    take(f, "jobs: {\n a: { kind = \"intake\"; mapping = \"m\"; profile = \"p\" };\n"
		    "b = 1;\n c: { maping = \"x\" };\n};"),
	    HUB_CONF);
	assert_int_equal(hub_report_count(f->report), HUB_COUNT(want));
	for (size_t i = 0; i < HUB_COUNT(want); i++) {
		int found = 0;
		for (size_t k = 0; k < HUB_COUNT(want); k++)
			found |= strstr(hub_report_at(f->report, k)->what, want[i]) != NULL;
		if (!found)
			fail_msg("missing: %s", want[i]);
	}
}

static void a_mapping_instead(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(take(f, "mapping: { name = \"m\"; };\nperson: { name = \"a\"; };"),
			 HUB_CONF);
	assert_int_equal(hub_report_count(f->report), 1);
	assert_string_equal(hub_report_at(f->report, 0)->code, "not-a-configuration");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(two_jobs, setup, teardown),
	    cmocka_unit_test_setup_teardown(wrong_shapes, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_mapping_instead, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
