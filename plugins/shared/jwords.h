/* Every list of words that the detectors know, found by one look into one table: at a place in a text, or
 * before it. The lists are data (jwords_list.h); the table is made of them when the hub is
 * built (gen_jwords.c), so that opening a detector costs nothing. */
#ifndef SHARED_JWORDS_H
#define SHARED_JWORDS_H

#include "jtext.h"

enum jwords_list {
	W_NONE,
	W_HONORIFIC,    /* right behind a name */
	W_NO_HONORIFIC, /* what makes another word of an honorific */
	W_TITLE,        /* offices and professions behind a name */
	W_GROUP,        /* what belongs to a name: the house, the couple, the case */
	W_NO_GROUP,     /* words that begin like one of those */
	W_GROUP_OF_ONE, /* those that may stand behind a surname of one character */
	W_RELATION,     /* people as seen from the client */
	W_BEFORE,       /* may stand before a name with nothing between */
	W_COMMON, /* words for people that take さん, 様 or a title; also the ends of longer ones */
	W_NOBODY,      /* stands where the name of somebody would */
	W_UNIT,        /* numbers of an address */
	W_NO_UNIT,     /* words that begin like one of those */
	W_DIRECTION,   /* 北1条西2丁目 */
	W_BUILDING,    /* kinds of building */
	W_ROOM,        /* behind the number of a room */
	W_FILLER,      /* between digits that are read out */
	W_LABEL_JOINT, /* between a label and its value, seen from the value */
	W_PHONE_LABEL,
	W_NO_PHONE_LABEL, /* digits behind these are no telephone number, whatever they look like */
	W_ID_LABEL,       /* what is followed by a number that identifies */
	W_ID_THING,       /* the same, but the number must be a longer one */
	W_ID_NEAR,        /* what 番号は54321 may be the number of, besides those */
	W_VALID_UNTIL,    /* until when a card is good */
	W_ID_JOINT,       /* between such a label and its number */
	W_ACCOUNT,        /* what has names of accounts */
	W_ACCOUNT_WORD,   /* ID, behind one of those */
	W_PLATE,          /* in front of the number of a car */
	W_PLATE_PLACE,    /* places of plates in kana */
	W_CITY_END,
	W_NO_KIN,     /* kana behind a relation that are no name */
	W_COMPANY_OF, /* behind somebody whom something is done with */
	W_NI,         /* where a name that is spelled may be joined */
	W_RADICAL,    /* parts of kanji, as people say them */
	W_SPELLED_END,
	W_COUNTER,    /* behind a number that counts */
	W_NO_COUNTER, /* words that begin like one of those */
	W_KANJI_DIGIT,
	W_ORDINAL,
	W_SEX,
	W_MAIL_LABEL,
	W_MAIL_SAID, /* the sign, spoken */
	W_MAIL_DOT,
	W_MAIL_TOP,  /* ends of a domain */
	W_MAIL_HOST, /* what mail is kept by, without its domain */
	W_EXTENSION,
	W_LAST_DIGITS, /* four digits of a telephone number follow */
	W_BIRTH_LABEL,
	W_NO_BIRTH_LABEL, /* words that end in 生 and say nothing of a birth */
	W_ASKED,          /* between a question and its answer */
	W_BORN,           /* behind a date of birth */
	W_NO_BORN,        /* words that begin like one of those */
	W_EVENT,          /* beside a date: what happened on it */
	W_TOWN_LEAD,      /* 大字 */
	W_LOT,            /* 甲123番地 */
	W_LOT_LABEL,      /* before a number of an address that is told without its town */
	W_COORDINATE,
	W_STREET_END,     /* 上る */
	W_TOWN_END,       /* what a town ends in */
	W_TOWN_AFTER,     /* what may follow a town without a gap */
	W_TOWN_BOUND,     /* what follows a town in a sentence */
	W_LIVES,          /* behind a place where somebody lives */
	W_NO_TOWN_WORD,   /* ordinary words that are towns as well */
	W_AREA,           /* 地区 */
	W_NO_AREA,        /* what is no name of an area */
	W_DWELLING_FIRST, /* buildings whose name begins with their kind */
	W_DWELLING,       /* buildings that have names of their own */
	W_HOME_LABEL,     /* an address follows */
	W_NO_TOWN,        /* a number behind these is none of a block: 要介護1-2, 第2号 */
	W_NO_KANA_TOWN,   /* the same, of kana: なるべく2-3, ランク1-2 */
	W_NO_TOWN_AFTER,  /* what follows a city without being one of its towns */
	W_SERVICE, /* words that say what an office does, and for whom: what consists of them is a kind, no name */
	W_GENERIC, /* words that make up names of offices every town has: what consists of them names no place */
	W_FACILITY_KIND, /* kinds in front of a name: 養護老人ホーム長寿荘 */
	W_SHOP,          /* the same of shops, meals, lodgings, classes, meeting places */
	W_WARE, /* what is sold or done, in front of a name: 弁当のかもめ屋, ラーメン海坊主 */
	W_SHOP_AFTER,          /* words behind those that are no name */
	W_COINED,              /* kana words that names behind a kind are coined of */
	W_FACILITY_END,        /* kinds that end a name */
	W_FACILITY_LOOSE_END,  /* the same, less sure */
	W_FACILITY_COINED_END, /* the same for names in kana only */
	W_KANA_NAME,           /* kana words of which names of facilities and buildings are made */
	W_FACILITY_LEAD,       /* before a facility without belonging to its name */
	W_FACILITY_BEHIND,     /* may follow a facility without a gap */
	W_NO_FACILITY,         /* words that end like a facility */
	W_NO_FACILITY_AT,      /* words that begin like the end of one */
	W_NO_KANA_NAME,        /* kana before a facility that are no name */
	W_NO_KANA_HERE,        /* and behind its kind */
	W_NO_NAME_HERE,        /* words behind a kind of facility that are no name */
	W_PARTICLE,
	W_FACILITY_OWN, /* kinds of which a municipality has few: its name with them says which */
	W_NATURE,       /* before の in the name of a facility */
	W_QUOTE,
	W_UNQUOTE,
	W_USES,   /* behind the quoted name of a facility */
	W_SCHOOL, /* schools in short */
	W_SCHOOL_BEHIND,
	W_NO_SCHOOL,
	W_COMPANY,
	W_COUNCIL,
	W_NO_GIVEN,      /* ordinary words whose characters are at home in given names */
	W_NAME_GAP,      /* between family and given name */
	W_GIVEN_END,     /* kanji that end a given name begun in kana: トシ子 */
	W_KANA_WORD,     /* kana that are nobody's name before さん: おかあさん */
	W_NO_LATIN,      /* abbreviations that take さん */
	W_FAMILIAR,      /* what children, friends and family are called: 静ばあ, 健坊 */
	W_FAMILIAR_KIN,  /* the same, only where the name before it is one of the roster */
	W_BEHIND_HIRA,   /* goes on behind a name in hiragana */
	W_BEHIND_KATA,   /* behind one in katakana, in a text that has nothing else */
	W_PHRASE,        /* begins with what may be somebody's name, and is said of nobody */
	W_THING,         /* behind what is a name too, or what somebody's name was given to */
	W_HIRA_GIVEN,    /* given names of two kana that are a particle or the like as well */
	W_CALLED_WORD,   /* words that end like an honorific */
	W_OF_VERB,       /* くん of 行くんです, いただくんだ */
	W_IN_WORD,       /* kana that only begin like an honorific */
	W_NO_HIRA_GIVEN, /* words that could be a given name of two kana */
	W_ACT,           /* what people do: a surname before it is no place */
	W_OPEN_LABEL,    /* a name follows at once */
	W_NAME_LABEL,    /* a name follows behind a colon */
	W_NO_NAME_VALUE, /* what else stands there */
	W_AGE,
	W_CALLED,       /* behind a name that is said */
	W_MAIL,         /* where rules look: a sign */
	W_PHONE_START,  /* other starts of a number than a digit */
	W_NUMBER_START, /* the same for one that the roster may have: a character */
	W_DIGITS_END,   /* behind the last digits of a telephone, or what somebody is called by */
	W_CAR,          /* behind which part of a plate may stand */
	W_MEASURE,      /* what is measured again and again */
	W_DIAL,         /* the ways a lock is turned */
	W_KEY,          /* what is opened by a number */
	W_NOW,          /* before a day whose month is not said */
	W_SAID_ERA,     /* eras in front of a date in kana */
	W_SAID_MONTH,   /* months in kana */
	W_MONTH,        /* and in English */
	W_CALL,         /* how a call begins: who calls follows */
	W_PAGE,         /* sites where a page is somebody's, up to its name */
	W_NUMBER_WORD,
	W_OPENS,         /* behind digits that open something: 押すと */
	W_MONEY,         /* before a sum */
	W_PUBLIC_NUMBER, /* whose number or code says nothing of a person */
	W_ERA,
	W_POSTAL,
	W_KANJI_NUMBER,
	W_PREF,
	W_COUNTY,
	W_CITY,
	W_WARD,
	W_LISTS,
};

