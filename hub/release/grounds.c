#include "release/grounds.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "release/conf_read.h"

static const char *const sources[] = {"S", "K", "I", NULL};

/* As the file says it. */
struct raw {
	struct hub_str id, law, article, note, purpose, from, to;
	int64_t needs_consent, active, emergency, source;
	const config_setting_t *meeting;
};

#define TEXT(key, field)                                                                \
	{                                                                               \
		HUB_OPTION((key), TEXT, 0, NULL, .offset = offsetof(struct raw, field)) \
	}
#define NEED(key, field)                                          \
	{                                                         \
		HUB_OPTION((key), TEXT, HUB_OPT_REQUIRED, NULL,   \
			   .offset = offsetof(struct raw, field)) \
	}
static const struct hub_opt row_opts[] = {
    NEED("id", id),
    NEED("law", law),
    TEXT("article", article),
    TEXT("note", note),
    TEXT("purpose", purpose),
    TEXT("valid_from", from),
    TEXT("valid_to", to),
    {HUB_OPTION("needs_consent", BOOL, 0, NULL, .offset = offsetof(struct raw, needs_consent),
		.dflt = "true")},
    {HUB_OPTION("active", BOOL, 0, NULL, .offset = offsetof(struct raw, active))},
    {HUB_OPTION("emergency", BOOL, 0, NULL, .offset = offsetof(struct raw, emergency))},
    {HUB_OPTION("source", ENUM, HUB_OPT_REQUIRED, NULL, .offset = offsetof(struct raw, source),
		.words = sources)},
    {.name = "meeting", .type = HUB_KEY_LIST, .offset = offsetof(struct raw, meeting)},
    {.name = NULL}};
static const struct hub_keys row_keys = {.opts = row_opts, .owner = "ground"};

struct top {
	const config_setting_t *grounds;
};
static const struct hub_opt top_opts[] = {{.name = "grounds",
					   .type = HUB_KEY_LIST,
					   .offset = offsetof(struct top, grounds),
					   .flags = HUB_OPT_REQUIRED},
					  {.name = NULL}};
static const struct hub_keys top_keys = {.opts = top_opts, .owner = "grounds"};

struct load {
	struct hub_arena *a;
	struct hub_report *r;
	struct hub_map *kinds; /* every meeting seen so far */
};

/* One spelling of a meeting in two rows would make the law depend on the order of the file. */
static int check_kinds(struct load *l, const config_setting_t *at, const struct hub_ground *g)
{
	int rc = HUB_OK;
	uint64_t seen;

	for (uint32_t i = 0; i < g->n_kinds; i++) {
		struct hub_err e;
		if (!hub_map_get(l->kinds, g->kinds[i], &seen)) {
			if (hub_map_put(l->kinds, g->kinds[i], 1))
				return HUB_FATAL;
			continue;
		}
		hub_fail(&e, HUB_CONF, "meeting-twice",
			 "meeting \"%.*s\" is already in another ground", HUB_FMT(g->kinds[i]));
		hub_hint(&e, "Give each meeting to one ground.");
		hub_report_add(l->r, hub_conf_place(at), &e);
		rc = HUB_CONF;
	}
	return rc;
}

static int check_acting(struct load *l, const config_setting_t *at, const struct hub_ground *g)
{
	struct hub_err e;

	if (!g->active || g->needs_consent || g->emergency ||
	    (g->n_kinds > 0 && g->purpose.len > 0))
		return HUB_OK;
	hub_fail(&e, HUB_CONF, "ground-without-meeting",
		 "an active ground without consent needs \"meeting\" and \"purpose\"");
	hub_hint(&e, "Name the meeting and the purpose, or set active = false.");
	hub_report_add(l->r, hub_conf_place(at), &e);
	return HUB_CONF;
}

/* All problems are to be found: go on after one, but not without memory. */
static int worse(int rc, int next)
{
	return rc == HUB_OK || next == HUB_FATAL ? next : rc;
}

