/* source-voice: what speech recognition made of a conversation, as the draft of a record.
 *
 * One row per file (its text with times and labels, its segments as JSON), or one per utterance. WebVTT,
 * SRT and plain text are read as they are; JSON of any product by paths, those of AmiVoice unless options say
 * otherwise (mappings/voice has Azure, AWS, Google). Pieces the recogniser was not sure of are marked in
 * the text for a person to check. A label ("speaker0") tells voices apart, it is never an identity; the
 * sound itself does not come in. Limits: README.md.
 *
 * Layers: infile, jrec (shared), cues.c, turns.c and segs.c (files to pieces), talk.c (pieces to text), this. */
#include "voice.h"
#include "plain.h"

#include "cues.h"
#include "named.h"
#include "resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum format { FORMAT_AUTO = 0, FORMAT_CUES, FORMAT_JSON, FORMAT_TEXT };
enum rows { ROWS_TRANSCRIPT = 0, ROWS_SEGMENTS };
enum {
	CUES_FIRST = 1 << 20,
	CUES_WINDOW = 1 << 18,
	BATCH_BYTES = 1 << 19,
	BATCH_ROWS = 4096,
	PASSING = 1 << 22
};

int voice_no_memory(const struct voice *v, struct hub_err *err)
{
	return NO_MEMORY(v->host, err);
}

/* --- rows ------------------------------------------------------------------------------------- */

enum transcript_col {
	C_CLIENT = 0,
	C_DATE,
	C_FILE,
	C_TEXT,
	C_LENGTH,
	C_LABELS,
	C_COUNT,
	C_LOW,
	C_LOWEST,
	C_FILLERS,
	C_JSON
};
enum segment_col {
	S_FILE = 0,
	S_SEQ,
	S_START,
	S_END,
	S_LABEL,
	S_TEXT,
	S_READING,
	S_CONFIDENCE,
	S_LOW
};

static const char *const transcript_names[] = {
    "利用者番号", "実施日",   "ファイル名", "本文",           "長さ（分）", "話者ラベル",
    "発話数",     "要確認数", "最低信頼度", "除いたフィラー", "区間",       NULL};
static const char *const segment_names[] = {"ファイル名", "発話番号", "開始ms", "終了ms",
					    "話者ラベル", "発話",     "よみ",   "信頼度",
					    "要確認数",   NULL};

static int add_columns(struct voice *v, struct hub_err *err)
{
	const char *const *name = v->conf->rows == ROWS_SEGMENTS ? segment_names : transcript_names;

	for (; *name; name++)
		if (sheet_column(&v->sheet, (struct hub_str){*name, strlen(*name)}) == SHEET_NONE)
			return voice_no_memory(v, err);
	return HUB_OK;
}

static int put_text(struct voice *v, uint32_t col, struct hub_str s, struct hub_err *err)
{
	return s.len ? sheet_put(&v->sheet, col, s, err) : (sheet_null(&v->sheet, col), HUB_OK);
}

static int put_int(struct voice *v, uint32_t col, int64_t n, int there, struct hub_err *err)
{
	char buf[32];
	const int len = snprintf(buf, sizeof buf, "%" PRId64, n);

	return put_text(v, col, (struct hub_str){buf, there ? (size_t)len : 0}, err);
}

/* 899 -> 0.899 */
static int put_share(struct voice *v, uint32_t col, int32_t n, struct hub_err *err)
{
	char buf[32];
	const int len = snprintf(buf, sizeof buf, "%d.%03d", n / 1000, n % 1000);

	return put_text(v, col, (struct hub_str){buf, n == TALK_UNSURE ? 0 : (size_t)len}, err);
}

static struct hub_str file_name(const struct voice *v)
{
	const char *slash = strrchr(v->in.path, '/');
	const char *name = slash ? slash + 1 : v->in.path;

	return (struct hub_str){name, strlen(name)};
}

static struct hub_prov place_of(const struct voice *v)
{
	return (struct hub_prov){.row = v->given, .line = v->given, .len = 1, .byte = v->given - 1};
}

/* Labels without the line end behind the last. */
static struct hub_str labels_of(const struct voice *v)
{
	const size_t n = v->talk.spoken.len;

	return (struct hub_str){v->talk.spoken.p, n ? n - 1 : 0};
}

