#include "ktrest.h"
#include "plain.h"

#include "infile.h"
#include "label.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { URL_BYTES = 16384, TOKEN_BYTES = 1024, FIRST_BODY = 1 << 20, WAIT_MOST = 60000 };

/* The answer grows in instance memory that is used again for the next one. */
static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct rest *r = arg;

	n *= size;
	if (n > r->most - r->len) {
		r->too_long = 1;
		return 0;
	}
	if (n > r->cap - r->len) {
		size_t cap = r->cap ? r->cap : FIRST_BODY;
		while (cap - r->len < n)
			cap *= 2;
		char *more = r->host->alloc(r->ctx, NULL, cap);
		if (!more)
			return 0;
		if (r->len)
			memcpy(more, r->body, r->len);
		r->body = more;
		r->cap = cap;
	}
	memcpy(r->body + r->len, p, n);
	r->len += n;
	return n;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	static const char name[] = "Retry-After:";
	struct rest *r = arg;

	n *= size;
	if (n > sizeof name && strncasecmp(p, name, sizeof name - 1) == 0) {
		size_t i = sizeof name - 1;
		while (i < n && p[i] == ' ')
			i++;
		if (i < n && p[i] >= '0' && p[i] <= '9')
			r->retry_after = 0;
		for (; i < n && p[i] >= '0' && p[i] <= '9' && r->retry_after < WAIT_MOST; i++)
			r->retry_after = r->retry_after * 10 + (p[i] - '0');
	}
	return n;
}

/* --- where, and with what token ------------------------------------------------------------------ */

/* kintone over plain HTTP would show the token to everybody on the way. */
static int is_safe(struct hub_str url)
{
	static const char *const heads[] = {"https://", "http://127.0.0.1:", "http://localhost:"};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (url.len > strlen(heads[i]) && memcmp(url.ptr, heads[i], strlen(heads[i])) == 0)
			return 1;
	return 0;
}

int rest_check(const struct rest_place *p, const struct hub_host *host, struct hub_err *err)
{
	if (!is_safe(p->url))
		return HUB_FAIL(host, err, HUB_CONF, "not-https", "url must begin with https://");
	if (p->app == 0)
		return HUB_FAIL(host, err, HUB_CONF, "app-missing",
				"app, the app's number, is missing");
	if ((p->token.len > 0) + (p->token_file.len > 0) + (p->token_env.len > 0) == 1)
		return HUB_OK;
	HUB_FAIL(host, err, HUB_CONF, "token-missing",
		 "exactly one of token_file, token_env and token says the API token");
	host->hint(
	    err, "token_file = \"kintone.token\": a file of one line that only the hub may read.");
	return err->rc;
}

static int read_token(const struct rest *r, const struct rest_place *p, struct hub_str *token,
		      struct hub_err *err)
{
	struct input file;
	size_t n;

	if (p->token_env.len) {
		const char *v = getenv(p->token_env.ptr);
		*token = (struct hub_str){v, v ? strlen(v) : 0};
		return HUB_OK;
	}
	if (!p->token_file.len) {
		*token = p->token;
		return HUB_OK;
	}
	char *text = r->host->alloc(r->ctx, NULL, TOKEN_BYTES);
	int rc =
	    text ? input_open(&file, r->ctx, r->host, p->token_file, err) : NO_MEMORY(r->host, err);
	if (rc)
		return rc;
	if (file.was.st_mode & 077)
		r->host->log(r->ctx, HUB_LOG_WARN, "%s can be read by others: chmod 600",
			     file.path);
	rc = input_read(&file, text, TOKEN_BYTES, &n, err);
	input_close(&file);
	*token = label_trim((struct hub_str){text, rc ? 0 : n});
	return rc;
}

int rest_at(struct rest *r, struct hub_ctx *ctx, const struct hub_host *host,
	    const struct rest_place *p, size_t most, struct hub_err *err)
{
	struct hub_str token, url = p->url;

	while (url.len && url.ptr[url.len - 1] == '/')
		url.len--;
	*r = (struct rest){.ctx = ctx,
			   .host = host,
			   .url = url,
			   .timeout = p->timeout,
			   .wait = p->retry_wait,
			   .patience = p->retry_budget,
			   .ca_file = p->ca_file.len ? p->ca_file.ptr : NULL,
			   .most = most};
	const int rc = read_token(r, p, &token, err);
	return rc ? rc : rest_open(r, token, err);
}

