/* Everything that is wrong with a configuration, collected in one run and printed with its place, the
 * line itself, the cause and what to do. Also for mappings, schemas, code lists: whatever a person
 * wrote and a program reads. Belongs to one thread.
 *
 * A problem is an ordinary struct hub_err plus a place:
 *	struct hub_err e;
 *	hub_fail(&e, HUB_CONF, "unknown-field", "unknown field \"%s\"", name);
 *	hub_hint(&e, "...");
 *	hub_report_add(r, hub_conf_place(setting), &e); */
#ifndef HUB_CONF_REPORT_H
#define HUB_CONF_REPORT_H

#include "base/arena.h"
#include "base/err.h"

/* A file as it was read, without byte order mark. */
struct hub_source {
	const char *name;
	struct hub_str text;
};

/* A piece of it. src NULL: no place is known. */
struct hub_place {
	const struct hub_source *src;
	size_t at, len;
};

struct hub_report;

/* NULL when out of memory. The arena and all sources must outlive it. */
struct hub_report *hub_report_new(struct hub_arena *a);
/* Copies err. Out of memory loses the text of a problem, never that there was one. */
void hub_report_add(struct hub_report *r, struct hub_place place, const struct hub_err *err);
/* This piece is a secret: excerpts show *** in its place, also those of earlier problems. */
void hub_report_hide(struct hub_report *r, struct hub_place place);

size_t hub_report_count(const struct hub_report *r);
/* Problem i in order of file and place; err->where is "file:line:column". */
const struct hub_err *hub_report_at(const struct hub_report *r, size_t i);
/* All problems, in order of place within each file. */
void hub_report_print(const struct hub_report *r, FILE *out);
/* HUB_OK without a problem; else HUB_CONF, err saying how many there are. */
int hub_report_result(const struct hub_report *r, struct hub_err *err);

/* Line and column (code points), both from 1. */
void hub_place_line(struct hub_place p, unsigned *line, unsigned *col);

#endif
