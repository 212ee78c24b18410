#include "release/strip.h"

enum { SEGMENT_MOST = 65535 };

enum state {
	S_AS_IS, /* another kind */
	S_MARK,  /* JPEG: a marker's first byte; PNG: the signature */
	S_TYPE,
	S_LENGTH,
	S_BODY,
	S_SCAN, /* JPEG: compressed data */
	S_DONE,
};

struct hub_strip {
	enum state state;
	int png;
	unsigned char type; /* of the marker */
	int ff;             /* in compressed data: the byte before was 0xff */
	int turned;         /* the way it is turned has been written */
	int keep;           /* the chunk at hand */
	uint64_t left;      /* bytes of it still to come */
	size_t len, want;   /* of head */
	unsigned char head[SEGMENT_MOST];
};

struct hub_strip *hub_strip_new(struct hub_arena *a, struct hub_str type)
{
	struct hub_strip *s = hub_alloc0(a, sizeof *s);

	if (!s)
		return NULL;
	s->png = hub_str_is(type, "image/png");
	s->state = s->png || hub_str_is(type, "image/jpeg") ? S_MARK : S_AS_IS;
	s->want = 8;
	return s;
}

/* --- JPEG (ITU-T T.81, Exif 2.3) ------------------------------------------------------------------------ */

static uint32_t number(const unsigned char *p, int n, int big)
{
	uint32_t v = 0;

	for (int i = 0; i < n; i++)
		v |= (uint32_t)p[i] << 8 * (big ? n - 1 - i : i);
	return v;
}

/* The tag Orientation of an Exif segment, 1 when it says nothing. */
static unsigned orientation(const unsigned char *p, size_t n)
{
	if (n < 14 || memcmp(p, "Exif\0\0", 6) != 0)
		return 1;
	p += 6;
	n -= 6;
	const int big = p[0] == 'M';
	const uint32_t at = number(p + 4, 4, big);
	const uint32_t tags = (size_t)at + 2 <= n && at >= 8 ? number(p + at, 2, big) : 0;
	for (uint32_t i = 0; i < tags && (size_t)at + 2 + ((size_t)i + 1) * 12 <= n; i++) {
		const unsigned char *t = p + at + 2 + (size_t)i * 12;
		const uint32_t v = number(t + 8, 2, big);
		if (number(t, 2, big) == 0x0112)
			return v >= 1 && v <= 8 ? v : 1;
	}
	return 1;
}

/* An Exif segment that holds nothing else. */
static void put_orientation(struct hub_buf *out, unsigned turned)
{
	static const unsigned char segment[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
						'M',  'M',  0, 42, 0,   0,   0,   8,   0, 1,
						0x01, 0x12, 0, 3,  0,   0,   0,   1,   0};

	hub_buf_add(out, segment, sizeof segment);
	hub_buf_putc(out, (char)turned);
	hub_buf_add(out, "\0\0\0\0\0\0", 6);
}

/* Application data: only what colours need. */
static int is_kept(const struct hub_strip *s)
{
	if (s->type == 0xe0)
		return s->len >= 5 && !memcmp(s->head, "JFIF", 5);
	if (s->type == 0xe2)
		return s->len >= 12 && !memcmp(s->head, "ICC_PROFILE", 12);
	return s->type == 0xee || s->type < 0xe1 || (s->type > 0xef && s->type != 0xfe);
}

static void put_segment(struct hub_strip *s, struct hub_buf *out)
{
	if (is_kept(s)) {
		const size_t n = s->len + 2;
		const unsigned char mark[] = {0xff, s->type, (unsigned char)(n >> 8),
					      (unsigned char)n};
		hub_buf_add(out, mark, sizeof mark);
		hub_buf_add(out, s->head, s->len);
	} else if (s->type == 0xe1 && !s->turned && orientation(s->head, s->len) != 1) {
		put_orientation(out, orientation(s->head, s->len));
		s->turned = 1;
	}
	s->state = s->type == 0xda ? S_SCAN : S_MARK;
	s->ff = 0;
}

static void marker(struct hub_strip *s, unsigned char c, struct hub_buf *out)
{
	if (c == 0xff) /* filling */
		return;
	s->type = c;
	s->len = 0;
	s->state = S_LENGTH;
	s->want = 2;
	if (c != 0xd8 && c != 0xd9 && c != 0x01 && !(c >= 0xd0 && c <= 0xd7))
		return;
	hub_buf_putc(out, (char)0xff);
	hub_buf_putc(out, (char)c);
	s->state = c == 0xd9 ? S_DONE : S_MARK;
}

