/* Accounts, codes, networks, permissions: the pure parts against published vectors, the rest on both stores. */
#include "test_store.h"

#include "release/audit.h"
#include "serve/accounts.h"
#include "serve/cidr.h"
#include "serve/factor.h"
#include "serve/password.h"
#include "serve/principal.h"
#include "serve/sessions.h"
#include "serve/throttle.h"
#include "serve/tokens.h"
#include "serve/totp.h"
#include "store/store.h"

/* --- vectors ---------------------------------------------------------------------------------- */

/* RFC 6238, appendix B, SHA-1; RFC 4226, appendix D. */
static void test_totp(void **state)
{
	static const struct {
		int64_t time;
		const char *code;
	} vectors[] = {{59, "94287082"},         {1111111109, "07081804"},
		       {1111111111, "14050471"}, {1234567890, "89005924"},
		       {2000000000, "69279037"}, {20000000000, "65353130"}};
	static const char *const hotp[] = {"755224", "287082", "359152", "969429", "338314"};
	const struct hub_str key = HUB_STR("12345678901234567890");
	char code[9];

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(vectors); i++) {
		assert_int_equal(hub_totp_code(key, vectors[i].time / HUB_TOTP_STEP, 8, code), 0);
		assert_string_equal(code, vectors[i].code);
	}
	for (size_t i = 0; i < HUB_COUNT(hotp); i++) {
		assert_int_equal(hub_totp_code(key, (int64_t)i, 6, code), 0);
		assert_string_equal(code, hotp[i]);
	}
	/* a step early or late, never twice, never one before the last */
	assert_int_equal(hub_totp_match(key, HUB_STR("287082"), 59, 0), 1);
	assert_int_equal(hub_totp_match(key, HUB_STR("287082"), 89, 0), 1);
	assert_int_equal(hub_totp_match(key, HUB_STR("287082"), 120, 0), 0);
	assert_int_equal(hub_totp_match(key, HUB_STR("287082"), 59, 1), 0);
	assert_int_equal(hub_totp_match(key, HUB_STR("359152"), 59, 1), 2);
}

/* RFC 4648, section 10, without padding. */
static void test_base32(void **state)
{
	static const char *const vectors[][2] = {{"", ""},
						 {"f", "MY"},
						 {"fo", "MZXQ"},
						 {"foo", "MZXW6"},
						 {"foob", "MZXW6YQ"},
						 {"fooba", "MZXW6YTB"},
						 {"foobar", "MZXW6YTBOI"}};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(vectors); i++)
		assert_str(hub_base32(a, hub_str_of(vectors[i][0])), vectors[i][1]);
}

static void test_networks(void **state)
{
	static const struct {
		const char *net, *address;
		int has; /* -1: no network */
	} cases[] = {
	    {"10.1.0.0/16", "10.1.255.255", 1},
	    {"10.1.0.0/16", "10.2.0.0", 0},
	    {"10.1.0.0/16", "::ffff:10.1.2.3", 1},
	    {"192.0.2.7", "192.0.2.7", 1},
	    {"192.0.2.7", "192.0.2.70", 0},
	    {"0.0.0.0/0", "203.0.113.9", 1},
	    {"0.0.0.0/0", "2001:db8::1", 0},
	    {"::/0", "2001:db8::1", 1},
	    {"2001:db8::/32", "2001:db8:ffff::1", 1},
	    {"2001:db8::/33", "2001:db8:ffff::1", 0},
	    {"10.0.0.0/9", "10.127.0.1", 1},
	    {"10.0.0.0/9", "10.128.0.1", 0},
	    {"10.1.0.0/16", "10.1.2.3x", 0},
	    {"10.1.2.3/16", "", -1},
	    {"10.1.0.0/33", "", -1},
	    {"10.1.0.0/", "", -1},
	    {"10.1.0.0/-1", "", -1},
	    {"010.1.0.0/16", "", -1},
	    {"10.1/16", "", -1},
	    {"host.example", "", -1},
	    {"2001:db8::/129", "", -1},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		struct hub_cidr net;
		const int rc = hub_cidr_parse(hub_str_of(cases[i].net), &net);
		assert_int_equal(rc, cases[i].has < 0 ? -1 : 0);
		if (!rc)
			assert_int_equal(hub_cidr_has(&net, hub_str_of(cases[i].address)),
					 cases[i].has);
	}
	assert_int_equal(hub_cidr_list_has(HUB_STR(""), HUB_STR("10.1.2.3")), 1);
	assert_int_equal(hub_cidr_list_has(HUB_STR("10.0.0.0/8, 192.0.2.1"), HUB_STR("192.0.2.1")),
			 1);
	assert_int_equal(hub_cidr_list_has(HUB_STR("10.0.0.0/8 192.0.2.1"), HUB_STR("192.0.2.2")),
			 0);
	assert_int_equal(hub_cidr_list_has(HUB_STR("nonsense"), HUB_STR("10.1.2.3")), 0);
}

