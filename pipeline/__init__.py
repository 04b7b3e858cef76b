"""Tocsin hears an outage before the call centre does."""

from pipeline.compiled import use_core

use_core()
