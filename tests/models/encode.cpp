// pmatch_encode PACKAGE: batches in, vectors out. A line on stdin is an array of inputs of one
// kind,
// {"text": …} or {"tokens": […]} or {"image": path}; the answer is a line {"vectors": [[…], …],
// "tokens": [[…], …]}. An error is a line on stderr and exit code 1.
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/common/error.hpp"
#include "data/pictures/image_reader.hpp"
#include "models/encoder/load_encoder.hpp"

namespace {

using nlohmann::json;

pmatch::Prepared prepare(const pmatch::Encoder& encoder, const json& input) {
    if (input.contains("text")) {
        return encoder.prepare(input["text"].get<std::string>(), pmatch::TextRole::kDocument);
    }
    if (input.contains("tokens")) {
        pmatch::Prepared prepared;
        prepared.tokens = input["tokens"].get<std::vector<std::int32_t>>();
        return prepared;
    }
    const auto path = input["image"].get<std::string>();
    const auto read = pmatch::FilePictureReader().read(path, std::nullopt);
    if (const auto* problem = std::get_if<pmatch::Problem>(&read)) {
        throw pmatch::Error{problem->detail, path, "give a picture"};
    }
    return encoder.prepare(std::get<pmatch::Image>(read));
}

json answer(pmatch::Encoder& encoder, const json& batch) {
    std::vector<pmatch::Prepared> inputs;
    for (const auto& input : batch)
        inputs.push_back(prepare(encoder, input));
    std::vector<const pmatch::Prepared*> pointers;
    for (const auto& input : inputs)
        pointers.push_back(&input);
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    std::vector<float> values(inputs.size() * dim);
    encoder.encode(pointers, values);
    json vectors = json::array();
    json tokens = json::array();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(i * dim);
        vectors.push_back(std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(dim)));
        tokens.push_back(inputs[i].tokens);
    }
    return {{"vectors", vectors}, {"tokens", tokens}};
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count != 2) throw pmatch::UsageError{"one argument is expected", "give a PACKAGE"};
        const auto encoder = pmatch::load_encoder(arguments[1], {"cpu", "fp32", 2});
        std::string line;
        while (std::getline(std::cin, line)) {
            fmt::print("{}\n", answer(*encoder, json::parse(line)).dump());
        }
        return 0;
    } catch (const pmatch::Error& error) {
        fmt::print(stderr, "{} ({})\n", error.what(), error.file());
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
    }
    return 1;
}
