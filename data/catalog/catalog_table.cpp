#include <fmt/format.h>

#include <istream>

#include "core/text/utf8.hpp"
#include "data/catalog/catalog_sources.hpp"
#include "data/formats/table_reader.hpp"

namespace pmatch::detail {

namespace {

class TableCatalog : public CatalogReader {
public:
    TableCatalog(std::unique_ptr<std::istream> owned, std::istream& input, const SourceName& source,
                 const CatalogOptions& options)
        : owned_(std::move(owned)),
          table_(input, separator_of(source.name, options.format), source.name,
                 options.format.quotes == "literal"),
          mapping_(table_.columns(), options, source.name),
          picture_root_(source.picture_root) {
        remark_on_picture_column();
    }

    const std::vector<std::string>& fields() const override { return mapping_.fields(); }
    const FieldMapping& mapping() const override { return mapping_.mapping(); }
    std::filesystem::path picture_root() const override { return picture_root_; }
    std::vector<std::string> remarks() const override {
        auto remarks = table_.remarks();
        remarks.insert(remarks.end(), remarks_.begin(), remarks_.end());
        return remarks;
    }

    bool next(CatalogRecord& record) override {
        CsvRow row;
        if (!table_.next(row)) return false;
        record = CatalogRecord{};
        record.line = row.line;
        record.problem = std::move(row.problem);
        if (!record.problem.code.empty()) note_losses(record, row);
        if (record.problem.code.empty()) {
            mapping_.fill(record, std::move(row.cells));
        } else if (mapping_.id_column() < row.cells.size() &&
                   utf8::is_clean(row.cells[mapping_.id_column()])) {
            record.id = row.cells[mapping_.id_column()];  // so that the ledger can name the item
        }
        return true;
    }

private:
    static void note_losses(CatalogRecord& record, const CsvRow& row) {
        const auto& code = record.problem.code;
        record.no_product =
            code == kRepeatedHeader || (code == "empty_id" && TableReader::is_blank(row));
        record.breaks_off = row.at_end && !record.no_product;
        // Any other row is one product, in however many lines it is written.
        if (code == "bad_quotes" || code == "row_too_large") record.lines = row.lines;
    }

    /// Only a column called `image` is taken for pictures unasked.
    void remark_on_picture_column() {
        const auto& mapping = mapping_.mapping();
        const auto column = find_column(mapping.text, "image");
        if (!column || !mapping.images.empty()) return;
        const auto& name = mapping.text[*column];
        remarks_.push_back(
            fmt::format("the column '{0}' is read as text; if it names pictures, "
                        "give --image {0}",
                        name));
    }

    std::unique_ptr<std::istream> owned_;
    TableReader table_;
    ResolvedMapping mapping_;
    std::filesystem::path picture_root_;
    std::vector<std::string> remarks_;
};

}  // namespace

std::unique_ptr<CatalogReader> open_table(std::unique_ptr<std::istream> owned, std::istream& input,
                                          const SourceName& source, const CatalogOptions& options) {
    return std::make_unique<TableCatalog>(std::move(owned), input, source, options);
}

}  // namespace pmatch::detail
