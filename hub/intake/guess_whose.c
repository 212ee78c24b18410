/* Whose a column is: the client's, of who came, of a relative, or of anybody else. */
#include "intake/guess_in.h"

#include "base/err.h"

static int may_name(const struct guess_words *w)
{
	for (uint32_t k = 0; k < w->n; k++)
		if (w->cand[k].score >= 80 && hub_str_is(w->cand[k].field->name, "name") &&
		    hub_str_is(w->cand[k].field->entity->name, "person"))
			return 1;
	return 0;
}

static int is_visitors(const struct hub_field *f)
{
	return hub_str_starts(f->name, HUB_STR("visitor_"));
}

enum guess_whose hub_guess_whose(struct hub_str s)
{
	static const char *const visitors[] = {"相談者", "来談者", "来所者", "連絡者",
					       "通報者", "申込者", "申請者"};
	static const char *const clients[] = {"本人",   "ご本人",     "相談対象者", "対象者",
					      "利用者", "支援対象者", "被相談者"};

	for (size_t k = 0; k < HUB_COUNT(visitors); k++)
		if (hub_str_starts(s, hub_str_of(visitors[k])))
			return WHOSE_VISITOR;
	for (size_t k = 0; k < HUB_COUNT(clients); k++)
		if (hub_str_starts(s, hub_str_of(clients[k])) &&
		    hub_str_find(s, HUB_STR("との"), 0) ==
			(size_t)-1) /* 本人との続柄: somebody else's */
			return WHOSE_CLIENT;
	return WHOSE_NOBODY;
}

/* 相談者氏名, by the schema's own words; 相談者_生年月日, by whose it is. */
static int of_visitor(const struct guess_col *c, const struct guess_words *w)
{
	if (hub_guess_whose(c->name) == WHOSE_VISITOR)
		return 1;
	for (uint32_t k = 0; k < w->n; k++)
		if (w->cand[k].score >= 80 && is_visitors(w->cand[k].field))
			return 1;
	return 0;
}

/* The column that names who came, where the client is named further right: what stands between is of who came, too.
 * g->cols: there is none. */
static uint32_t visitor_before(const struct hub_guess *g, const struct guess_words *words,
			       uint32_t *until)
{
	uint32_t came = g->cols;

	for (uint32_t i = 0; i < g->cols; i++) {
		const int visitor = of_visitor(&g->col[i], &words[i]);
		if (!visitor && may_name(&words[i])) {
			*until = i;
			return came;
		}
		if (visitor && came == g->cols)
			came = i;
	}
	return g->cols;
}

/* 続柄, 電話 and the like behind it: as the schema has them of who came. Whatever else says whose it is stays. */
static void of_who_came(struct hub_guess *g, struct guess_words *words, uint32_t from,
			uint32_t until)
{
	for (uint32_t i = from + 1; i < until; i++) {
		struct guess_words *w = &words[i], theirs;
		const struct hub_str name = hub_str_trim(g->col[i].name);
		const int bare = w->n && w->cand[0].score >= 80 &&
				 (hub_guess_is_of_self(w->cand[0].field) ||
				  hub_str_is(w->cand[0].field->name, "relation"));
		if (!bare || hub_guess_whose(name) != WHOSE_NOBODY)
			continue;
		const struct hub_str full = hub_arena_printf(g->arena, "相談者%.*s", HUB_FMT(name));
		theirs.n = hub_guess_candidates(g->schema, full, theirs.cand, GUESS_CANDS);
		uint32_t kept = 0;
		for (uint32_t k = 0; k < theirs.n; k++)
			if (is_visitors(theirs.cand[k].field))
				w->cand[kept++] = theirs.cand[k];
		if (!kept)
			hub_guess_mean(&g->col[i], w->cand[0].field, 50,
				       hub_tr("of who came, not of the client"));
		w->n = kept;
	}
}

/* 相談者 is the client where nobody else is named, and who came for the client (本人氏名, 氏名) where somebody is: then
 * the address behind it is not the client's either. */
