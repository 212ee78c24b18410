#include "intake/func_list.h"

#include "base/err.h"
#include "base/map.h"
#include "intake/findings.h"

#define REPEAT  (HUB_AF_OPTIONAL | HUB_AF_REPEAT)
#define BY_NAME (HUB_AF_OPTIONAL | HUB_AF_NAMED)
#define OF(v)   HUB_V_MASK(HUB_V_##v)
#define ORDERED (OF(DATE) | OF(DATETIME) | OF(TIME) | OF(MONTH) | OF(INT))
/* Arguments: a value of some kinds; a constant; one of some words. */
/* clang-format off */
#define VALUE(name_, kinds_, flags_) {.name = (name_), .type = HUB_A_VALUE, .kinds = (kinds_), .flags = (flags_)}
#define FIXED(name_, type_, flags_)  {.name = (name_), .type = HUB_A_##type_, .flags = (flags_)}
#define WORDS(name_, words_)         {.name = (name_), .type = HUB_A_WORD, .flags = REPEAT, .words = (words_)}
#define ANY                          VALUE("value", HUB_V_SCALAR, 0)
#define BOTH(kinds_)                 {VALUE("left", kinds_, 0), VALUE("right", kinds_, 0)}
/* clang-format on */
#define DATE_OPTIONS                                                                              \
	{                                                                                         \
		ANY, WORDS("options", "era registry welfare excel excel1904 strict noncalendar"), \
		    FIXED("min", DATE, BY_NAME), FIXED("max", DATE, BY_NAME),                     \
		    FIXED("year", INT, BY_NAME), FIXED("century", INT, BY_NAME)                   \
	}

