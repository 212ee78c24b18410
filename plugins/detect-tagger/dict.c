#include "dict.h"
#include "plain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LONGEST = 512, HEAD = 10 * 4 + 32, VERSION = 102, CLASS_NAME = 32 };

/* ---- where it is ---- */

static int is_dictionary(const char *folder)
{
	char path[PATH_LONGEST + 16];

	return snprintf(path, sizeof path, "%s/sys.dic", folder) < (int)sizeof path &&
	       access(path, R_OK) == 0;
}

/* "dicdir = PATH" of /etc/mecabrc names the site's default dictionary, which may be any: IPADIC in
 * UTF-8 stands beside it. */
static int beside_default(char out[PATH_LONGEST])
{
	char line[PATH_LONGEST];
	FILE *f = fopen("/etc/mecabrc", "re");
	int found = 0;

	while (f && !found && fgets(line, sizeof line, f)) {
		const char *eq = strchr(line, '=');
		size_t key = strspn(line, " \t");
		if (!eq || strncmp(line + key, "dicdir", 6) != 0)
			continue;
		eq += 1 + strspn(eq + 1, " \t");
		char *slash = strrchr(eq, '/');
		if (!slash)
			continue;
		found = snprintf(out, PATH_LONGEST, "%.*s/ipadic-utf8", (int)(slash - eq), eq) <
			    PATH_LONGEST &&
			is_dictionary(out);
	}
	if (f)
		fclose(f);
	return found;
}

static const char *find(struct hub_str wanted, char room[PATH_LONGEST])
{
	static const char *const places[] = {"/var/lib/mecab/dic/ipadic-utf8",
					     "/usr/lib/mecab/dic/ipadic-utf8",
					     "/usr/share/mecab/dic/ipadic-utf8"};

	if (wanted.len) {
		snprintf(room, PATH_LONGEST, "%.*s", (int)wanted.len, wanted.ptr);
		return is_dictionary(room) ? room : NULL;
	}
	if (beside_default(room))
		return room;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (is_dictionary(places[i]))
			return places[i];
	return NULL;
}

static int refuse(const struct hub_host *host, struct hub_str wanted, struct hub_err *err)
{
	int rc;

	if (wanted.len)
		rc = HUB_FAIL(host, err, HUB_RETRY, "dictionary-missing",
			      "no MeCab dictionary in %.*s", (int)wanted.len, wanted.ptr);
	else
		rc = HUB_FAIL(host, err, HUB_RETRY, "dictionary-missing",
			      "the MeCab dictionary IPADIC (UTF-8) is not installed");
	host->hint(err, "Install the package mecab-ipadic-utf8, or name its folder with the option "
			"\"dictionary\".");
	return rc;
}

/* ---- its files ---- */

static int map_file(const char *folder, const char *name, struct dict_map *m)
{
	char path[PATH_LONGEST + 16];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	const int ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > HEAD;
	const size_t len = ok ? (size_t)st.st_size : 0;
	const void *at = ok ? mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	close(fd);
	if (at == MAP_FAILED)
		return -1;
	*m = (struct dict_map){at, len};
	return 0;
}

/* Head: magic, version, type, words, lefts, rights, bytes of the double array, of the tokens, of the
 * features, 0; then the charset. */
static int read_lexicon(const struct dict_map *m, struct dict_lexicon *x, uint32_t *lefts,
			uint32_t *rights)
{
	const uint32_t *head = m->at;
	const char *charset = (const char *)m->at + HEAD - 32, *body = (const char *)m->at + HEAD;

	if (head[1] != VERSION || strncmp(charset, "UTF-8", 32) != 0 || head[6] % 8 ||
	    head[7] % sizeof *x->token || head[6] > m->len || head[7] > m->len ||
	    (size_t)HEAD + head[6] + head[7] > m->len)
		return -1;
	*lefts = head[4];
	*rights = head[5];
	*x = (struct dict_lexicon){.unit = (const void *)body,
				   .units = head[6] / 8,
				   .token = (const void *)(body + head[6]),
				   .tokens = head[7] / (uint32_t)sizeof *x->token};
	return x->units ? 0 : -1;
}

