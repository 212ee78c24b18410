/* detect-roster: the people of the case's own roster. Names are compared without spaces, line ends, width,
 * kana script and variants of kanji; numbers by their digits, dates by their day. */
#include "jname.h"
#include "jnum.h"
#include "jset.h"
#include "jwords.h"

struct roster {
	const struct hub_host *host;
	struct hub_ctx *ctx;
};

enum kind { PART = 1, WHOLE }; /* one name of two, or all of it */

struct search {
	const struct roster *r;
	const struct hub_doc *doc;
	uint32_t index;
	struct jtext t;
	struct jpool pool;
	uint32_t *sym, *at, n; /* the text as it is compared: symbol, character */
};

static uint32_t symbol(uint32_t c)
{
	if (jt_is_hira(c) && c < 0x3097)
		return c + 0x60;
	return c >= 'a' && c <= 'z' ? c - 32 : jname_fold(c);
}

static int is_gap(uint32_t c)
{
	return c == ' ' || c == '\n' || c == 0x30fb || c == '\t';
}

static int report(const struct search *s, uint32_t from, uint32_t to, uint32_t type, int32_t person,
		  uint32_t confidence)
{
	struct hub_span span = {.doc = s->index,
				.type = type,
				.person = person,
				.confidence = confidence,
				.origin = "roster"};

	jt_span(&s->t, from, to, &span);
	return s->r->host->span(s->r->ctx, &span);
}

/* Adds a name: all of it, and its two parts when a space or the table of surnames tells them apart. */
static int add_name(struct search *s, struct jset *set, struct hub_str name, int32_t person)
{
	struct hub_str folded;
	struct jtext t;
	uint32_t n = 0, cut = 0;

	if (!name.len)
		return 0;
	if (s->r->host->fold(s->r->ctx, NULL, HUB_FOLD_WIDTH, name, &folded) ||
	    jt_read_str(&t, folded, &s->pool))
		return -1;
	uint32_t *sym = jpool_get(&s->pool, (t.n + 1) * sizeof *sym);
	if (!sym)
		return -1;
	for (uint32_t i = 0; i < t.n && t.cp[i] != '('; i++) {
		if (!is_gap(t.cp[i]))
			sym[n++] = symbol(t.cp[i]);
		else if (n && !cut)
			cut = n;
	}
	if (!cut && n > 2)
		cut = jname_surname_prefix(sym, n - 1);
	if (n < 2)
		return 0;
	if (jset_add(set, sym, n, cut ? WHOLE : PART, person))
		return -1;
	if (cut > 1 && jset_add(set, sym, cut, PART, person))
		return -1;
	return n > cut + 1 && cut ? jset_add(set, sym + cut, n - cut, PART, person) : 0;
}

/* A name is not the inside of a longer word: 山田 of 小山田, 森 of 森林. */
static int is_bounded(const struct jtext *t, uint32_t from, uint32_t to)
{
	const enum jt_class c = jt_cls(t, from);

	if (c == JT_KANJI)
		return (jt_cls(t, from - 1) != c || jname_before(t, from)) &&
		       (jt_cls(t, to) != c || jname_honorific(t, to) || jname_title(t, to) ||
			jname_group(t, to) || jname_relation(t, to));
	if (c == JT_HIRA)
		return (jt_cls(t, from - 1) != c || jname_is_particle(jt_at(t, from - 1))) &&
		       (jt_cls(t, to) != c || jname_is_particle(jt_at(t, to)) ||
			jname_honorific(t, to));
	return jt_cls(t, from - 1) != c && jt_cls(t, to) != c;
}

static int find_names(struct search *s)
{
	struct jset set;

	jset_init(&set, &s->pool);
	for (uint32_t p = 0; p < s->doc->persons; p++) {
		const struct hub_person *who = &s->doc->roster[p];
		int bad = add_name(s, &set, who->name, (int32_t)p) ||
			  add_name(s, &set, who->name_kana, (int32_t)p);
		for (uint32_t k = 0; k < who->others && !bad; k++)
			bad = add_name(s, &set, who->other[k], (int32_t)p);
		if (bad)
			return -1;
	}
	if (jset_build(&set))
		return -1;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct jset_item *it = NULL;
		while ((it = jset_next(&set, s->sym + i, s->n - i, it))) {
			const uint32_t from = s->at[i], to = s->at[i + it->len - 1] + 1;
			const int whole = it->kind == WHOLE && it->len > 2;
			if (!whole && !is_bounded(&s->t, from, to))
				continue;
			if (report(s, from, to, HUB_SPAN_PERSON, it->person, whole ? 990 : 900))
				return -1;
			i += it->len - 1;
			break;
		}
	}
	return 0;
}

