#include "intake/findings.h"

#include "base/map.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLACES = 5, KEY_MAX = 512 };

struct finding {
	struct hub_str column, detail;
	const char *code;
	uint64_t count, line[PLACES];
	uint32_t lines;
};

struct hub_findings {
	struct hub_arena *arena;
	struct hub_map *find; /* column, code, detail -> index + chunk of the list */
	struct finding **all;
	uint32_t n;
	size_t cap;
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

static struct finding *add_new(struct hub_findings *f, struct hub_str key, struct hub_str column,
			       const char *code, struct hub_str detail)
{
	struct finding **all =
	    hub_alloc_more(f->arena, f->all, f->n, &f->cap, sizeof(struct finding *));
	if (!all)
		return NULL;
	f->all = all;
	struct finding *e = hub_alloc0(f->arena, sizeof *e);
	if (!e || hub_map_put(f->find, key, f->n))
		return NULL;
	e->column = hub_arena_str(f->arena, column);
	e->detail = hub_arena_str(f->arena, detail);
	e->code = code;
	if (!e->column.ptr || !e->detail.ptr)
		return NULL;
	f->all[f->n++] = e;
	return e;
}

static struct finding *entry(struct hub_findings *f, struct hub_str column, const char *code,
			     struct hub_str detail)
{
	char key[KEY_MAX];
	uint64_t at;
	const int n = snprintf(key, sizeof key, "%.*s%c%s%c%.*s", HUB_FMT(column), 0x1f, code, 0x1f,
			       HUB_FMT(detail));
	const struct hub_str k = {key, n < 0                    ? 0
				       : (size_t)n < sizeof key ? (size_t)n
								: sizeof key - 1};

	if (hub_map_get(f->find, k, &at))
		return f->all[at];
	struct finding *e = add_new(f, k, column, code, detail);
	if (!e)
		f->failed = 1;
	return e;
}

/* Keeps the earliest lines, in order, whatever order they come in. */
static void add_place(struct finding *e, uint64_t line)
{
	uint32_t i = e->lines;

	for (uint32_t k = 0; k < e->lines; k++)
		if (e->line[k] == line)
			return;
	if (i == PLACES) {
		if (line > e->line[PLACES - 1])
			return;
		i--;
	} else {
		e->lines++;
	}
	for (; i > 0 && e->line[i - 1] > line; i--)
		e->line[i] = e->line[i - 1];
	e->line[i] = line;
}

void hub_finding_count(struct hub_findings *f, struct hub_str column, const char *code,
		       struct hub_str detail, const struct hub_prov *prov, uint64_t n)
{
	if (!f || n == 0)
		return;
	struct finding *e = entry(f, column, code, detail);
	if (!e)
		return;
	e->count += n;
	if (prov)
		add_place(e, prov->line);
}

void hub_finding_add(struct hub_findings *f, struct hub_str column, const char *code,
		     const struct hub_prov *prov)
{
	hub_finding_count(f, column, code, (struct hub_str){0}, prov, 1);
}

int hub_findings_merge(struct hub_findings *into, const struct hub_findings *from)
{
	for (uint32_t i = 0; i < from->n; i++) {
		const struct finding *e = from->all[i];
		struct finding *t = entry(into, e->column, e->code, e->detail);
		if (!t)
			return -1;
		t->count += e->count;
		for (uint32_t k = 0; k < e->lines; k++)
			add_place(t, e->line[k]);
	}
	return into->failed || from->failed ? -1 : 0;
}

uint64_t hub_findings_total(const struct hub_findings *f, const char *code)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < f->n; i++)
		if (strcmp(f->all[i]->code, code) == 0)
			n += f->all[i]->count;
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

void hub_findings_json(const struct hub_findings *f, struct hub_buf *out)
{
	if (f->failed)
		out->failed = 1;
	struct finding **order = hub_alloc_array(f->arena, f->n ? f->n : 1, sizeof *order);
	if (!order) {
		out->failed = 1;
		return;
	}
	if (f->n)
		memcpy(order, f->all, f->n * sizeof *order);
	qsort(order, f->n, sizeof *order, compare);
	hub_buf_putc(out, '[');
	for (uint32_t i = 0; i < f->n; i++) {
		const struct finding *e = order[i];
		if (i)
			hub_buf_puts(out, ",\n");
		hub_buf_putc(out, '{');
		hub_json_field(out, "column", e->column);
		hub_json_field(out, "code", hub_str_of(e->code));
		if (e->detail.len)
			hub_json_field(out, "detail", e->detail);
		hub_json_int(out, "count", (int64_t)e->count);
		hub_json_key(out, "lines");
		hub_buf_putc(out, '[');
		for (uint32_t k = 0; k < e->lines; k++)
			hub_buf_printf(out, "%s%llu", k ? "," : "", (unsigned long long)e->line[k]);
		hub_buf_puts(out, "]}");
	}
	hub_buf_putc(out, ']');
}
