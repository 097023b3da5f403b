/// Runs, qrels and truth tables.
#include "data/formats/run_file.hpp"
#include "data/formats/trec_id.hpp"
#include "data/formats/truth_file.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    const auto run = fuzz::write_scratch("run.trec", text);
    fuzz::allow_errors([&] {
        for (const auto& answers : read_run(run).queries)
            (void)trec_lines(answers);
    });
    fuzz::allow_errors([&] { (void)read_truth(fuzz::write_scratch("truth.qrels", text)); });
    fuzz::allow_errors([&] { (void)read_truth(fuzz::write_scratch("truth.csv", text)); });
    fuzz::require(decode_trec_id(encode_trec_id(text)) == text);
    return 0;
}
