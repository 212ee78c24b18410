#include "intake/media_in.h"

#include <errno.h>
#include <unistd.h>

enum { CHUNKS_MOST = 200000, PAGES_MOST = 5000, ZIP_TAIL = 65557 };

/* --- looking ------------------------------------------------------------------------------------------ */

static void fill(struct hub_window *l, uint64_t at)
{
	l->at = at;
	l->len = 0;
	while (l->len < sizeof l->buf && at + l->len < l->size) {
		const ssize_t n =
		    pread(l->fd, l->buf + l->len, sizeof l->buf - l->len, (off_t)(at + l->len));
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			l->failed = n ? errno : EIO; /* it has become shorter */
			return;
		}
		l->len += (size_t)n;
	}
}

const unsigned char *hub_window_at(struct hub_window *l, uint64_t at, size_t n)
{
	if (n > sizeof l->buf || at > l->size || n > l->size - at)
		return NULL;
	if (at < l->at || at + n > l->at + l->len)
		fill(l, at);
	return at >= l->at && at + n <= l->at + l->len ? l->buf + (at - l->at) : NULL;
}

const unsigned char *hub_window_from(struct hub_window *l, uint64_t at, size_t *n)
{
	const unsigned char *p = hub_window_at(l, at, 1);

	*n = p ? (size_t)(l->at + l->len - at) : 0;
	return p;
}

static uint32_t be16(const unsigned char *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const unsigned char *p)
{
	return be16(p) << 16 | be16(p + 2);
}

static uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static int has(const unsigned char *p, const char *word)
{
	return memcmp(p, word, strlen(word)) == 0;
}

/* --- what is wrong ------------------------------------------------------------------------------------ */

int hub_media_broken(struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REJECT, "file-broken", "the file is cut off or damaged");

	hub_hint(err, "Ask for it again, or open it and save it anew.");
	return rc;
}

static int behind_end(struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REJECT, "trailing-data",
				"something else follows behind the end of the document");

	hub_hint(err, "A file that is two things at once is not taken: open it and save it anew.");
	return rc;
}

/* Cameras put further pictures behind the first one; they do not leave (release/strip.h). Filling is fine. */
static int check_rest(struct hub_window *l, uint64_t at, int pictures, struct hub_err *err)
{
	const unsigned char *p;
	size_t n;

	if (pictures && (p = hub_window_at(l, at, 2)) && p[0] == 0xff && p[1] == 0xd8)
		return HUB_OK;
	for (; (p = hub_window_from(l, at, &n)); at += n)
		for (size_t i = 0; i < n; i++)
			if (p[i] && p[i] != '\n' && p[i] != '\r')
				return behind_end(err);
	return HUB_OK;
}

/* The directory of a ZIP archive stands at its end, whatever is in front of it. */
static int check_zip(struct hub_window *l, struct hub_err *err)
{
	uint64_t at = l->size > ZIP_TAIL ? l->size - ZIP_TAIL : 0;
	const unsigned char *p;

	for (; (p = hub_window_at(l, at, 4)); at++)
		if (p[0] == 'P' && has(p, "PK\5\6"))
			return behind_end(err);
	return HUB_OK;
}

/* --- kinds ------------------------------------------------------------------------------------------- */

static int is_standalone(unsigned m)
{
	return m == 0x01 || (m >= 0xd0 && m <= 0xd7);
}

/* The next marker of a compressed part. 0: there is none. */
static uint64_t end_of_scan(struct hub_window *l, uint64_t at)
{
	const unsigned char *p;
	size_t n;
	int ff = 0;

	for (; (p = hub_window_from(l, at, &n)); at += n)
		for (size_t i = 0; i < n; i++) {
			if (ff && p[i] != 0 && p[i] != 0xff && !is_standalone(p[i]))
				return at + i - 1;
			ff = p[i] == 0xff;
		}
	return 0;
}

static int check_jpeg(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	const unsigned char *p;
	uint64_t at = 2;
	int frames = 0, scans = 0;

	(void)m;
	while ((p = hub_window_at(l, at, 2)) && p[0] == 0xff) {
		const unsigned mark = p[1];
		if (mark == 0xff || is_standalone(mark)) {
			at += mark == 0xff ? 1 : 2;
			continue;
		}
		if (mark == 0xd9)
			return frames && scans ? check_rest(l, at + 2, 1, err)
					       : hub_media_broken(err);
		if (!(p = hub_window_at(l, at + 2, 7)) || be16(p) < 2)
			break;
		if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc) {
			if (be16(p + 3) == 0 || be16(p + 5) == 0)
				break;
			frames++;
		}
		at += 2 + be16(p);
		if (mark == 0xda && ++scans && !(at = end_of_scan(l, at)))
			break;
	}
	return hub_media_broken(err);
}

