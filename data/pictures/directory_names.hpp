/// The names in directories, found by names that are almost theirs.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// Names of one directory that are alike the one asked for; the rest is empty.
struct AlikeNames {
    std::string same;             ///< the same characters in another Unicode form
    std::string other_case;       ///< the same but for letter case or compatibility forms
    std::string other_extension;  ///< the same up to the last dot
};

/// Lists each directory once, until it changes. Safe to use from many threads.
class DirectoryNames {
public:
    AlikeNames alike(const std::filesystem::path& directory, const std::string& name) const;

private:
    struct Listing {
        std::filesystem::file_time_type changed;
        std::vector<std::string> names;
        std::vector<std::pair<std::size_t, std::size_t>> by_stem;  ///< hash, index; ascending
    };

    std::shared_ptr<const Listing> listing(const std::filesystem::path& directory) const;
    static std::shared_ptr<const Listing> list(const std::filesystem::path& directory);

    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const Listing>> listings_;
    mutable std::size_t names_ = 0;  ///< in all listings
};

}  // namespace pmatch
