/* The daemon's log: one JSON object a line on stderr, for journald with its priority in front
 * (JOURNAL_STREAM is set then). Names of jobs, files, columns and places; never a value.
 *
 *	HUB_AUTO(buf) struct hub_buf b;
 *	hub_log_begin(&b, HUB_LOG_INFO, "run-end");
 *	hub_json_field(&b, "job", job);
 *	hub_log_end(&b); */
#ifndef HUB_SERVE_LOG_H
#define HUB_SERVE_LOG_H

#include "base/buf.h"
#include "base/err.h"

/* event: stable word. Initialises b. */
void hub_log_begin(struct hub_buf *b, enum hub_level level, const char *event);
void hub_log_err(struct hub_buf *b, const struct hub_err *err); /* code, message, where, hint */
void hub_log_end(struct hub_buf *b); /* writes; b is the caller's to free */
/* Nothing but an error; job empty: none in particular. */
void hub_log_error(const char *event, struct hub_str job, const struct hub_err *err);
/* A name of a file may be any bytes; what is no UTF-8 becomes %XX. */
struct hub_str hub_log_name(struct hub_arena *a, const char *name);

#endif
