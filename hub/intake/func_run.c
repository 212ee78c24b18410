#include "intake/func.h"

#include "base/err.h"
#include "base/map.h"
#include "intake/findings.h"

enum { ROOM = 16 * 1024, CACHE_BITS = 7, CACHE_FROM = 16 };

char *hub_fx_room(struct hub_fx *x, size_t n)
{
	if (n > x->left) {
		const size_t size = n > ROOM ? n : ROOM;
		char *p = hub_alloc(x->arena, size);
		if (!p) {
			x->oom = 1;
			return NULL;
		}
		if (n > ROOM / 2)
			return p;
		x->room = p;
		x->left = size;
	}
	char *p = x->room;
	x->room += n;
	x->left -= n;
	return p;
}

struct hub_str hub_fx_copy(struct hub_fx *x, struct hub_str s)
{
	char *p = hub_fx_room(x, s.len);

	if (!p)
		return (struct hub_str){0};
	if (s.len)
		memcpy(p, s.ptr, s.len);
	return (struct hub_str){p, s.len};
}

void hub_fx_bad(struct hub_fx *x, uint32_t r, struct hub_str raw, const char *why)
{
	struct hub_reg *reg = x->out;

	hub_fx_set(x, r, HUB_INVALID, raw);
	struct hub_bad *bad =
	    hub_alloc_more(x->arena, reg->bad, reg->bads, &reg->bad_cap, sizeof *bad);
	if (!bad) {
		x->oom = 1;
		return;
	}
	reg->bad = bad;
	reg->bad[reg->bads++] = (struct hub_bad){r, why};
}

/* Result of one function for one text. */
struct result {
	struct hub_str in, out;
	const char *why, *note[3];
	uint32_t notes;
	uint8_t used, cell;
};

static void put_result(struct hub_fx *x, uint32_t r, const struct result *res)
{
	if (res->cell == HUB_INVALID)
		hub_fx_bad(x, r, res->in, res->why);
	else
		hub_fx_set(x, r, (enum hub_cell)res->cell, res->out);
	if (res->notes == 0)
		return;
	const uint32_t rec = x->record ? x->record[r] : r;
	for (uint32_t i = 0; i < res->notes; i++)
		hub_finding_add(x->findings, x->column, res->note[i],
				x->chunk ? &x->chunk->prov[rec] : NULL);
}

static void run_cell(struct hub_fcall *c, struct hub_str in, struct result *res)
{
	c->notes = 0;
	c->why = NULL;
	res->in = in;
	res->out = (struct hub_str){0};
	res->cell = (uint8_t)c->op->fn->cell(c, in, &res->out);
	res->why = c->why;
	res->notes = c->notes;
	for (uint32_t i = 0; i < c->notes; i++)
		res->note[i] = c->note[i];
}

/* A cell that is no value stays what it is; 1 then. */
static int passes(struct hub_fx *x, uint32_t r)
{
	const struct hub_vec *in = &x->in[0]->v;

	if (in->cell[r] == HUB_VALUE)
		return 0;
	hub_fx_set(x, r, (enum hub_cell)in->cell[r], in->text[r]);
	return 1;
}

/* Slot of a text among results of few distinct ones: sexes, codes, names of agencies. */
static struct result *slot_of(struct result *cache, struct hub_str in)
{
	uint64_t head = 0, tail = 0;
	const size_t n = in.len < 8 ? in.len : 8;

	memcpy(&head, in.ptr, n);
	memcpy(&tail, in.ptr + in.len - n, n);
	const uint64_t h = (head ^ (tail << 1) ^ in.len) * 0x9e3779b97f4a7c15u;
	return &cache[h >> (64 - CACHE_BITS)];
}

static void run_cached(struct hub_fx *x, struct hub_fcall *call, struct result *cache)
{
	const struct hub_vec *in = &x->in[0]->v;

	for (uint32_t i = 0; i < x->n && !x->oom; i++) {
		const uint32_t r = x->sel[i];
		if (passes(x, r))
			continue;
		struct result *res = slot_of(cache, in->text[r]);
		if (!res->used || !hub_str_eq(res->in, in->text[r]))
			run_cell(call, in->text[r], res);
		res->used = 1;
		put_result(x, r, res);
	}
}

