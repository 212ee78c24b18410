/* A watched folder: what counts as complete, the way of a file, and what a crash between two steps leaves. */
#include "test.h"

#include "base/io.h"
#include "serve/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char dir[64], folder[96], done[96], rejected[96], taken[96];
	struct hub_watching conf;
	struct hub_watch *watch;
	struct hub_watch_sight sight;
	struct hub_taken file;
	struct hub_err err;
};

static void reopen(struct fixture *f)
{
	if (f->watch)
		hub_watch_close(f->watch);
	assert_int_equal(hub_watch_open(&f->conf, &f->watch, &f->err), HUB_OK);
}

static int setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.dir = "/tmp/test_watch.XXXXXX"};
	if (!mkdtemp(f.dir))
		return -1;
	snprintf(f.folder, sizeof f.folder, "%s/in", f.dir);
	snprintf(f.done, sizeof f.done, "%s/in/done", f.dir);
	snprintf(f.rejected, sizeof f.rejected, "%s/in/rejected", f.dir);
	snprintf(f.taken, sizeof f.taken, "%s/in/taken", f.dir);
	f.conf = (struct hub_watching){.folder = hub_str_of(f.folder),
				       .done = hub_str_of(f.done),
				       .rejected = hub_str_of(f.rejected),
				       .taken = hub_str_of(f.taken),
				       .pattern = HUB_STR("*.csv"),
				       .settle = 1000};
	*state = &f;
	reopen(&f);
	return 0;
}

