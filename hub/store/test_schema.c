/* The loader, the shipped catalogue, and what is derived from it. Runs from the root of the tree. */
#include "test.h"

#include "base/err.h"
#include "base/io.h"
#include "conf/report.h"
#include "store/schema_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CATALOGUE "schemas/common-case.cfg"

struct fixture {
	struct hub_arena *arena;
	struct hub_report *report; /* of the last load() */
	struct hub_err err;
	char folder[64];
	const struct hub_schema *schema; /* the shipped one */
};

static struct fixture fx;

static int setup(void **state)
{
	(void)state;
	fx = (struct fixture){.arena = hub_arena_new(0)};
	snprintf(fx.folder, sizeof fx.folder, "/tmp/test_schema_XXXXXX");
	if (!fx.arena || !mkdtemp(fx.folder))
		return -1;
	return hub_schema_load(fx.arena, CATALOGUE, NULL, &fx.schema, NULL, &fx.err);
}

static int teardown(void **state)
{
	char path[96];

	(void)state;
	snprintf(path, sizeof path, "%s/x.cfg", fx.folder);
	unlink(path);
	rmdir(fx.folder);
	hub_arena_free(fx.arena);
	return 0;
}

/* Loads a text as the whole schema, or as the local file of the shipped one. */
static int load(const char *text, int local, const struct hub_schema **out)
{
	char path[96];

	snprintf(path, sizeof path, "%s/x.cfg", fx.folder);
	assert_int_equal(hub_file_write(path, hub_str_of(text), &fx.err), 0);
	fx.report = hub_report_new(fx.arena);
	return local ? hub_schema_load(fx.arena, CATALOGUE, path, out, fx.report, &fx.err)
		     : hub_schema_load(fx.arena, path, NULL, out, fx.report, &fx.err);
}

/* The report has this problem at this line of x.cfg. */
static void assert_reported(unsigned line, const char *text)
{
	char where[40];

	snprintf(where, sizeof where, "/x.cfg:%u:", line);
	for (size_t i = 0; i < hub_report_count(fx.report); i++) {
		const struct hub_err *e = hub_report_at(fx.report, i);
		if (strcmp(e->what, text) == 0 && strstr(e->where, where))
			return;
	}
	hub_report_print(fx.report, stderr);
	fail_msg("no \"%s\" at %s", text, where);
}

static void test_catalogue(void **state)
{
	(void)state;
	static const char *const entities[] = {
	    "person",     "household",  "household_member", "relationship", "case",
	    "intake",     "assessment", "screening",        "plan",         "plan_action",
	    "meeting",    "evaluation", "activity",         "consent",      "ground",
	    "protection", "agency",     "certification",    "staff",        "resource",
	    "scheme",     "task",       "attachment",       "workload"};
	for (size_t i = 0; i < HUB_COUNT(entities); i++)
		if (!hub_schema_entity(fx.schema, hub_str_of(entities[i])))
			fail_msg("no entity %s", entities[i]);

	const struct hub_field *f = hub_schema_path(fx.schema, HUB_STR("person.birth_date"));
	assert_non_null(f);
	assert_int_equal(f->type, HUB_F_DATE);
	assert_int_equal(f->pclass, HUB_C_QUASI);
	assert_str(f->label, "生年月日");
	assert_ptr_equal(f->entity, hub_schema_entity(fx.schema, HUB_STR("person")));
	assert_ptr_equal(f, &f->entity->fields[f->index]);

	f = hub_schema_path(fx.schema, HUB_STR("activity.person"));
	assert_str(f->column, "person_id");
	assert_ptr_equal(f->entity->subject_ref, f);
	assert_str(hub_schema_path(fx.schema, HUB_STR("activity.body"))->spans, "body_spans");
	assert_null(hub_schema_path(fx.schema, HUB_STR("activity.nothing")));
	assert_null(hub_schema_path(fx.schema, HUB_STR("person")));
}

/* Whose data a row is must be known for everything that holds personal data: the gate asks. */
static void test_subjects(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < fx.schema->n_entities; i++) {
		const struct hub_entity *e = &fx.schema->entities[i];

		if (e->subject == HUB_SUBJECT_REF)
			assert_non_null(e->subject_ref);
		for (uint32_t k = 0; k < e->count; k++)
			if (e->subject == HUB_SUBJECT_NONE)
				assert_int_equal(e->fields[k].pclass, HUB_C_OPERATIONAL);
	}
}

