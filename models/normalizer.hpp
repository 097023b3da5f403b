/// The steps that a text goes through before it is cut into words.
#pragma once

#include <memory>
#include <string>

#include "models/json_fields.hpp"

namespace pmatch {

class Normalizer {
public:
    virtual ~Normalizer() = default;

    /// Changes `text`, valid UTF-8. Clears `at_start` when the text no longer begins with what its
    /// first character became: Metaspace asks for that.
    virtual void apply(std::string& text, bool& at_start) const = 0;
};

/// From "normalizer" of a tokenizer.json; null when there is none. Knows NFC, NFD, NFKC, NFKD,
/// Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled and Sequences of them.
std::unique_ptr<Normalizer> read_normalizer(const JsonFields& top);

}  // namespace pmatch
