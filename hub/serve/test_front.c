/* The web process as the daemon sees it: what it says, what becomes of one that stands still or cannot serve. A shell script
 * in its place, and a clock of our own. */
#include "test.h"

#include "base/clock.h"
#include "base/io.h"
#include "serve/crew.h"
#include "serve/front.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char dir[64], program[96];
	struct hub_front front;
	int64_t ticks;
	struct hub_err err;
};

static int setup(void **state)
{
	static const char script[] =
	    "#!/bin/sh\n"
	    "case $2 in\n"
	    "silent) ;;\n"
	    "alive) echo '{\"event\":\"alive\",\"late\":0}' >&3 ;;\n"
	    "late) echo '{\"event\":\"alive\",\"late\":3}' >&3 ;;\n"
	    "unfit) echo "
	    "'{\"event\":\"end\",\"rc\":-5,\"code\":\"schema-changed\",\"message\":\"other\","
	    "\"where\":\"\",\"hint\":\"apply\"}' >&3; exit 3 ;;\n"
	    "crash) kill -SEGV $$ ;;\n"
	    "esac\n"
	    "exec sleep 600\n";
	static struct fixture f;

	f = (struct fixture){.dir = "/tmp/test_front.XXXXXX"};
	if (!mkdtemp(f.dir))
		return -1;
	snprintf(f.program, sizeof f.program, "%s/web", f.dir);
	if (hub_file_write(f.program, hub_str_of(script), &f.err) || chmod(f.program, 0700))
		return -1;
	hub_front_init(&f.front, f.dir);
	*state = &f;
	return hub_front_listen(&f.front, HUB_STR("127.0.0.1:0"), &f.err);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	hub_child_signal(&f->front.child, SIGKILL);
	hub_front_close(&f->front);
	unlink(f->program);
	rmdir(f->dir);
	return 0;
}

/* One step, when the process has said something or has ended. */
static void step(struct fixture *f, const char *how, short until_ended)
{
	struct pollfd p = {.fd = until_ended ? f->front.child.pidfd : f->front.child.progress,
			   .events = POLLIN};

	if (f->front.child.pid)
		assert_int_equal(poll(&p, 1, 60000), 1);
	hub_front_step(&f->front, f->program, how, f->ticks);
}

static void serves(void **state)
{
	struct fixture *f = *state;

	hub_front_step(&f->front, f->program, "alive", f->ticks);
	assert_false(hub_front_state(&f->front).serving);
	step(f, "alive", 0);
	assert_true(hub_front_state(&f->front).serving);
	assert_int_equal(f->front.deaths, 0);
}

static void answers_late(void **state)
{
	struct fixture *f = *state;

	hub_front_step(&f->front, f->program, "late", f->ticks);
	step(f, "late", 0);
	assert_true(hub_front_state(&f->front).serving);
	assert_int_equal(hub_front_state(&f->front).late, 3);
}

static void stands_still(void **state)
{
	struct fixture *f = *state;

	hub_front_step(&f->front, f->program, "alive", f->ticks);
	step(f, "alive", 0);
	const pid_t pid = f->front.child.pid;
	f->ticks += 60000;
	hub_front_step(&f->front, f->program, "alive", f->ticks);
	assert_int_equal(f->front.child.pid, pid); /* it may be slow */
	f->ticks += 1;
	hub_front_step(&f->front, f->program, "alive", f->ticks);
	step(f, "alive", 1);
	assert_int_equal(f->front.child.pid, 0);
	assert_string_equal(f->front.why.code, "web-hung");
	assert_int_equal(f->front.deaths, 1);
	assert_false(hub_front_state(&f->front).serving);
	f->ticks += 30000; /* and there is another one */
	hub_front_step(&f->front, f->program, "alive", f->ticks);
	assert_int_not_equal(f->front.child.pid, 0);
	step(f, "alive", 0);
	assert_true(hub_front_state(&f->front).serving);
	assert_int_equal(f->front.why.rc, 0);
}

