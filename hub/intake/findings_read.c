/* The way back of hub_findings_json(): a resumed run goes on counting where its first part stopped. */
#include "base/err.h"
#include "base/json.h"
#include "intake/mapping.h"

static struct hub_str text(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return (struct hub_str){json_string_value(v), json_string_length(v)};
}

static void add(struct hub_findings *f, const char *code, const json_t *one)
{
	const json_t *lines = json_object_get(one, "lines");
	uint64_t left = (uint64_t)hub_json_number(one, "count");

	for (size_t i = 0; i < json_array_size(lines) && left > 0; i++, left--) {
		const struct hub_prov place = {
		    .line = (uint64_t)json_integer_value(json_array_get(lines, i))};
		hub_finding_count(f, text(one, "column"), code, text(one, "detail"), &place, 1);
	}
	if (left)
		hub_finding_count(f, text(one, "column"), code, text(one, "detail"), NULL, left);
}

int hub_findings_read(struct hub_findings *f, struct hub_arena *a, struct hub_str json,
		      struct hub_err *err)
{
	json_error_t e;
	json_t *one;
	size_t i;

	if (!json.len)
		return HUB_OK;
	json_t *all = hub_json_read(json, 0, &e);
	if (!all)
		return errno == ENOMEM ? hub_fail_mem(err)
				       : hub_fail(err, HUB_INTEGRITY, "run-findings",
						  "the stored findings of a run cannot be read");
	json_array_foreach(all, i, one)
	{
		/* codes live as long as the findings */
		const char *code = hub_arena_cstr(a, text(one, "code"));
		if (code)
			add(f, code, one);
	}
	json_decref(all);
	hub_findings_keep(f);
	return HUB_OK;
}
