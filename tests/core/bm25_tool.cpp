/// For bm25_parity.py: reads {"texts", "queries", "analyser", "k1", "b", "top"} from standard
/// input; writes the answers (row, score) and the full score vectors.
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "core/lexical/bm25_builder.hpp"

int main() {
    const auto question = nlohmann::json::parse(std::cin);
    pmatch::Bm25Options options;
    options.analyser = pmatch::analyser_from(question.at("analyser").get<std::string>());
    options.k1 = question.at("k1");
    options.b = question.at("b");
    const auto file = std::filesystem::temp_directory_path() /
                      ("pmatch-bm25-parity-" + std::to_string(::getpid()));
    pmatch::Bm25Builder builder(file, options, std::size_t{1} << 16U);
    std::int64_t row = 0;
    for (const auto& text : question.at("texts"))
        builder.add(row++, text.get<std::string>());
    const auto index =
        pmatch::Bm25Index::open(file, builder.finish({pmatch::Source::text(), "", 0}));
    std::filesystem::remove(file);
    auto answers = nlohmann::json::array();
    for (const auto& text : question.at("queries")) {
        const auto query = index.prepare(text.get<std::string>());
        auto found = nlohmann::json::array();
        for (const auto& hit : index.search(query, question.at("top").get<int>()))
            found.push_back({hit.row, hit.score});
        answers.push_back({{"found", found}, {"scores", index.scores(query)}});
    }
    std::cout << answers << '\n';
}
