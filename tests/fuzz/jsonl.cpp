/// JSONL: single lines, and a whole catalog from a file, which is read twice.
#include "data/catalog/catalog.hpp"
#include "data/formats/json_line.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto line = parse_json_line(text);
    fuzz::require(line.problem.code.empty() || line.members.empty() ||
                  !line.problem.detail.empty());
    const auto file = fuzz::write_scratch("catalog.jsonl", text);
    fuzz::allow_errors([&] {
        const auto catalog = open_catalog(file, {});
        for (CatalogRecord record; catalog->next(record); record = {})
            fuzz::require(!record.problem.code.empty() ||
                          record.cells.size() == catalog->fields().size());
    });
    return 0;
}
