#include "core/threads/single_threaded_blas.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <optional>

using pmatch::SingleThreadedBlas;

TEST_CASE("OpenBLAS has one thread while anybody needs it alone, and its number afterwards") {
    const auto get = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
    if (get == nullptr) {
        MESSAGE("skipped: the BLAS here is not OpenBLAS");
        return;
    }
    const int before = get();
    pmatch::set_library_threads(2);
    CHECK(get() == 2);
    std::optional<SingleThreadedBlas> first(std::in_place);
    {
        const SingleThreadedBlas second;
        first.reset();
        CHECK(get() == 1);
    }
    CHECK(get() == 2);
    pmatch::set_library_threads(before);
}
