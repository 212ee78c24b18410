#include "talk.h"

#include "plain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define S(literal) literal, sizeof(literal) - 1

enum { SPOKEN_MOST = 1 << 14 }; /* bytes of labels */

static const char low_open[] = "〔", low_close[] = "？〕";

int grown_put(struct hub_ctx *ctx, const struct hub_host *host, struct grown *to, const char *p,
	      size_t n)
{
	if (to->cap - to->len < n) {
		size_t cap = to->cap ? to->cap : 1024;
		while (cap - to->len < n)
			cap *= 2;
		char *more = host->alloc(ctx, NULL, cap);
		if (!more)
			return -1;
		if (to->len)
			memcpy(more, to->p, to->len);
		to->p = more;
		to->cap = cap;
	}
	if (n)
		memcpy(to->p + to->len, p, n);
	to->len += n;
	return 0;
}

static int talk_put(struct talk *t, struct grown *to, const char *p, size_t n)
{
	return grown_put(t->ctx, t->host, to, p, n);
}

static size_t count_chars(const char *p, size_t n)
{
	size_t chars = 0;

	for (size_t i = 0; i < n; i++)
		chars += ((unsigned char)p[i] & 0xc0) != 0x80;
	return chars;
}

static int say(struct talk *t, const char *p, size_t n)
{
	t->chars += count_chars(p, n);
	return talk_put(t, &t->text, p, n);
}

/* --- fillers ---------------------------------------------------------------------------------- */

/* AmiVoice marks them: %えーと%. */
static int is_marked(struct hub_str s)
{
	return s.len > 2 && s.ptr[0] == '%' && s.ptr[s.len - 1] == '%';
}

/* Words that are nothing but hesitation. うん and うーん are answers, and stay. */
static int is_filler(struct hub_str s)
{
	static const char *const words[] = {"えー",   "えーと", "えっと", "えーっと",
					    "えと",   "あー",   "あのー", "あのう",
					    "そのー", "んー",   "えーー", "うー"};

	if (is_marked(s))
		return 1;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (s.len == strlen(words[i]) && memcmp(s.ptr, words[i], s.len) == 0)
			return 1;
	return 0;
}

/* --- utterances ------------------------------------------------------------------------------- */

/* Milliseconds as h:mm:ss; buf has room for 32. */
static struct hub_str clock_text(int64_t ms, char *buf)
{
	const int64_t s = ms / 1000;
	const int n =
	    snprintf(buf, 32, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));

	return (struct hub_str){buf, (size_t)n};
}

static int same_speaker(const struct talk *t, const struct utterance *u, struct hub_str speaker)
{
	return u->speaker_len == speaker.len &&
	       (speaker.len == 0 ||
		memcmp(t->labels.p + u->speaker, speaker.ptr, speaker.len) == 0);
}

static int ends_sentence(const struct talk *t)
{
	static const char *const marks[] = {"。", "？", "！", "?", "!"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const size_t n = strlen(marks[i]);
		if (t->text.len >= n && memcmp(t->text.p + t->text.len - n, marks[i], n) == 0)
			return 1;
	}
	return 0;
}

static int goes_on(const struct talk *t, const struct piece *p)
{
	if (!t->open || p->whole)
		return 0;
	const struct utterance *u = &t->u[t->n - 1];
	const int silent =
	    p->start != TALK_NO_TIME && u->end != TALK_NO_TIME && p->start - u->end > t->gap;
	return same_speaker(t, u, p->speaker) && !silent && !ends_sentence(t);
}

/* Number of a label, from 1; noted when it is new. 0 for none, and for new ones of which there are more than any
 * conversation has voices. -1: out of memory. */
static int note_speaker(struct talk *t, struct hub_str label, uint32_t *voice)
{
	*voice = label.len > 0;
	for (size_t at = 0; label.len && at < t->spoken.len; ++*voice) {
		const char *end = memchr(t->spoken.p + at, '\n', t->spoken.len - at);
		const size_t n = (size_t)(end - (t->spoken.p + at));
		if (n == label.len && memcmp(t->spoken.p + at, label.ptr, n) == 0)
			return 0;
		at += n + 1;
	}
	if (label.len && t->spoken.len > SPOKEN_MOST) {
		*voice = 0;
		return 0;
	}
	return label.len && (talk_put(t, &t->spoken, label.ptr, label.len) ||
			     talk_put(t, &t->spoken, "\n", 1))
		   ? -1
		   : 0;
}

static int begin(struct talk *t, const struct piece *p)
{
	char clock[32];

	if (t->n == t->cap) {
		const uint32_t cap = t->cap ? t->cap * 2 : 256;
		struct utterance *more = t->host->alloc(t->ctx, NULL, cap * sizeof *more);
		if (!more)
			return -1;
		if (t->n)
			memcpy(more, t->u, t->n * sizeof *more);
		t->u = more;
		t->cap = cap;
	}
	struct utterance *u = &t->u[t->n++];
	*u = (struct utterance){.start = p->start,
				.end = p->end,
				.confidence = TALK_UNSURE,
				.speaker = t->labels.len,
				.speaker_len = p->speaker.len,
				.reading = t->readings.len};
	if (talk_put(t, &t->labels, p->speaker.ptr, p->speaker.len) ||
	    note_speaker(t, p->speaker, &u->voice))
		return -1;
	if (t->text.len && say(t, "\n", 1))
		return -1;
	if (p->start != TALK_NO_TIME) {
		const struct hub_str at = clock_text(p->start, clock);
		if (say(t, "[", 1) || say(t, at.ptr, at.len) || say(t, "] ", 2))
			return -1;
	}
	if (p->speaker.len && (say(t, p->speaker.ptr, p->speaker.len) || say(t, S("："))))
		return -1;
	u->from = u->to = t->text.len;
	u->from_char = u->to_char = t->chars;
	t->open = 1;
	return 0;
}

