/* tsunagi inspect: what a source makes of a file, record by record, in the fixed form of the design
 * (§12). It shows what import would read: same plugin, same options, no mapping. Delimited text is
 * shown with its header as a record like any other; where names are no record (JSON, XML) they come
 * first, as {"columns":[...]}. */
#include "base/buf.h"
#include "cli/cli.h"
#include "plugin/choose.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "text/encoding.h"

enum { LINE_LIMIT = 1 << 30, FLUSH_AT = 1 << 16, EXIT_REJECTS = 5 };

struct inspect {
	struct hub_buf out, cell; /* cell: decoded text */
	enum hub_enc enc;
	uint64_t rejects;
	int named;     /* the source names its columns by itself */
	uint32_t told; /* columns named so far */
};

/* A value option of the command line and the option of the source that gets it. */
struct passed {
	const char *option;
	const char *value;
};

/* --set NAME=VALUE */
static int set_others(struct hub_cli *cli, struct hub_options *opts, const char *const *set, int n)
{
	int rc = HUB_OK;

	for (int i = 0; i < n && !rc; i++) {
		struct hub_str name, value;
		rc = hub_cli_set(cli, set[i], opts->plugin->name, &name, &value);
		if (!rc)
			rc = hub_options_set(opts, name, value, cli->err);
	}
	return rc;
}

static int fill_options(struct hub_cli *cli, struct inspect *in, const char *path,
			const struct passed *passed, size_t n, struct hub_options *opts)
{
	const struct hub_opt *input = hub_option_with(opts->plugin, HUB_OPT_INPUT);
	const struct hub_str header = HUB_STR("header");
	int rc = HUB_OK;

	in->named = !hub_option_find(opts->plugin, header);
	if (input)
		rc = hub_options_set(opts, hub_str_of(input->name), hub_str_of(path), cli->err);
	if (!rc && !in->named)
		rc = hub_options_set(opts, header, HUB_STR("0"), cli->err);
	for (size_t i = 0; i < n && !rc; i++)
		if (passed[i].value)
			rc = hub_options_set(opts, hub_str_of(passed[i].option),
					     hub_str_of(passed[i].value), cli->err);
	return rc;
}

/* What the command line says about the source. */
struct asked {
	const char *path, *source;
	const struct passed *passed;
	size_t n;
	const char *const *set;
	int sets;
};

static int open_source(struct hub_cli *cli, struct inspect *in, const struct asked *q,
		       struct hub_instance **inst)
{
	const struct hub_plugin *plugin;
	struct hub_options opts;
	int rc;

	struct hub_plugins *plugins = hub_plugins_new(cli->arena);
	if (!plugins)
		return hub_fail_mem(cli->err);
	if ((rc = hub_plugins_load(plugins, cli->plugin_dir, cli->err)) ||
	    (rc = hub_source_named(plugins, hub_str_of(q->source), q->path, &plugin, cli->err)) ||
	    (rc = hub_options_init(&opts, cli->arena, plugin, cli->err)) ||
	    (rc = fill_options(cli, in, q->path, q->passed, q->n, &opts)) ||
	    (rc = set_others(cli, &opts, q->set, q->sets)) ||
	    (rc = hub_options_finish(&opts, cli->err)))
		return rc;
	return hub_instance_open(plugin, opts.conf, (struct hub_str){0}, inst, cli->err);
}

static void put_error(struct inspect *in, const char *code, struct hub_str message)
{
	hub_buf_puts(&in->out, ",\"error\":{");
	hub_json_field(&in->out, "code", hub_str_of(code));
	hub_json_field(&in->out, "message", message);
	hub_buf_puts(&in->out, "}}\n");
	in->rejects++;
}

/* Place in the file of a byte of a cell; the record's place for a cell that is a copy. */
static uint64_t byte_of(const struct hub_batch *b, uint32_t row, const char *p)
{
	const struct hub_str raw = b->raw ? b->raw[row] : (struct hub_str){0};

	return b->prov[row].byte +
	       (p >= raw.ptr && p < raw.ptr + raw.len ? (uint64_t)(p - raw.ptr) : 0);
}

/* How many bytes at its head JSON takes as they are. Eight at a time. */
static size_t plain_length(struct hub_str s)
{
	const uint64_t ones = UINT64_MAX / 255, highs = ones << 7;
	size_t i = 0;

	for (; i + 8 <= s.len; i += 8) {
		uint64_t w;
		memcpy(&w, s.ptr + i, sizeof w);
		const uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\');
		const uint64_t del = w ^ (ones * 0x7f);
		if ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
		     ((slash - ones) & ~slash) | ((del - ones) & ~del)) &
		    highs)
			break;
	}
	while (i < s.len && (unsigned char)s.ptr[i] >= 0x20 && s.ptr[i] != '"' &&
	       s.ptr[i] != '\\' && s.ptr[i] != 0x7f)
		i++;
	return i;
}

