#include "cli/progress.h"

#include "base/err.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE_MS = 10000, WIDTH = 24 };

void hub_bar_init(struct hub_bar *b)
{
	*b = (struct hub_bar){.terminal = isatty(STDERR_FILENO)};
}

static void numbers(char *out, size_t size, const struct hub_progress *p)
{
	const double seconds = p->ms > 0 ? (double)p->ms / 1000 : 0.001;
	const uint64_t rate = (uint64_t)((double)p->rows / seconds);
	const double part = p->total_bytes ? (double)p->bytes / (double)p->total_bytes : 0;
	const int left = part > 0.005 ? (int)(seconds / part - seconds + 0.5) : -1;
	int n = snprintf(out, size, hub_tr("%llu records, %llu rejected, %llu/s"),
			 (unsigned long long)p->rows, (unsigned long long)p->rejected,
			 (unsigned long long)rate);

	if (left >= 0 && n > 0 && (size_t)n < size)
		snprintf(out + n, size - (size_t)n, hub_tr(", %d:%02d left"), left / 60, left % 60);
}

void hub_bar_show(void *arg, const struct hub_progress *p)
{
	struct hub_bar *b = arg;
	char text[160], bar[WIDTH + 1];
	const uint64_t done = p->total_bytes ? p->bytes * WIDTH / p->total_bytes : 0;

	hub_events_progress(b->events, p);
	if (b->quiet || (!b->terminal && p->ms - b->said < LINE_MS))
		return;
	b->said = p->ms;
	numbers(text, sizeof text, p);
	if (!b->terminal) {
		fprintf(stderr, "%s\n", text);
		return;
	}
	for (uint64_t i = 0; i < WIDTH; i++)
		bar[i] = i < done ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r[%s] %3llu%% %s\033[K", bar,
		(unsigned long long)(p->total_bytes ? p->bytes * 100 / p->total_bytes : 0), text);
	fflush(stderr);
	b->drawn = 1;
}

void hub_bar_end(struct hub_bar *b)
{
	if (b->drawn)
		fputs("\r\033[K", stderr);
	b->drawn = 0;
}
