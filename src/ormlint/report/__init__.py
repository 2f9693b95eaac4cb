"""The live audit: a plain document made from the graph and the findings, and its writers."""
