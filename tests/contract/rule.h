/* A rule of the interface, tried in a process of its own: a crash or a hang is a result. Output is TAP. Nothing but
 * libc is needed, for the contract test is installed with the program. */
#ifndef TESTS_CONTRACT_RULE_H
#define TESTS_CONTRACT_RULE_H

#include <stdint.h>

/* Tries it and prints what came of it; 1, or 0 when it failed. number: from 1 on. */
int rule_try(unsigned number, const char *name, void (*rule)(void *state), void *state);

/* The rule does not hold: says why and ends its process. */
_Noreturn void rule_fail(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#define fail_msg(...)              rule_fail(__FILE__, __LINE__, __VA_ARGS__)
#define assert_true(x)             ((x) ? (void)0 : fail_msg("does not hold: %s", #x))
#define assert_false(x)            ((x) ? fail_msg("must not hold: %s", #x) : (void)0)
#define assert_non_null(x)         ((x) ? (void)0 : fail_msg("%s is NULL", #x))
#define assert_int_equal(a, b)     rule_equal(__FILE__, __LINE__, #a, (int64_t)(a), (int64_t)(b), 1)
#define assert_int_not_equal(a, b) rule_equal(__FILE__, __LINE__, #a, (int64_t)(a), (int64_t)(b), 0)
#define assert_in_range(x, low, high) \
	rule_range(__FILE__, __LINE__, #x, (int64_t)(x), (int64_t)(low), (int64_t)(high))

void rule_equal(const char *file, int line, const char *what, int64_t got, int64_t other,
		int equal);
void rule_range(const char *file, int line, const char *what, int64_t got, int64_t low,
		int64_t high);

#endif
