#include "models/preprocess/colour_profile.hpp"

#include <lcms2.h>

#include <cstddef>
#include <memory>
#include <type_traits>

namespace pmatch {
namespace {

struct Close {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<std::remove_pointer_t<cmsHPROFILE>, Close>;

struct Delete {
    void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Transform = std::unique_ptr<std::remove_pointer_t<cmsHTRANSFORM>, Delete>;

Profile profile_of(const Image& image) {
    if (image.profile.empty()) return nullptr;
    Profile profile(cmsOpenProfileFromMem(image.profile.data(),
                                          static_cast<cmsUInt32Number>(image.profile.size())));
    // Grey and ink profiles are not of the pixels that were made of those.
    if (profile && cmsGetColorSpace(profile.get()) != cmsSigRgbData) profile.reset();
    return profile;
}

}  // namespace

std::optional<Image> converted_to_srgb(const Image& image) {
    const auto profile = profile_of(image);
    if (!profile) return std::nullopt;
    const Profile srgb(cmsCreate_sRGBProfile());
    if (!srgb) return std::nullopt;
    const Transform transform(cmsCreateTransform(profile.get(), TYPE_RGB_8, srgb.get(), TYPE_RGB_8,
                                                 INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE));
    if (!transform) return std::nullopt;
    Image converted{image.width, image.height, {}};
    converted.rgb.resize(image.rgb.size());
    const auto row = static_cast<std::size_t>(image.width) * 3;
    for (std::size_t at = 0; at < image.rgb.size(); at += row)
        cmsDoTransform(transform.get(), image.rgb.data() + at, converted.rgb.data() + at,
                       static_cast<cmsUInt32Number>(image.width));
    return converted;
}

}  // namespace pmatch
