/// Finds the pictures that a catalog names, as shops write them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/common/problem.hpp"
#include "data/pictures/directory_names.hpp"

namespace pmatch {

/// Safe to use from many threads.
class PictureFinder {
public:
    /// Relative paths start at `root`; with `confine` nothing outside it is read or listed.
    PictureFinder(std::filesystem::path root, bool confine);

    /// Entries that are lists, and no file, become their parts.
    std::vector<std::string> separated(std::vector<std::string> written) const;

    /// The path as it is written or, if there is no such file, in another spelling
    /// (other_spellings()) or another Unicode form. The problems are those of resolve_picture();
    /// "missing" says what is there instead: letter case and extensions are not guessed.
    std::variant<std::filesystem::path, Problem> find(const std::string& written) const;

    const std::filesystem::path& root() const { return root_; }
    bool confined() const { return confine_; }

private:
    std::optional<std::filesystem::path> existing(const std::string& spelling) const;
    std::optional<std::string> in_other_form(const std::string& spelling) const;
    std::string suggestion(const std::string& spelling) const;
    bool may_list(const std::filesystem::path& directory) const;

    std::filesystem::path root_;
    bool confine_;
    DirectoryNames names_;
};

}  // namespace pmatch