/* privacy-rules §4: what must not leave under 支援措置, by class and by name. */
static void test_reveals(void **state)
{
	(void)state;
	static const char *const paths[] = {
	    "person.school", "person.workplace", "person.hospital", "person.household_no",
	    "person.area_minsei", "residence.address_since", "residence.district_code_1",
	    "case.agency", "activity.org_name", "attachment.file_name", "assessment.genogram_ref",
	    "household.head_name", "residence.moveout_addr_town", "residence.prev_addr_postal",
	    /* that she has moved, when, and that she is not registered where she lives */
	    "residence.entry_reason", "residence.removed_flag", "residence.removed_db_on",
	    "residence.processed_on", "residence.op_on", "residence.op_time",
	    "residence.rebuilt_on", "residence.src_op_at", "residence.hist_hidden",
	    "residence.jutogai_class", "residence.jutogai_kind", "residence.jutogai_state"};
	for (size_t i = 0; i < HUB_COUNT(paths); i++) {
		const struct hub_field *f = hub_schema_path(fx.schema, hub_str_of(paths[i]));

		if (!f || !(f->flags & HUB_FF_REVEALS))
			fail_msg("%s does not reveal", paths[i]);
	}
	for (uint32_t i = 0; i < fx.schema->n_entities; i++) {
		const struct hub_entity *e = &fx.schema->entities[i];

		for (uint32_t k = 0; k < e->count; k++)
			if (e->fields[k].pclass == HUB_C_CONTACT &&
			    !(e->fields[k].flags & HUB_FF_REVEALS))
				fail_msg("%s.%s is a contact and does not reveal", e->name.ptr,
					 e->fields[k].name.ptr);
	}
}

/* Does a row of the entity, which is nobody's, say by itself or by what it points to which agency is in charge? */
static int says_agency(const struct hub_entity *e, int depth)
{
	if (hub_str_is(e->name, "agency"))
		return 1;
	for (uint32_t i = 0; depth && e->subject == HUB_SUBJECT_NONE && i < e->count; i++)
		if (e->fields[i].type == HUB_F_REF && says_agency(e->fields[i].to, depth - 1))
			return 1;
	return 0;
}

/* Who has the list of staff finds the agency behind a record by who wrote it. */
static void test_references_reveal(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < fx.schema->n_entities; i++) {
		const struct hub_entity *e = &fx.schema->entities[i];

		for (uint32_t k = 0; e->subject != HUB_SUBJECT_NONE && k < e->count; k++)
			if (e->fields[k].type == HUB_F_REF && says_agency(e->fields[k].to, 4) &&
			    !(e->fields[k].flags & HUB_FF_REVEALS))
				fail_msg("%s.%s says which agency and does not reveal", e->name.ptr,
					 e->fields[k].name.ptr);
	}
}

/* A field of this name or spelling, an entity, or a banned item. */
static int is_known(struct hub_str id)
{
	return hub_schema_alias(fx.schema, id) || hub_schema_entity(fx.schema, id) ||
	       hub_schema_banned(fx.schema, id);
}

static void test_every_catalogue_id(void **state)
{
	struct hub_str text, line, id;
	size_t ids = 0, lost = 0;

	(void)state;
	assert_int_equal(
	    hub_file_read(fx.arena, "tests/suites/catalogue_ids.txt", 1 << 20, &text, &fx.err), 0);
	while (hub_str_next(&text, '\n', &line)) {
		struct hub_str label = line;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		hub_str_next(&label, '\t', &id);
		ids++;
		if (!is_known(id) || (label.len && !is_known(label))) {
			print_error("not in the catalogue: %.*s\n", HUB_FMT(line));
			lost++;
		}
	}
	assert_true(ids > 300);
	assert_int_equal(lost, 0);
}

static void assert_code(const char *list, const char *text, const char *want)
{
	const struct hub_codes *codes = hub_schema_codes(fx.schema, hub_str_of(list));

	assert_non_null(codes);
	const struct hub_code *c = hub_code_find(codes, hub_str_of(text));
	if (!c && want)
		fail_msg("%s: \"%s\" is no code", list, text);
	if (c && (!want || !hub_str_is(c->code, want)))
		fail_msg("%s: \"%s\" is %s", list, text, c->code.ptr);
}

