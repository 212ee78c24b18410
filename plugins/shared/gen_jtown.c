/* Run by the build: prints jtown_table.h, the towns of hub/text/places_table.c as a table of hashes. Numbers in
 * names (北一条西) are kanji there; who writes digits is read as a block. */
#include "jtown.h"

#include "text/places.h"

#include <stdio.h>

static void add(uint32_t *marks, uint8_t *heads, const char *name, size_t len)
{
	struct jtown_hash s = {0};
	uint32_t chars = 0;

	for (size_t i = 0; i < len; chars++) {
		const unsigned char *u = (const unsigned char *)name + i;
		const uint32_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
		uint32_t c = n == 1 ? u[0] : u[0] & (0xffu >> (n + 1));
		for (uint32_t k = 1; k < n; k++)
			c = c << 6 | (u[k] & 0x3fu);
		jtown_hash_add(&s, c);
		if (chars == 1 || chars == 2)
			heads[jtown_head(s) / 8] |= (uint8_t)(1u << jtown_head(s) % 8);
		i += n;
	}
	if (chars == 0 || chars > JTOWN_MAX)
		return;
	uint32_t k = jtown_slot(s);
	while (marks[k] && marks[k] != jtown_mark(s))
		k = (k + 1) & (JTOWN_SLOTS - 1);
	marks[k] = jtown_mark(s);
}

int main(void)
{
	static uint32_t marks[JTOWN_SLOTS];
	static uint8_t heads[JTOWN_HEADS / 8];
	uint32_t used = 0;

	for (uint32_t i = 0; i < hub_prefs[HUB_PREFS].first; i++)
		for (const char *p = hub_places[i].towns; *p;) {
			const size_t line = strcspn(p, "\n"), len = strcspn(p, "*\n");
			add(marks, heads, p, len);
			p += line + (p[line] == '\n');
		}
	printf("/* Made by gen_jtown.c from hub/text/places_table.c. */\n"
	       "static const uint32_t jtown_marks[JTOWN_SLOTS] = {");
	for (uint32_t k = 0; k < JTOWN_SLOTS; k++) {
		used += marks[k] != 0;
		printf("%s%u,", k % 10 ? "" : "\n", marks[k]);
	}
	printf("};\nconst uint8_t jtown_heads[JTOWN_HEADS / 8] = {");
	for (uint32_t k = 0; k < JTOWN_HEADS / 8; k++)
		printf("%s%u,", k % 20 ? "" : "\n", heads[k]);
	printf("};\n");
	if (used > JTOWN_SLOTS / 4 * 3) {
		fprintf(stderr, "gen_jtown: the table is too full\n");
		return 1;
	}
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
