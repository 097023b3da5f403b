#include <fmt/format.h>

#include "data/collection/lexical_names.hpp"
#include "data/indexes/identifier_record.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {
namespace {

/// Empty if the list is not of the items as they are.
std::string check_list(const Collection& collection, const ExactRecord& record) {
    const auto file = collection.directory() / record.file;
    const auto list = IdentifierList::open(file, collection.manifest().files.at(record.file));
    const auto& info = list.info();
    if (info.entries != record.count || info.stamp != record.stamp ||
        info.columns != record.columns) {
        throw Error{fmt::format("it holds {} identifiers (stamp {}), the manifest says {} (stamp "
                                "{})",
                                info.entries, info.stamp, record.count, record.stamp),
                    file.string(),
                    {}};
    }
    if (!is_current(collection.manifest(), record)) return {};
    const Items items(collection);
    if (identifier_stamp(items, record.columns) != record.stamp) {
        throw Error{
            "it says it is up to date, and holds other cells than the items", file.string(), {}};
    }
    return fmt::format("{} identifiers in {} columns", info.entries, info.columns.size());
}

}  // namespace

void examine_identifiers(Examination& examination) {
    const auto& collection = examination.collection();
    if (!examination.manifest().exact) return;
    const auto& record = *examination.manifest().exact;
    std::string detail;
    const bool whole = examination.check_silently("identifiers", {}, record.file,
                                                  [&] { detail = check_list(collection, record); });
    if (!whole) return;
    if (!detail.empty()) return examination.good("identifiers", {}, detail);
    examination.add({"identifiers",
                     {},
                     Finding::State::kStale,
                     record.file,
                     "the cells have changed since it was built",
                     exact_command(collection.directory(), record)});
}

}  // namespace pmatch
