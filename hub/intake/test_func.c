/* Every function and sign of the mapping language, on values; each must appear at least once. */
#include "test.h"

#include "base/buf.h"
#include "intake/func.h"
#include "intake/mapping.h"
#include "plugin/batch.h"

#include <stdio.h>

static struct hub_arena *arena;
static const struct hub_schema *schema;

/* One expression over one record with the columns a, b, c; NULL input: the cell is empty. Result: the
 * value, "(null)", or "!code" with the code of the reject. */
struct example {
	const char *expr, *a, *b, *want;
};

static const struct example examples[] = {
    /* texts */
    {"a", "x", NULL, "x"},
    {"a", NULL, NULL, "(null)"},
    {"'text'", "x", NULL, "text"},
    {"'it''s'", "x", NULL, "it's"},
    {"#2", "x", "y", "y"},
    {"[b]", "x", "y", "y"},
    {"a | trim", " 　x y　", NULL, "x y"},
    {"a | trim", "　 ", NULL, "(null)"},
    {"a | width", "Ａ１ｶﾞ", NULL, "A1ガ"},
    {"a | upper", "aZ九", NULL, "AZ九"},
    {"a | lower", "aZ九", NULL, "az九"},
    {"a | digits", "No.１2-３", NULL, "123"},
    {"a | digits", "なし", NULL, "(null)"},
    {"a | oneline", " 一\r\n二  三\n", NULL, "一 二 三"},
    {"a | untag", "<div>長女の佐<b>藤</b>花子 <span style=\"color:red\">090-<i>1</i></span></div>",
     NULL, "長女の佐藤花子 090-1"},
    {"a | untag", "<div>一</div><div><br /></div><div>a &lt; b &amp; c<br>二</div>", NULL,
     "一\n\na < b & c\n二"},
    {"a | untag", "<table><tr><td>甲</td><td>乙</td></tr></table>", NULL, "甲\t乙\t"},
    {"a | untag", "x <3 &foo; a<", NULL, "x <3 &foo; a<"},
    {"a | untag", "<div><br></div>", NULL, "(null)"},
    {"a | pad(5)", "42", NULL, "00042"},
    {"a | pad(5)", "123456", NULL, "123456"},
    {"a | pad(4, '・')", "東京", NULL, "・・東京"},
    {"a | prefix('K-')", "1", NULL, "K-1"},
    {"a | prefix('K-')", NULL, NULL, "(null)"},
    {"a | suffix('人')", "7", NULL, "7人"},
    {"a | substr(1, 2)", "東京都", NULL, "東京"},
    {"a | substr(3)", "東京都港区", NULL, "都港区"},
    {"a | substr(-2)", "東京都港区", NULL, "港区"},
    {"a | substr(9)", "東京", NULL, "(null)"},
    {"a | replace('ヶ', 'ケ', '-', '')", "一ヶ-二", NULL, "一ケ二"},
    {"a | before('/')", "山田/福祉課", NULL, "山田"},
    {"a | before('/')", "山田", NULL, "山田"},
    {"a | after('/')", "山田/福祉課", NULL, "福祉課"},
    {"a | after('/')", "山田", NULL, "(null)"},
    {"a | match('No[.]([0-9]+)')", "見よ No.31 を", NULL, "31"},
    {"a | match('[0-9]+')", "なし", NULL, "(null)"},
    {"if(a | matches('^[0-9]+$'), 'n', 't')", "12", NULL, "n"},
    {"if(a | matches('^[0-9]+$'), 'n', 't')", "12a", NULL, "t"},
    /* Japanese writing */
    {"a | kana", "ﾔﾏﾀﾞ ﾀﾛｳ", NULL, "ヤマダ タロウ"},
    {"a | kana", "やまだ　たろう", NULL, "ヤマダ　タロウ"},
    {"a | kana", "山田", NULL, "!not-kana"},
    {"a | hiragana", "ﾔﾏﾀﾞ", NULL, "やまだ"},
    {"a | name", " 髙橋　花子 ", NULL, "髙橋　花子"},
    {"a | name", "髙橋　花子　様", NULL, "髙橋　花子"},
    {"a | name", "様", NULL, "様"},
    {"a | phone", "（０３）５２５３－１１１１", NULL, "0352531111"},
    {"a | phone", "0119-12-3456", NULL, "0119123456"},
    {"a | phone('strict')", "0119-12-3456", NULL, "!bad-phone"},
    {"a | phone", "12", NULL, "!bad-phone"},
    {"a | postal", "〒１００－００１３", NULL, "100-0013"},
    {"a | postal", "1234", NULL, "!bad-postal"},
    {"a | address('pref')", "神奈川県茅ヶ崎市茅ヶ崎1-1-1", NULL, "神奈川県"},
    {"a | address('city')", "茅ヶ崎市茅ヶ崎１丁目１番１号", NULL, "茅ヶ崎市"},
    {"a | address('rest')", "神奈川県茅ヶ崎市茅ヶ崎1-1-1 みどり荘101", NULL, "みどり荘101"},
    {"a | address('city')", "同上", NULL, "!same-as-above"},
    /* dates and numbers */
    {"a | date", "令和6年7月31日", NULL, "2024-07-31"},
    {"a | date", "S55.3.4", NULL, "1980-03-04"},
    {"a | date", "昭和30年頃", NULL, "1955"},
    {"a | date", "2024-13-01", NULL, "!bad-date"},
    {"a | date", "平成32年1月1日", NULL, "2020-01-01"},
    {"a | date('strict')", "平成32年1月1日", NULL, "!bad-date"},
    {"a | date", "00000000", NULL, "(null)"},
    {"a | date('strict')", "00000000", NULL, "!bad-date"},
    {"a | date('registry')", "5061001", NULL, "2024-10-01"},
    {"a | date('excel')", "45566", NULL, "2024-10-01"},
    {"a | date(min = '2000-01-01')", "1999-12-31", NULL, "!bad-date"},
    {"a | date(max = '2000-01-01')", "1999-12-31", NULL, "1999-12-31"},
    {"a | date(year = 2024)", "10/1", NULL, "2024-10-01"},
    {"a | datetime", "2024/7/31 9:30", NULL, "2024-07-31T09:30:00"},
    {"a | datetime", "2024/7/31", NULL, "2024-07-31"},
    {"a | date | at(b | time)", "2024-07-31", "午後1時5分", "2024-07-31T13:05:00"},
    {"a | date | at(b | time)", "2024-07-31", NULL, "2024-07-31"},
    {"a | datetime | day", "2024/7/31 9:30", NULL, "2024-07-31"},
    {"a | time", "９時５分", NULL, "09:05"},
    {"a | time", "12:34:56", NULL, "12:34:56"},
    {"a | time", "25:10", NULL, "01:10"},
    {"a | time", "朝", NULL, "!bad-time"},
    {"a | time", "2024-07-31T23:30:00Z", NULL, "08:30"},
    {"a | datetime | time", "R6.7.31\n9:30", NULL, "09:30"},
    {"a | time", "2024-07-31", NULL, "!bad-time"},
    {"a | month", "令和6年7月", NULL, "2024-07"},
    {"a | month", "2024-07-31", NULL, "2024-07"},
    {"a | month", "2024年", NULL, "!bad-month"},
    {"a | date | age_on(b | date)", "1980-03-04", "2024-03-03", "43"},
    {"a | date | age_on(b | date)", "1980-03-04", "2024-03-04", "44"},
    {"a | date | age_on(b | date)", "1980", "2024-03-04", "(null)"},
    {"a | date | fiscal_year", "2024-03-31", NULL, "2023"},
    {"a | date | fiscal_year", "2024-04-01", NULL, "2024"},
    {"a | int", "１，２３４", NULL, "1234"},
    {"a | int", "-5", NULL, "-5"},
    {"a | int", "△5", NULL, "-5"},
    {"a | json", "{\"a\":[1,null]}", NULL, "{\"a\":[1,null]}"},
    {"a | json", "{\"a\":1,\"a\":2}", NULL, "!bad-json"},
    {"a | int", "12歳", NULL, "!bad-number"},
    {"a | int('歳', '才')", "12才", NULL, "12"},
    {"a | int(min = 0, max = 120)", "121", NULL, "!bad-number"},
    {"a | int", "99999999999999999999", NULL, "!bad-number"},
    {"a | yen", "￥12,000", NULL, "12000"},
    {"a | yen", "1.5万円", NULL, "15000"},
    {"a | yen", "３千円", NULL, "3000"},
    {"a | yen", "高い", NULL, "!bad-number"},
    {"a | minutes", "42.5", NULL, "2550"},
    {"a | minutes", "１０時間３０分", NULL, "630"},
    {"a | minutes", "2:05", NULL, "125"},
    {"a | minutes", "1.33時間", NULL, "80"},
    {"a | minutes", "90分", NULL, "90"},
    {"a | minutes", "1.5h", NULL, "90"},
    {"a | minutes", "45min", NULL, "45"},
    {"a | int('分')", "2h", NULL, "!bad-number"},
    {"a | minutes", "2:75", NULL, "!bad-number"},
    {"a | minutes", "多め", NULL, "!bad-number"},
    {"a | bool", "有", NULL, "1"},
    {"a | bool", "×", NULL, "0"},
    {"a | bool", "不明", NULL, "(null)"},
    {"a | bool", "たぶん", NULL, "!not-yes-or-no"},
    {"a | bool", "■有　□無", NULL, "1"},
    {"a | bool", "□有　☑無（理由：　）", NULL, "0"},
    {"a | bool", "□有　□無", NULL, "(null)"},
    {"a | bool", "☑有　☑無", NULL, "!not-yes-or-no"},
    /* codes */
    {"a | code('sex')", "男", NULL, "1"},
    {"a | code('sex')", "Ｆ", NULL, "2"},
    {"a | code('sex')", "犬", NULL, "!unknown-code"},
    {"a | codes('issue', ';・')", "01;０３・02", NULL, "[\"01\",\"03\",\"02\"]"},
    {"a | codes('issue')", "01、無い", NULL, "!unknown-code"},
    /* with the number of the form in front; a separator within a label */
    {"a | code('sex')", "1 男", NULL, "1"},
    {"a | code('sex')", "②女", NULL, "2"},
    {"a | code('sex')", "（２）女性", NULL, "2"},
    {"a | code('sex')", "1 2", NULL, "!unknown-code"},
    {"a | code('sex')", "□男　☑女　□他", NULL, "2"},
    {"a | code('sex')", "■ 男性、□ 女性", NULL, "1"},
    {"a | code('sex')", "レ男 □女", NULL, "1"},
    {"a | code('sex')", "□男　□女　□その他（　　）", NULL, "(null)"},
    {"a | code('sex')", "☑男　☑女", NULL, "!unknown-code"},
    {"a | code('sex')", "□男　□女　■その他（戸籍と異なる）", NULL, "3"},
    {"a | codes('issue')", "☑病気　□けが　☑住まい不安定（　）", NULL, "[\"01\",\"07\"]"},
    /* numbers of a form, one of them in a circle */
    {"a | code('sex')", "①男 2 女", NULL, "1"},
    {"a | code('sex')", "１．男　②女", NULL, "2"},
    {"a | code('sex')", "1男・②女・3その他（　　）", NULL, "2"},
    {"a | code('sex')", "1.男　○2.女", NULL, "2"},
    {"a | code('sex')", "1.男　○2.火星人", NULL, "!unknown-code"},
    {"a | code('sex')", "①男 ②女", NULL, "!unknown-code"}, /* which of them? */
    {"a | code('sex')", "1 男 2 女", NULL, "!unknown-code"},
    {"a | code('sex')", "①男 3 女", NULL, "!unknown-code"}, /* no numbers of one form */
    {"a | bool", "1.有 ②無", NULL, "0"},
    {"a | bool", "0 なし ①あり", NULL, "1"},
    {"a | codes('issue')", "①病気　2.けが　③住まい不安定", NULL, "[\"01\",\"07\"]"},
    {"a | codes('disability_support')", "①就労；不安の解消・情緒安定", NULL, "[\"9\",\"4\"]"},
    {"a | codes('disability_support')", "健康・医療／健康・その他・就労", NULL, "!unknown-code"},
    {"a | lookup('t')", "福祉課", NULL, "WEL"},
    {"a | lookup('t')", "ﾎｹﾝ", NULL, "HLT"},
    {"a | lookup('t')", "他", NULL, "!not-in-table"},
    {"a | lookup('t', 'OTH')", "他", NULL, "OTH"},
    /* what is there */
    {"a | default('なし')", NULL, NULL, "なし"},
    {"a ?? b", NULL, "y", "y"},
    {"a ?? b", "x", "y", "x"},
    {"a ?? b ?? 'z'", NULL, NULL, "z"},
    {"a ?? b | prefix('P')", NULL, "y", "Py"},
    {"a | null_if('-', 'なし')", "なし", NULL, "(null)"},
    {"a | null_if('-', 'なし')", "x", NULL, "x"},
    {"if(present(a), 'ja', 'nein')", NULL, NULL, "nein"},
    {"if(present(a), 'ja', 'nein')", "x", NULL, "ja"},
    {"if(a | bool, 'given', 'refused')", "○", NULL, "given"},
    {"if(a | bool, 'given', 'refused')", "×", NULL, "refused"},
    {"if(a | bool, 'given', 'refused')", NULL, NULL, "(null)"},
    {"if(a == 'x', b)", "y", "z", "(null)"},
    {"a + '-' + b", "x", "y", "x-y"},
    {"a + '-' + b", "x", NULL, "(null)"},
    {"concat(a, '-', b)", "x", NULL, "x-"},
    {"concat(a, b)", NULL, NULL, "(null)"},
    /* pieces */
    {"a | split(';、') | join(' / ')", "一;二、、三", NULL, "一 / 二 / 三"},
    {"a | split(';') | first", "一;二", NULL, "一"},
    {"a | split(';') | last", "一;二", NULL, "二"},
    {"a | split(';') | nth(2)", "一;二", NULL, "二"},
    {"a | split(';') | nth(3)", "一;二", NULL, "(null)"},
    {"list(a, b) | join('・')", "x", "y", "x・y"},
    {"list(a, b) | join('・')", NULL, "y", "y"},
    /* where the record stands */
    {"row()", "x", NULL, "7"},
    {"part()", "x", NULL, "3"},
    {"file()", "x", NULL, "input.csv"},
    /* comparisons */
    {"if(a == 'x', 'y', 'n')", "x", NULL, "y"},
    {"if(a == '', 'y', 'n')", NULL, NULL, "y"},
    {"if(a != b, 'y', 'n')", "x", "x", "n"},
    {"if(a in ('p', 'q'), 'y', 'n')", "q", NULL, "y"},
    {"if(a in ('p', 'q'), 'y', 'n')", "r", NULL, "n"},
    {"if(a | int < 18, 'y', 'n')", "9", NULL, "y"},
    {"if(a | int <= 18, 'y', 'n')", "18", NULL, "y"},
    {"if(a | int > 64, 'y', 'n')", "100", NULL, "y"},
    {"if(a | int >= 65, 'y', 'n')", "7", NULL, "n"},
    {"if(a | date >= (b | date), 'y', 'n')", "R6.1.1", "2023-12-31", "y"},
    {"if(a == 'x' and b == 'y', 'y', 'n')", "x", "z", "n"},
    {"if(a == 'x' or b == 'y', 'y', 'n')", "x", "z", "y"},
    {"if(not a == 'x', 'y', 'n')", "x", NULL, "n"},
    {"if((a | bool) or true, 'y', 'n')", NULL, NULL, "y"},
    {"if((a | bool) and true, 'y', 'n')", NULL, NULL, "(null)"},
    /* what cannot be read stays that, and says where */
    {"(a | date) ?? (b | date)", "x", "2024-01-01", "!bad-date"},
    {"concat(a | date, b)", "x", "y", "!bad-date"},
    {"if(a | int < 5, 'y', 'n')", "x", NULL, "!bad-number"},
};

