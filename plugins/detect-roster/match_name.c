/* Names of the roster in a text: full names wherever they stand, a part of one where what stands around
 * it is no longer word. Honorifics and relations stay outside of a span. */
#include "jname.h"
#include "name_in.h"
#include "plain.h"

static struct place place_of(const struct reading *x, uint32_t i, uint32_t n)
{
	return (struct place){i, n, x->seq.at[i], x->seq.at[i + n - 1] + 1};
}

/* ---- who is meant ---- */

static const struct hub_person *person_of(const struct reading *x, int32_t person)
{
	return &x->r->people[person];
}

/* Codes of relations and the words that stand in texts for them. */
static const char *const relations[][8] = {
    {"father", "父", "父親"},
    {"mother", "母", "母親"},
    {"husband", "夫"},
    {"wife", "妻"},
    {"spouse", "夫", "妻"},
    {"eldest_son", "長男"},
    {"second_son", "次男", "二男"},
    {"third_son", "三男"},
    {"eldest_daughter", "長女"},
    {"second_daughter", "次女", "二女"},
    {"third_daughter", "三女"},
    {"son", "息子"},
    {"daughter", "娘"},
    {"elder_brother", "兄"},
    {"elder_sister", "姉"},
    {"younger_brother", "弟"},
    {"younger_sister", "妹"},
    {"grandfather", "祖父"},
    {"grandmother", "祖母"},
    {"grandchild", "孫"},
    {"uncle_aunt", "叔父", "叔母"},
    {"self", "本人"},
    {"ex_spouse", "元夫", "元妻", "前夫", "前妻", "先夫", "先妻"}};

/* The relation of this person stands before the name. */
static int is_related(const struct reading *x, int32_t person, uint32_t from)
{
	const struct jtext *t = &x->t;
	const struct hub_str relation = person_of(x, person)->relation;

	while (from > 0 && jt_is_char(t, from - 1, " (・の「"))
		from--;
	for (uint32_t i = 0; i < sizeof relations / sizeof *relations; i++)
		for (uint32_t k = 1; k < 8 && relations[i][k]; k++)
			if ((str_is(relation, relations[i][0]) ||
			     str_is(relation, relations[i][k])) &&
			    jt_ends(t, from, relations[i][k]))
				return 1;
	return 0;
}

static int is_client(const struct hub_person *p)
{
	return str_is(p->relation, "本人") || str_is(p->relation, "self");
}

static int is_staff(const struct hub_person *p)
{
	static const char *const words[] = {"職員",   "staff",      "相談員",
					    "支援員", "counsellor", "care_manager"};

	for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(p->relation, words[i]))
			return 1;
	return 0;
}

/* Who a part of a name means that several people have: the one whose relation or office stands beside it,
 * the one named last, the client, the first. 山田家 and 山田夫妻 are the client's. */
static int32_t who(const struct reading *x, const struct place *p, const struct jset_item *item)
{
	int32_t best = item->person;
	int rank = 0;
	const int titled = jname_title(&x->t, p->to) > 0;
	const int house = jname_group(&x->t, p->to) > 0;

	for (const struct jset_item *it = item; it && it->len == item->len;
	     it = jset_next(&x->r->set, x->seq.sym + p->i, x->seq.n - p->i, it)) {
		if (it->kind != item->kind)
			continue;
		const struct hub_person *one = person_of(x, it->person);
		const int now = is_related(x, it->person, p->from)           ? 4
				: titled && is_staff(one)                    ? 3
				: it->person == x->last && !titled && !house ? 2
				: is_client(one)                             ? 1
									     : 0;
		if (now > rank) {
			rank = now;
			best = it->person;
		}
	}
	return best;
}

static uint32_t report(struct reading *x, const struct place *p, int32_t person,
		       uint32_t confidence)
{
	reading_found(x, p->from, p->to, HUB_SPAN_PERSON, person, confidence);
	return p->i + p->n;
}

/* ---- full names ---- */

enum { GAP_MAX = 6 };

static int is_part(const struct jset_item *it)
{
	return it->kind == ROSTER_FAMILY || it->kind == ROSTER_GIVEN;
}

/* Longest part of the name of the same person right behind place j of the sequence. */
static const struct jset_item *part_behind(const struct reading *x, uint32_t j, int32_t person,
					   uint16_t not )
{
	const struct jset_item *it = NULL;

	if (j >= x->seq.n || x->seq.at[j] - x->seq.at[j - 1] > GAP_MAX)
		return NULL;
	while ((it = jset_next(&x->r->set, x->seq.sym + j, x->seq.n - j, it))) {
		if (is_part(it) && it->person == person && it->kind != not )
			return it;
	}
	return NULL;
}

/* ITO, Sakura and sakura.ito: a mark between letters at place j of the sequence */
static uint32_t mark_between(const struct reading *x, uint32_t j)
{
	return j < x->seq.n && jt_is_char(&x->t, x->seq.at[j], ",._-/") &&
	       jt_cls(&x->t, x->seq.at[j - 1]) == JT_LATIN;
}

/* End of the name that begins with `item` at i; i when only one part stands there. */
static uint32_t full_end(const struct reading *x, uint32_t i, const struct jset_item *item)
{
	uint32_t j = i + item->len, parts = 1;
	const struct jset_item *last = item, *next;

	if (item->kind == ROSTER_WHOLE)
		return j;
	while (parts < 6 && (next = part_behind(x, j + mark_between(x, j), item->person,
						parts == 1 || last->kind == ROSTER_FAMILY
						    ? last->kind
						    : (uint16_t)ROSTER_NICK))) {
		j += mark_between(x, j) + next->len;
		last = next;
		parts++;
	}
	return parts > 1 ? j : i;
}

