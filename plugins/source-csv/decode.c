#include "decode.h"
#include "plain.h"

#include <string.h>

enum { SAMPLE = 1 << 20, BAD_IN_LINE = 4, FEW_HIGH = 30 };

/* What people name *.csv that is none. */
static const struct {
	const char *magic;
	size_t len;
	const char *name;
	int packed;
} foreign[] = {
    {"\x1f\x8b", 2, "gzip", 1},
    {"PK\x03\x04", 4, "zip / Excel (xlsx)", 1},
    {"BZh", 3, "bzip2", 1},
    {"\xfd"
     "7zXZ",
     5, "xz", 1},
    {"\x28\xb5\x2f\xfd", 4, "zstd", 1},
    {"7z\xbc\xaf\x27\x1c", 6, "7-Zip", 1},
    {"\xd0\xcf\x11\xe0\xa1\xb1", 6, "Excel 97-2003 (xls)", 0},
    {"%PDF-", 5, "PDF", 0},
};

static int same_name(struct hub_str a, const char *z)
{
	return a.len == strlen(z) && strncasecmp(a.ptr, z, a.len) == 0;
}

static int is_utf16(struct hub_str name)
{
	return name.len >= 6 && strncasecmp(name.ptr, "utf-16", 6) == 0;
}

static int is_big_endian(struct hub_str name)
{
	return name.len > 2 && strncasecmp(name.ptr + name.len - 2, "be", 2) == 0;
}

/* Every character is four bytes, the highest of them never more than 10FFFF. */
static int is_utf32(const struct window *w)
{
	enum { UNITS = 256 };
	const size_t units = w->len / 4 < UNITS ? w->len / 4 : UNITS;
	size_t little = 0, big = 0;

	for (size_t i = 0; i < units; i++) {
		const uint8_t *p = (const uint8_t *)w->base + 4 * i;
		little += p[3] == 0 && p[2] <= 0x10 && (p[0] || p[1]);
		big += p[0] == 0 && p[1] <= 0x10 && (p[2] || p[3]);
	}
	return units > 1 && (little == units || big == units);
}

static int refuse_foreign(const struct decoder *d, const struct window *w, struct hub_err *err)
{
	const struct hub_host *host = d->in->host;

	if (is_utf32(w)) {
		HUB_FAIL(host, err, HUB_REJECT, "wrong-encoding", "%s is UTF-32, which is not read",
			 d->in->path);
		host->hint(err, "Save it as UTF-8.");
		return err->rc;
	}
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		if (w->len < foreign[i].len ||
		    memcmp(w->base, foreign[i].magic, foreign[i].len) != 0)
			continue;
		if (foreign[i].packed) {
			HUB_FAIL(host, err, HUB_REJECT, "compressed",
				 "%s is a compressed file (%s), not CSV", d->in->path,
				 foreign[i].name);
			host->hint(err,
				   "Unpack it first; for Excel and Word write plugin = \"auto\" "
				   "in the mapping's source.");
			return err->rc;
		}
		HUB_FAIL(host, err, HUB_REJECT, "not-csv", "%s is a %s file, not CSV", d->in->path,
			 foreign[i].name);
		host->hint(err, "Save it as CSV in the program that wrote it.");
		return err->rc;
	}
	return HUB_OK;
}

/* Japanese that is UTF-8 throughout is no CP932 by chance; read as such, every row of it would be refused. */
static int is_utf8(const struct decoder *d, const struct window *w, size_t *bom)
{
	int high = 0;

	for (size_t i = 0; i < w->len && high < FEW_HIGH; i++)
		high += (uint8_t)w->base[i] >= 0x80;
	return high == FEW_HIGH &&
	       strcmp(d->in->host->encoding(w->base, w->len, bom), "utf-8") == 0;
}

