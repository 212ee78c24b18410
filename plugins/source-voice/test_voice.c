/* Transcripts as text: cues, JSON of several products, labels, fillers, what the recogniser was not
 * sure of, and what is no transcript at all. Third-party suites: data/voice. */
#include "test_reader.h"

#include "talk.h"
#include "when.h"

#include <jansson.h>

static void times_in_every_notation(void **state)
{
	static const struct {
		const char *text;
		enum when_unit unit;
		int64_t ms; /* -1: refused */
	} cases[] = {
	    {"0.94", WHEN_S, 940},
	    {"1.2s", WHEN_MS, 1200},
	    {"1s", WHEN_MS, 1000},
	    {"PT1.59S", WHEN_MS, 1590},
	    {"PT1H2M3.4S", 0, 3723400},
	    {"700000.0", WHEN_TICKS, 70},
	    {"7E+05", WHEN_TICKS, 70},
	    {"41200000", WHEN_TICKS, 4120},
	    {"250", WHEN_MS, 250},
	    {"0.0005", WHEN_S, 1},
	    {"x", WHEN_S, -1},
	    {"", WHEN_S, -1},
	    {"1.2.3", WHEN_S, -1},
	    {"-1", WHEN_S, -1},
	    {"PT", WHEN_S, -1},
	    {"PT5", WHEN_S, -1},
	    {"99999999999999999999", WHEN_S, -1},
	    {"1e99", WHEN_S, -1},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		int64_t ms = -1;
		if (when_ms(hub_str_of(cases[i].text), cases[i].unit, &ms))
			ms = -1;
		if (ms != cases[i].ms)
			fail_msg("%s: %lld", cases[i].text, (long long)ms);
	}
}

#define SEGMENTS "rows=segments", "low=0"
/* file, number, start, end, label, words, reading, confidence, low; the file's name changes */
#define ROWS(text, want, ...) \
	expect_rows(text, want, (const char *const[]){SEGMENTS, __VA_ARGS__ NULL})

static void expect_rows(const char *text, const char *want, const char *const *options)
{
	HUB_AUTO(buf) struct hub_buf got;
	struct reader r;
	char path[32];

	hub_buf_init(&got, 1 << 20);
	write_temp(path, text, strlen(text));
	int rc = reader_open(&r, path, (struct hub_str){0}, options);
	while (rc == HUB_OK && (rc = reader_next(&r)) == HUB_OK)
		for (uint32_t i = 0; i < r.b->rows; i++)
			for (uint32_t c = 2; c < r.b->cols; c++) {
				hub_buf_str(&got, r.b->col[c].text[i]);
				hub_buf_putc(&got, c + 1 < r.b->cols ? '|' : ';');
			}
	if (rc < 0)
		hub_buf_printf(&got, "#%s", r.err.code);
	hub_buf_putc(&got, '\0');
	assert_string_equal(got.ptr, want);
	reader_close(&r);
	unlink(path);
}

static struct hub_str cell(const struct reader *r, uint32_t col, uint32_t row)
{
	return r->b->col[col].text[row];
}

static void cues_of_webvtt(void **state)
{
	(void)state;
	ROWS("WEBVTT\n\nNOTE --- a note\nof two lines\n\nSTYLE\n::cue {}\n\nid 1\n00:01.000 --> "
	     "00:02.500 "
	     "align:start\n<v 田中 花子>はい<c.x>、</c>&amp;<i>い</i>いえ\n二行目\n\n"
	     "01:00:00.000 --> 01:00:01.000\n<ruby>漢<rt>かん</rt></ruby>字\n",
	     "1000|2500|田中 花子|はい、&いいえ\n二行目|||0;3600000|3601000||漢字|||0;", );
	/* two voices in one cue are two, each with its words */
	ROWS("WEBVTT\n\n00:01.000 --> 00:02.000\n<v 利用者>はい。\n<v.loud 相談員>では</v>\n\n"
	     "00:03.000 --> 00:04.000\n<v 甲>一<v 甲>二\n<b>三</b>\n",
	     "1000|2000|利用者|はい。|||0;1000|2000|相談員|では|||0;3000|4000|甲|一二\n三|||0;", );
	/* cues that are not well-formed are left out, the others stay */
	ROWS("WEBVTT\n\n00:00.00 --> 00:02.000\nA\n\n00:70.000 --> 00:99.000\nB\n\n"
	     "00:02.000 --> 00:03.000\nC\n00:04.000 --> 00:05.000\nD\n",
	     "2000|3000||C|||0;4000|5000||D|||0;", );
	ROWS("WEBVTT\n\nnothing\n", "#no-transcript", );
	ROWS("", "#no-transcript", );
}

