#include "plugin/detect.h"

#include "base/err.h"
#include "base/hash.h"
#include "plugin/host.h"
#include "plugin/merge.h"
#include "plugin/option.h"
#include "plugin/spread.h"
#include "text/fold.h"

enum { MAX_DETECTORS = 16, SLICE = 64 };

struct hub_detect {
	struct hub_arena *arena; /* confs */
	struct hub_arena *room;  /* of hub_detect_room; NULL: not asked for yet */
	uint32_t count;
	struct hub_instance *detector[MAX_DETECTORS];
	struct hub_missing missing[MAX_DETECTORS];
	uint32_t left_out;
};

static const char *const type_names[] = {
    [HUB_SPAN_PERSON] = "PERSON",       [HUB_SPAN_ADDRESS] = "ADDRESS",
    [HUB_SPAN_PHONE] = "PHONE",         [HUB_SPAN_EMAIL] = "EMAIL",
    [HUB_SPAN_BIRTHDATE] = "BIRTHDATE", [HUB_SPAN_IDNUMBER] = "IDNUMBER",
    [HUB_SPAN_FACILITY] = "FACILITY",   [HUB_SPAN_ORG] = "ORG",
};

const char *hub_span_name(uint32_t type)
{
	return type > 0 && type < HUB_COUNT(type_names) ? type_names[type] : "?";
}

uint32_t hub_span_type(struct hub_str name)
{
	for (uint32_t i = 1; i < HUB_COUNT(type_names); i++)
		if (hub_str_is(name, type_names[i]))
			return i;
	return 0;
}

static int set_presets(struct hub_options *o, const struct hub_plugin *p, struct hub_str presets,
		       struct hub_err *err)
{
	struct hub_str plugin, option, value;
	int rc = HUB_OK;

	while (!rc && hub_preset_next(&presets, &plugin, &option, &value))
		if (hub_str_is(plugin, p->name))
			rc = hub_options_set(o, option, value, err);
	return rc;
}

static int open_one(struct hub_detect *d, const struct hub_plugin *plugin, const char *setting,
		    struct hub_str presets, struct hub_err *err)
{
	struct hub_options o;
	int rc;

	if (d->count + d->left_out == MAX_DETECTORS)
		return hub_fail(err, HUB_CONF, "too-many-detectors", "more than %d detectors",
				MAX_DETECTORS);
	if ((rc = hub_options_init(&o, d->arena, plugin, err)))
		return rc;
	if ((rc = set_presets(&o, plugin, presets, err)))
		return rc;
	if (setting && hub_option_find(plugin, HUB_STR("setting")) &&
	    (rc = hub_options_set(&o, HUB_STR("setting"), hub_str_of(setting), err)))
		return rc;
	if ((rc = hub_options_finish(&o, err)))
		return rc;
	rc = hub_instance_open(plugin, o.conf, (struct hub_str){NULL, 0}, &d->detector[d->count],
			       err);
	if (rc == HUB_RETRY) { /* what it needs is not on this machine: the others do their work */
		d->missing[d->left_out++] = (struct hub_missing){plugin->name, *err};
		*err = (struct hub_err){0};
		return HUB_OK;
	}
	if (!rc)
		d->count++;
	return rc;
}

const struct hub_missing *hub_detect_missing(const struct hub_detect *d, uint32_t i)
{
	return i < d->left_out ? &d->missing[i] : NULL;
}

int hub_detect_open(const struct hub_plugins *p, const char *setting, struct hub_detect **out,
		    struct hub_err *err)
{
	int rc = hub_plugins_open(p, HUB_DETECTOR, NULL, err);
	const struct hub_err *refused = rc ? NULL : hub_plugins_refused(p, HUB_DETECTOR);