static void test_permissions(void **state)
{
	static const struct {
		const char *pattern, *permission;
		int fits;
	} cases[] = {
	    {"cases.read", "cases.read", 1},
	    {"cases.read", "cases.write", 0},
	    {"chat.*", "chat.read", 1},
	    {"chat.*", "chatter.read", 0},
	    {"chat.*", "chat.rooms.read", 1},
	    {"*.read", "alerts.read", 1},
	    {"*.read", "chat.rooms.read", 1},
	    {"*.read", "alerts.reread", 0},
	    {"*", "alerts.rules", 1},
	    {"chat.rooms.*", "chat.read", 0},
	    {"cases.read", "cases.read.all", 0},
	};
	static const struct {
		const char *by, *what;
		int covers;
	} given[] = {
	    {"*", "chat.*", 1},
	    {"chat.*", "chat.read", 1},
	    {"chat.*", "chat.*", 1},
	    {"chat.*", "*", 0},
	    {"chat.read", "chat.*", 0},
	    {"*.read", "chat.*", 0},
	    {"*.read", "*.read", 1},
	    {"chat.*", "chat.rooms.*", 1},
	    {"chat.rooms.*", "chat.*", 0},
	    {"*.read", "*.rooms.read", 1},
	    {"*.rooms.read", "*.read", 0},
	};
	static const char *const bad[] = {"",        "chat", "chat.",       ".read",   "Chat.read",
					  "c*.read", "*.*",  "chat.*.read", "a b.read"};
	const struct hub_str may[] = {HUB_STR("*")};
	struct hub_principal p = {.session = 1, .may = may, .n_may = 1};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++)
		assert_int_equal(hub_permission_fits(hub_str_of(cases[i].pattern),
						     hub_str_of(cases[i].permission)),
				 cases[i].fits);
	for (size_t i = 0; i < HUB_COUNT(given); i++)
		assert_int_equal(
		    hub_permission_covers(hub_str_of(given[i].by), hub_str_of(given[i].what)),
		    given[i].covers);
	for (size_t i = 0; i < HUB_COUNT(bad); i++)
		assert_int_equal(hub_permission_is_pattern(hub_str_of(bad[i])), 0);
	assert_int_equal(hub_principal_may(NULL, NULL), 1);
	assert_int_equal(hub_principal_may(NULL, HUB_MAY_SIGNED), 0);
	assert_int_equal(hub_principal_may(&p, "cases.write"), 1);
	p.view_only = 1;
	assert_int_equal(hub_principal_may(&p, "cases.write"), 0);
	assert_int_equal(hub_principal_may(&p, "cases.read"), 1);
	p.must_change = 1;
	assert_int_equal(hub_principal_may(&p, "cases.read"), 0);
	assert_int_equal(hub_principal_may(&p, HUB_MAY_SIGNED), 0);
	assert_int_equal(hub_principal_may(&p, HUB_MAY_SETUP), 1);
	p.locked = 1;
	assert_int_equal(hub_principal_may(&p, HUB_MAY_SETUP), 0);
	assert_int_equal(hub_principal_may(&p, HUB_MAY_LOCKED), 1);
}

