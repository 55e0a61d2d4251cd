"""Mechanisms. Knows neither shop nor tenant business."""
