/* What a handler says: checked against the members that its route declares, and written as JSON. */
#include "serve/calling.h"

#include "base/json.h"

enum { FRAMES = 2 * HUB_MEMBERS_DEEP + 2 };

/* Faults of the program, not of the asker: told to the log, with names of members and nothing else. */
static void bad(struct hub_calling *x, const char *name, const char *why)
{
	if (!x->bad.code[0])
		hub_fail(&x->bad, HUB_FATAL, "reply-undeclared",
			 "%s %s: the reply's member \"%s\" %s", x->route ? x->route->method : "-",
			 x->route ? x->route->path : "-", name ? name : "", hub_tr(why));
}

static struct hub_buf *body_of(struct hub_calling *x)
{
	return &x->r->body;
}

/* The member that is said next, its key or comma written; NULL: it may not be said. */
static const struct hub_member *next_member(struct hub_calling *x, const char *name)
{
	if (!x->r || !x->depth) {
		bad(x, name, HUB_N("cannot be said here"));
		return NULL;
	}
	struct hub_saying *s = &x->saying[x->depth - 1];
	if (s->element) {
		if (name) {
			bad(x, name, HUB_N("has a name inside a list"));
			return NULL;
		}
		if (body_of(x)->len && body_of(x)->ptr[body_of(x)->len - 1] != '[')
			hub_buf_putc(body_of(x), ',');
		return s->element;
	}
	for (size_t i = 0; name && s->m && s->m[i].name; i++) {
		if (strcmp(s->m[i].name, name) != 0)
			continue;
		if (s->said & UINT64_C(1) << i)
			bad(x, name, HUB_N("is there twice"));
		s->said |= UINT64_C(1) << i;
		hub_json_key(body_of(x), name);
		return &s->m[i];
	}
	bad(x, name, HUB_N("is not declared"));
	return NULL;
}

/* May a scalar stand here? In a list it is an element, whatever the member's flags say. */
static const struct hub_member *next_scalar(struct hub_calling *x, const char *name)
{
	const struct hub_member *m = next_member(x, name);
	const int in_list = m && x->saying[x->depth - 1].element;

	if (m && !in_list && (m->flags & HUB_M_LIST)) {
		bad(x, m->name, HUB_N("is a list"));
		return NULL;
	}
	return m;
}

static void put_null(struct hub_calling *x, const struct hub_member *m)
{
	if (!(m->flags & HUB_M_NULLABLE))
		bad(x, m->name, HUB_N("must not be null"));
	hub_buf_puts(body_of(x), "null");
}

static void put_int(struct hub_calling *x, const struct hub_member *m, int64_t i)
{
	char time[30];

	if (m->type == HUB_M_TIME) {
		hub_instant_print(i, time);
		hub_json_str(body_of(x), hub_str_of(time));
		return;
	}
	if (m->type != HUB_M_INT)
		bad(x, m->name, HUB_N("is no number"));
	hub_buf_printf(body_of(x), "%lld", (long long)i);
}

static void put_json(struct hub_calling *x, const struct hub_member *m, struct hub_str s)
{
	json_t *j = hub_json_read(s, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

	if (!j)
		bad(x, m->name, HUB_N("is no JSON"));
	json_decref(j);
	hub_buf_str(body_of(x), s);
}

static void put_text(struct hub_calling *x, const struct hub_member *m, struct hub_str s)
{
	if (!s.ptr) {
		put_null(x, m);
		return;
	}
	if (m->type == HUB_M_JSON) {
		put_json(x, m, s);
		return;
	}
	if (m->type != HUB_M_TEXT && m->type != HUB_M_DATE && m->type != HUB_M_WORD)
		bad(x, m->name, HUB_N("is no text"));
	/* how long a text may be is said for those who write: what is stored is shown whole */
	else if (m->type != HUB_M_TEXT && hub_member_misfit(m, s))
		bad(x, m->name, HUB_N("has a value that is not allowed"));
	if (hub_utf8_valid(s) != s.len) {
		bad(x, m->name, HUB_N("is not valid UTF-8"));
		return;
	}
	hub_json_str(body_of(x), s);
}

static void put_bool(struct hub_calling *x, const struct hub_member *m, int b)
{
	if (m->type != HUB_M_BOOL)
		bad(x, m->name, HUB_N("is not true or false"));
	hub_buf_puts(body_of(x), b ? "true" : "false");
}

void hub_call_text(struct hub_call *c, const char *name, struct hub_str s)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_member *m = next_scalar(x, name);

	if (m)
		put_text(x, m, s);
}