static void test_passwords(void **state)
{
	static const char *const good[] = {"correct horse battery", "つなぎの朝ごはんは味噌汁",
					   "4711 blue elephants"};
	static const char *const bad[] = {
	    "elevenchars",   "passwordpassword", "Password2026!!", "abcdefghijklmnop",
	    "9876543210987", "abababababab",     "yamazaki2026!",  "ａａａａａａａａａａａａ"};
	const struct hub_str words[] = {HUB_STR("yamazaki")};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_str encoded;
	struct hub_err err;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(good); i++)
		assert_int_equal(hub_password_check(a, hub_str_of(good[i]), words, 1, &err), 0);
	for (size_t i = 0; i < HUB_COUNT(bad); i++)
		assert_int_equal(hub_password_check(a, hub_str_of(bad[i]), words, 1, &err),
				 HUB_REJECT);
	assert_int_equal(hub_password_hash(a, hub_str_of(good[0]), &encoded, &err), 0);
	assert_int_equal(hub_password_is(a, encoded, hub_str_of(good[0])), 1);
	assert_int_equal(hub_password_is(a, encoded, HUB_STR("ｃorrect horse battery")), 1);
	assert_int_equal(hub_password_is(a, encoded, hub_str_of(good[2])), 0);
	assert_int_equal(hub_password_is(a, HUB_STR(""), hub_str_of(good[0])), 0);
	assert_int_equal(hub_password_is_old(encoded), 0);
	assert_int_equal(hub_password_is_old(HUB_STR("$argon2id$v=19$m=4096,t=3,p=1$c2FsdA$aA")),
			 1);
}

static void test_buckets(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_buckets *b = hub_buckets_new(a);

	(void)state;
	/* 60 a minute: ten at once, then one a second; others are not touched */
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(hub_buckets_take(b, HUB_STR("a"), 60, 1000), 0);
	assert_int_equal(hub_buckets_take(b, HUB_STR("a"), 60, 1000), 2);
	assert_int_equal(hub_buckets_take(b, HUB_STR("b"), 60, 1000), 0);
	assert_int_equal(hub_buckets_take(b, HUB_STR("a"), 60, 2000), 0);
	assert_int_not_equal(hub_buckets_take(b, HUB_STR("a"), 60, 2000), 0);
	assert_int_equal(hub_buckets_take(b, HUB_STR("a"), 0, 2000), 0);
	hub_buckets_free(b);
}

/* --- in a store ------------------------------------------------------------------------------- */

struct world {
	struct test_store at;
	struct hub_arena *arena;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_account account;
	struct hub_membership as;
	struct hub_err err;
};

static const struct hub_str may[] = {{"cases.*", 7}};
static const struct hub_role role[] = {
    {.name = {"worker", 6}, .label = {"W", 1}, .may = may, .n_may = 1, .networks = {"", 0}},
    {.name = {"minsei", 6},
     .label = {"M", 1},
     .may = may,
     .n_may = 1,
     .networks = {"", 0},
     .view_only = 1,
     .days = 30}};
static const struct hub_roles roles = {role, 2};

static int setup(void **state)
{
	static struct world w;
	const struct hub_schema *schema;
	int64_t id;

	w = (struct world){.arena = hub_arena_new(0)};
	*state = &w;
	setenv("TSUNAGI_NOW", "2026-11-21T10:00:00+09:00", 1);
	struct hub_report *report = hub_report_new(w.arena);
	if (hub_schema_load(w.arena, "schemas/common-case.cfg", NULL, &schema, report, &w.err) ||
	    test_store_make(&w.at) ||
	    hub_store_open(w.arena, w.at.url, HUB_OPEN_CREATE, schema, &w.store, &w.err))
		return -1;
	w.db = hub_store_db(w.store);
	const struct hub_account of = {
	    .login = HUB_STR("tanaka"), .name = HUB_STR("Tanaka"), .staff_no = HUB_STR("001")};
	w.as = (struct hub_membership){.login = of.login, .role = HUB_STR("worker")};
	if (hub_account_add(w.db, &of, HUB_STR("test"), &w.as.account, &w.err) ||
	    hub_membership_add(w.arena, w.db, &roles, &w.as, HUB_STR("test"), &id, &w.err) ||
	    hub_account_find(w.arena, w.db, of.login, &w.account, &w.err))
		return -1;
	w.as.id = id;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	struct hub_audit_state audit;
	const int broken = hub_audit_verify(w->db, HUB_STR(""), &audit, &w->err);

	hub_store_close(w->store);
	hub_arena_free(w->arena);
	return broken || test_store_remove(&w->at) ? -1 : 0;
}

