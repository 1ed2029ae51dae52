// Loaded before the command's own libraries (LD_PRELOAD), fails or ends the process at one call that changes a file.
//
// FAULT_AT    which call, counted from 1; 0 counts only
// FAULT_KIND  "fail" (the call fails once: no space left, or input/output error), "kill" (SIGKILL), "trap" (SIGILL)
// FAULT_FEW   when set, calls of fwrite are not counted: the hundreds by which a library packs a workbook
// FAULT_LOG   a file that gets the number of calls so far and the name of the one that failed
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int calls = 0;

static void note(const char *text) {
  const char *log = getenv("FAULT_LOG");
  if (!log) return;
  int file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (file < 0) return;
  syscall(SYS_write, file, text, strlen(text));
  syscall(SYS_close, file);
}

// Whether this call is the one.
static int strikes(const char *name) {
  const char *at = getenv("FAULT_AT"), *kind = getenv("FAULT_KIND");
  int number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  if (!at || number != atoi(at)) return 0;
  char line[128];
  snprintf(line, sizeof line, "%d %s\n", number, name);
  note(line);
  if (kind && !strcmp(kind, "kill")) {
    kill(getpid(), SIGKILL);
    pause();
  }
  if (kind && !strcmp(kind, "trap")) raise(SIGILL);
  return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
  if (file > 2 && strikes("write")) { errno = ENOSPC; return -1; }
  return NEXT(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
  if (strikes("pwrite")) { errno = ENOSPC; return -1; }
  return NEXT(pwrite)(file, bytes, count, place);
}

int ftruncate(int file, off_t length) {
  if (strikes("ftruncate")) { errno = EIO; return -1; }
  return NEXT(ftruncate)(file, length);
}

int fsync(int file) {
  if (strikes("fsync")) { errno = EIO; return -1; }
  return NEXT(fsync)(file);
}

int rename(const char *from, const char *to) {
  if (strikes("rename")) { errno = EIO; return -1; }
  return NEXT(rename)(from, to);
}

int link(const char *from, const char *to) {
  if (strikes("link")) { errno = EIO; return -1; }
  return NEXT(link)(from, to);
}

int mkdir(const char *path, mode_t mode) {
  if (strikes("mkdir")) { errno = ENOSPC; return -1; }
  return NEXT(mkdir)(path, mode);
}

int chmod(const char *path, mode_t mode) {
  if (strikes("chmod")) { errno = EIO; return -1; }
  return NEXT(chmod)(path, mode);
}

static int mayCreate(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0; }

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mayCreate(flags) ? va_arg(list, mode_t) : 0;
  va_end(list);
  if (mayCreate(flags) && strikes("open")) { errno = ENOSPC; return -1; }
  return NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mayCreate(flags) ? va_arg(list, mode_t) : 0;
  va_end(list);
  if (mayCreate(flags) && strikes("open")) { errno = ENOSPC; return -1; }
  return NEXT(open64)(path, flags, mode);
}

FILE *fopen64(const char *path, const char *mode) {
  if (mode[0] != 'r' && strikes("fopen")) { errno = ENOSPC; return NULL; }
  return NEXT(fopen64)(path, mode);
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
  if (file != stdout && file != stderr && !getenv("FAULT_FEW") && strikes("fwrite")) { errno = ENOSPC; return 0; }
  return NEXT(fwrite)(bytes, size, count, file);
}

int fclose(FILE *file) {
  if (strikes("fclose")) { NEXT(fclose)(file); errno = ENOSPC; return EOF; }
  return NEXT(fclose)(file);
}

__attribute__((destructor)) static void end(void) {
  const char *at = getenv("FAULT_AT");
  if (at && atoi(at) > 0) return;
  char line[64];
  snprintf(line, sizeof line, "%d calls\n", calls);
  note(line);
}
