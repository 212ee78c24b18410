#include "release/render.h"

#include "base/err.h"
#include "base/str.h"
#include "release/refuge.h"
#include "release/value.h"

#include <stdlib.h>

/* --- patches -------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct hub_patch *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

/* Which of two patches over the same place gives its label. */
static int wins(const struct hub_patch *x, const struct hub_patch *y)
{
	if (x->show != y->show)
		return x->show < y->show;
	if ((x->who.len > 0) != (y->who.len > 0))
		return x->who.len > 0;
	return x->end - x->start > y->end - y->start;
}

/* Overlapping patches become one. What is as is must be gone before. Returns how many are left. */
static uint32_t unite(struct hub_patch *p, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct hub_patch *last = kept ? &p[kept - 1] : NULL;
		if (!last || p[i].start >= last->end) {
			p[kept++] = p[i];
			continue;
		}
		const struct hub_patch whole = wins(&p[i], last) ? p[i] : *last;
		const uint32_t start = last->start;
		const uint32_t end = p[i].end > last->end ? p[i].end : last->end;
		*last = whole;
		last->start = start;
		last->end = end;
	}
	return kept;
}

/* Reads the text code point by code point. */
struct walk {
	struct hub_str text;
	size_t at;
	uint32_t point;
};

static void walk_to(struct walk *w, uint32_t point)
{
	while (w->point < point && w->at < w->text.len) {
		(void)hub_utf8_next(w->text, &w->at);
		w->point++;
	}
}

/* Marks that belong to the character before them: a name's variant must not stay behind. */
static void walk_over_marks(struct walk *w)
{
	while (w->at < w->text.len) {
		size_t next = w->at;
		const int32_t c = hub_utf8_next(w->text, &next);
		const int mark = c == 0x3099 || c == 0x309a || c == 0x200d ||
				 (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) ||
				 (c >= 0x300 && c <= 0x36f);
		if (!mark)
			return;
		w->at = next;
		w->point++;
	}
}

/* Nothing, or one space: 佐藤 花子 are two spans of one person. */
static int is_gap(struct hub_str s)
{
	return s.len == 0 || hub_str_is(s, " ") || hub_str_is(s, "　");
}

uint32_t hub_patch_text(struct hub_buf *out, struct hub_str text, struct hub_patch *patches,
			uint32_t n)
{
	struct walk w = {.text = text};
	struct hub_str who = {"", 0};
	size_t copied = 0;
	uint32_t some = 0, shown = 0;

	for (uint32_t i = 0; i < n; i++)
		if (patches[i].show != HUB_SHOW_AS_IS)
			patches[some++] = patches[i];
	if (some > 1)
		qsort(patches, some, sizeof *patches, by_place);
	n = unite(patches, some);

	for (uint32_t i = 0; i < n; i++) {
		struct hub_patch p = patches[i];
		walk_to(&w, p.start);
		/* marks after the span before may have taken its beginning already */
		const struct hub_str between =
		    hub_str_cut(text, copied, w.at > copied ? w.at : copied);
		const int same = who.len > 0 && hub_str_eq(who, p.who) && is_gap(between);
		if (!same) {
			hub_buf_str(out, between);
			p.from = out->len;
			hub_buf_str(out, p.label);
			p.to = out->len;
			patches[shown++] = p; /* shown <= i: its place is read already */
		}
		walk_to(&w, p.end);
		walk_over_marks(&w);
		copied = w.at > copied ? w.at : copied;
		who = p.who;
	}
	hub_buf_str(out, hub_str_from(text, copied));
	return shown;
}

/* --- a text with its spans ------------------------------------------------------------------------ */

static const char *const labels[] = {
    [HUB_SPAN_PERSON] = "【人物】",        [HUB_SPAN_ADDRESS] = "【住所】",
    [HUB_SPAN_PHONE] = "【電話番号】",     [HUB_SPAN_EMAIL] = "【メール】",
    [HUB_SPAN_BIRTHDATE] = "【生年月日】", [HUB_SPAN_IDNUMBER] = "【番号】",
    [HUB_SPAN_FACILITY] = "【施設】",      [HUB_SPAN_ORG] = "【機関】",
};

/* The name of a span's person in brackets; asked for in order of place, so that the cast is stable. */
static int name_person(const struct hub_rendering *t, const struct hub_mark *m,
		       struct hub_str surface, struct hub_patch *p)
{
	const struct hub_str name = hub_cast_name(t->cast, m->person, surface);

	if (name.len == 0)
		return -1;
	p->label = p->who = hub_arena_printf(t->a, "【%.*s】", HUB_FMT(name));
	return p->label.ptr ? 0 : -1;
}

static int general_label(const struct hub_rendering *t, const struct hub_mark *m,
			 struct hub_str surface, struct hub_patch *p)
{
	const struct hub_str wide = m->type == HUB_SPAN_BIRTHDATE
					? hub_age_band(t->a, surface, t->view->day)
				    : m->type == HUB_SPAN_ADDRESS ? hub_place_of(t->a, surface)
								  : HUB_STR("");

	if (!wide.ptr)
		return -1;
	if (wide.len)
		p->label = hub_arena_printf(t->a, "【%.*s】", HUB_FMT(wide));
	return p->label.ptr ? 0 : -1;
}

