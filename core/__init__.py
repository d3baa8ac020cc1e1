"""The subject itself: no Streamlit, no framework, no backends."""
