/* Questions to a loaded schema: names, codes, headers. Reading the file is schema_load.c. */
#include "base/hash.h"
#include "store/schema_load.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

const char *const hub_ftype_words[] = {[HUB_F_TEXT] = "text",     [HUB_F_NARRATIVE] = "narrative",
				       [HUB_F_NAME] = "name",     [HUB_F_KANA] = "kana",
				       [HUB_F_CODE] = "code",     [HUB_F_CODES] = "codes",
				       [HUB_F_DATE] = "date",     [HUB_F_DATETIME] = "datetime",
				       [HUB_F_TIME] = "time",     [HUB_F_MONTH] = "month",
				       [HUB_F_INT] = "int",       [HUB_F_YEN] = "yen",
				       [HUB_F_BOOL] = "bool",     [HUB_F_PHONE] = "phone",
				       [HUB_F_POSTAL] = "postal", [HUB_F_ADDRESS] = "address",
				       [HUB_F_ID] = "id",         [HUB_F_REF] = "ref",
				       [HUB_F_JSON] = "json",     NULL};

const char *const hub_fclass_words[] = {[HUB_C_IDENTIFIER] = "identifier",
					[HUB_C_CONTACT] = "contact",
					[HUB_C_QUASI] = "quasi",
					[HUB_C_SENSITIVE] = "sensitive",
					[HUB_C_NARRATIVE] = "narrative",
					[HUB_C_OPERATIONAL] = "operational",
					NULL};

const char *hub_ftype_name(enum hub_ftype type)
{
	return type > 0 && type < HUB_COUNT(hub_ftype_words) - 1 ? hub_ftype_words[type] : "?";
}

const char *hub_fclass_name(enum hub_fclass pclass)
{
	return pclass > 0 && pclass < HUB_COUNT(hub_fclass_words) - 1 ? hub_fclass_words[pclass]
								      : "?";
}

/* What two offices put between the same words of a header: 本籍_町字, 氏名（カナ）, ※受付日. */
static int is_separator(UChar c)
{
	static const UChar marks[] = u"_()[]{}<>「」【】『』〔〕・･:;*※/-‐−";

	return u_strchr(marks, c) != NULL;
}

/* The same as below for a text of ASCII, which most codes are and for which ICU is a long way round. Returns 0 when it
 * is something else. */
static int fold_ascii(struct hub_str text, int header, char *out, size_t cap, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];

		if (c >= 0x80 || *len == cap)
			return 0;
		if (c == ' ' || (c >= '\t' && c <= '\r') || (header && is_separator(c)))
			continue;
		out[(*len)++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	return 1;
}

size_t hub_schema_fold(struct hub_str text, int header, char *out, size_t cap)
{
	UErrorCode rc = U_ZERO_ERROR;
	UChar wide[512], flat[1024];
	int32_t n = 0, m = 0, kept = 0, used = 0;
	size_t len;

	if (text.len == 0 || text.len > HUB_COUNT(wide))
		return 0;
	if (fold_ascii(text, header, out, cap, &len))
		return len;
	const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&rc);
	u_strFromUTF8(wide, HUB_COUNT(wide), &n, text.ptr, (int32_t)text.len, &rc);
	m = unorm2_normalize(nfkc, wide, n, flat, HUB_COUNT(flat), &rc);
	if (U_FAILURE(rc))
		return 0;
	for (int32_t i = 0; i < m; i++)
		if (!u_isUWhiteSpace(flat[i]) && !(header && is_separator(flat[i])))
			flat[kept++] = flat[i];
	u_strToUTF8(out, (int32_t)cap, &used, flat, kept, &rc);
	return U_FAILURE(rc) ? 0 : (size_t)used;
}

const struct hub_entity *hub_schema_entity(const struct hub_schema *s, struct hub_str name)
{
	uint64_t i;

	return hub_map_get(s->find, name, &i) ? &s->entities[i] : NULL;
}

const struct hub_field *hub_schema_field(const struct hub_entity *e, struct hub_str name)
{
	uint64_t i;

	return hub_map_get(e->find, name, &i) ? &e->fields[i] : NULL;
}

const struct hub_codes *hub_schema_codes(const struct hub_schema *s, struct hub_str name)
{
	uint64_t i;

	return hub_map_get(s->find_list, name, &i) ? &s->lists[i] : NULL;
}

