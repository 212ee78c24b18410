/* What holds for every sink that writes one file: run by the test of each of them. The sink's rows
 * are one column "a". */
#ifndef PLUGINS_SHARED_TEST_OUTFILE_H
#define PLUGINS_SHARED_TEST_OUTFILE_H

#include "test_sink.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#define OUT_NAME "out.csv" /* sink-csv takes one file by this name, the others do not care */

static inline void fill_one(struct sink *s)
{
	sink_fill(s, "person", 1, (const char *const[]){"a"}, 1, (const char *const[]){"x"});
}

static inline void nothing_before_commit(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, OUT_NAME, NULL);
	fill_one(&s);
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_str(sink_files(&s), OUT_NAME ".part ");
	assert_mode_0600(&s, OUT_NAME ".part");
	sink_close(&s);
	assert_str(sink_files(&s), "");
	sink_free(&s);
}

static inline void commit_publishes_once(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	umask(0);
	sink_open(&s, OUT_NAME, NULL);
	fill_one(&s);
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_files(&s), OUT_NAME " ");
	assert_mode_0600(&s, OUT_NAME);
	const struct hub_str before = sink_read(&s, OUT_NAME);
	assert_int_equal(sink_write(&s), HUB_FATAL);
	assert_string_equal(s.err.code, "after-commit");
	sink_close(&s);
	assert_str(sink_read(&s, OUT_NAME), before.ptr);
	assert_str(sink_files(&s), OUT_NAME " ");
	sink_free(&s);
}

/* What an earlier, killed run left is taken over, with its mode; a longer rest does not show. */
static inline void takes_over_a_stale_part(void **state)
{
	struct sink s;
	char part[400];

	(void)state;
	sink_init(&s);
	snprintf(part, sizeof part, "%s/" OUT_NAME ".part", s.folder);
	const int fd = open(part, O_WRONLY | O_CREAT, 0644);
	assert_int_equal(hub_write_all(fd, part, sizeof part), 0);
	close(fd);
	sink_open(&s, OUT_NAME, NULL);
	fill_one(&s);
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_mode_0600(&s, OUT_NAME ".part");
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_true(sink_read(&s, OUT_NAME).len < sizeof part);
	sink_free(&s);
}

static inline void two_runs_to_one_place(void **state)
{
	struct sink s, other;

	(void)state;
	sink_init(&s);
	sink_init(&other);
	sink_open(&s, OUT_NAME, NULL);
	fill_one(&s);
	assert_int_equal(sink_write(&s), HUB_OK); /* sink-csv opens its file here */
	int rc = sink_try(&other, s.path, "", NULL);
	if (!rc) {
		fill_one(&other);
		rc = sink_write(&other);
	}
	assert_int_equal(rc, HUB_LOCKED);
	sink_free(&other);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_true(sink_read(&s, OUT_NAME).len > 0);
	sink_free(&s);
}

/* A device, or a link to one, would be replaced by the rename. */
static inline void refuses_what_is_no_file(void **state)
{
	(void)state;
	for (int link = 0; link < 2; link++) {
		struct sink s;
		sink_init(&s);
		snprintf(s.path, sizeof s.path, "%s/" OUT_NAME, s.folder);
		assert_int_equal(link ? symlink("/dev/null", s.path) : mkfifo(s.path, 0600), 0);
		int rc = sink_try(&s, NULL, OUT_NAME, NULL);
		if (!rc) {
			fill_one(&s);
			rc = sink_write(&s);
		}
		assert_int_equal(rc, HUB_CONF);
		assert_string_equal(s.err.code, "not-a-file");
		assert_str(sink_files(&s), OUT_NAME " ");
		sink_free(&s);
	}
}

/* A full disk, made by a limit of the process on the size of a file. */
static inline void full_disk_leaves_nothing(void **state)
{
	static char big[3000];
	struct rlimit old, small;
	struct sink s;
	int rc = HUB_OK;

	(void)state;
	memset(big, 'x', sizeof big - 1);
	sink_init(&s);
	sink_open(&s, OUT_NAME, NULL);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = (struct rlimit){.rlim_cur = 10000, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 10 && !rc; i++) {
		sink_fill(&s, "person", 1, (const char *const[]){"a"}, 1,
			  (const char *const[]){big});
		rc = sink_write(&s);
	}
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(rc, HUB_RETRY);
	assert_string_equal(s.err.code, "cannot-write");
	assert_true(s.err.hint[0]);
	sink_close(&s);
	assert_str(sink_files(&s), "");
	sink_free(&s);
}

#define OUTFILE_TESTS                                                                           \
	cmocka_unit_test(nothing_before_commit), cmocka_unit_test(commit_publishes_once),       \
	    cmocka_unit_test(takes_over_a_stale_part), cmocka_unit_test(two_runs_to_one_place), \
	    cmocka_unit_test(refuses_what_is_no_file), cmocka_unit_test(full_disk_leaves_nothing)

#endif
