/* `tsunagi release compare CASE`: a page that shows one case as each recipient sees it. */
#ifndef HUB_CLI_COMPARE_H
#define HUB_CLI_COMPARE_H

#include "cli/out.h"

struct hub_compare_ask {
	const char *case_no;
	const char *const *profile; /* names */
	uint32_t profiles;
	const char *store_url;
	const char *html;   /* file; NULL: on the terminal, which takes a reason */
	const char *reveal; /* why what is stored is shown; NULL: only what recipients see */
};

int hub_compare_show(struct hub_cli *cli, struct hub_store *store,
		     const struct hub_compare_ask *ask);

#endif
