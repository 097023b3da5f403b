#include <fmt/format.h>

#include "cli/output/metrics_printer.hpp"
#include "core/text/escape.hpp"

namespace pmatch::cli {
namespace {

std::string check_case(const GateCheck& check) {
    const auto name = fmt::format("{}, {}", check.bound.subject(), check.wanted());
    auto text = fmt::format("    <testcase classname=\"pmatch.gate\" name=\"{}\" time=\"0\"",
                            xml_escaped(name));
    if (!check.failed()) return text + "/>\n";
    const auto message = xml_escaped(check.sentence());
    return text + fmt::format(
                      ">\n      <failure type=\"below-gate\" message=\"{0}\">{0}</failure>\n"
                      "    </testcase>\n",
                      message);
}

/// Escapes text content, keeping line breaks.
std::string block(const std::string& text) {
    std::string xml;
    std::size_t start = 0;
    while (start < text.size()) {
        const auto end = std::min(text.find('\n', start), text.size());
        xml += xml_escaped(std::string_view(text).substr(start, end - start)) + "\n";
        start = end + 1;
    }
    return xml;
}

}  // namespace

std::string metrics_junit(const Evaluation& evaluation) {
    const auto tests = std::max<std::size_t>(evaluation.checks.size(), 1);
    const auto counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\"", tests, evaluation.failed_checks());
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    xml += fmt::format(
        "<testsuites {0}>\n  <testsuite name=\"pmatch evaluate\" {0} skipped=\"0\" "
        "time=\"0\">\n    <properties>\n",
        counts);
    for (const auto& [name, value] : evaluation.metrics.values) {
        xml +=
            fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", xml_escaped(name), value);
    }
    xml += "    </properties>\n";
    // Some readers report a suite without test cases as broken.
    if (evaluation.checks.empty()) {
        xml += "    <testcase classname=\"pmatch.evaluate\" name=\"measured\" time=\"0\"/>\n";
    }
    for (const auto& check : evaluation.checks)
        xml += check_case(check);
    xml += "    <system-out>" + block(metrics_table(evaluation)) + "</system-out>\n";
    if (!evaluation.warnings.empty()) {
        xml += "    <system-err>";
        for (const auto& [name, text] : evaluation.warnings)
            xml += block(fmt::format("warning: {}: {}", name, text));
        xml += "</system-err>\n";
    }
    return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace pmatch::cli
