"""Model packages that lie: sealed with right checksums, so that only what they do gives them away. Each ends in an error
that names it, and the vectors of the package before stay as they are."""
import csv
import hashlib
import json
import os
import pathlib
import pickle
import shutil
import sys
import unittest

import torch
from support import PACKAGES, CliTest
from tokenizers import Tokenizer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
from exporter.package import _sealed  # noqa: E402

DIM = 64


def answering(result, inputs="ids, mask"):
    """TorchScript whose forward() evaluates `result`."""
    scripted = torch.jit.script(type("Liar", (torch.nn.Module,), {})())  # of a class of its own: torch remembers them
    scripted.define(f"def forward(self, {inputs}):\n    n = ids.size(0)\n    return {result}\n")
    return scripted.save_to_buffer()


class Evil:
    """Pickled, it asks the reader to write a file."""

    def __init__(self, victim):
        self.victim = victim

    def __reduce__(self):
        return os.system, (f"touch '{self.victim}'",)


class HostilePackage(CliTest):
    def setUp(self):
        super().setUp()
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        self.before = self.ask()

    def tearDown(self):
        self.assertEqual(self.ask(), self.before)
        self.quiet("doctor", "shop")
        super().tearDown()

    def ask(self):
        return self.quiet("query", "shop", "--text", "red mug", "--format", "tsv").stdout

    def package(self, module=None, change=lambda content: None, tokenizer=None):
        """The good one with another module or tokenizer, or a changed model.json; all checksums fit."""
        target = self.dir / "lying"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(PACKAGES / "text", target)
        content = json.loads((target / "model.json").read_text())
        content.pop("checksum")
        for name, data in (("text.pt", module), ("tokenizer.json", tokenizer)):
            if data is not None:
                (target / name).write_bytes(data)
                content["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        change(content)
        (target / "model.json").write_bytes(_sealed(content))
        return target

    def refused(self, package, *says):
        result = self.fails("embed", "shop", "--model", package, "--space", "other", says=["lying", "fix: ", *says])
        self.assertLess(len(result.stderr), 4000)

    def test_a_module_that_answers_something_else(self):
        unit = f"torch.ones(n, {DIM}) / {DIM ** .5}"
        self.package(answering(unit))  # what works, so that it is the answer that is refused
        self.quiet("embed", "shop", "--model", self.dir / "lying", "--space", "fine")
        for name, result in {"another length": f"torch.ones(n, {DIM})", "no length": f"torch.zeros(n, {DIM})",
                             "fewer values": f"torch.ones(n, {DIM - 1})", "more rows": f"torch.ones(n + 1, {DIM})",
                             "one number": "torch.ones(1).sum()", "a pair": f"(torch.ones(n, {DIM}), n)",
                             "no tensor": "'vector'", "not a number": f"torch.ones(n, {DIM}) / torch.zeros(n, {DIM}) * 0",
                             "infinite": f"torch.ones(n, {DIM}) / torch.zeros(n, {DIM})",
                             "more than there is": "torch.ones(n, 1 << 50)",
                             "an exception": f"torch.ones(n, {DIM})[n + 5]"}.items():
            with self.subTest(name):
                self.refused(self.package(answering(result)))

    def test_a_module_that_fails_on_some_inputs_costs_these_alone(self):
        tokenizer = Tokenizer.from_file(str(PACKAGES / "text/tokenizer.json"))
        with open(self.dir / "catalog.csv") as file:
            texts = {row["id"]: " ".join([row["title"], row["colour"], row["price"]]).strip()
                     for row in csv.DictReader(file)}
        tokens = {item: len(tokenizer.encode(text).ids) for item, text in texts.items()}
        longest = max(tokens.values())
        unit = f"torch.ones(n, {DIM}) / {DIM ** .5}"
        for wrong in (f"torch.ones(n, {DIM})[n + 5]", f"torch.ones(n, {DIM}) * float('nan')"):
            package = self.package(answering(f"{unit} if ids.size(1) < {longest} else {wrong}"))
            self.pmatch("embed", "shop", "--model", package, "--space", "other", "--replace", code=3)
            failed = {row["item"]: row["code"] for row in self.ledger()}
            self.assertEqual(failed, {item: "not_encoded" for item in tokens if tokens[item] == longest})
            rows, _, vectors = self.read_space("other")
            self.assertEqual(len(rows), len(texts) - len(failed))
            self.assertAlmostEqual(float(abs(vectors - DIM ** -.5).max()), 0, places=6)
            self.quiet("build-index", "shop", "--space", "other")

    def test_a_module_that_takes_something_else(self):
        unit = f"torch.ones(n, {DIM}) / {DIM ** .5}"
        self.refused(self.package(answering(unit, "ids, mask, more")))
        self.refused(self.package(answering(unit, "ids")))

    def test_no_code_of_a_pickle_runs(self):
        victim = self.dir / "victim"
        torch.save(Evil(victim), self.dir / "evil.pt")
        plain = pickle.dumps(Evil(victim))
        for data in ((self.dir / "evil.pt").read_bytes(), plain):
            self.refused(self.package(data), "text.pt")
            self.assertFalse(victim.exists())

    def test_a_tokenizer_with_ids_that_the_module_has_not(self):
        tokenizer = json.loads((PACKAGES / "text/tokenizer.json").read_text())
        vocabulary = tokenizer["model"]["vocab"]
        for word in vocabulary:
            if len(word) < 3:
                vocabulary[word] += 1 << 20
        self.refused(self.package(tokenizer=json.dumps(tokenizer).encode()))

    def test_model_json_that_leads_outside_or_asks_for_too_much(self):
        def outside(content):
            content["files"]["../shop/collection.json"] = content["files"].pop("text.pt")
            content["text"]["module"] = "../shop/collection.json"

        def set_to(part, key, value):
            return lambda content: content[part].__setitem__(key, value)

        for change in (outside, set_to("embedding", "dim", 1 << 62), set_to("embedding", "dim", 0),
                       set_to("text", "max_tokens", 1 << 62), set_to("text", "max_tokens", -1),
                       set_to("text", "pad_id", 1 << 40), set_to("text", "module", "/etc/hostname"),
                       lambda content: content["files"]["text.pt"].__setitem__("size", 1 << 62),
                       lambda content: content.__setitem__("version", 1 << 40)):
            self.refused(self.package(change=change), "model.json")


if __name__ == "__main__":
    unittest.main()