static int read_matrix(struct dict *d)
{
	const uint16_t *head = d->map[2].at;

	d->rights = head[0];
	d->lefts = head[1];
	d->matrix = (const int16_t *)(const void *)(head + 2);
	return d->map[2].len >= 4 + (size_t)d->rights * d->lefts * sizeof *d->matrix ? 0 : -1;
}

static uint32_t walk_all(const struct dict_lexicon *x, const char *bytes)
{
	return dict_walk(x, (uint32_t)x->unit[0].base, bytes, (uint32_t)strlen(bytes));
}

static int read_classes(struct dict *d)
{
	const char *at = d->map[3].at;
	uint32_t n;

	memcpy(&n, at, sizeof n);
	const size_t names = sizeof n + (size_t)n * CLASS_NAME;
	if (n > DICT_CLASSES || d->map[3].len < names + DICT_CHARS * sizeof *d->classes)
		return -1;
	d->classes = (const void *)(at + names);
	for (uint32_t i = 0; i < n; i++) {
		char name[CLASS_NAME + 1] = {0};
		memcpy(name, at + sizeof n + i * CLASS_NAME, CLASS_NAME);
		const uint32_t state = walk_all(&d->unknown, name);
		d->unknown_of[i].token = dict_tokens(&d->unknown, state, &d->unknown_of[i].n);
		if (!d->unknown_of[i].token)
			return -1;
	}
	return 0;
}

static int read_all(struct dict *d, const char *folder)
{
	static const char *const names[] = {"sys.dic", "unk.dic", "matrix.bin", "char.bin"};
	static const char probe[] = "\xe9\x88\xb4\xe6\x9c\xa8"; /* 鈴木 */
	uint32_t l, r, lu, ru, n = 0;

	for (int i = 0; i < 4; i++)
		if (map_file(folder, names[i], &d->map[i]))
			return -1;
	if (read_lexicon(&d->map[0], &d->words, &l, &r) ||
	    read_lexicon(&d->map[1], &d->unknown, &lu, &ru) || read_matrix(d) || read_classes(d) ||
	    l != d->lefts || r != d->rights || lu != l || ru != r)
		return -1;
	const struct dict_token *t = dict_tokens(&d->words, walk_all(&d->words, probe), &n);
	for (; n > 0; n--, t++)
		if (t->tag == DICT_SURNAME)
			return 0;
	return -1;
}

int dict_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str folder,
	      struct dict *d, struct hub_err *err)
{
	char room[PATH_LONGEST];
	const char *found = find(folder, room);

	*d = (struct dict){.first = host->alloc(ctx, NULL, DICT_FIRST * sizeof *d->first),
			   .pair = host->alloc(ctx, NULL, DICT_PAIRS * sizeof *d->pair)};
	if (!d->first || !d->pair)
		return NO_MEMORY(host, err);
	if (!found)
		return refuse(host, folder, err);
	errno = 0;
	if (read_all(d, found)) {
		const int why = errno;
		dict_close(d);
		if (why == EMFILE || why == ENFILE || why == ENOMEM || why == EAGAIN)
			return HUB_FAIL(host, err, HUB_FATAL, "dictionary-unreadable",
					"no memory or no free file descriptor to read %s", found);
		const int rc = HUB_FAIL(host, err, HUB_RETRY, "dictionary-unusable",
					"%s is no IPADIC dictionary in UTF-8", found);
		host->hint(err, "Install the package mecab-ipadic-utf8, or name its folder with "
				"the option \"dictionary\".");
		return rc;
	}
	return HUB_OK;
}

void dict_close(struct dict *d)
{
	for (int i = 0; i < 4; i++)
		if (d->map[i].at)
			munmap((void *)(uintptr_t)d->map[i].at, d->map[i].len);
}

/* ---- looking up ---- */

uint32_t dict_first(struct dict *d, uint32_t c, const char *bytes, uint32_t n)
{
	if (c >= DICT_FIRST)
		return dict_walk(&d->words, (uint32_t)d->words.unit[0].base, bytes, n);
	if (!d->first[c])
		d->first[c] = dict_walk(&d->words, (uint32_t)d->words.unit[0].base, bytes, n) + 1;
	return d->first[c] - 1;
}