static int transcript_row(struct voice *v, struct hub_err *err)
{
	struct talk *t = &v->talk;
	struct grown json = {0};
	int64_t last = TALK_NO_TIME;
	int32_t lowest = TALK_UNSURE;
	int rc;

	for (uint32_t i = 0; i < t->n; i++) {
		last = t->u[i].end > last ? t->u[i].end : last;
		if (t->u[i].confidence != TALK_UNSURE &&
		    (lowest == TALK_UNSURE || t->u[i].confidence < lowest))
			lowest = t->u[i].confidence;
	}
	if (talk_json(t, v->conf->product, &json))
		return voice_no_memory(v, err);
	if ((rc = put_text(v, C_CLIENT, v->conf->client, err)) ||
	    (rc = put_text(v, C_DATE, v->conf->date, err)) ||
	    (rc = put_text(v, C_FILE, file_name(v), err)) ||
	    (rc = put_text(v, C_TEXT, (struct hub_str){t->text.p, t->text.len}, err)) ||
	    (rc = put_int(v, C_LENGTH, (last + 59999) / 60000, last != TALK_NO_TIME, err)) ||
	    (rc = put_text(v, C_LABELS, labels_of(v), err)) ||
	    (rc = put_int(v, C_COUNT, t->n, 1, err)) ||
	    (rc = put_int(v, C_LOW, (int64_t)t->low_all, 1, err)) ||
	    (rc = put_share(v, C_LOWEST, lowest, err)) ||
	    (rc = put_int(v, C_FILLERS, (int64_t)t->fillers_out, 1, err)) ||
	    (rc = put_text(v, C_JSON, (struct hub_str){json.p, json.len}, err)))
		return rc;
	v->given = 1;
	const struct hub_prov at = place_of(v);
	return v->skip ? (sheet_drop(&v->sheet), HUB_OK) : sheet_row(&v->sheet, &at, NULL, err);
}

/* A piece of what grew in a talk; there may be nothing yet. */
static struct hub_str part(const struct grown *t, size_t at, size_t n)
{
	return n ? (struct hub_str){t->p + at, n} : (struct hub_str){NULL, 0};
}

