#include "models/text/normal_form.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uniset.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

void check(UErrorCode code) {
    if (U_FAILURE(code)) {
        throw Error{std::string("ICU cannot normalise: ") + u_errorName(code),
                    {},
                    "install the ICU data package"};
    }
}

/// Characters newer than Unicode 9 are not normalised.
const icu::UnicodeSet& known_characters() {
    static const icu::UnicodeSet set = [] {
        UErrorCode code = U_ZERO_ERROR;
        icu::UnicodeSet found(icu::UnicodeString(u"[:Age=9.0:]"), code);
        check(code);
        found.freeze();
        return found;
    }();
    return set;
}

const icu::Normalizer2& normalizer(NormalForm form) {
    using Forms = std::array<std::unique_ptr<icu::FilteredNormalizer2>, 4>;
    static const Forms forms = [] {
        UErrorCode code = U_ZERO_ERROR;
        const std::array all{
            icu::Normalizer2::getNFCInstance(code), icu::Normalizer2::getNFDInstance(code),
            icu::Normalizer2::getNFKCInstance(code), icu::Normalizer2::getNFKDInstance(code)};
        check(code);
        Forms made;
        for (std::size_t i = 0; i < made.size(); ++i) {
            made.at(i) = std::make_unique<icu::FilteredNormalizer2>(*all.at(i), known_characters());
        }
        return made;
    }();
    return *forms.at(static_cast<std::size_t>(form));
}

}  // namespace

void normalize(NormalForm form, std::string& text) {
    // NFC does not change characters below U+0300 (lead byte CC), other forms do not change ASCII.
    const unsigned char first_changed = form == NormalForm::kNfc ? 0xCC : 0x80;
    if (std::all_of(text.begin(), text.end(),
                    [&](char c) { return static_cast<unsigned char>(c) < first_changed; })) {
        return;
    }
    std::string out;
    out.reserve(text.size());
    icu::StringByteSink<std::string> sink(&out);
    UErrorCode code = U_ZERO_ERROR;
    normalizer(form).normalizeUTF8(
        0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
        code);
    check(code);
    text.swap(out);
}

}  // namespace pmatch