static int is_latin(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Words of Japanese join without a blank, those in Latin letters with one. */
static int needs_blank(const struct talk *t, const struct utterance *u, struct hub_str text)
{
	const char last = t->text.len > u->from ? t->text.p[t->text.len - 1] : '\0';

	return last && (is_latin(last) || strchr(".,?!;:", last)) && is_latin(text.ptr[0]);
}

/* A recogniser is never sure of a full stop. */
static int is_punctuation(struct hub_str s)
{
	static const char *const marks[] = {"。", "、", "？", "！", ".", ",", "?", "!"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (s.len == strlen(marks[i]) && memcmp(s.ptr, marks[i], s.len) == 0)
			return 1;
	return 0;
}

static int add_words(struct talk *t, struct utterance *u, const struct piece *p,
		     struct hub_str text)
{
	const int32_t sure = is_punctuation(text) ? TALK_UNSURE : p->confidence;
	const int low = sure != TALK_UNSURE && sure < t->low;

	if (needs_blank(t, u, text) && say(t, " ", 1))
		return -1;
	if ((low && say(t, S(low_open))) || say(t, text.ptr, text.len) ||
	    (low && say(t, S(low_close))) ||
	    talk_put(t, &t->readings, p->reading.ptr, p->reading.len))
		return -1;
	u->to = t->text.len;
	u->to_char = t->chars;
	u->reading_len = t->readings.len - u->reading;
	u->low += (uint32_t)low;
	t->low_all += (uint64_t)low;
	if (sure != TALK_UNSURE && (u->confidence == TALK_UNSURE || sure < u->confidence))
		u->confidence = sure;
	if (p->end != TALK_NO_TIME)
		u->end = p->end;
	return 0;
}

/* A piece that leaves nothing: no words, or hesitation nobody asked for. */
static int is_nothing(const struct talk *t, const struct piece *p)
{
	return p->text.len == 0 || (!t->fillers && !p->whole && is_filler(p->text));
}

int talk_begins(const struct talk *t, const struct piece *p)
{
	return !is_nothing(t, p) && !goes_on(t, p);
}

void talk_clear(struct talk *t)
{
	t->text.len = t->labels.len = t->readings.len = t->spoken.len = t->chars = 0;
	t->n = 0;
	t->open = 0;
}

int talk_add(struct talk *t, const struct piece *p)
{
	struct hub_str text = p->text;

	if (t->too_long)
		return 0;
	if (is_nothing(t, p)) {
		t->fillers_out += text.len > 0;
		return 0;
	}
	if (is_marked(text))
		text = (struct hub_str){text.ptr + 1, text.len - 2};
	if (text.len + p->speaker.len + 64 > t->limit - t->text.len) {
		t->too_long = 1;
		return 0;
	}
	t->pieces++;
	if (!goes_on(t, p) && begin(t, p))
		return -1;
	const int rc = add_words(t, &t->u[t->n - 1], p, text);
	t->open = !p->whole;
	return rc;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static int put_string(struct talk *t, struct grown *out, struct hub_str s)
{
	char esc[8];

	if (talk_put(t, out, "\"", 1))
		return -1;
	for (; s.len; s = str_from(s, 1)) {
		const unsigned char c = (unsigned char)s.ptr[0];
		int n = 1;
		if (c < 0x20)
			n = snprintf(esc, sizeof esc, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			n = snprintf(esc, sizeof esc, "\\%c", c);
		else
			esc[0] = (char)c;
		if (talk_put(t, out, esc, (size_t)n))
			return -1;
	}
	return talk_put(t, out, "\"", 1);
}

static int put_number(struct talk *t, struct grown *out, const char *name, int64_t v, int there)
{
	char buf[64];
	const int n = there ? snprintf(buf, sizeof buf, ",\"%s\":%" PRId64, name, v)
			    : snprintf(buf, sizeof buf, ",\"%s\":null", name);

	return talk_put(t, out, buf, (size_t)n);
}

static int put_utterance(struct talk *t, struct grown *out, uint32_t i)
{
	const struct utterance *u = &t->u[i];
	char buf[32];
	const int n = snprintf(buf, sizeof buf, "%s{\"seq\":%u", i ? "," : "", i + 1);

	return talk_put(t, out, buf, (size_t)n) ||
	       put_number(t, out, "start_ms", u->start, u->start != TALK_NO_TIME) ||
	       put_number(t, out, "end_ms", u->end, u->end != TALK_NO_TIME) ||
	       put_number(t, out, "voice", u->voice, u->voice > 0) ||
	       put_number(t, out, "confidence", u->confidence, u->confidence != TALK_UNSURE) ||
	       put_number(t, out, "low", u->low, 1) ||
	       put_number(t, out, "from", (int64_t)u->from_char, 1) ||
	       put_number(t, out, "to", (int64_t)u->to_char, 1) || talk_put(t, out, "}", 1);
}

int talk_json(struct talk *t, struct hub_str product, struct grown *out)
{
	out->len = 0;
	if (talk_put(t, out, S("{\"product\":")) || put_string(t, out, product) ||
	    talk_put(t, out, S(",\"segments\":[")))
		return -1;
	for (uint32_t i = 0; i < t->n; i++)
		if (put_utterance(t, out, i))
			return -1;
	return talk_put(t, out, "]}", 2);
}