	if (refused)
		*err = *refused;
	if (rc || refused)
		return err->rc;
	struct hub_arena *a = hub_arena_new(0);
	struct hub_detect *d = a ? hub_alloc0(a, sizeof *d) : NULL;
	if (!d) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	d->arena = a;
	for (size_t i = 0; i < hub_plugins_count(p) && !rc; i++)
		if (hub_plugins_at(p, i)->kind == HUB_DETECTOR)
			rc =
			    open_one(d, hub_plugins_at(p, i), setting, hub_plugins_presets(p), err);
	if (rc) {
		hub_detect_close(d);
		return rc;
	}
	*out = d;
	return HUB_OK;
}

void hub_detect_close(struct hub_detect *d)
{
	if (!d)
		return;
	for (uint32_t i = 0; i < d->count; i++)
		hub_instance_close(d->detector[i]);
	hub_arena_free(d->room);
	hub_arena_free(d->arena);
}

struct hub_arena *hub_detect_room(struct hub_detect *d)
{
	if (!d->room)
		d->room = hub_arena_new(0);
	else
		hub_arena_reset(d->room);
	return d->room;
}

/* The version of detectors that are open, with what they were told to do and how their spans are merged. */
static int version_of(const struct hub_detect *d, const struct hub_plugins *p, struct hub_str with,
		      char *hex, struct hub_err *err)
{
	uint8_t sum[HUB_SHA256];
	struct hub_sha *sha = hub_sha_new();

	if (!sha)
		return hub_fail_mem(err);
	hub_sha_add(sha, with.ptr, with.len);
	hub_sha_add(sha, HUB_MERGE_VERSION, sizeof HUB_MERGE_VERSION);
	for (uint32_t i = 0; i < d->count; i++) {
		const struct hub_plugin *one = hub_instance_plugin(d->detector[i]);
		hub_sha_add(sha, one->name, strlen(one->name) + 1);
		hub_sha_add(sha, one->version, strlen(one->version) + 1);
	}
	hub_sha_add(sha, hub_plugins_presets(p).ptr, hub_plugins_presets(p).len);
	if (hub_sha_end(sha, sum))
		return hub_fail(err, HUB_FATAL, "crypto", "SHA-256 failed");
	hub_hex(sum, sizeof sum, hex);
	return HUB_OK;
}

int hub_detect_version(const struct hub_plugins *p, struct hub_str with, char *hex,
		       struct hub_err *err)
{
	HUB_AUTO(detect) struct hub_detect *d = NULL;
	const int rc = hub_detect_open(p, NULL, &d, err);

	return rc ? rc : version_of(d, p, with, hex, err);
}

int hub_detect_open_as(const struct hub_plugins *p, const char *setting, struct hub_str with,
		       struct hub_str version, struct hub_detect **out, struct hub_err *err)
{
	HUB_AUTO(detect) struct hub_detect *d = NULL;
	char now[2 * HUB_SHA256 + 1];
	int rc = hub_detect_open(p, setting, &d, err);

	if (!rc)
		rc = version_of(d, p, with, now, err);
	if (rc)
		return rc;
	if (!hub_str_is(version, now)) {
		const struct hub_missing *m = hub_detect_missing(d, 0);
		if (m)
			hub_fail(err, HUB_RETRY, "detectors-changed",
				 "the detector %s was there when this began, and is not now",
				 m->name);
		else
			hub_fail(err, HUB_RETRY, "detectors-changed",
				 "there are other detectors now than when this began");
		hub_hint(err, "Run it again when `tsunagi plugin list` shows all of them.");
		return HUB_RETRY;
	}
	*out = d;
	d = NULL;
	return HUB_OK;
}

