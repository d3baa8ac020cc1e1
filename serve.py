"""The app for hosting: adds a health route, fixes deep links on a first visit, and closes backend hosts on exit.

Start it with: python -m backends serve --port 8501
"""

from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from backends.executors.local import executor
from pages.ui.plotly_js import PLOTLY


# Because of the folder pages/, Streamlit uses its older multipage mode until st.navigation has run once in this
# process. Without this line, a deep link on the very first visit shows "Page not found".
PagesManager.uses_pages_directory = False


@asynccontextmanager
async def lifespan(_app):
    yield {}
    executor().close()


async def health(_request):
    return JSONResponse({"status": "ok", "hosts": {name: info.state for name, info in executor().hosts().items()}})


async def plotly(_request):
    return FileResponse(PLOTLY, media_type="text/javascript")


app = st.App(
    Path(__file__).parent / "streamlit_app.py",
    routes=[Route("/health", health), Route("/app/static/plotly.min.js", plotly)],
    lifespan=lifespan,
)
