/* What a run did, for the person who signs for it: count sheet (件数突合表), rejects by reason, findings.
 * Everything comes from the store, so that the report of a run is the same whenever it is asked for. */
#ifndef HUB_INTAKE_REPORT_H
#define HUB_INTAKE_REPORT_H

#include "base/table.h"
#include "intake/tally.h"
#include "store/store.h"

enum hub_report_form { HUB_REPORT_TEXT = 0, HUB_REPORT_CSV, HUB_REPORT_HTML };

/* "text", "csv", "html", or by the ending of a file name; -1 for another word. */
int hub_report_form(struct hub_str word);

struct hub_run_row {
	int64_t id, bytes, begun_at, ended_at, undoes, undone_by;
	enum hub_run_state state;
	struct hub_str feed, input, content, mapping, schema, actor;
	struct hub_str counts, findings; /* JSON */
	struct hub_tally *rejects;       /* of a dry run; NULL: the store knows them */
};

/* One run; HUB_USAGE when there is none of that number. id 0: the last one. */
int hub_report_run(struct hub_arena *a, struct hub_store *s, int64_t id, struct hub_run_row *out,
		   struct hub_err *err);
/* "done", "interrupted", ... */
const char *hub_run_word(enum hub_run_state state);

struct hub_count_sheet {
	const struct hub_run_row *run;
	const struct hub_counts *counts;
	struct hub_str audit; /* head of the audit chain to print, may be empty */
	enum hub_report_form form;
};

/* Writes the report of a run. That of a dry run (id 0, with counts, findings and rejects of its own) differs
 * from that of the run that follows in the number of the run and its times only. */
int hub_report_write(struct hub_arena *a, struct hub_store *s, const struct hub_count_sheet *sheet,
		     struct hub_buf *out, struct hub_err *err);

#endif
