/* detect-pattern: personal information that shows by its shape and by the words around it. Looks at one
 * text at a time and knows no roster: what is known of a case is the work of detect-roster, and what only
 * statistics can tell that of a tagger. The rules are tables (rule_*.c): places to look at, a function,
 * and examples that the test runs.
 *
 * The only state between texts is what open makes, and a memory of short texts that were scanned. */
#include "jnum.h"
#include "layout.h"
#include "plain.h"
#include "scan.h"

#include <string.h>

enum { RULES_MAX = 64, MEMOS = 64, MEMO_BYTES = 256, MEMO_SPANS = 4 };

/* A short text and what was found in it. Many cells of a system are one of a few phrases. */
struct memo {
	uint64_t hash;
	uint32_t len, spans;
	char text[MEMO_BYTES];
	struct hub_span span[MEMO_SPANS];
};

struct pattern_conf {
	int64_t setting; /* index into settings[] */
};

struct pattern {
	const struct hub_host *host;
	struct hub_ctx *ctx;
	struct jpool pool;                  /* for the texts of one call after another */
	uint32_t least;                     /* confidence that is reported */
	const struct rule *rule[RULES_MAX]; /* all tables, one behind the other */
	uint32_t rules;
	uint64_t by_list[W_LISTS];       /* rules tried where a word of the list begins, as bits */
	struct jwords_filter words;      /* those that any rule is tried at */
	uint64_t by_class[JT_SPACE + 1]; /* rules tried at the begin of a run, as bits */
	struct memo memo[MEMOS];         /* by hash; the newest stays */
};

static const char *const settings[] = {"strict", "standard", "readable", NULL};
static const uint32_t least_of[] = {50, 100, 300};

static int add_rules(struct pattern *p, const struct rule *r, struct jwords_set *lists)
{
	for (; r->name; r++) {
		if (p->rules == RULES_MAX)
			return -1;
		const uint64_t bit = (uint64_t)1 << p->rules;
		p->rule[p->rules++] = r;
		for (const uint8_t *w = r->words; *w; w++) {
			p->by_list[*w] |= bit;
			jwords_set_add(lists, *w);
		}
		for (uint32_t c = 0; c <= JT_SPACE; c++)
			if (r->runs >> c & 1)
				p->by_class[c] |= bit;
	}
	return 0;
}

static int pattern_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
			struct hub_str pos, void **self, struct hub_err *err)
{
	static const struct rule *const tables[] = {
	    rules_contact, rules_id,       rules_account, rules_plate,  rules_birth,
	    rules_place,   rules_facility, rules_shop,    rules_person, rules_spelled};
	const struct pattern_conf *c = conf;
	struct jwords_set lists = {{0}};
	struct pattern *p = host->alloc(ctx, NULL, sizeof *p);

	(void)pos;
	if (!p || jpool_init(&p->pool, host, ctx))
		return NO_MEMORY(host, err);
	p->host = host;
	p->ctx = ctx;
	p->least = least_of[c->setting];
	for (uint32_t k = 0; k < sizeof tables / sizeof *tables; k++)
		if (add_rules(p, tables[k], &lists))
			return HUB_FAIL(host, err, HUB_FATAL, "too-many-rules",
					"more than %d rules", RULES_MAX);
	jwords_filter_make(&p->words, &lists);
	*self = p;
	return HUB_OK;
}

/* ---- one text ---- */

/* The rules to try for the words that begin at i. */
static uint64_t rules_at(const struct pattern *p, const struct jtext *t, uint32_t i)
{
	const struct jwords_set set = jwords_filter_at(&p->words, t, i);
	uint64_t rules = 0;

	for (uint32_t k = 0; k < JWORDS_SET; k++)
		for (uint64_t b = set.bits[k]; b; b &= b - 1)
			rules |= p->by_list[k * 64 + (uint32_t)__builtin_ctzll(b)];
	return rules;
}

static uint32_t count_digits(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	while (i + n < t->n && t->cls[i + n] == JT_DIGIT)
		n++;
	return n;
}

/* A short number and a word it counts (30分, 3人): none that a rule of runs of digits looks for. */
static int counts_only(const struct jtext *t, uint32_t i, uint32_t digits)
{
	const uint32_t at = i + digits;

	if (digits > 3 || at >= t->n || t->cls[at] != JT_KANJI)
		return 0;
	const struct jwords_char *c = &jwords_chars[t->ch[at]];
	return !jwords_set_has(&c->alone, W_UNIT) && !jwords_set_has(&c->first, W_UNIT) &&
	       !jwords_set_has(&c->alone, W_KANJI_DIGIT) && t->cp[at] != 0x5e74 &&
	       t->cp[at] != 0x6708 && t->cp[at] != JNUM_EXCHANGE; /* 年 月 */
}

/* The first place from i on where a word of some rule may begin, or where a run of characters ends. */
static uint32_t next_place(const struct pattern *p, const struct jtext *t, uint32_t i, uint8_t run)
{
	while (i < t->n && t->cls[i] == run && !jwords_filter_may(&p->words, t, i))
		i++;
	return i;
}

