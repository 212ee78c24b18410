/* tsunagi attach: images and PDF of a case, into the store encrypted, out of it through the gate. */
#include "base/clock.h"
#include "cli/out.h"
#include "cli/sign_in.h"

#include "base/io.h"
#include "intake/media.h"
#include "release/attachment.h"
#include "release/day.h"
#include "release/release.h"
#include "release/sealed_name.h"
#include "release/shred.h"
#include "store/db.h"
#include "text/date.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct attach {
	struct hub_cli *cli;
	const char *store, *keys, *local, *as, *on, *profile, *to, *meeting, *reason, *feed_days,
	    *grounds, *format;
	int dry;
	struct hub_sign_in sign;
	const struct hub_schema *schema;
	struct hub_store *opened;
	struct hub_attachment_case of;
	struct hub_table *t;
};

static struct hub_str key_file(const struct attach *x)
{
	return hub_str_of(hub_work_keys(x->cli, x->keys, x->store));
}

/* --- in --------------------------------------------------------------------------------------------------- */

/* --as: one of the kinds, else a remark. */
static void set_kind(const struct attach *x, struct hub_attachment *w)
{
	const struct hub_codes *kinds = hub_schema_codes(x->schema, HUB_STR("attachment_kind"));
	const struct hub_str as = hub_str_of(x->as ? x->as : "");
	const struct hub_code *kind = kinds && as.len ? hub_code_find(kinds, as) : NULL;

	w->kind = kind ? kind->code : HUB_STR("other");
	w->note = kind ? HUB_STR("") : as;
	w->on = hub_str_of(x->on ? x->on : "");
}

static int check_file(struct attach *x, const char *path, int fd, struct hub_attachment *w,
		      char sha[HUB_BLOB_HEX])
{
	struct hub_file_stamp stamp;
	struct hub_media m;
	uint8_t sum[HUB_SHA256];
	struct stat st;
	int rc;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return hub_fail(x->cli->err, HUB_USAGE, "not-a-file", "this is not a regular file");
	if (st.st_size > HUB_ATTACHMENT_MOST)
		return hub_fail(x->cli->err, HUB_REJECT, "too-large",
				"the file is larger than %llu MiB",
				(unsigned long long)HUB_ATTACHMENT_MOST >> 20);
	if ((rc = hub_media_check(fd, (uint64_t)st.st_size, w->name, &m, x->cli->err)) ||
	    (rc = hub_file_hash(path, NULL, sum, &stamp, x->cli->err)))
		return rc;
	hub_hex(sum, sizeof sum, sha);
	w->bytes = (uint64_t)st.st_size;
	w->blob = (struct hub_blob_spec){.keys = key_file(x),
					 .type = hub_str_of(m.type),
					 .telltale = m.telltale,
					 .limit = HUB_ATTACHMENT_MOST,
					 .sha = sha,
					 .actor = hub_work_actor(x->cli)};
	return HUB_OK;
}

/* To be typed again: without marks between its digits. */
static void put_number(struct attach *x, int64_t n)
{
	char text[24] = "";

	if (n)
		snprintf(text, sizeof text, "%lld", (long long)n);
	hub_table_puts(x->t, text);
}

static void put_line(struct attach *x, const char *path, const struct hub_attachment *w,
		     const struct hub_attachment_added *added)
{
	hub_table_puts(x->t, path);
	hub_table_str(x->t, w->blob.type);
	hub_table_int(x->t, (int64_t)w->bytes);
	put_number(x, added->row);
	hub_table_puts(x->t, hub_tr(added->there ? HUB_N("is there already: nothing to do")
				    : x->dry     ? HUB_N("would be attached")
						 : HUB_N("attached")));
}

static int add_opened(struct attach *x, const char *path, int fd)
{
	const char *slash = strrchr(path, '/');
	struct hub_attachment w = {.of = &x->of, .name = hub_str_of(slash ? slash + 1 : path)};
	struct hub_attachment_added added;
	char sha[HUB_BLOB_HEX];
	int rc;

	set_kind(x, &w);
	if (hub_utf8_valid(w.name) != w.name.len)
		return hub_fail(x->cli->err, HUB_USAGE, "bad-name",
				"the name of the file is not UTF-8");
	if ((rc = check_file(x, path, fd, &w, sha)) ||
	    (rc = hub_attachment_add(x->opened, &w, fd, x->dry, &added, x->cli->err)))
		return rc;
	put_line(x, path, &w, &added);
	return HUB_OK;
}

