/* A name of the roster and the forms in which it will be written. */
#include "jname.h"
#include "jwords.h"
#include "kana.h"
#include "roster.h"

enum { PIECES_MAX = 8, LONGEST = 48 };

/* Runs of characters between the gaps of a name. */
struct pieces {
	uint32_t from[PIECES_MAX], to[PIECES_MAX], n;
	uint32_t end; /* behind the honorific that was cut off */
};

static int is_kana(enum jt_class c)
{
	return c == JT_HIRA || c == JT_KATA;
}

static int all_kana(const struct jtext *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (!is_kana(t->cls[i]))
			return 0;
	return to > from;
}

/* A character that stands for one that could not be read. */
static int is_placeholder(uint32_t c)
{
	return c == 0x25cf || c == 0x25a0 || c == 0x3013 || c == '?' || c == 0xfffd || c == '*';
}

static int add(struct roster *r, const uint32_t *sym, uint32_t n, enum roster_kind kind)
{
	return n <= LONGEST ? roster_add(r, sym, n, kind, r->person) : 0;
}

/* Folds characters that were made, not read. NULL: no memory. */
static const uint32_t *folded(struct roster *r, const uint32_t *c, uint32_t n)
{
	uint32_t *sym = jpool_get(r->pool, (n + 1) * sizeof *sym);

	for (uint32_t i = 0; sym && i < n; i++)
		sym[i] = fold_char(r->fold, c[i]);
	return sym;
}

static int add_made(struct roster *r, const uint32_t *c, uint32_t n, enum roster_kind kind)
{
	const uint32_t *sym = folded(r, c, n);

	return sym ? add(r, sym, n, kind) : -1;
}

/* おはなさん */
static int add_polite(struct roster *r, const uint32_t *c, uint32_t n)
{
	uint32_t out[KANA_LONGEST] = {0x304a}; /* お */

	if (n + 1 > KANA_LONGEST)
		return 0;
	memcpy(out + 1, c, n * sizeof *c);
	return add_made(r, out, n + 1, ROSTER_NICK);
}

/* はなこ: はな, は, はー, はっ, はん before ちゃん */
static int add_kana_nicks(struct roster *r, const uint32_t *c, uint32_t n, enum roster_kind kind)
{
	static const uint32_t ends[] = {0x30c3, 0x30fc, 0x30f3};
	uint32_t one[4];
	const uint32_t first = kana_morae(c, n, 1), second = kana_morae(c, n, 2);

	if (second < n && add_made(r, c, second, ROSTER_NICK))
		return -1;
	if (kind == ROSTER_GIVEN && add_polite(r, c, second))
		return -1;
	if (kind != ROSTER_GIVEN || first > 2 || first == n)
		return 0;
	memcpy(one, c, first * sizeof *one);
	if (add_made(r, one, first, ROSTER_NICK))
		return -1;
	for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		one[first] = ends[i];
		if (add_made(r, one, first + 1, ROSTER_NICK))
			return -1;
	}
	return 0;
}

/* head of one kind of character and tail of the other, where both stand side by side in some text */
static int add_joined(struct roster *r, const uint32_t *head, uint32_t heads, const uint32_t *tail,
		      uint32_t tails, enum roster_kind kind)
{
	const uint32_t edge[] = {head[heads - 1], tail[0]};

	if (!marks_may(r->marks, edge, 2))
		return 0;
	uint32_t *sym = jpool_get(r->pool, (heads + tails) * sizeof *sym);
	if (!sym)
		return -1;
	memcpy(sym, head, heads * sizeof *sym);
	memcpy(sym + heads, tail, tails * sizeof *sym);
	return add(r, sym, heads + tails, kind);
}

/* 高はし, たか橋, はな子: which kana belong to which kanji is not known, so every cut is a form. One kana beside one
 * kanji is one before さん only: 高し. */
static int add_mixed(struct roster *r, const uint32_t *c, uint32_t n, enum roster_kind kind)
{
	const struct roster_name *k = &r->kanji[kind == ROSTER_GIVEN];
	uint32_t kana[KANA_LONGEST];

	for (uint32_t i = 0; i < n; i++)
		kana[i] = fold_char(r->fold, c[i]);
	for (uint32_t cut = 1; cut < k->n; cut++)
		for (uint32_t m = 1; m < n; m++) {
			if (add_joined(r, k->sym, cut, kana + n - m, m,
				       m > 1 || cut > 1 ? kind : ROSTER_HEARD) ||
			    add_joined(r, kana, m, k->sym + cut, k->n - cut,
				       m > 1 || k->n - cut > 1 ? kind : ROSTER_HEARD))
				return -1;
		}
	return 0;
}

