/* The body of a request as one JSON object. */
#ifndef HUB_SERVE_BODY_H
#define HUB_SERVE_BODY_H

#include "serve/http.h"

#include <jansson.h>

/* An empty body is an empty object. 415 without Content-Type: application/json (a form of another page cannot say
 * that), 400 when it is no object. hub_auto_json frees it. */
int hub_body_read(const struct hub_http_request *q, struct hub_http_reply *r, json_t **out,
		  struct hub_err *err);
/* A text of it, copied into the arena; empty when it is not there. 422 when it is something else or longer than
 * `most` bytes. */
int hub_body_text(const struct hub_http_request *q, struct hub_http_reply *r, const json_t *body,
		  const char *name, size_t most, struct hub_str *out, struct hub_err *err);
/* The same for a list of texts, joined by blanks. */
int hub_body_words(const struct hub_http_request *q, struct hub_http_reply *r, const json_t *body,
		   const char *name, size_t most, struct hub_str *out, struct hub_err *err);

static inline void hub_auto_json(json_t **j)
{
	json_decref(*j);
}

#endif
