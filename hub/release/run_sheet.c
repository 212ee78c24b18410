#include "release/run_sheet.h"

#include "release/audit.h"
#include "store/counts.h"

int hub_run_sheet_write(struct hub_arena *a, struct hub_store *s, struct hub_run_sheet *sheet,
			struct hub_buf *out, struct hub_err *err)
{
	const struct hub_schema *schema = hub_store_schema(s);
	struct hub_counts counts = {
	    .entity = hub_alloc_array(a, schema->n_entities, sizeof *counts.entity)};
	struct hub_audit_state audit = {0};
	struct hub_run_row run;
	int rc;

	if (!counts.entity)
		return hub_fail_mem(err);
	if ((rc = hub_report_run(a, s, sheet->run, &run, err)) ||
	    (run.counts.len && (rc = hub_counts_read(run.counts, schema, &counts, err))) ||
	    (rc = hub_audit_head(hub_store_db(s), &audit, err)))
		return rc;
	sheet->run = run.id;
	sheet->agrees = run.state != HUB_RUN_DONE || hub_counts_ok(&counts, schema);
	const struct hub_count_sheet of = {&run, &counts, hub_str_of(audit.head), sheet->form};
	return hub_report_write(a, s, &of, out, err);
}
