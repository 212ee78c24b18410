/* STREAMS open streams of events and RATE requests a second for SECONDS, from one thread: what it costs is the
 * server's. One request in ten writes and pushes to everybody; the others read, each path in its turn.
 *	load NAME HOST:PORT PID SECONDS STREAMS RATE CSRF-FILE PATHS-FILE COOKIE-JAR...
 * Latency counts from when a request was due, so waiting for a free connection is part of it. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { ASKERS = 64, JARS = 64, PATHS = 64, BUF = 64 << 10, LISTENERS_A_JAR = 20, LINES = 8 };

struct line {
	int fd, busy, open, listens;
	size_t len, body; /* body: bytes of the reply's body still to come */
	int64_t due;
	char *buf;
};

struct load {
	const char *name, *host, *pid;
	int port, seconds, rate, streams, jars, paths;
	char cookie[JARS][320], csrf[120], path[PATHS][300];
	int epoll;
	struct line *listener, asker[ASKERS];
	int64_t *took;
	size_t done, bad, events, resyncs, lines;
	char why[LINES][60];
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- the other side's process ------------------------------------------------------------------- */

static long memory(const struct load *l)
{
	char path[64], line[200];
	long kib = 0;

	snprintf(path, sizeof path, "/proc/%s/status", l->pid);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = atol(line + 6);
	if (f)
		fclose(f);
	return kib;
}

/* Seconds of a core that it has used. */
static double used(const struct load *l)
{
	char path[64], text[1000];
	unsigned long user = 0, system = 0;

	snprintf(path, sizeof path, "/proc/%s/stat", l->pid);
	FILE *f = fopen(path, "r");
	const size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	text[n] = '\0';
	char *at = strrchr(text, ')');
	for (int i = 0; at && i < 12; i++)
		at = strchr(at + 1, ' ');
	if (at)
		user = strtoul(at + 1, &at, 10);
	if (at)
		system = strtoul(at + 1, NULL, 10);
	if (f)
		fclose(f);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* --- connections -------------------------------------------------------------------------------- */

static void blame(struct load *l, const char *what)
{
	char line[60];

	snprintf(line, sizeof line, "%.*s", (int)strcspn(what, "\r\n"), what);
	l->bad++;
	for (size_t i = 0; i < l->lines; i++)
		if (strcmp(l->why[i], line) == 0)
			return;
	if (l->lines < LINES)
		memcpy(l->why[l->lines++], line, sizeof line);
}

static void dial(struct load *l, struct line *c)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port)};
	const int one = 1;

	inet_pton(AF_INET, l->host, &to.sin_addr);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd == -1 || connect(c->fd, (struct sockaddr *)&to, sizeof to) == -1)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
	epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e);
	if (!c->buf)
		c->buf = malloc(BUF);
	c->len = c->body = 0;
	c->busy = 0;
}

static void say(struct line *c, const char *text)
{
	if (write(c->fd, text, strlen(text)) != (ssize_t)strlen(text))
		die("write");
}

static void listen_to(struct load *l, int i)
{
	struct line *c = &l->listener[i];
	char text[600];

	c->listens = 1;
	dial(l, c);
	snprintf(text, sizeof text, "GET /v1/events HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n",
		 l->cookie[i / LISTENERS_A_JAR % l->jars]);
	say(c, text);
}

static void ask(struct load *l, struct line *c, size_t number, int64_t due)
{
	static const char start[] = "{\"text\":\"x\",\"to\":[";
	char body[400], text[1600];
	int n = 0;

	c->busy = 1;
	c->due = due;
	if (number % 10) {
		snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n",
			 l->path[number % (size_t)l->paths], l->cookie[0]);
	} else {
		n = snprintf(body, sizeof body, "%s", start);
		for (int i = 1; i < 40; i++)
			n += snprintf(body + n, sizeof body - (size_t)n, "%s%d", i > 1 ? "," : "",
				      i);
		n += snprintf(body + n, sizeof body - (size_t)n, "]}");
		snprintf(text, sizeof text,
			 "POST /v1/notes/notes HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-CSRF-Token: "
			 "%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			 l->cookie[0], l->csrf, n, body);
	}
	say(c, text);
}

