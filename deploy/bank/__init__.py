"""A bank to play with, as a program of its own: it reads payment files, keeps accounts of its own, and answers as banks
do, each in its dialect. It imports nothing of Relais, so that it cannot repeat its mistakes.

    python -m deploy.bank FOLDER take pain001.xml
    python -m deploy.bank FOLDER close-day 2026-11-24
"""
