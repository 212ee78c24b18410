/* tsunagi mask [FILE]: finds personal information in texts, in the form of design §12. One text per line,
 * with the people of its case if they are known; one line of entities, or the rendered text. What intake
 * does with a text and what this shows are the same code (plugin/detect.h). */
#include "cli/lines.h"
#include "cli/work.h"

#include "plugin/detect.h"
#include "release/render.h"

#include <jansson.h>

enum { LINE_LIMIT = 16 << 20, LINE_ARENA = 512 << 20 };

/* What a thread works with; the options are the same for all. */
struct mask {
	struct hub_arena *kept; /* the command's */
	const struct hub_plugins *plugins;
	const char *setting;
	struct hub_detect *detect;
	const struct hub_codes *relations;
	struct hub_arena *line;  /* emptied after every line */
	int all, as_text, plain; /* plain: a line is the text itself */
};

/* One line while it is read. Strings are borrowed from the parsed JSON. */
struct request {
	struct hub_arena *a;
	struct hub_doc doc;
	struct hub_err *err;
};

/* --- reading --------------------------------------------------------------------------------------- */

static int wrong(struct request *r, const char *what, const char *where)
{
	const int rc = hub_fail(r->err, HUB_REJECT, "malformed-request", "%s: %s", where, what);

	hub_hint(r->err, "`tsunagi mask --help` shows the form.");
	return rc;
}

static int take_text(struct request *r, const json_t *o, const char *key, int must,
		     struct hub_str *out)
{
	const json_t *v = json_object_get(o, key);

	*out = HUB_STR("");
	if ((!v || json_is_null(v)) && !must)
		return HUB_OK;
	if (!json_is_string(v))
		return wrong(r, hub_tr("must be a text"), key);
	*out = (struct hub_str){json_string_value(v), json_string_length(v)};
	return HUB_OK;
}

/* An id is a text or a number: it comes back as it was given. */
static int take_id(struct request *r, const json_t *person, struct hub_str *out)
{
	const json_t *v = json_object_get(person, "person_id");

	if (!json_is_integer(v))
		return take_text(r, person, "person_id", 0, out);
	*out = hub_arena_printf(r->a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	return out->ptr ? HUB_OK : hub_fail_mem(r->err);
}

/* "other": further names, phones and numbers of a person. */
static int take_others(struct request *r, const json_t *person, struct hub_person *out)
{
	const json_t *list = json_object_get(person, "other");
	const size_t n = json_array_size(list);

	if (list && !json_is_null(list) && !json_is_array(list))
		return wrong(r, hub_tr("must be an array"), "other");
	struct hub_str *other = hub_alloc_array(r->a, n ? n : 1, sizeof *other);
	if (!other)
		return hub_fail_mem(r->err);
	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_array_get(list, i);
		if (!json_is_string(v))
			return wrong(r, hub_tr("must be a text"), "other");
		other[i] = (struct hub_str){json_string_value(v), json_string_length(v)};
	}
	out->other = other;
	out->others = (uint32_t)n;
	return HUB_OK;
}

static int take_person(struct request *r, const json_t *o, struct hub_person *p)
{
	int rc;

	if (!json_is_object(o))
		return wrong(r, hub_tr("must be an object"), "roster");
	if ((rc = take_id(r, o, &p->id)) || (rc = take_text(r, o, "relation", 0, &p->relation)) ||
	    (rc = take_text(r, o, "name", 0, &p->name)) ||
	    (rc = take_text(r, o, "name_kana", 0, &p->name_kana)) ||
	    (rc = take_text(r, o, "address", 0, &p->address)) ||
	    (rc = take_text(r, o, "phone", 0, &p->phone)) ||
	    (rc = take_text(r, o, "birth_date", 0, &p->birth_date)))
		return rc;
	return take_others(r, o, p);
}

