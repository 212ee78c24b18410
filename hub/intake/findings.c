#include "intake/findings.h"

#include "base/map.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 5, KEY_MAX = 512 };
#define NO_FINDING UINT32_MAX

struct tally {
	uint64_t count, line[PLACES];
	uint32_t lines;
};

struct finding {
	struct hub_str column, detail;
	const char *code;
	struct tally now, kept;
};

/* What one record adds to a finding. */
struct note {
	uint32_t finding, record;
	uint64_t n;
};

struct hub_findings {
	struct hub_arena *arena;
	struct hub_map *find; /* column, code, detail -> index + chunk of the list */
	struct finding **all;
	uint32_t n, last; /* last: the one that was asked for last, and often is again */
	size_t cap;
	const struct hub_prov *prov; /* of the records; NULL: not kept by record */
	struct note *note;
	size_t notes, note_cap;
	int failed;
};

struct hub_findings *hub_findings_new(struct hub_arena *a)
{
	struct hub_findings *f = hub_alloc0(a, sizeof *f);

	if (!f)
		return NULL;
	f->arena = a;
	f->find = hub_map_new(a);
	return f->find ? f : NULL;
}

struct hub_findings *hub_findings_by_record(struct hub_arena *a, const struct hub_prov *prov)
{
	struct hub_findings *f = hub_findings_new(a);

	if (f)
		f->prov = prov;
	return f;
}

static int add_new(struct hub_findings *f, struct hub_str key, struct hub_str column,
		   const char *code, struct hub_str detail)
{
	struct finding **all =
	    hub_alloc_more(f->arena, f->all, f->n, &f->cap, sizeof(struct finding *));
	if (!all)
		return -1;
	f->all = all;
	struct finding *e = hub_alloc0(f->arena, sizeof *e);
	if (!e || hub_map_put(f->find, key, f->n))
		return -1;
	e->column = hub_arena_str(f->arena, column);
	e->detail = hub_arena_str(f->arena, detail);
	e->code = code;
	if (!e->column.ptr || !e->detail.ptr)
		return -1;
	f->all[f->n++] = e;
	return 0;
}

static int is_finding(const struct finding *e, struct hub_str column, const char *code,
		      struct hub_str detail)
{
	return strcmp(e->code, code) == 0 && hub_str_eq(e->column, column) &&
	       hub_str_eq(e->detail, detail);
}

/* Its index; NO_FINDING when out of memory. */
static uint32_t entry(struct hub_findings *f, struct hub_str column, const char *code,
		      struct hub_str detail)
{
	char key[KEY_MAX];
	uint64_t at;

	if (f->n && is_finding(f->all[f->last], column, code, detail))
		return f->last;
	const int n = snprintf(key, sizeof key, "%.*s%c%s%c%.*s", HUB_FMT(column), 0x1f, code, 0x1f,
			       HUB_FMT(detail));
	const struct hub_str k = {key, n < 0                    ? 0
				       : (size_t)n < sizeof key ? (size_t)n
								: sizeof key - 1};

	if (hub_map_get(f->find, k, &at))
		return f->last = (uint32_t)at;
	if (add_new(f, k, column, code, detail)) {
		f->failed = 1;
		return NO_FINDING;
	}
	return f->last = f->n - 1;
}

/* Keeps the earliest lines, in order, whatever order they come in. */
static void add_place(struct tally *t, uint64_t line)
{
	uint32_t i = t->lines;

	for (uint32_t k = 0; k < t->lines; k++)
		if (t->line[k] == line)
			return;
	if (i == PLACES) {
		if (line > t->line[PLACES - 1])
			return;
		i--;
	} else {
		t->lines++;
	}
	for (; i > 0 && t->line[i - 1] > line; i--)
		t->line[i] = t->line[i - 1];
	t->line[i] = line;
}

static void add_note(struct hub_findings *f, struct note note)
{
	struct note *all = hub_alloc_more(f->arena, f->note, f->notes, &f->note_cap, sizeof *all);

	if (!all) {
		f->failed = 1;
		return;
	}
	f->note = all;
	f->note[f->notes++] = note;
}

