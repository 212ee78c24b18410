#include "cues.h"

#include "when.h"

#include <string.h>

static const char arrow[] = "-->";

static int starts(struct hub_str s, const char *z)
{
	const size_t n = strlen(z);

	return s.len >= n && memcmp(s.ptr, z, n) == 0;
}

static struct hub_str from(struct hub_str s, size_t n)
{
	return (struct hub_str){s.ptr + n, s.len - n};
}

/* The next line, without its end (LF, CR LF or CR). */
static int next_line(struct hub_str *rest, struct hub_str *line)
{
	size_t n = 0;

	if (rest->len == 0)
		return 0;
	while (n < rest->len && rest->ptr[n] != '\n' && rest->ptr[n] != '\r')
		n++;
	*line = (struct hub_str){rest->ptr, n};
	if (n + 1 < rest->len && rest->ptr[n] == '\r' && rest->ptr[n + 1] == '\n')
		n++;
	*rest = from(*rest, n < rest->len ? n + 1 : n);
	return 1;
}

static int has_arrow(struct hub_str line)
{
	return line.len >= 3 && memmem(line.ptr, line.len, arrow, 3) != NULL;
}

static struct hub_str after_blanks(struct hub_str s)
{
	while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = from(s, 1);
	return s;
}

/* "00:01.000 --> 00:02.000 settings"; 0, or -1. */
static int read_timing(struct hub_str line, int64_t *start, int64_t *end)
{
	size_t n;
	struct hub_str s = after_blanks(line);

	if (when_cue(s.ptr, s.len, &n, start))
		return -1;
	s = after_blanks(from(s, n));
	if (!starts(s, arrow))
		return -1;
	s = after_blanks(from(s, 3));
	return when_cue(s.ptr, s.len, &n, end) || *end < *start ? -1 : 0;
}

/* --- the words of a cue ----------------------------------------------------------------------- */

struct words {
	char *p; /* room for all of the cue */
	size_t len;
	struct hub_str speaker;
	int ruby; /* inside <rt>: a reading, not words */
};

static void put(struct words *w, const char *p, size_t n)
{
	if (w->ruby)
		return;
	memcpy(w->p + w->len, p, n);
	w->len += n;
}

/* &amp; and the like (WebVTT 3.4); the length read, 0: none. */
static size_t entity(struct words *w, struct hub_str s)
{
	static const char *const known[][2] = {
	    {"&amp;", "&"},      {"&lt;", "<"},       {"&gt;", ">"},   {"&nbsp;", " "},
	    {"&lrm;", "\u200e"}, {"&rlm;", "\u200f"}, {"&quot;", "\""}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (starts(s, known[i][0])) {
			put(w, known[i][1], strlen(known[i][1]));
			return strlen(known[i][0]);
		}
	return 0;
}

/* <v 名前>, <c.loud>, </i>, <00:01.000>: the length read; 0 when it is no tag. */
static size_t tag(struct words *w, struct hub_str s)
{
	const char *close = memchr(s.ptr, '>', s.len);
	const char next = s.len > 1 ? s.ptr[1] : '\0';

	if (!close ||
	    !(next == '/' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z')))
		return 0;
	const size_t n = (size_t)(close - s.ptr) + 1;
	const struct hub_str inner = {s.ptr + 1, n - 2};
	if (starts(inner, "rt"))
		w->ruby = 1;
	if (starts(inner, "/rt") || starts(inner, "/ruby"))
		w->ruby = 0;
	if (inner.ptr[0] == 'v' && w->speaker.len == 0) {
		const char *blank = memchr(inner.ptr, ' ', inner.len);
		if (blank)
			w->speaker = after_blanks(from(inner, (size_t)(blank - inner.ptr)));
	}
	return n;
}

static void put_words(struct words *w, struct hub_str s)
{
	while (s.len) {
		size_t n = s.ptr[0] == '&' ? entity(w, s) : s.ptr[0] == '<' ? tag(w, s) : 0;
		if (n == 0) {
			put(w, s.ptr, 1);
			n = 1;
		}
		s = from(s, n);
	}
}

/* "話者1：...", ">> ALICE: ...": who speaks, by custom. */
static void spoken_by(struct words *w, struct hub_str *text)
{
	static const char *const heads[] = {">>",      "話者",    "発言者",
					    "speaker", "Speaker", "SPEAKER"};
	static const char *const ends[] = {"：", ": "};
	enum { MOST = 48 };
	size_t known = 0, best = 0, skip = 0;

	while (known < sizeof heads / sizeof *heads && !starts(*text, heads[known]))
		known++;
	if (w->speaker.len || known == sizeof heads / sizeof *heads)
		return;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const size_t len = text->len < MOST ? text->len : MOST;
		const char *at = memmem(text->ptr, len, ends[i], strlen(ends[i]));
		if (at && (!best || (size_t)(at - text->ptr) < best)) {
			best = (size_t)(at - text->ptr);
			skip = strlen(ends[i]);
		}
	}
	if (!best)
		return;
	const size_t mark = known == 0 ? 2 : 0;
	w->speaker = after_blanks((struct hub_str){text->ptr + mark, best - mark});
	*text = after_blanks(from(*text, best + skip));
}

/* --- the file --------------------------------------------------------------------------------- */

/* Lines up to a blank one, or to one that times the next cue. */
static int read_cue(struct talk *t, struct hub_str *rest, int64_t start, int64_t end)
{
	struct words w = {0};
	struct hub_str line, ahead = *rest;
	size_t all = 1;

	while (next_line(&ahead, &line) && line.len && !has_arrow(line))
		all += line.len + 1;
	w.p = t->host->alloc(t->ctx, NULL, all);
	if (!w.p)
		return -1;
	for (ahead = *rest; next_line(&ahead, &line) && line.len && !has_arrow(line);) {
		if (w.len)
			put(&w, "\n", 1);
		put_words(&w, line);
		*rest = ahead;
	}
	struct piece p = {.text = {w.p, w.len},
			  .start = start,
			  .end = end,
			  .confidence = TALK_UNSURE,
			  .whole = 1};
	spoken_by(&w, &p.text);
	p.speaker = w.speaker;
	return talk_add(t, &p);
}

int cues_read(struct talk *t, struct hub_str text, struct cues_report *report)
{
	struct hub_str rest = text, line;
	int64_t start, end;

	*report = (struct cues_report){0};
	while (next_line(&rest, &line)) {
		/* a block of notes or styles ends with a blank line and times nothing */
		if (starts(line, "NOTE") || starts(line, "STYLE") || starts(line, "REGION"))
			while (line.len && !has_arrow(line) && next_line(&rest, &line))
				;
		if (!has_arrow(line))
			continue;
		if (read_timing(line, &start, &end)) {
			report->broken++;
			continue;
		}
		report->cues++;
		if (read_cue(t, &rest, start, end))
			return -1;
	}
	return 0;
}

int cues_claim(struct hub_str head)
{
	struct hub_str line;
	int64_t start, end;

	if (starts(head, "\xef\xbb\xbf"))
		head = from(head, 3);
	if (starts(head, "WEBVTT"))
		return 1;
	for (int i = 0; i < 8 && next_line(&head, &line); i++)
		if (has_arrow(line) && read_timing(line, &start, &end) == 0)
			return 1;
	return 0;
}