static int take_request(struct request *r, const json_t *root)
{
	const json_t *roster = json_object_get(root, "roster");
	int rc;

	if (!json_is_object(root))
		return wrong(r, hub_tr("the line is not a JSON object"), "line");
	if ((rc = take_text(r, root, "text", 1, &r->doc.text)))
		return rc;
	if (roster && !json_is_null(roster) && !json_is_array(roster))
		return wrong(r, hub_tr("must be an array"), "roster");
	const size_t n = json_array_size(roster);
	struct hub_person *people = hub_alloc_array(r->a, n ? n : 1, sizeof *people);
	if (!people)
		return hub_fail_mem(r->err);
	for (size_t i = 0; i < n; i++)
		if ((rc = take_person(r, json_array_get(roster, i), &people[i]))) {
			if (rc == HUB_REJECT)
				hub_where(r->err, "roster[%zu]", i);
			return rc;
		}
	r->doc.roster = people;
	r->doc.persons = (uint32_t)n;
	return HUB_OK;
}

/* --- answering ------------------------------------------------------------------------------------- */

static void print_error(struct hub_buf *out, const struct hub_err *err)
{
	hub_line_error(out, err);
	if (strcmp(err->code, "bad-json") == 0)
		hub_json_field(out, "hint",
			       hub_str_of(hub_tr("A line is {\"text\":\"...\"}; --plain takes "
						 "lines of text as they are.")));
	hub_buf_puts(out, "}}\n");
}

/* Spans that are shown: organisations only when asked for. Returns how many are left. */
static size_t keep_types(const struct mask *m, struct hub_span *s, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (m->all || s[i].type != HUB_SPAN_ORG)
			s[kept++] = s[i];
	return kept;
}

static void print_entities(struct hub_buf *out, const struct hub_doc *doc,
			   const struct hub_span *spans, size_t n)
{
	size_t byte = 0, cp = 0;

	hub_buf_puts(out, ",\"entities\":[");
	for (size_t i = 0; i < n; i++) {
		const struct hub_span *s = &spans[i];
		cp += hub_utf8_count(hub_str_cut(doc->text, byte, s->start));
		const size_t end = cp + hub_utf8_count(hub_str_cut(doc->text, s->start, s->end));
		hub_buf_printf(out, "%s{\"start\":%zu,\"end\":%zu,\"type\":\"%s\",\"person_id\":",
			       i ? "," : "", cp, end, hub_span_name(s->type));
		if (s->person >= 0 && doc->roster[s->person].id.len)
			hub_json_str(out, doc->roster[s->person].id);
		else
			hub_buf_puts(out, "null");
		hub_buf_printf(out, ",\"confidence\":%u.%03u,\"origin\":\"%s\"}",
			       s->confidence / 1000, s->confidence % 1000, s->origin);
		byte = s->end;
		cp = end;
	}
	hub_buf_puts(out, "]}\n");
}

/* What stands for a span in the rendered text. */
static int label_of(struct hub_arena *a, struct hub_cast *cast, const struct hub_doc *doc,
		    const struct hub_span *s, struct hub_patch *p)
{
	static const char *const labels[] = {
	    [HUB_SPAN_ADDRESS] = "【住所】",  [HUB_SPAN_PHONE] = "【電話番号】",
	    [HUB_SPAN_EMAIL] = "【メール】",  [HUB_SPAN_BIRTHDATE] = "【生年月日】",
	    [HUB_SPAN_IDNUMBER] = "【番号】", [HUB_SPAN_FACILITY] = "【施設】",
	    [HUB_SPAN_ORG] = "【機関】",
	};

	if (s->type != HUB_SPAN_PERSON) {
		p->label = hub_str_of(labels[s->type]);
		return 0;
	}
	const struct hub_str id = s->person >= 0 ? doc->roster[s->person].id : HUB_STR("");
	const struct hub_str name =
	    hub_cast_name(cast, id, hub_str_cut(doc->text, s->start, s->end));
	if (name.len == 0)
		return -1;
	p->label = p->who = hub_arena_printf(a, "【%.*s】", HUB_FMT(name));
	return p->label.ptr ? 0 : -1;
}

