"""Start the dashboard with `streamlit run dashboard/app.py`."""

import streamlit as st

from dashboard import frame, server

if __name__ == "__main__":  # Streamlit runs this file anew for every reader and click
    frame.run()
else:  # the server imports it once
    app = st.App(__file__, routes=server.ROUTES, middleware=server.MIDDLEWARE)