/* A file that is refused does not keep the others out. */
static int add_file(struct attach *x, const char *path)
{
	int fd, rc;

	if ((rc = hub_open_input(path, &fd, x->cli->err)))
		return rc;
	rc = add_opened(x, path, fd);
	close(fd);
	if (rc && !x->cli->err->where[0])
		hub_where(x->cli->err, "%s", path);
	if (rc != HUB_REJECT)
		return rc;
	hub_err_print(stderr, x->cli->err);
	*x->cli->err = (struct hub_err){0};
	x->cli->exit_code = 4;
	return HUB_OK;
}

static int read_day(struct attach *x)
{
	char iso[11];
	int32_t day;
	const int rc = hub_cli_day(x->cli, "on", x->on, &day);

	if (rc)
		return rc;
	hub_day_text(day, iso);
	x->on = hub_arena_cstr(x->cli->arena, hub_str_of(iso));
	return x->on ? HUB_OK : hub_fail_mem(x->cli->err);
}

static int add(struct attach *x, const char *case_no, char **files, int n)
{
	int rc = x->on ? read_day(x) : HUB_OK;

	if (rc)
		return rc;
	if (!(x->t = hub_table_new(x->cli->arena, HUB_STR(""))))
		return hub_fail_mem(x->cli->err);
	hub_table_col(x->t, "file", HUB_N("file"), 0);
	hub_table_col(x->t, "type", HUB_N("type"), 0);
	hub_table_col(x->t, "bytes", HUB_N("bytes"), 1);
	hub_table_col(x->t, "number", HUB_N("number"), 0);
	hub_table_col(x->t, "what", HUB_N("outcome"), 0);
	rc =
	    hub_attachment_case(x->cli->arena, x->opened, hub_str_of(case_no), &x->of, x->cli->err);
	for (int i = 0; i < n && !rc; i++)
		rc = add_file(x, files[i]);
	if (!hub_table_rows(x->t))
		return rc;
	const int rc_out = hub_out_table(x->cli, x->t, x->format);
	return rc ? rc : rc_out;
}

/* --- what is there ------------------------------------------------------------------------------------------ */