static void scan_text(const struct pattern *p, struct scan *s)
{
	const struct jtext *t = &s->t;
	uint8_t run = UINT8_MAX;

	for (uint32_t i = 0; (i = next_place(p, t, i, run)) < t->n; i++) {
		uint64_t r = 0;
		s->digits = 0;
		if (t->cls[i] != run) {
			run = t->cls[i];
			s->digits = run == JT_DIGIT ? count_digits(t, i) : 0;
			r = s->digits && counts_only(t, i, s->digits) ? 0 : p->by_class[run];
		}
		if (jwords_filter_may(&p->words, t, i))
			r |= rules_at(p, t, i);
		for (; r; r &= r - 1)
			p->rule[__builtin_ctzll(r)]->find(s, i);
	}
	rest_find(s);
	id_spread(s);
	person_spread(s);
}

/* A span that is reported; 0 when it is not sure enough. */
static int make_span(const struct pattern *p, const struct scan *s, uint32_t i, uint32_t doc,
		     struct hub_span *out)
{
	const struct found *f = &s->found[i];

	if (f->confidence < p->least)
		return 0;
	*out = (struct hub_span){.doc = doc,
				 .type = f->type,
				 .person = -1,
				 .confidence = f->confidence,
				 .origin = "pattern"};
	jt_span(&s->t, f->from, f->to, out);
	return 1;
}

static int detect_one(struct pattern *p, const struct hub_doc *doc, uint32_t i, struct memo *m)
{
	struct jpool pool = p->pool;
	struct scan s = {.pool = &pool};
	struct hub_span span;

	if (jt_read(&s.t, doc, &pool))
		return -1;
	layout_undo(&s.t, doc->text);
	scan_text(p, &s);
	if (s.failed)
		return -1;
	if (m)
		m->spans = 0;
	for (uint32_t k = 0; k < s.n; k++) {
		if (!make_span(p, &s, k, i, &span))
			continue;
		if (p->host->span(p->ctx, &span))
			return -1;
		if (m && m->spans < MEMO_SPANS)
			m->span[m->spans] = span;
		if (m)
			m->spans++;
	}
	return 0;
}

static uint64_t hash(struct hub_str s)
{
	uint64_t h = s.len, w = 0;

	for (size_t i = 0; i + sizeof w <= s.len; i += sizeof w) {
		memcpy(&w, s.ptr + i, sizeof w);
		h = (h ^ w) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	w = 0;
	memcpy(&w, s.ptr + s.len / sizeof w * sizeof w, s.len % sizeof w);
	return (h ^ w) * 0xbf58476d1ce4e5b9u;
}

/* A short text: what was found in the same one before is reported again. */
static int detect_short(struct pattern *p, const struct hub_doc *doc, uint32_t i)
{
	const uint64_t h = hash(doc->text);
	struct memo *m = &p->memo[h >> 32 & (MEMOS - 1)];

	if (m->len == doc->text.len && m->hash == h &&
	    memcmp(m->text, doc->text.ptr, m->len) == 0) {
		for (uint32_t k = 0; k < m->spans; k++) {
			m->span[k].doc = i;
			if (p->host->span(p->ctx, &m->span[k]))
				return -1;
		}
		return 0;
	}
	m->len = 0;
	if (detect_one(p, doc, i, m))
		return -1;
	if (m->spans <= MEMO_SPANS) {
		m->hash = h;
		m->len = (uint32_t)doc->text.len;
		memcpy(m->text, doc->text.ptr, m->len);
	}
	return 0;
}

static int pattern_detect(void *self, const struct hub_doc *docs, uint32_t n, struct hub_err *err)
{
	struct pattern *p = self;

	for (uint32_t i = 0; i < n; i++) {
		const size_t len = docs[i].text.len;
		if (i + JT_AHEAD < n)
			jt_fetch(&docs[i + JT_AHEAD]);
		if (len && len <= MEMO_BYTES ? detect_short(p, &docs[i], i)
					     : detect_one(p, &docs[i], i, NULL))
			return NO_MEMORY(p->host, err);
	}
	return HUB_OK;
}

static void pattern_close(void *self)
{
	(void)self; /* all memory is the instance's */
}

static const struct hub_opt pattern_opts[] = {
    {HUB_OPTION("setting", ENUM, 0,
		HUB_N("how much doubt is enough to mask: strict masks most, readable least"),
		.dflt = "standard", .words = settings,
		.offset = offsetof(struct pattern_conf, setting))},
    {.name = NULL},
};

static const struct hub_ops pattern_ops = {
    .size = sizeof(struct hub_ops),
    .open = pattern_open,
    .detect = pattern_detect,
    .close = pattern_close,
};

static const struct hub_plugin pattern_plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_DETECTOR,
    .caps = HUB_CAP_PURE | HUB_CAP_PARALLEL,
    .name = "pattern",
    .version = "1.18",
    .license = "MIT",
    .summary = HUB_N("numbers, addresses, facilities and names by shape and context"),
    .opts = pattern_opts,
    .conf_size = sizeof(struct pattern_conf),
    .ops = &pattern_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &pattern_plugin : NULL;
}
