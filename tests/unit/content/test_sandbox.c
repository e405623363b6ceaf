/* The cage around untrusted sound. Each test is a child that tries one thing from inside. */
#include "content/sandbox.h"

#include "base/sanitized.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSIDE_MIB 256

/* What a child reports with its exit status; killed by SIGSYS otherwise. */
enum { REFUSED = 10, SUCCEEDED = 11, NO_CAGE = 12 };

static int verdict(bool worked)
{
    return worked ? SUCCEEDED : REFUSED;
}

static int try_socket(void)
{
    return verdict(socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int try_netlink(void)
{
    return verdict(socket(AF_NETLINK, SOCK_RAW, 0) >= 0);
}

static int try_program(void)
{
    char name[] = "true";
    char *const words[] = {name, NULL};
    return verdict(execv("/bin/true", words) == 0);
}

static int try_fork(void)
{
    const pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(0);
    return verdict(pid > 0);
}

static int try_open(void)
{
    return verdict(open("/etc/passwd", O_RDONLY) >= 0);
}

static int try_create(void)
{
    return verdict(open("/tmp/loa-sandbox-test", O_WRONLY | O_CREAT, 0600) >= 0);
}

static int try_executable_memory(void)
{
    return verdict(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0) != MAP_FAILED);
}

static int try_ptrace(void)
{
    return verdict(syscall(SYS_ptrace, 16, getppid(), 0, 0) == 0);
}

static int try_much_memory(void)
{
    return verdict(mmap(NULL, (size_t)INSIDE_MIB << 20, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static void *say_hello(void *data)
{
    *(int *)data = 1;
    return NULL;
}

static int try_thread(void)
{
    pthread_t thread;
    int said = 0;
    if (pthread_create(&thread, NULL, say_hello, &said) != 0)
        return REFUSED;
    pthread_join(thread, NULL);
    return verdict(said == 1);
}

static int waiting_socket = -1;

static void *open_socket_later(void *data)
{
    char go = 0;
    (void)!read(*(int *)data, &go, 1);
    waiting_socket = socket(AF_INET, SOCK_STREAM, 0);
    return NULL;
}

/* Runs `attempt` in the cage in a child; the wait status comes back. */
static int in_cage(int (*attempt)(void))
{
    const pid_t pid = fork();
    if (pid == 0) {
        const SandboxLimits limits = {(uint64_t)INSIDE_MIB << 20, 10, 1 << 20, 64};
        signal(SIGSYS, SIG_DFL);
        sandbox_leave_network();
        if (!sandbox_enter(&limits, NULL))
            _exit(NO_CAGE);
        _exit(attempt());
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return status;
}

static void assert_killed(int (*attempt)(void))
{
    const int status = in_cage(attempt);
    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, SIGSYS);
}

static void assert_exit(int (*attempt)(void), int wanted)
{
    const int status = in_cage(attempt);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, wanted);
}

static void test_a_socket_ends_it(void)
{
    assert_killed(try_socket);
    assert_killed(try_netlink);
}

static void test_a_program_ends_it(void)
{
    assert_killed(try_program);
}

static void test_looking_into_another_process_ends_it(void)
{
    assert_killed(try_ptrace);
}

static void test_files_processes_and_code_are_refused(void)
{
    assert_exit(try_open, REFUSED);
    assert_exit(try_create, REFUSED);
    assert_exit(try_fork, REFUSED);
    assert_exit(try_executable_memory, REFUSED);
}

static void test_memory_has_an_end(void)
{
    assert_exit(try_much_memory, REFUSED);
}

static void test_threads_still_work(void)
{
    assert_exit(try_thread, SUCCEEDED);
}

static void test_threads_that_were_there_are_caught_too(void)
{
    const pid_t pid = fork();
    if (pid == 0) {
        const SandboxLimits limits = {(uint64_t)INSIDE_MIB << 20, 10, 1 << 20, 64};
        int ends[2];
        pthread_t thread;
        signal(SIGSYS, SIG_DFL);
        if (pipe(ends) != 0 || pthread_create(&thread, NULL, open_socket_later, &ends[0]) != 0 ||
            !sandbox_enter(&limits, NULL))
            _exit(NO_CAGE);
        (void)!write(ends[1], "x", 1);
        pthread_join(thread, NULL);
        _exit(verdict(waiting_socket >= 0));
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFSIGNALED(status));
    g_assert_cmpint(WTERMSIG(status), ==, SIGSYS);
}

/* The control: without the cage all of it works, so the tests above measure the cage. */
static void test_without_the_cage_it_all_works(void)
{
    g_assert_cmpint(try_socket(), ==, SUCCEEDED);
    g_assert_cmpint(try_open(), ==, SUCCEEDED);
    g_assert_cmpint(try_fork(), ==, SUCCEEDED);
    g_assert_cmpint(try_much_memory(), ==, SUCCEEDED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sandbox/a socket ends it", test_a_socket_ends_it);
    g_test_add_func("/sandbox/a program ends it", test_a_program_ends_it);
    g_test_add_func("/sandbox/looking into another process ends it",
                    test_looking_into_another_process_ends_it);
    g_test_add_func("/sandbox/files, processes and code are refused",
                    test_files_processes_and_code_are_refused);
    if (!SANITIZED) /* a sanitizer's own terabytes leave no room for the limit */
        g_test_add_func("/sandbox/memory has an end", test_memory_has_an_end);
    g_test_add_func("/sandbox/threads still work", test_threads_still_work);
    g_test_add_func("/sandbox/threads that were there are caught too",
                    test_threads_that_were_there_are_caught_too);
    g_test_add_func("/sandbox/without the cage it all works", test_without_the_cage_it_all_works);
    return g_test_run();
}
