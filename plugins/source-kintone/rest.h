/* GET of one JSON document from kintone, with the patience its limits ask for. */
#ifndef SOURCE_KINTONE_REST_H
#define SOURCE_KINTONE_REST_H

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

/* token is copied into the header. HUB_OK, or a failure with nothing left open. */
int rest_open(struct rest *r, struct hub_str token, struct hub_err *err);
void rest_close(struct rest *r);
/* path with query, escaped. *out is a new reference. */
int rest_get(struct rest *r, const char *path, json_t **out, struct hub_err *err);
/* Escapes a query value; "" when out of memory. The caller gives it to curl_free(). */
char *rest_escape(struct rest *r, struct hub_str s);

#endif
