/* Date and time spellings as symbols: one byte each, whatever the width, script or word was. Digits
 * and punctuation stand for themselves in ASCII, Latin letters in upper case, kanji numerals are
 * already decimal digits ("令和六年十月一日" -> R 6 year 1 0 month 1 day). Internal to hub/text. */
#ifndef HUB_TEXT_DATELEX_H
#define HUB_TEXT_DATELEX_H

#include "base/str.h"

enum { HUB_DATELEX_MAX = 96 };

enum hub_datesym {
	DS_END = 0,
	DS_MEIJI = 128, /* the five eras in order */
	DS_TAISHO,
	DS_SHOWA,
	DS_HEISEI,
	DS_REIWA,
	DS_YEAR,
	DS_MONTH, /* also Monday */
	DS_DAY,   /* also Sunday */
	DS_FISCAL,
	DS_TUE, /* Tuesday to Saturday in order */
	DS_WED,
	DS_THU,
	DS_FRI,
	DS_SAT,
	DS_YOBI,
	DS_HOLIDAY,
	DS_HOUR,
	DS_MINUTE,
	DS_SECOND,
	DS_HALF,
	DS_AM,
	DS_PM,
	DS_MORNING,
	DS_NOON,
	DS_EVENING,
	DS_NIGHT,
	DS_AD,
	DS_GUESS, /* 推定, before */
	DS_ABOUT, /* 頃, behind */
	DS_EARLY, /* the three thirds of a month in order */
	DS_MIDDLE,
	DS_LATE,
	DS_LASTDAY,
	DS_VAGUE,  /* 末, 頭, 半ば, 前半 ...: some part of the unit before */
	DS_SPRING, /* the four seasons in order */
	DS_SUMMER,
	DS_AUTUMN,
	DS_WINTER,
	DS_UNKNOWN,
	DS_FROM,
	DS_UNTIL,
	DS_OPEN,  /* 以前, 以降: no end on one side */
	DS_NOISE, /* 生, 付, 現在: says what the date is for */
	DS_AGE,
};

struct hub_datelex {
	unsigned char sym[HUB_DATELEX_MAX + 4]; /* ended by DS_END */
	size_t len;
};

/* 0, or -1 when the text holds something that no date or time has (or is too long for one). */
int hub_datelex_read(struct hub_str text, struct hub_datelex *out);

#endif
