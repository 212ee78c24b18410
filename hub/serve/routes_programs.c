/* /v1/tokens, /v1/devices: programs, and terminals that stand in for a second factor. */
#include "serve/factor.h"
#include "serve/routes.h"
#include "serve/tokens.h"

enum { PEM_MOST = 20000 };

/* --- tokens ----------------------------------------------------------------------------------- */

static void say_token(struct hub_call *c, const struct hub_token *t)
{
	hub_call_open(c, NULL, 0);
	hub_call_text(c, "prefix", t->prefix);
	hub_call_text(c, "name", t->name);
	hub_call_text(c, "agency", t->agency);
	hub_call_text(c, "may", t->may);
	hub_call_text(c, "networks", t->networks);
	hub_call_text(c, "to", t->to);
	hub_call_text(c, "last_used", hub_text_or_null(t->used_on));
	hub_call_text(c, "state", t->ended_at ? HUB_STR("ended") : HUB_STR("open"));
	hub_call_close(c);
}

static int get_tokens(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_token *t;
	struct hub_page page;
	uint32_t n;
	int rc = hub_page_begin(&page, c, 0, err);

	(void)self;
	if (rc || (rc = hub_token_list(hub_call_arena(c), hub_call_db(c), &t, &n, err)))
		return rc;
	for (uint32_t i = 0; i < n; i++) {
		if (t[i].id <= page.from)
			continue;
		if (!hub_page_next(&page, c, t[i].id))
			break;
		say_token(c, &t[i]);
	}
	return HUB_OK;
}

/* A program gets no more than whoever makes its token has. */
static int check_given(struct hub_call *c, struct hub_str may, struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	struct hub_str piece;

	while (hub_str_next(&may, ' ', &piece)) {
		int covered = 0;
		for (uint32_t i = 0; i < p->n_may && !covered; i++)
			covered = hub_permission_covers(p->may[i], piece);
		if (!covered)
			return hub_call_refuse(c, 403, err, "not-yours",
					       "only permissions that you have can be given: %.*s",
					       HUB_FMT(piece));
	}
	return HUB_OK;
}

static int post_tokens(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_token t = {.account = hub_call_principal(c)->account,
			      .name = hub_val_text(&c->body[0]),
			      .agency = hub_val_text(&c->body[1]),
			      .to = hub_val_text(&c->body[2])};
	struct hub_str secret;
	int rc;

	(void)self;
	if ((rc = hub_routes_words(c, &c->body[3], "may", &t.may, err)) ||
	    (rc = hub_routes_words(c, &c->body[4], "networks", &t.networks, err)) ||
	    (rc = check_given(c, t.may, err)) ||
	    (rc = hub_token_add(hub_call_arena(c), hub_call_db(c), &t, hub_routes_actor(c), &secret,
				err)))
		return hub_routes_told(c, rc, err);
	hub_call_status(c, 201);
	hub_call_text(c, "token", secret);
	return HUB_OK;
}

static int delete_token(void *self, struct hub_call *c, struct hub_err *err)
{
	(void)self;
	return hub_routes_told(
	    c, hub_token_end(hub_call_db(c), c->var[0], hub_routes_actor(c), err), err);
}

/* --- devices ---------------------------------------------------------------------------------- */

static int get_devices(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_device *d;
	struct hub_page page;
	uint32_t n;
	int rc = hub_page_begin(&page, c, 0, err);

	(void)self;
	if (rc || (rc = hub_device_list(hub_call_arena(c), hub_call_db(c), &d, &n, err)))
		return rc;
	for (uint32_t i = 0; i < n; i++) {
		if (d[i].id <= page.from)
			continue;
		if (!hub_page_next(&page, c, d[i].id))
			break;
		hub_call_open(c, NULL, 0);
		hub_call_number(c, "number", d[i].id);
		hub_call_text(c, "name", d[i].name);
		hub_call_text(c, "agency", d[i].agency);
		hub_call_text(c, "fingerprint", d[i].fingerprint);
		hub_call_text(c, "state", d[i].ended_at ? HUB_STR("ended") : HUB_STR("open"));
		hub_call_close(c);
	}
	return HUB_OK;
}

static int post_devices(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_device of = {.name = hub_val_text(&c->body[0]),
				.agency = hub_val_text(&c->body[1])};
	int rc = hub_device_fingerprint(hub_call_arena(c), hub_val_text(&c->body[2]),
					&of.fingerprint, err);

	(void)self;
	if (rc || (rc = hub_device_add(hub_call_db(c), &of, hub_routes_actor(c), err)))
		return hub_routes_told(c, rc, err);
	hub_call_status(c, 201);
	hub_call_text(c, "fingerprint", of.fingerprint);
	return HUB_OK;
}

