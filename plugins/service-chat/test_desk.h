/* A desk for the test of service-chat: the module's tables in SQLite in memory, replies as JSON, an inspection with
 * rules that a reader of the test can follow, accounts from a const table. */
#ifndef TEST_DESK_H
#define TEST_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <hub/plugin.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANN = 1, BOB, CHO, DAI, ERI }; /* accounts */

struct world {
	sqlite3 *db;
	void *self;
	int64_t now;
	const char *blind;  /* an agency that sees nothing of any case */
	int hides;          /* somebody of the case is under a display restriction */
	void *block[20000]; /* memory of the running call */
	size_t blocks;
	const struct hub_route *route; /* of the running call */
	json_t *open[16];
	size_t depth;
	int status;
	char next[64];
	char file[4000];  /* the last file handed out */
	char stored[200]; /* the last file taken */
	json_t *pushed;   /* ["name account data", ...] since they were last looked at */
	json_t *audited;  /* ["verb case note", ...] */
};

struct hub_ctx {
	struct world *w;
};

#define STR(z) ((struct hub_str){(z), strlen(z)})

static struct hub_colleague colleague(int64_t id)
{
	static const char *const login[] = {"", "ann", "bob", "cho", "dai", "eri"};
	static const char *const agency[] = {"", "WEL", "WEL", "NPO", "NPO", "MED"};
	static const char *const mail[] = {"", "ann@example.jp", "", "cho@example.jp", "", ""};

	return (struct hub_colleague){.id = id,
				      .login = STR(login[id]),
				      .name = STR(login[id]),
				      .agency = STR(agency[id]),
				      .mail = STR(mail[id]),
				      .view_only = id == DAI};
}

static inline int same(struct hub_str s, const char *z)
{
	return s.len == strlen(z) && memcmp(s.ptr, z, s.len) == 0;
}

static struct world *of(struct hub_call *c)
{
	return c->ctx->w;
}

/* ---- host ---- */

static void *keep(struct world *w, size_t n)
{
	assert_true(w->blocks < sizeof w->block / sizeof w->block[0]);
	return w->block[w->blocks++] = calloc(1, n ? n : 1);
}

static void *host_alloc(struct hub_ctx *ctx, struct hub_batch *b, size_t n)
{
	(void)b;
	return keep(ctx->w, n);
}

static int __attribute__((format(printf, 6, 7)))
host_fail(struct hub_err *err, int rc, const char *code, const char *file, int line,
	  const char *fmt, ...)
{
	(void)file;
	(void)line;
	(void)fmt;
	snprintf(err->code, sizeof err->code, "%s", code);
	return rc;
}

/* Full-width letters to ASCII is all that the test asks of it. */
static int host_fold(struct hub_ctx *ctx, struct hub_batch *b, uint32_t how, struct hub_str in,
		     struct hub_str *out)
{
	char *p = keep(ctx->w, in.len + 1);
	size_t n = 0;

	(void)b;
	(void)how;
	for (size_t i = 0; i < in.len; i++) {
		if (i + 2 < in.len && memcmp(in.ptr + i, "\xef\xbc", 2) == 0) {
			p[n++] = (char)((unsigned char)in.ptr[i + 2] - 0x80 + ' ');
			i += 2;
		} else {
			p[n++] = in.ptr[i];
		}
	}
	*out = (struct hub_str){p, n};
	return HUB_OK;
}

/* ---- the reply ---- */

static void put(struct hub_call *c, const char *name, json_t *v)
{
	struct world *w = of(c);
	json_t *at = w->open[w->depth - 1];

	if (name)
		assert_int_equal(json_object_set_new(at, name, v), 0);
	else
		assert_int_equal(json_array_append_new(at, v), 0);
}

static void desk_text(struct hub_call *c, const char *name, struct hub_str s)
{
	put(c, name, s.ptr ? json_stringn(s.ptr, s.len) : json_null());
}

static void desk_number(struct hub_call *c, const char *name, int64_t n)
{
	put(c, name, json_integer(n));
}

static void desk_truth(struct hub_call *c, const char *name, int b)
{
	put(c, name, json_boolean(b));
}

static void desk_open(struct hub_call *c, const char *name, int list)
{
	struct world *w = of(c);
	json_t *v = list ? json_array() : json_object();

	put(c, name, v);
	w->open[w->depth++] = v;
}

static void desk_close(struct hub_call *c)
{
	assert_true(of(c)->depth > 1);
	of(c)->depth--;
}

static void desk_next(struct hub_call *c, struct hub_str after)
{
	snprintf(of(c)->next, sizeof of(c)->next, "%.*s", (int)after.len, after.ptr);
}

static int desk_version(struct hub_call *c, int64_t version, struct hub_err *err)
{
	(void)c;
	(void)version;
	(void)err;
	return HUB_OK;
}

static void desk_file(struct hub_call *c, const struct hub_file *f)
{
	snprintf(of(c)->file, sizeof of(c)->file, "%.*s", (int)f->content.len, f->content.ptr);
}

