"""push and --engine without a server: what is refused before one is asked, and what is said where there is none."""
import socket
import unittest

from support import CliTest


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Push(CliTest):
    def test_the_help_shows_an_address_and_where_the_password_comes_from(self):
        said = self.pmatch("push", "--help").stdout
        self.assertIn("postgresql://", said)
        self.assertIn("$PGPASSWORD", said)
        self.assertIn("--shard", said)

    def test_what_is_no_address_is_a_wrong_command_line(self):
        self.indexed_shop()
        self.fails("push", "shop", "db.example/products", code=2, says=["no address of an engine", "postgresql://"])

    def test_a_missing_and_a_wrong_collection(self):
        self.fails("push", "shop", "postgresql:///products", says=["shop"])
        self.write("file", "text")
        self.fails("push", "file", "postgresql:///products", says=["file"])

    def test_a_wrong_flag_type_and_shard(self):
        self.fails("push", "shop", "postgresql:///products", "--nothing", code=2)
        self.fails("push", "shop", "postgresql:///products", "--type", "bit", code=2, says=["halfvec"])
        self.fails("push", "shop", "postgresql:///products", "--shard", "3/3", code=2, says=["is no shard"])

    def test_a_collection_without_vectors(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.fails("push", "shop", "postgresql:///products", says=["no vectors to push", "pmatch embed shop"])

    def test_no_server_is_an_error_that_shows_the_address_without_its_password(self):
        self.indexed_shop()
        port = free_port()
        said = self.fails("push", "shop", f"postgresql://me:secret-word@127.0.0.1:{port}/products",
                          says=[f"postgresql://me@127.0.0.1:{port}/products", "refused"])
        self.assertNotIn("secret-word", said.stderr)
        self.assertNotIn("secret-word", (self.dir / "shop/engines.json").read_text())

    def test_an_engine_that_nothing_was_pushed_to(self):
        self.indexed_shop()
        for verb in (["query", "shop", "--text", "mug"], ["match", "shop", "--mode", "best"]):
            self.fails(*verb, "--preset", "text", "--engine", "postgres", says=["nothing of this collection was pushed"])

    def test_a_damaged_list_of_engines_is_named(self):
        self.indexed_shop()
        self.write("shop/engines.json", "{")
        self.fails("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres", says=["engines.json"])


if __name__ == "__main__":
    unittest.main()
