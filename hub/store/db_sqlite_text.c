/* SQLite driver: the grams of text/gram.h as a tokenizer of FTS5. What it gets is folded already. */
#include "store/db_sqlite.h"
#include "text/gram.h"

static int make(void *context, const char **args, int n, Fts5Tokenizer **out)
{
	(void)args, (void)n;
	*out = context; /* it has no state */
	return SQLITE_OK;
}

static void drop(Fts5Tokenizer *t)
{
	(void)t;
}

/* In a question the single character behind the last pair is not asked for: in the text it may be the
 * first of another pair. */
static int cut(Fts5Tokenizer *t, void *to, int flags, const char *text, int len,
	       int (*token)(void *, int, const char *, int, int, int))
{
	const struct hub_str s = {text, len > 0 ? (size_t)len : 0};
	struct hub_gram_walk w = {.text = s};
	struct hub_gram g;
	uint32_t before = 0;
	int rc = SQLITE_OK;

	(void)t;
	while (!rc && hub_gram_next(&w, &g)) {
		const int from = (int)(g.text.ptr - s.ptr);
		const int asked = flags & FTS5_TOKENIZE_QUERY && w.at == s.len &&
				  g.kind == HUB_GRAM_LAST && before == HUB_GRAM_PAIR;
		if (!asked)
			rc =
			    token(to, 0, g.text.ptr, (int)g.text.len, from, from + (int)g.text.len);
		before = g.kind;
	}
	return rc;
}

/* FTS5 gives its functions through a pointer bound to a parameter. */
static fts5_api *find_api(sqlite3 *h)
{
	fts5_api *api = NULL;
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(h, "SELECT fts5(?1)", -1, &q, NULL) != SQLITE_OK)
		return NULL;
	sqlite3_bind_pointer(q, 1, (void *)&api, "fts5_api_ptr", NULL);
	(void)sqlite3_step(q);
	sqlite3_finalize(q);
	return api;
}

int hub_sqlite_text(struct sqlite *s)
{
	static fts5_tokenizer grams = {.xCreate = make, .xDelete = drop, .xTokenize = cut};
	fts5_api *api = find_api(s->h);

	/* a library without FTS5 still keeps a store; only the text index says so when it is asked for */
	return api ? api->xCreateTokenizer(api, "hub_gram", s, &grams, NULL) : SQLITE_OK;
}
