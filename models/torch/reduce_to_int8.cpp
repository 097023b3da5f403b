#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/util/Exception.h>
#include <torch/csrc/jit/ir/constants.h>

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "models/torch/graph_tools.hpp"
#include "models/torch/reduced_precision.hpp"

namespace pmatch {
namespace {

using graph::aten;
using graph::behind;
using graph::changes_in_place;
using graph::constant_tensor;
using graph::for_each_node;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;
using torch::jit::WithInsertPoint;

/// Inputs use 7 bits: without VNNI a sum of 8 x 8 bit products may overflow. Used on every CPU,
/// since the vectors of a space must not depend on the machine.
constexpr double kInputLevels = 127;

/// Suppresses torch's deprecation warning about quantised tensors, which users cannot act on.
struct Silence : c10::WarningHandler {
    void process(const c10::Warning&) override {}
};

/// Weights of a linear layer, one scale per output channel, packed for FBGEMM.
struct PackedWeights {
    c10::IValue packed;
    at::Tensor sums;  ///< of each output channel's quantised weights
};

PackedWeights pack(const at::Tensor& weight) {
    Silence silence;
    const c10::WarningUtils::WarningHandlerGuard guard(&silence);
    constexpr double kLargest = 127;
    constexpr double kLeastScale = 1e-12;  // a channel of zeros
    const auto scales = (weight.abs().amax(1) / kLargest).clamp_min(kLeastScale).to(at::kDouble);
    const auto zeros = at::zeros({weight.size(0)}, at::kLong);
    const auto quantised =
        at::quantize_per_channel(weight.contiguous(), scales, zeros, 0, at::kQInt8);
    torch::jit::Stack stack{c10::IValue(quantised), c10::IValue()};
    c10::Dispatcher::singleton()
        .findSchemaOrThrow("quantized::linear_prepack", "")
        .callBoxed(&stack);
    return {stack.back(), quantised.dequantize().sum(1)};
}

/// Linear layers with quantised inputs. Each row (a token, a patch) is scaled to 0..1 separately,
/// so that it uses all levels whatever the other rows contain:
///   x = low + range * stretched
///   x W' + b = range * (stretched W') + low * sums + b
/// This is more accurate than one scale for the batch, and vectors do not depend on their batch.
/// The values of attention stay fp32: a twelfth of the work in a BERT, and half of the error.
class Int8Graph {
public:
    explicit Int8Graph(torch::jit::Module& module)
        : module_(module),
          graph_(*module.get_method("forward").graph()),
          in_place_(changes_in_place(graph_)) {}

    std::size_t rewrite() {
        for_each_node(graph_.block(), [this](Node* node) {
            if (node->kind() == aten("scaled_dot_product_attention")) keep_values(node);
        });
        for_each_node(graph_.block(), [this](Node* node) {
            if (node->kind() == aten("linear") && !kept_.contains(node)) lower(node);
        });
        return rewritten_;
    }

private:
    /// Finds the layer that computes the values, across operations that only move them.
    void keep_values(Node* attention) {
        static const std::unordered_set<c10::Symbol> moving{
            aten("unflatten"),    aten("transpose"),  aten("view"),   aten("reshape"),
            aten("permute"),      aten("contiguous"), aten("chunk"),  aten("split"),
            aten("select"),       aten("slice"),      aten("unbind"), aten("unsqueeze"),
            c10::prim::ListUnpack};
        constexpr std::size_t kValues = 2;
        auto* node = attention->input(kValues)->node();
        while (moving.contains(node->kind()))
            node = node->input(0)->node();
        if (node->kind() == aten("linear")) kept_.insert(node);
    }

    struct Stretched {
        Value* values;
        Value* low;
        Value* range;
    };

    void lower(Node* node) {
        const auto weight = constant_tensor(node->input(1));
        const auto bias = torch::jit::toIValue(node->input(2));
        if (!weight || weight->dim() != 2 || !bias) return;
        const auto weights = pack(*weight);
        const auto name = "pmatch_packed_" + std::to_string(rewritten_);
        module_.register_attribute(name, weights.packed.type(), weights.packed);
        const auto stretched = stretch(node->input(0), node);
        const WithInsertPoint before(node);
        auto* packed = graph_.insertGetAttr(graph_.inputs().at(0), name);
        packed->setType(weights.packed.type());
        static const auto product_symbol =
            c10::Symbol::fromQualString("quantized::linear_with_input_q_dq_qweight_dq_output_fp32");
        constexpr std::int64_t kZeroPoint = 0;
        auto* product =
            graph_.insert(product_symbol, {stretched.values, 1 / kInputLevels, kZeroPoint, packed});
        const auto offset = bias->isTensor() ? bias->toTensor() : at::zeros_like(weights.sums);
        auto* shift = graph_.insert(aten("addcmul"), {graph_.insertConstant(offset), stretched.low,
                                                      graph_.insertConstant(weights.sums)});
        auto* out = graph_.insert(aten("addcmul"), {shift, product, stretched.range});
        node->output()->replaceAllUsesWith(out);
        node->destroy();
        ++rewritten_;
    }

    /// Layers with the same input share the result.
    Stretched stretch(Value* x, Node* user) {
        if (const auto known = stretched_.find(x); known != stretched_.end()) return known->second;
        const WithInsertPoint point(in_place_ ? user : behind(x));
        constexpr double kLeastRange = 1e-12;  // a row of equal values has range 0
        const std::vector<std::int64_t> last{-1};
        auto* low = graph_.insert(aten("amin"), {x, last, true});
        auto* high = graph_.insert(aten("amax"), {x, last, true});
        auto* range = graph_.insert(aten("clamp_min"),
                                    {graph_.insert(aten("sub"), {high, low}), kLeastRange});
        auto* values = graph_.insert(aten("div"), {graph_.insert(aten("sub"), {x, low}), range});
        const Stretched result{values, low, range};
        if (!in_place_) stretched_.emplace(x, result);
        return result;
    }

    torch::jit::Module& module_;
    Graph& graph_;
    bool in_place_;
    std::unordered_set<const Node*> kept_;
    std::unordered_map<const Value*, Stretched> stretched_;
    std::size_t rewritten_ = 0;
};

/// FBGEMM's packed weights are thread-safe; oneDNN does not guarantee that.
void choose_engine() {
    for (const auto engine : at::globalContext().supportedQEngines()) {
        if (engine == at::QEngine::FBGEMM) at::globalContext().setQEngine(engine);
    }
}

}  // namespace

std::size_t lower_to_int8(torch::jit::Module& frozen) {
    choose_engine();
    return Int8Graph(frozen).rewrite();
}

}  // namespace pmatch