void hub_roster_stamp(struct hub_str version, const struct hub_person *roster, uint32_t n,
		      char *hex)
{
	struct hub_hash h = hub_hash128(version, (struct hub_hash){n, 0});

	for (uint32_t i = 0; i < n; i++) {
		const struct hub_person *p = &roster[i];
		const struct hub_str part[] = {p->id,      p->relation, p->name,      p->name_kana,
					       p->address, p->phone,    p->birth_date};
		for (size_t k = 0; k < HUB_COUNT(part); k++)
			h = hub_hash128(part[k], h);
		for (uint32_t k = 0; k < p->others; k++)
			h = hub_hash128(p->other[k], h);
	}
	uint8_t bytes[16];
	memcpy(bytes, &h, sizeof bytes);
	hub_hex(bytes, sizeof bytes, hex);
}

int hub_detect_run(struct hub_detect *d, struct hub_arena *a, struct hub_doc *docs, uint32_t n,
		   const struct hub_span **spans, size_t *count, struct hub_err *err)
{
	const uint32_t slices = (n + SLICE - 1) / SLICE;
	struct hub_span *all = NULL;
	size_t total = 0, room = 0;
	int rc;

	*spans = NULL;
	*count = 0;
	if (d->count == 0) /* nobody would read the folded texts */
		return HUB_OK;
	for (uint32_t i = 0; i < n; i++) {
		docs[i].norm = hub_fold_width(a, docs[i].text, HUB_FOLD_LF, &docs[i].at);
		if (!docs[i].norm.ptr)
			return hub_fail_mem(err);
	}
	/* in slices: what a detector needs for its texts is given back after each */
	for (uint32_t i = 0; i < d->count * slices; i++) {
		const uint32_t base = i % slices * SLICE;
		const struct hub_span *found;
		size_t m;
		if ((rc =
			 hub_detector_detect(d->detector[i / slices], docs + base,
					     n - base < SLICE ? n - base : SLICE, &found, &m, err)))
			return rc;
		if (m == 0)
			continue;
		struct hub_span *more =
		    total + m <= room ? all : hub_alloc_array(a, (total + m) * 2, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		if (more != all) {
			if (total)
				memcpy(more, all, total * sizeof *more);
			room = (total + m) * 2;
		}
		memcpy(more + total, found, m * sizeof *more);
		for (size_t k = total; k < total + m; k++)
			more[k].doc += base;
		all = more;
		total += m;
	}
	struct hub_span *merged = NULL, *spread;
	if (total && (hub_spans_merge(a, docs, all, total, &merged, count) ||
		      hub_spans_spread(a, docs, merged, *count, &spread, &total)))
		return hub_fail_mem(err);
	if (total > *count && hub_spans_merge(a, docs, spread, total, &merged, count))
		return hub_fail_mem(err);
	*spans = merged;
	return HUB_OK;
}

static char *put_text(char *to, const char *text)
{
	const size_t n = strlen(text);

	memcpy(to, text, n);
	return to + n;
}

void hub_spans_json(const struct hub_doc *doc, const struct hub_span *spans, size_t n,
		    struct hub_buf *out)
{
	size_t byte = 0, cp = 0;
	char head[64];

	hub_buf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		const struct hub_span *s = &spans[i];
		cp += hub_utf8_count(hub_str_cut(doc->text, byte, s->start));
		const size_t end = cp + hub_utf8_count(hub_str_cut(doc->text, s->start, s->end));
		char *to = hub_put_number(put_text(head, i ? ",[" : "["), cp);
		to = put_text(hub_put_number(put_text(to, ","), end), ",\"");
		to = put_text(put_text(to, hub_span_name(s->type)), "\",");
		hub_buf_add(out, head, (size_t)(to - head));
		if (s->person >= 0 && (uint32_t)s->person < doc->persons)
			hub_json_str(out, doc->roster[s->person].id);
		else
			hub_buf_puts(out, "null");
		to = put_text(hub_put_number(put_text(head, ","), s->confidence), ",\"");
		hub_buf_add(out, head, (size_t)(to - head));
		hub_buf_puts(out, s->origin ? s->origin : "");
		hub_buf_puts(out, "\"]");
		byte = s->end;
		cp = end;
	}
	hub_buf_putc(out, ']');
}
