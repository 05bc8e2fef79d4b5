"""Serve a small local page that takes two texts and shows the evidence.

The evidence can be kept as a file.

It listens on the loopback address, asks nothing of the network, writes no text to any log or disk, and holds the last
few results in memory only. The comparison runs in a process of its own, which is ended when it takes too long.
"""