static int segment_row(struct voice *v, const struct utterance *u, struct hub_err *err)
{
	const struct talk *t = &v->talk;
	const struct hub_str words = part(&t->text, u->from, u->to - u->from);
	int rc;

	v->given++;
	if (v->given <= v->skip)
		return HUB_OK;
	if ((rc = put_text(v, S_FILE, file_name(v), err)) ||
	    (rc = put_int(v, S_SEQ, (int64_t)v->given, 1, err)) ||
	    (rc = put_int(v, S_START, u->start, u->start != TALK_NO_TIME, err)) ||
	    (rc = put_int(v, S_END, u->end, u->end != TALK_NO_TIME, err)) ||
	    (rc = put_text(v, S_LABEL, part(&t->labels, u->speaker, u->speaker_len), err)) ||
	    (rc = put_text(v, S_TEXT, words, err)) ||
	    (rc = put_text(v, S_READING, part(&t->readings, u->reading, u->reading_len), err)) ||
	    (rc = put_share(v, S_CONFIDENCE, u->confidence, err)) ||
	    (rc = put_int(v, S_LOW, u->low, 1, err)))
		return rc;
	const struct hub_prov at = place_of(v);
	return sheet_row(&v->sheet, &at, NULL, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

static int too_long(const struct voice *v, struct hub_err *err)
{
	HUB_FAIL(v->host, err, HUB_REJECT, "too-long", "%s is longer than %zu bytes", v->in.path,
		 v->talk.limit);
	v->host->hint(err, "One file is one conversation. Cut the file, or raise text_limit; "
			   "rows = \"segments\" reads a file of any length.");
	return err->rc;
}

/* The utterance that is whole goes out as a row. */
static int hand_out(struct voice *v, struct hub_err *err)
{
	const int rc = v->talk.n ? segment_row(v, &v->talk.u[0], err) : HUB_OK;

	talk_clear(&v->talk);
	v->quiet = 0;
	return rc;
}

int voice_add(void *arg, const struct piece *p, struct hub_err *err)
{
	struct voice *v = arg;
	int rc;

	if (v->conf->rows == ROWS_SEGMENTS && talk_begins(&v->talk, p) && (rc = hand_out(v, err)))
		return rc;
	if (talk_add(&v->talk, p))
		return voice_no_memory(v, err);
	return v->talk.too_long ? too_long(v, err) : HUB_OK;
}

/* A window of lines is cut behind its last line end: no encoding goes on over one. */
static size_t whole_lines(const struct voice *v, const struct window *w)
{
	const int wide = strncmp(v->encoding, "utf-16", 6) == 0;
	const size_t unit = wide ? 2 : 1, low = wide && strcmp(v->encoding, "utf-16be") == 0;

	if (w->last)
		return w->len;
	/* the last character is left: a CR there may be half of a line end */
	for (size_t i = w->len / unit; i >= 2; i--) {
		const char *c = w->base + (i - 2) * unit;
		if (wide && c[!low])
			continue;
		if (c[low] == '\n' || (c[low] == '\r' && (c[low + unit] != '\n')))
			return (i - 1) * unit;
	}
	return 0;
}

static int no_transcript(const struct voice *v, struct hub_err *err)
{
	return HUB_FAIL(v->host, err, HUB_REJECT, "no-transcript", "%s holds no transcript",
			v->in.path);
}

static int decode_lines(struct voice *v, struct hub_batch *b, struct hub_str lines, uint64_t at,
			struct hub_err *err)
{
	struct hub_str text;
	size_t used;
	int rc = v->host->decode(v->ctx, b, str_of(v->encoding), lines, &text, &used, err);

	if (rc)
		return rc;
	if (used == lines.len) {
		if (!v->lined && cues_claim(text) && v->conf->format == FORMAT_TEXT)
			return no_transcript(v, err);
		if (!v->lined && v->conf->format == FORMAT_AUTO)
			v->plain = !cues_claim(text);
		v->lined = 1;
		return v->plain ? turns_feed(&v->turns, text, err) : cues_feed(&v->cues, text, err);
	}
	return HUB_FAIL(v->host, err, HUB_REJECT, "bad-bytes", "%s, byte %llu: not %s", v->in.path,
			(unsigned long long)(at + used), v->encoding);
}

/* The next lines of a file of cues or turns. It says nothing about its encoding: the first window shows it. */
static int feed_lines(struct voice *v, struct hub_batch *b, int *more, struct hub_err *err)
{
	const size_t want = v->encoding ? CUES_WINDOW : CUES_FIRST;
	struct window w = {0};
	size_t bom = 0;
	int rc = input_fill(&v->in, b, v->in.kept_len + want, &w, err);

	if (rc)
		return rc;
	if (!v->encoding)
		v->encoding = v->host->encoding(w.base, w.len, &bom);
	const size_t n = whole_lines(v, &w);
	v->quiet += n > bom ? n - bom : 0;
	if (v->quiet + (w.len - n) > (uint64_t)v->conf->text_limit)
		return too_long(v, err);
	*more = !w.last;
	if (n > bom)
		rc = decode_lines(v, b, (struct hub_str){w.base + bom, n - bom}, w.at + bom, err);
	return rc ? rc : input_keep(&v->in, &w, n, err);
}

static int end_lines(struct voice *v, struct hub_err *err)
{
	const int rc = v->plain ? turns_end(&v->turns, err) : cues_end(&v->cues, err);

	if (!rc && v->cues.broken) {
		v->host->count(v->ctx, "broken-cues", (int64_t)v->cues.broken);
		v->host->log(v->ctx, HUB_LOG_WARN, "%s: %llu cues without a readable time left out",
			     v->in.path, (unsigned long long)v->cues.broken);
	}
	if (rc || v->cues.cues || v->turns.heads)
		return rc;
	return no_transcript(v, err);
}

static size_t after_blanks(struct hub_str s, size_t i)
{
	while (i < s.len && strchr(" \t\r\n", s.ptr[i]))
		i++;
	return i;
}

/* Does it begin like JSON? wide: in UTF-16, as the shell of Windows writes what a program says. */
static int is_json(struct voice *v, int *wide)
{
	const struct hub_str head = input_peek(&v->in, NULL, 0, 64);
	size_t i = head.len >= 3 && memcmp(head.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	*wide = head.len > 3 &&
		(memcmp(head.ptr, "\xff\xfe{", 4) == 0 || memcmp(head.ptr, "\xfe\xff\0{", 4) == 0);
	i = after_blanks(head, i);
	if (*wide || (i < head.len && head.ptr[i] == '{'))
		return 1;
	/* [0:01:23] begins a line of plain text */
	const size_t next = after_blanks(head, i + 1);
	return i < head.len && head.ptr[i] == '[' &&
	       (next >= head.len || strchr("{[]\"", head.ptr[next]));
}

static int begin(struct voice *v, struct hub_err *err)
{
	int wide;

	v->json = is_json(v, &wide);
	if (v->conf->format != FORMAT_AUTO)
		v->json = v->conf->format == FORMAT_JSON;
	v->plain = v->conf->format == FORMAT_TEXT;
	v->begun = 1;
	if (!v->json || !wide)
		return v->json ? voice_json_begin(v, err) : HUB_OK;
	HUB_FAIL(v->host, err, HUB_REJECT, "not-utf-8", "%s is written in %s: JSON is UTF-8",
		 v->in.path, "utf-16");
	v->host->hint(err, "Save it as UTF-8 and try again.");
	return err->rc;
}

/* The last row: the utterance at hand, or the transcript. */
static int finish(struct voice *v, struct hub_err *err)
{
	int rc = v->json ? HUB_OK : end_lines(v, err);

	v->ended = 1;
	if (rc || (rc = input_unchanged(&v->in, err)))
		return rc;
	return v->conf->rows == ROWS_TRANSCRIPT ? transcript_row(v, err) : hand_out(v, err);
}

/* Rows that were there before a resume: on the way to its place a batch without rows gives its memory back. */
static int passing_by(const struct voice *v, uint64_t from)
{
	return v->given < v->skip && v->in.at - from > PASSING;
}

static int voice_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct voice *v = self;
	const uint64_t from = v->in.at;
	int more = 1, rc;

	if (v->ended)
		return HUB_END;
	if ((rc = sheet_begin(&v->sheet, b, err)) || (!v->begun && (rc = begin(v, err))))
		return rc;
	while (!rc && !v->ended && v->sheet.bytes < BATCH_BYTES && v->sheet.rows < BATCH_ROWS &&
	       !passing_by(v, from)) {
		rc = v->json ? voice_json_feed(v, &more, err) : feed_lines(v, b, &more, err);
		if (!rc && !more)
			rc = finish(v, err);
	}
	if (rc || (rc = sheet_end(&v->sheet, err)))
		return rc;
	return v->sheet.rows || !v->ended
		   ? resume_write(v->ctx, v->host, b, &v->given, 1, NULL, err)
		   : HUB_END;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int voice_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		      struct hub_str pos, void **self, struct hub_err *err)
{
	const struct voice_conf *k = conf;
	struct voice *v = host->alloc(ctx, NULL, sizeof *v);
	char *buf = host->alloc(ctx, NULL, VOICE_CHUNK);
	int rc;

	if (!v || !buf)
		return NO_MEMORY(host, err);
	*v = (struct voice){.ctx = ctx, .host = host, .conf = k, .buf = buf};
	v->talk = (struct talk){.ctx = ctx,
				.host = host,
				.limit = (size_t)k->text_limit,
				.gap = k->gap,
				.low = (int32_t)k->low * 10,
				.fillers = !k->fillers};
	v->cues = (struct cues){.ctx = ctx, .host = host, .add = voice_add, .arg = v};
	v->turns = (struct turns){.ctx = ctx,
				  .host = host,
				  .add = voice_add,
				  .arg = v,
				  .start = TALK_NO_TIME,
				  .end = TALK_NO_TIME};
	sheet_init(&v->sheet, ctx, host, 4 * (size_t)k->text_limit);
	if ((rc = add_columns(v, err)) || (rc = input_open(&v->in, ctx, host, k->path, err)))
		return rc;
	if ((rc = resume_read(host, pos, v->in.path, &v->skip, 1, NULL, err)) ||
	    (rc = input_seek(&v->in, 0, err))) {
		input_close(&v->in);
		return rc;
	}
	*self = v;
	return HUB_OK;
}

static void voice_close(void *self)
{
	struct voice *v = self;

	voice_json_close(v);
	input_close(&v->in);
}

static uint32_t voice_claim(struct hub_str name, struct hub_str head)
{
	const int named = ends_with(name, ".vtt") || ends_with(name, ".srt");

	const int table = ends_with(name, ".csv") || ends_with(name, ".tsv");

	/* a calendar or an address card: its lines begin with what they are, not with who speaks */
	const struct hub_str card = {"BEGIN:V", 7};
	const int other = head.len >= card.len && memcmp(head.ptr, card.ptr, card.len) == 0;

	return cues_claim(head) ? 95 : named ? 60 : !table && !other && turns_claim(head) ? 50 : 0;
}

static const char *const format_words[] = {"auto", "cues", "json", "text", NULL};
static const char *const row_words[] = {"transcript", "segments", NULL};
static const char *const unit_words[] = {"ms", "s", "ticks", NULL};
static const char *const filler_words[] = {"keep", "remove", NULL};

#define AT(field) .offset = offsetof(struct voice_conf, field)
#define TEXT(field, value, text)                                                   \
	{                                                                          \
		HUB_OPTION(#field, TEXT, 0, HUB_N(text), .dflt = value, AT(field)) \
	}
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the transcript: JSON, WebVTT, SRT or text"), AT(path))},
    {HUB_OPTION("format", ENUM, 0,
		HUB_N("json, cues: WebVTT and SRT, or text: lines of who said what"),
		.dflt = "auto", .words = format_words, AT(format))},
    {HUB_OPTION("rows", ENUM, 0, HUB_N("one row per file, or one per utterance"),
		.dflt = "transcript", .words = row_words, AT(rows))},
    TEXT(client, "", "whom the conversation is about: becomes a column"),
    TEXT(date, "", "day of the conversation: becomes a column"),
    TEXT(product, "", "name of the recogniser, kept with the segments"),
    {HUB_OPTION("fillers", ENUM, 0, HUB_N("words of hesitation"), .dflt = "keep",
		.words = filler_words, AT(fillers))},
    {HUB_OPTION("low", INT, 0, HUB_N("confidence in percent below which a word is marked"),
		.dflt = "50", .max = 100, AT(low))},
    {HUB_OPTION("gap", MSEC, 0, HUB_N("silence that ends an utterance"), .dflt = "1500ms",
		AT(gap))},
    TEXT(segments, "/segments/*/results/*/tokens /results/*/tokens",
	 "JSON Pointers to the pieces, the first that has any counts; * stands for every member"),
    TEXT(text, "/written", "words of a piece, the first path that is there"),
    TEXT(reading, "/spoken", "how they are read"),
    TEXT(reading_mark, "", "sign between words and reading in one text"),
    TEXT(start, "/starttime", "when the piece begins"),
    TEXT(end, "/endtime", "when it ends"),
    TEXT(duration, "", "how long it lasts, where no end is given"),
    TEXT(speaker, "/label", "label of the voice"),
    TEXT(confidence, "/confidence", "how sure the recogniser is, 0 to 1"),
    TEXT(whole, "/text", "the whole text, where there are no pieces"),
    TEXT(status, "/status", "state of the request"),
    TEXT(done, "completed", "its word for a finished one"),
    TEXT(error, "/code", "error of the recogniser, empty when there is none"),
    {HUB_OPTION("unit", ENUM, 0, HUB_N("unit of times without one of their own; ticks: 100 ns"),
		.dflt = "ms", .words = unit_words, AT(unit))},
    {HUB_OPTION("tagged_only", BOOL, 0,
		HUB_N("leave out pieces without a label when others have one: they are repeats"),
		.dflt = "false", AT(tagged_only))},
    {HUB_OPTION("text_limit", SIZE, 0, HUB_N("longest transcript accepted, in bytes of its text"),
		.dflt = "4M", .min = 1024, .max = 1 << 24, AT(text_limit))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = voice_open,
    .next = voice_next,
    .close = voice_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "voice",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads transcripts: AmiVoice and other JSON, WebVTT, SRT, plain text"),
    .opts = options,
    .conf_size = sizeof(struct voice_conf),
    .ops = &ops,
    .claim = voice_claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
