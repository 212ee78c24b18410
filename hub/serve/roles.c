#include "serve/roles.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/json.h"
#include "base/str.h"
#include "release/audit.h"
#include "release/conf_read.h"
#include "serve/cidr.h"
#include "serve/principal.h"

enum { ROLES_MOST = 1 << 20 };

struct raw {
	struct hub_role role;
	const config_setting_t *may, *networks;
};

#define AT(field) .offset = offsetof(struct raw, field)
static const struct hub_opt row_opts[] = {
    {HUB_OPTION("name", TEXT, HUB_OPT_REQUIRED, NULL, AT(role.name))},
    {HUB_OPTION("label", TEXT, HUB_OPT_REQUIRED, NULL, AT(role.label))},
    {.name = "may", .type = HUB_KEY_LIST, AT(may), .flags = HUB_OPT_REQUIRED},
    {.name = "networks", .type = HUB_KEY_LIST, AT(networks)},
    {HUB_OPTION("view_only", BOOL, 0, NULL, AT(role.view_only), .dflt = "false")},
    {HUB_OPTION("second_factor", BOOL, 0, NULL, AT(role.second_factor), .dflt = "true")},
    {HUB_OPTION("days", INT, 0, NULL, AT(role.days), .min = 0, .max = 3660, .dflt = "0")},
    {.name = NULL}};
static const struct hub_keys row_keys = {.opts = row_opts, .owner = "role"};

struct top {
	const config_setting_t *roles;
};
static const struct hub_opt top_opts[] = {{.name = "roles",
					   .type = HUB_KEY_LIST,
					   .offset = offsetof(struct top, roles),
					   .flags = HUB_OPT_REQUIRED},
					  {.name = NULL}};
static const struct hub_keys top_keys = {.opts = top_opts, .owner = "roles"};

static int blame(struct hub_report *r, const config_setting_t *list, uint32_t i,
		 const struct hub_err *e)
{
	hub_report_add(r, hub_conf_value_place(hub_conf_child(list, i)), e);
	return HUB_CONF;
}

static int check_may(struct hub_report *r, const struct raw *raw)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < raw->role.n_may; i++) {
		struct hub_err e = {0};
		if (hub_permission_is_pattern(raw->role.may[i]))
			continue;
		hub_fail(&e, HUB_CONF, "bad-permission", "\"%.*s\" is not a permission",
			 HUB_FMT(raw->role.may[i]));
		hub_hint(&e, "Write \"cases.read\", \"chat.*\", \"*.read\" or \"*\".");
		rc = blame(r, raw->may, i, &e);
	}
	return rc;
}

/* A list of texts into one text. */
static int join_networks(struct hub_arena *a, struct hub_report *r, struct raw *raw)
{
	const struct hub_str *word;
	uint32_t n;
	int rc = hub_read_words(a, raw->networks, &word, &n, r);

	raw->role.networks = HUB_STR("");
	for (uint32_t i = 0; !rc && i < n; i++) {
		struct hub_cidr net;
		struct hub_err e = {0};
		if (hub_cidr_parse(word[i], &net)) {
			hub_fail(&e, HUB_CONF, "bad-network", "\"%.*s\" is not a network",
				 HUB_FMT(word[i]));
			hub_hint(&e, "Write 10.1.0.0/16, 2001:db8::/32 or one address.");
			return blame(r, raw->networks, i, &e);
		}
		raw->role.networks = hub_arena_printf(a, "%.*s%s%.*s", HUB_FMT(raw->role.networks),
						      i ? " " : "", HUB_FMT(word[i]));
		if (!raw->role.networks.ptr)
			return HUB_FATAL;
	}
	return rc;
}

static int take_role(struct hub_arena *a, struct hub_report *r, const config_setting_t *at,
		     struct hub_role *out)
{
	struct raw raw = {0};
	int rc = hub_conf_take(at, &row_keys, a, &raw, NULL, r);