/* One reading, in Latin letters and with the vowels as they are heard. */
static int add_reading(struct roster *r, const uint32_t *c, uint32_t n, enum roster_kind kind)
{
	uint32_t out[4 * KANA_LONGEST];

	for (uint32_t how = 0; r->latin && how < KANA_ROMANS; how++) {
		const uint32_t k = kana_roman(c, n, (enum kana_roman)how, out);
		if (k > 1 && add_made(r, out, k, kind))
			return -1;
	}
	const uint32_t k = kana_short(c, n, out);
	if (k > 1 && k < n && add_made(r, out, k, kind))
		return -1;
	/* all others begin like this one */
	if (!marks_has(r->marks, fold_char(r->fold, c[0])))
		return 0;
	if (!kana_long(c, n, 1, out))
		return 0;
	if (add_made(r, out, n, kind))
		return -1;
	return kana_long(c, n, 0, out) ? add_made(r, out, n, kind) : 0;
}

/* As it is misheard or mistyped: one sound voiced or not (イカラシ for イガラシ), nothing long (ハトリ, オノ). */
static int add_heard(struct roster *r, const uint32_t *c, uint32_t n)
{
	uint32_t out[KANA_LONGEST], sym[KANA_LONGEST + 1];

	if (n < 3)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		sym[i] = fold_char(r->fold, c[i]);
	memcpy(out, c, n * sizeof *out);
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t other = kana_voice(c[i]), was = sym[i];
		if (!other)
			continue;
		out[i] = sym[i] = other;
		/* side by side in some text? */
		if (marks_may(r->marks, sym + (i ? i - 1 : 0), 2) &&
		    (i + 1 >= n || marks_may(r->marks, sym + i, 2)) &&
		    add_made(r, out, n, ROSTER_HEARD))
			return -1;
		out[i] = c[i];
		sym[i] = was;
	}
	const uint32_t k = kana_clipped(c, n, out);
	return k > 1 && k < n ? add_made(r, out, k, ROSTER_HEARD) : 0;
}

/* れんれん; ゆうゆう for ゆうこ, けんけん for けんたろう */
static int add_doubled(struct roster *r, const uint32_t *c, uint32_t n)
{
	uint32_t out[4];

	if (n < 2 || kana_morae(c, n, 2) != 2)
		return 0;
	memcpy(out, c, 2 * sizeof *out);
	memcpy(out + 2, c, 2 * sizeof *out);
	return add_made(r, out, 4, ROSTER_GIVEN);
}

static void note_initial(struct roster *r, uint32_t letter, enum roster_kind kind)
{
	uint32_t *to = &r->initial[kind == ROSTER_GIVEN];

	if (!*to)
		*to = letter;
}

/* ミ and リ */
static int is_mi_or_ri(uint32_t sym)
{
	return sym == 0x30df || sym == 0x30ea;
}

static int add_kana_forms(struct roster *r, const uint32_t *c, uint32_t n, enum roster_kind kind)
{
	uint32_t out[KANA_LONGEST + 1];

	if (n >= KANA_LONGEST)
		return 0;
	if (add_reading(r, c, n, kind) || add_mixed(r, c, n, kind) || add_heard(r, c, n))
		return -1;
	if (r->latin && kana_roman(c, 1, KANA_SHORT, out))
		note_initial(r, out[0], kind);
	if (kind == ROSTER_FAMILY && kana_voiced(c, n, out) &&
	    (add_made(r, out, n, kind) || add_reading(r, out, n, kind)))
		return -1;
	if (!marks_has(r->marks, fold_char(r->fold, c[0])))
		return 0;
	/* メアリー for メアリ, はなこー */
	memcpy(out, c, n * sizeof *out);
	out[n] = 0x30fc;
	if (c[n - 1] != 0x30fc && n > 2 && add_made(r, out, n + 1, kind))
		return -1;
	out[n] = 0x30f3; /* のぞみん, かおりん */
	if (kind == ROSTER_GIVEN && n > 1 && is_mi_or_ri(fold_char(r->fold, c[n - 1])) &&
	    add_made(r, out, n + 1, kind))
		return -1;
	if (kind == ROSTER_GIVEN && add_doubled(r, c, n))
		return -1;
	return n > 1 && r->nicks ? add_kana_nicks(r, c, n, kind) : 0;
}