static struct hub_batch *one_record(const struct example *e)
{
	static const char *const names[] = {"a", "b", "c"};
	struct hub_batch *b = hub_batch_new(0);
	const char *const cells[] = {e->a, e->b, "c"};
	uint32_t col;

	for (uint32_t i = 0; i < HUB_COUNT(names); i++)
		assert_int_equal(hub_batch_column(b, hub_str_of(names[i]), &col), HUB_OK);
	assert_int_equal(hub_batch_rows(b, 1), HUB_OK);
	for (uint32_t i = 0; i < HUB_COUNT(names); i++) {
		b->col[i].cell[0] = cells[i] ? HUB_VALUE : HUB_NULL;
		b->col[i].text[0] = cells[i] ? hub_str_of(cells[i]) : HUB_STR("");
	}
	b->prov[0] = (struct hub_prov){.row = 7, .line = 8, .part = 3};
	return b;
}

static struct hub_mapping *mapping_of(struct hub_arena *a, const char *expr)
{
	const struct hub_str text = hub_arena_printf(
	    a,
	    "mapping: { name = \"t\"; system = \"t\"; source: { plugin = \"csv\"; };\n"
	    "header = (\"a\", \"b\", \"c\"); key = \"c\";\n"
	    "tables: { t = ((\"福祉課\", \"WEL\"), (\"ホケン\", \"HLT\")); }; };\n"
	    "resource: { key = \"c\"; resource_note = \"%s\"; };\n",
	    expr);
	struct hub_report *report = hub_report_new(a);
	struct hub_mapping *m = NULL;
	struct hub_err err = {0};