const struct hub_field *hub_schema_path(const struct hub_schema *s, struct hub_str path)
{
	const size_t dot = hub_str_find(path, HUB_STR("."), 0);

	if (dot == (size_t)-1)
		return NULL;
	const struct hub_entity *e = hub_schema_entity(s, hub_str_cut(path, 0, dot));
	return e ? hub_schema_field(e, hub_str_from(path, dot + 1)) : NULL;
}

const struct hub_code *hub_code_find(const struct hub_codes *list, struct hub_str text)
{
	char folded[512];
	uint64_t i;

	if (hub_map_get(list->find, text, &i))
		return &list->items[i];
	const struct hub_str f = {folded, hub_schema_fold(text, 0, folded, sizeof folded)};
	return f.len && !hub_str_eq(f, text) && hub_map_get(list->find, f, &i) ? &list->items[i]
									       : NULL;
}

const struct hub_alias *hub_schema_alias(const struct hub_schema *s, struct hub_str header)
{
	char folded[512];
	uint64_t i;
	const struct hub_str f = {folded, hub_schema_fold(header, 1, folded, sizeof folded)};

	return f.len && hub_map_get(s->find_alias, f, &i) ? &s->aliases[i] : NULL;
}

const struct hub_alias *hub_alias_next(const struct hub_schema *s, const struct hub_alias *at)
{
	return at->next ? &s->aliases[at->next - 1] : NULL;
}

/* Shorter words would be found inside innocent ones. */
enum { CONTAINED_MIN = 4 };

static int names_item(struct hub_str header, struct hub_str word, enum hub_ban ban)
{
	if (hub_str_eq(header, word))
		return 1;
	return ban == HUB_BAN_FORBIDDEN && hub_utf8_count(word) >= CONTAINED_MIN &&
	       hub_str_find(header, word, 0) != (size_t)-1;
}

const struct hub_banned *hub_schema_banned(const struct hub_schema *s, struct hub_str header)
{
	char folded[512];
	const struct hub_str h = {folded, hub_schema_fold(header, 1, folded, sizeof folded)};

	if (!h.len)
		return NULL;
	for (uint32_t i = 0; i < s->n_banned; i++) {
		const struct hub_banned *b = &s->banned[i];

		for (uint32_t k = 0; k < b->n_folded; k++)
			if (names_item(h, b->folded[k], b->ban))
				return b;
	}
	return NULL;
}

static void put_words(struct hub_buf *b, const struct hub_str *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		hub_buf_printf(b, "\x1f%.*s", HUB_FMT(words[i]));
	hub_buf_putc(b, '\n');
}

/* Everything that can change a result, in the order of the file, one thing a line. */
int hub_schema_seal(struct hub_schema *s)
{
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];

	hub_buf_init(&b, 16u << 20);
	hub_buf_printf(&b, "schema 1 %s\n", s->version.ptr);
	for (uint32_t i = 0; i < s->n_lists; i++) {
		hub_buf_printf(&b, "list %s\n", s->lists[i].name.ptr);
		for (uint32_t k = 0; k < s->lists[i].count; k++) {
			const struct hub_code *c = &s->lists[i].items[k];

			hub_buf_printf(&b, "code %s\x1f%s", c->code.ptr, c->label.ptr);
			put_words(&b, c->aliases, c->n_aliases);
		}
	}
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity *e = &s->entities[i];

		hub_buf_printf(&b, "entity %s %d %d %s %s\n", e->name.ptr, e->identified,
			       (int)e->subject, e->subject_ref ? e->subject_ref->name.ptr : "-",
			       e->case_ref ? e->case_ref->name.ptr : "-");
		for (uint32_t k = 0; k < e->count; k++) {
			const struct hub_field *f = &e->fields[k];

			hub_buf_printf(&b, "field %s %s %s %u %s %s %s", f->name.ptr,
				       hub_ftype_name(f->type), hub_fclass_name(f->pclass),
				       f->flags, f->codes ? f->codes->name.ptr : "-",
				       f->to ? f->to->name.ptr : "-", f->label.ptr);
			put_words(&b, f->aliases, f->n_aliases);
		}
	}
	for (uint32_t i = 0; i < s->n_banned; i++) {
		hub_buf_printf(&b, "ban %d %s", (int)s->banned[i].ban, s->banned[i].label.ptr);
		put_words(&b, s->banned[i].aliases, s->banned[i].n_aliases);
	}
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), sha))
		return -1;
	hub_hex(sha, sizeof sha, s->hash);
	return 0;
}
