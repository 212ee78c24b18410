#include "test.h"

#include "base/err.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	char dir[64], path[80], other[80];
	int syncs, fail_at; /* calls of fsync; the one that fails, 0: none */
	struct hub_err err;
} fx;

/* In place of the library's: what is durable cannot be seen otherwise. */
int fsync(int fd)
{
	(void)fd;
	if (++fx.syncs != fx.fail_at)
		return 0;
	errno = EIO;
	return -1;
}

static int setup(void **state)
{
	(void)state;
	memset(&fx, 0, sizeof fx);
	snprintf(fx.dir, sizeof fx.dir, "/tmp/test_io_XXXXXX");
	if (!mkdtemp(fx.dir))
		return -1;
	snprintf(fx.path, sizeof fx.path, "%s/a", fx.dir);
	snprintf(fx.other, sizeof fx.other, "%s/b", fx.dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(fx.path);
	unlink(fx.other);
	return rmdir(fx.dir); /* nothing else is left in it */
}

static void must_hold(const char *want)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_str got;

	assert_int_equal(hub_file_read(a, fx.path, 1 << 16, &got, &fx.err), HUB_OK);
	assert_true(hub_str_is(got, want));
}

/* Content and folder are on the disk when it says so, and nobody else may read it. */
static void what_is_written_is_durable(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(hub_file_write(fx.path, HUB_STR("old"), &fx.err), HUB_OK);
	assert_int_equal(fx.syncs, 2);
	assert_int_equal(stat(fx.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	must_hold("old");
}

/* Content that may not be on the disk never takes the place of what is. */
static void what_fails_leaves_the_old(void **state)
{
	struct hub_out *o;

	(void)state;
	assert_int_equal(hub_file_write(fx.path, HUB_STR("old"), &fx.err), HUB_OK);
	fx.syncs = 0;
	fx.fail_at = 1;
	assert_int_equal(hub_file_write(fx.path, HUB_STR("new"), &fx.err), HUB_RETRY);
	assert_string_equal(fx.err.code, "cannot-write");
	must_hold("old");
	fx.syncs = 0;
	fx.fail_at = 2;
	assert_int_equal(hub_file_write(fx.path, HUB_STR("new"), &fx.err), HUB_RETRY);
	fx.fail_at = 0;
	assert_int_equal(hub_out_open(fx.path, &o, &fx.err), HUB_OK);
	assert_int_equal(hub_out_add(o, HUB_STR("half"), &fx.err), HUB_OK);
	hub_out_drop(o);
	must_hold("new");
}

static void set_time(const char *path, long ns)
{
	const struct timespec t[2] = {{.tv_sec = 1700000000},
				      {.tv_sec = 1700000000, .tv_nsec = ns}};

	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void rewrite(const char *path, const char *content)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd != -1);
	assert_int_equal(hub_write_all(fd, content, strlen(content)), 0);
	close(fd);
	set_time(path, 5);
}

/* Another length, another time, another file of the same name: each by itself says that it changed. */
static void a_changed_file_is_noticed(void **state)
{
	struct hub_file_stamp stamp;
	uint8_t sha[HUB_SHA256];

	(void)state;
	rewrite(fx.path, "abc");
	assert_int_equal(hub_file_hash(fx.path, NULL, sha, &stamp, &fx.err), HUB_OK);
	assert_int_equal(stamp.bytes, 3);
	assert_int_equal(hub_file_same(fx.path, &stamp, &fx.err), HUB_OK);

	set_time(fx.path, 6);
	assert_int_equal(hub_file_same(fx.path, &stamp, &fx.err), HUB_RETRY);
	assert_string_equal(fx.err.code, "changed-while-reading");
	rewrite(fx.path, "abcd");
	assert_int_equal(hub_file_same(fx.path, &stamp, &fx.err), HUB_RETRY);
	rewrite(fx.path, "abc");
	assert_int_equal(hub_file_same(fx.path, &stamp, &fx.err), HUB_OK);
	rewrite(fx.other, "abc");
	assert_int_equal(rename(fx.other, fx.path), 0);
	assert_int_equal(hub_file_same(fx.path, &stamp, &fx.err), HUB_RETRY);
	unlink(fx.path);
	assert_int_equal(hub_file_same(fx.path, &stamp, &fx.err), HUB_RETRY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_is_written_is_durable, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_fails_leaves_the_old, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_changed_file_is_noticed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