/* Telephone numbers and dates of birth at every number of the text. */
static int find_numbers(struct search *s)
{
	for (uint32_t p = 0; p < s->doc->persons; p++) {
		const struct hub_person *who = &s->doc->roster[p];
		struct jtext own;
		struct jdigits phone = {.n = 0}, g;
		struct jdate born = {.y = 0}, d;
		struct hub_str f;
		if (s->r->host->fold(s->r->ctx, NULL, HUB_FOLD_WIDTH, who->phone, &f) ||
		    jt_read_str(&own, f, &s->pool))
			return -1;
		jdigits_read(&own, 0, JD_PHONE, &phone);
		if (s->r->host->fold(s->r->ctx, NULL, HUB_FOLD_WIDTH, who->birth_date, &f) ||
		    jt_read_str(&own, f, &s->pool))
			return -1;
		if (!jdate_read(&own, 0, &born))
			born.y = 0;
		for (uint32_t i = 0; i < s->t.n; i++) {
			if (born.y && jdate_read(&s->t, i, &d) && d.y == born.y && d.m == born.m &&
			    d.d == born.d &&
			    report(s, i, d.end, HUB_SPAN_BIRTHDATE, (int32_t)p, 990))
				return -1;
			if (phone.n < 9 || !jt_is_digit(s->t.cp[i]) ||
			    jt_is_digit(jt_at(&s->t, i - 1)))
				continue;
			jdigits_read(&s->t, i, JD_PHONE, &g);
			if (g.n >= phone.n && memcmp(g.d, phone.d, phone.n) == 0 &&
			    report(s, i, g.end[phone.n - 1], HUB_SPAN_PHONE, (int32_t)p, 990))
				return -1;
		}
	}
	return 0;
}

static int search_doc(const struct roster *r, const struct hub_doc *doc, uint32_t index)
{
	struct search s = {
	    .r = r, .doc = doc, .index = index, .pool = {.host = r->host, .ctx = r->ctx}};

	if (!doc->persons)
		return 0;
	if (jt_read(&s.t, doc, &s.pool))
		return -1;
	s.sym = jpool_get(&s.pool, (s.t.n + 1) * sizeof *s.sym);
	s.at = jpool_get(&s.pool, (s.t.n + 1) * sizeof *s.at);
	if (!s.sym || !s.at)
		return -1;
	for (uint32_t i = 0; i < s.t.n; i++)
		if (!is_gap(s.t.cp[i])) {
			s.sym[s.n] = symbol(s.t.cp[i]);
			s.at[s.n++] = i;
		}
	return find_names(&s) || find_numbers(&s) ? -1 : 0;
}

static int roster_detect(void *self, const struct hub_doc *docs, uint32_t n, struct hub_err *err)
{
	const struct roster *r = self;

	for (uint32_t i = 0; i < n; i++)
		if (search_doc(r, &docs[i], i))
			return HUB_FAIL(r->host, err, HUB_FATAL, "out-of-memory", "out of memory");
	return HUB_OK;
}

static int roster_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		       struct hub_str pos, void **self, struct hub_err *err)
{
	struct roster *r = host->alloc(ctx, NULL, sizeof *r);

	(void)conf;
	(void)pos;
	if (!r)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	r->host = host;
	r->ctx = ctx;
	*self = r;
	return HUB_OK;
}

static void roster_close(void *self)
{
	(void)self; /* all memory is the instance's */
}

static const struct hub_opt roster_opts[] = {{.name = NULL}};

static const struct hub_ops roster_ops = {
    .size = sizeof(struct hub_ops),
    .open = roster_open,
    .detect = roster_detect,
    .close = roster_close,
};

static const struct hub_plugin roster_plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_DETECTOR,
    .caps = HUB_CAP_PURE | HUB_CAP_PARALLEL,
    .name = "roster",
    .version = "1.0",
    .license = "MIT",
    .summary = HUB_N("people of the case's roster, in the forms in which they are written"),
    .opts = roster_opts,
    .ops = &roster_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &roster_plugin : NULL;
}
