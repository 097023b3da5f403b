"""Pictures: ViT, ResNet, and preprocessing as data."""

import json

from support import F, Options, PackageTest, random_model, registry, torch  # isort: skip
from exporter import presets
from exporter.errors import ExportError
from exporter.golden import sample_picture
from exporter.processor import normalise, preprocess
from transformers import AutoImageProcessor, ResNetConfig, ResNetModel, ViTConfig, ViTForImageClassification, ViTModel

VIT = {"num_hidden_layers": 2, "hidden_size": 32, "num_attention_heads": 2, "intermediate_size": 48, "image_size": 64}


class VitTest(PackageTest):
    def test_the_class_token_after_the_final_norm_of_any_size(self):
        ViTForImageClassification(ViTConfig(**VIT)).save_pretrained(self.directory / "saved")
        reference = ViTModel.from_pretrained(self.directory / "saved", add_pooling_layer=False).eval()
        for size in (64, 96):
            with self.subTest(size):
                model = registry.load(str(self.directory / "saved"), None, Options(size=size))

                def vectors(pixels):
                    hidden = reference(pixels, interpolate_pos_encoding=True).last_hidden_state
                    return F.normalize(hidden[:, 0], dim=1)

                self.check_module(model.image.module, vectors, torch.randn(16, 3, size, size))

    def test_a_pytorch_bin_loads_as_safetensors_does(self):
        reference = ViTModel(ViTConfig(**VIT), add_pooling_layer=False).eval()
        reference.config.save_pretrained(self.directory)
        config = json.loads((self.directory / "config.json").read_text())
        (self.directory / "config.json").write_text(json.dumps({**config, "model_type": "vit"}))
        torch.save(reference.state_dict(), self.directory / "pytorch_model.bin")
        pixels = torch.randn(2, 3, 64, 64)
        wanted = F.normalize(reference(pixels).last_hidden_state[:, 0], dim=1)
        self.assertSame(registry.load(str(self.directory), "bin").image.module(pixels), wanted)


class ResNetTest(PackageTest):
    def test_a_checkpoint_gives_the_average_pool(self):
        config = ResNetConfig(depths=[1, 2, 1, 1], hidden_sizes=[16, 32, 48, 64], embedding_size=8)
        reference = ResNetModel(config).eval()
        reference.save_pretrained(self.directory / "saved")
        for normalize in (None, False):
            model = registry.load(str(self.directory / "saved"), None, Options(normalize=normalize))

            def vectors(pixels, normalize=normalize):
                pooled = reference(pixels).pooler_output.flatten(1)
                return pooled if normalize is False else F.normalize(pooled, dim=1)

            self.assertEqual((model.dim, model.normalized), (64, normalize is None))
            self.check_module(model.image.module, vectors, torch.randn(16, 3, 224, 224))

    def test_a_torchvision_state_dict_is_the_same_network(self):
        config = ResNetConfig(depths=[1, 2, 1, 1], hidden_sizes=[16, 32, 48, 64], embedding_size=8)
        reference = ResNetModel(config).eval()
        weights = {torchvision_name(key): value for key, value in reference.state_dict().items()}
        weights |= {"fc.weight": torch.ones(10, 64), "fc.bias": torch.ones(10)}
        file = self.directory / "resnet.pth"
        torch.save(weights, file)
        pixels = torch.randn(2, 3, 224, 224)
        wanted = F.normalize(reference(pixels).pooler_output.flatten(1), dim=1)
        self.assertSame(registry.load(str(file), None).image.module(pixels), wanted)
        torch.save({key: value for key, value in weights.items() if key != "layer2.1.bn2.bias"}, file)
        self.refused(file, "lacks 1 weights: encoder.stages.1.layers.1.layer.1.normalization.bias")

    def test_resnet_50_has_2048_values(self):
        self.assertEqual(registry.load_random("resnet", "50", 0, None).dim, 2048)


def torchvision_name(key: str) -> str:
    for new, old in (("embedder.embedder.convolution", "conv1"), ("embedder.embedder.normalization", "bn1")):
        key = key.replace(new, old)
    if key.startswith("encoder."):
        _, _, stage, _, layer, *rest = key.split(".")
        if rest[0] == "shortcut":
            rest = ["downsample", "0" if rest[1] == "convolution" else "1", rest[2]]
        else:
            rest = [("conv" if rest[2] == "convolution" else "bn") + str(int(rest[1]) + 1), rest[3]]
        key = ".".join([f"layer{int(stage) + 1}", layer, *rest])
    return key


class PreprocessTest(PackageTest):
    CONFIGS = {
        "BitImageProcessor": {"size": {"shortest_edge": 64}, "crop_size": {"height": 56, "width": 56}, "resample": 3},
        "CLIPImageProcessor": {"size": 40, "crop_size": 32, "resample": 1, "image_mean": [0.1, 0.2, 0.3]},
        "ViTImageProcessor": {"size": {"height": 48, "width": 48}, "do_normalize": False},
        "SiglipImageProcessor": {"size": {"height": 32, "width": 48}, "resample": 2},
        "ConvNextImageProcessor": {"size": {"shortest_edge": 56}, "crop_pct": 0.875, "resample": 3},
    }

    def test_a_configuration_means_what_its_processor_does(self):
        default = presets.shortest(256, 224, "bicubic") | presets.IMAGENET
        means = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
        for name, given in self.CONFIGS.items():
            with self.subTest(name):
                content = {"image_processor_type": name, **means, **given}
                (self.directory / "preprocessor_config.json").write_text(json.dumps(content))
                settings = presets.chosen(self.directory, default, Options())
                processor = AutoImageProcessor.from_pretrained(self.directory, backend="pil")
                for picture in (sample_picture(90, 61, 1), sample_picture(50, 133, 2)):
                    wanted = processor(picture, return_tensors="pt")["pixel_values"][0]
                    found = normalise(preprocess(picture, settings), settings)
                    self.assertLess((found - wanted).abs().max().item(), 1e-5)

    def test_presets_replace_what_they_name(self):
        default = presets.shortest(256, 224, "bilinear") | presets.IMAGENET
        both = presets.chosen(None, default, Options(preprocess="squash392-bilinear,caffe"))
        self.assertEqual((presets.window(both), both["crop"], both["channels"]), ((392, 392), None, "bgr"))
        self.assertEqual(both["mean"], [103.939, 116.779, 123.68])
        larger = presets.chosen(None, default, Options(size=392))
        self.assertEqual((larger["resize"]["size"], presets.window(larger)), (448, (392, 392)))
        for wrong in (Options(preprocess="square"), Options(preprocess="squash224-bicubic", size=518)):
            with self.assertRaises(ExportError):
                presets.chosen(None, default, wrong)

    def test_caffe_means_blue_green_red_minus_the_means(self):
        package, content = self.export(random_model("resnet", preprocess="caffe"))
        settings = content["image"]["preprocess"]
        self.assertEqual(settings["channels"], "bgr")
        pixels = preprocess(sample_picture(90, 61, 1), settings)
        wanted = torch.from_numpy(pixels.copy()).permute(2, 0, 1).flip(0).float()
        wanted -= torch.tensor([103.939, 116.779, 123.68])[:, None, None]
        self.assertLess((normalise(pixels, settings) - wanted).abs().max().item(), 1e-4)
