#include "models/torch/graph_tools.hpp"

#include <torch/csrc/jit/ir/constants.h>

#include <string>
#include <vector>

namespace pmatch::graph {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

c10::Symbol aten(const char* name) {
    return c10::Symbol::fromQualString(std::string("aten::") + name);
}

void for_each_node(Block* block, const std::function<void(Node*)>& visit) {
    const std::vector<Node*> nodes(block->nodes().begin(), block->nodes().end());
    for (auto* node : nodes) {
        for (auto* inner : node->blocks())
            for_each_node(inner, visit);
        visit(node);
    }
}

bool is_none(const Value* value) {
    return value->type()->kind() == c10::TypeKind::NoneType;
}

std::optional<at::Tensor> constant_tensor(const Value* value) {
    const auto constant = torch::jit::toIValue(value);
    if (!constant || !constant->isTensor()) return std::nullopt;
    return constant->toTensor();
}

bool changes_in_place(Graph& graph) {
    bool found = false;
    for_each_node(graph.block(), [&](const Node* node) {
        const auto* schema = node->maybeSchema();
        found = found || (schema != nullptr && schema->is_mutable());
    });
    return found;
}

Node* behind(Value* value) {
    Node* made_by = value->node();
    return made_by->kind() == c10::prim::Param ? *made_by->owningBlock()->nodes().begin()
                                               : made_by->next();
}

}  // namespace pmatch::graph