static void test_codes(void **state)
{
	static const char *const table[][3] = {{"sex", "男", "1"},
					       {"sex", "Ｍ", "1"},
					       {"sex", "１", "1"},
					       {"sex", "女 性", "2"},
					       {"sex", "FEMALE", "2"},
					       {"sex", "他", "3"},
					       {"sex", "不明", "9"},
					       {"sex", "", NULL},
					       {"sex", "犬", NULL},
					       {"care_level", "要介護２", "22"},
					       {"care_level", "介2", "22"},
					       {"care_level", "要介Ⅱ", "22"},
					       {"care_level", "要支１", "12"},
					       {"care_level", "自立", "01"},
					       {"care_level", "申請中", "98"},
					       {"dementia_level", "II", "2"},
					       {"dementia_level", "Ⅱａ", "2a"},
					       {"adl_level", "Ｊ１", "J1"},
					       {"method", "ＴＥＬ", "phone"},
					       {"method", "ﾒｰﾙ", "email"},
					       {"method", "来所", "office_visit"},
					       {"issue", "家計管理", "11"},
					       {"issue", "8", "08"},
					       {"issue", "8050", "28"},
					       {"ryoiku_grade", "Ⓐ", "maruA"},
					       {"ryoiku_grade", "A", "A"},
					       {"ryoiku_grade", "ａ", "A"},
					       {"resident_state", "1", "resident"},
					       {"resident_state_b", "2", "nonresident"},
					       {"consent_status", "○", "given"},
					       {"consent_status", "無", "refused"},
					       {"agency_type", "地域包括支援ｾﾝﾀｰ", "01"},
					       {"relation_path", "孫", "子の子"},
					       {"bool", "あり", "1"},
					       {"bool", "なし", "0"},
					       {"bool", "不明", "unknown"},
					       {"era_form", "3", "3"},
					       {"era_form", "平成", "3"},
					       {"era_registry", "平成", "4"}};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(table); i++)
		assert_code(table[i][0], table[i][1], table[i][2]);
	/* longer than any code, not UTF-8: no code, no crash */
	char *big = hub_alloc(fx.arena, 100000);
	memset(big, 'm', 100000);
	const struct hub_codes *sex = hub_schema_codes(fx.schema, HUB_STR("sex"));
	assert_null(hub_code_find(sex, (struct hub_str){big, 100000}));
	assert_null(hub_code_find(sex, HUB_STR("\xff\xfe")));
}

static void assert_ban(const char *header, enum hub_ban want)
{
	const struct hub_banned *b = hub_schema_banned(fx.schema, hub_str_of(header));

	if ((b ? b->ban : HUB_BAN_NONE) != want)
		fail_msg("%s: %s", header, b ? b->name.ptr : "not banned");
}

static void test_banned(void **state)
{
	(void)state;
	assert_ban("個人番号", HUB_BAN_FORBIDDEN);
	assert_ban("マイナンバー", HUB_BAN_FORBIDDEN);
	assert_ban("世帯主_個人番号", HUB_BAN_FORBIDDEN);
	assert_ban("ﾏｲﾅﾝﾊﾞｰ", HUB_BAN_FORBIDDEN);
	assert_ban("My_Number", HUB_BAN_FORBIDDEN);
	assert_ban("住民票コード", HUB_BAN_FORBIDDEN);
	assert_ban("（年金）基礎年金番号", HUB_BAN_FORBIDDEN);
	assert_ban("在留カード等番号", HUB_BAN_FORBIDDEN);
	assert_ban("選挙人名簿登録有無", HUB_BAN_DROPPED);
	assert_ban("個人履歴番号", HUB_BAN_NONE);
	assert_ban("宛名番号", HUB_BAN_NONE);
	assert_ban("氏名", HUB_BAN_NONE);
	assert_ban("", HUB_BAN_NONE);
}

