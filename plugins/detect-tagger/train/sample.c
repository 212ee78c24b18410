#include "train.h"

uint32_t rng_below(struct rng *r, uint32_t n)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (uint32_t)((r->state * 0x2545f4914f6cdd1dull >> 33) % n);
}

void sample_reset(struct sample *s)
{
	hub_buf_reset(&s->text);
	s->marks = 0;
}

void sample_add(struct sample *s, struct hub_str text, uint32_t may)
{
	if (may && s->marks < MARKS_MAX)
		s->mark[s->marks++] =
		    (struct mark){(uint32_t)s->text.len, (uint32_t)(s->text.len + text.len), may};
	hub_buf_str(&s->text, text);
}

static int is_start(char c)
{
	return (c & 0xc0) != 0x80;
}

/* Inside of a name now and then, else anywhere. */
void sample_break(struct sample *s, struct rng *r)
{
	const struct hub_str text = hub_buf_text(&s->text);
	uint32_t from = 0, to = (uint32_t)text.len;

	if (s->marks && rng_chance(r, 60)) {
		const struct mark *m = &s->mark[rng_below(r, s->marks)];
		from = m->from;
		to = m->to;
	}
	if (to - from < 6)
		return;
	uint32_t at = from + 1 + rng_below(r, to - from - 1);
	while (at < to && !is_start(text.ptr[at]))
		at++;
	if (at >= to)
		return;
	hub_buf_putc(&s->text, '\n');
	if (!hub_buf_ok(&s->text))
		return;
	memmove(s->text.ptr + at + 1, s->text.ptr + at, s->text.len - 1 - at);
	s->text.ptr[at] = '\n';
	for (uint32_t i = 0; i < s->marks; i++) {
		s->mark[i].from += s->mark[i].from >= at;
		s->mark[i].to += s->mark[i].to > at;
	}
}
