/* Transcripts in JSON, whatever product: where the pieces stand and what their members are called comes
 * from the options, so that another product is another mapping file. Records are read by jrec into a
 * sheet of their own, one column for each thing an option names. */
#include "plain.h"
#include "voice.h"

#include <stdio.h>
#include <string.h>

enum { ALTERNATIVES = 4 };

enum what { TEXT = 0, READING, START, END, DURATION, SPEAKER, CONFIDENCE, WHATS };

/* One reading of the file. */
struct segs {
	struct voice *v;
	struct sheet sheet;
	struct jrec jrec;
	uint32_t col[WHATS][ALTERNATIVES], n[WHATS];
	uint64_t pieces, tagged;
	int counting, with_tags, open; /* open: jrec is */
	uint8_t channel[ALTERNATIVES]; /* that one of the speaker's names a channel of the sound */
	char label[64];
};

/* The next of several, with blanks between. */
static int next_word(struct hub_str *rest, struct hub_str *word)
{
	while (rest->len && rest->ptr[0] == ' ')
		*rest = (struct hub_str){rest->ptr + 1, rest->len - 1};
	size_t n = 0;
	while (n < rest->len && rest->ptr[n] != ' ')
		n++;
	*word = (struct hub_str){rest->ptr, n};
	*rest = (struct hub_str){rest->ptr + n, rest->len - n};
	return n > 0;
}

static struct hub_str value(const struct segs *s, enum what what)
{
	for (uint32_t i = 0; i < s->n[what]; i++) {
		const struct hub_str t = sheet_text(&s->sheet, s->col[what][i]);
		if (t.len)
			return t;
	}
	return (struct hub_str){NULL, 0};
}

/* A channel is nobody's voice: channel 0 is another label than speaker 0 of the same file. */
static struct hub_str speaker_of(struct segs *s)
{
	for (uint32_t i = 0; i < s->n[SPEAKER]; i++) {
		const struct hub_str t = sheet_text(&s->sheet, s->col[SPEAKER][i]);
		if (t.len == 0)
			continue;
		if (!s->channel[i] || t.len > 32)
			return t;
		const int n = snprintf(s->label, sizeof s->label, "channel%.*s", (int)t.len, t.ptr);
		return (struct hub_str){s->label, (size_t)n};
	}
	return (struct hub_str){NULL, 0};
}

static int64_t time_of(const struct segs *s, enum what what)
{
	const struct hub_str t = value(s, what);
	int64_t ms;

	return t.len && when_ms(t, (enum when_unit)s->v->conf->unit, &ms) == 0 ? ms : TALK_NO_TIME;
}

/* "今日|キョウ": what is written, and how it is read. */
static void cut_reading(const struct segs *s, struct piece *p)
{
	const struct hub_str mark = s->v->conf->reading_mark;
	const char *at =
	    mark.len && p->text.len ? memmem(p->text.ptr, p->text.len, mark.ptr, mark.len) : NULL;

	if (!at)
		return;
	const size_t n = (size_t)(at - p->text.ptr);
	p->reading = (struct hub_str){at + mark.len, p->text.len - n - mark.len};
	p->text.len = n;
}

static int on_piece(void *arg, struct hub_err *err)
{
	struct segs *s = arg;
	struct piece p = {.text = value(s, TEXT),
			  .reading = value(s, READING),
			  .speaker = speaker_of(s),
			  .start = time_of(s, START),
			  .end = time_of(s, END),
			  .confidence = TALK_UNSURE};
	const int64_t lasts = time_of(s, DURATION);

	if (p.text.len == 0)
		return HUB_OK;
	s->pieces++;
	s->tagged += p.speaker.len > 0;
	if (s->counting || (s->with_tags && p.speaker.len == 0))
		return HUB_OK;
	if (p.end == TALK_NO_TIME && p.start != TALK_NO_TIME && lasts != TALK_NO_TIME)
		p.end = p.start + lasts;
	if (value(s, CONFIDENCE).len && when_share(value(s, CONFIDENCE), &p.confidence))
		p.confidence = TALK_UNSURE;
	cut_reading(s, &p);
	return voice_add(s->v, &p, err);
}

/* --- one reading ------------------------------------------------------------------------------ */

static int add_columns(struct segs *s, struct hub_err *err)
{
	const struct voice_conf *k = s->v->conf;
	const struct hub_str paths[WHATS] = {[TEXT] = k->text,
					     [READING] = k->reading,
					     [START] = k->start,
					     [END] = k->end,
					     [DURATION] = k->duration,
					     [SPEAKER] = k->speaker,
					     [CONFIDENCE] = k->confidence};

	for (int w = 0; w < WHATS; w++) {
		struct hub_str rest = paths[w], one;
		while (s->n[w] < ALTERNATIVES && next_word(&rest, &one)) {
			if (w == SPEAKER)
				s->channel[s->n[w]] = one.len >= 8 && memcmp(one.ptr + one.len - 8,
									     "/channel", 8) == 0;
			s->col[w][s->n[w]++] = s->sheet.cols;
			const int rc = jrec_column(&s->jrec, one, one, err);
			if (rc)
				return rc;
		}
	}
	return HUB_OK;
}

