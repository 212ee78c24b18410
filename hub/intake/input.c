#include "intake/input.h"

#include "base/err.h"
#include "base/io.h"
#include "plugin/choose.h"
#include "plugin/detect.h"
#include "plugin/option.h"

/* known: leave out what the source does not have (the mapping did not say which source it is). */
static int set_options(struct hub_options *opt, uint32_t n, const struct hub_str *name,
		       const struct hub_str *value, int known, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < n && !rc; i++)
		if (!known || hub_option_find(opt->plugin, name[i]))
			rc = hub_options_set(opt, name[i], value[i], err);
	return rc;
}

/* What the mapping's filters do to the batches of the source. */
static int add_filters(struct hub_arena *a, const struct hub_intake *in,
		       struct hub_instance *source, struct hub_err *err)
{
	const struct hub_mapping_info *info = hub_mapping_info(in->mapping);

	for (uint32_t i = 0; i < info->filters; i++) {
		const struct hub_mapping_plugin *f = &info->filter[i];
		struct hub_instance *filter;
		struct hub_options opt;
		const struct hub_plugin *plugin;
		int rc;

		if ((rc = hub_plugins_find(in->plugins, HUB_FILTER, f->plugin, &plugin, err)) ||
		    (rc = hub_options_init(&opt, a, plugin, err)) ||
		    (rc = set_options(&opt, f->options, f->option_name, f->option_value, 0, err)) ||
		    (rc = hub_options_finish(&opt, err)) ||
		    (rc = hub_instance_open(plugin, opt.conf, (struct hub_str){NULL, 0}, &filter,
					    err)))
			return rc;
		hub_source_filter(source, filter);
	}
	return HUB_OK;
}

int hub_input_open(struct hub_arena *a, const struct hub_intake *in, struct hub_str pos,
		   struct hub_instance **out, struct hub_err *err)
{
	const struct hub_mapping_plugin *s = &hub_mapping_info(in->mapping)->source;
	const struct hub_plugin *plugin;
	struct hub_options opt;
	int rc;

	if ((rc = in->part
		      ? hub_plugins_able(in->plugins, HUB_SOURCE, HUB_CAP_DELIMITED, &plugin, err)
		      : hub_source_named(in->plugins, s->plugin, in->path ? in->path : "-", &plugin,
					 err)) ||
	    (rc = hub_options_init(&opt, a, plugin, err)))
		return rc;
	if (!in->part && (rc = set_options(&opt, s->options, s->option_name, s->option_value,
					   hub_str_is(s->plugin, "auto"), err)))
		return rc;
	if ((rc = set_options(&opt, in->options, in->option_name, in->option_value, 0, err)))
		return rc;
	const struct hub_opt *input = hub_option_with(plugin, HUB_OPT_INPUT);
	if (input && in->path &&
	    (rc = hub_options_set(&opt, hub_str_of(input->name), hub_str_of(in->path), err)))
		return rc;
	if ((rc = hub_options_finish(&opt, err)) ||
	    (rc = hub_instance_open(plugin, opt.conf, pos, out, err)))
		return rc;
	rc = add_filters(a, in, *out, err);
	if (!rc && in->seen.inode)
		rc = hub_file_same(in->path, &in->seen, err);
	if (rc) {
		hub_instance_close(*out);
		*out = NULL;
	}
	return rc;
}

int hub_input_names(struct hub_arena *a, const struct hub_batch *b, struct hub_str **out,
		    struct hub_err *err)
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	struct hub_str *name = hub_alloc_array(a, (size_t)b->cols + 1, sizeof *name);

	for (uint32_t c = 0; name && c < b->cols; c++) {
		size_t used;
		name[c] = hub_decode_arena(a, enc, b->col[c].name, &used, NULL);
		if (!name[c].ptr)
			return hub_fail_mem(err);
		if (used == b->col[c].name.len)
			continue;
		const int rc = hub_fail(err, HUB_REJECT, "bad-bytes",
					"the header cannot be read as %s", hub_enc_name(enc));
		hub_where(err, "column %u", c + 1);
		hub_hint(err,
			 "Give the encoding of the file: --encoding cp932 or --encoding utf-8.");
		return rc;
	}
	*out = name;
	return name ? HUB_OK : hub_fail_mem(err);
}

/* A source without a file has no content that could be the same as before: it is known by its feed and
 * job, and compared with the store each time. An interrupted run of it goes on. */
static int specify_live(struct hub_intake *in, char *hex, struct hub_err *err)
{
	struct hub_run_spec *spec = &in->spec;
	const struct hub_mapping_info *info = hub_mapping_info(in->mapping);
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];

	if (!spec->input.len)
		spec->input = info->source.plugin;
	hub_buf_init(&b, 1 << 16);
	hub_buf_printf(&b, "live %.*s %.*s", HUB_FMT(info->name), HUB_FMT(spec->input));
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), sha))
		return hub_fail_mem(err);
	hub_hex(sha, sizeof sha, hex);
	spec->content = hub_str_of(hex);
	spec->again = 1;
	spec->bytes = 0;
	return HUB_OK;
}

