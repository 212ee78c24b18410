#include "kind.h"

#include "jwords.h"

enum { BEHIND = 12 }; /* bytes: four letters */

static int is_quoted(struct hub_str norm, const struct tag_span *found)
{
	static const char *const marks[] = {"「", "『", "\""};

	for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
		const size_t n = strlen(marks[k]);
		if (found->from >= n && memcmp(norm.ptr + found->from - n, marks[k], n) == 0)
			return 1;
	}
	return 0;
}

/* What stands right behind a kind may be the name: 母子ホームこぶし. A word of grammar is none, nor another kind. */
static int ends(const struct jtext *t, uint32_t i)
{
	static const char *const grammar[] = {"は",   "が",   "を",   "に",   "へ",
					      "で",   "の",   "や",   "から", "まで",
					      "より", "など", "との", "とは", "として"};

	for (size_t k = 0; k < sizeof grammar / sizeof *grammar; k++)
		if (jt_is(t, i, grammar[k]))
			return 1;
	if (jt_is(t, i, "と")) /* ともづな is a name, and と認知症 is none */
		i++;
	return jt_is_any(t, i, W_SERVICE) > 1 || jt_cls(t, i) == JT_OTHER ||
	       jt_cls(t, i) == JT_SPACE;
}

int kind_is(struct hub_str norm, const struct tag_span *facility, const struct jpool *pool)
{
	static const enum jwords_list service[] = {W_SERVICE};
	struct hub_str text = {norm.ptr + facility->from, facility->to - facility->from};
	const size_t name = text.len, left = norm.len - facility->from;
	struct jpool own = *pool; /* what it takes is free again at once */
	struct jtext t;
	uint32_t n = 0;

	if (facility->type != HUB_SPAN_FACILITY || name > JWORDS_MADE * 3 ||
	    is_quoted(norm, facility))
		return 0;
	text.len = name + BEHIND < left ? name + BEHIND : left;
	while (text.len < left && (text.ptr[text.len] & 0xc0) == 0x80)
		text.len--;
	if (jt_read_str(&t, text, &own))
		return 0;
	while (n < t.n && t.off[n] < name)
		n++;
	return jt_made_of(&t, 0, n, service, 1) && ends(&t, n);
}
