"""The `backend` that each check is run with."""

import pytest

import backends


def pytest_configure(config):
    """The marks of the suite, for an author who has not registered them."""
    config.addinivalue_line("markers", "slow: takes longer than 20 seconds")
    config.addinivalue_line("markers", "timeout: seconds that a test may take, where pytest-timeout is installed")


@pytest.fixture(scope="module", params=backends.names())
def backend(request):
    """Each backend; one whose framework is not installed is skipped, one that does not import fails."""
    if (reason := backends.missing(request.param)) is not None:
        pytest.skip(reason)
    return backends.load(request.param)
