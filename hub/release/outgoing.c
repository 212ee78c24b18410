#include "release/outgoing.h"

#include "base/err.h"
#include "release/refuge.h"
#include "release/window_in.h"
#include "store/db.h"
#include "text/fold.h"
#include "text/numeral.h"

enum { MOST_NAMED = 64, TEXT_LIMIT = 4 << 20 };

struct outgoing {
	struct hub_windows *w;
	struct hub_arena *a;
	const struct hub_window_ask *sender;
	const struct hub_outgoing *what;
	struct hub_err *err;
	const struct hub_person_facts *client; /* NULL: no case, or none that the sender sees */
	struct hub_str case_id;
	struct hub_roster roster;    /* of the case, then whoever else is named */
	const struct hub_span *span; /* one per mark, in order of place */
	struct hub_mark *mark;
	uint32_t n;
	struct hub_patch *worst;      /* per mark: what shows least, */
	const struct hub_str **whom;  /* and for whom; NULL: it shows for all */
	const struct hub_str *closed; /* agency that may not read a word of it; NULL: none */
	enum hub_reason why_closed;
	struct hub_cast *cast;
	const struct hub_refuges *refuges; /* whoever reads it */
};

/* --- who may be in it ------------------------------------------------------------------------------ */

static int is_no_view(const struct outgoing *o, int rc)
{
	return rc == HUB_REFUSED && hub_str_is(hub_str_of(o->err->code), "no-view");
}

/* The case as the sender sees it; one that is not there for the sender names nobody. */
static int read_case(struct outgoing *o)
{
	struct hub_window_view *v;
	int64_t id, person = 0;
	int rc;

	o->case_id = HUB_STR("");
	if (o->what->case_no.len == 0)
		return HUB_OK;
	if ((rc = hub_windows_ready(o->w, o->sender, &v, o->err)))
		return is_no_view(o, rc) ? HUB_OK : rc;
	if ((rc = hub_window_case(o->w, v, o->what->case_no, 0, &id, o->err)) ||
	    (rc = hub_db_one(o->w->db, &person, o->err,
			     "SELECT coalesce(person_id, 0) FROM cc_case WHERE id = ?", "i", id)))
		return rc == HUB_END ? HUB_OK : rc;
	if (!person)
		return HUB_OK;
	o->case_id = hub_arena_printf(o->a, "%lld", (long long)id);
	if (!o->case_id.ptr)
		return hub_fail_mem(o->err);
	if ((rc = hub_people_get(o->w->people, person, &o->client, o->err)))
		return rc;
	return hub_roster_read(o->a, o->w->people, o->w->db, o->client, hub_str_of(o->w->version),
			       &o->roster, o->err);
}

/* People of the store whose whole name, or its reading, stands in the text. They are nobody's here, but are found
 * in whatever form the text has them. */
static int read_named(struct outgoing *o, int64_t *ids, uint32_t *n)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str wide = hub_fold_width(o->a, o->what->text, 0, NULL);
	const struct hub_str kana = hub_fold_kana(o->a, wide);
	int rc = wide.ptr && kana.ptr ? HUB_OK : hub_fail_mem(o->err);

	*n = 0;
	if (!rc)
		rc = hub_db_query(
		    o->w->db, &q, o->err,
		    "SELECT p.id FROM cc_person p, (SELECT replace(replace(?, ' ', ''), '　', '')"
		    " AS said, replace(replace(?, ' ', ''), '　', '') AS read) t"
		    " WHERE (length(replace(replace(p.name, ' ', ''), '　', '')) > 2 AND t.said "
		    "LIKE"
		    " '%' || replace(replace(p.name, ' ', ''), '　', '') || '%') OR"
		    " (length(replace(replace(p.name_kana, ' ', ''), '　', '')) > 4 AND t.read LIKE"
		    " '%' || replace(replace(p.name_kana, ' ', ''), '　', '') || '%')"
		    " ORDER BY p.id LIMIT 64",
		    "tt", wide, kana);
	while (!rc && (rc = hub_db_next(q, o->err)) == HUB_OK && *n < MOST_NAMED)
		ids[(*n)++] = hub_db_int(q, 0);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Behind the roster of the case; whoever is in it is there already. */
