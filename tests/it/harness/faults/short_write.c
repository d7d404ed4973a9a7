/* Loaded before the C library. The SHORT_AT-th write to a file writes one byte only. If SHORT_THEN is an errno, all later
   writes to files fail with it, like on a disk that is full in the middle of a file. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t write(int fd, const void *bytes, size_t count)
{
    static int calls;
    struct stat status;
    const char *at = getenv("SHORT_AT"), *then = getenv("SHORT_THEN");
    int is_file = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    if (at && is_file) {
        calls++;
        if (calls == atoi(at) && count > 1)
            count = 1;
        else if (then && calls > atoi(at)) {
            errno = atoi(then);
            return -1;
        }
    }
    return syscall(SYS_write, fd, bytes, count);
}
