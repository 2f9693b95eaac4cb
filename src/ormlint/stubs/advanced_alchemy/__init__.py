"""https://docs.advanced-alchemy.litestar.dev/latest/"""
