/* Finding personal information in free text: all detectors of this hub, one after another, their
 * spans merged. Intake runs it when a text arrives, release when a text is stale, the command line in
 * `tsunagi mask`: one way, one result. One struct hub_detect belongs to one thread. */
#ifndef HUB_PLUGIN_DETECT_H
#define HUB_PLUGIN_DETECT_H

#include "base/buf.h"
#include "plugin/load.h"

struct hub_detect;

/* A detector that was left out, for what it needs is not on this machine (open() said HUB_RETRY: a
 * dictionary), and why. Nothing else leaves one out. */
struct hub_missing {
	const char *name;
	struct hub_err why;
};

/* Opens every detector there is; hub_detect_missing() tells which could not be. One that was refused when it was
 * loaded, or that finds no memory or no file descriptor, ends it: texts are not let through by those that are
 * left. strict..readable is an option of the detectors that have one; setting may be NULL. */
int hub_detect_open(const struct hub_plugins *p, const char *setting, struct hub_detect **out,
		    struct hub_err *err);
/* NULL behind the last. */
const struct hub_missing *hub_detect_missing(const struct hub_detect *d, uint32_t i);
void hub_detect_close(struct hub_detect *d); /* NULL is fine */
static inline void hub_auto_detect(struct hub_detect **d)
{
	hub_detect_close(*d);
}

/* Hash over `with`, the names and versions of all detectors that can be opened and what TSUNAGI_DETECTORS tells them: goes into a run's mapping hash and
 * into the scan stamp of a text. hex has room for 65. */
int hub_detect_version(const struct hub_plugins *p, struct hub_str with, char *hex,
		       struct hub_err *err);
/* hub_detect_open() for those who work under such a version: fails when other detectors can be opened now than when it
 * was made of `with`. */
int hub_detect_open_as(const struct hub_plugins *p, const char *setting, struct hub_str with,
		       struct hub_str version, struct hub_detect **out, struct hub_err *err);

/* Memory for one pass, emptied: what was in it since the last call is gone. NULL: out of memory. */
struct hub_arena *hub_detect_room(struct hub_detect *d);

/* Finds spans in n texts; doc->text and the roster are the caller's, norm and at are filled in here
 * (arena a). Result in order of document and place, without overlap (merge.h). */
int hub_detect_run(struct hub_detect *d, struct hub_arena *a, struct hub_doc *docs, uint32_t n,
		   const struct hub_span **spans, size_t *count, struct hub_err *err);

/* One text's spans as they are stored and shown: [[start,end,"PERSON","person id"|null,confidence,
 * "origin"],...], offsets in code points, end exclusive. spans: those of this text only. */
void hub_spans_json(const struct hub_doc *doc, const struct hub_span *spans, size_t n,
		    struct hub_buf *out);
/* "PERSON", "ADDRESS", ...; "?" for none. And back; 0 for none. */
const char *hub_span_name(uint32_t type);
uint32_t hub_span_type(struct hub_str name);

/* Roster stamp of a text: hash over detectors' version and every person's strings, so that a changed
 * roster makes the text stale. hex has room for 33. */
void hub_roster_stamp(struct hub_str version, const struct hub_person *roster, uint32_t n,
		      char *hex);

#endif
