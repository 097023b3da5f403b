#include "data/shards/shard_command.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace pmatch {

Command shard_command(const std::string& name, const SpaceRecord& space, const std::string& shard) {
    std::vector<std::string> words{"--model", space.package, "--source",    space.source.name(),
                                   "--space", name,          "--precision", space.precision};
    if (space.long_texts == LongTexts::kMean) words.insert(words.end(), {"--long", "mean"});
    words.insert(words.end(), {"--shard", shard});
    return {"embed", {}, std::move(words)};
}

Command shard_command(const CaptionsRecord& captions, const std::string& shard) {
    std::vector<std::string> words{"--model", captions.package};
    if (!captions.view.empty()) {
        words.insert(
            words.end(),
            {"--prompt", captions.prompt, "--max-tokens", std::to_string(captions.max_tokens),
             "--view", captions.view, "--repetition-penalty",
             fmt::format("{}", captions.repetition_penalty), "--precision", captions.precision});
    }
    words.insert(words.end(), {"--shard", shard});
    return {"caption", {}, std::move(words)};
}

}  // namespace pmatch
