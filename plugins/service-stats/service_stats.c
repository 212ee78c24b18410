/* service-stats - figures of the forms (帳票 of the ministry and of the prefecture) for a month or a 年度, as the asker's
 * agency may have them: counted, guarded and put on the audit log by the hub (desk->counts), written here.
 *
 * It counts nothing itself, so that there is one place where small figures are hidden. */
#include "plain.h"
#include <hub/plugin.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct stats {
	const struct hub_host *host;
	const struct hub_desk *desk;
};

enum { Q_YEAR, Q_MONTH, Q_DEFINITION };
enum { FIELD_MOST = 2000 };

static int ask(struct stats *s, struct hub_call *c, const struct hub_batch **b, struct hub_err *err)
{
	const struct hub_val *q = c->query;
	const struct hub_counting what = {
	    .year = q[Q_YEAR].i,
	    .month = q[Q_MONTH].type == HUB_VAL_INT ? q[Q_MONTH].i : 0,
	    .set = q[Q_DEFINITION].type == HUB_VAL_TEXT ? q[Q_DEFINITION].s
							: (struct hub_str){NULL, 0},
	};

	return s->desk->counts(c, &what, b, err);
}

/* --- JSON ------------------------------------------------------------------------------------------------ */

static int64_t number_of(struct hub_str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.len && i < 18; i++)
		n = n * 10 + (s.ptr[i] - '0');
	return n;
}

static int get_counts(void *self, struct hub_call *c, struct hub_err *err)
{
	struct stats *s = self;
	const struct hub_batch *b;
	const struct hub_str count = {"count", 5};
	const int rc = ask(s, c, &b, err);

	for (uint32_t r = 0; !rc && r < b->rows; r++) {
		s->desk->open(c, NULL, 0);
		for (uint32_t k = 0; k < b->cols; k++) {
			const struct hub_str v = b->col[k].text[r];
			char name[64];
			snprintf(name, sizeof name, "%.*s", (int)b->col[k].name.len,
				 b->col[k].name.ptr);
			if (b->col[k].cell[r] != HUB_VALUE || (v.len == 0 && k > 0))
				s->desk->text(c, name, (struct hub_str){NULL, 0});
			else if (b->col[k].name.len == count.len &&
				 memcmp(b->col[k].name.ptr, count.ptr, count.len) == 0)
				s->desk->number(c, name, number_of(v));
			else
				s->desk->text(c, name, v);
		}
		s->desk->close(c);
	}
	return rc;
}

/* --- CSV: UTF-8 with a mark for Excel, RFC 4180 ------------------------------------------------------------- */

struct out {
	char *ptr;
	size_t len;
};

static void put(struct out *o, const char *p, size_t n)
{
	if (n)
		memcpy(o->ptr + o->len, p, n);
	o->len += n;
}

static void put_cell(struct out *o, struct hub_str v, int last)
{
	put(o, "\"", 1);
	for (size_t i = 0; i < v.len; i++)
		put(o, v.ptr[i] == '"' ? "\"\"" : &v.ptr[i], v.ptr[i] == '"' ? 2 : 1);
	put(o, last ? "\"\r\n" : "\",", last ? 3 : 2);
}

static size_t room_for(const struct hub_batch *b)
{
	size_t n = 3;

	for (uint32_t k = 0; k < b->cols; k++) {
		n += 2 * b->col[k].label.len + 4;
		for (uint32_t r = 0; r < b->rows; r++)
			n += 2 * b->col[k].text[r].len + 4;
	}
	return n;
}

