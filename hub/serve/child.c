#include "serve/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_START = 127 };

static int open_output(const char *path, int as)
{
	if (!path)
		return 0;
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd == -1 || dup2(fd, as) == -1 ? -1 : 0;
}

/* Between fork and exec: nothing but system calls. */
static void become(const struct hub_child_spec *spec, pid_t parent, int progress)
{
	const struct rlimit memory = {(rlim_t)spec->memory, (rlim_t)spec->memory};
	sigset_t none;

	setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		_exit(CANNOT_START);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (spec->memory && setrlimit(RLIMIT_AS, &memory))
		_exit(CANNOT_START);
	/* both are above what they become: the daemon keeps 0 to 4 busy */
	if (dup2(progress, HUB_CHILD_PROGRESS) == -1 ||
	    (spec->keep != -1 && dup2(spec->keep, HUB_CHILD_KEPT) == -1))
		_exit(CANNOT_START);
	const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 || open_output(spec->out, STDOUT_FILENO) ||
	    open_output(spec->err, STDERR_FILENO))
		_exit(CANNOT_START);
	execv(spec->program, (char *const *)(uintptr_t)spec->argv);
	_exit(CANNOT_START);
}

int hub_child_start(const struct hub_child_spec *spec, struct hub_child *out, struct hub_err *err)
{
	const pid_t self = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return hub_fail_sys(err, HUB_RETRY, "cannot-start", errno, spec->program);
	const pid_t pid = fork();
	if (pid == 0)
		become(spec, self, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		const int rc = hub_fail_sys(err, HUB_RETRY, "cannot-start", errno, spec->program);
		close(ends[0]);
		return rc;
	}
	setpgid(pid, pid); /* whoever of the two comes first */
	const int fd = pidfd_open(pid, 0);
	if (fd == -1) {
		const int rc = hub_fail_sys(err, HUB_RETRY, "cannot-start", errno, spec->program);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		close(ends[0]);
		return rc;
	}
	*out = (struct hub_child){.pid = pid, .pidfd = fd, .progress = ends[0]};
	return HUB_OK;
}

void hub_child_signal(const struct hub_child *c, int signal)
{
	if (c->pid)
		kill(-c->pid, signal);
}

int hub_child_reap(struct hub_child *c, int *code, int *signal)
{
	siginfo_t info = {0};

	if (!c->pid || waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	    info.si_pid == 0)
		return 0;
	kill(-c->pid, SIGKILL); /* its number is still its own */
	waitid(P_PID, (id_t)c->pid, &info, WEXITED);
	*code = info.si_code == CLD_EXITED ? info.si_status : 0;
	*signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
	close(c->pidfd);
	*c = (struct hub_child){.progress = c->progress};
	return 1;
}
