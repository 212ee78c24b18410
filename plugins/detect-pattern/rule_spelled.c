/* Names as people spell them: 山に田んぼの田, 佐賀の佐に藤の花の藤, にんべんに云う. What is said is characters one by one, each
 * by a word that it stands in, joined by に; two of them, and at least one by its word, are no ordinary sentence. */
#include "jname.h"
#include "scan.h"

enum { WORD = 6, KANJI_RUN = 2 };

/* Is the kanji at i spelled by a word in front of it, 佐賀の佐, さんずいの治? Where the word begins; i when not. */
static uint32_t word_before(const struct jtext *t, uint32_t i)
{
	uint32_t from = i;

	if (i < 2 || jt_cls(t, i) != JT_KANJI || t->cp[i - 1] != 0x306e) /* の */
		return i;
	const uint32_t radical = jt_ends_any(t, i - 1, W_RADICAL);
	if (radical)
		return i - 1 - radical;
	for (uint32_t k = i - 1; k-- > 0 && i - k <= WORD + 1;) {
		const enum jt_class c = jt_cls(t, k);
		if (c != JT_KANJI && c != JT_HIRA && c != JT_KATA)
			break;
		if (t->cp[k] == t->cp[i])
			from = k;
	}
	return from;
}

/* The character in front of i, as it is spelled; *by_word: by a word. i when there is none. */
static uint32_t left_of(const struct jtext *t, uint32_t i, int *by_word)
{
	const uint32_t radical = jt_ends_any(t, i, W_RADICAL);
	uint32_t from = i, kana = 0;

	*by_word = 1;
	if (radical)
		return i - radical;
	if (i > 0 && (from = word_before(t, i - 1)) < i - 1)
		return from;
	*by_word = 0;
	for (from = i; kana < 3 && from > 0 && jt_cls(t, from - 1) == JT_HIRA; from--)
		kana++; /* 渡る, 温かい */
	const uint32_t end = from;
	while (from > 0 && end - from < KANJI_RUN && jt_cls(t, from - 1) == JT_KANJI)
		from--;
	return from < end && (!kana || end - from == 1) && jt_cls(t, from - 1) != JT_KANJI ? from
											   : i;
}

/* The one behind i: its end. */
static uint32_t right_of(const struct jtext *t, uint32_t i, int *by_word)
{
	uint32_t to = i;

	*by_word = 0;
	for (uint32_t k = i; k < i + WORD + 3 && k < t->n; k++) {
		const enum jt_class c = jt_cls(t, k);
		if (c != JT_KANJI && c != JT_HIRA && c != JT_KATA)
			break;
		const uint32_t from = word_before(t, k);
		if (from < k && from >= i && jt_cls(t, k + 1) != JT_KANJI) {
			*by_word = 1;
			return k + 1;
		}
	}
	while (to < i + KANJI_RUN && jt_cls(t, to) == JT_KANJI)
		to++;
	return jt_cls(t, to) == JT_KANJI ? i : to;
}

static void find_spelled(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	int left, right;
	const uint32_t from = left_of(t, i, &left), to = right_of(t, i + 1, &right);

	if (from < i && to > i + 1 && (left || right) &&
	    (to == t->n || jt_is_any(t, to, W_SPELLED_END)))
		scan_add(s, from, to, HUB_SPAN_PERSON, LIKELY);
}

static const char *const examples[] = {"「[山に田んぼの田]」でヤマダ",
				       "[佐賀の佐に藤の花の藤]、と言う",
				       "[温かいに水に名前の名]で",
				       "字は[にんべんに云]です",
				       "[田んぼの田に中]で",
				       "一人の人に会って、自分の分に名前を書く",
				       "今日の日に母が来た",
				       "山に登る、夜に電話",
				       NULL};

const struct rule rules_spelled[] = {
    {"spelled name", {W_NI}, 0, find_spelled, examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
