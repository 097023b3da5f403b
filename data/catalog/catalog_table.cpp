#include <istream>

#include "core/text/utf8.hpp"
#include "data/catalog/catalog_sources.hpp"
#include "data/formats/csv.hpp"

namespace pmatch::detail {

namespace {

class TableCatalog : public CatalogReader {
public:
    TableCatalog(std::unique_ptr<std::istream> owned, std::istream& input, char separator,
                 const SourceName& source, const CatalogOptions& options)
        : owned_(std::move(owned)),
          table_(input, separator, source.name),
          mapping_(table_.columns(), options, source.name),
          picture_root_(source.picture_root) {}

    const std::vector<std::string>& fields() const override { return mapping_.fields(); }
    const FieldMapping& mapping() const override { return mapping_.mapping(); }
    std::filesystem::path picture_root() const override { return picture_root_; }

    bool next(CatalogRecord& record) override {
        CsvRow row;
        if (!table_.next(row)) return false;
        record = CatalogRecord{};
        record.line = row.line;
        record.problem = std::move(row.problem);
        if (record.problem.code.empty()) {
            mapping_.fill(record, std::move(row.cells));
        } else if (mapping_.id_column() < row.cells.size() &&
                   utf8::is_clean(row.cells[mapping_.id_column()])) {
            record.id = row.cells[mapping_.id_column()];  // so that the ledger can name the item
        }
        return true;
    }

private:
    std::unique_ptr<std::istream> owned_;
    TableReader table_;
    ResolvedMapping mapping_;
    std::filesystem::path picture_root_;
};

}  // namespace

std::unique_ptr<CatalogReader> open_table(std::unique_ptr<std::istream> owned, std::istream& input,
                                          char separator, const SourceName& source,
                                          const CatalogOptions& options) {
    return std::make_unique<TableCatalog>(std::move(owned), input, separator, source, options);
}

}  // namespace pmatch::detail
