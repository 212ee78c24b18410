#include "serve/state.h"

#include "base/io.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

enum { FILE_LIMIT = 16 << 20 };

#define NUMBER(field)                                         \
	{                                                     \
#field, offsetof(struct hub_job_state, field) \
	}
static const struct {
	const char *name;
	size_t offset;
} numbers[] =
    {
	NUMBER(due),         NUMBER(wanted),   NUMBER(running),  NUMBER(tries),
	NUMBER(retry_at),    NUMBER(begun_at), NUMBER(ended_at), NUMBER(moved_at),
	NUMBER(failed),      NUMBER(exit),     NUMBER(signal),   NUMBER(run),
	NUMBER(rows),        NUMBER(rejected), NUMBER(runs),     NUMBER(ended_well),
	NUMBER(ended_badly), NUMBER(retries),  NUMBER(waiting),  NUMBER(oldest),
	NUMBER(next),        NUMBER(seconds),  NUMBER(quiet),    NUMBER(known),
	NUMBER(arrived),     NUMBER(written),  NUMBER(records),  NUMBER(overdue),
},
  texts[] = {NUMBER(outcome), NUMBER(code), NUMBER(message), NUMBER(file)},
  top[] = {
      {"pid", offsetof(struct hub_state, pid)},
      {"started_at", offsetof(struct hub_state, started_at)},
      {"written_at", offsetof(struct hub_state, written_at)},
      {"stopping", offsetof(struct hub_state, stopping)},
      {"generation", offsetof(struct hub_state, generation)},
      {"stalled", offsetof(struct hub_state, stalled)},
};

#undef NUMBER
#define NUMBER(field)                                         \
	{                                                     \
#field, offsetof(struct hub_web_state, field) \
	}
static const struct {
	const char *name;
	size_t offset;
} web_numbers[] = {NUMBER(expected), NUMBER(serving), NUMBER(since), NUMBER(deaths), NUMBER(late)},
  web_texts[] = {NUMBER(code), NUMBER(message), NUMBER(hint)};

static int64_t *number_at(void *base, size_t offset)
{
	return (int64_t *)(void *)((char *)base + offset);
}

static struct hub_str *text_at(void *base, size_t offset)
{
	return (struct hub_str *)(void *)((char *)base + offset);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_job(struct hub_buf *b, const struct hub_job_state *j)
{
	struct hub_job_state copy = *j;

	hub_buf_puts(b, "{");
	hub_json_field(b, "name", j->name);
	for (size_t i = 0; i < HUB_COUNT(numbers); i++)
		hub_json_int(b, numbers[i].name, *number_at(&copy, numbers[i].offset));
	for (size_t i = 0; i < HUB_COUNT(texts); i++)
		hub_json_field(b, texts[i].name, *text_at(&copy, texts[i].offset));
	hub_buf_puts(b, "}");
}

static void put_module(struct hub_buf *b, const struct hub_module_state *m, int first)
{
	hub_buf_puts(b, first ? "{" : ",{");
	hub_json_field(b, "area", hub_str_of(m->area));
	hub_json_int(b, "faults", m->faults);
	hub_json_int(b, "since", m->since);
	hub_json_int(b, "off_at", m->off_at);
	hub_json_int(b, "hung", m->hung);
	hub_json_field(b, "why", hub_str_of(m->why));
	hub_buf_puts(b, "}");
}

static void put_web(struct hub_buf *b, const struct hub_web_state *w)
{
	struct hub_web_state copy = *w;

	hub_json_key(b, "web");
	hub_buf_puts(b, "{");
	for (size_t i = 0; i < HUB_COUNT(web_numbers); i++)
		hub_json_int(b, web_numbers[i].name, *number_at(&copy, web_numbers[i].offset));
	for (size_t i = 0; i < HUB_COUNT(web_texts); i++)
		hub_json_field(b, web_texts[i].name, *text_at(&copy, web_texts[i].offset));
	hub_buf_puts(b, "}");
}

int hub_state_write(const char *folder, const struct hub_state *s, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	struct hub_state copy = *s;
	char path[PATH_MAX];

	hub_buf_init(&b, FILE_LIMIT);
	hub_buf_puts(&b, "{");
	for (size_t i = 0; i < HUB_COUNT(top); i++)
		hub_json_int(&b, top[i].name, *number_at(&copy, top[i].offset));
	hub_json_field(&b, "reload", s->reload);
	put_web(&b, &s->web);
	hub_json_key(&b, "jobs");
	hub_buf_puts(&b, "[");
	for (size_t i = 0; i < s->jobs; i++) {
		hub_buf_puts(&b, i ? ",\n" : "\n");
		put_job(&b, &s->job[i]);
	}
	hub_buf_puts(&b, "\n]");
	hub_json_key(&b, "modules");
	hub_buf_puts(&b, "[");
	for (size_t i = 0; i < s->modules; i++)
		put_module(&b, &s->module[i], i == 0);
	hub_buf_puts(&b, "]}\n");
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	snprintf(path, sizeof path, "%s/serve.json", folder);
	return hub_file_write(path, hub_buf_text(&b), err);
}

/* --- reading ---------------------------------------------------------------------------------- */

static struct hub_str text_of(struct hub_arena *a, const json_t *object, const char *name)
{
	const char *z = json_string_value(json_object_get(object, name));

