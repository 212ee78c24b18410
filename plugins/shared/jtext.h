/* A text as the detectors read it: the folded text of a struct hub_doc cut into characters with their
 * classes, without what has no width (variation selectors, zero width characters, soft hyphens). A
 * place found here is turned into bytes of the text as it was written. Shared by the detect-* plugins. */
#ifndef SHARED_JTEXT_H
#define SHARED_JTEXT_H

#include <hub/plugin.h>
#include <string.h>

enum jt_class {
	JT_OTHER = 0, /* punctuation, symbols; also what stands outside of the text */
	JT_KANJI,     /* and 々 〆 */
	JT_HIRA,
	JT_KATA, /* and ー */
	JT_DIGIT,
	JT_LATIN,
	JT_SPACE, /* not line ends: those are OTHER */
	JT_HIDDEN,
};

struct jtext {
	struct hub_str norm;
	const uint32_t *at;
	uint32_t n;
	uint32_t *cp;  /* n + JT_PAD; 0 behind the end */
	uint32_t *off; /* n + 1: byte of norm */
	uint8_t *cls;  /* n + JT_PAD */
	uint16_t *ch;  /* n + JT_PAD: index into jwords_chars */
};

enum { JT_PAD = 8 }; /* characters that may be read behind the end */

/* Memory that is used again from text to text: all of it comes from host->alloc. One that was made in open() lives
 * as long as the instance; each call works with a copy of it, and what the copy had to take besides dies with the
 * call. */
struct jpool {
	const struct hub_host *host;
	struct hub_ctx *ctx;
	char *block;
	size_t cap, used;
};

int jpool_init(struct jpool *p, const struct hub_host *host, struct hub_ctx *ctx); /* 0 or -1 */
void *jpool_get(struct jpool *p,
		size_t n); /* not cleared, 16-byte aligned; NULL when there is none */

/* 0, or -1 when out of memory. Everything lives in the pool. */
int jt_read(struct jtext *t, const struct hub_doc *doc, struct jpool *pool);

enum { JT_AHEAD = 4 }; /* texts */
/* Asks for the begin of a text that is read JT_AHEAD texts later, so that its memory is there by then. */
static inline void jt_fetch(const struct hub_doc *doc)
{
	enum { LINE = 64, MOST = 1024 };

	for (size_t i = 0; i < doc->norm.len && i < MOST; i += LINE)
		__builtin_prefetch(doc->norm.ptr + i);
}

/* A single string of the roster, already folded. at is NULL: it has no places. */
int jt_read_str(struct jtext *t, struct hub_str folded, struct jpool *pool);

/* Characters [from, to) as bytes of the text as written; a range that ends inside the expansion of one
 * character (株 of ㈱) is widened to all of it. */
void jt_span(const struct jtext *t, uint32_t from, uint32_t to, struct hub_span *out);

/* Class of a character; JT_HIDDEN for what takes no room: it never stands between two characters of a name, and
 * no text that was read has it. */
enum jt_class jt_class_of(uint32_t c);

/* Class at i; OTHER outside of the text (i may be UINT32_MAX, which is -1). */
static inline enum jt_class jt_cls(const struct jtext *t, uint32_t i)
{
	return i < t->n ? (enum jt_class)t->cls[i] : JT_OTHER;
}
static inline uint32_t jt_at(const struct jtext *t, uint32_t i)
{
	return i < t->n ? t->cp[i] : 0;
}

/* Characters in a word of UTF-8. */
static inline uint32_t jt_count(const char *word)
{
	uint32_t n = 0;

	for (; *word; word++)
		n += (*word & 0xc0) != 0x80;
	return n;
}
/* Number of characters of word if it stands at i, else 0. word is folded UTF-8. */
static inline uint32_t jt_is(const struct jtext *t, uint32_t i, const char *word)
{
	const size_t len = strlen(word);

	if (i >= t->n || len > t->norm.len - t->off[i] ||
	    memcmp(t->norm.ptr + t->off[i], word, len) != 0)
		return 0;
	return jt_count(word);
}
/* The same for a word that ends right before i. */
static inline uint32_t jt_ends(const struct jtext *t, uint32_t i, const char *word)
{
	const size_t len = strlen(word);

	if (i > t->n || len > t->off[i] || memcmp(t->norm.ptr + t->off[i] - len, word, len) != 0)
		return 0;
	return jt_count(word);
}

/* The character at i is one of the list. */
static inline int jt_is_char(const struct jtext *t, uint32_t i, const char *list)
{
	for (uint32_t n; *list; list += n) {
		n = 1;
		while ((list[n] & 0xc0) == 0x80)
			n++;
		if (i < t->n && n <= t->norm.len - t->off[i] &&
		    memcmp(t->norm.ptr + t->off[i], list, n) == 0)
			return 1;
	}
	return 0;
}

/* First character of the run of the same class that i belongs to, and the one behind it. */
uint32_t jt_run_start(const struct jtext *t, uint32_t i);
uint32_t jt_run_end(const struct jtext *t, uint32_t i);

/* Every dash people type for a hyphen, as far as the fold leaves them apart. */
static inline int jt_is_dash(uint32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc ||
	       c == 0x2500 || c == 0x2501 || c == 0x2043 || c == 0x2d7 || c == 0x2e3a;
}
static inline int jt_is_kata(uint32_t c)
{
	return c >= 0x30a1 && c <= 0x30ff && c != 0x30fb;
}
static inline int jt_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

#endif
