#include "serve/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

int hub_totp_code(struct hub_str key, int64_t counter, unsigned digits, char *out)
{
	uint8_t text[8], mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	for (unsigned i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)((uint64_t)counter >> (56 - 8 * i));
	if (digits < 6 || digits > 8 ||
	    !HMAC(EVP_sha1(), key.ptr, (int)key.len, text, sizeof text, mac, &len) || len != 20)
		return -1;
	const uint8_t *at = mac + (mac[19] & 15); /* dynamic truncation, RFC 4226 5.3 */
	uint32_t value =
	    (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	out[digits] = '\0';
	for (unsigned i = digits; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return 0;
}

int64_t hub_totp_match(struct hub_str key, struct hub_str code, int64_t now, int64_t last)
{
	const int64_t step = now / HUB_TOTP_STEP;
	char want[HUB_TOTP_DIGITS + 1];

	for (int64_t c = step - 1; c <= step + 1; c++)
		if (c > last && hub_totp_code(key, c, HUB_TOTP_DIGITS, want) == 0 &&
		    hub_str_is(code, want))
			return c;
	return 0;
}

struct hub_str hub_base32(struct hub_arena *a, struct hub_str bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char *out = hub_alloc(a, bytes.len * 8 / 5 + 2);
	size_t n = 0;
	uint32_t held = 0;
	unsigned bits = 0;

	if (!out)
		return (struct hub_str){NULL, 0};
	for (size_t i = 0; i < bytes.len; i++) {
		held = (held << 8 | (unsigned char)bytes.ptr[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			out[n++] = letters[held >> (bits - 5) & 31];
	}
	if (bits)
		out[n++] = letters[held << (5 - bits) & 31];
	out[n] = '\0';
	return (struct hub_str){out, n};
}