static void test_headers(void **state)
{
	const struct hub_alias *a;
	int staff = 0, activity = 0;

	(void)state;
	/* one spelling, several fields, in the order of the file */
	for (a = hub_schema_alias(fx.schema, HUB_STR("担当者")); a;
	     a = hub_alias_next(fx.schema, a)) {
		staff += hub_str_is(a->field->name, "staff_name");
		activity += hub_str_is(a->field->entity->name, "activity");
	}
	assert_true(staff >= 1);
	assert_true(activity >= 1);
	a = hub_schema_alias(fx.schema, HUB_STR(" 氏名（カナ） "));
	assert_non_null(a);
	assert_str(a->field->name, "name_kana");
	/* typing errors of real files */
	a = hub_schema_alias(fx.schema, HUB_STR("氏名_外国人感じ"));
	assert_str(a->field->name, "name_foreign_kanji");
	assert_null(hub_schema_alias(fx.schema, HUB_STR("")));
	assert_null(hub_schema_alias(fx.schema, HUB_STR("存在しない見出し")));
}

/* ASCII has a way of its own: beside a kana the same characters go through ICU. */
static void test_fold(void **state)
{
	char text[] = "a?b\xe3\x81\x82", one[16], both[16], none[2];

	(void)state;
	for (int header = 0; header < 2; header++)
		for (int c = 1; c < 128; c++) {
			text[1] = (char)c;
			const size_t n =
			    hub_schema_fold((struct hub_str){text, 3}, header, one, sizeof one);
			const size_t all =
			    hub_schema_fold((struct hub_str){text, 6}, header, both, sizeof both);
			assert_true(n >= 2);
			assert_int_equal(all, n + 3);
			assert_memory_equal(one, both, n);
		}
	assert_int_equal(hub_schema_fold(HUB_STR("abc"), 0, none, sizeof none), 0); /* no room */
	assert_int_equal(hub_schema_fold(HUB_STR(" \t"), 0, none, sizeof none), 0);
}

static void test_all_errors_at_once(void **state)
{
	const struct hub_schema *s;

	(void)state;
	assert_int_equal(
	    load(
		"version = \"1\";\n"
		"codes: { yn: { label = \"x\"; items = ((\"1\", \"有\", \"K\"), (\"0\", \"有\", "
		"\"K\")); }; };\n"
		"entities: {\n"
		" person: { label = \"人\"; subject = \"self\"; fields: {\n"
		"  a: { label = \"a\"; type = \"txt\"; class = \"quasi\"; };\n"
		"  b: { label = \"b\"; type = \"text\"; class = \"secret\"; };\n"
		"  c: { label = \"c\"; type = \"code\"; class = \"quasi\"; codes = \"zz\"; };\n"
		"  d: { label = \"d\"; type = \"ref\"; class = \"quasi\"; to = \"zz\"; };\n"
		"  e: { lable = \"e\"; type = \"text\"; class = \"quasi\"; };\n"
		"  f: { label = \"f\"; type = \"text\"; class = \"quasi\"; required = \"yes\"; };\n"
		"  key: { label = \"g\"; type = \"text\"; class = \"quasi\"; };\n"
		"  Bad: { label = \"h\"; type = \"text\"; class = \"quasi\"; };\n"
		"  n: { label = \"i\"; type = \"narrative\"; class = \"quasi\"; };\n"
		" }; };\n"
		" note: { label = \"記\"; subject = \"none\"; fields: {\n"
		"  x: { label = \"x\"; type = \"text\"; class = \"contact\"; };\n"
		" }; };\n"
		" act: { label = \"経過\"; subject = \"x\"; fields: {\n"
		"  x: { label = \"x\"; type = \"text\"; class = \"contact\"; };\n"
		" }; };\n"
		"};\n",
		0, &s),
	    HUB_CONF);
	assert_reported(2, "\"有\" stands for two codes of one list");
	assert_reported(5, "option \"type\" does not know the word \"txt\"");
	assert_reported(6, "option \"class\" does not know the word \"secret\"");
	assert_reported(7, "no code list is named \"zz\"");
	assert_reported(8, "no entity is named \"zz\"");
	assert_reported(9, "unknown option \"lable\" for field");
	assert_reported(10, "option \"required\" is not of type yes/no");
	assert_reported(11,
			"field person.key: its column is too long or has the name of another one");
	assert_reported(12, "a name is written in a-z, 0-9 and _, and starts with a letter");
	assert_reported(13, "a narrative is of class narrative or sensitive");
	assert_reported(15, "note.x holds personal data, but the entity has no subject");
	assert_reported(18, "\"x\" must name a field of type ref to person");
	assert_string_equal(fx.err.code, "configuration");
}