static const struct hub_func table[] = {
    /* texts */
    {"trim",
     HUB_N("takes blanks off both ends"),
     "氏名 | trim",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_trim},
    {"width",
     HUB_N("full-width letters and digits to ASCII, half-width kana to full width"),
     "[部屋番号] | width",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_width},
    {"upper",
     HUB_N("Latin letters in upper case"),
     "区分 | upper",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_upper},
    {"lower",
     HUB_N("Latin letters in lower case"),
     "メール | lower",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_lower},
    {"digits",
     HUB_N("keeps the digits only, in ASCII"),
     "利用者番号 | digits",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_digits},
    {"oneline",
     HUB_N("line breaks and runs of blanks become one blank"),
     "備考 | oneline",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_oneline},
    {"untag",
     HUB_N("HTML as the text that is seen: blocks and <br> are lines, tags and what they hold go"),
     "備考 | untag",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_untag},
    {"pad",
     HUB_N("fills up with zeros (or another character) on the left; longer texts stay"),
     "利用者番号 | pad(8)",
     {ANY, FIXED("width", INT, 0), FIXED("with", TEXT, HUB_AF_OPTIONAL)},
     HUB_V_TEXT,
     .cell = hub_fn_pad,
     .prepare = hub_prepare_pad},
    {"prefix",
     HUB_N("puts a text in front of a value that is there"),
     "利用者番号 | prefix('K-')",
     {ANY, FIXED("text", TEXT, 0)},
     HUB_V_TEXT,
     .cell = hub_fn_prefix},
    {"suffix",
     HUB_N("puts a text behind a value that is there"),
     "定員 | suffix('人')",
     {ANY, FIXED("text", TEXT, 0)},
     HUB_V_TEXT,
     .cell = hub_fn_suffix},
    {"substr",
     HUB_N("characters from a place (1 is the first; -1 the last one), of a length"),
     "世帯番号 | substr(1, 4)",
     {ANY, FIXED("from", INT, 0), FIXED("length", INT, HUB_AF_OPTIONAL)},
     HUB_V_TEXT,
     .cell = hub_fn_substr,
     .prepare = hub_prepare_substr},
    {"replace",
     HUB_N("each text of a pair by the other one, from left to right"),
     "住所 | replace('ヶ', 'ケ')",
     {ANY, FIXED("pairs", TEXT, HUB_AF_REPEAT)},
     HUB_V_TEXT,
     .cell = hub_fn_replace,
     .prepare = hub_prepare_replace},
    {"before",
     HUB_N("what stands before the first occurrence of a text; all of it when there is none"),
     "[担当/機関] | before('/')",
     {ANY, FIXED("text", TEXT, 0)},
     HUB_V_TEXT,
     .cell = hub_fn_before},
    {"after",
     HUB_N("what stands behind the first occurrence of a text; nothing when there is none"),
     "[担当/機関] | after('/')",
     {ANY, FIXED("text", TEXT, 0)},
     HUB_V_TEXT,
     .cell = hub_fn_after},
    {"match",
     HUB_N("the part that fits a POSIX regular expression, or its first group; nothing when it "
	   "does not fit"),
     "備考 | match('No[.] *([0-9]+)')",
     {ANY, FIXED("pattern", TEXT, 0)},
     HUB_V_TEXT,
     .column = hub_fn_match,
     .prepare = hub_prepare_regex},
    {"matches",
     HUB_N("whether a POSIX regular expression fits"),
     "区分 | matches('^[0-9]+$')",
     {ANY, FIXED("pattern", TEXT, 0)},
     HUB_V_BOOL,
     .column = hub_fn_matches,
     .prepare = hub_prepare_regex},

    /* Japanese writing */
    {"kana",
     HUB_N("a reading in full-width katakana; refuses kanji"),
     "氏名カナ | kana",
     {ANY},
     HUB_V_KANA,
     .bad = "not-kana",
     .cell = hub_fn_kana},
    {"hiragana",
     HUB_N("katakana as hiragana"),
     "フリガナ | hiragana",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_hiragana},
    {"name",
     HUB_N("a person's name as written: blanks at the ends and 様 go, nothing else"),
     "氏名 | name",
     {ANY},
     HUB_V_TEXT,
     .cell = hub_fn_name},
    {"phone",
     HUB_N(
	 "a telephone number of the Japanese plan, digits only; strict: an area code that the plan "
	 "does not have is refused, not only reported"),
     "携帯番号 ?? 電話番号 | phone",
     {ANY, WORDS("options", "strict")},
     HUB_V_PHONE,
     .bad = "bad-phone",
     .cell = hub_fn_phone},
    {"postal",
     HUB_N("a postal code as NNN-NNNN"),
     "郵便番号 | postal",
     {ANY},
     HUB_V_POSTAL,
     .bad = "bad-postal",
     .cell = hub_fn_postal},
    {"address",
     HUB_N("a part of an address: pref, city, town, block or rest; empty where it cannot be told"),
     "住所 | address('city')",
     {ANY, {.name = "part", .type = HUB_A_WORD, .flags = 0, .words = "pref city town block rest"}},
     HUB_V_TEXT,
     .flags = HUB_FUNC_CACHE,
     .bad = "bad-address",
     .cell = hub_fn_address},

    /* dates and numbers */
    {"date",
     HUB_N("a date in any Japanese spelling, at the precision that is known. registry, welfare: "
	   "codes "
	   "of the era in front (5061001); excel: day numbers; strict: 平成32年 and 00000000 are "
	   "refused"),
     "生年月日 | date('registry')", DATE_OPTIONS, HUB_V_DATE, .bad = "bad-date",
     .cell = hub_fn_date, .prepare = hub_prepare_date},
    {"datetime", HUB_N("a date with a time of day; options as in date"), "更新日時 | datetime",
     DATE_OPTIONS, HUB_V_DATETIME, .bad = "bad-date", .cell = hub_fn_datetime,
     .prepare = hub_prepare_date},
    {"at",
     HUB_N("a date and a time of two columns as one"),
     "受付日 | date | at(受付時刻 | time)",
     {VALUE("date", OF(DATE), 0), VALUE("time", OF(TIME), 0)},
     HUB_V_DATETIME,
     .column = hub_fn_at},
    {"day",
     HUB_N("the date of a date with time"),
     "更新日時 | datetime | day",
     {VALUE("value", OF(DATETIME), 0)},
     HUB_V_DATE,
     .cell = hub_fn_day},
    {"time",
     HUB_N("a time of day as HH:MM"),
     "受付時刻 | time",
     {ANY},
     HUB_V_TIME,
     .bad = "bad-time",
     .cell = hub_fn_time},
    {"month",
     HUB_N("a month as YYYY-MM; takes what date takes"),
     "対象年月 | month",
     {ANY},
     HUB_V_MONTH,
     .bad = "bad-month",
     .cell = hub_fn_month},
    {"age_on",
     HUB_N("full years from a birth date to another day"),
     "生年月日 | date | age_on(受付日 | date)",
     {VALUE("born", OF(DATE), 0), VALUE("day", OF(DATE), 0)},
     HUB_V_INT,
     .column = hub_fn_age_on},
    {"fiscal_year",
     HUB_N("the fiscal year (April to March) of a date"),
     "受付日 | date | fiscal_year",
     {VALUE("value", OF(DATE), 0)},
     HUB_V_INT,
     .cell = hub_fn_fiscal_year},
    {"int",
     HUB_N("a whole number in any width, with or without commas and the units that are given"),
     "年齢 | int('歳', '才')",
     {ANY, FIXED("units", TEXT, REPEAT), FIXED("min", INT, BY_NAME), FIXED("max", INT, BY_NAME)},
     HUB_V_INT,
     .bad = "bad-number",
     .cell = hub_fn_int,
     .prepare = hub_prepare_int},
    {"yen",
     HUB_N("an amount in yen: commas, 円, 千円, 万円, △ for minus"),
     "家賃 | yen",
     {ANY, FIXED("min", INT, BY_NAME), FIXED("max", INT, BY_NAME)},
     HUB_V_INT,
     .bad = "bad-number",
     .cell = hub_fn_yen,
     .prepare = hub_prepare_yen},
    {"minutes",
     HUB_N("a working time in minutes: 12.5 (hours), 12.5時間, 12:30, 12時間30分, 90分"),
     "業務時間 | minutes",
     {ANY},
     HUB_V_INT,
     .bad = "bad-number",
     .cell = hub_fn_minutes},
    {"json",
     HUB_N("a text that is valid JSON, as it stands; for fields that keep what a system knows "
	   "beside its text"),
     "区間 | json",
     {ANY},
     HUB_V_JSON,
     .bad = "bad-json",
     .cell = hub_fn_json},
    {"bool",
     HUB_N("yes or no: 有 無 ○ × はい いいえ 1 0 ... as the code list bool says; 不明 is neither"),
     "本人同意 | bool",
     {ANY},
     HUB_V_BOOL,
     .flags = HUB_FUNC_CACHE,
     .bad = "not-yes-or-no",
     .cell = hub_fn_bool,
     .prepare = hub_prepare_bool},

    /* codes */
    {"code",
     HUB_N(
	 "the code that a text stands for in a code list: the code itself, its label, a spelling"),
     "性別 | code('sex')",
     {ANY, FIXED("list", CODES, 0)},
     HUB_V_CODE,
     .flags = HUB_FUNC_CACHE,
     .bad = "unknown-code",
     .cell = hub_fn_code},
    {"codes",
     HUB_N("several codes of a list in one cell, separated by any of the given characters"),
     "支援ニーズ | codes('issue', ';、・,')",
     {ANY, FIXED("list", CODES, 0), FIXED("separators", TEXT, HUB_AF_OPTIONAL)},
     HUB_V_CODES,
     .bad = "unknown-code",
     .cell = hub_fn_codes},
    {"lookup",
     HUB_N("the other column of a small table in the mapping file; with a second text, that for "
	   "what is not in it"),
     "受付機関 | lookup('agency')",
     {ANY, FIXED("table", TABLE, 0), FIXED("otherwise", TEXT, HUB_AF_OPTIONAL)},
     HUB_V_TEXT,
     .flags = HUB_FUNC_CACHE,
     .bad = "not-in-table",
     .cell = hub_fn_lookup},

    /* what is there */
    {"default",
     HUB_N("another value where there is none"),
     "方法 | default('不明')",
     {VALUE("value", HUB_V_SCALAR, 0), VALUE("otherwise", HUB_V_SCALAR, 0)},
     HUB_V_SAME,
     .column = hub_fn_first_present},
    {"null_if",
     HUB_N("nothing where the text is one of these"),
     "電話番号 | null_if('-', 'なし', '不明')",
     {ANY, FIXED("texts", TEXT, HUB_AF_REPEAT)},
     HUB_V_SAME,
     .cell = hub_fn_null_if},
    {"present",
     HUB_N("whether a value is there"),
     "present(携帯番号)",
     {ANY},
     HUB_V_BOOL,
     .column = hub_fn_present},
    {"if",
     HUB_N("the second value where the first is true, else the third; nothing where it is neither"),
     "if(同意_福祉 | bool, 'given', 'refused')",
     {VALUE("condition", OF(BOOL), 0), VALUE("then", HUB_V_SCALAR, 0),
      VALUE("otherwise", HUB_V_SCALAR, HUB_AF_OPTIONAL)},
     HUB_V_SAME,
     .column = hub_fn_if},
    {"concat",
     HUB_N("the values that are there, one behind the other"),
     "concat(都道府県, 市区町村, 町名番地)",
     {VALUE("values", HUB_V_SCALAR, HUB_AF_REPEAT)},
     HUB_V_TEXT,
     .column = hub_fn_concat},

    /* several values in one cell */
    {"split",
     HUB_N("pieces between any of the given characters; empty ones are left out"),
     "支援ニーズ | split(';、・,')",
     {ANY, FIXED("separators", TEXT, 0)},
     HUB_V_LIST,
     .cell = hub_fn_split},
    {"list",
     HUB_N("the values that are there as pieces"),
     "list(電話番号, 携帯番号) | join(' / ')",
     {VALUE("values", HUB_V_SCALAR, HUB_AF_REPEAT)},
     HUB_V_LIST,
     .column = hub_fn_list},
    {"join",
     HUB_N("pieces as one text with a text between them"),
     "支援ニーズ | split('・') | join('、')",
     {VALUE("pieces", OF(LIST), 0), FIXED("between", TEXT, 0)},
     HUB_V_TEXT,
     .cell = hub_fn_join},
    {"first",
     HUB_N("the first piece"),
     "電話番号 | split('、') | first",
     {VALUE("pieces", OF(LIST), 0)},
     HUB_V_TEXT,
     .cell = hub_fn_first},
    {"last",
     HUB_N("the last piece"),
     "所属 | split('／') | last",
     {VALUE("pieces", OF(LIST), 0)},
     HUB_V_TEXT,
     .cell = hub_fn_last},
    {"nth",
     HUB_N("a piece by its number, from 1; nothing when there are fewer"),
     "[担当/機関] | split('/') | nth(2)",
     {VALUE("pieces", OF(LIST), 0), FIXED("number", INT, 0)},
     HUB_V_TEXT,
     .cell = hub_fn_nth},

    /* where the record stands */
    {"row",
     HUB_N("number of the record in its input, from 1"),
     "row()",
     {{.name = NULL}},
     HUB_V_INT,
     .column = hub_fn_row},
    {"part",
     HUB_N("number of the sheet or member, 0 when there is one only"),
     "part()",
     {{.name = NULL}},
     HUB_V_INT,
     .column = hub_fn_part},
    {"file",
     HUB_N("name of the input without folders"),
     "file()",
     {{.name = NULL}},
     HUB_V_TEXT,
     .column = hub_fn_file},
    {"hash",
     HUB_N("key made from the whole record, for a source that has none: equal records are one"),
     "hash()",
     {{.name = NULL}},
     HUB_V_TEXT,
     .column = hub_fn_hash},

    /* signs and words between values */
    {"+", HUB_N("both texts, one behind the other; nothing when one of them is missing"),
     "利用者番号 + '-' + 記録番号", BOTH(HUB_V_SCALAR), HUB_V_TEXT, .flags = HUB_FUNC_OPERATOR,
     .column = hub_fn_plus},
    {"??", HUB_N("the first one that is there"), "携帯番号 ?? 電話番号", BOTH(HUB_V_SCALAR),
     HUB_V_SAME, .flags = HUB_FUNC_OPERATOR, .column = hub_fn_first_present},
    {"==", HUB_N("the same text; a missing value equals ''"), "最新フラグ == '1'",
     BOTH(HUB_V_SCALAR), HUB_V_BOOL, .flags = HUB_FUNC_OPERATOR, .column = hub_fn_equal},
    {"!=", HUB_N("another text"), "状態 != '削除'", BOTH(HUB_V_SCALAR), HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR, .column = hub_fn_unequal},
    {"<", HUB_N("earlier or less; dates, times and numbers"), "年齢 | int < 18", BOTH(ORDERED),
     HUB_V_BOOL, .flags = HUB_FUNC_OPERATOR, .column = hub_fn_less},
    {"<=", HUB_N("not later or not more"), "年齢 | int <= 18", BOTH(ORDERED), HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR, .column = hub_fn_less_equal},
    {">", HUB_N("later or more"), "年齢 | int > 64", BOTH(ORDERED), HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR, .column = hub_fn_greater},
    {">=", HUB_N("not earlier or not less"), "年齢 | int >= 65", BOTH(ORDERED), HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR, .column = hub_fn_greater_equal},
    {"in",
     HUB_N("one of these texts"),
     "状態 in ('新規', '継続')",
     {ANY, FIXED("texts", TEXT, HUB_AF_REPEAT)},
     HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR,
     .column = hub_fn_in},
    {"and", HUB_N("both"), "最新フラグ == '1' and 状態 != '削除'", BOTH(OF(BOOL)), HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR, .column = hub_fn_and},
    {"or", HUB_N("one of them or both"), "区分 == 'A' or 区分 == 'B'", BOTH(OF(BOOL)), HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR, .column = hub_fn_or},
    {"not",
     HUB_N("the opposite"),
     "not (区分 in ('A', 'B'))",
     {VALUE("value", OF(BOOL), 0)},
     HUB_V_BOOL,
     .flags = HUB_FUNC_OPERATOR,
     .column = hub_fn_not},
};

