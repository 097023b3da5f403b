/// Remedies in words, for checks and for tools that need not care what a shell makes of them.
#pragma once

#include <string>

#include "core/common/remedy.hpp"

namespace pmatch::test {

inline std::string words_of(const Remedy& remedy) {
    auto words = remedy.advice;
    for (const auto& command : remedy.commands) {
        words += " pmatch " + command.verb + " " + command.collection;
        for (const auto& argument : command.arguments)
            words += " " + argument;
    }
    return words + remedy.otherwise;
}

}  // namespace pmatch::test