/* As hub_json_str does. */
static void put_escaped(struct hub_buf *b, char c)
{
	const char pair[] = {'\\', c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c};

	if (pair[1] != c || c == '"' || c == '\\')
		hub_buf_add(b, pair, sizeof pair);
	else
		hub_buf_printf(b, "\\u%04x", (unsigned)c);
}

static void put_number(struct hub_buf *b, const char *name, uint64_t n)
{
	char digits[24];
	size_t at = sizeof digits;

	hub_buf_puts(b, name);
	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	hub_buf_add(b, digits + at, sizeof digits - at);
}

/* One cell as JSON: decoded straight into the line, and copied from the first byte that needs escaping on. Returns how many of its bytes could be decoded. */
static size_t put_cell(struct inspect *in, struct hub_str s)
{
	struct hub_buf *out = &in->out;
	size_t n = 0;

	hub_buf_putc(out, '"');
	char *room = hub_buf_room(out, hub_decode_bound(in->enc, s.len) + 1);
	if (!room)
		return s.len;
	const size_t used = hub_decode(in->enc, s, room, &n, NULL);
	const size_t plain = plain_length((struct hub_str){room, n});
	out->len += plain;
	if (plain < n) {
		hub_buf_reset(&in->cell);
		hub_buf_add(&in->cell, room + plain, n - plain);
		out->failed |= in->cell.failed;
	}
	for (struct hub_str rest = plain < n ? hub_buf_text(&in->cell) : HUB_STR(""); rest.len;) {
		put_escaped(out, rest.ptr[0]);
		rest = hub_str_from(rest, 1);
		const size_t more = plain_length(rest);
		hub_buf_add(out, rest.ptr, more);
		rest = hub_str_from(rest, more);
	}
	hub_buf_putc(out, '"');
	return used;
}

static void put_cells(struct inspect *in, const struct hub_batch *b, uint32_t row)
{
	const size_t start = in->out.len;
	uint32_t n = b->cols;

	while (n > 0 && b->col[n - 1].cell[row] == HUB_ABSENT)
		n--;
	hub_buf_puts(&in->out, ",\"cells\":[");
	for (uint32_t c = 0; c < n; c++) {
		/* a cell that is NULL has no text at all */
		const struct hub_str s =
		    b->col[c].text[row].ptr ? b->col[c].text[row] : HUB_STR("");
		if (c > 0)
			hub_buf_putc(&in->out, ',');
		const size_t used = put_cell(in, s);
		if (used == s.len)
			continue;
		struct hub_err e = {0};
		hub_fail(&e, HUB_REJECT, "bad-bytes", "column %u, byte %llu: not %s", c + 1,
			 (unsigned long long)byte_of(b, row, s.ptr + used), hub_enc_name(in->enc));
		in->out.len = start;
		put_error(in, e.code, hub_str_of(e.what));
		return;
	}
	hub_buf_puts(&in->out, "]}\n");
}

static void put_names(struct inspect *in, const struct hub_batch *b)
{
	if (!in->named || in->told == b->cols)
		return;
	in->told = b->cols;
	hub_buf_puts(&in->out, "{\"columns\":[");
	for (uint32_t c = 0; c < b->cols; c++) {
		if (c > 0)
			hub_buf_putc(&in->out, ',');
		put_cell(in, b->col[c].name);
	}
	hub_buf_puts(&in->out, "]}\n");
}

static int put_batch(struct inspect *in, const struct hub_batch *b, struct hub_err *err)
{
	in->enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	put_names(in, b);
	for (uint32_t r = 0; r < b->rows; r++) {
		put_number(&in->out, "{\"row\":", b->prov[r].row);
		put_number(&in->out, ",\"line\":", b->prov[r].line);
		if (b->verdict[r] == HUB_ROW_REJECT)
			put_error(in, b->code[r], b->reason[r]);
		else
			put_cells(in, b, r);
		if (in->out.len < FLUSH_AT && r + 1 < b->rows)
			continue;
		if (!hub_buf_ok(&in->out))
			return hub_fail_mem(err);
		if (fwrite(in->out.ptr, 1, in->out.len, stdout) != in->out.len)
			return HUB_OK; /* the main program reports a failed stdout */
		hub_buf_reset(&in->out);
	}
	return HUB_OK;
}

