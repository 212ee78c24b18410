#include "release/cast.h"

#include "base/hash.h"
#include "text/name.h"

enum { PEOPLE = 99, LETTERS = 26, MANY = 9999 };

struct member {
	struct hub_str role; /* empty: a number stands for the person */
	int letter;          /* role is followed by a letter of its own */
	uint32_t number;     /* drawn on first use; 0: not yet */
	uint32_t same;       /* how many members before have the same role */
};

struct hub_cast {
	struct hub_arena *a;
	struct hub_str key, case_id;
	const struct hub_codes *relations;
	struct hub_map *find; /* "id:..." or "as:<name key>" -> index */
	struct member *members;
	uint32_t n;
	size_t cap;
};

/* Relations that are clear by themselves, and those that need 本人の. What is not here is a number. */
static const struct {
	const char *code, *shown;
} roles[] = {
    {"self", "本人"},
    {"head", "世帯主"},
    {"spouse", "本人の配偶者"},
    {"husband", "本人の夫"},
    {"wife", "本人の妻"},
    {"partner", "本人の内縁の配偶者"},
    {"ex_spouse", "本人の元配偶者"},
    {"child", "本人の子"},
    {"son", "本人の息子"},
    {"eldest_son", "長男"},
    {"second_son", "次男"},
    {"third_son", "三男"},
    {"fourth_son", "四男"},
    {"daughter", "本人の娘"},
    {"eldest_daughter", "長女"},
    {"second_daughter", "次女"},
    {"third_daughter", "三女"},
    {"fourth_daughter", "四女"},
    {"adopted_child", "本人の養子"},
    {"stepchild", "本人の連れ子"},
    {"father", "本人の父"},
    {"mother", "本人の母"},
    {"parents", "本人の父母"},
    {"step_parent", "本人の義理の父母"},
    {"father_in_law", "本人の義父"},
    {"mother_in_law", "本人の義母"},
    {"sibling", "本人のきょうだい"},
    {"elder_brother", "本人の兄"},
    {"elder_sister", "本人の姉"},
    {"younger_brother", "本人の弟"},
    {"younger_sister", "本人の妹"},
    {"sibling_in_law", "本人の義理のきょうだい"},
    {"grandchild", "本人の孫"},
    {"great_grandchild", "本人のひ孫"},
    {"grandparent", "本人の祖父母"},
    {"grandfather", "本人の祖父"},
    {"grandmother", "本人の祖母"},
    {"uncle_aunt", "本人のおじ・おば"},
    {"nephew_niece", "本人の甥・姪"},
    {"cousin", "本人のいとこ"},
    {"son_in_law", "本人の婿"},
    {"daughter_in_law", "本人の嫁"},
    {"relative", "本人の親族"},
    {"housemate", "本人の同居人"},
    {"friend", "本人の知人"},
    {"neighbour", "近隣の人"},
    {"landlord", "大家"},
    {"employer", "勤務先の人"},
    {"teacher", "学校関係者"},
    {"minsei", "民生委員"},
    {"care_manager", "ケアマネジャー"},
    {"counsellor", "相談員"},
    {"doctor", "医療関係者"},
    {"guardian", "後見人等"},
    {"lawyer", "弁護士等"},
};

static struct hub_str role_of(const struct hub_cast *c, struct hub_str relation)
{
	const struct hub_code *code = c->relations ? hub_code_find(c->relations, relation) : NULL;

	for (size_t i = 0; code && i < HUB_COUNT(roles); i++)
		if (hub_str_is(code->code, roles[i].code))
			return hub_str_of(roles[i].shown);
	return (struct hub_str){"", 0};
}

struct hub_cast *hub_cast_new(struct hub_arena *a, struct hub_str key, struct hub_str case_id,
			      const struct hub_codes *relations)
{
	struct hub_cast *c = hub_alloc0(a, sizeof *c);

	if (!c)
		return NULL;
	*c = (struct hub_cast){.a = a, .key = key, .case_id = case_id, .relations = relations};
	c->find = hub_map_new(a);
	return c->find ? c : NULL;
}

/* New member under that key; NULL when out of memory. */
static struct member *add(struct hub_cast *c, struct hub_str key, struct hub_str role, int letter)
{
	struct member *grown = hub_alloc_more(c->a, c->members, c->n, &c->cap, sizeof *grown);

