#include "kin.h"
#include "plain.h"

#include "cell.h"
#include "kin_words.h"

#include <string.h>

enum { ROWS_MOST = 4000, AGENCIES_MOST = 2000, TEXT_MOST = 4 << 20 };

/* One relationship, or a member of a household, as it came; empty: not said, or not to be shown. */
struct kin_row {
	struct hub_str person, other, agency, resource, area, name, code, word, living, to,
	    strength;
	struct hub_str household;
	int member; /* of a household: code is seen from the client */
};

int kin_open(struct kin *k)
{
	const size_t sizes[] = {KIN_PEOPLE * sizeof *k->person,       KIN_TIES * sizeof *k->tie,
				KIN_LINKS * sizeof *k->link,          KIN_UNIONS * sizeof *k->un,
				KIN_TIES * sizeof *k->child,          ROWS_MOST * sizeof *k->row,
				AGENCIES_MOST * 2 * sizeof *k->agency};
	void *part[sizeof sizes / sizeof sizes[0]];
	size_t all = TEXT_MOST;

	*k = (struct kin){0};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		all += (sizes[i] + 15) & ~(size_t)15;
	if (room_open(&k->room, all))
		return -1;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		part[i] = room_add(&k->room, (sizes[i] + 15) & ~(size_t)15);
	k->person = part[0];
	k->tie = part[1];
	k->link = part[2];
	k->un = part[3];
	k->child = part[4];
	k->row = part[5];
	k->agency = part[6];
	return 0;
}

void kin_close(struct kin *k)
{
	room_close(&k->room);
}

/* --- rows as they come ---------------------------------------------------------------------------- */

static struct hub_str copy(struct kin *k, struct hub_str s)
{
	char *p = s.len ? room_add(&k->room, s.len) : NULL;

	if (!p)
		return (struct hub_str){"", 0};
	memcpy(p, s.ptr, s.len);
	return (struct hub_str){p, s.len};
}

static const struct hub_col *column(const struct hub_batch *b, const char *name)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (str_is(b->col[c].name, name))
			return &b->col[c];
	return NULL;
}

/* A cell's text; empty unless there is one, and unless it is shown as it is or what `also` allows. */
static struct hub_str cell(struct kin *k, const struct hub_batch *b, const char *name, uint32_t r,
			   enum hub_shown also)
{
	const struct hub_col *c = column(b, name);

	if (!c || !cell_has_text(c, r))
		return (struct hub_str){"", 0};
	const enum hub_shown shown = c->shown ? c->shown[r] : HUB_AS_IS;
	if (shown != HUB_AS_IS && shown != also)
		return (struct hub_str){"", 0};
	return copy(k, c->text[r]);
}

static struct kin_person *find_person(struct kin *k, struct hub_str key)
{
	for (uint32_t i = 0; i < k->people; i++)
		if (str_same(k->person[i].key, key))
			return &k->person[i];
	if (k->people == KIN_PEOPLE)
		return NULL;
	k->person[k->people] = (struct kin_person){.key = copy(k, key)};
	return &k->person[k->people++];
}

/* "1980-03-04" -> "1980"; "昭和55年3月4日" -> "昭和55年"; an age band stays. */
static struct hub_str year_of(struct hub_str s)
{
	static const char year[] = "年";

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '-' || s.ptr[i] == '/')
			return (struct hub_str){s.ptr, i};
		if (s.len - i > 3 && memcmp(s.ptr + i, year, 3) == 0)
			return (struct hub_str){s.ptr, i + 3};
	}
	return s;
}

static void keep(struct hub_str *to, struct hub_str s)
{
	if (to->len == 0)
		*to = s;
}

/* A person may be known to several systems: what one of them lacks another one may say. */
static int take_person(struct kin *k, const struct hub_batch *b, uint32_t r)
{
	const struct hub_str key = cell(k, b, "key", r, HUB_PSEUDONYM);
	struct kin_person *p = find_person(k, key);
	const struct hub_str sex = cell(k, b, "sex", r, HUB_AS_IS);

	if (!p)
		return KIN_FULL;
	keep(&p->name, cell(k, b, "name", r, HUB_AS_IS));
	keep(&p->birth, year_of(cell(k, b, "birth_date", r, HUB_GENERALISED)));
	if (str_is(sex, "1") || str_is(sex, "2"))
		p->sex = str_is(sex, "1") ? KIN_MALE : KIN_FEMALE;
	p->dead |= str_is(cell(k, b, "deceased", r, HUB_AS_IS), "1") ||
		   cell(k, b, "death_on", r, HUB_AS_IS).len > 0;
	return KIN_OK;
}

