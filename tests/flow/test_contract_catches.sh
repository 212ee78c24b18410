#!/bin/bash
# The contract test finds what it is there to find: plugins with one fault each fail the rule for it.
. tests/lib/tap.sh

contract=$BUILD/bin/tsunagi-contract
cat >"$SCRATCH/faulty.c" <<'C'
#include <hub/plugin.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct conf {
	struct hub_str path;
	int64_t width;
};
struct self {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct conf *conf;
	int rows;
};
static void *idle(void *arg)
{
	(void)arg;
	pause();
	return NULL;
}
static int c_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf, struct hub_str pos,
		  void **self, struct hub_err *err)
{
	struct self *s = host->alloc(ctx, NULL, sizeof *s);

	(void)pos;
	(void)idle;
#ifndef ASSUMES_MEMORY
	if (!s)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
#endif
	*s = (struct self){ctx, host, conf, 0};
#ifdef LEAKS_MEMORY
	*(volatile char *)malloc(64) = 1;
#endif
#ifdef LEAKS_FD
	(void)!dup(0);
#endif
#ifdef LEAKS_THREAD
	pthread_t t;
	pthread_create(&t, NULL, idle, NULL);
#endif
	if (access(s->conf->path.ptr, F_OK) == 0 || strncmp(s->conf->path.ptr, "/tmp", 4) == 0) {
		*self = s;
		return HUB_OK;
	}
#ifdef SILENT
	return HUB_RETRY;
#endif
	return HUB_FAIL(host, err, HUB_RETRY, "cannot-open", "cannot open the output");
}
static int c_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct self *s = self;

	(void)err;
	for (uint32_t r = 0; r < b->rows; r++) {
		b->verdict[r] = HUB_ROW_DONE;
#ifdef FORGETS_VERDICT
		if (b->rows > 1 && r + 1 == b->rows)
			b->verdict[r] = HUB_ROW_PENDING;
#endif
#ifdef REJECTS_WITHOUT_CODE
		b->verdict[r] = HUB_ROW_REJECT;
#endif
#ifdef LOGS_VALUES
		for (uint32_t c = 0; c < b->cols; c++)
			if (b->col[c].cell[r] == HUB_VALUE)
				s->host->log(s->ctx, HUB_LOG_WARN, "bad value %.*s", (int)b->col[c].text[r].len,
					     b->col[c].text[r].ptr);
#endif
	}
#ifdef IGNORES_FAILURE
	if (b->rows && !s->host->alloc(s->ctx, b, 100))
		for (uint32_t r = 0; r < b->rows; r++)
			b->verdict[r] = HUB_ROW_DROP, b->code[r] = "x";
#endif
#ifdef DIES_AT_MAX
	if (s->conf->width == 100)
		*(volatile int *)NULL = 1;
#endif
	s->rows += (int)b->rows;
	return HUB_OK;
}
static int c_commit(void *self, struct hub_err *err)
{
	(void)self, (void)err;
	return HUB_OK;
}
static void c_close(void *self)
{
	(void)self;
}
static const struct hub_opt opts[] = {
    {.name = "path", .type = HUB_O_PATH, .flags = HUB_OPT_REQUIRED | HUB_OPT_WRITES, .help = "h"},
    {.name = "width", .type = HUB_O_INT, .dflt = "1", .min = 1, .max = 100, .offset = offsetof(struct conf, width), .help = "h"},
    {0},
};
static const struct hub_ops ops = {sizeof ops, .open = c_open, .write = c_write, .commit = c_commit, .close = c_close};
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_SINK, .name = "faulty", .version = "1", .license = "MIT",
				    .summary = "s", .opts = opts, .conf_size = sizeof(struct conf), .ops = &ops};
const struct hub_plugin *hub_plugin_get(uint32_t i)
{
	return i == 0 ? &p : NULL;
}
C

run() { # DEFINE: prints what failed
	cc -std=gnu17 -D"$1" -shared -fPIC -Ihub/include -o "$SCRATCH/sink-faulty.so" "$SCRATCH/faulty.c" -pthread || return
	timeout 240 "$contract" "$SCRATCH/sink-faulty.so" 2>&1 | grep '^not ok'
}
is "$(run NO_FAULT)" "" "the same plugin without a fault passes"
like "$(run LEAKS_MEMORY)" "nothing is left behind" "memory left behind"
like "$(run LEAKS_FD)" "nothing is left behind" "a file left open"
like "$(run LEAKS_THREAD)" "nothing is left behind" "a thread left running"
like "$(run ASSUMES_MEMORY)" "each service fails once" "memory taken for granted"
like "$(run IGNORES_FAILURE)" "each service fails once" "a failure that changes the result without an error"
like "$(run FORGETS_VERDICT)" "works and repeats" "a row without verdict"
like "$(run REJECTS_WITHOUT_CODE)" "works and repeats" "a reject without code"
like "$(run LOGS_VALUES)" "works and repeats" "a value in the log"
like "$(run SILENT)" "unusable paths are reported" "a failure without a word"
like "$(run DIES_AT_MAX)" "extreme options do no harm" "a crash at the edge of an option"
tap_done