static void test_no_such_file(void **state)
{
	const struct hub_schema *s;

	(void)state;
	assert_int_not_equal(hub_schema_load(fx.arena, "no/such.cfg", NULL, &s, NULL, &fx.err), 0);
	/* libconfig would end the process on a folder */
	assert_int_not_equal(hub_schema_load(fx.arena, fx.folder, NULL, &s, NULL, &fx.err), 0);
	assert_int_equal(load("entities: {", 0, &s), HUB_CONF);
	assert_string_equal(hub_report_at(fx.report, 0)->code, "unclosed-bracket");
	assert_int_equal(load("", 0, &s), HUB_CONF);
}

static void test_local(void **state)
{
	const struct hub_schema *s;

	(void)state;
	assert_int_equal(
	    hub_schema_load(fx.arena, CATALOGUE, "schemas/local.example.cfg", &s, NULL, &fx.err),
	    0);
	assert_string_not_equal(s->hash, fx.schema->hash);
	const struct hub_field *f = hub_schema_path(s, HUB_STR("person.local_district"));
	assert_non_null(f);
	assert_true(f->flags & HUB_FF_LOCAL);
	assert_str(f->codes->name, "district");
	assert_non_null(
	    hub_code_find(hub_schema_codes(s, HUB_STR("agency_type")), HUB_STR("総合窓口")));
	assert_str(hub_schema_alias(s, HUB_STR("つなぎ市利用者番号"))->field->name, "client_no");
	assert_non_null(hub_schema_alias(s, HUB_STR("利用者番号")));
	assert_true(hub_schema_path(fx.schema, HUB_STR("assessment.tax_status"))->flags &
		    HUB_FF_NATIONAL);
	assert_false(hub_schema_path(s, HUB_STR("assessment.tax_status"))->flags & HUB_FF_NATIONAL);

	assert_int_equal(
	    load("entities: { person: { fields: { name: { label = \"お客様氏名\"; }; }; }; };\n", 1,
		 &s),
	    0);
	assert_str(hub_schema_alias(s, HUB_STR("お客様氏名"))->field->name, "name");
	assert_str(hub_schema_alias(s, HUB_STR("氏名"))->field->name, "name");

	/* a site may not make the schema less safe */
	assert_int_equal(
	    load("entities: { person: { fields: {\n"
		 " school: { reveals_address = false; };\n"
		 " name: { class = \"operational\"; };\n"
		 " my_no: { label = \"個人番号\"; type = \"id\"; class = \"identifier\"; };\n"
		 "}; }; nobody: { fields: { }; };\n"
		 "};\n",
		 1, &s),
	    HUB_CONF);
	assert_reported(2, "a local file cannot take \"reveals_address\" away");
	assert_reported(3, "unknown option \"class\" for known field");
	assert_reported(5, "no entity is named \"nobody\"");
	assert_reported(4, "person.my_no: \"個人番号\" is a forbidden item");
}

/* The tables that the schema makes, as a store would list them. */
static size_t columns_of(const struct hub_schema *s, struct hub_have *have, const char *without)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity *e = &s->entities[i];
		const struct hub_str table = hub_arena_printf(fx.arena, "cc_%s", e->name.ptr);
		static const char *const own[] = {"id", "record_id", "state", "local"};

		for (size_t k = 0; k < HUB_COUNT(own); k++)
			have[n++] = (struct hub_have){table, hub_str_of(own[k])};
		if (e->identified) {
			have[n++] = (struct hub_have){table, HUB_STR("system_id")};
			have[n++] = (struct hub_have){table, HUB_STR("key")};
		}
		if (e->narratives)
			have[n++] = (struct hub_have){table, HUB_STR("scan")};
		if (e->subject == HUB_SUBJECT_SELF)
			have[n++] = (struct hub_have){table, HUB_STR("match")};
		for (uint32_t k = 0; k < e->count; k++) {
			const struct hub_field *f = &e->fields[k];

			if (!hub_str_is(f->name, without))
				have[n++] = (struct hub_have){table, f->column};
			if (f->spans.len && !hub_str_is(f->name, without))
				have[n++] = (struct hub_have){table, f->spans};
		}
	}
	return n;
}