/* --- what comes --------------------------------------------------------------------------------- */

static size_t count(const char *text, size_t len, const char *what)
{
	const size_t n = strlen(what);
	size_t found = 0;

	for (const char *at = text; (at = memmem(at, len - (size_t)(at - text), what, n)); at += n)
		found++;
	return found;
}

/* Whole lines are looked at, the rest stays for the next time. */
static void hear(struct load *l, struct line *c)
{
	if (!c->open && c->len >= 12 && memcmp(c->buf + 9, "200", 3) != 0)
		blame(l, c->buf);
	c->open = 1;
	char *end = memrchr(c->buf, '\n', c->len);
	const size_t whole = end ? (size_t)(end + 1 - c->buf) : 0;
	l->events += count(c->buf, whole, "\nevent: notes.new");
	l->resyncs += count(c->buf, whole, "\nevent: resync");
	/* a message begins with its id, so no event is first; but its line end may be */
	const size_t keep = whole ? whole - 1 : 0;
	memmove(c->buf, c->buf + keep, c->len - keep);
	c->len -= keep;
}

static void finish(struct load *l, struct line *c)
{
	c->busy = 0;
	c->len = 0;
	l->took[l->done++] = now_us() - c->due;
}

static void take(struct load *l, struct line *c)
{
	c->buf[c->len] = '\0';
	char *end = strstr(c->buf, "\r\n\r\n");
	if (!end)
		return;
	const char *size = strcasestr(c->buf, "\r\nContent-Length:");
	const size_t head = (size_t)(end + 4 - c->buf);
	const size_t body = size && size < end ? strtoul(size + 17, NULL, 10) : 0;
	if (c->len < head + body && head + body < BUF)
		return;
	if (c->buf[9] != '2')
		blame(l, c->buf);
	finish(l, c);
}

