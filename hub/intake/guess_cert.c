/* Lists of certifications (要介護認定, 障害者手帳) of an insurer or a municipality: everybody who has one stands in
 * them, so they are looked up like the registry, by its numbers. A person has several rows, and gets more. */
#include "intake/guess_in.h"

#include "base/err.h"

/* The person's numbers name the person, whichever of the two entities the words were nearer to. */
static void give_to_person(const struct hub_guess *g, const char *field)
{
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	struct guess_col *c = hub_guess_filler(g, "certification", field);

	if (c && person && !hub_guess_filler(g, "person", field))
		c->field = hub_schema_field(person, hub_str_of(field));
}

/* Numbers as the registry writes them: a spreadsheet takes leading zeros off. */
static int pad(struct hub_guess *g, const char *entity, const char *field, int width,
	       struct hub_err *err)
{
	struct guess_col *c = hub_guess_filler(g, entity, field);

	if (!c)
		return HUB_OK;
	c->expr = hub_arena_printf(g->arena, "%.*s | width | pad(%d)", HUB_FMT(c->ref), width);
	return c->expr.ptr ? HUB_OK : hub_fail_mem(err);
}

/* A person of its own, linked to the registry's by the numbers: how such a list spells a name (高橋) must not take
 * the place of the registry's (髙橋). */
struct hub_str hub_guess_certified_person(const struct hub_guess *g)
{
	const struct guess_col *no = hub_guess_filler(g, "person", "atena_no");
	const struct guess_col *insured = hub_guess_filler(g, "person", "ltc_insured_no");

	if (no && insured && no->filled < g->rows)
		return hub_arena_printf(g->arena, "'認定' + ((%.*s) ?? (%.*s))", HUB_FMT(no->expr),
					HUB_FMT(insured->expr));
	const struct guess_col *c = no ? no : insured;
	return c ? hub_arena_printf(g->arena, "'認定' + (%.*s)", HUB_FMT(c->expr)) : HUB_STR("");
}

/* The first of some columns that is there, as an expression; its literal where all are empty. */
static struct hub_str first_of(struct hub_guess *g, const char *const field[3], const char *empty)
{
	struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	hub_buf_putc(&b, '(');
	for (size_t i = 0; i < 3 && field[i]; i++) {
		const struct guess_col *c = hub_guess_filler(g, "certification", field[i]);
		if (c)
			hub_buf_printf(&b, "%.*s ?? ", HUB_FMT(c->ref));
	}
	hub_buf_printf(&b, "'%s')", empty);
	const struct hub_str out = hub_buf_keep(&b, g->arena);
	hub_buf_free(&b);
	return out;
}

int hub_guess_certify(struct hub_guess *g, struct hub_err *err)
{
	static const char *const care[3] = {"care_valid_from", "care_certified_on", NULL};
	static const char *const kind[3] = {"cert_kind", NULL, NULL};
	static const char *const booklet[3] = {"cert_no", "cert_issued_on", NULL};
	int rc;

	give_to_person(g, "atena_no");
	give_to_person(g, "ltc_insured_no");
	if ((rc = pad(g, "person", "atena_no", 15, err)) ||
	    (rc = pad(g, "person", "ltc_insured_no", 10, err)) ||
	    (rc = pad(g, "certification", "ltc_insurer_no", 6, err)))
		return rc;
	const struct hub_str who = hub_guess_certified_person(g);
	g->certified = who.len > 0;
	if (!who.len)
		return who.ptr ? HUB_OK : hub_fail_mem(err);
	const int is_care = hub_guess_filler(g, "certification", "care_level") != NULL;
	const struct hub_str what = first_of(g, is_care ? care : kind, is_care ? "0" : "区分");
	const struct hub_str which = is_care ? HUB_STR("") : first_of(g, booklet, "0");
	g->result.key =
	    hub_arena_printf(g->arena, "(%.*s) + '-' + %.*s%s%.*s", HUB_FMT(who), HUB_FMT(what),
			     which.len ? " + '-' + " : "", HUB_FMT(which));
	return what.ptr && which.ptr && g->result.key.ptr ? HUB_OK : hub_fail_mem(err);
}