static void test_roles_end(void **state)
{
	struct world *w = *state;
	struct hub_membership m = {.account = w->account.id,
				   .login = w->account.login,
				   .role = HUB_STR("minsei"),
				   .to = HUB_STR("2026-12-21")},
			      *list;
	int64_t id;
	uint32_t n;

	assert_int_equal(
	    hub_membership_add(w->arena, w->db, &roles, &m, HUB_STR("test"), &id, &w->err), 0);
	m.to = HUB_STR("2026-12-22");
	assert_int_equal(
	    hub_membership_add(w->arena, w->db, &roles, &m, HUB_STR("test"), &id, &w->err),
	    HUB_USAGE);
	assert_string_equal(w->err.code, "role-too-long");
	assert_int_equal(hub_membership_list(w->arena, w->db, w->account.id, &list, &n, &w->err),
			 0);
	assert_int_equal(n, 2);
	assert_int_equal(hub_membership_is_on(&list[1], HUB_STR("2026-11-20")), 0);
	assert_int_equal(hub_membership_is_on(&list[1], HUB_STR("2026-11-21")), 1);
	assert_int_equal(hub_membership_is_on(&list[1], HUB_STR("2026-12-21")), 1);
	assert_int_equal(hub_membership_is_on(&list[1], HUB_STR("2026-12-22")), 0);
}

static void test_session(void **state)
{
	const struct hub_session_times times = {900, 43200};
	struct world *w = *state;
	struct hub_principal p;
	struct hub_str secret, draft;

	assert_int_equal(hub_session_begin(w->arena, w->db, &times, &w->as, HUB_STR("10.1.2.3"),
					   &secret, &w->err),
			 0);
	assert_int_equal(hub_session_read(w->arena, w->db, &times, &roles, secret, &p, &w->err), 0);
	assert_str(p.login, "tanaka");
	assert_int_equal(hub_principal_may(&p, "cases.write"), 1);
	assert_int_equal(
	    hub_draft_put(w->arena, w->db, &p, secret, HUB_STR("n"), HUB_STR("text"), &w->err), 0);
	setenv("TSUNAGI_NOW", "2026-11-21T10:15:01+09:00", 1);
	assert_int_equal(hub_session_read(w->arena, w->db, &times, &roles, secret, &p, &w->err), 0);
	assert_int_equal(p.locked, 1);
	assert_int_equal(hub_session_unlock(w->db, &p, &w->err), 0);
	assert_int_equal(hub_draft_get(w->arena, w->db, &p, secret, HUB_STR("n"), &draft, &w->err),
			 0);
	assert_str(draft, "text");
	/* another number opens nothing, also of the same session */
	char other[HUB_SECRET_HEX + 1];
	memset(other, '0', HUB_SECRET_HEX);
	other[HUB_SECRET_HEX] = '\0';
	assert_int_equal(
	    hub_draft_get(w->arena, w->db, &p, hub_str_of(other), HUB_STR("n"), &draft, &w->err),
	    HUB_INTEGRITY);
	setenv("TSUNAGI_NOW", "2026-11-21T22:00:00+09:00", 1);
	assert_int_equal(hub_session_read(w->arena, w->db, &times, &roles, secret, &p, &w->err),
			 HUB_END);
}

