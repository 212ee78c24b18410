#include "intake/total.h"

enum { LONGEST = 60 };

int hub_is_total(struct hub_str text)
{
	static const char *const words[] = {"計", "合計", "小計", "総計", "総合計", "累計", "平均"};
	char bare[16];
	size_t n = 0;

	text = hub_str_trim(text);
	if (!hub_str_ends(text, HUB_STR("計")) && !hub_str_ends(text, HUB_STR("均")))
		return 0; /* nearly every key */
	for (size_t at = 0; at < text.len;) {
		const size_t from = at;
		const int32_t cp = hub_utf8_next(text, &at);
		if (cp == ' ' || cp == 0x3000)
			continue;
		if (n + at - from > sizeof bare)
			return 0;
		memcpy(bare + n, text.ptr + from, at - from);
		n += at - from;
	}
	return hub_str_among((struct hub_str){bare, n}, words, HUB_COUNT(words));
}

int hub_ends_in_total(struct hub_str text)
{
	static const char *const ends[] = {" 計", "　計", "小計", "合計"};

	text = hub_str_trim(text);
	const size_t open = hub_str_find(text, HUB_STR("（"), 1),
		     narrow = hub_str_find(text, HUB_STR("("), 1);
	const struct hub_str word = hub_str_cut(text, 0, open < narrow ? open : narrow);
	if (word.len < text.len && !hub_str_is(word, "計") && hub_is_total(word))
		return 1;
	for (size_t i = 0; i < HUB_COUNT(ends) && text.len <= LONGEST; i++)
		if (hub_str_ends(text, hub_str_of(ends[i])))
			return 1;
	return 0;
}
