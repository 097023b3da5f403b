/// Search requests: what clients may send as JSON, as a form, or as a bare picture.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/serve/http/multipart.hpp"
#include "cli/serve/http/request_target.hpp"
#include "core/common/problem.hpp"
#include "core/engine/request.hpp"

namespace pmatch::cli {

inline constexpr std::size_t kMostQueries = 64;      ///< of a batch
inline constexpr std::size_t kMostParts = 16;        ///< of a query
inline constexpr std::size_t kLongestText = 20'000;  ///< characters
inline constexpr std::size_t kLongestUrl = 2'000;    ///< bytes
inline constexpr double kSmallestWeight = 0.001;
inline constexpr double kLargestWeight = 100;

/// A box of a picture as shares of its width and height, 0 to 1, from the upper left corner.
struct Crop {
    double x = 0;
    double y = 0;
    double width = 1;
    double height = 1;
};

/// A text or a picture.
struct SearchPart {
    std::string text;     ///< with single blanks between words, none around
    std::string picture;  ///< the bytes of a file; empty = a text, or to be fetched from:
    std::string url;
    std::optional<Crop> crop;
    double weight = 1;  ///< negative: away from it

    bool is_picture() const { return !picture.empty() || !url.empty(); }
};

struct SearchQuery {
    std::string id;
    std::vector<SearchPart> parts;  ///< at least one
    Problem problem = {};           ///< of a picture that could not be fetched
};

struct SearchRequest {
    std::vector<SearchQuery> queries;         ///< at least one
    RankingOptions ranking = {.preset = {}};  ///< no preset: the server's
    int top = 10;
    bool explain = false;
    bool batch = false;  ///< the answer is a list, however many queries there are
};

// All throw BadRequest, naming the field, for what is not well formed.

/// {"query": …, options}
SearchRequest parse_text_search(const std::string& body);
/// {"parts": [{"text": …} | {"image": base64} | {"image_url": …} | {"file": name of a form's part},
/// …], options}
SearchRequest parse_mixed_search(std::string_view body, const std::vector<FormPart>& files);
/// {"queries": [{"query": …} | {"parts": …}, …], options}
SearchRequest parse_batch_search(const std::string& body);
/// The picture, and options as parameters.
SearchRequest parse_picture_search(std::string_view picture, const Parameters& options);

/// What POST /embed takes: {"text": …}, {"image": base64, "crop": …} or {"image_url": …, "crop":
/// …}, and {"space": name}.
struct EmbedRequest {
    SearchPart input;
    std::string space;  ///< empty: the first that fits
};
EmbedRequest parse_embed(const std::string& body);
EmbedRequest parse_picture_embed(std::string_view picture, const Parameters& options);

/// Equal for requests with the same answer by the same engine.
std::string cache_key(const SearchRequest& request);

}  // namespace pmatch::cli
