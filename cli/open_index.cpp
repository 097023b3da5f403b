#include "cli/open_index.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/completeness.hpp"
#include "core/error.hpp"
#include "data/space_index.hpp"
#include "models/load_encoder.hpp"

namespace pmatch::cli {

LiveIndex open_index(const Collection& collection, const std::string& space,
                     const Console& console) {
    const auto no = [&](const char* what) {
        return Error{fmt::format("space '{}' has no {}", space, what),
                     collection.directory().string(), mend_index_command(collection, space)};
    };
    const bool has_space = collection.manifest().spaces.contains(space);
    if (has_space && !collection.manifest().indexes.contains(space)) throw no("index");
    auto opened = open_space_index(collection, space);
    if (opened.index.count() == 0 && missing_inputs(collection, space) > 0) throw no("vectors");
    if (opened.stale()) {
        console.note(fmt::format(
            "query: space '{}' has changed since its index was built: {} vectors are compared "
            "beside it, {} of its own are left out; `{}` brings it up to date",
            space, grouped(opened.added), grouped(opened.dead),
            mend_index_command(collection, space)));
    }
    return std::move(opened.index);
}

std::filesystem::path package_of(const SpaceRecord& record) {
    const bool in_place =
        std::filesystem::exists(std::filesystem::path(record.package) / "model.json");
    return find_package(in_place ? record.package : record.model);
}

std::unique_ptr<Encoder> open_encoder(const SpaceRecord& record, const std::string& space,
                                      Context& context) {
    LoadOptions options;
    options.precision = record.precision;
    options.threads = context.options.threads;
    options.note = [&](const std::string& text) { context.console.note(text); };
    const auto package = package_of(record);
    std::unique_ptr<Encoder> encoder;
    try {
        encoder = load_encoder(package, options);
    } catch (const UsageError& error) {
        throw Error{
            fmt::format("space '{}' was embedded in {}: {}", space, record.precision, error.what()),
            package.string(),
            "query on such a machine, or embed the space again: pmatch embed … "
            "--precision bf16 --replace, then pmatch build-index"};
    }
    if (encoder->info().fingerprint != record.fingerprint) {
        throw Error{
            fmt::format("space '{}' was embedded with {} (fingerprint {:.12}), this "
                        "package has fingerprint {:.12}",
                        space, record.model, record.fingerprint, encoder->info().fingerprint),
            encoder->info().package,
            "put the package back that the space was embedded with, or embed the space "
            "again: pmatch embed … --replace, then pmatch build-index"};
    }
    return encoder;
}

}  // namespace pmatch::cli
