#include "models/tokenizer/tokenizer.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/common/error.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/json_fields.hpp"
#include "models/tokenizer/bert_tokenizer.hpp"
#include "models/tokenizer/pipeline_tokenizer.hpp"

namespace pmatch {
namespace {

constexpr std::uint64_t kMaxFile = std::uint64_t{256} << 20U;

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& file) {
    const std::string fix = "export the package with a tokenizer that this version knows";
    const auto json = JsonFields::parse(read_file(file, kMaxFile), file, fix);
    const JsonFields top(json, "", file, fix);
    const auto type = top.object("model").one_of("type", {"WordPiece", "BPE", "Unigram"});
    return type == "WordPiece" ? load_bert_tokenizer(top) : load_pipeline_tokenizer(top);
}

}  // namespace pmatch
