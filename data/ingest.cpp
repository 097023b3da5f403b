#include "data/ingest.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "data/catalog_columns.hpp"
#include "data/collection_files.hpp"
#include "data/embedding_view.hpp"
#include "data/items_writer.hpp"
#include "data/lexical.hpp"
#include "data/sqlite.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

/// Records whose pictures are hashed together.
constexpr std::size_t kBatch = 256;

/// Of all that makes an item differ: named cells, text, usable pictures.
Hash128 content_hash(const std::vector<FieldRecord>& fields, const CatalogRecord& record,
                     const std::vector<HashedPicture>& pictures) {
    Hasher128 hasher;
    const auto add = [&hasher](std::string_view text) {
        const std::uint64_t size = text.size();
        hasher.update(&size, sizeof size);
        hasher.update(text.data(), text.size());
    };
    for (std::size_t i = 0; i < fields.size(); ++i) {
        add(fields[i].name);
        add(record.cells[i]);
    }
    add(record.text);
    for (std::size_t ordinal = 0; ordinal < pictures.size(); ++ordinal) {
        const auto* hash = std::get_if<Hash128>(&pictures[ordinal].content);
        if (hash == nullptr) continue;
        hasher.update(&ordinal, sizeof ordinal);
        hasher.update(hash->bytes.data(), hash->bytes.size());
    }
    return hasher.digest();
}

/// The items before this ingest; empty for a new collection.
class FormerItems {
public:
    FormerItems(const Collection& collection) {
        const auto& record = collection.manifest().items;
        count_ = record.count;
        if (record.file.empty()) return;
        collection.verify(record.file);
        database_ = sqlite::Database::open_immutable(collection.directory() / record.file);
        find_ = database_->prepare("SELECT row, content_hash FROM items WHERE id = ?");
    }

    struct Found {
        std::int64_t row = 0;
        bool same = false;
    };
    std::optional<Found> find(const std::string& id, const Hash128& content) {
        if (!find_) return std::nullopt;
        find_->reset();
        if (!find_->bind(1, std::string_view(id)).step()) return std::nullopt;
        const auto hash = find_->blob(1);
        return Found{find_->integer(0), std::equal(hash.begin(), hash.end(), content.bytes.begin(),
                                                   content.bytes.end())};
    }

    std::int64_t count() const { return count_; }
    const std::optional<sqlite::Database>& database() const { return database_; }

private:
    std::int64_t count_ = 0;
    std::optional<sqlite::Database> database_;
    std::optional<sqlite::Statement> find_;
};

/// Somebody asked to stop; nothing was committed.
struct Interrupted {};

/// Both databases give the same rows of text for a query.
bool same_rows(const sqlite::Database& left, const sqlite::Database& right, const char* sql) {
    auto a = left.prepare(sql);
    auto b = right.prepare(sql);
    while (true) {
        const bool more = a.step();
        if (more != b.step()) return false;
        if (!more) return true;
        for (int column = 0; column < 4; ++column) {
            if (a.text(column) != b.text(column)) return false;
        }
    }
}

class Ingest {
public:
    Ingest(Collection& collection, const IngestOptions& options)
        : collection_(collection), options_(options), former_(collection) {
        next_ = collection.manifest();
        number_ = next_.generation + 1;
        target_ = collection.directory() / items_file(number_);
        temporary_ = temporary_path(target_);
        make_directories(target_.parent_path());
    }
    ~Ingest() {
        if (!published_) ::unlink(temporary_.c_str());
    }
    Ingest(const Ingest&) = delete;
    Ingest& operator=(const Ingest&) = delete;

    void learn(CatalogReader& catalog) {
        next_.items.fields = learn_columns(catalog);
        stop_if_asked();
    }
    void read(CatalogReader& catalog);
    IngestReport commit();

private:
    void add_batch(ItemsWriter& writer, const std::vector<CatalogRecord>& batch);
    void add(ItemsWriter& writer, const CatalogRecord& record,
             const std::vector<HashedPicture>& pictures);
    void skip(ItemsWriter& writer, const CatalogRecord& record, const Problem& problem);
    void stop_if_asked() const {
        if (options_.stop != nullptr && *options_.stop) throw Interrupted{};
    }
    bool is_unchanged() const;

    Collection& collection_;
    const IngestOptions& options_;
    FormerItems former_;
    Manifest next_;
    std::int64_t number_ = 0;
    fs::path target_;
    fs::path temporary_;
    bool published_ = false;
    IngestReport report_;
};

