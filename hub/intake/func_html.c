/* untag: HTML as the text that is seen. Rich text of kintone and of other systems comes as HTML, as JSON and as CSV alike. */
#include "intake/func_list.h"

#include <string.h>
#include <strings.h>

/* What was written so far; never longer than what was read. */
struct seen {
	char *p;
	size_t n;
	uint32_t lines; /* line ends that wait for what comes behind them */
};

static void put(struct seen *s, struct hub_str text)
{
	if (text.len == 0)
		return;
	for (; s->lines; s->lines--)
		if (s->n)
			s->p[s->n++] = '\n';
	memcpy(s->p + s->n, text.ptr, text.len);
	s->n += text.len;
}

static int is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* <b>, </div>, <br />: the length; 0 when it is no tag. */
static size_t tag_length(struct hub_str s)
{
	const char *close = s.ptr[0] == '<' ? memchr(s.ptr, '>', s.len) : NULL;
	const char next = s.len > 1 ? s.ptr[1] : '\0';

	if (!close || !(next == '/' || next == '!' || is_letter(next)))
		return 0;
	return (size_t)(close - s.ptr) + 1;
}

static int is_name(const char *name, size_t n, const char *want)
{
	return n == strlen(want) && strncasecmp(name, want, n) == 0;
}

/* tag: from < to >. */
static void take_tag(struct seen *s, struct hub_str tag)
{
	static const char *const blocks[] = {"div", "p",     "li", "ul",  "ol",
					     "tr",  "table", "h1", "h2",  "h3",
					     "h4",  "h5",    "h6", "pre", "blockquote"};
	const int closes = tag.ptr[1] == '/';
	const char *name = tag.ptr + 1 + closes;
	size_t n = 0;

	while (is_letter(name[n]) || (name[n] >= '0' && name[n] <= '9')) /* > ends it */
		n++;
	s->lines += is_name(name, n, "br") != 0;
	for (size_t i = 0; i < HUB_COUNT(blocks) && !s->lines; i++)
		s->lines = is_name(name, n, blocks[i]) != 0;
	if (closes && (is_name(name, n, "td") || is_name(name, n, "th")))
		put(s, HUB_STR("\t"));
}

/* &amp; and the like: the length; 0 when it is none. */
static size_t entity(struct hub_str s, struct hub_str *text)
{
	static const struct {
		struct hub_str written, seen;
	} known[] = {{{"&amp;", 5}, {"&", 1}},  {{"&lt;", 4}, {"<", 1}},
		     {{"&gt;", 4}, {">", 1}},   {{"&quot;", 6}, {"\"", 1}},
		     {{"&nbsp;", 6}, {" ", 1}}, {{"&#39;", 5}, {"'", 1}},
		     {{"&apos;", 6}, {"'", 1}}};

	for (size_t i = 0; s.ptr[0] == '&' && i < HUB_COUNT(known); i++)
		if (hub_str_starts(s, known[i].written)) {
			*text = known[i].seen;
			return known[i].written.len;
		}
	return 0;
}

enum hub_cell hub_fn_untag(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	struct seen s = {.p = hub_fx_room(c->x, in.len)};
	struct hub_str text = {"", 0};
	size_t from = 0;

	if (!s.p)
		return HUB_NULL;
	for (size_t i = 0; i < in.len;) {
		const struct hub_str rest = hub_str_from(in, i);
		const size_t tag = tag_length(rest), n = tag ? tag : entity(rest, &text);
		if (n == 0) {
			i++;
			continue;
		}
		put(&s, hub_str_cut(in, from, i));
		if (tag)
			take_tag(&s, hub_str_cut(in, i, i + n));
		else
			put(&s, text);
		i += n;
		from = i;
	}
	put(&s, hub_str_from(in, from));
	*out = (struct hub_str){s.p, s.n};
	return s.n ? HUB_VALUE : HUB_NULL;
}
