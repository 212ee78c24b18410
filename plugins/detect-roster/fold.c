#include "fold.h"

#include "jname.h"

enum { LEFT_OUT = 0x110000 }; /* no character */

static size_t put(uint32_t c, char *out)
{
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* What the hub's table of variants makes of a kanji; the character itself when it does not say. */
static uint32_t ask(const struct fold *f, uint32_t c)
{
	char utf8[4];
	struct hub_str key, one = {utf8, put(c, utf8)};

	if (f->host->fold(f->ctx, NULL, HUB_FOLD_NAME, one, &key) || key.len < 3)
		return c;
	const unsigned char *p = (const unsigned char *)key.ptr;
	if (key.len == 3 && p[0] >= 0xe0 && p[0] < 0xf0)
		return (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
	if (key.len == 4 && p[0] >= 0xf0)
		return (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u);
	return c;
}

/* Variants that are different characters by origin and are mixed up in names all the same. */
static uint32_t mixed_up(uint32_t c)
{
	switch (c) {
	case 0x4e4b: /* 之: 一之瀬, 一ノ瀬, 一の瀬 */
		return 0x30ce;
	case 0x57fc: /* 埼, 碕: 崎 */
	case 0x7895:
		return 0x5d0e;
	default:
		return jname_fold(c); /* 斉, 斎 and others */
	}
}

static uint32_t fold_kanji(const struct fold *f, uint32_t c)
{
	if (c >= 0xe000 && c < 0xf900)
		return c; /* a glyph of one site: only itself */
	if (c >= FOLD_MEMO) {
		const uint32_t k = jname_fold(c);
		return k != c ? k : mixed_up(ask(f, c));
	}
	const uint32_t k = mixed_up(ask(f, c));
	return k < FOLD_MEMO ? k : c;
}

static uint32_t fold_kana(uint32_t c)
{
	/* small kana, which JIS X 0201 data often has not, and those that sound the same */
	static const uint16_t large[0x60] = {
	    [0x01] = 0x30a2, [0x03] = 0x30a4, [0x05] = 0x30a6, [0x07] = 0x30a8, [0x09] = 0x30aa,
	    [0x22] = 0x30b8, [0x23] = 0x30c4, [0x25] = 0x30ba, [0x43] = 0x30e4, [0x45] = 0x30e6,
	    [0x47] = 0x30e8, [0x4e] = 0x30ef, [0x50] = 0x30a4, [0x51] = 0x30a8, [0x52] = 0x30aa,
	    [0x55] = 0x30ab, [0x56] = 0x30b1};

	if (c >= 0x3041 && c <= 0x3096)
		c += 0x60;
	return c >= 0x30a0 && large[c - 0x30a0] ? large[c - 0x30a0] : c;
}

static uint32_t fold_latin(uint32_t c)
{
	static const char plain[] =
	    "aaaaaaaceeeeiiiidnooooo/ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";
	/* Up to this one, from the one before: long vowels of transcribed Japanese, names of Europe and Vietnam. */
	static const struct {
		uint16_t last;
		char letter;
	} ranges[] = {{0xff, 0},     {0x105, 'a'},  {0x10d, 'c'},  {0x111, 'd'},  {0x11b, 'e'},
		      {0x123, 'g'},  {0x127, 'h'},  {0x133, 'i'},  {0x135, 'j'},  {0x138, 'k'},
		      {0x142, 'l'},  {0x14b, 'n'},  {0x153, 'o'},  {0x159, 'r'},  {0x161, 's'},
		      {0x167, 't'},  {0x173, 'u'},  {0x175, 'w'},  {0x178, 'y'},  {0x17e, 'z'},
		      {0x19f, 0},    {0x1a1, 'o'},  {0x1ae, 0},    {0x1b0, 'u'},  {0x1e9f, 0},
		      {0x1eb7, 'a'}, {0x1ec7, 'e'}, {0x1ecb, 'i'}, {0x1ee3, 'o'}, {0x1ef1, 'u'},
		      {0x1ef9, 'y'}};
	uint32_t k = 0;

	if (c >= 'A' && c <= 'Z')
		return c + 32;
	if (c >= 0xc0 && c <= 0xff && c != 0xd7 && c != 0xf7)
		return (unsigned char)plain[c - 0xc0];
	while (k < sizeof ranges / sizeof *ranges && c > ranges[k].last)
		k++;
	return k < sizeof ranges / sizeof *ranges && ranges[k].letter
		   ? (unsigned char)ranges[k].letter
		   : c;
}

static uint32_t fold_any(const struct fold *f, uint32_t c)
{
	if (c < 0x3000)
		return c < 'A' ? c : fold_latin(c);
	if (c < 0x3100)
		return fold_kana(c);
	return jt_class_of(c) == JT_KANJI ? fold_kanji(f, c) : c;
}

/* Ken'ichiro, Chol-su, ジャン＝ポール; た、か、は、し */
static int may_join(uint32_t c)
{
	return c == '\'' || c == '-' || c == '=' || c == 0x2019 || c == 0x3001;
}

/* What fold_read makes of it depends on what stands beside it. It is not remembered: all others are told by one look. */
static int depends(uint32_t c)
{
	return fold_is_gap(c) || may_join(c) || c == 0x3005;
}

uint32_t fold_ask(const struct fold *f, uint32_t c)
{
	const uint32_t k = fold_any(f, c);

	if (c < FOLD_MEMO && !depends(c))
		f->memo[c] = (uint16_t)k;
	return k;
}

/* The mark at i stands inside of a name: letters or katakana on both sides; 、 behind a kana that stands alone. */
static int joins(const struct jtext *t, uint32_t i)
{
	const enum jt_class before = jt_cls(t, i - 1);

	if (!may_join(t->cp[i]) || jt_cls(t, i + 1) != before)
		return 0;
	if (t->cp[i] == 0x3001)
		return (before == JT_HIRA || before == JT_KATA) && jt_cls(t, i - 2) != before;
	return before == JT_LATIN || before == JT_KATA;
}

/* A character that is not remembered, behind those before it; LEFT_OUT: none that is compared. */
static uint32_t fold_beside(const struct fold *f, const struct jtext *t, uint32_t i,
			    const struct fold_seq *before)
{
	const uint32_t c = t->cp[i], n = before->n;

	if (fold_is_gap(c) || joins(t, i))
		return LEFT_OUT;
	/* 佐々木 = 佐佐木 */
	if (c == 0x3005 && n && jt_cls(t, before->at[n - 1]) == JT_KANJI)
		return before->sym[n - 1];
	return fold_char(f, c);
}

int fold_read(const struct fold *f, const struct jtext *t, uint32_t from, uint32_t to,
	      struct jpool *pool, struct fold_seq *out)
{
	const uint32_t room = to - from + JT_PAD;
	uint32_t *sym = jpool_get(pool, (size_t)room * 2 * sizeof *sym), *at = sym + room, n = 0;
	const uint16_t *memo = f->memo;
	const uint32_t *cp = t->cp;

	if (!sym)
		return -1;
	for (uint32_t i = from; i < to; i++) {
		uint32_t k = cp[i] < FOLD_MEMO ? memo[cp[i]] : 0;
		if (!k)
			k = fold_beside(f, t, i, &(struct fold_seq){sym, at, n});
		if (k == LEFT_OUT)
			continue;
		sym[n] = k;
		at[n++] = i;
	}
	at[n] = to;
	memset(sym + n, 0, JT_PAD * sizeof *sym);
	*out = (struct fold_seq){.sym = sym, .at = at, .n = n};
	return 0;
}
