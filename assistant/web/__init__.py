"""The page. ``build()`` gives the Gradio blocks, ``options()`` how to launch or mount them."""
