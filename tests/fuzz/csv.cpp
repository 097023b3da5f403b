/// CSV and TSV: rows, and a whole catalog.
#include <sstream>

#include "data/catalog/catalog.hpp"
#include "data/formats/table_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(data, size));
    for (const char separator : {',', '\t'}) {
        std::istringstream input(text);
        fuzz::allow_errors([&] {
            TableReader table(input, separator, "fuzz");
            for (CsvRow row; table.next(row);) {
                if (!row.problem.code.empty()) continue;
                fuzz::require(row.cells.size() == table.columns().size());
            }
        });
    }
    std::istringstream input(text);
    fuzz::allow_errors([&] {
        const auto catalog = open_catalog_stream(input, {}, "fuzz");
        for (CatalogRecord record; catalog->next(record); record = {})
            fuzz::require(!record.problem.code.empty() || !record.id.empty());
    });
    return 0;
}