static int check_png(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	const unsigned char *p;
	uint64_t at = 8;

	(void)m;
	for (int i = 0; i < CHUNKS_MOST && (p = hub_window_at(l, at, 16)); i++) {
		if (be32(p) > INT32_MAX || has(p + 4, "IEND") ||
		    (i == 0 && (!has(p + 4, "IHDR") || be32(p + 8) == 0 || be32(p + 12) == 0)))
			break;
		at += 12 + (uint64_t)be32(p);
	}
	p = hub_window_at(l, at, 12);
	return at > 8 && p && be32(p) == 0 && has(p + 4, "IEND") ? check_rest(l, at + 12, 0, err)
								 : hub_media_broken(err);
}

/* Behind a chain of blocks, each with its length in front; 0: it does not end. */
static uint64_t skip_blocks(struct hub_window *l, uint64_t at)
{
	const unsigned char *p;

	while ((p = hub_window_at(l, at, 1)) && p[0])
		at += 1 + (uint64_t)p[0];
	return p ? at + 1 : 0;
}

static uint64_t colours(unsigned flags)
{
	return flags & 0x80 ? (uint64_t)3 << ((flags & 7) + 1) : 0;
}

static int check_gif(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	const unsigned char *p = hub_window_at(l, 0, 13);
	uint64_t at = p ? 13 + colours(p[10]) : 0;
	int pictures = 0;

	while (at && (p = hub_window_at(l, at, 1))) {
		if (p[0] == 0x3b)
			return pictures ? check_rest(l, at + 1, 0, err) : hub_media_broken(err);
		if (p[0] == 0x21 && (p = hub_window_at(l, at, 14))) {
			/* a comment, or data of a program other than how often the film runs */
			m->telltale |= p[1] == 0xfe || (p[1] == 0xff && !has(p + 3, "NETSCAPE2.0"));
			at = skip_blocks(l, at + 2);
		} else if (p && p[0] == 0x21 && (p = hub_window_at(l, at, 2))) {
			m->telltale |= p[1] == 0xfe;
			at = skip_blocks(l, at + 2);
		} else if (p && p[0] == 0x2c && (p = hub_window_at(l, at, 10))) {
			pictures++;
			at = skip_blocks(l, at + 11 + colours(p[9]));
		} else {
			break;
		}
	}
	return hub_media_broken(err);
}

static int check_webp(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	const unsigned char *p = hub_window_at(l, 0, 16);
	const uint64_t end = p ? 8 + (uint64_t)le32(p + 4) : 0;
	uint64_t at = 12;
	int pictures = 0;

	if (!p || end > l->size || end < 20)
		return hub_media_broken(err);
	while (at < end && (p = hub_window_at(l, at, 8))) {
		m->telltale |= has(p, "EXIF") || has(p, "XMP ");
		pictures |= has(p, "VP8 ") || has(p, "VP8L") || has(p, "ANMF");
		at += 8 + (uint64_t)le32(p + 4) + (le32(p + 4) & 1);
	}
	return at == end && pictures ? check_rest(l, end, 0, err) : hub_media_broken(err);
}

