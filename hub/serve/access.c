#include "serve/access.h"

#include "release/conf_read.h"

#include <strings.h>

/* --- opening ---------------------------------------------------------------------------------- */

static int take_proxies(struct hub_arena *a, const config_setting_t *list, struct hub_str *out,
			struct hub_report *r)
{
	const struct hub_str *word;
	uint32_t n;
	const int rc = hub_read_words(a, list, &word, &n, r);

	*out = HUB_STR("");
	for (uint32_t i = 0; !rc && i < n; i++)
		*out = hub_arena_printf(a, "%.*s%s%.*s", HUB_FMT(*out), i ? " " : "",
					HUB_FMT(word[i]));
	return rc ? rc : out->ptr ? HUB_OK : HUB_FATAL;
}

int hub_access_open(struct hub_arena *a, const char *home, const struct hub_tls_conf *tls,
		    const struct hub_access_conf *conf, struct hub_pool *pool, const char *keys,
		    struct hub_access *out, struct hub_err *err)
{
	struct hub_report *report = hub_report_new(a);
	int rc;

	*out = (struct hub_access){.pool = pool,
				   .keys = keys,
				   .times = {conf->lock / 1000, conf->end / 1000},
				   .rate = conf->rate,
				   .address_rate = conf->address_rate};
	if (!report || !(out->buckets = hub_buckets_new(a)) ||
	    take_proxies(a, conf->proxies, &out->proxies, report))
		return hub_fail_mem(err);
	out->secure = tls->cert.len > 0 || out->proxies.len > 0;
	out->cookie = out->secure ? "__Host-tsunagi" : "tsunagi";
	rc = hub_roles_open(a, report, home, conf->roles, &out->roles, err);
	hub_report_print(report, stderr);
	return rc;
}

void hub_access_close(struct hub_access *a)
{
	hub_buckets_free(a->buckets);
}

/* --- cookie and origin ------------------------------------------------------------------------ */

struct hub_str hub_access_secret(const struct hub_access *a, const struct hub_http_request *q)
{
	const struct hub_str name = hub_str_of(a->cookie);
	struct hub_str rest = hub_http_header(q, "Cookie"), piece;

	while (rest.ptr && hub_str_next(&rest, ';', &piece)) {
		piece = hub_str_trim(piece);
		if (hub_str_starts(piece, name) && piece.len > name.len &&
		    piece.ptr[name.len] == '=')
			return hub_str_from(piece, name.len + 1);
	}
	return HUB_STR("");
}

void hub_access_set_cookie(const struct hub_access *a, const struct hub_http_request *q,
			   struct hub_http_reply *r, struct hub_str secret)
{
	hub_http_set(q, r, "Set-Cookie",
		     hub_arena_printf(q->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s",
				      a->cookie, HUB_FMT(secret), a->secure ? "; Secure" : "",
				      secret.len ? "" : "; Max-Age=0"));
}

/* "https://host:port" against "host:port". */
static int same_host(struct hub_str origin, struct hub_str host)
{
	const size_t at = hub_str_find(origin, HUB_STR("://"), 0);

	if (at == (size_t)-1)
		return 0;
	const struct hub_str there = hub_str_from(origin, at + 3);
	return there.len == host.len && strncasecmp(there.ptr, host.ptr, host.len) == 0;
}

int hub_access_same_site(const struct hub_http_request *q, struct hub_http_reply *r,
			 struct hub_err *err)
{
	const struct hub_str site = hub_http_header(q, "Sec-Fetch-Site");
	const struct hub_str origin = hub_http_header(q, "Origin");
	const struct hub_str host = hub_http_header(q, "Host");

	if ((!site.ptr || hub_str_is(site, "same-origin") || hub_str_is(site, "none")) &&
	    (!origin.ptr || (host.ptr && same_host(origin, host))))
		return HUB_OK;
	return hub_http_fail(r, 403, err, "other-site", "the request comes from another site");
}

int hub_access_wait(const struct hub_http_request *q, struct hub_http_reply *r, int64_t seconds,
		    struct hub_err *err)
{
	hub_http_set(q, r, "Retry-After", hub_arena_printf(q->arena, "%lld", (long long)seconds));
	const int rc = hub_http_fail(r, 429, err, "too-many", "too many tries; wait %lld seconds",
				     (long long)seconds);
	return rc;
}