	if (!grown)
		return NULL;
	c->members = grown;
	if (hub_map_put(c->find, key, c->n))
		return NULL;
	struct member *m = &c->members[c->n++];
	*m = (struct member){.role = role, .letter = letter};
	for (uint32_t i = 0; role.len && i + 1 < c->n; i++)
		m->same += hub_str_eq(c->members[i].role, role) ? 1u : 0u;
	return m;
}

static struct hub_str id_key(struct hub_cast *c, struct hub_str person)
{
	return hub_arena_printf(c->a, "id:%.*s", HUB_FMT(person));
}

static int add_known(struct hub_cast *c, struct hub_str person, struct hub_str role, int letter)
{
	const struct hub_str key = id_key(c, person);
	uint64_t at;

	if (!key.ptr)
		return -1;
	if (hub_map_get(c->find, key, &at))
		return 0;
	return add(c, key, role, letter) ? 0 : -1;
}

int hub_cast_add(struct hub_cast *c, struct hub_str person, struct hub_str relation)
{
	return add_known(c, person, role_of(c, relation), 0);
}

int hub_cast_add_staff(struct hub_cast *c, struct hub_str person)
{
	return add_known(c, person, HUB_STR("職員"), 1);
}

static int is_taken(const struct hub_cast *c, const struct member *m, uint32_t number)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (&c->members[i] != m && c->members[i].letter == m->letter &&
		    c->members[i].number == number)
			return 1;
	return 0;
}

/* A number that depends on recipient, case and person, and that nobody else of the case has. */
static int draw(struct hub_cast *c, struct member *m, struct hub_str key)
{
	uint8_t mac[HUB_SHA256];
	const struct hub_str text = hub_arena_printf(c->a, "cast:%zu:%.*s:%.*s", c->case_id.len,
						     HUB_FMT(c->case_id), HUB_FMT(key));

	if (!text.ptr || hub_hmac(c->key, text, mac))
		return -1;
	const uint32_t wish = (uint32_t)mac[0] << 16 | (uint32_t)mac[1] << 8 | mac[2];
	const uint32_t small = m->letter ? LETTERS : PEOPLE;
	/* twice as many numbers as people keep the draw wide */
	const uint32_t of = c->n * 2 > small ? MANY : small;
	uint32_t number = wish % of;

	while (is_taken(c, m, number + 1))
		number = (number + 1) % (of + c->n);
	m->number = number + 1;
	return 0;
}

static struct hub_str show(struct hub_cast *c, const struct member *m)
{
	uint32_t same = 0;

	if (m->letter && m->number <= LETTERS)
		return hub_arena_printf(c->a, "%.*s%c", HUB_FMT(m->role),
					(char)('A' + m->number - 1));
	if (m->letter)
		return hub_arena_printf(c->a, "%.*s%u", HUB_FMT(m->role), (unsigned)m->number);
	if (m->role.len == 0)
		return hub_arena_printf(c->a, "人物%u", (unsigned)m->number);
	for (uint32_t i = 0; i < c->n; i++)
		same += hub_str_eq(c->members[i].role, m->role) ? 1u : 0u;
	if (same == 1)
		return m->role;
	return hub_arena_printf(c->a, "%.*s%u", HUB_FMT(m->role), (unsigned)m->same + 1);
}

struct hub_str hub_cast_name(struct hub_cast *c, struct hub_str person, struct hub_str surface)
{
	const struct hub_str nothing = {"", 0};
	struct hub_str key;
	uint64_t at;

	if (person.len) {
		key = id_key(c, person);
	} else {
		const struct hub_str plain = hub_name_key(c->a, surface, NULL);
		if (!plain.ptr)
			return nothing;
		key = hub_arena_printf(c->a, "as:%.*s", HUB_FMT(plain));
	}
	if (!key.ptr)
		return nothing;
	struct member *m =
	    hub_map_get(c->find, key, &at) ? &c->members[at] : add(c, key, nothing, 0);
	if (!m || ((m->letter || m->role.len == 0) && m->number == 0 && draw(c, m, key)))
		return nothing;
	return show(c, m);
}