void hub_fx_cells(struct hub_fx *x)
{
	const struct hub_vec *in = &x->in[0]->v;
	struct hub_fcall call = {.x = x, .op = x->op};
	struct result res;

	if (x->op->fn->flags & HUB_FUNC_CACHE && x->n > CACHE_FROM) {
		struct result *cache =
		    hub_alloc_array(x->arena, (size_t)1 << CACHE_BITS, sizeof *cache);
		if (cache)
			run_cached(x, &call, cache);
		else
			x->oom = 1;
		return;
	}
	for (uint32_t i = 0; i < x->n && !x->oom; i++) {
		const uint32_t r = x->sel[i];
		if (passes(x, r))
			continue;
		run_cell(&call, in->text[r], &res);
		put_result(x, r, &res);
	}
}

/* Stable words of the readers in hub/text and of the functions -> a sentence for people. */
static const struct {
	const char *why, *text;
} whys[] = {
    {"not-a-date", HUB_N("this is no date")},
    {"no-such-day", HUB_N("the month has no such day")},
    {"no-such-month", HUB_N("there is no such month")},
    {"no-such-year", HUB_N("the era has no such year")},
    {"unknown-era", HUB_N("there is no such era")},
    {"before-era", HUB_N("the date lies before its era began")},
    {"era-overrun", HUB_N("the era had ended by then")},
    {"lunar-calendar", HUB_N("dates before 1873 are of another calendar")},
    {"year-missing", HUB_N("the year is missing")},
    {"year-ambiguous", HUB_N("the year has two digits: era or century is not clear")},
    {"years-differ", HUB_N("the years of the two calendars are not the same year")},
    {"order-ambiguous", HUB_N("day and month cannot be told apart")},
    {"range-reversed", HUB_N("the range ends before it begins")},
    {"out-of-range", HUB_N("the value is out of the expected range")},
    {"zero-date", HUB_N("zeros stand for a date")},
    {"excel-false-day", HUB_N("day 60 of Excel does not exist")},
    {"fiscal-year", HUB_N("a fiscal year is no date")},
    {"open-ended", HUB_N("the range is open")},
    {"not-a-time", HUB_N("this is no time of day")},
    {"bad-time", HUB_N("this is no time of day")},
    {"not-a-month", HUB_N("more or less than a month is given")},
    {"no-time", HUB_N("the time of day is missing")},
    {"not-a-number", HUB_N("this cannot be read as a number")},
    {"too-many-codes", HUB_N("more than 256 codes in one cell")},
    {"no-place", HUB_N("no place is named in the address")},
    {"city-ambiguous", HUB_N("several municipalities have this name")},
    {"address-unknown", HUB_N("the address names no known place")},
    {"no-fixed-address", HUB_N("no fixed address")},
    {"same-as-above", HUB_N("the address only refers to another one")},
    {"not-in-list", HUB_N("the code list has no such code, label or spelling")},
    {"not-in-table", HUB_N("the table of the mapping has no such line")},
    {"not-yes-or-no", HUB_N("neither yes nor no")},
    {"not-kana", HUB_N("the reading holds other characters than kana")},
    {"several-numbers", HUB_N("several telephone numbers in one cell")},
    {"implausible", HUB_N("the date is out of the expected range")},
    {"unknown-area", HUB_N("the numbering plan has no such area code")},
    {"area-missing", HUB_N("the area code is missing")},
    {"wrong-length", HUB_N("the number has too few or too many digits")},
    {"not-a-postal-code", HUB_N("this is no postal code")},
    {"old-postal-code", HUB_N("this is a postal code of before 1998")},
};

const char *hub_why_text(const char *why)
{
	for (size_t i = 0; why && i < HUB_COUNT(whys); i++)
		if (strcmp(whys[i].why, why) == 0)
			return hub_tr(whys[i].text);
	return why ? why : "";
}
