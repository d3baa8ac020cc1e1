"""Arrays -> figures. Does not import Streamlit; the page adds the colours of its theme."""
