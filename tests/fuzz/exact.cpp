/// A list of identifiers whose checksums are right and whose content is anything.
#include <cstring>

#include "core/identifiers/identifier_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string content(fuzz::text_of(data, size));
    IdentifierHeader header{};
    if (content.size() >= sizeof header) {
        std::memcpy(&header, content.data(), sizeof header);
        header.file_size = content.size();
        header.checksum = checksum_of(header).bytes;
        std::memcpy(content.data(), &header, sizeof header);
    }
    const auto file = fuzz::write_scratch("identifiers.exact", content);
    fuzz::allow_errors([&] {
        const auto list = IdentifierList::open(file, measure_file(file));
        for (std::size_t column = 0; column < list.info().columns.size(); ++column)
            (void)list.find(column, "4006381333931|DSC-W55");
    });
    return 0;
}
