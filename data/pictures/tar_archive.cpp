#include "data/pictures/tar_archive.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/common/error.hpp"
#include "data/formats/input_file.hpp"
#include "data/pictures/tar_headers.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

using Listing = std::map<std::string, detail::TarEntry>;

/// The archives that were listed lately.
class Listings {
public:
    std::shared_ptr<const Listing> of(const fs::path& archive) {
        const auto changed = fs::last_write_time(archive);
        const std::scoped_lock lock(mutex_);
        const auto known = std::find_if(recent_.begin(), recent_.end(),
                                        [&](const Known& one) { return one.archive == archive; });
        if (known != recent_.end() && known->changed == changed) {
            recent_.splice(recent_.begin(), recent_, known);
            return known->listing;
        }
        if (known != recent_.end()) recent_.erase(known);
        auto listing = std::make_shared<const Listing>(detail::read_tar_headers(archive));
        recent_.push_front({archive, changed, listing});
        if (recent_.size() > kMost) recent_.pop_back();
        return listing;
    }

private:
    static constexpr std::size_t kMost = 16;

    struct Known {
        fs::path archive;
        fs::file_time_type changed;
        std::shared_ptr<const Listing> listing;
    };

    std::mutex mutex_;
    std::list<Known> recent_;  ///< the last one used first
};

Listings& listings() {
    static Listings all;
    return all;
}

}  // namespace

bool is_tar_archive(const fs::path& path) {
    std::error_code ignored;
    return lower_extension(path) == ".tar" && fs::is_regular_file(path, ignored);
}

std::optional<ArchivedFile> find_in_archive(const fs::path& path) {
    fs::path archive;
    for (auto part = path.begin(); part != path.end(); ++part) {
        archive /= *part;
        if (!is_tar_archive(archive)) continue;
        fs::path name;
        while (++part != path.end())
            name /= *part;
        try {
            const auto listing = listings().of(archive);
            const auto entry = listing->find(name.string());
            if (entry == listing->end()) return std::nullopt;
            return ArchivedFile{archive, entry->second.offset, entry->second.size};
        } catch (const Error&) {
            return std::nullopt;
        } catch (const fs::filesystem_error&) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

std::vector<std::string> names_in_archive(const fs::path& archive) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : *listings().of(archive))
        names.push_back(name);
    return names;
}

bool picture_exists(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error) || find_in_archive(path).has_value();
}

}  // namespace pmatch
