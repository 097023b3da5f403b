#include "cli/terminal/remedy_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pmatch::cli {
namespace {

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

/// $'…' of bash, zsh and ksh, which alone can write these.
std::string with_escapes(std::string_view word) {
    std::string quoted = "$'";
    for (const char c : word) {
        if (is_control(c)) {
            quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        } else {
            if (c == '\'' || c == '\\') quoted += '\\';
            quoted += c;
        }
    }
    return quoted + "'";
}

/// "-shop" would be taken for a flag.
std::string path_word(const std::string& path) {
    return shell_word(path.starts_with('-') ? "./" + path : path);
}

}  // namespace

std::string shell_word(std::string_view word) {
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
    if (std::any_of(word.begin(), word.end(), is_control)) return with_escapes(word);
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

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
    // "`pmatch …` makes it for all" is a sentence of its own.
    const bool sentence = remedy.advice.empty() && !remedy.otherwise.empty();
    return notice.text + (sentence ? "; " : ": ") + text_of(remedy);
}

}  // namespace pmatch::cli
