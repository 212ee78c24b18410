/* Family trees: encodings, escapes, ties of a family, what is refused, resuming. */
#include "test_reader.h"

#define HEAD  "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n"
#define SEVEN "0 HEAD\n1 GEDC\n2 VERS 7.0\n"
#define END   "0 TRLR\n"
#define TWO   "0 @A@ INDI\n1 SEX F\n0 @B@ INDI\n1 SEX M\n"

/* kind, case, number, other, relation, client, name, family, given, kana, others, sex, birth, dead ... */
static void people_have_names_of_their_script(void **state)
{
	(void)state;
	READ(SEVEN
	     "0 @A@ INDI\n1 NAME 花子 /山田/\n2 TRAN はなこ /やまだ/\n3 LANG ja-Hira\n1 SEX F\n"
	     "1 BIRT\n2 DATE 4 MAR 1980\n1 DEAT Y\n" END,
	     "1@4:人||A|||1|山田　花子|山田|花子|やまだ　はなこ||F|1980-03-04|1;");
	READ(HEAD "0 @A@ INDI\n1 NAME John /de la Roe/ jr.\n1 NAME Jack //\n" END,
	     "1@4:人||A|||1|John de la Roe jr.|de la Roe|John||Jack;");
	READ(HEAD "0 @A@ INDI\n1 NAME /山田/\n1 BIRT\n2 DATE ABT 1950\n1 DEAT\n2 DATE BET 1990 AND "
		  "MAY 1991\n" END,
	     "1@4:人||A|||1|山田|山田|||||1950年頃|1|1990～1991-05;");
	/* what the calendar of today has no word for stays as it is written */
	READ(HEAD "0 @A@ INDI\n1 BIRT\n2 DATE @#DJULIAN@ 5 MAY 1700\n" END,
	     "1@4:人||A|||1|||||||@#DJULIAN@ 5 MAY 1700;");
}

static void escapes_follow_the_version(void **state)
{
	(void)state;
	READ(SEVEN "0 @A@ INDI\n1 NOTE @@x @@y\n2 CONT @@@@z\n2 CONC !\n1 NOTE b\n" END,
	     "1@4:人||A|||1|||||||||||||@x @@y\n@@@z!\nb;");
	READ(HEAD "0 @A@ INDI\n1 NOTE @@x @@y\n1 NOTE @N1@\n2 CONT no\n" END,
	     "1@4:人||A|||1|||||||||||||@x @y;");
}

static void couples_end_and_begin_again(void **state)
{
	(void)state;
	READ(HEAD TWO
	     "0 @F@ FAM\n1 HUSB @B@\n1 WIFE @A@\n1 MARR\n2 DATE 1999\n1 DIV\n2 DATE 2001\n" END,
	     "1@4:人||A|||1||||||F;2@6:人||B||元夫|||||||M;"
	     "3@8:夫婦||A|B|元夫|||||||||||1999|2001|離婚;");
	READ(HEAD TWO
	     "0 @F@ FAM\n1 HUSB @B@\n1 WIFE @A@\n1 DIV\n2 DATE 2001\n1 MARR\n2 DATE 2003\n" END,
	     "1@4:人||A|||1||||||F;2@6:人||B||夫|||||||M;"
	     "3@8:夫婦||A|B|夫|||||||||||2003||婚姻;");
}

static void everyone_is_something_to_the_client(void **state)
{
	(void)state;
	READ_WITH(HEAD TWO "1 FAMC @F@\n2 PEDI adopted\n0 @C@ INDI\n1 ASSO @A@\n2 RELA 隣人\n"
			   "0 @D@ INDI\n1 SEX M\n1 BIRT\n2 DATE 1990\n1 FAMC @F@\n"
			   "0 @F@ FAM\n1 WIFE @A@\n1 CHIL @B@\n1 CHIL @D@\n1 CHIL @X@\n" END,
		  "1@4:人|7|A||母|||||||F;2@6:人|7|B|||1||||||M;3@10:人|7|C;"
		  "4@10:関係|7|C|A|隣人;5@13:人|7|D|B|兄弟|||||||M|1990;"
		  "6@18:親子|7|B|A|養母;7@18:親子|7|D|A|母;8@18!no-such-person;",
		  "client=B", "case=7");
	READ_WITH(HEAD TWO END, "#no-client", "client=Z");
	READ(HEAD "0 @F@ FAM\n1 HUSB @VOID@\n1 CHIL @VOID@\n1 CHIL @A@\n" END, "");
}

