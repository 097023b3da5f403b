#include "data/pictures/name_forms.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>

#include "core/text/utf8.hpp"

namespace pmatch {
namespace {

std::string normalised(const icu::Normalizer2* form, UErrorCode error, std::string_view name) {
    if (U_FAILURE(error) || form == nullptr) return std::string(name);
    std::string result;
    icu::StringByteSink<std::string> sink(&result);
    form->normalizeUTF8(0, {name.data(), static_cast<std::int32_t>(name.size())}, sink, nullptr,
                        error);
    return U_FAILURE(error) ? std::string(name) : result;
}

std::string from_latin1(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes)
        utf8::append(text, static_cast<unsigned char>(byte));
    return text;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string composed_name(std::string_view name) {
    if (is_ascii(name) || !utf8::is_valid(name)) return std::string(name);
    UErrorCode error = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFCInstance(error);
    return normalised(form, error, name);
}

std::string folded_name(std::string_view name) {
    UErrorCode error = U_ZERO_ERROR;
    const auto* form = icu::Normalizer2::getNFKCCasefoldInstance(error);
    return utf8::is_valid(name) ? normalised(form, error, name)
                                : normalised(form, error, from_latin1(name));
}

}  // namespace pmatch
