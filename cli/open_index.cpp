#include "cli/open_index.hpp"

#include <fmt/format.h>

#include "cli/completeness.hpp"
#include "core/error.hpp"
#include "models/load_encoder.hpp"

namespace pmatch::cli {

Index open_index(const Collection& collection, const std::string& space) {
    const auto& manifest = collection.manifest();
    const auto directory = collection.directory().string();
    const auto command = fmt::format("pmatch build-index {} --space {}", directory, space);
    const auto entry = manifest.indexes.find(space);
    if (entry == manifest.indexes.end()) {
        throw Error{fmt::format("space '{}' has no index", space), directory, command};
    }
    const auto& record = manifest.spaces.at(space);
    if (entry->second.fingerprint != record.fingerprint) {
        throw Error{fmt::format("the index of space '{}' was built from vectors of fingerprint "
                                "{:.12}, the space now has {:.12}",
                                space, entry->second.fingerprint, record.fingerprint),
                    directory, command};
    }
    if (record.stamp.empty() || entry->second.stamp != record.stamp) {
        throw Error{fmt::format("space '{}' has changed since its index was built", space),
                    directory, mend_index_command(collection, space)};
    }
    const auto path = [&](std::size_t i) {
        return collection.directory() / entry->second.files.at(i);
    };
    const auto file = [&](std::size_t i) { return manifest.files.at(entry->second.files.at(i)); };
    return Index::load({path(0), path(1), path(2)}, {file(0), file(1), file(2)});
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
