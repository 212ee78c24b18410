#include "release/keyring.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT = 16 << 20 };

/* --- reading --------------------------------------------------------------------------------------- */

static int exposed(const char *path, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_REFUSED, "keys-exposed",
		     "the key file %s can be read or changed by others than its owner", path);

	hub_hint(err,
		 "It must be a file of the user the hub runs as, with mode 0600: chmod 600 %s. "
		 "If somebody may have read it: tsunagi release keys rotate RECIPIENT.",
		 path);
	return rc;
}

/* Looked at through the open descriptor: nobody can put another file in its place in between. */
static int check_owner(int fd, const char *path, struct hub_err *err)
{
	struct stat st;

	if (fstat(fd, &st))
		return hub_fail_sys(err, HUB_FATAL, "keys-unreadable", errno, path);
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077))
		return exposed(path, err);
	return HUB_OK;
}

static int read_all(struct hub_arena *a, int fd, const char *path, struct hub_str *out,
		    struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	ssize_t n;

	hub_buf_init(&b, FILE_LIMIT);
	do {
		char *room = hub_buf_room(&b, 1 << 16);
		if (!room)
			return hub_fail_mem(err);
		n = hub_read(fd, room, 1 << 16);
		if (n < 0)
			return hub_fail_sys(err, HUB_FATAL, "keys-unreadable", errno, path);
		b.len += (size_t)n;
	} while (n > 0);
	*out = hub_arena_str(a, hub_buf_text(&b));
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

static int take_line(struct hub_str line, struct hub_key *k)
{
	struct hub_str number, hex;

	if (!hub_str_next(&line, '\t', &k->recipient) || !hub_str_next(&line, '\t', &number) ||
	    !hub_str_next(&line, '\t', &k->day) || !hub_str_next(&line, '\t', &hex) || line.len ||
	    k->recipient.len == 0 || hub_parse_i64(number, 1, INT64_MAX, &k->number) ||
	    hex.len != 2 * HUB_KEY_BYTES)
		return -1;
	return hub_unhex(hex, k->bytes);
}

static int parse(struct hub_arena *a, const char *path, struct hub_str text,
		 struct hub_keyring *out, struct hub_err *err)
{
	struct hub_str line;
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	struct hub_key *key = hub_alloc_array(a, lines, sizeof *key);
	if (!key)
		return hub_fail_mem(err);
	*out = (struct hub_keyring){.key = key};
	for (int64_t n = 1; hub_str_next(&text, '\n', &line); n++) {
		if (line.len == 0 || line.ptr[0] == '#' || !take_line(line, &key[out->n])) {
			out->n += line.len > 0 && line.ptr[0] != '#';
			continue;
		}
		const int rc = hub_fail(err, HUB_INTEGRITY, "keys-broken",
					"the key file is damaged in line %lld", (long long)n);
		hub_where(err, "%s", path);
		hub_hint(err, "Take it back from a backup: other keys make other pseudonyms.");
		return rc;
	}
	return HUB_OK;
}

int hub_keyring_read(struct hub_arena *a, const char *path, struct hub_keyring *out,
		     struct hub_err *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct hub_str text;
	int rc;

	*out = (struct hub_keyring){NULL, 0};
	if (fd < 0)
		return errno == ENOENT ? HUB_OK
		       : errno == ELOOP
			   ? exposed(path, err)
			   : hub_fail_sys(err, HUB_FATAL, "keys-unreadable", errno, path);
	if (!(rc = check_owner(fd, path, err)) && !(rc = read_all(a, fd, path, &text, err)))
		rc = parse(a, path, text, out, err);
	close(fd);
	return rc;
}

const struct hub_key *hub_keyring_find(const struct hub_keyring *ring, struct hub_str recipient,
				       int64_t number)
{
	const struct hub_key *found = NULL;

	for (uint32_t i = 0; i < ring->n; i++) {
		const struct hub_key *k = &ring->key[i];
		if (hub_str_eq(k->recipient, recipient) &&
		    (number ? k->number == number : !found || k->number > found->number))
			found = k;
	}
	return found;
}

/* --- adding ---------------------------------------------------------------------------------------- */

static void put_key(struct hub_buf *b, struct hub_str recipient, int64_t number, struct hub_str day,
		    const uint8_t *bytes)
{
	char hex[2 * HUB_KEY_BYTES + 1];

	hub_hex(bytes, HUB_KEY_BYTES, hex);
	hub_buf_printf(b, "%.*s\t%lld\t%.*s\t%s\n", HUB_FMT(recipient), (long long)number,
		       HUB_FMT(day), hex);
}

static int write_with(const char *path, const struct hub_keyring *ring, struct hub_str recipient,
		      int64_t number, const uint8_t *bytes, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	char day[11];

	hub_buf_init(&b, FILE_LIMIT);
	hub_buf_puts(
	    &b, "# tsunagi: secret keys of recipients. Back it up apart from the store; show it to "
		"nobody.\n");
	for (uint32_t i = 0; i < ring->n; i++)
		put_key(&b, ring->key[i].recipient, ring->key[i].number, ring->key[i].day,
			ring->key[i].bytes);
	hub_day_text(hub_today(), day);
	put_key(&b, recipient, number, hub_str_of(day), bytes);
	return hub_buf_ok(&b) ? hub_file_write(path, hub_buf_text(&b), err) : hub_fail_mem(err);
}

struct new_key {
	struct hub_str recipient;
	const uint8_t *bytes; /* NULL: drawn */
	int64_t above;
	int is_first;
};

static int add_locked(struct hub_arena *a, const char *path, const struct new_key *k,
		      struct hub_keyring *ring, struct hub_err *err)
{
	uint8_t drawn[HUB_KEY_BYTES];
	int64_t above = k->above;
	int rc = hub_keyring_read(a, path, ring, err);

	if (rc)
		return rc;
	const struct hub_key *last = hub_keyring_find(ring, k->recipient, 0);
	if (last && k->is_first)
		return HUB_OK;
	if (!k->bytes && hub_random(drawn, sizeof drawn))
		return hub_fail(err, HUB_FATAL, "no-random", "the system gives no random bytes");
	if (last && last->number > above)
		above = last->number;
	rc = write_with(path, ring, k->recipient, above + 1, k->bytes ? k->bytes : drawn, err);
	return rc ? rc : hub_keyring_read(a, path, ring, err);
}

static int add(struct hub_arena *a, const char *path, const struct new_key *k,
	       struct hub_keyring *ring, struct hub_err *err)
{
	const struct hub_str name = hub_arena_printf(a, "%s.lock", path);
	int fd, rc;

	if (!name.ptr)
		return hub_fail_mem(err);
	/* the file itself is replaced, so the lock is another one */
	fd = open(name.ptr, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX)) {
		rc = hub_fail_sys(err, HUB_FATAL, "keys-unwritable", errno, name.ptr);
		hub_hint(err, "The folder of the key file must be writable for the hub.");
	} else {
		rc = add_locked(a, path, k, ring, err);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

int hub_keyring_first(struct hub_arena *a, const char *path, struct hub_str recipient,
		      const uint8_t *bytes, struct hub_keyring *ring, struct hub_err *err)
{
	const struct new_key k = {.recipient = recipient, .bytes = bytes, .is_first = 1};

	return add(a, path, &k, ring, err);
}

int hub_keyring_next(struct hub_arena *a, const char *path, struct hub_str recipient, int64_t above,
		     struct hub_keyring *ring, struct hub_err *err)
{
	const struct new_key k = {.recipient = recipient, .above = above};

	return add(a, path, &k, ring, err);
}
