#include "lines.h"
#include "plain.h"

#include <string.h>

static int is_end(char c)
{
	return c == '\n' || c == '\r';
}

/* "0 HEAD", in UTF-16 with a zero before or behind each byte. */
int lines_look_like(struct hub_str head)
{
	static const char word[] = "0HEAD";
	size_t k = 0;

	for (size_t i = 0; i < head.len && i < 64 && word[k]; i++) {
		const char c = head.ptr[i];
		if (c == word[k])
			k++;
		else if (c != '\0' && c != ' ' && !is_end(c) &&
			 (k || !strchr("\xef\xbb\xbf\xff\xfe", c)))
			return 0;
	}
	return word[k] == '\0';
}

/* --- lines --------------------------------------------------------------------------------------- */

static size_t skip_blanks(struct hub_str s, size_t i)
{
	while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t'))
		i++;
	return i;
}

static size_t skip_word(struct hub_str s, size_t i)
{
	while (i < s.len && s.ptr[i] != ' ' && s.ptr[i] != '\t')
		i++;
	return i;
}

/* The next line of the text; 0 at its end. */
static int cut_line(struct hub_str text, struct line_at *at, struct hub_str *out)
{
	size_t i = at->at;

	if (i >= text.len)
		return 0;
	while (i < text.len && !is_end(text.ptr[i]))
		i++;
	*out = (struct hub_str){text.ptr + at->at, i - at->at};
	if (i + 1 < text.len && text.ptr[i] == '\r' && text.ptr[i + 1] == '\n')
		i++;
	at->at = i < text.len ? i + 1 : i;
	at->number++;
	return 1;
}

static int parse(struct hub_str s, struct line *out)
{
	size_t i = skip_blanks(s, 0), from = i;

	for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && i - from < 2; i++)
		out->level = out->level * 10 + (uint32_t)(s.ptr[i] - '0');
	if (i == from || i == skip_blanks(s, i))
		return -1;
	i = skip_blanks(s, i);
	if (i < s.len && s.ptr[i] == '@') {
		from = i;
		i = skip_word(s, i);
		out->xref = (struct hub_str){s.ptr + from, i - from};
		if (out->xref.len < 3 || s.ptr[i - 1] != '@')
			return -1;
		i = skip_blanks(s, i);
	}
	from = i;
	i = skip_word(s, i);
	out->tag = (struct hub_str){s.ptr + from, i - from};
	i = i < s.len ? i + 1 : i;
	out->value = (struct hub_str){s.ptr + i, s.len - i};
	return out->tag.len ? 0 : -1;
}

enum line_rc lines_next(const struct lines *l, struct line_at *at, uint32_t depth, struct line *out)
{
	struct hub_str s;

	do {
		*out = (struct line){.at = at->at};
		if (!cut_line(l->text, at, &s))
			return LINE_END;
	} while (skip_blanks(s, 0) == s.len);
	out->number = at->number;
	out->len = s.len;
	const int bad = parse(s, out) || out->level > depth + 1;
	return bad ? LINE_BROKEN : LINE_OK;
}

int lines_points(const struct line *line)
{
	const struct hub_str v = line->value;

	return v.len > 2 && v.ptr[0] == '@' && v.ptr[1] != '@' && v.ptr[v.len - 1] == '@' &&
	       !str_is(v, "@VOID@");
}

/* --- the text ------------------------------------------------------------------------------------ */

/* Value of tag below `part` of the header; part "": of the header's own line. */
static struct hub_str header_value(struct hub_str text, const char *part, const char *tag)
{
	struct hub_str in = {"", 0}, s;
	struct line_at at = {0};
	struct line line;

	while (cut_line(text, &at, &s) && at.number < 200) {
		line = (struct line){0};
		if (parse(s, &line))
			continue;
		if (line.level == 0 && at.number > 1)
			break;
		if (str_is(line.tag, tag) && (*part ? line.level == 2 && str_is(in, part) : 1))
			return line.value;
		in = line.level == 1 ? line.tag : in;
	}
	return (struct hub_str){"", 0};
}

static int fail_bytes(const struct lines *l, size_t at, const char *encoding, struct hub_err *err)
{
	HUB_FAIL(l->host, err, HUB_REJECT, "bad-bytes", "%s, byte %zu: not %s", l->path, at,
		 encoding);
	l->host->hint(err, "The file may be in another encoding: --set encoding=cp932, utf-16le, "
			   "ansel ...");
	return err->rc;
}

static int decode(struct lines *l, struct hub_str bytes, const char *encoding, struct room *room,
		  struct hub_err *err)
{
	size_t bom = 0, used, len;
	const char *found = l->host->encoding(bytes.ptr, bytes.len, &bom);
	const struct hub_str said = header_value(bytes, "", "CHAR");

	if (!encoding && strcmp(found, "utf-8") != 0 && str_is(said, "ANSEL"))
		encoding = "ansel";
	if (encoding && strcmp(encoding, "ansel") == 0) {
		char *to = room_add(room, bytes.len * 3);
		used = to ? ansel_decode(bytes.ptr, bytes.len, to, &len) : 0;
		l->text = (struct hub_str){to, to ? len : 0};
		return used == bytes.len ? HUB_OK : fail_bytes(l, used, "ansel", err);
	}
	if (!encoding)
		encoding = found;
	const struct hub_str rest = {bytes.ptr + bom, bytes.len - bom};
	const struct hub_str name = {encoding, strlen(encoding)};
	const int rc = l->host->decode(l->ctx, NULL, name, rest, &l->text, &used, err);
	return rc || used == rest.len ? rc : fail_bytes(l, used + bom, encoding, err);
}

static int check_ends(const struct lines *l, struct hub_err *err)
{
	struct line_at at = {0};
	struct line line = {0};
	int whole = 0;

	if (!lines_look_like(l->text)) {
		HUB_FAIL(l->host, err, HUB_REJECT, "no-gedcom", "%s is no GEDCOM file", l->path);
		l->host->hint(
		    err, "Its first line must be \"0 HEAD\". Export the tree again as GEDCOM.");
		return err->rc;
	}
	for (enum line_rc rc; (rc = lines_next(l, &at, LINES_DEPTH, &line)) != LINE_END;)
		whole = rc == LINE_OK && line.level == 0 && str_is(line.tag, "TRLR");
	if (whole)
		return HUB_OK;
	HUB_FAIL(l->host, err, HUB_REJECT, "cut-off", "%s has no end (0 TRLR)", l->path);
	l->host->hint(err, "The file may have been cut off on its way: get it again.");
	return err->rc;
}

int lines_load(struct lines *l, struct input *in, const char *encoding, size_t most,
	       struct room *room, struct hub_err *err)
{
	char *p = room_add(room, most + 1);
	size_t n;

	if (!p)
		return NO_MEMORY(l->host, err);
	int rc = input_read(in, p, most + 1, &n, err);
	if (rc)
		return rc;
	if (n > most)
		return HUB_FAIL(l->host, err, HUB_REJECT, "too-long", "%s is longer than %zu bytes",
				in->path, most);
	if ((rc = decode(l, (struct hub_str){p, n}, encoding, room, err)))
		return rc;
	const struct hub_str version = header_value(l->text, "GEDC", "VERS");
	l->seven = version.len > 1 && version.ptr[0] == '7' && version.ptr[1] == '.';
	return check_ends(l, err);
}