void hub_call_number(struct hub_call *c, const char *name, int64_t n)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_member *m = next_scalar(x, name);

	if (m)
		put_int(x, m, n);
}

void hub_call_truth(struct hub_call *c, const char *name, int b)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_member *m = next_scalar(x, name);

	if (m)
		put_bool(x, m, b);
}

void hub_call_time(struct hub_call *c, const char *name, int64_t ms)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_member *m = next_scalar(x, name);

	if (!m)
		return;
	if (m->type != HUB_M_TIME)
		bad(x, m->name, HUB_N("is no time"));
	else if (ms)
		put_int(x, m, ms);
	else
		put_null(x, m);
}

void hub_call_open(struct hub_call *c, const char *name, int list)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_member *m = next_member(x, name);
	const int in_list = m && x->saying[x->depth - 1].element;

	if (m && (list ? in_list || !(m->flags & HUB_M_LIST)
		       : m->type != HUB_M_OBJECT || (!in_list && (m->flags & HUB_M_LIST))))
		bad(x, m->name,
		    list ? HUB_N("is not declared as a list")
			 : HUB_N("is not declared as an object"));
	if (x->bad.code[0] || !m || x->depth == FRAMES)
		return; /* nothing of this reply will leave */
	x->saying[x->depth++] =
	    list ? (struct hub_saying){.element = m} : (struct hub_saying){.m = m->of};
	hub_buf_putc(body_of(x), list ? '[' : '{');
}

static void need_all(struct hub_calling *x, const struct hub_saying *s)
{
	for (size_t i = 0; s->m && s->m[i].name; i++)
		if ((s->m[i].flags & HUB_M_REQUIRED) && !(s->said & UINT64_C(1) << i))
			bad(x, s->m[i].name, HUB_N("is missing"));
}

void hub_call_close(struct hub_call *c)
{
	struct hub_calling *x = hub_calling_of(c);

	if (x->bad.code[0])
		return;
	if (x->depth <= 1) {
		bad(x, NULL, HUB_N("is closed without being open"));
		return;
	}
	const struct hub_saying *s = &x->saying[--x->depth];
	need_all(x, s);
	hub_buf_putc(body_of(x), s->element ? ']' : '}');
}

static void say_list(struct hub_calling *x, const char *name, const struct hub_val *v)
{
	const struct hub_saying *at = x->depth ? &x->saying[x->depth - 1] : NULL;
	const struct hub_member *m = at && at->element ? at->element : NULL;

	for (size_t i = 0; at && !m && name && at->m && at->m[i].name; i++)
		if (strcmp(at->m[i].name, name) == 0)
			m = &at->m[i];
	const int list = m && !(at->element) && (m->flags & HUB_M_LIST);
	const size_t n = m && !list ? hub_members_count(m->of) : v->n;

	hub_call_open(&x->call, name, list);
	if (x->bad.code[0])
		return;
	for (size_t i = 0; i < v->n && i < n; i++)
		hub_call_say(&x->call, list ? NULL : m->of[i].name, &v->item[i]);
	hub_call_close(&x->call);
}

void hub_call_say(struct hub_call *c, const char *name, const struct hub_val *v)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_member *m;

	switch (v->type) {
	case HUB_VAL_INT:
		hub_call_number(c, name, v->i);
		break;
	case HUB_VAL_BOOL:
		hub_call_truth(c, name, v->i != 0);
		break;
	case HUB_VAL_TEXT:
		hub_call_text(c, name, v->s);
		break;
	case HUB_VAL_LIST:
		say_list(x, name, v);
		break;
	case HUB_VAL_NULL:
		if ((m = next_member(x, name)))
			put_null(x, m);
		break;
	default:
		break; /* not there */
	}
}