static int delete_device(void *self, struct hub_call *c, struct hub_err *err)
{
	int64_t number;

	(void)self;
	if (hub_parse_i64(c->var[0], 1, INT64_MAX, &number))
		return hub_call_refuse(c, 404, err, "no-device", "there is no such device");
	return hub_routes_told(c, hub_device_end(hub_call_db(c), number, hub_routes_actor(c), err),
			       err);
}

/* --- the table -------------------------------------------------------------------------------- */

#define TEXT(member, flag, text)                                               \
	{                                                                      \
		HUB_MEMBER((member), TEXT, flag, (text), .max = HUB_WORD_MOST) \
	}

static const char *const states[] = {"open", "ended", NULL};

static const struct hub_member token_members[] = {
    TEXT("prefix", HUB_M_REQUIRED, HUB_N("its first part, by which it goes")),
    TEXT("name", HUB_M_REQUIRED, HUB_N("of the program")),
    TEXT("agency", HUB_M_REQUIRED, HUB_N("for whom")),
    TEXT("may", HUB_M_REQUIRED, HUB_N("patterns of permissions, parted by blanks")),
    TEXT("networks", HUB_M_REQUIRED, HUB_N("from where; empty: from everywhere")),
    {HUB_MEMBER("to", DATE, HUB_M_REQUIRED, HUB_N("last day"))},
    {HUB_MEMBER("last_used", DATE, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("the last day it was used"))},
    {HUB_MEMBER("state", WORD, HUB_M_REQUIRED, HUB_N("does it count?"), .words = states)},
    {.name = NULL},
};
static const struct hub_member token_body[] = {
    TEXT("name", HUB_M_REQUIRED, HUB_N("of the program")),
    TEXT("agency", 0, HUB_N("for whom; empty: the municipality itself")),
    {HUB_MEMBER("to", DATE, HUB_M_REQUIRED, HUB_N("last day"))},
    {HUB_MEMBER("may", TEXT, HUB_M_REQUIRED | HUB_M_LIST,
		HUB_N("permissions; only those that you have"), .max = HUB_WORD_MOST, .most = 64)},
    {HUB_MEMBER("networks", TEXT, HUB_M_LIST, HUB_N("from where; none: from everywhere"), .max = 64,
		.most = 32)},
    {.name = NULL},
};
static const struct hub_member secret_members[] = {
    {HUB_MEMBER("token", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL,
		HUB_N("for Authorization: Bearer; shown once"))},
    {.name = NULL},
};
static const struct hub_member device_members[] = {
    {HUB_MEMBER("number", INT, HUB_M_REQUIRED, HUB_N("its number"))},
    TEXT("name", HUB_M_REQUIRED, HUB_N("for people")),
    TEXT("agency", HUB_M_REQUIRED, HUB_N("whose device it is")),
    TEXT("fingerprint", HUB_M_REQUIRED, HUB_N("SHA-256 of its certificate")),
    {HUB_MEMBER("state", WORD, HUB_M_REQUIRED, HUB_N("does it count?"), .words = states)},
    {.name = NULL},
};
static const struct hub_member device_body[] = {
    TEXT("name", HUB_M_REQUIRED, HUB_N("for people")),
    TEXT("agency", 0, HUB_N("whose device it is; empty: the municipality's own")),
    {HUB_MEMBER("certificate", TEXT, HUB_M_REQUIRED, HUB_N("in PEM form"), .max = PEM_MOST)},
    {.name = NULL},
};
static const struct hub_member fingerprint_members[] = {
    TEXT("fingerprint", HUB_M_REQUIRED, HUB_N("SHA-256 of its certificate")),
    {.name = NULL},
};

static const char see[] = "accounts.read", manage[] = "accounts.manage";
enum { PAGES = HUB_ROUTE_LIST | HUB_ROUTE_PAGED };

static const struct hub_route routes[] = {
    {"GET", "/tokens", see, PAGES, NULL, NULL, token_members, HUB_N("tokens of programs"),
     get_tokens},
    {"POST", "/tokens", manage, 0, NULL, token_body, secret_members,
     HUB_N("a new token; tells its secret"), post_tokens},
    {"DELETE", "/tokens/{prefix}", manage, 0, NULL, NULL, NULL, HUB_N("end a token"), delete_token},
    {"GET", "/devices", see, PAGES, NULL, NULL, device_members,
     HUB_N("terminals whose certificate is a second factor"), get_devices},
    {"POST", "/devices", manage, 0, NULL, device_body, fingerprint_members,
     HUB_N("a terminal's certificate becomes a second factor for its agency"), post_devices},
    {"DELETE", "/devices/{number}", manage, 0, NULL, NULL, NULL,
     HUB_N("a terminal's certificate counts no more"), delete_device},
};

const struct hub_api_table hub_programs_table = {
    .base = "/v1", .tag = "programs", .route = routes, .n = HUB_COUNT(routes), .own = 1};
