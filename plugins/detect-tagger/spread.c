#include "spread.h"

#include "jname.h"

#include <string.h>

enum { SURE = 600, NAME_LONGEST = 12 };

void spread_reset(struct spread *p)
{
	p->names = p->spans = 0;
}

/* Kanji or katakana, that is: a script in which a name does not run into the words around it by chance. */
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
	return script == JT_KANJI || script == JT_KATA ? script : JT_OTHER;
}

static void add_name(struct spread *p, struct hub_str name)
{
	for (uint32_t i = 0; i < p->names; i++)
		if (p->name[i].len == name.len && memcmp(p->name[i].ptr, name.ptr, name.len) == 0)
			return;
	if (p->names < SPREAD_NAMES)
		p->name[p->names++] = name;
}

void spread_add(struct spread *p, struct hub_str norm, const struct tag_span *s)
{
	const struct hub_str name = {norm.ptr + s->from, s->to - s->from};
	uint32_t cp[NAME_LONGEST], n;

	if (p->spans < SPREAD_SPANS) {
		p->span[p->spans].from = s->from;
		p->span[p->spans++].to = s->to;
	}
	if (s->type != HUB_SPAN_PERSON || s->confidence < SURE)
		return;
	const enum jt_class script = script_of(name, cp, &n);
	if (script == JT_OTHER || n < (script == JT_KANJI ? 2 : 3))
		return;
	add_name(p, name);
	const uint32_t surname = script == JT_KANJI ? jname_surname_prefix(cp, n) : 0;
	if (surname > 1 && surname + 1 < n) {
		add_name(p, (struct hub_str){name.ptr, surname * 3});
		add_name(p, (struct hub_str){name.ptr + surname * 3, name.len - surname * 3});
	}
}

/* The character that ends before byte at, or begins at it, is of the script. */
static int touches(struct hub_str norm, size_t at, enum jt_class script)
{
	uint32_t cp[NAME_LONGEST], n;

	return at + 3 <= norm.len &&
	       script_of((struct hub_str){norm.ptr + at, 3}, cp, &n) == script;
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
		if ((from >= 3 && touches(norm, from - 3, script)) || touches(norm, to, script) ||
		    is_found(p, (uint32_t)from, (uint32_t)to))
			continue;
		rc = found(self, &(struct tag_span){.from = (uint32_t)from,
						    .to = (uint32_t)to,
						    .type = HUB_SPAN_PERSON,
						    .confidence = SURE});
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