	if (hub_mapping_load_text(a, "test.cfg", text, schema, report, &m, &err)) {
		hub_report_print(report, stderr);
		fail_msg("%s: %s", expr, err.what);
	}
	return m;
}

static void each_function_gives_what_its_help_says(void **state)
{
	const struct hub_str header[] = {HUB_STR("a"), HUB_STR("b"), HUB_STR("c")};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(examples); i++) {
		const struct example *e = &examples[i];
		HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
		HUB_AUTO(batch) struct hub_batch *b = one_record(e);
		struct hub_chunk c = {.arena = a, .input = HUB_STR("input.csv")};
		struct hub_bound *bound;
		struct hub_err err = {0};
		const struct hub_mapping *m = mapping_of(a, e->expr);
		assert_int_equal(hub_mapping_bind(a, m, header, 3, &bound, NULL, &err), HUB_OK);
		assert_int_equal(hub_map_keys(bound, b, &c, NULL, &err), HUB_OK);
		assert_int_equal(hub_map_rows(bound, b, &c, NULL, &err), HUB_OK);
		struct hub_str got = HUB_STR("(null)");
		if (c.fate[0] == HUB_FATE_REJECTED)
			got = hub_arena_printf(a, "!%s", c.code[0]);
		else if (c.rows[0].col[0].cell[0] == HUB_VALUE)
			got = c.rows[0].col[0].text[0];
		if (!hub_str_is(got, e->want))
			fail_msg("%s on \"%s\", \"%s\": got \"%.*s\", want \"%s\"", e->expr,
				 e->a ? e->a : "", e->b ? e->b : "", HUB_FMT(got), e->want);
	}
}

