/* Findings of a run: what was unusual but not refused, counted by column and code with the first few
 * places. Never a value; the one detail is the code point of a gaiji or of an invisible character. */
#ifndef HUB_INTAKE_FINDINGS_H
#define HUB_INTAKE_FINDINGS_H

#include "base/buf.h"

struct hub_findings;

/* One per worker; merged at the end. NULL when out of memory. */
struct hub_findings *hub_findings_new(struct hub_arena *a);
/* code: static and stable. prov may be NULL. f may be NULL: nothing happens. Out of memory sticks
 * and makes hub_findings_json() fail. */
void hub_finding_add(struct hub_findings *f, struct hub_str column, const char *code,
		     const struct hub_prov *prov);
/* n of them at once; detail: what exactly ("U+E000"), may be empty. */
void hub_finding_count(struct hub_findings *f, struct hub_str column, const char *code,
		       struct hub_str detail, const struct hub_prov *prov, uint64_t n);
int hub_findings_merge(struct hub_findings *into, const struct hub_findings *from);
/* How often a code was found, over all columns. */
uint64_t hub_findings_total(const struct hub_findings *f, const char *code);
/* [{"column":..,"code":..,"detail":..,"count":..,"lines":[..]}] ordered by column, code and detail;
 * detail only where there is one. */
void hub_findings_json(const struct hub_findings *f, struct hub_buf *out);

/* Adds what hub_findings_json() wrote; codes are kept in the arena. */
int hub_findings_read(struct hub_findings *f, struct hub_arena *a, struct hub_str json,
		      struct hub_err *err);

#endif