static void encodings_are_told(void **state)
{
	static const char utf16[] =
	    "\xff\xfe"
	    "0\0 \0H\0E\0A\0D\0\n\0000\0 \0@\0A\0@\0 \0I\0N\0D\0I\0\n\0001\0 "
	    "\0N\0A\0M\0E\0 \0\x71\x5c\n\0000\0 \0T\0R\0L\0R\0\n";

	(void)state;
	READ(HEAD "0 @A@ INDI\n1 NAME \x89\xd4\x8e\x71 /\x8e\x52\x93\x63/\n" END,
	     "1@4:人||A|||1|山田　花子|山田|花子;");
	expect_bytes(utf16, sizeof utf16, (const char *const[]){NULL}, "1@2:人||A|||1|山;");
	READ("0 HEAD\n1 CHAR ANSEL\n0 @A@ INDI\n1 NAME J\xe8urgen \xa5\xe2s\xf0\xe2"
	     "c\xe0o\n" END,
	     "1@3:人||A|||1|Jürgen Æśḉo\u0309;");
	READ_WITH("0 HEAD\n0 @A@ INDI\n1 NAME \xff\n" END, "#bad-bytes", "encoding=ansel");
	READ_WITH("0 HEAD\n0 @A@ INDI\n1 NAME \xff\n" END, "#bad-bytes", "encoding=utf-8");
}

static void broken_files_are_told(void **state)
{
	(void)state;
	READ("1;2;3\n", "#no-gedcom");
	READ(HEAD TWO, "#cut-off");
	READ(HEAD "0 @A@ INDI\nno level\n0 @B@ INDI\n3 SEX M\n0 @C@ INDI\r\n  1 SEX M\r\n\r\n" END,
	     "1@4!bad-line;2@6!bad-line;3@8:人||C|||||||||M;");
	READ_WITH(
	    HEAD TWO
	    "1 NOTE 1234567890123456789012345678901234567890123456789012345678901234567890"
	    "1 NOTE 1234567890123456789012345678901234567890123456789012345678901234567890\n" END,
	    "1@4:人||A|||1||||||F;2@6:人||B|||||||||M|||||||"
	    "1234567890123456789012345678901234567890123456789012345678901234567890"
	    "1 NOTE 1234567890123456789012345678901234567890123456789012345678901234567890;",
	    "text_limit=1024");
}

static void resumes_where_it_stopped(void **state)
{
	static const char text[] = HEAD TWO "0 @F@ FAM\n1 HUSB @B@\n1 WIFE @A@\n" END;
	static const char *const options[] = {"batch_rows=1", NULL};
	char path[32];
	struct reader r, again;

	(void)state;
	write_temp(path, text, sizeof text - 1);
	assert_int_equal(reader_open(&r, path, (struct hub_str){0}, options), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	assert_int_equal(reader_next(&r), HUB_OK);
	assert_int_equal(reader_open(&again, path, r.b->pos, options), HUB_OK);
	assert_int_equal(reader_next(&again), HUB_OK);
	assert_int_equal(again.b->prov[0].row, 3);
	assert_str(again.b->col[0].text[0], "夫婦");
	assert_int_equal(reader_next(&again), HUB_END);
	reader_close(&again);
	reader_close(&r);
	unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(people_have_names_of_their_script),
	    cmocka_unit_test(escapes_follow_the_version),
	    cmocka_unit_test(couples_end_and_begin_again),
	    cmocka_unit_test(everyone_is_something_to_the_client),
	    cmocka_unit_test(encodings_are_told),
	    cmocka_unit_test(broken_files_are_told),
	    cmocka_unit_test(resumes_where_it_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
