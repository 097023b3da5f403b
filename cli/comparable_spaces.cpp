#include "cli/comparable_spaces.hpp"

#include "cli/open_index.hpp"
#include "core/error.hpp"
#include "models/auto_precision.hpp"
#include "models/package.hpp"

namespace pmatch::cli {

bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) {
    if (one.precision == other.precision || one.dim != other.dim) return false;
    try {
        const auto package = read_package(package_of(one));
        const auto made = [&](const SpaceRecord& space) {
            return package.fingerprint(space.precision) == space.fingerprint &&
                   is_harmless(package, space.precision);
        };
        return made(one) && made(other);
    } catch (const Error&) {
        return false;
    }
}

}  // namespace pmatch::cli
