/* Calls of kintone's REST API, with the patience its limits ask for; what reader and sink share. */
#ifndef PLUGINS_SHARED_KTREST_H
#define PLUGINS_SHARED_KTREST_H

#include <curl/curl.h>
#include <hub/plugin.h>
#include <jansson.h>

struct rest {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	CURL *curl;
	struct curl_slist *headers;
	struct hub_str url; /* "https://example.cybozu.com", without a slash at its end */
	int64_t timeout, wait,
	    patience;        /* ms: of a call, before the first retry, for all retries */
	const char *ca_file; /* NULL: the system's */
	char *body;          /* the answer at hand */
	size_t len, cap, most;
	size_t too_long;
	int64_t retry_after; /* seconds the server asked for; -1: nothing */
};

/* Where an app is, and how one gets in: options of both. */
struct rest_place {
	struct hub_str url, token, token_file, token_env, ca_file;
	int64_t app, timeout, retry_wait, retry_budget;
};

/* Rules across these options; no I/O. */
int rest_check(const struct rest_place *p, const struct hub_host *host, struct hub_err *err);
/* Reads the token and opens. */
int rest_at(struct rest *r, struct hub_ctx *ctx, const struct hub_host *host,
	    const struct rest_place *p, size_t most, struct hub_err *err);
/* token is copied into the header. HUB_OK, or a failure with nothing left open. */
int rest_open(struct rest *r, struct hub_str token, struct hub_err *err);
void rest_close(struct rest *r);
/* path with query, escaped. *out is a new reference. */
int rest_get(struct rest *r, const char *path, json_t **out, struct hub_err *err);
/* POST, PUT or DELETE of a JSON document. Tried again only while kintone says that it did nothing (429,
 * 503): after a timeout or a lost answer nobody knows, and the caller has to look (HUB_RETRY). HUB_OK: *status is
 * 200 or a refusal (4xx), *out its answer, or NULL when it is no JSON. */
int rest_send(struct rest *r, const char *method, const char *path, const char *body, long *status,
	      json_t **out, struct hub_err *err);
/* A refusal of kintone as an error. */
int rest_refused(struct rest *r, long status, struct hub_err *err);
/* Escapes a query value; "" when out of memory. The caller gives it to curl_free(). */
char *rest_escape(struct rest *r, struct hub_str s);

#endif
