#include "core/retrieval/query_vectors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <utility>
#include <variant>

#include "core/pipeline/embed_pipeline.hpp"
#include "core/pipeline/failing_inputs.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

/// The window size of `embed`, so that a query file and a catalog with the same texts give the same
/// batches.
constexpr std::size_t kTextWindow = 1024;
constexpr std::size_t kPictureWindow = 32;

/// One text or picture to embed.
struct Input {
    std::size_t query = 0;
    const std::string* text = nullptr;  ///< or the picture
    const std::filesystem::path* picture = nullptr;
};

/// Results of the inputs, by input index.
struct Embedded {
    std::vector<float> values;
    std::vector<Problem> problems;
};

std::vector<Input> own_inputs(const EmbeddingTask& task) {
    std::vector<Input> inputs;
    for (std::size_t number = 0; number < task.queries.size(); ++number) {
        const auto& query = *task.queries[number];
        if (task.part == QueryPart::kText) {
            inputs.push_back({number, &text_for(task.source, query), nullptr});
            continue;
        }
        for (const auto& picture : query.pictures)
            inputs.push_back({number, nullptr, &picture});
    }
    return inputs;
}

/// The inputs of Query::mixed for this part, with their weights.
std::pair<std::vector<Input>, std::vector<double>> mixed_inputs(const EmbeddingTask& task) {
    std::vector<Input> inputs;
    std::vector<double> weights;
    for (std::size_t number = 0; number < task.queries.size(); ++number) {
        for (const auto& input : task.queries[number]->mixed) {
            const bool picture = !input.picture.empty();
            if (picture != (task.part == QueryPart::kImage)) continue;
            inputs.push_back(
                {number, picture ? nullptr : &input.text, picture ? &input.picture : nullptr});
            weights.push_back(input.weight);
        }
    }
    return {std::move(inputs), std::move(weights)};
}

class Embedding {
public:
    Embedding(SharedEncoder& encoder, const PictureReader& reader, const Asking& asking)
        : encoder_(encoder),
          reader_(reader),
          asking_(asking),
          dim_(static_cast<std::size_t>(encoder.info().dim)) {}

    Embedded run(std::span<const Input> inputs) {
        Embedded result{std::vector<float>(inputs.size() * dim_),
                        std::vector<Problem>(inputs.size())};
        if (inputs.empty()) return result;
        const bool pictures = inputs.front().picture != nullptr;
        if (pictures && inputs.size() > kPictureWindow) return run_pipeline(inputs);
        const auto window = pictures ? kPictureWindow : kTextWindow;
        for (std::size_t from = 0; from < inputs.size(); from += window) {
            const auto count = std::min(window, inputs.size() - from);
            run_window(inputs.subspan(from, count), from, result);
        }
        return result;
    }

private:
    void prepare(const Input& input, Prepared& prepared, Problem& problem) const {
        auto made = input.text != nullptr
                        ? prepare_text(encoder_, *input.text, TextRole::kQuery)
                        : prepare_picture(encoder_, reader_, *input.picture, std::nullopt);
        if (auto* found = std::get_if<Problem>(&made)) {
            problem = std::move(*found);
        } else {
            prepared = std::get<Prepared>(std::move(made));
        }
    }

    void run_window(std::span<const Input> inputs, std::size_t first, Embedded& result) const {
        std::vector<Prepared> prepared(inputs.size());
        const auto piece = inputs.front().text != nullptr ? std::size_t{64} : std::size_t{1};
        const auto some = [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i)
                prepare(inputs[i], prepared[i], result.problems[first + i]);
        };
        for_pieces(inputs.size(), asking_.execution.threads, some, piece);
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (result.problems[first + i].code.empty()) order.push_back(i);
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return prepared[a].tokens.size() < prepared[b].tokens.size();
        });
        std::vector<const Prepared*> batch;
        for (const auto i : order)
            batch.push_back(&prepared[i]);
        std::vector<float> vectors(batch.size() * dim_);
        auto problems = encode_batch(
            encoder_, inputs.front().picture != nullptr,
            [&](auto some_inputs, auto values) {
                encoder_.encode(some_inputs, values, asking_.cancelled);
            },
            batch, vectors);
        for (std::size_t i = 0; i < order.size(); ++i) {
            result.problems[first + order[i]] = std::move(problems[i]);
            std::copy_n(vectors.data() + i * dim_, dim_,
                        result.values.data() + (first + order[i]) * dim_);
        }
    }

    /// For many pictures: decodes some while others are encoded.
    Embedded run_pipeline(std::span<const Input> inputs) const;

    SharedEncoder& encoder_;
    const PictureReader& reader_;
    const Asking& asking_;
    std::size_t dim_;
};

/// The inputs as windows of work; the input index replaces the item's row.
class InputSource : public WorkSource {
public:
    explicit InputSource(std::span<const Input> inputs) : inputs_(inputs) {}

