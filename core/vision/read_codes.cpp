#include "core/vision/read_codes.hpp"

#include <fmt/format.h>

#include "core/vision/code_looks.hpp"

namespace pmatch {

std::string code_settings(const CodeOptions& options) {
    std::string looks;
    for (const auto& look : kLooksAtPatch)
        looks +=
            fmt::format(" {}/{}/{}", look.scale, look.sharpen, look.local ? "local" : "global");
    return fmt::format(
        "version 1; at most {} pixels, 2x below {}, {} patches of {} pixels; lines {}, short {}; "
        "patches{}",
        options.most_pixels, options.enlarge_below, options.most_patches, options.most_patch_pixels,
        kCodeLines, kCodeLinesOfShort, looks);
}

std::string upc_a_of(const std::string& digits) {
    if (digits.size() != 8 || digits.find_first_not_of("0123456789") != std::string::npos)
        return digits;
    const auto body = digits.substr(1, 6);
    const auto last = body[5];
    std::string middle;
    if (last <= '2') {
        middle = body.substr(0, 2) + last + "0000" + body.substr(2, 3);
    } else if (last == '3') {
        middle = body.substr(0, 3) + "00000" + body.substr(3, 2);
    } else if (last == '4') {
        middle = body.substr(0, 4) + "00000" + body[4];
    } else {
        middle = body.substr(0, 5) + "0000" + last;
    }
    return digits.front() + middle + digits.back();
}

}  // namespace pmatch
