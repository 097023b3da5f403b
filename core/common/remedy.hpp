/// How to fix a problem, as data: the code that prints it writes the command line.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pmatch {

/// A command of pmatch for one collection.
struct Command {
    std::string verb;        ///< "build-index"
    std::string collection;  ///< its path; empty where it is not known
    /// As passed to the program, without quotes. Words in capitals (PACKAGE, SOURCE) are
    /// placeholders for the reader to fill in.
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

    std::string advice;             ///< the whole text, or the introduction to the commands
    std::vector<Command> commands;  ///< to be run in this order
    std::string otherwise;          ///< printed after the commands: their effect, or an alternative

    bool empty() const { return advice.empty() && commands.empty() && otherwise.empty(); }

    /// Sets the collection of all commands that name none.
    void name_collection(const std::string& path) {
        for (auto& command : commands) {
            if (command.collection.empty()) command.collection = path;
        }
    }

    friend bool operator==(const Remedy&, const Remedy&) = default;
};

}  // namespace pmatch
