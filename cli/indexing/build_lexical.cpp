#include "cli/indexing/build_lexical.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "core/lexical/bm25_builder.hpp"
#include "data/collection/collection_files.hpp"
#include "data/indexes/lexical_record.hpp"

namespace pmatch {
namespace {

bool is_up_to_date(const Manifest& manifest, const std::string& name, const Bm25Options& options) {
    const auto entry = manifest.lexical.find(name);
    return entry != manifest.lexical.end() && is_current(manifest, entry->second) &&
           entry->second.k1 == options.k1 && entry->second.b == options.b &&
           entry->second.analyser_version == kAnalyserVersion;
}

void add_texts(const Items& items, const Source& source, Bm25Builder& builder,
               const Observer& observer) {
    Progress progress(observer, "build-index " + source.name(), items.count());
    auto cursor = items.inputs(source);
    bool more = cursor.next();
    while (more) {
        const auto row = cursor.key().row;
        auto text = cursor.text();
        // The captions of all pictures of an item form one text.
        while ((more = cursor.next()) && cursor.key().row == row)
            text += "\n" + cursor.text();
        builder.add(row, text);
        progress.update(builder.items());
    }
}

/// A temporary directory, removed with this object.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        // Not temp_directory_path(): it throws its own error if TMPDIR is not a directory.
        const char* set = std::getenv("TMPDIR");
        const std::filesystem::path parent = set != nullptr && *set != '\0' ? set : "/tmp";
        auto pattern = (parent / "pmatch-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw Error{fmt::format("cannot make a temporary directory: {}", std::strerror(errno)),
                        pattern, "set TMPDIR to a directory that can be written"};
        }
        path_ = pattern;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace

Bm25Index build_private_lexical(const Collection& collection, const LexicalRecord& record,
                                const Observer& observer) {
    const Items items(collection);
    const TemporaryDirectory directory;
    const auto file = directory.path() / "texts.bm25";
    const auto analyser = analyser_from(record.analyser);
    Bm25Builder builder(file, {analyser, record.k1, record.b});
    add_texts(items, record.source, builder, observer);
    const auto written = builder.finish({record.source, {}, 0}, items.rows_by_id());
    return Bm25Index::open(file, written);
}

BuiltLexical build_lexical(Collection& collection, const Source& source, const Bm25Options& options,
                           const Observer& observer) {
    if (source.is_picture()) {
        throw UsageError{"a lexical index is made of texts, not of pictures",
                         "give --source text, caption or a field's name"};
    }
    const std::string analyser(name_of(options.analyser));
    BuiltLexical result;
    result.name = lexical_name(source, analyser);
    const auto file = lexical_file(source, analyser);
    const auto& manifest = collection.manifest();
    if (is_up_to_date(manifest, result.name, options) && collection.is_whole(file)) {
        result.info.items = manifest.lexical.at(result.name).count;
        return result;
    }
    const auto start = std::chrono::steady_clock::now();
    const Items items(collection);
    make_directories(collection.directory() / kIndexesFolder);
    const auto staged = temporary_path(collection.directory() / file);
    Bm25Builder builder(staged, options);
    add_texts(items, source, builder, observer);
    if (builder.items() == 0) {
        throw Error{fmt::format("no item has a text in '{}'", source.name()),
                    collection.directory().string(), "choose another --source"};
    }
    auto next = manifest;
    LexicalRecord record{source,
                         analyser,
                         options.k1,
                         options.b,
                         builder.items(),
                         text_stamp(items, source),
                         manifest.items.file,
                         file,
                         kAnalyserVersion};
    const auto written =
        builder.finish({source, record.stamp, manifest.generation}, items.rows_by_id());
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.info = Bm25Index::open(staged, written).info();
    next.lexical[result.name] = std::move(record);
    collection.commit(std::move(next), {{file, written}});
    result.fresh = true;
    return result;
}

}  // namespace pmatch
