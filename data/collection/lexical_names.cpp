#include "data/collection/lexical_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/common/error.hpp"
#include "core/text/escape.hpp"
#include "data/collection/collection_files.hpp"

namespace pmatch {

std::string lexical_name(const Source& source, const std::string& analyser) {
    return fmt::format("{}.{}", source.name(), analyser);
}

std::string lexical_file(const Source& source, const std::string& analyser) {
    constexpr std::size_t kLongest = 200;
    auto name = percent_encoded(source.name(), "_-.");
    if (name.starts_with('.')) name.replace(0, 1, "%2E");
    if (name.size() > kLongest) {
        throw UsageError{
            fmt::format("the name of the field '{}' is too long for a file", source.name()),
            "give the column a shorter name and ingest the catalog again"};
    }
    return fmt::format("{}/{}.{}.bm25", kIndexesFolder, name, analyser);
}

Command lexical_command(const std::filesystem::path& directory, const LexicalRecord& index) {
    return {"build-index",
            directory.string(),
            {"--layout", "bm25", "--source", index.source.name(), "--analyser", index.analyser,
             "--k1", fmt::format("{}", index.k1), "--b", fmt::format("{}", index.b)}};
}

Command exact_command(const std::filesystem::path& directory, const ExactRecord& list) {
    return {"build-index",
            directory.string(),
            {"--layout", "exact", "--source", fmt::format("{}", fmt::join(list.columns, ","))}};
}

}  // namespace pmatch
