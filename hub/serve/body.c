#include "serve/body.h"

#include "base/str.h"

#include <strings.h>

static int is_json(struct hub_str type)
{
	static const char json[] = "application/json";
	const size_t n = sizeof json - 1;

	return type.len >= n && strncasecmp(type.ptr, json, n) == 0 &&
	       (type.len == n || type.ptr[n] == ';' || type.ptr[n] == ' ');
}

int hub_body_read(const struct hub_http_request *q, struct hub_http_reply *r, json_t **out,
		  struct hub_err *err)
{
	json_error_t at;

	if (!is_json(hub_http_header(q, "Content-Type")) && q->body.len)
		return hub_http_fail(r, 415, err, "not-json", "the body must be application/json");
	*out = q->body.len ? json_loadb(q->body.ptr, q->body.len, JSON_REJECT_DUPLICATES, &at)
			   : json_object();
	if (json_is_object(*out))
		return HUB_OK;
	return hub_http_fail(r, 400, err, "bad-json", "the body is no JSON object");
}

static int unfit(struct hub_http_reply *r, const char *name, struct hub_err *err)
{
	return hub_http_fail(r, 422, err, "bad-value", "\"%s\" is not what is expected there",
			     name);
}

int hub_body_text(const struct hub_http_request *q, struct hub_http_reply *r, const json_t *body,
		  const char *name, size_t most, struct hub_str *out, struct hub_err *err)
{
	const json_t *v = json_object_get(body, name);

	*out = HUB_STR("");
	if (!v || json_is_null(v))
		return HUB_OK;
	if (!json_is_string(v) || json_string_length(v) > most)
		return unfit(r, name, err);
	*out =
	    hub_arena_str(q->arena, (struct hub_str){json_string_value(v), json_string_length(v)});
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_body_words(const struct hub_http_request *q, struct hub_http_reply *r, const json_t *body,
		   const char *name, size_t most, struct hub_str *out, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	const json_t *v = json_object_get(body, name);

	hub_buf_init(&b, most);
	for (size_t i = 0; i < json_array_size(v); i++) {
		const json_t *one = json_array_get(v, i);
		if (!json_is_string(one) || strpbrk(json_string_value(one), " ,"))
			return unfit(r, name, err);
		hub_buf_printf(&b, "%s%s", i ? " " : "", json_string_value(one));
	}
	if ((v && !json_is_array(v)) || !hub_buf_ok(&b))
		return unfit(r, name, err);
	*out = b.len ? hub_buf_keep(&b, q->arena) : HUB_STR("");
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}