void hub_call_next(struct hub_call *c, struct hub_str after)
{
	struct hub_calling *x = hub_calling_of(c);

	x->next = hub_arena_str(x->arena, after);
	x->has_next = after.ptr != NULL;
}

int hub_page_begin(struct hub_page *p, struct hub_call *c, int64_t first, struct hub_err *err)
{
	*p = (struct hub_page){.from = first};
	if (c->after.len && hub_parse_i64(c->after, 0, INT64_MAX, &p->from))
		return hub_call_refuse(c, 400, err, "bad-cursor",
				       "the place where the page before ended cannot be read");
	return HUB_OK;
}

int hub_page_next(struct hub_page *p, struct hub_call *c, int64_t number)
{
	if (p->said++ < c->limit) {
		p->from = number;
		return 1;
	}
	hub_call_next(c, hub_arena_printf(hub_call_arena(c), "%lld", (long long)p->from));
	return 0;
}

static int is_token(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || (unsigned char)s.ptr[i] >= 0x7f)
			return 0;
	return s.len > 0;
}

/* RFC 6266: the name as UTF-8, every byte that is no letter or digit escaped. */
static struct hub_str disposition(struct hub_arena *a, struct hub_str name)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 8 << 10);
	hub_buf_puts(&b, "attachment; filename*=UTF-8''");
	for (size_t i = 0; i < name.len; i++) {
		const unsigned char c = (unsigned char)name.ptr[i];
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    c == '.' || c == '-' || c == '_')
			hub_buf_putc(&b, (char)c);
		else
			hub_buf_printf(&b, "%%%02X", c);
	}
	return hub_buf_keep(&b, a);
}

void hub_call_file(struct hub_call *c, const struct hub_file *f)
{
	struct hub_calling *x = hub_calling_of(c);

	if (!x->r || !x->route || !(x->route->flags & HUB_ROUTE_RAW)) {
		bad(x, "file", HUB_N("is not declared"));
		return;
	}
	hub_buf_reset(body_of(x));
	hub_buf_str(body_of(x), f->content);
	x->r->type =
	    is_token(f->type) ? hub_arena_cstr(x->arena, f->type) : "application/octet-stream";
	const struct hub_str head = disposition(x->arena, f->name);
	if (head.ptr)
		hub_http_set(x->q, x->r, "Content-Disposition", head);
}

void hub_saying_begin(struct hub_calling *x)
{
	static const struct hub_member items[] = {{HUB_MEMBER("items", OBJECT, HUB_M_LIST, NULL)},
						  {.name = NULL}};
	struct hub_member *item;

	if (!x->r || (x->route->flags & HUB_ROUTE_RAW))
		return;
	if (!(x->route->flags & HUB_ROUTE_LIST)) {
		hub_buf_putc(body_of(x), '{');
		x->saying[x->depth++] = (struct hub_saying){.m = x->route->reply};
		return;
	}
	if (!(item = hub_alloc(x->arena, sizeof *item))) {
		(void)hub_fail_mem(&x->bad);
		return;
	}
	*item = items[0];
	item->of = x->route->reply;
	hub_buf_puts(body_of(x), "{\"items\":[");
	x->saying[x->depth++] = (struct hub_saying){.element = item};
}

int hub_saying_end(struct hub_calling *x, struct hub_err *err)
{
	struct hub_buf *b = x->r ? &x->r->body : NULL;

	if (!x->bad.code[0] && x->depth > 1)
		bad(x, NULL, HUB_N("is still open at the end"));
	if (!x->bad.code[0] && b && !(x->route->flags & HUB_ROUTE_RAW)) {
		const int list = x->route->flags & HUB_ROUTE_LIST;
		if (list)
			hub_buf_putc(b, ']');
		else if (b->len > 1)
			need_all(x, &x->saying[0]);
		if (x->has_next)
			hub_json_field(b, "next", x->next);
		if (b->len > 1)
			hub_buf_puts(b, "}\n");
		else
			hub_buf_reset(b); /* nothing was said: 204 */
	}
	if (!x->bad.code[0])
		return HUB_OK;
	if (err)
		*err = x->bad;
	return HUB_FATAL;
}