void hub_guess_part_visitor(struct hub_guess *g, struct guess_words *words)
{
	int other = 0, came = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		came |= of_visitor(&g->col[i], &words[i]);
		other |= may_name(&words[i]) && !of_visitor(&g->col[i], &words[i]);
	}
	for (uint32_t i = 0; other && i < g->cols; i++) {
		struct guess_words *w = &words[i];
		const struct hub_field *clients = NULL;
		if ((came && hub_str_find(g->col[i].name, HUB_STR("本人との"), 0) != (size_t)-1) ||
		    (hub_guess_whose(g->col[i].name) == WHOSE_VISITOR &&
		     hub_str_ends(g->col[i].name, HUB_STR("続柄")))) /* 来所者続柄 */
			w->n = hub_guess_candidates(g->schema, HUB_STR("来談者続柄"), w->cand,
						    GUESS_CANDS);
		uint32_t kept = 0, n = of_visitor(&g->col[i], w) ? w->n : 0;
		for (uint32_t k = n; k-- > 0;)
			if (hub_str_is(w->cand[k].field->entity->name, "person"))
				clients = w->cand[k].field;
		for (uint32_t k = 0; clients && k < n; k++)
			if (is_visitors(w->cand[k].field))
				w->cand[kept++] = w->cand[k];
		w->n = clients ? kept : w->n;
		if (clients && !kept)
			hub_guess_mean(&g->col[i], clients, 50,
				       hub_tr("of who came, not of the client"));
	}
	uint32_t until = 0;
	const uint32_t came_at = visitor_before(g, words, &until);
	if (came_at < g->cols)
		of_who_came(g, words, came_at, until);
}

int hub_guess_is_of_self(const struct hub_field *f)
{
	return hub_str_is(f->entity->name, "person") &&
	       (f->type == HUB_F_NAME || f->type == HUB_F_KANA || f->type == HUB_F_PHONE ||
		f->type == HUB_F_ADDRESS || f->type == HUB_F_POSTAL ||
		hub_str_is(f->name, "birth_date") || hub_str_is(f->name, "sex") ||
		hub_str_is(f->name, "email"));
}

/* What may stand before a word that says what a thing is, and the thing is still the client's. */
static int speaks_of_client(struct hub_str header)
{
	static const char *const words[] = {
	    "自宅",   "携帯",   "固定",         "現",       "ご",       "お",     "主な",
	    "主たる", "日中",   "昼間",         "夜間",     "居住",     "居所",   "住民",
	    "連絡",   "登録",   "今の",         "児童",     "生徒",     "学生",   "患者",
	    "当事者", "会員",   "高齢者",       "障害者",   "障がい者", "障害児", "要支援",
	    "要援護", "要配慮", "受給",         "入居",     "入所",     "通称",   "漢字",
	    "正式",   "戸籍",   "クライエント", "被保険者", "参加者",   "contact"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_starts(header, hub_str_of(words[i])))
			return 1;
	return hub_guess_whose(header) == WHOSE_CLIENT;
}