void Ingest::read(CatalogReader& catalog) {
    auto& items = next_.items;
    items.mapping = catalog.mapping();
    items.source = options_.source;
    items.confined = options_.image_root.has_value();
    // "." because a source named without a directory has the empty path as its root.
    const auto root = options_.image_root.value_or(catalog.picture_root());
    items.image_root = fs::absolute(root.empty() ? "." : root).lexically_normal();
    if (name_columns(catalog.fields()).size() != items.fields.size()) {
        throw Error{"the catalog changed while it was read", options_.source,
                    "run the command again"};
    }
    ItemsWriter writer(temporary_, items.fields);
    std::vector<CatalogRecord> batch;
    CatalogRecord record;
    std::int64_t records = 0;
    while (catalog.next(record)) {
        batch.push_back(std::exchange(record, {}));
        ++records;
        if (batch.size() < kBatch) continue;
        add_batch(writer, batch);
        batch.clear();
        if (options_.progress) options_.progress(records);
    }
    add_batch(writer, batch);
    if (options_.progress) options_.progress(records);
    writer.finish();
}

void Ingest::add_batch(ItemsWriter& writer, const std::vector<CatalogRecord>& batch) {
    stop_if_asked();
    const auto pictures = hash_pictures(batch, next_.items.image_root, next_.items.confined);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!batch[i].problem.code.empty()) {
            skip(writer, batch[i], batch[i].problem);
        } else if (batch[i].id.empty()) {
            skip(writer, batch[i], {"no_id", "the record has no id"});
        } else if (batch[i].cells.size() != next_.items.fields.size()) {
            skip(writer, batch[i],
                 {"bad_row", fmt::format("it has {} cells, the header {}", batch[i].cells.size(),
                                         next_.items.fields.size())});
        } else {
            add(writer, batch[i], pictures[i]);
        }
    }
}

void Ingest::skip(ItemsWriter& writer, const CatalogRecord& record, const Problem& problem) {
    const auto item = record.id.empty() ? fmt::format("line {}", record.line) : record.id;
    writer.add_to_ledger({item, "ingest", problem.code, problem.detail});
    ++report_.skipped;
}

void Ingest::add(ItemsWriter& writer, const CatalogRecord& record,
                 const std::vector<HashedPicture>& pictures) {
    const auto content = content_hash(next_.items.fields, record, pictures);
    const auto former = former_.find(record.id, content);
    const auto row = former ? former->row : next_.items.next_row;
    if (!writer.add_item(row, record, content)) {
        skip(writer, record,
             {"duplicate_id", fmt::format("line {} repeats the id of an earlier record, which is "
                                          "kept",
                                          record.line)});
        return;
    }
    ++report_.items;
    if (!former) {
        ++next_.items.next_row;
        ++report_.added;
    } else {
        ++(former->same ? report_.unchanged : report_.changed);
    }
    for (std::size_t ordinal = 0; ordinal < pictures.size(); ++ordinal) {
        const auto& [path, result] = pictures[ordinal];
        if (const auto* hash = std::get_if<Hash128>(&result)) {
            writer.add_picture(row, ordinal, record.pictures[ordinal], path, *hash);
            ++report_.pictures;
        } else {
            skip(writer, record, std::get<Problem>(result));
        }
    }
}

bool Ingest::is_unchanged() const {
    const auto& before = collection_.manifest().items;
    if (!former_.database() || before.fields != next_.items.fields || report_.added > 0 ||
        report_.changed > 0 || report_.removed > 0) {
        return false;
    }
    const auto now = sqlite::Database::open_immutable(temporary_);
    return same_rows(*former_.database(), now,
                     "SELECT row, ordinal, path, written FROM pictures ORDER BY row, ordinal") &&
           same_rows(*former_.database(), now,
                     "SELECT item, stage, code, detail FROM ledger ORDER BY rowid");
}

IngestReport Ingest::commit() {
    if (report_.items == 0) {
        throw Error{fmt::format("the catalog has no usable item ({} skipped)", report_.skipped),
                    options_.source,
                    "check that it is the right file and that --id names its id column"};
    }
    report_.removed = former_.count() - report_.changed - report_.unchanged;
    const auto& before = collection_.manifest().items;
    auto& items = next_.items;
    items.count = report_.items;
    items.pictures = report_.pictures;
    items.skipped = report_.skipped;
    if (is_unchanged()) {
        const bool same_origin =
            before.source == items.source && before.image_root == items.image_root &&
            before.confined == items.confined && before.mapping == items.mapping;
        if (!same_origin) collection_.commit(std::move(next_));
        return report_;
    }
    const auto record = publish_file(temporary_, target_);
    published_ = true;
    next_.files.erase(before.file);
    items.file = items_file(number_);
    next_.files[items.file] = record;
    keep_current_lexical(collection_, next_);
    std::vector<StagedFile> views;
    for (const auto& [space, ignored] : collection_.manifest().spaces) {
        views.push_back(stage_view(collection_, next_, space));
    }
    collection_.commit(std::move(next_), views);
    return report_;
}

}  // namespace

IngestReport ingest(Collection& collection,
                    const std::function<std::unique_ptr<CatalogReader>()>& open_source,
                    const IngestOptions& options) {
    try {
        Ingest job(collection, options);
        job.learn(*open_source());
        job.read(*open_source());
        return job.commit();
    } catch (const Interrupted&) {
        return {};
    }
}

}  // namespace pmatch
