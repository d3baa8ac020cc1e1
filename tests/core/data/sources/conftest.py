"""What tests of data sources share."""

import pytest


@pytest.fixture
def data(monkeypatch, tmp_path):
    """The folder of data, empty."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    return tmp_path
