"""The `backend` fixture that every test of the suite runs with."""

import pytest

import backends


def pytest_configure(config):
    """Register the markers of the suite, for projects that have not."""
    config.addinivalue_line("markers", "slow: takes longer than 20 seconds")
    config.addinivalue_line("markers", "timeout: seconds that a test may take, where pytest-timeout is installed")


@pytest.fixture(scope="module", params=backends.names())
def backend(request):
    """Each backend in turn. Tests of a framework that is not installed are skipped; if its import fails, so do they."""
    if (reason := backends.missing(request.param)) is not None:
        pytest.skip(reason)
    return backends.load(request.param)