	return hub_arena_str(a, hub_str_of(z ? z : ""));
}

static void take_job(struct hub_arena *a, const json_t *object, struct hub_job_state *j)
{
	j->name = text_of(a, object, "name");
	for (size_t i = 0; i < HUB_COUNT(numbers); i++)
		*number_at(j, numbers[i].offset) = hub_json_number(object, numbers[i].name);
	for (size_t i = 0; i < HUB_COUNT(texts); i++)
		*text_at(j, texts[i].offset) = text_of(a, object, texts[i].name);
}

static void take_modules(struct hub_arena *a, const json_t *list, struct hub_state *out)
{
	const size_t n = json_array_size(list);

	out->module = hub_alloc_array(a, n + 1, sizeof *out->module);
	for (; out->module && out->modules < n; out->modules++) {
		const json_t *o = json_array_get(list, out->modules);
		struct hub_module_state *m = &out->module[out->modules];
		*m = (struct hub_module_state){.faults = hub_json_number(o, "faults"),
					       .since = hub_json_number(o, "since"),
					       .off_at = hub_json_number(o, "off_at"),
					       .hung = hub_json_number(o, "hung")};
		snprintf(m->area, sizeof m->area, "%s", text_of(a, o, "area").ptr);
		snprintf(m->why, sizeof m->why, "%s", text_of(a, o, "why").ptr);
	}
}

static void take_web(struct hub_arena *a, const json_t *object, struct hub_web_state *w)
{
	for (size_t i = 0; i < HUB_COUNT(web_numbers); i++)
		*number_at(w, web_numbers[i].offset) = hub_json_number(object, web_numbers[i].name);
	for (size_t i = 0; i < HUB_COUNT(web_texts); i++)
		*text_at(w, web_texts[i].offset) = text_of(a, object, web_texts[i].name);
}

int hub_state_read(struct hub_arena *a, const char *folder, struct hub_state *out,
		   struct hub_err *err)
{
	char path[PATH_MAX];
	struct hub_str text;
	json_error_t why;
	int rc;

	*out = (struct hub_state){0};
	snprintf(path, sizeof path, "%s/serve.json", folder);
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return HUB_END;
	if ((rc = hub_file_read(a, path, FILE_LIMIT, &text, err)))
		return rc;
	json_t *root = hub_json_read(text, JSON_REJECT_DUPLICATES, &why);
	if (!root && errno == ENOMEM)
		return hub_fail_mem(err);
	if (!json_is_object(root)) {
		json_decref(root);
		rc = hub_fail(err, HUB_REJECT, "state-damaged", "%s is not what the daemon wrote",
			      path);
		hub_hint(err, "Put it aside: without it schedules begin anew, files that were "
			      "taken are finished all the same.");
		return rc;
	}
	for (size_t i = 0; i < HUB_COUNT(top); i++)
		*number_at(out, top[i].offset) = hub_json_number(root, top[i].name);
	out->reload = text_of(a, root, "reload");
	const json_t *jobs = json_object_get(root, "jobs");
	const size_t n = json_array_size(jobs);
	out->job = hub_alloc_array(a, n + 1, sizeof *out->job);
	for (; out->job && out->jobs < n; out->jobs++)
		take_job(a, json_array_get(jobs, out->jobs), &out->job[out->jobs]);
	take_web(a, json_object_get(root, "web"), &out->web);
	take_modules(a, json_object_get(root, "modules"), out);
	json_decref(root);
	return out->job && out->module ? HUB_OK : hub_fail_mem(err);
}

const struct hub_job_state *hub_state_find(const struct hub_state *s, struct hub_str name)
{
	for (size_t i = 0; i < s->jobs; i++)
		if (hub_str_eq(s->job[i].name, name))
			return &s->job[i];
	return NULL;
}

/* --- whose it is ------------------------------------------------------------------------------ */

enum { LOCK_TRIES = 60, LOCK_WAIT_MS = 50 };

/* Of the whole file. Who asks only (status) takes none, not even for a moment, for in that moment a daemon that
 * starts would be refused. */
int hub_state_lock(const char *folder, int *fd, struct hub_err *err)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];
	int rc;

	snprintf(path, sizeof path, "%s/.", folder);
	if ((rc = hub_mkdirs(path, err)))
		return rc;
	snprintf(path, sizeof path, "%s/lock", folder);
	const int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (f == -1)
		return hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, path);
	/* one that was killed is followed at once by the next, and may hold it for a moment still */
	int held = fcntl(f, F_OFD_SETLK, &whole);
	for (int i = 0; held && i < LOCK_TRIES; i++) {
		poll(NULL, 0, LOCK_WAIT_MS);
		held = fcntl(f, F_OFD_SETLK, &whole);
	}
	if (held) {
		close(f);
		rc = hub_fail(err, HUB_LOCKED, "daemon-runs", "another daemon uses %s", folder);
		hub_hint(err, "Stop it first, or give this one a folder of its own: serve: { state "
			      "= \"...\"; };");
		return rc;
	}
	*fd = f;
	return HUB_OK;
}

int hub_state_is_held(const char *folder)
{
	struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/lock", folder);
	const int f = open(path, O_RDONLY | O_CLOEXEC);
	if (f == -1)
		return 0;
	const int held = fcntl(f, F_OFD_GETLK, &whole) == 0 && whole.l_type == F_WRLCK;
	close(f);
	return held;
}

int hub_state_is_stalled(const struct hub_state *s, int64_t now, const struct hub_job_state **job)
{
	for (size_t i = 0; i < s->jobs; i++) {
		const struct hub_job_state *j = &s->job[i];
		if (!j->waiting || j->quiet > now || j->oldest < s->stalled ||
		    now - j->moved_at < s->stalled)
			continue;
		if (job)
			*job = j;
		return 1;
	}
	return 0;
}
