#include "models/kinds/builtin_word.hpp"

#include "core/common/error.hpp"

namespace pmatch {

void check_builtin_load(const std::string& name, const LoadOptions& options) {
    if (options.device != "auto" && options.device != "cpu") {
        throw UsageError{fmt::format("{} runs on the CPU, not on '{}'", name, options.device),
                         "leave --device out"};
    }
    if (options.precision != "auto" && options.precision != kBuiltinPrecision) {
        throw UsageError{fmt::format("{} has the precision {}, not '{}'", name, kBuiltinPrecision,
                                     options.precision),
                         "leave --precision out"};
    }
}

}  // namespace pmatch