/* Plain text: who speaks in front, when in front or not; other lines go on, and nothing is lost. */
static void turns_of_plain_text(void **state)
{
	(void)state;
	ROWS("表題\r\n\r\n話者1：はい。\r\n10:30に行く\r\n話者2: https://example.jp\r\n",
	     "|||表題|||0;||話者1|はい。\n10:30に行く|||0;||話者2|https://example.jp|||0;", );
	ROWS(
	    "日時 14：00～\n[00:00:05] 職員：では\n電話：080\n[0:01:00] 相談者：はい\n職員：ええ\n",
	    "|||日時 "
	    "14：00～|||0;5000||職員|では\n電話：080|||0;60000||相談者|はい|||0;||職員|ええ|||"
	    "0;", );
	ROWS("話者 1  00:05\nはい。\nええ。\n\n話者 2  01:02\nでは\n",
	     "5000||話者 1|はい。\nええ。|||0;62000||話者 2|では|||0;", );
	ROWS("[00:00.000 --> 00:04.000]  こんにちは。\n[00:04.500 --> 00:09.500]  はい\n",
	     "0|4000||こんにちは。|||0;4000|9000||はい|||0;", );
	ROWS("00:01 - 00:03 職員\tでは\n（00:04）相談者\tはい\n",
	     "1000|3000|職員|では|||0;4000||相談者|はい|||0;", );
	ROWS("【職員】では\n【相談者】：はい\n", "||職員|では|||0;||相談者|はい|||0;", );
	ROWS("[話者1] では\n[笑] はい\n話者2（00:05）：はい\n話者1 (0:09): ええ\n",
	     "||話者1|では\n[笑] はい|||0;5000||話者2|はい|||0;9000||話者1|ええ|||0;", );
	/* CP932 */
	ROWS("\x98\x62\x8e\xd2\x82\x50\x81\x46\x82\xcd\x82\xa2\n", "||話者１|はい|||0;", );
	ROWS("no conversation\nat all\n", "#no-transcript", );
}

