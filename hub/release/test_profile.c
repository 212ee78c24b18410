/* Profiles: the shipped ones, every error of a file at once, same meaning = same hash, changes in words. */
#include "test.h"

#include "base/io.h"
#include "release/profile.h"

#include <stdlib.h>
#include <unistd.h>

static struct hub_arena *arena;
static const struct hub_schema *schema;

static int set_up(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return hub_schema_load(arena, "schemas/common-case.cfg", NULL, &schema, NULL, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

/* Loads a profile from text; *printed gets the report. */
static int load(const char *text, struct hub_profile *p, const char **printed)
{
	char path[] = "/tmp/test_profile_XXXXXX";
	struct hub_report *report = hub_report_new(arena);
	struct hub_err err = {0};
	char *all = NULL;
	size_t len = 0;

	const int fd = mkstemp(path);
	assert_true(fd != -1);
	assert_int_equal(hub_write_all(fd, text, strlen(text)), 0);
	close(fd);
	const int rc = hub_profile_load(arena, report, path, schema, p, &err);
	unlink(path);
	FILE *out = open_memstream(&all, &len);
	hub_report_print(report, out);
	fclose(out);
	*printed = hub_arena_cstr(arena, (struct hub_str){all, len});
	free(all);
	return rc;
}

static void must_load(const char *text, struct hub_profile *p)
{
	const char *printed;

	if (load(text, p, &printed))
		fail_msg("%s", printed);
}

#define HEAD "title = \"t\"; recipient: { id = \"A\"; name = \"社協\"; }; purpose = \"support\";\n"
#define SHOW                                                                               \
	"show: { identifier = \"as_is\"; contact = \"masked\"; quasi = \"generalised\";\n" \
	"sensitive = \"withheld\"; narrative = \"pseudonym\"; operational = \"as_is\"; };\n"

static void test_shipped(void **state)
{
	static const char *const names[] = {"trusted-agency", "masked-agency", "statistics"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(names); i++) {
		char path[96];
		struct hub_profile p;
		struct hub_err err = {0};
		snprintf(path, sizeof path, "config/profiles/%s.cfg", names[i]);
		struct hub_report *r = hub_report_new(arena);
		const int rc = hub_profile_load(arena, r, path, schema, &p, &err);
		hub_report_print(r, stderr);
		assert_int_equal(rc, HUB_OK);
		assert_str(p.name, names[i]);
		assert_true(p.n > 0 && p.recipient.len > 0 && strlen(p.hash) == 64);
	}
}

static void test_fields(void **state)
{
	struct hub_profile p;

	(void)state;
	must_load(HEAD SHOW "entities: { activity: { fields = [\"*\"]; except = [\"response\"];\n"
			    "  show: { body = \"masked\"; next_action = \"withheld\"; }; };\n"
			    "person: { fields = [\"birth_date\", \"name\", \"phone\"]; }; };\n",
		  &p);
	assert_int_equal(p.n, 2);
	assert_str(p.entities[0].entity->name, "person"); /* order of the schema */
	assert_int_equal(p.entities[0].n, 3);
	assert_str(p.entities[0].fields[0].field->name, "name");
	assert_int_equal(p.entities[0].fields[0].show, HUB_SHOW_AS_IS);

	const struct {
		const char *path;
		int show; /* -1: left out */
	} rows[] = {{"person.name", HUB_SHOW_AS_IS},    {"person.birth_date", HUB_SHOW_GENERALISED},
		    {"person.phone", HUB_SHOW_MASKED},  {"person.sex", -1},
		    {"activity.body", HUB_SHOW_MASKED}, {"activity.response", -1},
		    {"activity.next_action", -1},       {"activity.activity_on", HUB_SHOW_AS_IS},
		    {"activity.support_kinds", -1},     {"case.case_no", -1}};
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		const struct hub_field *f = hub_schema_path(schema, hub_str_of(rows[i].path));
		const struct hub_view_field *v = f ? hub_profile_field(&p, f) : NULL;
		if ((v ? (int)v->show : -1) != rows[i].show)
			fail_msg("%s: %d", rows[i].path, v ? (int)v->show : -1);
	}
}

static void test_all_errors_at_once(void **state)
{
	static const char *const want[] = {":1:",
					   "titel",
					   "\"title\"",
					   ":2:",
					   "contract",
					   ":3:",
					   ":4:",
					   "as_iss",
					   "operational",
					   ":6:",
					   "no entity \"persn\"",
					   ":7:",
					   "no field \"nam\"",
					   "no field \"bdy\"",
					   "no way to show",
					   ":9:",
					   "never released",
					   "\"maybe\""};
	const char *printed;
	struct hub_profile p;

	(void)state;
	assert_int_equal(
	    load("titel = \"t\";\n"
		 "recipient: { id = \"A\"; name = \"x\"; contract_from = \"soon\"; };\n"
		 "purpose = 5;\n"
		 "show: { identifier = \"as_iss\"; contact = \"masked\"; quasi = \"masked\";\n"
		 " sensitive = \"masked\"; narrative = \"masked\"; };\n"
		 "entities: { persn: { fields = [\"*\"]; };\n"
		 " person: { fields = [\"nam\"]; };\n"
		 " activity: { fields = [\"*\"]; show: { bdy = \"masked\"; body = \"red\"; }; };\n"
		 " protection: { fields = [\"*\"]; }; };\n"
		 "unattended = \"maybe\";\n",
		 &p, &printed),
	    HUB_CONF);
	for (size_t i = 0; i < HUB_COUNT(want); i++)
		if (!strstr(printed, want[i]))
			fail_msg("not reported: %s\n%s", want[i], printed);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"", "title"},
	    {"title = \"t\"; recipient: { id = \"*\"; name = \"x\"; }; purpose = \"p\";" SHOW
	     "entities: { };",
	     "one recipient"},
	    {"title = \"t\"; recipient: { id = \"A\\nclass.identifier as_is\"; name = \"x\"; };"
	     "purpose = \"p\";" SHOW "entities: { };",
	     "nobody sees"},
	    {"title = \"t\"; recipient: { id = \"WE\xe2\x80\x8bL\"; name = \"x\"; };"
	     "purpose = \"p\";" SHOW "entities: { };",
	     "nobody sees"},
	    {"title = \"t\"; recipient: { id = \"A\"; name = \"\xe2\x80\xae"
	     "x\"; };"
	     "purpose = \"p\";" SHOW "entities: { };",
	     "nobody sees"},
	    {"title = \"t\"; recipient: { id = \"WEL \"; name = \"x\"; }; purpose = \"p\";" SHOW
	     "entities: { };",
	     "a blank at its end"},
	    {"title = \"t\"; recipient: { id = \"(site)\"; name = \"x\"; }; purpose = \"p\";" SHOW
	     "entities: { };",
	     "in brackets"},
	    {HEAD SHOW "entities: { person = [\"name\"]; };", "must be a group"},
	    {HEAD SHOW "entities: { person: { }; };", "fields"},
	    {HEAD "entities: { person: { fields = [\"name\"]; }; };", "show"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		const char *printed;
		struct hub_profile p;
		assert_int_equal(load(rows[i].text, &p, &printed), HUB_CONF);
		if (!strstr(printed, rows[i].want))
			fail_msg("row %zu: %s", i, printed);
	}
}