    std::vector<EmbeddingInput> next_window() override {
        std::vector<EmbeddingInput> window;
        for (; window.size() < kPictureWindow && next_ < inputs_.size(); ++next_) {
            auto& item = window.emplace_back();
            item.key.row = static_cast<std::int64_t>(next_);
            item.picture = *inputs_[next_].picture;
        }
        return window;
    }

private:
    std::span<const Input> inputs_;
    std::size_t next_ = 0;
};

class InputSink : public EmbeddingSink {
public:
    InputSink(std::size_t inputs, std::size_t dim)
        : result{std::vector<float>(inputs * dim), std::vector<Problem>(inputs)}, dim_(dim) {}

    void append(EmbeddedWindow window) override {
        for (std::size_t i = 0; i < window.keys.size(); ++i)
            std::copy_n(window.vectors.data() + i * dim_, dim_,
                        result.values.data() + place(window.keys[i]) * dim_);
        for (auto& skipped : window.skipped)
            result.problems[place(skipped.key)] = std::move(skipped.problem);
    }

    Embedded result;

private:
    static std::size_t place(const InputKey& key) { return static_cast<std::size_t>(key.row); }
    std::size_t dim_;
};

Embedded Embedding::run_pipeline(std::span<const Input> inputs) const {
    EmbedOptions options;
    options.workers = asking_.execution.threads;
    options.picture_batch = kPictureWindow;
    options.check_content = false;
    InputSource source(inputs);
    InputSink sink(inputs.size(), dim_);
    std::array<Encoder*, 1> encoders{&encoder_};
    embed(source, reader_, encoders, sink, options);
    return std::move(sink.result);
}

void set_unit_length(std::span<float> vector) {
    double squares = 0;
    for (const float value : vector)
        squares += static_cast<double>(value) * value;
    if (squares == 0) return;
    const double length = std::sqrt(squares);
    for (float& value : vector)
        value = static_cast<float>(value / length);
}

/// Adds the mixed inputs to every vector of a query.
void mix(QueryVectors& vectors, std::span<const Input> inputs, std::span<const double> weights,
         const Embedded& embedded, bool normalized) {
    const auto dim = vectors.dim;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto query = inputs[i].query;
        if (!embedded.problems[i].code.empty()) {
            vectors.problems[query] = embedded.problems[i];
            continue;
        }
        const auto [first, last] =
            std::equal_range(vectors.owners.begin(), vectors.owners.end(), query);
        for (auto at = first; at != last; ++at) {
            const auto place = static_cast<std::size_t>(at - vectors.owners.begin());
            for (std::size_t d = 0; d < dim; ++d)
                vectors.values[place * dim + d] +=
                    static_cast<float>(weights[i]) * embedded.values[i * dim + d];
        }
    }
    if (!normalized) return;
    for (std::size_t place = 0; place < vectors.owners.size(); ++place) {
        const auto owner = vectors.owners[place];
        const bool mixed = std::any_of(inputs.begin(), inputs.end(),
                                       [&](const Input& input) { return input.query == owner; });
        if (mixed) set_unit_length(std::span(vectors.values).subspan(place * dim, dim));
    }
}

}  // namespace

QueryVectors embed_queries(const EmbeddingTask& task, SharedEncoder& encoder,
                           const PictureReader& reader, const Asking& asking) {
    Embedding embedding(encoder, reader, asking);
    const auto inputs = own_inputs(task);
    auto embedded = embedding.run(inputs);
    QueryVectors vectors;
    vectors.dim = static_cast<std::size_t>(encoder.info().dim);
    vectors.problems.resize(task.queries.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!embedded.problems[i].code.empty()) {
            vectors.problems[inputs[i].query] = std::move(embedded.problems[i]);
            continue;
        }
        vectors.owners.push_back(inputs[i].query);
        const auto from = embedded.values.begin() + static_cast<std::ptrdiff_t>(i * vectors.dim);
        vectors.values.insert(vectors.values.end(), from,
                              from + static_cast<std::ptrdiff_t>(vectors.dim));
    }
    const auto [mixed, weights] = mixed_inputs(task);
    if (!mixed.empty())
        mix(vectors, mixed, weights, embedding.run(mixed), encoder.info().normalized);
    return vectors;
}

QueryVectors vectors_of_items(std::span<const Query* const> queries, const SpaceVectors& known) {
    QueryVectors vectors;
    vectors.dim = static_cast<std::size_t>(known.dim);
    vectors.problems.resize(queries.size());
    for (std::size_t number = 0; number < queries.size(); ++number) {
        const auto [first, last] = known.of(queries[number]->row);
        if (first == last) {
            const bool bare = std::binary_search(known.bare_rows.begin(), known.bare_rows.end(),
                                                 queries[number]->row);
            vectors.problems[number] = bare ? nothing_but_shared() : no_vector();
        }
        for (auto place = first; place < last; ++place) {
            const auto vector = known.vector(place);
            vectors.owners.push_back(number);
            vectors.values.insert(vectors.values.end(), vector.begin(), vector.end());
        }
    }
    return vectors;
}

}  // namespace pmatch