/* Bytes of the compressed data go on; the marker that ends it is looked at as any other. */
static size_t scan(struct hub_strip *s, struct hub_str p, struct hub_buf *out)
{
	size_t from = 0;

	for (size_t i = 0; i < p.len; i++) {
		const unsigned char c = (unsigned char)p.ptr[i];
		if (s->ff && c != 0xff) {
			s->ff = 0;
			if (c == 0 || (c >= 0xd0 && c <= 0xd7)) {
				const char held = (char)0xff;
				hub_buf_add(out, &held, 1);
				from = i;
				continue;
			}
			marker(s, c, out);
			return i + 1;
		}
		if (c == 0xff && !s->ff) {
			hub_buf_add(out, p.ptr + from, i - from);
			s->ff = 1;
		}
		from = s->ff ? i + 1 : from;
	}
	hub_buf_add(out, p.ptr + from, p.len - from);
	return p.len;
}

static size_t jpeg(struct hub_strip *s, struct hub_str p, struct hub_buf *out)
{
	const unsigned char c = (unsigned char)p.ptr[0];

	switch (s->state) {
	case S_MARK:
		s->state = c == 0xff ? S_TYPE : S_MARK;
		return 1;
	case S_TYPE:
		marker(s, c, out);
		return 1;
	case S_LENGTH:
		s->left = s->want == 2 ? (uint64_t)c << 8 : s->left | c;
		if (--s->want)
			return 1;
		s->left = s->left >= 2 ? s->left - 2 : 0;
		s->state = S_BODY;
		if (s->left == 0)
			put_segment(s, out);
		return 1;
	case S_BODY: {
		const size_t n = p.len < s->left ? p.len : (size_t)s->left;
		memcpy(s->head + s->len, p.ptr, n);
		s->len += n;
		s->left -= n;
		if (s->left == 0)
			put_segment(s, out);
		return n;
	}
	default:
		return scan(s, p, out);
	}
}

/* --- PNG (ISO 15948) ------------------------------------------------------------------------------------- */

/* Of what a decoder may leave out, only what the look needs. */
static int is_kept_chunk(const unsigned char *type)
{
	static const char kept[][5] = {"tRNS", "gAMA", "cHRM", "sRGB", "iCCP",
				       "sBIT", "bKGD", "pHYs", "cICP"};

	if (!(type[0] & 0x20))
		return 1;
	for (size_t i = 0; i < HUB_COUNT(kept); i++)
		if (!memcmp(type, kept[i], 4))
			return 1;
	return 0;
}

static void png_head(struct hub_strip *s, struct hub_buf *out)
{
	s->len = 0;
	if (s->state == S_MARK) {
		hub_buf_add(out, s->head, 8);
		s->state = S_LENGTH;
		return;
	}
	s->left = (uint64_t)number(s->head, 4, 1) + 4; /* and its check sum */
	s->keep = is_kept_chunk(s->head + 4);
	s->type = !memcmp(s->head + 4, "IEND", 4);
	if (s->keep)
		hub_buf_add(out, s->head, 8);
	s->state = S_BODY;
}

static size_t png(struct hub_strip *s, struct hub_str p, struct hub_buf *out)
{
	if (s->state != S_BODY) {
		s->head[s->len++] = (unsigned char)p.ptr[0];
		if (s->len == 8)
			png_head(s, out);
		return 1;
	}
	const size_t n = p.len < s->left ? p.len : (size_t)s->left;
	if (s->keep)
		hub_buf_add(out, p.ptr, n);
	s->left -= n;
	if (s->left == 0)
		s->state = s->type ? S_DONE : S_LENGTH;
	return n;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

void hub_strip_add(struct hub_strip *s, struct hub_str piece, struct hub_buf *out)
{
	if (s->state == S_AS_IS) {
		hub_buf_str(out, piece);
		return;
	}
	while (piece.len && s->state != S_DONE)
		piece = hub_str_from(piece, s->png ? png(s, piece, out) : jpeg(s, piece, out));
}

int hub_strip_end(const struct hub_strip *s)
{
	return s->state == S_AS_IS || s->state == S_DONE ? 0 : -1;
}