static void on_line(struct load *l, struct line *c)
{
	const ssize_t n = read(c->fd, c->buf + c->len, BUF - 1 - c->len);

	if (n > 0) {
		c->len += (size_t)n;
		if (c->listens)
			hear(l, c);
		else
			take(l, c);
		return;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	close(c->fd);
	if (c->listens || c->busy) /* else nothing was asked for long, and the other side let go */
		blame(l, c->listens ? "a stream ended" : "a connection ended");
	if (c->busy)
		finish(l, c);
	c->fd = -1;
	if (!c->listens)
		dial(l, c);
}

static void turn(struct load *l, int ms)
{
	struct epoll_event e[64];
	const int n = epoll_wait(l->epoll, e, 64, ms);

	for (int i = 0; i < n; i++)
		on_line(l, e[i].data.ptr);
}

static int open_streams(const struct load *l)
{
	int n = 0;

	for (int i = 0; i < l->streams; i++)
		n += l->listener[i].open;
	return n;
}

/* --- the work ----------------------------------------------------------------------------------- */

static struct line *free_asker(struct load *l)
{
	for (int i = 0; i < ASKERS; i++)
		if (!l->asker[i].busy)
			return &l->asker[i];
	return NULL;
}

/* Returns the memory half way. */
static long run(struct load *l)
{
	const int64_t begin = now_us();
	const size_t all = (size_t)l->seconds * (size_t)l->rate;
	const int64_t end = begin + (int64_t)(l->seconds + 30) * 1000000;
	size_t next = 0;
	long half = 0;

	l->took = calloc(all + ASKERS, sizeof *l->took);
	while (l->done < all && now_us() < end) {
		struct line *c;
		int64_t due = begin + (int64_t)next * 1000000 / l->rate;
		while (next < all && due <= now_us() && (c = free_asker(l))) {
			ask(l, c, next++, due);
			due = begin + (int64_t)next * 1000000 / l->rate;
			if (next == all / 2)
				half = memory(l);
		}
		turn(l, next < all && due > now_us() ? 1 : 5);
	}
	if (l->done < all)
		blame(l, "some were not answered in time");
	return half;
}

static int by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double at(const struct load *l, double part)
{
	const size_t i = (size_t)((double)l->done * part);

	return l->done ? (double)l->took[i < l->done ? i : l->done - 1] / 1000 : 0;
}

static int part(struct load *l)
{
	const long before = memory(l);

	l->listener = calloc((size_t)l->streams + 1, sizeof *l->listener);
	for (int i = 0; i < ASKERS; i++)
		dial(l, &l->asker[i]);
	for (int i = 0; i < l->streams; i++) {
		listen_to(l, i);
		turn(l, 0);
	}
	for (int64_t end = now_us() + 30000000; open_streams(l) < l->streams && now_us() < end;)
		turn(l, 50);
	const long opened = memory(l);
	const double cpu = used(l);
	const int64_t begin = now_us();
	const long half = run(l);
	const double seconds = (double)(now_us() - begin) / 1e6, busy = used(l) - cpu;
	for (int i = 0; i < 20; i++)
		turn(l, 20); /* the last events */
	const long end = memory(l);

	qsort(l->took, l->done, sizeof *l->took, by_size);
	printf(
	    "%s: %zu requests in %.1f s (%.0f a second), p50 %.1f ms, p99 %.1f ms, most %.0f ms, "
	    "%zu not well; %d streams, %zu events, %zu times asked anew\n",
	    l->name, l->done, seconds, (double)l->done / seconds, at(l, 0.5), at(l, 0.99), at(l, 1),
	    l->bad, open_streams(l), l->events, l->resyncs);
	printf(
	    "  web process: %.2f s of a core, %.2f ms a request with its events; memory %ld KiB, "
	    "%ld with all streams, %ld half way, %ld at the end\n",
	    busy, l->done ? busy * 1000 / (double)l->done : 0, before, opened, half, end);
	for (size_t i = 0; i < l->lines; i++)
		printf("  %s\n", l->why[i]);
	return l->bad || end > half + half / 10 + 4096;
}

/* --- the command line --------------------------------------------------------------------------- */

static void read_line(const char *path, char *to, size_t size)
{
	FILE *f = fopen(path, "r");

	if (!f || !fgets(to, (int)size, f))
		die(path);
	to[strcspn(to, "\r\n")] = '\0';
	fclose(f);
}

/* The last cookie of a jar as curl writes it. */
static void read_jar(const char *path, char *to, size_t size)
{
	char line[1000], name[100], value[200];
	FILE *f = fopen(path, "r");

	to[0] = '\0';
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "%*s %*s %*s %*s %*s %99s %199s", name, value) == 2)
			snprintf(to, size, "%s=%s", name, value);
	if (!f || !to[0])
		die(path);
	fclose(f);
}

static void read_paths(struct load *l, const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		die(path);
	while (l->paths < PATHS && fgets(l->path[l->paths], sizeof l->path[0], f)) {
		l->path[l->paths][strcspn(l->path[l->paths], "\r\n")] = '\0';
		l->paths += l->path[l->paths][0] == '/';
	}
	fclose(f);
	if (!l->paths)
		die("no paths");
}

int main(int argc, char **argv)
{
	static struct load l;
	struct rlimit files;

	if (argc < 10)
		return 2;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	l.name = argv[1];
	char *colon = strchr(argv[2], ':');
	if (!colon)
		return 2;
	*colon = '\0';
	l.host = argv[2];
	l.port = atoi(colon + 1);
	l.pid = argv[3];
	l.seconds = atoi(argv[4]);
	l.streams = atoi(argv[5]);
	l.rate = atoi(argv[6]);
	read_line(argv[7], l.csrf, sizeof l.csrf);
	read_paths(&l, argv[8]);
	for (int i = 9; i < argc && l.jars < JARS; i++)
		read_jar(argv[i], l.cookie[l.jars++], sizeof l.cookie[0]);
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	return part(&l);
}
