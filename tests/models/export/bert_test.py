"""Texts: BERT, RoBERTa and XLM-R, and the sentence-transformers files."""

import json
from pathlib import Path

from support import SCRIPTS, TOKENIZER, ExportError, F, Options, PackageTest, random_model, registry, torch  # isort: skip
from exporter.package import PMATCH_VERSION
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel


class TextPackageTest(PackageTest):
    def test_model_json_names_every_file_with_its_checksum(self):
        package, content = self.export(random_model("bert"))
        self.check_files(package, content)
        self.assertEqual((content["schema"], content["version"]), ("pmatch.model", 1))
        self.assertEqual((content["name"], content["task"], content["family"]), ("little", "text-embedding", "bert"))
        self.assertEqual(content["embedding"], {"dim": 64, "normalized": True, "pooling": "mean"})
        self.assertEqual(
            content["text"],
            {
                "module": "text.pt",
                "tokenizer": "tokenizer.json",
                "max_tokens": 128,
                "pad_id": 0,
                "query_prefix": "",
                "document_prefix": "",
            },
        )
        self.assertNotIn("image", content)
        self.assertEqual(set(content["exporter"]), {"pmatch", "torch", "transformers", "python"})
        self.assertEqual(set(content["source"]), {"name", "weights", "licence"})

    def test_the_exporter_has_the_version_of_pmatch(self):
        header = (SCRIPTS.parent / "core/common/version.hpp").read_text()
        self.assertIn(f'kVersion = "{PMATCH_VERSION}"', header)

    def test_the_module_holds_no_path_of_the_machine_it_was_made_on(self):
        package, _ = self.export(random_model("bert"))
        names = torch._C.PyTorchFileReader(str(package / "text.pt")).get_all_records()
        self.assertEqual([name for name in names if name.endswith(".debug_pkl")], [])

    def test_golden_texts_replay_from_the_package_alone(self):
        package, content = self.export(random_model("bert"))
        tokenizer = Tokenizer.from_file(str(package / "tokenizer.json"))
        self.assertIsNone(tokenizer.truncation)
        self.assertIsNone(tokenizer.padding)
        tokenizer.enable_truncation(content["text"]["max_tokens"])
        module = torch.jit.load(package / "text.pt")
        self.assertEqual({example["role"] for example in content["golden"]}, {"document", "query"})
        for example in content["golden"]:
            ids = tokenizer.encode(example["text"]).ids
            self.assertEqual(ids, example["token_ids"])
            tokens = torch.tensor([ids])
            self.assertSame(module(tokens, torch.ones_like(tokens))[0], torch.tensor(example["vector"]))

    def test_a_row_has_the_same_vector_alone_and_padded_in_a_batch(self):
        package, _ = self.export(random_model("bert"))
        module = torch.jit.freeze(torch.jit.load(package / "text.pt").eval())
        rows = [torch.randint(1000, 2000, (1, length)) for length in (1, 4, 19, 77)]
        width = max(row.shape[1] for row in rows)
        batch = torch.cat([F.pad(row, (0, width - row.shape[1])) for row in rows])
        together = module(batch, (batch > 0).long())
        for row, vector in zip(rows, together):
            self.assertSame(module(row, torch.ones_like(row))[0], vector)
        self.assertLess((together.norm(dim=1) - 1).abs().max().item(), 1e-5)