static int take_row(struct load *l, const config_setting_t *at, struct hub_ground *g)
{
	struct raw raw = {0};
	int rc = hub_conf_take(at, &row_keys, l->a, &raw, NULL, l->r);

	if (rc)
		return rc;
	*g = (struct hub_ground){.id = raw.id,
				 .law = raw.law,
				 .article = raw.article,
				 .note = raw.note,
				 .purpose = raw.purpose,
				 .needs_consent = raw.needs_consent != 0,
				 .active = raw.active != 0,
				 .emergency = raw.emergency != 0,
				 .source = sources[raw.source][0]};
	rc = worse(rc, hub_read_words(l->a, raw.meeting, &g->kinds, &g->n_kinds, l->r));
	rc = worse(rc, hub_read_period(at, raw.from, raw.to, &g->valid, l->r));
	rc = worse(rc, check_acting(l, at, g));
	rc = worse(rc, check_kinds(l, at, g));
	return rc;
}

/* What of a row decides, a line each. */
static void write_canon(const struct hub_grounds *g, struct hub_buf *b)
{
	for (uint32_t i = 0; i < g->n; i++) {
		const struct hub_ground *r = &g->row[i];
		hub_buf_printf(b, "%.*s ", HUB_FMT(r->id));
		hub_json_str(b, r->law);
		hub_buf_putc(b, ' ');
		hub_json_str(b, r->article);
		for (uint32_t k = 0; k < r->n_kinds; k++) {
			hub_buf_puts(b, k ? ", " : " meeting ");
			hub_json_str(b, r->kinds[k]);
		}
		hub_buf_printf(b, "%s%.*s%s%s%s ", r->purpose.len ? " purpose " : "",
			       HUB_FMT(r->purpose), r->needs_consent ? " needs-consent" : "",
			       r->active ? " active" : "", r->emergency ? " emergency" : "");
		hub_period_write(b, r->valid);
		hub_buf_putc(b, '\n');
	}
}

static int seal(struct hub_arena *a, struct hub_grounds *g)
{
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];

	hub_buf_init(&b, 4 << 20);
	write_canon(g, &b);
	g->canon = hub_buf_keep(&b, a);
	if (!g->canon.ptr || hub_sha256(g->canon, sha))
		return HUB_FATAL;
	hub_hex(sha, sizeof sha, g->hash);
	return HUB_OK;
}

static int take_file(struct load *l, const struct hub_conf *c, struct hub_grounds *out)
{
	struct top top = {0};
	int rc = hub_conf_take(hub_conf_root(c), &top_keys, l->a, &top, NULL, l->r);

	if (rc)
		return rc;
	const unsigned n = hub_conf_count(top.grounds);
	struct hub_ground *row = hub_alloc_array(l->a, n ? n : 1, sizeof *row);
	if (!row)
		return HUB_FATAL;
	for (unsigned i = 0; i < n; i++) {
		const int one = take_row(l, hub_conf_child(top.grounds, i), &row[i]);
		if (one == HUB_FATAL)
			return one;
		rc = worse(rc, one);
	}
	*out = (struct hub_grounds){.row = row, .n = n};
	return rc ? rc : seal(l->a, out);
}

int hub_grounds_load(struct hub_arena *a, struct hub_report *r, const char *path,
		     struct hub_grounds *out, struct hub_err *err)
{
	struct load l = {.a = a, .r = r, .kinds = hub_map_new(a)};
	HUB_AUTO(conf) struct hub_conf *c = NULL;

	*out = (struct hub_grounds){0};
	if (!l.kinds)
		return hub_fail_mem(err);
	int rc = hub_conf_read(a, r, path, &c, err);
	if (rc)
		return rc;
	rc = take_file(&l, c, out);
	if (rc == HUB_FATAL)
		return hub_fail_mem(err);
	/* a table with an error in it is no table */
	rc = hub_report_result(r, err);
	if (rc)
		*out = (struct hub_grounds){0};
	return rc;
}
