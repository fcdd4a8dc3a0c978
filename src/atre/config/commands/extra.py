"""Libraries that most installations never need, installed when somebody asks for them."""

import argparse
import shutil

from atre.config import environment

GROUP = "Exploiter un serveur"
HELP = "Installe des bibliothèques facultatives : spark ou sail, pour un observatoire très grand."
EXAMPLES = ("./atre extra spark", "./atre extra sail")
REQUIREMENTS = ("core",)

# Megabytes on the disk, what they share counted in each.
SIZES = {"spark": 530, "sail": 700}
NEXT_FR = {
    "spark": "ATRE_ENGINE='local[2]' ./atre observatory build",
    "sail": "ATRE_ENGINE=sc://127.0.0.1:50051 ./atre observatory build",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=sorted(SIZES), help="spark (Java 17) ou sail (sans Java)")


def run(args: argparse.Namespace) -> int:
    name = args.name
    if environment.is_installed(name):
        print(f"{environment.TITLES[name]} : déjà là.")
    else:
        print(f"{environment.TITLES[name]} : environ {SIZES[name]} Mo sur le disque.")
        environment.ensure((name,))
    if name == "spark" and shutil.which("java") is None:
        print(
            "Un Spark local demande aussi Java 17, que cette machine n’a pas. Sous Debian ou "
            "Ubuntu : sudo apt install openjdk-17-jre-headless"
        )
    print(f"Ensuite : {NEXT_FR[name]} (voir docs/how-to/spark.md)")
    return 0
