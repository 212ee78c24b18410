/* tsunagi-contract: every plugin against the rules of its interface. One test per plugin and rule; plugins are driven as
 * a run drives them, with a host that can fail. */
#include "drive.h"

#include <dirent.h>
#include <glob.h>
#include <libgen.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sanitizers make every call many times slower and see a leak at the first: fewer calls do. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
enum { OPENS = 50, RUNS = 5, MOST_FAILURES = 40, SLACK = 4096 };
#else
enum { OPENS = 1000, RUNS = 30, MOST_FAILURES = 200, SLACK = 4096 };
#endif

struct fixture {
	struct subject *subject;
	struct hub_arena *arena;
	struct hub_options options;
	char input[128];
	struct hub_err err;
};

static struct fixture begin(void *state)
{
	struct fixture f = {.subject = state, .arena = hub_arena_new(0)};

	subject_clean(f.subject);
	subject_input(f.subject, subject_bytes(f.subject, f.arena), f.input);
	if (subject_options(f.subject, f.arena, f.input, &f.options, &f.err))
		fail_msg("the options cannot be filled: %s", f.err.what);
	return f;
}

static void end(struct fixture *f)
{
	hub_arena_free(f->arena);
}

static struct run plain(const struct fixture *f)
{
	return (struct run){.subject = f->subject,
			    .conf = f->options.conf,
			    .left_ms = INT64_MAX,
			    .arena = f->arena};
}

static struct outcome once(const struct fixture *f)
{
	const struct run r = plain(f);

	return drive(&r);
}

/* What is outside may be missing where the test runs; saying so is all that is asked then. */
static int may_fail(const struct fixture *f)
{
	return (f->subject->plugin->caps & HUB_CAP_NET) != 0;
}

static int same(const struct outcome *a, const struct outcome *b)
{
	return a->rc == b->rc && a->rows == b->rows && a->digest.hi == b->digest.hi &&
	       a->digest.lo == b->digest.lo;
}

/* ---- what a process holds ---- */

struct held {
	size_t heap;
	unsigned fds, threads;
};

