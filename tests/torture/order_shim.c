/* Preloaded before the C library: directories list their entries from Z to A, whatever the file system does. Who leans
 * on the order in which ext4 or tmpfs happen to list them gets the other one. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

struct Listing { /* one open directory; the entries are read when the first is asked for */
    DIR* directory;
    struct dirent64** entries;
    size_t count, next;
    struct Listing* after;
};

static struct Listing* listings;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int downwards(const void* left, const void* right) {
    const struct dirent64* const* a = left;
    const struct dirent64* const* b = right;
    return strcmp((*b)->d_name, (*a)->d_name);
}

static struct Listing* read_all(DIR* directory) {
    struct Listing* made = calloc(1, sizeof *made);
    if (made == NULL) abort();
    made->directory = directory;
    const struct dirent64* entry;
    while ((entry = REAL(readdir64)(directory)) != NULL) {
        struct dirent64** more = realloc(made->entries, (made->count + 1) * sizeof *more);
        struct dirent64* copy = malloc(sizeof *copy);
        if (more == NULL || copy == NULL) abort();
        memcpy(copy, entry, entry->d_reclen < sizeof *copy ? entry->d_reclen : sizeof *copy);
        made->entries = more;
        made->entries[made->count++] = copy;
    }
    if (made->count > 0) qsort(made->entries, made->count, sizeof *made->entries, downwards);
    return made;
}

static struct dirent64* next_of(DIR* directory) {
    pthread_mutex_lock(&lock);
    struct Listing* found = listings;
    while (found != NULL && found->directory != directory)
        found = found->after;
    if (found == NULL) {
        found = read_all(directory);
        found->after = listings;
        listings = found;
    }
    struct dirent64* entry = found->next < found->count ? found->entries[found->next++] : NULL;
    pthread_mutex_unlock(&lock);
    return entry;
}

static void forget(DIR* directory) {
    pthread_mutex_lock(&lock);
    struct Listing** at = &listings;
    while (*at != NULL && (*at)->directory != directory)
        at = &(*at)->after;
    struct Listing* found = *at;
    if (found != NULL) *at = found->after;
    pthread_mutex_unlock(&lock);
    if (found == NULL) return;
    for (size_t i = 0; i < found->count; ++i)
        free(found->entries[i]);
    free(found->entries);
    free(found);
}

struct dirent64* readdir64(DIR* directory) { return next_of(directory); }

/* The same structure where file offsets have 64 bits. */
_Static_assert(sizeof(struct dirent) == sizeof(struct dirent64), "two kinds of directory entry");
struct dirent* readdir(DIR* directory) { return (struct dirent*)next_of(directory); }

void rewinddir(DIR* directory) {
    forget(directory);
    REAL(rewinddir)(directory);
}

int closedir(DIR* directory) {
    forget(directory);
    return REAL(closedir)(directory);
}
