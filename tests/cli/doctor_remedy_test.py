"""The commands that `pmatch doctor`, `status` and `build-index` name can be run, also where inputs are gone."""
import shlex
import unittest

from support import PACKAGES, CliTest


class Remedies(CliTest):
    def named_commands(self, verb):
        """The commands in the output of the verb, without the program's name."""
        said = self.pmatch(verb, "shop")
        lines = (said.stdout + said.stderr).replace("`", "\n").splitlines()
        commands = [line.strip() for line in lines if line.strip().startswith("pmatch ")]
        return [shlex.split(part)[1:] for line in commands for part in line.split(" && ")]

    def run_all(self, commands):
        for command in commands:
            if "PACKAGE" not in command:
                self.pmatch(*command)

    def shop(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")

    def test_where_all_pictures_are_gone(self):
        self.shop()
        self.write("none.csv", "id,title,image\na,red checks,\nb,green checks,\nc,blue checks,\nd,yellow checks,\n")
        self.quiet("ingest", "shop", "none.csv", "--max-loss", "1")
        commands = self.named_commands("doctor")
        self.assertIn("ledger", [command[0] for command in commands])
        for verb in ("doctor", "status", "build-index"):
            self.run_all(self.named_commands(verb))
        self.assertIn("the space has no vectors any more", self.pmatch("doctor", "shop").stdout)
        self.quiet("ingest", "shop", "pictures.csv")
        self.run_all(self.named_commands("doctor"))
        self.assertNotIn("stale", self.pmatch("doctor", "shop").stdout)

    def test_where_the_column_of_a_lexical_index_is_gone(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "colour")
        self.write("fewer.csv", "id,title\nm1,Stoneware mug\nm2,Stoneware mug with lid\ns1,Running shoe\n"
                   "s2,Leather boot\nl1,Desk lamp\nl2,Lamp\n")
        self.quiet("ingest", "shop", "fewer.csv", "--max-loss", "1")
        for verb in ("doctor", "status"):
            self.run_all(self.named_commands(verb))
        self.assertIn("no item has a text in 'colour' any more", self.pmatch("doctor", "shop").stdout)


if __name__ == "__main__":
    unittest.main()