/* Is the name of a function, or a sign, used by an example? hash() is tested with mappings. */
static int is_used(const char *name)
{
	for (size_t i = 0; i < HUB_COUNT(examples); i++)
		if (strstr(examples[i].expr, name))
			return 1;
	return strcmp(name, "hash") == 0;
}

static void every_function_is_tried(void **state)
{
	const struct hub_func *f;

	(void)state;
	for (size_t i = 0; (f = hub_func_at(i)); i++)
		if (!is_used(f->name))
			fail_msg("no example uses %s", f->name);
}

/* The examples of the table are what people copy: all of them must compile. */
static void examples_of_the_table_compile(void **state)
{
	const struct hub_func *f;

	(void)state;
	for (size_t i = 0; (f = hub_func_at(i)); i++) {
		HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
		HUB_AUTO(buf) struct hub_buf usage;
		hub_buf_init(&usage, 4096);
		hub_func_usage(f, &usage);
		assert_true(usage.len > 0 && f->help[0]);
		assert_true((f->cell != NULL) != (f->column != NULL));
		if (f->flags & HUB_FUNC_OPERATOR)
			assert_true(strstr(f->example, f->name) != NULL);
		/* column names of the example become the header */
		const struct hub_str text = hub_arena_printf(
		    a,
		    "mapping: { name = \"t\"; system = \"t\"; source: { plugin = \"csv\"; };\n"
		    "header = "
		    "(\"氏名\",\"部屋番号\",\"区分\",\"メール\",\"利用者番号\",\"備考\",\"定員\","
		    "\"世帯番号\",\"住所\",\"担当/"
		    "機関\",\"氏名カナ\",\"フリガナ\",\"携帯番号\",\"電話番号\","
		    "\"郵便番号\",\"生年月日\",\"更新日時\",\"受付日\",\"受付時刻\",\"対象年月\","
		    "\"年齢\",\"家賃\",\"区間\",\"業務時間\","
		    "\"本人同意\",\"性別\",\"支援ニーズ\",\"受付機関\",\"方法\",\"同意_福祉\","
		    "\"都道府県\","
		    "\"市区町村\",\"町名番地\",\"所属\",\"記録番号\",\"最新フラグ\",\"状態\"); key "
		    "= \"利用者番号\";\n"
		    "tables: { agency = ((\"福祉課\", \"WEL\")); }; };\n"
		    "resource: { resource_note = \"if(present(%s), 'x')\"; };\n",
		    f->example);
		struct hub_report *report = hub_report_new(a);
		struct hub_mapping *m = NULL;
		struct hub_err err = {0};
		const int rc = hub_mapping_load_text(a, "t", text, schema, report, &m, &err);
		/* a list is not one value: the only complaint that is allowed */
		if (rc && !(f->result == HUB_V_LIST && strstr(err.what, "1")))
			fail_msg("%s: %s", f->example, hub_report_at(report, 0)->what);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_function_gives_what_its_help_says),
	    cmocka_unit_test(every_function_is_tried),
	    cmocka_unit_test(examples_of_the_table_compile),
	};
	struct hub_err err;

	arena = hub_arena_new(0);
	if (hub_schema_load(arena, "schemas/common-case.cfg", NULL, &schema, NULL, &err))
		return 1;
	const int rc = cmocka_run_group_tests(tests, NULL, NULL);
	hub_arena_free(arena);
	return rc;
}