enum { JWORDS_SET = (W_LISTS + 63) / 64 };

/* A set of lists, for those who look for several at once. */
struct jwords_set {
	uint64_t bits[JWORDS_SET];
};

static inline void jwords_set_add(struct jwords_set *s, uint32_t list)
{
	s->bits[list / 64] |= (uint64_t)1 << list % 64;
}
static inline int jwords_set_has(const struct jwords_set *s, uint32_t list)
{
	return (int)(s->bits[list / 64] >> list % 64 & 1);
}
static inline int jwords_set_meets(const struct jwords_set *a, const struct jwords_set *b)
{
	uint64_t both = 0;

	for (uint32_t k = 0; k < JWORDS_SET; k++)
		both |= a->bits[k] & b->bits[k];
	return both != 0;
}
static inline void jwords_set_join(struct jwords_set *to, const struct jwords_set *lists)
{
	for (uint32_t k = 0; k < JWORDS_SET; k++)
		to->bits[k] |= lists->bits[k];
}

/* What a character says of the words at its place: the lists in which it is a word by itself, and those in which a
 * longer word begins or ends with it. Most questions are answered by this. */
struct jwords_char {
	struct jwords_set alone, first, last;
};

/* Made by gen_jwords.c. A character that no word has to do with is 0. */
#define JWORDS_TABLE __attribute__((visibility("hidden"))) extern const
JWORDS_TABLE struct jwords_char jwords_chars[];
JWORDS_TABLE uint16_t jwords_kinds[0x10000];

