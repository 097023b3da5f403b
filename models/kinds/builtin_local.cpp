#include "models/kinds/builtin_local.hpp"

#include "core/vision/keypoints.hpp"

namespace pmatch {

Builtin local_features() {
    Builtin builtin;
    builtin.name = "local";
    builtin.about = "places that are found again when it is shifted, turned or scaled (SIFT)";
    builtin.settings = keypoint_settings();
    builtin.dim = static_cast<int>(kPackedBytes);
    builtin.vectors_per_input = VectorsPerInput::kVariable;
    builtin.bytes = true;
    builtin.describe = [](const Image& image) {
        const auto bytes = pack(find_keypoints(image));
        return std::vector<float>(bytes.begin(), bytes.end());
    };
    return builtin;
}

}  // namespace pmatch