static int take_case(struct kin *k, const struct hub_batch *b, uint32_t r)
{
	keep(&k->client, cell(k, b, "person", r, HUB_PSEUDONYM));
	k->cases++;
	return KIN_OK;
}

static int take_agency(struct kin *k, const struct hub_batch *b, uint32_t r)
{
	if (k->agencies == AGENCIES_MOST)
		return KIN_OK;
	k->agency[2 * k->agencies] = cell(k, b, "key", r, HUB_PSEUDONYM);
	struct hub_str name = cell(k, b, "agency_name", r, HUB_AS_IS);
	if (!name.len)
		name = cell(k, b, "resource_name", r, HUB_AS_IS);
	k->agency[2 * k->agencies++ + 1] = name;
	return KIN_OK;
}

static int take_row(struct kin *k, const struct hub_batch *b, uint32_t r, int member)
{
	if (k->rows == ROWS_MOST)
		return KIN_FULL;
	k->row[k->rows++] = (struct kin_row){
	    .person = cell(k, b, "person", r, HUB_PSEUDONYM),
	    .other = cell(k, b, "other_person", r, HUB_PSEUDONYM),
	    .agency = cell(k, b, "other_agency", r, HUB_PSEUDONYM),
	    .resource = cell(k, b, "other_resource", r, HUB_PSEUDONYM),
	    .household = cell(k, b, "household", r, HUB_PSEUDONYM),
	    .area = cell(k, b, "other_area", r, HUB_AS_IS),
	    .name = cell(k, b, "other_name", r, HUB_AS_IS),
	    .code = cell(k, b, "relation_code", r, HUB_PSEUDONYM),
	    .word = cell(k, b, "relation", r, HUB_AS_IS),
	    .living = cell(k, b, "living", r, HUB_AS_IS),
	    .to = cell(k, b, "relation_to", r, HUB_AS_IS),
	    .strength = cell(k, b, "strength", r, HUB_AS_IS),
	    .member = member,
	};
	return KIN_OK;
}

int kin_take(struct kin *k, const struct hub_batch *b)
{
	int rc = KIN_OK;

	for (uint32_t r = 0; r < b->rows && !rc; r++) {
		if (str_is(b->table, "person"))
			rc = take_person(k, b, r);
		else if (str_is(b->table, "case"))
			rc = take_case(k, b, r);
		else if (str_is(b->table, "agency") || str_is(b->table, "resource"))
			rc = take_agency(k, b, r);
		else if (str_is(b->table, "household_member") || str_is(b->table, "relationship"))
			rc = take_row(k, b, r, str_is(b->table, "household_member"));
	}
	return rc || k->room.cap - k->room.len > 4096 ? rc : KIN_MEMORY;
}

/* --- who is who ------------------------------------------------------------------------------------ */

static const struct kin_word *word_of(struct hub_str code)
{
	for (size_t i = 0; i < sizeof kin_words / sizeof kin_words[0]; i++)
		if (str_is(code, kin_words[i].code))
			return &kin_words[i];
	return NULL;
}

const struct kin_person *kin_client(const struct kin *k)
{
	for (uint32_t i = 0; i < k->people; i++)
		if (k->person[i].client)
			return &k->person[i];
	return NULL;
}

static uint32_t index_of(const struct kin *k, const struct kin_person *p)
{
	return p ? (uint32_t)(p - k->person) : KIN_NONE;
}

