/* Files that modules keep: sealed with the key of their case, name and type as well, in the transaction of the
 * handler. Disposing of a case destroys its key, and with it these files (release/blob_key.h). */
#include "release/blob_key.h"
#include "serve/desk.h"

enum { FILE_MOST = 10 << 20, NAME_MOST = 400, SITE = 0 };

static int case_of(struct hub_call *c, struct hub_str case_no, int64_t *id, struct hub_err *err)
{
	*id = SITE;
	if (!case_no.len)
		return HUB_OK;
	const int rc = hub_db_one(hub_call_db(c), id, err,
				  "SELECT id FROM cc_case WHERE case_no = ? ORDER BY id LIMIT 1",
				  "t", case_no);
	return rc == HUB_END ? hub_fail(err, HUB_REFUSED, "no-case", "there is no such case") : rc;
}

static int key_of(struct hub_call *c, int64_t case_id, int make, uint8_t key[HUB_KEY_BYTES],
		  struct hub_err *err)
{
	const char *keys = hub_call_module(c)->all->keys;

	if (!keys)
		return hub_fail(err, HUB_CONF, "no-keys",
				"files cannot be kept: the configuration names no file of keys");
	const struct hub_case_lock lock = {hub_call_arena(c), hub_call_db(c), hub_str_of(keys),
					   case_id};
	return hub_case_key(&lock, make, key, err);
}

/* What a piece is bound to: exchanged with that of another file it does not open. */
static struct hub_str bound_to(struct hub_call *c, int64_t id, const char *piece)
{
	return hub_arena_printf(hub_call_arena(c), "service_file:%s:%lld:%s",
				hub_call_module(c)->service->area, (long long)id, piece);
}

static int seal(struct hub_call *c, const uint8_t *key, struct hub_str aad, struct hub_str plain,
		struct hub_str *out, struct hub_err *err)
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	uint8_t *room = hub_call_alloc(c, plain.len + HUB_SEAL_MORE);
	const int bad = !cipher || !room || !aad.ptr || hub_seal(cipher, key, aad, plain, room);

	EVP_CIPHER_CTX_free(cipher);
	*out = (struct hub_str){(const char *)room, plain.len + HUB_SEAL_MORE};
	return bad ? hub_fail(err, HUB_FATAL, "cannot-seal", "a file cannot be sealed") : HUB_OK;
}

static int unseal(struct hub_call *c, const uint8_t *key, struct hub_str aad, struct hub_str sealed,
		  struct hub_str *out, struct hub_err *err)
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	uint8_t *room = hub_call_alloc(c, sealed.len + 1);
	size_t len = 0;
	const int bad =
	    !cipher || !room || !aad.ptr || hub_unseal(cipher, key, aad, sealed, room, &len);

	EVP_CIPHER_CTX_free(cipher);
	*out = (struct hub_str){(const char *)room, len};
	return bad ? hub_fail(err, HUB_INTEGRITY, "file-altered",
			      "a stored file is not what was stored")
		   : HUB_OK;
}

static int store(struct hub_call *c, int64_t id, int64_t case_id, struct hub_str head,
		 struct hub_str content, struct hub_err *err)
{
	return hub_db_run(hub_call_db(c), err,
			  "INSERT INTO service_file (id, area, case_id, head, content, at, actor)"
			  " VALUES (?, ?, ?, ?, ?, ?, ?)",
			  "izibbit", id, hub_call_module(c)->service->area, case_id, head, content,
			  c->now / 1000, c->who.login.ptr ? c->who.login : HUB_STR(""));
}

int hub_desk_file_put(struct hub_call *c, struct hub_str case_no, const struct hub_file *f,
		      int64_t *id, struct hub_err *err)
{
	struct hub_str head, content;
	uint8_t key[HUB_KEY_BYTES];
	int64_t case_id;
	int rc;

	if (f->content.len > FILE_MOST || f->name.len > NAME_MOST || f->type.len > NAME_MOST ||
	    memchr(f->type.ptr ? f->type.ptr : "", '\n', f->type.len))
		return hub_call_refuse(c, 413, err, "file-too-large",
				       "a file may have %d bytes, its name %d", FILE_MOST,
				       NAME_MOST);
	if ((rc = hub_call_begin(c, err)) || (rc = case_of(c, case_no, &case_id, err)) ||
	    (rc = key_of(c, case_id, 1, key, err)) ||
	    (rc = hub_db_one(hub_call_db(c), id, err,
			     "SELECT coalesce(max(id), 0) + 1 FROM service_file", "")))
		return rc;
	const struct hub_str plain =
	    hub_arena_printf(hub_call_arena(c), "%.*s\n%.*s", HUB_FMT(f->type), HUB_FMT(f->name));
	if (!plain.ptr)
		rc = hub_fail_mem(err);
	if (!rc && !(rc = seal(c, key, bound_to(c, *id, "head"), plain, &head, err)) &&
	    !(rc = seal(c, key, bound_to(c, *id, "content"), f->content, &content, err)))
		rc = store(c, *id, case_id, head, content, err);
	OPENSSL_cleanse(key, sizeof key);
	return rc;
}

static int open_file(struct hub_call *c, struct hub_query *q, int64_t id, struct hub_file *out,
		     struct hub_err *err)
{
	uint8_t key[HUB_KEY_BYTES];
	struct hub_str head;
	int rc = key_of(c, hub_db_int(q, 0), 0, key, err);

	if (!rc && !(rc = unseal(c, key, bound_to(c, id, "head"), hub_db_str(q, 1), &head, err)))
		rc = unseal(c, key, bound_to(c, id, "content"), hub_db_str(q, 2), &out->content,
			    err);
	OPENSSL_cleanse(key, sizeof key);
	if (rc)
		return rc;
	const size_t line = hub_str_find(head, HUB_STR("\n"), 0);
	out->type = hub_str_cut(head, 0, line);
	out->name = hub_str_from(head, line + 1);
	return HUB_OK;
}

int hub_desk_file_get(struct hub_call *c, int64_t id, struct hub_file *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_call_db(c), &q, err,
			      "SELECT case_id, head, content FROM service_file"
			      " WHERE id = ? AND area = ?",
			      "iz", id, hub_call_module(c)->service->area);

	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		return open_file(c, q, id, out, err);
	return rc == HUB_END ? hub_call_refuse(c, 404, err, "no-file", "there is no such file")
			     : rc;
}
