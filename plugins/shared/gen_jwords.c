/* Run by the build: prints jwords_table.h, the lists of jwords_list.h as constant tables. Every word of two characters
 * and more once, with the lists it is in, sorted by the bucket of its beginning; jw_order is the same sorted by the
 * end. What single characters say stands in jwords_chars, and the class of every character beside it. */
#include "jchar.h"
#include "jwords_in.h"

#include "jwords_list.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 1 << 14 };

struct word {
	uint32_t sym[JW_WORD_MAX], len;
	struct jwords_set lists;
	uint32_t at, before, place; /* buckets; index in the table */
};

/* The next word of a list, empty when it is too long or outside of 16 bits; returns the place behind it, NULL
 * after the last. */
static const char *next_word(const char *p, struct word *w)
{
	*w = (struct word){.len = 0};
	while (*p == ' ')
		p++;
	if (!*p)
		return NULL;
	if (strncmp(p, "SP", 2) == 0 || strncmp(p, "LF", 2) == 0 || strncmp(p, "HT", 2) == 0) {
		w->sym[w->len++] = *p == 'S' ? ' ' : *p == 'L' ? '\n' : '\t';
		return p + 2;
	}
	while (*p && *p != ' ') {
		const unsigned char *u = (const unsigned char *)p;
		const uint32_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
		uint32_t c = n == 1 ? u[0] : u[0] & (0xffu >> (n + 1));
		for (uint32_t i = 1; i < n; i++)
			c = c << 6 | (u[i] & 0x3fu);
		if (w->len == JW_WORD_MAX || c > 0xffff) {
			w->len = 0; /* the table has no room for it */
			return p;
		}
		w->sym[w->len++] = c;
		p += n;
	}
	return p;
}

static int by_spelling(const void *x, const void *y)
{
	const struct word *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return memcmp(a->sym, b->sym, sizeof a->sym);
}

static int by_end(const void *x, const void *y)
{
	const struct word *a = *(const struct word *const *)x, *b = *(const struct word *const *)y;

	if (a->before != b->before)
		return a->before < b->before ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* All words, equal ones made one; their number, 0 when one does not fit. */
static uint32_t collect(struct word *word)
{
	uint32_t n = 0, kept = 0;

	for (uint32_t l = 0; l < W_LISTS; l++)
		for (const char *p = jwords_lists[l]; n < WORDS && (p = next_word(p, &word[n]));) {
			struct word *w = &word[n++];
			if (!w->len)
				return 0;
			const uint32_t *end = w->sym + w->len;
			w->at = jwords_bucket(w->sym[0], w->len > 1 ? w->sym[1] : 0);
			w->before = jwords_bucket(end[-1], w->len > 1 ? end[-2] : 0);
			jwords_set_add(&w->lists, l);
		}
	qsort(word, n, sizeof *word, by_spelling);
	for (uint32_t i = 0; i < n; i++) {
		if (kept && by_spelling(&word[kept - 1], &word[i]) == 0) {
			jwords_set_join(&word[kept - 1].lists, &word[i].lists);
			continue;
		}
		word[kept++] = word[i];
	}
	return kept;
}

static void print_row(uint32_t i, uint32_t value)
{
	printf("%s%u,", i % 16 ? "" : "\n", value);
}

static void print_set(const struct jwords_set *s, const char *end)
{
	for (uint32_t k = 0; k < JWORDS_SET; k++)
		printf("%s%lluu", k ? "," : "{{", (unsigned long long)s->bits[k]);
	printf("}}%s", end);
}

static void print_words(const struct word *word, uint32_t n)
{
	uint32_t sym = 0;

	printf("static const uint16_t jw_syms[] = {");
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < word[i].len; k++)
			print_row(sym++, word[i].sym[k]);
	printf("};\n_Static_assert(sizeof jw_syms <= 1 << 17, \"places are 16 bits\");\nstatic "
	       "const struct jword jw_words[] = {\n");
	sym = 0;
	for (uint32_t i = 0; i < n; sym += word[i++].len) {
		printf("{%u,%u,", sym, word[i].len);
		print_set(&word[i].lists, "},\n");
	}
	printf("};\n");
}

/* Where the words of each bucket begin; one more at the end. */
static void print_buckets(const char *name, struct word *const *order, uint32_t n, int before)
{
	printf("static const uint16_t %s[JWORDS_BUCKETS + 1] = {", name);
	for (uint32_t b = 0, i = 0; b <= JWORDS_BUCKETS; b++) {
		while (i < n && (before ? order[i]->before : order[i]->at) < b)
			i++;
		print_row(b, i);
	}
	printf("};\n");
}

/* ---- characters ---- */

enum { CHARS = 1 << JWORDS_KIND_BITS };

struct chars {
	struct jwords_char of[CHARS];
	uint16_t index[0x10000]; /* 0: nothing begins or ends with it */
	uint32_t n;
};

static struct jwords_char *char_of(struct chars *c, uint32_t cp)
{
	if (!c->index[cp] && c->n < CHARS)
		c->index[cp] = (uint16_t)c->n++;
	return &c->of[c->index[cp]];
}

/* Class and index of every character of 16 bits. */
static void print_kinds(const struct chars *c)
{
	printf("const uint16_t jwords_kinds[0x10000] = {");
	for (uint32_t k = 0; k < 0x10000; k++)
		print_row(k, (uint32_t)jchar_class(k) << JWORDS_KIND_BITS | c->index[k]);
	printf("};\n");
}

/* 0 when there are too many. */
static int print_chars(const struct word *word, uint32_t n)
{
	static struct chars c = {.n = 1};

	for (uint32_t i = 0; i < n; i++) {
		const struct word *w = &word[i];
		if (w->len == 1) {
			jwords_set_join(&char_of(&c, w->sym[0])->alone, &w->lists);
			continue;
		}
		jwords_set_join(&char_of(&c, w->sym[0])->first, &w->lists);
		jwords_set_join(&char_of(&c, w->sym[w->len - 1])->last, &w->lists);
	}
	printf("const struct jwords_char jwords_chars[] = {\n");
	for (uint32_t i = 0; i < c.n; i++) {
		printf("{");
		print_set(&c.of[i].alone, ",");
		print_set(&c.of[i].first, ",");
		print_set(&c.of[i].last, "},\n");
	}
	printf("};\n");
	print_kinds(&c);
	return c.n < CHARS;
}

/* The words of two characters and more, to the front; their number. */
static uint32_t without_single(struct word *word, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++)
		if (word[i].len > 1)
			word[kept++] = word[i];
	return kept;
}

int main(void)
{
	static struct word word[WORDS];
	static struct word *order[WORDS];
	uint32_t n = collect(word);

	printf("/* Made by gen_jwords.c from jwords_list.h. */\n");
	if (n == 0 || n == WORDS || !print_chars(word, n)) {
		fprintf(stderr, "gen_jwords: a word or all of them together do not fit\n");
		return 1;
	}
	n = without_single(word, n);
	for (uint32_t i = 0; i < n; i++) {
		word[i].place = i;
		order[i] = &word[i];
	}
	print_words(word, n);
	print_buckets("jw_at", order, n, 0);
	qsort(order, n, sizeof *order, by_end);
	print_buckets("jw_before", order, n, 1);
	printf("static const uint16_t jw_order[] = {");
	for (uint32_t i = 0; i < n; i++)
		print_row(i, order[i]->place);
	printf("};\n");
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
