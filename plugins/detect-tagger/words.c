#include "words.h"

#include "hash.h"

#include <mecab.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_LONGEST = 512 };

struct words {
	mecab_model_t *model; /* one of the shared ones */
	mecab_t *tagger;
	mecab_lattice_t *lattice;
};

/* A dictionary is 50 MB of read-only memory, and the mapping workers want the same one: MeCab's models
 * may be used by many threads. Kept while somebody uses it; a second folder is opened for itself. */
static struct {
	pthread_mutex_t lock;
	mecab_model_t *model;
	char folder[PATH_LONGEST];
	unsigned users;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static mecab_model_t *open_model(const char *folder)
{
	const char *argv[] = {"mecab", "-r", "/dev/null", "-d", folder};

	return mecab_model_new(5, (char **)(uintptr_t)argv); /* reads them only */
}

static mecab_model_t *take_model(const char *folder)
{
	mecab_model_t *model;

	pthread_mutex_lock(&shared.lock);
	if (!shared.users && (shared.model = open_model(folder)))
		snprintf(shared.folder, sizeof shared.folder, "%s", folder);
	if (shared.model && strcmp(shared.folder, folder) == 0) {
		model = shared.model;
		shared.users++;
	} else {
		model = shared.users ? open_model(folder) : NULL;
	}
	pthread_mutex_unlock(&shared.lock);
	return model;
}

static void give_model(mecab_model_t *model)
{
	pthread_mutex_lock(&shared.lock);
	if (model != shared.model)
		mecab_model_destroy(model);
	else if (--shared.users == 0) {
		mecab_model_destroy(shared.model);
		shared.model = NULL;
	}
	pthread_mutex_unlock(&shared.lock);
}

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

/* Is it IPADIC, in UTF-8? Its numbers of parts of speech are what the model was trained with. */
static int is_ipadic(struct words *w)
{
	static const char probe[] = "\xe9\x88\xb4\xe6\x9c\xa8"; /* 鈴木 */

	mecab_lattice_set_sentence2(w->lattice, probe, sizeof probe - 1);
	if (!mecab_parse_lattice(w->tagger, w->lattice))
		return 0;
	const mecab_node_t *n = mecab_lattice_get_bos_node(w->lattice)->next;
	return n->length == sizeof probe - 1 && n->posid == TAG_SURNAME;
}

int words_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str dictionary,
	       struct words **out, struct hub_err *err)
{
	char room[PATH_LONGEST];
	struct words *w = host->alloc(ctx, NULL, sizeof *w);
	const char *folder = find(dictionary, room);

	if (!w)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	if (!folder)
		return refuse(host, dictionary, err);
	w->model = take_model(folder);
	w->tagger = w->model ? mecab_model_new_tagger(w->model) : NULL;
	w->lattice = w->tagger ? mecab_model_new_lattice(w->model) : NULL;
	if (!w->lattice || !is_ipadic(w)) {
		words_close(w);
		const int rc = HUB_FAIL(host, err, HUB_RETRY, "dictionary-unusable",
					"%s is no IPADIC dictionary in UTF-8", folder);
		host->hint(err, "Install the package mecab-ipadic-utf8, or name its folder with "
				"the option \"dictionary\".");
		return rc;
	}
	*out = w;
	return HUB_OK;
}

void words_close(struct words *w)
{
	if (w->lattice)
		mecab_lattice_destroy(w->lattice);
	if (w->tagger)
		mecab_destroy(w->tagger);
	if (w->model)
		give_model(w->model);
}

static void add(struct seq *s, uint32_t from, uint32_t to, const mecab_node_t *n)
{
	struct seq_word *w = &s->word[s->words];

	*w = (struct seq_word){.from = (uint16_t)from, .to = (uint16_t)to};
	w->tag = (uint8_t)(n->posid + (n->stat == MECAB_UNK_NODE ? TAG_UNKNOWN : 0));
	w->hash = hash_bytes(n->surface, n->length);
	for (uint32_t i = from; i < to; i++)
		s->word_of[i] = (uint16_t)s->words;
	s->words++;
}

/* Spaces belong to no word of the dictionary: they become words of tag 0. */
int words_mark(struct words *w, struct seq *s)
{
	static const mecab_node_t gap = {.surface = " ", .length = 1};
	uint32_t i = 0;

	s->words = 0;
	mecab_lattice_set_sentence2(w->lattice, s->text, s->byte[s->n]);
	if (!mecab_parse_lattice(w->tagger, w->lattice))
		return -1;
	for (const mecab_node_t *n = mecab_lattice_get_bos_node(w->lattice)->next;
	     n && n->stat != MECAB_EOS_NODE; n = n->next) {
		const size_t start = (size_t)(n->surface - s->text), end = start + n->length;
		const uint32_t blank = i;
		while (i < s->n && s->byte[i] < start)
			i++;
		if (i > blank)
			add(s, blank, i, &gap);
		const uint32_t from = i;
		while (i < s->n && s->byte[i] < end)
			i++;
		if (i > from)
			add(s, from, i, n);
	}
	if (i < s->n)
		add(s, i, s->n, &gap);
	return 0;
}
