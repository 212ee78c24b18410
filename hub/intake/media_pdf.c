/* PDF, as far as it matters whether it may be taken: names that make it more than paper are looked for in
 * the bytes of the file and in its compressed object streams (ISO 32000-1, 7.5.7), written plainly or with
 * #xx. Not a parser: what it cannot look into it refuses. */
#include "intake/media_in.h"

#include <zlib.h>

enum { NAME_MOST = 24, UNPACKED_MOST = 64 << 20, TAIL = 1024 };

enum found {
	F_NONE = 0,
	F_ACTIVE = 1,  /* runs something, calls somebody, carries a file */
	F_LOCKED = 2,  /* encrypted */
	F_OBJECTS = 4, /* the dictionary of an object stream */
	F_FILTER = 8,
	F_FLATE = 16,
	F_ODD = 32,    /* a filter that is not looked into */
	F_TELLS = 64,  /* who made it, what about: properties of the document */
	F_TITLE = 128, /* the same, beside F_MADE; else of a bookmark */
	F_MADE = 256,
};

static const struct {
	const char *name;
	unsigned found;
} names[] = {
    {"JavaScript", F_ACTIVE},
    {"Launch", F_ACTIVE},
    {"EmbeddedFile", F_ACTIVE},
    {"EmbeddedFiles", F_ACTIVE},
    {"RichMedia", F_ACTIVE},
    {"XFA", F_ACTIVE},
    {"SubmitForm", F_ACTIVE},
    {"ImportData", F_ACTIVE},
    {"GoToE", F_ACTIVE},
    {"Encrypt", F_LOCKED},
    {"ObjStm", F_OBJECTS},
    {"First", F_OBJECTS},
    {"Filter", F_FILTER},
    {"FlateDecode", F_FLATE},
    {"Fl", F_FLATE},
    {"LZWDecode", F_ODD},
    {"LZW", F_ODD},
    {"ASCIIHexDecode", F_ODD},
    {"AHx", F_ODD},
    {"ASCII85Decode", F_ODD},
    {"A85", F_ODD},
    {"RunLengthDecode", F_ODD},
    {"RL", F_ODD},
    {"Crypt", F_ODD},
    {"Predictor", F_ODD},
    {"Author", F_TELLS},
    {"Subject", F_TELLS},
    {"Keywords", F_TELLS},
    {"Company", F_TELLS},
    {"Manager", F_TELLS},
    {"LastModifiedBy", F_TELLS},
    {"Metadata", F_TELLS}, /* XMP: says all of it once more */
    {"PieceInfo", F_TELLS},
    {"Title", F_TITLE},
    {"Producer", F_MADE},
    {"Creator", F_MADE},
    {"CreationDate", F_MADE},
};

/* Names as they go by, and the word in front of a stream. */
struct scan {
	char name[NAME_MOST];
	size_t len;
	int in_name, hex; /* hex: digits of #xx still to come */
	unsigned digit;
	unsigned all, dict; /* found anywhere; since the last stream or object */
	int flates;         /* since then */
	char word[12];
	size_t word_len;
	int cr; /* "stream" and a carriage return went by */
};

static int is_regular(unsigned char c)
{
	return c > ' ' && !memchr("()<>[]{}/%", c, 10);
}

/* A title in the dictionary of the document's properties. */
static unsigned tells(unsigned found)
{
	return (found & F_TITLE) && (found & F_MADE) ? F_TELLS : F_NONE;
}

static void end_name(struct scan *s)
{
	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (strlen(names[i].name) == s->len && !memcmp(names[i].name, s->name, s->len)) {
			s->all |= names[i].found;
			s->dict |= names[i].found;
			s->flates += names[i].found == F_FLATE;
		}
	s->in_name = 0;
}

static void put_char(struct scan *s, unsigned char c)
{
	if (s->len < sizeof s->name)
		s->name[s->len] = (char)c;
	s->len++;
}

static void in_name(struct scan *s, unsigned char c)
{
	const int d = hub_hex_digit((char)c);

	if (s->hex && d >= 0) {
		s->digit = s->digit << 4 | (unsigned)d;
		if (--s->hex == 0)
			put_char(s, (unsigned char)s->digit);
		return;
	}
	s->hex = 0;
	if (c == '#') {
		s->hex = 2;
		s->digit = 0;
	} else if (is_regular(c)) {
		put_char(s, c);
	} else {
		end_name(s);
	}
}

/* 1 when a stream begins behind this byte, a line feed; 2 when it begins with it, for a lone carriage return
 * was in front of it. */
