#include "replace.h"
#include "plain.h"

#include <string.h>

static const char geta[] = "\xe3\x80\x93"; /* U+3013 */

/* Length of the character at p, and its code; a stray byte is one of its own. */
static size_t character(struct hub_str s, size_t i, uint32_t *code)
{
	const unsigned char *p = (const unsigned char *)s.ptr + i;
	const size_t len = p[0] < 0xC2 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;

	*code = p[0];
	if (len > s.len - i || len == 1)
		return 1;
	*code = p[0] & (0xFFu >> (len + 1));
	for (size_t k = 1; k < len; k++)
		*code = *code << 6 | (p[k] & 0x3Fu);
	return len;
}

/* Private use: a gaiji of one office is another character at the next. */
static int is_gaiji(uint32_t c)
{
	return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

static int fits(struct replace *r, struct hub_batch *b, struct hub_str one, uint32_t code, int *yes,
		struct hub_err *err)
{
	struct hub_str bytes;
	uint64_t lost = 0;

	*yes = 0;
	if (is_gaiji(code))
		return HUB_OK;
	const int rc = r->host->encode(r->ctx, b, r->encoding, one, &bytes, &lost, err);
	*yes = !rc && lost == 0;
	return rc;
}

/* What stands for it: the usual form of a variant (𠮷 吉), its compatible form (① 1), else 〓. A selector of
 * variants is left out. */
static int find_substitute(struct replace *r, struct hub_batch *b, struct hub_str one,
			   uint32_t code, struct hub_str *out, struct hub_err *err)
{
	static const uint32_t folds[] = {HUB_FOLD_NAME, HUB_FOLD_WIDTH};

	*out = (struct hub_str){"", 0};
	if ((code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF))
		return HUB_OK;
	for (size_t i = 0; i < sizeof folds / sizeof folds[0] && !is_gaiji(code); i++) {
		struct hub_str other;
		uint32_t first;
		int yes, rc = r->host->fold(r->ctx, b, folds[i], one, &other);
		if (rc)
			return NO_MEMORY(r->host, err);
		if (other.len == 0 ||
		    (other.len == one.len && !memcmp(other.ptr, one.ptr, one.len)))
			continue;
		(void)character(other, 0, &first);
		if ((rc = fits(r, b, other, first, &yes, err)))
			return rc;
		if (yes) {
			*out = other;
			return HUB_OK;
		}
	}
	*out = (struct hub_str){geta, sizeof geta - 1};
	return HUB_OK;
}

static void put_quoted(FILE *f, struct hub_str s)
{
	fputc('"', f);
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			fputc('"', f);
		fputc(s.ptr[i], f);
	}
	fputc('"', f);
}

static int report(struct replace *r, const struct replace_place *at, struct hub_str one,
		  uint32_t code, struct hub_str by, struct hub_err *err)
{
	static const char name[] = "replacements.csv", ending[] = ".replacements.csv";
	char path[OUTFILE_PATH];
	int rc;

	if (!r->opened) {
		const int n =
		    snprintf(path, sizeof path, "%.*s%s%s", (int)r->folder.len, r->folder.ptr,
			     r->single ? "" : "/", r->single ? ending : name);
		if (n < 0 || (size_t)n >= sizeof path)
			return HUB_FAIL(r->host, err, HUB_CONF, "path-too-long",
					"the path is too long");
		const struct hub_str file = {path, (size_t)n};
		if ((rc = outfile_open(&r->out, r->host, file, (struct hub_str){NULL, 0}, err)))
			return rc;
		r->opened = 1;
		fputs("\xef\xbb\xbf表,行,項目,符号位置,文字,書いた文字\r\n", r->out.file);
	}
	put_quoted(r->out.file, at->table);
	fprintf(r->out.file, ",%llu,", (unsigned long long)at->row);
	put_quoted(r->out.file, at->column);
	fprintf(r->out.file, ",U+%04X,", code);
	put_quoted(r->out.file, one);
	fputc(',', r->out.file);
	put_quoted(r->out.file, by);
	fputs("\r\n", r->out.file);
	r->host->count(r->ctx, "replaced", 1);
	return HUB_OK;
}

int replace_text(struct replace *r, struct hub_batch *b, struct hub_str in,
		 const struct replace_place *at, struct hub_str *out, struct hub_err *err)
{
	uint32_t code;
	int rc, yes;
	/* a compatible form may be longer than the character (㍿ 株式会社); NFKC: at most 18 for one */
	char *to = r->host->alloc(r->ctx, b, in.len * 18 + 1);
	size_t len = 0;

	*out = in;
	if (!to)
		return NO_MEMORY(r->host, err);
	for (size_t i = 0, n; i < in.len; i += n) {
		n = character(in, i, &code);
		struct hub_str one = {in.ptr + i, n}, by = one;
		if (code >= 0x80) {
			if ((rc = fits(r, b, one, code, &yes, err)))
				return rc;
			if (!yes && ((rc = find_substitute(r, b, one, code, &by, err)) ||
				     (rc = report(r, at, one, code, by, err))))
				return rc;
		}
		if (by.len > in.len * 18 - len)
			by = (struct hub_str){geta, sizeof geta - 1};
		if (by.len)
			memcpy(to + len, by.ptr, by.len);
		len += by.len;
	}
	*out = (struct hub_str){to, len};
	return HUB_OK;
}
