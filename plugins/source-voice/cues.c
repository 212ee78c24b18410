#include "cues.h"

#include "plain.h"
#include "when.h"

#include <string.h>

static const char arrow[] = "-->";

static int has_arrow(struct hub_str line)
{
	return line.len >= 3 && memmem(line.ptr, line.len, arrow, 3) != NULL;
}

static struct hub_str after_blanks(struct hub_str s)
{
	while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
		s = str_from(s, 1);
	return s;
}

/* "00:01.000 --> 00:02.000 settings"; 0, or -1. */
static int read_timing(struct hub_str line, int loose, int64_t *start, int64_t *end)
{
	size_t n;
	struct hub_str s = after_blanks(line);

	if (when_cue(s.ptr, s.len, loose, &n, start))
		return -1;
	s = after_blanks(str_from(s, n));
	if (!str_starts(s, arrow))
		return -1;
	s = after_blanks(str_from(s, 3));
	return when_cue(s.ptr, s.len, loose, &n, end) || *end < *start ? -1 : 0;
}

/* --- the words of a cue ----------------------------------------------------------------------- */

static int put(struct cues *c, struct grown *to, const char *p, size_t n)
{
	return grown_put(c->ctx, c->host, to, p, n);
}

static int put_word(struct cues *c, const char *p, size_t n)
{
	return c->ruby ? 0 : put(c, &c->words, p, n);
}

/* &amp; and the like (WebVTT 3.4): what it stands for, and the length read in *n. */
static const char *entity(struct hub_str s, size_t *n)
{
	static const char *const known[][2] = {
	    {"&amp;", "&"},      {"&lt;", "<"},       {"&gt;", ">"},   {"&nbsp;", " "},
	    {"&lrm;", "\u200e"}, {"&rlm;", "\u200f"}, {"&quot;", "\""}};

	for (size_t i = 0; s.ptr[0] == '&' && i < sizeof known / sizeof *known; i++)
		if (str_starts(s, known[i][0])) {
			*n = strlen(known[i][0]);
			return known[i][1];
		}
	return NULL;
}