static int speaks_of_kin(struct hub_str header)
{
	static const char *const words[] = {
	    "配偶者", "夫",   "妻",   "父",   "母",   "兄",     "姉",     "弟",     "妹",   "祖",
	    "長男",   "長女", "次男", "二男", "次女", "二女",   "息子",   "娘",     "子の", "孫",
	    "親",     "家族", "同居", "後見", "連絡", "介護者", "世帯主", "保護者", "扶養"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(header, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	return 0;
}

static int speaks_of_other(struct hub_str header)
{
	static const char *const words[] = {
	    "民生", "委員", "ケアマネ", "担当", "職員", "相談員", "支援員", "支援者", "家主",
	    "大家", "医",   "紹介",     "通報", "加害", "保証",   "代理",   "隣",     "知人",
	    "友人", "勤務", "学校",     "会社", "施設", "事業",   "記録",   "作成",   "記入",
	    "受付", "対応", "調査",     "訪問", "申立", "法人",   "代表",   "送付"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(header, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	return speaks_of_kin(header);
}

/* What stands in front of the word of the schema that a header ends with. */
static struct hub_str owner_of(const struct hub_guess *g, struct hub_str header)
{
	for (size_t at = 1; at < header.len; at++)
		if (((unsigned char)header.ptr[at] & 0xc0) != 0x80 &&
		    hub_schema_alias(g->schema, hub_str_from(header, at)))
			return hub_str_cut(header, 0, at);
	return (struct hub_str){"", 0};
}

/* 園児氏名, where no other column has the name of a client: then 園児住所 is the client's, too. */
static struct hub_str client_of(const struct hub_guess *g, const struct guess_words *words)
{
	struct hub_str owner = {"", 0};

	for (uint32_t i = 0; i < g->cols; i++)
		for (uint32_t k = 0; k < words[i].n; k++) {
			const struct guess_cand *c = &words[i].cand[k];
			const int name = hub_str_is(c->field->entity->name, "person") &&
					 hub_str_is(c->field->name, "name");
			if ((name || hub_str_is(c->field->name, "subject_name")) && c->score > 60)
				return (struct hub_str){"", 0};
			if (name && !owner.len && !speaks_of_other(g->col[i].name))
				owner = owner_of(g, g->col[i].name);
		}
	return owner;
}

/* The group of columns that a header of two lines begins with; empty: none. */
static struct hub_str group_in(struct hub_str header)
{
	const size_t bar = hub_str_find(header, HUB_STR("_"), 1);

	return hub_str_cut(header, 0, bar == (size_t)-1 ? 0 : bar);
}

static int has_client_group(const struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->cols; i++)
		if (hub_guess_whose(group_in(g->col[i].name)) == WHOSE_CLIENT)
			return 1;
	return 0;
}

/* 民生委員電話, 勤務先住所, 加害者電話: the end of a header says what it is; of whom, its beginning, and that is not the
 * client. Of 民生委員 | 電話 the group says it, and where one is the client's, any other is somebody else's. */
void hub_guess_part_others(struct hub_guess *g, struct guess_words *words)
{
	const struct hub_str client = client_of(g, words);
	const int grouped = has_client_group(g);

	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_words *w = &words[i];
		const struct hub_str name = g->col[i].name, group = group_in(name);
		const int own = speaks_of_client(name) || hub_guess_whose(name) != WHOSE_NOBODY ||
				(client.len && hub_str_starts(name, client));
		const int sure = group.len && (grouped || speaks_of_other(group)) ? 80 : 60;
		uint32_t kept = 0;
		for (uint32_t k = 0; k < w->n; k++)
			if (own || w->cand[k].score > sure ||
			    !(hub_guess_is_of_self(w->cand[k].field) ||
			      (hub_str_is(w->cand[k].field->name, "age") && speaks_of_kin(name))))
				w->cand[kept++] = w->cand[k];
			else
				g->col[i].others = w->cand[k].field;
		w->n = kept;
	}
}

/* The column whose name is `stem` and that word; g->cols: there is none. */
static uint32_t named(const struct hub_guess *g, struct hub_str stem, const char *word)
{
	uint32_t i = 0;

	while (i < g->cols && !(hub_str_starts(g->col[i].name, stem) &&
				hub_str_is(hub_str_from(g->col[i].name, stem.len), word)))
		i++;
	return i;
}

void hub_guess_part_names(struct hub_guess *g, struct guess_words *words)
{
	static const char *const pairs[][2] = {
	    {"姓", "名"}, {"セイ", "メイ"}, {"姓カナ", "名カナ"}};

	for (uint32_t i = 0; i < g->cols; i++)
		for (size_t p = 0; p < HUB_COUNT(pairs); p++) {
			struct hub_str stem = g->col[i].name;
			if (!hub_str_ends(stem, hub_str_of(pairs[p][0])))
				continue;
			stem.len -= strlen(pairs[p][0]);
			const uint32_t given = named(g, stem, pairs[p][1]);
			if (given == g->cols || !stem.len || speaks_of_other(stem) ||
			    hub_guess_whose(stem) == WHOSE_VISITOR)
				continue;
			words[i].n = hub_guess_candidates(g->schema, hub_str_of(pairs[p][0]),
							  words[i].cand, GUESS_CANDS);
			words[given].n = hub_guess_candidates(g->schema, hub_str_of(pairs[p][1]),
							      words[given].cand, GUESS_CANDS);
		}
}

/* The column that says what the person of the name is to the client: right before it, or behind it and before the next
 * name. g->cols: there is none. */
static uint32_t kin_beside(const struct hub_guess *g, const struct guess_words *words,
			   uint32_t name)
{
	if (hub_str_is(g->col[name - 1].name, "続柄"))
		return name - 1;
	for (uint32_t i = name + 1; i < g->cols && !may_name(&words[i]); i++)
		if (hub_str_is(g->col[i].name, "続柄"))
			return i;
	return g->cols;
}

/* 氏名, 電話, 続柄, 氏名, 電話: a name that comes once more beside a 続柄 is a relative's, and so is what stands behind. */
void hub_guess_part_relative(struct hub_guess *g, struct guess_words *words)
{
	static const char *const rest[] = {"phone", "address"};
	uint32_t first = 0;

	/* 緊急連絡先, 続柄: whose number it is, and not what the client is to anybody */
	for (uint32_t i = 1; i < g->cols; i++)
		if (hub_str_is(g->col[i].name, "続柄") && words[i - 1].n &&
		    words[i - 1].cand[0].field->flags & HUB_FF_THIRD &&
		    hub_str_is(words[i - 1].cand[0].field->entity->name, "relationship"))
			words[i].n = hub_guess_candidates(g->schema, HUB_STR("関係者続柄"),
							  words[i].cand, GUESS_CANDS);

	while (first < g->cols && !may_name(&words[first]))
		first++;
	for (uint32_t i = first + 1; i < g->cols; i++) {
		if (!may_name(&words[i]) || !hub_str_eq(g->col[i].name, g->col[first].name))
			continue;
		const uint32_t kin = kin_beside(g, words, i);
		if (kin == g->cols)
			continue;
		words[i].n = hub_guess_candidates(g->schema, HUB_STR("関係者氏名"), words[i].cand,
						  GUESS_CANDS);
		words[kin].n = hub_guess_candidates(g->schema, HUB_STR("関係者続柄"),
						    words[kin].cand, GUESS_CANDS);
		for (uint32_t k = i + 1; k < g->cols; k++)
			for (size_t f = 0; f < HUB_COUNT(rest); f++)
				if (k != kin && words[k].n &&
				    hub_str_is(words[k].cand[0].field->name, rest[f]))
					words[k].n = hub_guess_candidates(
					    g->schema,
					    f ? HUB_STR("関係者住所") : HUB_STR("関係者電話番号"),
					    words[k].cand, GUESS_CANDS);
		return;
	}
}

/* 番号, 氏名, 生年月日, 番号, 氏名, 生年月日: all columns come again. 0: they do not; else where. */
static uint32_t come_again(const struct hub_guess *g, const struct guess_words *words, uint32_t *n)
{
	int named = 0;

	for (uint32_t at = 2; at < g->cols; at++) {
		if (!g->col[0].name.len || !hub_str_eq(g->col[at].name, g->col[0].name))
			continue;
		for (*n = at; g->col[*n - 1].name.len == 0;)
			--*n;
		for (uint32_t i = 0; i < *n; i++) {
			if (at + i >= g->cols || !hub_str_eq(g->col[at + i].name, g->col[i].name))
				return 0;
			named |= may_name(&words[i]);
		}
		return named && *n > 1 ? at : 0;
	}
	return 0;
}

int hub_guess_refuse_beside(const struct hub_guess *g, const struct guess_words *words,
			    struct hub_err *err)
{
	uint32_t n;
	const uint32_t at = come_again(g, words, &n);

	if (!at)
		return HUB_OK;
	(void)hub_fail(
	    err, HUB_REJECT, "columns-again",
	    "the columns 1 to %u come again from column %u on: two tables side by side, or "
	    "several people in a row",
	    n, at + 1);
	hub_hint(err, "Put them below one another: only the first ones of each row would be read.");
	return HUB_REJECT;
}
