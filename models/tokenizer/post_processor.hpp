/// The special tokens that a tokenizer adds before and after a text.
#pragma once

#include <cstdint>
#include <vector>

#include "core/text/json_fields.hpp"

namespace pmatch {

struct Frame {
    std::vector<std::int32_t> before;
    std::vector<std::int32_t> after;

    std::size_t size() const { return before.size() + after.size(); }
    std::vector<std::int32_t> around(std::vector<std::int32_t> content) const {
        content.insert(content.begin(), before.begin(), before.end());
        content.insert(content.end(), after.begin(), after.end());
        return content;
    }
};

/// Reads "post_processor" of a tokenizer.json (null: adds nothing): TemplateProcessing,
/// BertProcessing, RobertaProcessing, ByteLevel (adds nothing) and Sequences of them.
Frame read_post_processor(const JsonFields& top);

}  // namespace pmatch
