#include "cli/engine/encoder_kinds.hpp"

#include <memory>
#include <vector>

#include "models/kinds/builtin_colour.hpp"
#include "models/kinds/builtin_kind.hpp"
#include "models/kinds/builtin_local.hpp"
#include "models/kinds/package_kind.hpp"

namespace pmatch {
namespace {

/// One row per descriptor: a call of the function that returns it.
std::vector<Builtin> builtins() {
    return {builtin_colour(), local_features()};
}

}  // namespace

const EncoderKinds& encoder_kinds() {
    // Packages come last, as they accept any word.
    static const EncoderKinds kinds(
        {std::make_shared<BuiltinKind>(builtins()), std::make_shared<PackageKind>()});
    return kinds;
}

}  // namespace pmatch
