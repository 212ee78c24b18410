#include "opc.h"
#include "plain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAX_PARTS = 20000,
	MAX_RATIO = 400,             /* real sheets stay below 60 */
	RATIO_FROM = 32 << 20,       /* small parts may be as repetitive as they like */
	LOOK_FOR_PASSWORD = 4 << 20, /* bytes of a legacy file that are searched */
};

/* ---- what the file is, when it is no package */

static ssize_t read_head(int fd, void *to, size_t n)
{
	size_t have = 0;

	while (have < n) {
		const ssize_t got = pread(fd, (char *)to + have, n - have, (off_t)have);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

/* A workbook with a password is a legacy container with a stream of that name (MS-OFFCRYPTO 2.3.4.4). */
static int has_password(struct opc *o, int fd)
{
	static const char stream[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	char *p = o->host->alloc(o->ctx, NULL, LOOK_FOR_PASSWORD);
	const ssize_t n = p ? read_head(fd, p, LOOK_FOR_PASSWORD) : 0;

	return n > 0 && memmem(p, (size_t)n, stream, sizeof stream - 1);
}

static int refuse_legacy(struct opc *o, int fd, struct hub_err *err)
{
	if (has_password(o, fd)) {
		HUB_FAIL(o->host, err, HUB_REJECT, "encrypted", "%s is protected by a password",
			 o->path);
		o->host->hint(err, "Open it, remove the password (File > Info > Protect), save it "
				   "and give the new file.");
		return err->rc;
	}
	HUB_FAIL(o->host, err, HUB_REJECT, "legacy-office",
		 "%s is a file of Office 97-2003, not .%s", o->path, o->want);
	o->host->hint(err, "Open it in Office and save it as .%s.", o->want);
	return err->rc;
}

static int refuse_other(struct opc *o, struct hub_err *err)
{
	HUB_FAIL(o->host, err, HUB_REJECT, "not-office", "%s is no .%s file", o->path, o->want);
	o->host->hint(err, "Look at what it is: `tsunagi inspect FILE` reads text files, too.");
	return err->rc;
}

static int fail_open(struct opc *o, int errnum, struct hub_err *err)
{
	char text[128];

	HUB_FAIL(o->host, err, HUB_RETRY, errnum == ENOENT ? "file-missing" : "cannot-open",
		 "%s: %s", o->path, strerror_r(errnum, text, sizeof text));
	o->host->hint(err, "Check the path and that the user of the hub may read the file.");
	return err->rc;
}

static int fail_read(const struct opc *o, int errnum, struct hub_err *err)
{
	char text[128];

	return HUB_FAIL(o->host, err, HUB_RETRY, "cannot-read", "%s: %s", o->path,
			strerror_r(errnum, text, sizeof text));
}

/* What can be told from the first bytes. */
static int check_head(struct opc *o, int fd, struct hub_err *err)
{
	static const uint8_t ole[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
	uint8_t head[8] = {0};
	struct stat st;

	if (fstat(fd, &st) == -1)
		return fail_open(o, errno, err);
	if (S_ISDIR(st.st_mode))
		return HUB_FAIL(o->host, err, HUB_RETRY, "is-directory",
				"%s is a directory, not a file", o->path);
	if (!S_ISREG(st.st_mode)) {
		HUB_FAIL(o->host, err, HUB_USAGE, "not-a-file",
			 "%s is no regular file; the end of a .%s file is read first", o->path,
			 o->want);
		o->host->hint(err, "Write it to a file and give its name.");
		return err->rc;
	}
	const ssize_t n = read_head(fd, head, sizeof head);
	if (n < 0)
		return fail_read(o, errno, err);
	if (n == 0) {
		HUB_FAIL(o->host, err, HUB_REJECT, "empty-file", "%s is empty", o->path);
		o->host->hint(err, "Ask for the file again; the export may have failed.");
		return err->rc;
	}
	if (n == sizeof head && memcmp(head, ole, sizeof ole) == 0)
		return refuse_legacy(o, fd, err);
	return memcmp(head, "PK", 2) == 0 ? HUB_OK : refuse_other(o, err);
}

static int check_file(struct opc *o, struct hub_err *err)
{
	if (strcmp(o->path, "-") == 0) {
		HUB_FAIL(o->host, err, HUB_USAGE, "not-a-file",
			 "%s is no regular file; the end of a .%s file is read first", "stdin",
			 o->want);
		o->host->hint(err, "Write it to a file and give its name.");
		return err->rc;
	}
	const int fd = open(o->path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return fail_open(o, errno, err);
	const int rc = check_head(o, fd, err);
	close(fd);
	return rc;
}

/* ---- the archive */

/* "../x", "a/../../x", "/x", "C:\x": a name that leads out of where it is unpacked. We unpack nothing, but
 * whoever made it meant harm. */
static int leads_out(const char *name)
{
	if (name[0] && name[1] == ':')
		return 1;
	for (const char *p = name; *p;) {
		const size_t n = strcspn(p, "/\\");
		if (n == 2 && p[0] == '.' && p[1] == '.')
			return 1;
		p += n;
		p += *p != '\0';
	}
	return 0;
}

static int plain_char(char c)
{
	if (c == '\\')
		return '/';
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Names of parts as ISO 29500-2 has it: without case; a leading slash and backslashes, which some writers use,
 * make no difference. */
static int compare_names(const char *a, const char *b)
{
	a += *a == '/' || *a == '\\';
	b += *b == '/' || *b == '\\';
	while (*a && plain_char(*a) == plain_char(*b)) {
		a++;
		b++;
	}
	return plain_char(*a) - plain_char(*b);
}

static int by_name(const void *a, const void *b)
{
	return compare_names(*(const char *const *)a, *(const char *const *)b);
}

static int is_folder(const char *name)
{
	const size_t len = strlen(name);

	return len > 0 && plain_char(name[len - 1]) == '/';
}

/* Of two parts of one name, one program reads the first and another the last: what a person has looked at
 * would not be what is taken in. No office program writes them. */
static int check_names(struct opc *o, size_t n, struct hub_err *err)
{
	const char **name = o->host->alloc(o->ctx, NULL, n * sizeof *name + 1);
	size_t have = 0;

	if (!name)
		return NO_MEMORY(o->host, err);
	for (size_t i = 0; i < n; i++) {
		const char *stored = zip_get_name(o->zip, i, ZIP_FL_ENC_RAW);
		if (stored && !is_folder(stored))
			name[have++] = stored;
	}
	if (have > 1)
		qsort(name, have, sizeof *name, by_name);
	for (size_t i = 1; i < have; i++)
		if (compare_names(name[i - 1], name[i]) == 0) {
			HUB_FAIL(o->host, err, HUB_REJECT, "bad-archive",
				 "%s holds two parts of one name", o->path);
			o->host->hint(err, "It was put together by hand or by another program: "
					   "open it in Office, look at what it shows, and save "
					   "it anew.");
			return err->rc;
		}
	return HUB_OK;
}

static int check_entries(struct opc *o, struct hub_err *err)
{
	const zip_int64_t n = zip_get_num_entries(o->zip, 0);
	zip_stat_t st;

	if (n > MAX_PARTS)
		return HUB_FAIL(o->host, err, HUB_REJECT, "bad-archive",
				"%s holds more than %d parts", o->path, MAX_PARTS);
	for (zip_uint64_t i = 0; i < (zip_uint64_t)n; i++) {
		if (zip_stat_index(o->zip, i, 0, &st) || !(st.valid & ZIP_STAT_NAME))
			return HUB_FAIL(o->host, err, HUB_REJECT, "bad-archive",
					"the directory of %s cannot be read", o->path);
		if (leads_out(st.name))
			return HUB_FAIL(o->host, err, HUB_REJECT, "bad-archive",
					"part %llu of %s has a name that leads out of the archive",
					(unsigned long long)i + 1, o->path);
		if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
		    st.encryption_method != ZIP_EM_NONE) {
			HUB_FAIL(o->host, err, HUB_REJECT, "encrypted",
				 "%s is protected by a password", o->path);
			o->host->hint(err, "Unpack it first, or ask for it without a password.");
			return err->rc;
		}
	}
	return check_names(o, (size_t)n, err);
}

static int damaged(const struct opc *o, struct hub_err *err)
{
	HUB_FAIL(o->host, err, HUB_REJECT, "bad-archive", "%s is damaged or cut off", o->path);
	o->host->hint(err, "Ask for the file again, or open it in Office and save it anew.");
	return err->rc;
}

/* A disk that cannot be read, or no memory, says nothing about the file. libzip calls some of its own lacks of memory an
 * archive that is none: malloc has said so in errno, which was 0 before. */
static int fail_zip(const struct opc *o, const zip_error_t *e, struct hub_err *err)
{
	if (errno == ENOMEM || zip_error_code_zip(e) == ZIP_ER_MEMORY)
		return NO_MEMORY(o->host, err);
	if (zip_error_system_type(e) == ZIP_ET_SYS && zip_error_code_system(e))
		return fail_read(o, zip_error_code_system(e), err);
	return damaged(o, err);
}

static int open_archive(struct opc *o, struct hub_err *err)
{
	zip_error_t e;
	int why = 0;

	errno = 0;
	o->zip = zip_open(o->path, ZIP_RDONLY, &why);
	if (o->zip)
		return check_entries(o, err);
	zip_error_init_with_code(&e, why);
	const int rc = fail_zip(o, &e, err);
	zip_error_fini(&e);
	return rc;
}

int opc_open(struct opc *o, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	     const char *want, uint64_t limit, struct hub_err *err)
{
	const char *name = str_keep(host, ctx, NULL, path).ptr;
	int rc;

	*o = (struct opc){.ctx = ctx, .host = host, .path = name, .want = want, .limit = limit};
	if (!name)
		return NO_MEMORY(o->host, err);
	if ((rc = check_file(o, err)) == HUB_OK)
		rc = open_archive(o, err);
	if (rc)
		opc_close(o);
	return rc;
}

void opc_close(struct opc *o)
{
	if (o->zip)
		zip_discard(o->zip);
	o->zip = NULL;
}

int64_t opc_find(const struct opc *o, const char *name)
{
	const zip_int64_t n = zip_get_num_entries(o->zip, 0);

	for (zip_int64_t i = 0; i < n; i++) {
		const char *stored = zip_get_name(o->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
		if (stored && compare_names(stored, name) == 0)
			return i;
	}
	return -1;
}

/* Appends one segment of a path; ".." takes one away. */
static int add_segment(char out[OPC_NAME], size_t *n, const char *p, size_t len)
{
	if (len == 0 || (len == 1 && p[0] == '.'))
		return 0;
	if (len == 2 && p[0] == '.' && p[1] == '.') {
		if (*n == 0)
			return -1;
		while (*n > 0 && out[--*n] != '/')
			;
		return 0;
	}
	if (*n + len + 2 > OPC_NAME)
		return -1;
	if (*n > 0)
		out[(*n)++] = '/';
	memcpy(out + *n, p, len);
	*n += len;
	return 0;
}

static int add_path(char out[OPC_NAME], size_t *n, const char *p, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t end = at;
		while (end < len && p[end] != '/' && p[end] != '\\')
			end++;
		if (add_segment(out, n, p + at, end - at))
			return -1;
		at = end + 1;
	}
	return 0;
}

int opc_resolve(const char *base, struct hub_str target, char out[OPC_NAME])
{
	const char *slash = strrchr(base, '/');
	size_t n = 0;

	if (target.len == 0)
		return -1;
	if (target.ptr[0] != '/' && slash && add_path(out, &n, base, (size_t)(slash - base)))
		return -1;
	if (add_path(out, &n, target.ptr, target.len))
		return -1;
	out[n] = '\0';
	return 0;
}

int opc_rels_name(const char *part, char out[OPC_NAME])
{
	const char *slash = strrchr(part, '/');
	const size_t folder = slash ? (size_t)(slash - part) + 1 : 0, len = strlen(part);

	if (len + sizeof "_rels/.rels" > OPC_NAME)
		return -1;
	memcpy(out, part, folder);
	memcpy(out + folder, "_rels/", 6);
	memcpy(out + folder + 6, part + folder, len - folder);
	memcpy(out + 6 + len, ".rels", 6);
	return 0;
}

/* ---- a part */

static int bomb(const struct opc *o, struct hub_err *err)
{
	HUB_FAIL(o->host, err, HUB_REJECT, "zip-bomb",
		 "%s unpacks to far more than a file of its kind does", o->path);
	o->host->hint(err, "If it is a real one, save its data as CSV; the option unpacked_limit "
			   "raises the limit.");
	return err->rc;
}

int opc_part_open(struct opc_part *p, struct opc *o, int64_t index, struct hub_err *err)
{
	zip_stat_t st;

	*p = (struct opc_part){.o = o};
	if (zip_stat_index(o->zip, (zip_uint64_t)index, 0, &st) || !(st.valid & ZIP_STAT_SIZE))
		return damaged(o, err);
	p->size = st.size;
	p->packed = st.valid & ZIP_STAT_COMP_SIZE ? st.comp_size : st.size;
	if (p->size > o->limit || (p->size > RATIO_FROM && p->size / MAX_RATIO > p->packed))
		return bomb(o, err);
	for (zip_uint64_t i = 0; i < (zip_uint64_t)index; i++)
		if (!zip_stat_index(o->zip, i, 0, &st) && (st.valid & ZIP_STAT_COMP_SIZE))
			p->place += st.comp_size;
	errno = 0;
	p->file = zip_fopen_index(o->zip, (zip_uint64_t)index, 0);
	return p->file ? HUB_OK : fail_zip(o, zip_get_error(o->zip), err);
}

int opc_part_read(struct opc_part *p, void *to, size_t n, size_t *got, struct hub_err *err)
{
	errno = 0;
	const zip_int64_t have = zip_fread(p->file, to, n);

	if (have < 0)
		return fail_zip(p->o, zip_file_get_error(p->file), err);
	*got = (size_t)have;
	p->done += *got;
	p->o->used += *got;
	/* the directory of an archive may lie about its sizes */
	if (p->o->used > p->o->limit || p->done > p->size)
		return bomb(p->o, err);
	if (*got == 0 && p->done < p->size)
		return damaged(p->o, err);
	return HUB_OK;
}

void opc_part_close(struct opc_part *p)
{
	if (p->file)
		zip_fclose(p->file);
	p->file = NULL;
}

uint64_t opc_part_place(const struct opc_part *p, uint64_t at, uint64_t before)
{
	const double share = p->size ? (double)p->packed / (double)p->size : 0;
	const uint64_t place = p->place + (uint64_t)((double)at * share);

	return place > before ? place : before + 1;
}