/* A pipe's batch holds the lines that have arrived: whoever wrote them waits for the answer. */
static int pump(struct inspect *in, struct hub_instance *inst, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	int rc;

	if (!b)
		return hub_fail_mem(err);
	while ((rc = hub_source_next(inst, b, err)) == HUB_OK) {
		if ((rc = put_batch(in, b, err)))
			return rc;
		if (fflush(stdout) || ferror(stdout))
			return HUB_OK; /* the main program reports it */
		hub_batch_reset(b);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	enum { DELIMITER, QUOTE, ENCODING, COMMENT, SKIP, COLUMNS, BLANK, TOLERANT, TRIM };
	struct passed passed[] = {
	    [DELIMITER] = {"delimiter", NULL}, [QUOTE] = {"quote", NULL},
	    [ENCODING] = {"encoding", NULL},   [COMMENT] = {"comment", NULL},
	    [SKIP] = {"skip", NULL},           [COLUMNS] = {"columns", NULL},
	    [BLANK] = {"blank_lines", NULL},   [TOLERANT] = {"tolerant", NULL},
	    [TRIM] = {"trim", NULL},
	};
	const char *set[HUB_WORDS_MAX];
	struct asked asked = {.source = "auto", .passed = passed, .n = HUB_COUNT(passed)};
	int tolerant = 0, trim = 0, n, rc;
	const struct hub_arg args[] = {
	    {"delimiter", "CHAR", &passed[DELIMITER].value, NULL,
	     HUB_N("character between cells (default , ; \"tab\" for a tabulator)")},
	    {"quote", "CHAR", &passed[QUOTE].value, NULL,
	     HUB_N("character around cells (default \"; none: no quoting)")},
	    {"encoding", "NAME", &passed[ENCODING].value, NULL,
	     HUB_N("utf-8, cp932, euc-jp, iso-2022-jp, utf-16le, utf-16be (default: found out)")},
	    {"comment", "CHAR", &passed[COMMENT].value, NULL,
	     HUB_N("leave out lines that begin with it")},
	    {"skip", "N", &passed[SKIP].value, NULL, HUB_N("leave out the first N lines")},
	    {"columns", "N", &passed[COLUMNS].value, NULL,
	     HUB_N("cells of every record (default: as many as the first has)")},
	    {"blank-lines", "HOW", &passed[BLANK].value, NULL,
	     HUB_N("record (default): show empty lines; skip: as if not there")},
	    {"tolerant", NULL, NULL, &tolerant,
	     HUB_N("accept stray quotes, short and long records, bare CR as line end")},
	    {"trim", NULL, NULL, &trim, HUB_N("remove blanks around cells, outside quotes")},
	    {"source", "NAME", &asked.source, NULL,
	     HUB_N("source plugin (default: by the file's name and content)")},
	    {"set", "NAME=VALUE", set, &asked.sets,
	     HUB_N("another option of the source (several times)")},
	    HUB_ARG_END,
	};

	if ((rc = hub_cli_args(cli, &hub_cmd_inspect, args, argc, argv, &n)))
		return rc;
	if (n > 1)
		return hub_fail(cli->err, HUB_USAGE, "too-many-arguments",
				"inspect reads one file at a time");
	passed[TOLERANT].value = tolerant ? "true" : NULL;
	passed[TRIM].value = trim ? "true" : NULL;

	HUB_AUTO(instance) struct hub_instance *inst = NULL;
	struct inspect in = {0};
	asked.path = n ? argv[0] : "-";
	asked.set = set;
	if ((rc = open_source(cli, &in, &asked, &inst)))
		return rc;
	hub_buf_init(&in.out, LINE_LIMIT);
	hub_buf_init(&in.cell, LINE_LIMIT);
	rc = pump(&in, inst, cli->err);
	hub_buf_free(&in.out);
	hub_buf_free(&in.cell);
	if (in.rejects > 0)
		cli->exit_code = EXIT_REJECTS;
	return rc;
}

const struct hub_cmd hub_cmd_inspect = {
    .name = "inspect",
    .summary = HUB_N("show the records of a file, one JSON line each"),
    .usage = "[FILE] [OPTIONS]",
    .help =
	HUB_N("The header is a record like any other; nothing is trimmed, skipped or converted "
	      "unless asked.\nA record that cannot be read comes out as an error with code and "
	      "place (exit code 5).\n\n  tsunagi inspect export.csv\n  tsunagi inspect --tolerant "
	      "--delimiter tab < export.tsv\n"),
    .run = run,
};