static int print_text(const struct mask *m, struct hub_buf *out, const struct hub_doc *doc,
		      const struct hub_span *spans, size_t n)
{
	struct hub_arena *a = m->line;
	HUB_AUTO(buf) struct hub_buf text;
	struct hub_cast *cast = hub_cast_new(a, HUB_STR("tsunagi mask"), HUB_STR(""), m->relations);
	struct hub_patch *patch = hub_alloc_array(a, n ? n : 1, sizeof *patch);
	size_t byte = 0;
	uint32_t cp = 0;

	hub_buf_init(&text, 4 * LINE_LIMIT);
	if (!cast || !patch)
		return -1;
	for (uint32_t i = 0; i < doc->persons; i++)
		if (doc->roster[i].id.len &&
		    hub_cast_add(cast, doc->roster[i].id, doc->roster[i].relation))
			return -1;
	for (size_t i = 0; i < n; i++) {
		const struct hub_span *s = &spans[i];
		cp += (uint32_t)hub_utf8_count(hub_str_cut(doc->text, byte, s->start));
		patch[i].start = cp;
		cp += (uint32_t)hub_utf8_count(hub_str_cut(doc->text, s->start, s->end));
		patch[i].end = cp;
		patch[i].show = HUB_SHOW_PSEUDONYM;
		byte = s->end;
		if (label_of(a, cast, doc, s, &patch[i]))
			return -1;
	}
	hub_patch_text(&text, doc->text, patch, (uint32_t)n);
	if (!hub_buf_ok(&text))
		return -1;
	hub_buf_puts(out, ",\"text\":");
	hub_json_str(out, hub_buf_text(&text));
	hub_buf_puts(out, "}\n");
	return 0;
}

/* Finds and prints. Failures of a detector end the program: a text that was not searched through must
 * not look like one in which nothing was found. */
static int answer_text(struct mask *m, struct hub_doc *doc, const json_t *root, struct hub_buf *out,
		       struct hub_err *err)
{
	const struct hub_span *found;
	size_t n;
	int rc;

	if ((rc = hub_detect_run(m->detect, m->line, doc, 1, &found, &n, err)))
		return rc;
	struct hub_span *spans = hub_alloc_array(m->line, n ? n : 1, sizeof *spans);
	if (!spans)
		return hub_fail_mem(err);
	if (n)
		memcpy(spans, found, n * sizeof *spans);
	n = keep_types(m, spans, n);
	hub_line_id(out, root);
	if (!m->as_text)
		print_entities(out, doc, spans, n);
	else if (print_text(m, out, doc, spans, n))
		return hub_fail_mem(err);
	return HUB_OK;
}

/* The text of a line; *root: where its id stands, to be put down. HUB_REJECT: it cannot be understood. */
static int take_line(const struct mask *m, struct request *r, struct hub_str line, json_t **root)
{
	*root = NULL;
	if (!m->plain || !line.ptr) {
		*root = hub_line_json(line, LINE_LIMIT, JSON_ALLOW_NUL, r->err);
		return *root ? take_request(r, *root) : r->err->rc;
	}
	if (hub_utf8_valid(line) < line.len)
		return hub_fail(r->err, HUB_REJECT, "bad-utf8", "the line is not UTF-8");
	r->doc.text = line;
	return HUB_OK;
}

static int answer_line(void *self, struct hub_str line, struct hub_buf *out, struct hub_err *err)
{
	struct mask *m = self;
	struct hub_err bad = {0};
	struct request r = {.a = m->line, .err = &bad};
	json_t *root;
	int rc = take_line(m, &r, line, &root);

	if (rc == HUB_OK) {
		rc = answer_text(m, &r.doc, root, out, err);
	} else if (rc == HUB_FATAL) {
		rc = hub_fail_mem(err);
	} else {
		hub_line_id(out, root);
		print_error(out, &bad);
		rc = HUB_OK;
	}
	json_decref(root);
	hub_arena_reset(m->line);
	return rc;
}

/* --- command --------------------------------------------------------------------------------------- */

static int is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return 1;
	return 0;
}

static int open_mask(struct mask *m, struct hub_err *err)
{
	m->line = hub_arena_new(LINE_ARENA);
	return m->line ? hub_detect_open(m->plugins, m->setting, &m->detect, err)
		       : hub_fail_mem(err);
}

static void close_mask(struct mask *m)
{
	hub_detect_close(m->detect);
	hub_arena_free(m->line);
}

