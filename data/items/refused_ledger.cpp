#include "data/items/refused_ledger.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/json_text.hpp"

namespace pmatch {
namespace {

/// Not named by the manifest, which did not change: JSON lines of item, code and detail.
std::filesystem::path file_of(const Collection& collection) {
    return collection.directory() / "refused.jsonl";
}

/// Empty if the line was damaged: the list is for people.
std::string text_of(const nlohmann::json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

void keep_refused_ledger(const Collection& collection, const sqlite::Database& items) {
    try {
        AtomicFile file(file_of(collection));
        auto rows = items.prepare("SELECT item, code, detail FROM ledger ORDER BY rowid");
        while (rows.step()) {
            const nlohmann::ordered_json line{
                {"item", rows.text(0)}, {"code", rows.text(1)}, {"detail", rows.text(2)}};
            file.write(json_text(line) + '\n');
        }
        file.publish();
    } catch (const SystemError&) {
        // The refusal matters more than its list.
        drop_refused_ledger(collection);
    }
}

void drop_refused_ledger(const Collection& collection) {
    std::error_code ignored;
    std::filesystem::remove(file_of(collection), ignored);
}

std::vector<Skipped> refused_ledger(const Collection& collection) {
    std::vector<Skipped> rows;
    std::ifstream file(file_of(collection));
    for (std::string text; std::getline(file, text);) {
        const auto line = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
        if (!line.is_object()) continue;
        rows.push_back({text_of(line, "item"), "ingest, refused", text_of(line, "code"),
                        text_of(line, "detail")});
    }
    return rows;
}

}  // namespace pmatch
