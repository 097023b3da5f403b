#include "data/engines/postgres_library.hpp"

#include <dlfcn.h>

#include "data/engines/postgres_stamp.hpp"

namespace pmatch {

const PostgresFunctions& postgres_library() {
    static const PostgresFunctions& opened = [&]() -> const PostgresFunctions& {
        const auto& functions = *static_cast<const PostgresFunctions*>(
            open_companion(kPostgresLibrary, RTLD_NOW | RTLD_LOCAL));
        check_companion_stamp(kPostgresLibrary, functions.stamp, kPostgresStamp);
        return functions;
    }();
    return opened;
}

}  // namespace pmatch
