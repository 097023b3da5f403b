#include "core/threads/single_threaded_blas.hpp"

#include <dlfcn.h>
#include <omp.h>

#include <mutex>

namespace pmatch {
namespace {

/// An OpenBLAS with its own threads ignores OpenMP's setting. Other BLAS libraries respect it and
/// lack these functions.
struct OpenBlas {
    using Set = void (*)(int);
    using Get = int (*)();
    Set set = reinterpret_cast<Set>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    Get get = reinterpret_cast<Get>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
    std::mutex mutex;
    int alone = 0;   ///< number of living SingleThreadedBlas objects
    int before = 1;  ///< threads when the first of them was created

    bool there() const { return set != nullptr && get != nullptr; }
};

OpenBlas& open_blas() {
    static OpenBlas the_blas;
    return the_blas;
}

}  // namespace

void set_library_threads(int threads) {
    omp_set_num_threads(threads);
    auto& blas = open_blas();
    const std::lock_guard lock(blas.mutex);
    if (!blas.there()) return;
    blas.before = threads;
    if (blas.alone == 0) blas.set(threads);
}

SingleThreadedBlas::SingleThreadedBlas() : before_(omp_get_max_threads()) {
    omp_set_num_threads(1);
    auto& blas = open_blas();
    const std::lock_guard lock(blas.mutex);
    if (!blas.there() || blas.alone++ > 0) return;
    blas.before = blas.get();
    blas.set(1);
}

SingleThreadedBlas::~SingleThreadedBlas() {
    omp_set_num_threads(before_);
    auto& blas = open_blas();
    const std::lock_guard lock(blas.mutex);
    if (blas.there() && --blas.alone == 0) blas.set(blas.before);
}

}  // namespace pmatch