static void test_token(void **state)
{
	struct world *w = *state;
	const struct hub_token of = {.name = HUB_STR("front"),
				     .agency = HUB_STR(""),
				     .may = HUB_STR("cases.read search.*"),
				     .networks = HUB_STR(""),
				     .to = HUB_STR("2026-11-22")};
	struct hub_principal p;
	struct hub_str secret;

	assert_int_equal(hub_token_add(w->arena, w->db, &of, HUB_STR("test"), &secret, &w->err), 0);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(
		    hub_token_read(w->arena, w->db, secret, HUB_STR("10.1.2.3"), &p, &w->err), 0);
	assert_int_equal(hub_principal_may(&p, "search.read"), 1);
	assert_int_equal(hub_principal_may(&p, "cases.write"), 0);
	int64_t uses = 0;
	assert_int_equal(hub_db_one(w->db, &uses, &w->err,
				    "SELECT count(*) FROM audit WHERE action = 'token-use'", ""),
			 0);
	assert_int_equal(uses, 1);
	setenv("TSUNAGI_NOW", "2026-11-23T00:00:00+09:00", 1);
	assert_int_equal(hub_token_read(w->arena, w->db, secret, HUB_STR("10.1.2.3"), &p, &w->err),
			 HUB_END);
}

static void test_lockout(void **state)
{
	const struct hub_str login = HUB_STR("nobody"), address = HUB_STR("10.1.2.3");
	static const int64_t waits[] = {0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600};
	struct world *w = *state;
	int64_t wait;

	for (size_t i = 0; i < HUB_COUNT(waits); i++) {
		assert_int_equal(hub_login_wrong(w->db, login, address, &wait, &w->err), 0);
		assert_int_equal(wait, waits[i]);
	}
	setenv("TSUNAGI_NOW", "2026-11-21T10:59:59+09:00", 1);
	assert_int_equal(hub_login_wait(w->db, login, address, &wait, &w->err), 0);
	assert_int_equal(wait, 1);
	assert_int_equal(hub_login_wait(w->db, HUB_STR("other"), address, &wait, &w->err), 0);
	assert_int_equal(wait, 0);
	/* a day without any forgets them */
	setenv("TSUNAGI_NOW", "2026-11-22T10:00:01+09:00", 1);
	assert_int_equal(hub_login_wrong(w->db, login, address, &wait, &w->err), 0);
	assert_int_equal(wait, 0);
}

static void test_factor(void **state)
{
	struct world *w = *state;
	struct hub_enrolment e;
	struct hub_factor_hit hit;
	char keys[96];

	snprintf(keys, sizeof keys, "%s.keys", w->at.path);
	const struct hub_factor_of of = {w->arena, w->db, keys, &w->account};
	assert_int_equal(hub_factor_enrol(&of, HUB_STR("test"), &e, &w->err), 0);
	assert_int_equal(hub_factor_check(&of, e.recovery[3], &hit, &w->err), 1);
	assert_int_equal(hub_factor_use(w->db, &w->account, &hit, &w->err), 0);
	assert_int_equal(hub_factor_use(w->db, &w->account, &hit, &w->err), HUB_REFUSED);
	assert_int_equal(hub_factor_check(&of, e.recovery[3], &hit, &w->err), 0);
	/* whoever has the store alone has no key to it */
	unlink(keys);
	assert_int_equal(hub_factor_check(&of, HUB_STR("123456"), &hit, &w->err), HUB_INTEGRITY);
	assert_string_equal(w->err.code, "keys-lost");
	snprintf(keys, sizeof keys, "%s.keys.lock", w->at.path);
	unlink(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_totp),
	    cmocka_unit_test(test_base32),
	    cmocka_unit_test(test_networks),
	    cmocka_unit_test(test_permissions),
	    cmocka_unit_test(test_passwords),
	    cmocka_unit_test(test_buckets),
	    cmocka_unit_test_setup_teardown(test_roles_end, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_session, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_token, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_lockout, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_factor, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