	if (rc || (rc = hub_read_words(a, raw.may, &raw.role.may, &raw.role.n_may, r)) ||
	    (rc = check_may(r, &raw)) || (rc = join_networks(a, r, &raw)))
		return rc;
	*out = raw.role;
	return HUB_OK;
}

static int take_roles(struct hub_arena *a, struct hub_report *r, const config_setting_t *root,
		      struct hub_roles *out)
{
	struct top top = {0};
	int rc = hub_conf_take(root, &top_keys, a, &top, NULL, r);
	const unsigned n = hub_conf_count(top.roles);
	struct hub_role *role = hub_alloc_array(a, n + 1, sizeof *role);

	if (rc || !role)
		return rc ? rc : HUB_FATAL;
	*out = (struct hub_roles){role, 0};
	for (unsigned i = 0; i < n; i++) {
		const config_setting_t *at = hub_conf_child(top.roles, i);
		const int one = take_role(a, r, at, &role[out->n]);
		struct hub_err e = {0};
		if (one == HUB_FATAL)
			return one;
		rc = rc ? rc : one;
		if (one)
			continue;
		if (hub_roles_find(out, role[out->n].name)) {
			hub_fail(&e, HUB_CONF, "role-twice", "the role \"%.*s\" is there already",
				 HUB_FMT(role[out->n].name));
			hub_report_add(r, hub_conf_place(at), &e);
			rc = HUB_CONF;
			continue;
		}
		out->n++;
	}
	return rc;
}

int hub_roles_load(struct hub_arena *a, struct hub_report *r, const char *path,
		   struct hub_roles *out, struct hub_err *err)
{
	HUB_AUTO(conf) struct hub_conf *c = NULL;

	*out = (struct hub_roles){0};
	int rc = hub_conf_read(a, r, path, &c, err);
	if (rc)
		return rc;
	if ((rc = take_roles(a, r, hub_conf_root(c), out)) == HUB_FATAL)
		return hub_fail_mem(err);
	return hub_report_result(r, err);
}

int hub_roles_open(struct hub_arena *a, struct hub_report *r, const char *home, struct hub_str own,
		   struct hub_roles *out, struct hub_err *err)
{
	const struct hub_str path =
	    own.len ? own : hub_arena_printf(a, "%s/schemas/roles.cfg", home);

	return path.ptr ? hub_roles_load(a, r, path.ptr, out, err) : hub_fail_mem(err);
}

int hub_roles_tell(struct hub_arena *a, struct hub_db *db, const char *path, struct hub_str actor,
		   const char *what, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t hash[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];
	struct hub_str text;
	int rc = hub_file_read(a, path, ROLES_MOST, &text, err);

	hub_audit_begin(&b);
	if (rc)
		return rc;
	if (hub_sha256(text, hash))
		return hub_fail_mem(err);
	hub_hex(hash, sizeof hash, hex);
	hub_json_field(&b, "for", hub_str_of(what));
	return hub_audit_end(db, actor, "roles-own", hub_str_of(hex), &b, err);
}

const struct hub_role *hub_roles_find(const struct hub_roles *roles, struct hub_str name)
{
	for (uint32_t i = 0; i < roles->n; i++)
		if (hub_str_eq(roles->role[i].name, name))
			return &roles->role[i];
	return NULL;
}

int hub_roles_need(const struct hub_roles *roles, struct hub_str name, const struct hub_role **out,
		   struct hub_err *err)
{
	char all[240] = "";
	size_t used = 0;

	if ((*out = hub_roles_find(roles, name)))
		return HUB_OK;
	for (uint32_t i = 0; i < roles->n && used + roles->role[i].name.len + 3 < sizeof all; i++)
		used += (size_t)snprintf(all + used, sizeof all - used, "%s%.*s", used ? ", " : "",
					 HUB_FMT(roles->role[i].name));
	const int rc =
	    hub_fail(err, HUB_USAGE, "unknown-role", "there is no role \"%.*s\"", HUB_FMT(name));
	hub_hint(err, "There are: %s.", all);
	return rc;
}