static int feed(struct scan *s, unsigned char c)
{
	int stream = 0;

	if (s->in_name)
		in_name(s, c);
	if (c == '/') {
		s->in_name = 1;
		s->len = 0;
		s->hex = 0;
	}
	if (c >= 'a' && c <= 'z' && !s->cr) {
		if (s->word_len < sizeof s->word)
			s->word[s->word_len] = (char)c;
		s->word_len++;
		return 0;
	}
	if (s->word_len == 6 && !memcmp(s->word, "stream", 6)) {
		if (c == ' ' || c == '\t' || (c == '\r' && !s->cr)) {
			s->cr = c == '\r';
			return 0;
		}
		stream = c == '\n' ? 1 : s->cr ? 2 : 0;
	} else if (s->word_len == 6 && !memcmp(s->word, "endobj", 6)) {
		s->all |= tells(s->dict);
		s->dict = 0;
		s->flates = 0;
	}
	s->word_len = 0;
	s->cr = 0;
	return stream;
}

/* --- object streams --------------------------------------------------------------------------------------- */

static int cannot_look(struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REJECT, "pdf-unreadable",
				"the PDF has parts that cannot be looked into");

	hub_hint(err, "Open it and print it to a new PDF.");
	return rc;
}

static int unpack(struct hub_window *l, uint64_t at, struct scan *inner, size_t *budget,
		  struct hub_err *err)
{
	unsigned char out[16384];
	z_stream z = {0};
	int state = Z_OK;
	size_t n = 0;

	if (inflateInit(&z) != Z_OK)
		return hub_fail_mem(err);
	while (state == Z_OK && *budget) {
		if (z.avail_in == 0) {
			const unsigned char *p = hub_window_from(l, at, &n);
			if (!p)
				break;
			at += n;
			z.next_in = (unsigned char *)(uintptr_t)p;
			z.avail_in = (unsigned)n;
		}
		z.next_out = out;
		z.avail_out = sizeof out;
		state = inflate(&z, Z_NO_FLUSH);
		const size_t made = sizeof out - z.avail_out;
		for (size_t i = 0; i < made; i++)
			(void)feed(inner, out[i]);
		*budget -= made < *budget ? made : *budget;
	}
	(void)feed(inner, '\n');
	inflateEnd(&z);
	return state == Z_STREAM_END ? HUB_OK : cannot_look(err);
}

/* A stream begins at a place; what the dictionary in front of it said is in s. */
static int at_stream(struct hub_window *l, uint64_t at, struct scan *s, struct scan *inner,
		     size_t *budget, struct hub_err *err)
{
	const unsigned dict = s->dict;
	const int flates = s->flates;

	s->dict = 0;
	s->flates = 0;
	if (!(dict & F_OBJECTS) || !(dict & (F_FILTER | F_FLATE | F_ODD)))
		return HUB_OK;
	if (dict & F_ODD || flates != 1)
		return cannot_look(err);
	return unpack(l, at, inner, budget, err);
}

static int scan_all(struct hub_window *l, struct scan *s, struct scan *inner, struct hub_err *err)
{
	size_t n, budget = UNPACKED_MOST;
	const unsigned char *p;
	uint64_t at = 0;
	int rc = HUB_OK;

	while (!rc && (p = hub_window_from(l, at, &n))) {
		size_t i = 0;
		int stream = 0;
		while (i < n && !stream)
			stream = feed(s, p[i++]);
		at += i;
		if (stream) /* moves the window */
			rc = at_stream(l, stream == 1 ? at : at - 1, s, inner, &budget, err);
	}
	(void)feed(s, '\n');
	return rc;
}

/* --- the whole --------------------------------------------------------------------------------------------- */

/* Nothing but white space behind the last %%EOF. */
static int check_end(struct hub_window *l, struct hub_err *err)
{
	const uint64_t from = l->size > TAIL ? l->size - TAIL : 0;
	size_t n = (size_t)(l->size - from), end = 0;
	const unsigned char *p = hub_window_at(l, from, n);

	for (size_t i = 0; p && i + 5 <= n; i++)
		if (!memcmp(p + i, "%%EOF", 5))
			end = i + 5;
	if (!end)
		return hub_media_broken(err);
	for (size_t i = end; i < n; i++)
		if (p[i] && p[i] != '\n' && p[i] != '\r' && p[i] != ' ' && p[i] != '\t')
			return hub_media_broken(err);
	return HUB_OK;
}

int hub_media_pdf(struct hub_window *l, int *telltale, struct hub_err *err)
{
	struct scan s = {0}, inner = {0};
	int rc;

	if ((rc = check_end(l, err)))
		return rc;
	rc = scan_all(l, &s, &inner, err);
	if (l->failed)
		return HUB_OK; /* the caller says so */
	*telltale = ((s.all | inner.all | tells(inner.all)) & F_TELLS) != 0;
	if (s.all & F_LOCKED) {
		rc = hub_fail(err, HUB_REJECT, "pdf-encrypted", "the PDF is encrypted");
		hub_hint(err, "Open it with its password and print it to a new PDF.");
		return rc;
	}
	if ((s.all | inner.all) & F_ACTIVE) {
		rc = hub_fail(err, HUB_REJECT, "pdf-active",
			      "the PDF carries programs, forms that send data, or other files");
		hub_hint(err, "Print it to a new PDF; attach the files it carries one by one.");
	}
	return rc;
}
