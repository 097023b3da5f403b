#include "cli/serve/service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch::cli {
namespace {

std::string name_of(const std::filesystem::path& collection) {
    const auto path = std::filesystem::absolute(collection).lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).filename().string();
}

}  // namespace

Service::Service(ServiceSettings settings, const Execution& execution)
    : settings_(std::move(settings)),
      execution_(execution),
      models_(metrics_),
      urls_(settings_.urls ? std::make_unique<UrlFetcher>(*settings_.urls) : nullptr),
      answers_(settings_.answer_cache),
      thumbnails_(settings_.thumbnail_cache) {
    const auto encoders = std::make_shared<SharedEncoders>();
    for (const auto& path : settings_.collections) {
        const auto name = name_of(path);
        if (collection(name) != nullptr)
            throw UsageError{fmt::format("two collections are called '{}'", name),
                             "rename the directory of one of them"};
        EngineOptions options{.execution = execution_, .models = models_};
        options.pictures = settings_.pictures;
        options.engine = settings_.engine;
        options.encoders = encoders;
        collections_.push_back(naming_collection(path.string(), [&] {
            return std::make_unique<ServedCollection>(name, path, options, settings_.preset);
        }));
    }
}

ServedCollection* Service::collection(std::string_view name) const {
    const auto found = std::find_if(
        collections_.begin(), collections_.end(),
        [&](const auto& collection) { return name.empty() || collection->name() == name; });
    return found == collections_.end() ? nullptr : found->get();
}

void Service::warm_up() {
    for (const auto& collection : collections_)
        collection->warm_up();
    ready_ = true;
}

bool Service::try_refresh(ServedCollection& collection) {
    try {
        if (!collection.refresh()) return false;
        metrics_.reloaded(true);
        execution_.observer.note(fmt::format("serve: {}: generation {}", collection.name(),
                                             collection.engine()->source().generation()));
        return true;
    } catch (const Error& error) {
        metrics_.reloaded(false);
        execution_.observer.warning(
            {fmt::format("{}: the newer state cannot be opened, the former one answers on: {}",
                         collection.name(), error.what()),
             error.remedy()});
    }
    return false;
}

void Service::refresh() {
    for (const auto& collection : collections_)
        try_refresh(*collection);
}

}  // namespace pmatch::cli