static int is_full(const struct reading *x, const struct place *p)
{
	const struct jtext *t = &x->t;
	const enum side left = side_left(t, p->from), right = side_right(t, p->to);
	const enum jt_class first = jt_cls(t, p->from), last = jt_cls(t, p->to - 1);

	if (first == JT_LATIN || last == JT_LATIN)
		return left != CUT && right != CUT;
	if (first == JT_KATA && last == JT_KATA)
		return (left != CUT && right != CUT) || p->n >= 6;
	if (first == JT_HIRA && last == JT_HIRA)
		return p->n >= 5 || left != CUT || right != CUT;
	/* 林誠来所, and not 森林誠意 */
	return p->n >= 3 || left >= EDGE || right >= EDGE;
}

static uint32_t match_full(struct reading *x, uint32_t i)
{
	const struct jset_item *it = NULL;
	uint32_t best = i;
	int32_t person = -1;

	while ((it = jset_next(&x->r->set, x->seq.sym + i, x->seq.n - i, it))) {
		if (!is_part(it) && it->kind != ROSTER_WHOLE)
			continue;
		const uint32_t end = full_end(x, i, it);
		if (end <= best)
			continue;
		const struct place p = place_of(x, i, end - i);
		if (p.to - p.from > p.n + GAP_MAX || !is_full(x, &p))
			continue;
		best = end;
		person = it->person;
	}
	if (best == i)
		return 0;
	const struct place p = place_of(x, i, best - i);
	x->last = person;
	return report(x, &p, person, SURE);
}

/* ---- forms of a part ---- */

/* はなちゃん, 花ちゃん, たっくん; はなさん for はなこ */
static uint32_t sure_of_nick(const struct reading *x, const struct place *p)
{
	const struct jtext *t = &x->t;
	const enum side left = side_left(t, p->from);
	const int kanji = jt_cls(t, p->from) == JT_KANJI;

	if (p->to - p->from != p->n || left < EDGE || jname_common(t, p->to) ||
	    jname_relation(t, p->from) > p->n) /* 実兄 */
		return 0;
	/* みりん is none of 美代 */
	if (p->n == 1 && !kanji)
		return jname_honorific(t, p->to) && jt_is_any(t, p->to, W_FAMILIAR) ? STRONG : 0;
	if (side_is_familiar(t, p->to))
		return STRONG;
	return jt_is(t, p->to, "さん") ? FAIR : 0;
}

/* いからしさん: kana that are nearly the name, before an honorific */
static uint32_t sure_of_heard(const struct jtext *t, const struct place *p)
{
	const enum jt_class first = jt_cls(t, p->from), last = jt_cls(t, p->to - 1);
	const int mixed = (first == JT_KANJI) != (last == JT_KANJI);

	return p->to - p->from == p->n && (first == last || mixed) &&
		       side_left(t, p->from) != CUT && jname_honorific(t, p->to)
		   ? FAIR
		   : 0;
}

static int is_capital(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* M.K, M・K; MKさん. The mark behind the last is part of it. */
static uint32_t sure_of_initials(const struct jtext *t, struct place *p)
{
	const int solid = p->to - p->from == 2;

	if (p->to - p->from > 3 || !is_capital(jt_at(t, p->from)) ||
	    !is_capital(jt_at(t, p->to - 1)) || side_left(t, p->from) == CUT ||
	    jt_at(t, p->from - 1) == '.')
		return 0;
	p->to += !solid && jt_at(t, p->to) == '.';
	if (jname_honorific(t, p->to))
		return STRONG;
	if (jt_is_any(t, p->to, W_ACT))
		return FAIR;
	const enum jt_class next = jt_cls(t, p->to);
	return !solid && jt_at(t, p->from + 1) != ' ' && next != JT_LATIN && next != JT_DIGIT ? FAIR
											      : 0;
}

/* 山田●子, 山田○○: what is left out of the given name, and what is left of it */
static uint32_t hidden_end(const struct jtext *t, uint32_t to)
{
	enum { MOST = 3 };
	uint32_t end = to;

	while (end < to + MOST && jt_is_char(t, end, "●○〇◯■□*×▲"))
		end++;
	if (end == to)
		return to;
	const enum jt_class c = jt_cls(t, end);
	const int rest = c == JT_KANJI ? jt_cls(t, end + 1) != c
				       : c == JT_HIRA && !jname_is_particle(jt_at(t, end));
	if (rest && !jname_honorific(t, end))
		return end + 1;
	return end > to + 1 ? end : to; /* 佐藤×: a table */
}

uint32_t match_name(struct reading *x, uint32_t i)
{
	const struct jset_item *it = NULL;
	const uint32_t full = match_full(x, i);

	if (full)
		return full;
	while ((it = jset_next(&x->r->set, x->seq.sym + i, x->seq.n - i, it))) {
		struct place p = place_of(x, i, it->len);
		uint32_t sure = 0, end;
		int32_t person = 0;
		if (is_part(it))
			sure = sure_of_part(x, &p, it->kind == ROSTER_FAMILY, &person);
		else if (it->kind == ROSTER_NICK)
			sure = sure_of_nick(x, &p);
		else if (it->kind == ROSTER_HEARD)
			sure = sure_of_heard(&x->t, &p);
		else if (it->kind == ROSTER_INITIALS)
			sure = sure_of_initials(&x->t, &p);
		else if (it->kind >= ROSTER_TOWN && (end = match_place(x, i, it)))
			return end;
		if (!sure)
			continue;
		if (it->kind == ROSTER_FAMILY)
			p.to = hidden_end(&x->t, p.to);
		if (person >= 0) {
			person = who(x, &p, it);
			if (it->kind != ROSTER_FAMILY || is_related(x, person, p.from))
				x->last = person;
		}
		return report(x, &p, person, sure);
	}
	return 0;
}
