/* The network: a mail by SMTP, a signed call of a webhook. Neither holds personal data: a number and a link. */
#include "alert.h"
#include "plain.h"

#include "deskday.h"

#include <curl/curl.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TEXT_BYTES = 4096 };

/* What curl reads while it sends. */
struct upload {
	const char *ptr;
	size_t len;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
	struct upload *u = arg;
	const size_t most = size * n, take = u->len < most ? u->len : most;

	memcpy(to, u->ptr, take);
	u->ptr += take;
	u->len -= take;
	return take;
}

static size_t forget(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

/* The tick must be over in its time, whatever the other side does. */
static void set_timeout(struct alert *a, CURL *h)
{
	const int64_t left = a->host->left_ms(a->ctx) - 100;
	const int64_t ms = left < a->conf->timeout ? left : a->conf->timeout;

	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)(ms > 100 ? ms : 100));
}

/* An answer 4xx of SMTP and everything on the way may work later; 5xx will not. */
static int outcome(struct alert *a, CURL *h, CURLcode rc, const char *code, int rejected,
		   struct hub_err *err)
{
	long answer = 0;

	if (rc == CURLE_OK && !rejected)
		return HUB_OK;
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &answer);
	return HUB_FAIL(a->host, err, rejected ? HUB_REJECT : HUB_RETRY, code,
			"not taken: answer %ld, %s", answer, curl_easy_strerror(rc));
}

/* --- mail ------------------------------------------------------------------------------------------------ */

static size_t base64(const char *in, size_t n, char *out)
{
	static const char set[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = 0;
		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < n ? (uint8_t)in[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			out[at++] = i + k > n ? '=' : set[v >> (18 - 6 * k) & 63];
		if (i % 57 == 54 && i + 3 < n) { /* lines of 76 */
			out[at++] = '\r';
			out[at++] = '\n';
		}
	}
	out[at] = '\0';
	return at;
}

/* RFC 5322: "Sat, 21 Nov 2026 20:36:19 +0900". */
static void mail_date(int64_t ms, char out[40])
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const int64_t s = ms / 1000 + 9 * 3600;
	char day[11];

	desk_day_write((int32_t)(s / 86400), day);
	const int m = (day[5] - '0') * 10 + (day[6] - '0');
	snprintf(out, 40, "%.3s, %.2s %.3s %.4s %02d:%02d:%02d +0900", days + s / 86400 % 7 * 3,
		 day + 8, months + (m - 1) * 3, day, (int)(s / 3600 % 24), (int)(s / 60 % 60),
		 (int)(s % 60));
}

static struct hub_str mail_text(struct alert *a, const struct mail *m, char out[TEXT_BYTES])
{
	char plain[1024], subject[96], body[2048], coded[192], date[40];
	const struct hub_str from = a->conf->mail_from;
	size_t at = 0;

	while (at < from.len && from.ptr[at] != '@')
		at++;
	int n = snprintf(plain, sizeof plain,
			 "対応を待つお知らせが %lld 件あります。内容は画面でご覧ください。\r\n"
			 "%lld alert(s) are waiting for you.\r\n\r\n%.*s\r\n",
			 (long long)m->alerts, (long long)m->alerts, (int)a->conf->link.len,
			 a->conf->link.ptr);
	base64(plain, n < (int)sizeof plain ? (size_t)n : sizeof plain - 1, body);
	n = snprintf(subject, sizeof subject, "お知らせ %lld 件", (long long)m->alerts);
	base64(subject, (size_t)n, coded);
	mail_date(m->at, date);
	n = snprintf(out, TEXT_BYTES,
		     "Date: %s\r\nFrom: <%.*s>\r\nTo: <%.*s>\r\n"
		     "Message-ID: <alert-%lld-%lld%.*s>\r\nSubject: =?UTF-8?B?%s?=\r\n"
		     "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		     "Content-Type: text/plain; charset=UTF-8\r\n"
		     "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n",
		     date, (int)from.len, from.ptr, (int)m->to.len, m->to.ptr, (long long)m->id,
		     (long long)m->at, (int)(from.len - at), from.ptr + at, coded, body);
	return (struct hub_str){out, n < TEXT_BYTES ? (size_t)n : TEXT_BYTES - 1};
}

/* An address that could end its line or its header is none. */
static int is_address(struct hub_str s)
{
	size_t ats = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char ch = s.ptr[i];
		if (ch <= ' ' || ch == '<' || ch == '>' || ch == ',' || ch == ';' || ch == 127)
			return 0;
		ats += ch == '@';
	}
	return ats == 1 && s.len < 255;
}

