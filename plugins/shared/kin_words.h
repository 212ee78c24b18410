/* Relations to the client (code list `relation` of the schema) as a family map needs them. */
#ifndef PLUGINS_SHARED_KIN_WORDS_H
#define PLUGINS_SHARED_KIN_WORDS_H

#include "kin.h"

struct kin_word {
	const char *code, *word;
	enum kin_sex sex;
	enum kin_tie_kind kind;
	int generation; /* of the other, seen from the one */
	int dashed;
	int ended;
};

static const struct kin_word kin_words[] = {
    {"husband", "夫", KIN_MALE, KIN_COUPLE, 0, 0, 0},
    {"wife", "妻", KIN_FEMALE, KIN_COUPLE, 0, 0, 0},
    {"spouse", "配偶者", KIN_UNKNOWN, KIN_COUPLE, 0, 0, 0},
    {"partner", "内縁の配偶者", KIN_UNKNOWN, KIN_COUPLE, 0, 1, 0},
    {"ex_spouse", "元配偶者", KIN_UNKNOWN, KIN_COUPLE, 0, 0, 1},
    {"father", "父", KIN_MALE, KIN_PARENT, -1, 0, 0},
    {"mother", "母", KIN_FEMALE, KIN_PARENT, -1, 0, 0},
    {"parents", "親", KIN_UNKNOWN, KIN_PARENT, -1, 0, 0},
    {"step_parent", "義理の親", KIN_UNKNOWN, KIN_PARENT, -1, 1, 0},
    {"child", "子", KIN_UNKNOWN, KIN_PARENT, 1, 0, 0},
    {"son", "息子", KIN_MALE, KIN_PARENT, 1, 0, 0},
    {"eldest_son", "長男", KIN_MALE, KIN_PARENT, 1, 0, 0},
    {"second_son", "次男", KIN_MALE, KIN_PARENT, 1, 0, 0},
    {"third_son", "三男", KIN_MALE, KIN_PARENT, 1, 0, 0},
    {"fourth_son", "四男", KIN_MALE, KIN_PARENT, 1, 0, 0},
    {"daughter", "娘", KIN_FEMALE, KIN_PARENT, 1, 0, 0},
    {"eldest_daughter", "長女", KIN_FEMALE, KIN_PARENT, 1, 0, 0},
    {"second_daughter", "次女", KIN_FEMALE, KIN_PARENT, 1, 0, 0},
    {"third_daughter", "三女", KIN_FEMALE, KIN_PARENT, 1, 0, 0},
    {"fourth_daughter", "四女", KIN_FEMALE, KIN_PARENT, 1, 0, 0},
    {"adopted_child", "養子", KIN_UNKNOWN, KIN_PARENT, 1, 1, 0},
    {"stepchild", "連れ子", KIN_UNKNOWN, KIN_PARENT, 1, 1, 0},
    {"sibling", "兄弟姉妹", KIN_UNKNOWN, KIN_SIBLING, 0, 0, 0},
    {"elder_brother", "兄", KIN_MALE, KIN_SIBLING, 0, 0, 0},
    {"elder_sister", "姉", KIN_FEMALE, KIN_SIBLING, 0, 0, 0},
    {"younger_brother", "弟", KIN_MALE, KIN_SIBLING, 0, 0, 0},
    {"younger_sister", "妹", KIN_FEMALE, KIN_SIBLING, 0, 0, 0},
    {"father_in_law", "義父", KIN_MALE, KIN_LOOSE, -1, 0, 0},
    {"mother_in_law", "義母", KIN_FEMALE, KIN_LOOSE, -1, 0, 0},
    {"sibling_in_law", "義兄弟姉妹", KIN_UNKNOWN, KIN_LOOSE, 0, 0, 0},
    {"grandparent", "祖父母", KIN_UNKNOWN, KIN_LOOSE, -2, 0, 0},
    {"grandfather", "祖父", KIN_MALE, KIN_LOOSE, -2, 0, 0},
    {"grandmother", "祖母", KIN_FEMALE, KIN_LOOSE, -2, 0, 0},
    {"grandchild", "孫", KIN_UNKNOWN, KIN_LOOSE, 2, 0, 0},
    {"great_grandchild", "ひ孫", KIN_UNKNOWN, KIN_LOOSE, 3, 0, 0},
    {"uncle_aunt", "おじ・おば", KIN_UNKNOWN, KIN_LOOSE, -1, 0, 0},
    {"nephew_niece", "甥・姪", KIN_UNKNOWN, KIN_LOOSE, 1, 0, 0},
    {"cousin", "いとこ", KIN_UNKNOWN, KIN_LOOSE, 0, 0, 0},
    {"son_in_law", "婿", KIN_MALE, KIN_LOOSE, 1, 0, 0},
    {"daughter_in_law", "嫁", KIN_FEMALE, KIN_LOOSE, 1, 0, 0},
    {"relative", "親族", KIN_UNKNOWN, KIN_LOOSE, 0, 0, 0},
    {"housemate", "同居人", KIN_UNKNOWN, KIN_LOOSE, 0, 0, 0},
    {"head", "世帯主", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"friend", "知人・友人", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"neighbour", "近隣", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"landlord", "大家・管理会社", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"employer", "勤務先", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"teacher", "学校関係者", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"minsei", "民生委員・児童委員", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"care_manager", "ケアマネジャー", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"counsellor", "相談支援専門員", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"doctor", "医療関係者", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"guardian", "成年後見人等", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"lawyer", "弁護士・司法書士", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"official", "行政職員", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"police", "警察", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
    {"community", "地域", KIN_UNKNOWN, KIN_NO_KIN, 0, 0, 0},
};

#endif