static unsigned count_entries(const char *folder)
{
	DIR *d = opendir(folder);
	unsigned n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static struct held held(void)
{
	return (struct held){.heap = mallinfo2().uordblks,
			     .fds = count_entries("/proc/self/fd"),
			     .threads = count_entries("/proc/self/task")};
}

static void assert_nothing_left(struct held before)
{
	const struct held now = held();

	assert_int_equal(now.fds, before.fds);
	assert_int_equal(now.threads, before.threads);
	if (now.heap > before.heap + SLACK)
		fail_msg("%zu bytes of heap are left", now.heap - before.heap);
}

/* ---- the rules ---- */

static void works_and_repeats(void *state)
{
	struct fixture f = begin(state);
	const struct outcome first = once(&f);

	if (first.rc && !may_fail(&f))
		fail_msg(
		    "the plain run fails: %s (a source needs a sample.* beside it when it reads "
		    "no CSV)",
		    first.err.what);
	if (!first.rc && f.subject->plugin->kind == HUB_SOURCE)
		assert_true(first.rows > 0);
	subject_clean(f.subject);
	subject_input(f.subject, subject_bytes(f.subject, f.arena), f.input);
	const struct outcome second = once(&f);
	assert_true(same(&first, &second));
	end(&f);
}

static void nothing_is_left_behind(void *state)
{
	struct fixture f = begin(state);
	const struct hub_ops *ops = f.subject->plugin->ops;
	const struct hub_host host = contract_host();
	struct held before = {0};

	for (int i = 0; i < OPENS + 10; i++) {
		struct hub_ctx ctx;
		void *self = NULL;
		if (i == 10) /* libraries keep things at their first use */
			before = held();
		contract_ctx_init(&ctx);
		if (!ops->open(&ctx, &host, f.options.conf, (struct hub_str){0}, &self, &f.err))
			ops->close(self);
		contract_ctx_free(&ctx);
	}
	assert_nothing_left(before);
	for (int i = 0; i < RUNS + 3; i++) {
		if (i == 3)
			before = held();
		once(&f);
	}
	assert_nothing_left(before);
	end(&f);
}

static void each_service_fails_once(void *state)
{
	struct fixture f = begin(state);
	const struct outcome good = once(&f);
	struct run r = plain(&f);
	const struct held before = held();
	/* thousands of calls: every one of the first, then in steps that grow with the way there */
	for (unsigned long k = 1; k <= good.calls; k += k < MOST_FAILURES ? 1 : 1 + k / 24) {
		r.fail_at = k;
		const struct outcome o = drive(&r);
		if (o.rc == HUB_OK && !same(&o, &good))
			fail_msg("service call %lu of %lu failed, the result differs, and no error "
				 "says so",
				 k, good.calls);
	}
	assert_nothing_left(before);
	end(&f);
}

/* A text that is no value of the option, or NULL. */
static const char *wrong_text(const struct hub_opt *o)
{
	switch (o->type) {
	case HUB_O_TEXT:
		return "\xff";
	case HUB_O_PATH:
		return "";
	default:
		return "no such value";
	}
}

static void assert_refused(struct fixture *f, const struct hub_opt *o, const char *text)
{
	if (hub_options_set(&f->options, hub_str_of(o->name), hub_str_of(text), &f->err) == HUB_OK)
		fail_msg("option %s takes \"%s\"", o->name, text);
	assert_int_equal(f->err.rc, HUB_CONF);
}

static void wrong_options_are_refused(void *state)
{
	struct fixture f = begin(state);
	const struct hub_plugin *p = f.subject->plugin;

	for (const struct hub_opt *o = p->opts; o && o->name; o++) {
		assert_refused(&f, o, wrong_text(o));
		if (o->min == 0 && o->max == 0)
			continue;
		char text[40];
		const char *unit = o->type == HUB_O_MSEC ? "ms" : "";
		if (o->max < INT64_MAX) {
			snprintf(text, sizeof text, "%lld%s", (long long)o->max + 1, unit);
			assert_refused(&f, o, text);
		}
		if (o->min > INT64_MIN) {
			snprintf(text, sizeof text, "%lld%s", (long long)o->min - 1, unit);
			assert_refused(&f, o, text);
		}
	}
	assert_int_equal(
	    hub_options_set(&f.options, HUB_STR("no_such_option"), HUB_STR("1"), &f.err), HUB_CONF);
	end(&f);
}

static void required_options_are_asked_for(void *state)
{
	struct fixture f = begin(state);

	for (const struct hub_opt *o = f.subject->plugin->opts; o && o->name; o++) {
		if (!(o->flags & HUB_OPT_REQUIRED))
			continue;
		f.options.given[o - f.subject->plugin->opts] = 0;
		assert_int_equal(hub_options_finish(&f.options, &f.err), HUB_CONF);
		assert_non_null(strstr(f.err.what, o->name));
		f.options.given[o - f.subject->plugin->opts] = 1;
	}
	end(&f);
}

/* One option at a time at the edge of what its table allows: refused by check(), or it runs. */
static void try_value(void *state, const struct hub_opt *o, const char *text)
{
	struct fixture f = begin(state);

	if (hub_options_set(&f.options, hub_str_of(o->name), hub_str_of(text), &f.err))
		fail_msg("option %s refuses \"%s\": %s", o->name, text, f.err.what);
	f.err = (struct hub_err){0};
	if (hub_options_finish(&f.options, &f.err) == HUB_OK)
		once(&f);
	else
		assert_true(f.err.what[0] != '\0');
	end(&f);
}

static void extreme_options_do_no_harm(void *state)
{
	static char longest[2000];
	const struct subject *s = state;
	char text[40];

	memset(longest, 'x', sizeof longest - 1);
	for (const struct hub_opt *o = s->plugin->opts; o && o->name; o++) {
		if (o->flags & (HUB_OPT_INPUT | HUB_OPT_WRITES))
			continue;
		const char *unit = o->type == HUB_O_MSEC ? "ms" : "";
		for (size_t i = 0; o->type == HUB_O_ENUM && o->words[i]; i++)
			try_value(state, o, o->words[i]);
		if (o->type == HUB_O_BOOL) {
			try_value(state, o, "true");
			try_value(state, o, "false");
		} else if (o->type == HUB_O_TEXT) {
			try_value(state, o, "");
			try_value(state, o, "\xe5\xad\x97");
			try_value(state, o, "\\x00\\n");
			try_value(state, o, longest);
		} else if (o->min || o->max) {
			snprintf(text, sizeof text, "%lld%s", (long long)o->min, unit);
			try_value(state, o, text);
			snprintf(text, sizeof text, "%lld%s", (long long)o->max, unit);
			try_value(state, o, text);
		}
	}
}

/* A source meets its input cut, empty, and with bytes changed; it may refuse, it may not fall. */
static void broken_input_does_no_harm(void *state)
{
	struct fixture f = begin(state);
	const struct hub_str good = subject_bytes(f.subject, f.arena);
	char *bytes = hub_alloc(f.arena, good.len + 1);
	uint32_t dice = 1;

	for (unsigned i = 0; i < 200; i++) {
		size_t len = good.len;
		memcpy(bytes, good.ptr, len);
		if (i < 20)
			len = len * i / 20;
		for (unsigned k = 0; i >= 20 && k < 1 + i % 4; k++) {
			dice = dice * 1664525u + 1013904223u;
			bytes[(dice >> 8) % len] = (char)(dice >> 24);
		}
		subject_input(f.subject, (struct hub_str){bytes, len}, f.input);
		once(&f);
	}
	end(&f);
}

static void set_paths(struct fixture *f, uint32_t flag, const char *path)
{
	const struct hub_opt *o = hub_option_with(f->subject->plugin, flag);

	assert_int_equal(
	    hub_options_set(&f->options, hub_str_of(o->name), hub_str_of(path), &f->err), HUB_OK);
}

static void unusable_paths_are_reported(void *state)
{
	static const char *const bad_inputs[] = {"/nonexistent/x.csv", "/proc"};
	static const char *const bad_outputs[] = {"/nonexistent/folder/out", "/dev/null/out"};
	struct fixture f = begin(state);
	const struct held before = held();

	for (size_t i = 0; i < 2; i++) {
		const int input = hub_option_with(f.subject->plugin, HUB_OPT_INPUT) != NULL;
		set_paths(&f, input ? HUB_OPT_INPUT : HUB_OPT_WRITES,
			  input ? bad_inputs[i] : bad_outputs[i]);
		assert_true(once(&f).rc < 0);
	}
	assert_nothing_left(before);
	end(&f);
}

/* From every position that was handed out the rest comes, and only that. */
static void goes_on_from_every_position(void *state)
{
	struct fixture f = begin(state);

	const struct outcome all = once(&f);
	for (uint64_t n = 1; n <= all.batches; n++) {
		struct hub_str pos = {0};
		struct run r = plain(&f);
		r.stop_after = n;
		r.pos_out = &pos;
		const struct outcome head = drive(&r);
		r = plain(&f);
		r.pos = pos;
		const struct outcome tail = drive(&r);
		assert_int_equal(tail.rc, HUB_OK);
		assert_int_equal(head.rows + tail.rows, all.rows);
	}
	struct run r = plain(&f);
	r.pos = HUB_STR("\xff no position \x01");
	assert_true(drive(&r).rc < 0);
	end(&f);
}

static void no_time_is_no_trouble(void *state)
{
	struct fixture f = begin(state);
	struct run r = plain(&f);

	r.left_ms = 0;
	drive(&r);
	end(&f);
}

/* ---- one set of tests for each plugin ---- */

static int reads(const struct hub_plugin *p)
{
	return p->kind == HUB_SOURCE;
}

static int has_path(const struct hub_plugin *p)
{
	return hub_option_with(p, HUB_OPT_INPUT) || hub_option_with(p, HUB_OPT_WRITES);
}

static int seeks(const struct hub_plugin *p)
{
	return (p->caps & HUB_CAP_SEEK) != 0;
}

static const struct {
	const char *name;
	void (*test)(void *state);
	int (*applies)(const struct hub_plugin *); /* NULL: to all */
} rules[] = {
    {"works and repeats", works_and_repeats, NULL},
    {"nothing is left behind", nothing_is_left_behind, NULL},
    {"each service fails once", each_service_fails_once, NULL},
    {"wrong options are refused", wrong_options_are_refused, NULL},
    {"required options are asked for", required_options_are_asked_for, NULL},
    {"extreme options do no harm", extreme_options_do_no_harm, NULL},
    {"broken input does no harm", broken_input_does_no_harm, reads},
    {"unusable paths are reported", unusable_paths_are_reported, has_path},
    {"goes on from every position", goes_on_from_every_position, seeks},
    {"no time is no trouble", no_time_is_no_trouble, NULL},
};

/* Beside the .so (source-x.sample.*, or sample.* of a folder with one plugin), or in plugins/source-x, seen from the top
 * of the tree. */
static void find_sample(struct subject *s, int alone)
{
	char file[256], folder[256], pattern[3][600];
	glob_t g;

	snprintf(file, sizeof file, "%s", s->file);
	snprintf(folder, sizeof folder, "%s", s->file);
	char *base = basename(file);
	const char *dir = dirname(folder);
	*strrchr(base, '.') = '\0';
	snprintf(pattern[0], sizeof *pattern, "%s/%s.sample.*", dir, base);
	snprintf(pattern[1], sizeof *pattern, "plugins/%s/sample.*", base);
	snprintf(pattern[2], sizeof *pattern, "%s/sample.*", dir);
	for (int i = 0; i < 2 + alone && !s->sample[0]; i++) {
		if (glob(pattern[i], 0, NULL, &g) == 0)
			snprintf(s->sample, sizeof s->sample, "%s", g.gl_pathv[0]);
		globfree(&g);
	}
}

/* glibc counts what it keeps for reuse per thread as in use: that would look like a leak of any library
 * that frees in another order than it allocates. */
static void without_thread_cache(char **argv)
{
	if (getenv("GLIBC_TUNABLES"))
		return;
	setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
	execv("/proc/self/exe", argv);
}

static int load(struct hub_plugins *plugins, const char *what, struct hub_err *err)
{
	struct stat st;
	const int is_folder = stat(what, &st) == 0 && S_ISDIR(st.st_mode);
	const int rc = is_folder ? hub_plugins_load(plugins, what, err)
				 : hub_plugins_load_file(plugins, what, err);

	return rc ? rc : hub_plugins_open(plugins, 0, NULL, err);
}

/* Every rule that applies; how many failed. */
static unsigned try_rules(struct subject *s, unsigned *number)
{
	unsigned failed = 0;
	char name[200];

	for (size_t k = 0; k < HUB_COUNT(rules); k++) {
		if (rules[k].applies && !rules[k].applies(s->plugin))
			continue;
		snprintf(name, sizeof name, "%s %s: %s", hub_kind_name(s->plugin->kind),
			 s->plugin->name, rules[k].name);
		failed += rule_try(++*number, name, rules[k].test, s) ? 0u : 1u;
		subject_clean(s);
	}
	return failed;
}

int main(int argc, char **argv)
{
	if (argc != 2 || argv[1][0] == '-') {
		fprintf(argc == 2 ? stdout : stderr, "usage: tsunagi-contract FILE.so|FOLDER\n"
						     "Tries plugins against the rules of their "
						     "interface and says which hold (TAP).\n"
						     "A source that reads no CSV brings a sample: "
						     "sample.* or NAME.sample.* beside it.\n");
		return argc == 2 ? 0 : 2;
	}
	without_thread_cache(argv);
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_plugins *plugins = hub_plugins_new(a);
	struct hub_err err = {0};

	if (load(plugins, argv[1], &err)) {
		hub_err_print(stderr, &err);
		return 1;
	}
	for (size_t i = 0; i < hub_plugins_problems(plugins); i++)
		hub_err_print(stderr, hub_plugins_problem(plugins, i));
	const size_t n = hub_plugins_count(plugins);
	unsigned number = 0, failed = 0;
	if (hub_plugins_problems(plugins) || n == 0)
		return 1;
	for (size_t i = 0; i < n; i++) {
		struct subject s = {.plugin = hub_plugins_at(plugins, i),
				    .scratch = "/tmp/contract.XXXXXX"};
		s.file = hub_plugins_file(plugins, s.plugin);
		find_sample(&s, n == 1);
		if (!mkdtemp(s.scratch))
			return 1;
		failed += try_rules(&s, &number);
		rmdir(s.scratch);
	}
	printf("1..%u\n# %u of %u hold\n", number, number - failed, number);
	return failed > 0;
}
