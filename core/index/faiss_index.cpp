#include "core/index/faiss_index.hpp"

#include <faiss/AutoTune.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIDMap.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexPQ.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>
#include <faiss/IndexScalarQuantizer.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/impl/io.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"
#include "core/index/all_pairs_search.hpp"
#include "core/index/exact_search.hpp"
#include "core/index/index_layout.hpp"
#include "core/index/index_sidecar.hpp"
#include "core/index/twin_vectors.hpp"
#include "core/threads/parallel.hpp"
#include "core/threads/single_threaded_blas.hpp"

namespace pmatch {
namespace {

constexpr int kLargestEfSearch = 2048;
/// From this number on FAISS uses matrix products (its distance_compute_blas_threshold).
constexpr std::int64_t kFewQueries = 20;
constexpr std::int64_t kQueriesOfThread = 512;

/// Strips function, source file and line from FAISS's messages.
std::string short_reason(const std::exception& error) {
    std::string text = error.what();
    if (const auto at = text.find(".cpp:"); text.starts_with("Error in ") && at != text.npos) {
        if (const auto end = text.find(": ", at); end != text.npos) text.erase(0, end + 2);
    }
    for (const std::string_view lead : {"failed: ", "Error: "}) {
        if (const auto at = text.find(lead); at != std::string::npos) {
            text.erase(0, at + lead.size());
            break;
        }
    }
    return text.substr(0, text.find('\n'));
}

/// Calls `action` and converts FAISS's exceptions to Error.
template <typename Action>
decltype(auto) guarded(std::string_view purpose, const std::string& file, const Remedy& remedy,
                       Action action) {
    try {
        return action();
    } catch (const Error&) {
        throw;  // from our own reader or writer
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw Error{fmt::format("FAISS cannot {}: {}", purpose, short_reason(error)), file, remedy};
    }
}

/// The innermost index, inside transforms and refinements.
const faiss::Index* innermost(const faiss::Index* index) {
    while (true) {
        if (const auto* outer = dynamic_cast<const faiss::IndexPreTransform*>(index)) {
            index = outer->index;
        } else if (const auto* refine = dynamic_cast<const faiss::IndexRefine*>(index)) {
            index = refine->base_index;
        } else {
            return index;
        }
    }
}

/// FAISS would print to stderr if a cluster has fewer than 39 training vectors; the measured recall
/// shows whether that matters. It would also order a quantizer's codes for polysemous search, which
/// is not used here: a minute for PQ8.
void settle_training(faiss::Index* index) {
    auto* inner = const_cast<faiss::Index*>(innermost(index));
    if (auto* ivf = dynamic_cast<faiss::IndexIVF*>(inner)) ivf->cp.min_points_per_centroid = 1;
    if (auto* pq = dynamic_cast<faiss::IndexPQ*>(inner)) {
        pq->pq.cp.min_points_per_centroid = 1;
        pq->do_polysemous_training = false;
    }
    if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(inner)) pq->pq.cp.min_points_per_centroid = 1;
}

/// Others, such as FastScan, reject search parameters.
bool takes_ivf_parameters(const faiss::Index& index) {
    const auto& type = typeid(index);
    return type == typeid(faiss::IndexIVFFlat) || type == typeid(faiss::IndexIVFPQ) ||
           type == typeid(faiss::IndexIVFScalarQuantizer);
}

class FileWriter : public faiss::IOWriter {
public:
    explicit FileWriter(AtomicFile& file) : file_(file) {}
    std::size_t operator()(const void* data, std::size_t size, std::size_t items) override {
        file_.write(data, size * items);
        return items;
    }

private:
    AtomicFile& file_;
};

class FileReader : public faiss::IOReader {
public:
    explicit FileReader(const std::filesystem::path& file) : stream_(file, std::ios::binary) {
        name = file.string();
        if (!stream_.is_open()) fail("open");
    }
    std::size_t operator()(void* data, std::size_t size, std::size_t items) override {
        if (size == 0 || items == 0) return items;
        stream_.read(static_cast<char*>(data), static_cast<std::streamsize>(size * items));
        if (stream_.bad()) fail("read");
        return static_cast<std::size_t>(stream_.gcount()) / size;
    }

private:
    [[noreturn]] void fail(const char* action) const {
        throw SystemError{fmt::format("cannot {} the file: {}", action, system_reason(errno)), name,
                          "check the disk and its permissions, then run the command again"};
    }

