#include "form.h"
#include "plain.h"

#include <string.h>
#include <yajl/yajl_parse.h>

enum { LEVELS = 4 };

/* --- lines ------------------------------------------------------------------------------------ */

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int is_whole(const char *p, size_t n)
{
	static const yajl_callbacks none = {0};
	yajl_handle y = yajl_alloc(&none, NULL, NULL);

	if (!y)
		return 0;
	const int whole = yajl_parse(y, (const unsigned char *)p, n) == yajl_status_ok &&
			  yajl_complete_parse(y) == yajl_status_ok;
	yajl_free(y);
	return whole;
}

int form_is_lines(struct hub_str head)
{
	size_t from = 0;

	while (from < head.len && is_blank(head.ptr[from]))
		from++;
	const char *end = memchr(head.ptr + from, '\n', head.len - from);
	if (!end)
		return 0;
	const size_t stop = (size_t)(end - head.ptr);
	size_t rest = stop;
	while (rest < head.len && is_blank(head.ptr[rest]))
		rest++;
	return rest < head.len && is_whole(head.ptr + from, stop - from);
}

/* --- where the records stand ------------------------------------------------------------------ */

struct level {
	uint8_t array;
	size_t path; /* length of the pointer to it */
	uint64_t items;
};

struct search {
	struct level level[LEVELS];
	uint32_t depth, deeper; /* deeper: containers open below the last level */
	char *pointer;
	size_t len; /* of the pointer to the value that comes next */
	int found;
};

static int value(struct search *s)
{
	if (s->depth && !s->deeper)
		s->level[s->depth - 1].items++;
	return 1;
}

static int on_null(void *p)
{
	return value(p);
}

static int on_boolean(void *p, int b)
{
	(void)b;
	return value(p);
}

static int on_number(void *p, const char *t, size_t n)
{
	(void)t;
	(void)n;
	return value(p);
}

static int on_string(void *p, const unsigned char *t, size_t n)
{
	(void)t;
	(void)n;
	return value(p);
}

static int on_key(void *p, const unsigned char *t, size_t n)
{
	struct search *s = p;

	if (s->deeper || !s->depth)
		return 1;
	s->len = s->level[s->depth - 1].path;
	if (n * 2 + 1 > FORM_POINTER - s->len)
		return 0; /* nobody means that */
	s->pointer[s->len++] = '/';
	for (size_t i = 0; i < n; i++) {
		if (t[i] == '~' || t[i] == '/') {
			s->pointer[s->len++] = '~';
			s->pointer[s->len++] = t[i] == '/' ? '1' : '0';
		} else {
			s->pointer[s->len++] = (char)t[i];
		}
	}
	return 1;
}

static int open_one(struct search *s, int array)
{
	const struct level *in = s->depth ? &s->level[s->depth - 1] : NULL;

	if (!s->deeper && in && in->array && in->items == 0 && !array) {
		s->len = in->path;
		s->found = 1;
		return 0;
	}
	value(s);
	/* arrays inside arrays: their elements have no name to be found by */
	if (s->deeper || s->depth == LEVELS || (in && in->array)) {
		s->deeper++;
		return 1;
	}
	s->level[s->depth++] = (struct level){.array = (uint8_t)array, .path = s->len};
	return 1;
}

static int on_map(void *p)
{
	return open_one(p, 0);
}

static int on_array(void *p)
{
	return open_one(p, 1);
}

static int on_end(void *p)
{
	struct search *s = p;

	if (s->deeper)
		s->deeper--;
	else
		s->depth--;
	return s->depth > 0 || s->deeper > 0; /* one document is enough */
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

int form_records(struct input *in, char *buf, size_t n, char pointer[FORM_POINTER],
		 struct hub_err *err)
{
	struct search s = {.pointer = pointer};
	yajl_status status = yajl_status_ok;
	size_t got = 1;
	int rc = HUB_OK;

	pointer[0] = '\0';
	yajl_handle y = yajl_alloc(&callbacks, NULL, &s);
	if (!y)
		return NO_MEMORY(in->host, err);
	/* what is wrong with the text is told by who reads it */
	while (status == yajl_status_ok && got > 0 && !rc) {
		rc = input_read(in, buf, n, &got, err);
		const size_t bom =
		    in->at == got && got >= 3 && !memcmp(buf, "\xef\xbb\xbf", 3) ? 3 : 0;
		if (!rc && got)
			status = yajl_parse(y, (const unsigned char *)buf + bom, got - bom);
	}
	yajl_free(y);
	pointer[s.found ? s.len : 0] = '\0';
	return rc;
}
