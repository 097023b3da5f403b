/// Answers as JSON for clients.
#pragma once

#include <string>
#include <vector>

#include "core/engine/engine.hpp"

namespace pmatch::cli {

/// What answers are written with.
struct AnswerContext {
    const Engine& engine;
    int top = 10;
    bool explain = false;
    std::vector<std::string> warnings;
};

/// Of a request with one query.
std::string answer_json(const AnsweredQuery& answered, const AnswerContext& context);
/// Of a batch: failed queries have a problem instead of answers.
std::string batch_json(const std::vector<AnsweredQuery>& answered, const AnswerContext& context);
/// An item with its fields and pictures.
std::string item_json(const Engine& engine, std::int64_t row);

}  // namespace pmatch::cli