class CheckpointTest(PackageTest):
    def save_bert(self, **settings) -> Path:
        config = BertConfig(num_hidden_layers=1, hidden_size=32, num_attention_heads=2, intermediate_size=48, **settings)
        checkpoint = self.directory / "my-bert"
        BertModel(config).save_pretrained(checkpoint)
        (checkpoint / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
        return checkpoint

    def test_a_checkpoint_directory_keeps_the_weights_it_was_saved_with(self):
        checkpoint = self.save_bert()
        package, content = self.export(registry.load(str(checkpoint), None))
        self.assertEqual((content["name"], content["source"]["weights"]), ("my-bert", "checkpoint my-bert"))
        reference = BertModel.from_pretrained(checkpoint).eval()
        tokens = torch.tensor([[101, 2304, 5898, 102], [101, 6007, 102, 0]])
        mask = (tokens > 0).long()
        hidden = reference(input_ids=tokens, attention_mask=mask).last_hidden_state
        wanted = torch.stack([hidden[0].mean(0), hidden[1, :3].mean(0)])
        self.assertSame(torch.jit.load(package / "text.pt")(tokens, mask), F.normalize(wanted, dim=1))

    def test_pooling_limit_and_prompts_come_from_the_sentence_transformers_files(self):
        checkpoint = self.save_bert()
        (checkpoint / "1_Pooling").mkdir()
        parts = [("", "models.Transformer"), ("1_Pooling", "models.Pooling"), ("2_Normalize", "models.Normalize")]
        modules = [{"idx": i, "path": path, "type": f"sentence_transformers.{kind}"} for i, (path, kind) in enumerate(parts)]
        (checkpoint / "modules.json").write_text(json.dumps(modules))
        (checkpoint / "1_Pooling/config.json").write_text('{"pooling_mode_cls_token": true}')
        (checkpoint / "sentence_bert_config.json").write_text('{"max_seq_length": 24}')
        (checkpoint / "config_sentence_transformers.json").write_text('{"prompts": {"query": "query: "}}')
        package, content = self.export(registry.load(str(checkpoint), None))
        self.assertEqual(content["embedding"]["pooling"], "cls")
        self.assertEqual((content["text"]["max_tokens"], content["text"]["query_prefix"]), (24, "query: "))
        self.assertEqual(max(len(example["token_ids"]) for example in content["golden"]), 24)
        hidden = BertModel.from_pretrained(checkpoint).eval()(torch.tensor([[101, 2304, 102]])).last_hidden_state
        found = torch.jit.load(package / "text.pt")(torch.tensor([[101, 2304, 102]]), torch.ones(1, 3).long())
        self.assertSame(found, F.normalize(hidden[:, 0], dim=1))

    def test_weights_missing_unexpected_or_misshapen_are_refused_by_name(self):
        key = "encoder.layer.0.output.dense.bias"
        damages = {
            f"lacks 1 weights: {key}": lambda weights: weights.pop(key),
            "has unexpected 1 weights: adapter.weight": lambda weights: weights.update({"adapter.weight": torch.ones(2)}),
            f"has misshapen 1 weights: {key} [3] instead of [32]": lambda weights: weights.update({key: torch.ones(3)}),
        }
        for said, damage in damages.items():
            with self.subTest(said):
                checkpoint = self.save_bert()
                self.change_weights(checkpoint, damage)
                with self.assertRaises(ExportError) as caught:
                    registry.load(str(checkpoint), None)
                self.assertIn(said, caught.exception.what)

    def test_a_model_type_nobody_knows_is_refused_with_those_that_are(self):
        (self.directory / "config.json").write_text('{"model_type": "gpt2"}')
        with self.assertRaises(ExportError) as caught:
            registry.load(str(self.directory), None)
        self.assertIn("model_type gpt2", caught.exception.what)
        self.assertIn("bert, roberta, xlm-roberta, clip, dinov2", caught.exception.fix)

    def test_the_command_line_overrules_the_checkpoint(self):
        checkpoint = self.save_bert()
        options = Options(pool="max", normalize=False, max_tokens=7, query_prefix="q: ", document_prefix="d: ")
        package, content = self.export(registry.load(str(checkpoint), None, options))
        self.assertEqual(content["embedding"], {"dim": 32, "normalized": False, "pooling": "max"})
        text = content["text"]
        self.assertEqual((text["max_tokens"], text["query_prefix"], text["document_prefix"]), (7, "q: ", "d: "))
        self.refused(checkpoint, "bert takes no --size", size=224)
        self.refused(checkpoint, "the token limit is 1000", max_tokens=1000)
        self.refused(checkpoint, "--pool is cls+mean", pool="cls+mean")

    def test_a_whole_sentence_transformers_directory_is_reproduced(self):
        from sentence_transformers import SentenceTransformer

        source = TOKENIZER.parent
        model = registry.load(str(source), None)
        texts = ["black leather shoes", "a", "stainless steel water bottle 750 ml " * 3] * 6
        wanted = torch.from_numpy(SentenceTransformer(str(source), device="cpu").encode(texts, batch_size=18))
        rows = [model.text.reference_tokens(text) for text in texts]
        longest = max(len(row) for row in rows)
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        self.check_module(model.text.module, lambda *_: wanted, ids, (ids > 0).long())

    def test_xlm_roberta_counts_its_positions_from_behind_the_padding_token(self):
        settings = {"hidden_size": 32, "num_attention_heads": 2, "num_hidden_layers": 2, "intermediate_size": 48}
        reference = XLMRobertaModel(XLMRobertaConfig(max_position_embeddings=40, pad_token_id=1, **settings)).eval()
        reference.save_pretrained(self.directory)
        (self.directory / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
        text = registry.load(str(self.directory), "xlm").text
        self.assertEqual((text.max_tokens, text.pad_id), (38, 1))
        ids = torch.randint(1000, 2000, (16, 9))
        ids[1::2, 5:] = 1
        mask = (ids != 1).long()

        def vectors(ids, mask):
            hidden, kept = reference(input_ids=ids, attention_mask=mask).last_hidden_state, mask[:, :, None]
            return F.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)

        self.check_module(text.module, vectors, ids, mask)