static int __attribute__((format(printf, 5, 6)))
desk_refuse(struct hub_call *c, int status, struct hub_err *err, const char *code, const char *fmt,
	    ...)
{
	(void)fmt;
	of(c)->status = status;
	snprintf(err->code, sizeof err->code, "%s", code);
	json_t *at = of(c)->open[0];
	if (json_is_object(at))
		json_object_set_new(at, "code", json_string(code));
	return HUB_REFUSED;
}

static void desk_status(struct hub_call *c, int status)
{
	of(c)->status = status;
}

/* ---- the store ---- */

static void bind(sqlite3_stmt *s, int at, const struct hub_val *v)
{
	if (v->type == HUB_VAL_TEXT)
		sqlite3_bind_text(s, at, v->s.ptr ? v->s.ptr : "", (int)v->s.len, SQLITE_TRANSIENT);
	else
		sqlite3_bind_int64(s, at, v->i);
}

static void read_row(struct world *w, sqlite3_stmt *s, uint32_t cols, struct hub_val *val)
{
	for (uint32_t i = 0; i < cols; i++) {
		if (sqlite3_column_type(s, (int)i) != SQLITE_TEXT) {
			val[i].type = HUB_VAL_INT;
			val[i].i = sqlite3_column_int64(s, (int)i);
			continue;
		}
		const size_t n = (size_t)sqlite3_column_bytes(s, (int)i);
		char *copy = keep(w, n + 1);
		memcpy(copy, sqlite3_column_text(s, (int)i), n);
		val[i].type = HUB_VAL_TEXT;
		val[i].s = (struct hub_str){copy, n};
	}
}

static int desk_sql(struct hub_call *c, uint32_t statement, const struct hub_val *args, uint32_t n,
		    struct hub_result *result, struct hub_err *err)
{
	enum { MOST = 1000 };
	struct world *w = of(c);
	const char *sql = hub_plugin_get(0)->service->statement[statement];
	sqlite3_stmt *s = NULL;
	uint32_t rows = 0;

	(void)err;
	if (sqlite3_prepare_v2(w->db, sql, -1, &s, NULL))
		fail_msg("%s: %s", sqlite3_errmsg(w->db), sql);
	assert_int_equal(sqlite3_bind_parameter_count(s), n);
	const uint32_t cols = (uint32_t)sqlite3_column_count(s);
	struct hub_val *val = keep(w, MOST * (cols + 1) * sizeof *val);
	for (uint32_t i = 0; i < n; i++)
		bind(s, (int)i + 1, &args[i]);
	while (sqlite3_step(s) == SQLITE_ROW && rows < MOST)
		read_row(w, s, cols, val + (size_t)rows++ * cols);
	if (sqlite3_finalize(s))
		fail_msg("%s: %s", sqlite3_errmsg(w->db), sql);
	if (result)
		*result = (struct hub_result){rows, cols, val, sqlite3_changes(w->db)};
	return HUB_OK;
}

/* ---- the gate ---- */

static int desk_sees_case(struct hub_call *c, struct hub_str agency, struct hub_str case_no,
			  struct hub_err *err)
{
	(void)err;
	return case_no.len && of(c)->blind && same(agency, of(c)->blind) ? HUB_END : HUB_OK;
}

/* 田中 is known to WEL alone, 花子 said no to NPO, 新宿1-2-3 is a restricted address for all. */
static const struct rule {
	const char *word, *from, *label, *reason;
	uint32_t type;
} rules[] = {
    {"田中", "NPO", "【本人】", "no-consent", HUB_SPAN_PERSON},
    {"田中", "MED", "【本人】", "no-consent", HUB_SPAN_PERSON},
    {"花子", "NPO", "【本人の母】", "consent-refused", HUB_SPAN_PERSON},
    {"cho", "NPO", "●●", "third-party", HUB_SPAN_PERSON},
    {"新宿1-2-3", "NPO", "●●", "address-restricted", HUB_SPAN_ADDRESS},
};

static int desk_inspect(struct hub_call *c, const struct hub_outgoing *o,
			const struct hub_held **out, uint32_t *n, struct hub_str *masked,
			struct hub_err *err)
{
	struct hub_held *held = keep(of(c), 64 * sizeof *held);
	char *text = keep(of(c), o->text.len * 4 + 100);
	size_t len = 0;

	(void)err;
	*n = 0;
	for (size_t i = 0; i < o->text.len;) {
		const struct rule *hit = NULL;
		for (size_t r = 0; r < sizeof rules / sizeof rules[0] && !hit; r++)
			for (uint32_t k = 0; k < o->agencies && !hit; k++)
				if (same(o->agency[k], rules[r].from) &&
				    strncmp(o->text.ptr + i, rules[r].word,
					    strlen(rules[r].word)) == 0)
					hit = &rules[r];
		if (!hit) {
			text[len++] = o->text.ptr[i++];
			continue;
		}
		held[(*n)++] =
		    (struct hub_held){(uint32_t)i,      (uint32_t)(i + strlen(hit->word)),
				      hit->type,        STR(hit->label),
				      STR(hit->reason), STR(hit->from)};
		memcpy(text + len, hit->label, strlen(hit->label));
		len += strlen(hit->label);
		i += strlen(hit->word);
	}
	*out = held;
	*masked = (struct hub_str){text, len};
	return HUB_OK;
}