enum { JWORDS_KIND_BITS = 13 };

/* Class of a character (enum jt_class) and its index in jwords_chars, the class above JWORDS_KIND_BITS. */
static inline uint32_t jwords_kind(uint32_t c)
{
	if (c > 0xffff)
		return (uint32_t)jt_class_of(c) << JWORDS_KIND_BITS;
	return jwords_kinds[c];
}

enum { JWORDS_BUCKETS = 1 << 14 };

/* Words of two characters and more stand together by the first two, and by the last two from the end. */
static inline uint32_t jwords_bucket(uint32_t a, uint32_t b)
{
	const uint32_t h = a * 0x9e3779b1u ^ b * 0x85ebca6bu;

	return (h ^ h >> 15) & (JWORDS_BUCKETS - 1);
}

/* Lists for which something is to be done wherever one of their words begins. */
struct jwords_filter {
	struct jwords_set lists;
	/* by jtext.ch: which characters may stand behind it in a word, as bits of their last bits; all of them behind
	 * one that is a word by itself */
	uint32_t behind[1 << JWORDS_KIND_BITS];
	uint8_t pairs[JWORDS_BUCKETS / 8]; /* bits, by the first two characters of the words */
};

void jwords_filter_make(struct jwords_filter *f, const struct jwords_set *lists);
/* A cheap look at i < t->n: 0 when no word of its lists begins there. */
static inline int jwords_filter_may(const struct jwords_filter *f, const struct jtext *t,
				    uint32_t i)
{
	return (int)(f->behind[t->ch[i]] >> t->cp[i + 1] % 32 & 1);
}
/* Those of its lists of which a word stands at i < t->n. */
struct jwords_set jwords_filter_at(const struct jwords_filter *f, const struct jtext *t,
				   uint32_t i);

/* The same for words of two characters and more; what follows asks them when the characters say so. */
uint64_t jwords_lengths(const struct jtext *t, uint32_t i, enum jwords_list list);
uint32_t jwords_ends(const struct jtext *t, uint32_t i, enum jwords_list list);

/* All lengths of words of a list at i, as bits: 1u << length. */
static inline uint64_t jt_lengths(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	if (i >= t->n)
		return 0;
	const struct jwords_char *c = &jwords_chars[t->ch[i]];
	return (jwords_set_has(&c->first, list) ? jwords_lengths(t, i, list) : 0) |
	       (jwords_set_has(&c->alone, list) ? 2 : 0);
}

/* Is [from, to), fewer than JWORDS_MADE characters, made of words of the lists and digits, and of nothing else? */
enum { JWORDS_MADE = 40 };
int jt_made_of(const struct jtext *t, uint32_t from, uint32_t to, const enum jwords_list *lists,
	       uint32_t n);

/* Characters of the longest word of a list that stands at i, or ends right before i; 0 for none. */
static inline uint32_t jt_is_any(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	const uint64_t lengths = jt_lengths(t, i, list);

	return lengths ? 63 - (uint32_t)__builtin_clzll(lengths) : 0;
}
static inline uint32_t jt_ends_any(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	if (i > t->n || i == 0)
		return 0;
	const struct jwords_char *c = &jwords_chars[t->ch[i - 1]];
	const uint32_t n = jwords_set_has(&c->last, list) ? jwords_ends(t, i, list) : 0;
	return n ? n : (uint32_t)jwords_set_has(&c->alone, list);
}

#endif