/* For a further thread. */
static int open_further(void *self, void **further, struct hub_err *err)
{
	const struct mask *first = self;
	struct mask *m = hub_alloc(first->kept, sizeof *m);
	int rc;

	if (!m)
		return hub_fail_mem(err);
	*m = *first;
	m->detect = NULL;
	if ((rc = open_mask(m, err))) {
		close_mask(m);
		return rc;
	}
	*further = m;
	return HUB_OK;
}

static void close_further(void *further)
{
	close_mask(further);
}

static int open_first(struct hub_cli *cli, struct mask *m)
{
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	uint32_t detectors = 0;
	int rc;

	if ((rc = hub_work_plugins(cli, &plugins)) || (rc = hub_work_detectors(cli, plugins, NULL)))
		return rc;
	if ((rc = hub_plugins_open(plugins, HUB_DETECTOR, &detectors, cli->err)))
		return rc;
	if (!detectors) {
		rc = hub_fail(cli->err, HUB_CONF, "no-detector", "no detector plugin is installed");
		hub_hint(cli->err, "TSUNAGI_PLUGINS replaces the folder of the program: name that "
				   "one behind yours, too.");
		return rc;
	}
	m->plugins = plugins;
	if ((rc = open_mask(m, cli->err)) || !m->as_text)
		return rc;
	if ((rc = hub_work_schema(cli, NULL, &schema)))
		return rc;
	m->relations = hub_schema_codes(schema, HUB_STR("relation"));
	return HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	static const char *const settings[] = {"strict", "standard", "readable", NULL};
	static const char *const forms[] = {"jsonl", "text", NULL};
	const char *as = "jsonl", *workers = NULL;
	struct mask m = {.kept = cli->arena, .setting = "standard"};
	const struct hub_arg args[] = {
	    {"setting", "HOW", &m.setting, NULL,
	     HUB_N("how much doubt is enough to mask: strict, standard, readable")},
	    {"as", "FORM", &as, NULL,
	     HUB_N("jsonl: entities with their places; text: the text with names replaced")},
	    {"all", NULL, NULL, &m.all, HUB_N("organisations, too (ORG)")},
	    {"plain", NULL, NULL, &m.plain, HUB_N("each line is a text, not JSON")},
	    HUB_ARG_WORKERS(&workers),
	    {0}};
	uint32_t threads;
	int operands, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_mask, args, argc, argv, &operands)))
		return rc;
	if (operands > 1)
		return hub_fail(cli->err, HUB_USAGE, "usage", "mask takes at most one FILE");
	if (!is_one_of(m.setting, settings))
		return hub_cli_bad_value(cli, "setting", m.setting, "strict, standard, readable");
	if (!is_one_of(as, forms))
		return hub_cli_bad_value(cli, "as", as, "jsonl, text");
	m.as_text = strcmp(as, "text") == 0;
	if ((rc = hub_work_workers(cli, workers, &threads)))
		return rc;
	if (!(rc = open_first(cli, &m))) {
		const struct hub_line_filter filter = {.self = &m,
						       .limit = LINE_LIMIT,
						       .answer = answer_line,
						       .threads = threads,
						       .open = open_further,
						       .close = close_further};
		rc = hub_cli_lines(cli, operands ? argv[0] : NULL, &filter);
	}
	close_mask(&m);
	return rc;
}

const struct hub_cmd hub_cmd_mask = {
    .name = "mask",
    .summary = HUB_N("find names, addresses, phones and numbers in texts"),
    .usage = "[FILE] [OPTIONS]",
    .help = HUB_N(
	"Reads texts from FILE or stdin, one JSON object per line, and answers each with one "
	"line.\n"
	"A text: {\"id\",\"text\",\"roster\":[{\"person_id\",\"relation\",\"name\",\"name_kana\",\n"
	"  \"address\",\"phone\",\"birth_date\",\"other\":[names, phones, numbers]}]}\n"
	"The answer: "
	"{\"id\",\"entities\":[{\"start\",\"end\",\"type\",\"person_id\",\"confidence\",\n"
	"  \"origin\"}]}; offsets count characters (code points), end exclusive. With --as text:\n"
	"  {\"id\",\"text\"}. A line that cannot be understood is answered with an \"error\".\n\n"
	"  tsunagi mask notes.jsonl --as text\n"),
    .run = run,
};