/* 2宮 for 二宮, as it is typed and read from paper */
static int add_digits(struct roster *r, const struct fold_seq *seq)
{
	static const uint32_t kanji[] = {0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
					 0x516d, 0x4e03, 0x516b, 0x4e5d};
	uint32_t out[KANA_LONGEST], any = 0;

	if (seq->n > KANA_LONGEST)
		return 0;
	for (uint32_t i = 0; i < seq->n; i++) {
		out[i] = seq->sym[i];
		for (uint32_t k = 0; k < 9; k++)
			if (out[i] == kanji[k]) {
				out[i] = '1' + k;
				any = 1;
			}
	}
	return any ? add_made(r, out, seq->n, ROSTER_HEARD) : 0;
}

/* The first family and given name, and the first of kana: what shorter forms are made of. */
static void note_part(struct roster *r, const struct fold_seq *seq, const uint32_t *c, int kana,
		      enum roster_kind kind)
{
	const int k = kind == ROSTER_GIVEN;
	const struct roster_name part = {seq->sym, seq->n};

	if (!r->written[k].n)
		r->written[k] = part;
	if (kana && !r->read[k].n) {
		r->read[k] = part;
		r->two[k] = kana_morae(c, seq->n, 2);
	}
}

/* One part of a name, with the forms it has alone. Given names that are short for a longer one: 花ちゃん. */
static int add_part(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to,
		    enum roster_kind kind)
{
	struct fold_seq seq;

	for (uint32_t i = from; i < to; i++)
		if (is_placeholder(t->cp[i]))
			return 0;
	if (fold_read(r->fold, t, from, to, r->pool, &seq) || add(r, seq.sym, seq.n, kind))
		return -1;
	note_part(r, &seq, t->cp + from, all_kana(t, from, to), kind);
	if (all_kana(t, from, to))
		return add_kana_forms(r, t->cp + from, to - from, kind);
	if (t->cls[from] == JT_LATIN && seq.n > 1)
		note_initial(r, seq.sym[0], kind);
	if (seq.n < 2 || t->cls[from] != JT_KANJI)
		return 0;
	if (add_digits(r, &seq))
		return -1;
	struct roster_name *first = &r->kanji[kind == ROSTER_GIVEN];
	if (!first->n) /* not 旧姓 */
		*first = (struct roster_name){seq.sym, seq.n};
	if (kind != ROSTER_GIVEN || !r->nicks)
		return 0;
	/* 由美ちゃん for 由美子 */
	return add(r, seq.sym, 1, ROSTER_NICK) ||
		       (seq.n > 2 && add(r, seq.sym, seq.n - 1, ROSTER_NICK))
		   ? -1
		   : 0;
}

/* The letter of another romanisation: Ti for Chi, Hu for Fu, Zi for Ji; the same one when there is none. */
static uint32_t other_letter(uint32_t c)
{
	return c == 'c' ? 't' : c == 'f' ? 'h' : c == 'j' ? 'z' : c;
}

static int add_pair(struct roster *r, uint32_t a, uint32_t b)
{
	const uint32_t dotted[] = {a, '.', b}, solid[] = {a, b};

	return add_made(r, dotted, 3, ROSTER_INITIALS) || add_made(r, solid, 2, ROSTER_INITIALS)
		   ? -1
		   : 0;
}

/* 佐藤(健), 佐藤(ケ): whoever it is of several 佐藤 */
static int add_bracketed(struct roster *r, const struct roster_name *given)
{
	const struct roster_name *family = &r->written[0];
	uint32_t out[KANA_LONGEST], n = family->n;

	if (!n || !given->n || n + 3 > KANA_LONGEST || !marks_has(r->marks, '('))
		return 0;
	memcpy(out, family->sym, n * sizeof *out);
	out[n++] = '(';
	out[n++] = given->sym[0];
	out[n++] = ')';
	return add_made(r, out, n, ROSTER_WHOLE);
}

