"""Arrays -> figures. No Streamlit; colours of the theme are left to the page."""
