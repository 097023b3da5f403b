#include "cli/terminal/remedy_text.hpp"

#include <fmt/format.h>

#include "core/text/escape.hpp"

namespace pmatch::cli {
namespace {

/// Prefixes paths such as "-shop", which would be parsed as a flag.
std::string path_word(const std::string& path) {
    return shell_word(path.starts_with('-') ? "./" + path : path);
}

}  // namespace

std::string command_line(const Command& command) {
    auto line =
        fmt::format("pmatch {} {}", command.verb,
                    command.collection.empty() ? "COLLECTION" : path_word(command.collection));
    for (const auto& argument : command.arguments)
        line += " " + shell_word(argument);
    return line;
}

std::string text_of(const Remedy& remedy) {
    if (remedy.commands.empty()) return remedy.advice + remedy.otherwise;
    const std::string_view between = remedy.advice.empty() ? " && " : "`, then `";
    std::string commands;
    for (const auto& command : remedy.commands) {
        if (!commands.empty()) commands += between;
        commands += command_line(command);
    }
    if (remedy.advice.empty() && remedy.otherwise.empty()) return commands;
    return fmt::format("{}{}`{}`{}", remedy.advice, remedy.advice.empty() ? "" : " ", commands,
                       remedy.otherwise);
}

std::string text_of(const Notice& notice) {
    const auto& remedy = notice.remedy;
    if (remedy.empty()) return notice.text;
    // "`pmatch …` makes it for all" is a complete sentence.
    const bool sentence = remedy.advice.empty() && !remedy.otherwise.empty();
    return notice.text + (sentence ? "; " : ": ") + text_of(remedy);
}

}  // namespace pmatch::cli
