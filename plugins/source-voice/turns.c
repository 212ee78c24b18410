#include "turns.h"

#include "plain.h"

#include <string.h>

enum { LABEL_MOST = 60, KNOWN_MOST = 1 << 12, CLAIM_LINES = 24, CLAIM_LABELS = 4 };

struct head {
	struct hub_str label, text;
	int64_t start, end;
};

static int ends(struct hub_str s, const char *z)
{
	const size_t n = strlen(z);

	return s.len >= n && memcmp(s.ptr + s.len - n, z, n) == 0;
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char wide_blank[] = "　";

static struct hub_str trim(struct hub_str s)
{
	for (;;) {
		if (s.len && strchr(" \t\r", s.ptr[0]))
			s = str_from(s, 1);
		else if (str_starts(s, wide_blank))
			s = str_from(s, strlen(wide_blank));
		else if (s.len && strchr(" \t\r", s.ptr[s.len - 1]))
			s.len--;
		else if (ends(s, wide_blank))
			s.len -= strlen(wide_blank);
		else
			return s;
	}
}

/* --- what a turn begins with ------------------------------------------------------------------ */

/* Steps over one of the signs; 1, or 0: none of them stands there. */
static int step(struct hub_str *s, const char *const *signs)
{
	for (; *signs; signs++)
		if (str_starts(*s, *signs)) {
			*s = str_from(*s, strlen(*signs));
			return 1;
		}
	return 0;
}

/* m:ss or h:mm:ss, with a fraction or without; *s moves behind it. */
static int read_clock(struct hub_str *s, int64_t *ms)
{
	struct hub_str in = *s;
	int64_t part[3];
	int n = 0;

	while (n < 3) {
		size_t digits = 0;
		for (part[n] = 0; digits < in.len && digits < 3 && is_digit(in.ptr[digits]);
		     digits++)
			part[n] = part[n] * 10 + (in.ptr[digits] - '0');
		if (digits == 0 || (n > 0 && (digits != 2 || part[n] > 59)))
			return 0;
		in = str_from(in, digits);
		n++;
		if (n == 3 || in.len < 2 || in.ptr[0] != ':' || !is_digit(in.ptr[1]))
			break;
		in = str_from(in, 1);
	}
	if (n < 2)
		return 0;
	if (in.len > 1 && (in.ptr[0] == '.' || in.ptr[0] == ',') && is_digit(in.ptr[1]))
		for (in = str_from(in, 1); in.len && is_digit(in.ptr[0]);)
			in = str_from(in, 1);
	*ms = ((n == 3 ? part[0] * 60 + part[1] : part[0]) * 60 + part[n - 1]) * 1000;
	*s = in;
	return 1;
}

static const char *const opens[] = {"[", "(", "<", "【", "（", "［", NULL};
static const char *const closes[] = {"]", ")", ">", "】", "）", "］", NULL};

/* [0:01:23], 00:01 - 00:05, [00:01.000 --> 00:05.000] in front of a line. 2: in brackets, 1: without and parted from
 * what follows, as 10:30に is not; 0: none. */
static int read_time(struct hub_str *s, struct head *h)
{
	static const char *const to[] = {"-->", "->", "-", "–", "～", "〜", "~", NULL};
	struct hub_str in = *s;
	const int boxed = step(&in, opens);
	int open = boxed;

	if (!read_clock(&in, &h->start))
		return 0;
	if (open && step(&in, closes))
		open = 0;
	struct hub_str rest = trim(in);
	if (step(&rest, to)) {
		rest = trim(rest);
		open |= step(&rest, opens);
		if (read_clock(&rest, &h->end))
			in = rest;
	}
	if (open && !step(&in, closes))
		return 0;
	if (in.len && in.ptr[0] == ':')
		in = str_from(in, 1);
	else if (!boxed && in.len && trim(in).ptr == in.ptr)
		return 0;
	*s = in;
	return boxed ? 2 : 1;
}

/* Short, without the signs of a sentence, and more than a number. */
static int is_label(struct hub_str s)
{
	static const char *const no[] = {"。", "、", "！", "？", "「", "」", "//", ",",
					 "\t", ". ", "\"", "{",  "<",  "=",  ";"};
	enum { DATE = 6 }; /* 作成日時：2024/07/31 14:00 is the head of a file */
	size_t digits = 0, blanks = 0, figures = 0;

	for (size_t i = 0; i < s.len; i++) {
		figures += is_digit(s.ptr[i]) != 0;
		digits += is_digit(s.ptr[i]) || strchr("-/.:", s.ptr[i]) != NULL;
		blanks += s.ptr[i] == ' ';
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (s.len && memmem(s.ptr, s.len, no[i], strlen(no[i])))
			return 0;
	return s.len > 0 && s.len <= LABEL_MOST && digits < s.len && figures < DATE && blanks <= 2;
}

/* 話者, speaker: what a program calls the voices that it tells apart. */
static int is_voice(struct hub_str s)
{
	static const char *const words[] = {"話者",    "\x98\x62\x8e\xd2", "発言者",
					    "speaker", "Speaker",          "SPEAKER"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(s, words[i]))
			return 1;
	return 0;
}

/* Who speaks, in 【】, or in other brackets if it is a voice: [笑] is none. The length with the brackets; 0: nobody. */
static size_t read_box(struct hub_str s, struct hub_str *label)
{
	static const char *const boxes[][2] = {
	    {"【", "】"}, {"[", "]"}, {"<", ">"}, {"＜", "＞"}, {"〈", "〉"}};

	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
		const size_t n = strlen(boxes[i][0]), m = strlen(boxes[i][1]);
		if (!str_starts(s, boxes[i][0]) || (i > 0 && !is_voice(str_from(s, n))))
			continue;
		const char *at = memmem(s.ptr, s.len, boxes[i][1], m);
		if (!at)
			return 0;
		*label = trim((struct hub_str){s.ptr + n, (size_t)(at - s.ptr) - n});
		return (size_t)(at - s.ptr) + m;
	}
	return 0;
}

/* Where the sign first stands, but not between digits (14：00); 0: nowhere near the beginning. */
static size_t find_colon(struct hub_str s, const char *sign)
{
	const size_t n = strlen(sign);

	for (size_t i = 1; i + n <= s.len && i < LABEL_MOST + n; i++)
		if (memcmp(s.ptr + i, sign, n) == 0 &&
		    !(i + n < s.len && is_digit(s.ptr[i - 1]) && is_digit(s.ptr[i + n])))
			return i;
	return 0;
}

/* 職員：…, speaker 1: …, 【職員】…; behind a time a tabulator parts them as well. */
static int read_label(struct hub_str s, int timed, struct head *out)
{
	static const char *const colons[] = {"：", ":", "\t", NULL};
	const size_t box = read_box(s, &out->label);
	size_t best = 0, skip = 0;

	if (box) {
		out->text = str_from(s, box);
		(void)step(&out->text, colons);
		out->text = trim(out->text);
		return is_label(out->label);
	}
	for (size_t i = 0; i < (timed ? 3u : 2u); i++) {
		const size_t at = find_colon(s, colons[i]);
		if (at && (!best || at < best)) {
			best = at;
			skip = strlen(colons[i]);
		}
	}
	out->label = trim((struct hub_str){s.ptr, best});
	out->text = trim(str_from(s, best + skip));
	return is_label(out->label) && !str_starts(out->text, "//"); /* https:// */
}

/* 話者 1  0:01:23, 山田[0:01:23]: and what was said below. */
static int read_label_and_time(struct hub_str s, struct head *out)
{
	for (size_t i = 1; i < s.len; i++) {
		struct hub_str time = str_from(s, i);
		const struct hub_str label = trim((struct hub_str){s.ptr, i});
		const int parted = label.len < i && trim(time).ptr == time.ptr;
		const int found = read_time(&time, out);
		if ((found != 2 && !(found && parted)) || trim(time).len)
			continue;
		out->label = label;
		out->text = (struct hub_str){"", 0};
		return is_label(label);
	}
	return 0;
}

static int is_known(const struct turns *t, struct hub_str label)
{
	struct hub_str rest = {t->known.p, t->known.len}, line;

	while (str_next_line(&rest, &line))
		if (str_same(line, label))
			return 1;
	return 0;
}

/* A time without brackets begins no turn where turns have none. */
static int read_head(const struct turns *t, struct hub_str line, struct head *out)
{
	struct hub_str rest = line;
	const struct head none = {.start = TALK_NO_TIME, .end = TALK_NO_TIME};

	*out = none;
	const int time = read_time(&rest, out);
	if (time == 2 || (time && (t->timed || !t->heads))) {
		rest = trim(rest);
		if (!read_label(rest, 1, out)) {
			out->label = (struct hub_str){"", 0};
			out->text = rest;
		}
		return 1;
	}
	*out = none;
	if (read_label_and_time(line, out))
		return 1;
	*out = none;
	if (!read_label(line, 0, out))
		return 0;
	struct head inner = none; /* 話者1（00:05）：… */
	if (read_label_and_time(out->label, &inner)) {
		inner.text = out->text;
		*out = inner;
		return 1;
	}
	return !t->timed || is_known(t, out->label);
}

/* --- the file --------------------------------------------------------------------------------- */

static int put(struct turns *t, struct grown *to, struct hub_str s)
{
	return grown_put(t->ctx, t->host, to, s.ptr, s.len);
}

static int no_memory(const struct turns *t, struct hub_err *err)
{
	return NO_MEMORY(t->host, err);
}

/* The turn that is whole. */
static int give(struct turns *t, struct hub_err *err)
{
	const struct piece p = {.text = {t->words.p, t->words.len},
				.speaker = {t->speaker.p, t->speaker.len},
				.start = t->start,
				.end = t->end < t->start ? TALK_NO_TIME : t->end,
				.confidence = TALK_UNSURE,
				.whole = 1};
	const int rc = p.text.len ? t->add(t->arg, &p, err) : HUB_OK;

	t->words.len = t->speaker.len = 0;
	t->start = t->end = TALK_NO_TIME;
	return rc;
}

static int begin_turn(struct turns *t, const struct head *h, struct hub_err *err)
{
	const struct hub_str end = {"\n", 1};
	const int rc = give(t, err);

	if (rc)
		return rc;
	t->heads++;
	t->timed |= h->start != TALK_NO_TIME;
	t->start = h->start;
	t->end = h->end;
	if (put(t, &t->speaker, h->label) || put(t, &t->words, h->text) ||
	    (h->label.len && t->known.len < KNOWN_MOST && !is_known(t, h->label) &&
	     (put(t, &t->known, h->label) || put(t, &t->known, end))))
		return no_memory(t, err);
	return HUB_OK;
}

static int go_on(struct turns *t, struct hub_str line, struct hub_err *err)
{
	const struct hub_str end = {"\n", 1};

	return (t->words.len && put(t, &t->words, end)) || put(t, &t->words, line)
		   ? no_memory(t, err)
		   : HUB_OK;
}

int turns_feed(struct turns *t, struct hub_str lines, struct hub_err *err)
{
	struct hub_str line;
	struct head h;
	int rc = HUB_OK;

	while (!rc && str_next_line(&lines, &line)) {
		line = trim(line);
		if (line.len == 0)
			continue;
		rc = read_head(t, line, &h) ? begin_turn(t, &h, err) : go_on(t, line, err);
	}
	return rc;
}

int turns_end(struct turns *t, struct hub_err *err)
{
	return give(t, err);
}

/* --- is it one? ------------------------------------------------------------------------------- */

/* In 【】, or in front of the first colon, wide or narrow; in UTF-8 or CP932. */
static struct hub_str label_of(struct hub_str line)
{
	static const char *const colons[] = {"：", "\x81\x46", ":"};
	static const char *const boxes[][2] = {{"【", "】"}, {"\x81\x79", "\x81\x7a"}};
	size_t best = 0;

	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
		const size_t n = strlen(boxes[i][0]);
		const char *at = str_starts(line, boxes[i][0])
				     ? memmem(line.ptr, line.len, boxes[i][1], n)
				     : NULL;
		if (at)
			return (struct hub_str){line.ptr + n, (size_t)(at - line.ptr) - n};
	}

	for (size_t i = 0; i < sizeof colons / sizeof *colons; i++) {
		const char *at = memmem(line.ptr, line.len, colons[i], strlen(colons[i]));
		if (at && (!best || (size_t)(at - line.ptr) < best))
			best = (size_t)(at - line.ptr);
	}
	return (struct hub_str){line.ptr, best};
}

/* Two lines that begin with a time, or two of 話者; else a few labels that come again and again, where records
 * written as 氏名：… have many. */
int turns_claim(struct hub_str head)
{
	struct hub_str line, label[CLAIM_LABELS];
	uint32_t labels = 0, lines = 0, times = 0, voices = 0, again = 0;
	struct head h;

	if (str_starts(head, "\xef\xbb\xbf"))
		head = str_from(head, 3);
	while (lines < CLAIM_LINES && str_next_line(&head, &line)) {
		line = trim(line);
		struct hub_str rest = line;
		uint32_t k = 0;
		if (line.len == 0)
			continue;
		lines++;
		times += read_time(&rest, &h) && !memchr(line.ptr, ',', line.len) ? 1u : 0u;
		voices += is_voice(line) ? 1u : 0u;
		const struct hub_str one = label_of(line);
		if (!is_label(one))
			continue;
		while (k < labels && !str_same(label[k], one))
			k++;
		if (k == CLAIM_LABELS)
			return 0;
		again += k < labels ? 1u : 0u;
		if (k == labels)
			label[labels++] = one;
	}
	return times > 1 || voices > 1 ||
	       (labels > 1 && again >= labels && (again + labels) * 2 > lines);
}
