/* Findings of a run: what was unusual but not refused, counted by column and code with the first few
 * places. Never a value; the one detail is the code point of a gaiji or of an invisible character. */
#ifndef HUB_INTAKE_FINDINGS_H
#define HUB_INTAKE_FINDINGS_H

#include "base/buf.h"

struct hub_findings;

/* NULL when out of memory. */
struct hub_findings *hub_findings_new(struct hub_arena *a);
/* Of a chunk's records, some of which may turn out to bring nothing: kept by record, so that they can be left
 * out. prov: of the chunk; every place that is told must be one of them. */
struct hub_findings *hub_findings_by_record(struct hub_arena *a, const struct hub_prov *prov);
/* code: static and stable. prov may be NULL. f may be NULL: nothing happens. Out of memory sticks
 * and makes hub_findings_json() fail. */
void hub_finding_add(struct hub_findings *f, struct hub_str column, const char *code,
		     const struct hub_prov *prov);
/* n of them at once; detail: what exactly ("U+E000"), may be empty. */
void hub_finding_count(struct hub_findings *f, struct hub_str column, const char *code,
		       struct hub_str detail, const struct hub_prov *prov, uint64_t n);
/* heard: when from is kept by record, one for each: 0 leaves it out. May be forgotten again until it is kept. */
int hub_findings_merge(struct hub_findings *into, const struct hub_findings *from,
		       const uint8_t *heard);
/* What was added since is there to stay. */
void hub_findings_keep(struct hub_findings *f);
/* What was added since then is gone. */
void hub_findings_forget(struct hub_findings *f);
/* How often a code was found, over all columns. */
uint64_t hub_findings_total(const struct hub_findings *f, const char *code);
/* [{"column":..,"code":..,"detail":..,"count":..,"lines":[..]}] ordered by column, code and detail;
 * detail only where there is one. */
void hub_findings_json(const struct hub_findings *f, struct hub_buf *out);

/* Adds what hub_findings_json() wrote, for good; codes live in the arena. */
int hub_findings_read(struct hub_findings *f, struct hub_arena *a, struct hub_str json,
		      struct hub_err *err);

#endif