/* Said twice, from both sides or by two systems, a tie is one; the later one adds what it knows. */
static void add_tie(struct kin *k, struct kin_tie t)
{
	for (uint32_t i = 0; i < k->ties; i++) {
		struct kin_tie *o = &k->tie[i];
		const int equal = o->a == t.a && o->b == t.b,
			  turned = o->a == t.b && o->b == t.a && t.kind == KIN_COUPLE;
		if (o->kind != t.kind || !(equal || turned))
			continue;
		o->ended |= t.ended;
		o->apart |= t.apart;
		o->dashed |= t.dashed;
		return;
	}
	if (k->ties < KIN_TIES && t.a != t.b)
		k->tie[k->ties++] = t;
}

static int has_parent_tie(const struct kin *k, uint32_t child, uint32_t parent)
{
	for (uint32_t i = 0; i < k->ties; i++)
		if (k->tie[i].kind == KIN_PARENT && k->tie[i].a == child && k->tie[i].b == parent)
			return 1;
	return 0;
}

static int begins(struct hub_str s, const char *word)
{
	return s.len >= strlen(word) && memcmp(s.ptr, word, strlen(word)) == 0;
}

static void tie_people(struct kin *k, const struct kin_row *r, const struct kin_word *w, uint32_t a,
		       uint32_t b)
{
	struct kin_tie t = {.a = a,
			    .b = b,
			    .kind = w->kind,
			    .dashed = w->dashed,
			    .ended = w->ended || (w->kind == KIN_COUPLE && r->to.len > 0),
			    .apart = str_is(r->living, "apart"),
			    .generation = w->generation};

	if (w->kind == KIN_PARENT && w->generation == 1) {
		t.a = b;
		t.b = a;
	}
	/* a child that has its tie from its own side knows better whether it is by birth */
	if (w->kind != KIN_PARENT || !has_parent_tie(k, t.a, t.b))
		add_tie(k, t);
}

static enum kin_strength strength_of(struct hub_str s)
{
	static const char *const words[] = {"normal", "strong", "weak", "stress", "broken"};

	for (size_t i = 1; i < sizeof words / sizeof words[0]; i++)
		if (str_is(s, words[i]))
			return (enum kin_strength)i;
	return KIN_NORMAL;
}

static struct hub_str name_of_agency(const struct kin *k, struct hub_str key)
{
	for (uint32_t i = 0; i < k->agencies; i++)
		if (str_same(k->agency[2 * i], key))
			return k->agency[2 * i + 1];
	return (struct hub_str){"", 0};
}

static void add_link(struct kin *k, const struct kin_row *r, struct hub_str label,
		     struct hub_str note)
{
	if (k->links < KIN_LINKS && (label.len || note.len))
		k->link[k->links++] = (struct kin_link){.label = label.len ? label : note,
							.note = label.len ? note : str_of(""),
							.strength = strength_of(r->strength)};
}

/* Somebody a relation only names may be a person that is known: by the same name, or as the client's one
 * father, mother, or present partner. */
static struct kin_person *known_by(struct kin *k, const struct kin_row *r)
{
	const struct kin_word *w = word_of(r->code);
	const uint32_t client = index_of(k, kin_client(k));

	for (uint32_t i = 0; i < k->people && r->name.len; i++)
		if (str_same(k->person[i].name, r->name))
			return &k->person[i];
	for (uint32_t i = 0; i < k->ties && w; i++) {
		const struct kin_tie *t = &k->tie[i];
		const int from_me = t->a == client || (t->kind == KIN_COUPLE && t->b == client);
		struct kin_person *other = &k->person[t->a == client ? t->b : t->a];
		if (from_me && t->kind == w->kind && w->generation < 1 && !w->dashed &&
		    !t->dashed && !t->ended && !w->ended && w->sex != KIN_UNKNOWN &&
		    other->sex == w->sex && w->kind != KIN_SIBLING && w->kind != KIN_LOOSE)
			return other;
	}
	return NULL;
}

/* The person a row is about besides the client; made up when only a name stands there. */
static struct kin_person *other_of(struct kin *k, const struct kin_row *r, uint32_t at)
{
	char key[32] = "row ";
	size_t n = 4;

	if (r->other.len)
		return find_person(k, r->other);
	if (k->people == KIN_PEOPLE)
		return NULL;
	struct kin_person *known = known_by(k, r);
	if (known)
		return known;
	for (uint32_t v = at + 1; v; v /= 10)
		key[n++] = (char)('0' + v % 10);
	struct kin_person *p = find_person(k, (struct hub_str){key, n});
	if (p)
		keep(&p->name, r->name);
	return p;
}

