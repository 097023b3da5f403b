#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/common/error.hpp"
#include "core/text/utf8.hpp"
#include "data/catalog/catalog_sources.hpp"
#include "data/catalog/directory_files.hpp"
#include "data/formats/csv.hpp"
#include "data/pictures/image_reader.hpp"
#include "data/pictures/picture_path.hpp"
#include "data/pictures/tar_archive.hpp"

namespace pmatch::detail {

namespace {

namespace fs = std::filesystem;

struct Entry {
    std::vector<std::string> pictures;  ///< relative to the directory
    bool has_text = false;
    Problem problem = {};  ///< of an archive that cannot be listed
};

/// A directory, whose tar archives are read as directories, or a tar archive.
class DirectoryCatalog : public CatalogReader {
public:
    DirectoryCatalog(fs::path directory, const CatalogOptions& options)
        : directory_(std::move(directory)) {
        if (is_tar_archive(directory_)) {
            take_all(directory_, {});
        } else {
            list();
        }
        find_texts();
        const bool any_text = std::any_of(entries_.begin(), entries_.end(),
                                          [](const auto& entry) { return entry.second.has_text; });
        std::vector<std::string> columns{"id", "image"};
        if (any_text) columns.emplace_back("text");
        mapping_ = ResolvedMapping(columns, options, directory_.string());
        if (any_text) fields_.emplace_back("text");
        next_ = entries_.begin();
    }

    const std::vector<std::string>& fields() const override { return fields_; }
    const FieldMapping& mapping() const override { return mapping_.mapping(); }
    fs::path picture_root() const override { return directory_; }
    std::vector<std::string> remarks() const override { return left_out_.remarks(); }

    bool next(CatalogRecord& record) override {
        if (next_ == entries_.end()) return false;
        record = CatalogRecord{};
        const auto& [id, entry] = *next_++;
        if (!utf8::is_clean(id)) {
            record.problem = {"invalid_utf8", "the file name is not UTF-8: " + utf8::printable(id)};
            return true;
        }
        record.id = id;
        record.problem = entry.problem;
        record.pictures = entry.pictures;
        for (const std::string& picture : record.pictures) {
            const auto resolved = resolve_picture(picture, directory_, /*confine=*/true);
            if (const auto* problem = std::get_if<Problem>(&resolved)) record.problem = *problem;
        }
        if (entry.has_text && record.problem.code.empty()) read_text(record);
        if (!fields_.empty()) record.cells.push_back(record.text);
        const auto written = std::exchange(record.text, {});
        mapping_.append_text(record, written);
        mapping_.finish_text(record);
        return true;
    }

private:
    void list() {
        std::error_code error;
        fs::recursive_directory_iterator files(directory_, error);
        for (const fs::recursive_directory_iterator end; !error && files != end;
             files.increment(error)) {
            std::error_code ignored;
            const auto relative = files->path().lexically_relative(directory_);
            if (files->is_directory(ignored)) {
                if (files->path().filename() == kMacFolder) files.disable_recursion_pending();
            } else if (is_tar_archive(files->path())) {
                list_archive(relative);
            } else {
                take(relative);
            }
        }
        if (error) {
            throw Error{"the directory cannot be listed: " + error.message(), directory_.string(),
                        "check its permissions"};
        }
    }

    void list_archive(const fs::path& relative) {
        const auto resolved = resolve_picture(relative.string(), directory_, /*confine=*/true);
        if (const auto* problem = std::get_if<Problem>(&resolved)) {
            entries_[relative.string()].problem = *problem;
            return;
        }
        try {
            take_all(directory_ / relative, relative);
        } catch (const Error& error) {
            entries_[relative.string()].problem = {"corrupt", error.what()};
        }
    }

    /// The files of an archive that lies at `relative`.
    void take_all(const fs::path& archive, const fs::path& relative) {
        for (const auto& name : names_in_archive(archive)) {
            const fs::path path(name);
            if (std::find(path.begin(), path.end(), kMacFolder) == path.end())
                take(relative / path);
        }
    }

    void find_texts() {
        for (auto& [id, entry] : entries_) {
            std::sort(entry.pictures.begin(), entry.pictures.end());
            entry.has_text = is_file(text_file(id));
            if (entry.has_text) left_out_.forget_text();
        }
    }

    static bool is_file(const fs::path& path) {
        std::error_code ignored;
        return fs::is_regular_file(path, ignored) || find_in_archive(path);
    }

    void take(const fs::path& relative) {
        auto id = relative;
        switch (kind_of_file(directory_, relative)) {
            case FileKind::kNamedPicture:
                id.replace_extension();
                break;
            case FileKind::kUnnamedPicture:  // its extension, if it has one, is part of the name
                break;
            default:
                left_out_.add(relative);
                return;
        }
        entries_[id.string()].pictures.push_back(relative.string());
    }

    fs::path text_file(const std::string& id) const { return directory_ / (id + ".txt"); }

    void read_text(CatalogRecord& record) const {
        const fs::path file = text_file(record.id);
        const auto resolved = resolve_picture(record.id + ".txt", directory_, /*confine=*/true);
        if (const auto* problem = std::get_if<Problem>(&resolved)) {
            record.problem = *problem;
            return;
        }
        auto read = read_picture_bytes(file, kMaxRowBytes);
        if (auto* problem = std::get_if<Problem>(&read)) {
            record.problem = std::move(*problem);
            if (record.problem.code == "too_large") record.problem.code = "row_too_large";
            return;
        }
        const auto& bytes = std::get<std::vector<std::uint8_t>>(read);
        std::string text(bytes.begin(), bytes.end());
        if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
        // Strip the file's final line break.
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.pop_back();
        if (!utf8::is_clean(text)) {
            record.problem = {"invalid_utf8", file.string() + " is not UTF-8"};
            return;
        }
        record.text = std::move(text);
    }

    fs::path directory_;
    LeftOutFiles left_out_;
    std::map<std::string, Entry> entries_;  ///< by id, in ascending byte order
    std::map<std::string, Entry>::const_iterator next_;
    ResolvedMapping mapping_;
    std::vector<std::string> fields_;
};

}  // namespace

std::unique_ptr<CatalogReader> open_picture_directory(const fs::path& directory,
                                                      const CatalogOptions& options) {
    return std::make_unique<DirectoryCatalog>(directory, options);
}

}  // namespace pmatch::detail