static struct hub_str desk_readable(struct hub_call *c, struct hub_str text)
{
	(void)c;
	return text;
}

static int desk_unrestricted(struct hub_call *c, struct hub_str case_no, struct hub_err *err)
{
	(void)case_no;
	(void)err;
	return of(c)->hides ? HUB_END : HUB_OK;
}

/* WEL calls a case by its number, the others by a handle. */
static int desk_case_name(struct hub_call *c, struct hub_str number, struct hub_str *name,
			  struct hub_err *err)
{
	char *p = keep(of(c), number.len + 8);

	(void)err;
	const int n = snprintf(p, number.len + 8, "%s%.*s", same(c->who.agency, "WEL") ? "" : "h-",
			       (int)number.len, number.ptr);
	*name = (struct hub_str){p, (size_t)n};
	return HUB_OK;
}

static int desk_case_number(struct hub_call *c, struct hub_str name, struct hub_str *number,
			    struct hub_err *err)
{
	const size_t skip = same(c->who.agency, "WEL") ? 0 : 2;

	(void)err;
	*number = (struct hub_str){name.ptr + skip, name.len - skip};
	return same(*number, "K1") ? HUB_OK : HUB_END;
}

/* ---- accounts, pushes, audit, files ---- */

static int desk_account(struct hub_call *c, int64_t id, const struct hub_colleague **out,
			struct hub_err *err)
{
	struct hub_colleague *one = keep(of(c), sizeof *one);

	(void)err;
	if (id < ANN || id > ERI)
		return HUB_END;
	*one = colleague(id);
	*out = one;
	return HUB_OK;
}

static int desk_accounts(struct hub_call *c, struct hub_str agency,
			 const struct hub_colleague **out, uint32_t *n, struct hub_err *err)
{
	struct hub_colleague *all = keep(of(c), ERI * sizeof *all);

	(void)err;
	*n = 0;
	for (int64_t id = ANN; id <= ERI; id++) {
		all[*n] = colleague(id);
		*n += same(agency, all[*n].agency.ptr) ? 1u : 0u;
	}
	*out = all;
	return *n ? HUB_OK : HUB_END;
}

static int desk_push(struct hub_call *c, const int64_t *account, uint32_t n, const char *name,
		     struct hub_str data, struct hub_err *err)
{
	(void)err;
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(of(c)->pushed, json_sprintf("%s %s %.*s", name,
								  colleague(account[i]).login.ptr,
								  (int)data.len, data.ptr));
	return HUB_OK;
}

static int desk_audit(struct hub_call *c, const char *verb, struct hub_str case_no,
		      const char *note, struct hub_err *err)
{
	(void)err;
	json_array_append_new(
	    of(c)->audited, json_sprintf("%s %.*s %s", verb, (int)case_no.len, case_no.ptr, note));
	return HUB_OK;
}

static int desk_file_put(struct hub_call *c, struct hub_str case_no, const struct hub_file *f,
			 int64_t *id, struct hub_err *err)
{
	(void)case_no;
	(void)err;
	snprintf(of(c)->stored, sizeof of(c)->stored, "%.*s", (int)f->content.len, f->content.ptr);
	*id = 77;
	return HUB_OK;
}

static int desk_file_get(struct hub_call *c, int64_t id, struct hub_file *f, struct hub_err *err)
{
	(void)err;
	assert_int_equal(id, 77);
	f->content = STR(of(c)->stored);
	return HUB_OK;
}

static void *desk_alloc(struct hub_call *c, size_t n)
{
	return keep(of(c), n);
}

static const struct hub_desk desk = {
    .size = sizeof desk,
    .alloc = desk_alloc,
    .text = desk_text,
    .number = desk_number,
    .truth = desk_truth,
    .time = desk_number,
    .open = desk_open,
    .close = desk_close,
    .next = desk_next,
    .version = desk_version,
    .file = desk_file,
    .refuse = desk_refuse,
    .status = desk_status,
    .sql = desk_sql,
    .sees_case = desk_sees_case,
    .inspect = desk_inspect,
    .accounts = desk_accounts,
    .account = desk_account,
    .push = desk_push,
    .audit = desk_audit,
    .file_put = desk_file_put,
    .file_get = desk_file_get,
    .unrestricted = desk_unrestricted,
    .readable = desk_readable,
    .case_number = desk_case_number,
    .case_name = desk_case_name,
};

static const struct hub_host host = {
    .size = sizeof host,
    .abi_major = HUB_ABI_MAJOR,
    .abi_minor = HUB_ABI_MINOR,
    .alloc = host_alloc,
    .fail = host_fail,
    .fold = host_fold,
    .desk = &desk,
};

#endif
