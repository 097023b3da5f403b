#include "models/reader/reading_package.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "models/package/task_settings.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kMaxSide = 4096;

int side_of(const JsonFields& fields, const char* key) {
    return static_cast<int>(fields.integer(key, 1, kMaxSide));
}

SearchSettings read_search(const JsonFields& fields) {
    SearchSettings search;
    search.shortest = side_of(fields, "shortest");
    search.longest = static_cast<int>(fields.integer("longest", search.shortest, kMaxSide));
    search.widest = fields.number("widest", 1, 1000);
    return search;
}

DetectorSettings read_detector(const JsonFields& fields) {
    DetectorSettings detect;
    detect.side = side_of(fields, "side");
    detect.multiple = static_cast<int>(fields.integer("multiple", 1, detect.side));
    detect.boxes.text = static_cast<float>(fields.number("text", 0, 1));
    detect.boxes.sure = fields.number("sure", 0, 1);
    detect.boxes.grow = fields.number("grow", 0, 100);
    detect.boxes.most = static_cast<int>(fields.integer("most", 1, 1'000'000));
    return detect;
}

DirectionSettings read_direction(const JsonFields& fields) {
    return {side_of(fields, "height"), side_of(fields, "width"), fields.number("sure", 0, 1)};
}

RecogniserSettings read_recogniser(const JsonFields& fields) {
    return {side_of(fields, "height"), side_of(fields, "width"),
            static_cast<std::size_t>(fields.integer("together", 1, 1024)),
            fields.number("sure", 0, 1)};
}

}  // namespace

ReadingPackage read_reading_package(const std::filesystem::path& directory) {
    ReadingPackage result;
    result.package = read_package(directory);
    const auto manifest = task_manifest(
        result.package, {std::string(kReadingTask), "reading words",
                         "give the package ppocr-mobile, which scripts/setup.sh makes"});
    const auto file = result.package.directory / "model.json";
    const auto fields = JsonFields(manifest, "", file, kExportAgain).object("reading");
    result.detector = listed_file(fields, "detector", result.package);
    result.direction = listed_file(fields, "direction", result.package);
    result.recogniser = listed_file(fields, "recogniser", result.package);
    result.characters = listed_file(fields, "characters", result.package);
    result.mean = fields.number("mean", 0, 1);
    result.std = fields.number("std", 1e-9, 1e9);
    result.search = read_search(fields.object("search"));
    result.detect = read_detector(fields.object("detect"));
    result.turn = read_direction(fields.object("turn"));
    result.lines = read_recogniser(fields.object("lines"));
    result.decisive =
        with_checksums(fields.json(), {"detector", "direction", "recogniser", "characters"},
                       result.package)
            .dump();
    return result;
}

}  // namespace pmatch
