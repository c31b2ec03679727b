"""Who may read: everybody on this machine; with an [auth] section in `.streamlit/secrets.toml`, who has logged in."""

import streamlit as st

from dashboard.words import Words


def required() -> bool:
    """Whether an OpenID Connect provider is configured."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def stop_strangers(words: Words) -> None:
    """End the page with a login button for whoever has not logged in, before anything is read from the store."""
    if not required() or st.user.to_dict().get("is_logged_in", False):
        return
    st.title("Lianwatch", anchor=False)
    st.markdown(words("login.text"))
    st.button(words("login.button"), on_click=st.login, type="primary", key="login")
    st.stop()