/* The next part of the file; *more: 0 when it was the last. */
static int feed(struct voice *v, struct jrec *j, int *more, struct hub_err *err)
{
	size_t n = 0;
	int rc = input_read(&v->in, v->buf, VOICE_CHUNK, &n, err);
	const size_t bom =
	    v->in.at == n && n >= 3 && memcmp(v->buf, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	*more = n > 0;
	if (!rc)
		rc = n ? jrec_feed(j, v->buf + bom, n - bom, err) : jrec_finish(j, err);
	return rc;
}

static int feed_all(struct voice *v, struct jrec *j, struct hub_err *err)
{
	int more = 1;
	int rc = input_seek(&v->in, 0, err);

	while (!rc && more)
		rc = feed(v, j, &more, err);
	return rc;
}

/* Begins to read the pieces that stand at one place. */
static int open_at(struct segs *s, struct hub_str place, struct hub_err *err)
{
	struct voice *v = s->v;

	sheet_init(&s->sheet, v->ctx, v->host, (size_t)v->conf->text_limit);
	int rc = jrec_init(&s->jrec, &s->sheet, v->in.path, place, JREC_DEPTH, err);
	if (rc)
		return rc;
	s->open = 1;
	s->jrec.record = on_piece;
	s->jrec.arg = s;
	s->pieces = s->tagged = 0;
	memset(s->n, 0, sizeof s->n);
	rc = add_columns(s, err);
	return rc ? rc : input_seek(&v->in, 0, err);
}

static void close_at(struct segs *s)
{
	if (s->open)
		jrec_close(&s->jrec);
	s->open = 0;
}

/* --- what stands beside the pieces ------------------------------------------------------------ */

struct beside {
	struct voice *v;
	struct sheet sheet;
	uint32_t status, error, whole;
	int seen;
};

static struct hub_str beside_text(const struct beside *b, uint32_t col)
{
	return col == SHEET_NONE ? (struct hub_str){NULL, 0} : sheet_text(&b->sheet, col);
}

/* A recogniser that has not finished, or has failed, is no empty transcript. */
static int judge(struct beside *b, struct hub_err *err)
{
	const struct voice *v = b->v;
	const struct hub_str status = beside_text(b, b->status), error = beside_text(b, b->error);

	b->seen = 1;
	if (error.len) {
		HUB_FAIL(v->host, err, HUB_REJECT, "recognition-failed",
			 "%s: the recogniser reports an error (%.*s)", v->in.path,
			 error.len > 32 ? 32 : (int)error.len, error.ptr);
		return err->rc;
	}
	if (status.len && v->conf->done.len && !str_same(status, v->conf->done)) {
		HUB_FAIL(v->host, err, HUB_REJECT, "not-finished",
			 "%s is no result yet: its status is %.*s", v->in.path,
			 status.len > 32 ? 32 : (int)status.len, status.ptr);
		v->host->hint(err, "Get the result again when the recogniser has finished.");
		return err->rc;
	}
	return HUB_OK;
}

static int on_document(void *arg, struct hub_err *err)
{
	struct beside *b = arg;

	return b->seen ? HUB_OK : judge(b, err);
}

static int add_beside(struct jrec *j, struct hub_str path, uint32_t *col, struct hub_err *err)
{
	*col = SHEET_NONE;
	if (path.len == 0)
		return HUB_OK;
	*col = j->sheet->cols;
	return jrec_column(j, path, path, err);
}

static int read_beside(struct beside *b, struct hub_err *err)
{
	const struct voice *v = b->v;
	struct jrec j;

	sheet_init(&b->sheet, v->ctx, v->host, (size_t)v->conf->text_limit);
	int rc = jrec_init(&j, &b->sheet, v->in.path, (struct hub_str){"", 0}, JREC_DEPTH, err);
	if (rc)
		return rc;
	j.record = on_document;
	j.arg = b;
	if (!(rc = add_beside(&j, v->conf->status, &b->status, err)) &&
	    !(rc = add_beside(&j, v->conf->error, &b->error, err)) &&
	    !(rc = add_beside(&j, v->conf->whole, &b->whole, err)))
		rc = feed_all(b->v, &j, err);
	jrec_close(&j);
	return rc;
}

static int only_dots(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '.')
			return 0;
	return 1;
}

static int no_transcript(const struct voice *v, struct hub_err *err)
{
	HUB_FAIL(v->host, err, HUB_REJECT, "no-transcript", "%s holds no transcript", v->in.path);
	v->host->hint(err, "Is it the receipt of a request? The result is a file of its own. For "
			   "another product use its mapping, or set segments and text.");
	return err->rc;
}

/* How many pieces there are at a place, and how many of them have a label. */
static int count_at(struct segs *s, struct hub_str place, struct hub_err *err)
{
	int rc = open_at(s, place, err);

	s->counting = 1;
	if (!rc)
		rc = feed_all(s->v, &s->jrec, err);
	close_at(s);
	s->counting = 0;
	return rc;
}

int voice_json_begin(struct voice *v, struct hub_err *err)
{
	struct segs *s = v->host->alloc(v->ctx, NULL, sizeof *s);
	struct beside b = {.v = v};
	struct hub_str rest = v->conf->segments, place;
	int rc;

	if (!s)
		return voice_no_memory(v, err);
	if ((rc = read_beside(&b, err)))
		return rc;
	*s = (struct segs){.v = v};
	while (next_word(&rest, &place)) {
		if ((rc = count_at(s, place, err)))
			return rc;
		if (s->pieces == 0)
			continue;
		s->with_tags = v->conf->tagged_only && s->tagged > 0;
		v->segs = s;
		return open_at(s, place, err);
	}
	const struct hub_str whole = beside_text(&b, b.whole);
	if (only_dots(whole))
		return no_transcript(v, err);
	const struct piece p = {.text = whole,
				.start = TALK_NO_TIME,
				.end = TALK_NO_TIME,
				.confidence = TALK_UNSURE,
				.whole = 1};
	return voice_add(v, &p, err);
}

int voice_json_feed(struct voice *v, int *more, struct hub_err *err)
{
	*more = 0;
	return v->segs ? feed(v, &v->segs->jrec, more, err) : HUB_OK;
}

void voice_json_close(struct voice *v)
{
	if (v->segs)
		close_at(v->segs);
}
