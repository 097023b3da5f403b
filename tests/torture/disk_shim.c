/* Preloaded before the C library: makes the n-th file operation below a directory fail, stop half-way, or end the
 * process, as a full or broken disk or a power cut would.
 *
 *   SHIM_DIR    only files below it count (an absolute path without a slash at its end)
 *   SHIM_LOG    "n operation path" is appended for every operation that counts
 *   SHIM_AT     from 1: the operation that fails; 0 or unset: none
 *   SHIM_FAULT  ENOSPC, EDQUOT (and every later operation that needs space), EIO, EMFILE, SHORT (half of a write,
 *               the rest is ENOSPC), KILL (SIGKILL instead of the operation)
 *   SHIM_READS  set: opening for reading, reading and mapping count, too
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))next_of(#name))

static void* next_of(const char* name) { return dlsym(RTLD_NEXT, name); }

enum Kind { KIND_READ, KIND_WRITE, KIND_SPACE }; /* SPACE: needs room on the disk */
enum Verdict { GO, FAIL, HALF };

static int count;
static int disk_is_full;
static __thread int inside;

static const char* setting(const char* name) {
    const char* value = getenv(name);
    return value != NULL ? value : "";
}

static int counts(const char* path) {
    const char* directory = setting("SHIM_DIR");
    const size_t length = strlen(directory);
    return length > 0 && strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static void absolute(const char* path, char* out) {
    char here[PATH_MAX];
    if (path[0] == '/' || getcwd(here, sizeof here) == NULL) {
        snprintf(out, PATH_MAX, "%s", path);
    } else {
        snprintf(out, PATH_MAX, "%.2000s/%.2000s", here, path);
    }
}

static void path_of(int fd, char* out) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t got = readlink(link, out, PATH_MAX - 1);
    out[got > 0 ? got : 0] = '\0';
}

static void note(int number, const char* operation, const char* path) {
    const char* log = setting("SHIM_LOG");
    if (log[0] == '\0') return;
    char line[PATH_MAX + 64];
    const int length = snprintf(line, sizeof line, "%d %s %s\n", number, operation, path);
    const int fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) return;
    if (REAL(write)(fd, line, (size_t)length) < 0) abort();
    REAL(close)(fd);
}

static enum Verdict judge(const char* operation, const char* path, enum Kind kind) {
    if (inside || !counts(path)) return GO;
    if (kind == KIND_READ && setting("SHIM_READS")[0] == '\0') return GO;
    inside = 1;
    const int number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    note(number, operation, path);
    inside = 0;
    const char* fault = setting("SHIM_FAULT");
    const int space = strcmp(fault, "ENOSPC") == 0 || strcmp(fault, "EDQUOT") == 0 || strcmp(fault, "SHORT") == 0;
    if (number == atoi(setting("SHIM_AT"))) {
        if (strcmp(fault, "KILL") == 0) kill(getpid(), SIGKILL);
        if (space && kind != KIND_READ) disk_is_full = 1;
        if (strcmp(fault, "SHORT") == 0 && kind == KIND_SPACE) return HALF;
    } else if (!disk_is_full || kind != KIND_SPACE) {
        return GO;
    }
    errno = strcmp(fault, "EIO") == 0      ? EIO
            : strcmp(fault, "EDQUOT") == 0 ? EDQUOT
            : strcmp(fault, "EMFILE") == 0 ? EMFILE
                                           : ENOSPC;
    return FAIL;
}

static enum Verdict judge_path(const char* operation, const char* path, enum Kind kind) {
    char whole[PATH_MAX];
    absolute(path, whole);
    return judge(operation, whole, kind);
}

static enum Verdict judge_fd(const char* operation, int fd, enum Kind kind) {
    char path[PATH_MAX];
    if (inside) return GO;
    path_of(fd, path);
    return judge(operation, path, kind);
}

static enum Kind kind_of_open(int flags) {
    return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0 ? KIND_WRITE : KIND_READ;
}