static int list_rows(struct attach *x)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_codes *kinds = hub_schema_codes(x->schema, HUB_STR("attachment_kind"));
	int rc = hub_db_query(
	    hub_store_db(x->opened), &q, x->cli->err,
	    "SELECT a.id, coalesce(a.attachment_kind, ''), coalesce(a.file_name, ''),"
	    " coalesce(a.media_type, ''), coalesce(a.bytes, 0), coalesce(a.taken_on, ''),"
	    " coalesce(a.attachment_note, ''), coalesce(substr(a.sha256, 1, 12), ''), r.run_id"
	    " FROM cc_attachment a JOIN record r ON r.id = a.record_id"
	    " WHERE a.case_id = ? AND r.state = 0 ORDER BY a.id",
	    "i", x->of.id);
	const struct hub_case_lock lock = {x->cli->arena, hub_store_db(x->opened), key_file(x),
					   x->of.id};

	while (!rc && (rc = hub_db_next(q, x->cli->err)) == HUB_OK) {
		const struct hub_str code = hub_db_str(q, 1);
		const struct hub_code *kind = kinds ? hub_code_find(kinds, code) : NULL;
		struct hub_str name;
		if ((rc = hub_name_open(&lock, hub_db_int(q, 0), hub_db_str(q, 2), &name,
					x->cli->err)))
			return rc;
		put_number(x, hub_db_int(q, 0));
		hub_table_str(x->t, kind ? kind->label : code);
		hub_table_str(x->t, name);
		hub_table_str(x->t, hub_db_str(q, 3));
		hub_table_int(x->t, hub_db_int(q, 4));
		for (uint32_t c = 5; c < 8; c++)
			hub_table_str(x->t, hub_db_str(q, c));
		hub_table_int(x->t, hub_db_int(q, 8));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int list(struct attach *x, const char *case_no)
{
	int rc =
	    hub_attachment_case(x->cli->arena, x->opened, hub_str_of(case_no), &x->of, x->cli->err);

	if (!rc && !(x->t = hub_table_new(x->cli->arena, HUB_STR(""))))
		rc = hub_fail_mem(x->cli->err);
	if (rc)
		return rc;
	hub_table_col(x->t, "number", HUB_N("number"), 0);
	hub_table_col(x->t, "kind", HUB_N("kind"), 0);
	hub_table_col(x->t, "file", HUB_N("file"), 0);
	hub_table_col(x->t, "type", HUB_N("type"), 0);
	hub_table_col(x->t, "bytes", HUB_N("bytes"), 1);
	hub_table_col(x->t, "on", HUB_N("day"), 0);
	hub_table_col(x->t, "note", HUB_N("note"), 0);
	hub_table_col(x->t, "content", HUB_N("content"), 0);
	hub_table_col(x->t, "run", HUB_N("run"), 1);
	if ((rc = list_rows(x)))
		return rc;
	return hub_out_table(x->cli, x->t, x->format);
}

/* --- out ---------------------------------------------------------------------------------------------------- */

static int number_of(struct attach *x, const char *text, int64_t *out)
{
	const int rc = hub_cli_id(x->cli, text, out);

	if (rc)
		hub_hint(x->cli->err, "`tsunagi attach list CASE` has their numbers.");
	return rc;
}

static int remove_one(struct attach *x, const char *text)
{
	HUB_AUTO(buf) struct hub_buf report;
	int64_t row;
	int rc = number_of(x, text, &row);

	hub_buf_init(&report, 1 << 20);
	if (rc)
		return rc;
	rc = hub_attachment_remove(x->opened, row, hub_work_actor(x->cli), &report, x->cli->err);
	fwrite(report.ptr, 1, report.len, stdout);
	return rc;
}

/* The first account asks, the second confirms. */
static int destroy(struct attach *x, const char *case_no)
{
	struct hub_shred s = {.actor = hub_work_actor(x->cli),
			      .reason = hub_str_of(x->reason ? x->reason : ""),
			      .dry = x->dry};
	int rc =
	    hub_attachment_case(x->cli->arena, x->opened, hub_str_of(case_no), &x->of, x->cli->err);

	s.case_id = x->of.id;
	if (rc || (rc = hub_shred_case(x->opened, &s, x->cli->err)))
		return rc;
	printf(hub_tr("case %.*s: %lld files, %lld bytes\n"), HUB_FMT(x->of.no), (long long)s.files,
	       (long long)s.bytes);
	printf("%s\n", s.dry
			   ? hub_tr("nothing was written (--dry-run); what is destroyed cannot be "
				    "brought back")
		       : s.done ? hub_tr("their key is destroyed, their content is gone")
				: hub_tr("asked for: another account must give the same command; "
					 "nothing is destroyed yet"));
	return HUB_OK;
}

static int release(struct attach *x, int64_t row, const struct hub_profile *profile,
		   const struct hub_grounds *grounds, const struct hub_plugins *plugins)
{
	struct hub_release_result r;
	int64_t feed_days = HUB_OUT_FEED_DAYS;
	int rc;

	if ((rc = hub_cli_number(x->cli, "feed-days", x->feed_days, 0, 3650, &feed_days)))
		return rc;
	struct hub_release_spec spec = {.profile = profile,
					.grounds = grounds,
					.plugins = plugins,
					.target = hub_str_of(x->to),
					.keys = key_file(x),
					.reason = hub_str_of(x->reason ? x->reason : ""),
					.meeting = hub_str_of(x->meeting ? x->meeting : ""),
					.attachment = row,
					.day = hub_today(),
					.feed_days = (int32_t)feed_days,
					.stop = hub_work_stop()};
	x->sign.keys = spec.keys.ptr;
	rc = hub_sign_in(x->cli, hub_store_db(x->opened), &x->sign, HUB_MAY_CONFIRM, &spec.who);
	if (!rc)
		rc = hub_release_run(x->opened, &spec, &r, x->cli->err);
	if (!rc)
		printf("%s %lld\n%s  %s\n%s  %lld %s\n", hub_tr("release"), (long long)r.id,
		       hub_tr("content"), r.content, hub_tr("audit head"), (long long)r.audit.seq,
		       r.audit.head);
	return rc;
}

static int give(struct attach *x, const char *text)
{
	struct hub_profile profile;
	struct hub_grounds grounds;
	struct hub_plugins *plugins;
	int64_t row;
	int rc = number_of(x, text, &row);

	if (rc || (rc = hub_out_profile(x->cli, x->profile, x->schema, &profile)) ||
	    (rc = hub_out_grounds(x->cli, x->grounds, &grounds)) ||
	    (rc = hub_work_plugins(x->cli, &plugins)))
		return rc;
	return release(x, row, &profile, &grounds, plugins);
}

static int dispatch(struct attach *x, int n, char **words)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	int rc;

	if ((rc = hub_work_open(x->cli, x->local, x->store, 0, &store)))
		return rc;
	x->opened = store;
	x->schema = hub_store_schema(store);
	if (strcmp(words[0], "list") == 0)
		return list(x, words[1]);
	if (strcmp(words[0], "remove") == 0)
		return remove_one(x, words[1]);
	if (strcmp(words[0], "destroy") == 0)
		return destroy(x, words[1]);
	if (strcmp(words[0], "export") == 0)
		return give(x, words[1]);
	return add(x, words[0], words + 1, n - 1);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct attach x = {.cli = cli};
	const struct hub_arg args[] = {
	    {"as", "LABEL", &x.as, NULL, HUB_N("what it is: 同意書, 文書 ..., or a remark")},
	    {"on", "DATE", &x.on, NULL, HUB_N("day it was written or taken")},
	    {"dry-run", NULL, NULL, &x.dry, HUB_N("look at the files, write nothing")},
	    {"profile", "NAME", &x.profile, NULL,
	     HUB_N("export: file of config/profiles/, or its path")},
	    {"to", "PATH", &x.to, NULL, HUB_N("export: file to write")},
	    {"meeting", "NO", &x.meeting, NULL, HUB_N("number of the meeting it is for")},
	    {"reason", "TEXT", &x.reason, NULL, HUB_N("export, destroy: why, for the log")},
	    HUB_ARG_STORE(&x.store),
	    {"keys", "FILE", &x.keys, NULL,
	     HUB_N("secret keys of recipients (default: TSUNAGI_KEYS, beside an SQLite store)")},
	    HUB_SIGN_IN_ARGS(x.sign),
	    {"feed-days", "N", &x.feed_days, NULL,
	     HUB_N("age at which a registry feed is stale (7)")},
	    {"grounds", "FILE", &x.grounds, NULL, HUB_N("the site's own table of legal grounds")},
	    HUB_ARG_FORMAT(&x.format),
	    HUB_ARG_SCHEMA(&x.local),
	    {0}};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_attach, args, argc, argv, &n)))
		return rc;
	const int out = n == 2 && strcmp(argv[0], "export") == 0;
	if (n < 2 || (out && (!x.profile || !x.to))) {
		rc =
		    out ? hub_fail(cli->err, HUB_USAGE, "usage",
				   "attach export wants --profile and --to: for whom, and where to")
			: hub_fail(
			      cli->err, HUB_USAGE, "usage",
			      "attach wants a case and files, or list, remove, export, destroy");
		hub_hint(cli->err,
			 "For example: tsunagi attach 2024-0000001 consent.pdf --as 同意書");
		return rc;
	}
	return dispatch(&x, n, argv);
}

const struct hub_cmd hub_cmd_attach = {
    .name = "attach",
    .summary = HUB_N("images and PDF of a case: in, encrypted; out, through the gate"),
    .usage = "CASE FILE... | list CASE | remove NUMBER | export NUMBER --profile NAME --to PATH | "
	     "destroy CASE --reason TEXT",
    .help = HUB_N(
	"JPEG, PNG, GIF, WebP, TIFF, HEIC and PDF, known by their content. What is none of them, "
	"is\n"
	"encrypted, damaged or carries programs is refused. A file leaves whole or not at all.\n\n"
	"  tsunagi attach 2024-0000001 consent.pdf --as 同意書 --on 2026-06-15\n"
	"  tsunagi attach list 2024-0000001\n"
	"  tsunagi attach remove 2304\n"
	"  tsunagi attach export 2304 --profile meeting-welfare --to copy.pdf\n"
	"  tsunagi attach destroy 2024-0000001 --reason TEXT    the key of the case, for ever: by "
	"two "
	"accounts\n"
	"exit: 0 done, 4 a file was refused, 6 the gate said no\n"),
    .run = run,
};