static int add_named(struct outgoing *o)
{
	int64_t ids[MOST_NAMED];
	uint32_t n;
	int rc = read_named(o, ids, &n);
	struct hub_person *all =
	    rc ? NULL : hub_alloc_array(o->a, (size_t)o->roster.n + n + 1, sizeof *all);

	if (rc || !all)
		return rc ? rc : hub_fail_mem(o->err);
	if (o->roster.n)
		memcpy(all, o->roster.person, o->roster.n * sizeof *all);
	for (uint32_t i = 0; i < n && !rc; i++) {
		const struct hub_person_facts *f;
		struct hub_roster one;
		int there = 0;
		if ((rc = hub_people_get(o->w->people, ids[i], &f, o->err)) ||
		    (rc = hub_roster_read(o->a, o->w->people, o->w->db, f,
					  hub_str_of(o->w->version), &one, o->err)))
			return rc;
		for (uint32_t k = 0; k < o->roster.n; k++)
			there |= hub_str_eq(all[k].id, f->id);
		if (there || one.n == 0)
			continue;
		all[o->roster.n] = one.person[0];
		all[o->roster.n].relation = HUB_STR("");
		all[o->roster.n++].id = HUB_STR(""); /* nobody the answer may name */
	}
	o->roster.person = all;
	return rc;
}

/* --- what is in it --------------------------------------------------------------------------------- */

static int find_marks(struct outgoing *o)
{
	struct hub_doc doc = {
	    .text = o->what->text, .roster = o->roster.person, .persons = o->roster.n};
	size_t count = 0, at = 0;
	uint32_t point = 0;
	const int rc = o->w->detect
			   ? hub_detect_run(o->w->detect, o->a, &doc, 1, &o->span, &count, o->err)
			   : HUB_OK;

	if (rc)
		return rc;
	o->mark = hub_alloc_array(o->a, count + 1, sizeof *o->mark);
	o->worst = hub_alloc_array(o->a, count + 1, sizeof *o->worst);
	o->whom = hub_alloc_array(o->a, count + 1, sizeof *o->whom);
	if (!o->mark || !o->worst || !o->whom)
		return hub_fail_mem(o->err);
	for (; o->n < count; o->n++) {
		const struct hub_span *s = &o->span[o->n];
		struct hub_mark *m = &o->mark[o->n];
		for (; at < s->start; point++)
			(void)hub_utf8_next(o->what->text, &at);
		*m = (struct hub_mark){.start = point,
				       .type = (enum hub_span_type)s->type,
				       .person = s->person >= 0 ? o->roster.person[s->person].id
								: HUB_STR("")};
		for (; at < s->end; point++)
			(void)hub_utf8_next(o->what->text, &at);
		m->end = point;
	}
	return HUB_OK;
}

static void ask_for(struct outgoing *o, const struct hub_window_view *v, struct hub_recipient *to,
		    struct hub_text_question *q, struct hub_answer *whole)
{
	hub_rowctx_question(&v->x, o->client, o->case_id, to, q, whole);
	hub_recipient_bar(&v->x.to, o->w->people, o->roster.known, o->roster.n_known);
	q->people = o->roster.known;
	q->n_people = o->roster.n_known;
	if (!o->client)
		return;
	q->field.consents = o->roster.consents;
	q->field.n_consents = o->roster.n_consents;
}

/* Whether the sender's own view reads the name of a person of the case (empty: of the client). */
static int knows(struct outgoing *o, const struct hub_window_view *v, struct hub_str person)
{
	const struct hub_mark name = {.end = 1, .type = HUB_SPAN_PERSON, .person = person};
	struct hub_text_question q;
	struct hub_recipient to;
	struct hub_answer whole;

	if (!v->profile)
		return 1;
	ask_for(o, v, &to, &q, &whole);
	return v->profile->view.by_class[HUB_C_IDENTIFIER] == HUB_SHOW_AS_IS &&
	       hub_text_decide_mark(&q, whole, &name).decision == HUB_ALLOW;
}

static int is_known(const struct outgoing *o, struct hub_str id)
{
	for (uint32_t i = 0; i < o->roster.n_known; i++)
		if (hub_str_eq(o->roster.known[i].id, id))
			return 1;
	return 0;
}

/* Who cannot be told apart there stays a third party here: an answer is not to be asked for names. */
static int forget_unseen(struct outgoing *o)
{
	struct hub_window_view *v;
	int rc;

	if (!o->client)
		return HUB_OK;
	if ((rc = hub_windows_ready(o->w, o->sender, &v, o->err)))
		return rc;
	const int client = knows(o, v, o->client->id);
	for (uint32_t i = 0; i < o->n; i++) {
		const struct hub_str who = o->mark[i].person;
		if (who.len && (!client || (is_known(o, who) && !knows(o, v, who))))
			o->mark[i].person = HUB_STR("");
	}
	return HUB_OK;
}

/* --- who may read it ------------------------------------------------------------------------------- */

/* One for all: they read the same text, and may compare. */
static int make_cast(struct outgoing *o)
{
	static const struct hub_person_facts nobody = {.id = {"-", 1}};
	const struct hub_str key = {(const char *)o->w->site_key, sizeof o->w->site_key};
	const struct hub_codes *relations = hub_schema_codes(o->w->schema, HUB_STR("relation"));
	const struct hub_roster none = {0};

	o->cast = o->client ? hub_roster_cast(o->a, &o->roster, o->client, key, relations)
			    : hub_roster_cast(o->a, &none, &nobody, key, relations);
	return o->cast ? HUB_OK : hub_fail_mem(o->err);
}