const struct hub_func *hub_func_find(struct hub_str name)
{
	for (size_t i = 0; i < HUB_COUNT(table); i++)
		if (hub_str_is(name, table[i].name))
			return &table[i];
	return NULL;
}

const struct hub_func *hub_func_at(size_t i)
{
	return i < HUB_COUNT(table) ? &table[i] : NULL;
}

const char *hub_value_name(enum hub_value v)
{
	static const char *const names[HUB_VALUES] = {
	    HUB_N("nothing"),        HUB_N("text"),      HUB_N("date"),
	    HUB_N("date with time"), HUB_N("time"),      HUB_N("month"),
	    HUB_N("numeric value"),  HUB_N("yes or no"), HUB_N("code"),
	    HUB_N("several codes"),  HUB_N("kana"),      HUB_N("phone number"),
	    HUB_N("postal code"),    HUB_N("JSON"),      HUB_N("several values")};

	return hub_tr(names[v < HUB_VALUES ? v : HUB_V_TEXT]);
}

static const char *arg_word(const struct hub_farg *a)
{
	static const char *const words[] = {"",     "VALUE", "TEXT", "NUMBER",
					    "DATE", "WORD",  "LIST", "TABLE"};

	return words[a->type];
}

void hub_func_usage(const struct hub_func *f, struct hub_buf *out)
{
	if (f->flags & HUB_FUNC_OPERATOR) {
		const int one = !f->arg[1].name;
		hub_buf_printf(out, "%s%s%s", one ? "" : "a ", f->name,
			       one                               ? " a"
			       : f->arg[1].flags & HUB_AF_REPEAT ? " ('x', ...)"
								 : " b");
		return;
	}
	hub_buf_printf(out, "%s(", f->name);
	for (uint32_t i = 0; i < HUB_FUNC_ARGS && f->arg[i].name; i++) {
		const struct hub_farg *a = &f->arg[i];
		const int optional = a->flags & HUB_AF_OPTIONAL;
		hub_buf_printf(out, "%s%s", i ? ", " : "", optional ? "[" : "");
		if (a->flags & HUB_AF_NAMED)
			hub_buf_printf(out, "%s = %s", a->name, arg_word(a));
		else
			hub_buf_puts(out, a->name);
		hub_buf_printf(out, "%s%s", a->flags & HUB_AF_REPEAT ? "..." : "",
			       optional ? "]" : "");
	}
	hub_buf_putc(out, ')');
}

const struct hub_fparam *hub_op_param(const struct hub_op *op, const char *name)
{
	for (uint32_t i = 0; i < op->params; i++)
		if (strcmp(op->fn->arg[op->param[i].arg].name, name) == 0)
			return &op->param[i];
	return NULL;
}
