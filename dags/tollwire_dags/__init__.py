"""What the DAG files share. Only wiring: the work is done by pipeline.work, which the command line calls too.

Nothing here imports pipeline.work at the top: a DAG file is read every half minute, and must be read in milliseconds.
"""
