/// The steps that a text goes through before it is cut into words.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/text/json_fields.hpp"

namespace pmatch {

class Normalizer {
public:
    virtual ~Normalizer() = default;

    /// Changes `text`, valid UTF-8. `origin` is how many of its first bytes come from the first
    /// character of the whole text, before and after: Metaspace asks for that.
    virtual void apply(std::string& text, std::size_t& origin) const = 0;
};

/// From "normalizer" of a tokenizer.json; null when there is none. Knows NFC, NFD, NFKC, NFKD,
/// Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled and Sequences of them.
std::unique_ptr<Normalizer> read_normalizer(const JsonFields& top);

}  // namespace pmatch
