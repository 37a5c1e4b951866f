"""`relais verify`: does what stands in the databases and in Temporal agree with what Relais promises?

One file per check. A check only reads; what it finds is counted and said in sentences, never mended.
"""
