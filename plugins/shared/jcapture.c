#include "jcapture.h"

#include <stdio.h>
#include <string.h>

static int put(struct jrec *j, const char *s, size_t n)
{
	if (n > j->sheet->limit - j->json.len) {
		sheet_bad(j->sheet, "record-too-long", j->cap.col);
		return 1;
	}
	return jtext_put(j, &j->json, (struct hub_str){s, n})
		   ? jrec_stop(j, jrec_no_memory(j, j->err))
		   : 1;
}

static int put_string(struct jrec *j, struct hub_str s)
{
	int go = put(j, "\"", 1);
	size_t from = 0;

	for (size_t i = 0; i < s.len && go; i++) {
		const unsigned char c = (unsigned char)s.ptr[i];
		char esc[8];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		const int n = c < 0x20 ? snprintf(esc, sizeof esc, "\\u%04x", c)
				       : snprintf(esc, sizeof esc, "\\%c", c);
		go = put(j, s.ptr + from, i - from) && put(j, esc, (size_t)n);
		from = i + 1;
	}
	return go && put(j, s.ptr + from, s.len - from) && put(j, "\"", 1);
}

static int put_comma(struct jrec *j)
{
	const char last = j->json.len ? j->json.p[j->json.len - 1] : '[';

	return strchr("[{:", last) ? 1 : put(j, ",", 1);
}

static int capture_line(struct jrec *j, struct hub_str text)
{
	if (text.len && memchr(text.ptr, '\n', text.len))
		j->cap.flat = 2;
	if (text.len > j->sheet->limit - j->lines.len)
		return 1; /* the JSON form says so */
	if ((j->cap.items++ && jtext_put(j, &j->lines, (struct hub_str){"\n", 1})) ||
	    jtext_put(j, &j->lines, text))
		return jrec_stop(j, jrec_no_memory(j, j->err));
	return 1;
}

int jcapture_scalar(struct jrec *j, int string, struct hub_str text)
{
	if (j->cap.depth == 1 && j->cap.flat && !capture_line(j, text))
		return 0;
	if (!put_comma(j))
		return 0;
	if (string)
		return put_string(j, text);
	return text.ptr ? put(j, text.ptr, text.len) : put(j, "null", 4);
}

int jcapture_open(struct jrec *j, int array)
{
	if (j->cap.depth == 0) {
		j->json.len = j->lines.len = 0;
		j->cap.flat = (uint8_t)(array != 0);
		j->cap.items = 0;
	} else {
		j->cap.flat = 0;
	}
	if (!put_comma(j))
		return 0;
	j->cap.depth++;
	return put(j, array ? "[" : "{", 1);
}

int jcapture_close(struct jrec *j, int array)
{
	const int lines = j->cap.flat && j->lists == JREC_LINES;
	int rc = HUB_OK;

	if (!put(j, array ? "]" : "}", 1))
		return 0;
	if (--j->cap.depth)
		return 1;
	if (j->json.len == 2)
		sheet_null(j->sheet, j->cap.col);
	else
		rc = sheet_put(j->sheet, j->cap.col,
			       jtext_of(lines && j->cap.flat == 1 ? &j->lines : &j->json), j->err);
	if (lines && j->cap.flat == 2)
		sheet_invalid(j->sheet, j->cap.col);
	return rc ? jrec_stop(j, rc) : 1;
}

int jcapture_key(struct jrec *j, struct hub_str key)
{
	return put_comma(j) && put_string(j, key) && put(j, ":", 1);
}
