/// Normalisation of a text before it is split into words.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/text/json_fields.hpp"

namespace pmatch {

class Normalizer {
public:
    virtual ~Normalizer() = default;

    /// Changes `text`, valid UTF-8. `origin` is the number of its first bytes that stem from the
    /// first character of the whole text, before and after; needed by Metaspace.
    virtual void apply(std::string& text, std::size_t& origin) const = 0;
};

/// Reads "normalizer" of a tokenizer.json; null if there is none. Supports NFC, NFD, NFKC, NFKD,
/// Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled and Sequences of them.
std::unique_ptr<Normalizer> read_normalizer(const JsonFields& top);

}  // namespace pmatch