static void sweep(const char *path)
{
	DIR *d = opendir(path);
	char name[512];

	for (const struct dirent *e; d && (e = readdir(d));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (unlink(name))
			sweep(name);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	hub_watch_close(f->watch);
	sweep(f->dir);
	return 0;
}

static void drop(const struct fixture *f, const char *name, const char *content)
{
	char path[512];

	snprintf(path, sizeof path, "%s/in/%s", f->dir, name);
	assert_int_equal(hub_file_write(path, hub_str_of(content), NULL), HUB_OK);
}

/* The same at that second of 1970. */
static void drop_old(const struct fixture *f, const char *name, time_t at)
{
	const struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};
	char path[512];

	drop(f, name, "1");
	snprintf(path, sizeof path, "%s/in/%s", f->dir, name);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static int there(const struct fixture *f, const char *name)
{
	char path[512];

	snprintf(path, sizeof path, "%s/in/%s", f->dir, name);
	return access(path, F_OK) == 0;
}

static size_t ready(struct fixture *f, int64_t ticks)
{
	assert_int_equal(hub_watch_look(f->watch, ticks, &f->sight, &f->err), HUB_OK);
	return f->sight.ready;
}

static const char *take(struct fixture *f)
{
	const int rc = hub_watch_take(f->watch, &f->file, &f->err);

	return rc == HUB_OK ? f->file.name : rc == HUB_END ? "-" : f->err.what;
}

static void finish(struct fixture *f, int well)
{
	if (hub_watch_finish(f->watch, well, HUB_STR("{}\n"), &f->err) != HUB_OK)
		fail_msg("%s", f->err.what);
}

static void complete(void **state)
{
	struct fixture *f = *state;
	char link[160];

	drop(f, "a.csv", "1");
	assert_int_equal(ready(f, 0), 0);
	assert_int_equal(f->sight.again, 1000);
	assert_int_equal(ready(f, 999), 0);
	drop(f, "a.csv", "12"); /* somebody is still writing */
	assert_int_equal(ready(f, 1000), 0);
	assert_int_equal(ready(f, 1999), 0);
	assert_int_equal(ready(f, 2000), 1);
	assert_int_equal(f->sight.oldest, 2000);
	/* neither are files for us */
	drop(f, ".b.csv", "1");
	drop(f, "b.csv.part", "1");
	drop(f, "b.txt", "1");
	drop(f, "~$a.csv", "1");
	drop(f, "B.CSV", "1");
	snprintf(link, sizeof link, "%s/in/l.csv", f->dir);
	assert_int_equal(symlink("a.csv", link), 0);
	assert_int_equal(ready(f, 2001), 1);
	assert_int_equal(f->sight.waiting, 2);
	assert_int_equal(hub_watch_count(&f->conf), 2);
	/* with its marker at once; that counts alone when the job says so */
	drop(f, "B.CSV.ok", "");
	assert_int_equal(ready(f, 2002), 2);
	f->conf.marker = 1;
	assert_int_equal(ready(f, 9000), 1);
	assert_string_equal(take(f), "B.CSV");
	assert_false(there(f, "B.CSV.ok"));
	assert_true(there(f, "taken/B.CSV"));
}

/* Nor what this program is writing there, or left behind. */
static void half_written(void **state)
{
	struct fixture *f = *state;
	struct hub_out *out;
	char path[512];

	f->conf.pattern = HUB_STR("*");
	reopen(f);
	snprintf(path, sizeof path, "%s/in/copy.pdf", f->dir);
	assert_int_equal(hub_out_open(path, &out, &f->err), HUB_OK);
	assert_int_equal(hub_out_add(out, HUB_STR("%PDF"), &f->err), HUB_OK);
	assert_int_equal(ready(f, 0), 0);
	assert_int_equal(ready(f, 5000), 0);
	assert_string_equal(take(f), "-");
	assert_int_equal(hub_out_commit(out, &f->err), HUB_OK);
	assert_int_equal(ready(f, 6000), 0);
	assert_int_equal(ready(f, 7000), 1);
}

static void same_name_twice(void **state)
{
	static const char *const want[] = {"done/a.csv",   "done/a.csv.manifest.json",
					   "done/a~2.csv", "done/a~2.csv.manifest.json",
					   "done/a~3.csv", "rejected/a.csv"};
	struct fixture *f = *state;

	for (int i = 0; i < 4; i++) {
		drop(f, "a.csv", "1");
		drop(f, "a.csv.ok", "");
		assert_int_equal(ready(f, i), 1);
		assert_string_equal(take(f), "a.csv");
		assert_int_equal(hub_file_write(f->file.report, HUB_STR("r"), NULL), HUB_OK);
		finish(f, i < 3);
		assert_string_equal(take(f), "-");
	}
	for (size_t i = 0; i < HUB_COUNT(want); i++)
		if (!there(f, want[i]))
			fail_msg("missing: %s", want[i]);
	assert_true(there(f, "done/a~2.csv.report.txt"));
	assert_false(there(f, "done/a.csv.messages.txt"));
}

static void order(void **state)
{
	struct fixture *f = *state;
	char path[160];

	drop_old(f, "b.csv", 2);
	drop_old(f, "z.csv", 1);
	drop_old(f, "a\xff.csv", 3); /* no UTF-8: a name all the same */
	ready(f, 0);
	assert_int_equal(ready(f, 1000), 3);
	assert_string_equal(take(f), "z.csv");
	/* one at a time: what is taken comes first, whatever waits */
	assert_string_equal(take(f), "z.csv");
	finish(f, 1);
	assert_string_equal(take(f), "b.csv");
	finish(f, 1);
	snprintf(path, sizeof path, "%s/in/a\xff.csv", f->dir);
	unlink(path); /* gone since we looked */
	assert_string_equal(take(f), "-");
}

/* kill -9 between any two steps */
static void crashes(void **state)
{
	struct fixture *f = *state;
	char from[160], to[192];

	/* the marker was moved, the file not yet */
	drop(f, "a.csv", "1");
	drop(f, "taken/.products/a.csv.ok", "");
	reopen(f);
	f->conf.marker = 1;
	assert_int_equal(ready(f, 0), 1);
	assert_string_equal(take(f), "a.csv");
	assert_false(there(f, "taken/.products/a.csv.ok"));
	/* taken, and nobody knows of it */
	reopen(f);
	assert_string_equal(take(f), "a.csv");
	/* the manifest was written, the file not moved: it ends under the same name */
	drop(f, "done/a.csv", "an older one");
	snprintf(to, sizeof to, "%s/a~2.csv", f->done);
	drop(f, "taken/.products/name", to);
	drop(f, "done/a~2.csv.manifest.json", "of the first try");
	reopen(f);
	assert_string_equal(take(f), "a.csv");
	finish(f, 1);
	assert_true(there(f, "done/a~2.csv"));
	assert_false(there(f, "taken/.products/name"));
	assert_false(there(f, "done/a~3.csv.manifest.json"));
	/* somebody put a file there meanwhile: another name at the next try, nothing is overwritten */
	drop(f, "b.csv", "1");
	drop(f, "b.csv.ok", "");
	assert_int_equal(ready(f, 1), 1);
	assert_string_equal(take(f), "b.csv");
	snprintf(to, sizeof to, "%s/b.csv", f->done);
	drop(f, "taken/.products/name", to);
	drop(f, "done/b.csv", "theirs");
	assert_int_equal(hub_watch_finish(f->watch, 1, HUB_STR("{}"), &f->err), HUB_RETRY);
	snprintf(from, sizeof from, "%s/b.csv", f->taken);
	assert_int_equal(access(from, F_OK), 0);
	finish(f, 1);
	assert_true(there(f, "done/b~2.csv"));
}

static void long_name(void **state)
{
	struct fixture *f = *state;
	char name[256];

	memset(name, 'n', sizeof name);
	memcpy(name + 230, ".csv", 5);
	drop(f, name, "1");
	ready(f, 0);
	assert_int_equal(ready(f, 1000), 1);
	assert_string_equal(take(f), name);
	finish(f, 1);
	assert_string_equal(take(f), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(complete, setup, teardown),
	    cmocka_unit_test_setup_teardown(half_written, setup, teardown),
	    cmocka_unit_test_setup_teardown(same_name_twice, setup, teardown),
	    cmocka_unit_test_setup_teardown(order, setup, teardown),
	    cmocka_unit_test_setup_teardown(crashes, setup, teardown),
	    cmocka_unit_test_setup_teardown(long_name, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
