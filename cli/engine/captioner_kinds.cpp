#include "cli/engine/captioner_kinds.hpp"

#include <memory>
#include <vector>

#include "models/kinds/builtin_reader_kind.hpp"
#include "models/kinds/code_reader.hpp"
#include "models/kinds/package_captioner_kind.hpp"

namespace pmatch {
namespace {

/// One row per reader: a call of the function that returns it.
std::vector<BuiltinReader> readers() {
    return {code_reader()};
}

}  // namespace

const CaptionerKinds& captioner_kinds() {
    // Packages come last, as they accept any word.
    static const CaptionerKinds kinds(
        {std::make_shared<BuiltinReaderKind>(readers()), std::make_shared<PackageCaptionerKind>()});
    return kinds;
}

}  // namespace pmatch