static uint32_t tiff16(const unsigned char *p, int big)
{
	return big ? be16(p) : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t tiff32(const unsigned char *p, int big)
{
	return big ? be32(p) : le32(p);
}

static int check_tiff(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	static const uint16_t telltale[] = {700, 33723, 34377, 34665,
					    34853}; /* XMP, IPTC ... GPS */
	const unsigned char *p = hub_window_at(l, 0, 8);
	const int big = p && p[0] == 'M';
	uint64_t at = p ? tiff32(p + 4, big) : 0;
	int pages = 0;

	for (; at && pages < PAGES_MOST && (p = hub_window_at(l, at, 2)); pages++) {
		const uint32_t n = tiff16(p, big);
		if (n == 0 ||
		    !(p = hub_window_at(l, at + 2,
					(size_t)n * 12 + 4 > sizeof l->buf ? sizeof l->buf + 1
									   : (size_t)n * 12 + 4)))
			return hub_media_broken(err);
		for (uint32_t i = 0; i < n; i++)
			for (size_t k = 0; k < HUB_COUNT(telltale); k++)
				m->telltale |= tiff16(p + (size_t)i * 12, big) == telltale[k];
		at = tiff32(p + (size_t)n * 12, big);
	}
	return pages && !at ? HUB_OK : hub_media_broken(err);
}

/* What a meta box lists: data of the camera are an item of their own. */
static void look_into_meta(struct hub_window *l, uint64_t at, uint64_t len, struct hub_media *m)
{
	const unsigned char *p;

	for (uint64_t i = 0; i + 4 <= len && (p = hub_window_at(l, at + i, 4)); i++)
		m->telltale |= has(p, "Exif") || has(p, "mime");
}

static int check_heic(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	const unsigned char *p;
	uint64_t at = 0;
	int meta = 0;

	while (at < l->size) {
		if (!(p = hub_window_at(l, at, 16)) && !(p = hub_window_at(l, at, 8)))
			return hub_media_broken(err);
		uint64_t len = be32(p);
		if (len == 1 && l->size - at >= 16)
			len = (uint64_t)be32(p + 8) << 32 | be32(p + 12);
		else if (len == 0)
			len = l->size - at;
		if (len < 8 || len > l->size - at)
			return hub_media_broken(err);
		if (has(p + 4, "meta") && !meta++)
			look_into_meta(l, at, len, m);
		at += len;
	}
	return meta ? HUB_OK : hub_media_broken(err);
}

static int check_pdf(struct hub_window *l, struct hub_media *m, struct hub_err *err)
{
	return hub_media_pdf(l, &m->telltale, err);
}

/* --- which it is ---------------------------------------------------------------------------------------- */

struct kind {
	const char *type, *magic, *endings;
	uint8_t len, at; /* of the magic */
	int (*check)(struct hub_window *, struct hub_media *, struct hub_err *);
};

static const struct kind kinds[] = {
    {"application/pdf", "%PDF-", "pdf", 5, 0, check_pdf},
    {"image/jpeg", "\xff\xd8\xff", "jpg jpeg jpe jfif", 3, 0, check_jpeg},
    {"image/png", "\x89PNG\r\n\x1a\n", "png", 8, 0, check_png},
    {"image/gif", "GIF87a", "gif", 6, 0, check_gif},
    {"image/gif", "GIF89a", "gif", 6, 0, check_gif},
    {"image/webp", "WEBP", "webp", 4, 8, check_webp},
    {"image/tiff", "II*\0", "tif tiff", 4, 0, check_tiff},
    {"image/tiff", "MM\0*", "tif tiff", 4, 0, check_tiff},
    {"image/heic", "ftypheic", "heic heif", 8, 4, check_heic},
    {"image/heic", "ftypheix", "heic heif", 8, 4, check_heic},
    {"image/heic", "ftypmif1", "heic heif", 8, 4, check_heic},
};

static const struct kind *kind_of(struct hub_window *l)
{
	for (size_t i = 0; i < HUB_COUNT(kinds); i++) {
		const struct kind *k = &kinds[i];
		const unsigned char *p = hub_window_at(l, k->at, k->len);
		if (p && memcmp(p, k->magic, k->len) == 0 &&
		    (k->check != check_webp || has(hub_window_at(l, 0, 4), "RIFF")))
			return k;
	}
	return NULL;
}

static int is_ending(const struct kind *k, struct hub_str ending)
{
	struct hub_str rest = hub_str_of(k->endings), one;

	while (hub_str_next(&rest, ' ', &one)) {
		size_t i = 0;
		while (i < one.len && i < ending.len && (ending.ptr[i] | 0x20) == one.ptr[i])
			i++;
		if (i == one.len && i == ending.len)
			return 1;
	}
	return 0;
}

/* What stands behind the last point; empty when there is none. */
static struct hub_str ending_of(struct hub_str name)
{
	for (size_t i = name.len; i > 0 && name.ptr[i - 1] != '/'; i--)
		if (name.ptr[i - 1] == '.')
			return hub_str_from(name, i);
	return HUB_STR("");
}

int hub_media_check(int fd, uint64_t size, struct hub_str name, struct hub_media *out,
		    struct hub_err *err)
{
	struct hub_window l = {.fd = fd, .size = size};
	const struct kind *k = kind_of(&l);
	const struct hub_str ending = ending_of(name);
	int rc;

	*out = (struct hub_media){0};
	if (l.failed)
		return hub_fail_sys(err, HUB_RETRY, "cannot-read", l.failed, "");
	if (!k) {
		rc = hub_fail(err, HUB_REJECT, size ? "type-unknown" : "file-empty",
			      size ? HUB_N("the file is no image and no PDF")
				   : HUB_N("the file is empty"));
		hub_hint(err,
			 "JPEG, PNG, GIF, WebP, TIFF, HEIC and PDF are taken: save or print it "
			 "as PDF.");
		return rc;
	}
	if (ending.len && !is_ending(k, ending)) {
		rc = hub_fail(err, HUB_REJECT, "type-mismatch",
			      "the name ends in another way than its content, %s, is named",
			      k->type);
		hub_hint(err, "Find out what it is; rename it to .%s if it is fine.", k->endings);
		return rc;
	}
	out->type = k->type;
	rc = k->check(&l, out, err);
	if (!rc)
		rc = check_zip(&l, err);
	return l.failed ? hub_fail_sys(err, HUB_RETRY, "cannot-read", l.failed, "") : rc;
}