/* What begins like one is read so by itself; a form, a table and a list of numbers are not. */
static void plain_text_is_known(void **state)
{
	static const struct {
		const char *name, *head;
		int claimed;
	} cases[] = {
	    {"a.txt", "職員：はい\n相談者：ええ\n職員：では\n相談者：どうも\n", 1},
	    {"a.txt", "[00:05] はい\n[00:09] ええ\n", 1},
	    {"a.txt",
	     "\x98\x62\x8e\xd2\x82\x50\x81\x46\x82\xcd\n\x98\x62\x8e\xd2\x82\x51\x81\x46\x82\xcd\n",
	     1},
	    {"a.txt", "【職員】はい\n【相談者】ええ\n【職員】では\n【相談者】どうも\n", 1},
	    {"a.csv", "職員：はい\n相談者：ええ\n職員：では\n相談者：どうも\n", 0},
	    {"a.txt",
	     "氏名：甲\n住所：乙\n電話：1\n内容：2\n備考：3\n氏名：丙\n住所：丁\n電話：1\n内容：2\n"
	     "備考：3\n",
	     0},
	    {"a.txt", "番号,氏名,時刻\n1,甲,10:30\n2,乙,10:40\n", 0},
	    {"a.txt", "10:30,甲\n10:40,乙\n", 0},
	    {"a.txt", "これはただの文章です。\n二行目です。\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const uint32_t sure =
		    hub_plugin_get(0)->claim(hub_str_of(cases[i].name), hub_str_of(cases[i].head));
		if ((sure > 10) != cases[i].claimed)
			fail_msg("case %zu: %u", i, sure);
	}
}

static void cues_of_srt(void **state)
{
	(void)state;
	ROWS("1\r\n00:00:01,000 --> 00:00:04,000\r\n話者1：こんにちは\r\n\r\n2\r\n00:00:04,500 --> "
	     "00:00:06,000\r\n>> ALICE: Hi: there\r\n",
	     "1000|4000|話者1|こんにちは|||0;4500|6000|ALICE|Hi: there|||0;", );
	/* CP932, as nothing in the file says */
	ROWS("1\n00:00:01,000 --> 00:00:04,000\n\x98\x62\x8e\xd2\x82\x50\x81\x46\x82\xcd\x82\xa2\n",
	     "1000|4000|話者１|はい|||0;", );
}

/* As tools and people write SRT: no number, any number, blank lines inside the words or everywhere, none
 * between cues, hours of one digit, no thousandths. No word is lost, no number becomes one. */
static void srt_as_people_write_it(void **state)
{
	(void)state;
	ROWS("00:00:01,000 --> 00:00:02,000\n甲\n\n00:00:02,000 --> 00:00:03,000\n乙\n",
	     "1000|2000||甲|||0;2000|3000||乙|||0;", );
	ROWS("7\n00:00:01,000 --> 00:00:02,000\n甲\n\n丙\n\n3\n00:00:02,000 --> "
	     "00:00:03,000\n乙\n\n9\n",
	     "1000|2000||甲\n丙|||0;2000|3000||乙|||0;", );
	ROWS("1\n00:00:01,000 --> 00:00:02,000\n甲\n2\n00:00:02,000 --> 00:00:03,000\n110\n",
	     "1000|2000||甲|||0;2000|3000||110|||0;", );
	ROWS("1\n\n00:00:01,000 --> 00:00:02,000\n\n甲\n\n2\n\n00:00:02,000 --> "
	     "00:00:03,000\n\n乙\n",
	     "1000|2000||甲|||0;2000|3000||乙|||0;", );
	ROWS("A-1\n0:00:01 --> 0:00:02\n甲\n\nA-2\n1:00:00.500 --> 1:00:01.500\n乙\n",
	     "1000|2000||甲|||0;3600500|3601500||乙|||0;", );
	ROWS("1\r00:00:01,000 --> 00:00:02,000\r甲\r\r2\r00:00:02,000 --> 00:00:0x\r乙\r",
	     "1000|2000||甲|||0;", );
}

static void put_cues(struct hub_buf *b, unsigned n, int utf16)
{
	char line[96];

	for (unsigned i = 0; i < n; i++) {
		const int len =
		    snprintf(line, sizeof line,
			     "%u\r\n%02u:%02u:%02u,000 --> 99:00:00,000\r\n%c%07u\r\n\r\n", i + 1,
			     i / 3600, i / 60 % 60, i % 60, 'a' + (int)(i % 26), i);
		for (int k = 0; k < len; k++) {
			hub_buf_putc(b, line[k]);
			if (utf16)
				hub_buf_putc(b, 0);
		}
	}
}

/* A file of many windows comes in batches, each utterance once and in order, also after a resume. */
static void long_files_come_in_batches(void **state)
{
	enum { CUES = 60000, FROM = 41000 };

	(void)state;
	for (int utf16 = 0; utf16 < 2; utf16++) {
		HUB_AUTO(buf) struct hub_buf b;
		struct reader r;
		char path[32], pos[32];
		unsigned n = 0, batches = 0;
		hub_buf_init(&b, 16 << 20);
		if (utf16)
			hub_buf_puts(&b, "\xff\xfe");
		put_cues(&b, CUES, utf16);
		write_temp(path, b.ptr, b.len);
		snprintf(pos, sizeof pos, "1 %d", FROM);
		assert_int_equal(
		    reader_open(&r, path, (struct hub_str){0},
				(const char *const[]){SEGMENTS, "text_limit=1200k", NULL}),
		    HUB_OK);
		for (; reader_next(&r) == HUB_OK; batches++)
			for (uint32_t i = 0; i < r.b->rows; i++, n++)
				assert_int_equal(cell(&r, 5, i).ptr[0], 'a' + (int)(n % 26));
		assert_string_equal(r.err.code, "");
		assert_int_equal(n, CUES);
		assert_true(batches > 4);
		reader_close(&r);
		assert_int_equal(
		    reader_open(&r, path, hub_str_of(pos), (const char *const[]){SEGMENTS, NULL}),
		    HUB_OK);
		assert_int_equal(reader_next(&r), HUB_OK);
		assert_str(cell(&r, 1, 0), "41001");
		reader_close(&r);
		unlink(path);
	}
}

#define TOKEN(w, s, c, from, to, label)                                                        \
	"{\"written\":\"" w "\",\"spoken\":\"" s "\",\"confidence\":" c ",\"starttime\":" from \
	",\"endtime\":" to ",\"label\":\"" label "\"}"

static void words_of_one_voice_are_one_utterance(void **state)
{
	static const char sync[] =
	    "{\"results\":[{\"tokens\":[" TOKEN("今日", "きょう", "0.9", "0", "500", "speaker0") "," TOKEN(
		"は", "は", "0.7", "500", "600",
		"speaker0") "," TOKEN("はい", "はい", "1.0", "700", "900",
				      "speaker1") "," TOKEN("OK", "おっけー", "1", "3000", "3100",
							    "speaker1") "," TOKEN("computer", "",
										  "1", "3100",
										  "3200",
										  "speaker1") "]}],"
											      "\"te"
											      "xt\""
											      ":\"x"
											      "\","
											      "\"co"
											      "de\""
											      ":\""
											      "\"}";

	(void)state;
	ROWS(sync,
	     "0|600|speaker0|今日は|きょうは|0.700|0;700|900|speaker1|はい|はい|1.000|0;"
	     "3000|3200|speaker1|OK computer|おっけー|1.000|0;", );
	ROWS("{\"status\":\"completed\",\"segments\":[{\"results\":[{\"tokens\":[" TOKEN(
		 "甲", "こう", "1", "0", "1",
		 "speaker0") "]}]},{\"results\":[{\"tokens\":[" TOKEN("乙", "おつ", "1", "9000",
								      "9001", "speaker0") "]}]}]}",
	     "0|1|speaker0|甲|こう|1.000|0;9000|9001|speaker0|乙|おつ|1.000|0;", );
}

static void fillers_go_when_asked(void **state)
{
	static const char text[] =
	    "{\"results\":[{\"tokens\":[" TOKEN("%えーと%", "%えーと", "1", "0", "1", "") "," TOKEN(
		"えー", "えー", "1", "1", "2", "") "," TOKEN("うん", "うん", "1", "2", "3",
							     "") "]}]}";

	(void)state;
	ROWS(text, "0|3||えーとえーうん|%えーとえーうん|1.000|0;", );
	ROWS(text, "2|3||うん|うん|1.000|0;", "fillers=remove", );
}

static void what_is_no_result_is_told(void **state)
{
	(void)state;
	ROWS("{\"sessionid\":\"1\",\"text\":\"...\"}", "#no-transcript", );
	ROWS("{\"status\":\"processing\",\"session_id\":\"1\"}", "#not-finished", );
	ROWS("{\"results\":[],\"text\":\"\",\"code\":\"-\",\"message\":\"e\"}",
	     "#recognition-failed", );
	ROWS("{\"a\":", "#bad-json", );
	expect_bytes("\xff\xfe{\0}\0", 6, NULL, "#not-utf-8");
	ROWS("{\"text\":\"全部です。\",\"code\":\"\"}", "|||全部です。|||0;", );
}

/* The text of a record: times and labels in front, unsure words marked, places that fit. */
static void the_text_of_a_record(void **state)
{
	static const char text[] = "{\"results\":[{\"tokens\":[" TOKEN(
	    "昨日", "", "0.3", "61000", "61500",
	    "speaker0") "," TOKEN("。", "", "0.1", "61500", "61500",
				  "speaker0") "," TOKEN("はい", "", "0.9", "62000", "62500",
							"speaker1") "]}]}";
	char path[32];
	struct reader r;
	json_error_t e;

	(void)state;
	write_temp(path, text, sizeof text - 1);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0},
				     (const char *const[]){"client=0007", "date=2024-10-01", NULL}),
			 HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	const struct hub_batch *b = r.b;
	assert_int_equal(b->rows, 1);
	assert_str(b->col[0].text[0], "0007");
	assert_str(b->col[3].text[0], "[0:01:01] speaker0：〔昨日？〕。\n[0:01:02] speaker1：はい");
	assert_str(b->col[5].text[0], "speaker0\nspeaker1");
	assert_str(b->col[7].text[0], "1");
	json_t *j = json_loadb(b->col[10].text[0].ptr, b->col[10].text[0].len, 0, &e);
	const json_t *second = json_array_get(json_object_get(j, "segments"), 1);
	size_t at = 0, chars = 0;
	const struct hub_str body = b->col[3].text[0];
	while (chars < (size_t)json_integer_value(json_object_get(second, "from"))) {
		hub_utf8_next(body, &at);
		chars++;
	}
	assert_str(hub_str_from(body, at), "はい");
	json_decref(j);
	reader_close(&r);
	unlink(path);
}