int alert_send_mail(struct alert *a, const struct mail *m, struct hub_err *err)
{
	char text[TEXT_BYTES], from[300], to[300];
	struct curl_slist *rcpt = NULL;

	if (!is_address(m->to))
		return HUB_FAIL(a->host, err, HUB_REJECT, "bad-address",
				"the account's mail address is none");
	const struct hub_str all = mail_text(a, m, text);
	struct upload up = {all.ptr, all.len};
	snprintf(from, sizeof from, "<%.*s>", (int)a->conf->mail_from.len, a->conf->mail_from.ptr);
	snprintf(to, sizeof to, "<%.*s>", (int)m->to.len, m->to.ptr);
	CURL *h = curl_easy_init();
	if (h)
		rcpt = curl_slist_append(NULL, to);
	if (!h || !rcpt) {
		curl_easy_cleanup(h);
		return NO_MEMORY(a->host, err);
	}
	curl_easy_setopt(h, CURLOPT_URL, a->conf->smtp_url.ptr);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(h, CURLOPT_USE_SSL,
			 a->conf->smtp_tls == ALERT_PLAIN ? (long)CURLUSESSL_NONE
							  : (long)CURLUSESSL_ALL);
	set_timeout(a, h);
	curl_easy_setopt(h, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(h, CURLOPT_MAIL_RCPT, rcpt);
	curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(h, CURLOPT_READDATA, &up);
	if (a->conf->smtp_ca_file.len)
		curl_easy_setopt(h, CURLOPT_CAINFO, a->conf->smtp_ca_file.ptr);
	if (a->conf->smtp_user.len) {
		curl_easy_setopt(h, CURLOPT_USERNAME, a->conf->smtp_user.ptr);
		curl_easy_setopt(h, CURLOPT_PASSWORD, a->smtp_password);
	}
	const CURLcode rc = curl_easy_perform(h);
	long answer = 0;
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &answer);
	/* 535 is about our password, not about this mail */
	outcome(a, h, rc, "mail-not-taken",
		rc != CURLE_OK && rc != CURLE_LOGIN_DENIED && answer >= 500 && answer < 600, err);
	curl_slist_free_all(rcpt);
	curl_easy_cleanup(h);
	return rc == CURLE_OK ? HUB_OK : err->rc;
}

/* --- webhook --------------------------------------------------------------------------------------------- */

/* "t=SECONDS,v1=HEX" over "SECONDS.BODY": the receiver compares, and refuses what is older than five minutes. */
static int sign(const char *secret, int64_t seconds, struct hub_str body, char out[160])
{
	static const char hex[] = "0123456789abcdef";
	char text[TEXT_BYTES], digits[65];
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	const int n =
	    snprintf(text, sizeof text, "%lld.%.*s", (long long)seconds, (int)body.len, body.ptr);

	if (n < 0 || (size_t)n >= sizeof text ||
	    !HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)text, (size_t)n, mac,
		  &len) ||
	    len != 32)
		return -1;
	for (unsigned i = 0; i < len; i++) {
		digits[2 * i] = hex[mac[i] >> 4];
		digits[2 * i + 1] = hex[mac[i] & 15];
	}
	digits[64] = '\0';
	snprintf(out, 160, "Tsunagi-Signature: t=%lld,v1=%s", (long long)seconds, digits);
	return 0;
}

int alert_send_hook(struct alert *a, int64_t id, struct hub_str body, struct hub_err *err)
{
	char signature[160], delivery[64];
	struct curl_slist *head = NULL, *more;
	long answer = 0;

	CURL *h = curl_easy_init();
	snprintf(delivery, sizeof delivery, "Tsunagi-Delivery: %lld", (long long)id);
	const char *const line[] = {"Content-Type: application/json", delivery, signature};
	/* the clock that the receiver has, also when ours is set for a test */
	int bad = !h || sign(a->hook_secret, (int64_t)time(NULL), body, signature);
	for (int i = 0; i < 3 && !bad; i++) {
		more = curl_slist_append(head, line[i]);
		bad = !more;
		head = more ? more : head;
	}
	if (bad) {
		curl_slist_free_all(head);
		curl_easy_cleanup(h);
		return NO_MEMORY(a->host, err);
	}
	curl_easy_setopt(h, CURLOPT_URL, a->conf->hook_url.ptr);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https,http");
	set_timeout(a, h);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.ptr);
	curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)body.len);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, forget);
	curl_easy_setopt(h, CURLOPT_FAILONERROR, 1L);
	if (a->conf->hook_ca_file.len)
		curl_easy_setopt(h, CURLOPT_CAINFO, a->conf->hook_ca_file.ptr);
	const CURLcode rc = curl_easy_perform(h);
	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &answer);
	/* 410 Gone: the receiver wants no more of it; anything else may be set right */
	outcome(a, h, rc, "webhook-not-taken", answer == 410, err);
	curl_slist_free_all(head);
	curl_easy_cleanup(h);
	return rc == CURLE_OK ? HUB_OK : err->rc;
}
