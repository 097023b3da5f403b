#include <torch/csrc/jit/ir/constants.h>

#include <unordered_map>
#include <unordered_set>

#include "models/torch/graph_tools.hpp"
#include "models/torch/reduced_precision.hpp"

namespace pmatch {
namespace {

using graph::aten;
using graph::behind;
using graph::changes_in_place;
using graph::constant_tensor;
using graph::for_each_node;
using graph::is_none;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;
using torch::jit::WithInsertPoint;

/// bf16 and fp16. The inputs of expensive operations are converted to the lower precision, and the
/// result is converted back. The low-precision result is kept as well, so that the next such
/// operation uses it directly, even across operations that only move values or are elementwise.
class HalfGraph {
public:
    HalfGraph(Graph& graph, at::ScalarType type)
        : graph_(graph), type_(type), in_place_(changes_in_place(graph)) {}

    std::size_t rewrite() {
        for_each_node(graph_.block(), [this](Node* node) { visit(node); });
        return rewritten_;
    }

private:
    void visit(Node* node) {
        static const std::unordered_set<c10::Symbol> products{
            aten("linear"), aten("_convolution"), aten("conv1d"), aten("conv2d"), aten("conv3d")};
        static const std::unordered_set<c10::Symbol> passing{
            aten("unflatten"), aten("transpose"), aten("flatten"),    aten("reshape"),
            aten("view"),      aten("permute"),   aten("select"),     aten("slice"),
            aten("unsqueeze"), aten("squeeze"),   aten("contiguous"), aten("gelu"),
            aten("relu"),      aten("relu6"),     aten("hardtanh"),   aten("silu")};
        static const auto attention = aten("scaled_dot_product_attention");
        if (products.contains(node->kind())) {
            lower(node);
        } else if (node->kind() == attention) {
            lower_mask(node);
            lower(node);
        } else if (!in_place_ && passing.contains(node->kind()) &&
                   twins_.contains(node->input(0))) {
            auto* twin = graph_.createClone(
                node, [&](Value* v) { return v == node->input(0) ? twins_.at(v) : v; });
            twin->output()->setType(c10::TensorType::get());
            twin->insertAfter(node);
            twins_[node->output()] = twin->output();
        }
    }

    /// Inputs 0 to 2: values and weights, or query, key and value.
    void lower(Node* node) {
        for (std::size_t i = 0; i < 3; ++i) {
            if (!is_none(node->input(i))) node->replaceInput(i, small(node->input(i), node));
        }
        auto* out = node->output();
        out->setType(c10::TensorType::get());
        const WithInsertPoint after(node->next());
        auto* wide = graph_.insert(aten("to"), {out, at::kFloat});
        out->replaceAllUsesAfterNodeWith(wide->node(), wide);
        if (!in_place_) twins_[wide] = out;
        ++rewritten_;
    }

    /// A numeric mask must have the type of the tensor it is added to; a boolean one is unchanged.
    void lower_mask(Node* node) {
        constexpr std::size_t kMask = 3;
        auto* mask = node->input(kMask);
        if (is_none(mask)) return;
        const WithInsertPoint before(node);
        auto* choice = graph_.create(c10::prim::If, 1);
        choice->addInput(graph_.insert(aten("is_floating_point"), {mask}));
        graph_.insertNode(choice);
        auto* numbers = choice->addBlock();
        {
            const WithInsertPoint inside(numbers);
            numbers->registerOutput(graph_.insert(aten("to"), {mask, type_}));
        }
        choice->addBlock()->registerOutput(mask);
        choice->output()->setType(c10::TensorType::get());
        node->replaceInput(kMask, choice->output());
    }

    Value* small(Value* value, Node* user) {
        if (const auto known = twins_.find(value); known != twins_.end()) return known->second;
        if (const auto tensor = constant_tensor(value)) {
            const WithInsertPoint before(user);
            return graph_.insertConstant(tensor->to(type_));
        }
        const WithInsertPoint point(in_place_ ? user : behind(value));
        auto* cast = graph_.insert(aten("to"), {value, type_});
        if (!in_place_) twins_[value] = cast;
        return cast;
    }

    Graph& graph_;
    at::ScalarType type_;
    bool in_place_;
    std::unordered_map<const Value*, Value*> twins_;
    std::size_t rewritten_ = 0;
};

}  // namespace

std::size_t lower_to_half(torch::jit::Module& frozen, at::ScalarType type) {
    return HalfGraph(*frozen.get_method("forward").graph(), type).rewrite();
}

}  // namespace pmatch