int rest_open(struct rest *r, struct hub_str token, struct hub_err *err)
{
	char header[TOKEN_BYTES + 32];

	if (token.len == 0 || token.len > TOKEN_BYTES || memchr(token.ptr, '\n', token.len))
		return HUB_FAIL(r->host, err, HUB_CONF, "bad-token",
				"the API token is empty, too long, or has a line end in it");
	r->curl = curl_easy_init();
	const int n =
	    snprintf(header, sizeof header, "X-Cybozu-API-Token: %.*s", (int)token.len, token.ptr);
	r->headers = n > 0 ? curl_slist_append(NULL, header) : NULL;
	memset(header, 0, sizeof header);
	if (!r->curl || !r->headers) {
		rest_close(r);
		return NO_MEMORY(r->host, err);
	}
	curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, r->headers);
	curl_easy_setopt(r->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(r->curl, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(r->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(r->curl, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(r->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(r->curl, CURLOPT_FOLLOWLOCATION, 0L); /* the token goes nowhere else */
	curl_easy_setopt(r->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(r->curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(r->curl, CURLOPT_USERAGENT, "tsunagi");
	if (r->ca_file)
		curl_easy_setopt(r->curl, CURLOPT_CAINFO, r->ca_file);
	return HUB_OK;
}

void rest_close(struct rest *r)
{
	curl_slist_free_all(r->headers);
	if (r->curl)
		curl_easy_cleanup(r->curl);
	r->headers = NULL;
	r->curl = NULL;
}

char *rest_escape(struct rest *r, struct hub_str s)
{
	return curl_easy_escape(r->curl, s.ptr, (int)s.len);
}

/* --- what went wrong -------------------------------------------------------------------------- */

static int is_transient(CURLcode rc, long status)
{
	if (rc == CURLE_OK)
		return status == 429 || status >= 500;
	return rc == CURLE_OPERATION_TIMEDOUT || rc == CURLE_RECV_ERROR || rc == CURLE_SEND_ERROR ||
	       rc == CURLE_GOT_NOTHING || rc == CURLE_PARTIAL_FILE;
}

static int fail_call(struct rest *r, CURLcode rc, struct hub_err *err)
{
	if (r->too_long)
		return HUB_FAIL(r->host, err, HUB_REJECT, "answer-too-long",
				"kintone's answer is longer than %zu bytes: set a smaller page",
				r->most);
	HUB_FAIL(r->host, err, HUB_RETRY, "kintone-unreachable", "%.*s: %s", (int)r->url.len,
		 r->url.ptr, curl_easy_strerror(rc));
	if (rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CACERT_BADFILE)
		r->host->hint(err,
			      "The server's certificate is not trusted: check the address, and "
			      "ca_file when a proxy opens the connection.");
	else
		r->host->hint(err, "Check the address, the network and the proxy.");
	return err->rc;
}

/* kintone says what is wrong as {"code":"GAIA_AP01","id":...,"message":...}. */
static int fail_status(struct rest *r, long status, struct hub_err *err)
{
	json_error_t e;
	json_t *j = json_loadb(r->body, r->len, 0, &e);
	const char *code = json_string_value(json_object_get(j, "code"));

	HUB_FAIL(r->host, err, status == 429 || status >= 500 ? HUB_RETRY : HUB_CONF,
		 "kintone-refused", "kintone answers %ld (%.40s)", status, code ? code : "no code");
	if (status == 401 || status == 403 || status == 520)
		r->host->hint(err, "Check the API token and its right to view records, the app and "
				   "the address restriction of the kintone site.");
	else if (status == 429 || status >= 500)
		r->host->hint(err,
			      "kintone is busy: run the same command later; it goes on where it "
			      "stopped.");
	else
		r->host->hint(err, "Check app, query and fields; the code is in kintone's manual.");
	json_decref(j);
	return err->rc;
}

/* --- the call --------------------------------------------------------------------------------- */

static void sleep_ms(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&t, &t) == -1 && errno == EINTR)
		;
}

/* Doubling waits, or what the server asks for, as long as patience lasts. 0: give up. */
static int wait_more(struct rest *r, int64_t *next, int64_t *spent)
{
	int64_t ms = r->retry_after > 0 ? r->retry_after * 1000 : *next;

	if (*spent + ms > r->patience || r->host->left_ms(r->ctx) <= ms)
		return 0;
	r->host->count(r->ctx, "retries", 1);
	sleep_ms(ms);
	*spent += ms;
	*next = *next * 2 < WAIT_MOST ? *next * 2 : WAIT_MOST;
	return 1;
}

static int read_answer(struct rest *r, json_t **out, struct hub_err *err)
{
	json_error_t e;

	*out = json_loadb(r->body, r->len, JSON_REJECT_DUPLICATES, &e);
	if (*out)
		return HUB_OK;
	HUB_FAIL(r->host, err, HUB_REJECT, "bad-json", "kintone's answer is no JSON (byte %d)",
		 e.position);
	r->host->hint(err, "Is the address that of kintone, or of a proxy that asks to log in?");
	return err->rc;
}

static CURLcode call(struct rest *r, const char *url, long *status)
{
	*status = 0;
	r->len = r->too_long = 0;
	r->retry_after = -1;
	curl_easy_setopt(r->curl, CURLOPT_URL, url);
	curl_easy_setopt(r->curl, CURLOPT_TIMEOUT_MS, (long)r->timeout);
	const CURLcode rc = curl_easy_perform(r->curl);
	curl_easy_getinfo(r->curl, CURLINFO_RESPONSE_CODE, status);
	return rc;
}

int rest_get(struct rest *r, const char *path, json_t **out, struct hub_err *err)
{
	char url[URL_BYTES];
	int64_t next = r->wait, spent = 0;
	const int n = snprintf(url, sizeof url, "%.*s%s", (int)r->url.len, r->url.ptr, path);

	if (n < 0 || (size_t)n >= sizeof url)
		return HUB_FAIL(r->host, err, HUB_CONF, "query-too-long", "the query is too long");
	for (;;) {
		long status;
		const CURLcode rc = call(r, url, &status);
		if (rc == CURLE_OK && status == 200)
			return read_answer(r, out, err);
		if (is_transient(rc, status) && wait_more(r, &next, &spent))
			continue;
		return rc == CURLE_OK ? fail_status(r, status, err) : fail_call(r, rc, err);
	}
}

int rest_refused(struct rest *r, long status, struct hub_err *err)
{
	return fail_status(r, status, err);
}

/* The body's type is told for this call only. */
static struct curl_slist *with_type(const struct rest *r)
{
	struct curl_slist *list = curl_slist_append(NULL, r->headers->data);
	struct curl_slist *more =
	    list ? curl_slist_append(list, "Content-Type: application/json") : NULL;

	if (!more)
		curl_slist_free_all(list);
	return more;
}

int rest_send(struct rest *r, const char *method, const char *path, const char *body, long *status,
	      json_t **out, struct hub_err *err)
{
	char url[URL_BYTES];
	int64_t next = r->wait, spent = 0;
	CURLcode rc = CURLE_OUT_OF_MEMORY;
	const int n = snprintf(url, sizeof url, "%.*s%s", (int)r->url.len, r->url.ptr, path);
	struct curl_slist *headers = with_type(r);

	*out = NULL;
	if (n < 0 || (size_t)n >= sizeof url || !headers) {
		curl_slist_free_all(headers);
		return NO_MEMORY(r->host, err);
	}
	curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(r->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(r->curl, CURLOPT_POSTFIELDS, body);
	do {
		rc = call(r, url, status);
	} while (rc == CURLE_OK && (*status == 429 || *status == 503) &&
		 wait_more(r, &next, &spent));
	curl_easy_setopt(r->curl, CURLOPT_CUSTOMREQUEST, NULL);
	curl_easy_setopt(r->curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, r->headers);
	curl_slist_free_all(headers);
	if (rc != CURLE_OK)
		return fail_call(r, rc, err);
	if (*status == 429 || *status >= 500)
		return fail_status(r, *status, err);
	*out = json_loadb(r->body, r->len, JSON_REJECT_DUPLICATES, NULL);
	return HUB_OK;
}