static void test_hash_and_changes(void **state)
{
	static const char base[] = HEAD SHOW
	    "entities: { person: { fields = [\"name\", \"name_kana\", \"phone\"]; }; };\n";
	static const char same[] =
	    "# other words\npurpose = \"support\"; unattended = \"withhold\";\n"
	    "entities: { person: { fields = [\"phone\", \"name_kana\", \"name\", \"nationality\"]; "
	    "}; };\n" SHOW
	    "title = \"another title\"; recipient: { name = \"社協\"; id = \"A\"; };\n";
	static const char other[] =
	    HEAD SHOW "entities: { person: { fields = [\"name\", \"name_kana\", \"sex\"];\n"
		      "  show: { name_kana = \"masked\"; }; }; };\nunattended = \"mask\";\n";
	struct hub_profile a, b, c;
	HUB_AUTO(buf) struct hub_buf words;

	(void)state;
	must_load(base, &a);
	must_load(same, &b);
	must_load(other, &c);
	assert_string_equal(a.hash, b.hash); /* nationality is withheld by its class anyway */
	assert_string_not_equal(a.hash, c.hash);

	hub_buf_init(&words, 1 << 16);
	assert_int_equal(hub_profile_changes(&b, a.canon, schema, &words), 0);
	assert_int_equal(words.len, 0);
	assert_int_equal(hub_profile_changes(&c, a.canon, schema, &words), 4);
	assert_str(hub_buf_text(&words),
		   "without consent and nobody to confirm: leaves masked (was does not leave)\n"
		   "支援対象者 ふりがな: now shown masked to 社協 (was as it is)\n"
		   "支援対象者 性別: now shown generalised to 社協 (was not at all)\n"
		   "支援対象者 電話番号: now shown not at all to 社協 (was masked)\n");

	/* a setting that is there no more is a change, too */
	const char *printed;
	static const char asking[] =
	    HEAD SHOW "entities: { person: { fields = [\"name\", \"name_kana\", \"phone\"]; }; };\n"
		      "deletions = \"list\"; unmapped = \"as_is\";\n";
	assert_int_equal(load(asking, &b, &printed), HUB_OK);
	words.len = 0;
	assert_int_equal(hub_profile_changes(&a, b.canon, schema, &words), 2);
	assert_str(hub_buf_text(&words),
		   "deletions asked for after a withdrawal: - (was sent as a list)\n"
		   "columns that no field has: - (was as it is)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shipped),
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_all_errors_at_once),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_hash_and_changes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
