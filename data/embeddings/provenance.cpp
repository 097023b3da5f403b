#include "data/embeddings/provenance.hpp"

#include <fmt/format.h>

#include "core/text/escape.hpp"

namespace pmatch {
namespace {

constexpr const char* kAnyCollection = "COLLECTION";

}  // namespace

PartHeader header_of(const SpaceRecord& record, const std::string& space) {
    PartHeader header;
    header.model = record.model;
    header.fingerprint = record.fingerprint;
    header.precision = record.precision;
    header.dim = record.dim;
    header.vectors_per_input = record.vectors_per_input;
    header.bytes = record.bytes;
    header.command =
        fmt::format("pmatch embed {} --model {} --source {} --space {} --precision {}",
                    kAnyCollection, shell_word(record.model), shell_word(record.source.name()),
                    shell_word(space), record.precision);
    if (record.long_texts == LongTexts::kMean) header.command += " --long mean";
    return header;
}

IndexOrigin origin_of(const SpaceRecord& record, const std::string& space,
                      const std::string& layout) {
    IndexOrigin origin;
    origin.space = space;
    origin.model = record.model;
    origin.fingerprint = record.fingerprint;
    origin.precision = record.precision;
    origin.normalized = record.normalized;
    for (const auto& part : record.parts)
        origin.parts.push_back(part.file);
    origin.command = fmt::format("pmatch build-index {} --space {} --layout {}", kAnyCollection,
                                 shell_word(space), shell_word(layout));
    return origin;
}

}  // namespace pmatch
