#include "models/lower_precision.hpp"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pmatch {
namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;
using torch::jit::WithInsertPoint;

c10::Symbol aten(const char* name) {
    return c10::Symbol::fromQualString(std::string("aten::") + name);
}

std::vector<Node*> nodes_of(Block* block) {
    std::vector<Node*> nodes(block->nodes().begin(), block->nodes().end());
    return nodes;
}

void for_each_node(Block* block, const std::function<void(Node*)>& visit) {
    for (auto* node : nodes_of(block)) {
        for (auto* inner : node->blocks())
            for_each_node(inner, visit);
        visit(node);
    }
}

bool is_none(const Value* value) {
    return value->type()->kind() == c10::TypeKind::NoneType;
}

/// The tensor a value always is, if it is one.
std::optional<at::Tensor> constant_tensor(const Value* value) {
    const auto constant = torch::jit::toIValue(value);
    if (!constant || !constant->isTensor()) return std::nullopt;
    return constant->toTensor();
}

/// bf16 and fp16. A step that is worth it gets inputs converted to the smaller type, and its result
/// is converted back. The smaller result is kept as the wide one's twin, so that a next such step
/// takes it as it is, also behind steps that only move values or work on each alone.
class HalfGraph {
public:
    HalfGraph(Graph& graph, at::ScalarType type) : graph_(graph), type_(type) {
        for_each_node(graph.block(), [this](const Node* node) {
            const auto* schema = node->maybeSchema();
            if (schema != nullptr && schema->is_mutable()) in_place_ = true;
        });
    }

    std::size_t rewrite() {
        for_each_node(graph_.block(), [this](Node* node) { visit(node); });
        return rewritten_;
    }

private:
    void visit(Node* node) {
        static const std::unordered_set<c10::Symbol> kProducts{
            aten("linear"), aten("_convolution"), aten("conv1d"), aten("conv2d"), aten("conv3d")};
        static const std::unordered_set<c10::Symbol> kPassing{
            aten("unflatten"), aten("transpose"), aten("flatten"),    aten("reshape"),
            aten("view"),      aten("permute"),   aten("select"),     aten("slice"),
            aten("unsqueeze"), aten("squeeze"),   aten("contiguous"), aten("gelu"),
            aten("relu"),      aten("relu6"),     aten("hardtanh"),   aten("silu")};
        static const auto kAttention = aten("scaled_dot_product_attention");
        if (kProducts.contains(node->kind())) {
            lower(node);
        } else if (node->kind() == kAttention) {
            lower_mask(node);
            lower(node);
        } else if (!in_place_ && kPassing.contains(node->kind()) &&
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

    /// A mask of numbers must have the type of what it is added to; one of booleans must stay.
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
        // Right behind the value, so that later users find it in front of them; but what may yet
        // be changed in place is read where it is needed.
        Node* made_by = value->node();
        Node* place = user;
        if (!in_place_) {
            place = made_by->kind() == c10::prim::Param ? *made_by->owningBlock()->nodes().begin()
                                                        : made_by->next();
        }
        const WithInsertPoint point(place);
        auto* cast = graph_.insert(aten("to"), {value, type_});
        if (!in_place_) twins_[value] = cast;
        return cast;
    }

    Graph& graph_;
    at::ScalarType type_;
    bool in_place_ = false;
    std::unordered_map<const Value*, Value*> twins_;
    std::size_t rewritten_ = 0;
};

/// Symmetric, one scale per output channel, packed for FBGEMM.
c10::IValue packed_weights(const at::Tensor& weight, const c10::IValue& bias) {
    constexpr double kLargest = 127;
    constexpr double kLeastScale = 1e-12;  // a channel of zeros
    const auto scales = (weight.abs().amax(1) / kLargest).clamp_min(kLeastScale).to(at::kDouble);
    const auto zeros = at::zeros({weight.size(0)}, at::kLong);
    const auto quantised =
        at::quantize_per_channel(weight.contiguous(), scales, zeros, 0, at::kQInt8);
    torch::jit::Stack stack{c10::IValue(quantised), bias};
    c10::Dispatcher::singleton()
        .findSchemaOrThrow("quantized::linear_prepack", "")
        .callBoxed(&stack);
    return stack.back();
}

/// Linear layers whose inputs are quantised as they come, one scale a pass.
class Int8Graph {
public:
    explicit Int8Graph(torch::jit::Module& module)
        : module_(module), graph_(*module.get_method("forward").graph()) {}

    std::size_t rewrite() {
        for_each_node(graph_.block(), [this](Node* node) {
            if (node->kind() == aten("linear")) lower(node);
        });
        return rewritten_;
    }

private:
    void lower(Node* node) {
        const auto weight = constant_tensor(node->input(1));
        const auto bias = torch::jit::toIValue(node->input(2));
        if (!weight || weight->dim() != 2 || !bias) return;
        const auto packed = packed_weights(*weight, *bias);
        const auto name = "pmatch_packed_" + std::to_string(rewritten_);
        module_.register_attribute(name, packed.type(), packed);
        const WithInsertPoint before(node);
        auto* weights = graph_.insertGetAttr(graph_.inputs().at(0), name);
        weights->setType(packed.type());
        // Without the VNNI instructions a product of 8 by 8 bits may overflow, so the inputs have
        // 7 bits; on every CPU, because vectors of a space must not depend on who computed them.
        constexpr bool kReduceRange = true;
        auto* out = graph_.insert(c10::Symbol::fromQualString("quantized::linear_dynamic"),
                                  {node->input(0), weights, kReduceRange});
        node->output()->replaceAllUsesWith(out);
        node->destroy();
        ++rewritten_;
    }

    torch::jit::Module& module_;
    Graph& graph_;
    std::size_t rewritten_ = 0;
};

/// FBGEMM's packed weights may be used by many threads at a time, which oneDNN does not promise.
void choose_engine() {
    for (const auto engine : at::globalContext().supportedQEngines()) {
        if (engine == at::QEngine::FBGEMM) at::globalContext().setQEngine(engine);
    }
}

}  // namespace

std::size_t lower_precision(torch::jit::Module& frozen, Precision precision) {
    if (precision == Precision::kFp32) return 0;
    const auto graph = frozen.get_method("forward").graph();
    std::size_t rewritten = 0;
    if (precision == Precision::kInt8) {
        choose_engine();
        rewritten = Int8Graph(frozen).rewrite();
    } else {
        const auto type = precision == Precision::kBf16 ? at::kBFloat16 : at::kHalf;
        rewritten = HalfGraph(*graph, type).rewrite();
    }
    torch::jit::EliminateDeadCode(graph);
    return rewritten;
}

}  // namespace pmatch
