#include "models/tokenizer/post_processor.hpp"

#include <string>

namespace pmatch {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::int64_t kMaxId = 0x7fffffff;
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxTokens = 1024;

std::int32_t to_id(const JsonFields& fields, const char* key, const nlohmann::json& value) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
        value.get<std::int64_t>() > kMaxId) {
        fields.fail(key, value, "a token id (0 or more)");
    }
    return value.get<std::int32_t>();
}

Ids template_ids(const JsonFields& post, const JsonFields& item) {
    const auto name = item.text("id");
    const auto tokens = post.object("special_tokens");
    const auto token = tokens.object(name.c_str());
    Ids ids;
    for (const auto& id : token.array("ids"))
        ids.push_back(to_id(token, "ids", id));
    return ids;
}

Frame read_template(const JsonFields& post) {
    Frame frame;
    bool seen_text = false;
    for (const auto& value : post.array("single")) {
        const auto part = post.inside(value, "single");
        if (part.has("Sequence")) {
            if (seen_text) part.fail("Sequence", value["Sequence"], "one text in the template");
            part.object("Sequence").one_of("id", {"A"});
            seen_text = true;
        } else {
            auto& side = seen_text ? frame.after : frame.before;
            const auto ids = template_ids(post, part.object("SpecialToken"));
            side.insert(side.end(), ids.begin(), ids.end());
        }
    }
    if (!seen_text) post.fail("single", post.at("single"), "a place for the text");
    return frame;
}

/// A pair of a token's name and id.
std::int32_t id_of_pair(const JsonFields& post, const char* key) {
    const auto& pair = post.array(key);
    if (pair.size() != 2) post.fail(key, pair, "a token and its id");
    return to_id(post, key, pair[1]);
}

Frame read_one(const JsonFields& post, int depth);

/// Each processor adds its tokens around the previous ones.
Frame read_sequence(const JsonFields& post, int depth) {
    if (depth == kMaxDepth) post.fail("type", "Sequence", "fewer Sequences inside each other");
    Frame frame;
    for (const auto& value : post.array("processors")) {
        auto outer = read_one(post.inside(value, "processors"), depth + 1);
        frame.before.insert(frame.before.begin(), outer.before.begin(), outer.before.end());
        frame.after.insert(frame.after.end(), outer.after.begin(), outer.after.end());
        if (frame.size() > kMaxTokens) post.fail("processors", frame.size(), "fewer tokens");
    }
    return frame;
}

Frame read_one(const JsonFields& post, int depth) {
    const auto type = post.one_of("type", {"TemplateProcessing", "BertProcessing",
                                           "RobertaProcessing", "ByteLevel", "Sequence"});
    if (type == "TemplateProcessing") return read_template(post);
    if (type == "Sequence") return read_sequence(post, depth);
    if (type == "ByteLevel") return {};
    return {{id_of_pair(post, "cls")}, {id_of_pair(post, "sep")}};
}

}  // namespace

Frame read_post_processor(const JsonFields& top) {
    return top.has("post_processor") ? read_one(top.object("post_processor"), 0) : Frame{};
}

}  // namespace pmatch