/* さとけん for 佐藤健太 */
static int add_clipped(struct roster *r)
{
	uint32_t out[KANA_LONGEST];
	const uint32_t a = r->two[0], b = r->two[1];

	if (!r->read[0].n || !r->read[1].n || a + b < 4 || a + b > KANA_LONGEST)
		return 0;
	memcpy(out, r->read[0].sym, a * sizeof *out);
	memcpy(out + a, r->read[1].sym, b * sizeof *out);
	return add_made(r, out, a + b, ROSTER_GIVEN);
}

static int add_initials(struct roster *r)
{
	const uint32_t family = r->initial[0], given = r->initial[1];

	if (!r->latin || !family || !given)
		return 0;
	for (uint32_t i = 0; i < 4; i++) {
		const uint32_t a = i & 1 ? other_letter(family) : family;
		const uint32_t b = i & 2 ? other_letter(given) : given;
		if (add_pair(r, a, b) || add_pair(r, b, a))
			return -1;
	}
	return 0;
}

static int add_whole(struct roster *r, const struct fold_seq *seq)
{
	if (seq->n < 2)
		return 0;
	if (r->names < ROSTER_NAMES_MAX)
		r->name[r->names++] = (struct roster_name){seq->sym, seq->n};
	return add(r, seq->sym, seq->n, ROSTER_WHOLE);
}

/* ---- where a name without a gap is cut ---- */

/* A name that was given before begins or ends with this one. */
static enum roster_kind part_of_known(const struct roster *r, const struct fold_seq *s)
{
	for (uint32_t i = 0; i < r->names; i++) {
		const struct roster_name *name = &r->name[i];
		if (name->n <= s->n)
			continue;
		if (memcmp(name->sym, s->sym, s->n * sizeof *s->sym) == 0)
			return ROSTER_FAMILY;
		if (memcmp(name->sym + name->n - s->n, s->sym, s->n * sizeof *s->sym) == 0)
			return ROSTER_GIVEN;
	}
	return 0;
}

static uint32_t cut_kana(const struct jtext *t, uint32_t from, uint32_t to)
{
	uint32_t best = 0;

	for (uint32_t cut = from + 2; cut + 2 <= to; cut++) {
		if (!(jname_reading(t->cp + from, cut - from) & JN_SURNAME))
			continue;
		best = cut;
		if (jname_reading(t->cp + cut, to - cut) & JN_GIVEN)
			return cut;
	}
	return best && to - best >= 2 ? best : to;
}

/* Behind the longest known surname; `to` when there is none. */
static uint32_t cut_kanji(const struct jtext *t, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from;

	for (uint32_t k = n - 1 < 3 ? n - 1 : 3; k > 0; k--)
		if (jname_surname(t->cp + from, k) && (k > 1 || n <= 3))
			return from + k;
	return to;
}

static int add_two(struct roster *r, const struct jtext *t, uint32_t from, uint32_t cut,
		   uint32_t to)
{
	return add_part(r, t, from, cut, ROSTER_FAMILY) || add_part(r, t, cut, to, ROSTER_GIVEN)
		   ? -1
		   : 0;
}

/* A surname that no list has: given names of two and of three characters are tried. */
static int add_guesses(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to)
{
	int bad = 0;

	for (uint32_t given = 2; given <= 3 && to - from >= given + 2 && !bad; given++)
		bad = add_two(r, t, from, to - given, to);
	return bad || to - from != 3 ? bad : add_two(r, t, from, from + 2, to);
}

/* A name in one piece. */
static int add_solid(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from;
	const int kana = all_kana(t, from, to);
	struct fold_seq seq;

	if (fold_read(r->fold, t, from, to, r->pool, &seq))
		return -1;
	const enum roster_kind known = part_of_known(r, &seq);
	if (known)
		return add_part(r, t, from, to, known);
	if (t->cls[from] == JT_LATIN)
		return (t->cls[to - 1] != JT_LATIN && add_whole(r, &seq)) ||
			       add_part(r, t, from, to, ROSTER_GIVEN)
			   ? -1
			   : 0;
	if (n == 1 && !kana && add_part(r, t, from, to, ROSTER_FAMILY))
		return -1;
	const unsigned surname =
	    kana ? jname_reading(t->cp + from, n) & JN_SURNAME : jname_surname(t->cp + from, n);
	if (surname && (kana || n <= 3))
		return add_part(r, t, from, to, ROSTER_FAMILY);
	const uint32_t cut = n < 2 ? to : kana ? cut_kana(t, from, to) : cut_kanji(t, from, to);
	if (cut == to && !kana && n >= 3)
		return add_whole(r, &seq) || add_guesses(r, t, from, to) ? -1 : 0;
	if (cut == to || (kana && n <= 4 && jname_reading(t->cp + from, n) & JN_GIVEN))
		return add_part(r, t, from, to, ROSTER_GIVEN);
	return add_whole(r, &seq) || add_two(r, t, from, cut, to) ? -1 : 0;
}

