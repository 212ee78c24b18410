#include "born.h"

#include "jname.h"
#include "jnum.h"

#include <string.h>

enum {
	WINDOW = 48, /* bytes behind a name in which a date and what follows it stand */
	GAP_MOST = 2,
	BORN_CONFIDENCE = 600,
	LONG_AGO = 1995,    /* nothing else is told of such a day without a word for it */
	NO_VISIT = 2015,    /* a day before is no visit: notes of this kind are younger */
	SURNAME_LONGEST = 4 /* characters */
};

/* Is all of the name a surname? Who is told of by it is no child: 担当 石橋(R8.4.1) */
static int is_surname(struct hub_str name)
{
	uint32_t cp[SURNAME_LONGEST + 1], n = 0;

	for (size_t at = 0; at + 3 <= name.len && n <= SURNAME_LONGEST; at += 3)
		cp[n++] = ((uint32_t)name.ptr[at] & 15u) << 12 |
			  ((uint32_t)name.ptr[at + 1] & 63u) << 6 |
			  ((uint32_t)name.ptr[at + 2] & 63u);
	return n * 3 == name.len && jname_surname(cp, n);
}

/* What may follow a date of birth: no particle, no word. */
static int ends_date(const struct jtext *t, uint32_t i, int bracket)
{
	const uint32_t c = jt_at(t, i);

	if (bracket)
		return c == ')' || c == ',' || c == 0x3001 || c == ' ' || c == 0x30fb || c == '/';
	return !c || c == ' ' || c == '\n' || c == '\t' || c == ',' || c == 0x3001 || c == '/';
}

int born_behind(struct hub_str norm, const struct tag_span *person, const struct jpool *pool,
		struct tag_span *out)
{
	const size_t left = norm.len - person->to;
	const struct hub_str name = {norm.ptr + person->from, person->to - person->from};
	struct hub_str rest = {norm.ptr + person->to, left < WINDOW ? left : WINDOW};
	struct jpool own = *pool; /* what it takes is free again at once */
	struct jtext t;
	struct jdate d;
	uint32_t i = 0;

	/* most names are followed by a particle */
	if (person->type != HUB_SPAN_PERSON || !rest.len || !strchr(" (\t/", rest.ptr[0]))
		return 0;
	while (rest.len < left && (rest.ptr[rest.len] & 0xc0) == 0x80)
		rest.len--;
	if (jt_read_str(&t, rest, &own))
		return 0;
	while (i < GAP_MOST && jt_at(&t, i) && strchr(" (\t/", (int)jt_at(&t, i)))
		i++;
	if (!jdate_read(&t, i, &d) || !ends_date(&t, d.end, jt_at(&t, i - 1) == '('))
		return 0;
	if (jt_at(&t, i - 1) == '(' ? d.y >= NO_VISIT && is_surname(name) : d.y >= LONG_AGO)
		return 0;
	*out = (struct tag_span){.from = person->to + t.off[i],
				 .to = person->to + t.off[d.end],
				 .type = HUB_SPAN_BIRTHDATE,
				 .confidence = BORN_CONFIDENCE};
	return 1;
}