/* Label of a span that is shown as p->show. -1: out of memory. */
static int label_span(const struct hub_rendering *t, const struct hub_mark *m,
		      struct hub_str surface, struct hub_patch *p)
{
	p->label = hub_str_of(labels[m->type]);
	switch (p->show) {
	case HUB_SHOW_WITHHELD:
		p->label = HUB_STR("【非提供】");
		return 0;
	case HUB_SHOW_MASKED:
		p->label = HUB_STR("●●");
		return 0;
	case HUB_SHOW_GENERALISED:
		return m->type == HUB_SPAN_PERSON ? name_person(t, m, surface, p)
						  : general_label(t, m, surface, p);
	case HUB_SHOW_PSEUDONYM:
		return m->type == HUB_SPAN_PERSON ? name_person(t, m, surface, p) : 0;
	case HUB_SHOW_AS_IS:
		return 0;
	}
	return -1;
}

static int mark_by_place(const void *a, const void *b)
{
	const struct hub_mark *x = a, *y = b;

	return x->start != y->start ? (x->start < y->start ? -1 : 1)
				    : (x->end < y->end) - (x->end > y->end);
}

/* The gate's answer for a span, and of what it says where somebody else lives under display restriction. */
static int decide_mark(const struct hub_rendering *t, struct hub_answer whole,
		       const struct hub_mark *m, struct hub_str surface, struct hub_answer *out)
{
	const int hidden =
	    m->type == HUB_SPAN_ADDRESS ? hub_refuge_address(t->a, t->q->refuges, surface)
	    : m->type == HUB_SPAN_PHONE ? hub_refuge_phone(t->a, t->q->refuges, surface)
					: hub_refuge_facility(t->a, t->q->refuges, surface);

	*out = hub_text_decide_mark(t->q, whole, m);
	if (hidden > 0 && out->decision != HUB_WITHHOLD)
		*out = (struct hub_answer){.decision = HUB_WITHHOLD, .reason = HUB_WHY_ADDRESS};
	return hidden < 0 ? -1 : 0;
}

struct hub_patch *hub_text_patches(const struct hub_rendering *t, const struct hub_mark *marks,
				   uint32_t n, enum hub_show most, struct hub_rendered *r)
{
	struct hub_patch *patches = hub_alloc_array(t->a, (size_t)n + 1, sizeof *patches);
	struct hub_named *named = hub_alloc_array(t->a, (size_t)n + 1, sizeof *named);
	struct walk w = {.text = t->text};

	if (!patches || !named)
		return NULL;
	r->named = named;
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_mark *m = &marks[i];
		/* ORG is open unless it must be withheld (design §12) */
		const enum hub_show limit = m->type == HUB_SPAN_ORG ? HUB_SHOW_AS_IS : most;

		walk_to(&w, m->start);
		struct walk end = w;
		walk_to(&end, m->end);
		const struct hub_str surface = hub_str_cut(t->text, w.at, end.at);
		struct hub_answer a;
		if (decide_mark(t, r->whole, m, surface, &a))
			return NULL;
		const enum hub_show by_class =
		    hub_view_of(t->view, t->view->by_class[hub_span_class(m->type)], a.decision);
		patches[i] = (struct hub_patch){.start = m->start,
						.end = m->end,
						.show = hub_show_stricter(by_class, limit),
						.answer = a};
		if (label_span(t, m, surface, &patches[i]))
			return NULL;
		r->spans++;
		r->withheld += patches[i].show == HUB_SHOW_WITHHELD;
		r->masked +=
		    patches[i].show > HUB_SHOW_WITHHELD && patches[i].show < HUB_SHOW_AS_IS;
		r->confirm |= a.confirm;
		if (patches[i].show == HUB_SHOW_AS_IS && m->person.len)
			named[r->n_named++] =
			    (struct hub_named){m->person, hub_span_class(m->type)};
	}
	return patches;
}

/* Where somebody lives under display restriction stands in it, where no detector found it: then none of it leaves. */
static int look_last(const struct hub_rendering *t, struct hub_buf *out, size_t before,
		     struct hub_rendered *r, struct hub_err *err)
{
	const struct hub_str shown = hub_str_from(hub_buf_text(out), before);
	const int stands = hub_refuge_stands(t->a, t->q->refuges, shown);

	if (stands <= 0)
		return stands ? hub_fail_mem(err) : HUB_OK;
	out->len = before;
	*r = (struct hub_rendered){.whole = {.decision = HUB_WITHHOLD, .reason = HUB_WHY_ADDRESS}};
	return HUB_OK;
}

int hub_text_render(const struct hub_rendering *t, struct hub_str marks_json, enum hub_show show,
		    struct hub_buf *out, struct hub_rendered *result, struct hub_err *err)
{
	const size_t before = out->len;
	const struct hub_mark *read;
	uint32_t n;
	int rc;

	*result = (struct hub_rendered){.whole = hub_text_decide(t->q)};
	result->confirm = result->whole.confirm;
	const enum hub_show most = hub_view_of(t->view, show, result->whole.decision);
	if (most == HUB_SHOW_WITHHELD)
		return HUB_OK;
	if ((rc = hub_marks_read(t->a, marks_json, t->text, &read, &n, err))) {
		result->whole = (struct hub_answer){.reason = HUB_WHY_STALE};
		return rc;
	}
	struct hub_mark *marks = hub_alloc_array(t->a, (size_t)n + 1, sizeof *marks);
	if (!marks)
		return hub_fail_mem(err);
	if (n)
		memcpy(marks, read, n * sizeof *marks);
	if (n > 1)
		qsort(marks, n, sizeof *marks, mark_by_place);
	struct hub_patch *patches = hub_text_patches(t, marks, n, most, result);
	if (!patches)
		return hub_fail_mem(err);
	result->n_labels = hub_patch_text(out, t->text, patches, n);
	result->labels = patches;
	return hub_buf_ok(out) ? look_last(t, out, before, result, err) : hub_fail_mem(err);
}
