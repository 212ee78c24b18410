#include "serve/password.h"

#include "base/hash.h"
#include "text/fold.h"

#include <argon2.h>
#include <stdio.h>
#include <strings.h>

/* OWASP Password Storage: Argon2id with 19 MiB and 2 passes; 56 ms on the machine it was chosen on. */
enum { MEMORY_KIB = 19456, PASSES = 2, LANES = 1, SALT = 16, TAG = 32, ENCODED_MAX = 160 };

/* --- rules ------------------------------------------------------------------------------------ */

/* The commonest ones that are long enough; longer or shorter tails of digits count as the same. */
static const char *const common[] = {
    "password",       "passwordpassword", "passw0rd",       "p@ssw0rd",
    "qwertyuiop",     "qwertyuiopasdf",   "qwerty",         "asdfghjkl",
    "zxcvbnm",        "administrator",    "admin",          "letmein",
    "welcome",        "iloveyou",         "abcdefgh",       "abcdefghijkl",
    "abcdefghijklmn", "changeme",         "changemeplease", "sunshine",
    "princess",       "football",         "baseball",       "tsunagi",
    "tsunagitsunagi", "soudan",           "fukushi",        "shiyakusho",
    "kumiai",         "sakura",           "sakurasakura",   "doraemon",
    "pokemon",        "arigatou",         "konnichiwa",     "1qaz2wsx3edc",
    "1q2w3e4r5t6y",   "q1w2e3r4t5y6",     "zaq12wsxcde3",   "correcthorsebatterystaple",
};

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Without digits and signs at its end: "Password2026!" is "password". */
static struct hub_str stem(struct hub_str s)
{
	while (s.len && (is_digit(s.ptr[s.len - 1]) || strchr("!?.-_#@$%&*+ ", s.ptr[s.len - 1])))
		s.len--;
	return s;
}

static int same_word(struct hub_str a, struct hub_str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* Few different characters, or each the one after the one before: aaaa, 1212, 1234, abcd. */
static int is_monotonous(struct hub_str s)
{
	unsigned char seen[256] = {0};
	unsigned kinds = 0, steps = 0;

	for (size_t i = 0; i < s.len; i++) {
		kinds += !seen[(unsigned char)s.ptr[i]]++;
		const int step = i ? s.ptr[i] - s.ptr[i - 1] : 0;
		steps += step == 1 || step == -1;
	}
	return kinds < 5 || steps * 4 > s.len * 3;
}

static int guessable(struct hub_err *err, const char *code, const char *text)
{
	const int rc = hub_fail(err, HUB_REJECT, code, "%s", text);

	hub_hint(err, "Take several words that do not belong together; spaces are fine.");
	return rc;
}

int hub_password_check(struct hub_arena *a, struct hub_str password, const struct hub_str *words,
		       size_t n, struct hub_err *err)
{
	const struct hub_str plain = hub_fold_width(a, password, 0, NULL);
	const struct hub_str head = stem(plain);

	if (!plain.ptr)
		return hub_fail_mem(err);
	if (password.len > HUB_PASSWORD_MOST)
		return hub_fail(err, HUB_REJECT, "password-long",
				"the password has more than %d bytes", HUB_PASSWORD_MOST);
	if (hub_utf8_valid(plain) != plain.len || hub_utf8_count(plain) < HUB_PASSWORD_LEAST)
		return hub_fail(err, HUB_REJECT, "password-short",
				"a password has at least %d characters", HUB_PASSWORD_LEAST);
	for (size_t i = 0; i < HUB_COUNT(common); i++)
		if (same_word(head, hub_str_of(common[i])) ||
		    same_word(plain, hub_str_of(common[i])))
			return guessable(
			    err, "password-common",
			    hub_tr("this is one of the first passwords anybody tries"));
	if (is_monotonous(plain))
		return guessable(err, "password-common",
				 hub_tr("this password repeats itself or counts up"));
	for (size_t i = 0; i < n; i++)
		if (words[i].len >= 3 && (same_word(head, words[i]) || same_word(plain, words[i])))
			return guessable(err, "password-own",
					 hub_tr("the password is the account's own name"));
	return HUB_OK;
}

/* --- hashes ----------------------------------------------------------------------------------- */

int hub_password_hash(struct hub_arena *a, struct hub_str password, struct hub_str *encoded,
		      struct hub_err *err)
{
	const struct hub_str plain = hub_fold_width(a, password, 0, NULL);
	uint8_t salt[SALT];
	char text[ENCODED_MAX];

	if (!plain.ptr)
		return hub_fail_mem(err);
	if (hub_random(salt, sizeof salt) ||
	    argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, plain.ptr, plain.len, salt,
				  sizeof salt, TAG, text, sizeof text) != ARGON2_OK)
		return hub_fail(err, HUB_FATAL, "password-hash", "the password cannot be hashed");
	*encoded = hub_arena_str(a, hub_str_of(text));
	return encoded->ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_password_is(struct hub_arena *a, struct hub_str encoded, struct hub_str password)
{
	/* of nothing anybody could type; today's parameters, so that it takes as long */
	static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$"
				     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	const struct hub_str plain = hub_fold_width(a, password, 0, NULL);
	const char *text = encoded.len ? hub_arena_cstr(a, encoded) : nobody;

	if (!plain.ptr || !text || password.len > HUB_PASSWORD_MOST)
		return 0;
	return argon2id_verify(text, plain.ptr, plain.len) == ARGON2_OK && encoded.len > 0;
}

int hub_password_is_old(struct hub_str encoded)
{
	char now[64];

	snprintf(now, sizeof now, "$argon2id$v=%d$m=%d,t=%d,p=%d$", ARGON2_VERSION_13, MEMORY_KIB,
		 PASSES, LANES);
	return !hub_str_starts(encoded, hub_str_of(now));
}

int hub_password_draw(struct hub_arena *a, struct hub_str *out, struct hub_err *err)
{
	/* 32 of them: a byte's lower bits are as even as the byte; no 0 o 1 l */
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	uint8_t bytes[20];
	char text[24];
	size_t n = 0;

	if (hub_random(bytes, sizeof bytes))
		return hub_fail(err, HUB_FATAL, "no-random", "the system gives no random numbers");
	for (size_t i = 0; i < sizeof bytes; i++) {
		if (i && i % 5 == 0)
			text[n++] = '-';
		text[n++] = letters[bytes[i] & 31];
	}
	*out = hub_arena_str(a, (struct hub_str){text, n});
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}
