/// A lexical index whose checksums are right and whose content is anything.
#include <cstring>

#include "core/lexical/bm25_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string content(fuzz::text_of(data, size));
    Bm25Header header{};
    if (content.size() >= sizeof header) {
        std::memcpy(&header, content.data(), sizeof header);
        header.file_size = content.size();
        header.checksum = checksum_of(header).bytes;
        std::memcpy(content.data(), &header, sizeof header);
    }
    const auto file = fuzz::write_scratch("text.words.bm25", content);
    fuzz::allow_errors([&] {
        const auto index = Bm25Index::open(file, measure_file(file));
        for (const auto* text : {"red mug", "w0 w1 w2", "number 3"}) {
            const auto query = index.prepare(text);
            (void)index.search(query, 5);
            (void)index.scores(query);
        }
    });
    return 0;
}