static int get_csv(void *self, struct hub_call *c, struct hub_err *err)
{
	struct stats *s = self;
	const struct hub_batch *b;
	char name[80];
	const int rc = ask(s, c, &b, err);

	if (rc)
		return rc;
	struct out o = {.ptr = s->desk->alloc(c, room_for(b))};
	if (!o.ptr)
		return NO_MEMORY(s->host, err);
	put(&o, "\xef\xbb\xbf", 3);
	for (uint32_t k = 0; k < b->cols; k++)
		put_cell(&o, b->col[k].label, k + 1 == b->cols);
	for (uint32_t r = 0; r < b->rows; r++)
		for (uint32_t k = 0; k < b->cols; k++)
			put_cell(&o, b->col[k].text[r], k + 1 == b->cols);
	const int month = c->query[Q_MONTH].type == HUB_VAL_INT ? (int)c->query[Q_MONTH].i : 0;
	const int n = month ? snprintf(name, sizeof name, "statistics-%lld-%02d.csv",
				       (long long)c->query[Q_YEAR].i, month)
			    : snprintf(name, sizeof name, "statistics-%lld.csv",
				       (long long)c->query[Q_YEAR].i);
	s->desk->file(c, &(struct hub_file){.name = {name, (size_t)n},
					    .type = {"text/csv; charset=utf-8", 23},
					    .content = {o.ptr, o.len}});
	return HUB_OK;
}

/* --- tables -------------------------------------------------------------------------------------------------- */

static const struct hub_member query[] = {
    {HUB_MEMBER("year", INT, HUB_M_REQUIRED,
		HUB_N("fiscal year (April to March) by the year it begins in"), .min = 1990,
		.max = 2200)},
    {HUB_MEMBER("month", INT, 0, HUB_N("one month of it only"), .min = 1, .max = 12)},
    {HUB_MEMBER("definition", TEXT, 0, HUB_N("one definition only (mhlw)"), .max = 64)},
    {.name = NULL}};

#define TEXT(n, words)                                                            \
	{                                                                         \
		HUB_MEMBER((n), TEXT, HUB_M_NULLABLE, (words), .max = FIELD_MOST) \
	}
static const struct hub_member figure[] = {
    TEXT("definition", HUB_N("name of the definition")),
    TEXT("measure", HUB_N("what is counted")),
    TEXT("label", HUB_N("what is counted, for people")),
    TEXT("unit", HUB_N("unit")),
    TEXT("breakdown", HUB_N("by what; null: the total")),
    TEXT("breakdown_label", HUB_N("by what, for people")),
    TEXT("code", HUB_N("category")),
    TEXT("category", HUB_N("category, for people")),
    TEXT("period", HUB_N("2026-10, or 2026年度")),
    {HUB_MEMBER("from", DATE, HUB_M_NULLABLE, HUB_N("its beginning"))},
    {HUB_MEMBER("to", DATE, HUB_M_NULLABLE, HUB_N("its end"))},
    {HUB_MEMBER("count", INT, HUB_M_NULLABLE, HUB_N("how many; null: not given"))},
    TEXT("state", HUB_N("exact, hidden (small, or it would tell a small one), rounded, open")),
    TEXT("note", HUB_N("what the reader must know")),
    {.name = NULL}};

static const struct hub_route routes[] = {
    {"GET", "/counts", "stats.read", HUB_ROUTE_LIST, query, NULL, figure,
     HUB_N("figures of the forms for a fiscal year or a month"), get_counts},
    {"GET", "/counts.csv", "stats.read", HUB_ROUTE_RAW, query, NULL, NULL,
     HUB_N("the same as CSV for a spreadsheet"), get_csv},
};

static int stats_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		      struct hub_str pos, void **self, struct hub_err *err)
{
	struct stats *s = host->alloc(ctx, NULL, sizeof *s);

	(void)conf;
	(void)pos;
	if (!s)
		return NO_MEMORY(host, err);
	*s = (struct stats){.host = host, .desk = host->desk};
	*self = s;
	return HUB_OK;
}

static void stats_close(void *self)
{
	(void)self;
}

static const struct hub_opt options[] = {{.name = NULL}};

static const struct hub_service service = {
    .size = sizeof service,
    .area = "stats",
    .route = routes,
    .routes = sizeof routes / sizeof *routes,
};

static const struct hub_ops ops = {.size = sizeof ops, .open = stats_open, .close = stats_close};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SERVICE,
    .name = "stats",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("figures of the forms, as the asker's agency may have them"),
    .opts = options,
    .ops = &ops,
    .service = &service,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