static void a_transcript_without_end_is_refused(void **state)
{
	HUB_AUTO(buf) struct hub_buf b;

	(void)state;
	hub_buf_init(&b, 8 << 20);
	hub_buf_puts(&b, "{\"results\":[{\"tokens\":[");
	for (int i = 0; i < 20000; i++)
		hub_buf_puts(&b, TOKEN("長い話", "", "1", "0", "1", "s") ",");
	hub_buf_puts(&b, TOKEN("終", "", "1", "0", "1", "s") "]}]}");
	expect_bytes(b.ptr, b.len, (const char *const[]){"text_limit=16k", NULL}, "#too-long");
}

/* --- data/voice ------------------------------------------------------------------------------- */

static const char *data(void)
{
	const char *d = getenv("SHARED_DATA");

	return d && d[0] ? d : NULL;
}

static void assert_ms(struct hub_str text, double seconds)
{
	int64_t ms;

	assert_int_equal(hub_parse_i64(text, 0, INT64_MAX, &ms), 0);
	assert_int_equal(ms, (int64_t)(seconds * 1000 + 0.5));
}

/* One file of vtt.js: the cues its JSON lists, or (without JSON) no crash. */
static void check_vtt(const char *folder, const char *vtt, const char *json)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const char *path = hub_arena_printf(a, "%s/voice/vttjs/%s", folder, vtt).ptr;
	json_error_t e;
	json_t *want =
	    json[0]
		? json_load_file(hub_arena_printf(a, "%s/voice/vttjs/%s", folder, json).ptr, 0, &e)
		: NULL;
	const json_t *cues = json_object_get(want, "cues");
	struct reader r;
	uint32_t rows = 0;

	int rc = reader_open(&r, path, (struct hub_str){0}, (const char *const[]){SEGMENTS, NULL});
	if (rc == HUB_OK)
		rc = reader_next(&r);
	rows = rc == HUB_OK ? r.b->rows : 0;
	if (want && rows != json_array_size(cues))
		fail_msg("%s: %u cues", vtt, rows);
	for (uint32_t i = 0; want && i < rows; i++) {
		const json_t *c = json_array_get(cues, i);
		assert_ms(cell(&r, 2, i), json_number_value(json_object_get(c, "startTime")));
		assert_ms(cell(&r, 3, i), json_number_value(json_object_get(c, "endTime")));
		assert_str(cell(&r, 5, i), json_string_value(json_object_get(c, "text")));
	}
	json_decref(want);
	reader_close(&r);
}

