#include "models/kinds/code_reader.hpp"

#include <algorithm>

#include "core/encoders/captioner.hpp"
#include "core/vision/read_codes.hpp"

namespace pmatch {
namespace {

/// What a QR code holds may be anything; a line break in it would part it in two.
std::string on_one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::string text_of(const Image& image) {
    std::string text;
    for (const auto& code : codes_in(image)) {
        const auto line = on_one_line(code.text);
        if (!line.empty()) text += (text.empty() ? "" : "\n") + line;
    }
    return text;
}

}  // namespace

BuiltinReader code_reader() {
    return {"code",
            "barcodes: EAN-13, EAN-8, UPC-A, UPC-E, QR and DataMatrix",
            code_settings(),
            {kNoCode, "the picture shows no code that could be read"},
            text_of};
}

}  // namespace pmatch