static void test_diff(void **state)
{
	struct hub_have *have = hub_alloc_array(fx.arena, 4096, sizeof *have);
	const struct hub_change *c;
	const struct hub_schema *s;
	size_t n, changes;

	(void)state;
	assert_int_equal(hub_schema_diff(fx.arena, fx.schema, NULL, 0, &c, &changes), 0);
	assert_int_equal(changes, fx.schema->n_entities);
	assert_int_equal(c[0].kind, HUB_CHANGE_TABLE);

	n = columns_of(fx.schema, have, "-");
	assert_int_equal(hub_schema_diff(fx.arena, fx.schema, have, n, &c, &changes), 0);
	assert_int_equal(changes, 0);

	/* body and its spans are missing, an unknown column is kept, another table is not ours */
	n = columns_of(fx.schema, have, "body");
	have[n++] = (struct hub_have){HUB_STR("cc_activity"), HUB_STR("old_column")};
	have[n++] = (struct hub_have){HUB_STR("record"), HUB_STR("id")};
	assert_int_equal(hub_schema_diff(fx.arena, fx.schema, have, n, &c, &changes), 0);
	assert_int_equal(changes, 3);
	assert_int_equal(c[0].kind, HUB_CHANGE_ADD);
	assert_str(c[0].to, "body");
	assert_str(c[1].to, "body_spans");
	assert_int_equal(c[2].kind, HUB_CHANGE_LEFT);
	assert_str(c[2].from, "old_column");

	/* was = : renamed together with the spans; a ref keeps its _id */
	assert_int_equal(load("version = \"1\"; entities: { person: { label = \"人\"; subject = "
			      "\"self\"; fields: {\n"
			      " memo: { label = \"メモ\"; type = \"narrative\"; class = "
			      "\"narrative\"; was = \"note\"; };\n"
			      " friend: { label = \"友\"; type = \"ref\"; to = \"person\"; class = "
			      "\"quasi\"; was = \"pal\"; };\n"
			      "}; }; };\n",
			      0, &s),
			 0);
	const struct hub_str t = HUB_STR("cc_person");
	const struct hub_have old[] = {
	    {t, HUB_STR("id")},         {t, HUB_STR("record_id")}, {t, HUB_STR("note")},
	    {t, HUB_STR("note_spans")}, {t, HUB_STR("pal_id")},    {t, HUB_STR("scan")},
	    {t, HUB_STR("state")},      {t, HUB_STR("local")},     {t, HUB_STR("match")}};
	assert_int_equal(hub_schema_diff(fx.arena, s, old, HUB_COUNT(old), &c, &changes), 0);
	assert_int_equal(changes, 3);
	HUB_AUTO(buf) struct hub_buf sql;

	hub_buf_init(&sql, 1 << 20);
	for (size_t i = 0; i < changes; i++)
		hub_schema_sql_change(&c[i], HUB_SQLITE, &sql);
	assert_str(hub_buf_text(&sql),
		   "ALTER TABLE cc_person RENAME COLUMN note TO memo;\n"
		   "ALTER TABLE cc_person RENAME COLUMN note_spans TO memo_spans;\n"
		   "ALTER TABLE cc_person RENAME COLUMN pal_id TO friend_id;\n");
}

static const struct hub_verify *verified(const struct hub_verify *list, size_t n,
					 enum hub_verify_kind kind, const char *official)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].kind == kind && hub_str_is(list[i].official, official))
			return &list[i];
	return NULL;
}

/* One sheet without a name. */
static int verify_one(struct hub_str text, struct hub_str form, const struct hub_verify **v,
		      size_t *n)
{
	const struct hub_verify_sheet sheet = {.text = text};

	return hub_schema_verify(fx.arena, fx.schema, &sheet, 1, form, v, n, &fx.err);
}