static void the_suite_of_vttjs(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_str index, line;
	struct hub_err err;
	unsigned n = 0;

	(void)state;
	if (!data()) {
		hub_arena_free(a); /* skip() jumps out, past what HUB_AUTO would do */
		skip();
	}
	assert_int_equal(hub_file_read(a,
				       hub_arena_printf(a, "%s/voice/vttjs/index.tsv", data()).ptr,
				       1 << 20, &index, &err),
			 HUB_OK);
	hub_str_next(&index, '\n', &line);
	for (; hub_str_next(&index, '\n', &line); n++) {
		struct hub_str vtt, json = {"", 0};
		assert_true(hub_str_next(&line, '\t', &vtt));
		hub_str_next(&line, '\t', &json);
		check_vtt(data(), hub_arena_cstr(a, vtt), hub_arena_cstr(a, json));
	}
	assert_true(n > 50);
}

/* The same cues as SRT and in the JSON of subsrt; a label in front of the words is ours to find. */
static void the_subtitles(void **state)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct reader r;
	json_error_t e;

	(void)state;
	if (!data()) {
		hub_arena_free(a); /* skip() jumps out, past what HUB_AUTO would do */
		skip();
	}
	json_t *want = json_load_file(
	    hub_arena_printf(a, "%s/voice/subtitles/sample.json", data()).ptr, 0, &e);
	assert_non_null(want);
	assert_int_equal(
	    reader_open(&r, hub_arena_printf(a, "%s/voice/subtitles/sample.srt", data()).ptr,
			(struct hub_str){0}, (const char *const[]){SEGMENTS, NULL}),
	    HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	size_t k = 0;
	for (size_t i = 0; i < json_array_size(want); i++) {
		const json_t *c = json_array_get(want, i);
		if (strcmp(json_string_value(json_object_get(c, "type")), "caption") != 0)
			continue;
		assert_true(k < r.b->rows);
		assert_ms(cell(&r, 2, (uint32_t)k),
			  json_number_value(json_object_get(c, "start")) / 1000);
		assert_ms(cell(&r, 3, (uint32_t)k),
			  json_number_value(json_object_get(c, "end")) / 1000);
		HUB_AUTO(buf) struct hub_buf flat;
		hub_buf_init(&flat, 4096);
		const char *content = json_string_value(json_object_get(c, "content"));
		for (; *content; content++)
			if (*content != '\r')
				hub_buf_putc(&flat, *content);
		const struct hub_str words = cell(&r, 5, (uint32_t)k);
		assert_true(hub_str_ends(hub_buf_text(&flat), words) && words.len > 0);
		k++;
	}
	assert_int_equal(k, r.b->rows);
	json_decref(want);
	reader_close(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_in_every_notation),
	    cmocka_unit_test(cues_of_webvtt),
	    cmocka_unit_test(turns_of_plain_text),
	    cmocka_unit_test(plain_text_is_known),
	    cmocka_unit_test(cues_of_srt),
	    cmocka_unit_test(srt_as_people_write_it),
	    cmocka_unit_test(long_files_come_in_batches),
	    cmocka_unit_test(words_of_one_voice_are_one_utterance),
	    cmocka_unit_test(fillers_go_when_asked),
	    cmocka_unit_test(what_is_no_result_is_told),
	    cmocka_unit_test(the_text_of_a_record),
	    cmocka_unit_test(a_transcript_without_end_is_refused),
	    cmocka_unit_test(the_suite_of_vttjs),
	    cmocka_unit_test(the_subtitles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