/* Before the first word it may be changing the tables of modules: that is given more time, not all there is. */
static void never_begins(void **state)
{
	struct fixture *f = *state;

	hub_front_step(&f->front, f->program, "silent", f->ticks);
	f->ticks += 900000;
	hub_front_step(&f->front, f->program, "silent", f->ticks);
	assert_int_equal(f->front.pulse.why.rc, 0);
	f->ticks += 1;
	hub_front_step(&f->front, f->program, "silent", f->ticks);
	step(f, "silent", 1);
	assert_string_equal(f->front.why.code, "web-hung");
}

static void cannot_serve(void **state)
{
	struct fixture *f = *state;

	hub_front_step(&f->front, f->program, "unfit", f->ticks);
	step(f, "unfit", 1);
	assert_int_equal(f->front.why.rc, HUB_CONF);
	assert_string_equal(f->front.why.what, "other");
	assert_string_equal(f->front.why.hint, "apply");
	assert_true(hub_str_is(hub_front_state(&f->front).code, "schema-changed"));
}

static void crashes(void **state)
{
	struct fixture *f = *state;

	hub_front_step(&f->front, f->program, "crash", f->ticks);
	step(f, "crash", 1);
	assert_string_equal(f->front.why.code, "web-died");
	assert_non_null(strstr(f->front.why.what, "SEGV"));
}

/* --- the threads that answer ---------------------------------------------------------------------- */

static void wait_for_byte(void *arg)
{
	char c;

	while (hub_read(*(int *)arg, &c, 1) < 0)
		;
}

static void crew_is_stuck(void **state)
{
	struct hub_arena *a = hub_arena_new(0);
	struct hub_crew *c;
	struct hub_err err;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	struct hub_crew_job one = {.work = wait_for_byte, .arg = &ends[0]}, two = one;
	assert_int_equal(hub_crew_start(a, 1, &c, &err), HUB_OK);
	const int64_t later = hub_ticks_ms() + 1000000;
	assert_false(hub_crew_is_stuck(c, later, 1000)); /* nobody waits */
	hub_crew_put(c, &one);
	hub_crew_put(c, &two);
	assert_true(hub_crew_is_stuck(c, later, 1000));
	assert_false(hub_crew_is_stuck(c, hub_ticks_ms(), 600000));
	assert_int_equal(write(ends[1], "xx", 2), 2);
	hub_crew_stop(c);
	assert_false(hub_crew_is_stuck(c, later, 1000));
	hub_arena_free(a);
}

/* Some wait for what never comes, and nobody else has to wait: it is seen all the same, and when they are most, it counts. */
static void some_are_late(void **state)
{
	struct hub_arena *a = hub_arena_new(0);
	struct hub_crew *c;
	struct hub_err err;
	struct hub_crew_job job[3];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(hub_crew_start(a, 4, &c, &err), HUB_OK);
	for (unsigned i = 0; i < HUB_COUNT(job); i++) {
		const int64_t later = hub_ticks_ms() + 1000000;
		job[i] = (struct hub_crew_job){.work = wait_for_byte, .arg = &ends[0]};
		hub_crew_put(c, &job[i]);
		while (hub_crew_late(c, later, 1000) < i + 1)
			poll(NULL, 0, 1);
		assert_int_equal(hub_crew_late(c, hub_ticks_ms(), 1000000), 0);
		assert_int_equal(hub_crew_is_stuck(c, later, 1000), i == 2);
	}
	assert_int_equal(write(ends[1], "xxx", 3), 3);
	hub_crew_stop(c);
	assert_int_equal(hub_crew_late(c, hub_ticks_ms() + 1000000, 1000), 0);
	hub_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(serves, setup, teardown),
	    cmocka_unit_test_setup_teardown(answers_late, setup, teardown),
	    cmocka_unit_test_setup_teardown(stands_still, setup, teardown),
	    cmocka_unit_test_setup_teardown(never_begins, setup, teardown),
	    cmocka_unit_test_setup_teardown(cannot_serve, setup, teardown),
	    cmocka_unit_test_setup_teardown(crashes, setup, teardown),
	    cmocka_unit_test(crew_is_stuck),
	    cmocka_unit_test(some_are_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
