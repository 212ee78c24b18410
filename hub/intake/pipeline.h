/* One intake run: reader -> mapping workers -> one writer, chunks in bounded slots between them.
 *
 * The reader (one thread) lets the source fill a batch; workers (n threads, each with a read-only
 * connection and its own detectors) decode, ask the store what is unchanged, map, detect; the writer
 * (the calling thread) takes chunks in the order of the source and stores each in one transaction.
 * Memory is bounded by the number of slots, whatever the input's size. */
#ifndef HUB_INTAKE_PIPELINE_H
#define HUB_INTAKE_PIPELINE_H

#include "base/io.h"
#include "intake/layout.h"
#include "intake/mapping.h"
#include "intake/tally.h"
#include "plugin/load.h"
#include "store/store.h"

#include <signal.h>

struct hub_progress {
	uint64_t rows, rejected, bytes, total_bytes; /* total 0: not known (a pipe) */
	int64_t ms;                                  /* since the run began */
};

/* Some records of a feed, as CSV of our own instead of the feed's input: what a reload brings back. */
struct hub_intake_part {
	const struct hub_prov *place; /* n: where each record stood in the input it came from */
	uint64_t n;
	int named; /* the CSV has a header */
};

struct hub_intake {
	const struct hub_schema *schema;
	const struct hub_plugins *plugins;
	const struct hub_mapping *mapping;
	const char *mapping_name; /* as it was asked for; remembered for the next command */
	const struct hub_intake_part *part; /* NULL: the whole input */
	const char *store_url;
	const char
	    *path; /* the input; "-" is not resumable and refused; NULL: the source has none */
	const struct hub_str *option_name; /* options that override the mapping's, for the source */
	const struct hub_str *option_value;
	uint32_t options;
	uint32_t workers;           /* at most 8; 0: the usual number */
	struct hub_str version;     /* hash of mapping and detectors; filled in */
	struct hub_file_stamp seen; /* the file when its content was hashed; filled in */
	struct hub_run_spec spec;   /* kind, actor, dry, again, full, ...; the rest is filled in */
	uint64_t reject_limit;      /* stop when more records than this are rejected; 0: none */
	uint32_t reject_percent;    /* fail at the end when more than this percent is rejected */
	const volatile sig_atomic_t *stop; /* set by a signal: stop after the chunk, resumable */
	void (*progress)(void *,
			 const struct hub_progress *); /* about ten times a second; may be NULL */
	void *progress_arg;
};

struct hub_intake_result {
	struct hub_run_spec spec;   /* as it was run: hashes, names, size */
	struct hub_file_stamp seen; /* the file then; zeroes when it was none */
	struct hub_run run;
	struct hub_counts counts;
	struct hub_str findings;   /* JSON; of the whole run */
	int over_limit;            /* more rejects than allowed */
	struct hub_tally *rejects; /* dry run: what the store would know of them; NULL otherwise */
	struct hub_buf
	    *drift; /* the caller's; filled on HUB_DRIFT: difference and proposed patch */
	struct hub_progress last;
};

/* The store is opened by the caller (the writer's connection). HUB_OK also when records were rejected
 * under the limit; run.unchanged tells a no-op. HUB_INTERRUPTED: stopped, the same command resumes. */
int hub_intake_run(struct hub_arena *a, struct hub_store *store, const struct hub_intake *in,
		   struct hub_intake_result *res, struct hub_err *err);

#endif
