/* For unit tests: cmocka with the headers it wants, and the few things every test needs. Each test
 * file is a program of its own, so that a crash or a hang is a result. Output is TAP (tests/run.sh
 * sets CMOCKA_MESSAGE_OUTPUT). Files of ../shared/data are optional: SHARED_DATA names the folder. */
#ifndef TESTS_LIB_TEST_H
#define TESTS_LIB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

#define assert_str(got, want)                                                         \
	do {                                                                          \
		const struct hub_str got_ = (got);                                    \
		const struct hub_str want_ = hub_str_of(want);                        \
		if (!hub_str_eq(got_, want_))                                         \
			fail_msg("got \"%.*s\", want \"%s\"", HUB_FMT(got_), (want)); \
	} while (0)

#endif