/* ---- what a string says ---- */

/* 足利 尊氏: what was cut off as an honorific, when it leaves one character of the given name. */
static int add_uncut(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to,
		     uint32_t end)
{
	if (end != to + 1 || t->cp[to] != 0x6c0f || t->cls[from] != JT_KANJI)
		return 0;
	if (to - from == 1)
		return add_part(r, t, from, end, ROSTER_GIVEN);
	const uint32_t cut = cut_kanji(t, from, to);
	return cut + 1 == to ? add_part(r, t, cut, end, ROSTER_GIVEN) : 0;
}

static int add_pieces(struct roster *r, const struct jtext *t, const struct pieces *p)
{
	struct fold_seq seq;

	if (p->n == 0)
		return 0;
	const uint32_t last = p->to[p->n - 1];
	if (add_uncut(r, t, p->from[p->n - 1], last, p->end))
		return -1;
	/* はなちゃん, when the roster says so itself */
	if (p->end > last && jt_is_any(t, last, W_FAMILIAR) == p->end - last &&
	    (fold_read(r->fold, t, p->from[0], p->end, r->pool, &seq) || add_whole(r, &seq)))
		return -1;
	if (p->n == 1)
		return add_solid(r, t, p->from[0], p->to[0]);
	if (fold_read(r->fold, t, p->from[0], p->to[p->n - 1], r->pool, &seq))
		return -1;
	if (r->names < ROSTER_NAMES_MAX)
		r->name[r->names++] = (struct roster_name){seq.sym, seq.n};
	for (uint32_t i = 0; i < p->n; i++)
		if (add_part(r, t, p->from[i], p->to[i], i ? ROSTER_GIVEN : ROSTER_FAMILY))
			return -1;
	return 0;
}

/* はなちゃん: the nickname is what stands before. 山田様: a note, not a part of the name. */
static uint32_t without_honorific(const struct jtext *t, uint32_t from, uint32_t to)
{
	static const char *const ends[] = {"さん", "さま", "ちゃん", "くん", "様", "氏", "殿"};

	for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const uint32_t n = jt_ends(t, to, ends[i]);
		if (n && to - from >= n + (n == 1 ? 2 : 1))
			return to - n;
	}
	return to;
}

/* The only piece of a name: 母 and 主治医 say who it is, and are words of every other text. */
static int is_role(const struct jtext *t, const struct pieces *p)
{
	const uint32_t from = p->from[0], n = p->to[0] - from;

	return p->n == 1 && (jname_relation(t, from) == n || jname_title(t, from) == n);
}

/* Pieces of [from, to) that name somebody: 山田 不明 is 山田. What stands in brackets is left to the caller. */
static void cut_pieces(const struct jtext *t, uint32_t from, uint32_t to, struct pieces *p)
{
	p->n = 0;
	p->end = to;
	to = without_honorific(t, from, to);
	for (uint32_t i = from; i < to && p->n < PIECES_MAX;) {
		if (fold_is_gap(t->cp[i]) || t->cp[i] == ',' || t->cp[i] == '=') {
			i++;
			continue;
		}
		const uint32_t start = i;
		while (i < to && !fold_is_gap(t->cp[i]) && t->cp[i] != ',' && t->cp[i] != '=')
			i++;
		if (jname_nobody(t, start) == i - start)
			continue;
		p->from[p->n] = start;
		p->to[p->n++] = i;
	}
	if (p->n && is_role(t, p))
		p->n = 0;
}

/* （金山 太郎） and （ヤマダ ハナコ） against （入院中） and （キーパーソン）, where nothing says which it is. */
static int looks_named(const struct jtext *t, const struct pieces *p)
{
	const uint32_t from = p->n ? p->from[0] : 0, to = p->n ? p->to[0] : 0, n = to - from;

	if (p->n != 1 || t->cls[from] == JT_LATIN)
		return p->n > 1 || n > 1;
	if (all_kana(t, from, to))
		return jname_reading(t->cp + from, n) || cut_kana(t, from, to) < to;
	return jname_surname(t->cp + from, n) || cut_kanji(t, from, to) < to;
}

