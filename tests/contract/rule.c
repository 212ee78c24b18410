#include "rule.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_SECONDS = 600, WHY = 600 };

/* Where the process of a rule says why it failed. */
static int why_fd = -1;

_Noreturn void rule_fail(const char *file, int line, const char *fmt, ...)
{
	char text[WHY];
	int n = snprintf(text, sizeof text, "%s:%d: ", file, line);
	va_list ap;

	va_start(ap, fmt);
	n += vsnprintf(text + n, sizeof text - (size_t)n, fmt, ap);
	va_end(ap);
	for (char *p = text; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	(void)!write(why_fd, text, strlen(text));
	_exit(1);
}

void rule_equal(const char *file, int line, const char *what, int64_t got, int64_t other, int equal)
{
	if ((got == other) != equal)
		rule_fail(file, line, "%s is %" PRId64 ", %s %" PRId64, what, got,
			  equal ? "wanted" : "and must not be", other);
}

void rule_range(const char *file, int line, const char *what, int64_t got, int64_t low,
		int64_t high)
{
	if (got < low || got > high)
		rule_fail(file, line, "%s is %" PRId64, what, got);
}

static size_t read_all(int fd, char *p, size_t cap)
{
	size_t n = 0;
	ssize_t got = 1;

	while (n < cap && got > 0) {
		got = read(fd, p + n, cap - n);
		n += got > 0 ? (size_t)got : 0;
	}
	return n;
}

int rule_try(unsigned number, const char *name, void (*rule)(void *state), void *state)
{
	char why[WHY + 1];
	int pipe_fd[2], status = 0;

	fflush(NULL);
	if (pipe(pipe_fd) == -1)
		return 0;
	const pid_t child = fork();
	if (child == 0) {
		close(pipe_fd[0]);
		why_fd = pipe_fd[1];
		alarm(MOST_SECONDS);
		rule(state);
		exit(0); /* sanitizers look for leaks now */
	}
	close(pipe_fd[1]);
	why[child == -1 ? 0 : read_all(pipe_fd[0], why, WHY)] = '\0';
	close(pipe_fd[0]);
	if (child == -1 || waitpid(child, &status, 0) == -1)
		status = -1;
	printf("%sok %u - %s\n", status ? "not " : "", number, name);
	if (why[0])
		printf("# %s\n", why);
	else if (status != -1 && WIFSIGNALED(status))
		printf("# %s\n", strsignal(WTERMSIG(status)));
	else if (status)
		printf("# ended with %d\n", WEXITSTATUS(status));
	return status == 0;
}
