#include "spread.h"

#include "jname.h"

#include <string.h>

enum { SPREAD_CONFIDENCE = 600, NAME_LONGEST = 12 };

void spread_reset(struct spread *p)
{
	p->names = p->spans = 0;
}

/* The one script of a name, JT_OTHER: of several or of another one. */
static enum jt_class script_of(struct hub_str s, uint32_t cp[NAME_LONGEST], uint32_t *n)
{
	enum jt_class script = JT_OTHER;

	*n = 0;
	for (size_t at = 0; at < s.len; ++*n) {
		const unsigned char *c = (const unsigned char *)s.ptr + at;
		if ((*c & 0xf0) != 0xe0 || s.len - at < 3 || *n == NAME_LONGEST)
			return JT_OTHER;
		cp[*n] = (c[0] & 15u) << 12 | (c[1] & 63u) << 6 | (c[2] & 63u);
		const enum jt_class one = jt_class_of(cp[*n]);
		if (at > 0 && one != script)
			return JT_OTHER;
		script = one;
		at += 3;
	}
	return script == JT_KANJI || script == JT_KATA || script == JT_HIRA ? script : JT_OTHER;
}

static void add_name(struct spread *p, struct hub_str name)
{
	for (uint32_t i = 0; i < p->names; i++)
		if (p->name[i].len == name.len && memcmp(p->name[i].ptr, name.ptr, name.len) == 0)
			return;
	if (p->names < SPREAD_NAMES)
		p->name[p->names++] = name;
}

static uint32_t least_of(enum jt_class script)
{
	return script == JT_KANJI ? 1 : script == JT_HIRA ? 2 : 3;
}

/* A name that runs into the words around it by chance: a kanji, or hiragana. */
static int is_short(enum jt_class script, uint32_t n)
{
	return script == JT_HIRA || (script == JT_KANJI && n == 1);
}

/* A name of one script, and its parts when a surname and a given name can be told apart. */
static void add_parts(struct spread *p, struct hub_str name)
{
	uint32_t cp[NAME_LONGEST], n;
	const enum jt_class script = script_of(name, cp, &n);

	if (script == JT_OTHER || n < least_of(script))
		return;
	add_name(p, name);
	const uint32_t surname = script == JT_KANJI ? jname_surname_prefix(cp, n) : 0;
	if (surname > 1 && surname + 1 < n) {
		add_name(p, (struct hub_str){name.ptr, surname * 3});
		add_name(p, (struct hub_str){name.ptr + surname * 3, name.len - surname * 3});
	}
}

void spread_add(struct spread *p, struct hub_str norm, const struct tag_span *s)
{
	const char *from = norm.ptr + s->from, *end = norm.ptr + s->to;

	if (p->spans < SPREAD_SPANS) {
		p->span[p->spans].from = s->from;
		p->span[p->spans++].to = s->to;
	}
	for (const char *to; s->type == HUB_SPAN_PERSON && from < end; from = to + 1) {
		to = memchr(from, ' ', (size_t)(end - from));
		to = to ? to : end;
		add_parts(p, (struct hub_str){from, (size_t)(to - from)});
	}
}

/* The character that ends before byte at, or begins at it, is of the script. */
static int touches(struct hub_str norm, size_t at, enum jt_class script)
{
	uint32_t cp[NAME_LONGEST], n;

	return at + 3 <= norm.len &&
	       script_of((struct hub_str){norm.ptr + at, 3}, cp, &n) == script;
}

/* What follows a name that somebody is told of by, at byte at: one particle or a mark. */
static int ends_subject(struct hub_str norm, size_t at)
{
	static const char *const particles[] = {"は", "が", "を", "に", "の",
						"と", "も", "、", "へ"};

	for (size_t i = 0; at + 3 <= norm.len && i < sizeof particles / sizeof *particles; i++)
		if (memcmp(norm.ptr + at, particles[i], 3) == 0)
			return 1;
	return 0;
}

/* 歩 of 歩く, 豊 of 豊か: hiragana behind a kanji that are none of those that stand behind a name. */
static int is_inflected(const char *behind, const char *end)
{
	static const char *const ends[] = {
	    "は",   "が",   "を",   "に",   "の",     "と",     "も",   "へ",   "で",
	    "や",   "ら",   "ね",   "だ",   "なの",   "なら",   "から", "より", "まで",
	    "しか", "って", "っち", "じゃ", "たち",   "たん",   "さん", "さま", "さ、",
	    "ば",   "ん家", "どん", "はん", "しゃん", "ちゃん", "ちん", "くん", "いう"};

	if (!touches((struct hub_str){behind, (size_t)(end - behind)}, 0, JT_HIRA))
		return 0;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const size_t n = strlen(ends[i]);
		if ((size_t)(end - behind) >= n && memcmp(behind, ends[i], n) == 0)
			return 0;
	}
	return 1;
}

/* Is a short name by itself at [from, to)? A kanji has none beside it; hiragana are told of, and stand behind another
 * script, or three and more of them behind a particle. */
static int stands_alone(struct hub_str norm, size_t from, size_t to, enum jt_class script)
{
	if (from >= 3 && touches(norm, from - 3, script) &&
	    !(script == JT_HIRA && to - from > 6 && ends_subject(norm, from - 3)))
		return 0;
	return script == JT_KANJI
		   ? !touches(norm, to, script) && !is_inflected(norm.ptr + to, norm.ptr + norm.len)
		   : ends_subject(norm, to);
}

static int is_found(const struct spread *p, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < p->spans; i++)
		if (p->span[i].from < to && from < p->span[i].to)
			return 1;
	return 0;
}

static int run_name(const struct spread *p, struct hub_str name, struct hub_str norm,
		    int (*found)(void *, const struct tag_span *), void *self)
{
	uint32_t cp[NAME_LONGEST], n;
	const enum jt_class script = script_of(name, cp, &n);
	const char *end = norm.ptr + norm.len;
	int rc = 0;

	for (const char *at = norm.ptr; !rc; at += name.len) {
		at = memmem(at, (size_t)(end - at), name.ptr, name.len);
		if (!at)
			break;
		const size_t from = (size_t)(at - norm.ptr), to = from + name.len;
		const int apart = is_short(script, n)
				      ? stands_alone(norm, from, to, script)
				      : !(from >= 3 && touches(norm, from - 3, script)) &&
					    !touches(norm, to, script);
		if (!apart || is_found(p, (uint32_t)from, (uint32_t)to))
			continue;
		rc = found(self, &(struct tag_span){.from = (uint32_t)from,
						    .to = (uint32_t)to,
						    .type = HUB_SPAN_PERSON,
						    .confidence = SPREAD_CONFIDENCE});
	}
	return rc;
}

int spread_run(const struct spread *p, struct hub_str norm,
	       int (*found)(void *, const struct tag_span *), void *self)
{
	int rc = 0;

	if (p->spans == SPREAD_SPANS) /* a book, not a note: places are no longer known */
		return 0;
	for (uint32_t i = 0; i < p->names && !rc; i++)
		rc = run_name(p, p->name[i], norm, found, self);
	return rc;
}
