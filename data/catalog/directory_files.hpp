/// Internal to data/catalog: which files of a directory are pictures, and which are left out.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pmatch::detail {

/// Where macOS's archives keep the companions of files.
inline constexpr const char* kMacFolder = "__MACOSX";

enum class FileKind {
    kNamedPicture,    ///< by its extension
    kUnnamedPicture,  ///< by its content alone
    kOther
};

/// `relative` to `directory`, outside of which nothing is read. Companions of macOS are kOther.
FileKind kind_of_file(const std::filesystem::path& directory,
                      const std::filesystem::path& relative);

/// Counts files that are no pictures.
class LeftOutFiles {
public:
    void add(const std::filesystem::path& file);
    /// One of the .txt files is the text of an item.
    void forget_text();
    /// For people; empty if there are none.
    std::vector<std::string> remarks() const;

private:
    std::size_t companions_ = 0;                  ///< of macOS
    std::map<std::string, std::size_t> by_kind_;  ///< by extension
};

}  // namespace pmatch::detail