/* An agency, a resource, a place: it has nothing but a link. */
static int settle_thing(struct kin *k, const struct kin_row *r)
{
	const int thing = r->agency.len || r->resource.len || r->area.len;

	if (!thing)
		return 0;
	struct hub_str label = r->area;
	if (r->agency.len || r->resource.len)
		label = name_of_agency(k, r->agency.len ? r->agency : r->resource);
	add_link(k, r, label, str_of(r->area.len ? "地域" : r->agency.len ? "機関" : "社会資源"));
	return 1;
}

static int settle_row(struct kin *k, uint32_t at, struct kin_person *client)
{
	const struct kin_row *r = &k->row[at];
	const struct kin_word *w = word_of(r->code);
	struct kin_person *one = r->member ? client : find_person(k, r->person), *other;

	if (!one || (one == client && settle_thing(k, r)))
		return one ? KIN_OK : KIN_FULL;
	if (r->member)
		other = find_person(k, r->person);
	else if (r->other.len || r->name.len || r->code.len)
		other = other_of(k, r, at);
	else if (one == client) { /* with whom or what may not be shown */
		add_link(k, r, r->word, str_of(""));
		return KIN_OK;
	} else
		return KIN_OK;
	if (!other)
		return KIN_FULL;
	if (one == client && other != client && w) {
		/* 養父, 元夫: what is written says more than its code, but may also hold a name */
		const int finer =
		    r->word.len <= 9 && (begins(r->word, "養") || begins(r->word, "継") ||
					 begins(r->word, "元") || begins(r->word, "里"));
		keep(&other->word, finer ? r->word : str_of(w->word));
		other->together |= str_is(r->living, "together");
	}
	if (w && other->sex == KIN_UNKNOWN)
		other->sex =
		    str_is(r->word, "元夫") || str_is(r->word, "養父") || str_is(r->word, "継父")
			? KIN_MALE
		    : str_is(r->word, "元妻") || str_is(r->word, "養母") || str_is(r->word, "継母")
			? KIN_FEMALE
			: w->sex;
	if (w && w->kind != KIN_NO_KIN && other != one)
		tie_people(k, r, w, index_of(k, one), index_of(k, other));
	if (one == client && other != client && (r->strength.len || (w && w->kind == KIN_NO_KIN)))
		add_link(k, r, other->name, w ? str_of(w->word) : str_of(""));
	return KIN_OK;
}

static void settle_members(struct kin *k, struct hub_str household)
{
	for (uint32_t i = 0; i < k->rows; i++) {
		if (!k->row[i].member || !str_same(k->row[i].household, household))
			continue;
		struct kin_person *p = find_person(k, k->row[i].person);
		if (p)
			p->together = 1;
	}
}

/* Who lives with the client: members of the same household, as any of the systems knows it. */
static void settle_household(struct kin *k, struct kin_person *client)
{
	client->together = 1;
	for (uint32_t i = 0; i < k->rows; i++)
		if (k->row[i].member && k->row[i].household.len &&
		    str_same(k->row[i].person, client->key))
			settle_members(k, k->row[i].household);
}

int kin_settle(struct kin *k)
{
	struct kin_person *client = k->client.len ? find_person(k, k->client) : NULL;

	if (!client)
		return KIN_OK;
	client->client = 1;
	client->word = str_of("本人");
	/* what a relationship says of a child from its own side comes first, mere names come last */
	for (int pass = 0; pass < 3; pass++)
		for (uint32_t i = 0; i < k->rows; i++) {
			const struct kin_word *w = word_of(k->row[i].code);
			const int up = w && w->kind == KIN_PARENT && w->generation < 0;
			const int known = k->row[i].member || k->row[i].other.len;
			if ((known ? !up : 2) == pass && settle_row(k, i, client))
				return KIN_FULL;
		}
	settle_household(k, client);
	return k->room.cap - k->room.len > 4096 ? KIN_OK : KIN_MEMORY;
}
