#include "models/torch/packed_linear.hpp"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>

#include <exception>
#include <optional>
#include <string>

#include "models/torch/graph_tools.hpp"

namespace pmatch {
namespace {

using graph::aten;
using graph::constant_tensor;
using graph::for_each_node;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::WithInsertPoint;

constexpr const char* kPack = "mkldnn::_reorder_linear_weight";
constexpr const char* kProduct = "mkldnn::_linear_pointwise";

at::Tensor call(const char* name, torch::jit::Stack stack) {
    c10::Dispatcher::singleton().findSchemaOrThrow(name, "").callBoxed(&stack);
    return stack.back().toTensor();
}

/// For any number of rows.
at::Tensor packed(const at::Tensor& weight) {
    return call(kPack, {weight.contiguous(), std::optional<std::int64_t>()});
}

bool works_in(at::ScalarType type) {
    constexpr std::int64_t kSide = 8;
    try {
        const auto square = at::ones({kSide, kSide}, type);
        call(kProduct, {square, packed(square), at::ones({kSide}, type), "gelu",
                        c10::List<std::optional<at::Scalar>>(), "none"});
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

class PackedGraph {
public:
    explicit PackedGraph(torch::jit::Module& module)
        : module_(module), graph_(*module.get_method("forward").graph()) {}

    std::size_t rewrite() {
        for_each_node(graph_.block(), [this](Node* node) {
            if (node->kind() == aten("linear")) replace(node);
        });
        torch::jit::EliminateDeadCode(module_.get_method("forward").graph());
        return rewritten_;
    }

private:
    void replace(Node* node) {
        const auto weight = constant_tensor(node->input(1));
        if (!weight || weight->dim() != 2 || !works(weight->scalar_type())) return;
        const auto name = "pmatch_linear_" + std::to_string(rewritten_++);
        module_.register_attribute(name, c10::TensorType::get(), packed(*weight));
        auto* gelu = gelu_after(node);
        Node* last = gelu == nullptr ? node : gelu;
        {
            const WithInsertPoint before(node);
            auto* weights = graph_.insertGetAttr(graph_.inputs().at(0), name);
            weights->setType(c10::TensorType::get());
            const c10::List<std::optional<at::Scalar>> no_scalars;
            auto* product = graph_.insert(
                c10::Symbol::fromQualString(kProduct),
                {node->input(0), weights, node->input(2), gelu == nullptr ? "none" : "gelu",
                 no_scalars, gelu == nullptr ? c10::IValue("") : *toIValue(gelu->input(1))});
            last->output()->replaceAllUsesWith(product);
        }
        last->destroy();
        if (gelu != nullptr) node->destroy();
    }

    /// The only user of the layer's result, if it is a GELU of a constant kind.
    static Node* gelu_after(Node* node) {
        const auto& uses = node->output()->uses();
        if (uses.size() != 1) return nullptr;
        Node* user = uses[0].user;
        const bool fits = user->kind() == aten("gelu") && toIValue(user->input(1)).has_value();
        return fits ? user : nullptr;
    }

    bool works(at::ScalarType type) {
        auto* known = type == at::kFloat ? &fp32_ : type == at::kBFloat16 ? &bf16_ : nullptr;
        if (known == nullptr) return false;
        if (!*known) *known = works_in(type);
        return **known;
    }

    torch::jit::Module& module_;
    Graph& graph_;
    std::optional<bool> fp32_;
    std::optional<bool> bf16_;
    std::size_t rewritten_ = 0;
};

}  // namespace

std::size_t pack_linear_layers(torch::jit::Module& frozen) {
    return PackedGraph(frozen).rewrite();
}

}  // namespace pmatch