void hub_finding_count(struct hub_findings *f, struct hub_str column, const char *code,
		       struct hub_str detail, const struct hub_prov *prov, uint64_t n)
{
	if (!f || n == 0)
		return;
	const uint32_t at = entry(f, column, code, detail);
	if (at == NO_FINDING)
		return;
	if (f->prov) {
		add_note(f, (struct note){at, (uint32_t)(prov - f->prov), n});
		return;
	}
	f->all[at]->now.count += n;
	if (prov)
		add_place(&f->all[at]->now, prov->line);
}

void hub_finding_add(struct hub_findings *f, struct hub_str column, const char *code,
		     const struct hub_prov *prov)
{
	hub_finding_count(f, column, code, (struct hub_str){0}, prov, 1);
}

static struct tally *tally_of(struct hub_findings *into, const struct finding *e)
{
	const uint32_t at = entry(into, e->column, e->code, e->detail);

	return at == NO_FINDING ? NULL : &into->all[at]->now;
}

static int merge_notes(struct hub_findings *into, const struct hub_findings *from,
		       const uint8_t *heard)
{
	for (size_t i = 0; i < from->notes; i++) {
		const struct note *note = &from->note[i];
		if (!heard[note->record])
			continue;
		struct tally *t = tally_of(into, from->all[note->finding]);
		if (!t)
			return -1;
		t->count += note->n;
		add_place(t, from->prov[note->record].line);
	}
	return into->failed || from->failed ? -1 : 0;
}

int hub_findings_merge(struct hub_findings *into, const struct hub_findings *from,
		       const uint8_t *heard)
{
	if (from->prov)
		return merge_notes(into, from, heard);
	for (uint32_t i = 0; i < from->n; i++) {
		const struct finding *e = from->all[i];
		struct tally *t = tally_of(into, e);
		if (!t)
			return -1;
		t->count += e->now.count;
		for (uint32_t k = 0; k < e->now.lines; k++)
			add_place(t, e->now.line[k]);
	}
	return into->failed || from->failed ? -1 : 0;
}

void hub_findings_keep(struct hub_findings *f)
{
	for (uint32_t i = 0; i < f->n; i++)
		f->all[i]->kept = f->all[i]->now;
}

void hub_findings_forget(struct hub_findings *f)
{
	for (uint32_t i = 0; i < f->n; i++)
		f->all[i]->now = f->all[i]->kept;
}

uint64_t hub_findings_total(const struct hub_findings *f, const char *code)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < f->n; i++)
		if (strcmp(f->all[i]->code, code) == 0)
			n += f->all[i]->now.count;
	return n;
}

static int compare(const void *x, const void *y)
{
	const struct finding *a = *(const struct finding *const *)x;
	const struct finding *b = *(const struct finding *const *)y;
	int d = hub_str_cmp(a->column, b->column);

	if (d == 0)
		d = strcmp(a->code, b->code);
	return d ? d : hub_str_cmp(a->detail, b->detail);
}

static void finding_json(const struct finding *e, struct hub_buf *out)
{
	hub_buf_putc(out, '{');
	hub_json_field(out, "column", e->column);
	hub_json_field(out, "code", hub_str_of(e->code));
	if (e->detail.len)
		hub_json_field(out, "detail", e->detail);
	hub_json_int(out, "count", (int64_t)e->now.count);
	hub_json_key(out, "lines");
	hub_buf_putc(out, '[');
	for (uint32_t k = 0; k < e->now.lines; k++)
		hub_buf_printf(out, "%s%llu", k ? "," : "", (unsigned long long)e->now.line[k]);
	hub_buf_puts(out, "]}");
}

void hub_findings_json(const struct hub_findings *f, struct hub_buf *out)
{
	struct finding **order = hub_alloc_array(f->arena, f->n ? f->n : 1, sizeof *order);
	uint32_t n = 0;

	if (f->failed || !order) {
		out->failed = 1;
		return;
	}
	for (uint32_t i = 0; i < f->n; i++)
		if (f->all[i]->now.count)
			order[n++] = f->all[i];
	qsort(order, n, sizeof *order, compare);
	hub_buf_putc(out, '[');
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			hub_buf_puts(out, ",\n");
		finding_json(order[i], out);
	}
	hub_buf_putc(out, ']');
}
