/* The words of a question: 虐待 介護 both, OR または either, -拒否 not, "要介護2" side by side. */
#include "release/find_in.h"

#include "base/err.h"
#include "store/fulltext.h"
#include "text/fold.h"
#include "text/gram.h"
#include "text/name.h"

enum { NAME_CHARS = 2 };

static int is_quote(int32_t c)
{
	return c == '"' || c == 0x201c || c == 0x201d || c == 0x301d || c == 0x301f;
}

/* The next piece of the text: a phrase in quotes (*quoted) or what stands between blanks; 0 at the end. */
static int next_piece(struct hub_str s, size_t *at, struct hub_str *piece, int *quoted, int *minus)
{
	size_t from = *at, end;
	int32_t c = ' ';

	for (*minus = 0; from < s.len; from = *at) {
		c = hub_utf8_next(s, at);
		if (c == '-' && !*minus)
			*minus = 1;
		else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			break;
		else
			*minus = 0;
	}
	if (from >= s.len)
		return 0;
	*quoted = is_quote(c);
	if (*quoted)
		from = *at;
	for (end = *quoted ? from : *at; end < s.len; end = *at) {
		*at = end;
		c = hub_utf8_next(s, at);
		if (*quoted ? is_quote(c) : c == ' ' || c == '\t' || c == '\n' || c == '\r')
			break;
	}
	*piece = hub_str_cut(s, from, end);
	return 1;
}

static int is_word(struct hub_str s, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (hub_str_is(s, words[i]))
			return 1;
	return 0;
}

static int fill_term(struct hub_arena *a, struct hub_str piece, struct hub_find_term *t,
		     struct hub_err *err)
{
	*t = (struct hub_find_term){.folded = hub_gram_fold(a, piece, NULL),
				    .name = hub_name_key(a, piece, NULL),
				    .kana = hub_key_kana(a, piece)};
	if (!t->folded.ptr || !t->name.ptr || !t->kana.ptr)
		return hub_fail_mem(err);
	if (hub_utf8_count(t->folded) > HUB_TEXT_PHRASE)
		return hub_fail(err, HUB_USAGE, "bad-words", "a word or phrase is longer than %d",
				HUB_TEXT_PHRASE);
	if (hub_utf8_count(t->name) < NAME_CHARS)
		t->name = HUB_STR("");
	if (hub_utf8_count(t->kana) < NAME_CHARS)
		t->kana = HUB_STR("");
	return HUB_OK;
}

int hub_find_words_read(struct hub_arena *a, struct hub_str text, struct hub_find_words *out,
			struct hub_err *err)
{
	static const char *const either[] = {"OR", "|", "または", NULL};
	static const char *const both[] = {"AND", "&", "かつ", NULL};
	static const char *const none[] = {"NOT", NULL};
	const struct hub_str s = hub_fold_width(a, text, 0, NULL);
	struct hub_str piece;
	size_t at = 0;
	int quoted, minus, joins = 0, not = 0;

	*out = (struct hub_find_words){0};
	if (!s.ptr)
		return hub_fail_mem(err);
	while (next_piece(s, &at, &piece, &quoted, &minus)) {
		if (!quoted && is_word(piece, both))
			continue;
		if (!quoted && (is_word(piece, either) || is_word(piece, none))) {
			joins |= is_word(piece, either);
			not |= is_word(piece, none);
			continue;
		}
		if (out->n == HUB_FIND_TERMS)
			return hub_fail(err, HUB_USAGE, "bad-words", "more than %d words",
					HUB_FIND_TERMS);
		struct hub_find_term *t = &out->term[out->n];
		const int rc = fill_term(a, piece, t, err);
		if (rc)
			return rc;
		if (t->folded.len == 0) /* only signs: nothing to look for */
			continue;
		t->not = not || minus;
		t->group = joins && out->groups && !t->not ? out->groups - 1
			   : t->not                        ? UINT32_MAX
							   : out->groups++;
		joins = not = 0;
		out->n++;
	}
	return HUB_OK;
}