/* <v 名前>, <c.loud>, </i>, <00:01.000>: the length; 0 when it is no tag. */
static size_t tag_length(struct hub_str s)
{
	const char *close = s.ptr[0] == '<' ? memchr(s.ptr, '>', s.len) : NULL;
	const char next = s.len > 1 ? s.ptr[1] : '\0';

	if (!close ||
	    !(next == '/' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z')))
		return 0;
	return (size_t)(close - s.ptr) + 1;
}

static int no_memory(const struct cues *c, struct hub_err *err)
{
	return NO_MEMORY(c->host, err);
}

/* What was said so far, by one voice, in the time of the cue. */
static int give(struct cues *c, struct hub_err *err);

/* <v 名前>: who speaks from here on. A second voice in a cue is somebody else, not the first one going on. */
static int read_voice(struct cues *c, struct hub_str inner, struct hub_err *err)
{
	const char *blank = memchr(inner.ptr, ' ', inner.len);
	const struct hub_str name = after_blanks(
	    blank ? str_from(inner, (size_t)(blank - inner.ptr)) : str_from(inner, inner.len));
	const int same = c->speaker.len == name.len &&
			 (name.len == 0 || memcmp(c->speaker.p, name.ptr, name.len) == 0);

	if (same)
		return HUB_OK;
	while (c->words.len && c->words.p[c->words.len - 1] == '\n')
		c->words.len--;
	const int rc = c->words.len ? give(c, err) : HUB_OK;
	c->words.len = c->speaker.len = 0;
	return rc ? rc : put(c, &c->speaker, name.ptr, name.len) ? no_memory(c, err) : HUB_OK;
}

/* inner: between < and >. */
static int read_tag(struct cues *c, struct hub_str inner, struct hub_err *err)
{
	if (str_starts(inner, "rt"))
		c->ruby = 1;
	if (str_starts(inner, "/rt") || str_starts(inner, "/ruby"))
		c->ruby = 0;
	return inner.ptr[0] == 'v' ? read_voice(c, inner, err) : HUB_OK;
}

/* A line of words, behind those there are. */
static int put_line(struct cues *c, struct hub_str s, struct hub_err *err)
{
	int rc = c->words.len && put_word(c, "\n", 1) ? no_memory(c, err) : HUB_OK;

	while (s.len && !rc) {
		size_t n = 0;
		const char *sign = entity(s, &n);
		if (!sign && (n = tag_length(s)) > 0)
			rc = read_tag(c, (struct hub_str){s.ptr + 1, n - 2}, err);
		else if (sign ? put_word(c, sign, strlen(sign)) : put_word(c, s.ptr, n = 1))
			rc = no_memory(c, err);
		s = str_from(s, n);
	}
	return rc;
}

/* "話者1：...", ">> ALICE: ...": who speaks, by custom. */
static void spoken_by(struct hub_str *speaker, struct hub_str *text)
{
	static const char *const heads[] = {">>",      "話者",    "発言者",
					    "speaker", "Speaker", "SPEAKER"};
	static const char *const ends[] = {"：", ": "};
	enum { MOST = 48 };
	size_t known = 0, best = 0, skip = 0;

	while (known < sizeof heads / sizeof *heads && !str_starts(*text, heads[known]))
		known++;
	if (speaker->len || known == sizeof heads / sizeof *heads)
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
	*speaker = after_blanks((struct hub_str){text->ptr + mark, best - mark});
	*text = after_blanks(str_from(*text, best + skip));
}

/* --- the file --------------------------------------------------------------------------------- */

static int give(struct cues *c, struct hub_err *err)
{
	struct piece p = {.text = {c->words.p, c->words.len},
			  .speaker = {c->speaker.p, c->speaker.len},
			  .start = c->start,
			  .end = c->end,
			  .confidence = TALK_UNSURE,
			  .whole = 1};

	spoken_by(&p.speaker, &p.text);
	return c->add(c->arg, &p, err);
}

static int end_cue(struct cues *c, struct hub_err *err)
{
	const int there = c->at == CUES_WORDS;

	c->at = CUES_OUTSIDE;
	return there ? give(c, err) : HUB_OK;
}

/* Number or name of the cue that comes: digits, or (SRT) the line before a time and behind a blank one. */
static int is_number(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return 0;
	return 1;
}

/* SRT: what was held back is words after all, unless a time follows and it is the number of that cue.
 * Words may have blank lines between them there, and numbers none before them. */
static int let_go(struct cues *c, int time_follows, struct hub_err *err)
{
	const struct hub_str line = {c->held.p, c->held.len};
	const int names_next = time_follows && c->after_blank && !c->before_blank && c->words.len;

	if (!c->holds)
		return 0;
	c->holds = 0;
	if (c->at != CUES_WORDS || (time_follows && is_number(line)) || names_next)
		return 0;
	return put_line(c, line, err);
}

static int begin_cue(struct cues *c, struct hub_str line, struct hub_err *err)
{
	int rc = let_go(c, 1, err);

	if (rc || (rc = end_cue(c, err)))
		return rc;
	if (read_timing(line, !c->vtt, &c->start, &c->end)) {
		c->broken++;
		return HUB_OK;
	}
	c->cues++;
	c->at = CUES_WORDS;
	c->words.len = c->speaker.len = 0;
	c->ruby = 0;
	return HUB_OK;
}

static int vtt_line(struct cues *c, struct hub_str line, struct hub_err *err)
{
	if (line.len == 0)
		return end_cue(c, err);
	if (c->at == CUES_WORDS)
		return put_line(c, line, err);
	/* a block of notes or styles ends with a blank line and times nothing */
	if (str_starts(line, "NOTE") || str_starts(line, "STYLE") || str_starts(line, "REGION"))
		c->at = CUES_NOTES;
	return HUB_OK;
}

static int srt_line(struct cues *c, struct hub_str line, struct hub_err *err)
{
	if (line.len == 0) {
		c->before_blank = c->holds;
		return HUB_OK;
	}
	const int blank = !c->holds || c->before_blank;
	const int rc = let_go(c, 0, err);
	if (rc)
		return rc;
	c->held.len = 0;
	c->holds = 1;
	c->after_blank = blank;
	c->before_blank = 0;
	return put(c, &c->held, line.ptr, line.len) ? no_memory(c, err) : HUB_OK;
}

int cues_feed(struct cues *c, struct hub_str lines, struct hub_err *err)
{
	struct hub_str line;
	int rc = HUB_OK;

	while (!rc && str_next_line(&lines, &line)) {
		if (!c->begun)
			c->vtt = str_starts(line, "WEBVTT");
		c->begun = 1;
		rc = has_arrow(line) ? begin_cue(c, line, err)
		     : c->vtt        ? vtt_line(c, line, err)
				     : srt_line(c, line, err);
	}
	return rc;
}

int cues_end(struct cues *c, struct hub_err *err)
{
	const struct hub_str held = {c->held.p, c->held.len};

	/* a number behind a blank line was that of a cue that never came */
	if (c->holds && c->after_blank && c->words.len && is_number(held))
		c->holds = 0;
	const int rc = let_go(c, 0, err);
	return rc ? rc : end_cue(c, err);
}

int cues_claim(struct hub_str head)
{
	struct hub_str line;
	int64_t start, end;

	if (str_starts(head, "\xef\xbb\xbf"))
		head = str_from(head, 3);
	if (str_starts(head, "WEBVTT"))
		return 1;
	for (int i = 0; i < 8 && str_next_line(&head, &line); i++)
		if (has_arrow(line) && read_timing(line, 1, &start, &end) == 0)
			return 1;
	return 0;
}
