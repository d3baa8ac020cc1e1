"""The packages. Streamlit's settings go along as package `convscope`: pyproject.toml cannot name such a folder."""

from setuptools import find_namespace_packages, setup


setup(
    packages=["convscope", *find_namespace_packages(include=["core*", "backends*", "pages*"])],
    package_dir={"convscope": ".streamlit"},
)
