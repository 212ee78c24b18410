/* The shared suites of text-norm/ against width folding and kana conversion. */
#include "suite.h"

#include "text/fold.h"

static struct hub_buf file;
static struct hub_arena *arena;

static int setup(void **state)
{
	(void)state;
	hub_buf_init(&file, 16 << 20);
	arena = hub_arena_new(0);
	return arena == NULL;
}

static int teardown(void **state)
{
	(void)state;
	hub_buf_free(&file);
	hub_arena_free(arena);
	return 0;
}

/* Columns source, NFC, NFD, NFKC, NFKD: all five fold to the fourth. */
static void test_nfkc(void **state)
{
	(void)state;
	struct hub_str rest = suite_read(&file, "text-norm", "unicode_normalization_jp.tsv"),
		       cell[5];
	size_t rows = 0;

	suite_row(&rest, cell, 5);
	while (suite_row(&rest, cell, 5)) {
		char in[256], want[256];
		const size_t m = suite_points(cell[3], want);
		for (size_t i = 0; i < 5; i++) {
			const size_t n = suite_points(cell[i], in);
			const struct hub_str got =
			    hub_fold_width(arena, (struct hub_str){in, n}, 0, NULL);
			if (!hub_str_eq(got, (struct hub_str){want, m}))
				fail_msg("%.*s", HUB_FMT(cell[i]));
		}
		hub_arena_reset(arena);
		rows++;
	}
	assert_true(rows > 0);
}

/* Which of our flags a function of jaconv or mojimoji is. */
static const struct {
	const char *function, *options;
	unsigned flags;
} functions[] = {
    {"hira2kata", "", HUB_KANA_TO_KATA},
    {"hira2hkata", "", HUB_KANA_TO_KATA | HUB_KANA_NARROW},
    {"kata2hira", "", HUB_KANA_TO_HIRA},
    {"h2z", "", HUB_KANA_WIDE},
    {"h2z", "{\"digit\": true}", HUB_KANA_WIDE | HUB_KANA_WIDE_DIGIT},
    {"z2h", "", HUB_KANA_NARROW},
    {"z2h", "{\"digit\": true}", HUB_KANA_NARROW | HUB_KANA_NARROW_DIGIT},
    {"enlarge_smallkana", "", HUB_KANA_LARGE},
    {"enlargesmallkana", "", HUB_KANA_LARGE},
    {"han_to_zen", "", HUB_KANA_WIDE | HUB_KANA_WIDE_ASCII | HUB_KANA_WIDE_DIGIT},
    {"zen_to_han", "", HUB_KANA_NARROW | HUB_KANA_NARROW_ASCII | HUB_KANA_NARROW_DIGIT},
};

/* What is not in the hub on purpose, and why. */
static const struct {
	const char *function, *options; /* beginnings */
	const char *why;
} refused[] = {
    {"", "{\"ignore\"", "characters left out of a conversion: no use in the hub"},
    {"enlarge", "{\"args\"", "characters left out of a conversion: no use in the hub"},
    {"h2z", "{\"ascii\"", "the docstring changes abcd to capitals, which jaconv itself does not"},
    {"z2h", "{\"ascii\"", "the docstring changes capitals to abcd, which jaconv itself does not"},
    {"normalize", "",
     "turns the wave dash into a long vowel mark: it is a range in dates and phones"},
    {"kana2alphabet", "", "romanisation: readings are never guessed"},
    {"kata2alphabet", "", "romanisation: readings are never guessed"},
    {"alphabet2kan", "", "romanisation: readings are never guessed"},
    {"alphabet2kat", "", "romanisation: readings are never guessed"},
    {"hiragana2julius", "", "phonemes of a speech recogniser"},
};

static const char *why_refused(struct hub_str function, struct hub_str options)
{
	for (size_t i = 0; i < HUB_COUNT(refused); i++)
		if (hub_str_starts(function, hub_str_of(refused[i].function)) &&
		    hub_str_starts(options, hub_str_of(refused[i].options)))
			return refused[i].why;
	return NULL;
}

/* \t \n \r \\ in a cell */
static struct hub_str unescape(struct hub_str s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '\\' && i + 1 < s.len) {
			c = s.ptr[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		out[n++] = c;
	}
	return (struct hub_str){out, n};
}

/* Columns function, options (when with_options), input, expected. */
static void run_cases(const char *name, int with_options)
{
	struct hub_str rest = suite_read(&file, "text-norm", name), cell[4];
	size_t done = 0;

	suite_row(&rest, cell, 4);
	while (suite_row(&rest, cell, 4)) {
		const struct hub_str options = with_options ? cell[1] : HUB_STR("");
		char a[1024], b[1024];
		assert_true(cell[1].len + cell[2].len + cell[3].len < sizeof a);
		const struct hub_str in = unescape(cell[with_options ? 2 : 1], a);
		const struct hub_str want = unescape(cell[with_options ? 3 : 2], b);
		size_t i = 0;
		while (i < HUB_COUNT(functions) && !(hub_str_is(cell[0], functions[i].function) &&
						     hub_str_is(options, functions[i].options)))
			i++;
		if (i == HUB_COUNT(functions)) {
			if (!why_refused(cell[0], options))
				fail_msg("neither done nor refused: %.*s %.*s", HUB_FMT(cell[0]),
					 HUB_FMT(options));
			continue;
		}
		const struct hub_str got = hub_kana_convert(arena, in, functions[i].flags);
		if (!hub_str_eq(got, want))
			fail_msg("%.*s %.*s: got %.*s, want %.*s", HUB_FMT(cell[0]), HUB_FMT(in),
				 HUB_FMT(got), HUB_FMT(want));
		done++;
	}
	assert_true(done > 0);
}

static void test_jaconv(void **state)
{
	(void)state;
	run_cases("jaconv.tsv", 1);
}

static void test_jaconv_docs(void **state)
{
	(void)state;
	run_cases("jaconv_docs.tsv", 1);
}

static void test_mojimoji(void **state)
{
	(void)state;
	run_cases("mojimoji.tsv", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nfkc),
	    cmocka_unit_test(test_jaconv),
	    cmocka_unit_test(test_jaconv_docs),
	    cmocka_unit_test(test_mojimoji),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
