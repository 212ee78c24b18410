/* The guard: from where, who, how often, and whether they may. In this order, each step refuses by itself. */
#include "base/clock.h"
#include "serve/access.h"
#include "serve/log.h"
#include "serve/tokens.h"

/* --- from where ------------------------------------------------------------------------------- */

/* Each proxy adds on the right whom it talked to: the first from there that is no proxy of ours is it. What stands
 * further left anybody may have written. What is no address there leaves that of the proxy. */
static struct hub_str real_address(const struct hub_access *a, const struct hub_http_request *q)
{
	struct hub_str list, address = q->peer;
	struct hub_cidr one;

	if (!a->proxies.len)
		return address;
	list = hub_http_header_list(q, "X-Forwarded-For");
	while (list.len && hub_cidr_list_has(a->proxies, address)) {
		size_t at = list.len;
		while (at > 0 && list.ptr[at - 1] != ',')
			at--;
		const struct hub_str next = hub_str_trim(hub_str_from(list, at));
		if (hub_cidr_parse(next, &one))
			break;
		address = next;
		list.len = at ? at - 1 : 0;
	}
	return address;
}

static int check_rate(const struct hub_access *a, const struct hub_http_request *q,
		      struct hub_http_reply *r, struct hub_str who, int64_t rate,
		      struct hub_err *err)
{
	const unsigned wait = hub_buckets_take(a->buckets, who, rate, hub_ticks_ms());

	return wait ? hub_access_wait(q, r, wait, err) : HUB_OK;
}

/* --- who -------------------------------------------------------------------------------------- */

static int nobody(const struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	hub_http_set(q, r, "WWW-Authenticate", HUB_STR("Bearer"));
	return hub_http_fail(r, 401, err, "login-needed", "nobody is signed in");
}

/* HUB_END: no credentials, or none that count. */
static int read_principal(const struct hub_access *a, const struct hub_http_request *q,
			  struct hub_principal *p, struct hub_err *err)
{
	const struct hub_str bearer = HUB_STR("Bearer ");
	const struct hub_str given = hub_http_header(q, "Authorization");
	const struct hub_str secret = hub_access_secret(a, q);
	struct hub_store *store = NULL;
	int rc;

	if (!given.ptr && !secret.len)
		return HUB_END;
	if ((rc = hub_pool_take(a->pool, &store, err)))
		return rc;
	struct hub_db *db = hub_store_db(store);
	if (!given.ptr)
		rc = hub_session_read(q->arena, db, &a->times, &a->roles, secret, p, err);
	else if (hub_str_starts(given, bearer))
		rc = hub_token_read(q->arena, db, hub_str_trim(hub_str_from(given, bearer.len)),
				    q->peer, p, err);
	else
		rc = HUB_END;
	hub_pool_give(a->pool, store, rc);
	p->address = q->peer;
	return rc;
}

static int is_safe(const struct hub_http_request *q)
{
	return hub_str_is(q->method, "GET") || hub_str_is(q->method, "HEAD");
}

/* Takes as long for every wrong one. */
static int same_text(struct hub_str a, const char *b, size_t len)
{
	unsigned differs = a.len != len;

	for (size_t i = 0; i < a.len && i < len; i++)
		differs |= (unsigned char)a.ptr[i] ^ (unsigned char)b[i];
	return differs == 0;
}

/* A browser sends the cookie also when a page of somebody else asks; the token of this header it cannot have. */
static int check_csrf(const struct hub_access *a, const struct hub_http_request *q,
		      struct hub_http_reply *r, struct hub_err *err)
{
	const struct hub_str given = hub_http_header(q, "X-CSRF-Token");
	char want[HUB_SECRET_HEX + 1];
	int rc;

	if (is_safe(q))
		return HUB_OK;
	if ((rc = hub_access_same_site(q, r, err)))
		return rc;
	if (hub_session_csrf(hub_access_secret(a, q), want))
		return hub_fail_mem(err);
	if (given.ptr && same_text(given, want, HUB_SECRET_HEX))
		return HUB_OK;
	rc =
	    hub_http_fail(r, 403, err, "csrf-token", "the header X-CSRF-Token is missing or wrong");
	hub_hint(err, "GET /v1/session says what it must be.");
	return rc;
}

/* --- whether they may ------------------------------------------------------------------------- */

static int check_network(const struct hub_principal *p, struct hub_http_reply *r,
			 struct hub_err *err)
{
	if ((!p->role || hub_cidr_list_has(p->role->networks, p->address)) &&
	    hub_cidr_list_has(p->networks, p->address))
		return HUB_OK;
	return hub_http_fail(r, 403, err, "other-network",
			     "this role is not to be used from this address");
}

static int check_permission(const struct hub_principal *p, const struct hub_http_request *q,
			    struct hub_http_reply *r, struct hub_err *err)
{
	const char *permission = q->route->permission;

	if (hub_principal_may(p, permission))
		return HUB_OK;
	if (p->locked)
		return hub_http_fail(r, 423, err, "session-locked",
				     "the session is locked and waits for the password");
	if (p->must_change)
		return hub_http_fail(r, 403, err, "password-change",
				     "the password has to be changed first");
	return hub_http_fail(r, 403, err, "not-allowed", "this needs the permission %s",
			     permission);
}

int hub_guard(const void *arg, struct hub_http_request *q, struct hub_http_reply *r,
	      struct hub_err *err)
{
	const struct hub_access *a = arg;
	struct hub_principal *p;
	int rc;

	q->peer = real_address(a, q);
	if ((rc = check_rate(a, q, r, q->peer, a->address_rate, err)))
		return rc;
	if (!q->route->permission)
		return HUB_OK;
	if (!(p = hub_alloc0(q->arena, sizeof *p)))
		return hub_fail_mem(err);
	if ((rc = read_principal(a, q, p, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return nobody(q, r, err);
	q->principal = p;
	if ((rc = check_rate(a, q, r, p->login, a->rate, err)) ||
	    (p->session && (rc = check_csrf(a, q, r, err))) || (rc = check_network(p, r, err)))
		return rc;
	return check_permission(p, q, r, err);
}

static void log_request(const struct hub_http_request *q, unsigned status)
{
	const struct hub_principal *p = q->principal;
	HUB_AUTO(buf) struct hub_buf b;

	hub_log_begin(&b, status >= 500 ? HUB_LOG_ERROR : HUB_LOG_INFO, "request");
	if (q->route) {
		hub_json_field(&b, "method", hub_str_of(q->route->method));
		hub_json_field(&b, "route", hub_str_of(q->route->path));
	}
	hub_json_int(&b, "status", status);
	if (p)
		hub_json_field(&b, "who", p->login);
	hub_json_field(&b, "address", q->peer);
	hub_log_end(&b);
}

void hub_guard_after(const void *arg, const struct hub_http_request *q, unsigned status)
{
	(void)arg;
	if (q->principal || status >= 400) /* pages that ask nobody are asked all the time */
		log_request(q, status);
}
