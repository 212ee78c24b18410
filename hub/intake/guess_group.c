/* What kind of file it is, and so which entities it may fill. */
#include "intake/guess_in.h"

/* The entities that each kind may fill. */
static const char *const groups[][20] = {
    [GUESS_PEOPLE] = {"person", "household", "household_member", "relationship", "case", "intake",
		      "assessment", "screening", "plan", "plan_action", "meeting", "evaluation",
		      "activity", "task", "protection", "certification", "consent", NULL},
    [GUESS_REGISTRY] = {"residence", "person", "household", "household_member", "protection", NULL},
    [GUESS_RESOURCES] = {"resource", NULL},
    [GUESS_CERTIFIED] = {"certification", "person", NULL},
    [GUESS_STAFF] = {"staff", "appointment", "agency", NULL},
    [GUESS_AGENCIES] = {"agency", NULL},
    [GUESS_SCHEMES] = {"scheme", NULL},
    [GUESS_WORKLOAD] = {"workload", NULL},
};

int hub_guess_in_group(enum guess_group group, const struct hub_entity *e)
{
	for (const char *const *name = groups[group]; *name; name++)
		if (hub_str_is(e->name, *name))
			return 1;
	return 0;
}

/* How much a word says about the kind of file. The end of a header says little; a name says more, and
 * most of all whether it names people or organisations. */
static int word_score(const struct guess_col *c, const struct hub_field *f, int score)
{
	if (score < 80)
		return 20;
	if (!(f->flags & HUB_FF_REQUIRED))
		return score;
	if (f->type == HUB_F_NAME && hub_str_is(f->entity->name, "person"))
		return hub_guess_share(c, LOOK_ORG) > 40 ? 10 : score + 60;
	if (hub_str_is(f->entity->name, "resource") || hub_str_is(f->entity->name, "agency"))
		return hub_guess_share(c, LOOK_ORG) > 40 ? score + 60 : score;
	return score + 15;
}

/* Sum of the best candidates of each column within the group; places on a map are social resources. */
static int group_score(const struct hub_guess *g, const struct guess_words *words,
		       enum guess_group group)
{
	int sum = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		int best = 0;
		for (uint32_t k = 0; k < words[i].n; k++) {
			const struct hub_field *f = words[i].cand[k].field;
			if (!hub_guess_in_group(group, f->entity) ||
			    hub_guess_fit(&g->col[i], f) == 0)
				continue;
			const int score = word_score(&g->col[i], f, words[i].cand[k].score);
			best = score > best ? score : best;
		}
		sum += best;
		if ((hub_guess_share(&g->col[i], LOOK_LATITUDE) > 80 ||
		     hub_guess_share(&g->col[i], LOOK_LAT_LON) > 80) &&
		    group == GUESS_RESOURCES)
			sum += 100;
	}
	return sum;
}

uint32_t hub_guess_hits(const struct hub_guess *g, const struct guess_words *words,
			const struct hub_entity *e)
{
	uint32_t hits = 0;

	for (uint32_t i = 0; e && i < g->cols; i++)
		for (uint32_t k = 0; k < words[i].n; k++) {
			if (words[i].cand[k].field->entity != e || words[i].cand[k].score < 80)
				continue;
			hits++;
			break;
		}
	return hits;
}

static int has_word(const struct hub_guess *g, const struct guess_words *words, const char *field)
{
	for (uint32_t i = 0; i < g->cols; i++)
		for (uint32_t k = 0; k < words[i].n; k++)
			if (words[i].cand[k].score >= 75 &&
			    hub_str_is(words[i].cand[k].field->name, field))
				return 1;
	return 0;
}

/* Certifications, of people whom the municipality knows by its own number. With a number of its own for its clients
 * it is the ledger of an office, which happens to note their certification. */
static int is_certified(const struct hub_guess *g, const struct guess_words *words)
{
	const int all = group_score(g, words, GUESS_PEOPLE);

	return (has_word(g, words, "atena_no") || has_word(g, words, "ltc_insured_no")) &&
	       !has_word(g, words, "client_no") && !has_word(g, words, "case_no") &&
	       hub_guess_hits(g, words, hub_schema_entity(g->schema, HUB_STR("certification"))) >=
		   4 &&
	       group_score(g, words, GUESS_CERTIFIED) * 5 >= all * 4;
}

/* People with the organisation they work for and their post there: nobody's clients, but an address book. */
static int is_address_book(const struct hub_guess *g, const struct guess_words *words)
{
	static const char *const posts[] = {"役職", "役職名", "部課名", "部署", "部署名"};
	int firm = 0, post = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		firm |= hub_str_is(g->col[i].name, "会社名") || hub_str_is(g->col[i].name, "会社");
		for (size_t k = 0; k < HUB_COUNT(posts); k++)
			post |= hub_str_is(g->col[i].name, posts[k]);
	}
	return firm && post && !has_word(g, words, "birth_date");
}

enum guess_group hub_guess_group(const struct hub_guess *g, const struct guess_words *words)
{
	enum guess_group best = GUESS_RESOURCES; /* a list of whatever */
	int most = group_score(g, words, GUESS_RESOURCES);

	for (enum guess_group i = 0; i < GUESS_GROUPS; i++) {
		const int score = group_score(g, words, i);
		if (score > most) {
			most = score;
			best = i;
		}
	}
	if (best == GUESS_PEOPLE && is_address_book(g, words))
		return GUESS_AGENCIES;
	return best == GUESS_PEOPLE && is_certified(g, words) ? GUESS_CERTIFIED : best;
}

const struct hub_entity *hub_guess_main(const struct hub_guess *g, const struct guess_words *words,
					enum guess_group group)
{
	const struct hub_entity *best = hub_schema_entity(g->schema, hub_str_of(groups[group][0]));
	uint32_t most = 0;

	for (const char *const *name = groups[group]; *name; name++) {
		const struct hub_entity *e = hub_schema_entity(g->schema, hub_str_of(*name));
		const uint32_t hits = e ? hub_guess_hits(g, words, e) : 0;
		if (hits > most) {
			most = hits;
			best = e;
		}
	}
	return best;
}
