/* The map against a plain array: many runs that become one, newer values of old keys, keys that are not there, and
 * every way in which memory and disk can fail it. */
#include "store/keymap.h"

#include "base/arena.h"
#include "test.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>

enum { KEYS = 700000 }; /* seven times what waits in memory */

/* Three of a text, some of them never there. */
static struct hub_hash key_of(uint32_t i)
{
	const uint32_t text = i / 3;
	const struct hub_str s = {(const char *)&text, sizeof text};
	struct hub_hash h = hub_hash128(s, (struct hub_hash){7, 11});

	h.lo ^= i % 3;
	return h;
}

static int open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void check(struct hub_keymap *m, uint32_t i, int64_t want)
{
	const struct hub_hash key = key_of(i);
	struct hub_err err = {0};
	int64_t value = -1;

	assert_int_equal(hub_keymap_get(m, &key, &value, &err), want != 0);
	assert_int_equal(value, want ? want : -1);
}

static void test_against_array(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	int64_t *want = hub_alloc_array(a, KEYS, sizeof *want);
	struct hub_keymap *m = hub_keymap_new();
	const int files = open_files();
	struct hub_err err = {0};
	uint32_t at = 1;

	(void)state;
	assert_non_null(m);
	for (uint32_t n = 0; n < 2 * KEYS; n++) {
		at = at * 1664525 + 1013904223; /* some keys come again, a tenth never */
		const uint32_t i = (at >> 8) % KEYS;
		const struct hub_hash key = key_of(i);

		if (n % 7 == 0)
			check(m, i, want[i]);
		want[i] = n + 1;
		assert_int_equal(hub_keymap_put(m, &key, want[i], &err), HUB_OK);
	}
	assert_true(open_files() > files);
	for (uint32_t i = 0; i < KEYS; i++)
		check(m, i, want[i]);
	for (uint32_t i = KEYS; i < KEYS + 50000; i++)
		check(m, i, 0);
	hub_keymap_free(m);
	assert_int_equal(open_files(), files);
}

/* As many keys as make two runs one; the first failure. */
static int fill(struct hub_err *err)
{
	struct hub_keymap *m = hub_keymap_new();
	int rc = m ? HUB_OK : hub_fail_mem(err);

	for (uint32_t i = 0; !rc && i < KEYS / 3; i++) {
		const struct hub_hash key = key_of(i);
		rc = hub_keymap_put(m, &key, i + 1, err);
	}
	hub_keymap_free(m);
	return rc;
}

static void test_no_memory(void **state)
{
	const int files = open_files();
	int rc = HUB_FATAL;

	(void)state;
	for (unsigned long k = 1; rc; k++) {
		struct hub_err err = {0};

		hub_fault_arm(k);
		rc = fill(&err);
		hub_fault_arm(0);
		assert_int_equal(open_files(), files);
		if (rc)
			assert_string_equal(err.code, "out-of-memory");
		assert_true(rc == HUB_OK || rc == HUB_FATAL);
		assert_true(rc || k > 8);
	}
}

static void test_no_space(void **state)
{
	const int files = open_files();
	struct rlimit was, little = {(rlim_t)3 << 20, (rlim_t)3 << 20};
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	little.rlim_max = was.rlim_max;
	void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	const int rc = fill(&err);
	setrlimit(RLIMIT_FSIZE, &was);
	signal(SIGXFSZ, old);
	assert_int_equal(rc, HUB_RETRY);
	assert_string_equal(err.code, "disk-full");
	assert_true(err.hint[0]);
	assert_int_equal(open_files(), files);
}

static void test_no_file(void **state)
{
	struct rlimit was, none;
	struct hub_err err = {0};

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = (struct rlimit){3, was.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	const int rc = fill(&err);
	setrlimit(RLIMIT_NOFILE, &was);
	assert_int_equal(rc, HUB_RETRY);
	assert_string_equal(err.code, "scratch-io");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_against_array),
	    cmocka_unit_test(test_no_memory),
	    cmocka_unit_test(test_no_space),
	    cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