    std::ifstream stream_;
};

}  // namespace

struct FaissIndex::Impl {
    std::unique_ptr<faiss::Index> index;
    std::string layout;
    std::string file;

    // The stored float32 vectors, if the layout keeps them; set by locate_stored().
    const float* flat = nullptr;
    const faiss::InvertedLists* lists = nullptr;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;  ///< position → list, offset

    TwinVectors twins;  ///< of a graph over float32 vectors

    /// nullptr unless it is such a graph.
    faiss::IndexHNSW* graph() const {
        auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(index.get());
        const bool flat_storage =
            hnsw != nullptr && dynamic_cast<const faiss::IndexFlat*>(hnsw->storage) != nullptr;
        return flat_storage ? hnsw : nullptr;
    }

    std::int64_t vectors_in(std::span<const float> values) const {
        return static_cast<std::int64_t>(values.size()) / index->d;
    }
};

FaissIndex::FaissIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FaissIndex::~FaissIndex() = default;
FaissIndex::FaissIndex(FaissIndex&&) noexcept = default;
FaissIndex& FaissIndex::operator=(FaissIndex&&) noexcept = default;

FaissIndex::FaissIndex(int dim, const std::string& layout) : impl_(std::make_unique<Impl>()) {
    check_layout(layout);
    impl_->layout = layout;
    try {
        impl_->index.reset(faiss::index_factory(dim, layout.c_str(), faiss::METRIC_INNER_PRODUCT));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        refuse_layout(layout, fmt::format("is not one FAISS can make for {} dimensions ({})", dim,
                                          short_reason(error)));
    }
    if (impl_->index->metric_type != faiss::METRIC_INNER_PRODUCT) {
        refuse_layout(layout, "cannot search by inner product");
    }
    settle_training(impl_->index.get());
}

FaissIndex FaissIndex::read(const std::filesystem::path& file) {
    auto impl = std::make_unique<Impl>();
    impl->file = file.string();
    FileReader reader(file);
    impl->index.reset(guarded("read the index", impl->file, index_remedy(),
                              [&] { return faiss::read_index(&reader); }));
    if (impl->index->metric_type != faiss::METRIC_INNER_PRODUCT) {
        throw Error{fmt::format("the index's metric is FAISS's number {}, expected inner product",
                                static_cast<int>(impl->index->metric_type)),
                    impl->file, index_remedy()};
    }
    FaissIndex result(std::move(impl));
    result.locate_stored();
    return result;
}

void FaissIndex::write(AtomicFile& file) const {
    FileWriter writer(file);
    guarded("write the index", impl_->file, "run `pmatch build-index` with --layout Flat",
            [&] { faiss::write_index(impl_->index.get(), &writer); });
}

int FaissIndex::dim() const {
    return static_cast<int>(impl_->index->d);
}
std::int64_t FaissIndex::count() const {
    return impl_->index->ntotal;
}

bool FaissIndex::exact() const {
    return dynamic_cast<const faiss::IndexFlat*>(impl_->index.get()) != nullptr;
}

bool FaissIndex::needs_training() const {
    return !impl_->index->is_trained;
}

void FaissIndex::train(std::span<const float> vectors) {
    const auto have = impl_->vectors_in(vectors);
    const Remedy fix = "run `pmatch build-index` with --layout Flat";
    const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(innermost(impl_->index.get()));
    if (ivf != nullptr && have < static_cast<std::int64_t>(ivf->nlist)) {
        throw Error{
            fmt::format("the layout '{}' needs at least {} vectors to train on, there are {}",
                        impl_->layout, ivf->nlist, have),
            {},
            fix};
    }
    guarded(fmt::format("train the layout '{}' on {} vectors", impl_->layout, have), {}, fix,
            [&] { impl_->index->train(have, vectors.data()); });
}

