/* The common case format for people: a reference in Markdown, and header lines for CSV. Japanese by
 * nature: it lists what stands on Japanese forms. */
#include "store/schema_out.h"

#define UNOFFICIAL "項目案・公式様式未確認"

/* Inside a table cell | and line ends would break the row. */
static void put_cell(struct hub_buf *out, struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '|' || s.ptr[i] == '\\' || s.ptr[i] == '*' || s.ptr[i] == '_' ||
		    s.ptr[i] == '<')
			hub_buf_putc(out, '\\');
		hub_buf_putc(out, s.ptr[i] == '\n' ? ' ' : s.ptr[i]);
	}
}

static void put_words(struct hub_buf *out, const struct hub_str *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			hub_buf_puts(out, "、");
		put_cell(out, words[i]);
	}
}

static void put_marks(struct hub_buf *out, const struct hub_field *f)
{
	static const struct {
		unsigned flag;
		const char *word;
	} marks[] = {{HUB_FF_REQUIRED, "必須"},        {HUB_FF_NATIONAL, "国報告"},
		     {HUB_FF_REVEALS, "居所が知れる"}, {HUB_FF_THIRD, "第三者"},
		     {HUB_FF_LOCAL, "独自"},           {HUB_FF_UNOFFICIAL, UNOFFICIAL}};
	int any = 0;

	for (size_t i = 0; i < HUB_COUNT(marks); i++)
		if (f->flags & marks[i].flag)
			hub_buf_printf(out, "%s%s", any++ ? "、" : "", marks[i].word);
}

static void put_field(struct hub_buf *out, const struct hub_field *f)
{
	hub_buf_puts(out, "| ");
	put_cell(out, f->label);
	hub_buf_printf(out, " | `%s` | %s", f->name.ptr, hub_ftype_name(f->type));
	if (f->codes)
		hub_buf_printf(out, " [%s](#コード表-%s)", f->codes->label.ptr, f->codes->name.ptr);
	if (f->to)
		hub_buf_printf(out, " → %s", f->to->label.ptr);
	hub_buf_printf(out, " | %s | ", hub_fclass_name(f->pclass));
	put_marks(out, f);
	hub_buf_puts(out, " | ");
	put_cell(out, f->form);
	hub_buf_printf(out, " | %c | ", f->source);
	put_words(out, f->aliases, f->n_aliases);
	hub_buf_puts(out, " | ");
	put_cell(out, f->note);
	hub_buf_puts(out, " |\n");
}

static void put_entity(struct hub_buf *out, const struct hub_entity *e)
{
	static const char *const whose[] = {[HUB_SUBJECT_NONE] = "なし（個人の情報を置かない）",
					    [HUB_SUBJECT_SELF] = "その人自身",
					    [HUB_SUBJECT_REF] = "",
					    [HUB_SUBJECT_CASE] = "事案の本人",
					    [HUB_SUBJECT_MEMBERS] = "世帯員の全員"};

	hub_buf_printf(out, "\n## %s `%s`\n\n", e->label.ptr, e->name.ptr);
	if (e->note.len)
		hub_buf_printf(out, "%s\n\n", e->note.ptr);
	hub_buf_printf(out, "表 `cc_%s`。誰の情報か: %s。%s\n\n", e->name.ptr,
		       e->subject_ref ? e->subject_ref->label.ptr : whose[e->subject],
		       e->identified ? "複数の記録が共有し、固有のキーをもつ。"
				     : "元の記録に付く。");
	hub_buf_puts(out, "| 項目 | id | 型 | 区分 | 印 | 様式 | 出典 | 別の表記 | 注 |\n"
			  "|---|---|---|---|---|---|---|---|---|\n");
	for (uint32_t i = 0; i < e->count; i++)
		put_field(out, &e->fields[i]);
}

static void put_list(struct hub_buf *out, const struct hub_codes *list)
{
	hub_buf_printf(out, "\n### コード表 %s\n\n%s%s%s\n\n", list->name.ptr, list->label.ptr,
		       list->note.len ? "。" : "", list->note.ptr);
	hub_buf_puts(out, "| コード | 名称 | 出典 | 別の表記 |\n|---|---|---|---|\n");
	for (uint32_t i = 0; i < list->count; i++) {
		const struct hub_code *c = &list->items[i];

		hub_buf_puts(out, "| ");
		put_cell(out, c->code);
		hub_buf_puts(out, " | ");
		put_cell(out, c->label);
		hub_buf_printf(out, " | %c%s | ", c->source,
			       c->source == 'K' || c->source == 'I' ? "（" UNOFFICIAL "）" : "");
		put_words(out, c->aliases, c->n_aliases);
		hub_buf_puts(out, " |\n");
	}
}

static void put_banned(struct hub_buf *out, const struct hub_schema *s, enum hub_ban ban)
{
	hub_buf_puts(out, "| 項目 | 別の表記 | 理由 | 出典 |\n|---|---|---|---|\n");
	for (uint32_t i = 0; i < s->n_banned; i++) {
		const struct hub_banned *b = &s->banned[i];

		if (b->ban != ban)
			continue;
		hub_buf_puts(out, "| ");
		put_cell(out, b->label);
		hub_buf_puts(out, " | ");
		put_words(out, b->aliases, b->n_aliases);
		hub_buf_puts(out, " | ");
		put_cell(out, b->why);
		hub_buf_printf(out, " | %c |\n", b->source);
	}
}

void hub_schema_md(const struct hub_schema *s, struct hub_buf *out)
{
	hub_buf_printf(out, "# %s %s\n\n%s\n\n", s->title.ptr, s->version.ptr, s->note.ptr);
	hub_buf_puts(out,
		     "`tsunagi schema --as md` が `schemas/` から作った。手で直さない。\n\n"
		     "出典: S 公表文で確認、P 姉妹様式で確認、V ベンダー資料、K 業務知識、I 本案、"
		     "L 独自。K と I は" UNOFFICIAL "。\n");
	for (uint32_t i = 0; i < s->n_entities; i++)
		put_entity(out, &s->entities[i]);
	hub_buf_puts(out, "\n## 取り込まない項目\n\nどこにも残さない（件数だけ報告する）:\n\n");
	put_banned(out, s, HUB_BAN_FORBIDDEN);
	hub_buf_puts(out, "\n対応づけで名指ししない限り取り込まない:\n\n");
	put_banned(out, s, HUB_BAN_DROPPED);
	hub_buf_puts(out, "\n## コード表\n");
	for (uint32_t i = 0; i < s->n_lists; i++)
		put_list(out, &s->lists[i]);
}

static void put_csv(struct hub_buf *out, struct hub_str s)
{
	if (!memchr(s.ptr, ',', s.len) && !memchr(s.ptr, '"', s.len) &&
	    !memchr(s.ptr, '\n', s.len)) {
		hub_buf_str(out, s);
		return;
	}
	hub_buf_putc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			hub_buf_putc(out, '"');
		hub_buf_putc(out, s.ptr[i]);
	}
	hub_buf_putc(out, '"');
}

void hub_schema_csv(const struct hub_schema *s, const struct hub_entity *only, struct hub_buf *out)
{
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity *e = &s->entities[i];

		if (only && e != only)
			continue;
		if (!only)
			put_csv(out, e->name);
		for (uint32_t k = 0; k < e->count; k++) {
			if (k || !only)
				hub_buf_putc(out, ',');
			put_csv(out, e->fields[k].label);
		}
		hub_buf_puts(out, "\r\n");
	}
}