static void keep_worst(struct outgoing *o, const struct hub_patch *p, const struct hub_str *agency)
{
	for (uint32_t i = 0; i < o->n; i++) {
		if (p[i].show == HUB_SHOW_AS_IS || (o->whom[i] && p[i].show >= o->worst[i].show))
			continue;
		o->worst[i] = p[i];
		if (!o->whom[i])
			o->whom[i] = agency;
	}
}

static void close_for(struct outgoing *o, const struct hub_str *agency, enum hub_reason why)
{
	o->why_closed = why;
	o->closed = o->closed ? o->closed : agency;
}

/* What the agency would read, once more: where somebody lives under display restriction may stand where no
 * detector found it. Orders the patches. */
static int look_last(struct outgoing *o, const struct hub_str *agency,
		     const struct hub_refuges *refuges, struct hub_patch *p)
{
	HUB_AUTO(buf) struct hub_buf out;

	hub_buf_init(&out, TEXT_LIMIT);
	(void)hub_patch_text(&out, o->what->text, p, o->n);
	const int stands =
	    hub_buf_ok(&out) ? hub_refuge_stands(o->a, refuges, hub_buf_text(&out)) : -1;
	if (stands < 0)
		return hub_fail_mem(o->err);
	if (stands)
		close_for(o, agency, HUB_WHY_ADDRESS);
	return HUB_OK;
}

/* Without a view nothing of anybody is for them. */
static int hold_all(struct outgoing *o, const struct hub_str *agency)
{
	const struct hub_view nothing = {.by_class[HUB_C_OPERATIONAL] = HUB_SHOW_AS_IS};
	const struct hub_text_question q = {0};
	struct hub_rendered r = {.whole = {HUB_MASK, HUB_WHY_RECIPIENT_UNKNOWN, 0}};
	const struct hub_rendering t = {o->a, o->what->text, &q, &nothing, o->cast};
	struct hub_patch *p = hub_text_patches(&t, o->mark, o->n, HUB_SHOW_MASKED, &r);

	if (!p)
		return hub_fail_mem(o->err);
	for (uint32_t i = 0; i < o->n; i++)
		p[i].answer = r.whole;
	keep_worst(o, p, agency);
	return look_last(o, agency, o->refuges, p);
}

static int ask_agency(struct outgoing *o, const struct hub_str *agency)
{
	const struct hub_window_ask reader = {.agency = *agency};
	struct hub_window_view *v;
	struct hub_text_question q;
	struct hub_recipient to;
	struct hub_rendered r = {0};
	int rc = hub_windows_ready(o->w, &reader, &v, o->err);

	if (is_no_view(o, rc))
		return hold_all(o, agency);
	if (rc)
		return rc;
	ask_for(o, v, &to, &q, &r.whole);
	if (o->roster.told && !(q.refuges = hub_refuges_and(o->a, o->roster.told, q.refuges)))
		return hub_fail_mem(o->err);
	q.own = !o->sender->hub && hub_str_eq(*agency, o->sender->agency);
	const int blind = !o->w->detect || o->roster.full;
	if (blind || r.whole.decision == HUB_WITHHOLD) {
		close_for(o, agency, blind ? HUB_WHY_STALE : r.whole.reason);
		return HUB_OK;
	}
	const struct hub_view *view = &v->x.view;
	enum hub_show most = hub_view_of(view, view->by_class[HUB_C_NARRATIVE], r.whole.decision);
	if (!o->client)
		most = HUB_SHOW_AS_IS;
	else if (most ==
		 HUB_SHOW_WITHHELD) /* it gets no records; what is not personal is no record */
		most = HUB_SHOW_MASKED;
	const struct hub_rendering t = {o->a, o->what->text, &q, view, o->cast};
	struct hub_patch *p = hub_text_patches(&t, o->mark, o->n, most, &r);
	if (!p)
		return hub_fail_mem(o->err);
	keep_worst(o, p, agency);
	return look_last(o, agency, q.refuges, p);
}

/* --- the answer ------------------------------------------------------------------------------------ */

static int hold_whole(struct outgoing *o, const struct hub_held **held, uint32_t *n,
		      struct hub_str *masked)
{
	struct hub_held *h = hub_alloc0(o->a, sizeof *h);

	if (!h)
		return hub_fail_mem(o->err);
	*h = (struct hub_held){.end = (uint32_t)o->what->text.len,
			       .label = HUB_STR("【非提供】"),
			       .reason = hub_str_of(hub_reason_name(o->why_closed)),
			       .agency = *o->closed};
	*held = h;
	*n = 1;
	*masked = h->label;
	return HUB_OK;
}