void FaissIndex::add(std::span<const float> vectors) {
    guarded(fmt::format("add vectors to the layout '{}'", impl_->layout), {},
            "run `pmatch build-index` with --layout Flat or HNSW32", [&] {
                if (auto* const graph = impl_->graph()) {
                    impl_->twins.add(*graph, vectors);
                } else {
                    impl_->index->add(impl_->vectors_in(vectors), vectors.data());
                }
            });
}

void FaissIndex::locate_stored() {
    if (const auto* const graph = impl_->graph()) impl_->twins.locate(*graph);
    const auto* index = impl_->index.get();
    if (const auto* hnsw = dynamic_cast<const faiss::IndexHNSW*>(index)) index = hnsw->storage;
    if (const auto* flat = dynamic_cast<const faiss::IndexFlat*>(index)) {
        impl_->flat = flat->get_xb();
        return;
    }
    const auto* ivf = dynamic_cast<const faiss::IndexIVFFlat*>(index);
    if (ivf == nullptr || typeid(*ivf) != typeid(faiss::IndexIVFFlat)) return;
    const auto* lists = ivf->invlists;
    if (dynamic_cast<const faiss::ArrayInvertedLists*>(lists) == nullptr) return;
    impl_->places.assign(static_cast<std::size_t>(ivf->ntotal), {0, 0});
    for (std::size_t list = 0; list < lists->nlist; ++list) {
        const auto* ids = lists->get_ids(list);
        for (std::size_t offset = 0; offset < lists->list_size(list); ++offset) {
            if (ids[offset] < 0 || ids[offset] >= ivf->ntotal) {
                throw Error{fmt::format("the index lists vector {} of {}", ids[offset],
                                        static_cast<std::int64_t>(ivf->ntotal)),
                            impl_->file, index_remedy()};
            }
            impl_->places[static_cast<std::size_t>(ids[offset])] = {
                static_cast<std::uint32_t>(list), static_cast<std::uint32_t>(offset)};
        }
    }
    impl_->lists = lists;
}

const float* FaissIndex::stored(std::int64_t position) const {
    const auto at = static_cast<std::size_t>(position);
    if (impl_->flat != nullptr) return impl_->flat + at * static_cast<std::size_t>(dim());
    if (impl_->lists == nullptr) return nullptr;
    const auto [list, offset] = impl_->places[at];
    return reinterpret_cast<const float*>(impl_->lists->get_single_code(list, offset));
}

SearchKnob FaissIndex::knob() const {
    const auto* inner = innermost(impl_->index.get());
    if (const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(inner)) {
        return {"nprobe", static_cast<int>(ivf->nprobe), static_cast<int>(ivf->nlist)};
    }
    if (const auto* hnsw = dynamic_cast<const faiss::IndexHNSW*>(inner)) {
        return {"efSearch", hnsw->hnsw.efSearch, kLargestEfSearch};
    }
    return {};
}

void FaissIndex::set_knob(int value) {
    const auto current = knob();
    guarded(fmt::format("set {} to {}", current.name, value), impl_->file, index_remedy(), [&] {
        faiss::ParameterSpace().set_index_parameter(impl_->index.get(), current.name, value);
    });
}

int FaissIndex::widest() const {
    const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(impl_->index.get());
    if (ivf == nullptr || ivf->nprobe == 0) return 1;
    if (!takes_ivf_parameters(*ivf)) return 1;
    return static_cast<int>((ivf->nlist + ivf->nprobe - 1) / ivf->nprobe);
}

bool FaissIndex::can_filter() const {
    const auto* index = impl_->index.get();
    if (exact()) return true;
    // Incomplete results of a graph are completed from its stored vectors.
    if (dynamic_cast<const faiss::IndexHNSW*>(index) != nullptr) return impl_->flat != nullptr;
    return takes_ivf_parameters(*index);
}

bool FaissIndex::can_extend() const {
    return can_filter();
}

