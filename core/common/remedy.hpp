/// What to do about something, as data: whoever shows it to a person writes the command line.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pmatch {

/// A command of pmatch for one collection.
struct Command {
    std::string verb;        ///< "build-index"
    std::string collection;  ///< its path; empty where it is not known
    /// As the program gets them, without quotes. Words in capitals (PACKAGE, SOURCE) stand for what
    /// only the reader knows.
    std::vector<std::string> arguments{};

    friend bool operator==(const Command&, const Command&) = default;
};

/// Words, commands, or both: "make one: `pmatch embed …`, then `pmatch build-index …`, or use
/// another preset".
struct Remedy {
    Remedy() = default;
    Remedy(std::string words) : advice(std::move(words)) {}
    Remedy(const char* words) : advice(words) {}
    Remedy(Command command) : commands{std::move(command)} {}
    Remedy(std::vector<Command> all) : commands(std::move(all)) {}
    Remedy(std::string words, std::vector<Command> all, std::string more = {})
        : advice(std::move(words)), commands(std::move(all)), otherwise(std::move(more)) {}

    std::string advice;             ///< all there is to say, or what leads to the commands
    std::vector<Command> commands;  ///< to be run one after the other
    std::string otherwise;          ///< said after the commands: what they do, what else would help

    bool empty() const { return advice.empty() && commands.empty() && otherwise.empty(); }

    /// Commands that name no collection are for this one.
    void name_collection(const std::string& path) {
        for (auto& command : commands) {
            if (command.collection.empty()) command.collection = path;
        }
    }

    friend bool operator==(const Remedy&, const Remedy&) = default;
};

}  // namespace pmatch
