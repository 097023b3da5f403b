#include "data/pictures/directory_names.hpp"

#include <algorithm>
#include <functional>
#include <system_error>
#include <utility>

#include "data/pictures/name_forms.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// More are forgotten: memory does not grow with the folders of a catalog.
constexpr std::size_t kMostNames = 1'000'000;

std::string_view stem_of(std::string_view folded) {
    const auto dot = folded.rfind('.');
    return dot == 0 ? folded : folded.substr(0, dot);
}

std::size_t key_of(std::string_view folded) {
    return std::hash<std::string_view>{}(stem_of(folded));
}

}  // namespace

std::shared_ptr<const DirectoryNames::Listing> DirectoryNames::list(const fs::path& directory) {
    auto listing = std::make_shared<Listing>();
    std::error_code error;
    listing->changed = fs::last_write_time(directory, error);
    fs::directory_iterator files(directory, error);
    for (const fs::directory_iterator end; !error && files != end; files.increment(error))
        listing->names.push_back(files->path().filename().string());
    std::sort(listing->names.begin(), listing->names.end());
    for (std::size_t i = 0; i < listing->names.size(); ++i)
        listing->by_stem.emplace_back(key_of(folded_name(listing->names[i])), i);
    std::sort(listing->by_stem.begin(), listing->by_stem.end());
    return listing;
}

std::shared_ptr<const DirectoryNames::Listing> DirectoryNames::listing(
    const fs::path& directory) const {
    std::error_code error;
    const auto changed = fs::last_write_time(directory, error);
    if (error) return nullptr;
    const std::lock_guard lock(mutex_);
    auto& known = listings_[directory.string()];
    if (known && known->changed == changed) return known;
    if (names_ > kMostNames) {
        listings_.clear();
        names_ = 0;
    }
    auto fresh = list(directory);
    names_ += fresh->names.size();
    listings_[directory.string()] = fresh;
    return fresh;
}

AlikeNames DirectoryNames::alike(const fs::path& directory, const std::string& name) const {
    AlikeNames alike;
    const auto names = listing(directory);
    if (!names) return alike;
    const auto composed = composed_name(name);
    const auto folded = folded_name(name);
    const auto key = key_of(folded);
    auto entry = std::lower_bound(names->by_stem.begin(), names->by_stem.end(),
                                  std::pair<std::size_t, std::size_t>{key, 0});
    const auto keep = [](std::string& place, const std::string& found) {
        if (place.empty()) place = found;
    };
    for (; entry != names->by_stem.end() && entry->first == key; ++entry) {
        const auto& found = names->names[entry->second];
        const auto found_folded = folded_name(found);
        if (composed_name(found) == composed) {
            keep(alike.same, found);
        } else if (found_folded == folded) {
            keep(alike.other_case, found);
        } else if (stem_of(found_folded) == stem_of(folded)) {
            keep(alike.other_extension, found);
        }
    }
    return alike;
}

}  // namespace pmatch
