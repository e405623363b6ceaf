/* The only door to libseccomp: the cage around the decoding of untrusted sound.
 *
 * An allow-list: what decoding, threads and memory need goes through, anything else is refused
 * with EPERM, and what only an intruder would ask for (a socket, a program, another process) ends
 * the process. Threads may be made, processes not; clone3 hides its flags behind a pointer that a
 * filter cannot read, so it is answered ENOSYS and the C library falls back to clone. Landlock is a
 * second wall around files where the kernel has it. NPROC is not limited: it counts the whole user,
 * and the filter already refuses every fork. */
#include "content/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sanitized.h"

G_DEFINE_QUARK(sandbox - error - quark, sandbox_error)

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close),
    SCMP_SYS(fsync),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
    SCMP_SYS(fcntl),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sysinfo),
};

static const int deadly[] = {
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(kill),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(setuid),
    SCMP_SYS(setresuid),
    SCMP_SYS(capset),
};

static bool fail(GError **error, const char *what, int code)
{
    g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_REFUSED, "sandbox: %s: %s", what,
                g_strerror(code));
    return false;
}

bool sandbox_leave_network(void)
{
    return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

/* No rule is added, so nothing at all may be opened by this thread and those it makes. */
static void close_file_system(void)
{
    struct landlock_ruleset_attr every = {.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1};
    const int set = (int)syscall(SYS_landlock_create_ruleset, &every, sizeof every, 0);
    if (set < 0)
        return; /* a kernel without it: the filter refuses open() anyway */
    (void)syscall(SYS_landlock_restrict_self, set, 0);
    close(set);
}

static bool set_limit(int resource, uint64_t value, const char *name, GError **error)
{
    const struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &limit) == 0 || fail(error, name, errno);
}

static bool set_limits(const SandboxLimits *limits, GError **error)
{
    return (SANITIZED || set_limit(RLIMIT_AS, limits->memory_bytes, "RLIMIT_AS", error)) &&
           set_limit(RLIMIT_CPU, limits->cpu_seconds, "RLIMIT_CPU", error) &&
           set_limit(RLIMIT_FSIZE, limits->file_bytes, "RLIMIT_FSIZE", error) &&
           set_limit(RLIMIT_NOFILE, limits->files, "RLIMIT_NOFILE", error) &&
           set_limit(RLIMIT_CORE, 0, "RLIMIT_CORE", error);
}

/* System calls that are fine with some arguments only. */
static int add_conditions(scmp_filter_ctx filter)
{
    const int thread = CLONE_THREAD | CLONE_VM;
    int result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                                  SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME, 0));
    if (result == 0) /* a pipe within this process, which GStreamer's buses wait on */
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 1,
                                  SCMP_A0_64(SCMP_CMP_EQ, AF_UNIX, 0));
    if (result == 0) /* fstat() of newer C libraries */
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                                  SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
    return result;
}

static int add_rules(scmp_filter_ctx filter)
{
    int result = add_conditions(filter);
    for (size_t i = 0; result == 0 && i < G_N_ELEMENTS(allowed); i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; result == 0 && i < G_N_ELEMENTS(deadly); i++)
        result = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
    return result;
}

static bool load_filter(GError **error)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL)
        return fail(error, "seccomp_init", ENOMEM);
    int result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (result == 0)
        result = add_rules(filter);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result == 0 || fail(error, "system-call filter", -result);
}

bool sandbox_enter(const SandboxLimits *limits, GError **error)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(error, "NO_NEW_PRIVS", errno);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fail(error, "not dumpable", errno);
    close_file_system();
    return set_limits(limits, error) && load_filter(error);
}