static int is_legacy(struct hub_str name)
{
	static const char *const names[] = {"cp932",     "ms932", "windows-31j",
					    "shift_jis", "sjis",  "euc-jp"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (same_name(name, names[i]))
			return 1;
	return 0;
}

static int not_as_given(const struct decoder *d, struct hub_err *err)
{
	const struct hub_host *host = d->in->host;

	HUB_FAIL(host, err, HUB_REJECT, "wrong-encoding",
		 "%s is UTF-8, but the encoding is given as %.*s", d->in->path, (int)d->wish.len,
		 d->wish.ptr);
	host->hint(err,
		   "If it should be read, write encoding = \"auto\" in the mapping's source; if "
		   "the other side wants %.*s, save it so.",
		   (int)d->wish.len, d->wish.ptr);
	return err->rc;
}

/* Beginning of the file: a byte order mark decides, and must not contradict the option. */
static int begin(struct decoder *d, const struct window *w, size_t *skip, struct hub_err *err)
{
	const struct hub_host *host = d->in->host;
	const int given = !same_name(d->wish, "auto");
	size_t bom = 0, none;
	int rc;

	d->first_done = 1;
	if ((rc = refuse_foreign(d, w, err)))
		return rc;
	const char *mark = host->encoding(w->base, w->len < 16 ? w->len : 16, &bom);
	*skip = bom;
	if (given)
		d->name = d->wish;
	if (bom == 0)
		return is_legacy(d->wish) && is_utf8(d, w, &none) ? not_as_given(d, err) : HUB_OK;
	const struct hub_str marked = {mark, strlen(mark)};
	const int fits = !given || same_name(d->wish, mark) || same_name(d->wish, "utf8") ||
			 (is_utf16(d->wish) && is_utf16(marked) && d->wish.len == 6);
	if (fits) {
		d->name = marked;
		return HUB_OK;
	}
	HUB_FAIL(host, err, HUB_REJECT, "wrong-encoding",
		 "%s begins with the byte order mark of %s, but the encoding is given as %.*s",
		 d->in->path, mark, (int)d->wish.len, d->wish.ptr);
	host->hint(err, "Leave the option out (encoding = \"auto\") or correct it.");
	return err->rc;
}

/* Decides once a byte appears that is not plain ASCII text. */
static void decide(struct decoder *d, struct hub_batch *b, const struct window *w)
{
	const char *p = w->base, *end = p + w->len, *line = p;
	int high = 0;

	for (; p < end && *p != 0x1b && *p != 0 && (uint8_t)*p < 0x80; p++)
		if (*p == '\n')
			line = p + 1;
	if (p == end)
		return;
	struct hub_str sample = {line, (size_t)(end - line)};
	if (sample.len < SAMPLE / 2 && !w->last) {
		const struct hub_str more =
		    input_peek(d->in, b, w->at + (uint64_t)(line - w->base), SAMPLE);
		if (more.len > sample.len)
			sample = more;
	}
	size_t bom;
	const char *name = d->in->host->encoding(sample.ptr, sample.len, &bom);
	for (size_t i = 0; i < sample.len && !high; i++)
		high = (uint8_t)sample.ptr[i] >= 0x80;
	/* an escape or a NUL alone: still ASCII as far as we know */
	if (high || strcmp(name, "utf-8") != 0)
		d->name = (struct hub_str){name, strlen(name)};
}

/* Bytes up to and with the next CR or LF, or all. */
static size_t raw_line(const struct decoder *d, const char *p, size_t n)
{
	if (!is_utf16(d->name)) {
		for (size_t i = 0; i < n; i++)
			if (p[i] == '\n' || p[i] == '\r')
				return i + 1;
		return n;
	}
	const size_t low = is_big_endian(d->name) ? 1 : 0;
	for (size_t i = 0; i + 1 < n; i += 2)
		if (p[i + 1 - low] == 0 && (p[i + low] == '\n' || p[i + low] == '\r'))
			return i + 2;
	return n;
}

/* The part of the window that ends with a line: stateful encodings start each line anew. */
static size_t whole_lines(const struct decoder *d, const char *p, size_t n)
{
	const size_t unit = is_utf16(d->name) ? 2 : 1;
	const size_t low = is_big_endian(d->name) ? 1 : 0;

	for (size_t i = n - n % unit; i >= unit; i -= unit) {
		const char *c = p + i - unit;
		if (unit == 1 ? *c == '\n' || *c == '\r'
			      : c[1 - low] == 0 && (c[low] == '\n' || c[low] == '\r'))
			return i;
	}
	return 0;
}

/* Decodes line by line what could not be decoded as a whole: a byte that does not fit becomes FF,
 * which is no UTF-8, so that the cell is refused where it stands and the other rows are read. */
static int decode_lines(struct decoder *d, struct hub_batch *b, struct hub_str raw, size_t done,
			struct hub_str head, struct hub_str *text, struct hub_err *err)
{
	const struct hub_host *host = d->in->host;
	const size_t unit = is_utf16(d->name) ? 2 : 1;
	char *out = host->alloc(d->in->ctx, b, head.len + 3 * (raw.len - done) + 4);
	size_t n = head.len, bad = 0, used, line = done;
	struct hub_str piece;
	int rc;

	if (!out)
		return NO_MEMORY(host, err);
	if (n > 0)
		memcpy(out, head.ptr, n);
	for (; done < raw.len;) {
		if (done >= line) {
			line = done + raw_line(d, raw.ptr + done, raw.len - done);
			bad = 0;
		}
		const struct hub_str in = {raw.ptr + done, line - done};
		if ((rc = host->decode(d->in->ctx, b, d->name, in, &piece, &used, err)))
			return rc;
		memcpy(out + n, piece.ptr, piece.len);
		n += piece.len;
		done += used;
		if (used > 0 || in.len == 0)
			continue;
		const char c = raw.ptr[done + (unit == 2 && is_big_endian(d->name))];
		const int is_end = line - done <= unit && (c == '\n' || c == '\r');
		out[n++] = is_end ? c : '\xff';
		done += unit < raw.len - done ? unit : raw.len - done;
		if (!is_end && ++bad == BAD_IN_LINE && line - done > unit)
			done = line - unit; /* the row is refused anyway */
	}
	*text = (struct hub_str){out, n};
	return HUB_OK;
}

int decode_window(struct decoder *d, struct hub_batch *b, const struct window *w,
		  struct decoded *out, struct hub_err *err)
{
	const struct hub_host *host = d->in->host;
	size_t used;
	int rc;

	*out = (struct decoded){.base = w->base, .len = w->len};
	if (!d->first_done && (rc = begin(d, w, &out->skip, err)))
		return rc;
	out->base += out->skip;
	out->len -= out->skip;
	if (d->name.len == 0)
		decide(d, b, w);
	const int utf8 = d->name.len == 0 || same_name(d->name, "utf-8");
	d->decoded = !utf8 && !(d->plain_separators && host->byte_safe(d->name));
	if (!d->decoded)
		return HUB_OK;

	struct hub_str raw = {out->base, out->len}, text;
	if (!w->last)
		raw.len = whole_lines(d, raw.ptr, raw.len);
	d->raw = raw.ptr;
	d->raw_len = raw.len;
	d->raw_at = d->text_at = 0;
	if ((rc = host->decode(d->in->ctx, b, d->name, raw, &text, &used, err)))
		return rc;
	if (used < raw.len && (rc = decode_lines(d, b, raw, used, text, &text, err)))
		return rc;
	out->base = text.ptr;
	out->len = text.len;
	return HUB_OK;
}

size_t decode_place(struct decoder *d, const struct decoded *t, size_t at)
{
	if (!d->decoded)
		return t->skip + at;
	/* a line end in the text is one in the bytes: count them */
	for (; d->text_at < at; d->text_at++) {
		const char c = t->base[d->text_at];
		if (c == '\n' || c == '\r')
			d->raw_at += raw_line(d, d->raw + d->raw_at, d->raw_len - d->raw_at);
	}
	/* the last line may have none */
	return t->skip + (at == t->len ? d->raw_len : d->raw_at);
}

struct hub_str decode_name(const struct decoder *d)
{
	static const struct hub_str utf8 = {"utf-8", 5};

	return d->decoded || d->name.len == 0 ? utf8 : d->name;
}
