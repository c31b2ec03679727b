"""Start the dashboard with `streamlit run dashboard/app.py`."""

import streamlit as st

if __name__ == "__main__":  # Streamlit runs this file anew for every reader and click
    from dashboard import frame

    frame.run()
else:  # the server imports it once
    from dashboard import server

    app = st.App(__file__, routes=server.ROUTES, middleware=server.MIDDLEWARE, lifespan=server.lifespan)