static int specify_file(struct hub_intake *in, char *hex, struct hub_err *err)
{
	const char *slash = strrchr(in->path, '/');
	struct hub_run_spec *spec = &in->spec;
	uint8_t sha[HUB_SHA256];
	const int rc = hub_file_hash(in->path, in->stop, sha, &in->seen, err);

	if (rc)
		return rc;
	spec->bytes = in->seen.bytes;
	hub_hex(sha, sizeof sha, hex);
	spec->content = hub_str_of(hex);
	if (!spec->input.len)
		spec->input = hub_str_of(slash ? slash + 1 : in->path);
	return HUB_OK;
}

int hub_input_specify(struct hub_arena *a, struct hub_intake *in, struct hub_err *err)
{
	struct hub_run_spec *spec = &in->spec;
	const struct hub_mapping_info *info = hub_mapping_info(in->mapping);
	char *hex = hub_alloc(a, 2 * HUB_SHA256 + 1);
	int rc;

	if (!hex)
		return hub_fail_mem(err);
	rc = in->path ? specify_file(in, hex, err) : specify_live(in, hex, err);
	if (rc)
		return rc;
	spec->feed = info->name;
	spec->system = info->system;
	spec->lookup = info->mode == HUB_FEED_LOOKUP;
	spec->restricts = info->restricts;
	spec->full = !in->part && (spec->full || info->mode != HUB_FEED_DELTA);
	char *version = hub_alloc(a, 2 * HUB_SHA256 + 1);
	if (!version)
		return hub_fail_mem(err);
	rc = hub_detect_version(in->plugins, hub_str_of(info->hash), version, err);
	in->version = spec->mapping = hub_str_of(version);
	return rc;
}

int hub_input_drift(const struct hub_batch *b, struct hub_buf *drift, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf names;
	const enum hub_enc used = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	size_t bom;

	hub_buf_init(&names, 1 << 20);
	for (uint32_t c = 0; c < b->cols; c++)
		hub_buf_str(&names, b->col[c].name);
	const enum hub_enc found = hub_enc_detect(hub_buf_text(&names), 1, &bom);
	int ascii = 1;
	for (size_t i = 0; i < names.len && ascii; i++)
		ascii = (unsigned char)names.ptr[i] < 0x80;
	/* what is valid UTF-8 and not ASCII was hardly written as anything else */
	if (ascii || found == used || found != HUB_ENC_UTF8 || !hub_buf_ok(&names))
		return err->rc;
	hub_buf_reset(drift);
	const int rc =
	    hub_fail(err, HUB_REJECT, "wrong-encoding", "the file was read as %s, but it is %s",
		     hub_enc_name(used), hub_enc_name(found));
	hub_hint(err, "Give its encoding: --encoding %s, or change it in the mapping.",
		 hub_enc_name(found));
	return rc;
}

int hub_input_case_set(struct hub_arena *a, const char *hash, struct hub_run_spec *spec,
		       struct hub_err *err)
{
	const struct hub_str both = hub_arena_printf(a, "%.*s %s", HUB_FMT(spec->mapping), hash);
	uint8_t sha[HUB_SHA256];
	char *hex = hub_alloc(a, 2 * HUB_SHA256 + 1);

	if (!both.ptr || !hex)
		return hub_fail_mem(err);
	if (hub_sha256(both, sha))
		return hub_fail(err, HUB_FATAL, "crypto", "SHA-256 failed");
	hub_hex(sha, sizeof sha, hex);
	spec->mapping = hub_str_of(hex);
	return HUB_OK;
}

void hub_input_layout(const struct hub_intake *in, const struct hub_batch *first,
		      const struct hub_str *name, struct hub_layout *out)
{
	const struct hub_mapping_info *info = hub_mapping_info(in->mapping);

	hub_layout_init(out);
	for (uint32_t i = 0; i < info->source.options && !in->part; i++)
		hub_layout_option(out, info->source.option_name[i], info->source.option_value[i]);
	for (uint32_t i = 0; i < in->options; i++)
		hub_layout_option(out, in->option_name[i], in->option_value[i]);
	out->mapping = hub_str_of(in->mapping_name ? in->mapping_name : "");
	out->n = first->cols;
	out->header = name;
	hub_input_seen(first, out);
}

void hub_input_seen(const struct hub_batch *b, struct hub_layout *l)
{
	if (l->encoding == HUB_ENC_UTF8 && b->encoding.len)
		l->encoding = hub_enc_of(b->encoding);
}

void hub_input_place(const struct hub_intake *in, struct hub_batch *b)
{
	const struct hub_intake_part *part = in->part;

	for (uint32_t r = 0; part && r < b->rows; r++) {
		const uint64_t at = b->prov[r].row - 1 - (uint64_t)part->named;
		if (at < part->n)
			b->prov[r] = part->place[at];
	}
}
