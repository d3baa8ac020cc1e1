"""The hosted launcher: the same app with a health route, deep links that work at once, and hosts that end with it.

streamlit run serve.py --server.port 8501
"""

from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from backends.executors.local import executor
from pages.ui.plotly_js import provide_plotly


# A folder called pages/ makes Streamlit look for its older kind of pages until st.navigation has run once in this
# process: a deep link as the very first visit would show "Page not found".
PagesManager.uses_pages_directory = False


@asynccontextmanager
async def lifespan(_app):
    provide_plotly()
    yield {}
    executor().close()


async def health(_request):
    return JSONResponse({"status": "ok", "hosts": {name: info.state for name, info in executor().hosts().items()}})


app = st.App(
    Path(__file__).parent / "streamlit_app.py",
    routes=[Route("/health", health)],
    lifespan=lifespan,
)