/// Puts the twins of each hit behind it.
FaissHits FaissIndex::with_twins(const FaissHits& linked, std::int64_t k,
                                 std::span<const std::uint8_t> allowed) const {
    const auto is_allowed = [&](std::int64_t position) {
        const auto at = static_cast<std::size_t>(position);
        return allowed.empty() || ((allowed[at / 8] >> (at % 8)) & 1U) != 0;
    };
    FaissHits hits;
    const auto width = static_cast<std::size_t>(k);
    for (std::size_t first = 0; first < linked.positions.size(); first += width) {
        const auto take = [&](std::int64_t position, float score) {
            if (hits.positions.size() == first + width || !is_allowed(position)) return;
            hits.positions.push_back(position);
            hits.scores.push_back(score);
        };
        for (std::size_t i = first; i < first + width && linked.positions[i] >= 0; ++i) {
            take(linked.positions[i], linked.scores[i]);
            for (const auto twin : impl_->twins.of(linked.positions[i]))
                take(twin, linked.scores[i]);
        }
        hits.positions.resize(first + width, -1);
        hits.scores.resize(first + width, std::numeric_limits<float>::lowest());
    }
    return hits;
}

FaissHits FaissIndex::search(std::span<const float> queries, std::int64_t k, int widen,
                             std::span<const std::uint8_t> allowed) const {
    if (impl_->twins.empty()) return search_linked(queries, k, widen, allowed);
    const auto bits =
        allowed.empty() ? std::vector<std::uint8_t>() : impl_->twins.with_linked(allowed);
    return with_twins(search_linked(queries, k, widen, bits), k, allowed);
}

FaissHits FaissIndex::search_linked(std::span<const float> queries, std::int64_t k, int widen,
                                    std::span<const std::uint8_t> allowed) const {
    const auto n = impl_->vectors_in(queries);
    if (exact() && impl_->flat != nullptr && n < kFewQueries) {
        return flat_search({impl_->flat, count(), static_cast<std::size_t>(dim())}, queries, k,
                           allowed);
    }
    FaissHits hits;
    hits.positions.resize(static_cast<std::size_t>(n * k));
    hits.scores.resize(hits.positions.size());
    faiss::IDSelectorBitmap selector(allowed.size(), allowed.data());
    auto* const selected = allowed.empty() ? nullptr : &selector;
    const auto* ivf = dynamic_cast<const faiss::IndexIVF*>(impl_->index.get());
    const auto* hnsw = dynamic_cast<const faiss::IndexHNSW*>(impl_->index.get());
    faiss::SearchParameters any;
    faiss::SearchParametersIVF for_ivf;
    faiss::SearchParametersHNSW for_hnsw;
    const faiss::SearchParameters* parameters = nullptr;
    if (ivf != nullptr && (widen > 1 || selected != nullptr)) {
        for_ivf.nprobe = std::min(ivf->nlist, ivf->nprobe * static_cast<std::size_t>(widen));
        for_ivf.sel = selected;
        parameters = &for_ivf;
    } else if (hnsw != nullptr && selected != nullptr) {
        for_hnsw.efSearch = hnsw->hnsw.efSearch;
        for_hnsw.sel = selected;
        parameters = &for_hnsw;
    } else if (selected != nullptr) {
        any.sel = selected;
        parameters = &any;
    }
    const auto search = [&](std::size_t begin, std::size_t end) {
        impl_->index->search(static_cast<std::int64_t>(end - begin),
                             queries.data() + begin * static_cast<std::size_t>(dim()), k,
                             hits.scores.data() + begin * static_cast<std::size_t>(k),
                             hits.positions.data() + begin * static_cast<std::size_t>(k),
                             parameters);
    };
    guarded("search the index", impl_->file, "run `pmatch build-index` with --layout Flat", [&] {
        if (!exact()) {
            search(0, static_cast<std::size_t>(n));
            return;
        }
        // Threads without a shared matrix product need not wait for each other.
        const auto pieces =
            std::clamp<std::int64_t>(std::max<std::int64_t>(thread_count(0), n / kQueriesOfThread),
                                     1, std::max<std::int64_t>(1, n / (2 * kFewQueries)));
        for_pieces(
            static_cast<std::size_t>(n), 0,
            [&](std::size_t begin, std::size_t end) {
                const SingleThreadedBlas alone;
                search(begin, end);
            },
            static_cast<std::size_t>((n + pieces - 1) / pieces));
    });
    return hits;
}

FaissHits FaissIndex::search_all_pairs(std::int64_t k) const {
    return self_search({impl_->flat, count(), static_cast<std::size_t>(dim())}, k);
}

}  // namespace pmatch
