/* Personal names: kept as written, and folded into a key for search and matching. Only the key may
 * lose information; two names with one key are candidates, never proof of one person. */
#ifndef HUB_TEXT_NAME_H
#define HUB_TEXT_NAME_H

#include "base/arena.h"
#include "base/str.h"

enum hub_name_flag {
	HUB_NAME_UNREADABLE = 1, /* ● ■ 〓 or a gaiji code: some character is not known */
	HUB_NAME_HONORIFIC = 2,  /* 様 さん ... was taken off */
	HUB_NAME_NOTE = 4,       /* other text in brackets was taken off */
	HUB_NAME_ALIAS = 8,      /* 通称 in alias */
	HUB_NAME_FORMER = 16,    /* 旧姓, 旧氏 in former */
	HUB_NAME_FOREIGN = 32,   /* Latin letters, or katakana parts joined by a dot */
	HUB_NAME_NOBODY = 64,    /* 不明, 匿名希望: stands where a name would */
};

struct hub_name {
	struct hub_str name;          /* as written, without honorifics and brackets */
	struct hub_str key;           /* variants folded, spaces out; 〓 for what cannot be read */
	struct hub_str family, given; /* parts of name; empty when there is no separator */
	struct hub_str alias, former; /* parts of the text that was given in */
	unsigned flags;
	const char *reason;
};

/* 0 fine, 1 empty, -1 no name or out of memory (see reason). Results live in the arena and in text. */
int hub_name_parse(struct hub_arena *a, struct hub_str text, struct hub_name *out);
/* Key of a text that is a name already: nothing taken off but spaces and what is invisible. .ptr is
 * NULL when the arena is full. unreadable, if not NULL, is set to 1 when 〓 went in. */
struct hub_str hub_name_key(struct hub_arena *a, struct hub_str name, int *unreadable);
/* The character that stands for c among its variants (髙 -> 高, 邊 -> 辺); c itself if none. */
uint32_t hub_name_fold_char(uint32_t c);
const char *hub_name_finding(unsigned flags, unsigned n);

#endif