static int wants_mode(int flags) { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

#define READ_MODE(flags)                                       \
    mode_t mode = 0;                                           \
    if (wants_mode(flags)) {                                   \
        va_list rest;                                          \
        va_start(rest, flags);                                 \
        mode = va_arg(rest, mode_t);                           \
        va_end(rest);                                          \
    }

#define OPEN(name)                                                              \
    int name(const char* file, int flags, ...) {                                \
        READ_MODE(flags)                                                        \
        if (judge_path("open", file, kind_of_open(flags)) != GO) return -1;     \
        return REAL(name)(file, flags, mode);                                   \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                            \
    int name(int at, const char* file, int flags, ...) {                        \
        READ_MODE(flags)                                                        \
        if (judge_path("open", file, kind_of_open(flags)) != GO) return -1;     \
        return REAL(name)(at, file, flags, mode);                               \
    }
OPENAT(openat)
OPENAT(openat64)

FILE* fopen(const char* file, const char* mode) {
    if (judge_path("fopen", file, mode[0] == 'r' && strchr(mode, '+') == NULL ? KIND_READ : KIND_WRITE) == FAIL)
        return NULL;
    return REAL(fopen)(file, mode);
}
FILE* fopen64(const char* file, const char* mode) {
    if (judge_path("fopen", file, mode[0] == 'r' && strchr(mode, '+') == NULL ? KIND_READ : KIND_WRITE) == FAIL)
        return NULL;
    return REAL(fopen64)(file, mode);
}

ssize_t write(int fd, const void* data, size_t size) {
    const enum Verdict verdict = judge_fd("write", fd, KIND_SPACE);
    if (verdict == FAIL) return -1;
    return REAL(write)(fd, data, verdict == HALF && size > 1 ? size / 2 : size);
}
#define PWRITE(name, offset_type)                                                              \
    ssize_t name(int fd, const void* data, size_t size, offset_type offset) {                  \
        const enum Verdict verdict = judge_fd("pwrite", fd, KIND_SPACE);                       \
        if (verdict == FAIL) return -1;                                                        \
        return REAL(name)(fd, data, verdict == HALF && size > 1 ? size / 2 : size, offset);    \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec* parts, int number) {
    if (judge_fd("writev", fd, KIND_SPACE) != GO) return errno = ENOSPC, -1;
    return REAL(writev)(fd, parts, number);
}
size_t fwrite(const void* data, size_t size, size_t number, FILE* file) {
    if (!inside && judge_fd("fwrite", fileno(file), KIND_SPACE) != GO) return 0;
    return REAL(fwrite)(data, size, number, file);
}

int fflush(FILE* file) {
    if (!inside && file != NULL && judge_fd("fflush", fileno(file), KIND_SPACE) != GO) return EOF;
    return REAL(fflush)(file);
}
int mkostemps(char* name, int suffix, int flags) {
    if (judge_path("mkostemps", name, KIND_WRITE) != GO) return -1;
    return REAL(mkostemps)(name, suffix, flags);
}

#define ON_FD(type, name, parameters, arguments, kind)             \
    type name parameters {                                         \
        if (judge_fd(#name, fd, kind) != GO) return (type)-1;      \
        return REAL(name) arguments;                               \
    }
ON_FD(ssize_t, read, (int fd, void* data, size_t size), (fd, data, size), KIND_READ)
ON_FD(ssize_t, pread, (int fd, void* data, size_t size, off_t at), (fd, data, size, at), KIND_READ)
ON_FD(ssize_t, pread64, (int fd, void* data, size_t size, off64_t at), (fd, data, size, at), KIND_READ)
ON_FD(int, fsync, (int fd), (fd), KIND_WRITE)
ON_FD(int, fdatasync, (int fd), (fd), KIND_WRITE)
ON_FD(int, ftruncate, (int fd, off_t size), (fd, size), KIND_SPACE)
ON_FD(int, ftruncate64, (int fd, off64_t size), (fd, size), KIND_SPACE)
ON_FD(int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), KIND_SPACE)

int posix_fallocate(int fd, off_t at, off_t size) {
    return judge_fd("posix_fallocate", fd, KIND_SPACE) != GO ? errno : REAL(posix_fallocate)(fd, at, size);
}

#define ON_PATH(name, parameters, arguments, path, kind)           \
    int name parameters {                                          \
        if (judge_path(#name, path, kind) != GO) return -1;        \
        return REAL(name) arguments;                               \
    }
ON_PATH(rename, (const char* from, const char* to), (from, to), to, KIND_WRITE)
ON_PATH(renameat, (int a, const char* from, int b, const char* to), (a, from, b, to), to, KIND_WRITE)
ON_PATH(link, (const char* from, const char* to), (from, to), to, KIND_SPACE)
ON_PATH(symlink, (const char* from, const char* to), (from, to), to, KIND_SPACE)
ON_PATH(mkdir, (const char* path, mode_t mode), (path, mode), path, KIND_SPACE)
ON_PATH(truncate, (const char* path, off_t size), (path, size), path, KIND_SPACE)
ON_PATH(unlink, (const char* path), (path), path, KIND_WRITE)

#define MMAP(name, offset_type)                                                                        \
    void* name(void* at, size_t size, int protection, int flags, int fd, offset_type offset) {         \
        if (fd >= 0 && judge_fd("mmap", fd, KIND_READ) != GO) return errno = ENOMEM, MAP_FAILED;       \
        return REAL(name)(at, size, protection, flags, fd, offset);                                    \
    }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)
