/* Runs plugins: one instance = one open(), with an arena of its own, counters and a deadline. All
 * calls into a plugin go through here, so that what the hub relies on is checked in one place.
 * An instance is used by one thread at a time. */
#ifndef HUB_PLUGIN_HOST_H
#define HUB_PLUGIN_HOST_H

#include "base/arena.h"
#include "base/err.h"
#include "plugin/batch.h"
#include "plugin/load.h"

/* The table every plugin gets. */
const struct hub_host *hub_host(void);

struct hub_instance;

/* conf: from struct hub_options, must outlive the instance. pos: resume point, empty for the start.
 * On failure *out is untouched and nothing is left open. */
int hub_instance_open(const struct hub_plugin *plugin, const void *conf, struct hub_str pos,
		      struct hub_instance **out, struct hub_err *err);
void hub_instance_close(struct hub_instance *inst); /* NULL is fine */
const struct hub_plugin *hub_instance_plugin(const struct hub_instance *inst);

/* Time for the calls from now on; what left_ms() tells the plugin. Negative: no limit (the start). */
void hub_instance_deadline(struct hub_instance *inst, int64_t ms);
/* Messages up to this level (enum hub_level) go to stderr; the start is HUB_LOG_WARN. */
void hub_instance_verbose(struct hub_instance *inst, int level);
/* Counter i by order of appearance; 0 behind the last. */
int hub_instance_metric(const struct hub_instance *inst, size_t i, const char **name,
			int64_t *value);

/* The operations. Negative: err is filled, whatever the plugin forgot. */
int hub_source_next(struct hub_instance *inst, struct hub_batch *b, struct hub_err *err);
/* Every batch of the source goes through the filter, in UTF-8, after the filters put there before. The
 * source closes it. */
void hub_source_filter(struct hub_instance *source, struct hub_instance *filter);
int hub_filter_apply(struct hub_instance *inst, struct hub_batch *b, struct hub_err *err);
/* A sink that leaves a row without a verdict fails here: no row passes silently. */
int hub_sink_write(struct hub_instance *inst, struct hub_batch *b, struct hub_err *err);
int hub_sink_commit(struct hub_instance *inst, struct hub_err *err);
/* Spans in order of document and place, each inside its text; valid until the next call. */
int hub_detector_detect(struct hub_instance *inst, const struct hub_doc *docs, uint32_t n,
			const struct hub_span **spans, size_t *count, struct hub_err *err);

/* --- services: desk is what they may ask for. Between begin and end one call of theirs runs: what host->alloc gives
 * them dies at the end. --- */
int hub_service_open(const struct hub_plugin *plugin, const void *conf, const struct hub_desk *desk,
		     struct hub_instance **out, struct hub_err *err);
/* ms: time for this call; *ctx and the result are for the module's function. */
void *hub_service_begin(struct hub_instance *inst, int64_t ms, struct hub_ctx **ctx);
void hub_service_end(struct hub_instance *inst);

/* For what returns from a plugin: fills err if it failed without a word. Returns rc. */
int hub_tidy(const struct hub_plugin *plugin, int rc, struct hub_err *err);

static inline void hub_auto_instance(struct hub_instance **inst)
{
	hub_instance_close(*inst);
}

#endif