static int answer(struct outgoing *o, const struct hub_held **held, uint32_t *n,
		  struct hub_str *masked)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_held *h = hub_alloc_array(o->a, (size_t)o->n + 1, sizeof *h);

	*n = 0;
	*held = h;
	if (!h)
		return hub_fail_mem(o->err);
	for (uint32_t i = 0; i < o->n; i++) {
		struct hub_patch *p = &o->worst[i];
		if (!o->whom[i]) {
			p->show = HUB_SHOW_AS_IS;
			continue;
		}
		const int view = p->answer.decision == HUB_ALLOW;
		h[(*n)++] = (struct hub_held){
		    .start = o->span[i].start,
		    .end = o->span[i].end,
		    .type = o->mark[i].type,
		    .label = p->label,
		    .reason = hub_str_of(view ? "view" : hub_reason_name(p->answer.reason)),
		    .agency = *o->whom[i]};
	}
	hub_buf_init(&out, TEXT_LIMIT);
	(void)hub_patch_text(&out, o->what->text, o->worst, o->n);
	*masked = hub_buf_keep(&out, o->a);
	return masked->ptr ? HUB_OK : hub_fail_mem(o->err);
}

static int inspect(void *arg)
{
	struct outgoing *o = arg;
	const struct hub_window_ask facts = {.hub = 1};
	struct hub_window_view *hubs;

	*o = (struct outgoing){
	    .w = o->w, .a = o->a, .sender = o->sender, .what = o->what, .err = o->err};
	int rc = hub_windows_ready(o->w, &facts, &hubs, o->err); /* facts, also without a case */
	if (rc || (rc = hub_release_may_run(o->w->db, o->err)) || (rc = read_case(o)) ||
	    (rc = add_named(o)) || (rc = find_marks(o)) || (rc = forget_unseen(o)) ||
	    (rc = make_cast(o)))
		return rc;
	o->refuges = hubs->x.refuges;
	if (o->roster.told && !(o->refuges = hub_refuges_and(o->a, o->roster.told, o->refuges)))
		return hub_fail_mem(o->err);
	for (uint32_t i = 0; i < o->what->agencies && !rc; i++)
		rc = ask_agency(o, &o->what->agency[i]);
	return rc;
}

int hub_outgoing_inspect(struct hub_windows *w, struct hub_arena *a,
			 const struct hub_window_ask *sender, const struct hub_outgoing *what,
			 const struct hub_held **held, uint32_t *n, struct hub_str *masked,
			 struct hub_err *err)
{
	struct outgoing o = {.w = w, .a = a, .sender = sender, .what = what, .err = err};
	const int rc = hub_windows_txn(w, inspect, &o, err);

	if (rc)
		return rc;
	return o.closed ? hold_whole(&o, held, n, masked) : answer(&o, held, n, masked);
}

/* --- what was sent earlier ------------------------------------------------------------------------- */

struct reading {
	struct hub_windows *w;
	struct hub_arena *a;
	struct hub_str agency, text;
	int stands;
	struct hub_err *err;
};

/* No place and no telephone is told without one; then the store is not asked. -1: out of memory. */
static int has_numeral(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str wide = hub_fold_width(a, text, 0, NULL);

	for (size_t at = 0; wide.ptr && at < wide.len;) {
		const int32_t c = hub_utf8_next(wide, &at);
		if ((c >= '0' && c <= '9') ||
		    hub_numeral(c, HUB_IN_NUMBER | HUB_IN_DATE | HUB_IN_ADDRESS) >= 0)
			return 1;
	}
	return wide.ptr ? 0 : -1;
}

static int read_again(void *arg)
{
	struct reading *r = arg;
	const struct hub_window_ask reader = {.agency = r->agency}, anybody = {.hub = 1};
	struct hub_window_view *v;
	int rc = hub_windows_ready(r->w, &reader, &v, r->err);

	if (rc == HUB_REFUSED)
		rc = hub_windows_ready(r->w, &anybody, &v, r->err);
	if (rc)
		return rc;
	r->stands = hub_refuge_stands(r->a, v->x.refuges, r->text);
	return r->stands < 0 ? hub_fail_mem(r->err) : HUB_OK;
}

int hub_outgoing_restricted(struct hub_windows *w, struct hub_arena *a, struct hub_str agency,
			    struct hub_str text, int *yes, struct hub_err *err)
{
	struct reading r = {.w = w, .a = a, .agency = agency, .text = text, .err = err};
	const int may = has_numeral(a, text);
	const int rc = may < 0   ? hub_fail_mem(err)
		       : may > 0 ? hub_windows_txn(w, read_again, &r, err)
				 : HUB_OK;

	*yes = r.stands > 0;
	return rc;
}