static void test_verify_workbook(void **state)
{
	const struct hub_verify_sheet sheet[] = {
	    {.name = HUB_STR("評価シート"),
	     .text =
		 HUB_STR("評価シート\n評価日,,評価者,\n今後の方針,□終結　□再プラン　□中断\n"
			 "見られた変化,01 生活保護適用,02 住まいの確保・安定化\n終結日\n押印欄\n")},
	    {.name = HUB_STR("コード表"), .text = HUB_STR("項目,選択肢\n性別,1 男性、2 女性\n")}};
	const struct hub_verify *v;
	size_t n;

	(void)state;
	assert_int_equal(
	    hub_schema_verify(fx.arena, fx.schema, sheet, 2, HUB_STR(""), &v, &n, &fx.err), 0);
	assert_int_equal(verified(v, n, HUB_VERIFY_SAME, "評価日")->line, 2);
	assert_non_null(verified(v, n, HUB_VERIFY_SAME, "評価者"));
	assert_int_equal(verified(v, n, HUB_VERIFY_EXTRA, "押印欄")->line, 6);
	assert_null(verified(v, n, HUB_VERIFY_CODE_EXTRA, "終結"));
	assert_str(verified(v, n, HUB_VERIFY_SAME, "性別")->sheet, "コード表");
	assert_int_equal(v[n - 1].kind,
			 HUB_VERIFY_MISSING); /* of the form the sheet is named after */
	assert_true(hub_str_starts(v[n - 1].field->form, HUB_STR("評価シート")));
}

static void test_verify(void **state)
{
	const struct hub_verify *v;
	size_t n, missing = 0;

	(void)state;
	const struct hub_str sheet =
	    HUB_STR("様式,項目名,選択肢\r\n"
		    "プランシート,プラン番号,\r\n"
		    "プランシート,短期目標,\r\n"
		    "プランシート,新しい項目,\r\n"
		    "プランシート,プランの適切性の判断,\"1 適\n3 修正\n9 保留\"\r\n"
		    "相談受付・申込票,ご相談の内容,01 病気や健康、障害のこと、07 "
		    "仕事探し、就職について\r\n");
	assert_int_equal(verify_one(sheet, HUB_STR("プランシート"), &v, &n), 0);
	assert_non_null(verified(v, n, HUB_VERIFY_SAME, "プラン番号"));
	assert_non_null(verified(v, n, HUB_VERIFY_LABEL, "短期目標"));
	assert_int_equal(verified(v, n, HUB_VERIFY_EXTRA, "新しい項目")->line, 4);
	assert_str(verified(v, n, HUB_VERIFY_CODE, "3 修正")->ours, "2 修正");
	assert_non_null(verified(v, n, HUB_VERIFY_CODE_EXTRA, "9 保留"));
	for (size_t i = 0; i < n; i++)
		missing += v[i].kind == HUB_VERIFY_MISSING;
	assert_true(missing > 10);

	/* labels that hold the divider, and no form: no field is missing */
	assert_int_equal(
	    verify_one(HUB_STR("項目,コード\nご相談の内容,01 病気や健康、障害のこと、07 "
			       "仕事探し、就職について\n"),
		       HUB_STR(""), &v, &n),
	    0);
	assert_null(verified(v, n, HUB_VERIFY_CODE_EXTRA, "01 病気や健康"));
	assert_int_equal(v[0].kind, HUB_VERIFY_SAME);
	assert_int_equal(n, 1 + 16 - 2);

	/* a data file: its header is the list */
	assert_int_equal(
	    verify_one(HUB_STR("受付日,\"氏名\",謎\n2024-01-01,x,y\n"), HUB_STR(""), &v, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(v[2].kind, HUB_VERIFY_EXTRA);
	assert_int_equal(verify_one(HUB_STR("項目\n\"offen"), HUB_STR(""), &v, &n), HUB_REJECT);
}

/* Every allocation fails once; the loader says so and leaks nothing. */
static void test_out_of_memory(void **state)
{
	(void)state;
	for (unsigned long k = 1; k < 200; k++) {
		struct hub_arena *a = hub_arena_new(0);
		const struct hub_schema *s = NULL;

		hub_fault_arm(k);
		const int rc = hub_schema_load(a, CATALOGUE, NULL, &s, NULL, &fx.err);
		hub_fault_arm(0);
		hub_arena_free(a);
		if (rc == HUB_OK)
			return;
		assert_string_equal(fx.err.code, "out-of-memory");
	}
	fail_msg("never enough memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_catalogue),
	    cmocka_unit_test(test_subjects),
	    cmocka_unit_test(test_reveals),
	    cmocka_unit_test(test_references_reveal),
	    cmocka_unit_test(test_every_catalogue_id),
	    cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_banned),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_fold),
	    cmocka_unit_test(test_all_errors_at_once),
	    cmocka_unit_test(test_no_such_file),
	    cmocka_unit_test(test_local),
	    cmocka_unit_test(test_diff),
	    cmocka_unit_test(test_verify),
	    cmocka_unit_test(test_verify_workbook),
	    cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