/* グエン ティ ホア, NGUYEN: what stands in brackets behind it is how somebody is called. */
static int is_foreign(const struct jtext *t, const struct pieces *p)
{
	const uint32_t from = p->n ? p->from[0] : 0, to = p->n ? p->to[0] : 0;

	if (!p->n || t->cls[from] == JT_KANJI)
		return 0;
	return !all_kana(t, from, to) || !jname_reading(t->cp + from, to - from);
}

/* （長男 次郎 090-…）: somebody else, who is noted beside the name. */
static int is_of_other(const struct jtext *t, uint32_t from, uint32_t to)
{
	const uint32_t said = jt_is_any(t, from, W_RELATION);

	if (said && (fold_is_gap(jt_at(t, from + said)) || jt_at(t, from + said) == ':'))
		return 1;
	for (uint32_t i = from; i < to; i++)
		if (jt_is_digit(t->cp[i]))
			return 1;
	return 0;
}

/* （旧姓 佐藤） （通称：金山 太郎） （ヤマダ ハナコ） */
static int add_bracket(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to,
		       int foreign)
{
	static const char *const former[] = {"旧姓", "旧氏", "旧"};
	static const char *const labels[] = {"通称名", "通称", "本名", "別名",
					     "旧名",   "読み", "カナ"};
	struct pieces p;
	uint32_t skip = 0;
	int family = 0;

	for (uint32_t i = 0; !skip && i < sizeof former / sizeof *former; i++)
		family = (skip = jt_is(t, from, former[i])) > 0;
	for (uint32_t i = 0; !skip && i < sizeof labels / sizeof *labels; i++)
		skip = jt_is(t, from, labels[i]);
	if (!skip && is_of_other(t, from, to))
		return 0;
	from += skip;
	while (from < to && (t->cp[from] == ':' || fold_is_gap(t->cp[from])))
		from++;
	cut_pieces(t, from, to, &p);
	if (p.n == 1 && family)
		return add_part(r, t, p.from[0], p.to[0], ROSTER_FAMILY);
	return skip || foreign || looks_named(t, &p) ? add_pieces(r, t, &p) : 0;
}

static int opens(uint32_t c)
{
	return c == '(' || c == '[' || c == 0x3014 || c == 0x3010 || c == 0x300c || c == '<';
}

static int closes(uint32_t c)
{
	return c == ')' || c == ']' || c == 0x3015 || c == 0x3011 || c == 0x300d || c == '>';
}

static int separates(uint32_t c)
{
	return c == '/' || c == 0x3001 || c == ';';
}

/* 氏［旧氏］名: the given name may stand behind the bracket. */
static int add_rest(struct roster *r, const struct jtext *t, const struct pieces *before,
		    const struct pieces *behind)
{
	if (before->n == 1 && behind->n == 1)
		return add_part(r, t, before->from[0], before->to[0], ROSTER_FAMILY) ||
			       add_part(r, t, behind->from[0], behind->to[0], ROSTER_GIVEN)
			   ? -1
			   : 0;
	return add_pieces(r, t, before) || add_pieces(r, t, behind) ? -1 : 0;
}

int roster_add_short(struct roster *r)
{
	return add_initials(r) || add_clipped(r) || add_bracketed(r, &r->written[1]) ||
		       (r->read[1].n && add_bracketed(r, &r->read[1]))
		   ? -1
		   : 0;
}

int roster_add_name(struct roster *r, const struct jtext *t)
{
	for (uint32_t from = 0; from < t->n;) {
		uint32_t open = 0, close = 0, to;
		struct pieces before, behind = {.n = 0};
		for (to = from; to < t->n && (!separates(t->cp[to]) || (open && !close)); to++) {
			if (!open && opens(t->cp[to]))
				open = to + 1; /* behind it: never 0 */
			else if (open && !close && closes(t->cp[to]))
				close = to + 1;
		}
		if (open && !close)
			close = to + 1;
		cut_pieces(t, from, open ? open - 1 : to, &before);
		if (open && close < to)
			cut_pieces(t, close, to, &behind);
		if (add_rest(r, t, &before, &behind) ||
		    (open && add_bracket(r, t, open, close - 1, is_foreign(t, &before))))
			return -1;
		from = to + 1;
	}
	return 0;
}
