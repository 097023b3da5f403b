#include "data/shards/shard_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "core/common/error.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/items/caption_part.hpp"
#include "data/items/caption_reader.hpp"

namespace pmatch {
namespace {

Remedy shard_again(const ShardList& list) {
    return {"remove the file, then make the shard again:", {list.command()}};
}

struct WaitingFile {
    FileRecord file;
    Remedy remedy;  ///< of damage
};

}  // namespace

SpaceParts space_with(const Collection& collection, const std::string& name,
                      std::span<const ShardList> lists) {
    SpaceParts all{collection.manifest()};
    auto& space = begun_record(all.manifest.spaces, name, lists.front().space);
    std::map<std::string, WaitingFile> waiting;  // by absolute path
    for (const auto& list : lists) {
        check_same_encoder(collection, name, space, list.space);
        for (const auto& [part, file] : list.parts) {
            auto added = part;
            added.file = (list.directory / part.file).string();
            waiting.emplace(added.file, WaitingFile{file, shard_again(list)});
            space.parts.push_back(std::move(added));
        }
    }
    all.open = [&collection, name, space, waiting](const PartRecord& part) {
        const auto found = waiting.find(part.file);
        if (found == waiting.end()) return open_part(collection, collection.manifest(), name, part);
        const auto& [file, remedy] = found->second;
        verify_file(part.file, file, remedy);
        auto reader = std::make_shared<PartReader>(part.file);
        check_part(*reader, space, part, part.file, remedy);
        return reader;
    };
    return all;
}

std::vector<CaptionEntry> captions_of(const ShardList& list) {
    std::vector<CaptionEntry> entries;
    for (const auto& [part, file] : list.parts) {
        const auto path = list.directory / part.file;
        verify_file(path, file, shard_again(list));
        auto more = read_caption_part(path);
        entries.insert(entries.end(), std::make_move_iterator(more.begin()),
                       std::make_move_iterator(more.end()));
    }
    return entries;
}

std::vector<CaptionEntry> captions_with(const Collection& collection, const std::string& name,
                                        std::span<const ShardList> lists) {
    auto entries =
        read_captions(*collection.files(), collection.manifest(), Source::captions(name));
    for (const auto& list : lists) {
        auto more = captions_of(list);
        entries.insert(entries.end(), std::make_move_iterator(more.begin()),
                       std::make_move_iterator(more.end()));
    }
    std::stable_sort(entries.begin(), entries.end(), in_caption_order);
    return entries;
}

}  // namespace pmatch
